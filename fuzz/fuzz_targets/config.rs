//! A configuration out of a hostile tree: it names nothing outside the tree, and what it takes away
//! from a scan is told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::{Component, Path};
use straykey::config::Config;
use straykey_fuzz::{MOMENT, RULES};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Config::parse(".straykey.toml", text) {
        Ok(config) => check(&config),
        Err(error) => {
            assert!(error.line >= 1 && error.line <= text.matches('\n').count() as u64 + 1);
            assert!(error.column >= 1 && error.column <= text.chars().count() as u64 + 1);
            assert!(!error.message.is_empty());
        }
    }
});

fn check(config: &Config) {
    for path in config.rule_files.iter().chain(&config.baseline) {
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        assert!(Path::new(&path.value).components().all(stays));
    }
    let loosens = !config.exclude.is_empty()
        || RULES.iter().any(|rule| config.disables(rule))
        || config.allows.iter().any(|allow| !allow.is_expired(MOMENT));
    let told = config.loosened(&RULES, MOMENT);
    assert!(!loosens || !told.is_empty());
    config.unknown_rules(&RULES);
    config.stale(&vec![false; config.allows.len()], MOMENT);
    config.exclude.matches("a/b.env");
}
