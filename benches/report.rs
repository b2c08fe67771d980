//! Every format over a thousand findings, which is what a first scan of an old tree gives.

use crate::inputs::{MOMENT, TOKEN, render};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::path::PathBuf;
use std::sync::Arc;
use straykey::environment::Environment;
use straykey::finding::Source;
use straykey::report::{Choices, Format, Report, reporter};
use straykey::rule::builtin;
use straykey::scan::{Excluded, Options, Scanner};
use straykey::severity::Confidence;

const FINDINGS: usize = 1_000;
/// Files that they are spread over.
const FILES: usize = 40;

#[divan::bench(args = Format::ALL)]
fn write(bencher: Bencher, format: Format) {
    let report = report();
    let reporter = reporter(format, Choices::default());
    bencher
        .counter(ItemsCount::new(report.findings.len()))
        .bench_local(|| {
            let mut out = Vec::new();
            let written = reporter.write(&report, &mut out);
            written.map(|()| out)
        });
}

fn report() -> Report {
    let text = render("report", &TOKEN.repeat(FINDINGS));
    let scanner = Scanner::new(Arc::new(builtin()));
    let mut report = scanner.scan_bytes(text.as_bytes(), ".env", Source::File, &options());
    for (number, finding) in report.findings.iter_mut().enumerate() {
        finding.path = format!("services/s{}/.env", number * FILES / FINDINGS);
    }
    report
}

fn options() -> Options {
    Options {
        roots: Vec::new(),
        base: PathBuf::from("."),
        mode: "scan",
        respect_ignores: true,
        exclude: Arc::new(Excluded::default()),
        hide_authors: false,
        threads: 1,
        min_confidence: Confidence::Medium,
        honour_marks: true,
        task_environment: Environment::Unknown,
        now: MOMENT,
        map: false,
    }
}
