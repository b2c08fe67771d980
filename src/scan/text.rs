//! One text, searched whole.

use crate::assess::specimen::{self, Specimen};
use crate::coverage::{Coverage, Skip};
use crate::detect::{Detector, Scratch, Text, line_hash};
use crate::haystack::encoding::Encoding;
use crate::location::Position;

/// Searches bytes that are a whole text, and puts what it finds under `name`. `path` is what rules
/// that look at file names see.
pub(super) fn whole(
    detector: &Detector,
    scratch: &mut Scratch,
    bytes: &[u8],
    (path, name): (&str, &dyn Fn() -> String),
    coverage: &mut Coverage,
) -> Vec<Specimen> {
    let encoding = Encoding::of(bytes);
    let decoded = encoding.decode(bytes, true);
    let text = Text {
        bytes: &decoded,
        path,
        binary: encoding.is_binary(),
    };
    let matches = detector.search(&text, scratch);
    if matches.exhausted {
        coverage.skip(Skip::Budget, name());
    }
    if matches.found.is_empty() {
        return Vec::new();
    }
    let name = name();
    let text = Text {
        path: &name,
        ..text
    };
    let mut specimens = specimen::take(&text, detector.rules(), &matches.found, Position::START);
    let lines: Vec<u64> = specimens.iter().map(|one| one.position.0.line).collect();
    for (specimen, hash) in specimens
        .iter_mut()
        .zip(line_hash::line_hashes(&decoded, &lines))
    {
        specimen.line_hash = hash;
    }
    specimens
}
