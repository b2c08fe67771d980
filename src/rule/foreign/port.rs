//! Rewrites the pattern of another scanner's rule to one of ours.
//!
//! Ours name the group of the credential, cap every repeat and contain a literal to search for; see
//! `rules/README.md`. What others write differs in the first two, which can be rewritten.

use super::parse;
use crate::rule::pattern::{self, PatternError};
use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSetBinaryOp, ClassSetItem, GroupKind, Repetition,
    RepetitionKind, RepetitionRange, Visitor,
};
use std::convert::Infallible;
use std::ops::Range;

/// A pattern that was rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ported {
    /// Accepted by [`pattern::analyse`].
    pub pattern: String,
    /// What a repeat without an end was capped at, beyond its least count; None where each had one.
    pub cap: Option<u32>,
    /// True where it asks for the start of a line or a text, which reads as the start of a word here.
    pub at_start: bool,
}

/// The caps to try, from the most faithful to the one that leaves an anchor within reach.
const CAPS: [u32; 3] = [4000, 1000, 200];

/// Rewrites a pattern. `group` is the number of the group that holds the credential; 0 for the first
/// one, or for the whole match where there is no group.
///
/// # Errors
/// Why it cannot be one of ours, without the pattern itself.
pub fn port(pattern: &str, group: u32) -> Result<Ported, String> {
    let Ok(survey) = ast::visit(&parse(pattern)?, Survey::default());
    if survey.class_operations {
        return Err("`[`, `&&`, `--` and `~~` inside a class mean something else here".to_owned());
    }
    let name = survey.name(group)?;
    let mut last = PatternError::Uncapped;
    for cap in CAPS {
        let mut edits: Vec<_> = survey
            .repeats
            .iter()
            .map(|repeat| repeat.cap(cap))
            .collect();
        edits.extend(name.clone());
        let pattern = apply(pattern, edits);
        match pattern::analyse(&pattern, &[]) {
            Ok(_) => {
                return Ok(Ported {
                    pattern,
                    cap: (!survey.repeats.is_empty()).then_some(cap),
                    at_start: survey.at_start,
                });
            }
            Err(error) => last = error,
        }
    }
    Err(last.to_string())
}

/// A piece of the pattern and what takes its place.
type Edit = (Range<usize>, String);

/// Applies edits that do not overlap.
fn apply(pattern: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(place, _)| place.start);
    let mut text = pattern.to_owned();
    for (place, new) in edits.into_iter().rev() {
        text.replace_range(place, &new);
    }
    text
}

/// What in a pattern has to be rewritten.
#[derive(Debug, Default)]
struct Survey {
    repeats: Vec<Repeat>,
    groups: Vec<Group>,
    class_operations: bool,
    at_start: bool,
}

/// A repeat without an end.
#[derive(Debug)]
struct Repeat {
    operator: Range<usize>,
    least: u32,
    lazy: bool,
}

/// A group that captures.
#[derive(Debug)]
struct Group {
    number: u32,
    /// Where its name stands, or has to stand.
    name: Range<usize>,
    named: Option<String>,
}

impl Repeat {
    fn cap(&self, cap: u32) -> Edit {
        let most = self.least.saturating_add(cap);
        let lazy = if self.lazy { "?" } else { "" };
        let operator = format!("{{{},{most}}}{lazy}", self.least);
        (self.operator.clone(), operator)
    }
}

impl Survey {
    /// The edit that names the group of the credential; None where that is named already or there
    /// is no group.
    fn name(&self, group: u32) -> Result<Option<Edit>, String> {
        let is_secret = |group: &Group| group.named.as_deref() == Some("secret");
        let wanted = self
            .groups
            .iter()
            .find(|known| known.number == group.max(1));
        match wanted {
            _ if self.groups.iter().any(is_secret) => Ok(None),
            None if group == 0 => Ok(None),
            None => Err(format!("it has no group {group}")),
            Some(group) if group.named.is_some() => {
                Ok(Some((group.name.clone(), "secret".to_owned())))
            }
            Some(group) => Ok(Some((group.name.clone(), "?P<secret>".to_owned()))),
        }
    }

