//! An old ledger comes in: as history, once, as a whole.

use anjie::api::door::{Door, Going};
use anjie::api::incoming::{Book, ImportRow, ImportTerms, Known, Piece, Rows};
use anjie::api::refusal::Refusal;
use anjie::api::reply::{Done, ImportView, Reply};
use anjie::api::request::{AgendaQuery, CaseQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::service::Session;

use crate::desk::{Office, me};

const FILE: &str = "0123456789abcdef";

fn row(row: u32, values: &[(&str, &str)]) -> ImportRow {
    let values = values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    ImportRow { sheet: "台账".to_owned(), row, values: values.collect(), problems: Vec::new() }
}

pub fn message(number: u32, code: &str, request: &str) -> ImportRow {
    row(
        number + 1,
        &[
            ("old_number", &number.to_string()),
            ("petitioner.code", code),
            ("title", request),
            ("request", request),
            ("received_on", "2019-02-28 11:25:05"),
        ],
    )
}

pub fn stage(office: &mut Office, rows: Vec<ImportRow>) {
    for (piece, rows) in rows.chunks(2).enumerate() {
        let piece = Piece { file: FILE.to_owned(), first: piece as u64 * 2, rows: rows.to_vec() };
        office.ask(Request::Stage(piece)).unwrap();
    }
}

fn attempt(office: &mut Office, book: Book) -> ImportView {
    let terms = ImportTerms::cases(FILE, book);
    match office.ask(Request::TryImport(terms)).unwrap() {
        Reply::Import(view) => *view,
        other => panic!("a trial was answered with {other:?}"),
    }
}

pub fn take_in(office: &mut Office, book: &str) -> Result<Done, Refusal> {
    office.try_do(Act::Import, None, &[("file", FILE), ("book", book)])
}

#[test]
fn a_trial_says_what_would_happen_and_changes_nothing() {
    let mut office = Office::on("2026-08-06");
    let rows = vec![
        message(1, "A01", "路灯不亮"),
        message(2, "A01", "噪音扰民"),
        message(1, "A02", "道路破损"),
    ];
    stage(&mut office, rows);
    let view = attempt(&mut office, Book::History);
    assert_eq!((view.rows, view.new, view.refused), (3, 2, 1));
    assert_eq!((view.new_persons, view.known_persons), (1, 1));
    assert_eq!(view.refusals[0].why, "repeated_number");
    assert_eq!(view.refusals[0].arg.as_deref(), Some("2"));
    let Reply::Status(status) = office.ask(Request::Status).unwrap() else { panic!() };
    assert_eq!(status.revision.map(|revision| revision.0), Some(1));
}

#[test]
fn an_old_ledger_is_kept_and_found_but_floods_no_agenda() {
    let mut office = Office::on("2026-08-06");
    stage(&mut office, vec![message(1, "A01", "路灯不亮"), message(2, "A01", "噪音扰民严重")]);
    let done = take_in(&mut office, "history").unwrap();
    assert_eq!(done.import.unwrap().new, 2);
    let Reply::Agenda(agenda) =
        office.ask(Request::Agenda(AgendaQuery { most: 50, ..AgendaQuery::default() })).unwrap()
    else {
        panic!()
    };
    assert_eq!((agenda.all, agenda.rows.len()), (0, 0));
    let Reply::Found(found) =
        office.ask(Request::Find { text: "噪音".to_owned(), kinds: Vec::new(), most: 20 }).unwrap()
    else {
        panic!()
    };
    assert_eq!(found.total, 1);
    let query = CaseQuery { stage: Some(Stage::History), ..CaseQuery::default() };
    let Reply::Cases(page) = office.ask(Request::Cases(query)).unwrap() else { panic!() };
    assert_eq!((page.rows.len(), page.total), (2, Some(2)));
    let sheet = office.case(page.rows[0].id.0);
    assert!(sheet.deadlines.is_empty());
    assert_eq!(sheet.receipts[0].received_at.unwrap().to_string(), "11:25:05");
    assert!(office.is_sound());
}

#[test]
fn the_same_file_twice_is_the_same_as_once() {
    let mut office = Office::on("2026-08-06");
    let rows = vec![
        message(1, "A01", "路灯不亮"),
        row(
            9,
            &[
                ("petitioner.name", "张三"),
                ("request", "没有编号的一件"),
                ("received_on", "2020-01-05"),
            ],
        ),
    ];
    stage(&mut office, rows.clone());
    take_in(&mut office, "history").unwrap();
    stage(&mut office, rows);
    assert_eq!(attempt(&mut office, Book::History).same, 2);
    assert_eq!(take_in(&mut office, "history").unwrap_err().key, "refusal.nothing_is_new");
}

#[test]
fn open_rows_run_clocks_and_a_closed_one_becomes_history() {
    let mut office = Office::on("2026-08-06");
    let rows = vec![
        row(
            2,
            &[
                ("petitioner.name", "张三"),
                ("request", "水渠漏水"),
                ("received_on", "2026-08-01"),
                ("village", "张家庄"),
                ("lead", "王建国 13800001234"),
            ],
        ),
        row(
            3,
            &[
                ("petitioner.name", "李四"),
                ("request", "低保核减"),
                ("received_on", "2026-08-01"),
                ("closed_on", "2026-08-03"),
            ],
        ),
        row(4, &[("petitioner.name", "王五"), ("request", "缺日期")]),
    ];
    stage(&mut office, rows);
    let view = attempt(&mut office, Book::Open);
    assert_eq!((view.new, view.refused), (2, 1));
    assert_eq!(view.new_units, ["张家庄"]);
    assert_eq!(view.new_officers, ["王建国"]);
    assert_eq!((view.refusals[0].row, view.refusals[0].why.as_str()), (4, "empty"));
    take_in(&mut office, "open").unwrap();
    let Reply::Agenda(agenda) =
        office.ask(Request::Agenda(AgendaQuery { most: 50, ..AgendaQuery::default() })).unwrap()
    else {
        panic!()
    };
    assert_eq!(agenda.all, 1);
    assert_eq!(agenda.rows[0].1.lead.as_deref(), Some("王建国"));
    assert!(office.is_sound());
}

#[test]
fn a_ledger_that_writes_a_village_otherwise_makes_no_second_one() {
    let mut office = Office::on("2026-08-06");
    let village = office.unit("张家庄村", "village");
    let written = ["张家庄", "张家庄村委会", "柳树沟", "柳树沟村"];
    let rows = (2..).zip(written).map(|(nth, village)| {
        let request = format!("水渠漏水{nth}");
        let day = ("received_on", "2026-08-01");
        row(nth, &[("request", &request), day, ("village", village)])
    });
    stage(&mut office, rows.collect());
    assert_eq!(attempt(&mut office, Book::Open).new_units, ["柳树沟"]);
    take_in(&mut office, "open").unwrap();
    let villages = (1..=4).map(|id| office.case(id).case.village.unwrap().0);
    assert_eq!(villages.collect::<Vec<_>>(), [village, village, village + 1, village + 1]);
}

#[test]
fn an_end_before_the_receipt_keeps_a_row_out() {
    let mut office = Office::on("2026-08-06");
    let person = ("petitioner.name", "张三");
    let with = |number: u32, column: &'static str, text: &'static str| {
        let request = ("request", "水渠漏水");
        row(number, &[person, request, ("received_on", "2026-08-01"), (column, text)])
    };
    let rows = vec![
        with(2, "closed_on", "2026-07-31"),
        with(3, "closed_on", "2026-08-07"),
        with(4, "due_on", "2026-07-01"),
        with(5, "closed_on", "2026-08-01"),
    ];
    stage(&mut office, rows);
    let view = attempt(&mut office, Book::Open);
    let whys: Vec<(u32, Option<&str>, &str)> = view
        .refusals
        .iter()
        .map(|refusal| (refusal.row, refusal.column.as_deref(), refusal.why.as_str()))
        .collect();
    assert_eq!(
        whys,
        [
            (2, Some("closed_on"), "day_is_before_receipt"),
            (3, Some("closed_on"), "day_is_in_the_future"),
            (4, Some("due_on"), "day_is_before_receipt"),
        ]
    );
    assert_eq!(view.refusals[0].arg.as_deref(), Some("2026-08-01"));
    assert_eq!(attempt(&mut office, Book::History).refused, 2);
}

#[test]
fn a_sender_of_ninety_letters_shows_all_of_them() {
    let mut office = Office::on("2026-08-06");
    let rows = (0..90).map(|number| message(number, "A7", &format!("路灯不亮{number}"))).collect();
    stage(&mut office, rows);
    take_in(&mut office, "history").unwrap();
    let Reply::Person(sheet) =
        office.ask(Request::Person { id: anjie::domain::ids::PersonId(1) }).unwrap()
    else {
        panic!("not a person");
    };
    assert_eq!(sheet.cases.len(), 90);
}

/// What a list would do, where rows that are there are changed.
fn tried(office: &mut Office, topic: Rows, rows: Vec<ImportRow>) -> ImportView {
    stage(office, rows);
    let terms = ImportTerms {
        rows: topic,
        known: Known::Update,
        ..ImportTerms::cases(FILE, Book::History)
    };
    match office.ask(Request::TryImport(terms)).unwrap() {
        Reply::Import(view) => *view,
        other => panic!("a trial was answered with {other:?}"),
    }
}

fn take_list(office: &mut Office, topic: &str, rows: Vec<ImportRow>) -> Done {
    stage(office, rows);
    let fields = [("file", FILE), ("book", "history"), ("rows", topic), ("known", "update")];
    office.done(Act::Import, None, &fields)
}

fn whys(view: &ImportView) -> Vec<&str> {
    view.refusals.iter().map(|one| one.why.as_str()).collect()
}

#[test]
fn the_request_of_an_old_case_is_changed_by_no_file() {
    let mut office = Office::on("2026-08-06");
    stage(&mut office, vec![message(1, "A01", "路灯不亮")]);
    take_in(&mut office, "history").unwrap();
    let view = tried(&mut office, Rows::Cases, vec![message(1, "A01", "路灯全坏")]);
    assert_eq!((view.updated, whys(&view)), (0, vec!["update_keeps_request"]));
}

#[test]
fn a_person_of_a_list_is_somebody_by_code_or_number_and_never_by_name_alone() {
    let mut office = Office::on("2026-08-06");
    let person = |at: u32, values: &[(&str, &str)]| {
        row(at, &[&[("person.name", "王丽")][..], values].concat())
    };
    let number = ("person.id_number", "11010519491231002X");
    let there = vec![
        person(2, &[("person.code", "P1"), number]),
        person(3, &[("person.code", "P2")]),
        person(4, &[]),
    ];
    take_list(&mut office, "persons", there);
    let rows = [
        person(2, &[("person.code", "P2"), number]),
        person(3, &[("person.code", "P3"), number]),
        person(4, &[("person.phone", "138****8000")]),
        person(5, &[]),
        person(6, &[]),
    ];
    let view = tried(&mut office, Rows::Persons, rows[..1].to_vec());
    assert_eq!(whys(&view), ["two_persons"]);
    let view = tried(&mut office, Rows::Persons, rows[1..].to_vec());
    assert_eq!(whys(&view), ["code_is_another", "masked_is_nobody"]);
    assert_eq!((view.new, view.updated), (2, 0));
}

#[test]
fn a_village_that_is_there_gets_who_looks_after_it_from_the_same_list() {
    let mut office = Office::on("2026-08-06");
    office.unit("张家庄", "village");
    let unit = |at: u32, name: &str, kind: &str, by: &str| {
        row(at, &[("unit.name", name), ("unit.kind", kind), ("unit.looked_after_by", by)])
    };
    // Who is refused looks after nobody.
    let wrong = vec![unit(2, "张家庄", "village", "民政办"), unit(3, "民政办", "no kind", "")];
    let view = tried(&mut office, Rows::Units, wrong);
    assert_eq!((view.new, view.updated, view.refused), (0, 0, 2));
    let rows = vec![unit(2, "张家庄", "village", "民政办"), unit(3, "民政办", "department", "")];
    let done = take_list(&mut office, "units", rows.clone()).import.unwrap();
    assert_eq!((done.new, done.updated), (1, 1));
    assert_eq!(done.changes[0].fields[0].new.as_deref(), Some("民政办"));
    assert_eq!(tried(&mut office, Rows::Units, rows).same, 2);
}

#[test]
fn a_list_of_officers_says_nothing_of_who_left_or_is_away() {
    let mut office = Office::on("2026-08-06");
    office.officer("周强", &[]);
    let fields = [("officer.name", "周强"), ("officer.left_on", "2026-08-01")];
    let view = tried(&mut office, Rows::Officers, vec![row(2, &fields)]);
    assert_eq!((view.updated, whys(&view)), (0, vec!["unknown_field"]));
}

#[test]
fn the_windows_of_whoever_ordered_hear_how_far_it_is_and_nobody_else_does() {
    let mut office = Office::on("2026-08-06");
    let fields = [("login", "zhaomin"), ("uid", "54321"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &fields);
    let other = Session { uid: 54321, login: "zhaomin".to_owned() };
    let (mut own, mut other) = (office.door_of(me()), office.door_of(other));
    let (news, others) = (own.notices(), other.notices());
    let rows = (1..=250).map(|number| message(number, &format!("A{number}"), "路灯不亮"));
    stage(&mut office, rows.collect());
    let order = office.order(Act::Import, None, &[("file", FILE), ("book", "history")]);
    let id = order.id;
    office.ask(Request::Do(order)).unwrap();
    let going = |n_done| Some(Going { order: id, n_done, n_all: 250 });
    let heard: Vec<Option<Going>> = news.try_iter().map(|notice| notice.going).collect();
    // What has changed is told last, once it is on disk.
    assert_eq!(heard, [going(100), going(200), going(250), None]);
    assert!(others.try_iter().all(|notice| notice.going.is_none()), "it is nobody else's");
    assert!(office.is_sound());
}

#[test]
fn a_cell_that_cannot_be_read_is_refused_for_that_alone() {
    let mut office = Office::on("2026-08-06");
    let problems = |names: &[&str]| {
        let problem = |name: &&str| ((*name).to_owned(), "text_too_long".to_owned());
        names.iter().map(problem).collect::<Vec<_>>()
    };
    let long = ImportRow {
        problems: problems(&["request"]),
        ..row(2, &[("received_on", "2019-02-28"), ("old_number", "1")])
    };
    let empty = row(3, &[("received_on", "2019-02-28"), ("old_number", "2")]);
    let undated =
        ImportRow { problems: problems(&["received_on"]), ..row(4, &[("request", "路")]) };
    stage(&mut office, vec![long, empty, undated]);
    let view = attempt(&mut office, Book::History);
    let said: Vec<(u32, &str)> =
        view.refusals.iter().map(|refusal| (refusal.row, refusal.why.as_str())).collect();
    assert_eq!(said, [(2, "text_too_long"), (3, "empty"), (4, "text_too_long")]);
}

#[test]
fn a_trial_counts_the_rows_that_say_the_same_as_others_or_as_what_is_there() {
    const ROAD: &str = "我家承包地两亩一分在修路时被占，补偿款到现在一分钱没有拿到。";
    const LAMP: &str = "村口的路灯坏了三个月，晚上看不见路，一直没有人来修理。";
    let mut office = Office::on("2026-08-06");
    office.register("张小明", ROAD, "2026-08-03");
    let rows = vec![
        message(1, "A01", LAMP),
        message(2, "A02", "低保金停发了两个月，请民政办查一查是什么原因。"),
        message(3, "A03", &LAMP.replace('，', "\n")),
        message(4, "A04", ROAD),
        message(5, "A05", "修路"),
        message(6, "A06", "修路"),
    ];
    stage(&mut office, rows.clone());
    let view = attempt(&mut office, Book::History);
    assert_eq!((view.new, view.alike.groups, view.alike.rows), (6, 2, 3));
    take_in(&mut office, "history").unwrap();
    stage(&mut office, rows);
    assert_eq!(attempt(&mut office, Book::History).alike.rows, 0, "none of them is new any more");
}
