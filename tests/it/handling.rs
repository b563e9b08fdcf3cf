//! From the window to an extended clock.

use anjie::api::refusal::RefusalKind;
use anjie::api::reply::{AgendaGroup, Reply};
use anjie::api::request::{AgendaQuery, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::standing::Standing;

use crate::desk::{Office, day, me};

const ROUTE: [(&str, &str); 3] = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-08-06")];

#[test]
fn a_request_at_the_window_gets_a_number_and_the_notice_clock() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "村口的路灯坏了三个月，一直没有人修。", "2026-08-06");
    let sheet = office.case(id);
    assert_eq!(sheet.case.number, "青信2026-0001");
    assert_eq!(sheet.case.title, "村口的路灯坏了三个月");
    assert_eq!(sheet.stage, Stage::Registered);
    let notice = sheet.deadlines.iter().find(|clock| clock.rule == "notice_direct").unwrap();
    assert_eq!(notice.latest, Some(day("2026-08-21")));
    assert!(office.is_sound());
}

#[test]
fn the_sixty_days_run_from_acceptance_and_a_lawful_extension_moves_them() {
    let mut office = Office::on("2026-08-06");
    let head = office.officer("王建国", &[("head_from", "2026-01-01"), ("leads", "yes")]);
    let id = office.register("张小明", "征地补偿款没有到账", "2026-08-06");
    office.done(Act::Route, Some(id), &ROUTE);
    office.done(Act::Accept, Some(id), &[("on", "2026-08-06")]);
    let clock = |office: &mut Office| {
        let sheet = office.case(id);
        sheet.deadlines.into_iter().find(|clock| clock.rule == "conclude").unwrap()
    };
    let before = clock(&mut office);
    assert_eq!((before.target, before.latest), (Some(day("2026-10-05")), Some(day("2026-10-08"))));
    let extension = |days: &'static str, head: &'static str| {
        [("days", days), ("approver", head), ("on", "2026-08-06"), ("text", "案情复杂")]
    };
    let head: &'static str = Box::leak(head.to_string().into_boxed_str());
    let refused = office.try_do(Act::Extend, Some(id), &extension("31", head)).unwrap_err();
    assert_eq!(refused.key, "broken.extension_is_too_long");
    office.done(Act::Extend, Some(id), &extension("30", head));
    assert_eq!(clock(&mut office).latest, Some(day("2026-11-04")));
    assert!(office.is_sound());
}

#[test]
fn a_late_extension_and_one_by_somebody_who_is_not_head_are_refused() {
    let mut office = Office::on("2026-08-06");
    let head = office.officer("王建国", &[("head_from", "2026-01-01")]).to_string();
    let other = office.officer("赵敏", &[]).to_string();
    let id = office.register("张小明", "征地补偿款没有到账", "2026-08-06");
    office.done(Act::Route, Some(id), &ROUTE);
    office.done(Act::Accept, Some(id), &[("on", "2026-08-06")]);
    let ask = |office: &mut Office, who: &str, on: &str| {
        let fields = [("days", "30"), ("approver", who), ("on", on), ("text", "案情复杂")];
        office.try_do(Act::Extend, Some(id), &fields).unwrap_err().key
    };
    assert_eq!(ask(&mut office, &other, "2026-08-06"), "broken.approver_is_not_head");
    office.done(Act::MoveToday, None, &[("today", "2026-10-09")]);
    assert_eq!(ask(&mut office, &head, "2026-10-09"), "broken.extension_is_too_late");
    let version = office.version(id);
    assert_eq!(version.0, 3, "refused changes leave no version behind");
}

#[test]
fn acceptance_needs_a_decided_procedure_and_may_not_precede_the_receipt() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "征地补偿款没有到账", "2026-08-05");
    let refused = office.try_do(Act::Accept, Some(id), &[("on", "2026-08-06")]).unwrap_err();
    assert_eq!(refused.key, "broken.route_is_undecided");
    office.done(Act::Route, Some(id), &ROUTE);
    let early = office.try_do(Act::Accept, Some(id), &[("on", "2026-08-01")]).unwrap_err();
    assert_eq!(early.key, "broken.day_is_before_what_it_follows");
    let unreal = office.try_do(Act::Accept, Some(id), &[("on", "2026-02-31")]).unwrap_err();
    assert_eq!(unreal.wrongs[0].why, "no_such_day");
}

#[test]
fn an_order_that_is_sent_twice_is_done_once() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let order = office.order(
        Act::Record,
        Some(id),
        &[("work", "talk"), ("on", "2026-08-06"), ("text", "到户谈话")],
    );
    let first = office.ask(Request::Do(order.clone())).unwrap();
    let second = office.ask(Request::Do(order)).unwrap();
    assert_eq!(first, second);
    assert_eq!(office.case(id).case.steps.len(), 2);
}

