//! Taking back by keys: before and after, one yes, and again the one before; with letters or without.

use std::sync::Arc;

use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;

use crate::desk::{Desk, Office};

fn give(desk: &mut Desk, (id, act, on): (u128, Act, Option<u64>), fields: &[(&str, &str)]) {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let order = Order { id: RequestId(id), act, on, seen: None, fields: fields.collect() };
    desk.ask(Request::Do(order)).unwrap();
}

fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    let fields = [
        ("name", "马玉兰"),
        ("title", "征地补偿款未到账"),
        ("request", "征地补偿款未到账"),
        ("received_on", "1009"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    give(&mut desk, (61, Act::Register, None), &fields);
    give(&mut desk, (62, Act::EditCase, Some(1)), &[("place", "村东")]);
    give(&mut desk, (63, Act::EditCase, Some(1)), &[("title", "补偿款差额")]);
    office
}

#[test]
fn u_shows_before_and_after_and_a_yes_takes_it_back_and_again_the_one_before() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("u");
    desk.sees("补偿款差额 -> 征地补偿款未到账");
    desk.keys("<enter>");
    assert_eq!(desk.case_called("补偿款差额").case.title, "补偿款差额", "the safe answer is first");
    desk.keys("u2");
    desk.sees("已撤销").sees("Ctrl-R");
    desk.keys("u");
    desk.sees("村东 -> --");
    desk.keys("<down><enter>");
    assert_eq!(desk.case_called("征地补偿款未到账").case.place, None);
    desk.keys("<c-r>");
    desk.sees("-- -> 村东");
    desk.keys("2");
    desk.sees("已重做");
    assert_eq!(desk.case_called("征地补偿款未到账").case.place.as_deref(), Some("村东"));
}

#[test]
fn without_letters_it_stands_in_the_menu_and_in_the_palette() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.menu("undo");
    desk.sees("补偿款差额 -> 征地补偿款未到账");
    desk.keys("2");
    desk.sees("已撤销");
    desk.keys("<c-p>重做<enter>");
    desk.sees("征地补偿款未到账 -> 补偿款差额");
    desk.keys("<esc>");
    desk.sees_not("-> 补偿款差额");
}

#[test]
fn an_older_change_is_looked_at_and_taken_back_by_itself() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("u3");
    desk.sees("村东 -> --");
    desk.keys("2");
    let case = desk.case_called("补偿款差额").case;
    assert_eq!((case.place, case.title.as_str()), (None, "补偿款差额"));
}

#[test]
fn in_a_meeting_nothing_is_taken_back() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("<f9>u");
    desk.sees_not("补偿款差额 ->");
}

#[test]
fn the_history_of_a_matter_tells_each_field_and_puts_a_value_back_by_its_form() {
    let office = office();
    let mut desk = Desk::at(&office);
    desk.keys("2h");
    desk.sees("征地补偿款未到账 -> 补偿款差额").sees("-- -> 村东");
    desk.keys("<enter><f10>");
    desk.sees("已办");
    assert_eq!(desk.case_called("征地补偿款未到账").case.place.as_deref(), Some("村东"));
    // The window below tells of it at once; an empty value goes back too.
    desk.sees("补偿款差额 -> 征地补偿款未到账");
    desk.keys("<down><down><enter><f10>");
    assert_eq!(desk.case_called("征地补偿款未到账").case.place, None);
}
