//! Reports: one file a format, all over the same [`Report`].
//!
//! A reporter only renders. What to show, in which order and at which severity was decided before;
//! each file keeps its own serialized structs private, so that a format can keep its shape while
//! [`Finding`] changes.

mod inert;
mod json;
mod jsonl;
mod layout;
mod markdown;
mod remedy;
mod sarif;
mod story;
mod table;
mod text;
mod verdict;
mod words;

pub use json::Json;
pub use jsonl::Jsonl;
pub use markdown::Markdown;
pub use sarif::Sarif;
pub use text::Text;

use crate::coverage::Coverage;
use crate::environment::Environment;
use crate::evidence::Evidence;
use crate::finding::Finding;
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
    /// How many findings a mark in the tree excused.
    pub suppressed: usize,
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

impl Report {
    /// How many findings fall into a band.
    pub fn count(&self, band: Band) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity.band() == band)
            .count()
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
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 5] = [
        Self::Text,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Markdown,
    ];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
        }
    }
}

/// A format that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("format `{0}` is not `text`, `json`, `jsonl`, `sarif` or `markdown`")]
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

/// The reporter of a format. `width` is that of the terminal in columns, 100 where it is not known.
pub fn reporter(format: Format, width: usize) -> Box<dyn Reporter> {
    match format {
        Format::Text => Box::new(Text { width }),
        Format::Json => Box::new(Json),
        Format::Jsonl => Box::new(Jsonl),
        Format::Sarif => Box::new(Sarif),
        Format::Markdown => Box::new(Markdown),
    }
}
