//! What the names of a file, a key, a section and a folder tell of an environment.
//!
//! Names are looser than hosts: `live` and `preview` are also what a product does, and `local` is
//! also what belongs to one person. Such words count only where the name is that of a setting.

use super::Clue;
use crate::assess::validator::words::{environment_of_name, shown};
use crate::environment::Environment;

/// Words that name a deployment wherever they stand.
const PLAIN: &[&str] = &[
    "prod",
    "prd",
    "production",
    "preprod",
    "nonprod",
    "staging",
    "stg",
    "test",
    "testing",
    "dev",
    "development",
    "sandbox",
];

/// Words that name rehearsal material, in files and folders.
const REHEARSAL: &[&str] = &[
    "__fixtures__",
    "__mocks__",
    "__tests__",
    "e2e",
    "fixture",
    "fixtures",
    "mocks",
    "spec",
    "specs",
    "test",
    "testdata",
    "testing",
    "tests",
];

/// Endings of files that hold settings, not code or prose.
const SETTINGS: &[&str] = &[
    "cfg",
    "conf",
    "config",
    "enc",
    "env",
    "hcl",
    "ini",
    "json",
    "key",
    "p12",
    "pem",
    "pfx",
    "properties",
    "tf",
    "tfvars",
    "toml",
    "xml",
    "yaml",
    "yml",
];

/// How the names begin of files that exist once for each deployment.
const DEPLOYED: &[&str] = &[
    ".env",
    "app",
    "compose",
    "database",
    "docker-compose",
    "env",
    "terraform",
    "values",
];

/// Folders whose subfolders are deployments.
const PARENTS: &[&str] = &[
    "clusters",
    "config",
    "deploy",
    "env",
    "environments",
    "envs",
    "group_vars",
    "inventories",
    "inventory",
    "overlays",
    "stages",
];

/// The file's name: `.env.production`, `values-prod.yaml`, `app.spec.ts`.
pub(super) fn file(path: &str) -> Option<Clue> {
    let name = components(path).next_back()?;
    let environment = file_environment(name)?;
    // A workflow named after tests runs them with whatever credentials it is given.
    if environment == Environment::Test && path.contains(".github/workflows/") {
        return None;
    }
    Some(Clue::new(
        environment,
        &format!("file name `{}`", shown(name)),
    ))
}

fn file_environment(name: &str) -> Option<Environment> {
    let lower = name.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let dotenv = lower.starts_with(".env") || ending == "env";
    let settings = dotenv || SETTINGS.contains(&ending);
    let deployed = dotenv || DEPLOYED.iter().any(|start| lower.starts_with(start));
    let counts = |word: &str| match word {
        "local" | "localhost" => settings && deployed,
        _ => settings || PLAIN.contains(&word),
    };
    let named = environment_of_name(name)
        .filter(|(_, word)| counts(word))
        .map(|(environment, _)| environment);
    let parts = || lower.split(|c: char| !c.is_ascii_alphanumeric());
    named.or_else(|| {
        let rehearsed = parts().any(|part| REHEARSAL.contains(&part))
            || (dotenv && parts().any(|part| part == "ci"));
        rehearsed.then_some(Environment::Test)
    })
}

/// The assignment's key: `PROD_DB_URL`.
pub(super) fn key(key: &str) -> Option<Clue> {
    let (environment, _) = environment_of_name(key)?;
    Some(Clue::new(environment, &format!("key `{}`", shown(key))))
}

/// What encloses the value: `[prod]`, `production:`.
pub(super) fn section(sections: &[String]) -> Option<Clue> {
    sections.iter().find_map(|section| {
        let (environment, word) = environment_of_name(section)?;
        let alone = section.eq_ignore_ascii_case(word);
        if !alone && !PLAIN.contains(&word) {
            return None;
        }
        // A label may hold an argument of the call it stands for, so only a plain name is quoted.
        let plain = section.len() <= 32
            && section
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || b" _-.".contains(&byte));
        let what = if plain {
            format!("section `{section}`")
        } else {
            "the enclosing section".to_owned()
        };
        Some(Clue::new(environment, &what))
    })
}

/// The folders: `environments/prod/`, `fixtures/`. The most dangerous one wins.
pub(super) fn directory(path: &str) -> Option<Clue> {
    let components: Vec<&str> = components(path).collect();
    let (_, folders) = components.split_last()?;
    let parents = std::iter::once("").chain(folders.iter().copied());
    let found = parents
        .zip(folders)
        .filter_map(|(parent, folder)| Some((folder_environment(parent, folder)?, folder)));
    let (environment, folder) = found.min_by_key(|(environment, _)| *environment)?;
    Some(Clue::new(
        environment,
        &format!("folder `{}`", shown(folder)),
    ))
}

