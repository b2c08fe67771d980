//! Which deployment a credential works in.

use serde::{Deserialize, Serialize};

/// The environment a credential works in, worst first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Live customers and data.
    Production,
    /// The credential spans every environment, production among them.
    All,
    /// Nothing tells.
    #[default]
    Unknown,
    /// A rehearsal of production: staging, preview, user acceptance.
    Staging,
    /// The provider's test or sandbox mode.
    Test,
    /// The machine it lies on: localhost, a compose service.
    Local,
}

impl Environment {
    /// Every environment, worst first.
    pub const VALUES: [Self; 6] = [
        Self::Production,
        Self::All,
        Self::Unknown,
        Self::Staging,
        Self::Test,
        Self::Local,
    ];

    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::All => "all",
            Self::Unknown => "unknown",
            Self::Staging => "staging",
            Self::Test => "test",
            Self::Local => "local",
        }
    }

    /// True where production is reached for certain.
    pub fn includes_production(self) -> bool {
        matches!(self, Self::Production | Self::All)
    }
}
