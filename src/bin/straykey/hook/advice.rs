//! What a hook says: what was found in a few lines, and how to go on.
//!
//! It stands between a person and a commit, so the steps come in the order in which they help: take
//! it out, replace it, and only then let it stay. A name out of the tree stands in a command only
//! where it is quoted and shows as what it is.

use super::script::quoted;
use crate::args::Input;
use crate::exit::Exit;
use std::borrow::Cow;
use std::io::Write;
use straykey::display::{bytes, counted, sanitize};
use straykey::finding::{Finding, Source};
use straykey::report::Report;

/// More lines of one kind than that nobody reads before a commit.
const LINES: usize = 10;

/// A search and what it came to.
pub(super) struct Advice<'a> {
    pub(super) report: &'a Report,
    pub(super) input: &'a Input,
    pub(super) exit: Exit,
    /// True where there is no commit yet.
    pub(super) unborn: bool,
}

impl Advice<'_> {
    /// All of it, without a line end.
    pub(super) fn page(&self) -> String {
        let mut lines = vec![self.headline()];
        lines.extend(self.findings());
        if self.exit == Exit::Findings {
            lines.push("to go on:".to_owned());
            lines.extend(self.steps());
        }
        lines.extend(self.gaps());
        if self.exit != Exit::Clean {
            lines.extend(self.bypass());
        }
        lines.join("\n")
    }

    fn headline(&self) -> String {
        let coverage = &self.report.coverage;
        let excused = match self.report.suppressed() {
            0 => String::new(),
            many => format!("; {} excused", counted(many as u64, "finding")),
        };
        let searched = format!(
            "in {}, {}{excused}",
            counted(coverage.files, "file"),
            bytes(coverage.bytes)
        );
        match self.report.findings.len() {
            0 if self.exit == Exit::Incomplete => {
                format!("straykey: INCOMPLETE, nothing found {searched}")
            }
            0 => format!("straykey: nothing found {searched}"),
            many => format!(
                "straykey: {} {searched}",
                counted(many as u64, "credential")
            ),
        }
    }

    /// A line for each finding, the worst first.
    fn findings(&self) -> Vec<String> {
        let worst = self.report.worst_first();
        some_of(worst.iter().map(|finding| {
            format!(
                "  {:<8}  {}:{}  {}{}",
                finding.severity.band().as_str(),
                sanitize(&finding.path),
                finding.start.line,
                sanitize(&finding.rule.name),
                uses(finding)
            )
        }))
    }

    fn steps(&self) -> Vec<String> {
        let mut lines = self.take_out();
        lines.push(
            "  2. read it from the environment or a secret store instead; if it was ever pushed or shared, revoke it first"
                .to_owned(),
        );
        lines.extend(some_of(each_once(self.report, revoke)));
        lines.push(
            "  3. only if it is no secret: end its line with a mark that says why".to_owned(),
        );
        lines.extend(some_of(each_once(self.report, |finding| {
            Some(format!(
                "       straykey:allow[{}] reason",
                sanitize(&finding.rule.id)
            ))
        })));
        lines
    }

    /// How to take it out of where it was found.
    fn take_out(&self) -> Vec<String> {
        let source = self.report.findings.first().map(|finding| finding.source);
        let (step, commands) = match source {
            Some(Source::Staged) => (
                "take it out of the commit: unstage the file and edit it",
                some_of(each_once(self.report, |finding| {
                    Some(format!("       {}", unstage(&finding.path, self.unborn)))
                })),
            ),
            Some(Source::Since | Source::History) => (
                "take it out of the commits: edit the one that brought it in, before it leaves",
                some_of(each_once(self.report, rewrite)),
            ),
            Some(Source::Message) => (
                "take it out of the message, which git has kept",
                vec![
                    "       git commit --edit --file=\"$(git rev-parse --git-path COMMIT_EDITMSG)\""
                        .to_owned(),
                ],
            ),
            Some(Source::Branch) => (
                "rename the branch",
                vec!["       git branch --move NEW-NAME".to_owned()],
            ),
            _ => ("take it out of the file", Vec::new()),
        };
        let mut lines = vec![format!("  1. {step}")];
        lines.extend(commands);
        lines
    }

    /// What was not searched, and why.
    fn gaps(&self) -> Vec<String> {
        let coverage = &self.report.coverage;
        if self.exit == Exit::Interrupted || coverage.interrupted {
            return vec!["straykey: stopped before the end".to_owned()];
        }
        if coverage.files == 0 && !coverage.has_gaps() {
            return vec!["  not searched: not one file was found to search".to_owned()];
        }
        let gaps = coverage
            .skipped
            .iter()
            .filter(|(reason, _)| reason.is_a_gap());
        gaps.map(|(reason, skipped)| {
            let examples: Vec<Cow<'_, str>> =
                skipped.examples.iter().map(|path| sanitize(path)).collect();
            format!(
                "  not searched ({}): {}, such as {}",
                reason.as_str(),
                counted(skipped.count, "file"),
                examples.join(", ")
            )
        })
        .collect()
    }

    /// The way round, which comes last.
    fn bypass(&self) -> Option<String> {
        let command = match self.input {
            Input::Since(_) => "git push --no-verify",
            Input::Staged { .. } | Input::Message(_) | Input::Branch => "git commit --no-verify",
            _ => return None,
        };
        Some(format!("to go on without any check, once: {command}"))
    }
}

