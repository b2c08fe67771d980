//! What a configuration does to a scan, in sentences for the report.
//!
//! Whoever reads a clean report should see what was taken out of it, and by which line.

use super::Config;
use super::selector::Selector;
use super::suggest::nearest;
use crate::display::counted;
use crate::lifetime::UnixSeconds;
use crate::location::Position;
use crate::notice::{Notice, NoticeKind};
use crate::rule::RuleSet;
use crate::severity::Confidence;

/// What is reported where nothing else is said.
const DEFAULT_CONFIDENCE: Confidence = Confidence::Medium;

impl Config {
    /// Everything in it that makes a scan find, report or fail less than it would without. `rules` are
    /// all rules, before any is left out. Keys that the command line overrules should be taken out
    /// first.
    pub fn loosened(&self, rules: &RuleSet, now: UnixSeconds) -> Vec<Notice> {
        let allows = self
            .allows
            .iter()
            .filter(|allow| !allow.is_expired(now))
            .map(|allow| {
                let text = format!("allows {}: {}", allow.subject(), allow.reason);
                self.sentence(allow.at, &text)
            });
        let mut sentences = self.loosened_verdict();
        sentences.extend(self.loosened_sources());
        sentences.extend(self.loosened_rules(rules));
        sentences.extend(allows);
        notices(NoticeKind::Loosened, sentences)
    }

    /// The allows that have run out, and those that excused nothing. `used` says of each allow whether
    /// it excused a finding; one that stands behind another which covers the same is stale, too.
    pub fn stale(&self, used: &[bool], now: UnixSeconds) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (index, allow) in self.allows.iter().enumerate() {
            let subject = allow.subject();
            if let Some(last) = allow.expires.filter(|_| allow.is_expired(now)) {
                let text = format!("allows {subject} until {last}, which is over");
                notices.push(Notice::new(
                    NoticeKind::ExpiredAllow,
                    self.sentence(allow.at, &text),
                ));
            } else if !used.get(index).copied().unwrap_or(false) {
                let text = format!("allows {subject}, and nothing of that was found");
                notices.push(Notice::new(
                    NoticeKind::StaleAllow,
                    self.sentence(allow.at, &text),
                ));
            }
        }
        notices
    }

    /// The names of rules that no rule has, such as after a slip or where a rule was renamed.
    pub fn unknown_rules(&self, rules: &RuleSet) -> Vec<Notice> {
        let confidence = self.confidence.iter().map(|(rule, _)| rule);
        let listed = self
            .disable
            .iter()
            .chain(&self.only)
            .chain(confidence)
            .map(|rule| (rule.at, &rule.value));
        let allowed = self
            .allows
            .iter()
            .filter_map(|allow| Some((allow.at, allow.rule.as_ref()?)));
        let sentences = listed
            .chain(allowed)
            .filter(|(_, name)| count(rules, name) == 0)
            .map(|(at, name)| {
                let near = suggestion(name, rules);
                self.sentence(at, &format!("names `{name}`, which is no rule{near}"))
            });
        notices(NoticeKind::Note, sentences)
    }

    fn loosened_verdict(&self) -> Vec<String> {
        let fail_on = self.fail_on.as_ref();
        let fail_on = fail_on.filter(|fail_on| !fails_on_all(&fail_on.value));
        let fail_on = fail_on.map(|fail_on| {
            let text = format!("fails a scan only on `{}`", fail_on.value);
            self.sentence(fail_on.at, &text)
        });
        let least = self.min_confidence.as_ref();
        let least = least.filter(|least| least.value > DEFAULT_CONFIDENCE);
        let least = least.map(|least| {
            let text = format!("reports {} confidence only", least.value.as_str());
            self.sentence(least.at, &text)
        });
        fail_on.into_iter().chain(least).collect()
    }

    fn loosened_sources(&self) -> Vec<String> {
        let baseline = self.baseline.iter().map(|baseline| {
            let text = format!("excuses what `{}` holds", baseline.value);
            self.sentence(baseline.at, &text)
        });
        let compat = self.compat.iter().map(|tool| {
            let text = format!("excuses what {} would", tool.value);
            self.sentence(tool.at, &text)
        });
        let exclude = (!self.exclude.is_empty()).then(|| {
            let patterns = self.exclude.patterns().join("`, `");
            format!("{}: leaves out `{patterns}`", self.name)
        });
        baseline.chain(compat).chain(exclude).collect()
    }

    fn loosened_rules(&self, rules: &RuleSet) -> Vec<String> {
        let disabled = self.disable.iter().map(|name| {
            let rules = counted(count(rules, &name.value), "rule");
            let text = format!("switches off `{}`, {rules}", name.value);
            self.sentence(name.at, &text)
        });
        let only = self.only.first().map(|first| {
            let names: Vec<&str> = self.only.iter().map(|name| name.value.as_str()).collect();
            let text = format!("uses no rules but `{}`", names.join("`, `"));
            self.sentence(first.at, &text)
        });
        let lowered = self
            .confidence
            .iter()
            .filter(|(name, level)| lowers(rules, &name.value, *level))
            .map(|(name, level)| {
                let text = format!("lowers `{}` to {} confidence", name.value, level.as_str());
                self.sentence(name.at, &text)
            });
        disabled.chain(only).chain(lowered).collect()
    }

    fn sentence(&self, at: Position, text: &str) -> String {
        format!("{}:{}: {text}", self.name, at.line)
    }
}

