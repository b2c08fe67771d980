//! Rules as code scanning has them: one for each of our rules and each band of severity.
//!
//! What a credential can do, where and for how long decides its severity, and code scanning takes
//! that from the rule. So `railway-api-token` is written as `railway-api-token.critical` where it
//! reaches production, and as `railway-api-token.low` where it does not. The id depends on the
//! finding alone, never on what else was found, so that an alert stays the same alert. A severity
//! within a band does not move it either: four values stand for the four bands.

use super::{message, taxonomy};
use crate::display::sanitize;
use crate::finding::Finding;
use crate::privilege::{Breadth, Capability};
use crate::report::{markdown, remedy};
use crate::rule::Rule;
use crate::rule::record::Record;
use crate::severity::{Band, Confidence};
use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ResultLevel,
};
use std::collections::BTreeMap;

/// The longest name that code scanning takes, in characters.
const NAME: usize = 255;
/// The longest description; it takes 1,024 characters, and escapes need a little room.
const DESCRIPTION: usize = 1_000;
/// Code scanning takes so many tags and shows the first ten.
const TAGS: usize = 20;

/// The id under which a finding of that band is reported.
pub(super) fn id(rule: &Rule, band: Band) -> String {
    format!("{}.{}", rule.id, band.as_str())
}

/// How loud a viewer is about a finding of that band.
pub(super) fn level(band: Band) -> ResultLevel {
    match band {
        Band::Critical | Band::High => ResultLevel::Error,
        Band::Medium => ResultLevel::Warning,
        Band::Low => ResultLevel::Note,
    }
}

/// The rules that fired, sorted by id and band.
pub(super) struct Rules<'r>(Vec<(&'r Rule, Band)>);

impl<'r> Rules<'r> {
    /// The rules of these findings.
    pub(super) fn used(findings: impl Iterator<Item = &'r Finding>) -> Self {
        let rules: BTreeMap<(&str, Band), &Rule> = findings
            .map(|finding| (key(finding), &*finding.rule))
            .collect();
        let rules = rules.into_iter().map(|((_, band), rule)| (rule, band));
        Self(rules.collect())
    }

    /// The place of a finding's rule; -1, which means none, for a finding that was not given.
    pub(super) fn index(&self, finding: &Finding) -> i64 {
        let wanted = key(finding);
        let at = self
            .0
            .binary_search_by(|(rule, band)| (&*rule.id, *band).cmp(&wanted));
        at.ok().and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)
    }

    /// The rules in full.
    pub(super) fn descriptors(&self) -> Vec<ReportingDescriptor> {
        let rules = self.0.iter();
        rules.map(|(rule, band)| descriptor(rule, *band)).collect()
    }
}

fn key(finding: &Finding) -> (&str, Band) {
    (&*finding.rule.id, finding.severity.band())
}

fn descriptor(rule: &Rule, band: Band) -> ReportingDescriptor {
    let title = format!("{} in reach of people and tools", rule.name);
    let full = format!("{title}. {} {}", ability(rule), reason(&rule.record));
    let mut descriptor = ReportingDescriptor::builder()
        .id(id(rule, band))
        .name(message::cut(&pascal_case(&id(rule, band)), NAME))
        .short_description(message::text(&message::cut(&title, NAME)))
        .full_description(message::text(message::cut(&full, DESCRIPTION).trim_end()))
        .help(help(rule))
        .default_configuration(ReportingConfiguration {
            level: Some(json!(level(band))),
            ..ReportingConfiguration::default()
        })
        .relationships(taxonomy::relationships())
        .properties(properties(rule, band))
        .build();
    let url = rule.record.revoke.as_ref().map(|place| place.url.clone());
    descriptor.help_uri = url.filter(|url| is_address(url));
    descriptor
}

/// True for an address that needs no escapes: a rule of the user's own may hold anything.
fn is_address(url: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte);
    url.starts_with("https://") && url.bytes().all(plain)
}

