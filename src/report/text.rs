//! The report for a terminal: how bad it is, what there is, how the worst happens, what to do.
//!
//! Styles are always written; the binary's stream takes them out where nobody sees colours. No
//! meaning is in a colour alone.

use super::layout::{hanging, paint, wrap};
use super::verdict::{self, Credential};
use super::{Report, Reporter, remedy, story, table, words};
use crate::display::{sanitize, thousands};
use crate::notice::NoticeKind;
use crate::severity::Band;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// How many credentials the table shows: more than that nobody reads in a terminal.
const ROWS: usize = 40;

/// The report for a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Columns of the terminal; 100 where it is not known.
    pub width: usize,
}

impl Reporter for Text {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        // Beyond some width lines are too long to read, and below some no layout helps.
        let width = self.width.clamp(40, 160);
        let credentials = verdict::credentials(report);
        let mut page = String::new();
        headline(report, &credentials, width, &mut page);
        if let Some(worst) = credentials.first() {
            list(&credentials, width, &mut page);
            story::tell(report, worst, width, &mut page);
            next(&credentials, worst, width, &mut page);
        }
        violations(report, width, &mut page);
        coverage(report, width, &mut page);
        terms(report, width, &mut page);
        out.write_all(page.as_bytes())
    }
}

fn headline(report: &Report, credentials: &[Credential<'_>], width: usize, page: &mut String) {
    let style = credentials
        .first()
        .map_or(BOLD, |worst| band(worst.worst.severity.band()));
    for line in wrap(&verdict::headline(report, credentials), width) {
        page.push_str(&paint(&line, style));
        page.push('\n');
    }
    if !credentials.is_empty() {
        page.push_str(&paint(&verdict::tally(report, credentials), DIM));
        page.push('\n');
    }
    page.push('\n');
}

fn list(credentials: &[Credential<'_>], width: usize, page: &mut String) {
    let shown = &credentials[..credentials.len().min(ROWS)];
    table::write(shown, width, page);
    if let more @ 1.. = credentials.len() - shown.len() {
        hanging(
            "  ",
            "  ",
            &format!("and {} more; see --format json", thousands(more as u64)),
            width,
            page,
        );
    }
    page.push('\n');
}

fn next(credentials: &[Credential<'_>], worst: &Credential<'_>, width: usize, page: &mut String) {
    let whose = if credentials.len() > 1 {
        format!(" for the {}", words::name(worst.worst))
    } else {
        String::new()
    };
    page.push_str(&paint(&format!("Next{whose}"), BOLD));
    page.push('\n');
    for (at, step) in remedy::steps(worst.worst).iter().enumerate() {
        hanging(&format!("  {}. ", at + 1), "     ", step, width, page);
    }
    if credentials.len() > 1 {
        page.push_str(&paint("  for another: straykey explain RULE", DIM));
        page.push('\n');
    }
    page.push('\n');
}

fn violations(report: &Report, width: usize, page: &mut String) {
    for violation in &report.violations {
        let broken = report
            .findings
            .iter()
            .find(|finding| finding.fingerprint == violation.finding);
        let what = broken
            .map(|finding| format!("{} at {}: ", words::name(finding), words::place(finding)))
            .unwrap_or_default();
        let text = format!(
            "{}: {what}{}",
            sanitize(violation.kind),
            words::because(&violation.evidence)
        );
        hanging(
            &paint("Violation ", WARNING),
            "          ",
            &text,
            width,
            page,
        );
    }
    if !report.violations.is_empty() {
        page.push('\n');
    }
}

fn coverage(report: &Report, width: usize, page: &mut String) {
    if report.coverage.is_complete() {
        return hanging("", "", &words::coverage(report), width, page);
    }
    hanging(
        &paint("INCOMPLETE ", WARNING),
        "           ",
        &words::coverage(report),
        width,
        page,
    );
    for gap in words::gaps(&report.coverage) {
        hanging("  - ", "    ", &gap, width, page);
    }
    for hint in words::hints(report) {
        hanging(&paint("hint: ", HINT), "      ", hint, width, page);
    }
}

/// The comparison with the baseline, and what to know about how the scan was set up.
fn terms(report: &Report, width: usize, page: &mut String) {
    if let Some(comparison) = words::comparison(report) {
        hanging("", "", &comparison, width, page);
    }
    for (kind, text) in words::notices(report) {
        let label = format!("{}: ", kind.as_str());
        let style = if kind == NoticeKind::Loosened {
            WARNING
        } else {
            DIM
        };
        let margin = " ".repeat(label.len());
        hanging(&paint(&label, style), &margin, &text, width, page);
    }
    if let Some(more) = words::more_notices(report) {
        hanging("", "", &more, width, page);
    }
}

/// The style of a severity band, whose name always stands beside it.
pub(super) fn band(band: Band) -> Style {
    match band {
        Band::Critical => AnsiColor::Red.on_default().bold(),
        Band::High => AnsiColor::Red.on_default(),
        Band::Medium => AnsiColor::Yellow.on_default(),
        Band::Low => AnsiColor::Cyan.on_default(),
    }
}
