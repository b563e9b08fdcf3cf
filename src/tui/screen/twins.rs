//! What is there twice: groups of matters that say the same, and of persons who may be one, as after
//! an old ledger was brought in. The clerk decides about each; nothing is joined by itself.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::like::{APART, Among, LikeCase, LikePerson, Reason, TwinQuery, TwinView, Twins};
use crate::api::own::SETTING_MAX;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::case::Stage;
use crate::domain::ids::RecordRef;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::form::like::reasons_text;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row, sheet_of};
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// Lines above and below the list: parts, what to do, titles of columns, hint.
const FRAME_LINES: u16 = 4;

/// The screen.
#[derive(Default)]
pub struct TwinsScreen {
    among: Among,
    view: Option<TwinView>,
    /// The pages of the next look, until there are as many groups as are wanted.
    next: Option<TwinView>,
    n_wanted: usize,
    is_refused: bool,
    roll: Roll,
}

/// A record in its group, by the places of both; behind the last one stands that there are more.
#[derive(Clone, Copy)]
struct Place {
    group: usize,
    member: usize,
}

/// A record.
#[derive(Clone, Copy)]
enum Member<'t> {
    Case(&'t LikeCase),
    Person(&'t LikePerson),
}

impl Twins {
    fn members(&self) -> impl Iterator<Item = Member<'_>> {
        let cases = self.cases.iter().map(Member::Case);
        cases.chain(self.persons.iter().map(Member::Person))
    }

    /// How many records are not told.
    fn n_more(&self) -> u64 {
        self.n_records.saturating_sub(self.members().count() as u64)
    }

    /// What brings a pending matter together with another of its group, the field that names that one,
    /// and its number: it is joined to the oldest pending one; and that repeats the newest one that has
    /// ended, came no later, and was raised by the same person.
    fn fits(&self, case: &LikeCase) -> Option<(&'static str, &'static str, &str)> {
        let target = self.cases.iter().find(|other| other.stage.is_open())?;
        if target.id != case.id {
            return Some(("merge_into", "into", &target.number));
        }
        let is_before = |other: &&LikeCase| {
            !other.stage.is_open()
                && other.received_on <= case.received_on
                && other.persons.iter().any(|person| case.persons.contains(person))
        };
        let before = self.cases.iter().filter(is_before);
        let newest = before.max_by_key(|other| (other.received_on, other.id))?;
        Some(("repeat", "of", newest.number.as_str()))
    }
}

impl TwinsScreen {
    fn groups(&self) -> &[Twins] {
        self.view.as_ref().map_or(&[], |view| &view.groups)
    }

    fn places(&self) -> Vec<Place> {
        let groups = self.groups().iter().enumerate();
        groups
            .flat_map(|(group, twins)| {
                let n_rows = twins.members().count() + usize::from(twins.n_more() > 0);
                (0..n_rows).map(move |member| Place { group, member })
            })
            .collect()
    }

    fn place(&self) -> Option<Place> {
        self.places().get(self.roll.at).copied()
    }

    fn selected_member(&self) -> Option<(&Twins, Member<'_>)> {
        let place = self.place()?;
        let group = self.groups().get(place.group)?;
        Some((group, group.members().nth(place.member)?))
    }

    fn settle(&mut self) {
        let n_rows = self.places().len();
        self.roll.settle(n_rows);
    }

    fn turn(&mut self) -> Step {
        self.among = match self.among {
            Among::Matters => Among::Persons,
            Among::Persons => Among::Matters,
        };
        (self.view, self.next, self.is_refused, self.n_wanted) = (None, None, false, 0);
        self.roll = Roll { height: self.roll.height, ..Roll::default() };
        Step::Ask
    }

    /// Brings together what is selected: a matter with another of its group, a person with the first of
    /// the others.
    fn unite(&self) -> Step {
        let say = |key: &str| Step::Say(key.to_owned(), Vec::new());
        match self.selected_member() {
            None => say("twins.nothing"),
            Some((_, Member::Person(_))) => Step::Run("merge_person"),
            Some((_, Member::Case(case))) if case.stage == Stage::History => {
                say("twins.is_history")
            }
            Some((_, Member::Case(case))) if !case.stage.is_open() => say("twins.has_ended"),
            Some((group, Member::Case(case))) => match group.fits(case) {
                Some((command, ..)) => Step::Run(command),
                None => say("twins.is_first"),
            },
        }
    }

