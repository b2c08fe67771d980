//! What a credential can do: capabilities, how far they reach, and how sure we are.
//!
//! The blast level is *derived* from capabilities and breadth, never set by hand, so that two rules
//! with the same power cannot end up with different severities.

use crate::evidence::Evidence;
use serde::{Deserialize, Serialize};

/// Something a credential lets its holder do, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Delete servers, projects, volumes, clusters.
    DeleteInfrastructure,
    /// Delete the backups, or take them along when deleting what they back up.
    DeleteBackups,
    /// Delete rows, objects, repositories.
    DeleteData,
    /// Create users, tokens or roles.
    ManageIdentity,
    /// Read other credentials: variables, vaults, state files.
    ReadSecrets,
    /// Deploy or execute code.
    RunCode,
    /// Publish packages or images that others run.
    Publish,
    /// Pay, refund, transfer.
    MoveMoney,
    /// Enter a private network.
    JoinNetwork,
    /// Change data.
    WriteData,
    /// Read data.
    ReadData,
    /// Use up a metered quota.
    Spend,
    /// Send messages in somebody's name.
    SendMessage,
    /// The kind is not known well enough to say.
    Unknown,
}

impl Capability {
    /// Every capability, worst first.
    pub const ALL: [Self; 14] = [
        Self::DeleteInfrastructure,
        Self::DeleteBackups,
        Self::DeleteData,
        Self::ManageIdentity,
        Self::ReadSecrets,
        Self::RunCode,
        Self::Publish,
        Self::MoveMoney,
        Self::JoinNetwork,
        Self::WriteData,
        Self::ReadData,
        Self::Spend,
        Self::SendMessage,
        Self::Unknown,
    ];

    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeleteInfrastructure => "delete-infrastructure",
            Self::DeleteBackups => "delete-backups",
            Self::DeleteData => "delete-data",
            Self::ManageIdentity => "manage-identity",
            Self::ReadSecrets => "read-secrets",
            Self::RunCode => "run-code",
            Self::Publish => "publish",
            Self::MoveMoney => "move-money",
            Self::JoinNetwork => "join-network",
            Self::WriteData => "write-data",
            Self::ReadData => "read-data",
            Self::Spend => "spend",
            Self::SendMessage => "send-message",
            Self::Unknown => "unknown",
        }
    }

    /// The words that follow "can" in a sentence.
    pub fn verb(self) -> &'static str {
        match self {
            Self::DeleteInfrastructure => "delete infrastructure",
            Self::DeleteBackups => "delete backups",
            Self::DeleteData => "delete data",
            Self::ManageIdentity => "create more credentials",
            Self::ReadSecrets => "read other secrets",
            Self::RunCode => "run code",
            Self::Publish => "publish packages",
            Self::MoveMoney => "move money",
            Self::JoinNetwork => "join the network",
            Self::WriteData => "change data",
            Self::ReadData => "read data",
            Self::Spend => "spend quota",
            Self::SendMessage => "send messages",
            Self::Unknown => "do something not known",
        }
    }
}

/// A set of capabilities.
///
/// ```
/// use straykey::privilege::{Capability, CapabilitySet};
/// let set: CapabilitySet = [Capability::ReadData, Capability::DeleteData].into_iter().collect();
/// assert_eq!(set.iter().next(), Some(Capability::DeleteData), "worst first");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Capability>", into = "Vec<Capability>")]
pub struct CapabilitySet(u16);

impl CapabilitySet {
    /// True when the capability is in the set.
    pub fn contains(self, capability: Capability) -> bool {
        self.0 & (1 << capability as u16) != 0
    }

    /// True when the two sets share a capability.
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// True when nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The capabilities, worst first.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .into_iter()
            .filter(move |&capability| self.contains(capability))
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(iter: I) -> Self {
        Self(
            iter.into_iter()
                .fold(0, |bits, capability| bits | 1 << capability as u16),
        )
    }
}

impl From<Vec<Capability>> for CapabilitySet {
    fn from(list: Vec<Capability>) -> Self {
        list.into_iter().collect()
    }
}

impl From<CapabilitySet> for Vec<Capability> {
    fn from(set: CapabilitySet) -> Self {
        set.iter().collect()
    }
}

