//! The configuration as it is written: TOML, a closed set of keys.
//!
//! It is separate from [`super::Config`] so that every value still knows where it stands while it is
//! checked. `schema/config-v1.schema.json` says the same for editors; a test holds them together.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table"
)]
pub(super) struct ConfigFile {
    pub(super) fail_on: Option<Spanned<String>>,
    pub(super) min_confidence: Option<Spanned<String>>,
    pub(super) task_environment: Option<Spanned<String>>,
    pub(super) baseline: Option<Spanned<String>>,
    pub(super) compat: Vec<Spanned<String>>,
    pub(super) paths: PathsSource,
    pub(super) rules: RulesSource,
    pub(super) allow: Vec<Spanned<AllowSource>>,
}

/// `[paths]`
#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table"
)]
pub(super) struct PathsSource {
    pub(super) exclude: Vec<Spanned<String>>,
}

/// `[rules]`
#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table"
)]
pub(super) struct RulesSource {
    pub(super) disable: Vec<Spanned<String>>,
    pub(super) only: Vec<Spanned<String>>,
    pub(super) files: Vec<Spanned<String>>,
    pub(super) confidence: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// `[[allow]]`
#[derive(Debug, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table"
)]
pub(super) struct AllowSource {
    pub(super) reason: Option<Spanned<String>>,
    pub(super) expires: Option<Spanned<Datetime>>,
    pub(super) fingerprint: Option<Spanned<String>>,
    pub(super) path: Option<Spanned<String>>,
    pub(super) rule: Option<Spanned<String>>,
    pub(super) value: Option<Spanned<String>>,
}