    /// The group is none: it is not shown to this account again.
    fn set_apart(&mut self) -> Step {
        let Some(place) = self.place() else {
            return Step::Say("twins.nothing".to_owned(), Vec::new());
        };
        let Some(view) = &mut self.view else { return Step::Stay };
        let group = view.groups.remove(place.group);
        view.n_groups = view.n_groups.saturating_sub(1);
        view.n_records = view.n_records.saturating_sub(group.n_records);
        view.n_apart += 1;
        view.apart.push(group.key);
        let mut kept = view.apart.join(" ");
        while kept.len() > SETTING_MAX {
            // There is room for some hundred; the oldest decision goes first.
            kept = kept.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        }
        self.settle();
        Step::Prefer(APART.to_owned(), kept)
    }

    /// The lists with their names, the one that is seen in brackets, and how much stands in it.
    fn title(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let names = Among::ALL
            .map(|among| locale::text(view.lang, &format!("twins.part.{}", among.word())));
        let at = Among::ALL.iter().position(|among| *among == self.among).unwrap_or(0);
        let title = Cell::role(locale::text(view.lang, "cmd.twins"), Role::Title);
        let sums = self.view.as_ref().map(|own| {
            let args = [
                ("groups", own.n_groups.to_string()),
                ("count", own.n_records.to_string()),
                ("apart", own.n_apart.to_string()),
            ];
            let key = if own.n_apart > 0 { "twins.sums.apart" } else { "twins.sums" };
            locale::fill(view.lang, key, &args)
        });
        let sums = Cell::text(sums.unwrap_or_default());
        row::sides(view, &[title, row::tabs(&names, at)], &[sums], width)
    }

    fn empty(&self, view: &View<'_>) -> Cell {
        let key = match (&self.view, self.is_refused) {
            (_, true) => "twins.refused",
            (None, false) => "twins.waiting",
            (Some(_), false) => "twins.none",
        };
        Cell::role(locale::text(view.lang, key), Role::Dim)
    }

    fn row(&self, place: Place, view: &View<'_>) -> Row {
        let group = self.groups().get(place.group);
        match group.filter(|group| place.member == group.members().count()) {
            Some(group) => {
                let more = row::counted(view, "twins.more", group.n_more());
                Row::Note(format!("    {more}"), Role::Dim)
            }
            None => Row::Cells { cells: self.cells(place, view), mark: Mark::Off },
        }
    }

    fn cells(&self, place: Place, view: &View<'_>) -> Vec<Cell> {
        let Some(group) = self.groups().get(place.group) else { return Vec::new() };
        let Some(member) = group.members().nth(place.member) else { return Vec::new() };
        let number = match place.member {
            0 => Cell::role((place.group + 1).to_string(), Role::Key),
            _ => Cell::text(""),
        };
        let mut cells = vec![number];
        match member {
            Member::Case(case) => {
                let own = row::short(&case.number, view);
                let anonymous = || locale::text(view.lang, "row.anonymous");
                let role = if case.stage.is_open() { Role::Text } else { Role::Dim };
                let stage = locale::text(view.lang, &format!("stage.{}", case.stage.word()));
                cells.extend([
                    Cell::role(own, role),
                    Cell::role(stage, role),
                    Cell::text(row::short_day(case.last_on, view.me.today)),
                    Cell::text(case.person.clone().unwrap_or_else(anonymous)),
                    Cell::role(reasons(&case.reasons, view.lang), Role::Hint),
                    Cell::text(row::flat(&case.title)),
                ]);
            }
            Member::Person(person) => cells.extend([
                row::maybe(person.name.as_ref()),
                row::maybe(person.village.as_ref()),
                row::maybe(person.phone.as_ref()),
                Cell::role(reasons(&person.reasons, view.lang), Role::Hint),
            ]),
        }
        cells
    }

    fn table(&self, view: &View<'_>) -> Table {
        let columns = match self.among {
            Among::Matters => vec![
                row::fixed(view, "twins.group", 3),
                row::fixed(view, "twins.number", 9),
                row::words(view, "twins.stage", (8, 10)),
                row::fixed(view, "twins.day", 8),
                row::fixed(view, "twins.person", 8),
                row::words(view, "twins.why", (12, 16)),
                row::flex(view, "twins.title", 12),
            ],
            Among::Persons => vec![
                row::fixed(view, "twins.group", 3),
                row::fixed(view, "twins.person", 12),
                row::fixed(view, "twins.village", 14),
                row::fixed(view, "twins.phone", 12),
                row::flex(view, "twins.why", 12),
            ],
        };
        let places = self.places();
        let shown = places.iter().skip(self.roll.top).take(self.roll.height);
        Table {
            columns,
            rows: shown.map(|place| self.row(*place, view)).collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        }
    }
}

/// The reasons, in words.
fn reasons(all: &[Reason], lang: Lang) -> String {
    let same = [Reason::Text { percent: 100 }];
    if all == same {
        return locale::text(lang, "twins.same");
    }
    reasons_text(all, lang)
}

