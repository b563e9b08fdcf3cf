//! Two records found to be one person, or told apart again: the other is chosen, then what follows
//! is shown, and only then it is done.
//!
//! Nothing is moved or lost on disk; the preview says what will be seen under which name.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::refusal::Refusal;
use crate::api::reply::{PersonSheet, Reply};
use crate::api::request::Request;
use crate::api::roster::{Alias, PersonQuery, PersonRow};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::{PersonId, RecordRef};
use crate::domain::text::Lines;
use crate::locale::{self, Lang};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, CHOOSING, Filled, Over, Tip};
use crate::tui::screen::{View, row};
use crate::tui::text::{pad_right, width};
use crate::tui::widget::input::{Editor, Typed};

/// The most characters that one searches for.
const CHARS_MAX: usize = 60;
/// The most persons that are offered.
const PERSONS_MAX: u32 = 50;
/// The columns of a name and of a label.
const NAME: usize = 14;
/// The fields that the preview compares.
const FIELDS: [&str; 4] = ["phone", "address", "village", "id_number"];
/// The rows of the preview that answer it.
const N_ANSWERS: usize = 2;

/// The dialogue.
pub struct Union {
    command: &'static Command,
    keep: PersonId,
    sheet: Option<Box<PersonSheet>>,
    editor: Editor,
    persons: Vec<PersonRow>,
    is_filled: bool,
    choice: Choice,
    /// The chosen record, and its sheet once it has come.
    other: Option<(PersonId, Option<Box<PersonSheet>>)>,
}

impl Union {
    /// Merges others into a person, or takes one of them out again.
    pub fn new(command: &'static Command, person: RecordRef) -> Self {
        Self {
            command,
            keep: PersonId(person.id),
            sheet: None,
            editor: Editor::new(Lines::One, CHARS_MAX),
            persons: Vec::new(),
            is_filled: false,
            choice: Choice::default(),
            other: None,
        }
    }

    /// The same with the other record chosen already, if one is.
    #[must_use]
    pub fn with(self, other: Option<PersonId>) -> Self {
        Self { other: other.map(|id| (id, None)), ..self }
    }

    fn is_merge(&self) -> bool {
        self.command.act == Some(Act::MergePersons)
    }

    fn name(&self, lang: Lang) -> String {
        let name = self.sheet.as_ref().and_then(|sheet| value(sheet, "name"));
        name.unwrap_or_else(|| locale::text(lang, "row.anonymous"))
    }

    fn aliases(&self) -> &[Alias] {
        self.sheet.as_ref().map_or(&[], |sheet| sheet.aliases.as_slice())
    }

    /// The records that can be chosen: for a merge all that the text finds but the person.
    fn offered(&self) -> Vec<PersonId> {
        if self.is_merge() {
            let own = self.sheet.as_ref().map_or(self.keep, |sheet| sheet.id);
            self.persons.iter().map(|row| row.id).filter(|id| *id != own).collect()
        } else {
            self.aliases().iter().map(|alias| alias.id).collect()
        }
    }

    fn choose(&mut self, at: usize) -> Answer {
        let Some(other) = self.offered().get(at).copied() else { return Answer::Stay };
        self.other = Some((other, None));
        self.choice = Choice::default();
        Answer::Ask
    }

    /// A key while the preview is shown; the safe answer is chosen at first.
    fn answered(&mut self, key: Key) -> Answer {
        match key.fold() {
            Key::Char('2' | 'y') => self.send(),
            Key::Enter if self.choice.at == 1 => self.send(),
            Key::Char('1' | 'n') | Key::Enter | Key::Esc => {
                self.other = None;
                self.choice = Choice::default();
                Answer::Ask
            }
            key => {
                self.choice.moved(key, N_ANSWERS);
                Answer::Stay
            }
        }
    }

    fn send(&self) -> Answer {
        let Some((other, sheet)) = &self.other else { return Answer::Stay };
        if self.is_merge() && sheet.is_none() {
            return Answer::Say("row.waiting".to_owned());
        }
        let fields = Fields::from([("other".to_owned(), other.0.to_string())]);
        Answer::Send(Filled { fields, seen: None })
    }

