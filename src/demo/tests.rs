//! What a made-up town must be: lawful, the same for the same seed, and of any size.

use chrono::NaiveDate;

use crate::demo::{Made, Size, Town};
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{EndReason, Source};
use crate::domain::entry::{Days, Entry, EntryState, Owed, OwedKind};
use crate::domain::ids::Kind;
use crate::domain::number::Series;
use crate::domain::receipt::Receipt;
use crate::domain::roster::{PENDING_WORKDAYS, must_carry};
use crate::domain::standing::Standing;
use crate::law::calendar::Calendar;
use crate::law::count::{Length, Unit, count};
use crate::law::deadline::next_due;
use crate::law::deadlines;
use crate::law::rule::Law;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 20).unwrap()
}

fn town(seed: u64, size: Size) -> Town {
    Town::make(seed, today(), size)
}

fn cases(town: &Town) -> Vec<(Case, Vec<Receipt>)> {
    town.records()
        .filter_map(|made| match made.unwrap() {
            Made::Case(case, receipts) => Some((*case, receipts)),
            _ => None,
        })
        .collect()
}

#[test]
fn every_case_of_any_town_keeps_the_rules() {
    for (seed, n_cases) in [(1, 400), (2, 0), (3, 1), (4, 39), (5, 3_000), (6, 400), (7, 401)] {
        let size = Size { cases: n_cases, ..Size::default() };
        assert_eq!(cases(&town(seed, size)).len() as u64, n_cases);
    }
}

#[test]
fn a_town_of_one_village_with_the_fewest_officers_and_no_persons_is_still_a_town() {
    let size = Size { villages: 0, officers: 0, persons: 0, cases: 60 };
    let town = town(9, size);
    let made: Vec<Made> = town.records().map(Result::unwrap).collect();
    let count = |is: fn(&Made) -> bool| made.iter().filter(|made| is(made)).count();
    assert_eq!(count(|made| matches!(made, Made::Officer(_))), 3);
    assert_eq!(count(|made| matches!(made, Made::Person(_))), 0);
    assert_eq!(count(|made| matches!(made, Made::Case(..))), 60);
}

#[test]
fn the_same_seed_makes_the_same_town() {
    let size = Size { cases: 120, ..Size::default() };
    assert_eq!(cases(&town(11, size)), cases(&town(11, size)));
    assert_ne!(cases(&town(11, size)), cases(&town(12, size)));
}

#[test]
fn cases_come_in_the_order_of_their_days_and_receipts_without_a_gap() {
    let made = cases(&town(1, Size::default()));
    let mut next_receipt = 1;
    for (place, (case, receipts)) in made.iter().enumerate() {
        assert_eq!(case.id.0, place as u64 + 1);
        for receipt in receipts {
            assert_eq!((receipt.id.0, receipt.case), (next_receipt, case.id));
            next_receipt += 1;
        }
        assert_eq!(case.receipts(), receipts.iter().map(|r| r.id).collect::<Vec<_>>());
    }
    let days: Vec<NaiveDate> = made.iter().map(|(case, _)| case.received_on).collect();
    assert!(days.is_sorted());
}

#[test]
fn the_numbers_used_are_those_of_the_last_cases() {
    let town = town(1, Size::default());
    let made = cases(&town);
    let last = town.numbers();
    let (_, serial) = last.iter().find(|(s, _)| *s == Series::Case { year: 2026 }).unwrap();
    let number = Series::Case { year: 2026 }.print("青信", *serial);
    assert_eq!(made.last().unwrap().0.number, number);
    let mut numbers: Vec<&str> = made.iter().map(|(case, _)| case.number.as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), made.len(), "no number is used twice");
}

#[test]
fn a_request_reads_like_one_and_leaves_no_gap_unfilled() {
    for (case, _) in cases(&town(1, Size::default())) {
        let n_chars = case.request.chars().count();
        assert!((60..=300).contains(&n_chars), "{n_chars} characters: {}", case.request);
        let texts = case.steps.values().filter_map(|step| step.text.as_ref());
        let documents = case.steps.values().filter_map(|step| step.document.as_ref());
        for text in texts.chain(documents).chain([&case.request, &case.title]) {
            assert!(!text.contains('{') && !text.is_empty(), "{text}");
        }
        assert!(case.claims.values().all(|claim| !claim.text.contains('{')));
    }
}

#[test]
fn a_demo_shows_every_stage_and_source() {
    let made = cases(&town(1, Size::default()));
    for stage in Stage::ALL {
        assert!(made.iter().any(|(case, _)| case.stage() == stage), "{stage:?}");
    }
    for source in Source::ALL {
        let came = made.iter().flat_map(|(_, receipts)| receipts);
        assert!(came.into_iter().any(|receipt| receipt.source == *source), "{source:?}");
    }
    let n_open = made.iter().filter(|(case, _)| case.stage().is_open()).count();
    assert!((40..=70).contains(&n_open), "{n_open} are open");
}

