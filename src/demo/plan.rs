//! What falls to each case of a made-up town: when it came, and how far it has got by today.
//!
//! Most are over; the rest are spread so that a day's agenda looks like one: a few late, a few due
//! today, some soon, some new. All cases stand in the order of their coming.

use chrono::{Days, NaiveDate};

use crate::demo::chance::Chance;
use crate::law::calendar::Calendar;

/// Of so many cases the table below speaks.
const PER: u64 = 400;
/// The youngest case that is over came so many days ago.
const OLD_AGE_MIN: u64 = 20;
/// The first day of the ledger.
const FIRST_DAY: (i32, u32, u32) = (2024, 1, 2);
/// The first day of the ledger that was kept before.
const FIRST_DAY_BEFORE: (i32, u32, u32) = (2021, 3, 1);
/// The last day of the ledger that was kept before.
const LAST_DAY_BEFORE: (i32, u32, u32) = (2023, 12, 20);

/// How far a case has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lot {
    /// It stood in an old ledger.
    History,
    /// It is over.
    Over,
    /// Nobody has decided its procedure; it came in the last days.
    Fresh,
    /// Nobody has told the petitioner; fifteen days after it came are this day.
    NoticeDue(NaiveDate),
    /// Its procedure is decided, and it is not yet accepted.
    Routed,
    /// It was accepted on that day and is being handled.
    Handled(NaiveDate),
    /// It was accepted on that day, and the sixty days were extended by twenty.
    Extended(NaiveDate),
    /// It was accepted on that day; a superior wants a report by the second.
    Entrusted(NaiveDate, NaiveDate),
    /// It was accepted on the first day; the second was agreed for settling it.
    Agreed(NaiveDate, NaiveDate),
    /// It was accepted on that day, and the opinion is made.
    Replied(NaiveDate),
    /// It was accepted on that day, and the opinion is delivered.
    Delivered(NaiveDate),
}

/// One case to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// How far it has got.
    pub lot: Lot,
}

/// When a clock is to run out, seen from today.
#[derive(Debug, Clone, Copy)]
enum Near {
    /// A working day in the past.
    Late,
    /// Today.
    Today,
    /// One of the next three working days.
    Soon,
    /// Between the least and the most of calendar days ahead.
    Ahead(u32, u32),
}

/// Which lot, without its days.
#[derive(Debug, Clone, Copy)]
enum Form {
    Fresh,
    Notice,
    Routed,
    Handled,
    Extended,
    Entrusted,
    Agreed,
    Replied,
    Delivered,
}

/// How many of four hundred cases have which lot.
const TABLE: [(Form, Near, u64); 19] = [
    (Form::Notice, Near::Late, 1),
    (Form::Handled, Near::Late, 1),
    (Form::Entrusted, Near::Late, 1),
    (Form::Agreed, Near::Late, 1),
    (Form::Notice, Near::Today, 1),
    (Form::Handled, Near::Today, 1),
    (Form::Entrusted, Near::Today, 1),
    (Form::Notice, Near::Soon, 1),
    (Form::Handled, Near::Soon, 2),
    (Form::Extended, Near::Soon, 1),
    (Form::Entrusted, Near::Soon, 1),
    (Form::Agreed, Near::Soon, 1),
    (Form::Fresh, Near::Today, 4),
    (Form::Routed, Near::Today, 5),
    (Form::Handled, Near::Ahead(8, 52), 22),
    (Form::Extended, Near::Ahead(8, 16), 3),
    (Form::Entrusted, Near::Ahead(8, 30), 4),
    (Form::Replied, Near::Ahead(9, 30), 4),
    (Form::Delivered, Near::Ahead(9, 25), 4),
];

/// All cases of a town in the order of their coming.
pub struct Plans {
    seed: u64,
    today: NaiveDate,
    n_history: u64,
    n_old: u64,
    live: Vec<Plan>,
}

impl Plans {
    /// Spreads so many cases.
    pub fn new(seed: u64, today: NaiveDate, n_cases: u64) -> Self {
        let spread = Spread { today, calendar: Calendar::national() };
        let mut live = Vec::new();
        for (row, (form, near, share)) in (0_u64..).zip(TABLE) {
            let exact = n_cases.saturating_mul(share);
            let count = exact / PER + u64::from(exact % PER >= PER / 2);
            for place in 0..count {
                let mut chance = Chance::of(seed, "plan", row << 40 | place);
                live.push(spread.plan(form, near, &mut chance));
            }
        }
        live.sort_by_key(|plan| plan.received_on);
        let n_live = u64::try_from(live.len()).unwrap_or(0);
        let n_rest = n_cases.saturating_sub(n_live);
        live.truncate(usize::try_from(n_cases).unwrap_or(usize::MAX));
        let n_history = n_rest * 3 / 100;
        Self { seed, today, n_history, n_old: n_rest - n_history, live }
    }

