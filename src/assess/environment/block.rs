//! What the block around a credential tells of an environment: hosts, and settings that name one.
//!
//! Free prose never counts: only the hosts of URLs and of keys such as `DB_HOST`, and the values of
//! keys such as `NODE_ENV`. A host that would make the finding *less* severe must also be tied to the
//! credential, or every `.env` with `APP_URL=http://localhost:3000` would be called harmless.

use super::Clue;
use super::host::{host_environment, url_host};
use crate::assess::validator::words::{environment_of_name, shown};
use crate::environment::Environment;
use crate::rule::key::words;

/// The longest key and value that are looked at, in bytes.
const MAX_KEY: usize = 64;
const MAX_VALUE: usize = 200;

/// Last words of keys whose value names a deployment.
const DEPLOYMENT: &[&str] = &["env", "environment", "stage"];
/// Last words of keys whose value names something that belongs to one.
const OWNED: &[&str] = &[
    "account",
    "bucket",
    "cluster",
    "context",
    "database",
    "db",
    "namespace",
    "profile",
    "project",
    "tier",
    "workspace",
];
/// Last words of keys whose value is a host or a URL.
const HOST: &[&str] = &[
    "addr", "address", "domain", "dsn", "endpoint", "host", "hostname", "origin", "server", "uri",
    "url",
];
/// Words of keys that say nothing on what the key is for.
const COMMON: &[&str] = &[
    "access", "api", "auth", "base", "id", "key", "name", "pass", "password", "port", "private",
    "secret", "token", "user", "username",
];
/// The clues of a block, at most one for each environment, in the order of the text. `key` is the
/// credential's own.
pub(super) fn clues(block: &str, key: &str) -> Vec<Clue> {
    let statements = statements(block);
    let mut found: Vec<Clue> = Vec::new();
    for statement in &statements {
        let near = statements.len() == 1 || (!key.is_empty() && statement.contains(key));
        let pairs = assignments(statement);
        let settings = pairs.iter().filter_map(|pair| setting(pair, key));
        let hosts = hosts(statement, &pairs)
            .into_iter()
            .filter_map(|host| place(&host, key, near));
        for clue in settings.chain(hosts) {
            if !found
                .iter()
                .any(|known| known.environment == clue.environment)
            {
                found.push(clue);
            }
        }
    }
    found
}

/// A key and what is assigned to it.
struct Assigned<'a> {
    key: &'a str,
    value: &'a str,
}

/// A host and the key it was assigned to; empty for a bare URL.
struct Host<'a> {
    key: &'a str,
    name: &'a str,
}

/// The lines, those that end in a backslash joined with the next.
fn statements(block: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = block.as_bytes();
    for at in memchr::memchr_iter(b'\n', bytes) {
        if !bytes[start..at].trim_ascii_end().ends_with(b"\\") {
            out.push(&block[start..at]);
            start = at + 1;
        }
    }
    out.push(&block[start..]);
    out.retain(|line| !line.trim().is_empty());
    out
}

/// `key = value`, `"key": "value"`, `--key=value` and the like; no comparison, no scheme of a URL.
fn assignments(statement: &str) -> Vec<Assigned<'_>> {
    let bytes = statement.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    let assigns = |&at: &usize| {
        let (before, after) = (byte(at.wrapping_sub(1)), byte(at + 1));
        match byte(at) {
            b'=' => !b"=!<>~".contains(&before) && !b"=~".contains(&after),
            _ => !b"=:/".contains(&after) && before != b':',
        }
    };
    let signs = memchr::memchr2_iter(b'=', b':', bytes).filter(assigns);
    signs
        .filter_map(|at| {
            Some(Assigned {
                key: key_before(statement.get(..at)?)?,
                value: value_after(statement.get(at + 1..)?),
            })
        })
        .collect()
}

fn key_before(text: &str) -> Option<&str> {
    let text = text.trim_end().trim_end_matches(['"', '\'', '`', ']', ':']);
    let start = text.len()
        - text
            .bytes()
            .rev()
            .take(MAX_KEY + 1)
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
            .count();
    text.get(start..)
        .filter(|key| !key.is_empty() && key.len() <= MAX_KEY)
}

fn value_after(text: &str) -> &str {
    let text = text
        .strip_prefix('>')
        .unwrap_or(text)
        .trim_start_matches([' ', '\t', '"', '\'', '`']);
    let ends = |c: char| c.is_whitespace() || "\"'`,;(){}<>\\".contains(c);
    let value = text
        .find(ends)
        .and_then(|end| text.get(..end))
        .unwrap_or(text);
    if value.len() <= MAX_VALUE { value } else { "" }
}

