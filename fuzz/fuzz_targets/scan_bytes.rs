//! Any bytes under any path: the first line of the input is the path, the rest is the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use straykey::detect::{Detector, Match, Scratch, Text};
use straykey::location::Span;
use straykey_fuzz::{RULES, planted, scan, tells};

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Arc::clone(&RULES)));

fuzz_target!(|input: &[u8]| {
    let line = input.iter().position(|&byte| byte == b'\n');
    let (path, rest) = input.split_at(line.map_or(0, |at| at + 1));
    let path = String::from_utf8_lossy(path.trim_ascii_end());
    let bytes = planted(rest);
    for binary in [false, true] {
        search(&Text {
            bytes: &bytes,
            path: &path,
            binary,
        });
    }
    report(&bytes, &path);
});

/// Spans lie in the text, in order and apart, and memory that another text used changes nothing.
fn search(text: &Text<'_>) {
    static USED: LazyLock<Mutex<Scratch>> = LazyLock::new(Mutex::default);
    let matches = DETECTOR.search(text, &mut Scratch::default());
    for found in &matches.found {
        check(found, text.bytes.len());
    }
    let apart = |one: &Match, next: &Match| one.secret.end <= next.secret.start;
    assert!(matches.found.is_sorted_by(apart));
    let mut used = USED.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(DETECTOR.search(text, &mut used), matches);
}

fn check(found: &Match, len: usize) {
    let inside = |span: Span| span.start <= span.end && span.end <= len;
    assert!(inside(found.secret) && inside(found.whole) && inside(found.key));
    assert!(!found.secret.is_empty());
    assert!(found.whole.start <= found.secret.start && found.secret.end <= found.whole.end);
    if let Some((_, other)) = found.companion {
        assert!(inside(other) && !other.overlaps(found.secret));
    }
}

/// Every byte counts as searched, and no preview tells a credential.
fn report(bytes: &[u8], path: &str) {
    let report = scan(bytes, path);
    assert_eq!(report.coverage.bytes, bytes.len() as u64);
    for finding in &report.findings {
        assert!(finding.start <= finding.end);
        assert_eq!(finding.fingerprint.len(), 32);
        let public = finding.rule.public_prefix;
        assert!(!tells(&finding.preview, &finding.secret, public));
        if let Some(companion) = &finding.companion {
            let rule = RULES.get(&companion.rule).expect("a rule of ours found it");
            let public = rule.public_prefix;
            assert!(!tells(&companion.preview, &companion.secret, public));
        }
    }
}