    fn rows(&self, view: &View<'_>) -> Vec<Pieces> {
        let row = |(at, name, note): (usize, Option<&String>, String)| {
            let digit = if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
            let name = name.cloned().unwrap_or_else(|| locale::text(view.lang, "row.anonymous"));
            let gap = " ".repeat(NAME.saturating_sub(width(&name)).max(2));
            vec![(digit, Role::Key), (name + &gap, Role::Text), (note, Role::Dim)]
        };
        let join =
            |parts: [Option<String>; 4]| parts.into_iter().flatten().collect::<Vec<_>>().join("  ");
        if self.is_merge() {
            let offered = self.offered();
            let shown = self.persons.iter().filter(|person| offered.contains(&person.id));
            let shown = shown.enumerate().map(|(at, person)| {
                let case = person.case.clone().map(|(number, title)| format!("{number} {title}"));
                let parts = [person.phone.clone(), person.village.clone(), case, None];
                (at, person.name.as_ref(), join(parts))
            });
            return shown.map(row).collect();
        }
        let shown = self.aliases().iter().enumerate().map(|(at, alias)| {
            let case = alias.cases.first().map(|(number, title)| format!("{number} {title}"));
            let parts = [alias.phone.clone(), alias.village.clone(), case, None];
            (at, alias.name.as_ref(), join(parts))
        });
        shown.map(row).collect()
    }

    /// What follows from the choice, then the two answers.
    fn preview(&self, other: PersonId, view: &View<'_>) -> Vec<Pieces> {
        let mut rows: Vec<Pieces> = if self.is_merge() {
            let sheet = self.other.as_ref().and_then(|(_, sheet)| sheet.as_ref());
            match (&self.sheet, sheet) {
                (Some(keep), Some(other)) => merged(keep, other, view),
                _ => vec![vec![(locale::text(view.lang, "row.waiting"), Role::Dim)]],
            }
        } else {
            let alias = self.aliases().iter().find(|alias| alias.id == other);
            alias.map(|alias| parted(alias, view)).unwrap_or_default()
        };
        rows.push(Vec::new());
        let word = self.command.word;
        let answers = [("1 ", "union.no".to_owned()), ("2 ", format!("union.{word}.yes"))];
        for (digit, label) in answers {
            let label = (locale::text(view.lang, &label), Role::Text);
            rows.push(vec![(digit.to_owned(), Role::Key), label]);
        }
        rows
    }
}

fn value(sheet: &PersonSheet, field: &str) -> Option<String> {
    let found = sheet.fields.iter().find(|(name, _)| name == field);
    found.map(|(_, text)| text.clone()).filter(|text| !text.is_empty())
}

fn line(label: &str, text: String, role: Role) -> Pieces {
    vec![(pad_right(label, NAME), Role::Dim), (text, role)]
}

/// What a merge brings together: what is filled in, what is kept, cases and entries.
fn merged(keep: &PersonSheet, other: &PersonSheet, view: &View<'_>) -> Vec<Pieces> {
    let word = |key: &str| locale::text(view.lang, key);
    let mut rows = Vec::new();
    for field in FIELDS {
        let label = word(&format!("field.person.{field}"));
        let args = |own: &str, other: &str| [("own", own.to_owned()), ("other", other.to_owned())];
        let text = match (value(keep, field), value(other, field)) {
            (_, None) => continue,
            (None, Some(text)) => locale::fill(view.lang, "union.filled", &args("", &text)),
            (Some(own), Some(text)) if own == text => continue,
            (Some(own), Some(text)) => locale::fill(view.lang, "union.kept", &args(&own, &text)),
        };
        rows.push(line(&label, text, Role::Text));
    }
    let count = [("count", other.cases.len().to_string())];
    rows.push(line(&word("union.cases"), locale::fill(view.lang, "union.n", &count), Role::Text));
    for case in &other.cases {
        let text = format!("{} {}", case.number, row::title(case, view.lang));
        rows.push(line("", text, Role::Text));
    }
    let count = [("count", other.entries.len().to_string())];
    rows.push(line(&word("union.entries"), locale::fill(view.lang, "union.n", &count), Role::Text));
    rows
}

