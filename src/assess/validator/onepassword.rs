//! 1Password service account tokens: `ops_` and base 64 JSON that starts with the sign-in address.
//!
//! Source: seen in public strings (`signInAddress`, `userAuth`); the rest of the object is known only
//! and is key material, so nothing else is shown. Status: seen.

use super::{Reading, Subject, json_part};
use crate::privilege::Identity;

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    let Some(object) = subject
        .secret
        .strip_prefix(b"ops_")
        .and_then(json_part::object)
    else {
        return Reading::default();
    };
    let reading = Reading::well_formed("base 64 of a JSON object").acting_as(Identity::Machine);
    match json_part::text(&object, "signInAddress") {
        Some(address) => reading.noting(format!("signs in at {address}")),
        None => reading,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{sentences, subject};
    use super::*;

    #[test]
    fn the_address_is_named_and_nothing_else() {
        let json = r#"{"signInAddress":"acme.1password.com","secretKey":"not to be shown"}"#;
        let token = format!(
            "op{}_{}",
            's',
            data_encoding::BASE64URL_NOPAD.encode(json.as_bytes())
        );
        assert_eq!(
            sentences(&inspect(&subject(token.as_bytes()))),
            "signs in at acme.1password.com\n"
        );
    }

    #[test]
    fn anything_else_says_nothing() {
        assert_eq!(inspect(&subject(b"ops_x")), Reading::default());
        assert_eq!(inspect(&subject(b"")), Reading::default());
    }
}
