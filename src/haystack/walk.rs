//! Walks trees with the threads that also search: the visitor does all the work on a file.
//!
//! Handing files from a walker to other threads costs a tenth more time than searching in the
//! walker's own (measured), and first findings come later.

use crate::coverage::Skip;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// What to walk, and how.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Files and folders.
    pub roots: Vec<PathBuf>,
    /// True to leave out what git ignores.
    pub respect_ignores: bool,
    /// How many threads; 0 for as many as there are processors.
    pub threads: usize,
}

/// Something the walk came by.
#[derive(Debug)]
pub enum Visit<'a> {
    /// A file to search.
    File {
        /// Its path.
        path: &'a Path,
        /// True when the user named it, so that a link is followed.
        named: bool,
    },
    /// Something that is not searched.
    Skipped {
        /// Why.
        reason: Skip,
        /// Its path.
        path: PathBuf,
    },
}

impl Walk {
    /// Walks with a visitor for each thread until all is seen or `stop` is set.
    pub fn run<'v>(
        &self,
        stop: &AtomicBool,
        mut visitor: impl FnMut() -> Box<dyn FnMut(Visit<'_>) + Send + 'v>,
    ) {
        let Some(mut builder) = self.builder() else {
            return;
        };
        builder.threads(self.threads).build_parallel().run(|| {
            let mut visit = visitor();
            Box::new(move |entry| {
                if stop.load(Ordering::Relaxed) {
                    return WalkState::Quit;
                }
                match entry {
                    Ok(entry) => look_at(&entry, &mut visit),
                    Err(error) => report(&error, &mut visit),
                }
                WalkState::Continue
            })
        });
    }

    fn builder(&self) -> Option<WalkBuilder> {
        let (first, rest) = self.roots.split_first()?;
        let mut builder = WalkBuilder::new(first);
        for root in rest {
            builder.add(root);
        }
        builder.standard_filters(false).follow_links(false);
        if self.respect_ignores {
            builder
                .parents(true)
                .git_ignore(true)
                .git_exclude(true)
                .git_global(true);
        }
        // The repository's own store is searched through git, not as files.
        builder.filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
        Some(builder)
    }
}

fn look_at(entry: &DirEntry, visit: &mut dyn FnMut(Visit<'_>)) {
    let named = entry.depth() == 0;
    let path = entry.path();
    let Some(kind) = entry.file_type() else {
        return;
    };
    if let Some(error) = entry.error().filter(|error| error.io_error().is_some()) {
        report(error, visit);
    }
    if kind.is_file() || (named && kind.is_symlink() && path.is_file()) {
        visit(Visit::File { path, named });
    } else if !kind.is_dir() {
        let reason = if kind.is_symlink() {
            Skip::Symlink
        } else {
            Skip::NotAFile
        };
        visit(Visit::Skipped {
            reason,
            path: path.to_owned(),
        });
    }
}

fn report(error: &ignore::Error, visit: &mut dyn FnMut(Visit<'_>)) {
    let reason = error
        .io_error()
        .map_or(Skip::Unreadable, |error| reason(error.kind()));
    visit(Visit::Skipped {
        reason,
        path: path_of(error).unwrap_or_default(),
    });
}

/// Why a file could not be read, as coverage counts it.
pub fn reason(kind: std::io::ErrorKind) -> Skip {
    match kind {
        std::io::ErrorKind::PermissionDenied => Skip::PermissionDenied,
        std::io::ErrorKind::NotFound => Skip::Vanished,
        _ => Skip::Unreadable,
    }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}
