//! The baseline: what is known fails no scan, what is new does, and nothing but that changes either.

use crate::common::{GITHUB, Outcome, RAILWAY, Workspace, paths, render};
use serde_json::Value;
use std::fs;

/// A password that a person might have made up: its fingerprint is that of its place.
const PASSWORD: &str = "DB_PASSWORD={{alnum:14}}\n";

const FILE: &str = ".straykey-baseline";
const KNOWN: [(&str, &str); 3] = [
    ("app/github.env", GITHUB),
    ("app/railway.env", RAILWAY),
    ("app/settings.env", PASSWORD),
];

/// A repository with credentials of both kinds, and a baseline that knows them.
fn known() -> Workspace {
    let workspace = Workspace::new();
    workspace.git(&["init", "--quiet"]);
    for (path, template) in KNOWN {
        workspace.render(path, template);
    }
    workspace.run(&["scan"]).exits(1);
    change(&workspace, &["update"], "3 added, 0 kept, 0 removed");
    workspace
}

/// Changes the baseline, which goes well and tells this.
#[track_caller]
fn change(workspace: &Workspace, arguments: &[&str], told: &str) -> Outcome {
    let outcome = workspace.run(&[&["baseline"][..], arguments].concat());
    outcome.exits(0);
    assert!(outcome.stderr.contains(told), "{outcome:?}");
    outcome
}

fn text(workspace: &Workspace) -> String {
    fs::read_to_string(workspace.join(FILE)).expect("there is a baseline")
}

fn remove(workspace: &Workspace, name: &str) {
    fs::remove_file(workspace.join(name)).expect("it is ours");
}

/// The scan fails on nothing, and has seen so many known findings.
#[track_caller]
fn knows(workspace: &Workspace, count: usize) {
    workspace.run(&["scan"]).exits(0);
    let document = workspace.json(&["scan"]);
    assert_eq!(document["findings"], Value::Array(Vec::new()));
    assert_eq!(document["summary"]["suppressed"], count, "{document}");
}

/// The scan fails on these files and no others.
#[track_caller]
fn fails_on(workspace: &Workspace, expected: &[&str]) {
    workspace.run(&["scan"]).exits(1);
    assert_eq!(paths(&workspace.json(&["scan"])), expected);
}

#[test]
fn what_is_known_fails_no_scan() {
    let workspace = known();
    knows(&workspace, 3);
    workspace.run(&["scan", "--no-baseline"]).exits(1);
}

#[test]
fn what_is_new_does() {
    let workspace = known();
    workspace.render("app/new.env", GITHUB);
    fails_on(&workspace, &["app/new.env"]);
    change(&workspace, &["update"], "1 added, 3 kept, 0 removed");
    knows(&workspace, 4);
}

#[test]
fn a_renamed_file_stays_known() {
    let workspace = known();
    workspace.git(&["add", "."]);
    workspace.git(&["mv", "app", "service"]);
    workspace.git(&["mv", "service/settings.env", "service/local.env"]);
    knows(&workspace, 3);
    let told = "0 added, 3 kept, 0 removed; of those kept 3 moved";
    change(&workspace, &["update"], told);
    knows(&workspace, 3);
    assert!(!text(&workspace).contains("app/"), "{}", text(&workspace));
}

#[test]
fn a_copy_beside_the_first_one_is_new() {
    let workspace = known();
    workspace.write("copy.env", render("app/railway.env", RAILWAY));
    fails_on(&workspace, &["copy.env"]);
    remove(&workspace, "app/railway.env");
    knows(&workspace, 3);
}

#[test]
fn a_password_in_another_file_is_new() {
    let workspace = known();
    workspace.render("other/settings.env", PASSWORD);
    fails_on(&workspace, &["other/settings.env"]);
}

#[test]
fn lines_above_and_line_ends_change_nothing() {
    let workspace = known();
    let before = text(&workspace);
    for (path, template) in KNOWN {
        let text = "# a remark\n".repeat(100) + &render(path, template);
        workspace.write(path, text.replace('\n', "\r\n"));
    }
    knows(&workspace, 3);
    change(&workspace, &["update"], "0 added, 3 kept, 0 removed");
    assert_eq!(text(&workspace), before);
    // The baseline itself may be checked out so, too.
    workspace.write(FILE, before.replace('\n', "\r\n"));
    knows(&workspace, 3);
}

#[test]
fn prune_drops_what_is_gone_and_adds_nothing() {
    let workspace = known();
    remove(&workspace, "app/github.env");
    workspace.render("app/new.env", RAILWAY);
    change(&workspace, &["prune"], "0 added, 2 kept, 1 removed");
    let text = text(&workspace);
    assert!(!text.contains("app/github.env") && !text.contains("app/new.env"));
    fails_on(&workspace, &["app/new.env"]);
}

#[test]
fn prune_needs_a_baseline() {
    let workspace = Workspace::new();
    workspace.render(".env", GITHUB);
    workspace
        .run(&["baseline", "prune"])
        .complains(&[FILE, "straykey baseline update"]);
    assert!(!workspace.join(FILE).exists());
}

