//! The first start: a new ledger, or the demo. A full screen of its own, before there is a door.

use std::sync::mpsc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::domain::field::FieldKind;
use crate::domain::text::{Lines, half_width};
use crate::locale::{self, Lang};
use crate::tui::app::talk::refusal_text;
use crate::tui::backend::Painter;
use crate::tui::key::Key;
use crate::tui::listen::{Input, Listener, Loss, Pasted, Signals};
use crate::tui::look::{Colours, Look, Role, Wish};
use crate::tui::screen::list::{Choice, draw_pieces};
use crate::tui::terminal::{self, Mouse, Tty};
use crate::tui::text::{pad_right, wrap};
use crate::tui::widget::frame::{centred, draw_box, draw_notice};
use crate::tui::widget::input::{Editor, Typed};

/// The most characters of a field.
const TYPED_MAX: usize = 60;
/// The columns of labels.
const LABEL: u16 = 14;
/// The fields of a new ledger, by the names that refusals give them.
const FIELDS: [&str; 3] = ["town", "population", "name"];

/// What the clerk wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A new ledger.
    New(Founder),
    /// The made-up town.
    Demo,
}

/// What a new ledger begins with, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Founder {
    /// The town's name.
    pub town: String,
    /// Its inhabitants.
    pub population: u32,
    /// The clerk's own name.
    pub name: String,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// What was wanted is made.
    Made,
    /// The clerk left.
    Left,
    /// The terminal is gone, or somebody asked the program to end.
    Lost(Loss),
}

/// Runs the choice on the terminal of this process; `make` makes what is wanted.
///
/// # Errors
/// The terminal cannot be used.
pub fn run(
    (lang, colours): (Lang, Colours),
    mut make: impl FnMut(&Wanted) -> Result<(), Refusal>,
) -> Result<Ended, Refusal> {
    let no_terminal = |_| Refusal::new(RefusalKind::Invalid, "no_terminal");
    let tty = Tty::of_process().map_err(no_terminal)?;
    tty.leave_on_panic();
    let signals = Signals::catch().map_err(no_terminal)?;
    tty.enter(Mouse::Off).map_err(no_terminal)?;
    let (sender, inputs) = mpsc::channel::<Input>();
    let descriptors = tty.descriptors().map_err(no_terminal)?;
    let listener = Listener::start(descriptors, signals, sender).map_err(no_terminal)?;
    let look = Look::new(Wish::default(), colours);
    let writer = tty.writer().map_err(no_terminal)?;
    let mut painter = Painter::new(writer, tty.size(), look).map_err(no_terminal)?;
    let mut welcome = Welcome::new(lang);
    let ended = loop {
        // A terminal that cannot be written is gone; the listener says so.
        let _ = painter.draw(|frame| welcome.draw(frame, &look));
        let Ok(input) = inputs.recv() else { break Ended::Left };
        let said = match input {
            Input::Key(_) | Input::Paste(_) if terminal::is_too_small(painter.size()) => Said::Stay,
            Input::Key(key) => welcome.typed(key),
            Input::Paste(pasted) => welcome.pasted(&pasted),
            Input::Resize(size) => {
                painter.resize(size);
                Said::Stay
            }
            Input::Resumed => {
                let _ = tty.enter(Mouse::Off);
                painter.resize(tty.size());
                Said::Stay
            }
            Input::Gone(loss) => break Ended::Lost(loss),
            Input::Click(_) | Input::Wheel(_) => Said::Stay,
        };
        match said {
            Said::Stay => {}
            Said::Leave => break Ended::Left,
            Said::Wanted(wanted) => {
                welcome.is_busy = true;
                let _ = painter.draw(|frame| welcome.draw(frame, &look));
                welcome.is_busy = false;
                match make(&wanted) {
                    Ok(()) => break Ended::Made,
                    Err(refusal) => welcome.refused(&refusal),
                }
            }
        }
    };
    drop(listener);
    tty.leave();
    Ok(ended)
}

/// What follows from a key.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Stay,
    Leave,
    Wanted(Wanted),
}

/// One field of the form.
struct Slot {
    editor: Editor,
    wrong: Option<String>,
}

/// The state of the choice.
struct Welcome {
    lang: Lang,
    /// Whether the form lies open; else the choice.
    is_form: bool,
    choice: Choice,
    slots: [Slot; 3],
    focus: usize,
    /// What went wrong, if it is about no field.
    trouble: Option<String>,
    /// Whether something is being made.
    is_busy: bool,
}

impl Welcome {
    fn new(lang: Lang) -> Self {
        let slot = |name| {
            let mut editor = Editor::new(Lines::One, TYPED_MAX);
            editor.set_hint(locale::text(lang, &format!("welcome.{name}.hint")));
            Slot { editor, wrong: None }
        };
        Self {
            lang,
            is_form: false,
            choice: Choice::default(),
            slots: FIELDS.map(slot),
            focus: 0,
            trouble: None,
            is_busy: false,
        }
    }

