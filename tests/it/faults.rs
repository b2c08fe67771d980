//! What goes wrong around a scan: files that cannot be read, never end, or lie about their names.
//!
//! Each test holds a promise: no hang, no panic, no clean exit for what was not searched, and
//! nothing found twice or at the wrong place.

use crate::common::{Outcome, RAILWAY, Workspace, gather, places, render};
use std::fs;
use std::process::Stdio;
use straykey::haystack::read::{MARGIN, PART};

const FILLER: &[u8] = b"a line of plain words and nothing more\n";

/// Text without credentials, of exactly so many bytes.
fn filler(len: usize) -> Vec<u8> {
    FILLER.iter().copied().cycle().take(len).collect()
}

/// So many different credentials of a form that needs no surroundings.
fn tokens(count: usize) -> Vec<String> {
    let template = "{{sample:github-classic-token}}\n".repeat(count);
    render("tokens", &template)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Line and column of each finding of a file, and that nothing was given up.
fn found(workspace: &Workspace, path: &str) -> Vec<(u64, u64)> {
    let document = workspace.json(&["scan", path]);
    assert_eq!(
        document["coverage"]["complete"], true,
        "{}",
        document["coverage"]
    );
    places(&document)
        .into_iter()
        .map(|(_, _, line, column)| (line, column))
        .collect()
}

/// Line and column of the characters at some offsets of a text, the slow way.
fn positions(text: &str, offsets: &[usize]) -> Vec<(u64, u64)> {
    let mut positions = Vec::new();
    let (mut line, mut column) = (1, 1);
    let mut characters = text.char_indices().peekable();
    for &offset in offsets {
        while let Some((_, c)) = characters.next_if(|&(at, _)| at < offset) {
            if c == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        positions.push((line, column));
    }
    positions
}

#[track_caller]
fn assert_same(found: &[(u64, u64)], wanted: &[(u64, u64)]) {
    let missing: Vec<_> = wanted.iter().filter(|at| !found.contains(at)).collect();
    let extra: Vec<_> = found.iter().filter(|at| !wanted.contains(at)).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:?}, not asked for {extra:?}"
    );
    assert_eq!(
        found.len(),
        wanted.len(),
        "something was found more than once"
    );
}

#[test]
fn a_folder_that_is_gone_is_an_error() {
    let workspace = Workspace::new();
    workspace.render("gone/.env", RAILWAY);
    fs::remove_dir_all(workspace.join("gone")).expect("it is ours");
    workspace.run(&["scan", "gone"]).complains(&["gone"]);
    workspace
        .run(&["scan", "--output", "r.json", "gone"])
        .complains(&["gone"]);
    assert!(!workspace.join("r.json").exists());
}

#[test]
fn a_file_of_zeros_is_searched_in_good_time() {
    let workspace = Workspace::new();
    workspace.write("zeros.bin", vec![0; 64 << 20]);
    let document = workspace.json(&["scan"]);
    assert_eq!(document["coverage"]["complete"], true);
    assert_eq!(document["coverage"]["bytes"], 64 << 20);
    assert_eq!(places(&document).len(), 0);
}

#[test]
fn one_long_line_gives_every_credential_once_with_its_column() {
    let workspace = Workspace::new();
    let mut text = vec![b' '; 8 << 20];
    let tokens = tokens(500);
    let step = text.len() / tokens.len();
    let mut wanted = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let start = at * step + at % 97;
        text[start..start + token.len()].copy_from_slice(token.as_bytes());
        wanted.push((1, start as u64 + 1));
    }
    workspace.write("line.txt", &text);
    assert_same(&found(&workspace, "line.txt"), &wanted);
}

/// Three parts of text, with credentials back to back around every offset where a part starts, ends,
/// or hands over to its neighbour. Gives the text and the offsets of the credentials.
fn text_with_credentials_at_the_edges(unit: usize, line_end: &str) -> (String, Vec<usize>) {
    let step = PART - 2 * MARGIN;
    let mut edges: Vec<usize> = (0..3)
        .flat_map(|part| [part * step, part * step + PART - MARGIN, part * step + PART])
        .skip(1)
        .map(|edge| edge / unit)
        .collect();
    edges.sort_unstable();
    let tokens = tokens(edges.len() * 60);
    let mut tokens = tokens.iter();
    let mut text = String::new();
    let mut offsets = Vec::new();
    for (at, &edge) in edges.iter().enumerate() {
        // A different phase at each edge, so that one is cut at its start, one in the middle ...
        let from = edge - 30 * 41 + 7 * at;
        let missing = from - text.len();
        let lines = missing / FILLER.len();
        text.push_str(&String::from_utf8_lossy(&filler(lines * FILLER.len())));
        let rest = from - text.len();
        text.push_str(&" ".repeat(rest));
        for token in tokens.by_ref().take(60) {
            offsets.push(text.len());
            text.push_str(token);
            text.push_str(line_end);
        }
    }
    text.push_str(&String::from_utf8_lossy(&filler(1 << 16)));
    (text, offsets)
}

