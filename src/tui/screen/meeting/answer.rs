//! The answer to "how far is it": one matter in large, with room between the lines.
//!
//! The first screen of 80 x 24 says what is asked, who leads, who holds it, what was done last and
//! what is due next; below follow claims, decisions and everything that was done. Left and right go
//! to the other matters that were found or are on the list.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{CaseSheet, Reply};
use crate::api::request::Request;
use crate::domain::ids::{CaseId, Kind};
use crate::locale;
use crate::tui::app::picture::dated;
use crate::tui::look::Role;
use crate::tui::screen::case::{steps, words};
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::meeting::{LABEL, decision_head, said};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::table::Cell;

/// The lines of a request before the rest of it waits below.
const REQUEST_LINES: usize = 3;
/// The columns before a line.
const MARGIN: usize = 2;

/// The answer.
pub struct AnswerScreen {
    /// The matters that one goes through.
    ids: Vec<CaseId>,
    at: usize,
    sheet: Loaded<CaseSheet>,
    top: usize,
    area: Rect,
}

impl AnswerScreen {
    /// The matter at a place among others.
    pub fn new(ids: Vec<CaseId>, at: usize) -> Self {
        Self { ids, at, sheet: Loaded::Waiting, top: 0, area: Rect::default() }
    }

    fn turn(&mut self, to: Option<usize>) -> Step {
        let Some(to) = to.filter(|to| *to < self.ids.len()) else {
            return said("meeting.no_other");
        };
        (self.at, self.top) = (to, 0);
        self.sheet = Loaded::Waiting;
        Step::Ask
    }

    fn scroll(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let height = usize::from(self.area.height).max(1);
        let width = usize::from(self.area.width);
        let n_lines = self.sheet.get().map_or(0, |sheet| lines(self, sheet, view, width).len());
        let last = n_lines.saturating_sub(height);
        let page = height.saturating_sub(1).max(1);
        self.top = nav.moved(self.top, (page, last)).unwrap_or(last);
        Step::Stay
    }
}

/// All lines of the answer.
fn lines(
    own: &AnswerScreen,
    sheet: &CaseSheet,
    view: &View<'_>,
    width: usize,
) -> Vec<Line<'static>> {
    let mut page = Page { view, width, lines: Vec::new() };
    page.head(own, sheet);
    page.blank();
    page.first(sheet);
    page.tabled(sheet);
    page.claims(sheet);
    page.decisions(sheet);
    page.story(sheet);
    page.lines
}

