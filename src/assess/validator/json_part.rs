//! JSON inside a token: the decoded object of one base 64 part.

use super::radix;
use super::words::shown;
use serde_json::Value;

/// The object; None where the part is not base 64 of one.
pub(super) fn object(part: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Value>(&radix::base64(part)?)
        .ok()
        .filter(Value::is_object)
}

/// A text or number in it, fit to show.
pub(super) fn text(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(shown(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number in it, also one that is written as text or with a fraction.
pub(super) fn number(object: &Value, name: &str) -> Option<i64> {
    let value = object.get(name)?;
    #[expect(clippy::cast_possible_truncation, reason = "a float saturates")]
    let of_float = || value.as_f64().map(|number| number as i64);
    value
        .as_i64()
        .or_else(of_float)
        .or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_leniently() {
        let part = data_encoding::BASE64URL_NOPAD
            .encode(br#"{"a": "x\u001b", "n": 1.5, "s": "12", "e": ""}"#);
        let object = object(part.as_bytes()).expect("it is an object");
        assert_eq!(text(&object, "a").as_deref(), Some("x?"));
        assert_eq!(
            (
                number(&object, "n"),
                number(&object, "s"),
                number(&object, "a")
            ),
            (Some(1), Some(12), None)
        );
        assert_eq!(text(&object, "e"), None);
        assert_eq!(super::object(b"W10"), None, "an array is no object");
    }
}
