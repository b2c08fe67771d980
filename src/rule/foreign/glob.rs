//! Says an expression about paths as globs, where globs can say it.
//!
//! Other tools' expressions match anywhere in a path; a glob of ours matches a whole path, or a folder
//! and with it all that lies below. Whatever globs cannot say exactly gives none: an allow that is
//! wider than the user's own would hide what they wanted to see.

use super::parse;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassPerlKind, ClassSet, ClassSetItem, Flag, FlagsItemKind, GroupKind,
    RepetitionKind,
};

/// The globs that match the same paths as the expression; None where there are no such globs.
///
/// A dot matches any character but `/`, as people mean it who write `package-lock.json`, and the end of
/// a name is that of a file or a folder.
///
/// ```
/// use straykey::rule::foreign::globs;
/// assert_eq!(globs(r"(^|/)docs/.*\.md$"), Some(vec!["**/*/docs/**/*.md".into(), "/docs/**/*.md".into()]));
/// assert_eq!(globs(r"^v[0-9]+/"), None);
/// ```
pub fn globs(pattern: &str) -> Option<Vec<String>> {
    let mut reader = Reader { fold: false };
    let branches = reader.read(&parse(pattern).ok()?)?;
    let globs: Option<Vec<Vec<String>>> = branches.iter().map(|branch| render(branch)).collect();
    let mut globs = globs?.concat();
    globs.sort();
    globs.dedup();
    (globs.len() <= MOST).then_some(globs)
}

/// More globs than this for one expression are no help to a reader.
const MOST: usize = 32;

/// A piece of an expression that a glob can say.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A character as it stands; never `/`.
    One(char),
    /// A glob's own words for one character, such as `?` or `[Pp]`.
    Class(String),
    /// `/`
    Slash,
    /// Anything without a `/`.
    Name,
    /// Anything.
    Anything,
    Start,
    End,
}

/// Alternatives, each a sequence of pieces.
type Branches = Vec<Vec<Piece>>;

struct Reader {
    /// True after `(?i)`.
    fold: bool,
}

impl Reader {
    fn read(&mut self, ast: &Ast) -> Option<Branches> {
        let one = |piece| Some(vec![vec![piece]]);
        match ast {
            Ast::Empty(_) => Some(vec![Vec::new()]),
            Ast::Flags(flags) => {
                let item =
                    |kind: &FlagsItemKind| *kind == FlagsItemKind::Flag(Flag::CaseInsensitive);
                let known = flags.flags.items.iter().all(|flag| item(&flag.kind));
                self.fold |= known;
                known.then(|| vec![Vec::new()])
            }
            Ast::Literal(literal) => one(self.character(literal.c)?),
            Ast::Dot(_) => one(Piece::Class("?".to_owned())),
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::StartLine | AssertionKind::StartText => one(Piece::Start),
                AssertionKind::EndLine | AssertionKind::EndText => one(Piece::End),
                _ => None,
            },
            Ast::ClassPerl(class) if class.kind == ClassPerlKind::Digit && !class.negated => {
                one(Piece::Class("[0-9]".to_owned()))
            }
            Ast::ClassBracketed(_) => match class(ast)? {
                Class::NoSlash => one(Piece::Class("?".to_owned())),
                Class::Exactly(c) => one(self.character(c)?),
            },
            Ast::Repetition(repetition) => self.repetition(&repetition.op.kind, &repetition.ast),
            Ast::Group(group) => match &group.kind {
                GroupKind::NonCapturing(flags) if !flags.items.is_empty() => None,
                _ => self.read(&group.ast),
            },
            Ast::Alternation(list) => {
                let all: Option<Vec<Branches>> =
                    list.asts.iter().map(|branch| self.read(branch)).collect();
                all.map(|all| all.concat())
            }
            Ast::Concat(list) => list.asts.iter().try_fold(vec![Vec::new()], |before, next| {
                cross(&before, &self.read(next)?)
            }),
            Ast::ClassUnicode(_) | Ast::ClassPerl(_) => None,
        }
    }

    fn repetition(&mut self, kind: &RepetitionKind, of: &Ast) -> Option<Branches> {
        match (kind, of) {
            (RepetitionKind::ZeroOrOne, _) => {
                let mut branches = self.read(of)?;
                branches.push(Vec::new());
                Some(branches)
            }
            (RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore, Ast::Dot(_)) => {
                Some(vec![vec![Piece::Anything]])
            }
            (RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore, Ast::ClassBracketed(_)) => {
                matches!(class(of)?, Class::NoSlash).then(|| vec![vec![Piece::Name]])
            }
            _ => None,
        }
    }

    fn character(&self, c: char) -> Option<Piece> {
        match c {
            '/' => Some(Piece::Slash),
            _ if c.is_control() => None,
            _ if self.fold && c.is_ascii_alphabetic() => Some(Piece::Class(format!(
                "[{}{}]",
                c.to_ascii_uppercase(),
                c.to_ascii_lowercase()
            ))),
            _ => Some(Piece::One(c)),
        }
    }
}

