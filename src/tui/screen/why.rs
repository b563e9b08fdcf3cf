//! Why a clock ends on its day: its limit and every day of the count, so that a finger can follow.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::days::{CalendarDay, DayMark, WhyDay, WhyQuery, WhyView};
use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{DeadlineView, Reply};
use crate::api::request::Request;
use crate::domain::ids::{CaseId, Kind, RecordRef};
use crate::locale;
use crate::tui::app::picture::dated;
use crate::tui::look::Role;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Step, View, row};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The lines of the titles of the columns.
const TITLES: u16 = 1;
/// The most lines above the days.
const HEAD_MAX: u16 = 6;

/// The count of a clock.
pub struct WhyScreen {
    query: WhyQuery,
    case: CaseId,
    view: Option<Box<WhyView>>,
    is_gone: bool,
    roll: Roll,
}

/// Opens the count of a clock of a record; says why not where its day is named and not counted.
pub fn open(record: RecordRef, clock: Option<&DeadlineView>) -> Step {
    let say = |key: &str| Step::Say(key.to_owned(), Vec::new());
    let Some(clock) = clock else { return say("why.no_clock") };
    let is_named = record.kind != Kind::Case || clock.certainty.is_none();
    let Some(from) = clock.from.filter(|_| !is_named) else {
        return say(if is_named { "why.named" } else { "why.not_started" });
    };
    let case = CaseId(record.id);
    let query = WhyQuery::Clock { case, rule: clock.rule.clone(), receipt: clock.receipt, from };
    let (view, is_gone, roll) = (None, false, Roll::default());
    Step::Push(Box::new(WhyScreen { query, case, view, is_gone, roll }))
}

/// The lines above the days: what is counted, from when, and what was added or left out.
fn head(why: &WhyView, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let (lang, today) = (view.lang, view.me.today);
    let mut lines = Vec::new();
    let mut say = |cells: &[Cell]| lines.push(row::strip(view, cells, width));
    let fill = |key: &str, args: &[(&str, String)]| locale::fill(lang, key, args);
    let mut first = vec![Cell::role(why.title.clone().unwrap_or_default(), Role::Title)];
    let length = [("days", why.length.to_string())];
    let length = fill(&format!("why.length.{}", why.unit), &length);
    if let Some(clock) = &why.clock {
        say(&first);
        first = vec![
            Cell::role(row::limit(clock, lang), Role::Group),
            Cell::text(row::basis(clock, lang)),
            Cell::text(why.norm.clone().unwrap_or_default()),
        ];
    }
    first.push(Cell::text(length));
    say(&first);
    let ends = match why.paused_since {
        Some(since) => fill("why.paused", &[("day", row::day(since, today))]),
        None => {
            let args =
                [("target", row::day(why.target, today)), ("latest", row::day(why.latest, today))];
            fill("why.ends", &args)
        }
    };
    let from = fill("why.from", &[("day", row::day(why.from, today))]);
    say(&[Cell::text(from), Cell::role(ends, Role::Title)]);
    for (days, on) in &why.extensions {
        let args = [("days", days.to_string()), ("day", row::day(*on, today))];
        say(&[Cell::text(fill("why.extension", &args))]);
    }
    for (ground, from, to) in &why.pauses {
        let args = [
            ("ground", locale::text(lang, &format!("ground.{ground}"))),
            ("from", row::day(*from, today)),
            ("to", row::maybe_day(*to, today)),
        ];
        say(&[Cell::text(fill("why.pause", &args))]);
    }
    if why.provisional {
        say(&[Cell::role(fill("why.provisional", &[]), Role::Warning)]);
    }
    lines
}

fn day_row(of: &WhyDay, why: &WhyView, view: &View<'_>) -> Row {
    let part = locale::text(view.lang, &format!("why.part.{}", of.part.word()));
    let mut words = vec![part];
    let is_end = |on| why.paused_since.is_none() && of.day.on == on;
    if is_end(why.target) {
        words.push(locale::text(view.lang, "why.target"));
    }
    if is_end(why.latest) {
        words.push(locale::text(view.lang, "why.latest"));
    }
    let is_counted = of.n.is_some();
    let role = match () {
        () if is_end(why.latest) => Role::Today,
        () if is_counted => Role::Text,
        () => Role::Dim,
    };
    let today = if of.day.on == view.me.today { "month.today" } else { "" };
    let today = if today.is_empty() { String::new() } else { locale::text(view.lang, today) };
    let cells = vec![
        Cell::role(of.n.map_or_else(String::new, |n| n.to_string()), role),
        Cell::role(dated(view.lang, of.day.on), role),
        Cell::role(kind_of(&of.day, view), role),
        Cell::role(words.join(", "), role),
        Cell::role(today, Role::Today),
    ];
    Row::Cells { cells, mark: Mark::Off }
}

/// What a day is, with its festival, and whether nobody knows it yet.
fn kind_of(day: &CalendarDay, view: &View<'_>) -> String {
    let mut words = vec![locale::text(view.lang, &format!("day.{}", day.mark.word()))];
    if day.mark == DayMark::Off {
        words.extend(day.name.clone());
    }
    if !day.known {
        words.push(locale::text(view.lang, "row.provisional"));
    }
    words.join(" ")
}

impl WhyScreen {
    fn n_days(&self) -> usize {
        self.view.as_ref().map_or(0, |why| why.days.len())
    }
}

impl Screen for WhyScreen {
    fn name(&self) -> &'static str {
        "why"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Why(self.query.clone())]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Why(view) = reply {
            self.view = Some(view);
            self.is_gone = false;
            self.roll.settle(self.n_days());
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        if refusal.hides() {
            self.view = None;
            self.is_gone = true;
        }
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything
            || notice.touched.iter().any(|record| match record.kind {
                Kind::Case => record.id == self.case.0,
                kind => kind == Kind::Office,
            })
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.roll.go(nav, self.n_days());
                Step::Stay
            }
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[]
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(HEAD_MAX + TITLES + 1));
        self.roll.settle(self.n_days());
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(why) = &self.view else {
            let key = if self.is_gone { "case.gone" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            row::paint(frame, area, &[row::strip(view, &[text], width)]);
            return None;
        };
        let mut lines = head(why, view, width);
        lines.truncate(usize::from(HEAD_MAX));
        row::paint(frame, area, &lines);
        let rest = row::below(area, lines.len());
        let list = Rect { height: rest.height.saturating_sub(1), ..rest };
        let shown = why.days.iter().skip(self.roll.top).take(usize::from(list.height));
        let table = Table {
            columns: vec![
                row::fixed(view, "why.column.n", 4),
                row::fixed(view, "why.column.day", 15),
                row::words(view, "why.column.kind", (18, 22)),
                row::flex(view, "why.column.part", 12),
                row::fixed(view, "", 5),
            ],
            rows: shown.map(|of| day_row(of, why, view)).collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = row::bottom(rest, 0) {
            let hint = Cell::role(locale::text(view.lang, "why.hint"), Role::Dim);
            let more = self.roll.top + usize::from(list.height.saturating_sub(TITLES));
            let more = (more < why.days.len())
                .then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
            row::paint(frame, bottom, &[row::sides(view, &[hint], more.as_slice(), width)]);
        }
        None
    }
}

#[cfg(test)]
mod tests;
