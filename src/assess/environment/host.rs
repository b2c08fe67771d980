//! The hosts of URLs, and what their names tell of an environment.

use crate::assess::validator::words::environment_of_name;
use crate::environment::Environment;
use std::net::Ipv4Addr;

/// Public hosts whose first word is the name of a product.
const PRODUCTS: &[&str] = &["dev.azure.com", "dev.mysql.com", "dev.to"];

/// The host of `user:password@host:port/path`. The user's part is never returned: what stands before
/// the first slash is a host only with a dot in it or no `@` behind it, as a password may hold a slash.
pub(super) fn url_host(text: &str) -> Option<&str> {
    let until = |text: &'_ str, ends: &[char]| text.find(ends).unwrap_or(text.len());
    let authority = &text[..until(text, &['/', '?', '#'])];
    let bare = authority.rsplit('@').next().unwrap_or_default();
    let bare = &bare[..until(bare, &[':'])];
    let whole = authority.contains('@') || bare.contains('.') || !text.contains('@');
    let name = if whole {
        bare
    } else {
        text.rsplit('@').next().unwrap_or_default()
    };
    let name = &name[..until(name, &[':', '/', '?', '#'])];
    let plain = name.len() <= 100
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    (plain && !name.is_empty()).then_some(name)
}

/// What a host's name says. The registered domain itself does not count: `live.com`, `acme.dev`.
pub(super) fn host_environment(host: &str) -> Option<Environment> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if PRODUCTS.contains(&host.as_str()) {
        return None;
    }
    let mut labels: Vec<&str> = host.split('.').collect();
    labels.pop();
    if labels
        .last()
        .is_some_and(|label| environment_of_name(label).is_some_and(|(_, word)| word == *label))
    {
        // Below `local` and the like there is no registered domain: `db.prod.internal` keeps its word.
        if !["internal", "local", "lan", "corp"]
            .iter()
            .any(|end| host.ends_with(&format!(".{end}")))
        {
            labels.pop();
        }
    }
    let named = environment_of_name(&labels.join(".")).map(|(environment, _)| environment);
    named
        .filter(|&environment| environment != Environment::Local)
        .or_else(|| is_local(&host).then_some(Environment::Local))
}

fn is_local(host: &str) -> bool {
    let address = host.parse::<Ipv4Addr>().ok();
    let near = |address: Ipv4Addr| {
        address.is_loopback() || address.is_private() || address.is_unspecified()
    };
    let ends = |ending: &str| {
        host.strip_suffix(ending)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let named = ["localhost", "local", "test", "host.docker.internal"]
        .iter()
        .any(|ending| ends(ending));
    address.is_some_and(near) || (named && !ends("cluster.local"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_parted_from_user_and_path() {
        for text in [
            "db.acme.io/x",
            "u:p@db.acme.io:5432/x",
            "u:a/b@db.acme.io",
            "db.acme.io/x@y",
            "db.acme.io",
        ] {
            assert_eq!(url_host(text), Some("db.acme.io"), "{text}");
        }
        for text in ["", "@", "/", "${HOST}/x", "größe.de"] {
            assert_eq!(url_host(text), None, "{text}");
        }
    }

    #[test]
    fn names_below_the_registered_domain_tell() {
        let production = Some(Environment::Production);
        assert_eq!(host_environment("DB.Prod.example.com."), production);
        assert_eq!(host_environment("acme-prod.herokuapp.com"), production);
        assert_eq!(host_environment("db.prod.internal"), production);
        assert_eq!(
            host_environment("prod.acme.local"),
            production,
            "the worse of two"
        );
        assert_eq!(host_environment("test.pypi.org"), Some(Environment::Test));
        for host in [
            "login.live.com",
            "acme.dev",
            "a.fly.dev",
            "dev.azure.com",
            "8.8.8.8",
            "com",
            "",
        ] {
            assert_eq!(host_environment(host), None, "{host}");
        }
    }
}
