//! What others changed in a window: the rows that are marked for it, and a selected row that is gone.

use std::collections::BTreeMap;

use crate::tui::screen::Step;
use crate::tui::screen::window::{Identity, Item, Listed, Window};

impl<R: Listed> Window<R> {
    /// Rows of another version than before, and rows that came in between.
    pub(super) fn note_changes(&mut self, items: &[Item<R>]) {
        let old: BTreeMap<_, _> =
            self.items.iter().map(|item| (item.row.identity(), item.row.version())).collect();
        let is_known = |item: &Item<R>| old.contains_key(&item.row.identity());
        let n_between = items.iter().rposition(is_known).unwrap_or(0);
        for (place, item) in items.iter().enumerate() {
            let is_changed = match old.get(&item.row.identity()) {
                Some(version) => *version != item.row.version(),
                None => place < n_between,
            };
            if is_changed {
                self.changed.insert(item.row.identity());
            }
        }
        self.changed.retain(|id| items.iter().any(|item| item.row.identity() == *id));
    }

    /// Where the selection goes among the same rows as they are now: with its row, else, if that is
    /// gone, to the nearest one that is still there, the next before the last.
    pub(super) fn nearest(&mut self, items: &[Item<R>]) -> Option<usize> {
        let at = |id: Identity| items.iter().position(|item| item.row.identity() == id);
        let own = self.selected()?;
        if let Some(place) = at(own.identity()) {
            return Some(place);
        }
        self.gone = Some(own.name());
        let (before, behind) = self.items.split_at_checked(self.at)?;
        let mut around = behind.iter().skip(1).chain(before.iter().rev());
        around.find_map(|item| at(item.row.identity()))
    }

    /// A screen's step after new rows: that the selected one is gone is said once, when no more rows
    /// are to come first.
    pub fn after_fill(&mut self, step: Step) -> Step {
        match (step, &mut self.gone) {
            (Step::Stay, gone @ Some(_)) => gone.take().map_or(Step::Stay, Step::Gone),
            (step, _) => step,
        }
    }
}
