//! The scanner: wires walk, detection and assessment together, and owns the threads.

mod commits;
mod files;
mod large;
mod names;
mod staged;
mod stored;
mod text;

pub use commits::Commits;
pub use staged::Staged;

use crate::assess::Assessor;
use crate::assess::probe::Workspace;
use crate::assess::specimen::Specimen;
use crate::coverage::Coverage;
use crate::detect::{Detector, Scratch};
use crate::environment::Environment;
use crate::finding::{Excuse, Excused, Source};
use crate::haystack::globs::Globs;
use crate::haystack::walk::Walk;
use crate::lifetime::UnixSeconds;
use crate::location::Shift;
use crate::report::{Report, Target};
use crate::rule::RuleSet;
use crate::severity::Confidence;
use files::{Worker, passed_over};
use large::LazyPool;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What to scan, and how.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one choice of the caller"
)]
pub struct Options {
    /// Files and folders.
    pub roots: Vec<PathBuf>,
    /// The folder that paths are told from.
    pub base: PathBuf,
    /// What the report calls this kind of scan: `scan`, `audit`, `staged` and so on.
    pub mode: &'static str,
    /// True to leave out what git ignores.
    pub respect_ignores: bool,
    /// Paths to leave out.
    pub exclude: Arc<Excluded>,
    /// True to leave the authors of commits out of the report.
    pub hide_authors: bool,
    /// How many threads; 0 for as many as there are processors.
    pub threads: usize,
    /// The least confidence that is reported.
    pub min_confidence: Confidence,
    /// True when marks in the scanned tree excuse findings.
    pub honour_marks: bool,
    /// The environment of the task at hand.
    pub task_environment: Environment,
    /// The present moment.
    pub now: UnixSeconds,
    /// True to map large files instead of reading them; only with the feature `mmap`.
    pub map: bool,
}

/// Paths that the configuration leaves out.
#[derive(Clone, Debug, Default)]
pub struct Excluded {
    /// The globs.
    pub globs: Globs,
    /// From a reported path to the one that the globs are about.
    pub shift: Shift,
}

impl Excluded {
    /// True when a path, as it is reported, is left out.
    fn holds(&self, path: &str) -> bool {
        !self.globs.is_empty() && self.globs.matches(&self.shift.apply(path))
    }
}

/// What a running scan has done, for a progress bar to show and a signal to stop.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files searched.
    pub files: AtomicU64,
    /// Bytes searched.
    pub bytes: AtomicU64,
    /// Set to stop.
    pub stop: Arc<AtomicBool>,
}

/// Scans with one rule set.
#[derive(Debug)]
pub struct Scanner {
    detector: Detector,
}

/// What one thread, or all of them, gathered.
#[derive(Debug, Default)]
struct Gathered {
    specimens: Vec<Specimen>,
    coverage: Coverage,
}

impl Scanner {
    /// A scanner of a rule set.
    pub fn new(rules: Arc<RuleSet>) -> Self {
        Self {
            detector: Detector::new(rules),
        }
    }

    /// Scans files and folders.
    pub fn scan(&self, options: &Options, progress: &Progress) -> Report {
        let gathered = Mutex::new(Gathered::default());
        let mut roots = options.roots.clone();
        roots.extend(passed_over(options));
        let walk = Walk {
            roots,
            respect_ignores: options.respect_ignores,
            threads: options.threads,
        };
        let root = options.base.as_path();
        let pool = LazyPool::new(options.threads);
        walk.run(&progress.stop, || {
            let mut worker = Worker {
                detector: &self.detector,
                root,
                exclude: &options.exclude,
                pool: &pool,
                map: options.map,
                progress,
                buffer: Vec::new(),
                scratch: Scratch::default(),
                own: Gathered::default(),
                all: &gathered,
            };
            Box::new(move |visit| worker.visit(visit))
        });
        let mut gathered = gathered
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        gathered.coverage.interrupted = progress.stop.load(Ordering::Relaxed);
        let workspace = (!gathered.specimens.is_empty()).then(|| Workspace::gather(root));
        self.report(gathered, options, workspace.as_ref())
    }

    /// Scans one text that is no file, such as standard input.
    pub fn scan_bytes(
        &self,
        bytes: &[u8],
        name: &str,
        source: Source,
        options: &Options,
    ) -> Report {
        let mut gathered = Gathered::default();
        let mut scratch = Scratch::default();
        let named = || name.to_owned();
        gathered.specimens = text::whole(
            &self.detector,
            &mut scratch,
            bytes,
            (name, &named),
            &mut gathered.coverage,
        );
        for specimen in &mut gathered.specimens {
            specimen.origin.source = source;
        }
        gathered.coverage.files = 1;
        gathered.coverage.bytes = bytes.len() as u64;
        self.report(gathered, options, None)
    }

    fn report(
        &self,
        mut gathered: Gathered,
        options: &Options,
        workspace: Option<&Workspace>,
    ) -> Report {
        let rules = self.detector.rules();
        gathered
            .specimens
            .sort_by(|a, b| (&a.path, a.position, a.rule).cmp(&(&b.path, b.position, b.rule)));
        let mut assessor = Assessor::new(rules, workspace, options.now);
        let mut excused = Vec::new();
        let mut findings = Vec::new();
        let mut last = None;
        for specimen in gathered.specimens {
            // Roots may overlap.
            let place = (specimen.path.clone(), specimen.position, specimen.rule);
            let seen = specimen.origin.commit.is_none() && last.as_ref() == Some(&place);
            last = Some(place);
            if seen {
                continue;
            }
            let excuse = excuse(&specimen, options);
            let Some(finding) = assessor
                .assess(specimen)
                .filter(|finding| finding.confidence >= options.min_confidence)
            else {
                continue;
            };
            match excuse {
                None => findings.push(finding),
                Some((by, reason)) => excused.push(Excused {
                    finding,
                    by,
                    reason: reason.to_owned(),
                }),
            }
        }
        let mut report = Report {
            target: Target {
                root: options.base.display().to_string(),
                mode: options.mode,
                task_environment: options.task_environment,
            },
            coverage: gathered.coverage,
            rules: rules.len(),
            violations: Vec::new(),
            findings,
            excused,
            notices: Vec::new(),
            comparison: None,
            config: None,
            now: options.now,
        };
        report.judge_separation();
        report
    }
}

/// What excuses a match before anything is concluded about it.
fn excuse(specimen: &Specimen, options: &Options) -> Option<(Excuse, &'static str)> {
    if specimen.marked && options.honour_marks {
        return Some((Excuse::Mark, "a mark with a reason stands on its line"));
    }
    let committed = (
        Excuse::Committed,
        "the version before this change holds it, too",
    );
    specimen.origin.committed.then_some(committed)
}
