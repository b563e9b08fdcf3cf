//! Recurring work by duty: who has reported a period, who has not, and what was sent back.
//!
//! A part of the campaign's screen. Arrows left and right go to an earlier or later period; what is
//! owed can be shown alone; a reminder of a duty's period is a page to be copied.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::api::duty::{DutyGroup, DutyQuery, DutyRow, DutyView, PERIODS_MAX};
use crate::domain::choice::ReportState;
use crate::domain::form::Fields;
use crate::domain::standing::Standing;
use crate::locale;
use crate::tui::look::Role;
use crate::tui::page;
use crate::tui::screen::campaign::duty::DutyScreen;
use crate::tui::screen::campaign::{mark, told};
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::{Nav, Selection, Step, View, row};
use crate::tui::text::head;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// The part.
#[derive(Default)]
pub struct Mechanism {
    view: Option<DutyView>,
    back: u32,
    owed_only: bool,
    at: usize,
    /// The first line in sight.
    top: usize,
    height: usize,
}

/// The sign of a state, one column wide.
pub const fn sign(state: ReportState) -> &'static str {
    match state {
        ReportState::Owed => ".",
        ReportState::Zero => "0",
        ReportState::Reported => "x",
        ReportState::SentBack => "<",
    }
}

/// What a period looks like; the signs say the same.
pub const fn role(state: ReportState, standing: Standing) -> Role {
    match (standing, state) {
        (Standing::Late, _) => Role::Late,
        (Standing::Today, _) => Role::Today,
        (Standing::Soon, _) => Role::Soon,
        (_, ReportState::Zero | ReportState::Reported) => Role::Ok,
        (_, ReportState::SentBack) => Role::Warning,
        (_, ReportState::Owed) => Role::Text,
    }
}

impl Mechanism {
    /// What it asks for.
    pub fn query(&self) -> DutyQuery {
        DutyQuery { back: self.back, owed_only: self.owed_only, ..DutyQuery::default() }
    }

    /// The answer.
    pub fn got(&mut self, view: DutyView) {
        self.view = Some(view);
        self.at = self.at.min(self.n_rows().saturating_sub(1));
        self.settle();
    }

    /// How many lines there are for the list and its titles.
    pub fn resized(&mut self, height: usize) {
        self.height = height;
        self.settle();
    }

    fn groups(&self) -> &[DutyGroup] {
        self.view.as_ref().map_or(&[], |view| &view.groups)
    }

    fn n_rows(&self) -> usize {
        self.groups().iter().map(|group| group.rows.len()).sum()
    }

    fn selected_group(&self) -> Option<(&DutyGroup, &DutyRow)> {
        let all = self.groups().iter();
        let mut rows = all.flat_map(|group| group.rows.iter().map(move |row| (group, row)));
        rows.nth(self.at)
    }

    /// The line of the selected row among headings and rows.
    fn line_at(&self) -> usize {
        let (mut line, mut before) = (0, 0);
        for group in self.groups() {
            line += 1;
            if self.at < before + group.rows.len() {
                return line + self.at - before;
            }
            before += group.rows.len();
            line += group.rows.len();
        }
        line
    }

    fn settle(&mut self) {
        let (at, height) = (self.line_at(), self.height.max(1));
        // The heading of the first row of a group stays in sight with it.
        self.top = self.top.min(at.saturating_sub(1)).max((at + 1).saturating_sub(height));
    }

    /// What is selected: the duty, and the period for its forms.
    pub fn selected(&self) -> Option<Selection> {
        let (group, own) = self.selected_group()?;
        let place = own.village.clone().unwrap_or_default();
        // From the list forms go to all villages that owe the period, and to villages alone.
        let owing = group.rows.iter().filter(|row| !row.state.is_settled());
        let owing: Vec<&str> = owing.filter_map(|row| row.village.as_deref()).collect();
        let (one, n_owing) = match owing.as_slice() {
            [one] => ((*one).to_owned(), String::new()),
            all => (String::new(), all.len().to_string()),
        };
        Some(Selection {
            record: Some(own.id.into()),
            version: Some(own.version),
            name: format!("{} {} {place}", own.key, own.title).trim_end().to_owned(),
            given: vec![
                ("period".to_owned(), own.key.clone()),
                ("forms".to_owned(), own.village.as_ref().map_or("", |_| &own.code).to_owned()),
                ("of_village".to_owned(), one),
                ("owing".to_owned(), n_owing),
            ],
            ..Selection::default()
        })
    }

