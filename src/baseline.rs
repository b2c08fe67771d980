//! The baseline: findings that were known when it was written, so that a scan fails on new ones only.
//!
//! A text file to commit, one finding a line. It holds no line numbers and no time, so that it
//! changes only when findings come or go, and nothing of a credential that could be guessed:
//!
//! ```text
//! # straykey baseline v1
//! {"fingerprint":"...","path":"app/.env","rule":"database-password","key":"DB_PASSWORD"}
//! ```
//!
//! Lines may be merged freely: their order means nothing, and one that stands twice is a second
//! occurrence that a comparison reports as gone.

mod entry;
mod matching;
mod scope;

pub use entry::Entry;
pub use matching::{Fate, Matching, Presence, Standing};
pub use scope::Scope;

use crate::finding::Finding;
use std::collections::HashMap;
use std::fmt;

/// The name of the file, in the folder that its paths are told from.
pub const FILE_NAME: &str = ".straykey-baseline";

const TITLE: &str = "# straykey baseline ";
const VERSION: &str = "v1";
const ABOUT: &str = "\
# Known findings without their credentials. `straykey baseline update` writes it, `prune` drops what is gone.
# To merge two versions keep the lines of both; git does so with `.straykey-baseline merge=union` in .gitattributes.
";

/// Known findings.
///
/// ```
/// use straykey::baseline::Baseline;
/// let text = Baseline::default().to_string();
/// assert!(text.starts_with("# straykey baseline v1\n"));
/// assert_eq!(Baseline::parse(".straykey-baseline", &text), Ok(Baseline::default()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Sorted.
    entries: Vec<Entry>,
}

/// What is wrong with a baseline, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}: {message}")]
pub struct BaselineError {
    /// The file.
    pub name: String,
    /// 1-based.
    pub line: usize,
    /// What is wrong. It tells nothing of the line: a wrong file may hold credentials.
    pub message: &'static str,
    /// What to do.
    pub hint: &'static str,
}

impl Baseline {
    /// Reads a baseline. `name` only names the file. Line ends may be those of Windows.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(name: &str, text: &str) -> Result<Self, BaselineError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut entries = Vec::new();
        let mut titled = false;
        for (at, line) in text.lines().enumerate() {
            let line = Line::read(line.trim(), titled).map_err(|wrong| wrong.at(name, at + 1))?;
            match line {
                Line::Title => titled = true,
                Line::Remark => {}
                Line::Entry(entry) => entries.push(entry),
            }
        }
        if titled {
            Ok(entries.into_iter().collect())
        } else {
            Err(Wrong::File.at(name, 1))
        }
    }

    /// The baseline that knows these findings and no others.
    pub fn of(findings: &[&Finding]) -> Self {
        findings.iter().map(|finding| Entry::of(finding)).collect()
    }

    /// The known findings, sorted.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Pairs findings with entries, one to one. `scope` tells where the path of an entry stands; only
    /// entries without a finding in place are asked for.
    ///
    /// Lines, spans and the credentials themselves play no part in it. A finding is *known* where its
    /// path and fingerprint are those of an entry. Of what is left, a finding has *moved* when
    /// - its fingerprint is that of its credential, and a path that held the credential does not any
    ///   more: a copy beside the first one is new;
    /// - its fingerprint is that of its place, and an entry with the same rule and key names a file
    ///   that is gone: a password in one file never excuses one in another while both are there.
    pub fn compare(&self, findings: &[Finding], scope: &dyn Fn(&str) -> Presence) -> Matching {
        let found: Vec<Entry> = findings.iter().map(Entry::of).collect();
        matching::compare(&self.entries, &found, scope)
    }

    /// The entries that `other` does not hold. Of one that stands in both, only those beyond the
    /// number in `other`.
    pub fn without(&self, other: &Self) -> Vec<&Entry> {
        let mut left: HashMap<&Entry, usize> = HashMap::new();
        for entry in &other.entries {
            *left.entry(entry).or_default() += 1;
        }
        let mut beyond = Vec::new();
        for entry in &self.entries {
            match left.get_mut(entry) {
                Some(count) if *count > 0 => *count -= 1,
                _ => beyond.push(entry),
            }
        }
        beyond
    }
}

impl FromIterator<Entry> for Baseline {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_unstable();
        Self { entries }
    }
}

/// Writes the file, each line with an LF at its end.
impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TITLE}{VERSION}\n{ABOUT}")?;
        self.entries
            .iter()
            .try_for_each(|entry| writeln!(f, "{entry}"))
    }
}

/// What a line may be.
enum Line {
    Title,
    Remark,
    Entry(Entry),
}

