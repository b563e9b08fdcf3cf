//! One row of a table: whether it is a record at all, and the texts of its fields.

use crate::domain::text::{Lines, clean, half_width};
use crate::exchange::cell::{Cell, Epoch, Line, Origin};
use crate::exchange::columns::{Columns, Cut, FieldColumn, Meaning, Otherwise, fold};
use crate::exchange::header::Column;
use crate::exchange::ledger::{Ignored, Mapping};
use crate::exchange::value::{Shape, Why, field_text, shown_text};

/// Fields of telephones, and the fields of the names that clerks write into the same cell.
const NAMED_PHONES: [(&str, &str); 4] = [
    ("petitioner.phone", "petitioner.name"),
    ("person.phone", "person.name"),
    ("officer.phone", "officer.name"),
    ("unit.phone", "unit.head"),
];
/// The most characters of a name in front of a telephone number.
const NAME_CHARS_MAX: usize = 10;
/// How many digits make a telephone number.
const PHONE_DIGITS: usize = 7;

/// A cell that cannot be read.
#[derive(Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// The key of the field.
    pub field: String,
    /// The header of the column.
    pub column: String,
    /// The key of the reason (`wrong.KEY` in the catalogue).
    pub why: Why,
    /// What stands in the cell.
    pub value: String,
}

// The value is a person's data, so that no log may hold it.
impl std::fmt::Debug for CellProblem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "CellProblem({} {})", self.field, self.why)
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A record.
    Record,
    /// Totals.
    Total,
    /// A line under the table.
    Footer,
    /// The header once more.
    Header,
    /// Nothing that fills a field, or a number alone.
    Blank,
}

/// How the rows of a sheet are read.
pub struct Plan {
    /// What the report says of it.
    pub mapping: Mapping,
    /// For each field that has columns, by the order of the field table, the best column first.
    fields: Vec<(usize, Vec<Source>)>,
    /// Where headers stand, and the folded texts of those that fill fields.
    headers: Vec<(u16, Option<String>)>,
}

#[derive(Debug, Clone)]
struct Source {
    column: u16,
    header: String,
    part: Part,
    rank: usize,
}

/// The part of a cell that fills a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Front(Cut),
    Back(Cut),
}

impl Plan {
    /// A plan for columns with known meanings.
    pub fn new(tables: &Columns, columns: &[Column], mapping: Mapping) -> Self {
        let mut fields: Vec<(usize, Vec<Source>)> = Vec::new();
        let mut put = |field: usize, source: Source| match fields
            .iter_mut()
            .find(|(other, _)| *other == field)
        {
            Some((_, sources)) => sources.push(source),
            None => fields.push((field, vec![source])),
        };
        let mut headers = Vec::new();
        for column in columns {
            let source = |part, rank| Source {
                column: column.index,
                header: column.text.clone(),
                part,
                rank,
            };
            let mut fills = true;
            match &column.meaning {
                Meaning::Field(field, rank) => put(*field, source(Part::Whole, *rank)),
                Meaning::Pair(pair) => {
                    let Some(pair) = tables.pairs.get(*pair) else { continue };
                    let parts = [Part::Front(pair.cut), Part::Back(pair.cut)];
                    for (key, part) in pair.fields.iter().zip(parts) {
                        if let Some(field) = tables.field(key) {
                            // A column of its own is better than half of another.
                            put(field, source(part, usize::MAX));
                        }
                    }
                }
                Meaning::Refused(_) | Meaning::Serial | Meaning::LeftOut | Meaning::Unknown => {
                    fills = false;
                }
            }
            headers.push((column.index, fills.then(|| column.own.clone())));
        }
        fields.sort_by_key(|(field, _)| *field);
        for (_, sources) in &mut fields {
            sources.sort_by_key(|source| (source.rank, source.column));
        }
        Self { mapping, fields, headers }
    }

    /// Notes columns that hold something and have no header.
    pub fn note_unnamed(&mut self, line: &Line) {
        for placed in &line.cells {
            let has_header = self.headers.binary_search_by_key(&placed.column, |one| one.0).is_ok();
            let unnamed = Ignored { index: placed.column, header: String::new() };
            if !has_header && !self.mapping.ignored.contains(&unnamed) {
                self.mapping.ignored.push(unnamed);
            }
        }
    }
}

