//! Offline checks and readers: what one value says about itself.
//!
//! Each file holds one: a pure function from the bytes to a [`Reading`]. No network, no clock (the
//! present moment comes in), no state. A rule names the ones it wants as `validator` and `decoder`;
//! [`find`] looks them up, so adding one is a file and a line in [`ALL`].

mod algolia;
mod armor;
mod atlassian_crc;
mod authority;
mod aws_account;
mod azure_connection;
mod azure_devops_pat;
mod azure_key;
mod azure_sas;
mod basic_auth;
mod bech32;
mod bedrock;
mod builder;
mod claims;
mod cloudflare_crc;
mod confluent_crc;
mod crc;
mod database_url;
mod der;
mod discord;
mod doppler;
mod entra_secret;
mod fields;
mod fly_macaroon;
mod gcp_service_account;
mod github_crc;
mod gitlab_routable;
mod grafana_crc;
mod grafana_json;
mod json_part;
mod jwt;
mod k8s_jwt;
mod kubeconfig;
mod macaroon;
mod mailchimp;
mod mapbox;
mod marvin32;
mod msgpack;
mod nats;
mod onepassword;
mod openssh;
mod pem;
mod pypi_macaroon;
mod query;
mod radix;
#[cfg(test)]
mod sample;
mod sentry;
mod slack;
mod snyk;
mod supabase_jwt;
mod telegram;
mod timestamp;
mod turso_jwt;
pub(crate) mod words;
mod x509;
mod zuplo_crc;

use crate::environment::Environment;
use crate::evidence::{Evidence, Judged};
use crate::finding::Validity;
use crate::lifetime::{Lifetime, UnixSeconds};
use crate::privilege::{Breadth, CapabilitySet, Certainty, Identity};
use std::borrow::Cow;

/// What an inspector may look at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The credential.
    pub secret: &'a [u8],
    /// The whole match of the rule, which may reach beyond the credential: a URL around its password.
    pub matched: &'a [u8],
    /// The text around the match, at most a few kilobytes: the JSON object, the lines of the block.
    pub block: &'a [u8],
    /// The present moment.
    pub now: UnixSeconds,
}

/// What an inspector read. Everything that is None stays as the rule's record says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Checksum or structure. [`Validity::ChecksumFailed`] demotes the finding to low confidence.
    pub validity: Option<Judged<Validity>>,
    /// What it can do, replacing the kind's capabilities.
    pub capabilities: Option<CapabilitySet>,
    /// How much that applies to, replacing the kind's breadth.
    pub breadth: Option<Breadth>,
    /// How sure the two above are.
    pub certainty: Option<Certainty>,
    /// In whose name it acts.
    pub identity: Option<Identity>,
    /// The environment that the value itself names.
    pub environment: Option<Judged<Environment>>,
    /// The lifetime that the value itself states.
    pub lifetime: Option<Judged<Lifetime>>,
    /// Sentences on privilege and identity: account, project, scopes, user. Never the secret part.
    pub evidence: Vec<Evidence>,
    /// True when the bytes cannot be this kind at all: the match is dropped.
    pub rejected: bool,
}

impl Reading {
    /// The checksum is right.
    pub fn checksum_ok(because: impl Into<Cow<'static, str>>) -> Self {
        Self {
            validity: Some(Judged::new(Validity::ChecksumOk, because)),
            ..Self::default()
        }
    }

    /// The checksum is wrong.
    pub fn checksum_failed(because: impl Into<Cow<'static, str>>) -> Self {
        Self {
            validity: Some(Judged::new(Validity::ChecksumFailed, because)),
            ..Self::default()
        }
    }

    /// The structure is right.
    pub fn well_formed(because: impl Into<Cow<'static, str>>) -> Self {
        Self {
            validity: Some(Judged::new(Validity::WellFormed, because)),
            ..Self::default()
        }
    }

    /// The bytes cannot be this kind.
    pub fn rejected() -> Self {
        Self {
            rejected: true,
            ..Self::default()
        }
    }

    /// Adds a sentence on privilege or identity.
    #[must_use]
    pub fn noting(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.evidence.push(Evidence::new(sentence));
        self
    }

