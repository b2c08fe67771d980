//! What else belongs to a finding: the other half of a pair, and where the same credential lies.
//!
//! Code scanning shows a related location only where the message links to it, so both are made
//! here, with the same numbers.

use super::message::{self, LONG, Prose};
use super::place;
use crate::display::counted;
use crate::finding::{Companion, Finding};
use crate::report::words;
use serde_sarif::sarif::Location;

/// How many other places of one credential a result names: more than anyone follows, and far
/// fewer than the 100 that code scanning shows.
const PLACES: usize = 5;

/// What belongs to one finding.
pub(super) struct Related<'r> {
    finding: &'r Finding,
    other_half: Option<&'r Companion>,
    elsewhere: Vec<&'r Finding>,
    /// How many places are not named.
    more: usize,
}

impl<'r> Related<'r> {
    /// `places` are all findings of the same credential, this one among them.
    pub(super) fn of(finding: &'r Finding, places: &[&'r Finding]) -> Self {
        let others = places.iter().copied();
        let others = others.filter(|&other| !std::ptr::eq(other, finding));
        let elsewhere: Vec<_> = others.take(PLACES).collect();
        Self {
            finding,
            other_half: finding.companion.as_ref(),
            more: places.len().saturating_sub(elsewhere.len() + 1),
            elsewhere,
        }
    }

    /// The locations, numbered from 1; None where nothing belongs to the finding.
    pub(super) fn locations(&self) -> Option<Vec<Location>> {
        let other_half = self.other_half.map(|half| {
            let place = place::from(&self.finding.path, half.start);
            (place, "The other half of the pair.".to_owned())
        });
        let elsewhere = self.elsewhere.iter().map(|&other| {
            let what = format!("The same credential: {}.", words::name(other));
            (place::of(other), what)
        });
        let locations: Vec<_> = (1..)
            .zip(other_half.into_iter().chain(elsewhere))
            .map(|(id, (place, what))| Location {
                id: Some(id),
                message: Some(message::plain(&what)),
                ..place
            })
            .collect();
        (!locations.is_empty()).then_some(locations)
    }

    /// Adds sentences that link to the locations.
    pub(super) fn tell(&self, prose: &mut Prose) {
        if let Some(half) = self.other_half {
            let line = format!("line {}", half.start.line);
            prose.plain(" Its other half is on ").link(&line, 1);
            prose.plain(".");
        }
        let first = if self.other_half.is_some() { 2 } else { 1 };
        for (id, other) in (first..).zip(&self.elsewhere) {
            let lead_in = if id == first {
                " The same credential lies in "
            } else {
                ", "
            };
            let place = message::cut(&words::place(other), LONG);
            prose.plain(lead_in).link(&place, id);
        }
        if self.more > 0 {
            let places = counted(self.more as u64, "more place");
            prose.plain(&format!(", and {places}"));
        }
        if !self.elsewhere.is_empty() {
            prose.plain(".");
        }
    }
}
