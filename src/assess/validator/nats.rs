//! NATS nkey seeds: base 32 of two prefix bytes, 32 bytes of seed, and their CRC-16 (XMODEM), least
//! significant byte first. The prefix says for whom the key signs.
//!
//! Source: nats-io/nkeys, `crc16.go` and `strkey.go`. Status: known.

use super::{Reading, Subject, radix};
use crate::privilege::{Breadth, Certainty};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(bytes) = radix::base32(subject.secret).filter(|bytes| bytes.len() == 36) else {
        return Reading::default();
    };
    let Some((body, sum)) = bytes.split_last_chunk::<2>() else {
        return Reading::default();
    };
    if crc16(body).to_le_bytes() != *sum {
        return Reading::checksum_failed(
            "looks like a NATS seed but its checksum does not match: a placeholder, or cut off",
        );
    }
    let reading = Reading::checksum_ok("its CRC-16 is that of a NATS seed");
    let (sentence, breadth) = match subject.secret.get(1).map(u8::to_ascii_uppercase) {
        Some(b'O') => (
            "signs as a NATS operator: it can create every account",
            Breadth::Organization,
        ),
        Some(b'A') => (
            "signs as a NATS account: it can create users of the account",
            Breadth::Account,
        ),
        Some(b'U') => ("signs in as one NATS user", Breadth::Project),
        Some(b'N') => ("identifies a NATS server", Breadth::Project),
        Some(b'C') => ("identifies a NATS cluster", Breadth::Project),
        Some(b'X') => ("a NATS curve key: it decrypts", Breadth::Project),
        _ => return reading,
    };
    let mut reading = reading.within(breadth).noting(sentence);
    reading.certainty = Some(Certainty::Typical);
    reading
}

/// CRC-16/XMODEM: polynomial 0x1021, starting at zero.
fn crc16(data: &[u8]) -> u16 {
    data.iter().fold(0, |sum, &byte| {
        (0..8).fold(sum ^ u16::from(byte) << 8, |sum: u16, _| {
            if sum & 0x8000 == 0 {
                sum << 1
            } else {
                sum << 1 ^ 0x1021
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{noise, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn seed_of(public: u8, seed: u32) -> String {
        let mut bytes = vec![18 << 3 | public >> 5, (public & 31) << 3];
        bytes.extend(noise(seed, 32));
        let sum = crc16(&bytes);
        bytes.extend(sum.to_le_bytes());
        data_encoding::BASE32_NOPAD.encode(&bytes)
    }

    #[test]
    fn the_check_value_of_the_published_sum_holds() {
        assert_eq!(crc16(b"123456789"), 0x31c3);
    }

    #[test]
    fn a_made_seed_passes_until_a_character_changes() {
        for seed in 0..20 {
            let key = seed_of(20 << 3, seed);
            assert!(key.starts_with('S') && key.as_bytes()[1] == b'U');
            assert_eq!(
                validity(inspect(&subject(key.as_bytes()))),
                Some(Validity::ChecksumOk)
            );
            let mut broken = key.into_bytes();
            broken[20] = if broken[20] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed)
            );
        }
    }

    #[test]
    fn the_prefix_tells_for_whom_it_signs() {
        for (public, breadth) in [
            (14 << 3, Breadth::Organization),
            (0, Breadth::Account),
            (20 << 3, Breadth::Project),
        ] {
            assert_eq!(
                inspect(&subject(seed_of(public, 7).as_bytes())).breadth,
                Some(breadth)
            );
        }
        assert_eq!(inspect(&subject(b"SU")), Reading::default());
    }
}
