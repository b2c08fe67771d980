//! Base 64, 32, 36 and 62, as lenient as pasted text needs: both alphabets of base 64, padding or
//! none, spare bits ignored. `data-encoding` is stricter about each of these.

/// The digits of base 62 as GitHub and npm order them.
pub(super) const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The digits of base 36.
pub(super) const BASE36: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Decodes base 64 in the standard or the URL-safe alphabet. None where another byte stands in it.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text
        .strip_suffix(b"==")
        .or_else(|| text.strip_suffix(b"="))
        .unwrap_or(text);
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    if text.len() % 4 == 1 {
        None
    } else {
        unpack(text, 6, digit)
    }
}

/// Decodes base 32 (`A-Z2-7`, either case).
pub(super) fn base32(text: &[u8]) -> Option<Vec<u8>> {
    unpack(text, 5, |byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    })
}

/// Writes a number in the given digits, most significant first, padded on the left to `width`.
pub(super) fn digits(value: u32, alphabet: &[u8], width: usize) -> Vec<u8> {
    let base = alphabet.len();
    let mut rest = value as usize;
    let mut out = vec![0; width];
    for place in out.iter_mut().rev() {
        *place = alphabet[rest % base];
        rest /= base;
    }
    out
}

/// Joins digits of `bits` bits each into bytes. Bits that do not fill the last byte are dropped.
fn unpack(text: &[u8], bits: u32, digit: impl Fn(u8) -> Option<u8>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let (mut buffer, mut held) = (0_u32, 0_u32);
    for &byte in text {
        buffer = buffer << bits | u32::from(digit(byte)?);
        held += bits;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(buffer >> held).ok()?);
            buffer &= (1 << held) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_decode_with_and_without_padding() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(97) ^ 0xa5).collect();
            for encoding in [&data_encoding::BASE64, &data_encoding::BASE64URL_NOPAD] {
                assert_eq!(
                    base64(encoding.encode(&bytes).as_bytes()),
                    Some(bytes.clone())
                );
            }
            assert_eq!(
                base32(data_encoding::BASE32_NOPAD.encode(&bytes).as_bytes()),
                Some(bytes.clone())
            );
        }
        assert_eq!(base64(b"ab$d"), None);
        assert_eq!(base64(b"abcde"), None, "no byte ends there");
    }

    #[test]
    fn numbers_are_padded_on_the_left() {
        assert_eq!(digits(0, BASE62, 6), b"000000");
        assert_eq!(digits(61, BASE62, 2), b"0z");
        assert_eq!(digits(u32::MAX, BASE36, 7), b"1z141z3");
    }
}
