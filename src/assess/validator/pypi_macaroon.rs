//! `PyPI` tokens: `pypi-` and URL-safe base 64 of a macaroon. Its caveats are JSON arrays: `[0, end,
//! start]`, `[1, [names]]` and `[2, [ids]]` of projects, `[3, user]`, `[4, publisher]`; older tokens
//! have `{"version": 1, "permissions": "user" | {"projects": [...]}}`. Without a project it may publish
//! everything its user owns.
//!
//! Source: read in pypi/warehouse, `macaroons/caveats`; the older form is known. Status: read.

use super::words::shown;
use super::{Reading, Subject, builder, macaroon, radix};
use crate::environment::Environment;
use crate::lifetime::UnixSeconds;
use crate::privilege::{Breadth, Capability, Certainty, Identity};
use serde_json::Value;

/// What the caveats narrow the token to.
#[derive(Default)]
struct Limits {
    projects: Vec<String>,
    bound_to_projects: bool,
    published_by_machine: bool,
    end: Option<UnixSeconds>,
}

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let body = subject
        .secret
        .strip_prefix(b"pypi-")
        .and_then(radix::base64);
    let Some(macaroon) = body.and_then(|bytes| macaroon::parse(&bytes)) else {
        return Reading::default();
    };
    let mut limits = Limits::default();
    for caveat in &macaroon.caveats {
        if let Ok(caveat) = serde_json::from_slice(caveat) {
            limits.add(&caveat);
        }
    }
    let mut reading = Reading::well_formed("a whole macaroon")
        .able_to(&[Capability::Publish], Certainty::Certain);
    reading = match limits.projects.as_slice() {
        [] if limits.bound_to_projects => reading
            .within(Breadth::Project)
            .noting("its caveats bind it to named projects"),
        [] => reading
            .within(Breadth::Account)
            .noting("no caveat binds it to a project: it publishes everything its user owns"),
        names => reading
            .within(Breadth::Project)
            .noting(format!("bound to {}", shown(&names.join(", ")))),
    };
    if limits.published_by_machine {
        reading = reading
            .acting_as(Identity::Machine)
            .noting("made by a trusted publisher");
    }
    if macaroon.location.starts_with("test.") {
        reading = reading.placed(Environment::Test, "made by TestPyPI");
    }
    match limits.end {
        Some(end) => reading.expiring(end, subject.now, builder::until("its expiry caveat", end)),
        None => reading.unending("no caveat ends it"),
    }
}

impl Limits {
    fn add(&mut self, caveat: &Value) {
        if let Some(projects) = caveat
            .pointer("/permissions/projects")
            .and_then(Value::as_array)
        {
            self.bound_to_projects = true;
            self.projects
                .extend(projects.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        let second = caveat.get(1);
        match caveat.get(0).and_then(Value::as_u64) {
            Some(0) => {
                let end = second.and_then(Value::as_i64);
                self.end = self.end.into_iter().chain(end).min();
            }
            Some(1 | 2) => {
                self.bound_to_projects = true;
                let names = second.and_then(Value::as_array).into_iter().flatten();
                self.projects.extend(
                    names
                        .filter_map(Value::as_str)
                        .filter(|name| name.len() < 36)
                        .map(str::to_owned),
                );
            }
            Some(4) => self.published_by_machine = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn read(location: &str, caveats: &[&str]) -> Reading {
        let body = data_encoding::BASE64URL_NOPAD.encode(&macaroon::macaroon(location, caveats));
        inspect(&subject(format!("py{}-{body}", "pi").as_bytes()))
    }

    #[test]
    fn without_a_project_it_reaches_the_account() {
        for caveats in [
            &["[3, \"0000\"]"][..],
            &["{\"version\": 1, \"permissions\": \"user\"}"],
            &[],
        ] {
            assert_eq!(read("pypi.org", caveats).breadth, Some(Breadth::Account));
        }
    }

    #[test]
    fn projects_narrow_it() {
        for caveat in [
            "[1, [\"left-pad\"]]",
            "{\"version\": 1, \"permissions\": {\"projects\": [\"left-pad\"]}}",
        ] {
            let reading = read("pypi.org", &[caveat]);
            assert_eq!(reading.breadth, Some(Breadth::Project));
            assert!(sentences(&reading).contains("left-pad"));
        }
    }

    #[test]
    fn the_earliest_end_counts() {
        let (early, late) = (
            format!("[0, {}, 1]", NOW - 5),
            format!("[0, {}, 1]", NOW + 5),
        );
        assert_eq!(
            validity(read("pypi.org", &[&late, &early])),
            Some(Validity::Expired)
        );
        assert_eq!(
            validity(read("pypi.org", &[&late])),
            Some(Validity::WellFormed)
        );
    }

    #[test]
    fn the_test_index_is_a_test() {
        assert_eq!(
            read("test.pypi.org", &[])
                .environment
                .map(|judged| judged.value),
            Some(Environment::Test)
        );
        assert_eq!(inspect(&subject(b"pypi-AgEI")), Reading::default());
    }
}
