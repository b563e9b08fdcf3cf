//! The only measurer of text: how many columns it takes, where it may be cut and wrapped.
//!
//! A *glyph* is a grapheme cluster: what the clerk sees as one character. Widths are columns and
//! are those that the drawing library lays out with, so that a measure and a picture never differ.
//! Ambiguous characters count as one column here; `look` and `backend` keep that true on screen.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::UnicodeSegmentation;

/// What stands at the end of a text that was cut: two full stops, never ambiguous in width.
pub const ELLIPSIS: &str = "..";

/// On which side of its room a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// The text first, then spaces.
    #[default]
    Left,
    /// Spaces first, then the text: for numbers.
    Right,
}

/// One glyph of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// Its first byte in the text.
    pub at: usize,
    /// The bytes of it.
    pub text: &'a str,
    /// Its columns: 0 for what is not drawn, else 1 or 2.
    pub width: usize,
}

impl Glyph<'_> {
    /// The byte after it.
    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// The glyphs of a text, in order. A control character has no width.
pub fn glyphs(text: &str) -> impl DoubleEndedIterator<Item = Glyph<'_>> {
    text.grapheme_indices(true).map(|(at, text)| Glyph { at, text, width: glyph_width(text) })
}

/// The columns that a text takes on one line.
pub fn width(text: &str) -> usize {
    let plain: Option<usize> = text.chars().map(plain_width).sum();
    plain.unwrap_or_else(|| text.graphemes(true).map(glyph_width).sum())
}

/// The longest beginning of a text that is at most `columns` wide; never half a glyph.
pub fn head(text: &str, columns: usize) -> &str {
    let mut left = columns;
    if text.chars().all(|char| plain_width(char).is_some()) {
        let mut chars = text.char_indices();
        let end = chars.find_map(|(at, char)| {
            match left.checked_sub(plain_width(char).unwrap_or_default()) {
                Some(rest) => left = rest,
                None => return Some(at),
            }
            None
        });
        return end.and_then(|end| text.get(..end)).unwrap_or(text);
    }
    for glyph in glyphs(text) {
        match left.checked_sub(glyph.width) {
            Some(rest) => left = rest,
            None => return text.get(..glyph.at).unwrap_or(text),
        }
    }
    text
}

/// A text of at most `columns`: itself, or its beginning and an ellipsis.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(ELLIPSIS.len()) else {
        return Cow::Borrowed(head(ELLIPSIS, columns));
    };
    Cow::Owned(format!("{}{ELLIPSIS}", head(text, room)))
}

/// A name of at most `columns`: itself, or its beginning and its end with an ellipsis between, so that
/// a file's ending is seen.
pub fn cut_middle(name: &str, columns: usize) -> Cow<'_, str> {
    if width(name) <= columns {
        return Cow::Borrowed(name);
    }
    let Some(room) = columns.checked_sub(ELLIPSIS.len()) else { return cut(name, columns) };
    let end = tail(name, room / 3);
    Cow::Owned(format!("{}{ELLIPSIS}{end}", head(name, room - width(end))))
}

/// The longest end of a text that is at most `columns` wide; never half a glyph.
fn tail(text: &str, columns: usize) -> &str {
    let (mut left, mut at) = (columns, text.len());
    for glyph in glyphs(text).rev() {
        match left.checked_sub(glyph.width) {
            Some(rest) => (left, at) = (rest, glyph.at),
            None => break,
        }
    }
    text.get(at..).unwrap_or_default()
}

/// A text that is exactly `columns` wide: cut with an ellipsis, or padded with spaces.
pub fn fit(text: &str, columns: usize, align: Align) -> String {
    let text = cut(text, columns);
    let n_spaces = columns.saturating_sub(width(&text));
    let spaces = " ".repeat(n_spaces);
    match align {
        Align::Left => format!("{text}{spaces}"),
        Align::Right => format!("{spaces}{text}"),
    }
}

/// A text exactly `columns` wide with its spaces behind it.
pub fn pad_right(text: &str, columns: usize) -> String {
    fit(text, columns, Align::Left)
}

/// A text exactly `columns` wide with its spaces before it.
pub fn pad_left(text: &str, columns: usize) -> String {
    fit(text, columns, Align::Right)
}

