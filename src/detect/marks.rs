//! The marks by which other scanners are told to pass over a line.
//!
//! They excuse whatever stands on the line, for any rule and without a reason, so none of them counts
//! unless the user asks for it by naming the tool. Ours is in [`super::filter`].

use memchr::memmem;
use std::str::FromStr;

/// A scanner whose marks and files can be honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// gitleaks, version 8.
    Gitleaks,
    /// detect-secrets, version 1.
    DetectSecrets,
    /// trufflehog, version 3.
    Trufflehog,
}

/// A tool that is not known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of gitleaks, detect-secrets, trufflehog")]
pub struct UnknownTool(pub String);

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 3] = [Self::Gitleaks, Self::DetectSecrets, Self::Trufflehog];

    /// The name on the command line and in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gitleaks => "gitleaks",
            Self::DetectSecrets => "detect-secrets",
            Self::Trufflehog => "trufflehog",
        }
    }

    /// True when the tool passes over a line because of what stands on it or on the line before.
    fn passes(self, line: &[u8], previous: &[u8]) -> bool {
        match self {
            Self::Gitleaks => memmem::find(line, b"gitleaks:allow").is_some(),
            Self::DetectSecrets => {
                holds_pragma(line, Reach::SameLine) || holds_pragma(previous, Reach::NextLine)
            }
            Self::Trufflehog => memmem::find(line, b"trufflehog:ignore").is_some(),
        }
    }
}

impl FromStr for Tool {
    type Err = UnknownTool;

    fn from_str(text: &str) -> Result<Self, UnknownTool> {
        Self::ALL
            .into_iter()
            .find(|tool| tool.as_str() == text)
            .ok_or_else(|| UnknownTool(text.to_owned()))
    }
}

/// The tools whose marks count.
///
/// ```
/// use straykey::detect::marks::{Marks, Tool};
/// let marks = Marks::of([Tool::Gitleaks]);
/// assert_eq!(marks.excuse(b"key = x # gitleaks:allow", b""), Some(Tool::Gitleaks));
/// assert_eq!(Marks::default().excuse(b"key = x # gitleaks:allow", b""), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<Tool>);

impl Marks {
    /// True when no tool's marks count.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The marks of these tools.
    pub fn of(tools: impl IntoIterator<Item = Tool>) -> Self {
        let mut tools: Vec<Tool> = tools.into_iter().collect();
        tools.sort_unstable();
        tools.dedup();
        Self(tools)
    }

    /// The first tool that passes over a line; `previous` is the line before it, empty for none.
    pub fn excuse(&self, line: &[u8], previous: &[u8]) -> Option<Tool> {
        self.0
            .iter()
            .copied()
            .find(|tool| tool.passes(line, previous))
    }
}

/// Which line a pragma is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    SameLine,
    NextLine,
}

/// What opens a comment in the languages that detect-secrets knows.
const COMMENTS: &[&[u8]] = &[b"#", b"//", b"/*", b"--", b"'", b";", b"%"];

/// True for `pragma: allowlist secret` at the start of a comment. The older word is `whitelist`.
fn holds_pragma(line: &[u8], reach: Reach) -> bool {
    const PRAGMA: &[u8] = b"pragma:";
    memmem::find_iter(line, PRAGMA).any(|at| {
        let before = line[..at].trim_ascii_end();
        COMMENTS.iter().any(|comment| before.ends_with(comment))
            && allows(line[at + PRAGMA.len()..].trim_ascii_start(), reach)
    })
}

/// Reads what follows `pragma:`.
fn allows(words: &[u8], reach: Reach) -> bool {
    let list = after(words, b"allowlist").or_else(|| after(words, b"whitelist"));
    let what = match reach {
        Reach::SameLine => list,
        Reach::NextLine => list.and_then(|rest| after(rest, b"nextline")),
    };
    what.and_then(|rest| rest.strip_prefix(b"secret"))
        .is_some_and(|end| !end.first().is_some_and(u8::is_ascii_alphanumeric))
}

/// What follows a word and the blank or dash behind it.
fn after<'w>(words: &'w [u8], word: &[u8]) -> Option<&'w [u8]> {
    let rest = words.strip_prefix(word)?;
    rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Marks {
        Marks::of(Tool::ALL)
    }

    #[test]
    fn every_name_is_read_back() {
        for tool in Tool::ALL {
            assert_eq!(tool.as_str().parse(), Ok(tool));
        }
        let error = "betterleaks".parse::<Tool>().expect_err("is not known");
        assert_eq!(
            error.to_string(),
            "`betterleaks` is none of gitleaks, detect-secrets, trufflehog"
        );
    }

    #[test]
    fn each_mark_belongs_to_its_tool() {
        for (line, tool) in [
            ("key = x # gitleaks:allow", Some(Tool::Gitleaks)),
            ("key = x // trufflehog:ignore", Some(Tool::Trufflehog)),
            (
                "key = x # pragma: allowlist secret",
                Some(Tool::DetectSecrets),
            ),
            (
                "key = x # pragma:allowlist secret",
                Some(Tool::DetectSecrets),
            ),
            (
                "key = x //pragma: whitelist secret",
                Some(Tool::DetectSecrets),
            ),
            (
                "<a>x</a> <!-- pragma: allowlist secret -->",
                Some(Tool::DetectSecrets),
            ),
            ("key = x # betterleaks:allow", None),
            ("key = x pragma: allowlist secret", None),
            ("key = x # pragma: allowlist secrets", None),
            ("key = x # pragma: allowlist nextline secret", None),
            ("key = x # pragma: no cover", None),
        ] {
            assert_eq!(all().excuse(line.as_bytes(), b""), tool, "{line}");
            assert_eq!(
                Marks::default().excuse(line.as_bytes(), b""),
                None,
                "{line}"
            );
        }
    }

    #[test]
    fn nextline_is_about_the_next_line() {
        let marks = all();
        let mark = b"  # pragma: allowlist nextline secret";
        assert_eq!(marks.excuse(b"key = x", mark), Some(Tool::DetectSecrets));
        assert_eq!(marks.excuse(mark, b""), None);
        assert_eq!(
            marks.excuse(b"key = x", b"# pragma: allowlist secret"),
            None
        );
        assert_eq!(marks.excuse(b"key = x", b"# gitleaks:allow"), None);
    }
}
