//! The invocation: what was scanned, what was not, and what else there is to know, as notifications.
//!
//! There is no exit code here: the same report ends with another one under another `--fail-on`.

use super::message::{self, LONG};
use super::place;
use crate::coverage::{Coverage, Skip, Skipped};
use crate::display::thousands;
use crate::notice::{Comparison, Notice, NoticeKind};
use crate::report::{Report, words};
use serde_json::json;
use serde_sarif::sarif::{Invocation, Notification, ReportingDescriptorReference};

/// How many notices are written; a stale baseline can give one for each of its lines.
const NOTICES: usize = 100;

/// How much a notification matters.
#[derive(Clone, Copy)]
enum Level {
    Error,
    Warning,
    Note,
}

/// How the scan went. `left_out` results were too many for a document.
pub(super) fn of(report: &Report, left_out: usize) -> Invocation {
    let coverage = &report.coverage;
    let skips = coverage.skipped.iter();
    let skips = skips.map(|(&reason, skipped)| skip(coverage, reason, skipped));
    let notifications: Vec<_> = [scanned(report)]
        .into_iter()
        .chain(left_out_of(left_out))
        .chain(nothing(coverage))
        .chain(stopped(coverage))
        .chain(skips)
        .chain(report.config.as_deref().map(configured))
        .chain(report.comparison.as_ref().map(compared))
        .chain(notices(&report.notices))
        .collect();
    Invocation::builder()
        .execution_successful(coverage.is_complete())
        .tool_execution_notifications(notifications)
        .build()
}

fn scanned(report: &Report) -> Notification {
    notification("coverage", Level::Note, &words::coverage(report))
}

fn left_out_of(results: usize) -> Option<Notification> {
    let results = (results > 0).then(|| thousands(results as u64))?;
    let sentence = format!(
        "{results} more results are left out, the least severe: code scanning shows 5,000 of a run and takes 10 MB"
    );
    Some(notification("left-out", Level::Warning, &sentence))
}

fn nothing(coverage: &Coverage) -> Option<Notification> {
    let nothing = "not one file was searched";
    let sentence = match &coverage.vacant {
        Some(why) => format!("{nothing}: {why}"),
        None => nothing.to_owned(),
    };
    (coverage.files == 0).then(|| notification("nothing-searched", Level::Error, &sentence))
}

fn stopped(coverage: &Coverage) -> Option<Notification> {
    let sentence = "the scan was stopped before its end";
    let told = || notification("interrupted", Level::Error, sentence);
    coverage.interrupted.then(told)
}

fn skip(coverage: &Coverage, reason: Skip, skipped: &Skipped) -> Notification {
    let out_of_reach = reason == Skip::PermissionDenied && coverage.permission_is_reach;
    let level = if reason.is_a_gap() && !out_of_reach {
        Level::Warning
    } else {
        Level::Note
    };
    let sentence = format!("skipped {} ({})", thousands(skipped.count), reason.as_str());
    let id = format!("skipped-{}", reason.as_str());
    let mut notification = notification(&id, level, &sentence);
    let examples = skipped.examples.iter();
    let places: Vec<_> = examples.map(|path| place::file(path)).collect();
    notification.locations = (!places.is_empty()).then_some(places);
    notification
}

fn configured(name: &str) -> Notification {
    let sentence = format!("configured by {name}");
    notification("configuration", Level::Note, &sentence)
}

fn compared(comparison: &Comparison) -> Notification {
    let Comparison {
        new,
        known,
        moved,
        gone,
    } = comparison;
    let sentence =
        format!("against the baseline: {new} new, {known} known, {moved} moved, {gone} gone");
    notification("baseline", Level::Note, &sentence)
}

fn notices(notices: &[Notice]) -> impl Iterator<Item = Notification> {
    let more = notices.len().saturating_sub(NOTICES);
    let more = (more > 0).then(|| {
        let sentence = format!("{} more notices are left out", thousands(more as u64));
        notification("left-out", Level::Note, &sentence)
    });
    notices.iter().take(NOTICES).map(notice).chain(more)
}

fn notice(notice: &Notice) -> Notification {
    let level = match notice.kind {
        NoticeKind::Loosened | NoticeKind::ExpiredAllow | NoticeKind::Unsupported => Level::Warning,
        NoticeKind::StaleAllow | NoticeKind::Gone | NoticeKind::Note => Level::Note,
    };
    notification(notice.kind.as_str(), level, &notice.text)
}

fn notification(id: &str, level: Level, sentence: &str) -> Notification {
    let level = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    Notification::builder()
        .descriptor(ReportingDescriptorReference::builder().id(id).build())
        .level(json!(level))
        .message(message::plain(&format!(
            "{}.",
            message::cut(sentence, LONG)
        )))
        .build()
}
