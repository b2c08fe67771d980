//! The rules that are built in: compiled by `rules/build.rs`, embedded, read once at the start.

use super::record::LazyRecord;
use super::{Rule, RuleSet};

/// The compiled rules: reading them takes a millisecond, analysing as many regular expressions takes
/// fifty (measured), so the latter happens in the build.
const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The rules that are built in.
///
/// # Panics
/// Never: the build wrote what is read here with the same types.
pub fn builtin() -> RuleSet {
    let mut rules: Vec<Rule> =
        postcard::from_bytes(COMPILED).expect("the build wrote these rules with the same types");
    for (rule, record) in rules.iter_mut().zip(RECORDS) {
        rule.record = LazyRecord::from_json(record);
    }
    RuleSet::new(rules).expect("the build checked that ids are unique")
}

/// The rule files as written, (file name, text), sorted by name.
pub fn sources() -> &'static [(&'static str, &'static str)] {
    SOURCES
}
