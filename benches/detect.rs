//! The detector alone: from bytes to matches.

use crate::inputs::{HOSTILE, ORDINARY, Sample};
use divan::Bencher;
use divan::counter::BytesCount;
use std::sync::{Arc, LazyLock};
use straykey::detect::{Detector, Scratch, Text};
use straykey::rule::builtin;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Arc::new(builtin())));

const MEGABYTE: usize = 1_000_000;
/// Hostile texts are short, for a search of one may be a thousand times slower.
const SHORT: usize = 100_000;

#[divan::bench(args = ORDINARY)]
fn ordinary(bencher: Bencher, sample: &Sample) {
    search(bencher, sample, MEGABYTE);
}

#[divan::bench(args = HOSTILE, sample_count = 10)]
fn hostile(bencher: Bencher, sample: &Sample) {
    search(bencher, sample, SHORT);
}

/// Twice as much of the same: as many bytes a second as [`hostile`], or something is quadratic.
#[divan::bench(args = HOSTILE, sample_count = 10)]
fn hostile_doubled(bencher: Bencher, sample: &Sample) {
    search(bencher, sample, 2 * SHORT);
}

/// What no text is: only distinctive rules are tried.
#[divan::bench]
fn binary(bencher: Bencher) {
    let bytes: Vec<u8> = ORDINARY[0]
        .text(MEGABYTE)
        .bytes()
        .map(|byte| byte.wrapping_mul(31))
        .collect();
    let text = Text {
        bytes: &bytes,
        path: "app.bin",
        binary: true,
    };
    run(bencher, &text);
}

fn search(bencher: Bencher, sample: &Sample, size: usize) {
    let text = sample.text(size);
    let text = Text {
        bytes: text.as_bytes(),
        path: sample.path,
        binary: false,
    };
    run(bencher, &text);
}

fn run(bencher: Bencher, text: &Text<'_>) {
    let mut scratch = Scratch::default();
    bencher
        .counter(BytesCount::new(text.bytes.len()))
        .bench_local(|| DETECTOR.search(text, &mut scratch));
}