    /// The cases, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Plan> {
        let history = (0..self.n_history).map(|at| Plan {
            received_on: between(day(FIRST_DAY_BEFORE), day(LAST_DAY_BEFORE), (at, self.n_history)),
            lot: Lot::History,
        });
        let last = before(self.today, OLD_AGE_MIN);
        let old = (0..self.n_old).map(move |at| Plan {
            received_on: between(day(FIRST_DAY).min(last), last, (at, self.n_old)),
            lot: Lot::Over,
        });
        history.chain(merge(old, self.live.iter().copied()))
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

struct Spread {
    today: NaiveDate,
    calendar: Calendar,
}

impl Spread {
    fn plan(&self, form: Form, near: Near, chance: &mut Chance) -> Plan {
        let due = self.due(form, near, chance);
        let recent = |chance: &mut Chance, least, most| {
            before(self.today, u64::from(chance.between(least, most)))
        };
        let (received_on, lot) = match form {
            Form::Fresh => (recent(chance, 0, 4), Lot::Fresh),
            Form::Routed => (recent(chance, 5, 9), Lot::Routed),
            Form::Notice => (before(due, 15), Lot::NoticeDue(due)),
            Form::Handled => self.accepted(before(due, 60), chance, Lot::Handled),
            Form::Extended => self.accepted(before(due, 80), chance, Lot::Extended),
            Form::Replied => self.accepted(before(due, 60), chance, Lot::Replied),
            Form::Delivered => self.accepted(before(due, 60), chance, Lot::Delivered),
            Form::Entrusted => {
                let accepted_on = recent(chance, 14, 40);
                self.accepted(accepted_on, chance, |on| Lot::Entrusted(on, due))
            }
            Form::Agreed => {
                let accepted_on = recent(chance, 14, 40);
                self.accepted(accepted_on, chance, |on| Lot::Agreed(on, due))
            }
        };
        Plan { received_on, lot }
    }

    fn accepted(
        &self,
        on: NaiveDate,
        chance: &mut Chance,
        lot: impl Fn(NaiveDate) -> Lot,
    ) -> (NaiveDate, Lot) {
        (before(on, u64::from(chance.between(3, 9))), lot(on))
    }

    /// A working day for a clock to run out on, so that it does not roll; if possible one whose
    /// acceptance falls on a working day too.
    fn due(&self, form: Form, near: Near, chance: &mut Chance) -> NaiveDate {
        let length = match form {
            Form::Handled | Form::Replied | Form::Delivered => 60,
            Form::Extended => 80,
            Form::Fresh | Form::Notice | Form::Routed | Form::Entrusted | Form::Agreed => 0,
        };
        let days: Vec<NaiveDate> = match near {
            Near::Today => vec![self.today],
            Near::Late => self.working((1..=6).map(|n| before(self.today, n))),
            Near::Soon => {
                let ahead = (1..=30).map(|n| after(self.today, n));
                self.working(ahead).into_iter().take(3).collect()
            }
            Near::Ahead(least, most) => {
                self.working((least..=most).map(|n| after(self.today, u64::from(n))))
            }
        };
        let begins = |due: &&NaiveDate| self.calendar.is_working(before(**due, length));
        let fitting: Vec<NaiveDate> = days.iter().filter(begins).copied().collect();
        let chosen = chance.pick(&fitting).or_else(|| days.first());
        chosen.copied().unwrap_or(self.today)
    }

    fn working(&self, days: impl Iterator<Item = NaiveDate>) -> Vec<NaiveDate> {
        days.filter(|day| self.calendar.is_working(*day)).collect()
    }
}

/// So many days before a day.
pub fn before(day: NaiveDate, n_days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(n_days)).unwrap_or(day)
}

/// So many days after a day.
pub fn after(day: NaiveDate, n_days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(n_days)).unwrap_or(day)
}

fn day((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The day that lies `at` parts of `parts` on the way from one day to another.
fn between(first: NaiveDate, last: NaiveDate, (at, parts): (u64, u64)) -> NaiveDate {
    let width = u64::try_from((last - first).num_days()).unwrap_or(0);
    after(first, (width * at).checked_div(parts).unwrap_or(0))
}

fn merge(
    old: impl Iterator<Item = Plan>,
    live: impl Iterator<Item = Plan>,
) -> impl Iterator<Item = Plan> {
    let (mut old, mut live) = (old.peekable(), live.peekable());
    std::iter::from_fn(move || match (old.peek(), live.peek()) {
        (Some(one), Some(other)) if other.received_on < one.received_on => live.next(),
        (Some(_), _) => old.next(),
        (None, _) => live.next(),
    })
}
