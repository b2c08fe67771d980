//! The incident, replayed: a task about staging, and a token for domains that deletes everything.
//!
//! The workspace is `fixtures/pocketos`. Nothing in the task mentions the script that the token
//! lies in; an agent found it because it could read the folder.

use crate::common::Workspace;
use serde_json::{Value, json};

#[test]
fn the_token_comes_first() {
    let report = replayed().json(&AUDIT);
    let worst = worst(&report);
    assert_eq!(worst["rule"], "railway-api-token");
    assert_eq!(worst["path"], "scripts/add-domain.sh");
    assert_eq!(worst["severity"]["band"], "critical");
    assert_eq!(report["summary"]["critical"], 1, "and no other is as bad");
}

#[test]
fn it_can_delete_volumes_and_their_backups_in_every_environment() {
    let report = replayed().json(&AUDIT);
    let worst = worst(&report);
    let capabilities = worst["privilege"]["capabilities"]
        .as_array()
        .expect("they are a list");
    for capability in ["delete-infrastructure", "delete-backups"] {
        assert!(capabilities.contains(&json!(capability)), "{worst:#}");
    }
    assert_eq!(worst["privilege"]["recovery"]["takes_backups"], true);
    assert_eq!(worst["environment"]["value"], "all");
    assert_eq!(worst["lifetime"]["value"], "long-lived");
    for conclusion in ["privilege", "environment", "lifetime"] {
        let evidence = worst[conclusion]["evidence"].as_array();
        assert!(
            evidence.is_some_and(|sentences| !sentences.is_empty()),
            "nothing shows the {conclusion}: {worst:#}"
        );
    }
}

#[test]
fn it_was_made_for_domains() {
    let report = replayed().json(&AUDIT);
    let purpose = &worst(&report)["purpose"];
    assert_eq!(purpose["stated"], "domains");
    assert_eq!(purpose["drift"], true);
}

#[test]
fn it_breaks_the_separation_of_environments_and_staging_does_not() {
    let report = replayed().json(&AUDIT);
    let violations = report["violations"].as_array().expect("they are a list");
    assert_eq!(violations.len(), 1, "{violations:#?}");
    assert_eq!(violations[0]["kind"], "separation");
    assert_eq!(violations[0]["finding"], worst(&report)["fingerprint"]);
    let database = finding(&report, "services/web/.env.staging");
    assert_eq!(database["environment"]["value"], "staging");
}

#[test]
fn it_is_the_first_thing_that_people_read() {
    let outcome = replayed().run(&AUDIT);
    outcome.exits(1);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines[0], "1 credential here can destroy production");
    let row = lines
        .iter()
        .position(|line| line.starts_with("  critical"))
        .expect("a row of the table");
    assert!(lines[row].contains("Railway"), "{}", outcome.stdout);
    for words in [
        "delete volumes and their backups",
        "every environment",
        "no expiry",
        "domains",
        "https://railway.com/account/tokens",
        "Violation separation",
    ] {
        assert!(
            outcome.stdout.contains(words),
            "no {words:?} in\n{}",
            outcome.stdout
        );
    }
}

#[test]
fn no_format_tells_the_token() {
    let workspace = replayed();
    let script = std::fs::read_to_string(workspace.join("pocketos/scripts/add-domain.sh"))
        .expect("it was rendered");
    let token = script
        .lines()
        .find_map(|line| line.strip_prefix("RAILWAY_API_TOKEN="))
        .expect("the script holds the token");
    for format in ["text", "json", "jsonl", "sarif", "markdown"] {
        let outcome = workspace.run(&["audit", "pocketos", "--format", format]);
        outcome.exits(1);
        assert!(!outcome.stdout.contains(token), "{format} tells it");
    }
}

const AUDIT: [&str; 4] = ["audit", "pocketos", "--task-env", "staging"];

/// A workspace with the incident's files in `pocketos`.
fn replayed() -> Workspace {
    let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pocketos");
    let workspace = Workspace::new();
    workspace
        .run(&[
            "rules", "sample", "--render", templates, "--into", "pocketos",
        ])
        .exits(0);
    workspace
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().expect("they are a list")
}

fn worst(report: &Value) -> &Value {
    let score = |finding: &&Value| finding["severity"]["score"].as_f64().unwrap_or_default();
    findings(report)
        .iter()
        .max_by(|a, b| score(a).total_cmp(&score(b)))
        .expect("there are findings")
}

fn finding<'r>(report: &'r Value, path: &str) -> &'r Value {
    findings(report)
        .iter()
        .find(|finding| finding["path"] == path)
        .unwrap_or_else(|| panic!("nothing was found in {path}: {report:#}"))
}
