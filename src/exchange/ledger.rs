//! Gives the rows of a file a meaning: which column fills which field, which is dropped, and which
//! rows are none of the table.
//!
//! Nothing is dropped silently: columns that are refused, unknown or without a header are named,
//! rows that are left out are counted. Whether a row may become a record is decided elsewhere.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::exchange::card;
use crate::exchange::cell::{Line, Row, Sheet};
use crate::exchange::columns::{Columns, Meaning, fold};
use crate::exchange::header::{self, Column, Told};
use crate::exchange::record::{self, CellProblem, Fate, Plan};

/// What the caller says about a file.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Headers and the fields that they shall fill; an empty field leaves the column out.
    pub columns: Vec<(String, String)>,
    /// Names of villages, so that a sheet of that name is known to be a village's.
    pub villages: BTreeSet<String>,
    /// Which row is the header.
    pub header: HeaderRow,
}

/// Which row of a sheet is its header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HeaderRow {
    /// The one that knows the most headers.
    #[default]
    Find,
    /// The first one, whatever stands in it: for cells that somebody copied.
    First,
}

/// What the caller said cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// The field is none of the table.
    #[error("no_such_field: {0}")]
    NoSuchField(String),
    /// The column is never taken, for this reason.
    #[error("refused_column.{reason}: {header}")]
    Refused {
        /// The header.
        header: String,
        /// The key of the reason.
        reason: String,
    },
}

/// How the columns of a sheet are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The sheet.
    pub sheet: String,
    /// The row of its header, from 1; of a card, the row of its first value.
    pub header_row: u32,
    /// How the sheet is laid out.
    pub layout: Layout,
    /// The columns that fill fields; a column of two fields stands twice.
    pub columns: Vec<MappedColumn>,
    /// The columns that are never taken.
    pub dropped: Vec<Dropped>,
    /// The columns that fill no field.
    pub ignored: Vec<Ignored>,
    /// Fields that the preview wants and no column fills.
    pub missing: Vec<String>,
    /// The village whose sheet it is, where no column says it.
    pub village: Option<String>,
}

/// How a sheet is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// A header, and a record in each row.
    #[default]
    Table,
    /// One record, with labels beside its values; its columns are counted, not placed.
    Card,
}

/// A column that fills a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// The column, from 1.
    pub index: u16,
    /// Its header.
    pub header: String,
    /// The key of the field.
    pub field: String,
}

/// A column that is never taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The column, from 1.
    pub index: u16,
    /// Its header.
    pub header: String,
    /// The reason (`refused_column.KEY` in the catalogue).
    pub reason: String,
}

/// A column that fills no field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ignored {
    /// The column, from 1.
    pub index: u16,
    /// Its header; empty if it has none.
    pub header: String,
}

/// A row of the table.
#[derive(Clone, PartialEq)]
pub struct LedgerRow {
    /// The sheet.
    pub sheet: Arc<Sheet>,
    /// The row in the sheet, from 1.
    pub row: u32,
    /// The fields and their texts, in the order of the field table.
    pub values: Vec<(String, String)>,
    /// The cells that cannot be read.
    pub problems: Vec<CellProblem>,
}

// The values are persons' data, so that no log may hold them.
impl std::fmt::Debug for LedgerRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LedgerRow({} {})", self.row, self.values.len())
    }
}

impl LedgerRow {
    /// The text of a field.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(key, _)| key == field).map(|(_, text)| text.as_str())
    }
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// One mapping for each sheet that has a header.
    pub mappings: Vec<Mapping>,
    /// Sheets without a header; their rows are not read.
    pub headless: Vec<String>,
    /// Rows of the tables.
    pub n_rows: u64,
    /// Rows of totals.
    pub n_totals: u64,
    /// Lines under a table, such as signatures, and rows of a form that hold no label.
    pub n_footers: u64,
    /// Headers that stand again in the middle.
    pub n_headers: u64,
    /// Rows that hold no value of any field, or a number alone.
    pub n_blank: u64,
    /// Rows of sheets without a header.
    pub n_headless: u64,
}

impl Report {
    /// The headers of all dropped columns with their reasons, each once.
    pub fn dropped_columns(&self) -> BTreeSet<(String, String)> {
        let dropped = self.mappings.iter().flat_map(|mapping| &mapping.dropped);
        dropped.map(|one| (one.header.clone(), one.reason.clone())).collect()
    }
}

