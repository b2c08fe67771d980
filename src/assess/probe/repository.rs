//! The git work tree around the scanned folder, and who gets a file of it.
//!
//! Only files are read, and git is not run: what its configuration would make it do is not ours to
//! start.

use super::git_index::GitIndex;
use super::ignored::{Ignores, Verdict};
use super::{closed, open};
use crate::reachability::{Exposure, Facet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

const WHO: &str = "whoever has the repository";

/// The largest pointer to a git directory, in bytes.
const MAX_POINTER: u64 = 4096;

/// A git work tree.
#[derive(Debug)]
pub(super) struct Repository {
    top: PathBuf,
    /// None where the index could not be understood.
    index: Option<GitIndex>,
    ignores: Ignores,
}

impl Repository {
    /// The work tree whose top is this folder; None where it is not one.
    pub(super) fn open(top: &Path) -> Option<Self> {
        let git_dir = git_dir(top)?;
        // A work tree that was added to another repository shares that one's exclude file.
        let common =
            pointer(&git_dir, &git_dir.join("commondir"), "").unwrap_or_else(|| git_dir.clone());
        let index = GitIndex::read(&git_dir.join("index"));
        Some(Self {
            top: top.to_owned(),
            index,
            ignores: Ignores::new(top, &common),
        })
    }
}

impl Repository {
    /// The files that git tracks although its ignore files name them, below a folder.
    pub(super) fn tracked_though_ignored(&self, root: &Path) -> Vec<PathBuf> {
        let Some(index) = &self.index else {
            return Vec::new();
        };
        let ignored = |path: &&str| matches!(self.ignores.verdict(path), Verdict::Ignored(_));
        let paths = index.iter().filter(ignored).map(|path| self.top.join(path));
        paths.filter(|path| path.starts_with(root)).collect()
    }
}

impl Repository {
    /// True when the index holds the whole path.
    pub(super) fn tracks(&self, path: &Path) -> bool {
        let name = name_in(&self.top, path);
        let index = self.index.as_ref();
        name.zip(index)
            .is_some_and(|(name, index)| index.contains(&name))
    }
}

/// `.git`, or where the file of that name points: a submodule, an added work tree.
fn git_dir(top: &Path) -> Option<PathBuf> {
    let named = top.join(".git");
    let git_dir = if named.is_dir() {
        named
    } else {
        pointer(top, &named, "gitdir:")?
    };
    git_dir
        .join("HEAD")
        .symlink_metadata()
        .is_ok()
        .then_some(git_dir)
}

/// The path that a small file holds after a prefix, seen from a folder. A path on another machine is
/// not followed: on Windows merely looking at it would send that machine the user's login.
fn pointer(folder: &Path, file: &Path, prefix: &str) -> Option<PathBuf> {
    if !file.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(file)
        .ok()?
        .take(MAX_POINTER)
        .read_to_string(&mut text)
        .ok()?;
    let target = text.strip_prefix(prefix)?.trim();
    let remote = target.starts_with("//") || target.starts_with("\\\\");
    (!target.is_empty() && !remote && !target.contains('\0')).then(|| folder.join(target))
}

/// The facet of a whole path.
pub(super) fn readers(repository: Option<&Repository>, path: &Path) -> Facet {
    let Some((repository, name)) =
        repository.and_then(|repository| Some((repository, name_in(&repository.top, path)?)))
    else {
        return closed(
            WHO,
            "no repository",
            "lies in no git work tree that was found",
        );
    };
    let verdict = repository.ignores.verdict(&name);
    if verdict == Verdict::Elsewhere {
        return closed(WHO, "unknown", "lies in another repository inside this one");
    }
    // A name that is no Unicode is reported with marks in place of its bytes, and cannot be looked up.
    let tracked = repository
        .index
        .as_ref()
        .filter(|_| !name.contains('\u{fffd}'))
        .map(|index| index.contains(&name));
    match (tracked, verdict) {
        (None, _) => closed(WHO, "unknown", "the git index could not be read"),
        (Some(true), Verdict::Ignored(by)) => open(
            WHO,
            "tracked by git",
            Exposure::Shared,
            format!(
                "tracked by git although `{by}` ignores it: ignoring does not help once a file is added"
            ),
        ),
        (Some(true), _) => open(WHO, "tracked by git", Exposure::Shared, "tracked by git"),
        (Some(false), Verdict::Ignored(by)) => closed(
            WHO,
            "no",
            format!("ignored by `{by}`, which does not stop an agent"),
        ),
        (Some(false), _) => closed(
            WHO,
            "untracked: the next `git add .` commits it",
            "neither tracked nor ignored by git",
        ),
    }
}

/// The path as git writes it.
fn name_in(top: &Path, path: &Path) -> Option<String> {
    let parts: Vec<_> = path
        .strip_prefix(top)
        .ok()?
        .iter()
        .map(|part| part.to_string_lossy())
        .collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::Workspace;
    use super::*;
    use std::process::Command;

    /// Runs git without anybody's configuration.
    pub(in super::super) fn git(folder: &Path, arguments: &[&str]) {
        let mut command = Command::new("git");
        command
            .current_dir(folder)
            .args(arguments)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", folder.join("no-config"));
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        let output = command.output().expect("git is installed");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// A repository with these files in its index.
    pub(in super::super) fn repository(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        git(folder.path(), &["init", "--quiet"]);
        for name in files {
            write(folder.path(), name, "x");
            git(folder.path(), &["add", "--force", name]);
        }
        folder
    }

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
        std::fs::write(path, text).expect("it is ours");
    }

    fn of(root: &Path, name: &str) -> (String, Option<Exposure>, String) {
        let workspace = Workspace::gather(root);
        let facet = readers(
            workspace.repository.as_ref(),
            &super::super::normal(&workspace.root.join(name)),
        );
        (facet.how, facet.exposure, facet.evidence.to_string())
    }

    #[test]
    fn the_four_states_of_a_file() {
        let folder = repository(&["a/tracked", "a/both.env"]);
        write(folder.path(), ".gitignore", "*.env\n");
        let of = |name| of(folder.path(), name);
        assert_eq!(
            of("a/tracked"),
            (
                "tracked by git".to_owned(),
                Some(Exposure::Shared),
                "tracked by git".to_owned()
            )
        );
        assert_eq!(
            of("a/only.env"),
            (
                "no".to_owned(),
                None,
                "ignored by `.gitignore`, which does not stop an agent".to_owned()
            )
        );
        assert_eq!(of("a/new").0, "untracked: the next `git add .` commits it");
        let (how, exposure, because) = of("a/both.env");
        assert_eq!(
            (how.as_str(), exposure),
            ("tracked by git", Some(Exposure::Shared))
        );
        assert!(
            because.contains("although `.gitignore` ignores it"),
            "{because}"
        );
    }

    #[test]
    fn a_folder_of_the_work_tree_may_be_the_root() {
        let folder = repository(&["a/tracked", "b/other"]);
        assert_eq!(of(&folder.path().join("a"), "tracked").0, "tracked by git");
        assert_eq!(
            of(&folder.path().join("a"), "../b/other").0,
            "tracked by git"
        );
        assert_eq!(
            of(&folder.path().join("a"), "../../outside").0,
            "no repository"
        );
    }

    #[test]
    fn an_added_work_tree_is_followed() {
        let folder = repository(&["one"]);
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        git(
            folder.path(),
            &[&author[..], &["commit", "--quiet", "-m", "x"]].concat(),
        );
        git(folder.path(), &["worktree", "add", "--quiet", "added"]);
        write(folder.path(), ".git/info/exclude", "hidden\n");
        let added = folder.path().join("added");
        assert_eq!(of(&added, "one").0, "tracked by git");
        assert_eq!(of(&added, "hidden").0, "no");
        assert_eq!(
            of(folder.path(), "added/one").0,
            "unknown",
            "it is another work tree"
        );
    }

    #[test]
    fn without_a_repository_nothing_is_claimed() {
        let folder = tempfile::tempdir().expect("a folder");
        for pointer in [
            "",
            "gitdir:",
            "gitdir: nowhere",
            "gitdir: //host/share",
            "x",
        ] {
            write(folder.path(), ".git", pointer);
            assert!(Repository::open(folder.path()).is_none(), "{pointer}");
        }
    }

    #[test]
    fn a_damaged_index_is_unknown() {
        let folder = repository(&["one"]);
        write(folder.path(), ".git/index", "DIRC");
        assert_eq!(of(folder.path(), "one").0, "unknown");
    }
}
