//! Recurring work and indicators: what villages owe each month, and what bulletins say.

use anjie::api::door::Door;
use anjie::api::duty::{DutyGroup, DutyQuery, HeadView};
use anjie::api::figure::{FigureStanding, FigureView};
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::{AgendaGroup, AgendaView, Reply};
use anjie::api::request::{AgendaQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::choice::ReportState;
use anjie::domain::ids::DutyId;
use anjie::domain::line::LineKind;
use anjie::domain::standing::Standing;
use anjie::service::Session;

use crate::desk::{Office, day};

const VILLAGES: [&str; 3] = ["张家庄村", "石桥村", "柳树沟村"];

fn office(today: &str) -> Office {
    let mut office = Office::on(today);
    for village in VILLAGES {
        office.unit(village, "village");
    }
    let fields = [("template", "demonstration-town"), ("year", "2026")];
    office.done(Act::LoadPlan, None, &fields);
    office
}

fn group(office: &mut Office, code: &str, period: Option<&str>) -> DutyGroup {
    let query = DutyQuery {
        code: Some(code.to_owned()),
        period: period.map(str::to_owned),
        ..DutyQuery::default()
    };
    match office.ask(Request::Duties(query)).unwrap() {
        Reply::Duties(mut view) => view.groups.remove(0),
        other => panic!("recurring work was answered with {other:?}"),
    }
}

fn agenda(office: &mut Office) -> AgendaView {
    let query = AgendaQuery { most: 200, ..AgendaQuery::default() };
    match office.ask(Request::Agenda(query)).unwrap() {
        Reply::Agenda(view) => view,
        other => panic!("the agenda was answered with {other:?}"),
    }
}

fn head(office: &mut Office) -> HeadView {
    agenda(office).head.map(|head| *head).unwrap_or_default()
}

/// The villages whose screening stands in a group of the agenda.
fn screening(office: &mut Office, wanted: AgendaGroup) -> Vec<String> {
    let rows = agenda(office).rows.into_iter();
    let own = rows.filter(|(group, row)| {
        *group == wanted && row.line == LineKind::Duty && row.number == "M3"
    });
    own.filter_map(|(_, row)| row.village).collect()
}

fn report(office: &mut Office, village: usize, more: &[(&str, &str)]) {
    let id = group(office, "M3", None).rows[village].id.0;
    let fields: Vec<_> = [("word", "reported")].iter().chain(more).copied().collect();
    office.done(Act::ReportDuty, Some(id), &fields);
}

fn move_to(office: &mut Office, today: &str) {
    office.done(Act::MoveToday, None, &[("today", today)]);
}

#[test]
fn a_month_of_screening_is_owed_by_each_village_until_it_has_reported() {
    let mut office = office("2026-10-10");
    let october = group(&mut office, "M3", None);
    assert_eq!((october.key.as_str(), october.due), ("2026-10", day("2026-10-20")));
    assert_eq!(october.count(ReportState::Owed), 3);
    move_to(&mut office, "2026-10-16");
    let paper = [("on", "2026-10-16"), ("document", "1号"), ("reporter", "石守义")];
    report(&mut office, 0, &[&paper[..], &[("via", "paper"), ("signer", "王村长")]].concat());
    report(&mut office, 1, &[("word", "zero"), ("on", "2026-10-16"), ("via", "call")]);
    let october = group(&mut office, "M3", None);
    let states: Vec<_> = october.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [ReportState::Reported, ReportState::Zero, ReportState::Owed]);
    let newest = october.rows[0].newest.clone().unwrap();
    assert_eq!(newest.by.as_deref(), Some("李娟"), "who entered it stands beside who reported");
    assert_eq!(newest.reporter.as_deref(), Some("石守义"));
    let glance = head(&mut office).duties.remove(0);
    assert_eq!((glance.key.as_str(), glance.owing), ("2026-10", vec!["柳树沟村".to_owned()]));

    move_to(&mut office, "2026-10-20");
    assert_eq!(screening(&mut office, AgendaGroup::Today), ["柳树沟村"]);
    move_to(&mut office, "2026-11-02");
    assert_eq!(screening(&mut office, AgendaGroup::Late), ["柳树沟村"]);
    assert_eq!(screening(&mut office, AgendaGroup::Later), ["张家庄村", "石桥村"]);
    assert_eq!(group(&mut office, "M3", None).rows[2].n_before, 1, "October is owed too");
    assert_eq!(head(&mut office).duties.len(), 2, "October and November");
    let id = october.rows[2].id.0;
    let late = [("word", "zero"), ("on", "2026-11-02")];
    office.done(Act::ReportDuty, Some(id), &late);
    let october = group(&mut office, "M3", Some("2026-10"));
    assert_eq!(october.rows[2].standing, Standing::MetLate);
    assert_eq!(screening(&mut office, AgendaGroup::Late), [""; 0]);
    assert!(office.is_sound());
}

