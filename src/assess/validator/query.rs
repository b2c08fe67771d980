//! URL query strings: parameters by name, percent escapes decoded.

use std::borrow::Cow;

/// The decoded value of a parameter in `a=1&b=2`. `&amp;`, as in XML and HTML, separates too, and a
/// semicolon ends the last one, as in a connection string.
pub(super) fn parameter<'q>(query: &'q str, name: &str) -> Option<Cow<'q, str>> {
    query.split(['&', '?']).find_map(|pair| {
        let (key, value) = pair.strip_prefix("amp;").unwrap_or(pair).split_once('=')?;
        let value = value.split(';').next().unwrap_or(value);
        (key.eq_ignore_ascii_case(name) && !value.is_empty()).then(|| decoded(value))
    })
}

/// The text with its percent escapes decoded, where they are well formed and give UTF-8.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let pair = after
            .first_chunk::<2>()
            .filter(|_| byte == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        out.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_and_decoded() {
        let query = "https://acme.example/x?a=1&amp;se=2026%2D01-01T00%3A00Z&b=%zz&c=";
        assert_eq!(parameter(query, "a").as_deref(), Some("1"));
        assert_eq!(parameter(query, "se").as_deref(), Some("2026-01-01T00:00Z"));
        assert_eq!(parameter(query, "b").as_deref(), Some("%zz"));
        assert_eq!(parameter(query, "c"), None);
        assert_eq!(decoded("%ff%"), "%ff%");
    }
}
