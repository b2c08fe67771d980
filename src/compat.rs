//! What the marks and files of other scanners excuse, for those who come over from them.
//!
//! Nothing of it counts unless the user names the tool. What is carried over excuses a finding as that
//! tool would have; what cannot be carried over is told, never dropped. Our rules stay whatever
//! another tool's file says.

mod allowlist;
mod carry;
mod counterpart;
mod entry;
mod error;
mod exclude_paths;
mod gitleaks_ignore;
mod gitleaks_report;
mod gitleaks_toml;
mod own_rule;
mod secrets_baseline;
mod sha1;
mod toml_text;

pub use allowlist::{Allowlist, Pattern, Surroundings, Target};
pub use carry::{Carried, carry};
pub use counterpart::own_id;
pub use error::CompatError;
pub use gitleaks_report::is_gitleaks_report;
pub use own_rule::{HEADER, OwnRule};

use crate::detect::marks::Tool;
use crate::finding::Finding;
use crate::notice::{Notice, NoticeKind};
use crate::rule::Rule;
use entry::Listing;

/// A file of another tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `.gitleaks.toml`
    GitleaksToml,
    /// `.gitleaksignore`
    GitleaksIgnore,
    /// A JSON report of gitleaks, given as a baseline.
    GitleaksReport,
    /// `.secrets.baseline`
    SecretsBaseline,
    /// The file of trufflehog's `--exclude-paths`.
    ExcludePaths,
}

impl FileKind {
    /// The files that have a name of their own, in the top folder of a repository, and whose they are.
    pub const NAMED: [(Tool, Self, &'static str); 3] = [
        (Tool::Gitleaks, Self::GitleaksToml, ".gitleaks.toml"),
        (Tool::Gitleaks, Self::GitleaksIgnore, ".gitleaksignore"),
        (
            Tool::DetectSecrets,
            Self::SecretsBaseline,
            ".secrets.baseline",
        ),
    ];
}

/// What other tools excuse, out of the files that were [added](Self::add).
#[derive(Debug, Default)]
pub struct Compat {
    allowlists: Vec<Allowlist>,
    listings: Vec<Listing>,
    rules: Vec<OwnRule>,
    limits: Vec<(String, Pattern)>,
    notices: Vec<Notice>,
}

impl Compat {
    /// Adds a file. `name` only names it.
    ///
    /// # Errors
    /// When the file as a whole cannot be read. What is odd inside is a [notice](Self::notices).
    pub fn add(&mut self, kind: FileKind, name: &str, text: &str) -> Result<(), CompatError> {
        let before = self.allowlists.len();
        match kind {
            FileKind::GitleaksToml => {
                let found = gitleaks_toml::parse(name, text)?;
                self.allowlists.extend(found.allowlists);
                self.rules.extend(found.rules);
                self.limits.extend(found.limits);
                self.notices.extend(found.notices);
            }
            FileKind::GitleaksIgnore => {
                let (listing, notices) = gitleaks_ignore::parse(name, text);
                self.list(listing);
                self.notices.extend(notices);
            }
            FileKind::GitleaksReport => self.list(gitleaks_report::parse(name, text)?),
            FileKind::SecretsBaseline => {
                let found = secrets_baseline::parse(name, text)?;
                self.list(found.listing);
                self.allowlists.extend(found.allowlists);
                self.notices.extend(found.notices);
            }
            FileKind::ExcludePaths => {
                let (allowlists, notices) = exclude_paths::parse(name, text);
                self.allowlists.extend(allowlists);
                self.notices.extend(notices);
            }
        }
        let more = self.allowlists.len() - before;
        self.loosened(name, more, "allowlist", "allowlists");
        Ok(())
    }

    /// The rules of the user's own, to be used beside those that are built in.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|own| &own.rule)
    }

    /// The same with their text, to be written to a file.
    pub fn own_rules(&self) -> &[OwnRule] {
        &self.rules
    }

    /// True when a rule of the user's own, by its id here, is limited to some paths.
    pub fn limits_paths_of(&self, id: &str) -> bool {
        self.limits.iter().any(|(limited, _)| limited == id)
    }

    /// The allowlists, in the order of their files.
    pub fn allowlists(&self) -> &[Allowlist] {
        &self.allowlists
    }

    /// What excuses a finding, if anything does: whose file, and why. Entries that list the finding
    /// count as used from then on.
    pub fn excuse(
        &mut self,
        finding: &Finding,
        around: Surroundings<'_>,
    ) -> Option<(Tool, String)> {
        // All listings are asked, so that an entry beside an allowlist is not called stale.
        let mut listed = None;
        for listing in &mut self.listings {
            let reason = listing.excuse(finding);
            listed = listed.or(reason.map(|reason| (listing.tool, reason)));
        }
        let mut allowlists = self.allowlists.iter();
        let allowed = allowlists.find(|allowlist| allowlist.excuses(finding, around));
        self.limit(finding)
            .or_else(|| allowed.map(|allowlist| (allowlist.tool, allowlist.reason(finding))))
            .or(listed)
    }

