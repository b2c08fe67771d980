//! Proposes where a rule may match, so that no regular expression runs over a whole file.
//!
//! The *run* lane visits the long runs of token characters ([`super::runs`]) and looks up the three
//! bytes at each word's start in a table: cheap whatever the number of rules. The *value* lane looks
//! into the long values found that way. The *literal* lane searches for the few literals that no such
//! run goes with, such as a PEM heading, and for `://`, where the *login* lane looks up the scheme.
//! They only propose; [`super::pattern`] decides. A test compares them with searching for every
//! anchor at every byte.

use super::literals::Literals;
use super::runs::{Kinds, Runs, survey};
use super::trigrams::{Trigrams, trigram};
use crate::location::Span;
use crate::rule::pattern::{Anchor, LONG_VALUE, Lane, MAX_SCHEME};
use std::collections::HashMap;

/// A place where an anchor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    /// First byte of the anchor.
    pub at: usize,
    /// The number of the anchor, as given to [`Prefilter::new`].
    pub anchor: u32,
}

/// The anchors of all rules, ready to be searched for.
#[derive(Debug)]
pub struct Prefilter {
    anchors: Vec<Box<[u8]>>,
    /// Anchors that begin with the run, by their first three bytes.
    leading: Trigrams,
    /// Anchors that begin before the run, by three bytes that begin one, two and three bytes before it.
    crossing: [Trigrams; 3],
    /// How many bytes of each anchor stand before the run.
    pivots: Vec<usize>,
    /// Anchors of URLs with a user part, by scheme.
    logins: HashMap<Vec<u8>, Vec<u32>>,
    /// Anchors that long values begin with.
    values: Trigrams,
    /// Anchors inside long values: how many bytes of the value may stand before each.
    inner: Vec<(usize, usize, u32)>,
    literals: Literals,
}

impl Prefilter {
    /// Builds the tables. Proposals name anchors by their place in `anchors`.
    pub fn new(anchors: &[&Anchor]) -> Self {
        let texts: Vec<Box<[u8]>> = anchors
            .iter()
            .map(|anchor| anchor.text.as_bytes().into())
            .collect();
        let (mut values, mut inner) = (Vec::new(), Vec::new());
        let mut crossing = [Vec::new(), Vec::new(), Vec::new()];
        let (mut leading, mut literal) = (Vec::new(), Vec::new());
        let mut logins: HashMap<Vec<u8>, Vec<u32>> = HashMap::new();
        for (number, (anchor, text)) in (0_u32..).zip(anchors.iter().zip(&texts)) {
            match anchor.lane {
                Lane::Run { pivot: 0 } => leading.push((trigram(text), number)),
                Lane::Run { pivot } => {
                    let back = pivot.min(3);
                    crossing[back - 1].push((trigram(&text[pivot - back..]), number));
                }
                Lane::Login => logins
                    .entry(scheme(text).to_vec())
                    .or_default()
                    .push(number),
                Lane::Value if anchor.offset == (0, 0) => values.push((trigram(text), number)),
                Lane::Value => inner.push((anchor.offset.0, anchor.offset.1, number)),
                Lane::Literal => literal.push((text.to_vec(), number)),
            }
        }
        if !logins.is_empty() {
            literal.push((b"://".to_vec(), LOGIN));
        }
        let pivots = anchors
            .iter()
            .map(|anchor| {
                if let Lane::Run { pivot } = anchor.lane {
                    pivot
                } else {
                    0
                }
            })
            .collect();
        Self {
            anchors: texts,
            leading: Trigrams::new(leading),
            crossing: crossing.map(Trigrams::new),
            pivots,
            logins,
            values: Trigrams::new(values),
            inner,
            literals: Literals::new(literal),
        }
    }

    /// Appends a proposal for every anchor of the literal lane.
    pub fn literals(&self, text: &[u8], proposals: &mut Vec<Proposal>) {
        self.literals.search(text, |at, number| match number {
            LOGIN => self.login(text, at, proposals),
            anchor => proposals.push(Proposal { at, anchor }),
        });
    }

