//! What a report says besides findings: what loosened the scan, what has gone stale, what is new.

/// One thing to know about how a scan was set up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// What kind of thing.
    pub kind: NoticeKind,
    /// The whole sentence, without a full stop; may hold names out of the scanned tree.
    pub text: String,
}

impl Notice {
    /// A notice.
    pub fn new(kind: NoticeKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }
}

/// What kind of thing a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// The configuration makes the scan see or report less.
    Loosened,
    /// An allow that excused nothing.
    StaleAllow,
    /// An allow whose day has passed.
    ExpiredAllow,
    /// A baseline entry whose finding is gone.
    Gone,
    /// Something of another tool that could not be carried over.
    Unsupported,
    /// Anything else.
    Note,
}

impl NoticeKind {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loosened => "loosened",
            Self::StaleAllow => "stale-allow",
            Self::ExpiredAllow => "expired-allow",
            Self::Gone => "gone",
            Self::Unsupported => "unsupported",
            Self::Note => "note",
        }
    }
}

/// Findings against a baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Findings that the baseline does not hold.
    pub new: usize,
    /// Findings that it holds where they are.
    pub known: usize,
    /// Findings that it holds in a file that is no longer there.
    pub moved: usize,
    /// Entries of the baseline without a finding, in what was scanned.
    pub gone: usize,
}
