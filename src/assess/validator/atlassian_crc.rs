//! The checksum of Atlassian Cloud and Bitbucket tokens (`ATATT3`, `ATCTT3`, `ATBB`): the last eight
//! hexadecimal digits are the CRC-32 (IEEE) of everything before them, the `=` included.
//!
//! Source: read in Samsung/CredSweeper, `value_atlassian_token_check`. Status: read, not measured on
//! a genuine token. Files often write the `=` as `\=` or `%3D`; the sum is over the plain form.

use super::{Reading, Subject, crc};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let plain = unescaped(subject.secret);
    let Some((head, sum)) =
        crc::tail(&plain, 8).and_then(|(head, sum)| Some((head, crc::hex32(sum)?)))
    else {
        return Reading::default();
    };
    if !head.starts_with(b"AT") {
        return Reading::default();
    }
    if sum == crc32fast::hash(head) {
        Reading::checksum_ok("its last eight digits are the CRC-32 that Atlassian puts there")
    } else {
        Reading::checksum_failed(
            "looks like an Atlassian token but its checksum does not match: a placeholder, or cut off",
        )
    }
}

/// The secret with its `=` written plainly.
fn unescaped(secret: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(secret.len());
    let mut rest = secret;
    while let Some((&byte, after)) = rest.split_first() {
        let equals = [&b"%3D"[..], b"%3d", b"\\="]
            .into_iter()
            .find_map(|escape| rest.strip_prefix(escape));
        out.push(if equals.is_some() { b'=' } else { byte });
        rest = equals.unwrap_or(after);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, subject, validity};
    use super::*;
    use crate::finding::Validity;

    #[test]
    fn a_made_token_passes_however_its_equals_sign_is_written() {
        for seed in 0..20 {
            let head = format!("AT{}3xFfG{}=", "ATT", alphanumeric(seed, 180));
            let token = format!("{head}{:08X}", crc32fast::hash(head.as_bytes()));
            for written in [
                token.clone(),
                token.replace('=', "\\="),
                token.replace('=', "%3D"),
            ] {
                assert_eq!(
                    validity(inspect(&subject(written.as_bytes()))),
                    Some(Validity::ChecksumOk)
                );
            }
            let mut broken = token.into_bytes();
            broken[60] ^= 1;
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed)
            );
        }
    }

    #[test]
    fn a_value_without_the_tail_says_nothing() {
        assert_eq!(inspect(&subject(b"ATBBnothexatall")), Reading::default());
        assert_eq!(inspect(&subject(b"AT")), Reading::default());
    }
}
