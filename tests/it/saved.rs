//! Saved filters: kept under a name, one's own or the office's; and several matters put on the list
//! of the meeting at once.

use anjie::api::door::Door;
use anjie::api::listing::ViewRow;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{JournalQuery, Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::domain::listing::{Column, List};
use anjie::service::{LocalDoor, Session};

use crate::desk::Office;

const URGENT: [(&str, &str); 5] = [
    ("name", "王镇长的急件"),
    ("list", "cases"),
    ("sort", "-due"),
    ("only", "due=late lead=2 whose=all"),
    ("columns", "number,title,lead"),
];

fn views(door: &mut dyn Door, list: Option<List>) -> Vec<ViewRow> {
    match door.call(Request::Views(list)).unwrap() {
        Reply::Views(rows) => rows,
        other => panic!("saved filters were answered with {other:?}"),
    }
}

fn clerk(office: &mut Office, (uid, roles): (u32, &str)) -> LocalDoor {
    let login = format!("clerk{uid}");
    let fields = [("login", login.as_str()), ("uid", &uid.to_string()), ("roles", roles)];
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid, login })
}

fn give(
    door: &mut LocalDoor,
    (id, act, on): (u128, Act, Option<u64>),
    fields: &[(&str, &str)],
) -> Result<Reply, anjie::api::refusal::Refusal> {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let fields = fields.collect();
    door.call(Request::Do(Order { id: RequestId(id), act, on, seen: None, fields }))
}

#[test]
fn a_filter_is_saved_with_order_and_columns_and_names_whom_it_means() {
    let mut office = Office::on("2026-08-06");
    let lead = office.officer("王建国", &[("leads", "yes")]);
    assert_eq!(lead, 2, "the one that the filter names");
    office.done(Act::SaveView, None, &URGENT);
    let mut door = office.door_of(crate::desk::me());
    let rows = views(&mut door, Some(List::Cases));
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.view.name.as_str(), row.own, row.view.shared), ("王镇长的急件", true, false));
    assert_eq!(row.names.get(&Column::Lead).map(String::as_str), Some("王建国"));
    assert_eq!((row.view.sort.as_str(), row.view.columns.as_str()), ("-due", "number,title,lead"));
    assert!(views(&mut door, Some(List::Roster)).is_empty());
}

#[test]
fn what_a_list_cannot_do_is_not_saved() {
    let mut office = Office::on("2026-08-06");
    let mut refused = |name: &str, text: &str| {
        let mut fields = URGENT.to_vec();
        fields.retain(|(own, _)| *own != name);
        fields.push((name, text));
        office.try_do(Act::SaveView, None, &fields).unwrap_err().key
    };
    assert_eq!(refused("sort", "mood"), "broken.no_such_order");
    assert_eq!(refused("only", "ethnicity=1"), "broken.no_such_filter");
    assert_eq!(refused("columns", "number,secret"), "broken.no_such_columns");
    assert_eq!(refused("name", ""), "refusal.wrong_fields");
    office.done(Act::SaveView, None, &URGENT);
    let again = office.try_do(Act::SaveView, None, &URGENT).unwrap_err();
    assert_eq!(again.key, "broken.view_name_is_taken");
}

#[test]
fn a_filter_of_ones_own_is_nobody_elses_until_it_is_shared() {
    let mut office = Office::on("2026-08-06");
    office.officer("王建国", &[("leads", "yes")]);
    let id = office.done(Act::SaveView, None, &URGENT).record.unwrap().id;
    let mut other = clerk(&mut office, (1001, "clerk"));
    assert!(views(&mut other, None).is_empty());
    let hidden = give(&mut other, (1, Act::RemoveView, Some(id)), &[]).unwrap_err();
    assert_eq!(hidden.kind, RefusalKind::NotFound);
    office.done(Act::EditView, Some(id), &[("name", "全办急件"), ("shared", "yes")]);
    let rows = views(&mut other, None);
    assert_eq!((rows.len(), rows[0].own, rows[0].view.name.as_str()), (1, false, "全办急件"));
    assert!(rows[0].permits.iter().all(|(_, why)| why.is_some()));
    let denied = give(&mut other, (2, Act::EditView, Some(id)), &[("name", "我的")]).unwrap_err();
    assert_eq!(denied.kind, RefusalKind::Denied);
    // Whoever directs the office clears away what others share.
    let mut director = clerk(&mut office, (1002, "director"));
    give(&mut director, (3, Act::RemoveView, Some(id)), &[]).unwrap();
    assert!(views(&mut other, None).is_empty());
    let mut own = office.door_of(crate::desk::me());
    assert!(views(&mut own, None).is_empty());
    let Reply::Check(check) = own.call(Request::Check).unwrap() else { panic!("no check") };
    assert!(check.good, "{check:?}");
}

