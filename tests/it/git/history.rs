//! `scan --history`: every content that any branch, tag or other name leads to, each once.

use super::repository::{Repository, Seen, credential};
use serde_json::Value;

/// A repository with one clean commit.
fn started() -> Repository {
    let repository = Repository::new();
    repository.stage("clean.txt", "nothing\n").commit("start");
    repository
}

/// Commits a credential and gives the commit.
fn add(repository: &Repository, name: &str) -> String {
    repository.stage(name, credential(name)).commit(name)
}

/// Commits that a file goes.
fn remove(repository: &Repository, name: &str) {
    repository.git(&["rm", "--quiet", name]);
    repository.commit("removed");
}

/// The report without the time it took.
fn timeless(mut document: Value) -> Value {
    document["coverage"]["elapsed_ms"] = Value::Null;
    document
}

#[test]
fn an_old_credential_is_found_with_the_oldest_commit_that_holds_it() {
    let repository = started();
    let added = add(&repository, "app.env");
    remove(&repository, "app.env");
    add(&repository, "app.env");
    repository.stage("app.env", "PORT=1\n").commit("fixed");
    let seen = repository.scan(&["--history"]);
    let found = [("app.env".to_owned(), added)];
    assert_eq!(seen.exits(1).commits(), found);
    let document = seen.document();
    assert_eq!(document["target"]["mode"], "history");
    assert_eq!(document["findings"][0]["source"], "history");
    // Nothing of it is in the work tree.
    repository.scan(&["."]).exits(0);
}

#[test]
fn every_name_that_leads_to_a_commit_counts() {
    let repository = started();
    let names = [
        "refs/heads/branch",
        "refs/tags/light",
        "refs/remotes/origin/main",
        "refs/pull/1/head",
        "refs/notes/own",
    ];
    for name in names {
        repository.git(&["checkout", "--quiet", "--detach", "main"]);
        let file = format!("{}.env", name.replace('/', "-"));
        let commit = add(&repository, &file);
        repository.git(&["update-ref", name, &commit]);
    }
    repository.git(&["checkout", "--quiet", "--detach", "main"]);
    add(&repository, "noted.env");
    repository.git(&["tag", "--annotate", "--message", "x", "noted"]);
    repository.git(&["checkout", "--quiet", "--detach", "main"]);
    add(&repository, "detached.env");
    let seen = repository.scan(&["--history"]);
    assert_eq!(
        seen.exits(1).paths(),
        [
            "detached.env",
            "noted.env",
            "refs-heads-branch.env",
            "refs-notes-own.env",
            "refs-pull-1-head.env",
            "refs-remotes-origin-main.env",
            "refs-tags-light.env",
        ]
    );
}

#[test]
fn a_content_that_only_a_tag_holds_is_found() {
    let repository = started();
    repository.write("../blob", credential("blob"));
    let blob = repository.git(&["hash-object", "-w", "../blob"]);
    repository.git(&["tag", "kept", &blob]);
    let seen = repository.scan(&["--history"]);
    let document = seen.exits(1).document();
    let findings = document["findings"].as_array().expect("it is a list");
    assert_eq!(findings.len(), 1);
    assert_eq!(seen.files(), 2);
}

#[test]
fn each_content_is_searched_once() {
    let repository = started();
    let first = add(&repository, "app.env");
    for number in 0..20 {
        repository.stage("count.txt", format!("{number}\n"));
        repository.commit("count");
    }
    repository.git(&["mv", "app.env", "moved.env"]);
    repository.commit("moved");
    let seen = repository.scan(&["--history"]);
    assert_eq!(seen.exits(1).commits(), [("app.env".to_owned(), first)]);
    // `clean.txt`, the credential and the counts.
    assert_eq!(seen.files(), 22);
}

