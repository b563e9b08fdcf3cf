//! Whoever comes to the window may have been there before: what is alike is named with its reasons.

mod twins;

use anjie::api::door::Door;
use anjie::api::like::{LikeQuery, LikeView, Reason};
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::UnitId;

use crate::desk::Office;

const ROAD: &str = "我家承包地两亩一分在修路时被占，补偿款到现在一分钱没有拿到，请镇里查清楚。";

fn query(name: &str, text: &str) -> LikeQuery {
    LikeQuery { name: name.to_owned(), text: text.to_owned(), most: 20, ..LikeQuery::default() }
}

fn like(door: &mut dyn Door, query: LikeQuery) -> LikeView {
    loop {
        match door.call(Request::Like(query.clone())).unwrap() {
            Reply::Like(view) if view.warming => std::thread::yield_now(),
            Reply::Like(view) => return view,
            other => panic!("{other:?}"),
        }
    }
}

impl Office {
    fn like(&mut self, query: LikeQuery) -> LikeView {
        let mut door = self.door_of(crate::desk::me());
        like(&mut door, query)
    }
}

/// A person of a village with a telephone, and their matter.
fn registered(office: &mut Office, (name, phone): (&str, &str), village: u64, text: &str) -> u64 {
    let village = village.to_string();
    let fields = [
        ("name", name),
        ("phone", phone),
        ("village", village.as_str()),
        ("request", text),
        ("received_on", "2026-08-03"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    office.done(Act::Register, None, &fields).record.unwrap().id
}

#[test]
fn the_earlier_matters_of_the_same_person_are_named_with_the_reasons() {
    let mut office = Office::on("2026-08-31");
    let (zhang, shi) = (office.unit("张家庄村", "village"), office.unit("石桥村", "village"));
    let own = registered(&mut office, ("张守田", "13800001234"), zhang, ROAD);
    let namesake = registered(&mut office, ("张守田", ""), shi, "低保金三个月没有发放到位。");
    let other = registered(&mut office, ("李二", ""), shi, "村口的路灯坏了三个月没有人修。");

    let view = office.like(LikeQuery {
        village: Some(UnitId(zhang)),
        phone: "138 0000 1234".to_owned(),
        ..query("张守田", "承包地两亩一分修路被占，补偿款一分钱没有拿到")
    });
    let reasons = &view.cases[0].reasons;
    assert_eq!(view.cases[0].id.0, own);
    assert_eq!(reasons[..2], [Reason::Phone, Reason::NameAndVillage]);
    assert!(matches!(reasons[2], Reason::Text { percent: 60.. }), "{reasons:?}");
    assert_eq!(view.cases[1].id.0, namesake);
    assert_eq!(view.cases[1].reasons, [Reason::Name]);
    assert!(view.cases.iter().all(|case| case.id.0 != other));
    assert_eq!(view.persons.len(), 2);
    assert_eq!(view.persons[0].phone.as_deref(), Some("138****1234"));

    let by_sound = office.like(query("章首田", ""));
    assert_eq!(by_sound.cases.len(), 2);
    assert!(by_sound.cases.iter().all(|case| case.reasons == [Reason::Sound]));
    let by_text = office.like(query("王五", "村口路灯坏了三个月，一直没有人修"));
    assert_eq!(by_text.cases.len(), 1);
    assert_eq!(by_text.cases[0].id.0, other);
    assert!(by_text.persons.is_empty());
    assert_eq!(office.like(query("赵六", "家门口的井盖丢了")), LikeView::default());
}

#[test]
fn a_receipt_is_hung_on_the_pending_matter_as_a_repeat_and_taken_off_again() {
    let mut office = Office::on("2026-08-31");
    let village = office.unit("张家庄村", "village");
    let own = registered(&mut office, ("张守田", "13800001234"), village, ROAD);
    let seen = office.like(query("张守田", ROAD));
    assert_eq!((seen.cases[0].n_receipts, seen.cases[0].not_joined.as_deref()), (1, None));
    let joined = [
        ("received_on", "2026-08-20"),
        ("channel", "call"),
        ("source", "direct"),
        ("people", "1"),
        ("words", ROAD),
    ];
    office.done(Act::Join, Some(own), &joined);
    let sheet = office.case(own);
    assert_eq!(sheet.receipts.len(), 2);
    assert_eq!(sheet.receipts.iter().filter(|receipt| receipt.repeat).count(), 1);
    assert_eq!(office.like(query("张守田", "")).cases[0].n_receipts, 2);
    let receipt = sheet.receipts.iter().find(|receipt| receipt.repeat).unwrap().id.0;
    let apart = [("request", ROAD), ("on", "2026-08-31"), ("text", "并错了")];
    office.done(Act::Split, Some(receipt), &apart);
    assert_eq!(office.case(own).receipts.len(), 1);
    assert_eq!(office.like(query("张守田", "")).cases.len(), 2);
    assert!(office.is_sound());
}

#[test]
fn a_matter_that_has_ended_is_named_but_takes_no_receipt() {
    let mut office = Office::on("2026-08-31");
    let village = office.unit("张家庄村", "village");
    let own = registered(&mut office, ("张守田", ""), village, ROAD);
    let stop =
        [("ground", "withdrawn"), ("on", "2026-08-20"), ("text", "本人撤回"), ("document", "1号")];
    office.done(Act::Stop, Some(own), &stop);
    let view = office.like(query("张守田", ROAD));
    assert_eq!(view.cases[0].not_joined.as_deref(), Some("broken.case_has_ended"));
}

#[test]
fn sealed_matters_do_not_take_the_place_of_an_open_one() {
    let mut office = Office::on("2026-08-31");
    let clerk = [("login", "zhaomin"), ("uid", "1001"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &clerk);
    let village = office.unit("张家庄村", "village");
    let open = registered(&mut office, ("张守田", ""), village, ROAD);
    let person = office.case(open).persons[0].id.0.to_string();
    for _ in 0..8 {
        let sealed = [
            ("name", "张守田"),
            ("person", person.as_str()),
            ("request", "某站长截留修路沙石款"),
            ("received_on", "2026-08-05"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "letter"),
            ("source", "direct"),
            ("about", "某站长"),
            ("sealed", "yes"),
        ];
        office.done(Act::Register, None, &sealed);
    }
    let session = anjie::service::Session { uid: 1001, login: "zhaomin".to_owned() };
    let mut door = office.door_of(session);
    let view = like(&mut door, query("张守田", ""));
    assert_eq!(view.cases.iter().map(|case| case.id.0).collect::<Vec<_>>(), [open]);
}

#[test]
fn a_comparison_by_what_was_said_alone_is_a_line_of_the_access_log() {
    let mut office = Office::on("2026-08-31");
    office.like(query("", ROAD));
    // Another search ends the one before.
    office.like(query("王五", ""));
    let asked = || Request::Accesses(AccessQuery { most: 50, ..AccessQuery::default() });
    let begun = std::time::Instant::now();
    loop {
        let Reply::Accesses(page) = office.ask(asked()).unwrap() else { panic!() };
        if serde_json::to_string(&page).unwrap().contains("我家承包地两亩一分") {
            return;
        }
        assert!(begun.elapsed().as_secs() < 30, "the comparison is not logged");
        std::thread::yield_now();
    }
}

#[test]
fn a_sealed_matter_is_never_named_and_a_meeting_compares_nothing() {
    let mut office = Office::on("2026-08-31");
    let clerk = [("login", "zhaomin"), ("uid", "1001"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &clerk);
    let sealed = [
        ("name", "章守中"),
        ("phone", "13911112222"),
        ("request", "郝站长截留修路沙石款，请上级查处"),
        ("received_on", "2026-08-05"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
        ("about", "郝站长"),
        ("sealed", "yes"),
    ];
    office.done(Act::Register, None, &sealed);
    let asked = LikeQuery {
        phone: "13911112222".to_owned(),
        ..query("章守中", "郝站长截留修路沙石款，请上级查处")
    };
    assert_eq!(office.like(asked.clone()).cases.len(), 1, "its own reader is told");
    let session = anjie::service::Session { uid: 1001, login: "zhaomin".to_owned() };
    let mut door = office.door_of(session);
    assert_eq!(like(&mut door, asked.clone()), LikeView::default());
    let masked = Request::Masked(Box::new(Request::Like(asked)));
    assert_eq!(office.ask(masked).unwrap_err().kind, RefusalKind::Denied);
}
