//! Places: addresses of files, and regions in them.
//!
//! Addresses are relative and say to what, so that nothing of this machine is in them; viewers know
//! where the sources lie. A path outside both bases keeps what the finding says of it.

use super::message;
use super::result::Subject;
use crate::finding::Finding;
use crate::location::Position;
use serde_sarif::sarif::{ArtifactLocation, Location, PhysicalLocation, Region};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The name that viewers know for the folder of the sources.
const SOURCES: &str = "%SRCROOT%";
/// The home folder, where an audit looks into the stores of tools.
const HOME: &str = "HOME";

/// What the addresses of these results are relative to. Where that is on a disk is not told.
pub(super) fn bases(subjects: &[Subject<'_>]) -> BTreeMap<String, ArtifactLocation> {
    let at_home = |subject: &Subject<'_>| subject.finding.path.starts_with("~/");
    let sources = (SOURCES, "The top folder of what was scanned.");
    let home = (HOME, "The home folder of the user who scanned.");
    [sources]
        .into_iter()
        .chain(subjects.iter().any(at_home).then_some(home))
        .map(|(name, sentence)| {
            let described = ArtifactLocation {
                description: Some(message::plain(sentence)),
                ..ArtifactLocation::default()
            };
            (name.to_owned(), described)
        })
        .collect()
}

/// A file as a whole.
pub(super) fn file(path: &str) -> Location {
    located(path, None)
}

/// The first line of a file, for what concerns all of it and has to stand somewhere.
pub(super) fn top(path: &str) -> Location {
    let first = Region {
        start_line: Some(1),
        ..Region::default()
    };
    located(path, Some(first))
}

/// From a position to the end of its line.
pub(super) fn from(path: &str, start: Position) -> Location {
    let region = Region {
        start_line: Some(number(start.line)),
        start_column: Some(number(start.column)),
        ..Region::default()
    };
    located(path, Some(region))
}

/// Where a credential stands.
pub(super) fn of(finding: &Finding) -> Location {
    let region = Region {
        start_line: Some(number(finding.start.line)),
        start_column: Some(number(finding.start.column)),
        end_line: Some(number(finding.end.line)),
        end_column: Some(number(finding.end.column)),
        ..Region::default()
    };
    located(&finding.path, Some(region))
}

fn located(path: &str, region: Option<Region>) -> Location {
    let place = PhysicalLocation {
        artifact_location: Some(artifact(path)),
        region,
        ..PhysicalLocation::default()
    };
    Location {
        physical_location: Some(place),
        ..Location::default()
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The address of a path as reports have it; see the JSON contract.
fn artifact(path: &str) -> ArtifactLocation {
    let drive = cfg!(windows) && path.as_bytes().get(1) == Some(&b':');
    let (base, uri) = match path.strip_prefix("~/") {
        Some(below) => (Some(HOME), encoded(below)),
        None if path.starts_with('/') => (None, format!("file://{}", encoded(path))),
        None if drive => (None, format!("file:///{}", encoded(path))),
        None => (Some(SOURCES), encoded(path)),
    };
    ArtifactLocation {
        uri: Some(uri),
        uri_base_id: base.map(str::to_owned),
        ..ArtifactLocation::default()
    }
}

/// Percent-encoded, but for what has no meaning in an address (RFC 3986, 2.3) and the slashes.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        let written = if plain {
            uri.write_char(byte.into())
        } else {
            write!(uri, "%{byte:02X}")
        };
        debug_assert!(written.is_ok(), "a String takes every write");
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_a_valid_address() {
        for (path, base, uri) in [
            ("src/a b.rs", Some(SOURCES), "src/a%20b.rs"),
            ("größe", Some(SOURCES), "gr%C3%B6%C3%9Fe"),
            ("a:b", Some(SOURCES), "a%3Ab"),
            ("100%?#[x]", Some(SOURCES), "100%25%3F%23%5Bx%5D"),
            ("../sister/.env", Some(SOURCES), "../sister/.env"),
            ("~/.aws/credentials", Some(HOME), ".aws/credentials"),
            ("/etc/a b", None, "file:///etc/a%20b"),
            ("outer.zip!/inner", Some(SOURCES), "outer.zip%21/inner"),
        ] {
            let artifact = artifact(path);
            assert_eq!(artifact.uri.as_deref(), Some(uri));
            assert_eq!(artifact.uri_base_id.as_deref(), base, "{path}");
        }
    }
}
