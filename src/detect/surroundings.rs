//! What stands further around a value: enclosing sections and calls, and the hosts nearby.
//!
//! Read only for values that already look like a credential under a key that could name one, so it
//! may look at a few kilobytes.

use super::assignment::Operator;
use crate::location::Span;

/// How far back an enclosing section may begin, in bytes.
const MAX_BACK: usize = 4096;
/// How far to either side a host counts as nearby, in bytes.
const NEARBY: usize = 480;
/// How many enclosing sections are told.
const MAX_SECTIONS: usize = 4;

/// LF, CRLF and a lone CR end a line; between the two of CRLF stands an empty one, which nobody minds.
const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// How much of a line is looked at before and after a position, in bytes: the rest of a minified file
/// says nothing about it.
const LINE: (usize, usize) = (1024, 2048);

/// The line around a position, without its end.
pub fn line(text: &[u8], at: usize) -> Span {
    let at = at.min(text.len());
    let floor = at.saturating_sub(LINE.0);
    let ceiling = text.len().min(at + LINE.1);
    Span {
        start: memchr::memrchr2(b'\n', b'\r', &text[floor..at])
            .map_or(floor, |newline| floor + newline + 1),
        end: memchr::memchr2(b'\n', b'\r', &text[at..ceiling])
            .map_or(ceiling, |newline| at + newline),
    }
}

/// The line above a line; empty above the first one.
pub fn line_above(text: &[u8], below: Span) -> Span {
    let end = match &text[..below.start] {
        [rest @ .., b'\r', b'\n'] | [rest @ .., b'\r' | b'\n'] => rest.len(),
        _ => return Span::default(),
    };
    Span {
        start: line(text, end).start,
        end,
    }
}

/// The names of what encloses a position, innermost first: JSON and HCL blocks, calls, YAML parents,
/// the INI section.
pub fn sections(text: &[u8], at: usize) -> Vec<String> {
    let mut names = blocks(text, at);
    names.extend(indented_parents(text, at));
    names.extend(ini_section(text, at));
    names.truncate(2 * MAX_SECTIONS);
    names
}

/// What stands before each bracket that is open at `at`.
fn blocks(text: &[u8], at: usize) -> Vec<String> {
    let floor = at.saturating_sub(MAX_BACK);
    let mut depth = 0_i32;
    let mut names = Vec::new();
    for back in (floor..at).rev() {
        match text[back] {
            b')' | b'}' => depth += 1,
            b'(' | b'{' if depth > 0 => depth -= 1,
            b'(' | b'{' => names.extend(label(text, back)),
            _ => {}
        }
        if names.len() >= MAX_SECTIONS {
            break;
        }
    }
    names
}

/// The words before a bracket on its line: `"railway": {`, `resource "aws_instance" "prod" {`, `new Client(`.
fn label(text: &[u8], bracket: usize) -> Option<String> {
    let floor = bracket.saturating_sub(120);
    let line = text[floor..bracket]
        .iter()
        .rposition(|&byte| matches!(byte, b'\n' | b'{' | b'}' | b'(' | b';' | b','))
        .map_or(floor, |at| floor + at + 1);
    let words: Vec<&[u8]> = text[line..bracket]
        .split(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')))
        .filter(|word| !word.is_empty())
        .collect();
    let tail = &words[words.len().saturating_sub(3)..];
    (!tail.is_empty()).then(|| String::from_utf8_lossy(&tail.join(&b' ')).into_owned())
}

/// YAML and the like: lines above with less indentation that end in a colon.
fn indented_parents(text: &[u8], at: usize) -> Vec<String> {
    let floor = at.saturating_sub(MAX_BACK);
    let mut lines = text[floor..at].rsplit(|&byte| is_line_end(byte));
    let Some(mut indent) = lines.next().map(indentation) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for line in lines {
        let own = indentation(line);
        if line.trim_ascii().is_empty() || own >= indent {
            continue;
        }
        indent = own;
        let trimmed = line.trim_ascii();
        if let Some(name) = trimmed.strip_suffix(b":").filter(|name| name.len() <= 64) {
            names.push(String::from_utf8_lossy(name).into_owned());
        }
        if indent == 0 || names.len() >= MAX_SECTIONS {
            break;
        }
    }
    names
}

fn indentation(line: &[u8]) -> usize {
    // A list item's dash indents what follows it.
    line.iter()
        .take_while(|&&byte| matches!(byte, b' ' | b'\t' | b'-'))
        .count()
}

/// The nearest `[section]` line above.
fn ini_section(text: &[u8], at: usize) -> Option<String> {
    let floor = at.saturating_sub(MAX_BACK);
    text[floor..at]
        .rsplit(|&byte| is_line_end(byte))
        .find_map(|line| {
            let name = line.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
            let plain = |byte: &u8| {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'"' | b'[' | b']' | b':')
            };
            (!name.is_empty() && name.len() <= 64 && name.iter().all(plain))
                .then(|| String::from_utf8_lossy(name).into_owned())
        })
}

