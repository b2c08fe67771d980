//! Sentry organisation tokens: `sntrys_`, base 64 JSON with `iat`, `url`, `region_url` and `org`, `_`, and
//! the secret part.
//!
//! Source: read in getsentry/sentry, organisation auth tokens. Status: read. There is no checksum.

use super::{Reading, Subject, authority, json_part, timestamp};
use crate::environment::Environment;
use crate::privilege::{Breadth, Identity};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let body = subject.secret.strip_prefix(b"sntrys_");
    let Some(object) =
        body.and_then(|body| json_part::object(body.split(|&byte| byte == b'_').next()?))
    else {
        return Reading::default();
    };
    let mut reading = Reading::well_formed("its middle part is base 64 of a JSON object")
        .acting_as(Identity::Machine);
    if let Some(organization) = json_part::text(&object, "org") {
        reading = reading
            .noting(format!("Sentry organisation {organization}"))
            .within(Breadth::Organization);
    }
    if let Some(url) = json_part::text(&object, "url") {
        let host = url
            .split("://")
            .last()
            .unwrap_or_default()
            .split(['/', ':'])
            .next()
            .unwrap_or_default();
        if authority::is_loopback(host) {
            reading = reading.placed(Environment::Local, format!("host {host} is this machine"));
        }
        reading = reading.noting(format!("at {url}"));
    }
    match json_part::number(&object, "iat") {
        Some(made) => reading.noting(format!("made {}", timestamp::day(made))),
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, alphanumeric, sentences, subject};
    use super::*;

    #[test]
    fn organisation_and_age_are_named() {
        let json = format!(
            r#"{{"iat":{NOW}.5,"url":"https://sentry.io","region_url":"https://de.sentry.io","org":"acme"}}"#
        );
        let token = format!(
            "sn{}_{}_{}",
            "trys",
            data_encoding::BASE64.encode(json.as_bytes()),
            alphanumeric(1, 43)
        );
        let reading = inspect(&subject(token.as_bytes()));
        assert_eq!(
            sentences(&reading),
            "Sentry organisation acme\nat https://sentry.io\nmade 2026-01-01\n"
        );
        assert_eq!(reading.breadth, Some(Breadth::Organization));
    }

    #[test]
    fn other_tokens_say_nothing() {
        for text in ["", "sntrys_", "sntrys_x_y", "sntryu_abc"] {
            assert_eq!(inspect(&subject(text.as_bytes())), Reading::default());
        }
    }
}
