//! Fills the text of a part of a docx. Word splits what was typed in one go over several runs, so the
//! texts of a paragraph are joined before anything is looked for in it.
//!
//! INVARIANT: what is filled in is escaped; of the markup nothing is changed but texts, paragraphs
//! that stand once for each line of a value, and rows that stand once for each row of a list.

use crate::exchange::form::xml::{Stands, Tag, Tags, escaped};
use crate::exchange::paper::{Asked, Filling, Need, PaperError, blank, parse, said};

/// The most characters of a label.
const LABEL_MAX: usize = 40;
/// What opens and closes a placeholder, as it is typed with and without an input method.
const OPENS: [&str; 2] = ["{{", "\u{ff5b}\u{ff5b}"];
const CLOSES: [&str; 2] = ["}}", "\u{ff5d}\u{ff5d}"];

/// A placeholder in a joined text.
struct Found {
    start: usize,
    end: usize,
    label: String,
}

/// A text of a run within a part.
struct Segment {
    /// Where its element begins.
    start: usize,
    /// Where its element ends.
    end: usize,
    /// The prefix of its namespace.
    prefix: String,
    /// What it says.
    text: String,
}

/// A paragraph that is open.
struct Paragraph {
    start: usize,
    segments: Vec<Segment>,
    /// Whether paragraphs stand within it, such as those of a box.
    is_outer: bool,
    /// Whether it stands in a cell, which must not be without one.
    is_in_cell: bool,
}

/// A change of a part: from where to where, and what stands there then.
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// What stands for a placeholder; none leaves it as it is.
type Lookup<'l> = &'l dyn Fn(&Asked) -> Option<String>;

/// The labels of a part.
pub fn labels(text: &str) -> Vec<String> {
    let mut labels = Vec::new();
    // A part that is no XML is refused where it is written.
    let _ = each_paragraph(text, &mut |paragraph, _| {
        let joined = joined(&paragraph.segments);
        let mut at = 0;
        while let Some(found) = next(&joined, at) {
            at = found.end;
            labels.push(found.label);
        }
    });
    labels
}

/// A part, filled.
///
/// # Errors
/// It is no XML that a document has.
pub fn filled(text: &str, filling: &Filling<'_>) -> Result<String, PaperError> {
    let text = with_rows(text, filling)?;
    in_paragraphs(&text, &|asked| {
        let value = filling.value(asked.row.key);
        Some(value.unwrap_or_else(|| match asked.need {
            Need::Must => blank(),
            Need::May => String::new(),
        }))
    })
}

/// What a document says, a line for each paragraph; cells of a row stand on one line.
///
/// # Errors
/// It is no XML that a document has.
pub fn lines(text: &str) -> Result<Vec<String>, PaperError> {
    let (mut lines, mut cells, mut cell) = (Vec::new(), Vec::<String>::new(), String::new());
    let mut tags = Tags::of(text);
    let (mut n_cells, mut inner, mut line) = (0_u32, None, String::new());
    while let Some(tag) = tags.next_tag().map_err(|_| PaperError::Odd)? {
        match (tag.name, tag.stands) {
            ("t", Stands::Opens) => inner = Some(tag.end),
            ("t", Stands::Closes) => {
                let from = inner.take().unwrap_or(tag.start);
                line.push_str(&plain(text.get(from..tag.start).unwrap_or_default()));
            }
            ("br", Stands::Alone) => line.push('\n'),
            ("tc", Stands::Opens) => n_cells += 1,
            ("tc", Stands::Closes) => {
                n_cells = n_cells.saturating_sub(1);
                cells.push(std::mem::take(&mut cell));
            }
            ("tr", Stands::Closes) => lines.push(std::mem::take(&mut cells).join(" | ")),
            ("p", Stands::Closes) if n_cells > 0 => {
                let own = std::mem::take(&mut line).replace('\n', " ");
                cell = [cell.as_str(), own.as_str()].concat();
            }
            ("p", Stands::Closes) => {
                lines.extend(std::mem::take(&mut line).split('\n').map(str::to_owned));
            }
            _ => {}
        }
    }
    Ok(lines)
}

