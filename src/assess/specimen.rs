//! A match taken out of its text: everything the assessment needs after the buffer is gone.

use crate::detect::assignment::Assignment;
use crate::detect::context::Tie;
use crate::detect::{Match, Text, filter, surroundings};
use crate::finding::{Commit, Source};
use crate::location::{Position, PositionCursor, Span};
use crate::rule::RuleSet;
use crate::secret::Secret;
use crate::severity::Confidence;
use std::sync::Arc;

/// A match with its surroundings, owned.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// The rule's place in the rule set.
    pub rule: usize,
    /// How sure detection is.
    pub confidence: Confidence,
    /// What tied it to its provider; None for a distinctive rule.
    pub tie: Option<Tie>,
    /// The path as reported.
    pub path: String,
    /// The credential's byte span in its text.
    pub span: Span,
    /// Where the credential starts and ends.
    pub position: (Position, Position),
    /// The credential.
    pub secret: Secret,
    /// Everything the rule matched.
    pub matched: Secret,
    /// The text around the match.
    pub block: Block,
    /// The assignment's key as written; empty where there is none.
    pub key: String,
    /// The names of the enclosing sections, innermost first.
    pub sections: Vec<String>,
    /// The comment on the line or the line above; empty where there is none.
    pub comment: String,
    /// The other half: its rule, where it starts, and its bytes.
    pub companion: Option<(usize, Position, Secret)>,
    /// True when the line carries a mark with the rule's id and a reason.
    pub marked: bool,
    /// True when it stands in base64 there.
    pub wrapped: bool,
    /// The line it begins on, where marks stand and what allowlists of other tools look at.
    pub line: Secret,
    /// The line above.
    pub previous_line: Secret,
    /// GitHub's hash of that line; None where the text is only a part of a file.
    pub line_hash: Option<String>,
    /// Where the text came from.
    pub origin: Origin,
}

/// Where a text came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Which way.
    pub source: Source,
    /// The commit that brought it in.
    pub commit: Option<Arc<Commit>>,
    /// True when the version before the change holds the credential, too.
    pub committed: bool,
}

impl Default for Origin {
    fn default() -> Self {
        Self {
            source: Source::File,
            commit: None,
            committed: false,
        }
    }
}

/// How much text around a match the readers may look at, in bytes to either side: a service-account
/// file or a kubeconfig whole.
const BLOCK: usize = 6 * 1024;
/// How far from a credential a mark of another tool is looked for on its line, in bytes.
const MARK: usize = 256;
/// How much more is copied at once where a block is: as much again for the matches that follow.
const AHEAD: usize = 2 * BLOCK;

/// Takes matches out of a text whose first byte stands at `start`. `matches` are sorted by position.
pub fn take(text: &Text<'_>, rules: &RuleSet, matches: &[Match], start: Position) -> Vec<Specimen> {
    let mut offsets: Vec<usize> = matches
        .iter()
        .flat_map(|found| {
            [found.secret.start, found.secret.end]
                .into_iter()
                .chain(found.companion.map(|(_, span)| span.start))
        })
        .collect();
    offsets.sort_unstable();
    offsets.dedup();
    // One pass over the text answers them all.
    let mut cursor = PositionCursor::new(text.bytes, start);
    let positions: Vec<Position> = offsets
        .iter()
        .map(|&offset| cursor.advance(offset))
        .collect();
    let position = |offset: usize| {
        offsets
            .binary_search(&offset)
            .map_or(start, |at| positions[at])
    };
    let mut blocks = Blocks::default();
    matches
        .iter()
        .map(|found| one(text, rules, found, &position, &mut blocks))
        .collect()
}

