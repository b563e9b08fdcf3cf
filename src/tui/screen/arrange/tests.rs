use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::{Position, Rect};

use crate::api::listing::{ListQuery, ValuePage, ValueRow};
use crate::api::reply::Reply;
use crate::api::request::{CaseQuery, Request};
use crate::api::roster::{RosterPart, RosterQuery};
use crate::domain::listing::{Column, Direction, List, Narrow, Sort, Value};
use crate::domain::listing::{DUE_GROUPS, ROSTER_PARTS};
use crate::locale::{self, Lang};
use crate::tui::key::Key;
use crate::tui::screen::arrange::columns::Columns;
use crate::tui::screen::arrange::filters::Filters;
use crate::tui::screen::arrange::sorts::Sorts;
use crate::tui::screen::arrange::{Arrange, Arrangement, column_text, value_text};
use crate::tui::screen::over::{Answer, Over};
use crate::tui::screen::sample::Desk;
use crate::tui::text;

const AREA: Rect = Rect::new(0, 1, 80, 21);

/// What a menu looks like.
fn drawn(desk: &Desk, over: &dyn Over) -> String {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal
        .draw(|frame| {
            over.draw(frame, AREA, &desk.view());
        })
        .unwrap();
    let buffer = terminal.backend().buffer().clone();
    let mut lines = String::new();
    for y in 0..24 {
        let mut skip = 0;
        for x in 0..80 {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                lines.push_str(symbol);
                skip = text::width(symbol);
            }
            skip -= 1;
        }
        lines.push('\n');
    }
    lines
}

fn arranged(answer: Answer) -> Arrange {
    match answer {
        Answer::Arrange(arrange) => *arrange,
        _ => panic!("the list is not put another way"),
    }
}

#[test]
fn an_order_is_chosen_by_its_number_and_turned_by_choosing_it_again() {
    let desk = Desk::default();
    let mut arrangement = Arrangement::usual(List::Cases);
    let mut menu = Sorts::new(&arrangement);
    assert!(drawn(&desk, &menu).contains("[到期]"), "{}", drawn(&desk, &menu));
    let place = List::Cases.sorts().position(|by| by == Column::Lead).unwrap();
    let digit = char::from_digit(u32::try_from(place).unwrap() + 1, 10).unwrap();
    let lead = arranged(menu.typed(Key::Char(digit), &desk.view()));
    assert_eq!(lead, Arrange::Sort(Sort::usual(Column::Lead)));
    assert!(arrangement.take(lead));
    let mut menu = Sorts::new(&arrangement);
    let turned = Sort { by: Column::Lead, direction: Direction::Down };
    assert_eq!(arranged(menu.typed(Key::Enter, &desk.view())), Arrange::Sort(turned));
    assert!(matches!(menu.typed(Key::Esc, &desk.view()), Answer::Close));
}

#[test]
fn a_filter_is_chosen_by_column_and_by_a_value_that_says_how_many_rows_it_leaves() {
    let desk = Desk::default();
    let mut arrangement = Arrangement::usual(List::Cases);
    let query = || ListQuery::Cases(CaseQuery::default());
    let mut menu = Filters::new(&arrangement, query());
    assert!(menu.wants().is_empty());
    let place = List::Cases.narrows().position(|by| by == Column::Lead).unwrap();
    for _ in 0..place {
        menu.typed(Key::Down, &desk.view());
    }
    assert!(matches!(menu.typed(Key::Enter, &desk.view()), Answer::Ask));
    let Some(Request::Values(asked)) = menu.wants().pop() else { panic!("not asked") };
    assert_eq!(asked.column, Column::Lead);
    let name = Some("王建国".to_owned());
    let values = vec![
        ValueRow { value: Value::Id(3), name, count: 14 },
        ValueRow { value: Value::Nothing, name: None, count: 2 },
    ];
    menu.got(0, Reply::Values(ValuePage { values, cut: false }), &desk.view());
    let seen = drawn(&desk, &menu);
    assert!(seen.contains("王建国") && seen.contains("14条") && seen.contains("未包案"), "{seen}");
    let chosen = arranged(menu.typed(Key::Char('2'), &desk.view()));
    assert!(arrangement.take(chosen));
    assert_eq!(arrangement.only.text(), "lead=3");
    let mut menu = Filters::new(&arrangement, query());
    let seen = drawn(&desk, &menu);
    assert!(seen.contains("[王建国]"), "{seen}");
    menu.typed(Key::Char('1'), &desk.view());
    assert!(matches!(menu.typed(Key::Esc, &desk.view()), Answer::Stay), "back to the columns");
    // To clear is the last row, on the second page since there are more columns than digits.
    menu.typed(Key::Char('0'), &desk.view());
    let seen = drawn(&desk, &menu);
    assert!(seen.contains("1 清除条件"), "{seen}");
    assert_eq!(arranged(menu.typed(Key::Char('1'), &desk.view())), Arrange::Clear);
    assert!(matches!(menu.typed(Key::Esc, &desk.view()), Answer::Close));
}

