//! What a reply shows of a case: rows and clocks, as of today.

use crate::api::reply::{CaseRow, DeadlineView};
use crate::api::request::Cursor;
use crate::domain::act::Act;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::Route;
use crate::domain::meeting;
use crate::domain::policy::{self, Link, Scope, Sight, Verdict};
use crate::domain::procedure;
use crate::law::deadline::{Deadline, next_due};
use crate::service::book::Book;
use crate::service::clocks;
use crate::service::stop::Stop;
use crate::service::{Asking, Core, owed, people};
use crate::store::key::{join, split_number};
use crate::store::read::Read;

/// What a view is made with.
#[derive(Clone, Copy)]
pub struct Eye<'e> {
    /// Limits and calendar.
    pub core: &'e Core,
    /// Names.
    pub book: &'e Book,
    /// Who looks, and when.
    pub asking: &'e Asking,
}

impl Eye<'_> {
    /// Sixty days from the receipt of a case about whose acceptance nobody has decided in time.
    pub fn undecided(&self, case: &Case) -> Option<chrono::NaiveDate> {
        let undecided = owed::undecided(self.core, case)?;
        (undecided.since <= self.asking.today).then_some(undecided.reference)
    }

    /// All clocks of a case.
    pub fn deadlines(&self, case: &Case) -> Vec<DeadlineView> {
        clocks::of(self.core, case).iter().map(|clock| self.deadline(clock)).collect()
    }

    /// One clock as of today.
    pub fn deadline(&self, deadline: &Deadline) -> DeadlineView {
        let soon = self.book.office.soon_workdays;
        clocks::view(self.core, deadline, (self.asking.today, soon))
    }

    /// A case as a row; `key` is its place in the list.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn row(&self, ledger: &impl Read, case: &Case, key: &[u8]) -> Result<CaseRow, Stop> {
        let person = people::name_on(ledger, case)?;
        let next = if case.stage().is_open() {
            next_due(&clocks::of(self.core, case)).map(|deadline| self.deadline(deadline))
        } else {
            None
        };
        let last = case.steps.values().max_by_key(|step| step.on);
        let row = CaseRow {
            id: case.id,
            version: case.version,
            number: case.number.clone(),
            title: case.title.clone(),
            person,
            people: case.people,
            village: self.book.unit(case.village),
            stage: case.stage(),
            next,
            lead: self.book.officer(case.lead),
            unit: self.book.unit(case.unit),
            holder: self.book.officer(case.holder()),
            received_on: case.received_on,
            channel: case.channel(),
            last: last.map(|step| (step.on, step.deed.word().to_owned())),
            sealed: case.readers.is_some(),
            visitors: case.visitors(),
            repeat: case.is_repeat(),
            undecided: self.undecided(case).is_some(),
            cursor: cursor(key),
        };
        self.told(ledger, case, row)
    }

    /// What may be done with a case, and why not.
    pub fn permits(&self, case: &Case) -> Vec<(Act, Option<String>)> {
        let link = policy::link(&self.asking.asker, &Scope::of(case));
        let on_case = Act::ALL.iter().filter(|act| {
            act.on() == Some(crate::domain::ids::Kind::Case)
                || matches!(act, Act::EditReceipt | Act::Split)
        });
        on_case.map(|act| (*act, self.reason(case, (*act, link)))).collect()
    }

    fn reason(&self, case: &Case, (act, link): (Act, Link)) -> Option<String> {
        if policy::may(&self.asking.asker, act, link) != Verdict::Allow {
            return Some("refusal.denied".to_owned());
        }
        if self.asking.asker.sight == Sight::Masked && !policy::is_for_meetings(act) {
            return Some("refusal.in_meeting".to_owned());
        }
        let stage = case.stage();
        if procedure::of(act).is_some() {
            // A greyed reason has no room for what is missing; the head of the sheet lists it.
            let is_off = match act {
                Act::Simplify => clocks::may_simplify(self.core, case).err(),
                _ => None,
            };
            let broken = is_off.or_else(|| procedure::can(case, act).err());
            return broken.map(|broken| match broken.key.as_str() {
                "closing_is_not_complete" => "broken.closing_lacks_something".to_owned(),
                key => format!("broken.{key}"),
            });
        }
        if policy::is_for_meetings(act) && act != Act::ReadCase {
            let broken = match act {
                Act::TakeOff => meeting::take_off(case).err(),
                _ => meeting::may_be_met_about(case).err(),
            };
            return broken.map(|broken| format!("broken.{}", broken.key));
        }
        let broken = match act {
            // What each ground needs besides is asked when it is chosen.
            Act::ProposeEntry if case.readers.is_some() => Some("case_is_sealed"),
            Act::ProposeEntry if case.persons.is_empty() => Some("nobody_is_named_on_the_case"),
            Act::Detach if case.attached().next().is_none() => Some("nothing_is_attached"),
            Act::Detach if !stage.is_open() => Some("attachment_stays_in_the_file"),
            // Scans of an old file belong to it.
            Act::Attach | Act::Detach | Act::ReadAttachment => None,
            _ if stage == Stage::History && act != Act::ReadCase && act != Act::EditCase => {
                Some("case_is_history")
            }
            Act::Split if case.readers.is_some() => Some("sealed_receipts_stay"),
            Act::Split if case.receipts().len() < 2 => Some("only_receipt_of_its_case"),
            Act::Repeat if case.repeats.is_some() => Some("case_repeats_already"),
            Act::Unrepeat if case.repeats.is_none() => Some("case_repeats_nothing"),
            Act::Readers | Act::Part if case.readers.is_none() => Some("case_is_not_sealed"),
            Act::Route if stage.is_open() && stage > Stage::Routed => Some("route_is_settled"),
            Act::Accept if stage.is_open() && stage >= Stage::Handling => Some("already_accepted"),
            Act::Accept if stage.is_open() => match case.route {
                None => Some("route_is_undecided"),
                Some(Route::Petition) => None,
                Some(_) => Some("only_petition_matters_are_accepted"),
            },
            Act::Extend if stage.is_open() && stage < Stage::Handling => Some("not_accepted"),
            Act::Object if stage.is_open() && case.newest_transfer().is_none() => {
                Some("nothing_was_transferred")
            }
            Act::Object if stage.is_open() && stage >= Stage::Handling => Some("already_accepted"),
            Act::Route
            | Act::Accept
            | Act::Extend
            | Act::EditClaim
            | Act::MergeInto
            | Act::Object
            | Act::Notify
            | Act::AssignLead
            | Act::Allot
            | Act::HandTo
                if !stage.is_open() =>
            {
                Some("case_has_ended")
            }
            _ => None,
        };
        broken.map(|key| format!("broken.{key}"))
    }
}

/// A place in a list, as a caller holds it.
pub fn cursor(key: &[u8]) -> Cursor {
    use std::fmt::Write;
    let mut text = String::with_capacity(key.len() * 2);
    for byte in key {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Cursor(text)
}

/// The key of a place that a caller holds; none if it was not made here.
pub fn key_of(cursor: &Cursor) -> Option<Vec<u8>> {
    let digits = cursor.0.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() > 200 {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// A key with a group's byte in front, for lists that are made of several.
pub fn grouped(group: u8, key: &[u8]) -> Vec<u8> {
    join(&[&[group], key])
}

/// The number at the end of a key.
pub fn id_of(key: &[u8]) -> Option<u64> {
    split_number(key.last_chunk::<8>()?).map(|(id, _)| id)
}
