//! Who else has the open sheet before them: said to the server when a sheet comes or goes, and shown
//! at the end of the status line.

use crate::api::door::Ticket;
use crate::api::presence::Presence;
use crate::api::request::Request;
use crate::domain::ids::RecordRef;
use crate::locale::{self, Lang};
use crate::tui::app::meeting::Room;
use crate::tui::app::talk::{Call, Slot, next};
use crate::tui::app::{Effect, Model};

/// The most others that are named.
const NAMES_MAX: usize = 3;

/// Where this window stands, and whom it meets there.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// What the server was told last.
    on: Option<RecordRef>,
    /// The call that told it, until it is answered.
    asked: Option<Ticket>,
    present: Option<Presence>,
}

impl Standing {
    /// Whether that ticket told the server where this window stands; its answer says nothing more.
    pub(super) fn was_told(&mut self, ticket: Ticket) -> bool {
        self.asked.take_if(|asked| *asked == ticket).is_some()
    }

    /// Hears who is there; news of a sheet that was left meanwhile are nothing any more.
    pub(super) fn hear(&mut self, present: &Presence) {
        if self.on == Some(present.on) {
            self.present = Some(present.clone());
        }
    }

    /// What the server knew is lost, or older than this.
    pub(super) fn forget(&mut self) {
        self.on = None;
        self.present = None;
    }

    /// Whoever else is there, in words; empty if nobody is.
    pub(super) fn text(&self, lang: Lang) -> String {
        let Some(present) = self.present.as_ref().filter(|present| !present.is_alone()) else {
            return String::new();
        };
        let named = present.names.iter().take(NAMES_MAX).cloned();
        let left = present.names.len().saturating_sub(NAMES_MAX);
        let more = (left > 0)
            .then(|| locale::fill(lang, "app.also_open.more", &[("count", left.to_string())]));
        let own = (present.own > 0).then(|| {
            locale::fill(lang, "app.also_open.own", &[("count", present.own.to_string())])
        });
        let names: Vec<String> = named.chain(more).chain(own).collect();
        locale::fill(lang, "app.also_open", &[("names", names.join(" "))])
    }
}

impl Model {
    /// Tells the server where this window stands, if that is another place than before.
    pub(super) fn stand(&mut self) -> Vec<Effect> {
        let sheet = self.history.get(self.at).and_then(|seat| seat.it.stands_on());
        // In a meeting nobody is at a desk.
        let on = sheet.filter(|_| self.room_of_use() == Room::Office);
        if on == self.standing.on {
            return Vec::new();
        }
        let ticket = next(&mut self.n_tickets);
        self.standing = Standing { on, asked: Some(ticket), present: None };
        let slot = Some(Slot { owner: 0, place: 1 });
        vec![Effect::Call(Call { ticket, slot, request: Request::At(on) })]
    }
}