/// Takes the rows of a file one by one and hands on the rows of its tables.
pub struct LedgerReader<'a> {
    tables: &'a Columns,
    told: Vec<Told>,
    villages: &'a BTreeSet<String>,
    header: HeaderRow,
    sheet: Option<Arc<Sheet>>,
    state: State,
    report: Report,
}

enum State {
    /// The header is not found yet; the rows so far.
    Seeking(Vec<Line>),
    /// The table is being read.
    Reading(Plan),
    /// The sheet is one record; its rows so far.
    Card(Vec<Line>),
    /// The sheet has no header.
    Headless,
}

impl<'a> LedgerReader<'a> {
    /// A reader for a file.
    ///
    /// # Errors
    /// The terms name a field that is none, or a column that is never taken.
    pub fn new(tables: &'a Columns, terms: &'a Terms) -> Result<Self, TermsError> {
        let told = terms.columns.iter().map(|(header, field)| tell(tables, header, field));
        Ok(Self {
            tables,
            told: told.collect::<Result<_, _>>()?,
            villages: &terms.villages,
            header: terms.header,
            sheet: None,
            state: State::Seeking(Vec::new()),
            report: Report::default(),
        })
    }

    /// Takes the next row.
    pub fn take(
        &mut self,
        row: Row,
        out: &mut dyn FnMut(LedgerRow) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.sheet.as_ref().is_none_or(|sheet| !Arc::ptr_eq(sheet, &row.sheet)) {
            self.end_sheet(out)?;
            self.sheet = Some(row.sheet);
        }
        match &mut self.state {
            State::Seeking(rows) => {
                rows.push(row.line);
                if rows.len() < header::ROWS_MAX {
                    return ControlFlow::Continue(());
                }
                self.seek(out)
            }
            State::Reading(_) => self.read(&row.line, out),
            State::Card(rows) if rows.len() < card::ROWS_MAX => {
                rows.push(row.line);
                ControlFlow::Continue(())
            }
            State::Card(_) | State::Headless => {
                self.report.n_headless += 1;
                ControlFlow::Continue(())
            }
        }
    }

    /// Ends the file and hands on what was still held back.
    pub fn finish(&mut self, out: &mut dyn FnMut(LedgerRow) -> ControlFlow<()>) -> Report {
        // The file ends here, whether more rows are wanted or not.
        let _ = self.end_sheet(out);
        std::mem::take(&mut self.report)
    }

    fn end_sheet(&mut self, out: &mut dyn FnMut(LedgerRow) -> ControlFlow<()>) -> ControlFlow<()> {
        let is_seeking = matches!(&self.state, State::Seeking(rows) if !rows.is_empty());
        let mut flow = if is_seeking { self.seek(out) } else { ControlFlow::Continue(()) };
        if flow.is_continue()
            && let State::Card(rows) = &mut self.state
        {
            let rows = std::mem::take(rows);
            flow = self.read_card(&rows, out);
        }
        if let State::Reading(plan) = std::mem::replace(&mut self.state, State::Seeking(Vec::new()))
        {
            self.report.mappings.push(plan.mapping);
        }
        flow
    }

    /// Looks for the header in the rows held back, then reads those behind it.
    fn seek(&mut self, out: &mut dyn FnMut(LedgerRow) -> ControlFlow<()>) -> ControlFlow<()> {
        let State::Seeking(rows) = std::mem::replace(&mut self.state, State::Headless) else {
            return ControlFlow::Continue(());
        };
        let header = match self.header {
            HeaderRow::Find => header::find(&rows, self.tables, &self.told),
            HeaderRow::First => header::first(&rows, self.tables, &self.told),
        };
        // Below the header of a table any word may begin a row; above it stand titles.
        let table = header.as_ref().filter(|header| header.is_of_table());
        let above = table.and_then(|header| rows.get(..header.at)).unwrap_or(&rows);
        if self.header == HeaderRow::Find && card::is_card(above, self.tables, &self.told) {
            self.state = State::Card(rows);
            return ControlFlow::Continue(());
        }
        let Some(header) = header else {
            self.report.headless.push(self.sheet_name());
            self.report.n_headless += rows.len() as u64;
            return ControlFlow::Continue(());
        };
        let first = header.at + 1;
        let header_row = rows.get(header.at).map_or(0, |line| line.number);
        self.state = State::Reading(self.plan(header_row, Layout::Table, &header.columns));
        for line in rows.iter().skip(first) {
            self.read(line, out)?;
        }
        ControlFlow::Continue(())
    }

