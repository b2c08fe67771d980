//! Every rule's own examples, run through the real detector with all rules loaded.

use std::collections::BTreeMap;
use std::sync::Arc;
use straykey::assess::validator;
use straykey::check::Checker;
use straykey::rule::pattern::Lane;
use straykey::rule::{Detection, builtin, parse, sources};

#[test]
fn examples_match_and_ignore_as_they_say() {
    let checker = Checker::new(Arc::new(builtin()), &[]);
    let files = sources()
        .iter()
        .map(|(name, text)| parse(name, text).expect("the build read it").0);
    let failures: Vec<String> = files
        .flat_map(|file| checker.check(&file))
        .map(|failure| failure.to_string())
        .collect();
    assert!(
        failures.is_empty(),
        "{} examples:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_named_validator_exists() {
    for rule in builtin().iter() {
        for name in [&rule.validator, &rule.decoder]
            .into_iter()
            .filter(|name| !name.is_empty())
        {
            assert!(
                validator::find(name).is_some(),
                "{}: no validator `{name}`",
                rule.id
            );
        }
    }
}

#[test]
fn every_companion_exists() {
    let rules = builtin();
    for rule in rules.iter() {
        for id in &rule.companions {
            assert!(rules.get(id).is_some(), "{}: no rule `{id}`", rule.id);
        }
    }
}

/// Every literal that has to be searched for in each byte slows all scans down, and beyond 32 (the
/// engine's own and `://` among them) the search halves its speed (measured).
#[test]
fn few_literals_are_searched_for() {
    let rules = builtin();
    let distinctive = rules.iter().filter_map(|rule| match &rule.detection {
        Detection::Distinctive(distinctive) => Some((rule, distinctive)),
        Detection::Contextual(_) => None,
    });
    let anchors = distinctive.flat_map(|(rule, distinctive)| {
        let literal = distinctive
            .anchors
            .iter()
            .filter(|anchor| anchor.lane == Lane::Literal);
        literal.map(|anchor| (anchor.text.as_str(), &*rule.id))
    });
    let literals: BTreeMap<&str, &str> = anchors.collect();
    let listed: Vec<String> = literals
        .iter()
        .map(|(text, rule)| format!("{text:?} of {rule}"))
        .collect();
    assert!(
        listed.len() <= 28,
        "{} literals:\n{}",
        listed.len(),
        listed.join("\n")
    );
}
