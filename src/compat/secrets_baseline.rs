//! `.secrets.baseline` of detect-secrets: known findings by the SHA-1 of their values, and filters.

use super::allowlist::{Allowlist, Pattern, Target};
use super::entry::{By, Entry, Listing};
use super::error::{CompatError, json, without_mark};
use crate::detect::marks::Tool;
use crate::notice::{Notice, NoticeKind};
use data_encoding::HEXLOWER_PERMISSIVE;
use serde_json::Value;

/// What the file holds.
#[derive(Debug)]
pub(super) struct SecretsBaseline {
    pub(super) listing: Listing,
    pub(super) allowlists: Vec<Allowlist>,
    pub(super) notices: Vec<Notice>,
}

/// Reads the file.
///
/// # Errors
/// When it is no JSON, or has no `results`.
pub(super) fn parse(name: &str, text: &str) -> Result<SecretsBaseline, CompatError> {
    let text = without_mark(text);
    let document = json(name, text)?;
    let results = document
        .get("results")
        .and_then(Value::as_object)
        .ok_or_else(|| {
            CompatError::at(name, text, 0, "a baseline of detect-secrets has `results`")
        })?;
    let mut read = Reader {
        name,
        found: SecretsBaseline {
            listing: Listing::new(Tool::DetectSecrets, name, "entry"),
            allowlists: Vec::new(),
            notices: Vec::new(),
        },
        real: 0,
    };
    let mut number = 0;
    for (path, entries) in results {
        for entry in entries.as_array().into_iter().flatten() {
            number += 1;
            read.entry(path, entry, number);
        }
    }
    read.remarks();
    read.filters(&document);
    Ok(read.found)
}

struct Reader<'n> {
    name: &'n str,
    found: SecretsBaseline,
    /// How many entries somebody has said to be real.
    real: usize,
}

impl Reader<'_> {
    fn entry(&mut self, path: &str, entry: &Value, number: usize) {
        let digest = entry.get("hashed_secret").and_then(Value::as_str);
        let bytes = digest.and_then(|hex| HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok());
        let Some(digest) = bytes.and_then(|bytes| bytes.try_into().ok()) else {
            self.unsupported(&format!(
                "entry {number} has no SHA-1 as its `hashed_secret`"
            ));
            return;
        };
        self.real += usize::from(entry.get("is_secret") == Some(&Value::Bool(true)));
        let entry = Entry {
            commit: None,
            by: By::Digest(digest),
            number,
        };
        self.found.listing.add(path, entry);
    }

    /// detect-secrets passes over what is in the baseline, real or not; that is worth a word.
    fn remarks(&mut self) {
        if self.real > 0 {
            let text = format!(
                "{}: {} of its entries are marked as real secrets, and excused all the same",
                self.name, self.real
            );
            self.found.notices.push(Notice::new(NoticeKind::Note, text));
        }
    }

    fn filters(&mut self, document: &Value) {
        for filter in list(document, "filters_used") {
            let path = filter
                .get("path")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let target = path.strip_prefix("detect_secrets.filters.regex.should_exclude_");
            match target {
                Some(target) => self.exclusion(target, filter.get("pattern")),
                None if path.starts_with("detect_secrets.filters.wordlist") => {
                    self.unsupported("the word list of a filter is not read");
                }
                // What is noise is for our own detection to say.
                None if path.starts_with("detect_secrets.") => {}
                None => self.unsupported("a filter of your own is not run"),
            }
        }
        // Before version 1 it was written so.
        let exclude = document.get("exclude");
        self.exclusion("file", exclude.and_then(|exclude| exclude.get("files")));
        self.exclusion("line", exclude.and_then(|exclude| exclude.get("lines")));
        let own = |plugin: &&Value| plugin.get("path").is_some();
        for _ in list(document, "plugins_used").filter(own) {
            self.unsupported("a plugin of your own is not run: write a rule");
        }
    }

    /// Expressions over files, lines or secrets.
    fn exclusion(&mut self, target: &str, patterns: Option<&Value>) {
        let texts = match patterns {
            Some(Value::String(text)) => vec![text.as_str()],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut allowlist = Allowlist::new(Tool::DetectSecrets, self.name.to_owned());
        allowlist.description = format!("excluded by {target}");
        let mut patterns = Vec::new();
        for text in texts {
            match Pattern::new(text) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => self.unsupported(&format!("an excluded {target}: {error}")),
            }
        }
        match target {
            "file" => allowlist.paths = patterns,
            "line" => (allowlist.target, allowlist.regexes) = (Target::Line, patterns),
            "secret" => allowlist.regexes = patterns,
            _ => self.unsupported(&format!(
                "the filter `should_exclude_{target}` is not known"
            )),
        }
        if !allowlist.is_empty() {
            self.found.allowlists.push(allowlist);
        }
    }

    fn unsupported(&mut self, what: &str) {
        let text = format!("{}: {what}", self.name);
        self.found
            .notices
            .push(Notice::new(NoticeKind::Unsupported, text));
    }
}

