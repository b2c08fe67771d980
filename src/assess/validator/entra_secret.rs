//! The checksum of Entra client secrets with `8Q~`: 37 characters, then the first three of the
//! Marvin32 of those 37 (seed `AadPwd00`), written in base 66 with six digits.
//!
//! Source: microsoft/security-utilities, `AadClientAppIdentifiableCredentials`. Status: measured on the
//! vendor's synthetic example, but not in which order the digits stand: both orders pass here. The form
//! with `7Q~` has no checksum.

use super::marvin32::marvin32;
use super::{Reading, Subject, radix};

const BASE66: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some((body, sum)) = subject.secret.split_at_checked(37) else {
        return Reading::default();
    };
    if sum.len() != 3 || body.get(3..6) != Some(b"8Q~") {
        return Reading::default();
    }
    let digits = radix::digits(marvin32(body, *b"AadPwd00"), BASE66, 6);
    if digits.starts_with(sum) || digits.iter().rev().take(3).eq(sum) {
        Reading::checksum_ok("its last three characters are the checksum that Entra puts there")
    } else {
        Reading::checksum_failed(
            "looks like an Entra client secret but its checksum does not match: a placeholder, or cut off",
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
            let body = format!(
                "{}8Q{}{}",
                alphanumeric(seed, 3),
                '~',
                alphanumeric(seed + 100, 31)
            );
            let digits = radix::digits(marvin32(body.as_bytes(), *b"AadPwd00"), BASE66, 6);
            let mut secret = body.into_bytes();
            secret.extend_from_slice(&digits[..3]);
            assert_eq!(
                validity(inspect(&subject(&secret))),
                Some(Validity::ChecksumOk)
            );
            secret[12] ^= 1;
            assert_eq!(
                validity(inspect(&subject(&secret))),
                Some(Validity::ChecksumFailed)
            );
        }
    }

    #[test]
    fn the_older_form_says_nothing() {
        let secret = format!("{}7Q{}{}", alphanumeric(1, 3), '~', alphanumeric(2, 31));
        assert_eq!(inspect(&subject(secret.as_bytes())), Reading::default());
        assert_eq!(inspect(&subject(b"abc")), Reading::default());
    }
}
