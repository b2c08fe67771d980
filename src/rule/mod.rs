//! Rules: what credentials look like, and what each kind can do.
//!
//! [`source`] is what an author writes, [`Rule`] is what the engine reads; [`compile`] turns one
//! into the other, at build time for the rules that are built in (`rules/build.rs`) and at run time
//! for a user's own. Both go through the same checks.

pub mod compile;
pub mod foreign;
pub mod key;
pub mod pattern;
pub mod record;
pub mod sample;
pub mod shape;
pub mod source;

mod builtin;
mod load;
mod model;
mod value_shape;

pub use builtin::{builtin, sources};
pub use load::{LoadError, parse};
pub use model::{Contextual, Detection, Distinctive, Rule};
pub use value_shape::{ValueShape, ValueShapeError};

use std::sync::Arc;

/// All rules of a scan, sorted by id.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
}

/// Two rules with one id.
#[derive(Debug, thiserror::Error)]
#[error("rule id `{0}` is used twice")]
pub struct DuplicateId(pub Arc<str>);

impl RuleSet {
    /// Sorts the rules and checks that ids are unique.
    ///
    /// # Errors
    /// When two rules have the same id.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Result<Self, DuplicateId> {
        let mut rules: Vec<_> = rules.into_iter().map(Arc::new).collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        match rules.windows(2).find(|pair| pair[0].id == pair[1].id) {
            Some(pair) => Err(DuplicateId(Arc::clone(&pair[0].id))),
            None => Ok(Self { rules }),
        }
    }

    /// The rules, sorted by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Rule>> {
        self.rules.iter()
    }

    /// The rule of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Rule>> {
        self.index_of(id).map(|index| &self.rules[index])
    }

    /// The position of the rule of that id.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok()
    }

    /// The rule at a position.
    pub fn at(&self, index: usize) -> &Arc<Rule> {
        &self.rules[index]
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// True when there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}
