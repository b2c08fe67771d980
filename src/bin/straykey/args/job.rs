//! What was typed, in the terms of a scan.

use super::Terms;
use std::path::PathBuf;
use straykey::environment::Environment;
use straykey::policy::FailOn;
use straykey::report::Format;
use straykey::severity::Confidence;

/// What to scan and what to do with the result.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one switch of the command line"
)]
pub(crate) struct Job {
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) mode: &'static str,
    pub(crate) input: Input,
    pub(crate) hide_authors: bool,
    pub(crate) respect_ignores: bool,
    pub(crate) honour_marks: bool,
    /// None where the command line does not say; likewise the next ones.
    pub(crate) task_environment: Option<Environment>,
    pub(crate) format: Format,
    pub(crate) sarif_suppressed: bool,
    pub(crate) output: Option<PathBuf>,
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) min_confidence: Option<Confidence>,
    pub(crate) rules: Vec<PathBuf>,
    pub(crate) exit_zero: bool,
    pub(crate) terms: Terms,
    pub(crate) threads: usize,
    pub(crate) quiet: bool,
    pub(crate) progress: bool,
    pub(crate) map: bool,
}

/// Where the bytes to search come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The roots.
    Files,
    /// Standard input.
    Stdin,
    /// What is staged; only these paths where there are any.
    Staged { only: Vec<PathBuf> },
    /// What the commits of a range added: arguments of git-rev-list(1), split at blanks.
    Since(String),
    /// What all commits added.
    History { stash: bool, reflog: bool },
    /// The files that a list names; `-` is standard input.
    FilesFrom { list: PathBuf, null: bool },
    /// The message of a commit.
    Message(PathBuf),
    /// The name of the branch.
    Branch,
}

impl Job {
    /// A scan of one folder that only looks.
    pub(crate) fn look(folder: PathBuf) -> Self {
        Self {
            roots: vec![folder],
            mode: "scan",
            input: Input::Files,
            hide_authors: false,
            respect_ignores: false,
            honour_marks: false,
            task_environment: None,
            format: Format::Text,
            sarif_suppressed: false,
            output: None,
            fail_on: None,
            min_confidence: Some(Confidence::Low),
            rules: Vec::new(),
            exit_zero: false,
            terms: Terms::none(),
            threads: 0,
            quiet: false,
            progress: false,
            map: false,
        }
    }
}
