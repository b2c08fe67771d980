//! Google Cloud service account keys: account and project, which stand in the same JSON object.
//!
//! Source: Google Cloud documentation, "Create and delete service account keys". Status: known. Which
//! roles the account has is not in the file.

use super::fields::field;
use super::words::{environment, shown};
use super::{Reading, Subject, pem};
use crate::privilege::{Breadth, Identity};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let find = |key| field(subject.matched, key).or_else(|| field(subject.block, key));
    let mut reading = pem::inspect(subject);
    if reading.rejected {
        return reading;
    }
    reading = reading.acting_as(Identity::Machine);
    let email = find("client_email").filter(|email| email.contains('@'));
    if let Some(email) = email {
        reading = reading.noting(format!("service account {}", shown(email)));
    }
    // `name@project.iam.gserviceaccount.com` names the project as well.
    let of_email = || {
        email?
            .split_once('@')?
            .1
            .strip_suffix(".iam.gserviceaccount.com")
    };
    if let Some(project) = find("project_id").or_else(of_email) {
        reading = reading
            .noting(format!("project {}", shown(project)))
            .within(Breadth::Project);
        if let Some((environment, word)) = environment(project) {
            reading = reading.placed(environment, format!("its project says `{word}`"));
        }
    }
    match email {
        Some(email)
            if email.ends_with("@appspot.gserviceaccount.com")
                || email.ends_with("-compute@developer.gserviceaccount.com") =>
        {
            reading.noting("a default service account: often editor of its project")
        }
        _ => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sentences, within};
    use super::*;
    use crate::environment::Environment;

    #[test]
    fn account_and_project_are_read_from_the_object() {
        let block = r#"{"type": "service_account", "project_id": "acme-prod-1", "client_email": "ci@acme-prod-1.iam.gserviceaccount.com"}"#;
        let reading = inspect(&within("x", block));
        assert_eq!(
            sentences(&reading),
            "service account ci@acme-prod-1.iam.gserviceaccount.com\nproject acme-prod-1\n"
        );
        assert_eq!(
            reading.environment.map(|judged| judged.value),
            Some(Environment::Production)
        );
        assert_eq!(
            (reading.identity, reading.breadth),
            (Some(Identity::Machine), Some(Breadth::Project))
        );
    }

    #[test]
    fn the_address_alone_names_the_project() {
        let reading = inspect(&within(
            "x",
            "client_email=ci@acme-stg.iam.gserviceaccount.com",
        ));
        assert!(sentences(&reading).contains("project acme-stg"));
    }

    #[test]
    fn nothing_around_it_says_little() {
        assert_eq!(sentences(&inspect(&within("x", "x"))), "");
    }
}
