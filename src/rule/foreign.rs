//! Regular expressions that were written for another scanner.
//!
//! Allowlists of other tools match anywhere in a path or a value, so they are compiled as they are,
//! with bounds ([`ForeignRegex`]); patterns of their rules are rewritten to ours ([`port`]); patterns
//! of paths become globs where one says the same ([`globs`]). Errors never quote the expression: an
//! allowlist may hold the very credential that it excuses.

mod glob;
mod port;

pub use glob::globs;
pub use port::{Ported, port};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ast::Ast;

/// How much memory one expression may take once compiled, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

/// An expression of somebody else's, to be searched for anywhere in a text.
///
/// ```
/// use straykey::rule::foreign::ForeignRegex;
/// let regex = ForeignRegex::new(r"(^|/)docs/").expect("it is an expression");
/// assert!(regex.is_match(b"docs/a.md") && !regex.is_match(b"src/docs.rs"));
/// ```
#[derive(Clone)]
pub struct ForeignRegex(Regex);

impl ForeignRegex {
    /// Compiles an expression: ASCII, on bytes.
    ///
    /// # Errors
    /// What is wrong with it, without the expression itself.
    pub fn new(pattern: &str) -> Result<Self, String> {
        parse(pattern)?;
        let mut builder = RegexBuilder::new(pattern);
        builder
            .unicode(false)
            .size_limit(SIZE_LIMIT)
            .dfa_size_limit(SIZE_LIMIT);
        match builder.build() {
            Ok(regex) => Ok(Self(regex)),
            Err(regex::Error::Syntax(text)) => Err(last_line(&text)),
            Err(_) => Err("it is too large once compiled".to_owned()),
        }
    }

    /// True when it matches somewhere in the text.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.0.is_match(text)
    }
}

impl std::fmt::Debug for ForeignRegex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ForeignRegex({} bytes)", self.0.as_str().len())
    }
}

fn parse(pattern: &str) -> Result<Ast, String> {
    let parsed = regex_syntax::ast::parse::Parser::new().parse(pattern);
    parsed.map_err(|error| error.kind().to_string())
}

/// The last line of an error says what is wrong; those before it draw the expression.
fn last_line(error: &str) -> String {
    error
        .lines()
        .last()
        .and_then(|line| line.strip_prefix("error: "))
        .unwrap_or("it is no regular expression")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_matches_anywhere() {
        let regex = ForeignRegex::new(r"(?i)\.PNG$").expect("it is an expression");
        assert!(regex.is_match(b"a/b.png"));
        assert!(!regex.is_match(b"a/b.png.txt"));
    }

    #[test]
    fn errors_and_debug_do_not_quote_it() {
        for (pattern, wanted) in [
            ("hunter(", "unclosed group"),
            (
                "hunter(?=2)",
                "look-around, including look-ahead and look-behind, is not supported",
            ),
            ("hunter[\u{e9}]", "Unicode not allowed here"),
            ("(?:(?:hunter){500}){500}", "it is too large once compiled"),
        ] {
            assert_eq!(ForeignRegex::new(pattern).expect_err("is refused"), wanted);
        }
        let regex = ForeignRegex::new("hunter").expect("it is an expression");
        assert_eq!(format!("{regex:?}"), "ForeignRegex(6 bytes)");
    }
}
