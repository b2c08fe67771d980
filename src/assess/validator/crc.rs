//! What the checks that are a CRC-32 in hexadecimal share.

/// The value of eight hexadecimal digits of either case. None for anything else.
pub(super) fn hex32(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|text| text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

/// Splits the last `length` bytes off. None where there are fewer.
pub(super) fn tail(text: &[u8], length: usize) -> Option<(&[u8], &[u8])> {
    text.split_at_checked(text.len().checked_sub(length)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_eight_digits_are_a_number() {
        assert_eq!(hex32(b"00000fFf"), Some(0xfff));
        assert_eq!(hex32(b"+0000fff"), None);
        assert_eq!(hex32(b"fff"), None);
    }

    #[test]
    fn a_short_text_has_no_tail() {
        assert_eq!(tail(b"abc", 2), Some((&b"a"[..], &b"bc"[..])));
        assert_eq!(tail(b"abc", 4), None);
    }
}