    /// What a message says of the selected duty, or of the first one that villages report.
    pub fn tells(&self, text: &str, view: &View<'_>) -> Option<(Selection, Fields)> {
        let selected = self.selected_group().map(|(group, _)| group);
        let told = selected.into_iter().chain(self.groups());
        let told = told.filter_map(|group| told::read(text, group, view.me.today)).next()?;
        let place = told.row.village.as_deref().unwrap_or_default();
        let selection = Selection {
            record: Some(told.row.id.into()),
            version: Some(told.row.version),
            name: format!("{} {} {place}", told.period, told.row.title),
            given: vec![("period".to_owned(), told.period)],
            ..Selection::default()
        };
        Some((selection, told.fields))
    }

    /// Moving and looking.
    pub fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let last = self.n_rows().saturating_sub(1);
        let page = self.height.max(1);
        match nav {
            Nav::Left if self.back < PERIODS_MAX => {
                self.back += 1;
                return Step::Ask;
            }
            Nav::Right if self.back > 0 => {
                self.back -= 1;
                return Step::Ask;
            }
            Nav::Stage => {
                self.owed_only = !self.owed_only;
                return Step::Ask;
            }
            Nav::Open => {
                return match self.selected_group() {
                    Some((_, own)) => Step::Push(Box::new(DutyScreen::new(own.id))),
                    None => Step::Stay,
                };
            }
            Nav::Page => {
                return match self.selected_group() {
                    Some((group, _)) => {
                        let text = page::reminder(view.lang, view.me, group);
                        Step::Push(Box::new(PlainScreen::new(text)))
                    }
                    None => Step::Say("duty.nothing".to_owned(), Vec::new()),
                };
            }
            _ => self.at = nav.moved(self.at, (page, last)).unwrap_or(self.at),
        }
        self.settle();
        Step::Stay
    }

    /// What stands above the list: which periods are shown.
    pub fn rule(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let title = Cell::role(locale::text(view.lang, "duty.title"), Role::Title);
        let args = [("count", self.back.to_string())];
        let when = match self.back {
            0 => locale::text(view.lang, "duty.present"),
            _ => locale::fill(view.lang, "duty.back", &args),
        };
        let only = if self.owed_only { "duty.only.owed" } else { "duty.only.all" };
        let only = locale::text(view.lang, only);
        row::rule(view, &[title, Cell::text(when)], &[Cell::text(only)], width)
    }

    /// The list.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
        let width = usize::from(area.width);
        if self.n_rows() == 0 {
            let key = match (&self.view, self.back) {
                (None, _) => "row.waiting",
                (Some(_), 0) if self.owed_only => "duty.empty.owed",
                (Some(_), 0) => "duty.empty",
                (Some(_), _) => "duty.empty.back",
            };
            let text = locale::text(view.lang, key);
            let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
            row::paint(frame, area, &lines.collect::<Vec<_>>());
            return;
        }
        let height = usize::from(area.height.saturating_sub(1)).max(1);
        let mut rows = Vec::new();
        for group in self.groups() {
            rows.push(Row::Group(heading(group, view)));
            let own = group
                .rows
                .iter()
                .map(|own| Row::Cells { cells: cells(own, view), mark: Mark::Off });
            rows.extend(own);
        }
        let table = Table {
            columns: columns(view, width),
            rows: rows.into_iter().skip(self.top).take(height).collect(),
            selected: self.line_at().checked_sub(self.top),
        };
        table.draw(area, frame.buffer_mut(), view.look);
    }

    /// What the selected row asks for.
    pub fn hint(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let own = self.selected_group().map(|(group, own)| advice(group, own, view));
        let own: Vec<Cell> = own.into_iter().map(|text| Cell::role(text, Role::Hint)).collect();
        let legend = Cell::role(locale::text(view.lang, "duty.legend"), Role::Dim);
        row::sides(view, &own, &[legend], width)
    }
}

