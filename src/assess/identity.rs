//! The fingerprint: what a finding is called in baselines, allows and code scanning.
//!
//! A random token is its own name, so that a file may be moved or renamed and a line shifted. Of a
//! password that a person made up nothing may go into a name that is committed, not even a hash: for
//! that the place has to do.

use super::specimen::Specimen;
use crate::detect::entropy;
use crate::finding::Identity;
use crate::rule::{Detection, Rule};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The least information, in bits, of a value whose hash may be shown (DESIGN 8).
const LEAST_BITS: f64 = 80.0;

/// From this length on, in bytes, nobody has made up a value: a key, a signed token.
const UNTYPED: usize = 64;

/// Names findings. Places are counted, so it must see the findings in the order of the report.
#[derive(Debug, Default)]
pub(super) struct Namer {
    /// How often a rule, path and key occurred.
    ordinals: HashMap<[u8; 32], u32>,
}

impl Namer {
    /// The fingerprint, and what it is made of.
    pub(super) fn name(&mut self, rule: &Rule, specimen: &Specimen) -> (String, Identity) {
        if is_strong(rule, specimen.secret.expose()) {
            let value = value_hash(rule, specimen.secret.expose());
            return (hexadecimal(&value), Identity::Value);
        }
        let place = hash(&[
            b"straykey/v1",
            rule.id.as_bytes(),
            specimen.path.as_bytes(),
            specimen.key.as_bytes(),
        ]);
        let ordinal = self.ordinals.entry(place).or_insert(0);
        *ordinal += 1;
        (
            hexadecimal(&hash(&[&place, &ordinal.to_le_bytes()])),
            Identity::Place,
        )
    }
}

/// True when a hash of the value helps nobody to guess it: the rule's form is made by a machine, and
/// the characters are as mixed as random ones.
fn is_strong(rule: &Rule, secret: &[u8]) -> bool {
    let made_by_a_machine = match &rule.detection {
        Detection::Contextual(contextual) => !contextual.generic,
        // A form that providers share may hold a password, except where nobody types so much.
        Detection::Distinctive(_) => !rule.catch_all || secret.len() >= UNTYPED,
    };
    made_by_a_machine && bits(secret) >= LEAST_BITS
}

/// True when a line's hash of 64 bits, which GitHub asks for and which is a sum over the line's
/// characters, still leaves the value unguessable.
pub(super) fn is_safe_to_hash(secret: &[u8]) -> bool {
    const LINE_HASH_BITS: f64 = 64.0;
    bits(secret) >= LEAST_BITS + LINE_HASH_BITS
}

/// An estimate from below of the information in a value made by a machine, in bits.
fn bits(secret: &[u8]) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a value is no longer than a part"
    )]
    let length = secret.len() as f64;
    entropy::shannon(secret) * length
}

/// Line ends differ between checkouts and are no part of a key, so blanks do not count.
fn value_hash(rule: &Rule, secret: &[u8]) -> [u8; 32] {
    let printed: Vec<u8> = secret
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let printed = zeroize::Zeroizing::new(printed);
    hash(&[b"straykey/v1/value", rule.id.as_bytes(), &printed])
}

fn hexadecimal(digest: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(&digest[..16])
}

/// SHA-256 over parts that cannot run into each other.
pub(super) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
