//! What commits brought in: each content once, told with the oldest commit that holds it.
//!
//! Git names the changed contents commit by commit, the oldest first; each thread fetches and
//! searches contents through a git process of its own. No difference of texts is ever made: what a
//! commit adds is what its version holds and its parents' versions do not.

use super::names::name_from;
use super::stored::{Searcher, is_excluded, mark_committed};
use super::{Gathered, Options, Progress, Scanner};
use crate::assess::specimen::Specimen;
use crate::coverage::{Coverage, Skip};
use crate::finding::{Commit, Source};
use crate::haystack::git::{Blobs, Change, Changes, Git, GitError, Header, Kind, Stored};
use crate::report::Report;
use crate::secret::Secret;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// How many contents a thread asks for at a time.
const BATCH: usize = 64;

/// Commits, being listed by git: it works while rules are loaded.
#[derive(Debug)]
pub struct Commits {
    git: Git,
    changes: Changes,
    source: Source,
}

impl Commits {
    /// Starts to list the commits of a range, such as `["main..HEAD"]`; arguments of
    /// git-rev-list(1).
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn since(git: &Git, revisions: &[String]) -> Result<Self, GitError> {
        Ok(Self {
            git: git.clone(),
            changes: Changes::of_commits(git, revisions, true)?,
            source: Source::Since,
        })
    }

    /// Starts to list the commits of all branches and tags and of what is checked out; on request
    /// those of stashes, and those that only the reflog still knows.
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn history(git: &Git, stashes: bool, reflog: bool) -> Result<Self, GitError> {
        // `--all` is every reference, the newest stash among them; older ones are in its reflog.
        let mut revisions: Vec<&str> = Vec::new();
        if !stashes {
            revisions.push("--exclude=refs/stash");
        }
        revisions.push("--all");
        let older = if stashes && !reflog {
            stash_ids(git)
        } else {
            Vec::new()
        };
        revisions.extend(older.iter().map(String::as_str));
        if reflog {
            revisions.push("--reflog");
        }
        let revisions: Vec<String> = revisions.into_iter().map(str::to_owned).collect();
        Ok(Self {
            git: git.clone(),
            changes: Changes::of_commits(git, &revisions, false)?,
            source: Source::History,
        })
    }
}

/// The stashes below the newest one; none where there is no stash.
fn stash_ids(git: &Git) -> Vec<String> {
    let output = git.output(&["rev-list", "--walk-reflogs", "refs/stash", "--"]);
    let text = String::from_utf8_lossy(&output.unwrap_or_default()).into_owned();
    text.lines().map(str::to_owned).collect()
}

/// One content to search, with its place in the order of commits.
struct Task {
    order: usize,
    change: Change,
}

/// What one content gave.
struct Catch {
    order: usize,
    commit: Option<Stored>,
    specimens: Vec<Specimen>,
}

impl Scanner {
    /// Scans what commits brought in. The base of `options` is the top folder.
    ///
    /// # Errors
    /// When git fails: then nothing may be concluded.
    pub fn scan_commits(
        &self,
        commits: Commits,
        options: &Options,
        progress: &Progress,
    ) -> Result<Report, GitError> {
        let Commits {
            git,
            changes,
            source,
        } = commits;
        let (catches, mut coverage) =
            self.search_commits(&git, changes, source, options, progress)?;
        if git.is_shallow()? {
            coverage.skip(Skip::Shallow, "the commits before those that were fetched");
        }
        if coverage.files == 0 && !coverage.has_gaps() {
            coverage.vacant = Some("no commit among those asked for changes a file".to_owned());
        }
        coverage.interrupted |= progress.stop.load(Ordering::Relaxed);
        let mut specimens = first_of_each(catches);
        attribute(&git, &mut specimens, source, options)?;
        let gathered = Gathered {
            specimens: specimens
                .into_iter()
                .map(|(specimen, _)| specimen)
                .collect(),
            coverage,
        };
        Ok(self.report(gathered, options, None))
    }

    fn search_commits(
        &self,
        git: &Git,
        mut changes: Changes,
        source: Source,
        options: &Options,
        progress: &Progress,
    ) -> Result<(Vec<Catch>, Coverage), GitError> {
        let threads = match options.threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            many => many,
        };
        let outside = match source {
            Source::History => Changes::outside_commits(git)?,
            _ => Vec::new(),
        };
        let (send, receive) = sync_channel(4 * threads);
        let receive = Mutex::new(receive);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let searcher = Searcher::new(&self.detector, progress, Blobs::open(git)?);
                        work(searcher, &receive, source, progress)
                    })
                })
                .collect();
            let told = tell(&mut changes, outside, &send, options, progress);
            // The threads end where nobody sends any more.
            drop(send);
            let mut catches = Vec::new();
            let mut coverage = Coverage::default();
            for worker in workers {
                let (own, seen) = worker
                    .join()
                    .map_err(|_| GitError::Unexpected("cat-file"))??;
                catches.extend(own);
                coverage.merge(seen);
            }
            coverage.merge(told?);
            if !progress.stop.load(Ordering::Relaxed) {
                changes.close()?;
            }
            Ok((catches, coverage))
        })
    }
}