/// The lines as they are made.
struct Page<'v> {
    view: &'v View<'v>,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Page<'_> {
    fn text(&self, key: &str) -> String {
        locale::text(self.view.lang, key)
    }

    fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    fn put(&mut self, cells: &[Cell]) {
        self.lines.push(row::strip(self.view, cells, self.width));
    }

    fn rule(&mut self, key: &str, count: usize) {
        let title = Cell::role(format!("{} {count}", self.text(key)), Role::Group);
        self.blank();
        self.lines.push(row::rule(self.view, &[title], &[], self.width));
    }

    /// A label and what stands behind it, on as many lines as it takes.
    fn say(&mut self, key: &str, text: &str, (role, most): (Role, usize)) {
        let room = self.width.saturating_sub(MARGIN + LABEL + 1).max(2);
        let shown = self.view.look.shown(text).into_owned();
        let parts = wrap(shown.trim(), room);
        for (at, part) in parts.iter().take(most).enumerate() {
            let is_named = at == 0 && !key.is_empty();
            let label = if is_named { self.text(key) } else { String::new() };
            let label = format!("{}{}", " ".repeat(MARGIN), pad_right(&label, LABEL + 1));
            let more = if at + 1 == most && parts.len() > most { "..." } else { "" };
            let part = if more.is_empty() {
                (*part).to_owned()
            } else {
                crate::tui::text::head(part, room.saturating_sub(3)).to_owned() + more
            };
            self.put(&[Cell::role(label, Role::Dim).and(part, role)]);
        }
    }

    /// Two labels beside one another.
    fn pair(&mut self, left: (&str, Cell), right: (&str, Cell)) {
        let half = self.width / 2;
        let label =
            |key: &str| format!("{}{}", " ".repeat(MARGIN), pad_right(&self.text(key), LABEL + 1));
        let mut cell = Cell::role(label(left.0), Role::Dim);
        cell.pieces.extend(left.1.pieces);
        let mut line = row::padded(row::strip(self.view, &[cell], half.saturating_sub(1)), half);
        let mut cell = Cell::role(label(right.0), Role::Dim);
        cell.pieces.extend(right.1.pieces);
        line.extend(row::strip(self.view, &[cell], self.width.saturating_sub(half)).spans);
        self.lines.push(line);
    }

    fn head(&mut self, own: &AnswerScreen, sheet: &CaseSheet) {
        let case = &sheet.case;
        let name = [
            Cell::role(case.number.clone(), Role::Title),
            Cell::role(case.title.clone(), Role::Title),
        ];
        let stage = self.text(&format!("stage.{}", sheet.stage.word()));
        let mut right = vec![Cell::role(format!("[{stage}]"), Role::Title)];
        if own.ids.len() > 1 {
            let args = [("at", (own.at + 1).to_string()), ("count", own.ids.len().to_string())];
            right.push(Cell::role(locale::fill(self.view.lang, "meeting.place", &args), Role::Dim));
        }
        self.lines.push(row::sides(self.view, &name, &right, self.width));
    }

    /// What must stand on the first screen.
    fn first(&mut self, sheet: &CaseSheet) {
        let case = &sheet.case;
        let request = row::flat(&case.request);
        self.say("meeting.request", &request, (Role::Text, REQUEST_LINES));
        self.blank();
        let person = sheet.persons.iter().min_by_key(|person| (person.tie, person.id));
        let name = person.and_then(|person| person.name.as_ref());
        let who = row::petitioner(name, case.people, self.view.lang);
        let unit = |id: Option<_>| id.and_then(|id| sheet.units.get(&id)).cloned();
        let officer = |id: Option<_>| id.map(|id| steps::officer(sheet, id).to_owned());
        let nobody = self.text("row.nobody");
        let named = |name: Option<String>, role| match name {
            Some(name) => Cell::role(name, role),
            None => Cell::role(nobody.clone(), Role::Warning),
        };
        let village = row::maybe(unit(case.village).as_ref());
        self.pair(("meeting.petitioner", Cell::text(who)), ("meeting.village", village));
        self.pair(
            ("meeting.lead", named(officer(case.lead), Role::Title)),
            ("meeting.unit", named(unit(case.unit), Role::Text)),
        );
        self.pair(
            ("meeting.holder", named(officer(case.holder()), Role::Title)),
            ("meeting.handler", named(officer(case.handler), Role::Text)),
        );
        self.blank();
        self.last_step(sheet);
        self.next_due(sheet);
    }

    fn last_step(&mut self, sheet: &CaseSheet) {
        let newest = sheet.case.steps.iter().max_by_key(|(number, step)| (step.on, **number));
        let Some((_, step)) = newest else { return };
        let deed = steps::deed(&step.deed, self.view.lang);
        let by = step.by.map(|by| steps::officer(sheet, by).to_owned()).unwrap_or_default();
        let day = dated(self.view.lang, step.on);
        let told = row::flat(&steps::telling(step, sheet, self.view));
        self.say("meeting.last", &format!("{day}  {deed}  {by}"), (Role::Title, 1));
        if !told.trim().is_empty() {
            self.say("", &told, (Role::Text, 2));
        }
        self.blank();
    }

    fn next_due(&mut self, sheet: &CaseSheet) {
        let lang = self.view.lang;
        let Some(clock) = &sheet.next else {
            let key = if sheet.stage.is_open() { "meeting.no_clock" } else { "meeting.over" };
            let text = self.text(key);
            self.say("meeting.next", &text, (Role::Text, 2));
            return;
        };
        let day = clock.latest.map(|day| dated(lang, day)).unwrap_or_default();
        let left = row::days_left(clock, lang);
        let text = format!("{day}  {left}");
        self.say("meeting.next", &text, (row::role(clock.standing), 1));
        let args = [("limit", row::limit(clock, lang)), ("basis", row::basis(clock, lang))];
        let mut why = locale::fill(lang, "meeting.basis", &args);
        if clock.provisional {
            why = format!("{why}  {}", self.text("row.provisional"));
        }
        self.say("", &why, (Role::Text, 2));
    }

    /// What the list of the meeting says of it.
    fn tabled(&mut self, sheet: &CaseSheet) {
        let Some(tabled) = &sheet.case.tabled else { return };
        self.blank();
        let parts = [
            ("meeting.question", &tabled.question),
            ("meeting.difficulty", &tabled.difficulty),
            ("meeting.advice", &tabled.advice),
        ];
        let filled: Vec<_> = parts.iter().filter(|(_, text)| text.is_some()).collect();
        for (key, text) in &filled {
            let role = if *key == "meeting.question" { Role::Title } else { Role::Text };
            self.say(key, text.as_deref().unwrap_or_default(), (role, 3));
        }
        if filled.is_empty() {
            let text = self.text("meeting.is_tabled");
            self.say("meeting.question", &text, (Role::Dim, 1));
        }
    }

    fn claims(&mut self, sheet: &CaseSheet) {
        if sheet.case.claims.is_empty() {
            return;
        }
        self.rule("meeting.claims", sheet.case.claims.len());
        for (number, claim) in &sheet.case.claims {
            let text = words::claim_text(claim, self.view.lang);
            self.item(&format!("{number}."), (&text, Role::Text));
        }
    }

    fn decisions(&mut self, sheet: &CaseSheet) {
        if sheet.decisions.is_empty() {
            return;
        }
        self.rule("meeting.decisions", sheet.decisions.len());
        for decision in &sheet.decisions {
            let head = decision_head(decision, self.view);
            self.item(&head, (&row::flat(&decision.text), Role::Title));
            if let Some(outcome) = &decision.outcome {
                let day = row::day(outcome.on, self.view.me.today);
                let args = [("day", day), ("text", row::flat(&outcome.text))];
                let text = locale::fill(self.view.lang, "meeting.outcome", &args);
                self.item("", (&text, Role::Text));
            }
        }
    }

    fn story(&mut self, sheet: &CaseSheet) {
        let mut all: Vec<_> = sheet.case.steps.iter().collect();
        all.sort_by_key(|(number, step)| std::cmp::Reverse((step.cycle, step.on, **number)));
        self.rule("meeting.story", all.len());
        for (_, step) in all {
            let day = row::day(step.on, self.view.me.today);
            let deed = steps::deed(&step.deed, self.view.lang);
            let by = step.by.map(|by| steps::officer(sheet, by).to_owned()).unwrap_or_default();
            let told = row::flat(&steps::telling(step, sheet, self.view));
            self.item(&day, (&format!("{deed}  {by}  {told}"), Role::Text));
        }
    }

    /// A short head and a text behind it, wrapped under itself.
    fn item(&mut self, head: &str, (text, role): (&str, Role)) {
        let head = format!("{}{head}  ", " ".repeat(MARGIN));
        let n_head = crate::tui::text::width(&head).max(MARGIN + LABEL + 1);
        let room = self.width.saturating_sub(n_head).max(2);
        let shown = self.view.look.shown(text).into_owned();
        for (at, part) in wrap(shown.trim(), room).into_iter().enumerate() {
            let head = if at == 0 { head.as_str() } else { "" };
            self.put(&[Cell::role(pad_right(head, n_head), Role::Dim).and(part, role)]);
        }
    }
}