#[test]
fn it_holds_no_eight_bytes_of_a_credential() {
    let workspace = known();
    let baseline = text(&workspace);
    for (path, template) in KNOWN {
        let line = render(path, template);
        let (_, secret) = line.trim_end().split_once('=').expect("it is assigned");
        let shown = (0..=secret.len() - 8).find(|&at| baseline.contains(&secret[at..at + 8]));
        assert_eq!(shown, None, "{path}");
    }
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    let workspace = known();
    let first = text(&workspace);
    for threads in ["1", "2", "8"] {
        change(&workspace, &["update", "--threads", threads], "3 kept");
        assert_eq!(text(&workspace), first);
    }
    assert_eq!(
        first.lines().filter(|line| line.starts_with('{')).count(),
        3
    );
}

#[test]
fn a_dry_run_prints_the_difference_and_writes_nothing() {
    let workspace = known();
    let before = text(&workspace);
    remove(&workspace, "app/github.env");
    workspace.render("app/new.env", RAILWAY);
    let told = "1 added, 2 kept, 1 removed (nothing was written)";
    let outcome = change(&workspace, &["update", "--dry-run"], told);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{outcome:?}");
    assert!(lines[0].starts_with("- {") && lines[0].contains("app/github.env"));
    assert!(lines[1].starts_with("+ {") && lines[1].contains("app/new.env"));
    assert_eq!(text(&workspace), before);
}

#[test]
fn what_was_not_searched_stays() {
    let workspace = known();
    remove(&workspace, "app/github.env");
    workspace.render("lib/new.env", GITHUB);
    let arguments = ["update", "lib", "app/railway.env"];
    change(&workspace, &arguments, "1 added, 3 kept, 0 removed");
    assert!(text(&workspace).contains("app/github.env"));
    knows(&workspace, 3);
}

#[test]
fn the_file_may_have_another_name() {
    let workspace = Workspace::new();
    workspace.render(".env", GITHUB);
    let named = ["--baseline", "known.txt"];
    change(&workspace, &["update", named[0], named[1]], "1 added");
    assert!(!workspace.join(FILE).exists());
    workspace.run(&["scan"]).exits(1);
    workspace.run(&["scan", named[0], named[1]]).exits(0);
}

#[test]
fn a_scan_with_gaps_changes_nothing() {
    let workspace = known();
    fs::create_dir(workspace.join("empty")).expect("the folder is ours");
    let outcome = workspace.run(&["baseline", "update", "empty"]);
    outcome.exits(3);
    assert!(
        outcome.stderr.contains("nothing was searched"),
        "{outcome:?}"
    );
    assert!(!workspace.join("empty").join(FILE).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn an_unreadable_file_keeps_its_entry() {
    let workspace = known();
    let before = text(&workspace);
    let outcome = workspace.run(&["baseline", "prune", "app", "/proc/self/mem"]);
    outcome.exits(3);
    assert!(outcome.stderr.contains("1 unreadable"), "{outcome:?}");
    assert_eq!(text(&workspace), before);
}

#[test]
fn a_file_that_is_no_baseline_is_named() {
    let workspace = known();
    let good = text(&workspace);
    for (bad, words) in [
        (
            good.replacen('\n', "\n<<<<<<< HEAD\n", 1),
            [".straykey-baseline:2:", "conflict"],
        ),
        (
            good.replace(" v1", " v9"),
            [".straykey-baseline:1:", "version"],
        ),
        (
            good.replace("\"path\"", "\"line\""),
            [".straykey-baseline:4:", "finding"],
        ),
        (String::new(), [".straykey-baseline:1:", "no baseline"]),
    ] {
        workspace.write(FILE, &bad);
        for arguments in [
            &["scan"][..],
            &["baseline", "update"],
            &["baseline", "prune"],
        ] {
            workspace.run(arguments).complains(&words);
        }
        assert_eq!(text(&workspace), bad);
    }
}

#[test]
fn a_folder_is_no_baseline() {
    let workspace = Workspace::new();
    workspace.write(format!("{FILE}/a"), "nothing\n");
    workspace
        .run(&["baseline", "update"])
        .complains(&["is no file"]);
}

#[test]
fn two_branches_that_each_updated_it_merge() {
    let workspace = known();
    workspace.write(".gitattributes", format!("{FILE} merge=union\n"));
    for (name, value) in [("user.name", "Somebody"), ("user.email", "a@example.org")] {
        workspace.git(&["config", name, value]);
    }
    let commit = |message: &str| {
        workspace.git(&["add", "--all"]);
        workspace.git(&["commit", "--quiet", "--no-verify", "-m", message]);
    };
    commit("start");
    workspace.git(&["branch", "left"]);
    workspace.git(&["branch", "right"]);
    for branch in ["left", "right"] {
        workspace.git(&["checkout", "--quiet", branch]);
        workspace.render(&format!("app/{branch}.env"), GITHUB);
        workspace.render(&format!("{branch}/settings.env"), PASSWORD);
        change(&workspace, &["update"], "2 added, 3 kept, 0 removed");
        commit(branch);
    }
    workspace.git(&["merge", "--quiet", "--no-edit", "left"]);
    knows(&workspace, 7);
    // The merge may have left the lines in another order, and no more than that.
    change(&workspace, &["update"], "0 added, 7 kept, 0 removed");
    knows(&workspace, 7);
}
