//! The campaign and its recurring work at the desk, once without any letter key.

use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::duty::DutyQuery;
use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::choice::ReportState;

use crate::desk::{Desk, Office};

/// The states of the villages' screening in October.
fn screening(office: &Office) -> Vec<ReportState> {
    let code = Some("M3".to_owned());
    let query = DutyQuery { code, period: Some("2026-10".to_owned()), ..DutyQuery::default() };
    let Reply::Duties(view) = office.door().call(Request::Duties(query)).unwrap() else {
        panic!("no list")
    };
    view.groups.into_iter().flat_map(|group| group.rows).map(|row| row.state).collect()
}

#[test]
fn a_screening_is_reported_and_reminded_of_without_a_letter_key() {
    let office = Arc::new(Office::demo());
    let owed =
        |states: &[ReportState]| states.iter().filter(|state| **state == ReportState::Owed).count();
    let before = owed(&screening(&office));
    assert!(before > 0);
    let mut desk = Desk::at(&office);
    assert!(desk.drawn().contains("组织实施"), "the campaign stands above today");
    assert!(desk.drawn().contains("2026-10"), "and so does what villages owe");
    desk.keys("<f8>");
    assert!(desk.drawn().contains("【催报】"), "{}", desk.drawn());
    desk.keys("<esc> 5 <tab> <tab>");
    assert!(desk.drawn().contains("M3"), "{}", desk.drawn());
    // The first row is the town's meeting; the villages follow.
    desk.keys("<down>");
    while !desk.drawn().lines().any(|line| line.starts_with('>') && line.contains("未报")) {
        desk.keys("<down>");
    }
    desk.keys("<f7>");
    assert!(desk.drawn().contains("报送内容"), "{}", desk.drawn());
    desk.keys("2 <f10>");
    let after = screening(&office);
    assert_eq!(owed(&after), before - 1, "{}", desk.drawn());
    let zero = after.iter().filter(|state| **state == ReportState::Zero).count();
    assert!(zero >= 2, "a zero report: {after:?}");
}

#[test]
fn the_page_of_a_village_is_shown_as_it_will_be_printed() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("5 <down> <enter> <f8>");
    let page = desk.drawn();
    assert!(page.contains("任务单") && page.contains("标记"), "{page}");
    desk.keys("<end>");
    assert!(desk.drawn().contains("报送人"), "{}", desk.drawn());
    desk.keys("<esc>");
    assert!(!desk.drawn().contains("任务单"));
}

#[test]
fn indicators_are_entered_with_their_source_and_change_the_table() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("6");
    assert!(desk.drawn().contains("八项目标"), "{}", desk.drawn());
    desk.keys("<enter> 9 <tab> 3 <tab>");
    desk.paste("区信访局通报").keys("<f10>");
    assert!(desk.drawn().contains("未达"), "{}", desk.drawn());
}
