//! Text armour, the `BEGIN` and `END` lines of private keys, however it was pasted: indented, with
//! written-out `\n`, as concatenated strings, in a comment.
//!
//! Source: RFC 7468 and RFC 1421 (headers), RFC 9580 (`OpenPGP` armour). Status: known.

use super::radix;

/// What stands between the two lines.
pub(super) struct Armor {
    /// The words after `BEGIN`, such as `RSA PRIVATE KEY`.
    pub(super) label: String,
    /// True when a `Proc-Type` header says that the body is encrypted.
    pub(super) encrypted: bool,
    /// The decoded body; None where it is not base 64.
    pub(super) body: Option<Vec<u8>>,
    /// True when the `END` line is there.
    pub(super) closed: bool,
}

/// Reads the first armoured block in the text. None where there is no `BEGIN` line.
pub(super) fn parse(text: &[u8]) -> Option<Armor> {
    let start = memchr::memmem::find(text, b"-BEGIN ")? + b"-BEGIN ".len();
    let rest = text.get(start..)?;
    let end_of_label = rest.iter().take(80).position(|&byte| byte == b'-')?;
    let (label, rest) = rest.split_at_checked(end_of_label)?;
    let rest = rest.get(rest.iter().position(|&byte| byte != b'-')?..)?;
    let end = memchr::memmem::find(rest, b"-----END");
    let plain = unescaped(rest.get(..end.unwrap_or(rest.len()))?);
    let mut base64 = String::new();
    let mut encrypted = false;
    for line in plain.lines().map(bare) {
        if line.contains(':') {
            encrypted |= line.starts_with("Proc-Type") && line.contains("ENCRYPTED");
        } else if !(line.starts_with('=') && line.len() == 5) {
            // A line of `=` and four characters is the checksum of `OpenPGP`.
            base64.extend(line.chars().filter(|c| !c.is_whitespace()));
        }
    }
    Some(Armor {
        label: String::from_utf8_lossy(label).trim().to_owned(),
        encrypted,
        body: radix::base64(base64.as_bytes()).filter(|_| base64.is_ascii()),
        closed: end.is_some(),
    })
}

/// The text with `\n`, `\r`, `\t`, `\/` and `\u003d` as what they stand for.
fn unescaped(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let escape = escape.trim_start_matches('\\');
        let (meaning, length) = match escape.as_bytes() {
            [b'n' | b'r', ..] => (Some('\n'), 1),
            [b't', ..] => (Some(' '), 1),
            [b'u', a, b, c, d, ..] => (unicode([*a, *b, *c, *d]), 5),
            _ => (None, 0),
        };
        // What is not known stays, without the backslash: also the line continuation.
        out.extend(meaning);
        rest = if meaning.is_some() {
            escape.get(length..).unwrap_or_default()
        } else {
            escape
        };
    }
    out.push_str(rest);
    out
}

fn unicode(digits: [u8; 4]) -> Option<char> {
    u32::from_str_radix(std::str::from_utf8(&digits).ok()?, 16)
        .ok()
        .and_then(char::from_u32)
        .filter(char::is_ascii)
}

/// A line without its quotes, concatenation signs and comment marks.
fn bare(line: &str) -> &str {
    let line = line.trim();
    let marked = |mark: &&str| {
        line.strip_prefix(*mark)
            .filter(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let line = ["#", "//", ">", "*", "|", ";"]
        .iter()
        .find_map(marked)
        .map_or(line, str::trim);
    let quote = ['"', '\'', '`'];
    let inner = match (line.find(quote), line.rfind(quote)) {
        (Some(first), Some(last)) if first < last => line.get(first + 1..last).unwrap_or_default(),
        (Some(only), _) => {
            let (before, after) = (
                line.get(..only).unwrap_or_default(),
                line.get(only + 1..).unwrap_or_default(),
            );
            if before.len() > after.trim().len() {
                before
            } else {
                after
            }
        }
        _ => line,
    };
    // What joined two strings is no base 64 of its own: a plus sign alone, a comma.
    let inner = inner.trim().trim_end_matches([',', ';']);
    if inner.len() < 4 && inner.chars().all(|c| "+.,;()".contains(c)) {
        ""
    } else {
        inner
    }
}

/// Armours a body, for tests. The dashes are assembled, so that no scanner takes this file for a key.
#[cfg(test)]
pub(super) fn block(label: &str, body: &[u8], newline: &str) -> String {
    let text = data_encoding::BASE64.encode(body);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("it is ASCII"))
        .collect();
    let dashes = "-".repeat(5);
    format!(
        "{dashes}BEGIN {label}{dashes}{newline}{}{newline}{dashes}END {label}{dashes}",
        lines.join(newline)
    )
}

#[cfg(test)]
mod tests {
    use super::super::sample::noise;
    use super::*;

    #[test]
    fn every_way_to_paste_it_gives_the_same_body() {
        for length in 100..140 {
            let body = noise(u32::try_from(length).expect("it is small"), length);
            for newline in [
                "\n",
                "\r\n",
                "\\n",
                "\\r\\n",
                "\\\\n",
                "\n    ",
                "\\n\" +\n  \"",
                "\\\n",
                "',\n  '",
                "\n# ",
                "\\n\"\n\"",
            ] {
                let armor =
                    parse(block("PRIVATE KEY", &body, newline).as_bytes()).expect("it is armoured");
                assert_eq!(armor.body.as_deref(), Some(&body[..]), "{newline:?}");
                assert!(armor.closed && !armor.encrypted && armor.label == "PRIVATE KEY");
            }
        }
    }

    #[test]
    fn headers_are_no_part_of_the_body() {
        let text = block("RSA PRIVATE KEY", &[7; 90], "\n").replacen(
            "KEY-----\n",
            "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n",
            1,
        );
        let armor = parse(text.as_bytes()).expect("it is armoured");
        assert!(armor.encrypted);
        assert_eq!(armor.body, Some(vec![7; 90]));
    }

    #[test]
    fn odd_input_is_no_armour() {
        let dashes = "-".repeat(5);
        for text in [
            String::new(),
            format!("{dashes}BEGIN "),
            format!("{dashes}BEGIN X"),
            "\\u00".to_owned(),
        ] {
            assert!(
                parse(text.as_bytes()).is_none_or(|armor| !armor.closed),
                "{text}"
            );
        }
        let redacted = format!(
            "{dashes}BEGIN PRIVATE KEY{dashes}\n<your key>\n{dashes}END PRIVATE KEY{dashes}"
        );
        assert_eq!(
            parse(redacted.as_bytes()).expect("it is armoured").body,
            None
        );
    }
}
