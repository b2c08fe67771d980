//! Slack tokens and webhooks: whose name it acts in, and the ids of workspace and bot in it.
//!
//! Source: Slack documentation, "Token types" and "Sending messages using incoming webhooks". Status:
//! known. In `xoxb-<team>-<bot>-...` the ids are numbers, in a webhook they are `T...` and `B...`.

use super::words::shown;
use super::{Reading, Subject};
use crate::privilege::{Breadth, Identity};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
    if let Some((_, path)) = text(subject.matched).split_once("hooks.slack.com/") {
        return webhook(path);
    }
    let secret = text(subject.secret);
    let mut parts = secret.split('-');
    let kind = parts.next().unwrap_or_default();
    let ids: Vec<&str> = parts
        .take_while(|part| {
            (8..=15).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
        .collect();
    let reading = match kind {
        "xoxb" => Reading::default().acting_as(Identity::Machine),
        "xoxp" | "xoxc" | "xoxs" => Reading::default()
            .acting_as(Identity::Person)
            .noting("acts as the person who made it"),
        "xapp" => return app(secret),
        _ => return Reading::default(),
    };
    match (ids.as_slice(), kind) {
        ([team, bot, ..], "xoxb") => {
            reading.noting(format!("workspace number {team}, bot number {bot}"))
        }
        ([team, user, ..], _) => {
            reading.noting(format!("workspace number {team}, user number {user}"))
        }
        _ => reading,
    }
}

/// `xapp-1-A<app>-...`
fn app(secret: &str) -> Reading {
    let reading = Reading::default().acting_as(Identity::Machine);
    match secret
        .split('-')
        .nth(2)
        .filter(|id| id.starts_with('A') && is_id(id))
    {
        Some(id) => reading.noting(format!("app {}", shown(id))),
        None => reading,
    }
}

/// `services/T<team>/B<bot>/...`, `workflows/T<team>/A<app>/...`, `triggers/T<team>/...`
fn webhook(path: &str) -> Reading {
    let mut parts = path.split('/').skip(1);
    let reading = Reading::default()
        .within(Breadth::Object)
        .acting_as(Identity::Machine);
    let (Some(team), other) = (
        parts.next().filter(|id| id.starts_with('T') && is_id(id)),
        parts.next(),
    ) else {
        return reading;
    };
    match other.filter(|id| id.starts_with(['A', 'B']) && is_id(id)) {
        Some(other) => reading.noting(format!("workspace {team}, app {other}")),
        None => reading.noting(format!("workspace {team}")),
    }
}

fn is_id(id: &str) -> bool {
    (6..=14).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::sample::{alphanumeric, sentences, subject};
    use super::*;

    #[test]
    fn a_bot_names_workspace_and_bot() {
        let token = format!(
            "xo{}-{}-{}-{}",
            "xb",
            1_234_567_890,
            9_876_543_210_u64,
            alphanumeric(1, 24)
        );
        let reading = inspect(&subject(token.as_bytes()));
        assert_eq!(
            sentences(&reading),
            "workspace number 1234567890, bot number 9876543210\n"
        );
        assert_eq!(reading.identity, Some(Identity::Machine));
    }

    #[test]
    fn a_user_token_acts_as_a_person() {
        let token = format!(
            "xo{}-{}-{}-{}",
            "xp",
            1_234_567_890,
            9_876_543_210_u64,
            alphanumeric(1, 24)
        );
        assert_eq!(
            inspect(&subject(token.as_bytes())).identity,
            Some(Identity::Person)
        );
    }

    #[test]
    fn a_webhook_names_its_workspace() {
        let url = format!(
            "https://hooks.slack.com/{}/T{}/B{}/{}",
            "services",
            "0".repeat(8),
            "1".repeat(8),
            alphanumeric(1, 24)
        );
        let reading = inspect(&subject(url.as_bytes()));
        assert_eq!(sentences(&reading), "workspace T00000000, app B11111111\n");
        assert_eq!(reading.breadth, Some(Breadth::Object));
    }

    #[test]
    fn anything_else_says_nothing() {
        for text in ["", "xoxe-1-x", "xox"] {
            assert_eq!(inspect(&subject(text.as_bytes())), Reading::default());
        }
        assert_eq!(sentences(&inspect(&subject(b"xoxb-"))), "");
    }
}
