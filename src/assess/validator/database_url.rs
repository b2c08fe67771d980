//! Connection URLs of databases and queues: who signs in, where, and to what.
//!
//! Source: the connection URI pages of `PostgreSQL`, `MySQL`, `MongoDB` and Redis; the names of administrators
//! as the managed services give them. Status: known. What the user may really do stands in the database.

use super::words::shown;
use super::{Reading, Subject, authority};
use crate::privilege::{Capability as C, Certainty};

/// Users that are superusers as installed.
const SUPERUSERS: &[&str] = &["postgres", "root", "admin", "sa", "rdsadmin"];
/// Users that a managed service gives to the owner: everything but the machine below.
const OWNERS: &[&str] = &["doadmin", "avnadmin", "neondb_owner", "service_role"];
/// Databases whose superuser can start programs or load code.
const RUNS_CODE: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mysql2",
    "mariadb",
    "mssql",
    "sqlserver",
];

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(url) = authority::parse(subject) else {
        return Reading::default();
    };
    let scheme = url.scheme.split('+').next().unwrap_or_default();
    // Supabase's pooler writes the project behind the user: `postgres.abcdef`.
    let user = url.user.split('.').next().unwrap_or_default();
    let named = |list: &[&'static str]| {
        list.iter()
            .find(|known| known.eq_ignore_ascii_case(user))
            .copied()
    };
    let mut reading = Reading::default();
    if authority::reads_only(url.user) || authority::reads_only(below_domain(url.host)) {
        reading = reading
            .able_to(&[C::ReadData], Certainty::Typical)
            .noting("user or host is named as read-only");
    } else if let Some(known) = named(SUPERUSERS) {
        let mut capabilities = vec![C::DeleteData, C::ReadSecrets, C::WriteData, C::ReadData];
        if RUNS_CODE
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme))
        {
            capabilities.push(C::RunCode);
        }
        reading = reading
            .able_to(&capabilities, Certainty::Certain)
            .noting(format!("user `{known}` is a superuser by default"));
    } else if let Some(known) = named(OWNERS) {
        let capabilities = [C::DeleteData, C::ReadSecrets, C::WriteData, C::ReadData];
        reading = reading
            .able_to(&capabilities, Certainty::Certain)
            .noting(format!(
                "user `{known}` administers the database by default"
            ));
    } else if let Some(user) = authority::shown_user(url.user, subject.secret) {
        reading = reading.noting(format!("signs in as {}", shown(&user)));
    }
    authority::located(reading, &url)
}

/// The labels of a host below its registered domain: `ro` may also be a country.
fn below_domain(host: &str) -> &str {
    host.rmatch_indices('.')
        .nth(1)
        .map_or(host.split('.').next().unwrap_or_default(), |(at, _)| {
            host.get(..at).unwrap_or_default()
        })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sentences, within};
    use super::*;
    use crate::environment::Environment;

    fn read(before: &str, after: &str) -> Reading {
        let password = ["S3cr", ":et@", "pass"].concat();
        let password = password.as_str();
        let reading = inspect(&within(password, &format!("{before}:{password}@{after}")));
        assert!(
            !format!("{reading:?}").contains(password),
            "evidence must not hold the password"
        );
        reading
    }

    #[test]
    fn a_superuser_can_do_everything() {
        let reading = read("postgres://postgres", "db.abc.supabase.co:5432/postgres");
        let set = reading.capabilities.expect("a superuser can do things");
        assert!(
            [
                C::DeleteData,
                C::RunCode,
                C::ReadSecrets,
                C::WriteData,
                C::ReadData
            ]
            .into_iter()
            .all(|one| set.contains(one))
        );
        assert_eq!(reading.certainty, Some(Certainty::Certain));
        assert_eq!(
            reading.environment, None,
            "a managed host alone names no environment"
        );
        assert!(
            sentences(&reading).contains("user `postgres` is a superuser")
                && sentences(&reading).contains("managed")
        );
    }

    #[test]
    fn a_superuser_of_a_store_runs_no_code() {
        let set = read("mongodb+srv://root", "cluster0.x.mongodb.net/shop")
            .capabilities
            .expect("a superuser can do things");
        assert!(set.contains(C::DeleteData) && !set.contains(C::RunCode));
    }

    #[test]
    fn readers_only_read() {
        let reads = Some([C::ReadData].into_iter().collect());
        for (before, after) in [
            ("mysql://shop_ro", "h.example/x"),
            ("postgres://app", "shop.cluster-ro-x.eu.rds.amazonaws.com/x"),
            ("redis://a", "db-replica/0"),
        ] {
            assert_eq!(read(before, after).capabilities, reads, "{before} {after}");
        }
        assert_eq!(
            read("postgres://app", "acme.ro/x").capabilities,
            None,
            "a country"
        );
    }

    #[test]
    fn host_and_database_tell_the_environment() {
        let of = |after| {
            read("postgres://app", after)
                .environment
                .map(|judged| judged.value)
        };
        assert_eq!(of("localhost:5432/app"), Some(Environment::Local));
        assert_eq!(of("db:5432/app"), Some(Environment::Local));
        assert_eq!(
            of("db.acme.example/shop_production"),
            Some(Environment::Production)
        );
        assert_eq!(of("stg.acme.example/app"), Some(Environment::Staging));
        assert_eq!(of("db.acme.example/app"), None);
    }

    #[test]
    fn a_plain_user_is_named() {
        assert_eq!(
            sentences(&read("postgres://app", "h.example/x")),
            "signs in as app\n"
        );
        assert_eq!(inspect(&within("x", "no url")), Reading::default());
    }
}
