//! How bad a finding is: the score and its bands.
//!
//! The score is kept in tenths so that it can be compared and sorted exactly.

use serde::{Deserialize, Serialize};

/// How sure we are that a match is a credential at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A generic assignment whose value looks like a credential, or a failed checksum.
    Low,
    /// A value of the provider's shape tied to the provider by its key, host, header or section.
    Medium,
    /// A distinctive format.
    High,
}

impl Confidence {
    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A score from 0.0 to 10.0, in tenths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// Rounds to a tenth and clamps. Never 9.0 exactly: code scanning calls a finding critical when
    /// it is *over* 9.0, and a value on that edge would be read either way.
    pub fn new(points: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=100 first"
        )]
        let tenths = (points * 10.0).round().clamp(0.0, 100.0) as u8;
        Self(if tenths == 90 { 91 } else { tenths })
    }

    /// From 0.0 to 10.0.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10.0
    }

    /// The band it falls into.
    pub fn band(self) -> Band {
        match self.0 {
            91.. => Band::Critical,
            70..=90 => Band::High,
            40..=69 => Band::Medium,
            _ => Band::Low,
        }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// The severity band, worst first. The cut points are those of GitHub code scanning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// Over 9.0.
    Critical,
    /// 7.0 to 9.0.
    High,
    /// 4.0 to 6.9.
    Medium,
    /// Below 4.0.
    Low,
}

impl Band {
    /// Every band, worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// The score and the four factors it is the product of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Severity {
    /// The product of the factors.
    pub score: Score,
    /// 0 to 10: how bad the worst use is.
    pub privilege: f64,
    /// 0 to 1.
    pub environment: f64,
    /// 0 to 1.
    pub lifetime: f64,
    /// 0 to 1.
    pub exposure: f64,
}

impl Severity {
    /// The band of the score.
    pub fn band(&self) -> Band {
        self.score.band()
    }
}
