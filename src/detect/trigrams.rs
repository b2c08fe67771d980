//! A table from three bytes to the anchors that hold them.

/// Three bytes as a number.
#[inline]
pub(super) fn trigram(bytes: &[u8]) -> u32 {
    u32::from(bytes[0]) | u32::from(bytes[1]) << 8 | u32::from(bytes[2]) << 16
}

/// A table from three bytes to anchors. The bitmap answers "none" for nearly every question and
/// stays in the first-level cache.
#[derive(Debug)]
pub(super) struct Trigrams {
    bitmap: Box<[u64; BITMAP_WORDS]>,
    sorted: Vec<(u32, u32)>,
    numbers: Vec<u32>,
}

const BITMAP_WORDS: usize = 1024;

impl Trigrams {
    /// A table of (trigram, anchor).
    pub(super) fn new(mut sorted: Vec<(u32, u32)>) -> Self {
        sorted.sort_unstable();
        let mut bitmap = Box::new([0; BITMAP_WORDS]);
        for &(trigram, _) in &sorted {
            let hash = Self::hash(trigram);
            bitmap[hash / 64] |= 1 << (hash % 64);
        }
        let numbers = sorted.iter().map(|&(_, number)| number).collect();
        Self {
            bitmap,
            sorted,
            numbers,
        }
    }

    /// Fibonacci hashing to 16 bits.
    #[inline]
    fn hash(trigram: u32) -> usize {
        (trigram.wrapping_mul(0x9e37_79b1) >> 16) as usize
    }

    /// The anchors of a trigram.
    #[inline]
    pub(super) fn get(&self, trigram: u32) -> &[u32] {
        let hash = Self::hash(trigram);
        if self.bitmap[hash / 64] >> (hash % 64) & 1 == 0 {
            return &[];
        }
        let from = self.sorted.partition_point(|&(known, _)| known < trigram);
        let count = self.sorted[from..]
            .iter()
            .take_while(|&&(known, _)| known == trigram)
            .count();
        &self.numbers[from..from + count]
    }
}
