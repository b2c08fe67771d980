//! What other tools allow by expression: paths, values, commits, words.

use super::counterpart::is_counterpart;
use crate::detect::marks::Tool;
use crate::finding::Finding;
use crate::rule::foreign::ForeignRegex;
use crate::secret::Secret;

/// A list of what does not count. One that lists nothing excuses nothing.
#[derive(Clone, Debug)]
pub struct Allowlist {
    /// Whose it is.
    pub tool: Tool,
    /// Where it stands, such as `.gitleaks.toml:12`.
    pub place: String,
    /// What its author says of it; empty where nothing is said.
    pub description: String,
    /// The other tool's rules that it is limited to; empty for all.
    pub rules: Vec<String>,
    /// True where one of each kind that is listed has to match; else any one is enough.
    pub all: bool,
    /// Ids of commits.
    pub commits: Vec<String>,
    /// Expressions over paths.
    pub paths: Vec<Pattern>,
    /// What the expressions below look at.
    pub target: Target,
    /// Expressions over that.
    pub regexes: Vec<Pattern>,
    /// Words that a value holds, in any case.
    pub stopwords: Vec<Secret>,
}

/// What an expression looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The credential.
    #[default]
    Secret,
    /// All that the rule matched.
    Match,
    /// The line it begins on.
    Line,
}

/// An expression, with its text. The text may hold a credential that is allowed.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub source: Secret,
    regex: ForeignRegex,
}

/// What stands around a credential, where the caller kept it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'s> {
    /// All that the rule matched; None: the credential stands for it.
    pub matched: Option<&'s Secret>,
    /// The line it begins on; None: the match stands for it.
    pub line: Option<&'s Secret>,
}

impl Pattern {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong with it, without the expression itself.
    pub fn new(source: &str) -> Result<Self, String> {
        Ok(Self {
            regex: ForeignRegex::new(source)?,
            source: Secret::new(source.as_bytes().to_vec()),
        })
    }

    /// True when it matches somewhere in the text.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }

    /// The expression as text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.source.expose()).into_owned()
    }
}

impl Allowlist {
    /// A list that is still empty.
    pub fn new(tool: Tool, place: String) -> Self {
        Self {
            tool,
            place,
            description: String::new(),
            rules: Vec::new(),
            all: false,
            commits: Vec::new(),
            paths: Vec::new(),
            target: Target::default(),
            regexes: Vec::new(),
            stopwords: Vec::new(),
        }
    }

    /// True when nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.commits.is_empty()
            && self.paths.is_empty()
            && self.regexes.is_empty()
            && self.stopwords.is_empty()
    }

    /// True when the finding does not count.
    pub fn excuses(&self, finding: &Finding, around: Surroundings<'_>) -> bool {
        let about = |rule: &String| is_counterpart(rule, &finding.rule);
        if !self.rules.is_empty() && !self.rules.iter().any(about) {
            return false;
        }
        let kinds = [
            (self.commits.is_empty(), self.lists_commit(finding)),
            (self.paths.is_empty(), self.lists_path(&finding.path)),
            (self.regexes.is_empty(), self.lists_text(finding, around)),
            (self.stopwords.is_empty(), self.lists_word(finding)),
        ];
        let mut given = kinds.iter().filter(|(absent, _)| !absent).peekable();
        if self.all {
            given.peek().is_some() && given.all(|(_, holds)| *holds)
        } else {
            given.any(|(_, holds)| *holds)
        }
    }

    fn lists_commit(&self, finding: &Finding) -> bool {
        let commit = finding.commit.as_ref();
        commit.is_some_and(|commit| self.commits.contains(&commit.id))
    }

    fn lists_path(&self, path: &str) -> bool {
        let path = path.as_bytes();
        self.paths.iter().any(|pattern| pattern.is_match(path))
    }

    fn lists_text(&self, finding: &Finding, around: Surroundings<'_>) -> bool {
        let matched = around.matched.unwrap_or(&finding.secret);
        let text = match self.target {
            Target::Secret => &finding.secret,
            Target::Match => matched,
            Target::Line => around.line.unwrap_or(matched),
        };
        let text = text.expose();
        self.regexes.iter().any(|pattern| pattern.is_match(text))
    }

    fn lists_word(&self, finding: &Finding) -> bool {
        let value = Secret::new(finding.secret.expose().to_ascii_lowercase());
        self.stopwords
            .iter()
            .any(|word| memchr::memmem::find(value.expose(), word.expose()).is_some())
    }
}
