//! A workspace to run the program in: made-up credentials, a scrubbed environment, an end to hangs.
//!
//! Every credential is rendered from a template at run time, so that none stands in the tests.

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};
use straykey::check::Checker;
use straykey::rule::builtin;
use tempfile::TempDir;

/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The templates of the credentials that most tests use. Both can destroy something.
pub(crate) const RAILWAY: &str = "RAILWAY_API_TOKEN={{sample:railway-api-token}}\n";
pub(crate) const GITHUB: &str = "GITHUB_TOKEN={{sample:github-classic-token}}\n";
/// This one works in test mode only.
pub(crate) const STRIPE_TEST: &str = "STRIPE_KEY={{sample:stripe-test-secret-key}}\n";

/// Renders a template; the same seed gives the same text.
pub(crate) fn render(seed: &str, template: &str) -> String {
    static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(Arc::new(builtin()), &[]));
    CHECKER.render(seed, template).expect("it is a template")
}

/// A temporary folder to work in, with a home of its own beside it.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("there is a folder for temporary files");
        for name in ["work", "home"] {
            fs::create_dir(folder.path().join(name)).expect("the folder is ours");
        }
        Self { folder }
    }

    /// The folder that runs start in.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// A path below it.
    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, and the folders it needs.
    pub(crate) fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.join(name);
        let folder = path.parent().expect("it lies below the workspace");
        fs::create_dir_all(folder).expect("the folder is ours");
        fs::write(&path, bytes).expect("the folder is ours");
        self
    }

    /// Writes a rendered template. Files of different names hold different credentials.
    pub(crate) fn render(&self, name: &str, template: &str) -> &Self {
        self.write(name, render(name, template))
    }

    /// The program, to be run here with nothing of the developer's own settings.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = self.foreign(env!("CARGO_BIN_EXE_straykey"));
        command.args(arguments);
        command
    }

    /// Some other program, run alike.
    pub(crate) fn foreign(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.folder.path().join("home"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        // Windows starts nothing without the last two.
        for name in ["PATH", "SYSTEMROOT", "TEMP"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Outcome {
        finish(self.command(arguments), b"")
    }

    /// Runs the program with something on its standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Outcome {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        finish(command, input.as_ref())
    }

    /// Runs with `--format json` and gives the document.
    pub(crate) fn json<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Value {
        let mut command = self.command(arguments);
        command.args(["--format", "json"]);
        let outcome = finish(command, b"");
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
    }

    /// Runs git, without the developer's configuration.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut command = self.foreign("git");
        command.args(arguments).env("GIT_CONFIG_NOSYSTEM", "1");
        let outcome = finish(command, b"");
        assert!(outcome.status.success(), "git {arguments:?}: {outcome:?}");
    }
}

impl Outcome {
    /// The exit code; a signal is a failure of the test.
    pub(crate) fn code(&self) -> i32 {
        self.status
            .code()
            .unwrap_or_else(|| panic!("ended by a signal: {self:?}"))
    }

    /// Asserts the exit code, and that nothing went wrong inside.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code(), code, "{self:?}");
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        self
    }

    /// Asserts an error of the user's with exit code 2, and that it says all of this.
    #[track_caller]
    pub(crate) fn complains(&self, words: &[&str]) -> &Self {
        self.exits(2);
        assert!(self.stderr.starts_with("error: "), "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {self:?}");
        }
        self
    }
}

/// Where each finding of a document is: rule, path, line and column.
pub(crate) fn places(document: &Value) -> Vec<(String, String, u64, u64)> {
    let text =
        |finding: &Value, field: &str| finding[field].as_str().expect("it is a string").to_owned();
    let number = |finding: &Value, field: &str| finding[field].as_u64().expect("it is a number");
    let findings = document["findings"].as_array().expect("it is a list");
    findings
        .iter()
        .map(|finding| {
            (
                text(finding, "rule"),
                text(finding, "path"),
                number(finding, "start_line"),
                number(finding, "start_column"),
            )
        })
        .collect()
}

/// The paths of the findings, sorted, each once.
pub(crate) fn paths(document: &Value) -> Vec<String> {
    let mut paths: Vec<String> = places(document)
        .into_iter()
        .map(|(_, path, ..)| path)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// How many things were skipped for a reason.
pub(crate) fn skipped(document: &Value, reason: &str) -> u64 {
    let reasons = document["coverage"]["skipped"]
        .as_array()
        .expect("it is a list");
    reasons
        .iter()
        .filter(|skipped| skipped["reason"] == reason)
        .filter_map(|skipped| skipped["count"].as_u64())
        .sum()
}

/// Runs a command to its end and gathers what it prints, unless that was sent elsewhere before.
pub(crate) fn finish(mut command: Command, input: &[u8]) -> Outcome {
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("cannot start {}: {error}", command.get_program().display())
        });
    gather(child, input)
}

/// Waits for a child and reads what is piped from it, all at once so that no pipe fills up.
pub(crate) fn gather(mut child: Child, input: &[u8]) -> Outcome {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            // The program may end without reading its input; that is no failure of the test.
            let _ = stdin.map(|mut stdin| stdin.write_all(input));
        });
        let stdout = scope.spawn(move || text(stdout));
        let stderr = scope.spawn(move || text(stderr));
        let status = wait(&mut child);
        Outcome {
            status,
            stdout: stdout.join().expect("standard output is UTF-8"),
            stderr: stderr.join().expect("standard error is UTF-8"),
        }
    })
}

fn text(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes).expect("the pipe is ours");
    }
    String::from_utf8(bytes).expect("what the program prints is UTF-8")
}

/// Waits for the end, and kills what does not come to one.
fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().expect("it is our child");
            panic!("still running after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}
