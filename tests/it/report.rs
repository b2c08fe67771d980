//! Every report format over one fixture, as whole documents.
//!
//! The findings are made by hand, so that a change in detection or in a rule leaves these
//! snapshots alone. No value here looks like a credential: secrets are runs of one letter.

use serde_json::{Value, json};
use std::sync::Arc;
use straykey::coverage::{Coverage, Skip};
use straykey::display::acts;
use straykey::environment::Environment;
use straykey::evidence::{Evidence, Judged};
use straykey::finding::{
    Commit, Companion, Excuse, Excused, Finding, Identity as MadeOf, Purpose, Source, Validity,
};
use straykey::lifetime::{KindLifetime, Lifetime};
use straykey::location::{Position, Span};
use straykey::notice::{Comparison, Notice, NoticeKind};
use straykey::privilege::{Breadth, Capability, Certainty, Identity, Privilege, Recovery};
use straykey::reachability::{Exposure, Facet, Reachability};
use straykey::report::{Choices, Format, Report, Target, Violation, reporter};
use straykey::rule::record::{Record, Revoke};
use straykey::rule::{Contextual, Detection, Rule};
use straykey::secret::Secret;
use straykey::severity::{Confidence, Score, Severity};

#[test]
fn text() {
    insta::assert_snapshot!(plain(&sample(), 100));
}

#[test]
fn text_in_a_narrow_terminal() {
    insta::assert_snapshot!(plain(&sample(), 80));
}

#[test]
fn text_in_a_wide_terminal() {
    insta::assert_snapshot!(plain(&sample(), 140));
}

#[test]
fn text_of_an_incomplete_scan_without_findings() {
    let mut report = Report {
        findings: Vec::new(),
        violations: Vec::new(),
        ..sample()
    };
    report
        .coverage
        .skip(Skip::Unreadable, "disk/bad-sector.bin");
    insta::assert_snapshot!(plain(&report, 100));
}

#[test]
fn text_of_a_commit() {
    insta::assert_snapshot!(plain(&of(npm()), 100));
}

#[test]
fn json() {
    insta::assert_snapshot!(versionless(&render(&sample(), Format::Json)));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(render(&sample(), Format::Jsonl));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(versionless(&render(&sample(), Format::Sarif)));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(render(&sample(), Format::Markdown));
}

#[test]
fn a_clean_scan_says_so_with_what_it_did() {
    let report = Report {
        findings: Vec::new(),
        violations: Vec::new(),
        ..sample()
    };
    let text = plain(&report, 100);
    assert!(
        text.starts_with(
            "no credentials found\n\nscanned 12,431 files, 310 MB in 0.8 s with 212 rules"
        ),
        "{text}"
    );
}