/// What a setting says: `NODE_ENV=production`, `project_id: acme-prod`.
fn setting(pair: &Assigned<'_>, key: &str) -> Option<Clue> {
    if pair.key == key || pair.value.contains(['$', '@', '%']) || is_of_another(pair.key, key) {
        return None;
    }
    let mut parts = words(pair.key);
    if parts.len() > 1
        && parts
            .last()
            .is_some_and(|last| ["name", "id", "ref"].contains(&last.as_str()))
    {
        parts.pop();
    }
    let last = parts.last()?.as_str();
    let deployment = DEPLOYMENT.contains(&last);
    let named = environment_of_name(pair.value).map(|(environment, _)| environment);
    let environment =
        named.or_else(|| (deployment && pair.value == "ci").then_some(Environment::Test))?;
    // In a pipeline `stage: test` is a step, not a place.
    let step = last == "stage" && environment == Environment::Test;
    let counts =
        deployment || (OWNED.contains(&last) && (hardens(environment) || is_tied(pair.key, key)));
    (counts && !step).then(|| {
        Clue::new(
            environment,
            &format!("`{}` in the same block", shown(pair.key)),
        )
    })
}

/// The hosts of the URLs, and of keys that name a host.
fn hosts<'a>(statement: &'a str, pairs: &[Assigned<'a>]) -> Vec<Host<'a>> {
    let owned = |name: &'a str| {
        let holds = |pair: &&Assigned<'a>| {
            pair.value
                .as_bytes()
                .as_ptr_range()
                .contains(&name.as_ptr())
        };
        Host {
            key: pairs.iter().find(holds).map_or("", |pair| pair.key),
            name,
        }
    };
    let urls = memchr::memmem::find_iter(statement.as_bytes(), b"://")
        .filter_map(|at| url_host(value_after(statement.get(at + 3..)?)));
    let mut hosts: Vec<Host<'a>> = urls.map(owned).collect();
    let bare = pairs.iter().filter(|pair| {
        !pair.value.contains("://")
            && words(pair.key)
                .last()
                .is_some_and(|last| HOST.contains(&last.as_str()))
    });
    hosts.extend(bare.filter_map(|pair| {
        Some(Host {
            key: pair.key,
            name: url_host(pair.value)?,
        })
    }));
    hosts
}

fn place(host: &Host<'_>, key: &str, near: bool) -> Option<Clue> {
    let environment = host_environment(host.name)?;
    let tied = hardens(environment) || near || (!host.key.is_empty() && is_tied(host.key, key));
    if !tied || is_of_another(host.key, key) {
        return None;
    }
    // A label of such a length may be more than a name.
    let quotable = host.name.split('.').all(|label| label.len() <= 40);
    let what = if quotable {
        format!("host `{}` in the same block", shown(host.name))
    } else {
        "a host in the same block".to_owned()
    };
    Some(Clue::new(environment, &what))
}

/// True where the environment makes the finding worse than an unknown one.
fn hardens(environment: Environment) -> bool {
    environment < Environment::Unknown
}

/// True where another key names an environment that is not the one the credential's own key names:
/// `STAGING_URL` says nothing on `PROD_TOKEN` beside it.
fn is_of_another(other: &str, key: &str) -> bool {
    let of = |name| environment_of_name(name).map(|(environment, _)| environment);
    of(key)
        .zip(of(other))
        .is_some_and(|(own, other)| own != other)
}