fn heading(group: &DutyGroup, view: &View<'_>) -> String {
    let today = view.me.today;
    let count = |state| group.count(state).to_string();
    let near = group.due_workday.map(|near| {
        let args =
            [("day", row::short_day(group.due, today)), ("near", row::short_day(near, today))];
        format!("  {}", locale::fill(view.lang, "campaign.workday", &args))
    });
    let args = [
        ("code", group.code.clone()),
        ("title", group.title.clone()),
        ("period", group.key.clone()),
        ("due", row::short_day(group.due, today)),
        ("reported", count(ReportState::Reported)),
        ("zero", count(ReportState::Zero)),
        ("owed", count(ReportState::Owed)),
        ("back", count(ReportState::SentBack)),
    ];
    let key = if group.zero { "duty.heading.zero" } else { "duty.heading" };
    locale::fill(view.lang, key, &args) + &near.unwrap_or_default()
}

fn columns(view: &View<'_>, width: usize) -> Vec<Column> {
    let mut columns = vec![
        row::words(view, "campaign.state", (9, 12)),
        row::words(view, "row.village", (8, 10)),
        row::fixed(view, "row.due", 5),
        row::words(view, "row.left", (8, 10)),
        row::words(view, "duty.on", (5, 8)),
        row::words(view, "duty.reporter", (8, 9)),
        row::words(view, "duty.manner", (4, 8)),
        row::words(view, "duty.signer", (8, 8)),
        row::flex(view, "duty.evidence", 6),
    ];
    if width >= 110 {
        columns.push(row::words(view, "duty.by", (10, 12)));
        columns.push(row::words(view, "campaign.officer", (8, 10)));
    }
    columns
}

fn cells(own: &DutyRow, view: &View<'_>) -> Vec<Cell> {
    let role = role(own.state, own.standing);
    let state = locale::text(view.lang, &format!("choice.report_state.{}", own.state.word()));
    let today = view.me.today;
    let newest = own.newest.as_ref();
    let town = || locale::text(view.lang, "campaign.town");
    let village =
        own.village.as_ref().map_or_else(town, |name| row::short_village(name).to_owned());
    let manner = newest
        .and_then(|report| report.manner)
        .map(|manner| locale::text(view.lang, &format!("choice.report_manner.{}", manner.word())));
    let evidence = newest.and_then(|report| {
        [&report.document, &report.place, &report.text].into_iter().flatten().next().cloned()
    });
    let late = mark::urgency(own.standing);
    vec![
        Cell::role(format!("{}{late}{}", sign(own.state), head(&state, 10)), role),
        Cell::text(village),
        Cell::role(row::short_day(own.due, today), role),
        Cell::role(left(own, view), role),
        Cell::text(newest.map_or_else(String::new, |report| row::short_day(report.on, today))),
        row::maybe(newest.and_then(|report| report.reporter.as_ref())),
        row::maybe(manner.as_ref()),
        row::maybe(newest.and_then(|report| report.signer.as_ref())),
        row::maybe(evidence.map(|text| row::flat(&text)).as_ref()),
        row::maybe(newest.and_then(|report| report.by.as_ref())),
        row::maybe(own.officer.as_ref()),
    ]
}

/// How many days are left; nothing where nothing more is expected.
pub fn left(own: &DutyRow, view: &View<'_>) -> String {
    if own.state.is_settled() {
        return row::NOTHING.to_owned();
    }
    let days = own.days_left.unsigned_abs().to_string();
    let key = match own.days_left {
        0 => "row.today",
        1.. => "row.days_left",
        _ => "row.days_late",
    };
    locale::fill(view.lang, key, &[("days", &days)])
}

fn advice(group: &DutyGroup, own: &DutyRow, view: &View<'_>) -> String {
    let before = [("count", own.n_before.to_string())];
    let before = (own.n_before > 0).then(|| locale::fill(view.lang, "duty.before", &before));
    let back = own.newest.as_ref().filter(|_| own.state == ReportState::SentBack);
    let back = back.and_then(|report| report.text.as_ref()).map(|text| row::flat(text));
    let parts = [before, back, group.who.clone(), group.output.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}
