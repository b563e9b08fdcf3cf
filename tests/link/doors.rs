//! Both doors give the same answers, and nobody is who they say they are.

use anjie::api::door::Door;
use anjie::api::incoming::{ImportTerms, Piece};
use anjie::api::presence::Presence;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{AgendaQuery, CaseQuery, Request, Way, Whose};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, PersonId};
use anjie::domain::listing::Sort;
use anjie::link::wire::Down;

use crate::desk::{Ledger, Raw, me, order, register, status, until};

/// A morning in the office, with the mistakes that belong to it.
fn morning() -> Vec<Request> {
    let find = |text: &str| Request::Find { text: text.to_owned(), kinds: vec![], most: 20 };
    let piece = Piece { file: "ab".repeat(32), first: 0, rows: vec![] };
    let terms = ImportTerms::cases(&"ab".repeat(32), anjie::api::incoming::Book::History);
    vec![
        Request::Greet,
        Request::Do(order(1, Act::AddUnit, &[("name", "张家庄"), ("kind", "village")])),
        Request::Do(order(2, Act::AddOfficer, &[("name", "王强"), ("leads", "yes")])),
        Request::Do(order(3, Act::AddUnit, &[("name", "")])),
        register(4, "张三", "征地补偿款未到账"),
        register(4, "张三", "征地补偿款未到账"),
        register(5, "李四", "村道损坏"),
        Request::Agenda(AgendaQuery { whose: Whose::All, most: 50, ..AgendaQuery::default() }),
        Request::Cases(CaseQuery::default()),
        Request::Cases(CaseQuery { sort: Sort::RECEIVED, way: Way::FromEnd, ..Default::default() }),
        Request::Case { id: CaseId(1) },
        Request::Case { id: CaseId(99) },
        Request::CaseByNumber { number: "青信2026-0002".to_owned() },
        Request::Person { id: PersonId(1) },
        Request::Reveal { id: PersonId(1), field: "phone".to_owned(), reason: "核对".to_owned() },
        find("zs"),
        find("村道"),
        Request::Officers,
        Request::Units,
        Request::Days { from: "2026-10-20".parse().unwrap(), length: "15w".to_owned() },
        Request::Days { from: "2026-10-20".parse().unwrap(), length: "soon".to_owned() },
        Request::Limits,
        Request::Calendar { year: 2026 },
        Request::Stage(piece),
        Request::TryImport(terms),
        Request::Check,
    ]
}

fn wait_for_index(door: &mut dyn Door) {
    until("everything can be found", || status(door).index_ready);
}

fn answers(door: &mut dyn Door) -> Vec<String> {
    wait_for_index(door);
    let asked = morning().into_iter();
    asked.map(|request| serde_json::to_string(&door.call(request)).unwrap()).collect()
}

#[test]
fn both_doors_answer_the_same_morning_alike() {
    let ledger = Ledger::new();
    let copy = ledger.copy();
    let alone = answers(ledger.brief().as_mut());
    let _server = copy.serve();
    let served = answers(copy.live().as_mut());
    assert_eq!(alone.len(), morning().len());
    for ((request, alone), served) in morning().iter().zip(&alone).zip(&served) {
        assert_eq!(alone, served, "{request:?}");
    }
    let n_done = alone.iter().filter(|answer| answer.starts_with(r#"{"Ok":{"done""#)).count();
    assert_eq!(n_done, 5, "{alone:#?}");
}

#[test]
fn nobody_is_who_they_say_they_are() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let mut raw = Raw::greeted(&ledger);
    let (uid, login) = (me().uid + 1, "somebody");
    raw.say_json(&format!(
        r#"{{"call":{{"ticket":1,"request":"greet","uid":{uid},"login":"{login}",
            "session":{{"uid":{uid},"login":"{login}"}}}}}}"#
    ));
    let Some(Down::Answer { result: Ok(Reply::Me(told)), .. }) = raw.hear() else {
        panic!("a greeting was not answered");
    };
    assert_eq!(told.login, me().login);
}

#[test]
fn a_change_is_told_to_everybody_else_and_nothing_is_told_without_one() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let (mut first, mut second) = (ledger.live(), ledger.live());
    let news = second.notices();
    // The order in which one connection is heard: it listens before this is answered.
    second.call(Request::Greet).unwrap();
    first.call(Request::Officers).unwrap();
    let Reply::Done(done) = first.call(register(7, "张三", "村道损坏")).unwrap() else {
        panic!("an order was not done");
    };
    let notice = news.recv().unwrap();
    assert!(notice.touched.contains(&done.record.unwrap()));
    second.call(Request::Officers).unwrap();
    assert!(news.try_recv().is_err(), "reading changes nothing");
}

#[test]
fn a_text_that_is_too_long_is_refused_and_the_next_call_is_answered() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let mut door = ledger.live();
    let refusal = door.call(register(9, "张三", &"长".repeat(30_000))).unwrap_err();
    assert_eq!((refusal.kind, &*refusal.key), (RefusalKind::Invalid, "refusal.too_large"));
    door.call(Request::Greet).unwrap();
}

#[test]
fn a_status_says_how_many_are_connected() {
    let ledger = Ledger::new();
    assert_eq!(status(ledger.brief().as_mut()).connections, None);
    let _server = ledger.serve();
    let (mut first, second) = (ledger.live(), ledger.live());
    assert_eq!(status(first.as_mut()).connections, Some(2));
    drop(second);
    until("the other has left", || status(first.as_mut()).connections == Some(1));
}

#[test]
fn who_has_the_same_matter_open_is_told_until_they_leave_or_are_cut_off() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let (mut first, mut second) = (ledger.live(), ledger.live());
    let (news, _others) = (first.notices(), second.notices());
    first.call(register(7, "张三", "村道损坏")).unwrap();
    let there = || Request::At(Some(CaseId(1).into()));
    assert_eq!(first.call(there()), Ok(Reply::Stands));
    assert_eq!(second.call(there()), Ok(Reply::Stands));
    let told = || news.iter().find_map(|notice| notice.present).unwrap();
    // Both are of one account: another window, and nobody by name.
    let met = Presence { own: 1, ..Presence::alone(CaseId(1).into()) };
    assert_eq!(told(), met);
    second.call(Request::At(None)).unwrap();
    assert_eq!(told(), Presence::alone(CaseId(1).into()));
    second.call(there()).unwrap();
    assert_eq!(told(), met);
    drop(second);
    assert_eq!(told(), Presence::alone(CaseId(1).into()));
    first.call(Request::Greet).unwrap();
    assert!(news.try_recv().is_err(), "nothing is told when nothing happens");
    // Without a server in between there is nobody else.
    let alone = Ledger::new();
    let mut brief = alone.brief();
    brief.call(register(7, "张三", "村道损坏")).unwrap();
    assert_eq!(brief.call(there()), Ok(Reply::Stands));
}
