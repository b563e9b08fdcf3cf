//! The picture of the whole program: tabs above, the screen and what lies over it, the status line
//! and the keys below.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::{Rect, Size};

use crate::api::reply::Me;
use crate::domain::act::Act;
use crate::locale::{self, Lang};
use crate::tui::app::meeting::Room;
use crate::tui::app::{Model, Said};
use crate::tui::command::page::{key_name, key_names};
use crate::tui::command::{self, COMMANDS, Command, Does, Shown};
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::{View, row};
use crate::tui::terminal;
use crate::tui::text::width;
use crate::tui::widget::bar::{Hint, State, Status, Tabs, draw_hints};
use crate::tui::widget::frame::draw_notice;

/// The rows above the screen.
pub const ABOVE: u16 = 1;
/// The rows above and below the screen.
pub const BARS: u16 = 3;

/// The room that a terminal of that size leaves to the screen.
pub fn room(size: Size) -> Rect {
    Rect::new(0, ABOVE, size.width, size.height.saturating_sub(BARS))
}

/// Draws everything. Nothing changes by it.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let view = model.base.view();
    if terminal::is_too_small(area.as_size()) {
        let text = locale::text(view.lang, "app.too_small");
        draw_notice(area, frame.buffer_mut(), &text, view.look);
        return;
    }
    if model.is_covered() {
        let text = locale::text(view.lang, "app.covered");
        draw_notice(area, frame.buffer_mut(), &text, view.look);
        return;
    }
    let row = |y: u16| Rect::new(area.x, area.y.saturating_add(y), area.width, 1);
    let room = Rect::new(area.x, area.y + ABOVE, area.width, area.height - BARS);
    draw_tabs(model, frame, row(0));
    let seat = model.history.get(model.at);
    let mut cursor = seat.and_then(|seat| seat.it.draw(frame, room, &view));
    for laid in &model.overs {
        cursor = laid.seat.it.draw(frame, room, &view);
    }
    draw_status(model, frame, row(area.height - 2));
    let hints: Vec<Hint> = hints(model, &view).into_iter().map(|(_, hint)| hint).collect();
    draw_hints(row(area.height - 1), frame.buffer_mut(), &hints, view.look);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// A date with its weekday.
pub fn dated(lang: Lang, date: NaiveDate) -> String {
    let weekday = date.weekday().number_from_monday();
    format!("{date} {}", locale::text(lang, &format!("app.weekday.{weekday}")))
}

/// The screens that have a tab, as they are called there, and which of them is open.
pub(super) fn tabs(model: &Model) -> (Vec<&'static Command>, Vec<String>, usize) {
    let lang = model.base.lang;
    let tabs: Vec<&'static Command> =
        COMMANDS.iter().filter(|command| command.shown == Shown::Tab).collect();
    let names: Vec<String> = tabs
        .iter()
        .map(|command| {
            let label = locale::text(lang, &command.label());
            format!("{}{label}", key_names(command, lang))
        })
        .collect();
    let is_at = |command: &&Command, name: &str| match command.does {
        Does::Go(place) => place.name() == name,
        _ => false,
    };
    // A case was opened from a tab: the newest one on the way is open.
    let way = model.history.iter().take(model.at + 1).rev();
    let open = way
        .filter_map(|seat| tabs.iter().position(|command| is_at(command, seat.it.name())))
        .next()
        .unwrap_or(names.len());
    (tabs, names, open)
}

fn draw_tabs(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    if model.room_of_use() == Room::Meeting {
        return draw_banner(model, frame, area);
    }
    let (_, names, open) = tabs(model);
    let used: usize = names.iter().map(|name| width(name) + 1).sum();
    let room = usize::from(area.width).saturating_sub(used + 2);
    let right = who_and_when(&model.base.me, model.base.lang, room);
    Tabs { names: &names, open, right: &right }.draw(area, frame.buffer_mut(), &model.base.look);
}

/// That a meeting is on, and what that means.
fn draw_banner(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let lang = model.base.lang;
    let names = [locale::text(lang, "app.meeting")];
    let room = usize::from(area.width).saturating_sub(width(&names[0]) + 3);
    let right = who_and_when(&model.base.me, lang, room);
    Tabs { names: &names, open: 0, right: &right }.draw(area, frame.buffer_mut(), &model.base.look);
}

