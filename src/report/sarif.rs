//! SARIF 2.1.0 for code scanning, and the only user of `serde-sarif`.
//!
//! Code scanning reads a severity from the rule only, not from the result, so a rule carries that
//! of its worst finding in this report; each result has its own level, rank and properties. No
//! secret and no snippet is ever written.

use super::inert::pretty;
use super::{Report, Reporter, markdown, remedy, words};
use crate::coverage::{Skip, Skipped};
use crate::display::sanitize;
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::privilege::Capability;
use crate::rule::Rule;
use crate::severity::{Band, Score};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, MultiformatMessageString, Notification,
    PhysicalLocation, PropertyBag, Region, ReportingDescriptor, ReportingDescriptorReference,
    ReportingDescriptorRelationship, Result as Alert, ResultLevel, Run, Sarif as Document, Tool,
    ToolComponent, ToolComponentReference,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Not the crate's constant, which points to a host that no longer serves it.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Code scanning shows no more than this of a run, and refuses a run of 25,000.
const MOST: usize = 5_000;
/// The weaknesses that a stray credential is.
const WEAKNESSES: [(&str, &str); 2] = [
    ("798", "Use of Hard-coded Credentials"),
    ("312", "Cleartext Storage of Sensitive Information"),
];

/// A SARIF document.
#[derive(Clone, Copy, Debug)]
pub struct Sarif;

impl Reporter for Sarif {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::builder()
            .schema(SCHEMA)
            .version(json!("2.1.0"))
            .runs([run(report)])
            .build();
        pretty(&document, out)
    }
}

fn run(report: &Report) -> Run {
    let mut findings = report.worst_first();
    findings.truncate(MOST);
    let rules = Rules::used(&findings);
    Run::builder()
        .tool(Tool::builder().driver(rules.driver()).build())
        .taxonomies([taxonomy()])
        .column_kind(json!("unicodeCodePoints"))
        .invocations([invocation(report)])
        .results(
            findings
                .iter()
                .map(|finding| alert(finding, rules.index(finding)))
                .collect::<Vec<_>>(),
        )
        .build()
}

/// The rules that fired, sorted by id, each with its worst score.
struct Rules<'r>(Vec<(&'r Rule, Score)>);

impl<'r> Rules<'r> {
    fn used(findings: &[&'r Finding]) -> Self {
        let mut worst: BTreeMap<&str, (&Rule, Score)> = BTreeMap::new();
        for finding in findings {
            let entry = worst
                .entry(&finding.rule.id)
                .or_insert((&finding.rule, finding.severity.score));
            entry.1 = entry.1.max(finding.severity.score);
        }
        Self(worst.into_values().collect())
    }

    fn index(&self, finding: &Finding) -> i64 {
        let at = self
            .0
            .iter()
            .position(|(rule, _)| rule.id == finding.rule.id);
        at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)
    }

    fn driver(&self) -> ToolComponent {
        let cwe = ToolComponentReference::builder()
            .name("CWE")
            .index(0)
            .build();
        ToolComponent::builder()
            .name("straykey")
            .version(env!("CARGO_PKG_VERSION"))
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(
                self.0
                    .iter()
                    .map(|(rule, score)| descriptor(rule, *score))
                    .collect::<Vec<_>>(),
            )
            .supported_taxonomies([cwe])
            .build()
    }
}

fn descriptor(rule: &Rule, worst: Score) -> ReportingDescriptor {
    let name = sanitize(&rule.name);
    let article = format!("{name} in reach of people and tools");
    let because = sanitize(&rule.record.because);
    let why = if because.is_empty() {
        String::new()
    } else {
        format!(" Why it matters: {because}.")
    };
    let mut descriptor = ReportingDescriptor::builder()
        .id(&*rule.id)
        .name(pascal_case(&rule.id))
        .short_description(text(article.clone()))
        .full_description(text(format!("{article}.{why}")))
        .help(help(rule))
        .relationships(WEAKNESSES.map(|(id, _)| relationship(id)))
        .properties(rule_properties(rule, worst))
        .build();
    let url = rule.record.revoke.as_ref().map(|place| place.url.clone());
    descriptor.help_uri = url.filter(|url| url.starts_with("https://"));
    descriptor
}

