//! What a credential is said to be for, against what it can do.
//!
//! A token named for domains that can delete volumes is a finding of its own: nobody who saw the
//! name would expect the power. The names are read widely and judged narrowly: drift means a power to
//! destroy, to mint or to pay that the purpose has no use for.

mod known;

use crate::evidence::Evidence;
use crate::finding::Purpose;
use crate::privilege::{Breadth, Capability, CapabilitySet, Privilege};
use crate::rule::key::words;
use known::{DRASTIC, KNOWN, Known, LAYOUT, TOPICS};

/// What stands around a credential and may say what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// The assignment's key as written; empty where there is none.
    pub key: &'a str,
    /// The path as reported.
    pub path: &'a str,
    /// The comment beside it, without its marks; empty where there is none.
    pub comment: &'a str,
    /// The provider's id.
    pub provider: &'a str,
}

/// Reads the purpose that key, file, comment or folder state, and compares it with the power.
///
/// ```
/// use straykey::assess::purpose::{Stated, judge};
/// use straykey::privilege::{Breadth, Capability, Certainty, Identity, Privilege};
/// let privilege = Privilege {
///     capabilities: [Capability::DeleteInfrastructure].into_iter().collect(),
///     breadth: Breadth::Account,
///     certainty: Certainty::Certain,
///     narrowing: false,
///     identity: Identity::Person,
///     recovery: None,
///     evidence: Vec::new(),
/// };
/// let stated = Stated { key: "TOKEN", path: "scripts/add-domains.sh", comment: "", provider: "railway" };
/// let purpose = judge(&stated, &privilege);
/// assert!(purpose.drift);
/// assert_eq!(purpose.evidence[0].as_str(), "made for domains by the name of `scripts/add-domains.sh`");
/// assert_eq!(purpose.evidence[1].as_str(), "it can also delete infrastructure");
/// ```
pub fn judge(stated: &Stated<'_>, privilege: &Privilege) -> Purpose {
    let Some((purposes, whence)) = purposes(stated) else {
        return Purpose::default();
    };
    let name = purposes[0].name;
    let mut evidence = vec![Evidence::new(format!("made for {name} {whence}"))];
    let beyond = if purposes
        .iter()
        .any(|known| known.providers.contains(&stated.provider))
    {
        Vec::new()
    } else {
        beyond(&purposes, privilege)
    };
    if !beyond.is_empty() {
        evidence.push(Evidence::new(format!(
            "it {} also {}",
            privilege.certainty.auxiliary(),
            list(&beyond)
        )));
    }
    Purpose {
        stated: Some(name.to_owned()),
        drift: !beyond.is_empty(),
        evidence,
    }
}

/// The purposes of the nearest place that names one, and that place in words.
fn purposes(stated: &Stated<'_>) -> Option<(Vec<&'static Known>, String)> {
    let own = words(stated.provider);
    // `SENTRY_TOKEN` says whose token it is, not what for.
    let told = |words: Vec<String>| -> Vec<&'static Known> {
        let known = words
            .iter()
            .filter(|word| !own.contains(word))
            .filter_map(|word| of_word(word));
        known.collect()
    };
    let (folder, file) = split(stated.path);
    let by_key = (
        told(words(stated.key)),
        format!("by the name of `{}`", shown(stated.key)),
    );
    let by_file = (
        told(file_words(file)),
        format!("by the name of `{}`", shown(stated.path)),
    );
    let by_comment = (
        told(aims(stated.comment)),
        "by the comment beside it".to_owned(),
    );
    let by_folder = (
        told(folder_words(folder)),
        format!("by the folder `{}`", shown(folder)),
    );
    [by_key, by_file, by_comment, by_folder]
        .into_iter()
        .find(|(purposes, _)| !purposes.is_empty())
}

fn of_word(word: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.words.contains(&word))
}

/// The innermost folder and the file; neither for a variable of the environment.
fn split(path: &str) -> (&str, &str) {
    let path = if path.starts_with("env:") { "" } else { path };
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    (folders.rsplit('/').next().unwrap_or_default(), file)
}

/// The words of the name without its ending; of prose none.
fn file_words(file: &str) -> Vec<String> {
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    if TOPICS
        .iter()
        .any(|topic| ending.eq_ignore_ascii_case(topic))
    {
        Vec::new()
    } else {
        words(stem)
    }
}

fn folder_words(folder: &str) -> Vec<String> {
    let mut words = words(folder);
    words.retain(|word| !LAYOUT.contains(&word.as_str()));
    words
}

/// The words of a comment that follow "for" or "to" closely, or all of a comment of a few words.
fn aims(comment: &str) -> Vec<String> {
    let words = words(comment);
    if words.len() <= 3 {
        return words;
    }
    let aimed = |at: usize| {
        words[at.saturating_sub(5)..at]
            .iter()
            .any(|word| word == "for" || word == "to")
    };
    (0..words.len())
        .filter(|&at| aimed(at))
        .map(|at| words[at].clone())
        .collect()
}

/// The drastic powers that none of the purposes needs, worst first.
fn beyond(purposes: &[&Known], privilege: &Privilege) -> Vec<Capability> {
    let needed: CapabilitySet = purposes
        .iter()
        .flat_map(|known| known.needs)
        .copied()
        .collect();
    let narrow = matches!(privilege.breadth, Breadth::Environment | Breadth::Object);
    let drastic = |capability: &Capability| {
        DRASTIC.contains(capability) && !(narrow && *capability == Capability::DeleteData)
    };
    let surplus = privilege
        .capabilities
        .iter()
        .filter(drastic)
        .filter(|&capability| !needed.contains(capability));
    if privilege.breadth == Breadth::None {
        Vec::new()
    } else {
        surplus.collect()
    }
}

