//! The log drawn from made-up lines, and walked by keys.

use chrono::NaiveDateTime;

use super::LogScreen;
use crate::api::reply::Reply;
use crate::api::request::{AccessQuery, JournalQuery, Request};
use crate::api::trail::{AccessPage, AccessRow, ChangedField, JournalPage, JournalRow};
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, PersonId, Revision, Version};
use crate::tui::key::Key;
use crate::tui::screen::sample::{Desk, assert_frame, day};
use crate::tui::screen::{Nav, Screen, Step, changed};

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn field(name: &str, old: Option<&str>, new: Option<&str>) -> ChangedField {
    let text = |text: Option<&str>| text.map(str::to_owned);
    ChangedField {
        field: name.to_owned(),
        old: text(old),
        new: text(new),
        ..ChangedField::default()
    }
}

/// A delivery by mail that was entered as one in person, and a day too late.
fn corrected() -> ChangedField {
    ChangedField {
        step: Some("delivered".to_owned()),
        parts: vec![
            field("deliver.manner", Some("in_person"), Some("post")),
            field("deliver.mail", None, Some("XA0001")),
        ],
        ..field("steps.10", Some("2026-10-09"), Some("2026-10-08"))
    }
}

fn line(sequence: u64, act: &str, fields: Vec<ChangedField>) -> JournalRow {
    JournalRow {
        sequence,
        revision: Revision(sequence),
        at: at("2026-10-20 09:31"),
        on: day("2026-10-20"),
        who: Some("lijuan".to_owned()),
        act: act.to_owned(),
        of: None,
        deed: if fields.is_empty() { "created" } else { "changed" }.to_owned(),
        record: Some(CaseId(187).into()),
        name: "青信2026-0187".to_owned(),
        version: Version(3),
        fields,
    }
}

fn lines() -> Vec<JournalRow> {
    let edit = vec![
        field("title", Some("征地补偿"), Some("征地补偿款未到账")),
        field("place", None, Some("村东")),
    ];
    let phone = vec![field("phone", Some("138****6621"), Some("138****0000"))];
    let person = JournalRow {
        record: Some(PersonId(3).into()),
        name: "张小明".to_owned(),
        who: Some("zhaomin".to_owned()),
        ..line(40, "person.edit", phone)
    };
    let late = JournalRow { on: day("2026-10-08"), ..line(39, "case.correct", vec![corrected()]) };
    let system = JournalRow {
        who: None,
        record: None,
        name: String::new(),
        deed: "sealed".to_owned(),
        ..line(38, "log.seal", Vec::new())
    };
    vec![line(41, "case.edit", edit), person, late, system, line(37, "case.register", Vec::new())]
}

fn filled() -> LogScreen {
    let mut screen = LogScreen::new();
    let page = JournalPage { rows: lines(), more: None };
    assert!(matches!(screen.got(0, Reply::Journal(page)), Step::Stay));
    screen
}

#[test]
fn the_journal_is_drawn() {
    for (name, size, desk) in [
        ("log-80x24", (80, 24), Desk::default()),
        ("log-120x40", (120, 40), Desk::default()),
        ("log-en-80x24", (80, 24), Desk { lang: crate::locale::Lang::En, ..Desk::default() }),
    ] {
        assert_frame(name, &desk.drawn(&mut filled(), size));
    }
}

#[test]
fn a_corrected_step_is_told_with_deed_day_old_and_new_value() {
    let zh = crate::locale::Lang::Zh;
    let told = changed::in_full(zh, "case", &corrected());
    let wanted =
        "第10步 送达: 2026-10-09 -> 2026-10-08  送达方式: 当面 -> 邮寄; 邮件号: -- -> XA0001";
    assert_eq!(told, wanted);
    let made = ChangedField {
        step: Some("delivered".to_owned()),
        parts: vec![field("deliver.manner", None, Some("post"))],
        ..field("steps.10", None, Some("2026-10-08"))
    };
    assert_eq!(changed::in_full(zh, "case", &made), "第10步 送达: 2026-10-08  送达方式: 邮寄");
    let gone = ChangedField { parts: Vec::new(), ..field("steps.10", Some("2026-10-08"), None) };
    let gone = ChangedField { step: Some("delivered".to_owned()), ..gone };
    assert_eq!(changed::in_full(zh, "case", &gone), "第10步 送达: 2026-10-08 -> --");
    let loaded = ChangedField {
        parts: vec![field("loaded.n_moved", None, Some("1"))],
        ..field("loaded.样例省更短时限", Some("a.toml"), None)
    };
    let told = changed::in_full(zh, "office", &loaded);
    assert_eq!(told, "已加载规则 样例省更短时限: a.toml -> --  到期日变动: 1");
}

