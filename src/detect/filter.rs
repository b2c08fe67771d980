//! Tells placeholders, references and known examples from credentials.
//!
//! It errs on the side of keeping: a real credential that holds the word "test" is still one. What
//! it drops has to look made up as a whole.

use super::surroundings;

/// Words that stand for "put yours here" when they make up a value, or a good part of it.
const PLACEHOLDER_WORDS: &[&[u8]] = &[
    b"example",
    b"sample",
    b"dummy",
    b"changeme",
    b"change_me",
    b"change-me",
    b"placeholder",
    b"replace",
    b"insert",
    b"redacted",
    b"your-",
    b"your_",
    b"yourapi",
    b"yourtoken",
    b"yourkey",
    b"yoursecret",
    b"yourpass",
    b"fake",
    b"todo",
    b"fixme",
    b"xxxx",
    b"****",
    b"....",
    b"....",
    b"<your",
    b"not-a-real",
    b"notreal",
    b"notasecret",
    b"not-a-secret",
    b"mytoken",
    b"my-token",
    b"my_token",
    b"my-secret",
    b"my_secret",
    b"mysecret",
    b"myapikey",
    b"my-api-key",
    b"my_api_key",
    b"invalid",
    b"foobar",
    b"secret-key-here",
    b"key-here",
    b"token-here",
    b"_here",
    b"-here",
    b"deadbeef",
    b"masked",
    b"undefined",
    b"lorem",
    b"ipsum",
    b"hogehoge",
    b"testtest",
];

/// Ascending runs that people type.
const SEQUENCES: &[&[u8]] = &[
    b"0123456789",
    b"1234567890",
    b"abcdefghij",
    b"ABCDEFGHIJ",
    b"9876543210",
    b"qwertyuiop",
    b"123456789a",
    b"abcdef0123456789",
    b"0123456789abcdef",
    b"1a2b3c4d",
    b"a1b2c3d4",
    b"abc123",
    b"ABC123",
];

/// True when the value is no credential by the looks of it alone.
pub fn is_placeholder(value: &[u8]) -> bool {
    is_reference(value) || is_repetitive(value) || names_a_placeholder(value) || is_sequence(value)
}

/// A reference to where the credential is: `${VAR}`, `$(cmd)`, `{{ var }}`, `%VAR%`, `<token>`, `@var@`.
pub fn is_reference(value: &[u8]) -> bool {
    let wrapped = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    let holds = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    wrapped(b"$", b"")
        && value.get(1).is_some_and(|&byte| {
            byte == b'{' || byte == b'(' || byte.is_ascii_alphabetic() || byte == b'_'
        })
        && !is_hash(value)
        || wrapped(b"%", b"%")
        || wrapped(b"<", b">")
        || wrapped(b"[", b"]")
        || wrapped(b"{", b"}")
        || wrapped(b"@", b"@")
        || wrapped(b"__", b"__")
        || holds(b"${")
        || holds(b"$(")
        || holds(b"{{")
        || holds(b"#{")
        || holds(b"<%")
        || holds(b"%(")
        || holds(b"%s")
}

/// `$2b$...` and the like are hashes of passwords in the crypt format, not variables.
fn is_hash(value: &[u8]) -> bool {
    value.len() > 20 && memchr::memchr_iter(b'$', value).count() >= 2
}

/// Few different characters, or one repeated for long: `xxxxxxxx`, `0000-0000`, `abababab`.
fn is_repetitive(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &byte in value {
        seen[usize::from(byte)] = true;
    }
    let distinct = seen.iter().filter(|&&is| is).count();
    let enough = if value.len() >= 16 { 6 } else { 4 };
    distinct < enough.min(value.len()) || longest_repeat(value) >= 5.max(value.len() / 4)
}

fn longest_repeat(value: &[u8]) -> usize {
    value
        .chunk_by(|a, b| a == b)
        .map(<[u8]>::len)
        .max()
        .unwrap_or(0)
}

fn names_a_placeholder(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    PLACEHOLDER_WORDS.iter().any(|word| {
        memchr::memmem::find(&lower, word)
            .is_some_and(|at| is_a_word(&lower, at, word.len(), value))
    })
}

/// Inside random letters a short word turns up by chance: there it has to stand apart, in one case.
fn is_a_word(lower: &[u8], at: usize, len: usize, value: &[u8]) -> bool {
    let same_case = value[at..at + len]
        .iter()
        .all(|byte| !byte.is_ascii_lowercase())
        || value[at..at + len]
            .iter()
            .all(|byte| !byte.is_ascii_uppercase())
        || value[at].is_ascii_uppercase();
    if len >= 7 {
        return same_case;
    }
    let apart = |at: Option<&u8>| at.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    same_case
        && (apart(at.checked_sub(1).and_then(|before| lower.get(before))) || lower.len() < 16)
        && (len >= 4)
}

