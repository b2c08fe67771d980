//! What the search needs to know of a regular expression, derived from the expression itself.
//!
//! A scan never runs every rule over every byte. It looks for literals that each match must contain,
//! the *anchors*, and tries a rule only where one of its anchors stands. Deriving them from the
//! pattern, instead of letting authors write keywords beside it, means that the anchor can never be
//! narrower than the rule. It is also a lint: a pattern that would be slow is an error here.

use regex_syntax::hir::{Class, Hir, HirKind, Literal};
use serde::{Deserialize, Serialize};

/// A literal that every match of a pattern (or of one of its branches) contains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The literal.
    pub text: String,
    /// How many bytes of the match may stand before it: least and most.
    pub offset: (usize, usize),
    /// How the search finds it.
    pub lane: Lane,
}

/// How the search finds an anchor, cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lane {
    /// A run of at least [`MIN_RUN`] token characters begins `pivot` bytes into the anchor (with a
    /// pivot of 0: at it, or before it in front of a `_` or `-`).
    Run {
        /// Bytes of the anchor before the run.
        pivot: usize,
    },
    /// The anchor begins a URL with a user part: it is looked up where `://` stands with an `@` behind.
    Login,
    /// It stands in a value so long that some run in it is as good as certain ([`LONG_VALUE`]): every
    /// such value is looked at.
    Value,
    /// Nothing of that: the literal itself has to be searched for in every byte.
    Literal,
}

/// The shortest run of token characters that the run lane looks at.
pub const MIN_RUN: usize = 16;

/// A value of this many base64 characters lacks a run of [`MIN_RUN`] in about one case of twenty (two
/// of 64 characters are no token characters), one of 64 in less than one of a hundred.
pub const LONG_VALUE: usize = 36;

/// The longest match a pattern may have, in bytes: the parts of a large file overlap by this much.
pub const MAX_MATCH: usize = 16 * 1024;

/// True for the characters a run is made of: letters, digits, `_` and `-`.
pub const fn is_run_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// True for bytes that end a value when it is not quoted.
pub const fn ends_value(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(
            byte,
            b'"' | b'\''
                | b'`'
                | b'='
                | b':'
                | b','
                | b';'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'<'
                | b'>'
                | b'|'
                | b'\\'
                | b'&'
                | b'?'
                | b'#'
                | 0
        )
}

/// What was derived from a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// The anchors.
    pub anchors: Vec<Anchor>,
    /// Longest match in bytes.
    pub max_len: usize,
    /// True when the secret ends in a class that holds `-`.
    pub tail_has_dash: bool,
    /// Bytes of the secret that are the same in every match.
    pub public_prefix: usize,
}

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is no regular expression.
    #[error("not a regular expression: {0}")]
    Syntax(String),
    /// A repeat without an upper bound.
    #[error("the match has no longest length: cap every repeat, such as `{{20,200}}`")]
    Uncapped,
    /// Longer than a part of a file overlaps.
    #[error("a match can be {0} bytes long, more than the {MAX_MATCH} that are looked at")]
    TooLong(usize),
    /// Nothing to search for.
    #[error(
        "no literal of three bytes that every match contains: the whole tree would be tried byte by byte"
    )]
    NoAnchor,
    /// A declared anchor that some match does not contain.
    #[error("not every match contains one of the declared anchors")]
    WrongAnchors,
    /// It can match the empty text.
    #[error("it matches the empty text")]
    Empty,
}

/// Derives anchors and bounds, or says why the pattern is refused. `declared` anchors replace the
/// derived ones where every match contains one of them.
///
/// # Errors
/// See [`PatternError`].
pub fn analyse(pattern: &str, declared: &[String]) -> Result<Analysis, PatternError> {
    let hir = parse(pattern)?;
    let max_len = hir
        .properties()
        .maximum_len()
        .ok_or(PatternError::Uncapped)?;
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        return Err(PatternError::Empty);
    }
    if max_len > MAX_MATCH {
        return Err(PatternError::TooLong(max_len));
    }
    let mut anchors = Vec::new();
    for branch in branches(&hir) {
        let pieces = flatten(branch);
        let groups = groups(&pieces);
        if declared.is_empty() {
            anchors.extend(
                best(&groups)
                    .ok_or(PatternError::NoAnchor)?
                    .anchors(&pieces),
            );
        } else {
            anchors.extend(containing(&groups, declared).ok_or(PatternError::WrongAnchors)?);
        }
    }
    anchors.sort_by(|a, b| (&a.text, a.offset).cmp(&(&b.text, b.offset)));
    anchors.dedup();
    let secret = find_secret(&hir).unwrap_or(&hir);
    Ok(Analysis {
        anchors,
        max_len,
        tail_has_dash: branches(secret).iter().any(|branch| ends_in_dash(branch)),
        public_prefix: public_prefix(secret),
    })
}