#[test]
fn text_tells_what_excuses_and_how_the_baseline_compares() {
    let mut report = sample();
    let committed = report.excused[0].clone();
    report.excused.push(Excused {
        by: Excuse::Committed,
        ..committed.clone()
    });
    report.excused.push(Excused {
        by: Excuse::Compat("gitleaks"),
        ..committed
    });
    // So wide that the paragraph is broken nowhere of interest.
    let text = unbroken(&plain(&report, 160));
    for part in [
        "with 212 rules, configured by .straykey.toml;",
        "; 4 findings excused (1 by marks, 1 by the baseline, 1 by marks or files of gitleaks, \
         1 already committed)",
        "against the baseline: 5 new, 1 known, 0 moved, 3 gone; `straykey baseline prune` drops",
        "loosened: .straykey.toml:3: leaves out `vendor/**`",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    report.comparison = Some(Comparison::default());
    assert!(!plain(&report, 160).contains("prune"));
    report.comparison = None;
    assert!(!plain(&report, 160).contains("against the baseline"));
}

#[test]
fn what_loosens_is_told_first_and_eight_notices_at_most() {
    let mut report = sample();
    report.notices = (1..=9)
        .map(|number| Notice::new(NoticeKind::Gone, format!("entry {number} is gone")))
        .collect();
    report
        .notices
        .push(Notice::new(NoticeKind::Loosened, "everything is allowed"));
    for format in [Format::Text, Format::Markdown] {
        let shown = anstream::adapter::strip_str(&render(&report, format)).to_string();
        let at = |text: &str| shown.find(text);
        assert!(at("everything is allowed") < at("entry 1 is gone"));
        assert!(at("entry 7 is gone").is_some() && at("entry 8 is gone").is_none());
        assert!(at("and 2 more notices; see `--format json`").is_some());
    }
}

#[test]
fn a_scan_without_anything_to_search_says_why_and_what_to_do() {
    let mut report = clean();
    report.coverage = Coverage::default();
    for (mode, vacant, why, hint) in [
        (
            "scan",
            None,
            "not one file was searched",
            "hint: name files",
        ),
        (
            "staged",
            Some("nothing is staged"),
            "nothing is staged",
            "hint: stage something first (`git add`)",
        ),
        (
            "since",
            Some("no commit changes a file"),
            "no commit changes a file",
            "hint: name a range",
        ),
    ] {
        report.target.mode = mode;
        report.coverage.vacant = vacant.map(str::to_owned);
        let text = plain(&report, 100);
        assert!(text.starts_with("nothing was searched\n"), "{text}");
        for part in ["INCOMPLETE", why, hint] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        assert!(render(&report, Format::Markdown).contains(hint));
    }
}

#[test]
fn gaps_that_can_be_closed_come_with_a_hint() {
    for (reason, hint) in [
        (Skip::Unmerged, "hint: finish the merge"),
        (Skip::MissingObject, "`git fetch --refetch`"),
        (Skip::Shallow, "`git fetch --unshallow`"),
    ] {
        let mut report = clean();
        report.coverage.skip(reason, "a");
        for files in [0, 3] {
            report.coverage.files = files;
            let text = plain(&report, 100);
            assert!(text.contains(hint), "{text}");
            assert_eq!(text.matches("hint: ").count(), 1, "{text}");
        }
    }
}

#[test]
fn a_commit_is_named_with_who_wrote_it_and_when() {
    let text = unbroken(&plain(&of(npm()), 160));
    let where_and_who = [
        "worker/deploy.sh:7 in 1f1f1f1f1f1f",
        "commit 1f1f1f1f1f1f brought it in on 2023-11-14",
        "written by Ada Example <ada@example.com>",
    ];
    for part in where_and_who {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    let mut nameless = npm();
    nameless.commit = nameless.commit.map(|commit| {
        Arc::new(Commit {
            author: None,
            ..Commit::clone(&commit)
        })
    });
    let report = of(nameless);
    assert!(!plain(&report, 160).contains("written by"));
    let document = document(&report);
    let commit = &document["findings"][0]["commit"];
    assert_eq!(commit["author"], Value::Null);
    assert_eq!(commit["time"], "2023-11-14T22:13:20Z");
}

#[test]
fn the_steps_fit_where_it_was_found() {
    let steps = |source: Source, path: &str| {
        let mut finding = railway();
        finding.source = source;
        finding.path = path.to_owned();
        strings(&document(&of(finding))["findings"][0]["remedy"]["steps"])
    };
    let staged = steps(Source::Staged, "app/.env");
    assert!(staged[0].contains("`git restore --staged -- :/app/.env`"));
    assert!(staged[1].starts_with("replace it by "));
    assert!(staged[staged.len() - 1].contains("straykey:allow[railway-api-token]"));
    let hostile = steps(Source::Staged, HOSTILE);
    assert!(hostile.iter().all(|step| !step.contains("error")));
    for source in [Source::Since, Source::History] {
        let committed = steps(source, "app/.env");
        assert!(committed[0].starts_with("rotate it: "));
        assert!(committed[1].starts_with("revoke it at "));
        assert!(committed.iter().any(|step| step.contains("no protection")));
        // No mark reaches a line of an old commit.
        assert!(
            committed
                .iter()
                .all(|step| !step.contains("straykey:allow"))
        );
    }
    assert!(steps(Source::File, "app/.env")[0].starts_with("revoke it at "));
    let branch = steps(Source::Branch, "branch name");
    assert!(branch.iter().any(|step| step.contains("git branch --move")));
}

#[test]
fn json_says_what_excuses_and_how_the_baseline_compares() {
    let mut report = sample();
    let told = document(&report);
    assert_eq!(told["config"], ".straykey.toml");
    assert_eq!(told["summary"]["suppressed"], 2);
    let kinds = json!({"baseline": 1, "inline-mark": 1});
    assert_eq!(told["summary"]["excused"], kinds);
    assert_eq!(told["excused"][0]["by"], "inline-mark");
    assert_eq!(told["excused"][0]["finding"]["path"], "docs/setup.md");
    let comparison = json!({"new": 5, "known": 1, "moved": 0, "gone": 3});
    assert_eq!(told["baseline"], comparison);
    assert_eq!(told["notices"][0]["kind"], "loosened");
    assert_eq!(told["coverage"]["nothing_because"], Value::Null);
    report.coverage.vacant = Some("nothing is staged".to_owned());
    report.comparison = None;
    report.config = None;
    let told = document(&report);
    assert_eq!(told["coverage"]["nothing_because"], "nothing is staged");
    assert_eq!(told["baseline"], Value::Null);
    assert_eq!(told["config"], Value::Null);
}

#[test]
fn one_credential_in_many_places_is_one_row() {
    let mut report = sample();
    report.findings = vec![railway()];
    for number in 1..9 {
        let mut copy = report.findings[0].clone();
        copy.path = format!("copies/{number}.env");
        report.findings.push(copy);
    }
    let text = plain(&report, 100);
    assert!(
        text.contains("1 credential in 9 places: 1 critical"),
        "{text}"
    );
    assert!(text.contains("and 7 more"), "{text}");
}

#[test]
fn the_table_ends_after_forty_rows() {
    let mut report = sample();
    report.findings = (1..=50)
        .map(|credential| Finding {
            credential,
            ..railway()
        })
        .collect();
    let text = plain(&report, 120);
    assert!(text.contains("and 10 more; see --format json"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for report in [sample(), hostile()] {
        for width in [60, 80, 96, 100, 120, 140] {
            let text = plain(&report, width);
            let widest = text
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap_or(0);
            assert!(
                widest <= width,
                "{widest} columns in a terminal of {width}:\n{text}"
            );
        }
    }
}

#[test]
fn the_json_contract_holds() {
    let schema: Value = serde_json::from_str(include_str!("../../schema/report-v1.schema.json"))
        .expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let mut of_a_finding = schema["$defs"]["finding"].clone();
    of_a_finding["$defs"] = schema["$defs"].clone();
    let line_validator = jsonschema::validator_for(&of_a_finding).expect("a part of it is one too");
    for report in [sample(), hostile(), clean()] {
        let document = document(&report);
        let errors: Vec<_> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        for (line, finding) in render(&report, Format::Jsonl)
            .lines()
            .zip(document["findings"].as_array().expect("a list"))
        {
            let object: Value = serde_json::from_str(line).expect("each line is JSON");
            assert!(line_validator.is_valid(&object));
            assert_eq!(&object, finding);
        }
    }
}

#[test]
fn json_keeps_a_hostile_path_to_the_letter() {
    let document = document(&hostile());
    let finding = &document["findings"][0];
    for kept in [
        &finding["path"],
        &finding["commit"]["author"],
        &document["excused"][0]["reason"],
        &document["notices"][0]["text"],
        &document["coverage"]["nothing_because"],
        &document["config"],
    ] {
        assert_eq!(kept, HOSTILE);
    }
}

#[test]
fn hostile_names_make_nothing_happen() {
    for format in Format::ALL {
        let shown = anstream::adapter::strip_str(&render(&hostile(), format)).to_string();
        let raw = render(&hostile(), format);
        assert!(
            !shown.chars().any(|c| c != '\n' && acts(c)),
            "{format:?}: {shown}"
        );
        assert!(
            !raw.contains("\u{1b}[2J"),
            "{format:?}: the path's own escape sequence is there"
        );
        for line in shown.lines() {
            // The commands of that format are its own; tests/it/formats.rs looks at each.
            let own = format == Format::Github;
            let is_command = line.trim_start().starts_with("::");
            assert!(own || !is_command, "{format:?}: {line}");
            assert!(!line.contains("##["), "{format:?}: {line}");
        }
    }
}

#[test]
fn hostile_names_are_no_markup() {
    let markdown = render(&hostile(), Format::Markdown);
    let rows: Vec<_> = markdown
        .lines()
        .filter(|line| line.starts_with("| **"))
        .collect();
    assert_eq!(rows.len(), 1);
    // Eight pipes bound seven cells; every other is escaped.
    assert_eq!(
        rows[0].replace("\\|", "").matches('|').count(),
        8,
        "{}",
        rows[0]
    );
    assert!(!outside_code(&markdown).contains("<img"), "{markdown}");
    assert!(!outside_code(&markdown).contains("@everyone"), "{markdown}");
    let sarif: Value =
        serde_json::from_str(&render(&hostile(), Format::Sarif)).expect("the document is JSON");
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        ["uri"];
    assert!(
        uri.as_str().is_some_and(|uri| uri
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte))),
        "{uri}"
    );
}

#[test]
fn no_format_shows_a_secret() {
    for format in Format::ALL {
        let document = render(&sample(), format);
        for letter in ["a", "b", "c", "d", "e", "f"] {
            assert!(
                !document.contains(&letter.repeat(5)),
                "{format:?} shows a part of a secret"
            );
        }
    }
}

#[test]
fn formats_are_found_by_their_names() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    let error = "xml"
        .parse::<Format>()
        .expect_err("there is no such format");
    for format in Format::ALL {
        assert!(error.to_string().contains(format.as_str()));
    }
}

/// What acts on terminals, build servers, tables, links and mentions, all in one path.
const HOSTILE: &str =
    "::error::x \u{1b}[2J\n::warning::y|`z` ##[error]<img src=x>\u{202e}[a](b) @everyone {0}";

fn hostile() -> Report {
    let mut report = sample();
    report.findings = vec![railway()];
    report.target.root = HOSTILE.into();
    report.coverage.skip(Skip::Unreadable, HOSTILE);
    // Only then it is told why.
    report.coverage.files = 0;
    report.coverage.vacant = Some(HOSTILE.to_owned());
    report.config = Some(HOSTILE.to_owned());
    for excused in &mut report.excused {
        excused.reason = String::from(HOSTILE);
        excused.finding.path = String::from(HOSTILE);
    }
    for notice in &mut report.notices {
        notice.text = String::from(HOSTILE);
    }
    let finding = &mut report.findings[0];
    finding.source = Source::History;
    finding.commit = Some(Arc::new(Commit {
        id: "2e".repeat(20),
        author: Some(HOSTILE.to_owned()),
        time: i64::MAX,
    }));
    finding.path = HOSTILE.into();
    finding.key = Some(HOSTILE.to_owned());
    finding.purpose.stated = Some(HOSTILE.to_owned());
    for evidence in [
        &mut finding.privilege.evidence,
        &mut finding.validity.evidence,
        &mut finding.environment.evidence,
        &mut finding.purpose.evidence,
    ] {
        *evidence = vec![Evidence::new(HOSTILE)];
    }
    finding.reachability = Reachability::of(vec![facet(
        "an agent's file tools",
        HOSTILE,
        Some(Exposure::Agent),
        HOSTILE,
    )]);
    report.violations[0].evidence = vec![Evidence::new(HOSTILE)];
    report
}

/// The report of one finding, and of nothing else.
fn of(finding: Finding) -> Report {
    Report {
        findings: vec![finding],
        ..clean()
    }
}

/// A scan that found nothing, on nobody's terms.
fn clean() -> Report {
    Report {
        findings: Vec::new(),
        violations: Vec::new(),
        excused: Vec::new(),
        notices: Vec::new(),
        comparison: None,
        config: None,
        ..sample()
    }
}

fn document(report: &Report) -> Value {
    serde_json::from_str(&render(report, Format::Json)).expect("the document is JSON")
}

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    let string = |one: &Value| one.as_str().expect("a text").to_owned();
    list.iter().map(string).collect()
}

