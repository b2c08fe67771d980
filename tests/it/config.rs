//! `.straykey.toml` through the command line: what it excuses, what it must say, and whom it may not
//! excuse.

use crate::common::{GITHUB, RAILWAY, Workspace, paths, places, render, skipped};
use serde_json::Value;

/// An allow of everything in `docs`.
const ALLOW: &str = "[[allow]]\nreason = \"examples of the handbook\"\npath = \"docs/**\"\n";

/// A rule of the tree's own, with examples that hold.
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

/// A workspace with one credential in `docs` and the configuration given.
fn documented(config: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace
        .render("docs/example.env", RAILWAY)
        .write(".straykey.toml", config);
    workspace
}

/// A repository whose last commit has one credential in `docs` and no configuration.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.render("docs/example.env", RAILWAY);
    workspace.git(&["init", "--quiet", "--initial-branch", "main"]);
    commit(&workspace);
    workspace
}

fn commit(workspace: &Workspace) {
    workspace.git(&["add", "--all"]);
    let author = ["-c", "user.name=A", "-c", "user.email=a@localhost"];
    let commit = ["commit", "--quiet", "--no-gpg-sign", "--message", "step"];
    workspace.git(&[&author[..], &commit[..]].concat());
}

fn suppressed(document: &Value) -> u64 {
    let count = &document["summary"]["suppressed"];
    count.as_u64().expect("it is a number")
}

