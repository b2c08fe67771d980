//! Over from other scanners: their marks and files, and `straykey migrate`.

use crate::common::{GITHUB, Outcome, RAILWAY, Workspace, places, render};
use serde_json::Value;

const TOOLS: [&str; 3] = ["gitleaks", "detect-secrets", "trufflehog"];
const GITLEAKS: &[&str] = &["scan", "--compat", "gitleaks"];
/// A token of GitHub's, to be followed by a remark.
const TOKEN: &str = "GITHUB_TOKEN={{sample:github-classic-token}}";
/// An own rule of gitleaks, and what it finds.
const OWN_RULE: &str = "[[rules]]\nid = \"acme_token\"\nregex = '''acme-([0-9a-z]{24})'''\n";
const OWN: &str = "x acme-{{lower_alnum:24}}\n";

fn suppressed(document: &Value) -> u64 {
    document["summary"]["suppressed"]
        .as_u64()
        .expect("it is a number")
}

/// The texts of the notices of a kind.
fn notices(document: &Value, kind: &str) -> Vec<String> {
    let notices = document["notices"].as_array().expect("it is a list");
    notices
        .iter()
        .filter(|notice| notice["kind"] == kind)
        .map(|notice| notice["text"].as_str().expect("it is a text").to_owned())
        .collect()
}

/// A workspace with a token of GitHub's in `docs/a.md` and one of Railway's in `src/.env`.
fn two_tokens() -> Workspace {
    let workspace = Workspace::new();
    workspace
        .render("docs/a.md", GITHUB)
        .render("src/.env", RAILWAY);
    workspace
}

/// Where findings are, without lines.
fn found(workspace: &Workspace, arguments: &[&str]) -> Vec<String> {
    let places = places(&workspace.json(arguments));
    places.into_iter().map(|(_, path, ..)| path).collect()
}

fn migrate(workspace: &Workspace, arguments: &[&str]) -> Outcome {
    workspace.run(&[&["migrate"][..], arguments].concat())
}

#[test]
fn each_mark_counts_for_its_tool_only() {
    for (text, tool) in [
        (format!("{TOKEN} # gitleaks:allow\n"), "gitleaks"),
        (
            format!("{TOKEN} # pragma: allowlist secret\n"),
            "detect-secrets",
        ),
        (
            format!("# pragma: allowlist nextline secret\r\n{TOKEN}\r\n"),
            "detect-secrets",
        ),
        (format!("{TOKEN} # trufflehog:ignore\n"), "trufflehog"),
    ] {
        let workspace = Workspace::new();
        workspace.render(".env", &text);
        workspace.run(&["scan"]).exits(1);
        for other in TOOLS {
            let arguments = ["scan", "--compat", other];
            let outcome = workspace.run(&arguments);
            outcome.exits(i32::from(other != tool));
            let excused = u64::from(other == tool);
            assert_eq!(suppressed(&workspace.json(&arguments)), excused, "{text}");
        }
        workspace
            .run(&["scan", "--compat", &TOOLS.join(",")])
            .exits(0);
    }
}

#[test]
fn betterleaks_has_no_say() {
    let workspace = Workspace::new();
    workspace.render(".env", &format!("{TOKEN} # betterleaks:allow\n"));
    workspace.run(GITLEAKS).exits(1);
    workspace.run(&["scan", "--compat", "betterleaks"]).exits(2);
}

#[test]
fn each_file_counts_for_its_tool_only() {
    for (name, text, tool) in [
        (
            ".gitleaks.toml",
            "[extend]\nuseDefault = true\n[allowlist]\npaths = ['''^docs/''']\n",
            "gitleaks",
        ),
        (".gitleaksignore", "docs/a.md:github-pat:1\n", "gitleaks"),
        (
            ".secrets.baseline",
            r#"{"filters_used": [{"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^docs/"]}], "results": {}}"#,
            "detect-secrets",
        ),
    ] {
        let workspace = two_tokens();
        workspace.write(name, text);
        assert_eq!(
            found(&workspace, &["scan"]),
            ["docs/a.md", "src/.env"],
            "{name}"
        );
        for other in TOOLS {
            let left = found(&workspace, &["scan", "--compat", other]);
            assert_eq!(
                left.len(),
                if other == tool { 1 } else { 2 },
                "{name} for {other}"
            );
        }
        let document = workspace.json(&["scan", "--compat", tool]);
        assert_eq!(suppressed(&document), 1);
        assert_eq!(notices(&document, "loosened").len(), 1, "{document}");
    }
}

#[test]
fn a_report_of_gitleaks_is_a_baseline() {
    let workspace = two_tokens();
    workspace.write(
        "leaks.json",
        r#"[{"RuleID": "github-pat", "File": "docs/a.md", "StartLine": 1, "Secret": "REDACTED"}]"#,
    );
    assert_eq!(
        found(&workspace, &["scan", "--baseline", "leaks.json"]),
        ["src/.env"]
    );
}

