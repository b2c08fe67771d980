//! Looks up one value by its key in text of any format: JSON, YAML, TOML, a dotenv line, JSON inside a
//! string. A parser would need the whole document; an inspector sees a piece of it.

/// The first value that stands under `key`, without quotes. None where there is none.
pub(super) fn field<'t>(text: &'t [u8], key: &str) -> Option<&'t str> {
    memchr::memmem::find_iter(text, key).find_map(|at| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(|&byte| continues(byte)) {
            return None;
        }
        let rest = skip(text.get(at + key.len()..)?, b"\\\"' \t");
        let rest = rest
            .strip_prefix(b":")
            .or_else(|| rest.strip_prefix(b"="))?;
        value(skip(rest, b" \t"))
    })
}

/// The value at the start of `rest`: up to its closing quote, or the end of the word.
fn value(rest: &[u8]) -> Option<&str> {
    let inner = skip(rest, b"\\");
    let quote = inner
        .first()
        .copied()
        .filter(|byte| matches!(byte, b'"' | b'\''));
    let body = if quote.is_some() {
        inner.get(1..)?
    } else {
        rest
    };
    let ends = |&byte: &u8| match quote {
        Some(quote) => byte == quote || matches!(byte, b'\\' | b'\n' | b'\r'),
        None => byte.is_ascii_whitespace() || matches!(byte, b',' | b'}' | b']' | b'"' | b'\''),
    };
    let end = body.iter().position(ends).unwrap_or(body.len());
    std::str::from_utf8(body.get(..end)?)
        .ok()
        .filter(|value| !value.is_empty())
}

fn skip<'t>(text: &'t [u8], bytes: &[u8]) -> &'t [u8] {
    let start = text
        .iter()
        .position(|byte| !bytes.contains(byte))
        .unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

fn continues(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_read() {
        for text in [
            "{\"name\": \"acme\", \"x\": 1}",
            "  name: acme\n",
            "name = 'acme'",
            "NAME=1\nname=acme",
            r#"{\"name\":\"acme\"}"#,
            "- name: acme",
        ] {
            assert_eq!(field(text.as_bytes(), "name"), Some("acme"), "{text}");
        }
        assert_eq!(field(b"{\"exp\":12}", "exp"), Some("12"));
    }

    #[test]
    fn a_longer_key_is_another_key() {
        assert_eq!(
            field(b"username: x\nname_of: y\nname: z", "name"),
            Some("z")
        );
        for text in ["", "name", "name:", "name: \"", "rename: x", "name:\n"] {
            assert_eq!(field(text.as_bytes(), "name"), None, "{text}");
        }
    }
}
