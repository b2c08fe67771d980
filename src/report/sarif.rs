//! SARIF 2.1.0 for code scanning. This file and its rooms are the only users of `serde-sarif`.
//!
//! Code scanning reads a severity from the rule only, not from the result, so each rule is written
//! once for every band that its findings fall into ([`rule`]); each result has its own rank and
//! properties. No secret and no snippet is ever written, and no path of this machine that a finding
//! does not have itself.
//!
//! GitHub's limits are kept here rather than left to the upload to enforce: it would refuse the
//! whole file. What is left out is said in a notification.

mod flow;
mod invocation;
mod message;
mod place;
mod properties;
mod related;
mod result;
mod rule;
mod taxonomy;

use super::inert::pretty;
use super::{Report, Reporter};
use result::{Context, Subject};
use rule::Rules;
use serde_json::json;
use serde_sarif::sarif::{
    Result as SarifResult, Run, RunAutomationDetails, Sarif as Document, Tool, ToolComponent,
};
use std::cmp::Reverse;
use std::io::{self, Write};

/// Not the crate's constant, which points to a host that no longer serves it.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Code scanning shows no more than this of a run, and refuses a run of 25,000.
const MOST: usize = 5_000;
/// Code scanning takes 10 MB when packed. Results are so alike that they pack to a tenth and less;
/// this leaves room for long paths, which do not.
const BYTES: usize = 40_000_000;

/// A SARIF document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sarif {
    /// True to write excused findings too, as suppressed results. GitHub does not know suppressions
    /// and would show them as open alerts.
    pub include_suppressed: bool,
}

impl Reporter for Sarif {
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let document = Document::builder()
            .schema(SCHEMA)
            .version(json!("2.1.0"))
            .runs([run(report, &self.subjects(report))])
            .build();
        pretty(&document, out)
    }
}

impl Sarif {
    /// What becomes a result: the findings worst first, then what is excused, where it was asked for.
    fn subjects(self, report: &Report) -> Vec<Subject<'_>> {
        let counted = report.worst_first().into_iter().map(Subject::counted);
        let mut subjects: Vec<_> = counted.collect();
        if self.include_suppressed {
            let mut excused: Vec<_> = report.excused.iter().map(Subject::excused).collect();
            excused.sort_by_key(|subject| Reverse(subject.finding.severity.score));
            subjects.extend(excused);
        }
        subjects
    }
}

fn run(report: &Report, subjects: &[Subject<'_>]) -> Run {
    let shown = &subjects[..subjects.len().min(MOST)];
    let rules = Rules::used(shown.iter().map(|subject| subject.finding));
    let context = Context::new(report, subjects, &rules);
    let results = fitting(shown.iter().map(|&subject| context.result(subject)));
    // The trailing slash makes the whole of it the category; what followed would be the run's own id.
    let automation = format!("straykey/{}/", report.target.mode);
    Run::builder()
        .tool(Tool::builder().driver(driver(&rules)).build())
        .taxonomies([taxonomy::cwe()])
        .column_kind(json!("unicodeCodePoints"))
        .automation_details(RunAutomationDetails::builder().id(automation).build())
        .original_uri_base_ids(place::bases(subjects))
        .invocations([invocation::of(report, subjects.len() - results.len())])
        .results(results)
        .build()
}

fn driver(rules: &Rules<'_>) -> ToolComponent {
    let mut driver = ToolComponent::builder()
        .name("straykey")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.descriptors())
        .supported_taxonomies([taxonomy::component()])
        .build();
    let home = option_env!("CARGO_PKG_REPOSITORY").filter(|url| url.starts_with("https://"));
    driver.information_uri = home.map(str::to_owned);
    driver
}

/// The first results, as many as fit into [`BYTES`].
fn fitting(results: impl Iterator<Item = SarifResult>) -> Vec<SarifResult> {
    let mut left = BYTES;
    results
        .map_while(|result| {
            let size = serde_json::to_vec(&result).map_or(0, |bytes| bytes.len());
            left = left.checked_sub(size)?;
            Some(result)
        })
        .collect()
}
