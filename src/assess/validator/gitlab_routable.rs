//! GitLab's routable tokens: `<prefix><payload>.<version>.<length><checksum>`.
//!
//! The payload is URL-safe base 64 of random bytes and lines `key:number` (base 36): c cell, g group,
//! o organisation, p project, t type, u user. The last nine characters are the payload's length (two)
//! and the CRC-32 (IEEE) of everything before it (seven), both in base 36. An older form has no version.
//!
//! Source: gitlab-org/gitlab, `routable_token.rb`. Status: read; no genuine token was at hand.

use super::{Reading, Subject, crc, radix};
use crate::privilege::{Breadth, Identity};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some((head, sum)) = crc::tail(subject.secret, 7) else {
        return Reading::default();
    };
    // Without a dot before the last nine characters it is the older, fixed form.
    if head.iter().rev().nth(2) != Some(&b'.') {
        return Reading::default();
    }
    if radix::digits(crc32fast::hash(head), radix::BASE36, 7) != sum {
        return Reading::checksum_failed(
            "looks like a GitLab token but its checksum does not match: a placeholder, or cut off",
        );
    }
    let reading =
        Reading::checksum_ok("its last seven characters are the CRC-32 that GitLab puts there");
    let payload = head.split(|&byte| byte == b'.').next().unwrap_or(head);
    let payload = payload_of(payload).unwrap_or_default();
    bound(reading, routing(&payload).unwrap_or(&payload))
}

/// The lines of a payload that ends in its random bytes and how many they are, so that none of them
/// is taken for a digit. None where the lines stand elsewhere.
fn routing(payload: &[u8]) -> Option<&[u8]> {
    let (&length, rest) = payload.split_last()?;
    let lines = rest.get(..rest.len().checked_sub(usize::from(length))?)?;
    let plain = |byte: &u8| byte.is_ascii_graphic() || *byte == b'\n';
    (!lines.is_empty() && lines.iter().all(plain)).then_some(lines)
}

/// The decoded payload of `<prefix><payload>`: the prefix ends with the first `-`, and for a runner
/// with the `_` of its type.
fn payload_of(text: &[u8]) -> Option<Vec<u8>> {
    let start = text.iter().position(|&byte| byte == b'-')? + 1;
    let body = text.get(start..)?;
    let typed = body.first() == Some(&b't')
        && body.get(1).is_some_and(u8::is_ascii_digit)
        && body.get(2) == Some(&b'_');
    radix::base64(if typed { body.get(3..)? } else { body })
}

/// Adds whom or what the payload names, narrowest last.
fn bound(mut reading: Reading, payload: &[u8]) -> Reading {
    if let Some(id) = number(payload, b'u') {
        reading = reading
            .noting(format!("belongs to GitLab user {id}"))
            .acting_as(Identity::Person)
            .within(Breadth::Account);
    }
    if let Some(id) = number(payload, b'g') {
        reading = reading
            .noting(format!("bound to GitLab group {id}"))
            .acting_as(Identity::Machine)
            .within(Breadth::Account);
    }
    if let Some(id) = number(payload, b'p') {
        reading = reading
            .noting(format!("bound to GitLab project {id}"))
            .acting_as(Identity::Machine)
            .within(Breadth::Project);
    }
    reading
}

/// The number under `key`, at the start of a line.
fn number(payload: &[u8], key: u8) -> Option<u64> {
    payload.split(|&byte| byte == b'\n').find_map(|line| {
        let digits = line.strip_prefix(&[key, b':'])?;
        let end = digits
            .iter()
            .position(|byte| !byte.is_ascii_alphanumeric())
            .unwrap_or(digits.len());
        u64::from_str_radix(std::str::from_utf8(digits.get(..end)?).ok()?, 36).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, noise, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn token(lines: &str, seed: u32) -> String {
        let mut payload = noise(seed, 16);
        payload.extend_from_slice(format!("\n{lines}\n").as_bytes());
        let payload = data_encoding::BASE64URL_NOPAD.encode(&payload);
        let length = radix::digits(
            u32::try_from(payload.len()).expect("it is short"),
            radix::BASE36,
            2,
        );
        let head = format!(
            "gl{}-{payload}.01.{}",
            "pat",
            String::from_utf8_lossy(&length)
        );
        let sum = radix::digits(crc32fast::hash(head.as_bytes()), radix::BASE36, 7);
        format!("{head}{}", String::from_utf8_lossy(&sum))
    }

    #[test]
    fn a_made_token_passes_until_a_character_changes() {
        for seed in 0..20 {
            let token = token("o:1\nu:2s", seed);
            assert_eq!(
                validity(inspect(&subject(token.as_bytes()))),
                Some(Validity::ChecksumOk)
            );
            let mut broken = token.into_bytes();
            broken[10] ^= 1;
            assert_eq!(
                validity(inspect(&subject(&broken))),
                Some(Validity::ChecksumFailed)
            );
        }
    }

    #[test]
    fn the_payload_tells_what_it_is_bound_to() {
        let person = inspect(&subject(token("o:1\nu:2s", 1).as_bytes()));
        assert_eq!(
            (person.identity, person.breadth),
            (Some(Identity::Person), Some(Breadth::Account))
        );
        assert!(sentences(&person).contains("user 100"));
        let project = inspect(&subject(token("o:1\np:a", 1).as_bytes()));
        assert_eq!(
            (project.identity, project.breadth),
            (Some(Identity::Machine), Some(Breadth::Project))
        );
    }

    #[test]
    fn random_bytes_after_the_lines_are_not_digits() {
        let mut payload = b"o:1\nu:2s".to_vec();
        payload.extend(b"0123456789abcdef\x10");
        assert_eq!(routing(&payload), Some(&b"o:1\nu:2s"[..]));
        assert_eq!(routing(b""), None);
    }

    #[test]
    fn the_fixed_form_says_nothing() {
        let token = format!("gl{}-{}", "pat", alphanumeric(1, 20));
        assert_eq!(inspect(&subject(token.as_bytes())), Reading::default());
        assert_eq!(inspect(&subject(b".")), Reading::default());
    }
}
