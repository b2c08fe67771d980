//! A URL that carries its credentials, `scheme://user:password@host/path`, and what its host tells.

use super::words::{environment, mentions, shown};
use super::{Reading, Subject, query};
use crate::environment::Environment;

/// The parts of such a URL, decoded only where that is said.
pub(super) struct Authority<'a> {
    /// Lower or upper case as written, without `://`.
    pub(super) scheme: &'a str,
    /// May be empty.
    pub(super) user: &'a str,
    /// Without port and brackets; of several hosts the first.
    pub(super) host: &'a str,
    /// Every host with its port.
    pub(super) hosts: &'a str,
    /// What follows the first `/` after the host, without the query: the database. May be empty.
    pub(super) path: &'a str,
}

/// Domains of managed services that answer the whole internet.
const MANAGED: &[&str] = &[
    "rds.amazonaws.com",
    "neon.tech",
    "supabase.co",
    "supabase.com",
    "rlwy.net",
    "psdb.cloud",
    "mongodb.net",
    "database.azure.com",
    "database.windows.net",
    "cosmos.azure.com",
    "cache.windows.net",
    "ondigitalocean.com",
    "upstash.io",
    "aivencloud.com",
    "render.com",
    "fly.dev",
];

/// Reads the URL that the secret is the password of: the match, and what follows it on its line.
pub(super) fn parse<'a>(subject: &Subject<'a>) -> Option<Authority<'a>> {
    let text = whole(subject);
    let colon = text.find("://")?;
    let before = text.get(..colon)?;
    let scheme_start = before
        .rfind(|c: char| !c.is_ascii_alphanumeric() && !"+.-".contains(c))
        .map_or(0, |at| at + 1);
    let scheme = before
        .get(scheme_start..)
        .filter(|scheme| scheme.is_ascii())?;
    let rest = text.get(colon + 3..)?;
    let secret = std::str::from_utf8(subject.secret).ok()?;
    // The password itself may hold any sign, so it is looked for as a whole before its `@`.
    let at = rest
        .match_indices(secret)
        .map(|(at, _)| at + secret.len())
        .find(|&at| rest.as_bytes().get(at) == Some(&b'@'));
    let at = at
        .filter(|_| !secret.is_empty())
        .or_else(|| rest.get(..rest.find('?').unwrap_or(rest.len()))?.rfind('@'))?;
    let user = rest.get(..at)?.split(':').next().unwrap_or_default();
    let address = rest.get(at + 1..)?;
    let hosts = address.split(['/', '?', '#']).next().unwrap_or_default();
    let path = address
        .get(hosts.len()..)?
        .strip_prefix('/')
        .unwrap_or_default();
    let first = hosts.split(',').next().unwrap_or_default();
    let host = match first.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => first.split(':').next().unwrap_or_default(),
    };
    Some(Authority {
        scheme,
        user: if user == secret { "" } else { user },
        host,
        hosts,
        path: path.split(['?', '#']).next().unwrap_or_default(),
    })
}

/// The match together with what follows it in the block, up to the end of the word: a rule may end at
/// the password.
fn whole<'a>(subject: &Subject<'a>) -> &'a str {
    let start = memchr::memmem::find(subject.block, subject.matched);
    let text = start
        .and_then(|start| subject.block.get(start..))
        .unwrap_or(subject.matched);
    let ends = |&byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b')' | b';'
            )
    };
    let rest = text.get(subject.matched.len()..).unwrap_or_default();
    let end = subject.matched.len() + rest.iter().position(ends).unwrap_or(rest.len());
    text.get(..end)
        .and_then(|text| std::str::from_utf8(text).ok())
        .or_else(|| std::str::from_utf8(subject.matched).ok())
        .unwrap_or_default()
}

/// Adds the environment that host and path tell, and whether a managed service stands there.
pub(super) fn located(mut reading: Reading, authority: &Authority<'_>) -> Reading {
    let host = authority.host;
    if is_loopback(host) {
        return reading.placed(
            Environment::Local,
            format!("host {} is this machine", shown(host)),
        );
    }
    let named = [
        ("host", authority.hosts),
        ("database", authority.path),
        ("user", authority.user),
    ];
    for (what, text) in named {
        let telling = |(found, word): &(Environment, &str)| {
            *found != Environment::Local && !(*word == "test" && is_within(host, "test"))
        };
        if let Some((environment, word)) = environment(text).filter(telling) {
            reading = reading.placed(environment, format!("its {what} says `{word}`"));
        }
    }
    if let Some(because) = local(host) {
        reading = reading.placed(
            Environment::Local,
            format!("host {} {because}", shown(host)),
        );
    }
    if MANAGED.iter().any(|domain| is_within(host, domain)) {
        reading = reading.noting("host is a managed service reachable from the internet");
    }
    reading
}

/// True where the name is the domain itself or lies below it.
pub(super) fn is_within(host: &str, domain: &str) -> bool {
    let cut = host.len().checked_sub(domain.len());
    let (Some(before), Some(tail)) = (
        cut.and_then(|cut| host.get(..cut)),
        cut.and_then(|cut| host.get(cut..)),
    ) else {
        return false;
    };
    tail.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.'))
}

