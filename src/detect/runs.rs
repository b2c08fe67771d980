//! Finds the runs of token characters, which is where nearly every credential is.
//!
//! A credential is a long run of letters, digits, `_` and `-`; most text is not. So the search does
//! not look for four hundred words, it looks for runs of [`MIN_RUN`] and asks only there. It probes
//! every sixteenth byte and steps back until the run breaks, as Boyer and Moore's search does, eight
//! bytes at a time, and needs no vector instructions.

use crate::location::Span;
use crate::rule::pattern::{MIN_RUN, is_run_byte};

/// The maximal runs of at least [`MIN_RUN`] bytes in a text, in order.
#[derive(Clone, Debug)]
pub struct Runs<'h> {
    text: &'h [u8],
    /// No run reaches back before this.
    start: usize,
    /// Everything from here up to the last probe is known to belong to the run.
    known: usize,
    /// The next byte to probe.
    probe: usize,
}

impl<'h> Runs<'h> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'h [u8]) -> Self {
        Self {
            text,
            start: 0,
            known: 0,
            probe: MIN_RUN - 1,
        }
    }
}

impl Iterator for Runs<'_> {
    type Item = Span;

    #[inline]
    fn next(&mut self) -> Option<Span> {
        while self.probe < self.text.len() {
            let unknown = &self.text[self.known..=self.probe];
            if let Some(back) = last_break(unknown) {
                let next_known = self.probe + 1;
                self.start = self.known + back + 1;
                self.known = next_known;
                self.probe = self.start + MIN_RUN - 1;
            } else {
                let rest = &self.text[self.probe..];
                let end = self.probe + first_break(rest).unwrap_or(rest.len());
                let run = Span {
                    start: self.start,
                    end,
                };
                self.start = end + 1;
                self.known = end + 1;
                self.probe = end + MIN_RUN;
                return Some(run);
            }
        }
        None
    }
}

/// The last byte that is no token character.
#[inline]
fn last_break(mut bytes: &[u8]) -> Option<usize> {
    while let Some((rest, last)) = bytes.split_last_chunk::<8>() {
        let breaks = breaks(u64::from_le_bytes(*last));
        if breaks != 0 {
            return Some(rest.len() + 7 - breaks.leading_zeros() as usize / 8);
        }
        bytes = rest;
    }
    bytes.iter().rposition(|&byte| !is_run_byte(byte))
}

/// The first byte that is no token character.
#[inline]
fn first_break(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first_chunk::<8>() {
        let breaks = breaks(u64::from_le_bytes(*first));
        if breaks != 0 {
            return Some(bytes.len() - rest.len() + breaks.trailing_zeros() as usize / 8);
        }
        rest = after;
    }
    let at = rest.iter().position(|&byte| !is_run_byte(byte))?;
    Some(bytes.len() - rest.len() + at)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// The high bit of each of eight ASCII bytes that lies in a range. No addition carries into the next
/// byte, for both numbers are below 128.
#[inline]
fn within(ascii: u64, low: u8, high: u8) -> u64 {
    let above = ascii + ONES * u64::from(0x80 - low);
    let beyond = ascii + ONES * u64::from(0x7f - high);
    above & !beyond & HIGH
}

/// The high bit of each of eight bytes that is no token character. Eight at a time without a branch:
/// one table look-up and one branch a byte cost twice as much (measured), for a word's end is what a
/// processor cannot guess.
#[inline]
fn breaks(bytes: u64) -> u64 {
    let ascii = bytes & !HIGH;
    let letter = within(ascii | (ONES * 0x20), b'a', b'z');
    let digit = within(ascii, b'0', b'9');
    let joint = within(ascii, b'_', b'_') | within(ascii, b'-', b'-');
    (!(letter | digit | joint) | bytes) & HIGH
}

/// What a run is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// It holds a digit.
    pub digit: bool,
    /// It holds a small letter.
    pub lower: bool,
    /// It holds a capital.
    pub upper: bool,
}

impl Kinds {
    /// True for digits with letters, and for capitals with small letters: random characters are one
    /// or the other, and most names are neither.
    pub fn are_mixed(self) -> bool {
        (self.digit && (self.lower || self.upper)) || (self.lower && self.upper)
    }
}

/// Looks at a run once: calls `joint` with the place of every `_` and `-` in order, and tells what
/// else is in it.
#[inline]
pub fn survey(run: &[u8], mut joint: impl FnMut(usize)) -> Kinds {
    let (mut digits, mut lowers, mut uppers) = (0, 0, 0);
    let mut look = |bytes: u64, at: usize| {
        digits |= within(bytes, b'0', b'9');
        lowers |= within(bytes, b'a', b'z');
        uppers |= within(bytes, b'A', b'Z');
        let mut joints = within(bytes, b'_', b'_') | within(bytes, b'-', b'-');
        while joints != 0 {
            joint(at + joints.trailing_zeros() as usize / 8);
            joints &= joints - 1;
        }
    };
    let (chunks, rest) = run.as_chunks::<8>();
    for (number, chunk) in chunks.iter().enumerate() {
        look(u64::from_le_bytes(*chunk), number * 8);
    }
    // Zeros are of no kind.
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    look(u64::from_le_bytes(last), run.len() - rest.len());
    Kinds {
        digit: digits != 0,
        lower: lowers != 0,
        upper: uppers != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What it should find, told slowly.
    fn plainly(text: &[u8]) -> Vec<Span> {
        let mut runs = Vec::new();
        let mut start = 0;
        for (at, &byte) in text.iter().chain(b" ").enumerate() {
            if !is_run_byte(byte) {
                if at - start >= MIN_RUN {
                    runs.push(Span { start, end: at });
                }
                start = at + 1;
            }
        }
        runs
    }

    #[test]
    fn every_byte_is_told_in_every_place() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut eight = [b'a'; 8];
                eight[place] = byte;
                let expected = if is_run_byte(byte) {
                    0
                } else {
                    0x80 << (8 * place)
                };
                assert_eq!(
                    breaks(u64::from_le_bytes(eight)),
                    expected,
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn a_survey_tells_kinds_and_joints() {
        let mut joints = Vec::new();
        let kinds = survey(b"abc_def-0123456789_x", |at| joints.push(at));
        assert_eq!(joints, [3, 7, 18]);
        assert_eq!(
            kinds,
            Kinds {
                digit: true,
                lower: true,
                upper: false
            }
        );
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_loop_finds(text in "[ab_.]{0,200}|[a-z]{0,40}( [a-z]{10,30}){0,9}") {
            prop_assert_eq!(Runs::new(text.as_bytes()).collect::<Vec<_>>(), plainly(text.as_bytes()));
        }
    }
}