#[test]
fn two_clerks_who_change_different_fields_are_merged_and_the_same_field_is_a_conflict() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let seen = office.version(id);
    let edit = |office: &mut Office, name: &str, text: &str| {
        let mut order = office.order(Act::EditCase, Some(id), &[(name, text)]);
        order.seen = Some(seen);
        office.ask(Request::Do(order))
    };
    edit(&mut office, "place", "村口").unwrap();
    edit(&mut office, "title", "村口路灯不亮").unwrap();
    let clash = edit(&mut office, "title", "路灯坏了").unwrap_err();
    assert_eq!(clash.kind, RefusalKind::Conflict);
    assert_eq!(clash.clashes[0].theirs, "村口路灯不亮");
    assert!(clash.clashes[0].when.ends_with("+08:00"), "{}", clash.clashes[0].when);
    let case = office.case(id).case;
    assert_eq!((case.place.as_deref(), case.title.as_str()), (Some("村口"), "村口路灯不亮"));
}

#[test]
fn a_conflict_over_a_phone_says_that_it_changed_and_not_to_what() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let person = office.case(id).case.persons.keys().next().unwrap().0;
    let fields = [("phone", "13800001234"), ("id_number", "11010519491231002X")];
    let mut order = office.order(Act::EditPerson, Some(person), &fields);
    order.seen = Some(anjie::domain::ids::Version(1));
    office.ask(Request::Do(order.clone())).unwrap();
    order.id = anjie::domain::ids::RequestId(7);
    let clash = office.ask(Request::Do(order)).unwrap_err();
    assert_eq!(clash.kind, RefusalKind::Conflict);
    let theirs: Vec<_> = clash.clashes.iter().map(|clash| clash.theirs.as_str()).collect();
    // To see more somebody reveals it, with a reason and a line of the access log.
    assert_eq!(theirs, [Some("**************002X"), Some("138****1234")]);
}

#[test]
fn the_agenda_groups_what_is_due_and_counts_it() {
    let mut office = Office::on("2026-08-06");
    for received_on in ["2026-07-01", "2026-07-22", "2026-07-24", "2026-08-06"] {
        office.register("张小明", "路灯不亮", received_on);
    }
    let Reply::Agenda(view) = office
        .ask(Request::Agenda(AgendaQuery {
            whose: Whose::Mine,
            most: 50,
            ..AgendaQuery::default()
        }))
        .unwrap()
    else {
        panic!("no agenda");
    };
    let groups: Vec<_> = view
        .rows
        .iter()
        .map(|(group, row)| (*group, row.clock.as_ref().unwrap().standing))
        .collect();
    assert_eq!(groups[0], (AgendaGroup::Late, Standing::Late));
    assert_eq!(groups[1], (AgendaGroup::Today, Standing::Today));
    assert_eq!(groups[2], (AgendaGroup::Soon, Standing::Soon));
    assert_eq!(groups[3].0, AgendaGroup::Fresh);
    assert_eq!((view.mine, view.all), (4, 4));
    assert_eq!(view.counts[0], (AgendaGroup::Late, 1));
}

#[test]
fn an_accusation_is_seen_by_its_reader_alone() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "反映某单位的问题", "2026-08-06");
    let fields = [("login", "zhaomin"), ("uid", "1001"), ("roles", "director clerk leader")];
    office.done(Act::AddClerk, None, &fields);
    office.done(
        Act::Route,
        Some(id),
        &[("purpose", "accusation"), ("route", "30"), ("about", "某站"), ("on", "2026-08-06")],
    );
    use anjie::api::door::Door;
    let mut other =
        office.door_of(anjie::service::Session { uid: 1001, login: "zhaomin".to_owned() });
    let ask = Request::Case { id: anjie::domain::ids::CaseId(id) };
    assert_eq!(other.call(ask.clone()).unwrap_err().kind, RefusalKind::NotFound);
    assert!(office.ask(ask).is_ok());
    for text in ["张小明", "zxm", "反映某单位"] {
        let find = Request::Find { text: text.to_owned(), kinds: Vec::new(), most: 20 };
        let Ok(Reply::Found(found)) = other.call(find) else { panic!("no answer") };
        assert_eq!(found.total, 0, "{text}");
    }
    let nobody = office.door_of(anjie::service::Session { uid: 7, ..me() }).call(Request::Greet);
    assert_eq!(nobody.unwrap_err().kind, RefusalKind::Denied);
}

#[test]
fn a_case_is_given_to_a_unit_but_not_twice_and_not_upwards() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let town = office.unit("村镇建设办", "department").to_string();
    let county = office.unit("区信访局", "superior").to_string();
    office.done(Act::Allot, Some(id), &[("unit", &town)]);
    let again = office.try_do(Act::Allot, Some(id), &[("unit", &town)]).unwrap_err();
    assert_eq!(again.key, "broken.unit_has_it_already");
    let upwards = office.try_do(Act::Allot, Some(id), &[("unit", &county)]).unwrap_err();
    assert_eq!(upwards.key, "broken.unit_is_above_the_town");
}
