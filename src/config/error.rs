//! What is wrong with a configuration, said in its own words rather than in those of the parser.

use super::place::Lines;
use super::suggest::nearest;
use std::ops::Range;

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}:{column}: {message}")]
pub struct ConfigError {
    /// Where the configuration came from.
    pub name: String,
    /// 1-based.
    pub line: u64,
    /// 1-based, in characters.
    pub column: u64,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// The same before its place is counted.
#[derive(Debug)]
pub(super) struct Fault {
    /// Offset in bytes.
    at: usize,
    message: String,
    hint: String,
}

/// Where all keys are explained.
const KEYS: &str = "schema/config-v1.schema.json describes every key";

/// What the parser calls a kind of value, and what it is called here.
const KINDS: [(&str, &str); 6] = [
    ("string", "a string"),
    ("integer", "a number"),
    ("floating point", "a number"),
    ("boolean", "true or false"),
    ("sequence", "a list"),
    ("map", "a table"),
];

impl Fault {
    pub(super) fn new(
        span: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            at: span.start,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// What the parser found.
    pub(super) fn of_toml(error: &toml::de::Error) -> Self {
        let said = error.message();
        let (message, hint) = unknown_key(said)
            .or_else(|| wrong_kind(said))
            .unwrap_or_else(|| (said.to_owned(), KEYS.to_owned()));
        Self::new(error.span().unwrap_or_default(), message, hint)
    }

    /// A word that is none of those there are.
    pub(super) fn choice(span: Range<usize>, word: &str, known: &[&str]) -> Self {
        let message = format!("`{word}` is none of {}", list(known));
        Self::new(span, message, suggestion(word, known, "choose one of them"))
    }

    /// The error, in a file of that name.
    pub(super) fn in_file(self, name: &str, text: &str) -> ConfigError {
        let at = Lines::new(text).position(self.at);
        ConfigError {
            name: name.to_owned(),
            line: at.line,
            column: at.column,
            message: self.message,
            hint: self.hint,
        }
    }
}

/// The parser lists the keys there are; the nearest of them is more help.
fn unknown_key(said: &str) -> Option<(String, String)> {
    let rest = said.strip_prefix("unknown field `")?;
    let (key, known) = rest.rsplit_once("`, expected ")?;
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    let otherwise = format!("the keys here are {}", list(&known));
    Some((
        format!("unknown key `{key}`"),
        suggestion(key, &known, &otherwise),
    ))
}

/// The parser repeats the value, which may be anything; its kind says enough.
fn wrong_kind(said: &str) -> Option<(String, String)> {
    let (found, wanted) = said
        .strip_prefix("invalid type: ")?
        .rsplit_once(", expected ")?;
    let (_, found) = KINDS.iter().find(|(kind, _)| found.starts_with(kind))?;
    let (wanted, hint) = match (wanted, *found) {
        ("a sequence", "a table") => ("a list", "write the name in double brackets: `[[allow]]`"),
        ("a sequence", "a string") => ("a list", "put it in brackets: [\"...\"]"),
        ("a sequence", _) => ("a list", KEYS),
        ("a map", _) => ("a table", KEYS),
        ("a TOML datetime", _) => ("a day", "write it as 2027-01-31, without quotes"),
        (other, _) => (other, KEYS),
    };
    Some((format!("expected {wanted}, found {found}"), hint.to_owned()))
}

fn suggestion(word: &str, known: &[&str], otherwise: &str) -> String {
    nearest(word, known.iter().copied()).map_or_else(
        || otherwise.to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use crate::config::examples::{problem, refused};

    #[test]
    fn an_unknown_key_gets_a_suggestion() {
        let error = refused("\nfial-on = \"high\"\n");
        assert_eq!(error.to_string(), "own.toml:2:1: unknown key `fial-on`");
        assert_eq!(error.hint, "did you mean `fail-on`?");
        assert_eq!((error.line, error.column), (2, 1));
        for (text, expected) in [
            (
                "[paths]\nexcludes = []\n",
                "own.toml:2:1: unknown key `excludes`; did you mean `exclude`?",
            ),
            (
                "[rule]\ndisable = []\n",
                "own.toml:1:2: unknown key `rule`; did you mean `rules`?",
            ),
            (
                "[[allow]]\nreason = \"r\"\nfinger-print = \"01234567\"\n",
                "own.toml:3:1: unknown key `finger-print`; did you mean `fingerprint`?",
            ),
            (
                "[paths]\ncolour = 1\n",
                "own.toml:2:1: unknown key `colour`; the keys here are `exclude`",
            ),
        ] {
            assert_eq!(problem(text), expected);
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_not_repeated() {
        for (text, expected) in [
            (
                "fail-on = 7",
                "own.toml:1:11: expected a string, found a number; \
                 schema/config-v1.schema.json describes every key",
            ),
            (
                "compat = \"gitleaks, expected so\"",
                "own.toml:1:10: expected a list, found a string; put it in brackets: [\"...\"]",
            ),
            (
                "paths = true",
                "own.toml:1:9: expected a table, found true or false; \
                 schema/config-v1.schema.json describes every key",
            ),
            (
                "[rules]\ndisable = [\"aws\", 1.5]",
                "own.toml:2:19: expected a string, found a number; \
                 schema/config-v1.schema.json describes every key",
            ),
            (
                "[allow]\nreason = \"r\"",
                "own.toml:1:1: expected a list, found a table; \
                 write the name in double brackets: `[[allow]]`",
            ),
            (
                "[[allow]]\nreason = \"r\"\nexpires = \"2027-01-31\"",
                "own.toml:3:11: expected a day, found a string; \
                 write it as 2027-01-31, without quotes",
            ),
        ] {
            assert_eq!(problem(text), expected);
        }
    }

    #[test]
    fn what_is_no_toml_is_pointed_at() {
        let error = refused("fail-on = \"low\"\nfail-on = \"low\"\n");
        assert_eq!(error.to_string(), "own.toml:2:1: duplicate key");
        let error = refused("fail-on = \"low\"\n\nbaseline = ");
        assert_eq!(error.line, 3, "{error}");
    }
}
