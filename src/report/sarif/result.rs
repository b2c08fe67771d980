//! One result: what code scanning makes an alert of.

use super::flow;
use super::message::{self, LONG, Prose};
use super::place;
use super::properties;
use super::related::Related;
use super::rule::{self, Rules};
use super::taxonomy;
use crate::display::sanitize;
use crate::finding::{Excuse, Excused, Finding};
use crate::report::{Report, Violation, words};
use serde_json::json;
use serde_sarif::sarif::{Message, Result as SarifResult, Suppression};
use std::collections::BTreeMap;

/// How many digits of a commit's id are shown; git itself shows fewer.
const SHORT: usize = 12;

/// What becomes a result.
#[derive(Clone, Copy)]
pub(super) struct Subject<'r> {
    pub(super) finding: &'r Finding,
    /// Why it does not count; None where it does.
    excused: Option<&'r Excused>,
}

impl<'r> Subject<'r> {
    pub(super) fn counted(finding: &'r Finding) -> Self {
        Self {
            finding,
            excused: None,
        }
    }

    pub(super) fn excused(excused: &'r Excused) -> Self {
        Self {
            finding: &excused.finding,
            excused: Some(excused),
        }
    }
}

/// What a result takes from the rest of the report.
pub(super) struct Context<'r> {
    rules: &'r Rules<'r>,
    /// By the number of the credential.
    places: BTreeMap<u32, Vec<&'r Finding>>,
    /// By fingerprint.
    violations: BTreeMap<&'r str, Vec<&'r Violation>>,
    /// True where there is a baseline.
    compared: bool,
}

impl<'r> Context<'r> {
    pub(super) fn new(report: &'r Report, subjects: &[Subject<'r>], rules: &'r Rules<'r>) -> Self {
        let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for subject in subjects {
            let credential = subject.finding.credential;
            places.entry(credential).or_default().push(subject.finding);
        }
        let mut violations: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for violation in &report.violations {
            let finding = violation.finding.as_str();
            violations.entry(finding).or_default().push(violation);
        }
        Self {
            rules,
            places,
            violations,
            compared: report.comparison.is_some(),
        }
    }

    pub(super) fn result(&self, subject: Subject<'r>) -> SarifResult {
        let finding = subject.finding;
        let band = finding.severity.band();
        let places = self.places.get(&finding.credential);
        let related = Related::of(finding, places.map(Vec::as_slice).unwrap_or_default());
        let violations = self.violations.get(finding.fingerprint.as_str());
        let violations = violations.map(Vec::as_slice).unwrap_or_default();
        let mut result = SarifResult::builder()
            .rule_id(rule::id(&finding.rule, band))
            .rule_index(self.rules.index(finding))
            .level(rule::level(band))
            .rank((finding.severity.score.value() * 10.0).round())
            .message(message(finding, &related, violations))
            .locations([place::of(finding)])
            .partial_fingerprints(fingerprints(finding))
            .properties(properties::of(finding, violations))
            .build();
        result.related_locations = related.locations();
        result.code_flows = flow::of(finding).map(|flow| vec![flow]);
        result.taxa = taxonomy::of(finding);
        result.suppressions = subject.excused.map(|excused| vec![suppression(excused)]);
        result.baseline_state = self.state(subject).map(|state| json!(state));
        result
    }

    /// How the result stands to the baseline; None without one, and where an excuse does not tell.
    fn state(&self, subject: Subject<'_>) -> Option<&'static str> {
        match subject.excused.map(|excused| excused.by) {
            _ if !self.compared => None,
            None => Some("new"),
            Some(Excuse::Baseline | Excuse::Committed) => Some("unchanged"),
            Some(Excuse::Mark | Excuse::Allow | Excuse::Compat(_)) => None,
        }
    }
}

/// The first sentence is the title of the alert.
fn message(finding: &Finding, related: &Related<'_>, violations: &[&Violation]) -> Message {
    let mut prose = Prose::default();
    prose.plain(&format!("{}.", title(finding)));
    prose.plain(&format!(
        " Lifetime: {}. Reached by {}.",
        words::lifetime(finding.lifetime.value),
        words::reached_by(finding)
    ));
    if let Some(commit) = &finding.commit {
        let id = commit.id.get(..SHORT).unwrap_or(&commit.id);
        prose.plain(&format!(" Commit {id} brought it in."));
    }
    for violation in violations {
        let because = message::cut(&words::because(&violation.evidence), LONG);
        prose.plain(&format!(" Breaks {}: {because}.", violation.kind));
    }
    related.tell(&mut prose);
    prose.finish()
}

/// What it is, what it can do and where.
fn title(finding: &Finding) -> String {
    let title = format!(
        "{} {} {}; {}",
        words::name(finding),
        sanitize(&finding.preview),
        words::can(finding, 3),
        words::within(finding.environment.value)
    );
    message::one_sentence(&message::cut(&title, LONG))
}

fn fingerprints(finding: &Finding) -> BTreeMap<String, String> {
    let own = ("straykey/v1", finding.fingerprint.clone());
    let line = finding.line_hash.clone();
    // GitHub reads this one alone, and makes it from the file where it is missing.
    let line = line.map(|hash| ("primaryLocationLineHash", hash));
    [own]
        .into_iter()
        .chain(line)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn suppression(excused: &Excused) -> Suppression {
    let kind = match excused.by {
        Excuse::Mark => "inSource",
        Excuse::Allow | Excuse::Baseline | Excuse::Compat(_) | Excuse::Committed => "external",
    };
    let by = excused.by.as_str();
    let reason = message::cut(&sanitize(&excused.reason), LONG);
    let justification = if reason.is_empty() {
        by
    } else {
        format!("{by}: {reason}")
    };
    Suppression::builder()
        .kind(json!(kind))
        .status(json!("accepted"))
        .justification(justification)
        .build()
}
