//! The words of a key, and phrases over them.
//!
//! `RAILWAY_API_TOKEN`, `railway-api-token`, `railwayApiToken` and `railway.apitoken` are one key to
//! a person; splitting it into words lets a rule name it once. It is in the rule layer because both
//! the rules (phrases) and the detector (keys of assignments) speak it.

use serde::{Deserialize, Serialize};

/// Words that are often written as one, parted. Looked up after splitting.
const FUSED: &[(&str, &[&str])] = &[
    ("accesskey", &["access", "key"]),
    ("accesstoken", &["access", "token"]),
    ("accountkey", &["account", "key"]),
    ("adminkey", &["admin", "key"]),
    ("apikey", &["api", "key"]),
    ("apikeys", &["api", "key"]),
    ("apipassword", &["api", "password"]),
    ("apisecret", &["api", "secret"]),
    ("apitoken", &["api", "token"]),
    ("appkey", &["app", "key"]),
    ("appsecret", &["app", "secret"]),
    ("authkey", &["auth", "key"]),
    ("authtoken", &["auth", "token"]),
    ("bearertoken", &["bearer", "token"]),
    ("bottoken", &["bot", "token"]),
    ("clientid", &["client", "id"]),
    ("clientsecret", &["client", "secret"]),
    ("consumersecret", &["consumer", "secret"]),
    ("dbpass", &["db", "password"]),
    ("dbpassword", &["db", "password"]),
    ("deploykey", &["deploy", "key"]),
    ("encryptionkey", &["encryption", "key"]),
    ("keyid", &["key", "id"]),
    ("licensekey", &["license", "key"]),
    ("masterkey", &["master", "key"]),
    ("oauthtoken", &["oauth", "token"]),
    ("passwd", &["password"]),
    ("passwords", &["password"]),
    ("privatekey", &["private", "key"]),
    ("publickey", &["public", "key"]),
    ("pwd", &["password"]),
    ("refreshtoken", &["refresh", "token"]),
    ("secretaccesskey", &["secret", "access", "key"]),
    ("secretkey", &["secret", "key"]),
    ("secrets", &["secret"]),
    ("servicekey", &["service", "key"]),
    ("sessiontoken", &["session", "token"]),
    ("signingkey", &["signing", "key"]),
    ("storagekey", &["storage", "key"]),
    ("tokens", &["token"]),
    ("userpass", &["user", "password"]),
    ("userpassword", &["user", "password"]),
    ("webhooksecret", &["webhook", "secret"]),
];

/// The words of a key in lower case: split at anything that is no letter or digit and where the
/// case changes, with fused words parted.
///
/// ```
/// use straykey::rule::key::words;
/// assert_eq!(words("X-RailwayAPIKey"), ["x", "railway", "api", "key"]);
/// assert_eq!(words("dbpasswd2"), ["dbpasswd2"]);
/// ```
pub fn words(key: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in key
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|piece| !piece.is_empty())
    {
        let mut rest = piece;
        while !rest.is_empty() {
            let (word, after) = rest.split_at(first_word(rest.as_bytes()));
            rest = after;
            let word = word.to_ascii_lowercase();
            match FUSED.binary_search_by(|(fused, _)| (*fused).cmp(word.as_str())) {
                Ok(at) => words.extend(FUSED[at].1.iter().map(|&part| part.to_owned())),
                Err(_) => words.push(word),
            }
        }
    }
    // "pass" is a password at the end of a key; before other words it is a stage, a verb, a ticket.
    if let Some(last) = words
        .last_mut()
        .filter(|last| matches!(last.as_str(), "pass" | "pw"))
    {
        "password".clone_into(last);
    }
    words
}

/// Length of the first word: `railwayAPIKey` is `railway`, `API`, `Key`; digits stay with the word
/// before them.
fn first_word(piece: &[u8]) -> usize {
    let begins = |&at: &usize| {
        let (before, here, after) = (piece[at - 1], piece[at], piece.get(at + 1));
        let into_word = here.is_ascii_uppercase() && !before.is_ascii_uppercase();
        let last_of_acronym = here.is_ascii_uppercase()
            && before.is_ascii_uppercase()
            && after.is_some_and(u8::is_ascii_lowercase);
        into_word || last_of_acronym
    };
    (1..piece.len()).find(begins).unwrap_or(piece.len())
}

/// Consecutive words to look for in a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// The words, without the stars.
    pub words: Vec<String>,
    /// Began with `*`: must match up to the end of the key, with a word before it.
    pub at_end: bool,
    /// Ended with `*`: must match from the start of the key, with a word after it.
    pub at_start: bool,
}

impl Phrase {
    /// Reads a phrase. None where it has no word.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (at_end, text) = text
            .strip_prefix('*')
            .map_or((false, text), |rest| (true, rest));
        let (at_start, text) = text
            .strip_suffix('*')
            .map_or((false, text), |rest| (true, rest));
        let words = words(text);
        (!words.is_empty()).then_some(Self {
            words,
            at_end,
            at_start,
        })
    }

    /// Where the phrase stands in a key's words, or None.
    pub fn find(&self, key: &[String]) -> Option<usize> {
        let last = key.len().checked_sub(self.words.len())?;
        (0..=last)
            .filter(|&at| !self.at_end || (at == last && at > 0))
            .filter(|&at| !self.at_start || (at == 0 && last > 0))
            .find(|&at| key[at..].starts_with(&self.words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fused_words_are_sorted() {
        assert!(FUSED.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn spellings_of_one_key_have_the_same_words() {
        for key in [
            "RAILWAY_API_TOKEN",
            "railway-api-token",
            "railwayApiToken",
            "railway.apitoken",
            "RailwayAPIToken",
        ] {
            assert_eq!(words(key), ["railway", "api", "token"], "{key}");
        }
    }

    #[test]
    fn a_phrase_matches_consecutive_words() {
        let find = |phrase: &str, key: &str| {
            Phrase::parse(phrase).and_then(|phrase| phrase.find(&words(key)))
        };
        assert_eq!(find("railway token", "MY_RAILWAY_TOKEN_2"), Some(1));
        assert_eq!(find("railway token", "RAILWAY_API_TOKEN"), None);
        assert_eq!(find("* id", "RAILWAY_PROJECT_ID"), Some(2));
        assert_eq!(
            find("* id", "ID"),
            None,
            "a star stands for at least one word"
        );
        assert_eq!(find("* id", "id_token"), None);
        assert_eq!(find("public *", "PUBLIC_KEY"), Some(0));
    }
}
