//! The JSON document: the contract with programs, `straykey/report/v1`.
//!
//! The structs here are the contract, field by field; `schema/report-v1.schema.json` says the same
//! to others. They borrow from [`Finding`] rather than derive from it, so that the one can change
//! without the other. Text of the scanned tree is kept to the letter, unlike in the reports for
//! people: what a terminal would obey is written as `\u` escapes, which lose nothing.

use super::inert::pretty;
use super::{Report, Reporter, Violation, remedy, words};
use crate::coverage::Coverage;
use crate::environment::Environment;
use crate::evidence::{Evidence, Judged};
use crate::finding::{Commit, Excused, Finding, Identity, Purpose, Validity};
use crate::notice::{Comparison, Notice};
use crate::privilege::{Capability, Privilege};
use crate::reachability::Reachability;
use crate::severity::{Band, Severity};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// One JSON document.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl Reporter for Json {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        pretty(&V1Report::new(report), out)
    }
}

#[derive(Serialize)]
struct V1Report<'r> {
    schema: &'static str,
    tool: V1Tool,
    target: V1Target<'r>,
    config: Option<&'r str>,
    coverage: V1Coverage<'r>,
    summary: V1Summary,
    baseline: Option<V1Baseline>,
    findings: Vec<V1Finding<'r>>,
    excused: Vec<V1Excused<'r>>,
    violations: Vec<V1Violation<'r>>,
    notices: Vec<V1Notice<'r>>,
}

#[derive(Serialize)]
struct V1Tool {
    name: &'static str,
    version: &'static str,
    rules: usize,
}

#[derive(Serialize)]
struct V1Target<'r> {
    root: &'r str,
    mode: &'static str,
    task_environment: &'static str,
}

#[derive(Serialize)]
struct V1Coverage<'r> {
    files: u64,
    bytes: u64,
    elapsed_ms: u64,
    complete: bool,
    nothing_because: Option<&'r str>,
    skipped: Vec<V1Skipped<'r>>,
}

#[derive(Serialize)]
struct V1Skipped<'r> {
    reason: &'static str,
    count: u64,
    examples: &'r [String],
}

#[derive(Serialize)]
struct V1Summary {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    suppressed: usize,
    excused: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct V1Baseline {
    new: usize,
    known: usize,
    moved: usize,
    gone: usize,
}

/// One finding: an element of the document, and a line of its own in `jsonl`.
#[derive(Serialize)]
pub(super) struct V1Finding<'r> {
    rule: &'r str,
    provider: &'r str,
    kind: &'r str,
    confidence: &'static str,
    path: &'r str,
    start_line: u64,
    start_column: u64,
    end_line: u64,
    end_column: u64,
    source: &'static str,
    commit: Option<V1Commit<'r>>,
    secret: &'r str,
    fingerprint: &'r str,
    identity: &'static str,
    credential: String,
    validity: V1Judged<'r>,
    privilege: V1Privilege<'r>,
    environment: V1Judged<'r>,
    lifetime: V1Lifetime<'r>,
    purpose: V1Purpose<'r>,
    reachability: V1Reachability<'r>,
    severity: V1Severity,
    remedy: V1Remedy<'r>,
}

#[derive(Serialize)]
struct V1Commit<'r> {
    id: &'r str,
    author: Option<&'r str>,
    time: Option<String>,
}

#[derive(Serialize)]
struct V1Judged<'r> {
    value: &'static str,
    evidence: Vec<&'r str>,
}

#[derive(Serialize)]
struct V1Privilege<'r> {
    capabilities: Vec<&'static str>,
    breadth: &'static str,
    blast: &'static str,
    certainty: &'static str,
    identity: &'static str,
    recovery: Option<V1Recovery<'r>>,
    evidence: Vec<&'r str>,
}

#[derive(Serialize)]
struct V1Recovery<'r> {
    window: &'r str,
    takes_backups: bool,
}

#[derive(Serialize)]
struct V1Lifetime<'r> {
    value: &'static str,
    expires_at: Option<String>,
    age_days: Option<u32>,
    evidence: Vec<&'r str>,
}

#[derive(Serialize)]
struct V1Purpose<'r> {
    stated: Option<&'r str>,
    drift: bool,
    evidence: Vec<&'r str>,
}

