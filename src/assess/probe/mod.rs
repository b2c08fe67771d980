//! Who reaches a credential, as far as the file system and the repository tell.
//!
//! What is costly to find out is gathered once a scan ([`Workspace::gather`]); a finding then costs one
//! look at the modes along its path, and at the ignore files that no finding before it has asked for.

mod git_index;
mod ignored;
mod mode;
mod repository;

use crate::evidence::Evidence;
use crate::lifetime::UnixSeconds;
use crate::reachability::{Exposure, Facet};
use repository::Repository;
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// The folder that is scanned, with what is known of its surroundings.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    repository: Option<Repository>,
}

impl Workspace {
    /// Looks at the folder: resolves it, finds the git work tree it lies in and reads its index.
    ///
    /// A repository that cannot be read is left unknown, never an error.
    pub fn gather(root: &Path) -> Self {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let repository = root.ancestors().find_map(Repository::open);
        Self { root, repository }
    }

    /// The files below the folder that git tracks although its ignore files name them, as paths
    /// relative to the folder: a walk that heeds the ignore files passes them over.
    pub fn tracked_though_ignored(&self) -> Vec<PathBuf> {
        let Some(repository) = &self.repository else {
            return Vec::new();
        };
        let whole = repository.tracked_though_ignored(&self.root);
        let relative = whole
            .iter()
            .filter_map(|path| path.strip_prefix(&self.root).ok());
        relative.map(Path::to_owned).collect()
    }

    /// True when git tracks the file of a reported path.
    pub fn tracks(&self, relative: &str) -> bool {
        let (Place::Below(path) | Place::Outside(path)) = Place::of(&self.root, relative) else {
            return false;
        };
        let repository = self.repository.as_ref();
        repository.is_some_and(|repository| repository.tracks(&path))
    }

    /// When the file of a reported path was last changed, in seconds since 1970; None for what is no
    /// file or cannot be asked.
    pub fn modified(&self, relative: &str) -> Option<UnixSeconds> {
        let (Place::Below(path) | Place::Outside(path)) = Place::of(&self.root, relative) else {
            return None;
        };
        let modified = std::fs::symlink_metadata(path).ok()?.modified().ok()?;
        let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    }
}

/// Every facet that is known today of a path as it is reported: relative to the root, `../`, `~/`,
/// absolute, `env:NAME`, or `outer.zip!/inner`.
///
/// ```
/// use straykey::assess::probe::{Workspace, facets};
/// use straykey::reachability::{Exposure, Reachability};
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join(".env"), "")?;
/// let workspace = Workspace::gather(folder.path());
/// assert_eq!(Reachability::of(facets(&workspace, ".env")).exposure, Exposure::Agent);
/// assert_eq!(Reachability::of(facets(&workspace, "env:TOKEN")).exposure, Exposure::Shell);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn facets(workspace: &Workspace, relative: &str) -> Vec<Facet> {
    let (outer, member) = relative
        .split_once("!/")
        .map_or((relative, false), |(outer, _)| (outer, true));
    let place = Place::of(&workspace.root, outer);
    let mut facets = vec![file_tools(&place, member), shell(&place)];
    if let Place::Below(path) | Place::Outside(path) = &place {
        facets.push(mode::other_users(path));
        facets.push(repository::readers(workspace.repository.as_ref(), path));
    }
    facets
}

/// The facets of what a commit holds: deleting the file from the work tree does not take it away.
pub fn facets_of_commit(id: &str) -> Vec<Facet> {
    let short = id.get(..SHORT_ID).unwrap_or(id);
    let shown = format!("`git show {short}` prints it");
    vec![
        open("an agent's shell", "yes", Exposure::Shell, shown),
        open(
            "whoever has the repository",
            "in its history",
            Exposure::Shared,
            format!("commit {short} holds it, and so does every clone"),
        ),
    ]
}

/// The facets of what a tag or another reference names outside of any commit.
pub fn facets_of_reference() -> Vec<Facet> {
    vec![open(
        "whoever has the repository",
        "in a reference",
        Exposure::Shared,
        "a reference names it, and clones fetch it with the tags",
    )]
}

