//! A finding: a match, and everything that was concluded about it.
//!
//! Detection knows bytes, the assessor knows meaning, the reporters know formats; a finding is what
//! they hand to each other. Nothing here can print the credential: it lives in a [`Secret`].

use crate::environment::Environment;
use crate::evidence::{Evidence, Judged};
use crate::lifetime::{Lifetime, UnixSeconds};
use crate::location::{Position, Span};
use crate::privilege::Privilege;
use crate::reachability::Reachability;
use crate::rule::Rule;
use crate::secret::Secret;
use crate::severity::{Confidence, Severity};
use std::sync::Arc;

/// A credential that was found, with what is known about it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that matched.
    pub rule: Arc<Rule>,
    /// How sure we are that it is a credential, after the offline checks.
    pub confidence: Confidence,
    /// The path as reported: relative to the root, with `/`; see the JSON contract.
    pub path: String,
    /// Where the bytes came from.
    pub source: Source,
    /// The commit that brought it in; None outside a search of commits.
    pub commit: Option<Arc<Commit>>,
    /// Byte span of the credential in its haystack.
    pub span: Span,
    /// First character of the credential.
    pub start: Position,
    /// One past its last character.
    pub end: Position,
    /// The bytes.
    pub secret: Secret,
    /// What may be shown of them.
    pub preview: String,
    /// The line it begins on, where marks stand and what allowlists of other tools look at. Cut
    /// where it is very long.
    pub line: Secret,
    /// The line above.
    pub previous_line: Secret,
    /// The assignment's key as written, where there is one; None for prose and bare values.
    pub key: Option<String>,
    /// Line-free and stable, 32 hexadecimal digits; see [`Identity`].
    pub fingerprint: String,
    /// What the fingerprint is made of.
    pub identity: Identity,
    /// GitHub's `primaryLocationLineHash`, such as `39fa2ee980eb94b0:1`; None where it could help to
    /// guess the credential, and for a file that git does not have.
    pub line_hash: Option<String>,
    /// The same number for the same credential elsewhere in this report, from 1.
    pub credential: u32,
    /// The other half of a pair, such as the secret of an access key id.
    pub companion: Option<Companion>,
    /// Is the value well formed?
    pub validity: Judged<Validity>,
    /// What can it do?
    pub privilege: Privilege,
    /// Where does it work?
    pub environment: Judged<Environment>,
    /// For how long?
    pub lifetime: Judged<Lifetime>,
    /// At least so many whole days old; None where nothing tells.
    pub age_days: Option<u32>,
    /// What is it said to be for?
    pub purpose: Purpose,
    /// Who reaches it?
    pub reachability: Reachability,
    /// How bad is it?
    pub severity: Severity,
}

impl Finding {
    /// True when the fingerprint is that of the credential, wherever it lies.
    pub fn has_own_identity(&self) -> bool {
        self.identity == Identity::Value
    }

    /// True when the line it begins on stands in another text, character for character.
    pub fn stands_in(&self, text: &[u8]) -> bool {
        let line = self.line.expose();
        text.split(|&byte| matches!(byte, b'\n' | b'\r'))
            .any(|other| other == line)
    }

    /// The kind: the rule's id without its provider, such as `api-token`.
    pub fn kind(&self) -> &str {
        self.rule.kind()
    }

    /// What it can do in a few words, worst first, such as "delete volumes and their backups".
    pub fn verbs(&self) -> Vec<String> {
        let own = &self.rule.record.verbs;
        // A decoder may have found less power than the kind has; then the kind's words would be wrong.
        if !own.is_empty() && self.privilege.capabilities == self.rule.record.capabilities {
            return own.clone();
        }
        self.privilege
            .capabilities
            .iter()
            .map(|capability| capability.verb().to_owned())
            .collect()
    }
}

/// What a fingerprint is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// The rule and a truncated hash of a credential of at least 80 bits: the same wherever it lies.
    Value,
    /// The rule, the path, the key and which occurrence of these it is: a hash of a password that a
    /// person made up would help to guess it.
    Place,
}

/// Where the bytes of a finding came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A file of the tree.
    File,
    /// Standard input.
    Stdin,
    /// The index of a repository: what the next commit holds.
    Staged,
    /// The commits of a range.
    Since,
    /// All commits of a repository.
    History,
    /// The message of a commit.
    Message,
    /// The name of a branch.
    Branch,
}

impl Source {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Stdin => "stdin",
            Self::Staged => "staged",
            Self::Since => "since",
            Self::History => "history",
            Self::Message => "commit-message",
            Self::Branch => "branch-name",
        }
    }
}

/// A commit that brought a credential in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The whole id in hexadecimal.
    pub id: String,
    /// `Name <mail>` as git has it; None where authors are not to be shown.
    pub author: Option<String>,
    /// When it was written, in seconds since 1970.
    pub time: UnixSeconds,
}

/// A finding that does not count, and why.
#[derive(Clone, Debug)]
pub struct Excused {
    /// The finding.
    pub finding: Finding,
    /// What excuses it.
    pub by: Excuse,
    /// Why, in the words of whoever excused it.
    pub reason: String,
}

/// What may excuse a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Excuse {
    /// A mark on its line.
    Mark,
    /// An allow of the configuration.
    Allow,
    /// The baseline knows it.
    Baseline,
    /// What another tool's files or marks excuse.
    Compat(&'static str),
    /// It stands in the version before the change, too.
    Committed,
}

impl Excuse {
    /// The name in the JSON contract, such as `compat-gitleaks`.
    pub fn as_str(self) -> String {
        match self {
            Self::Mark => "inline-mark".to_owned(),
            Self::Allow => "allow".to_owned(),
            Self::Baseline => "baseline".to_owned(),
            Self::Compat(tool) => format!("compat-{tool}"),
            Self::Committed => "committed".to_owned(),
        }
    }
}

/// The other half of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// The rule that found it.
    pub rule: Arc<str>,
    /// What may be shown of it.
    pub preview: String,
    /// Where it starts.
    pub start: Position,
    /// The bytes.
    pub secret: Secret,
}

/// What the offline checks say about the value itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    /// Its checksum is right.
    ChecksumOk,
    /// It has the structure this kind has.
    WellFormed,
    /// There is nothing to check.
    #[default]
    Unknown,
    /// It says itself that it has ended.
    Expired,
    /// Its checksum is wrong: a placeholder, or cut off.
    ChecksumFailed,
}

impl Validity {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChecksumOk => "checksum-ok",
            Self::WellFormed => "well-formed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::ChecksumFailed => "checksum-failed",
        }
    }
}

/// What a credential is said to be for, against what it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// The purpose that key, file and folder name, such as "domains"; None where they name none.
    pub stated: Option<String>,
    /// True when the power goes well beyond that purpose.
    pub drift: bool,
    /// What names the purpose, and what exceeds it.
    pub evidence: Vec<Evidence>,
}
