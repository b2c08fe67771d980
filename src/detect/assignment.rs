//! Reads what stands around a value: the key it is assigned to, and how.
//!
//! The search finds values first; this reads backwards from one to the key, whatever the language:
//! `KEY=value`, `"key": "value"`, `const key: string = 'value'`, `set("key", "value")`,
//! `<key>value</key>`, `--key value`, `Authorization: Bearer value`. It looks at a few hundred bytes
//! at most, so a file of nothing but assignments costs no more than any other.

use crate::location::Span;
use crate::rule::pattern::ends_value;

/// A value and what it is assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The value, without quotes and without its scheme.
    pub value: Span,
    /// The quote around it, where there is one.
    pub quote: Option<u8>,
    /// `Bearer` and the like before the value.
    pub scheme: Option<Span>,
    /// How it is assigned.
    pub operator: Operator,
    /// The key as written; empty where there is none.
    pub key: Span,
    /// The function the value is an argument of.
    pub call: Option<Span>,
}

/// How a value is tied to its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `=`, `:=`, `=>`, `||`, `:-`.
    Assign,
    /// `:`.
    Colon,
    /// `,` or `(`.
    Argument,
    /// `>` of a tag.
    Tag,
    /// White space, as in `--token value`.
    Space,
    /// Nothing.
    None,
}

/// How far a value may reach beyond the run that was found, in bytes.
const MAX_VALUE: usize = 4096;
/// How far back a key is looked for, in bytes.
const MAX_KEY: usize = 160;

/// Words between a key and its value that say how the value is used.
const SCHEMES: &[&[u8]] = &[
    b"bearer",
    b"basic",
    b"token",
    b"bot",
    b"apikey",
    b"key",
    b"ssws",
    b"geniekey",
];

/// Names that say nothing: the name of the thing stands beside them.
const NEUTRAL: &[&[u8]] = &[
    b"value",
    b"val",
    b"default",
    b"string",
    b"text",
    b"data",
    b"content",
    b"defaultvalue",
    b"default_value",
    b"stringvalue",
    b"secretstring",
];

impl Assignment {
    /// The assignment around a run of token characters, which may be a part of the value.
    pub fn around(text: &[u8], run: Span) -> Option<Self> {
        let floor = run.start.saturating_sub(MAX_VALUE);
        let mut start = text[floor..run.start]
            .iter()
            .rposition(|&byte| ends_value(byte))
            .map_or(floor, |at| floor + at + 1);
        // `${KEY:-value}`: the dash belongs to the operator.
        if text[start] == b'-'
            && start
                .checked_sub(1)
                .is_some_and(|before| text[before] == b':')
        {
            start += 1;
        }
        Self::at(text, start)
    }

    /// The assignment of the value that starts at `start`.
    pub fn at(text: &[u8], start: usize) -> Option<Self> {
        let value = value_from(text, start)?;
        let mut back = Back {
            text,
            at: start,
            floor: start.saturating_sub(MAX_KEY),
        };
        let quote = back.opening_quote();
        let gap = back.spaces();
        let broken = text[back.at..back.at + gap].contains(&b'\n');
        let scheme = back.scheme(gap > 0);
        let mut assignment = Self {
            value,
            quote,
            scheme,
            operator: Operator::None,
            key: Span { start, end: start },
            call: None,
        };
        // A line break may follow an operator, but is none itself.
        assignment.operator = back.operator(gap > 0 && !broken);
        back.spaces();
        match assignment.operator {
            Operator::Assign | Operator::Colon => {
                assignment.key = back.typed_key(assignment.operator).or_else(|| back.key())?;
            }
            Operator::Argument => (assignment.key, assignment.call) = back.argument()?,
            Operator::Tag => assignment.key = back.tag()?,
            Operator::Space => assignment.key = back.key()?,
            Operator::None => return Some(assignment),
        }
        if assignment.key_is_neutral(text)
            && let Some(name) = sibling_name(text, assignment.key)
        {
            assignment.key = name;
        }
        Some(assignment)
    }

