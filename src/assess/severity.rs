//! The one table of severity: four factors, one product.
//!
//! It is separate from the values it multiplies so that a reader finds every number of the score on
//! one screen, and so that no rule, probe or format can weigh a finding in its own way.

use crate::environment::Environment;
use crate::lifetime::{DAY, Lifetime, UnixSeconds};
use crate::privilege::{Blast, Certainty, Privilege};
use crate::reachability::Exposure;
use crate::severity::{Score, Severity};

/// The most that a finding can score while its kind is a guess: the top of the medium band.
const GUESS: f64 = 6.9;

/// Lifts a product such as 8.5499… back over the half it stands for; far below a tenth.
const ROUNDING: f64 = 1e-9;

/// Weighs what a credential can do by where, how long and by whom it can be used.
///
/// The cap for an unsure kind applies to the score alone, so the factors still tell the worst case.
pub fn severity(
    privilege: &Privilege,
    environment: Environment,
    lifetime: Lifetime,
    exposure: Exposure,
    now: UnixSeconds,
) -> Severity {
    let points = points(privilege);
    let environment = environment_factor(environment);
    let lifetime = lifetime_factor(lifetime, now);
    let exposure = exposure_factor(exposure);
    let product = points * environment * lifetime * exposure + ROUNDING;
    let score = match privilege.certainty {
        Certainty::Unknown => Score::new(product.min(GUESS)),
        Certainty::Certain | Certainty::Typical => Score::new(product),
    };
    Severity {
        score,
        privilege: points,
        environment,
        lifetime,
        exposure,
    }
}

/// 0 to 10. A scope that may have been narrowed unseen takes one point off what the kind can usually do.
fn points(privilege: &Privilege) -> f64 {
    let points: f64 = match privilege.blast() {
        Blast::Critical => 10.0,
        Blast::Severe => 9.0,
        Blast::Serious => 6.5,
        Blast::Limited => 4.5,
        Blast::Minor => 2.0,
        Blast::Public => 0.5,
    };
    let narrowed = privilege.narrowing && privilege.certainty == Certainty::Typical;
    if narrowed {
        (points - 1.0).max(0.0)
    } else {
        points
    }
}

fn environment_factor(environment: Environment) -> f64 {
    match environment {
        Environment::Production | Environment::All => 1.0,
        Environment::Unknown => 0.85,
        Environment::Staging => 0.7,
        Environment::Test | Environment::Local => 0.35,
    }
}

fn lifetime_factor(lifetime: Lifetime, now: UnixSeconds) -> f64 {
    match lifetime {
        Lifetime::LongLived => 1.0,
        Lifetime::Unknown => 0.95,
        Lifetime::Bounded { days } => remaining_factor(i64::from(days) * DAY),
        Lifetime::ExpiresAt(at) => remaining_factor(at.saturating_sub(now)),
        Lifetime::ShortLived => 0.5,
        Lifetime::Expired(_) => 0.1,
    }
}

/// By the seconds that are left. None left is expired, whoever read the expiry, and when.
fn remaining_factor(seconds: i64) -> f64 {
    match seconds {
        ..=0 => 0.1,
        _ if seconds <= DAY => 0.5,
        _ if seconds <= 90 * DAY => 0.85,
        _ if seconds <= 366 * DAY => 0.9,
        _ => 1.0,
    }
}

fn exposure_factor(exposure: Exposure) -> f64 {
    match exposure {
        Exposure::Public | Exposure::Shared => 1.0,
        Exposure::Agent => 0.95,
        Exposure::Shell => 0.9,
        Exposure::Fenced => 0.4,
        Exposure::Unreadable => 0.1,
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "factors are constants, handed through unchanged"
)]
mod tests {
    use super::*;
    use crate::privilege::{Breadth, Capability as C, Identity};

    const NOW: UnixSeconds = 1_800_000_000;

    fn privilege(
        capability: C,
        breadth: Breadth,
        certainty: Certainty,
        narrowing: bool,
    ) -> Privilege {
        Privilege {
            capabilities: [capability].into_iter().collect(),
            breadth,
            certainty,
            narrowing,
            identity: Identity::Unknown,
            recovery: None,
            evidence: Vec::new(),
        }
    }

