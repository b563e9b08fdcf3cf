//! Deadlines: which clocks a course sets going, and how they stand.

use chrono::NaiveDate;

use crate::domain::course::{
    Assigned, Course, Event, Extension, Ground, Letter, Occurrence, Pause,
};
use crate::domain::ids::ReceiptId;
use crate::domain::standing::Standing;
use crate::law::calendar::Calendar;
use crate::law::deadline::{Basis, Deadline, SOON_WORKDAYS, State, Why, next_due};
use crate::law::deadlines;
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

fn course(occurrences: &[(Event, &str, Option<u64>)]) -> Course {
    let occurrences = occurrences.iter().map(|(event, on, receipt)| Occurrence {
        event: *event,
        on: day(on),
        receipt: receipt.map(ReceiptId),
    });
    Course {
        counts: true,
        route: Some("31(6)"),
        occurrences: occurrences.collect(),
        ..Course::default()
    }
}

fn accepted(on: &str) -> Course {
    course(&[(Event::Accepted, on, None)])
}

fn concluded(on: &str, end: &str) -> Course {
    course(&[(Event::Accepted, on, None), (Event::Concluded, end, None)])
}

fn all(course: &Course) -> Vec<Deadline> {
    deadlines(course, &pausable(), &Calendar::national())
}

fn of(course: &Course, limit: &str) -> Vec<Deadline> {
    all(course).into_iter().filter(|deadline| deadline.limit == limit).collect()
}

