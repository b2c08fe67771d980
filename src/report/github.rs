//! Workflow commands of GitHub Actions: findings as annotations beside the lines of a change.
//!
//! GitHub shows ten annotations of each level for a step and drops the rest without a word, so the
//! worst are chosen here and the rest is counted. The runner takes any line that begins with `::`
//! for a command; every line here begins with words of ours.

use super::alert::{self, clip};
use super::{Report, Reporter, remedy, verdict, words};
use crate::display::{counted, sanitize};
use crate::finding::{Finding, Source};
use crate::severity::Band;
use std::io::{self, Write};

/// What GitHub shows of one level.
const MOST: usize = 10;
/// Characters of a title and of one line of a message.
const TITLE: usize = 255;
const LINE: usize = 2_000;

/// Commands for the log of a GitHub Actions job.
#[derive(Clone, Copy, Debug)]
pub struct Github;

impl Reporter for Github {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let findings = report.worst_first();
        let shown = choose(&findings, report.coverage.is_complete());
        shown
            .iter()
            .try_for_each(|finding| annotation(finding, out))?;
        incomplete(report, out)?;
        left_out(findings.len() - shown.len(), out)?;
        summary(report, out)
    }
}

/// The level of an annotation, worst first.
#[derive(Clone, Copy, Debug)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn of(finding: &Finding) -> Self {
        match finding.severity.band() {
            Band::Critical | Band::High => Self::Error,
            Band::Medium => Self::Warning,
            Band::Low => Self::Notice,
        }
    }

    fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// The findings that GitHub will show, with room kept for what has to be said besides.
fn choose<'r>(findings: &[&'r Finding], complete: bool) -> Vec<&'r Finding> {
    // A scan with gaps takes a warning, and findings that are left out take a notice.
    let warnings = if complete { MOST } else { MOST - 1 };
    let all = within(findings, [MOST, warnings, MOST]);
    if all.len() == findings.len() {
        all
    } else {
        within(findings, [MOST, warnings, MOST - 1])
    }
}

/// The first of each level, as many as there is room for.
fn within<'r>(findings: &[&'r Finding], mut room: [usize; 3]) -> Vec<&'r Finding> {
    let fits = |finding: &&Finding| {
        let left = &mut room[Level::of(finding) as usize];
        let fits = *left > 0;
        *left = left.saturating_sub(1);
        fits
    };
    findings.iter().copied().filter(fits).collect()
}

fn annotation(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let mut properties = place(finding);
    properties.push(("title", clip(&alert::title(finding), TITLE)));
    let mut message = vec![alert::sentence(finding)];
    message.extend(
        remedy::steps(finding)
            .first()
            .map(|step| format!("Next: {step}")),
    );
    command(Level::of(finding), &properties, &message, out)
}

/// File, lines and columns. What does not stand in a file of this checkout has none.
fn place(finding: &Finding) -> Vec<(&'static str, String)> {
    if !matches!(
        finding.source,
        Source::File | Source::Staged | Source::Since
    ) {
        return Vec::new();
    }
    let (start, end) = (finding.start, finding.end);
    let mut place = vec![
        ("file", alert::path(finding)),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    // GitHub refuses columns of a region of several lines.
    if start.line == end.line {
        place.push(("col", start.column.to_string()));
        place.push(("endColumn", end.column.to_string()));
    }
    place
}

/// A scan that missed something must not look like a clean one.
fn incomplete(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.coverage.is_complete() {
        return Ok(());
    }
    let title = [("title", "straykey did not search everything".to_owned())];
    let gaps = words::gaps(&report.coverage).join("; ");
    command(Level::Warning, &title, &[gaps], out)
}

fn left_out(number: usize, out: &mut dyn Write) -> io::Result<()> {
    if number == 0 {
        return Ok(());
    }
    let more = counted(number as u64, "more finding");
    let message = format!("{more}, see the SARIF report");
    command(Level::Notice, &[], &[message], out)
}

/// The lines of the log that are no commands; the last one sums up.
fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for remark in alert::remarks(report) {
        let kind = if remark.warning { "warning" } else { "note" };
        writeln!(out, "straykey: {kind}: {}", remark.text)?;
    }
    let credentials = verdict::credentials(report);
    let headline = verdict::headline(report, &credentials);
    let coverage = words::coverage(report);
    writeln!(out, "straykey: {headline}; {coverage}")
}

/// Writes a command whose message may have several lines.
fn command(
    level: Level,
    properties: &[(&str, String)],
    message: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    let properties: Vec<_> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    let space = if properties.is_empty() { "" } else { " " };
    let message: Vec<_> = message.iter().map(|line| data(&clip(line, LINE))).collect();
    writeln!(
        out,
        "::{}{space}{}::{}",
        level.command(),
        properties.join(","),
        message.join("%0A")
    )
}

/// Text of a message. The percent sign comes first, or it would be escaped twice; line ends are gone
/// already, and are escaped all the same because a command must not hang on another module.
fn data(text: &str) -> String {
    sanitize(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Text of a property, where a comma begins the next one and two colons end them all.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_place() {
        assert_eq!(property("a,line=1::b%3A\n"), "a%2Cline=1%3A%3Ab%253A\\n");
        assert_eq!(data("100 %\r\n::error::x"), "100 %25\\r\\n\\x3a:error::x");
    }
}