/// A text without its line ends and the rails of the story, so that it can be searched for sentences.
fn unbroken(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| *word != "│");
    words.collect::<Vec<_>>().join(" ")
}

fn outside_code(markdown: &str) -> String {
    markdown
        .lines()
        .map(without_code)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A line without its code spans, whose fences are runs of backticks of one length.
fn without_code(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let fence = &rest[at..at + rest[at..].bytes().take_while(|&byte| byte == b'`').count()];
        if rest[..at].ends_with('\\') {
            kept.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        }
        kept.push_str(&rest[..at]);
        let inside = &rest[at + fence.len()..];
        rest = inside
            .find(fence)
            .map_or("", |end| &inside[end + fence.len()..]);
    }
    kept + rest
}

fn render(report: &Report, format: Format) -> String {
    write(report, format, 100)
}

/// The text report as a stream without colours shows it.
fn plain(report: &Report, width: usize) -> String {
    anstream::adapter::strip_str(&write(report, Format::Text, width)).to_string()
}

fn write(report: &Report, format: Format, width: usize) -> String {
    let mut bytes = Vec::new();
    let choices = Choices {
        width,
        ..Choices::default()
    };
    reporter(format, choices)
        .write(report, &mut bytes)
        .expect("a Vec takes every write");
    String::from_utf8(bytes).expect("reports are UTF-8")
}

