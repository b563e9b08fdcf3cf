//! A case told for the clocks: what happened on which day, and nothing else.
//!
//! One step may be two events: an opinion that supports a request is made, and it supports.

use chrono::NaiveDate;

use crate::domain::case::{Case, Entrusted};
use crate::domain::choice::{ClaimResult, Route, Source};
use crate::domain::course::{
    Assigned, Course, Event, Extension, Ground, Letter, Occurrence, Pause,
};
use crate::domain::delivery::is_doubtful;
use crate::domain::ids::ReceiptId;
use crate::domain::step::{Deed, Step};
use crate::domain::step_choice::{Declining, ObjectionAnswer, PauseGround, StopGround};

impl Case {
    /// What the clocks need to know of it.
    pub fn course(&self) -> Course {
        let mut course = Course {
            counts: self.history.is_none(),
            route: self.route.map(Route::word),
            notice_excused: self.persons.is_empty(),
            agreed_on: self.agreed_on,
            assigned: self.assignment().into_iter().filter_map(assigned).collect(),
            ..Course::default()
        };
        let mut steps: Vec<_> = self.steps.iter().collect();
        steps.sort_by_key(|(number, step)| (step.on, **number));
        // An answer is about the receipt that was objected to, and about no other.
        let answers = self.objections_answered();
        for (number, step) in steps {
            tell(&mut course, step);
            let objected = answers.get(number).copied();
            let told = occurrences(step).into_iter();
            course
                .occurrences
                .extend(told.map(|one| Occurrence { receipt: objected.or(one.receipt), ..one }));
        }
        // Reg. 25(1): its clock begins when the office marks the matter, and has no number.
        if let Some(on) = self.unreported_since() {
            course.occurrences.push(Occurrence { event: Event::Urgent, on, receipt: None });
        }
        course.occurrences.sort_by_key(|one| one.on);
        course
    }
}

fn assigned(entrusted: &Entrusted) -> Option<Assigned> {
    Some(Assigned {
        kind: Letter::Assignment,
        from: entrusted.on,
        due_on: entrusted.due_on?,
        letter: entrusted.letter.clone().unwrap_or_else(|| entrusted.by.clone()),
    })
}

/// What a step does besides happening: it lengthens, pauses, or moves a day.
fn tell(course: &mut Course, step: &Step) {
    let letter = |kind, due_on, course: &Course| Assigned {
        kind,
        from: step.on,
        due_on,
        letter: step
            .document
            .clone()
            .or_else(|| course.assigned.first().map(|first| first.letter.clone()))
            .unwrap_or_default(),
    };
    match step.deed {
        Deed::Received { receipt, channel: Some(channel), .. } => {
            course.channels.insert(receipt, channel);
        }
        Deed::Extended { days, .. } => {
            course.extensions.push(Extension { days, approved_on: step.on });
        }
        Deed::Paused { ground } => {
            course.pauses.push(Pause { ground: ground_of(ground), from: step.on, to: None });
        }
        Deed::Resumed => {
            let open = course.pauses.iter_mut().rev().find(|pause| pause.to.is_none());
            if let Some(pause) = open {
                pause.to = Some(step.on);
            }
        }
        Deed::TermMoved { due_on } => {
            let moved = letter(Letter::MoreTime, due_on, course);
            course.assigned.push(moved);
        }
        Deed::SentBack { due_on } => {
            let back = letter(Letter::Returned, due_on, course);
            course.assigned.push(back);
        }
        _ => {}
    }
}

const fn ground_of(ground: PauseGround) -> Ground {
    match ground {
        PauseGround::Hearing => Ground::Hearing,
        PauseGround::Appraisal => Ground::Appraisal,
        PauseGround::Procedure => Ground::Procedure,
        PauseGround::ForceMajeure => Ground::ForceMajeure,
    }
}

