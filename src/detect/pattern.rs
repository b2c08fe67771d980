//! Regular expressions, compiled when they are first needed.
//!
//! Of several hundred rules a scan needs a few, and compiling one takes a tenth of a millisecond, so
//! each is compiled on its first use and kept. Patterns are ASCII, tried anchored in a window no
//! longer than their longest match.

use super::prefilter::begins_word;
use crate::location::Span;
use crate::rule::Distinctive;
use crate::rule::pattern::Anchor;
use regex::bytes::{Regex, RegexBuilder};
use std::sync::OnceLock;

/// How much of a text an expression has to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The beginning.
    Start,
    /// All of it.
    Whole,
    /// Any part.
    Anywhere,
}

/// A lazily compiled expression. It does not keep the pattern, which the rule holds already: copying
/// a thousand of them at every start would cost more than a hook's whole run.
#[derive(Debug, Default)]
pub struct LazyRegex(OnceLock<Option<Regex>>);

/// A user's pattern may not take more memory than this once compiled, in bytes.
const SIZE_LIMIT: usize = 4 << 20;

impl LazyRegex {
    /// The compiled expression; None where it would be too large. Call it with the same pattern and
    /// extent always.
    pub fn get(&self, pattern: &str, extent: Extent) -> Option<&Regex> {
        self.0.get_or_init(|| compile(pattern, extent)).as_ref()
    }
}

/// Compiles a pattern; None where it would be too large.
pub fn compile(pattern: &str, extent: Extent) -> Option<Regex> {
    let source = match extent {
        Extent::Start => format!("\\A(?:{pattern})"),
        Extent::Whole => format!("\\A(?:{pattern})\\z"),
        Extent::Anywhere => pattern.to_owned(),
    };
    let mut builder = RegexBuilder::new(&source);
    builder
        .unicode(false)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT);
    builder.build().ok()
}

/// A verified match of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Everything that matched.
    pub whole: Span,
    /// The group `secret`, or everything.
    pub secret: Span,
}

/// Tries one distinctive rule at one anchor.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'r> {
    /// The rule.
    pub rule: &'r Distinctive,
    /// Its expression, compiled or not.
    pub regex: &'r LazyRegex,
}

impl Verifier<'_> {
    /// The match that has the anchor at `at`, if there is one.
    pub fn verify(&self, text: &[u8], anchor: &Anchor, at: usize) -> Option<Verified> {
        let first = at.saturating_sub(anchor.offset.1);
        let last = at.checked_sub(anchor.offset.0)?;
        // Longest first: `[0-9]{8,10}:` should take all ten digits.
        (first..=last)
            .filter(|&start| begins_word(text, start))
            .find_map(|start| self.at(text, start).filter(|found| found.whole.end > at))
    }

    fn at(&self, text: &[u8], start: usize) -> Option<Verified> {
        let window = &text[start..text.len().min(start + self.rule.max_len)];
        let captures = self
            .regex
            .get(&self.rule.pattern, Extent::Start)?
            .captures(window)?;
        let span = |group: regex::bytes::Match<'_>| Span {
            start: start + group.start(),
            end: start + group.end(),
        };
        let whole = span(captures.get(0)?);
        let secret = captures.name("secret").map_or(whole, span);
        (!secret.is_empty() && !self.goes_on(text, secret)).then_some(Verified { whole, secret })
    }

    /// True when the secret is only the beginning of a longer word.
    fn goes_on(&self, text: &[u8], secret: Span) -> bool {
        let Some(&next) = text.get(secret.end) else {
            return false;
        };
        let last_is_word =
            text[secret.end - 1].is_ascii_alphanumeric() || text[secret.end - 1] == b'_';
        let continues = next.is_ascii_alphanumeric()
            || next == b'_'
            || (next == b'-' && self.rule.tail_has_dash);
        last_is_word && continues
    }
}
