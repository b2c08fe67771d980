//! Markdown for a comment on a pull request or the summary of a job.
//!
//! Everything the scanned tree can choose stands in a code span, where Markdown, HTML, mentions and
//! links mean nothing; sentences that may quote it are escaped.

use super::verdict::{self, Credential};
use super::{Report, Reporter, remedy, words};
use crate::display::sanitize;
use crate::finding::Finding;
use std::io::{self, Write};

/// A comment holds 65,536 characters; this many rows and details stay well below.
const ROWS: usize = 40;
const DETAILS: usize = 10;
/// How many places of one credential a row lists.
const PLACES: usize = 5;

/// A Markdown document.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Reporter for Markdown {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let credentials = verdict::credentials(report);
        writeln!(
            out,
            "### straykey: {}\n",
            escape(&verdict::headline(report, &credentials))
        )?;
        if !credentials.is_empty() {
            writeln!(out, "{}.\n", verdict::tally(report, &credentials))?;
            table(&credentials, out)?;
            for credential in credentials.iter().take(DETAILS) {
                details(credential, out)?;
            }
        }
        violations(report, out)?;
        coverage(report, out)?;
        terms(report, out)
    }
}

fn table(credentials: &[Credential<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "| Severity | Credential | Can do | Environment | Lifetime | Reached by | Where |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for credential in credentials.iter().take(ROWS) {
        writeln!(out, "| {} |", cells(credential).join(" | "))?;
    }
    match credentials.len().saturating_sub(ROWS) {
        0 => writeln!(out),
        more => writeln!(out, "\nand {more} more; see `--format json`\n"),
    }
}

fn cells(credential: &Credential<'_>) -> [String; 7] {
    let finding = credential.worst;
    [
        format!(
            "**{}** {}",
            finding.severity.band().as_str(),
            finding.severity.score
        ),
        format!(
            "{} {}",
            escape(&words::name(finding)),
            cell_code(&finding.preview)
        ),
        escape(&words::can(finding, 3)),
        words::environment(finding.environment.value).to_owned(),
        escape(&words::lifetime(finding.lifetime.value)),
        escape(words::reached_by(finding)),
        places(credential),
    ]
}

fn places(credential: &Credential<'_>) -> String {
    let shown = credential
        .places
        .iter()
        .take(PLACES)
        .map(|finding| cell_code(&words::place(finding)));
    let more = credential.places.len().saturating_sub(PLACES);
    let more = (more > 0).then(|| format!("and {more} more"));
    shown.chain(more).collect::<Vec<_>>().join("<br>")
}

fn details(credential: &Credential<'_>, out: &mut dyn Write) -> io::Result<()> {
    let finding = credential.worst;
    let band = finding.severity.band().as_str();
    // GitHub shows Markdown in a summary as it stands, so the place is set in HTML.
    writeln!(
        out,
        "<details><summary>{band}: {} in {}</summary>\n",
        html(&words::name(finding)),
        html_code(&words::place(finding))
    )?;
    for (what, why) in reasons(finding) {
        writeln!(
            out,
            "- {what}{}{}",
            if why.is_empty() { "" } else { ": " },
            escape(&why)
        )?;
    }
    writeln!(out)?;
    for (at, step) in remedy::steps(finding).iter().enumerate() {
        writeln!(out, "{}. {}", at + 1, links(step))?;
    }
    writeln!(out, "\n</details>\n")
}

/// Every conclusion with what justifies it.
fn reasons(finding: &Finding) -> Vec<(String, String)> {
    let facet = finding
        .reachability
        .facets
        .iter()
        .find(|facet| facet.exposure.is_some());
    let undo = finding
        .privilege
        .recovery
        .as_ref()
        .map(|recovery| (escape(&words::recovery(recovery)), String::new()));
    let commit = finding.commit.as_deref().map(|commit| {
        let (moment, author) = words::brought_in(commit);
        (escape(&moment), author)
    });
    let drift = finding
        .purpose
        .stated
        .as_ref()
        .filter(|_| finding.purpose.drift);
    let drift = drift.map(|stated| {
        (
            format!("put there for {}, and can do far more", code(stated)),
            words::because(&finding.purpose.evidence),
        )
    });
    let always = [
        (
            escape(&words::can(finding, 6)),
            words::because(&finding.privilege.evidence),
        ),
        (
            escape(words::within(finding.environment.value)),
            words::because(&finding.environment.evidence),
        ),
        (
            escape(&words::lifetime(finding.lifetime.value)),
            words::because(&finding.lifetime.evidence),
        ),
        (
            format!("reached by {}", escape(words::reached_by(finding))),
            facet
                .map(|facet| sanitize(facet.evidence.as_str()).into_owned())
                .unwrap_or_default(),
        ),
    ];
    always
        .into_iter()
        .chain(commit)
        .chain(undo)
        .chain(drift)
        .collect()
}

fn violations(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for violation in &report.violations {
        let broken = report
            .findings
            .iter()
            .find(|finding| finding.fingerprint == violation.finding);
        let place = broken
            .map(|finding| format!(" {}", code(&words::place(finding))))
            .unwrap_or_default();
        writeln!(
            out,
            "**Violation ({})**{place}: {}\n",
            escape(violation.kind),
            escape(&words::because(&violation.evidence))
        )?;
    }
    Ok(())
}

fn coverage(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mark = if report.coverage.is_complete() {
        ""
    } else {
        "**INCOMPLETE** "
    };
    writeln!(out, "{mark}{}", escape(&words::coverage(report)))?;
    words::gaps(&report.coverage)
        .iter()
        .try_for_each(|gap| writeln!(out, "- {}", escape(gap)))?;
    words::hints(report)
        .iter()
        .try_for_each(|hint| writeln!(out, "- hint: {}", links(hint)))
}

/// The comparison with the baseline, and what to know about how the scan was set up.
fn terms(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if let Some(comparison) = words::comparison(report) {
        writeln!(out, "\n{}", links(&comparison))?;
    }
    let notices = words::notices(report);
    if !notices.is_empty() {
        writeln!(out)?;
    }
    for (kind, text) in notices {
        writeln!(out, "- **{}**: {}", kind.as_str(), escape(&text))?;
    }
    words::more_notices(report).map_or(Ok(()), |more| writeln!(out, "\n{}", links(&more)))
}

/// A code span in a table, where a pipe would end the cell even within the span.
fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A code span that its content cannot end.
fn code(text: &str) -> String {
    let text = sanitize(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text in which nothing is markup. An empty comment parts `@` and `#` from the name that follows,
/// because GitHub looks for mentions after escapes are resolved.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '@' | '#' => safe.extend([c].into_iter().chain("<!-- -->".chars())),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' => {
                safe.extend(['\\', c]);
            }
            _ => safe.push(c),
        }
    }
    // Bare addresses would become links.
    safe.replace("://", "&#58;//").replace("www.", "www&#46;")
}

/// A step: our own words and the rule's, whose address may be a link and whose code stays code.
pub(super) fn links(step: &str) -> String {
    let is_address = |word: &str| word.starts_with("https://") && !word.contains(['<', '>', '"']);
    let words = step.split('`').enumerate().map(|(at, part)| match at % 2 {
        1 => code(part),
        _ => part
            .split(' ')
            .map(|word| {
                if is_address(word) {
                    format!("<{word}>")
                } else {
                    escape(word)
                }
            })
            .collect::<Vec<_>>()
            .join(" "),
    });
    words.collect()
}

fn html(text: &str) -> String {
    sanitize(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('@', "@<!-- -->")
}

fn html_code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}
