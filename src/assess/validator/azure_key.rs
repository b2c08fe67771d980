//! Azure keys that carry a signature: a name of four characters and, in their last four bytes, the
//! Marvin32 of all bytes before. Its seed tells which of a service's keys it is, and so what it may do.
//!
//! Source: microsoft/security-utilities, identifiable secrets (layouts and seeds). Status: the layouts
//! are read, the hash is measured (`marvin32.rs`). Keys from before the signatures say nothing.

use super::marvin32::marvin32;
use super::{Reading, Subject, radix};
use crate::privilege::{Breadth, Capability as C, Certainty};

/// One kind of key.
struct Kind {
    signature: [u8; 4],
    /// Where the signature stands in the text; six characters follow it.
    offset: usize,
    seed: [u8; 8],
    name: &'static str,
    capabilities: &'static [C],
}

const fn kind(
    signature: [u8; 4],
    offset: usize,
    seed: [u8; 8],
    name: &'static str,
    capabilities: &'static [C],
) -> Kind {
    Kind {
        signature,
        offset,
        seed,
        name,
        capabilities,
    }
}

const MANAGE: &[C] = &[C::DeleteData, C::ManageIdentity, C::WriteData, C::ReadData];
const CHANGE: &[C] = &[C::DeleteData, C::WriteData, C::ReadData];
const RUN: &[C] = &[C::ReadSecrets, C::RunCode];