/// A good part of it is counting: `abcdefghijklmnop`, `sk_test_1234567890`.
fn is_sequence(value: &[u8]) -> bool {
    let longest = SEQUENCES
        .iter()
        .filter(|sequence| memchr::memmem::find(value, sequence).is_some())
        .map(|sequence| sequence.len())
        .max()
        .unwrap_or(0);
    longest >= 10 || (longest > 0 && longest * 2 >= value.len()) || longest_step(value) >= 8
}

/// The longest run in which each character follows the one before: `abcdefgh`, `12345678`.
fn longest_step(value: &[u8]) -> usize {
    let follows = |a: &u8, b: &u8| a.wrapping_add(1) == *b;
    value.chunk_by(follows).map(<[u8]>::len).max().unwrap_or(0)
}

/// Values that vendors and RFCs publish as examples, so that everybody copies them.
pub fn is_known_example(value: &[u8]) -> bool {
    // AWS ends its examples so; RFC 7617 signs Aladdin in.
    let ends = [b"EXAMPLE".as_slice(), b"EXAMPLEKEY"];
    ends.iter().any(|end| value.ends_with(end))
        || value == b"devstoreaccount1"
        // The key of Azure's storage emulator begins so, on every machine.
        || value.starts_with(b"Eby8vdM02xNO")
        || value.starts_with(b"QWxhZGRpbjpvcGVu")
}

/// Passwords that stand for one in examples and tests, and that local set-ups share.
const WEAK: &[&str] = &[
    "1234",
    "12345",
    "123456",
    "12345678",
    "abc123",
    "admin",
    "admin123",
    "api",
    "bar",
    "baz",
    "changeit",
    "default",
    "demo",
    "dev",
    "example",
    "foo",
    "foobar",
    "guest",
    "hello",
    "hunter2",
    "letmein",
    "login",
    "mongo",
    "my-password",
    "mypass",
    "mypassword",
    "mysql",
    "none",
    "pass",
    "passwd",
    "password",
    "password1",
    "password123",
    "passwords",
    "postgres",
    "postgresql",
    "pw",
    "pwd",
    "qwerty",
    "rabbitmq",
    "redis",
    "root",
    "rootpassword",
    "s3cr3t",
    "s3cret",
    "secret",
    "secretpassword",
    "test",
    "test123",
    "testing",
    "testpass",
    "testpassword",
    "tiger",
    "toor",
    "user",
    "username",
    "weak",
    "welcome",
    "word",
    "xxx",
    "xyz",
    "your-password",
    "yourpassword",
];

/// True for a password in a URL or connection string that is an example's: a word everybody uses,
/// the user's own name again, or a host reserved for documentation (RFC 2606).
pub fn is_example_login(whole: &[u8], secret: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(secret).to_ascii_lowercase();
    let twice = [secret, b":", secret, b"@"].concat();
    let holds = |needle: &[u8]| memchr::memmem::find(whole, needle).is_some();
    let reserved = [
        b"@example.".as_slice(),
        b".example.com",
        b".example.org",
        b".example.net",
        b"@host:",
        b"@host/",
        b"@hostname",
        b"@server",
    ];
    WEAK.binary_search(&lower.as_str()).is_ok()
        || says_what_it_is(&lower)
        || holds(&twice)
        || reserved.iter().any(|host| holds(host))
        || whole.ends_with(b"@host")
        || whole.ends_with(b".example")
}

/// `my_password`, `super-secret`, `proxy_pass`.
fn says_what_it_is(lower: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-');
    ["pass", "passwd", "password", "secret"]
        .iter()
        .any(|word| lower.ends_with(word))
        && lower.bytes().all(plain)
}

/// A hash of a password in the crypt format, `$5$salt$...`: nobody signs in with it.
pub fn is_crypt_hash(value: &[u8]) -> bool {
    let mut parts = value.split(|&byte| byte == b'$');
    let (first, id) = (parts.next(), parts.next());
    let short = |id: &[u8]| (1..=8).contains(&id.len()) && id.iter().all(u8::is_ascii_alphanumeric);
    first == Some(b"") && id.is_some_and(short) && parts.next().is_some()
}

