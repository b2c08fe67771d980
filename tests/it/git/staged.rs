//! `scan --staged`: the contents that git would commit, and nothing else.

use super::repository::{Repository, Seen, credential, succeed};
use crate::common::finish;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

/// What a file has that once had a credential.
const FIXED: &str = "GITHUB_TOKEN=from the environment\n";

#[test]
fn the_staged_version_counts_and_not_the_file() {
    let repository = Repository::new();
    repository
        .stage("fixed.env", credential("fixed"))
        .stage("gone.env", credential("gone"))
        .stage("moved.env", credential("moved"))
        .stage("clean.env", FIXED)
        // What comes later is not staged.
        .write("fixed.env", FIXED)
        .write("moved.env", format!("\n\n{}", credential("moved")))
        .write("clean.env", credential("clean"))
        .write("untracked.env", credential("untracked"));
    fs::remove_file(repository.join("gone.env")).expect("it is ours");
    let seen = repository.scan(&["--staged"]);
    let first = |name: &str| (name.to_owned(), 1);
    assert_eq!(
        seen.exits(1).lines(),
        [first("fixed.env"), first("gone.env"), first("moved.env")]
    );
    assert_eq!(seen.files(), 4);
    let document = seen.document();
    assert_eq!(document["target"]["mode"], "staged");
    assert_eq!(document["findings"][0]["source"], "staged");
}

#[test]
fn a_fix_that_is_staged_is_clean() {
    let repository = Repository::new();
    repository
        .stage("app.env", credential("app"))
        .stage("app.env", FIXED)
        .write("app.env", credential("later"));
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(0).files(), 1);
    assert_eq!(seen.bytes(), FIXED.len() as u64);
}

#[test]
fn only_what_is_staged_is_searched() {
    let repository = Repository::new();
    repository.stage("old.env", credential("old")).commit("old");
    repository.stage("old.env", FIXED).commit("fixed");
    for number in 0..5 {
        repository.stage(format!("{number}.txt"), "nothing\n");
    }
    repository.commit("more");
    repository.stage("new.txt", "nothing new\n");
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(0).files(), 1);
    assert_eq!(seen.bytes(), 12);
}

#[test]
fn a_credential_that_is_committed_already_is_excused() {
    let repository = Repository::new();
    let old = credential("old");
    repository.stage("app.env", &old).commit("old");
    // Further down, and beside another line.
    repository.stage("app.env", format!("PORT=1\n{old}"));
    let seen = repository.scan(&["--staged"]);
    seen.exits(0);
    let excuse = ("app.env".to_owned(), 2, "committed".to_owned());
    assert_eq!(seen.excused(), [excuse]);
    assert_eq!(seen.document()["summary"]["suppressed"], 1);
    // Another one in the same file is new.
    repository.stage("app.env", format!("{old}{}", credential("new")));
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(1).lines(), [("app.env".to_owned(), 2)]);
    assert_eq!(seen.excused().len(), 1);
}

#[test]
fn a_change_of_the_mode_alone_is_no_finding() {
    let repository = Repository::new();
    repository.stage("app.env", credential("app")).commit("app");
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(repository.join("app.env"), mode).expect("it is ours");
    repository.git(&["add", "app.env"]);
    let raw = repository.git(&["diff-index", "--cached", "HEAD"]);
    assert!(raw.starts_with(":100644 100755"), "{raw}");
    repository.scan(&["--staged"]).exits(0);
}

#[test]
fn a_file_that_was_renamed_is_searched_under_its_new_name() {
    let repository = Repository::new();
    let text = "some text\n".repeat(100);
    repository.stage("old.txt", &text).commit("old");
    repository.git(&["mv", "old.txt", "new.txt"]);
    repository.stage("new.txt", format!("{text}{}", credential("new")));
    let raw = repository.git(&["diff-index", "--cached", "-M", "HEAD"]);
    assert!(raw.contains("\told.txt\tnew.txt"), "{raw}");
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(1).lines(), [("new.txt".to_owned(), 101)]);
}

#[test]
fn conversions_between_index_and_file_change_nothing() {
    let repository = Repository::new();
    let text = format!("PORT=1\n{}", credential("crlf"));
    let wide: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let attributes = "crlf.env text eol=crlf\nwide.env text working-tree-encoding=UTF-16\n\
        binary.env binary\nident.env ident\n";
    repository
        .stage(".gitattributes", attributes)
        .stage("crlf.env", text.replace('\n', "\r\n"))
        .stage("wide.env", wide)
        .stage("binary.env", &text)
        .stage("ident.env", &text);
    assert!(!repository.git(&["show", ":crlf.env"]).contains('\r'));
    assert!(repository.git(&["show", ":wide.env"]).starts_with("PORT=1"));
    let seen = repository.scan(&["--staged"]);
    let second = |name: &str| (name.to_owned(), 2);
    assert_eq!(
        seen.exits(1).lines(),
        ["binary.env", "crlf.env", "ident.env", "wide.env"].map(second)
    );
}

