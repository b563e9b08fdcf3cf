//! What taking a change back would do, or making it again: before and after, what stays and why, and
//! one question. The safe answer is chosen at first; an older change of one's own can be looked at.

use ratatui::Frame;
use ratatui::layout::Position;
use ratatui::layout::Rect;

use crate::api::handover::Why;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::undo::{UndoQuery, UndoRow, UndoView, UndoWay};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::{RecordRef, RequestId};
use crate::locale::{self, Lang};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, Filled, Over, Tip};
use crate::tui::screen::{View, changed};

/// The window.
pub struct Undo {
    command: &'static Command,
    change: Option<RequestId>,
    view: Option<Box<UndoView>>,
    choice: Choice,
    /// Whether the choice was moved since the view came.
    is_moved: bool,
}

/// The answers below what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Leave,
    Sure,
    Older,
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Enter, "pick.choose"),
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "confirm.stay"),
];

impl Undo {
    /// The window of a command: one's newest change that can come next.
    pub fn new(command: &'static Command) -> Self {
        Self { command, change: None, view: None, choice: Choice::default(), is_moved: false }
    }

    fn way(&self) -> UndoWay {
        if self.command.act == Some(Act::Redo) { UndoWay::Redo } else { UndoWay::Undo }
    }

    fn items(&self) -> Vec<Item> {
        let mut items = vec![Item::Leave];
        if let Some(view) = &self.view {
            if view.why.is_none() && view.change.is_some() {
                items.push(Item::Sure);
            }
            if view.older.is_some() {
                items.push(Item::Older);
            }
        }
        items
    }

    fn answer(&mut self, item: Item) -> Answer {
        match item {
            Item::Leave => Answer::Close,
            Item::Sure => self.send(),
            Item::Older => {
                self.change = self.view.as_ref().and_then(|view| view.older);
                self.view = None;
                Answer::Ask
            }
        }
    }

    fn send(&self) -> Answer {
        let Some(view) = &self.view else { return Answer::Stay };
        let Some(change) = view.change else { return Answer::Stay };
        let fields = Fields::from([
            ("change".to_owned(), format!("{:032x}", change.0)),
            ("act".to_owned(), view.act.clone()),
        ]);
        Answer::Send(Filled { fields, seen: None })
    }

    /// What is shown above the answers.
    fn told(&self, lang: Lang) -> Vec<Pieces> {
        let Some(view) = &self.view else {
            return vec![plain(locale::text(lang, "row.waiting"), Role::Dim)];
        };
        let mut rows = Vec::new();
        if view.change.is_some() {
            rows.push(plain(head(view, lang), Role::Text));
        }
        if let Some(why) = reason(lang, &view.why) {
            rows.push(plain(why, Role::Warning));
        }
        for own in &view.rows {
            rows.extend(record(own, lang));
        }
        let n_more = view.count.saturating_sub(view.rows.len() as u64);
        if n_more > 0 && !view.rows.is_empty() {
            let args = [("count", n_more.to_string())];
            rows.push(plain(locale::fill(lang, "undo.more", &args), Role::Dim));
        }
        if view.batch && view.n_kept > 0 {
            let args = [("count", view.n_kept.to_string())];
            rows.push(plain(locale::fill(lang, "undo.kept", &args), Role::Group));
            for kept in &view.kept {
                let why = reason(lang, &kept.why).unwrap_or_default();
                let name = called(&kept.record, &kept.name, lang);
                rows.push(vec![(format!("  {name}  "), Role::Text), (why, Role::Warning)]);
            }
        }
        rows
    }

    fn answers(&self, lang: Lang) -> Vec<Pieces> {
        let count = self.view.as_ref().map_or(0, |view| view.count);
        let text = |item: Item| match item {
            Item::Leave => locale::text(lang, "undo.leave"),
            Item::Older => locale::text(lang, "undo.older"),
            Item::Sure => {
                let key = match self.way() {
                    UndoWay::Undo => "undo.sure",
                    UndoWay::Redo => "undo.sure_again",
                };
                locale::fill(lang, key, &[("count", count.to_string())])
            }
        };
        let items = self.items().into_iter().enumerate();
        items
            .map(|(at, item)| vec![(format!("{} ", at + 1), Role::Key), (text(item), Role::Text)])
            .collect()
    }
}

fn plain(text: String, role: Role) -> Pieces {
    vec![(text, role)]
}

