//! From a rule as written to a rule as used, with every check an author should hear about.

use super::key::Phrase;
use super::pattern::{self, PatternError};
use super::record::Record;
use super::shape::{Shape, ShapeError};
use super::source::{RuleFile, RuleSource};
use super::{Contextual, Detection, Distinctive, Rule};
use crate::severity::Confidence;
use std::ops::Range;
use std::sync::Arc;

/// What is wrong with a rule, and where in its file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CompileError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
    /// Byte span in the file.
    pub span: Range<usize>,
}

/// Compiles the rules of a file.
///
/// # Errors
/// The first thing that is wrong.
pub fn compile(file: &RuleFile) -> Result<Vec<Rule>, CompileError> {
    file.rules
        .iter()
        .map(|source| Compiler { file, source }.rule())
        .collect()
}

/// Secrets of at least this length are expected to look random.
const RANDOM_FROM: usize = 20;
/// What random means where the rule does not say, in bits a byte.
const DEFAULT_ENTROPY: f64 = 3.0;

struct Compiler<'a> {
    file: &'a RuleFile,
    source: &'a RuleSource,
}

impl Compiler<'_> {
    fn rule(&self) -> Result<Rule, CompileError> {
        let source = self.source;
        self.check_id()?;
        self.check_examples()?;
        let (detection, public_prefix) = self.detection()?;
        let confidence = source.confidence.unwrap_or(match detection {
            Detection::Distinctive(_) => Confidence::High,
            Detection::Contextual(_) => Confidence::Medium,
        });
        Ok(Rule {
            id: Arc::from(source.id.get_ref().as_str()),
            provider: Arc::from(self.file.provider.as_str()),
            provider_name: self.file.name.clone(),
            name: source.name.clone(),
            confidence,
            min_entropy: source
                .min_entropy
                .unwrap_or_else(|| default_entropy(&detection)),
            detection,
            public_prefix: source.public_prefix.unwrap_or(public_prefix),
            validator: source.validator.clone().unwrap_or_default(),
            decoder: source.decoder.clone().unwrap_or_default(),
            companions: source
                .companions
                .iter()
                .map(|id| Arc::from(id.as_str()))
                .collect(),
            alone: source.alone.unwrap_or(confidence),
            catch_all: self.file.catch_all,
            record: self.record()?.into(),
        })
    }

    fn check_id(&self) -> Result<(), CompileError> {
        let id = self.source.id.get_ref();
        let kebab = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let kind = id
            .strip_prefix(&self.file.provider)
            .and_then(|rest| rest.strip_prefix('-'));
        if kebab(id) && kind.is_some_and(|kind| !kind.is_empty()) {
            return Ok(());
        }
        Err(self.error(
            format!(
                "rule id `{id}` is not `{}-<kind>` in kebab case",
                self.file.provider
            ),
            "name it after its provider",
        ))
    }

    fn check_examples(&self) -> Result<(), CompileError> {
        let tests = &self.source.tests;
        if tests.matches.len() >= 2 && tests.ignore.len() >= 2 {
            return Ok(());
        }
        let message = format!("rule `{}` has too few examples", self.source.id.get_ref());
        Err(self.error(
            message,
            "give at least two `match` and two `ignore` examples under [rule.tests]",
        ))
    }

    fn detection(&self) -> Result<(Detection, usize), CompileError> {
        match (&self.source.pattern, &self.source.shape) {
            (Some(pattern), None) => self.distinctive(pattern),
            (None, Some(shape)) => self.contextual(shape).map(|detection| (detection, 0)),
            _ => Err(self.error(
                format!("rule `{}` needs either a `pattern` or a `shape`", self.source.id.get_ref()),
                "a `pattern` where the form alone is distinctive, a `shape` with `keys`, `hosts` ... where it is not",
            )),
        }
    }

    fn distinctive(
        &self,
        pattern: &toml::Spanned<String>,
    ) -> Result<(Detection, usize), CompileError> {
        let analysis = pattern::analyse(pattern.get_ref(), &self.source.anchors)
            .map_err(|error| at(pattern, &error, pattern_hint(&error)))?;
        let distinctive = Distinctive {
            pattern: pattern.get_ref().clone(),
            anchors: analysis.anchors,
            max_len: analysis.max_len,
            tail_has_dash: analysis.tail_has_dash,
        };
        Ok((Detection::Distinctive(distinctive), analysis.public_prefix))
    }

    fn contextual(&self, shape: &toml::Spanned<String>) -> Result<Detection, CompileError> {
        let source = self.source;
        let regex = Shape::regex(shape.get_ref()).map_err(|error: ShapeError| {
            at(shape, &error, "rules/README.md lists the placeholders")
        })?;
        let lengths =
            pattern::lengths(&regex).map_err(|error| at(shape, &error, pattern_hint(&error)))?;
        let ties = [
            &source.keys,
            &source.hosts,
            &source.headers,
            &source.calls,
            &source.sections,
            &source.files,
            &source.prose,
        ];
        if ties.iter().all(|tie| tie.is_empty()) {
            return Err(at(
                shape,
                &"nothing ties this shape to the provider",
                "add `keys`, `hosts`, `headers`, `calls`, `sections`, `files` or `prose`",
            ));
        }
        Ok(Detection::Contextual(Contextual {
            shape: regex,
            lengths,
            keys: self.phrases(&source.keys)?,
            not_keys: self.phrases(&source.not_keys)?,
            hosts: lower(&source.hosts),
            headers: lower(&source.headers),
            calls: source.calls.clone(),
            sections: self.phrases(&source.sections)?,
            files: lower(&source.files),
            prose: lower(&source.prose),
            generic: source.generic,
        }))
    }

    fn phrases(&self, list: &[String]) -> Result<Vec<Phrase>, CompileError> {
        let phrase = |text: &String| {
            Phrase::parse(text).ok_or_else(|| {
                self.error(
                    format!("`{text}` holds no word"),
                    "write words, such as \"railway api token\"",
                )
            })
        };
        list.iter().map(phrase).collect()
    }

    fn record(&self) -> Result<Record, CompileError> {
        let id = self.source.id.get_ref();
        match (&self.source.privilege, &self.source.record) {
            (Some(record), None) => Ok(record.clone()),
            (None, Some(name)) => self.file.records.get(name).cloned().ok_or_else(|| {
                self.error(
                    format!("rule `{id}` names a record `{name}` that is not in this file"),
                    "add [records.NAME] above the rules",
                )
            }),
            _ => Err(self.error(
                format!("rule `{id}` needs either a `record` or a [rule.privilege]"),
                "say what this kind can do",
            )),
        }
    }

    fn error(&self, message: String, hint: &'static str) -> CompileError {
        CompileError {
            message,
            hint,
            span: self.source.id.span(),
        }
    }
}

