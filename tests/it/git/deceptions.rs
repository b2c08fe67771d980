//! What makes git something else than it seems: another program of its name, a repository inside a
//! repository, objects that stand for others, settings that change what it prints.

use super::repository::{Repository, credential, refuses};
use super::trap::Trap;
use crate::common::finish;
use std::process::Command;

/// Puts a folder before all others where programs are looked for.
fn first(command: &mut Command, folder: &str) {
    let path = std::env::var("PATH").expect("there is one");
    command.env("PATH", format!("{folder}:{path}"));
}

#[test]
fn a_git_inside_the_tree_does_not_run() {
    let trap = Trap::new();
    trap.script("git");
    trap.script("tools/git");
    let tools = trap.repository.join("tools").display().to_string();
    for folder in [".", "", "tools", "./tools", &tools] {
        trap.is_harmless(folder, |command| first(command, folder));
    }
    // A shell looks it up the way any program would.
    let mut shell = Command::new("sh");
    shell
        .current_dir(trap.repository.join(""))
        .args(["-c", "git --version"]);
    first(&mut shell, ".");
    finish(shell, b"");
    assert!(trap.sprung());
}

/// A folder that anyone may commit can be a repository of its own, with its own configuration.
#[test]
fn a_bare_repository_inside_the_tree_is_not_obeyed() {
    let trap = Trap::new();
    let repository = &trap.repository;
    repository.git(&["init", "--quiet", "--bare", "planted"]);
    repository.stage("planted/app.env", credential("planted"));
    for (key, value) in [
        ("core.bare", "false"),
        ("core.worktree", ".."),
        ("core.fsmonitor", trap.program().as_str()),
    ] {
        repository.git(&["config", "--file", "planted/config", key, value]);
    }
    for arguments in [&["--staged"][..], &["--history"], &["--since", "HEAD~1"]] {
        let mut command = repository.program("planted");
        command.arg("scan").args(arguments);
        refuses(command, &[]);
        assert!(!trap.sprung(), "{arguments:?}");
    }
    // The files in there are searched like any other, and so is what the outer repository stages.
    repository.scan_in("planted", &[""; 0]).exits(1);
    trap.is_harmless("planted", |_| {});
    repository.git_in("planted", &["status"]);
    assert!(trap.sprung());
}

#[test]
fn a_replaced_object_is_searched_as_it_is() {
    let repository = Repository::new();
    repository.stage("clean.txt", "nothing\n");
    let old = repository.stage("old.env", credential("old")).commit("old");
    repository
        .stage("old.env", "nothing\n")
        .stage("new.env", credential("new"));
    for dirty in [format!("{old}:old.env").as_str(), ":new.env"] {
        repository.git(&["replace", dirty, ":clean.txt"]);
    }
    assert_eq!(repository.git(&["cat-file", "-p", ":new.env"]), "nothing");
    let staged = repository.scan(&["--staged"]);
    assert_eq!(staged.exits(1).paths(), ["new.env"]);
    repository.commit("new");
    let since = repository.scan(&["--since", "HEAD~1"]);
    assert_eq!(since.exits(1).paths(), ["new.env"]);
    let history = repository.scan(&["--history"]);
    assert_eq!(history.exits(1).paths(), ["new.env", "old.env"]);
}

#[test]
fn a_graft_hides_no_commits() {
    let repository = Repository::new();
    repository.stage("old.env", credential("old")).commit("old");
    repository.git(&["rm", "--quiet", "old.env"]);
    let last = repository.stage("new.txt", "nothing\n").commit("new");
    repository.write(".git/info/grafts", format!("{last}\n"));
    let count = repository.git(&["rev-list", "--count", "HEAD"]);
    assert_eq!(count, "1", "the graft works");
    let history = repository.scan(&["--history"]);
    assert_eq!(history.exits(1).paths(), ["old.env"]);
}

/// Settings of the user's own that change what git prints.
#[test]
fn settings_of_taste_change_nothing() {
    let trap = Trap::new();
    let seen = |arguments: &[&str]| trap.repository.scan(arguments).exits(1).lines();
    let all = || {
        [&["--staged"][..], &["--since", "HEAD~1"], &["--history"]]
            .map(seen)
            .concat()
    };
    let before = all();
    for (key, value) in [
        ("color.ui", "always"),
        ("core.abbrev", "5"),
        ("core.quotePath", "false"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.noprefix", "true"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("format.pretty", "oneline"),
        ("log.date", "relative"),
        ("log.decorate", "full"),
        ("log.excludeDecoration", "*"),
        ("log.follow", "true"),
        ("log.showRoot", "false"),
    ] {
        trap.repository.git(&["config", "--global", key, value]);
    }
    assert_eq!(all(), before);
}
