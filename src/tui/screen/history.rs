//! The history of a record: what was changed in it, field by field, by whom and when. The value before
//! a change is put back by the form that changes the field, so that all its rules hold.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::door::Notice;
use crate::api::reply::Reply;
use crate::api::request::{JournalQuery, Request};
use crate::api::trail::{ChangedField, JournalRow};
use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::form::Fields;
use crate::domain::ids::{CaseId, Kind, RecordRef};
use crate::domain::schema::{self, Change, Field, Shield};
use crate::locale;
use crate::tui::command::{COMMANDS, Command, Does, Takes};
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, Over, Tip};
use crate::tui::screen::{Selection, View, changed, row};

/// Lines that are asked for.
const LINES: u32 = 100;
/// The characters from which a value of the journal is cut, so that it is not the whole.
const CUT_FROM: usize = 200;

/// The window.
pub struct History {
    record: RecordRef,
    name: String,
    lines: Option<Vec<JournalRow>>,
    choice: Choice,
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Enter, "history.restore"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

impl History {
    /// The history of a record that is called so.
    pub fn new(record: RecordRef, name: &str) -> Self {
        let choice = Choice::default();
        Self { record, name: name.to_owned(), lines: None, choice }
    }

    /// The changes, one for each field.
    fn changes(&self) -> Vec<(&JournalRow, Option<&ChangedField>)> {
        let lines = self.lines.iter().flatten();
        lines
            .flat_map(|line| {
                let fields: Vec<_> =
                    line.fields.iter().filter(|one| changed::is_told(&one.field)).collect();
                match fields.is_empty() {
                    true => vec![(line, None)],
                    false => fields.into_iter().map(|field| (line, Some(field))).collect(),
                }
            })
            .collect()
    }

    fn restore(&self) -> Answer {
        let changes = self.changes();
        let Some((line, changed)) = changes.get(self.choice.at) else { return Answer::Stay };
        let (Some(record), Some(changed)) = (line.record, *changed) else {
            return Answer::Say("history.not_a_field".to_owned());
        };
        let Some((command, field)) = command_of(record.kind, &changed.field) else {
            return Answer::Say("history.not_a_field".to_owned());
        };
        let text = changed.old.clone().unwrap_or_default();
        let is_whole = text.chars().count() < CUT_FROM && field.shield != Shield::Masked;
        if changed.erased || !is_whole {
            return Answer::Say("history.not_told".to_owned());
        }
        let selection =
            Selection { record: Some(record), name: line.name.clone(), ..Selection::default() };
        let fields = Fields::from([(field.name().to_owned(), text)]);
        Answer::Above(command, Box::new(selection), fields)
    }

    fn row(&self, line: &JournalRow, changed: Option<&ChangedField>, view: &View<'_>) -> Pieces {
        let lang = view.lang;
        let day = row::short_day(line.at.date(), view.me.today);
        let who = line.who.clone().unwrap_or_else(|| locale::text(lang, "journal.system"));
        let head = format!("{day} {} {who} ", line.at.format("%H:%M"));
        let mut pieces = vec![(head, Role::Dim)];
        let act =
            |word: &str| locale::find(lang, &format!("act.{word}")).unwrap_or(word).to_owned();
        let of = line.of.as_ref().map(|of| format!(" {}", act(of))).unwrap_or_default();
        let Some(changed) = changed else {
            let deed = locale::text(lang, &format!("log.deed.{}", line.deed));
            // What hangs on the record says what it is.
            let other =
                line.record.map(|record| record.kind).filter(|kind| *kind != self.record.kind);
            let other = other.map(|kind| locale::text(lang, &format!("kind.{}", kind.key())));
            let other = other.map(|kind| format!(" {kind}")).unwrap_or_default();
            pieces.push((format!("{}{of}  {deed}{other}", act(&line.act)), Role::Text));
            return pieces;
        };
        if !of.is_empty() {
            pieces.push((format!("{} ", act(&line.act)), Role::Group));
        }
        let kind = line.record.map_or("", |record| record.kind.key());
        let label = changed::name(lang, kind, changed);
        let values = changed::values(lang, kind, changed);
        if changed.erased {
            pieces.push((format!("{label}: {values}"), Role::Dim));
        } else if values.is_empty() {
            pieces.push((format!("{label}  {}", act(&line.act)), Role::Text));
        } else {
            pieces.extend([(format!("{label}: "), Role::Dim), (values, Role::Text)]);
        }
        pieces
    }
}

/// The command whose form changes a field of a kind of record, and that field; none if no form may.
fn command_of(kind: Kind, field: &str) -> Option<(&'static Command, &'static Field)> {
    let edits: BTreeSet<Act> = [
        Act::EditCase,
        Act::EditReceipt,
        Act::EditPerson,
        Act::EditEntry,
        Act::EditTask,
        Act::EditDuty,
        Act::EditDecision,
        Act::EditUnit,
        Act::EditOfficer,
        Act::EditView,
    ]
    .into();
    let is_it = |command: &&Command| {
        let act = command.act.filter(|act| edits.contains(act) && act.on() == Some(kind));
        act.is_some() && command.does == Does::Change(Takes::Form)
    };
    let command = COMMANDS.iter().find(is_it)?;
    let field = schema::form(command.act?).iter().find(|own| own.name() == field)?;
    let is_typed = field.change != Change::Ruled && field.kind != FieldKind::Inner;
    is_typed.then_some((command, field))
}

impl Over for History {
    fn name(&self) -> &'static str {
        "history"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn wants(&self) -> Vec<Request> {
        let is_case = self.record.kind == Kind::Case;
        vec![Request::Journal(JournalQuery {
            case: is_case.then_some(CaseId(self.record.id)),
            record: Some(self.record).filter(|_| !is_case),
            most: LINES,
            ..JournalQuery::default()
        })]
    }

    fn got(&mut self, _place: usize, reply: Reply, _: &View<'_>) {
        if let Reply::Journal(page) = reply {
            self.lines = Some(page.rows);
            self.choice.at = self.choice.at.min(self.changes().len().saturating_sub(1));
        }
    }

    fn touched(&self, notice: &Notice) -> bool {
        notice.everything || notice.touched.contains(&self.record)
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match key.fold() {
            Key::Esc | Key::Char('q') => Answer::Close,
            Key::Enter | Key::Char('e') => self.restore(),
            key => {
                let n_rows = self.changes().len();
                self.choice.moved(key, n_rows);
                Answer::Stay
            }
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let changes = self.changes();
        let rows: Vec<Pieces> =
            changes.into_iter().map(|(line, field)| self.row(line, field, view)).collect();
        let label = locale::text(view.lang, "cmd.history");
        let title = format!("{label} {}", self.name);
        let key = match (&self.lines, rows.is_empty()) {
            (None, _) => "row.waiting",
            (Some(_), true) => "history.empty",
            (Some(_), false) => "history.foot",
        };
        let foot = locale::text(view.lang, key);
        let title = title.trim_end();
        Panel { title, editor: None, rows, choice: self.choice, foot }.draw(frame, area, view.look)
    }
}

#[cfg(test)]
mod tests;
