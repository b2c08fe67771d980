//! Hooks in real repositories: installed, taken away, and above all obeyed by git.
//!
//! They are shell scripts, so these tests are for systems where git runs such without more ado.

#![cfg(unix)]

use crate::common::{GITHUB, Outcome, RAILWAY, Workspace, finish, render};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// A repository with one commit.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.git(&["init", "--quiet", "--initial-branch=main"]);
    workspace.write("README", "nothing\n");
    workspace.git(&["add", "README"]);
    git(&workspace, &["commit", "--quiet", "-m", "start"]).exits(0);
    workspace
}

/// Git as somebody uses it: with its settings, and with the program in PATH.
fn git_command<A: AsRef<OsStr>>(workspace: &Workspace, arguments: &[A]) -> Command {
    let mut command = workspace.foreign("git");
    command.args(arguments).env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Ada Example")
            .env(format!("GIT_{role}_EMAIL"), "ada@example.org");
    }
    command
}

fn git<A: AsRef<OsStr>>(workspace: &Workspace, arguments: &[A]) -> Outcome {
    finish(git_command(workspace, arguments), b"")
}

fn install(workspace: &Workspace, hook: &str) {
    workspace.run(&["hook", "install", "--hook", hook]).exits(0);
}

/// Writes a hook that is not ours.
fn foreign_hook(workspace: &Workspace, name: &str, text: &str, mode: u32) {
    workspace.write(name, text);
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(workspace.join(name), permissions).expect("it is ours");
}

fn mode(path: &Path) -> u32 {
    let metadata = fs::symlink_metadata(path).expect("it is there");
    metadata.permissions().mode() & 0o7777
}

/// Asserts that git was stopped by a finding, and that everything that helps is said.
#[track_caller]
fn blocked(outcome: &Outcome, words: &[&str]) {
    assert!(!outcome.status.success(), "{outcome:?}");
    assert!(outcome.stderr.contains("1 credential"), "{outcome:?}");
    for word in words {
        assert!(
            outcome.stderr.contains(word),
            "no {word:?} in {}",
            outcome.stderr
        );
    }
}

fn commits(workspace: &Workspace) -> String {
    git(workspace, &["rev-list", "--count", "HEAD"])
        .stdout
        .trim()
        .to_owned()
}

#[test]
fn a_commit_with_a_credential_is_blocked() {
    let workspace = repository();
    install(&workspace, "pre-commit");
    workspace.render("config/.env", RAILWAY);
    workspace.git(&["add", "config/.env"]);
    let outcome = git(&workspace, &["commit", "-m", "leak"]);
    let words = [
        "config/.env:1",
        "git restore --staged -- :/config/.env",
        "straykey:allow[railway-api-token] reason",
        "git commit --no-verify",
    ];
    blocked(&outcome, &words);
    assert_eq!(commits(&workspace), "1");
    let at = |word: &str| outcome.stderr.find(word).expect("it was just seen");
    assert!(
        words.windows(2).all(|pair| at(pair[0]) < at(pair[1])),
        "the way round comes last: {}",
        outcome.stderr
    );
    let credential = render("config/.env", RAILWAY);
    let value = credential
        .split(['=', '\n'])
        .nth(1)
        .expect("it has a value");
    assert!(!outcome.stderr.contains(value) && !outcome.stdout.contains(value));
}

#[test]
fn the_advice_works() {
    let workspace = repository();
    install(&workspace, "pre-commit");
    for name in ["it's here.env", "-x.env", "*.env"] {
        workspace.render(name, RAILWAY);
        git(&workspace, &["--literal-pathspecs", "add", "--", name]).exits(0);
        let outcome = git(&workspace, &["commit", "-m", "leak"]);
        blocked(&outcome, &[]);
        let mut lines = outcome.stderr.lines().map(str::trim);
        let command = lines
            .find(|line| line.starts_with("git restore"))
            .expect("it says how to unstage");
        let mut shell = workspace.foreign("sh");
        shell.args(["-c", command]);
        finish(shell, b"").exits(0);
        let staged = git(&workspace, &["diff", "--cached", "--name-only"]);
        assert_eq!(staged.stdout, "", "after {command}");
    }
}

