//! A rule as the engine reads it.
//!
//! It is separate from the loading and the rule set because the build script shares exactly this.

use super::key::Phrase;
use super::pattern::Anchor;
use super::record::LazyRecord;
use crate::severity::Confidence;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A compiled rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// `<provider>-<kind>`, unique in a rule set.
    pub id: Arc<str>,
    /// The provider's id.
    pub provider: Arc<str>,
    /// The provider's own spelling of its name.
    pub provider_name: String,
    /// What a person calls this kind.
    pub name: String,
    /// How sure a match is.
    pub confidence: Confidence,
    /// How matches are found.
    pub detection: Detection,
    /// Shannon entropy in bits a byte below which a match is a placeholder.
    pub min_entropy: f64,
    /// How many leading bytes of the secret may be shown.
    pub public_prefix: usize,
    /// The named offline check; empty for none.
    pub validator: String,
    /// The named reader; empty for none.
    pub decoder: String,
    /// Rules whose credential completes this one.
    pub companions: Vec<Arc<str>>,
    /// The confidence without a companion.
    pub alone: Confidence,
    /// True where a provider's own rule wins over this one.
    pub catch_all: bool,
    /// What this kind can do. The build keeps the records apart from the rules.
    #[serde(skip)]
    pub record: LazyRecord,
}

impl Rule {
    /// The id without the provider, such as `api-token`.
    pub fn kind(&self) -> &str {
        self.id
            .strip_prefix(&*self.provider)
            .and_then(|rest| rest.strip_prefix('-'))
            .unwrap_or(&self.id)
    }
}

/// How matches of a rule are found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detection {
    /// By its own form.
    Distinctive(Distinctive),
    /// By its shape and its surroundings.
    Contextual(Contextual),
}

/// A credential that is recognised by its own form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distinctive {
    /// ASCII regular expression, to be tried anchored where an anchor proposes a start.
    pub pattern: String,
    /// Literals of which every match contains one.
    pub anchors: Vec<Anchor>,
    /// The longest possible match in bytes.
    pub max_len: usize,
    /// True when the secret ends in a class that holds `-`, so that a following `-` continues it.
    pub tail_has_dash: bool,
}

/// A credential that is recognised by its shape and what ties it to a provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contextual {
    /// Regular expression of the whole value.
    pub shape: String,
    /// Shortest and longest value in bytes.
    pub lengths: (usize, usize),
    /// Key phrases.
    pub keys: Vec<Phrase>,
    /// Key phrases that rule it out.
    pub not_keys: Vec<Phrase>,
    /// Hosts, lower case.
    pub hosts: Vec<String>,
    /// Header names, lower case.
    pub headers: Vec<String>,
    /// Function and constructor names, as written.
    pub calls: Vec<String>,
    /// Section names, as phrases.
    pub sections: Vec<Phrase>,
    /// Path endings, lower case.
    pub files: Vec<String>,
    /// Words of prose, lower case.
    pub prose: Vec<String>,
    /// True for the generic tier: no provider, and the value is judged by its looks.
    pub generic: bool,
}
