//! Reports: one file a format, all over the same [`Report`].
//!
//! A reporter only renders. What to show, in which order and at which severity was decided before;
//! each file keeps its own serialized structs private, so that a format can keep its shape while
//! [`Finding`] changes.

mod alert;
mod github;
mod gitlab;
mod inert;
mod json;
mod jsonl;
mod junit;
mod layout;
mod markdown;
mod remedy;
mod sarif;
mod story;
mod table;
mod text;
mod verdict;
mod words;

pub use github::Github;
pub use gitlab::Gitlab;
pub use json::Json;
pub use jsonl::Jsonl;
pub use junit::Junit;
pub use markdown::Markdown;
pub use sarif::Sarif;
pub use text::Text;

use crate::coverage::Coverage;
use crate::environment::Environment;
use crate::evidence::Evidence;
use crate::finding::{Excused, Finding};
use crate::lifetime::UnixSeconds;
use crate::notice::{Comparison, Notice};
use crate::severity::Band;
use std::io::{self, Write};
use std::str::FromStr;

/// Everything a scan found out.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was scanned.
    pub target: Target,
    /// What was looked at, skipped and why.
    pub coverage: Coverage,
    /// How many rules were loaded.
    pub rules: usize,
    /// What was found, sorted by (path, span, rule).
    pub findings: Vec<Finding>,
    /// Credentials that break a rule of the house, such as the separation of environments.
    pub violations: Vec<Violation>,
    /// What was found and does not count, in the same order.
    pub excused: Vec<Excused>,
    /// What to know about how the scan was set up.
    pub notices: Vec<Notice>,
    /// The findings against the baseline; None without one.
    pub comparison: Option<Comparison>,
    /// Where the configuration came from, such as `.straykey.toml` or `main:.straykey.toml`; None
    /// where there was none.
    pub config: Option<String>,
    /// When the scan was started.
    pub now: UnixSeconds,
}

/// What was scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The root as given.
    pub root: String,
    /// `scan` or `audit`.
    pub mode: &'static str,
    /// The environment of the task at hand, where it is known.
    pub task_environment: Environment,
}

/// A credential that breaks a rule of the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The kind, such as `separation`.
    pub kind: &'static str,
    /// The fingerprint of the finding.
    pub finding: String,
    /// Why it is one.
    pub evidence: Vec<Evidence>,
}

impl Violation {
    fn separation(finding: &Finding, task: Environment) -> Self {
        let mut evidence = vec![Evidence::new(format!(
            "the task is about {}, this credential works in {}",
            task.as_str(),
            finding.environment.value.as_str()
        ))];
        evidence.extend(finding.environment.evidence.iter().cloned());
        Self {
            kind: "separation",
            finding: finding.fingerprint.clone(),
            evidence,
        }
    }
}

impl Report {
    /// How many findings fall into a band.
    pub fn count(&self, band: Band) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity.band() == band)
            .count()
    }

    /// Finds the credentials of production within reach of a task that is not about production.
    pub fn judge_separation(&mut self) {
        let task = self.target.task_environment;
        let apart = matches!(
            task,
            Environment::Staging | Environment::Test | Environment::Local
        );
        let reaching = self
            .findings
            .iter()
            .filter(|finding| apart && finding.environment.value.includes_production());
        self.violations = reaching
            .map(|finding| Violation::separation(finding, task))
            .collect();
    }

    /// How many findings do not count because something excuses them.
    pub fn suppressed(&self) -> usize {
        self.excused.len()
    }

    /// The findings worst first: by score, then as they are sorted.
    pub fn worst_first(&self) -> Vec<&Finding> {
        let mut findings: Vec<_> = self.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity.score));
        findings
    }
}

/// Renders a report.
pub trait Reporter {
    /// Writes the whole document.
    ///
    /// # Errors
    /// Whatever the sink reports.
    fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()>;
}

/// A form that a report can take.
///
/// ```
/// use straykey::report::Format;
/// assert_eq!("sarif".parse(), Ok(Format::Sarif));
/// assert!("xml".parse::<Format>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// One document for programs.
    Json,
    /// One finding a line.
    Jsonl,
    /// For code scanning.
    Sarif,
    /// For comments and job summaries.
    Markdown,
    /// For GitLab's security dashboard.
    Gitlab,
    /// For whatever shows test results.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Markdown,
        Self::Gitlab,
        Self::Junit,
        Self::Github,
    ];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Github => "github",
        }
    }
}

/// A format that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("format `{0}` is none of {all}", all = Format::ALL.map(Format::as_str).join(", "))]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// What a reader has chosen besides the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Columns of the terminal; 100 where they are not known.
    pub width: usize,
    /// True to write what is excused into SARIF, too, as suppressed results.
    pub sarif_suppressed: bool,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            width: 100,
            sarif_suppressed: false,
        }
    }
}

/// The reporter of a format.
pub fn reporter(format: Format, choices: Choices) -> Box<dyn Reporter> {
    match format {
        Format::Text => Box::new(Text {
            width: choices.width,
        }),
        Format::Json => Box::new(Json),
        Format::Jsonl => Box::new(Jsonl),
        Format::Sarif => Box::new(Sarif {
            include_suppressed: choices.sarif_suppressed,
        }),
        Format::Markdown => Box::new(Markdown),
        Format::Gitlab => Box::new(Gitlab),
        Format::Junit => Box::new(Junit),
        Format::Github => Box::new(Github),
    }
}
