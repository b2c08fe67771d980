//! The generic tier: does the value under a credential's key look like a credential?
//!
//! The key has already said "password" or "api key". What decides here is the value (random, or a
//! word, a name, a path, a type?) and the file (a program quotes its values, a setting does not).
//! A strong one is of medium confidence, a weak one of low, and most are nothing.

use super::assignment::{Assignment, Operator};
use super::entropy::{Classes, shannon, strangeness};
use super::file::{FileKind, is_rehearsal};
use super::filter;
use crate::severity::Confidence;

/// What the generic tier looks at.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The value.
    pub value: &'a [u8],
    /// The byte after it, where there is one.
    pub next: Option<u8>,
    /// How it is assigned.
    pub assignment: &'a Assignment,
    /// The words of its key.
    pub key: &'a [String],
    /// The kind of its file.
    pub file: FileKind,
    /// The path of its file.
    pub path: &'a str,
}

/// Letter pairs stranger than this are not words (measured: words 0.55 to 0.70, nineteen of twenty
/// random strings of 20 letters above 0.85).
const STRANGE: f64 = 0.78;
/// Shortest password that is told from a word by its looks.
const MIN_PASSWORD: usize = 8;
/// Shortest value of any other kind.
const MIN_TOKEN: usize = 16;
/// Longer values are data.
const MAX_VALUE: usize = 400;

/// How sure it is that the value is a credential; None where it is not.
pub fn judge(candidate: &Candidate<'_>) -> Option<Confidence> {
    let password = candidate
        .key
        .iter()
        .any(|word| matches!(word.as_str(), "password" | "passphrase" | "passcode"));
    let value = candidate.value;
    let shortest = if password { MIN_PASSWORD } else { MIN_TOKEN };
    if candidate.file == FileKind::Generated || value.len() < shortest || value.len() > MAX_VALUE {
        return None;
    }
    if !is_literal(candidate)
        || is_something_else(value)
        || filter::is_placeholder(value)
        || filter::is_known_example(value)
        || filter::is_crypt_hash(value)
        || filter::is_constant_name(value)
        || is_encoded_object(value)
        || repeats_key(candidate.value, candidate.key)
    {
        return None;
    }
    let confidence = if password {
        judge_password(value)?
    } else {
        judge_token(candidate)?
    };
    Some(
        if is_rehearsal(candidate.path) || candidate.file == FileKind::Prose {
            Confidence::Low
        } else {
            confidence
        },
    )
}

fn judge_password(value: &[u8]) -> Option<Confidence> {
    let classes = Classes::of(value);
    let strange = strangeness(value).is_none_or(|strangeness| strangeness > STRANGE);
    match classes.kinds() {
        3.. if strange || (classes.other > 0 && classes.digits > 0) => Some(Confidence::Medium),
        2.. if strange && is_random(value) => Some(Confidence::Medium),
        2.. if classes.digits > 0 || classes.other > 0 => Some(Confidence::Low),
        _ => None,
    }
}

fn judge_token(candidate: &Candidate<'_>) -> Option<Confidence> {
    let value = candidate.value;
    // A UUID under `token` is more often the name of a request than a credential; one under
    // `api_key` or `secret` is what it says.
    let bare_token = candidate.key.iter().all(|word| {
        !matches!(
            word.as_str(),
            "key" | "secret" | "auth" | "access" | "api" | "bearer"
        )
    });
    if is_uuid(value) && bare_token {
        return Some(Confidence::Low);
    }
    if is_random(value) {
        return Some(Confidence::Medium);
    }
    let classes = Classes::of(value);
    (classes.digits > 0 && classes.letters() > 0 && shannon(value) >= 3.2)
        .then_some(Confidence::Low)
}

/// True for what a generator of random characters would make.
pub fn is_random(value: &[u8]) -> bool {
    let classes = Classes::of(value);
    let mixed =
        classes.digits > 0 && classes.letters() > 0 || (classes.upper > 1 && classes.lower > 1);
    let restless = classes.changes * 5 >= value.len();
    #[expect(clippy::cast_precision_loss, reason = "values are at most 400 bytes")]
    let expected = 0.72 * (value.len().min(32) as f64).log2();
    let is_hex = value
        .iter()
        .all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let letters_ok = is_hex || strangeness(value).is_none_or(|strangeness| strangeness > STRANGE);
    mixed
        && restless
        && letters_ok
        && shannon(value) >= expected.min(if is_hex { 3.0 } else { 5.0 })
}

/// A value that stands there itself, not a name or an expression that yields it.
fn is_literal(candidate: &Candidate<'_>) -> bool {
    if candidate.assignment.quote.is_some() {
        return true;
    }
    let called = matches!(candidate.next, Some(b'(' | b'[' | b'{' | b'<'));
    let tag = candidate.assignment.operator == Operator::Tag;
    !called
        && (candidate.file != FileKind::Source
            || tag
            || candidate.assignment.scheme.is_some() && is_random(candidate.value))
}