/// True where two keys are about one thing: they share a word that says something, or have none.
fn is_tied(other: &str, key: &str) -> bool {
    let telling = |name: &str| {
        let mut parts = words(name);
        parts.retain(|part| {
            ![COMMON, HOST, DEPLOYMENT]
                .iter()
                .any(|list| list.contains(&part.as_str()))
        });
        parts
    };
    let (other, own) = (telling(other), telling(key));
    other.iter().any(|part| own.contains(part)) || (other.is_empty() && own.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Environment::{Local, Production, Staging, Test};

    fn of(block: &str, key: &str) -> Vec<Environment> {
        clues(block, key)
            .into_iter()
            .map(|clue| clue.environment)
            .collect()
    }

    #[test]
    fn settings_that_name_a_deployment_count() {
        for line in [
            "ENV=production",
            "NODE_ENV = 'production'",
            "\"environment\": \"prod\"",
            "RAILWAY_ENVIRONMENT_NAME=production",
            "export APP_ENV=prd",
            "project_id: acme-prod-1",
            "run --env=live x",
            "env => \"production\"",
        ] {
            assert_eq!(
                of(&format!("{line}\nAPI_KEY=x"), "API_KEY"),
                [Production],
                "{line}"
            );
        }
        assert_eq!(of("environment: staging\ntoken: x", "token"), [Staging]);
        assert_eq!(of("NODE_ENV=ci\ntoken=x", "token"), [Test]);
        assert_eq!(
            clues("NODE_ENV=production", "k")[0].because,
            "`NODE_ENV` in the same block says production"
        );
    }

    #[test]
    fn prose_comparisons_and_references_do_not() {
        for text in [
            "we go live in production",
            "if NODE_ENV == 'production' {",
            "if (env !== \"prod\")",
            "env: ${PROD_ENV}",
            "environment: product",
            "stage: test",
            "# live: see production",
            "TITLE=production",
            "std::env::prod()",
            "mode: reproduce",
        ] {
            assert_eq!(of(&format!("{text}\nAPI_KEY=x"), "API_KEY"), [], "{text}");
        }
    }

    #[test]
    fn hosts_count() {
        for line in [
            "see https://db.prod.example.com/x",
            "DB_HOST=db-prod.example.com:5432",
            "host: \"prod.eu.internal\"",
            "postgres://u@db.production.acme.io/x",
        ] {
            assert_eq!(
                of(&format!("{line}\nAPI_KEY=x"), "API_KEY"),
                [Production],
                "{line}"
            );
        }
        for line in [
            "https://login.live.com/x",
            "https://acme.dev",
            "https://a.fly.dev/x",
            "https://dev.azure.com/acme",
            "https://product.example.com",
            "https://medium.com/@prod/x",
            "app.production.key()",
            "user@prod.example.com",
        ] {
            assert_eq!(of(&format!("{line}\nAPI_KEY=x"), "API_KEY"), [], "{line}");
        }
    }

    #[test]
    fn a_host_that_softens_must_be_tied() {
        assert_eq!(
            of(
                "APP_URL=http://localhost:3000\nSENDGRID_API_KEY=x",
                "SENDGRID_API_KEY"
            ),
            []
        );
        assert_eq!(
            of(
                "API_URL=http://localhost:3000\nSTRIPE_API_KEY=x",
                "STRIPE_API_KEY"
            ),
            []
        );
        assert_eq!(
            of("BUCKET=acme-test\nSTRIPE_API_KEY=x", "STRIPE_API_KEY"),
            []
        );
        assert_eq!(
            of("DB_HOST=localhost\nDB_PASSWORD=x", "DB_PASSWORD"),
            [Local]
        );
        assert_eq!(of("host: 10.0.0.3\npassword: x", "password"), [Local]);
        assert_eq!(
            of(
                "curl -H 'Authorization: x' \\\n  http://127.0.0.1:80/\n\nls",
                "Authorization"
            ),
            [Local]
        );
        for host in [
            "app.test",
            "pc.local",
            "192.168.1.4",
            "172.20.0.1",
            "api.localhost",
            "host.docker.internal",
        ] {
            assert_eq!(of(&format!("http://{host}/"), ""), [Local], "{host}");
        }
        for host in [
            "172.40.0.1",
            "8.8.8.8",
            "a.svc.cluster.local",
            "latest.example.com",
        ] {
            assert_eq!(of(&format!("http://{host}/"), ""), [], "{host}");
        }
    }

    #[test]
    fn what_names_another_environment_is_of_another_credential() {
        assert_eq!(
            of(
                "STAGING_TOKEN=x\nPROD_URL=https://prod.acme.io",
                "STAGING_TOKEN"
            ),
            []
        );
        assert_eq!(
            of("PROD_URL=https://prod.acme.io\nPROD_TOKEN=x", "PROD_TOKEN"),
            [Production]
        );
    }

    #[test]
    fn no_credential_is_quoted() {
        let word = "hunter2";
        let block = format!(
            "URL=redis://prod-user:prod-{word}/x@db.acme.io\nPROD_PASSWORD=prod-{word}\nenv=prod:{word}"
        );
        let found = clues(&block, "PROD_PASSWORD");
        assert_eq!(found.len(), 1);
        assert!(!found[0].because.contains(word), "{}", found[0].because);
    }

    #[test]
    fn odd_input_is_harmless() {
        for text in [
            "",
            "\\",
            "\\\n",
            "=",
            "==",
            ":",
            "://",
            "a=://",
            "größe=ö",
            "\u{0}=\u{0}",
            "https://@",
            "host=@:",
        ] {
            let _ = clues(text, "k");
        }
    }
}
