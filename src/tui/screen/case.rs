//! The sheet of one case: who, what, which clocks, what was done, word for word.
//!
//! The head stays; below it lie five panes (`case/pane.rs` shares the room out). With the time line
//! open, the first screen of 80 x 24 has leader, holder, last step and what is due next.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{CaseSheet, PersonOf, Reply};
use crate::api::request::Request;
use crate::domain::ahead;
use crate::domain::ids::{CaseId, Kind, RecordRef};
use crate::domain::paper::Paper;
use crate::domain::receipt::Receipt;
use crate::domain::step::Deed;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::case::pane::{Pane, Spot};
use crate::tui::screen::case::steps::At;
use crate::tui::screen::copy::{self, Plain};
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::paper::voids;
use crate::tui::screen::person::PersonScreen;
use crate::tui::screen::step_picker::can_be_corrected;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row, why};
use crate::tui::widget::table::Cell;

mod attached;
mod clocks;
pub mod closing;
mod course;
mod head;
mod pane;
mod receipts;
pub mod steps;
pub mod words;

/// The most persons that one digit can choose among.
const CHOICES_MAX: usize = 9;

/// The sheet.
pub struct CaseScreen {
    id: CaseId,
    sheet: Loaded<CaseSheet>,
    pane: Pane,
    /// Where one is in each pane: the selected row, or the first line of a text.
    at: [usize; Pane::ALL.len()],
    /// The line within the selected step, of which there may be more than the pane has room for.
    line: usize,
    area: Rect,
    /// Whether a digit chooses the person whose values are to be seen in clear.
    is_choosing: bool,
    /// Where one is in the plain text, while that is seen.
    plain: Option<Plain>,
}

impl CaseScreen {
    /// The sheet of a case.
    pub fn new(id: CaseId) -> Self {
        Self {
            id,
            sheet: Loaded::Waiting,
            pane: Pane::Course,
            at: [0; Pane::ALL.len()],
            line: 0,
            area: Rect::default(),
            is_choosing: false,
            plain: None,
        }
    }

    /// The sheet of a case, open where it says what its conclusion lacks.
    pub fn closing(id: CaseId) -> Self {
        Self { pane: Pane::Closing, ..Self::new(id) }
    }

    fn spot(&self) -> Spot {
        Spot { pane: self.pane, at: self.at[self.pane as usize], line: self.line }
    }

    /// Moves within the pane that is open.
    fn scroll(&mut self, nav: Nav, view: &View<'_>) {
        let Some(sheet) = self.sheet.get() else { return };
        let size = self.room(sheet, view);
        let (last, page) = pane::extent(sheet, view, size, self.spot());
        let at = self.at[self.pane as usize];
        if self.pane == Pane::Steps {
            let (firsts, n_rows) = steps::firsts(sheet, view, size.0);
            let now = At { step: at, line: self.line };
            let next = match nav {
                Nav::Row(digit) => {
                    let top = pane::top(sheet, view, size, self.spot());
                    let first = firsts.iter().position(|row| *row >= top).unwrap_or(0);
                    let step = first + usize::from(digit).saturating_sub(1);
                    At { step: step.min(firsts.len().saturating_sub(1)), line: 0 }
                }
                nav => steps::moved(now, nav, (&firsts, n_rows), page + 1),
            };
            (self.at[Pane::Steps as usize], self.line) = (next.step, next.line);
            return;
        }
        self.at[self.pane as usize] = nav.moved(at, (page, last)).unwrap_or(at.min(last));
    }

    /// The room below the head: width and height.
    fn room(&self, sheet: &CaseSheet, view: &View<'_>) -> (usize, usize) {
        let (width, height) = (usize::from(self.area.width), usize::from(self.area.height));
        (width, height.saturating_sub(head::lines(sheet, view, width).len()))
    }

    /// The number of the selected step.
    fn step(&self) -> Option<u32> {
        let sheet = self.sheet.get().filter(|_| self.pane == Pane::Steps)?;
        let (number, step) = *steps::in_order(sheet).get(self.spot().at)?;
        can_be_corrected(step).then_some(number)
    }

