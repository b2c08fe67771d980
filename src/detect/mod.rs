//! Detection: from the bytes of a haystack to matches.
//!
//! ```text
//! text -> runs + literals -> proposals -> pattern      -> Match
//!              |-> values -> assignment -> context, generic ^   -> overlaps, companions
//!              \-> base64 -> decode -> the same, once
//! ```
//!
//! A [`Match`] concludes nothing about what the credential can do; it only says which rule, where,
//! and how sure. Everything is linear in the text: what could be tried endlessly has a budget.

pub mod assignment;
pub mod context;
pub mod entropy;
pub mod file;
pub mod filter;
pub mod generic;
pub mod line_hash;
pub mod marks;
pub mod pattern;
pub mod prefilter;
pub mod runs;
pub mod surroundings;

mod bigrams;
mod decode;
mod literals;
mod search;
mod settle;
mod trigrams;

use crate::location::Span;
use crate::rule::pattern::{Anchor, Lane};
use crate::rule::{Detection, RuleSet};
use crate::secret::Secret;
use crate::severity::Confidence;
use context::{ContextTable, Tie};
use pattern::LazyRegex;
use prefilter::{Prefilter, Proposal};
use std::sync::Arc;

/// What to search.
#[derive(Clone, Copy, Debug)]
pub struct Text<'h> {
    /// The bytes, UTF-8 or unknown.
    pub bytes: &'h [u8],
    /// The path, relative, with `/`; only its words matter.
    pub path: &'h str,
    /// True for what is no text: only distinctive rules are tried.
    pub binary: bool,
}

/// A place where a rule matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The rule's place in the rule set.
    pub rule: usize,
    /// The credential.
    pub secret: Span,
    /// Everything the rule matched, the credential included.
    pub whole: Span,
    /// How sure.
    pub confidence: Confidence,
    /// What tied it to its provider; None for a distinctive rule.
    pub tie: Option<Tie>,
    /// The key it is assigned to; empty where there is none.
    pub key: Span,
    /// The match that completes it: a rule and its credential.
    pub companion: Option<(usize, Span)>,
    /// What it is inside, where it stands in base64. `secret` and `whole` are the base64 then.
    pub unwrapped: Option<Box<Unwrapped>>,
}

/// A match inside a decoded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwrapped {
    /// The decoded text. Matches in one text share it.
    pub text: Arc<Secret>,
    /// The match, with spans of the decoded text.
    pub found: Match,
}

/// What a search of one text found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The matches, by position.
    pub found: Vec<Match>,
    /// True when the text held so many near misses that the search gave up.
    pub exhausted: bool,
}

/// Finds matches of a rule set. Shared by all threads.
#[derive(Debug)]
pub struct Detector {
    rules: Arc<RuleSet>,
    prefilter: Prefilter,
    /// For each anchor: its rule (None for a key word of the generic tier) and itself.
    anchors: Vec<(Option<usize>, Anchor)>,
    /// By rule.
    regexes: Vec<LazyRegex>,
    context: ContextTable,
    /// By rule: the shapes of what completes it, to be searched for nearby.
    companions: Vec<Vec<(usize, LazyRegex)>>,
}

/// Parts of keys whose values may be too short or too odd to be a run of token characters.
const KEY_WORDS: &[&str] = &[
    "assw", "ASSW", "pwd", "Pwd", "PWD", "ecret", "ECRET", "hrase", "HRASE", "_PASS", "_pass",
];

impl Detector {
    /// Prepares the tables of a rule set. Compiles no regular expression.
    pub fn new(rules: Arc<RuleSet>) -> Self {
        let mut anchors = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            if let Detection::Distinctive(distinctive) = &rule.detection {
                let own = distinctive.anchors.iter();
                anchors.extend(own.map(|anchor| (Some(place), anchor.clone())));
            }
        }
        anchors.extend(KEY_WORDS.iter().map(|word| {
            (
                None,
                Anchor {
                    text: (*word).to_owned(),
                    offset: (0, 0),
                    lane: Lane::Literal,
                },
            )
        }));
        let prefilter =
            Prefilter::new(&anchors.iter().map(|(_, anchor)| anchor).collect::<Vec<_>>());
        let context = ContextTable::new(&rules);
        let regexes = rules.iter().map(|_| LazyRegex::default()).collect();
        let companions = rules
            .iter()
            .map(|rule| settle::companion_shapes(&rules, rule))
            .collect();
        Self {
            rules,
            prefilter,
            anchors,
            regexes,
            context,
            companions,
        }
    }

    /// The rules it searches for.
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// Searches a text.
    pub fn search(&self, text: &Text<'_>, scratch: &mut Scratch) -> Matches {
        search::Search::new(self, text, scratch).run()
    }
}

/// Memory that a thread reuses from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    runs: Vec<Proposal>,
    proposals: Vec<Proposal>,
    path: String,
    /// Where base64 of text may begin.
    wrapped: Vec<usize>,
}