    /// Appends a proposal for every anchor that stands in a long value.
    pub fn value(&self, text: &[u8], value: Span, proposals: &mut Vec<Proposal>) {
        if value.len() < LONG_VALUE {
            return;
        }
        for &(least, most, anchor) in &self.inner {
            let literal = &self.anchors[anchor as usize];
            let places = value.start + least..=(value.start + most).min(value.end);
            proposals.extend(
                places
                    .filter(|&at| text[at..].starts_with(literal))
                    .map(|at| Proposal { at, anchor }),
            );
        }
        // A value that begins with an anchor, or a part of a URL or path that does.
        let parts = memchr::memchr2_iter(b'/', b'@', &text[value.start..value.end]);
        let starts = std::iter::once(value.start).chain(parts.map(|at| value.start + at + 1));
        for at in starts {
            self.starting(&self.values, text, at, proposals);
        }
    }

    /// At a `://` with an `@` behind it: the anchors of its scheme.
    fn login(&self, text: &[u8], colon: usize, proposals: &mut Vec<Proposal>) {
        let behind = &text[colon + 3..text.len().min(colon + 3 + MAX_LOGIN)];
        let end = behind.iter().position(|&byte| {
            byte == b'@'
                || byte.is_ascii_whitespace()
                || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>')
        });
        if end.is_none_or(|end| behind[end] != b'@') {
            return;
        }
        let floor = colon.saturating_sub(MAX_SCHEME);
        let in_scheme =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-');
        let start = text[floor..colon]
            .iter()
            .rposition(|byte| !in_scheme(byte))
            .map_or(floor, |at| floor + at + 1);
        for start in [Some(start), after_escape(text, start)]
            .into_iter()
            .flatten()
            .filter(|&start| start < colon)
        {
            for &anchor in self
                .logins
                .get(scheme(&text[start..colon]))
                .map(Vec::as_slice)
                .unwrap_or_default()
            {
                if text[start..].starts_with(&self.anchors[anchor as usize]) {
                    proposals.push(Proposal { at: start, anchor });
                }
            }
        }
    }

    /// The runs of a text, for [`Prefilter::run`] and for the search for values.
    pub fn runs<'h>(&self, text: &'h [u8]) -> Runs<'h> {
        Runs::new(text)
    }

    /// Appends a proposal for every anchor that goes with a run, and tells what the run is made of.
    #[inline]
    pub fn run(&self, text: &[u8], run: Span, proposals: &mut Vec<Proposal>) -> Kinds {
        self.before(text, run.start, proposals);
        self.at_word(text, run.start, proposals);
        if let Some(at) = after_escape(text, run.start) {
            self.at_word(text, at, proposals);
        }
        // A word begins after each `_` or `-`, and some anchors with it.
        survey(&text[run.start..run.end], |at| {
            self.at_word(text, run.start + at, proposals);
            self.at_word(text, run.start + at + 1, proposals);
        })
    }

    #[inline]
    fn at_word(&self, text: &[u8], at: usize, proposals: &mut Vec<Proposal>) {
        self.starting(&self.leading, text, at, proposals);
    }

    /// Appends a proposal for every anchor of a table that starts at `at`.
    #[inline]
    fn starting(&self, table: &Trigrams, text: &[u8], at: usize, proposals: &mut Vec<Proposal>) {
        if let Some(bytes) = text.get(at..at + 3) {
            for &number in table.get(trigram(bytes)) {
                if text[at..].starts_with(&self.anchors[number as usize]) {
                    proposals.push(Proposal { at, anchor: number });
                }
            }
        }
    }

    /// Anchors that stand before the run, or begin before it.
    #[inline]
    fn before(&self, text: &[u8], start: usize, proposals: &mut Vec<Proposal>) {
        for (back, table) in (1..).zip(&self.crossing) {
            let Some(bytes) = start.checked_sub(back).and_then(|at| text.get(at..at + 3)) else {
                return;
            };
            for &number in table.get(trigram(bytes)) {
                if let Some(at) = start.checked_sub(self.pivots[number as usize])
                    && text[at..].starts_with(&self.anchors[number as usize])
                {
                    proposals.push(Proposal { at, anchor: number });
                }
            }
        }
    }
}

