//! Where the bytes come from: git is started here, before the rules are loaded, so that both work at
//! the same time.

use crate::args::{Input, Job};
use crate::exit::hinted;
use crate::git;
use anyhow::{Context, anyhow};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use straykey::coverage::Skip;
use straykey::finding::Source;
use straykey::haystack::git::{Git, GitError, path_from, top_around};
use straykey::report::Report;
use straykey::scan::{Commits, Options, Progress, Scanner, Staged};

/// A source that is ready to be scanned.
#[derive(Debug)]
pub(crate) enum Opened {
    /// Files and folders, and what of a list is none, with the reason.
    Files(Vec<PathBuf>, Vec<(Skip, PathBuf)>),
    /// One text.
    Bytes {
        bytes: Vec<u8>,
        name: &'static str,
        source: Source,
    },
    /// What is staged, in the work tree at this top.
    Staged(Staged, PathBuf),
    /// What commits added, in the repository at this top.
    Commits(Commits, PathBuf),
}

/// Opens what a job is to scan.
pub(crate) fn open(job: &Job) -> anyhow::Result<Opened> {
    match &job.input {
        Input::Files => existing(&job.roots),
        Input::FilesFrom { list, null } => listed(list, *null),
        Input::Stdin => Ok(text(standard_input()?, "stdin", Source::Stdin)),
        Input::Message(file) => Ok(text(message(file)?, "commit message", Source::Message)),
        Input::Branch => Ok(text(branch()?, "branch name", Source::Branch)),
        Input::Staged { only } => {
            let (git, top) = repository()?;
            let only = names(only)?;
            let staged = Staged::start(&git, &only).map_err(git::error)?;
            Ok(Opened::Staged(staged, top))
        }
        Input::Since(range) => {
            let (git, top) = repository()?;
            let commits = Commits::since(&git, &revisions(&git, range)?).map_err(git::error)?;
            Ok(Opened::Commits(commits, top))
        }
        Input::History { stash, reflog } => {
            let (git, top) = repository()?;
            let commits = Commits::history(&git, *stash, *reflog).map_err(git::error)?;
            Ok(Opened::Commits(commits, top))
        }
    }
}

impl Opened {
    /// The folder that the paths of the report are told from.
    pub(crate) fn base(&self, job: &Job) -> PathBuf {
        match self {
            Self::Staged(_, top) | Self::Commits(_, top) => top.clone(),
            Self::Bytes { .. } => PathBuf::from("."),
            Self::Files(roots, _) => base_of(roots, job.mode == "audit"),
        }
    }

    /// Scans it.
    pub(crate) fn scan(
        self,
        scanner: &Scanner,
        mut options: Options,
        progress: &Progress,
    ) -> anyhow::Result<Report> {
        match self {
            Self::Files(roots, missing) => {
                options.roots = roots;
                let mut report = scanner.scan(&options, progress);
                for (reason, path) in missing {
                    report.coverage.skip(reason, path.display().to_string());
                }
                Ok(report)
            }
            Self::Bytes {
                bytes,
                name,
                source,
            } => Ok(scanner.scan_bytes(&bytes, name, source, &options)),
            Self::Staged(staged, _) => {
                let report = scanner.scan_staged(staged, &options, progress);
                report.map_err(git::error)
            }
            Self::Commits(commits, _) => {
                let report = scanner.scan_commits(commits, &options, progress);
                report.map_err(git::error)
            }
        }
    }
}

/// An audit tells paths from the folder it is of. Otherwise they are what was typed leads to from
/// here, so that they can be opened, and annotations find their files.
pub(crate) fn base_of(roots: &[PathBuf], audit: bool) -> PathBuf {
    let below_here = |root: &PathBuf| {
        root.components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    };
    match roots {
        [root] if root.is_dir() && (audit || !below_here(root)) => root.clone(),
        _ => PathBuf::from("."),
    }
}

