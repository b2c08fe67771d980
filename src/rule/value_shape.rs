//! The shape of a value that a configuration allows: an expression of a user's own.
//!
//! It stands among the rules because patterns are compiled nowhere above them. It is bounded like a
//! user's rule, and an expression that fits any value is refused: it would allow everything.

use crate::secret::Secret;
use regex::bytes::{Regex, RegexBuilder};
use std::fmt;

/// An ASCII regular expression that a value must match as a whole.
///
/// ```
/// use straykey::rule::ValueShape;
/// use straykey::secret::Secret;
/// let shape = ValueShape::new("EXAMPLE[A-Z]{4}").unwrap();
/// assert!(shape.matches(&Secret::new(b"EXAMPLEABCD".to_vec())));
/// assert!(!shape.matches(&Secret::new(b"EXAMPLEABCDE".to_vec())));
/// ```
#[derive(Clone)]
pub struct ValueShape {
    pattern: String,
    regex: Regex,
}

/// Why an expression is refused. The expression itself is not repeated: it may be a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueShapeError {
    /// It has no characters.
    #[error("the expression is empty")]
    Empty,
    /// It is no regular expression.
    #[error("not a regular expression: {0}")]
    Syntax(String),
    /// It takes too much memory.
    #[error("the expression is too large once compiled")]
    TooLarge,
    /// It says nothing about the value.
    #[error("the expression fits almost any value")]
    Everything,
}

/// How much memory an expression may take once compiled, in bytes.
const SIZE_LIMIT: usize = 256 << 10;
/// How deep groups may lie in each other.
const NEST_LIMIT: u32 = 60;

/// Values so unlike each other that an expression which fits them all is no shape: three alphabets, ...
const ALPHABETS: [&str; 3] = ["qzkwj", "QZKWJ", "73906"];
/// ... each in two lengths, in bytes.
const LENGTHS: [usize; 2] = [24, 57];

impl ValueShape {
    /// Compiles an expression.
    ///
    /// # Errors
    /// See [`ValueShapeError`].
    pub fn new(pattern: &str) -> Result<Self, ValueShapeError> {
        if pattern.trim().is_empty() {
            return Err(ValueShapeError::Empty);
        }
        // Alone first: `a)|(b` must not become an expression by the group that is put around it.
        compile(pattern)?;
        let regex = compile(&format!("\\A(?:{pattern})\\z"))?;
        if unlike().all(|value| regex.is_match(value.as_bytes())) {
            return Err(ValueShapeError::Everything);
        }
        Ok(Self {
            pattern: pattern.to_owned(),
            regex,
        })
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// True when all of the value matches.
    pub fn matches(&self, secret: &Secret) -> bool {
        self.regex.is_match(secret.expose())
    }
}

impl fmt::Debug for ValueShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValueShape").field(&self.pattern).finish()
    }
}

fn compile(source: &str) -> Result<Regex, ValueShapeError> {
    let mut builder = RegexBuilder::new(source);
    builder
        .unicode(false)
        .nest_limit(NEST_LIMIT)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT);
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => ValueShapeError::TooLarge,
        other => ValueShapeError::Syntax(last_line(&other.to_string())),
    })
}

/// The regex crate draws the expression and points into it; the last line says what is wrong.
fn last_line(error: &str) -> String {
    let last = error.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

fn unlike() -> impl Iterator<Item = String> {
    let pairs = |alphabet| LENGTHS.map(|length| value(alphabet, length));
    ALPHABETS.into_iter().flat_map(pairs)
}

fn value(alphabet: &str, length: usize) -> String {
    alphabet.chars().cycle().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(pattern: &str) -> ValueShapeError {
        ValueShape::new(pattern).expect_err("is refused")
    }

    #[test]
    fn the_whole_value_must_match() {
        let shape = ValueShape::new("one|EXAMPLE[0-9]+").expect("is an expression");
        let matches = |text: &str| shape.matches(&Secret::new(text.as_bytes().to_vec()));
        assert!(matches("one") && matches("EXAMPLE42"));
        assert!(!matches("ones") && !matches("xEXAMPLE42") && !matches("EXAMPLE42\n"));
    }

    #[test]
    fn what_fits_any_value_is_refused() {
        for pattern in [
            ".*",
            ".+",
            "(?s).*",
            "\\S+",
            ".{8,}",
            "[0-9A-Za-z]+",
            "x|.*",
        ] {
            assert_eq!(error(pattern), ValueShapeError::Everything, "{pattern}");
        }
        assert_eq!(error(""), ValueShapeError::Empty);
        assert_eq!(error("  "), ValueShapeError::Empty);
    }

    #[test]
    fn a_length_an_alphabet_or_a_word_is_a_shape() {
        for pattern in ["[0-9A-Za-z]{20}", "[a-z]+", ".*EXAMPLE.*", "x+"] {
            assert!(ValueShape::new(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn expressions_are_bounded() {
        assert_eq!(error("(?:a{1000}){1000}"), ValueShapeError::TooLarge);
        assert!(matches!(
            error(&"(".repeat(100)),
            ValueShapeError::Syntax(_)
        ));
    }

    #[test]
    fn a_broken_expression_is_not_repeated() {
        assert_eq!(
            error("EXAMPLE(").to_string(),
            "not a regular expression: unclosed group"
        );
        assert!(matches!(error("a)|(b"), ValueShapeError::Syntax(_)));
    }

    #[test]
    fn it_shows_its_pattern() {
        let shape = ValueShape::new("EXAMPLE[A-Z]{4}").expect("is an expression");
        assert_eq!(format!("{shape:?}"), "ValueShape(\"EXAMPLE[A-Z]{4}\")");
    }
}