/// A sentence: what a credential of this kind can do.
fn ability(rule: &Rule) -> String {
    let record = &rule.record;
    let verbs: Vec<&str> = if record.verbs.is_empty() {
        record.capabilities.iter().map(Capability::verb).collect()
    } else {
        record.verbs.iter().map(String::as_str).collect()
    };
    let narrowed = if record.narrowing {
        ", unless its scope was narrowed"
    } else {
        ""
    };
    match (verbs.is_empty(), record.breadth) {
        (true, Breadth::None) => "It is meant to be public.".to_owned(),
        (true, _) => "What it can do is not known.".to_owned(),
        (false, _) => format!(
            "It {} {}{narrowed}.",
            record.certainty.auxiliary(),
            verbs.join(", ")
        ),
    }
}

/// A sentence: why it can do that; empty where the rule does not say.
fn reason(record: &Record) -> String {
    if record.because.is_empty() {
        String::new()
    } else {
        format!("Why: {}.", record.because)
    }
}

/// What anyone can do about a finding of this rule. The steps of one finding are in its result.
fn help(rule: &Rule) -> MultiformatMessageString {
    let (ability, reason, steps) = (ability(rule), reason(&rule.record), steps(rule));
    let page = |name: String, escape: fn(&str) -> String| {
        let steps = (1..)
            .zip(&steps)
            .map(|(at, step)| format!("{at}. {}", escape(step)));
        let steps = steps.collect::<Vec<_>>().join("\n");
        let parts = [name, escape(&ability), escape(&reason), steps];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    };
    MultiformatMessageString::builder()
        .text(page(message::escape(&rule.name), message::escape))
        .markdown(page(
            format!("**{}**", markdown::links(&rule.name)),
            markdown::links,
        ))
        .build()
}

fn steps(rule: &Rule) -> Vec<String> {
    let record = &rule.record;
    let replace = (!record.replace.is_empty())
        .then(|| format!("replace it by {}", sanitize(&record.replace)));
    let hide = "move it out of what tools can read: a keychain or secret store, handed over when it is needed";
    let ignore = format!(
        "if it has to stay: `straykey:allow[{}] reason` on its line keeps it out of scans",
        sanitize(&rule.id)
    );
    [remedy::revoke(record.revoke.as_ref())]
        .into_iter()
        .chain(replace)
        .chain([hide.to_owned(), ignore])
        .collect()
}

fn properties(rule: &Rule, band: Band) -> PropertyBag {
    let bag = BTreeMap::from([
        ("precision".to_owned(), json!(precision(rule))),
        ("security-severity".to_owned(), json!(severity(band))),
        ("straykey.rule".to_owned(), json!(rule.id)),
    ]);
    PropertyBag::builder()
        .tags(tags(rule))
        .additional_properties(bag)
        .build()
}

/// How rarely the rule is wrong. Surest is a format of its own that can be checked offline as well.
fn precision(rule: &Rule) -> &'static str {
    match rule.confidence {
        Confidence::High if !rule.validator.is_empty() => "very-high",
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// A value in the middle of what code scanning takes for that band, so that no edge is near.
fn severity(band: Band) -> &'static str {
    match band {
        Band::Critical => "9.5",
        Band::High => "8.0",
        Band::Medium => "5.5",
        Band::Low => "3.0",
    }
}

/// What alerts can be filtered by: the provider, what it can do, the weaknesses. Each once.
fn tags(rule: &Rule) -> Vec<String> {
    let capabilities = rule.record.capabilities.iter();
    let known = capabilities.filter(|&one| one != Capability::Unknown);
    let all = ["security", "secrets", &*rule.provider]
        .map(str::to_owned)
        .into_iter()
        .chain(taxonomy::tags())
        .chain(known.map(|one| one.as_str().to_owned()));
    let mut tags: Vec<String> = Vec::new();
    for tag in all {
        if !tags.contains(&tag) && tags.len() < TAGS {
            tags.push(tag);
        }
    }
    tags
}

/// An id as the readable name that SARIF asks for: `RailwayApiTokenCritical`.
fn pascal_case(id: &str) -> String {
    let upper = |word: &str| {
        let first = word.chars().take(1).flat_map(char::to_uppercase);
        first.chain(word.chars().skip(1)).collect::<String>()
    };
    id.split(['-', '.']).map(upper).collect()
}
