//! The hash by which GitHub's code scanning knows a line again: `primaryLocationLineHash`.
//!
//! An alert stays the same alert while this hash does, so it must be computed exactly as the
//! upload action does, which fills it in where a tool leaves it out: over the 100 UTF-16 code units
//! from the start of the line on, without blanks, and with the number of lines before that have the
//! same hash. Source: the action's published algorithm; its test vectors are among ours.
//!
//! The hash is linear in the characters of the line. Who knows the rest of the line can try short
//! values against it, so it is to be left out where the credential could be guessed.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::iter::repeat_n;
use std::mem::replace;

/// How many code units the hash of a line covers; it reaches into the lines that follow.
const BLOCK: usize = 100;
/// The base of the polynomial.
const BASE: u64 = 37;
/// The base to the power of [`BLOCK`]: the weight of the unit that leaves the block.
const LEAVING: u64 = BASE.wrapping_pow(100);
/// Stands at the end of the text; zeros follow.
const END: u16 = u16::MAX;

/// The hashes of lines, such as `c129715d7a2bc9a3:1`: hexadecimal, and which line of that hash it is,
/// from 1. None for a line that the text does not have.
///
/// `lines` are 1-based and in any order; the answers come in the same order. LF, CRLF and a lone CR
/// each end a line, as they do in [`crate::location`].
///
/// ```
/// use straykey::detect::line_hash::line_hashes;
/// let hashes = line_hashes(b"a\nb\nc\nd", &[3]);
/// assert_eq!(hashes[0].as_deref(), Some("180aee12dab6264:1"));
/// ```
pub fn line_hashes(text: &[u8], lines: &[u64]) -> Vec<Option<String>> {
    let last = lines.iter().copied().max().unwrap_or(0);
    let mut wanted: BTreeMap<u64, Option<String>> =
        lines.iter().map(|&line| (line, None)).collect();
    let mut seen: HashMap<u64, u32> = HashMap::new();
    for (line, hash) in (1..=last).zip(LineHashes::new(units(text))) {
        let occurrence = seen.entry(hash).or_default();
        *occurrence += 1;
        if let Some(answer) = wanted.get_mut(&line) {
            *answer = Some(format!("{hash:x}:{occurrence}"));
        }
    }
    lines
        .iter()
        .map(|line| wanted.get(line).cloned().flatten())
        .collect()
}

/// The code units that are hashed: no blanks, every line end an LF, and the end made visible.
fn units(text: &[u8]) -> impl Iterator<Item = u16> {
    let mut after_cr = false;
    text.utf8_chunks()
        .flat_map(|chunk| {
            let broken = !chunk.invalid().is_empty();
            let stand_in = broken.then_some(char::REPLACEMENT_CHARACTER);
            chunk.valid().chars().chain(stand_in)
        })
        .filter_map(move |c| {
            let follows_cr = replace(&mut after_cr, c == '\r');
            match c {
                ' ' | '\t' => None,
                '\n' if follows_cr => None,
                '\r' => Some('\n'),
                _ => Some(c),
            }
        })
        .flat_map(utf16)
        .chain([END])
        .chain(repeat_n(0, BLOCK))
}

fn utf16(c: char) -> impl Iterator<Item = u16> {
    let mut units = [0; 2];
    let length = c.encode_utf16(&mut units).len();
    units.into_iter().take(length)
}

/// The hash of each line, in one walk over the code units.
struct LineHashes<I> {
    units: I,
    /// The last units, each at its position modulo [`BLOCK`].
    block: [u16; BLOCK],
    /// How many units were read.
    position: usize,
    /// Of the block.
    hash: u64,
    /// Where the lines begin whose block is not full yet.
    starts: VecDeque<usize>,
    /// True when the next unit begins a line.
    at_start: bool,
}

impl<I: Iterator<Item = u16>> LineHashes<I> {
    fn new(units: I) -> Self {
        Self {
            units,
            block: [0; BLOCK],
            position: 0,
            hash: 0,
            starts: VecDeque::new(),
            at_start: true,
        }
    }

