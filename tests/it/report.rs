//! Reports: numbers of some days beside those before, the same whoever makes them, and about nobody.

use anjie::api::door::Door;
use anjie::api::reply::Reply;
use anjie::api::report::{ReportBy, ReportQuery, ReportSaid, ReportView, Tally};
use anjie::api::request::{AccessQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::report::ReportKind;
use anjie::service::Session;

use crate::desk::{Office, day};

fn query(kind: ReportKind) -> ReportQuery {
    ReportQuery { kind, until: None, said: None }
}

fn report(office: &mut Office, query: ReportQuery) -> ReportView {
    match office.ask(Request::Report(query)).unwrap() {
        Reply::Report(view) => *view,
        other => panic!("a report was answered with {other:?}"),
    }
}

fn of(view: &ReportView, by: ReportBy, name: &str) -> [Tally; 3] {
    let is_it = |word: &Option<String>| word.as_deref() == Some(name);
    let mut rows = view.rows.iter().filter(|row| row.by == by);
    rows.find(|row| is_it(&row.word) || is_it(&row.name)).unwrap().counts
}

#[test]
fn what_came_is_counted_by_its_own_day_beside_the_month_before_and_last_year() {
    let mut office = Office::on("2026-10-20");
    office.unit("石桥村", "village");
    office.unit("张家庄", "village");
    for (name, received_on) in
        [("张小明", "2026-10-05"), ("刘翠英", "2026-09-10"), ("马玉兰", "2025-10-08")]
    {
        office.register(name, "路灯不亮", received_on);
    }
    // A letter of thirty on a matter that is known: no new matter.
    let letter = [
        ("received_on", "2026-10-12"),
        ("channel", "letter"),
        ("source", "direct"),
        ("people", "30"),
    ];
    office.done(Act::Join, Some(2), &letter);
    let view = report(&mut office, query(ReportKind::Monthly));
    assert_eq!(view.spans[0].from, day("2026-10-01"));
    let [own, before, last] = view.total;
    assert_eq!((own.receipts, own.visits, own.people, own.matters), (2, 1, 31, 1));
    assert_eq!((before.receipts, before.matters), (1, 1));
    assert_eq!((last.receipts, last.matters), (1, 1));
    assert_eq!(of(&view, ReportBy::Channel, "letter")[0].receipts, 1);
    let villages = view.rows.iter().filter(|row| row.by == ReportBy::Village);
    let villages: Vec<_> = villages.map(|row| row.name.clone()).collect();
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(villages, [named("石桥村"), named("张家庄"), None], "in their order, none left out");
    assert_eq!(view.open.open, 3);
}

#[test]
fn a_clock_counts_where_its_latest_day_lies() {
    let mut office = Office::on("2026-10-20");
    // Fifteen days end on 10-05, rolled over the holiday; nobody was told.
    let late = office.register("张小明", "路灯不亮", "2026-09-20");
    let told = office.register("刘翠英", "水渠渗漏", "2026-09-28");
    office.done(Act::Notify, Some(told), &[("on", "2026-10-09"), ("manner", "in_person")]);
    let month = report(&mut office, query(ReportKind::Monthly));
    assert_eq!((month.total[0].notices_met, month.total[0].notices_late), (1, 1));
    assert_eq!(
        month.total[1],
        Tally { receipts: 1, visits: 1, people: 1, matters: 1, ..Tally::default() }
    );
    // Told too late it stays late.
    office.done(Act::Notify, Some(late), &[("on", "2026-10-19"), ("manner", "in_person")]);
    let month = report(&mut office, query(ReportKind::Monthly));
    assert_eq!((month.total[0].notices_met, month.total[0].notices_late), (1, 1));
    let week = report(&mut office, query(ReportKind::Weekly));
    assert_eq!(week.total[0].notices_late, 0, "its day lies before this week");
}

#[test]
fn what_was_answered_in_time_and_ended_before_the_days_counts_where_its_latest_day_lies() {
    let mut office = Office::on("2026-10-20");
    // Fifteen days end on 2025-10-20, which lies in the same week of last year.
    let told = office.register("张小明", "路灯不亮", "2025-10-05");
    office.done(Act::Notify, Some(told), &[("on", "2025-10-08"), ("manner", "in_person")]);
    let stop = [
        ("on", "2025-10-10"),
        ("ground", "withdrawn"),
        ("text", "已当面谈妥"),
        ("document", "止1号"),
    ];
    office.done(Act::Stop, Some(told), &stop);
    let week = report(&mut office, query(ReportKind::Weekly));
    assert_eq!((week.spans[2].from, week.spans[2].until), (day("2025-10-19"), day("2025-10-20")));
    assert_eq!((week.total[2].notices_met, week.total[2].notices_late), (1, 0));
}

#[test]
fn a_report_of_a_day_that_no_calendar_reaches_is_refused() {
    let mut office = Office::on("2026-10-20");
    for until in ["-262143-01-01", "1899-12-31"] {
        let until = Some(until.parse().unwrap());
        let asked = Request::Report(ReportQuery { kind: ReportKind::Annual, until, said: None });
        assert_eq!(office.ask(asked).unwrap_err().key, "refusal.report_too_early");
    }
}

#[test]
fn a_report_that_goes_out_says_what_for_and_to_whom_and_stands_in_the_log() {
    let mut office = Office::on("2026-10-20");
    office.register("张小明", "路灯不亮", "2026-10-05");
    let to = |purpose: &str| {
        let said = ReportSaid { purpose: purpose.to_owned(), recipient: "区信访局".to_owned() };
        ReportQuery { said: Some(said), ..query(ReportKind::Annual) }
    };
    let refused = office.ask(Request::Report(to(" "))).unwrap_err();
    assert_eq!(refused.key, "refusal.purpose_is_missing");
    let logged = |office: &mut Office| {
        let only =
            AccessQuery { act: Some("export".to_owned()), most: 10, ..AccessQuery::default() };
        match office.ask(Request::Accesses(only)).unwrap() {
            Reply::Accesses(page) => page.rows,
            other => panic!("{other:?}"),
        }
    };
    report(&mut office, query(ReportKind::Annual));
    assert_eq!(logged(&mut office).len(), 0, "to look at it is no export");
    let view = report(&mut office, to("年报"));
    let rows = logged(&mut office);
    assert_eq!(rows.len(), 1);
    assert!(format!("{:?}", rows[0].notes).contains("年报"));
    let text = serde_json::to_string(&view).unwrap();
    assert!(!text.contains("张小明") && !text.contains("路灯"), "{text}");
    let ahead = ReportQuery { until: Some(day("2026-10-21")), ..query(ReportKind::Weekly) };
    assert_eq!(office.ask(Request::Report(ahead)).unwrap_err().key, "refusal.report_ahead");
}

#[test]
fn whoever_may_take_nothing_out_may_look_at_a_report_and_a_village_may_not() {
    let mut office = Office::on("2026-10-20");
    let village = office.unit("石桥村", "village").to_string();
    let guest = [("login", "guest"), ("uid", "4001"), ("roles", "viewer")];
    office.done(Act::AddClerk, None, &guest);
    let cun = [("login", "cun"), ("uid", "4002"), ("roles", "village"), ("unit", &village)];
    office.done(Act::AddClerk, None, &cun);
    let mut guest = office.door_of(Session { uid: 4001, login: "guest".to_owned() });
    assert!(guest.call(Request::Report(query(ReportKind::Weekly))).is_ok());
    let said = ReportSaid { purpose: "周报".to_owned(), recipient: "本人".to_owned() };
    let out = ReportQuery { said: Some(said), ..query(ReportKind::Weekly) };
    assert_eq!(guest.call(Request::Report(out)).unwrap_err().key, "refusal.denied");
    let mut cun = office.door_of(Session { uid: 4002, login: "cun".to_owned() });
    assert!(cun.call(Request::Report(query(ReportKind::Weekly))).is_err());
}
