//! The command line: exit codes, options, and what each command prints.

use crate::common::{
    GITHUB, Outcome, RAILWAY, STRIPE_TEST, Workspace, paths, places, render, skipped,
};
use serde_json::Value;
use std::fs;

/// A rule of a user's own, with examples that hold.
const OWN_RULE: &str = r#"provider = "acme"
name = "Acme"

[[rule]]
id = "acme-key"
name = "Acme key"
pattern = 'acmekey_[0-9a-z]{24}'
sample = "acmekey_{{lower_alnum:24}}"
[rule.privilege]
capabilities = ["delete-data"]
breadth = "account"
because = "it has no scopes"
[rule.tests]
match = ["ACME_KEY={{secret}}", "key: {{secret}}"]
ignore = ["ACME_KEY=acmekey_", "acmekey_{{lower_alnum:5}}"]
"#;

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
}

/// The text as it stands, but for blanks at the ends of lines.
fn trimmed(text: &str) -> String {
    text.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn clean_files_exit_with_0_and_evidence_of_work() {
    let workspace = Workspace::new();
    workspace.write("src/main.rs", "fn main() {}\n");
    let outcome = workspace.run(&["scan"]);
    outcome.exits(0);
    assert!(
        outcome
            .stdout
            .starts_with("no credentials found\n\nscanned 1 file, 13 bytes in "),
        "{outcome:?}"
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn a_finding_exits_with_1_and_names_its_place() {
    let workspace = Workspace::new();
    workspace.render("config/.env", &format!("PORT=1\n{RAILWAY}"));
    let outcome = workspace.run(&["scan"]);
    outcome.exits(1);
    assert!(outcome.stdout.contains("config/.env:2"), "{outcome:?}");
    assert_eq!(
        places(&workspace.json(&["scan"])),
        [(
            "railway-api-token".to_owned(),
            "config/.env".to_owned(),
            2,
            19
        )]
    );
}

#[test]
fn nothing_searched_exits_with_3() {
    let workspace = Workspace::new();
    let outcome = workspace.run(&["scan"]);
    outcome.exits(3);
    assert!(
        outcome.stdout.contains("INCOMPLETE") && outcome.stdout.contains("not one file"),
        "{outcome:?}"
    );
    workspace.run(&["scan", "--quiet"]).exits(3);
    assert_eq!(
        workspace.json(&["scan"])["coverage"]["complete"],
        Value::Bool(false)
    );
}

#[test]
fn an_unknown_option_exits_with_2() {
    let workspace = Workspace::new();
    workspace
        .run(&["scan", "--colour"])
        .complains(&["--colour", "Usage:"]);
    workspace.run(&["scna"]).complains(&["scna"]);
}

#[test]
fn a_missing_path_exits_with_2_and_a_hint() {
    let workspace = Workspace::new();
    workspace.render(".env", RAILWAY);
    workspace
        .run(&["scan", ".", "no/such/file"])
        .complains(&["no/such/file does not exist", "hint: "]);
    workspace
        .run(&["audit", "gone"])
        .complains(&["gone does not exist", "hint: "]);
}

#[test]
fn a_bad_condition_exits_with_2_and_says_what_there_is() {
    let workspace = Workspace::new();
    for bad in ["hgih", "high,", "destroy@prodution", "@production"] {
        workspace
            .run(&["scan", &format!("--fail-on={bad}")])
            .complains(&["destroy@production", "critical"]);
    }
}

#[test]
fn a_bad_rule_file_exits_with_2_and_its_place() {
    let workspace = Workspace::new();
    workspace.write("own.toml", OWN_RULE.replace("sample =", "smaple ="));
    for arguments in [
        &["scan", "--rules", "own.toml"][..],
        &["rules", "check", "own.toml"],
    ] {
        workspace.run(arguments).complains(&[
            "error: own.toml:8:1: unknown field `smaple`",
            "hint: rules/README.md",
        ]);
    }
    workspace.write("own.toml", OWN_RULE.replace("{24}'", "+'"));
    workspace
        .run(&["scan", "--rules", "own.toml"])
        .complains(&["error: own.toml:7:11: ", "hint: "]);
    workspace
        .run(&["scan", "--rules", "gone.toml"])
        .complains(&["gone.toml", "hint: "]);
}

#[test]
fn own_rules_are_used_beside_those_built_in() {
    let workspace = Workspace::new();
    let own = render("own", "acmekey_{{lower_alnum:24}}");
    workspace
        .write("own.toml", OWN_RULE)
        .write(".env", format!("X={own}\n{}", render("x", GITHUB)));
    let found: Vec<String> = places(&workspace.json(&["scan", "--rules", "own.toml"]))
        .into_iter()
        .map(|(rule, ..)| rule)
        .collect();
    assert_eq!(found, ["acme-key", "github-classic-token"]);
}

#[test]
fn an_own_rule_may_not_take_the_id_of_another() {
    let workspace = Workspace::new();
    workspace.write(
        "own.toml",
        OWN_RULE
            .replace("acme-key", "github-classic-token")
            .replace("\"acme\"", "\"github\""),
    );
    workspace
        .run(&["scan", "--rules", "own.toml"])
        .complains(&["github-classic-token", "hint: "]);
}

#[test]
fn fail_on_takes_bands_and_classes() {
    let workspace = Workspace::new();
    workspace
        .render("test/.env", STRIPE_TEST)
        .render("live/.env", RAILWAY)
        .render("pay/.env", "STRIPE_KEY={{sample:stripe-live-secret-key}}\n");
    // A key of the test mode may delete, but nothing in production.
    for (path, condition, code) in [
        ("test", "low", 1),
        ("test", "critical", 0),
        ("test", "none", 0),
        ("test", "destroy", 1),
        ("test", "destroy@test", 1),
        ("test", "destroy@production", 0),
        ("test", "critical,destroy@test", 1),
        ("live", "critical", 1),
        ("live", "none", 0),
        ("live", "destroy@production", 1),
        ("live", "delete-backups", 1),
        ("live", "pay", 0),
        ("pay", "pay@production", 1),
        ("pay", "pay@test", 0),
        ("pay", "execute", 0),
    ] {
        let outcome = workspace.run(&["scan", path, "--fail-on", condition]);
        assert_eq!(outcome.code(), code, "{path} {condition}: {outcome:?}");
    }
}

#[test]
fn what_does_not_fail_is_reported_all_the_same() {
    let workspace = Workspace::new();
    workspace.render(".env", RAILWAY);
    let outcome = workspace.run(&["scan", "--fail-on", "none"]);
    outcome.exits(0);
    assert!(outcome.stdout.contains("Railway"), "{outcome:?}");
}

#[test]
fn min_confidence_leaves_out_what_is_less_sure() {
    let workspace = Workspace::new();
    workspace
        .render("sure.env", GITHUB)
        .render("likely.env", RAILWAY);
    let found = |level: &str| paths(&workspace.json(&["scan", "--min-confidence", level]));
    assert_eq!(found("high"), ["sure.env"]);
    assert_eq!(found("medium"), ["likely.env", "sure.env"]);
    assert_eq!(found("low"), ["likely.env", "sure.env"]);
    workspace
        .run(&["scan", "likely.env", "--min-confidence", "high"])
        .exits(0);
}

#[test]
fn a_task_must_not_reach_production() {
    let workspace = Workspace::new();
    workspace.render(".env", RAILWAY);
    let document = workspace.json(&["scan", "--task-env", "staging"]);
    assert_eq!(document["target"]["task_environment"], "staging");
    assert_eq!(document["violations"][0]["kind"], "separation");
    assert_eq!(
        document["violations"][0]["finding"],
        document["findings"][0]["fingerprint"]
    );
    let document = workspace.json(&["scan", "--task-env", "production"]);
    assert_eq!(document["violations"].as_array().map(Vec::len), Some(0));
}

#[test]
fn standard_input_is_searched() {
    let workspace = Workspace::new();
    workspace.render("not-this.env", RAILWAY);
    let outcome = workspace.feed(
        &["scan", "--stdin", "--format", "json"],
        format!("\n\n{}", render("in", GITHUB)),
    );
    outcome.exits(1);
    let document = json(&outcome);
    assert_eq!(
        places(&document),
        [("github-classic-token".to_owned(), "stdin".to_owned(), 3, 14)]
    );
    assert_eq!(document["findings"][0]["source"], "stdin");
    workspace.feed(&["scan", "--stdin"], "plain\n").exits(0);
    workspace
        .feed(&["scan", "--stdin", "not-this.env"], "")
        .complains(&["--stdin"]);
}

#[test]
fn the_files_of_a_list_are_searched() {
    let workspace = Workspace::new();
    workspace
        .render("a/.env", RAILWAY)
        .render("with blank.env", GITHUB)
        .render("not listed.env", STRIPE_TEST)
        .write("list", "a/.env\r\nwith blank.env\nno/such/file\n\n");
    let document = workspace.json(&["scan", "--files-from", "list"]);
    assert_eq!(paths(&document), ["a/.env", "with blank.env"]);
    assert_eq!(skipped(&document, "vanished"), 1);
    let arguments = ["scan", "--files-from", "-", "--null", "--format", "json"];
    let outcome = workspace.feed(&arguments, "with blank.env\0a/.env\0");
    outcome.exits(1);
    let document: Value = serde_json::from_str(&outcome.stdout).expect("it is whole");
    assert_eq!(paths(&document), ["a/.env", "with blank.env"]);
}

#[cfg(unix)]
#[test]
fn a_link_of_a_list_is_not_followed() {
    let workspace = Workspace::new();
    workspace.render("../outside.env", RAILWAY);
    let link = workspace.join("inside.env");
    std::os::unix::fs::symlink("../outside.env", link).expect("the folder is ours");
    let outcome = workspace.feed(&["scan", "--files-from", "-"], "inside.env\n");
    outcome.exits(3);
    assert!(
        outcome.stdout.contains("1 symbolic link"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_list_without_files_is_no_clean_scan() {
    let workspace = Workspace::new();
    for list in ["", "\n", "no/such/file\n"] {
        let outcome = workspace.feed(&["scan", "--files-from", "-"], list);
        outcome.exits(3);
    }
    workspace
        .run(&["scan", "--files-from", "no-list"])
        .complains(&["no-list", "hint: "]);
}

#[cfg(unix)]
#[test]
fn a_report_may_be_read_by_whoever_may_read_other_files() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new();
    workspace.write("other", "written as any program writes");
    workspace
        .run(&["scan", "other", "--output", "report.txt"])
        .exits(0);
    let mode = |name: &str| {
        let metadata = fs::metadata(workspace.join(name)).expect("it is there");
        metadata.permissions().mode()
    };
    assert_eq!(mode("report.txt"), mode("other"));
}

#[test]
fn output_is_written_whole_and_nothing_is_left_beside_it() {
    let workspace = Workspace::new();
    workspace
        .render("in/.env", RAILWAY)
        .write("out/report.json", "before");
    let arguments = ["scan", "in", "-f", "json", "--output", "out/report.json"];
    let outcome = workspace.run(&arguments);
    outcome.exits(1);
    assert_eq!(outcome.stdout, "");
    let report = fs::read_to_string(workspace.join("out/report.json")).expect("it was written");
    let document: Value = serde_json::from_str(&report).expect("it is whole");
    assert_eq!(paths(&document), ["in/.env"]);
    let beside = fs::read_dir(workspace.join("out")).expect("it is there");
    assert_eq!(beside.count(), 1);
}

#[test]
fn a_failure_leaves_the_output_as_it_was() {
    let workspace = Workspace::new();
    workspace
        .render("in/.env", RAILWAY)
        .write("bad.toml", "provider =")
        .write("out/report.txt", "before");
    for arguments in [
        &["scan", "gone", "--output", "out/report.txt"][..],
        &[
            "scan",
            "in",
            "--rules",
            "bad.toml",
            "--output",
            "out/report.txt",
        ],
        &[
            "scan",
            "in",
            "--fail-on",
            "hgih",
            "--output",
            "out/report.txt",
        ],
    ] {
        workspace.run(arguments).complains(&[]);
        let report = fs::read_to_string(workspace.join("out/report.txt")).expect("it is there");
        assert_eq!(report, "before");
    }
}

#[test]
fn an_output_that_cannot_be_written_exits_with_2() {
    let workspace = Workspace::new();
    workspace
        .render("in/.env", RAILWAY)
        .write("file", "no folder");
    for target in ["no/such/folder/report.json", "file/report.json", "in"] {
        workspace
            .run(&["scan", "in", "--output", target])
            .complains(&[target, "hint: "]);
    }
    assert!(!workspace.join("no").exists());
}

#[test]
fn quiet_prints_nothing_without_findings() {
    let workspace = Workspace::new();
    workspace
        .write("clean.txt", "nothing\n")
        .render("in/.env", RAILWAY);
    let outcome = workspace.run(&["scan", "clean.txt", "--quiet"]);
    outcome.exits(0);
    assert_eq!((&*outcome.stdout, &*outcome.stderr), ("", ""));
    let outcome = workspace.run(&["scan", "in", "--quiet"]);
    outcome.exits(1);
    assert!(outcome.stdout.contains("Railway"), "{outcome:?}");
}

#[test]
fn every_format_can_be_read() {
    let workspace = Workspace::new();
    workspace.render("a/.env", RAILWAY).render("b/.env", GITHUB);
    let run = |format: &str| {
        let outcome = workspace.run(&["scan", "--format", format]);
        outcome.exits(1);
        outcome.stdout
    };
    let document: Value = serde_json::from_str(&run("json")).expect("json is JSON");
    assert_eq!(document["schema"], "straykey/report/v1");
    let findings: Vec<Value> = run("jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("every line is JSON"))
        .collect();
    assert_eq!(Some(&findings), document["findings"].as_array());
    let sarif: Value = serde_json::from_str(&run("sarif")).expect("sarif is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(
        sarif["runs"][0]["results"].as_array().map(Vec::len),
        Some(2)
    );
    assert!(run("markdown").contains("a/.env"));
    assert!(run("text").contains("a/.env:1"));
    workspace
        .run(&["scan", "--format", "xml"])
        .complains(&["xml", "sarif"]);
}

#[test]
fn no_format_needs_findings() {
    let workspace = Workspace::new();
    workspace.write("clean.txt", "nothing\n");
    for format in ["json", "sarif"] {
        let outcome = workspace.run(&["scan", "--format", format]);
        outcome.exits(0);
        json(&outcome);
    }
    assert_eq!(workspace.run(&["scan", "--format", "jsonl"]).stdout, "");
}

/// A repository with a credential in every kind of place.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.git(&["init", "--quiet"]);
    workspace
        .write(".gitignore", "ignored.env\n/build/\nkept*\n!kept.env\n")
        .write("sub/.gitignore", "local.env\n")
        .write(".git/info/exclude", "excluded.env\n")
        .write(".ignore", "seen.env\n");
    for path in [
        ".env",
        ".hidden/deep/.env",
        "seen.env",
        "kept.env",
        "sub/seen.env",
        "ignored.env",
        "sub/ignored.env",
        "sub/local.env",
        "build/out.env",
        "excluded.env",
        ".git/stash.env",
    ] {
        workspace.render(path, GITHUB);
    }
    workspace
}

#[test]
fn a_scan_takes_files_as_the_repository_has_them() {
    let workspace = repository();
    let document = workspace.json(&["scan"]);
    assert_eq!(
        paths(&document),
        [
            ".env",
            ".hidden/deep/.env",
            "kept.env",
            "seen.env",
            "sub/seen.env"
        ]
    );
    // The rules of the folders above hold as well.
    assert_eq!(paths(&workspace.json(&["scan", "sub"])), ["sub/seen.env"]);
    // What is named is searched, ignored or not.
    assert_eq!(
        paths(&workspace.json(&["scan", "ignored.env"])),
        ["ignored.env"]
    );
}

#[test]
fn no_ignore_and_audit_take_ignored_files_too() {
    let workspace = repository();
    let all = [
        ".env",
        ".hidden/deep/.env",
        "build/out.env",
        "excluded.env",
        "ignored.env",
        "kept.env",
        "seen.env",
        "sub/ignored.env",
        "sub/local.env",
        "sub/seen.env",
    ];
    assert_eq!(paths(&workspace.json(&["scan", "--no-ignore"])), all);
    assert_eq!(paths(&workspace.json(&["audit"])), all);
}

#[test]
fn a_file_the_repository_has_is_searched_though_it_is_ignored() {
    let workspace = repository();
    workspace.git(&["add", "--force", "ignored.env"]);
    let found = paths(&workspace.json(&["scan"]));
    assert!(found.contains(&"ignored.env".to_owned()), "{found:?}");
}

#[test]
fn outside_a_repository_nothing_is_ignored() {
    let workspace = Workspace::new();
    workspace
        .write(".gitignore", "*.env\n")
        .render("a.env", GITHUB);
    assert_eq!(paths(&workspace.json(&["scan"])), ["a.env"]);
}

#[test]
fn roots_that_overlap_count_once() {
    let workspace = Workspace::new();
    workspace.render("a/b/.env", GITHUB);
    for roots in [["a", "a"], ["a", "a/b"], ["a/b/.env", "a"], ["a", "./a"]] {
        let document = workspace.json(&["scan", roots[0], roots[1]]);
        assert_eq!(places(&document).len(), 1, "{roots:?}");
    }
}

#[test]
fn several_roots_are_all_searched() {
    let workspace = Workspace::new();
    workspace
        .render("a/.env", GITHUB)
        .render("b/.env", RAILWAY)
        .render("c/.env", RAILWAY);
    let document = workspace.json(&["scan", "a", "b"]);
    assert_eq!(places(&document).len(), 2, "{document}");
    assert_eq!(paths(&document).len(), 2, "their paths can be told apart");
}

#[test]
fn a_mark_with_a_reason_excuses_in_a_scan() {
    let workspace = Workspace::new();
    let marked = format!(
        "{} # straykey:allow[github-classic-token] ended in May\n",
        GITHUB.trim_end()
    );
    workspace.render(".env", &marked);
    workspace.run(&["scan"]).exits(0);
    let document = workspace.json(&["scan"]);
    assert_eq!(document["summary"]["suppressed"], 1);
    assert_eq!(places(&document).len(), 0);
    workspace.run(&["scan", "--no-marks"]).exits(1);
}

#[test]
fn a_mark_excuses_nothing_in_an_audit() {
    let workspace = Workspace::new();
    let marked = format!(
        "{} # straykey:allow[github-classic-token] ended in May\n",
        GITHUB.trim_end()
    );
    workspace.render(".env", &marked);
    workspace.run(&["audit"]).exits(1);
    assert_eq!(workspace.json(&["audit"])["summary"]["suppressed"], 0);
}

#[test]
fn a_mark_needs_its_rule_its_line_and_a_reason() {
    let workspace = Workspace::new();
    let line = GITHUB.trim_end();
    for (name, text) in [
        (
            "reason",
            format!("{line} # straykey:allow[github-classic-token]\n"),
        ),
        (
            "blank",
            format!("{line} # straykey:allow[github-classic-token] - \n"),
        ),
        ("rule", format!("{line} # straykey:allow[github] why\n")),
        ("any", format!("{line} # straykey:allow[*] why\n")),
        ("none", format!("{line} # straykey:allow why\n")),
        (
            "line",
            format!("# straykey:allow[github-classic-token] why\n{line}\n"),
        ),
    ] {
        workspace.render(name, &text);
        let outcome = workspace.run(&["scan", name]);
        assert_eq!(outcome.code(), 1, "{name}: {outcome:?}");
    }
}

#[test]
fn a_suppressed_finding_is_counted_where_people_look() {
    let workspace = Workspace::new();
    let marked = format!(
        "{} # straykey:allow[github-classic-token] ended in May\n",
        GITHUB.trim_end()
    );
    workspace.render(".env", &marked);
    for format in ["text", "markdown"] {
        let outcome = workspace.run(&["scan", "--format", format]);
        assert!(
            outcome.stdout.contains("suppressed")
                || outcome.stdout.contains("excused")
                || outcome.stdout.contains("allowed"),
            "{format}: {outcome:?}"
        );
    }
}

#[test]
fn explain_tells_of_a_rule() {
    let workspace = Workspace::new();
    let outcome = workspace.run(&["explain", "railway-api-token"]);
    outcome.exits(0);
    for words in [
        "Railway account or workspace token",
        "Can do",
        "delete volumes and their backups",
        "Revoke",
        "Replace by",
    ] {
        assert!(outcome.stdout.contains(words), "{words}: {outcome:?}");
    }
}

#[test]
fn explain_tells_of_a_finding() {
    let workspace = Workspace::new();
    workspace.render(".env", RAILWAY);
    let document = workspace.json(&["scan"]);
    let fingerprint = document["findings"][0]["fingerprint"]
        .as_str()
        .expect("it is a string");
    let outcome = workspace.run(&["explain", &fingerprint[..8]]);
    outcome.exits(0);
    for words in [
        ".env:1",
        "Severity",
        "Exposure",
        "explain railway-api-token",
    ] {
        assert!(outcome.stdout.contains(words), "{words}: {outcome:?}");
    }
    workspace
        .run(&["explain", "0123456789"])
        .complains(&["0123456789", "hint: "]);
}

#[test]
fn explain_of_the_unknown_hints_at_what_there_is() {
    let workspace = Workspace::new();
    workspace
        .run(&["explain", "railway"])
        .complains(&["`railway`", "hint: did you mean railway-api-token, "]);
    workspace
        .run(&["explain", "no-such-rule"])
        .complains(&["`no-such-rule`", "hint: `straykey rules list`"]);
}

#[test]
fn rules_are_listed_once_each_in_order() {
    let workspace = Workspace::new();
    let outcome = workspace.run(&["rules", "list"]);
    outcome.exits(0);
    let ids: Vec<&str> = outcome
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(ids.len() > 500, "{}", ids.len());
    assert!(ids.is_sorted(), "they are sorted");
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    let outcome = workspace.run(&["rules", "list", "railway"]);
    assert!(
        outcome
            .stdout
            .lines()
            .all(|line| line.starts_with("railway-")),
        "{outcome:?}"
    );
}

#[test]
fn rules_are_checked_with_their_examples() {
    let workspace = Workspace::new();
    workspace.write("own.toml", OWN_RULE).write(
        "wrong.toml",
        OWN_RULE.replace("\"acmekey_{{lower_alnum:5}}\"", "\"X={{secret}}\""),
    );
    let outcome = workspace.run(&["rules", "check", "own.toml"]);
    outcome.exits(0);
    assert_eq!(outcome.stdout, "1 rule checked, 0 examples failed\n");
    let outcome = workspace.run(&["rules", "check", "wrong.toml"]);
    outcome.exits(1);
    assert!(
        outcome
            .stdout
            .starts_with("acme-key: ignore example 2 should find nothing"),
        "{outcome:?}"
    );
    workspace
        .run(&["rules", "check", "gone.toml"])
        .complains(&["gone.toml"]);
    workspace.run(&["rules", "check"]).complains(&["<FILE>"]);
}

#[test]
fn rules_give_samples_that_they_find() {
    let workspace = Workspace::new();
    let sample = workspace.run(&["rules", "sample", "github-classic-token"]);
    sample.exits(0);
    workspace
        .feed(&["scan", "--stdin"], &sample.stdout)
        .exits(1);
    assert_eq!(
        sample.stdout,
        workspace
            .run(&["rules", "sample", "github-classic-token"])
            .stdout,
        "samples never change"
    );
    workspace
        .run(&["rules", "sample", "no-such-rule"])
        .complains(&["no-such-rule", "hint: "]);
}

#[test]
fn templates_are_rendered_into_a_folder() {
    let workspace = Workspace::new();
    workspace
        .write("templates/a/.env", RAILWAY)
        .write("templates/plain.txt", "nothing\n");
    workspace
        .run(&["rules", "sample", "--render", "templates", "--into", "made"])
        .exits(0);
    assert_eq!(paths(&workspace.json(&["scan", "made"])), ["made/a/.env"]);
    workspace.run(&["scan", "templates"]).exits(0);
    workspace
        .run(&["rules", "sample", "--render", "templates"])
        .complains(&["--into"]);
}

#[test]
fn shells_get_their_completions() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish"] {
        let outcome = workspace.run(&["completions", shell]);
        outcome.exits(0);
        assert!(outcome.stdout.contains("min-confidence"), "{shell}");
    }
    workspace.run(&["completions", "abacus"]).complains(&[]);
}

#[test]
fn the_manual_page_is_one() {
    let outcome = Workspace::new().run(&["man"]);
    outcome.exits(0);
    assert!(
        outcome.stdout.starts_with(".ie ") || outcome.stdout.starts_with(".TH "),
        "{outcome:?}"
    );
    assert!(outcome.stdout.contains(".TH straykey 1"));
}

#[test]
fn the_version_is_that_of_the_package() {
    let outcome = Workspace::new().run(&["--version"]);
    outcome.exits(0);
    assert_eq!(
        outcome.stdout,
        format!("straykey {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn without_arguments_help_is_printed() {
    let workspace = Workspace::new();
    let outcome = workspace.run::<&str>(&[]);
    outcome.exits(0);
    assert_eq!(outcome.stdout, workspace.run(&["-h"]).stdout);
}

#[test]
fn the_help() {
    let outcome = Workspace::new().run(&["--help"]);
    outcome.exits(0);
    insta::assert_snapshot!(trimmed(&outcome.stdout), @r#"
    Finds the credentials an agent can pick up here, and says what each one can do.

    It is offline: there is no network code in it, and no credential is ever printed.

    Usage: straykey [OPTIONS] [COMMAND]

    Commands:
      scan      Search files as the repository has them: hidden ones too, ignored ones not
      audit     Search everything an agent started in a folder reaches there: ignored and hidden files
                too
      explain   Say what a rule or a finding is about: what it can do, why we think so, how to get rid
                of it
      rules     List, check or sample rules
      baseline  Write or trim the list of the findings that are known
      hook      Put hooks into the repository, take them away, or do their work
      migrate   Turn the files of other scanners into ours, and say what does not carry over
      help      Print this message or the help of the given subcommand(s)

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Output:
          --color <WHEN>
              When to use colours; `auto` also heeds `NO_COLOR` and `CLICOLOR_FORCE`

              [default: auto]
              [possible values: auto, always, never]

    Exit codes:
      0    nothing at or above --fail-on, and everything was searched
      1    findings at or above --fail-on
      2    the arguments, a rule file or the output are at fault
      3    something was not searched, or nothing was
      130  interrupted
    "#);
}

#[test]
fn the_help_of_scan() {
    let outcome = Workspace::new().run(&["scan", "--help"]);
    outcome.exits(0);
    insta::assert_snapshot!(trimmed(&outcome.stdout), @r#"
    Search files as the repository has them: hidden ones too, ignored ones not

    Usage: straykey scan [OPTIONS] [PATH]...

    Arguments:
      [PATH]...  Files and folders to search

    Options:
      -h, --help  Print help

    Input:
          --staged                 Search what is staged: the contents that the next commit will hold
          --since <REV>            Search what commits added: those since a revision, or of a range such
                                   as `main..HEAD`
          --history                Search every commit of every branch and tag
          --stash                  With --history, search stashes, too
          --reflog                 With --history, search what only the reflog still knows, too
          --files-from <FILE>      Search the files that a list names, one a line; `-` for standard
                                   input
      -0, --null                   With --files-from, the names end with a NUL each
          --stdin                  Search standard input
          --commit-message <FILE>  Search the message of a commit, as git hands it to a hook
          --branch-name            Search the name of the branch that is checked out
          --no-ignore              Search what git ignores, too
          --rules <FILE>           Use the rules of a file, too
          --threads <N>            How many threads; 0 for as many as there are processors [default: 0]

    Findings:
          --redact-authors          Leave the authors of commits out of the report
          --fail-on <WHAT>          Fail on a band or worse, or on classes such as `destroy@production`;
                                    `none` never fails [default: low]
          --min-confidence <LEVEL>  The least confidence to report [default: medium] [possible values:
                                    low, medium, high]
          --task-env <NAME>         The environment of the task at hand: credentials of production are
                                    then violations [possible values: production, staging, test, local]
          --no-marks                Do not let marks in the searched files excuse findings
          --exit-zero               Exit with 0 whatever is found, so that a report can be uploaded;
                                    gaps still give 3

    Output:
          --color <WHEN>              When to use colours; `auto` also heeds `NO_COLOR` and
                                      `CLICOLOR_FORCE` [default: auto] [possible values: auto, always,
                                      never]
      -f, --format <FORMAT>           The form of the report [default: text] [possible values: text,
                                      json, jsonl, sarif, markdown, gitlab, junit, github]
      -o, --output <FILE>             Write the report to a file, as a whole or not at all
          --sarif-include-suppressed  In SARIF, write what is excused, too, as suppressed results;
                                      GitHub shows those as open
      -q, --quiet                     Print no report where there are no findings, and nothing else at
                                      all
          --no-progress               Show no progress

    Terms:
          --config <FILE>     The configuration; else `.straykey.toml` at the top of the repository or
                              of what is scanned
          --no-config         Use no configuration
          --config-ref <REV>  Take configuration, baseline and marks as they are at a revision, so that
                              a change cannot excuse itself
          --baseline <FILE>   The findings that are known; else `.straykey-baseline` in the folder that
                              is scanned
          --no-baseline       Use no baseline
          --compat <TOOL>     Heed the marks and files of other scanners, too [possible values:
                              gitleaks, detect-secrets, trufflehog]
    "#);
}
