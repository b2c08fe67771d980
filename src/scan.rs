//! The scanner: wires walk, detection and assessment together, and owns the threads.

use crate::assess::Assessor;
use crate::assess::probe::Workspace;
use crate::assess::specimen::{self, Specimen};
use crate::coverage::{Coverage, Skip};
use crate::detect::{Detector, Match, Scratch, Text};
use crate::environment::Environment;
use crate::evidence::Evidence;
use crate::finding::{Finding, Source};
use crate::haystack::encoding::Encoding;
use crate::haystack::read::{self, Beginning};
use crate::haystack::walk::{self, Visit, Walk};
use crate::lifetime::UnixSeconds;
use crate::location::{Position, PositionCursor};
use crate::report::{Report, Target, Violation};
use crate::rule::RuleSet;
use crate::severity::Confidence;
use rayon::prelude::*;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What to scan, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files and folders; the first one is what paths are told from.
    pub roots: Vec<PathBuf>,
    /// `scan` or `audit`.
    pub mode: &'static str,
    /// True to leave out what git ignores.
    pub respect_ignores: bool,
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
        let pool = LazyPool::new(options.threads);
        walk.run(&progress.stop, || {
            let mut worker = Worker {
                detector: &self.detector,
                root: root_of(options),
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
        self.report(gathered, options, Source::File)
    }

    /// Scans one text that is no file, such as standard input.
    pub fn scan_bytes(&self, bytes: &[u8], name: &str, options: &Options) -> Report {
        let mut gathered = Gathered::default();
        let encoding = Encoding::of(bytes);
        let decoded = encoding.decode(bytes, true);
        let text = Text {
            bytes: &decoded,
            path: name,
            binary: encoding.is_binary(),
        };
        let matches = self.detector.search(&text, &mut Scratch::default());
        if matches.exhausted {
            gathered.coverage.skip(Skip::Budget, name);
        }
        gathered.specimens = specimen::take(
            &text,
            self.detector.rules(),
            &matches.found,
            Position::START,
        );
        gathered.coverage.files = 1;
        gathered.coverage.bytes = bytes.len() as u64;
        self.report(gathered, options, Source::Stdin)
    }

    fn report(&self, mut gathered: Gathered, options: &Options, source: Source) -> Report {
        let rules = self.detector.rules();
        gathered
            .specimens
            .sort_by(|a, b| (&a.path, a.position, a.rule).cmp(&(&b.path, b.position, b.rule)));
        // Roots may overlap.
        gathered
            .specimens
            .dedup_by(|a, b| (&a.path, a.position, a.rule) == (&b.path, b.position, b.rule));
        let workspace = (source == Source::File && !gathered.specimens.is_empty())
            .then(|| Workspace::gather(root_of(options)));
        let mut assessor = Assessor::new(rules, workspace.as_ref(), source, options.now);
        let mut suppressed = 0;
        let mut findings = Vec::new();
        for specimen in gathered.specimens {
            let marked = specimen.marked;
            let Some(finding) = assessor
                .assess(specimen)
                .filter(|finding| finding.confidence >= options.min_confidence)
            else {
                continue;
            };
            if marked && options.honour_marks {
                suppressed += 1;
            } else {
                findings.push(finding);
            }
        }
        let target = Target {
            root: options
                .roots
                .first()
                .map(|root| root.display().to_string())
                .unwrap_or_default(),
            mode: options.mode,
            task_environment: options.task_environment,
        };
        let violations = violations(&findings, options.task_environment);
        Report {
            target,
            coverage: gathered.coverage,
            rules: rules.len(),
            findings,
            violations,
            suppressed,
        }
    }
}

/// Files that the repository has although its ignore files name them: the walk would not see them.
fn passed_over(options: &Options) -> Vec<PathBuf> {
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

/// The folder that paths are told from: the one that is scanned, or else the current one, so that a
/// file has the same name whether it is named itself or found.
fn root_of(options: &Options) -> &Path {
    match options.roots.as_slice() {
        [root] if root.is_dir() => root,
        _ => Path::new("."),
    }
}

/// A credential of production within reach of a task that is not about production.
fn violations(findings: &[Finding], task: Environment) -> Vec<Violation> {
    if !matches!(
        task,
        Environment::Staging | Environment::Test | Environment::Local
    ) {
        return Vec::new();
    }
    let reaching = findings
        .iter()
        .filter(|finding| finding.environment.value.includes_production());
    let violation = |finding: &Finding| {
        let mut evidence = vec![Evidence::new(format!(
            "the task is about {}, this credential works in {}",
            task.as_str(),
            finding.environment.value.as_str()
        ))];
        evidence.extend(finding.environment.evidence.iter().cloned());
        Violation {
            kind: "separation",
            finding: finding.fingerprint.clone(),
            evidence,
        }
    };
    reaching.map(violation).collect()
}

/// Threads for the parts of large files, started when the first one turns up.
struct LazyPool {
    threads: usize,
    pool: std::sync::OnceLock<Option<rayon::ThreadPool>>,
}

impl LazyPool {
    fn new(threads: usize) -> Self {
        Self {
            threads,
            pool: std::sync::OnceLock::new(),
        }
    }

    /// Runs in the pool, or right here where no thread can be started.
    fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let pool = self.pool.get_or_init(|| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(self.threads)
                .build()
                .ok()
        });
        match pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// One of the walker's threads.
struct Worker<'a> {
    detector: &'a Detector,
    root: &'a Path,
    pool: &'a LazyPool,
    map: bool,
    progress: &'a Progress,
    buffer: Vec<u8>,
    scratch: Scratch,
    own: Gathered,
    all: &'a Mutex<Gathered>,
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
    fn visit(&mut self, visit: Visit<'_>) {
        match visit {
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
        let encoding = Encoding::of(bytes);
        let decoded = encoding.decode(bytes, true);
        let lossy = path.to_string_lossy();
        let text = Text {
            bytes: &decoded,
            path: &lossy,
            binary: encoding.is_binary(),
        };
        let matches = self.detector.search(&text, &mut self.scratch);
        if matches.exhausted {
            self.skip(Skip::Budget, path);
        }
        if !matches.found.is_empty() {
            let name = name_of(path, self.root);
            let text = Text {
                path: &name,
                ..text
            };
            self.own.specimens.extend(specimen::take(
                &text,
                self.detector.rules(),
                &matches.found,
                Position::START,
            ));
        }
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

/// A large file while it is searched.
struct Large<'a> {
    detector: &'a Detector,
    file: &'a File,
    /// The whole file, where it is mapped.
    mapped: Option<Mapped>,
    encoding: Encoding,
    name: &'a str,
    progress: &'a Progress,
}

/// What one part gave, with positions as if the part began the file.
#[derive(Default)]
struct Searched {
    specimens: Vec<Specimen>,
    /// Where the next part begins.
    advance: Option<Position>,
    bytes: u64,
    exhausted: bool,
}

/// The bytes of a mapped file.
type Mapped = Box<dyn AsRef<[u8]> + Sync>;

#[cfg(feature = "mmap")]
fn mapped(file: &File) -> io::Result<Mapped> {
    Ok(Box::new(crate::haystack::mmap::map(file)?))
}

#[cfg(not(feature = "mmap"))]
fn mapped(_: &File) -> io::Result<Mapped> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Large<'_> {
    /// The bytes of a part, read into the buffer or where they are mapped.
    fn bytes<'b>(&'b self, part: read::Part, buffer: &'b mut Vec<u8>) -> io::Result<&'b [u8]> {
        let Some(mapped) = &self.mapped else {
            read::part(self.file, part, buffer)?;
            return Ok(buffer);
        };
        let whole = (**mapped).as_ref();
        let start = usize::try_from(part.start)
            .unwrap_or(usize::MAX)
            .min(whole.len());
        Ok(&whole[start..whole.len().min(start + part.len)])
    }

    fn part(
        &self,
        part: read::Part,
        buffer: &mut Vec<u8>,
        scratch: &mut Scratch,
    ) -> io::Result<Searched> {
        if self.progress.stop.load(Ordering::Relaxed) {
            return Ok(Searched::default());
        }
        let bytes = self.bytes(part, buffer)?;
        let count = (part.own_to.min(bytes.len()).saturating_sub(part.own_from)) as u64;
        self.progress.bytes.fetch_add(count, Ordering::Relaxed);
        let decoded = self.encoding.decode(bytes, part.start == 0);
        // In UTF-16 the offsets of the text are not those of the file.
        let offset = |at: usize| {
            if decoded.len() == bytes.len() {
                at
            } else {
                self.encoding
                    .decode(&bytes[..at.min(bytes.len())], part.start == 0)
                    .len()
            }
        };
        let (own_from, own_to) = (offset(part.own_from), offset(part.own_to));
        let text = Text {
            bytes: &decoded,
            path: self.name,
            binary: self.encoding.is_binary(),
        };
        let matches = self.detector.search(&text, scratch);
        let last = part.own_to == part.len;
        let own: Vec<Match> = matches
            .found
            .into_iter()
            .filter(|found| found.whole.start >= own_from && (last || found.whole.start < own_to))
            .collect();
        let next = if last {
            decoded.len()
        } else {
            offset(part.len - 2 * read::MARGIN)
        };
        let advance = PositionCursor::new(&decoded, Position::START).advance(next);
        Ok(Searched {
            specimens: specimen::take(&text, self.detector.rules(), &own, Position::START),
            advance: Some(advance),
            bytes: count,
            exhausted: matches.exhausted,
        })
    }
}

/// The position that is `step` further, where `step` counts from the start of a text.
fn after(position: Position, step: Option<Position>) -> Position {
    match step {
        None => position,
        Some(step) if step.line > 1 => Position {
            line: position.line + step.line - 1,
            column: step.column,
        },
        Some(step) => Position {
            line: position.line,
            column: position.column + step.column - 1,
        },
    }
}

fn moved(mut specimen: Specimen, position: Position) -> Specimen {
    let shift = |step: Position| after(position, Some(step));
    specimen.position = (shift(specimen.position.0), shift(specimen.position.1));
    specimen.companion = specimen
        .companion
        .map(|(rule, start, secret)| (rule, shift(start), secret));
    specimen
}

/// The path as reported: relative to the root where it lies below it, with `/`.
fn name_of(path: &Path, root: &Path) -> String {
    let relative = path
        .strip_prefix(root)
        .or_else(|_| path.strip_prefix("./"))
        .unwrap_or(path);
    let relative = if relative.as_os_str().is_empty() {
        path.file_name().map_or(path, Path::new)
    } else {
        relative
    };
    let name: String = relative
        .as_os_str()
        .as_encoded_bytes()
        .utf8_chunks()
        .map(|chunk| readable(&chunk))
        .collect();
    name.replace(std::path::MAIN_SEPARATOR, "/")
}

/// A name may hold bytes that are no text; written out, two such names stay two.
fn readable(chunk: &std::str::Utf8Chunk<'_>) -> String {
    let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
    std::iter::once(chunk.valid().to_owned())
        .chain(invalid)
        .collect()
}
