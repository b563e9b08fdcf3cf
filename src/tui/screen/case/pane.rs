//! The panes of the sheet: how the room below the head is shared, and where one is in each.
//!
//! The pane that is open gets what it needs, up to a bound that leaves its neighbours a glance; the
//! others follow in order while two lines are left. A pane that has no room is named at the edge.

use ratatui::text::Line;

use crate::api::reply::CaseSheet;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::{clocks, receipts, steps, words};
use crate::tui::screen::row::{self, Cell};

/// The least lines of a pane: its rule and one line.
const LINES_MIN: usize = 2;
/// The lines that the open pane leaves to the others.
const LINES_LEFT: usize = 4;

/// A pane, in the order of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Clocks.
    Clocks,
    /// What was done, the newest first.
    Steps,
    /// The request, word for word, and what is planned.
    Words,
    /// Receipts.
    Receipts,
}

impl Pane {
    /// All panes in order.
    pub const ALL: [Self; 4] = [Self::Clocks, Self::Steps, Self::Words, Self::Receipts];

    const fn title(self) -> &'static str {
        match self {
            Self::Clocks => "case.pane.clocks",
            Self::Steps => "case.pane.steps",
            Self::Words => "case.pane.words",
            Self::Receipts => "case.pane.receipts",
        }
    }
}

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The pane that is open.
    pub pane: Pane,
    /// The selected row there, or the first line of its text.
    pub at: usize,
}

/// The lines of a pane.
pub struct Body {
    /// Lines that stay when the others scroll.
    pub head: Vec<Line<'static>>,
    /// Lines that scroll.
    pub lines: Vec<Line<'static>>,
    /// The line of the selected row, in a pane with rows.
    pub selected: Option<usize>,
    /// Lines below.
    pub foot: Vec<Line<'static>>,
}

impl Body {
    fn height(&self) -> usize {
        1 + self.head.len() + self.lines.len() + self.foot.len()
    }

    /// How many lines can scroll in a height, rule and fixed lines taken off.
    fn room(&self, height: usize) -> usize {
        let fixed = 1 + self.head.len() + self.foot.len();
        height.saturating_sub(fixed)
    }

    /// The first line shown: the selected row in the middle, or the line that was scrolled to.
    fn top(&self, height: usize, at: usize) -> usize {
        let room = self.room(height);
        let wanted = match self.selected {
            Some(line) => line.saturating_sub(room / 2),
            None => at,
        };
        wanted.min(self.lines.len().saturating_sub(room))
    }
}

/// How many rows a pane has whose rows can be selected.
pub fn n_rows(sheet: &CaseSheet, pane: Pane) -> usize {
    match pane {
        Pane::Clocks => sheet.deadlines.len(),
        Pane::Receipts => sheet.receipts.len(),
        Pane::Steps | Pane::Words => 0,
    }
}

/// The last place in the open pane, and how far a page goes. `size` is the room below the head:
/// width and height.
pub fn extent(
    sheet: &CaseSheet,
    view: &View<'_>,
    size: (usize, usize),
    spot: Spot,
) -> (usize, usize) {
    let bodies = bodies(sheet, view, size.0, spot);
    let heights = share_out(size.1, bodies.each_ref().map(Body::height), spot.pane);
    let place = spot.pane as usize;
    let room = bodies[place].room(heights[place]).max(1);
    let last = match bodies[place].selected {
        Some(_) => n_rows(sheet, spot.pane).saturating_sub(1),
        None => bodies[place].lines.len().saturating_sub(room),
    };
    (last, room.saturating_sub(1).max(1))
}

