//! Supabase's legacy project keys: JSON Web Tokens whose `role` is `anon` (public, held back by row
//! level security) or `service_role` (passes row level security), with the project in `ref`.
//!
//! Source: Supabase documentation, "Understanding API keys". Status: known. The key pair that every
//! local stack prints has the issuer `supabase-demo`.

use super::claims::{self, Claims};
use super::words::shown;
use super::{Reading, Subject};
use crate::environment::Environment;
use crate::privilege::{Breadth, Capability as C, Certainty, Identity};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    match claims::parse(subject.secret) {
        Some(claims) if claims.readable() => judge(&claims, claims.reading(subject)),
        Some(_) => Reading::default(),
        None => Reading::rejected(),
    }
}

/// True when the claims are those of a Supabase key.
pub(super) fn issued(claims: &Claims) -> bool {
    let issuer = claims
        .text("iss")
        .is_some_and(|issuer| issuer.starts_with("supabase"));
    claims.text("role").is_some() && (issuer || claims.text("ref").is_some())
}

/// Adds what the role and the project mean.
pub(super) fn judge(claims: &Claims, mut reading: Reading) -> Reading {
    if let Some(project) = claims.text("ref") {
        reading = reading.noting(format!("Supabase project {}", shown(project)));
    }
    if claims.text("iss") == Some("supabase-demo") {
        reading = reading.placed(
            Environment::Local,
            "the key that every local Supabase stack has",
        );
    }
    match claims.text("role") {
        Some("service_role") => reading
            .able_to(
                &[C::DeleteData, C::WriteData, C::ReadData],
                Certainty::Certain,
            )
            .within(Breadth::Project)
            .acting_as(Identity::Machine)
            .noting("role `service_role` passes row level security: it reaches every row"),
        Some("anon") => reading
            .able_to(&[], Certainty::Certain)
            .within(Breadth::None)
            .noting("role `anon` is meant to be public: row level security holds it back"),
        _ => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, subject};
    use super::*;
    use serde_json::json;

    fn read(payload: &serde_json::Value) -> Reading {
        inspect(&subject(
            claims::token(&json!({"alg": "HS256", "typ": "JWT"}), payload).as_bytes(),
        ))
    }

    #[test]
    fn the_service_role_reaches_every_row() {
        let reading = read(
            &json!({"iss": "supabase", "ref": "abcdefgh", "role": "service_role", "exp": NOW + 9}),
        );
        assert!(
            reading
                .capabilities
                .is_some_and(|set| set.contains(C::DeleteData))
        );
        assert_eq!(
            (reading.breadth, reading.certainty),
            (Some(Breadth::Project), Some(Certainty::Certain))
        );
        assert!(sentences(&reading).contains("Supabase project abcdefgh"));
    }

    #[test]
    fn the_anonymous_role_is_public() {
        assert_eq!(
            read(&json!({"iss": "supabase", "role": "anon"})).breadth,
            Some(Breadth::None)
        );
    }

    #[test]
    fn the_demonstration_keys_are_local() {
        let reading =
            read(&json!({"iss": "supabase-demo", "role": "service_role", "exp": 1_983_812_996}));
        assert_eq!(
            reading.environment.map(|judged| judged.value),
            Some(Environment::Local)
        );
    }

    #[test]
    fn what_is_no_token_is_dropped() {
        assert!(inspect(&subject(b"x.y.z")).rejected);
    }
}
