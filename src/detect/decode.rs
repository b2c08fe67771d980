//! Looks into base64: there the values of a Kubernetes Secret and many CI variables hide from every
//! pattern.
//!
//! ASCII never sets the highest bit of a byte, so base64 of text is told by its first characters:
//! random keys, hashes and images get past nine bytes in one case of five thousand. What passes is
//! decoded and searched for distinctive credentials, once: base64 inside base64 stays closed. Of the
//! four characters that stand for three bytes of ASCII only the last one can be `+` or `/`, so that
//! also a run of token characters behind one of these begins with a group of four.
//!
//! Source: RFC 4648 (both alphabets, padded or not), RFC 2045 (folded over lines).

use super::assignment::Assignment;
use super::{Detector, Match, Scratch, Text, Unwrapped};
use crate::location::Span;
use crate::rule::pattern::MAX_MATCH;
use crate::secret::Secret;
use crate::severity::Confidence;
use data_encoding::BASE64_NOPAD;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The shortest base64 that is decoded, in characters: 18 bytes.
const LEAST: usize = 24;
/// How far one value is read, in bytes of the file. The parts of a large file overlap by as much.
const REACH: usize = MAX_MATCH;
/// How much of one text is decoded, in bytes: inline images and source maps are endless.
const BUDGET: usize = 64 << 10;
/// The shortest line of a folded value, in characters; PEM has 64, MIME and `base64` have 76.
const LEAST_FOLDED: usize = 40;

/// True where base64 of text may begin: it stands for nine bytes of text.
#[inline]
pub(super) fn begins(text: &[u8], at: usize) -> bool {
    // Of the six bits of the first character the first one is the highest of a byte, of those of the
    // second character the third one. ASCII leaves both clear.
    matches!(
        text.get(at..),
        Some(
            [
                b'I'..=b'Z' | b'a'..=b'f',
                b'A'..=b'H' | b'Q'..=b'X' | b'g'..=b'n' | b'w'..=b'z' | b'0'..=b'3',
                ..,
            ],
        )
    ) && begins_as_text(text, at)
}

fn begins_as_text(text: &[u8], at: usize) -> bool {
    let Some(first) = text.get(at..).and_then(<[u8]>::first_chunk::<12>) else {
        return false;
    };
    let mut bytes = [0; 9];
    BASE64_NOPAD
        .decode_mut(&first.map(standard), &mut bytes)
        .is_ok()
        && bytes.iter().all(|&byte| byte < 0x80 && is_text(byte))
}

/// No control character. Bytes that are no ASCII may be UTF-8.
fn is_text(byte: u8) -> bool {
    !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r')
}