/// Town, day, clerk and roles; what matters less is left out first if there is no room.
fn who_and_when(me: &Me, lang: Lang, room: usize) -> String {
    let text = |key: &str| locale::text(lang, key);
    let day = dated(lang, me.today);
    let rest = if me.rest_day { text("app.rest_day") } else { String::new() };
    let trial = if me.trial { text("app.trial") } else { String::new() };
    let name = me.officer.as_ref().map_or_else(|| me.login.clone(), |(_, name)| name.clone());
    let roles: Vec<String> =
        me.roles.iter().map(|role| text(&format!("choice.role.{}", role.word()))).collect();
    let roles = roles.join(" ");
    let parts = [&trial, &me.town, &day, &rest, &name, &roles];
    let leaves: [&[usize]; 5] = [&[], &[5], &[5, 1], &[5, 1, 4], &[5, 1, 4, 3]];
    let lines = leaves.iter().map(|left_out| {
        let kept = parts.iter().enumerate().filter(|(at, _)| !left_out.contains(at));
        let kept: Vec<&str> =
            kept.map(|(_, part)| part.as_str()).filter(|part| !part.is_empty()).collect();
        kept.join(" ")
    });
    // The weekday goes before the day, and that a trial is on is told as long as there is room.
    let bare =
        [format!("{trial} {}", me.today), me.today.to_string()].map(|line| line.trim().to_owned());
    lines.chain(bare).find(|line| width(line) <= room).unwrap_or_default()
}

fn draw_status(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let lang = model.base.lang;
    let waiting = model.waits_for();
    let (text, role) = match (&model.lost, &model.said, &waiting) {
        (Some(why), _, _) => {
            let text = locale::fill(lang, "app.lost", &[("why", why)]);
            (text, Role::Warning)
        }
        (None, Some(Said { text, role }), _) => (text.clone(), *role),
        (None, None, Some(text)) => (text.clone(), Role::Dim),
        (None, None, None) if model.tells_of_backup() => {
            (late_backup(&model.base.me, lang), Role::Warning)
        }
        (None, None, None) => (String::new(), Role::Status),
    };
    let text = text.replace('\n', " ");
    let right = model.standing.text(lang);
    // What is to be said goes before who else is there.
    let has_room = width(&text) + width(&right) < usize::from(area.width);
    let right = if has_room { right.as_str() } else { "" };
    Status { text: &text, role, right }.draw(area, frame.buffer_mut(), &model.base.look);
}

impl Model {
    /// Whether the newest backup is too old, and whoever has to see to it reads no list of what is
    /// due, which says so otherwise.
    pub(super) fn tells_of_backup(&self) -> bool {
        let me = &self.base.me;
        me.late_backup.is_some() && me.denied.contains(&Act::ReadAgenda)
    }
}

fn late_backup(me: &Me, lang: Lang) -> String {
    let Some(late) = me.late_backup else { return String::new() };
    let key = if late.on.is_some() { "agenda.late_backup" } else { "agenda.no_backup" };
    let day = row::maybe_day(late.on, me.today);
    locale::fill(lang, key, &[("days", late.days.to_string()), ("day", day)])
}

/// What the bottom bar says: the keys of what lies on top, else the commands, grey if impossible;
/// each with its key.
pub(super) fn hints(model: &Model, view: &View<'_>) -> Vec<(Key, Hint)> {
    if let Some(laid) = model.overs.last() {
        let tips = laid.seat.it.tips().iter();
        return tips
            .map(|tip| {
                let label = locale::text(view.lang, tip.label);
                let key = key_name(tip.key, view.lang);
                (tip.key, Hint { key, label, state: State::Possible })
            })
            .collect();
    }
    let selection = model.selection();
    let in_bar = |command: &&Command| {
        let key = command.keys.first();
        let is_own = key.and_then(|key| command::of_key(*key, &selection)) == Some(*command);
        let is_offered = command.is_offered(view.me);
        matches!(command.shown, Shown::Bar | Shown::Both) && is_own && is_offered
    };
    let hint = |command: &Command| {
        let key = *command.keys.first()?;
        let state = match command.is_possible(view.me, &selection) {
            Ok(()) => State::Possible,
            Err(_) => State::Disabled,
        };
        let label = locale::text(view.lang, &command.label_on(&selection));
        Some((key, Hint { key: key_name(key, view.lang), label, state }))
    };
    COMMANDS.iter().filter(in_bar).filter_map(hint).collect()
}
