//! Extensions: which are lawful, and what they do to the sixty days.

use chrono::{Days, NaiveDate};
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

use crate::domain::course::{Course, Event, Extension, Ground, Occurrence, Pause};
use crate::domain::ids::ReceiptId;
use crate::domain::standing::Standing;
use crate::law::calendar::Calendar;
use crate::law::deadline::{Deadline, SOON_WORKDAYS, State};
use crate::law::deadlines;
use crate::law::extend::{ExtendRefusal, may_extend};
use crate::law::rule::Law;

// The Regulation knows no pause of the sixty days: here a hearing stops them, to test the counting.
fn pausable() -> Law {
    let text = include_str!("../../data/law/cn-regulation.toml");
    let (head, conclude) = text.split_once("id = \"conclude\"").unwrap();
    let conclude = conclude.replacen("pauses = []", "pauses = [\"hearing\"]", 1);
    Law::parse(&format!("{head}id = \"conclude\"{conclude}")).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn occurrence(event: Event, on: &str) -> Occurrence {
    Occurrence { event, on: day(on), receipt: None }
}

// 2026年8月6日受理：60日为10月5日，最迟10月8日。
fn course(extensions: &[(u32, &str)]) -> Course {
    let extensions = extensions
        .iter()
        .map(|(days, approved_on)| Extension { days: *days, approved_on: day(approved_on) });
    Course {
        counts: true,
        route: Some("31(6)"),
        occurrences: vec![occurrence(Event::Accepted, "2026-08-06")],
        extensions: extensions.collect(),
        ..Course::default()
    }
}

fn conclude(course: &Course) -> Deadline {
    let clocks = deadlines(course, &pausable(), &Calendar::national());
    clocks.into_iter().rfind(|clock| clock.limit == "conclude").unwrap()
}

fn extend(course: &Course, days: u32, on: &str) -> Result<NaiveDate, ExtendRefusal> {
    let extension = Extension { days, approved_on: day(on) };
    may_extend(course, &pausable(), &Calendar::national(), extension)
}

#[test]
fn sixty_and_thirty_days_are_ninety_and_one_roll() {
    assert_eq!(extend(&course(&[]), 30, "2026-10-08"), Ok(day("2026-11-04")));
    let clock = conclude(&course(&[(30, "2026-10-08")]));
    assert_eq!((clock.latest, clock.extended_days), (Some(day("2026-11-04")), 30));
}

#[test]
fn an_extended_case_is_not_late_before_its_new_latest_day() {
    let clock = conclude(&course(&[(30, "2026-09-30")]));
    let standing = |on| clock.standing(day(on), &Calendar::national(), SOON_WORKDAYS);
    assert_eq!(standing("2026-10-09"), Standing::Running);
    assert_eq!(standing("2026-11-04"), Standing::Today);
    assert_eq!(standing("2026-11-05"), Standing::Late);
}

#[test]
fn a_late_extension_is_refused() {
    let refusal = ExtendRefusal::TooLate { latest: day("2026-10-08") };
    assert_eq!(extend(&course(&[]), 30, "2026-10-09"), Err(refusal));
    assert_eq!(conclude(&course(&[(30, "2026-10-09")])).extended_days, 0);
}

#[test]
fn an_extension_within_the_extended_days_is_in_time() {
    let once = course(&[(10, "2026-10-08")]);
    assert_eq!(extend(&once, 20, "2026-10-15"), Ok(day("2026-11-04")));
    assert_eq!(conclude(&course(&[(20, "2026-10-15"), (10, "2026-10-08")])).extended_days, 30);
}

#[test]
fn a_backdated_extension_is_judged_by_the_days_of_its_approval() {
    let later = course(&[(10, "2026-10-08")]);
    assert_eq!(extend(&later, 5, "2026-09-01"), Ok(day("2026-10-20")));
}

#[test]
fn the_sum_of_extensions_is_at_most_thirty_days() {
    let remaining = |remaining| Err(ExtendRefusal::TooManyDays { remaining });
    assert_eq!(extend(&course(&[]), 31, "2026-09-01"), remaining(30));
    assert_eq!(extend(&course(&[(20, "2026-09-01")]), 11, "2026-09-02"), remaining(10));
    assert_eq!(extend(&course(&[(30, "2026-09-01")]), 1, "2026-09-02"), remaining(0));
    assert_eq!(extend(&course(&[]), u32::MAX, "2026-09-01"), remaining(30));
    let capped = conclude(&course(&[(20, "2026-09-01"), (u32::MAX, "2026-09-02")]));
    assert_eq!((capped.extended_days, capped.latest), (30, Some(day("2026-11-04"))));
}

#[test]
fn an_extension_of_no_day_is_refused() {
    assert_eq!(extend(&course(&[]), 0, "2026-09-01"), Err(ExtendRefusal::ZeroDays));
}

#[test]
fn an_extension_before_the_acceptance_is_refused() {
    let refusal = ExtendRefusal::BeforeAcceptance { accepted_on: day("2026-08-06") };
    assert_eq!(extend(&course(&[]), 10, "2026-08-05"), Err(refusal));
    assert_eq!(conclude(&course(&[(10, "2026-08-05")])).extended_days, 0);
}

#[test]
fn a_case_that_was_not_accepted_is_not_extended() {
    let mut unaccepted = course(&[]);
    unaccepted.occurrences.clear();
    assert_eq!(extend(&unaccepted, 10, "2026-09-01"), Err(ExtendRefusal::NotAccepted));
}

#[test]
fn a_case_of_another_route_is_not_extended() {
    for route in [None, Some("29"), Some("31(1)")] {
        let mut other = course(&[]);
        other.route = route;
        assert_eq!(extend(&other, 10, "2026-09-01"), Err(ExtendRefusal::WrongRoute));
    }
}

#[test]
fn a_concluded_case_is_not_extended() {
    let mut ended = course(&[]);
    ended.occurrences.push(occurrence(Event::Concluded, "2026-09-10"));
    let refusal = ExtendRefusal::Concluded { on: day("2026-09-10") };
    assert_eq!(extend(&ended, 10, "2026-09-01"), Err(refusal));
}

#[test]
fn days_approved_after_the_conclusion_change_nothing() {
    let mut ended = course(&[(10, "2026-09-20")]);
    ended.occurrences.push(occurrence(Event::Concluded, "2026-09-10"));
    assert_eq!(conclude(&ended).extended_days, 0);
}

#[test]
fn days_approved_on_the_day_of_a_new_acceptance_belong_to_the_new_round() {
    let mut reopened = course(&[(10, "2026-09-10")]);
    reopened.occurrences.push(occurrence(Event::Concluded, "2026-09-10"));
    reopened.occurrences.push(occurrence(Event::Accepted, "2026-09-10"));
    let clocks = deadlines(&reopened, &pausable(), &Calendar::national());
    let clocks = clocks.iter().filter(|clock| clock.limit == "conclude");
    let days: Vec<_> = clocks.map(|clock| clock.extended_days).collect();
    assert_eq!(days, [0, 10]);
}

#[test]
fn a_matter_without_clocks_or_older_than_the_rule_is_not_extended() {
    let mut taken_over = course(&[]);
    taken_over.counts = false;
    assert_eq!(extend(&taken_over, 10, "2026-09-01"), Err(ExtendRefusal::NoLimit));
    let mut old = course(&[]);
    old.occurrences[0].on = day("2022-04-01");
    assert_eq!(extend(&old, 10, "2022-04-10"), Err(ExtendRefusal::NoLimit));
}

#[test]
fn the_days_of_an_earlier_round_are_not_those_of_the_next() {
    let mut reopened = course(&[(30, "2026-09-01")]);
    reopened.occurrences.push(occurrence(Event::Concluded, "2026-09-10"));
    reopened.occurrences.push(occurrence(Event::Accepted, "2026-09-20"));
    let clock = conclude(&reopened);
    assert_eq!((clock.state, clock.extended_days), (State::Running, 0));
    assert_eq!(clock.latest, Some(day("2026-11-19")));
    assert_eq!(extend(&reopened, 30, "2026-11-19"), Ok(day("2026-12-21")));
}

#[test]
fn a_clock_that_stands_still_is_not_extended() {
    let mut paused = course(&[]);
    paused.pauses = vec![Pause { ground: Ground::Hearing, from: day("2026-08-10"), to: None }];
    let refusal = ExtendRefusal::Paused { since: day("2026-08-10") };
    assert_eq!(extend(&paused, 10, "2026-12-01"), Err(refusal));
    paused.pauses[0].to = Some(day("2026-08-20"));
    assert_eq!(extend(&paused, 10, "2026-10-15"), Ok(day("2026-10-26")), "a pause moves the end");
}

proptest! {
    #[test]
    fn extensions_add_at_most_thirty_days_and_never_take_any(
        extensions in prop::collection::vec((any::<u8>(), 0_u64..150), 0..6),
    ) {
        let mut extended = course(&[]);
        extended.extensions = extensions
            .iter()
            .map(|(days, after)| Extension {
                days: (*days).into(),
                approved_on: day("2026-08-01").checked_add_days(Days::new(*after)).unwrap(),
            })
            .collect();
        let (plain, clock) = (conclude(&course(&[])), conclude(&extended));
        prop_assert!(clock.extended_days <= 30);
        prop_assert!(clock.latest >= plain.latest);
        prop_assert!(clock.latest <= Some(day("2026-11-04")));
        let days = Days::new(60 + u64::from(clock.extended_days));
        prop_assert_eq!(clock.target, day("2026-08-06").checked_add_days(days));
    }

    #[test]
    fn what_may_be_granted_is_what_the_clock_then_shows(
        days in 0_u32..40, after in 0_u64..120, earlier in 1_u32..30, earlier_after in 0_u64..60,
    ) {
        let on = |after| day("2026-08-01").checked_add_days(Days::new(after)).unwrap();
        let mut case = course(&[]);
        case.extensions = vec![Extension { days: earlier, approved_on: on(earlier_after) }];
        let asked = Extension { days, approved_on: on(after) };
        let before = conclude(&case);
        let answer = may_extend(&case, &pausable(), &Calendar::national(), asked);
        case.extensions.push(asked);
        let granted = conclude(&case);
        match answer {
            Ok(latest) => {
                prop_assert_eq!(granted.latest, Some(latest));
                prop_assert_eq!(granted.extended_days, before.extended_days + days);
            }
            Err(ExtendRefusal::TooManyDays { .. }) => prop_assert!(granted.extended_days <= 30),
            Err(_) => prop_assert_eq!(granted.latest, before.latest),
        }
    }

    #[test]
    fn no_course_however_odd_is_beyond_an_answer(
        events in prop::collection::vec((0_usize..11, any::<i32>(), 0_u64..3), 0..12),
        days in any::<u32>(), at in any::<i32>(), is_open in any::<bool>(),
    ) {
        let date = |n: i32| NaiveDate::from_num_days_from_ce_opt(n / 8).unwrap_or(NaiveDate::MAX);
        let all = [
            Event::ReceivedDirect, Event::ReceivedTransfer, Event::Notified, Event::Objected,
            Event::Accepted, Event::Declined, Event::Replied, Event::Delivered,
            Event::Concluded, Event::Reported, Event::Settled,
        ];
        let mut odd = course(&[]);
        odd.occurrences = events
            .iter()
            .map(|(event, on, receipt)| Occurrence {
                event: all[*event],
                on: date(*on),
                receipt: (*receipt > 0).then_some(ReceiptId(*receipt)),
            })
            .collect();
        odd.extensions = vec![Extension { days, approved_on: date(at) }];
        odd.pauses = vec![Pause { ground: Ground::Hearing, from: date(at), to: (!is_open).then(|| date(at / 2)) }];
        odd.agreed_on = Some(date(at));
        let calendar = Calendar::national();
        for clock in deadlines(&odd, &pausable(), &calendar) {
            let standing = clock.standing(date(at), &calendar, SOON_WORKDAYS);
            let is_paused = matches!(clock.state, State::Paused { .. });
            prop_assert_eq!(standing == Standing::Paused, is_paused);
            prop_assert!(clock.target <= clock.latest);
        }
    }
}
