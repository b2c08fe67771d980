//! Values for the tests of this folder: reproducible, made on the spot, and never written down.

use super::{Reading, Subject};
use crate::finding::Validity;

/// A moment for tests: 2026-01-01T00:00:00Z.
pub(super) const NOW: i64 = 1_767_225_600;

/// A subject that is nothing but its secret.
pub(super) fn subject(secret: &[u8]) -> Subject<'_> {
    Subject {
        secret,
        matched: secret,
        block: secret,
        now: NOW,
    }
}

/// A secret with text around it.
pub(super) fn within<'a>(secret: &'a str, block: &'a str) -> Subject<'a> {
    Subject {
        secret: secret.as_bytes(),
        matched: block.as_bytes(),
        block: block.as_bytes(),
        now: NOW,
    }
}

/// The verdict alone.
pub(super) fn validity(reading: Reading) -> Option<Validity> {
    reading.validity.map(|judged| judged.value)
}

/// Every sentence of a reading on privilege and identity.
pub(super) fn sentences(reading: &Reading) -> String {
    reading
        .evidence
        .iter()
        .flat_map(|sentence| [sentence.as_str(), "\n"])
        .collect()
}

/// A URL with credentials in it, put together here so that no scanner finds one in the tests.
pub(super) fn url(scheme: &str, user: &str, password: &str, rest: &str) -> String {
    format!("{scheme}://{user}:{password}@{rest}")
}

/// Bytes that look random, the same for the same seed.
pub(super) fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = u64::from(seed) * 2 + 0x9e37_79b9_7f4a_7c15;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    (0..16 + length).map(|_| next()).skip(16).collect()
}

/// Letters and digits that look random.
pub(super) fn alphanumeric(seed: u32, length: usize) -> String {
    noise(seed, length)
        .into_iter()
        .map(|byte| char::from(super::radix::BASE62[usize::from(byte) % 62]))
        .collect()
}
