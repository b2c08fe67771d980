//! What a scan looked at, and what it did not and why.
//!
//! A clean exit must carry positive evidence of work. Everything that was not searched is counted
//! here by reason, and [`Coverage::is_complete`] decides whether "no findings" means anything.

use std::collections::BTreeMap;

/// Why something was not searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Reading it failed.
    Unreadable,
    /// This user may not read it.
    PermissionDenied,
    /// It was gone when we came to it.
    Vanished,
    /// A pipe, socket or device.
    NotAFile,
    /// A symbolic link; what it points to is searched where it lies.
    Symlink,
    /// So many near misses that searching on would never end.
    Budget,
    /// The search of this file failed inside straykey.
    Internal,
    /// The configuration leaves the path out.
    Excluded,
    /// A merge has left it undecided, so that there is no one content to search.
    Unmerged,
    /// The repository does not hold its content: a partial clone, or damage.
    MissingObject,
    /// The repository was cloned without its older commits.
    Shallow,
    /// Another repository inside this one, of which only a commit's id is recorded.
    Submodule,
}

impl Skip {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::PermissionDenied => "permission-denied",
            Self::Vanished => "vanished",
            Self::NotAFile => "not-a-file",
            Self::Symlink => "symlink",
            Self::Budget => "budget",
            Self::Internal => "internal-error",
            Self::Excluded => "excluded",
            Self::Unmerged => "unmerged",
            Self::MissingObject => "missing-object",
            Self::Shallow => "shallow-clone",
            Self::Submodule => "submodule",
        }
    }

    /// True where a credential may have been missed that the scan was asked to find.
    pub fn is_a_gap(self) -> bool {
        match self {
            Self::Unreadable
            | Self::PermissionDenied
            | Self::Budget
            | Self::Internal
            | Self::Unmerged
            | Self::MissingObject
            | Self::Shallow => true,
            Self::Vanished | Self::NotAFile | Self::Symlink | Self::Excluded | Self::Submodule => {
                false
            }
        }
    }
}

/// One reason with what it applied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// How many.
    pub count: u64,
    /// The first few in sorted order.
    pub examples: Vec<String>,
}

/// How many examples a reason keeps.
const EXAMPLES: usize = 5;

/// What was looked at and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files searched.
    pub files: u64,
    /// Bytes searched.
    pub bytes: u64,
    /// Milliseconds the scan took.
    pub elapsed_ms: u64,
    /// What was not searched, by reason.
    pub skipped: BTreeMap<Skip, Skipped>,
    /// Why there was nothing to search, where git says so, such as "nothing is staged".
    pub vacant: Option<String>,
    /// True when the scan was stopped before its end.
    pub interrupted: bool,
    /// True where a missing permission is out of the agent's reach rather than a gap (`audit`).
    pub permission_is_reach: bool,
}

impl Coverage {
    /// Counts something that was not searched.
    pub fn skip(&mut self, reason: Skip, path: impl Into<String>) {
        let skipped = self.skipped.entry(reason).or_default();
        skipped.count += 1;
        let path = path.into();
        // Kept sorted, so that the examples do not depend on which thread came first.
        let at = skipped.examples.partition_point(|known| *known < path);
        if at < EXAMPLES {
            skipped.examples.insert(at, path);
            skipped.examples.truncate(EXAMPLES);
        }
    }

    /// Adds what another thread counted.
    pub fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.interrupted |= other.interrupted;
        self.vacant = self.vacant.take().or(other.vacant);
        for (reason, skipped) in other.skipped {
            let extra = skipped.count.saturating_sub(skipped.examples.len() as u64);
            for path in skipped.examples {
                self.skip(reason, path);
            }
            self.skipped.entry(reason).or_default().count += extra;
        }
    }

    /// True when everything that was asked for was searched, and that is not nothing.
    pub fn is_complete(&self) -> bool {
        self.files > 0 && !self.has_gaps()
    }

    /// True when something was not searched that should have been.
    pub fn has_gaps(&self) -> bool {
        let gap = |reason: Skip| {
            reason.is_a_gap() && !(reason == Skip::PermissionDenied && self.permission_is_reach)
        };
        self.interrupted || self.skipped.keys().copied().any(gap)
    }
}
