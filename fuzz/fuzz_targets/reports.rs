//! Any text wherever a report tells names of the scanned tree: every format stays what it is,
//! nothing acts on a terminal or a build server, and no credential is told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::{Arc, LazyLock};
use straykey::coverage::Skip;
use straykey::display::acts;
use straykey::evidence::Evidence;
use straykey::finding::{Commit, Excuse, Excused, Finding};
use straykey::notice::{Notice, NoticeKind};
use straykey::report::{Choices, Format, Report, reporter};
use straykey_fuzz::{MOMENT, render, scan, tells};

/// Credentials of three environments.
const SETTINGS: &str = "[production]\n\
    RAILWAY_API_TOKEN={{sample:railway-api-token}}\n\
    GITHUB_TOKEN={{sample:github-classic-token}}\n\
    [test]\n\
    STRIPE_KEY={{sample:stripe-test-secret-key}}\n";

static REPORT: LazyLock<Report> =
    LazyLock::new(|| scan(render(SETTINGS).as_bytes(), "settings.ini"));

fuzz_target!(|texts: Vec<String>| {
    let mut endless = texts.iter().cycle();
    let report = named(|| endless.next().cloned().unwrap_or_default());
    let planted = |finding: &Finding| {
        let public = finding.rule.public_prefix;
        texts
            .iter()
            .any(|text| tells(text, &finding.secret, public))
    };
    if report.findings.iter().any(planted) {
        return;
    }
    for format in Format::ALL {
        let document = written(&report, format);
        check(format, &document);
        for finding in &report.findings {
            let public = finding.rule.public_prefix;
            assert!(!tells(&document, &finding.secret, public), "{format:?}");
        }
    }
});

/// A report in which every name of the tree is another text.
fn named(mut next: impl FnMut() -> String) -> Report {
    let mut report = REPORT.clone();
    for finding in &mut report.findings {
        name(finding, &mut next);
    }
    if let Some(finding) = report.findings.pop() {
        report.excused.push(Excused {
            finding,
            by: Excuse::Allow,
            reason: next(),
        });
    }
    report.target.root = next();
    report.config = Some(next());
    report.coverage.skip(Skip::Unreadable, next());
    report.notices = vec![Notice::new(NoticeKind::Loosened, next())];
    report
}

fn name(finding: &mut Finding, next: &mut impl FnMut() -> String) {
    finding.path = next();
    finding.key = Some(next());
    finding.purpose.stated = Some(next());
    finding.purpose.drift = true;
    finding.purpose.evidence = vec![Evidence::new(next())];
    finding.privilege.evidence.push(Evidence::new(next()));
    finding.environment.evidence = vec![Evidence::new(next())];
    finding.commit = Some(Arc::new(Commit {
        id: "0".repeat(40),
        author: Some(next()),
        time: MOMENT,
    }));
}

fn written(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    reporter(format, Choices::default())
        .write(report, &mut out)
        .expect("memory takes every write");
    String::from_utf8(out).expect("a report is UTF-8")
}

/// The document is well formed, and obeyed by nobody.
fn check(format: Format, document: &str) {
    let shown = match format {
        Format::Text => uncoloured(document),
        _ => document.to_owned(),
    };
    let acting = shown.chars().find(|&c| c != '\n' && acts(c));
    assert_eq!(acting, None, "{format:?}");
    for line in shown.lines().map(str::trim_start) {
        assert!(!line.contains("##[") && !line.contains("##vso["));
        assert!(!line.starts_with("::") || format == Format::Github);
    }
    match format {
        Format::Json | Format::Sarif | Format::Gitlab => parses(document),
        Format::Jsonl => document.lines().for_each(parses),
        Format::Junit => balanced(document),
        Format::Github => assert!(document.lines().all(is_command)),
        Format::Text | Format::Markdown => {}
    }
}

fn parses(document: &str) {
    assert!(serde_json::from_str::<Value>(document).is_ok());
}

/// Without the colours that the text report sets itself.
fn uncoloured(document: &str) -> String {
    let mut pieces = document.split("\u{1b}[");
    let mut shown = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (colour, rest) = piece.split_once('m').expect("a colour ends with `m`");
        assert!(colour.bytes().all(|b| b.is_ascii_digit() || b == b';'));
        shown.push_str(rest);
    }
    shown
}

/// Every tag of an XML document is closed in its turn. We write neither comments nor CDATA.
fn balanced(document: &str) {
    let mut open = Vec::new();
    let tags = document.split('<').skip(1);
    for tag in tags.filter(|tag| !tag.starts_with('?')) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'));
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty());
}

/// A line of ours in the log of a build: an annotation or a remark.
fn is_command(line: &str) -> bool {
    ["::error", "::warning", "::notice", "straykey: "]
        .iter()
        .any(|start| line.starts_with(start))
}
