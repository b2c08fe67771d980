//! AWS key ids: the account they belong to is in the id itself.
//!
//! Source: no page of the vendor; described publicly and measured on one known pair. Behind the four
//! letters of the type, base 32: of the first six bytes, the 40 bits after the first are the account.
//! Status: measured. Ids issued before about 2019 (`AKIAI...`, `AKIAJ...`) hold something else.

use super::{Reading, Subject, radix};

pub(super) fn inspect(subject: &Subject<'_>) -> Reading {
    if subject.secret.ends_with(b"EXAMPLE") {
        // The ids in the vendor's own documentation.
        return Reading::rejected();
    }
    match account(subject.secret) {
        Some(account) => Reading::default().noting(format!("belongs to AWS account {account}")),
        None => Reading::default(),
    }
}

/// The 12 digits of the account that issued a key id.
pub(super) fn account(id: &[u8]) -> Option<String> {
    if id.len() != 20
        || id.starts_with(b"AKIAI")
        || id.starts_with(b"AKIAJ")
        || id.starts_with(b"A3T")
    {
        return None;
    }
    let bytes = radix::base32(id.get(4..)?)?;
    let number = bytes
        .get(..6)?
        .iter()
        .fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    let account = (number & 0x7fff_ffff_ff80) >> 7;
    (account < 1_000_000_000_000).then(|| format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{noise, sentences, subject};
    use super::*;

    #[test]
    fn the_account_comes_back() {
        for seed in 0..20 {
            let account = 29_608_264_753 + u64::from(seed) * 7_919;
            let mut bytes = ((account << 7) | (1 << 47)).to_be_bytes()[2..].to_vec();
            bytes.extend(noise(seed, 4));
            let id = format!("AK{}{}", "IA", data_encoding::BASE32_NOPAD.encode(&bytes));
            assert!(
                sentences(&inspect(&subject(id.as_bytes()))).contains(&format!("{account:012}")),
                "{account}"
            );
        }
    }

    #[test]
    fn older_and_odd_ids_say_nothing() {
        for id in [
            format!("AK{}{}", "IAI", "A".repeat(15)),
            String::new(),
            "A".repeat(19),
            "1".repeat(20),
        ] {
            assert_eq!(inspect(&subject(id.as_bytes())), Reading::default());
        }
        assert!(inspect(&subject(b"XXEXAMPLE")).rejected);
    }
}
