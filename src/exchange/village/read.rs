//! A form that a village sent back, as rows with names: whatever its file is called, whichever rows
//! were sorted or taken out, and also as cells that were pasted.
//!
//! A row is known by the header above it and the foot by its labels, in either language; nothing is
//! judged here but whether a cell can be read.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate};

use crate::api::incoming::ImportRow;
use crate::domain::broken::Broken;
use crate::domain::choice::Period;
use crate::domain::text::half_width;
use crate::domain::village_form::{FormId, ROWS_MAX};
use crate::exchange::cell::{Cell, Line, Origin, Row};
use crate::exchange::columns::fold;
use crate::exchange::value::{Shape, Why, field_text, shown_text};
use crate::exchange::village::{FOOT, MATTERS, NEW, TASKS, label};
use crate::locale::{self, Lang};

/// So long after its period a form may come back, in days, with days of no year on it.
const LATE_DAYS: i64 = 100;
/// How many headers make a row of headers.
const HEADERS_MIN: usize = 3;
/// The columns that went out filled: whatever stands there is compared, and nothing there is empty.
const SENT: [&str; 5] = ["row", "number", "matter", "code", "task"];
const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// A part of a form, by the header that no other part has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Matters,
    New,
    Tasks,
}

impl Part {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Matters, "matter"), (Self::New, "request"), (Self::Tasks, "task")];

    /// The word of its rows.
    const fn word(self) -> &'static str {
        match self {
            Self::Matters => "matter",
            Self::New => "new",
            Self::Tasks => "task",
        }
    }

    /// The fields of its rows: the column, the name, and how its cells are read.
    const fn fields(self) -> &'static [(&'static str, &'static str, Shape)] {
        match self {
            Self::Matters => &[
                ("row", "row", Shape::Line),
                ("number", "number", Shape::Line),
                ("matter", "title", Shape::Text),
                ("progress", "text", Shape::Text),
                ("opinion", "opinion", Shape::Text),
                ("on", "on", Shape::Date),
            ],
            Self::New => &[
                ("name", "name", Shape::Name),
                ("request", "request", Shape::Text),
                ("phone", "phone", Shape::Phone),
                ("received_on", "on", Shape::Date),
            ],
            Self::Tasks => &[
                ("row", "row", Shape::Line),
                ("code", "number", Shape::Line),
                ("task", "title", Shape::Text),
                ("done_on", "on", Shape::Date),
                ("document", "document", Shape::Line),
                ("place", "place", Shape::Line),
                ("note", "note", Shape::Text),
            ],
        }
    }
}

/// The columns of a part, by their place in the sheet.
type Columns = BTreeMap<u16, &'static str>;

/// Reads a form row by row.
pub struct Reader {
    lang: Lang,
    labels: BTreeMap<String, &'static str>,
    /// The sheet of the last row, and the part that its header began there.
    sheet: String,
    part: Option<(Part, Columns)>,
    /// By what it is known; the first that stands on it.
    form: Option<String>,
    is_mixed: bool,
    head: ImportRow,
    rows: Vec<ImportRow>,
}

impl Reader {
    /// A reader of a form with labels in either language.
    pub fn new(lang: Lang) -> Self {
        let columns = MATTERS.iter().chain(&TASKS).map(|(key, _)| *key);
        let keys = columns.chain(NEW).chain(FOOT).chain(["form"]);
        let mut labels = BTreeMap::new();
        for key in keys {
            for lang in LANGS {
                labels.insert(fold(&label(lang, key)), key);
            }
        }
        Self {
            lang,
            labels,
            sheet: String::new(),
            part: None,
            form: None,
            is_mixed: false,
            head: blank(""),
            rows: Vec::new(),
        }
    }

