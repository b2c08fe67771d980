//! What a scan of files looked at, as far as a baseline asks.

use super::Presence;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// The files and folders of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The folder that paths are told from.
    base: PathBuf,
    /// What was scanned, told from it; the empty path is all of it.
    roots: Vec<PathBuf>,
}

impl Scope {
    /// The scope of a scan of these files and folders, whose report tells paths from `base`.
    pub fn new(base: &Path, roots: &[PathBuf]) -> Self {
        let root = |root: &PathBuf| without_dots(root.strip_prefix(base).unwrap_or(root));
        Self {
            base: base.to_owned(),
            roots: roots.iter().map(root).collect(),
        }
    }

    /// The folder that paths are told from.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// Where a path of a baseline stands. One that cannot be asked for is outside: nothing may be
    /// concluded from a disk that fails.
    pub fn presence(&self, path: &str) -> Presence {
        let path = Path::new(path);
        if !self.roots.iter().any(|root| is_below(path, root)) {
            return Presence::Outside;
        }
        match self.base.join(path).symlink_metadata() {
            // A folder of that name holds nothing that the file held.
            Ok(metadata) if metadata.is_dir() => Presence::Gone,
            Ok(_) => Presence::Present,
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Presence::Gone,
                _ => Presence::Outside,
            },
        }
    }
}

fn without_dots(root: &Path) -> PathBuf {
    root.components()
        .filter(|component| *component != Component::CurDir)
        .collect()
}

/// True when the root holds the path. The current folder, which is the empty root, holds neither an
/// absolute path nor one that leads out of it.
fn is_below(path: &Path, root: &Path) -> bool {
    let rest = path.strip_prefix(root);
    rest.is_ok_and(|rest| {
        rest.components()
            .all(|component| matches!(component, Component::Normal(_) | Component::CurDir))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_folder_is_looked_at_as_a_whole() {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        fs::create_dir_all(folder.path().join("sub/deep")).expect("the folder is ours");
        fs::write(folder.path().join("sub/a.env"), "").expect("the folder is ours");
        let scope = Scope::new(folder.path(), &[folder.path().to_owned()]);
        for (path, presence) in [
            ("sub/a.env", Presence::Present),
            ("a.env", Presence::Gone),
            ("sub/deep", Presence::Gone),
            ("sub/a.env/b", Presence::Gone),
            ("../a.env", Presence::Outside),
            ("/a.env", Presence::Outside),
        ] {
            assert_eq!(scope.presence(path), presence, "{path}");
        }
    }

    #[test]
    fn what_is_not_named_is_outside() {
        let roots = ["./straykey-none", "straykey/none/b.env"].map(PathBuf::from);
        let scope = Scope::new(Path::new("."), &roots);
        for (path, presence) in [
            ("straykey-none/a.env", Presence::Gone),
            ("straykey/none/b.env", Presence::Gone),
            ("straykey/none/c.env", Presence::Outside),
            ("straykey-none2/a.env", Presence::Outside),
        ] {
            assert_eq!(scope.presence(path), presence, "{path}");
        }
    }
}
