//! How random a value looks.

/// Shannon entropy of the bytes in bits a byte: 0 for one byte repeated, at most 4 for hex digits,
/// at most 6 for base64. Source: C. E. Shannon, A Mathematical Theory of Communication, 1948.
///
/// ```
/// use straykey::detect::entropy::shannon;
/// assert_eq!(shannon(b"aaaa"), 0.0);
/// assert_eq!(shannon(b"abcd"), 2.0);
/// ```
pub fn shannon(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "values are a few thousand bytes at most"
    )]
    let total = bytes.len() as f64;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| f64::from(count) / total)
        .map(|p| -p * p.log2())
        .sum()
}

/// The characters of a value, counted by class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// `0` to `9`.
    pub digits: usize,
    /// `a` to `z`.
    pub lower: usize,
    /// `A` to `Z`.
    pub upper: usize,
    /// Everything else.
    pub other: usize,
    /// How often the class changes from one character to the next, a capital before a small letter
    /// left out: that is how words begin.
    pub changes: usize,
}

impl Classes {
    /// Counts.
    pub fn of(bytes: &[u8]) -> Self {
        let mut classes = Self::default();
        let mut before = 0;
        for &byte in bytes {
            let class = match byte {
                b'0'..=b'9' => {
                    classes.digits += 1;
                    1
                }
                b'a'..=b'z' => {
                    classes.lower += 1;
                    2
                }
                b'A'..=b'Z' => {
                    classes.upper += 1;
                    3
                }
                _ => {
                    classes.other += 1;
                    0
                }
            };
            classes.changes += usize::from(
                before != 0 && class != 0 && class != before && (before, class) != (3, 2),
            );
            before = class;
        }
        classes
    }

    /// Letters.
    pub fn letters(self) -> usize {
        self.lower + self.upper
    }

    /// How many of the four classes occur.
    pub fn kinds(self) -> usize {
        [self.digits, self.lower, self.upper, self.other]
            .iter()
            .filter(|&&count| count > 0)
            .count()
    }
}

/// How unlike words the letters of a value are, from about 0 (English) to 1 and more (random): the mean
/// surprise of its letter pairs against that of random letters. None where it has fewer than four pairs.
pub fn strangeness(bytes: &[u8]) -> Option<f64> {
    let pairs = bytes
        .windows(2)
        .filter(|pair| pair.iter().all(u8::is_ascii_alphabetic));
    let (mut count, mut surprise) = (0_u32, 0_u32);
    for pair in pairs {
        let index = |byte: u8| usize::from(byte.to_ascii_lowercase() - b'a');
        surprise += u32::from(super::bigrams::SURPRISE[index(pair[0])][index(pair[1])]);
        count += 1;
    }
    (count >= 4).then(|| f64::from(surprise) / f64::from(count) / super::bigrams::RANDOM)
}
