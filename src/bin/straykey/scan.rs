//! `straykey scan` and `straykey audit`.

use crate::args::Job;
use crate::exit::{Exit, hinted};
use crate::{output, progress};
use anyhow::{Context, anyhow};
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use straykey::report::Report;
use straykey::rule::{Rule, RuleSet, builtin, parse};
use straykey::scan::{Options, Progress, Scanner};

/// Scans, reports, and says how it went.
pub(crate) fn run(job: &Job) -> anyhow::Result<Exit> {
    let report = scan(job)?;
    let exit = verdict(&report, job);
    if !(job.quiet && exit == Exit::Clean && report.findings.is_empty()) {
        output::report(&report, job.format, job.output.as_deref())?;
    }
    Ok(exit)
}

/// Scans.
pub(crate) fn scan(job: &Job) -> anyhow::Result<Report> {
    let started = Instant::now();
    let rules = Arc::new(load(&job.rules)?);
    let scanner = Scanner::new(rules);
    let options = options(job);
    let mut report = if job.stdin {
        scanner.scan_bytes(&standard_input()?, "stdin", &options)
    } else {
        scan_files(&scanner, &options, job)?
    };
    report.coverage.permission_is_reach = job.mode == "audit";
    report.coverage.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

fn scan_files(scanner: &Scanner, options: &Options, job: &Job) -> anyhow::Result<Report> {
    if let Some(missing) = options
        .roots
        .iter()
        .find(|root| root.symlink_metadata().is_err())
    {
        return Err(hinted(
            anyhow!("{} does not exist", missing.display()),
            "name files or folders that do",
        ));
    }
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress)?;
    let line = progress::Line::watch(&progress, job.progress);
    let report = scanner.scan(options, &progress);
    drop(line);
    Ok(report)
}

/// The first Ctrl-C ends the scan with a report of what was seen, the second one at once.
fn stop_on_interrupt(progress: &Progress) -> anyhow::Result<()> {
    use signal_hook::consts::SIGINT;
    signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&progress.stop))
        .and_then(|_| signal_hook::flag::register(SIGINT, Arc::clone(&progress.stop)))
        .map(drop)
        .context("cannot watch for an interrupt")
}

fn options(job: &Job) -> Options {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Options {
        roots: job.roots.clone(),
        mode: job.mode,
        respect_ignores: job.respect_ignores,
        threads: job.threads,
        min_confidence: job.min_confidence,
        honour_marks: job.honour_marks,
        task_environment: job.task_environment,
        now: i64::try_from(now).unwrap_or(i64::MAX),
        map: job.map,
    }
}

/// The rules that are built in, and those of the user's files.
pub(crate) fn load(files: &[PathBuf]) -> anyhow::Result<RuleSet> {
    let builtin = builtin();
    if files.is_empty() {
        return Ok(builtin);
    }
    let own = own_rules(files)?;
    let rules = builtin.iter().map(|rule| Rule::clone(rule)).chain(own);
    RuleSet::new(rules).map_err(|error| {
        hinted(
            error,
            "give your rule an id of its own, or rename its provider",
        )
    })
}

/// The rules of the user's files.
pub(crate) fn own_rules(files: &[PathBuf]) -> anyhow::Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the rules in {}", path.display()))
            .map_err(|error| hinted(error, "name a TOML file of rules"))?;
        let (_, own) = parse(&path.to_string_lossy(), &text).map_err(|error| {
            let hint = error.hint.clone();
            hinted(error, hint)
        })?;
        rules.extend(own);
    }
    Ok(rules)
}

fn standard_input() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    Ok(bytes)
}

/// Findings weigh more than gaps, gaps more than nothing found.
fn verdict(report: &Report, job: &Job) -> Exit {
    if report.coverage.interrupted {
        Exit::Interrupted
    } else if report
        .findings
        .iter()
        .any(|finding| job.fail_on.fails(finding))
    {
        Exit::Findings
    } else if report.coverage.is_complete() {
        Exit::Clean
    } else {
        Exit::Incomplete
    }
}
