//! Any bytes as text: decoding loses nothing, and a later part of a file ends as the whole does.

#![no_main]

use libfuzzer_sys::fuzz_target;
use straykey::haystack::encoding::Encoding;

fuzz_target!(|bytes: &[u8]| {
    let encoding = Encoding::of(bytes);
    let whole = encoding.decode(bytes, true);
    match encoding {
        Encoding::Binary => assert_eq!(*whole, *bytes),
        Encoding::Ascii { mark } => assert_eq!(*whole, bytes[mark..]),
        Encoding::Utf16Le { .. } | Encoding::Utf16Be { .. } => {
            assert!(std::str::from_utf8(&whole).is_ok());
        }
    }
    // Beyond any mark, and between two units of UTF-16.
    let middle = (bytes.len() / 2 + 1).next_multiple_of(4).min(bytes.len());
    let part = encoding.decode(&bytes[middle..], false);
    assert!(whole.ends_with(&part));
});
