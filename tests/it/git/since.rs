//! `scan --since`: the credentials that the commits of a range added, each with its commit.

use super::repository::{AUTHOR, Repository, credential};
use crate::common::finish;

/// A repository with one clean commit.
fn started() -> Repository {
    let repository = Repository::new();
    repository.stage("clean.txt", "nothing\n").commit("start");
    repository
}

/// Two branches with a credential each, and one that both of them had before.
fn forked() -> Repository {
    let repository = started();
    repository.stage("old.env", credential("old")).commit("old");
    repository.git(&["tag", "fork"]);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository
        .stage("side.env", credential("side"))
        .commit("side");
    repository.git(&["checkout", "--quiet", "main"]);
    repository
        .stage("main.env", credential("main"))
        .commit("main");
    repository
}

#[test]
fn a_credential_that_came_and_went_is_found_with_its_commit() {
    let repository = started();
    let text = format!("PORT=1\n{}", credential("app"));
    let added = repository.stage("app.env", text).commit("added");
    repository
        .stage("app.env", "PORT=1\nHOST=a\n")
        .commit("edited");
    repository.git(&["rm", "--quiet", "app.env"]);
    repository.commit("removed");
    let seen = repository.scan(&["--since", "HEAD~3"]);
    let app = "app.env".to_owned();
    assert_eq!(seen.exits(1).lines(), [(app.clone(), 2)]);
    assert_eq!(seen.commits(), [(app, added)]);
    let document = seen.document();
    assert_eq!(document["target"]["mode"], "since");
    assert_eq!(document["findings"][0]["source"], "since");
    // The commits after it added nothing.
    repository.scan(&["--since", "HEAD~2"]).exits(0);
}

#[test]
fn each_credential_is_told_once_with_the_commit_that_added_it() {
    let repository = started();
    let (first, second) = (credential("first"), credential("second"));
    let one = repository.stage("app.env", &first).commit("first");
    let two = repository
        .stage("app.env", format!("PORT=1\n{second}{first}"))
        .commit("second");
    repository
        .stage("app.env", format!("{first}HOST=a\n{second}"))
        .commit("moved within the file");
    let seen = repository.scan(&["--since", "HEAD~3"]);
    let mut commits = seen.exits(1).commits();
    commits.sort();
    let mut wanted = [one, two].map(|commit| ("app.env".to_owned(), commit));
    wanted.sort();
    assert_eq!(commits, wanted);
}

#[test]
fn what_was_there_before_is_not_told_again() {
    let repository = started();
    let old = credential("old");
    repository.stage("app.env", &old).commit("old");
    repository
        .stage("app.env", format!("PORT=1\n{old}"))
        .commit("a line above");
    repository.git(&["mv", "app.env", "moved.env"]);
    repository.stage("clean.txt", "still nothing\n");
    repository.commit("moved");
    repository.scan(&["--since", "HEAD~2"]).exits(0);
    repository.scan(&["--since", "HEAD~1"]).exits(0);
    repository.scan(&["--since", "HEAD~3"]).exits(1);
}

#[test]
fn ranges_are_those_of_git() {
    let repository = forked();
    for (range, wanted) in [
        ("fork", &["main.env"][..]),
        ("main..side", &["side.env"]),
        ("side..main", &["main.env"]),
        ("fork..side", &["side.env"]),
        // As a pull request has it: what the right side adds.
        ("main...side", &["side.env"]),
        ("side~2..", &["main.env", "old.env"]),
        ("refs/heads/side", &["main.env"]),
    ] {
        let seen = repository.scan(&["--since", range]);
        assert_eq!(seen.exits(1).paths(), wanted, "{range}");
    }
    // A tag with a message is an object of its own.
    repository.git(&["tag", "--annotate", "--message", "x", "noted", "fork"]);
    let seen = repository.scan(&["--since", "noted"]);
    assert_eq!(seen.exits(1).paths(), ["main.env"]);
}

#[test]
fn a_range_without_commits_is_no_clean_pass() {
    let repository = forked();
    repository.refuses(&["--since", "HEAD"], &[]);
    repository.refuses(&["--since", "main..main"], &[]);
}

#[test]
fn what_is_merged_is_told_once() {
    let repository = forked();
    let side = repository.git(&["rev-parse", "side"]);
    let main = repository.git(&["rev-parse", "main"]);
    repository.git(&["merge", "--quiet", "--no-edit", "side"]);
    let seen = repository.scan(&["--since", "fork"]);
    let wanted = [("main.env".to_owned(), main), ("side.env".to_owned(), side)];
    assert_eq!(seen.exits(1).commits(), wanted);
}

