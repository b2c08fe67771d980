//! The words that the reports for people share: what a finding can do, where, for how long, and
//! who reaches it. One place, so that the terminal, a comment and an alert say the same.

use crate::coverage::{Coverage, Skip, Skipped};
use crate::display::{bytes, counted, duration, sanitize, thousands};
use crate::environment::Environment;
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::lifetime::{Lifetime, UnixSeconds};
use crate::privilege::{Breadth, Recovery};
use crate::reachability::Exposure;
use crate::report::Report;
use jiff::Timestamp;

/// What this credential is called.
pub(super) fn name(finding: &Finding) -> String {
    sanitize(&finding.rule.name).into_owned()
}

/// Path and line.
pub(super) fn place(finding: &Finding) -> String {
    format!("{}:{}", sanitize(&finding.path), finding.start.line)
}

/// The worst uses, at most `most` of them: "delete volumes and their backups, deploy code, 2 more".
pub(super) fn uses(finding: &Finding, most: usize) -> String {
    let verbs = finding.verbs();
    let mut shown: Vec<String> = verbs
        .iter()
        .take(most)
        .map(|verb| sanitize(verb).into_owned())
        .collect();
    match verbs.len().saturating_sub(most) {
        _ if verbs.is_empty() && finding.privilege.breadth == Breadth::None => {
            "nothing: it is meant to be public".to_owned()
        }
        _ if verbs.is_empty() => "nothing known".to_owned(),
        0 => shown.join(", "),
        more => {
            shown.push(format!("{more} more"));
            shown.join(", ")
        }
    }
}

/// A whole sentence part: "can usually delete volumes, unless its scope was narrowed".
pub(super) fn can(finding: &Finding, most: usize) -> String {
    let narrowed = if finding.privilege.narrowing {
        ", unless its scope was narrowed"
    } else {
        ""
    };
    format!(
        "{} {}{narrowed}",
        finding.privilege.certainty.auxiliary(),
        uses(finding, most)
    )
}

/// Where it works, as the end of a sentence.
pub(super) fn within(value: Environment) -> &'static str {
    match value {
        Environment::Production => "in production",
        Environment::All => "in every environment",
        Environment::Unknown => "in an unknown environment",
        Environment::Staging => "in staging",
        Environment::Test => "in a test environment",
        Environment::Local => "on this machine",
    }
}

/// Where it works, in a cell.
pub(super) fn environment(value: Environment) -> &'static str {
    match value {
        Environment::All => "every environment",
        Environment::Unknown => "unknown",
        other => other.as_str(),
    }
}

/// How long it works.
pub(super) fn lifetime(value: Lifetime) -> String {
    match value {
        Lifetime::LongLived => "no expiry".to_owned(),
        Lifetime::Unknown => "expiry unknown".to_owned(),
        Lifetime::Bounded { days } => format!("up to {}", counted(days.into(), "day")),
        Lifetime::ExpiresAt(at) => format!("until {}", day(at)),
        Lifetime::ShortLived => "a day at most".to_owned(),
        Lifetime::Expired(at) => format!("expired {}", day(at)),
    }
}

/// A moment as RFC 3339 in UTC; None beyond what a calendar holds.
pub(super) fn rfc3339(at: UnixSeconds) -> Option<String> {
    Timestamp::from_second(at)
        .ok()
        .map(|moment| moment.to_string())
}

fn day(at: UnixSeconds) -> String {
    let moment = rfc3339(at).unwrap_or_else(|| "far future".to_owned());
    moment.split('T').next().unwrap_or_default().to_owned()
}

/// Who reaches it: the widest open facet, or what the exposure means.
pub(super) fn reached_by(finding: &Finding) -> &'static str {
    let open = finding
        .reachability
        .facets
        .iter()
        .find(|facet| facet.exposure.is_some());
    open.map_or(exposure(finding.reachability.exposure), |facet| facet.who)
}

