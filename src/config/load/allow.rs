//! From an allow as it is written to one that may be applied.

use super::{no_glob, selector};
use crate::config::allow::Allow;
use crate::config::error::Fault;
use crate::config::source::AllowSource;
use crate::haystack::globs::Globs;
use crate::location::Position;
use crate::rule::{ValueShape, ValueShapeError};
use jiff::civil::Date;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::value::Datetime;

/// How many digits name a fingerprint.
const DIGITS: RangeInclusive<usize> = 8..=32;

/// Reads an allow that begins at a position.
pub(super) fn read(allow: &Spanned<AllowSource>, at: Position) -> Result<Allow, Fault> {
    let (source, span) = (allow.get_ref(), allow.span());
    check_extent(source, &span)?;
    Ok(Allow {
        reason: reason(source.reason.as_ref(), &span)?,
        expires: source.expires.as_ref().map(expiry).transpose()?,
        fingerprint: source.fingerprint.as_ref().map(fingerprint).transpose()?,
        path: source.path.as_ref().map(path).transpose()?,
        rule: source.rule.as_ref().map(selector).transpose()?,
        value: source.value.as_ref().map(value).transpose()?,
        at,
    })
}

/// An allow without bounds would excuse all that is ever found.
fn check_extent(source: &AllowSource, allow: &Range<usize>) -> Result<(), Fault> {
    if source.fingerprint.is_some() || source.value.is_some() {
        return Ok(());
    }
    let wide_path = match &source.path {
        Some(glob) => path(glob)?.matches_everything(),
        None => true,
    };
    let wide_rule = match &source.rule {
        Some(name) => selector(name)?.is_everything(),
        None => true,
    };
    if !(wide_path && wide_rule) {
        return Ok(());
    }
    Err(Fault::new(
        allow.clone(),
        "this allow would excuse everything",
        "say what it is about: a `fingerprint`, `path`, `rule` or `value`",
    ))
}

fn reason(reason: Option<&Spanned<String>>, allow: &Range<usize>) -> Result<String, Fault> {
    let text = reason.map_or("", |reason| reason.get_ref().trim());
    if text.is_empty() {
        return Err(Fault::new(
            reason.map_or_else(|| allow.clone(), Spanned::span),
            "an allow needs a reason",
            "say why these findings do not count: reason = \"...\"",
        ));
    }
    Ok(text.to_owned())
}

fn expiry(day: &Spanned<Datetime>) -> Result<Date, Fault> {
    let date = match day.get_ref() {
        Datetime {
            date: Some(date),
            time: None,
            offset: None,
        } => i16::try_from(date.year)
            .ok()
            .zip(i8::try_from(date.month).ok())
            .zip(i8::try_from(date.day).ok()),
        _ => None,
    };
    date.and_then(|((year, month), day)| Date::new(year, month, day).ok())
        .ok_or_else(|| {
            Fault::new(
                day.span(),
                "expected a day, found a time",
                "write the last day on which it holds, such as 2027-01-31",
            )
        })
}

fn fingerprint(digits: &Spanned<String>) -> Result<String, Fault> {
    let text = digits.get_ref();
    if DIGITS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(Fault::new(
        digits.span(),
        "a fingerprint is 8 to 32 hexadecimal digits",
        "copy it from a report, or its first digits",
    ))
}

fn value(shape: &Spanned<String>) -> Result<ValueShape, Fault> {
    ValueShape::new(shape.get_ref()).map_err(|error| {
        let hint = match error {
            ValueShapeError::Everything | ValueShapeError::Empty => {
                "leave `value` out, or spell out what the values have in common"
            }
            ValueShapeError::Syntax(_) | ValueShapeError::TooLarge => {
                "it is an ASCII regular expression of the whole value"
            }
        };
        Fault::new(shape.span(), error.to_string(), hint)
    })
}

fn path(pattern: &Spanned<String>) -> Result<Globs, Fault> {
    Globs::new(&[pattern.get_ref()]).map_err(|error| no_glob(pattern.span(), &error))
}

#[cfg(test)]
mod tests {
    use crate::config::examples::{EVERY_KEY, accepted, problem};

    #[test]
    fn an_allow_is_read() {
        let config = accepted(EVERY_KEY);
        let allow = &config.allows[0];
        assert_eq!(allow.reason, "the vendor's documented example");
        let last = allow.expires.expect("it is given");
        assert_eq!((last.year(), last.month(), last.day()), (2027, 1, 31));
        assert_eq!(allow.fingerprint.as_deref(), Some("0123456789abcdef"));
        let path = allow.path.as_ref().expect("it is given");
        assert_eq!(path.patterns(), ["docs/**"]);
        let rule = allow.rule.as_ref().expect("it is given");
        assert_eq!(rule.as_str(), "aws-*");
        let value = allow.value.as_ref().expect("it is given");
        assert_eq!(value.as_str(), "EXAMPLE[A-Z0-9]{8}");
        assert_eq!(allow.at.line, 18);
    }

    #[test]
    fn an_allow_needs_a_reason() {
        let hint = "say why these findings do not count: reason = \"...\"";
        assert_eq!(
            problem("\n[[allow]]\nrule = \"aws\""),
            format!("own.toml:2:1: an allow needs a reason; {hint}")
        );
        assert_eq!(
            problem("[[allow]]\nrule = \"aws\"\nreason = \" \""),
            format!("own.toml:3:10: an allow needs a reason; {hint}")
        );
    }

    #[test]
    fn an_allow_needs_bounds() {
        let expected = "own.toml:1:1: this allow would excuse everything; \
                        say what it is about: a `fingerprint`, `path`, `rule` or `value`";
        for bounds in [
            "",
            "expires = 2027-01-31",
            "path = \"**\"",
            "path = \"*\"",
            "rule = \"*\"",
            "path = \"/**\"\nrule = \"**\"",
        ] {
            let text = format!("[[allow]]\nreason = \"r\"\n{bounds}");
            assert_eq!(problem(&text), expected, "{bounds}");
        }
        accepted("[[allow]]\nreason = \"r\"\npath = \"**\"\nrule = \"aws\"");
    }

    #[test]
    fn the_parts_of_an_allow_are_checked() {
        for (line, expected) in [
            (
                "fingerprint = \"0123\"",
                "own.toml:3:15: a fingerprint is 8 to 32 hexadecimal digits; \
                 copy it from a report, or its first digits",
            ),
            (
                "value = '.*'",
                "own.toml:3:9: the expression fits almost any value; \
                 leave `value` out, or spell out what the values have in common",
            ),
            (
                "value = ''",
                "own.toml:3:9: the expression is empty; \
                 leave `value` out, or spell out what the values have in common",
            ),
            (
                "value = 'EXAMPLE('",
                "own.toml:3:9: not a regular expression: unclosed group; \
                 it is an ASCII regular expression of the whole value",
            ),
            (
                "path = \"./docs\"",
                "own.toml:3:8: `./docs` is no glob: paths begin at the root, without `./` or `../`; \
                 globs are written as in a .gitignore, such as `vendor/**` or `*.min.js`",
            ),
            (
                "path = \"docs\"\nexpires = 2027-01-31T10:00:00Z",
                "own.toml:4:11: expected a day, found a time; \
                 write the last day on which it holds, such as 2027-01-31",
            ),
        ] {
            assert_eq!(
                problem(&format!("[[allow]]\nreason = \"r\"\n{line}")),
                expected
            );
        }
    }
}
