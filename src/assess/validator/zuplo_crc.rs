//! The checksum of Zuplo's consumer keys: `zpka_`, 32 characters, `_`, and a CRC-32 (IEEE) in eight
//! hexadecimal digits.
//!
//! Source: read in praetorian-inc/titus, rule for Zuplo: the sum is over the body. Status: read, not
//! measured, so a sum that takes the prefix in is accepted too: better a fake that passes than a key missed.

use super::{Reading, Subject, crc};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let parts = crc::tail(subject.secret, 8)
        .and_then(|(head, sum)| Some((head.strip_suffix(b"_")?, crc::hex32(sum)?)));
    let Some((head, sum)) = parts else {
        return Reading::default();
    };
    let Some(body) = head.strip_prefix(b"zpka_") else {
        return Reading::default();
    };
    if [body, head]
        .into_iter()
        .any(|text| crc32fast::hash(text) == sum)
    {
        Reading::checksum_ok("its last eight digits are the CRC-32 that Zuplo puts there")
    } else {
        Reading::checksum_failed(
            "looks like a Zuplo key but its checksum does not match: a placeholder, or cut off",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, subject, validity};
    use super::*;
    use crate::finding::Validity;

    #[test]
    fn a_made_key_passes_until_a_character_changes() {
        for seed in 0..20 {
            let body = alphanumeric(seed, 32).to_lowercase();
            let key = format!("zp{}_{body}_{:08x}", "ka", crc32fast::hash(body.as_bytes()));
            assert_eq!(
                validity(inspect(&subject(key.as_bytes()))),
                Some(Validity::ChecksumOk)
            );
            let mut broken = key.into_bytes();
            broken[12] ^= 1;
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed)
            );
        }
        assert_eq!(inspect(&subject(b"zpka_")), Reading::default());
    }
}
