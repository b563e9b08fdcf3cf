//! A form, made from the field table: checked while one types, every character kept when refused.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::meeting::DecisionQuery;
use crate::api::own::Draft;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::{ROWS_MAX, Request};
use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::form::{self, Fields};
use crate::domain::ids::{CaseId, DutyId, EntryId, Kind, PersonId, TaskId, UnitId, Version};
use crate::domain::schema::{Field, Need, Shield};
use crate::domain::text::Lines;
use crate::locale::{self, Lang};
use crate::spell::rank::rank;
use crate::spell::reading::Speller;
use crate::tui::app::talk::refusal_text;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::screen::form::day::Days;
use crate::tui::screen::form::like::Likes;
use crate::tui::screen::form::turn::Turn;
use crate::tui::screen::over::{Answer, Filled, Over, Settled, Tip};
use crate::tui::screen::picker::{self, Item};
use crate::tui::screen::{Selection, View};
use crate::tui::widget::input::{Editor, Typed};

/// The rows of a text of many lines that has the focus, and of one that has not.
const TEXT_ROWS: (u16, u16) = (5, 2);

mod begin;
pub mod day;
mod kept;
pub mod like;
mod picture;
mod step;
mod turn;

/// One field of the form.
struct Slot {
    field: &'static Field,
    editor: Editor,
    /// The text that it began with: what equals it is not sent in an edit.
    begun: String,
    /// Why it is wrong.
    wrong: Option<String>,
    /// The text with which it is on its way.
    sent: Option<String>,
    /// From where its text came before anything was typed here.
    came: kept::Came,
}

/// The form of an act.
pub struct Form {
    command: &'static Command,
    act: Act,
    selection: Selection,
    slots: Vec<Slot>,
    focus: usize,
    today: NaiveDate,
    lang: Lang,
    days: Days,
    speller: Speller,
    officers: Vec<Item>,
    units: Vec<Item>,
    persons: Vec<Item>,
    has_officers: bool,
    has_units: bool,
    /// Whether the present values of the record have come; true for a form that makes something.
    is_begun: bool,
    seen: Option<Version>,
    /// What is like the newcomer at the window.
    likes: Likes,
}

impl Form {
    /// The form of a command on what is selected.
    pub fn new(command: &'static Command, selection: &Selection, view: &View<'_>) -> Self {
        let act = command.act.unwrap_or(Act::Record);
        let slots = form::typed(act)
            .filter(|field| !selection.given.iter().any(|(name, _)| field.is_called(name)))
            .filter(|field| begin::is_asked(command.word, field.name()))
            .map(|field| Slot::new(field, act, view))
            .collect::<Vec<_>>();
        let named = selection.focus.and_then(|name| begin::at(&slots, name));
        let focus = named.or_else(|| begin::wanted(&slots, act));
        Self {
            command,
            act,
            selection: selection.clone(),
            slots,
            focus: focus.unwrap_or(0),
            today: view.me.today,
            lang: view.lang,
            days: Days::default(),
            speller: Speller::new(),
            officers: Vec::new(),
            units: Vec::new(),
            persons: Vec::new(),
            has_officers: false,
            has_units: false,
            is_begun: !form::is_edit(act),
            seen: None,
            likes: Likes::default(),
        }
    }

    /// Whether the names have come that the filled fields are read with.
    fn has_names(&self) -> bool {
        self.slots.iter().filter(|slot| !slot.editor.is_empty()).all(|slot| match slot.field.kind {
            FieldKind::Link(Kind::Officer) | FieldKind::Links(Kind::Officer) => self.has_officers,
            FieldKind::Link(Kind::Unit) | FieldKind::Links(Kind::Unit) => self.has_units,
            _ => true,
        })
    }

    fn items(&self, kind: Kind) -> &[Item] {
        match kind {
            Kind::Officer => &self.officers,
            Kind::Unit => &self.units,
            Kind::Person => &self.persons,
            Kind::Office | Kind::Clerk | Kind::Receipt | Kind::Case => &[],
            Kind::Plan | Kind::Task | Kind::Entry | Kind::Decision => &[],
            Kind::Duty | Kind::Indicator | Kind::View | Kind::Given => &[],
        }
    }

    /// The things whose names fit what is typed in a field that links to one, the best first.
    fn candidates(&self, slot: &Slot) -> Vec<&Item> {
        let FieldKind::Link(kind) = slot.field.kind else { return Vec::new() };
        let items = self.items(kind);
        let typed = slot.editor.text().trim();
        if typed.is_empty() {
            return Vec::new();
        }
        let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        let found = rank(&self.speller, typed, &names);
        found.iter().filter_map(|found| items.get(found.index)).collect()
    }