    fn sheet_name(&self) -> String {
        self.sheet.as_ref().map(|sheet| sheet.name.clone()).unwrap_or_default()
    }

    /// Reads a sheet that is one record.
    fn read_card(
        &mut self,
        rows: &[Line],
        out: &mut dyn FnMut(LedgerRow) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let card = card::read(rows, self.tables, &self.told);
        let plan = self.plan(card.line.number, Layout::Card, &card.columns);
        let Some(sheet) = self.sheet.clone() else { return ControlFlow::Continue(()) };
        let (values, problems) = record::read(&card.line, &plan, (self.tables, sheet.epoch));
        self.report.mappings.push(plan.mapping);
        self.report.n_footers += card.n_unread;
        self.report.n_rows += 1;
        out(LedgerRow { sheet, row: card.line.number, values, problems })
    }

    fn plan(&self, header_row: u32, layout: Layout, columns: &[Column]) -> Plan {
        let mut mapping =
            Mapping { sheet: self.sheet_name(), header_row, layout, ..Mapping::default() };
        for column in columns {
            self.map(column, &mut mapping);
        }
        let is_filled = |key: &str| mapping.columns.iter().any(|column| column.field == key);
        let wanted = self.tables.fields.iter().filter(|field| field.wanted);
        let missing = wanted.filter(|field| !is_filled(&field.key)).map(|field| field.key.clone());
        mapping.missing = missing.collect();
        if self.tables.field("village").is_some() && !is_filled("village") {
            mapping.village = self.village_of(&mapping.sheet);
        }
        Plan::new(self.tables, columns, mapping)
    }

    fn map(&self, column: &Column, mapping: &mut Mapping) {
        let (index, header) = (column.index, column.text.clone());
        let mapped =
            |field: &str| MappedColumn { index, header: header.clone(), field: field.to_owned() };
        match &column.meaning {
            Meaning::Field(field, _) => {
                let field = self.tables.fields.get(*field);
                mapping.columns.extend(field.map(|field| mapped(&field.key)));
            }
            Meaning::Pair(pair) => {
                let pair = self.tables.pairs.get(*pair);
                let keys = pair.iter().flat_map(|pair| &pair.fields);
                mapping.columns.extend(keys.map(|key| mapped(key)));
            }
            Meaning::Refused(reason) => {
                mapping.dropped.push(Dropped { index, header, reason: reason.clone() });
            }
            Meaning::Serial | Meaning::LeftOut | Meaning::Unknown => {
                mapping.ignored.push(Ignored { index, header });
            }
        }
    }

    /// The village of a sheet's name: one that is known, or one that is called as villages are.
    fn village_of(&self, sheet: &str) -> Option<String> {
        let name = sheet.trim();
        let ends = |ending: &String| name.len() > ending.len() && name.ends_with(ending.as_str());
        let is_village =
            self.villages.contains(name) || self.tables.words.village_endings.iter().any(ends);
        is_village.then(|| name.to_owned())
    }

    fn read(
        &mut self,
        line: &Line,
        out: &mut dyn FnMut(LedgerRow) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let (State::Reading(plan), Some(sheet)) = (&mut self.state, &self.sheet) else {
            return ControlFlow::Continue(());
        };
        plan.note_unnamed(line);
        let count = match record::fate(line, plan, self.tables) {
            Fate::Total => &mut self.report.n_totals,
            Fate::Footer => &mut self.report.n_footers,
            Fate::Header => &mut self.report.n_headers,
            Fate::Blank => &mut self.report.n_blank,
            Fate::Record => {
                self.report.n_rows += 1;
                let (values, problems) = record::read(line, plan, (self.tables, sheet.epoch));
                let row = line.number;
                return out(LedgerRow { sheet: sheet.clone(), row, values, problems });
            }
        };
        *count += 1;
        ControlFlow::Continue(())
    }
}

fn tell(tables: &Columns, header: &str, field: &str) -> Result<Told, TermsError> {
    if let Meaning::Refused(reason) = tables.meaning(header, None) {
        return Err(TermsError::Refused { header: header.to_owned(), reason });
    }
    if fold(field).is_empty() {
        return Ok((header.to_owned(), Meaning::LeftOut));
    }
    let index = tables.field(field).ok_or_else(|| TermsError::NoSuchField(field.to_owned()))?;
    Ok((header.to_owned(), Meaning::Field(index, 0)))
}
