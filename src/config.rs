//! `.straykey.toml`: what a repository says about its own scans.
//!
//! The file lies in the tree that is scanned, where whoever is scanned may edit it. So it can name no
//! path outside the tree and no URL, start nothing and write nothing, and whatever it takes away from
//! a scan is told by [`Config::loosened`]. It is only read here; `triage` and the command line apply it.

mod allow;
mod discover;
mod error;
mod load;
mod notices;
mod place;
mod selector;
mod source;
mod suggest;

#[cfg(test)]
mod examples;

pub use allow::Allow;
pub use discover::{Ambiguous, NAMES, discover};
pub use error::ConfigError;
pub use place::Placed;
pub use selector::Selector;

use crate::environment::Environment;
use crate::finding::Finding;
use crate::haystack::globs::Globs;
use crate::lifetime::UnixSeconds;
use crate::location::Position;
use crate::rule::Rule;
use crate::severity::Confidence;

/// A configuration. The default is that of a tree without one.
///
/// ```
/// use straykey::config::Config;
/// let config = Config::parse(".straykey.toml", "[paths]\nexclude = [\"vendor/**\"]").unwrap();
/// assert!(config.exclude.matches("vendor/a.c"));
/// let error = Config::parse(".straykey.toml", "fial-on = \"high\"").unwrap_err();
/// assert_eq!(error.to_string(), ".straykey.toml:1:1: unknown key `fial-on`");
/// assert_eq!(error.hint, "did you mean `fail-on`?");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where it came from, for messages; empty without a configuration.
    pub name: String,
    /// `fail-on`, as `--fail-on` takes it. Whoever parses it answers with [`Config::error`].
    pub fail_on: Option<Placed<String>>,
    /// `min-confidence`
    pub min_confidence: Option<Placed<Confidence>>,
    /// `task-environment`: production, staging, test or local.
    pub task_environment: Option<Environment>,
    /// `baseline`: a relative path without `..`.
    pub baseline: Option<Placed<String>>,
    /// `compat`: tools whose marks and lists count, such as `gitleaks`.
    pub compat: Vec<Placed<String>>,
    /// `paths.exclude`: what is not searched.
    pub exclude: Globs,
    /// `rules.disable`: rules that are not used.
    pub disable: Vec<Placed<Selector>>,
    /// `rules.only`: where there are any, no other rules are used.
    pub only: Vec<Placed<Selector>>,
    /// `rules.files`: relative paths without `..`.
    pub rule_files: Vec<Placed<String>>,
    /// `rules.confidence`: rules with another confidence than their own; see [`Config::retier`].
    pub confidence: Vec<(Placed<Selector>, Confidence)>,
    /// `[[allow]]`, in the order of the file.
    pub allows: Vec<Allow>,
}

impl Config {
    /// Reads a configuration. `name` says where it came from and stands before every message.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, ConfigError> {
        load::load(name, text).map_err(|fault| fault.in_file(name, text))
    }

    /// An error about a value that only the caller can check, such as `fail-on`.
    pub fn error(
        &self,
        at: Position,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> ConfigError {
        ConfigError {
            name: self.name.clone(),
            line: at.line,
            column: at.column,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The first allow that excuses the finding, with its place in [`Config::allows`].
    pub fn judge(&self, finding: &Finding, now: UnixSeconds) -> Option<(usize, &Allow)> {
        self.allows
            .iter()
            .enumerate()
            .find(|(_, allow)| !allow.is_expired(now) && allow.covers(finding))
    }

    /// The confidence that the rule has here instead of its own; None where it keeps it. Of several
    /// names for one rule the most exact counts: its id, its provider, then the longest glob.
    pub fn retier(&self, rule_id: &str, provider: &str) -> Option<Confidence> {
        self.confidence
            .iter()
            .filter(|(rule, _)| rule.value.selects(rule_id, provider))
            .max_by_key(|(rule, _)| rule.value.exactness())
            .map(|(_, level)| *level)
    }

    /// True when the rule is not to be used.
    pub fn disables(&self, rule: &Rule) -> bool {
        let named = |list: &[Placed<Selector>]| {
            list.iter()
                .any(|name| name.value.selects(&rule.id, &rule.provider))
        };
        named(&self.disable) || !(self.only.is_empty() || named(&self.only))
    }
}

#[cfg(test)]
mod tests {
    use super::examples::accepted;
    use super::*;
    use crate::rule::builtin;

    fn disables(config: &Config, id: &str) -> bool {
        let rules = builtin();
        config.disables(rules.get(id).expect("the rule is built in"))
    }

    #[test]
    fn rules_are_disabled_by_id_provider_and_glob() {
        let config = accepted("[rules]\ndisable = [\"generic-password\", \"railway\", \"*-jwt\"]");
        for id in [
            "generic-password",
            "railway-api-token",
            "github-installation-jwt",
        ] {
            assert!(disables(&config, id), "{id}");
        }
        for id in ["generic-secret", "github-classic-token"] {
            assert!(!disables(&config, id), "{id}");
        }
    }

    #[test]
    fn only_leaves_out_all_others() {
        let config = accepted("[rules]\nonly = [\"aws\"]\ndisable = [\"aws-ecr-*\"]");
        assert!(!disables(&config, "aws-access-key"));
        assert!(disables(&config, "aws-ecr-password"));
        assert!(disables(&config, "railway-api-token"));
        let none = accepted("[rules]\nonly = []");
        assert!(!disables(&none, "railway-api-token"));
    }

    #[test]
    fn the_most_exact_name_decides_the_confidence() {
        let config = accepted(
            "[rules.confidence]\n\"*\" = \"medium\"\n\"aws-*\" = \"low\"\naws = \"medium\"\n\
             aws-access-key = \"high\"\n",
        );
        let tier = |id, provider| config.retier(id, provider);
        assert_eq!(tier("aws-access-key", "aws"), Some(Confidence::High));
        assert_eq!(tier("aws-session-token", "aws"), Some(Confidence::Medium));
        assert_eq!(tier("aws-like-key", "aws-like"), Some(Confidence::Low));
        assert_eq!(tier("railway-token", "railway"), Some(Confidence::Medium));
        assert_eq!(Config::default().retier("aws-access-key", "aws"), None);
    }

    #[test]
    fn a_caller_may_complain_about_a_value() {
        let config = accepted("\nfail-on = \"hgih\"");
        let fail_on = config.fail_on.as_ref().expect("it is given");
        let error = config.error(fail_on.at, "`hgih` is no band", "see --help");
        assert_eq!(error.to_string(), "own.toml:2:11: `hgih` is no band");
    }
}