/// A part in which each row that names a list stands once for each of its rows.
fn with_rows(text: &str, filling: &Filling<'_>) -> Result<String, PaperError> {
    let mut edits = Vec::new();
    let mut tags = Tags::of(text);
    let mut begun = None;
    while let Some(tag) = tags.next_tag().map_err(|_| PaperError::Odd)? {
        match (tag.name, tag.stands) {
            ("tr", Stands::Opens) => begun = Some(tag.start),
            ("tr", Stands::Closes) => {
                let Some(start) = begun.take() else { continue };
                let row = text.get(start..tag.end).unwrap_or_default();
                let list = labels(row).iter().find_map(|label| parse(label)?.row.list());
                let Some(list) = list else { continue };
                let mut copies = String::new();
                for values in filling.rows(list) {
                    copies += &in_paragraphs(row, &|asked| {
                        asked.row.list().filter(|own| *own == list)?;
                        let said = values.iter().find(|(key, _)| key == asked.row.key);
                        Some(said.map_or_else(String::new, |(_, said)| said::text(said)))
                    })?;
                }
                if copies.is_empty() {
                    copies = in_paragraphs(row, &|asked| asked.row.list().map(|_| blank()))?;
                }
                edits.push(Edit { start, end: tag.end, text: copies });
            }
            _ => {}
        }
    }
    Ok(edited(text, edits))
}

/// A part whose placeholders are replaced by what is found for them.
fn in_paragraphs(text: &str, lookup: Lookup<'_>) -> Result<String, PaperError> {
    let mut edits = Vec::new();
    each_paragraph(text, &mut |paragraph, end| {
        edits.extend(of_paragraph(text, (&paragraph, end), lookup));
    })?;
    Ok(edited(text, edits))
}

