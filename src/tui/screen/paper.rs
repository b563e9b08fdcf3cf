//! The papers of one case: those that fit it now first, those whose step is missing last, with why;
//! each with the number under which it was made, or that it would get.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::own::Draft;
use crate::api::paper::{PaperOffer, PaperOffers};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, Kind, PersonId};
use crate::domain::paper::Fit;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::case::steps::voided_when;
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::paper::preview::PaperScreen;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

pub mod fill;
pub mod kept;
pub mod numbers;
pub mod preview;
pub mod template;
pub mod templates;

/// Lines above and below the list: the case, titles of columns, hint.
const FRAME_LINES: u16 = 3;
/// The least columns of what is said about a paper.
const ABOUT_LEAST: u16 = 12;
/// The most petitioners that one digit can choose among.
const CHOICES_MAX: usize = 9;
/// The field that a number of a paper fills, by its whole key.
const NUMBER: &str = "void_paper.number";
/// The field of the step by which a paper was made that has no number.
const STEP: &str = "void_paper.step";
/// The field of the kind of paper whose numbers are left out.
const SKIPPED: &str = "paper";

/// The screen.
pub struct PapersScreen {
    case: CaseId,
    papers: Loaded<PaperOffers>,
    roll: Roll,
    /// Whether a digit chooses the petitioner of a paper that is about one alone.
    is_choosing: bool,
    /// What was half typed for one of them, with which the clerk goes on once they are there.
    goes_on: Option<Draft>,
}

impl PapersScreen {
    /// The papers of a case.
    pub fn new(case: CaseId) -> Self {
        Self {
            case,
            papers: Loaded::Waiting,
            roll: Roll::default(),
            is_choosing: false,
            goes_on: None,
        }
    }

    /// The papers of the case for one of which something was half typed: it opens by itself.
    pub fn going_on(draft: &Draft) -> Self {
        let case = draft.on.map_or(0, |(record, _)| record.id);
        Self { goes_on: Some(kept::unnamed(draft)), ..Self::new(CaseId(case)) }
    }

    /// The paper for which something was half typed.
    fn resumed(&mut self) -> Option<PaperScreen> {
        let draft = self.goes_on.take()?;
        let half = kept::Half::of(&draft)?;
        self.roll.at = self.offers().iter().position(|own| own.paper == half.paper)?;
        let (own, papers) = (self.own()?, self.papers.get()?);
        let mut screen = PaperScreen::new(papers, own, half.person);
        screen.go_on(&draft);
        Some(screen)
    }

    fn offers(&self) -> &[PaperOffer] {
        self.papers.get().map_or(&[], |papers| &papers.offers)
    }

    fn own(&self) -> Option<&PaperOffer> {
        self.offers().get(self.roll.at)
    }

    fn petitioners(&self) -> &[(PersonId, String)] {
        self.papers.get().map_or(&[], |papers| &papers.petitioners)
    }

    /// Shows the selected paper; one about one person alone asks first about whom.
    fn open(&mut self) -> Step {
        let is_joint = self.petitioners().len() > 1;
        match self.own() {
            None => Step::Stay,
            Some(own) if own.paper.is_of_one_person() && is_joint => {
                self.is_choosing = true;
                Step::Stay
            }
            Some(_) => self.preview(None),
        }
    }

    fn preview(&self, person: Option<PersonId>) -> Step {
        let (Some(own), Some(papers)) = (self.own(), self.papers.get()) else { return Step::Stay };
        Step::Push(Box::new(PaperScreen::new(papers, own, person)))
    }

