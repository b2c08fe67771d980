//! The readable parts of a JSON Web Token, and what every kind of it has in common.
//!
//! Source: RFC 7519 (claims), RFC 7515 (form), RFC 9068 (scopes and roles). Status: known.

use super::words::{environment, shown};
use super::{Reading, Subject, builder, radix};
use crate::lifetime::UnixSeconds;
use serde_json::{Map, Value};

/// The decoded header and payload.
pub(super) struct Claims {
    pub(super) header: Map<String, Value>,
    /// None where the payload is not a JSON object: encrypted, or cut off.
    payload: Option<Map<String, Value>>,
}

/// Reads the token in `secret`, which may have a prefix in front. None where its header is no JSON
/// object with an `alg` or `typ`: then it is no JSON Web Token.
pub(super) fn parse(secret: &[u8]) -> Option<Claims> {
    // Every JSON object that starts with `{"` is `eyJ` in base 64; `{ "` and a line break also occur.
    let start = ["eyJ", "eyA", "ewo", "ew0"]
        .iter()
        .filter_map(|mark| memchr::memmem::find(secret, mark.as_bytes()))
        .min()?;
    let mut parts = secret.get(start..)?.split(|&byte| byte == b'.');
    let header = object(parts.next()?)?;
    if !header.contains_key("alg") && !header.contains_key("typ") {
        return None;
    }
    Some(Claims {
        header,
        payload: parts.next().and_then(object),
    })
}

fn object(part: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(&radix::base64(part)?).ok()
}

impl Claims {
    pub(super) fn readable(&self) -> bool {
        self.payload.is_some()
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.payload.as_ref()?.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is one string or a list of them, the first few, separated by spaces.
    pub(super) fn list(&self, name: &str) -> Option<String> {
        let joined = match self.value(name)? {
            Value::String(text) => text.clone(),
            Value::Array(items) => items
                .iter()
                .filter_map(Value::as_str)
                .take(20)
                .collect::<Vec<_>>()
                .join(" "),
            _ => return None,
        };
        Some(joined).filter(|joined| !joined.is_empty())
    }

    pub(super) fn time(&self, name: &str) -> Option<UnixSeconds> {
        let value = self.value(name)?;
        #[expect(clippy::cast_possible_truncation, reason = "a float saturates")]
        let time = value
            .as_i64()
            .or_else(|| value.as_f64().map(|time| time as i64))?;
        // Some issuers write milliseconds.
        Some(if time > 100_000_000_000 {
            time / 1000
        } else {
            time
        })
    }

    /// What the registered claims say: validity, lifetime, environment, and who, for whom and how far.
    pub(super) fn reading(&self, subject: &Subject<'_>) -> Reading {
        let mut reading =
            Reading::well_formed("its header and payload are those of a JSON Web Token");
        for (name, label) in [("iss", "issuer"), ("aud", "audience"), ("sub", "subject")] {
            if let Some(text) = self.list(name) {
                reading = reading.noting(format!("{label} {}", shown(&text)));
            }
        }
        for (name, label) in [
            ("scope", "scopes"),
            ("scp", "scopes"),
            ("permissions", "permissions"),
            ("roles", "roles"),
            ("role", "role"),
        ] {
            if let Some(text) = self.list(name) {
                reading = reading.noting(format!("{label} {}", shown(&text)));
            }
        }
        for (name, label) in [("iss", "issuer"), ("aud", "audience")] {
            if let Some((environment, word)) = self.list(name).as_deref().and_then(environment) {
                reading = reading.placed(environment, format!("its {label} says `{word}`"));
            }
        }
        if self.time("nbf").is_some_and(|start| start > subject.now) {
            reading = reading.noting("not valid yet");
        }
        match self.time("exp") {
            Some(end) => reading.expiring(end, subject.now, builder::until("its `exp` claim", end)),
            None => reading.unending("has no expiry: there is no `exp` claim"),
        }
    }
}

/// Makes a token for tests; its signature is noise.
#[cfg(test)]
pub(super) fn token(header: &Value, payload: &Value) -> String {
    let part = |value: &Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signature = data_encoding::BASE64URL_NOPAD.encode(&super::sample::noise(1, 32));
    format!("{}.{}.{signature}", part(header), part(payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_may_be_whole_broken_or_in_milliseconds() {
        let token = token(
            &json!({"alg": "RS256"}),
            &json!({"exp": 10.5, "iat": 12, "nbf": 1_700_000_000_000_i64, "x": "y"}),
        );
        let claims = parse(token.as_bytes()).expect("it is a token");
        assert_eq!(
            (claims.time("exp"), claims.time("iat"), claims.time("nbf")),
            (Some(10), Some(12), Some(1_700_000_000))
        );
        assert_eq!(claims.time("x"), None);
    }

    #[test]
    fn a_list_is_joined() {
        let token = token(
            &json!({"typ": "JWT"}),
            &json!({"aud": ["a", 1, "b"], "scp": "c"}),
        );
        let claims = parse(format!("prefix_1_{token}").as_bytes()).expect("it is a token");
        assert_eq!(claims.list("aud").as_deref(), Some("a b"));
        assert_eq!(claims.list("scp").as_deref(), Some("c"));
    }

    #[test]
    fn what_has_no_header_is_no_token() {
        let other = data_encoding::BASE64URL_NOPAD.encode(br#"{"k":1}"#);
        for text in [other.as_str(), "", "eyJ", "eyJ.eyJ.", "..."] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
