//! Chooses an officer or a unit: type a name, pinyin or initials, or press a digit.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::reply::{OfficerRow, Reply, UnitRow};
use crate::api::request::Request;
use crate::domain::text::Lines;
use crate::locale::{self, Lang};
use crate::spell::rank::rank;
use crate::spell::reading::Speller;
use crate::tui::command::{Command, Does, Takes};
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces, marked};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::palette::places;
use crate::tui::screen::{Selection, View};
use crate::tui::text::{pad_right, width};
use crate::tui::widget::input::{Editor, Typed};

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What stands beside it.
    pub note: String,
}

/// The officers that a field may name: leaders only for a lead, heads for an approver.
pub fn officers(rows: Vec<OfficerRow>, field: &str, lang: Lang) -> Vec<Item> {
    let fits = |row: &OfficerRow| match field {
        "lead" => row.leads && row.in_office,
        "approver" => row.head,
        _ => row.in_office,
    };
    let item = |row: OfficerRow| {
        let n_cases = [("count", row.n_cases.to_string())];
        let n_cases = locale::fill(lang, "pick.n_cases", &n_cases);
        let parts = [row.post, row.unit, Some(n_cases)];
        let note = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Item { id: row.id.0, name: row.name, note }
    };
    rows.into_iter().filter(fits).map(item).collect()
}

/// The units that a field may name.
pub fn units(rows: Vec<UnitRow>, field: &str, lang: Lang) -> Vec<Item> {
    use crate::domain::choice::UnitKind;
    let fits = |row: &UnitRow| match field {
        "village" => row.exists && row.kind == UnitKind::Village,
        _ => row.exists && row.kind != UnitKind::Superior,
    };
    let item = |row: UnitRow| {
        let kind = locale::text(lang, &format!("choice.unit_kind.{}", row.kind.word()));
        let note = [Some(kind), row.head].into_iter().flatten().collect::<Vec<_>>().join(" ");
        Item { id: row.id.0, name: row.name, note }
    };
    rows.into_iter().filter(fits).map(item).collect()
}

/// The picker.
pub struct Picker {
    command: &'static Command,
    field: &'static str,
    name: String,
    editor: Editor,
    speller: Speller,
    items: Vec<Item>,
    shown: Vec<(usize, Vec<(u32, u32)>)>,
    choice: Choice,
    is_filled: bool,
}

impl Picker {
    /// A picker for the field of a command, with a text typed already.
    pub fn new(
        (command, field): (&'static Command, &'static str),
        selection: &Selection,
        text: &str,
    ) -> Self {
        let mut editor = Editor::new(Lines::One, 40);
        editor.set_text(text);
        Self {
            command,
            field,
            name: selection.name.clone(),
            editor,
            speller: Speller::new(),
            items: Vec::new(),
            shown: Vec::new(),
            choice: Choice::default(),
            is_filled: false,
        }
    }

    fn sift(&mut self) {
        let names: Vec<&str> = self.items.iter().map(|item| item.name.as_str()).collect();
        let matches = rank(&self.speller, self.editor.text(), &names);
        self.shown = matches.into_iter().map(|found| (found.index, places(&found.marks))).collect();
        self.choice = Choice::default();
    }

    fn choose(&self, at: usize) -> Answer {
        let item = self.shown.get(at).and_then(|(index, _)| self.items.get(*index));
        item.map_or(Answer::Stay, |item| Answer::Chosen(item.id))
    }

    fn row(&self, at: usize, (index, marks): &(usize, Vec<(u32, u32)>)) -> Pieces {
        let Some(item) = self.items.get(*index) else { return Vec::new() };
        let digit = if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
        let mut pieces = vec![(digit, Role::Key)];
        pieces.extend(marked(&item.name, marks, Role::Text));
        pieces.push((pad_right("", 14_usize.saturating_sub(width(&item.name)).max(2)), Role::Text));
        pieces.push((item.note.clone(), Role::Dim));
        pieces
    }
}

impl Over for Picker {
    fn name(&self) -> &'static str {
        "picker"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn wants(&self) -> Vec<Request> {
        match self.command.does {
            Does::Change(Takes::Unit(_)) => vec![Request::Units],
            _ => vec![Request::Officers],
        }
    }

    fn got(&mut self, _: usize, reply: Reply, view: &View<'_>) {
        self.items = match reply {
            Reply::Officers(rows) => officers(rows, self.field, view.lang),
            Reply::Units(rows) => units(rows, self.field, view.lang),
            _ => return,
        };
        self.is_filled = true;
        self.sift();
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(self.choice.at),
            Key::Char(digit @ '1'..='9') => self.choose(digit as usize - '1' as usize),
            moving if self.choice.moved(moving, self.shown.len()) => Answer::Stay,
            _ => {
                if matches!(self.editor.take(key), Typed::Changed { .. }) {
                    self.sift();
                }
                Answer::Stay
            }
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::BelowEditor(self.shown.len(), &mut self.choice))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        self.editor.paste(pasted);
        self.sift();
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows = self.shown.iter().enumerate().map(|(at, row)| self.row(at, row)).collect();
        let label = locale::text(view.lang, &self.command.label());
        let title = format!("{label} {}", self.name);
        let foot = match (self.is_filled, self.shown.is_empty()) {
            (true, true) => locale::text(view.lang, "pick.nobody"),
            (_, _) => locale::text(view.lang, "pick.hint"),
        };
        let panel =
            Panel { title: &title, editor: Some(&self.editor), rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}