/// What a row is.
pub fn fate(line: &Line, plan: &Plan, tables: &Columns) -> Fate {
    let mut filled = plan.headers.iter().filter_map(|(index, header)| {
        let own = line.cells.iter().find(|placed| placed.column == *index);
        let own = own.filter(|placed| placed.origin == Origin::Own)?;
        header.as_ref().map(|header| (&own.cell, header))
    });
    let first = line.cells.first().map(|placed| fold(&shown_text(&placed.cell)));
    if let Some(first) = &first {
        if is_total(first, &tables.words.totals) {
            return Fate::Total;
        }
        if is_footer(first, &tables.words.footers) {
            return Fate::Footer;
        }
    }
    let is_header = |(cell, header): (&Cell, &String)| fold(&shown_text(cell)) == *header;
    let mut again = filled.clone().map(is_header);
    if again.next() == Some(true) && again.all(|same| same) && filled.clone().nth(1).is_some() {
        return Fate::Header;
    }
    if filled.next().is_none() || !has_substance(line, plan, tables) {
        return Fate::Blank;
    }
    Fate::Record
}

/// The texts of a row's fields, and the cells that cannot be read.
pub fn read(
    line: &Line,
    plan: &Plan,
    (tables, epoch): (&Columns, Epoch),
) -> (Vec<(String, String)>, Vec<CellProblem>) {
    let mut reader =
        Reader { line, epoch, tables, problems: Vec::new(), added: Vec::new(), names: Vec::new() };
    let mut values = Vec::new();
    for (field, sources) in &plan.fields {
        let Some(field) = tables.fields.get(*field) else { continue };
        let text = if field.shape == Shape::Text {
            reader.joined(field, sources)
        } else {
            reader.first(field, sources)
        };
        values.extend(text.map(|text| (field.key.clone(), text)));
    }
    reader.put_names(&mut values);
    if let Some(village) = &plan.mapping.village {
        values.push(("village".to_owned(), village.clone()));
    }
    for (key, text) in std::mem::take(&mut reader.added) {
        match values.iter_mut().find(|(other, _)| *other == key) {
            Some((_, old)) => {
                old.push('\n');
                old.push_str(&text);
            }
            None => values.push((key, text)),
        }
    }
    (values, reader.problems)
}

/// Whether a row holds more than numbers; clerks number rows before they fill them.
fn has_substance(line: &Line, plan: &Plan, tables: &Columns) -> bool {
    plan.fields.iter().any(|(field, sources)| {
        let field = tables.fields.get(*field);
        let is_number = field.is_some_and(|field| {
            field.shape == Shape::Code
                && matches!(field.key.as_str(), "old_number" | "state_number")
        });
        !is_number
            && sources.iter().any(|source| {
                let own = line.cells.iter().find(|placed| placed.column == source.column);
                own.is_some_and(|placed| placed.origin == Origin::Own)
            })
    })
}

fn is_total(first: &str, totals: &[String]) -> bool {
    totals.iter().any(|total| {
        let rest = first.strip_prefix(total.as_str());
        rest.is_some_and(|rest| {
            rest.chars().all(|char| !char.is_alphabetic() || "\u{4ef6}\u{4eba}".contains(char))
        })
    })
}

fn is_footer(first: &str, footers: &[String]) -> bool {
    footers.iter().any(|word| {
        first == word || first.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with(':'))
    })
}

struct Reader<'r> {
    line: &'r Line,
    epoch: Epoch,
    tables: &'r Columns,
    problems: Vec<CellProblem>,
    /// Texts that go to another field than their own.
    added: Vec<(String, String)>,
    /// Names that stand before a telephone number, with the field and the column of the number.
    names: Vec<(&'static str, String, CellProblem)>,
}

