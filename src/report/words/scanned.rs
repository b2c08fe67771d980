//! What was searched and what was not: the line every report ends with, and what to do about gaps.

use super::terms::{configured, excused};
use crate::coverage::{Coverage, Skip, Skipped};
use crate::display::{bytes, counted, duration, sanitize, thousands};
use crate::report::Report;

/// What was scanned: "scanned 12,431 files, 310 MB in 0.8 s with 212 rules, configured by
/// .straykey.toml; skipped 1 (1 symbolic link); 2 findings excused (2 by marks)".
pub(in crate::report) fn coverage(report: &Report) -> String {
    let coverage = &report.coverage;
    format!(
        "scanned {}, {} in {} with {}{}{}{}",
        counted(coverage.files, "file"),
        bytes(coverage.bytes),
        duration(coverage.elapsed_ms),
        counted(report.rules as u64, "rule"),
        configured(report),
        skipped(coverage),
        excused(report),
    )
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
        Skip::Excluded => format!("{} left out by the configuration", thousands(count)),
        Skip::Unmerged => format!("{} not merged yet", thousands(count)),
        Skip::MissingObject => format!("{} missing in the repository", thousands(count)),
        Skip::Shallow => "older commits, which a shallow clone lacks".to_owned(),
        Skip::Submodule => counted(count, "submodule"),
    }
}

/// Why "no findings" would prove nothing: a sentence for every gap. Empty where there is none.
pub(in crate::report) fn gaps(coverage: &Coverage) -> Vec<String> {
    let reach = |reason: Skip| reason == Skip::PermissionDenied && coverage.permission_is_reach;
    let missed = coverage
        .skipped
        .iter()
        .filter(|(reason, _)| reason.is_a_gap() && !reach(**reason));
    let stopped = coverage
        .interrupted
        .then(|| "the scan was stopped before its end".to_owned());
    let nothing = (coverage.files == 0).then(|| match &coverage.vacant {
        Some(why) => sanitize(why).into_owned(),
        None => "not one file was searched".to_owned(),
    });
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

/// What to do about the gaps, where that is known; our own words only. Empty where there is none.
pub(in crate::report) fn hints(report: &Report) -> Vec<&'static str> {
    let coverage = &report.coverage;
    // Where something could not be searched, that is why there was nothing else.
    let nothing = coverage.files == 0 && !coverage.has_gaps();
    nothing
        .then(|| something_to_search(report))
        .into_iter()
        .chain(coverage.skipped.keys().copied().filter_map(way_out))
        .collect()
}

fn something_to_search(report: &Report) -> &'static str {
    if report.coverage.skipped.contains_key(&Skip::Excluded) {
        return "the configuration leaves it out: change its `exclude`, or scan with `--no-config`";
    }
    match report.target.mode {
        "staged" => "stage something first (`git add`), or scan files: `straykey scan .`",
        "since" => {
            "name a range that holds commits, such as `--since main`, or scan files: `straykey scan .`"
        }
        "history" => "commit something first, or scan files: `straykey scan .`",
        "audit" => "name a folder that holds files",
        _ => "name files or folders that hold something that git does not ignore",
    }
}

fn way_out(reason: Skip) -> Option<&'static str> {
    match reason {
        Skip::Unmerged => Some("finish the merge, then scan again"),
        Skip::MissingObject => {
            Some("fetch the missing objects: `git fetch --refetch`, or use a full clone")
        }
        Skip::Shallow => Some("fetch the rest: `git fetch --unshallow`"),
        Skip::Unreadable
        | Skip::PermissionDenied
        | Skip::Vanished
        | Skip::NotAFile
        | Skip::Symlink
        | Skip::Budget
        | Skip::Internal
        | Skip::Excluded
        | Skip::Submodule => None,
    }
}
