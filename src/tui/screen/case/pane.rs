//! The panes of the sheet: how the room below the head is shared, and where one is in each.
//!
//! The pane that is open gets what it needs, up to a bound that leaves its neighbours a glance; the
//! others follow in order while two lines are left. A pane that has no room is named at the edge.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::api::reply::CaseSheet;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::case::steps::At;
use crate::tui::screen::case::{attached, clocks, closing, course, receipts, steps, words};
use crate::tui::screen::{View, copy, row};
use crate::tui::widget::table::{Cell, Table};

/// The least lines of a pane: its rule and one line.
const LINES_MIN: usize = 2;
/// The lines that the open pane leaves to the others.
const LINES_LEFT: usize = 4;

/// How many panes there are.
const N_PANES: usize = Pane::ALL.len();

/// A pane, in the order of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The time line: what was done, who has it now, what runs and what comes next.
    Course,
    /// All clocks.
    Clocks,
    /// What was done, the newest first.
    Steps,
    /// The request, word for word, and what is planned.
    Words,
    /// Receipts.
    Receipts,
    /// What it needs before it can be concluded.
    Closing,
    /// What is attached.
    Attached,
}

impl Pane {
    /// All panes in order.
    pub const ALL: [Self; 7] = [
        Self::Course,
        Self::Clocks,
        Self::Steps,
        Self::Words,
        Self::Receipts,
        Self::Closing,
        Self::Attached,
    ];

    const fn title(self) -> &'static str {
        match self {
            Self::Course => "case.pane.course",
            Self::Clocks => "case.pane.clocks",
            Self::Steps => "case.pane.steps",
            Self::Words => "case.pane.words",
            Self::Receipts => "case.pane.receipts",
            Self::Closing => "case.pane.closing",
            Self::Attached => "case.pane.attached",
        }
    }

    /// Whether a case has it: nothing is asked of one from an old ledger.
    pub fn is_there(self, sheet: &CaseSheet) -> bool {
        match self {
            Self::Closing => !sheet.requirements.is_empty(),
            Self::Attached => !sheet.case.attachments.is_empty(),
            Self::Course | Self::Clocks | Self::Steps | Self::Words | Self::Receipts => true,
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
    /// The line within the selected step.
    pub line: usize,
}

/// What a pane shows.
pub struct Body {
    /// All its rows, with titles if its columns have any.
    pub table: Table,
    /// A line below them that always stays.
    pub foot: Option<Cell>,
}

impl Body {
    /// The lines of rule, titles and foot.
    fn n_fixed(&self) -> usize {
        let has_titles = self.table.columns.iter().any(|column| !column.title.is_empty());
        1 + usize::from(has_titles) + usize::from(self.foot.is_some())
    }

    fn height(&self) -> usize {
        self.n_fixed() + self.table.rows.len()
    }

    /// How many rows are seen in a height.
    fn room(&self, height: usize) -> usize {
        height.saturating_sub(self.n_fixed())
    }

    /// The first row seen: the selected one in the middle, or the line that was scrolled to.
    fn top(&self, height: usize, at: usize) -> usize {
        let room = self.room(height);
        let wanted = match self.table.selected {
            Some(row) => row.saturating_sub(room / 2),
            None => at,
        };
        wanted.min(self.table.rows.len().saturating_sub(room))
    }
}

/// How many rows a pane has whose rows can be selected.
pub fn n_rows(sheet: &CaseSheet, pane: Pane) -> usize {
    match pane {
        Pane::Clocks => sheet.deadlines.len(),
        Pane::Receipts => sheet.receipts.len(),
        Pane::Closing => sheet.requirements.len(),
        Pane::Attached => sheet.case.attachments.len(),
        Pane::Steps => sheet.case.steps.len(),
        Pane::Course | Pane::Words => 0,
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
    let heights = share_out(size.1, needs(sheet, &bodies), spot.pane);
    let place = spot.pane as usize;
    let room = bodies[place].room(heights[place]).max(1);
    let last = match bodies[place].table.selected {
        Some(_) => n_rows(sheet, spot.pane).saturating_sub(1),
        None => bodies[place].table.rows.len().saturating_sub(room),
    };
    (last, room.saturating_sub(1).max(1))
}

/// The first row that is seen in the open pane. `size` is the room below the head.
pub fn top(sheet: &CaseSheet, view: &View<'_>, size: (usize, usize), spot: Spot) -> usize {
    let bodies = bodies(sheet, view, size.0, spot);
    let heights = share_out(size.1, needs(sheet, &bodies), spot.pane);
    let place = spot.pane as usize;
    bodies[place].top(heights[place], spot.at)
}

/// Draws the panes in the room below the head.
pub fn draw(sheet: &CaseSheet, frame: &mut Frame<'_>, area: Rect, (view, spot): (&View<'_>, Spot)) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let bodies = bodies(sheet, view, width, spot);
    let heights = share_out(height, needs(sheet, &bodies), spot.pane);
    let last = heights.iter().rposition(|height| *height > 0);
    let mut rest = area;
    for (place, (pane, body)) in Pane::ALL.into_iter().zip(bodies).enumerate() {
        let height = heights[place];
        if height == 0 {
            continue;
        }
        let is_open = pane == spot.pane;
        let top = body.top(height, if is_open { spot.at } else { 0 });
        let mut right = Vec::new();
        let n_below = body.table.rows.len().saturating_sub(top + body.room(height));
        if n_below > 0 {
            let key = if is_open { "row.more" } else { "case.pane.rest" };
            let args = [("count", n_below.to_string())];
            right.push(Cell::role(locale::fill(view.lang, key, &args), Role::Dim));
        }
        if Some(place) == last {
            right.extend(hidden(sheet, view, heights));
        }
        let title = title(sheet, view, pane, is_open);
        row::paint(frame, rest, &[row::rule(view, &[title], &right, width)]);
        let below = row::below(rest, height);
        let own = Rect { height: rest.height - below.height, ..rest };
        draw_body(body, frame, row::below(own, 1), (view, top));
        rest = below;
    }
}