#[test]
fn a_link_is_the_text_it_holds() {
    let repository = Repository::new();
    repository
        .write("../outside.env", credential("outside"))
        .stage("clean.txt", "nothing\n");
    symlink("../outside.env", repository.join("link.env")).expect("the folder is ours");
    repository.git(&["add", "link.env"]);
    let raw = repository.git(&["ls-files", "--stage", "link.env"]);
    assert!(raw.starts_with("120000"), "{raw}");
    repository.scan(&["--staged"]).exits(0);
}

#[test]
fn a_repository_inside_is_counted_and_not_entered() {
    let repository = Repository::new();
    repository
        .write("inner/app.env", credential("inner"))
        .stage("clean.txt", "nothing\n");
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "app.env"],
        &["commit", "--quiet", "--message", "inner"],
    ] {
        repository.git_in("inner", arguments);
    }
    repository.git(&["-c", "advice.addEmbeddedRepo=false", "add", "inner"]);
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(0).files(), 1);
    assert_eq!(seen.skipped("submodule"), 1);
}

#[test]
fn what_is_only_meant_to_be_added_is_not_staged() {
    let repository = Repository::new();
    repository
        .stage("clean.txt", "nothing\n")
        .write("later.env", credential("later"))
        .git(&["add", "--intent-to-add", "later.env"]);
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(0).files(), 1);
    // The same on a branch that has commits.
    repository.commit("clean");
    repository.stage("more.txt", "nothing\n");
    assert_eq!(repository.scan(&["--staged"]).exits(0).files(), 1);
}

/// Names that end lines, quotes and arguments, or that git reads as patterns.
const NAMES: &[&str] = &[
    " blank .env",
    "#hash.env",
    "*.env",
    "--staged",
    "-dash.env",
    ":(exclude)a.env",
    ":0:stage.env",
    "a[b]c?.env",
    "back\\slash.env",
    "bell\u{7}.env",
    "dir/ümläut 文件.env",
    "quo\"te'.env",
    "tab\t.env",
    "two\nlines.env",
];

#[test]
fn every_name_is_a_name() {
    let repository = Repository::new();
    for name in NAMES {
        repository.stage(name, credential(name));
    }
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(1).paths(), NAMES);
    // And once more where there is a commit to compare with.
    repository.commit("names");
    for name in NAMES {
        repository.stage(name, credential(&format!("again {name}")));
    }
    assert_eq!(repository.scan(&["--staged"]).exits(1).paths(), NAMES);
}

/// Other systems refuse such names.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf_8_are_searched() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::new();
    for (number, name) in [&b"caf\xe9.env"[..], b"caf\xe8.env", b"\xff"]
        .iter()
        .enumerate()
    {
        let text = credential(&number.to_string());
        repository.stage(OsStr::from_bytes(name), text);
    }
    assert_eq!(repository.scan(&["--staged"]).exits(1).lines().len(), 3);
}

#[test]
fn the_index_that_git_names_is_the_one() {
    let repository = Repository::new();
    repository.stage("clean.txt", "nothing\n");
    repository.write("app.env", credential("app"));
    let absolute = repository.join(".git/other").display().to_string();
    for index in [".git/other", &absolute] {
        let mut add = repository.git_command("");
        add.args(["add", "app.env"]).env("GIT_INDEX_FILE", index);
        succeed(add);
        let mut scan = repository.program("");
        scan.args(["scan", "--staged"]).env("GIT_INDEX_FILE", index);
        assert_eq!(Seen::by(scan).exits(1).paths(), ["app.env"], "{index}");
        fs::remove_file(repository.join(".git/other")).expect("git wrote it");
    }
    assert_eq!(repository.scan(&["--staged"]).exits(0).files(), 1);
}

#[test]
fn a_folder_below_sees_the_whole_index() {
    let repository = Repository::new();
    repository
        .stage("top.env", credential("top"))
        .stage("a/b/deep.env", credential("deep"))
        .stage("c/side.env", credential("side"));
    let all = ["a/b/deep.env", "c/side.env", "top.env"];
    for folder in ["", "a", "a/b", "c"] {
        let seen = repository.scan_in(folder, &["--staged"]);
        assert_eq!(seen.exits(1).paths(), all, "{folder}");
    }
}

#[test]
fn a_linked_work_tree_has_an_index_of_its_own() {
    let repository = Repository::new();
    repository.stage("clean.txt", "nothing\n").commit("clean");
    repository.git(&["worktree", "add", "--quiet", "../tree", "-b", "side"]);
    repository.write("../tree/app.env", credential("app"));
    repository.git_in("../tree", &["add", "app.env"]);
    let seen = repository.scan_in("../tree", &["--staged"]);
    assert_eq!(seen.exits(1).paths(), ["app.env"]);
    repository.refuses(&["--staged"], &["staged"]);
}