    fn typed(&mut self, key: Key) -> Said {
        self.trouble = None;
        if !self.is_form {
            return match key.fold() {
                Key::Char('1') => self.choose(0),
                Key::Char('2') => self.choose(1),
                Key::Enter => self.choose(self.choice.at),
                Key::Esc | Key::Char('q') => Said::Leave,
                key => {
                    self.choice.moved(key, 2);
                    Said::Stay
                }
            };
        }
        let last = self.slots.len() - 1;
        match key {
            Key::Esc => self.is_form = false,
            Key::F(10) | Key::Ctrl('d') => return self.send(),
            Key::Enter if self.focus == last => return self.send(),
            Key::Enter | Key::Tab | Key::Down => self.focus = (self.focus + 1).min(last),
            Key::BackTab | Key::Up => self.focus = self.focus.saturating_sub(1),
            _ => {
                if let Some(slot) = self.slots.get_mut(self.focus)
                    && matches!(slot.editor.take(key), Typed::Changed { .. })
                {
                    slot.wrong = None;
                }
            }
        }
        Said::Stay
    }

    fn pasted(&mut self, pasted: &Pasted) -> Said {
        if let Some(slot) = self.slots.get_mut(self.focus).filter(|_| self.is_form) {
            slot.editor.paste(pasted);
            slot.wrong = None;
        }
        Said::Stay
    }

    fn choose(&mut self, at: usize) -> Said {
        self.choice.at = at;
        self.is_form = at == 0;
        if at == 0 { Said::Stay } else { Said::Wanted(Wanted::Demo) }
    }

    fn send(&mut self) -> Said {
        let texts = self.slots.each_ref().map(|slot| half_width(slot.editor.text().trim()));
        let [town, population, name] = &texts;
        let kinds =
            [FieldKind::Name, FieldKind::Count { least: 1, most: 10_000_000 }, FieldKind::Name];
        let day = chrono::NaiveDate::default();
        let mut first = None;
        for (at, (text, kind)) in texts.iter().zip(kinds).enumerate() {
            let why = match kind.parse(text, day) {
                Ok(value) if value.is_null() => Some("empty"),
                Ok(_) => None,
                Err(why) => Some(why),
            };
            if let (Some(why), Some(slot)) = (why, self.slots.get_mut(at)) {
                slot.wrong = Some(locale::text(self.lang, &format!("wrong.{why}")));
                first.get_or_insert(at);
            }
        }
        if let Some(at) = first {
            self.focus = at;
            return Said::Stay;
        }
        Said::Wanted(Wanted::New(Founder {
            town: town.clone(),
            population: population.parse().unwrap_or_default(),
            name: name.clone(),
        }))
    }