#[test]
fn a_report_that_is_sent_back_is_owed_again_by_its_new_day() {
    let mut office = office("2026-10-16");
    report(&mut office, 0, &[("on", "2026-10-12"), ("place", "3盒")]);
    let own = group(&mut office, "M3", None).rows[0].clone();
    let fields = [("on", "2026-10-16"), ("text", "没有写处理人"), ("until", "2026-10-23")];
    office.done(Act::SendBackDuty, Some(own.id.0), &fields);
    let own = group(&mut office, "M3", None).rows[0].clone();
    assert_eq!((own.state, own.due), (ReportState::SentBack, day("2026-10-23")));
    let refusal = office.try_do(Act::SendBackDuty, Some(own.id.0), &fields).unwrap_err();
    assert_eq!(refusal.key, "broken.duty_is_not_reported");
    report(&mut office, 0, &[("on", "2026-10-16"), ("text", "已补处理人")]);
    let refusal = office
        .try_do(
            Act::ReportDuty,
            Some(own.id.0),
            &[("word", "zero"), ("on", "2026-10-16"), ("period", "2026-10")],
        )
        .unwrap_err();
    assert_eq!(refusal.key, "broken.duty_is_reported");
    let Reply::Duty(sheet) = office.ask(Request::Duty { id: DutyId(own.id.0) }).unwrap() else {
        panic!("no sheet")
    };
    assert_eq!(sheet.duty.turns.len(), 3, "nothing of the story is lost");
    assert!(office.is_sound());
}

#[test]
fn a_meeting_needs_its_minutes_and_takes_no_zero_report() {
    let mut office = office("2026-10-16");
    let own = group(&mut office, "M7", None);
    assert_eq!((own.key.as_str(), own.due), ("2026-Q4", day("2026-12-31")));
    let id = own.rows[0].id.0;
    let mut refused = |fields: &[(&str, &str)]| {
        let all: Vec<_> = [("on", "2026-10-16")].iter().chain(fields).copied().collect();
        office.try_do(Act::ReportDuty, Some(id), &all).unwrap_err().key
    };
    assert_eq!(refused(&[("word", "zero")]), "broken.duty_takes_no_zero_report");
    assert_eq!(refused(&[("word", "reported")]), "broken.duty_needs_evidence");
    assert_eq!(
        refused(&[("word", "reported"), ("period", "2027-Q1")]),
        "broken.period_has_not_begun"
    );
    assert_eq!(refused(&[("word", "reported"), ("period", "2026-Q9")]), "broken.no_such_period");
}

#[test]
fn the_day_of_recurring_work_can_be_moved_and_its_end_set() {
    let mut office = office("2026-10-16");
    let id = group(&mut office, "M3", None).rows[0].id.0;
    office.done(Act::EditDuty, Some(id), &[("day", "25"), ("until", "2026-11-30")]);
    assert_eq!(group(&mut office, "M3", None).rows[0].due, day("2026-10-25"));
    let december = group(&mut office, "M3", Some("2026-12"));
    assert_eq!(december.rows.len(), 2, "it has ended for the first village");
    let refusal = office.try_do(Act::EditDuty, Some(id), &[("until", "2026-09-01")]).unwrap_err();
    assert_eq!(refusal.key, "broken.day_is_before_what_it_follows");
    assert!(office.is_sound());
}

#[test]
fn a_village_sees_and_reports_its_own_work_alone_and_no_figures() {
    let mut office = office("2026-10-16");
    let fields = [("login", "shiqiao"), ("uid", "2001"), ("roles", "village"), ("unit", "2")];
    office.done(Act::AddClerk, None, &fields);
    let rows = group(&mut office, "M3", None).rows;
    let mut door = office.door_of(Session { uid: 2001, login: "shiqiao".to_owned() });
    let Reply::Duties(view) = door.call(Request::Duties(DutyQuery::default())).unwrap() else {
        panic!("no list")
    };
    let seen = view.groups.iter().flat_map(|group| &group.rows);
    assert!(seen.into_iter().all(|row| row.village.as_deref() == Some("石桥村")));
    let mut act = |act, id: DutyId| {
        let fields = [("word", "zero"), ("on", "2026-10-16"), ("text", "x")];
        let fields = &fields[if act == Act::ReportDuty { 0 } else { 1 }..];
        let order = office.order(act, Some(id.0), fields);
        door.call(Request::Do(order))
    };
    assert_eq!(act(Act::ReportDuty, rows[0].id).unwrap_err().kind, RefusalKind::NotFound);
    act(Act::ReportDuty, rows[1].id).unwrap();
    assert_eq!(act(Act::SendBackDuty, rows[1].id).unwrap_err().kind, RefusalKind::Denied);
    let refusal = door.call(Request::Figures { year: None }).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Denied);
}

