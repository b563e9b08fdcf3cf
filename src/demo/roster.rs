//! The roster of a made-up town: one entry for each situation that an office meets, each made by
//! the rules, day by day, from its proposal until today.
//!
//! A situation falls to the first case that can carry it; which person it is follows from the case.

use chrono::NaiveDate;

use crate::demo::Town;
use crate::demo::chance::Chance;
use crate::demo::plan::{after, before};
use crate::demo::script::{all, fill, one};
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{ContactManner, EndReason, RosterGround, Tie};
use crate::domain::entry::{Days, Ending, Entry, Promise};
use crate::domain::ids::{ClerkId, EntryId, OfficerId, PersonId};
use crate::domain::office::Officer;
use crate::domain::roster::{
    self as rule, Accounts, Approver, Approving, Contacting, Given, PENDING_WORKDAYS, Proposal,
};
use crate::law::count::{Length, Unit, count};

/// The account that enters everything in the demo, and its officer.
const DESK: (ClerkId, Option<OfficerId>) = (ClerkId(1), Some(OfficerId(1)));
/// The days from one review to the next, and from one contact to the next.
const REVIEW_EVERY: u64 = 28;
const CONTACT_EVERY: u64 = 10;
/// The days by which a review comes before its day.
const REVIEW_EARLY: u64 = 2;
/// The least days from a proposal to its first review.
const FIRST_REVIEW: u64 = 4;

/// How an entry stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It waits for its approval.
    Waiting,
    /// It runs; the next contact is so many days ahead.
    Running(u64),
    /// It runs; the contact is so many days late.
    ContactLate(u64),
    /// It runs; promised help is so many days late.
    PromiseLate(u64),
    /// Its review is due in so many days.
    ReviewDue(u64),
    /// Its review day passed so many days ago, and nobody renewed it.
    Lapsed(u64),
    /// It was ended so many days ago.
    Ended(u64, EndReason),
}

/// How it was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Paper,
    OneAccount,
}

/// One situation: its ground, how many days ago it was proposed, how it stands, how it was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scene(RosterGround, u64, Fate, Way);

/// The situations, those of the oldest entries first.
const SCENES: [Scene; 15] = [
    Scene(RosterGround::Guidance, 70, Fate::Lapsed(30), Way::Paper),
    Scene(RosterGround::Hardship, 55, Fate::Ended(9, EndReason::Helped), Way::Paper),
    Scene(RosterGround::Backlog, 52, Fate::Running(3), Way::Paper),
    Scene(RosterGround::Repeated, 48, Fate::ReviewDue(8), Way::Paper),
    Scene(RosterGround::Backlog, 44, Fate::ContactLate(1), Way::Paper),
    Scene(RosterGround::Hardship, 40, Fate::Running(0), Way::OneAccount),
    Scene(RosterGround::Backlog, 36, Fate::Lapsed(6), Way::Paper),
    Scene(RosterGround::Hardship, 33, Fate::Ended(20, EndReason::OnRequest), Way::Paper),
    Scene(RosterGround::Hardship, 30, Fate::ContactLate(4), Way::Paper),
    Scene(RosterGround::Assigned, 27, Fate::ReviewDue(3), Way::Paper),
    Scene(RosterGround::Hardship, 24, Fate::PromiseLate(3), Way::Paper),
    Scene(RosterGround::Care, 18, Fate::Running(5), Way::Paper),
    Scene(RosterGround::Danger, 12, Fate::Running(1), Way::OneAccount),
    Scene(RosterGround::Repeated, 5, Fate::Waiting, Way::Paper),
    Scene(RosterGround::Hardship, 2, Fate::Waiting, Way::Paper),
];

/// What is left to be made of a town's roster.
pub struct Roster<'t> {
    town: &'t Town,
    left: Vec<Scene>,
    n_made: u64,
}

/// Something that happens to an entry on a day.
enum Event {
    Contact { next_on: NaiveDate },
    Renewal { until: NaiveDate },
}

impl<'t> Roster<'t> {
    /// The roster of a town, nothing made yet.
    pub fn new(town: &'t Town) -> Self {
        Self { town, left: SCENES.to_vec(), n_made: 0 }
    }

    /// The entry on a case, if a situation is left that the case can carry.
    ///
    /// # Errors
    /// A rule refuses it, which is a defect here.
    pub fn entry(&mut self, case: &Case) -> Result<Option<Entry>, Broken> {
        let Some(person) = petitioner(case) else { return Ok(None) };
        let age = u64::try_from((self.town.today - case.received_on).num_days()).unwrap_or(0);
        let place = self.left.iter().position(|scene| {
            let Scene(ground, ago, ..) = *scene;
            // An old case is nobody's duty any more.
            let is_of_then = (ago + 3..=ago + 400).contains(&age);
            is_of_then && rule::must_carry(case, ground).is_ok()
        });
        let Some(place) = place else { return Ok(None) };
        let scene = self.left.remove(place);
        self.n_made += 1;
        let making = Making {
            town: self.town,
            case,
            scene,
            id: EntryId(self.n_made),
            chance: Chance::of(self.town.seed, "roster", case.id.0),
        };
        making.run(person).map(Some)
    }
}

