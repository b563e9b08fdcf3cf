//! Talk with the door: which call an answer belongs to, and what follows from it.
//!
//! A call that is asked again makes the answer to its earlier asking stale: it is dropped, so that
//! fast typing never shows an old result. An order is never stale.

use std::collections::BTreeMap;

use crate::api::door::{Notice, Ticket};
use crate::api::paper::{Draft, Filed};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Done, Reply};
use crate::api::request::{Order, Request, SEVERAL_MAX};
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, Kind};
use crate::locale::{self, Lang};
use crate::tui::app::act::stepped;
use crate::tui::app::answer::answered;
use crate::tui::app::meeting::Room;
use crate::tui::app::outgoing::Saved;
use crate::tui::app::settle::Redo;
use crate::tui::app::{Effect, Laid, Model, Said};
use crate::tui::command::Command;
use crate::tui::incoming::Outcome;
use crate::tui::look::Role;
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::case::closing::LACKS;
use crate::tui::screen::place::Place;

/// One call to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// To which its answer belongs.
    pub ticket: Ticket,
    /// For what it is asked; none for an order. Of two waiting calls for one thing only the newer
    /// needs to be made.
    pub slot: Option<Slot>,
    /// What is asked.
    pub request: Request,
}

/// What a question fills: a place in the queries of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The number of the screen.
    pub owner: u64,
    /// The place among its queries.
    pub place: usize,
}

/// What the door says.
#[derive(Debug)]
pub enum Heard {
    /// An answer.
    Reply(Ticket, Box<Reply>),
    /// A refusal.
    Refusal(Ticket, Box<Refusal>),
    /// The ledger has changed.
    News(Notice),
    /// Rows were taken out, or not.
    Exported(Box<Result<Saved, Refusal>>),
    /// What a paper would say, or why that is not to be had.
    Drafted(Ticket, Box<Result<Draft, Refusal>>),
    /// A paper was written, or not.
    Filed(Box<Result<Filed, Refusal>>),
    /// How far work with files is, or what became of it.
    Worked(Ticket, Box<Result<Outcome, Refusal>>),
    /// The connection is lost, and why; it is being asked again.
    Lost(Box<Refusal>),
    /// The connection is there again.
    Back,
}

/// The open calls of a screen, by their place among its queries. The owner is 0 until it asks.
#[derive(Debug, Default)]
pub struct Tickets {
    owner: u64,
    open: Vec<Option<Ticket>>,
    /// The work with files that is under way for it.
    pub(super) work: Option<Ticket>,
    /// Whether its answers were too much for one, so that each query is asked by itself.
    is_apart: bool,
}

impl Tickets {
    /// One call for all of these queries, where they can be asked together, for a line may be slow;
    /// answers to earlier ones are stale from now on.
    fn ask(&mut self, (room, wants): (Room, Vec<Request>), n_tickets: &mut u64) -> Vec<Effect> {
        if self.owner == 0 {
            self.owner = next(n_tickets).0;
        }
        self.open.clear();
        let is_one_call = !self.is_apart
            && (2..=SEVERAL_MAX).contains(&wants.len())
            && wants.iter().all(Request::may_be_among_several);
        if is_one_call {
            let ticket = next(n_tickets);
            self.open.resize(wants.len(), Some(ticket));
            let slot = Some(Slot { owner: self.owner, place: 0 });
            let request = room.asks(Request::Several(wants));
            return vec![Effect::Call(Call { ticket, slot, request })];
        }
        let mut effects = Vec::new();
        for (place, request) in wants.into_iter().enumerate() {
            let ticket = next(n_tickets);
            self.open.push(Some(ticket));
            let slot = Some(Slot { owner: self.owner, place });
            let request = room.asks(request);
            effects.push(Effect::Call(Call { ticket, slot, request }));
        }
        effects
    }

    /// Whether an answer is still to come.
    pub(super) fn is_open(&self) -> bool {
        self.open.iter().any(Option::is_some)
    }

    /// Calls for the last of these queries alone; the answers to the others are still taken.
    fn ask_last(&mut self, (room, mut wants): (Room, Vec<Request>), n: &mut u64) -> Vec<Effect> {
        let Some(request) = wants.pop() else { return Vec::new() };
        let (place, ticket) = (wants.len(), next(n));
        self.open.resize(place + 1, None);
        if let Some(open) = self.open.get_mut(place) {
            *open = Some(ticket);
        }
        let slot = Some(Slot { owner: self.owner, place });
        vec![Effect::Call(Call { ticket, slot, request: room.asks(request) })]
    }

    /// Whether a ticket is one of its own that is still open.
    fn has(&self, ticket: Ticket) -> bool {
        self.open.contains(&Some(ticket))
    }