/// Names with a dot that could be hosts, lower case, in the block around a span.
pub fn hosts(text: &[u8], around: Span) -> Vec<String> {
    let block = nearby(text, around);
    let is_host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    text[block.start..block.end]
        .split(|byte| !is_host(byte))
        .filter(|name| {
            name.len() >= 4 && name.len() <= 100 && name[1..name.len() - 1].contains(&b'.')
        })
        .map(|name| String::from_utf8_lossy(name).to_ascii_lowercase())
        .collect()
}

/// The lines around a span, up to a blank line or `NEARBY` bytes to either side.
pub fn nearby(text: &[u8], around: Span) -> Span {
    let floor = around.start.saturating_sub(NEARBY);
    let ceiling = text.len().min(around.end + NEARBY);
    let (before, after) = (&text[floor..around.start], &text[around.end..ceiling]);
    let blanks = [b"\n\n".as_slice(), b"\r\r", b"\n\r\n"];
    let above = blanks
        .iter()
        .filter_map(|blank| memchr::memmem::rfind(before, blank))
        .max();
    let below = blanks
        .iter()
        .filter_map(|blank| memchr::memmem::find(after, blank))
        .min();
    Span {
        start: above.map_or(floor, |at| floor + at),
        end: below.map_or(ceiling, |at| around.end + at),
    }
}

/// How many words before a value are its sentence.
const SENTENCE: usize = 10;

/// The words on the line before a value, the nearest first, where it stands in prose.
pub fn prose(text: &[u8], value: Span, operator: Operator) -> impl Iterator<Item = &[u8]> + Clone {
    let prosaic = matches!(operator, Operator::Colon | Operator::Space | Operator::None);
    let floor = value.start.saturating_sub(if prosaic { 100 } else { 0 });
    let before = &text[floor..value.start];
    let from = before
        .iter()
        .rposition(|&byte| is_line_end(byte))
        .map_or(0, |at| at + 1);
    before[from..]
        .rsplit(|byte| !byte.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .take(SENTENCE)
}

/// What opens a comment.
const COMMENTS: &[&[u8]] = &[b"#", b"//", b"--", b"/*", b"<!--", b";"];

/// The comment on the line of `at` or on the line above, without its marks, at most 160 bytes.
pub fn comment(text: &[u8], at: usize) -> String {
    const LONGEST: usize = 160;
    let floor = at.saturating_sub(2 * LONGEST);
    let ceiling = text.len().min(at + 2 * LONGEST);
    let mut above = text[floor..at]
        .rsplit(|&byte| is_line_end(byte))
        .skip(1)
        .skip_while(|line| line.is_empty());
    let own = text[at..ceiling]
        .split(|&byte| is_line_end(byte))
        .next()
        .unwrap_or_default();
    let on_line = COMMENTS[..2].iter().find_map(|mark| {
        memchr::memmem::rfind(own, &[b" ", *mark, b" "].concat()).map(|found| &own[found..])
    });
    let above = above.next().filter(|line| {
        COMMENTS
            .iter()
            .any(|mark| line.trim_ascii_start().starts_with(mark))
    });
    let comment = on_line.or(above).unwrap_or_default();
    let words = comment.trim_ascii_start();
    let words = &words[words
        .iter()
        .take_while(|byte| byte.is_ascii_punctuation())
        .count()..];
    String::from_utf8_lossy(&words[..words.len().min(LONGEST)])
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections_at(text: &str) -> Vec<String> {
        sections(text.as_bytes(), text.find('@').expect("there is a mark"))
    }

    #[test]
    fn blocks_have_names() {
        assert_eq!(
            sections_at("{\"railway\": {\"a\": {}, \"token\": \"@"),
            ["railway"]
        );
        assert_eq!(
            sections_at("new RailwayClient({ token: '@")[..1],
            ["new RailwayClient"]
        );
        assert_eq!(
            sections_at("provider \"acme\" {\n  region = \"x\"\n  token = \"@"),
            ["provider acme"]
        );
    }

    #[test]
    fn indentation_and_headings_name_sections() {
        assert_eq!(
            sections_at("production:\n  railway:\n    name: x\n    token: @"),
            ["railway", "production"]
        );
        assert_eq!(
            sections_at("[default]\nregion = x\n\n[prod]\nkey = @"),
            ["prod"]
        );
    }

    #[test]
    fn hosts_are_of_the_same_block() {
        let text = "see far.example\n\ncurl -H 'x: @' https://API.near.example/v2";
        let at = text.find('@').expect("there is a mark");
        assert_eq!(
            hosts(
                text.as_bytes(),
                Span {
                    start: at,
                    end: at + 1
                }
            ),
            ["api.near.example"]
        );
    }
}
