//! What can go wrong with git, and what to do about it.

use crate::display::sanitize;
use std::io;

/// Git could not be asked, or refused to answer. Never the same as "there is nothing".
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program could not be started or spoken to.
    #[error("git cannot be run: {0}")]
    Start(#[source] io::Error),
    /// There is no repository here.
    #[error("there is no git repository here")]
    NoRepository,
    /// The repository belongs to another user.
    #[error("git refuses this repository because it belongs to another user")]
    DubiousOwnership,
    /// A bare repository that nobody named.
    #[error("a bare repository is used only where it is named")]
    Bare,
    /// A revision that git does not know.
    #[error("git does not know the revision `{0}`")]
    UnknownRevision(String),
    /// Anything else git complained about.
    #[error("`git {command}` failed: {complaint}")]
    Failed {
        /// The subcommand.
        command: String,
        /// The first line of its complaint, safe to print.
        complaint: String,
    },
    /// Git said something that we do not understand.
    #[error("`git {0}` answered in a form that is not known")]
    Unexpected(&'static str),
}

impl GitError {
    /// Reads what git complained about.
    pub(super) fn of(arguments: &[&str], stderr: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stderr);
        if text.contains("dubious ownership") {
            return Self::DubiousOwnership;
        }
        if text.contains("not a git repository") || text.contains("must be run in a work tree") {
            return Self::NoRepository;
        }
        if text.contains("cannot use bare repository") {
            return Self::Bare;
        }
        if text.contains("unknown revision") || text.contains("bad revision") {
            let named = text.split('\'').nth(1).unwrap_or("?");
            return Self::UnknownRevision(sanitize(named).into_owned());
        }
        let line = text
            .lines()
            .find(|line| line.starts_with("fatal:") || line.starts_with("error:"))
            .or_else(|| text.lines().next())
            .unwrap_or("it did not say why");
        Self::Failed {
            command: arguments
                .iter()
                .find(|argument| !argument.starts_with('-'))
                .unwrap_or(&"")
                .to_string(),
            complaint: sanitize(line).into_owned(),
        }
    }

    /// The next step.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Start(_) => "install git, or scan files: straykey scan PATH",
            Self::NoRepository => "run it inside a repository, or scan files: straykey scan PATH",
            Self::DubiousOwnership => {
                "if you trust it: git config --global --add safe.directory FOLDER"
            }
            Self::Bare => "name it: GIT_DIR=. straykey scan --history",
            Self::UnknownRevision(_) => {
                "name a commit, branch, tag or range that `git rev-parse` knows; a shallow clone may lack it"
            }
            Self::Failed { .. } => "run `git fsck` to see whether the repository is whole",
            Self::Unexpected(_) => "report this with the version of git: git --version",
        }
    }

    /// True where the arguments are at fault rather than the repository.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::UnknownRevision(_))
    }
}