/// How many digits of a commit's id people are shown.
const SHORT_ID: usize = 12;

/// The facet of bytes that came from nowhere in particular.
pub fn unknown() -> Facet {
    closed(
        "anyone",
        "unknown",
        "what came through standard input may lie anywhere; an agent is assumed to read it",
    )
}

/// Where a reported path leads.
enum Place {
    /// A variable of the environment.
    Variable,
    /// Below the root, as a whole path.
    Below(PathBuf),
    /// Elsewhere, as a whole path.
    Outside(PathBuf),
    /// In the home folder, which the library does not know.
    Home,
}

impl Place {
    fn of(root: &Path, relative: &str) -> Self {
        if relative.starts_with("env:") {
            return Self::Variable;
        }
        if relative.starts_with("~/") {
            return Self::Home;
        }
        let path = normal(&root.join(relative));
        if path.starts_with(root) {
            Self::Below(path)
        } else {
            Self::Outside(path)
        }
    }
}

/// The path without `.` and `..`. The root is resolved already, so the parts above it are no links.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn file_tools(place: &Place, member: bool) -> Facet {
    const WHO: &str = "an agent's file tools";
    match place {
        Place::Below(_) if member => {
            closed(WHO, "no", "lies inside an archive, which a shell unpacks")
        }
        Place::Below(_) => open(
            WHO,
            "yes",
            Exposure::Agent,
            "lies below the folder the agent works in",
        ),
        Place::Outside(_) | Place::Home => {
            closed(WHO, "unknown", "lies outside the folder the agent works in")
        }
        Place::Variable => closed(WHO, "no", "is a variable of the environment, not a file"),
    }
}

fn shell(place: &Place) -> Facet {
    let because = match place {
        Place::Variable => "a shell inherits the environment it is started in",
        Place::Home => "a shell runs as this user, whose home folder it is in",
        Place::Below(_) | Place::Outside(_) => "a shell runs as this user, who can read the file",
    };
    open("an agent's shell", "yes", Exposure::Shell, because)
}

/// A facet through which the credential is exposed.
fn open(
    who: &'static str,
    how: &str,
    exposure: Exposure,
    because: impl Into<Cow<'static, str>>,
) -> Facet {
    Facet {
        who,
        how: how.to_owned(),
        exposure: Some(exposure),
        evidence: Evidence::new(because),
    }
}

/// A facet that is closed, unknown, or not open yet.
fn closed(who: &'static str, how: &str, because: impl Into<Cow<'static, str>>) -> Facet {
    Facet {
        who,
        how: how.to_owned(),
        exposure: None,
        evidence: Evidence::new(because),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(relative: &str) -> Vec<(&'static str, String)> {
        let workspace = Workspace {
            root: PathBuf::from("/nowhere/at/all"),
            repository: None,
        };
        facets(&workspace, relative)
            .into_iter()
            .map(|facet| (facet.who, facet.how))
            .collect()
    }

    #[test]
    fn a_file_below_the_root_has_every_facet() {
        let who: Vec<_> = of("a/.env").into_iter().map(|(who, _)| who).collect();
        let all = [
            "an agent's file tools",
            "an agent's shell",
            "other users of this machine",
            "whoever has the repository",
        ];
        assert_eq!(who, all);
    }

    #[test]
    fn a_path_out_of_the_root_is_not_below_it() {
        assert_eq!(of("a/../../.env")[0].1, "unknown");
        assert_eq!(of("/etc/key")[0].1, "unknown");
        assert_eq!(of("~/.netrc")[0].1, "unknown");
        assert_eq!(of("a/../.env")[0].1, "yes");
    }

    #[test]
    fn variables_and_members_are_for_the_shell() {
        assert_eq!(of("env:TOKEN").len(), 2);
        assert_eq!(of("env:TOKEN")[0].1, "no");
        assert_eq!(of("a.zip!/.env")[0].1, "no");
        assert_eq!(of("a.zip!/.env")[1].1, "yes");
    }
}
