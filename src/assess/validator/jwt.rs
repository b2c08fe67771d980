//! JSON Web Tokens of any issuer: who made it, for whom, how far it reaches and when it ends.
//!
//! Source: RFC 7519. Status: known. The signature cannot be checked without the issuer's key. Supabase
//! and Kubernetes tokens are recognised by their claims and read by their own inspectors.

use super::claims::{self, Claims};
use super::{Reading, Subject, k8s_jwt, supabase_jwt};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(claims) = claims::parse(subject.secret) else {
        return Reading::rejected();
    };
    if is_demonstration(&claims) {
        return Reading::rejected();
    }
    if !claims.readable() {
        return if claims.header.contains_key("enc") {
            Reading::well_formed("its header is that of an encrypted JSON Web Token")
                .noting("encrypted: its claims cannot be read")
        } else {
            Reading::default()
        };
    }
    let reading = claims.reading(subject);
    if supabase_jwt::issued(&claims) {
        supabase_jwt::judge(&claims, reading)
    } else if k8s_jwt::issued(&claims) {
        k8s_jwt::judge(&claims, reading)
    } else if claims
        .header
        .get("alg")
        .and_then(serde_json::Value::as_str)
        .is_some_and(|alg| alg.eq_ignore_ascii_case("none"))
    {
        reading.noting("unsigned: anybody can write such a token")
    } else {
        reading
    }
}

/// The token on the front page of jwt.io and its variations stand in countless texts and tests. They
/// name a person who does not exist, and are signed with a secret that is printed beside them.
fn is_demonstration(claims: &Claims) -> bool {
    claims.text("sub") == Some("1234567890")
        && claims
            .text("name")
            .is_some_and(|name| name.ends_with(" Doe"))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, subject, validity};
    use super::*;
    use crate::environment::Environment;
    use crate::finding::Validity;
    use crate::lifetime::Lifetime;
    use crate::privilege::Breadth;
    use claims::token;
    use serde_json::json;

    fn read(payload: &serde_json::Value) -> Reading {
        inspect(&subject(
            token(&json!({"alg": "RS256", "typ": "JWT"}), payload).as_bytes(),
        ))
    }

    #[test]
    fn claims_become_evidence() {
        let reading = read(
            &json!({"iss": "https://auth.staging.acme.example", "aud": "api", "scope": "read write", "exp": NOW + 60}),
        );
        assert_eq!(
            sentences(&reading),
            "issuer https://auth.staging.acme.example\naudience api\nscopes read write\n"
        );
        assert_eq!(
            reading.environment.as_ref().map(|judged| judged.value),
            Some(Environment::Staging)
        );
        assert_eq!(
            reading.lifetime.as_ref().map(|judged| judged.value),
            Some(Lifetime::ExpiresAt(NOW + 60))
        );
        assert_eq!(validity(reading), Some(Validity::WellFormed));
    }

    #[test]
    fn the_end_decides_the_lifetime() {
        assert_eq!(
            validity(read(&json!({"exp": NOW - 1}))),
            Some(Validity::Expired)
        );
        assert_eq!(
            read(&json!({"sub": "x"}))
                .lifetime
                .map(|judged| judged.value),
            Some(Lifetime::LongLived)
        );
    }

    #[test]
    fn hostile_claims_are_cut_and_cleaned() {
        let reading = read(&json!({"iss": "\u{1b}]0;x".repeat(1000)}));
        assert!(
            reading
                .evidence
                .iter()
                .all(|sentence| sentence.as_str().len() < 100
                    && !sentence.as_str().contains('\u{1b}'))
        );
    }

    #[test]
    fn the_well_known_example_and_what_is_no_token_are_dropped() {
        assert!(
            read(&json!({"sub": "1234567890", "name": "John Doe", "iat": 1_516_239_022})).rejected
        );
        assert!(
            inspect(&subject(
                token(&json!({"not": "a"}), &json!({"token": 1})).as_bytes()
            ))
            .rejected
        );
        assert!(inspect(&subject(b"")).rejected);
    }

    #[test]
    fn a_supabase_role_is_understood() {
        let reading = read(&json!({"iss": "supabase", "ref": "abc", "role": "anon"}));
        assert_eq!(reading.breadth, Some(Breadth::None));
    }

    #[test]
    fn encrypted_tokens_say_so() {
        let encrypted = format!(
            "{}.AAAA.AAAA.AAAA",
            data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"dir","enc":"A256GCM"}"#)
        );
        assert!(sentences(&inspect(&subject(encrypted.as_bytes()))).contains("encrypted"));
    }
}
