//! The weaknesses that a stray credential is, in MITRE's Common Weakness Enumeration.

use super::message;
use crate::finding::Finding;
use crate::reachability::Exposure;
use serde_sarif::sarif::{
    ReportingDescriptor, ReportingDescriptorReference, ReportingDescriptorRelationship,
    ToolComponent, ToolComponentReference,
};

/// Number and name, as published.
const WEAKNESSES: [(&str, &str); 4] = [
    ("798", "Use of Hard-coded Credentials"),
    ("312", "Cleartext Storage of Sensitive Information"),
    ("522", "Insufficiently Protected Credentials"),
    PUBLISHED,
];
/// The one that holds for a finding only where anyone may read the file.
const PUBLISHED: (&str, &str) = (
    "538",
    "Insertion of Sensitive Information into Externally-Accessible File or Directory",
);

/// The weaknesses of every rule: all but the one that depends on who reaches the file.
fn of_every_rule() -> impl Iterator<Item = &'static str> {
    let numbers = WEAKNESSES.into_iter().map(|(number, _)| number);
    numbers.filter(|&number| number != PUBLISHED.0)
}

/// The tags by which code scanning knows the weaknesses of every rule.
pub(super) fn tags() -> impl Iterator<Item = String> {
    of_every_rule().map(|number| format!("external/cwe/cwe-{number}"))
}

/// How every rule relates to its weaknesses: it is a special case of each.
pub(super) fn relationships() -> Vec<ReportingDescriptorRelationship> {
    of_every_rule()
        .map(|number| {
            ReportingDescriptorRelationship::builder()
                .target(reference(number))
                .kinds(["superset".to_owned()])
                .build()
        })
        .collect()
}

/// What holds for this finding beyond what holds for its rule; None for nothing.
pub(super) fn of(finding: &Finding) -> Option<Vec<ReportingDescriptorReference>> {
    let published = finding.reachability.exposure == Exposure::Public;
    published.then(|| vec![reference(PUBLISHED.0)])
}

/// The enumeration, as far as it is used.
pub(super) fn cwe() -> ToolComponent {
    let taxa = WEAKNESSES.map(|(number, name)| {
        let page = format!("https://cwe.mitre.org/data/definitions/{number}.html");
        ReportingDescriptor::builder()
            .id(number)
            .short_description(message::text(name))
            .help_uri(page)
            .build()
    });
    ToolComponent::builder()
        .name("CWE")
        .organization("MITRE")
        .short_description(message::text("The MITRE Common Weakness Enumeration"))
        .information_uri("https://cwe.mitre.org/")
        .is_comprehensive(false)
        .taxa(taxa)
        .build()
}

/// Points to [`cwe`], the only taxonomy of the run.
pub(super) fn component() -> ToolComponentReference {
    ToolComponentReference::builder()
        .name("CWE")
        .index(0)
        .build()
}

fn reference(number: &str) -> ReportingDescriptorReference {
    ReportingDescriptorReference::builder()
        .id(number)
        .tool_component(component())
        .build()
}