    /// What is wanted was refused: every character stays, and what is wrong is marked.
    fn refused(&mut self, refusal: &Refusal) {
        let mut is_told = false;
        for wrong in &refusal.wrongs {
            let at = FIELDS.iter().position(|name| wrong.field.ends_with(name));
            if let Some((at, slot)) = at.and_then(|at| Some((at, self.slots.get_mut(at)?))) {
                slot.wrong = Some(locale::text(self.lang, &format!("wrong.{}", wrong.why)));
                self.focus = at;
                is_told = true;
            }
        }
        if !is_told {
            self.trouble = Some(refusal_text(self.lang, refusal));
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look) {
        let area = frame.area();
        let text = |key: &str| locale::text(self.lang, key);
        if terminal::is_too_small(area.as_size()) {
            draw_notice(area, frame.buffer_mut(), &text("app.too_small"), look);
            return;
        }
        let size = Size::new(area.width.min(72), area.height.min(18));
        let inner = draw_box(centred(area, size), frame.buffer_mut(), &text("welcome.title"), look);
        let columns = usize::from(inner.width.saturating_sub(2));
        let intro = text(if self.is_form { "welcome.form" } else { "welcome.none" });
        let mut y = inner.y;
        let line = |y: u16| Rect::new(inner.x + 1, y, inner.width.saturating_sub(2), 1);
        for row in wrap(&intro, columns) {
            self.put(frame, line(y), &[(row.to_owned(), Role::Text)], look);
            y += 1;
        }
        y += 1;
        let cursor = if self.is_form {
            self.draw_form(frame, (line(y), inner.bottom()), look)
        } else {
            for (at, key) in ["welcome.new", "welcome.demo"].into_iter().enumerate() {
                let marker = if at == self.choice.at { "> " } else { "  " };
                let pieces = [
                    (marker.to_owned(), Role::Marker),
                    (format!("{} ", at + 1), Role::Key),
                    (text(key), Role::Text),
                ];
                self.put(frame, line(y), &pieces, look);
                y += 1;
            }
            None
        };
        let foot = match (&self.trouble, self.is_busy, self.is_form) {
            (Some(trouble), ..) => (trouble.replace('\n', " "), Role::Warning),
            (None, true, _) => (text("welcome.busy"), Role::Dim),
            (None, false, true) => (text("welcome.form.foot"), Role::Dim),
            (None, false, false) => (text("welcome.foot"), Role::Dim),
        };
        self.put(frame, line(inner.bottom().saturating_sub(1)), &[foot], look);
        if let Some(cursor) = cursor {
            frame.set_cursor_position(cursor);
        }
    }

    fn draw_form(
        &self,
        frame: &mut Frame<'_>,
        (first, bottom): (Rect, u16),
        look: &Look,
    ) -> Option<Position> {
        let mut cursor = None;
        let mut row = first;
        for (at, (slot, name)) in self.slots.iter().zip(FIELDS).enumerate() {
            if row.y + 2 >= bottom {
                return cursor;
            }
            let label = locale::text(self.lang, &format!("welcome.{name}"));
            let marker = if at == self.focus { "> " } else { "  " };
            let room = usize::from(LABEL) - 2;
            let pieces =
                [(marker.to_owned(), Role::Marker), (pad_right(&label, room), Role::Title)];
            self.put(frame, row, &pieces, look);
            let typing = Rect { x: row.x + LABEL, width: row.width.saturating_sub(LABEL), ..row };
            slot.editor.draw(typing, frame.buffer_mut(), look);
            if at == self.focus {
                cursor = Some(slot.editor.cursor_in(typing));
            }
            row.y += 1;
            if let Some(wrong) = &slot.wrong {
                let below = Rect { y: row.y, ..typing };
                self.put(frame, below, &[(format!("! {wrong}"), Role::Warning)], look);
            }
            row.y += 1;
        }
        cursor
    }

    fn put(&self, frame: &mut Frame<'_>, row: Rect, pieces: &[(String, Role)], look: &Look) {
        draw_pieces(frame.buffer_mut(), row, pieces.iter().cloned(), look);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::{Founder, Said, Wanted, Welcome};
    use crate::api::refusal::Refusal;
    use crate::domain::form::Wrong;
    use crate::locale::Lang;
    use crate::tui::key::script;
    use crate::tui::look::Look;

    fn keys(welcome: &mut Welcome, keys: &str) -> Said {
        script(keys).unwrap().into_iter().map(|key| welcome.typed(key)).last().unwrap()
    }

    fn drawn(welcome: &Welcome, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| welcome.draw(frame, &Look::default())).unwrap();
        let text: String =
            terminal.backend().buffer().content.iter().map(|cell| cell.symbol()).collect();
        text.split_whitespace().collect()
    }

    #[test]
    fn a_new_ledger_needs_a_town_its_inhabitants_and_a_name() {
        let mut welcome = Welcome::new(Lang::Zh);
        assert_eq!(keys(&mut welcome, "1 <f10>"), Said::Stay);
        assert!(welcome.slots.iter().all(|slot| slot.wrong.is_some()));
        let typed = "青石镇 <ret> 五万 <ret> 李娟 <ret>";
        assert_eq!(keys(&mut welcome, typed), Said::Stay);
        assert_eq!(welcome.focus, 1, "the field that is wrong has the focus");
        assert_eq!(welcome.slots[1].editor.text(), "五万", "nothing that was typed is lost");
        let founder =
            Founder { town: "青石镇".into(), population: 50_000, name: "李娟".into() };
        let made = keys(&mut welcome, "<bs><bs> ５００００ <f10>");
        assert_eq!(made, Said::Wanted(Wanted::New(founder)));
    }

    #[test]
    fn digits_enter_and_escape_lead_everywhere() {
        let mut welcome = Welcome::new(Lang::Zh);
        assert_eq!(keys(&mut welcome, "<down> <ret>"), Said::Wanted(Wanted::Demo));
        assert_eq!(keys(&mut welcome, "２"), Said::Wanted(Wanted::Demo));
        assert_eq!(keys(&mut welcome, "１ <esc>"), Said::Stay);
        assert_eq!(keys(&mut welcome, "<esc>"), Said::Leave);
    }

    #[test]
    fn a_refusal_marks_its_field_or_is_said_below() {
        let mut welcome = Welcome::new(Lang::Zh);
        keys(&mut welcome, "1 青石镇");
        let wrong = Wrong { field: "office.town".to_owned(), why: "too_long".to_owned() };
        welcome.refused(&Refusal::wrong(vec![wrong]));
        assert!(welcome.slots[0].wrong.is_some() && welcome.trouble.is_none());
        assert_eq!(welcome.slots[0].editor.text(), "青石镇");
    }

    #[test]
    fn it_fits_every_terminal_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            for size in [(20, 5), (40, 10), (80, 24), (120, 40), (200, 60)] {
                let mut welcome = Welcome::new(lang);
                drawn(&welcome, size);
                keys(&mut welcome, "1");
                drawn(&welcome, size);
            }
        }
        let mut welcome = Welcome::new(Lang::Zh);
        assert!(drawn(&welcome, (80, 24)).contains("新建台账"));
        keys(&mut welcome, "1");
        assert!(drawn(&welcome, (80, 24)).contains("辖区人口"));
    }
}