/// Hands out every content once, in batches.
fn tell(
    changes: &mut Changes,
    outside: Vec<Change>,
    send: &SyncSender<Vec<Task>>,
    options: &Options,
    progress: &Progress,
) -> Result<Coverage, GitError> {
    let mut coverage = Coverage::default();
    let mut seen = HashSet::new();
    let mut batch = Vec::with_capacity(BATCH);
    let mut outside = outside.into_iter();
    let mut order = 0;
    while let Some(change) = changes.advance()?.or_else(|| outside.next()) {
        if change.kind != Kind::Content || !seen.insert(change.new) {
            continue;
        }
        if is_excluded(options, &change.path) {
            coverage.skip(Skip::Excluded, name_from(&change.path));
            continue;
        }
        batch.push(Task { order, change });
        order += 1;
        if batch.len() == BATCH && send.send(std::mem::take(&mut batch)).is_err()
            || progress.stop.load(Ordering::Relaxed)
        {
            // The threads are gone: one of them will say why.
            return Ok(coverage);
        }
    }
    // A thread that is gone says itself why.
    let _ = send.send(batch);
    Ok(coverage)
}

/// Searches batches until there are no more.
fn work(
    mut searcher: Searcher<'_>,
    tasks: &Mutex<Receiver<Vec<Task>>>,
    source: Source,
    progress: &Progress,
) -> Result<(Vec<Catch>, Coverage), GitError> {
    let mut catches = Vec::new();
    while !progress.stop.load(Ordering::Relaxed) {
        let next = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = next else { break };
        let stored: Vec<_> = batch.iter().map(|task| task.change.new).collect();
        searcher.ask(&stored)?;
        let mut found = Vec::new();
        for task in batch {
            let specimens = searcher.next(&task.change.path)?;
            if !specimens.is_empty() {
                found.push((task, specimens));
            }
        }
        for (task, mut specimens) in found {
            if source == Source::Since {
                for &old in &task.change.old {
                    let before = searcher.compare(old, &task.change.path)?;
                    mark_committed(&mut specimens, before);
                }
            }
            catches.push(Catch {
                order: task.order,
                commit: task.change.commit,
                specimens,
            });
        }
    }
    Ok((catches, searcher.close()?))
}

/// Of the versions of a file that hold a credential the oldest one counts.
fn first_of_each(mut catches: Vec<Catch>) -> Vec<(Specimen, Option<Stored>)> {
    catches.sort_by_key(|one| one.order);
    let mut seen: HashMap<(String, usize, Secret), usize> = HashMap::new();
    let mut first = Vec::new();
    for one in catches {
        // The same credential twice in one version is two places.
        for specimen in one.specimens {
            let key = (
                specimen.path.clone(),
                specimen.rule,
                specimen.secret.clone(),
            );
            if *seen.entry(key).or_insert(one.order) == one.order {
                first.push((specimen, one.commit));
            }
        }
    }
    first
}

/// Reads who made the commits of what was found, and when.
fn attribute(
    git: &Git,
    specimens: &mut [(Specimen, Option<Stored>)],
    source: Source,
    options: &Options,
) -> Result<(), GitError> {
    if specimens.is_empty() {
        return Ok(());
    }
    let mut objects = Blobs::open(git)?;
    let mut known: HashMap<Stored, Arc<Commit>> = HashMap::new();
    for (specimen, id) in specimens {
        specimen.origin.source = source;
        let Some(id) = *id else { continue };
        if let Some(commit) = known.get(&id) {
            specimen.origin.commit = Some(Arc::clone(commit));
            continue;
        }
        let object = objects.fetch(id)?.unwrap_or_default();
        let header = Header::parse(&object);
        let author = header.as_ref().map(|header| header.author.clone());
        let commit = Arc::new(Commit {
            id: id.to_string(),
            author: author.filter(|_| !options.hide_authors),
            time: header.map_or(0, |header| header.time),
        });
        known.insert(id, Arc::clone(&commit));
        specimen.origin.commit = Some(commit);
    }
    objects.close()
}
