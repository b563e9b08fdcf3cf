//! A table that was read: its sheets and columns, and how they are named.

use crate::api::reply::ImportView;
use crate::locale::{self, Lang};

/// A table that was read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TableRead {
    /// What it is called.
    pub name: String,
    /// The name under which its rows are kept aside.
    pub hash: String,
    /// Its columns.
    pub columns: Vec<ColumnRead>,
    /// The sheets of its workbook; none if it is one table.
    pub sheets: Vec<SheetRead>,
    /// Rows that name no day of receipt.
    pub n_undated: u64,
    /// The keys of the fields that a column may fill.
    pub fields: Vec<String>,
    /// What is to be said of it beyond its rows.
    pub notes: Vec<String>,
    /// Whether the first row of pasted cells is taken as a row like the others.
    pub is_headless: bool,
    /// What would become of its rows, all of it.
    pub view: ImportView,
}

impl TableRead {
    /// How many sheets were read; a file that is one table counts as one.
    pub fn n_sheets(&self) -> usize {
        let is_read = |sheet: &&SheetRead| sheet.state == SheetState::Read;
        self.sheets.iter().filter(is_read).count().max(1)
    }

    /// Whether its sheets have other columns than one another, so that each column names its own.
    pub fn is_unlike(&self) -> bool {
        let n_all = self.n_sheets();
        self.columns.iter().any(|column| column.sheets.len() < n_all)
    }
}

// The samples are persons' data, so that no log may hold them.
impl std::fmt::Debug for TableRead {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "TableRead({} {})", self.columns.len(), self.view.rows)
    }
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRead {
    /// Its name.
    pub name: String,
    /// Its rows that are not blank.
    pub n_rows: u64,
    /// What became of it.
    pub state: SheetState,
}

/// What became of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetState {
    /// It was read.
    Read,
    /// It has no header.
    Headless,
    /// The workbook hides it, so that it is read only if it is chosen.
    Hidden,
    /// Another one was chosen, or nothing stands in it.
    Aside,
}

impl SheetState {
    /// The word of the state.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Headless => "headless",
            Self::Hidden => "hidden",
            Self::Aside => "aside",
        }
    }
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq)]
pub struct ColumnRead {
    /// Its letter in the first sheet that has it.
    pub letter: String,
    /// Its header.
    pub header: String,
    /// The sheets in which it stands.
    pub sheets: Vec<String>,
    /// What stands in it.
    pub samples: Vec<String>,
    /// What it fills.
    pub fills: Fills,
}

/// What a column fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fills {
    /// The fields of these keys.
    Fields(Vec<String>),
    /// It is never taken, for this reason (`refused_column.KEY` in the catalogue).
    Never(String),
    /// Nothing.
    Nothing,
}

/// The sheets in which something stands, of so many that were read: the first of them, and how many
/// they are; none if that is all of them.
pub fn some_sheets(lang: Lang, (sheets, n_all): (&[String], usize)) -> Option<String> {
    const NAMED_MAX: usize = 3;
    if sheets.len() >= n_all {
        return None;
    }
    let names: Vec<&str> = sheets.iter().take(NAMED_MAX).map(String::as_str).collect();
    let names = names.join(&locale::text(lang, "incoming.sheets.and"));
    if sheets.len() <= NAMED_MAX {
        return Some(names);
    }
    let args = [("names", names), ("count", sheets.len().to_string())];
    Some(locale::fill(lang, "incoming.sheets.more", &args))
}

/// A header or a field with the sheets in which it stands, unless it stands in all of them.
pub fn in_sheets(lang: Lang, name: &str, place: (&[String], usize)) -> String {
    match some_sheets(lang, place) {
        Some(sheets) => {
            let args = [("name", name.to_owned()), ("sheets", sheets)];
            locale::fill(lang, "incoming.sheets.in", &args)
        }
        None => name.to_owned(),
    }
}

/// What a field is called.
pub fn column_label(lang: Lang, column: Option<&str>) -> String {
    let column = column.unwrap_or_default();
    locale::find(lang, &format!("import.{column}")).unwrap_or(column).to_owned()
}