/// The lines of a text in a room of `columns`, without the spaces at which a line was broken.
///
/// Lines break where Unicode (UAX 14) allows, so no line begins with a closing mark or ends with an
/// opening one; a word wider than the room is broken between glyphs. No line is wider than
/// `columns`, unless a single glyph is.
pub fn wrap(text: &str, columns: usize) -> Vec<&str> {
    wrap_ranges(text, columns)
        .into_iter()
        .map(|range| text.get(range).unwrap_or_default().trim_end_matches(' '))
        .collect()
}

/// The byte ranges of the lines of a text in a room of `columns`.
///
/// Together they hold every byte but the line ends. The spaces at which a line is broken stay at
/// its end and may hang over the edge. There is always at least one line.
pub fn wrap_ranges(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        wrap_line(line, columns, at, &mut lines);
        at += line.len() + 1;
    }
    lines
}

/// Blanks the wide glyphs that stand half inside and half outside of a box that is about to be
/// cleared, left and right: else the box would lose its edge, or the glyph its half.
pub fn blank_edges(buffer: &mut Buffer, rect: Rect) {
    let area = rect.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    for y in area.top()..area.bottom() {
        for edge in [area.left(), area.right()] {
            if let Some(x) = edge.checked_sub(1)
                && is_wide_at(buffer, x, y)
            {
                blank(buffer, x, y);
                blank(buffer, edge, y);
            }
        }
    }
}

/// Whether a wide glyph begins in the cell. What a wide glyph before it covers does not count.
fn is_wide_at(buffer: &Buffer, at: u16, y: u16) -> bool {
    let mut x = buffer.area.left();
    while x < at {
        x = x.saturating_add(buffer.cell((x, y)).map_or(1, |cell| cell.cell_width().max(1)));
    }
    x == at && buffer.cell((at, y)).is_some_and(|cell| cell.cell_width() > 1)
}

fn blank(buffer: &mut Buffer, x: u16, y: u16) {
    if let Some(cell) = buffer.cell_mut((x, y)) {
        let style = cell.style();
        cell.reset();
        cell.set_style(style);
    }
}

/// The columns of a character that is always a glyph of its own beside others of its kind (UAX 29
/// joins none of them): printable ASCII and the ideographs and marks of which Chinese text is made.
/// None for any other, whose neighbours decide.
const fn plain_width(char: char) -> Option<usize> {
    match char {
        ' '..='~' => Some(1),
        // Before and behind the tone marks, which join the glyph before them.
        '\u{3000}'..='\u{3029}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Some(2),
        '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}

fn glyph_width(text: &str) -> usize {
    if text.contains(char::is_control) { 0 } else { usize::from(text.cell_width()) }
}

/// Wraps one line that starts at byte `at` of its text.
fn wrap_line(line: &str, columns: usize, at: usize, lines: &mut Vec<Range<usize>>) {
    let (mut start, mut end, mut used) = (0, 0, 0);
    for (next, kind) in linebreaks(line) {
        let piece = line.get(end..next).unwrap_or_default();
        let n_columns = width(piece.trim_end_matches(' '));
        if used + n_columns > columns && end > start {
            lines.push(at + start..at + end);
            (start, used) = (end, 0);
        }
        if n_columns > columns {
            (start, used) = break_word(line, end..next, columns, |range| {
                lines.push(at + range.start..at + range.end);
            });
        } else {
            used += width(piece);
        }
        end = next;
        if kind == BreakOpportunity::Mandatory && next < line.len() {
            lines.push(at + start..at + end);
            (start, used) = (end, 0);
        }
    }
    lines.push(at + start..at + line.len());
}

/// Breaks a word between glyphs; gives the start of its last line and the columns used there.
fn break_word(
    line: &str,
    word: Range<usize>,
    columns: usize,
    mut push: impl FnMut(Range<usize>),
) -> (usize, usize) {
    let (mut start, mut used) = (word.start, 0);
    for glyph in glyphs(line.get(word.clone()).unwrap_or_default()) {
        let at = word.start + glyph.at;
        let is_space = glyph.text == " ";
        if used + glyph.width > columns && at > start && !is_space {
            push(start..at);
            (start, used) = (at, 0);
        }
        used += glyph.width;
    }
    (start, used)
}

#[cfg(test)]
mod tests;