#[test]
fn before_the_first_commit_the_advice_differs() {
    let workspace = Workspace::new();
    workspace.git(&["init", "--quiet"]);
    install(&workspace, "pre-commit");
    workspace.render(".env", RAILWAY);
    workspace.git(&["add", ".env"]);
    let outcome = git(&workspace, &["commit", "-m", "leak"]);
    blocked(&outcome, &["git rm --cached -r -- :/.env"]);
}

#[test]
fn every_way_to_commit_is_watched() {
    let workspace = repository();
    workspace.write("a.txt", "a\n").write("b.txt", "b\n");
    workspace.git(&["add", "."]);
    git(&workspace, &["commit", "--quiet", "-m", "two files"]).exits(0);
    install(&workspace, "pre-commit");

    workspace.render("a.txt", GITHUB).write("b.txt", "more\n");
    blocked(&git(&workspace, &["commit", "-am", "leak"]), &["a.txt:1"]);
    blocked(
        &git(&workspace, &["commit", "-m", "leak", "a.txt"]),
        &["a.txt:1"],
    );
    git(&workspace, &["commit", "-m", "only the other", "b.txt"]).exits(0);

    workspace.git(&["add", "a.txt"]);
    workspace.write("a.txt", "clean in the work tree only\n");
    blocked(&git(&workspace, &["commit", "-m", "leak"]), &["a.txt:1"]);
    workspace.git(&["add", "a.txt"]);
    git(&workspace, &["commit", "-m", "clean"]).exits(0);
}

#[test]
fn commits_without_anything_to_search_pass_and_say_so() {
    let workspace = repository();
    install(&workspace, "pre-commit");
    let empty = git(&workspace, &["commit", "--allow-empty", "-m", "empty"]);
    empty.exits(0);
    assert!(
        empty.stderr.contains("straykey: nothing is staged"),
        "{empty:?}"
    );
    workspace.git(&["rm", "--quiet", "README"]);
    git(&workspace, &["commit", "-m", "delete"]).exits(0);
    let run = workspace.run(&["hook", "run", "pre-commit"]);
    run.exits(0);
    assert!(run.stderr.contains("nothing is staged"), "{run:?}");
}

#[test]
fn a_linked_work_tree_obeys_the_same_hooks() {
    let workspace = repository();
    workspace.git(&["worktree", "add", "--quiet", "../linked", "-b", "linked"]);
    let linked = workspace.join("../linked");
    let mut command = workspace.command(&["hook", "install"]);
    command.current_dir(&linked);
    finish(command, b"").exits(0);
    assert!(workspace.join(".git/hooks/pre-commit").is_file());
    fs::write(linked.join(".env"), render("linked", RAILWAY)).expect("it is ours");
    for arguments in [&["add", ".env"][..], &["commit", "-m", "leak"]] {
        let mut command = git_command(&workspace, arguments);
        command.current_dir(&linked);
        let outcome = finish(command, b"");
        if arguments[0] == "commit" {
            blocked(&outcome, &[".env:1"]);
        } else {
            outcome.exits(0);
        }
    }
}

#[test]
fn hooks_go_where_git_looks() {
    for (scope, folder) in [
        ("--local", "../elsewhere"),
        ("--global", "../everybody"),
        ("--local", "scripts/hooks"),
    ] {
        let workspace = repository();
        let absolute = workspace.join(folder);
        let value = if folder.starts_with("..") {
            absolute.to_str().expect("it is text")
        } else {
            folder
        };
        workspace.git(&["config", scope, "core.hooksPath", value]);
        install(&workspace, "pre-commit");
        assert!(absolute.join("pre-commit").is_file(), "{folder}");
        assert!(!workspace.join(".git/hooks/pre-commit").exists());
        workspace.run(&["hook", "status"]).exits(0);
        workspace.render(".env", RAILWAY);
        workspace.git(&["add", ".env"]);
        let mut commit = git_command(&workspace, &["commit", "-m", "leak"]);
        commit.env("PATH", path_with_program());
        blocked(&finish(commit, b""), &[".env:1"]);
        workspace.run(&["hook", "uninstall"]).exits(0);
        assert!(!absolute.join("pre-commit").exists());
    }
}

