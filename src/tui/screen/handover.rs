//! Handing over: everything that an officer holds on one screen, to one successor or to several.
//!
//! Enter chooses who takes what is marked, or everything; the server says for each row whether it can
//! go there, and F5 hands over what can. Tab shows the same as a list without borders, to be copied.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::handover::{HandoverTerms, HeldRow, HoldingsView};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::handover::{Given, Held, format_given};
use crate::domain::ids::{Kind, OfficerId};
use crate::locale;
use crate::tui::command;
use crate::tui::look::Role;
use crate::tui::screen::picker::Picker;
use crate::tui::screen::roll::{Roll, toggle};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row, sheet_of};
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: title, heads of columns, hint.
const FRAME_LINES: u16 = 3;
/// The reason of a row that is somebody else's by now.
const GONE: &str = "broken.is_no_longer_held";

/// What an officer holds.
pub struct HandoverScreen {
    officer: OfficerId,
    view: Option<HoldingsView>,
    /// Who takes what nobody else takes.
    rest: Option<OfficerId>,
    /// Who takes a thing of their own.
    own: BTreeMap<Held, OfficerId>,
    marked: Vec<Held>,
    is_slip: bool,
    roll: Roll,
}

impl HandoverScreen {
    /// The things of an officer.
    pub fn new(officer: OfficerId) -> Self {
        Self {
            officer,
            view: None,
            rest: None,
            own: BTreeMap::new(),
            marked: Vec::new(),
            is_slip: false,
            roll: Roll::default(),
        }
    }

    fn rows(&self) -> &[HeldRow] {
        self.view.as_ref().map_or(&[], |view| view.rows.as_slice())
    }

    fn name(&self) -> &str {
        self.view.as_ref().map_or("", |view| view.name.as_str())
    }

    /// The things that would go, each to whom.
    fn going(&self) -> Vec<Given> {
        let goes = self.rows().iter().filter(|row| row.why.is_none());
        let given = goes.filter_map(|row| {
            let (to, _) = row.to.as_ref()?;
            Some(Given { held: row.held, to: Some(*to) })
        });
        given.collect()
    }

    fn columns(view: &View<'_>) -> Vec<Column> {
        vec![
            row::words(view, "handover.part", (8, 12)),
            row::fixed(view, "row.number", 13),
            row::flex(view, "row.title", 12),
            row::fixed(view, "row.due", 5),
            row::fixed(view, "handover.to", 8),
            row::words(view, "handover.result", (18, 20)),
        ]
    }

    fn cells(own: &HeldRow, view: &View<'_>) -> Vec<Cell> {
        let part = locale::text(view.lang, &format!("choice.held_as.{}", own.held.part.word()));
        let due = own.due.map(|day| row::short_day(day, view.me.today));
        let to = own.to.as_ref().map(|(_, name)| name);
        let village = own.village.as_deref().filter(|village| !own.title.contains(village));
        let title = match village {
            Some(village) => format!("{village} {}", own.title),
            None => own.title.clone(),
        };
        vec![
            Cell::text(part),
            Cell::text(own.number.clone()),
            Cell::text(title),
            row::maybe(due.as_ref()),
            row::maybe(to),
            result(own, view),
        ]
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let n_goes = self.going().len();
        let n_stays = self.rows().iter().filter(|row| row.why.is_some()).count();
        let n_open = self.rows().len() - n_goes - n_stays;
        let args = [
            ("name", self.name().to_owned()),
            ("count", self.rows().len().to_string()),
            ("goes", n_goes.to_string()),
            ("stays", n_stays.to_string()),
            ("open", n_open.to_string()),
        ];
        let tabs = ["handover.list", "handover.slip"].map(|key| locale::text(view.lang, key));
        let left = [
            Cell::role(locale::fill(view.lang, "handover.title", &args), Role::Title),
            row::tabs(&tabs, usize::from(self.is_slip)),
            Cell::text(locale::fill(view.lang, "handover.counts", &args)),
        ];
        row::strip(view, &left, width)
    }