#[test]
fn the_reflog_is_searched_on_request() {
    let repository = started();
    repository.git(&["checkout", "--quiet", "-b", "gone"]);
    let gone = add(&repository, "gone.env");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["branch", "--quiet", "--delete", "--force", "gone"]);
    repository.stage("amended.env", credential("amended"));
    repository.commit("wrong");
    repository.stage("amended.env", "PORT=1\n");
    repository.git(&["commit", "--quiet", "--amend", "--message", "right"]);
    repository.scan(&["--history"]).exits(0);
    let seen = repository.scan(&["--history", "--reflog"]);
    assert_eq!(seen.exits(1).paths(), ["amended.env", "gone.env"]);
    assert_eq!(seen.commits()[1], ("gone.env".to_owned(), gone));
}

#[test]
fn stashes_are_searched_on_request() {
    let repository = started();
    repository.write("clean.txt", credential("first"));
    repository.git(&["stash", "push", "--quiet"]);
    repository.write("untracked.env", credential("untracked"));
    repository.git(&["stash", "push", "--quiet", "--include-untracked"]);
    repository.stage("staged.env", credential("staged"));
    repository.git(&["stash", "push", "--quiet"]);
    repository.scan(&["--history"]).exits(0);
    let seen = repository.scan(&["--history", "--stash"]);
    assert_eq!(
        seen.exits(1).paths(),
        ["clean.txt", "staged.env", "untracked.env"]
    );
}

/// A repository with credentials on two branches and in many files.
fn varied() -> Repository {
    let repository = started();
    for number in 0..12 {
        repository.stage(
            format!("d{}/f{number}.txt", number % 3),
            format!("{number}\n"),
        );
        if number % 4 == 0 {
            add(&repository, &format!("d{}/{number}.env", number % 3));
        }
        if number == 6 {
            repository.git(&["checkout", "--quiet", "-b", "side"]);
        }
    }
    remove(&repository, "d0/0.env");
    repository.git(&["tag", "--annotate", "--message", "x", "noted"]);
    repository
}

#[test]
fn it_makes_no_difference_how_objects_are_stored() {
    let repository = varied();
    let report = || timeless(repository.scan(&["--history"]).exits(1).document());
    let loose = report();
    assert_eq!(loose["findings"].as_array().map(Vec::len), Some(3));
    for arguments in [
        &["repack", "-a", "-d", "--quiet", "--window=50", "--depth=50"][..],
        &["pack-refs", "--all"],
        &["commit-graph", "write", "--reachable", "--no-progress"],
        &["repack", "-a", "-d", "--quiet", "--write-bitmap-index"],
        &["multi-pack-index", "write", "--no-progress"],
    ] {
        repository.git(arguments);
        assert_eq!(report(), loose, "{arguments:?}");
    }
    // Some packed, some not.
    add(&repository, "new.env");
    let mixed = report();
    assert_eq!(mixed["findings"].as_array().map(Vec::len), Some(4));
}

#[test]
fn what_a_repository_borrows_is_searched() {
    let repository = varied();
    let here = repository.scan(&["--history"]);
    repository.git(&["clone", "--quiet", "--shared", ".", "../borrower"]);
    let there = repository.scan_in("../borrower", &["--history"]);
    assert_eq!(there.exits(1).commits(), here.exits(1).commits());
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads() {
    let repository = varied();
    let report = |threads: &str| {
        let seen = repository.scan(&["--history", "--threads", threads]);
        timeless(seen.exits(1).document())
    };
    let one = report("1");
    for threads in ["2", "8", "8", "0"] {
        assert_eq!(report(threads), one, "{threads} threads");
    }
}

#[test]
fn a_repository_without_a_work_tree_has_a_history() {
    let repository = varied();
    repository.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    let mut scan = repository.program("../bare");
    // Named, as such a folder is not obeyed where somebody merely stands in it.
    scan.args(["scan", "--history"]).env("GIT_DIR", ".");
    let here = repository.scan(&["--history"]);
    assert_eq!(Seen::by(scan).exits(1).commits(), here.commits());
}
