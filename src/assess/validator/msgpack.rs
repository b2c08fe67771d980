//! A reader of `MessagePack`, for what macaroons hold: numbers, strings, arrays, maps.
//!
//! Source: the `MessagePack` specification. Status: known. Floats and extensions are skipped over.

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A whole number.
    Number(i64),
    /// Text or bytes.
    Bytes(Vec<u8>),
    /// An array.
    List(Vec<Value>),
    /// A map, in its order.
    Map(Vec<(Value, Value)>),
    /// Nothing, a truth value, or what is not needed here.
    Other,
}

impl Value {
    pub(super) fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    pub(super) fn list(&self) -> &[Self] {
        if let Self::List(items) = self {
            items
        } else {
            &[]
        }
    }

    pub(super) fn map(&self) -> &[(Self, Self)] {
        if let Self::Map(pairs) = self {
            pairs
        } else {
            &[]
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Bytes(bytes) = self {
            std::str::from_utf8(bytes).ok()
        } else {
            None
        }
    }
}

/// Nesting beyond this is no token.
const DEEPEST: u32 = 32;

/// Reads the first value. None where it is cut off.
pub(super) fn parse(bytes: &[u8]) -> Option<Value> {
    Reader(bytes).value(0)
}

struct Reader<'m>(&'m [u8]);

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let kind = *self.bytes(1)?.first()?;
        Some(match kind {
            0x00..=0x7f => Value::Number(i64::from(kind)),
            0x80..=0x8f => self.pairs(u64::from(kind & 0x0f), depth)?,
            0x90..=0x9f => self.items(u64::from(kind & 0x0f), depth)?,
            0xa0..=0xbf => self.text(u64::from(kind & 0x1f))?,
            0xc0..=0xc3 => Value::Other,
            0xc4..=0xc6 => self
                .sized(1 << (kind - 0xc4))
                .and_then(|length| self.text(length))?,
            0xc7..=0xc9 => self
                .sized(1 << (kind - 0xc7))
                .and_then(|length| self.skip(length.checked_add(1)?))?,
            0xca => self.skip(4)?,
            0xcb => self.skip(8)?,
            0xcc..=0xcf => {
                Value::Number(i64::try_from(self.sized(1 << (kind - 0xcc))?).unwrap_or(i64::MAX))
            }
            0xd0..=0xd3 => Value::Number(self.signed(1 << (kind - 0xd0))?),
            0xd4..=0xd8 => self.skip((1 << (kind - 0xd4)) + 1)?,
            0xd9..=0xdb => self
                .sized(1 << (kind - 0xd9))
                .and_then(|length| self.text(length))?,
            0xdc | 0xdd => self
                .sized(if kind == 0xdc { 2 } else { 4 })
                .and_then(|length| self.items(length, depth))?,
            0xde | 0xdf => self
                .sized(if kind == 0xde { 2 } else { 4 })
                .and_then(|length| self.pairs(length, depth))?,
            0xe0..=0xff => Value::Number(i64::from(kind.cast_signed())),
        })
    }

    fn bytes(&mut self, length: u64) -> Option<&[u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn sized(&mut self, width: u64) -> Option<u64> {
        Some(
            self.bytes(width)?
                .iter()
                .fold(0, |number, &byte| number << 8 | u64::from(byte)),
        )
    }

    fn signed(&mut self, width: u64) -> Option<i64> {
        let spare = 64 - 8 * width;
        Some((self.sized(width)? << spare).cast_signed() >> spare)
    }

    fn text(&mut self, length: u64) -> Option<Value> {
        Some(Value::Bytes(self.bytes(length)?.to_vec()))
    }

    fn skip(&mut self, length: u64) -> Option<Value> {
        self.bytes(length).map(|_| Value::Other)
    }

    // No room is set aside for the count that is claimed: each item takes at least a byte.
    fn items(&mut self, count: u64, depth: u32) -> Option<Value> {
        (0..count)
            .map(|_| self.value(depth + 1))
            .collect::<Option<_>>()
            .map(Value::List)
    }

    fn pairs(&mut self, count: u64, depth: u32) -> Option<Value> {
        (0..count)
            .map(|_| Some((self.value(depth + 1)?, self.value(depth + 1)?)))
            .collect::<Option<_>>()
            .map(Value::Map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_of_number_is_read() {
        let numbers: [(&[u8], i64); 7] = [
            (&[0x07], 7),
            (&[0xff], -1),
            (&[0xcc, 0xff], 255),
            (&[0xcd, 1, 0], 256),
            (&[0xce, 0, 1, 0, 0], 65_536),
            (&[0xd0, 0x80], -128),
            (&[0xcf, 0xff, 0, 0, 0, 0, 0, 0, 0], i64::MAX),
        ];
        for (bytes, number) in numbers {
            assert_eq!(parse(bytes), Some(Value::Number(number)));
        }
    }

    #[test]
    fn containers_nest() {
        let value = parse(b"\x92\xa1a\x81\x01\xc4\x02bc").expect("it is whole");
        assert_eq!(value.list().first().and_then(Value::text), Some("a"));
        let pairs = value.list().get(1).map(Value::map).expect("there is a map");
        assert_eq!(pairs, [(Value::Number(1), Value::Bytes(b"bc".to_vec()))]);
    }

    #[test]
    fn cut_deep_and_boastful_input_is_none() {
        for bytes in [
            &b""[..],
            b"\x92\x01",
            b"\xa5abc",
            b"\xdd\xff\xff\xff\xff\x01",
            b"\xc6\xff\xff\xff\xff",
            &[0x91; 1000],
        ] {
            assert_eq!(parse(bytes), None);
        }
    }
}
