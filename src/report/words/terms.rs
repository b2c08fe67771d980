//! On whose terms findings count: what excuses some, how they compare with the baseline, and what
//! loosened the scan or has gone stale.
//!
//! A clean report is worth as much as what was taken out of it, so none of this is left unsaid.

use super::short;
use crate::display::{counted, thousands};
use crate::finding::Excuse;
use crate::notice::{Comparison, NoticeKind};
use crate::report::Report;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many notices are told: the first kinds are those that matter most.
const NOTICES: usize = 8;

/// Where the configuration came from, for the middle of a sentence; empty where there was none.
pub(super) fn configured(report: &Report) -> String {
    report
        .config
        .as_deref()
        .map(|name| format!(", configured by {}", short(name)))
        .unwrap_or_default()
}

/// How many findings do not count and what excuses them, as the end of a sentence; empty where all
/// count.
pub(super) fn excused(report: &Report) -> String {
    let mut kinds: BTreeMap<Excuse, u64> = BTreeMap::new();
    for excused in &report.excused {
        *kinds.entry(excused.by).or_default() += 1;
    }
    if kinds.is_empty() {
        return String::new();
    }
    let kinds: Vec<_> = kinds
        .into_iter()
        .map(|(by, count)| format!("{} {}", thousands(count), excuse(by)))
        .collect();
    format!(
        "; {} excused ({})",
        counted(report.suppressed() as u64, "finding"),
        kinds.join(", ")
    )
}

fn excuse(by: Excuse) -> Cow<'static, str> {
    match by {
        Excuse::Mark => "by marks".into(),
        Excuse::Allow => "by the configuration".into(),
        Excuse::Baseline => "by the baseline".into(),
        Excuse::Compat(tool) => format!("by marks or files of {tool}").into(),
        Excuse::Committed => "already committed".into(),
    }
}

/// The findings against the baseline, and how to drop what is gone; None without a baseline.
pub(in crate::report) fn comparison(report: &Report) -> Option<String> {
    let Comparison {
        new,
        known,
        moved,
        gone,
    } = report.comparison?;
    let prune = if gone > 0 {
        "; `straykey baseline prune` drops what is gone"
    } else {
        ""
    };
    let [new, known, moved, gone] =
        [new, known, moved, gone].map(|number| thousands(number as u64));
    Some(format!(
        "against the baseline: {new} new, {known} known, {moved} moved, {gone} gone{prune}"
    ))
}

/// The first notices, those that loosen the scan before all others, safe to show.
pub(in crate::report) fn notices(report: &Report) -> Vec<(NoticeKind, String)> {
    let mut notices: Vec<_> = report.notices.iter().collect();
    notices.sort_by_key(|notice| notice.kind);
    notices
        .into_iter()
        .take(NOTICES)
        .map(|notice| (notice.kind, short(&notice.text)))
        .collect()
}

/// How many notices were left out; None where all are told.
pub(in crate::report) fn more_notices(report: &Report) -> Option<String> {
    let more = report.notices.len().checked_sub(NOTICES)?;
    (more > 0).then(|| {
        format!(
            "and {}; see `--format json`",
            counted(more as u64, "more notice")
        )
    })
}
