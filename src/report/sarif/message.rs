//! Messages: plain text with links, in which nothing out of the scanned tree is markup.

use crate::display::sanitize;
use serde_sarif::sarif::{Message, MultiformatMessageString};
use std::fmt::Write as _;

/// The longest piece of text from elsewhere that a message takes, in characters.
pub(super) const LONG: usize = 500;

/// A message in the making.
#[derive(Debug, Default)]
pub(super) struct Prose(String);

impl Prose {
    /// Adds text that means nothing but itself.
    pub(super) fn plain(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escape(text));
        self
    }

    /// Adds text that leads to the related location of that id.
    pub(super) fn link(&mut self, text: &str, id: i64) -> &mut Self {
        let written = write!(self.0, "[{}]({id})", escape(text));
        debug_assert!(written.is_ok(), "a String takes every write");
        self
    }

    /// The message.
    pub(super) fn finish(self) -> Message {
        Message::builder().text(self.0).build()
    }
}

/// A message without links.
pub(super) fn plain(sentence: &str) -> Message {
    let mut prose = Prose::default();
    prose.plain(sentence);
    prose.finish()
}

/// Text of a descriptor.
pub(super) fn text(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder()
        .text(escape(text))
        .build()
}

/// Text without links or placeholders: brackets would make the ones, braces the others.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '[' | ']' | '\\' => escaped.extend(['\\', c]),
            '{' | '}' => escaped.extend([c, c]),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// The text, cut so that no more than so many characters are left.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(most.saturating_sub(3))
            .chain("...".chars())
            .collect(),
    }
}

/// The text as one sentence without its full stop: the first sentence of a message is its title.
pub(super) fn one_sentence(text: &str) -> String {
    text.trim_end_matches(['.', ' ']).replace(". ", "; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_links_are_links() {
        let mut prose = Prose::default();
        prose.plain("see [a](b) {0} ").link("x](9) [y", 1);
        let message = prose.finish();
        assert_eq!(
            message.text.as_deref(),
            Some("see \\[a\\](b) {{0}} [x\\](9) \\[y](1)")
        );
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        assert_eq!(cut("größe", 5), "größe");
        assert_eq!(cut("größer", 5), "gr...");
    }

    #[test]
    fn a_title_is_one_sentence() {
        assert_eq!(
            one_sentence("deploy. delete, e.g. all."),
            "deploy; delete, e.g; all"
        );
    }
}
