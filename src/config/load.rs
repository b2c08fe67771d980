//! From the text of a configuration to its values, each checked where it stands.

mod allow;

use super::Config;
use super::allow::Allow;
use super::error::Fault;
use super::place::{Lines, Placed};
use super::selector::Selector;
use super::source::{AllowSource, ConfigFile};
use crate::environment::Environment;
use crate::haystack::globs::{GlobError, Globs};
use crate::severity::Confidence;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// More than anyone writes by hand, and little enough to be read in no time; in bytes.
const LONGEST: usize = 1 << 20;
/// The tools whose files and marks may be honoured.
const COMPAT: [&str; 3] = ["gitleaks", "detect-secrets", "trufflehog"];

/// Reads a configuration.
pub(super) fn load(name: &str, text: &str) -> Result<Config, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(
            0..0,
            "more than a mebibyte",
            "keep what is known in a baseline",
        ));
    }
    let file: ConfigFile = toml::from_str(text).map_err(|error| Fault::of_toml(&error))?;
    let lines = Lines::new(text);
    let loader = Loader { lines: &lines };
    Ok(Config {
        name: name.to_owned(),
        fail_on: file.fail_on.as_ref().map(|text| lines.placed(text)),
        min_confidence: loader.min_confidence(file.min_confidence.as_ref())?,
        task_environment: task_environment(file.task_environment.as_ref())?,
        baseline: loader.baseline(file.baseline.as_ref())?,
        compat: loader.all(&file.compat, Loader::tool)?,
        exclude: exclude(&file.paths.exclude)?,
        disable: loader.all(&file.rules.disable, Loader::disabled)?,
        only: loader.all(&file.rules.only, Loader::selector)?,
        rule_files: loader.all(&file.rules.files, Loader::inside)?,
        confidence: loader.confidence(&file.rules.confidence)?,
        allows: loader.all(&file.allow, Loader::allow)?,
    })
}

struct Loader<'t> {
    lines: &'t Lines<'t>,
}

impl Loader<'_> {
    fn all<S, T>(
        &self,
        list: &[S],
        one: impl Fn(&Self, &S) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        list.iter().map(|item| one(self, item)).collect()
    }

    fn min_confidence(
        &self,
        level: Option<&Spanned<String>>,
    ) -> Result<Option<Placed<Confidence>>, Fault> {
        let placed = |level: &Spanned<String>| {
            let at = self.lines.position(level.span().start);
            confidence(level).map(|value| Placed { value, at })
        };
        level.map(placed).transpose()
    }

    fn baseline(&self, path: Option<&Spanned<String>>) -> Result<Option<Placed<String>>, Fault> {
        path.map(|path| self.inside(path)).transpose()
    }

    fn tool(&self, tool: &Spanned<String>) -> Result<Placed<String>, Fault> {
        if COMPAT.contains(&tool.get_ref().as_str()) {
            return Ok(self.lines.placed(tool));
        }
        Err(Fault::choice(tool.span(), tool.get_ref(), &COMPAT))
    }

    /// A path that stays in the tree, on every system.
    fn inside(&self, path: &Spanned<String>) -> Result<Placed<String>, Fault> {
        let text = path.get_ref();
        let leaves = text.split('/').any(|part| part == "..")
            || text.starts_with(['/', '~'])
            || text.contains(['\\', ':'])
            || text.trim().is_empty();
        if leaves {
            return Err(Fault::new(
                path.span(),
                format!("`{text}` is no relative path inside the tree"),
                "name a file of the tree with `/` between folders; `..`, `~` and URLs lead out of it",
            ));
        }
        Ok(self.lines.placed(path))
    }

    fn selector(&self, name: &Spanned<String>) -> Result<Placed<Selector>, Fault> {
        let at = self.lines.position(name.span().start);
        selector(name).map(|value| Placed { value, at })
    }

    fn disabled(&self, name: &Spanned<String>) -> Result<Placed<Selector>, Fault> {
        let selector = self.selector(name)?;
        if selector.value.is_everything() {
            return Err(Fault::new(
                name.span(),
                "this disables every rule, so nothing would be searched",
                "name the rules to leave out, or those to use in `only`",
            ));
        }
        Ok(selector)
    }

    fn confidence(
        &self,
        levels: &BTreeMap<Spanned<String>, Spanned<String>>,
    ) -> Result<Vec<(Placed<Selector>, Confidence)>, Fault> {
        levels
            .iter()
            .map(|(rule, level)| -> Result<_, Fault> {
                Ok((self.selector(rule)?, confidence(level)?))
            })
            .collect()
    }

    fn allow(&self, allow: &Spanned<AllowSource>) -> Result<Allow, Fault> {
        let at = self.lines.position(allow.span().start);
        allow::read(allow, at)
    }
}

fn confidence(level: &Spanned<String>) -> Result<Confidence, Fault> {
    let levels = [Confidence::Low, Confidence::Medium, Confidence::High];
    choice(level, &levels, Confidence::as_str)
}

fn task_environment(name: Option<&Spanned<String>>) -> Result<Option<Environment>, Fault> {
    let environments = [
        Environment::Production,
        Environment::Staging,
        Environment::Test,
        Environment::Local,
    ];
    name.map(|name| choice(name, &environments, Environment::as_str))
        .transpose()
}

fn choice<T: Copy>(
    word: &Spanned<String>,
    known: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, Fault> {
    let found = known
        .iter()
        .copied()
        .find(|&one| name(one) == word.get_ref());
    found.ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|&one| name(one)).collect();
        Fault::choice(word.span(), word.get_ref(), &names)
    })
}

