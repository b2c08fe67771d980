//! From the text of a rule file to rules, with errors that point into it.

use super::Rule;
use super::compile::{CompileError, compile};
use super::source::RuleFile;

/// What is wrong with a rule file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct LoadError {
    /// The file.
    pub path: String,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Reads a rule file: as written, and compiled.
///
/// # Errors
/// The first thing that is wrong, with its place. `path` only names the file.
pub fn parse(path: &str, text: &str) -> Result<(RuleFile, Vec<Rule>), LoadError> {
    let file: RuleFile = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        locate(
            path,
            text,
            start,
            error.message().to_owned(),
            "rules/README.md lists the fields",
        )
    })?;
    let rules = compile(&file).map_err(
        |CompileError {
             message,
             hint,
             span,
         }| locate(path, text, span.start, message, hint),
    )?;
    Ok((file, rules))
}

fn locate(path: &str, text: &str, at: usize, message: String, hint: &str) -> LoadError {
    let before = text.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LoadError {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse("own.toml", text).expect_err("is wrong").to_string()
    }

    #[test]
    fn an_unknown_field_is_named_with_its_place() {
        let error = error(
            "provider = \"acme\"\nname = \"Acme\"\n\n[[rule]]\nid = \"acme-key\"\nkolour = \"red\"\n",
        );
        assert!(
            error.starts_with("own.toml:6:1: unknown field `kolour`"),
            "{error}"
        );
    }

    #[test]
    fn a_bad_pattern_is_pointed_at() {
        let text = r#"
provider = "acme"
name = "Acme"
[[rule]]
id = "acme-key"
name = "Acme key"
pattern = 'acme_[a-z]+'
[rule.tests]
match = ["{{secret}}", "{{secret}}"]
ignore = ["a", "b"]
"#;
        assert_eq!(
            error(text),
            "own.toml:7:11: the match has no longest length: cap every repeat, such as `{20,200}`"
        );
    }
}