#[test]
fn what_a_merge_itself_adds_is_found() {
    let repository = forked();
    repository.git(&["merge", "--quiet", "--no-commit", "side"]);
    // One in a file of its own, one in a file that both branches have, one in a side's file.
    repository
        .stage("evil.env", credential("evil"))
        .stage("clean.txt", credential("evil too"))
        .stage("side.env", credential("side") + &credential("more"));
    let merge = repository.commit("merge");
    let seen = repository.scan(&["--since", "HEAD^1"]);
    let commits = seen.exits(1).commits();
    let mut paths: Vec<&str> = commits
        .iter()
        .filter(|(_, commit)| *commit == merge)
        .map(|(path, _)| path.as_str())
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["clean.txt", "evil.env", "side.env"]);
    // And the one that the side branch brought.
    assert_eq!(commits.len(), 4);
}

#[test]
fn authors_are_named_unless_they_shall_not_be() {
    let repository = started();
    repository.stage("app.env", credential("app")).commit("app");
    let seen = repository.scan(&["--since", "HEAD~1"]);
    let document = seen.exits(1).document();
    assert_eq!(document["findings"][0]["commit"]["author"], AUTHOR);
    let time = &document["findings"][0]["commit"]["time"];
    assert!(!time.is_null(), "{document}");
    for format in ["text", "json", "jsonl", "sarif", "markdown"] {
        for what in [&["--since", "HEAD~1"][..], &["--history"]] {
            let mut command = repository.program("");
            command.args(["scan", "--redact-authors", "--format", format]);
            command.args(what);
            let outcome = finish(command, b"");
            outcome.exits(1);
            assert!(outcome.stdout.contains("app.env"), "{outcome:?}");
            for part in ["Ada", "ada@", "example.org"] {
                assert!(!outcome.stdout.contains(part), "{format}: {outcome:?}");
            }
        }
    }
}

#[test]
fn an_author_that_acts_is_harmless() {
    let repository = started();
    repository.stage("app.env", credential("app"));
    let mut commit = repository.git_command("");
    commit
        .args(["commit", "--quiet", "--message", "x"])
        .env("GIT_AUTHOR_NAME", "Ada \u{1b}[31m\u{202e} ::error::")
        .env("GIT_AUTHOR_EMAIL", "a\u{7}\u{1b}]0;x");
    finish(commit, b"").exits(0);
    for format in ["text", "json", "jsonl", "sarif", "markdown"] {
        let mut command = repository.program("");
        command.args(["scan", "--since", "HEAD~1", "--format", format]);
        let outcome = finish(command, b"");
        outcome.exits(1);
        let acts = |c: char| c != '\n' && straykey::display::acts(c);
        assert!(!outcome.stdout.contains(acts), "{format}: {outcome:?}");
        let command_line = |line: &str| line.trim_start().starts_with("::");
        assert!(!outcome.stdout.lines().any(command_line), "{outcome:?}");
    }
}

#[test]
fn an_unknown_revision_is_an_error_of_the_users() {
    let repository = started();
    for revision in [
        "gone",
        "gone..HEAD",
        "HEAD..gone",
        "HEAD~7",
        "a b",
        "",
        "HEAD:clean.txt",
        "0123456789012345678901234567890123456789",
    ] {
        let mut command = repository.program("");
        command.args(["scan", "--since", revision]);
        finish(command, b"").complains(&["hint: "]);
    }
}

#[test]
fn a_revision_is_never_taken_for_an_option() {
    let repository = started();
    repository.stage("app.env", credential("app")).commit("app");
    let target = repository.join("../written");
    let output = format!("--output={}", target.display());
    for revision in ["--all", "-n1", "--stdin", "--branches", "--", &output] {
        let mut command = repository.program("");
        command.args(["scan", &format!("--since={revision}")]);
        finish(command, b"").complains(&["hint: "]);
        assert!(!target.exists(), "{revision}");
    }
}

#[test]
fn objects_named_by_sha_256_are_read_alike() {
    let repository = Repository::of_format("sha256");
    repository.stage("clean.txt", "nothing\n").commit("start");
    let added = repository.stage("app.env", credential("app")).commit("app");
    assert_eq!(added.len(), 64);
    for arguments in [&["--since", "HEAD~1"][..], &["--history"]] {
        let commits = repository.scan(arguments).exits(1).commits();
        assert_eq!(commits, [("app.env".to_owned(), added.clone())]);
    }
}