#[test]
fn a_credential_at_the_edge_of_a_part_is_found_once() {
    let workspace = Workspace::new();
    for (name, line_end) in [("lines.txt", "\n"), ("spaces.txt", " ")] {
        let (text, offsets) = text_with_credentials_at_the_edges(1, line_end);
        workspace.write(name, &text);
        assert_same(&found(&workspace, name), &positions(&text, &offsets));
    }
}

#[test]
fn a_credential_at_the_edge_of_a_part_of_utf_16_is_found_once() {
    let workspace = Workspace::new();
    let (text, offsets) = text_with_credentials_at_the_edges(2, "\n");
    let bytes: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    workspace.write("wide.txt", &bytes);
    assert_same(&found(&workspace, "wide.txt"), &positions(&text, &offsets));
}

#[test]
fn columns_survive_the_edges_of_parts() {
    let workspace = Workspace::new();
    let token = &tokens(1)[0];
    // One line without end, of characters of 2, 3 and 4 bytes that the edges cut in every way.
    let text = format!("{} {token}\n", "äß文😀x".repeat(700_000));
    let offset = text.find(token.as_str()).expect("it is in there");
    let wanted = positions(&text, &[offset]);
    workspace.write("narrow.txt", &text);
    assert_same(&found(&workspace, "narrow.txt"), &wanted);
    let wide: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    workspace.write("wide.txt", wide);
    assert_same(&found(&workspace, "wide.txt"), &wanted);
}

#[test]
fn lines_survive_the_edges_of_parts() {
    let workspace = Workspace::new();
    let token = &tokens(1)[0];
    for (name, line) in [
        ("crlf.txt", "ab\r\n"),
        ("odd.txt", "abc\r\n"),
        ("cr.txt", "ab\r"),
    ] {
        let lines = (PART * 2 + 12345) / line.len();
        let text = format!("{}{token}\n", line.repeat(lines));
        workspace.write(name, &text);
        assert_same(&found(&workspace, name), &[(lines as u64 + 1, 1)]);
    }
}

#[test]
fn a_byte_that_is_no_utf_8_is_one_column() {
    let workspace = Workspace::new();
    let token = &tokens(1)[0];
    // In Latin-1: an e with an accent, and a degree sign, whose byte looks like the middle of a
    // character of UTF-8.
    for (name, before) in [("accent.txt", b"\xe9"), ("degree.txt", b"\xb0")] {
        workspace.write(
            name,
            [b"caf".as_slice(), before, b" ", token.as_bytes()].concat(),
        );
        assert_eq!(found(&workspace, name), [(1, 6)], "{name}");
    }
}

#[test]
fn bytes_that_are_no_text_hide_nothing() {
    let workspace = Workspace::new();
    let token = &tokens(1)[0];
    for (name, around) in [
        ("zeros.bin", &[0; 300][..]),
        ("high.bin", &[0xff; 300]),
        ("lead.bin", &[0xf0; 301]),
        (
            "mixed.bin",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0",
        ),
    ] {
        workspace.write(name, [around, token.as_bytes(), around].concat());
        assert_eq!(found(&workspace, name).len(), 1, "{name}");
    }
}

