//! What the mouse does where it is turned on: a click on a tab, on a key of the bottom bar, or into
//! what is seen. It is never the only way to anything.

use ratatui::layout::Position;

use crate::tui::app::act::{look, run, stepped};
use crate::tui::app::answer::answered;
use crate::tui::app::meeting::Room;
use crate::tui::app::{Effect, Model, on_key, picture};
use crate::tui::key::Key;
use crate::tui::listen::Wheel;
use crate::tui::screen::Nav;
use crate::tui::terminal;
use crate::tui::widget::bar::{Hint, Tabs, hint_at};

/// The rows that one notch of the wheel moves.
const WHEEL_ROWS: usize = 3;

/// A click.
pub(super) fn on_click(model: &mut Model, at: Position) -> Vec<Effect> {
    if terminal::is_too_small(model.size) {
        return Vec::new();
    }
    model.said = None;
    let room = model.room();
    if at.y < room.y {
        return on_tab(model, at.x);
    }
    if at.y + 1 >= model.size.height {
        return on_bar(model, at.x);
    }
    if !room.contains(at) {
        return Vec::new();
    }
    let view = model.base.view();
    if let Some(laid) = model.overs.last_mut() {
        let answer = laid.seat.it.clicked(at, room, &view);
        return answered(model, answer);
    }
    let step = model.history.get_mut(model.at).map(|seat| seat.it.clicked(at, room, &view));
    step.map_or_else(Vec::new, |step| stepped(model, step))
}

/// A click into the bar above: to that screen, unless something lies over the present one.
fn on_tab(model: &mut Model, column: u16) -> Vec<Effect> {
    if !model.overs.is_empty() || model.room_of_use() == Room::Meeting {
        return Vec::new();
    }
    let (commands, names, open) = picture::tabs(model);
    let tabs = Tabs { names: &names, open, right: "" };
    let place = tabs.at(column, model.size.width, &model.base.look);
    match place.and_then(|place| commands.get(place)) {
        Some(command) => run(model, command, Key::Enter),
        None => Vec::new(),
    }
}

/// A click into the bar below is the key that stands there.
fn on_bar(model: &mut Model, column: u16) -> Vec<Effect> {
    let view = model.base.view();
    let (keys, hints): (Vec<Key>, Vec<Hint>) = picture::hints(model, &view).into_iter().unzip();
    let place = hint_at(&hints, (column, model.size.width), view.look);
    match place.and_then(|place| keys.get(place)) {
        Some(key) => on_key(model, *key),
        None => Vec::new(),
    }
}

/// The wheel moves the selection, in menus too.
pub(super) fn on_wheel(model: &mut Model, wheel: Wheel) -> Vec<Effect> {
    let (key, nav) = match wheel {
        Wheel::Up => (Key::Up, Nav::Up),
        Wheel::Down => (Key::Down, Nav::Down),
    };
    let mut effects = Vec::new();
    for _ in 0..WHEEL_ROWS {
        effects.extend(match model.overs.is_empty() {
            true => look(model, nav),
            false => on_key(model, key),
        });
    }
    effects
}
