//! Imports go down the layers only, and each library is used where it belongs.
//!
//! The layers stand in `src/lib.rs`; here they are a table. Where the tree has a good reason to
//! differ, the exception is listed with that reason, and one that nothing uses any more fails too.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The top modules, from the bottom up. Modules of one layer do not know each other.
const LAYERS: &[&[&str]] = &[
    &[
        "coverage",
        "display",
        "environment",
        "evidence",
        "lifetime",
        "location",
        "notice",
        "privilege",
        "reachability",
        "secret",
        "severity",
    ],
    &["haystack", "rule"],
    &["detect"],
    &["finding"],
    &["assess"],
    &["baseline", "compat", "config", "policy", "report"],
    &["check", "scan", "triage"],
    &["bin"],
];

/// Who may know whom within a layer, and why.
const NEIGHBOURS: &[(&str, &str)] = &[
    // Evidence is the value that all other conclusions are made of.
    ("privilege", "evidence"),
    ("reachability", "evidence"),
    // How far the parts of a large file overlap is how long a match may be.
    ("haystack", "rule"),
];

/// What may stand only in some places: the text, the places, and why.
const PLACES: &[(&str, &[&str], &str)] = &[
    ("clap::", BINARY, "the library parses no flags"),
    ("clap_complete::", BINARY, "the library parses no flags"),
    ("clap_mangen::", BINARY, "the library parses no flags"),
    ("anyhow::", BINARY, "the library's errors are enums"),
    ("indicatif::", BINARY, "the library shows nothing"),
    ("anstream::", BINARY, "the library shows nothing"),
    ("terminal_size::", BINARY, "the library knows no terminal"),
    ("signal_hook::", BINARY, "the library is told when to stop"),
    (
        "regex::",
        &["src/detect/", "src/rule/"],
        "patterns are searched in detect, and checked in rule",
    ),
    (
        "regex_syntax::",
        &["src/rule/"],
        "patterns are analysed as they are loaded",
    ),
    (
        "aho_corasick::",
        &["src/detect/"],
        "anchors are searched in detect",
    ),
    (
        "ignore::",
        &["src/haystack/", "src/assess/probe/"],
        "the walker heeds ignore files, and a probe reads them",
    ),
    (
        "memmap2::",
        &["src/haystack/mmap.rs"],
        "it is the only unsafe code",
    ),
    (
        "unsafe ",
        &["src/haystack/mmap.rs"],
        "it is the only unsafe code",
    ),
    (
        "serde_sarif::",
        &["src/report/sarif"],
        "leaving it must cost one file",
    ),
    (
        "expose()",
        &[
            "src/detect/",
            "src/assess/",
            "src/secret.rs",
            // Other tools' lists and marks, and the shape of an allowed value, look at values.
            "src/compat",
            "src/triage.rs",
            "src/finding.rs",
            "src/rule/value_shape.rs",
        ],
        "what may be a credential stays a Secret",
    ),
    ("print!(", BINARY, "the library prints nothing"),
    ("println!(", BINARY, "the library prints nothing"),
    ("eprint!(", BINARY, "the library prints nothing"),
    ("eprintln!(", BINARY, "the library prints nothing"),
    ("process::exit", BINARY, "the library ends nothing"),
    ("std::env", BINARY, "the library reads no environment"),
    ("SystemTime::now", BINARY, "the library reads no clock"),
    ("Instant::now", BINARY, "the library reads no clock"),
    (
        "Command::new",
        &["src/haystack/git"],
        "the library spawns nothing but git",
    ),
    ("TcpStream", &[], "there is no network code"),
    ("TcpListener", &[], "there is no network code"),
    ("UdpSocket", &[], "there is no network code"),
    ("ToSocketAddrs", &[], "there is no network code"),
];

const BINARY: &[&str] = &["src/bin/"];

/// One line of code: comments, texts and tests are left out.
struct Line {
    /// The path from the top of the repository, with `/`.
    path: String,
    number: usize,
    code: String,
    /// True in the tests at the end of a file.
    test: bool,
}

