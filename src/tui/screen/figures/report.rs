//! A report as text without borders: the kinds by Tab, earlier days by the arrows; it is written as a
//! document from here.

use chrono::{Days, Months, NaiveDate};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::campaign::PlanView;
use crate::api::door::Notice;
use crate::api::figure::FigureView;
use crate::api::print::Print;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::report::{ReportQuery, ReportView};
use crate::api::request::Request;
use crate::domain::report::ReportKind;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::report;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::widget::table::Cell;

/// The screen.
#[derive(Default)]
pub struct ReportScreen {
    /// Which of the kinds.
    at: usize,
    /// Whether it was refused.
    is_refused: bool,
    /// Up to which day; today if none is chosen.
    until: Option<NaiveDate>,
    view: Option<Box<ReportView>>,
    plan: Option<Box<PlanView>>,
    figures: Option<Box<FigureView>>,
    top: usize,
    area: Rect,
}

impl ReportScreen {
    fn kind(&self) -> ReportKind {
        ReportKind::ALL.get(self.at).copied().unwrap_or(ReportKind::Weekly)
    }

    fn query(&self) -> ReportQuery {
        ReportQuery { kind: self.kind(), until: self.until, said: None }
    }

    fn turn(&mut self, by: usize) -> Step {
        self.at = (self.at + by) % ReportKind::ALL.len();
        (self.view, self.is_refused, self.top) = (None, false, 0);
        Step::Ask
    }

    /// To the end of the days before, or of those behind; never past today.
    fn go(&mut self, nav: Nav, today: NaiveDate) -> Step {
        let Some(own) = self.view.as_ref().and_then(|view| view.spans.first()) else {
            return Step::Stay;
        };
        let months = match self.kind() {
            ReportKind::Weekly => 0,
            ReportKind::Monthly => 1,
            ReportKind::Quarterly => 3,
            ReportKind::SelfInspection => return Step::Stay,
            ReportKind::Annual => 12,
        };
        let to = match (nav, months) {
            // The day before the first one is the last one of those before.
            (Nav::Left, _) => own.from.pred_opt(),
            (_, 0) => own.from.checked_add_days(Days::new(13)),
            (_, months) => {
                let first = own.from.checked_add_months(Months::new(2 * months));
                first.and_then(|next| next.pred_opt())
            }
        };
        self.until = to.filter(|to| *to < today);
        (self.view, self.is_refused, self.top) = (None, false, 0);
        Step::Ask
    }

    fn lines(&self, view: &View<'_>) -> Vec<String> {
        let Some(own) = &self.view else {
            let key = if self.is_refused { "report.unread" } else { "row.waiting" };
            return vec![locale::text(view.lang, key)];
        };
        let with = (self.plan.as_deref(), self.figures.as_deref());
        wrapped(&report::text(&report::said(view.lang, own, with)), self.area.width)
    }
}

/// The lines of a text in a width.
pub fn wrapped(text: &str, width: u16) -> Vec<String> {
    let width = usize::from(width).max(2);
    let wrapped = text.lines().flat_map(|line| match crate::tui::text::wrap(line, width) {
        parts if parts.is_empty() => vec![String::new()],
        parts => parts.iter().map(ToString::to_string).collect(),
    });
    wrapped.collect()
}

/// How many lines of a text are seen: one is that of the parts, one the hint's.
pub fn height(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(2)).max(1)
}

impl Screen for ReportScreen {
    fn name(&self) -> &'static str {
        "report"
    }

    fn wants(&self) -> Vec<Request> {
        let mut wants = vec![Request::Report(self.query())];
        if self.kind() == ReportKind::SelfInspection {
            wants.extend([Request::Plan { id: None }, Request::Figures { year: None }]);
        }
        wants
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Report(view) => (self.view, self.is_refused) = (Some(view), false),
            Reply::Plan(plan) => self.plan = plan,
            Reply::Figures(figures) => self.figures = Some(figures),
            _ => {}
        }
        Step::Stay
    }

    fn refused(&mut self, place: usize, _refusal: &Refusal) -> Step {
        self.is_refused |= place == 0;
        Step::Stay
    }

    fn touched(&self, _notice: &Notice) -> bool {
        // All matters are looked at for it, so it waits until it is asked for again.
        false
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::NextPane => return self.turn(1),
            Nav::PreviousPane => return self.turn(ReportKind::ALL.len() - 1),
            Nav::Left | Nav::Right => return self.go(nav, view.me.today),
            _ => {}
        }
        let height = height(self.area);
        let last = self.lines(view).len().saturating_sub(height);
        match nav.moved(self.top, (height, last)) {
            Some(top) => self.top = top,
            None => return Step::Pass,
        }
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right]
    }

    fn prints(&self) -> Option<Print> {
        Some(Print::Report(self.query()))
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let names = ReportKind::ALL.iter();
        let names = names
            .map(|kind| locale::text(view.lang, &format!("choice.report_kind.{}", kind.word())));
        let names: Vec<String> = names.collect();
        row::paint(frame, area, &[row::strip(view, &[row::tabs(&names, self.at)], width)]);
        let shown = self.lines(view).into_iter().skip(self.top).take(height(self.area));
        let shown: Vec<Line<'_>> =
            shown.map(|line| Line::raw(view.look.shown(&line).into_owned())).collect();
        row::paint(frame, row::below(area, 1), &shown);
        if let Some(bottom) = row::bottom(area, 1) {
            let hint = Cell::role(locale::text(view.lang, "report.hint"), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}
