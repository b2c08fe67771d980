//! The rule files as they are written: TOML, one file a provider, a closed set of fields.
//!
//! It is separate from [`super::Rule`], the compiled form, so that what an author may write and
//! what the engine needs can change apart. `rules/build.rs` uses this very module for the rules
//! that are built in, and the loader for a user's own.

use super::record::Record;
use crate::severity::Confidence;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// One rule file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The provider's id in kebab case, such as `railway`.
    pub provider: String,
    /// The provider's own spelling of its name.
    pub name: String,
    /// True where several providers share these forms, such as URLs and keys in PEM: a provider's own
    /// rule wins over these.
    #[serde(default)]
    pub catch_all: bool,
    /// Privilege records shared by several rules, by name.
    #[serde(default)]
    pub records: BTreeMap<String, Record>,
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleSource>,
}

/// One rule as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSource {
    /// `<provider>-<kind>`, unique among all rules.
    pub id: Spanned<String>,
    /// What a person calls it: "Railway project token".
    pub name: String,
    /// How sure a match is; by default `high` for a pattern and `medium` for a shape.
    pub confidence: Option<Confidence>,
    /// Distinctive form: an ASCII regular expression; its group `secret` is the credential, or the
    /// whole match where there is no such group.
    pub pattern: Option<Spanned<String>>,
    /// Literals of which every match contains one, where the derived ones are too common.
    #[serde(default)]
    pub anchors: Vec<String>,
    /// Contextual form: the shape of the whole value, such as `{{uuid}}`.
    pub shape: Option<Spanned<String>>,
    /// What ties the value to the provider. At least one of these lists for a shape.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Keys that look alike but do not name this credential.
    #[serde(default)]
    pub not_keys: Vec<String>,
    /// Hosts in the same statement or block.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// HTTP header names that carry this credential and no other.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Constructors or functions of the provider's client, such as `RailwayClient`.
    #[serde(default)]
    pub calls: Vec<String>,
    /// Names of the enclosing section, table or object, such as `railway`.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Ends of paths in which the value stands, such as `.railway/config.json`.
    #[serde(default)]
    pub files: Vec<String>,
    /// Words of the prose before the value, such as `railway`; it must also name a credential.
    #[serde(default)]
    pub prose: Vec<String>,
    /// True for the generic tier: the keys name no provider, and the value is judged by its looks.
    #[serde(default)]
    pub generic: bool,
    /// Shannon entropy of the secret in bits a byte below which a match is a placeholder.
    pub min_entropy: Option<f64>,
    /// How many leading bytes of the secret are public; by default the literal prefix of the pattern.
    pub public_prefix: Option<usize>,
    /// The named offline check.
    pub validator: Option<String>,
    /// The named reader of what stands inside the value.
    pub decoder: Option<String>,
    /// Rules whose credential completes this one: one finding for both.
    #[serde(default)]
    pub companions: Vec<String>,
    /// The confidence without its companion; by default the same as with it.
    pub alone: Option<Confidence>,
    /// The name of a shared privilege record.
    pub record: Option<String>,
    /// The rule's own privilege record.
    pub privilege: Option<Record>,
    /// The shape of one genuine-looking secret, for examples and `rules sample`. Defaults to `shape`.
    pub sample: Option<String>,
    /// Examples, mandatory.
    pub tests: Examples,
}

/// Examples that are run through the real detector with all rules loaded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Each gives exactly one finding of this rule, spanning what `{{secret}}` expands to.
    #[serde(rename = "match")]
    pub matches: Vec<Example>,
    /// Each gives no finding at all.
    pub ignore: Vec<Example>,
}

/// An example: a text, with the path it stands in where that matters.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Example {
    /// Just the text, in a file named `notes.txt`.
    Text(String),
    /// A text in a named file.
    File(ExampleFile),
}

/// A text in a named file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleFile {
    /// The path, relative, with `/`.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Example {
    /// The path the text stands in.
    pub fn path(&self) -> &str {
        match self {
            Self::Text(_) => "notes.txt",
            Self::File(file) => &file.path,
        }
    }

    /// The text, a template.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::File(file) => &file.text,
        }
    }
}
