//! What a push takes to a remote, as the revisions that name it.
//!
//! Only what the remote is known to have is left out. A new remote has nothing: pushing an old
//! repository there publishes all of its history, and all of it is searched.

use crate::exit::hinted;
use anyhow::{Context, anyhow};
use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read};
use straykey::haystack::git::Git;

/// Commits that are about to leave.
#[derive(Debug, Default)]
struct Push {
    /// What is pushed.
    tips: Vec<String>,
    /// What the remote has.
    had: Vec<String>,
    /// The remote, where its branches are known here.
    remote: Option<String>,
}

impl Push {
    /// Arguments of git-rev-list(1), with spaces between them. Never one alone, which would be taken
    /// for the start of a range.
    fn revisions(&self) -> String {
        let remote = self.remote.as_ref().map(|name| format!("--remotes={name}"));
        let mut words = self.tips.clone();
        words.push("--not".to_owned());
        words.extend(self.had.iter().cloned());
        words.extend(remote);
        words.join(" ")
    }
}

/// What pre-commit or prek says is pushed or compared; None where neither says anything.
///
/// They read what git hands to the hook and tell it by variables. For a branch that the remote does
/// not have they name no start, and pre-commit only the branch.
pub(super) fn by_framework(git: &Git) -> anyhow::Result<Option<String>> {
    let told = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let end = told("PRE_COMMIT_TO_REF").or_else(|| told("PRE_COMMIT_LOCAL_BRANCH"));
    let Some(end) = end.filter(|_| told("PRE_COMMIT").is_some()) else {
        return Ok(None);
    };
    let start = told("PRE_COMMIT_FROM_REF");
    let push = Push {
        tips: vec![commit(git, &end)?],
        had: start
            .map(|start| commit(git, &start))
            .transpose()?
            .into_iter()
            .collect(),
        remote: told("PRE_COMMIT_REMOTE_NAME").filter(|name| is_name(name)),
    };
    Ok(Some(push.revisions()))
}

/// True where revisions name any commit.
pub(super) fn is_anything(git: &Git, revisions: &str) -> anyhow::Result<bool> {
    let mut arguments = vec!["rev-list", "--max-count=1"];
    arguments.extend(revisions.split(' '));
    arguments.push("--");
    let output = git.output(&arguments).map_err(crate::git::error)?;
    Ok(!output.is_empty())
}

/// What git hands to a pre-push hook: the remote as an argument, and on standard input a line for
/// each branch. None where branches are only deleted.
pub(super) fn by_git(git: &Git, arguments: &[OsString]) -> anyhow::Result<Option<String>> {
    let remote = arguments.first().and_then(|name| name.to_str());
    let mut push = Push {
        remote: remote.filter(|name| is_name(name)).map(str::to_owned),
        ..Push::default()
    };
    let lines = standard_input()?;
    if lines.trim().is_empty() {
        // Nothing is pushed, or whatever calls us does not pass on what git said. Who knows?
        push.tips.push(commit(git, "HEAD")?);
        return Ok(Some(push.revisions()));
    }
    for line in lines.lines() {
        let (local, remote) = ids(line).ok_or_else(|| {
            hinted(
                anyhow!("standard input is not what git hands to a pre-push hook"),
                "a line is: LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID",
            )
        })?;
        if !is_null(local) {
            push.tips.push(commit(git, local)?);
        }
        // What another person pushed meanwhile is not here, and tells nothing.
        if !is_null(remote)
            && let Ok(known) = commit(git, remote)
        {
            push.had.push(known);
        }
    }
    Ok((!push.tips.is_empty()).then(|| push.revisions()))
}

/// The ids at both ends of a line; None for a line of another form. A ref may hold spaces.
fn ids(line: &str) -> Option<(&str, &str)> {
    let mut words = line.rsplitn(4, ' ');
    let (remote, _, local, _) = (words.next()?, words.next()?, words.next()?, words.next()?);
    (is_id(local) && is_id(remote)).then_some((local, remote))
}

fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// True for the id that stands for "there is none".
fn is_null(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}

/// True for the name of a remote; an address has no branches that are known here.
fn is_name(remote: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    remote.starts_with(|c: char| c.is_ascii_alphanumeric()) && remote.chars().all(plain)
}

/// The id of a commit, so that a name is never taken for an option.
fn commit(git: &Git, name: &str) -> anyhow::Result<String> {
    let name = format!("{name}^{{commit}}");
    let output = git
        .output(&["rev-parse", "--verify", "--end-of-options", &name])
        .map_err(crate::git::error)?;
    Ok(String::from_utf8_lossy(output.trim_ascii()).into_owned())
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let mut stdin = io::stdin().lock();
    if !stdin.is_terminal() {
        stdin
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_from_its_end() {
        let (local, remote) = ("1".repeat(40), "0".repeat(40));
        let line = format!("HEAD@{{1 day ago}} {local} refs/heads/main {remote}");
        assert_eq!(ids(&line), Some((local.as_str(), remote.as_str())));
        assert_eq!(ids("refs/heads/main 12 refs/heads/main 34"), None);
        assert_eq!(ids(&local), None);
    }

    #[test]
    fn what_the_remote_has_is_left_out() {
        let push = |had: &[&str], remote: Option<&str>| {
            let push = Push {
                tips: vec!["a".to_owned(), "b".to_owned()],
                had: had.iter().map(|&id| id.to_owned()).collect(),
                remote: remote.map(str::to_owned),
            };
            push.revisions()
        };
        assert_eq!(push(&["c"], Some("origin")), "a b --not c --remotes=origin");
        assert_eq!(push(&["c"], None), "a b --not c");
        assert_eq!(push(&[], None), "a b --not");
    }

    #[test]
    fn an_address_is_no_name() {
        for (remote, name) in [
            ("origin", true),
            ("team/fork", true),
            ("../there.git", false),
            ("git@example.org:there", false),
            ("--all", false),
            ("o*", false),
        ] {
            assert_eq!(is_name(remote), name, "{remote}");
        }
    }
}
