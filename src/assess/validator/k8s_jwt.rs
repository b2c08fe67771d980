//! Kubernetes service account tokens: namespace, account and what the token is bound to.
//!
//! Source: Kubernetes documentation, "Managing Service Accounts" (bound tokens) and the legacy claims
//! `kubernetes.io/serviceaccount/...`. Status: known. Tokens of the older kind have no `exp`.

use super::claims::{self, Claims};
use super::words::{environment, shown};
use super::{Reading, Subject};
use crate::privilege::Identity;
use serde_json::Value;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    match claims::parse(subject.secret) {
        Some(claims) if claims.readable() => judge(&claims, claims.reading(subject)),
        Some(_) => Reading::default(),
        None => Reading::rejected(),
    }
}

/// True when the claims are those of a service account token.
pub(super) fn issued(claims: &Claims) -> bool {
    claims.value("kubernetes.io").is_some()
        || claims.text("iss") == Some("kubernetes/serviceaccount")
        || claims
            .text("sub")
            .is_some_and(|sub| sub.starts_with("system:serviceaccount:"))
}

/// Adds the account, its namespace and the object the token dies with.
pub(super) fn judge(claims: &Claims, reading: Reading) -> Reading {
    let bound = claims.value("kubernetes.io");
    let mut subject = claims.text("sub").unwrap_or_default().split(':').skip(2);
    let (from_namespace, from_name) = (subject.next(), subject.next());
    let namespace = bound
        .and_then(|bound| bound.get("namespace")?.as_str())
        .or_else(|| claims.text("kubernetes.io/serviceaccount/namespace"))
        .or(from_namespace);
    let account = bound
        .and_then(|bound| name_of(bound, "serviceaccount"))
        .or_else(|| claims.text("kubernetes.io/serviceaccount/service-account.name"))
        .or(from_name);
    let mut reading = reading.acting_as(Identity::Machine);
    if let Some(account) = account {
        reading = reading.noting(format!("Kubernetes service account {}", shown(account)));
    }
    if let Some(namespace) = namespace {
        reading = reading.noting(format!("namespace {}", shown(namespace)));
        if let Some((environment, word)) = environment(namespace) {
            reading = reading.placed(environment, format!("its namespace says `{word}`"));
        }
        if namespace == "kube-system" {
            reading =
                reading.noting("accounts of `kube-system` often administer the whole cluster");
        }
    }
    match ["pod", "secret", "node"]
        .into_iter()
        .find_map(|kind| Some((kind, name_of(bound?, kind)?)))
    {
        Some((kind, name)) => {
            reading.noting(format!("bound to {kind} {}: it ends with it", shown(name)))
        }
        None => reading,
    }
}

fn name_of<'c>(bound: &'c Value, kind: &str) -> Option<&'c str> {
    bound.get(kind)?.get("name")?.as_str()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, subject};
    use super::*;
    use crate::environment::Environment;
    use crate::lifetime::Lifetime;
    use serde_json::json;

    fn read(payload: &Value) -> Reading {
        inspect(&subject(
            claims::token(&json!({"alg": "RS256", "kid": "x"}), payload).as_bytes(),
        ))
    }

    #[test]
    fn a_bound_token_names_its_pod() {
        let bound = json!({"namespace": "shop-prod", "serviceaccount": {"name": "deployer"}, "pod": {"name": "web-1"}});
        let reading = read(
            &json!({"sub": "system:serviceaccount:shop-prod:deployer", "kubernetes.io": bound, "exp": NOW + 9}),
        );
        let text = sentences(&reading);
        assert!(
            text.contains("service account deployer") && text.contains("bound to pod web-1"),
            "{text}"
        );
        assert_eq!(
            reading.environment.map(|judged| judged.value),
            Some(Environment::Production)
        );
        assert_eq!(reading.identity, Some(Identity::Machine));
    }

    #[test]
    fn the_older_kind_does_not_end() {
        let reading = read(
            &json!({"iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": "kube-system"}),
        );
        assert!(sentences(&reading).contains("whole cluster"));
        assert_eq!(
            reading.lifetime.map(|judged| judged.value),
            Some(Lifetime::LongLived)
        );
    }

    #[test]
    fn the_subject_alone_suffices() {
        assert!(
            sentences(&read(&json!({"sub": "system:serviceaccount:a:b"}))).contains("namespace a")
        );
        assert!(inspect(&subject(b"")).rejected);
    }
}