/// A release must not change the snapshots.
fn versionless(document: &str) -> String {
    let (name, version) = (env!("CARGO_PKG_VERSION"), "[version]");
    document
        .replace(
            &format!("\"version\": \"{name}\""),
            &format!("\"version\": \"{version}\""),
        )
        .replace(
            &format!("\"semanticVersion\": \"{name}\""),
            &format!("\"semanticVersion\": \"{version}\""),
        )
}

/// The fixture of all formats: everything occurs in it that most reports hold.
pub(crate) fn sample() -> Report {
    let mut coverage = Coverage {
        files: 12_431,
        bytes: 310_000_000,
        elapsed_ms: 812,
        ..Coverage::default()
    };
    coverage.skip(Skip::Symlink, "web/current");
    coverage.skip(Skip::Symlink, "web/latest");
    coverage.skip(Skip::Vanished, "web/.cache/lock");
    let railway = railway();
    let violation = Violation {
        kind: "separation",
        finding: railway.fingerprint.clone(),
        evidence: vec![Evidence::new(
            "the task is in staging and this works in every environment",
        )],
    };
    let excuse = |path: &str, by: Excuse, reason: &str| Excused {
        finding: Finding {
            path: path.to_owned(),
            ..database()
        },
        by,
        reason: reason.to_owned(),
    };
    let loosened = ".straykey.toml:3: leaves out `vendor/**`";
    let stale = ".straykey.toml:7: allows rule `slack-*`, and nothing of that was found";
    Report {
        target: Target {
            root: "demo".to_owned(),
            mode: "scan",
            task_environment: Environment::Staging,
        },
        coverage,
        rules: 212,
        findings: vec![aws(), database(), railway, stripe(), npm()],
        violations: vec![violation],
        excused: vec![
            excuse(
                "docs/setup.md",
                Excuse::Mark,
                "a mark with a reason stands on its line",
            ),
            excuse(
                "tests/compose.yaml",
                Excuse::Baseline,
                "the baseline holds it",
            ),
        ],
        notices: vec![
            Notice::new(NoticeKind::Loosened, loosened),
            Notice::new(NoticeKind::StaleAllow, stale),
        ],
        comparison: Some(Comparison {
            new: 5,
            known: 1,
            moved: 0,
            gone: 3,
        }),
        config: Some(".straykey.toml".to_owned()),
        // 2026-09-21, as the session of the key id ends.
        now: 1_790_000_000,
    }
}

