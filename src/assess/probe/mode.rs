//! Which other users of this machine the mode bits let in.
//!
//! A file is open to others only where every folder above it lets them pass. Access control lists are
//! not read.

use super::closed;
use crate::reachability::Facet;
use std::path::Path;

const WHO: &str = "other users of this machine";

/// The facet of a path; unknown where there are no mode bits or a symbolic link is on the way.
#[cfg(unix)]
pub(super) fn other_users(path: &Path) -> Facet {
    let (Some(mode), Some(folders)) = (mode_of(path, false), folders_above(path)) else {
        return closed(WHO, "unknown", "its mode could not be read");
    };
    facet(mode, &folders)
}

/// The facet of a path.
#[cfg(not(unix))]
pub(super) fn other_users(_: &Path) -> Facet {
    closed(WHO, "unknown", "this system has no mode bits")
}

/// The names and modes of the folders above, innermost first.
#[cfg(unix)]
fn folders_above(path: &Path) -> Option<Vec<(String, u32)>> {
    let named = |folder: &Path| {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        Some((name.to_string_lossy().into_owned(), mode_of(folder, true)?))
    };
    path.ancestors().skip(1).map(named).collect()
}

/// The permission bits of a plain file or folder.
#[cfg(unix)]
fn mode_of(path: &Path, folder: bool) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(path).ok()?;
    let expected = if folder {
        metadata.is_dir()
    } else {
        metadata.is_file()
    };
    expected.then(|| metadata.mode() & 0o7777)
}

/// Judges the bits. That every user may read a file is told but exposes nothing by itself: 0644 below
/// folders of 0755 is what most machines make by default, most of them have one user, and counting it
/// would lift every finding and so tell none apart. A file that all may also *write* is nobody's
/// default: somebody has opened it on purpose.
#[cfg(unix)]
fn facet(mode: u32, folders: &[(String, u32)]) -> Facet {
    use super::open;
    use crate::reachability::Exposure;
    let barred = |bit: u32| folders.iter().find(|(_, folder)| folder & bit == 0);
    let passes = format!("mode {mode:04o}, and every folder above it lets other users pass");
    match mode {
        _ if mode & 0o004 != 0 => match barred(0o001) {
            Some((name, folder)) => closed(
                WHO,
                "no",
                format!(
                    "mode {mode:04o}, but the folder `{name}` keeps other users out (mode {folder:04o})"
                ),
            ),
            None if mode & 0o002 != 0 => open(
                WHO,
                "readable and writable by every user",
                Exposure::Shared,
                passes,
            ),
            None => closed(WHO, "readable by every user", passes),
        },
        // Which of the folders belong to the same group is not looked at: the bit alone is told.
        _ if mode & 0o040 != 0 && barred(0o011).is_none() => {
            closed(WHO, "readable by its group", format!("mode {mode:04o}"))
        }
        _ => closed(WHO, "no", format!("mode {mode:04o}")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::reachability::Exposure;
    use std::os::unix::fs::PermissionsExt;

    fn of(mode: u32, folders: &[u32]) -> (String, Option<Exposure>, String) {
        let folders: Vec<_> = folders
            .iter()
            .map(|&mode| ("home".to_owned(), mode))
            .collect();
        let facet = facet(mode, &folders);
        (facet.how, facet.exposure, facet.evidence.to_string())
    }

    #[test]
    fn a_readable_file_is_told_and_exposes_nothing() {
        let (how, exposure, because) = of(0o644, &[0o755, 0o755]);
        assert_eq!((how.as_str(), exposure), ("readable by every user", None));
        assert_eq!(
            because,
            "mode 0644, and every folder above it lets other users pass"
        );
    }

    #[test]
    fn a_writable_file_is_shared() {
        assert_eq!(of(0o666, &[0o755]).1, Some(Exposure::Shared));
        assert_eq!(of(0o602, &[0o755]).1, None, "nobody else reads it");
    }

    #[test]
    fn a_folder_above_may_keep_others_out() {
        let (how, exposure, because) = of(0o666, &[0o755, 0o700, 0o755]);
        assert_eq!((how.as_str(), exposure), ("no", None));
        assert_eq!(
            because,
            "mode 0666, but the folder `home` keeps other users out (mode 0700)"
        );
    }

    #[test]
    fn a_group_is_named() {
        assert_eq!(of(0o640, &[0o750, 0o755]).0, "readable by its group");
        assert_eq!(of(0o640, &[0o700]).0, "no");
        assert_eq!(of(0o600, &[0o755]).0, "no");
    }

    #[test]
    fn real_files_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = std::fs::canonicalize(folder.path()).expect("it is there");
        std::fs::set_permissions(&root, PermissionsExt::from_mode(0o700)).expect("it is ours");
        let file = root.join("key");
        std::fs::write(&file, "").expect("it is ours");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o604)).expect("it is ours");
        let facet = other_users(&file);
        assert_eq!(facet.how, "no");
        assert!(
            facet
                .evidence
                .as_str()
                .ends_with("keeps other users out (mode 0700)"),
            "{}",
            facet.evidence
        );
        std::os::unix::fs::symlink(&file, root.join("link")).expect("it is ours");
        assert_eq!(other_users(&root.join("link")).how, "unknown");
        assert_eq!(other_users(&root.join("missing")).how, "unknown");
    }
}
