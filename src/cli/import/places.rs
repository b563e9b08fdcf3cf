//! In which sheets of a workbook a header stands, where its sheets are laid out unlike one another.

use std::collections::BTreeMap;

use crate::exchange::columns::fold;
use crate::exchange::ledger::Report;
use crate::locale::Lang;
use crate::tui::incoming::table::in_sheets;

/// The headers of a workbook with their sheets.
pub struct Places {
    sheets: BTreeMap<String, Vec<String>>,
    n_sheets: usize,
}

impl Places {
    /// The headers of a file that was read.
    pub fn of(report: &Report) -> Self {
        let mut sheets: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for mapping in &report.mappings {
            let filled = mapping.columns.iter().map(|column| &column.header);
            let dropped = mapping.dropped.iter().map(|column| &column.header);
            let ignored = mapping.ignored.iter().map(|column| &column.header);
            for header in filled.chain(dropped).chain(ignored) {
                let of = sheets.entry(fold(header)).or_default();
                if of.last() != Some(&mapping.sheet) {
                    of.push(mapping.sheet.clone());
                }
            }
        }
        Self { sheets, n_sheets: report.mappings.len() }
    }

    /// A header with the sheets in which it stands, unless that is all of them.
    pub fn said(&self, lang: Lang, header: &str) -> String {
        let sheets = self.sheets.get(&fold(header)).map_or(&[][..], Vec::as_slice);
        in_sheets(lang, header, (sheets, self.n_sheets))
    }
}
