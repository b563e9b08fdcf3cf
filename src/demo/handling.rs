//! How a case of a made-up town is handled, step by step, through the rules of the domain.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::demo::chance::Chance;
use crate::demo::ending;
use crate::demo::intake::{Arrival, Making};
use crate::demo::plan::{Lot, Plan, after, before};
use crate::demo::script::fill;
use crate::demo::{Ids, Town};
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{
    AtOnce, Channel, ClaimResult, Manner, Purpose, Route, Source, UnitKind, Work,
};
use crate::domain::handling::Extending;
use crate::domain::ids::{ClerkId, ReceiptId};
use crate::domain::receipt::Receipt;
use crate::domain::seal::Sealing;
use crate::domain::slip::Slip;
use crate::domain::step::Deed;

/// Calendar days by which an extension of the demo lengthens the sixty days (Reg. 34: at most 30).
const EXTENSION_DAYS: u32 = 20;
/// The account that alone sees an accusation of the demo: the first, whoever looks at it.
const READER: ClerkId = ClerkId(1);
/// What is done while a case is handled, and the texts for it.
const WORKS: [(Work, &str); 8] = [
    (Work::Talk, "talk"),
    (Work::Visit, "visit"),
    (Work::Inquiry, "inquiry"),
    (Work::Meeting, "meeting"),
    (Work::Mediation, "mediation"),
    (Work::Signature, "signature"),
    (Work::Nudge, "nudge"),
    (Work::Help, "help"),
];

/// The days of a case that is over.
#[derive(Debug, Clone, Copy)]
struct Ended {
    accepted_on: NaiveDate,
    concluded_on: NaiveDate,
    extended: bool,
}

/// Makes a case with its receipts.
///
/// # Errors
/// A rule of the domain that the generator would have broken.
pub(super) fn case(town: &Town, plan: &Plan, ids: Ids) -> Result<(Case, Vec<Receipt>), Broken> {
    let ended = Ended::of(town, plan, ids);
    let arrival = match plan.lot {
        Lot::Entrusted(_, due_on) => Arrival::Entrusted(due_on),
        Lot::Over if ids.case.0 % 16 == 7 => Arrival::Entrusted(after(ended.concluded_on, 3)),
        _ => Arrival::Any,
    };
    let mut making = Making::register(town, plan, ids, arrival);
    match plan.lot {
        Lot::History => return Ok(making.into_history().done()),
        Lot::Fresh | Lot::NoticeDue(_) => {}
        Lot::Routed => making.lead_in(town.today)?,
        Lot::Over => making.run(ended)?,
        Lot::Handled(on) => making.take_on(on, town.today)?,
        Lot::Extended(on) => {
            making.take_on(on, town.today)?;
            making.extend(town.workday(after(on, 50), before(town.today, 1)))?;
        }
        Lot::Entrusted(on, _) => {
            making.take_on(on, town.today)?;
            making.lead(on)?;
        }
        Lot::Agreed(on, due_on) => {
            making.take_on(on, town.today)?;
            making.lead(on)?;
            making.case.agreed_on = Some(due_on);
        }
        Lot::Replied(on) => {
            making.take_on(on, before(town.today, 2))?;
            making.reply(before(town.today, 1));
        }
        Lot::Delivered(on) => {
            making.take_on(on, before(town.today, 4))?;
            making.reply(before(town.today, 3));
            making.deliver(before(town.today, 1));
        }
    }
    Ok(making.done())
}

impl Ended {
    /// Days that fit between the coming of a case and yesterday.
    fn of(town: &Town, plan: &Plan, ids: Ids) -> Self {
        let mut chance = Chance::of(town.seed, "ended", ids.case.0);
        let yesterday = before(town.today, 1);
        let room = u32::try_from((yesterday - plan.received_on).num_days()).unwrap_or(0);
        let until_accepted = chance.between(3, 9.min(room / 3).max(3));
        let left = room.saturating_sub(until_accepted);
        let extended = left >= 82 && chance.in_hundred(6);
        let late = left >= 82 && chance.in_hundred(3);
        let days = if extended {
            chance.between(62, 60 + EXTENSION_DAYS)
        } else if late {
            chance.between(66, 78)
        } else {
            chance.between(8.min(left), 58.min(left))
        };
        let accepted_on =
            town.workday(after(plan.received_on, u64::from(until_accepted)), yesterday);
        let concluded_on = after(accepted_on, u64::from(days)).min(yesterday);
        // Back to a working day, so that the sixty days are not passed by looking for one.
        let back = (0..10).map(|n| before(concluded_on, n)).find(|day| town.is_workday(*day));
        Self { accepted_on, concluded_on: back.unwrap_or(concluded_on).max(accepted_on), extended }
    }
}

