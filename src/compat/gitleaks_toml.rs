//! `.gitleaks.toml`: allowlists, and rules of one's own.
//!
//! It is read leniently, because that format grows: what is not known here is told and passed over.
//! Nothing is told of values, only of names and places, for an allowlist may hold what it allows.

use super::allowlist::{Allowlist, Pattern, Target};
use super::error::{CompatError, without_mark};
use super::own_rule::{OwnRule, Theirs};
use crate::detect::marks::Tool;
use crate::notice::{Notice, NoticeKind};
use crate::secret::Secret;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct GitleaksToml {
    pub(super) allowlists: Vec<Allowlist>,
    pub(super) rules: Vec<OwnRule>,
    /// Rules taken over that are limited to some paths.
    pub(super) limits: Vec<(String, Pattern)>,
    pub(super) notices: Vec<Notice>,
}

/// Reads the file.
///
/// # Errors
/// When it is no TOML.
pub(super) fn parse(name: &str, text: &str) -> Result<GitleaksToml, CompatError> {
    let text = without_mark(text);
    let document = DeTable::parse(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        CompatError::at(name, text, start, error.message())
    })?;
    let mut reader = Reader {
        name,
        text,
        found: GitleaksToml::default(),
    };
    reader.document(document.get_ref());
    Ok(reader.found)
}

struct Reader<'t> {
    name: &'t str,
    text: &'t str,
    found: GitleaksToml,
}

/// The keys of an allowlist.
const ALLOWLIST: &[&str] = &[
    "commits",
    "condition",
    "description",
    "paths",
    "regexTarget",
    "regexes",
    "stopwords",
    "targetRules",
];

