//! What holds for every input: the same report for any number of threads and in any encoding, no
//! part of a credential in any report, no panic, and fingerprints that outlive an edit.

use crate::common::{Workspace, render};
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{collection, prop_assert, prop_assert_eq};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use straykey::check::Checker;
use straykey::environment::Environment;
use straykey::finding::{Finding, Source};
use straykey::location::Position;
use straykey::report::{Choices, Format, Report, reporter};
use straykey::rule::source::RuleSource;
use straykey::rule::{builtin, parse, sources};
use straykey::scan::{Options, Scanner};
use straykey::severity::Confidence;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(Arc::new(builtin())));

/// A file with several kinds of credentials, sections and characters of more than one byte.
const MIXED: &str = "# Größe: 文件 😀\n\
    [production]\n\
    url = https://backboard.railway.com/graphql\n\
    \tRAILWAY_API_TOKEN={{sample:railway-api-token}}\n\
    \n\
    ü = 1; GITHUB_TOKEN=\"{{sample:github-classic-token}}\" # für alle\n\
    [test]\n\
    STRIPE_KEY={{sample:stripe-test-secret-key}}\n";

fn options(least: Confidence) -> Options {
    Options {
        roots: vec![PathBuf::from(".")],
        base: PathBuf::from("."),
        mode: "scan",
        respect_ignores: true,
        exclude: Arc::default(),
        hide_authors: false,
        threads: 1,
        min_confidence: least,
        honour_marks: true,
        task_environment: Environment::Unknown,
        // 2026-01-15, as in the examples of the rules: they expire with the tokens in them.
        now: 1_768_435_200,
        map: false,
    }
}

fn scan(bytes: &[u8]) -> Report {
    SCANNER.scan_bytes(
        bytes,
        "app/settings.ini",
        Source::Stdin,
        &options(Confidence::Medium),
    )
}

fn written(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    reporter(format, Choices::default())
        .write(report, &mut out)
        .expect("memory takes every write");
    String::from_utf8(out).expect("a report is UTF-8")
}

#[test]
fn the_report_is_the_same_for_any_number_of_threads() {
    let workspace = Workspace::new();
    for number in 0..200 {
        // Every third file repeats the credentials of another, so that numbers are shared.
        let seed = format!("{}", number % 67);
        let name = format!("d{}/s{}/f{number}.ini", number % 7, number % 3);
        workspace.write(name, render(&seed, MIXED));
    }
    let large = render("large", MIXED) + &"some words in a line\n".repeat(300_000);
    workspace.write("large.txt", large);
    for format in Format::ALL {
        let run = |threads: &str| {
            let arguments = ["scan", "--threads", threads, "--format", format.as_str()];
            let outcome = workspace.run(&arguments);
            outcome.exits(1);
            timeless(&outcome.stdout)
        };
        let one = run("1");
        for threads in ["2", "8", "8", "0"] {
            assert!(run(threads) == one, "{format:?} with {threads} threads");
        }
    }
}

