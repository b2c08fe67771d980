//! Real repositories in temporary folders: fixed authors and dates, nothing of the developer's own
//! settings, and every credential rendered at run time.

use crate::common::{GITHUB, Outcome, Workspace, finish, paths, places, render, skipped};
use serde_json::Value;
use std::cell::Cell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who writes every commit, as reports name it.
pub(crate) const AUTHOR: &str = "Ada Example <ada@example.org>";

/// A line with a credential; the same seed gives the same one.
pub(crate) fn credential(seed: &str) -> String {
    render(seed, GITHUB)
}

/// A repository, its work tree and the home of whoever works in it.
pub(crate) struct Repository {
    workspace: Workspace,
    /// Seconds since 1970; each git command happens a minute after the one before.
    clock: Cell<u64>,
}

impl Repository {
    /// An empty one, on a branch `main` without commits.
    pub(crate) fn new() -> Self {
        Self::of_format("sha1")
    }

    /// An empty one whose objects are named by `sha1` or `sha256`.
    pub(crate) fn of_format(format: &str) -> Self {
        let repository = Self {
            workspace: Workspace::new(),
            clock: Cell::new(1_700_000_000),
        };
        let format = format!("--object-format={format}");
        repository.git(&["init", "--quiet", "--initial-branch=main", &format]);
        repository
    }

    /// A path below the top folder; `../` leads to a folder that belongs to this test alone.
    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.workspace.join(name)
    }

    /// Writes a file of the work tree, and the folders it needs.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        self.workspace.write(name, bytes);
        self
    }

    /// Writes a file and stages it, whatever its name and whatever is ignored.
    pub(crate) fn stage(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        self.write(&name, bytes);
        let mut command = self.git_command("");
        command
            .args(["--literal-pathspecs", "add", "--force", "--"])
            .arg(name.as_ref());
        succeed(command);
        self
    }

    /// Commits what is staged, even if that is nothing, and gives the commit's id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git at the top and gives what it prints.
    pub(crate) fn git<A: AsRef<OsStr>>(&self, arguments: &[A]) -> String {
        self.git_in("", arguments)
    }

    /// Runs git in a folder and gives what it prints.
    pub(crate) fn git_in<A: AsRef<OsStr>>(&self, folder: &str, arguments: &[A]) -> String {
        let mut command = self.git_command(folder);
        command.args(arguments);
        succeed(command).trim_end().to_owned()
    }

    /// Git, to be run in a folder as the one author and a minute later than before.
    pub(crate) fn git_command(&self, folder: &str) -> Command {
        self.clock.set(self.clock.get() + 60);
        let date = format!("{} +0000", self.clock.get());
        let mut command = self.workspace.foreign("git");
        command
            .current_dir(self.join(folder))
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ada Example")
                .env(format!("GIT_{role}_EMAIL"), "ada@example.org")
                .env(format!("GIT_{role}_DATE"), &date);
        }
        command
    }

    /// The file that holds an object, as long as it lies by itself.
    pub(crate) fn object(&self, name: &str) -> PathBuf {
        let id = self.git(&["rev-parse", "--verify", name]);
        let (folder, file) = id.split_at(2);
        self.join(format!(".git/objects/{folder}/{file}"))
    }

    /// The program, to be run in a folder.
    pub(crate) fn program(&self, folder: &str) -> Command {
        let mut command = self.workspace.command::<&str>(&[]);
        command
            .current_dir(self.join(folder))
            .env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    /// Scans from the top.
    pub(crate) fn scan<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Seen {
        self.scan_in("", arguments)
    }

    /// Scans from a folder.
    pub(crate) fn scan_in<A: AsRef<OsStr>>(&self, folder: &str, arguments: &[A]) -> Seen {
        let mut command = self.program(folder);
        command.arg("scan").args(arguments);
        Seen::by(command)
    }

    /// Asserts that a scan for people ends with exit code 3, says why and says what to do.
    #[track_caller]
    pub(crate) fn refuses(&self, arguments: &[&str], words: &[&str]) {
        let mut command = self.program("");
        command.arg("scan").args(arguments);
        refuses(command, words);
    }
}

/// Asserts that a run ends with exit code 3, says why and says what to do.
#[track_caller]
pub(crate) fn refuses(command: Command, words: &[&str]) {
    let outcome = finish(command, b"");
    outcome.exits(3);
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    for word in words.iter().chain(&["hint: "]) {
        assert!(said.contains(word), "no {word:?} in {outcome:?}");
    }
}

/// Runs a command that must work, and gives what it prints.
#[track_caller]
pub(crate) fn succeed(command: Command) -> String {
    let arguments = format!("{command:?}");
    let outcome = finish(command, b"");
    assert!(outcome.status.success(), "{arguments}: {outcome:?}");
    outcome.stdout
}

/// A run of the program with a report for programs.
pub(crate) struct Seen {
    outcome: Outcome,
}

impl Seen {
    /// Runs a command that scans.
    pub(crate) fn by(mut command: Command) -> Self {
        command.args(["--format", "json"]);
        Self {
            outcome: finish(command, b""),
        }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        self.outcome.exits(code);
        self
    }

    /// The report.
    #[track_caller]
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.outcome.stdout)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.outcome))
    }

    /// The paths with findings, sorted, each once.
    #[track_caller]
    pub(crate) fn paths(&self) -> Vec<String> {
        paths(&self.document())
    }

    /// Path and line of each finding.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<(String, u64)> {
        let places = places(&self.document());
        let line = |(_, path, line, _): (String, String, u64, u64)| (path, line);
        places.into_iter().map(line).collect()
    }

    /// Path and commit of each finding.
    #[track_caller]
    pub(crate) fn commits(&self) -> Vec<(String, String)> {
        let document = self.document();
        let findings = document["findings"].as_array().expect("it is a list");
        let commit = |finding: &Value| (text(&finding["path"]), text(&finding["commit"]["id"]));
        findings.iter().map(commit).collect()
    }

    /// Path, line and excuse of each finding that does not count.
    #[track_caller]
    pub(crate) fn excused(&self) -> Vec<(String, u64, String)> {
        excused(&self.document())
    }

    /// How many files were searched.
    #[track_caller]
    pub(crate) fn files(&self) -> u64 {
        number(&self.document()["coverage"]["files"])
    }

    /// How many bytes were searched.
    #[track_caller]
    pub(crate) fn bytes(&self) -> u64 {
        number(&self.document()["coverage"]["bytes"])
    }

    /// How many things were skipped for a reason.
    #[track_caller]
    pub(crate) fn skipped(&self, reason: &str) -> u64 {
        skipped(&self.document(), reason)
    }
}

/// Path, line and excuse of each finding of a document that does not count.
#[track_caller]
pub(crate) fn excused(document: &Value) -> Vec<(String, u64, String)> {
    let excused = document["excused"].as_array().expect("it is a list");
    let one = |excused: &Value| {
        // The finding's own fields may stand beside the excuse or below a name of their own.
        let finding = excused.get("finding").unwrap_or(excused);
        (
            text(&finding["path"]),
            number(&finding["start_line"]),
            text(&excused["by"]),
        )
    };
    excused.iter().map(one).collect()
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().expect("it is a string").to_owned()
}

#[track_caller]
fn number(value: &Value) -> u64 {
    value.as_u64().expect("it is a number")
}
