//! The window of taking back, drawn; and what its keys answer.

use super::Undo;
use crate::api::reply::Reply;
use crate::api::trail::ChangedField;
use crate::api::undo::{KeptRow, UndoRow, UndoView, UndoWay};
use crate::domain::ids::{CaseId, RequestId};
use crate::locale::Lang;
use crate::tui::command;
use crate::tui::key::Key;
use crate::tui::screen::over::{Answer, Over};
use crate::tui::screen::sample::{Desk, assert_frame, day};

fn view() -> UndoView {
    let field = |field: &str, old: Option<&str>, new: Option<&str>| ChangedField {
        field: field.to_owned(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
        ..ChangedField::default()
    };
    UndoView {
        way: UndoWay::Undo,
        change: Some(RequestId(77)),
        act: "case.assign_lead".to_owned(),
        who: Some("lijuan".to_owned()),
        at: day("2026-10-20").and_hms_opt(9, 31, 0),
        batch: false,
        count: 1,
        rows: vec![UndoRow {
            record: CaseId(187).into(),
            name: "青信2026-0187".to_owned(),
            deed: "changed".to_owned(),
            fields: vec![field("lead", Some("王建国"), None)],
            gone: vec!["lead_assigned".to_owned()],
            back: Vec::new(),
        }],
        n_kept: 0,
        kept: Vec::new(),
        why: None,
        older: Some(RequestId(70)),
    }
}

fn many() -> UndoView {
    let since = [("who", "zhaomin"), ("at", "2026-10-20 09:40")];
    let args = since.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    UndoView {
        act: "case.import".to_owned(),
        batch: true,
        count: 212,
        n_kept: 1,
        kept: vec![KeptRow {
            record: CaseId(12).into(),
            name: "青信2026-0012".to_owned(),
            why: Some(("broken.changed_since".to_owned(), args)),
            field: Some("place".to_owned()),
        }],
        rows: (1..=3)
            .map(|id| UndoRow {
                record: CaseId(id).into(),
                name: format!("青信2026-000{id}"),
                deed: "removed".to_owned(),
                fields: Vec::new(),
                gone: Vec::new(),
                back: Vec::new(),
            })
            .collect(),
        ..view()
    }
}

fn filled(desk: &Desk, view: UndoView) -> Undo {
    let mut over = Undo::new(command::find("undo").unwrap());
    over.got(0, Reply::Undo(Box::new(view)), &desk.view());
    over
}

#[test]
fn before_and_after_stand_above_one_question() {
    let desk = Desk::default();
    assert_frame("undo-80x24", &desk.drawn_over(&filled(&desk, view()), (80, 24)));
    assert_frame("undo-120x40", &desk.drawn_over(&filled(&desk, many()), (120, 40)));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("undo-en-80x24", &desk.drawn_over(&filled(&desk, many()), (80, 24)));
}

#[test]
fn enter_leaves_all_as_it_is_and_only_a_yes_takes_back_what_was_shown() {
    let desk = Desk::default();
    let mut over = filled(&desk, view());
    assert_eq!(over.typed(Key::Enter, &desk.view()), Answer::Close);
    let Answer::Send(sent) = over.typed(Key::Char('2'), &desk.view()) else { panic!() };
    assert_eq!(sent.fields["change"], format!("{:032x}", 77));
    over.typed(Key::Down, &desk.view());
    assert!(matches!(over.typed(Key::Enter, &desk.view()), Answer::Send(_)));
    assert_eq!(over.typed(Key::Char('3'), &desk.view()), Answer::Ask);
}

#[test]
fn what_cannot_be_taken_back_offers_no_yes() {
    let desk = Desk::default();
    let why = Some(("broken.accounts_stay".to_owned(), Vec::new()));
    let mut over = filled(&desk, UndoView { why, rows: Vec::new(), count: 0, ..view() });
    assert_eq!(over.typed(Key::Char('y'), &desk.view()), Answer::Stay);
    assert_eq!(over.typed(Key::Char('2'), &desk.view()), Answer::Ask, "the one before");
}
