//! Azure DevOps tokens, and the annotated keys that share their newer form.
//!
//! The older form is 52 base 32 characters, 32 bytes, four of which hold a CRC-32 (IEEE) of the other
//! 28, masked with a constant that tells a user's token from an application's. The newer one, 84 or 88
//! characters with `JQQJ99` at offset 52, says in which month it was made and for which service.
//!
//! Source: microsoft/security-utilities. Status: read; neither form was measured on a genuine token, so
//! the order of the four bytes is taken either way, and the newer form's checksum is not checked.

use super::{Reading, Subject, radix};
use crate::privilege::Identity;

/// Which four bytes hold the checksum, least significant first.
const SUM_AT: [usize; 4] = [22, 8, 7, 2];

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    match subject.secret.len() {
        52 => older(subject.secret),
        84 | 88 => newer(subject.secret).unwrap_or_default(),
        _ => Reading::default(),
    }
}

fn older(secret: &[u8]) -> Reading {
    let Some(bytes) = radix::base32(secret) else {
        return Reading::default();
    };
    let (sum, body): (Vec<_>, Vec<_>) = bytes
        .iter()
        .enumerate()
        .partition(|(at, _)| SUM_AT.contains(at));
    let body: Vec<u8> = body.into_iter().map(|(_, &byte)| byte).collect();
    let sum = sum
        .into_iter()
        .rev()
        .fold(0, |word: u32, (_, &byte)| word << 8 | u32::from(byte));
    // `sum` was gathered at 2, 7, 8, 22 and folded from the back: byte 22 is the most significant.
    let found = [sum, sum.swap_bytes()];
    let crc = crc32fast::hash(&body);
    if found.contains(&(crc ^ 0xe0b9_692d)) {
        Reading::checksum_ok("its checksum is that of a user's Azure DevOps token")
            .acting_as(Identity::Person)
    } else if found.contains(&(crc ^ 0x1019_f92e)) {
        Reading::checksum_ok("its checksum is that of an application's Azure DevOps token")
            .acting_as(Identity::Machine)
    } else {
        Reading::checksum_failed(
            "as long as an Azure DevOps token but its checksum does not match: something else, or cut off",
        )
    }
}

fn newer(secret: &[u8]) -> Option<Reading> {
    let rest = secret.get(52..)?.strip_prefix(b"JQQJ9")?;
    let year = 2024 + u32::from(rest.get(1)?.checked_sub(b'A').filter(|&year| year < 26)?);
    let month = 1 + rest.get(2)?.checked_sub(b'A').filter(|&month| month < 12)?;
    let service = match secret.get(76..80)? {
        b"AZDO" => "Azure DevOps",
        b"AZEG" => "Azure Event Grid",
        b"AZAC" => "Azure App Configuration",
        b"AZMP" => "Azure Maps",
        b"ACOG" => "Azure AI services",
        _ => "an Azure service",
    };
    let reading = Reading::well_formed(format!("the layout of a key that {service} issued"));
    Some(reading.noting(format!(
        "made in {year}-{month:02}, for {service}: both stand in the key"
    )))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, noise, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    #[test]
    fn a_made_token_passes_until_a_character_changes() {
        for (seed, mask) in (0..20).zip([0xe0b9_692d_u32, 0x1019_f92e].into_iter().cycle()) {
            let mut bytes = noise(seed, 32);
            let body: Vec<u8> = (0..32)
                .filter(|at| !SUM_AT.contains(at))
                .map(|at| bytes[at])
                .collect();
            for (at, byte) in SUM_AT
                .into_iter()
                .zip((crc32fast::hash(&body) ^ mask).to_le_bytes())
            {
                bytes[at] = byte;
            }
            let mut token = data_encoding::BASE32_NOPAD
                .encode(&bytes)
                .to_lowercase()
                .into_bytes();
            let reading = inspect(&subject(&token));
            assert_eq!(
                reading.identity,
                Some(if seed % 2 == 0 {
                    Identity::Person
                } else {
                    Identity::Machine
                })
            );
            assert_eq!(validity(reading), Some(Validity::ChecksumOk));
            token[0] = if token[0] == b'a' { b'b' } else { b'a' };
            assert_eq!(
                validity(inspect(&subject(&token))),
                Some(Validity::ChecksumFailed)
            );
        }
    }

    #[test]
    fn the_newer_form_tells_its_month_and_service() {
        let key = format!(
            "{}JQQJ99BC{}AZ{}{}",
            alphanumeric(1, 52),
            alphanumeric(2, 16),
            "DO",
            alphanumeric(3, 4)
        );
        let reading = inspect(&subject(key.as_bytes()));
        assert!(
            sentences(&reading).contains("made in 2025-03, for Azure DevOps"),
            "{reading:?}"
        );
    }

    #[test]
    fn anything_else_says_nothing() {
        for secret in [
            alphanumeric(1, 84),
            alphanumeric(1, 51),
            String::new(),
            "9".repeat(52),
        ] {
            assert_eq!(inspect(&subject(secret.as_bytes())), Reading::default());
        }
    }
}