/// The lines below the head. `size` is their room: width and height.
pub fn lines(
    sheet: &CaseSheet,
    view: &View<'_>,
    size: (usize, usize),
    spot: Spot,
) -> Vec<Line<'static>> {
    let (width, height) = size;
    let bodies = bodies(sheet, view, width, spot);
    let heights = share_out(height, bodies.each_ref().map(Body::height), spot.pane);
    let counts = Pane::ALL.map(|pane| count(sheet, pane));
    let last = heights.iter().rposition(|height| *height > 0);
    let mut out = Vec::with_capacity(height);
    for (place, (pane, body)) in Pane::ALL.into_iter().zip(bodies).enumerate() {
        let height = heights[place];
        if height == 0 {
            continue;
        }
        let is_open = pane == spot.pane;
        let top = body.top(height, if is_open { spot.at } else { 0 });
        let room = body.room(height);
        let mut right = Vec::new();
        if top + room < body.lines.len() {
            right.push(Cell::new(Role::Dim, locale::text(view.lang, "row.more")));
        }
        if Some(place) == last {
            right.extend(hidden(view, heights, &counts));
        }
        out.push(row::rule(view, &[title(view, pane, is_open, &counts[place])], &right, width));
        let end = out.len() + height - 1;
        out.extend(body.head);
        out.extend(body.lines.into_iter().skip(top).take(room));
        out.extend(body.foot);
        out.truncate(end);
    }
    out
}

fn bodies(sheet: &CaseSheet, view: &View<'_>, width: usize, spot: Spot) -> [Body; 4] {
    let at = |pane: Pane| (spot.pane == pane).then_some(spot.at);
    [
        clocks::body(sheet, view, width, at(Pane::Clocks)),
        steps::body(sheet, view, width, at(Pane::Steps)),
        words::body(sheet, view, width),
        receipts::body(sheet, view, width, at(Pane::Receipts)),
    ]
}

/// The number that stands beside the title of a pane.
fn count(sheet: &CaseSheet, pane: Pane) -> String {
    let count = match pane {
        Pane::Clocks => sheet.deadlines.len(),
        Pane::Steps => sheet.case.steps.len(),
        Pane::Words => return String::new(),
        Pane::Receipts => sheet.receipts.len(),
    };
    format!(" {count}")
}

fn title(view: &View<'_>, pane: Pane, is_open: bool, count: &str) -> Cell {
    let text = format!("{}{count}", locale::text(view.lang, pane.title()));
    if is_open { Cell::new(Role::Tab, format!("[{text}]")) } else { Cell::new(Role::Group, text) }
}

/// The panes that have no room, so that the clerk knows of them.
fn hidden(view: &View<'_>, heights: [usize; 4], counts: &[String; 4]) -> Vec<Cell> {
    let names: Vec<_> = (0..Pane::ALL.len())
        .filter(|place| heights[*place] == 0)
        .map(|place| {
            format!("{}{}", locale::text(view.lang, Pane::ALL[place].title()), counts[place])
        })
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let args = [("panes", names.join(" "))];
    vec![Cell::new(Role::Dim, locale::fill(view.lang, "case.pane.hidden", &args))]
}

/// Shares lines out among panes that need so many.
fn share_out(total: usize, needs: [usize; 4], open: Pane) -> [usize; 4] {
    let mut heights = [0; 4];
    let open = open as usize;
    let bound = total.saturating_sub(LINES_LEFT).max(total * 2 / 3).max(LINES_MIN.min(total));
    heights[open] = needs[open].min(bound);
    let mut left = total - heights[open];
    for place in (0..needs.len()).filter(|place| *place != open) {
        if left < LINES_MIN {
            break;
        }
        heights[place] = needs[place].min(left);
        left -= heights[place];
    }
    // What nobody else wants, the open pane may have.
    heights[open] = needs[open].min(heights[open] + left);
    heights
}

#[cfg(test)]
mod tests {
    use super::{Pane, share_out};

    #[test]
    fn the_open_pane_leaves_its_neighbour_a_glance_and_nothing_is_given_twice() {
        assert_eq!(share_out(15, [8, 12, 5, 5], Pane::Clocks), [8, 7, 0, 0]);
        assert_eq!(share_out(15, [8, 12, 5, 5], Pane::Steps), [4, 11, 0, 0]);
        assert_eq!(share_out(15, [24, 12, 5, 5], Pane::Clocks), [11, 4, 0, 0]);
        assert_eq!(share_out(15, [8, 12, 5, 5], Pane::Receipts), [8, 2, 0, 5]);
        assert_eq!(share_out(0, [8, 12, 5, 5], Pane::Clocks), [0; 4]);
        for total in 0..60 {
            for open in Pane::ALL {
                let heights = share_out(total, [9, 40, 30, 7], open);
                assert!(heights.iter().sum::<usize>() <= total);
                assert!(total < 2 || heights[open as usize] >= 2);
            }
        }
    }
}