    /// The paper that the selected step made, and by what it is voided.
    fn voids(&self) -> (Option<Paper>, Vec<(String, String)>) {
        let sheet = self.sheet.get().filter(|_| self.pane == Pane::Steps);
        let steps = sheet.map(steps::in_order).unwrap_or_default();
        let made = steps.get(self.spot().at).map(|(at, step)| (at, step, &step.deed));
        match made {
            Some((at, step, Deed::PaperMade { paper, voided: None, .. })) => {
                (Some(*paper), voids(step.document.as_deref(), Some(*at)))
            }
            Some(_) | None => (None, Vec::new()),
        }
    }

    fn turn(&mut self, by: usize) -> Step {
        let is_there = |pane: &Pane| self.sheet.get().is_none_or(|sheet| pane.is_there(sheet));
        let panes: Vec<Pane> = Pane::ALL.into_iter().filter(is_there).collect();
        let place = panes.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        let n_on = if by == 1 { 1 } else { panes.len() - 1 };
        self.pane = panes.get((place + n_on) % panes.len()).copied().unwrap_or(self.pane);
        Step::Stay
    }

    fn reveal(&mut self) -> Step {
        match self.persons().as_slice() {
            [] => Step::Say("case.nobody".to_owned(), Vec::new()),
            [only] => Step::Push(Box::new(PersonScreen::asking(only.id))),
            [_, _, ..] => {
                self.is_choosing = true;
                Step::Stay
            }
        }
    }

    fn persons(&self) -> Vec<&PersonOf> {
        self.sheet.get().map(|sheet| head::in_order(sheet)).unwrap_or_default()
    }

    /// Counts the selected clock; beside another pane, the first that runs.
    fn why(&self) -> Step {
        let clocks = self.sheet.get().map(|sheet| clocks::in_order(sheet)).unwrap_or_default();
        let at = if self.pane == Pane::Clocks { self.spot().at } else { 0 };
        why::open(self.id.into(), clocks.get(at).copied())
    }

    /// Leads to the form that supplies what is selected among the requirements.
    fn supply(&self) -> Step {
        let Some(sheet) = self.sheet.get() else { return Step::Pass };
        match closing::command(sheet, self.spot().at) {
            Some(command) => Step::Run(command.word),
            None => Step::Say("case.closing.is_met".to_owned(), Vec::new()),
        }
    }

    /// Goes to what its conclusion lacks.
    fn show_closing(&mut self) {
        self.pane = Pane::Closing;
        self.at[Pane::Closing as usize] = 0;
    }

    fn receipt(&self) -> Option<&Receipt> {
        let sheet = self.sheet.get().filter(|_| self.pane == Pane::Receipts)?;
        receipts::in_order(sheet).into_iter().nth(self.spot().at)
    }

    /// The question whose values are to be seen.
    fn choices(&self, view: &View<'_>) -> Vec<Cell> {
        let mut cells = vec![Cell::role(locale::text(view.lang, "case.whose"), Role::Warning)];
        for (place, person) in self.persons().into_iter().take(CHOICES_MAX).enumerate() {
            let name = head::name(person, view.lang);
            cells.push(Cell::role(format!("{} {name}", place + 1), Role::Key));
        }
        cells.push(Cell::role(locale::text(view.lang, "row.escape"), Role::Dim));
        cells
    }
}

