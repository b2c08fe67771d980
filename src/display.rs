//! Text of the scanned tree made safe to show, and numbers made easy to read.
//!
//! Names and contents of a hostile tree reach terminals and the logs of build servers. Both obey
//! what they print: an escape sequence repaints a screen, a direction mark reverses a file name,
//! and a line that begins with `::` is a command to GitHub Actions. Everything that was not
//! written by us passes [`sanitize`] before a person sees it.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Shows characters that act rather than print as escapes, on one line.
///
/// The commands of build servers (`::error`, `##[`, `##vso[`) are broken by an escape as well.
///
/// ```
/// use straykey::display::sanitize;
/// assert_eq!(sanitize("src/main.rs"), "src/main.rs");
/// assert_eq!(sanitize("a\u{1b}[2Jb\nc\u{202e}"), "a\\x1b[2Jb\\nc\\u{202e}");
/// assert_eq!(sanitize("::error::no"), "\\x3a:error::no");
/// ```
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c != ':' && c != '#' && !acts(c)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut before = None;
    for (at, c) in text.char_indices() {
        if acts(c) || is_command(&text[at..], before) {
            escape(c, &mut safe);
        } else {
            safe.push(c);
        }
        before = Some(c);
    }
    Cow::Owned(safe)
}

/// True for a character that a terminal or a viewer obeys instead of showing it: controls,
/// direction marks, invisible joiners and tags, line separators.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// True where a build server might read a command. `std::env` inside a word is none.
fn is_command(rest: &str, before: Option<char>) -> bool {
    let inside_a_word =
        before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '>' | ')' | ']'));
    (rest.starts_with("::") && !inside_a_word) || rest.starts_with("##")
}

fn escape(c: char, out: &mut String) {
    let result = match c {
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        _ if c.is_ascii() => write!(out, "\\x{:02x}", u32::from(c)),
        _ => write!(out, "\\u{{{:x}}}", u32::from(c)),
    };
    debug_assert!(result.is_ok(), "a String takes every write");
}

/// A number with its noun: `1 file`, `12,431 files`.
///
/// ```
/// assert_eq!(straykey::display::counted(12_431, "file"), "12,431 files");
/// ```
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// A number with commas between its thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of bytes in decimal units: `310 MB`.
pub fn bytes(number: u64) -> String {
    let (mut tenths, mut unit) = (u128::from(number) * 10, "bytes");
    for next in ["kB", "MB", "GB", "TB"] {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = (tenths.div_ceil(1000), next);
    }
    // Below ten a digit after the point still tells something.
    if unit != "bytes" && tenths < 100 {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", tenths / 10)
    }
}

/// A duration: `7 ms`, `0.8 s`, `2 min 5 s`.
pub fn duration(milliseconds: u64) -> String {
    match milliseconds {
        0..100 => format!("{milliseconds} ms"),
        100..60_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        _ => format!(
            "{} min {} s",
            milliseconds / 60_000,
            milliseconds % 60_000 / 1000
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_as_an_escape() {
        for (text, shown) in [
            ("\u{1b}]0;x\u{7}", "\\x1b]0;x\\x07"),
            ("a\r\nb\tc", "a\\r\\nb\\tc"),
            ("a\u{2066}b\u{200b}\u{85}", "a\\u{2066}b\\u{200b}\\u{85}"),
            ("##[error]x", "\\x23#[error]x"),
            ("dir/::error::x", "dir/\\x3a:error::x"),
            ("std::env", "std::env"),
            ("größe/文件", "größe/文件"),
        ] {
            assert_eq!(sanitize(text), shown);
        }
    }

    #[test]
    fn nothing_that_was_made_safe_acts() {
        let all: String = ('\0'..='\u{ffff}')
            .chain('\u{e0000}'..='\u{e00ff}')
            .collect();
        assert!(!sanitize(&all).chars().any(acts));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(1_234_567, "file"), "1,234,567 files");
        assert_eq!(
            [bytes(0), bytes(999), bytes(1_500), bytes(310_000_000)],
            ["0 bytes", "999 bytes", "1.5 kB", "310 MB"]
        );
        assert_eq!(
            [duration(7), duration(812), duration(125_000)],
            ["7 ms", "0.8 s", "2 min 5 s"]
        );
    }
}