impl Reader<'_> {
    /// The first column that holds something; a cell that cannot be read ends the search.
    fn first(&mut self, field: &FieldColumn, sources: &[Source]) -> Option<String> {
        sources.iter().find_map(|source| match self.text(field, source) {
            Ok(text) => text.map(Some),
            Err(why) => {
                self.refuse(field, source, why);
                Some(None)
            }
        })?
    }

    /// The texts of all columns, each after the first under its header.
    fn joined(&mut self, field: &FieldColumn, sources: &[Source]) -> Option<String> {
        let mut joined = String::new();
        let mut seen: Vec<String> = Vec::new();
        for source in sources {
            let text = match self.text(field, source) {
                Ok(Some(text)) if !seen.contains(&text) => text,
                Ok(_) => continue,
                Err(why) => {
                    self.refuse(field, source, why);
                    continue;
                }
            };
            if !joined.is_empty() {
                joined.push('\n');
                joined.push_str(&source.header);
                joined.push_str(": ");
            }
            joined.push_str(&text);
            seen.push(text);
        }
        Some(joined).filter(|text| !text.is_empty())
    }

    fn text(&mut self, field: &FieldColumn, source: &Source) -> Result<Option<String>, Why> {
        let cell = self.line.cell(source.column);
        let part = match source.part {
            Part::Whole => None,
            Part::Front(cut) => Some(self.cut(cell, cut).0),
            Part::Back(cut) => Some(self.cut(cell, cut).1),
        };
        let part = part.or_else(|| self.named_phone(field, source)).map(Cell::Text);
        let text = field_text(part.as_ref().unwrap_or(cell), field.shape, self.epoch)?;
        match text {
            Some(word) if field.shape == Shape::Choice => self.choose(field, source, word),
            text => Ok(text),
        }
    }

    /// The telephone number of a cell that holds a name in front of it; the name is noted.
    fn named_phone(&mut self, field: &FieldColumn, source: &Source) -> Option<String> {
        let (_, name_key) = NAMED_PHONES.iter().find(|(phone, _)| *phone == field.key)?;
        let cell = self.line.cell(source.column);
        let Cell::Text(text) = cell else { return None };
        if clean(text, Lines::One).n_dropped > 0 {
            return None;
        }
        let (name, phone) = self.cut(cell, Cut::Phone);
        let is_name = name.chars().any(char::is_alphabetic)
            && name.chars().count() <= NAME_CHARS_MAX
            && !name.contains(|char: char| char.is_ascii_digit());
        if phone.is_empty() || !is_name {
            // Words such as "telephone" alone stand before many a number.
            return (name.is_empty() && !phone.is_empty()).then_some(phone);
        }
        let problem = CellProblem {
            field: field.key.clone(),
            column: source.header.clone(),
            why: "phone_of_another",
            value: shown_text(cell),
        };
        self.names.push((name_key, name, problem));
        Some(phone)
    }

    /// Fills names from the cells of telephone numbers; a number beside which the row has another
    /// name is refused, because whose it is cannot be told.
    fn put_names(&mut self, values: &mut Vec<(String, String)>) {
        for (key, name, problem) in std::mem::take(&mut self.names) {
            match values.iter().find(|(other, _)| other == key) {
                Some((_, other)) if fold(other) == fold(&name) => {}
                Some(_) => {
                    values.retain(|(other, _)| *other != problem.field);
                    self.problems.push(problem);
                }
                None if self.tables.field(key).is_some() => values.push((key.to_owned(), name)),
                None => {}
            }
        }
    }

    fn choose(
        &mut self,
        field: &FieldColumn,
        source: &Source,
        word: String,
    ) -> Result<Option<String>, Why> {
        let folded = fold(&word);
        let known = field.words.iter().find(|(_, words)| words.contains(&folded));
        if let Some((value, _)) = known {
            return Ok(Some(value.clone()));
        }
        match &field.otherwise {
            Otherwise::Refuse => Err("not_in_list"),
            Otherwise::Keep => Ok(Some(word)),
            Otherwise::AddTo(other) => {
                self.added.push((other.clone(), format!("{}: {word}", source.header)));
                Ok(None)
            }
        }
    }

    fn refuse(&mut self, field: &FieldColumn, source: &Source, why: Why) {
        self.problems.push(CellProblem {
            field: field.key.clone(),
            column: source.header.clone(),
            why,
            value: shown_text(self.line.cell(source.column)),
        });
    }

    /// The two parts of a cell.
    fn cut(&self, cell: &Cell, cut: Cut) -> (String, String) {
        let text = half_width(&shown_text(cell));
        match cut {
            Cut::Stroke => {
                let parts = text.split_once(['/', ',', ';', '\n', '\u{3001}']);
                let (front, back) = parts.unwrap_or((&text, ""));
                (front.trim().to_owned(), back.trim().to_owned())
            }
            Cut::Phone => {
                let (front, back) = text.split_at(phone_at(&text).unwrap_or(text.len()));
                let mut front = trim_marks(front);
                for word in &self.tables.words.phone_words {
                    front = trim_marks(front.strip_suffix(word.as_str()).unwrap_or(front));
                }
                (front.to_owned(), trim_marks(back).to_owned())
            }
        }
    }
}

/// Where the first telephone number of a text begins.
fn phone_at(text: &str) -> Option<usize> {
    let mut begin = None;
    let mut n_digits = 0;
    for (at, char) in text.char_indices() {
        if char.is_ascii_digit() {
            begin = begin.or(Some(at));
            n_digits += 1;
            if n_digits == PHONE_DIGITS {
                return begin;
            }
        } else if char != '-' && char != '*' && (char != ' ' || n_digits < 2) {
            begin = None;
            n_digits = 0;
        }
    }
    None
}

fn trim_marks(text: &str) -> &str {
    text.trim_matches(|char: char| {
        char.is_whitespace() || "()[]:,;/.\u{3001}\u{3002}".contains(char)
    })
}
