//! The worst finding told as a path: from the folder an agent starts in to what it can destroy.

use super::layout::{paint, wrap};
use super::text::{BOLD, DIM};
use super::verdict::Credential;
use super::{Report, words};
use crate::display::{counted, sanitize};
use crate::finding::Finding;

/// One hop: what is reached, and what shows that it is.
struct Hop {
    reached: String,
    shown_by: String,
}

/// Writes the path, with a rail on its left.
pub(super) fn tell(report: &Report, worst: &Credential<'_>, width: usize, page: &mut String) {
    page.push_str(&paint("How the worst happens", BOLD));
    page.push('\n');
    let hops = hops(report, worst.worst);
    for (at, hop) in hops.iter().enumerate() {
        let (first, rest) = match at {
            0 => ("  ┌─ ", "  │  "),
            _ if at + 1 == hops.len() => ("  └─ ", "     "),
            _ => ("  ├─ ", "  │  "),
        };
        write(hop, first, rest, width, page);
    }
    page.push('\n');
}

/// What was reached stands out; what shows it follows quietly.
fn write(hop: &Hop, first: &str, rest: &str, width: usize, page: &mut String) {
    let between = if hop.shown_by.is_empty() { "" } else { ": " };
    let lines = wrap(
        &format!("{}{between}{}", hop.reached, hop.shown_by),
        width.saturating_sub(5),
    );
    let mut loud = hop.reached.chars().filter(|c| *c != ' ').count();
    for (at, line) in lines.iter().enumerate() {
        let end = end_of(line, &mut loud);
        page.push_str(if at == 0 { first } else { rest });
        page.push_str(&paint(&line[..end], BOLD));
        page.push_str(&paint(&line[end..], DIM));
        page.push('\n');
    }
}

/// The byte at which the first `left` characters other than spaces end; takes them off `left`.
fn end_of(line: &str, left: &mut usize) -> usize {
    for (at, c) in line.char_indices() {
        if *left == 0 {
            return at;
        }
        *left -= usize::from(c != ' ');
    }
    line.len()
}

fn hops(report: &Report, finding: &Finding) -> Vec<Hop> {
    let privilege = &finding.privilege;
    let undo = privilege.recovery.as_ref().map(|recovery| Hop {
        reached: words::recovery(recovery),
        shown_by: String::new(),
    });
    [
        Some(start(report)),
        Some(file(finding)),
        commit(finding),
        Some(credential(finding)),
        Some(deed(finding)),
        undo,
        drift(finding),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn start(report: &Report) -> Hop {
    Hop {
        reached: sanitize(&report.target.root).into_owned(),
        shown_by: "an agent that works in this folder starts here".to_owned(),
    }
}

fn file(finding: &Finding) -> Hop {
    let open = finding
        .reachability
        .facets
        .iter()
        .find(|facet| facet.exposure.is_some());
    let evidence = open
        .map(|facet| sanitize(facet.evidence.as_str()).into_owned())
        .unwrap_or_default();
    Hop {
        reached: format!(
            "{} is in reach of {}",
            words::place(finding),
            words::reached_by(finding)
        ),
        shown_by: evidence,
    }
}

fn commit(finding: &Finding) -> Option<Hop> {
    let (reached, shown_by) = words::brought_in(finding.commit.as_deref()?);
    Some(Hop { reached, shown_by })
}

fn credential(finding: &Finding) -> Hop {
    let pair = finding
        .companion
        .as_ref()
        .map(|other| format!(" with its other half on line {}", other.start.line));
    let name = format!(
        "{} {}{}",
        words::name(finding),
        sanitize(&finding.preview),
        pair.unwrap_or_default()
    );
    Hop {
        reached: name,
        shown_by: words::because(&finding.validity.evidence),
    }
}

fn deed(finding: &Finding) -> Hop {
    let age = finding
        .age_days
        .filter(|&days| days > 0)
        .map(|days| format!(", at least {} old", counted(days.into(), "day")));
    let reached = format!(
        "it {}, {}",
        words::can(finding, 8),
        words::within(finding.environment.value)
    );
    let life = format!(
        "{}{}",
        words::lifetime(finding.lifetime.value),
        age.unwrap_or_default()
    );
    let evidence = [
        words::because(&finding.privilege.evidence),
        words::because(&finding.environment.evidence),
        life,
    ];
    let evidence: Vec<_> = evidence
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect();
    Hop {
        reached,
        shown_by: evidence.join("; "),
    }
}

fn drift(finding: &Finding) -> Option<Hop> {
    let stated = finding
        .purpose
        .stated
        .as_deref()
        .filter(|_| finding.purpose.drift)?;
    Some(Hop {
        reached: format!(
            "it was put there for {}, and can do far more",
            sanitize(stated)
        ),
        shown_by: words::because(&finding.purpose.evidence),
    })
}