/// Visits every paragraph when it closes, with the place where it ends.
fn each_paragraph(text: &str, visit: &mut dyn FnMut(Paragraph, usize)) -> Result<(), PaperError> {
    let mut open: Vec<Paragraph> = Vec::new();
    let mut tags = Tags::of(text);
    let mut run: Option<Tag<'_>> = None;
    let mut n_cells = 0_u32;
    while let Some(tag) = tags.next_tag().map_err(|_| PaperError::Odd)? {
        match (tag.name, tag.stands) {
            ("tc", Stands::Opens) => n_cells += 1,
            ("tc", Stands::Closes) => n_cells = n_cells.saturating_sub(1),
            ("p", Stands::Opens) => {
                if let Some(outer) = open.last_mut() {
                    outer.is_outer = true;
                }
                open.push(Paragraph {
                    start: tag.start,
                    segments: Vec::new(),
                    is_outer: false,
                    is_in_cell: n_cells > 0,
                });
            }
            ("p", Stands::Closes) => {
                if let Some(paragraph) = open.pop() {
                    visit(paragraph, tag.end);
                }
            }
            ("t", Stands::Opens) => run = Some(tag),
            ("t", Stands::Closes) => {
                if let (Some(begun), Some(paragraph)) = (run.take(), open.last_mut()) {
                    paragraph.segments.push(Segment {
                        start: begun.start,
                        end: tag.end,
                        prefix: begun.prefix.to_owned(),
                        text: plain(text.get(begun.end..tag.start).unwrap_or_default()),
                    });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a paragraph becomes; nothing where it holds no placeholder that is found.
fn of_paragraph(
    text: &str,
    (paragraph, end): (&Paragraph, usize),
    lookup: Lookup<'_>,
) -> Vec<Edit> {
    let joined = joined(&paragraph.segments);
    let mut texts = vec![String::new(); paragraph.segments.len()];
    let (mut at, mut from, mut is_changed, mut is_empty) = (0, 0, false, true);
    while let Some(found) = next(&joined, from) {
        from = found.end;
        let Some(value) = parse(&found.label).and_then(|asked| lookup(&asked)) else { continue };
        share(&paragraph.segments, &mut texts, &joined, at..found.start);
        if let Some(own) = home(&paragraph.segments, found.start) {
            texts[own].push_str(&value);
        }
        is_empty &= value.is_empty();
        (at, is_changed) = (found.end, true);
    }
    if !is_changed {
        return Vec::new();
    }
    share(&paragraph.segments, &mut texts, &joined, at..joined.len());
    let whole = texts.concat();
    let can_go = !paragraph.is_outer && !paragraph.is_in_cell;
    if can_go && is_empty && whole.trim().is_empty() {
        return vec![Edit { start: paragraph.start, end, text: String::new() }];
    }
    // A value of several lines that stands alone becomes as many paragraphs, each with its indent.
    let is_alone = texts.iter().filter(|text| !text.is_empty()).count() == 1;
    if can_go && is_alone && whole.contains('\n') {
        let own = text.get(paragraph.start..end).unwrap_or_default();
        let lines = whole.lines().filter(|line| !line.trim().is_empty());
        let copy = |line: &str| {
            let of = texts.iter().map(|text| if text.is_empty() { "" } else { line });
            let edits = of.zip(&paragraph.segments).map(|(line, segment)| Edit {
                start: segment.start - paragraph.start,
                end: segment.end - paragraph.start,
                text: run(&segment.prefix, line),
            });
            edited(own, edits.collect())
        };
        return vec![Edit { start: paragraph.start, end, text: lines.map(copy).collect() }];
    }
    let edits = texts.iter().zip(&paragraph.segments).map(|(text, segment)| Edit {
        start: segment.start,
        end: segment.end,
        text: run(&segment.prefix, text),
    });
    edits.collect()
}

/// The element of a text; a line break becomes one of the document.
fn run(prefix: &str, text: &str) -> String {
    let open = format!("<{prefix}t xml:space=\"preserve\">");
    let gap = format!("</{prefix}t><{prefix}br/>{open}");
    let lines: Vec<String> = text.split('\n').map(escaped).collect();
    format!("{open}{}</{prefix}t>", lines.join(&gap))
}

fn joined(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect()
}

/// Gives each segment its part of a range of the joined text.
fn share(segments: &[Segment], texts: &mut [String], joined: &str, range: std::ops::Range<usize>) {
    let mut begin = 0;
    for (segment, text) in segments.iter().zip(texts) {
        let end = begin + segment.text.len();
        let part = range.start.max(begin)..range.end.min(end);
        if part.start < part.end {
            text.push_str(joined.get(part).unwrap_or_default());
        }
        begin = end;
    }
}

/// The segment in which a place of the joined text lies.
fn home(segments: &[Segment], place: usize) -> Option<usize> {
    let mut end = 0;
    segments.iter().position(|segment| {
        end += segment.text.len();
        place < end
    })
}

/// The next placeholder from a place on; what is opened and never closed is one too, so that it is
/// named as unknown.
fn next(text: &str, from: usize) -> Option<Found> {
    let rest = text.get(from..)?;
    let open = OPENS.iter().filter_map(|open| rest.find(open).map(|at| (at, open.len()))).min()?;
    let start = from + open.0;
    let inner = text.get(start + open.1..)?;
    let close = CLOSES.iter().filter_map(|close| inner.find(close).map(|at| (at, close.len())));
    let (label, end) = match close.min() {
        Some((at, length)) => (inner.get(..at)?, start + open.1 + at + length),
        None => (inner, text.len()),
    };
    Some(Found { start, end, label: label.chars().take(LABEL_MAX).collect() })
}

/// A text with its changes, which lie apart.
fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        out.push_str(text.get(at..edit.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// What a text of an element says: signs by name or number as themselves.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let sign = tail.find(';').filter(|end| *end < 12).and_then(|end| {
            let name = tail.get(1..end)?;
            Some((sign(name)?, end + 1))
        });
        let (char, length) = sign.unwrap_or(('&', 1));
        out.push(char);
        rest = tail.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn sign(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
