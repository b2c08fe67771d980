//! Which git is run, and how its errors are told.

use crate::exit::{hinted, unscanned};
use anyhow::anyhow;
use std::path::{Path, PathBuf};
use straykey::haystack::git::{Git, GitError};

/// Git for the repository around a folder.
///
/// The program is looked up once, in the absolute folders of `PATH` only, and never in the tree that
/// is scanned: a file called `git` there would be run with our rights.
pub(crate) fn open(folder: &Path) -> anyhow::Result<Git> {
    let top = straykey::haystack::git::top_around(folder);
    let inside = |program: &Path| {
        top.as_deref()
            .and_then(|top| top.canonicalize().ok())
            .zip(program.canonicalize().ok())
            .is_some_and(|(top, program)| program.starts_with(top))
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(NAME))
        .find(|program| program.is_file() && !inside(program));
    let program: PathBuf = found.ok_or_else(|| {
        unscanned(
            anyhow!("git was not found in PATH"),
            "install git, or scan files: straykey scan PATH",
        )
    })?;
    Ok(Git::new(program, folder))
}

const NAME: &str = if cfg!(windows) { "git.exe" } else { "git" };

/// An error of git as one of ours: where git fails nothing was scanned, and that is no usage error.
pub(crate) fn error(error: GitError) -> anyhow::Error {
    let hint = error.hint();
    if error.is_usage() {
        hinted(error, hint)
    } else {
        unscanned(error, hint)
    }
}