/// What an un-merge gives back to a record.
fn parted(alias: &Alias, view: &View<'_>) -> Vec<Pieces> {
    let word = |key: &str| locale::text(view.lang, key);
    let n = |count: usize| locale::fill(view.lang, "union.n", &[("count", count.to_string())]);
    let mut rows = Vec::new();
    if let Some(phone) = &alias.phone {
        rows.push(line(&word("field.person.phone"), phone.clone(), Role::Text));
    }
    if let Some(village) = &alias.village {
        rows.push(line(&word("field.person.village"), village.clone(), Role::Text));
    }
    rows.push(line(&word("union.cases"), n(alias.cases.len()), Role::Text));
    for (number, title) in &alias.cases {
        rows.push(line("", format!("{number} {title}"), Role::Text));
    }
    let n_entries = usize::try_from(alias.n_entries).unwrap_or(usize::MAX);
    rows.push(line(&word("union.entries"), n(n_entries), Role::Text));
    rows
}

impl Over for Union {
    fn name(&self) -> &'static str {
        "union"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn wants(&self) -> Vec<Request> {
        let mut wants = vec![Request::Person { id: self.keep }];
        match (&self.other, self.is_merge()) {
            (Some((other, _)), true) => wants.push(Request::Person { id: *other }),
            (None, true) => {
                let text = self.editor.text().trim().to_owned();
                let text = Some(text).filter(|text| !text.is_empty());
                let most = PERSONS_MAX;
                wants.push(Request::Persons(PersonQuery { text, most, ..PersonQuery::default() }));
            }
            (_, false) => {}
        }
        wants
    }

    fn got(&mut self, place: usize, reply: Reply, _: &View<'_>) {
        match reply {
            Reply::Person(sheet) if place == 0 => self.sheet = Some(sheet),
            Reply::Person(sheet) => {
                if let Some((_, own)) = &mut self.other {
                    *own = Some(sheet);
                }
            }
            Reply::Persons(page) => {
                self.persons = page.rows;
                self.is_filled = true;
                self.choice = Choice::default();
            }
            _ => {}
        }
    }

    fn refused(&mut self, _refusal: &Refusal) -> Answer {
        // The status line says why; another record may be chosen.
        self.other = None;
        self.choice = Choice::default();
        Answer::Ask
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        if self.other.is_some() {
            return self.answered(key);
        }
        let n_rows = self.offered().len();
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(self.choice.at),
            Key::Char(digit @ '1'..='9') if self.editor.is_empty() => {
                self.choose(digit as usize - '1' as usize)
            }
            moving if self.choice.moved(moving, n_rows) => Answer::Stay,
            _ if !self.is_merge() => Answer::Stay,
            _ => match self.editor.take(key) {
                Typed::Changed { .. } => Answer::Ask,
                _ => Answer::Stay,
            },
        }
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        if self.other.is_some() || !self.is_merge() {
            return Answer::Stay;
        }
        match self.editor.paste(pasted) {
            Typed::Changed { .. } => Answer::Ask,
            _ => Answer::Stay,
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let label = locale::text(view.lang, &self.command.label());
        let name = self.name(view.lang);
        let word = self.command.word;
        let Some((other, sheet)) = &self.other else {
            let rows = self.rows(view);
            let is_read = self.sheet.is_some() && (self.is_filled || !self.is_merge());
            let key = match (is_read, rows.is_empty()) {
                (false, _) => "row.waiting".to_owned(),
                (true, true) => "union.nobody".to_owned(),
                (true, false) => format!("union.{word}.choose"),
            };
            let title = format!("{label} {name}");
            let editor = Some(&self.editor).filter(|_| self.is_merge());
            let foot = locale::text(view.lang, &key);
            let panel = Panel { title: &title, editor, rows, choice: self.choice, foot };
            return panel.draw(frame, area, view.look);
        };
        let alias = self.aliases().iter().find(|alias| alias.id == *other);
        let other_name = match sheet {
            Some(sheet) => value(sheet, "name"),
            None => alias.and_then(|alias| alias.name.clone()),
        };
        let other_name = other_name.unwrap_or_else(|| locale::text(view.lang, "row.anonymous"));
        let args = [("keep", name), ("other", other_name)];
        let title = locale::fill(view.lang, &format!("union.{word}.title"), &args);
        let rows = self.preview(*other, view);
        let at = rows.len().saturating_sub(N_ANSWERS) + self.choice.at;
        let foot = locale::text(view.lang, &format!("union.{word}.foot"));
        let choice = Choice { at };
        Panel { title: &title, editor: None, rows, choice, foot }.draw(frame, area, view.look)
    }
}