    /// Columns as wide as what stands in any row, seen or not; the last one has what they leave, and
    /// is said in full below the list.
    fn columns(&self, view: &View<'_>) -> Vec<Column> {
        let rows: Vec<Vec<Cell>> = self.offers().iter().map(|own| cells(own, view)).collect();
        let wide = |at: usize| {
            let widths = rows.iter().filter_map(|row| row.get(at)).map(Cell::width);
            u16::try_from(widths.max().unwrap_or(0)).unwrap_or(u16::MAX)
        };
        vec![
            row::fixed(view, "papers.fit", wide(0)),
            row::fixed(view, "papers.paper", wide(1)),
            row::fixed(view, "papers.number", wide(2)),
            row::flex(view, "papers.about", ABOUT_LEAST),
        ]
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let Some(papers) = self.papers.get() else { return Line::default() };
        let n_of = |fit| papers.offers.iter().filter(|own| own.fit == fit).count().to_string();
        let args = [("now", n_of(Fit::Now)), ("can", n_of(Fit::Can)), ("made", n_of(Fit::Made))];
        let kept = [
            Cell::role(locale::text(view.lang, "cmd.papers"), Role::Title),
            Cell::text(papers.number.clone()),
            seal(papers, view),
        ];
        let rest = [Cell::text(row::flat(&papers.title))];
        let right = [Cell::role(locale::fill(view.lang, "papers.count", &args), Role::Dim)];
        row::yielding(view, (&kept, &rest), &right, width)
    }

    /// What is asked or said below the list.
    fn foot(&self, view: &View<'_>) -> Vec<Cell> {
        if !self.is_choosing {
            // What is cut in the table is said in full here.
            let about = self.own().map(|own| about(own, view));
            let hint = Cell::role(locale::text(view.lang, "papers.hint"), Role::Hint);
            return about.into_iter().chain([hint]).collect();
        }
        let mut cells = vec![Cell::role(locale::text(view.lang, "papers.whose"), Role::Warning)];
        for (place, (_, name)) in self.petitioners().iter().take(CHOICES_MAX).enumerate() {
            cells.push(Cell::role(format!("{} {name}", place + 1), Role::Key));
        }
        cells.push(Cell::role(locale::text(view.lang, "row.escape"), Role::Dim));
        cells
    }
}

/// The sign of a case that only its readers see; it stays where the title gives way.
fn seal(papers: &PaperOffers, view: &View<'_>) -> Cell {
    let sign = row::sealed_title(papers.sealed, "", view.lang);
    Cell::role(sign.trim().to_owned(), Role::Warning)
}

/// The number under which a paper was made, or that it would get.
fn number(own: &PaperOffer, view: &View<'_>) -> Cell {
    match (&own.number, own.fit, &own.next) {
        (Some(number), ..) => Cell::text(number.clone()),
        (None, Fit::Other, _) => Cell::role(row::NOTHING.to_owned(), Role::Dim),
        (None, _, Some(next)) => {
            let args = [("number", next.clone())];
            Cell::role(locale::fill(view.lang, "paper.next", &args), Role::Dim)
        }
        (None, _, None) if own.paper.mark().is_some() => {
            Cell::role(locale::text(view.lang, "papers.number_later"), Role::Dim)
        }
        (None, ..) => Cell::role(locale::text(view.lang, "papers.unnumbered"), Role::Dim),
    }
}

/// By what a paper that was made is voided: its number, or its step where it has none.
pub fn voids(number: Option<&str>, step: Option<u32>) -> Vec<(String, String)> {
    let step = step.filter(|_| number.is_none()).map(|step| step.to_string());
    if number.is_none() && step.is_none() {
        return Vec::new();
    }
    let fields =
        [(NUMBER, number.unwrap_or_default().to_owned()), (STEP, step.unwrap_or_default())];
    fields.map(|(name, text)| (name.to_owned(), text)).into()
}

/// What is selected, for a question: the number of the paper, else that of the case, and its title.
fn name(papers: &PaperOffers, number: Option<&String>) -> String {
    format!("{} {}", number.unwrap_or(&papers.number), papers.title)
}

/// Why a paper fits, when it was made, or what is missing; and that it was voided.
fn about(own: &PaperOffer, view: &View<'_>) -> Cell {
    let Some(voided) = &own.voided else { return about_fit(own, view) };
    let args = [
        ("number", voided.number.clone().unwrap_or_default()),
        ("when", voided_when(voided.on, voided.by.as_deref(), view)),
        ("why", row::flat(&voided.why)),
    ];
    let text = locale::fill(view.lang, "papers.voided", &args);
    Cell::role(text.trim_start().to_owned(), Role::Warning)
}

