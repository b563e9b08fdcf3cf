//! What is attached to the case; the screen of attachments fetches, adds and removes.

use crate::api::reply::CaseSheet;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::attachment;
use crate::tui::screen::case::pane::Body;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The pane; `at` is the selected row if the pane is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, at: Option<usize>) -> Body {
    let own = sheet.case.attachments.iter();
    let rows = own.map(|(number, own)| Row::Cells {
        cells: attachment::cells((*number, own), sheet, view),
        mark: Mark::Off,
    });
    let table = Table { columns: attachment::columns(view), rows: rows.collect(), selected: at };
    let foot = at.map(|_| Cell::role(locale::text(view.lang, "case.attached.hint"), Role::Hint));
    Body { table, foot }
}
