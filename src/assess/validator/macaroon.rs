//! Version 2 macaroons, the binary form: a location, an identifier, and caveats.
//!
//! Source: rescrv/libmacaroons, `doc/format.txt`. Status: known. Fields are a type, a length and bytes;
//! a section ends with a zero; the signature comes last.

const END: u64 = 0;
const LOCATION: u64 = 1;
const IDENTIFIER: u64 = 2;
const SIGNATURE: u64 = 6;

/// The readable parts.
pub(super) struct Macaroon {
    /// Who made it; may be empty.
    pub(super) location: String,
    /// The first-party caveats, in order.
    pub(super) caveats: Vec<Vec<u8>>,
}

/// Reads a whole macaroon. None where it is cut off or of another version.
pub(super) fn parse(bytes: &[u8]) -> Option<Macaroon> {
    let mut fields = Fields(bytes.strip_prefix(b"\x02")?);
    let mut macaroon = Macaroon {
        location: String::new(),
        caveats: Vec::new(),
    };
    let mut in_header = true;
    loop {
        let (mut identifier, mut located) = (None, false);
        loop {
            match fields.next()? {
                (END, _) => break,
                (LOCATION, text) if in_header => {
                    macaroon.location = String::from_utf8_lossy(text).into_owned();
                }
                (LOCATION, _) => located = true,
                (IDENTIFIER, bytes) => identifier = Some(bytes),
                (SIGNATURE, _) => return Some(macaroon),
                _ => {}
            }
        }
        // A caveat with a location belongs to a third party.
        if let Some(caveat) = identifier.filter(|_| !in_header && !located) {
            macaroon.caveats.push(caveat.to_vec());
        }
        in_header = false;
    }
}

struct Fields<'m>(&'m [u8]);

impl<'m> Fields<'m> {
    fn next(&mut self) -> Option<(u64, &'m [u8])> {
        let kind = self.number()?;
        if kind == END {
            return Some((END, &[]));
        }
        let length = usize::try_from(self.number()?).ok()?;
        let (content, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, content))
    }

    /// Seven bits a byte, least significant first; the highest bit says that more follow.
    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

/// Makes a macaroon for tests.
#[cfg(test)]
pub(super) fn macaroon(location: &str, caveats: &[&str]) -> Vec<u8> {
    let field = |kind: u8, content: &[u8]| {
        let digit = |number: usize| u8::try_from(number).expect("tests are small");
        // Two digits always: the first says that the second follows.
        let length = [digit(content.len() % 128) | 128, digit(content.len() / 128)];
        [&[kind][..], &length, content].concat()
    };
    let mut out = [
        &[2][..],
        &field(1, location.as_bytes()),
        &field(2, b"an id"),
        &[0],
    ]
    .concat();
    for caveat in caveats {
        out.extend([&field(2, caveat.as_bytes())[..], &[0]].concat());
    }
    out.extend([&[0][..], &field(6, &super::sample::noise(1, 32))].concat());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_and_caveats_are_read() {
        let long = "x".repeat(300);
        let read = parse(&macaroon("pypi.org", &["[0, 1, 2]", &long])).expect("it is a macaroon");
        assert_eq!(read.location, "pypi.org");
        assert_eq!(read.caveats, [b"[0, 1, 2]".to_vec(), long.into_bytes()]);
    }

    #[test]
    fn a_cut_macaroon_is_none() {
        let whole = macaroon("pypi.org", &["a", "b"]);
        for length in 0..whole.len() {
            assert!(parse(&whole[..length]).is_none(), "{length} bytes");
        }
        assert!(parse(&[0xff; 100]).is_none());
    }
}
