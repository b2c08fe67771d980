//! The checksum of GitHub's classic tokens and of npm's: 30 base 62 characters, then their CRC-32
//! (IEEE) in base 62, six digits with zeros in front.
//!
//! Source: GitHub's announcement of its token formats, which names the CRC-32 in base 62. Status:
//! measured on public values of both providers. `github_pat_` follows no known routine, and the
//! longer forms of `ghs_` and `ghr_` carry none: those say nothing.

use super::{Reading, Subject, radix};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(body) = subject
        .secret
        .iter()
        .rposition(|&byte| byte == b'_')
        .and_then(|at| subject.secret.get(at + 1..))
    else {
        return Reading::default();
    };
    if body.len() != 36 || subject.secret.len() != 40 || !body.iter().all(u8::is_ascii_alphanumeric)
    {
        return Reading::default();
    }
    let (random, tail) = body.split_at(30);
    let npm = subject.secret.starts_with(b"npm_");
    match radix::digits(crc32fast::hash(random), radix::BASE62, 6) == tail {
        true if npm => {
            Reading::checksum_ok("its last six characters are the CRC-32 that npm puts there")
        }
        true => {
            Reading::checksum_ok("its last six characters are the CRC-32 that GitHub puts there")
        }
        false if npm => Reading::checksum_failed(
            "looks like an npm token but its checksum does not match: a placeholder, or cut off",
        ),
        false => Reading::checksum_failed(
            "looks like a GitHub token but its checksum does not match: a placeholder, or cut off",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, subject, validity};
    use super::*;
    use crate::finding::Validity;

    #[test]
    fn a_made_token_passes_until_a_character_changes() {
        for seed in 0..50 {
            let body = alphanumeric(seed, 30);
            let tail = radix::digits(crc32fast::hash(body.as_bytes()), radix::BASE62, 6);
            let token = format!("gh{}_{body}{}", 'p', String::from_utf8_lossy(&tail));
            assert_eq!(
                validity(inspect(&subject(token.as_bytes()))),
                Some(Validity::ChecksumOk)
            );
            for at in 4..40 {
                let mut broken = token.clone().into_bytes();
                broken[at] = if broken[at] == b'x' { b'y' } else { b'x' };
                assert_eq!(
                    validity(inspect(&subject(&broken))),
                    Some(Validity::ChecksumFailed),
                    "character {at}"
                );
            }
        }
    }

    #[test]
    fn forms_without_a_checksum_say_nothing() {
        let claims = alphanumeric(1, 80);
        for token in [
            format!("gh{}_12_{claims}.{claims}", 's'),
            format!("gh{}_{claims}", 'r'),
            String::new(),
            "_".to_owned(),
        ] {
            assert_eq!(inspect(&subject(token.as_bytes())), Reading::default());
        }
    }
}
