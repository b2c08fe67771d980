//! The subject and the end of an X.509 certificate.
//!
//! Source: RFC 5280. Status: known.

use super::der::{Der, INTEGER, OBJECT, SEQUENCE, SET};
use super::timestamp;
use crate::lifetime::UnixSeconds;

/// What a client certificate says about its holder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Certificate {
    pub(super) common_name: Option<String>,
    pub(super) organizations: Vec<String>,
    pub(super) not_after: UnixSeconds,
}

/// Reads a certificate from its DER bytes.
pub(super) fn parse(bytes: &[u8]) -> Option<Certificate> {
    let mut fields = Der(bytes).enter(SEQUENCE)?.enter(SEQUENCE)?;
    fields.take(0xa0);
    fields.take(INTEGER)?;
    let (_algorithm, _issuer) = (fields.take(SEQUENCE)?, fields.take(SEQUENCE)?);
    let mut validity = fields.enter(SEQUENCE)?;
    validity.next()?;
    let (tag, not_after) = validity.next()?;
    let mut certificate = Certificate {
        common_name: None,
        organizations: Vec::new(),
        not_after: time(tag, not_after)?,
    };
    let mut subject = fields.enter(SEQUENCE)?;
    while let Some(mut set) = subject.enter(SET) {
        while let Some(mut pair) = set.enter(SEQUENCE) {
            let name = pair.take(OBJECT)?;
            let (_, value) = pair.next()?;
            let value = String::from_utf8_lossy(value).into_owned();
            match name {
                [0x55, 0x04, 0x03] => certificate.common_name = Some(value),
                [0x55, 0x04, 0x0a] => certificate.organizations.push(value),
                _ => {}
            }
        }
    }
    Some(certificate)
}

/// `UTCTime` has two digits of the year, from 1950 to 2049; `GeneralizedTime` four.
fn time(tag: u8, text: &[u8]) -> Option<UnixSeconds> {
    let text = std::str::from_utf8(text).ok()?;
    let full = match (tag, text.as_bytes().first()?) {
        (0x18, _) => text.to_owned(),
        (0x17, b'5'..=b'9') => format!("19{text}"),
        (0x17, _) => format!("20{text}"),
        _ => return None,
    };
    let (date, clock) = full.split_at_checked(8)?;
    timestamp::iso8601(&format!("{date}T{clock}"))
}

/// Makes a certificate for tests.
#[cfg(test)]
pub(super) fn certificate(name: &str, organization: &str, not_after: &str) -> Vec<u8> {
    use super::der::element;
    let attribute = |last: u8, value: &str| {
        element(
            SET,
            &element(
                SEQUENCE,
                &[
                    element(OBJECT, &[0x55, 4, last]),
                    element(0x0c, value.as_bytes()),
                ]
                .concat(),
            ),
        )
    };
    let subject = element(
        SEQUENCE,
        &[attribute(10, organization), attribute(3, name)].concat(),
    );
    let validity = element(
        SEQUENCE,
        &[
            element(0x17, b"250101000000Z"),
            element(0x17, not_after.as_bytes()),
        ]
        .concat(),
    );
    let fields = [
        element(0xa0, &element(INTEGER, &[2])),
        element(INTEGER, &[1]),
        element(SEQUENCE, &[]),
        element(SEQUENCE, &[]),
        validity,
        subject,
    ];
    element(SEQUENCE, &element(SEQUENCE, &fields.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_and_end_are_read() {
        let read = parse(&certificate("admin", "system:masters", "270101000000Z"))
            .expect("it is a certificate");
        assert_eq!(read.common_name.as_deref(), Some("admin"));
        assert_eq!(read.organizations, ["system:masters"]);
        assert_eq!(
            read.not_after,
            timestamp::iso8601("2027-01-01").expect("it is a date")
        );
    }

    #[test]
    fn a_cut_certificate_is_none() {
        let whole = certificate("a", "b", "270101000000Z");
        for length in 0..whole.len() {
            assert_eq!(parse(&whole[..length]), None);
        }
    }
}
