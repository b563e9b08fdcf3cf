//! What a broken or hostile client does, and that nobody else notices.

use anjie::api::door::Door;
use anjie::api::refusal::RefusalKind;
use anjie::api::request::{Order, Request};
use anjie::api::setting::REQUEST_MAX;
use anjie::domain::act::Act;
use anjie::link::wire::{self, Down, Up, VERSION};

use crate::desk::{Ledger, Raw, order, until};

/// The usual number of connections of one account.
const PER_ACCOUNT_MAX: usize = 8;
const N_GARBAGE: u64 = 10_000;

/// Bytes without a meaning, the same in each run (splitmix64).
fn garbage(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
    };
    let length = next() % 400;
    let mut bytes: Vec<u8> = (0..length).flat_map(|_| next().to_be_bytes()).collect();
    match seed % 5 {
        // A frame of four gigabytes, one of another version, and one that is no JSON.
        0 => bytes.splice(0..0, [0xff, 0xff, 0xff, 0xff, VERSION]).for_each(drop),
        1 => bytes.splice(0..0, [0, 0, 1, 0, VERSION + 1]).for_each(drop),
        2 => bytes.splice(0..0, [0, 0, 0, 9, VERSION]).for_each(drop),
        // Half a greeting.
        3 => {
            let greeting = Up::Greeting { build: wire::build() };
            bytes = wire::encode(&greeting, REQUEST_MAX).unwrap();
            bytes.truncate(12);
        }
        _ => {}
    }
    bytes
}

/// A newcomer is served as soon as the kernel has told the server who has gone.
fn newcomer(ledger: &Ledger) -> Box<dyn Door> {
    let mut door = None;
    until("a newcomer is served", || {
        door = match ledger.try_live() {
            Ok(door) => Some(door),
            Err(refusal) => {
                assert_eq!(refusal.key, "refusal.too_many");
                None
            }
        };
        door.is_some()
    });
    door.unwrap()
}

#[test]
fn a_thousand_senseless_connections_disturb_nobody() {
    let ledger = Ledger::new();
    let mut server = ledger.serve();
    let mut door = ledger.live();
    for seed in 0..N_GARBAGE {
        Raw::connect(&ledger).send(&garbage(seed));
        if seed % 100 == 0 {
            door.call(Request::Greet).unwrap();
        }
    }
    door.call(Request::Greet).unwrap();
    newcomer(&ledger).call(Request::Greet).unwrap();
    assert!(server.is_running());
}

#[test]
fn a_frame_that_is_too_long_is_cut_off_with_its_reason() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let mut raw = Raw::greeted(&ledger);
    let length = u32::try_from(REQUEST_MAX + 2).unwrap();
    raw.send(&length.to_be_bytes());
    let refusal = raw.refusal();
    assert_eq!((refusal.kind, &*refusal.key), (RefusalKind::Invalid, "refusal.too_large"));
    ledger.live().call(Request::Greet).unwrap();
}

#[test]
fn a_message_that_is_none_is_cut_off_with_its_reason() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let before_greeting = r#"{"call":{"ticket":1,"request":"greet"}}"#;
    for (json, why) in [("{\"dance\":1}", "garbage"), (before_greeting, "greeting")] {
        let mut raw = Raw::connect(&ledger);
        raw.say_json(json);
        let refusal = raw.refusal();
        assert_eq!(refusal.key, "refusal.bad_request");
        assert_eq!(refusal.args, [("why".to_owned(), why.to_owned())]);
    }
    let mut raw = Raw::greeted(&ledger);
    raw.say_json(r#"{"call":{"ticket":1,"request":{"no_such_request":{}}}}"#);
    assert_eq!(raw.refusal().key, "refusal.bad_request");
}

#[test]
fn one_who_asks_much_and_takes_nothing_disturbs_nobody() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let mut greedy = Raw::greeted(&ledger);
    let call = r#"{"call":{"ticket":1,"request":"limits"}}"#;
    // More than the kernel keeps for one who does not read; the server cuts the line off then.
    (0..2_000).for_each(|_| greedy.say_json(call));
    let mut door = ledger.live();
    for _ in 0..50 {
        door.call(Request::Greet).unwrap();
    }
}

#[test]
fn one_account_has_so_many_connections_and_no_more() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let mut doors: Vec<_> = (0..PER_ACCOUNT_MAX).map(|_| ledger.live()).collect();
    let refusal = ledger.try_live().err().unwrap();
    assert_eq!((refusal.kind, &*refusal.key), (RefusalKind::Busy, "refusal.too_many"));
    doors.pop();
    newcomer(&ledger).call(Request::Greet).unwrap();
    doors[0].call(Request::Greet).unwrap();
}

#[test]
fn how_many_connections_one_account_has_is_set_by_the_office_and_holds_at_once() {
    let ledger = Ledger::new();
    let _server = ledger.serve();
    let mut doors: Vec<_> = (0..PER_ACCOUNT_MAX).map(|_| ledger.live()).collect();
    let set = |id, most| {
        Request::Do(Order { on: Some(1), ..order(id, Act::EditOffice, &[("per_account", most)]) })
    };
    doors[0].call(set(1, "9")).unwrap();
    doors.push(newcomer(&ledger));
    assert_eq!(ledger.try_live().err().unwrap().key, "refusal.too_many");
    doors[0].call(set(2, "2")).unwrap();
    doors[8].call(Request::Greet).expect("nobody is cut off");
    let refusal = doors[0].call(set(3, "1")).unwrap_err();
    assert_eq!(refusal.wrongs[0].why, "out_of_range", "an account may always come twice");
}

#[test]
fn another_build_is_refused_while_somebody_works() {
    let ledger = Ledger::new();
    let mut server = ledger.serve();
    let mut door = ledger.live();
    assert_eq!(Raw::of_build(&ledger, "9.9.9").refusal().key, "refusal.other_build");
    door.call(Request::Greet).unwrap();
    assert!(server.is_running());
}

#[test]
fn another_build_that_is_alone_gets_the_ledger() {
    let ledger = Ledger::new();
    let mut server = ledger.serve();
    let mut raw = Raw::of_build(&ledger, "9.9.9");
    assert_eq!(raw.hear(), Some(Down::Leaving));
    assert_eq!(raw.hear(), None);
    // The end of the line is the word that the ledger is free.
    assert_eq!(ledger.serve().terminate(), 0);
    assert_eq!(server.exit_code(), 0);
}