    /// The text of a field as an order carries it; the reason if it is none.
    fn value(&self, slot: &Slot) -> Result<String, String> {
        let text = slot.editor.text();
        match slot.field.kind {
            FieldKind::Link(_) if text.trim().is_empty() => Ok(String::new()),
            FieldKind::Link(_) => {
                let first = self.candidates(slot).first().map(|item| item.id.to_string());
                first.ok_or_else(|| "no_such_record".to_owned())
            }
            FieldKind::Links(kind) => {
                let known = self.items(kind);
                let ids = text.split([' ', ',', '\u{3001}']).filter(|name| !name.is_empty());
                let ids: Option<Vec<String>> = ids
                    .map(|name| known.iter().find(|item| item.name == name))
                    .map(|item| item.map(|item| item.id.to_string()))
                    .collect();
                ids.map(|ids| ids.join(" ")).ok_or_else(|| "no_such_record".to_owned())
            }
            FieldKind::Date if !text.trim().is_empty() => {
                let meant = self.days.meant(text, self.today).map_err(str::to_owned)?;
                Ok(meant.day.to_string())
            }
            kind => match kind.parse(text, self.today) {
                Ok(value) if value.is_null() && slot.field.need == Need::Required => {
                    Err("empty".to_owned())
                }
                Ok(_) => Ok(text.to_owned()),
                Err(why) => Err(why.to_owned()),
            },
        }
    }

    /// Leaves the focused field: a name that was begun is written out, what is wrong is said.
    fn leave(&mut self) {
        let Some(slot) = self.slots.get(self.focus) else { return };
        let name = self.candidates(slot).first().map(|item| item.name.clone());
        let checked = self.value(slot);
        let (lang, is_read) = (self.lang, self.has_names());
        let Some(slot) = self.slots.get_mut(self.focus) else { return };
        if let Some(name) = name.filter(|_| matches!(slot.field.kind, FieldKind::Link(_))) {
            slot.editor.set_text(&name);
        }
        slot.wrong = match checked {
            Ok(_) => None,
            Err(_) if !is_read => None,
            // An empty field is named when the form is sent, and then until it is filled.
            Err(why) if why == "empty" => slot.wrong.take(),
            Err(why) => Some(locale::text(lang, &format!("wrong.{why}"))),
        };
    }

    fn go(&mut self, to: usize) -> Answer {
        self.leave();
        self.focus = to.min(self.n_seen().saturating_sub(1));
        Answer::Stay
    }

    fn send(&mut self) -> Answer {
        self.leave();
        if !self.is_begun || !self.has_names() {
            return Answer::Say("form.not_read_yet".to_owned());
        }
        let mut fields = Fields::new();
        let mut first_wrong = None;
        let checked: Vec<Result<String, String>> =
            self.slots.iter().map(|slot| self.value(slot)).collect();
        let (lang, is_edit) = (self.lang, form::is_edit(self.act));
        for (at, (slot, checked)) in self.slots.iter_mut().zip(checked).enumerate() {
            let is_changed = slot.editor.text() != slot.begun;
            match checked {
                Ok(text) if is_edit && !is_changed => drop(text),
                Ok(text) if !is_edit && text.trim().is_empty() => drop(text),
                Ok(text) => {
                    fields.insert(slot.field.name().to_owned(), text);
                }
                Err(_) if is_edit && !is_changed => {}
                Err(why) => {
                    slot.wrong = Some(locale::text(lang, &format!("wrong.{why}")));
                    first_wrong.get_or_insert(at);
                }
            }
        }
        if let Some(at) = first_wrong {
            self.focus = at;
            return Answer::Say("form.is_wrong".to_owned());
        }
        if is_edit && self.act != Act::Table && fields.is_empty() {
            return Answer::Say("form.nothing_changed".to_owned());
        }
        Answer::Send(Filled { fields, seen: self.seen })
    }

    /// The present values of a record that is edited.
    fn begin(&mut self, values: &dyn Fn(&Field) -> Option<String>) {
        if self.is_begun {
            return;
        }
        for slot in &mut self.slots {
            let text = values(slot.field).unwrap_or_default();
            slot.begun.clone_from(&text);
            if slot.editor.is_empty() && slot.came == kept::Came::Made {
                slot.editor.set_text(&text);
            }
        }
        self.is_begun = true;
    }

