//! Ties a value to a provider by what stands around it.
//!
//! Contextual rules are looked up, not run: by the words of the key, the header's name, the hosts
//! nearby, the enclosing call or section, the path. A thousand providers cost what ten cost, because
//! only rules that some word names are ever compared.

use super::assignment::{Assignment, Operator};
use super::pattern::{Extent, LazyRegex};
use super::surroundings;
use crate::location::Span;
use crate::rule::key::{Phrase, words};
use crate::rule::{Contextual, Detection, Rule, RuleSet};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// What ties a value to a rule, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// A key phrase of the generic tier, of so many words.
    Noun(usize),
    /// A word of the sentence before it.
    Prose,
    /// The path of the file.
    File,
    /// The enclosing section.
    Section,
    /// The function it is passed to.
    Call,
    /// A host in the same block.
    Host,
    /// The name of a header.
    Header,
    /// A key phrase of so many words.
    Key(usize),
}

/// All contextual rules, by what ties them.
#[derive(Debug, Default)]
pub struct ContextTable {
    entries: Vec<Entry>,
    keys: HashMap<String, Vec<usize>>,
    headers: HashMap<String, Vec<usize>>,
    hosts: HashMap<String, Vec<usize>>,
    calls: HashMap<String, Vec<usize>>,
    sections: HashMap<String, Vec<usize>>,
    prose: HashMap<String, Vec<usize>>,
    files: Vec<(String, usize)>,
}

#[derive(Debug)]
struct Entry {
    place: usize,
    rule: Arc<Rule>,
    shape: LazyRegex,
}

impl Entry {
    fn context(&self) -> &Contextual {
        static NONE: LazyLock<Contextual> = LazyLock::new(Contextual::default);
        match &self.rule.detection {
            Detection::Contextual(context) => context,
            Detection::Distinctive(_) => &NONE,
        }
    }
}

/// A rule tied to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tied {
    /// How.
    pub tie: Tie,
    /// The rule's place in the rule set.
    pub rule: usize,
}

/// A value to be tied.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// The whole text.
    pub text: &'a [u8],
    /// The path of its file, lower case.
    pub path: &'a str,
    /// The assignment.
    pub assignment: &'a Assignment,
    /// The words of its key and scheme.
    pub key: &'a [String],
    /// True when it could be a token by its length and characters. Only then its wider surroundings
    /// are read: a file of nothing but `password=` would cost ten times as much otherwise.
    pub promising: bool,
}

/// Words that name a credential when they stand in a key.
const CREDENTIAL: &[&str] = &[
    "access",
    "apikey",
    "auth",
    "authorization",
    "bearer",
    "bot",
    "cert",
    "credential",
    "credentials",
    "hmac",
    "jwt",
    "key",
    "passphrase",
    "password",
    "pat",
    "secret",
    "signature",
    "ssws",
    "token",
];