#[test]
fn the_access_log_is_drawn_for_those_who_may_see_it() {
    let desk = Desk::default();
    let mut screen = filled();
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    let query = AccessQuery { most: 100, ..AccessQuery::default() };
    assert_eq!(screen.wants(), [Request::Accesses(query)]);
    let look = AccessRow {
        month: 202_610,
        number: 7,
        at: at("2026-10-20 10:02"),
        on: day("2026-10-20"),
        who: Some("zhaomin".to_owned()),
        act: "person.reveal".to_owned(),
        about: vec![(PersonId(3).into(), "张小明".to_owned())],
        n_rows: 1,
        notes: [("field", "field.person.phone"), ("reason", "送达")]
            .map(|(name, text)| (name.to_owned(), Some(text.to_owned())))
            .to_vec(),
    };
    // Nobody has an account of that login, and who audits is told no name of a person.
    let unknown = AccessRow {
        number: 4,
        about: vec![(PersonId(12).into(), String::new())],
        notes: vec![("refused".to_owned(), Some("refusal.no_account".to_owned()))],
        ..look.clone()
    };
    let refused = AccessRow {
        number: 6,
        act: "case.accept".to_owned(),
        about: vec![(CaseId(187).into(), "青信2026-0187".to_owned())],
        n_rows: 0,
        notes: vec![("refused".to_owned(), Some("refusal.denied".to_owned()))],
        ..look.clone()
    };
    let search = AccessRow {
        number: 5,
        act: "find".to_owned(),
        about: Vec::new(),
        n_rows: 12,
        notes: vec![("search".to_owned(), Some("张".to_owned()))],
        ..look.clone()
    };
    let page = AccessPage { rows: vec![look, refused, search, unknown], more: None };
    screen.got(0, Reply::Accesses(page));
    assert_frame("log-accesses-80x24", &desk.drawn(&mut screen, (80, 24)));
}

#[test]
fn who_may_not_see_the_access_log_stays_in_the_journal() {
    let mut desk = Desk::default();
    desk.me.denied = vec![Act::ReadAccesses];
    let mut screen = filled();
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Say(..)));
    assert_eq!(
        screen.wants(),
        [Request::Journal(JournalQuery { most: 100, ..JournalQuery::default() })]
    );
    assert_frame("log-clerk-80x24", &desk.drawn(&mut screen, (80, 24)));
}

#[test]
fn a_text_narrows_when_it_is_entered_and_escape_takes_it_back() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = filled();
    screen.on(Nav::Filter, &view);
    for char in "张小明".chars() {
        assert!(matches!(screen.typed(Key::Char(char), &view), Step::Stay));
    }
    assert!(screen.is_typing());
    assert!(matches!(screen.typed(Key::Enter, &view), Step::Ask));
    let Some(Request::Journal(query)) = screen.wants().pop() else { panic!("no query") };
    assert_eq!(query.text.as_deref(), Some("张小明"));
    assert_frame("log-empty-80x24", &desk.drawn(&mut screen, (80, 24)));
    screen.on(Nav::Filter, &view);
    assert!(matches!(screen.typed(Key::Esc, &view), Step::Ask));
    assert!(matches!(screen.on(Nav::Stage, &view), Step::Ask));
    let Some(Request::Journal(query)) = screen.wants().pop() else { panic!("no query") };
    assert_eq!((query.text, query.act.as_deref()), (None, Some("case.")));
}

#[test]
fn a_long_log_goes_on_where_it_ends() {
    let desk = Desk::default();
    let mut screen = LogScreen::new();
    desk.frame(&mut screen, (80, 24));
    let rows =
        |from: u64| (0..100).map(|back| line(from - back, "case.edit", Vec::new())).collect();
    screen.got(0, Reply::Journal(JournalPage { rows: rows(300), more: Some(201) }));
    let asks = std::iter::repeat_with(|| screen.on(Nav::PageDown, &desk.view()))
        .take(9)
        .any(|step| matches!(step, Step::Ask));
    assert!(asks);
    let Some(Request::Journal(query)) = screen.wants().pop() else { panic!("no query") };
    assert_eq!(query.before, Some(201));
    screen.got(0, Reply::Journal(JournalPage { rows: rows(200), more: None }));
    assert_eq!(screen.n_rows(), 200);
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Push(_)));
}

#[test]
fn it_is_drawn_in_every_size() {
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut filled());
}