/// "a, b and c", of at most three.
fn list(capabilities: &[Capability]) -> String {
    let verbs: Vec<&str> = capabilities
        .iter()
        .take(3)
        .map(|capability| capability.verb())
        .collect();
    match verbs.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The end of a name, which tells more than its start, in at most 80 printable characters.
fn shown(name: &str) -> String {
    let skipped = name.chars().count().saturating_sub(80);
    let plain = |c: char| if c.is_control() { '?' } else { c };
    name.chars().skip(skipped).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privilege::{Certainty, Identity};
    use Capability as C;

    fn privilege(capabilities: &[Capability], breadth: Breadth) -> Privilege {
        Privilege {
            capabilities: capabilities.iter().copied().collect(),
            breadth,
            certainty: Certainty::Typical,
            narrowing: false,
            identity: Identity::Unknown,
            recovery: None,
            evidence: Vec::new(),
        }
    }

    fn all_powers() -> Privilege {
        privilege(
            &[
                C::DeleteInfrastructure,
                C::DeleteData,
                C::ManageIdentity,
                C::ReadData,
            ],
            Breadth::Account,
        )
    }

    const NOTHING: Stated<'_> = Stated {
        key: "",
        path: "",
        comment: "",
        provider: "acme",
    };

    fn stated(stated: &Stated<'_>) -> Option<String> {
        judge(stated, &all_powers()).stated
    }

    #[test]
    fn a_purpose_is_read_from_the_nearest_name() {
        let full = Stated {
            key: "EMAIL_KEY",
            path: "billing/dns.sh",
            comment: "for the dashboard",
            ..NOTHING
        };
        assert_eq!(stated(&full).as_deref(), Some("email"));
        assert_eq!(
            stated(&Stated { key: "KEY", ..full }).as_deref(),
            Some("domains")
        );
        assert_eq!(
            stated(&Stated {
                key: "KEY",
                path: "billing/x.sh",
                ..full
            })
            .as_deref(),
            Some("reading")
        );
        assert_eq!(
            stated(&Stated {
                key: "",
                path: "billing/x.sh",
                comment: "",
                ..full
            })
            .as_deref(),
            Some("payments")
        );
    }

    #[test]
    fn what_states_no_purpose() {
        assert_eq!(judge(&NOTHING, &all_powers()), Purpose::default());
        for silent in [
            Stated {
                key: "SENTRY_AUTH_TOKEN",
                provider: "sentry",
                ..NOTHING
            },
            Stated {
                path: "assets/index.ts",
                ..NOTHING
            },
            Stated {
                path: "docs/deploy.md",
                ..NOTHING
            },
            Stated {
                path: "env:API_TOKEN",
                ..NOTHING
            },
            Stated {
                comment: "never write this into the logs of the service",
                ..NOTHING
            },
        ] {
            assert_eq!(stated(&silent), None, "{silent:?}");
        }
    }

    #[test]
    fn power_beyond_the_purpose_is_drift() {
        let purpose = judge(
            &Stated {
                key: "DNS_TOKEN",
                ..NOTHING
            },
            &all_powers(),
        );
        assert!(purpose.drift);
        let beyond =
            "it can usually also delete infrastructure, delete data and create more credentials";
        assert_eq!(purpose.evidence[1].as_str(), beyond);
        let reads = privilege(&[C::ReadData, C::WriteData], Breadth::Account);
        assert!(
            !judge(
                &Stated {
                    key: "DNS_TOKEN",
                    ..NOTHING
                },
                &reads
            )
            .drift
        );
    }

    #[test]
    fn power_that_the_purpose_needs_is_none() {
        let pays = privilege(&[C::MoveMoney, C::ReadData], Breadth::Account);
        assert!(
            !judge(
                &Stated {
                    key: "BILLING_KEY",
                    ..NOTHING
                },
                &pays
            )
            .drift
        );
        assert!(
            judge(
                &Stated {
                    key: "NEWSLETTER_KEY",
                    ..NOTHING
                },
                &pays
            )
            .drift
        );
        let both = Stated {
            key: "DNS_BILLING_KEY",
            ..NOTHING
        };
        assert!(!judge(&both, &pays).drift, "either purpose will do");
        let deletes = privilege(&[C::DeleteData], Breadth::Object);
        assert!(
            !judge(
                &Stated {
                    key: "UPLOADS_KEY",
                    ..NOTHING
                },
                &deletes
            )
            .drift,
            "one bucket is its own"
        );
        let public = privilege(&[C::DeleteData], Breadth::None);
        assert!(
            !judge(
                &Stated {
                    key: "UPLOADS_KEY",
                    ..NOTHING
                },
                &public
            )
            .drift
        );
    }

    #[test]
    fn the_business_of_the_provider_is_none() {
        let email = Stated {
            key: "EMAIL_KEY",
            provider: "sendgrid",
            ..NOTHING
        };
        let purpose = judge(&email, &all_powers());
        assert_eq!(
            (purpose.stated.as_deref(), purpose.drift),
            (Some("email"), false)
        );
        assert_eq!(purpose.evidence.len(), 1);
    }
}