/// A key that ends in one of these names something about a credential, not the credential.
const NOT_LAST: &[&str] = &[
    "algorithm",
    "alias",
    "arn",
    "at",
    "attempts",
    "attribute",
    "bean",
    "box",
    "button",
    "callback",
    "changed",
    "class",
    "client",
    "column",
    "command",
    "config",
    "converter",
    "count",
    "created",
    "date",
    "dialog",
    "digest",
    "dir",
    "directory",
    "dto",
    "email",
    "enabled",
    "endpoint",
    "env",
    "environment",
    "error",
    "event",
    "exists",
    "expiration",
    "expired",
    "expires",
    "expiry",
    "factory",
    "field",
    "file",
    "filename",
    "fingerprint",
    "folder",
    "form",
    "format",
    "function",
    "generator",
    "getter",
    "guard",
    "guid",
    "handler",
    "hash",
    "header",
    "helper",
    "hint",
    "host",
    "hostname",
    "icon",
    "id",
    "identifier",
    "ids",
    "impl",
    "index",
    "input",
    "instance",
    "interceptor",
    "interval",
    "ip",
    "issuer",
    "kind",
    "label",
    "last",
    "len",
    "length",
    "level",
    "limit",
    "link",
    "loader",
    "location",
    "manager",
    "max",
    "message",
    "method",
    "middleware",
    "min",
    "mode",
    "model",
    "module",
    "name",
    "names",
    "namespace",
    "needed",
    "number",
    "offset",
    "on",
    "operator",
    "option",
    "options",
    "output",
    "page",
    "param",
    "parameter",
    "params",
    "path",
    "pattern",
    "pipe",
    "placeholder",
    "policy",
    "port",
    "prefix",
    "project",
    "prompt",
    "property",
    "provider",
    "ref",
    "reference",
    "regex",
    "region",
    "registry",
    "request",
    "required",
    "requirement",
    "reset",
    "resolver",
    "response",
    "role",
    "rotation",
    "rule",
    "schema",
    "scheme",
    "scope",
    "scopes",
    "screen",
    "selector",
    "service",
    "set",
    "setter",
    "size",
    "source",
    "spec",
    "state",
    "status",
    "storage",
    "store",
    "strategy",
    "strength",
    "suffix",
    "sum",
    "table",
    "target",
    "template",
    "test",
    "tests",
    "text",
    "time",
    "timeout",
    "timestamp",
    "title",
    "ttl",
    "type",
    "types",
    "unit",
    "updated",
    "uri",
    "url",
    "usage",
    "used",
    "user",
    "username",
    "util",
    "utils",
    "uuid",
    "validator",
    "variable",
    "vault",
    "verifier",
    "version",
    "view",
    "window",
    "wrapper",
];
/// A key that begins with one of these is a question or a public part.
const NOT_FIRST: &[&str] = &[
    "allow",
    "can",
    "csrf",
    "disable",
    "enable",
    "expose",
    "has",
    "hide",
    "is",
    "max",
    "min",
    "needs",
    "next",
    "no",
    "num",
    "page",
    "pub",
    "public",
    "publishable",
    "requires",
    "sha",
    "show",
    "skip",
    "sync",
    "total",
    "xsrf",
];
/// Words that make a generic key harmless wherever they stand.
const HARMLESS: &[&str] = &[
    "cache",
    "checksum",
    "color",
    "commit",
    "continuation",
    "csrf",
    "css",
    "cursor",
    "dictionary",
    "digest",
    "etag",
    "fingerprint",
    "foreign",
    "hash",
    "idempotency",
    "idempotent",
    "integrity",
    "keyword",
    "lexer",
    "lifecycle",
    "md5",
    "nonce",
    "parser",
    "partition",
    "primary",
    "pubkey",
    "public",
    "punctuation",
    "request",
    "search",
    "sha1",
    "sha256",
    "sha512",
    "sort",
    "subresource",
    "syntax",
    "theme",
    "xsrf",
];

impl ContextTable {
    /// Sorts the contextual rules of a set into tables.
    pub fn new(rules: &RuleSet) -> Self {
        let mut table = Self::default();
        for (place, rule) in rules.iter().enumerate() {
            if let Detection::Contextual(context) = &rule.detection {
                table.index(context);
                let (rule, shape) = (Arc::clone(rule), LazyRegex::default());
                table.entries.push(Entry { place, rule, shape });
            }
        }
        table
    }

    fn index(&mut self, context: &Contextual) {
        let entry = self.entries.len();
        let index = |map: &mut HashMap<String, Vec<usize>>, word: &str| {
            let list = map.entry(word.to_owned()).or_default();
            if list.last() != Some(&entry) {
                list.push(entry);
            }
        };
        context
            .keys
            .iter()
            .for_each(|phrase| index(&mut self.keys, &phrase.words[0]));
        context
            .sections
            .iter()
            .for_each(|phrase| index(&mut self.sections, &phrase.words[0]));
        context
            .headers
            .iter()
            .for_each(|name| index(&mut self.headers, name));
        context
            .hosts
            .iter()
            .for_each(|name| index(&mut self.hosts, name));
        context
            .calls
            .iter()
            .for_each(|name| index(&mut self.calls, &name.to_ascii_lowercase()));
        context
            .prose
            .iter()
            .for_each(|name| index(&mut self.prose, name));
        self.files
            .extend(context.files.iter().map(|end| (end.clone(), entry)));
    }

