//! An alert of code scanning stays the same alert while its fingerprints do.

use super::repository::{Repository, credential};
use crate::common::{Outcome, finish, render};
use serde_json::Value;

/// Both fingerprints of every result, sorted.
fn fingerprints(repository: &Repository) -> Vec<(String, String)> {
    let mut command = repository.program("");
    command.args(["scan", "--format", "sarif"]);
    let outcome: Outcome = finish(command, b"");
    outcome.exits(1);
    let document: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
    let results = document["runs"][0]["results"].as_array().expect("a list");
    let of = |result: &Value, name: &str| {
        let value = &result["partialFingerprints"][name];
        value.as_str().unwrap_or_default().to_owned()
    };
    let mut all: Vec<_> = results
        .iter()
        .map(|result| {
            (
                of(result, "straykey/v1"),
                of(result, "primaryLocationLineHash"),
            )
        })
        .collect();
    all.sort();
    all
}

/// Strong credentials of three kinds, the last one over several lines.
fn text() -> String {
    format!(
        "PORT=1\n{}{}# the key\n{}",
        credential("alerts"),
        render("alerts", "RAILWAY_API_TOKEN={{sample:railway-api-token}}\n"),
        render("alerts", "{{sample:private-key-pem}}\n"),
    )
}

fn started() -> (Repository, Vec<(String, String)>) {
    let repository = Repository::new();
    repository.stage("app/settings.env", text()).commit("app");
    let before = fingerprints(&repository);
    assert_eq!(before.len(), 3);
    assert!(before.iter().all(|(own, _)| own.len() == 32));
    let hashed = before.iter().filter(|(_, line)| line.ends_with(":1"));
    assert_eq!(hashed.count(), 2, "of a uuid 64 bits are too many to tell");
    (repository, before)
}

#[test]
fn a_hundred_lines_above_change_nothing() {
    let (repository, before) = started();
    let above: Vec<String> = (0..100).map(|line| format!("# line {line}\n")).collect();
    repository
        .stage("app/settings.env", above.concat() + &text())
        .commit("more");
    assert_eq!(fingerprints(&repository), before);
}

#[test]
fn another_name_changes_nothing() {
    let (repository, before) = started();
    repository.git(&["mv", "app", "service"]);
    repository.git(&["mv", "service/settings.env", "service/prod.ini"]);
    repository.commit("moved");
    assert_eq!(fingerprints(&repository), before);
}

#[test]
fn other_line_ends_change_nothing() {
    let (repository, before) = started();
    repository
        .stage("app/settings.env", text().replace('\n', "\r\n"))
        .commit("windows");
    assert_eq!(fingerprints(&repository), before);
}

#[test]
fn another_credential_in_its_place_is_another_alert() {
    let (repository, before) = started();
    let rotated = text().replace(&credential("alerts"), &credential("rotated"));
    repository
        .stage("app/settings.env", rotated)
        .commit("rotated");
    let after = fingerprints(&repository);
    let kept = after.iter().filter(|one| before.contains(one)).count();
    assert_eq!(kept, 2);
}

#[test]
fn no_line_hash_tells_of_a_file_that_git_does_not_have() {
    let (repository, _) = started();
    repository.write("app/local.env", credential("local"));
    let hashes = fingerprints(&repository);
    let without = hashes.iter().filter(|(_, line)| line.is_empty()).count();
    assert_eq!((hashes.len(), without), (4, 2), "{hashes:?}");
}
