//! What the next commit will hold.

use super::names::name_from;
use super::stored::{Searcher, is_excluded, mark_committed};
use super::{Gathered, Options, Progress, Scanner};
use crate::assess::probe::Workspace;
use crate::assess::specimen::Specimen;
use crate::coverage::{Coverage, Skip};
use crate::display::counted;
use crate::finding::Source;
use crate::haystack::git::{Blobs, Change, Changes, Git, GitError, Kind};
use crate::report::Report;
use std::sync::atomic::Ordering;

/// How many contents are asked for at a time: the questions must fit the pipe.
const BATCH: usize = 256;

/// The staged changes, being told by git: it works while rules are loaded.
#[derive(Debug)]
pub struct Staged {
    git: Git,
    changes: Changes,
    blobs: Blobs,
}

impl Staged {
    /// Starts git. `only` limits it to paths, seen from the folder of `git`.
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn start(git: &Git, only: &[String]) -> Result<Self, GitError> {
        Ok(Self {
            git: git.clone(),
            changes: Changes::staged(git, only)?,
            blobs: Blobs::open(git)?,
        })
    }
}

impl Scanner {
    /// Scans what is staged: whole contents, of which what the last commit already holds at the same
    /// place is told apart. The base of `options` is the top folder of the work tree.
    ///
    /// # Errors
    /// When git fails: then nothing may be concluded.
    pub fn scan_staged(
        &self,
        staged: Staged,
        options: &Options,
        progress: &Progress,
    ) -> Result<Report, GitError> {
        let Staged {
            git,
            changes,
            blobs,
        } = staged;
        // Where git finds no repository it can use, `diff` takes its arguments for files.
        let all = listed(changes).map_err(|error| git.reason(error))?;
        let mut searcher = Searcher::new(&self.detector, progress, blobs);
        let (contents, mut coverage) = sorted(all, options);
        let mut specimens = Vec::new();
        for batch in contents.chunks(BATCH) {
            let stored: Vec<_> = batch.iter().map(|change| change.new).collect();
            searcher.ask(&stored)?;
            let mut found = Vec::new();
            for change in batch {
                found.push((change, searcher.next(&change.path)?));
            }
            // Only now is the pipe free for questions about the versions before.
            for (change, own) in found {
                specimens.extend(new_and_old(&mut searcher, change, own)?);
            }
            if progress.stop.load(Ordering::Relaxed) {
                coverage.interrupted = true;
                break;
            }
        }
        coverage.merge(searcher.close()?);
        let workspace = (!specimens.is_empty()).then(|| Workspace::gather(&options.base));
        let gathered = Gathered {
            specimens,
            coverage,
        };
        Ok(self.report(gathered, options, workspace.as_ref()))
    }
}

fn listed(mut changes: Changes) -> Result<Vec<Change>, GitError> {
    let mut all = Vec::new();
    while let Some(change) = changes.advance()? {
        all.push(change);
    }
    changes.close()?;
    Ok(all)
}

/// The changes that have a content, and a count of the others.
fn sorted(all: Vec<Change>, options: &Options) -> (Vec<Change>, Coverage) {
    let mut coverage = Coverage::default();
    let total = all.len();
    let mut contents = Vec::new();
    for change in all {
        let name = || name_from(&change.path);
        match change.kind {
            Kind::Deleted => {}
            Kind::Submodule => coverage.skip(Skip::Submodule, name()),
            Kind::Unmerged => coverage.skip(Skip::Unmerged, name()),
            Kind::Content if is_excluded(options, &change.path) => {
                coverage.skip(Skip::Excluded, name());
            }
            Kind::Content => contents.push(change),
        }
    }
    if contents.is_empty() {
        coverage.vacant = Some(match total {
            0 => "nothing is staged".to_owned(),
            many => format!(
                "what is staged has no content to search ({}, such as deletions)",
                counted(many as u64, "change")
            ),
        });
    }
    (contents, coverage)
}

/// Tells those of a change's credentials apart that the version before holds, too.
fn new_and_old(
    searcher: &mut Searcher<'_>,
    change: &Change,
    mut own: Vec<Specimen>,
) -> Result<Vec<Specimen>, GitError> {
    for specimen in &mut own {
        specimen.origin.source = Source::Staged;
    }
    if own.is_empty() {
        return Ok(own);
    }
    for &old in &change.old {
        let before = searcher.compare(old, &change.path)?;
        mark_committed(&mut own, before);
    }
    Ok(own)
}
