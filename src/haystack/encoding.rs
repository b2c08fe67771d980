//! From bytes to text that can be searched: UTF-8 as it is, UTF-16 turned into UTF-8.
//!
//! Windows tools write UTF-16, sometimes without a byte order mark, and a scanner that looks at the
//! raw bytes finds nothing in it and says so with a clean exit. Invalid UTF-8 is searched as it is.

use std::borrow::Cow;

/// How the bytes of a file stand for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 or any superset of ASCII, with so many bytes of byte order mark.
    Ascii {
        /// 0 or 3.
        mark: usize,
    },
    /// UTF-16, little end first, with so many bytes of byte order mark.
    Utf16Le {
        /// 0 or 2.
        mark: usize,
    },
    /// UTF-16, big end first, with so many bytes of byte order mark.
    Utf16Be {
        /// 0 or 2.
        mark: usize,
    },
    /// No text.
    Binary,
}

/// How many bytes decide whether a file is text.
const SNIFF: usize = 8 * 1024;
/// How many bytes decide between the two orders of UTF-16.
const SNIFF_UTF16: usize = 1024;

impl Encoding {
    /// Tells the encoding from the first bytes of a file. UTF-16 without a mark shows by zeros in
    /// every other byte: ASCII in two bytes.
    pub fn of(start: &[u8]) -> Self {
        match start {
            [0xef, 0xbb, 0xbf, ..] => return Self::Ascii { mark: 3 },
            [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => {
                return Self::Utf16Le { mark: 2 };
            }
            [0xfe, 0xff, ..] => return Self::Utf16Be { mark: 2 },
            _ => {}
        }
        let start = &start[..start.len().min(SNIFF)];
        if memchr::memchr(0, start).is_none() {
            return Self::Ascii { mark: 0 };
        }
        let pairs = || start[..start.len().min(SNIFF_UTF16)].chunks_exact(2);
        let zeros = |place: usize| pairs().filter(|pair| pair[place] == 0).count();
        let (even, odd, total) = (zeros(0), zeros(1), pairs().count());
        match (even * 20, odd * 20) {
            (even, odd) if odd >= total * 14 && even <= total => Self::Utf16Le { mark: 0 },
            (even, odd) if even >= total * 14 && odd <= total => Self::Utf16Be { mark: 0 },
            _ => Self::Binary,
        }
    }

    /// The text of a part of the file; `first` is true for its first part, which may begin with the
    /// mark. Unpaired surrogates become the replacement character.
    pub fn decode(self, bytes: &[u8], first: bool) -> Cow<'_, [u8]> {
        let from = if first {
            self.mark().min(bytes.len())
        } else {
            self.torn(bytes)
        };
        let bytes = &bytes[from..];
        match self {
            Self::Binary | Self::Ascii { .. } => Cow::Borrowed(bytes),
            Self::Utf16Le { .. } => Cow::Owned(utf16(bytes, u16::from_le_bytes)),
            Self::Utf16Be { .. } => Cow::Owned(utf16(bytes, u16::from_be_bytes)),
        }
    }

    fn mark(self) -> usize {
        match self {
            Self::Ascii { mark } | Self::Utf16Le { mark } | Self::Utf16Be { mark } => mark,
            Self::Binary => 0,
        }
    }

    /// How many bytes at the start of a later part end a character of the part before, which has
    /// counted it already.
    fn torn(self, bytes: &[u8]) -> usize {
        let low = |unit: Option<u16>| unit.is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
        let pair = bytes.first_chunk::<2>();
        match self {
            Self::Binary => 0,
            Self::Ascii { .. } => bytes
                .iter()
                .take(3)
                .take_while(|&&byte| byte & 0xc0 == 0x80)
                .count(),
            Self::Utf16Le { .. } => {
                2 * usize::from(low(pair.map(|pair| u16::from_le_bytes(*pair))))
            }
            Self::Utf16Be { .. } => {
                2 * usize::from(low(pair.map(|pair| u16::from_be_bytes(*pair))))
            }
        }
    }

    /// True for what is no text.
    pub fn is_binary(self) -> bool {
        self == Self::Binary
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units)
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, bytes: fn(u16) -> [u8; 2], mark: &[u8]) -> Vec<u8> {
        mark.iter()
            .copied()
            .chain(text.encode_utf16().flat_map(bytes))
            .collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "token = ünïcode\r\nnext";
        let forms = [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            wide(text, u16::to_le_bytes, b""),
            wide(text, u16::to_be_bytes, b""),
            wide(text, u16::to_le_bytes, b"\xff\xfe"),
            wide(text, u16::to_be_bytes, b"\xfe\xff"),
        ];
        for form in forms {
            let encoding = Encoding::of(&form);
            assert_eq!(
                encoding.decode(&form, true),
                text.as_bytes(),
                "{encoding:?}"
            );
        }
    }

    #[test]
    fn zeros_elsewhere_are_binary() {
        assert_eq!(
            Encoding::of(b"\x7fELF\0\0\0\x01\x02\x03\0rest of it"),
            Encoding::Binary
        );
        assert_eq!(Encoding::of(&[0; 64]), Encoding::Binary);
        assert_eq!(Encoding::of(b""), Encoding::Ascii { mark: 0 });
    }
}
