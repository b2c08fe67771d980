//! One search of one text: runs the lanes and collects what they confirm.

use super::assignment::{Assignment, Operator};
use super::context::{Tied, Value};
use super::entropy::shannon;
use super::file::FileKind;
use super::generic::{self, Candidate};
use super::pattern::Verifier;
use super::prefilter::Proposal;
use super::{Detector, Match, Matches, Scratch, Text, decode, filter, settle};
use crate::location::Span;
use crate::rule::key::words;
use crate::rule::pattern::ends_value;
use crate::rule::{Detection, Rule};
use crate::severity::Confidence;

/// Attempts that any text may use, and how many bytes earn one more. A kernel tree needs one in two
/// thousand bytes, minified code one in three hundred (measured).
const FREE_ATTEMPTS: usize = 20_000;
const BYTES_AN_ATTEMPT: usize = 16;
/// How far a value may stand from the key word that was found, in bytes.
const KEY_REACH: usize = 80;

pub(super) struct Search<'a> {
    detector: &'a Detector,
    text: &'a Text<'a>,
    scratch: &'a mut Scratch,
    kind: FileKind,
    attempts: usize,
    matches: Vec<Match>,
    /// Values up to here were read already.
    read_up_to: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        detector: &'a Detector,
        text: &'a Text<'a>,
        scratch: &'a mut Scratch,
    ) -> Self {
        scratch.proposals.clear();
        scratch.wrapped.clear();
        text.path.to_ascii_lowercase().clone_into(&mut scratch.path);
        let attempts = FREE_ATTEMPTS + text.bytes.len() / BYTES_AN_ATTEMPT;
        Self {
            detector,
            text,
            scratch,
            kind: FileKind::of(text.path),
            attempts,
            matches: Vec::new(),
            read_up_to: 0,
        }
    }

    pub(super) fn run(mut self) -> Matches {
        let guesses = !self.text.binary && self.kind != FileKind::Generated;
        let mut proposals = std::mem::take(&mut self.scratch.runs);
        proposals.clear();
        for run in self.detector.prefilter.runs(self.text.bytes) {
            let prefilter = &self.detector.prefilter;
            let kinds = prefilter.run(self.text.bytes, run, &mut proposals);
            if !kinds.are_mixed() {
                continue;
            }
            if !self.text.binary && decode::begins(self.text.bytes, run.start) {
                self.scratch.wrapped.push(run.start);
            }
            if guesses
                && run.start >= self.read_up_to
                && looks_random(&self.text.bytes[run.start..run.end])
            {
                self.value_around(run);
            }
        }
        self.whole_file(guesses);
        self.detector
            .prefilter
            .literals(self.text.bytes, &mut proposals);
        proposals.append(&mut self.scratch.proposals);
        self.confirm(&mut proposals, guesses);
        // Values that were found by their key words may hold anchors of their own.
        proposals.clear();
        proposals.append(&mut self.scratch.proposals);
        self.confirm(&mut proposals, false);
        self.scratch.runs = proposals;
        self.unwrap_base64();
        let exhausted = self.attempts == 0;
        Matches {
            found: settle::settle(self.detector, self.text.bytes, self.matches),
            exhausted,
        }
    }

    /// Searches what stands in base64. The search inside uses the same memory, so it comes last.
    fn unwrap_base64(&mut self) {
        let starts = std::mem::take(&mut self.scratch.wrapped);
        let found = decode::search(self.detector, self.text, &starts, self.scratch);
        self.matches.extend(found);
        self.scratch.wrapped = starts;
    }

    /// Tries each proposal, in order of position.
    fn confirm(&mut self, proposals: &mut Vec<Proposal>, guesses: bool) {
        proposals.sort_unstable();
        proposals.dedup();
        let mut key_up_to = 0;
        for &proposal in &*proposals {
            let (rule, _) = &self.detector.anchors[proposal.anchor as usize];
            match *rule {
                Some(rule) => self.distinctive(rule, proposal),
                None if guesses && proposal.at >= key_up_to => {
                    key_up_to = self.after_key(proposal.at);
                }
                None => {}
            }
            if self.attempts == 0 {
                return;
            }
        }
    }

    /// Spends an attempt. False when none is left.
    fn attempt(&mut self) -> bool {
        self.attempts = self.attempts.saturating_sub(1);
        self.attempts > 0
    }

    fn distinctive(&mut self, index: usize, proposal: Proposal) {
        // The same rule again inside its own match: a second anchor of one credential.
        let inside = self.matches.iter().rev().take(8).any(|found| {
            found.rule == index && found.whole.start <= proposal.at && proposal.at < found.whole.end
        });
        if inside || !self.attempt() {
            return;
        }
        let (_, anchor) = &self.detector.anchors[proposal.anchor as usize];
        let rule = self.detector.rules.at(index);
        let Detection::Distinctive(distinctive) = &rule.detection else {
            return;
        };
        let verifier = Verifier {
            rule: distinctive,
            regex: &self.detector.regexes[index],
        };
        let bytes = self.text.bytes;
        let Some(found) = verifier.verify(bytes, anchor, proposal.at) else {
            return;
        };
        let secret = &bytes[found.secret.start..found.secret.end];
        let hidden = secret
            .get(rule.public_prefix.min(secret.len())..)
            .unwrap_or_default();
        if shannon(secret) < rule.min_entropy
            || filter::is_placeholder(hidden)
            || filter::is_known_example(secret)
        {
            return;
        }
        let key = Assignment::at(bytes, found.secret.start).map_or(
            Span {
                start: found.secret.start,
                end: found.secret.start,
            },
            |assignment| assignment.key,
        );
        let confidence = confidence(rule, &bytes[found.whole.start..found.whole.end], secret);
        self.matches.push(Match {
            rule: index,
            secret: found.secret,
            whole: found.whole,
            confidence,
            tie: None,
            key,
            companion: None,
            unwrapped: None,
        });
    }

    fn value_around(&mut self, run: Span) {
        if let Some(assignment) = Assignment::around(self.text.bytes, run) {
            self.read_up_to = assignment.value.end.max(run.end);
            self.value(&assignment);
        }
    }

    /// Reads forward from a key word to its value, and judges that. Returns how far it read.
    fn after_key(&mut self, at: usize) -> usize {
        let Some(start) = value_after(self.text.bytes, at) else {
            return at;
        };
        if self.attempt()
            && let Some(assignment) = Assignment::at(self.text.bytes, start)
        {
            self.value(&assignment);
        }
        start
    }

    /// A file that holds nothing but one value, such as `.vault-token`.
    fn whole_file(&mut self, guesses: bool) {
        const LONGEST: usize = 1024;
        let trimmed = self.text.bytes.trim_ascii();
        if !guesses
            || trimmed.is_empty()
            || trimmed.len() > LONGEST
            || trimmed.iter().copied().any(ends_value)
        {
            return;
        }
        let start = self.text.bytes.len() - self.text.bytes.trim_ascii_start().len();
        let end = start + trimmed.len();
        let bare = Assignment {
            value: Span { start, end },
            quote: None,
            scheme: None,
            operator: Operator::None,
            key: Span { start, end: start },
            call: None,
        };
        self.value(&bare);
    }

    /// Ties a value to a rule, if one fits.
    fn value(&mut self, assignment: &Assignment) {
        let bytes = self.text.bytes;
        let mut key = words(&assignment.key_text(bytes));
        if let Some(scheme) = assignment.scheme {
            key.extend(words(&String::from_utf8_lossy(
                &bytes[scheme.start..scheme.end],
            )));
        }
        let secret = assignment.value;
        self.detector
            .prefilter
            .value(bytes, secret, &mut self.scratch.proposals);
        let mut confidence = Confidence::Low;
        let value = Value {
            text: bytes,
            path: &self.scratch.path,
            assignment,
            key: &key,
            promising: is_promising(&bytes[secret.start..secret.end]),
        };
        let detector = self.detector;
        let tied = detector
            .context
            .tie(&value, |tied| match self.accept(tied, assignment, &key) {
                Some(sure) => {
                    confidence = sure;
                    true
                }
                None => false,
            });
        if let Some(Tied { tie, rule }) = tied {
            self.matches.push(Match {
                rule,
                secret,
                whole: secret,
                confidence,
                tie: Some(tie),
                key: assignment.key,
                companion: None,
                unwrapped: None,
            });
        }
    }

    /// How sure a tied rule is of the value; None where the value is no credential.
    fn accept(&self, tied: Tied, assignment: &Assignment, key: &[String]) -> Option<Confidence> {
        let value = &self.text.bytes[assignment.value.start..assignment.value.end];
        let rule = self.detector.rules.at(tied.rule);
        let Detection::Contextual(context) = &rule.detection else {
            return None;
        };
        if context.generic {
            if self.asks(assignment) {
                return None;
            }
            let next = self.text.bytes.get(assignment.value.end).copied();
            let confidence = generic::judge(&Candidate {
                value,
                next,
                assignment,
                key,
                file: self.kind,
                path: self.text.path,
            })?;
            return Some(confidence.min(rule.confidence));
        }
        let real = shannon(value) >= rule.min_entropy
            && !filter::is_placeholder(value)
            && !filter::is_known_example(value)
            && !filter::is_constant_name(value)
            && !self.is_expression(assignment);
        real.then_some(rule.confidence)
    }
}

