//! The cell formats of a workbook: which of them show days, and one more for those that do not.

use std::collections::BTreeMap;

use crate::exchange::form::height::SIZE;
use crate::exchange::form::xml::{Odd, Stands, Tags};

/// The number of the format that shows a day as the reader's system does.
const DAY: u32 = 14;
/// The number of the format that is text.
const TEXT: u32 = 49;

/// How a day goes into a cell of some format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// As a number, in the format of this index.
    Number(u32),
    /// As text: the format wants it so.
    Text,
}

/// The formats of a workbook.
pub struct Styles {
    text: String,
    formats: Vec<Own>,
    codes: BTreeMap<u32, String>,
    /// Where a further format is written.
    end: usize,
    /// The tag that counts them.
    open: (usize, usize),
    added: Vec<String>,
    days: BTreeMap<u32, u32>,
    /// The sizes of the fonts, in points.
    sizes: Vec<f64>,
}

/// One format.
struct Own {
    start: usize,
    end: usize,
    number: u32,
    font: usize,
    wraps: bool,
}

impl Styles {
    /// The formats of the part that holds them.
    ///
    /// # Errors
    /// [`Odd`] if it is none.
    pub fn parse(text: String) -> Result<Self, Odd> {
        let mut tags = Tags::of(&text);
        let (mut formats, mut codes) = (Vec::<Own>::new(), BTreeMap::new());
        let (mut open, mut end) = (None, None);
        let (mut sizes, mut in_fonts) = (Vec::<f64>::new(), false);
        while let Some(tag) = tags.next_tag()? {
            match (tag.name, tag.stands) {
                ("numFmt", Stands::Opens | Stands::Alone) => {
                    let number = tag.get("numFmtId").and_then(|id| id.parse().ok());
                    let code = tag.get("formatCode").map(str::to_lowercase);
                    codes.extend(number.zip(code));
                }
                ("fonts", stands) => in_fonts = stands == Stands::Opens,
                ("font", Stands::Opens | Stands::Alone) if in_fonts => sizes.push(SIZE),
                ("sz", _) if in_fonts => {
                    let size = tag.get("val").and_then(|size| size.parse().ok());
                    if let Some((last, size)) = sizes.last_mut().zip(size) {
                        *last = size;
                    }
                }
                ("alignment", Stands::Opens | Stands::Alone) if open.is_some() && end.is_none() => {
                    let wraps = matches!(tag.get("wrapText"), Some("1" | "true"));
                    formats.iter_mut().last().into_iter().for_each(|last| last.wraps = wraps);
                }
                ("cellXfs", Stands::Opens) => open = Some((tag.start, tag.end)),
                ("cellXfs", Stands::Closes) => end = Some(tag.start),
                ("xf", stands) if open.is_some() && end.is_none() => match stands {
                    Stands::Closes => {
                        if let Some(last) = formats.last_mut() {
                            last.end = tag.end;
                        }
                    }
                    Stands::Opens | Stands::Alone => {
                        let number = tag.get("numFmtId").and_then(|id| id.parse().ok());
                        let number = number.unwrap_or_default();
                        let font = tag.get("fontId").and_then(|id| id.parse().ok());
                        let (start, end) = (tag.start, tag.end);
                        let font = font.unwrap_or_default();
                        formats.push(Own { start, end, number, font, wraps: false });
                    }
                },
                _ => {}
            }
        }
        let (open, end) = open.zip(end).ok_or(Odd)?;
        let (added, days) = (Vec::new(), BTreeMap::new());
        Ok(Self { formats, codes, end, open, added, days, sizes, text })
    }

    /// The size of the letters of a format that wraps its text, in points; none if it does not.
    pub fn wraps(&self, format: u32) -> Option<f64> {
        let own = self.formats.get(format as usize).filter(|own| own.wraps)?;
        Some(self.sizes.get(own.font).copied().unwrap_or(SIZE))
    }

    /// How a day goes into a cell of a format.
    pub fn day(&mut self, base: u32) -> Day {
        let Some(own) = self.formats.get(base as usize) else { return Day::Text };
        if own.number == TEXT {
            return Day::Text;
        }
        if self.shows_days(own.number) {
            return Day::Number(base);
        }
        if let Some(known) = self.days.get(&base) {
            return Day::Number(*known);
        }
        let Some(copy) = self.copy(own) else { return Day::Text };
        let Ok(index) = u32::try_from(self.formats.len() + self.added.len()) else {
            return Day::Text;
        };
        self.added.push(copy);
        self.days.insert(base, index);
        Day::Number(index)
    }

    /// A format that differs in showing days.
    fn copy(&self, own: &Own) -> Option<String> {
        let whole = self.text.get(own.start..own.end)?;
        let tag = Tags::of(whole).next_tag().ok()??;
        let with = tag.with("numFmtId", &DAY.to_string());
        let again = Tags::of(&with).next_tag().ok()??;
        let with = again.with("applyNumberFormat", "1");
        Some(format!("{with}{}", whole.get(tag.end..)?))
    }

    fn shows_days(&self, number: u32) -> bool {
        if matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58) {
            return true;
        }
        let Some(code) = self.codes.get(&number) else { return false };
        let mut is_quoted = false;
        let plain = code.replace("&quot;", "\"");
        let mut plain = plain.chars().filter(|char| {
            is_quoted ^= *char == '"';
            !is_quoted
        });
        plain.any(|char| matches!(char, 'y' | 'd'))
    }

    /// The part with the formats that were added; none if there are none.
    pub fn finished(self) -> Option<String> {
        if self.added.is_empty() {
            return None;
        }
        let (start, behind) = self.open;
        let tag = Tags::of(self.text.get(start..behind)?).next_tag().ok()??;
        let count = self.formats.len() + self.added.len();
        let head = self.text.get(..start)?;
        let own = self.text.get(behind..self.end)?;
        let tail = self.text.get(self.end..)?;
        let added = self.added.concat();
        Some(format!("{head}{}{own}{added}{tail}", tag.with("count", &count.to_string())))
    }
}