impl Reader<'_> {
    fn document(&mut self, table: &DeTable<'_>) {
        self.strange(
            table,
            &[
                "allowlist",
                "allowlists",
                "description",
                "extend",
                "minVersion",
                "rules",
                "title",
            ],
        );
        self.extend(table.get("extend"));
        for value in many(table, &["allowlist", "allowlists"]) {
            self.allowlist(value, None);
        }
        for value in many(table, &["rules"]) {
            self.rule(value);
        }
    }

    /// What the file builds on. Our rules stay, whatever it says.
    fn extend(&mut self, extend: Option<&Spanned<DeValue<'_>>>) {
        let table = extend.and_then(|value| value.get_ref().as_table());
        let defaults = table
            .and_then(|table| table.get("useDefault"))
            .is_some_and(|value| matches!(value.get_ref(), DeValue::Boolean(true)));
        if !defaults {
            let text = format!(
                "{}: gitleaks would use the rules of this file alone; the rules that are built in stay",
                self.name
            );
            self.found.notices.push(Notice::new(NoticeKind::Note, text));
        }
        for (key, value) in table.into_iter().flatten() {
            let at = value.span().start;
            match &**key.get_ref() {
                "useDefault" => {}
                "path" | "url" => self.unsupported(at, "the file that it extends is not read"),
                "disabledRules" => self.unsupported(
                    at,
                    "`disabledRules` names rules of gitleaks; ours are turned off in .straykey.toml",
                ),
                _ => self.unsupported(at, "a key of `extend` is not known"),
            }
        }
    }

    /// `rule` is the id of the rule that it belongs to; None for all rules or those that it names.
    fn allowlist(&mut self, value: &Spanned<DeValue<'_>>, rule: Option<&str>) {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            return self.unsupported(at, "an allowlist is a table");
        };
        self.strange(table, ALLOWLIST);
        let mut allowlist = Allowlist::new(Tool::Gitleaks, self.place(at));
        allowlist.description = string(table, "description").unwrap_or_default();
        allowlist.rules = match rule {
            Some(rule) => vec![rule.to_owned()],
            None => self.strings(table, "targetRules"),
        };
        allowlist.all = string(table, "condition")
            .is_some_and(|condition| matches!(&*condition.to_ascii_uppercase(), "AND" | "&&"));
        allowlist.commits = self.strings(table, "commits");
        for commit in &mut allowlist.commits {
            commit.make_ascii_lowercase();
        }
        allowlist.target = match string(table, "regexTarget").as_deref() {
            None | Some("" | "secret") => Target::Secret,
            Some("match") => Target::Match,
            Some("line") => Target::Line,
            Some(_) => return self.unsupported(at, "this `regexTarget` is not known"),
        };
        let paths = self.patterns(table, "paths", &mut allowlist.paths);
        let regexes = self.patterns(table, "regexes", &mut allowlist.regexes);
        allowlist.stopwords = self
            .strings(table, "stopwords")
            .into_iter()
            .filter(|word| !word.is_empty())
            .map(|word| Secret::new(word.to_ascii_lowercase().into_bytes()))
            .collect();
        // Without one of its conditions the list would excuse more than it was meant to.
        if allowlist.all && !(paths && regexes) {
            self.unsupported(at, "the allowlist wants all that it lists, and is left out");
        } else if !allowlist.is_empty() {
            self.found.allowlists.push(allowlist);
        }
    }

    /// Compiles the expressions of a list. False where one is left out.
    fn patterns(&mut self, table: &DeTable<'_>, key: &str, into: &mut Vec<Pattern>) -> bool {
        let mut all = true;
        for (at, text) in self.placed(table, key) {
            match Pattern::new(&text) {
                Ok(pattern) => into.push(pattern),
                Err(error) => {
                    self.unsupported(at, &format!("an expression in `{key}`: {error}"));
                    all = false;
                }
            }
        }
        all
    }

    fn rule(&mut self, value: &Spanned<DeValue<'_>>) {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            return self.unsupported(at, "a rule is a table");
        };
        let known = [
            "allowlist",
            "allowlists",
            "description",
            "entropy",
            "id",
            "keywords",
            "path",
            "regex",
            "secretGroup",
            "tags",
        ];
        let complete = self.strange(table, &known);
        let Some(id) = string(table, "id").filter(|id| id.chars().any(char::is_alphanumeric))
        else {
            return self.unsupported(at, "a rule without an `id`");
        };
        for list in many(table, &["allowlist", "allowlists"]) {
            self.allowlist(list, Some(&id));
        }
        let theirs = Theirs {
            description: string(table, "description").unwrap_or_default(),
            regex: string(table, "regex").unwrap_or_default(),
            group: number(table, "secretGroup"),
            entropy: number(table, "entropy"),
            id,
        };
        if !complete {
            self.unsupported(at, &format!("rule `{}` is left out", theirs.id));
        } else if !theirs.regex.is_empty() {
            self.own(at, &theirs, string(table, "path").as_deref());
        } else if table.contains_key("path") {
            let text = format!("rule `{}` finds files by name, not credentials", theirs.id);
            self.unsupported(at, &text);
        }
    }

    /// Takes a rule over, limited to a path where one is given.
    fn own(&mut self, at: usize, theirs: &Theirs, path: Option<&str>) {
        let id = &theirs.id;
        let limit = path.map(Pattern::new).transpose();
        let taken = limit.and_then(|limit| Ok((OwnRule::take(theirs)?, limit)));
        match taken {
            Err(error) => self.unsupported(at, &format!("rule `{id}`: {error}")),
            Ok((own, _)) if self.has(&own) => {
                self.unsupported(at, &format!("rule `{id}` has the id of one before it"));
            }
            Ok((own, limit)) => {
                for difference in &own.differences {
                    let text = format!("{}: rule `{id}`: {difference}", self.place(at));
                    self.found.notices.push(Notice::new(NoticeKind::Note, text));
                }
                let limit = limit.map(|limit| (own.rule.id.to_string(), limit));
                self.found.limits.extend(limit);
                self.found.rules.push(own);
            }
        }
    }

    fn has(&self, own: &OwnRule) -> bool {
        let rules = &self.found.rules;
        rules.iter().any(|known| known.rule.id == own.rule.id)
    }

    /// Tells keys that are not known. False where there are any.
    fn strange(&mut self, table: &DeTable<'_>, known: &[&str]) -> bool {
        let strange: Vec<(usize, String)> = table
            .iter()
            .filter(|(key, _)| !known.contains(&&**key.get_ref()))
            .map(|(key, _)| (key.span().start, key.get_ref().to_string()))
            .collect();
        for (at, key) in &strange {
            self.unsupported(*at, &format!("`{key}` is not known"));
        }
        strange.is_empty()
    }

    fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Vec<String> {
        let placed = self.placed(table, key).into_iter();
        placed.map(|(_, text)| text).collect()
    }

    /// The strings of a list with their places. What is no string is told.
    fn placed(&mut self, table: &DeTable<'_>, key: &str) -> Vec<(usize, String)> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let one = std::slice::from_ref(value);
        let values: &[Spanned<DeValue<'_>>] = match value.get_ref() {
            DeValue::Array(list) => list,
            _ => one,
        };
        let mut texts = Vec::new();
        for value in values {
            match value.get_ref().as_str() {
                Some(text) => texts.push((value.span().start, text.to_owned())),
                None => self.unsupported(value.span().start, &format!("`{key}` lists strings")),
            }
        }
        texts
    }

    fn place(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or_default();
        format!("{}:{}", self.name, before.matches('\n').count() + 1)
    }

    fn unsupported(&mut self, at: usize, what: &str) {
        let text = format!("{}: {what}", self.place(at));
        self.found
            .notices
            .push(Notice::new(NoticeKind::Unsupported, text));
    }
}

/// The tables of all these keys, whether each is one table or a list of them.
fn many<'v, 't>(table: &'v DeTable<'t>, keys: &[&str]) -> Vec<&'v Spanned<DeValue<'t>>> {
    let mut values = Vec::new();
    for value in keys.iter().filter_map(|key| table.get(*key)) {
        match value.get_ref() {
            DeValue::Array(list) => values.extend(list.iter()),
            _ => values.push(value),
        }
    }
    values
}

fn string(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key)?.get_ref().as_str().map(str::to_owned)
}

