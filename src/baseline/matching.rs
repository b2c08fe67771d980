//! Which finding is which entry.

use super::Entry;
use crate::notice::Comparison;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// Where the path of an entry stands in a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// It is there, and was within what was scanned.
    Present,
    /// There is no such file any more.
    Gone,
    /// The scan did not look there, so nothing can be said.
    Outside,
}

/// What a finding is to the baseline; numbers are those of the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The baseline does not hold it.
    New,
    /// The baseline holds it where it is.
    Known(usize),
    /// The baseline holds it in a file where it is no longer.
    Moved(usize),
}

/// What has become of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It stands for a finding.
    Used,
    /// Its finding is gone.
    Gone,
    /// The scan did not look there.
    Outside,
}

/// Findings and entries, paired one to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matching {
    /// For each finding, in the order given.
    pub findings: Vec<Standing>,
    /// For each entry, in the order of the baseline.
    pub entries: Vec<Fate>,
}

impl Matching {
    /// The numbers.
    pub fn comparison(&self) -> Comparison {
        let standing = |of: fn(&Standing) -> bool| self.findings.iter().filter(|s| of(s)).count();
        Comparison {
            new: standing(|standing| *standing == Standing::New),
            known: standing(|standing| matches!(standing, Standing::Known(_))),
            moved: standing(|standing| matches!(standing, Standing::Moved(_))),
            gone: self
                .entries
                .iter()
                .filter(|fate| **fate == Fate::Gone)
                .count(),
        }
    }
}

/// See [`Baseline::compare`](super::Baseline::compare).
pub(super) fn compare(
    entries: &[Entry],
    found: &[Entry],
    scope: &dyn Fn(&str) -> Presence,
) -> Matching {
    let mut pairing = Pairing {
        entries,
        found,
        standings: vec![Standing::New; found.len()],
        taken: vec![false; entries.len()],
    };
    let all = vec![true; entries.len()];
    pairing.pair(&all, |entry| Some(place(entry)), Standing::Known);
    let presences = pairing.presences(scope);
    let movable = pairing.movable(&presences);
    pairing.pair(&movable, credential, Standing::Moved);
    // A renamed folder leaves the names of its files alone: they tell which one is which.
    pairing.pair(&movable, name_in_file, Standing::Moved);
    pairing.pair(&movable, name, Standing::Moved);
    Matching {
        findings: pairing.standings,
        entries: pairing
            .taken
            .into_iter()
            .zip(presences)
            .map(|(taken, presence)| fate(taken, presence))
            .collect(),
    }
}

fn fate(taken: bool, presence: Presence) -> Fate {
    match presence {
        _ if taken => Fate::Used,
        Presence::Outside => Fate::Outside,
        Presence::Present | Presence::Gone => Fate::Gone,
    }
}

/// The pairs so far.
struct Pairing<'e> {
    entries: &'e [Entry],
    found: &'e [Entry],
    standings: Vec<Standing>,
    /// True for an entry that has its finding.
    taken: Vec<bool>,
}

