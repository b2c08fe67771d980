//! The properties of a result: every conclusion, for programs that read more than code scanning does.

use super::message::{self, LONG};
use crate::display::sanitize;
use crate::evidence::Evidence;
use crate::finding::{Commit, Finding};
use crate::privilege::Capability;
use crate::report::{Violation, remedy, words};
use serde_json::{Value, json};
use serde_sarif::sarif::PropertyBag;
use std::collections::BTreeMap;

/// All of them. Names begin with `straykey.`, values are those of the JSON contract.
pub(super) fn of(finding: &Finding, violations: &[&Violation]) -> PropertyBag {
    let always = [
        ("privilege", privilege(finding)),
        ("environment", json!(finding.environment.value.as_str())),
        ("lifetime", lifetime(finding)),
        ("exposure", json!(finding.reachability.exposure.as_str())),
        ("purpose", purpose(finding)),
        ("validity", json!(finding.validity.value.as_str())),
        ("score", json!(finding.severity.score.value())),
        ("confidence", json!(finding.confidence.as_str())),
        ("source", json!(finding.source.as_str())),
        ("credential", json!(format!("cred-{}", finding.credential))),
        ("steps", json!(remedy::steps(finding))),
        ("evidence", json!(evidence(finding))),
    ];
    let commit = finding.commit.as_deref().map(commit);
    let broken = (!violations.is_empty()).then(|| broken(violations));
    let bag: BTreeMap<String, Value> = always
        .into_iter()
        .chain(commit.map(|commit| ("commit", commit)))
        .chain(broken.map(|broken| ("violations", broken)))
        .map(|(name, value)| (format!("straykey.{name}"), value))
        .collect();
    PropertyBag::builder().additional_properties(bag).build()
}

fn privilege(finding: &Finding) -> Value {
    let privilege = &finding.privilege;
    let capabilities = privilege.capabilities.iter().map(Capability::as_str);
    json!({
        "capabilities": capabilities.collect::<Vec<_>>(),
        "breadth": privilege.breadth.as_str(),
        "blast": privilege.blast().as_str(),
        "certainty": privilege.certainty.as_str(),
        "identity": privilege.identity.as_str(),
    })
}

fn lifetime(finding: &Finding) -> Value {
    let lifetime = finding.lifetime.value;
    json!({
        "value": lifetime.as_str(),
        "expires_at": lifetime.expires_at().and_then(words::rfc3339),
        "age_days": finding.age_days,
    })
}

fn purpose(finding: &Finding) -> Value {
    let stated = finding.purpose.stated.as_deref();
    json!({
        "stated": stated.map(short),
        "drift": finding.purpose.drift,
    })
}

fn commit(commit: &Commit) -> Value {
    json!({
        "id": commit.id,
        "author": commit.author.as_deref().map(short),
        "time": words::rfc3339(commit.time),
    })
}

fn broken(violations: &[&Violation]) -> Value {
    let told = violations.iter().map(|violation| {
        let evidence: Vec<_> = sentences(&violation.evidence).collect();
        json!({"kind": violation.kind, "evidence": evidence})
    });
    told.collect()
}

/// Why all of that is thought, in the order of the properties.
fn evidence(finding: &Finding) -> Vec<String> {
    let facets = finding.reachability.facets.iter();
    let facets = facets.map(|facet| short(facet.evidence.as_str()));
    [
        &finding.validity.evidence,
        &finding.privilege.evidence,
        &finding.environment.evidence,
        &finding.lifetime.evidence,
        &finding.purpose.evidence,
    ]
    .into_iter()
    .flat_map(|evidence| sentences(evidence))
    .chain(facets)
    .collect()
}

fn sentences(evidence: &[Evidence]) -> impl Iterator<Item = String> {
    evidence.iter().map(|sentence| short(sentence.as_str()))
}

fn short(text: &str) -> String {
    message::cut(&sanitize(text), LONG)
}
