//! A made-up town: units, officers, persons and cases that follow from a seed.
//!
//! Nothing here reads a clock or a file: the day is an argument, the texts are built in. Every case
//! is made through the rules of the domain, so that what the demo shows is lawful; and one at a
//! time, so that a town of any size fits a small machine.

pub mod campaign;
pub mod chance;
pub mod duty;
pub mod ending;
pub mod figure;
pub mod handling;
pub mod intake;
pub mod meeting;
pub mod people;
pub mod plan;
pub mod roster;
pub mod script;

use chrono::{Datelike, NaiveDate};

use crate::demo::plan::{Lot, Plan, Plans, after};
use crate::demo::roster::Roster;
use crate::demo::script::{Script, Section};
use crate::domain::broken::Broken;
use crate::domain::campaign::{Plan as Campaign, Task};
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::figure::Indicator;
use crate::domain::ids::{CaseId, OfficerId, PersonId, ReceiptId, UnitId};
use crate::domain::meeting::Decision;
use crate::domain::number::Series;
use crate::domain::office::{Office, Officer, Unit};
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::law::calendar::Calendar;

/// How large a town is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Villages; at least one is made.
    pub villages: u32,
    /// Officers, of whom the first sits at the petition desk; at least three are made.
    pub officers: u32,
    /// Persons.
    pub persons: u64,
    /// Cases.
    pub cases: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self { villages: 12, officers: 20, persons: 320, cases: 400 }
    }
}

/// One record of a town, or a case with the receipts that hang on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// The settings of the office.
    Office(Office),
    /// A unit.
    Unit(Unit),
    /// An officer.
    Officer(Officer),
    /// The campaign.
    Plan(Box<Campaign>),
    /// A task of it.
    Task(Box<Task>),
    /// Recurring work.
    Duty(Box<Duty>),
    /// An indicator in a year.
    Indicator(Box<Indicator>),
    /// A person.
    Person(Person),
    /// A case with its receipts.
    Case(Box<Case>, Vec<Receipt>),
    /// An entry of the roster, on a case before it.
    Entry(Box<Entry>),
    /// What a meeting decided.
    Decision(Box<Decision>),
}

/// A made-up town.
pub struct Town {
    seed: u64,
    today: NaiveDate,
    size: Size,
    script: Script,
    blank: Section,
    calendar: Calendar,
    office: Office,
    units: Vec<Unit>,
    officers: Vec<Officer>,
    plans: Plans,
}

/// The numbers of a case to be made.
#[derive(Debug, Clone, Copy)]
struct Ids {
    case: CaseId,
    receipt: ReceiptId,
    series: Series,
    serial: u64,
}

impl Town {
    /// The town of a seed as it stands on a day.
    pub fn make(seed: u64, today: NaiveDate, size: Size) -> Self {
        let script = Script::read();
        let units = people::units(&script, seed, size.villages);
        let mut officers = people::officers(&script, seed, &units, size.officers);
        people::stand_in(&mut officers, today);
        Self {
            seed,
            today,
            size,
            blank: Section { name: "", rows: Vec::new() },
            calendar: Calendar::national(),
            office: people::office(&script, today),
            units,
            officers,
            plans: Plans::new(seed, today, size.cases),
            script,
        }
    }

    /// All records: the office, units, officers, persons, then cases in the order of their coming,
    /// each followed by its entry of the roster, if it has one.
    /// Each kind is numbered from 1 in this order.
    ///
    /// A [`Broken`] among them is a defect of the generator; a test makes whole towns without one.
    pub fn records(&self) -> impl Iterator<Item = Result<Made, Broken>> {
        let office = std::iter::once(Made::Office(self.office.clone()));
        let units = self.units.iter().cloned().map(Made::Unit);
        let officers = self.officers.iter().cloned().map(Made::Officer);
        let persons = (1..=self.size.persons)
            .map(|id| people::person(&self.script, self.seed, &self.units, PersonId(id)))
            .map(Made::Person);
        let campaign = campaign::records(self.today, &self.units, &self.officers);
        let before = office.chain(units).chain(officers).map(Ok);
        before.chain(campaign).chain(persons.map(Ok)).chain(self.cases())
    }

    /// How many numbers of each series the cases use, so that new ones go on from there.
    pub fn numbers(&self) -> Vec<(Series, u64)> {
        let mut numbers = Vec::new();
        for plan in self.plans.iter() {
            count(&mut numbers, series(&plan));
        }
        numbers
    }

    /// The settings of the office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// The officer at the petition desk, number 1: the account of whoever looks at the demo is
    /// theirs.
    pub fn desk(&self) -> Option<&Officer> {
        self.officers.first()
    }

    fn cases(&self) -> impl Iterator<Item = Result<Made, Broken>> {
        let (mut receipt, mut numbers, mut n_met) = (1, Vec::new(), 0);
        let mut roster = Roster::new(self);
        let made = (1..).zip(self.plans.iter()).map(move |(id, plan)| {
            let series = series(&plan);
            let serial = count(&mut numbers, series);
            let ids = Ids { case: CaseId(id), receipt: ReceiptId(receipt), series, serial };
            let (case, receipts) = handling::case(self, &plan, ids)?;
            receipt += u64::try_from(receipts.len()).unwrap_or(0);
            let lead = meeting::leader(self, &case).filter(|_| n_met < meeting::MATTERS);
            let (case, decision) = match lead {
                Some(lead) => {
                    n_met += 1;
                    meeting::met(self, case, (lead, n_met))?
                }
                None => (case, None),
            };
            let entry = roster.entry(&case)?.map(|entry| Made::Entry(Box::new(entry)));
            let decision = decision.map(|decision| Made::Decision(Box::new(decision)));
            let case = Made::Case(Box::new(case), receipts);
            Ok(std::iter::once(case).chain(entry).chain(decision))
        });
        made.flat_map(|made| match made {
            Ok(made) => made.map(Ok).collect(),
            Err(broken) => vec![Err(broken)],
        })
    }

    fn is_workday(&self, day: NaiveDate) -> bool {
        self.calendar.is_working(day)
    }

    /// The first working day on or after a day; the day itself if there is none by `until`.
    fn workday(&self, day: NaiveDate, until: NaiveDate) -> NaiveDate {
        let mut days = (0..12).map(|n| after(day, n)).take_while(|day| *day <= until);
        days.find(|day| self.is_workday(*day)).unwrap_or(day)
    }

    fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    fn officer(&self, id: OfficerId) -> Option<&Officer> {
        self.officers.iter().find(|officer| officer.id == id)
    }

    fn topics(&self, fits: impl Fn(&Section) -> bool) -> Vec<&Section> {
        self.script.topics.iter().filter(|topic| fits(topic)).collect()
    }
}

fn series(plan: &Plan) -> Series {
    match plan.lot {
        Lot::History => Series::History,
        _ => Series::Case { year: plan.received_on.year() },
    }
}

fn count(numbers: &mut Vec<(Series, u64)>, series: Series) -> u64 {
    if let Some((_, last)) = numbers.iter_mut().rev().find(|(known, _)| *known == series) {
        *last += 1;
        return *last;
    }
    numbers.push((series, 1));
    1
}

#[cfg(test)]
mod tests;