impl<'e> Pairing<'e> {
    /// Gives each new finding the first free entry of the same sign, of those that `may` be given.
    fn pair<S: Eq + Hash>(
        &mut self,
        may: &[bool],
        sign: fn(&'e Entry) -> Option<S>,
        standing: fn(usize) -> Standing,
    ) {
        let mut free: HashMap<S, Vec<usize>> = HashMap::new();
        // From the end, so that the first one is given first.
        for (at, entry) in self.entries.iter().enumerate().rev() {
            if may[at]
                && !self.taken[at]
                && let Some(sign) = sign(entry)
            {
                free.entry(sign).or_default().push(at);
            }
        }
        for (finding, is) in self.found.iter().zip(&mut self.standings) {
            if *is != Standing::New {
                continue;
            }
            let given = sign(finding).and_then(|sign| free.get_mut(&sign)?.pop());
            if let Some(entry) = given {
                *is = standing(entry);
                self.taken[entry] = true;
            }
        }
    }

    /// Where the entries stand; those with a finding in place are present.
    fn presences(&self, scope: &dyn Fn(&str) -> Presence) -> Vec<Presence> {
        let presence = |(entry, taken): (&Entry, &bool)| {
            if *taken {
                Presence::Present
            } else {
                scope(&entry.path)
            }
        };
        self.entries.iter().zip(&self.taken).map(presence).collect()
    }

    /// Which entries may stand for a finding elsewhere. One whose path still holds its credential
    /// must not: then the finding elsewhere is a copy.
    fn movable(&self, presences: &[Presence]) -> Vec<bool> {
        let held: HashSet<(&str, &str)> = self.found.iter().map(place).collect();
        let movable = |(entry, presence): (&'e Entry, &Presence)| match presence {
            Presence::Gone => true,
            Presence::Outside => false,
            Presence::Present => entry.has_own_identity() && !held.contains(&place(entry)),
        };
        self.entries.iter().zip(presences).map(movable).collect()
    }
}

/// The same finding where it was.
fn place(entry: &Entry) -> (&str, &str) {
    (&entry.path, &entry.fingerprint)
}

/// The same credential anywhere.
fn credential(entry: &Entry) -> Option<&str> {
    entry
        .has_own_identity()
        .then_some(entry.fingerprint.as_str())
}

/// The same rule and key in a file of the same name.
fn name_in_file(entry: &Entry) -> Option<(&str, &str, &str)> {
    let file = entry.path.rsplit('/').next().unwrap_or_default();
    name(entry).map(|(rule, key)| (rule, key, file))
}

/// The same rule and key.
fn name(entry: &Entry) -> Option<(&str, &str)> {
    entry.key.as_deref().map(|key| (entry.rule.as_str(), key))
}

#[cfg(test)]
mod tests {
    use super::super::Baseline;
    use super::super::entry::tests::{password, token};
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::Index;

    fn with(known: &[Entry], found: &[Entry], scope: &dyn Fn(&str) -> Presence) -> Matching {
        let baseline: Baseline = known.iter().cloned().collect();
        compare(baseline.entries(), found, scope)
    }

    /// new, known, moved and gone, where only these files are gone.
    fn numbers(known: &[Entry], found: &[Entry], gone: &[&str]) -> [usize; 4] {
        let scope = |path: &str| {
            if gone.contains(&path) {
                Presence::Gone
            } else {
                Presence::Present
            }
        };
        let Comparison {
            new,
            known,
            moved,
            gone,
        } = with(known, found, &scope).comparison();
        [new, known, moved, gone]
    }

    #[test]
    fn what_is_where_it_was_is_known() {
        let known = [token("a", 1), password("a", 1), password("a", 2)];
        assert_eq!(numbers(&known, &known, &[]), [0, 3, 0, 0]);
        assert_eq!(numbers(&[], &known, &[]), [3, 0, 0, 0]);
        assert_eq!(numbers(&known, &[], &[]), [0, 0, 0, 3]);
    }

    #[test]
    fn a_renamed_file_keeps_what_is_known() {
        let known = [token("old", 1), password("old", 1)];
        let found = [token("new", 1), password("new", 1)];
        assert_eq!(numbers(&known, &found, &["old"]), [0, 0, 2, 0]);
    }

    #[test]
    fn a_token_may_move_between_files_that_stay() {
        assert_eq!(
            numbers(&[token("a", 1)], &[token("b", 1)], &[]),
            [0, 0, 1, 0]
        );
    }

    #[test]
    fn a_copy_beside_the_first_one_is_new() {
        let both = [token("a", 1), token("b", 1)];
        assert_eq!(numbers(&both[..1], &both, &[]), [1, 1, 0, 0]);
        assert_eq!(
            numbers(&both[..1], &[both[0].clone(), both[0].clone()], &[]),
            [1, 1, 0, 0]
        );
    }

    #[test]
    fn a_line_that_a_merge_doubled_does_not_excuse_a_copy() {
        let known = [token("a", 1), token("a", 1)];
        assert_eq!(
            numbers(&known, &[token("a", 1), token("b", 1)], &[]),
            [1, 1, 0, 1]
        );
    }

