//! Over the socket, too, a village reaches its own matters and knows of no others.

use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{AgendaQuery, CaseQuery, JournalQuery, Request, Whose};
use anjie::domain::act::{Act, Nature};
use anjie::domain::choice::Role;
use anjie::domain::ids::{CaseId, Kind, PersonId};
use anjie::domain::policy::{Link, Verdict, cell};
use anjie::service::clock::Clock;
use anjie::service::{LocalDoor, Service, Session};

use crate::desk::{Ledger, me, order, register, status, until};

/// The numbers of its own matter, another village's, and one that is not there.
const OWN: u64 = 1;
const FOREIGN: u64 = 2;
const ABSENT: u64 = 99;

/// A ledger in which whoever runs the test is the clerk of the first of two villages.
fn ledger() -> Ledger {
    let director = Session { uid: me().uid + 1, login: "director".to_owned() };
    let ledger = Ledger::of(director.clone());
    let service = Arc::new(Service::open_briefly(&ledger.data(), Clock::System).unwrap());
    let mut door = LocalDoor::new(Arc::clone(&service), director);
    let mut calls = vec![
        Request::Do(order(1, Act::AddUnit, &[("name", "南洼村"), ("kind", "village")])),
        Request::Do(order(2, Act::AddUnit, &[("name", "石桥村"), ("kind", "village")])),
    ];
    for (id, (name, village)) in (3..).zip([("张小明", "1"), ("李二牛", "2")]) {
        let Request::Do(mut order) = register(id, name, "路灯三年不亮") else {
            panic!("no order")
        };
        order.fields.insert("village".to_owned(), village.to_owned());
        calls.push(Request::Do(order));
    }
    let (uid, login) = (me().uid.to_string(), me().login);
    let fields = [("login", login.as_str()), ("uid", &uid), ("roles", "village"), ("unit", "1")];
    calls.push(Request::Do(order(9, Act::AddClerk, &fields)));
    for call in calls {
        door.call(call).unwrap();
    }
    drop(door);
    Arc::into_inner(service).unwrap().close().unwrap();
    ledger
}

#[test]
fn a_village_clerk_learns_nothing_of_another_village_over_the_socket() {
    let ledger = ledger();
    let _server = ledger.serve();
    let mut door = ledger.live();
    until("everything can be found", || status(door.as_mut()).index_ready);
    assert!(door.call(Request::Case { id: CaseId(OWN) }).is_ok());
    let asks = |id: u64| {
        let (field, reason) = ("phone".to_owned(), "核对".to_owned());
        [
            Request::Case { id: CaseId(id) },
            Request::Person { id: PersonId(id) },
            Request::Reveal { id: PersonId(id), field, reason },
            Request::At(Some(CaseId(id).into())),
        ]
    };
    for (there, nowhere) in asks(FOREIGN).into_iter().zip(asks(ABSENT)) {
        let there = door.call(there).unwrap_err();
        assert_eq!(there.kind, RefusalKind::NotFound);
        assert_eq!(there, door.call(nowhere).unwrap_err());
    }
    let find = |text: &str| Request::Find { text: text.to_owned(), kinds: vec![], most: 20 };
    let lists = [
        Request::Agenda(AgendaQuery { whose: Whose::All, most: 50, ..AgendaQuery::default() }),
        Request::Cases(CaseQuery { whose: Whose::All, ..CaseQuery::default() }),
        find("李二"),
        find("路灯"),
    ];
    for list in lists {
        let said = serde_json::to_string(&door.call(list).unwrap()).unwrap();
        assert!(!said.contains("李二牛") && !said.contains("-0002"), "{said}");
    }
    let journal = Request::Journal(JournalQuery { most: 50, ..JournalQuery::default() });
    assert_eq!(door.call(journal).unwrap_err().kind, RefusalKind::Denied);
    let Reply::Me(told) = door.call(Request::Greet).unwrap() else { panic!("nobody") };
    assert_eq!((told.revision, status(door.as_mut()).journal), (None, None));
}

#[test]
fn no_order_of_a_village_clerk_reaches_further_over_the_socket() {
    let ledger = ledger();
    let _server = ledger.serve();
    let mut door = ledger.live();
    for (id, act) in (1000..).zip(Act::ALL.iter().filter(|act| act.nature() == Nature::Change)) {
        let on_case = matches!(act.on(), Some(Kind::Case | Kind::Receipt | Kind::Person));
        let ties: &[Link] = if act.on().is_some() { &Link::ALL } else { &[Link::Whole] };
        let is_its = ties.iter().any(|tie| cell(Role::Village, *act, *tie) == Verdict::Allow);
        if is_its && !on_case {
            continue;
        }
        let mut order = order(id, *act, &[]);
        order.on = act.on().map(|_| FOREIGN);
        let refusal = door.call(Request::Do(order)).unwrap_err();
        let wanted = if is_its { RefusalKind::NotFound } else { RefusalKind::Denied };
        assert_eq!(refusal.kind, wanted, "{}", act.word());
    }
}