/// A character of the URL-safe alphabet in the standard one.
fn standard(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Searches what stands in base64 at each of `starts`, which ascend and where it [`begins`]. A match
/// has the place of the base64 and the credential that it stands for.
pub(super) fn search(
    detector: &Detector,
    text: &Text<'_>,
    starts: &[usize],
    scratch: &mut Scratch,
) -> Vec<Match> {
    let (mut matches, mut left, mut read_up_to) = (Vec::new(), BUDGET, 0);
    for &start in starts {
        if left == 0 {
            break;
        }
        if start < read_up_to {
            continue;
        }
        let wrapping = Wrapping::at(text.bytes, start);
        if wrapping.characters() < LEAST || wrapping.is_exempt(text.bytes) {
            continue;
        }
        let decoded = wrapping.decode(text.bytes);
        read_up_to = wrapping.place(decoded.len() / 3 * 4);
        left = left.saturating_sub(decoded.len());
        let decoded = Arc::new(Secret::new(decoded));
        let found = credentials(detector, text.path, &decoded, scratch);
        matches.extend(
            found
                .into_iter()
                .map(|found| wrapping.around(text.bytes, &decoded, found)),
        );
    }
    matches
}

/// The distinctive credentials of a decoded text.
fn credentials(
    detector: &Detector,
    path: &str,
    decoded: &Secret,
    scratch: &mut Scratch,
) -> Vec<Match> {
    let inside = Text {
        bytes: decoded.expose(),
        path,
        // Nothing is guessed at, and nothing is decoded once more.
        binary: true,
    };
    let mut found = detector.search(&inside, scratch).found;
    found.retain(|found| {
        let rule = detector.rules.at(found.rule);
        rule.confidence == Confidence::High && found.confidence >= Confidence::Medium
    });
    found
}

/// A value in base64, folded over lines or not.
struct Wrapping {
    /// Its characters, without padding, line ends and indentation; at least one piece.
    lines: Vec<Span>,
}

impl Wrapping {
    fn at(text: &[u8], start: usize) -> Self {
        let text = &text[..text.len().min(start + REACH)];
        let first = piece(text, start);
        let mut lines = vec![first];
        // The lines of one value are equally long, but for the last one.
        let folds = first.len() >= LEAST_FOLDED && first.len().is_multiple_of(4);
        let mut last = first;
        while folds
            && last.len() == first.len()
            && let Some(next) = next_line(text, last.end).map(|at| piece(text, at))
            && (1..=first.len()).contains(&next.len())
            && ends_line(text, next.end)
        {
            lines.push(next);
            last = next;
        }
        Self { lines }
    }

    fn characters(&self) -> usize {
        self.lines.iter().map(|line| line.len()).sum()
    }

    /// A part of a JSON Web Token or of its likes, which have rules of their own; or a drawing.
    fn is_exempt(&self, text: &[u8]) -> bool {
        let (start, end) = (self.lines[0].start, self.lines[0].end);
        let from = &text[start..];
        let part = start.checked_sub(1).is_some_and(|at| text[at] == b'.')
            || from.starts_with(b"eyJ") && text.get(end) == Some(&b'.');
        // `<svg`.
        part || from.starts_with(b"PHN2Zy")
    }

    /// The bytes it stands for, up to the first one that is no text.
    fn decode(&self, text: &[u8]) -> Vec<u8> {
        let lines = self
            .lines
            .iter()
            .flat_map(|line| &text[line.start..line.end]);
        let characters: Vec<u8> = lines.map(|&byte| standard(byte)).collect();
        let characters = Zeroizing::new(characters);
        let groups = characters.len() / 4 * 4;
        let mut bytes = BASE64_NOPAD
            .decode(&characters)
            // What follows the last whole group need not belong to it.
            .or_else(|_| BASE64_NOPAD.decode(&characters[..groups]))
            .unwrap_or_default();
        if let Some(end) = bytes.iter().position(|&byte| !is_text(byte)) {
            bytes.truncate(end);
        }
        bytes
    }

    /// Where in the file its character of that number stands; its end where it has fewer.
    fn place(&self, mut number: usize) -> usize {
        for line in &self.lines {
            if number < line.len() {
                return line.start + number;
            }
            number -= line.len();
        }
        self.lines.last().map_or(0, |line| line.end)
    }

    /// The characters that stand for some of its bytes, at least one; with the padding behind them.
    fn characters_of(&self, text: &[u8], bytes: Span) -> Span {
        let behind = ((bytes.end - 1) / 3 + 1) * 4;
        let last = behind.min(self.characters()) - 1;
        let end = self.place(last) + 1;
        Span {
            start: self.place(bytes.start / 3 * 4),
            end: end + padding(text, end),
        }
    }

    /// A match inside, as a match of the file.
    fn around(&self, text: &[u8], decoded: &Arc<Secret>, found: Match) -> Match {
        let start = self.lines[0].start;
        let key = Assignment::at(text, start)
            .map_or(Span { start, end: start }, |assignment| assignment.key);
        Match {
            rule: found.rule,
            secret: self.characters_of(text, found.secret),
            whole: self.characters_of(text, found.whole),
            confidence: found.confidence,
            tie: None,
            key,
            companion: None,
            unwrapped: Some(Box::new(Unwrapped {
                text: Arc::clone(decoded),
                found,
            })),
        }
    }
}

/// The characters of base64 from `start` on.
fn piece(text: &[u8], start: usize) -> Span {
    let rest = &text[start..];
    let len = rest
        .iter()
        .position(|&byte| !is_base64(byte))
        .unwrap_or(rest.len());
    Span {
        start,
        end: start + len,
    }
}

/// How much padding stands at `at`, in bytes.
fn padding(text: &[u8], at: usize) -> usize {
    let rest = text[at..].iter().take(2);
    rest.take_while(|&&byte| byte == b'=').count()
}

/// Where the next line's text begins; None where the line goes on at `at`.
fn next_line(text: &[u8], at: usize) -> Option<usize> {
    let ([b'\r', b'\n', rest @ ..] | [b'\r' | b'\n', rest @ ..]) = &text[at..] else {
        return None;
    };
    let indent = rest
        .iter()
        .take_while(|&&byte| matches!(byte, b' ' | b'\t'))
        .count();
    Some(text.len() - rest.len() + indent)
}

/// Nothing but padding stands between `at` and the end of the line.
fn ends_line(text: &[u8], at: usize) -> bool {
    let next = text.get(at + padding(text, at));
    next.is_none_or(|byte| matches!(byte, b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::runs::Runs;
    use crate::rule::builtin;
    use crate::rule::sample::{Expander, Rng};
    use data_encoding::{BASE64, BASE64URL_NOPAD};
    use std::sync::LazyLock;

    static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Arc::new(builtin())));

    /// A made-up token, to stand in all the texts below.
    fn token() -> String {
        let mut expander = Expander::new(Rng::seeded("decode"), "", &|_| None);
        let shape = "ghp_{{alnum:30}}{{crc32_base62}}";
        expander.expand(shape).expect("is a shape").text
    }

    /// The base64 and the credential of each match in a text.
    fn found(text: &str) -> Vec<(String, String)> {
        let bytes = text.as_bytes();
        let starts: Vec<usize> = Runs::new(bytes)
            .map(|run| run.start)
            .filter(|&at| begins(bytes, at))
            .collect();
        let text = Text {
            bytes,
            path: "a.yaml",
            binary: false,
        };
        let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let one = |found: Match| {
            let inside = found.unwrapped.expect("it was wrapped");
            let Span { start, end } = inside.found.secret;
            (
                string(&bytes[found.secret.start..found.secret.end]),
                string(&inside.text.expose()[start..end]),
            )
        };
        search(&DETECTOR, &text, &starts, &mut Scratch::default())
            .into_iter()
            .map(one)
            .collect()
    }

    #[test]
    fn every_spelling_is_read() {
        let token = token();
        for inside in [
            format!("{token}\n"),
            format!("{token}??~~>>"),
            token.clone(),
        ] {
            for base64 in [
                BASE64.encode(inside.as_bytes()),
                BASE64URL_NOPAD.encode(inside.as_bytes()),
            ] {
                let matches = found(&format!("  token: {base64}\n"));
                assert_eq!(matches.len(), 1, "{}", inside.len());
                assert_eq!(matches[0].1, token);
                assert!(base64.starts_with(&matches[0].0));
            }
        }
    }

    #[test]
    fn a_match_has_the_characters_that_stand_for_it() {
        let token = token();
        for before in ["", "a", "ab", "abc", "some=more words and lines\nTOKEN="] {
            let base64 = BASE64.encode(format!("{before} {token} after").as_bytes());
            let (place, secret) = found(&base64).remove(0);
            let decoded = BASE64.decode(place.as_bytes()).expect("groups of four");
            let decoded = String::from_utf8(decoded).expect("it is text");
            assert!(decoded.contains(&secret) && decoded.len() <= secret.len() + 4);
        }
    }

    #[test]
    fn lines_are_joined() {
        let base64 = BASE64.encode(format!("{:60}\ntoken = {}\n", "# words", token()).as_bytes());
        for (width, end) in [(64, "\n    "), (76, "\r\n"), (60, "\n\t"), (64, "\r  ")] {
            let lines: Vec<&str> = base64
                .as_bytes()
                .chunks(width)
                .map(|line| std::str::from_utf8(line).expect("it is ASCII"))
                .collect();
            let text = format!("key: |{end}{}{end}next: word\n", lines.join(end));
            assert_eq!(found(&text).len(), 1, "{width} {end:?}");
        }
    }

    #[test]
    fn what_is_no_base64_of_text_is_left_alone() {
        let mut expander = Expander::new(Rng::seeded("noise"), "", &|_| None);
        let begun = (0..20_000)
            .map(|_| expander.expand("{{base64:44}}").expect("is a shape").text)
            .filter(|text| begins(text.as_bytes(), 0))
            .count();
        assert!(begun < 20, "{begun} of 20000");
        for word in [
            "IdentityProviderName",
            "aLongIdentifierName",
            "ReadWriteManyOnce",
            "",
        ] {
            assert!(!begins(word.as_bytes(), 0), "{word}");
        }
    }

    #[test]
    fn tokens_of_parts_and_base64_in_base64_stay_closed() {
        let base64 = BASE64.encode(format!("{{\"a\":\"{}\"}}", token()).as_bytes());
        assert_eq!(found(&base64).len(), 1);
        for text in [
            BASE64.encode(base64.as_bytes()),
            format!("eyJhbGciOiJub25lIn0.{base64}"),
            format!("{}.signature", base64.trim_end_matches('=')),
        ] {
            assert!(found(&text).is_empty());
        }
    }
}