/// The name of a constant: `MYSQL_NATIVE_PASSWORD`, `POSTGRES_SCRAM_SHA_256`.
pub fn is_constant_name(value: &[u8]) -> bool {
    let capital = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    memchr::memchr(b'_', value).is_some()
        && value.iter().all(capital)
        && value.first().is_some_and(u8::is_ascii_uppercase)
        && digits * 4 < value.len()
}

/// The mark that keeps a finding out of the report: `straykey:allow[rule-id] reason`.
const MARK: &[u8] = b"straykey:allow[";

/// True when the line around `at` excuses the rule and gives a reason.
pub fn is_allowed(text: &[u8], at: usize, rule: &str) -> bool {
    let line = surroundings::line(text, at);
    let line = &text[line.start..line.end];
    memchr::memmem::find_iter(line, MARK).any(|mark| {
        let rest = &line[mark + MARK.len()..];
        let named = rest
            .strip_prefix(rule.as_bytes())
            .and_then(|rest| rest.strip_prefix(b"]"));
        named.is_some_and(|reason| reason.iter().any(u8::is_ascii_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_values_are_dropped() {
        for value in [
            "xxxxxxxxxxxxxxxx",
            "${TOKEN}",
            "<your-token>",
            "your_api_key_here",
            "changeme",
            "0000000000000000",
            "abcdefghijklmnop",
            "1234567890abcdef",
            "%API_KEY%",
            "{{ token }}",
            "$TOKEN",
            "AAAAAAAAAAAAAAAAAAAA",
            "MY_API_KEY_HERE",
            "********",
            "deadbeefdeadbeef",
            "11111111-2222-3333-4444-555555555555",
            "sk-example-0a9s8d7f6g5h",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn random_values_are_kept() {
        use crate::rule::sample::{Expander, Rng};
        for shape in [
            "{{alnum:36}}",
            "{{lower_hex:32}}",
            "{{base64url:43}}",
            "{{uuid}}",
            "{{lower_alnum:20}}",
            "{{base32:16}}",
        ] {
            let mut expander = Expander::new(Rng::seeded(shape), "", &|_| None);
            let dropped = (0..2000)
                .filter(|_| {
                    is_placeholder(expander.expand(shape).expect("is a shape").text.as_bytes())
                })
                .count();
            assert!(
                dropped <= 10,
                "{shape}: {dropped} of 2000 taken for placeholders"
            );
        }
    }

    #[test]
    fn logins_of_examples_are_told() {
        const REAL: &[u8] = b"k3Jw92";
        assert!(WEAK.is_sorted());
        assert!(is_example_login(
            b"postgres://app:password@db:5432",
            b"password"
        ));
        assert!(is_example_login(b"http://ab12cd:ab12cd@acme.io", b"ab12cd"));
        assert!(is_example_login(b"https://u:k3Jw92@example.com", REAL));
        let real = [b"amqp://app:".as_slice(), REAL, b"@db:5432"].concat();
        assert!(!is_example_login(&real, REAL));
    }

    #[test]
    fn a_mark_needs_the_rule_and_a_reason() {
        let text = b"a\nkey = x # straykey:allow[acme-key] rotated in May\nb";
        assert!(is_allowed(text, 8, "acme-key"));
        assert!(!is_allowed(text, 8, "acme"));
        assert!(
            !is_allowed(text, 0, "acme-key"),
            "the mark excuses its own line only"
        );
        assert!(
            !is_allowed(b"x # straykey:allow[acme-key] ", 0, "acme-key"),
            "no reason"
        );
    }

    #[test]
    fn names_of_constants_are_told_from_keys() {
        for name in ["MYSQL_NATIVE_PASSWORD", "POSTGRES_SCRAM_SHA_256"] {
            assert!(is_constant_name(name.as_bytes()), "{name}");
        }
        for value in ["K7QX_9Z3M2LP8_44T1", "_SECRET", "PASSWORD", "Abc_DEF"] {
            assert!(!is_constant_name(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn crypt_hashes_are_told_from_passwords() {
        for hash in ["$1$salt$rest", "$2b$10$rest", "$argon2id$v=19$rest"] {
            assert!(is_crypt_hash(hash.as_bytes()), "{hash}");
        }
        for value in ["$ecret", "pa$$word", "$1$", "a$1$b$c"] {
            let hash = is_crypt_hash(value.as_bytes());
            assert_eq!(hash, value == "$1$", "{value}");
        }
    }

    #[test]
    fn a_password_that_says_what_it_is_is_an_example() {
        for (secret, example) in [("proxy_pass", true), ("hX4pass", false)] {
            let whole = format!("http://u:{secret}@db");
            let is = is_example_login(whole.as_bytes(), secret.as_bytes());
            assert_eq!(is, example, "{secret}");
        }
    }
}
