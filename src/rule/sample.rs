//! Expands shapes into text: examples of rules, and workspaces made of them.
//!
//! Everything that looks like a credential in straykey's tests is made here, at run time, from a
//! fixed seed. What it makes is random and opens nothing.

use super::shape::{Part, Shape, ShapeError};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use std::ops::Range;

/// A small generator of numbers (`SplitMix64`, public domain), seeded so that examples never change.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A generator that gives the same numbers for the same text, such as a rule's id.
    pub fn seeded(text: &str) -> Self {
        // FNV-1a.
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}

/// An expanded template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// The text.
    pub text: String,
    /// What `{{secret}}` became, where the template holds it.
    pub secret: Option<Range<usize>>,
}

/// Looks up the sample shape of a rule by its id.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Expands templates with one generator.
pub struct Expander<'a> {
    rng: Rng,
    /// The shape that `{{secret}}` stands for.
    secret: &'a str,
    samples: Lookup<'a>,
}

impl<'a> Expander<'a> {
    /// `secret` is what `{{secret}}` stands for; `samples` gives that of other rules.
    pub fn new(rng: Rng, secret: &'a str, samples: Lookup<'a>) -> Self {
        Self {
            rng,
            secret,
            samples,
        }
    }

    /// Expands a template.
    ///
    /// # Errors
    /// When it is no shape, or names a rule that does not exist.
    pub fn expand(&mut self, template: &str) -> Result<Expansion, ShapeError> {
        let mut expansion = Expansion {
            text: String::new(),
            secret: None,
        };
        let mut last = 0..0;
        for part in Shape::parse(template)?.0 {
            let start = expansion.text.len();
            let piece = self.part(&part, &expansion.text, last.clone())?;
            expansion.text.push_str(&piece);
            if matches!(part, Part::Literal(_)) {
                continue;
            }
            last = start..expansion.text.len();
            if matches!(&part, Part::Named { name, .. } if name == "secret") {
                expansion.secret = Some(last.clone());
            }
        }
        Ok(expansion)
    }

    fn part(
        &mut self,
        part: &Part,
        before: &str,
        last: Range<usize>,
    ) -> Result<String, ShapeError> {
        match part {
            Part::Literal(text) => Ok(text.clone()),
            Part::Run { alphabet, min, max } => {
                let count = min + self.rng.below(max - min + 1);
                Ok(self.run(&alphabet.characters(), count))
            }
            Part::Named { name, argument } => self.named(name, argument, before, &before[last]),
        }
    }

    fn run(&mut self, characters: &[char], count: usize) -> String {
        (0..count)
            .map(|_| characters[self.rng.below(characters.len())])
            .collect()
    }

    fn named(
        &mut self,
        name: &str,
        argument: &str,
        before: &str,
        last: &str,
    ) -> Result<String, ShapeError> {
        let all = before.strip_suffix('_').unwrap_or(before);
        Ok(match name {
            "secret" => self.first_of(self.secret)?,
            "sample" => {
                let shape = (self.samples)(argument)
                    .ok_or_else(|| ShapeError::Unknown(format!("sample:{argument}")))?;
                self.first_of(&shape)?
            }
            "uuid" => self.uuid(),
            "jwt" => self.jwt(argument)?,
            "b64" => BASE64.encode(self.expand(argument)?.text.as_bytes()),
            "b64url" => BASE64URL_NOPAD.encode(self.expand(argument)?.text.as_bytes()),
            "pem" => self.pem(argument),
            "openssh" => self.openssh(argument),
            "nkey" => self.nkey(argument),
            "bech32_checksum_all" => bech32_checksum(before),
            "crc32_base62" => digits(crc(last), 62, 6),
            "crc32_hex" => format!("{:08x}", crc(last)),
            "crc32_hex_all" => format!("{:08x}", crc(all)),
            "crc32_upper_hex_all" => format!("{:08X}", crc(all)),
            "crc32_le_hex_all" => format!("{:08x}", crc(all).swap_bytes()),
            "crc32_base36_all" => digits(crc(before), 36, 7),
            "crc32_le_base64" => BASE64
                .encode(&crc(last).to_le_bytes())
                .trim_end_matches('=')
                .to_owned(),
            other => return Err(ShapeError::Unknown(other.to_owned())),
        })
    }

    /// Of alternatives the first one.
    fn first_of(&mut self, shape: &str) -> Result<String, ShapeError> {
        Ok(self
            .expand(shape.split(" | ").next().unwrap_or_default())?
            .text)
    }

