//! GitLab's report of secret detection, `gl-secret-detection-report.json`, by its schema 15.0.4.
//!
//! GitLab shows descriptions and solutions as Markdown, so both are escaped as such. It tells
//! vulnerabilities apart by their tracking signature; that is the fingerprint, numbered where one
//! credential lies in several places, so that each place is shown and none is tied to a line.

use super::alert::{self, clip};
use super::inert::pretty;
use super::markdown::{escape, links};
use super::{Report, Reporter, remedy, words};
use crate::display::{counted, sanitize};
use crate::finding::Finding;
use crate::lifetime::UnixSeconds;
use crate::severity::{Band, Confidence};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The version of the schema.
const SCHEMA: &str = "15.0.4";
/// As many as our SARIF holds; the worst are kept.
const MOST: usize = 5_000;
/// Characters that the schema allows.
const NAME: usize = 255;
const SOLUTION: usize = 7_000;
/// A commit is required, and a file of the working tree is in none.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";

/// A report for GitLab.
#[derive(Clone, Copy, Debug)]
pub struct Gitlab;

impl Reporter for Gitlab {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        pretty(&Document::new(report), out)
    }
}

#[derive(Serialize)]
struct Document {
    version: &'static str,
    scan: Scan,
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Serialize)]
struct Scan {
    analyzer: Tool,
    scanner: Tool,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    start_time: String,
    end_time: String,
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Tool {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    vendor: Vendor,
}

#[derive(Serialize)]
struct Vendor {
    name: &'static str,
}

#[derive(Serialize)]
struct Message {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability {
    id: String,
    name: String,
    description: String,
    severity: &'static str,
    solution: String,
    identifiers: [Identifier; 2],
    links: Vec<Link>,
    location: Location,
    tracking: Tracking,
    flags: Vec<Flag>,
}

#[derive(Serialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Link {
    name: String,
    url: String,
}

#[derive(Serialize)]
struct Location {
    file: String,
    start_line: u64,
    end_line: u64,
    commit: Commit,
}

#[derive(Serialize)]
struct Commit {
    sha: String,
}

#[derive(Serialize)]
struct Tracking {
    #[serde(rename = "type")]
    kind: &'static str,
    items: [Item; 1],
}

#[derive(Serialize)]
struct Item {
    file: String,
    start_line: u64,
    end_line: u64,
    signatures: [Signature; 1],
}

#[derive(Serialize)]
struct Signature {
    algorithm: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Flag {
    #[serde(rename = "type")]
    kind: &'static str,
    origin: &'static str,
    description: &'static str,
}

impl Document {
    fn new(report: &Report) -> Self {
        let mut findings = signed(report);
        findings.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity.score));
        findings.truncate(MOST);
        let vulnerabilities = findings
            .into_iter()
            .map(|(finding, signature)| Vulnerability::new(finding, signature));
        Self {
            version: SCHEMA,
            scan: Scan::new(report),
            vulnerabilities: vulnerabilities.collect(),
        }
    }
}

/// Each finding with a name of its own: the fingerprint, and which of the places that share it.
fn signed(report: &Report) -> Vec<(&Finding, String)> {
    let mut places: BTreeMap<&str, u64> = BTreeMap::new();
    let mut signed = Vec::with_capacity(report.findings.len());
    for finding in &report.findings {
        let place = places.entry(&finding.fingerprint).or_default();
        *place += 1;
        signed.push((finding, format!("{}:{place}", finding.fingerprint)));
    }
    signed
}

impl Scan {
    fn new(report: &Report) -> Self {
        let seconds = report.coverage.elapsed_ms.div_ceil(1000);
        let seconds = UnixSeconds::try_from(seconds).unwrap_or(0);
        Self {
            analyzer: Tool::straykey(),
            scanner: Tool::straykey(),
            kind: "secret_detection",
            status: if report.coverage.is_complete() {
                "success"
            } else {
                "failure"
            },
            start_time: alert::moment(report.now),
            end_time: alert::moment(report.now.saturating_add(seconds)),
            messages: messages(report),
        }
    }
}

impl Tool {
    fn straykey() -> Self {
        Self {
            id: "straykey",
            name: "straykey",
            version: env!("CARGO_PKG_VERSION"),
            vendor: Vendor { name: "straykey" },
        }
    }
}

