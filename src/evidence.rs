//! The sentence that justifies a conclusion.
//!
//! Every conclusion of straykey carries at least one, because a reader who cannot see *why* has to
//! take the tool's word for it. It is separate from the values it justifies so that all of them
//! share one shape.

use std::borrow::Cow;

/// One sentence of justification, such as "prefix `sk_live_` means live mode".
///
/// Evidence never holds bytes of a credential: it is printed in every format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence(Cow<'static, str>);

impl Evidence {
    /// Wraps a sentence. Control characters are left to the reporters to neutralise.
    pub fn new(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self(sentence.into())
    }

    /// The sentence.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A conclusion together with what justifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged<T> {
    /// What was concluded.
    pub value: T,
    /// Why, most decisive first. Empty only where the value is an "unknown".
    pub evidence: Vec<Evidence>,
}

impl<T> Judged<T> {
    /// A conclusion with one justification.
    pub fn new(value: T, because: impl Into<Cow<'static, str>>) -> Self {
        Self {
            value,
            evidence: vec![Evidence::new(because)],
        }
    }

    /// Adds a further justification.
    #[must_use]
    pub fn and(mut self, because: impl Into<Cow<'static, str>>) -> Self {
        self.evidence.push(Evidence::new(because));
        self
    }
}
