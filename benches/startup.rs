//! What every run pays before it reads the first file: a hook starts with each commit.

use divan::Bencher;
use std::sync::Arc;
use straykey::detect::{Detector, Scratch, Text};
use straykey::rule::builtin;

/// Reading the rules that the build compiled.
#[divan::bench]
fn rules(bencher: Bencher) {
    bencher.bench_local(builtin);
}

/// Building the tables of the prefilter and of the context.
#[divan::bench]
fn detector(bencher: Bencher) {
    let rules = Arc::new(builtin());
    bencher.bench_local(|| Detector::new(Arc::clone(&rules)));
}

/// Both, and a search that compiles the first regular expression.
#[divan::bench]
fn first_match(bencher: Bencher) {
    let bytes = crate::inputs::render("first", crate::inputs::TOKEN);
    let text = Text {
        bytes: bytes.as_bytes(),
        path: ".env",
        binary: false,
    };
    bencher.bench_local(|| {
        let detector = Detector::new(Arc::new(builtin()));
        let matches = detector.search(&text, &mut Scratch::default());
        assert_eq!(matches.found.len(), 1);
        // Dropped after the clock has stopped.
        detector
    });
}
