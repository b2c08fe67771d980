//! The checksum of Grafana's service account tokens: `glsa_`, 32 characters, `_`, and the CRC-32
//! (IEEE) of all before that `_`, its bytes least significant first, in hexadecimal.
//!
//! Source: the key generator in grafana/grafana. Status: measured on public values.

use super::{Reading, Subject, crc};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let parts =
        crc::tail(subject.secret, 8).and_then(|(head, sum)| Some((head.strip_suffix(b"_")?, sum)));
    let Some((head, sum)) =
        parts.filter(|(head, _)| head.starts_with(b"glsa_") && head.len() == 37)
    else {
        return Reading::default();
    };
    if crc::hex32(sum).map(u32::swap_bytes) == Some(crc32fast::hash(head)) {
        Reading::checksum_ok("its last eight digits are the CRC-32 that Grafana puts there")
    } else {
        Reading::checksum_failed(
            "looks like a Grafana token but its checksum does not match: a placeholder, or cut off",
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
            let head = format!("gl{}_{}", "sa", alphanumeric(seed, 32));
            let token = format!(
                "{head}_{:08x}",
                crc32fast::hash(head.as_bytes()).swap_bytes()
            );
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
        assert_eq!(inspect(&subject(b"glsa_")), Reading::default());
    }
}