fn occurrences(step: &Step) -> Vec<Occurrence> {
    let at = |event, on, receipt| Occurrence { event, on, receipt };
    // Reg. 25: the clock of an urgent report begins when the office knows.
    let on = match step.deed {
        Deed::Alarmed { known_on, .. } => known_on.unwrap_or(step.on),
        _ => step.on,
    };
    let first = event_of(&step.deed).map(|(event, receipt)| at(event, on, receipt));
    let second = second_of(&step.deed, step.on).map(|(event, on)| at(event, on, None));
    first.into_iter().chain(second).collect()
}

/// The events that a deed is for the clocks.
pub fn events(deed: &Deed) -> Vec<Event> {
    let first = event_of(deed).map(|(event, _)| event);
    let second = second_of(deed, NaiveDate::default()).map(|(event, _)| event);
    first.into_iter().chain(second).collect()
}

fn event_of(deed: &Deed) -> Option<(Event, Option<ReceiptId>)> {
    let (event, receipt) = match deed {
        Deed::Received { receipt, source: Source::Direct, .. } => {
            (Event::ReceivedDirect, Some(*receipt))
        }
        Deed::Received { receipt, .. } => (Event::ReceivedTransfer, Some(*receipt)),
        Deed::Notified { receipt, .. } => (Event::Notified, *receipt),
        Deed::Objected { receipt } => (Event::Objected, Some(*receipt)),
        Deed::ObjectionAnswered { answer: ObjectionAnswer::Agreed } => {
            (Event::ObjectionUpheld, None)
        }
        Deed::ObjectionAnswered { answer: ObjectionAnswer::Refused } => {
            (Event::ObjectionRefused, None)
        }
        Deed::Simplified { .. } => (Event::Simplified, None),
        Deed::MadeOrdinary => (Event::Ordinary, None),
        Deed::Accepted => (Event::Accepted, None),
        Deed::Declined { how: Some(Declining::NoMore), .. } => (Event::DeclinedFinal, None),
        Deed::Declined { .. } => (Event::Declined, None),
        Deed::Forwarded { .. } => (Event::Forwarded, None),
        Deed::Guided { .. } => (Event::Led, None),
        Deed::Extended { .. } => (Event::Extended, None),
        Deed::ExtensionTold { .. } => (Event::ExtensionTold, None),
        Deed::Replied { .. } => (Event::Replied, None),
        // Reg. 35: the review's thirty days begin when the opinion was surely received.
        Deed::Delivered { manner, .. } if is_doubtful(*manner) => return None,
        Deed::Delivered { .. } | Deed::DeliveryConfirmed => (Event::Delivered, None),
        Deed::CarriedOut => (Event::Executed, None),
        Deed::ReviewAsked { .. } => (Event::ReviewAsked, None),
        Deed::Reviewed { .. } => (Event::ReviewReplied, None),
        Deed::RecheckAsked { .. } => (Event::SecondReviewAsked, None),
        Deed::Rechecked { .. } => (Event::SecondReviewReplied, None),
        Deed::Alarmed { .. } => (Event::Urgent, None),
        Deed::Reported => (Event::Reported, None),
        Deed::Settled => (Event::Settled, None),
        Deed::StruckOff { .. } => (Event::StruckOff, None),
        Deed::Concluded => (Event::Concluded, None),
        Deed::Stopped { ground: StopGround::Withdrawn } => (Event::Withdrawn, None),
        Deed::Stopped { .. } => (Event::Terminated, None),
        Deed::Merged { .. } => (Event::Merged, None),
        Deed::Reopened { .. } => (Event::Reopened, None),
        _ => return None,
    };
    Some((event, receipt))
}

/// The other event of a step that is two, and its day.
fn second_of(deed: &Deed, on: NaiveDate) -> Option<(Event, NaiveDate)> {
    match *deed {
        Deed::Forwarded { told_on, .. } => Some((Event::Notified, told_on?)),
        Deed::Extended { told_on, .. } => Some((Event::ExtensionTold, told_on?)),
        Deed::Replied { result: Some(ClaimResult::Supported), .. } => Some((Event::Supported, on)),
        Deed::Reviewed { delivered_on, .. } => Some((Event::ReviewDelivered, delivered_on?)),
        Deed::Alarmed { .. } => Some((Event::UrgentReported, on)),
        _ => None,
    }
}