    /// The key as text, without what is no ASCII.
    pub fn key_text(&self, text: &[u8]) -> String {
        text[self.key.start..self.key.end]
            .iter()
            .filter(|byte| byte.is_ascii())
            .map(|&byte| char::from(byte))
            .collect()
    }

    fn key_is_neutral(&self, text: &[u8]) -> bool {
        let key = &text[self.key.start..self.key.end];
        NEUTRAL
            .iter()
            .any(|neutral| key.eq_ignore_ascii_case(neutral))
    }
}

/// The value that starts here: to the closing quote, or to the first byte that ends a value.
fn value_from(text: &[u8], start: usize) -> Option<Span> {
    let ceiling = text.len().min(start + MAX_VALUE);
    let rest = &text[start..ceiling];
    let quote = start
        .checked_sub(1)
        .map(|before| text[before])
        .filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    let len = if let Some(quote) = quote {
        rest.iter()
            .position(|&byte| byte == quote || byte == b'\n' || byte == b'\\')
            .unwrap_or(rest.len())
    } else {
        let len = rest
            .iter()
            .position(|&byte| ends_value(byte))
            .unwrap_or(rest.len());
        // Base64 padding is a part of the value.
        len + rest[len..]
            .iter()
            .take(2)
            .take_while(|&&byte| byte == b'=')
            .count()
    };
    (len > 0).then_some(Span {
        start,
        end: start + len,
    })
}

/// A cursor that reads backwards.
#[derive(Clone, Copy, Debug)]
struct Back<'h> {
    text: &'h [u8],
    at: usize,
    floor: usize,
}

const fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$')
}

impl<'h> Back<'h> {
    fn peek(&self) -> Option<u8> {
        (self.at > self.floor).then(|| self.text[self.at - 1])
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at -= usize::from(eaten);
        eaten
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> Span {
        let end = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at -= 1;
        }
        Span {
            start: self.at,
            end,
        }
    }

