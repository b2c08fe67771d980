//! Words in names that tell an environment, and how text from inside a credential is shown.

use crate::environment::Environment;

const TELLING: &[(&str, Environment)] = &[
    ("prod", Environment::Production),
    ("prd", Environment::Production),
    ("production", Environment::Production),
    ("live", Environment::Production),
    ("staging", Environment::Staging),
    ("stage", Environment::Staging),
    ("stg", Environment::Staging),
    ("preview", Environment::Staging),
    ("uat", Environment::Staging),
    ("preprod", Environment::Staging),
    ("nonprod", Environment::Staging),
    ("qa", Environment::Staging),
    ("dev", Environment::Test),
    ("development", Environment::Test),
    ("test", Environment::Test),
    ("testing", Environment::Test),
    ("sandbox", Environment::Test),
    ("localhost", Environment::Local),
    ("local", Environment::Local),
];

/// The worst environment that a whole word of the text names, and that word. `product` names none,
/// nor does a host that merely ends in `.dev` or `.live`.
pub(super) fn environment(text: &str) -> Option<(Environment, &'static str)> {
    let words = words(text)
        .into_iter()
        .filter(|(start, word)| !is_domain_ending(text, *start, word));
    worst(words.map(|(_, word)| word))
}

/// The same for a name that is no host: `.env.live` and `.env.dev` do name one.
pub(crate) fn environment_of_name(name: &str) -> Option<(Environment, &'static str)> {
    worst(words(name).into_iter().map(|(_, word)| word))
}

/// True when one of the words stands in the text as a whole word, in any case.
pub(super) fn mentions(text: &str, wanted: &[&str]) -> bool {
    words(text).iter().any(|(_, word)| {
        wanted
            .iter()
            .any(|wanted| word.eq_ignore_ascii_case(wanted))
    })
}

/// Text from inside a credential, fit to stand in a sentence: printable ASCII, at most 80 characters.
pub(crate) fn shown(text: &str) -> String {
    let printable = |c: char| {
        if c.is_ascii_graphic() || c == ' ' {
            c
        } else {
            '?'
        }
    };
    let mut out: String = text.chars().take(80).map(printable).collect();
    if text.chars().nth(80).is_some() {
        out.replace_range(77.., "...");
    }
    out
}

/// The worst environment of words in their order. `pre-prod` and `non-prod` are a rehearsal.
fn worst<'w>(words: impl Iterator<Item = &'w str>) -> Option<(Environment, &'static str)> {
    let mut before = "";
    let named = words.filter_map(|word| {
        let before = std::mem::replace(&mut before, word);
        let softened = ["pre", "non"]
            .iter()
            .any(|prefix| before.eq_ignore_ascii_case(prefix));
        telling(word).map(|(found, word)| {
            if softened && found == Environment::Production {
                (Environment::Staging, word)
            } else {
                (found, word)
            }
        })
    });
    named.min_by_key(|(environment, _)| *environment)
}

fn telling(word: &str) -> Option<(Environment, &'static str)> {
    let (word, environment) = TELLING
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))?;
    Some((*environment, word))
}

fn is_domain_ending(text: &str, start: usize, word: &str) -> bool {
    let bytes = text.as_bytes();
    let after = bytes.get(start + word.len());
    let dotted = start.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'.');
    dotted
        && ["dev", "live"].contains(&word)
        && after.is_none_or(|byte| matches!(byte, b'/' | b':' | b'?' | b'"' | b' ' | b','))
}

/// The runs of letters, parted where lower case turns to upper, with where each starts.
fn words(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = None;
    for at in 0..=bytes.len() {
        let letter = bytes.get(at).filter(|byte| byte.is_ascii_alphabetic());
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let turn = letter.is_some_and(u8::is_ascii_uppercase)
            && before.is_some_and(u8::is_ascii_lowercase);
        if letter.is_none() || turn {
            out.extend(
                start
                    .take()
                    .and_then(|start| Some((start, text.get(start..at)?))),
            );
        }
        if letter.is_some() && start.is_none() {
            start = Some(at);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_tell_the_environment() {
        let of = |text| environment(text).map(|(environment, _)| environment);
        assert_eq!(of("acme-prod-1"), Some(Environment::Production));
        assert_eq!(of("acmeStagingDb"), Some(Environment::Staging));
        assert_eq!(of("https://auth.dev.acme.com/"), Some(Environment::Test));
        assert_eq!(
            of("test-of-production"),
            Some(Environment::Production),
            "the worst wins"
        );
        assert_eq!(of("db.non-prod.acme.com"), Some(Environment::Staging));
        assert_eq!(
            environment_of_name(".env.live").map(|(environment, _)| environment),
            Some(Environment::Production)
        );
        for silent in [
            "product",
            "reproduce",
            "liver",
            "https://acme.fly.dev/x",
            "https://acme.dev",
            "",
            "größe",
        ] {
            assert_eq!(of(silent), None, "{silent}");
        }
    }

    #[test]
    fn shown_text_is_short_and_printable() {
        assert_eq!(shown("a\u{1b}[2Jb\n"), "a?[2Jb?");
        assert_eq!(shown(&"x".repeat(200)).len(), 80);
        assert_eq!(shown(&"x".repeat(80)), "x".repeat(80));
    }

    #[test]
    fn mentions_looks_at_whole_words() {
        assert!(mentions("app_RO", &["ro"]));
        assert!(!mentions("root", &["ro"]));
    }
}