/// The classes in brackets that matter in paths.
enum Class {
    /// `[^/]`
    NoSlash,
    /// `[.]`, and `[/\\]` for a `/`: the paths that are matched have no backslash.
    Exactly(char),
}

fn class(ast: &Ast) -> Option<Class> {
    let Ast::ClassBracketed(class) = ast else {
        return None;
    };
    let ClassSet::Item(item) = &class.kind else {
        return None;
    };
    let items = match item {
        ClassSetItem::Union(union) => union.items.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut characters = items
        .iter()
        .map(|item| match item {
            ClassSetItem::Literal(literal) => Some(literal.c),
            _ => None,
        })
        .collect::<Option<Vec<char>>>()?;
    if characters.len() > 1 {
        characters.retain(|&c| c != '\\');
    }
    match (class.negated, characters.as_slice()) {
        (true, ['/']) => Some(Class::NoSlash),
        (false, [c]) => Some(Class::Exactly(*c)),
        _ => None,
    }
}

/// Every branch of the first followed by every branch of the second.
fn cross(first: &[Vec<Piece>], second: &[Vec<Piece>]) -> Option<Branches> {
    (first.len() * second.len() <= MOST).then(|| {
        let follow = |a: &Vec<Piece>| {
            second
                .iter()
                .map(|b| [a.as_slice(), b].concat())
                .collect::<Vec<_>>()
        };
        first.iter().flat_map(follow).collect()
    })
}

/// The globs of one branch.
fn render(branch: &[Piece]) -> Option<Vec<String>> {
    let anchored = branch.first() == Some(&Piece::Start);
    let ended = branch.last() == Some(&Piece::End);
    let from = usize::from(anchored);
    let inner = branch.get(from..branch.len().saturating_sub(usize::from(ended)))?;
    let odd = |piece: &Piece| matches!(piece, Piece::Start | Piece::End);
    let slash = Some(&Piece::Slash);
    let odd_slash = anchored && inner.first() == slash || ended && inner.last() == slash;
    if inner.iter().any(odd) || odd_slash {
        return None;
    }
    let mut pieces = Vec::new();
    pieces.extend((!anchored).then_some(Piece::Anything));
    pieces.extend(inner.iter().cloned());
    pieces.extend((!ended).then_some(Piece::Anything));
    pieces.dedup_by(|b, a| *a == Piece::Anything && *b == Piece::Anything);
    // What matches every path, or none, is no allow.
    (!pieces.is_empty() && pieces != [Piece::Anything]).then(|| write(&pieces))
}

fn write(pieces: &[Piece]) -> Vec<String> {
    let mut globs = vec![String::new()];
    if pieces.first() != Some(&Piece::Anything) {
        globs[0].push('/');
    }
    let mut rest = pieces;
    while let [piece, after @ ..] = rest {
        rest = after;
        match piece {
            Piece::One(c) => append(&mut globs, &escape(*c)),
            Piece::Class(class) => append(&mut globs, class),
            Piece::Slash => append(&mut globs, "/"),
            Piece::Name => append(&mut globs, "*"),
            Piece::Anything => {
                let slash = rest.first() == Some(&Piece::Slash);
                rest = &rest[usize::from(slash)..];
                globs = anything(&globs, slash, rest.is_empty());
            }
            Piece::Start | Piece::End => {}
        }
    }
    globs
}

/// Appends "anything", and the slash after it where one follows. `last` when nothing follows that.
fn anything(globs: &[String], slash: bool, last: bool) -> Vec<String> {
    let spell = |glob: &String| {
        let whole_names = glob.is_empty() || glob.ends_with('/');
        let ways: &[&str] = match (whole_names, slash, last) {
            // At least one folder, and then its slash.
            (true, true, true) => &["**/*/**"],
            (true, true, false) => &["**/*/"],
            (true, false, true) => &["**"],
            (true, false, false) => &["**/*"],
            (false, true, true) => &["*/**"],
            (false, true, false) => &["*/**/"],
            // A folder of that name takes all below it along.
            (false, false, true) => &["*"],
            (false, false, false) => &["*", "*/**/*"],
        };
        ways.iter()
            .map(|way| format!("{glob}{way}"))
            .collect::<Vec<_>>()
    };
    globs.iter().flat_map(spell).collect()
}

fn append(globs: &mut [String], text: &str) {
    for glob in globs {
        glob.push_str(text);
    }
}

/// A character that a glob takes for itself.
fn escape(c: char) -> String {
    if c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@' | '~' | '(' | ')') {
        c.to_string()
    } else {
        format!("\\{c}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::foreign::ForeignRegex;
    use ignore::gitignore::GitignoreBuilder;

    const PATHS: &[&str] = &[
        "a.png",
        "A.PNG",
        "docs/a.md",
        "docs/b/a.md",
        "x/docs/a.md",
        "docsa.md",
        "docs.md",
        "node_modules/a.js",
        "x/node_modules/y/a.js",
        "node_modules.txt",
        "my_node_modules/a",
        "go.sum",
        "x/go.sum",
        "go.sum.txt",
        "src/a_test.go",
        "src/test/a.go",
        "test/b",
        "src/contest/a/b.rs",
        "package-lock.json",
        "x/package-lock.json",
        "ci/one/two/three.yml",
        "ci/three.yml",
        "ci2/one/three.yml",
        "a b/c!.txt",
        "v1/a",
        "vendor/x.rb",
    ];

    /// Globs match the very paths that the expression matches.
    fn same(pattern: &str) {
        let globs = globs(pattern).unwrap_or_else(|| panic!("{pattern} has globs"));
        let regex = ForeignRegex::new(pattern).expect("it is an expression");
        let mut builder = GitignoreBuilder::new("");
        for glob in &globs {
            builder.add_line(None, glob).expect("it is a glob");
        }
        let matcher = builder.build().expect("they are globs");
        for path in PATHS {
            assert_eq!(
                matcher.matched_path_or_any_parents(path, false).is_ignore(),
                regex.is_match(path.as_bytes()),
                "{pattern} as {globs:?} on {path}"
            );
        }
    }

    #[test]
    fn globs_match_the_same_paths() {
        for pattern in [
            r"\.png$",
            r"(?i)\.png$",
            r"(.*?)(md|js|png)$",
            r"^docs/",
            r"^docs",
            r"docs/",
            r"/docs/",
            r"(^|/)docs/",
            r"node_modules",
            r"node_modules/",
            r"(^|/)node_modules/.*",
            r"go\.sum",
            r"^go\.sum$",
            r"go\.sum$",
            r"_test\.go$",
            r"test",
            r"/test/",
            r"^src/.*\.go$",
            r"^src/[^/]*\.go$",
            r"src.+go$",
            r"^ci/.*/three\.yml$",
            r"^ci/(?:.+/)?three\.ya?ml$",
            r"^ci.*three",
            r"(package-lock|pnpm-lock)[.]json$",
            r"a b/c!",
            r"^v\d/",
            r"vendor[\\/]",
            r".*/a\.go$",
        ] {
            same(pattern);
        }
    }

    #[test]
    fn what_globs_cannot_say_gives_none() {
        for pattern in [
            ".*",
            "",
            "^",
            "^$",
            "^docs/$",
            ".*$",
            r"^v\d+/",
            r"\w+\.md$",
            "(a|b)+",
            "a^b",
            "^/docs",
            "[a-c]x",
            "(",
            r"\bdocs\b",
            "(?s)a",
        ] {
            assert_eq!(globs(pattern), None, "{pattern}");
        }
    }
}