/// PATH with the folder of the program before all others.
fn path_with_program() -> std::ffi::OsString {
    let program = Path::new(env!("CARGO_BIN_EXE_straykey"));
    let folder = program.parent().expect("it lies in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).expect("they come from a PATH")
}

/// PATH without any program of this name: a developer may have installed one.
fn path_without_program() -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).filter(|folder| !folder.join("straykey").exists());
    std::env::join_paths(folders).expect("they come from a PATH")
}

#[test]
fn a_folder_that_is_committed_names_no_path_of_this_machine() {
    let workspace = repository();
    workspace.git(&["config", "core.hooksPath", "hooks"]);
    let outcome = workspace.run(&["hook", "install"]);
    outcome.exits(0);
    assert!(outcome.stdout.contains("PATH"), "{outcome:?}");
    let script = fs::read_to_string(workspace.join("hooks/pre-commit")).expect("it is text");
    assert!(!script.contains(env!("CARGO_BIN_EXE_straykey")), "{script}");
}

#[test]
fn a_shadowed_hook_is_told() {
    let workspace = repository();
    install(&workspace, "pre-commit");
    workspace.run(&["hook", "status"]).exits(0);
    let everybody = workspace.join("../everybody");
    let everybody = everybody.to_str().expect("it is text");
    workspace.git(&["config", "--global", "core.hooksPath", everybody]);
    let outcome = workspace.run(&["hook", "status"]);
    outcome.exits(1);
    assert!(outcome.stdout.contains("shadowed"), "{outcome:?}");
    workspace.git(&["config", "core.hooksPath", ".git/hooks"]);
    let outcome = workspace.run(&["hook", "status"]);
    outcome.exits(0);
    assert!(
        outcome.stdout.contains("hides that of this user"),
        "{outcome:?}"
    );
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back() {
    let workspace = repository();
    let text = "#!/bin/sh\n# b\u{e4}r\necho \"before $1\" >> ran\nexit ${BEFORE:-0}\n";
    foreign_hook(&workspace, ".git/hooks/pre-commit", text, 0o750);
    workspace.run(&["hook", "status"]).exits(1);
    install(&workspace, "pre-commit");
    let script = fs::read(workspace.join(".git/hooks/pre-commit")).expect("it is there");
    install(&workspace, "pre-commit");
    let again = fs::read(workspace.join(".git/hooks/pre-commit")).expect("it is there");
    assert_eq!(script, again, "installing twice is installing once");

    workspace.render(".env", RAILWAY);
    workspace.git(&["add", ".env"]);
    blocked(&git(&workspace, &["commit", "-m", "leak"]), &[]);
    let mut failing = git_command(&workspace, &["commit", "-m", "leak"]);
    failing.env("BEFORE", "7");
    let outcome = finish(failing, b"");
    assert!(!outcome.status.success() && !outcome.stderr.contains("straykey"));
    let ran = fs::read_to_string(workspace.join("ran")).expect("it ran");
    assert_eq!(ran.lines().count(), 2, "{ran}");

    workspace.run(&["hook", "uninstall"]).exits(0);
    let hook = workspace.join(".git/hooks/pre-commit");
    assert_eq!(fs::read_to_string(&hook).expect("it is back"), text);
    assert_eq!(mode(&hook), 0o750);
    let left = fs::read_dir(workspace.join(".git/hooks")).expect("it is there");
    let ours = left
        .map(|entry| entry.expect("it can be read").file_name())
        .filter(|name| name.to_string_lossy().contains("straykey"))
        .count();
    assert_eq!(ours, 0);
}

#[test]
fn a_link_that_was_there_comes_back_as_a_link() {
    let workspace = repository();
    foreign_hook(&workspace, "scripts/hook", "#!/bin/sh\nexit 5\n", 0o755);
    let hook = workspace.join(".git/hooks/pre-commit");
    fs::create_dir_all(workspace.join(".git/hooks")).expect("it is ours");
    symlink("../../scripts/hook", &hook).expect("it is ours");
    install(&workspace, "pre-commit");
    let outcome = git(&workspace, &["commit", "--allow-empty", "-m", "empty"]);
    assert!(!outcome.status.success(), "the hook that was there fails");
    workspace.run(&["hook", "uninstall"]).exits(0);
    let target = fs::read_link(&hook).expect("it is a link again");
    assert_eq!(target, Path::new("../../scripts/hook"));
}

#[test]
fn a_hook_that_git_did_not_run_is_not_run_now() {
    let workspace = repository();
    foreign_hook(
        &workspace,
        ".git/hooks/pre-commit",
        "#!/bin/sh\nexit 5\n",
        0o644,
    );
    install(&workspace, "pre-commit");
    git(&workspace, &["commit", "--allow-empty", "-m", "empty"]).exits(0);
}

#[test]
fn folders_of_frameworks_are_left_alone() {
    let generated = "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n";
    for (folder, name, text, words) in [
        (
            ".husky/_",
            "pre-commit",
            "#!/bin/sh\n",
            [".husky/pre-commit", "straykey hook run"],
        ),
        (
            "hooks",
            "pre-push",
            generated,
            [".pre-commit-config.yaml", "straykey hook run"],
        ),
        (
            "hooks",
            "pre-commit",
            "call_lefthook run\n",
            ["lefthook.yml", "straykey hook run"],
        ),
    ] {
        let workspace = repository();
        workspace.git(&["config", "core.hooksPath", folder]);
        foreign_hook(&workspace, &format!("{folder}/{name}"), text, 0o755);
        let outcome = workspace.run(&["hook", "install"]);
        outcome.complains(&words);
        let files = fs::read_dir(workspace.join(folder)).expect("it is there");
        assert_eq!(files.count(), 1, "nothing was written to {folder}");
        workspace.run(&["hook", "status"]).exits(1);
    }
}

#[test]
fn straykey_in_the_configuration_of_a_framework_counts() {
    let workspace = repository();
    workspace.git(&["config", "core.hooksPath", ".husky/_"]);
    foreign_hook(&workspace, ".husky/_/pre-commit", "#!/bin/sh\n", 0o755);
    workspace.write(".husky/pre-commit", "# straykey hook run\n");
    workspace.run(&["hook", "status"]).exits(1);
    workspace.write(".husky/pre-commit", "straykey hook run pre-commit\n");
    workspace.run(&["hook", "status"]).exits(0);
}

#[test]
fn a_program_that_is_gone_stops_the_commit() {
    let workspace = repository();
    install(&workspace, "pre-commit");
    let hook = workspace.join(".git/hooks/pre-commit");
    let script = fs::read_to_string(&hook).expect("it is text");
    let gone = script.replace(env!("CARGO_BIN_EXE_straykey"), "/gone/straykey");
    assert_ne!(gone, script, "the program's place is pinned");
    fs::write(&hook, gone).expect("it is ours");
    let mut commit = git_command(&workspace, &["commit", "--allow-empty", "-m", "empty"]);
    commit.env("PATH", path_without_program());
    let outcome = finish(commit, b"");
    assert!(!outcome.status.success(), "{outcome:?}");
    for word in ["straykey: the program is gone", "hint: "] {
        assert!(outcome.stderr.contains(word), "{outcome:?}");
    }
    let mut commit = git_command(&workspace, &["commit", "--allow-empty", "-m", "empty"]);
    commit.env("PATH", path_with_program());
    finish(commit, b"").exits(0);
}

#[test]
fn names_of_files_are_never_options() {
    let workspace = repository();
    workspace.render("leak.env", RAILWAY);
    workspace.git(&["add", "leak.env"]);
    git(&workspace, &["commit", "--quiet", "-m", "old"]).exits(0);
    workspace.write("--exit-zero", "no option\n");
    let outcome = workspace.run(&["hook", "run", "pre-commit", "--exit-zero", "leak.env"]);
    outcome.exits(1);
}

#[test]
fn files_that_are_not_staged_are_searched_when_they_are_named() {
    let workspace = repository();
    workspace
        .render("old.env", RAILWAY)
        .write("other.txt", "other\n");
    workspace.git(&["add", "."]);
    git(&workspace, &["commit", "--quiet", "-m", "old"]).exits(0);
    let all = [
        "hook",
        "run",
        "pre-commit",
        "README",
        "./old.env",
        "other.txt",
    ];
    blocked(&workspace.run(&all), &["old.env:1"]);
    workspace
        .run(&["hook", "run", "pre-commit", "README"])
        .exits(0);
    workspace
        .run(&["hook", "run", "pre-commit", "gone.txt"])
        .complains(&["gone.txt"]);

    workspace.render("other.txt", GITHUB);
    workspace.git(&["add", "other.txt"]);
    workspace.write("other.txt", "clean in the work tree only\n");
    blocked(
        &workspace.run(&["hook", "run", "pre-commit", "other.txt"]),
        &["other.txt:1"],
    );
}

/// A repository with a remote that has its first commit.
fn with_remote() -> Workspace {
    let workspace = repository();
    workspace.git(&["init", "--quiet", "--bare", "../remote.git"]);
    workspace.git(&["remote", "add", "origin", "../remote.git"]);
    git(&workspace, &["push", "--quiet", "origin", "main"]).exits(0);
    install(&workspace, "pre-push");
    workspace
}

#[test]
fn a_push_with_a_credential_is_blocked() {
    let workspace = with_remote();
    git(&workspace, &["push", "origin", "main"]).exits(0);
    workspace.render(".env", RAILWAY);
    workspace.git(&["add", ".env"]);
    git(&workspace, &["commit", "--quiet", "-m", "leak"]).exits(0);
    let words = [".env:1", "git rebase --interactive", "git push --no-verify"];
    blocked(&git(&workspace, &["push", "origin", "main"]), &words);
    let new_branch = git(&workspace, &["push", "origin", "main:refs/heads/new"]);
    blocked(&new_branch, &words);

    workspace.git(&["rm", "--quiet", ".env"]);
    git(&workspace, &["commit", "--quiet", "-m", "gone"]).exits(0);
    let outcome = git(&workspace, &["push", "origin", "main"]);
    blocked(&outcome, &words);

    git(&workspace, &["reset", "--quiet", "--hard", "HEAD~2"]).exits(0);
    workspace.write("fine.txt", "fine\n");
    workspace.git(&["add", "fine.txt"]);
    git(&workspace, &["commit", "--quiet", "-m", "fine"]).exits(0);
    git(&workspace, &["push", "origin", "main"]).exits(0);
}

#[test]
fn what_the_remote_has_does_not_block_a_push() {
    let workspace = with_remote();
    workspace.render(".env", RAILWAY);
    workspace.git(&["add", ".env"]);
    git(&workspace, &["commit", "--quiet", "-m", "leak"]).exits(0);
    git(&workspace, &["push", "--no-verify", "origin", "main"]).exits(0);
    git(&workspace, &["branch", "side"]).exits(0);
    git(&workspace, &["push", "origin", "side"]).exits(0);
    git(&workspace, &["push", "origin", ":side"]).exits(0);
    // Another remote has nothing yet, and would get all of it.
    workspace.git(&["init", "--quiet", "--bare", "../public.git"]);
    workspace.git(&["remote", "add", "public", "../public.git"]);
    blocked(&git(&workspace, &["push", "public", "main"]), &[".env:1"]);
}

#[test]
fn a_push_hook_that_was_there_hears_what_is_pushed() {
    let workspace = with_remote();
    workspace.run(&["hook", "uninstall"]).exits(0);
    let text = "#!/bin/sh\ncat > heard\nprintf '%s ' \"$@\" >> heard\n";
    foreign_hook(&workspace, ".git/hooks/pre-push", text, 0o755);
    install(&workspace, "pre-push");
    workspace.render(".env", RAILWAY);
    workspace.git(&["add", ".env"]);
    git(&workspace, &["commit", "--quiet", "-m", "leak"]).exits(0);
    blocked(&git(&workspace, &["push", "origin", "main"]), &[".env:1"]);
    let heard = fs::read_to_string(workspace.join("heard")).expect("it was called");
    assert!(heard.starts_with("refs/heads/main "), "{heard}");
    assert!(heard.ends_with("origin ../remote.git "), "{heard}");
}

#[test]
fn a_push_that_nobody_describes_is_searched_all_the_same() {
    let workspace = with_remote();
    workspace.render(".env", RAILWAY);
    workspace.git(&["add", ".env"]);
    git(&workspace, &["commit", "--quiet", "-m", "leak"]).exits(0);
    blocked(
        &workspace.run(&["hook", "run", "pre-push", "origin"]),
        &[".env:1"],
    );
    workspace
        .feed(
            &["hook", "run", "pre-push", "origin"],
            "not what git says\n",
        )
        .complains(&["standard input", "hint: "]);
}

#[test]
fn a_message_with_a_credential_is_blocked() {
    let workspace = repository();
    install(&workspace, "commit-msg");
    let message = format!("a change\n\n{}", render("message", GITHUB));
    let outcome = git(&workspace, &["commit", "--allow-empty", "-m", &message]);
    blocked(&outcome, &["COMMIT_EDITMSG", "git commit --no-verify"]);
    git(&workspace, &["commit", "--allow-empty", "-m", "a change"]).exits(0);
    workspace
        .run(&["hook", "run", "commit-msg"])
        .complains(&["message", "hint: "]);
}

#[test]
fn a_branch_is_named_in_public_too() {
    let workspace = repository();
    workspace
        .run(&["hook", "install", "--branch-name"])
        .exits(0);
    git(&workspace, &["commit", "--allow-empty", "-m", "fine"]).exits(0);
    let token = render("branch", "{{sample:github-classic-token}}");
    git(&workspace, &["switch", "--quiet", "-c", token.trim()]).exits(0);
    let outcome = git(&workspace, &["commit", "--allow-empty", "-m", "leak"]);
    blocked(&outcome, &["git branch --move"]);
    git(&workspace, &["switch", "--quiet", "--detach"]).exits(0);
    git(&workspace, &["commit", "--allow-empty", "-m", "fine"]).exits(0);
}

#[test]
fn a_hostile_name_does_nothing_to_a_terminal() {
    let workspace = repository();
    install(&workspace, "pre-commit");
    workspace.render("a\u{1b}[2J\n$(touch ran).env", RAILWAY);
    workspace.git(&["add", "."]);
    let outcome = git(&workspace, &["commit", "-m", "leak"]);
    blocked(&outcome, &["\\x1b[2J\\n", "git restore --staged -- :/  #"]);
    assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
    assert!(!workspace.join("ran").exists());
}

#[test]
fn a_stage_that_does_not_exist_is_an_error() {
    let workspace = repository();
    workspace
        .run(&["hook", "run", "post-commit"])
        .complains(&["post-commit", "hint: "]);
    let outside = Workspace::new();
    let outcome = outside.run(&["hook", "install"]);
    assert!(outcome.code() == 2 || outcome.code() == 3, "{outcome:?}");
    assert!(outcome.stderr.contains("hint: "), "{outcome:?}");
}