fn about_fit(own: &PaperOffer, view: &View<'_>) -> Cell {
    let today = view.me.today;
    let said = |key: &str, args: &[(&str, String)]| locale::fill(view.lang, key, args);
    match own.fit {
        Fit::Other => {
            let key = format!("paper.needs.{}", own.paper.word());
            Cell::role(locale::text(view.lang, &key), Role::Dim)
        }
        Fit::Made => {
            let by = own.by.clone().unwrap_or_default();
            let day = row::maybe_day(own.made_on, today);
            Cell::text(said("papers.made", &[("day", day), ("by", by)]))
        }
        Fit::Can => {
            let key = format!("papers.can.{}", own.paper.word());
            Cell::text(locale::text(view.lang, &key))
        }
        Fit::Now => {
            let day = row::maybe_day(own.told_on, today);
            Cell::text(said("papers.now", &[("day", day)]))
        }
    }
}

fn cells(own: &PaperOffer, view: &View<'_>) -> Vec<Cell> {
    let role = match own.fit {
        Fit::Now => Role::Title,
        Fit::Can | Fit::Made => Role::Text,
        Fit::Other => Role::Dim,
    };
    let word = |key: String| Cell::role(locale::text(view.lang, &key), role);
    vec![
        word(format!("paper.fit.{}", own.fit.word())),
        word(format!("choice.paper.{}", own.paper.word())),
        number(own, view),
        about(own, view),
    ]
}

impl Screen for PapersScreen {
    fn name(&self) -> &'static str {
        "papers"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Papers { case: self.case }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Papers(papers) = reply {
            // A paper that was made goes down the list; the selection goes with it.
            let selected = self.own().map(|own| own.paper);
            let place = papers.offers.iter().position(|own| Some(own.paper) == selected);
            self.roll.at = place.unwrap_or(self.roll.at);
            self.roll.settle(papers.offers.len());
            self.papers = Loaded::There(papers);
            if let Some(paper) = self.resumed() {
                return Step::Push(Box::new(paper));
            }
        }
        Step::Stay
    }

    fn draft(&self) -> Option<Draft> {
        self.goes_on.clone()
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.papers.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything
            || notice.touched.iter().any(|record| match record.kind {
                Kind::Case => record.id == self.case.0,
                kind => matches!(kind, Kind::Office | Kind::Person),
            })
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        let n_rows = self.offers().len();
        match nav {
            Nav::Open => self.open(),
            Nav::Row(_) => {
                self.roll.go(nav, n_rows);
                self.open()
            }
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.offers().len();
        if self.roll.click(line, n_rows) { self.open() } else { Step::Stay }
    }

    fn is_typing(&self) -> bool {
        self.is_choosing
    }

    fn typed(&mut self, key: Key, _view: &View<'_>) -> Step {
        self.is_choosing = false;
        let place = match key.fold() {
            Key::Char(char @ '1'..='9') => char.to_digit(10),
            _ => None,
        };
        let place = place.and_then(|digit| usize::try_from(digit - 1).ok());
        match place.and_then(|place| self.petitioners().get(place)) {
            Some((person, _)) => self.preview(Some(*person)),
            None => Step::Stay,
        }
    }

    fn pasted(&mut self, _text: &str, _view: &View<'_>) -> Step {
        Step::Stay
    }

    fn selected(&self) -> Selection {
        let Some(papers) = self.papers.get() else { return Selection::default() };
        let number = self.own().and_then(|own| own.number.clone());
        let given = voids(number.as_deref(), self.own().and_then(|own| own.step));
        Selection {
            record: Some(papers.case.into()),
            version: Some(papers.version),
            name: name(papers, number.as_ref()),
            permits: papers.permits.clone(),
            ahead: given.first().map(|_| Act::VoidPaper).into_iter().collect(),
            paper: self.own().map(|own| own.paper),
            given,
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.offers().len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        if self.papers.get().is_none() {
            self.papers.draw_absence(frame, area, ("case.gone", view));
            return None;
        }
        row::paint(frame, area, &[self.head(view, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        let shown = self.offers().iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|own| Row::Cells { cells: cells(own, view), mark: Mark::Off });
        let table = Table {
            columns: self.columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let more = self.roll.has_more_below(self.offers().len());
            let line = row::foot(view, &self.foot(view), more, width);
            row::paint(frame, bottom, &[line]);
        }
        None
    }
}

#[cfg(test)]
mod tests;
