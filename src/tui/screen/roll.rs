//! A list that is held whole, or grows at its end: the selected row, and which rows are in sight.
//!
//! INVARIANT: `at` is a row of the list, or the list is empty.

use crate::tui::screen::{Nav, Step};

/// How far before its end a list asks for more.
const AHEAD: usize = 10;

/// Where one is in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roll {
    /// The selected row.
    pub at: usize,
    /// The first row in sight.
    pub top: usize,
    /// How many rows there is room for.
    pub height: usize,
}

impl Roll {
    /// Selects the row of a list of so many that lies on a line of those in sight; gives whether it was
    /// selected already, so that a second click opens it.
    pub fn click(&mut self, line: Option<u16>, n_rows: usize) -> bool {
        let clicked = self.row_at(line, n_rows);
        let was_selected = clicked == Some(self.at);
        self.at = clicked.unwrap_or(self.at);
        was_selected
    }

    fn row_at(&self, line: Option<u16>, n_rows: usize) -> Option<usize> {
        let line = line.map(usize::from).filter(|line| *line < self.height)?;
        Some(self.top + line).filter(|row| *row < n_rows)
    }

    /// Moves in a list of so many rows.
    pub fn go(&mut self, nav: Nav, n_rows: usize) {
        let last = n_rows.saturating_sub(1);
        let page = self.height.max(1);
        let at = match nav {
            Nav::Row(digit) => {
                let place = usize::from(digit).saturating_sub(1);
                if place < self.height { self.top + place } else { self.at }
            }
            _ => nav.moved(self.at, (page, last)).unwrap_or(self.at),
        };
        self.at = at.min(last);
        self.settle(n_rows);
    }

    /// Moves in a list of so many rows if that is asked; anything else is left to the program.
    pub fn on(&mut self, nav: Nav, n_rows: usize) -> Step {
        match nav {
            Nav::Up
            | Nav::Down
            | Nav::PageUp
            | Nav::PageDown
            | Nav::First
            | Nav::Last
            | Nav::Row(_) => {
                self.go(nav, n_rows);
                Step::Stay
            }
            _ => Step::Pass,
        }
    }

    /// Keeps the selected row in sight, after a move or a change of size.
    pub fn settle(&mut self, n_rows: usize) {
        self.at = self.at.min(n_rows.saturating_sub(1));
        let height = self.height.max(1);
        self.top = self.top.min(self.at).max((self.at + 1).saturating_sub(height));
        self.top = self.top.min(n_rows.saturating_sub(height.min(n_rows)));
    }

    /// Whether the selection is near the end, so that more rows are wanted.
    pub fn nears_end(&self, n_rows: usize) -> bool {
        self.at + self.height + AHEAD >= n_rows
    }

    /// Whether there are rows below those in sight.
    pub fn has_more_below(&self, n_rows: usize) -> bool {
        self.top + self.height < n_rows
    }
}

/// Marks a row, or takes its mark away.
pub fn toggle<T: PartialEq>(marked: &mut Vec<T>, one: T) {
    match marked.iter().position(|own| *own == one) {
        Some(at) => drop(marked.remove(at)),
        None => marked.push(one),
    }
}

#[cfg(test)]
mod tests {
    use super::Roll;
    use crate::tui::screen::{Nav, Step};

    #[test]
    fn the_selection_stays_in_the_list_and_in_sight() {
        let mut roll = Roll { height: 5, ..Roll::default() };
        for n_rows in [0, 1, 4, 5, 6, 40] {
            for nav in [Nav::Last, Nav::Up, Nav::PageUp, Nav::Down, Nav::PageDown, Nav::First] {
                roll.go(nav, n_rows);
                assert!(roll.at < n_rows.max(1));
                assert!(roll.top <= roll.at && roll.at < roll.top + 5, "{nav:?} {roll:?}");
            }
        }
        assert!(matches!(roll.on(Nav::Row(3), 40), Step::Stay));
        assert_eq!(roll.at, roll.top + 2);
        assert!(matches!(roll.on(Nav::Open, 40), Step::Pass));
        assert!(roll.has_more_below(40) && !roll.has_more_below(5));
    }

    #[test]
    fn a_second_click_on_a_row_opens_it_and_one_beside_the_list_does_nothing() {
        let mut roll = Roll { at: 2, top: 2, height: 5 };
        assert!(!roll.click(Some(1), 10) && roll.at == 3);
        assert!(roll.click(Some(1), 10) && roll.at == 3);
        for beside in [None, Some(5), Some(u16::MAX)] {
            assert!(!roll.click(beside, 10) && roll.at == 3);
        }
        assert!(!roll.click(Some(4), 6) && roll.at == 3, "the list ends above");
    }
}
