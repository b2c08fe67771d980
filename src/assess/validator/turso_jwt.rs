//! Turso and libSQL database tokens: `id` the database, `a` the access (`ro`, `rw`), `p` finer
//! permissions by namespace. A token with neither `a` nor `p` may write everything.
//!
//! Source: read in tursodatabase/libsql, libsql-server authentication. Status: read.

use super::claims::{self, Claims};
use super::words::shown;
use super::{Reading, Subject};
use crate::privilege::{Breadth, Capability as C, Certainty};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    match claims::parse(subject.secret) {
        Some(claims) if claims.readable() => judge(&claims, claims.reading(subject)),
        Some(_) => Reading::default(),
        None => Reading::rejected(),
    }
}

fn judge(claims: &Claims, mut reading: Reading) -> Reading {
    if let Some(database) = claims.text("id") {
        reading = reading.noting(format!("database {}", shown(database)));
    }
    let granted = claims.value("p").and_then(serde_json::Value::as_object);
    let (writes, sentence) = match (claims.text("a"), granted) {
        (Some("ro"), _) => (false, "access `ro`: it only reads"),
        (None, Some(granted)) if !granted.contains_key("rw") => {
            (false, "its permissions only read")
        }
        (None, None) => (
            true,
            "neither `a` nor `p` limits it: it may write everything",
        ),
        _ => (true, "access `rw`: it reads and writes"),
    };
    let capabilities: &[C] = if writes {
        &[C::DeleteData, C::WriteData, C::ReadData]
    } else {
        &[C::ReadData]
    };
    reading
        .able_to(capabilities, Certainty::Certain)
        .within(Breadth::Project)
        .noting(sentence)
}

#[cfg(test)]
mod tests {
    use super::super::sample::subject;
    use super::*;
    use serde_json::json;

    fn writes(payload: &serde_json::Value) -> bool {
        let token = claims::token(&json!({"alg": "EdDSA", "typ": "JWT"}), payload);
        inspect(&subject(token.as_bytes()))
            .capabilities
            .is_some_and(|set| set.contains(C::DeleteData))
    }

    #[test]
    fn the_claims_tell_reading_from_writing() {
        assert!(!writes(&json!({"a": "ro", "id": "x"})));
        assert!(writes(&json!({"a": "rw"})));
        assert!(writes(&json!({"iat": 1})), "no limit at all");
        assert!(!writes(&json!({"p": {"roa": {"ns": ["x"]}}})));
        assert!(writes(&json!({"p": {"rw": {"ns": ["x"]}}})));
    }

    #[test]
    fn what_is_no_token_is_dropped() {
        assert!(inspect(&subject(b"")).rejected);
    }
}
