//! What follows from the answers of menus, pickers, forms and questions: commands and orders.

use crate::api::door::Ticket;
use crate::api::reply::Done;
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::RequestId;
use crate::tui::app::act::{begin, begin_filled, run, stepped};
use crate::tui::app::meeting::Room;
use crate::tui::app::{Aim, Effect, Exit, Model};
use crate::tui::command::{self, Command, Does, Takes};
use crate::tui::key::Key;
use crate::tui::screen::Selection;
use crate::tui::screen::confirm::{Confirm, Question};
use crate::tui::screen::meeting::answer::AnswerScreen;
use crate::tui::screen::over::{Answer, Filled};
use crate::tui::screen::place::Place;

/// What follows from the answer of what lies on top.
pub(super) fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Stay => Vec::new(),
        Answer::Ask => model.ask_over(model.overs.len().saturating_sub(1)),
        Answer::AskLast => model.ask_over_last(model.overs.len().saturating_sub(1)),
        Answer::Above(command, selection, fields) => {
            begin_filled(model, command, *selection, fields)
        }
        Answer::Close => close(model),
        Answer::CloseTyped => model.lay(Box::new(Confirm::new(Question::DropTyped)), None),
        Answer::Run(command) => {
            model.overs.pop();
            run(model, command, Key::Enter)
        }
        Answer::RunWith(command, text) => {
            model.overs.pop();
            let selection = model.selection();
            match (command.does, command.is_possible(&model.base.me, &selection)) {
                (Does::Change(takes), Ok(())) => begin(model, (command, takes), selection, &text),
                (_, Ok(())) => run(model, command, Key::Enter),
                (_, Err(why)) => {
                    model.say(&why, &[]);
                    Vec::new()
                }
            }
        }
        Answer::On(command, selection) => {
            model.overs.pop();
            match (command.does, command.is_possible(&model.base.me, &selection)) {
                (Does::Change(takes), Ok(())) => begin(model, (command, takes), *selection, ""),
                (_, Ok(())) => Vec::new(),
                (_, Err(why)) => {
                    model.say(&why, &[]);
                    Vec::new()
                }
            }
        }
        Answer::Go(Place::Case(id)) if model.room_of_use() == Room::Meeting => {
            model.visit(Box::new(AnswerScreen::new(vec![id], 0)))
        }
        Answer::Go(place) => {
            let screen = (model.open)(place);
            model.visit(screen)
        }
        Answer::Chosen(id) => model.send_chosen(id),
        Answer::Send(filled) => model.send_form(filled),
        Answer::Sure => sure(model),
        Answer::Resume(name) => model.resume(&name),
        Answer::DropDraft(name) => model.drop_named(name),
        Answer::Fresh => model.begin_fresh(),
        Answer::Settle(settled, now) => model.settle(&settled, now),
        Answer::Prefer(name, value) => model.prefer(name, value),
        Answer::Arrange(arrange) => {
            model.overs.pop();
            let view = model.base.view();
            let seat = model.history.get_mut(model.at);
            let step = seat.map(|seat| seat.it.arrange(*arrange, &view));
            step.map_or_else(Vec::new, |step| stepped(model, step))
        }
        Answer::Paper(typing) => model.typed_for_paper(*typing),
        Answer::Paste(fate, text) => model.settle_paste(fate, &text),
        Answer::Reread(how) => model.reread(how),
        Answer::Say(key) => {
            // The menu makes room where the screen below shows what is missing.
            if model.history.get_mut(model.at).is_some_and(|seat| seat.it.leads(&key)) {
                model.overs.pop();
            }
            model.say(&key, &[]);
            Vec::new()
        }
    }
}

/// Closes what lies on top; a screen below that was covered is as it was.
fn close(model: &mut Model) -> Vec<Effect> {
    model.close_from(model.overs.len().saturating_sub(1))
}

/// The question on top was answered with yes.
fn sure(model: &mut Model) -> Vec<Effect> {
    let laid = model.overs.pop();
    let question = laid.as_ref().map(|laid| laid.seat.it.name());
    if let Some(aim) = laid.and_then(|laid| laid.aim) {
        return model.send_sure(aim);
    }
    if question == Some(Question::DropTyped.name()) {
        return close(model);
    }
    vec![Effect::End(Exit::Left)]
}

impl Model {
    /// Whether a form lies over that of the window.
    pub(super) fn is_above_register(&self, place: usize) -> bool {
        let below = place.checked_sub(1).and_then(|below| self.overs.get(below));
        let aim = below.and_then(|laid| laid.aim.as_ref());
        aim.is_some_and(|aim| aim.command.act == Some(Act::Register))
    }

    pub(super) fn next_order_id(&mut self) -> RequestId {
        self.n_orders += 1;
        RequestId(self.seed.wrapping_add(self.n_orders))
    }

