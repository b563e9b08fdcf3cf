//! What can be typed for a paper before it is written: what is empty first, then what may be put
//! otherwise than the case says. What is left empty is named once, and becomes a blank to be filled by
//! hand.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Margin, Position, Rect};

use crate::api::own;
use crate::api::paper::{Draft, Saying};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::field::TEXT_MAX;
use crate::domain::placeholder::is_day;
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::form::day::Days;
use crate::tui::screen::list::draw_pieces;
use crate::tui::screen::over::{Answer, Over, Then, Tip, Typing};
use crate::tui::screen::paper::kept;
use crate::tui::text::{cut, pad_right};
use crate::tui::widget::frame::draw_box;
use crate::tui::widget::input::{Editor, Typed};

/// The name of the form.
pub const PAPER_FORM: &str = "paper_form";
/// The columns of labels.
const LABEL: u16 = 18;
/// The most characters of what stands on one line.
const LINE_MAX: usize = 200;
/// The rows of a text that has the focus.
const TEXT_ROWS: u16 = 4;
/// Placeholders that take a text of several lines.
const TEXTS: &[&str] = &[
    "request",
    "claims",
    "measures",
    "decline_reason",
    "forward_text",
    "entrust_text",
    "objection_reason",
    "procedure_reason",
    "extension_reason",
    "opinion_request",
    "opinion_facts",
    "opinion",
    "opinion_basis",
    "investigation",
    "conclusion",
    "supervision_text",
];
/// A day that follows from what is typed beside it, and what that is.
const FOLLOWS: (&str, &str) = ("extended_until", "extension_days");
/// The name of the box for the reason why ID numbers are needed, which is no placeholder.
const REASON: &str = "";
/// The columns in which a day is typed; what day it is stands beside them.
const DAY: u16 = 22;

/// What the form is opened with.
pub struct About<'a> {
    /// What is written, and under which number.
    pub title: String,
    /// What was typed before.
    pub texts: &'a [(String, String)],
    /// Why ID numbers are needed, as it was typed before.
    pub reason: &'a str,
    /// What is kept of it while nothing is typed.
    pub blank: own::Draft,
    /// Whether what was typed before is in a paper already.
    pub is_written: bool,
}

/// One box.
struct Slot {
    /// The placeholder; empty for the reason.
    key: String,
    editor: Editor,
    begun: String,
    lines: Lines,
    /// Whether something must stand there, and the case has nothing.
    is_empty: bool,
}

/// The form.
pub struct PaperForm {
    title: String,
    slots: Vec<Slot>,
    focus: usize,
    /// Whether it was said what is left empty, so that the next word writes.
    is_warned: bool,
    /// Whether the foot says what is wrong.
    is_wrong: bool,
    foot: String,
    days: Days,
    today: NaiveDate,
    blank: own::Draft,
    is_written: bool,
}

impl PaperForm {
    /// The form of a paper that would be as the draft says.
    pub fn new(draft: &Draft, about: About<'_>, view: &View<'_>) -> Self {
        let typed = |key: &str| {
            let found = about.texts.iter().find(|(own, _)| own == key);
            found.map_or("", |(_, text)| text.as_str())
        };
        let mut slots: Vec<Slot> = Vec::new();
        if draft.shows_id_numbers {
            slots.push(Slot::new(REASON, (about.reason, ""), true, view));
        }
        let rank = |one: &Saying| {
            // What was typed is no longer empty, but stands where it was.
            let is_empty = one.text.is_empty() || !typed(&one.key).is_empty();
            (!(is_empty && one.is_needed), !is_empty)
        };
        let mut says: Vec<&Saying> = draft.says.iter().collect();
        says.sort_by_key(|one| rank(one));
        slots.extend(says.into_iter().map(|one| {
            let own = typed(&one.key);
            let said = if own.is_empty() { one.text.as_str() } else { "" };
            let is_empty = one.is_needed && said.is_empty();
            Slot::new(&one.key, (own, said), is_empty, view)
        }));
        Self {
            title: about.title,
            slots,
            focus: 0,
            is_warned: false,
            is_wrong: false,
            foot: locale::text(view.lang, "paper.form.hint"),
            days: Days::default(),
            today: view.me.today,
            blank: about.blank,
            is_written: about.is_written,
        }
    }

