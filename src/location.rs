//! Where something stands: byte spans, and the lines and columns a person sees.
//!
//! Lines and columns are computed for findings only, in one pass over the file, so that a hundred
//! thousand findings on one line cost no more than one.

/// Byte offsets into a haystack, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// True when the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// True when it holds no byte.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The same span moved right by `by` bytes.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
        }
    }
}

/// A point in a text. Both numbers are 1-based; the column counts Unicode scalar values, and an
/// invalid byte counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based.
    pub line: u64,
    /// 1-based.
    pub column: u64,
}

impl Position {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// Walks a text once, answering ascending offsets with positions.
///
/// LF, CRLF and a lone CR each end a line.
///
/// ```
/// use straykey::location::{Position, PositionCursor};
/// let mut cursor = PositionCursor::new(b"a\r\nb\xc3\xa4c", Position::START);
/// assert_eq!(cursor.advance(3), Position { line: 2, column: 1 });
/// assert_eq!(cursor.advance(6), Position { line: 2, column: 3 });
/// ```
#[derive(Debug)]
pub struct PositionCursor<'h> {
    text: &'h [u8],
    offset: usize,
    position: Position,
}

impl<'h> PositionCursor<'h> {
    /// Starts at the first byte of `text`, which stands at `start`: a later part of a large file
    /// does not begin on line 1.
    pub fn new(text: &'h [u8], start: Position) -> Self {
        Self {
            text,
            offset: 0,
            position: start,
        }
    }

    /// The position of `offset`, which must not be smaller than the one asked before.
    pub fn advance(&mut self, offset: usize) -> Position {
        let end = offset.min(self.text.len());
        while let Some(at) = memchr::memchr2(b'\n', b'\r', &self.text[self.offset.min(end)..end]) {
            let at = self.offset + at;
            // In CRLF the line ends after the LF; the CR alone is just one more column.
            let ends = self.text[at] == b'\n' || self.text.get(at + 1) != Some(&b'\n');
            if ends {
                self.position = Position {
                    line: self.position.line + 1,
                    column: 1,
                };
            } else {
                self.position.column += scalars(&self.text[self.offset..=at]);
            }
            self.offset = at + 1;
        }
        if self.offset < end {
            self.position.column += scalars(&self.text[self.offset..end]);
            self.offset = end;
        }
        self.position
    }
}

/// Characters of a piece of text: Unicode scalar values, and one for each stretch that is none, as
/// an editor shows it.
fn scalars(bytes: &[u8]) -> u64 {
    if bytes.is_ascii() {
        return bytes.len() as u64;
    }
    let count = |chunk: std::str::Utf8Chunk<'_>| {
        chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty())
    };
    bytes.utf8_chunks().map(count).sum::<usize>() as u64
}

/// How paths told from one folder are told from another that lies above or below it.
///
/// ```
/// use straykey::location::Shift;
/// let down = Shift { strip: String::new(), add: "app/".to_owned() };
/// assert_eq!(down.apply("src/a.rs"), "app/src/a.rs");
/// let up = Shift { strip: "app/".to_owned(), add: String::new() };
/// assert_eq!(up.apply("app/src/a.rs"), "src/a.rs");
/// assert_eq!(up.apply("other/a.rs"), "other/a.rs");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// What is taken away at the front, where it stands there; ends with `/`, or is empty.
    pub strip: String,
    /// What is then put there; ends with `/`, or is empty.
    pub add: String,
}

impl Shift {
    /// True when paths stay as they are.
    pub fn is_none(&self) -> bool {
        self.strip.is_empty() && self.add.is_empty()
    }

    /// The path told from the other folder.
    pub fn apply(&self, path: &str) -> String {
        let rest = path.strip_prefix(&self.strip).unwrap_or(path);
        format!("{}{rest}", self.add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_ending_counts_once() {
        for text in ["a\nb\nc", "a\r\nb\r\nc", "a\rb\rc"] {
            let at = text.find('c').expect("there is a c");
            let position = PositionCursor::new(text.as_bytes(), Position::START).advance(at);
            assert_eq!(position, Position { line: 3, column: 1 }, "{text:?}");
        }
    }

    #[test]
    fn asking_step_by_step_gives_the_same_as_asking_once() {
        let text = "één\r\n\rtwo\nthree";
        let mut cursor = PositionCursor::new(text.as_bytes(), Position::START);
        for offset in (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)) {
            let fresh = PositionCursor::new(text.as_bytes(), Position::START).advance(offset);
            assert_eq!(cursor.advance(offset), fresh, "offset {offset}");
        }
    }
}
