//! What the fuzz targets share: the built-in rules, and credentials to plant in their inputs.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use straykey::check::Checker;
use straykey::environment::Environment;
use straykey::finding::Source;
use straykey::report::Report;
use straykey::rule::{RuleSet, builtin};
use straykey::scan::{Excluded, Options, Scanner};
use straykey::secret::Secret;
use straykey::severity::Confidence;

/// The moment of every scan, 2026-01-15: later the planted tokens have expired.
pub const MOMENT: i64 = 1_768_435_200;

/// The built-in rules.
pub static RULES: LazyLock<Arc<RuleSet>> = LazyLock::new(|| Arc::new(builtin()));

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(Arc::clone(&RULES)));

/// What is planted, one for each of the bytes from [`FIRST_STAND_IN`] on.
const CREDENTIALS: [&str; 8] = [
    "{{sample:github-classic-token}}",
    "{{sample:railway-api-token}}",
    "{{sample:stripe-live-secret-key}}",
    "{{sample:slack-bot-token}}",
    "{{sample:aws-access-key}}",
    "{{sample:jwt-token}}",
    "{{sample:private-key-pem}}",
    "postgres://app:{{alnum:18}}@db.acme.io:5432/app",
];

/// UTF-8 has no byte from here on, so an input loses little when one stands for a credential.
/// Those of the byte order marks of UTF-16 are left alone.
const FIRST_STAND_IN: u8 = 0xf5;

/// The input with whole credentials in the place of single bytes: a fuzzer finds the way to a
/// checksum of 32 bits too seldom.
pub fn planted(input: &[u8]) -> Vec<u8> {
    static RENDERED: LazyLock<Vec<String>> = LazyLock::new(|| {
        CREDENTIALS
            .iter()
            .map(|template| render(template))
            .collect()
    });
    let mut bytes = Vec::with_capacity(input.len());
    for &byte in input {
        let stand_in = byte.checked_sub(FIRST_STAND_IN).map(usize::from);
        match stand_in.and_then(|number| RENDERED.get(number)) {
            Some(credential) => bytes.extend_from_slice(credential.as_bytes()),
            None => bytes.push(byte),
        }
    }
    bytes
}

/// Renders a template, always alike.
pub fn render(template: &str) -> String {
    static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(Arc::clone(&RULES), &[]));
    CHECKER
        .render("fuzz", template)
        .expect("it is a template of ours")
}

/// Scans a text that is no file, and reports whatever there is.
pub fn scan(bytes: &[u8], path: &str) -> Report {
    let options = Options {
        roots: Vec::new(),
        base: PathBuf::from("."),
        mode: "scan",
        respect_ignores: true,
        exclude: Arc::new(Excluded::default()),
        hide_authors: false,
        threads: 1,
        min_confidence: Confidence::Low,
        honour_marks: true,
        task_environment: Environment::Staging,
        now: MOMENT,
        map: false,
    };
    SCANNER.scan_bytes(bytes, path, Source::File, &options)
}

/// True when a text tells eight bytes in a row of a credential beyond its public prefix.
pub fn tells(text: &str, secret: &Secret, public: usize) -> bool {
    const TELLING: usize = 8;
    let bytes = secret.expose();
    // The longest prefix that a preview shows.
    let public = public.min(16).min(bytes.len());
    let holds = |text: &[u8], part: &[u8]| text.windows(TELLING).any(|window| window == part);
    bytes
        .windows(TELLING)
        .skip((public + 1).saturating_sub(TELLING))
        .any(|part| holds(text.as_bytes(), part) && !holds(&bytes[..public], part))
}
