//! Two clerks at one record: what each typed is kept, and nobody writes over the other unseen.

use std::sync::Arc;

use anjie::api::reply::{Reply, UnitRow};
use anjie::api::request::Request;

use crate::desk::{Desk, Office};

fn unit(desk: &mut Desk) -> UnitRow {
    let Reply::Units(rows) = desk.ask(Request::Units).unwrap() else { panic!("no units") };
    rows.into_iter().find(|row| row.name == "张家庄村").unwrap()
}

fn value(desk: &mut Desk, field: &str) -> String {
    let row = unit(desk);
    row.values
        .iter()
        .find(|(name, _)| name == field)
        .map(|(_, text)| text.clone())
        .unwrap_or_default()
}

/// Two desks with the form of one village open, the first of which has sent another telephone.
fn two(phone: &str) -> (Desk, Desk) {
    let office = Arc::new(Office::empty());
    let (mut one, mut other) = (Desk::at(&office), Desk::at(&office));
    for desk in [&mut one, &mut other] {
        desk.keys("7 e").sees("张家庄村");
    }
    one.keys("<down><down><down><down><down>").keys(phone).keys("<f10>");
    assert_eq!(value(&mut one, "phone"), phone);
    (one, other)
}

#[test]
fn both_values_are_shown_with_who_and_mine_is_sent_again_when_it_is_chosen() {
    let (_one, mut other) = two("05001111");
    other.keys("<down><down><down><down><down> 05002222 <f10>");
    other.sees("05001111").sees("05002222").sees("他人的").sees("我的");
    assert_eq!(value(&mut other, "phone"), "05001111", "nothing is written over unseen");
    other.keys("2");
    assert_eq!(value(&mut other, "phone"), "05002222");
    other.sees_not("他人的");
}

#[test]
fn theirs_stays_when_it_is_chosen_and_the_rest_of_the_form_is_sent() {
    let (_one, mut other) = two("05001111");
    other.keys("<down><down><down><down> 孙立 <down> 05002222 <f10>").sees("他人的");
    // Without a letter or a digit.
    other.keys("<ret>");
    assert_eq!(value(&mut other, "phone"), "05001111");
    assert_eq!(value(&mut other, "head"), "孙立");
}

#[test]
fn who_types_on_has_every_character_and_sees_what_the_other_wrote() {
    let (_one, mut other) = two("05001111");
    other.keys("<down><down><down><down><down> 05002222 <f10> <down><down><ret>");
    other.sees("05002222").sees("05001111");
    other.keys("9 <f10>");
    assert_eq!(value(&mut other, "phone"), "050022229");
}

#[test]
fn what_does_not_clash_is_merged_without_a_question() {
    let (_one, mut other) = two("05001111");
    other.keys("<down><down><down><down> 孙立 <f10>").sees_not("他人的");
    assert_eq!(value(&mut other, "head"), "孙立");
    assert_eq!(value(&mut other, "phone"), "05001111");
}

#[test]
fn what_is_typed_on_while_the_answer_is_slow_is_saved_too() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("7 e").sees("张家庄村").slows();
    desk.keys("<down><down><down><down><down> 05001111 <f10>");
    // It is done, and the clerk does not know it yet.
    assert_eq!(value(&mut desk, "phone"), "05001111");
    desk.keys("9 <up> 孙立 <f10>").sees("F10").hears();
    assert_eq!(value(&mut desk, "phone"), "050011119");
    assert_eq!(value(&mut desk, "head"), "孙立");
    desk.sees_not("F10").sees("已办");
}

#[test]
fn what_is_typed_on_goes_out_where_the_first_was_refused() {
    let (_one, mut other) = two("05001111");
    other.slows().keys("<down><down><down><down><down> 05002222 <f10>");
    // The first clashes; the clerk thinks again before they hear of it.
    other.keys("<bs><bs><bs><bs><bs><bs><bs><bs> <up> 孙立 <f10>").hears();
    assert_eq!(value(&mut other, "head"), "孙立");
    assert_eq!(value(&mut other, "phone"), "05001111");
}

#[test]
fn a_matter_that_is_registered_is_not_registered_again_by_what_is_typed_on() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("n").sees("新登记").slows();
    desk.keys("张小明 <tab> 路灯不亮 <f10> 。 <f10>").hears();
    desk.sees("此后改动的内容未保存");
    assert_eq!(desk.case_called("路灯").case.request, "路灯不亮");
}

#[test]
fn a_task_that_changed_while_its_form_was_open_is_not_written_over_unseen() {
    let office = Arc::new(Office::campaign("2026-10-08"));
    let (mut one, mut other) = (Desk::at(&office), Desk::at(&office));
    for desk in [&mut one, &mut other] {
        desk.keys("5 <home> <right>").menu("edit_task").sees("F10");
    }
    one.keys("<bs> 甲 <f10>").sees_not("F10");
    // The form hears of the change, and asks again.
    other.keys("<bs> 乙 <f10>").sees("他人的");
}
