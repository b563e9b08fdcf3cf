//! Chooses the field that a column fills: type its name, pinyin or initials, or press a digit.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Lines;
use crate::locale;
use crate::spell::rank::rank;
use crate::spell::reading::Speller;
use crate::tui::incoming::column_label;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{Choice, Panel, Pieces, marked};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::palette::places;
use crate::tui::widget::input::{Editor, Typed};

/// The picker. What it answers is a place in its list: first what the program reads, then nothing,
/// then the fields.
pub struct FieldPicker {
    header: String,
    fields: Vec<String>,
    editor: Editor,
    speller: Speller,
    choice: Choice,
}

impl FieldPicker {
    /// A picker for the column of that header.
    pub fn new(header: &str, fields: Vec<String>) -> Self {
        Self {
            header: header.to_owned(),
            fields,
            editor: Editor::new(Lines::One, 40),
            speller: Speller::new(),
            choice: Choice::default(),
        }
    }

    fn labels(&self, view: &View<'_>) -> Vec<String> {
        let first = ["incoming.as_read", "incoming.left_out"];
        let fields = self.fields.iter().map(|key| column_label(view.lang, Some(key)));
        first.iter().map(|key| locale::text(view.lang, key)).chain(fields).collect()
    }

    /// The places of the labels that the typed text fits, with what fits.
    fn shown(&self, labels: &[String]) -> Vec<(usize, Vec<(u32, u32)>)> {
        let matches = rank(&self.speller, self.editor.text(), labels);
        matches.into_iter().map(|found| (found.index, places(&found.marks))).collect()
    }

    fn choose(&self, at: usize, view: &View<'_>) -> Answer {
        let shown = self.shown(&self.labels(view));
        let place = shown.get(at).and_then(|(place, _)| u64::try_from(*place).ok());
        place.map_or(Answer::Stay, Answer::Chosen)
    }
}

impl Over for FieldPicker {
    fn name(&self) -> &'static str {
        "field_picker"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer {
        let n_rows = self.shown(&self.labels(view)).len();
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(self.choice.at, view),
            Key::Char(digit @ '1'..='9') => self.choose(digit as usize - '1' as usize, view),
            moving if self.choice.moved(moving, n_rows) => Answer::Stay,
            _ => {
                if matches!(self.editor.take(key), Typed::Changed { .. }) {
                    self.choice = Choice::default();
                }
                Answer::Stay
            }
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        Some(Rows::BelowEditor(self.fields.len() + 2, &mut self.choice))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        self.editor.paste(pasted);
        self.choice = Choice::default();
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let labels = self.labels(view);
        let row = |(at, (place, marks)): (usize, (usize, Vec<(u32, u32)>))| -> Pieces {
            let digit = if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
            let label = labels.get(place).map_or("", String::as_str);
            let role = if place < 2 { Role::Dim } else { Role::Text };
            std::iter::once((digit, Role::Key)).chain(marked(label, &marks, role)).collect()
        };
        let rows: Vec<Pieces> = self.shown(&labels).into_iter().enumerate().map(row).collect();
        let args = [("name", self.header.clone())];
        let title = locale::fill(view.lang, "incoming.pick", &args);
        let foot = if rows.is_empty() { "find.nothing" } else { "incoming.pick.hint" };
        let foot = locale::text(view.lang, foot);
        let panel =
            Panel { title: &title, editor: Some(&self.editor), rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}
