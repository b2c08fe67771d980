//! The checksum of bech32 strings that are private keys: age (`AGE-SECRET-KEY-1...`, and the hybrid
//! `AGE-SECRET-KEY-PQ-1...`) and Nostr (`nsec1...`).
//!
//! Source: BIP 173 for the checksum (not the later bech32m), FiloSottile/age and Nostr's NIP-19 for its
//! use. Status: known.

use super::{Reading, Subject};

const DIGITS: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [
    0x3b6a_57b2,
    0x2650_8e6d,
    0x1ea1_19fa,
    0x3d42_33dd,
    0x2a14_62b3,
];

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(separator) = subject.secret.iter().rposition(|&byte| byte == b'1') else {
        return Reading::default();
    };
    let (name, data) = subject.secret.split_at(separator);
    let lower = !subject.secret.iter().any(u8::is_ascii_uppercase);
    let upper = !subject.secret.iter().any(u8::is_ascii_lowercase);
    let values: Option<Vec<u32>> = data.iter().skip(1).map(|&byte| digit(byte)).collect();
    let fits = (lower || upper)
        && values.is_some_and(|values| values.len() > 6 && polymod(name, &values) == 1);
    if fits {
        Reading::checksum_ok("its bech32 checksum is right")
    } else {
        Reading::checksum_failed(
            "looks like a bech32 private key but its checksum does not match: a placeholder, or cut off",
        )
    }
}

fn digit(byte: u8) -> Option<u32> {
    let at = DIGITS
        .iter()
        .position(|&digit| digit == byte.to_ascii_lowercase())?;
    u32::try_from(at).ok()
}

/// The remainder over the human-readable part and the data: 1 where the checksum is right.
fn polymod(name: &[u8], data: &[u32]) -> u32 {
    let name = || name.iter().map(|byte| u32::from(byte.to_ascii_lowercase()));
    let values = name()
        .map(|value| value >> 5)
        .chain([0])
        .chain(name().map(|value| value & 31))
        .chain(data.iter().copied());
    values.fold(1, |sum, value| {
        let folded = (sum & 0x01ff_ffff) << 5 ^ value;
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(bit, _)| sum >> (25 + bit) & 1 == 1)
            .fold(folded, |sum, (_, term)| sum ^ term)
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{noise, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn key(name: &str, seed: u32) -> String {
        let mut data: Vec<u32> = noise(seed, 52)
            .into_iter()
            .map(|byte| u32::from(byte & 31))
            .collect();
        data.extend([0; 6]);
        let sum = polymod(name.as_bytes(), &data) ^ 1;
        for (place, value) in data.iter_mut().rev().take(6).enumerate() {
            *value = sum >> (5 * place) & 31;
        }
        let data: String = data
            .into_iter()
            .map(|value| char::from(DIGITS[value as usize]))
            .collect();
        format!("{name}1{data}")
    }

    #[test]
    fn a_made_key_passes_in_either_case_until_a_character_changes() {
        for seed in 0..20 {
            for key in [
                key("nsec", seed),
                key("age-secret-key-", seed).to_uppercase(),
            ] {
                assert_eq!(
                    validity(inspect(&subject(key.as_bytes()))),
                    Some(Validity::ChecksumOk)
                );
                let mut broken = key.into_bytes();
                let at = broken.len() - 9;
                broken[at] = if broken[at].eq_ignore_ascii_case(&b'q') {
                    b'7'
                } else {
                    b'Q'
                };
                assert_eq!(
                    validity(inspect(&subject(&broken))),
                    Some(Validity::ChecksumFailed)
                );
            }
        }
    }

    #[test]
    fn the_example_of_the_standard_holds() {
        let address = b"A12UEL5L";
        assert_eq!(
            polymod(
                b"a",
                &address[2..]
                    .iter()
                    .filter_map(|&byte| digit(byte))
                    .collect::<Vec<_>>()
            ),
            1
        );
    }

    #[test]
    fn a_value_without_a_separator_says_nothing() {
        assert_eq!(inspect(&subject(b"nsec")), Reading::default());
    }
}
