//! How the program ends: its exit codes, and errors with their hints.

use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use std::process::ExitCode;

/// The result of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing to complain about, and everything was looked at.
    Clean,
    /// Findings that fail the scan.
    Findings,
    /// Something was not searched, or nothing was.
    Incomplete,
    /// Stopped by the user.
    Interrupted,
}

impl Exit {
    fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Incomplete => 3,
            Self::Interrupted => 130,
        })
    }
}

/// Something wrong with what was asked, and what to do about it.
#[derive(Debug)]
pub(crate) struct Hinted {
    error: anyhow::Error,
    hint: String,
    /// True where nothing was scanned through no fault of the arguments.
    unscanned: bool,
}

impl std::fmt::Display for Hinted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.error)
    }
}

impl std::error::Error for Hinted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The error itself is what this one displays, so its cause comes next.
        self.error.source()
    }
}

/// An error with a next step.
pub(crate) fn hinted(error: impl Into<anyhow::Error>, hint: impl Into<String>) -> anyhow::Error {
    Hinted {
        error: error.into(),
        hint: hint.into(),
        unscanned: false,
    }
    .into()
}

/// An error for which nothing could be scanned, with a next step. It ends the program as an
/// incomplete scan does: the arguments are not at fault.
pub(crate) fn unscanned(error: impl Into<anyhow::Error>, hint: impl Into<String>) -> anyhow::Error {
    Hinted {
        error: error.into(),
        hint: hint.into(),
        unscanned: true,
    }
    .into()
}

/// Ends the program with what a command came to.
pub(crate) fn finish(result: anyhow::Result<Exit>) -> ExitCode {
    match result {
        Ok(exit) => exit.code(),
        // First: a pipe to git that closes is no reader who has seen enough.
        Err(error) if is_unscanned(&error) => {
            complain(&error);
            Exit::Incomplete.code()
        }
        // Whoever reads the report has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

/// Prints what clap has to say: help on standard output, errors on standard error.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let code = if error.use_stderr() { 2 } else { 0 };
    // A closed pipe while help is printed is no failure.
    let _ = error.print();
    ExitCode::from(code)
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

fn complain(error: &anyhow::Error) {
    let mut stderr = anstream::stderr().lock();
    let hint = error
        .downcast_ref::<Hinted>()
        .map(|hinted| hinted.hint.as_str())
        .unwrap_or_default();
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(
        stderr,
        "{ERROR}error:{ERROR:#} {}",
        straykey::display::sanitize(&format!("{error:#}"))
    );
    if !hint.is_empty() {
        let _ = writeln!(
            stderr,
            "{HINT}hint:{HINT:#} {}",
            straykey::display::sanitize(hint)
        );
    }
}

fn is_unscanned(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<Hinted>()
        .is_some_and(|hinted| hinted.unscanned)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
