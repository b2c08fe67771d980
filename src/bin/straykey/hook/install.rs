//! `straykey hook install` and `straykey hook uninstall`.

use super::folder::Folders;
use super::manager::Manager;
use super::{Install, Kind, Uninstall, script};
use crate::exit::{Exit, hinted};
use crate::output;
use anyhow::{Context, anyhow};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use straykey::display::sanitize;

/// Puts the hooks where git looks for them.
pub(super) fn install(wanted: &Install) -> anyhow::Result<Exit> {
    let folders = Folders::of(&super::open()?)?;
    let folder = folders.used.as_path();
    may_write(folder, &wanted.hooks)?;
    // What is committed runs on other machines, where the program lies elsewhere.
    let program = script::program().filter(|_| !folders.is_committed());
    let mut page = String::new();
    for &kind in &wanted.hooks {
        let text = script::text(kind, program.as_deref(), wanted.branch_name);
        let done = put(folder, kind, &text)
            .with_context(|| format!("cannot write {} in {}", kind.as_str(), folder.display()))
            .map_err(|error| hinted(error, "the folder of hooks has to be yours to write to"))?;
        writeln!(page, "{}: {done} in {}", kind.as_str(), shown(folder))?;
    }
    for remark in remarks(&folders) {
        writeln!(page, "note: {remark}")?;
    }
    output::text(&page)?;
    Ok(Exit::Clean)
}

/// Refuses what a script of ours would break, or where it would do nothing.
fn may_write(folder: &Path, kinds: &[Kind]) -> anyhow::Result<()> {
    let kind = kinds.first().copied().unwrap_or(Kind::PreCommit);
    if let Some(manager) = Manager::of(folder) {
        return Err(hinted(
            anyhow!(
                "{} runs the hooks in {} and would write over ours",
                manager.name(),
                folder.display()
            ),
            manager.hint(kind),
        ));
    }
    if folder.exists() && !folder.is_dir() {
        return Err(hinted(
            anyhow!(
                "git runs no hooks here: core.hooksPath is {}, which is no folder",
                folder.display()
            ),
            "see who sets it: git config --show-origin --get-all core.hooksPath",
        ));
    }
    let clash = kinds.iter().find(|kind| {
        let hook = folder.join(kind.as_str());
        exists(&hook) && !script::is_ours(&hook) && exists(&script::chained(folder, **kind))
    });
    match clash {
        None => Ok(()),
        Some(&kind) => Err(hinted(
            anyhow!(
                "{} was replaced after straykey had kept the one before it as {}",
                folder.join(kind.as_str()).display(),
                script::chained(folder, kind).display()
            ),
            "decide which of the two to keep, remove the other, and install again",
        )),
    }
}

/// Writes one hook and says what that came to.
fn put(folder: &Path, kind: Kind, text: &str) -> io::Result<&'static str> {
    fs::create_dir_all(folder)?;
    let hook = folder.join(kind.as_str());
    if !exists(&hook) {
        return write(folder, &hook, text).map(|()| "installed");
    }
    if script::is_ours(&hook) {
        let same = fs::read(&hook)? == text.as_bytes() && is_executable(&hook);
        return if same {
            Ok("already installed")
        } else {
            write(folder, &hook, text).map(|()| "updated")
        };
    }
    let chained = script::chained(folder, kind);
    // A rename keeps every byte and every permission for the day it is put back.
    fs::rename(&hook, &chained)?;
    if let Err(error) = write(folder, &hook, text) {
        fs::rename(&chained, &hook)?;
        return Err(error);
    }
    Ok("installed; calls the hook that was there first, then straykey,")
}

/// Writes a program that appears whole or not at all.
fn write(folder: &Path, hook: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    make_executable(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(hook).map(drop).map_err(|error| error.error)
}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &fs::File) -> io::Result<()> {
    Ok(())
}

/// True for what git runs: on Windows it looks at the first line only.
#[cfg(unix)]
pub(super) fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// True for a link that leads nowhere as well: it is in the way.
pub(super) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// What to know about the folder that was written to.
fn remarks(folders: &Folders) -> Vec<String> {
    let shared = folders.for_all_repositories().map(|setting| {
        format!(
            "core.hooksPath of {} leads there: every repository that obeys it has the hook now",
            setting.owner()
        )
    });
    let hidden = folders.hidden().map(|(wide, counts)| {
        format!(
            "core.hooksPath of {} hides that of {}, {}: the hooks there do not run here",
            counts.owner(),
            wide.owner(),
            sanitize(&wide.value)
        )
    });
    let committed = folders.is_committed().then(|| {
        "the folder is part of the repository: the hook looks for straykey in PATH".to_owned()
    });
    [shared, hidden, committed].into_iter().flatten().collect()
}

/// Takes the hooks away and puts back what was there.
pub(super) fn uninstall(wanted: &Uninstall) -> anyhow::Result<Exit> {
    let folders = Folders::of(&super::open()?)?;
    let mut page = String::new();
    for folder in folders.both() {
        for kind in Kind::ALL {
            let asked = wanted.hooks.is_empty() || wanted.hooks.contains(&kind);
            if !asked || !script::is_ours(&folder.join(kind.as_str())) {
                continue;
            }
            let done = take_away(folder, kind)
                .with_context(|| format!("cannot remove {} in {}", kind.as_str(), folder.display()))
                .map_err(|error| {
                    hinted(error, "the folder of hooks has to be yours to write to")
                })?;
            writeln!(page, "{}: {done} in {}", kind.as_str(), shown(folder))?;
        }
    }
    if page.is_empty() {
        page = format!("no hook of straykey in {}\n", shown(&folders.used));
    }
    output::text(&page)?;
    Ok(Exit::Clean)
}

fn take_away(folder: &Path, kind: Kind) -> io::Result<&'static str> {
    let hook = folder.join(kind.as_str());
    let chained = script::chained(folder, kind);
    if exists(&chained) {
        fs::rename(&chained, &hook).map(|()| "removed; the hook that was there before is back")
    } else {
        fs::remove_file(&hook).map(|()| "removed")
    }
}

/// A path for a person.
pub(super) fn shown(path: &Path) -> String {
    sanitize(&path.to_string_lossy()).into_owned()
}
