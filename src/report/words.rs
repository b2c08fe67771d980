//! The words that the reports for people share: what a finding can do, where, for how long, and
//! who reaches it; below it, what was scanned and on whose terms. One place, so that the terminal, a
//! comment and an alert say the same.

mod scanned;
mod terms;

pub(super) use scanned::{coverage, gaps, hints};
pub(super) use terms::{comparison, more_notices, notices};

use super::alert::clip;
use crate::display::{counted, sanitize};
use crate::environment::Environment;
use crate::evidence::Evidence;
use crate::finding::{Commit, Finding};
use crate::lifetime::{Lifetime, UnixSeconds};
use crate::privilege::{Breadth, Recovery};
use crate::reachability::Exposure;
use jiff::Timestamp;

/// Characters of a name or a sentence out of the scanned tree that may be of any length.
const LONGEST: usize = 300;
/// Digits of a commit's id: as many as keep it apart from others in the largest repositories.
const DIGITS: usize = 12;

/// What this credential is called.
pub(super) fn name(finding: &Finding) -> String {
    sanitize(&finding.rule.name).into_owned()
}

/// Path and line, and the commit where it was found in one: `app/.env:3 in 1a2b3c4d5e6f`.
pub(super) fn place(finding: &Finding) -> String {
    let commit = finding
        .commit
        .as_deref()
        .map(|commit| format!(" in {}", id(commit)))
        .unwrap_or_default();
    format!("{}:{}{commit}", sanitize(&finding.path), finding.start.line)
}

/// Which commit brought it in and when, and who wrote that; the latter is empty where authors are
/// not to be shown.
pub(super) fn brought_in(commit: &Commit) -> (String, String) {
    let author = commit
        .author
        .as_deref()
        .map(|author| format!("written by {}", short(author)))
        .unwrap_or_default();
    let moment = format!(
        "commit {} brought it in on {}",
        id(commit),
        day(commit.time)
    );
    (moment, author)
}

fn id(commit: &Commit) -> String {
    short(commit.id.get(..DIGITS).unwrap_or(&commit.id))
}

/// Text of the scanned tree, safe to show and not endless.
fn short(text: &str) -> String {
    clip(&sanitize(text), LONGEST)
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
