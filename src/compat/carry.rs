//! Carries an allowlist of another tool over into allows of our configuration.
//!
//! An allow of ours is never wider than the list it comes from. What it cannot say is left, and told
//! without the expression: that may be the very credential that it allows.

use super::allowlist::{Allowlist, Pattern, Target};
use super::counterpart::selectors;
use super::toml_text::quoted;
use crate::haystack::globs::Globs;
use crate::rule::foreign::globs;
use crate::rule::{Rule, ValueShape};
use std::fmt::Write as _;

/// What became of an allowlist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// `[[allow]]` tables; empty where nothing could be carried over.
    pub text: String,
    /// What was left, and why.
    pub left: Vec<String>,
}

/// Carries an allowlist over. `rules` are all that will be there; `is_secret` tells a text that holds
/// a credential, which is never copied.
pub fn carry(allowlist: &Allowlist, rules: &[&Rule], is_secret: &dyn Fn(&str) -> bool) -> Carried {
    let mut carrier = Carrier {
        allowlist,
        is_secret,
        left: Vec::new(),
    };
    let rules = carrier.rules(rules);
    let conditions = if allowlist.all {
        carrier.all()
    } else {
        carrier.any()
    };
    let reason = carrier.reason();
    let mut text = String::new();
    for condition in &conditions {
        for rule in &rules {
            _ = write!(text, "\n[[allow]]\nreason = {}\n", quoted(&reason));
            for (key, value) in [
                ("rule", rule),
                ("path", &condition.path),
                ("value", &condition.value),
            ] {
                let line = |value| format!("{key} = {}\n", quoted(value));
                text.extend(value.as_deref().map(line));
            }
        }
    }
    Carried {
        text,
        left: carrier.left,
    }
}

/// What has to hold of path and value.
#[derive(Clone, Debug, Default)]
struct Condition {
    path: Option<String>,
    value: Option<String>,
}

struct Carrier<'a> {
    allowlist: &'a Allowlist,
    is_secret: &'a dyn Fn(&str) -> bool,
    left: Vec<String>,
}

impl Carrier<'_> {
    /// Why the allows are there: whose they were, and what their author said.
    fn reason(&self) -> String {
        let Allowlist {
            place, description, ..
        } = self.allowlist;
        match description.trim() {
            said if said.is_empty() || (self.is_secret)(said) => format!("from {place}"),
            said => format!("from {place}: {said}"),
        }
    }

    fn leave(&mut self, why: &str) {
        let line = format!("{}: {why}", self.allowlist.place);
        if !self.left.contains(&line) {
            self.left.push(line);
        }
    }

    /// The rules that the allows name; one None where they are for all rules.
    fn rules(&mut self, rules: &[&Rule]) -> Vec<Option<String>> {
        if self.allowlist.rules.is_empty() {
            return vec![None];
        }
        let mut names = Vec::new();
        for theirs in &self.allowlist.rules {
            let ours = selectors(theirs, rules.iter().copied());
            if ours.is_empty() {
                self.leave(&format!("no rule answers to `{theirs}`"));
            }
            names.extend(ours.into_iter().map(Some));
        }
        names.sort();
        names.dedup();
        names
    }

    /// Each kind of its own: any of them is enough.
    fn any(&mut self) -> Vec<Condition> {
        self.commits();
        let with_path = |path| Condition {
            path: Some(path),
            value: None,
        };
        let mut conditions: Vec<Condition> = self.paths().into_iter().map(with_path).collect();
        let regexes = self.regexes();
        let values = regexes.into_iter().chain(self.stopwords());
        conditions.extend(values.map(|value| Condition {
            path: None,
            value: Some(value),
        }));
        conditions
    }

    /// One of each kind together. Without one of the kinds there is no allow at all.
    fn all(&mut self) -> Vec<Condition> {
        let list = self.allowlist;
        let values = match (list.regexes.is_empty(), list.stopwords.is_empty()) {
            (true, true) => vec![None],
            (false, true) => self.regexes().into_iter().map(Some).collect(),
            (true, false) => self.stopwords().into_iter().map(Some).collect(),
            (false, false) => {
                self.leave("an allow has one `value`, not expressions and words at once");
                Vec::new()
            }
        };
        let paths = if list.paths.is_empty() {
            vec![None]
        } else {
            self.paths().into_iter().map(Some).collect()
        };
        if self.commits() {
            return Vec::new();
        }
        let pair = |path: Option<String>| {
            let with = move |value: &Option<String>| Condition {
                path: path.clone(),
                value: value.clone(),
            };
            values.iter().map(with).collect::<Vec<_>>()
        };
        paths.into_iter().flat_map(pair).collect()
    }

    /// True where commits are listed, which an allow cannot name.
    fn commits(&mut self) -> bool {
        let any = !self.allowlist.commits.is_empty();
        if any {
            self.leave("an allow names no commits");
        }
        any
    }

    fn paths(&mut self) -> Vec<String> {
        let mut paths = Vec::new();
        for pattern in &self.allowlist.paths {
            let text = pattern.text();
            match globs(&text).filter(|globs| globs.iter().all(|glob| is_narrow(glob))) {
                _ if (self.is_secret)(&text) => self.leave(SECRET),
                Some(globs) => paths.extend(globs),
                None => self.leave("an expression over paths says what globs cannot"),
            }
        }
        paths.sort();
        paths.dedup();
        paths
    }

    /// The expressions over values as one over whole values.
    fn regexes(&mut self) -> Option<String> {
        if self.allowlist.regexes.is_empty() {
            return None;
        }
        if self.allowlist.target != Target::Secret {
            self.leave("an allow looks at the value, not at its line or match");
            return None;
        }
        let texts = self.allowlist.regexes.iter().map(Pattern::text).collect();
        self.value("", texts)
    }

    fn stopwords(&mut self) -> Option<String> {
        let words = self.allowlist.stopwords.iter();
        let texts = words
            .map(|word| escaped(&String::from_utf8_lossy(word.expose())))
            .collect();
        self.value("(?i)", texts)
    }

    fn value(&mut self, flags: &str, texts: Vec<String>) -> Option<String> {
        let count = texts.len();
        let public: Vec<String> = texts
            .into_iter()
            .filter(|text| !(self.is_secret)(text))
            .collect();
        if public.len() < count {
            self.leave(SECRET);
        }
        if public.is_empty() {
            return None;
        }
        let value = format!("{flags}(?s:.*)(?:{})(?s:.*)", public.join("|"));
        let fits = ValueShape::new(&value).is_ok();
        if !fits {
            self.leave("an expression over values is too wide or too large for an allow");
        }
        fits.then_some(value)
    }
}

