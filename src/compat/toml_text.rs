//! Writes texts into TOML: rules and allows that are made of other tools' files.

use std::fmt::Write as _;

/// A text as a TOML string: literal where that can be, so that an expression reads as it was.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c != '\'' && !c.is_control();
    if text.chars().all(plain) {
        return format!("'{text}'");
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            _ if c.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(c)),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_read_back() {
        for text in [
            "",
            "plain",
            r"a\.b",
            "it's",
            "it's \"\\\n\t\u{7f}\u{85}\u{e9}",
            "\u{1}",
        ] {
            let document = format!("text = {}\n", quoted(text));
            let table: toml::Table = document.parse().expect("it is TOML");
            assert_eq!(table["text"].as_str(), Some(text));
        }
    }
}
