//! A user's rule file: it is refused with a place inside the file, or a detector can be made of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::Arc;
use straykey::detect::{Detector, Scratch, Text};
use straykey::rule::{Rule, RuleSet, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match parse("own.toml", text) {
        Ok((_, rules)) => search(rules, text),
        Err(error) => {
            assert!(error.line >= 1 && error.line <= text.matches('\n').count() + 1);
            assert!(error.column >= 1 && error.column <= text.chars().count() + 1);
            assert!(!error.message.is_empty());
        }
    }
});

/// The rules search their own file, where their anchors are.
fn search(rules: Vec<Rule>, text: &str) {
    let Ok(rules) = RuleSet::new(rules) else {
        return;
    };
    let text = Text {
        bytes: text.as_bytes(),
        path: "own.toml",
        binary: false,
    };
    Detector::new(Arc::new(rules)).search(&text, &mut Scratch::default());
}