/// An account token, put there for domains, that can destroy everything.
fn railway() -> Finding {
    let mut record = record(
        &[
            Capability::DeleteInfrastructure,
            Capability::DeleteBackups,
            Capability::ManageIdentity,
        ],
        Breadth::Account,
    );
    record.verbs = [
        "delete volumes and their backups",
        "delete projects and environments",
        "read every variable",
        "create more tokens",
    ]
    .map(str::to_owned)
    .to_vec();
    record.because = "no scope can be set on it; deleting a volume wipes its backups".into();
    record.recovery = Some(Recovery {
        window: "48 h, by an e-mailed link".to_owned(),
        takes_backups: true,
    });
    record.revoke = Some(Revoke {
        title: "Account settings, Tokens".to_owned(),
        url: "https://railway.com/account/tokens".to_owned(),
        by_value: false,
    });
    record.replace = "a project token: one environment of one project".into();
    record.identity = Identity::Person;
    let mut finding = finding(
        rule(
            "railway",
            "Railway",
            "api-token",
            "Railway account or workspace token",
            record,
        ),
        1,
        "scripts/railway.ts",
        3,
        &"a".repeat(36),
    );
    finding.confidence = Confidence::Medium;
    finding.environment = Judged::new(
        Environment::All,
        "an account token spans every environment of every project",
    );
    finding.lifetime = Judged::new(Lifetime::LongLived, "tokens of this kind do not expire");
    finding.age_days = Some(412);
    finding.validity = Judged::new(
        Validity::WellFormed,
        "key `RAILWAY_API_TOKEN` names an account token",
    );
    finding.purpose = Purpose {
        stated: Some("domains".to_owned()),
        drift: true,
        evidence: vec![Evidence::new(
            "the script is called add-domain, and the token deletes volumes",
        )],
    };
    finding.severity = severity(10.0, 1.0, 1.0, 0.95);
    finding
}