/// The texts of the notices of a kind.
fn notices(document: &Value, kind: &str) -> Vec<String> {
    let notices = document["notices"].as_array().expect("it is a list");
    notices
        .iter()
        .filter(|notice| notice["kind"] == kind)
        .filter_map(|notice| notice["text"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn an_unknown_key_exits_with_2_and_a_suggestion() {
    let workspace = documented("# ours\nfial-on = \"high\"\n");
    workspace.run(&["scan"]).complains(&[
        ".straykey.toml:2:1: unknown key `fial-on`",
        "hint: did you mean `fail-on`?",
    ]);
    workspace.run(&["scan", "--no-config"]).exits(1);
}

#[test]
fn a_bad_condition_is_pointed_at() {
    let workspace = documented("fail-on = \"hgih\"\n");
    workspace
        .run(&["scan"])
        .complains(&[".straykey.toml:1:11: ", "hgih"]);
}

#[test]
fn an_allow_excuses_and_is_counted() {
    let workspace = documented(ALLOW);
    workspace.run(&["scan"]).exits(0);
    let document = workspace.json(&["scan"]);
    assert_eq!(places(&document), []);
    assert_eq!(suppressed(&document), 1);
    assert_eq!(document["config"], ".straykey.toml");
    let told = notices(&document, "loosened");
    assert_eq!(
        told,
        [".straykey.toml:1: allows everything in `docs/**`: examples of the handbook"]
    );
}

#[test]
fn an_allow_excuses_nothing_else() {
    let workspace = documented(ALLOW);
    workspace.render("live.env", GITHUB);
    let outcome = workspace.run(&["scan"]);
    outcome.exits(1);
    let document = workspace.json(&["scan"]);
    assert_eq!(paths(&document), ["live.env"]);
    assert_eq!(suppressed(&document), 1);
}

#[test]
fn an_allow_without_a_reason_exits_with_2() {
    let workspace = documented("[[allow]]\npath = \"docs/**\"\n");
    workspace.run(&["scan"]).complains(&[
        ".straykey.toml:1:1: an allow needs a reason",
        "hint: say why",
    ]);
}

#[test]
fn an_expired_allow_does_not_excuse_and_is_told() {
    let workspace = documented(&format!("{ALLOW}expires = 2020-02-29\n"));
    workspace.run(&["scan"]).exits(1);
    let document = workspace.json(&["scan"]);
    assert_eq!((paths(&document).len(), suppressed(&document)), (1, 0));
    let told = notices(&document, "expired-allow");
    assert_eq!(
        told,
        [".straykey.toml:1: allows everything in `docs/**` until 2020-02-29, which is over"]
    );
}

#[test]
fn an_allow_that_excuses_nothing_is_told() {
    let workspace = documented(&ALLOW.replace("docs", "gone"));
    workspace.run(&["scan"]).exits(1);
    let told = notices(&workspace.json(&["scan"]), "stale-allow");
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn an_excluded_path_is_counted_and_no_gap() {
    let workspace = documented("[paths]\nexclude = [\"docs/\"]\n");
    workspace.write("src/main.rs", "fn main() {}\n");
    workspace.run(&["scan"]).exits(0);
    let document = workspace.json(&["scan"]);
    assert_eq!(skipped(&document, "excluded"), 1);
    assert_eq!(document["coverage"]["complete"], true);
    let told = notices(&document, "loosened");
    assert_eq!(told, [".straykey.toml: leaves out `docs/`"]);
}

#[test]
fn where_all_is_excluded_nothing_is_clean() {
    let workspace = documented("[paths]\nexclude = [\"*\"]\n");
    workspace.run(&["scan"]).exits(3);
}

#[test]
fn rules_are_disabled_and_told() {
    let workspace = documented("[rules]\ndisable = [\"railway\"]\n");
    workspace.render("live.env", GITHUB);
    let document = workspace.json(&["scan"]);
    assert_eq!(paths(&document), ["live.env"]);
    let told = notices(&document, "loosened");
    assert!(told[0].contains("switches off `railway`, "), "{told:?}");
}

#[test]
fn a_lower_confidence_leaves_a_rule_out_of_the_report() {
    let workspace = documented("[rules.confidence]\nrailway = \"low\"\n");
    assert_eq!(paths(&workspace.json(&["scan"])), Vec::<String>::new());
    let document = workspace.json(&["scan", "--min-confidence", "low"]);
    assert_eq!(paths(&document), ["docs/example.env"]);
}

#[test]
fn rules_of_the_tree_are_loaded() {
    let workspace = Workspace::new();
    let own = render("own", "acmekey_{{lower_alnum:24}}");
    workspace
        .write("ci/own.toml", OWN_RULE)
        .write("x.env", format!("X={own}\n"))
        .write(".straykey.toml", "[rules]\nfiles = [\"ci/own.toml\"]\n");
    let document = workspace.json(&["scan"]);
    let rules: Vec<String> = places(&document).into_iter().map(|place| place.0).collect();
    assert_eq!(rules, ["acme-key"]);
    workspace
        .write(".straykey.toml", "[rules]\nfiles = [\"ci/gone.toml\"]\n")
        .run(&["scan"])
        .complains(&["gone.toml", "hint: "]);
    workspace
        .write(".straykey.toml", "[rules]\nfiles = [\"../own.toml\"]\n")
        .run(&["scan"])
        .complains(&[".straykey.toml:2:10: `../own.toml` is no relative path inside the tree"]);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_leaves_no_rule_is_an_error() {
    let workspace = Workspace::new();
    workspace
        .write(".straykey.toml", "[rules]\nonly = [\"no-such-rule\"]\n")
        .render(".env", RAILWAY);
    workspace
        .run(&["scan"])
        .complains(&["leaves no rule", "hint: "]);
}

#[test]
fn rules_are_not_loaded_through_a_link_out_of_the_tree() {
    let workspace = Workspace::new();
    workspace
        .write("outside/own.toml", OWN_RULE)
        .write("tree/.straykey.toml", "[rules]\nfiles = [\"own.toml\"]\n")
        .render("tree/.env", RAILWAY);
    let link = workspace.join("tree/own.toml");
    std::os::unix::fs::symlink("../outside/own.toml", link).expect("the folder is ours");
    workspace
        .run(&["scan", "tree"])
        .complains(&["own.toml", "hint: "]);
}

#[test]
fn an_option_overrules_the_file() {
    let workspace = documented("fail-on = \"none\"\n");
    workspace.run(&["scan"]).exits(0);
    workspace.run(&["scan", "--fail-on", "low"]).exits(1);
}

#[test]
fn a_task_environment_in_the_file_separates() {
    let workspace = documented("task-environment = \"staging\"\n");
    let document = workspace.json(&["scan"]);
    assert_eq!(document["target"]["task_environment"], "staging");
    assert_eq!(document["violations"][0]["kind"], "separation");
}

#[test]
fn the_second_place_is_looked_at_and_both_are_too_many() {
    let workspace = Workspace::new();
    workspace
        .render("docs/example.env", RAILWAY)
        .write(".config/straykey.toml", ALLOW);
    workspace.run(&["scan"]).exits(0);
    workspace
        .write(".straykey.toml", ALLOW)
        .run(&["scan"])
        .complains(&[".straykey.toml", ".config/straykey.toml", "hint: "]);
}

#[test]
fn no_config_takes_none() {
    let workspace = documented(ALLOW);
    workspace.run(&["scan", "--no-config"]).exits(1);
    let document = workspace.json(&["scan", "--no-config"]);
    assert_eq!(suppressed(&document), 0);
    assert_eq!(document["config"], Value::Null);
}

#[test]
fn a_named_file_is_used_instead() {
    let workspace = documented("fail-on = \"none\"\n");
    workspace.write("ci/strict.toml", "fail-on = \"low\"\n");
    workspace.run(&["scan"]).exits(0);
    workspace
        .run(&["scan", "--config", "ci/strict.toml"])
        .exits(1);
    workspace
        .run(&["scan", "--config", "ci/gone.toml"])
        .complains(&["gone.toml", "hint: "]);
}

#[test]
fn an_audit_is_not_excused_by_the_tree_and_says_so() {
    let workspace = documented(ALLOW);
    workspace.run(&["audit"]).exits(1);
    let document = workspace.json(&["audit"]);
    assert_eq!(paths(&document), ["docs/example.env"]);
    assert_eq!(suppressed(&document), 0);
    let told = notices(&document, "note");
    assert!(
        told.iter().any(|text| text.contains(".straykey.toml")),
        "{told:?}"
    );
}

#[test]
fn an_audit_heeds_no_excludes_of_the_tree() {
    let workspace =
        documented("[paths]\nexclude = [\"docs/**\"]\n[rules]\ndisable = [\"railway\"]\n");
    let document = workspace.json(&["audit"]);
    assert_eq!(paths(&document), ["docs/example.env"]);
    assert_eq!(skipped(&document, "excluded"), 0);
}

#[test]
fn a_change_does_not_excuse_itself() {
    let workspace = repository();
    workspace.git(&["checkout", "--quiet", "-b", "change"]);
    workspace.write(".straykey.toml", ALLOW);
    commit(&workspace);
    workspace.run(&["scan"]).exits(0);
    workspace.run(&["scan", "--config-ref", "main"]).exits(1);
    let document = workspace.json(&["scan", "--config-ref", "main"]);
    assert_eq!(suppressed(&document), 0);
    workspace.run(&["scan", "--config-ref", "change"]).exits(0);
    let document = workspace.json(&["scan", "--config-ref", "change"]);
    assert_eq!(document["config"], "change:.straykey.toml");
    workspace
        .run(&["scan", "--config-ref", "no-such-branch"])
        .complains(&["no-such-branch", "hint: "]);
}

#[test]
fn a_configuration_cannot_take_the_screen() {
    let workspace = documented("\"\\u001b[2J\" = 1\n");
    let outcome = workspace.run(&["scan"]);
    outcome.exits(2);
    assert!(!outcome.stderr.contains('\u{1b}'), "{outcome:?}");
}