#[derive(Serialize)]
struct V1Reachability<'r> {
    exposure: &'static str,
    facets: Vec<V1Facet<'r>>,
}

#[derive(Serialize)]
struct V1Facet<'r> {
    who: &'static str,
    how: &'r str,
    evidence: &'r str,
}

#[derive(Serialize)]
struct V1Severity {
    band: &'static str,
    score: f64,
    factors: V1Factors,
}

#[derive(Serialize)]
struct V1Factors {
    privilege: f64,
    environment: f64,
    lifetime: f64,
    exposure: f64,
}

#[derive(Serialize)]
struct V1Remedy<'r> {
    revoke: Option<V1Revoke<'r>>,
    replace: &'r str,
    steps: Vec<String>,
}

#[derive(Serialize)]
struct V1Revoke<'r> {
    title: &'r str,
    url: &'r str,
}

#[derive(Serialize)]
struct V1Violation<'r> {
    kind: &'static str,
    finding: &'r str,
    evidence: Vec<&'r str>,
}

/// A finding that does not count.
#[derive(Serialize)]
struct V1Excused<'r> {
    by: String,
    reason: &'r str,
    finding: V1Finding<'r>,
}

#[derive(Serialize)]
struct V1Notice<'r> {
    kind: &'static str,
    text: &'r str,
}

impl<'r> V1Report<'r> {
    fn new(report: &'r Report) -> Self {
        let target = &report.target;
        Self {
            schema: "straykey/report/v1",
            tool: V1Tool {
                name: "straykey",
                version: env!("CARGO_PKG_VERSION"),
                rules: report.rules,
            },
            target: V1Target {
                root: &target.root,
                mode: target.mode,
                task_environment: target.task_environment.as_str(),
            },
            config: report.config.as_deref(),
            coverage: V1Coverage::new(&report.coverage),
            summary: V1Summary::new(report),
            baseline: report.comparison.map(V1Baseline::new),
            findings: report.findings.iter().map(V1Finding::new).collect(),
            excused: report.excused.iter().map(V1Excused::new).collect(),
            violations: report.violations.iter().map(V1Violation::new).collect(),
            notices: report.notices.iter().map(V1Notice::new).collect(),
        }
    }
}

impl<'r> V1Coverage<'r> {
    fn new(coverage: &'r Coverage) -> Self {
        let skipped = coverage.skipped.iter();
        Self {
            files: coverage.files,
            bytes: coverage.bytes,
            elapsed_ms: coverage.elapsed_ms,
            complete: coverage.is_complete(),
            nothing_because: coverage.vacant.as_deref(),
            skipped: skipped
                .map(|(reason, one)| V1Skipped {
                    reason: reason.as_str(),
                    count: one.count,
                    examples: &one.examples,
                })
                .collect(),
        }
    }
}

impl V1Summary {
    fn new(report: &Report) -> Self {
        let mut excused: BTreeMap<String, usize> = BTreeMap::new();
        for one in &report.excused {
            *excused.entry(one.by.as_str()).or_default() += 1;
        }
        Self {
            critical: report.count(Band::Critical),
            high: report.count(Band::High),
            medium: report.count(Band::Medium),
            low: report.count(Band::Low),
            suppressed: report.suppressed(),
            excused,
        }
    }
}

impl V1Baseline {
    fn new(comparison: Comparison) -> Self {
        Self {
            new: comparison.new,
            known: comparison.known,
            moved: comparison.moved,
            gone: comparison.gone,
        }
    }
}

impl<'r> V1Finding<'r> {
    pub(super) fn new(finding: &'r Finding) -> Self {
        Self {
            rule: &finding.rule.id,
            provider: &finding.rule.provider,
            kind: finding.kind(),
            confidence: finding.confidence.as_str(),
            path: &finding.path,
            start_line: finding.start.line,
            start_column: finding.start.column,
            end_line: finding.end.line,
            end_column: finding.end.column,
            source: finding.source.as_str(),
            commit: finding.commit.as_deref().map(V1Commit::new),
            secret: &finding.preview,
            fingerprint: &finding.fingerprint,
            identity: match finding.identity {
                Identity::Value => "value",
                Identity::Place => "place",
            },
            credential: format!("cred-{}", finding.credential),
            validity: V1Judged::new(&finding.validity, Validity::as_str),
            privilege: V1Privilege::new(&finding.privilege),
            environment: V1Judged::new(&finding.environment, Environment::as_str),
            lifetime: V1Lifetime::new(finding),
            purpose: V1Purpose::new(&finding.purpose),
            reachability: V1Reachability::new(&finding.reachability),
            severity: V1Severity::new(&finding.severity),
            remedy: V1Remedy::new(finding),
        }
    }
}