    /// The rule that is best tied to the value and that its value fits. `accept` has the last word
    /// on a rule, told by its place in the rule set.
    pub fn tie(&self, value: &Value<'_>, mut accept: impl FnMut(Tied) -> bool) -> Option<Tied> {
        let mut ties = Vec::new();
        self.by_key(value, &mut ties);
        self.by_header(value, &mut ties);
        if names_credential(value.key) {
            self.by_file(value, &mut ties);
            if value.promising {
                self.by_host(value, &mut ties);
                self.by_section(value, &mut ties);
            }
        } else if value.assignment.call.is_some() {
            self.by_call(value, &mut ties);
        } else if value.assignment.operator == Operator::None {
            self.by_file(value, &mut ties);
        }
        self.by_prose(value, &mut ties);
        ties.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let fits = |&(tie, entry): &(Tie, usize)| {
            self.fits(entry, value).then(|| Tied {
                tie,
                rule: self.entries[entry].place,
            })
        };
        ties.iter().filter_map(fits).find(|&tied| accept(tied))
    }

    fn by_key(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        for word in value.key {
            for &entry in self.keys.get(word).map(Vec::as_slice).unwrap_or_default() {
                let context = self.entries[entry].context();
                let phrases = context.keys.iter().filter(|phrase| {
                    phrase
                        .find(value.key)
                        .is_some_and(|at| is_unspoilt(phrase, at, value.key, context.generic))
                });
                if let Some(longest) = phrases.map(|phrase| phrase.words.len()).max() {
                    ties.push((
                        if context.generic {
                            Tie::Noun(longest)
                        } else {
                            Tie::Key(longest)
                        },
                        entry,
                    ));
                }
            }
        }
    }

    fn by_header(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        let key = value.assignment.key;
        let mut buffer = [0; LONGEST_NAME];
        let Some(name) = lowered(&value.text[key.start..key.end], &mut buffer) else {
            return;
        };
        ties.extend(
            self.headers
                .get(name)
                .into_iter()
                .flatten()
                .map(|&entry| (Tie::Header, entry)),
        );
    }

    fn by_host(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        for host in surroundings::hosts(value.text, value.assignment.value) {
            let mut suffix = host.as_str();
            loop {
                ties.extend(
                    self.hosts
                        .get(suffix)
                        .into_iter()
                        .flatten()
                        .map(|&entry| (Tie::Host, entry)),
                );
                let Some((_, rest)) = suffix.split_once('.') else {
                    break;
                };
                suffix = rest;
            }
        }
    }

    fn by_section(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        if self.sections.is_empty() && self.calls.is_empty() {
            return;
        }
        self.by_call(value, ties);
        for name in surroundings::sections(value.text, value.assignment.value.start) {
            self.called(&name, ties);
            let name = words(&name);
            for word in &name {
                let entries = self.sections.get(word).into_iter().flatten();
                let named = entries.filter(|&&entry| {
                    self.entries[entry]
                        .context()
                        .sections
                        .iter()
                        .any(|phrase| phrase.find(&name).is_some())
                });
                ties.extend(named.map(|&entry| (Tie::Section, entry)));
            }
        }
    }

    /// The function whose argument the value is.
    fn by_call(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        if let Some(call) = value.assignment.call {
            self.called(
                &String::from_utf8_lossy(&value.text[call.start..call.end]),
                ties,
            );
        }
    }

    fn called(&self, name: &str, ties: &mut Vec<(Tie, usize)>) {
        let mut buffer = [0; LONGEST_NAME];
        for part in name.split([' ', '.']) {
            let Some(part) = lowered(part.as_bytes(), &mut buffer) else {
                continue;
            };
            ties.extend(
                self.calls
                    .get(part)
                    .into_iter()
                    .flatten()
                    .map(|&entry| (Tie::Call, entry)),
            );
        }
    }

    fn by_file(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        let alone = value.assignment.operator != Operator::None
            || value.text.trim_ascii().len() <= value.assignment.value.len() + 2;
        if alone {
            ties.extend(
                self.files
                    .iter()
                    .filter(|(end, _)| value.path.ends_with(end.as_str()))
                    .map(|&(_, entry)| (Tie::File, entry)),
            );
        }
    }

