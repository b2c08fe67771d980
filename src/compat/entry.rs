//! What other tools list one by one: this finding, in this file, does not count.

use super::error::path_of;
use super::sha1::sha1;
use crate::detect::marks::Tool;
use crate::finding::Finding;
use crate::secret::Secret;
use std::collections::BTreeMap;

/// One finding that a file of another tool lists.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The commit that brought it in; None where the file does not say.
    pub(super) commit: Option<String>,
    /// How it is told from others in its file.
    pub(super) by: By,
    /// The line of the listing itself, or the number of the entry, from 1.
    pub(super) number: usize,
}

/// How a listed finding is told from others in the same file.
#[derive(Clone, Debug)]
pub(super) enum By {
    /// By the line, whichever rule found it.
    Line(u64),
    /// By the SHA-1 of its value.
    Digest([u8; 20]),
    /// By its value.
    Value(Secret),
}

/// The entries of one file.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    pub(super) tool: Tool,
    /// The file's name.
    pub(super) name: String,
    /// What a number stands for: `line` or `entry`.
    pub(super) unit: &'static str,
    /// By the path of the finding, each with whether it excused something.
    entries: BTreeMap<String, Vec<(Entry, bool)>>,
}

impl Listing {
    pub(super) fn new(tool: Tool, name: &str, unit: &'static str) -> Self {
        Self {
            tool,
            name: name.to_owned(),
            unit,
            entries: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, path: &str, entry: Entry) {
        let entries = self.entries.entry(path_of(path)).or_default();
        entries.push((entry, false));
    }

    pub(super) fn len(&self) -> usize {
        self.entries.values().map(Vec::len).sum()
    }

    /// What the finding is listed as, such as `line 3 of .gitleaksignore`. All entries that list it
    /// are used then.
    pub(super) fn excuse(&mut self, finding: &Finding) -> Option<String> {
        let entries = self.entries.get_mut(&finding.path)?;
        let mut first = None;
        for (entry, used) in entries.iter_mut().filter(|(entry, _)| entry.lists(finding)) {
            *used = true;
            first.get_or_insert(entry.number);
        }
        first.map(|number| format!("{} {number} of {}", self.unit, self.name))
    }

    /// The numbers of entries that excused nothing in files that were looked at, sorted.
    pub(super) fn unused(&self, looked_at: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let files = self.entries.iter().filter(|(path, _)| looked_at(path));
        let mut numbers: Vec<usize> = files
            .flat_map(|(_, entries)| entries)
            .filter(|(_, used)| !used)
            .map(|(entry, _)| entry.number)
            .collect();
        numbers.sort_unstable();
        numbers
    }
}

impl Entry {
    /// True when this is about the finding, which stands in the right file. A scan of files knows no
    /// commits: there the line alone has to do.
    fn lists(&self, finding: &Finding) -> bool {
        let commit = match (&self.commit, &finding.commit) {
            (Some(listed), Some(commit)) => commit.id.starts_with(listed.as_str()),
            _ => true,
        };
        commit
            && match &self.by {
                By::Line(line) => (finding.start.line..=finding.end.line).contains(line),
                By::Digest(digest) => values(finding).any(|value| sha1(value) == *digest),
                By::Value(value) => values(finding).any(|other| other == value.expose()),
            }
    }
}

/// What another tool may have taken for the value: the credential, its other half, and of a private
/// key its first line without the dashes.
fn values(finding: &Finding) -> impl Iterator<Item = &[u8]> {
    let secret = finding.secret.expose();
    let companion = finding.companion.iter();
    let first_line = secret.split(|&byte| byte == b'\n').next();
    let heading = first_line
        .filter(|line| line.len() < secret.len())
        .map(|line| {
            let line = line.trim_ascii();
            let start = line.iter().position(|&byte| byte != b'-').unwrap_or(0);
            let end = line
                .iter()
                .rposition(|&byte| byte != b'-')
                .map_or(0, |at| at + 1);
            &line[start..end.max(start)]
        });
    std::iter::once(secret)
        .chain(companion.map(|companion| companion.secret.expose()))
        .chain(heading)
}