impl<'r> V1Commit<'r> {
    fn new(commit: &'r Commit) -> Self {
        Self {
            id: &commit.id,
            author: commit.author.as_deref(),
            time: words::rfc3339(commit.time),
        }
    }
}

impl<'r> V1Judged<'r> {
    fn new<T: Copy>(judged: &'r Judged<T>, name: impl Fn(T) -> &'static str) -> Self {
        Self {
            value: name(judged.value),
            evidence: sentences(&judged.evidence),
        }
    }
}

impl<'r> V1Privilege<'r> {
    fn new(privilege: &'r Privilege) -> Self {
        let recovery = privilege.recovery.as_ref();
        Self {
            capabilities: privilege
                .capabilities
                .iter()
                .map(Capability::as_str)
                .collect(),
            breadth: privilege.breadth.as_str(),
            blast: privilege.blast().as_str(),
            certainty: privilege.certainty.as_str(),
            identity: privilege.identity.as_str(),
            recovery: recovery.map(|one| V1Recovery {
                window: &one.window,
                takes_backups: one.takes_backups,
            }),
            evidence: sentences(&privilege.evidence),
        }
    }
}

impl<'r> V1Lifetime<'r> {
    fn new(finding: &'r Finding) -> Self {
        let lifetime = finding.lifetime.value;
        Self {
            value: lifetime.as_str(),
            expires_at: lifetime.expires_at().and_then(words::rfc3339),
            age_days: finding.age_days,
            evidence: sentences(&finding.lifetime.evidence),
        }
    }
}

impl<'r> V1Purpose<'r> {
    fn new(purpose: &'r Purpose) -> Self {
        Self {
            stated: purpose.stated.as_deref(),
            drift: purpose.drift,
            evidence: sentences(&purpose.evidence),
        }
    }
}

impl<'r> V1Reachability<'r> {
    fn new(reachability: &'r Reachability) -> Self {
        let facets = reachability.facets.iter();
        Self {
            exposure: reachability.exposure.as_str(),
            facets: facets
                .map(|one| V1Facet {
                    who: one.who,
                    how: &one.how,
                    evidence: one.evidence.as_str(),
                })
                .collect(),
        }
    }
}

impl V1Severity {
    fn new(severity: &Severity) -> Self {
        let factors = V1Factors {
            privilege: severity.privilege,
            environment: severity.environment,
            lifetime: severity.lifetime,
            exposure: severity.exposure,
        };
        Self {
            band: severity.band().as_str(),
            score: severity.score.value(),
            factors,
        }
    }
}

impl<'r> V1Remedy<'r> {
    fn new(finding: &'r Finding) -> Self {
        let record = &finding.rule.record;
        let revoke = record.revoke.as_ref().map(|place| V1Revoke {
            title: &place.title,
            url: &place.url,
        });
        Self {
            revoke,
            replace: &record.replace,
            steps: remedy::steps(finding),
        }
    }
}

impl<'r> V1Violation<'r> {
    fn new(violation: &'r Violation) -> Self {
        Self {
            kind: violation.kind,
            finding: &violation.finding,
            evidence: sentences(&violation.evidence),
        }
    }
}

impl<'r> V1Excused<'r> {
    fn new(excused: &'r Excused) -> Self {
        Self {
            by: excused.by.as_str(),
            reason: &excused.reason,
            finding: V1Finding::new(&excused.finding),
        }
    }
}

impl<'r> V1Notice<'r> {
    fn new(notice: &'r Notice) -> Self {
        Self {
            kind: notice.kind.as_str(),
            text: &notice.text,
        }
    }
}

fn sentences(evidence: &[Evidence]) -> Vec<&str> {
    evidence.iter().map(Evidence::as_str).collect()
}
