//! One line of a baseline: what a finding is called, without its place in the file or its bytes.

use crate::display::acts;
use crate::finding::Finding;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write as _};

/// A known finding.
///
/// A JSON object a line: any name of a file survives it, whatever bytes, blanks or quotes it has.
/// The fingerprint stands first for two reasons. Sorted by it, what two branches add seldom comes to
/// lie side by side, where git would see a conflict; and no word such as `api-key` stands before the
/// digits, which scanners, ours among them, would take for its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 32 hexadecimal digits.
    pub fingerprint: String,
    /// The path as reported.
    pub path: String,
    /// The rule's id.
    pub rule: String,
    /// The assignment's key, empty where there is none to tell; None where the fingerprint is that of
    /// the credential, and so finds it in any file without a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Entry {
    /// What a baseline holds of a finding.
    pub fn of(finding: &Finding) -> Self {
        let name = || {
            let key = finding.key.as_deref().unwrap_or_default();
            let key = if is_a_name(key) { key } else { "" };
            key.to_owned()
        };
        Self {
            fingerprint: finding.fingerprint.clone(),
            path: finding.path.clone(),
            rule: finding.rule.id.to_string(),
            key: (!finding.has_own_identity()).then(name),
        }
    }

    /// Reads a line; None where it is no entry.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let entry: Self = serde_json::from_str(line).ok()?;
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let digits = &entry.fingerprint;
        (digits.len() == 32 && digits.bytes().all(digit)).then_some(entry)
    }

    /// True when the fingerprint is that of the credential, wherever it lies.
    pub(super) fn has_own_identity(&self) -> bool {
        self.key.is_none()
    }
}

/// Writes the line, without its end. A character that a terminal or a review page obeys is escaped.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        for c in line.chars() {
            if acts(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(f, "\\u{unit:04x}")?;
                }
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// False for a key that may be a credential itself: maps are keyed by tokens, too, and this file is
/// committed. Names are made of words, and a word this long with a digit in it is none.
fn is_a_name(key: &str) -> bool {
    const LONGEST: usize = 100;
    const LONGEST_WORD: usize = 20;
    let is_a_word =
        |word: &str| word.len() < LONGEST_WORD || !word.bytes().any(|byte| byte.is_ascii_digit());
    key.len() <= LONGEST && key.split(|c: char| !c.is_alphanumeric()).all(is_a_word)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A token whose fingerprint is its own, with a number instead.
    pub(in crate::baseline) fn token(path: &str, number: u32) -> Entry {
        Entry {
            fingerprint: format!("{number:032x}"),
            path: path.to_owned(),
            rule: "github-classic-token".to_owned(),
            key: None,
        }
    }

    /// A password whose fingerprint is that of its place.
    pub(in crate::baseline) fn password(path: &str, ordinal: u32) -> Entry {
        Entry {
            fingerprint: format!("{:08x}{ordinal:024x}", crc32fast::hash(path.as_bytes())),
            path: path.to_owned(),
            rule: "database-password".to_owned(),
            key: Some("DB_PASSWORD".to_owned()),
        }
    }

    #[test]
    fn a_line_is_an_object() {
        assert_eq!(
            token("a b/\"c\".env", 7).to_string(),
            "{\"fingerprint\":\"00000000000000000000000000000007\",\
             \"path\":\"a b/\\\"c\\\".env\",\"rule\":\"github-classic-token\"}"
        );
        let line = password("a.env", 1).to_string();
        assert!(line.ends_with(",\"key\":\"DB_PASSWORD\"}"), "{line}");
        assert_eq!(Entry::parse(&line), Some(password("a.env", 1)));
    }

    #[test]
    fn what_acts_is_escaped() {
        let entry = token("a\u{202e}\u{7f}\u{e0041}\n", 7);
        let line = entry.to_string();
        assert!(
            line.contains("\"a\\u202e\\u007f\\udb40\\udc41\\n\""),
            "{line}"
        );
        assert_eq!(Entry::parse(&line), Some(entry));
    }

    #[test]
    fn a_line_that_we_did_not_write_is_none() {
        let good = token("a.env", 7).to_string();
        for (from, to) in [
            ("07\"", "7\""),
            ("07\"", "0G\""),
            ("\"path\"", "\"file\""),
            ("\"rule\"", "\"line\":3,\"rule\""),
            ("}", ""),
            ("{", "[{"),
        ] {
            let line = good.replace(from, to);
            assert_ne!(line, good);
            assert_eq!(Entry::parse(&line), None, "{line}");
        }
    }

    #[test]
    fn a_key_that_may_be_a_token_is_left_out() {
        for name in [
            "",
            "DB_PASSWORD",
            "AWS_S3_SECRET_2024",
            "spring.datasource.password",
            "averylongnameinlowerletters",
        ] {
            assert!(is_a_name(name), "{name}");
        }
        let digits = "0123456789".repeat(2);
        assert!(!is_a_name(&format!("ghp_{digits}")));
        assert!(!is_a_name(&"a ".repeat(60)));
    }
}
