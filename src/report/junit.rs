//! `JUnit` XML, which nearly every build server shows: a failed test for each finding.
//!
//! A report without tests would look like a scan that never ran, so one test more says how much was
//! searched; it is an error where not everything was.

use super::alert::{self, clip};
use super::{Report, Reporter, remedy, words};
use crate::display::{counted, sanitize};
use crate::finding::{Excused, Finding};
use std::io::{self, Write};

/// As many as our SARIF holds; the worst are kept, and as many of the excused ones.
const MOST: usize = 5_000;
/// Characters of a message; a reason is as long as somebody cared to write.
const MESSAGE: usize = 1_000;

/// A `JUnit` document.
#[derive(Clone, Copy, Debug)]
pub struct Junit;

impl Reporter for Junit {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let mut findings = report.worst_first();
        findings.truncate(MOST);
        let excused = &report.excused[..report.excused.len().min(MOST)];
        let counts = Counts {
            failures: findings.len(),
            skipped: excused.len(),
            errors: usize::from(!report.coverage.is_complete()),
        };
        open(report, &counts, out)?;
        coverage(report, out)?;
        findings
            .iter()
            .try_for_each(|finding| failed(finding, out))?;
        excused.iter().try_for_each(|one| skipped(one, out))?;
        remarks(report, out)?;
        writeln!(out, "  </testsuite>\n</testsuites>")
    }
}

struct Counts {
    failures: usize,
    skipped: usize,
    errors: usize,
}

fn open(report: &Report, counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    let Counts {
        failures,
        skipped,
        errors,
    } = counts;
    // The one more is that of the coverage.
    let tests = failures + skipped + 1;
    let elapsed = report.coverage.elapsed_ms;
    let numbers = format!(
        r#"name="straykey" tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}" time="{}.{:03}""#,
        elapsed / 1000,
        elapsed % 1000
    );
    let started = alert::moment(report.now);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, "<testsuites {numbers}>")?;
    writeln!(out, r#"  <testsuite {numbers} timestamp="{started}">"#)
}

/// The test that everything was searched.
fn coverage(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let searched = counted(report.coverage.files, "file");
    let test = format!(r#"<testcase classname="straykey" name="straykey searched {searched}""#);
    if report.coverage.is_complete() {
        return writeln!(out, "    {test}/>");
    }
    let gaps: Vec<_> = words::gaps(&report.coverage)
        .iter()
        .map(|gap| clip(gap, MESSAGE))
        .collect();
    writeln!(out, "    {test}>")?;
    writeln!(
        out,
        r#"      <error type="incomplete" message="not everything was searched">{}</error>"#,
        lines(&gaps)
    )?;
    writeln!(out, "    </testcase>")
}

fn failed(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    begin(finding, out)?;
    writeln!(
        out,
        r#"      <failure type="{}" message="{}">{}</failure>"#,
        xml(&finding.rule.id),
        xml(&clip(&alert::title(finding), MESSAGE)),
        lines(&body(finding))
    )?;
    writeln!(out, "    </testcase>")
}

fn skipped(excused: &Excused, out: &mut dyn Write) -> io::Result<()> {
    begin(&excused.finding, out)?;
    let reason = format!("{}: {}", excused.by.as_str(), excused.reason);
    writeln!(
        out,
        r#"      <skipped message="{}"/>"#,
        xml(&clip(&reason, MESSAGE))
    )?;
    writeln!(out, "    </testcase>")
}

/// The start of a test. Build servers take tests of one name for one test, hence the column.
fn begin(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let name = format!("{} at {}", words::name(finding), alert::place(finding));
    writeln!(
        out,
        r#"    <testcase classname="{}" name="{}" file="{}" line="{}">"#,
        xml(&finding.rule.id),
        xml(&name),
        xml(&alert::path(finding)),
        finding.start.line
    )
}

/// What it is and where, what it can do and why we think so, and what to do.
fn body(finding: &Finding) -> Vec<String> {
    let reasons = alert::reasons(finding).into_iter();
    let reasons = reasons.map(|(what, why)| {
        let colon = if why.is_empty() { "" } else { ": " };
        format!("- {what}{colon}{why}")
    });
    let steps = remedy::steps(finding).into_iter().enumerate();
    let steps = steps.map(|(at, step)| format!("{}. {step}", at + 1));
    let place = format!("at {}", alert::place(finding));
    [alert::sentence(finding), place]
        .into_iter()
        .chain(reasons)
        .chain(steps)
        .collect()
}

/// What is to be said of the scan as a whole.
fn remarks(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let left_out = |number: usize, what: &str| {
        let more = number.checked_sub(MOST).filter(|&more| more > 0)?;
        Some(format!(
            "{} more, left out here",
            counted(more as u64, what)
        ))
    };
    let remarks = alert::remarks(report).into_iter();
    let text: Vec<_> = [words::coverage(report)]
        .into_iter()
        .chain(left_out(report.findings.len(), "finding"))
        .chain(left_out(report.excused.len(), "excused finding"))
        .chain(remarks.map(|remark| remark.text))
        .collect();
    writeln!(out, "    <system-out>{}</system-out>", lines(&text))
}

/// Lines of our own making, each with nothing in it that acts.
fn lines(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| xml(line)).collect();
    lines.join("\n")
}

/// Text for an element or an attribute. [`sanitize`] has no quarrel with two characters that XML 1.0
/// forbids even as references.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_or_forbidden() {
        assert_eq!(
            xml("]]><a b=\"c\" d='e'>&\u{0}\u{1b}\n\u{fffe}\u{ffff}"),
            "]]&gt;&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;\\x00\\x1b\\n\u{fffd}\u{fffd}"
        );
    }
}
