//! Outcomes as they are drawn, while they are written, and after.

use std::sync::Arc;

use crate::api::door::Notice;
use crate::api::reply::{Done, ImportView};
use crate::api::request::Order;
use crate::api::undo::UndoWay;
use crate::domain::act::Act;
use crate::domain::ids::{RequestId, Version};
use crate::locale::Lang;
use crate::tui::incoming::table::TableRead;
use crate::tui::incoming::{FileRow, Folder, Origin, Outcome, ReadTerms, Work, Writing};
use crate::tui::screen::import::ImportScreen;
use crate::tui::screen::import::columns::ColumnsScreen;
use crate::tui::screen::import::outcome::OutcomeScreen;
use crate::tui::screen::import::tests::{folder, table, terms, view};
use crate::tui::screen::sample::{Desk, assert_frame};
use crate::tui::screen::{Nav, Screen, Step};

fn order(act: Act, fields: &[(&str, &str)]) -> Order {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Order { id: RequestId(7), act, on: None, seen: None, fields: fields.collect() }
}

fn done_as(import: Option<ImportView>) -> Done {
    let (record, number, revision) = (None, None, None);
    Done { record, version: Version(1), revision, number, import: import.map(Box::new) }
}

#[test]
fn outcomes_name_sheet_row_column_and_reason_and_old_and_new_values() {
    let mut desk = Desk::default();
    let outcome = || OutcomeScreen::new(terms(), table());
    assert_frame("import-outcome-80x24", &desk.drawn(&mut outcome(), (80, 24)));
    assert_frame("import-outcome-120x40", &desk.drawn(&mut outcome(), (120, 40)));
    let mut refused = outcome();
    refused.on(Nav::NextPane, &desk.view());
    assert_frame("import-refused-80x24", &desk.drawn(&mut refused, (80, 24)));
    refused.on(Nav::NextPane, &desk.view());
    assert_frame("import-changed-80x24", &desk.drawn(&mut refused, (80, 24)));
    desk.lang = Lang::En;
    assert_frame("import-outcome-en-80x24", &desk.drawn(&mut outcome(), (80, 24)));
    desk.draw_in_every_size(&mut refused);
}

#[test]
fn what_is_brought_in_is_what_was_read_and_the_refused_rows_are_written_on_wish() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = OutcomeScreen::new(terms(), table());
    assert!(matches!(screen.on(Nav::Open, &view), Step::Run("bring_in")));
    let given = screen.selected().given;
    let hash = "ab".repeat(32);
    for (name, text) in [("file", hash.as_str()), ("rows", "cases"), ("book", "history")] {
        assert!(given.contains(&(name.to_owned(), text.to_owned())), "{given:?}");
    }
    screen.on(Nav::Down, &view);
    assert!(matches!(screen.on(Nav::Open, &view), Step::Ask));
    assert!(matches!(screen.work(), Some(Work::Refused(..))));
    let place = "/home/lijuan/anjie-exchange/a.xlsx".to_owned();
    assert!(matches!(screen.worked(Ok(Outcome::Written(place))), Step::Say(..)));
    assert!(screen.work().is_none());
}

#[test]
fn where_nothing_can_be_brought_in_no_key_is_offered_for_it() {
    let desk = Desk::default();
    let mut read = (*table()).clone();
    (read.view.new, read.view.updated) = (0, 0);
    let mut screen = OutcomeScreen::new(terms(), Arc::new(read));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("没有可带入的") && !drawn.contains("回车带入"), "{drawn}");
    let step = screen.on(Nav::Tick, &desk.view());
    assert!(matches!(step, Step::Say(key, _) if key == "refusal.nothing_is_new"));
}

