//! Mappings of columns that the clerk has saved by name: one is used again, or the present one is
//! saved.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::own::{NAME_MAX, SETTING_MAX};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::incoming::{Pairs, Reread, mapping_head};
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::screen::{View, row};
use crate::tui::widget::input::{Editor, Typed};

/// The most characters of a name.
const NAME_CHARS_MAX: usize = 15;

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// Save the present mapping under the typed name.
    Save,
    /// Use the saved one of that place.
    Use(usize),
}

/// The list.
pub struct SavedColumns {
    head: String,
    now: Pairs,
    /// Names and values, as they are kept.
    saved: Vec<(String, String)>,
    /// Whether the server has said which there are.
    is_known: bool,
    /// The name under which the present mapping was saved just now.
    is_saved: Option<String>,
    editor: Editor,
    choice: Choice,
}

impl SavedColumns {
    /// The mappings that were saved for such rows.
    pub fn new(rows: &str, now: Pairs) -> Self {
        Self {
            head: mapping_head(rows),
            now,
            saved: Vec::new(),
            is_known: false,
            is_saved: None,
            editor: Editor::new(Lines::One, NAME_CHARS_MAX),
            choice: Choice::default(),
        }
    }

    fn typed_name(&self) -> &str {
        self.editor.text().trim()
    }

    fn items(&self) -> Vec<Item> {
        let typed = self.typed_name();
        let fits = |(_, (name, _)): &(usize, &(String, String))| name.contains(typed);
        let mut items: Vec<Item> =
            self.saved.iter().enumerate().filter(fits).map(|(at, _)| Item::Use(at)).collect();
        if !typed.is_empty() {
            let is_there = self.saved.iter().any(|(name, _)| name == typed);
            // A name that is there already is more often used than written over.
            items.insert(if is_there { items.len() } else { 0 }, Item::Save);
        }
        items
    }

    fn save(&mut self) -> Answer {
        let name = self.typed_name().to_owned();
        let key = format!("{}{name}", self.head);
        let value = serde_json::to_string(&self.now).unwrap_or_default();
        if self.now.is_empty() {
            return Answer::Say("incoming.saved.nothing".to_owned());
        }
        if key.len() > NAME_MAX || value.len() > SETTING_MAX {
            return Answer::Say("refusal.cannot_keep".to_owned());
        }
        self.saved.retain(|(other, _)| *other != name);
        self.saved.push((name.clone(), value.clone()));
        self.is_saved = Some(name);
        Answer::Prefer(key, value)
    }

    /// What to do where nothing is saved.
    fn instead(&self, view: &View<'_>) -> [String; 2] {
        let how = match self.now.len() {
            0 => locale::text(view.lang, "incoming.saved.none.how"),
            n => row::counted(view, "incoming.saved.none.save", n as u64),
        };
        [locale::text(view.lang, "incoming.saved.none"), how]
    }

    fn choose(&mut self) -> Answer {
        match self.items().get(self.choice.at) {
            Some(Item::Save) => self.save(),
            Some(Item::Use(at)) => {
                let value = self.saved.get(*at).map(|(_, value)| value.as_str());
                let columns = value.and_then(|value| serde_json::from_str::<Pairs>(value).ok());
                columns.map_or_else(
                    || Answer::Say("refusal.fault".to_owned()),
                    |columns| Answer::Reread(Reread::Columns(columns)),
                )
            }
            None => Answer::Stay,
        }
    }
}

impl Over for SavedColumns {
    fn name(&self) -> &'static str {
        "saved_columns"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Own]
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        let Reply::Own(own) = reply else { return };
        let named = own.settings.into_iter().filter_map(|(key, value)| {
            let name = key.strip_prefix(self.head.as_str())?;
            Some((name.to_owned(), value))
        });
        self.saved = named.collect();
        self.is_known = true;
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        let n_rows = self.items().len();
        match key {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(),
            _ if self.choice.moved(key, n_rows) => Answer::Stay,
            _ => {
                if matches!(self.editor.take(key), Typed::Changed { .. }) {
                    self.choice = Choice::default();
                }
                Answer::Stay
            }
        }
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        let n_rows = self.items().len();
        Some(Rows::BelowEditor(n_rows, &mut self.choice))
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        self.editor.paste(pasted);
        self.choice = Choice::default();
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let mut choice = self.choice;
        let named = |key: &str, name: &str| locale::fill(view.lang, key, &[("name", name)]);
        let line = |item: Item| -> Pieces {
            let text = match item {
                Item::Save => named("incoming.saved.save", self.typed_name()),
                Item::Use(at) => {
                    named("incoming.saved.use", self.saved.get(at).map_or("", |(name, _)| name))
                }
            };
            vec![(text, Role::Text)]
        };
        let mut rows: Vec<Pieces> = self.items().into_iter().map(line).collect();
        if rows.is_empty() && self.is_known && self.saved.is_empty() {
            // None of these lines can be chosen.
            rows = self.instead(view).map(|text| vec![(text, Role::Dim)]).to_vec();
            choice.at = rows.len();
        }
        let title = locale::text(view.lang, "incoming.saved.title");
        let foot = match &self.is_saved {
            Some(name) => named("incoming.saved.done", name),
            None => locale::text(view.lang, "incoming.saved.hint"),
        };
        let panel = Panel { title: &title, editor: Some(&self.editor), rows, choice, foot };
        panel.draw(frame, area, view.look)
    }
}
