//! The checksum of Cloudflare's `cfk_`, `cfut_` and `cfat_` tokens: 40 characters, then their CRC-32
//! (IEEE) in eight lower-case hexadecimal digits. The prefix is not part of the sum.
//!
//! Source: Cloudflare's "Token formats" page for the layout. Status: measured on one public value.

use super::{Reading, Subject, crc};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let body = crc::tail(subject.secret, 48)
        .and_then(|(prefix, body)| prefix.ends_with(b"_").then_some(body));
    let Some((random, sum)) = body.and_then(|body| crc::tail(body, 8)) else {
        return Reading::default();
    };
    if crc::hex32(sum) == Some(crc32fast::hash(random)) {
        Reading::checksum_ok("its last eight digits are the CRC-32 that Cloudflare puts there")
    } else {
        Reading::checksum_failed(
            "looks like a Cloudflare token but its checksum does not match: a placeholder, or cut off",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, subject, validity};
    use super::*;
    use crate::finding::Validity;

    #[test]
    fn a_made_token_passes_until_a_character_changes() {
        for seed in 0..20 {
            let body = alphanumeric(seed, 40);
            let token = format!("cf{}_{body}{:08x}", "ut", crc32fast::hash(body.as_bytes()));
            assert_eq!(
                validity(inspect(&subject(token.as_bytes()))),
                Some(Validity::ChecksumOk)
            );
            let mut broken = token.into_bytes();
            broken[20] ^= 1;
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed)
            );
        }
    }

    #[test]
    fn the_older_forms_say_nothing() {
        assert_eq!(
            inspect(&subject(alphanumeric(1, 40).as_bytes())),
            Reading::default()
        );
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