impl Screen for CaseScreen {
    fn name(&self) -> &'static str {
        "case"
    }

    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|sheet| sheet.case.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Case { id: self.id }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Case(sheet) = reply else { return Step::Stay };
        for pane in [Pane::Clocks, Pane::Steps, Pane::Receipts, Pane::Closing, Pane::Attached] {
            let last = pane::n_rows(&sheet, pane).saturating_sub(1);
            self.at[pane as usize] = self.at[pane as usize].min(last);
        }
        self.sheet = Loaded::There(sheet);
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let Some(sheet) = self.sheet.get() else { return true };
        notice.everything
            || notice.touched.iter().any(|record| match record.kind {
                Kind::Case => record.id == self.id.0,
                Kind::Receipt => sheet.receipts.iter().any(|receipt| receipt.id.0 == record.id),
                Kind::Person => sheet.persons.iter().any(|person| person.id.0 == record.id),
                Kind::Unit => sheet.units.keys().any(|unit| unit.0 == record.id),
                Kind::Officer => sheet.officers.keys().any(|officer| officer.0 == record.id),
                Kind::Office => true,
                // A new one may be on this case.
                Kind::Entry => true,
                Kind::Clerk | Kind::Plan | Kind::Task => false,
                Kind::Decision => sheet.decisions.iter().any(|row| row.id.0 == record.id),
                Kind::Duty | Kind::Indicator | Kind::View | Kind::Given => false,
            })
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.scroll(nav, view);
                Step::Stay
            }
            Nav::Row(_) if self.pane == Pane::Steps => {
                self.scroll(nav, view);
                Step::Stay
            }
            Nav::NextPane => self.turn(1),
            Nav::PreviousPane => self.turn(Pane::ALL.len() - 1),
            Nav::Reveal => self.reveal(),
            Nav::Why => self.why(),
            Nav::Page => {
                self.plain = self.sheet.get().map(|_| Plain::new(self.area));
                Step::Stay
            }
            Nav::Open if self.pane == Pane::Closing => self.supply(),
            Nav::Open if self.pane == Pane::Attached => Step::Run("attachments"),
            Nav::Open
            | Nav::Sort
            | Nav::Filter
            | Nav::Stage
            | Nav::Clear
            | Nav::Columns
            | Nav::Views
            | Nav::Row(_)
            | Nav::Left
            | Nav::Right
            | Nav::Mark
            | Nav::Tick
            | Nav::HandOver
            | Nav::TakeOut
            | Nav::PutIn => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Reveal, Nav::Why, Nav::Page]
    }

    fn leads(&mut self, why: &str) -> bool {
        let leads = why == closing::LACKS && self.sheet.get().is_some();
        if leads {
            self.show_closing();
        }
        leads
    }

    fn is_typing(&self) -> bool {
        self.is_choosing || self.plain.is_some()
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        if let Some(plain) = &mut self.plain {
            let step = plain.typed(key);
            self.plain = self.plain.filter(|plain| !plain.is_done());
            return step;
        }
        self.is_choosing = false;
        match key.fold() {
            Key::Char(char @ '1'..='9') => {
                let place = char.to_digit(10).and_then(|digit| usize::try_from(digit - 1).ok());
                match place.and_then(|place| self.persons().into_iter().nth(place)) {
                    Some(person) => Step::Push(Box::new(PersonScreen::asking(person.id))),
                    None => Step::Stay,
                }
            }
            _ => Step::Stay,
        }
    }

    fn pasted(&mut self, _text: &str, _view: &View<'_>) -> Step {
        Step::Stay
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        let name = format!("{} {}", sheet.case.number, sheet.case.title);
        let permits = sheet.permits.clone();
        let case = (sheet.case.id.into(), sheet.case.version);
        let links = sheet.entries.iter().map(|entry| entry.id.into()).collect();
        let stage = Some(sheet.case.stage());
        let ahead = ahead::steps(&sheet.case).iter().map(|next| next.act).collect();
        let (paper, given) = self.voids();
        match self.receipt() {
            Some(receipt) => Selection {
                record: Some(receipt.id.into()),
                version: Some(receipt.version),
                name,
                permits,
                around: Some(case),
                links,
                stage,
                ahead,
                ..Selection::default()
            },
            None => Selection {
                record: Some(case.0),
                version: Some(case.1),
                name,
                permits,
                focus: match self.pane {
                    Pane::Closing => closing::focus(sheet, self.spot().at),
                    _ => None,
                },
                links,
                stage,
                ahead,
                step: self.step(),
                given,
                paper,
                ..Selection::default()
            },
        }
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(sheet) = self.sheet.get() else {
            self.sheet.draw_absence(frame, area, ("case.gone", view));
            return None;
        };
        if let Some(plain) = self.plain {
            let mut text = copy::of_lines(&head::lines(sheet, view, copy::UNCUT));
            text.extend(pane::text(sheet, view));
            plain.draw(&text, frame, area, view);
            return None;
        }
        let lines = head::lines(sheet, view, width);
        row::paint(frame, area, &lines);
        pane::draw(sheet, frame, row::below(area, lines.len()), (view, self.spot()));
        if let Some(bottom) = row::bottom(area, 0).filter(|_| self.is_choosing) {
            let line = row::strip(view, &self.choices(view), width);
            row::paint(frame, bottom, &[row::padded(line, width)]);
        }
        None
    }
}

#[cfg(test)]
pub mod tests;