/// The shortest and longest text that an expression matches.
///
/// # Errors
/// When it is no expression or has no longest match.
pub fn lengths(pattern: &str) -> Result<(usize, usize), PatternError> {
    let hir = parse(pattern)?;
    let max = hir
        .properties()
        .maximum_len()
        .ok_or(PatternError::Uncapped)?;
    Ok((hir.properties().minimum_len().unwrap_or(0), max))
}

/// Parses as the engine compiles: ASCII, on bytes.
fn parse(pattern: &str) -> Result<Hir, PatternError> {
    let mut parser = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .nest_limit(60)
        .build();
    parser
        .parse(pattern)
        .map_err(|error| PatternError::Syntax(last_line(&error.to_string())))
}

/// The regex crate draws the pattern and points into it; the last line says what is wrong.
fn last_line(error: &str) -> String {
    error
        .lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

/// The group named `secret`.
fn find_secret(hir: &Hir) -> Option<&Hir> {
    match hir.kind() {
        HirKind::Capture(capture) if capture.name.as_deref() == Some("secret") => {
            Some(&capture.sub)
        }
        HirKind::Capture(capture) => find_secret(&capture.sub),
        HirKind::Concat(list) | HirKind::Alternation(list) => list.iter().find_map(find_secret),
        HirKind::Repetition(repetition) => find_secret(&repetition.sub),
        _ => None,
    }
}

/// The alternatives of a pattern, looking through groups.
fn branches(hir: &Hir) -> Vec<&Hir> {
    match hir.kind() {
        HirKind::Capture(capture) => branches(&capture.sub),
        HirKind::Alternation(list) => list.iter().flat_map(branches).collect(),
        _ => vec![hir],
    }
}

/// A piece of a concatenation.
#[derive(Clone, Debug)]
struct Piece {
    /// Least and most length.
    lengths: (usize, usize),
    /// All texts it can be, where they are few.
    texts: Option<Vec<Vec<u8>>>,
    /// True when it is made of token characters only.
    run: bool,
    /// True when it is made only of characters that do not end a value.
    value: bool,
}

/// More texts than this are no anchor.
const MAX_TEXTS: usize = 64;
/// A class of more characters than this is no literal.
const MAX_CLASS: usize = 8;
/// The longest scheme of a URL with its driver, such as `postgresql+asyncpg`, in bytes.
pub const MAX_SCHEME: usize = 48;
/// Longer anchors find nothing that this length does not.
const MAX_ANCHOR: usize = 24;
/// Shorter anchors are everywhere.
const MIN_ANCHOR: usize = 3;

/// The pieces of a branch, in order, groups opened.
fn flatten(hir: &Hir) -> Vec<Piece> {
    match hir.kind() {
        HirKind::Concat(list) => list.iter().flat_map(flatten).collect(),
        HirKind::Capture(capture) => flatten(&capture.sub),
        HirKind::Literal(Literal(bytes)) => bytes.iter().map(|&byte| literal_byte(byte)).collect(),
        _ => {
            let properties = hir.properties();
            let lengths = (
                properties.minimum_len().unwrap_or(0),
                properties.maximum_len().unwrap_or(MAX_MATCH),
            );
            vec![Piece {
                lengths,
                texts: texts(hir),
                run: only(hir, is_run_byte),
                value: only(hir, is_value_byte),
            }]
        }
    }
}

fn literal_byte(byte: u8) -> Piece {
    Piece {
        lengths: (1, 1),
        texts: Some(vec![vec![byte]]),
        run: is_run_byte(byte),
        value: is_value_byte(byte),
    }
}

/// True for what no value ends at, and for padding.
const fn is_value_byte(byte: u8) -> bool {
    byte == b'=' || !ends_value(byte)
}

/// All texts a node can be, where they are few and short.
fn texts(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Literal(Literal(bytes)) => Some(vec![bytes.to_vec()]),
        HirKind::Class(class) => class_bytes(class)
            .filter(|bytes| bytes.len() <= MAX_CLASS)
            .map(|bytes| bytes.into_iter().map(|b| vec![b]).collect()),
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Concat(list) => list
            .iter()
            .try_fold(vec![Vec::new()], |before, sub| cross(&before, &texts(sub)?)),
        HirKind::Alternation(list) => {
            let all: Vec<_> = list.iter().map(texts).collect::<Option<Vec<_>>>()?.concat();
            (all.len() <= MAX_TEXTS).then_some(all)
        }
        HirKind::Repetition(repetition)
            if repetition.max == Some(repetition.min) && repetition.min as usize <= MAX_ANCHOR =>
        {
            let sub = texts(&repetition.sub)?;
            (0..repetition.min).try_fold(vec![Vec::new()], |before, _| cross(&before, &sub))
        }
        HirKind::Repetition(repetition) if repetition.min == 0 && repetition.max == Some(1) => {
            let mut all = texts(&repetition.sub)?;
            all.push(Vec::new());
            Some(all)
        }
        HirKind::Repetition(_) | HirKind::Look(_) => None,
    }
}