    fn bytes(&self, span: Span) -> &'h [u8] {
        &self.text[span.start..span.end]
    }

    /// Blanks, and a line break where only blanks stand around it: JSON and YAML may break there.
    fn spaces(&mut self) -> usize {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            .len()
    }

    /// A quote with the backslashes and the prefix letter before it.
    fn opening_quote(&mut self) -> Option<u8> {
        let quote = self
            .peek()
            .filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
        self.at -= 1;
        self.skip(|byte| byte == b'\\');
        let mark = self.at;
        if self.peek().is_some_and(|byte| {
            matches!(byte, b'b' | b'r' | b'f' | b'u' | b'B' | b'R' | b'L' | b'@')
        }) {
            self.at -= 1;
            if self.peek().is_some_and(is_key_byte) {
                self.at = mark;
            }
        }
        // Triple quotes.
        while self.eat(quote) {}
        Some(quote)
    }

    /// `Bearer ` before the value; the quote may open before it.
    fn scheme(&mut self, spaced: bool) -> Option<Span> {
        if !spaced {
            return None;
        }
        let mut ahead = *self;
        let word = ahead.skip(|byte| byte.is_ascii_alphabetic());
        let known = SCHEMES
            .iter()
            .any(|scheme| ahead.bytes(word).eq_ignore_ascii_case(scheme));
        // `--token value` and `set key value` are keys, not schemes.
        let after_operator = || {
            let mut before = ahead;
            before.opening_quote();
            before.spaces();
            before
                .peek()
                .is_some_and(|byte| matches!(byte, b':' | b'=' | b',' | b'(' | b'>'))
        };
        if !known || !after_operator() {
            return None;
        }
        *self = ahead;
        self.opening_quote();
        self.spaces();
        Some(word)
    }

    fn operator(&mut self, spaced: bool) -> Operator {
        match self.peek() {
            Some(b'=') => {
                self.skip(|byte| {
                    matches!(
                        byte,
                        b'=' | b':' | b'!' | b'+' | b'?' | b'|' | b'<' | b'>' | b'~'
                    )
                });
                Operator::Assign
            }
            Some(b'>') => {
                self.at -= 1;
                if self.eat(b'=') {
                    Operator::Assign
                } else {
                    Operator::Tag
                }
            }
            Some(b'|' | b'?') => {
                self.skip(|byte| matches!(byte, b'|' | b'?'));
                Operator::Assign
            }
            Some(b'-') if self.text[..self.at].ends_with(b":-") => {
                self.at -= 2;
                Operator::Assign
            }
            Some(b':') => {
                self.at -= 1;
                Operator::Colon
            }
            Some(b',' | b'(') => Operator::Argument,
            Some(byte) if spaced && (is_key_byte(byte) || matches!(byte, b'"' | b'\'')) => {
                Operator::Space
            }
            _ => Operator::None,
        }
    }

    /// A key: in quotes, in brackets, or bare.
    fn key(&mut self) -> Option<Span> {
        self.spaces();
        while self.eat(b']') || self.eat(b')') || self.eat(b'?') || self.eat(b'!') {}
        if let Some(quote) = self
            .peek()
            .filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))
        {
            self.at -= 1;
            // `\"key\": \"value\"` is JSON in a string.
            self.skip(|byte| byte == b'\\');
            let key = self.skip(|byte| byte != quote && byte != b'\n');
            return (!key.is_empty()).then_some(key);
        }
        let key = self.skip(is_key_byte);
        (!key.is_empty()).then_some(key)
    }

    /// `key: Type = value`. None where there is no type.
    fn typed_key(&mut self, operator: Operator) -> Option<Span> {
        if operator != Operator::Assign {
            return None;
        }
        let mut ahead = *self;
        let annotation = ahead.skip(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'_' | b' '
                        | b'&'
                        | b'\''
                        | b'<'
                        | b'>'
                        | b'['
                        | b']'
                        | b'.'
                        | b'|'
                        | b'?'
                        | b'*'
                )
        });
        let names_text =
            |name: &&[u8]| memchr::memmem::find(ahead.bytes(annotation), name).is_some();
        let is_type = [
            b"str".as_slice(),
            b"Str",
            b"char",
            b"bytes",
            b"any",
            b"Any",
            b"Text",
            b"Secret",
        ]
        .iter()
        .any(names_text);
        if !is_type || !ahead.eat(b':') || ahead.peek() == Some(b':') {
            return None;
        }
        *self = ahead;
        self.key()
    }

    /// The argument before this one, or the function's own name; and the function.
    fn argument(&mut self) -> Option<(Span, Option<Span>)> {
        if self.eat(b'(') {
            let name = self.key()?;
            return Some((name, Some(name)));
        }
        self.eat(b',');
        let key = self.key()?;
        let mut call = *self;
        call.skip(|byte| byte != b'(' && byte != b'\n');
        let function = if call.eat(b'(') { call.key() } else { None };
        Some((key, function))
    }

    /// The name of a tag, or what its `name` or `key` attribute says.
    fn tag(&mut self) -> Option<Span> {
        let inside = self.skip(|byte| byte != b'<' && byte != b'\n');
        let tag = self.bytes(inside);
        let attribute = [b"name=".as_slice(), b"key=", b"Name=", b"Key="]
            .iter()
            .find_map(|name| memchr::memmem::find(tag, name).map(|at| at + name.len()));
        if let Some(at) = attribute {
            let from = inside.start + at + 1;
            let len = self.text[from..inside.end]
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\''))?;
            return Some(Span {
                start: from,
                end: from + len,
            });
        }
        let len = tag
            .iter()
            .position(|&byte| !is_key_byte(byte))
            .unwrap_or(tag.len());
        (len > 0).then_some(Span {
            start: inside.start,
            end: inside.start + len,
        })
    }
}

/// How far back the name beside a neutral key may stand, in bytes.
const SIBLING: usize = 240;

