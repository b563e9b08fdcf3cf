//! The sheet of recurring work of one place: its periods, the newest first, with what came of each.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::duty::{DutyRow, DutySheet};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::duty::DutyTurn;
use crate::domain::ids::{DutyId, Kind, OfficerId, RecordRef};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::campaign::mechanism::{left, role, sign};
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// The columns of a label.
const LABEL: usize = 12;

/// The sheet.
pub struct DutyScreen {
    id: DutyId,
    sheet: Loaded<DutySheet>,
    at: usize,
    height: usize,
}

impl DutyScreen {
    /// The sheet of a duty.
    pub fn new(id: DutyId) -> Self {
        Self { id, sheet: Loaded::Waiting, at: 0, height: 1 }
    }

    fn selected_row(&self) -> Option<&DutyRow> {
        self.sheet.get()?.rows.get(self.at)
    }
}

/// The lines above the list of periods.
fn head(sheet: &DutySheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let duty = &sheet.duty;
    let town = || locale::text(view.lang, "campaign.town");
    let village = sheet.rows.first().and_then(|row| row.village.clone()).unwrap_or_else(town);
    let title =
        [Cell::role(format!("{} {}", duty.code, duty.title), Role::Title), Cell::text(village)];
    let mut lines = vec![row::strip(view, &title, width)];
    let mut say = |field: &str, text: Option<String>| {
        let Some(text) = text else { return };
        let name = locale::text(view.lang, &format!("field.duty.{field}"));
        for (at, part) in wrap(&text, width.saturating_sub(LABEL + 1).max(1)).iter().enumerate() {
            let name = if at == 0 { name.as_str() } else { "" };
            let cell = Cell::role(pad_right(name, LABEL), Role::Dim);
            lines.push(row::strip(view, &[cell.and(format!(" {part}"), Role::Text)], width));
        }
    };
    let period = locale::text(view.lang, &format!("choice.period.{}", duty.period.word()));
    let args = [("period", period), ("day", duty.day.to_string())];
    say("period", Some(locale::fill(view.lang, "duty.every", &args)));
    say("output", duty.output.clone());
    say("who", duty.who.clone());
    say("unit", sheet.unit.clone());
    let officer = sheet.rows.first().and_then(|row| row.officer.clone());
    say("officer", officer);
    say("until", duty.until.map(|until| until.to_string()));
    say("basis", duty.basis.clone());
    lines
}

fn period_cells(own: &DutyRow, view: &View<'_>) -> Vec<Cell> {
    let role = role(own.state, own.standing);
    let state = locale::text(view.lang, &format!("choice.report_state.{}", own.state.word()));
    let standing = locale::text(view.lang, &format!("standing.{}", own.standing.word()));
    vec![
        Cell::text(own.key.clone()),
        Cell::role(format!("{} {state}", sign(own.state)), role),
        Cell::role(row::short_day(own.due, view.me.today), role),
        Cell::role(left(own, view), role),
        Cell::role(standing, role),
        row::maybe(own.newest.as_ref().and_then(|report| report.reporter.as_ref())),
    ]
}

fn columns(view: &View<'_>) -> Vec<Column> {
    vec![
        row::fixed(view, "duty.period", 7),
        row::words(view, "campaign.state", (10, 12)),
        row::fixed(view, "row.due", 10),
        row::words(view, "row.left", (8, 10)),
        row::words(view, "duty.standing", (10, 14)),
        row::flex(view, "duty.reporter", 8),
    ]
}

fn officer(sheet: &DutySheet, id: Option<OfficerId>) -> String {
    let known = sheet.officers.iter().find(|(own, _)| Some(*own) == id);
    known.map_or_else(|| row::NOTHING.to_owned(), |(_, name)| name.clone())
}

