//! Which things of the domain are records, and what in them could never be right.

use crate::domain::campaign::{Plan, Task};
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::figure::Indicator;
use crate::domain::given::GivenFigure;
use crate::domain::ids::{Kind, Version};
use crate::domain::meeting::Decision;
use crate::domain::office::{Clerk, Office, Officer, Unit};
use crate::domain::person::{Person, is_id_number};
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::domain::saved::SavedView;

// Many times the same four lines; only the kind and the flaw differ.
macro_rules! records {
    ($($name:ident => $kind:expr, |$record:ident| $id:expr, $flaw:expr;)*) => {$(
        impl Record for $name {
            const KIND: Kind = $kind;

            fn id(&self) -> u64 {
                let $record = self;
                $id
            }

            fn version(&self) -> Version {
                self.version
            }

            fn with_version(mut self, version: Version) -> Self {
                self.version = version;
                self
            }

            fn flaw(&self) -> Option<&'static str> {
                let $record = self;
                $flaw
            }
        }
    )*};
}

records! {
    Office => Kind::Office, |office| office.id, (office.id != 1).then_some("id");
    Unit => Kind::Unit, |unit| unit.id.0, unit.name.is_empty().then_some("name");
    Officer => Kind::Officer, |officer| officer.id.0, officer.name.is_empty().then_some("name");
    Clerk => Kind::Clerk, |clerk| clerk.id.0, clerk.login.is_empty().then_some("login");
    Person => Kind::Person, |person| person.id.0, person_flaw(person);
    Receipt => Kind::Receipt, |receipt| receipt.id.0, (receipt.people == 0).then_some("people");
    Case => Kind::Case, |case| case.id.0, case_flaw(case);
    Plan => Kind::Plan, |plan| plan.id.0, plan.name.is_empty().then_some("name");
    Task => Kind::Task, |task| task.id.0, task_flaw(task);
    Entry => Kind::Entry, |entry| entry.id.0, entry_flaw(entry);
    Decision => Kind::Decision, |decision| decision.id.0, decision_flaw(decision);
    Duty => Kind::Duty, |duty| duty.id.0, duty_flaw(duty);
    Indicator => Kind::Indicator, |own| own.id.0, indicator_flaw(own);
    SavedView => Kind::View, |own| own.id.0, own.name.is_empty().then_some("name");
    GivenFigure => Kind::Given, |own| own.id.0, own.days().is_none().then_some("cut");
}

fn person_flaw(person: &Person) -> Option<&'static str> {
    let wrong = person.id_number.as_deref().is_some_and(|number| !is_id_number(number));
    wrong.then_some("id_number")
}

fn task_flaw(task: &Task) -> Option<&'static str> {
    if task.code.is_empty() {
        return Some("code");
    }
    if task.until < task.from {
        return Some("until");
    }
    task.turns.keys().any(|number| *number > task.last_turn).then_some("last_turn")
}

fn duty_flaw(duty: &Duty) -> Option<&'static str> {
    if duty.code.is_empty() {
        return Some("code");
    }
    if !(1..=31).contains(&duty.day) {
        return Some("day");
    }
    duty.turns.keys().any(|number| *number > duty.last_turn).then_some("last_turn")
}

fn indicator_flaw(own: &Indicator) -> Option<&'static str> {
    own.months.keys().any(|month| !(1..=12).contains(month)).then_some("months")
}

fn entry_flaw(entry: &Entry) -> Option<&'static str> {
    if entry.reason.is_empty() {
        return Some("reason");
    }
    let lines = entry.reviews.keys().chain(entry.contacts.keys());
    lines.max().is_some_and(|last| *last > entry.last_line).then_some("last_line")
}

fn decision_flaw(decision: &Decision) -> Option<&'static str> {
    if decision.text.is_empty() {
        return Some("text");
    }
    (decision.due_on < decision.met_on).then_some("due_on")
}

fn case_flaw(case: &Case) -> Option<&'static str> {
    if case.number.is_empty() {
        return Some("number");
    }
    if case.cycle == 0 {
        return Some("cycle");
    }
    if !case.has_sound_attachments() {
        return Some("attachments");
    }
    case.steps.keys().any(|number| *number > case.last_step).then_some("last_step")
}
