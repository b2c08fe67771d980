//! A rule of gitleaks as one of ours.
//!
//! It goes through the text of a rule file, so that `--compat gitleaks` and the file that
//! `straykey migrate` writes are one and the same rule.

use super::counterpart::own_id;
use super::toml_text::quoted;
use crate::detect::pattern::{Extent, compile};
use crate::rule::foreign::port;
use crate::rule::{Detection, Rule, parse};

/// A rule as gitleaks has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Theirs {
    pub(super) id: String,
    pub(super) description: String,
    pub(super) regex: String,
    /// The number of the group that holds the credential; 0 where it is not said.
    pub(super) group: u32,
    /// Bits a byte that the credential must have more than.
    pub(super) entropy: f64,
}

/// A rule that was taken over.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// The rule.
    pub rule: Rule,
    /// Its text, to stand in a file after [`HEADER`].
    pub text: String,
    /// What reads differently from theirs; empty where nothing does.
    pub differences: Vec<String>,
}

/// What stands before the rules in their file.
pub const HEADER: &str = r#"provider = "own"
name = "Own rule"
catch_all = true

[records.own]
capabilities = ["unknown"]
breadth = "unknown"
certainty = "unknown"
because = "its rule tells how it looks and not what it can do"
"#;

/// With less than this much entropy a credential is one character over and over. It is not 0, because
/// a catch-all rule without a least entropy is taken for one of logins.
const LEAST_ENTROPY: f64 = 0.1;

impl OwnRule {
    /// Takes a rule over.
    ///
    /// # Errors
    /// Why that cannot be, without the expression itself.
    pub(super) fn take(theirs: &Theirs) -> Result<Self, String> {
        let ported = port(&theirs.regex, theirs.group)?;
        let entropy = theirs.entropy.clamp(LEAST_ENTROPY, 8.0);
        let name = if theirs.description.trim().is_empty() {
            &theirs.id
        } else {
            &theirs.description
        };
        let text = format!(
            "\n[[rule]]\nid = {}\nname = {}\npattern = {}\nmin_entropy = {entropy:?}\nrecord = \"own\"\n{EXAMPLES}",
            quoted(&own_id(&theirs.id)),
            quoted(name),
            quoted(&ported.pattern),
        );
        let (_, rules) =
            parse("own.toml", &format!("{HEADER}{text}")).map_err(|error| error.message)?;
        let rule = rules.into_iter().next().ok_or("it is no rule")?;
        if !compiles(&rule) {
            return Err("it is too large once compiled".to_owned());
        }
        let mut differences = Vec::new();
        if let Some(cap) = ported.cap {
            differences.push(format!("a repeat without an end takes {cap} more at most"));
        }
        if ported.at_start {
            differences.push("`^` stands for the start of a word".to_owned());
        }
        Ok(Self {
            rule,
            text,
            differences,
        })
    }
}

/// A rule file wants examples, and theirs have none. These pass the loader; `rules check` asks for
/// better ones.
const EXAMPLES: &str = r#"[rule.tests]
match = ["{{secret}}", "token: {{secret}}"]
ignore = ["{{lower:3}}", "token: {{lower:3}}"]
"#;

fn compiles(rule: &Rule) -> bool {
    match &rule.detection {
        Detection::Distinctive(distinctive) => {
            compile(&distinctive.pattern, Extent::Start).is_some()
        }
        Detection::Contextual(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(regex: &str) -> Theirs {
        Theirs {
            id: "acme_token".to_owned(),
            description: "Acme's token".to_owned(),
            regex: regex.to_owned(),
            ..Theirs::default()
        }
    }

    #[test]
    fn a_rule_is_taken_over() {
        let own = OwnRule::take(&theirs("(?i)acme[_-]([0-9a-f]{20,})")).expect("it can be ours");
        assert_eq!(&*own.rule.id, "own-acme-token");
        assert_eq!(own.rule.kind(), "acme-token");
        assert_eq!(own.rule.name, "Acme's token");
        assert!(own.rule.catch_all);
        assert_eq!(
            own.differences,
            ["a repeat without an end takes 4000 more at most"]
        );
        let file = format!("{HEADER}{}", own.text);
        let (_, rules) = parse("rules.toml", &file).expect("it is a rule file");
        assert_eq!(rules, [own.rule]);
    }

    #[test]
    fn what_cannot_be_ours_says_why() {
        let error = OwnRule::take(&theirs("[0-9a-f]{32}")).expect_err("it has no literal");
        assert!(error.contains("no literal of three bytes"), "{error}");
    }
}