/// A report without the time it took.
fn timeless(report: &str) -> String {
    let lines = report.lines().map(|line| {
        let time = line.contains("elapsed_ms")
            || line.to_lowercase().contains("scanned ")
            || line.contains("UtcTimestamp")
            || line.contains("_time\"")
            || line.contains(" time=\"");
        if time { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What a report says of each credential, but for the bytes it was found at.
fn said(report: &Report) -> Vec<String> {
    let one = |finding: &Finding| {
        format!(
            "{} {:?} {:?} {:?} {} {:?} {:?} {:?} {:?}",
            finding.rule.id,
            finding.start,
            finding.end,
            finding.confidence,
            finding.fingerprint,
            finding.key,
            finding.environment,
            finding.purpose,
            finding.severity,
        )
    };
    report.findings.iter().map(one).collect()
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn every_encoding_gives_the_same_findings() {
    let text = render("encodings", MIXED);
    let plain = said(&scan(text.as_bytes()));
    assert_eq!(plain.len(), 3, "{plain:?}");
    let marked = format!("\u{feff}{text}");
    for (name, bytes) in [
        ("UTF-8 with a mark", marked.clone().into_bytes()),
        ("UTF-16 LE", wide(&text, u16::to_le_bytes)),
        ("UTF-16 BE", wide(&text, u16::to_be_bytes)),
        ("UTF-16 LE with a mark", wide(&marked, u16::to_le_bytes)),
        ("UTF-16 BE with a mark", wide(&marked, u16::to_be_bytes)),
    ] {
        assert_eq!(said(&scan(&bytes)), plain, "{name}");
    }
}

#[test]
fn every_line_ending_gives_the_same_findings() {
    let text = render("endings", MIXED);
    let plain = said(&scan(text.as_bytes()));
    for (name, ending) in [("CRLF", "\r\n"), ("CR", "\r")] {
        let other = text.replace('\n', ending);
        assert_eq!(said(&scan(other.as_bytes())), plain, "{name}");
    }
}

#[test]
fn every_line_ending_gives_the_same_places() {
    let text = render("endings", MIXED);
    let places = |text: &str| -> Vec<(Arc<str>, Position, Position)> {
        let findings = scan(text.as_bytes()).findings;
        let place = |finding: &Finding| (finding.rule.id.clone(), finding.start, finding.end);
        findings.iter().map(place).collect()
    };
    for ending in ["\r\n", "\r"] {
        assert_eq!(
            places(&text.replace('\n', ending)),
            places(&text),
            "{ending:?}"
        );
    }
}

/// How many consecutive bytes of a credential tell too much.
const TELLING: usize = 8;

#[test]
fn no_report_tells_a_credential() {
    let checker = Checker::new(Arc::new(builtin()), &[]);
    let mut leaks = Vec::new();
    for (name, text) in sources() {
        let (file, _) = parse(name, text).expect("the build read it");
        for rule in &file.rules {
            let example = rule.tests.matches.first().expect("the build saw two");
            let expansion = checker
                .expand(rule, example, 1)
                .expect("the build expanded it");
            let secret = expansion.secret.expect("a match holds its secret");
            let report = SCANNER.scan_bytes(
                expansion.text.as_bytes(),
                example.path(),
                Source::Stdin,
                &options(Confidence::Low),
            );
            let secret = expansion.text[secret].as_bytes();
            if let Some(leak) = leak(&report, rule, secret) {
                leaks.push(leak);
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "{} rules:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

/// Rules whose credential begins with the public name of an account, which reports tell on purpose.
const NAMING: &[&str] = &[
    "slack-bot-token",
    "slack-user-token",
    "slack-app-level-token",
    "slack-session-token",
    "slack-webhook",
    "telegram-bot-token",
];

/// The names that the evidence of such a rule tells: short, of digits and capitals.
fn names(finding: &Finding) -> String {
    if !NAMING.contains(&&*finding.rule.id) {
        return String::new();
    }
    let words = finding
        .privilege
        .evidence
        .iter()
        .flat_map(|sentence| sentence.as_str().split([' ', ',']));
    let name = |word: &&str| {
        word.len() <= 14
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    };
    words.filter(name).collect::<Vec<_>>().join(" ")
}

/// The first format that tells something of a credential, and where in the credential that stands.
/// The message is no leak of its own: it names offsets.
fn leak(report: &Report, rule: &RuleSource, planted: &[u8]) -> Option<String> {
    // Whatever the rule file says is public, such as `-----BEGIN` and the words of the example.
    let rules = report.findings.iter().map(|finding| &finding.rule);
    let mut public = format!("{rule:?} {:?}", rules.collect::<Vec<_>>());
    for finding in &report.findings {
        public.push_str(&names(finding));
    }
    let id = rule.id.get_ref();
    let mut outputs: Vec<(String, String)> = Format::ALL
        .into_iter()
        .map(|format| (format.as_str().to_owned(), written(report, format)))
        .collect();
    outputs.push(("Debug".to_owned(), format!("{report:?}")));
    let mut secrets: Vec<(&[u8], usize)> = vec![(planted, 0)];
    for finding in &report.findings {
        secrets.push((finding.secret.expose(), finding.rule.public_prefix.min(16)));
        secrets.extend(
            finding
                .companion
                .iter()
                .map(|companion| (companion.secret.expose(), 0)),
        );
    }
    // The planted credential may show the prefix of whichever rule found it.
    secrets[0].1 = secrets.iter().map(|(_, prefix)| *prefix).max().unwrap_or(0);
    for (secret, prefix) in secrets {
        for (format, output) in &outputs {
            for at in prefix.saturating_sub(TELLING - 1)..secret.len().saturating_sub(TELLING - 1) {
                let window = String::from_utf8_lossy(&secret[at..at + TELLING]);
                if output.contains(&*window) && !public.contains(&*window) {
                    return Some(format!(
                        "{id}: {format} shows bytes {at} to {} of {}",
                        at + TELLING,
                        secret.len()
                    ));
                }
            }
            if secret.len() >= TELLING && coded(secret).iter().any(|coded| output.contains(coded)) {
                return Some(format!("{id}: {format} shows it in another notation"));
            }
        }
    }
    None
}

/// Other ways to write the same bytes.
fn coded(secret: &[u8]) -> [String; 4] {
    [
        BASE64_NOPAD.encode(secret),
        BASE64URL_NOPAD.encode(secret),
        HEXLOWER.encode(secret),
        HEXUPPER.encode(secret),
    ]
}

#[test]
fn many_credentials_are_all_found() {
    for count in [5_000, 10_000] {
        for end in ["\n", " "] {
            let template = format!("{{{{sample:github-classic-token}}}}{end}").repeat(count);
            let report = scan(render("many", &template).as_bytes());
            assert_eq!(report.findings.len(), count, "{end:?}");
            assert!(report.coverage.is_complete());
            let fingerprints: HashSet<&str> = report
                .findings
                .iter()
                .map(|finding| finding.fingerprint.as_str())
                .collect();
            assert_eq!(fingerprints.len(), count, "each has one of its own");
        }
    }
}

#[test]
fn a_large_file_of_near_misses_comes_to_an_end() {
    // Each is a start of something that does not follow.
    for near in [
        "ghp_",
        "sk_live_",
        "-----BEGIN ",
        "eyJ",
        "AKIA",
        "://a:",
        "password=",
        "secret=\"",
        "\\",
        "((((",
        "{\"",
        "[[[[",
        "token: ",
        "a.b.c-",
        "0123456789abcdef",
    ] {
        let text = near.repeat(100_000 / near.len());
        scan(text.as_bytes());
        scan(text.replace(' ', "\n").as_bytes());
    }
}

/// Pieces of which hostile and ordinary files are made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"\n",
        b"\r",
        b"\r\n",
        b"\0",
        b" ",
        b"\"",
        b"'",
        b"`",
        b"=",
        b":",
        b"{",
        b"}",
        b"(",
        b"[",
        b"\\",
        b"//",
        b"#",
        b"token",
        b"PASSWORD",
        b"secret: ",
        b"railway",
        b"ghp_",
        b"sk_live_",
        b"-----BEGIN RSA PRIVATE ",
        b"KEY-----",
        b"eyJ",
        b"postgres://u:",
        b"@host/db",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\xf0\x9f",
        b"straykey:allow[",
        b"Authorization: Bearer ",
        b"curl -H ",
        b"https://backboard.railway.com",
        b"AccountKey=",
        b"==",
    ];
    let credential = prop_oneof![
        Just("railway-api-token"),
        Just("github-classic-token"),
        Just("stripe-live-secret-key"),
    ];
    prop_oneof![
        6 => proptest::sample::select(known).prop_map(<[u8]>::to_vec),
        2 => credential.prop_map(|id| render(id, &format!("{{{{sample:{id}}}}}")).into_bytes()),
        2 => collection::vec(any::<u8>(), 0..40),
        1 => "[a-zA-Z0-9+/_=-]{0,300}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_bytes_make_it_panic(pieces in collection::vec(piece(), 0..60)) {
        let bytes = pieces.concat();
        for name in ["a.env", "b.json", "c.py", "README.md", "yarn.lock", ""] {
            let report = SCANNER.scan_bytes(&bytes, name, Source::Stdin, &options(Confidence::Low));
            for finding in &report.findings {
                prop_assert!(finding.start <= finding.end);
            }
            for format in Format::ALL {
                written(&report, format);
            }
        }
    }

    #[test]
    fn lines_above_leave_the_fingerprint_alone(
        lines in collection::vec("[a-z ,.]{0,60}\n", 0..30),
    ) {
        let text = render("fingerprints", MIXED);
        let fingerprints = |text: &str| -> Vec<String> {
            let findings = scan(text.as_bytes()).findings;
            findings.into_iter().map(|finding| finding.fingerprint).collect()
        };
        let above = lines.concat();
        prop_assert_eq!(fingerprints(&format!("{above}{text}")), fingerprints(&text));
    }

    #[test]
    fn what_stands_below_leaves_the_finding_alone(
        lines in collection::vec("[a-z ,.]{0,60}\n", 0..30),
    ) {
        let text = render("fingerprints", MIXED);
        let below = lines.concat();
        prop_assert_eq!(
            said(&scan(format!("{text}\n{below}").as_bytes())),
            said(&scan(text.as_bytes()))
        );
    }
}
