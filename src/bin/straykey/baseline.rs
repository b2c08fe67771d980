//! `straykey baseline`: takes up what is found now, or drops what is gone.

use crate::args::{Job, Terms};
use crate::exit::{Exit, hinted};
use crate::input::base_of;
use crate::{output, scan};
use anyhow::{Context, anyhow};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueHint};
use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use straykey::baseline::{Baseline as Known, Entry, FILE_NAME, Fate, Matching, Scope};
use straykey::coverage::Coverage;
use straykey::display::sanitize;
use straykey::finding::Finding;
use straykey::severity::Confidence;

#[derive(Debug, Args)]
pub(crate) struct Baseline {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write everything that is found now to the baseline; what lies outside the paths stays
    Update {
        #[command(flatten)]
        change: Change,
        /// The least confidence to take up
        #[arg(long, value_name = "LEVEL", value_parser = levels(), default_value = "medium", help_heading = "Findings")]
        min_confidence: Confidence,
    },
    /// Remove what is gone from the baseline, and add nothing
    Prune(Change),
}

/// What to search, and which baseline to change.
#[derive(Debug, Args)]
struct Change {
    /// Files and folders to search
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// The baseline; else `.straykey-baseline` in the folder that is searched
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    baseline: Option<PathBuf>,
    /// Print what would change, and write nothing
    #[arg(long, short = 'n', help_heading = "Output")]
    dry_run: bool,
    /// Search what git ignores, too
    #[arg(long, help_heading = "Input")]
    no_ignore: bool,
    /// Use the rules of a file, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    rules: Vec<PathBuf>,
    /// How many threads; 0 for as many as there are processors
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Input")]
    threads: usize,
    /// Show no progress
    #[arg(long, help_heading = "Output")]
    no_progress: bool,
}

const LEVELS: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];

fn levels() -> impl TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(LEVELS.map(Confidence::as_str)).map(|name| {
        LEVELS
            .into_iter()
            .find(|level| level.as_str() == name)
            .expect("only names of levels are possible")
    })
}

/// Updates or prunes a baseline.
pub(crate) fn run(args: &Baseline) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Update {
            change,
            min_confidence,
        } => {
            let old = read(&change.file())?.unwrap_or_default();
            change.apply(&old, *min_confidence, updated)
        }
        Command::Prune(change) => {
            let file = change.file();
            let old = read(&file)?.ok_or_else(|| {
                hinted(
                    anyhow!("there is no baseline {}", file.display()),
                    "`straykey baseline update` writes one",
                )
            })?;
            // What is found with less confidence is found all the same.
            change.apply(&old, Confidence::Low, pruned)
        }
    }
}

/// The file of a baseline: the one that is named, else the one in the folder that paths are told from.
pub(crate) fn place(paths: &[PathBuf], named: Option<&Path>) -> PathBuf {
    let beside = || {
        let file = base_of(paths, false).join(FILE_NAME);
        file.strip_prefix(".")
            .map_or_else(|_| file.clone(), Path::to_path_buf)
    };
    named.map_or_else(beside, Path::to_path_buf)
}

/// Reads a baseline; None where there is no such file.
pub(crate) fn read(file: &Path) -> anyhow::Result<Option<Known>> {
    let text = text(file)?;
    text.map(|text| parsed(&file.to_string_lossy(), &text))
        .transpose()
}

/// The text of a baseline; None where there is no such file.
pub(crate) fn text(file: &Path) -> anyhow::Result<Option<String>> {
    let hint = "name a file that `straykey baseline update` wrote";
    // The tree may hold a pipe of that name, and reading it would never end.
    if fs::metadata(file).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(hinted(anyhow!("{} is no file", file.display()), hint));
    }
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let error = anyhow::Error::new(error);
            let context = format!("cannot read the baseline {}", file.display());
            Err(hinted(error.context(context), hint))
        }
    }
}

/// Reads the text of a baseline.
pub(crate) fn parsed(name: &str, text: &str) -> anyhow::Result<Known> {
    Known::parse(name, text).map_err(|error| {
        let hint = error.hint;
        hinted(error, hint)
    })
}

impl Change {
    fn file(&self) -> PathBuf {
        place(&self.paths, self.baseline.as_deref())
    }

    /// Searches as `straykey scan` does, but without a baseline.
    fn job(&self, least: Confidence) -> Job {
        Job {
            roots: self.paths.clone(),
            respect_ignores: !self.no_ignore,
            honour_marks: true,
            min_confidence: Some(least),
            rules: self.rules.clone(),
            threads: self.threads,
            progress: !self.no_progress,
            terms: Terms {
                no_baseline: true,
                ..Terms::default()
            },
            ..Job::look(PathBuf::from("."))
        }
    }