    /// The list to be signed, without borders.
    fn slip(&self, view: &View<'_>) -> Vec<String> {
        let fill = |key: &str, args: &[(&str, String)]| locale::fill(view.lang, key, args);
        let (town, day) = (view.me.town.clone(), view.me.today.to_string());
        let args = [("town", town), ("name", self.name().to_owned()), ("day", day)];
        let mut lines = vec![fill("handover.paper.title", &args)];
        for (place, own) in self.rows().iter().enumerate() {
            let part = locale::text(view.lang, &format!("choice.held_as.{}", own.held.part.word()));
            let due = own.due.map(|day| day.to_string()).unwrap_or_default();
            let to = own.to.as_ref().filter(|_| own.why.is_none());
            let to = to.map(|(_, name)| format!("-> {name}")).unwrap_or_default();
            lines.push(format!("{} {part} {} {} {due} {to}", place + 1, own.number, own.title));
        }
        lines.push(locale::text(view.lang, "handover.paper.sign"));
        lines
    }
}

/// Whether a row goes, or why not.
fn result(own: &HeldRow, view: &View<'_>) -> Cell {
    match (&own.to, &own.why) {
        (_, Some((key, args))) => {
            let args: Vec<(&str, String)> =
                args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            Cell::role(locale::fill(view.lang, key, &args), Role::Warning)
        }
        (Some(_), None) => Cell::role(locale::text(view.lang, "handover.goes"), Role::Ok),
        (None, None) => Cell::role(locale::text(view.lang, "handover.nobody"), Role::Dim),
    }
}

