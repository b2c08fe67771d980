//! A match taken out of its text: everything the assessment needs after the buffer is gone.

use crate::detect::assignment::Assignment;
use crate::detect::context::Tie;
use crate::detect::{Match, Text, filter, surroundings};
use crate::location::{Position, PositionCursor, Span};
use crate::rule::RuleSet;
use crate::secret::Secret;
use crate::severity::Confidence;

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
    /// The text around the match. It may hold other credentials, hence a secret too.
    pub block: Secret,
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
}

/// How much text around a match the readers may look at, in bytes to either side: a service-account
/// file or a kubeconfig whole.
const BLOCK: usize = 6 * 1024;

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
    matches
        .iter()
        .map(|found| one(text, rules, found, &position))
        .collect()
}

fn one(
    text: &Text<'_>,
    rules: &RuleSet,
    found: &Match,
    position: &dyn Fn(usize) -> Position,
) -> Specimen {
    let bytes = text.bytes;
    let slice = |span: Span| &bytes[span.start..span.end];
    let secret = |span: Span| Secret::new(slice(span).to_vec());
    let block = Span {
        start: found.whole.start.saturating_sub(BLOCK),
        end: bytes.len().min(found.whole.end + BLOCK),
    };
    Specimen {
        rule: found.rule,
        confidence: found.confidence,
        tie: found.tie,
        path: text.path.to_owned(),
        span: found.secret,
        position: (position(found.secret.start), position(found.secret.end)),
        secret: secret(found.secret),
        matched: secret(found.whole),
        block: secret(block),
        key: key(bytes, found),
        sections: surroundings::sections(bytes, found.whole.start),
        comment: surroundings::comment(bytes, found.whole.start),
        companion: found
            .companion
            .map(|(rule, span)| (rule, position(span.start), secret(span))),
        marked: filter::is_allowed(bytes, found.secret.start, &rules.at(found.rule).id),
    }
}

/// The key as text. Where the rule matched more than the credential, the key of the whole match
/// says more: `DATABASE_URL`, not the user's name before the password.
fn key(bytes: &[u8], found: &Match) -> String {
    const LONGEST: usize = 120;
    let text = |span: Span| {
        String::from_utf8_lossy(&bytes[span.start..span.end.min(span.start + LONGEST)]).into_owned()
    };
    if found.whole.start < found.secret.start {
        return Assignment::at(bytes, found.whole.start)
            .map(|assignment| text(assignment.key))
            .unwrap_or_default();
    }
    text(found.key)
}