/// How much the capabilities apply to, widest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Breadth {
    /// A whole organisation.
    Organization,
    /// One account or workspace with all its projects.
    Account,
    /// One project, database, repository or site.
    Project,
    /// One environment of one project.
    Environment,
    /// One object: a channel, a bucket, a file.
    Object,
    /// Nothing: the value is meant to be public.
    None,
    /// Not known.
    #[default]
    Unknown,
}

impl Breadth {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Account => "account",
            Self::Project => "project",
            Self::Environment => "environment",
            Self::Object => "object",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// How bad the worst use is, worst first. Derived from capabilities and breadth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blast {
    /// Destroys, mints credentials or moves money for a whole account.
    Critical,
    /// The same within one project, or changes data of a whole account.
    Severe,
    /// Reads a whole account, changes a project, joins a network.
    Serious,
    /// Reads or sends within one project.
    Limited,
    /// Telemetry ingest, webhook signing.
    Minor,
    /// Meant to be public.
    Public,
}

impl Blast {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Severe => "severe",
            Self::Serious => "serious",
            Self::Limited => "limited",
            Self::Minor => "minor",
            Self::Public => "public",
        }
    }

    /// Derives the level. An unknown breadth counts as an account: the worst case is reported
    /// and the certainty says that it is one.
    pub fn of(capabilities: CapabilitySet, breadth: Breadth) -> Self {
        use Capability as C;
        let any = |list: &[C]| {
            list.iter()
                .any(|&capability| capabilities.contains(capability))
        };
        let destroys = any(&[
            C::DeleteInfrastructure,
            C::DeleteBackups,
            C::DeleteData,
            C::ManageIdentity,
            C::ReadSecrets,
            C::RunCode,
            C::Publish,
            C::MoveMoney,
        ]);
        let wide = matches!(
            breadth,
            Breadth::Organization | Breadth::Account | Breadth::Unknown
        );
        match breadth {
            Breadth::None => Self::Public,
            _ if destroys && wide => Self::Critical,
            _ if destroys || (wide && any(&[C::WriteData, C::Unknown])) => Self::Severe,
            _ if wide && any(&[C::ReadData]) || any(&[C::JoinNetwork]) => Self::Serious,
            Breadth::Project | Breadth::Environment if any(&[C::WriteData, C::Unknown]) => {
                Self::Serious
            }
            _ if any(&[
                C::ReadData,
                C::WriteData,
                C::Spend,
                C::SendMessage,
                C::Unknown,
            ]) =>
            {
                Self::Limited
            }
            _ => Self::Minor,
        }
    }
}

/// How sure we are of what the credential can do, surest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Read from the format or the decoded content: "can".
    Certain,
    /// What this kind can do by default: "can usually".
    Typical,
    /// The kind itself is unsure: "may be able to, at worst".
    #[default]
    Unknown,
}

impl Certainty {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Typical => "typical",
            Self::Unknown => "unknown",
        }
    }

    /// How a sentence about the capabilities begins.
    pub fn auxiliary(self) -> &'static str {
        match self {
            Self::Certain => "can",
            Self::Typical => "can usually",
            Self::Unknown => "may be able to",
        }
    }
}

/// In whose name the credential acts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// A person, with all that person's rights.
    Person,
    /// A service account, bot or application.
    Machine,
    /// Not known.
    #[default]
    Unknown,
}

impl Identity {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Machine => "machine",
            Self::Unknown => "unknown",
        }
    }
}

/// What remains after a deletion made with the credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// How long a deletion can be undone, such as "48 h by an e-mailed link"; "none" where it cannot.
    pub window: String,
    /// True when the backups are deleted together with the data.
    #[serde(default)]
    pub takes_backups: bool,
}

/// Everything concluded about what a credential can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// What it can do.
    pub capabilities: CapabilitySet,
    /// How much that applies to.
    pub breadth: Breadth,
    /// How sure we are.
    pub certainty: Certainty,
    /// True when its scope may have been narrowed in ways the value does not show.
    pub narrowing: bool,
    /// In whose name it acts.
    pub identity: Identity,
    /// What remains after a deletion; None where no deletion is possible or nothing is documented.
    pub recovery: Option<Recovery>,
    /// Why we think so.
    pub evidence: Vec<Evidence>,
}

impl Privilege {
    /// The derived blast level.
    pub fn blast(&self) -> Blast {
        Blast::of(self.capabilities, self.breadth)
    }
}
