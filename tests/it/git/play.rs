//! Plays what somebody does in a repository, and compares each commit with what its hook searched.
//!
//! Every content that is ever written is a number of empty lines and then a credential of its own,
//! so that the line of a finding tells which content was searched: the work tree's, the index's or
//! an older one.

use super::repository::{Repository, credential, excused};
use crate::common::{finish, places};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The files of every history. In a sparse one those of `out` are left out of the work tree.
pub(crate) const NAMES: [&str; 4] = ["a.env", "b.env", "in/c.env", "out/d.env"];

/// The kind of repository.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Setting {
    /// Without any commit.
    Unborn,
    /// The same with longer names of objects.
    Sha256,
    /// A linked work tree.
    Linked,
    /// A work tree that leaves a folder out.
    Sparse,
}

/// One thing that somebody does. A name is that of its file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Write(&'static str),
    Delete(&'static str),
    Rename(&'static str, &'static str),
    /// Makes it executable, or no longer.
    Mode(&'static str),
    Stage(&'static str),
    Unstage(&'static str),
    IntendToAdd(&'static str),
    Commit,
    /// `commit -a`
    CommitAll,
    /// `commit PATH`
    CommitPath(&'static str),
    /// A merge in which a file was changed on both sides, and another on one.
    Merge(&'static str, &'static str, Resolution),
}

/// How a conflict is resolved.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Resolution {
    Ours,
    Theirs,
    /// By a content that neither side has.
    Other,
}

/// A path and the number of the content it has.
type Contents = BTreeMap<String, u64>;

/// A repository, where somebody works in it, and what was written so far.
pub(crate) struct History {
    repository: Repository,
    /// The folder of the work tree, from the top of the first one.
    folder: &'static str,
    /// The number of the last content.
    version: u64,
    /// How many commits were compared with what the hook saw.
    pub(crate) compared: u32,
}

impl History {
    pub(crate) fn new(setting: Setting) -> Self {
        let repository = match setting {
            Setting::Sha256 => Repository::of_format("sha256"),
            Setting::Unborn | Setting::Linked | Setting::Sparse => Repository::new(),
        };
        let mut history = Self {
            repository,
            folder: "",
            version: 0,
            compared: 0,
        };
        for hook in ["pre-commit", "pre-merge-commit"] {
            history.hook(hook);
        }
        match setting {
            Setting::Unborn | Setting::Sha256 => {}
            Setting::Linked => history.link(),
            Setting::Sparse => history.leave_out(),
        }
        history
    }

    /// Installs a hook that scans, keeps the report and lets the commit pass.
    fn hook(&self, name: &str) {
        let program = env!("CARGO_BIN_EXE_straykey");
        let report = self.report().display().to_string();
        let text = format!(
            "#!/bin/sh\n'{program}' scan --staged --format json > '{report}' 2> '{report}.err'\nexit 0\n"
        );
        let hook = format!(".git/hooks/{name}");
        self.repository.write(&hook, text);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.repository.join(hook), mode).expect("it is ours");
    }

    /// Where the hook puts the report.
    fn report(&self) -> PathBuf {
        self.repository.join("../report.json")
    }

    fn link(&mut self) {
        self.fill();
        self.repository
            .git(&["worktree", "add", "--quiet", "../tree", "-b", "tree"]);
        self.folder = "../tree";
    }

    fn leave_out(&mut self) {
        self.fill();
        self.repository
            .git(&["sparse-checkout", "set", "--cone", "in"]);
    }

    /// Commits every file.
    fn fill(&mut self) {
        for name in NAMES {
            self.play(Step::Write(name));
            self.play(Step::Stage(name));
        }
        self.play(Step::Commit);
    }

    /// Does one thing. Git refuses some, such as a commit of nothing, and that is fine.
    pub(crate) fn play(&mut self, step: Step) {
        match step {
            Step::Write(name) => self.write(name),
            Step::Delete(name) => self.delete(name),
            Step::Rename(from, to) => self.may(&["mv", "--sparse", "--force", from, to]),
            Step::Mode(name) => self.mode(name),
            Step::Stage(name) => self.may(&["add", "--sparse", "--", name]),
            Step::Unstage(name) => self.may(&["reset", "--quiet", "--", name]),
            Step::IntendToAdd(name) => self.may(&["add", "--sparse", "--intent-to-add", name]),
            Step::Commit => self.commit(&[]),
            Step::CommitAll => self.commit(&["--all"]),
            Step::CommitPath(name) => self.commit(&["--", name]),
            Step::Merge(both, one, resolution) => self.merge(both, one, resolution),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder).join(name)
    }

    /// Writes a content that nothing had before.
    fn write(&mut self, name: &str) {
        self.version += 1;
        let above = usize::try_from(self.version - 1).expect("histories are short");
        let line = credential(&self.version.to_string());
        self.repository
            .write(self.path(name), "\n".repeat(above) + &line);
    }

    fn delete(&self, name: &str) {
        // There may be none.
        let _ = fs::remove_file(self.repository.join(self.path(name)));
    }

    fn mode(&self, name: &str) {
        let path = self.repository.join(self.path(name));
        if let Ok(metadata) = fs::metadata(&path) {
            let mode = metadata.permissions().mode() ^ 0o111;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
        }
    }

    /// Runs git, which may refuse.
    fn may(&self, arguments: &[&str]) {
        let mut command = self.repository.git_command(self.folder);
        command.args(arguments);
        finish(command, b"");
    }

    /// Runs git, which must not refuse.
    fn git(&self, arguments: &[&str]) -> String {
        self.repository.git_in(self.folder, arguments)
    }

    /// Two branches, a conflict between them, and its end.
    fn merge(&mut self, both: &str, one: &str, resolution: Resolution) {
        self.settle(both);
        let main = self.git(&["symbolic-ref", "--short", "HEAD"]);
        let side = format!("side-{}", self.version);
        self.git(&["checkout", "--quiet", "-b", &side]);
        self.settle(one);
        self.settle(both);
        self.git(&["checkout", "--quiet", &main]);
        self.settle(both);
        self.may(&["merge", "--quiet", "--no-edit", &side]);
        let unmerged = self.git(&["diff", "--name-only", "--diff-filter=U"]);
        assert_eq!(unmerged, both, "the two sides differ");
        match resolution {
            Resolution::Ours => drop(self.git(&["checkout", "--quiet", "--ours", "--", both])),
            Resolution::Theirs => drop(self.git(&["checkout", "--quiet", "--theirs", "--", both])),
            Resolution::Other => self.write(both),
        }
        self.git(&["add", "--sparse", "--", both]);
        self.commit(&[]);
    }

    /// Commits whatever there is, and a new content.
    pub(crate) fn settle(&mut self, name: &str) {
        self.write(name);
        self.git(&["add", "--all", "--sparse"]);
        self.commit(&[]);
    }

    /// Tries to commit, and compares what the hook saw with what the commit holds.
    fn commit(&mut self, arguments: &[&str]) {
        let before = self.head();
        // There is none before the first commit.
        let _ = fs::remove_file(self.report());
        let mut command = self.repository.git_command(self.folder);
        command
            .args(["commit", "--quiet", "--message", "step"])
            .args(arguments);
        finish(command, b"");
        let after = self.head();
        if after != before {
            self.compare(before.as_deref(), &after.expect("commits do not vanish"));
            self.compared += 1;
        }
    }

    /// The last commit; None before the first.
    fn head(&self) -> Option<String> {
        let mut command = self.repository.git_command(self.folder);
        command.args(["rev-parse", "--verify", "--quiet", "HEAD"]);
        let outcome = finish(command, b"");
        let id = outcome.stdout.trim_end().to_owned();
        outcome.status.success().then_some(id)
    }

    fn compare(&self, before: Option<&str>, after: &str) {
        let nothing = self.git(&["hash-object", "-t", "tree", "/dev/null"]);
        let parent = before.map_or_else(Contents::new, |before| self.changes(&nothing, before));
        let committed = self.changes(before.unwrap_or(&nothing), after);
        let report = fs::read_to_string(self.report()).expect("the hook ran");
        if committed.is_empty() && report.is_empty() {
            // Deletions leave nothing to search, and there may be no report of that.
            return;
        }
        let report: Value = serde_json::from_str(&report)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.complaint()));
        let found: BTreeSet<(String, u64)> = places(&report)
            .into_iter()
            .map(|(_, path, line, _)| (path, line))
            .collect();
        let known: BTreeSet<(String, u64)> = excused(&report)
            .into_iter()
            .map(|(path, line, _)| (path, line))
            .collect();
        let seen: Contents = found.iter().chain(&known).cloned().collect();
        assert_eq!(seen, committed, "{report:#}");
        assert_eq!(found.len() + known.len(), committed.len(), "each once");
        for (path, version) in &found {
            assert_ne!(parent.get(path), Some(version), "{path} had it before");
        }
        for (path, version) in &known {
            let had = parent.values().any(|known| known == version);
            assert!(had, "{path} did not have it before");
        }
    }

    /// What the program said in the hook.
    fn complaint(&self) -> String {
        fs::read_to_string(self.report().with_extension("json.err")).unwrap_or_default()
    }

    /// The files that one tree has otherwise than another, with the content they have there.
    fn changes(&self, from: &str, to: &str) -> Contents {
        let listing = self.git(&["diff-tree", "-r", "--no-renames", from, to]);
        let change = |line: &str| {
            let (fields, path) = line.split_once('\t').expect("a line is fields and a path");
            let fields: Vec<&str> = fields.split(' ').collect();
            (fields[4] != "D").then(|| (path.to_owned(), self.version_of(fields[3])))
        };
        listing.lines().filter_map(change).collect()
    }

    /// The number of a content.
    fn version_of(&self, blob: &str) -> u64 {
        let text = self.git(&["cat-file", "blob", blob]);
        let above = text.bytes().take_while(|&byte| byte == b'\n').count();
        above as u64 + 1
    }
}
