//! "Did you mean": the known word that is nearest to one that was mistyped.

/// A longer word is no slip of the fingers, and comparing takes time with its length.
const LONGEST: usize = 64;

/// The known word that differs by a slip or two; None where all are too far.
pub(super) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    if word.len() > LONGEST {
        return None;
    }
    let most = 1 + word.len() / 4;
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many bytes have to be put in, taken out or changed (Levenshtein's distance).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("paths", "paths"), 0);
        assert_eq!(distance("pats", "paths"), 1);
        assert_eq!(distance("fial-on", "fail-on"), 2);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        let known = ["fail-on", "paths", "rules"];
        assert_eq!(nearest("fail_on", known), Some("fail-on"));
        assert_eq!(nearest("rule", known), Some("rules"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest(&"fail-on".repeat(50), known), None);
    }
}