    fn by_prose(&self, value: &Value<'_>, ties: &mut Vec<(Tie, usize)>) {
        if self.prose.is_empty() {
            return;
        }
        let words = surroundings::prose(
            value.text,
            value.assignment.value,
            value.assignment.operator,
        );
        // Most lines name no credential, and then there is nothing to write down.
        let mut buffer = [0; LONGEST_NAME];
        let names_one = |word: &[u8]| {
            lowered(word, &mut buffer).is_some_and(|word| CREDENTIAL.binary_search(&word).is_ok())
        };
        if !words.clone().any(names_one) {
            return;
        }
        let mut sentence: Vec<String> = words
            .map(|word| String::from_utf8_lossy(word).to_ascii_lowercase())
            .collect();
        sentence.reverse();
        let sentence = sentence.as_slice();
        if names_credential(sentence) {
            ties.extend(
                sentence
                    .iter()
                    .filter_map(|word| self.prose.get(word))
                    .flatten()
                    .map(|&entry| (Tie::Prose, entry)),
            );
        }
    }

    /// The value has the shape, and no key rules it out.
    fn fits(&self, entry: usize, value: &Value<'_>) -> bool {
        let entry = &self.entries[entry];
        let context = entry.context();
        let Span { start, end } = value.assignment.value;
        let (least, most) = context.lengths;
        let ruled_out = context
            .not_keys
            .iter()
            .any(|phrase| phrase.find(value.key).is_some());
        !ruled_out
            && (least..=most).contains(&(end - start))
            && entry
                .shape
                .get(&context.shape, Extent::Whole)
                .is_some_and(|shape| shape.is_match(&value.text[start..end]))
    }
}

/// The longest name of a header or function that is looked up, in bytes.
const LONGEST_NAME: usize = 60;

/// A name in small letters, without a place of its own in memory: this is done for every value. None
/// for what is too long to be a name, and what is no ASCII.
fn lowered<'b>(name: &[u8], buffer: &'b mut [u8; LONGEST_NAME]) -> Option<&'b str> {
    let place = buffer.get_mut(..name.len())?;
    place.copy_from_slice(name);
    place.make_ascii_lowercase();
    std::str::from_utf8(place)
        .ok()
        .filter(|name| name.is_ascii())
}

/// True when a word of the key names a credential and nothing says that it is only about one.
fn names_credential(key: &[String]) -> bool {
    let named = key
        .iter()
        .any(|word| CREDENTIAL.binary_search(&word.as_str()).is_ok());
    let about = key
        .last()
        .is_some_and(|last| NOT_LAST.binary_search(&last.as_str()).is_ok());
    let open = key
        .first()
        .is_some_and(|first| NOT_FIRST.binary_search(&first.as_str()).is_ok());
    named && !about && !open
}

/// The phrase stands in the key, and what stands around it does not turn it into something else.
fn is_unspoilt(phrase: &Phrase, at: usize, key: &[String], generic: bool) -> bool {
    let end = at + phrase.words.len();
    let about = end < key.len() && NOT_LAST.binary_search(&key[key.len() - 1].as_str()).is_ok();
    let open = at > 0 && NOT_FIRST.binary_search(&key[0].as_str()).is_ok();
    let harmless = generic
        && key.iter().enumerate().any(|(place, word)| {
            !(at..end).contains(&place) && HARMLESS.binary_search(&word.as_str()).is_ok()
        });
    !about && !open && !harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_lists_are_sorted() {
        for list in [CREDENTIAL, NOT_LAST, NOT_FIRST, HARMLESS] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn what_is_about_a_credential_is_none() {
        let spoilt = |key: &str| {
            let phrase = Phrase::parse("api key").expect("has words");
            let key = words(key);
            phrase
                .find(&key)
                .is_some_and(|at| is_unspoilt(&phrase, at, &key, true))
        };
        assert!(spoilt("ACME_API_KEY") && spoilt("apiKeyProd"));
        assert!(
            !spoilt("api_key_id")
                && !spoilt("hasApiKey")
                && !spoilt("api_key_url")
                && !spoilt("public_api_key")
        );
    }
}