#[test]
fn imports_go_down_the_layers_only() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for line in lines() {
        let from = module(&line.path);
        for to in paths_of_the_crate(&line.code) {
            let neighbours = (from.as_str(), to);
            let down = match (layer(&from), layer(to)) {
                (Some(above), Some(below)) if above == below && from != to => {
                    used.insert(format!("{from} -> {to}"));
                    NEIGHBOURS.contains(&neighbours)
                }
                (Some(above), Some(below)) => below <= above,
                // A group of modules, `crate::{...}`, or one that has no layer.
                _ => false,
            };
            if !down {
                let Line { path, number, .. } = &line;
                let to = if to.is_empty() {
                    "a group of modules: import one a line"
                } else {
                    to
                };
                wrong.push(format!("{path}:{number}: `{from}` must not know {to}"));
            }
        }
    }
    wrong.extend(
        NEIGHBOURS
            .iter()
            .map(|(from, to)| format!("{from} -> {to}"))
            .filter(|exception| !used.contains(exception))
            .map(|exception| format!("the exception `{exception}` is not used any more")),
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = fs::read_to_string(root).expect("the library has a root");
    let without: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .filter(|name| layer(name).is_none())
        .collect();
    assert!(without.is_empty(), "no layer has {}", without.join(", "));
}

#[test]
fn each_thing_is_used_where_it_belongs() {
    let mut wrong = Vec::new();
    for line in lines().iter().filter(|line| !line.test) {
        for (what, places, why) in PLACES {
            let allowed = places.iter().any(|place| line.path.starts_with(place));
            if !allowed && holds(&line.code, what) {
                let Line { path, number, .. } = line;
                wrong.push(format!(
                    "{path}:{number}: `{what}` does not belong here: {why}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn words_are_found_as_wholes() {
    assert!(holds("use regex::bytes::Regex;", "regex::"));
    assert!(!holds("use straykey_regex::Regex;", "regex::"));
    assert_eq!(
        paths_of_the_crate("use crate::rule::{Rule, RuleSet}; crate::scan::run()"),
        ["rule", "scan"]
    );
    assert_eq!(code(r#"call("a // b"); // crate::scan"#), r#"call(""); "#);
    assert_eq!(code(r#"call('"', "\" println!(");"#), r#"call('', "");"#);
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The top module that a file belongs to: `src/rule/key.rs` to `rule`.
fn module(path: &str) -> String {
    let below = path.trim_start_matches("src/");
    let first = below.split('/').next().unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// The top modules that a line names by `crate::`; the binary knows the library by its name.
fn paths_of_the_crate(code: &str) -> Vec<&str> {
    code.match_indices("crate::")
        .map(|(at, found)| &code[at + found.len()..])
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

/// True when the text holds the word, and no longer one that ends like it.
fn holds(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Every line of the library and the binary.
fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    gather(&top.join("src"), "src", &mut lines);
    assert!(lines.len() > 1000, "the sources were not found");
    lines
}

fn gather(folder: &Path, name: &str, lines: &mut Vec<Line>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources can be read").path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{name}/{file}");
        if path.is_dir() {
            gather(&path, &name, lines);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("the sources are text");
            lines.extend(of_file(&name, &text));
        }
    }
}

/// The binary's own modules are one layer, whatever they are called.
fn of_file(name: &str, text: &str) -> Vec<Line> {
    let own = if name.starts_with("src/bin/") {
        "bin::"
    } else {
        ""
    };
    let mut in_tests = false;
    let line = |(at, line): (usize, &str)| {
        in_tests |= line.trim_end().ends_with("mod tests {");
        Line {
            path: name.to_owned(),
            number: at + 1,
            code: code(line).replace("crate::", &format!("crate::{own}")),
            test: in_tests,
        }
    };
    text.lines().enumerate().map(line).collect()
}

/// A line without its comment and without what is in quotes.
///
/// Texts of several lines are taken for code; none of ours holds what is looked for.
fn code(line: &str) -> String {
    let mut code = String::new();
    let mut characters = line.chars().peekable();
    let mut inside = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' if inside => drop(characters.next()),
            '"' => {
                inside = !inside;
                code.push(c);
            }
            _ if inside => {}
            // A quote as a character: `'"'`.
            '\'' if characters.peek() == Some(&'"') => {
                characters.next();
                code.push(c);
            }
            '/' if characters.peek() == Some(&'/') => break,
            _ => code.push(c),
        }
    }
    code
}
