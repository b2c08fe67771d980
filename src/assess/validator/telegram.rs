//! Telegram bot tokens: the digits before the colon are the bot's id.
//!
//! Source: Telegram Bot API documentation, "Authorizing your bot". Status: known.

use super::{Reading, Subject};
use crate::privilege::Identity;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let id = subject
        .secret
        .split(|&byte| byte == b':')
        .next()
        .and_then(|id| std::str::from_utf8(id).ok())
        .unwrap_or_default();
    if subject.secret.contains(&b':')
        && (5..=12).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_digit())
    {
        Reading::default()
            .noting(format!("bot {id}"))
            .acting_as(Identity::Machine)
    } else {
        Reading::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, sentences, subject};
    use super::*;

    #[test]
    fn the_bot_is_named() {
        let token = format!("{}:AA{}", 123_456_789, alphanumeric(1, 33));
        assert_eq!(
            sentences(&inspect(&subject(token.as_bytes()))),
            "bot 123456789\n"
        );
    }

    #[test]
    fn anything_else_says_nothing() {
        for text in ["", ":", "123456789", "x1234567:AA"] {
            assert_eq!(inspect(&subject(text.as_bytes())), Reading::default());
        }
    }
}
