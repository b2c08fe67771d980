//! Contents out of git's store, searched by one thread through one git process.

use super::large::{Searched, Seen, after, moved};
use super::names::name_from;
use super::{Options, Progress, text};
use crate::assess::specimen::Specimen;
use crate::coverage::{Coverage, Skip};
use crate::detect::{Detector, Scratch};
use crate::haystack::encoding::Encoding;
use crate::haystack::git::{Blob, Blobs, GitError, Stored};
use crate::haystack::read::{self, PART};
use crate::location::Position;
use std::sync::atomic::Ordering;

/// Searches contents, one after the other.
pub(super) struct Searcher<'a> {
    detector: &'a Detector,
    progress: &'a Progress,
    blobs: Blobs,
    buffer: Vec<u8>,
    scratch: Scratch,
    /// What was looked at, and what could not be.
    pub(super) coverage: Coverage,
}

impl<'a> Searcher<'a> {
    pub(super) fn new(detector: &'a Detector, progress: &'a Progress, blobs: Blobs) -> Self {
        Self {
            detector,
            progress,
            blobs,
            buffer: Vec::new(),
            scratch: Scratch::default(),
            coverage: Coverage::default(),
        }
    }

    /// Asks for contents, which [`Searcher::next`] then takes in this order.
    pub(super) fn ask(&mut self, stored: &[Stored]) -> Result<(), GitError> {
        self.blobs.ask(stored)
    }

    /// Searches the content that was asked for next, under a path as git has it.
    pub(super) fn next(&mut self, path: &[u8]) -> Result<Vec<Specimen>, GitError> {
        let name = name_from(path);
        let Blob::Present(size) = self.blobs.head()? else {
            self.coverage.skip(Skip::MissingObject, name);
            return Ok(Vec::new());
        };
        let found = match usize::try_from(size) {
            Ok(size) if size <= PART => self.whole(size, &name)?,
            _ => self.parts(size, &name)?,
        };
        self.blobs.end()?;
        self.coverage.files += 1;
        self.coverage.bytes += size;
        self.progress.files.fetch_add(1, Ordering::Relaxed);
        self.progress.bytes.fetch_add(size, Ordering::Relaxed);
        Ok(found)
    }

    /// What a content holds, for comparison: it counts as no work.
    pub(super) fn compare(
        &mut self,
        stored: Stored,
        path: &[u8],
    ) -> Result<Vec<Specimen>, GitError> {
        let counted = self.coverage.clone();
        self.ask(&[stored])?;
        // Without the version before, whether a credential is new cannot be told: it then is.
        let found = self.next(path);
        self.coverage = counted;
        found
    }

    /// Ends the git process.
    pub(super) fn close(self) -> Result<Coverage, GitError> {
        self.blobs.close()?;
        Ok(self.coverage)
    }

    fn whole(&mut self, size: usize, name: &str) -> Result<Vec<Specimen>, GitError> {
        self.buffer.resize(size.max(self.buffer.len()), 0);
        self.blobs.read(&mut self.buffer[..size])?;
        Ok(text::whole(
            self.detector,
            &mut self.scratch,
            &self.buffer[..size],
            (name, &|| name.to_owned()),
            &mut self.coverage,
        ))
    }

    /// Searches what is too large to be held at once.
    fn parts(&mut self, size: u64, name: &str) -> Result<Vec<Specimen>, GitError> {
        let mut position = Position::START;
        let mut specimens = Vec::new();
        let mut encoding = None;
        let mut held = 0;
        for part in read::cut(0, size) {
            // The end of one part is the beginning of the next.
            self.buffer.resize(part.len.max(self.buffer.len()), 0);
            self.blobs.read(&mut self.buffer[held..part.len])?;
            let bytes = &self.buffer[..part.len];
            let seen = Seen {
                detector: self.detector,
                encoding: *encoding.get_or_insert_with(|| Encoding::of(bytes)),
                name,
            };
            let searched = seen.part(part, bytes, &mut self.scratch);
            if searched.exhausted {
                self.coverage.skip(Skip::Budget, name);
            }
            let Searched {
                specimens: found,
                advance,
                ..
            } = searched;
            specimens.extend(found.into_iter().map(|one| moved(one, position)));
            position = after(position, advance);
            held = 2 * read::MARGIN;
            self.buffer.copy_within(part.len - held..part.len, 0);
        }
        Ok(specimens)
    }
}

/// True when the configuration leaves a path out.
pub(super) fn is_excluded(options: &Options, path: &[u8]) -> bool {
    options.exclude.holds(&name_from(path))
}

/// Marks those of `specimens` that `before` holds, too, each of them once.
pub(super) fn mark_committed(specimens: &mut [Specimen], mut before: Vec<Specimen>) {
    for specimen in specimens {
        let same = before
            .iter()
            .position(|old| old.rule == specimen.rule && old.secret == specimen.secret);
        if let Some(at) = same {
            before.swap_remove(at);
            specimen.origin.committed = true;
        }
    }
}
