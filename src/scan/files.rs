//! Files of a tree, searched in the walker's threads.

use super::large::{Large, LazyPool, Searched, after, mapped, moved};
use super::names::name_of;
use super::{Excluded, Gathered, Options, Progress, text};
use crate::assess::probe::Workspace;
use crate::coverage::Skip;
use crate::detect::{Detector, Scratch};
use crate::haystack::encoding::Encoding;
use crate::haystack::read::{self, Beginning};
use crate::haystack::walk::{self, Visit};
use crate::location::Position;
use rayon::prelude::*;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// Files that the repository has although its ignore files name them: the walk would not see them.
pub(super) fn passed_over(options: &Options) -> Vec<PathBuf> {
    let folders = options
        .roots
        .iter()
        .filter(|root| options.respect_ignores && root.is_dir());
    let below = |root: &PathBuf| {
        let names = Workspace::gather(root).tracked_though_ignored();
        names
            .into_iter()
            .map(|name| root.join(name))
            .collect::<Vec<_>>()
    };
    folders
        .flat_map(below)
        .filter(|path| path.is_file())
        .collect()
}

/// One of the walker's threads.
pub(super) struct Worker<'a> {
    pub(super) detector: &'a Detector,
    pub(super) root: &'a Path,
    pub(super) exclude: &'a Excluded,
    pub(super) pool: &'a LazyPool,
    pub(super) map: bool,
    pub(super) progress: &'a Progress,
    pub(super) buffer: Vec<u8>,
    pub(super) scratch: Scratch,
    pub(super) own: Gathered,
    pub(super) all: &'a Mutex<Gathered>,
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        let own = std::mem::take(&mut self.own);
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.specimens.extend(own.specimens);
        all.coverage.merge(own.coverage);
    }
}

impl Worker<'_> {
    pub(super) fn visit(&mut self, visit: Visit<'_>) {
        match visit {
            Visit::File { path, .. } if self.is_excluded(path) => self.skip(Skip::Excluded, path),
            Visit::File { path, named } => {
                // A defect of ours in one file must not cost the others, nor pass for a clean scan.
                let searched = catch_unwind(AssertUnwindSafe(|| self.file(path, named)));
                match searched {
                    Ok(Ok(())) => self.own.coverage.files += 1,
                    Ok(Err(error)) => self.skip(walk::reason(error.kind()), path),
                    Err(_) => self.skip(Skip::Internal, path),
                }
                self.progress.files.fetch_add(1, Ordering::Relaxed);
            }
            Visit::Skipped { reason, path } => self.skip(reason, &path),
        }
    }

    fn is_excluded(&self, path: &Path) -> bool {
        !self.exclude.globs.is_empty() && self.exclude.holds(&name_of(path, self.root))
    }

    fn skip(&mut self, reason: Skip, path: &Path) {
        let name = name_of(path, self.root);
        self.own.coverage.skip(reason, name);
    }

    fn file(&mut self, path: &Path, named: bool) -> io::Result<()> {
        let file = read::open(path, named)?;
        let mut buffer = std::mem::take(&mut self.buffer);
        let beginning = read::beginning(file, &mut buffer);
        let result = match beginning {
            Ok(Beginning::Whole(len)) => {
                self.whole(path, &buffer[..len]);
                Ok(())
            }
            Ok(Beginning::Large(file)) => self.large(path, &file, &buffer),
            Err(error) => Err(error),
        };
        self.buffer = buffer;
        result
    }

    fn whole(&mut self, path: &Path, bytes: &[u8]) {
        self.count(bytes.len() as u64);
        let root = self.root;
        let found = text::whole(
            self.detector,
            &mut self.scratch,
            bytes,
            (&path.to_string_lossy(), &|| name_of(path, root)),
            &mut self.own.coverage,
        );
        self.own.specimens.extend(found);
    }

    fn count(&mut self, bytes: u64) {
        self.own.coverage.bytes += bytes;
        self.progress.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Searches the parts of a large file in parallel.
    fn large(&mut self, path: &Path, file: &File, start: &[u8]) -> io::Result<()> {
        let parts = read::parts(file)?;
        let encoding = Encoding::of(start);
        let name = name_of(path, self.root);
        let large = Large {
            detector: self.detector,
            file,
            mapped: self.map.then(|| mapped(file)).transpose()?,
            encoding,
            name: &name,
            progress: self.progress,
        };
        let searched: Vec<io::Result<Searched>> = self.pool.run(|| {
            parts
                .par_iter()
                .map_init(
                    || (Vec::new(), Scratch::default()),
                    |(buffer, scratch), &part| large.part(part, buffer, scratch),
                )
                .collect()
        });
        let mut position = Position::START;
        for searched in searched {
            let searched = searched?;
            if searched.exhausted {
                self.skip(Skip::Budget, path);
            }
            self.own.coverage.bytes += searched.bytes;
            self.own.specimens.extend(
                searched
                    .specimens
                    .into_iter()
                    .map(|specimen| moved(specimen, position)),
            );
            position = after(position, searched.advance);
        }
        Ok(())
    }
}