/// A test key: the same power where it hurts nobody.
fn stripe() -> Finding {
    let mut record = record(
        &[Capability::MoveMoney, Capability::ReadData],
        Breadth::Account,
    );
    record.because = "a secret key has every permission of the account".into();
    record.revoke = Some(Revoke {
        title: "Developers, API keys".to_owned(),
        url: "https://dashboard.stripe.com/apikeys".to_owned(),
        by_value: false,
    });
    record.replace = "a restricted key".into();
    let mut finding = finding(
        rule(
            "stripe",
            "Stripe",
            "secret-key",
            "Stripe secret key",
            record,
        ),
        3,
        "web/src/checkout/__tests__/fixtures/payments.test.ts",
        128,
        &"b".repeat(40),
    );
    finding.environment = Judged::new(Environment::Test, "its prefix means test mode");
    finding.lifetime = Judged::new(Lifetime::LongLived, "secret keys do not expire");
    finding.reachability = Reachability::of(vec![
        facet(
            "an agent's file tools",
            "yes",
            Some(Exposure::Agent),
            "no rule covers it",
        ),
        facet(
            "repository readers",
            "tracked by git",
            Some(Exposure::Shared),
            "it is in the index",
        ),
    ]);
    finding.severity = severity(10.0, 0.35, 1.0, 1.0);
    finding
}

/// A password of a database that runs on this machine.
fn database() -> Finding {
    let record = record(
        &[
            Capability::DeleteData,
            Capability::WriteData,
            Capability::ReadData,
        ],
        Breadth::Project,
    );
    let mut finding = finding(
        rule(
            "generic",
            "Database",
            "database-url",
            "Database URL with a password",
            record,
        ),
        2,
        "compose.yaml",
        14,
        &"c".repeat(12),
    );
    finding.environment = Judged::new(Environment::Local, "the host is localhost");
    finding.lifetime = Judged::default();
    finding.severity = severity(9.0, 0.35, 0.95, 0.95);
    finding
}

/// A token that only an old commit holds.
fn npm() -> Finding {
    let mut record = record(&[Capability::Publish], Breadth::Account);
    record.because = "it may publish every package of its owner".into();
    record.revoke = Some(Revoke {
        title: "Access Tokens".to_owned(),
        url: "https://www.npmjs.com/settings/~/tokens".to_owned(),
        by_value: false,
    });
    record.replace = "a granular token of one package".into();
    let rule = rule("npm", "npm", "access-token", "npm access token", record);
    let mut finding = finding(rule, 5, "worker/deploy.sh", 7, &"f".repeat(36));
    finding.source = Source::History;
    finding.commit = Some(Arc::new(Commit {
        id: "1f".repeat(20),
        author: Some("Ada Example <ada@example.com>".to_owned()),
        time: 1_700_000_000,
    }));
    finding.severity = severity(7.0, 0.85, 0.95, 1.0);
    finding
}