const KINDS: &[Kind] = &[
    kind(*b"+ASt", 76, *b"Default0", "storage account key", MANAGE),
    kind(
        *b"+ABa",
        76,
        *b"AbAcct00",
        "Batch account key",
        &[C::DeleteInfrastructure, C::RunCode],
    ),
    kind(
        *b"+AMC",
        76,
        *b"Classic0",
        "Machine Learning web service key",
        &[C::Spend],
    ),
    kind(
        *b"ACDb",
        76,
        *b"MastRW00",
        "Cosmos DB read-write key",
        CHANGE,
    ),
    kind(
        *b"ACDb",
        76,
        *b"MastRO00",
        "Cosmos DB read-only key",
        &[C::ReadData],
    ),
    kind(
        *b"ACDb",
        76,
        *b"SystRW00",
        "Cosmos DB system read-write key",
        CHANGE,
    ),
    kind(
        *b"ACDb",
        76,
        *b"SystRO00",
        "Cosmos DB system read-only key",
        &[C::ReadData],
    ),
    kind(*b"ACDb", 76, *b"SysAll00", "Cosmos DB system key", CHANGE),
    kind(
        *b"ACDb",
        76,
        *b"Encryp00",
        "Cosmos DB encryption key",
        &[C::ReadData],
    ),
    kind(
        *b"ACDb",
        76,
        *b"Resour00",
        "Cosmos DB resource key",
        &[C::ReadData],
    ),
    kind(
        *b"APIM",
        76,
        *b"Tenant00",
        "API Management direct key",
        &[C::DeleteInfrastructure, C::ManageIdentity, C::ReadSecrets],
    ),
    kind(
        *b"APIM",
        76,
        *b"IoTHub00",
        "API Management subscription key",
        &[C::ReadData, C::Spend],
    ),
    kind(
        *b"APIM",
        76,
        *b"Gatewy00",
        "API Management gateway key",
        &[C::ReadSecrets],
    ),
    kind(
        *b"APIM",
        76,
        *b"GitKey00",
        "API Management repository key",
        &[C::WriteData, C::ReadData],
    ),
    kind(
        *b"+ASb",
        33,
        *b"Manage00",
        "Service Bus key with the manage right",
        MANAGE,
    ),
    kind(
        *b"+ASb",
        33,
        *b"Listen00",
        "Service Bus key with the listen right",
        &[C::ReadData],
    ),
    kind(
        *b"+ASb",
        33,
        *b"Send0000",
        "Service Bus key with the send right",
        &[C::WriteData],
    ),
    kind(
        *b"+AEh",
        33,
        *b"Manage00",
        "Event Hubs key with the manage right",
        MANAGE,
    ),
    kind(
        *b"+AEh",
        33,
        *b"Listen00",
        "Event Hubs key with the listen right",
        &[C::ReadData],
    ),
    kind(
        *b"+AEh",
        33,
        *b"Send0000",
        "Event Hubs key with the send right",
        &[C::WriteData],
    ),
    kind(
        *b"+ARm",
        33,
        *b"Manage00",
        "Relay key with the manage right",
        MANAGE,
    ),
    kind(
        *b"+ARm",
        33,
        *b"Listen00",
        "Relay key with the listen right",
        &[C::ReadData],
    ),
    kind(
        *b"+ARm",
        33,
        *b"Send0000",
        "Relay key with the send right",
        &[C::WriteData],
    ),
    kind(
        *b"AIoT",
        33,
        *b"IoTHub00",
        "IoT Hub key",
        &[C::ManageIdentity, C::WriteData, C::ReadData],
    ),
    kind(
        *b"AIoT",
        33,
        *b"Device00",
        "IoT device key",
        &[C::WriteData],
    ),
    kind(
        *b"AIoT",
        33,
        *b"DpsKey00",
        "IoT device provisioning key",
        &[C::ManageIdentity],
    ),
    kind(*b"AzCa", 33, *b"Access00", "Redis cache key", CHANGE),
    kind(
        *b"AZEG",
        33,
        *b"Default0",
        "Event Grid key",
        &[C::WriteData],
    ),
    kind(
        *b"+ACR",
        42,
        *b"ACRDflt0",
        "container registry password",
        &[C::DeleteData, C::Publish, C::ReadData],
    ),
    kind(*b"AzSe", 42, *b"PAdmin00", "Search admin key", CHANGE),
    kind(
        *b"AzSe",
        42,
        *b"Query000",
        "Search query key",
        &[C::ReadData],
    ),
    kind(*b"AzFu", 44, *b"Master00", "Functions master key", RUN),
    kind(
        *b"AzFu",
        44,
        *b"System00",
        "Functions system key",
        &[C::RunCode],
    ),
    kind(*b"AzFu", 44, *b"Functi00", "Functions key", &[C::RunCode]),
];

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let text = subject
        .secret
        .strip_suffix(b"==")
        .or_else(|| subject.secret.strip_suffix(b"="))
        .unwrap_or(subject.secret);
    let signed = |kind: &&Kind| {
        text.len() == kind.offset + 10
            && text.get(kind.offset..kind.offset + 4) == Some(&kind.signature[..])
    };
    let mut candidates = KINDS.iter().filter(signed).peekable();
    if candidates.peek().is_none() {
        return Reading::default();
    }
    let bytes = radix::base64(text).unwrap_or_default();
    let matching = bytes.split_last_chunk::<4>().and_then(|(body, sum)| {
        candidates.find(|kind| marvin32(body, kind.seed).to_le_bytes() == *sum)
    });
    match matching {
        Some(kind) => {
            Reading::checksum_ok(format!("its signature is that of an Azure {}", kind.name))
                .able_to(kind.capabilities, Certainty::Certain)
                .within(Breadth::Project)
                .noting(format!("the seed of its checksum says: {}", kind.name))
        }
        None => Reading::checksum_failed(
            "looks like an Azure key but its checksum does not match: a placeholder, or cut off",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{noise, subject, validity};
    use super::*;
    use crate::finding::Validity;

    /// Makes a key: noise with the signature put in its place, then the checksum.
    fn key(kind: &Kind, seed: u32) -> Vec<u8> {
        let length = (kind.offset + 10) * 3 / 4;
        let mut text = data_encoding::BASE64
            .encode(&noise(seed, length))
            .into_bytes();
        text[kind.offset..kind.offset + 4].copy_from_slice(&kind.signature);
        let mut bytes = radix::base64(&text).expect("it is base 64");
        let body = bytes.len() - 4;
        let sum = marvin32(&bytes[..body], kind.seed);
        bytes[body..].copy_from_slice(&sum.to_le_bytes());
        data_encoding::BASE64.encode(&bytes).into_bytes()
    }

    #[test]
    fn every_kind_is_told_by_its_seed() {
        for (seed, kind) in (0..).zip(KINDS) {
            let reading = inspect(&subject(&key(kind, seed)));
            assert_eq!(
                reading.capabilities,
                Some(kind.capabilities.iter().copied().collect()),
                "{}",
                kind.name
            );
            assert_eq!(
                validity(reading),
                Some(Validity::ChecksumOk),
                "{}",
                kind.name
            );
        }
    }

    #[test]
    fn a_changed_character_fails() {
        for (seed, kind) in (0..).zip(KINDS) {
            let mut broken = key(kind, seed);
            broken[7] = if broken[7] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed),
                "{}",
                kind.name
            );
        }
    }

    #[test]
    fn a_key_without_a_signature_says_nothing() {
        let key = data_encoding::BASE64.encode(&noise(3, 64));
        assert_eq!(inspect(&subject(key.as_bytes())), Reading::default());
        assert_eq!(inspect(&subject(b"==")), Reading::default());
    }
}