    /// Puts what `next` makes of a baseline in its place.
    fn apply(
        &self,
        old: &Known,
        least: Confidence,
        next: fn(&Known, &[Finding], &Matching) -> Known,
    ) -> anyhow::Result<Exit> {
        let report = scan::scan(&self.job(least))?.report;
        if let Some(exit) = refusal(&report.coverage) {
            return Ok(exit);
        }
        let scope = Scope::new(&base_of(&self.paths, false), &self.paths);
        let matching = old.compare(&report.findings, &|path| scope.presence(path));
        let new = next(old, &report.findings, &matching);
        if self.dry_run {
            output::text(&difference(old, &new)?)?;
        } else {
            write(&self.file(), &new.to_string())?;
        }
        tell(&self.summary(old, &new, &matching));
        Ok(Exit::Clean)
    }

    fn summary(&self, old: &Known, new: &Known, matching: &Matching) -> String {
        let comparison = matching.comparison();
        let kept = old.entries().len() - comparison.gone;
        let added = new.entries().len() - kept;
        let moved = match comparison.moved {
            0 => String::new(),
            moved => format!("; of those kept {moved} moved"),
        };
        let told = if self.dry_run {
            " (nothing was written)"
        } else {
            ""
        };
        format!(
            "{}: {added} added, {kept} kept, {} removed{moved}{told}",
            self.file().display(),
            comparison.gone
        )
    }
}

/// What is found, and what was known where the scan did not look.
fn updated(old: &Known, findings: &[Finding], matching: &Matching) -> Known {
    let found: Vec<&Finding> = findings.iter().collect();
    let found = Known::of(&found);
    let elsewhere = with_fate(old, matching, &[Fate::Outside]);
    found.entries().iter().chain(elsewhere).cloned().collect()
}

/// What is not gone.
fn pruned(old: &Known, _: &[Finding], matching: &Matching) -> Known {
    with_fate(old, matching, &[Fate::Used, Fate::Outside])
        .into_iter()
        .cloned()
        .collect()
}

fn with_fate<'a>(old: &'a Known, matching: &Matching, fates: &[Fate]) -> Vec<&'a Entry> {
    let entries = old.entries().iter().zip(&matching.entries);
    entries
        .filter(|(_, fate)| fates.contains(fate))
        .map(|(entry, _)| entry)
        .collect()
}

/// Says why the baseline stays as it is; None where the scan is ground enough to change it. After a
/// scan with gaps an entry that was only not seen would be dropped.
fn refusal(coverage: &Coverage) -> Option<Exit> {
    if coverage.interrupted {
        tell("error: the baseline was not written: interrupted");
        return Some(Exit::Interrupted);
    }
    if coverage.is_complete() {
        return None;
    }
    if coverage.files == 0 {
        tell("error: the baseline was not written: nothing was searched");
        tell("hint: name files or folders that hold something that git does not ignore");
    } else {
        tell(&format!(
            "error: the baseline was not written: not searched: {}",
            gaps(coverage)
        ));
        tell("hint: see to it that they can be read, or name other paths");
    }
    Some(Exit::Incomplete)
}

/// What was not searched, such as `2 unreadable (a.env, b.env)`.
fn gaps(coverage: &Coverage) -> String {
    let gaps = coverage
        .skipped
        .iter()
        .filter(|(reason, _)| reason.is_a_gap());
    let gap = gaps.map(|(reason, skipped)| {
        let examples = skipped.examples.join(", ");
        format!("{} {} ({examples})", skipped.count, reason.as_str())
    });
    gap.collect::<Vec<_>>().join(", ")
}

/// The lines to take out and to put in.
fn difference(old: &Known, new: &Known) -> anyhow::Result<String> {
    let mut page = String::new();
    let out = old.without(new).into_iter().map(|entry| ('-', entry));
    let into = new.without(old).into_iter().map(|entry| ('+', entry));
    for (sign, entry) in out.chain(into) {
        writeln!(page, "{sign} {}", sanitize(&entry.to_string()))?;
    }
    Ok(page)
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    output::replace(file, |beside| beside.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", file.display()))
        .map_err(|error| hinted(error, "name a file in a folder that exists and has room"))
}

/// Prints a line for a person.
fn tell(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr().lock(), "{}", sanitize(text));
}
