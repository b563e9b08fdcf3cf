//! How a case of a made-up town comes in: what is asked, by whom, and how the first receipt came.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::demo::chance::Chance;
use crate::demo::people;
use crate::demo::plan::{Lot, Plan, after};
use crate::demo::script::{Section, all, fill, one};
use crate::demo::{Ids, Town};
use crate::domain::case::{Case, Claim, Entrusted, History};
use crate::domain::choice::{AtOnce, Channel, Level, Route, Source, Tie, UnitKind};
use crate::domain::handling::Entry;
use crate::domain::ids::{OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::receipt::Receipt;
use crate::domain::step::Deed;

/// A case on its way: what is decided about it while it is made.
pub(super) struct Making<'t> {
    pub(super) town: &'t Town,
    pub(super) chance: Chance,
    pub(super) topic: &'t Section,
    pub(super) values: Vec<(&'static str, String)>,
    pub(super) case: Case,
    pub(super) receipts: Vec<Receipt>,
}

/// What a superior set, if it assigned the case.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arrival {
    /// However it comes.
    Any,
    /// By a letter that wants a report by that day.
    Entrusted(NaiveDate),
}

impl<'t> Making<'t> {
    /// Registers a case with its first receipt.
    pub(super) fn register(town: &'t Town, plan: &Plan, ids: Ids, arrival: Arrival) -> Making<'t> {
        let mut chance = Chance::of(town.seed, "case", ids.case.0);
        let topic = topic(town, plan, &mut chance);
        let person = (town.size.persons > 0 && !chance.in_hundred(4))
            .then(|| PersonId(chance.below(town.size.persons) + 1));
        let village = village(town, person, &mut chance);
        let values = values(town, village, plan.received_on, &mut chance);
        let people = if chance.in_hundred(18) { chance.between(2, 24) } else { 1 };
        let mut told = chance.text(&topic.all("case")).split(" | ");
        let title = fill(told.next().unwrap_or_default(), &values);
        let parts = [told.next().unwrap_or_default(), told.next().unwrap_or_default()];
        let case = Case {
            id: ids.case,
            version: Version(1),
            number: ids.series.print(&town.office.code, ids.serial),
            old_number: None,
            title,
            request: fill(&request(town, parts, people, &mut chance), &values),
            claims: claims(told, &values),
            persons: BTreeMap::new(),
            people,
            level: Level::Town,
            purpose: None,
            route: None,
            class: Some(topic.one("class").to_owned()),
            repeats: None,
            village,
            place: value(&values, "place"),
            about: None,
            about_unit: None,
            about_officer: None,
            lead: None,
            unit: None,
            handler: None,
            registrar: town.registrar(&mut chance),
            held_by: None,
            assisting: BTreeSet::new(),
            entrusted: None,
            measures: None,
            agreed_on: None,
            backlog: false,
            urgent: false,
            urgent_on: None,
            history: None,
            received_on: plan.received_on,
            slips: BTreeMap::new(),
            readers: None,
            tabled: None,
            cycle: 1,
            steps: BTreeMap::new(),
            attachments: BTreeMap::new(),
            last_step: 0,
        };
        let mut making = Making { town, chance, topic, values, case, receipts: Vec::new() };
        making.receive(ids.receipt, plan, arrival);
        making.tie(person);
        making
    }

    /// What every step has, with its document's number if it has a form.
    pub(super) fn entry(&mut self, on: NaiveDate, section: &str, document: Option<&str>) -> Entry {
        let text = self.chance.text(&all(&self.town.script.steps, section, "text"));
        let late = if self.chance.in_hundred(8) { self.chance.between(1, 3) } else { 0 };
        let numbers = [
            ("code", self.town.office.code.clone()),
            ("year", on.year().to_string()),
            ("n", self.case.id.0.to_string()),
        ];
        Entry {
            on,
            today: after(on, u64::from(late)).min(self.town.today),
            by: self.case.handler.or(self.case.registrar),
            text: (!text.is_empty()).then(|| text.to_owned()),
            document: document
                .map(|form| fill(one(&self.town.script.steps, "document", form), &numbers)),
        }
    }

    /// A receipt as it comes straight to the office.
    pub(super) fn receipt(&mut self, id: ReceiptId, on: NaiveDate, channel: Channel) -> Receipt {
        Receipt {
            id,
            version: Version(1),
            case: self.case.id,
            received_on: on,
            received_at: None,
            channel,
            source: Source::Direct,
            people: self.case.people,
            repeat: !self.receipts.is_empty(),
            state_number: None,
            query_code: None,
            entered_on: None,
            returned_on: None,
            from_body: None,
            letter: None,
            report_way: None,
            sender_contact: None,
            taken_by: self.case.registrar,
            at_once: Some(AtOnce::Registered),
            words: None,
            imported: false,
        }
    }

    fn receive(&mut self, id: ReceiptId, plan: &Plan, arrival: Arrival) {
        let on = plan.received_on;
        let source = match arrival {
            Arrival::Entrusted(_) => Source::Entrusted,
            Arrival::Any if self.chance.in_hundred(83) => Source::Direct,
            Arrival::Any if self.chance.in_hundred(85) => Source::Forwarded,
            Arrival::Any => Source::Instructed,
        };
        let channel = self.channel(on, source);
        let mut receipt = self.receipt(id, on, channel);
        receipt.source = source;
        if channel == Channel::Visit && self.chance.in_hundred(35) && plan.lot_is_answered() {
            receipt.at_once = Some(AtOnce::Notified);
        }
        if source != Source::Direct {
            let above = self.town.units.iter().find(|unit| unit.kind == UnitKind::Superior);
            receipt.from_body = above.map(|unit| unit.name.clone());
            let form = if source == Source::Entrusted { "letter" } else { "forward" };
            receipt.letter = self.entry(on, "", Some(form)).document;
            self.case.level = Level::County;
        }
        if let Arrival::Entrusted(due_on) = arrival {
            self.case.entrusted = Some(Entrusted {
                by: receipt.from_body.clone().unwrap_or_default(),
                letter: receipt.letter.clone(),
                on,
                due_on: Some(due_on),
            });
        }
        if plan.lot_is_answered() {
            receipt.state_number = Some(format!("{}{:07}", on.year(), self.case.id.0));
            receipt.query_code = Some(format!("{:06}", self.chance.below(1_000_000)));
            receipt.entered_on = Some(after(on, self.chance.below(2)).min(self.town.today));
        }
        let channel = Some(receipt.channel);
        self.receipts.push(receipt);
        let entry = Entry { on, today: on, by: self.case.registrar, text: None, document: None };
        self.case.add(Deed::Received { receipt: id, source, channel }, entry);
    }

    fn channel(&mut self, on: NaiveDate, source: Source) -> Channel {
        if source != Source::Direct {
            return if self.chance.in_hundred(60) { Channel::Online } else { Channel::Letter };
        }
        match self.chance.below(100) {
            0..40 if self.town.calendar.is_working(on) => Channel::Visit,
            0..62 => Channel::Call,
            62..80 => Channel::Online,
            80..92 => Channel::Hotline,
            _ => Channel::Letter,
        }
    }

    fn tie(&mut self, person: Option<PersonId>) {
        let Some(first) = person else { return };
        self.case.persons.insert(first, Tie::Petitioner);
        let is_visit =
            self.receipts.first().is_some_and(|receipt| receipt.channel == Channel::Visit);
        // Reg. 20(3): a visit by many chooses at most five who speak for it.
        for _ in 1..self.case.people.min(5) {
            let other = PersonId(self.chance.below(self.town.size.persons) + 1);
            let tie = if is_visit { Tie::Representative } else { Tie::Petitioner };
            self.case.persons.entry(other).or_insert(tie);
        }
        if self.chance.in_hundred(7) {
            let other = PersonId(self.chance.below(self.town.size.persons) + 1);
            let tie = if self.chance.in_hundred(50) { Tie::Agent } else { Tie::Contact };
            self.case.persons.entry(other).or_insert(tie);
        }
    }

    /// Makes the case one of an old ledger.
    pub(super) fn into_history(mut self) -> Self {
        let closed = self.chance.in_hundred(86);
        let days = u64::from(self.chance.between(10, 80));
        let closed_on = closed.then(|| after(self.case.received_on, days));
        self.case.history = Some(History { closed, closed_on, replied_on: None });
        self.case.old_number =
            Some(format!("{}-{:03}", self.case.received_on.year(), self.case.id.0));
        self.case.unit = self.town.unit_named(self.topic.one("unit"));
        self
    }
}

impl Plan {
    /// Whether the petitioner has been told in writing by today.
    fn lot_is_answered(&self) -> bool {
        !matches!(self.lot, Lot::Fresh | Lot::NoticeDue(_))
    }
}

impl Town {
    /// The unit of that name.
    pub(super) fn unit_named(&self, name: &str) -> Option<UnitId> {
        self.units.iter().find(|unit| unit.name == name).map(|unit| unit.id)
    }

