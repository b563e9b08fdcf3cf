//! Receipts of one matter: joined, split off again, and whole matters joined; all dates follow.

use anjie::api::reply::{CaseSheet, DeadlineView, Reply};
use anjie::api::request::{AgendaQuery, CaseQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::line::LineKind;

use crate::desk::{Office, day};

fn join(office: &mut Office, id: u64, fields: &[(&str, &str)]) {
    office.done(Act::Join, Some(id), &[&[("people", "1")][..], fields].concat());
}

/// A call, a visit and a county letter about one matter, which is taken on.
fn matter(office: &mut Office) -> u64 {
    let call = [
        ("name", "张小明"),
        ("request", "征地补偿款没有到账"),
        ("received_on", "2026-08-03"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "call"),
        ("source", "direct"),
    ];
    let id = office.done(Act::Register, None, &call).record.unwrap().id;
    join(office, id, &[("received_on", "2026-08-05"), ("channel", "visit"), ("source", "direct")]);
    let letter = [
        ("received_on", "2026-08-10"),
        ("channel", "letter"),
        ("source", "entrusted"),
        ("from_body", "区信访局"),
        ("letter", "区信〔2026〕88号"),
        ("due_on", "2026-09-30"),
    ];
    join(office, id, &letter);
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-08-11")];
    office.done(Act::Route, Some(id), &route);
    office.done(Act::Accept, Some(id), &[("on", "2026-08-12")]);
    id
}

/// What the dates of a case are.
fn dates(sheet: &CaseSheet) -> (chrono::NaiveDate, Vec<DeadlineView>) {
    (sheet.case.received_on, sheet.deadlines.clone())
}

#[test]
fn a_call_a_visit_and_a_letter_are_three_notices_and_one_clock_and_a_wrong_one_is_split_again() {
    let mut office = Office::on("2026-08-20");
    let id = matter(&mut office);
    let right = office.case(id);
    let of = |sheet: &CaseSheet, start: &str| {
        sheet.deadlines.iter().filter(|clock| clock.rule.starts_with(start)).count()
    };
    assert_eq!(right.receipts.len(), 3);
    assert_eq!((of(&right, "notice"), of(&right, "conclude")), (3, 1));
    // Another matter of the same petitioner, earlier than all, by a letter of its own.
    let wrong = [
        ("received_on", "2026-08-01"),
        ("channel", "visit"),
        ("source", "direct"),
        ("words", "另说到灌溉渠堵塞"),
    ];
    join(&mut office, id, &wrong);
    let joined = office.case(id);
    assert_eq!((joined.case.received_on, of(&joined, "notice")), (day("2026-08-01"), 4));
    let receipt = joined.receipts.iter().map(|receipt| receipt.id.0).max();
    let reason = [("on", "2026-08-20"), ("text", "与补偿款无关")];
    let bare = office.try_do(Act::Split, receipt, &reason).unwrap_err();
    assert_eq!(bare.key, "broken.split_needs_a_request");
    let own = [&reason[..], &[("request", "灌溉渠堵塞")]].concat();
    let split = office.done(Act::Split, receipt, &own).record.unwrap().id;
    assert_eq!(dates(&office.case(id)), dates(&right), "all dates are back");
    let other = office.case(split);
    assert_eq!((other.case.received_on, other.receipts.len()), (day("2026-08-01"), 1));
    assert_eq!((of(&other, "notice"), other.stage), (1, Stage::Registered));
    let only = office.try_do(Act::Split, receipt, &own).unwrap_err();
    assert_eq!(only.key, "broken.only_receipt_of_its_case");
    // The whole other matter is joined, and that is taken back too.
    let number = right.case.number.clone();
    let basis = [("into", number.as_str()), ("on", "2026-08-20"), ("text", "同一水渠占地")];
    office.done(Act::MergeInto, Some(split), &basis);
    assert_eq!(office.case(split).stage, Stage::Elsewhere);
    assert_eq!(dates(&office.case(id)), dates(&joined), "as it was when it was joined");
    let back = [&reason[..], &[("into", "2")]].concat();
    office.done(Act::Split, receipt, &back);
    assert_eq!(dates(&office.case(id)), dates(&right));
    assert_eq!(dates(&office.case(split)), dates(&other));
    assert!(office.is_sound());
}

#[test]
fn a_receipt_that_was_answered_with_all_others_stays_answered_when_it_is_split_off() {
    let mut office = Office::on("2026-08-25");
    let id = office.register("张小明", "征地补偿款没有到账", "2026-08-03");
    join(
        &mut office,
        id,
        &[("received_on", "2026-08-05"), ("channel", "visit"), ("source", "direct")],
    );
    office.done(Act::Notify, Some(id), &[("on", "2026-08-10"), ("manner", "in_person")]);
    let receipt = office.case(id).receipts.iter().map(|receipt| receipt.id.0).max();
    let own = [("on", "2026-08-20"), ("text", "与补偿款无关"), ("request", "灌溉渠堵塞")];
    let split = office.done(Act::Split, receipt, &own).record.unwrap().id;
    let notice = office.case(split).deadlines.into_iter().find(|it| it.rule == "notice_direct");
    assert_eq!(notice.unwrap().met_on, Some(day("2026-08-10")));
    assert!(office.is_sound());
}

#[test]
fn a_transfer_that_went_back_takes_its_answer_along_when_it_is_split_off() {
    let mut office = Office::on("2026-08-25");
    let id = office.register("张小明", "征地补偿款没有到账", "2026-08-03");
    let letter = [
        ("received_on", "2026-08-04"),
        ("channel", "letter"),
        ("source", "forwarded"),
        ("from_body", "区信访局"),
    ];
    join(&mut office, id, &letter);
    office.done(Act::Object, Some(id), &[("on", "2026-08-05"), ("text", "不属本镇")]);
    let agreed = [("answer", "agreed"), ("on", "2026-08-06")];
    office.done(Act::AnswerObjection, Some(id), &agreed);
    let receipt = office.case(id).receipts.iter().map(|receipt| receipt.id.0).max();
    let own = [("on", "2026-08-20"), ("text", "另一件事"), ("request", "灌溉渠堵塞")];
    let split = office.done(Act::Split, receipt, &own).record.unwrap().id;
    assert_eq!(office.case(id).stage, Stage::Registered, "the visit stays with the office");
    assert_eq!(office.case(split).stage, Stage::Elsewhere, "the letter is where it went");
    assert!(office.is_sound());
}

#[test]
fn the_letter_that_assigned_a_case_goes_with_its_receipt() {
    let mut office = Office::on("2026-08-20");
    let id = matter(&mut office);
    let letter = office.case(id).receipts.iter().find(|it| it.letter.is_some()).unwrap().id.0;
    let other = office.register("张小明", "灌溉渠堵塞", "2026-08-02");
    let into = [("into", "2"), ("on", "2026-08-20"), ("text", "来文说的是水渠")];
    office.done(Act::Split, Some(letter), &into);
    assert!(office.case(id).case.entrusted.is_none());
    assert_eq!(office.case(other).case.entrusted.unwrap().due_on, Some(day("2026-09-30")));
    let same = [("into", "2"), ("on", "2026-08-20"), ("text", "重复")];
    let refused = office.try_do(Act::MergeInto, Some(other), &same).unwrap_err();
    assert_eq!(refused.key, "broken.that_is_the_same_case");
    assert!(office.is_sound());
}

#[test]
fn a_case_that_nobody_decides_about_is_said_from_the_fifteenth_day() {
    let mut office = Office::on("2026-08-17");
    let id = office.register("张小明", "路灯不亮", "2026-08-03");
    office.done(Act::Notify, Some(id), &[("on", "2026-08-05"), ("manner", "in_person")]);
    assert_eq!(office.case(id).undecided, None, "fourteen days");
    office.done(Act::MoveToday, None, &[("today", "2026-08-18")]);
    assert_eq!(office.case(id).undecided, Some(day("2026-10-02")));
    let Reply::Cases(page) = office.ask(Request::Cases(CaseQuery::default())).unwrap() else {
        panic!()
    };
    assert!(page.rows[0].undecided);
    let undecided = |office: &mut Office| {
        let query = AgendaQuery { most: 9, ..AgendaQuery::default() };
        let Reply::Agenda(view) = office.ask(Request::Agenda(query)).unwrap() else { panic!() };
        view.rows.iter().filter(|(_, row)| row.line == LineKind::Undecided).count()
    };
    assert_eq!(undecided(&mut office), 1);
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-08-18")];
    office.done(Act::Route, Some(id), &route);
    assert_eq!(undecided(&mut office), 1, "a procedure is not yet a decision on acceptance");
    office.done(Act::Accept, Some(id), &[("on", "2026-08-18")]);
    assert_eq!(undecided(&mut office), 0);
    assert!(office.is_sound());
}