fn one(course: &Course, limit: &str) -> Deadline {
    let found = of(course, limit);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

fn standing(deadline: &Deadline, today: &str) -> Standing {
    deadline.standing(day(today), &Calendar::national(), SOON_WORKDAYS)
}

#[test]
fn sixty_days_run_from_the_acceptance() {
    let clock = one(&accepted("2026-08-06"), "conclude");
    let basis = Basis::Article { norm: "信访工作条例".into(), article: "34".into() };
    assert_eq!(clock.basis, basis);
    assert_eq!(clock.target, Some(day("2026-10-05")));
    assert_eq!(clock.latest, Some(day("2026-10-08")));
    assert_eq!(clock.days_left(day("2026-10-10")), Some(-2));
}

#[test]
fn a_clock_stands_as_its_days_say() {
    let clock = one(&accepted("2026-08-06"), "conclude");
    for (today, expected) in [
        ("2026-08-06", Standing::Running),
        // 到10月8日还有4个、3个工作日。
        ("2026-09-25", Standing::Running),
        ("2026-09-28", Standing::Soon),
        ("2026-10-05", Standing::Soon),
        ("2026-10-06", Standing::Rolled),
        ("2026-10-08", Standing::Today),
        ("2026-10-09", Standing::Late),
    ] {
        assert_eq!(standing(&clock, today), expected, "{today}");
    }
    let soon = |n| clock.standing(day("2026-10-05"), &Calendar::national(), n);
    assert_eq!((soon(1), soon(0)), (Standing::Soon, Standing::Running));
}

#[test]
fn a_case_concluded_after_the_latest_day_was_met_late() {
    let in_time = one(&concluded("2026-08-06", "2026-10-08"), "conclude");
    assert_eq!(standing(&in_time, "2027-01-01"), Standing::Met);
    assert_eq!(in_time.days_left(day("2026-10-01")), None);
    let late = one(&concluded("2026-08-06", "2026-10-09"), "conclude");
    assert_eq!(standing(&late, "2027-01-01"), Standing::MetLate);
}

#[test]
fn only_matters_of_article_31_6_have_sixty_days() {
    let state = |route| {
        let mut course = accepted("2026-08-06");
        course.route = route;
        one(&course, "conclude").state
    };
    assert_eq!(state(Some("31(6)")), State::Running);
    assert_eq!(state(Some("29")), State::NotStarted(Why::OtherRoute));
    assert_eq!(state(Some("31(5)")), State::NotStarted(Why::OtherRoute));
    assert_eq!(state(None), State::NotStarted(Why::RouteUndecided));
}

#[test]
fn nothing_runs_before_the_acceptance() {
    let clock = one(&course(&[]), "conclude");
    assert_eq!(clock.state, State::NotStarted(Why::Awaiting(Event::Accepted)));
    assert_eq!(standing(&clock, "2026-10-01"), Standing::NotStarted);
    assert_eq!((clock.latest, clock.days_left(day("2026-10-01"))), (None, None));
}

#[test]
fn a_matter_from_an_old_ledger_has_no_clock() {
    let mut course = accepted("2026-08-06");
    course.counts = false;
    course.agreed_on = Some(day("2026-09-01"));
    assert_eq!(all(&course), []);
}

#[test]
fn each_receipt_has_its_own_notice_clock() {
    let clocks = of(
        &course(&[
            (Event::ReceivedDirect, "2026-09-05", Some(1)),
            (Event::Notified, "2026-09-08", Some(1)),
            (Event::ReceivedDirect, "2026-09-10", Some(2)),
        ]),
        "notice_direct",
    );
    let states: Vec<_> = clocks.iter().map(|clock| (clock.receipt, clock.state)).collect();
    assert_eq!(
        states,
        [
            (Some(ReceiptId(1)), State::Met { on: day("2026-09-08") }),
            (Some(ReceiptId(2)), State::Running),
        ]
    );
    assert_eq!(clocks[0].latest, Some(day("2026-09-20")), "a working Sunday");
    assert_eq!(clocks[1].latest, Some(day("2026-09-28")));
}

#[test]
fn what_is_told_of_the_case_answers_only_the_receipts_that_were_there() {
    let clocks = of(
        &course(&[
            (Event::ReceivedDirect, "2026-09-05", Some(1)),
            (Event::Accepted, "2026-09-08", None),
            (Event::ReceivedDirect, "2026-09-10", Some(2)),
        ]),
        "notice_direct",
    );
    assert_eq!(clocks[0].state, State::Met { on: day("2026-09-08") });
    assert_eq!(clocks[1].state, State::Running);
}

#[test]
fn a_notice_on_the_spot_meets_the_clock_of_that_day() {
    let course = course(&[
        (Event::ReceivedDirect, "2026-09-05", Some(1)),
        (Event::Notified, "2026-09-05", None),
    ]);
    assert_eq!(one(&course, "notice_direct").state, State::Met { on: day("2026-09-05") });
}

#[test]
fn an_unclear_address_excuses_the_notice_of_a_direct_petition_alone() {
    let mut course = course(&[
        (Event::ReceivedDirect, "2026-09-05", Some(1)),
        (Event::ReceivedTransfer, "2026-09-05", Some(2)),
    ]);
    course.notice_excused = true;
    let direct = one(&course, "notice_direct");
    assert_eq!(direct.state, State::NotStarted(Why::Excused));
    assert_eq!((direct.from, direct.latest), (Some(day("2026-09-05")), None));
    assert_eq!(one(&course, "notice_transfer").state, State::Running);
}

#[test]
fn an_objection_lapses_and_is_never_late() {
    let clock = one(&course(&[(Event::ReceivedTransfer, "2026-09-16", Some(1))]), "objection");
    assert_eq!(clock.latest, Some(day("2026-09-22")));
    assert_eq!(standing(&clock, "2026-09-22"), Standing::Today);
    assert_eq!(standing(&clock, "2026-09-23"), Standing::Lapsed);
}

#[test]
fn an_objection_counts_in_time_and_before_the_case_is_taken_on() {
    let state = |events: &[(Event, &str)]| {
        let mut occurrences = vec![(Event::ReceivedTransfer, "2026-09-16", Some(1))];
        occurrences.extend(events.iter().map(|(event, on)| (*event, *on, Some(1))));
        one(&course(&occurrences), "objection").state
    };
    let met = State::Met { on: day("2026-09-22") };
    assert_eq!(state(&[(Event::Objected, "2026-09-22")]), met);
    assert_eq!(state(&[(Event::Objected, "2026-09-23")]), State::Lapsed);
    assert_eq!(state(&[(Event::Accepted, "2026-09-18")]), State::Lapsed);
    assert_eq!(state(&[(Event::Notified, "2026-09-18")]), State::Lapsed);
    let taken_on = [(Event::Accepted, "2026-09-18"), (Event::Objected, "2026-09-22")];
    assert_eq!(state(&taken_on), State::Lapsed);
    let refused = [(Event::Objected, "2026-09-22"), (Event::Accepted, "2026-09-25")];
    assert_eq!(state(&refused), met);
}

#[test]
fn a_refused_objection_leaves_the_notice_clock_where_it_was() {
    let course = course(&[
        (Event::ReceivedTransfer, "2026-09-10", Some(1)),
        (Event::Objected, "2026-09-14", Some(1)),
    ]);
    let notice = one(&course, "notice_transfer");
    assert_eq!((notice.from, notice.latest), (Some(day("2026-09-10")), Some(day("2026-09-28"))));
}

#[test]
fn a_petition_older_than_the_regulation_has_no_rule() {
    let clocks = all(&course(&[(Event::ReceivedDirect, "2022-04-30", Some(1))]));
    assert_eq!(clocks[0].state, State::NotStarted(Why::NotInForce));
    assert_eq!(one(&accepted("2022-04-30"), "conclude").state, State::NotStarted(Why::NotInForce));
}

#[test]
fn a_reopened_case_runs_anew_and_the_old_round_stands() {
    let mut course = course(&[
        (Event::Accepted, "2026-01-05", None),
        (Event::Concluded, "2026-03-20", None),
        (Event::Accepted, "2026-08-06", None),
    ]);
    course.agreed_on = Some(day("2026-09-30"));
    let rounds = of(&course, "conclude");
    assert_eq!(standing(&rounds[0], "2026-08-06"), Standing::MetLate);
    assert_eq!((rounds[1].state, rounds[1].latest), (State::Running, Some(day("2026-10-08"))));
    assert_eq!(one(&course, "agreed").state, State::Running, "the old conclusion is another's");
}

#[test]
fn a_case_can_be_concluded_and_taken_up_again_on_one_day() {
    let rounds = of(
        &course(&[
            (Event::Accepted, "2026-07-01", None),
            (Event::Concluded, "2026-08-06", None),
            (Event::Accepted, "2026-08-06", None),
        ]),
        "conclude",
    );
    let states: Vec<_> = rounds.iter().map(|round| round.state).collect();
    assert_eq!(states, [State::Met { on: day("2026-08-06") }, State::Running]);
}

#[test]
fn the_latest_acceptance_counts() {
    let course =
        course(&[(Event::Accepted, "2026-07-01", None), (Event::Accepted, "2026-08-06", None)]);
    assert_eq!(one(&course, "conclude").from, Some(day("2026-08-06")));
}

#[test]
fn a_case_accepted_and_concluded_on_one_day_is_met_in_any_order() {
    let course =
        course(&[(Event::Concluded, "2026-08-06", None), (Event::Accepted, "2026-08-06", None)]);
    assert_eq!(one(&course, "conclude").state, State::Met { on: day("2026-08-06") });
}

#[test]
fn a_paused_clock_has_no_due_day_until_it_goes_on() {
    let mut course = accepted("2026-08-06");
    course.pauses = vec![Pause { ground: Ground::Hearing, from: day("2026-08-10"), to: None }];
    let clock = one(&course, "conclude");
    assert_eq!(clock.state, State::Paused { since: day("2026-08-10") });
    assert_eq!((clock.target, clock.latest), (None, None));
    assert_eq!(standing(&clock, "2027-01-01"), Standing::Paused);
    assert_eq!(next_due(&all(&course)), None);
    course.pauses[0].to = Some(day("2026-08-20"));
    let clock = one(&course, "conclude");
    assert_eq!((clock.state, clock.latest), (State::Running, Some(day("2026-10-15"))));
}

#[test]
fn a_pause_of_a_case_leaves_the_notice_clock_alone() {
    let mut course = course(&[(Event::ReceivedDirect, "2026-08-06", Some(1))]);
    course.pauses = vec![Pause { ground: Ground::Hearing, from: day("2026-08-07"), to: None }];
    assert_eq!(one(&course, "notice_direct").latest, Some(day("2026-08-21")));
}

#[test]
fn a_pause_does_not_mend_what_was_late_before() {
    let mut course = accepted("2026-08-06");
    course.pauses = vec![Pause { ground: Ground::Hearing, from: day("2026-10-08"), to: None }];
    let clock = one(&course, "conclude");
    assert_eq!(standing(&clock, "2026-10-09"), Standing::Late);
}

#[test]
fn a_case_concluded_during_a_pause_is_met_in_time() {
    let mut course = concluded("2026-08-06", "2026-12-01");
    course.pauses = vec![Pause { ground: Ground::Hearing, from: day("2026-08-10"), to: None }];
    let clock = one(&course, "conclude");
    assert_eq!(standing(&clock, "2026-12-02"), Standing::Met);
    assert!(clock.latest > Some(day("2026-12-01")));
}

#[test]
fn an_agreed_day_is_not_rolled_and_a_settlement_meets_it() {
    let mut course = course(&[(Event::ReceivedDirect, "2026-08-06", Some(1))]);
    course.agreed_on = Some(day("2026-10-03"));
    let clock = one(&course, "agreed");
    assert_eq!((clock.target, clock.latest), (clock.latest, Some(day("2026-10-03"))));
    assert_eq!(clock.basis, Basis::Agreement);
    assert_eq!(standing(&clock, "2026-10-04"), Standing::Late);
    let settled = Occurrence { event: Event::Settled, on: day("2026-09-01"), receipt: None };
    course.occurrences.push(settled);
    assert_eq!(one(&course, "agreed").state, State::Met { on: day("2026-09-01") });
}

#[test]
fn a_matter_settled_before_it_was_accepted_is_settled() {
    let mut course =
        course(&[(Event::Settled, "2026-08-05", None), (Event::Accepted, "2026-08-06", None)]);
    course.agreed_on = Some(day("2026-08-31"));
    assert_eq!(one(&course, "agreed").state, State::Met { on: day("2026-08-05") });
}

#[test]
fn the_assigners_day_runs_from_its_letter_to_the_report() {
    let mut course = concluded("2026-08-06", "2026-08-20");
    let letter = "某信交〔2026〕7号".to_owned();
    course.assigned = vec![Assigned {
        kind: Letter::Assignment,
        from: day("2026-09-01"),
        due_on: day("2026-09-19"),
        letter: letter.clone(),
    }];
    let clock = one(&course, "assigned");
    assert_eq!((clock.from, clock.latest), (Some(day("2026-09-01")), Some(day("2026-09-19"))));
    assert_eq!((clock.basis, clock.state), (Basis::Letter { number: letter }, State::Running));
    let reported = Occurrence { event: Event::Reported, on: day("2026-09-21"), receipt: None };
    course.occurrences.push(reported);
    assert_eq!(standing(&one(&course, "assigned"), "2026-10-01"), Standing::MetLate);
}

#[test]
fn the_next_due_is_the_earliest_running_duty() {
    let mut course = course(&[
        (Event::ReceivedTransfer, "2026-08-03", Some(1)),
        (Event::Accepted, "2026-08-06", None),
    ]);
    let limit = |course: &Course| next_due(&all(course)).map(|due| due.limit.clone());
    assert_eq!(limit(&course).as_deref(), Some("conclude"), "notice met, objection an option");
    course.agreed_on = Some(day("2026-09-30"));
    assert_eq!(limit(&course).as_deref(), Some("agreed"));
    let (from, due_on) = (day("2026-08-03"), day("2026-09-15"));
    course.assigned = vec![Assigned {
        kind: Letter::Assignment,
        from,
        due_on,
        letter: "某信交〔2026〕7号".into(),
    }];
    assert_eq!(limit(&course).as_deref(), Some("assigned"));
    let ended = Occurrence { event: Event::Concluded, on: day("2026-09-01"), receipt: None };
    course.occurrences.push(ended);
    assert_eq!(limit(&course), None);
}

#[test]
fn a_limit_into_an_unknown_year_is_provisional() {
    let clock = one(&accepted("2026-11-20"), "conclude");
    assert_eq!((clock.latest, clock.provisional), (Some(day("2027-01-19")), true));
}

#[test]
fn a_day_beyond_every_calendar_is_said_to_be_one() {
    let mut course = accepted("2026-11-20");
    course.occurrences[0].on = NaiveDate::MAX;
    assert_eq!(one(&course, "conclude").state, State::NotStarted(Why::OutOfRange));
}

#[test]
fn a_deadline_reads_as_it_was_written() {
    let mut course = accepted("2026-08-06");
    course.extensions = vec![Extension { days: 30, approved_on: day("2026-10-08") }];
    course.agreed_on = Some(day("2026-09-30"));
    for clock in all(&course) {
        let text = serde_json::to_string(&clock).unwrap();
        assert_eq!(serde_json::from_str::<Deadline>(&text).unwrap(), clock);
    }
    let words = serde_json::to_string(&[Standing::MetLate, Standing::NotStarted]).unwrap();
    assert_eq!(words, r#"["met_late","not_started"]"#);
    let state = State::NotStarted(Why::Awaiting(Event::Accepted));
    let words = serde_json::to_string(&state).unwrap();
    assert_eq!(words, r#"{"not_started":{"awaiting":"accepted"}}"#);
}

#[test]
fn how_much_of_a_clock_is_gone_leaves_out_the_days_on_which_it_stood_still() {
    let spent = |course: &Course, limit: &str, today: &str| {
        let spent = one(course, limit).spent(day(today), &Calendar::national());
        spent.map(|spent| (spent.n, spent.length.n()))
    };
    let mut course = accepted("2026-08-06");
    for (today, n) in [("2026-08-06", 0), ("2026-08-07", 1), ("2026-10-05", 60), ("2026-10-09", 64)]
    {
        assert_eq!(spent(&course, "conclude", today), Some((n, 60)), "{today}");
    }
    course.pauses = vec![Pause { ground: Ground::Hearing, from: day("2026-08-10"), to: None }];
    assert_eq!(spent(&course, "conclude", "2026-09-01"), Some((4, 60)), "while it stands");
    course.pauses[0].to = Some(day("2026-08-20"));
    assert_eq!(spent(&course, "conclude", "2026-08-21"), Some((5, 60)), "after it went on");
    course.extensions = vec![Extension { days: 30, approved_on: day("2026-08-21") }];
    assert_eq!(spent(&course, "conclude", "2026-08-21"), Some((5, 90)), "lengthened");
    // 5个工作日：9月30日、10月8日至10日（调休）。
    let moved = self::course(&[(Event::ReceivedTransfer, "2026-09-29", Some(1))]);
    assert_eq!(spent(&moved, "objection", "2026-10-09"), Some((3, 5)));
    assert_eq!(spent(&concluded("2026-08-06", "2026-09-01"), "conclude", "2026-09-02"), None);
}
