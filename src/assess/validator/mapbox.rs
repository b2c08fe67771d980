//! Mapbox tokens: `pk.`, `sk.` or `tk.`, then base 64 JSON that names the user (`u`); a temporary `tk.`
//! holds its scopes and its end as well.
//!
//! Source: Mapbox documentation, "Tokens API". Status: known.

use super::words::shown;
use super::{Reading, Subject, builder, json_part, timestamp};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(object) = subject
        .secret
        .split(|&byte| byte == b'.')
        .nth(1)
        .and_then(json_part::object)
    else {
        return Reading::default();
    };
    let mut reading = Reading::well_formed("its middle part is base 64 of a JSON object");
    if let Some(user) = json_part::text(&object, "u") {
        reading = reading.noting(format!("Mapbox user {user}"));
    }
    if let Some(scopes) = object.get("scopes").and_then(serde_json::Value::as_array) {
        let scopes: Vec<&str> = scopes
            .iter()
            .filter_map(serde_json::Value::as_str)
            .take(20)
            .collect();
        reading = reading.noting(format!("scopes {}", shown(&scopes.join(" "))));
    }
    let end = json_part::number(&object, "exp")
        .or_else(|| timestamp::iso8601(object.get("expires")?.as_str()?));
    match end {
        Some(end) => reading.expiring(end, subject.now, builder::until("the token", end)),
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, alphanumeric, sentences, subject};
    use super::*;

    fn read(kind: &str, json: &str) -> Reading {
        let middle = data_encoding::BASE64URL_NOPAD.encode(json.as_bytes());
        inspect(&subject(
            format!("{kind}.{middle}.{}", alphanumeric(1, 22)).as_bytes(),
        ))
    }

    #[test]
    fn the_user_is_named() {
        assert_eq!(
            sentences(&read("sk", r#"{"u":"acme","a":"abc"}"#)),
            "Mapbox user acme\n"
        );
    }

    #[test]
    fn a_temporary_token_ends() {
        let reading = read(
            "tk",
            r#"{"u":"acme","scopes":["styles:read"],"expires":"2026-01-01T01:00:00Z"}"#,
        );
        assert!(sentences(&reading).contains("styles:read"));
        assert_eq!(
            reading
                .lifetime
                .and_then(|judged| judged.value.expires_at()),
            Some(NOW + 3600)
        );
    }

    #[test]
    fn anything_else_says_nothing() {
        assert_eq!(inspect(&subject(b"sk.x.y")), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