impl Making<'_> {
    fn done(mut self) -> (Case, Vec<Receipt>) {
        let last_on = self.case.steps.values().map(|step| step.on).max();
        if let Some(on) = last_on.filter(|_| !self.case.stage().is_open()) {
            for receipt in &mut self.receipts {
                receipt.returned_on.get_or_insert(after(on, 1).min(self.town.today));
            }
        }
        let slips = self.receipts.iter().map(|receipt| (receipt.id, Slip::of(receipt)));
        self.case.slips = slips.collect();
        (self.case, self.receipts)
    }

    /// The whole course of a case that is over, as its procedure asks.
    fn run(&mut self, ended: Ended) -> Result<(), Broken> {
        match Route::parse(self.topic.one("route")) {
            None | Some(Route::Petition) => self.conclude_petition(ended),
            Some(Route::Suggestion) => {
                self.lead_in(ended.accepted_on)?;
                let entry = self.entry(ended.accepted_on, "meeting", None);
                self.case = self.case.record(Deed::Worked { work: Work::Meeting }, entry)?;
                self.judge();
                let entry = self.entry(ended.accepted_on, "suggested", Some("reply"));
                let opinion = ending::opinion(self, entry.on);
                self.case.add(opinion, entry);
                self.report(ended.accepted_on);
                self.close(ended.accepted_on);
                Ok(())
            }
            Some(_) => {
                self.lead_in(ended.accepted_on)?;
                let entry = self.entry(ended.accepted_on, "elsewhere", Some("decline"));
                let deed = ending::elsewhere(self);
                self.case.add(deed, entry);
                self.report(ended.accepted_on);
                Ok(())
            }
        }
    }

    fn conclude_petition(&mut self, ended: Ended) -> Result<(), Broken> {
        let (accepted_on, end) = (ended.accepted_on, ended.concluded_on);
        self.take_on(accepted_on, before(end, 6).max(accepted_on))?;
        if self.chance.in_hundred(25) {
            self.lead(accepted_on)?;
        }
        if ended.extended {
            self.extend(self.town.workday(after(accepted_on, 50), end))?;
        }
        let replied_on = self.town.workday(before(end, 5).max(accepted_on), end);
        self.look_into(accepted_on, replied_on);
        self.reply(replied_on);
        self.deliver(self.town.workday(after(replied_on, 1), end));
        self.report(end);
        if self.chance.in_hundred(65) {
            let entry = self.entry(end, "settle", None);
            self.case.add(Deed::Settled, entry);
            if self.chance.in_hundred(12) {
                self.case.agreed_on = Some(after(end, u64::from(self.chance.between(0, 12))));
            }
        }
        self.test(end);
        self.close(end);
        self.after_closing(end);
        Ok(())
    }

    /// Decides the procedure, tells the petitioner, and gives the case to a unit and an officer.
    fn lead_in(&mut self, until: NaiveDate) -> Result<(), Broken> {
        let first = self.case.received_on;
        let room = u64::try_from((until - first).num_days()).unwrap_or(0).min(9);
        let route = Route::parse(self.topic.one("route")).unwrap_or(Route::Petition);
        let purpose = Purpose::parse(self.topic.one("purpose")).unwrap_or(Purpose::Request);
        let section = match route {
            Route::Petition => "route",
            Route::Suggestion => "suggestion",
            _ => "elsewhere",
        };
        let sealing = (route == Route::Accusation)
            .then(|| Sealing { readers: BTreeSet::from([READER]), officers: self.case.officers() });
        if sealing.is_some() {
            self.case.about_unit = self.case.village;
            self.case.about = Some(self.case.title.clone());
        }
        let day = |part: u64| self.town.workday(after(first, room / part), until);
        let (routed_on, given_on, told_later) = (day(4), day(3), day(2));
        let entry = self.entry(routed_on, section, None);
        self.case = self.case.decide_route((purpose, route), sealing.as_ref(), entry)?;
        self.give(given_on)?;
        let told_on = match self.receipts.first().and_then(|receipt| receipt.at_once) {
            Some(AtOnce::Notified) => first,
            _ => told_later,
        };
        let receipt = self.receipts.first().map(|receipt| receipt.id);
        let manner = if self.chance.in_hundred(55) { Manner::InPerson } else { Manner::Electronic };
        let entry = self.entry(told_on, "notify", Some("notify"));
        self.case = self.case.notify(Deed::Notified { receipt, manner }, entry)?;
        Ok(())
    }

    fn give(&mut self, on: NaiveDate) -> Result<(), Broken> {
        let town = self.town;
        let named = town.unit_named(self.topic.one("unit")).and_then(|id| town.unit(id));
        if let Some(unit) = named.filter(|unit| unit.kind != UnitKind::Superior) {
            let entry = self.entry(on, "allot", None);
            self.case = self.case.allot(unit, entry)?;
            let staff = town.officers.iter().find(|officer| officer.unit == Some(unit.id));
            let handler = staff.or_else(|| self.case.registrar.and_then(|id| town.officer(id)));
            if let Some(handler) = handler {
                let entry = self.entry(on, "", None);
                self.case = self.case.hand_to(handler, entry)?;
            }
        }
        Ok(())
    }

    /// Leads the case in, accepts it, and works on it until a day.
    fn take_on(&mut self, on: NaiveDate, until: NaiveDate) -> Result<(), Broken> {
        self.lead_in(on)?;
        let entry = self.entry(on, "accept", Some("accept"));
        self.case = self.case.accept(entry)?;
        let measure = self.topic.one("measure");
        self.case.measures = Some(fill(measure, &self.values));
        let room = u64::try_from((until - on).num_days()).unwrap_or(0);
        let n_works = u64::from(self.chance.between(1, 4)).min(room);
        for place in 1..=n_works {
            let day = self.town.workday(after(on, room * place / (n_works + 1)), until);
            let Some((work, section)) = self.chance.pick(&WORKS).copied() else { continue };
            let entry = self.entry(day, section, None);
            self.case = self.case.record(Deed::Worked { work }, entry)?;
        }
        if room > 16 && self.chance.in_hundred(20) {
            self.join(self.town.workday(after(on, room / 3), until))?;
        }
        if self.chance.in_hundred(2) {
            self.case.backlog = true;
        }
        if self.chance.in_hundred(1) {
            self.case.urgent = true;
            let on = self.town.workday(on, until);
            self.case.urgent_on = Some(on);
            // One that is still open may wait for its report.
            if until < self.town.today || !self.chance.in_hundred(40) {
                let entry = self.entry(on, "urgent", None);
                let alarmed = ending::alarmed(self);
                self.case = self.case.record(alarmed, entry)?;
            }
        }
        Ok(())
    }

    /// A further receipt, answered within some days.
    fn join(&mut self, on: NaiveDate) -> Result<(), Broken> {
        let Some(last) = self.receipts.last() else { return Ok(()) };
        let id = ReceiptId(last.id.0 + 1);
        let (channel, section) = match self.chance.below(3) {
            0 if self.town.calendar.is_working(on) => (Channel::Visit, "joined_visit"),
            1 => (Channel::Letter, "joined_letter"),
            _ => (Channel::Call, "joined_call"),
        };
        let mut receipt = self.receipt(id, on, channel);
        let entry = self.entry(on, section, None);
        receipt.words.clone_from(&entry.text);
        self.case = self.case.join(id, (Source::Direct, channel), entry)?;
        self.receipts.push(receipt);
        let told = u64::from(self.chance.between(1, 5));
        let told_on = self.town.workday(after(on, told), self.town.today);
        let entry = self.entry(told_on, "notify", Some("notify"));
        let deed = Deed::Notified { receipt: Some(id), manner: Manner::InPerson };
        self.case = self.case.notify(deed, entry)?;
        Ok(())
    }

    fn lead(&mut self, on: NaiveDate) -> Result<(), Broken> {
        let town = self.town;
        let leads: Vec<_> = town.officers.iter().filter(|officer| officer.leads).collect();
        if let Some(lead) = self.chance.pick(&leads) {
            let entry = self.entry(on, "lead", None);
            self.case = self.case.assign_lead(lead, entry)?;
        }
        Ok(())
    }

    /// Extends the sixty days, approved by the head on that day (Reg. 34).
    fn extend(&mut self, on: NaiveDate) -> Result<(), Broken> {
        let town = self.town;
        if let Some(head) = town.officers.iter().find(|officer| officer.is_head_on(on)) {
            let entry = self.entry(on, "extend", Some("extend"));
            let extending = Extending { days: EXTENSION_DAYS, told_on: Some(on) };
            self.case = self.case.extend(extending, head, entry)?;
        }
        Ok(())
    }

    /// Makes the opinion (Reg. 32).
    fn reply(&mut self, on: NaiveDate) {
        self.judge();
        let entry = self.entry(on, "reply", Some("reply"));
        let opinion = ending::opinion(self, entry.on);
        self.case.add(opinion, entry);
    }

    /// A finding and a result for each claim.
    fn judge(&mut self) {
        let findings = self.topic.all("finding");
        for claim in self.case.claims.values_mut() {
            let finding = self.chance.text(&findings);
            claim.finding = Some(fill(finding, &self.values));
            claim.result = Some(match self.chance.below(20) {
                0..11 => ClaimResult::Supported,
                11..17 => ClaimResult::Explained,
                _ => ClaimResult::Refused,
            });
        }
    }

    fn deliver(&mut self, on: NaiveDate) {
        let manner = if self.chance.in_hundred(70) { Manner::InPerson } else { Manner::Post };
        let entry = self.entry(on, "deliver", None);
        let receiver = ending::said(self, "receiver");
        self.case.add(ending::delivered(manner, receiver), entry);
    }

    /// Reports to the body that assigned the case, if one did.
    fn report(&mut self, on: NaiveDate) {
        if self.case.entrusted.is_some() {
            let entry = self.entry(on, "report", Some("report"));
            self.case.add(Deed::Reported, entry);
        }
    }

    fn close(&mut self, on: NaiveDate) {
        let entry = self.entry(on, "conclude", None);
        self.case.add(Deed::Concluded, entry);
        let town = self.town;
        for receipt in &mut self.receipts {
            receipt.returned_on = Some(after(on, 1).min(town.today));
        }
    }
}