fn messages(report: &Report) -> Vec<Message> {
    let message = |warning: bool, value: String| Message {
        level: if warning { "warn" } else { "info" },
        value,
    };
    let left_out = report.findings.len().saturating_sub(MOST);
    let left_out = (left_out > 0).then(|| {
        let number = counted(left_out as u64, "finding");
        message(true, format!("{number} more, less severe, left out here"))
    });
    let remarks = alert::remarks(report).into_iter();
    [message(false, words::coverage(report))]
        .into_iter()
        .chain(left_out)
        .chain(remarks.map(|remark| message(remark.warning, remark.text)))
        .collect()
}

impl Vulnerability {
    fn new(finding: &Finding, signature: String) -> Self {
        let rule = sanitize(&finding.rule.id);
        let unsure = finding.confidence == Confidence::Low;
        Self {
            id: uuid(&signature),
            name: clip(&alert::title(finding), NAME),
            description: description(finding),
            severity: severity(finding.severity.band()),
            solution: solution(finding),
            identifiers: [
                Identifier {
                    kind: "straykey_rule_id",
                    name: format!("straykey rule {rule}"),
                    value: rule.into_owned(),
                },
                Identifier {
                    kind: "cwe",
                    name: "CWE-798".to_owned(),
                    value: "798".to_owned(),
                },
            ],
            links: revocation(finding).into_iter().collect(),
            location: Location::new(finding),
            tracking: Tracking::new(finding, signature),
            flags: unsure.then(Flag::unsure).into_iter().collect(),
        }
    }
}

/// A UUID of version 8, which leaves the bits to whoever makes it: here a hash of the signature.
fn uuid(signature: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(signature.as_bytes()).into();
    let hash = data_encoding::HEXLOWER.encode(&digest[..16]);
    // The variant of RFC 9562 is one of the digits 8, 9, a and b.
    let variant = ["8", "9", "a", "b"][usize::from(digest[8] >> 6)];
    format!(
        "{}-{}-8{}-{variant}{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..]
    )
}

fn description(finding: &Finding) -> String {
    let reasons = alert::reasons(finding);
    let reasons: Vec<_> = reasons
        .iter()
        .map(|(what, why)| {
            let colon = if why.is_empty() { "" } else { ": " };
            format!("- {}{colon}{}", escape(what), escape(why))
        })
        .collect();
    let sentence = escape(&alert::sentence(finding));
    format!("{sentence}.\n\n{}", reasons.join("\n"))
}

fn solution(finding: &Finding) -> String {
    let steps = remedy::steps(finding);
    let steps = steps.iter().enumerate();
    let steps: Vec<_> = steps
        .map(|(at, step)| format!("{}. {}", at + 1, links(step)))
        .collect();
    clip(&steps.join("\n"), SOLUTION)
}

fn severity(band: Band) -> &'static str {
    match band {
        Band::Critical => "Critical",
        Band::High => "High",
        Band::Medium => "Medium",
        Band::Low => "Low",
    }
}

/// The page to revoke it on.
fn revocation(finding: &Finding) -> Option<Link> {
    let place = finding.rule.record.revoke.as_ref()?;
    let link = || Link {
        name: clip(&sanitize(&place.title), NAME),
        url: sanitize(&place.url).into_owned(),
    };
    place.url.starts_with("https://").then(link)
}

impl Location {
    fn new(finding: &Finding) -> Self {
        let commit = finding.commit.as_ref();
        Self {
            file: alert::path(finding),
            start_line: finding.start.line,
            end_line: finding.end.line,
            commit: Commit {
                sha: commit.map_or_else(|| NO_COMMIT.to_owned(), |commit| commit.id.clone()),
            },
        }
    }
}

impl Tracking {
    fn new(finding: &Finding, signature: String) -> Self {
        Self {
            kind: "source",
            items: [Item {
                file: alert::path(finding),
                start_line: finding.start.line,
                end_line: finding.end.line,
                // GitLab heeds a signature only under a name that it knows; this one is the plainest.
                signatures: [Signature {
                    algorithm: "hash",
                    value: signature,
                }],
            }],
        }
    }
}

impl Flag {
    fn unsure() -> Self {
        Self {
            kind: "flagged-as-likely-false-positive",
            origin: "straykey",
            description: "low confidence: it only looks like a credential, or its checksum is wrong",
        }
    }
}
