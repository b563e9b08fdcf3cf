//! The settings of the office: what it is, who may log in, its calendar, its limits, and the caps.
//!
//! A row runs the command that changes it; what can be set comes from the table of settings, and
//! what may be changed by whom from the table of permissions.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::limit::LimitRow;
use crate::api::reply::{OfficerRow, Reply};
use crate::api::request::Request;
use crate::api::setting::{CAPS, ClerkRow, SetRow, SettingsView, YearRow};
use crate::domain::ids::{Kind, RecordRef};
use crate::domain::setting::{SETTINGS, Setting};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::wrap;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

mod cells;

/// The lines of the head and of the titles.
const LINES_ABOVE: usize = 2;
/// The lines below the list: a rule, and what the selected row is for.
const TOLD_LINES: u16 = 3;
/// From this height on they are shown.
const TELLS_FROM: u16 = 10;
/// The record of the office.
const OFFICE: RecordRef = RecordRef { kind: Kind::Office, id: 1 };

/// The parts, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Office,
    Clerks,
    Calendar,
    Limits,
    Caps,
}

impl Part {
    const ALL: [Self; 5] = [Self::Office, Self::Clerks, Self::Calendar, Self::Limits, Self::Caps];

    const fn word(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Clerks => "clerks",
            Self::Calendar => "calendar",
            Self::Limits => "limits",
            Self::Caps => "caps",
        }
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Target<'s> {
    Setting(&'static Setting),
    Head(&'s OfficerRow),
    NoHead,
    Clerk(&'s ClerkRow),
    Closed,
    Year(&'s YearRow),
    Set(&'s SetRow),
    Limit(&'s LimitRow),
    Cap(&'static str, u64),
    /// A row that adds something, by the command of that name.
    Add(&'static str),
}

/// The settings.
#[derive(Default)]
pub struct SettingsScreen {
    part: usize,
    view: Option<Box<SettingsView>>,
    officers: Vec<OfficerRow>,
    limits: Vec<LimitRow>,
    roll: Roll,
}

impl SettingsScreen {
    /// The settings, those of the office first.
    pub fn new() -> Self {
        Self::default()
    }

    fn part(&self) -> Part {
        Part::ALL.get(self.part).copied().unwrap_or(Part::Office)
    }

    fn targets(&self) -> Vec<Target<'_>> {
        let Some(view) = &self.view else { return Vec::new() };
        match self.part() {
            Part::Office => {
                let heads = self.officers.iter().filter(|row| cells::is_or_was_head(row));
                let mut heads: Vec<_> = heads.map(Target::Head).collect();
                if heads.is_empty() {
                    heads.push(Target::NoHead);
                }
                let more = std::iter::once(Target::Add("templates"));
                SETTINGS.iter().map(Target::Setting).chain(more).chain(heads).collect()
            }
            Part::Clerks => match &view.clerks {
                Some(clerks) => {
                    let add = std::iter::once(Target::Add("add_clerk"));
                    clerks.iter().map(Target::Clerk).chain(add).collect()
                }
                None => vec![Target::Closed],
            },
            Part::Calendar => {
                let add = std::iter::once(Target::Add("load_calendar"));
                view.years.iter().rev().map(Target::Year).chain(add).collect()
            }
            Part::Limits => {
                let sets = view.sets.iter().map(Target::Set);
                let add = std::iter::once(Target::Add("load_law"));
                sets.chain(add).chain(self.limits.iter().map(Target::Limit)).collect()
            }
            Part::Caps => CAPS.iter().map(|(word, most)| Target::Cap(word, *most)).collect(),
        }
    }

    fn target(&self) -> Option<Target<'_>> {
        self.targets().get(self.roll.at).copied()
    }

    fn go(&mut self, nav: Nav) -> Step {
        let n_rows = self.targets().len();
        self.roll.go(nav, n_rows);
        Step::Stay
    }

    fn open(&self) -> Step {
        match self.target() {
            Some(Target::Setting(_)) => Step::Run("edit_office"),
            Some(Target::Head(_)) => Step::Run("edit_officer"),
            Some(Target::NoHead) => Step::Run("units"),
            Some(Target::Clerk(_)) => Step::Run("edit_clerk"),
            Some(Target::Set(set)) => Step::Run(if set.is_on { "law_off" } else { "law_on" }),
            Some(Target::Add(command)) => Step::Run(command),
            Some(Target::Year(_) | Target::Limit(_) | Target::Cap(..) | Target::Closed) | None => {
                Step::Pass
            }
        }
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let tabs = Part::ALL
            .map(|part| locale::text(view.lang, &format!("settings.part.{}", part.word())));
        let title = Cell::role(locale::text(view.lang, "cmd.settings"), Role::Title);
        row::strip(view, &[title, row::tabs(&tabs, self.part)], width)
    }

    fn table(&self, view: &View<'_>, targets: &[Target<'_>], width: usize) -> Table {
        let columns = cells::columns(self.part(), view, width);
        let rows =
            targets.iter().skip(self.roll.top).take(self.roll.height).map(
                |target| match cells::note(target, view) {
                    Some((text, role)) => Row::Note(text, role),
                    None => Row::Cells { cells: self.cells(target, view), mark: Mark::Off },
                },
            );
        let selected = self.roll.at.saturating_sub(self.roll.top);
        Table { columns, rows: rows.collect(), selected: Some(selected) }
    }

    fn cells(&self, target: &Target<'_>, view: &View<'_>) -> Vec<Cell> {
        match (target, &self.view) {
            (Target::Setting(setting), Some(own)) => {
                let text = own.values.iter().find(|(name, _)| *name == setting.name);
                cells::setting(setting, text.map_or("", |(_, text)| text), view)
            }
            _ => cells::of(target, view),
        }
    }
}

impl Screen for SettingsScreen {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Settings, Request::Officers, Request::Limits]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        match reply {
            Reply::Settings(view) => self.view = Some(view),
            Reply::Officers(rows) => self.officers = rows,
            Reply::Limits(rows) => self.limits = rows,
            _ => return Step::Stay,
        }
        let n_rows = self.targets().len();
        self.roll.settle(n_rows);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let is_shown = |kind| matches!(kind, Kind::Office | Kind::Officer | Kind::Clerk);
        notice.everything || notice.touched.iter().any(|record| is_shown(record.kind))
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        match nav {
            Nav::Open => self.open(),
            Nav::NextPane | Nav::Right | Nav::PreviousPane | Nav::Left => {
                let is_next = matches!(nav, Nav::NextPane | Nav::Right);
                let steps = if is_next { 1 } else { Part::ALL.len() - 1 };
                self.part = (self.part + steps) % Part::ALL.len();
                (self.roll.at, self.roll.top) = (0, 0);
                Step::Stay
            }
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.go(nav)
            }
            Nav::Row(_) => self.go(nav),
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Left, Nav::Right]
    }

    fn selected(&self) -> Selection {
        let version = self.view.as_ref().map(|view| view.version);
        let around = version.map(|version| (OFFICE, version));
        let own = Selection { around, ..Selection::default() };
        let name = |text: &str| text.to_owned();
        match self.target() {
            Some(Target::Setting(setting)) => Selection {
                record: Some(OFFICE),
                version,
                focus: Some(setting.name),
                ..Selection::default()
            },
            Some(Target::Head(one)) => Selection {
                record: Some(one.id.into()),
                version: Some(one.version),
                name: name(&one.name),
                focus: Some("head_from"),
                ..own
            },
            Some(Target::Clerk(one)) => Selection {
                record: Some(one.id.into()),
                version: Some(one.version),
                name: name(&one.login),
                focus: Some("roles"),
                ..own
            },
            Some(Target::Set(set)) => {
                let norm = ("name".to_owned(), set.norm.clone());
                let built_in = set.built_in.clone().map(|own| ("built_in".to_owned(), own));
                let given = if set.is_on { Some(norm) } else { built_in };
                Selection { name: name(&set.norm), given: given.into_iter().collect(), ..own }
            }
            _ => own,
        }
    }

    fn resized(&mut self, area: Rect) {
        let told = if area.height >= TELLS_FROM { TOLD_LINES } else { 0 };
        self.roll.height =
            usize::from(area.height.saturating_sub(told)).saturating_sub(LINES_ABOVE);
        let n_rows = self.targets().len();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let list = row::below(area, 1);
        let targets = self.targets();
        if targets.is_empty() {
            let text = Cell::text(locale::text(view.lang, "row.waiting"));
            row::paint(frame, list, &[Line::default(), row::strip(view, &[text], width)]);
            return None;
        }
        let rows = u16::try_from(self.roll.height + 1).unwrap_or(u16::MAX);
        let table = Rect { height: list.height.min(rows), ..list };
        self.table(view, &targets, width).draw(table, frame.buffer_mut(), view.look);
        if area.height >= TELLS_FROM {
            let below = row::below(area, usize::from(area.height - TOLD_LINES));
            let more = self.roll.has_more_below(targets.len());
            let more = more.then(|| Cell::role(locale::text(view.lang, "row.more"), Role::Dim));
            let title = Cell::role(locale::text(view.lang, "settings.about"), Role::Group);
            let mut lines = vec![row::rule(view, &[title], more.as_slice(), width)];
            let told = targets.get(self.roll.at).map(|target| cells::told(target, view));
            let told = told.unwrap_or_default();
            let told = wrap(&told, width.saturating_sub(1).max(1));
            let hints = told.into_iter().map(|text| Cell::role(text, Role::Hint));
            lines.extend(hints.map(|cell| row::strip(view, &[cell], width)));
            row::paint(frame, below, &lines);
        }
        None
    }
}

#[cfg(test)]
mod tests;
