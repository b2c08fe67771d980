//! What `--staged` searches in a hook is what git then commits, whatever way the commit is made.

use super::play::{History, NAMES, Resolution, Setting, Step};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};
use proptest::{collection, sample};

fn name() -> impl Strategy<Value = &'static str> {
    sample::select(NAMES.to_vec())
}

fn resolution() -> impl Strategy<Value = Resolution> {
    prop_oneof![
        Just(Resolution::Ours),
        Just(Resolution::Theirs),
        Just(Resolution::Other),
    ]
}

fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        Just(Setting::Unborn),
        Just(Setting::Sha256),
        Just(Setting::Linked),
        Just(Setting::Sparse),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => name().prop_map(Step::Write),
        1 => name().prop_map(Step::Delete),
        1 => (name(), name()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => name().prop_map(Step::Mode),
        5 => name().prop_map(Step::Stage),
        1 => name().prop_map(Step::Unstage),
        1 => name().prop_map(Step::IntendToAdd),
        3 => Just(Step::Commit),
        2 => Just(Step::CommitAll),
        2 => name().prop_map(Step::CommitPath),
        1 => (other_names(), resolution()).prop_map(|((both, one), resolution)| {
            Step::Merge(both, one, resolution)
        }),
    ]
}

/// Two files; merges are of different ones.
fn other_names() -> impl Strategy<Value = (&'static str, &'static str)> {
    (0..NAMES.len(), 1..NAMES.len())
        .prop_map(|(first, after)| (NAMES[first], NAMES[(first + after) % NAMES.len()]))
}

/// Every kind of commit once, with a work tree that differs from what is committed.
#[test]
fn every_kind_of_commit_is_compared() {
    let [first, second, third, _] = NAMES;
    for setting in [
        Setting::Unborn,
        Setting::Sha256,
        Setting::Linked,
        Setting::Sparse,
    ] {
        let mut history = History::new(setting);
        let before = history.compared;
        for step in [
            Step::Write(first),
            Step::Stage(first),
            Step::Write(first),
            Step::Write(third),
            Step::IntendToAdd(third),
            Step::Commit,
            Step::Write(second),
            Step::Stage(second),
            Step::Write(third),
            Step::CommitPath(third),
            Step::Mode(first),
            Step::CommitAll,
            Step::Merge(second, third, Resolution::Other),
        ] {
            history.play(step);
        }
        // A merge is five commits: one before it, two on one side, one on the other, and itself.
        assert_eq!(history.compared - before, 8, "{setting:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_searched_is_what_is_committed(
        setting in setting(),
        steps in collection::vec(step(), 1..24),
    ) {
        let mut history = History::new(setting);
        for step in steps {
            history.play(step);
        }
        // Whatever is left is a commit, too.
        history.settle(NAMES[0]);
        assert!(history.compared > 0);
    }
}
