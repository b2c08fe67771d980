//! Where git cannot be read, or only in part, there is no clean pass: the exit code is 3, and the
//! reason and what to do are said. Each test is a way in which a scanner once passed everything.

use super::repository::{Repository, Seen, credential, refuses};
use crate::common::{RAILWAY, Workspace, finish};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

/// What is read out of git.
const SOURCES: [&[&str]; 3] = [&["--staged"], &["--since", "HEAD~1"], &["--history"]];

/// A repository in which each of them finds something.
fn dirty() -> Repository {
    let repository = Repository::new();
    repository.stage("clean.txt", "nothing\n").commit("start");
    repository
        .stage("second.env", credential("second"))
        .commit("second");
    repository.stage("staged.env", credential("staged"));
    repository
}

/// A repository in which none of them finds anything.
fn clean() -> Repository {
    let repository = Repository::new();
    repository.stage("first.txt", "first\n").commit("first");
    repository.stage("second.txt", "second\n").commit("second");
    repository.stage("staged.txt", "staged\n");
    repository
}

/// Gives a scan something else to be called `git`.
fn with_git(repository: &Repository, arguments: &[&str], path: &Path) -> Command {
    let mut command = repository.program("");
    command.arg("scan").args(arguments).env("PATH", path);
    command
}

#[test]
fn they_work_where_nothing_is_wrong() {
    let (dirty, clean) = (dirty(), clean());
    for arguments in SOURCES {
        dirty.scan(arguments).exits(1);
        clean.scan(arguments).exits(0);
    }
}

/// Gives a folder and what is in it to another user, if this one may.
fn give_away(path: &Path) -> bool {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let inside = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
        .all(|entry| give_away(&entry.path()));
    chown(path, Some(12_345), None).is_ok() && inside
}

#[test]
fn the_repository_of_another_user_is_refused_until_it_is_trusted() {
    let repository = dirty();
    let given = give_away(&repository.join(""));
    let as_stranger = |arguments: &[&str]| {
        let mut command = repository.program("");
        command.arg("scan").args(arguments);
        if !given {
            // Git itself has this for its tests, where nobody may give files away.
            command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
        }
        command
    };
    for arguments in SOURCES {
        refuses(as_stranger(arguments), &["safe.directory"]);
    }
    // The files can be searched without git.
    assert!(!Seen::by(as_stranger(&["."])).paths().is_empty());
    let top = repository.join("").canonicalize().expect("it is there");
    let trust = format!("[safe]\n\tdirectory = {}\n", top.display());
    repository.write("../home/.gitconfig", trust);
    for arguments in SOURCES {
        Seen::by(as_stranger(arguments)).exits(1);
    }
}

#[test]
fn a_damaged_index_is_refused() {
    let repository = clean();
    let index = repository.join(".git/index");
    let whole = fs::read(&index).expect("git wrote it");
    let mut flipped = whole.clone();
    flipped[4] ^= 0xff;
    for bytes in [b"garbage".as_slice(), &whole[..whole.len() / 2], &flipped] {
        fs::write(&index, bytes).expect("it is ours");
        repository.refuses(&["--staged"], &[]);
    }
}

#[test]
fn a_missing_content_is_incomplete() {
    let repository = clean();
    for (name, arguments) in [
        (":staged.txt", SOURCES[0]),
        ("HEAD:second.txt", SOURCES[1]),
        ("HEAD:first.txt", SOURCES[2]),
    ] {
        fs::remove_file(repository.object(name)).expect("it lies by itself");
        let seen = repository.scan(arguments);
        assert!(
            seen.exits(3).skipped("missing-object") >= 1,
            "{arguments:?}"
        );
    }
    // What is there is searched all the same.
    let repository = dirty();
    fs::remove_file(repository.object("HEAD:clean.txt")).expect("it lies by itself");
    let seen = repository.scan(&["--history"]);
    assert_eq!(seen.exits(1).paths(), ["second.env"]);
    assert_eq!(seen.document()["coverage"]["complete"], false);
}

#[test]
fn a_damaged_object_is_no_clean_pass() {
    let repository = clean();
    for (name, arguments) in [
        (":staged.txt", SOURCES[0]),
        ("HEAD:second.txt", SOURCES[1]),
        ("HEAD^{tree}", SOURCES[2]),
        ("HEAD", SOURCES[2]),
    ] {
        let object = repository.object(name);
        let whole = fs::read(&object).expect("git wrote it");
        let mode = fs::Permissions::from_mode(0o644);
        fs::set_permissions(&object, mode).expect("it is ours");
        fs::write(&object, &whole[..whole.len() / 2]).expect("it is ours");
        let mut command = repository.program("");
        command.arg("scan").args(arguments);
        let outcome = finish(command, b"");
        // A revision that cannot be read may be taken for one that does not exist.
        assert!(matches!(outcome.code(), 2 | 3), "{name}: {outcome:?}");
        fs::write(&object, whole).expect("it is ours");
        repository.scan(arguments).exits(0);
    }
}

/// Clones without all that the original has.
fn clone(repository: &Repository, option: &str, to: &str) {
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repository.join("").display());
    repository.git(&["clone", "--quiet", "--no-checkout", option, &url, to]);
}