    /// Takes a row of a sheet, and breaks off behind the rows that a form may have.
    pub fn take(&mut self, row: &Row) -> ControlFlow<()> {
        self.note(row);
        if self.is_too_long() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn is_too_long(&self) -> bool {
        self.rows.len() > ROWS_MAX
    }

    fn note(&mut self, row: &Row) {
        if row.sheet.name != self.sheet {
            self.sheet.clone_from(&row.sheet.name);
            self.part = None;
        }
        self.note_form(&row.line);
        if let Some(part) = self.header(&row.line) {
            self.part = Some(part);
            return;
        }
        if self.foot(row) {
            return;
        }
        let Some((part, columns)) = &self.part else { return };
        let read = self.row(*part, columns, row);
        self.rows.extend(read);
    }

    /// What stands on the form, first who reports it and by what it is known; none if it is none.
    ///
    /// # Errors
    /// Why it is none.
    pub fn finish(mut self) -> Result<Vec<ImportRow>, Broken> {
        if self.is_mixed {
            return Err(Broken::new("return_of_two_forms"));
        }
        if self.is_too_long() {
            return Err(Broken::new("return_is_too_long").with("most", ROWS_MAX));
        }
        let form = self.form.ok_or_else(|| Broken::new("return_is_no_form"))?;
        self.head.values.push(("form".to_owned(), form));
        let head = ImportRow { values: std::mem::take(&mut self.head.values), ..self.head };
        Ok(std::iter::once(head).chain(self.rows).collect())
    }

    fn note_form(&mut self, line: &Line) {
        let texts: Vec<String> = line.cells.iter().map(|placed| shown_text(&placed.cell)).collect();
        let is_label = |text: &String| self.labels.get(&fold(text)) == Some(&"form");
        let behind = texts.iter().position(is_label).and_then(|at| texts.get(at + 1)).cloned();
        let known = texts.iter().find(|text| FormId::parse(text).is_some()).cloned();
        let Some(found) = known.or(behind) else { return };
        match &self.form {
            Some(form) if FormId::parse(form) != FormId::parse(&found) => self.is_mixed = true,
            Some(_) => {}
            None => self.form = Some(found),
        }
    }

    /// The part that a row of headers begins.
    fn header(&self, line: &Line) -> Option<(Part, Columns)> {
        let own = line.cells.iter().filter(|placed| placed.origin == Origin::Own);
        let known = own.filter_map(|placed| {
            let key = self.labels.get(&fold(&shown_text(&placed.cell)))?;
            Some((placed.column, *key))
        });
        let columns: Columns = known.collect();
        let has = |key: &str| columns.values().any(|own| *own == key);
        let part = Part::ALL.iter().find(|(_, key)| has(key)).map(|(part, _)| *part)?;
        (columns.len() >= HEADERS_MIN).then_some((part, columns))
    }

    /// Whether a row says who reports it.
    fn foot(&mut self, row: &Row) -> bool {
        let mut cells = row.line.cells.iter();
        let Some(first) = cells.next() else { return false };
        let text = half_width(&shown_text(&first.cell));
        let (label, within) = text.split_once(':').unwrap_or((&text, ""));
        let key = self.labels.get(&fold(label)).copied().filter(|key| FOOT.contains(key));
        let Some(key) = key else { return false };
        let within = Cell::Text(within.trim().to_owned());
        let next = cells.next().map(|placed| &placed.cell);
        let cell = if within == Cell::Text(String::new()) { next } else { Some(&within) };
        if self.head.row == 0 {
            self.head.sheet.clone_from(&row.sheet.name);
            self.head.row = row.line.number;
        }
        let value = match (key, cell) {
            (_, None) => Ok(None),
            ("zero", Some(cell)) => Self::truth(cell),
            (_, Some(cell)) if says_nothing(cell) => Ok(None),
            ("reported_on", Some(cell)) => self.day(row, cell),
            (_, Some(cell)) => field_text(cell, Shape::Name, row.sheet.epoch),
        };
        let name = if key == "reported_on" { "on" } else { key };
        // What stands there twice is kept once: a file has no end of feet.
        let is_known = |own: &[(String, String)], name: &str| own.iter().any(|(it, _)| it == name);
        match value {
            Ok(Some(text)) if !is_known(&self.head.values, name) => {
                self.head.values.push((name.to_owned(), text));
            }
            Err(why) if !is_known(&self.head.problems, key) => {
                self.head.problems.push((key.to_owned(), why.to_owned()));
            }
            Ok(_) | Err(_) => {}
        }
        true
    }

    /// Whether a cell says yes.
    fn truth(cell: &Cell) -> Result<Option<String>, Why> {
        let said = fold(&shown_text(cell));
        if said.is_empty() || is_one_of(&said, "village.no_words") || says_nothing(cell) {
            return Ok(None);
        }
        let says_yes = is_one_of(&said, "village.yes_words");
        if says_yes { Ok(Some("yes".to_owned())) } else { Err("not_in_list") }
    }

    fn row(&self, part: Part, columns: &Columns, row: &Row) -> Option<ImportRow> {
        let mut read = blank(part.word());
        read.sheet.clone_from(&row.sheet.name);
        read.row = row.line.number;
        let mut opinion = None;
        for (key, name, shape) in part.fields() {
            let place = columns.iter().find(|(_, own)| *own == key).map(|(place, _)| *place);
            let cell = place.map_or(&Cell::Empty, |place| row.line.cell(place));
            let text = match shape {
                _ if !SENT.contains(key) && says_nothing(cell) => Ok(None),
                Shape::Date => self.day(row, cell),
                shape => field_text(cell, *shape, row.sheet.epoch),
            };
            match text {
                Ok(Some(text)) if *name == "opinion" => opinion = Some(text),
                Ok(text) => read.values.extend(text.map(|text| ((*name).to_owned(), text))),
                Err(why) => read.problems.push(((*key).to_owned(), why.to_owned())),
            }
        }
        if let Some(opinion) = opinion {
            let opinion = format!("{}: {opinion}", label(self.lang, "opinion"));
            match read.values.iter_mut().find(|(name, _)| name == "text") {
                Some((_, text)) => *text = format!("{text}\n{opinion}"),
                None => read.values.push(("text".to_owned(), opinion)),
            }
        }
        // Beside the name of its part.
        (read.values.len() > 1 || !read.problems.is_empty()).then_some(read)
    }

    /// A day; one without its year is the newest that the form's period allows.
    fn day(&self, row: &Row, cell: &Cell) -> Result<Option<String>, Why> {
        let read = field_text(cell, Shape::Date, row.sheet.epoch);
        if read != Err("year_missing") {
            return read;
        }
        let near = self.form.as_deref().and_then(FormId::parse).and_then(|form| {
            let period = Period::ALL.iter().find_map(|one| one.parse_key(&form.period))?;
            nearest(&shown_text(cell), period.last)
        });
        near.map(|day| Some(day.to_string())).ok_or("year_missing")
    }
}

/// Whether a folded text is one of the words of a list, in either language.
fn is_one_of(said: &str, key: &str) -> bool {
    LANGS.iter().any(|lang| {
        let words = locale::text(*lang, key);
        words.split(' ').any(|word| fold(word) == said)
    })
}

/// Whether a cell holds one of the words with which people leave nothing empty.
fn says_nothing(cell: &Cell) -> bool {
    is_one_of(&fold(&shown_text(cell)), "village.nothing_words")
}

fn blank(kind: &str) -> ImportRow {
    let kind = if kind.is_empty() { "head" } else { kind };
    ImportRow {
        sheet: String::new(),
        row: 0,
        values: vec![("kind".to_owned(), kind.to_owned())],
        problems: Vec::new(),
    }
}

/// The newest day of a month and a day of it that is not long after a period ended.
fn nearest(text: &str, ended: NaiveDate) -> Option<NaiveDate> {
    let text = half_width(text);
    let numbers = text.split(|char: char| !char.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers: Vec<u32> = numbers.filter_map(|part| part.parse().ok()).collect();
    let [month, day] = numbers.as_slice() else { return None };
    let years = [ended.year() + 1, ended.year(), ended.year() - 1];
    let mut days = years.iter().filter_map(|year| NaiveDate::from_ymd_opt(*year, *month, *day));
    days.find(|day| (*day - ended).num_days() <= LATE_DAYS)
}