fn exposure(value: Exposure) -> &'static str {
    match value {
        Exposure::Public => "anyone",
        Exposure::Shared => "whoever has the repository or this machine",
        Exposure::Agent => "an agent's file tools",
        Exposure::Shell => "a shell of this user",
        Exposure::Fenced => "nobody past the sandbox",
        Exposure::Unreadable => "not this user",
    }
}

/// What a deletion leaves, where a deletion is possible at all.
pub(super) fn recovery(value: &Recovery) -> String {
    let backups = if value.takes_backups {
        "; the backups are deleted too"
    } else {
        ""
    };
    match value.window.as_str() {
        "" | "none" => format!("a deletion is final{backups}"),
        window => format!("a deletion can be undone for {}{backups}", sanitize(window)),
    }
}

/// Sentences of evidence as one line.
pub(super) fn because(evidence: &[Evidence]) -> String {
    let sentences: Vec<_> = evidence
        .iter()
        .map(|sentence| sanitize(sentence.as_str()))
        .collect();
    sentences.join("; ")
}

/// What was scanned: "scanned 12,431 files, 310 MB in 0.8 s with 212 rules; skipped 1 (1 link)".
pub(super) fn coverage(report: &Report) -> String {
    let coverage = &report.coverage;
    format!(
        "scanned {}, {} in {} with {}{}{}",
        counted(coverage.files, "file"),
        bytes(coverage.bytes),
        duration(coverage.elapsed_ms),
        counted(report.rules as u64, "rule"),
        skipped(coverage),
        excused(report),
    )
}

/// What marks in the tree have kept out of the report.
fn excused(report: &Report) -> String {
    match report.suppressed {
        0 => String::new(),
        many => format!("; {} excused by marks", counted(many as u64, "finding")),
    }
}

fn skipped(coverage: &Coverage) -> String {
    let total: u64 = coverage.skipped.values().map(|skipped| skipped.count).sum();
    let reasons: Vec<_> = coverage
        .skipped
        .iter()
        .map(|(&reason, skipped)| skip(reason, skipped.count))
        .collect();
    if total == 0 {
        String::new()
    } else {
        format!("; skipped {} ({})", thousands(total), reasons.join(", "))
    }
}

fn skip(reason: Skip, count: u64) -> String {
    match reason {
        Skip::Unreadable => format!("{} unreadable", thousands(count)),
        Skip::PermissionDenied => format!("{} without permission", thousands(count)),
        Skip::Vanished => format!("{} gone meanwhile", thousands(count)),
        Skip::NotAFile => counted(count, "special file"),
        Skip::Symlink => counted(count, "symbolic link"),
        Skip::Budget => format!("{} given up half-way", thousands(count)),
        Skip::Internal => format!("{} by an error in straykey", thousands(count)),
    }
}

/// Why "no findings" would prove nothing: a sentence for every gap. Empty where there is none.
pub(super) fn gaps(coverage: &Coverage) -> Vec<String> {
    let reach = |reason: Skip| reason == Skip::PermissionDenied && coverage.permission_is_reach;
    let missed = coverage
        .skipped
        .iter()
        .filter(|(reason, _)| reason.is_a_gap() && !reach(**reason));
    let stopped = coverage
        .interrupted
        .then(|| "the scan was stopped before its end".to_owned());
    let nothing = (coverage.files == 0).then(|| "not one file was searched".to_owned());
    stopped
        .into_iter()
        .chain(nothing)
        .chain(missed.map(|(&reason, skipped)| gap(reason, skipped)))
        .collect()
}

fn gap(reason: Skip, skipped: &Skipped) -> String {
    let examples: Vec<_> = skipped.examples.iter().map(|path| sanitize(path)).collect();
    let more = if skipped.count > examples.len() as u64 {
        ", ..."
    } else {
        ""
    };
    format!(
        "{}: {}{more}",
        skip(reason, skipped.count),
        examples.join(", ")
    )
}