    /// An order that takes nothing but the record is sent at once.
    pub(super) fn send_bare(
        &mut self,
        command: &'static Command,
        selection: &Selection,
    ) -> Vec<Effect> {
        let id = self.next_order_id();
        match command.order(id, selection, Fields::new()) {
            Some(order) => vec![self.send(order, command).1],
            None => Vec::new(),
        }
    }

    /// The form on top is sent.
    fn send_form(&mut self, filled: Filled) -> Vec<Effect> {
        let aim = self.overs.last().and_then(|laid| laid.aim.as_ref());
        let command = aim.map(|aim| aim.command);
        if command.is_some_and(|command| command.word == command::PRINT) {
            return self.print(&filled.fields);
        }
        if command.is_some_and(|command| command.word == command::SEND_OUT) {
            return self.send_forms(&filled.fields);
        }
        if command.is_some_and(|command| command.act == Some(Act::Export)) {
            return self.export(&filled.fields);
        }
        if aim.is_some_and(|aim| aim.command.act == Some(Act::Dossier)) {
            return self.take_out_files(&filled.fields);
        }
        self.send_from(self.overs.len().saturating_sub(1), filled)
    }

    /// The form at a place is sent. While an earlier answer to it is to come or unknown, that is
    /// asked first under its own id: what was typed since would be answered with the outcome of
    /// what was sent before, and be lost.
    pub(super) fn send_from(&mut self, place: usize, filled: Filled) -> Vec<Effect> {
        let fresh = self.next_order_id();
        let Some(laid) = self.overs.get_mut(place) else { return Vec::new() };
        let Some(aim) = laid.aim.as_mut() else { return Vec::new() };
        let command = aim.command;
        let fields = filled.fields.clone();
        let Some(mut order) = command.order(fresh, &aim.selection, fields) else {
            return Vec::new();
        };
        order.seen = filled.seen.or(order.seen);
        match &aim.sent {
            Some(before) => {
                laid.after = (before.fields != order.fields).then_some(filled);
                if laid.waits.is_some() {
                    return Vec::new();
                }
                order = before.clone();
            }
            None => {
                aim.sent = Some(order.clone());
                laid.seat.it.is_sent();
            }
        }
        let (ticket, effect) = self.send(order, command);
        if let Some(laid) = self.overs.get_mut(place) {
            laid.waits = Some(ticket);
        }
        vec![effect]
    }

    /// What was sent from a place is done, and something else was to be sent since: what is left of
    /// it goes out. None if nothing was, or if that cannot be.
    pub(super) fn send_rest(&mut self, place: usize, done: &Done) -> Option<Vec<Effect>> {
        let laid = self.overs.get_mut(place)?;
        laid.after.as_ref()?;
        let Answer::Send(filled) = laid.seat.it.is_done(done.version) else { return None };
        laid.after = None;
        laid.waits = None;
        laid.aim.as_mut()?.sent = None;
        Some(self.send_from(place, filled))
    }

    /// What was sent before is refused, so nothing of it is written: what was to be sent since goes
    /// out in its place. None if nothing was.
    pub(super) fn send_instead(&mut self, ticket: Ticket) -> Option<Vec<Effect>> {
        let place = self.overs.iter().position(|laid| laid.waits == Some(ticket))?;
        let laid = self.overs.get_mut(place)?;
        let filled = laid.after.take()?;
        laid.waits = None;
        laid.aim.as_mut()?.sent = None;
        Some(self.send_from(place, filled))
    }

    /// What a question was about was agreed to; what is selected gives the fields.
    fn send_sure(&mut self, aim: Aim) -> Vec<Effect> {
        let id = self.next_order_id();
        match aim.command.order(id, &aim.selection, Fields::new()) {
            Some(order) => vec![self.send(order, aim.command).1],
            None => Vec::new(),
        }
    }

    /// What the screen laid over itself was answered with the row of that number.
    fn told_screen(&mut self, id: u64) -> Vec<Effect> {
        let view = self.base.view();
        let step = self.history.get_mut(self.at).map(|seat| seat.it.chosen(id, &view));
        step.map_or_else(Vec::new, |step| stepped(self, step))
    }

    /// A record was chosen for the command that the picker on top serves; the picker closes.
    fn send_chosen(&mut self, id: u64) -> Vec<Effect> {
        let order_id = self.next_order_id();
        let Some(aim) = self.overs.pop().and_then(|laid| laid.aim) else {
            return self.told_screen(id);
        };
        let Does::Change(Takes::Officer(field) | Takes::Unit(field)) = aim.command.does else {
            return Vec::new();
        };
        let fields = [(field.to_owned(), id.to_string())].into();
        let Some(order) = aim.command.order(order_id, &aim.selection, fields) else {
            return Vec::new();
        };
        vec![self.send(order, aim.command).1]
    }
}
