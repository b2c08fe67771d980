//! How a configuration names rules: by id, by provider, or by a glob of ids.

use std::fmt;

/// The name of one rule, of all rules of a provider, or of those whose id a glob matches.
///
/// ```
/// use straykey::config::Selector;
/// let selector = Selector::new("aws-*").unwrap();
/// assert!(selector.selects("aws-session-token", "aws"));
/// assert!(Selector::new("railway").unwrap().selects("railway-api-token", "railway"));
/// assert!(Selector::new("AWS keys").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector(String);

impl Selector {
    /// None for a text that can be no name of a rule: ids and providers are made of small letters,
    /// digits and `-`, and `*` stands for any of these.
    pub fn new(text: &str) -> Option<Self> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'*');
        (!text.is_empty() && text.bytes().all(fits)).then(|| Self(text.to_owned()))
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when it names the rule of that id and provider.
    pub fn selects(&self, id: &str, provider: &str) -> bool {
        self.0 == provider || glob(&self.0, id)
    }

    /// True when it names every rule.
    pub fn is_everything(&self) -> bool {
        self.0.bytes().all(|b| b == b'*')
    }

    /// How exact it is, to choose among several that name one rule: an id, which is longer than its
    /// provider, then the provider, then globs by what they spell out.
    pub(super) fn exactness(&self) -> (bool, usize) {
        let spelt = self.0.bytes().filter(|&b| b != b'*').count();
        (spelt == self.0.len(), spelt)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes each part at its first place, which is never worse than a later one, so the time does not
/// grow with the number of stars.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("aws-*", "aws-access-key", true),
            ("aws-*", "laws-access-key", false),
            ("*-token", "railway-api-token", true),
            ("*-token", "token", false),
            ("a*-*c", "a-b-c", true),
            ("a*a", "a", false),
            ("*", "anything", true),
            ("a-b", "a-b", true),
            ("a-b", "a-bc", false),
            ("a*b*c", "a-c-b", false),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_provider_names_all_of_its_rules() {
        let railway = Selector::new("railway").expect("is a name");
        assert!(railway.selects("railway-token", "railway"));
        assert!(!railway.selects("railwayish-token", "railwayish"));
    }

    #[test]
    fn the_more_it_spells_out_the_more_exact_it_is() {
        let exactness = |text| Selector::new(text).expect("is a name").exactness();
        assert!(exactness("aws-access-key") > exactness("aws"));
        assert!(exactness("aws") > exactness("aws-access-*"));
        assert!(exactness("aws-access-*") > exactness("aws-*"));
    }

    #[test]
    fn names_have_a_closed_alphabet() {
        for text in ["", "AWS", "a b", "a?", "a/b", "[a-z]"] {
            assert_eq!(Selector::new(text), None, "{text}");
        }
        assert!(Selector::new("**").expect("is a name").is_everything());
        assert!(!Selector::new("a*").expect("is a name").is_everything());
    }
}
