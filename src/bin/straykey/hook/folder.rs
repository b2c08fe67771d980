//! Where git looks for the hooks of a repository, and what makes it look there.

use super::{Kind, path_from, script};
use std::path::{Path, PathBuf};
use straykey::haystack::git::{Git, GitError};

/// The folders of a repository that hooks may lie in.
#[derive(Debug)]
pub(super) struct Folders {
    /// The top of the work tree.
    pub(super) top: PathBuf,
    /// Where git looks.
    pub(super) used: PathBuf,
    /// Where it would look without `core.hooksPath`.
    pub(super) own: PathBuf,
    /// Every `core.hooksPath` there is, the one that counts last.
    settings: Vec<Setting>,
}

/// One `core.hooksPath`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// `system`, `global`, `local`, `worktree` or `command`.
    scope: String,
    /// The folder as it was written.
    pub(super) value: String,
}

impl Folders {
    /// Asks git.
    pub(super) fn of(git: &Git) -> anyhow::Result<Self> {
        Self::ask(git).map_err(crate::git::error)
    }

    fn ask(git: &Git) -> Result<Self, GitError> {
        let folder = |arguments: &[&str]| -> Result<PathBuf, GitError> {
            let output = git.output_plain(arguments)?;
            Ok(path_from(output.strip_suffix(b"\n").unwrap_or(&output)))
        };
        // One that is relative counts from the top of the work tree, in a linked one as well.
        let hooks = folder(&["rev-parse", "--path-format=absolute", "--git-path", "hooks"])?;
        let shared = folder(&["rev-parse", "--path-format=absolute", "--git-common-dir"])?;
        let list = git.output_plain(&["config", "--list", "-z", "--show-scope"])?;
        Ok(Self {
            top: git.top()?,
            used: hooks,
            own: shared.join("hooks"),
            settings: settings(&list),
        })
    }

    /// The folders where a hook of ours may lie, the one that git uses first.
    pub(super) fn both(&self) -> Vec<&Path> {
        let mut both = vec![self.used.as_path()];
        if self.own != self.used {
            both.push(&self.own);
        }
        both
    }

    /// True where the hooks are part of what is committed: then they run on other machines, too.
    pub(super) fn is_committed(&self) -> bool {
        let inside_git = self
            .own
            .parent()
            .is_some_and(|git| self.used.starts_with(git));
        self.used.starts_with(&self.top) && !inside_git
    }

    /// The setting that counts where it is the user's or the machine's: every repository obeys it.
    pub(super) fn for_all_repositories(&self) -> Option<&Setting> {
        self.settings.last().filter(|setting| setting.is_wide())
    }

    /// A setting for all repositories that one of this repository hides, and the latter.
    pub(super) fn hidden(&self) -> Option<(&Setting, &Setting)> {
        let counts = self.settings.last().filter(|last| !last.is_wide())?;
        let wide = self.settings.iter().rev().find(|other| other.is_wide())?;
        (wide.value != counts.value).then_some((wide, counts))
    }

    /// A hook of ours that lies where git does not look.
    pub(super) fn shadowed(&self, kind: Kind) -> Option<PathBuf> {
        let hook = self.own.join(kind.as_str());
        (self.own != self.used && script::is_ours(&hook)).then_some(hook)
    }
}

impl Setting {
    fn is_wide(&self) -> bool {
        matches!(self.scope.as_str(), "system" | "global")
    }

    /// Whose setting it is, for a sentence.
    pub(super) fn owner(&self) -> &'static str {
        match self.scope.as_str() {
            "system" => "this machine",
            "global" => "this user",
            "worktree" => "this work tree",
            "command" => "this command",
            _ => "this repository",
        }
    }
}

/// Reads `scope NUL key LF value NUL ...`; git writes keys in lower case.
fn settings(list: &[u8]) -> Vec<Setting> {
    let fields: Vec<_> = list
        .split(|byte| *byte == 0)
        .map(String::from_utf8_lossy)
        .collect();
    let of = |pair: &[std::borrow::Cow<'_, str>]| {
        let [scope, entry] = pair else { return None };
        let value = entry.strip_prefix("core.hookspath\n")?;
        Some(Setting {
            scope: scope.to_string(),
            value: value.to_owned(),
        })
    };
    fields.chunks(2).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_hooks_are_read() {
        let list = b"global\0core.hookspath\n~/hooks\0local\0core.bare\nfalse\0local\0x.y\0\
            local\0core.hookspath\n.husky/_\0";
        let found: Vec<_> = settings(list)
            .into_iter()
            .map(|setting| (setting.scope, setting.value))
            .collect();
        let wanted = [("global", "~/hooks"), ("local", ".husky/_")];
        assert_eq!(
            found,
            wanted.map(|(scope, value)| (scope.to_owned(), value.to_owned()))
        );
    }
}