/// What happened in the selected period, the newest first.
fn history(turn: &DutyTurn, sheet: &DutySheet, view: &View<'_>) -> Vec<Cell> {
    let today = view.me.today;
    let state = locale::text(view.lang, &format!("choice.report_state.{}", turn.state.word()));
    let mut cells = vec![
        Cell::role(format!("  {}", row::day(turn.on, today)), Role::Dim),
        Cell::text(format!("{} {state}", sign(turn.state))),
    ];
    let manner = turn
        .manner
        .map(|manner| locale::text(view.lang, &format!("choice.report_manner.{}", manner.word())));
    let by = match (&turn.reporter, turn.by) {
        (Some(who), by) => {
            let args = [("who", who.clone()), ("by", officer(sheet, by))];
            locale::fill(view.lang, "duty.entered_for", &args)
        }
        (None, by) => officer(sheet, by),
    };
    cells.push(Cell::text(by));
    cells.extend(manner.map(Cell::text));
    let parts = [("signer", &turn.signer), ("document", &turn.document), ("place", &turn.place)];
    for (field, text) in parts {
        let Some(text) = text else { continue };
        let name = locale::text(view.lang, &format!("field.report_duty.{field}"));
        cells.push(Cell::text(format!("{name} {}", row::flat(text))));
    }
    if turn.entered_on != turn.on {
        let args = [("day", row::day(turn.entered_on, today))];
        cells.push(Cell::role(locale::fill(view.lang, "campaign.entered_later", &args), Role::Dim));
    }
    cells.extend(turn.text.as_ref().map(|text| Cell::text(row::flat(text))));
    cells
}

impl Screen for DutyScreen {
    fn name(&self) -> &'static str {
        "duty"
    }

    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|_| self.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Duty { id: self.id }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Duty(sheet) = reply {
            self.at = self.at.min(sheet.rows.len().saturating_sub(1));
            self.sheet = Loaded::There(sheet);
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Duty, Kind::Officer, Kind::Unit];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        let last = self.sheet.get().map_or(0, |sheet| sheet.rows.len().saturating_sub(1));
        let Some(at) = nav.moved(self.at, (self.height, last)) else { return Step::Pass };
        self.at = at;
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        let own = self.selected_row();
        let period = own.map(|own| own.key.clone()).unwrap_or_default();
        let village = own.and_then(|own| own.village.clone()).unwrap_or_default();
        Selection {
            record: Some(self.id.into()),
            version: Some(sheet.duty.version),
            name: format!("{period} {}", sheet.duty.title),
            permits: sheet.permits.clone(),
            given: vec![
                ("period".to_owned(), period),
                (
                    "forms".to_owned(),
                    sheet.duty.village.map_or("", |_| &sheet.duty.code).to_owned(),
                ),
                ("of_village".to_owned(), village),
            ],
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.height = usize::from(area.height / 2).max(1);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(sheet) = self.sheet.get() else {
            self.sheet.draw_absence(frame, area, ("duty.gone", view));
            return None;
        };
        let lines = head(sheet, view, width);
        row::paint(frame, area, &lines);
        let rest = row::below(area, lines.len());
        let key = self.selected_row().map(|own| own.key.clone()).unwrap_or_default();
        let turns: Vec<&DutyTurn> =
            sheet.duty.turns.values().rev().filter(|turn| turn.period == key).collect();
        let told = u16::try_from(turns.len().clamp(1, 6) + 1).unwrap_or(2);
        let n_rows = u16::try_from(sheet.rows.len()).unwrap_or(u16::MAX);
        let height = rest.height.saturating_sub(told).min(n_rows.saturating_add(1));
        let list = Rect { height, ..rest };
        let shown = usize::from(height.saturating_sub(1)).max(1);
        let first = crate::tui::widget::table::follow(0, self.at, shown);
        let rows = sheet.rows.iter().skip(first).take(shown);
        let rows = rows.map(|own| Row::Cells { cells: period_cells(own, view), mark: Mark::Off });
        let table = Table {
            columns: columns(view),
            rows: rows.collect(),
            selected: Some(self.at.saturating_sub(first)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        let args = [("period", key), ("count", turns.len().to_string())];
        let title = Cell::role(locale::fill(view.lang, "duty.history", &args), Role::Group);
        let mut lines = vec![row::rule(view, &[title], &[], width)];
        lines.extend(turns.iter().map(|turn| row::strip(view, &history(turn, sheet, view), width)));
        row::paint(frame, row::below(rest, usize::from(height)), &lines);
        None
    }
}
