//! Why a clock ends on its day: the count of each running clock ends where its sheet says.

use anjie::api::days::{DayPart, WhyQuery, WhyView};
use anjie::api::door::Door;
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::{DeadlineView, Reply};
use anjie::api::request::Request;
use anjie::domain::act::Act;
use anjie::domain::ids::CaseId;
use anjie::service::Session;

use crate::desk::{Office, day};

fn why(office: &mut Office, id: u64, clock: &DeadlineView) -> Result<WhyView, Refusal> {
    match office.ask(Request::Why(query(id, clock)))? {
        Reply::Why(view) => Ok(*view),
        other => panic!("a count was answered with {other:?}"),
    }
}

fn query(id: u64, clock: &DeadlineView) -> WhyQuery {
    let (rule, receipt) = (clock.rule.clone(), clock.receipt);
    WhyQuery::Clock { case: CaseId(id), rule, receipt, from: clock.from.unwrap() }
}

fn accepted(office: &mut Office) -> u64 {
    let id = office.register("张小明", "路灯不亮", "2026-07-01");
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-07-02")];
    office.done(Act::Route, Some(id), &route);
    office.done(Act::Accept, Some(id), &[("on", "2026-07-03")]);
    id
}

#[test]
fn every_clock_with_a_day_is_counted_to_that_day() {
    let mut office = Office::on("2026-08-20");
    let head = office.officer("王建国", &[("leads", "yes"), ("head_from", "2026-01-01")]);
    let id = accepted(&mut office);
    let fields = [
        ("days", "30"),
        ("approver", &head.to_string()),
        ("on", "2026-08-20"),
        ("text", "案情复杂"),
    ];
    office.done(Act::Extend, Some(id), &fields);
    let clocks = office.case(id).deadlines;
    let mut n_counted = 0;
    for clock in clocks.iter().filter(|clock| clock.from.is_some() && clock.latest.is_some()) {
        let view = why(&mut office, id, clock).unwrap();
        assert_eq!((Some(view.target), Some(view.latest)), (clock.target, clock.latest));
        assert_eq!(view.days.first().map(|of| of.day.on), clock.from);
        assert_eq!(view.days.last().map(|of| of.day.on), clock.latest);
        n_counted += 1;
    }
    assert!(n_counted >= 2, "{clocks:?}");
    let conclude = clocks.iter().find(|clock| clock.rule == "conclude").unwrap();
    let view = why(&mut office, id, conclude).unwrap();
    assert_eq!(view.extensions, [(30, day("2026-08-20"))]);
    let n = |part| view.days.iter().filter(|of| of.part == part).count();
    assert_eq!((n(DayPart::Counted), n(DayPart::Extended)), (60, 30));
}

#[test]
fn a_count_is_not_there_for_whoever_may_not_see_the_case() {
    let mut office = Office::on("2026-08-20");
    let id = office.register("张小明", "反映某单位的问题", "2026-08-06");
    let fields = [("login", "zhaomin"), ("uid", "1001"), ("roles", "director clerk leader")];
    office.done(Act::AddClerk, None, &fields);
    let clock = office.case(id).deadlines.into_iter().find(|one| one.latest.is_some()).unwrap();
    let mut other = office.door_of(Session { uid: 1001, login: "zhaomin".to_owned() });
    let ask = Request::Why(query(id, &clock));
    assert!(other.call(ask.clone()).is_ok());
    let route =
        [("purpose", "accusation"), ("route", "30"), ("about", "某站"), ("on", "2026-08-06")];
    office.done(Act::Route, Some(id), &route);
    assert_eq!(other.call(ask).unwrap_err().kind, RefusalKind::NotFound);
}

#[test]
fn a_clock_that_the_case_has_not_is_not_found() {
    let mut office = Office::on("2026-08-20");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let clock = office.case(id).deadlines.into_iter().find(|one| one.latest.is_some()).unwrap();
    let odd = DeadlineView { from: Some(day("2020-01-01")), ..clock };
    assert_eq!(why(&mut office, id, &odd).unwrap_err().kind, RefusalKind::NotFound);
}
