//! The rules of handling: what each act needs, what it makes of the case, what it refuses.
//!
//! Each rule takes the case as it is and returns the case as it will be. Days are days of the
//! event; none may lie after `today`, none before the thing that it must follow.

use chrono::NaiveDate;

use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{Channel, Purpose, Route, Source};
use crate::domain::closing::is_told;
use crate::domain::ids::{OfficerId, ReceiptId};
use crate::domain::office::{Officer, Unit};
use crate::domain::seal::Sealing;
use crate::domain::step::{Deed, Step};
use crate::domain::step_rule::may_have;

/// What every step has: when, by whom, and what there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day on which it happened.
    pub on: NaiveDate,
    /// Today.
    pub today: NaiveDate,
    /// The officer who enters it.
    pub by: Option<OfficerId>,
    /// What there is to say.
    pub text: Option<String>,
    /// The number of its document.
    pub document: Option<String>,
}

/// An extension as it is asked for (Reg. 34).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extending {
    /// Calendar days to add.
    pub days: u32,
    /// The day on which the petitioner was told the reason.
    pub told_on: Option<NaiveDate>,
}

impl Case {
    /// Decides purpose and procedure (Reg. 29 to 31). An accusation is sealed from then on: only
    /// the readers who are named then may see it (Reg. 30(3)).
    ///
    /// # Errors
    /// The case is taken on or ended; the day is out of order; purpose and procedure contradict.
    pub fn decide_route(
        &self,
        (purpose, route): (Purpose, Route),
        sealing: Option<&Sealing>,
        entry: Entry,
    ) -> Result<Self, Broken> {
        self.must_be_open()?;
        if self.stage() > Stage::Routed {
            return Err(Broken::new("route_is_settled").at("route.route"));
        }
        if (purpose == Purpose::Accusation) != (route == Route::Accusation) {
            return Err(Broken::new("accusations_go_by_article_30").at("route.route"));
        }
        self.in_order(&entry, self.received_on, "route.on")?;
        let mut next = self.clone();
        next.purpose = Some(purpose);
        next.route = Some(route);
        if route == Route::Accusation {
            let sealing = sealing.ok_or_else(|| Broken::new("sealed_needs_a_reader"))?;
            next.seal(sealing).map_err(|broken| broken.at("route.about"))?;
        }
        next.add(Deed::Routed { route }, entry);
        Ok(next)
    }

    /// Records that the petitioner was told in writing (Reg. 23).
    ///
    /// # Errors
    /// The case is ended, or the day is out of order.
    pub fn notify(&self, deed: Deed, entry: Entry) -> Result<Self, Broken> {
        self.must_not_be_history()?;
        // A receipt that was entered late may still wait for its answer when all else is done.
        if is_told(self) {
            self.must_be_open()?;
        }
        self.in_order(&entry, self.received_on, "notify.on")?;
        let mut next = self.clone();
        next.add(deed, entry);
        Ok(next)
    }

    /// Objects to the newest transfer (Reg. 23(3)); `latest` is the last lawful day of it.
    ///
    /// # Errors
    /// Nothing was transferred; it was taken on already; the five working days are over.
    pub fn object(&self, latest: NaiveDate, entry: Entry) -> Result<Self, Broken> {
        self.must_be_open()?;
        let (receipt, came_on) =
            self.newest_transfer().ok_or_else(|| Broken::new("nothing_was_transferred"))?;
        if self.stage() >= Stage::Handling {
            return Err(Broken::new("already_accepted"));
        }
        self.in_order(&entry, came_on, "object.on")?;
        if entry.on > latest {
            return Err(Broken::new("objection_is_too_late").at("object.on").with("day", latest));
        }
        let mut next = self.clone();
        next.add(Deed::Objected { receipt }, entry);
        Ok(next)
    }

    /// Takes the case on (Reg. 31(6)); the sixty days run from that day (Reg. 34).
    ///
    /// # Errors
    /// It is taken on already or ended; the procedure is undecided or not that of petitions; the
    /// day is out of order.
    pub fn accept(&self, entry: Entry) -> Result<Self, Broken> {
        self.must_be_open()?;
        match self.route {
            None => return Err(Broken::new("route_is_undecided")),
            Some(Route::Petition) => {}
            Some(_) => return Err(Broken::new("only_petition_matters_are_accepted")),
        }
        if self.stage() >= Stage::Handling {
            return Err(Broken::new("already_accepted"));
        }
        self.in_order(&entry, self.received_on, "accept.on")?;
        let mut next = self.clone();
        next.add(Deed::Accepted, entry);
        Ok(next)
    }

