//! When findings fail a scan: `--fail-on`.
//!
//! By band (`high`: that or worse) or by class (`destroy@production`: what it can do, and where).
//! It is separate from the reports because an exit code must not depend on how findings are shown.

use crate::environment::Environment;
use crate::finding::Finding;
use crate::privilege::{Capability, CapabilitySet};
use crate::severity::Band;
use std::str::FromStr;

/// What fails a scan: any of its conditions.
///
/// ```
/// use straykey::policy::FailOn;
/// assert!("high,destroy@production".parse::<FailOn>().is_ok());
/// assert!("hgih".parse::<FailOn>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailOn(Vec<Condition>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// This band or a worse one.
    Band(Band),
    /// One of these capabilities, in this environment where one is named.
    Class(CapabilitySet, Option<Environment>),
}

/// A condition that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither a band (none, low, medium, high, critical) nor a class such as `destroy@production`"
)]
pub struct UnknownCondition(pub String);

/// Classes: names for groups of capabilities.
const CLASSES: &[(&str, &[Capability])] = &[
    (
        "destroy",
        &[
            Capability::DeleteInfrastructure,
            Capability::DeleteBackups,
            Capability::DeleteData,
        ],
    ),
    ("execute", &[Capability::RunCode, Capability::Publish]),
    ("mint", &[Capability::ManageIdentity]),
    ("pay", &[Capability::MoveMoney]),
    ("secrets", &[Capability::ReadSecrets]),
];

impl FailOn {
    /// Fails on any finding of this band or a worse one.
    pub fn band(band: Band) -> Self {
        Self(vec![Condition::Band(band)])
    }

    /// True when the finding fails the scan. One that spans all environments works in each of them.
    pub fn fails(&self, finding: &Finding) -> bool {
        self.0.iter().any(|condition| match condition {
            Condition::Band(band) => finding.severity.band() <= *band,
            Condition::Class(capabilities, environment) => {
                let there = |wanted: &Environment| {
                    finding.environment.value == *wanted
                        || finding.environment.value == Environment::All
                };
                finding.privilege.capabilities.intersects(*capabilities)
                    && environment.as_ref().is_none_or(there)
            }
        })
    }
}

impl FromStr for FailOn {
    type Err = UnknownCondition;

    fn from_str(text: &str) -> Result<Self, UnknownCondition> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        text.split(',')
            .map(str::trim)
            .map(condition)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn condition(text: &str) -> Result<Condition, UnknownCondition> {
    let unknown = || UnknownCondition(text.to_owned());
    if let Some(band) = Band::ALL.into_iter().find(|band| band.as_str() == text) {
        return Ok(Condition::Band(band));
    }
    let (class, environment) = text
        .split_once('@')
        .map_or((text, None), |(class, environment)| {
            (class, Some(environment))
        });
    let named = CLASSES
        .iter()
        .find(|(name, _)| *name == class)
        .map(|(_, capabilities)| capabilities.iter().copied().collect());
    let one = || {
        Capability::ALL
            .into_iter()
            .find(|capability| capability.as_str() == class)
            .map(|capability| std::iter::once(capability).collect())
    };
    let capabilities = named.or_else(one).ok_or_else(unknown)?;
    let environment = environment
        .map(|name| {
            Environment::VALUES
                .into_iter()
                .find(|known| known.as_str() == name)
                .ok_or_else(unknown)
        })
        .transpose()?;
    Ok(Condition::Class(capabilities, environment))
}
