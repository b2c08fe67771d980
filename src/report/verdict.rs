//! The verdict: one line that says how bad it is, and the findings grouped by credential.
//!
//! A token copied into twelve files is one thing to revoke, so people are shown credentials and
//! their places; machines get every finding.

use crate::display::counted;
use crate::environment::Environment;
use crate::finding::Finding;
use crate::lifetime::Lifetime;
use crate::privilege::{Capability, CapabilitySet, Certainty};
use crate::report::Report;
use crate::severity::Band;

/// One credential with every place it lies in.
#[derive(Debug)]
pub(super) struct Credential<'r> {
    /// The worst of its findings.
    pub(super) worst: &'r Finding,
    /// All of its findings, the worst first.
    pub(super) places: Vec<&'r Finding>,
}

/// The credentials of a report, worst first.
pub(super) fn credentials(report: &Report) -> Vec<Credential<'_>> {
    let mut position = std::collections::BTreeMap::new();
    let mut credentials: Vec<Credential<'_>> = Vec::new();
    for finding in report.worst_first() {
        let at = *position
            .entry(finding.credential)
            .or_insert(credentials.len());
        match credentials.get_mut(at) {
            Some(known) => known.places.push(finding),
            None => credentials.push(Credential {
                worst: finding,
                places: vec![finding],
            }),
        }
    }
    credentials
}

/// The worst that a credential can do, worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Harm {
    Destroy,
    TakeOver,
    MoveMoney,
    Join,
    Change,
    Read,
    Use,
    Nothing,
}

impl Harm {
    fn of(capabilities: CapabilitySet) -> Self {
        use Capability as C;
        capabilities
            .iter()
            .map(|capability| match capability {
                C::DeleteInfrastructure | C::DeleteBackups | C::DeleteData => Self::Destroy,
                C::ManageIdentity | C::ReadSecrets | C::RunCode | C::Publish => Self::TakeOver,
                C::MoveMoney => Self::MoveMoney,
                C::JoinNetwork => Self::Join,
                C::WriteData => Self::Change,
                C::ReadData => Self::Read,
                C::Spend | C::SendMessage | C::Unknown => Self::Use,
            })
            .min()
            .unwrap_or(Self::Nothing)
    }

    fn phrase(self, environment: Environment) -> String {
        let place = match environment {
            Environment::Production | Environment::All => "production",
            Environment::Unknown => "what may be production",
            Environment::Staging => "staging",
            Environment::Test => "a test environment",
            Environment::Local => "what runs on this machine",
        };
        match self {
            Self::Destroy => format!("destroy {place}"),
            Self::TakeOver => format!("take over {place}"),
            Self::MoveMoney => format!("move money in {place}"),
            Self::Join => format!("join the network of {place}"),
            Self::Change => format!("change data of {place}"),
            Self::Read => format!("read data of {place}"),
            Self::Use => format!("be used in {place}"),
            Self::Nothing => "do no harm that is known".to_owned(),
        }
    }
}

/// What one finding can do at worst, and where: the smaller, the worse.
fn worst_use(finding: &Finding) -> (Harm, Environment) {
    // A key that works everywhere works in production: for the verdict the two are one.
    let value = finding.environment.value;
    let environment = if value.includes_production() {
        Environment::Production
    } else {
        value
    };
    (Harm::of(finding.privilege.capabilities), environment)
}

/// The verdict, such as "3 credentials here can destroy production".
pub(super) fn headline(report: &Report, credentials: &[Credential<'_>]) -> String {
    let live = |credential: &&Credential<'_>| {
        !matches!(credential.worst.lifetime.value, Lifetime::Expired(_))
    };
    let Some(worst) = credentials.iter().find(live) else {
        return without_a_live_one(report, credentials.len() as u64);
    };
    // Of those in the worst band the worst use speaks: scores in one band are too close to rank deeds.
    let band = worst.worst.severity.band();
    let in_band = credentials
        .iter()
        .filter(live)
        .filter(|credential| credential.worst.severity.band() == band);
    let deed = in_band
        .map(|credential| worst_use(credential.worst))
        .min()
        .unwrap_or_else(|| worst_use(worst.worst));
    let doers = || {
        credentials
            .iter()
            .filter(live)
            .filter(|credential| worst_use(credential.worst) == deed)
    };
    let sure = doers()
        .filter(|credential| credential.worst.privilege.certainty < Certainty::Unknown)
        .count();
    let (number, able) = if sure > 0 {
        (sure, "can")
    } else {
        (doers().count(), "may be able to")
    };
    format!(
        "{} here {able} {}",
        counted(number as u64, "credential"),
        deed.0.phrase(deed.1)
    )
}

fn without_a_live_one(report: &Report, credentials: u64) -> String {
    match (credentials, report.coverage.is_complete()) {
        (0, true) => "no credentials found".to_owned(),
        (0, false) if report.coverage.files == 0 => "nothing was searched".to_owned(),
        (0, false) => {
            "no credentials found in what was searched, and not everything was".to_owned()
        }
        (1, _) => "1 credential here, and it has expired".to_owned(),
        _ => format!(
            "{} here, and all of them have expired",
            counted(credentials, "credential")
        ),
    }
}

/// How many there are of what: "4 credentials in 6 places: 1 critical, 3 low".
pub(super) fn tally(report: &Report, credentials: &[Credential<'_>]) -> String {
    let places = counted(report.findings.len() as u64, "place");
    let bands = Band::ALL.into_iter().map(|band| {
        (
            band,
            credentials
                .iter()
                .filter(|one| one.worst.severity.band() == band)
                .count(),
        )
    });
    let bands: Vec<_> = bands
        .filter(|&(_, count)| count > 0)
        .map(|(band, count)| format!("{count} {}", band.as_str()))
        .collect();
    format!(
        "{} in {places}: {}",
        counted(credentials.len() as u64, "credential"),
        bands.join(", ")
    )
}
