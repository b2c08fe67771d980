//! Shorthand to fill in a [`Reading`]: the inspectors that read more than a checksum share it.

use super::{Reading, timestamp};
use crate::environment::Environment;
use crate::evidence::{Evidence, Judged};
use crate::lifetime::{Lifetime, UnixSeconds};
use crate::privilege::{Breadth, Capability, Certainty, Identity};

impl Reading {
    /// Says what it can do.
    #[must_use]
    pub(super) fn able_to(mut self, capabilities: &[Capability], certainty: Certainty) -> Self {
        self.capabilities = Some(capabilities.iter().copied().collect());
        self.certainty = Some(certainty);
        self
    }

    /// Says how much that applies to.
    #[must_use]
    pub(super) fn within(mut self, breadth: Breadth) -> Self {
        self.breadth = Some(breadth);
        self
    }

    /// Says in whose name it acts.
    #[must_use]
    pub(super) fn acting_as(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Names the environment, unless a worse one was named before: both then stay as evidence.
    #[must_use]
    pub(super) fn placed(
        mut self,
        environment: Environment,
        because: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        match &mut self.environment {
            Some(known) if known.value < environment => known.evidence.push(Evidence::new(because)),
            known => {
                let mut judged = Judged::new(environment, because);
                judged.evidence.extend(
                    known
                        .take()
                        .map(|before| before.evidence)
                        .unwrap_or_default(),
                );
                *known = Some(judged);
            }
        }
        self
    }

    /// Says that nothing in the value ends it.
    #[must_use]
    pub(super) fn unending(mut self, because: &'static str) -> Self {
        self.lifetime = Some(Judged::new(Lifetime::LongLived, because));
        self
    }
}

/// The sentence on an expiry: `its "exp" claim says 2026-01-31`.
pub(super) fn until(what: &str, at: UnixSeconds) -> String {
    format!("{what} says {}", timestamp::day(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_environment_comes_first_and_the_other_stays_as_evidence() {
        for order in [
            [Environment::Production, Environment::Local],
            [Environment::Local, Environment::Production],
        ] {
            let reading = order.into_iter().fold(Reading::default(), |reading, at| {
                reading.placed(at, at.as_str())
            });
            let judged = reading.environment.expect("an environment was named");
            assert_eq!(judged.value, Environment::Production);
            assert_eq!(
                judged
                    .evidence
                    .iter()
                    .map(Evidence::as_str)
                    .collect::<Vec<_>>(),
                ["production", "local"]
            );
        }
    }
}
