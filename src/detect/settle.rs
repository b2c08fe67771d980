//! Settles what was found: one match a place, and pairs become one.

use super::pattern::{Extent, LazyRegex};
use super::{Detector, Match, filter};
use crate::detect::entropy::shannon;
use crate::location::Span;
use crate::rule::{Contextual, Detection, Rule, RuleSet};
use std::sync::Arc;

/// How far apart the halves of a pair may stand, in bytes.
const PAIR_REACH: usize = 1000;
/// How far from its other half a value without a key is looked for, in bytes.
const BARE_REACH: usize = 200;

/// The places of what completes a rule by a value that can be searched for without its key.
pub(super) fn companion_shapes(rules: &RuleSet, rule: &Rule) -> Vec<(usize, LazyRegex)> {
    const LONG: usize = 20;
    let searchable =
        |index: usize| shape(rules, index).is_some_and(|context| context.lengths.0 >= LONG);
    let indices = rule.companions.iter().filter_map(|id| rules.index_of(id));
    indices
        .filter(|&index| searchable(index))
        .map(|index| (index, LazyRegex::default()))
        .collect()
}

fn shape(rules: &RuleSet, index: usize) -> Option<&Contextual> {
    match &rules.at(index).detection {
        Detection::Contextual(context) => Some(context),
        Detection::Distinctive(_) => None,
    }
}

/// Overlapping matches are reduced to the best; companions are joined; sorted by position.
pub(super) fn settle(detector: &Detector, text: &[u8], mut matches: Vec<Match>) -> Vec<Match> {
    matches.sort_by_key(|a| (a.secret, a.rule));
    pair(detector, text, best(detector, matches))
}

/// Of matches that overlap, the better one: a provider's own, surer, distinctive, tied closer,
/// longer, first by id. A catch-all also gives way where its whole match holds a better credential:
/// the user part of a URL may be the token.
fn best(detector: &Detector, matches: Vec<Match>) -> Vec<Match> {
    let own = |found: &Match| !detector.rules.at(found.rule).catch_all;
    let reach = |found: &Match| {
        if own(found) {
            found.secret
        } else {
            found.whole
        }
    };
    let rank = |found: &Match| {
        (
            own(found),
            found.confidence,
            found.tie.is_none(),
            found.tie,
            // A rule of the base64 itself is told before what is inside, if nothing else decides.
            found.unwrapped.is_none(),
            found.whole.len(),
            std::cmp::Reverse(found.rule),
        )
    };
    let mut kept: Vec<Match> = Vec::new();
    for found in matches {
        // Matches are sorted by where they start, so few of those before reach this one.
        let from = kept.len()
            - kept
                .iter()
                .rev()
                .take(MAX_OVERLAPS)
                .take_while(|other| other.whole.end.max(other.secret.end) > found.whole.start)
                .count();
        let clash = |other: &Match| {
            reach(other).overlaps(found.secret) || reach(&found).overlaps(other.secret)
        };
        if kept[from..]
            .iter()
            .any(|other| clash(other) && rank(other) >= rank(&found))
        {
            continue;
        }
        let near = kept.split_off(from);
        kept.extend(near.into_iter().filter(|other| !clash(other)));
        kept.push(found);
    }
    kept
}

/// How many matches before one are compared with it.
const MAX_OVERLAPS: usize = 64;

/// Joins each match with the nearest one that completes it; one without its other half is as sure
/// as its rule says.
fn pair(detector: &Detector, text: &[u8], mut matches: Vec<Match>) -> Vec<Match> {
    let mut taken = vec![false; matches.len()];
    for at in 0..matches.len() {
        let rule = Arc::clone(detector.rules.at(matches[at].rule));
        // Its other half may be wrapped with it.
        let inside = matches[at].unwrapped.as_ref();
        let whole = inside.is_some_and(|inside| inside.found.companion.is_some());
        if rule.companions.is_empty() || taken[at] || whole {
            continue;
        }
        if let Some(other) = nearest(&rule, detector, &matches, &taken, at) {
            taken[other] = true;
            matches[at].companion = Some((matches[other].rule, matches[other].secret));
        } else if let Some(companion) = bare(detector, text, &matches[at]) {
            matches[at].companion = Some(companion);
        } else {
            matches[at].confidence = matches[at].confidence.min(rule.alone);
        }
    }
    let mut taken = taken.into_iter();
    matches.retain(|_| !taken.next().unwrap_or(false));
    matches
}

fn nearest(
    rule: &Rule,
    detector: &Detector,
    matches: &[Match],
    taken: &[bool],
    at: usize,
) -> Option<usize> {
    let here = matches[at].secret;
    let gap = |other: Span| {
        if other.start >= here.end {
            other.start - here.end
        } else {
            here.start.saturating_sub(other.end)
        }
    };
    let around = |range: &mut dyn Iterator<Item = usize>| {
        range
            .take_while(|&other| gap(matches[other].secret) <= PAIR_REACH)
            .find(|&other| {
                !taken[other]
                    && rule
                        .companions
                        .contains(&detector.rules.at(matches[other].rule).id)
            })
    };
    // The secret usually follows its id, so at equal distance the later one is the other half.
    let after = around(&mut (at + 1..matches.len()));
    let before = around(&mut (0..at).rev());
    [after, before]
        .into_iter()
        .flatten()
        .min_by_key(|&other| gap(matches[other].secret))
}

/// A value of the companion's shape close by, without a key of its own: `Credentials("id", "secret")`.
fn bare(detector: &Detector, text: &[u8], found: &Match) -> Option<(usize, Span)> {
    let window = Span {
        start: found.secret.start.saturating_sub(BARE_REACH),
        end: text.len().min(found.secret.end + BARE_REACH),
    };
    let fits = |index: usize, span: Span| {
        let value = &text[span.start..span.end];
        let edge = |byte: Option<&u8>| {
            byte.is_none_or(|byte| {
                !byte.is_ascii_alphanumeric() && !matches!(byte, b'/' | b'+' | b'_' | b'-')
            })
        };
        let alone =
            edge(span.start.checked_sub(1).map(|before| &text[before])) && edge(text.get(span.end));
        let rule = detector.rules.at(index);
        alone
            && !span.overlaps(found.secret)
            && shannon(value) >= rule.min_entropy.max(3.5)
            && !filter::is_placeholder(value)
            && super::generic::is_random(value)
    };
    detector.companions[found.rule]
        .iter()
        .find_map(|(index, regex)| {
            let pattern = &shape(&detector.rules, *index)?.shape;
            let spans = regex
                .get(pattern, Extent::Anywhere)?
                .find_iter(&text[window.start..window.end])
                .map(|hit| Span {
                    start: window.start + hit.start(),
                    end: window.start + hit.end(),
                });
            spans
                .filter(|&span| fits(*index, span))
                .min_by_key(|span| span.start.abs_diff(found.secret.end))
                .map(|span| (*index, span))
        })
}
