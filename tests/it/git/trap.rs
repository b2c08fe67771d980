//! A repository with a trap: a program that some setting of the repository's own would have git run,
//! and that leaves a mark when it runs.

use super::repository::{Repository, Seen, credential};
use crate::common::finish;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// A way to have a program run by whoever looks at the repository.
pub(crate) struct Hazard {
    pub(crate) name: &'static str,
    /// Sets the trap.
    pub(crate) set: fn(&Trap),
    /// A git command that falls into it; empty where git obeys the setting only at a terminal, on a
    /// server or not at all.
    pub(crate) victim: &'static [&'static str],
}

/// How each kind of scan is asked for, and the file whose credential only it is sure to see.
const SCANS: &[(&[&str], &str)] = &[
    (&["scan"], "staged.env"),
    (&["scan", "--staged"], "staged.env"),
    (&["scan", "--since", "HEAD~1"], "second.env"),
    (&["scan", "--history"], "first.env"),
    (&["audit"], "staged.env"),
];

/// What a prompt for a password is asked about, for the commands that read it.
const QUESTION: &[u8] = b"url=https://host.invalid\n\n";

/// A repository with two commits, a staged file and an edited one, and the program beside it.
pub(crate) struct Trap {
    pub(crate) repository: Repository,
}

impl Trap {
    pub(crate) fn new() -> Self {
        let repository = Repository::new();
        repository
            .stage("first.env", credential("first"))
            .stage("old.txt", "old\n")
            .commit("first");
        let second = credential("second");
        repository.stage("second.env", &second).commit("second");
        repository
            .stage("staged.env", credential("staged"))
            .stage("missing.txt", "missing\n")
            // Git compares this one with the index.
            .write("second.env", format!("{second}edited\n"));
        let trap = Self { repository };
        trap.script("../trap");
        trap
    }

    /// A repository with a hazard. Setting it up may have sprung the trap; that does not count.
    pub(crate) fn of(hazard: &Hazard) -> Self {
        let trap = Self::new();
        (hazard.set)(&trap);
        match fs::remove_file(trap.repository.join("../sprung")) {
            Err(error) if error.kind() != ErrorKind::NotFound => panic!("{error}"),
            _ => trap,
        }
    }

    /// Writes a program that leaves the mark and fails.
    pub(crate) fn script(&self, name: &str) {
        let mark = self.repository.join("../sprung");
        let text = format!("#!/bin/sh\n: > '{}'\nexit 1\n", mark.display());
        self.repository.write(name, text);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.repository.join(name), mode).expect("it is ours");
    }

    /// The path of the program.
    pub(crate) fn program(&self) -> String {
        let path = self.repository.join("../trap");
        let path = path.canonicalize().expect("it was written");
        path.to_str().expect("it is UTF-8").to_owned()
    }

    /// Sets a key of the repository's own configuration.
    pub(crate) fn config(&self, key: &str, value: &str) {
        self.repository.git(&["config", key, value]);
    }

    /// Sets a key to the path of the program.
    pub(crate) fn config_program(&self, key: &str) {
        self.config(key, &self.program());
    }

    /// Gives every file with a credential an attribute.
    pub(crate) fn attribute(&self, attribute: &str) {
        let line = format!("*.env {attribute}\n");
        self.repository.write(".gitattributes", &line);
        self.repository.write(".git/info/attributes", &line);
    }

    /// Makes the repository one that fetches what is missing from somewhere, and takes away one
    /// object of the history and one of the index.
    pub(crate) fn promise(&self, url: &str) {
        for (key, value) in [
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.promisor", "true"),
            ("remote.origin.url", url),
        ] {
            self.config(key, value);
        }
        for name in [":missing.txt", "HEAD:old.txt"] {
            fs::remove_file(self.repository.object(name)).expect("it lies by itself");
        }
    }

    /// True once the program has run.
    pub(crate) fn sprung(&self) -> bool {
        self.repository.join("../sprung").exists()
    }

    /// Asserts that every kind of scan finds its credential and springs nothing.
    #[track_caller]
    pub(crate) fn is_harmless(&self, name: &str, change: impl Fn(&mut Command)) {
        for (arguments, wanted) in SCANS {
            let mut command = self.repository.program("");
            command.args(*arguments);
            change(&mut command);
            let seen = Seen::by(command);
            assert!(!self.sprung(), "{name}: {arguments:?} ran the program");
            let paths = seen.exits(1).paths();
            assert!(
                paths.iter().any(|path| path == wanted),
                "{name}: {arguments:?} found {paths:?}"
            );
        }
    }

    /// Runs plain git into the trap and tells whether that springs it.
    pub(crate) fn catches(&self, victim: &[&str]) -> bool {
        let mut command = self.repository.git_command("");
        command.args(victim).stdin(Stdio::piped());
        finish(command, QUESTION);
        self.sprung()
    }
}

/// Copies the program to a path.
pub(crate) fn copy(trap: &Trap, to: impl AsRef<Path>) {
    let to = trap.repository.join(to);
    let folder = to.parent().expect("it lies below the workspace");
    fs::create_dir_all(folder).expect("the folder is ours");
    fs::copy(trap.program(), to).expect("the folder is ours");
}