#[test]
fn nobody_in_a_demo_has_an_id_number_and_every_tie_leads_to_a_person() {
    let town = town(1, Size::default());
    for made in town.records() {
        match made.unwrap() {
            Made::Person(person) => assert_eq!(person.id_number, None),
            Made::Case(case, _) => {
                assert!(case.persons.keys().all(|id| (1..=320).contains(&id.0)));
                assert!(case.officers().iter().all(|id| (1..=20).contains(&id.0)));
            }
            Made::Office(_) | Made::Unit(_) | Made::Officer(_) | Made::Plan(_) => {}
            Made::Task(_) | Made::Duty(_) | Made::Indicator(_) | Made::Decision(_) => {}
            Made::Entry(entry) => assert!((1..=20).contains(&entry.officer.0)),
        }
    }
}

#[test]
fn records_of_a_demo_hold_what_their_forms_would_take() {
    let town = town(1, Size::default());
    for made in town.records() {
        let (kind, value) = match made.unwrap() {
            Made::Office(office) => (Kind::Office, serde_json::to_value(office).unwrap()),
            Made::Unit(unit) => (Kind::Unit, serde_json::to_value(unit).unwrap()),
            Made::Officer(officer) => (Kind::Officer, serde_json::to_value(officer).unwrap()),
            Made::Person(person) => (Kind::Person, serde_json::to_value(person).unwrap()),
            Made::Plan(plan) => (Kind::Plan, serde_json::to_value(*plan).unwrap()),
            Made::Task(task) => (Kind::Task, serde_json::to_value(*task).unwrap()),
            Made::Duty(duty) => (Kind::Duty, serde_json::to_value(*duty).unwrap()),
            Made::Indicator(own) => (Kind::Indicator, serde_json::to_value(*own).unwrap()),
            Made::Decision(own) => (Kind::Decision, serde_json::to_value(*own).unwrap()),
            Made::Case(case, _) => (Kind::Case, serde_json::to_value(*case).unwrap()),
            Made::Entry(entry) => (Kind::Entry, serde_json::to_value(*entry).unwrap()),
        };
        for field in crate::domain::schema::record(kind) {
            let Some(held) = value.get(field.name()) else { continue };
            if field.kind == crate::domain::field::FieldKind::Inner {
                continue;
            }
            let text = field.kind.format(held);
            assert_eq!(field.kind.parse(&text, today()).as_ref(), Ok(held), "{}", field.key);
        }
    }
}

#[test]
fn no_step_lies_in_the_future_or_before_its_case() {
    for (case, _) in cases(&town(3, Size { cases: 2_000, ..Size::default() })) {
        for step in case.steps.values() {
            assert!(step.on <= step.entered_on && step.entered_on <= today());
            assert!(step.on >= case.received_on);
        }
    }
}

#[test]
fn the_agenda_of_a_demo_looks_like_a_day_at_the_office() {
    let (law, calendar) = (Law::national(), Calendar::national());
    for seed in 1..=5 {
        let (mut late, mut due, mut soon, mut fresh) = (0, 0, 0, 0);
        for (case, _) in cases(&town(seed, Size::default())) {
            if !case.stage().is_open() {
                continue;
            }
            let clocks = deadlines(&case.course(), &law, &calendar);
            let standing = next_due(&clocks).map(|next| next.standing(today(), &calendar, 3));
            match standing {
                Some(Standing::Late) => late += 1,
                Some(Standing::Today) => due += 1,
                Some(Standing::Soon) => soon += 1,
                _ if case.stage() == Stage::Registered => fresh += 1,
                _ => {}
            }
        }
        assert!((2..=6).contains(&late), "{late} are late");
        assert!((3..=4).contains(&due), "{due} are due today");
        assert!((5..=8).contains(&soon), "{soon} are due soon");
        assert!((3..=5).contains(&fresh), "{fresh} are new");
    }
}

#[test]
fn nothing_that_is_over_left_a_duty_undone_and_few_were_late() {
    let (law, calendar) = (Law::national(), Calendar::national());
    let (mut n_over, mut n_late) = (0, 0);
    for (case, _) in cases(&town(1, Size { cases: 2_000, ..Size::default() })) {
        if case.stage().is_open() {
            continue;
        }
        n_over += 1;
        for clock in deadlines(&case.course(), &law, &calendar) {
            let standing = clock.standing(today(), &calendar, 3);
            assert_ne!(standing, Standing::Late, "{} {}", case.number, clock.limit);
            n_late += u32::from(standing == Standing::MetLate);
        }
    }
    assert!(n_late > 0 && n_late * 20 < n_over, "{n_late} of {n_over} were late");
}

