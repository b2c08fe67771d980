//! `straykey scan` and `straykey audit`.

use crate::args::{Input, Job};
use crate::exit::{Exit, hinted};
use crate::terms::Found;
use crate::{input, output, progress, terms};
use anyhow::{Context, anyhow};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use straykey::baseline::{Presence, Scope};
use straykey::haystack::git::top_around;
use straykey::policy::FailOn;
use straykey::report::Report;
use straykey::rule::{Rule, RuleSet, builtin, parse};
use straykey::scan::{Excluded, Options, Progress, Scanner};
use straykey::severity::Confidence;

/// Scans, reports, and says how it went.
pub(crate) fn run(job: &Job) -> anyhow::Result<Exit> {
    let scanned = scan(job)?;
    let exit = verdict(&scanned, job);
    let report = scanned.report;
    if !(job.quiet && exit == Exit::Clean && report.findings.is_empty()) {
        output::report(
            &report,
            job.format,
            job.sarif_suppressed,
            job.output.as_deref(),
        )?;
    }
    Ok(exit)
}

/// A report, and what it has to hold for the scan to fail.
pub(crate) struct Scanned {
    pub(crate) report: Report,
    pub(crate) fail_on: FailOn,
}

/// Scans, and applies the terms.
pub(crate) fn scan(job: &Job) -> anyhow::Result<Scanned> {
    let started = Instant::now();
    let opened = input::open(job)?;
    let base = opened.base(job);
    let mut found = terms::find(job, &base, is_whole(job, &base))?;
    let rules = Arc::new(with_own(std::mem::take(&mut found.rules))?);
    if rules.iter().all(|rule| found.terms.config.disables(rule)) {
        return Err(hinted(
            anyhow!("{} leaves no rule", found.terms.config.name),
            "a scan without rules finds nothing and proves nothing: see its `[rules]`",
        ));
    }
    let scanner = Scanner::new(Arc::clone(&rules));
    let options = options(job, &found, base);
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress)?;
    let line = progress::Line::watch(&progress, job.progress);
    let report = opened.scan(&scanner, options.clone(), &progress);
    drop(line);
    let mut report = report?;
    if let Some(revision) = &job.terms.config_ref {
        terms::distrust_new_marks(&mut report, &options.base, revision)?;
    }
    let scope = Scope::new(&options.base, &job.roots);
    let presence = |path: &str| presence(job, &scope, path);
    found
        .terms
        .apply(&mut report, &rules, found.min_confidence, &presence);
    report.notices.extend(found.notices);
    report.config = found.config;
    report.coverage.permission_is_reach = job.mode == "audit";
    report.coverage.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Scanned {
        report,
        fail_on: found.fail_on,
    })
}

/// True where all of a tree is scanned, so that what is not found in it is nowhere.
fn is_whole(job: &Job, base: &Path) -> bool {
    let top = top_around(base);
    let whole = |path: &Path| path.canonicalize().ok();
    job.input == Input::Files
        && job.roots.len() == 1
        && whole(&job.roots[0]) == whole(top.as_deref().unwrap_or(base))
}

/// Where a path of the baseline stands in what was scanned. Of commits and of what is staged only
/// what changed was looked at, so that nothing can be said to be gone.
fn presence(job: &Job, scope: &Scope, path: &str) -> Presence {
    match job.input {
        Input::Files => scope.presence(path),
        _ => Presence::Outside,
    }
}

/// The first Ctrl-C ends the scan with a report of what was seen, the second one at once.
fn stop_on_interrupt(progress: &Progress) -> anyhow::Result<()> {
    use signal_hook::consts::SIGINT;
    signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&progress.stop))
        .and_then(|_| signal_hook::flag::register(SIGINT, Arc::clone(&progress.stop)))
        .map(drop)
        .context("cannot watch for an interrupt")
}

fn options(job: &Job, found: &Found, base: PathBuf) -> Options {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let terms = &found.terms;
    Options {
        roots: job.roots.clone(),
        base,
        mode: job.mode,
        respect_ignores: job.respect_ignores,
        exclude: Arc::new(Excluded {
            globs: terms.config.exclude.clone(),
            shift: terms.shift.clone(),
        }),
        hide_authors: job.hide_authors,
        threads: job.threads,
        min_confidence: if terms.need_everything() {
            Confidence::Low
        } else {
            found.min_confidence
        },
        honour_marks: job.honour_marks,
        task_environment: found.task_environment,
        now: i64::try_from(now).unwrap_or(i64::MAX),
        map: job.map,
    }
}

/// The rules that are built in, and the user's own.
fn with_own(own: Vec<Rule>) -> anyhow::Result<RuleSet> {
    let builtin = builtin();
    if own.is_empty() {
        return Ok(builtin);
    }
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
        rules.extend(parsed_rules(&path.to_string_lossy(), &text)?);
    }
    Ok(rules)
}

/// The rules of a text.
pub(crate) fn parsed_rules(name: &str, text: &str) -> anyhow::Result<Vec<Rule>> {
    let (_, rules) = parse(name, text).map_err(|error| {
        let hint = error.hint.clone();
        hinted(error, hint)
    })?;
    Ok(rules)
}

/// Findings weigh more than gaps, gaps more than nothing found.
pub(crate) fn verdict(scanned: &Scanned, job: &Job) -> Exit {
    let Scanned { report, fail_on } = scanned;
    let fails = || report.findings.iter().any(|finding| fail_on.fails(finding));
    if report.coverage.interrupted {
        Exit::Interrupted
    } else if !job.exit_zero && fails() {
        Exit::Findings
    } else if report.coverage.is_complete() {
        Exit::Clean
    } else {
        Exit::Incomplete
    }
}
