//! The file of trufflehog's `--exclude-paths`: an expression over paths a line.

use super::allowlist::{Allowlist, Pattern};
use super::error::without_mark;
use crate::detect::marks::Tool;
use crate::notice::{Notice, NoticeKind};

/// Reads the file. Lines that are no expressions are told, by their numbers.
pub(super) fn parse(name: &str, text: &str) -> (Vec<Allowlist>, Vec<Notice>) {
    let mut allowlists = Vec::new();
    let mut notices = Vec::new();
    for (at, line) in without_mark(text).lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("{name}:{}", at + 1);
        match Pattern::new(line) {
            Ok(pattern) => {
                let mut allowlist = Allowlist::new(Tool::Trufflehog, place);
                allowlist.paths.push(pattern);
                allowlists.push(allowlist);
            }
            Err(error) => {
                let text = format!("{place}: {error}");
                notices.push(Notice::new(NoticeKind::Unsupported, text));
            }
        }
    }
    (allowlists, notices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_a_line() {
        let (allowlists, notices) = parse("exclude.txt", "# generated\r\n\r\n^docs/\r\n(\r\n");
        assert_eq!(allowlists.len(), 1);
        assert_eq!(allowlists[0].place, "exclude.txt:3");
        assert!(allowlists[0].paths[0].is_match(b"docs/a.md"));
        assert_eq!(notices[0].text, "exclude.txt:4: unclosed group");
    }
}