#[test]
fn no_task_of_a_demo_is_done_before_what_it_waits_for() {
    let town = town(1, Size::default());
    let mut tasks = Vec::new();
    for made in town.records() {
        if let Made::Task(task) = made.unwrap() {
            tasks.push(*task);
        }
    }
    let mut n_waiting = 0;
    for task in &tasks {
        let Some(done_on) = task.done_on() else { continue };
        for code in &task.needs {
            let all: Vec<_> = tasks.iter().filter(|other| other.code == *code).cloned().collect();
            for need in task.waits_for(&all) {
                assert!(need.state.is_settled(), "{} was done before {code}", task.code);
                assert!(need.done_on().is_none_or(|on| on <= done_on));
                n_waiting += 1;
            }
        }
    }
    assert!(n_waiting > 10, "{n_waiting}");
    let states: std::collections::BTreeSet<_> =
        tasks.iter().map(|task| task.state.word()).collect();
    assert_eq!(states.len(), 5, "every state is shown: {states:?}");
}

#[test]
fn villages_of_a_demo_have_reported_reported_nothing_or_owe_it_still() {
    use crate::domain::choice::ReportState;
    let town = town(1, Size::default());
    let mut states = Vec::new();
    for made in town.records() {
        if let Made::Duty(duty) = made.unwrap()
            && duty.code == "M3"
        {
            states.push(duty.state("2026-10"));
        }
    }
    let count = |wanted| states.iter().filter(|state| **state == wanted).count();
    assert_eq!(states.len(), 12);
    for state in ReportState::ALL {
        assert!(count(*state) > 0, "{state:?}");
    }
}

fn entries(town: &Town) -> Vec<(Entry, Case)> {
    let mut found = Vec::new();
    let mut last: Option<Case> = None;
    for made in town.records() {
        match made.unwrap() {
            Made::Case(case, _) => last = Some(*case),
            Made::Entry(entry) => found.push((*entry, last.clone().unwrap())),
            _ => {}
        }
    }
    found
}

#[test]
fn the_roster_of_a_demo_holds_entries_in_every_state_and_their_grounds_are_on_their_cases() {
    let made = entries(&town(1, Size::default()));
    assert!((12..=15).contains(&made.len()), "{} entries", made.len());
    let pending = |entry: &Entry| {
        let length = Length::new(PENDING_WORKDAYS, Unit::Workday).unwrap();
        count(entry.review_on, length, &Calendar::national()).unwrap().latest
    };
    let state = |entry: &Entry| {
        let days = Days { today: today(), pending_until: pending(entry) };
        (entry.state(days), entry.owed(days, None))
    };
    for wanted in
        [EntryState::Proposed, EntryState::Running, EntryState::Pending, EntryState::Ended]
    {
        assert!(made.iter().any(|(entry, _)| state(entry).0 == wanted), "none is {wanted:?}");
    }
    for kind in [OwedKind::Contact, OwedKind::Promise] {
        let is_late = |owed: &Owed| owed.kind == kind && owed.on < today();
        assert!(made.iter().any(|(entry, _)| state(entry).1.iter().any(is_late)), "{kind:?}");
    }
    for (entry, case) in &made {
        assert_eq!(entry.case, case.id);
        assert_eq!(must_carry(case, entry.ground), Ok(()), "{}", entry.id.0);
        assert!(case.persons.contains_key(&entry.person));
        assert!([&entry.reason, &entry.measures].iter().all(|text| !text.is_empty()));
        assert!(entry.contacts.values().all(|contact| contact.on <= today()));
        let is_waiting = state(entry).0 == EntryState::Proposed;
        assert!(is_waiting == entry.approval.is_none(), "{}", entry.id.0);
    }
    let lapsed = made.iter().filter(|(entry, _)| {
        entry.ending.as_ref().is_some_and(|ending| ending.why == EndReason::Lapsed)
    });
    assert_eq!(lapsed.count(), 1);
    assert_eq!(made, entries(&town(1, Size::default())));
}

#[test]
fn a_roster_is_made_for_a_town_of_any_size_without_a_refusal() {
    for (seed, cases) in [(2, 0), (3, 30), (4, 60), (5, 900), (6, 400), (7, 2_500), (8, 400)] {
        let made = entries(&town(seed, Size { cases, ..Size::default() }));
        assert!(cases < 60 || made.len() > 3, "{seed} {cases}: {}", made.len());
    }
}

#[test]
fn a_demo_has_matters_for_the_next_meeting_and_decisions_of_the_last_one() {
    for (n_cases, wanted) in [(60, (1, 0)), (400, (3, 4))] {
        let town = town(1, Size { cases: n_cases, persons: 60, ..Size::default() });
        let n_tabled = cases(&town).iter().filter(|(case, _)| case.tabled.is_some()).count();
        let decisions: Vec<_> = town
            .records()
            .filter_map(|made| match made.unwrap() {
                Made::Decision(decision) => Some(*decision),
                _ => None,
            })
            .collect();
        assert_eq!((n_tabled, decisions.len()), wanted);
        if decisions.is_empty() {
            continue;
        }
        let n_late = decisions.iter().filter(|own| own.outcome.is_none() && own.due_on < today());
        assert_eq!(n_late.count(), 1);
        assert_eq!(decisions.iter().filter(|own| own.outcome.is_some()).count(), 1);
    }
}