#[test]
fn a_sparse_index_is_searched_where_it_changed() {
    let repository = Repository::new();
    for folder in ["in", "out", "out/deep"] {
        repository.stage(format!("{folder}/a.txt"), "nothing\n");
    }
    repository.commit("all");
    for option in ["--no-sparse-index", "--sparse-index"] {
        repository.git(&["sparse-checkout", "set", "--cone", option, "in"]);
        assert!(!repository.join("out/deep/a.txt").exists());
        repository.stage("in/a.txt", "something\n");
        let seen = repository.scan(&["--staged"]);
        assert_eq!(seen.exits(0).files(), 1, "{option}");
        // Staged without a file in the work tree.
        repository.write("../blob", credential(option));
        let id = repository.git(&["hash-object", "-w", "../blob"]);
        let entry = format!("100644,{id},out/deep/new.env");
        repository.git(&["update-index", "--add", "--cacheinfo", &entry]);
        let seen = repository.scan(&["--staged"]);
        assert_eq!(seen.exits(1).paths(), ["out/deep/new.env"], "{option}");
        repository.git(&["reset", "--quiet", "--hard"]);
    }
}

#[test]
fn files_that_git_is_told_to_leave_alone_are_searched_once_staged() {
    let repository = Repository::new();
    repository
        .stage(".gitignore", "*.env\n")
        .stage("ignored.env", credential("ignored"))
        .stage("assumed.env", credential("assumed"))
        .stage("skipped.env", credential("skipped"));
    repository.git(&["update-index", "--assume-unchanged", "assumed.env"]);
    repository.git(&["update-index", "--skip-worktree", "skipped.env"]);
    let seen = repository.scan(&["--staged"]);
    assert_eq!(
        seen.exits(1).paths(),
        ["assumed.env", "ignored.env", "skipped.env"]
    );
}

#[test]
fn large_binary_and_wide_contents_are_searched() {
    let repository = Repository::new();
    let line = "some words in a line that hold nothing at all\n";
    let half = line.repeat((5 << 20) / line.len() / 2);
    let below = half.lines().count() as u64 + 1;
    let wide: Vec<u8> = format!("\n\n{}", credential("wide"))
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    let token = credential("binary");
    repository
        .stage("large.txt", format!("{half}{}{half}", credential("large")))
        .stage("wide.txt", wide)
        .stage(
            "zeros.bin",
            [&[0; 300][..], token.as_bytes(), &[0xff; 9]].concat(),
        );
    let seen = repository.scan(&["--staged"]);
    let lines = seen.exits(1).lines();
    assert_eq!(lines[0], ("large.txt".to_owned(), below));
    assert_eq!(lines[1], ("wide.txt".to_owned(), 3));
    assert_eq!(lines[2].0, "zeros.bin");
    assert_eq!((lines.len(), seen.files()), (3, 3));
    assert!(seen.bytes() > 5 << 20);
}

#[test]
fn objects_named_by_sha_256_are_read_alike() {
    let repository = Repository::of_format("sha256");
    repository.stage("app.env", credential("app"));
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(1).paths(), ["app.env"]);
    repository.commit("app");
    repository.stage("more.env", credential("more"));
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(1).paths(), ["more.env"]);
}

#[test]
fn an_index_of_any_version_is_read() {
    let repository = Repository::new();
    repository.stage("a/b/app.env", credential("app"));
    repository.stage("a/b/more.env", credential("more"));
    for version in ["2", "3", "4"] {
        repository.git(&["update-index", "--index-version", version]);
        let seen = repository.scan(&["--staged"]);
        let all = ["a/b/app.env", "a/b/more.env"];
        assert_eq!(seen.exits(1).paths(), all, "{version}");
    }
    repository.git(&["update-index", "--split-index"]);
    assert_eq!(repository.scan(&["--staged"]).exits(1).lines().len(), 2);
}

#[test]
fn nothing_staged_is_no_clean_pass() {
    let repository = Repository::new();
    repository.refuses(&["--staged"], &["staged"]);
    repository.stage("clean.txt", "nothing\n").commit("clean");
    repository.write("clean.txt", credential("edited"));
    repository.refuses(&["--staged"], &["staged"]);
}

#[test]
fn an_undecided_merge_is_incomplete() {
    let repository = Repository::new();
    repository.stage("app.env", "A=1\n").commit("base");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.stage("app.env", "A=2\n").commit("side");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.stage("app.env", "A=3\n").commit("main");
    let mut merge = repository.git_command("");
    merge.args(["merge", "--quiet", "side"]);
    finish(merge, b"").exits(1);
    repository.stage("clean.txt", "nothing\n");
    let seen = repository.scan(&["--staged"]);
    assert_eq!(seen.exits(3).skipped("unmerged"), 1);
    // What else is staged is searched all the same.
    repository.stage("new.env", credential("new"));
    assert_eq!(repository.scan(&["--staged"]).exits(1).paths(), ["new.env"]);
}