fn selector(name: &Spanned<String>) -> Result<Selector, Fault> {
    Selector::new(name.get_ref()).ok_or_else(|| {
        Fault::new(
            name.span(),
            format!(
                "`{}` is no rule id, provider or glob such as `aws-*`",
                name.get_ref()
            ),
            "`straykey rules list WORD` finds rules",
        )
    })
}

/// The globs are compiled together, since a later one overrules those before.
fn exclude(patterns: &[Spanned<String>]) -> Result<Globs, Fault> {
    let texts: Vec<&String> = patterns.iter().map(Spanned::get_ref).collect();
    Globs::new(&texts).map_err(|error| {
        let span = patterns.get(error.index).map(Spanned::span);
        no_glob(span.unwrap_or_default(), &error)
    })
}

fn no_glob(span: Range<usize>, error: &GlobError) -> Fault {
    Fault::new(
        span,
        error.to_string(),
        "globs are written as in a .gitignore, such as `vendor/**` or `*.min.js`",
    )
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::config::examples::{EVERY_KEY, accepted, problem};
    use crate::environment::Environment;
    use crate::severity::Confidence;

    #[test]
    fn every_key_is_read() {
        let config = accepted(EVERY_KEY);
        assert_eq!(config.name, "own.toml");
        let fail_on = config.fail_on.as_ref().expect("it is given");
        assert_eq!(fail_on.value, "high,destroy@production");
        assert_eq!((fail_on.at.line, fail_on.at.column), (2, 11));
        let least = config.min_confidence.as_ref().expect("it is given");
        assert_eq!((least.value, least.at.line), (Confidence::Medium, 3));
        assert_eq!(config.task_environment, Some(Environment::Staging));
        let baseline = config.baseline.as_ref().expect("it is given");
        assert_eq!(baseline.value, ".straykey-baseline");
        assert_eq!(config.compat[0].value, "gitleaks");
        assert_eq!(config.exclude.patterns(), ["vendor/**", "*.min.js"]);
        assert_eq!(config.disable[0].value.as_str(), "generic-password");
        assert_eq!(config.only[0].value.as_str(), "aws-*");
        assert_eq!(config.rule_files[0].value, "ci/straykey-rules.toml");
        let (rule, level) = &config.confidence[0];
        assert_eq!(
            (rule.value.as_str(), *level),
            ("generic-token", Confidence::Low)
        );
    }

    #[test]
    fn every_key_may_be_left_out() {
        let empty = accepted("");
        assert!(empty.fail_on.is_none() && empty.allows.is_empty());
        assert!(empty.exclude.is_empty());
        assert!(Config::default().name.is_empty());
    }

    #[test]
    fn words_are_chosen_from_a_list() {
        for (text, expected) in [
            (
                "min-confidence = \"hihg\"",
                "own.toml:1:18: `hihg` is none of `low`, `medium`, `high`; did you mean `high`?",
            ),
            (
                "task-environment = \"unknown\"",
                "own.toml:1:20: `unknown` is none of `production`, `staging`, `test`, `local`; \
                 choose one of them",
            ),
            (
                "compat = [\"gitleak\"]",
                "own.toml:1:11: `gitleak` is none of `gitleaks`, `detect-secrets`, `trufflehog`; \
                 did you mean `gitleaks`?",
            ),
            (
                "[rules.confidence]\naws = \"none\"",
                "own.toml:2:7: `none` is none of `low`, `medium`, `high`; choose one of them",
            ),
        ] {
            assert_eq!(problem(text), expected);
        }
    }

    #[test]
    fn paths_stay_in_the_tree() {
        let hint = "name a file of the tree with `/` between folders; \
                    `..`, `~` and URLs lead out of it";
        for path in [
            "../b",
            "a/../../b",
            "/etc/b",
            "~/b",
            "https://host/b",
            "C:/b",
            "a//..",
            " ",
        ] {
            let expected =
                format!("own.toml:1:12: `{path}` is no relative path inside the tree; {hint}");
            assert_eq!(problem(&format!("baseline = \"{path}\"")), expected);
            let text = format!("[rules]\nfiles = [\"{path}\"]");
            assert!(problem(&text).starts_with("own.toml:2:10: "), "{path}");
        }
        assert!(problem("baseline = '..\\b'").starts_with("own.toml:1:12: "));
    }

    #[test]
    fn globs_and_names_of_rules_are_checked() {
        for (text, expected) in [
            (
                "[paths]\nexclude = [\"a\", \"b[\"]",
                "own.toml:2:17: `b[` is no glob: unclosed character class; missing ']'; \
                 globs are written as in a .gitignore, such as `vendor/**` or `*.min.js`",
            ),
            (
                "[rules]\ndisable = [\"AWS keys\"]",
                "own.toml:2:12: `AWS keys` is no rule id, provider or glob such as `aws-*`; \
                 `straykey rules list WORD` finds rules",
            ),
            (
                "[rules]\ndisable = [\"*\"]",
                "own.toml:2:12: this disables every rule, so nothing would be searched; \
                 name the rules to leave out, or those to use in `only`",
            ),
            (
                "[rules.confidence]\n\"A\" = \"low\"",
                "own.toml:2:1: `A` is no rule id, provider or glob such as `aws-*`; \
                 `straykey rules list WORD` finds rules",
            ),
        ] {
            assert_eq!(problem(text), expected);
        }
    }

    #[test]
    fn a_file_has_an_end() {
        let text = format!("# {}\n", "x".repeat(1 << 20));
        assert_eq!(
            problem(&text),
            "own.toml:1:1: more than a mebibyte; keep what is known in a baseline"
        );
    }
}
