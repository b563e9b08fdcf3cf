//! What belongs to one account alone.

use anjie::api::door::Door;
use anjie::api::own::{DRAFTS_MAX, Draft, Keep, OwnView};
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::act::Act;
use anjie::service::Session;
use chrono::DateTime;

use crate::desk::Office;

fn draft(name: &str) -> Keep {
    let draft = Draft {
        name: name.to_owned(),
        command: "register".to_owned(),
        on: None,
        around: None,
        seen: None,
        title: String::new(),
        fields: [("name".to_owned(), "王小明".to_owned())].into(),
        kept_at: DateTime::UNIX_EPOCH,
    };
    Keep::Draft(Box::new(draft))
}

fn own(door: &mut impl Door) -> OwnView {
    match door.call(Request::Own).unwrap() {
        Reply::Own(view) => view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_reads_what_another_account_keeps() {
    let mut office = Office::on("2026-08-06");
    let clerk = [("login", "zhaomin"), ("uid", "1001"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &clerk);
    let mut other = office.door_of(Session { uid: 1001, login: "zhaomin".to_owned() });
    assert_eq!(office.ask(Request::Keep(draft("a"))).unwrap(), Reply::Kept);
    let theme = Keep::Setting { name: "theme".to_owned(), value: Some("light".to_owned()) };
    office.ask(Request::Keep(theme)).unwrap();
    assert_eq!(own(&mut other), OwnView::default());
    other.call(Request::Keep(Keep::DropDraft { name: "a".to_owned() })).unwrap();
    let Reply::Own(mine) = office.ask(Request::Own).unwrap() else { panic!("nothing is own") };
    assert_eq!(mine.drafts.len(), 1);
    assert_eq!(mine.settings.get("theme").map(String::as_str), Some("light"));
    assert!(!format!("{:?}", mine.drafts).contains("王小明"), "a draft's texts are not told");
    assert!(office.is_sound());
}

#[test]
fn the_oldest_forms_go_when_there_are_too_many_and_names_have_a_limit() {
    let mut office = Office::on("2026-08-06");
    for number in 0..DRAFTS_MAX + 3 {
        office.ask(Request::Keep(draft(&format!("{number}")))).unwrap();
    }
    let Reply::Own(mine) = office.ask(Request::Own).unwrap() else { panic!("nothing is own") };
    assert_eq!(mine.drafts.len(), DRAFTS_MAX);
    assert_eq!(mine.drafts[0].name, format!("{}", DRAFTS_MAX + 2));
    let refused = office.ask(Request::Keep(draft(&"x".repeat(100)))).unwrap_err();
    assert_eq!((refused.kind, refused.key.as_str()), (RefusalKind::Invalid, "refusal.cannot_keep"));
}
