//! Azure connection strings, `Name=value;Name=value`: the name of the key tells its rights, `EntityPath`
//! narrows it to one queue or hub, and account or endpoint say where.
//!
//! Source: Azure documentation of Storage, Service Bus, Event Hubs, `IoT` Hub and Cosmos DB connection
//! strings. Status: known. The emulator's account and key are published and the same everywhere.

use super::words::{environment, mentions, shown};
use super::{Reading, Subject, authority, azure_key};
use crate::environment::Environment;
use crate::privilege::{Breadth, Capability as C, Certainty};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let mut reading = azure_key::inspect(subject);
    let Some(text) = whole(subject) else {
        return reading;
    };
    let of = |name: &str| value(text, name);
    if let Some(name) = of("SharedAccessKeyName") {
        reading = rights(reading, name);
    }
    if let Some(entity) = of("EntityPath") {
        reading = reading
            .within(Breadth::Object)
            .noting(format!("only for the entity {}", shown(entity)));
    }
    if let Some(account) = of("AccountName") {
        reading = reading.noting(format!("account {}", shown(account)));
        if account == "devstoreaccount1" {
            reading = reading
                .placed(
                    Environment::Local,
                    "the storage emulator, whose key is published",
                )
                .within(Breadth::None);
        } else if let Some((environment, word)) = environment(account) {
            reading = reading.placed(environment, format!("its account says `{word}`"));
        }
    }
    let Some(endpoint) = [
        "Endpoint",
        "AccountEndpoint",
        "HostName",
        "Server",
        "Data Source",
    ]
    .into_iter()
    .find_map(of) else {
        return reading;
    };
    let host = endpoint
        .split("://")
        .last()
        .unwrap_or_default()
        .trim_start_matches("tcp:");
    let host = host.split(['/', ':', ',']).next().unwrap_or_default();
    reading = reading.noting(format!("host {}", shown(host)));
    if authority::is_loopback(host) {
        reading.placed(
            Environment::Local,
            format!("host {} is this machine", shown(host)),
        )
    } else if let Some((environment, word)) = environment(host) {
        reading.placed(environment, format!("its host says `{word}`"))
    } else {
        reading
    }
}

/// What the name of a shared access key says of its rights.
fn rights(reading: Reading, name: &str) -> Reading {
    let manage = [C::DeleteData, C::ManageIdentity, C::WriteData, C::ReadData];
    let (capabilities, certainty): (&[C], _) = match name {
        "RootManageSharedAccessKey" | "iothubowner" => (&manage, Certainty::Certain),
        _ if mentions(name, &["manage", "owner", "root"]) => (&manage, Certainty::Typical),
        _ if mentions(name, &["listen", "read", "reader"]) => (&[C::ReadData], Certainty::Typical),
        _ if mentions(name, &["send", "sender"]) => (&[C::WriteData], Certainty::Typical),
        _ => return reading.noting(format!("key {}", shown(name))),
    };
    // A signature in the key itself knows better than its name.
    let reading = if reading.capabilities.is_some() {
        reading
    } else {
        reading
            .able_to(capabilities, certainty)
            .within(Breadth::Project)
    };
    reading.noting(format!("key {}", shown(name)))
}

/// The connection string around the secret: from the start of its line or quote to the end.
fn whole<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let ends = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'<' | b'>' | b'`');
    let text = if subject.matched.contains(&b';') {
        subject.matched
    } else {
        subject.block
    };
    text.split(ends)
        .filter(|part| part.contains(&b';'))
        .find(|part| memchr::memmem::find(part, subject.secret).is_some())
        .and_then(|part| std::str::from_utf8(part).ok())
}

/// The value under a name, which ends with the next semicolon.
fn value<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.split(';').find_map(|pair| {
        let (before, value) = pair.split_once('=')?;
        // The first name may stand behind the assignment: `CONNECTION=Endpoint=...`.
        let (before, value) = match value.split_once('=') {
            Some((inner, rest)) if inner.trim().eq_ignore_ascii_case(name) => (inner, rest),
            _ => (before, value),
        };
        let before = before
            .rsplit([' ', ':'])
            .next()
            .filter(|_| !name.contains(' '))
            .unwrap_or(before);
        (before.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, sentences, within};
    use super::*;

    fn read(before: &str, after: &str) -> Reading {
        let key = alphanumeric(1, 43);
        inspect(&within(
            &key,
            &format!("CONNECTION=\"{before}={key}={after}\""),
        ))
    }

    #[test]
    fn the_root_key_manages() {
        let reading = read(
            "Endpoint=sb://acme-prod.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey",
            "",
        );
        assert!(
            reading
                .capabilities
                .is_some_and(|set| set.contains(C::ManageIdentity))
        );
        assert_eq!(
            (reading.certainty, reading.breadth),
            (Some(Certainty::Certain), Some(Breadth::Project))
        );
        assert_eq!(
            reading.environment.map(|judged| judged.value),
            Some(Environment::Production)
        );
    }

    #[test]
    fn an_entity_narrows_it() {
        let reading = read(
            "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=send-only;SharedAccessKey",
            ";EntityPath=orders",
        );
        assert_eq!(
            reading.capabilities,
            Some([C::WriteData].into_iter().collect())
        );
        assert_eq!(reading.breadth, Some(Breadth::Object));
        assert!(sentences(&reading).contains("entity orders"));
    }

    #[test]
    fn accounts_are_named_and_the_emulator_is_local() {
        assert!(
            sentences(&read(
                "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey",
                ""
            ))
            .contains("account acme")
        );
        let emulator = read("AccountName=devstoreaccount1;AccountKey", "");
        assert_eq!(
            (
                emulator.breadth,
                emulator.environment.map(|judged| judged.value)
            ),
            (Some(Breadth::None), Some(Environment::Local))
        );
    }

    #[test]
    fn a_key_alone_says_nothing() {
        assert_eq!(inspect(&within("abc", "abc")), Reading::default());
    }
}