fn notices(kind: NoticeKind, sentences: impl IntoIterator<Item = String>) -> Vec<Notice> {
    sentences
        .into_iter()
        .map(|text| Notice::new(kind, text))
        .collect()
}

/// `low` or worse is every finding. What else a condition may be is not known here.
fn fails_on_all(fail_on: &str) -> bool {
    fail_on
        .split(',')
        .any(|condition| condition.trim() == "low")
}

/// How many rules a name stands for.
fn count(rules: &RuleSet, name: &Selector) -> u64 {
    let selected = rules
        .iter()
        .filter(|rule| name.selects(&rule.id, &rule.provider));
    selected.count() as u64
}

/// True when some rule of that name is surer by itself.
fn lowers(rules: &RuleSet, name: &Selector, level: Confidence) -> bool {
    rules
        .iter()
        .any(|rule| name.selects(&rule.id, &rule.provider) && rule.confidence > level)
}

fn suggestion(name: &Selector, rules: &RuleSet) -> String {
    let known = rules.iter().flat_map(|rule| [&*rule.id, &*rule.provider]);
    nearest(name.as_str(), known)
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::examples::{EVERY_KEY, accepted};
    use crate::rule::builtin;

    /// 2027-02-01T00:00:00Z, the day after the last day of the example.
    const AFTER: UnixSeconds = 1_801_440_000;

    fn texts(notices: &[Notice], kind: NoticeKind) -> Vec<&str> {
        assert!(notices.iter().all(|notice| notice.kind == kind));
        notices.iter().map(|notice| notice.text.as_str()).collect()
    }

    #[test]
    fn all_that_loosens_is_told() {
        let text = EVERY_KEY.replace("\"medium\"", "\"high\"");
        let notices = accepted(&text).loosened(&builtin(), 0);
        let expected = [
            "own.toml:2: fails a scan only on `high,destroy@production`",
            "own.toml:3: reports high confidence only",
            "own.toml:5: excuses what `.straykey-baseline` holds",
            "own.toml:6: excuses what gitleaks would",
            "own.toml: leaves out `vendor/**`, `*.min.js`",
            "own.toml:12: switches off `generic-password`, 1 rule",
            "own.toml:13: uses no rules but `aws-*`",
            "own.toml:16: lowers `generic-token` to low confidence",
            "own.toml:18: allows fingerprint `0123456789abcdef` with rule `aws-*` with \
             a shape of value in `docs/**`: the vendor's documented example",
        ];
        assert_eq!(texts(&notices, NoticeKind::Loosened), expected);
    }

    #[test]
    fn a_confidence_is_loosened_only_downwards() {
        let rules = builtin();
        let loosened = |text: &str| accepted(text).loosened(&rules, 0).len();
        assert_eq!(loosened("[rules.confidence]\ngithub = \"high\""), 0);
        assert_eq!(
            loosened("[rules.confidence]\ngithub-classic-token = \"low\""),
            1
        );
        let notices = accepted("[rules.confidence]\ngithub = \"low\"").loosened(&rules, 0);
        assert_eq!(
            texts(&notices, NoticeKind::Loosened),
            ["own.toml:2: lowers `github` to low confidence"]
        );
    }

    #[test]
    fn what_tightens_is_not_told() {
        let config = accepted(
            "fail-on = \"low\"\nmin-confidence = \"low\"\ntask-environment = \"staging\"\n\
             [rules]\nfiles = [\"own.toml\"]\n",
        );
        assert_eq!(config.loosened(&builtin(), 0), []);
        assert_eq!(Config::default().loosened(&builtin(), 0), []);
    }

    #[test]
    fn an_allow_that_is_over_loosens_no_more_and_is_told_as_such() {
        let config = accepted("[[allow]]\nreason = \"r\"\nrule = \"aws\"\nexpires = 2027-01-31\n");
        assert_eq!(config.loosened(&builtin(), AFTER - 1).len(), 1);
        assert_eq!(config.loosened(&builtin(), AFTER), []);
        assert_eq!(
            texts(&config.stale(&[false], AFTER), NoticeKind::ExpiredAllow),
            ["own.toml:1: allows rule `aws` until 2027-01-31, which is over"]
        );
    }

    #[test]
    fn an_allow_that_excused_nothing_is_stale() {
        let config = accepted(
            "[[allow]]\nreason = \"r\"\nrule = \"aws\"\n[[allow]]\nreason = \"r\"\npath = \"docs\"\n",
        );
        assert_eq!(config.stale(&[true, true], 0), []);
        assert_eq!(
            texts(&config.stale(&[true, false], 0), NoticeKind::StaleAllow),
            ["own.toml:4: allows everything in `docs`, and nothing of that was found"]
        );
        assert_eq!(config.stale(&[], 0).len(), 2);
    }

    #[test]
    fn a_name_of_no_rule_is_told() {
        let config = accepted(
            "[rules]\ndisable = [\"generic-pasword\", \"generic-password\"]\nonly = [\"zzzzzzzzz-*\"]\n\
             [rules.confidence]\nrailwai = \"low\"\n\
             [[allow]]\nreason = \"r\"\nrule = \"github-*\"\n",
        );
        assert_eq!(
            texts(&config.unknown_rules(&builtin()), NoticeKind::Note),
            [
                "own.toml:2: names `generic-pasword`, which is no rule; \
                 did you mean `generic-password`?",
                "own.toml:3: names `zzzzzzzzz-*`, which is no rule",
                "own.toml:5: names `railwai`, which is no rule; did you mean `railway`?",
            ]
        );
    }
}