/// Paths, addresses, versions, names of things, prose.
fn is_something_else(value: &[u8]) -> bool {
    let holds = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    let blank = value.iter().any(u8::is_ascii_whitespace);
    let path = value.starts_with(b"/") && !is_random(value)
        || value.starts_with(b"./")
        || value.starts_with(b"../")
        || value.starts_with(b"~/");
    let address = holds(b"://") || holds(b"@") && holds(b".") && !is_random(value);
    // `csource=0x01`, `a=1&b=2`: a value with an assignment of its own; padding is none.
    let equals = value
        .trim_ascii_end()
        .strip_suffix(b"==")
        .or(value.strip_suffix(b"="))
        .unwrap_or(value);
    let nested = memchr::memchr(b'=', equals).is_some() && !is_random(value);
    let code =
        nested || holds(b"::") || holds(b"->") || holds(b"()") || holds(b"=>") || holds(b"</");
    let unprintable = value.iter().any(|byte| !byte.is_ascii_graphic());
    blank
        || path
        || address
        || code
        || unprintable
        || is_dotted_name(value)
        || is_words(value)
        || is_number(value)
}

/// `config.auth.token`, `com.example.Thing`.
fn is_dotted_name(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|&byte| byte == b'.' || byte == b'/').collect();
    let name = |part: &&[u8]| {
        !part.is_empty()
            && !is_random(part)
            && part
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    parts.len() >= 2 && parts.iter().all(name)
}

/// Words joined by `-`, `_` or capitals: `my-secret-name`, `getClientSecret`.
fn is_words(value: &[u8]) -> bool {
    let classes = Classes::of(value);
    let joined = value.iter().all(|byte| {
        byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':' | b'+')
    });
    joined
        && (classes.changes * 4 < value.len())
        && strangeness(value).is_none_or(|strangeness| strangeness <= 0.85)
}

/// Numbers, versions, dates and times (`T` and `Z` of ISO 8601).
fn is_number(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let other = |byte: &u8| {
        matches!(
            byte,
            b'.' | b',' | b'-' | b'+' | b'_' | b':' | b'x' | b'/' | b'T' | b'Z'
        )
    };
    digits * 2 >= value.len()
        && value
            .iter()
            .all(|byte| byte.is_ascii_digit() || other(byte))
}

/// 8-4-4-4-12 hexadecimal digits.
fn is_uuid(value: &[u8]) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, &u8)| {
        if dash(at) {
            *byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    value.len() == 36 && value.iter().enumerate().all(fits)
}

/// A JSON object in base64 that is no part of a signed token: it says something, and proves nothing.
fn is_encoded_object(value: &[u8]) -> bool {
    value.starts_with(b"eyJ") && memchr::memchr(b'.', value).is_none()
}

/// `password = "password1"`: the value says its key again.
fn repeats_key(value: &[u8], key: &[String]) -> bool {
    let lower = value.to_ascii_lowercase();
    let says =
        |word: &String| word.len() >= 4 && memchr::memmem::find(&lower, word.as_bytes()).is_some();
    !is_random(value) && key.iter().any(says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Span;

    fn judged(key: &str, value: &str, path: &str, quote: Option<u8>) -> Option<Confidence> {
        let assignment = Assignment {
            value: Span::default(),
            quote,
            scheme: None,
            operator: Operator::Assign,
            key: Span::default(),
            call: None,
        };
        let key = crate::rule::key::words(key);
        judge(&Candidate {
            value: value.as_bytes(),
            next: None,
            assignment: &assignment,
            key: &key,
            file: FileKind::of(path),
            path,
        })
    }

    #[test]
    fn words_names_and_expressions_are_nothing() {
        for value in [
            "getClientSecretValue",
            "my-application-secret-name",
            "com.example.auth.TokenProvider",
            "/etc/ssl/private/server.key",
            "https://example.com/token",
            "process.env.API_TOKEN_NAME",
            "authorization_code_grant",
            "1700000000000000000",
            "RefreshTokenExpiredError",
        ] {
            assert_eq!(
                judged("api_key", value, "src/a.py", Some(b'"')),
                None,
                "{value}"
            );
        }
    }

    #[test]
    fn a_program_quotes_its_values() {
        let value = ["q7Rk2mX9", "vB4nZ8pL", "1c5T"].concat();
        assert_eq!(
            judged("api_key", &value, "src/a.py", Some(b'"')),
            Some(Confidence::Medium)
        );
        assert_eq!(judged("api_key", &value, "src/a.py", None), None);
        assert_eq!(
            judged("api_key", &value, ".env", None),
            Some(Confidence::Medium)
        );
        assert_eq!(
            judged("api_key", &value, "tests/a.py", Some(b'"')),
            Some(Confidence::Low)
        );
    }

    #[test]
    fn passwords_are_judged_by_their_kinds_of_characters() {
        assert_eq!(
            judged("db_password", &["Tr0ub4", "dor&3x"].concat(), ".env", None),
            Some(Confidence::Medium)
        );
        assert_eq!(
            judged("db_password", "summertime1", ".env", None),
            Some(Confidence::Low)
        );
        assert_eq!(judged("db_password", "summertime", ".env", None), None);
        assert_eq!(judged("password", "password123", ".env", None), None);
    }
}
