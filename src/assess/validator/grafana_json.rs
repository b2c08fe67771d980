//! Grafana tokens that are base 64 JSON: `glc_` of Grafana Cloud (`o` organisation, `n` name, `m.r`
//! region) and the old API keys `eyJrIjoi...` (`n` name, `id` organisation). `k` is the secret.
//!
//! Source: seen in public strings; the region is known only. Status: seen. There is no checksum.

use super::words::{environment, mentions, shown};
use super::{Reading, Subject, json_part};
use crate::privilege::Identity;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let body = subject
        .secret
        .strip_prefix(b"glc_")
        .unwrap_or(subject.secret);
    let Some(object) = json_part::object(body) else {
        return Reading::default();
    };
    let mut reading = Reading::well_formed("base 64 of a JSON object").acting_as(Identity::Machine);
    if let Some(organization) =
        json_part::text(&object, "o").or_else(|| json_part::text(&object, "id"))
    {
        reading = reading.noting(format!("Grafana organisation {organization}"));
    }
    if let Some(name) = json_part::text(&object, "n") {
        if let Some((environment, word)) = environment(&name) {
            reading = reading.placed(environment, format!("its name says `{word}`"));
        }
        if mentions(&name, &["read", "viewer"]) && !mentions(&name, &["write", "admin", "editor"]) {
            reading = reading.noting("its name says that it reads");
        }
        reading = reading.noting(format!("named {name}"));
    }
    match object.pointer("/m/r").and_then(serde_json::Value::as_str) {
        Some(region) => reading.noting(format!("region {}", shown(region))),
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sentences, subject};
    use super::*;
    use crate::environment::Environment;

    #[test]
    fn both_kinds_are_read_and_the_secret_is_not_shown() {
        let json = r#"{"o":"123","n":"stack-9-prod-hl-read","k":"not to be shown","m":{"r":"eu"}}"#;
        let token = format!(
            "gl{}_{}",
            'c',
            data_encoding::BASE64.encode(json.as_bytes())
        );
        let reading = inspect(&subject(token.as_bytes()));
        let text = sentences(&reading);
        assert!(
            text.contains("organisation 123")
                && text.contains("it reads")
                && text.contains("region eu"),
            "{text}"
        );
        assert!(!text.contains("not to be shown"));
        assert_eq!(
            reading.environment.map(|judged| judged.value),
            Some(Environment::Production)
        );
        let old = data_encoding::BASE64.encode(br#"{"k":"x","n":"ci","id":1}"#);
        assert_eq!(
            sentences(&inspect(&subject(old.as_bytes()))),
            "Grafana organisation 1\nnamed ci\n"
        );
    }

    #[test]
    fn anything_else_says_nothing() {
        assert_eq!(inspect(&subject(b"glc_x")), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
