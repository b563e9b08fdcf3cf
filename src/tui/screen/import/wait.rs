//! What is seen in place of a table while it is read, or because it cannot be: the bar of progress,
//! or why.

use ratatui::text::Line;

use crate::api::refusal::Refusal;
use crate::locale;
use crate::tui::incoming::Progress;
use crate::tui::look::Role;
use crate::tui::screen::{View, row};
use crate::tui::text::wrap;
use crate::tui::widget::table::Cell;

/// The columns of the bar of progress.
const BAR: usize = 40;

/// Why no table is seen.
#[derive(Debug, Clone, Copy)]
pub enum Wait<'w> {
    /// It cannot be read.
    Why(&'w Refusal),
    /// It is being read.
    Reading(Progress),
    /// It is to be read.
    Begins,
}

impl Wait<'_> {
    /// What is said instead, below an empty line.
    pub fn lines(self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let told = match self {
            Self::Why(why) => {
                let wrongs = why.wrongs.iter().map(|wrong| {
                    let why = locale::text(view.lang, &format!("wrong.{}", wrong.why));
                    format!("{} {why}", wrong.field)
                });
                let args: Vec<(&str, &String)> =
                    why.args.iter().map(|(name, value)| (name.as_str(), value)).collect();
                let head = locale::fill(view.lang, &why.key, &args);
                let again = locale::text(view.lang, "incoming.again");
                std::iter::once(head).chain(wrongs).chain([again]).collect::<Vec<_>>()
            }
            Self::Reading(progress) => {
                let args = [
                    ("percent", progress.percent.to_string()),
                    ("count", progress.n_rows.to_string()),
                ];
                let said = locale::fill(view.lang, "incoming.progress", &args);
                let bar = format!("{} {said}", bar(usize::from(progress.percent)));
                vec![bar, locale::text(view.lang, "incoming.stop")]
            }
            Self::Begins => vec![locale::text(view.lang, "row.waiting")],
        };
        let role = if matches!(self, Self::Why(_)) { Role::Warning } else { Role::Text };
        let lines = told.iter().flat_map(|text| wrap(text.trim(), width));
        let lines = lines.map(|line| row::strip(view, &[Cell::role(line, role)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }
}

/// A bar that is full to so many hundredths.
pub fn bar(percent: usize) -> String {
    let n_full = percent.min(100) * BAR / 100;
    format!("[{}{}]", "#".repeat(n_full), ".".repeat(BAR - n_full))
}