    /// Takes the answer to a ticket: its places, none if it is stale or another's. Of an answer to
    /// several the place says which is whose.
    fn take(&mut self, ticket: Ticket) -> Vec<usize> {
        let mut places = Vec::new();
        for (place, open) in self.open.iter_mut().enumerate() {
            if *open == Some(ticket) {
                *open = None;
                places.push(place);
            }
        }
        places
    }
}

/// An order that waits for its answer.
#[derive(Debug)]
pub struct Sent {
    ticket: Ticket,
    command: &'static Command,
    pub(super) order: Order,
}

pub(super) fn next(n_tickets: &mut u64) -> Ticket {
    *n_tickets += 1;
    Ticket(*n_tickets)
}

/// The text of a refusal, as a person reads it.
pub fn refusal_text(lang: Lang, refusal: &Refusal) -> String {
    let args: Vec<(&str, String)> = refusal
        .args
        .iter()
        .map(|(name, value)| (name.as_str(), locale::said(lang, name, value)))
        .collect();
    let text = locale::fill(lang, &refusal.key, &args);
    let Some(clash) = refusal.clashes.first() else {
        return text;
    };
    let args = [
        ("field", field_label(lang, &clash.field)),
        ("who", clash.who.clone()),
        ("when", clash.when.get(..16).unwrap_or(&clash.when).replace('T', " ")),
    ];
    format!("{} {text}", locale::fill(lang, "app.clash", &args))
}

/// The label of a field, by its whole key or its name within a case.
pub fn field_label(lang: Lang, key: &str) -> String {
    let keys = [format!("field.{key}"), format!("field.case.{key}")];
    let label = keys.iter().find_map(|key| locale::find(lang, key));
    label.map_or_else(|| key.to_owned(), str::to_owned)
}

impl Model {
    /// What the door said.
    pub(super) fn hear(&mut self, heard: Heard) -> Vec<Effect> {
        match heard {
            Heard::Reply(ticket, reply) => self.replied(ticket, *reply),
            Heard::Refusal(ticket, refusal) => self.refused(ticket, &refusal),
            Heard::News(notice) => self.told(&notice),
            Heard::Exported(outcome) => self.exported(*outcome),
            Heard::Drafted(ticket, outcome) => self.drafted(ticket, *outcome),
            Heard::Filed(outcome) => self.filed(*outcome),
            Heard::Worked(ticket, outcome) => self.worked(ticket, *outcome),
            Heard::Lost(refusal) => {
                self.lost = Some(refusal_text(self.base.lang, &refusal));
                Vec::new()
            }
            Heard::Back => {
                self.lost = None;
                self.say_done("app.connected", &[]);
                self.ask_everything()
            }
        }
    }

    /// Asks all queries of the present screen.
    pub(super) fn ask_screen(&mut self) -> Vec<Effect> {
        let room = self.room_of_use();
        let Some(seat) = self.history.get_mut(self.at) else {
            return Vec::new();
        };
        let mut effects = seat.tickets.ask((room, seat.it.wants()), &mut self.n_tickets);
        effects.extend(self.ask_draft());
        effects.extend(self.ask_files());
        effects
    }

    /// Asks all queries of what lies over the screen at that place.
    pub(super) fn ask_over(&mut self, place: usize) -> Vec<Effect> {
        let room = self.room_of_use();
        let Some(Laid { seat, .. }) = self.overs.get_mut(place) else {
            return Vec::new();
        };
        seat.tickets.ask((room, seat.it.wants()), &mut self.n_tickets)
    }

    /// Asks the last query of what lies over the screen at that place.
    pub(super) fn ask_over_last(&mut self, place: usize) -> Vec<Effect> {
        let room = self.room_of_use();
        let Some(Laid { seat, .. }) = self.overs.get_mut(place) else {
            return Vec::new();
        };
        seat.tickets.ask_last((room, seat.it.wants()), &mut self.n_tickets)
    }

    /// Sends an order; its answer closes what waits for it.
    pub(super) fn send(&mut self, order: Order, command: &'static Command) -> (Ticket, Effect) {
        let ticket = next(&mut self.n_tickets);
        self.has_changed = true;
        self.sent.push(Sent { ticket, command, order: order.clone() });
        (
            ticket,
            Effect::Call(Call {
                ticket,
                slot: None,
                request: self.room_of_use().asks(Request::Do(order)),
            }),
        )
    }

    fn ask_everything(&mut self) -> Vec<Effect> {
        self.standing.forget();
        let mut effects = self.greet();
        effects.extend(self.ask_screen());
        for place in 0..self.overs.len() {
            effects.extend(self.ask_over(place));
        }
        effects
    }

    pub(super) fn greet(&mut self) -> Vec<Effect> {
        let ticket = next(&mut self.n_tickets);
        self.greeting = Some(ticket);
        let slot = Some(Slot { owner: 0, place: 0 });
        vec![Effect::Call(Call { ticket, slot, request: Request::Greet })]
    }