impl Screen for AnswerScreen {
    fn name(&self) -> &'static str {
        "answer"
    }

    fn wants(&self) -> Vec<Request> {
        self.ids.get(self.at).map(|id| Request::Case { id: *id }).into_iter().collect()
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Case(sheet) = reply {
            self.sheet = Loaded::There(sheet);
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let own = self.ids.get(self.at).map(|id| id.0);
        let kinds = [Kind::Receipt, Kind::Unit, Kind::Officer, Kind::Office, Kind::Decision];
        notice.everything
            || notice.touched.iter().any(|record| {
                kinds.contains(&record.kind)
                    || (record.kind == Kind::Case && Some(record.id) == own)
            })
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        match nav {
            Nav::Left => self.turn(self.at.checked_sub(1)),
            Nav::Right => self.turn(self.at.checked_add(1)),
            Nav::Up | Nav::Down | Nav::PageUp | Nav::PageDown | Nav::First | Nav::Last => {
                self.scroll(nav, view)
            }
            _ => Step::Pass,
        }
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Left, Nav::Right]
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        Selection {
            record: Some(sheet.case.id.into()),
            version: Some(sheet.case.version),
            name: format!("{} {}", sheet.case.number, sheet.case.title),
            permits: sheet.permits.clone(),
            ..Selection::default()
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
        let all = lines(self, sheet, view, width);
        let height = usize::from(area.height);
        let n_below = all.len().saturating_sub(self.top + height);
        let shown: Vec<Line<'_>> = all.into_iter().skip(self.top).collect();
        row::paint(frame, area, &shown);
        if let Some(bottom) = row::bottom(area, 1).filter(|_| n_below > 0) {
            let args = [("count", (n_below + 1).to_string())];
            let more = Cell::role(locale::fill(view.lang, "meeting.below", &args), Role::Dim);
            let line = row::sides(view, &[], &[more], width);
            row::paint(frame, bottom, &[row::padded(line, width)]);
        }
        None
    }
}
