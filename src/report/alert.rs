//! A finding as build servers and dashboards show it: a title, a sentence, a place and the reasons;
//! and what is to be said of the scan as a whole.
//!
//! It stands apart from their formats so that all of them say the same. Everything here is plain
//! text on one line that has passed [`sanitize`]; a format still has to escape what it obeys.

use super::{Report, Violation, words};
use crate::display::{counted, sanitize};
use crate::evidence::Evidence;
use crate::finding::Finding;
use crate::lifetime::UnixSeconds;
use crate::notice::{Notice, NoticeKind};

/// Characters of a reason or a remark; an address or a path in one may be of any length.
const LONGEST: usize = 1_000;
/// Characters of a path. Linux opens none that is longer, but git keeps them.
const PATH: usize = 4_096;
/// How many violations and how many notices are repeated.
const MOST: usize = 20;
/// What stands for a moment that no calendar holds.
const EPOCH: &str = "1970-01-01T00:00:00";

/// Something to know about the scan as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// True where the result is worth less, or worse, than it looks.
    pub(super) warning: bool,
    /// One sentence of at most [`LONGEST`] characters.
    pub(super) text: String,
}

impl Remark {
    fn new(warning: bool, text: &str) -> Self {
        Self {
            warning,
            text: clip(&sanitize(text), LONGEST),
        }
    }
}

/// What a finding is and the worst it can do: "Stripe secret key can usually move money".
pub(super) fn title(finding: &Finding) -> String {
    format!("{} {}", words::name(finding), words::can(finding, 1))
}

/// The whole finding in one sentence.
pub(super) fn sentence(finding: &Finding) -> String {
    let sentence = format!(
        "{} {} {}; {}; {}; reached by {}{}",
        words::name(finding),
        sanitize(&finding.preview),
        words::can(finding, 3),
        words::within(finding.environment.value),
        words::lifetime(finding.lifetime.value),
        words::reached_by(finding),
        commit(finding),
    );
    clip(&sentence, LONGEST)
}

/// The path.
pub(super) fn path(finding: &Finding) -> String {
    clip(&sanitize(&finding.path), PATH)
}

/// Where it lies, exact enough to be the only one: "scripts/railway.ts:3:18".
pub(super) fn place(finding: &Finding) -> String {
    let (path, start) = (path(finding), finding.start);
    let commit = commit(finding);
    format!("{path}:{}:{}{commit}", start.line, start.column)
}

/// The commit, as the end of a sentence; empty outside a search of commits. Its author is left out:
/// these reports are read by many.
fn commit(finding: &Finding) -> String {
    finding.commit.as_ref().map_or_else(String::new, |commit| {
        let short = commit.id.get(..12).unwrap_or(&commit.id);
        format!(", in commit {}", sanitize(short))
    })
}

/// Every conclusion with the evidence for it, which may be empty.
pub(super) fn reasons(finding: &Finding) -> Vec<(String, String)> {
    let because = |evidence: &[Evidence]| clip(&words::because(evidence), LONGEST);
    let facets = &finding.reachability.facets;
    let open = facets.iter().find(|facet| facet.exposure.is_some());
    let recovery = finding.privilege.recovery.as_ref();
    let purpose = &finding.purpose;
    let stated = purpose.stated.as_ref().filter(|_| purpose.drift);
    let always = [
        (words::can(finding, 6), because(&finding.privilege.evidence)),
        (
            words::within(finding.environment.value).to_owned(),
            because(&finding.environment.evidence),
        ),
        (
            words::lifetime(finding.lifetime.value),
            because(&finding.lifetime.evidence),
        ),
        (
            format!("reached by {}", words::reached_by(finding)),
            open.map(|facet| clip(&sanitize(facet.evidence.as_str()), LONGEST))
                .unwrap_or_default(),
        ),
    ];
    let undo = recovery.map(|recovery| (words::recovery(recovery), String::new()));
    let drift = stated.map(|stated| {
        let stated = clip(&sanitize(stated), LONGEST);
        (
            format!("put there for {stated}, and can do far more"),
            because(&purpose.evidence),
        )
    });
    always.into_iter().chain(undo).chain(drift).collect()
}

/// What was not searched, which rules of the house are broken, and how the scan was set up.
pub(super) fn remarks(report: &Report) -> Vec<Remark> {
    let gaps = words::gaps(&report.coverage);
    let gaps = gaps.iter().map(|gap| Remark::new(true, gap));
    let violations = report.violations.iter().take(MOST);
    let notices = report.notices.iter().take(MOST);
    gaps.chain(violations.map(|violation| broken(report, violation)))
        .chain(more(report.violations.len(), "violation"))
        .chain(notices.map(told))
        .chain(more(report.notices.len(), "notice"))
        .collect()
}

fn broken(report: &Report, violation: &Violation) -> Remark {
    let findings = &report.findings;
    let finding = findings
        .iter()
        .find(|finding| finding.fingerprint == violation.finding);
    let place = finding.map_or_else(String::new, |finding| format!(" at {}", place(finding)));
    Remark::new(
        true,
        &format!(
            "violation ({}){place}: {}",
            violation.kind,
            words::because(&violation.evidence)
        ),
    )
}

fn told(notice: &Notice) -> Remark {
    let warning = matches!(
        notice.kind,
        NoticeKind::Loosened | NoticeKind::ExpiredAllow | NoticeKind::Unsupported
    );
    Remark::new(
        warning,
        &format!("{}: {}", notice.kind.as_str(), notice.text),
    )
}

fn more(number: usize, noun: &str) -> Option<Remark> {
    let left_out = number.checked_sub(MOST).filter(|&left_out| left_out > 0)?;
    let left_out = counted(left_out as u64, noun);
    Some(Remark::new(
        true,
        &format!("{left_out} more, left out here"),
    ))
}

/// A moment in UTC as `2026-11-22T18:42:00`: GitLab and `JUnit` want no zone.
pub(super) fn moment(at: UnixSeconds) -> String {
    // A year before 0 or after 9999 takes more characters, and no scan was then.
    let written = words::rfc3339(at).filter(|moment| moment.len() == EPOCH.len() + 1);
    written.map_or_else(
        || EPOCH.to_owned(),
        |moment| moment.trim_end_matches('Z').to_owned(),
    )
}

/// The first `most` characters, the last of them `…` where something was cut.
pub(super) fn clip(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let kept = text.chars().take(most.saturating_sub(1));
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clipped_is_no_longer_than_asked_for() {
        for (text, most, shown) in [
            ("größe", 5, "größe"),
            ("größe", 4, "grö…"),
            ("", 3, ""),
            ("ab", 1, "…"),
        ] {
            assert_eq!(clip(text, most), shown);
        }
    }

    #[test]
    fn a_moment_has_no_zone() {
        assert_eq!(moment(0), "1970-01-01T00:00:00");
        assert_eq!(moment(1_790_000_000), "2026-09-21T14:13:20");
        assert_eq!(moment(i64::MAX), EPOCH);
        assert_eq!(moment(-100_000_000_000), EPOCH);
    }
}