    /// One of the two at the desk; the first takes most.
    fn registrar(&self, chance: &mut Chance) -> Option<OfficerId> {
        let place = usize::from(chance.in_hundred(35));
        self.officers.get(place).map(|officer| officer.id)
    }
}

fn topic<'t>(town: &'t Town, plan: &Plan, chance: &mut Chance) -> &'t Section {
    let petition = |topic: &Section| topic.one("route").is_empty();
    let drawn = if plan.lot == Lot::Over { chance.below(400) } else { 0 };
    let topics = match drawn {
        0..348 => town.topics(petition),
        348..372 => town.topics(|topic| topic.one("route") == Route::Suggestion.word()),
        372..398 => town.topics(|topic| topic.one("route").starts_with("31(")),
        _ => town.topics(|topic| topic.one("route") == Route::Accusation.word()),
    };
    chance.pick(&topics).copied().unwrap_or(&town.blank)
}

fn village(town: &Town, person: Option<PersonId>, chance: &mut Chance) -> Option<UnitId> {
    let n_villages = u64::try_from(people::villages(&town.units).count()).unwrap_or(0);
    match person.filter(|_| chance.in_hundred(88)) {
        Some(person) => people::village_of(town.seed, n_villages, person),
        None => (n_villages > 0).then(|| UnitId(chance.below(n_villages) + 1)),
    }
}