    /// Extends the sixty days (Reg. 34). The sum and the last day were judged by the limits before.
    ///
    /// # Errors
    /// The approver is not head of the office on that day; no reason is given; the petitioner was
    /// told before it was approved.
    pub fn extend(
        &self,
        extending: Extending,
        approver: &Officer,
        entry: Entry,
    ) -> Result<Self, Broken> {
        self.must_be_open()?;
        if !approver.is_head_on(entry.on) {
            return Err(Broken::new("approver_is_not_head")
                .at("extend.approver")
                .with("name", &approver.name)
                .with("day", entry.on));
        }
        let accepted_on = self.day_of(|deed| matches!(deed, Deed::Accepted));
        let after = accepted_on.ok_or_else(|| Broken::new("not_accepted"))?;
        self.in_order(&entry, after, "extend.on")?;
        if extending.told_on.is_some_and(|told| told < entry.on) {
            return Err(Broken::new("told_before_approved").at("extend.told_on"));
        }
        if extending.told_on.is_some_and(|told| told > entry.today) {
            return Err(Broken::new("day_is_in_the_future").at("extend.told_on"));
        }
        let deed = Deed::Extended {
            days: extending.days,
            approver: approver.id,
            told_on: extending.told_on,
        };
        let mut next = self.clone();
        next.add(deed, entry);
        Ok(next)
    }

    /// Gives the case to a leader (Reg. 18(2)).
    ///
    /// # Errors
    /// They may not lead, have left, or lead it already; the case is ended.
    pub fn assign_lead(&self, lead: &Officer, entry: Entry) -> Result<Self, Broken> {
        self.must_be_open()?;
        if self.lead == Some(lead.id) {
            let broken = Broken::new("leads_it_already").at("assign_lead.lead");
            return Err(broken.with("name", &lead.name));
        }
        self.may_lead(lead, entry.on)?;
        self.in_order(&entry, self.received_on, "assign_lead.on")?;
        let mut next = self.clone();
        next.lead = Some(lead.id);
        next.add(Deed::LeadAssigned { lead: lead.id }, entry);
        Ok(next)
    }

    /// Whether an officer may lead the case on a day.
    ///
    /// # Errors
    /// They may not lead, have left, have an interest, or it is about them.
    pub(in crate::domain) fn may_lead(&self, lead: &Officer, on: NaiveDate) -> Result<(), Broken> {
        let broken = |key| Err(Broken::new(key).at("assign_lead.lead").with("name", &lead.name));
        if !lead.leads {
            return broken("officer_may_not_lead");
        }
        if !lead.is_in_office_on(on) {
            return broken("officer_has_left");
        }
        if self.has_interest(lead.id) {
            return broken("officer_has_an_interest");
        }
        self.accused().may_hold(lead).map_err(|broken| broken.at("assign_lead.lead"))
    }

    /// Gives the case to a unit.
    ///
    /// # Errors
    /// The unit is above the town, has ended, or has it already; the case is ended.
    pub fn allot(&self, unit: &Unit, entry: Entry) -> Result<Self, Broken> {
        self.must_be_open()?;
        let broken = |key| Broken::new(key).at("allot.unit").with("name", &unit.name);
        may_have(self, unit, entry.on).map_err(|broken| broken.at("allot.unit"))?;
        if self.unit == Some(unit.id) {
            return Err(broken("unit_has_it_already"));
        }
        self.in_order(&entry, self.received_on, "allot.on")?;
        let mut next = self.clone();
        next.unit = Some(unit.id);
        next.add(Deed::Allotted { unit: unit.id }, entry);
        Ok(next)
    }

    /// Gives the case to an officer who handles it.
    ///
    /// # Errors
    /// They have left or handle it already; the case is ended.
    pub fn hand_to(&self, handler: &Officer, entry: Entry) -> Result<Self, Broken> {
        self.must_be_open()?;
        if self.handler == Some(handler.id) {
            let broken = Broken::new("handles_it_already").at("hand_to.handler");
            return Err(broken.with("name", &handler.name));
        }
        self.may_handle(handler, entry.on)?;
        self.in_order(&entry, self.received_on, "hand_to.on")?;
        let mut next = self.clone();
        next.handler = Some(handler.id);
        next.held_by = None;
        next.add(Deed::HandedTo { handler: handler.id }, entry);
        Ok(next)
    }

    /// Whether an officer may handle the case on a day.
    ///
    /// # Errors
    /// They have left, have an interest, or it is about them.
    pub(in crate::domain) fn may_handle(
        &self,
        handler: &Officer,
        on: NaiveDate,
    ) -> Result<(), Broken> {
        let broken = |key| Err(Broken::new(key).at("hand_to.handler").with("name", &handler.name));
        if !handler.is_in_office_on(on) {
            return broken("officer_has_left");
        }
        if self.has_interest(handler.id) {
            return broken("officer_has_an_interest");
        }
        // Reg. 28(3), 30(3): nobody handles a petition about themselves or their own unit.
        self.accused().may_hold(handler).map_err(|broken| broken.at("hand_to.handler"))
    }

