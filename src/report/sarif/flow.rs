//! The way from the folder to what the credential destroys, as the steps of a code flow.
//!
//! It is the story that the text report tells of the worst finding, told of each. Every step has a
//! place in the file, because viewers show steps as places: what concerns the whole file stands at
//! its top.

use super::message::{self, LONG};
use super::place;
use crate::display::sanitize;
use crate::finding::{Finding, Source};
use crate::report::words;
use serde_json::json;
use serde_sarif::sarif::{CodeFlow, Location, ThreadFlow, ThreadFlowLocation};

/// The way to a finding; None where no file is on it.
pub(super) fn of(finding: &Finding) -> Option<CodeFlow> {
    let top = || place::top(&finding.path);
    let here = || place::of(finding);
    let steps = [
        step(top(), start(finding.source)?, "unimportant"),
        step(top(), &file(finding), "important"),
        step(here(), &credential(finding), "essential"),
        step(here(), &deed(finding), "essential"),
    ];
    let drift = drift(finding).map(|told| step(here(), &told, "important"));
    let steps: Vec<_> = steps.into_iter().chain(drift).collect();
    let thread = ThreadFlow::builder().locations(steps).build();
    Some(CodeFlow::builder().thread_flows([thread]).build())
}

fn step(place: Location, told: &str, importance: &str) -> ThreadFlowLocation {
    let location = Location {
        message: Some(message::plain(told)),
        ..place
    };
    ThreadFlowLocation {
        location: Some(location),
        importance: Some(json!(importance)),
        ..ThreadFlowLocation::default()
    }
}

/// Who begins where.
fn start(source: Source) -> Option<&'static str> {
    match source {
        Source::File => Some("A person or an agent that works in the scanned folder starts there."),
        Source::Staged => {
            Some("Whoever gets the repository after the next commit starts with its files.")
        }
        Source::Since | Source::History => {
            Some("Whoever has the repository has every version of its files.")
        }
        Source::Stdin | Source::Message | Source::Branch => None,
    }
}

fn file(finding: &Finding) -> String {
    let mut facets = finding.reachability.facets.iter();
    let open = facets.find(|facet| facet.exposure.is_some());
    let shown_by = open.map(|facet| because(&sanitize(facet.evidence.as_str())));
    let shown_by = shown_by.unwrap_or_default();
    let place = short(&sanitize(&finding.path));
    let reached_by = words::reached_by(finding);
    format!("{place} is in reach of {reached_by}{shown_by}.")
}

fn credential(finding: &Finding) -> String {
    let name = words::name(finding);
    let preview = sanitize(&finding.preview);
    let evidence = because(&words::because(&finding.validity.evidence));
    format!("It holds a credential: {name} {preview}{evidence}.")
}

fn deed(finding: &Finding) -> String {
    let recovery = finding.privilege.recovery.as_ref();
    let recovery = recovery.map(|undo| format!("; {}", words::recovery(undo)));
    format!(
        "It {}, {}; {}{}{}.",
        words::can(finding, 8),
        words::within(finding.environment.value),
        words::lifetime(finding.lifetime.value),
        recovery.unwrap_or_default(),
        because(&words::because(&finding.privilege.evidence)),
    )
}

fn drift(finding: &Finding) -> Option<String> {
    let stated = finding.purpose.stated.as_deref();
    let stated = stated.filter(|_| finding.purpose.drift)?;
    let evidence = because(&words::because(&finding.purpose.evidence));
    let stated = short(&sanitize(stated));
    Some(format!(
        "It was put there for {stated}, and can do far more{evidence}."
    ))
}

/// The end of a sentence: what shows it.
fn because(evidence: &str) -> String {
    if evidence.is_empty() {
        String::new()
    } else {
        format!(", because {}", short(evidence))
    }
}

fn short(text: &str) -> String {
    message::cut(text, LONG)
}