fn at(
    spanned: &toml::Spanned<String>,
    message: &dyn std::fmt::Display,
    hint: &'static str,
) -> CompileError {
    CompileError {
        message: message.to_string(),
        hint,
        span: spanned.span(),
    }
}

fn pattern_hint(error: &PatternError) -> &'static str {
    match error {
        PatternError::Syntax(_) => {
            "patterns are ASCII `regex` syntax: no look-around, no back-references"
        }
        PatternError::Uncapped | PatternError::TooLong(_) | PatternError::Empty => {
            "write {min,max} with a sensible maximum"
        }
        PatternError::NoAnchor => "start with the provider's prefix, or use a `shape` with `keys`",
        PatternError::WrongAnchors => {
            "leave `anchors` out, or name literals that stand in every branch"
        }
    }
}

fn lower(list: &[String]) -> Vec<String> {
    list.iter().map(|text| text.to_ascii_lowercase()).collect()
}

fn default_entropy(detection: &Detection) -> f64 {
    let long = match detection {
        Detection::Distinctive(distinctive) => distinctive.max_len >= RANDOM_FROM,
        Detection::Contextual(contextual) => contextual.lengths.0 >= RANDOM_FROM,
    };
    if long { DEFAULT_ENTROPY } else { 0.0 }
}