#[test]
fn a_village_saves_filters_of_its_own_and_a_viewer_none() {
    let mut office = Office::on("2026-08-06");
    let fields = [("name", "张家庄村"), ("kind", "village")];
    let village = office.done(Act::AddUnit, None, &fields).record.unwrap().id.to_string();
    let fields = [("login", "zjz"), ("uid", "1003"), ("roles", "village"), ("unit", &village)];
    office.done(Act::AddClerk, None, &fields);
    let mut door = office.door_of(Session { uid: 1003, login: "zjz".to_owned() });
    let form = [("name", "超期"), ("list", "cases"), ("sort", "due"), ("only", "due=late")];
    give(&mut door, (1, Act::SaveView, None), &form).unwrap();
    let id = views(&mut door, None)[0].view.id.0;
    give(&mut door, (2, Act::EditView, Some(id)), &[("name", "过期的")]).unwrap();
    give(&mut door, (3, Act::RemoveView, Some(id)), &[]).unwrap();
    let mut viewer = clerk(&mut office, (1004, "viewer"));
    let denied = give(&mut viewer, (4, Act::SaveView, None), &form).unwrap_err();
    assert_eq!(denied.kind, RefusalKind::Denied);
}

#[test]
fn several_matters_are_put_on_the_list_of_the_meeting_and_sealed_ones_are_left() {
    let mut office = Office::on("2026-08-06");
    for number in 1..=4 {
        office.register("张小明", &format!("第{number}件的诉求内容"), "2026-08-06");
    }
    office.done(Act::Table, Some(1), &[("question", "原来的问题")]);
    let route =
        [("purpose", "accusation"), ("route", "30"), ("about", "某站"), ("on", "2026-08-06")];
    office.done(Act::Route, Some(2), &route);
    let form = [("cases", "1 2 3 4"), ("question", "请议定牵头单位"), ("on", "2026-08-07")];
    let done = office.done(Act::TableMany, None, &form);
    assert_eq!(done.number.as_deref(), Some("2/4"));
    let tabled = |office: &mut Office, id| office.case(id).case.tabled;
    assert_eq!(tabled(&mut office, 1).unwrap().question.as_deref(), Some("原来的问题"));
    assert!(tabled(&mut office, 2).is_none());
    for id in [3, 4] {
        let tabled = tabled(&mut office, id).unwrap();
        assert_eq!(tabled.question.as_deref(), Some("请议定牵头单位"));
        assert_eq!(tabled.on, Some("2026-08-07".parse().unwrap()));
    }
    let again = office.try_do(Act::TableMany, None, &form).unwrap_err();
    assert_eq!(again.key, "broken.nothing_to_table");
    let past = [("cases", "3"), ("on", "2026-08-01")];
    office.done(Act::TakeOff, Some(3), &[]);
    let refused = office.try_do(Act::TableMany, None, &past).unwrap_err();
    assert_eq!(refused.key, "broken.day_has_passed");
    assert!(tabled(&mut office, 3).is_none());
}

#[test]
fn the_journal_names_a_filter_to_those_who_may_see_it() {
    let mut office = Office::on("2026-08-06");
    office.officer("王建国", &[("leads", "yes")]);
    let id = office.done(Act::SaveView, None, &URGENT).record.unwrap().id;
    let mut other = clerk(&mut office, (1001, "director"));
    let mut named = || {
        let query = JournalQuery { most: 50, ..JournalQuery::default() };
        let Ok(Reply::Journal(page)) = other.call(Request::Journal(query)) else { panic!() };
        let text = serde_json::to_string(&page.rows).unwrap();
        text.contains("王镇长的急件")
    };
    assert!(!named(), "a filter of one's own is nobody else's");
    office.done(Act::EditView, Some(id), &[("shared", "yes")]);
    assert!(named());
    office.done(Act::RemoveView, Some(id), &[]);
    assert!(!named());
}