/// Stands for "a URL with a user part" among the literals.
const LOGIN: u32 = u32::MAX;
/// How far behind `://` its `@` may stand, in bytes.
const MAX_LOGIN: usize = 400;

/// The scheme at the start of a text, without its driver: `postgresql` of `postgresql+asyncpg`.
fn scheme(text: &[u8]) -> &[u8] {
    let len = text
        .iter()
        .position(|&byte| matches!(byte, b'+' | b':'))
        .unwrap_or(text.len());
    &text[..len]
}

/// In `\nghp_...` as JSON writes it, `%3Dghp_...` or `\u0022ghp_...` the word begins after the escape.
#[inline]
fn after_escape(text: &[u8], start: usize) -> Option<usize> {
    let skip = match (text[start.checked_sub(1)?], text[start]) {
        (b'\\', b'n' | b'r' | b't' | b'b' | b'f' | b'v' | b'0') => 1,
        (b'\\', b'u') => 5,
        (b'\\', b'x') => 3,
        (b'%', _) => 2,
        _ => return None,
    };
    Some(start + skip)
}

/// True when a word can begin at `at`: no letter or digit stands before it, or an escape does.
pub fn begins_word(text: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    if !text[before].is_ascii_alphanumeric() {
        return true;
    }
    (1..=5)
        .filter_map(|back| at.checked_sub(back))
        .any(|start| after_escape(text, start) == Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn anchors() -> Vec<Anchor> {
        let anchor = |text: &str, lane| Anchor {
            text: text.to_owned(),
            offset: (0, 0),
            lane,
        };
        vec![
            anchor("abc_", Lane::Run { pivot: 0 }),
            anchor("ab-", Lane::Run { pivot: 0 }),
            anchor("AB.", Lane::Run { pivot: 3 }),
            anchor(":bb", Lane::Run { pivot: 1 }),
            anchor("::b:", Lane::Literal),
            anchor("::b", Lane::Literal),
        ]
    }

    /// Every anchor at every byte, with the run or the word's start its lane asks for.
    fn plainly(text: &[u8], anchors: &[Anchor]) -> Vec<Proposal> {
        let runs: Vec<Span> = Runs::new(text).collect();
        let mut proposals = Vec::new();
        for (number, anchor) in (0_u32..).zip(anchors) {
            for at in memchr::memmem::find_iter(text, &anchor.text) {
                let wanted = match anchor.lane {
                    Lane::Literal => true,
                    Lane::Run { pivot: 0 } => {
                        let word = at == 0 || !text[at - 1].is_ascii_alphanumeric();
                        (word || matches!(text[at], b'_' | b'-'))
                            && runs.iter().any(|run| run.start <= at && at <= run.end)
                    }
                    Lane::Login | Lane::Value => false,
                    Lane::Run { pivot } => runs.iter().any(|run| run.start == at + pivot),
                };
                if wanted {
                    proposals.push(Proposal { at, anchor: number });
                }
            }
        }
        proposals.sort_unstable();
        proposals
    }

    proptest! {
        #[test]
        fn the_lanes_propose_what_a_plain_search_proposes(text in "([ab:AB._c-]{1,9}[abc0-9]{12,20}){0,5}[:b]{0,5}") {
            let anchors = anchors();
            let prefilter = Prefilter::new(&anchors.iter().collect::<Vec<_>>());
            let mut proposals = Vec::new();
            prefilter.literals(text.as_bytes(), &mut proposals);
            for run in prefilter.runs(text.as_bytes()) {
                prefilter.run(text.as_bytes(), run, &mut proposals);
            }
            proposals.sort_unstable();
            proposals.dedup();
            prop_assert_eq!(proposals, plainly(text.as_bytes(), &anchors));
        }
    }

    #[test]
    fn a_word_begins_after_an_escape() {
        for text in [
            "\\nabc_",
            "%3Dabc_",
            "\\u0022abc_",
            " abc_",
            "-abc_",
            "\\x1babc_",
        ] {
            let at = text.find("abc_").expect("it is there");
            assert!(begins_word(text.as_bytes(), at), "{text}");
        }
        assert!(!begins_word(b"xabc_", 1));
    }
}
