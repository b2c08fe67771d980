//! How long a credential works.

use serde::{Deserialize, Serialize};

/// A time in whole seconds since 1970-01-01T00:00:00Z.
pub type UnixSeconds = i64;

/// One day in seconds.
pub const DAY: i64 = 86_400;

/// How long a credential works, longest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifetime {
    /// This kind does not expire by default.
    LongLived,
    /// Nothing tells.
    #[default]
    Unknown,
    /// The provider caps the life of this kind at so many days.
    Bounded {
        /// Upper bound in days, at least 1.
        days: u32,
    },
    /// The value says when it ends.
    ExpiresAt(UnixSeconds),
    /// This kind lives at most a day.
    ShortLived,
    /// The value says that it has ended.
    Expired(UnixSeconds),
}

impl Lifetime {
    /// An expiry that was read from the value, judged against the present moment.
    pub fn until(expiry: UnixSeconds, now: UnixSeconds) -> Self {
        if expiry <= now {
            Self::Expired(expiry)
        } else {
            Self::ExpiresAt(expiry)
        }
    }

    /// The name in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LongLived => "long-lived",
            Self::Unknown => "unknown",
            Self::Bounded { .. } => "bounded",
            Self::ExpiresAt(_) => "expires",
            Self::ShortLived => "short-lived",
            Self::Expired(_) => "expired",
        }
    }

    /// When it ends or ended, where the value says so.
    pub fn expires_at(self) -> Option<UnixSeconds> {
        match self {
            Self::ExpiresAt(at) | Self::Expired(at) => Some(at),
            _ => None,
        }
    }
}

/// The lifetime a rule states for its kind: `long-lived`, `unknown`, or a cap such as `12h` or `90d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum KindLifetime {
    /// No expiry by default.
    LongLived,
    /// Not documented, or chosen by the user and not visible.
    #[default]
    Unknown,
    /// At most so many hours.
    AtMost {
        /// Hours, at least 1.
        hours: u32,
    },
}

impl From<KindLifetime> for Lifetime {
    fn from(kind: KindLifetime) -> Self {
        match kind {
            KindLifetime::LongLived => Self::LongLived,
            KindLifetime::Unknown => Self::Unknown,
            KindLifetime::AtMost { hours } if hours <= 24 => Self::ShortLived,
            KindLifetime::AtMost { hours } => Self::Bounded {
                days: hours.div_ceil(24),
            },
        }
    }
}

impl TryFrom<String> for KindLifetime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let number = |digits: &str, unit: u32| {
            digits
                .parse::<u32>()
                .ok()
                .filter(|&n| n > 0)
                .and_then(|n| n.checked_mul(unit))
        };
        let cap = || {
            text.strip_suffix('h')
                .and_then(|n| number(n, 1))
                .or_else(|| text.strip_suffix('d').and_then(|n| number(n, 24)))
        };
        match text.as_str() {
            "long-lived" => Ok(Self::LongLived),
            "unknown" => Ok(Self::Unknown),
            _ => cap()
                .map(|hours| Self::AtMost { hours })
                .ok_or_else(|| format!("lifetime `{text}` is not `long-lived`, `unknown`, or a cap such as `12h` or `90d`")),
        }
    }
}

impl From<KindLifetime> for String {
    fn from(kind: KindLifetime) -> Self {
        match kind {
            KindLifetime::LongLived => "long-lived".to_owned(),
            KindLifetime::Unknown => "unknown".to_owned(),
            KindLifetime::AtMost { hours } => format!("{hours}h"),
        }
    }
}
