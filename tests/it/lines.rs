//! Lines of the agenda: what a case owes stands on its days, once, and is counted as it is listed.

use std::collections::BTreeMap;

use anjie::api::listing::LineFilter;
use anjie::api::reply::{AgendaGroup, AgendaView, LineRow, Reply};
use anjie::api::request::{AgendaQuery, Layout, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::line::LineKind;
use anjie::domain::listing::{Column, Direction, Sort, Value};

use crate::desk::Office;

fn agenda(office: &mut Office, query: AgendaQuery) -> AgendaView {
    match office.ask(Request::Agenda(query)).unwrap() {
        Reply::Agenda(view) => view,
        other => panic!("an agenda was answered with {other:?}"),
    }
}

/// All rows, read in pages of a few.
fn all(office: &mut Office, layout: Layout, only: &LineFilter) -> AgendaView {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let query = AgendaQuery {
            whose: Whose::All,
            after,
            most: 3,
            layout,
            only: only.clone(),
            ..AgendaQuery::default()
        };
        let view = agenda(office, query);
        rows.extend(view.rows.clone());
        if !view.more {
            return AgendaView { rows, ..view };
        }
        after = view.rows.last().map(|(_, row)| row.cursor.clone());
    }
}

fn of_case(view: &AgendaView, id: u64) -> Vec<(AgendaGroup, LineKind, String)> {
    let rows = view.rows.iter().filter(|(_, row)| row.record.id == id);
    rows.map(|(group, row)| (*group, row.line, row.on.to_string())).collect()
}

fn assert_counted(view: &AgendaView) {
    let mut listed: BTreeMap<AgendaGroup, u64> = BTreeMap::new();
    for (group, _) in &view.rows {
        *listed.entry(*group).or_default() += 1;
    }
    for (group, count) in &view.counts {
        assert_eq!(listed.get(group).copied().unwrap_or(0), *count, "{group:?}");
    }
}

fn busy() -> (Office, Vec<u64>) {
    let mut office = Office::on("2026-08-06");
    let days = ["2026-07-01", "2026-07-20", "2026-07-24", "2026-07-29", "2026-08-06"];
    let ids = days.iter().map(|day| office.register("张小明", "路灯不亮", day)).collect::<Vec<_>>();
    office.done(Act::EditCase, Some(ids[1]), &[("agreed_on", "2026-09-01")]);
    office.done(Act::EditCase, Some(ids[2]), &[("agreed_on", "2026-08-05")]);
    (office, ids)
}

#[test]
fn a_case_stands_on_each_day_on_which_it_owes_something() {
    let (mut office, ids) = busy();
    let view = all(&mut office, Layout::Today, &LineFilter::default());
    let of = |id| of_case(&view, id);
    let line = |group, kind, on: &str| (group, kind, on.to_owned());
    assert_eq!(of(ids[0]), [line(AgendaGroup::Late, LineKind::Clock, "2026-07-16")]);
    let second = [
        line(AgendaGroup::Late, LineKind::Clock, "2026-08-04"),
        line(AgendaGroup::Later, LineKind::Agreed, "2026-09-01"),
    ];
    assert_eq!(of(ids[1]), second);
    let third = [
        line(AgendaGroup::Late, LineKind::Agreed, "2026-08-05"),
        line(AgendaGroup::Soon, LineKind::Clock, "2026-08-10"),
    ];
    assert_eq!(of(ids[2]), third);
    let fourth = [
        line(AgendaGroup::Nudge, LineKind::HalfTime, "2026-08-05"),
        line(AgendaGroup::Fresh, LineKind::Fresh, "2026-07-29"),
    ];
    assert_eq!(of(ids[3]), fourth, "half of fifteen days is gone and nothing was done");
    assert!(office.is_sound());
}

#[test]
fn what_is_counted_is_what_is_listed_whatever_the_pages() {
    let (mut office, _) = busy();
    for layout in [Layout::Today, Layout::Deadlines] {
        let only_agreed = LineFilter { kinds: vec![LineKind::Agreed], ..LineFilter::default() };
        for only in [LineFilter::default(), only_agreed] {
            assert_counted(&all(&mut office, layout, &only));
        }
    }
}

#[test]
fn a_hint_is_gone_once_a_step_is_done() {
    let (mut office, ids) = busy();
    let fields = [("work", "talk"), ("on", "2026-08-06"), ("text", "到户谈话")];
    office.done(Act::Record, Some(ids[3]), &fields);
    let view = all(&mut office, Layout::Today, &LineFilter::default());
    let is_hint = |(_, row): &(AgendaGroup, LineRow)| row.line == LineKind::HalfTime;
    assert!(!view.rows.iter().any(is_hint), "{:?}", of_case(&view, ids[3]));
    assert!(office.is_sound());
}

