//! Chooses the field that a column fills, or the sheet that is read: type its name, pinyin or
//! initials, or press a digit.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::domain::text::Lines;
use crate::locale;
use crate::spell::rank::rank;
use crate::spell::reading::Speller;
use crate::tui::incoming::table::{ColumnRead, SheetRead, TableRead, column_label, in_sheets};
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces, marked};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::palette::places;
use crate::tui::screen::{View, row};
use crate::tui::widget::input::{Editor, Typed};

/// The picker. What it answers is a place in its list.
pub struct ListPicker {
    title: String,
    labels: Vec<String>,
    /// How many of the first are no names.
    n_dim: usize,
    editor: Editor,
    speller: Speller,
    choice: Choice,
}

impl ListPicker {
    /// A picker of these names, of which the first so many are none.
    pub fn new(title: String, (labels, n_dim): (Vec<String>, usize)) -> Self {
        Self {
            title,
            labels,
            n_dim,
            editor: Editor::new(Lines::One, 40),
            speller: Speller::new(),
            choice: Choice::default(),
        }
    }

    /// A picker of the field that a column fills: first what the program reads, then nothing, then
    /// the fields.
    pub fn of_fields(column: &ColumnRead, read: &TableRead, view: &View<'_>) -> Self {
        let place = (column.sheets.as_slice(), read.n_sheets());
        let args = [("name", in_sheets(view.lang, &column.header, place))];
        let title = locale::fill(view.lang, "incoming.pick", &args);
        let first = ["incoming.as_read", "incoming.left_out"];
        let first = first.map(|key| locale::text(view.lang, key)).into_iter();
        let fields = read.fields.iter().map(|key| column_label(view.lang, Some(key)));
        Self::new(title, (first.chain(fields).collect(), 2))
    }

    /// A picker of the sheet that is read: first all that are shown, then each by its name.
    pub fn of_sheets(sheets: &[SheetRead], view: &View<'_>) -> Self {
        let sheets = sheets.iter().map(|sheet| {
            let state = format!("incoming.sheet.{}", sheet.state.word());
            let args = [
                ("name", row::flat(&sheet.name)),
                ("count", sheet.n_rows.to_string()),
                ("state", locale::text(view.lang, &state)),
            ];
            locale::fill(view.lang, "incoming.sheet.row", &args)
        });
        let all = locale::text(view.lang, "incoming.sheet.all");
        let labels = std::iter::once(all).chain(sheets).collect();
        Self::new(locale::text(view.lang, "incoming.sheet.title"), (labels, 1))
    }

    /// The places of the labels that the typed text fits, with what fits.
    fn shown(&self) -> Vec<(usize, Vec<(u32, u32)>)> {
        let matches = rank(&self.speller, self.editor.text(), &self.labels);
        matches.into_iter().map(|found| (found.index, places(&found.marks))).collect()
    }

    fn choose(&self, at: usize) -> Answer {
        let shown = self.shown();
        let place = shown.get(at).and_then(|(place, _)| u64::try_from(*place).ok());
        place.map_or(Answer::Stay, Answer::Chosen)
    }
}

impl Over for ListPicker {
    fn name(&self) -> &'static str {
        "list_picker"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        let n_rows = self.shown().len();
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(self.choice.at),
            Key::Char(digit @ '1'..='9') => self.choose(digit as usize - '1' as usize),
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
        let n_rows = self.shown().len();
        Some(Rows::BelowEditor(n_rows, &mut self.choice))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        self.editor.paste(pasted);
        self.choice = Choice::default();
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let line = |(at, (place, marks)): (usize, (usize, Vec<(u32, u32)>))| -> Pieces {
            let digit = if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
            let label = self.labels.get(place).map_or("", String::as_str);
            let role = if place < self.n_dim { Role::Dim } else { Role::Text };
            std::iter::once((digit, Role::Key)).chain(marked(label, &marks, role)).collect()
        };
        let rows: Vec<Pieces> = self.shown().into_iter().enumerate().map(line).collect();
        let foot = if rows.is_empty() { "find.nothing" } else { "incoming.pick.hint" };
        let foot = locale::text(view.lang, foot);
        let title = &self.title;
        let panel = Panel { title, editor: Some(&self.editor), rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}