    /// gitleaks limits a rule to some paths; a finding elsewhere is none of its.
    fn limit(&self, finding: &Finding) -> Option<(Tool, String)> {
        let out = |(id, path): &&(String, Pattern)| {
            *finding.rule.id == **id && !path.is_match(finding.path.as_bytes())
        };
        let reason = "the rule is for other paths".to_owned();
        self.limits
            .iter()
            .find(out)
            .map(|_| (Tool::Gitleaks, reason))
    }

    /// What was told while files were added: what loosens the scan, what is not supported.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Entries that excused nothing, once all findings were asked about. `looked_at` tells whether the
    /// scan looked at a path, or would have if the file were still there.
    pub fn stale(&self, looked_at: &dyn Fn(&str) -> bool) -> Vec<Notice> {
        const SHOWN: usize = 5;
        let notice = |listing: &Listing| {
            let unused = listing.unused(looked_at);
            let shown: Vec<String> = unused.iter().take(SHOWN).map(usize::to_string).collect();
            let more = match unused.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let text = format!(
                "{} lists what is not found any more: {} {}{more}",
                listing.name,
                listing.unit,
                shown.join(", ")
            );
            (!unused.is_empty()).then(|| Notice::new(NoticeKind::StaleAllow, text))
        };
        self.listings.iter().filter_map(notice).collect()
    }

    fn list(&mut self, listing: Listing) {
        self.loosened(&listing.name, listing.len(), "entry", "entries");
        self.listings.push(listing);
    }

    fn loosened(&mut self, name: &str, count: usize, one: &str, many: &str) {
        let noun = if count == 1 { one } else { many };
        if count > 0 {
            let text = format!("{count} {noun} of {name} may excuse findings");
            self.notices.push(Notice::new(NoticeKind::Loosened, text));
        }
    }
}

