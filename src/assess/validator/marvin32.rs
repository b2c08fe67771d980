//! Marvin, the keyed 32-bit hash that Microsoft signs its identifiable secrets with.
//!
//! Source: microsoft/security-utilities, and the published description of Marvin32. Status: measured
//! against the published vectors of the 64-bit form, below.

/// The hash of `data`: both halves of the 64-bit result, combined by exclusive or.
pub(super) fn marvin32(data: &[u8], seed: [u8; 8]) -> u32 {
    let (low, high) = halves(data, u64::from_be_bytes(seed));
    low ^ high
}

/// The low and the high half of the 64-bit hash.
fn halves(data: &[u8], seed: u64) -> (u32, u32) {
    #[expect(clippy::cast_possible_truncation, reason = "that is what a half is")]
    let mut state = (seed as u32, (seed >> 32) as u32);
    let (words, rest) = data.as_chunks::<4>();
    for word in words {
        state.0 = state.0.wrapping_add(u32::from_le_bytes(*word));
        state = mixed(state);
    }
    // The bytes left over are followed by 0x80, as one more word.
    let last = rest
        .iter()
        .rev()
        .fold(0x80, |word, &byte| word << 8 | u32::from(byte));
    state.0 = state.0.wrapping_add(last);
    mixed(mixed(state))
}

fn mixed((mut low, mut high): (u32, u32)) -> (u32, u32) {
    high ^= low;
    low = low.rotate_left(20).wrapping_add(high);
    high = high.rotate_left(9) ^ low;
    low = low.rotate_left(27).wrapping_add(high);
    (low, high.rotate_left(19))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_hold() {
        let vectors: [(&[u8], u64); 3] = [
            (b"", 0x30ed_35c1_00cd_3c7d),
            (b"\xaf", 0x48e7_3fc7_7d75_ddc1),
            (b"\xe7\x0f", 0xb5f6_e1fc_485d_bff8),
        ];
        for (data, hash) in vectors {
            let (low, high) = halves(data, 0x004f_b61a_001b_dbcc);
            assert_eq!(u64::from(high) << 32 | u64::from(low), hash);
        }
    }

    #[test]
    fn every_byte_and_the_seed_count() {
        let data = b"any text that is not a multiple of four";
        let hash = marvin32(data, *b"Default0");
        assert_ne!(hash, marvin32(data, *b"Default1"));
        for at in 0..data.len() {
            let mut changed = *data;
            changed[at] ^= 1;
            assert_ne!(hash, marvin32(&changed, *b"Default0"), "byte {at}");
        }
    }
}