fn list<'v>(document: &'v Value, field: &str) -> impl Iterator<Item = &'v Value> {
    let list = document.get(field).and_then(Value::as_array);
    list.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = ".secrets.baseline";

    fn texts(baseline: &SecretsBaseline) -> Vec<&str> {
        let texts = baseline.notices.iter().map(|notice| notice.text.as_str());
        texts.collect()
    }

    #[test]
    fn results_and_filters_are_read() {
        let digest = "0f".repeat(20);
        let text = format!(
            r#"{{"version": "1.5.0",
            "plugins_used": [{{"name": "AWSKeyDetector"}}, {{"name": "Mine", "path": "file://mine.py"}}],
            "filters_used": [{{"path": "detect_secrets.filters.allowlist.is_line_allowlisted"}},
                {{"path": "detect_secrets.filters.regex.should_exclude_file", "pattern": ["^docs/", "(?=x)"]}},
                {{"path": "file://filter.py::mine"}}],
            "results": {{"a.py": [{{"type": "Secret Keyword", "filename": "a.py", "hashed_secret": "{digest}",
                "is_verified": false, "is_secret": true, "line_number": 3}},
                {{"hashed_secret": "short"}}]}}}}"#
        );
        let baseline = parse(NAME, &text).expect("it is a baseline");
        assert_eq!(baseline.listing.len(), 1);
        assert_eq!(baseline.allowlists.len(), 1);
        assert_eq!(baseline.allowlists[0].paths.len(), 1);
        assert_eq!(
            texts(&baseline),
            [
                ".secrets.baseline: entry 2 has no SHA-1 as its `hashed_secret`",
                ".secrets.baseline: 1 of its entries are marked as real secrets, and excused all the same",
                ".secrets.baseline: an excluded file: look-around, including look-ahead and look-behind, is not supported",
                ".secrets.baseline: a filter of your own is not run",
                ".secrets.baseline: a plugin of your own is not run: write a rule",
            ]
        );
    }

    #[test]
    fn the_older_form_is_read() {
        let text =
            "\u{feff}{\"exclude\": {\"files\": \"^docs/\", \"lines\": null}, \"results\": {}}\r\n";
        let baseline = parse(NAME, text).expect("it is a baseline");
        assert_eq!(baseline.allowlists.len(), 1);
        assert!(baseline.notices.is_empty());
    }

    #[test]
    fn errors_name_the_place() {
        for (text, wanted) in [
            ("", ".secrets.baseline:1:1: EOF while parsing a value"),
            (
                "[]",
                ".secrets.baseline:1:1: a baseline of detect-secrets has `results`",
            ),
            (
                "{\n\"results\": x}",
                ".secrets.baseline:2:12: expected value",
            ),
        ] {
            assert_eq!(parse(NAME, text).expect_err("is wrong").to_string(), wanted);
        }
    }
}
