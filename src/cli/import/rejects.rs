//! The rows that were refused, as a workbook that can be mended and brought in again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::RowRefusal;
use crate::cli::import::reading::Source;
use crate::exchange::cell::Row;
use crate::exchange::columns::Columns;
use crate::exchange::file::{self, Existing};
use crate::exchange::ledger::Report;
use crate::exchange::write::{Labels, Rejects};
use crate::locale::{self, Lang};
use crate::tui::incoming::table::column_label;
use crate::tui::incoming::why;

/// Whether a list of refused rows can be written there, before anything is taken in.
///
/// # Errors
/// Something is there already, or there is no such folder.
pub fn can_write(out: &str) -> Result<(), Refusal> {
    let path = Path::new(out);
    if path.symlink_metadata().is_ok() {
        return Err(Refusal::new(RefusalKind::Invalid, "file_is_there").with("name", out));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            Err(Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", "--refused"))
        }
        _ => Ok(()),
    }
}

/// Writes the refused rows, as they stand in the file, with a column of reasons.
///
/// # Errors
/// The file cannot be written, or not be read again.
pub fn write(
    lang: Lang,
    (out, source): (&str, &Source),
    refused: (&Report, &[RowRefusal]),
) -> Result<(), Refusal> {
    let bytes = workbook(lang, source, refused)?;
    file::save(Path::new(out), &bytes, Existing::Keep).map_err(|_| cannot_write())
}

fn cannot_write() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", "--refused")
}

/// The refused rows as a workbook, as they stand in the file, with a column of reasons.
///
/// # Errors
/// The file cannot be read again, or its rows fit into no workbook.
pub fn workbook(
    lang: Lang,
    source: &Source,
    (report, refusals): (&Report, &[RowRefusal]),
) -> Result<Vec<u8>, Refusal> {
    let mut reasons: BTreeMap<(&str, u32), String> = BTreeMap::new();
    for refusal in refusals {
        let reason = reasons.entry((refusal.sheet.as_str(), refusal.row)).or_default();
        let label = column_label(lang, refusal.column.as_deref());
        let _ = write!(reason, "{label}: {}  ", why(lang, refusal));
    }
    let labels = Labels {
        reason: locale::text(lang, "shell.import.reason"),
        row: locale::text(lang, "shell.import.row"),
        sheet: locale::text(lang, "shell.import.sheet"),
    };
    let tables = Columns::built_in(source.topic);
    let mut rejects = Rejects::new((&tables, &report.mappings), &labels);
    source.rows(&mut |row: Row| {
        if let Some(reason) = reasons.get(&(row.sheet.name.as_str(), row.line.number)) {
            rejects.push(&row, reason.trim_end());
        }
        ControlFlow::Continue(())
    })?;
    rejects.bytes().map_err(|_| cannot_write())
}