impl Allowlist {
    /// Why a finding does not count, in the words of its author, and where they stand. Words that quote
    /// the credential are left out.
    fn reason(&self, finding: &Finding) -> String {
        let said = self.description.trim();
        let quotes = memchr::memmem::find(said.as_bytes(), finding.secret.expose()).is_some();
        if said.is_empty() || quotes {
            self.place.clone()
        } else {
            format!("{said} ({})", self.place)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Assessor;
    use crate::assess::specimen;
    use crate::detect::{Detector, Scratch, Text};
    use crate::finding::Commit;
    use crate::location::Position;
    use crate::rule::sample::{Expander, Rng};
    use crate::rule::{RuleSet, builtin};
    use crate::secret::Secret;
    use data_encoding::HEXLOWER;
    use std::sync::Arc;

    /// What the rules find in a text of that path.
    fn findings(rules: RuleSet, path: &str, text: &str) -> Vec<Finding> {
        let detector = Detector::new(Arc::new(rules));
        let text = Text {
            bytes: text.as_bytes(),
            path,
            binary: false,
        };
        let matches = detector.search(&text, &mut Scratch::default());
        let mut assessor = Assessor::new(detector.rules(), None, 0);
        specimen::take(&text, detector.rules(), &matches.found, Position::START)
            .into_iter()
            .filter_map(|specimen| assessor.assess(specimen))
            .collect()
    }

    /// A token of GitHub's on the second line of a file.
    fn token(path: &str) -> Finding {
        let shape = "ghp_{{alnum:30}}{{crc32_base62}}";
        let mut expander = Expander::new(Rng::seeded("compat"), "", &|_| None);
        let token = expander.expand(shape).expect("it is a shape").text;
        let mut found = findings(builtin(), path, &format!("a = 1\nTOKEN={token}\n"));
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    fn with(kind: FileKind, text: &str) -> Compat {
        let mut compat = Compat::default();
        compat.add(kind, "file", text).expect("it can be read");
        compat
    }

    fn excused(compat: &mut Compat, finding: &Finding) -> bool {
        compat.excuse(finding, Surroundings::default()).is_some()
    }

    #[test]
    fn allowlists_look_at_what_they_name() {
        let finding = token("docs/a.md");
        let line = Secret::new(b"TOKEN=x # fixture".to_vec());
        let around = Surroundings {
            matched: None,
            line: Some(&line),
        };
        for (list, wanted) in [
            ("paths = ['^docs/']", true),
            ("paths = ['^src/']", false),
            ("regexes = ['^ghp_']", true),
            ("regexes = ['^TOKEN=']", false),
            ("regexTarget = 'line'\nregexes = ['^TOKEN=.*fixture']", true),
            ("stopwords = ['GHP_']", true),
            ("stopwords = ['fixture']", false),
            ("commits = ['0f']", false),
            ("paths = ['^docs/']\nstopwords = ['no']", true),
            (
                "condition = 'AND'\npaths = ['^docs/']\nstopwords = ['no']",
                false,
            ),
            (
                "condition = 'AND'\npaths = ['^docs/']\nstopwords = ['ghp']",
                true,
            ),
            ("condition = 'AND'", false),
            ("targetRules = ['github-pat']\npaths = ['^docs/']", true),
            ("targetRules = ['gitlab-pat']\npaths = ['^docs/']", false),
        ] {
            let mut compat = with(FileKind::GitleaksToml, &format!("[[allowlists]]\n{list}\n"));
            assert_eq!(compat.excuse(&finding, around).is_some(), wanted, "{list}");
        }
    }

    #[test]
    fn an_excuse_says_whose_and_why() {
        let text = "[allowlist]\ndescription = \"samples\"\npaths = ['^docs/']\n";
        let mut compat = with(FileKind::GitleaksToml, text);
        assert_eq!(
            compat.excuse(&token("docs/a.md"), Surroundings::default()),
            Some((Tool::Gitleaks, "samples (file:1)".to_owned()))
        );
        let loosened: Vec<_> = compat
            .notices()
            .iter()
            .filter(|notice| notice.kind == NoticeKind::Loosened)
            .map(|notice| notice.text.as_str())
            .collect();
        assert_eq!(loosened, ["1 allowlist of file may excuse findings"]);
    }

    #[test]
    fn an_ignore_file_goes_by_file_and_line() {
        let mut finding = token("src/a.py");
        let commit = "0f".repeat(20);
        for (text, wanted) in [
            ("src/a.py:github-pat:2".to_owned(), true),
            ("src\\a.py:github-pat:2".to_owned(), true),
            ("src/a.py:github-pat:1".to_owned(), false),
            ("src/b.py:github-pat:2".to_owned(), false),
            (format!("{commit}:src/a.py:github-pat:2"), true),
        ] {
            let mut compat = with(FileKind::GitleaksIgnore, &text);
            assert_eq!(excused(&mut compat, &finding), wanted, "{text}");
            assert_eq!(compat.stale(&|_| true).is_empty(), wanted, "{text}");
            assert!(compat.stale(&|_| false).is_empty(), "out of scope");
        }
        finding.commit = Some(Arc::new(Commit {
            id: "ab".repeat(20),
            author: None,
            time: 0,
        }));
        let listed = format!("{commit}:src/a.py:github-pat:2");
        assert!(!excused(
            &mut with(FileKind::GitleaksIgnore, &listed),
            &finding
        ));
    }

    #[test]
    fn stale_entries_are_told_by_number() {
        let lines: Vec<String> = (1..=7).map(|line| format!("a:b:{line}\n")).collect();
        let lines = lines.concat();
        let compat = with(FileKind::GitleaksIgnore, &lines);
        let texts: Vec<String> = compat
            .stale(&|_| true)
            .into_iter()
            .map(|notice| notice.text)
            .collect();
        assert_eq!(
            texts,
            ["file lists what is not found any more: line 1, 2, 3, 4, 5 and 2 more"]
        );
    }

    #[test]
    fn a_secrets_baseline_goes_by_file_and_digest() {
        let finding = token("src/a.py");
        let digest = HEXLOWER.encode(&sha1::sha1(finding.secret.expose()));
        let other = "0f".repeat(20);
        for (path, digest, wanted) in [
            ("src/a.py", &digest, true),
            ("src/b.py", &digest, false),
            ("src/a.py", &other, false),
        ] {
            let text = format!(r#"{{"results": {{"{path}": [{{"hashed_secret": "{digest}"}}]}}}}"#);
            let mut compat = with(FileKind::SecretsBaseline, &text);
            assert_eq!(excused(&mut compat, &finding), wanted, "{path}");
        }
    }

    #[test]
    fn a_report_goes_by_value_or_else_by_line() {
        let finding = token("src/a.py");
        let value = String::from_utf8_lossy(finding.secret.expose()).into_owned();
        for (secret, line, wanted) in [
            (value.as_str(), 99, true),
            ("REDACTED", 2, true),
            ("REDACTED", 99, false),
            ("another value", 2, false),
        ] {
            let text = format!(
                r#"[{{"RuleID": "x", "File": "src/a.py", "StartLine": {line}, "Secret": "{secret}"}}]"#
            );
            let mut compat = with(FileKind::GitleaksReport, &text);
            assert_eq!(excused(&mut compat, &finding), wanted, "line {line}");
        }
    }

    #[test]
    fn own_rules_find_in_their_paths() {
        let text =
            "[[rules]]\nid = 'acme'\nregex = '''acme-([0-9a-z]{24})'''\npath = '''\\.env$'''\n";
        let mut compat = with(FileKind::GitleaksToml, text);
        let mut expander = Expander::new(Rng::seeded("acme"), "", &|_| None);
        let line = expander
            .expand("x acme-{{lower_alnum:24}}\n")
            .expect("it is a shape")
            .text;
        for (path, wanted) in [("a.env", false), ("a.txt", true)] {
            let all = builtin();
            let rules = all.iter().map(|rule| Rule::clone(rule));
            let rules = RuleSet::new(rules.chain(compat.rules().cloned())).expect("ids differ");
            let found = findings(rules, path, &line);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(&*found[0].rule.id, "own-acme");
            assert_eq!(excused(&mut compat, &found[0]), wanted, "{path}");
        }
    }
}