    /// A key in a field, or from one to the next.
    fn typed_in_form(&mut self, key: Key) -> Answer {
        let is_text =
            self.slots.get(self.focus).is_some_and(|slot| slot.field.kind == FieldKind::Text);
        let is_turned = self.slots.get(self.focus).is_some_and(|slot| slot.is_turned());
        match key {
            Key::F(10) | Key::Ctrl('d') => return self.send(),
            Key::Esc if self.is_changed() => return Answer::CloseTyped,
            Key::Esc => return Answer::Close,
            Key::Tab => return self.go(self.focus + 1),
            Key::BackTab => return self.go(self.focus.saturating_sub(1)),
            Key::Down if !is_text => return self.go(self.focus + 1),
            Key::Up if !is_text => return self.go(self.focus.saturating_sub(1)),
            Key::Enter if !is_text && self.focus + 1 == self.slots.len() => return self.send(),
            Key::Enter if !is_text => return self.go(self.focus + 1),
            _ => {}
        }
        if is_turned {
            if let Some(way) = Turn::of(key.fold()) {
                self.turn(way);
            }
            return Answer::Stay;
        }
        if let Some(slot) = self.slots.get_mut(self.focus) {
            if matches!(key, Key::Char(_)) {
                slot.make_room();
            }
            if matches!(slot.editor.take(key), Typed::Changed { .. }) {
                slot.wrong = None;
            }
        }
        Answer::Stay
    }

    fn is_changed(&self) -> bool {
        self.slots.iter().any(|slot| slot.editor.text() != slot.begun)
    }
}

impl Slot {
    fn new(field: &'static Field, act: Act, view: &View<'_>) -> Self {
        let (lines, most) = match field.kind {
            FieldKind::Text => (Lines::Many, crate::domain::field::TEXT_MAX),
            FieldKind::Line { most } => (Lines::One, most),
            _ => (Lines::One, 120),
        };
        let mut editor = Editor::new(lines, most);
        let begun = if form::is_edit(act) { String::new() } else { turn::usual(field, view) };
        editor.set_text(&begun);
        if field.shield == Shield::Masked && form::is_edit(act) {
            editor.set_hint(locale::text(view.lang, "form.masked"));
        }
        Self { field, editor, begun, wrong: None, sent: None, came: kept::Came::Made }
    }

    fn rows(&self, has_focus: bool) -> u16 {
        let base = match (self.field.kind, has_focus) {
            (FieldKind::Text, true) => TEXT_ROWS.0,
            (FieldKind::Text, false) => TEXT_ROWS.1,
            (_, _) => 1,
        };
        base + u16::from(self.wrong.is_some())
    }
}