    fn push(&mut self, unit: u16) {
        if replace(&mut self.at_start, unit == u16::from(b'\n')) {
            self.starts.push_back(self.position);
        }
        let leaving = replace(&mut self.block[self.position % BLOCK], unit);
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(LEAVING.wrapping_mul(u64::from(leaving)));
        self.position += 1;
    }
}

impl<I: Iterator<Item = u16>> Iterator for LineHashes<I> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        loop {
            let unit = self.units.next()?;
            self.push(unit);
            let full = |start: &usize| start + BLOCK == self.position;
            if self.starts.front().is_some_and(full) {
                self.starts.pop_front();
                return Some(self.hash);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes of the lines from the first on, as many as there are.
    fn all(text: &[u8]) -> Vec<String> {
        let lines: Vec<u64> = (1..=200).collect();
        line_hashes(text, &lines).into_iter().flatten().collect()
    }

    /// The same by the definition: one sum a line, nothing rolling.
    fn by_definition(text: &str) -> Vec<String> {
        let ends_alike = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut units: Vec<u16> = ends_alike.replace([' ', '\t'], "").encode_utf16().collect();
        units.push(END);
        let after_lf = |&at: &usize| at == 0 || units[at - 1] == 10;
        let mut before: Vec<u64> = Vec::new();
        let mut hashes = Vec::new();
        for start in (0..units.len()).filter(after_lf) {
            let hash = (0..BLOCK).fold(0_u64, |hash, offset| {
                let unit = units.get(start + offset).copied().unwrap_or(0);
                hash.wrapping_mul(BASE).wrapping_add(unit.into())
            });
            before.push(hash);
            let occurrence = before.iter().filter(|&&other| other == hash).count();
            hashes.push(format!("{hash:x}:{occurrence}"));
        }
        hashes
    }

    #[test]
    fn the_published_vectors() {
        let greetings = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        let text = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n";
        assert_eq!(all(text.as_bytes()), greetings);
        assert_eq!(all(b""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            all(b"a\nb\nc\nd"),
            [
                "271789c17abda88f:1",
                "54703d4cd895b18:1",
                "180aee12dab6264:1",
                "a23a3dc5e078b07b:1"
            ]
        );
    }

    #[test]
    fn rolling_gives_what_the_definition_gives() {
        let long = "0123456789".repeat(30);
        for text in [
            "one line".to_owned(),
            "same\nsame\n".repeat(60),
            format!("{long}\n\u{e9}\u{1f600}\t{long}\nend"),
            "\r\n\r\r\n\n".to_owned(),
            "x".repeat(98),
            "x".repeat(99),
            "x".repeat(100),
            format!("{}\n", "x".repeat(99)),
        ] {
            assert_eq!(all(text.as_bytes()), by_definition(&text), "{text:?}");
        }
    }

    #[test]
    fn line_ends_blanks_and_lines_above_change_nothing() {
        let text = "first = 1\nsecond = 2\nthird = 3\n";
        let hash = |text: &str, line| line_hashes(text.as_bytes(), &[line]).remove(0);
        let second = hash(text, 2);
        assert_eq!(hash(&text.replace('\n', "\r\n"), 2), second);
        assert_eq!(hash(&text.replace('\n', "\r"), 2), second);
        assert_eq!(hash(&text.replace(' ', "\t\t"), 2), second);
        assert_eq!(
            hash(&format!("{}{text}", "above\n".repeat(100)), 102),
            second
        );
    }

    #[test]
    fn lines_are_answered_in_the_order_asked() {
        let hashes = all(b"a\nb\n");
        let asked = line_hashes(b"a\nb\n", &[2, 9, 1, 2, 0]);
        let answers: Vec<_> = asked.iter().map(Option::as_deref).collect();
        let (first, second) = (Some(&*hashes[0]), Some(&*hashes[1]));
        assert_eq!(answers, [second, None, first, second, None]);
    }

    #[test]
    fn bytes_that_are_no_text_count_as_one_character() {
        assert_eq!(all(b"a\xffb"), all("a\u{fffd}b".as_bytes()));
    }
}
