//! What follows from the way out of a conflict: the order is sent again, typed on, or let go.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::Order;
use crate::domain::ids::Version;
use crate::tui::app::act::run;
use crate::tui::app::answer::answered;
use crate::tui::app::{Effect, Model};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::screen::conflict::Conflict;
use crate::tui::screen::over::{Pick, Settled};

/// An order whose picker has closed, while its conflict is asked about.
pub(super) struct Redo {
    pub(super) command: &'static Command,
    pub(super) order: Order,
}

impl Model {
    /// Lays both values over what was typed, where somebody changed the same field; `redo` is the
    /// order of a picker, which is not there any more to send it again.
    pub(super) fn lay_conflict(
        &mut self,
        refusal: &Refusal,
        order: &Order,
        redo: Option<Redo>,
    ) -> Vec<Effect> {
        if refusal.kind != RefusalKind::Conflict || refusal.clashes.is_empty() {
            return Vec::new();
        }
        let conflict = Conflict::new(order.act, refusal, order.fields.clone());
        self.redo = redo;
        self.lay(Box::new(conflict), None)
    }

    /// The conflict on top is settled.
    pub(super) fn settle(&mut self, settled: &[Settled], now: Option<Version>) -> Vec<Effect> {
        self.overs.pop();
        let Some(Redo { command, mut order }) = self.redo.take() else {
            let Some(laid) = self.overs.last_mut() else { return Vec::new() };
            let answer = laid.seat.it.settle(settled, now);
            return answered(self, answer);
        };
        let has = |pick: Pick| settled.iter().any(|one| one.pick == pick);
        if has(Pick::Edit) {
            return run(self, command, Key::Enter);
        }
        if has(Pick::Theirs) {
            self.say("conflict.kept", &[]);
            return self.ask_screen();
        }
        order.id = self.next_order_id();
        order.seen = now.or(order.seen);
        vec![self.send(order, command).1]
    }
}
