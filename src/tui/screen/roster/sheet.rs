//! The sheet of one entry of the roster: the person and the case, who answers for the help, what is
//! owed, and what was done.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::roster::EntrySheet;
use crate::domain::entry::{Contact, EntryState, Renewal};
use crate::domain::ids::{EntryId, Kind, OfficerId, RecordRef};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::roster::{columns, owed};
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::table::Cell;

/// The columns of a label.
const LABEL: usize = 12;

/// The sheet.
pub struct EntryScreen {
    id: EntryId,
    sheet: Loaded<EntrySheet>,
    top: usize,
    area: Rect,
}

impl EntryScreen {
    /// The sheet of an entry.
    pub fn new(id: EntryId) -> Self {
        Self { id, sheet: Loaded::Waiting, top: 0, area: Rect::default() }
    }
}

/// What a command would act on while a sheet is shown.
pub fn selection(sheet: &EntrySheet) -> Selection {
    let row = &sheet.row;
    let name = row.name.clone().unwrap_or_default();
    Selection {
        record: Some(row.id.into()),
        version: Some(row.version),
        name: format!("{name} {} {}", row.number, row.title).trim_start().to_owned(),
        permits: sheet.permits.clone(),
        links: vec![row.case.into(), row.person.into()],
        ..Selection::default()
    }
}

fn officer(sheet: &EntrySheet, id: Option<OfficerId>) -> String {
    let name = id.and_then(|id| sheet.officers.get(&id).cloned());
    name.unwrap_or_else(|| row::NOTHING.to_owned())
}

/// Lines of labels and values, wrapped below one another.
struct Told<'t> {
    lines: Vec<Line<'static>>,
    view: &'t View<'t>,
    width: usize,
}

impl Told<'_> {
    fn say(&mut self, field: &str, text: &str) {
        let label = locale::text(self.view.lang, &format!("field.entry.{field}"));
        let room = self.width.saturating_sub(LABEL + 1).max(1);
        for (at, part) in wrap(text, room).iter().enumerate() {
            let head = if at == 0 { label.as_str() } else { "" };
            let head = Cell::role(pad_right(head, LABEL), Role::Dim);
            let cell = head.and(format!(" {part}"), Role::Text);
            self.lines.push(row::strip(self.view, &[cell], self.width));
        }
    }

    fn text(&self, key: &str, args: &[(&str, String)]) -> String {
        locale::fill(self.view.lang, key, args)
    }

    fn day(&self, on: NaiveDate) -> String {
        row::day(on, self.view.me.today)
    }
}

/// The lines of a sheet for a width: the entry, then its history, the newest first.
pub fn lines(sheet: &EntrySheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let (entry, own) = (&sheet.entry, &sheet.row);
    let mut told = Told { lines: Vec::new(), view, width };
    let mut title = vec![
        Cell::role(owed::name(own, view.lang), Role::Title),
        row::maybe(own.village.as_ref()),
        owed::state_cell(own, view.lang),
        Cell::text(columns::ground_text(own, view.lang)),
    ];
    if own.state == EntryState::Pending {
        let args = [("until", told.day(own.pending_until))];
        title.push(Cell::role(told.text("roster.until", &args), Role::Late));
    }
    told.lines.push(row::strip(view, &title, width));
    told.say("case", &format!("{} {}", own.number, row::flat(&own.title)));
    told.say("reason", &entry.reason);
    let of_office = [
        ("lead", officer(sheet, Some(entry.lead))),
        ("officer", officer(sheet, Some(entry.officer))),
    ];
    told.say("lead", &told.text("roster.who", &of_office));
    told.say("measures", &entry.measures);
    if let Some(help) = &entry.help_called {
        told.say("help_called", help);
    }
    if let Some(on) = entry.reported_on {
        told.say("reported_on", &told.day(on));
    }
    let proposed = [("day", told.day(entry.proposed_on)), ("who", officer(sheet, entry.proposer))];
    told.say("proposer", &told.text("roster.day_who", &proposed));
    let approval = approval(sheet, &told);
    told.say("approval", &approval);
    let informed = match (entry.told_on, &entry.not_told) {
        (Some(on), _) => told.day(on),
        (None, Some(why)) => told.text("roster.not_told", &[("why", row::flat(why))]),
        (None, None) => told.text("roster.not_told_yet", &[]),
    };
    told.say("told_on", &informed);
    told.say("contact_on", &told.day(entry.contact_on));
    if let Some(promise) = &entry.promise {
        let args = [("day", told.day(promise.by_on)), ("what", row::flat(&promise.text))];
        told.say("promise", &told.text("roster.promised", &args));
    }
    told.say("review_on", &told.day(entry.review_on));
    if own.state.is_open() {
        let heading = Cell::role(told.text("roster.owes", &[]), Role::Group);
        told.lines.push(row::rule(view, &[heading], &[], width));
        for cell in owed::all(own, view) {
            told.lines.push(row::strip(view, &[Cell::text(" "), cell], width));
        }
    }
    history(sheet, &mut told);
    told.lines
}

fn approval(sheet: &EntrySheet, told: &Told<'_>) -> String {
    let Some(approval) = &sheet.entry.approval else {
        return told.text("roster.not_approved", &[]);
    };
    let way = locale::text(told.view.lang, &format!("entry.way.{}", approval.way.word()));
    let args = [
        ("day", told.day(approval.on)),
        ("who", officer(sheet, approval.approver)),
        ("way", way),
        ("document", approval.document.clone().unwrap_or_default()),
    ];
    told.text("roster.approval", &args).trim_end().to_owned()
}

