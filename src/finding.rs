//! A finding: a match, and everything that was concluded about it.
//!
//! Detection knows bytes, the assessor knows meaning, the reporters know formats; a finding is what
//! they hand to each other. Nothing here can print the credential: it lives in a [`Secret`].

use crate::environment::Environment;
use crate::evidence::{Evidence, Judged};
use crate::lifetime::Lifetime;
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
    /// The assignment's key as written, where there is one; None for prose and bare values.
    pub key: Option<String>,
    /// Line-free, secret-free and stable.
    pub fingerprint: String,
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

/// Where the bytes of a finding came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A file of the tree.
    File,
    /// Standard input.
    Stdin,
}

impl Source {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Stdin => "stdin",
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
