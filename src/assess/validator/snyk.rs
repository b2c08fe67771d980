//! Snyk tokens: `snyk_uat.` (a person) or `snyk_sat.` (a service account), eight hexadecimal digits,
//! base 64 JSON with `e` the end and `h` the host, and a signature.
//!
//! Source: seen in public strings. Status: seen; the names of the fields are read off them.

use super::{Reading, Subject, builder, json_part};
use crate::privilege::Identity;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(object) = subject
        .secret
        .split(|&byte| byte == b'.')
        .nth(2)
        .and_then(json_part::object)
    else {
        return Reading::default();
    };
    let identity = if subject.secret.starts_with(b"snyk_sat.") {
        Identity::Machine
    } else {
        Identity::Person
    };
    let mut reading =
        Reading::well_formed("its third part is base 64 of a JSON object").acting_as(identity);
    if let Some(host) = json_part::text(&object, "h") {
        reading = reading.noting(format!("for {host}"));
    }
    match json_part::number(&object, "e").filter(|&end| end > 1_000_000_000) {
        Some(end) => reading.expiring(end, subject.now, builder::until("the token", end)),
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, alphanumeric, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn read(kind: &str, end: i64) -> Reading {
        let json = format!(r#"{{"e":{end},"h":"snyk.io","j":"x"}}"#);
        let part = data_encoding::BASE64URL_NOPAD.encode(json.as_bytes());
        inspect(&subject(
            format!("snyk_{kind}.0a1b2c3d.{part}.{}", alphanumeric(1, 40)).as_bytes(),
        ))
    }

    #[test]
    fn the_end_is_read() {
        let reading = read("uat", NOW + 60);
        assert_eq!(
            (sentences(&reading).as_str(), reading.identity),
            ("for snyk.io\n", Some(Identity::Person))
        );
        assert_eq!(validity(read("sat", NOW - 60)), Some(Validity::Expired));
    }

    #[test]
    fn anything_else_says_nothing() {
        assert_eq!(inspect(&subject(b"snyk_uat.x.y.z")), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