    /// Whether an officer may have the case, as it is now: also one who has it already, if somebody
    /// else is accused.
    ///
    /// # Errors
    /// They have left, have an interest, or it is about them.
    pub fn may_be_held_by(
        &self,
        officer: &Officer,
        (has_it, today): (bool, NaiveDate),
    ) -> Result<(), Broken> {
        if has_it {
            return self.accused().may_hold(officer);
        }
        self.may_handle(officer, today)
    }

    /// Records other work; also on a case that has ended, since care does not end (Reg. 37(3)).
    ///
    /// # Errors
    /// The day is out of order, or the case is from an old ledger.
    pub fn record(&self, deed: Deed, entry: Entry) -> Result<Self, Broken> {
        self.must_not_be_history()?;
        self.in_order(&entry, self.received_on, "record.on")?;
        let mut next = self.clone();
        next.add(deed, entry);
        Ok(next)
    }

    /// The same with its newest step told by somebody else than who entered it.
    #[must_use]
    pub fn as_told_by(mut self, who: &str) -> Self {
        if let Some(step) = self.steps.get_mut(&self.last_step) {
            step.told_by = Some(who.to_owned());
        }
        self
    }

    /// Hangs a further receipt on the case. One that came after the case had ended raises the matter
    /// again and is a case of its own; one that came before may be entered late.
    ///
    /// # Errors
    /// The day is in the future, or the case had ended before it.
    pub fn join(
        &self,
        receipt: ReceiptId,
        (source, channel): (Source, Channel),
        entry: Entry,
    ) -> Result<Self, Broken> {
        self.must_not_be_history()?;
        if entry.on > entry.today {
            return Err(Broken::new("day_is_in_the_future").at("join.received_on"));
        }
        self.came_in_time(entry.on).map_err(|broken| broken.at("join.received_on"))?;
        let mut next = self.clone();
        next.received_on = next.received_on.min(entry.on);
        next.add(Deed::Received { receipt, source, channel: Some(channel) }, entry);
        Ok(next)
    }

    /// Adds a step under the next number.
    pub fn add(&mut self, deed: Deed, entry: Entry) {
        self.last_step += 1;
        let step = Step {
            cycle: self.cycle,
            on: entry.on,
            entered_on: entry.today,
            by: entry.by,
            deed,
            text: entry.text,
            document: entry.document,
            told_by: None,
            corrected: false,
            first_on: None,
            first: None,
            why: None,
        };
        self.steps.insert(self.last_step, step);
    }

    /// The newest receipt that came by transfer and did not go back, and its day.
    pub fn newest_transfer(&self) -> Option<(ReceiptId, NaiveDate)> {
        let back = self.sent_back();
        self.steps
            .values()
            .filter_map(|step| match step.deed {
                Deed::Received { receipt, source, .. }
                    if source != Source::Direct && !back.contains(&receipt) =>
                {
                    Some((receipt, step.on))
                }
                _ => None,
            })
            .max_by_key(|(_, on)| *on)
    }

    /// Whether a receipt of that day is one of this case: one that came after the end is a case of
    /// its own.
    pub(in crate::domain) fn came_in_time(&self, on: NaiveDate) -> Result<(), Broken> {
        match self.ended_on().filter(|ended_on| on > *ended_on && !self.stage().is_open()) {
            Some(day) => Err(Broken::new("came_after_the_end").with("day", day)),
            None => Ok(()),
        }
    }

    /// Whether the office still owes something.
    ///
    /// # Errors
    /// It has ended, or came from an old ledger.
    pub(in crate::domain) fn must_be_open(&self) -> Result<(), Broken> {
        self.must_not_be_history()?;
        let stage = self.stage();
        if stage.is_open() { Ok(()) } else { Err(Broken::new("case_has_ended")) }
    }

    fn must_not_be_history(&self) -> Result<(), Broken> {
        if self.history.is_some() { Err(Broken::new("case_is_history")) } else { Ok(()) }
    }

    pub(in crate::domain) fn in_order(
        &self,
        entry: &Entry,
        after: NaiveDate,
        field: &str,
    ) -> Result<(), Broken> {
        if entry.on > entry.today {
            return Err(Broken::new("day_is_in_the_future").at(field).with("day", entry.today));
        }
        if entry.on < after {
            return Err(Broken::new("day_is_before_what_it_follows").at(field).with("day", after));
        }
        Ok(())
    }
}