fn folder_environment(parent: &str, folder: &str) -> Option<Environment> {
    let deployment = PARENTS.iter().any(|name| parent.eq_ignore_ascii_case(name));
    let counts = |environment: Environment, word: &str| {
        // `dev-tools` and `test-utils` are folders of code: as a part of a name only the dangerous words count.
        deployment
            || (PLAIN.contains(&word)
                && (environment <= Environment::Staging || folder.eq_ignore_ascii_case(word)))
    };
    let named =
        environment_of_name(folder).filter(|&(environment, word)| counts(environment, word));
    let rehearsed = || {
        REHEARSAL
            .iter()
            .any(|name| folder.eq_ignore_ascii_case(name))
            .then_some(Environment::Test)
    };
    named.map(|(environment, _)| environment).or_else(rehearsed)
}

/// The parts of a path, those inside an archive included; none of a variable's `env:NAME`.
fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    let path = if path.starts_with("env:") { "" } else { path };
    path.split('/')
        .map(|part| part.strip_suffix('!').unwrap_or(part))
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Environment::{Local, Production, Staging, Test};

    #[test]
    fn file_names_tell() {
        let of = |path| file(path).map(|clue| clue.environment);
        for name in [
            ".env.production",
            "a/values-prod.yaml",
            "appsettings.Production.json",
            "terraform.prod.tfvars",
            ".env.live",
            "x.zip!/prod.env",
            "settings/production.py",
            ".env.production.local",
        ] {
            assert_eq!(of(name), Some(Production), "{name}");
        }
        for name in [
            ".env.local",
            "docker-compose.local.yml",
            "application-local.properties",
        ] {
            assert_eq!(of(name), Some(Local), "{name}");
        }
        for name in [
            ".env.test",
            ".env.ci",
            "client_test.go",
            "client.spec.ts",
            "dev.tfvars",
        ] {
            assert_eq!(of(name), Some(Test), "{name}");
        }
        assert_eq!(of("qa.json"), Some(Staging));
        for name in [
            "product.ts",
            "reproduce.sh",
            "live-chat.tsx",
            "preview.rs",
            "settings.local.json",
            ".zshrc.local",
            ".env",
            "env:PROD_KEY",
            "",
            ".github/workflows/test.yml",
            "delivery.yml",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }

    #[test]
    fn keys_tell_by_whole_words() {
        let of = |name| key(name).map(|clue| clue.environment);
        assert_eq!(of("PROD_DB_URL"), Some(Production));
        assert_eq!(of("stripeLiveKey"), Some(Production));
        assert_eq!(of("PRE_PROD_KEY"), Some(Staging));
        for name in [
            "PRODUCT_KEY",
            "delivery_token",
            "DEVICE_SECRET",
            "CI_DEPLOY_TOKEN",
            "",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }

    #[test]
    fn sections_tell_and_are_quoted_only_when_plain() {
        let of = |name: &str| section(&[name.to_owned()]);
        assert_eq!(of("prod"), Some(Clue::new(Production, "section `prod`")));
        assert_eq!(of("live"), Some(Clue::new(Production, "section `live`")));
        assert_eq!(
            of("Client x9_prod_8"),
            Some(Clue::new(Production, "the enclosing section"))
        );
        assert_eq!(of("go live now"), None);
    }

    #[test]
    fn folders_tell() {
        let of = |path| directory(path).map(|clue| clue.environment);
        assert_eq!(of("environments/prod/a.tf"), Some(Production));
        assert_eq!(of("infra/acme-production/a.tf"), Some(Production));
        assert_eq!(of("overlays/live/a.yaml"), Some(Production));
        assert_eq!(of("overlays/dev-2/a.yaml"), Some(Test));
        assert_eq!(of("environments/prod/tests/a.tf"), Some(Production));
        for path in [
            "fixtures/a",
            "x/testdata/a",
            "src/__tests__/a.ts",
            "tests/it/a.rs",
        ] {
            assert_eq!(of(path), Some(Test), "{path}");
        }
        for path in [
            "usr/local/a",
            "src/live/a",
            "dev-tools/a",
            "production",
            "product/a",
            "",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