/// Prints lines on standard error: standard output is for reports.
pub(super) fn say(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// The first lines, and how many more there are.
fn some_of(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.into_iter().collect();
    let more = lines.len().saturating_sub(LINES);
    if more > 0 {
        lines.truncate(LINES);
        lines.push(format!("       and {more} more"));
    }
    lines
}

/// A line for each finding that has one, the worst first, and no line twice.
fn each_once(report: &Report, line: impl Fn(&Finding) -> Option<String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in report.worst_first().into_iter().filter_map(line) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The worst that it can do: ": can usually delete volumes and their backups".
fn uses(finding: &Finding) -> String {
    finding.verbs().first().map_or_else(String::new, |verb| {
        let can = finding.privilege.certainty.auxiliary();
        format!(": {can} {}", sanitize(verb))
    })
}

fn revoke(finding: &Finding) -> Option<String> {
    let place = finding.rule.record.revoke.as_ref()?;
    let url = if place.url.is_empty() {
        String::new()
    } else {
        format!(", {}", sanitize(&place.url))
    };
    Some(format!(
        "       {}: {}{url}",
        sanitize(&finding.rule.name),
        sanitize(&place.title)
    ))
}

fn unstage(path: &str, unborn: bool) -> String {
    // What does not show as it is could be another file than the one that the command names; bytes
    // that are no text are reported as `\xFF`.
    let pathspec = if sanitize(path) == path && !path.contains("\\x") {
        quoted(&from_top(path))
    } else {
        ":/  # all of it: a name here is not fit for a command".to_owned()
    };
    if unborn {
        format!("git rm --cached -r -- {pathspec}")
    } else {
        format!("git restore --staged -- {pathspec}")
    }
}

/// A path of the repository, whatever folder the command is typed in.
fn from_top(path: &str) -> String {
    let simple = path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        && !path.contains(['*', '?', '[', '\\']);
    if simple {
        format!(":/{path}")
    } else {
        format!(":(top,literal){path}")
    }
}

fn rewrite(finding: &Finding) -> Option<String> {
    let commit = finding.commit.as_ref()?;
    let id = commit.id.get(..12).unwrap_or(&commit.id);
    Some(format!("       git rebase --interactive {}^", sanitize(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_from_everywhere_and_as_one_word() {
        for (path, command) in [
            ("src/a.rs", "git restore --staged -- :/src/a.rs"),
            (".env", "git restore --staged -- :/.env"),
            ("a b", "git restore --staged -- ':/a b'"),
            ("-x", "git restore --staged -- ':(top,literal)-x'"),
            ("a*", "git restore --staged -- ':(top,literal)a*'"),
            (
                "$(id)'",
                r"git restore --staged -- ':(top,literal)$(id)'\'''",
            ),
        ] {
            assert_eq!(unstage(path, false), command);
        }
        assert_eq!(unstage("a", true), "git rm --cached -r -- :/a");
    }

    #[test]
    fn a_name_that_acts_stands_in_no_command() {
        let command = unstage("a\u{1b}[2J", false);
        assert!(command.contains("all of it") && !command.contains('\u{1b}'));
    }
}