impl Search<'_> {
    /// In a program, what is not quoted and has brackets or is called is a type or yields the value.
    fn is_expression(&self, assignment: &Assignment) -> bool {
        let bytes = self.text.bytes;
        let value = &bytes[assignment.value.start..assignment.value.end];
        let called = matches!(bytes.get(assignment.value.end), Some(b'(' | b'['));
        let brackets = || value.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'));
        assignment.quote.is_none() && self.kind == FileKind::Source && (called || brackets())
    }

    /// `password.startswith("...")` asks about the password: what it is compared with is none.
    fn asks(&self, assignment: &Assignment) -> bool {
        let Some(call) = assignment.call else {
            return false;
        };
        let name = &self.text.bytes[call.start..call.end];
        let method = name.rsplit(|&byte| byte == b'.').next().unwrap_or(name);
        QUESTIONS.contains(&method)
    }
}

/// Methods that ask about a text, in several languages.
const QUESTIONS: &[&[u8]] = &[
    b"contains",
    b"endsWith",
    b"ends_with",
    b"endswith",
    b"equals",
    b"hasPrefix",
    b"hasSuffix",
    b"includes",
    b"indexOf",
    b"match",
    b"matches",
    b"startsWith",
    b"starts_with",
    b"startswith",
];

/// A login with an example's password is of low confidence: local set-ups share them.
fn confidence(rule: &Rule, whole: &[u8], secret: &[u8]) -> Confidence {
    let login = rule.catch_all && rule.min_entropy <= 0.0;
    if login && filter::is_example_login(whole, secret) {
        Confidence::Low
    } else {
        rule.confidence
    }
}

