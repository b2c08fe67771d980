//! OpenSSH private keys: the passphrase flag, the type, and the comment.
//!
//! Source: openssh-portable, `PROTOCOL.key`. Status: known. The body is `openssh-key-v1`, the names of
//! cipher and key derivation, the public key, and the private part: two equal check integers, the key,
//! the comment, padding 1, 2, 3 ...

use super::words::shown;
use super::{Reading, Subject, armor, pem};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    match armor::parse(subject.secret).or_else(|| armor::parse(subject.matched)) {
        Some(armor) if armor.closed => armor
            .body
            .map_or_else(Reading::rejected, |body| judge(&body)),
        _ => Reading::default(),
    }
}

/// Judges the decoded body.
pub(super) fn judge(body: &[u8]) -> Reading {
    parse(body).unwrap_or_else(Reading::rejected)
}

fn parse(body: &[u8]) -> Option<Reading> {
    let mut wire = Wire(body.strip_prefix(b"openssh-key-v1\0")?);
    let cipher = wire.string()?;
    let (_derivation, _options) = (wire.string()?, wire.string()?);
    wire.number()?;
    let kind = Wire(wire.string()?).string()?;
    let private = wire.string()?;
    let kind = std::str::from_utf8(kind).ok()?;
    let hardware = kind.starts_with("sk-");
    let mut reading = if cipher == b"none" {
        let mut private = Wire(private);
        if private.number()? != private.number()? {
            return Some(Reading::checksum_failed(
                "looks like an OpenSSH key but its check integers differ: made up, or damaged",
            ));
        }
        let reading = Reading::well_formed("the layout of an OpenSSH key")
            .noting(format!("{} key without a passphrase", shown(kind)));
        match comment(private, kind).filter(|comment| fit_to_show(comment)) {
            Some(comment) => reading.noting(format!("comment {comment}")),
            None => reading,
        }
    } else {
        pem::encrypted().noting(format!("{} key", shown(kind)))
    };
    if hardware {
        reading = reading.noting("a handle to a hardware key: useless without the device");
    }
    Some(reading)
}

/// The comment, which follows the fields of the key.
fn comment<'k>(mut private: Wire<'k>, kind: &str) -> Option<&'k str> {
    let fields = match kind {
        "ssh-ed25519" => 2,
        "ssh-rsa" => 6,
        "ssh-dss" => 5,
        _ if kind.starts_with("ecdsa-sha2-") => 3,
        _ => return None,
    };
    for _ in 0..=fields {
        private.string()?;
    }
    std::str::from_utf8(private.string()?).ok()
}

fn fit_to_show(comment: &str) -> bool {
    (1..=60).contains(&comment.len())
        && comment
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// Numbers and strings of the SSH wire format.
struct Wire<'k>(&'k [u8]);

impl<'k> Wire<'k> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    fn string(&mut self) -> Option<&'k [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (string, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(string)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{noise, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn string(bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).expect("tests are small");
        [&length.to_be_bytes()[..], bytes].concat()
    }

    fn key(cipher: &str, check: u32) -> String {
        let kind = format!("ssh-{}", "ed25519");
        let public = [string(kind.as_bytes()), string(&noise(1, 32))].concat();
        let fields = [
            string(kind.as_bytes()),
            string(&noise(1, 32)),
            string(&noise(2, 64)),
            string(b"ada@laptop"),
        ]
        .concat();
        let private = [
            &7_u32.to_be_bytes()[..],
            &check.to_be_bytes(),
            &fields,
            &[1, 2, 3],
        ]
        .concat();
        let head = [
            b"openssh-key-v1\0",
            &string(cipher.as_bytes())[..],
            &string(b"none"),
            &string(b""),
            &1_u32.to_be_bytes(),
        ]
        .concat();
        armor::block(
            "OPENSSH PRIVATE KEY",
            &[head, string(&public), string(&private)].concat(),
            "\n",
        )
    }

    #[test]
    fn a_plain_key_shows_its_type_and_comment() {
        for inspect in [inspect, pem::inspect] {
            let reading = inspect(&subject(key("none", 7).as_bytes()));
            assert_eq!(
                sentences(&reading),
                "ssh-ed25519 key without a passphrase\ncomment ada@laptop\n"
            );
            assert_eq!(validity(reading), Some(Validity::WellFormed));
        }
    }

    #[test]
    fn a_passphrase_is_seen() {
        assert!(
            sentences(&inspect(&subject(key("aes256-ctr", 7).as_bytes())))
                .contains("encrypted with a passphrase")
        );
    }

    #[test]
    fn damage_is_seen() {
        assert_eq!(
            validity(inspect(&subject(key("none", 8).as_bytes()))),
            Some(Validity::ChecksumFailed)
        );
        let other = armor::block("OPENSSH PRIVATE KEY", &noise(3, 200), "\n");
        assert!(inspect(&subject(other.as_bytes())).rejected);
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