impl Line {
    /// Reads a line; `titled` is true once the title was read.
    fn read(line: &str, titled: bool) -> Result<Self, Wrong> {
        if is_conflict(line) {
            return Err(Wrong::Conflict);
        }
        if let Some(version) = line.strip_prefix(TITLE) {
            let known = version.trim() == VERSION;
            return if known {
                Ok(Self::Title)
            } else {
                Err(Wrong::Version)
            };
        }
        if line.is_empty() || line.starts_with('#') {
            return Ok(Self::Remark);
        }
        if !titled {
            return Err(Wrong::File);
        }
        Entry::parse(line).map(Self::Entry).ok_or(Wrong::Entry)
    }
}

/// True for a line that git writes around what it could not merge.
fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|marker| line.starts_with(marker))
}

/// What may be wrong with a line.
#[derive(Clone, Copy, Debug)]
enum Wrong {
    File,
    Version,
    Conflict,
    Entry,
}

impl Wrong {
    fn at(self, name: &str, line: usize) -> BaselineError {
        let (message, hint) = match self {
            Self::File => (
                "this is no baseline: it does not begin with `# straykey baseline v1`",
                "`straykey baseline update` writes one",
            ),
            Self::Version => (
                "this version of the baseline is not known",
                "use the release of straykey that wrote it, or a later one",
            ),
            Self::Conflict => (
                "a merge left its conflict here",
                "keep the lines of both sides, delete the lines of <, | , = and >, then run `straykey baseline prune`",
            ),
            Self::Entry => (
                "this line is no finding as `straykey baseline update` writes it",
                "restore the line or delete it",
            ),
        };
        BaselineError {
            name: name.to_owned(),
            line,
            message,
            hint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::entry::tests::{password, token};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Baseline, String> {
        Baseline::parse("known", text).map_err(|error| error.to_string())
    }

    fn sample() -> Baseline {
        [token("b.env", 7), password("a.env", 1), token("a.env", 7)]
            .into_iter()
            .collect()
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(parse(&sample().to_string()), Ok(sample()));
    }

    #[test]
    fn lines_are_sorted_and_end_alike() {
        let text = sample().to_string();
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with('{')).collect();
        assert_eq!(lines.len(), 3);
        assert!(lines.is_sorted(), "{text}");
        assert!(text.ends_with("}\n") && !text.contains('\r'), "{text}");
    }

    #[test]
    fn the_file_of_a_windows_checkout_is_read() {
        let text = sample().to_string().replace('\n', "\r\n");
        assert_eq!(parse(&text), Ok(sample()));
        assert_eq!(parse(&format!("\u{feff}{text}")), Ok(sample()));
    }

    #[test]
    fn the_lines_of_two_branches_make_one_baseline() {
        let other: Baseline = [token("c.env", 9), password("a.env", 1)]
            .into_iter()
            .collect();
        let merged = parse(&format!("{}\n{other}", sample())).expect("it is one");
        assert_eq!(merged.entries().len(), 5);
        assert!(sample().without(&merged).is_empty() && other.without(&merged).is_empty());
    }

    #[test]
    fn each_fault_is_named_with_its_line() {
        let title = "# straykey baseline v1\n";
        let told = "known:2: this line is no finding as `straykey baseline update` writes it";
        for (text, error) in [
            (
                String::new(),
                "known:1: this is no baseline: it does not begin with `# straykey baseline v1`",
            ),
            (
                "{\"results\": {}}\n".to_owned(),
                "known:1: this is no baseline: it does not begin with `# straykey baseline v1`",
            ),
            (
                "# straykey baseline v12\n".to_owned(),
                "known:1: this version of the baseline is not known",
            ),
            (
                format!("{title}<<<<<<< HEAD\n"),
                "known:2: a merge left its conflict here",
            ),
            (
                format!("{title}# more\n=======\n"),
                "known:3: a merge left its conflict here",
            ),
            (format!("{title}something\n"), told),
            (format!("{title}{{\"path\":\"a\",\"rule\":\"b\"}}\n"), told),
        ] {
            assert_eq!(parse(&text), Err(error.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn a_difference_counts() {
        let twice: Baseline = [token("a.env", 7), token("a.env", 7)].into_iter().collect();
        assert_eq!(twice.without(&sample()), [&token("a.env", 7)]);
        assert!(sample().without(&sample()).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_name_survives_the_file(path in any::<String>(), name in any::<String>()) {
            let entry = Entry { path, key: Some(name), ..password("a.env", 1) };
            let text = [entry].into_iter().collect::<Baseline>().to_string();
            prop_assert_eq!(text.lines().count(), 4);
            prop_assert!(!text.chars().any(|c| c != '\n' && crate::display::acts(c)));
            prop_assert_eq!(parse(&text).map(|read| read.to_string()), Ok(text));
        }
    }
}
