//! Mailchimp keys: the data centre stands behind the last hyphen, `-us12`.
//!
//! Source: Mailchimp documentation, "Marketing API fundamentals". Status: known.

use super::{Reading, Subject};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let centre = subject
        .secret
        .rsplit(|&byte| byte == b'-')
        .next()
        .and_then(|tail| std::str::from_utf8(tail).ok())
        .unwrap_or_default();
    let number = centre.strip_prefix("us").filter(|number| {
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    match number {
        Some(_) => Reading::default().noting(format!("data centre {centre}")),
        None => Reading::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sentences, subject};
    use super::*;

    #[test]
    fn the_data_centre_is_named() {
        let key = format!("{}-us{}", "0a".repeat(16), 21);
        assert_eq!(
            sentences(&inspect(&subject(key.as_bytes()))),
            "data centre us21\n"
        );
        assert_eq!(inspect(&subject(b"abc-usx")), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
