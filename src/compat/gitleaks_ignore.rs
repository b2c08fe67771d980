//! `.gitleaksignore`: a fingerprint a line, `commit:file:rule:line` or `file:rule:line`.
//!
//! The rule in it is one of gitleaks', so that the file and the line have to tell the finding.

use super::entry::{By, Entry, Listing};
use super::error::without_mark;
use crate::detect::marks::Tool;
use crate::notice::{Notice, NoticeKind};

/// Reads the file. Lines that are no fingerprints are told, by their numbers.
pub(super) fn parse(name: &str, text: &str) -> (Listing, Vec<Notice>) {
    let mut listing = Listing::new(Tool::Gitleaks, name, "line");
    let mut notices = Vec::new();
    for (at, line) in without_mark(text).lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number = at + 1;
        match fingerprint(line) {
            Some((commit, path, line)) => listing.add(
                path,
                Entry {
                    commit,
                    by: By::Line(line),
                    number,
                },
            ),
            None => notices.push(Notice::new(
                NoticeKind::Unsupported,
                format!("{name}:{number}: is no fingerprint of gitleaks"),
            )),
        }
    }
    (listing, notices)
}

/// The commit, the path and the line. A path may hold colons.
fn fingerprint(text: &str) -> Option<(Option<String>, &str, u64)> {
    let (rest, line) = text.rsplit_once(':')?;
    let (file, rule) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    let (commit, path) = match file.split_once(':') {
        Some((commit, path)) if is_commit(commit) => (Some(commit.to_ascii_lowercase()), path),
        _ => (None, file),
    };
    (!rule.is_empty() && !path.is_empty()).then_some((commit, path, line))
}

/// True for a whole id, of SHA-1 or SHA-256.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_from_the_right() {
        let commit = "0f".repeat(20);
        for (text, wanted) in [
            ("src/a.py:generic-api-key:12", Some((None, "src/a.py", 12))),
            ("odd:name.txt:rule:1", Some((None, "odd:name.txt", 1))),
            ("a.py:rule", None),
            ("a.py:rule:x", None),
            ("no fingerprint", None),
        ] {
            assert_eq!(fingerprint(text), wanted, "{text}");
        }
        let text = format!("{commit}:src/a.py:rule:7");
        assert_eq!(fingerprint(&text), Some((Some(commit), "src/a.py", 7)));
    }

    #[test]
    fn odd_lines_are_told_by_number() {
        let text = "\u{feff}# known\r\n\r\na.py:rule:3\r\nwhat is this\r\n./b.py:rule:4 # old\r\n";
        let (listing, notices) = parse(".gitleaksignore", text);
        assert_eq!(listing.len(), 2);
        assert_eq!(listing.unused(&|_| true), [3, 5]);
        assert_eq!(listing.unused(&|path| path == "b.py"), [5]);
        assert_eq!(
            notices,
            [Notice::new(
                NoticeKind::Unsupported,
                ".gitleaksignore:4: is no fingerprint of gitleaks"
            )]
        );
        assert_eq!(parse("x", "").0.len(), 0);
    }
}
