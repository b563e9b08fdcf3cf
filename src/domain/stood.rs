//! How a record stood on an earlier day, as far as its own dated parts say it.
//!
//! Facts that were entered one by one are replayed up to the day by the store. A record that came
//! with its history, such as those of an import, holds later parts from its first fact on: they are
//! taken off here, and what they had changed is what it was before.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::choice::EndReason;
use crate::domain::entry::{Ending, Entry};
use crate::domain::step::Deed;

/// An entry of the roster without what came after a day; none if it was not proposed by then.
///
/// One that nobody renewed ended with its review day, and is known to have ended only after the
/// last day on which it could have been renewed, which `pending_until` tells.
pub fn entry(
    mut entry: Entry,
    on: NaiveDate,
    pending_until: impl Fn(&Entry) -> NaiveDate,
) -> Option<Entry> {
    if entry.proposed_on > on {
        return None;
    }
    entry.approval = entry.approval.filter(|approval| approval.on <= on);
    entry.told_on = entry.told_on.filter(|told| *told <= on);
    entry.reported_on = entry.reported_on.filter(|reported| *reported <= on);
    entry.lapsed_on = entry.lapsed_on.filter(|lapsed| *lapsed <= on);
    let is_pending =
        |ending: &Ending| ending.why == EndReason::Lapsed && on <= pending_until(&entry);
    entry.ending = entry.ending.clone().filter(|ending| ending.on <= on && !is_pending(ending));
    let later = entry.reviews.values().find(|review| review.on > on);
    entry.review_on = later.map_or(entry.review_on, |review| review.was);
    entry.reviews.retain(|_, review| review.on <= on);
    // Of a contact before which none is known the day that was agreed is not known either: its own
    // stands for it.
    let later = entry.contacts.values().filter(|contact| contact.on > on);
    let later = later.map(|contact| contact.on).min();
    entry.contacts.retain(|_, contact| contact.on <= on);
    if let Some(later) = later {
        entry.contact_on = entry.last_contact().map_or(later, |last| last.next_on);
    }
    Some(entry)
}

/// A case without the steps that came after a day.
pub fn case(mut case: Case, on: NaiveDate) -> Case {
    let routed = |case: &Case| {
        case.steps.values().rev().find_map(|step| match step.deed {
            Deed::Routed { route } => Some(route),
            _ => None,
        })
    };
    let was_routed = routed(&case).is_some();
    case.steps.retain(|_, step| step.on <= on);
    if was_routed {
        case.route = routed(&case);
    }
    let cycle = case.steps.values().map(|step| step.cycle).max();
    case.cycle = cycle.map_or(1, |cycle| cycle.min(case.cycle));
    case.entrusted = case.entrusted.filter(|letter| letter.on <= on);
    case
}

#[cfg(test)]
mod tests {
    use super::entry;
    use crate::demo::{Made, Size, Town};
    use chrono::{Days, NaiveDate};

    #[test]
    fn what_came_after_a_day_is_taken_off_and_nothing_that_was_there_is_lost() {
        let today = NaiveDate::from_ymd_opt(2026, 10, 20).expect("a day");
        let town = Town::make(3, today, Size { cases: 300, ..Size::default() });
        let mut n_earlier = 0;
        for made in town.records() {
            let Ok(Made::Entry(own)) = made else { continue };
            assert_eq!(
                entry((*own).clone(), today, |own| own.review_on),
                Some((*own).clone()),
                "it stood as it stands"
            );
            let before = own.proposed_on.pred_opt().expect("a day");
            assert_eq!(entry((*own).clone(), before, |own| own.review_on), None);
            for back in 1..40 {
                let on = today.checked_sub_days(Days::new(back)).expect("a day");
                let stood = entry((*own).clone(), on, |own| own.review_on);
                let Some(stood) = stood else { break };
                n_earlier += 1;
                assert!(stood.contacts.values().all(|contact| contact.on <= on));
                assert!(stood.reviews.values().all(|review| review.on <= on));
                let kept = own.contacts.values().filter(|contact| contact.on <= on).count();
                assert_eq!(stood.contacts.len(), kept);
                let last = own.reviews.values().rfind(|review| review.on <= on);
                if let Some(last) = last {
                    assert_eq!(stood.review_on, last.until);
                }
            }
        }
        assert!(n_earlier > 20, "{n_earlier}");
    }
}