/// Every text of the first followed by every text of the second, where they stay few and short.
fn cross(first: &[Vec<u8>], second: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    if first.len() * second.len() > MAX_TEXTS {
        return None;
    }
    let all: Vec<Vec<u8>> = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| [a.as_slice(), b].concat()))
        .collect();
    all.iter()
        .all(|text| text.len() <= MAX_ANCHOR)
        .then_some(all)
}

fn class_bytes(class: &Class) -> Option<Vec<u8>> {
    match class {
        Class::Bytes(class) => Some(
            class
                .iter()
                .flat_map(|range| range.start()..=range.end())
                .collect(),
        ),
        Class::Unicode(class) => {
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            chars
                .map(|c| u8::try_from(c).ok().filter(u8::is_ascii))
                .collect()
        }
    }
}

/// True when every byte a node can match is of a kind.
fn only(hir: &Hir, kind: fn(u8) -> bool) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(Literal(bytes)) => bytes.iter().copied().all(kind),
        HirKind::Class(class) => {
            class_bytes(class).is_some_and(|bytes| bytes.into_iter().all(kind))
        }
        HirKind::Repetition(repetition) => only(&repetition.sub, kind),
        HirKind::Capture(capture) => only(&capture.sub, kind),
        HirKind::Concat(list) | HirKind::Alternation(list) => {
            list.iter().all(|sub| only(sub, kind))
        }
    }
}

/// Consecutive pieces that can be few texts: a candidate for the anchor.
#[derive(Clone, Debug)]
struct Group {
    /// The piece after the last.
    end: usize,
    /// How many pieces.
    count: usize,
    /// Bytes of the match before it: least and most.
    offset: (usize, usize),
    texts: Vec<Vec<u8>>,
}

/// For every piece, the longest group that starts there.
fn groups(pieces: &[Piece]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut offset = (0, 0);
    for start in 0..pieces.len() {
        let mut group = Group {
            end: start,
            count: 0,
            offset,
            texts: vec![Vec::new()],
        };
        while let Some(texts) = pieces
            .get(group.end)
            .and_then(|piece| cross(&group.texts, piece.texts.as_ref()?))
        {
            group.texts = texts;
            group.end += 1;
            group.count += 1;
        }
        if group.shortest() >= MIN_ANCHOR {
            groups.push(group);
        }
        offset = (
            offset.0 + pieces[start].lengths.0,
            offset.1 + pieces[start].lengths.1,
        );
    }
    groups
}

/// An anchor that may stand this many bytes into the match costs a search instead of a look.
const FAR: usize = 256;

fn best(groups: &[Group]) -> Option<&Group> {
    // A start that is certain is worth four bytes of length: it needs no search backwards.
    let score = |group: &&Group| {
        let certain = if group.offset == (0, 0) { 4 } else { 0 };
        (
            group.shortest().min(12) + certain,
            std::cmp::Reverse(group.offset.1),
        )
    };
    groups
        .iter()
        .filter(|group| group.offset.1 <= FAR)
        .max_by_key(score)
}

