//! Work with files for the screens of an import: which screen it belongs to, and what follows.

use crate::api::door::{Notice, Ticket};
use crate::api::refusal::Refusal;
use crate::api::reply::Done;
use crate::api::request::Order;
use crate::locale;
use crate::tui::app::act::stepped;
use crate::tui::app::talk::next;
use crate::tui::app::{Effect, Model};
use crate::tui::incoming::{Outcome, Reread, Work, Writing};

impl Model {
    /// What the present screen wants done with files.
    pub(super) fn ask_files(&mut self) -> Option<Effect> {
        let seat = self.history.get_mut(self.at)?;
        let work = seat.it.work()?;
        let ticket = next(&mut self.n_tickets);
        seat.tickets.work = Some(ticket);
        Some(Effect::Files(ticket, Box::new(work), self.base.lang))
    }

    /// Begins work with files for the present screen.
    pub(super) fn begin_work(&mut self, work: Work) -> Option<Effect> {
        let seat = self.history.get_mut(self.at)?;
        let ticket = next(&mut self.n_tickets);
        seat.tickets.work = Some(ticket);
        Some(Effect::Files(ticket, Box::new(work), self.base.lang))
    }

    /// How far work with files is, or what became of it; that of a screen that is not seen any more
    /// is only noted there.
    pub(super) fn worked(
        &mut self,
        ticket: Ticket,
        outcome: Result<Outcome, Refusal>,
    ) -> Vec<Effect> {
        let place = self.history.iter().position(|seat| seat.tickets.work == Some(ticket));
        let Some(place) = place else { return Vec::new() };
        let Some(seat) = self.history.get_mut(place) else { return Vec::new() };
        if !matches!(outcome, Ok(Outcome::Going(_))) {
            seat.tickets.work = None;
        }
        if let Ok(Outcome::Dossiers(made)) = &outcome {
            self.took_out_files(made);
            return Vec::new();
        }
        if let Ok(Outcome::Forms(made)) = &outcome {
            self.sent_forms(made);
            return Vec::new();
        }
        let refusal = outcome.as_ref().err().cloned();
        let step = seat.it.worked(outcome);
        if place != self.at {
            return Vec::new();
        }
        let effects = stepped(self, step);
        if let Some(refusal) = refusal {
            self.say_refusal(&refusal);
        }
        effects
    }

    /// The table of the present screen is to be read in this way, as was chosen in what lies on top.
    pub(super) fn reread(&mut self, how: Reread) -> Vec<Effect> {
        self.overs.pop();
        let step = self.history.get_mut(self.at).map(|seat| seat.it.reread(how));
        step.map_or_else(Vec::new, |step| stepped(self, step))
    }

    /// The screens that are not seen are left: work that only they want ends.
    pub(super) fn leave_others(&mut self, seen: Option<usize>) {
        for (place, seat) in self.history.iter_mut().enumerate() {
            if Some(place) != seen {
                seat.it.left();
            }
        }
    }

    /// The screens hear of an order that is done, also one that was left meanwhile.
    pub(super) fn tell_done(&mut self, order: &Order, done: &Done) {
        for seat in &mut self.history {
            seat.it.done(order, done);
        }
    }

    /// What is being written follows what was ordered and has no answer yet.
    pub(super) fn follow_writing(&mut self) {
        let ordered = self.sent.iter().rev().find_map(|sent| Writing::of(&sent.order));
        let is_same = |writing: &Writing, other: &Writing| writing.order == other.order;
        match (&self.base.writing, ordered) {
            (Some(writing), Some(ordered)) if is_same(writing, &ordered) => {}
            (_, ordered) => self.base.writing = ordered,
        }
    }

    /// The server tells how far an order of this account is, or that a change was taken back.
    pub(super) fn hear_of_orders(&mut self, notice: &Notice) {
        self.history.iter_mut().for_each(|seat| seat.it.hears(notice));
        let writing = self.base.writing.as_mut();
        if let (Some(going), Some(writing)) = (notice.going, writing)
            && going.order == writing.order
        {
            writing.n_rows = (going.n_done, going.n_all);
        }
    }

    /// What the status line says while an order has no answer yet.
    pub(super) fn waits_for(&self) -> Option<String> {
        let lang = self.base.lang;
        let sending = || locale::text(lang, "app.sending");
        let writing = self.base.writing.as_ref();
        let said = writing.map_or_else(sending, |writing| writing.said(lang, "app.writing"));
        (!self.sent.is_empty()).then_some(said)
    }

    /// Goes back, unless the present screen says why that cannot be just now.
    pub(super) fn leave(&mut self) -> Vec<Effect> {
        let view = self.base.view();
        match self.history.get(self.at).and_then(|seat| seat.it.holds(&view)) {
            Some(why) => {
                self.say(why, &[]);
                Vec::new()
            }
            None => self.go_back(),
        }
    }
}