/// Runs while standard output goes nowhere: whoever read it has gone.
fn into_a_closed_pipe(workspace: &Workspace, arguments: &[&str]) -> Outcome {
    let mut child = workspace
        .command(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    gather(child, b"")
}

#[test]
fn a_closed_pipe_is_quiet() {
    let workspace = Workspace::new();
    workspace.render(".env", &RAILWAY.repeat(50));
    for arguments in [
        &["scan"][..],
        &["scan", "--format", "json"],
        &["scan", "--format", "jsonl"],
        &["scan", "--format", "sarif"],
        &["scan", "--format", "markdown"],
        &["rules", "list"],
        &["rules", "sample", "railway-api-token"],
        &["explain", "railway-api-token"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ] {
        let outcome = into_a_closed_pipe(&workspace, arguments);
        assert_eq!(outcome.stderr, "", "{arguments:?}: {outcome:?}");
        assert!(
            matches!(outcome.status.code(), Some(0 | 1)),
            "{arguments:?}: {outcome:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    use std::fs::File;

    let workspace = Workspace::new();
    workspace.render(".env", RAILWAY);
    for arguments in [
        &["scan"][..],
        &["scan", "--format", "json"],
        &["scan", "--format", "sarif"],
        &["scan", "--output", "/dev/full"],
        &["rules", "list"],
        &["explain", "railway-api-token"],
        &["completions", "bash"],
        &["man"],
    ] {
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("Linux has it");
        let mut child = workspace
            .command(arguments)
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdin.take());
        let outcome = gather(child, b"");
        assert_eq!(outcome.code(), 2, "{arguments:?}: {outcome:?}");
        assert!(
            outcome.stderr.starts_with("error: "),
            "{arguments:?}: {outcome:?}"
        );
    }
}

/// Holes are skipped where the system tells of them; elsewhere this would read for an hour.
#[cfg(target_os = "linux")]
#[test]
fn a_sparse_file_of_a_tebibyte_takes_no_longer_than_its_data() {
    use std::fs::File;
    use std::io::{Seek, SeekFrom, Write};

    let workspace = Workspace::new();
    let path = workspace.join("sparse.img");
    let mut file = File::create(&path).expect("the folder is ours");
    if file.set_len(1 << 40).is_err() {
        // The file system has no sparse files, or none of that size.
        return;
    }
    file.seek(SeekFrom::Start(5 << 30))
        .expect("it is that long");
    file.write_all(render("sparse", &format!("\n\n{}", crate::common::GITHUB)).as_bytes())
        .expect("there is room for a line");
    drop(file);
    assert_eq!(found(&workspace, "sparse.img"), [(3, 14)]);
}

/// The system refuses to read this one to everybody, the administrator included.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_fails_while_it_is_read_makes_the_scan_incomplete() {
    let workspace = Workspace::new();
    workspace.write("clean.txt", "nothing\n");
    let outcome = workspace.run(&["scan", "clean.txt", "/proc/self/mem"]);
    outcome.exits(3);
    assert!(
        outcome.stdout.contains("INCOMPLETE") && outcome.stdout.contains("1 unreadable"),
        "{outcome:?}"
    );
    workspace.render(".env", RAILWAY);
    workspace.run(&["scan", ".env", "/proc/self/mem"]).exits(1);
}

#[cfg(unix)]
mod unix {
    use super::filler;
    use crate::common::{
        GITHUB, RAILWAY, Workspace, finish, gather, paths, places, render, skipped,
    };
    use std::fs::{self, File};
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Stdio;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    }

    fn pipe(workspace: &Workspace, name: &str) {
        let mut command = workspace.foreign("mkfifo");
        command.arg(name);
        finish(command, b"").exits(0);
    }

    #[test]
    fn a_file_that_may_not_be_read_makes_the_scan_incomplete() {
        let workspace = Workspace::new();
        workspace
            .write("clean.txt", "nothing\n")
            .render("closed/.env", RAILWAY)
            .render("secret.env", RAILWAY);
        let (file, folder) = (workspace.join("secret.env"), workspace.join("closed"));
        mode(&file, 0o000);
        mode(&folder, 0o000);
        // The administrator reads everything, and then there is nothing to see here.
        if File::open(&file).is_err() {
            workspace.run(&["scan"]).exits(3);
            let document = workspace.json(&["scan"]);
            assert_eq!(skipped(&document, "permission-denied"), 2, "{document}");
            assert_eq!(document["coverage"]["complete"], false);
            // What an agent may not read is out of its reach: counted, and no gap.
            workspace.run(&["audit"]).exits(0);
            let document = workspace.json(&["audit"]);
            assert_eq!(skipped(&document, "permission-denied"), 2, "{document}");
        }
        mode(&folder, 0o700);
    }

    #[test]
    fn a_pipe_in_the_tree_is_not_waited_for() {
        let workspace = Workspace::new();
        workspace.write("clean.txt", "nothing\n");
        pipe(&workspace, "pipe");
        workspace.run(&["scan"]).exits(0);
        assert_eq!(skipped(&workspace.json(&["scan"]), "not-a-file"), 1);
        // Named by itself there is nothing to search.
        workspace.run(&["scan", "pipe"]).exits(3);
        workspace.run(&["audit"]).exits(0);
    }

    #[test]
    fn links_are_not_walked_in_circles() {
        let workspace = Workspace::new();
        workspace.render("a/b/.env", GITHUB);
        for (target, link) in [
            ("..", "a/b/up"),
            (".", "a/self"),
            ("two", "one"),
            ("one", "two"),
            ("nowhere", "dangling"),
        ] {
            symlink(target, workspace.join(link)).expect("the folder is ours");
        }
        let document = workspace.json(&["scan"]);
        assert_eq!(paths(&document), ["a/b/.env"]);
        assert_eq!(places(&document).len(), 1);
        assert_eq!(skipped(&document, "symlink"), 5);
        workspace.run(&["scan"]).exits(1);
    }

    #[test]
    fn a_link_out_of_the_tree_is_not_followed() {
        let workspace = Workspace::new();
        workspace
            .render("outside/.env", RAILWAY)
            .write("tree/clean.txt", "nothing\n");
        symlink("../outside", workspace.join("tree/folder")).expect("the folder is ours");
        symlink("../outside/.env", workspace.join("tree/file")).expect("the folder is ours");
        workspace.run(&["scan", "tree"]).exits(0);
        workspace.run(&["audit", "tree"]).exits(0);
        assert_eq!(skipped(&workspace.json(&["scan", "tree"]), "symlink"), 2);
        // A link that is named is meant.
        workspace.run(&["scan", "tree/file"]).exits(1);
        workspace.run(&["scan", "tree/folder"]).exits(1);
    }

    #[test]
    fn names_that_act_are_harmless() {
        let workspace = Workspace::new();
        let line = render("name", RAILWAY);
        for name in [
            "red\u{1b}[31m.env",
            "title\u{1b}]0;x\u{7}.env",
            "two\nlines.env",
            "::error::no.env",
            "back\rwards.env",
            "\u{202e}vne.env",
        ] {
            workspace.write(name, &line);
        }
        for format in ["text", "json", "jsonl", "sarif", "markdown"] {
            let outcome = workspace.run(&["scan", "--format", format]);
            outcome.exits(1);
            let acts = |c: char| c != '\n' && straykey::display::acts(c);
            assert!(!outcome.stdout.contains(acts), "{format}: {outcome:?}");
            assert!(
                !outcome
                    .stdout
                    .lines()
                    .any(|line| line.starts_with("lines.env") || line.starts_with("::")),
                "{format}: {outcome:?}"
            );
            assert_eq!(outcome.stderr, "", "{format}");
        }
        // Names come back to the letter where programs read them.
        assert_eq!(paths(&workspace.json(&["scan"])).len(), 6);
        assert!(paths(&workspace.json(&["scan"])).contains(&"two\nlines.env".to_owned()));
    }

    #[test]
    fn errors_that_name_a_hostile_path_are_harmless() {
        let workspace = Workspace::new();
        for arguments in [
            ["scan", "gone\u{1b}[2J"],
            ["scan", "--gone\u{1b}]0;x\u{7}"],
            ["explain", "gone\u{1b}[2J"],
            ["scan", "--rules=gone\u{1b}[2J"],
        ] {
            let outcome = workspace.run(&arguments);
            outcome.complains(&["gone"]);
            assert!(!outcome.stderr.contains(['\u{1b}', '\u{7}']), "{outcome:?}");
        }
    }

    /// Other systems refuse such names.
    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_no_utf_8_are_searched() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let workspace = Workspace::new();
        let line = render("name", RAILWAY);
        for name in [&b"caf\xe9.env"[..], b"caf\xe8.env", b"\xff\xfe"] {
            workspace.write(OsStr::from_bytes(name), &line);
        }
        for format in ["text", "json", "jsonl", "sarif", "markdown"] {
            workspace.run(&["scan", "--format", format]).exits(1);
        }
        assert_eq!(places(&workspace.json(&["scan"])).len(), 3);
        let named = [OsStr::new("scan"), OsStr::from_bytes(b"caf\xe9.env")];
        workspace.run(&named).exits(1);
        let missing = [OsStr::new("scan"), OsStr::from_bytes(b"gone\xe9")];
        workspace.run(&missing).complains(&["does not exist"]);
    }

    #[test]
    fn an_interrupt_ends_the_scan_with_a_report() {
        let workspace = Workspace::new();
        let text = filler(4 << 20);
        let mut file = File::create(workspace.join("large.txt")).expect("the folder is ours");
        for _ in 0..50 {
            file.write_all(&text).expect("there is room");
        }
        drop(file);
        let child = workspace
            .command(&["scan", "--threads", "1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        until_it_reads(child.id(), "large.txt");
        let mut kill = workspace.foreign("kill");
        kill.args(["-INT", &child.id().to_string()]);
        // It may have come to its end by itself.
        finish(kill, b"");
        let outcome = gather(child, b"");
        assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
        match outcome.code() {
            0 => {}
            130 => assert!(
                outcome.stdout.contains("INCOMPLETE")
                    && outcome.stdout.contains("stopped before its end"),
                "{outcome:?}"
            ),
            code => panic!("exit code {code}: {outcome:?}"),
        }
    }

    /// Waits until a process has a file open, where the system tells; else for a while.
    fn until_it_reads(process: u32, name: &str) {
        use std::time::Duration;
        let files = format!("/proc/{process}/fd");
        if !Path::new("/proc/self/fd").exists() {
            std::thread::sleep(Duration::from_secs(1));
            return;
        }
        for _ in 0..2000 {
            let Ok(open) = fs::read_dir(&files) else {
                return;
            };
            let reads = open
                .flatten()
                .filter_map(|entry| fs::read_link(entry.path()).ok())
                .any(|target| target.ends_with(name));
            if reads {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
