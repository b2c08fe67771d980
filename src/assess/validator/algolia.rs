//! Algolia secured keys: base 64 of 64 hexadecimal digits (an HMAC of the parent key) and a query string
//! with the limits: `validUntil`, `restrictIndices`, `filters`.
//!
//! Source: read in algolia's API clients, `generateSecuredApiKey`. Status: read. Such a key is made for
//! browsers; it can do no more than its parent, which is a search key.

use super::words::shown;
use super::{Reading, Subject, builder, query, radix};
use crate::privilege::{Breadth, Capability, Certainty};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let decoded = radix::base64(subject.secret).and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = decoded
        .as_deref()
        .and_then(|text| text.split_at_checked(64));
    let Some((_, limits)) =
        parts.filter(|(mac, _)| mac.bytes().all(|byte| byte.is_ascii_hexdigit()))
    else {
        return Reading::default();
    };
    let mut reading = Reading::well_formed("base 64 of a signature and a query")
        .able_to(&[Capability::ReadData], Certainty::Typical);
    reading = reading
        .within(Breadth::Object)
        .noting("a secured key: its limits are signed into it");
    if let Some(indices) = query::parameter(limits, "restrictIndices") {
        reading = reading.noting(format!("only the indices {}", shown(&indices)));
    }
    match query::parameter(limits, "validUntil").and_then(|end| end.parse().ok()) {
        Some(end) => reading.expiring(end, subject.now, builder::until("its `validUntil`", end)),
        None => reading.unending("no `validUntil` ends it"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, subject};
    use super::*;
    use crate::lifetime::Lifetime;

    fn read(limits: &str) -> Reading {
        let text = format!("{}{limits}", "0a".repeat(32));
        inspect(&subject(
            data_encoding::BASE64.encode(text.as_bytes()).as_bytes(),
        ))
    }

    #[test]
    fn limits_are_read() {
        let reading = read(&format!("restrictIndices=products&validUntil={}", NOW + 5));
        assert!(sentences(&reading).contains("only the indices products"));
        assert_eq!(
            reading.lifetime.map(|judged| judged.value),
            Some(Lifetime::ExpiresAt(NOW + 5))
        );
        assert_eq!(
            read("filters=a").lifetime.map(|judged| judged.value),
            Some(Lifetime::LongLived)
        );
    }

    #[test]
    fn a_plain_key_says_nothing() {
        assert_eq!(
            inspect(&subject(b"0123456789abcdef0123456789abcdef")),
            Reading::default()
        );
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