impl Screen for HandoverScreen {
    fn name(&self) -> &'static str {
        "handover"
    }

    fn wants(&self) -> Vec<Request> {
        let chosen = |row: &HeldRow| Given { held: row.held, to: self.own.get(&row.held).copied() };
        let given =
            if self.own.is_empty() { Vec::new() } else { self.rows().iter().map(chosen).collect() };
        vec![Request::Holdings(HandoverTerms { officer: self.officer, to: self.rest, given })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Holdings(mut view) = reply else { return Step::Stay };
        let is_gone = |row: &HeldRow| row.why.as_ref().is_some_and(|(key, _)| key == GONE);
        view.rows.retain(|row| !is_gone(row));
        self.own.retain(|held, _| view.rows.iter().any(|row| row.held == *held));
        self.marked.retain(|held| view.rows.iter().any(|row| row.held == *held));
        self.roll.settle(view.rows.len());
        self.view = Some(view);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let kinds = [Kind::Case, Kind::Entry, Kind::Task, Kind::Duty, Kind::Officer, Kind::Unit];
        notice.everything || notice.touched.iter().any(|record| kinds.contains(&record.kind))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let n_rows = self.rows().len();
        match nav {
            Nav::Open if n_rows == 0 => Step::Stay,
            Nav::Open => match command::find("handover") {
                Some(command) => {
                    let name = self.name().to_owned();
                    let selection = Selection { name, ..Selection::default() };
                    Step::Lay(Box::new(Picker::new((command, "to"), &selection, "")))
                }
                None => Step::Pass,
            },
            Nav::Mark => {
                if let Some(held) = self.rows().get(self.roll.at).map(|row| row.held) {
                    toggle(&mut self.marked, held);
                }
                self.roll.go(Nav::Down, n_rows);
                Step::Stay
            }
            Nav::Tick if self.going().is_empty() => {
                Step::Say("handover.choose_first".to_owned(), Vec::new())
            }
            Nav::Tick => Step::Run("handover"),
            Nav::NextPane | Nav::PreviousPane => {
                self.is_slip = !self.is_slip;
                Step::Stay
            }
            // The sheet of what is selected, beside the list.
            Nav::Right => {
                let record = self.rows().get(self.roll.at).map(|row| row.held.record());
                record.and_then(|record| sheet_of(record, view)).map_or(Step::Stay, Step::Push)
            }
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.handover")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Right, Nav::Mark, Nav::Tick]
    }

    fn chosen(&mut self, id: u64, _view: &View<'_>) -> Step {
        let to = OfficerId(id);
        if self.marked.is_empty() {
            self.rest = Some(to);
            self.own.clear();
        } else {
            self.own.extend(self.marked.drain(..).map(|held| (held, to)));
        }
        Step::Ask
    }

    fn selected(&self) -> Selection {
        let Some(view) = &self.view else { return Selection::default() };
        let items = format_given(&self.going());
        Selection {
            record: Some(view.officer.into()),
            version: Some(view.version),
            name: view.name.clone(),
            given: vec![("to".to_owned(), String::new()), ("items".to_owned(), items)],
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.rows().len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let list = row::below(area, 1);
        if self.is_slip {
            let slip = self.slip(view).into_iter();
            let lines = slip.map(|text| row::strip(view, &[Cell::text(text)], width));
            row::paint(frame, list, &lines.collect::<Vec<_>>());
            return None;
        }
        let (list, bottom) = row::hinted(list);
        if self.rows().is_empty() {
            let key = if self.view.is_some() { "handover.empty" } else { "row.waiting" };
            let text = Cell::text(locale::text(view.lang, key));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
            return None;
        }
        let shown = self.rows().iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|own| {
            let mark = if self.marked.contains(&own.held) { Mark::On } else { Mark::Off };
            Row::Cells { cells: Self::cells(own, view), mark }
        });
        let table = Table {
            columns: Self::columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        };
        table.draw(list, frame.buffer_mut(), view.look);
        if let Some(bottom) = bottom {
            let why = self.rows().get(self.roll.at).filter(|own| own.why.is_some());
            let hint = match why {
                Some(own) => result(own, view),
                None => Cell::role(locale::text(view.lang, "handover.hint"), Role::Hint),
            };
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::HandoverScreen;
    use crate::api::handover::{HeldRow, HoldingsView};
    use crate::api::reply::Reply;
    use crate::api::request::Request;
    use crate::domain::handover::{Held, Part};
    use crate::domain::ids::{OfficerId, Version};
    use crate::locale::Lang;
    use crate::tui::screen::sample::{Desk, assert_frame, day};
    use crate::tui::screen::{Nav, Screen, Step};

    fn row(part: Part, id: u64, title: &str) -> HeldRow {
        HeldRow {
            held: Held { part, id },
            number: format!("青信2026-{id:04}"),
            title: title.to_owned(),
            village: Some("张家庄村".to_owned()),
            due: Some(day("2026-10-28")),
            to: None,
            why: None,
        }
    }

    fn filled() -> HandoverScreen {
        let mut screen = HandoverScreen::new(OfficerId(1));
        let to = Some((OfficerId(2), "赵敏".to_owned()));
        let why = Some((
            "broken.officer_may_not_lead".to_owned(),
            vec![("name".to_owned(), "赵敏".to_owned())],
        ));
        let rows = vec![
            HeldRow { to: to.clone(), why, ..row(Part::Lead, 12, "征地补偿款未到账") },
            HeldRow { to, ..row(Part::Handler, 14, "路灯不亮") },
            row(Part::Task, 7, "入户走访"),
        ];
        screen.got(
            0,
            Reply::Holdings(HoldingsView {
                officer: OfficerId(1),
                name: "王建国".to_owned(),
                version: Version(2),
                rows,
                more: false,
            }),
        );
        screen
    }

    #[test]
    fn what_is_held_is_drawn_with_who_takes_it_and_why_not() {
        let mut desk = Desk::default();
        let mut screen = filled();
        assert_frame("handover-80x24", &desk.drawn(&mut screen, (80, 24)));
        screen.on(Nav::NextPane, &desk.view());
        assert_frame("handover-slip-80x24", &desk.drawn(&mut screen, (80, 24)));
        assert_frame("handover-120x40", &desk.drawn(&mut filled(), (120, 40)));
        assert_frame("handover-200x60", &desk.drawn(&mut filled(), (200, 60)));
        desk.lang = Lang::En;
        assert_frame("handover-en-80x24", &desk.drawn(&mut filled(), (80, 24)));
        desk.draw_in_every_size(&mut filled());
    }

    #[test]
    fn marked_things_go_to_one_and_the_rest_to_another() {
        let desk = Desk::default();
        let view = desk.view();
        let mut screen = filled();
        assert_eq!(screen.selected().given[1].1, "handler:14>2");
        assert!(matches!(screen.on(Nav::Tick, &view), Step::Run("handover")));
        screen.on(Nav::Last, &view);
        screen.on(Nav::Mark, &view);
        screen.chosen(5, &view);
        let Some(Request::Holdings(terms)) = screen.wants().pop() else { panic!("nothing asked") };
        let own: Vec<_> = terms.given.iter().map(|given| given.to).collect();
        assert_eq!((own, terms.to), (vec![None, None, Some(OfficerId(5))], None));
        screen.chosen(2, &view);
        let Some(Request::Holdings(terms)) = screen.wants().pop() else { panic!("nothing asked") };
        assert_eq!((terms.given.len(), terms.to), (0, Some(OfficerId(2))));
    }
}
