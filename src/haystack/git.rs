//! Git, run so that nothing else runs.
//!
//! A repository's own configuration can name programs for git to start: a file-system monitor,
//! filters, text converters, a pager, hooks, a signature checker, a transport (measured, git 2.47).
//! Everything here goes through one `Command`, which turns those off and fetches nothing, and only
//! plumbing is used that reads neither the work tree nor a difference of contents.
//!
//! The user's own configuration stays, because `safe.directory` is in it: without that git refuses
//! repositories that belong to somebody else, and a scanner that took the refusal for "no commits"
//! would pass everything.

mod blobs;
mod changes;
mod commits;
mod error;

pub use blobs::{Blob, Blobs};
pub use changes::{Change, Changes, Kind, Stored};
pub use commits::Header;
pub use error::GitError;

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Settings that would start programs or reach out, each set to what does not.
const SETTINGS: &[&str] = &[
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.pager=cat",
    "log.showSignature=false",
    "diff.external=",
    "protocol.allow=never",
    "submodule.recurse=false",
    // A folder of the tree that looks like a bare repository has settings of its own.
    "safe.bareRepository=explicit",
];

/// Keeps hooks from running; the installer of hooks asks git without it.
const NO_HOOKS: &str = "core.hooksPath=/dev/null";

/// Variables that would make git do more than it is asked, or say it otherwise.
const UNSET: &[&str] = &[
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_PAGER",
    "GIT_TRACE",
    "GIT_TRACE2",
    "GIT_TRACE2_EVENT",
    "GIT_TRACE2_PERF",
    "GIT_TRACE_SETUP",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// The git program, for one repository.
#[derive(Clone, Debug)]
pub struct Git {
    program: PathBuf,
    folder: PathBuf,
}

impl Git {
    /// Git as an absolute path, for the repository around a folder. Runs nothing yet.
    pub fn new(program: PathBuf, folder: &Path) -> Self {
        Self {
            program,
            folder: folder.to_owned(),
        }
    }

    /// The top folder of the work tree.
    ///
    /// # Errors
    /// Where there is no work tree around the folder, or git refuses it.
    pub fn top(&self) -> Result<PathBuf, GitError> {
        let output = self.output(&["rev-parse", "--show-toplevel"])?;
        Ok(path_from(output.trim_ascii_end()))
    }

    /// True where older commits are not here.
    ///
    /// # Errors
    /// As [`Git::output`].
    pub fn is_shallow(&self) -> Result<bool, GitError> {
        let output = self.output(&["rev-parse", "--is-shallow-repository"])?;
        Ok(output.trim_ascii() == b"true")
    }

    /// Why git really failed: asks for the repository alone, which tells more plainly.
    #[must_use]
    pub fn reason(&self, error: GitError) -> GitError {
        self.output(&["rev-parse", "--git-dir"])
            .err()
            .unwrap_or(error)
    }

    /// What git prints.
    ///
    /// # Errors
    /// When it cannot be started, or does not end well.
    pub fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        printed(self.hardened(), arguments)
    }

    /// What git prints where its hooks are not switched off, so that it can be asked where they are.
    /// Only for `rev-parse` and `config`, which run none.
    ///
    /// # Errors
    /// As [`Git::output`].
    pub fn output_plain(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        printed(self.command(), arguments)
    }

    /// Starts git with pipes at all three ends.
    fn spawn(&self, arguments: &[&str]) -> Result<Child, GitError> {
        self.hardened()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(GitError::Start)
    }

    fn hardened(&self) -> Command {
        let mut command = self.command();
        command.args(["-c", NO_HOOKS]);
        command
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for name in UNSET {
            command.env_remove(name);
        }
        command
            // A transport of no name: whatever a repository's settings allow, nothing is fetched.
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            // Grafts and replacements show another history than the one that is pushed.
            .env("GIT_GRAFT_FILE", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("LC_ALL", "C")
            .args(["--no-pager", "--literal-pathspecs"]);
        // A relative GIT_INDEX_FILE is told from where we are, so the folder is changed only if asked.
        if self.folder != Path::new("") && self.folder != Path::new(".") {
            command.arg("-C").arg(&self.folder);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
    }
}

/// The top of the work tree around a folder, as far as files tell: git is not run. None where there
/// is none; where the environment points git elsewhere only [`Git::top`] knows.
pub fn top_around(folder: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(folder).ok()?;
    whole
        .ancestors()
        .find(|above| above.join(".git").symlink_metadata().is_ok())
        .map(Path::to_owned)
}

/// Runs git to its end.
fn printed(mut command: Command, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = command
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(GitError::Start)?;
    checked(arguments, &output)?;
    Ok(output.stdout)
}

/// Fails where git did, in its own words.
fn checked(arguments: &[&str], output: &Output) -> Result<(), GitError> {
    if output.status.success() {
        return Ok(());
    }
    Err(GitError::of(arguments, &output.stderr))
}

/// Waits for git and reads what it complained about.
fn finish(arguments: &[&str], mut child: Child) -> Result<(), GitError> {
    drop(child.stdin.take());
    let mut complaint = Vec::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr
            .read_to_end(&mut complaint)
            .map_err(GitError::Start)?;
    }
    let status = child.wait().map_err(GitError::Start)?;
    if status.success() {
        Ok(())
    } else {
        Err(GitError::of(arguments, &complaint))
    }
}

/// A path from its bytes, as git and lists of files have it.
#[cfg(unix)]
pub fn path_from(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path from its bytes, as git and lists of files have it.
#[cfg(not(unix))]
pub fn path_from(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(&*String::from_utf8_lossy(bytes)))
}