/// What was done, the newest first: the end, contacts and renewals.
fn history(sheet: &EntrySheet, told: &mut Told<'_>) {
    let entry = &sheet.entry;
    let count = entry.contacts.len() + entry.reviews.len() + usize::from(entry.ending.is_some());
    let args = [("count", count.to_string())];
    let heading = Cell::role(told.text("roster.history", &args), Role::Group);
    told.lines.push(row::rule(told.view, &[heading], &[], told.width));
    if let Some(ending) = &entry.ending {
        let why = format!("choice.end_reason.{}", ending.why.word());
        let args = [
            ("why", locale::text(told.view.lang, &why)),
            ("text", ending.text.as_deref().map(row::flat).unwrap_or_default()),
        ];
        let text = told.text("roster.ended", &args);
        told.step(ending.on, &officer(sheet, ending.by), text.trim_end());
    } else if let Some(on) = entry.lapsed_on {
        let text = told.text("roster.lapsed", &[("until", told.day(sheet.row.pending_until))]);
        told.step(on, row::NOTHING, &text);
    }
    let contacts = entry.contacts.iter().map(|(number, contact)| (*number, Done::Contact(contact)));
    let reviews = entry.reviews.iter().map(|(number, renewal)| (*number, Done::Renewal(renewal)));
    let mut all: Vec<(u32, Done<'_>)> = contacts.chain(reviews).collect();
    all.sort_by_key(|(number, done)| std::cmp::Reverse((done.on(), *number)));
    for (_, done) in all {
        match done {
            Done::Contact(contact) => told.contact(sheet, contact),
            Done::Renewal(renewal) => {
                let args = [("day", told.day(renewal.until)), ("text", row::flat(&renewal.text))];
                let text = told.text("roster.renewed", &args);
                told.step(renewal.on, &officer(sheet, renewal.by), &text);
            }
        }
    }
    if count == 0 {
        let text = told.text("roster.no_history", &[]);
        told.lines.push(row::strip(told.view, &[Cell::role(text, Role::Dim)], told.width));
    }
}

enum Done<'d> {
    Contact(&'d Contact),
    Renewal(&'d Renewal),
}

impl Done<'_> {
    fn on(&self) -> NaiveDate {
        match self {
            Self::Contact(contact) => contact.on,
            Self::Renewal(renewal) => renewal.on,
        }
    }
}

impl Told<'_> {
    /// A line of the history, wrapped behind its day and its officer.
    fn step(&mut self, on: NaiveDate, who: &str, text: &str) {
        let head = format!("  {}  {} ", self.day(on), pad_right(who, 6));
        let n_head = crate::tui::text::width(&head);
        let room = self.width.saturating_sub(n_head + 1).max(1);
        for (at, part) in wrap(text, room).iter().enumerate() {
            let head = if at == 0 { head.clone() } else { " ".repeat(n_head) };
            let cell = Cell::role(head, Role::Dim).and((*part).to_owned(), Role::Text);
            self.lines.push(row::strip(self.view, &[cell], self.width));
        }
    }

    fn contact(&mut self, sheet: &EntrySheet, contact: &Contact) {
        let manner = format!("choice.contact_manner.{}", contact.manner.word());
        let mut text =
            format!("{} {}", locale::text(self.view.lang, &manner), row::flat(&contact.text));
        if let Some(given) = &contact.given {
            text.push_str("  ");
            text.push_str(&self.text("roster.given", &[("what", row::flat(given))]));
        }
        if contact.entered_on != contact.on {
            let args = [("day", self.day(contact.entered_on))];
            text.push_str("  ");
            text.push_str(&self.text("campaign.entered_later", &args));
        }
        self.step(contact.on, &officer(sheet, contact.by), &text);
    }
}

impl Screen for EntryScreen {
    fn name(&self) -> &'static str {
        "entry"
    }

    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|_| self.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Entry { id: self.id }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Entry(sheet) = reply {
            self.sheet = Loaded::There(sheet);
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let Some(sheet) = self.sheet.get() else { return true };
        notice.everything
            || notice.touched.iter().any(|record| match record.kind {
                Kind::Entry => record.id == self.id.0,
                Kind::Case => record.id == sheet.row.case.0,
                Kind::Person => true,
                _ => matches!(record.kind, Kind::Officer | Kind::Unit | Kind::Office),
            })
    }

    fn on(&mut self, nav: Nav, view: &View<'_>) -> Step {
        let height = usize::from(self.area.height).max(1);
        let width = usize::from(self.area.width);
        let n_lines = self.sheet.get().map_or(0, |sheet| lines(sheet, view, width).len());
        let last = n_lines.saturating_sub(height);
        if nav == Nav::Page {
            return Step::Push(Box::new(PlainScreen::letters(self.id)));
        }
        let Some(top) = nav.moved(self.top, (height, last)) else { return Step::Pass };
        self.top = top;
        Step::Stay
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::Page]
    }

    fn selected(&self) -> Selection {
        self.sheet.get().map_or_else(Selection::default, selection)
    }

    fn resized(&mut self, area: Rect) {
        self.area = area;
        self.top = 0;
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        let Some(sheet) = self.sheet.get() else {
            self.sheet.draw_absence(frame, area, ("roster.gone", view));
            return None;
        };
        let lines = lines(sheet, view, width);
        let more = lines.len() > self.top + usize::from(area.height);
        let n_shown = usize::from(area.height).saturating_sub(usize::from(more));
        let shown: Vec<Line<'_>> = lines.into_iter().skip(self.top).take(n_shown).collect();
        row::paint(frame, area, &shown);
        if let Some(bottom) = row::bottom(area, 0).filter(|_| more) {
            let text = Cell::role(locale::text(view.lang, "row.more"), Role::Dim);
            let line = row::sides(view, &[], &[text], width);
            row::paint(frame, bottom, &[line]);
        }
        None
    }
}