/// What anyone can do about a finding of this rule. The steps of a single finding are in its result.
fn help(rule: &Rule) -> MultiformatMessageString {
    let replace = (!rule.record.replace.is_empty())
        .then(|| format!("replace it by {}", sanitize(&rule.record.replace)));
    let revoke = remedy::revoke(rule.record.revoke.as_ref());
    let steps: Vec<_> = [
        Some(revoke),
        replace,
        Some("move it out of what tools can read".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let numbered = |escape: fn(&str) -> String| {
        let lines = steps
            .iter()
            .enumerate()
            .map(|(at, step)| format!("{}. {}", at + 1, escape(step)));
        lines.collect::<Vec<_>>().join("\n")
    };
    MultiformatMessageString::builder()
        .text(numbered(str::to_owned))
        .markdown(numbered(markdown::links))
        .build()
}

fn rule_properties(rule: &Rule, worst: Score) -> PropertyBag {
    let tags = [
        "security".to_owned(),
        "external/cwe/cwe-798".to_owned(),
        "external/cwe/cwe-312".to_owned(),
        rule.provider.to_string(),
    ];
    // Zero would mean "no security alert".
    let severity = if worst.value() < 0.1 {
        "0.1".to_owned()
    } else {
        worst.to_string()
    };
    let bag = BTreeMap::from([
        ("precision".to_owned(), json!(rule.confidence.as_str())),
        ("security-severity".to_owned(), json!(severity)),
    ]);
    PropertyBag::builder()
        .tags(tags)
        .additional_properties(bag)
        .build()
}

fn relationship(weakness: &str) -> ReportingDescriptorRelationship {
    let component = ToolComponentReference::builder()
        .name("CWE")
        .index(0)
        .build();
    let target = ReportingDescriptorReference::builder()
        .id(weakness)
        .tool_component(component)
        .build();
    ReportingDescriptorRelationship::builder()
        .target(target)
        .kinds(["superset".to_owned()])
        .build()
}

fn taxonomy() -> ToolComponent {
    let taxa = WEAKNESSES.map(|(id, name)| {
        let page = format!("https://cwe.mitre.org/data/definitions/{id}.html");
        ReportingDescriptor::builder()
            .id(id)
            .short_description(text(name.to_owned()))
            .help_uri(page)
            .build()
    });
    ToolComponent::builder()
        .name("CWE")
        .organization("MITRE")
        .short_description(text("The MITRE Common Weakness Enumeration".to_owned()))
        .information_uri("https://cwe.mitre.org/")
        .is_comprehensive(false)
        .taxa(taxa)
        .build()
}

fn alert(finding: &Finding, rule: i64) -> Alert {
    let fingerprints = BTreeMap::from([("straykey/v1".to_owned(), finding.fingerprint.clone())]);
    Alert::builder()
        .rule_id(&*finding.rule.id)
        .rule_index(rule)
        .level(level(finding.severity.band()))
        .rank((finding.severity.score.value() * 10.0).round())
        .message(message(&sentence(finding)))
        .locations([Location::builder()
            .physical_location(place(finding))
            .build()])
        .partial_fingerprints(fingerprints)
        .properties(
            PropertyBag::builder()
                .additional_properties(properties(finding))
                .build(),
        )
        .build()
}

fn level(band: Band) -> ResultLevel {
    match band {
        Band::Critical | Band::High => ResultLevel::Error,
        Band::Medium => ResultLevel::Warning,
        Band::Low => ResultLevel::Note,
    }
}

/// One sentence, because the first one is the title of the alert.
fn sentence(finding: &Finding) -> String {
    format!(
        "{} {} {}; {}; {}; reached by {}",
        words::name(finding),
        sanitize(&finding.preview),
        words::can(finding, 3),
        words::within(finding.environment.value),
        words::lifetime(finding.lifetime.value),
        words::reached_by(finding),
    )
}

fn place(finding: &Finding) -> PhysicalLocation {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let region = Region::builder()
        .start_line(number(finding.start.line))
        .start_column(number(finding.start.column))
        .end_line(number(finding.end.line))
        .end_column(number(finding.end.column))
        .build();
    PhysicalLocation::builder()
        .artifact_location(artifact(&finding.path))
        .region(region)
        .build()
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation::builder().uri(uri(path)).build()
}

/// A relative reference; absolute paths become `file:` addresses.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') {
        "file://".to_owned()
    } else {
        String::new()
    };
    for byte in path.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        let written = if plain {
            uri.write_char(byte.into())
        } else {
            write!(uri, "%{byte:02X}")
        };
        debug_assert!(written.is_ok(), "a String takes every write");
    }
    uri
}

