//! SARIF, read as strictly as code scanning reads it: what it refuses or misreads shows nothing.
//!
//! `report.rs` has the document of a plain scan; here stands that of everything a report can hold.

use crate::report::sample;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use straykey::coverage::Skip;
use straykey::display::acts;
use straykey::environment::Environment;
use straykey::evidence::{Evidence, Judged};
use straykey::finding::{Commit, Excuse, Excused, Finding, Source};
use straykey::notice::{Comparison, Notice, NoticeKind};
use straykey::reachability::Exposure;
use straykey::report::{Report, Reporter, Sarif};
use straykey::severity::Score;

/// What acts on terminals, build servers, links and placeholders, all in one path.
const HOSTILE: &str =
    "::error::x \u{1b}[2J\n##[error]::y\u{202e}[a](1) {0} 100%\\<img src=x> ##vso[task.x]\u{0}é#?";

#[test]
fn the_whole_document() {
    let document = text(&full(), WITH_SUPPRESSED);
    let version = env!("CARGO_PKG_VERSION");
    insta::assert_snapshot!(document.replace(
        &format!("ersion\": \"{version}\""),
        "ersion\": \"[version]\""
    ));
}

#[test]
fn every_document_follows_the_schema() {
    let schema = include_str!("schema/sarif-2.1.0.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    // Without this, addresses could be anything: the draft it is written in leaves formats unchecked.
    let strict = jsonschema::options().should_validate_formats(true);
    let validator = strict.build(&schema).expect("the schema is one");
    for report in [sample(), full(), hostile(), clean(), many(60)] {
        for sarif in [Sarif::default(), WITH_SUPPRESSED] {
            let document = json(&report, sarif);
            let errors: Vec<_> = validator
                .iter_errors(&document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

#[test]
fn every_link_leads_somewhere_and_every_index_to_its_rule() {
    for report in [sample(), full(), hostile(), many(60)] {
        let run = run(&report, WITH_SUPPRESSED);
        for result in list(&run["results"]) {
            let index = result["ruleIndex"].as_u64().expect("it has one");
            let index = usize::try_from(index).expect("it is small");
            assert_eq!(
                list(&run["tool"]["driver"]["rules"])[index]["id"],
                result["ruleId"]
            );
            let message = result["message"]["text"].as_str().expect("it is a text");
            let related = result["relatedLocations"].as_array();
            for location in related.into_iter().flatten() {
                let end_of_link = format!("]({})", location["id"]);
                assert!(message.contains(&end_of_link), "{message}");
            }
            assert_eq!(links(message), related.map_or(0, Vec::len), "{message}");
        }
    }
}

#[test]
fn code_scanning_gets_all_that_it_asks_for() {
    let run = run(&full(), Sarif::default());
    for rule in list(&run["tool"]["driver"]["rules"]) {
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().expect("every rule has it");
            assert!(!text.is_empty() && text.chars().count() <= 4_000, "{text}");
        }
        let help = rule["help"]["markdown"].as_str().expect("it is a text");
        for part in ["1. ", "straykey:allow"] {
            assert!(help.contains(part), "no {part:?} in {help}");
        }
        let properties = &rule["properties"];
        let severity = properties["security-severity"].as_str().expect("a string");
        assert!(["9.5", "8.0", "5.5", "3.0"].contains(&severity));
        let precision = properties["precision"].as_str().expect("a string");
        assert!(["very-high", "high", "medium", "low"].contains(&precision));
        let tags = list(&properties["tags"]);
        assert!(tags.len() <= 20 && tags[0] == "security", "{tags:?}");
        assert_eq!(
            tags.iter()
                .map(Value::to_string)
                .collect::<BTreeSet<_>>()
                .len(),
            tags.len()
        );
    }
    for result in list(&run["results"]) {
        assert_eq!(list(&result["locations"]).len(), 1);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        for number in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(region[number].as_u64() > Some(0), "{region}");
        }
        assert!(result["partialFingerprints"]["straykey/v1"].is_string());
        assert!(result.get("suppressions").is_none());
    }
}

#[test]
fn an_id_depends_on_the_finding_alone() {
    let mut report = sample();
    let railway = railway(&report);
    let id = |report: &Report| run(report, Sarif::default())["results"][0]["ruleId"].clone();
    assert_eq!(id(&report), "railway-api-token.critical");
    report.findings = vec![railway.clone()];
    assert_eq!(id(&report), "railway-api-token.critical", "alone");
    report.findings[0].severity.score = Score::new(9.9);
    assert_eq!(id(&report), "railway-api-token.critical", "within the band");
    report.findings[0].severity.score = Score::new(3.4);
    assert_eq!(id(&report), "railway-api-token.low");
    report.findings.push(railway);
    let rules = run(&report, Sarif::default());
    let rules = list(&rules["tool"]["driver"]["rules"]);
    let severities: Vec<_> = rules
        .iter()
        .map(|rule| (&rule["id"], &rule["properties"]["security-severity"]))
        .collect();
    let (critical, low) = ("railway-api-token.critical", "railway-api-token.low");
    assert_eq!(json!(severities), json!([[critical, "9.5"], [low, "3.0"]]));
}

#[test]
fn a_line_hash_is_written_where_it_is_known() {
    let run = run(&full(), Sarif::default());
    let hashes: Vec<_> = list(&run["results"])
        .iter()
        .filter_map(|result| result["partialFingerprints"]["primaryLocationLineHash"].as_str())
        .collect();
    assert_eq!(hashes, ["39fa2ee980eb94b0:1"]);
}

#[test]
fn a_commit_is_named_and_the_author_where_known() {
    let run = run(&full(), Sarif::default());
    let result = &list(&run["results"])[0];
    let message = result["message"]["text"].as_str().expect("it is a text");
    assert!(
        message.contains(" Commit 0a1b0a1b0a1b brought it in."),
        "{message}"
    );
    let commit = &result["properties"]["straykey.commit"];
    assert_eq!(commit["id"], "0a1b".repeat(10));
    assert_eq!(commit["author"], Value::Null);
    assert_eq!(commit["time"], "2026-09-21T14:13:20Z");
}

#[test]
fn what_is_excused_stays_out_unless_asked_for() {
    let report = full();
    let counted = list(&run(&report, Sarif::default())["results"]).len();
    assert_eq!(counted, report.findings.len());
    let run = run(&report, WITH_SUPPRESSED);
    let results = list(&run["results"]);
    assert_eq!(results.len(), counted + report.excused.len());
    let excused: Vec<_> = results[counted..]
        .iter()
        .map(|result| {
            let suppression = &result["suppressions"][0];
            json!([
                suppression["kind"],
                suppression["justification"],
                result["baselineState"]
            ])
        })
        .collect();
    let expected = [
        json!(["external", "baseline", "unchanged"]),
        json!(["inSource", "inline-mark: a vendor's public key", null]),
    ];
    assert_eq!(excused, expected);
    assert!(
        results[..counted]
            .iter()
            .all(|result| result["baselineState"] == "new")
    );
}

#[test]
fn without_a_baseline_nothing_is_said_of_one() {
    let report = Report {
        comparison: None,
        ..full()
    };
    for result in list(&run(&report, WITH_SUPPRESSED)["results"]) {
        assert!(result.get("baselineState").is_none());
    }
}

#[test]
fn an_incomplete_scan_is_no_success() {
    let complete = |report: &Report| {
        run(report, Sarif::default())["invocations"][0]["executionSuccessful"].clone()
    };
    assert_eq!(complete(&sample()), true);
    let mut gap = clean();
    gap.coverage.skip(Skip::Unreadable, "disk/bad-sector.bin");
    assert_eq!(complete(&gap), false);
    let mut nothing = clean();
    nothing.coverage.files = 0;
    nothing.coverage.vacant = Some("nothing is staged".to_owned());
    assert_eq!(complete(&nothing), false);
    let run = run(&nothing, Sarif::default());
    assert_eq!(
        told(&run, "nothing-searched").as_deref(),
        Some("not one file was searched: nothing is staged.")
    );
}

#[test]
fn every_skip_and_notice_is_a_notification() {
    let run = run(&full(), Sarif::default());
    for id in [
        "coverage",
        "skipped-symlink",
        "baseline",
        "loosened",
        "gone",
        "configuration",
    ] {
        assert!(told(&run, id).is_some(), "no {id}");
    }
}

#[test]
fn the_worst_results_are_kept_and_the_rest_is_counted() {
    let run = run(&many(6_000), Sarif::default());
    let results = list(&run["results"]);
    assert_eq!(results.len(), 5_000);
    assert_eq!(results[0]["ruleId"], "railway-api-token.critical");
    let left_out = told(&run, "left-out").expect("something is said of the others");
    assert!(left_out.starts_with("1,000 more results"), "{left_out}");
    for result in results {
        let related = result["relatedLocations"].as_array();
        assert!(related.is_some_and(|related| related.len() <= 100));
    }
    let message = results[0]["message"]["text"]
        .as_str()
        .expect("it is a text");
    assert!(message.ends_with(", and 5,994 more places."), "{message}");
}

#[test]
fn a_document_of_long_paths_is_no_larger_than_is_taken() {
    let mut report = many(5_000);
    for (number, finding) in report.findings.iter_mut().enumerate() {
        finding.path = format!("{number}/{}", "a/b".repeat(1_300));
    }
    let document = text(&report, Sarif::default());
    assert!(document.len() < 100_000_000, "{} bytes", document.len());
    let document: Value = serde_json::from_str(&document).expect("the document is JSON");
    assert!(told(&document["runs"][0], "left-out").is_some());
}

#[test]
fn hostile_names_make_nothing_happen() {
    for sarif in [Sarif::default(), WITH_SUPPRESSED] {
        let document = text(&hostile(), sarif);
        assert!(
            !document.chars().any(|c| c != '\n' && acts(c)),
            "{document}"
        );
        for line in document.lines() {
            assert!(!line.trim_start().starts_with("::"), "{line}");
            assert!(!line.contains("##[") && !line.contains("##vso["), "{line}");
        }
    }
    let run = run(&hostile(), WITH_SUPPRESSED);
    for uri in values(&run, "uri") {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte);
        assert!(uri.bytes().all(valid) && !uri.starts_with('/'), "{uri}");
    }
    let first = run["results"][0]["message"]["text"].as_str();
    let first = first.expect("it is a text");
    assert!(
        first.contains("{{0}}") && first.contains("\\[a\\](1)"),
        "{first}"
    );
}

#[test]
fn no_secret_is_in_it_and_no_place_of_this_machine() {
    let mut report = full();
    report.target.root = "/home/somebody/project".to_owned();
    let document = text(&report, WITH_SUPPRESSED);
    for letter in ["a", "b", "c", "d", "e"] {
        assert!(!document.contains(&letter.repeat(5)), "a part of a secret");
    }
    assert!(!document.contains("somebody"), "the root");
    assert!(!document.contains("snippet"));
    let bases = &run(&report, Sarif::default())["originalUriBaseIds"];
    assert_eq!(values(bases, "uri"), Vec::<String>::new());
}

#[test]
fn paths_are_relative_to_what_they_say() {
    let mut report = sample();
    let mut finding = railway(&report);
    let mut address = |path: &str| {
        path.clone_into(&mut finding.path);
        report.findings = vec![finding.clone()];
        let run = run(&report, Sarif::default());
        let place = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        let base = place["uriBaseId"].as_str();
        let named = base.is_none_or(|base| run["originalUriBaseIds"].get(base).is_some());
        assert!(named, "{base:?} is not explained");
        (base.map(str::to_owned), place["uri"].clone())
    };
    let sources = || Some("%SRCROOT%".to_owned());
    let home = Some("HOME".to_owned());
    assert_eq!(address("a b/c"), (sources(), json!("a%20b/c")));
    assert_eq!(address("../c"), (sources(), json!("../c")));
    assert_eq!(address("~/.npmrc"), (home, json!(".npmrc")));
    assert_eq!(address("/etc/c"), (None, json!("file:///etc/c")));
}

#[test]
fn the_way_leads_from_the_folder_to_what_is_destroyed() {
    let run = run(&sample(), Sarif::default());
    let flow = &run["results"][0]["codeFlows"][0]["threadFlows"][0];
    let told: Vec<_> = list(&flow["locations"])
        .iter()
        .map(|step| {
            step["location"]["message"]["text"]
                .as_str()
                .expect("a text")
        })
        .collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told[0].contains("folder"));
    assert!(told[1].starts_with("scripts/railway.ts is in reach of an agent's file tools"));
    assert!(told[2].contains("Railway account or workspace token"));
    assert!(told[3].contains("delete volumes and their backups"));
    assert!(told[4].contains("put there for domains"));
    let mut piped = sample();
    for finding in &mut piped.findings {
        finding.source = Source::Stdin;
    }
    assert_eq!(
        values(&crate::sarif::run(&piped, Sarif::default()), "importance").len(),
        0
    );
}

#[test]
fn a_published_file_is_a_weakness_of_its_own() {
    let mut report = sample();
    report.findings = vec![railway(&report)];
    let taxa = |report: &Report| run(report, Sarif::default())["results"][0]["taxa"].clone();
    assert_eq!(taxa(&report), Value::Null);
    report.findings[0].reachability.exposure = Exposure::Public;
    assert_eq!(taxa(&report)[0]["id"], "538");
}

const WITH_SUPPRESSED: Sarif = Sarif {
    include_suppressed: true,
};

/// The token of the sample that can destroy everything.
fn railway(report: &Report) -> Finding {
    let mut findings = report.findings.iter();
    let railway = findings.find(|finding| &*finding.rule.id == "railway-api-token");
    railway.expect("the sample holds it").clone()
}

/// A report in which everything occurs that a document can tell.
fn full() -> Report {
    let mut report = sample();
    let mut copy = railway(&report);
    copy.path = String::from("ops/[old] {copy}.env");
    for finding in &mut report.findings {
        if &*finding.rule.id == "railway-api-token" {
            finding.source = Source::History;
            finding.line_hash = Some("39fa2ee980eb94b0:1".to_owned());
            finding.commit = Some(Arc::new(Commit {
                id: "0a1b".repeat(10),
                author: None,
                time: 1_790_000_000,
            }));
        }
    }
    let mut known = copy.clone();
    known.path = String::from("~/.railway/config.json");
    let mut public = report.findings[0].clone();
    public.environment = Judged::new(Environment::Test, "the folder is called fixtures");
    report.findings.push(copy);
    report.excused = vec![
        excused(public, Excuse::Mark, "a vendor's public key"),
        excused(known, Excuse::Baseline, ""),
    ];
    report.comparison = Some(Comparison {
        new: 5,
        known: 1,
        moved: 0,
        gone: 2,
    });
    report.config = Some("origin/main:.straykey.toml".to_owned());
    report.notices = vec![
        Notice::new(
            NoticeKind::Loosened,
            "the configuration excludes `vendor/**`",
        ),
        Notice::new(NoticeKind::Gone, "2 entries of the baseline are gone"),
    ];
    report
}

fn excused(finding: Finding, by: Excuse, reason: &str) -> Excused {
    Excused {
        finding,
        by,
        reason: reason.to_owned(),
    }
}

fn hostile() -> Report {
    let mut report = full();
    for finding in &mut report.findings {
        finding.path = String::from(HOSTILE);
        finding.key = Some(HOSTILE.to_owned());
        finding.purpose.stated = Some(HOSTILE.to_owned());
        finding.purpose.drift = true;
        finding.validity.evidence = vec![Evidence::new(HOSTILE)];
        finding.privilege.evidence = vec![Evidence::new(HOSTILE)];
        finding.environment.evidence = vec![Evidence::new(HOSTILE)];
    }
    report.excused[0].reason = String::from(HOSTILE);
    report.violations[0].evidence = vec![Evidence::new(HOSTILE)];
    report.notices.push(Notice::new(NoticeKind::Note, HOSTILE));
    report.config = Some(HOSTILE.to_owned());
    report.coverage.skip(Skip::Unreadable, HOSTILE);
    report.coverage.vacant = Some(HOSTILE.to_owned());
    report
}

fn clean() -> Report {
    Report {
        findings: Vec::new(),
        violations: Vec::new(),
        ..sample()
    }
}

/// One credential in so many places; the last is the worst.
fn many(places: u64) -> Report {
    let mut report = sample();
    let mut low = railway(&report);
    low.severity.score = Score::new(2.0);
    report.violations.clear();
    report.findings = (1..=places)
        .map(|line| {
            let mut finding = low.clone();
            finding.start.line = line;
            finding.end.line = line;
            finding
        })
        .collect();
    if let Some(last) = report.findings.last_mut() {
        last.severity.score = Score::new(9.5);
    }
    report
}

fn text(report: &Report, sarif: Sarif) -> String {
    let mut bytes = Vec::new();
    sarif
        .write(report, &mut bytes)
        .expect("a Vec takes every write");
    String::from_utf8(bytes).expect("the document is UTF-8")
}

fn json(report: &Report, sarif: Sarif) -> Value {
    serde_json::from_str(&text(report, sarif)).expect("the document is JSON")
}

fn run(report: &Report, sarif: Sarif) -> Value {
    json(report, sarif)["runs"][0].take()
}

/// The text of the first notification of that kind.
fn told(run: &Value, id: &str) -> Option<String> {
    let notifications = list(&run["invocations"][0]["toolExecutionNotifications"]);
    let mut notifications = notifications.iter();
    let told = notifications.find(|told| told["descriptor"]["id"] == id)?;
    told["message"]["text"].as_str().map(str::to_owned)
}

#[track_caller]
fn list(value: &Value) -> &[Value] {
    value.as_array().expect("it is a list")
}

/// How many links a message holds: brackets that no backslash stands before.
fn links(message: &str) -> usize {
    let unescaped = message
        .replace("\\\\", "")
        .replace("\\[", "")
        .replace("\\]", "");
    unescaped.matches('[').count()
}

/// The texts of all fields of that name, wherever they are.
fn values(value: &Value, name: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(field, value)| match value {
                Value::String(text) if field == name => vec![text.clone()],
                _ => values(value, name),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| values(item, name)).collect(),
        _ => Vec::new(),
    }
}