    fn replied(&mut self, ticket: Ticket, reply: Reply) -> Vec<Effect> {
        if self.greeting == Some(ticket) {
            self.greeting = None;
            if let Reply::Me(me) = reply {
                self.base.me = *me;
                self.base.me.masked |= self.meeting.is_some();
            }
            return Vec::new();
        }
        if self.was_keeping(ticket) || self.standing.was_told(ticket) {
            return Vec::new();
        }
        if let Some(place) = self.sent.iter().position(|sent| sent.ticket == ticket) {
            let sent = self.sent.remove(place);
            return match reply {
                Reply::Done(done) => self.done(&sent, done),
                _ => Vec::new(),
            };
        }
        let over = self.overs.iter_mut().position(|laid| laid.seat.tickets.has(ticket));
        let places = match over.and_then(|over| self.overs.get_mut(over)) {
            Some(laid) => laid.seat.tickets.take(ticket),
            None => self
                .history
                .get_mut(self.at)
                .map_or_else(Vec::new, |seat| seat.tickets.take(ticket)),
        };
        let mut answers: BTreeMap<usize, Result<Reply, Refusal>> = match reply {
            Reply::Several(answers) => answers.into_iter().enumerate().collect(),
            reply => places.first().map(|place| (*place, Ok(reply))).into_iter().collect(),
        };
        let mut effects = Vec::new();
        for place in places {
            let Some(answer) = answers.remove(&place) else { continue };
            effects.extend(self.answered_at((over, place), answer));
        }
        effects
    }

    /// The answer to one query of what lies over the screen at that place, or of the screen.
    fn answered_at(
        &mut self,
        (over, place): (Option<usize>, usize),
        answer: Result<Reply, Refusal>,
    ) -> Vec<Effect> {
        let view = self.base.view();
        let laid = over.and_then(|over| self.overs.get_mut(over));
        let (step, refusal) = match (laid, self.history.get_mut(self.at), answer) {
            (Some(laid), _, Ok(reply)) => {
                laid.seat.it.got(place, reply, &view);
                return Vec::new();
            }
            (Some(_), _, Err(refusal)) => return self.say_refusal(&refusal),
            (None, Some(seat), Ok(reply)) => (seat.it.got(place, reply), None),
            (None, Some(seat), Err(refusal)) => (seat.it.refused(place, &refusal), Some(refusal)),
            (None, None, _) => return Vec::new(),
        };
        let effects = stepped(self, step);
        if let Some(refusal) = refusal {
            self.say_refusal(&refusal);
        }
        effects
    }

    /// A change is done: what asked for it closes, and a new case is opened.
    fn done(&mut self, sent: &Sent, done: Done) -> Vec<Effect> {
        let waits = |waits: Option<Ticket>| waits == Some(sent.ticket);
        let place = self.overs.iter().position(|laid| waits(laid.waits));
        if let Some(effects) = place.and_then(|place| self.send_rest(place, &done)) {
            return effects;
        }
        let is_left = place.and_then(|place| self.overs.get(place)?.after.as_ref()).is_some();
        let is_joined = place.is_some_and(|place| self.is_above_register(place));
        let label = self.label_of(sent.command, place);
        let mut effects = match place {
            // A receipt that was begun as a matter of its own hangs on another: both forms are done.
            Some(place) if self.is_above_register(place) => self.close_from(place - 1),
            Some(place) => self.close_from(place),
            None => Vec::new(),
        };
        self.tell_done(&sent.order, &done);
        let case = done.record.filter(|record| record.kind == Kind::Case);
        effects.extend(match (sent.command.act, case) {
            (act, Some(record)) if is_joined || act == Some(Act::Register) => {
                let screen = (self.open)(Place::Case(CaseId(record.id)));
                self.visit(screen)
            }
            _ => self.ask_screen(),
        });
        let number = done.number.unwrap_or_default();
        if let (Some(act @ (Act::Undo | Act::Redo)), Some(of)) =
            (sent.command.act, sent.order.fields.get("act"))
        {
            let text = if act == Act::Undo { "app.undone" } else { "app.redone" };
            let what = locale::text(self.base.lang, &format!("act.{of}"));
            self.say_done(text, &[("what".to_owned(), what), ("number".to_owned(), number)]);
            return effects;
        }
        if is_left {
            self.say("app.done_as_sent", &[("label".to_owned(), label)]);
            return effects;
        }
        let text = if number.is_empty() { "app.done" } else { "app.done_number" };
        self.say_done(text, &[("label".to_owned(), label), ("number".to_owned(), number)]);
        effects
    }