fn properties(finding: &Finding) -> BTreeMap<String, Value> {
    let evidence = [
        &finding.validity.evidence,
        &finding.privilege.evidence,
        &finding.environment.evidence,
        &finding.lifetime.evidence,
        &finding.purpose.evidence,
    ];
    let facets = finding
        .reachability
        .facets
        .iter()
        .map(|facet| &facet.evidence);
    let evidence: Vec<_> = evidence
        .into_iter()
        .flatten()
        .chain(facets)
        .map(Evidence::as_str)
        .map(sanitize)
        .collect();
    let capabilities: Vec<_> = finding
        .privilege
        .capabilities
        .iter()
        .map(Capability::as_str)
        .collect();
    [
        ("privilege", json!({"capabilities": capabilities, "blast": finding.privilege.blast().as_str(), "certainty": finding.privilege.certainty.as_str()})),
        ("environment", json!(finding.environment.value.as_str())),
        ("lifetime", json!(finding.lifetime.value.as_str())),
        ("exposure", json!(finding.reachability.exposure.as_str())),
        ("score", json!(finding.severity.score.value())),
        ("confidence", json!(finding.confidence.as_str())),
        ("credential", json!(format!("cred-{}", finding.credential))),
        ("steps", json!(remedy::steps(finding))),
        ("evidence", json!(evidence)),
    ]
    .into_iter()
    .map(|(name, value)| (format!("straykey.{name}"), value))
    .collect()
}

fn invocation(report: &Report) -> Invocation {
    let coverage = &report.coverage;
    let left_out = report.findings.len().saturating_sub(MOST);
    let left_out = (left_out > 0).then(|| {
        notification(
            "warning",
            &format!("{left_out} more findings are left out: code scanning shows {MOST}"),
            &[],
        )
    });
    let stopped = coverage
        .interrupted
        .then(|| notification("error", "the scan was stopped before its end", &[]));
    let skips = coverage
        .skipped
        .iter()
        .map(|(&reason, skipped)| skip(reason, skipped));
    let scanned = notification("note", &words::coverage(report), &[]);
    Invocation::builder()
        .execution_successful(coverage.is_complete())
        .tool_execution_notifications(
            [scanned]
                .into_iter()
                .chain(left_out)
                .chain(stopped)
                .chain(skips)
                .collect::<Vec<_>>(),
        )
        .build()
}

fn skip(reason: Skip, skipped: &Skipped) -> Notification {
    let level = if reason.is_a_gap() { "warning" } else { "note" };
    notification(
        level,
        &format!("skipped {} ({})", skipped.count, reason.as_str()),
        &skipped.examples,
    )
}

fn notification(level: &str, sentence: &str, paths: &[String]) -> Notification {
    let location = |path: &String| {
        Location::builder()
            .physical_location(
                PhysicalLocation::builder()
                    .artifact_location(artifact(path))
                    .build(),
            )
            .build()
    };
    let mut notification = Notification::builder()
        .level(json!(level))
        .message(message(sentence))
        .build();
    notification.locations = (!paths.is_empty()).then(|| paths.iter().map(location).collect());
    notification
}

/// Plain text of a message. Brackets would make a link and braces a placeholder.
fn message(sentence: &str) -> Message {
    let mut text = String::with_capacity(sentence.len());
    for c in sentence.chars() {
        match c {
            '[' | ']' | '\\' => text.extend(['\\', c]),
            '{' | '}' => text.extend([c, c]),
            _ => text.push(c),
        }
    }
    Message::builder().text(text).build()
}

fn text(text: String) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// The rule's id as the readable name that SARIF asks for: `RailwayApiToken`.
fn pascal_case(id: &str) -> String {
    let upper = |word: &str| {
        word.chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(word.chars().skip(1))
            .collect::<String>()
    };
    id.split('-').map(upper).collect()
}
