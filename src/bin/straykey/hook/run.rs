//! `straykey hook run`: from what git or a framework passes to a hook to what is searched.

use super::advice::Advice;
use super::{Run, advice, path_from, pushed};
use crate::args::{Input, Job};
use crate::exit::{Exit, hinted};
use crate::{output, scan};
use anyhow::anyhow;
use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use straykey::haystack::git::Git;
use straykey::report::Format;

/// Searches what the hook is about, and says how to go on where it stops something.
pub(super) fn run(run: Run) -> anyhow::Result<Exit> {
    let git = super::open()?;
    let mut searches = searches(&git, &run)?;
    // In a rebase no branch is checked out, and there is no name that could tell anything.
    if run.branch_name && git.output(&["symbolic-ref", "HEAD"]).is_ok() {
        searches.push(Search::of(Input::Branch));
    }
    let mut job = run.common.into_job(vec![PathBuf::from(".")], "scan");
    let mut worst = Exit::Clean;
    for search in searches {
        let exit = perform(&git, &mut job, search)?;
        if rank(exit) > rank(worst) {
            worst = exit;
        }
        if exit == Exit::Interrupted {
            break;
        }
    }
    Ok(worst)
}

/// One scan: a commit may need several.
struct Search {
    input: Input,
    roots: Vec<PathBuf>,
}

impl Search {
    fn of(input: Input) -> Self {
        Self {
            input,
            roots: vec![PathBuf::from(".")],
        }
    }
}

fn searches(git: &Git, run: &Run) -> anyhow::Result<Vec<Search>> {
    let arguments = run.stage.get(1..).unwrap_or_default();
    let stage = run.stage.first().and_then(|stage| stage.to_str());
    match stage.unwrap_or_default() {
        // Frameworks call all of their stages alike; their variables tell that it is a push.
        "pre-commit" | "pre-merge-commit" | "manual" => match pushed::by_framework(git)? {
            Some(revisions) => commits(git, revisions),
            None => committed(git, arguments),
        },
        "pre-push" => pushes(git, arguments),
        "commit-msg" => message(arguments),
        other => Err(hinted(
            anyhow!("there is no stage `{other}`"),
            "it is one of pre-commit, pre-merge-commit, pre-push, commit-msg, manual",
        )),
    }
}

fn pushes(git: &Git, arguments: &[OsString]) -> anyhow::Result<Vec<Search>> {
    let revisions = match pushed::by_framework(git)? {
        Some(revisions) => Some(revisions),
        None => pushed::by_git(git, arguments)?,
    };
    let Some(revisions) = revisions else {
        advice::say("straykey: nothing is pushed but deletions");
        return Ok(Vec::new());
    };
    commits(git, revisions)
}

/// Commits, unless the remote has all of them.
fn commits(git: &Git, revisions: String) -> anyhow::Result<Vec<Search>> {
    if pushed::is_anything(git, &revisions)? {
        return Ok(vec![Search::of(Input::Since(revisions))]);
    }
    advice::say("straykey: no commit is pushed that the remote does not have");
    Ok(Vec::new())
}

fn message(arguments: &[OsString]) -> anyhow::Result<Vec<Search>> {
    match arguments {
        [file] => Ok(vec![Search::of(Input::Message(PathBuf::from(file)))]),
        _ => Err(hinted(
            anyhow!("commit-msg needs the file that holds the message"),
            "git passes it to the hook as \"$1\": straykey hook run commit-msg \"$1\"",
        )),
    }
}

/// What a commit would hold, limited to the files a framework names.
///
/// `pre-commit run --all-files` names files that are not staged: those are read from the work tree,
/// and so are all others then, because the whole was asked for. While git commits it has set
/// `GIT_INDEX_FILE`, and what is not staged is none of the commit's business: in a merge frameworks
/// name files of the other side, too.
fn committed(git: &Git, names: &[OsString]) -> anyhow::Result<Vec<Search>> {
    let names: BTreeSet<PathBuf> = names.iter().map(|name| plain(Path::new(name))).collect();
    if names.is_empty() {
        return Ok(vec![Search::of(Input::Staged { only: Vec::new() })]);
    }
    let staged = staged(git)?;
    let only: Vec<PathBuf> = names.intersection(&staged).cloned().collect();
    let commits = env::var_os("GIT_INDEX_FILE").is_some() && !staged.is_empty();
    if commits || only.len() == names.len() {
        return Ok(vec![index(only, &staged)]);
    }
    let mut searches = vec![Search {
        input: Input::Files,
        roots: names.into_iter().collect(),
    }];
    if !only.is_empty() {
        searches.push(index(only, &staged));
    }
    Ok(searches)
}

/// A search of the index. With all of it there is no need for a list, which would hide from git what
/// was renamed; nor can a name be passed on that is no text, and then too much is better than less.
fn index(only: Vec<PathBuf>, staged: &BTreeSet<PathBuf>) -> Search {
    let whole = only.len() == staged.len() || only.iter().any(|path| path.to_str().is_none());
    Search::of(Input::Staged {
        only: if whole { Vec::new() } else { only },
    })
}

/// The files that the next commit changes and does not delete, seen from the current folder.
fn staged(git: &Git) -> anyhow::Result<BTreeSet<PathBuf>> {
    let output = git
        .output(&[
            "diff",
            "--cached",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--relative",
            "--diff-filter=d",
        ])
        .map_err(crate::git::error)?;
    let names = output.split(|byte| *byte == 0);
    Ok(names
        .filter(|name| !name.is_empty())
        .map(path_from)
        .collect())
}

/// A name without the `./` that some write before it.
fn plain(name: &Path) -> PathBuf {
    let parts = name.components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

fn perform(git: &Git, job: &mut Job, search: Search) -> anyhow::Result<Exit> {
    job.mode = mode(&search.input);
    job.input = search.input;
    job.roots = search.roots;
    let scanned = scan::scan(job)?;
    let report = &scanned.report;
    // Git itself says that there is nothing: that is no failure of the search.
    if let Some(reason) = vacancy(report) {
        if !job.quiet {
            advice::say(&format!("straykey: {reason}"));
        }
        return Ok(Exit::Clean);
    }
    let exit = scan::verdict(&scanned, job);
    if job.format != Format::Text || job.output.is_some() {
        output::report(
            report,
            job.format,
            job.sarif_suppressed,
            job.output.as_deref(),
        )?;
    }
    let advice = Advice {
        report,
        input: &job.input,
        exit,
        // Before the first commit there is nothing to restore from.
        unborn: exit == Exit::Findings && git.output(&["rev-parse", "--verify", "HEAD"]).is_err(),
    };
    if !(job.quiet && exit == Exit::Clean) {
        advice::say(&advice.page());
    }
    Ok(exit)
}

/// Why there was nothing to search, where that is certain.
fn vacancy(report: &straykey::report::Report) -> Option<&str> {
    let coverage = &report.coverage;
    let empty = coverage.files == 0 && !coverage.has_gaps() && report.findings.is_empty();
    coverage.vacant.as_deref().filter(|_| empty)
}

fn mode(input: &Input) -> &'static str {
    match input {
        Input::Staged { .. } => "staged",
        Input::Since(_) => "since",
        Input::Message(_) => "commit-message",
        Input::Branch => "branch-name",
        _ => "scan",
    }
}

/// Findings weigh more than gaps, gaps more than nothing found.
fn rank(exit: Exit) -> u8 {
    match exit {
        Exit::Interrupted => 3,
        Exit::Findings => 2,
        Exit::Incomplete => 1,
        Exit::Clean => 0,
    }
}
