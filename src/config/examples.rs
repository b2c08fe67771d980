//! What the tests of the configuration share. Every text that one of them accepts is held against the
//! published schema as well, so that an editor never complains about what works.

use super::source::ConfigFile;
use super::{Config, ConfigError};
use crate::evidence::Judged;
use crate::finding::{Finding, Identity, Purpose, Source};
use crate::location::{Position, Span};
use crate::privilege::{self, Breadth, Certainty, Privilege};
use crate::reachability::Reachability;
use crate::rule::builtin;
use crate::secret::Secret;
use crate::severity::{Confidence, Score, Severity};
use serde_json::Value;
use std::sync::Arc;

/// A configuration with every key there is.
pub(super) const EVERY_KEY: &str = r#"# Every key there is.
fail-on = "high,destroy@production"
min-confidence = "medium"
task-environment = "staging"
baseline = ".straykey-baseline"
compat = ["gitleaks"]

[paths]
exclude = ["vendor/**", "*.min.js"]

[rules]
disable = ["generic-password"]
only = ["aws-*"]
files = ["ci/straykey-rules.toml"]
[rules.confidence]
"generic-token" = "low"

[[allow]]
reason = "the vendor's documented example"
expires = 2027-01-31
fingerprint = "0123456789ABCDEF"
path = "docs/**"
rule = "aws-*"
value = "EXAMPLE[A-Z0-9]{8}"
"#;

/// Reads a text that is right.
#[track_caller]
pub(super) fn accepted(text: &str) -> Config {
    let document = document(text);
    let errors: Vec<String> = validator()
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{text}: {errors:#?}");
    Config::parse("own.toml", text).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads a text that is wrong.
#[track_caller]
pub(super) fn refused(text: &str) -> ConfigError {
    Config::parse("own.toml", text).expect_err("it is wrong")
}

/// What is wrong with it, and what to do.
#[track_caller]
pub(super) fn problem(text: &str) -> String {
    let error = refused(text);
    format!("{error}; {}", error.hint)
}

/// A finding of a rule that is built in.
pub(super) fn finding(rule: &str, path: &str, value: &str) -> Finding {
    let rules = builtin();
    Finding {
        rule: Arc::clone(rules.get(rule).expect("the rule is built in")),
        confidence: Confidence::High,
        path: path.to_owned(),
        source: Source::File,
        commit: None,
        span: Span::default(),
        start: Position::START,
        end: Position::START,
        secret: Secret::new(value.as_bytes().to_vec()),
        preview: Secret::HIDDEN.to_owned(),
        line: Secret::new(Vec::new()),
        previous_line: Secret::new(Vec::new()),
        key: None,
        fingerprint: "0123456789abcdef".repeat(2),
        identity: Identity::Value,
        line_hash: None,
        credential: 1,
        companion: None,
        validity: Judged::default(),
        privilege: powerless(),
        environment: Judged::default(),
        lifetime: Judged::default(),
        age_days: None,
        purpose: Purpose::default(),
        reachability: Reachability::of(Vec::new()),
        severity: Severity {
            score: Score::default(),
            privilege: 0.0,
            environment: 0.0,
            lifetime: 0.0,
            exposure: 0.0,
        },
    }
}

fn powerless() -> Privilege {
    Privilege {
        capabilities: std::iter::empty().collect(),
        breadth: Breadth::None,
        certainty: Certainty::Unknown,
        narrowing: false,
        identity: privilege::Identity::Unknown,
        recovery: None,
        evidence: Vec::new(),
    }
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schema/config-v1.schema.json"))
        .expect("the schema is JSON")
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema()).expect("the schema is one")
}

/// The text as an editor hands it to a schema: a day is a string.
fn document(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).expect("the text is TOML");
    json(toml::Value::Table(table))
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(list) => list.into_iter().map(json).collect(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, value)| (key, json(value)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of each table, and where the schema has its keys.
    const TABLES: [(&str, &str); 4] = [
        ("", "/properties"),
        ("[paths]\n", "/properties/paths/properties"),
        ("[rules]\n", "/properties/rules/properties"),
        (
            "[[allow]]\nreason = \"r\"\nrule = \"aws\"\n",
            "/properties/allow/items/properties",
        ),
    ];

    fn properties(schema: &Value, pointer: &str) -> serde_json::Map<String, Value> {
        let found = schema.pointer(pointer).and_then(Value::as_object);
        found.expect("the schema has the table").clone()
    }

    /// The keys that the parser itself lists.
    fn keys(head: &str) -> Vec<String> {
        let error = toml::from_str::<ConfigFile>(&format!("{head}no-such-key = 1\n"));
        let error = error.expect_err("there is no such key");
        let (_, known) = error
            .message()
            .split_once("expected ")
            .expect("the parser lists what it knows");
        let mut keys: Vec<String> = known
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        keys.sort();
        keys
    }

    #[test]
    fn the_schema_has_exactly_the_keys_that_are_read() {
        let schema = schema();
        for (head, pointer) in TABLES {
            let mut named: Vec<String> = properties(&schema, pointer).keys().cloned().collect();
            named.sort();
            assert_eq!(named, keys(head), "{pointer}");
        }
    }

    #[test]
    fn the_schema_explains_every_key() {
        let schema = schema();
        for (_, pointer) in TABLES {
            for (key, property) in properties(&schema, pointer) {
                for field in ["title", "description"] {
                    assert!(
                        property[field].is_string(),
                        "{pointer}/{key} has no {field}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_schema_refuses_unknown_keys() {
        for (head, _) in TABLES {
            let text = format!("{head}no-such-key = 1\n");
            assert!(!validator().is_valid(&document(&text)), "{text}");
        }
    }

    #[test]
    fn the_schema_refuses_what_the_parser_refuses() {
        for text in [
            "fail-on = 7",
            "min-confidence = \"hihg\"",
            "task-environment = \"unknown\"",
            "compat = [\"gitleak\"]",
            "baseline = \"../b\"",
            "baseline = \"/b\"",
            "[rules]\nfiles = [\"https://host/b\"]",
            "[rules]\ndisable = [\"AWS keys\"]",
            "[rules]\ndisable = [\"*\"]",
            "[rules.confidence]\naws = \"none\"",
            "[rules.confidence]\nAWS = \"low\"",
            "[[allow]]\nrule = \"aws\"",
            "[[allow]]\nreason = \" \"\nrule = \"aws\"",
            "[[allow]]\nreason = \"r\"",
            "[[allow]]\nreason = \"r\"\nfingerprint = \"0123\"",
        ] {
            refused(text);
            assert!(!validator().is_valid(&document(text)), "{text}");
        }
    }

    #[test]
    fn the_schema_accepts_every_key() {
        accepted(EVERY_KEY);
    }
}
