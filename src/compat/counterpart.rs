//! Which of our rules answers to a rule of another tool.
//!
//! Ids differ from tool to tool, and kinds are cut differently; what they share is the provider. An
//! allowlist for one of their rules is therefore one for all rules of the same provider.

use crate::rule::Rule;

/// The provider of the rules that come out of another tool's file.
pub(super) const OWN: &str = "own";

/// Where the names of providers differ: theirs, then ours.
const ALIASES: &[(&str, &str)] = &[
    ("curl-auth", "basic-auth"),
    ("flyio", "fly-io"),
    ("gcp", "google"),
    ("huggingface", "hugging-face"),
    ("sendinblue", "brevo"),
    ("vault", "hashicorp-vault"),
];

/// The id of our rule that was made of theirs.
///
/// ```
/// assert_eq!(straykey::compat::own_id("Acme_Token (v2)"), "own-acme-token-v2");
/// ```
pub fn own_id(theirs: &str) -> String {
    let words = theirs.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("{OWN}-{}", words.join("-").to_ascii_lowercase())
}

/// True when a finding of our rule would be one of theirs.
pub(super) fn is_counterpart(theirs: &str, rule: &Rule) -> bool {
    *rule.id == *theirs || *rule.id == *own_id(theirs) || is_of(theirs, &rule.provider)
}

/// True when their rule is about a provider, going by its id.
fn is_of(theirs: &str, provider: &str) -> bool {
    let begins = |name: &str| {
        theirs
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let alias = ALIASES
        .iter()
        .any(|(name, ours)| *ours == provider && begins(name));
    provider != OWN && (alias || begins(provider))
}

/// The selector of our rules for one of theirs, as a configuration names rules: the id of the rule
/// that was made of it, and the provider. Empty where we have neither.
pub(super) fn selectors<'r>(theirs: &str, rules: impl Iterator<Item = &'r Rule>) -> Vec<String> {
    let mut selectors: Vec<String> = rules
        .filter(|rule| is_counterpart(theirs, rule))
        .map(|rule| {
            let name = if is_of(theirs, &rule.provider) {
                &rule.provider
            } else {
                &rule.id
            };
            name.to_string()
        })
        .collect();
    selectors.sort();
    selectors.dedup();
    selectors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::builtin;

    #[test]
    fn their_rules_are_told_by_provider() {
        let rules = builtin();
        let of = |theirs: &str| selectors(theirs, rules.iter().map(|rule| &**rule));
        assert_eq!(of("generic-api-key"), ["generic"]);
        assert_eq!(of("github-pat"), ["github"]);
        assert_eq!(of("gcp-api-key"), ["google"]);
        assert_eq!(of("private-key"), ["private-key"]);
        assert_eq!(of("githubby"), [""; 0]);
    }
}
