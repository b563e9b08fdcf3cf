//! Lists: windows by key, in a named order, narrowed by whose, stage and text.

use anjie::api::reply::{CasePage, Reply};
use anjie::api::request::{CaseQuery, Request, Way, Whose};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::listing::{Column, Sort, Value};

use crate::desk::Office;

fn page(office: &mut Office, query: CaseQuery) -> CasePage {
    match office.ask(Request::Cases(query)).unwrap() {
        Reply::Cases(page) => page,
        other => panic!("a list was answered with {other:?}"),
    }
}

fn numbers(page: &CasePage) -> Vec<&str> {
    page.rows.iter().map(|row| row.number.as_str()).collect()
}

fn office_with(n_cases: u32) -> Office {
    let mut office = Office::on("2026-08-06");
    for number in 0..n_cases {
        let day = format!("2026-07-{:02}", 1 + number % 28);
        office.register("张小明", &format!("第{number}件的诉求内容"), &day);
    }
    office
}

#[test]
fn pages_forward_and_backward_show_every_case_once() {
    let mut office = office_with(25);
    for sort in [Sort::DUE, Sort::RECEIVED] {
        let query = |from, way| CaseQuery { sort, from, way, most: 10, ..CaseQuery::default() };
        let mut seen = Vec::new();
        let mut from = None;
        loop {
            let page = page(&mut office, query(from.clone(), Way::Forward));
            assert_eq!(page.total, Some(25));
            seen.extend(page.rows.iter().map(|row| row.id));
            from = page.rows.last().map(|row| row.cursor.clone());
            if !page.after {
                break;
            }
        }
        assert_eq!(seen.len(), 25);
        let last = page(&mut office, query(None, Way::FromEnd));
        assert_eq!(last.rows.last().map(|row| row.id), seen.last().copied());
        let back = page(&mut office, query(Some(last.rows[0].cursor.clone()), Way::Backward));
        let expected: Vec<_> = seen[5..15].to_vec();
        assert_eq!(back.rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
        assert!(back.before && back.after);
    }
}

#[test]
fn the_newest_receipt_stands_first_and_the_earliest_due_day_stands_first() {
    let mut office = office_with(3);
    let newest = page(&mut office, CaseQuery { sort: Sort::RECEIVED, ..CaseQuery::default() });
    assert_eq!(numbers(&newest), ["青信2026-0003", "青信2026-0002", "青信2026-0001"]);
    let due = page(&mut office, CaseQuery { sort: Sort::DUE, ..CaseQuery::default() });
    assert_eq!(numbers(&due), ["青信2026-0001", "青信2026-0002", "青信2026-0003"]);
}

#[test]
fn a_list_is_narrowed_by_stage_by_officer_and_by_text() {
    let mut office = office_with(4);
    let fields = [("purpose", "request"), ("route", "31(6)"), ("on", "2026-08-06")];
    office.done(Act::Route, Some(1), &fields);
    let stage = CaseQuery { stage: Some(Stage::Routed), ..CaseQuery::default() };
    assert_eq!(numbers(&page(&mut office, stage)), ["青信2026-0001"]);
    let lead = office.officer("王建国", &[("leads", "yes")]);
    office.done(Act::AssignLead, Some(2), &[("lead", &lead.to_string())]);
    let whose = Whose::Officer(anjie::domain::ids::OfficerId(lead));
    let of_lead = CaseQuery { whose, ..CaseQuery::default() };
    assert_eq!(numbers(&page(&mut office, of_lead)), ["青信2026-0002"]);
    let text = CaseQuery { text: Some("第3件".to_owned()), ..CaseQuery::default() };
    assert_eq!(numbers(&page(&mut office, text)), ["青信2026-0004"]);
}

fn counts(office: &mut Office) -> anjie::api::figure::CountView {
    match office.ask(Request::Counts).unwrap() {
        Reply::Counts(view) => *view,
        other => panic!("counts were answered with {other:?}"),
    }
}

#[test]
fn the_ledger_counts_open_matters_by_stage_lead_and_unit_and_what_the_month_brought() {
    let mut office = Office::on("2026-08-06");
    let days = ["2026-07-01", "2026-07-24", "2026-08-03", "2026-08-06"];
    let ids = days.map(|day| office.register("张小明", "路灯不亮", day));
    let lead = office.officer("王建国", &[("leads", "yes")]);
    office.done(Act::AssignLead, Some(ids[1]), &[("lead", &lead.to_string())]);
    let view = counts(&mut office);
    assert_eq!((view.open.open, view.open.late, view.came, view.over), (4, 1, 2, 0));
    let of = |by: Column| -> Vec<(Value, u64)> {
        let rows = view.rows.iter().filter(|row| row.by == by);
        rows.map(|row| (row.value.clone(), row.counted.open)).collect()
    };
    assert_eq!(of(Column::Stage), [(Value::word("registered"), 4)]);
    assert_eq!(of(Column::Lead), [(Value::Id(lead), 1), (Value::Nothing, 3)]);
    for row in &view.rows {
        let mut only = anjie::domain::listing::Narrow::default();
        only.set(row.by, Some(row.value.clone()));
        let list = page(&mut office, CaseQuery { only, ..CaseQuery::default() });
        assert_eq!(list.rows.len() as u64, row.counted.open, "{row:?} is what its list shows");
    }
    let told = [("procedure", "31(2)"), ("body", "区劳动仲裁院"), ("on", "2026-08-06")];
    office.done(Act::Guide, Some(ids[3]), &[&told[..], &[("text", "已告知仲裁")]].concat());
    let view = counts(&mut office);
    assert_eq!((view.open.open, view.came, view.over), (3, 2, 1));
    assert!(office.is_sound());
}
