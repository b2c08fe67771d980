//! The assessment of what was matched: few items, and each is looked at closely.

use crate::inputs::{MOMENT, TOKEN, render};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::sync::Arc;
use straykey::assess::Assessor;
use straykey::assess::specimen::{self, Specimen};
use straykey::detect::{Detector, Scratch, Text};
use straykey::finding::Finding;
use straykey::location::Position;
use straykey::rule::builtin;

/// What stands between two credentials, so that each has a block of its own.
const BLOCK: &str = "\n# {{lower:7}} of production\nHOST=api.{{lower:6}}.example\nREGION=eu\n";
/// A credential that says something itself, so that a decoder has work, too.
const WEB_TOKEN: &str = "SERVICE_JWT={{sample:jwt-token}}\n";

const MATCHES: usize = 100;

/// Taking matches out of their text, with what stands around them.
#[divan::bench]
fn take(bencher: Bencher) {
    let detector = Detector::new(Arc::new(builtin()));
    let bytes = text();
    let text = settings(&bytes);
    let matches = detector.search(&text, &mut Scratch::default()).found;
    bencher
        .counter(ItemsCount::new(matches.len()))
        .bench_local(|| specimen::take(&text, detector.rules(), &matches, Position::START));
}

/// What they can do, where, for how long, and how bad that is.
#[divan::bench]
fn assess(bencher: Bencher) {
    let detector = Detector::new(Arc::new(builtin()));
    let bytes = text();
    let text = settings(&bytes);
    let matches = detector.search(&text, &mut Scratch::default()).found;
    let specimens = specimen::take(&text, detector.rules(), &matches, Position::START);
    bencher
        .counter(ItemsCount::new(specimens.len()))
        .with_inputs(|| specimens.clone())
        .bench_local_values(|specimens| findings(&detector, specimens));
}

fn findings(detector: &Detector, specimens: Vec<Specimen>) -> Vec<Finding> {
    let mut assessor = Assessor::new(detector.rules(), None, MOMENT);
    specimens
        .into_iter()
        .filter_map(|specimen| assessor.assess(specimen))
        .collect()
}

fn text() -> String {
    let one = format!("{BLOCK}{TOKEN}{BLOCK}{WEB_TOKEN}");
    render("assess", &one.repeat(MATCHES / 2))
}

fn settings(text: &str) -> Text<'_> {
    Text {
        bytes: text.as_bytes(),
        path: "deploy/production/.env",
        binary: false,
    }
}
