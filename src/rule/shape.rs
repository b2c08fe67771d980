//! The shape language: what a credential looks like, without being one.
//!
//! `ghp_{{alnum:36}}` is literal text with placeholders. Rules use shapes to say how a value looks
//! (they become regular expressions here) and examples use them so that no string a scanner would
//! flag is ever committed (they are expanded in [`super::sample`]). `rules/README.md` lists the
//! alphabets and placeholders.

use std::fmt::Write as _;

/// A parsed shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(pub Vec<Part>);

/// A piece of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Literal(String),
    /// So many characters of an alphabet.
    Run {
        /// Which.
        alphabet: Alphabet,
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// Something that only an example can hold: its name, and what stands after the colon.
    Named {
        /// Such as `crc32_base62` or `pem`.
        name: String,
        /// Such as `RSA PRIVATE KEY`; empty without a colon.
        argument: String,
    },
}

/// A named set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alphabet {
    /// Its name in the shape language.
    pub name: &'static str,
    /// Its characters as the inside of a regular expression's class.
    pub class: &'static str,
}

/// Why a shape cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// `{{` without `}}`.
    #[error("`{{{{` is not closed by `}}}}`")]
    Unclosed,
    /// An alphabet or placeholder that does not exist.
    #[error("`{0}` is neither an alphabet nor a placeholder; rules/README.md lists them")]
    Unknown(String),
    /// A length that is no number, zero, or a range the wrong way round.
    #[error("`{0}` is not a length: write `{{{{alnum:36}}}}` or `{{{{alnum:20-40}}}}`")]
    Length(String),
    /// A placeholder that only examples can hold.
    #[error("`{0}` has no pattern; it can stand in an example only")]
    NoPattern(String),
}

/// Every alphabet. Source: RFC 4648 for the base encodings, BIP 173 for bech32.
const ALPHABETS: &[(&str, &str)] = &[
    ("digits", "0-9"),
    ("lower", "a-z"),
    ("upper", "A-Z"),
    ("alpha", "A-Za-z"),
    ("lower_hex", "0-9a-f"),
    ("upper_hex", "0-9A-F"),
    ("hex", "0-9A-Fa-f"),
    ("lower_alnum", "0-9a-z"),
    ("upper_alnum", "0-9A-Z"),
    ("alnum", "0-9A-Za-z"),
    ("word", "0-9A-Za-z_"),
    ("base64", "0-9A-Za-z+/"),
    ("base64url", "0-9A-Za-z_-"),
    ("base32", "A-Z2-7"),
    ("lower_base32", "a-z2-7"),
    ("base58", "1-9A-HJ-NP-Za-km-z"),
    ("bech32", "02-9ac-hj-np-z"),
    ("bech32_upper", "02-9AC-HJ-NP-Z"),
    ("alnum_dash", "0-9A-Za-z-"),
    ("lower_alnum_dash", "0-9a-z-"),
    ("upper_alnum_dash", "0-9A-Z-"),
    ("lower_alnum_us", "0-9a-z_"),
    ("lower_alnum_dash_us", "0-9a-z_-"),
    ("alnum_dot", "0-9A-Za-z."),
    ("word_dot", "0-9A-Za-z_."),
    ("base64url_dot", "0-9A-Za-z_.-"),
    ("base64url_tilde", "0-9A-Za-z_.~-"),
    ("base64_dot", "0-9A-Za-z./"),
    ("dash", "-"),
    ("any", "!#$%&()*+,./0-9:;<=>?@A-Z\\[\\]^_a-z{|}~-"),
];

/// Placeholders of a fixed form.
const UUID: &str = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";
const JWT: &str = "eyJ[0-9A-Za-z_-]{8,2000}\\.eyJ[0-9A-Za-z_-]{8,6000}\\.[0-9A-Za-z_-]{16,1000}";

/// Placeholders that only an example can hold.
const NAMED: &[&str] = &[
    "secret",
    "sample",
    "b64",
    "b64url",
    "pem",
    "openssh",
    "nkey",
    "bech32_checksum_all",
    "crc32_base62",
    "crc32_hex",
    "crc32_hex_all",
    "crc32_upper_hex_all",
    "crc32_le_hex_all",
    "crc32_base36_all",
    "crc32_le_base64",
];