/// A key id with its secret, of which nobody knows the rights.
fn aws() -> Finding {
    let mut record = record(
        &[Capability::DeleteInfrastructure, Capability::ReadSecrets],
        Breadth::Account,
    );
    record.certainty = Certainty::Unknown;
    record.narrowing = true;
    record.because = "its policies are not in the value".into();
    record.revoke = Some(Revoke {
        title: "aws iam delete-access-key".to_owned(),
        url: String::new(),
        by_value: false,
    });
    let mut finding = finding(
        rule("aws", "AWS", "access-key", "AWS access key", record),
        4,
        ".aws/credentials",
        2,
        &"d".repeat(20),
    );
    finding.companion = Some(Companion {
        rule: "aws-secret-key".into(),
        preview: Secret::new("e".repeat(40).into_bytes()).preview(0),
        start: Position {
            line: 3,
            column: 25,
        },
        secret: Secret::new("e".repeat(40).into_bytes()),
    });
    finding.lifetime = Judged::new(
        Lifetime::ExpiresAt(1_790_000_000),
        "the profile holds a session that ends then",
    );
    finding.severity = severity(9.0, 0.85, 0.9, 0.95);
    finding
}

fn finding(rule: Rule, credential: u32, path: &str, line: u64, secret: &str) -> Finding {
    let record = &rule.record;
    let privilege = Privilege {
        capabilities: record.capabilities,
        breadth: record.breadth,
        certainty: record.certainty,
        narrowing: record.narrowing,
        identity: record.identity,
        recovery: record.recovery.clone(),
        evidence: vec![Evidence::new(record.because.clone())],
    };
    let secret = Secret::new(secret.as_bytes().to_vec());
    Finding {
        confidence: rule.confidence,
        path: path.to_owned(),
        source: Source::File,
        commit: None,
        span: Span {
            start: 40,
            end: 40 + secret.len(),
        },
        start: Position { line, column: 18 },
        end: Position {
            line,
            column: 18 + secret.len() as u64,
        },
        preview: secret.preview(rule.public_prefix),
        line: secret.clone(),
        previous_line: Secret::new(Vec::new()),
        secret,
        key: None,
        fingerprint: format!("{}:{path}:1", rule.id),
        identity: MadeOf::Value,
        line_hash: None,
        credential,
        companion: None,
        validity: Judged::new(Validity::WellFormed, "it has the form of its kind"),
        privilege,
        environment: Judged::default(),
        lifetime: Judged::default(),
        age_days: None,
        purpose: Purpose::default(),
        reachability: Reachability::of(vec![facet(
            "an agent's file tools",
            "yes",
            Some(Exposure::Agent),
            "no ignore or deny rule of an agent covers it",
        )]),
        severity: severity(10.0, 1.0, 1.0, 1.0),
        rule: Arc::new(rule),
    }
}

fn rule(provider: &str, provider_name: &str, kind: &str, name: &str, record: Record) -> Rule {
    Rule {
        catch_all: false,
        id: format!("{provider}-{kind}").into(),
        provider: provider.into(),
        provider_name: provider_name.to_owned(),
        name: name.to_owned(),
        confidence: Confidence::High,
        detection: Detection::Contextual(Contextual::default()),
        min_entropy: 0.0,
        public_prefix: 0,
        validator: String::new(),
        decoder: String::new(),
        companions: Vec::new(),
        alone: Confidence::High,
        record: record.into(),
    }
}

fn record(capabilities: &[Capability], breadth: Breadth) -> Record {
    Record {
        capabilities: capabilities.iter().copied().collect(),
        breadth,
        certainty: Certainty::Typical,
        narrowing: false,
        identity: Identity::Machine,
        because: "the user owns what it connects to".to_owned(),
        verbs: Vec::new(),
        environment: Environment::Unknown,
        lifetime: KindLifetime::Unknown,
        recovery: None,
        revoke: None,
        replace: String::new(),
    }
}

fn facet(who: &'static str, how: &str, exposure: Option<Exposure>, evidence: &str) -> Facet {
    Facet {
        who,
        how: how.to_owned(),
        exposure,
        evidence: Evidence::new(evidence.to_owned()),
    }
}

fn severity(privilege: f64, environment: f64, lifetime: f64, exposure: f64) -> Severity {
    Severity {
        score: Score::new(privilege * environment * lifetime * exposure),
        privilege,
        environment,
        lifetime,
        exposure,
    }
}
