//! The formats of build servers and dashboards: GitLab, `JUnit`, and annotations on GitHub.
//!
//! Each has a snapshot of the whole document, and is read here as strictly as by the program it is
//! made for: a report that is refused shows nothing.

use crate::report::sample;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use straykey::coverage::Skip;
use straykey::display::{acts, sanitize};
use straykey::evidence::Evidence;
use straykey::finding::{Commit, Excuse, Excused, Finding, Purpose, Source};
use straykey::notice::{Notice, NoticeKind};
use straykey::reachability::{Exposure, Facet, Reachability};
use straykey::report::{Github, Gitlab, Junit, Report, Reporter};
use straykey::severity::Confidence;

#[test]
fn gitlab() {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let document = write(&full(), &Gitlab).replace(&version, "\"version\": \"[version]\"");
    insta::assert_snapshot!(document);
}

#[test]
fn junit() {
    insta::assert_snapshot!(write(&full(), &Junit));
}

#[test]
fn github() {
    insta::assert_snapshot!(write(&full(), &Github));
}

#[test]
fn gitlab_takes_the_report() {
    let schema = serde_json::from_str(include_str!("gitlab-15.0.4.schema.json"))
        .expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for report in [full(), hostile(), incomplete(), clean(), endless()] {
        let document = json(&report);
        let errors: Vec<_> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn gitlab_is_told_when_and_whether_all_was_searched() {
    let scan = &json(&full())["scan"];
    assert_eq!(scan["status"], "success");
    assert_eq!(scan["start_time"], "2026-09-21T14:13:20");
    assert_eq!(scan["end_time"], "2026-09-21T14:13:21");
    assert_eq!(json(&incomplete())["scan"]["status"], "failure");
}

#[test]
fn gitlab_knows_a_place_by_its_fingerprint_and_not_by_its_line() {
    let mut report = full();
    report.findings = vec![report.findings[2].clone(); 3];
    report.findings[1].path = "copies/railway.ts".to_owned();
    report.findings[2].path = "copies/railway.ts".to_owned();
    let before = signatures(&report);
    let distinct: BTreeSet<_> = before.iter().collect();
    assert_eq!(distinct.len(), 3, "{before:?}");
    for finding in &mut report.findings {
        finding.start.line += 40;
        finding.end.line += 40;
        finding.path.insert_str(0, "renamed/");
    }
    assert_eq!(signatures(&report), before);
}

#[test]
fn junit_is_well_formed_and_its_numbers_are_right() {
    for report in [full(), hostile(), incomplete(), clean(), endless()] {
        let elements = elements(&write(&report, &Junit));
        let number = |name: &str| elements.iter().filter(|one| one.name == name).count();
        for suite in elements
            .iter()
            .filter(|one| one.name.starts_with("testsuite"))
        {
            let counted = [
                ("tests", "testcase"),
                ("failures", "failure"),
                ("errors", "error"),
                ("skipped", "skipped"),
            ];
            for (attribute, name) in counted {
                assert_eq!(suite.attributes[attribute], number(name).to_string());
            }
        }
        let tests = elements.iter().filter(|one| one.name == "testcase");
        let names: BTreeSet<_> = tests
            .map(|one| (&one.attributes["classname"], &one.attributes["name"]))
            .collect();
        assert_eq!(names.len(), number("testcase"), "two tests of one name");
    }
}

#[test]
fn junit_of_a_clean_scan_has_one_test_that_passes() {
    let passed = elements(&write(&clean(), &Junit));
    let names: Vec<_> = passed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["testsuites", "testsuite", "testcase", "system-out"]);
    assert_eq!(
        passed[2].attributes["name"],
        "straykey searched 12,431 files"
    );
    let failed = elements(&write(&incomplete(), &Junit));
    assert_eq!(failed[3].name, "error");
}

#[test]
fn github_is_given_what_it_shows() {
    let mut report = sample();
    // One of each level: an error, a warning, a notice.
    let [medium, high, low] = [0_usize, 2, 3].map(|at| report.findings[at].clone());
    report.findings = [high, medium, low]
        .into_iter()
        .flat_map(|finding| vec![finding; 15])
        .collect();
    let shown = commands(&write(&report, &Github));
    assert_eq!(
        levels(&shown),
        BTreeMap::from([("error", 10), ("notice", 10), ("warning", 10)])
    );
    let last = shown.last().expect("there are commands");
    assert_eq!(last.message, "16 more findings, see the SARIF report");

    report
        .coverage
        .skip(Skip::Unreadable, "disk/bad-sector.bin");
    let shown = commands(&write(&report, &Github));
    assert_eq!(
        levels(&shown),
        BTreeMap::from([("error", 10), ("notice", 10), ("warning", 10)])
    );
    let last = shown.last().expect("there are commands");
    assert_eq!(last.message, "17 more findings, see the SARIF report");
}

#[test]
fn github_of_a_clean_scan_is_one_line() {
    let log = write(&clean(), &Github);
    assert!(
        log.starts_with("straykey: no credentials found; scanned 12,431 files"),
        "{log}"
    );
    assert_eq!(log.lines().count(), 1, "{log}");
    let shown = commands(&write(&incomplete(), &Github));
    assert_eq!(levels(&shown), BTreeMap::from([("warning", 1)]));
}

#[test]
fn github_puts_an_annotation_where_it_belongs() {
    let shown = commands(&write(&full(), &Github));
    let properties = &shown[0].properties;
    for (name, value) in [
        ("file", "scripts/railway.ts"),
        ("line", "3"),
        ("endLine", "3"),
        ("col", "18"),
        ("endColumn", "54"),
    ] {
        assert_eq!(properties[name], value);
    }
    // What stands in an old commit need not stand in the checkout.
    let old = shown.iter().find(|one| one.message.contains("in commit"));
    assert!(!old.expect("it is shown").properties.contains_key("file"));
}

#[test]
fn github_reads_a_hostile_path_as_a_path() {
    let report = hostile();
    let shown = commands(&write(&report, &Github));
    let of_files: Vec<_> = shown
        .iter()
        .filter_map(|one| one.properties.get("file"))
        .collect();
    assert_eq!(of_files.len(), 3);
    for file in of_files {
        assert_eq!(*file, sanitize(HOSTILE));
    }
}

#[test]
fn hostile_names_make_nothing_happen() {
    for reporter in REPORTERS {
        let document = write(&hostile(), *reporter);
        let acting = document.chars().find(|&c| c != '\n' && acts(c));
        assert_eq!(acting, None, "{document}");
        for command in ["##[", "##vso["] {
            assert!(!document.contains(command), "{command}: {document}");
        }
        let ours = ["::error ", "::warning ", "::notice "];
        for line in document.lines().map(str::trim_start) {
            let is_ours = ours.iter().any(|start| line.starts_with(start));
            assert!(is_ours || !line.starts_with("::"), "{line}");
        }
    }
    let document = json(&hostile());
    for finding in document["vulnerabilities"].as_array().expect("a list") {
        let markdown = finding["description"].as_str().expect("a text");
        assert!(!markdown.contains("<b"), "{markdown}");
        assert!(!markdown.contains("@all"), "{markdown}");
        assert!(!markdown.contains("](https:"), "{markdown}");
    }
}

#[test]
fn no_document_is_endless() {
    for reporter in REPORTERS {
        let length = write(&endless(), *reporter).len();
        assert!(length < 200_000, "{length} bytes");
    }
    let mut report = full();
    report.findings = vec![report.findings[2].clone(); 5_003];
    let document = json(&report);
    let vulnerabilities = document["vulnerabilities"].as_array().expect("a list");
    assert_eq!(vulnerabilities.len(), 5_000);
    let left_out = "3 findings more, less severe, left out here";
    assert_eq!(document["scan"]["messages"][1]["value"], left_out);
    let xml = write(&report, &Junit);
    assert!(xml.contains("3 findings more, left out here"));
}

#[test]
fn nothing_shows_a_secret_or_an_author() {
    for reporter in REPORTERS {
        let document = write(&full(), *reporter);
        for letter in ["a", "b", "c", "d", "e"] {
            assert!(!document.contains(&letter.repeat(5)), "{document}");
        }
        assert!(!document.contains("ada@"), "{document}");
    }
}

const REPORTERS: &[&dyn Reporter] = &[&Gitlab, &Junit, &Github];

/// What acts on terminals, build servers, XML, Markdown and the runner's own escapes, all in one.
const HOSTILE: &str = "::stop-commands::x\n::error::y\r\n##vso[task.complete]##[error]\u{1b}[2J\u{202e}\u{fffe}\
    ]]></failure><b a=\"c\" d='e'>&amp;%0A::warning::z,line=9 [a](https://example.com) @all `q`";

/// The fixture of all formats, with what it lacks for these.
fn full() -> Report {
    let mut report = sample();
    report.now = 1_790_000_000;
    let mut excused = report.findings[3].clone();
    excused.path = String::from("docs/tutorial.md");
    (excused.start.line, excused.end.line) = (12, 12);
    report.excused = vec![Excused {
        finding: excused,
        by: Excuse::Mark,
        reason: "made up for the tutorial".to_owned(),
    }];
    report.notices = vec![
        Notice::new(NoticeKind::Loosened, "the configuration excludes `vendor/`"),
        Notice::new(NoticeKind::Note, "the baseline holds 3 findings"),
    ];
    let old = &mut report.findings[0];
    old.confidence = Confidence::Low;
    old.source = Source::History;
    old.commit = Some(Arc::new(Commit {
        id: "1f".repeat(20),
        author: Some("Ada <ada@example.com>".to_owned()),
        time: 1_700_000_000,
    }));
    report
}

fn clean() -> Report {
    let mut report = sample();
    report.findings.clear();
    report.violations.clear();
    report.excused.clear();
    report.notices.clear();
    report
}

fn incomplete() -> Report {
    let mut report = clean();
    report
        .coverage
        .skip(Skip::Unreadable, "disk/bad-sector.bin");
    report
}

fn hostile() -> Report {
    said_everywhere(HOSTILE)
}

/// A path and evidence of a megabyte.
fn endless() -> Report {
    said_everywhere(&"long/".repeat(200_000))
}

/// Puts a text wherever the scanned tree has a say.
fn said_everywhere(text: &str) -> Report {
    let mut report = full();
    report.target.root = String::from(text);
    report.coverage.skip(Skip::Unreadable, text);
    report.violations[0].evidence = vec![Evidence::new(text.to_owned())];
    report.notices = vec![Notice::new(NoticeKind::Loosened, text)];
    for excused in &mut report.excused {
        excused.reason = String::from(text);
        say(text, &mut excused.finding);
    }
    for finding in &mut report.findings {
        say(text, finding);
    }
    report
}

fn say(text: &str, finding: &mut Finding) {
    let evidence = || vec![Evidence::new(text.to_owned())];
    finding.path = String::from(text);
    finding.key = Some(text.to_owned());
    finding.privilege.evidence = evidence();
    finding.validity.evidence = evidence();
    finding.environment.evidence = evidence();
    finding.lifetime.evidence = evidence();
    finding.purpose = Purpose {
        stated: Some(text.to_owned()),
        drift: true,
        evidence: evidence(),
    };
    finding.reachability = Reachability::of(vec![Facet {
        who: "an agent's file tools",
        how: text.to_owned(),
        exposure: Some(Exposure::Agent),
        evidence: Evidence::new(text.to_owned()),
    }]);
}

fn write(report: &Report, reporter: &dyn Reporter) -> String {
    let mut bytes = Vec::new();
    reporter
        .write(report, &mut bytes)
        .expect("a Vec takes every write");
    String::from_utf8(bytes).expect("reports are UTF-8")
}

fn json(report: &Report) -> Value {
    serde_json::from_str(&write(report, &Gitlab)).expect("the document is JSON")
}

/// What GitLab tells vulnerabilities apart by, and their ids.
fn signatures(report: &Report) -> Vec<(String, String)> {
    let document = json(report);
    let vulnerabilities = document["vulnerabilities"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    vulnerabilities
        .iter()
        .map(|one| {
            let signature = &one["tracking"]["items"][0]["signatures"][0]["value"];
            (text(&one["id"]), text(signature))
        })
        .collect()
}

/// A start tag.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// The start tags of a document. Panics where it is not well formed.
fn elements(xml: &str) -> Vec<Element> {
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let mut rest = xml.strip_prefix(declaration).expect("it says what it is");
    let mut open: Vec<String> = Vec::new();
    let mut elements = Vec::new();
    while let Some((text, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        unescape(text);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let element = element(tag.trim_end_matches('/'));
        if !tag.ends_with('/') {
            open.push(element.name.clone());
        }
        elements.push(element);
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{rest}");
    elements
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    while let Some((name, value)) = rest.split_once("=\"") {
        let (value, after) = value.split_once('"').expect("a value ends");
        let known = attributes.insert(name.trim().to_owned(), unescape(value));
        assert_eq!(known, None, "{name} is there twice");
        rest = after;
    }
    assert!(rest.trim().is_empty(), "{rest}");
    Element {
        name: name.to_owned(),
        attributes,
    }
}

/// Text with its references resolved. Panics at anything that XML 1.0 does not allow there.
fn unescape(text: &str) -> String {
    let forbidden = |c: char| (c != '\n' && acts(c)) || "<>\u{fffe}\u{ffff}".contains(c);
    assert_eq!(text.find(forbidden), None, "{text}");
    let references = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    for (at, _) in text.match_indices('&') {
        let known = references
            .iter()
            .any(|(name, _)| text[at..].starts_with(name));
        assert!(known, "{text}");
    }
    references
        .iter()
        .fold(text.to_owned(), |text, (name, c)| text.replace(name, c))
}

/// A workflow command as the runner understands it.
struct Command {
    level: &'static str,
    properties: BTreeMap<String, String>,
    message: String,
}

/// The commands of a log. Panics at one that is not ours, and at a line that begins otherwise.
fn commands(log: &str) -> Vec<Command> {
    let read = |line: &str| {
        // The runner looks for commands after blanks, too.
        let Some(command) = line.trim_start().strip_prefix("::") else {
            assert!(line.starts_with("straykey: "), "{line}");
            return None;
        };
        let (head, message) = command.split_once("::").expect("a command has a message");
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let level = ["error", "warning", "notice"]
            .into_iter()
            .find(|level| *level == name);
        let properties = properties
            .split(',')
            .filter_map(|one| one.split_once('='))
            .map(|(name, value)| (name.to_owned(), decode(value)));
        Some(Command {
            level: level.expect("it is a command of ours"),
            properties: properties.collect(),
            message: decode(message),
        })
    };
    log.lines().filter_map(read).collect()
}

fn decode(text: &str) -> String {
    text.replace("%3A", ":")
        .replace("%2C", ",")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%25", "%")
}

/// How many commands there are of each level.
fn levels(commands: &[Command]) -> BTreeMap<&'static str, usize> {
    let mut levels = BTreeMap::new();
    for command in commands {
        *levels.entry(command.level).or_default() += 1;
    }
    levels
}
