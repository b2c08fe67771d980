//! Runs the examples of rules through the real detector and the real assessment, with all rules
//! loaded: what `straykey rules check` does, and the test of the rules that are built in.

use crate::assess::Assessor;
use crate::assess::specimen;
use crate::detect::{Detector, Scratch, Text};
use crate::location::Position;
use crate::rule::sample::{Expander, Expansion, Rng};
use crate::rule::shape::ShapeError;
use crate::rule::source::{Example, RuleFile, RuleSource};
use crate::rule::{RuleSet, sources};
use crate::severity::Confidence;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// An example that does not do what its rule says. It names places, never the expanded text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}: {kind} example {number} {problem}: {template}")]
pub struct Failure {
    /// The rule's id.
    pub rule: String,
    /// `match` or `ignore`.
    pub kind: &'static str,
    /// Its number, from 1.
    pub number: usize,
    /// What happened.
    pub problem: String,
    /// The example as written.
    pub template: String,
}

/// Examples expire with the tokens in them, so they are assessed as of this moment: 2026-01-15.
const MOMENT: i64 = 1_768_435_200;

/// Runs examples against one rule set.
#[derive(Debug)]
pub struct Checker {
    detector: Detector,
    samples: HashMap<String, String>,
}

impl Checker {
    /// A checker of a rule set; `files` are those whose samples examples may name beside the ones
    /// that are built in.
    pub fn new(rules: Arc<RuleSet>, files: &[RuleFile]) -> Self {
        let builtin = sources()
            .iter()
            .filter_map(|(name, text)| crate::rule::parse(name, text).ok())
            .map(|(file, _)| file)
            .collect::<Vec<_>>();
        let samples = builtin
            .iter()
            .chain(files)
            .flat_map(|file| &file.rules)
            .map(|rule| (rule.id.get_ref().clone(), sample(rule)))
            .collect();
        Self {
            detector: Detector::new(rules),
            samples,
        }
    }

    /// Every example of a file that does not do what it should.
    pub fn check(&self, file: &RuleFile) -> Vec<Failure> {
        file.rules.iter().flat_map(|rule| self.rule(rule)).collect()
    }

    /// Expands an example of a rule.
    ///
    /// # Errors
    /// When it is no shape.
    pub fn expand(
        &self,
        rule: &RuleSource,
        example: &Example,
        number: usize,
    ) -> Result<Expansion, ShapeError> {
        let rng = Rng::seeded(&format!("{}#{number}", rule.id.get_ref()));
        Expander::new(rng, &sample(rule), &|id| self.samples.get(id).cloned())
            .expand(example.text())
    }

    /// Expands a template that belongs to no rule.
    ///
    /// # Errors
    /// When it is no shape or names a rule that does not exist.
    pub fn render(&self, seed: &str, template: &str) -> Result<String, ShapeError> {
        let expansion = Expander::new(Rng::seeded(seed), "", &|id| self.samples.get(id).cloned())
            .expand(template)?;
        Ok(expansion.text)
    }

    fn rule(&self, rule: &RuleSource) -> Vec<Failure> {
        let all = [
            ("match", &rule.tests.matches),
            ("ignore", &rule.tests.ignore),
        ];
        let numbered = all.into_iter().flat_map(|(kind, examples)| {
            examples
                .iter()
                .enumerate()
                .map(move |(at, example)| (kind, at + 1, example))
        });
        numbered
            .filter_map(|(kind, number, example)| self.example(rule, kind, number, example))
            .collect()
    }

    fn example(
        &self,
        rule: &RuleSource,
        kind: &'static str,
        number: usize,
        example: &Example,
    ) -> Option<Failure> {
        let seed = if kind == "match" {
            number
        } else {
            100 + number
        };
        let problem = match self.expand(rule, example, seed) {
            Err(error) => Some(format!("is no template ({error})")),
            Ok(expansion) if kind == "match" => self.mismatch(rule, example, &expansion),
            Ok(expansion) => self.noise(rule, example, &expansion),
        }?;
        Some(Failure {
            rule: rule.id.get_ref().clone(),
            kind,
            number,
            problem,
            template: example.text().to_owned(),
        })
    }

    fn mismatch(
        &self,
        rule: &RuleSource,
        example: &Example,
        expansion: &Expansion,
    ) -> Option<String> {
        let Some(wanted) = expansion.secret.clone() else {
            return Some("holds no {{secret}}".to_owned());
        };
        let found = self.found(rule, example, expansion);
        if found == [(rule.id.get_ref().clone(), wanted.clone())] {
            return None;
        }
        Some(format!("should find {wanted:?} and finds {found:?}"))
    }

    fn noise(&self, rule: &RuleSource, example: &Example, expansion: &Expansion) -> Option<String> {
        let found = self.found(rule, example, expansion);
        (!found.is_empty()).then(|| format!("should find nothing and finds {found:?}"))
    }

    /// Rules and spans of the findings of at least medium confidence, or the rule's own if that is lower.
    fn found(
        &self,
        rule: &RuleSource,
        example: &Example,
        expansion: &Expansion,
    ) -> Vec<(String, Range<usize>)> {
        let rules = self.detector.rules();
        let least = rules
            .get(rule.id.get_ref())
            .map_or(Confidence::Medium, |rule| {
                rule.confidence.min(Confidence::Medium)
            });
        let text = Text {
            bytes: expansion.text.as_bytes(),
            path: example.path(),
            binary: false,
        };
        let matches = self.detector.search(&text, &mut Scratch::default());
        let mut assessor = Assessor::new(rules, None, MOMENT);
        let findings = specimen::take(&text, rules, &matches.found, Position::START)
            .into_iter()
            .filter_map(|specimen| assessor.assess(specimen));
        findings
            .filter(|finding| finding.confidence >= least)
            .map(|finding| {
                (
                    finding.rule.id.to_string(),
                    finding.span.start..finding.span.end,
                )
            })
            .collect()
    }
}

/// The shape of one secret of a rule.
pub fn sample(rule: &RuleSource) -> String {
    rule.sample
        .clone()
        .or_else(|| rule.shape.as_ref().map(|shape| shape.get_ref().clone()))
        .unwrap_or_default()
}
