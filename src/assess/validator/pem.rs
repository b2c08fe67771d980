//! Private keys in text armour: PKCS #1, PKCS #8, SEC 1, OpenSSH and `OpenPGP`. The body has to be base 64
//! of one DER sequence of the right length; a passphrase and the kind of key can be read.
//!
//! Source: RFC 7468, RFC 8017, RFC 5958, RFC 5915, RFC 9580. Status: known.

use super::der::{Der, INTEGER, OBJECT, SEQUENCE};
use super::{Reading, Subject, armor, openssh};
use crate::privilege::Certainty;

/// No private key is smaller: Ed25519 in PKCS #8 takes 48 bytes.
const SMALLEST: usize = 32;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(armor) = armor::parse(subject.secret)
        .filter(|armor| armor.closed)
        .or_else(|| armor::parse(subject.matched))
    else {
        return Reading::default();
    };
    if !armor.closed {
        return Reading::default();
    }
    let Some(body) = armor.body.filter(|body| body.len() >= SMALLEST) else {
        return Reading::rejected();
    };
    if armor.label.contains("OPENSSH") {
        return openssh::judge(&body);
    }
    if armor.encrypted {
        return encrypted();
    }
    if armor.label.contains("PGP") {
        // Every OpenPGP packet starts with a byte whose highest bit is set.
        return if body.first().is_some_and(|byte| byte & 0x80 != 0) {
            well_formed("an OpenPGP packet")
        } else {
            Reading::rejected()
        };
    }
    let Some(content) = Der(&body).enter(SEQUENCE) else {
        return Reading::rejected();
    };
    if armor.label.contains("ENCRYPTED") {
        return encrypted();
    }
    match kind(&armor.label, content) {
        Some(kind) => well_formed("one DER sequence of the right length")
            .noting(format!("{kind} private key without a passphrase")),
        None => well_formed("one DER sequence of the right length"),
    }
}

fn well_formed(what: &str) -> Reading {
    Reading::well_formed(format!("its body is base 64 of {what}"))
}

/// A key that is useless without its passphrase.
pub(super) fn encrypted() -> Reading {
    let mut reading = Reading::well_formed("its body is base 64")
        .noting("encrypted with a passphrase: useless without it");
    reading.certainty = Some(Certainty::Unknown);
    reading
}

/// The algorithm, where it can be told.
fn kind(label: &str, mut content: Der<'_>) -> Option<String> {
    content.take(INTEGER)?;
    if label == "RSA PRIVATE KEY" {
        let modulus = content.take(INTEGER)?;
        let bits = modulus.iter().skip_while(|&&byte| byte == 0).count() * 8;
        return Some(format!("RSA {bits} bit"));
    }
    if label != "PRIVATE KEY" {
        return label
            .strip_suffix(" PRIVATE KEY")
            .filter(|kind| ["EC", "DSA"].contains(kind))
            .map(str::to_owned);
    }
    match content.enter(SEQUENCE)?.take(OBJECT)? {
        [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, _] => Some("RSA".to_owned()),
        [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01] => Some("EC".to_owned()),
        [0x2b, 0x65, 0x70] => Some("Ed25519".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::der::{OCTETS, element};
    use super::super::sample::{noise, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;
    use armor::block;

    fn rsa() -> Vec<u8> {
        let modulus = [&[0][..], &[0x80 | noise(1, 1)[0]], &noise(2, 255)].concat();
        element(
            SEQUENCE,
            &[
                element(INTEGER, &[0]),
                element(INTEGER, &modulus),
                element(INTEGER, &[1, 0, 1]),
            ]
            .concat(),
        )
    }

    #[test]
    fn a_whole_key_is_well_formed_and_named() {
        let reading = inspect(&subject(block("RSA PRIVATE KEY", &rsa(), "\\n").as_bytes()));
        assert!(sentences(&reading).contains("RSA 2048 bit"), "{reading:?}");
        assert_eq!(validity(reading), Some(Validity::WellFormed));
        let algorithm = element(SEQUENCE, &element(OBJECT, &[0x2b, 0x65, 0x70]));
        let key = element(
            SEQUENCE,
            &[
                element(INTEGER, &[0]),
                algorithm,
                element(OCTETS, &noise(3, 34)),
            ]
            .concat(),
        );
        assert!(
            sentences(&inspect(&subject(
                block("PRIVATE KEY", &key, "\n").as_bytes()
            )))
            .contains("Ed25519")
        );
    }

    #[test]
    fn a_cut_or_invented_body_is_dropped() {
        let key = rsa();
        for body in [
            &key[..key.len() - 3],
            &noise(4, 20),
            b"not a key at all, only a sentence",
        ] {
            assert!(inspect(&subject(block("RSA PRIVATE KEY", body, "\n").as_bytes())).rejected);
        }
        let redacted = block("RSA PRIVATE KEY", &key, "\n").replace("\nM", "\n...");
        assert!(inspect(&subject(redacted.as_bytes())).rejected);
    }

    #[test]
    fn a_passphrase_is_seen() {
        let text = block("ENCRYPTED PRIVATE KEY", &rsa(), "\n");
        let reading = inspect(&subject(text.as_bytes()));
        assert!(
            sentences(&reading).contains("passphrase")
                && reading.certainty == Some(Certainty::Unknown)
        );
        let mark = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n";
        let text = block("RSA PRIVATE KEY", &noise(5, 96), "\n").replacen(
            "KEY-----\n",
            &format!("KEY{}\n{mark}", "-".repeat(5)),
            1,
        );
        assert!(sentences(&inspect(&subject(text.as_bytes()))).contains("passphrase"));
    }

    #[test]
    fn a_heading_alone_says_nothing() {
        let text = format!("{0}BEGIN PRIVATE KEY{0}", "-".repeat(5));
        assert_eq!(inspect(&subject(text.as_bytes())), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