/// The person whose request the case is, if they are named.
fn petitioner(case: &Case) -> Option<PersonId> {
    case.persons.iter().find(|(_, tie)| **tie == Tie::Petitioner).map(|(id, _)| *id)
}

struct Making<'m> {
    town: &'m Town,
    case: &'m Case,
    scene: Scene,
    id: EntryId,
    chance: Chance,
}

impl Making<'_> {
    fn said(&mut self, key: &str) -> String {
        self.chance.text(&all(&self.town.script.steps, "roster", key)).to_owned()
    }

    fn word(&mut self, head: &str) -> String {
        let Scene(ground, ..) = self.scene;
        self.said(&format!("{head}_{}", ground.word()))
    }

    /// The leader of the case, or one who may lead; who helps: the case's handler or the desk.
    fn officers(&mut self) -> Result<(Officer, Officer), Broken> {
        let town = self.town;
        let leads: Vec<_> = town.officers.iter().filter(|officer| officer.leads).collect();
        let own = self.case.lead.and_then(|id| town.officer(id)).filter(|officer| officer.leads);
        let lead = own.or_else(|| self.chance.pick(&leads).copied());
        let handler = self.case.handler.and_then(|id| town.officer(id));
        let officer = if self.id.0.is_multiple_of(2) { handler } else { None };
        let officer = officer.or_else(|| town.desk());
        match (lead, officer) {
            (Some(lead), Some(officer)) => Ok((lead.clone(), officer.clone())),
            (_, _) => Err(Broken::new("nobody_leads")),
        }
    }

    fn days(&self, entry: &Entry, today: NaiveDate) -> Days {
        let length = Length::new(PENDING_WORKDAYS, Unit::Workday).ok();
        let end =
            length.and_then(|length| count(entry.review_on, length, &self.town.calendar).ok());
        Days { today, pending_until: end.map_or(entry.review_on, |end| end.latest) }
    }

    fn run(mut self, person: PersonId) -> Result<Entry, Broken> {
        let Scene(ground, ago, fate, way) = self.scene;
        let today = self.town.today;
        let proposed_on = before(today, ago);
        let approved_on = after(proposed_on, 1);
        let reviews = self.reviews(proposed_on);
        let contacts = self.contacts(approved_on);
        let is_danger = ground == RosterGround::Danger;
        let (lead, officer) = self.officers()?;
        let promise = matches!(fate, Fate::PromiseLate(_) | Fate::Ended(_, EndReason::Helped));
        let promise = promise.then(|| self.promise(proposed_on));
        let is_told = self.id.0 % 5 != 4;
        let proposal = Proposal {
            id: self.id,
            person,
            ground,
            reason: self.word("reason"),
            by: DESK,
            measures: self.word("measures"),
            danger: (is_danger.then(|| self.said("help")), is_danger.then_some(proposed_on)),
            told: (None, None),
            contact_on: contacts.first().copied().unwrap_or(after(today, 3)).max(proposed_on),
            review_on: reviews.first().copied().unwrap_or(after(proposed_on, REVIEW_EVERY)),
            promise,
        };
        let mut entry = rule::propose(proposal, self.case, (&lead, &officer), proposed_on)?;
        if fate == Fate::Waiting {
            return Ok(entry);
        }
        let not_told = (!is_told).then(|| self.said("not_told"));
        entry = self.approved(&entry, (approved_on, way), (is_told, not_told))?;
        for (on, event) in self.events(&reviews, &contacts, approved_on) {
            entry = self.happened(&entry, on, event)?;
        }
        self.ended(entry, fate)
    }

    fn promise(&mut self, proposed_on: NaiveDate) -> Promise {
        let Scene(_, _, fate, _) = self.scene;
        let by_on = match fate {
            Fate::PromiseLate(days) => before(self.town.today, days),
            _ => after(proposed_on, 30),
        };
        Promise { text: self.said("promise"), by_on }
    }

    /// The review days that the entry had, one after the other; the last is that of today.
    fn reviews(&self, proposed_on: NaiveDate) -> Vec<NaiveDate> {
        let today = self.town.today;
        let Scene(_, _, fate, _) = self.scene;
        let last = match fate {
            Fate::Waiting => after(proposed_on, 30),
            Fate::Running(_) | Fate::ContactLate(_) | Fate::PromiseLate(_) => {
                after(today, 14 + self.id.0 % 12)
            }
            Fate::ReviewDue(days) => after(today, days),
            Fate::Lapsed(days) => before(today, days),
            Fate::Ended(days, _) => after(before(today, days), 8),
        };
        let least = after(proposed_on, FIRST_REVIEW);
        let back = (0..).map(|n| before(last, n * REVIEW_EVERY));
        let mut days: Vec<NaiveDate> = back.take_while(|day| *day >= least).collect();
        days.reverse();
        days
    }

    /// The days of contact that were agreed, one after the other; the last is still ahead or late.
    fn contacts(&self, approved_on: NaiveDate) -> Vec<NaiveDate> {
        let today = self.town.today;
        let Scene(_, _, fate, _) = self.scene;
        let last = match fate {
            Fate::Waiting => after(today, 3),
            Fate::Running(days) => after(today, days),
            Fate::ContactLate(days) => before(today, days),
            Fate::PromiseLate(_) | Fate::ReviewDue(_) => after(today, 4),
            Fate::Lapsed(days) => before(today, days.saturating_sub(5)),
            Fate::Ended(days, _) => before(today, days.saturating_sub(3)),
        };
        let back = (0..).map(|n| before(last, n * CONTACT_EVERY));
        let mut days: Vec<NaiveDate> = back.take_while(|day| *day > approved_on).collect();
        days.reverse();
        days
    }

    /// Contacts and renewals in the order of their days.
    fn events(
        &self,
        reviews: &[NaiveDate],
        contacts: &[NaiveDate],
        approved_on: NaiveDate,
    ) -> Vec<(NaiveDate, Event)> {
        let pairs = |days: &[NaiveDate]| -> Vec<(NaiveDate, NaiveDate)> {
            days.iter().copied().zip(days.iter().copied().skip(1)).collect()
        };
        let contacts = pairs(contacts).into_iter();
        let contacts = contacts.map(|(on, next_on)| (on, Event::Contact { next_on }));
        let renewals = pairs(reviews).into_iter().map(|(review, until)| {
            let on = before(review, REVIEW_EARLY).max(approved_on);
            (on, Event::Renewal { until })
        });
        let mut events: Vec<_> = contacts.chain(renewals).collect();
        events.sort_by_key(|(on, _)| *on);
        events
    }

    fn approved(
        &mut self,
        entry: &Entry,
        (on, way): (NaiveDate, Way),
        (is_told, not_told): (bool, Option<String>),
    ) -> Result<Entry, Broken> {
        let head = self.town.officers.iter().find(|officer| officer.is_head_on(on));
        let on_paper = head.filter(|head| way == Way::Paper && Some(head.id) != DESK.1);
        let values = [
            ("code", self.town.office.code.clone()),
            ("year", on.format("%Y").to_string()),
            ("n", self.id.0.to_string()),
        ];
        let form = one(&self.town.script.steps, "document", "roster");
        let document = on_paper.map(|_| fill(form, &values));
        let approver = Approver { by: DESK, on_paper, accounts: Accounts::One };
        let told = (is_told.then_some(on), not_told);
        let approving = Approving { on: Some(on), document, told, review_on: None };
        entry.approve(approver, approving, on)
    }

    fn happened(&mut self, entry: &Entry, on: NaiveDate, event: Event) -> Result<Entry, Broken> {
        let days = self.days(entry, on);
        let by = Some(entry.officer);
        match event {
            Event::Contact { next_on } => {
                let Scene(_, _, fate, _) = self.scene;
                let is_given = fate == Fate::Ended(9, EndReason::Helped)
                    && entry.promise.as_ref().is_some_and(|promise| after(promise.by_on, 9) > on)
                    && entry.last_line > 1;
                let manners = ContactManner::ALL;
                let manner = self.chance.pick(manners).copied().unwrap_or(ContactManner::Call);
                let said = format!("contact_{}", manner.word());
                let text = if is_given { self.said("given") } else { self.said(&said) };
                let given = if is_given { Given::Yes } else { Given::No };
                let promise = None;
                entry.contact(Contacting { on, by, manner, text, next_on, given, promise }, days)
            }
            Event::Renewal { until } => {
                let text = self.said("renewal");
                entry.renew(self.case, (until, text, Some(entry.lead)), days)
            }
        }
    }

    fn ended(&mut self, entry: Entry, fate: Fate) -> Result<Entry, Broken> {
        let today = self.town.today;
        match fate {
            Fate::Ended(days, why) => {
                let on = before(today, days);
                let text = self.said(why.word());
                let ending = Ending { on, by: Some(entry.lead), why, text: Some(text) };
                entry.end(ending, on)
            }
            Fate::Lapsed(_) => {
                let days = self.days(&entry, today);
                Ok(entry.noted_lapse(days).unwrap_or(entry))
            }
            Fate::Waiting
            | Fate::Running(_)
            | Fate::ContactLate(_)
            | Fate::PromiseLate(_)
            | Fate::ReviewDue(_) => Ok(entry),
        }
    }
}