/// The declared anchors as they stand in a group of which every text contains one.
fn containing(groups: &[Group], declared: &[String]) -> Option<Vec<Anchor>> {
    let place = |text: &[u8], anchor: &str| {
        text.windows(anchor.len().max(1))
            .position(|part| part == anchor.as_bytes())
    };
    let in_text = |group: &Group, text: &Vec<u8>| {
        let found = declared
            .iter()
            .find_map(|anchor| Some((anchor, place(text, anchor)?)));
        found.map(|(anchor, at)| Anchor {
            text: anchor.clone(),
            offset: (group.offset.0 + at, group.offset.1 + at),
            lane: Lane::Literal,
        })
    };
    groups.iter().find_map(|group| {
        group
            .texts
            .iter()
            .map(|text| in_text(group, text))
            .collect()
    })
}

impl Group {
    fn shortest(&self) -> usize {
        self.texts.iter().map(Vec::len).min().unwrap_or(0)
    }

    fn anchors<'p>(&'p self, pieces: &'p [Piece]) -> impl Iterator<Item = Anchor> + 'p {
        let start = self.end - self.count;
        let before: usize = pieces[..start]
            .iter()
            .rev()
            .take_while(|piece| piece.run)
            .map(|piece| piece.lengths.0)
            .sum();
        let after: usize = pieces[self.end..]
            .iter()
            .take_while(|piece| piece.run)
            .map(|piece| piece.lengths.0)
            .sum();
        let whole: usize = pieces.iter().map(|piece| piece.lengths.0).sum();
        let long = whole >= LONG_VALUE && pieces.iter().all(|piece| piece.value);
        let login = self.offset == (0, 0) && is_login(pieces);
        self.texts.iter().filter_map(move |text| {
            let pivot = text
                .iter()
                .rposition(|&byte| !is_run_byte(byte))
                .map_or(0, |at| at + 1);
            let joint = matches!(text[0], b'_' | b'-');
            let run = if pivot == 0 && joint { before } else { 0 } + text.len() - pivot + after;
            let lane = match () {
                () if run >= MIN_RUN && (pivot > 0 || joint || self.offset == (0, 0)) => {
                    Lane::Run { pivot }
                }
                () if login => Lane::Login,
                () if long => Lane::Value,
                () => Lane::Literal,
            };
            Some(Anchor {
                text: String::from_utf8(text.clone()).ok()?,
                offset: self.offset,
                lane,
            })
        })
    }
}

/// A scheme, at most a driver after it, `://`, and later an `@`.
///
/// The colon may be a part of the group before: `mysql(?::|\+[a-z]{1,9}:)//`.
fn is_login(pieces: &[Piece]) -> bool {
    let is = |piece: &Piece, byte: u8| {
        piece
            .texts
            .as_ref()
            .is_some_and(|texts| texts.len() == 1 && texts[0] == [byte])
    };
    let Some(at) = pieces
        .windows(2)
        .position(|two| is(&two[0], b'/') && is(&two[1], b'/'))
    else {
        return false;
    };
    let scheme: usize = pieces[..at].iter().map(|piece| piece.lengths.1).sum();
    scheme <= MAX_SCHEME + 1 && pieces[at..].iter().any(|piece| is(piece, b'@'))
}

fn ends_in_dash(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(class) => class_bytes(class).is_none_or(|bytes| bytes.contains(&b'-')),
        HirKind::Repetition(repetition) => ends_in_dash(&repetition.sub),
        HirKind::Capture(capture) => ends_in_dash(&capture.sub),
        HirKind::Concat(list) => list.last().is_some_and(ends_in_dash),
        HirKind::Alternation(list) => list.iter().any(ends_in_dash),
        _ => false,
    }
}