/// Long enough for a credential of any provider, and not letters alone, which nearly none is.
fn is_promising(value: &[u8]) -> bool {
    const SHORTEST: usize = 8;
    value.len() >= SHORTEST && !value.iter().all(u8::is_ascii_alphabetic)
}

/// A quick look at a run: letters and digits in turn, as random characters have and words have not.
fn looks_random(run: &[u8]) -> bool {
    let run = &run[..run.len().min(96)];
    let (mut before, mut changes, mut seen) = (0_u8, 0_usize, 0_u8);
    for &byte in run {
        let class = CLASS[usize::from(byte)];
        changes += usize::from(CHANGE >> (before * 4 + class) & 1);
        seen |= 1 << class;
        before = class;
    }
    let (digits, lower, upper) = (seen & 2 != 0, seen & 4 != 0, seen & 8 != 0);
    let mixed = digits && (lower || upper) && changes * 6 >= run.len();
    mixed || (!digits && upper && lower && changes * 4 >= run.len())
}

/// What a byte is: 1 a digit, 2 a small letter, 3 a capital, 0 anything else.
static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            b'0'..=b'9' => 1,
            b'a'..=b'z' => 2,
            b'A'..=b'Z' => 3,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// A bit for each pair of classes that counts as a change: digit to letter and back, small to
/// capital; not capital to small, which is how words begin. Bit `4 * before + after`.
const CHANGE: u16 = 1 << (4 + 2) | 1 << (4 + 3) | 1 << (8 + 1) | 1 << (8 + 3) | 1 << (12 + 1);

/// Where the value begins that is assigned to the key at `at`: after the rest of the key, an
/// operator and an opening quote.
fn value_after(text: &[u8], at: usize) -> Option<usize> {
    let window = &text[at..text.len().min(at + KEY_REACH)];
    let key = window
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')))?;
    let mut operator = None;
    for (offset, &byte) in window.iter().enumerate().skip(key) {
        match byte {
            b'=' | b':' | b'>' | b',' | b'(' | b'|' | b'?' => operator = Some(offset),
            b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\' | b']' | b')' | b'&' | b'\r' => {}
            b'\n' => return None,
            _ if operator.is_some() => return Some(at + offset),
            // `key: Type = value`; and `password value` of configuration files.
            _ => {
                return typed_value(window, offset)
                    .or_else(|| spaced_value(window, key, offset))
                    .map(|offset| at + offset);
            }
        }
    }
    None
}

/// Past a type annotation to the value.
fn typed_value(window: &[u8], from: usize) -> Option<usize> {
    let equals = window[from..]
        .iter()
        .position(|&byte| byte == b'=' || byte == b'\n')
        .map(|at| from + at)?;
    let quote = window[equals..]
        .iter()
        .position(|&byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    (window[equals] == b'=' && quote <= 3).then_some(equals + quote + 1)
}

fn spaced_value(window: &[u8], key: usize, value: usize) -> Option<usize> {
    window[key..value]
        .iter()
        .all(|&byte| matches!(byte, b' ' | b'\t'))
        .then_some(value)
}