#[test]
fn a_shallow_clone_says_that_older_commits_are_not_here() {
    let repository = clean();
    clone(&repository, "--depth=1", "../shallow");
    let seen = repository.scan_in("../shallow", &["--history"]);
    assert_eq!(seen.exits(3).skipped("shallow-clone"), 1);
    let mut text = repository.program("../shallow");
    text.args(["scan", "--history"]);
    refuses(text, &["shallow"]);
    // What is there is searched all the same.
    let repository = dirty();
    clone(&repository, "--depth=1", "../shallow");
    let seen = repository.scan_in("../shallow", &["--history"]);
    assert_eq!(seen.exits(1).paths(), ["second.env"]);
    assert_eq!(seen.skipped("shallow-clone"), 1);
}

#[test]
fn a_partial_clone_is_incomplete_and_fetches_nothing() {
    let repository = dirty();
    clone(&repository, "--filter=blob:none", "../partial");
    let count = || repository.git_in("../partial", &["count-objects", "--verbose"]);
    let before = count();
    let seen = repository.scan_in("../partial", &["--history"]);
    assert_eq!(seen.exits(3).skipped("missing-object"), 2);
    let since = repository.scan_in("../partial", &["--since", "HEAD~1"]);
    assert!(since.exits(3).skipped("missing-object") >= 1);
    assert_eq!(count(), before);
    // It could have been fetched.
    repository.git_in("../partial", &["cat-file", "-p", "HEAD:second.env"]);
    assert_ne!(count(), before);
}

#[test]
fn a_folder_without_a_repository_is_refused() {
    let workspace = Workspace::new();
    workspace.render("app.env", RAILWAY);
    for arguments in SOURCES {
        let mut command = workspace.command(&["scan"]);
        command.args(arguments);
        refuses(command, &["repository"]);
    }
}

#[test]
fn a_repository_without_commits_has_no_history() {
    let repository = Repository::new();
    repository.refuses(&["--history"], &[]);
    let mut since = repository.program("");
    since.args(["scan", "--since", "HEAD"]);
    let outcome = finish(since, b"");
    assert!(matches!(outcome.code(), 2 | 3), "{outcome:?}");
}

#[test]
fn a_machine_without_git_is_refused() {
    let repository = dirty();
    let empty = repository.join("../empty");
    fs::create_dir(&empty).expect("the folder is ours");
    for arguments in SOURCES {
        refuses(with_git(&repository, arguments, &empty), &["git"]);
    }
    // Files need no git.
    Seen::by(with_git(&repository, &["."], &empty)).exits(1);
}

/// Such as a wrapper of some company's that is broken.
#[test]
fn a_git_that_does_not_work_is_no_clean_pass() {
    let repository = clean();
    for (number, body) in [
        "exit 0",
        "exit 1",
        "echo garbage",
        "echo 'fatal: detected dubious ownership' >&2; exit 128",
        "kill -9 $$",
    ]
    .into_iter()
    .enumerate()
    {
        let folder = format!("../broken-{number}");
        let file = format!("{folder}/git");
        repository.write(&file, format!("#!/bin/sh\n{body}\n"));
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(repository.join(&file), mode).expect("it is ours");
        for arguments in SOURCES {
            let command = with_git(&repository, arguments, &repository.join(&folder));
            let outcome = finish(command, b"");
            assert!(matches!(outcome.code(), 2 | 3), "{body}: {outcome:?}");
            assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
        }
    }
}

#[test]
fn what_git_says_beside_its_work_is_no_failure() {
    let repository = dirty();
    for arguments in SOURCES {
        let mut command = repository.program("");
        command.arg("scan").args(arguments).env("GIT_TRACE", "1");
        Seen::by(command).exits(1);
    }
}

/// A hook that reads differences passes here, although every file has a credential.
#[test]
fn files_that_are_named_are_searched_whether_staged_or_not() {
    let repository = dirty();
    repository.commit("all");
    let names = ["second.env", "staged.env"];
    assert_eq!(repository.scan(&names).exits(1).paths(), names);
    repository.write("../list", "second.env\nstaged.env\n");
    let seen = repository.scan(&["--files-from", "../list"]);
    assert_eq!(seen.exits(1).paths(), names);
}

#[test]
fn a_scan_in_a_hook_sees_bytes() {
    let repository = dirty();
    let mut command = repository.program("");
    command
        .args(["scan", "--staged"])
        .env("GIT_INDEX_FILE", ".git/index")
        .env("GIT_PREFIX", "")
        .env("GIT_EDITOR", ":");
    let seen = Seen::by(command);
    assert_eq!(seen.exits(1).files(), 1);
    assert_eq!(seen.bytes(), credential("staged").len() as u64);
}

/// A file such as `.gitkeep` is searched as soon as it is seen to be empty.
#[test]
fn an_empty_file_is_no_reason_to_stop() {
    let repository = clean();
    repository.commit("staged");
    repository.stage(".gitkeep", "");
    let seen = repository.scan(&["--staged"]);
    assert_eq!((seen.exits(0).files(), seen.bytes()), (1, 0));
}
