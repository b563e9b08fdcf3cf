//! Lines of the agenda: what a case owes stands on its days, once, and is counted as it is listed.

use std::collections::BTreeMap;

use anjie::api::reply::{AgendaGroup, AgendaView, LineRow, Reply};
use anjie::api::request::{AgendaQuery, Layout, LineFilter, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::line::LineKind;

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