/// The keys of the form; the first only at the window.
const TIPS: &[Tip] = &[
    Tip::new(Key::F(5), "like.tip"),
    Tip::new(Key::F(10), "form.send"),
    Tip::new(Key::Tab, "form.next"),
    Tip::new(Key::BackTab, "form.before"),
    Tip::new(Key::Left, "form.turn"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Form {
    fn name(&self) -> &'static str {
        "form"
    }

    fn tips(&self) -> &'static [Tip] {
        let usual = match self.act {
            Act::Register => TIPS,
            _ => TIPS.split_first().map_or(TIPS, |(_, tips)| tips),
        };
        self.like_tips().unwrap_or(usual)
    }

    fn wants(&self) -> Vec<Request> {
        let mut wants = vec![Request::Officers, Request::Units];
        if self.slots.iter().any(|slot| slot.field.kind == FieldKind::Date) {
            wants.extend(Days::wants(self.today));
        }
        let case = self.selection.of(Kind::Case).map(|(record, _)| CaseId(record.id));
        let person = self.selection.of(Kind::Person).map(|(record, _)| PersonId(record.id));
        match (self.act, case, person) {
            (act, Some(id), _) if begin::reads_case(act) => wants.push(Request::Case { id }),
            (Act::EditTask, ..) => wants.extend(
                self.selection
                    .of(Kind::Task)
                    .map(|(record, _)| Request::Task { id: TaskId(record.id) }),
            ),
            (Act::EditDuty, ..) => wants.extend(
                self.selection
                    .of(Kind::Duty)
                    .map(|(record, _)| Request::Duty { id: DutyId(record.id) }),
            ),
            (Act::EditDecision, ..) => wants.push(Request::Decisions(DecisionQuery {
                most: ROWS_MAX,
                ..DecisionQuery::default()
            })),
            (Act::EditEntry, ..) => wants.extend(
                self.selection
                    .of(Kind::Entry)
                    .map(|(record, _)| Request::Entry { id: EntryId(record.id) }),
            ),
            (Act::EditPerson, _, Some(id)) => wants.push(Request::Person { id }),
            (Act::CorrectNote, ..) => wants.extend(
                self.selection
                    .of(Kind::Unit)
                    .map(|(record, _)| Request::Unit { id: UnitId(record.id) }),
            ),
            (Act::EditOffice, ..) => wants.push(Request::Settings),
            (Act::EditView, ..) => wants.push(Request::Views(None)),
            (Act::EditClerk, ..) => wants.push(Request::Clerks),
            _ => {}
        }
        wants.extend(self.like_request());
        wants
    }

    fn got(&mut self, _: usize, reply: Reply, view: &View<'_>) {
        match reply {
            Reply::Views(rows) => self.begin_view(&rows),
            Reply::Officers(rows) => {
                let own = rows.iter().find(|row| Some(row.id.into()) == self.selection.record);
                if self.act == Act::EditOfficer
                    && let Some(row) = own
                {
                    self.begin_row(row.version, &row.values);
                }
                let field = if self.act == Act::Extend { "approver" } else { "" };
                self.has_officers = true;
                self.officers = picker::officers(rows, field, view.lang);
            }
            Reply::Units(rows) => {
                let own = rows.iter().find(|row| Some(row.id.into()) == self.selection.record);
                if self.act == Act::EditUnit
                    && let Some(row) = own
                {
                    self.begin_row(row.version, &row.values);
                }
                self.has_units = true;
                self.units = picker::units(rows, "", view.lang);
            }
            Reply::Calendar(year) => self.days.got(year),
            Reply::Settings(view) => self.begin_row(view.version, &view.values),
            Reply::Clerks(rows) => {
                let own = rows.iter().find(|row| Some(row.id.into()) == self.selection.record);
                if let Some(row) = own {
                    self.begin_row(row.version, &row.values);
                }
            }
            Reply::Case(sheet) if self.act == Act::ProposeEntry => self.begin_proposal(&sheet),
            Reply::Case(sheet) if self.act == Act::CorrectStep => self.begin_step(&sheet),
            Reply::Case(sheet) => self.begin_case(&sheet),
            Reply::Decisions(page) => self.begin_decision(&page),
            Reply::Entry(sheet) => self.begin_entry(&sheet),
            Reply::Task(sheet) => self.begin_task(&sheet),
            Reply::Duty(sheet) => self.begin_duty(&sheet),
            Reply::Person(sheet) => self.begin_person(&sheet),
            Reply::Like(view) => self.got_likes(view),
            Reply::Unit(sheet) => self.begin_note(&sheet),
            _ => {}
        }
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        if let Some(answer) = self.typed_in_likes(key) {
            return answer;
        }
        let was_in = self.focus;
        let answer = self.typed_in_form(key);
        self.compare(answer, was_in)
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        if let Some(slot) = self.slots.get_mut(self.focus)
            && !slot.is_turned()
        {
            slot.make_room();
            slot.editor.paste(pasted);
            slot.wrong = None;
        }
        self.compare(Answer::Stay, self.focus)
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Answer {
        match picture::field_at(self, (area, at), view) {
            Some(place) => self.clicked_on(place),
            None => Answer::Stay,
        }
    }

    fn refused(&mut self, refusal: &Refusal) -> Answer {
        let is_rule = refusal.key.starts_with("broken.");
        let mut first = None;
        for wrong in &refusal.wrongs {
            let place = self.slots.iter().position(|slot| slot.field.key == wrong.field);
            let Some(slot) = place.and_then(|at| self.slots.get_mut(at)) else { continue };
            slot.wrong = Some(if is_rule {
                refusal_text(self.lang, refusal)
            } else {
                locale::text(self.lang, &format!("wrong.{}", wrong.why))
            });
            first = first.or(place);
        }
        if let Some(at) = first {
            self.focus = at;
        }
        Answer::Stay
    }

    fn is_sent(&mut self) {
        self.note_sent();
    }

    fn is_done(&mut self, now: Version) -> Answer {
        self.send_rest(now)
    }

    fn settle(&mut self, settled: &[Settled], now: Option<Version>) -> Answer {
        self.settled(settled, now)
    }

    fn has_text(&self) -> bool {
        self.is_changed()
    }

    fn draft(&self) -> Option<Draft> {
        // An export is about the list below it, which is another one next time.
        (!matches!(self.act, Act::Export | Act::Dossier)).then(|| self.half_typed()).flatten()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        picture::draw(self, frame, (area, view))
    }
}
