//! Every report format over one fixture, as whole documents.
//!
//! The findings are made by hand, so that a change in detection or in a rule leaves these
//! snapshots alone. No value here looks like a credential: secrets are runs of one letter.

use serde_json::Value;
use std::sync::Arc;
use straykey::coverage::{Coverage, Skip};
use straykey::display::acts;
use straykey::environment::Environment;
use straykey::evidence::{Evidence, Judged};
use straykey::finding::{Companion, Finding, Purpose, Source, Validity};
use straykey::lifetime::{KindLifetime, Lifetime};
use straykey::location::{Position, Span};
use straykey::privilege::{Breadth, Capability, Certainty, Identity, Privilege, Recovery};
use straykey::reachability::{Exposure, Facet, Reachability};
use straykey::report::{Format, Report, Target, Violation, reporter};
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
    for report in [sample(), hostile()] {
        let document: Value =
            serde_json::from_str(&render(&report, Format::Json)).expect("the document is JSON");
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
    let document: Value =
        serde_json::from_str(&render(&hostile(), Format::Json)).expect("the document is JSON");
    assert_eq!(document["findings"][0]["path"], HOSTILE);
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
            assert!(!line.trim_start().starts_with("::"), "{format:?}: {line}");
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
        for letter in ["a", "b", "c", "d", "e"] {
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
    let finding = &mut report.findings[0];
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
    reporter(format, width)
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

fn sample() -> Report {
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
    Report {
        suppressed: 0,
        target: Target {
            root: "demo".to_owned(),
            mode: "scan",
            task_environment: Environment::Staging,
        },
        coverage,
        rules: 212,
        findings: vec![aws(), database(), railway, stripe()],
        violations: vec![violation],
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
        secret,
        key: None,
        fingerprint: format!("{}:{path}:1", rule.id),
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