impl Screen for TwinsScreen {
    fn name(&self) -> &'static str {
        "twins"
    }

    fn wants(&self) -> Vec<Request> {
        let from = self.next.as_ref().map_or(0, |next| next.groups.len() as u64);
        vec![Request::Twins(TwinQuery { among: self.among, from })]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        let Reply::Twins(page) = reply else { return Step::Stay };
        let mut groups = self.next.take().map(|next| next.groups).unwrap_or_default();
        let is_end = page.groups.is_empty() || !page.more;
        groups.extend(page.groups.iter().cloned());
        let is_enough = is_end || groups.len() >= self.n_wanted;
        let look = TwinView { groups, ..*page };
        if !is_enough {
            self.next = Some(look);
            return Step::Ask;
        }
        (self.view, self.is_refused) = (Some(look), false);
        self.settle();
        Step::Stay
    }

    fn refused(&mut self, _place: usize, _refusal: &Refusal) -> Step {
        (self.is_refused, self.next) = (true, None);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        // All matters are compared for it: only what is seen here is followed.
        let shown = || self.groups().iter().flat_map(|group| group.members().map(record_of));
        notice.everything || shown().any(|record| notice.touched.contains(&record))
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Open => {
                let record = self.selected_member().map(|(_, member)| record_of(member));
                let sheet = record.and_then(|record| sheet_of(record, view));
                sheet.map_or(Step::Stay, Step::Push)
            }
            Nav::NextPane | Nav::PreviousPane => self.turn(),
            Nav::Tick => self.unite(),
            Nav::Mark => self.set_apart(),
            Nav::Clear => {
                if let Some(view) = &mut self.view {
                    view.apart.clear();
                }
                self.view = None;
                Step::Prefer(APART.to_owned(), String::new())
            }
            _ => {
                let n_rows = self.places().len();
                let step = self.roll.on(nav, n_rows);
                let more = self.view.as_ref().filter(|view| view.more);
                if more.is_some() && self.roll.nears_end(n_rows) {
                    self.next = more.cloned();
                    self.n_wanted = self.groups().len() + 1;
                    return Step::Ask;
                }
                step
            }
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Tick, Nav::Mark, Nav::Clear]
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[
            (Nav::Tick, "cmd.tick.unite"),
            (Nav::Mark, "cmd.mark.apart"),
            (Nav::Clear, "cmd.clear.apart"),
        ]
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.places().len();
        if self.roll.click(line, n_rows) { self.on(Nav::Open, view) } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        match self.selected_member() {
            None => Selection::default(),
            Some((group, Member::Case(case))) => {
                let with = group.fits(case).filter(|_| case.stage.is_open());
                let begun = with.map(|(_, field, number)| (field.to_owned(), number.to_owned()));
                Selection {
                    record: Some(case.id.into()),
                    version: Some(case.version),
                    name: format!("{} {}", case.number, case.title),
                    stage: Some(case.stage),
                    links: case
                        .persons
                        .first()
                        .map(|person| (*person).into())
                        .into_iter()
                        .collect(),
                    begun: begun.into_iter().collect(),
                    ..Selection::default()
                }
            }
            Some((group, Member::Person(person))) => {
                let other = group.persons.iter().find(|other| other.id != person.id);
                let other = other.map(|other| ("other".to_owned(), other.id.0.to_string()));
                Selection {
                    record: Some(person.id.into()),
                    name: person.name.clone().unwrap_or_default(),
                    begun: other.into_iter().collect(),
                    ..Selection::default()
                }
            }
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        self.settle();
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let about = locale::text(view.lang, &format!("twins.about.{}", self.among.word()));
        let lines =
            [self.title(view, width), row::strip(view, &[Cell::role(about, Role::Dim)], width)];
        row::paint(frame, area, &lines);
        let (list, bottom) = row::hinted(row::below(area, lines.len()));
        if self.places().is_empty() {
            let lines = [Line::default(), row::strip(view, &[self.empty(view)], width)];
            row::paint(frame, list, &lines);
        } else {
            self.table(view).draw(list, frame.buffer_mut(), view.look);
        }
        if let Some(bottom) = bottom {
            let hint = Cell::role(locale::text(view.lang, "twins.hint"), Role::Hint);
            row::paint(frame, bottom, &[row::strip(view, &[hint], width)]);
        }
        None
    }
}

fn record_of(member: Member<'_>) -> RecordRef {
    match member {
        Member::Case(case) => case.id.into(),
        Member::Person(person) => person.id.into(),
    }
}

#[cfg(test)]
mod tests;