    /// Goes to another box; what is wrong in the one that is left is said.
    fn go(&mut self, to: usize, view: &View<'_>) -> Answer {
        let left = std::mem::replace(&mut self.focus, to.min(self.slots.len().saturating_sub(1)));
        if left != self.focus {
            self.tell(left, view);
        }
        Answer::Stay
    }

    /// Why what stands in a box is no day, where it must be one.
    fn wrong(&self, slot: &Slot) -> Option<&'static str> {
        let text = slot.editor.text();
        let is_typed = is_day(&slot.key) && !text.trim().is_empty();
        is_typed.then(|| self.days.meant(text, self.today).err()).flatten()
    }

    /// Says what is wrong in a box; whether anything is.
    fn tell(&mut self, at: usize, view: &View<'_>) -> bool {
        let slot = self.slots.get(at);
        let Some((slot, why)) = slot.and_then(|slot| Some((slot, self.wrong(slot)?))) else {
            return false;
        };
        let why = locale::text(view.lang, &format!("wrong.{why}"));
        let args = [("name", slot.label(view)), ("why", why)];
        self.foot = locale::fill(view.lang, "paper.form.wrong", &args);
        self.is_wrong = true;
        true
    }

    /// Goes to the first box that is wrong and says why; whether there is one.
    fn stops(&mut self, view: &View<'_>) -> bool {
        let at = self.slots.iter().position(|slot| self.wrong(slot).is_some());
        self.focus = at.unwrap_or(self.focus);
        at.is_some_and(|at| self.tell(at, view))
    }

    fn typing(&mut self, then: Then, view: &View<'_>) -> Answer {
        if self.stops(view) {
            return Answer::Stay;
        }
        Answer::Paper(Box::new(Typing {
            texts: self.texts(),
            reason: self.reason().to_owned(),
            then,
        }))
    }

    /// What is typed, by placeholder.
    fn texts(&self) -> Vec<(String, String)> {
        let text = |slot: &Slot| {
            let text = slot.editor.text().trim();
            // Counted from today, it would be another day tomorrow.
            let meant = self.days.meant(text, self.today).ok().filter(|_| is_day(&slot.key));
            (slot.key.clone(), meant.map_or_else(|| text.to_owned(), |meant| meant.day.to_string()))
        };
        let typed = self.slots.iter().filter(|slot| slot.key != REASON).map(text);
        typed.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Why ID numbers are needed.
    fn reason(&self) -> &str {
        let reason = self.slots.iter().find(|slot| slot.key == REASON);
        reason.map(|slot| slot.editor.text().trim()).unwrap_or_default()
    }

    /// Writes the paper. An ID number without a reason is refused; what is empty is named first.
    fn write(&mut self, view: &View<'_>) -> Answer {
        let has_text = |slot: &Slot| !slot.editor.text().trim().is_empty();
        let is_there = self.slots.iter().any(|slot| slot.key == FOLLOWS.1 && has_text(slot));
        let is_bare =
            |slot: &&Slot| slot.is_empty && !has_text(slot) && !(is_there && slot.key == FOLLOWS.0);
        if let Some(at) = self.slots.iter().position(|slot| slot.key == REASON && is_bare(&slot)) {
            self.focus = at;
            return Answer::Say("refusal.reason_is_missing".to_owned());
        }
        if self.stops(view) {
            return Answer::Stay;
        }
        let bare: Vec<String> =
            self.slots.iter().filter(is_bare).map(|slot| slot.label(view)).collect();
        if bare.is_empty() || self.is_warned {
            return self.typing(Then::Write, view);
        }
        self.is_warned = true;
        self.focus = self.slots.iter().position(|slot| is_bare(&slot)).unwrap_or(self.focus);
        let names = bare.join(&locale::text(view.lang, "page.and"));
        self.foot = locale::fill(view.lang, "paper.form.bare", &[("names", names)]);
        Answer::Stay
    }

    /// A key that is meant for the box that has the focus.
    fn take(&mut self, view: &View<'_>, change: impl FnOnce(&mut Editor) -> Typed) -> Answer {
        let Some(slot) = self.slots.get_mut(self.focus) else { return Answer::Stay };
        match change(&mut slot.editor) {
            Typed::Changed { .. } => {
                self.is_warned = false;
                if std::mem::take(&mut self.is_wrong) {
                    self.foot = locale::text(view.lang, "paper.form.hint");
                }
            }
            Typed::Full { most } => {
                let args = [("most", most.to_string())];
                self.foot = locale::fill(view.lang, "row.text_is_full", &args);
            }
            Typed::Moved | Typed::NotMine => {}
        }
        Answer::Stay
    }

    /// The day that is typed in a box, with its weekday.
    fn beside(&self, slot: &Slot, view: &View<'_>) -> String {
        let text = slot.editor.text();
        let meant = self.days.meant(text, self.today).ok().filter(|_| is_day(&slot.key));
        meant.map_or_else(String::new, |meant| self.days.note(meant, view.lang))
    }

    /// Where the boxes stand that are seen, each by its place, so that the focused one is seen whole.
    fn layout(&self, inner: Rect) -> Vec<(usize, Rect)> {
        let rows = |at: usize| match self.slots.get(at) {
            Some(slot) if at == self.focus && slot.lines == Lines::Many => TEXT_ROWS,
            _ => 1,
        };
        let height = inner.height.saturating_sub(1);
        let (mut first, mut used) = (self.focus, rows(self.focus));
        while first > 0 && used + rows(first - 1) <= height {
            first -= 1;
            used += rows(first);
        }
        let (mut y, mut places) = (inner.y, Vec::new());
        for at in first..self.slots.len() {
            let n_rows = rows(at).min((inner.y + height).saturating_sub(y));
            if n_rows == 0 {
                break;
            }
            places.push((at, Rect::new(inner.x, y, inner.width, n_rows)));
            y += n_rows;
        }
        places
    }
}

