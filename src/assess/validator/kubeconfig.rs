//! Kubeconfig files: cluster, context and namespace around the credential, and the client certificate,
//! whose subject is the user (CN) and the groups (O): `system:masters` is cluster admin.
//!
//! Source: Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files" and
//! "Authenticating" (X.509 client certificates). Status: known.

use super::fields::field;
use super::words::{environment, mentions, shown};
use super::{Reading, Subject, armor, authority, builder, claims, k8s_jwt, radix, x509};
use crate::environment::Environment;
use crate::privilege::{Breadth, Capability as C, Certainty};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let find = |key| field(subject.block, key).or_else(|| field(subject.matched, key));
    let mut reading = match claims::parse(subject.secret) {
        Some(claims) if claims.readable() => k8s_jwt::judge(&claims, claims.reading(subject)),
        _ => certificate(subject).unwrap_or_default(),
    };
    if let Some(server) = find("server") {
        reading = at_server(reading, server);
    }
    for (key, label) in [
        ("current-context", "context"),
        ("namespace", "namespace"),
        ("cluster", "cluster"),
    ] {
        let Some(name) = find(key).filter(|name| name.as_bytes() != subject.secret) else {
            continue;
        };
        reading = reading.noting(format!("{label} {}", shown(name)));
        if mentions(name, &["minikube", "kind", "k3d", "desktop"]) {
            reading = reading.placed(
                Environment::Local,
                format!("its {label} is one of a cluster on this machine"),
            );
        } else if let Some((environment, word)) = environment(name) {
            reading = reading.placed(environment, format!("its {label} says `{word}`"));
        }
    }
    reading
}

fn at_server(reading: Reading, server: &str) -> Reading {
    let host = server.split("://").last().unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let reading = reading.noting(format!("server {}", shown(host)));
    if authority::is_loopback(host) {
        reading.placed(
            Environment::Local,
            format!("server {} is this machine", shown(host)),
        )
    } else if let Some((environment, word)) = environment(host) {
        reading.placed(environment, format!("its server says `{word}`"))
    } else {
        reading
    }
}

/// What the client certificate beside a client key says.
fn certificate(subject: &Subject<'_>) -> Option<Reading> {
    let bytes = radix::base64(field(subject.block, "client-certificate-data")?.as_bytes())?;
    let certificate = x509::parse(
        &armor::parse(&bytes)
            .and_then(|armor| armor.body)
            .unwrap_or(bytes),
    )?;
    let name = certificate.common_name.as_deref().unwrap_or("unnamed");
    let reading = Reading::default().noting(format!("client certificate of {}", shown(name)));
    let mut reading = reading.expiring(
        certificate.not_after,
        subject.now,
        builder::until("its client certificate", certificate.not_after),
    );
    for group in certificate.organizations.iter().take(5) {
        reading = reading.noting(format!("group {}", shown(group)));
    }
    if certificate
        .organizations
        .iter()
        .any(|group| group == "system:masters")
    {
        let all = [
            C::DeleteInfrastructure,
            C::DeleteData,
            C::ManageIdentity,
            C::ReadSecrets,
            C::RunCode,
            C::WriteData,
            C::ReadData,
        ];
        reading = reading
            .able_to(&all, Certainty::Certain)
            .within(Breadth::Account)
            .noting("`system:masters` is cluster admin");
    }
    Some(reading)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, within};
    use super::*;
    use crate::lifetime::Lifetime;

    fn config(context: &str, server: &str, user: &str) -> String {
        format!(
            "clusters:\n- cluster:\n    server: {server}\n  name: c\ncurrent-context: {context}\nusers:\n- name: u\n  user:\n    {user}\n"
        )
    }

    #[test]
    fn a_master_certificate_is_cluster_admin() {
        let der = x509::certificate("kubernetes-admin", "system:masters", "270101000000Z");
        for bytes in [
            der.clone(),
            armor::block("CERTIFICATE", &der, "\n").into_bytes(),
        ] {
            let data = format!(
                "client-certificate-data: {}\n    client-key-data: x",
                data_encoding::BASE64.encode(&bytes)
            );
            let reading = inspect(&within(
                "x",
                &config("acme-prod", "https://k8s.acme.example:6443", &data),
            ));
            assert!(
                reading
                    .capabilities
                    .is_some_and(|set| set.contains(C::DeleteInfrastructure))
            );
            assert_eq!(
                reading.environment.map(|judged| judged.value),
                Some(Environment::Production)
            );
            assert_eq!(
                reading.lifetime.map(|judged| judged.value),
                Some(Lifetime::ExpiresAt(NOW + 365 * 86_400))
            );
        }
    }

    #[test]
    fn a_local_cluster_is_local() {
        for (context, server) in [
            ("a", "https://127.0.0.1:6443"),
            ("kind-kind", "https://x.example"),
            ("minikube", "https://10.0.0.1"),
        ] {
            let reading = inspect(&within("x", &config(context, server, "token: x")));
            assert_eq!(
                reading.environment.as_ref().map(|judged| judged.value),
                Some(Environment::Local),
                "{context}"
            );
        }
    }

    #[test]
    fn server_and_context_are_named() {
        let text = sentences(&inspect(&within(
            "x",
            &config("shop", "https://k8s.acme.example:6443", "token: x"),
        )));
        assert!(
            text.contains("server k8s.acme.example") && text.contains("context shop"),
            "{text}"
        );
        assert_eq!(inspect(&within("x", "x")), Reading::default());
    }
}