#[test]
fn a_plan_that_is_loaded_again_makes_no_work_twice_and_a_new_village_gets_its_own() {
    let mut office = office("2026-10-16");
    let n_rows = |office: &mut Office| group(office, "M3", None).rows.len();
    office.unit("南洼村", "village");
    assert_eq!(n_rows(&mut office), 4);
    let again = [("template", "demonstration-town"), ("year", "2027")];
    office.done(Act::LoadPlan, None, &again);
    assert_eq!(n_rows(&mut office), 4, "what has no end goes on and is not made again");
    assert!(office.is_sound());
}

fn figures(office: &mut Office, year: i32) -> FigureView {
    match office.ask(Request::Figures { year: Some(year) }).unwrap() {
        Reply::Figures(view) => *view,
        other => panic!("figures were answered with {other:?}"),
    }
}

fn enter(office: &mut Office, (key, year, month): (&str, &str, &str), value: &str) {
    let fields = [
        ("indicator", key),
        ("year", year),
        ("month", month),
        ("value", value),
        ("source", "区信访局通报"),
        ("on", "2026-10-08"),
    ];
    office.done(Act::EnterFigure, None, &fields);
}

#[test]
fn totals_of_bulletins_are_measured_by_population_and_last_year() {
    let mut office = office("2026-10-10");
    let find = |view: &FigureView, key: &str| {
        view.rows.iter().find(|row| row.key.word() == key).unwrap().clone()
    };
    let empty = figures(&mut office, 2026);
    assert_eq!((empty.rows.len(), empty.population), (19, 50_000));
    assert!(empty.rows.iter().all(|row| row.standing == FigureStanding::Unknown));
    enter(&mut office, ("G3a", "2026", "1"), "3");
    enter(&mut office, ("G3a", "2026", "2"), "3");
    let own = find(&figures(&mut office, 2026), "G3a");
    assert_eq!((own.total, own.ceiling, own.headroom), (Some(6), Some(5), Some(-1)));
    assert_eq!(own.standing, FigureStanding::Missed);
    enter(&mut office, ("G3a", "2026", "2"), "2");
    let own = find(&figures(&mut office, 2026), "G3a");
    assert_eq!((own.headroom, own.standing), (Some(0), FigureStanding::Met), "corrected");
    enter(&mut office, ("G3b", "2026", "1"), "1");
    assert_eq!(find(&figures(&mut office, 2026), "G3b").standing, FigureStanding::Unknown);
    enter(&mut office, ("G3b", "2025", "1"), "2");
    let own = find(&figures(&mut office, 2026), "G3b");
    assert_eq!((own.last_year, own.standing), (Some(2), FigureStanding::Met));
    assert!(office.is_sound());
}

#[test]
fn a_total_without_a_source_or_from_the_future_is_refused() {
    let mut office = office("2026-10-10");
    let mut refused = |more: &[(&str, &str)]| {
        let all = [("indicator", "G5"), ("year", "2026"), ("value", "0")];
        let all: Vec<_> = all.iter().chain(more).copied().collect();
        office.try_do(Act::EnterFigure, None, &all).unwrap_err()
    };
    let bare = refused(&[("month", "9"), ("on", "2026-10-08")]);
    assert_eq!(bare.wrongs[0].field, "enter_figure.source");
    let source = ("source", "通报");
    let key = refused(&[source, ("month", "11"), ("on", "2026-10-08")]).key;
    assert_eq!(key, "broken.period_has_not_begun");
    let key = refused(&[source, ("month", "9"), ("on", "2026-08-08")]).key;
    assert_eq!(key, "broken.day_is_before_what_it_follows");
    let key = refused(&[source, ("month", "9"), ("on", "2026-10-11")]).key;
    assert_eq!(key, "broken.day_is_in_the_future");
}
