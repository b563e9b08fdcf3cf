//! Limits and days off are loaded while others work: their due days follow, and it is written down.

use std::time::Duration;

use anjie::api::door::Door;
use anjie::api::reply::Reply;
use anjie::api::request::{JournalQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::CaseId;
use anjie::service::{LocalDoor, Session};
use chrono::NaiveDate;

use crate::desk::{Office, day};

fn text(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/procedures/");
    std::fs::read_to_string(format!("{folder}{name}")).unwrap()
}

/// An office with a case under the sixty days, and the door of a clerk who looks at it.
fn office(accepted_on: &str) -> (Office, u64, LocalDoor) {
    let mut office = Office::on(accepted_on);
    let fields = [("login", "zhaomin"), ("uid", "2000"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &fields);
    let id = office.register("张小明", "征地补偿款没有到账", accepted_on);
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", accepted_on)];
    office.done(Act::Route, Some(id), &route);
    office.done(Act::Accept, Some(id), &[("on", accepted_on)]);
    let clerk = office.door_of(Session { uid: 2000, login: "zhaomin".to_owned() });
    (office, id, clerk)
}

/// The latest day of the sixty days as the clerk sees it.
fn latest(clerk: &mut LocalDoor, id: u64) -> Option<NaiveDate> {
    match clerk.call(Request::Case { id: CaseId(id) }).unwrap() {
        Reply::Case(sheet) => {
            sheet.deadlines.iter().find(|clock| clock.rule == "conclude").and_then(|one| one.latest)
        }
        other => panic!("a case was answered with {other:?}"),
    }
}

/// What the journal tells of the newest act of that name: the field, the file before and after, and
/// the parts.
fn told(office: &mut Office, act: &str) -> (String, [Option<String>; 2], Vec<String>) {
    let query = JournalQuery { act: Some(act.to_owned()), most: 1, ..JournalQuery::default() };
    let Reply::Journal(mut page) = office.ask(Request::Journal(query)).unwrap() else {
        panic!("no journal")
    };
    let one = page.rows.remove(0).fields.remove(0);
    let parts = one.parts.into_iter().filter_map(|part| part.new).collect();
    (one.field, [one.old, one.new], parts)
}

#[test]
fn due_days_follow_a_loaded_limit_at_once_and_the_journal_names_the_cases() {
    let (mut office, id, mut clerk) = office("2026-09-02");
    let news = clerk.notices();
    assert_eq!(latest(&mut clerk, id), Some(day("2026-11-02")));
    let shorter = text("shorter.toml");
    office.done(Act::LoadLaw, None, &[("file", "shorter.toml"), ("text", &shorter)]);
    assert!(news.recv_timeout(Duration::from_secs(10)).is_ok(), "the other client hears of it");
    assert_eq!(latest(&mut clerk, id), Some(day("2026-10-19")));
    let number = office.case(id).case.number;
    let file = || Some("shorter.toml".to_owned());
    let field = "loaded.样例省更短时限".to_owned();
    let moved = vec!["1".to_owned(), number];
    let first = told(&mut office, "law.load");
    assert_eq!(first, (field.clone(), [None, file()], moved.clone()));
    office.done(Act::DropLaw, None, &[("name", "样例省更短时限")]);
    assert_eq!(latest(&mut clerk, id), Some(day("2026-11-02")));
    let dropped = told(&mut office, "law.drop");
    assert_eq!(dropped, (field.clone(), [file(), None], moved.clone()));
    // What is loaded later is told as the first loading is.
    office.done(Act::LoadLaw, None, &[("file", "again.toml"), ("text", &shorter)]);
    let again = told(&mut office, "law.load");
    assert_eq!(again, (field.clone(), [None, Some("again.toml".to_owned())], moved));
    office.done(Act::LoadLaw, None, &[("file", "shorter.toml"), ("text", &shorter)]);
    let same = told(&mut office, "law.load");
    let files = [Some("again.toml".to_owned()), file()];
    assert_eq!(same, (field, files, vec!["0".to_owned()]), "nothing moves twice");
    assert!(office.is_sound());
}

#[test]
fn due_days_follow_a_new_year_at_once_and_the_journal_names_the_cases() {
    let (mut office, id, mut clerk) = office("2026-12-08");
    assert_eq!(latest(&mut clerk, id), Some(day("2027-02-08")));
    let notice = text("2027-made-up.csv");
    office.done(Act::LoadCalendar, None, &[("file", "2027.csv"), ("text", &notice)]);
    assert_eq!(latest(&mut clerk, id), Some(day("2027-02-12")));
    let number = office.case(id).case.number;
    let field = "loaded.2027".to_owned();
    let first = told(&mut office, "calendar.load");
    let moved = vec!["1".to_owned(), number];
    assert_eq!(first, (field.clone(), [None, Some("2027.csv".to_owned())], moved));
    office.done(Act::LoadCalendar, None, &[("file", "again.csv"), ("text", &notice)]);
    let files = [Some("2027.csv".to_owned()), Some("again.csv".to_owned())];
    assert_eq!(told(&mut office, "calendar.load"), (field, files, vec!["0".to_owned()]));
    assert!(office.is_sound());
}

#[test]
fn a_bad_text_changes_nothing_and_every_fault_is_named() {
    let (mut office, id, mut clerk) = office("2026-09-02");
    let bad = text("shorter.toml").replace("per = \"case\"", "per = \"month\"");
    let bad = bad.replace("mark = \"C\"", "mark = \"Z\"");
    let fields = [("file", "bad.toml"), ("text", bad.as_str())];
    let refusal = office.try_do(Act::LoadLaw, None, &fields).unwrap_err();
    assert_eq!(refusal.key, "refusal.law_has_faults");
    let faults = &refusal.args.iter().find(|(name, _)| name == "faults").unwrap().1;
    assert!(faults.contains("month") && faults.contains("value=Z"), "{faults}");
    let missing = text("shorter.toml").replace("effect = \"duty\"\n", "");
    let fields = [("file", "bad.toml"), ("text", missing.as_str())];
    let refusal = office.try_do(Act::LoadLaw, None, &fields).unwrap_err();
    assert_eq!(refusal.key, "refusal.law_field_is_missing");
    assert_eq!(latest(&mut clerk, id), Some(day("2026-11-02")));
}