    fn repetition(&mut self, repetition: &Repetition) {
        let least = match repetition.op.kind {
            RepetitionKind::ZeroOrMore => 0,
            RepetitionKind::OneOrMore => 1,
            RepetitionKind::Range(RepetitionRange::AtLeast(least)) => least,
            RepetitionKind::ZeroOrOne | RepetitionKind::Range(_) => return,
        };
        self.repeats.push(Repeat {
            operator: range(repetition.op.span),
            least,
            lazy: !repetition.greedy,
        });
    }

    fn group(&mut self, group: &ast::Group) {
        let inside = group.span.start.offset + 1;
        let (number, name, named) = match &group.kind {
            GroupKind::CaptureIndex(number) => (*number, inside..inside, None),
            GroupKind::CaptureName { name, .. } => {
                (name.index, range(name.span), Some(name.name.clone()))
            }
            GroupKind::NonCapturing(_) => return,
        };
        self.groups.push(Group {
            number,
            name,
            named,
        });
    }
}

fn range(span: ast::Span) -> Range<usize> {
    span.start.offset..span.end.offset
}

impl Visitor for Survey {
    type Output = Self;
    type Err = Infallible;

    fn finish(self) -> Result<Self, Infallible> {
        Ok(self)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Infallible> {
        match ast {
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => self.group(group),
            Ast::Assertion(assertion) => {
                let start = [AssertionKind::StartLine, AssertionKind::StartText];
                self.at_start |= start.contains(&assertion.kind);
            }
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Infallible> {
        self.class_operations |= matches!(item, ClassSetItem::Bracketed(_));
        Ok(())
    }

    fn visit_class_set_binary_op_pre(&mut self, _: &ClassSetBinaryOp) -> Result<(), Infallible> {
        self.class_operations = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str, group: u32) -> String {
        port(text, group).expect("it can be ported").pattern
    }

    #[test]
    fn the_group_of_the_credential_gets_its_name() {
        assert_eq!(pattern("acme_[a-z]{9}", 0), "acme_[a-z]{9}");
        assert_eq!(
            pattern("(?:x|y)acme_([a-z]{9})", 0),
            "(?:x|y)acme_(?P<secret>[a-z]{9})"
        );
        assert_eq!(
            pattern("(key)acme_([a-z]{9})", 2),
            "(key)acme_(?P<secret>[a-z]{9})"
        );
        assert_eq!(
            pattern("acme_(?P<token>[a-z]{9})", 1),
            "acme_(?P<secret>[a-z]{9})"
        );
        assert_eq!(
            pattern("(acme)_(?P<secret>[a-z]{9})", 0),
            "(acme)_(?P<secret>[a-z]{9})"
        );
        assert_eq!(
            port("acme_([a-z]{9})", 2),
            Err("it has no group 2".to_owned())
        );
    }

    #[test]
    fn repeats_get_an_end() {
        let ported = port("acme_([a-z]+?)=*", 0).expect("it can be ported");
        assert_eq!(ported.pattern, "acme_(?P<secret>[a-z]{1,4001}?)={0,4000}");
        assert_eq!(ported.cap, Some(4000));
        assert_eq!(pattern("acme_[a-z]{20,}", 0), "acme_[a-z]{20,4020}");
        // The literal has to stand near the start, or else it is no anchor.
        assert_eq!(pattern(r"\w*acme_[a-z]{9}", 0), r"\w{0,200}acme_[a-z]{9}");
        assert_eq!(port("acme_[a-z]{9}", 0).map(|ported| ported.cap), Ok(None));
    }

    #[test]
    fn what_cannot_be_ours_says_why() {
        for (text, wanted) in [
            ("[0-9a-f]{32}", "no literal of three bytes"),
            ("(?:(?:acme[a-z]+)+)+", "a match can be"),
            ("acme_(?=x)", "look-around"),
            ("acme_[a-z&&[^b]]{9}", "inside a class"),
            ("acme_(", "unclosed group"),
        ] {
            let error = port(text, 0).expect_err("cannot be ported");
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn the_start_of_a_line_is_told() {
        assert!(port("(?m)^acme_[a-z]{9}", 0).is_ok_and(|ported| ported.at_start));
        assert!(port(r"\bacme_[a-z]{9}$", 0).is_ok_and(|ported| !ported.at_start));
    }
}
