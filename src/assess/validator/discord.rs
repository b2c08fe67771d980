//! Discord bot tokens and webhooks: the id, and the moment it was made, which a snowflake holds.
//!
//! Source: Discord documentation, "Snowflakes". Status: known. The first part of a token is base 64 of
//! the bot's id in digits; milliseconds since 2015 stand above the lowest 22 bits.

use super::{Reading, Subject, radix, timestamp};
use crate::lifetime::UnixSeconds;
use crate::privilege::Identity;

/// 2015-01-01T00:00:00Z, in milliseconds.
const EPOCH: u64 = 1_420_070_400_000;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    if let Some(at) = memchr::memmem::find(subject.matched, b"/webhooks/") {
        let id = subject
            .matched
            .get(at + b"/webhooks/".len()..)
            .and_then(|rest| rest.split(|&byte| byte == b'/').next());
        return id.and_then(|id| snowflake(id, subject.now)).map_or_else(
            Reading::default,
            |(id, made)| {
                Reading::default().noting(format!("webhook {id}, made {}", timestamp::day(made)))
            },
        );
    }
    if !subject.secret.contains(&b'.') || subject.secret.starts_with(b"mfa.") {
        // A client secret and the token of a user with a second factor hold no id.
        return Reading::default();
    }
    let first = subject
        .secret
        .split(|&byte| byte == b'.')
        .next()
        .and_then(radix::base64);
    match first.and_then(|id| snowflake(&id, subject.now)) {
        Some((id, made)) => Reading::well_formed("its first part is the id of a bot or user")
            .noting(format!("bot {id}, made {}", timestamp::day(made)))
            .acting_as(Identity::Machine),
        None => Reading::rejected(),
    }
}

/// An id and when it was made; None for anything that is not a snowflake from the past.
fn snowflake(digits: &[u8], now: UnixSeconds) -> Option<(u64, UnixSeconds)> {
    let text = std::str::from_utf8(digits).ok().filter(|text| {
        (17..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    })?;
    let id: u64 = text.parse().ok()?;
    let made = i64::try_from(((id >> 22) + EPOCH) / 1000).ok()?;
    // Clocks differ by a day at most.
    (made <= now.saturating_add(crate::lifetime::DAY)).then_some((id, made))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, alphanumeric, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;

    fn id(at: i64) -> String {
        (((u64::try_from(at).expect("it is after 1970") * 1000 - EPOCH) << 22) | 5).to_string()
    }

    fn token(id: &str) -> String {
        format!(
            "{}.{}.{}",
            data_encoding::BASE64URL_NOPAD.encode(id.as_bytes()),
            alphanumeric(1, 6),
            alphanumeric(2, 38)
        )
    }

    #[test]
    fn a_bot_tells_its_id_and_age() {
        let id = id(NOW - 86_400);
        let reading = inspect(&subject(token(&id).as_bytes()));
        assert_eq!(sentences(&reading), format!("bot {id}, made 2025-12-31\n"));
        assert_eq!(validity(reading), Some(Validity::WellFormed));
    }

    #[test]
    fn what_holds_no_id_is_dropped() {
        for text in [
            token("not digits at all"),
            token(&id(NOW + 400 * 86_400)),
            "a.b.c".to_owned(),
        ] {
            assert!(inspect(&subject(text.as_bytes())).rejected);
        }
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }

    #[test]
    fn a_webhook_tells_its_age() {
        let url = format!(
            "https://discord.com/api/webhooks/{}/{}",
            id(NOW),
            alphanumeric(3, 68)
        );
        assert!(sentences(&inspect(&subject(url.as_bytes()))).contains("made 2026-01-01"));
    }
}