/// Who made the change, when, and what it was.
fn head(view: &UndoView, lang: Lang) -> String {
    let args = [
        ("who", view.who.clone().unwrap_or_default()),
        ("at", view.at.map(|at| at.format("%m-%d %H:%M").to_string()).unwrap_or_default()),
        ("act", locale::text(lang, &format!("act.{}", view.act))),
        ("count", view.count.to_string()),
    ];
    locale::fill(lang, "undo.head", &args)
}

/// A reason in words.
pub fn reason(lang: Lang, why: &Why) -> Option<String> {
    let (key, args) = why.as_ref()?;
    let args: Vec<(&str, String)> =
        args.iter().map(|(name, value)| (name.as_str(), locale::said(lang, name, value))).collect();
    Some(locale::fill(lang, key, &args))
}

fn called(record: &RecordRef, name: &str, lang: Lang) -> String {
    let kind = locale::text(lang, &format!("kind.{}", record.kind.key()));
    if name.is_empty() { kind } else { format!("{kind} {name}") }
}

/// A record with what becomes of it: its fields now and then, steps that go or come back.
fn record(own: &UndoRow, lang: Lang) -> Vec<Pieces> {
    let name = called(&own.record, &own.name, lang);
    let deed = locale::text(lang, &format!("undo.deed.{}", own.deed));
    let mut rows = vec![vec![(format!("{name}  "), Role::Text), (deed, Role::Group)]];
    let kind = own.record.kind.key();
    for field in own.fields.iter().filter(|field| changed::is_told(&field.field)) {
        let label = changed::name(lang, kind, field);
        let values = changed::values(lang, kind, field);
        if values.is_empty() {
            rows.push(plain(format!("  {label}"), Role::Dim));
            continue;
        }
        rows.push(vec![(format!("  {label}: "), Role::Dim), (values, Role::Text)]);
    }
    let words = |words: &[String]| {
        let words = words.iter().map(|word| locale::text(lang, &format!("deed.{word}")));
        words.collect::<Vec<_>>().join(" ")
    };
    for (key, steps) in [("undo.gone", &own.gone), ("undo.back", &own.back)] {
        if !steps.is_empty() {
            let label = locale::text(lang, key);
            rows.push(vec![(format!("  {label}: "), Role::Dim), (words(steps), Role::Text)]);
        }
    }
    rows
}

impl Over for Undo {
    fn name(&self) -> &'static str {
        "undo"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::TryUndo(UndoQuery { way: self.way(), change: self.change })]
    }

    fn got(&mut self, _place: usize, reply: Reply, view: &View<'_>) {
        if let Reply::Undo(undo) = reply {
            self.view = Some(undo);
            if !self.is_moved {
                self.choice.at = self.told(view.lang).len() + 1;
            }
        }
    }

    fn refused(&mut self, _refusal: &Refusal) -> Answer {
        // Somebody was faster; what stands in the way now is shown.
        self.view = None;
        Answer::Ask
    }

    fn touched(&self, _notice: &crate::api::door::Notice) -> bool {
        true
    }

    fn typed(&mut self, key: Key, view: &View<'_>) -> Answer {
        let n_told = self.told(view.lang).len() + 1;
        let items = self.items();
        let of_digit = |digit: char| {
            let at = (digit as usize).checked_sub('1' as usize)?;
            items.get(at).copied()
        };
        match key.fold() {
            Key::Esc | Key::Char('n') => Answer::Close,
            Key::Char('y') if items.contains(&Item::Sure) => self.answer(Item::Sure),
            Key::Char(digit @ '1'..='3') => match of_digit(digit) {
                Some(item) => self.answer(item),
                None => Answer::Stay,
            },
            Key::Enter => {
                let chosen = self.choice.at.checked_sub(n_told).and_then(|at| items.get(at));
                match chosen.copied() {
                    Some(item) => self.answer(item),
                    None => Answer::Stay,
                }
            }
            key => {
                self.is_moved |= self.choice.moved(key, n_told + items.len());
                Answer::Stay
            }
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let title = locale::text(view.lang, &self.command.label());
        let mut rows = self.told(view.lang);
        rows.push(Vec::new());
        rows.extend(self.answers(view.lang));
        let foot = locale::text(view.lang, &format!("undo.foot.{}", self.command.word));
        let choice = Choice { at: self.choice.at.min(rows.len().saturating_sub(1)) };
        Panel { title: &title, editor: None, rows, choice, foot }.draw(frame, area, view.look)
    }
}

#[cfg(test)]
mod tests;
