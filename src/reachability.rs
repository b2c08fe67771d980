//! Who reaches a credential, and what shows it.

use crate::evidence::Evidence;
use std::sync::Arc;

/// How exposed a credential is, widest first. The widest facet wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// Anyone: bundled for the web, published, pushed.
    Public,
    /// Whoever has the repository or an account on this machine.
    Shared,
    /// An agent's file tools.
    Agent,
    /// A shell of this user, though not the agent's file tools.
    Shell,
    /// Behind a rule that the operating system enforces.
    Fenced,
    /// Not this user.
    Unreadable,
}

impl Exposure {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Shared => "shared",
            Self::Agent => "agent",
            Self::Shell => "shell",
            Self::Fenced => "fenced",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One way in which somebody reaches the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Who, such as "an agent's file tools" or "repository readers".
    pub who: &'static str,
    /// How: "yes", "no", "unknown", or a short phrase such as "tracked by git".
    pub how: String,
    /// How exposed the credential is through this facet; None where the facet is unknown or closed.
    pub exposure: Option<Exposure>,
    /// What shows it.
    pub evidence: Evidence,
}

/// Who reaches a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachability {
    /// The widest exposure of all facets.
    pub exposure: Exposure,
    /// Every facet that was examined, widest first. The findings of one file share them.
    pub facets: Arc<[Facet]>,
}

impl Reachability {
    /// Sums up facets. Without any open facet nothing is known, and an agent in the folder is assumed.
    pub fn of(mut facets: Vec<Facet>) -> Self {
        facets.sort_by_key(|facet| facet.exposure.map_or(u8::MAX, |exposure| exposure as u8));
        let exposure = facets
            .iter()
            .find_map(|facet| facet.exposure)
            .unwrap_or(Exposure::Agent);
        Self {
            exposure,
            facets: facets.into(),
        }
    }
}