fn one(
    text: &Text<'_>,
    rules: &RuleSet,
    found: &Match,
    position: &dyn Fn(usize) -> Position,
    blocks: &mut Blocks,
) -> Specimen {
    let bytes = text.bytes;
    // What is wrapped is read inside its wrapping, and stands where that does.
    let (inside, inner) = found
        .unwrapped
        .as_deref()
        .map_or((bytes, found), |unwrapped| {
            (unwrapped.text.expose(), &unwrapped.found)
        });
    let outer = |span: Span| Secret::new(bytes[span.start..span.end].to_vec());
    let secret = |span: Span| Secret::new(inside[span.start..span.end].to_vec());
    let line = surroundings::line(bytes, found.secret.start);
    let above = surroundings::line_above(bytes, line);
    let near = Span {
        start: line.start.max(found.secret.start.saturating_sub(MARK)),
        end: line.end.min(found.secret.end + MARK).max(line.start),
    };
    let beside = found
        .companion
        .map(|(rule, span)| (rule, position(span.start), outer(span)));
    let within = || {
        let (rule, span) = inner.companion?;
        Some((rule, position(found.secret.start), secret(span)))
    };
    let own_key = key(inside, inner);
    Specimen {
        rule: found.rule,
        confidence: found.confidence,
        tie: found.tie,
        path: text.path.to_owned(),
        span: found.secret,
        position: (position(found.secret.start), position(found.secret.end)),
        secret: secret(inner.secret),
        matched: secret(inner.whole),
        block: match &found.unwrapped {
            Some(_) => Blocks::default().around(inside, inner.whole),
            None => blocks.around(inside, inner.whole),
        },
        key: if own_key.is_empty() && found.unwrapped.is_some() {
            shortened(bytes, found.key)
        } else {
            own_key
        },
        sections: surroundings::sections(bytes, found.whole.start),
        comment: surroundings::comment(bytes, found.whole.start),
        companion: beside.or_else(within),
        marked: filter::is_allowed(bytes, found.secret.start, &rules.at(found.rule).id),
        wrapped: found.unwrapped.is_some(),
        line: outer(near),
        previous_line: outer(Span {
            start: above.start.max(above.end.saturating_sub(MARK)),
            ..above
        }),
        line_hash: None,
        origin: Origin::default(),
    }
}

/// The text around a match, in memory that matches near each other share: thousands of them in one
/// file would otherwise hold the file a thousand times.
#[derive(Clone, Debug)]
pub struct Block {
    /// It may hold other credentials, hence a secret.
    shared: Arc<Secret>,
    /// What of it belongs to this match.
    own: Span,
}

impl Block {
    /// The bytes.
    pub fn expose(&self) -> &[u8] {
        &self.shared.expose()[self.own.start..self.own.end]
    }
}

/// Hands out blocks of one text to matches in order of position.
#[derive(Debug, Default)]
struct Blocks {
    /// The stretch of the text that was copied last, and where it begins.
    last: Option<(usize, Arc<Secret>)>,
}

impl Blocks {
    fn around(&mut self, text: &[u8], whole: Span) -> Block {
        let start = whole.start.saturating_sub(BLOCK);
        let end = text.len().min(whole.end + BLOCK);
        let kept = self
            .last
            .take()
            .filter(|(at, kept)| *at <= start && end <= at + kept.len());
        let (at, shared) = kept.unwrap_or_else(|| {
            let ahead = text.len().min(end + AHEAD);
            (start, Arc::new(Secret::new(text[start..ahead].to_vec())))
        });
        let own = Span {
            start: start - at,
            end: end - at,
        };
        let block = Block {
            shared: Arc::clone(&shared),
            own,
        };
        self.last = Some((at, shared));
        block
    }
}

/// The key as text. Where the rule matched more than the credential, the key of the whole match
/// says more: `DATABASE_URL`, not the user's name before the password.
fn key(bytes: &[u8], found: &Match) -> String {
    if found.whole.start < found.secret.start {
        return Assignment::at(bytes, found.whole.start)
            .map(|assignment| shortened(bytes, assignment.key))
            .unwrap_or_default();
    }
    shortened(bytes, found.key)
}

/// A key as text, the beginning of a very long one.
fn shortened(bytes: &[u8], key: Span) -> String {
    const LONGEST: usize = 120;
    String::from_utf8_lossy(&bytes[key.start..key.end.min(key.start + LONGEST)]).into_owned()
}