#[test]
fn deadlines_have_a_group_for_the_week_and_no_new_cases() {
    let (mut office, ids) = busy();
    let view = all(&mut office, Layout::Deadlines, &LineFilter::default());
    let fourth = [
        (AgendaGroup::Nudge, LineKind::HalfTime, "2026-08-05".to_owned()),
        (AgendaGroup::Week, LineKind::Clock, "2026-08-13".to_owned()),
    ];
    assert_eq!(of_case(&view, ids[3]), fourth);
    assert!(view.rows.iter().all(|(group, _)| *group != AgendaGroup::Fresh));
}

/// The columns of a deadline by which the list is put in order, as its row says them.
fn ranked(row: &LineRow, by: Column) -> String {
    match by {
        Column::Due => row.on.to_string(),
        Column::Kind => format!("{:03}", row.line.code()),
        other => panic!("deadlines are not compared by {other:?}"),
    }
}

#[test]
fn deadlines_stand_in_the_order_that_is_asked_for_on_every_page() {
    let (mut office, _) = busy();
    for (by, direction) in [
        (Column::Due, Direction::Up),
        (Column::Due, Direction::Down),
        (Column::Kind, Direction::Up),
        (Column::Kind, Direction::Down),
    ] {
        let sort = Some(Sort { by, direction });
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let layout = Layout::Deadlines;
            let query = AgendaQuery { after, most: 2, layout, sort, ..AgendaQuery::default() };
            let view = agenda(&mut office, AgendaQuery { whose: Whose::All, ..query });
            rows.extend(view.rows.clone());
            if !view.more {
                break;
            }
            after = view.rows.last().map(|(_, row)| row.cursor.clone());
        }
        let whole = all(&mut office, Layout::Deadlines, &LineFilter::default());
        assert_eq!(rows.len(), whole.rows.len(), "{by:?} {direction:?} shows each line once");
        // Groups stand as they do; within each the order is the one that was asked for.
        for pair in rows.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let (one, next) = (ranked(&pair[0].1, by), ranked(&pair[1].1, by));
            let is_right = if direction == Direction::Up { one <= next } else { one >= next };
            assert!(is_right, "{by:?} {direction:?}: {one} before {next}");
        }
    }
}

#[test]
fn deadlines_are_narrowed_by_lead_by_village_by_group_and_by_text() {
    let (mut office, ids) = busy();
    let lead = office.officer("王建国", &[("leads", "yes")]);
    let village = office.unit("石桥村", "village");
    office.done(Act::AssignLead, Some(ids[1]), &[("lead", &lead.to_string())]);
    office.done(Act::EditCase, Some(ids[2]), &[("village", &village.to_string())]);
    let whole = all(&mut office, Layout::Deadlines, &LineFilter::default());
    let mut narrowed = |column, value| {
        let mut only = LineFilter::default();
        only.narrow.set(column, Some(value));
        let view = all(&mut office, Layout::Deadlines, &only);
        assert_counted(&view);
        view.rows.iter().map(|(_, row)| row.record.id).collect::<Vec<_>>()
    };
    assert_eq!(narrowed(Column::Lead, Value::Id(lead)), [ids[1], ids[1]]);
    assert_eq!(narrowed(Column::Village, Value::Id(village)), [ids[2], ids[2]]);
    let unled = narrowed(Column::Lead, Value::Nothing);
    assert_eq!(unled.len(), whole.rows.len() - 2);
    assert!(!unled.contains(&ids[1]));
    let late = whole.rows.iter().filter(|(group, _)| *group == AgendaGroup::Late).count();
    assert_eq!(narrowed(Column::Due, Value::word("late")).len(), late);
    let number = whole.rows.iter().find(|(_, row)| row.record.id == ids[3]).unwrap();
    let text = Some(number.1.number.clone());
    let found = all(&mut office, Layout::Deadlines, &LineFilter { text, ..LineFilter::default() });
    assert_counted(&found);
    assert!(!found.rows.is_empty() && found.rows.iter().all(|(_, row)| row.record.id == ids[3]));
    let text = Some("没有这样的事".to_owned());
    let none = all(&mut office, Layout::Deadlines, &LineFilter { text, ..LineFilter::default() });
    assert!(none.rows.is_empty(), "{:?}", none.rows);
}