const SECRET: &str = "an expression holds a credential, which is not copied";

fn is_narrow(glob: &str) -> bool {
    Globs::new(&[glob]).is_ok_and(|globs| !globs.matches_everything())
}

/// A text as an expression that matches just it.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        // `\<` and `\>` are the ends of a word.
        if c.is_ascii_punctuation() && !matches!(c, '_' | '-' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::{Compat, FileKind};
    use crate::rule::builtin;

    fn carried(list: &str) -> Carried {
        let mut compat = Compat::default();
        let text = format!("[[allowlists]]\n{list}\n");
        compat
            .add(FileKind::GitleaksToml, "old.toml", &text)
            .expect("it is TOML");
        let rules = builtin();
        let rules: Vec<&Rule> = rules.iter().map(|rule| &**rule).collect();
        carry(&compat.allowlists()[0], &rules, &|text| {
            text.contains("SECRET")
        })
    }

    #[test]
    fn any_of_a_list_is_an_allow_each() {
        let carried = carried(
            "description = 'samples'\npaths = ['^docs/', '\\.md$']\nregexes = ['^EX', 'MPL']\nstopwords = ['A.b']",
        );
        assert_eq!(
            carried.text,
            "
[[allow]]
reason = 'from old.toml:1: samples'
path = '**/*.md'

[[allow]]
reason = 'from old.toml:1: samples'
path = '/docs/**'

[[allow]]
reason = 'from old.toml:1: samples'
value = '(?s:.*)(?:^EX|MPL)(?s:.*)'

[[allow]]
reason = 'from old.toml:1: samples'
value = '(?i)(?s:.*)(?:a\\.b)(?s:.*)'
"
        );
        assert!(carried.left.is_empty());
    }

    #[test]
    fn all_of_a_list_is_one_allow() {
        let carried = carried(
            "condition = 'AND'\ntargetRules = ['github-pat']\npaths = ['^docs/']\nregexes = ['EX']",
        );
        assert_eq!(
            carried.text,
            "
[[allow]]
reason = 'from old.toml:1'
rule = 'github'
path = '/docs/**'
value = '(?s:.*)(?:EX)(?s:.*)'
"
        );
    }

    #[test]
    fn what_is_left_is_told_without_its_text() {
        for (list, why) in [
            ("commits = ['0f']", "an allow names no commits"),
            (
                "paths = ['^v\\d+/']",
                "an expression over paths says what globs cannot",
            ),
            (
                "paths = ['.*']",
                "an expression over paths says what globs cannot",
            ),
            (
                "regexes = ['.*']",
                "an expression over values is too wide or too large for an allow",
            ),
            ("regexes = ['SECRET']", SECRET),
            (
                "regexTarget = 'line'\nregexes = ['a']",
                "an allow looks at the value, not at its line or match",
            ),
            (
                "targetRules = ['nobody-key']\npaths = ['a']",
                "no rule answers to `nobody-key`",
            ),
            (
                "condition = 'AND'\nregexes = ['a']\nstopwords = ['b']",
                "an allow has one `value`, not expressions and words at once",
            ),
            (
                "condition = 'AND'\npaths = ['a']\ncommits = ['0f']",
                "an allow names no commits",
            ),
        ] {
            let carried = carried(list);
            assert_eq!(carried.text, "", "{list}");
            assert_eq!(carried.left, [format!("old.toml:1: {why}")], "{list}");
        }
    }

    #[test]
    fn a_credential_in_a_description_is_not_copied() {
        let carried = carried("description = 'SECRET'\npaths = ['^docs/']");
        assert!(carried.text.contains("reason = 'from old.toml:1'\n"));
    }
}
