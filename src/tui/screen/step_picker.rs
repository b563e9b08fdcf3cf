//! Chooses a step of a case that is to be corrected: by its digit, by arrows, or by what is typed of
//! its name.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::reply::{CaseSheet, Reply};
use crate::api::request::Request;
use crate::domain::ids::{CaseId, Kind};
use crate::domain::step::{Deed, Step};
use crate::domain::text::Lines;
use crate::locale;
use crate::spell::rank::rank;
use crate::spell::reading::Speller;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::case::steps;
use crate::tui::screen::list::{Choice, Panel, Pieces, marked};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::palette::places;
use crate::tui::screen::{Selection, View, row};
use crate::tui::text::{pad_right, width};
use crate::tui::widget::input::{Editor, Typed};

/// The columns of the name of a deed.
const DEED: usize = 13;

/// The picker.
pub struct StepPicker {
    command: &'static Command,
    selection: Selection,
    editor: Editor,
    speller: Speller,
    sheet: Option<Box<CaseSheet>>,
    /// What each step is called, the newest first.
    names: Vec<(u32, String)>,
    shown: Vec<(usize, Vec<(u32, u32)>)>,
    choice: Choice,
}

impl StepPicker {
    /// The steps of the case that is selected, with a text typed already.
    pub fn new(command: &'static Command, selection: &Selection, text: &str) -> Self {
        let mut editor = Editor::new(Lines::One, 40);
        editor.set_text(text);
        Self {
            command,
            selection: selection.clone(),
            editor,
            speller: Speller::new(),
            sheet: None,
            names: Vec::new(),
            shown: Vec::new(),
            choice: Choice::default(),
        }
    }

    fn sift(&mut self) {
        let names: Vec<&str> = self.names.iter().map(|(_, name)| name.as_str()).collect();
        let matches = rank(&self.speller, self.editor.text(), &names);
        self.shown = matches.into_iter().map(|found| (found.index, places(&found.marks))).collect();
        self.choice = Choice::default();
    }

    fn choose(&self, at: usize) -> Answer {
        let chosen = self.shown.get(at).and_then(|(index, _)| self.names.get(*index));
        chosen.map_or(Answer::Stay, |(number, _)| {
            let selection = Selection { step: Some(*number), ..self.selection.clone() };
            Answer::On(self.command, Box::new(selection))
        })
    }

    fn row(&self, at: usize, shown: &(usize, Vec<(u32, u32)>), view: &View<'_>) -> Pieces {
        let (index, marks) = shown;
        let (Some((number, name)), Some(sheet)) = (self.names.get(*index), &self.sheet) else {
            return Vec::new();
        };
        let Some(step) = sheet.case.steps.get(number) else { return Vec::new() };
        let digit = if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
        let args = [("number", number.to_string())];
        let head = locale::fill(view.lang, "history.step", &args);
        let head = format!("{} {} ", pad_right(&head, 7), row::day(step.on, view.me.today));
        let by = step.by.map_or(row::NOTHING, |by| steps::officer(sheet, by));
        let pad = " ".repeat(DEED.saturating_sub(width(name)).max(1));
        let mut pieces = vec![(digit, Role::Key), (head, Role::Text)];
        pieces.extend(marked(name, marks, Role::Text));
        pieces.push((pad, Role::Text));
        let told = row::flat(&steps::telling(step, sheet, view));
        pieces.push((format!("{} {told}", pad_right(by, 8)), Role::Dim));
        pieces
    }
}

/// A paper is never corrected: its number is voided.
pub fn can_be_corrected(step: &Step) -> bool {
    !matches!(step.deed, Deed::PaperMade { .. })
}

impl Over for StepPicker {
    fn name(&self) -> &'static str {
        "step_picker"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn wants(&self) -> Vec<Request> {
        let case = self.selection.of(Kind::Case);
        case.map(|(record, _)| Request::Case { id: CaseId(record.id) }).into_iter().collect()
    }

    fn got(&mut self, _: usize, reply: Reply, view: &View<'_>) {
        let Reply::Case(sheet) = reply else { return };
        let steps = steps::in_order(&sheet).into_iter();
        let steps = steps.filter(|(_, step)| can_be_corrected(step));
        self.names =
            steps.map(|(number, step)| (number, steps::deed(&step.deed, view.lang))).collect();
        self.sheet = Some(sheet);
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
        let rows = self.shown.iter().enumerate().map(|(at, row)| self.row(at, row, view)).collect();
        let label = locale::text(view.lang, &self.command.label());
        let title = format!("{label} {}", self.selection.name);
        let foot = match (&self.sheet, self.shown.is_empty()) {
            (None, _) => "row.waiting",
            (Some(_), true) => "pick.no_step",
            (Some(_), false) => "pick.step_hint",
        };
        let foot = locale::text(view.lang, foot);
        let panel =
            Panel { title: &title, editor: Some(&self.editor), rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}