/// True for the names and addresses of this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let named = [
        "localhost",
        "localhost.",
        "::1",
        "0.0.0.0",
        "host.docker.internal",
    ]
    .iter()
    .any(|name| host.eq_ignore_ascii_case(name));
    named || is_within(host, "localhost") || octets(host).is_some_and(|[first, ..]| first == 127)
}

/// Why a host is near, in the words that follow its name; None where it is not.
fn local(host: &str) -> Option<&'static str> {
    let private = |[a, b, _, _]: [u8; 4]| {
        a == 10 || (a == 192 && b == 168) || (a == 172 && (16..32).contains(&b))
    };
    let ending = ["local", "test"]
        .iter()
        .any(|domain| is_within(host, domain));
    if octets(host).is_some_and(private) {
        Some("is an address of a private network")
    } else if ending && !is_within(host, "cluster.local") {
        Some("is a local name")
    } else if !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    {
        Some("has no domain: a compose service")
    } else {
        None
    }
}

fn octets(host: &str) -> Option<[u8; 4]> {
    host.parse::<std::net::Ipv4Addr>()
        .ok()
        .map(|address| address.octets())
}

/// A user name that may be shown: short, plain, and not a token itself, as some services take one there.
pub(super) fn shown_user<'u>(user: &'u str, secret: &[u8]) -> Option<std::borrow::Cow<'u, str>> {
    let user = query::decoded(user);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._@-+".contains(c);
    let digits = user.bytes().filter(u8::is_ascii_digit).count();
    let fits = (1..=24).contains(&user.len())
        && user.chars().all(plain)
        && digits <= 4
        && user.as_bytes() != secret;
    fits.then_some(user)
}

/// True when the name says that it only reads.
pub(super) fn reads_only(name: &str) -> bool {
    mentions(name, &["readonly", "ro", "replica", "reader"])
        || name.to_ascii_lowercase().contains("read_only")
        || name.contains("read-only")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{url, within};
    use super::*;

    #[test]
    fn the_parts_are_told_apart() {
        let text = url(
            "postgres",
            "app",
            "s3:c@r/t",
            "db.acme.example:5432,other:1/shop?sslmode=require",
        );
        let authority = parse(&within("s3:c@r/t", &text)).expect("it is a URL");
        assert_eq!(
            (
                authority.scheme,
                authority.user,
                authority.host,
                authority.path
            ),
            ("postgres", "app", "db.acme.example", "shop")
        );
        assert_eq!(authority.hosts, "db.acme.example:5432,other:1");
        let text = format!("URL={}", url("redis", "", "x", "[::1]:6379"));
        let authority = parse(&within("x", &text)).expect("it is a URL");
        assert_eq!(
            (
                authority.scheme,
                authority.user,
                authority.host,
                authority.path
            ),
            ("redis", "", "::1", "")
        );
    }

    #[test]
    fn what_follows_the_match_belongs_to_it() {
        let matched = url("mysql", "u", "pw", "");
        let block = format!("a: \"{matched}db/x\"\n");
        let subject = Subject {
            secret: b"pw",
            matched: matched.as_bytes(),
            block: block.as_bytes(),
            now: 0,
        };
        assert_eq!(
            parse(&subject).map(|authority| (authority.host, authority.path)),
            Some(("db", "x"))
        );
    }

    #[test]
    fn near_hosts_are_local() {
        let of = |host: &str| {
            let text = url("postgres", "u", "pw", &format!("{host}/x"));
            let reading = located(
                Reading::default(),
                &parse(&within("pw", &text)).expect("it is a URL"),
            );
            reading.environment.map(|judged| judged.value)
        };
        for host in [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "db",
            "10.0.0.5",
            "172.20.1.1",
            "192.168.1.1",
            "pc.local",
            "a.test",
            "host.docker.internal",
        ] {
            assert_eq!(of(host), Some(Environment::Local), "{host}");
        }
        for host in [
            "8.8.8.8",
            "x.rds.amazonaws.com",
            "db.svc.cluster.local",
            "${HOST}",
            "172.40.1.1",
        ] {
            assert_eq!(of(host), None, "{host}");
        }
        assert_eq!(of("db-prod.acme.example"), Some(Environment::Production));
        assert_eq!(
            of("10.0.0.5/shop_production"),
            Some(Environment::Production),
            "the worse of two"
        );
    }

    #[test]
    fn odd_input_is_no_url() {
        for text in [
            "",
            "://",
            "a://b",
            "a://@",
            &url("postgres", "", "", ""),
            &url("ä", "ü", "pw", "ö"),
        ] {
            let _ =
                parse(&within("pw", text)).map(|authority| located(Reading::default(), &authority));
        }
    }

    #[test]
    fn users_that_may_be_tokens_are_not_shown() {
        assert_eq!(shown_user("app%2Duser", b"x").as_deref(), Some("app-user"));
        assert_eq!(shown_user("a1b2c3d4e5f6", b"x"), None);
        assert_eq!(shown_user("same", b"same"), None);
    }
}
