//! In which environment a credential works, judged from what it says and what stands around it.
//!
//! What the value or its kind says is decisive: a key made for test mode stays one in a file named
//! `.env.production`. Everything else is a clue by name (`names`, `block`), and where two clues
//! disagree the more dangerous one is believed, because only one of the two mistakes costs data.

mod block;
mod host;
mod names;

use crate::environment::Environment;
use crate::evidence::{Evidence, Judged};

/// How many further clues are told beside the first.
const MAX_CLUES: usize = 4;

/// What there is to judge by.
#[derive(Clone, Copy, Debug)]
pub struct Clues<'a> {
    /// What the value itself says; None where nothing reads it.
    pub token: Option<&'a Judged<Environment>>,
    /// What the kind says, from the rule's record.
    pub kind: Environment,
    /// The text around the match, at most a few kilobytes. May hold the credential.
    pub block: &'a str,
    /// The path as reported.
    pub path: &'a str,
    /// The assignment's key as written; empty where there is none.
    pub key: &'a str,
    /// The names of what encloses the value, innermost first.
    pub sections: &'a [String],
}

/// One name that tells an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clue {
    environment: Environment,
    because: String,
}

impl Clue {
    fn new(environment: Environment, what: &str) -> Self {
        Self {
            environment,
            because: format!("{what} says {}", environment.as_str()),
        }
    }
}

/// Judges the environment; every conclusion but "unknown" has evidence, the most decisive first.
///
/// ```
/// use straykey::assess::environment::{Clues, judge};
/// use straykey::environment::Environment;
/// let clues = Clues {
///     token: None,
///     kind: Environment::Unknown,
///     block: "",
///     path: "app/.env.production",
///     key: "API_KEY",
///     sections: &[],
/// };
/// let judged = judge(&clues);
/// assert_eq!(judged.value, Environment::Production);
/// assert_eq!(judged.evidence[0].as_str(), "file name `.env.production` says production");
/// ```
pub fn judge(clues: &Clues<'_>) -> Judged<Environment> {
    let names = named(clues);
    match decisive(clues) {
        Some(judged) => beside(judged, &names),
        None => by_name(names),
    }
}

/// What the token says, else its kind.
fn decisive(clues: &Clues<'_>) -> Option<Judged<Environment>> {
    let token = clues
        .token
        .filter(|judged| judged.value != Environment::Unknown);
    token.cloned().or_else(|| {
        let because = match clues.kind {
            Environment::Unknown => return None,
            Environment::All => "this kind of token works in every environment",
            Environment::Production => "this kind of token works in production",
            Environment::Staging => "this kind of token works in staging",
            Environment::Test => "this kind of token works in test mode only",
            Environment::Local => "this kind of token works on this machine only",
        };
        Some(Judged::new(clues.kind, because))
    })
}

/// Lists the names that disagree with a decisive value, which they do not change: `all` is more
/// dangerous than any part of it that a name could tell, production included.
fn beside(mut judged: Judged<Environment>, names: &[Clue]) -> Judged<Environment> {
    let others = names
        .iter()
        .filter(|clue| clue.environment != judged.value)
        .take(MAX_CLUES);
    judged
        .evidence
        .extend(others.map(|clue| Evidence::new(clue.because.clone())));
    judged
}

/// The most dangerous name wins, and the evidence begins with it; of equals the nearest is first.
fn by_name(mut names: Vec<Clue>) -> Judged<Environment> {
    names.sort_by_key(|clue| clue.environment);
    let value = names
        .first()
        .map_or(Environment::Unknown, |clue| clue.environment);
    let evidence = names
        .into_iter()
        .take(MAX_CLUES)
        .map(|clue| Evidence::new(clue.because));
    Judged {
        value,
        evidence: evidence.collect(),
    }
}

/// Every name that tells one, nearest first.
fn named(clues: &Clues<'_>) -> Vec<Clue> {
    let mut found = block::clues(clues.block, clues.key);
    found.extend(names::file(clues.path));
    found.extend(names::key(clues.key));
    found.extend(names::section(clues.sections));
    found.extend(names::directory(clues.path));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use Environment::{All, Local, Production, Staging, Test, Unknown};

    const NOTHING: Clues<'_> = Clues {
        token: None,
        kind: Unknown,
        block: "",
        path: "",
        key: "",
        sections: &[],
    };

    fn sentences(judged: &Judged<Environment>) -> Vec<&str> {
        judged.evidence.iter().map(Evidence::as_str).collect()
    }

    #[test]
    fn nothing_tells_nothing() {
        assert_eq!(judge(&NOTHING), Judged::default());
    }

    #[test]
    fn the_token_decides() {
        let token = Judged::new(Test, "prefix means test mode");
        let judged = judge(&Clues {
            token: Some(&token),
            path: ".env.production",
            ..NOTHING
        });
        assert_eq!(judged.value, Test);
        let both = [
            "prefix means test mode",
            "file name `.env.production` says production",
        ];
        assert_eq!(sentences(&judged), both);
        let silent = Judged::default();
        let judged = judge(&Clues {
            token: Some(&silent),
            kind: Production,
            ..NOTHING
        });
        assert_eq!(judged.value, Production);
    }

    #[test]
    fn a_kind_that_spans_environments_stays_so_beside_a_name() {
        let judged = judge(&Clues {
            kind: All,
            key: "RAILWAY_STAGING_TOKEN",
            ..NOTHING
        });
        assert_eq!(judged.value, All);
        let key = "key `RAILWAY_STAGING_TOKEN` says staging";
        assert_eq!(
            sentences(&judged),
            ["this kind of token works in every environment", key]
        );
    }

    #[test]
    fn of_two_names_the_more_dangerous_wins() {
        let clues = Clues {
            path: "environments/prod/.env.local",
            key: "STAGING_DB_URL",
            ..NOTHING
        };
        let judged = judge(&clues);
        assert_eq!(judged.value, Production);
        let all = [
            "folder `prod` says production",
            "key `STAGING_DB_URL` says staging",
            "file name `.env.local` says local",
        ];
        assert_eq!(sentences(&judged), all);
    }

    #[test]
    fn the_nearest_of_equal_names_comes_first() {
        let sections = ["production".to_owned()];
        let block = "production:\n  url: https://db.prod.example.com/x\n  password: y";
        let clues = Clues {
            block,
            key: "password",
            sections: &sections,
            ..NOTHING
        };
        let judged = judge(&clues);
        assert_eq!(judged.value, Production);
        let host = "host `db.prod.example.com` in the same block says production";
        assert_eq!(
            sentences(&judged),
            [host, "section `production` says production"]
        );
    }

    #[test]
    fn a_folder_of_tests_says_test() {
        assert_eq!(
            judge(&Clues {
                path: "tests/data/key.json",
                ..NOTHING
            })
            .value,
            Test
        );
        assert_eq!(
            judge(&Clues {
                path: "src/product/live/key.rs",
                ..NOTHING
            })
            .value,
            Unknown
        );
        assert_eq!(
            judge(&Clues {
                path: "compose.local.yml",
                ..NOTHING
            })
            .value,
            Local
        );
        assert_eq!(
            judge(&Clues {
                key: "stagingKey",
                ..NOTHING
            })
            .value,
            Staging
        );
    }
}