impl Slot {
    fn new(key: &str, (own, said): (&str, &str), is_empty: bool, view: &View<'_>) -> Self {
        let lines = if TEXTS.contains(&key) { Lines::Many } else { Lines::One };
        let most = if lines == Lines::Many { TEXT_MAX } else { LINE_MAX };
        let mut editor = Editor::new(lines, most);
        editor.set_text(own);
        let hint = said.lines().next().unwrap_or_default();
        let hint = match (said.is_empty(), is_empty) {
            (false, _) => hint.to_owned(),
            (true, true) => locale::text(view.lang, "paper.form.needed"),
            (true, false) => locale::text(view.lang, "paper.form.may_be_empty"),
        };
        editor.set_hint(hint);
        Self { key: key.to_owned(), editor, begun: own.to_owned(), lines, is_empty }
    }

    fn label(&self, view: &View<'_>) -> String {
        match self.key.as_str() {
            REASON => locale::text(view.lang, "paper.form.reason"),
            key => locale::text(view.lang, &format!("placeholder.{key}")),
        }
    }
}

/// The keys of the form.
const TIPS: &[Tip] = &[
    Tip::new(Key::F(10), "paper.form.write"),
    Tip::new(Key::F(5), "paper.form.see"),
    Tip::new(Key::Tab, "form.next"),
    Tip::new(Key::BackTab, "form.before"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for PaperForm {
    fn name(&self) -> &'static str {
        PAPER_FORM
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer {
        let lines = self.slots.get(self.focus).map_or(Lines::One, |slot| slot.lines);
        let is_last = self.focus + 1 >= self.slots.len();
        match key {
            Key::F(10) | Key::Ctrl('d') => self.write(view),
            Key::F(5) => self.typing(Then::See, view),
            Key::Esc if self.has_text() => Answer::CloseTyped,
            Key::Esc => Answer::Close,
            Key::Tab => self.go(self.focus + 1, view),
            Key::BackTab => self.go(self.focus.saturating_sub(1), view),
            Key::Down if lines == Lines::One => self.go(self.focus + 1, view),
            Key::Up if lines == Lines::One => self.go(self.focus.saturating_sub(1), view),
            Key::Enter if lines == Lines::One && is_last => self.write(view),
            Key::Enter if lines == Lines::One => self.go(self.focus + 1, view),
            key => self.take(view, |editor| editor.take(key)),
        }
    }

    fn pasted(&mut self, pasted: &Pasted, view: &View<'_>) -> Answer {
        self.take(view, |editor| editor.paste(pasted))
    }

    fn clicked(&mut self, at: Position, area: Rect, view: &View<'_>) -> Answer {
        let places = self.layout(area.inner(Margin::new(1, 1)));
        match places.into_iter().find(|(_, row)| row.contains(at)) {
            Some((place, _)) => self.go(place, view),
            None => Answer::Stay,
        }
    }

    fn wants(&self) -> Vec<Request> {
        if self.slots.iter().any(|slot| is_day(&slot.key)) {
            return Days::wants(self.today).collect();
        }
        Vec::new()
    }

    fn got(&mut self, _place: usize, reply: Reply, _view: &View<'_>) {
        if let Reply::Calendar(year) = reply {
            self.days.got(year);
        }
    }

    fn has_text(&self) -> bool {
        self.slots.iter().any(|slot| slot.editor.text() != slot.begun)
    }

    fn draft(&self) -> Option<own::Draft> {
        let is_open = self.has_text() || !self.is_written;
        is_open.then(|| kept::typed(&self.blank, (self.texts(), self.reason()))).flatten()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let inner = draw_box(area, frame.buffer_mut(), &self.title, view.look);
        if inner.height < 2 || inner.width <= LABEL + 2 {
            return None;
        }
        let mut cursor = None;
        for (at, row) in self.layout(inner) {
            let Some(slot) = self.slots.get(at) else { continue };
            let has_focus = at == self.focus;
            let marker = if has_focus { ">" } else { " " };
            let (sign, beside) = match (self.wrong(slot), slot.is_empty) {
                (Some(_), _) => ("!", String::new()),
                (None, true) => ("*", self.beside(slot, view)),
                (None, false) => (" ", self.beside(slot, view)),
            };
            let room = usize::from(LABEL) - 3;
            let label = pad_right(&cut(&slot.label(view), room), room);
            let pieces = [
                (marker.to_owned(), Role::Marker),
                (sign.to_owned(), Role::Warning),
                (label, if has_focus { Role::Title } else { Role::Text }),
            ];
            let head = Rect { height: 1, ..row };
            draw_pieces(frame.buffer_mut(), head, pieces.into_iter(), view.look);
            let input = Rect::new(row.x + LABEL, row.y, row.width - LABEL, row.height);
            let wide = if beside.is_empty() { 0 } else { input.width.saturating_sub(DAY) };
            let aside = Rect { x: input.right() - wide, width: wide, ..input };
            let input = Rect { width: input.width - wide, ..input };
            draw_pieces(frame.buffer_mut(), aside, std::iter::once((beside, Role::Dim)), view.look);
            slot.editor.draw(input, frame.buffer_mut(), view.look);
            cursor = cursor.or(has_focus.then(|| slot.editor.cursor_in(input)));
        }
        let foot = Rect::new(inner.x, inner.bottom() - 1, inner.width, 1);
        let role = if self.is_warned || self.is_wrong { Role::Warning } else { Role::Dim };
        let foot_text = std::iter::once((self.foot.clone(), role));
        draw_pieces(frame.buffer_mut(), foot, foot_text, view.look);
        cursor
    }
}
