//! Who else has the same sheet open, at the end of the status line.

use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::request::Request;
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::service::{LocalDoor, Session};

use crate::desk::{Desk, Office};

fn office() -> (Arc<Office>, Session) {
    let office = Arc::new(Office::empty());
    let fields = [("login", "zhaomin"), ("uid", "54321"), ("roles", "clerk"), ("officer", "3")];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let (id, act) = (RequestId(71), Act::AddClerk);
    let order = anjie::api::request::Order { id, act, on: None, seen: None, fields };
    office.door().call(Request::Do(order)).unwrap();
    (office, Session { uid: 54321, login: "zhaomin".to_owned() })
}

/// The status line.
fn status(desk: &Desk) -> String {
    desk.screen().0.iter().rev().nth(1).unwrap().trim().to_owned()
}

#[test]
fn whoever_has_the_same_matter_open_is_named_while_they_have() {
    let (office, zhao) = office();
    let mut desk = Desk::at(&office);
    desk.keys("n 张三 <down> 路灯不亮 <f10>").sees("路灯不亮");
    desk.keys("<esc>");
    let mut other = LocalDoor::new(Arc::clone(&office.service), zhao);
    let news = other.notices();
    other.call(Request::At(Some(CaseId(1).into()))).unwrap();
    desk.sees_not("同时打开");
    desk.keys("2 <ret>").sees("路灯不亮");
    assert_eq!(status(&desk), "同时打开：赵敏");
    assert_eq!(news.try_iter().last().unwrap().present.unwrap().names, ["李娟"]);
    // What the program says goes before.
    desk.keys("<f12>").sees("没有这个键");
    desk.keys("<down>");
    assert_eq!(status(&desk), "同时打开：赵敏");
    other.call(Request::At(None)).unwrap();
    desk.hears_news();
    assert_eq!(status(&desk), "");
    other.call(Request::At(Some(CaseId(1).into()))).unwrap();
    desk.hears_news();
    assert_eq!(status(&desk), "同时打开：赵敏");
    desk.keys("2");
    assert_eq!(status(&desk), "");
    assert!(news.try_iter().last().unwrap().present.unwrap().is_alone());
}

#[test]
fn a_second_window_of_the_same_clerk_is_counted() {
    let (office, _) = office();
    let (mut one, mut twin) = (Desk::at(&office), Desk::at(&office));
    one.keys("n 张三 <down> 路灯不亮 <f10>").sees("路灯不亮");
    twin.keys("2 <ret>").sees("路灯不亮");
    one.hears_news();
    assert_eq!(status(&twin), "同时打开：本人另 1 个窗口");
    assert!(status(&one).split_whitespace().collect::<String>().contains("同时打开"));
    twin.keys("<esc>");
    one.hears_news();
    one.sees_not("同时打开");
}

#[test]
fn in_a_meeting_nobody_is_at_a_desk() {
    let (office, zhao) = office();
    let mut desk = Desk::at(&office);
    desk.keys("n 张三 <down> 路灯不亮 <f10>").sees("路灯不亮");
    let mut other = LocalDoor::new(Arc::clone(&office.service), zhao);
    let news = other.notices();
    other.call(Request::At(Some(CaseId(1).into()))).unwrap();
    desk.hears_news().sees("同时打开：赵敏");
    desk.keys("m").sees_not("同时打开");
    assert!(news.try_iter().last().unwrap().present.unwrap().is_alone());
}
