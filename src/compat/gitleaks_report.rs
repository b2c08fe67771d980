//! A JSON report of gitleaks, which it takes as a baseline: an array with an object a finding.
//!
//! A report that was written without redaction holds the values themselves. They are compared in
//! memory, which survives moved lines; without them the file and the line have to do.

use super::entry::{By, Entry, Listing};
use super::error::{CompatError, json, without_mark};
use crate::detect::marks::Tool;
use crate::secret::Secret;
use serde_json::Value;

/// True when a text looks like such a report, and not like a baseline of ours.
///
/// ```
/// assert!(straykey::compat::is_gitleaks_report("[\n {\"Description\": \"\", \"RuleID\": \"x\"}\n]"));
/// assert!(!straykey::compat::is_gitleaks_report("# straykey baseline v1\n"));
/// ```
pub fn is_gitleaks_report(text: &str) -> bool {
    let text = without_mark(text).trim_start();
    text.strip_prefix('[').is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(']') || (rest.starts_with('{') && rest.contains("\"RuleID\""))
    })
}

/// Reads the report.
///
/// # Errors
/// When it is no JSON, or an object in it names no file.
pub(super) fn parse(name: &str, text: &str) -> Result<Listing, CompatError> {
    let text = without_mark(text);
    let wrong = |message: &str| CompatError::at(name, text, 0, message);
    let document = json(name, text)?;
    let findings = document
        .as_array()
        .ok_or_else(|| wrong("a report of gitleaks is a list"))?;
    let mut listing = Listing::new(Tool::Gitleaks, name, "entry");
    for (at, finding) in findings.iter().enumerate() {
        let path = text_of(finding, "File")
            .ok_or_else(|| wrong(&format!("entry {} names no `File`", at + 1)))?;
        let by =
            by(finding).ok_or_else(|| wrong(&format!("entry {} has no `StartLine`", at + 1)))?;
        let entry = Entry {
            commit: text_of(finding, "Commit").map(str::to_ascii_lowercase),
            by,
            number: at + 1,
        };
        listing.add(path, entry);
    }
    Ok(listing)
}

fn by(finding: &Value) -> Option<By> {
    let whole = |secret: &&str| !secret.contains("REDACTED") && !secret.ends_with("...");
    if let Some(secret) = text_of(finding, "Secret").filter(whole) {
        return Some(By::Value(Secret::new(secret.as_bytes().to_vec())));
    }
    finding.get("StartLine")?.as_u64().map(By::Line)
}

/// A field that holds a text with at least one character.
fn text_of<'v>(finding: &'v Value, field: &str) -> Option<&'v str> {
    finding.get(field)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let text = r#"[{"RuleID": "a", "File": "x/a.py", "StartLine": 3, "Secret": "REDACTED", "Commit": ""},
            {"RuleID": "b", "File": "b.py", "StartLine": 4, "Secret": "short value"}]"#;
        let listing = parse("report.json", text).expect("it is a report");
        assert_eq!(listing.len(), 2);
        assert_eq!(parse("report.json", "[]").expect("it is a report").len(), 0);
    }

    #[test]
    fn errors_name_the_place_and_not_the_contents() {
        for (text, wanted) in [
            ("", "report.json:1:1: EOF while parsing a value"),
            ("[\n {\"File\": ]", "report.json:2:11: expected value"),
            ("{}", "report.json:1:1: a report of gitleaks is a list"),
            (
                "[{\"File\": \"a\"}]",
                "report.json:1:1: entry 1 has no `StartLine`",
            ),
            (
                "[{\"StartLine\": 1}]",
                "report.json:1:1: entry 1 names no `File`",
            ),
        ] {
            let error = parse("report.json", text).expect_err("is wrong");
            assert_eq!(error.to_string(), wanted);
            assert!(!error.hint.is_empty());
        }
    }
}
