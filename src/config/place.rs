//! Where the values of a configuration stand, so that whoever reads one later can point at it.

use crate::location::Position;
use toml::Spanned;

/// A value, and where it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its first character.
    pub at: Position,
}

/// The lines of a text. They are found once, because a file may hold thousands of values.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    /// The offset of the first byte of each line; the first is 0.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    /// The position of a byte.
    pub(super) fn position(&self, at: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= at);
        let start = self.starts[line - 1];
        let before = self.text.get(start..at).unwrap_or_default();
        Position {
            line: line as u64,
            column: before.chars().count() as u64 + 1,
        }
    }

    /// A text with its place.
    pub(super) fn placed(&self, text: &Spanned<String>) -> Placed<String> {
        Placed {
            value: text.get_ref().clone(),
            at: self.position(text.span().start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_from_one() {
        let lines = Lines::new("a = 1\r\n\u{e9} = 2\n");
        let place = |at| {
            let position = lines.position(at);
            (position.line, position.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(4), (1, 5));
        assert_eq!(place(7), (2, 1));
        assert_eq!(place(9), (2, 2), "a letter of two bytes is one column");
        assert_eq!(place(14), (3, 1));
        assert_eq!(Lines::new("").position(0), Position::START);
    }
}
