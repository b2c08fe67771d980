//! The privilege record of a rule: what this kind of credential can do, as data.
//!
//! Records are plain facts about a kind, read from the vendor's documentation. What one value says
//! about itself (a claim, a caveat, an infix) is the business of the validators and may override it.

use crate::environment::Environment;
use crate::lifetime::KindLifetime;
use crate::privilege::{Breadth, CapabilitySet, Certainty, Identity, Recovery};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::OnceLock;

/// What a kind of credential can do, for how long, and how to get rid of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What it can do.
    pub capabilities: CapabilitySet,
    /// How much that applies to.
    pub breadth: Breadth,
    /// How sure that is.
    #[serde(default = "typical")]
    pub certainty: Certainty,
    /// True when the scope may have been narrowed in ways the value does not show.
    #[serde(default)]
    pub narrowing: bool,
    /// In whose name it acts.
    #[serde(default)]
    pub identity: Identity,
    /// One sentence: why it can do that. Lower case, no full stop.
    pub because: String,
    /// The worst uses in the provider's own words, to follow "can", worst first, such as
    /// "delete volumes and their backups". Empty: the general verbs are used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verbs: Vec<String>,
    /// The environment this kind works in, where the kind alone decides it.
    #[serde(default)]
    pub environment: Environment,
    /// How long this kind lives.
    #[serde(default)]
    pub lifetime: KindLifetime,
    /// What remains after a deletion, where the vendor documents it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// Where to revoke it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoke: Option<Revoke>,
    /// The narrower or shorter-lived kind to use instead, as a phrase after "replace it by".
    #[serde(default)]
    pub replace: String,
}

/// A record that is read when it is first asked for. Most rules match nothing in most scans, and
/// reading a thousand records at every start takes as long as a hook may run.
#[derive(Clone, Debug, Default)]
pub struct LazyRecord {
    json: Cow<'static, str>,
    record: OnceLock<Record>,
}

impl LazyRecord {
    /// A record that the build has written as JSON.
    pub fn from_json(json: &'static str) -> Self {
        Self {
            json: Cow::Borrowed(json),
            record: OnceLock::new(),
        }
    }
}

impl From<Record> for LazyRecord {
    fn from(record: Record) -> Self {
        Self {
            json: Cow::Borrowed(""),
            record: OnceLock::from(record),
        }
    }
}

impl std::ops::Deref for LazyRecord {
    type Target = Record;

    fn deref(&self) -> &Record {
        let read = || serde_json::from_str(&self.json);
        self.record
            .get_or_init(|| read().expect("the build wrote this record with the same type"))
    }
}

impl PartialEq for LazyRecord {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

fn typical() -> Certainty {
    Certainty::Typical
}

/// Where a credential is revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// The page or command, in the provider's words.
    pub title: String,
    /// The page's address; empty where there is none.
    #[serde(default)]
    pub url: String,
    /// True when the provider revokes any value that is reported to it, without a login.
    #[serde(default)]
    pub by_value: bool,
}