/// The longest prefix that all secrets share in length and that is one of few literals.
fn public_prefix(secret: &Hir) -> usize {
    let branch = |hir: &Hir| {
        let pieces = flatten(hir);
        let fixed = pieces
            .iter()
            .take_while(|piece| piece.texts.as_ref().is_some_and(|texts| texts.len() == 1));
        fixed.map(|piece| piece.lengths.0).sum::<usize>()
    };
    branches(secret).into_iter().map(branch).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchors(pattern: &str) -> Vec<(String, (usize, usize), Lane)> {
        let analysis = analyse(pattern, &[]).expect("is a good pattern");
        analysis
            .anchors
            .into_iter()
            .map(|anchor| (anchor.text, anchor.offset, anchor.lane))
            .collect()
    }

    #[test]
    fn a_prefix_is_the_anchor_and_starts_the_run() {
        assert_eq!(
            anchors("abc_[0-9a-z]{36}"),
            [("abc_".into(), (0, 0), Lane::Run { pivot: 0 })]
        );
        let both = [
            ("abp_".into(), (0, 0), Lane::Run { pivot: 0 }),
            ("abs_".into(), (0, 0), Lane::Run { pivot: 0 }),
        ];
        assert_eq!(anchors("ab[ps]_[0-9a-z]{36}"), both);
    }

    #[test]
    fn a_run_may_begin_after_or_inside_the_anchor() {
        assert_eq!(
            anchors("AB\\.[0-9a-z]{22}\\.[0-9a-z]{43}"),
            [("AB.".into(), (0, 0), Lane::Run { pivot: 3 })]
        );
        assert_eq!(
            anchors("[0-9]{8,10}:AA[0-9A-Z]{33}"),
            [(":AA".into(), (8, 10), Lane::Run { pivot: 1 })]
        );
    }

    #[test]
    fn without_a_certain_run_the_literal_is_searched_for() {
        assert_eq!(
            anchors("-{5}BEGIN [A-Z ]{3,30}-{5}"),
            [("-----BEGIN ".into(), (0, 0), Lane::Literal)]
        );
        assert_eq!(
            anchors("[0-9a-z]{10}MIDDLE[0-9a-z]{10}"),
            [("MIDDLE".into(), (10, 10), Lane::Literal)]
        );
    }

    #[test]
    fn long_values_and_logins_have_lanes_of_their_own() {
        assert_eq!(
            anchors("[0-9a-z]{20}MIDDLE[0-9a-z]{20}"),
            [("MIDDLE".into(), (20, 20), Lane::Value)]
        );
        assert_eq!(
            anchors("abc_[0-9a-z+/]{60}"),
            [("abc_".into(), (0, 0), Lane::Value)]
        );
        assert_eq!(
            anchors("[0-9a-f]{32}-us[0-9]{1,2}"),
            [("-us".into(), (32, 32), Lane::Run { pivot: 0 })]
        );
        let login = [("acme".into(), (0, 0), Lane::Login)];
        assert_eq!(
            anchors("acme(?:\\+[a-z]{1,9}:|:)//[^:@ ]{1,9}:(?P<secret>[^@ ]{1,20})@[a-z]{3}"),
            login
        );
    }

    #[test]
    fn each_branch_has_its_own() {
        let texts: Vec<_> = anchors("(?P<secret>one_[a-z]{20}|two_[a-z]{20})")
            .into_iter()
            .map(|anchor| anchor.0)
            .collect();
        assert_eq!(texts, ["one_", "two_"]);
    }

    #[test]
    fn slow_patterns_are_refused() {
        assert_eq!(analyse("abc_[a-z]+", &[]), Err(PatternError::Uncapped));
        assert_eq!(analyse("[a-z]{20}", &[]), Err(PatternError::NoAnchor));
        assert_eq!(
            analyse("abc[a-z]{20000}", &[]),
            Err(PatternError::TooLong(20003))
        );
        assert_eq!(
            analyse("abc_[a-z]{20}", &["xyz".into()]),
            Err(PatternError::WrongAnchors)
        );
        assert!(matches!(
            analyse("abc_[a-z", &[]),
            Err(PatternError::Syntax(_))
        ));
    }

    #[test]
    fn the_public_prefix_is_what_all_secrets_share() {
        assert_eq!(
            analyse("key=(?P<secret>sk_live_[a-z]{24})", &[])
                .map(|analysis| analysis.public_prefix),
            Ok(8)
        );
        assert_eq!(
            analyse("key=(?P<secret>[a-z]{24})", &[]).map(|analysis| analysis.public_prefix),
            Ok(0)
        );
    }
}
