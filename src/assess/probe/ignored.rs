//! Whether git ignores a path, and by which file.
//!
//! Ignore files are read when a finding first asks for their folder, once each: a large tree has
//! thousands, the findings lie in a few. The user's global ignore file is not read, as the library
//! does not know the home folder.

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The largest ignore file that is read, in bytes.
const MAX_FILE: u64 = 256 << 10;

/// What git's ignore files say on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Ignored by this file, named relative to the work tree.
    Ignored(String),
    /// Not ignored.
    Open,
    /// In a repository of its own inside this one.
    Elsewhere,
}

/// The ignore files of a work tree.
#[derive(Debug)]
pub(super) struct Ignores {
    top: PathBuf,
    exclude: Gitignore,
    folders: Mutex<HashMap<String, Arc<Folder>>>,
}

#[derive(Debug)]
struct Folder {
    ignore: Gitignore,
    /// True where it is the top of another work tree.
    nested: bool,
}

impl Ignores {
    /// The ignore files of a work tree, and the `info/exclude` of its git directory.
    pub(super) fn new(top: &Path, git_dir: &Path) -> Self {
        let exclude = read(top, &git_dir.join("info/exclude"), ".git/info/exclude");
        Self {
            top: top.to_owned(),
            exclude,
            folders: Mutex::default(),
        }
    }

    /// Judges a path with `/`, relative to the work tree.
    pub(super) fn verdict(&self, path: &str) -> Verdict {
        let ends: Vec<usize> = path
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([path.len()])
            .collect();
        let names: Vec<&str> = ends.iter().map(|&end| &path[..end]).collect();
        let parents = std::iter::once("")
            .chain(names.iter().copied())
            .take(names.len());
        let folders: Vec<Arc<Folder>> = parents.map(|name| self.folder(name)).collect();
        if folders.iter().any(|folder| folder.nested) {
            return Verdict::Elsewhere;
        }
        // From the top: below a folder that is ignored nothing is taken back.
        let judged = names.iter().enumerate().find_map(|(depth, name)| {
            let is_folder = depth + 1 < names.len();
            self.ignored_by(name, is_folder, &folders[..=depth])
        });
        judged.map_or(Verdict::Open, Verdict::Ignored)
    }

    /// The file whose last fitting line ignores the path; the nearest folder has the first word.
    fn ignored_by(&self, path: &str, is_folder: bool, folders: &[Arc<Folder>]) -> Option<String> {
        let path = self.top.join(path);
        let matchers = folders
            .iter()
            .rev()
            .map(|folder| &folder.ignore)
            .chain([&self.exclude]);
        for matcher in matchers {
            match matcher.matched(&path, is_folder) {
                Match::None => {}
                Match::Whitelist(_) => return None,
                Match::Ignore(glob) => {
                    return Some(
                        glob.from()
                            .map_or_else(String::new, |from| from.to_string_lossy().into_owned()),
                    );
                }
            }
        }
        None
    }

    fn folder(&self, name: &str) -> Arc<Folder> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let load = || {
            let path = self.top.join(name);
            let shown = if name.is_empty() {
                ".gitignore".to_owned()
            } else {
                format!("{name}/.gitignore")
            };
            let nested = !name.is_empty() && path.join(".git").symlink_metadata().is_ok();
            Arc::new(Folder {
                ignore: read(&path, &path.join(".gitignore"), &shown),
                nested,
            })
        };
        Arc::clone(folders.entry(name.to_owned()).or_insert_with(load))
    }
}

/// The rules of an ignore file; none where it is no plain file, as git follows no link there either.
fn read(folder: &Path, file: &Path, shown: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    for line in text(file).unwrap_or_default().lines() {
        // Git passes over a line that it does not understand, and so do we.
        let _ = builder.add_line(Some(PathBuf::from(shown)), line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn text(file: &Path) -> Option<String> {
    let metadata = file.symlink_metadata().ok()?;
    if !metadata.is_file() || metadata.len() > MAX_FILE {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(file)
        .ok()?
        .take(MAX_FILE)
        .read_to_end(&mut bytes)
        .ok()?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    Some(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Ignores) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("it is ours");
            std::fs::write(path, text).expect("it is ours");
        }
        let ignores = Ignores::new(folder.path(), &folder.path().join(".git"));
        (folder, ignores)
    }

    #[test]
    fn the_nearest_file_has_the_first_word() {
        let (_folder, ignores) = tree(&[
            (".gitignore", "*.env\n/build/\n"),
            ("a/.gitignore", "!keep.env\nown"),
            (".git/info/exclude", "secret"),
        ]);
        let by = |name: &str| Verdict::Ignored(name.to_owned());
        assert_eq!(ignores.verdict("x.env"), by(".gitignore"));
        assert_eq!(ignores.verdict("a/b/x.env"), by(".gitignore"));
        assert_eq!(ignores.verdict("a/keep.env"), Verdict::Open);
        assert_eq!(ignores.verdict("a/own"), by("a/.gitignore"));
        assert_eq!(ignores.verdict("own"), Verdict::Open);
        assert_eq!(ignores.verdict("b/secret"), by(".git/info/exclude"));
    }

    #[test]
    fn below_an_ignored_folder_nothing_is_taken_back() {
        let (_folder, ignores) = tree(&[(".gitignore", "/build/"), ("build/.gitignore", "!key")]);
        assert_eq!(
            ignores.verdict("build/key"),
            Verdict::Ignored(".gitignore".to_owned())
        );
        assert_eq!(ignores.verdict("a/build/key"), Verdict::Open);
        assert_eq!(
            ignores.verdict("build"),
            Verdict::Open,
            "it would be a file"
        );
    }

    #[test]
    fn another_repository_is_told() {
        let (_folder, ignores) = tree(&[("inner/.git", "gitdir: x"), (".gitignore", "inner")]);
        assert_eq!(ignores.verdict("inner/a/key"), Verdict::Elsewhere);
    }

    #[test]
    fn damaged_lines_are_passed_over() {
        let (_folder, ignores) = tree(&[(".gitignore", "\u{feff}[\n\\\nkey\n{a,b\n")]);
        assert_eq!(
            ignores.verdict("key"),
            Verdict::Ignored(".gitignore".to_owned())
        );
    }
}