    #[test]
    fn another_password_is_new_while_the_file_of_the_first_is_there() {
        assert_eq!(
            numbers(&[password("a", 1)], &[password("b", 1)], &[]),
            [1, 0, 0, 1]
        );
        let both = [password("a", 1), password("b", 1)];
        assert_eq!(numbers(&both[..1], &both, &[]), [1, 1, 0, 0]);
    }

    #[test]
    fn a_password_does_not_move_to_another_key_or_rule() {
        let other = Entry {
            key: Some("ROOT_PASSWORD".to_owned()),
            ..password("b", 1)
        };
        assert_eq!(numbers(&[password("a", 1)], &[other], &["a"]), [1, 0, 0, 1]);
        let other = Entry {
            rule: "generic-password".to_owned(),
            ..password("b", 1)
        };
        assert_eq!(numbers(&[password("a", 1)], &[other], &["a"]), [1, 0, 0, 1]);
    }

    #[test]
    fn a_file_of_the_same_name_goes_before_others() {
        let known = [password("old/app.env", 1)];
        let found = [password("a/other.env", 1), password("new/app.env", 1)];
        let matching = with(&known, &found, &|_| Presence::Gone);
        assert_eq!(matching.findings, [Standing::New, Standing::Moved(0)]);
    }

    #[test]
    fn what_was_not_looked_at_is_neither_gone_nor_moved() {
        let known = [token("a", 1), password("a", 1)];
        let found = [token("b", 1), password("b", 1)];
        let matching = with(&known, &found, &|_| Presence::Outside);
        assert_eq!(matching.findings, [Standing::New; 2]);
        assert_eq!(matching.entries, [Fate::Outside; 2]);
    }

    /// Entries of which many share a path or a fingerprint.
    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let entry = ("[ab]/[cd]", 0..3_u32, any::<bool>()).prop_map(|(path, number, own)| {
            if own {
                token(&path, number)
            } else {
                password(&path, number)
            }
        });
        proptest::collection::vec(entry, 0..12)
    }

    fn presence() -> impl Strategy<Value = Presence> {
        prop_oneof![
            Just(Presence::Present),
            Just(Presence::Gone),
            Just(Presence::Outside)
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn all_that_was_written_is_known(found in entries(), presence in presence()) {
            let comparison = with(&found, &found, &|_| presence).comparison();
            prop_assert_eq!(
                comparison,
                Comparison { known: found.len(), ..Comparison::default() }
            );
        }

        #[test]
        fn what_is_removed_is_gone(
            known in entries(),
            stays in proptest::collection::vec(any::<bool>(), 12),
        ) {
            let left: Vec<Entry> = known
                .iter()
                .zip(stays)
                .filter(|(_, stays)| *stays)
                .map(|(entry, _)| entry.clone())
                .collect();
            let comparison = with(&known, &left, &|_| Presence::Present).comparison();
            prop_assert_eq!(
                comparison,
                Comparison {
                    known: left.len(),
                    gone: known.len() - left.len(),
                    ..Comparison::default()
                }
            );
        }

        #[test]
        fn each_entry_stands_for_one_finding(
            known in entries(),
            found in entries(),
            presence in presence(),
        ) {
            let matching = with(&known, &found, &|_| presence);
            let mut used: Vec<usize> = matching
                .findings
                .iter()
                .filter_map(|standing| match standing {
                    Standing::New => None,
                    Standing::Known(entry) | Standing::Moved(entry) => Some(*entry),
                })
                .collect();
            used.sort_unstable();
            let taken: Vec<usize> = (0..known.len())
                .filter(|&entry| matching.entries[entry] == Fate::Used)
                .collect();
            prop_assert_eq!(used, taken);
        }

        #[test]
        fn the_order_of_the_findings_changes_no_number(
            known in entries(),
            found in entries(),
            presence in presence(),
            at in any::<Index>(),
        ) {
            let mut turned = found.clone();
            if !turned.is_empty() {
                turned.rotate_left(at.index(found.len()));
            }
            prop_assert_eq!(
                with(&known, &turned, &|_| presence).comparison(),
                with(&known, &found, &|_| presence).comparison()
            );
        }
    }
}
