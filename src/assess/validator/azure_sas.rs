//! Azure shared access signatures: the query says exactly what it may do, on what, and until when.
//!
//! Source: Azure Storage documentation, "Create an account SAS" and "Create a service SAS"; Service Bus
//! documentation, "Shared Access Signatures" (`skn`, `se` in seconds). Status: known.

use super::words::shown;
use super::{Reading, Subject, builder, query, timestamp};
use crate::lifetime::UnixSeconds;
use crate::privilege::{Breadth, Capability as C, Certainty};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let texts = [subject.matched, subject.secret, subject.block];
    let Some(text) = texts
        .into_iter()
        .filter_map(|text| std::str::from_utf8(text).ok())
        .find_map(signature)
    else {
        return Reading::default();
    };
    let of = |name| query::parameter(text, name);
    let mut reading = Reading::default();
    if let Some(rights) =
        of("sp").filter(|rights| rights.bytes().all(|byte| byte.is_ascii_lowercase()))
    {
        reading = reading
            .able_to(&capabilities(&rights), Certainty::Certain)
            .noting(format!("rights `{}`", shown(&rights)));
    }
    let (breadth, on) = match (of("srt"), of("sr").as_deref(), of("tn")) {
        (Some(_), _, _) => (
            Breadth::Account,
            "every container of the account's services",
        ),
        (_, Some("c"), _) => (Breadth::Object, "one container"),
        (_, Some("b" | "bs" | "bv"), _) => (Breadth::Object, "one blob"),
        (_, Some("d"), _) => (Breadth::Object, "one directory"),
        (_, Some("s"), _) => (Breadth::Object, "one file share"),
        (_, Some("f"), _) => (Breadth::Object, "one file"),
        (_, Some(resource), _) if resource.contains('/') || resource.contains('.') => {
            (Breadth::Object, "one namespace or entity")
        }
        (_, _, Some(_)) => (Breadth::Object, "one table"),
        _ => (Breadth::Unknown, ""),
    };
    if breadth != Breadth::Unknown {
        reading = reading.within(breadth).noting(format!("reaches {on}"));
    }
    if let Some(policy) = of("skn") {
        reading = reading.noting(format!("signed with the key {}", shown(&policy)));
    }
    if let Some(range) = of("sip") {
        reading = reading.noting(format!("only from {}", shown(&range)));
    }
    match of("se").and_then(|end| moment(&end)) {
        Some(end) => reading.expiring(end, subject.now, builder::until("its `se` parameter", end)),
        None => reading,
    }
}

/// The query around the signature: the word that holds `sig=`.
fn signature(text: &str) -> Option<&str> {
    text.split(|c: char| c.is_whitespace() || "\"'`<>\\".contains(c))
        .find(|word| word.contains("sig=") && word.contains("se="))
}

fn moment(text: &str) -> Option<UnixSeconds> {
    timestamp::iso8601(text).or_else(|| text.parse().ok().filter(|&at| at > 1_000_000_000))
}

fn capabilities(rights: &str) -> Vec<C> {
    let one = |right| match right {
        'r' | 'l' | 'f' => Some(C::ReadData),
        'w' | 'a' | 'c' | 'u' | 'p' | 't' | 'm' | 'i' | 'e' | 'o' => Some(C::WriteData),
        'd' | 'x' | 'y' => Some(C::DeleteData),
        _ => None,
    };
    rights.chars().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, alphanumeric, sentences, validity, within};
    use super::*;
    use crate::finding::Validity;

    fn read(parameters: &str) -> Reading {
        let signature = alphanumeric(1, 43);
        inspect(&within(
            &signature,
            &format!(
                "URL=\"https://acme.blob.core.windows.net/x?{parameters}&sig={signature}%3D\""
            ),
        ))
    }

    #[test]
    fn rights_breadth_and_end_are_exact() {
        let reading = read("sv=2022-11-02&ss=b&srt=sco&sp=rwdl&se=2027-01-01T00%3A00%3A00Z");
        assert_eq!(
            reading.capabilities,
            Some(
                [C::ReadData, C::WriteData, C::DeleteData]
                    .into_iter()
                    .collect()
            )
        );
        assert_eq!(
            (reading.breadth, reading.certainty),
            (Some(Breadth::Account), Some(Certainty::Certain))
        );
        assert_eq!(
            reading
                .lifetime
                .and_then(|judged| judged.value.expires_at()),
            Some(NOW + 365 * 86_400)
        );
    }

    #[test]
    fn a_blob_to_read_is_little() {
        let reading = read("sr=b&amp;sp=r&amp;sip=10.0.0.1&amp;se=2020-01-01");
        assert_eq!(
            (reading.capabilities, reading.breadth),
            (
                Some([C::ReadData].into_iter().collect()),
                Some(Breadth::Object)
            )
        );
        assert!(sentences(&reading).contains("only from 10.0.0.1"));
        assert_eq!(validity(reading), Some(Validity::Expired));
    }

    #[test]
    fn a_messaging_signature_counts_in_seconds() {
        let reading = read(&format!(
            "sr=sb%3A%2F%2Facme.servicebus.windows.net%2Fq&se={}&skn=send",
            NOW + 1
        ));
        assert!(sentences(&reading).contains("key send"));
        assert_eq!(
            reading
                .lifetime
                .and_then(|judged| judged.value.expires_at()),
            Some(NOW + 1)
        );
    }

    #[test]
    fn without_a_query_it_says_nothing() {
        assert_eq!(inspect(&within("x", "x")), Reading::default());
    }
}