/// Draws the rows of a pane from one on, and its foot.
fn draw_body(body: Body, frame: &mut Frame<'_>, area: Rect, (view, top): (&View<'_>, usize)) {
    let mut area = area;
    if let Some(foot) = body.foot
        && let Some(bottom) = row::bottom(area, 1)
    {
        area.height -= 1;
        let line = row::strip(view, &[foot], usize::from(area.width));
        row::paint(frame, bottom, &[line]);
    }
    let mut table = body.table;
    table.rows.drain(..top.min(table.rows.len()));
    table.selected = table.selected.and_then(|row| row.checked_sub(top));
    table.draw(area, frame.buffer_mut(), view.look);
}

/// Every pane as text, with nothing cut.
pub fn text(sheet: &CaseSheet, view: &View<'_>) -> Vec<String> {
    let spot = Spot { pane: Pane::Clocks, at: 0, line: 0 };
    let bodies = bodies(sheet, view, copy::UNCUT, spot);
    let mut lines = Vec::new();
    let bodies = Pane::ALL.into_iter().zip(bodies);
    for (pane, body) in bodies.filter(|(pane, _)| pane.is_there(sheet)) {
        lines.push(String::new());
        lines.push(name(sheet, view, pane));
        lines.extend(copy::of_table(&body.table));
        lines.extend(body.foot.map(|foot| foot.pieces.into_iter().map(|(text, _)| text).collect()));
    }
    lines
}