impl Shape {
    /// Reads a shape.
    ///
    /// # Errors
    /// On an unclosed or unknown placeholder or a length that is none.
    pub fn parse(text: &str) -> Result<Self, ShapeError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            if at > 0 {
                parts.push(Part::Literal(rest[..at].to_owned()));
            }
            let inner = &rest[at + 2..];
            let end = closing(inner).ok_or(ShapeError::Unclosed)?;
            parts.push(Part::parse(&inner[..end])?);
            rest = &inner[end + 2..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// The regular expression of one shape or of alternatives separated by ` | `.
    ///
    /// # Errors
    /// As [`Shape::parse`], and where a placeholder has no pattern.
    pub fn regex(text: &str) -> Result<String, ShapeError> {
        let branches: Result<Vec<_>, _> = text
            .split(" | ")
            .map(|branch| Self::parse(branch)?.branch())
            .collect();
        Ok(branches?.join("|"))
    }

    fn branch(&self) -> Result<String, ShapeError> {
        let mut regex = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(text) => regex.push_str(&regex_syntax::escape(text)),
                Part::Run { alphabet, min, max } if min == max => {
                    _ = write!(regex, "[{}]{{{min}}}", alphabet.class);
                }
                Part::Run { alphabet, min, max } => {
                    _ = write!(regex, "[{}]{{{min},{max}}}", alphabet.class);
                }
                Part::Named { name, .. } if name == "uuid" => regex.push_str(UUID),
                Part::Named { name, .. } if name == "jwt" => regex.push_str(JWT),
                Part::Named { name, .. } => return Err(ShapeError::NoPattern(name.clone())),
            }
        }
        Ok(regex)
    }
}

impl Part {
    fn parse(inner: &str) -> Result<Self, ShapeError> {
        let (name, argument) = inner.split_once(':').unwrap_or((inner, ""));
        if let Some(&(name, class)) = ALPHABETS.iter().find(|(known, _)| *known == name) {
            let (min, max) =
                length(argument).ok_or_else(|| ShapeError::Length(inner.to_owned()))?;
            return Ok(Self::Run {
                alphabet: Alphabet { name, class },
                min,
                max,
            });
        }
        if matches!(name, "uuid" | "jwt") || NAMED.contains(&name) {
            return Ok(Self::Named {
                name: name.to_owned(),
                argument: argument.to_owned(),
            });
        }
        Err(ShapeError::Unknown(name.to_owned()))
    }
}

impl Alphabet {
    /// The characters, spelt out.
    pub fn characters(self) -> Vec<char> {
        let class = self.class.replace("\\[", "[").replace("\\]", "]");
        let chars: Vec<char> = class.chars().collect();
        let mut all = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            if chars.get(at + 1) == Some(&'-') && at + 2 < chars.len() {
                all.extend(chars[at]..=chars[at + 2]);
                at += 3;
            } else {
                all.push(chars[at]);
                at += 1;
            }
        }
        all
    }
}

/// Where the `}}` stands that closes what is already open, minding nested placeholders and braces.
fn closing(inner: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' if depth == 0 && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

fn length(text: &str) -> Option<(usize, usize)> {
    let (min, max) = text.split_once('-').unwrap_or((text, text));
    let (min, max) = (min.parse().ok()?, max.parse().ok()?);
    (min <= max && max > 0).then_some((min, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_becomes_a_pattern() {
        assert_eq!(
            Shape::regex("a.{{hex:4}} | {{digits:1-2}}").as_deref(),
            Ok("a\\.[0-9A-Fa-f]{4}|[0-9]{1,2}")
        );
    }

    #[test]
    fn nested_braces_belong_to_the_placeholder() {
        let shape = Shape::parse(r#"{{jwt:{"a":{"b":1}}}}!"#).expect("is a shape");
        assert_eq!(shape.0.len(), 2);
        assert_eq!(shape.0[1], Part::Literal("!".to_owned()));
    }

    #[test]
    fn every_alphabet_is_a_class_that_compiles() {
        for (name, class) in ALPHABETS {
            let characters = Alphabet { name, class }.characters();
            let regex = regex::Regex::new(&format!("^[{class}]+$")).expect("compiles");
            let text: String = characters.iter().collect();
            assert!(regex.is_match(&text), "{name}: {text}");
            assert_eq!(
                characters.len(),
                (0..128_u8)
                    .filter(|&b| regex.is_match(&char::from(b).to_string()))
                    .count(),
                "{name}"
            );
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(Shape::parse("{{alnum:36"), Err(ShapeError::Unclosed));
        assert_eq!(
            Shape::parse("{{alnm:36}}"),
            Err(ShapeError::Unknown("alnm".to_owned()))
        );
        assert_eq!(
            Shape::parse("{{alnum:9-3}}"),
            Err(ShapeError::Length("alnum:9-3".to_owned()))
        );
        assert_eq!(
            Shape::regex("{{secret}}"),
            Err(ShapeError::NoPattern("secret".to_owned()))
        );
    }
}