fn values(
    town: &Town,
    village: Option<UnitId>,
    on: NaiveDate,
    chance: &mut Chance,
) -> Vec<(&'static str, String)> {
    let openings = &town.script.openings;
    let (form, month) = match on.month() {
        1 | 2 => ("last_year", chance.between(9, 12)),
        month => ("this_year", chance.between(1, month - 1)),
    };
    let month = [("n", month.to_string())];
    let amount = [("n", chance.between(1, 9).to_string()), ("k", chance.below(10).to_string())];
    let amount = if chance.in_hundred(45) {
        fill(one(openings, "amount", "large"), &amount)
    } else {
        let hundreds = [("n", (chance.between(3, 98) * 100).to_string())];
        fill(one(openings, "amount", "small"), &hundreds)
    };
    vec![
        ("village", people::unit_name(&town.units, village).to_owned()),
        ("place", chance.text(&all(openings, "place", "text")).to_owned()),
        ("group", chance.text(&all(openings, "group", "text")).to_owned()),
        ("month", fill(one(openings, "month", form), &month)),
        ("year", chance.between(2009, 2022).to_string()),
        ("amount", amount),
        ("n", chance.between(3, 24).to_string()),
        ("home", chance.between(2, 6).to_string()),
    ]
}

fn value(values: &[(&'static str, String)], name: &str) -> Option<String> {
    values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
}

fn request(town: &Town, [body, ask]: [&str; 2], people: u32, chance: &mut Chance) -> String {
    let mut common = |name: &str| chance.text(&all(&town.script.openings, name, "text"));
    let opening = common(if people > 1 { "opening_many" } else { "opening" });
    let (follow, close) = (common("follow"), common("close"));
    if chance.in_hundred(80) {
        format!("{opening}{body}{follow}{ask}{close}")
    } else {
        format!("{opening}{body}{ask}{close}")
    }
}

fn claims<'a>(
    texts: impl Iterator<Item = &'a str>,
    values: &[(&'static str, String)],
) -> BTreeMap<u32, Claim> {
    let claim = |text| Claim { text: fill(text, values), finding: None, result: None };
    (1..).zip(texts.map(claim)).collect()
}
