//! The history of a record, drawn; and how a value is put back.

use super::History;
use crate::api::reply::Reply;
use crate::api::trail::{ChangedField, JournalPage, JournalRow};
use crate::domain::ids::{CaseId, ReceiptId, Revision, Version};
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::screen::over::{Answer, Over};
use crate::tui::screen::sample::{Desk, assert_frame, day};

fn line(sequence: u64, act: &str, fields: &[(&str, Option<&str>, Option<&str>)]) -> JournalRow {
    let told = |text: &Option<&str>| text.map(str::to_owned);
    let fields = fields.iter().map(|(field, old, new)| ChangedField {
        field: (*field).to_owned(),
        old: told(old),
        new: told(new),
        ..ChangedField::default()
    });
    JournalRow {
        sequence,
        revision: Revision(sequence),
        at: day("2026-10-20").and_hms_opt(9, 31, 0).unwrap(),
        on: day("2026-10-20"),
        who: Some("lijuan".to_owned()),
        act: act.to_owned(),
        of: (act == "change.undo").then(|| "case.edit".to_owned()),
        deed: "changed".to_owned(),
        record: Some(CaseId(187).into()),
        name: "青信2026-0187".to_owned(),
        version: Version(3),
        fields: fields.collect(),
    }
}

fn filled(desk: &Desk) -> History {
    let mut over = History::new(CaseId(187).into(), "青信2026-0187");
    let rows = vec![
        line(45, "change.undo", &[("place", Some("村东"), None)]),
        line(44, "case.edit", &[("title", Some("征地补偿"), Some("征地补偿款未到账"))]),
        line(43, "case.accept", &[("steps.2", None, None), ("last_step", None, None)]),
        line(42, "case.register", &[("*", None, None)]),
        JournalRow {
            record: Some(ReceiptId(9).into()),
            deed: "created".to_owned(),
            ..line(42, "case.register", &[])
        },
    ];
    over.got(0, Reply::Journal(JournalPage { rows, more: None }), &desk.view());
    over
}

#[test]
fn each_changed_field_stands_on_a_line_with_who_and_when() {
    let desk = Desk::default();
    assert_frame("history-80x24", &desk.drawn_over(&filled(&desk), (80, 24)));
    assert_frame("history-120x40", &desk.drawn_over(&filled(&desk), (120, 40)));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("history-en-80x24", &desk.drawn_over(&filled(&desk), (80, 24)));
}

#[test]
fn the_value_before_is_put_back_by_the_form_that_changes_the_field() {
    let desk = Desk::default();
    let mut over = filled(&desk);
    over.typed(Key::Down, &desk.view());
    let Answer::Above(command, selection, fields) = over.typed(Key::Enter, &desk.view()) else {
        panic!("no form")
    };
    assert_eq!((command.word, fields["title"].as_str()), ("edit_case", "征地补偿"));
    assert_eq!(selection.record, Some(CaseId(187).into()));
    over.typed(Key::Down, &desk.view());
    let step = over.typed(Key::Enter, &desk.view());
    assert_eq!(step, Answer::Say("history.not_a_field".to_owned()), "a step is corrected");
}