#[test]
fn an_entry_that_lists_nothing_is_told() {
    let workspace = two_tokens();
    workspace.write(".gitleaksignore", "docs/a.md:github-pat:9\n");
    let document = workspace.json(GITLEAKS);
    assert_eq!(
        notices(&document, "stale-allow"),
        [".gitleaksignore lists what is not found any more: line 1"]
    );
}

#[test]
fn own_rules_find_and_what_is_not_supported_is_told() {
    let workspace = Workspace::new();
    workspace.render("a.txt", OWN).write(
        ".gitleaks.toml",
        format!("{OWN_RULE}[[rules]]\nid = \"bare\"\nregex = '''[0-9a-f]{{32}}'''\n"),
    );
    workspace.run(&["scan"]).exits(0);
    let document = workspace.json(GITLEAKS);
    let rules: Vec<String> = places(&document)
        .into_iter()
        .map(|(rule, ..)| rule)
        .collect();
    assert_eq!(rules, ["own-acme-token"]);
    let told = notices(&document, "unsupported");
    assert!(
        told.len() == 1 && told[0].starts_with(".gitleaks.toml:4: rule `bare`: no literal"),
        "{told:?}"
    );
}

#[test]
fn the_rules_that_are_built_in_stay() {
    let workspace = two_tokens();
    workspace.write(".gitleaks.toml", "[allowlist]\npaths = ['''^nowhere/''']\n");
    let document = workspace.json(GITLEAKS);
    assert_eq!(places(&document).len(), 2);
    assert_eq!(notices(&document, "note").len(), 1, "{document}");
}

#[test]
fn a_broken_file_is_placed() {
    for (name, tool) in [
        (".gitleaks.toml", "gitleaks"),
        (".secrets.baseline", "detect-secrets"),
    ] {
        let workspace = two_tokens();
        workspace.write(name, "{\n");
        workspace
            .run(&["scan", "--compat", tool])
            .complains(&[name, ":", "hint: "]);
        workspace.run(&["migrate"]).complains(&[name, "hint: "]);
    }
}

#[test]
fn migrate_prints_and_writes_nothing() {
    let workspace = two_tokens();
    workspace.write(".gitleaks.toml", "[allowlist]\npaths = ['''^docs/''']\n");
    let outcome = migrate(&workspace, &[]);
    outcome.exits(0);
    assert!(
        outcome.stdout.starts_with("==> .straykey.toml <==\n")
            && outcome.stdout.contains("path = '/docs/**'"),
        "{outcome:?}"
    );
    assert!(!workspace.join(".straykey.toml").exists());
    migrate(&Workspace::new(), &[]).complains(&["holds no files", "hint: "]);
}

#[test]
fn after_migrate_a_scan_gives_the_same_verdict() {
    let workspace = two_tokens();
    workspace
        .render("marked.env", &format!("{TOKEN} # gitleaks:allow\n"))
        .render("listed.env", &format!("\n{TOKEN}\n"))
        .render("own.txt", OWN)
        .write(".gitleaksignore", "listed.env:github-pat:2\n")
        .write(
            ".gitleaks.toml",
            format!("{OWN_RULE}[allowlist]\ndescription = \"samples\"\npaths = ['''^docs/''']\n"),
        );
    let before = places(&workspace.json(GITLEAKS));
    let paths: Vec<&str> = before.iter().map(|(_, path, ..)| path.as_str()).collect();
    assert_eq!(paths, ["own.txt", "src/.env"]);
    let outcome = migrate(&workspace, &["--write"]);
    outcome.exits(0);
    assert!(
        outcome.stderr.contains("2 findings") && outcome.stdout.contains("wrote "),
        "{outcome:?}"
    );
    assert_eq!(places(&workspace.json(&["scan"])), before);
    migrate(&workspace, &["--write"]).complains(&["is there already", "hint: "]);
}

#[test]
fn migrate_copies_no_credential() {
    let workspace = Workspace::new();
    let token = render("token", "{{sample:github-classic-token}}");
    workspace
        .write(".env", format!("GITHUB_TOKEN={token}\n"))
        .write(
            ".gitleaks.toml",
            format!("[allowlist]\ndescription = \"{token}\"\nregexes = ['''{token}''']\npaths = ['''gitleaks''']\n"),
        );
    let outcome = migrate(&workspace, &["--write"]);
    outcome.exits(0);
    assert!(outcome.stderr.contains("is not copied"), "{outcome:?}");
    for name in [".straykey.toml", ".straykey-baseline"] {
        let text = std::fs::read_to_string(workspace.join(name)).expect("it was written");
        assert!(!text.contains(&token[..12]), "{name}");
    }
    workspace.run(&["scan"]).exits(0);
}

#[test]
fn the_file_of_trufflehog_is_named() {
    let workspace = two_tokens();
    workspace.write("exclude.txt", "^docs/\n(\n");
    let outcome = migrate(&workspace, &["--exclude-paths", "exclude.txt", "--write"]);
    outcome.exits(0);
    assert!(
        outcome.stderr.contains("exclude.txt:2: unclosed group"),
        "{outcome:?}"
    );
    assert_eq!(found(&workspace, &["scan"]), ["src/.env"]);
}
