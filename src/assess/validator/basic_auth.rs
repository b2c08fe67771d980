//! User and password in base 64 (`Authorization: Basic`, `auth` of Docker, `_auth` of npm), or in a URL.
//!
//! Source: RFC 7617, and RFC 3986 for the URL. Status: known.

use super::words::shown;
use super::{Reading, Subject, authority, radix};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    if memchr::memmem::find(subject.matched, b"://").is_some()
        && memchr::memchr(b'@', subject.matched).is_some()
    {
        return of_url(subject);
    }
    let decoded = radix::base64(subject.secret).and_then(|bytes| String::from_utf8(bytes).ok());
    let printable = decoded.filter(|text| !text.chars().any(char::is_control));
    let Some((user, password)) = printable
        .as_deref()
        .filter(|text| text.len() > 1)
        .and_then(|text| text.split_once(':'))
    else {
        return Reading::rejected();
    };
    // With nothing on one side, the other side is the token.
    let reading = Reading::well_formed("base 64 of a user and a password");
    match authority::shown_user(user, password.as_bytes()).filter(|_| !password.is_empty()) {
        Some(user) => reading.noting(format!("signs in as {}", shown(&user))),
        None => reading,
    }
}

fn of_url(subject: &Subject<'_>) -> Reading {
    let Some(url) = authority::parse(subject) else {
        return Reading::default();
    };
    let mut reading = Reading::default();
    if let Some(user) = authority::shown_user(url.user, subject.secret) {
        reading = reading.noting(format!("signs in as {}", shown(&user)));
    }
    if url.host.contains('.') {
        reading = reading.noting(format!("host {}", shown(url.host)));
    }
    authority::located(reading, &url)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{noise, sentences, subject, url, validity, within};
    use super::*;
    use crate::environment::Environment;
    use crate::finding::Validity;

    #[test]
    fn user_and_password_decode() {
        let encoded = data_encoding::BASE64.encode(b"ada:correct horse");
        let reading = inspect(&subject(encoded.as_bytes()));
        assert_eq!(sentences(&reading), "signs in as ada\n");
        assert_eq!(validity(reading), Some(Validity::WellFormed));
    }

    #[test]
    fn a_token_in_place_of_the_user_is_not_shown() {
        let encoded = data_encoding::BASE64.encode(b"abcdefghij:");
        assert_eq!(sentences(&inspect(&subject(encoded.as_bytes()))), "");
    }

    #[test]
    fn anything_else_is_dropped() {
        for secret in [
            b"not base 64".to_vec(),
            data_encoding::BASE64.encode(&noise(1, 30)).into_bytes(),
            Vec::new(),
            b"YWJj".to_vec(),
        ] {
            assert!(inspect(&subject(&secret)).rejected);
        }
    }

    #[test]
    fn a_url_is_read_by_its_host() {
        let reading = inspect(&within(
            "pw",
            &url("https", "ada", "pw", "registry.staging.acme.example/x"),
        ));
        assert_eq!(
            reading.environment.as_ref().map(|judged| judged.value),
            Some(Environment::Staging)
        );
        assert!(sentences(&reading).contains("host registry.staging"));
    }
}