    #[test]
    fn the_worked_examples() {
        use Breadth::{Account, Environment as OneEnvironment, None as Nothing, Object, Project};
        use Certainty::{Certain, Typical, Unknown as Guess};
        use Environment::{All, Local, Production, Test, Unknown};
        use Exposure::{Agent, Shared, Shell};
        let bounded = Lifetime::Bounded { days: 90 };
        let (long, unsaid) = (Lifetime::LongLived, Lifetime::Unknown);
        let (short, gone) = (Lifetime::ShortLived, Lifetime::Expired(NOW - 1));
        let railway = privilege(C::DeleteInfrastructure, Account, Certain, false);
        let bare_uuid = privilege(C::DeleteInfrastructure, Account, Guess, false);
        let railway_project = privilege(C::DeleteInfrastructure, OneEnvironment, Certain, false);
        let stripe = privilege(C::MoveMoney, Account, Certain, false);
        let github = privilege(C::DeleteData, Account, Typical, true);
        let github_app = privilege(C::DeleteData, Project, Certain, false);
        let aws = privilege(C::ManageIdentity, Account, Typical, true);
        let postgres = privilege(C::DeleteData, Project, Typical, true);
        let superuser = privilege(C::DeleteData, Project, Certain, false);
        let service_role = privilege(C::DeleteData, Project, Certain, false);
        let anon = privilege(C::ReadData, Nothing, Certain, false);
        let openai = privilege(C::Spend, Project, Certain, false);
        let openai_admin = privilege(C::ManageIdentity, Account, Certain, false);
        let slack = privilege(C::SendMessage, Object, Certain, false);
        let npm = privilege(C::Publish, Project, Certain, false);
        // name, privilege, its points, environment, lifetime, exposure, score, band
        #[rustfmt::skip]
        let rows = [
            ("Railway account token", &railway, 10.0, All, long, Agent, "9.5", "critical"),
            ("bare UUID near railway", &bare_uuid, 10.0, All, long, Agent, "6.9", "medium"),
            ("Railway project token", &railway_project, 9.0, Production, long, Agent, "8.6", "high"),
            ("Stripe live key in HEAD", &stripe, 10.0, Production, long, Shared, "10.0", "critical"),
            ("Stripe test key in HEAD", &stripe, 10.0, Test, long, Shared, "3.5", "low"),
            ("GitHub classic token", &github, 9.0, All, unsaid, Agent, "8.1", "high"),
            ("new GitHub app token", &github_app, 9.0, All, short, Agent, "4.3", "medium"),
            ("the same, ended", &github_app, 9.0, All, gone, Agent, "0.9", "low"),
            ("AWS key of [default]", &aws, 9.0, Unknown, long, Shell, "6.9", "medium"),
            ("AWS key of [prod]", &aws, 9.0, Production, long, Shell, "8.1", "high"),
            ("postgres at localhost", &postgres, 8.0, Local, unsaid, Agent, "2.5", "low"),
            ("postgres at RDS", &superuser, 9.0, Production, unsaid, Agent, "8.1", "high"),
            ("Supabase service_role", &service_role, 9.0, Unknown, long, Agent, "7.3", "high"),
            ("Supabase anon", &anon, 0.5, Unknown, long, Agent, "0.4", "low"),
            ("OpenAI project key", &openai, 4.5, Production, unsaid, Agent, "4.1", "medium"),
            ("OpenAI admin key", &openai_admin, 10.0, Production, unsaid, Agent, "9.1", "critical"),
            ("Slack webhook", &slack, 4.5, Unknown, long, Agent, "3.6", "low"),
            ("npm write token", &npm, 9.0, Production, bounded, Agent, "7.3", "high"),
        ];
        for (name, privilege, points, environment, lifetime, exposure, score, band) in rows {
            let severity = severity(privilege, environment, lifetime, exposure, NOW);
            let got = (
                severity.privilege,
                severity.score.to_string(),
                severity.band().as_str(),
            );
            assert_eq!(got, (points, score.to_owned(), band), "{name}");
        }
    }

    #[test]
    fn the_time_that_is_left_counts() {
        let factor = |lifetime| lifetime_factor(lifetime, NOW);
        assert_eq!(factor(Lifetime::ExpiresAt(NOW + 400 * DAY)), 1.0);
        assert_eq!(factor(Lifetime::ExpiresAt(NOW + 366 * DAY)), 0.9);
        assert_eq!(factor(Lifetime::Bounded { days: 91 }), 0.9);
        assert_eq!(factor(Lifetime::ExpiresAt(NOW + 90 * DAY)), 0.85);
        assert_eq!(factor(Lifetime::ExpiresAt(NOW + DAY)), 0.5);
        assert_eq!(factor(Lifetime::ExpiresAt(NOW)), 0.1, "it ends now");
        assert_eq!(
            lifetime_factor(Lifetime::ExpiresAt(i64::MIN), i64::MAX),
            0.1,
            "no overflow"
        );
    }
}
