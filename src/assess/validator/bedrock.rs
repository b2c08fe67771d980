//! Amazon Bedrock API keys. Long-term: `ABSK` and base 64 of `BedrockAPIKey-<4>-at-<account>:...`.
//! Short-term: `bedrock-api-key-` and base 64 of a presigned request, with key id, region and end.
//!
//! Source: aws/aws-bedrock-token-generator (short-term, read); public strings (long-term, structure
//! measured).

use super::words::shown;
use super::{Reading, Subject, aws_account, builder, query, radix, timestamp};
use crate::lifetime::UnixSeconds;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let long = subject
        .secret
        .strip_prefix(b"ABSK")
        .and_then(text)
        .and_then(|text| long_term(&text));
    let short = || {
        subject
            .secret
            .strip_prefix(b"bedrock-api-key-")
            .and_then(text)
            .and_then(|text| short_term(&text, subject.now))
    };
    long.or_else(short).unwrap_or_default()
}

fn text(encoded: &[u8]) -> Option<String> {
    String::from_utf8(radix::base64(encoded)?).ok()
}

fn long_term(text: &str) -> Option<Reading> {
    let name = text.strip_prefix("BedrockAPIKey-")?.split(':').next()?;
    let account = name
        .split("-at-")
        .nth(1)?
        .get(..12)
        .filter(|account| account.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(
        Reading::well_formed("base 64 of a Bedrock key's name and secret")
            .noting(format!("belongs to AWS account {account}")),
    )
}

fn short_term(text: &str, now: UnixSeconds) -> Option<Reading> {
    if !text.contains("CallWithBearerToken") {
        return None;
    }
    let mut reading = Reading::well_formed("base 64 of a presigned Bedrock request");
    if let Some(credential) = query::parameter(text, "X-Amz-Credential") {
        let mut parts = credential.split('/');
        if let Some(account) = parts
            .next()
            .and_then(|id| aws_account::account(id.as_bytes()))
        {
            reading = reading.noting(format!("belongs to AWS account {account}"));
        }
        if let Some(region) = parts.nth(1) {
            reading = reading.noting(format!("region {}", shown(region)));
        }
    }
    let start = query::parameter(text, "X-Amz-Date").and_then(|date| timestamp::iso8601(&date));
    let length =
        query::parameter(text, "X-Amz-Expires").and_then(|seconds| seconds.parse::<u32>().ok());
    Some(match start.zip(length) {
        Some((start, length)) => {
            let end = start + i64::from(length);
            reading.expiring(end, now, builder::until("its signature", end))
        }
        None => reading,
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{NOW, sentences, subject, validity};
    use super::*;
    use crate::finding::Validity;
    use crate::lifetime::Lifetime;

    #[test]
    fn the_long_term_key_names_its_account() {
        let body = data_encoding::BASE64.encode(b"BedrockAPIKey-abcd-at-123456789012:noise");
        let reading = inspect(&subject(format!("AB{}{body}", "SK").as_bytes()));
        assert!(sentences(&reading).contains("account 123456789012"));
        assert_eq!(validity(reading), Some(Validity::WellFormed));
    }

    #[test]
    fn the_short_term_key_tells_region_and_end() {
        let request = "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Credential=x%2F20260101%2Feu-west-1%2Fbedrock&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&Version=1";
        let body = data_encoding::BASE64.encode(request.as_bytes());
        let reading = inspect(&subject(format!("bedrock-api-{}-{body}", "key").as_bytes()));
        assert!(sentences(&reading).contains("region eu-west-1"));
        assert_eq!(
            reading.lifetime.map(|judged| judged.value),
            Some(Lifetime::ExpiresAt(NOW + 3600))
        );
    }

    #[test]
    fn anything_else_says_nothing() {
        for secret in ["", "ABSK", "ABSKAAAA", "bedrock-api-key-AAAA"] {
            assert_eq!(inspect(&subject(secret.as_bytes())), Reading::default());
        }
    }
}
