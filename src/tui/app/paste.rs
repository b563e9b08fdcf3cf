//! What is pasted: text for the box that is open, else something to be brought in or looked for.
//!
//! INVARIANT: nothing pasted is ever a command; what is to become of it is asked.

use crate::domain::form::Fields;
use crate::tui::app::act::{begin_filled, stepped};
use crate::tui::app::answer::answered;
use crate::tui::app::{Effect, Model, find};
use crate::tui::command::{self, Command};
use crate::tui::listen::Pasted;
use crate::tui::screen::Selection;
use crate::tui::screen::pasted::{Fate, PastedMenu};
use crate::tui::screen::place::Place;
use crate::tui::terminal;

pub(super) fn on_paste(model: &mut Model, pasted: &Pasted) -> Vec<Effect> {
    if terminal::is_too_small(model.size) {
        return Vec::new();
    }
    model.said = None;
    if pasted.is_cut {
        model.say("app.paste_cut", &[]);
    }
    let view = model.base.view();
    if let Some(laid) = model.overs.last_mut() {
        let answer = laid.seat.it.pasted(pasted, &view);
        return answered(model, answer);
    }
    match model.history.get_mut(model.at) {
        Some(seat) if seat.it.is_typing() => {
            let step = seat.it.pasted(&pasted.text, &view);
            stepped(model, step)
        }
        Some(_) | None => offer(model, pasted),
    }
}

/// No box is open: cells may be brought in, a letter may be registered; a number or a name copied
/// from elsewhere is looked for.
fn offer(model: &mut Model, pasted: &Pasted) -> Vec<Effect> {
    if let Some(effects) = begin_report(model, pasted) {
        return effects;
    }
    let selection = model.selection();
    let may = |word: &str| {
        let command = command::find(word)?;
        command.is_possible(&model.base.me, &selection).is_ok().then_some(command)
    };
    let fate = match &pasted.cells {
        Some(_) => may("import").map(|_| Fate::BringIn),
        None if is_letter(&pasted.text) => may("register").map(|_| Fate::Register),
        None => None,
    };
    match (fate, &pasted.cells) {
        (Some(Fate::BringIn), _) if pasted.is_cut => {
            model.say("paste.cut", &[]);
            Vec::new()
        }
        (Some(Fate::BringIn), Some(cells)) if model.takes_cells(cells) => Vec::new(),
        (Some(fate), _) => model.lay(Box::new(PastedMenu::new(fate, pasted)), None),
        (None, _) => find_line(model, &pasted.text),
    }
}

/// A message that tells the present screen of a report begins its form; the clerk confirms it.
fn begin_report(model: &mut Model, pasted: &Pasted) -> Option<Vec<Effect>> {
    let report: &'static Command = command::find("report_duty")?;
    let seat = model.history.get(model.at).filter(|_| pasted.cells.is_none())?;
    let (selection, fields) = seat.it.tells(&pasted.text, &model.base.view())?;
    Some(begin_filled(model, report, selection, fields))
}

/// Whether a text is more than one looks for.
fn is_letter(text: &str) -> bool {
    const SHORT: usize = 40;
    let n_lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    n_lines > 1 || text.chars().count() > SHORT
}

fn find_line(model: &mut Model, text: &str) -> Vec<Effect> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.map_or_else(Vec::new, |line| find(model, line))
}

impl Model {
    /// Whether the present screen takes cells that were pasted.
    fn takes_cells(&mut self, cells: &str) -> bool {
        self.history.get_mut(self.at).is_some_and(|seat| seat.it.takes_cells(cells))
    }

    /// What was pasted is to become that.
    pub(super) fn settle_paste(&mut self, fate: Fate, text: &str) -> Vec<Effect> {
        self.overs.pop();
        match fate {
            Fate::Find => find_line(self, text),
            Fate::BringIn => {
                let effects = self.visit((self.open)(Place::Import));
                self.takes_cells(text);
                effects
            }
            Fate::Register => {
                let register: Option<&'static Command> = command::find("register");
                let fields = Fields::from([("request".to_owned(), text.to_owned())]);
                register.map_or_else(Vec::new, |register| {
                    begin_filled(self, register, Selection::default(), fields)
                })
            }
        }
    }
}