    /// Adds an expiry that was read from the value; one that has passed also ends its validity.
    #[must_use]
    pub fn expiring(
        mut self,
        at: UnixSeconds,
        now: UnixSeconds,
        because: impl Into<Cow<'static, str>>,
    ) -> Self {
        let lifetime = Judged::new(Lifetime::until(at, now), because);
        if let Lifetime::Expired(_) = lifetime.value {
            self.validity = Some(Judged {
                value: Validity::Expired,
                evidence: lifetime.evidence.clone(),
            });
        }
        self.lifetime = Some(lifetime);
        self
    }
}

/// An offline check or reader.
pub type Inspector = fn(&Subject<'_>) -> Reading;

/// Every inspector by the name that rules use, sorted.
pub const ALL: &[(&str, Inspector)] = &[
    ("algolia", algolia::inspect),
    ("atlassian-crc", atlassian_crc::inspect),
    ("aws-account", aws_account::inspect),
    ("azure-connection", azure_connection::inspect),
    ("azure-devops-pat", azure_devops_pat::inspect),
    ("azure-key", azure_key::inspect),
    ("azure-sas", azure_sas::inspect),
    ("basic-auth", basic_auth::inspect),
    ("bech32", bech32::inspect),
    ("bedrock", bedrock::inspect),
    ("cloudflare-crc", cloudflare_crc::inspect),
    ("confluent-crc", confluent_crc::inspect),
    ("database-url", database_url::inspect),
    ("discord", discord::inspect),
    ("doppler", doppler::inspect),
    ("entra-secret", entra_secret::inspect),
    ("fly-macaroon", fly_macaroon::inspect),
    ("gcp-service-account", gcp_service_account::inspect),
    ("github-crc", github_crc::inspect),
    ("gitlab-routable", gitlab_routable::inspect),
    ("grafana-crc", grafana_crc::inspect),
    ("grafana-json", grafana_json::inspect),
    ("jwt", jwt::inspect),
    ("k8s-jwt", k8s_jwt::inspect),
    ("kubeconfig", kubeconfig::inspect),
    ("mailchimp", mailchimp::inspect),
    ("mapbox", mapbox::inspect),
    ("nats", nats::inspect),
    ("onepassword", onepassword::inspect),
    ("openssh", openssh::inspect),
    ("pem", pem::inspect),
    ("pypi-macaroon", pypi_macaroon::inspect),
    ("sentry", sentry::inspect),
    ("slack", slack::inspect),
    ("snyk", snyk::inspect),
    ("supabase-jwt", supabase_jwt::inspect),
    ("telegram", telegram::inspect),
    ("turso-jwt", turso_jwt::inspect),
    ("zuplo-crc", zuplo_crc::inspect),
];

/// The inspector of that name.
pub fn find(name: &str) -> Option<Inspector> {
    ALL.binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()
        .map(|at| ALL[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(ALL.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn nothing_panics_or_shows_the_secret() {
        let claims = claims::token(
            &serde_json::json!({"alg": "HS256"}),
            &serde_json::json!({"iat": 1}),
        );
        let dashes = "-".repeat(5);
        let shells = [
            String::new(),
            format!("{dashes}BEGIN PRIVATE KEY{dashes}\\n"),
            "postgres://postgres:".to_owned(),
            "client-certificate-data: LS0t".to_owned(),
            "sv=1&sp=r&se=9999-12-31&sig=".to_owned(),
            format!("{claims}."),
        ];
        for seed in 0..60 {
            let body = sample::alphanumeric(seed, seed as usize * 2);
            for (shell, raw) in shells
                .iter()
                .flat_map(|shell| [(shell, false), (shell, true)])
            {
                let secret = if raw {
                    sample::noise(seed, seed as usize * 3)
                } else {
                    body.clone().into_bytes()
                };
                let text = [shell.as_bytes(), &secret, b"@host:1/x \"-----END"].concat();
                for now in [i64::MIN, 0, i64::MAX] {
                    for secret in [&secret[..], &text[..]] {
                        for (name, inspect) in ALL {
                            let reading = inspect(&Subject {
                                secret,
                                matched: &text,
                                block: &text,
                                now,
                            });
                            let shown = format!("{reading:?}");
                            assert!(
                                body.len() < 40 || !shown.contains(&body),
                                "{name} shows {shown}"
                            );
                        }
                    }
                }
            }
        }
    }
}