    fn uuid(&mut self) -> String {
        let hex = data_encoding::HEXLOWER.encode(&self.rng.bytes(16));
        // Version 4, variant 1 (RFC 9562).
        format!(
            "{}-{}-4{}-a{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }

    fn jwt(&mut self, claims: &str) -> Result<String, ShapeError> {
        let claims = if claims.is_empty() {
            format!(r#"{{"sub":"{}","iat":1760000000}}"#, self.uuid())
        } else {
            self.expand(claims)?.text
        };
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        Ok(format!(
            "{header}.{}.{}",
            BASE64URL_NOPAD.encode(claims.as_bytes()),
            BASE64URL_NOPAD.encode(&self.rng.bytes(32))
        ))
    }

    /// A block with a body that starts as the real one does: an ASN.1 SEQUENCE (X.690) of the right
    /// length around random bytes.
    fn pem(&mut self, heading: &str) -> String {
        let mut der = vec![0x30, 0x82, 0x02, 0x58, 0x02, 0x01, 0x00];
        der.extend(self.rng.bytes(0x258 - 3));
        armour(heading, &der)
    }

    /// A seed of NATS's nkeys of the kind with that letter: base32 of two prefix bytes, 32 random ones
    /// and their CRC-16 (XMODEM), little end first. Source: nats-io/nkeys.
    fn nkey(&mut self, kind: &str) -> String {
        const SEED: u8 = 18 << 3;
        let kind = kind.bytes().next().unwrap_or(b'U').wrapping_sub(b'A') << 3;
        let mut raw = vec![SEED | kind >> 5, (kind & 31) << 3];
        raw.extend(self.rng.bytes(32));
        let shift = |crc: u16| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x1021
            }
        };
        let crc = raw.iter().fold(0_u16, |crc, &byte| {
            (0..8).fold(crc ^ u16::from(byte) << 8, |crc, _| shift(crc))
        });
        raw.extend(crc.to_le_bytes());
        data_encoding::BASE32_NOPAD.encode(&raw)
    }

    /// The container of openssh-portable's PROTOCOL.key: magic, cipher and kdf names, then the rest.
    fn openssh(&mut self, cipher: &str) -> String {
        let field = |bytes: &[u8]| {
            [
                &u32::try_from(bytes.len()).unwrap_or(0).to_be_bytes(),
                bytes,
            ]
            .concat()
        };
        let kdf: &[u8] = if cipher == "none" { b"none" } else { b"bcrypt" };
        let mut body = [
            b"openssh-key-v1\0".as_slice(),
            &field(cipher.as_bytes()),
            &field(kdf),
            &field(b""),
            &1_u32.to_be_bytes(),
        ]
        .concat();
        let public = [field(b"ssh-ed25519"), field(&self.rng.bytes(32))].concat();
        body.extend(field(&public));
        // The check integer stands twice.
        let check = self.rng.bytes(4);
        let private = [check.clone(), check, self.rng.bytes(128)].concat();
        body.extend(field(&private));
        armour("OPENSSH PRIVATE KEY", &body)
    }
}

fn armour(heading: &str, bytes: &[u8]) -> String {
    let dashes = "-".repeat(5);
    let body = BASE64.encode(bytes);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap_or_default())
        .collect();
    format!(
        "{dashes}BEGIN {heading}{dashes}\n{}\n{dashes}END {heading}{dashes}",
        lines.join("\n")
    )
}

/// The six characters that complete a bech32 text. Source: BIP 173.
fn bech32_checksum(text: &str) -> String {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let lower = text.to_ascii_lowercase();
    let (human, data) = lower.rsplit_once('1').unwrap_or(("", &lower));
    let value = |byte: u8| {
        ALPHABET
            .iter()
            .position(|&known| known == byte)
            .unwrap_or(0)
    };
    let high = human.bytes().map(|byte| usize::from(byte >> 5));
    let low = human.bytes().map(|byte| usize::from(byte & 31));
    let values = high
        .chain([0])
        .chain(low)
        .chain(data.bytes().map(value))
        .chain([0; 6]);
    let polymod = values.fold(1_u32, |sum, value| {
        let next = (sum & 0x01ff_ffff) << 5 ^ u32::try_from(value).unwrap_or(0);
        GENERATOR
            .iter()
            .enumerate()
            .filter(|(bit, _)| sum >> 25 >> bit & 1 == 1)
            .fold(next, |next, (_, generator)| next ^ generator)
    }) ^ 1;
    let checksum: String = (0..6)
        .map(|at| char::from(ALPHABET[(polymod >> (5 * (5 - at)) & 31) as usize]))
        .collect();
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        checksum.to_ascii_uppercase()
    } else {
        checksum
    }
}

fn crc(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}

/// A number in digits `0-9A-Za-z` (as many as the base has), padded on the left to `width`.
fn digits(mut number: u32, base: u32, width: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % base) as usize];
        number /= base;
    }
    let text: String = digits.into_iter().map(char::from).collect();
    if base <= 36 {
        text.to_ascii_lowercase()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(template: &str) -> Expansion {
        Expander::new(Rng::seeded("test"), "abc_{{alnum:9}}", &|_| None)
            .expand(template)
            .expect("is a template")
    }

    #[test]
    fn the_secret_is_marked() {
        let expansion = expand("KEY={{secret}};");
        assert_eq!(expansion.secret, Some(4..17));
        assert!(
            expansion.text.starts_with("KEY=abc_") && expansion.text.ends_with(';'),
            "{}",
            expansion.text
        );
    }

    #[test]
    fn the_same_seed_gives_the_same_text() {
        assert_eq!(
            expand("{{base64:40}} {{uuid}}"),
            expand("{{base64:40}} {{uuid}}")
        );
    }

    #[test]
    fn checksums_cover_what_stands_before() {
        let text = expand("abc_{{alnum:30}}{{crc32_base62}}").text;
        assert_eq!(
            text[34..],
            digits(crc32fast::hash(&text.as_bytes()[4..34]), 62, 6)
        );
    }
}