fn bodies(sheet: &CaseSheet, view: &View<'_>, width: usize, spot: Spot) -> [Body; N_PANES] {
    let at = |pane: Pane| (spot.pane == pane).then_some(spot.at);
    [
        course::body(sheet, view, width),
        clocks::body(sheet, view, width, at(Pane::Clocks)),
        steps::body(sheet, view, width, at(Pane::Steps).map(|step| At { step, line: spot.line })),
        words::body(sheet, view, width),
        receipts::body(sheet, view, width, at(Pane::Receipts)),
        closing::body(sheet, view, at(Pane::Closing)),
        attached::body(sheet, view, at(Pane::Attached)),
    ]
}

/// The lines that each pane needs.
fn needs(sheet: &CaseSheet, bodies: &[Body; N_PANES]) -> [usize; N_PANES] {
    let mut needs = bodies.each_ref().map(Body::height);
    for (need, pane) in needs.iter_mut().zip(Pane::ALL) {
        *need = if pane.is_there(sheet) { *need } else { 0 };
    }
    needs
}

/// The number that stands beside the title of a pane.
fn count(sheet: &CaseSheet, pane: Pane) -> String {
    let count = match pane {
        Pane::Clocks => sheet.deadlines.len(),
        Pane::Steps => sheet.case.steps.len(),
        Pane::Course | Pane::Words => return String::new(),
        Pane::Receipts => sheet.receipts.len(),
        Pane::Attached => sheet.case.attached().count(),
        Pane::Closing => {
            let all = sheet.requirements.len();
            return format!(" {}/{all}", all - closing::n_missing(sheet));
        }
    };
    format!(" {count}")
}

fn title(sheet: &CaseSheet, view: &View<'_>, pane: Pane, is_open: bool) -> Cell {
    let text = name(sheet, view, pane);
    if is_open { Cell::role(format!("[{text}]"), Role::Tab) } else { Cell::role(text, Role::Group) }
}

fn name(sheet: &CaseSheet, view: &View<'_>, pane: Pane) -> String {
    format!("{}{}", locale::text(view.lang, pane.title()), count(sheet, pane))
}

/// The panes that have no room, so that the clerk knows of them.
fn hidden(sheet: &CaseSheet, view: &View<'_>, heights: [usize; N_PANES]) -> Option<Cell> {
    let panes = Pane::ALL.into_iter().zip(heights).filter(|(_, height)| *height == 0);
    let panes = panes.filter(|(pane, _)| pane.is_there(sheet));
    let names: Vec<_> = panes.map(|(pane, _)| name(sheet, view, pane)).collect();
    let args = [("panes", names.join(" "))];
    let text = || locale::fill(view.lang, "case.pane.hidden", &args);
    (!names.is_empty()).then(|| Cell::role(text(), Role::Dim))
}

/// Shares lines out among panes that need so many.
fn share_out(total: usize, needs: [usize; N_PANES], open: Pane) -> [usize; N_PANES] {
    let mut heights = [0; N_PANES];
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
        assert_eq!(share_out(15, [8, 9, 12, 5, 5, 0, 0], Pane::Course), [8, 7, 0, 0, 0, 0, 0]);
        assert_eq!(share_out(15, [8, 9, 12, 5, 5, 0, 0], Pane::Steps), [4, 0, 11, 0, 0, 0, 0]);
        assert_eq!(share_out(15, [8, 24, 12, 5, 5, 0, 0], Pane::Clocks), [4, 11, 0, 0, 0, 0, 0]);
        assert_eq!(share_out(15, [8, 9, 12, 5, 5, 0, 0], Pane::Receipts), [8, 2, 0, 0, 5, 0, 0]);
        assert_eq!(share_out(0, [8, 9, 12, 5, 5, 0, 0], Pane::Clocks), [0; 7]);
        for total in 0..60 {
            for open in Pane::ALL {
                let heights = share_out(total, [9, 12, 40, 30, 7, 20, 6], open);
                assert!(heights.iter().sum::<usize>() <= total);
                assert!(total < 2 || heights[open as usize] >= 2);
            }
        }
    }
}
