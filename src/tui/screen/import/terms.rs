//! How a table is read beyond its columns, in words: which sheets, the day of rows that name none,
//! and where a row stands.

use crate::locale;
use crate::tui::incoming::table::TableRead;
use crate::tui::incoming::{Origin, ReadTerms};
use crate::tui::screen::{View, row};

/// Which sheets of a table are read.
pub fn sheets(view: &View<'_>, read: Option<&TableRead>, terms: &ReadTerms) -> String {
    let Some(name) = &terms.sheet else {
        let n_sheets = read.map_or(1, TableRead::n_sheets);
        return row::counted(view, "incoming.sheet.read_all", n_sheets as u64);
    };
    locale::fill(view.lang, "incoming.sheet.read_one", &[("name", row::flat(name))])
}

/// The day of its rows that name none.
pub fn day(view: &View<'_>, read: Option<&TableRead>, terms: &ReadTerms) -> String {
    let n_undated = read.map_or(0, |read| read.n_undated);
    let args =
        [("count", n_undated.to_string()), ("day", terms.received_on.clone().unwrap_or_default())];
    let key = match (&terms.received_on, n_undated) {
        (Some(_), _) => "incoming.day.set",
        (None, 0) => "incoming.day.all",
        (None, _) => "incoming.day.missing",
    };
    locale::fill(view.lang, key, &args)
}

/// Where a row stands: in which sheet, or in what was pasted.
pub fn place(view: &View<'_>, origin: &Origin, (sheet, row): (&str, u32)) -> String {
    let key = match origin {
        Origin::File(_) => "incoming.place",
        Origin::Cells(..) => "incoming.place.cells",
    };
    let args = [("sheet", sheet.to_owned()), ("row", row.to_string())];
    locale::fill(view.lang, key, &args).trim().to_owned()
}
