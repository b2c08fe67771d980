//! The checksum of Confluent Cloud's newer secrets: `cflt`, 54 base 64 characters, and a CRC-32 (IEEE),
//! its bytes least significant first, in six base 64 characters.
//!
//! Source: read in praetorian-inc/titus, rule for Confluent: the sum is over the body. Status: read,
//! not measured, so a sum that takes the prefix in is accepted too.

use super::{Reading, Subject, crc, radix};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let parts = crc::tail(subject.secret, 6)
        .filter(|(head, _)| head.starts_with(b"cflt") && head.len() == 58);
    let Some((head, tail)) = parts else {
        return Reading::default();
    };
    let body = head.strip_prefix(b"cflt").unwrap_or(head);
    let sum = radix::base64(tail);
    if [body, head]
        .into_iter()
        .any(|text| sum.as_deref() == Some(&crc32fast::hash(text).to_le_bytes()))
    {
        Reading::checksum_ok("its last six characters are the CRC-32 that Confluent puts there")
    } else {
        Reading::checksum_failed(
            "looks like a Confluent secret but its checksum does not match: a placeholder, or cut off",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, subject, validity};
    use super::*;
    use crate::finding::Validity;

    #[test]
    fn a_made_secret_passes_until_a_character_changes() {
        for seed in 0..20 {
            let body = alphanumeric(seed, 54);
            let sum =
                data_encoding::BASE64_NOPAD.encode(&crc32fast::hash(body.as_bytes()).to_le_bytes());
            let secret = format!("cf{}{body}{sum}", "lt");
            assert_eq!(
                validity(inspect(&subject(secret.as_bytes()))),
                Some(Validity::ChecksumOk)
            );
            let mut broken = secret.into_bytes();
            broken[12] ^= 1;
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed)
            );
        }
        assert_eq!(inspect(&subject(b"cflt")), Reading::default());
    }
}