/// A number, or 0 where there is none.
fn number<N: std::str::FromStr + Default>(table: &DeTable<'_>, key: &str) -> N {
    let number = match table.get(key).map(Spanned::get_ref) {
        Some(DeValue::Integer(number)) => number.as_str().parse().ok(),
        Some(DeValue::Float(number)) => number.as_str().parse().ok(),
        _ => None,
    };
    number.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = ".gitleaks.toml";

    fn read(text: &str) -> GitleaksToml {
        parse(NAME, text).expect("it is TOML")
    }

    fn texts(found: &GitleaksToml, kind: NoticeKind) -> Vec<&str> {
        let notices = found.notices.iter();
        notices
            .filter(|notice| notice.kind == kind)
            .map(|notice| notice.text.as_str())
            .collect()
    }

    #[test]
    fn allowlists_old_and_new_are_read() {
        let found = read(
            r#"
title = "ours"
[extend]
useDefault = true
[allowlist]
description = "all"
paths = ['''^docs/''']
stopwords = ["Sample"]
[[allowlists]]
condition = "AND"
regexTarget = "line"
targetRules = ["generic-api-key"]
regexes = ['''fixture''']
commits = ["ABCDEF"]
[[rules]]
id = "github-pat"
[rules.allowlist]
paths = ["a"]
[[rules]]
id = "gcp-api-key"
[[rules.allowlists]]
paths = ["b"]
"#,
        );
        assert_eq!(found.notices, []);
        let [all, lines, github, google] = found.allowlists.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(all.place, ".gitleaks.toml:5");
        assert_eq!(
            (all.paths.len(), all.stopwords.len(), all.all),
            (1, 1, false)
        );
        assert!(lines.all && lines.target == Target::Line);
        assert_eq!(lines.commits, ["abcdef"]);
        assert_eq!(lines.rules, ["generic-api-key"]);
        assert_eq!(github.rules, ["github-pat"]);
        assert_eq!(google.rules, ["gcp-api-key"]);
    }

    #[test]
    fn rules_are_taken_over_or_told() {
        let found = read(
            r#"
[extend]
useDefault = true
[[rules]]
id = "acme-token"
description = "Acme"
regex = '''\bacme_([0-9a-z]{24})\b'''
entropy = 3
secretGroup = 1
keywords = ["acme_"]
tags = ["acme"]
path = '''\.env$'''
[[rules]]
id = "bare-hex"
regex = '''[0-9a-f]{32}'''
[[rules]]
id = "key-file"
path = '''\.p12$'''
[[rules]]
id = "composite"
regex = '''acme_[a-z]{9}'''
required = [{ id = "acme-token" }]
[[rules]]
id = "ACME token"
regex = '''acme_[a-z]{9}'''
[[rules]]
regex = "x"
"#,
        );
        assert_eq!(found.rules.len(), 1);
        assert!((found.rules[0].rule.min_entropy - 3.0).abs() < 1e-9);
        assert_eq!(found.limits.len(), 1);
        assert_eq!(
            texts(&found, NoticeKind::Unsupported),
            [
                ".gitleaks.toml:13: rule `bare-hex`: no literal of three bytes that every match contains: the whole tree would be tried byte by byte",
                ".gitleaks.toml:16: rule `key-file` finds files by name, not credentials",
                ".gitleaks.toml:22: `required` is not known",
                ".gitleaks.toml:19: rule `composite` is left out",
                ".gitleaks.toml:23: rule `ACME token` has the id of one before it",
                ".gitleaks.toml:26: a rule without an `id`",
            ]
        );
    }

    #[test]
    fn oddities_are_told_without_their_values() {
        let found = read(
            "\u{feff}[allowlist]\r\nregexes = [\"fine\", \"hunter(\", 2]\r\npaths = \"alone\"\r\nnovel = 1\r\n\
             [[allowlists]]\r\ncondition = \"AND\"\r\nregexes = ['''hunter(''']\r\npaths = ['a']\r\n",
        );
        assert_eq!(found.allowlists.len(), 1);
        assert_eq!(
            texts(&found, NoticeKind::Unsupported),
            [
                ".gitleaks.toml:4: `novel` is not known",
                ".gitleaks.toml:2: `regexes` lists strings",
                ".gitleaks.toml:2: an expression in `regexes`: unclosed group",
                ".gitleaks.toml:7: an expression in `regexes`: unclosed group",
                ".gitleaks.toml:5: the allowlist wants all that it lists, and is left out",
            ]
        );
        assert_eq!(
            texts(&found, NoticeKind::Note),
            [
                ".gitleaks.toml: gitleaks would use the rules of this file alone; the rules that are built in stay"
            ]
        );
        assert!(!format!("{found:?}").contains("hunter"));
    }

    #[test]
    fn an_empty_file_is_fine_and_a_broken_one_is_placed() {
        assert!(read("").allowlists.is_empty());
        let error = parse(NAME, "title = \"x\"\n[allowlist\n").expect_err("is no TOML");
        assert!(error.path == NAME && error.line >= 2, "{error}");
        assert!(!error.hint.is_empty());
    }
}
