//! Text set in columns: measuring, breaking and cutting what stands in a cell of a terminal.
//!
//! Everything here works on plain text. Styles are put on afterwards, a line at a time, because
//! escape codes have no width.

use anstyle::Style;

/// One line of a cell.
#[derive(Clone, Debug)]
pub(super) struct Line {
    text: String,
    style: Style,
}

impl Line {
    pub(super) fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }
}

/// Puts a style on a text.
pub(super) fn paint(text: &str, style: Style) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{style}{text}{style:#}")
    }
}

/// Terminal columns of a text. East Asian wide characters take two and combining marks none.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

fn column(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Breaks a text at spaces into lines of at most `width` columns; a longer word is broken after
/// a slash where it has one, so that a path stays readable.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.last().map_or(0, |line| columns(line));
        match lines.last_mut() {
            Some(line) if last > 0 && last + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if last == 0 => line.push_str(word),
            _ => lines.push(word.to_owned()),
        }
        break_last(&mut lines, width);
    }
    lines
}

/// Breaks the last line until it fits.
fn break_last(lines: &mut Vec<String>, width: usize) {
    while let Some(line) = lines.pop() {
        if columns(&line) <= width {
            lines.push(line);
            return;
        }
        let at = break_point(&line, width);
        let (head, tail) = line.split_at(at);
        lines.push(head.to_owned());
        lines.push(tail.to_owned());
    }
}

/// The byte to break a long word at: after the last slash that fits, else where the width ends.
fn break_point(line: &str, width: usize) -> usize {
    let mut used = 0;
    let fits = line.char_indices().take_while(|&(_, c)| {
        used += column(c);
        used <= width
    });
    let end = fits.last().map_or(line.len(), |(at, c)| at + c.len_utf8());
    let slash = line[..end].rfind('/').map(|at| at + 1).filter(|&at| at > 1);
    slash.unwrap_or_else(|| before_colons(line, end))
}

/// Moves a break to the left, because a line that begins with two colons is a command to a build
/// server. The untrusted parts hold no run of more than two.
fn before_colons(line: &str, mut at: usize) -> usize {
    while line[at..].starts_with(':') && at > 1 {
        at = line[..at]
            .char_indices()
            .next_back()
            .map_or(at, |(before, _)| before);
    }
    at.max(1)
}

/// Keeps the first `most` lines and marks what was cut.
pub(super) fn keep_first(mut lines: Vec<String>, most: usize, width: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(last, width);
        }
    }
    lines
}

/// Makes room for the mark of a cut, at the end of a word where there is one.
fn cut(line: &str, width: usize) -> String {
    let mut kept = line;
    while columns(kept) + 2 > width {
        let shorter = kept.char_indices().next_back().map_or(0, |(last, _)| last);
        kept = &kept[..kept.rfind(' ').unwrap_or(shorter)];
    }
    format!("{} …", kept.trim_end_matches([',', ';']))
}

/// Keeps the last `most` lines and marks what was cut: of a path the end says more.
pub(super) fn keep_last(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.drain(..lines.len() - most);
        if let Some(first) = lines.first_mut() {
            first.remove(0);
            first.insert(0, '…');
        }
    }
    lines
}

/// Sets cells beside each other; each is a list of lines. The last is not padded.
pub(super) fn row(cells: &[Vec<Line>], widths: &[usize], out: &mut String) {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut text = String::new();
        let mut missing = 0;
        for (cell, width) in cells.iter().zip(widths) {
            text.push_str(&" ".repeat(missing + 2));
            let line = cell.get(at);
            text.push_str(
                &line
                    .map(|line| paint(&line.text, line.style))
                    .unwrap_or_default(),
            );
            missing = width.saturating_sub(line.map_or(0, |line| columns(&line.text)));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
}

/// A paragraph that starts with `first` and goes on under `rest`, both as wide as each other;
/// only `first` may hold a style.
pub(super) fn hanging(first: &str, rest: &str, text: &str, width: usize, out: &mut String) {
    let room = width.saturating_sub(columns(rest));
    for (at, line) in wrap(text, room).iter().enumerate() {
        out.push_str(if at == 0 { first } else { rest });
        out.push_str(line);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_asked() {
        let text = "a long sentence about services/web/scripts/railway/deploy-production.ts:3 and 文件文件文件文件";
        for width in 8..60 {
            assert!(
                wrap(text, width).iter().all(|line| columns(line) <= width),
                "width {width}"
            );
        }
    }

    #[test]
    fn a_path_breaks_after_a_slash_and_keeps_its_end() {
        let lines = wrap("services/web/scripts/railway.ts:3", 16);
        assert_eq!(lines, ["services/web/", "scripts/", "railway.ts:3"]);
        assert_eq!(keep_last(lines, 2), ["…cripts/", "railway.ts:3"]);
    }

    #[test]
    fn no_broken_line_begins_with_a_command() {
        let lines = wrap("aaaaaaaa::error::bbbbbbbbbbbbbbbb", 8);
        assert!(
            lines.iter().all(|line| !line.starts_with("::")),
            "{lines:?}"
        );
    }

    #[test]
    fn what_was_cut_is_marked() {
        let lines = wrap("delete volumes, delete projects, read every variable", 16);
        assert_eq!(keep_first(lines, 2, 16), ["delete volumes,", "delete …"]);
    }
}
