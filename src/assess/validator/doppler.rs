//! Doppler service tokens: `dp.st.<config>.<...>` names the config, and so the environment.
//!
//! Source: Doppler documentation, "Service Tokens" (one config each). Status: known. Configs are called
//! `dev`, `stg` and `prd` unless someone renames them; a branch config is `prd_ci`.

use super::words::{environment, shown};
use super::{Reading, Subject};
use crate::privilege::{Breadth, Identity};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let text = std::str::from_utf8(subject.secret).unwrap_or_default();
    let parts: Vec<&str> = text.split('.').take(5).collect();
    let ["dp", "st", config, _] = parts.as_slice() else {
        return Reading::default();
    };
    if config.is_empty() || config.len() > 35 {
        return Reading::default();
    }
    let reading = Reading::default()
        .acting_as(Identity::Machine)
        .within(Breadth::Environment)
        .noting(format!("config {}", shown(config)));
    match environment(config) {
        Some((environment, _)) => {
            reading.placed(environment, format!("its config is `{}`", shown(config)))
        }
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, subject};
    use super::*;
    use crate::environment::Environment;

    #[test]
    fn the_config_is_the_environment() {
        let of = |config: &str| {
            let token = format!("dp.{}.{config}.{}", "st", alphanumeric(1, 43));
            inspect(&subject(token.as_bytes()))
                .environment
                .map(|judged| judged.value)
        };
        assert_eq!(of("prd"), Some(Environment::Production));
        assert_eq!(of("prd_ci"), Some(Environment::Production));
        assert_eq!(of("stg"), Some(Environment::Staging));
        assert_eq!(of("dev_ada"), Some(Environment::Test));
        assert_eq!(of("acme"), None);
    }

    #[test]
    fn other_tokens_say_nothing() {
        let personal = format!("dp.{}.{}", "pt", alphanumeric(1, 43));
        assert_eq!(inspect(&subject(personal.as_bytes())), Reading::default());
        assert_eq!(inspect(&subject(b"dp.st.")), Reading::default());
    }
}