#[test]
fn while_it_is_written_a_bar_says_how_far_it_is_and_no_key_breaks_it_off() {
    let mut desk = Desk::default();
    let ordered = order(Act::Import, &[("file", &"ab".repeat(32))]);
    let mut screen = OutcomeScreen::new(terms(), table());
    assert_eq!(screen.holds(&desk.view()), None);
    desk.writing = Writing::of(&ordered);
    assert!(desk.drawn(&mut screen, (80, 24)).contains("正在核对"), "nothing is heard yet");
    desk.writing.as_mut().unwrap().n_rows = (150, 399);
    assert_frame("import-writing-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("import-writing-120x40", &desk.drawn(&mut screen, (120, 40)));
    let view = desk.view();
    assert_eq!(screen.holds(&view), Some("incoming.writing.esc"));
    for nav in [Nav::Open, Nav::Tick] {
        let step = screen.on(nav, &view);
        assert!(matches!(step, Step::Say(key, _) if key == "incoming.writing.key"));
    }
    screen.on(Nav::NextPane, &view);
    assert!(desk.drawn(&mut screen, (80, 24)).contains("[被拒3]"), "one can look meanwhile");
    desk.writing.as_mut().unwrap().n_rows = (399, 399);
    assert!(desk.drawn(&mut screen, (80, 24)).contains("399 行已写好，正在存盘"));
    desk.draw_in_every_size(&mut screen);
    // Another table is none of this one's.
    desk.writing = Writing::of(&order(Act::Import, &[("file", "cd")]));
    assert_eq!(screen.holds(&desk.view()), None);
}

#[test]
fn what_was_taken_back_is_said_to_be_and_what_was_made_again_to_be_in() {
    let desk = Desk::default();
    let mut screen = OutcomeScreen::new(terms(), table());
    screen.done(&order(Act::Import, &[("file", "cd")]), &done_as(None));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("还没有写入"), "another table came in");
    let ordered = order(Act::Import, &[("file", &"ab".repeat(32))]);
    screen.done(&ordered, &done_as(Some(view())));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("已带入"));
    let news = |change, way| Notice {
        everything: true,
        taken_back: Some((RequestId(change), way)),
        ..Notice::default()
    };
    screen.hears(&news(8, UndoWay::Undo));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("已带入"), "something else was taken back");
    screen.hears(&news(7, UndoWay::Undo));
    assert_frame("import-taken-back-80x24", &desk.drawn(&mut screen, (80, 24)));
    let step = screen.on(Nav::Tick, &desk.view());
    assert!(matches!(step, Step::Say(key, _) if key == "incoming.is_taken_back"));
    screen.hears(&news(7, UndoWay::Redo));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("已带入"));
}

#[test]
fn a_long_name_leaves_the_steps_where_they_are_and_keeps_its_ending() {
    let mut desk = Desk::default();
    let name =
        "青石镇2019年度群众来信来访登记及办理情况汇总台账（各村合并，含历年积案）最终版.xlsx";
    let long = ReadTerms::new(Origin::File(name.to_owned()));
    let mut columns = ColumnsScreen::new(long.clone());
    columns.work();
    columns.worked(Ok(Outcome::Read(table())));
    let read = Arc::new(TableRead { name: name.to_owned(), ..(*table()).clone() });
    let mut outcome = OutcomeScreen::new(long, read);
    let mut files = ImportScreen::new();
    let file = FileRow { name: name.to_owned(), n_bytes: 9, changed_at: String::new() };
    let folder = Folder { files: vec![file], ..folder() };
    files.worked(Ok(Outcome::Folder(folder)));
    assert_frame("import-long-name-80x24", &desk.drawn(&mut outcome, (80, 24)));
    assert_frame("import-long-name-120x40", &desk.drawn(&mut columns, (120, 40)));
    for (drawn, line) in [
        (desk.drawn(&mut columns, (80, 24)), 0),
        (desk.drawn(&mut outcome, (80, 24)), 0),
        (desk.drawn(&mut files, (80, 24)), 6),
    ] {
        let first = drawn.lines().next().unwrap();
        assert!(first.contains("选文件") && first.contains("看结果"), "{first}");
        let named = drawn.lines().nth(line).unwrap();
        assert!(named.contains(".xlsx") && named.contains("青石镇2019"), "{named}");
    }
    assert!(outcome.selected().name.ends_with("终版.xlsx (399)"), "{}", outcome.selected().name);
    desk.draw_in_every_size(&mut outcome);
    desk.draw_in_every_size(&mut files);
}