/// For `value`, the `name` or `key` beside it: `- name: API_KEY`, `"name": "API_KEY"`,
/// `<key>API_KEY</key>`, `key="API_KEY"`, `variable "api_key" {`.
fn sibling_name(text: &[u8], neutral: Span) -> Option<Span> {
    let floor = neutral.start.saturating_sub(SIBLING);
    let before = &text[floor..neutral.start];
    let names = [
        b"name".as_slice(),
        b"Name",
        b"NAME",
        b"key",
        b"Key",
        b"KEY",
        b"variable",
    ];
    // A closing tag names nothing.
    let begins = |at: usize| at == 0 || !(is_key_byte(before[at - 1]) || before[at - 1] == b'/');
    let label = |name: &[u8]| {
        let mut found = memchr::memmem::rfind_iter(before, name).filter(|&at| begins(at));
        found.next().map(|at| at + name.len())
    };
    let at = names.iter().filter_map(|name| label(name)).max()?;
    let rest = &before[at..];
    let skip = rest.iter().position(|byte| {
        !matches!(
            byte,
            b'"' | b'\'' | b'\\' | b':' | b'=' | b' ' | b'>' | b'\t'
        )
    })?;
    let name = &rest[skip..];
    let len = name
        .iter()
        .position(|&byte| !is_key_byte(byte))
        .unwrap_or(name.len());
    (skip > 0 && len > 0).then_some(Span {
        start: floor + at + skip,
        end: floor + at + skip + len,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and the value of the assignment around `VALUE`.
    fn read(text: &str) -> (String, Operator, String) {
        let start = text.find("VALUE").expect("there is a value");
        let run = Span {
            start,
            end: start + 16,
        };
        let assignment = Assignment::around(text.as_bytes(), run).expect("is an assignment");
        let value = &text[assignment.value.start..assignment.value.end];
        (
            assignment.key_text(text.as_bytes()),
            assignment.operator,
            value.to_owned(),
        )
    }

    #[test]
    fn every_language_has_a_key_and_a_value() {
        let v = "VALUE0123456789ab";
        for (text, key) in [
            ("API_KEY=@", "API_KEY"),
            ("export API_KEY='@'", "API_KEY"),
            ("api_key: @\n", "api_key"),
            ("{\"api-key\": \"@\"}", "api-key"),
            ("\\\"api-key\\\": \\\"@\\\"", "api-key"),
            ("const apiKey: string = \"@\";", "apiKey"),
            ("const API_KEY: &'static str = \"@\";", "API_KEY"),
            ("api_key: Optional[str] = '@'", "api_key"),
            ("config[\"api_key\"] = \"@\"", "api_key"),
            ("config.apiKey := `@`", "config.apiKey"),
            ("'api_key' => '@',", "api_key"),
            ("os.environ.setdefault(\"API_KEY\", \"@\")", "API_KEY"),
            ("setApiKey(\"@\")", "setApiKey"),
            ("process.env.API_KEY || '@'", "process.env.API_KEY"),
            ("${API_KEY:-@}", "API_KEY"),
            ("<apiKey>@</apiKey>", "apiKey"),
            ("<string name=\"api_key\">@</string>", "api_key"),
            ("<key>ApiKey</key>\n  <string>@</string>", "ApiKey"),
            ("<add key=\"ApiKey\" value=\"@\" />", "ApiKey"),
            ("- name: API_KEY\n  value: \"@\"", "API_KEY"),
            ("{\"name\": \"API_KEY\", \"value\": \"@\"}", "API_KEY"),
            ("variable \"api_key\" {\n  default = \"@\"\n}", "api_key"),
            ("tool --api-key @ --verbose", "--api-key"),
            ("curl -H \"X-Api-Key: @\" https://x", "X-Api-Key"),
            ("curl -H 'Authorization: Bearer @'", "Authorization"),
            ("headers={\"Authorization\": \"Bearer @\"}", "Authorization"),
            ("https://x.example/?api_key=@&b=1", "api_key"),
            ("ENV API_KEY @", "API_KEY"),
        ] {
            let text = text.replace('@', v);
            let (found, _, value) = read(&text);
            assert_eq!((found.as_str(), value.as_str()), (key, v), "{text}");
        }
    }

    #[test]
    fn a_value_is_whole() {
        assert_eq!(
            read("k = \"a/b+VALUE0123456789ab==\"").2,
            "a/b+VALUE0123456789ab=="
        );
        assert_eq!(
            read("k=a/b+VALUE0123456789ab== rest").2,
            "a/b+VALUE0123456789ab=="
        );
    }

    #[test]
    fn a_value_alone_has_no_key() {
        assert_eq!(read("VALUE0123456789ab").1, Operator::None);
    }
}