    fn refused(&mut self, ticket: Ticket, refusal: &Refusal) -> Vec<Effect> {
        if self.greeting == Some(ticket) {
            self.greeting = None;
            return self.say_refusal(refusal);
        }
        if self.standing.was_told(ticket) {
            return Vec::new();
        }
        if self.was_keeping(ticket) {
            return self.say_refusal(refusal);
        }
        if let Some(place) = self.sent.iter().position(|sent| sent.ticket == ticket) {
            let sent = self.sent.remove(place);
            let is_known = refusal.kind != RefusalKind::Unknown;
            if let Some(effects) = is_known.then(|| self.send_instead(ticket)).flatten() {
                return effects;
            }
            let has_form = self.overs.iter().any(|laid| laid.waits == Some(ticket));
            let Sent { command, order, .. } = sent;
            let redo = (!has_form).then(|| Redo { command, order: order.clone() });
            let mut effects = self.order_refused(ticket, refusal);
            effects.extend(self.lay_conflict(refusal, &order, redo));
            effects.extend(self.lead_to_missing(refusal, &order));
            return effects;
        }
        let over = self.overs.iter().position(|laid| laid.seat.tickets.has(ticket));
        let tickets = match over.and_then(|over| self.overs.get_mut(over)) {
            Some(laid) => Some(&mut laid.seat.tickets),
            None => self.history.get_mut(self.at).map(|seat| &mut seat.tickets),
        };
        let Some(tickets) = tickets else { return Vec::new() };
        let places = tickets.take(ticket);
        if places.len() > 1 && refusal.key == "refusal.pages" {
            // Together they are too much for one answer.
            tickets.is_apart = true;
            return match over {
                Some(over) => self.ask_over(over),
                None => self.ask_screen(),
            };
        }
        let mut effects = Vec::new();
        for place in places {
            effects.extend(self.answered_at((over, place), Err(refusal.clone())));
        }
        effects
    }

    /// An order was refused: the form that sent it keeps every character and marks what is wrong.
    fn order_refused(&mut self, ticket: Ticket, refusal: &Refusal) -> Vec<Effect> {
        self.say_refusal(refusal);
        let place = self.overs.iter().position(|laid| laid.waits == Some(ticket));
        let Some(place) = place else {
            // A picker is closed by now; somebody may have changed what it saw.
            return self.ask_screen();
        };
        let Some(laid) = self.overs.get_mut(place) else {
            return Vec::new();
        };
        laid.waits = None;
        if let Some(aim) = laid.aim.as_mut().filter(|_| refusal.kind != RefusalKind::Unknown) {
            // Nothing was written, so the next sending is another order.
            aim.sent = None;
        }
        let answer = laid.seat.it.refused(refusal);
        let is_top = place + 1 == self.overs.len();
        if is_top { answered(self, answer) } else { Vec::new() }
    }

    /// A conclusion lacks something: the sheet says what, and leads to each. What was typed is kept
    /// and offered when the form is opened again.
    fn lead_to_missing(&mut self, refusal: &Refusal, order: &Order) -> Vec<Effect> {
        let id = order.on.filter(|_| refusal.key == "broken.closing_is_not_complete");
        let Some(id) = id.map(CaseId) else { return Vec::new() };
        let mut effects = self.keep_forms();
        if self.history.get_mut(self.at).is_some_and(|seat| seat.it.leads(LACKS)) {
            self.overs.clear();
            effects.extend(self.ask_screen());
        } else {
            effects.extend(self.visit(Box::new(CaseScreen::closing(id))));
        }
        self.say_refusal(refusal);
        effects
    }

    pub(super) fn say_refusal(&mut self, refusal: &Refusal) -> Vec<Effect> {
        let text = refusal_text(self.base.lang, refusal);
        self.said = Some(Said { text, role: Role::Warning });
        Vec::new()
    }

    /// Somebody changed the ledger: whoever shows a touched record asks again.
    fn told(&mut self, notice: &Notice) -> Vec<Effect> {
        self.hear_of_orders(notice);
        if notice.everything {
            self.standing.forget();
        }
        if let Some(present) = &notice.present {
            self.standing.hear(present);
        }
        if notice.touched.is_empty() && !notice.everything {
            return Vec::new();
        }
        // For whom one stands in follows from an officer.
        let is_of_office = |kind| matches!(kind, Kind::Office | Kind::Clerk | Kind::Officer);
        let mut effects = Vec::new();
        if notice.everything || notice.touched.iter().any(|record| is_of_office(record.kind)) {
            effects.extend(self.greet());
        }
        if self.history.get(self.at).is_some_and(|seat| seat.it.touched(notice)) {
            effects.extend(self.ask_screen());
        }
        for place in 0..self.overs.len() {
            if self.overs.get(place).is_some_and(|laid| laid.seat.it.touched(notice)) {
                effects.extend(self.ask_over(place));
            }
        }
        effects
    }
}