#[test]
fn the_parts_of_the_roster_are_known_and_need_no_question() {
    let desk = Desk::default();
    let arrangement = Arrangement::usual(List::Roster);
    let mut menu = Filters::new(&arrangement, ListQuery::Roster(RosterQuery::default()));
    let at = List::Roster.narrows().position(|by| by == Column::State).unwrap();
    let digit = char::from_digit(u32::try_from(at).unwrap() + 1, 10).unwrap();
    assert!(matches!(menu.typed(Key::Char(digit), &desk.view()), Answer::Stay));
    assert!(menu.wants().is_empty());
    let words: Vec<&str> = RosterPart::ALL.iter().map(|part| part.word()).collect();
    assert_eq!(words, ROSTER_PARTS);
    let chosen = arranged(menu.typed(Key::Char('3'), &desk.view()));
    assert_eq!(chosen, Arrange::Narrow(Column::State, Some((Value::word("late"), None))));
}

#[test]
fn columns_are_shown_hidden_and_moved_and_each_is_kept_at_once() {
    let desk = Desk::default();
    let mut menu = Columns::new(List::Cases, vec![Column::Number, Column::Title]);
    let kept = |answer: Answer| match answer {
        Answer::Prefer(name, value) => {
            assert_eq!(name, "columns.cases");
            value
        }
        _ => panic!("nothing is kept"),
    };
    assert_eq!(kept(menu.typed(Key::Right, &desk.view())), "title,number");
    assert_eq!(kept(menu.typed(Key::Char('3'), &desk.view())), "title,number,petitioner");
    assert_eq!(kept(menu.typed(Key::Char('1'), &desk.view())), "number,petitioner");
    kept(menu.typed(Key::Char('1'), &desk.view()));
    let last = menu.typed(Key::Char('1'), &desk.view());
    assert!(matches!(last, Answer::Say(key) if key == "list.one_column_stays"));
    assert!(drawn(&desk, &menu).contains("[x] 信访人"), "{}", drawn(&desk, &menu));
    assert_eq!(arranged(menu.typed(Key::Esc, &desk.view())), Arrange::Own);
    let mut unchanged = Columns::new(List::Cases, vec![Column::Number]);
    assert!(matches!(unchanged.typed(Key::Esc, &desk.view()), Answer::Close));
}

#[test]
fn a_click_on_a_row_of_a_menu_chooses_it() {
    let desk = Desk::default();
    let mut menu = Sorts::new(&Arrangement::usual(List::Roster));
    let seen = drawn(&desk, &menu);
    let y = seen.lines().position(|line| line.contains("复评日期")).unwrap();
    let at = Position::new(20, u16::try_from(y).unwrap());
    let chosen = arranged(menu.clicked(at, AREA, &desk.view()));
    assert_eq!(chosen, Arrange::Sort(Sort::usual(Column::Review)));
    assert!(matches!(menu.clicked(Position::new(0, 0), AREA, &desk.view()), Answer::Stay));
}

#[test]
fn every_column_and_value_has_a_text_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        for list in List::ALL.iter().copied() {
            for own in list.traits() {
                assert!(!column_text(lang, (list, own.column)).is_empty());
            }
        }
        for word in DUE_GROUPS {
            assert!(locale::find(lang, &format!("list.due.{word}")).is_some(), "{word}");
        }
        for word in ["stage=open", "stage=handling", "channel=visit", "due=late"] {
            let narrow = Narrow::parse(List::Cases, word).unwrap();
            let (column, value) = narrow.0.first_key_value().unwrap();
            let text = value_text(lang, *column, (value, None));
            let is_known = Some(text.as_str()) != narrow.word(*column);
            assert!(is_known || lang == Lang::En, "{word} has no text");
        }
    }
}

#[test]
fn the_foot_of_a_menu_is_read_whole_in_a_small_terminal() {
    for lang in [Lang::Zh, Lang::En] {
        let desk = Desk { lang, ..Desk::default() };
        let arrangement = Arrangement::usual(List::Cases);
        let query = ListQuery::Cases(CaseQuery::default());
        let columns = Columns::new(List::Cases, List::Cases.usual(80));
        assert!(List::Cases.shows().count() > 9, "its menu has a second page");
        let feet: [(&dyn Over, &str); 3] = [
            (&columns, "list.columns.foot"),
            (&Sorts::new(&arrangement), "list.sorts.foot"),
            (&Filters::new(&arrangement, query), "list.filters.foot"),
        ];
        for (menu, foot) in feet {
            let seen = drawn(&desk, menu);
            assert!(seen.contains(&locale::text(lang, foot)), "{foot}: {seen}");
        }
    }
}

#[test]
fn an_order_that_says_nothing_about_the_rows_is_grey_and_says_why() {
    let desk = Desk::default();
    let mut cases = Arrangement::usual(List::Cases);
    let over = Some((Value::word("concluded"), None));
    cases.take(Arrange::Narrow(Column::Stage, over));
    let mut menu = Sorts::new(&cases);
    assert!(drawn(&desk, &menu).contains("已了结的没有到期日"), "{}", drawn(&desk, &menu));
    let due = List::Cases.sorts().position(|by| by == Column::Due).unwrap() + 1;
    let digit = char::from_digit(u32::try_from(due).unwrap(), 10).unwrap();
    let said = Answer::Say("list.dead.due".to_owned());
    assert_eq!(menu.typed(Key::Char(digit), &desk.view()), said);
    let mut roster = Arrangement::usual(List::Roster);
    assert!(!drawn(&desk, &Sorts::new(&roster)).contains("已退出的"));
    roster.take(Arrange::Narrow(Column::State, Some((Value::word("ended"), None))));
    let mut menu = Sorts::new(&roster);
    let said = Answer::Say("list.dead.ended".to_owned());
    assert_eq!(menu.typed(Key::Char('2'), &desk.view()), said);
    assert!(drawn(&desk, &menu).contains("已退出的按退出日期排"));
}