fn repository() -> anyhow::Result<(Git, PathBuf)> {
    let here = Path::new(".");
    let git = git::open(here)?;
    // Asking git for the top costs a process, which a hook can do without.
    let elsewhere = ["GIT_DIR", "GIT_WORK_TREE"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    let top = match top_around(here).filter(|_| !elsewhere) {
        Some(top) => top,
        // A bare repository has no work tree, but it has commits.
        None => git.top().unwrap_or_else(|_| here.to_owned()),
    };
    Ok((git, top))
}

fn existing(roots: &[PathBuf]) -> anyhow::Result<Opened> {
    let missing = roots.iter().find(|root| root.symlink_metadata().is_err());
    match missing {
        Some(missing) => Err(hinted(
            anyhow!("{} does not exist", missing.display()),
            "name files or folders that do",
        )),
        None => Ok(Opened::Files(roots.to_vec(), Vec::new())),
    }
}

/// The files of a list. A name without a file is counted: lists of changed files hold deleted ones.
fn listed(list: &Path, null: bool) -> anyhow::Result<Opened> {
    let bytes = if list == Path::new("-") {
        standard_input()?
    } else {
        std::fs::read(list)
            .with_context(|| format!("cannot read the list of files {}", list.display()))
            .map_err(|error| hinted(error, "name a file with one path a line, or `-`"))?
    };
    let end = if null { 0 } else { b'\n' };
    let names = bytes
        .split(|&byte| byte == end)
        .map(|name| if null { name } else { name.trim_ascii_end() })
        .filter(|name| !name.is_empty())
        .map(path_from);
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for path in names {
        match path.symlink_metadata() {
            // Whoever made the tree made the list: a link in it may lead anywhere.
            Ok(metadata) if metadata.is_symlink() => missing.push((Skip::Symlink, path)),
            Ok(_) => there.push(path),
            Err(_) => missing.push((Skip::Vanished, path)),
        }
    }
    Ok(Opened::Files(there, missing))
}

fn text(bytes: Vec<u8>, name: &'static str, source: Source) -> Opened {
    Opened::Bytes {
        bytes,
        name,
        source,
    }
}

fn standard_input() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    Ok(bytes)
}

/// The message that will be committed: git drops lines with a `#`, and what follows its scissors.
fn message(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = std::fs::read(file)
        .with_context(|| format!("cannot read the commit message {}", file.display()))
        .map_err(|error| hinted(error, "name the file that git hands to a commit-msg hook"))?;
    let mut kept = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let comment = line.starts_with(b"#");
        if comment && line.windows(4).any(|four| four == b">8 -") {
            break;
        }
        // Empty in its place, so that lines keep their numbers.
        kept.extend_from_slice(if comment { b"\n" } else { line });
    }
    Ok(kept)
}

fn branch() -> anyhow::Result<Vec<u8>> {
    let git = git::open(Path::new("."))?;
    git.output(&["symbolic-ref", "--short", "HEAD"])
        .map_err(git::error)
}

fn names(paths: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let name = |path: &PathBuf| {
        path.to_str().map(str::to_owned).ok_or_else(|| {
            hinted(
                anyhow!("{} is no Unicode", path.display()),
                "leave the paths away, and everything that is staged is scanned",
            )
        })
    };
    paths.iter().map(name).collect()
}

/// The arguments of git-rev-list for what a user calls a range, or a hook of ours a push.
fn revisions(git: &Git, range: &str) -> anyhow::Result<Vec<String>> {
    let words: Vec<&str> = range.split_ascii_whitespace().collect();
    if words.contains(&"--not") && words.iter().all(|word| is_plain(word) || is_option(word)) {
        return Ok(words.into_iter().map(str::to_owned).collect());
    }
    match words.as_slice() {
        [one] if is_plain(one) => interval(git, one),
        _ => Err(no_revision(range)),
    }
}

fn is_plain(word: &str) -> bool {
    !word.starts_with('-')
}

fn no_revision(word: &str) -> anyhow::Error {
    hinted(
        anyhow!("`{word}` is no revision"),
        "name a commit, a branch, a tag or a range such as main..HEAD",
    )
}

/// What a push brings: everything that a remote has not.
fn is_option(word: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/');
    word == "--not"
        || word == "--remotes"
        || word
            .strip_prefix("--remotes=")
            .is_some_and(|name| name.bytes().all(plain))
}

/// `REV` is what came after it. `A...B` is read as in a pull request: what B has and A has not.
fn interval(git: &Git, word: &str) -> anyhow::Result<Vec<String>> {
    let sides = word.split_once("...").or_else(|| word.split_once(".."));
    let (left, right) = sides.unwrap_or((word, ""));
    Ok(vec![
        format!("^{}", commit(git, left)?),
        commit(git, right)?,
    ])
}

/// The id of a commit; nothing stands for HEAD.
fn commit(git: &Git, name: &str) -> anyhow::Result<String> {
    let named = format!("{}^{{commit}}", if name.is_empty() { "HEAD" } else { name });
    let arguments = ["rev-parse", "--verify", "--end-of-options", &named];
    let output = git.output(&arguments).map_err(|error| match error {
        GitError::Failed { .. } => git::error(GitError::UnknownRevision(name.to_owned())),
        other => git::error(other),
    })?;
    Ok(String::from_utf8_lossy(output.trim_ascii()).into_owned())
}
