use crate::api::refusal::Refusal;
use crate::api::reply::{CasePage, CaseRow, Reply};
use ratatui::layout::{Position, Rect};

use crate::api::request::{CaseQuery, Cursor, Request, Way, Whose};
use crate::domain::case::Stage;
use crate::domain::ids::CaseId;
use crate::domain::listing::{Column, Direction, List, Sort, Value};
use crate::locale::Lang;
use crate::tui::command::of_key;
use crate::tui::key::Key;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::cases::CasesScreen;
use crate::tui::screen::sample::{Desk, assert_frame, case_row, clock};
use crate::tui::screen::{Nav, Screen, Selection, Step};

fn rows() -> Vec<CaseRow> {
    let mut long = case_row(
        2,
        "关于村集体土地流转合同到期后续签程序及租金标准争议的申诉",
        Some(clock("assigned", "区信〔2026〕88号", -2)),
    );
    long.person = Some("欧阳建国".to_owned());
    long.people = 12;
    long.village = Some("𠮷庄".to_owned());
    let mut sealed = case_row(3, "村务公开", Some(clock("notice_direct", "23(2)", 0)));
    sealed.sealed = true;
    sealed.person = None;
    let mut done = case_row(4, "路灯不亮", None);
    done.stage = Stage::Concluded;
    done.village = None;
    let mut elsewhere = case_row(5, "工伤认定", None);
    elsewhere.stage = Stage::Elsewhere;
    elsewhere.holder = None;
    elsewhere.unit = None;
    vec![
        case_row(1, "低保核减", Some(clock("notice_direct", "23(2)", -113))),
        long,
        sealed,
        done,
        elsewhere,
        case_row(6, "石桥村宅基地确权", Some(clock("conclude", "34", 77))),
    ]
}

fn page(rows: Vec<CaseRow>) -> Reply {
    let total = Some(u64::try_from(rows.len()).unwrap());
    Reply::Cases(CasePage { rows, total, before: false, after: false, cut: false })
}

fn filled(rows: Vec<CaseRow>) -> CasesScreen {
    let mut screen = CasesScreen::new();
    screen.got(0, page(rows));
    screen
}

fn query(screen: &CasesScreen) -> CaseQuery {
    let Some(Request::Cases(query)) = screen.wants().pop() else { panic!("no query") };
    query
}

fn typed(screen: &mut CasesScreen, desk: &Desk, text: &str) {
    for char in text.chars() {
        screen.typed(Key::Char(char), &desk.view());
    }
}

#[test]
fn the_list_has_straight_columns_on_a_small_terminal() {
    assert_frame("cases-80x24", &Desk::default().drawn(&mut filled(rows()), (80, 24)));
}

#[test]
fn a_wide_terminal_shows_leader_and_unit_and_longer_titles() {
    assert_frame("cases-120x40", &Desk::default().drawn(&mut filled(rows()), (120, 40)));
    assert_frame("cases-200x60", &Desk::default().drawn(&mut filled(rows()), (200, 60)));
}

#[test]
fn in_english_every_column_is_as_straight() {
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("cases-en-80x24", &desk.drawn(&mut filled(rows()), (80, 24)));
}

#[test]
fn every_size_of_terminal_is_drawn() {
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut filled(rows()));
    desk.draw_in_every_size(&mut filled(Vec::new()));
    let mut screen = CasesScreen::new();
    screen.on(Nav::Filter, &desk.view());
    typed(&mut screen, &desk, "土地流转合同到期");
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn a_clerk_starts_with_their_own_cases_by_due_day() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    let first = query(&screen);
    assert_eq!((first.whose, first.sort, first.stage), (Whose::Mine, Sort::DUE, None));
    assert!(matches!(screen.on(Nav::Sort, &desk.view()), Step::Lay(_)));
    assert!(matches!(screen.arrange(Arrange::Sort(Sort::RECEIVED), &desk.view()), Step::Ask));
    assert_eq!(query(&screen).sort, Sort::RECEIVED);
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    assert_eq!(query(&screen).whose, Whose::All);
}

#[test]
fn what_narrows_the_list_stands_above_it_with_the_key_that_lets_it_go() {
    let mut desk = Desk::default();
    let mut screen = filled(rows());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("条件:在办"));
    let lead = Some((Value::Id(3), Some("王建国".to_owned())));
    screen.arrange(Arrange::Narrow(Column::Lead, lead), &desk.view());
    let late = Some((Value::word("late"), None));
    assert!(matches!(screen.arrange(Arrange::Narrow(Column::Due, late), &desk.view()), Step::Ask));
    assert_eq!(query(&screen).only.text(), "stage=open due=late lead=3");
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("条件(c清除):在办 超期 王建国"), "{drawn}");
    let turned = Sort { direction: Direction::Down, ..Sort::DUE };
    screen.arrange(Arrange::Sort(turned), &desk.view());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("排序:到期倒序"));
    desk.draw_in_every_size(&mut screen);
    assert!(matches!(screen.on(Nav::Clear, &desk.view()), Step::Ask));
    assert_eq!(query(&screen).only.text(), "stage=open");
    assert!(
        matches!(screen.on(Nav::Clear, &desk.view()), Step::Say(..)),
        "it says that nothing does"
    );
}

#[test]
fn the_order_changes_nothing_about_which_cases_are_listed() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    let by_due = query(&screen).only;
    screen.arrange(Arrange::Sort(Sort::RECEIVED), &desk.view());
    assert_eq!((query(&screen).only, by_due.text()), (by_due.clone(), "stage=open".to_owned()));
    let concluded = Some((Value::word("concluded"), None));
    screen.arrange(Arrange::Sort(Sort::DUE), &desk.view());
    screen.arrange(Arrange::Narrow(Column::Stage, concluded), &desk.view());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("排序:收件"), "what is over has no due day: {drawn}");
    screen.arrange(Arrange::Clear, &desk.view());
    screen.on(Nav::Filter, &desk.view());
    typed(&mut screen, &desk, "土地");
    screen.typed(Key::Enter, &desk.view());
    assert!(query(&screen).only.is_empty(), "a text finds what is over too");
    assert!(desk.drawn(&mut screen, (80, 24)).contains("条件:全部"));
}

#[test]
fn what_is_marked_is_dealt_with_together_or_let_go_first() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    let lead = Some((Value::Id(3), Some("王建国".to_owned())));
    screen.arrange(Arrange::Narrow(Column::Lead, lead), &desk.view());
    screen.on(Nav::Mark, &desk.view());
    assert!(
        desk.drawn(&mut screen, (80, 24)).contains("选中1"),
        "{}",
        desk.drawn(&mut screen, (80, 24))
    );
    let selection = Selection { navs: Some(screen.navs()), ..screen.selected() };
    let assign = of_key(Key::Char('a'), &selection).map(|command| command.word);
    assert_eq!(assign, Some("tick_marked"), "the cursor is on the next row by now");
    let edit = of_key(Key::Char('e'), &selection).unwrap();
    assert_eq!(edit.is_possible(&desk.me, &selection), Err("cmd.marked".to_owned()));
    assert!(matches!(screen.on(Nav::Clear, &desk.view()), Step::Stay), "the marks go first");
    assert!(!screen.selected().has_marks() && !query(&screen).only.is_empty());
    assert_eq!(query(&screen).only.text(), "stage=open lead=3");
    screen.on(Nav::Mark, &desk.view());
    assert!(matches!(screen.on(Nav::Tick, &desk.view()), Step::Push(_)));
    assert!(!screen.selected().has_marks(), "they are in the preview now");
}

#[test]
fn marks_stay_while_one_looks_for_more_and_go_when_another_list_is_shown() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    screen.on(Nav::Mark, &desk.view());
    screen.on(Nav::Filter, &desk.view());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.lines().next().unwrap().contains("选中1"), "{drawn}");
    screen.typed(Key::Esc, &desk.view());
    screen.arrange(Arrange::Sort(Sort::usual(Column::Lead)), &desk.view());
    assert!(screen.selected().has_marks(), "another order shows the same cases");
    let lead = Some((Value::Id(3), Some("王建国".to_owned())));
    screen.arrange(Arrange::Narrow(Column::Lead, lead), &desk.view());
    assert!(!screen.selected().has_marks(), "another condition shows others");
    let mut screen = filled(rows());
    screen.on(Nav::Mark, &desk.view());
    screen.on(Nav::NextPane, &desk.view());
    assert!(!screen.selected().has_marks());
}

#[test]
fn columns_that_the_clerk_chose_stand_in_their_order_as_far_as_there_is_room() {
    let mut desk = Desk::default();
    let mut screen = filled(rows());
    let columns = [Column::Lead, Column::Title, Column::Channel, Column::Received];
    desk.layouts.insert(List::Cases, columns.to_vec());
    let drawn = desk.drawn(&mut screen, (80, 24));
    let heads = drawn.lines().nth(1).unwrap();
    let places: Vec<_> = ["包案", "事项", "渠道", "收件"].map(|head| heads.find(head)).to_vec();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{drawn}");
    assert!(!heads.contains("编号") && !drawn.contains("另"), "{drawn}");
    desk.layouts.insert(List::Cases, List::Cases.shows().collect());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.lines().next().unwrap().contains("另7列"), "{drawn}");
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn marked_cases_are_what_a_change_of_several_is_about() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    let given = |screen: &CasesScreen| {
        let given = screen.selected().given.into_iter();
        given.filter(|(name, _)| name == "cases").map(|(_, ids)| ids).next_back()
    };
    assert_eq!(given(&screen).as_deref(), Some("1"), "without a mark it is the selected one");
    screen.on(Nav::Mark, &desk.view());
    screen.on(Nav::Down, &desk.view());
    screen.on(Nav::Mark, &desk.view());
    assert_eq!(given(&screen).as_deref(), Some("1 3"));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("选中2") && drawn.contains(" *1  2026-0001"), "{drawn}");
    let Step::Push(assign) = screen.on(Nav::Tick, &desk.view()) else { panic!("no preview") };
    let Some(Request::TryAssign(terms)) = assign.wants().pop() else { panic!("not asked") };
    assert_eq!(terms.cases, [CaseId(1), CaseId(3)]);
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    desk.drawn(&mut screen, (80, 24));
    let area = Rect::new(0, 1, 80, 21);
    let mut click = |y| screen.clicked(Position::new(12, y), area, &desk.view());
    assert!(matches!(click(5), Step::Stay));
    assert!(matches!(click(5), Step::Push(_)));
    for y in [1, 2, 20, 21] {
        assert!(matches!(click(y), Step::Stay), "{y}");
    }
    assert_eq!(screen.selected().record, Some(CaseId(3).into()));
}

#[test]
fn a_text_narrows_the_list_while_it_is_typed() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    assert!(!screen.is_typing());
    screen.on(Nav::Filter, &desk.view());
    assert!(screen.is_typing());
    typed(&mut screen, &desk, "宅基");
    assert_eq!(query(&screen).text.as_deref(), Some("宅基"));
    screen.pasted("地", &desk.view());
    assert_eq!(query(&screen).text.as_deref(), Some("宅基地"));
    let (lines, cursor) = desk.frame(&mut screen, (80, 24));
    let before = lines[0].split("宅基地").next().unwrap();
    let column = crate::tui::text::width(before) + 6;
    let cursor = cursor.unwrap();
    assert_eq!((usize::from(cursor.x), cursor.y), (column, 1), "{}", lines[0]);

    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Stay));
    assert!(!screen.is_typing());
    assert_eq!(query(&screen).text.as_deref(), Some("宅基地"), "Enter keeps the text");
    assert!(desk.drawn(&mut screen, (80, 24)).contains("筛选:宅基地"));

    screen.on(Nav::Filter, &desk.view());
    assert!(matches!(screen.typed(Key::Esc, &desk.view()), Step::Ask));
    assert_eq!(query(&screen).text, None, "Esc lets it go");
}

#[test]
fn while_a_text_is_typed_arrows_still_move_in_the_list() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    desk.drawn(&mut screen, (80, 24));
    screen.on(Nav::Filter, &desk.view());
    screen.typed(Key::Down, &desk.view());
    assert_eq!(screen.selected().record, Some(CaseId(2).into()));
    assert!(screen.is_typing());
}

#[test]
fn a_text_that_fits_nothing_says_how_to_go_on() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    screen.on(Nav::Filter, &desk.view());
    typed(&mut screen, &desk, "x");
    screen.got(0, page(Vec::new()));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("没有符合的事项"));
    assert_eq!(screen.selected().record, None);
}

/// The server's page of a list of so many rows.
fn served(screen: &CasesScreen, n_rows: u64) -> Reply {
    let query = query(screen);
    let place = query.from.map(|Cursor(place)| place.parse::<u64>().unwrap());
    let most = u64::from(query.most);
    let (first, last) = match query.way {
        Way::Forward => (place.unwrap_or(0) + 1, (place.unwrap_or(0) + most).min(n_rows)),
        Way::Backward => {
            let last = place.map_or(n_rows, |place| place - 1);
            (last.saturating_sub(most) + 1, last)
        }
        Way::FromEnd => (n_rows.saturating_sub(most) + 1, n_rows),
    };
    let rows = (first..=last).map(|id| case_row(id, "承包地调整", None)).collect();
    let (before, after) = (first > 1, last < n_rows);
    Reply::Cases(CasePage { rows, total: Some(n_rows), before, after, cut: false })
}

#[test]
fn a_list_of_thousands_is_walked_both_ways_without_a_gap() {
    let desk = Desk::default();
    let mut screen = CasesScreen::new();
    desk.drawn(&mut screen, (80, 24));
    screen.got(0, served(&screen, 3000));
    let down = (2..=700).map(|id| (Nav::Down, id));
    let up = (400..700).rev().map(|id| (Nav::Up, id));
    let pages = (1..=30).map(|page| (Nav::PageDown, 400 + page * 17));
    for (nav, id) in down.chain(up).chain(pages) {
        if matches!(screen.on(nav, &desk.view()), Step::Ask) {
            assert!(query(&screen).most <= 200);
            screen.got(0, served(&screen, 3000));
        }
        assert_eq!(screen.selected().record, Some(CaseId(id).into()), "{nav:?}");
    }
}

#[test]
fn keys_typed_ahead_of_the_answer_are_not_lost() {
    let desk = Desk::default();
    let mut screen = CasesScreen::new();
    desk.drawn(&mut screen, (80, 24));
    screen.got(0, served(&screen, 3000));
    let asked = (0..10).filter(|_| matches!(screen.on(Nav::PageDown, &desk.view()), Step::Ask));
    assert_eq!(asked.count(), 1, "one question at a time");
    while let Step::Ask = screen.got(0, served(&screen, 3000)) {}
    assert_eq!(screen.selected().record, Some(CaseId(171).into()));
}

#[test]
fn the_end_of_the_list_is_one_key_away_and_so_is_the_start() {
    let desk = Desk::default();
    let mut screen = CasesScreen::new();
    desk.drawn(&mut screen, (80, 24));
    screen.got(0, served(&screen, 3000));
    assert!(matches!(screen.on(Nav::Last, &desk.view()), Step::Ask));
    screen.got(0, served(&screen, 3000));
    assert_eq!(screen.selected().record, Some(CaseId(3000).into()));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("2026-3000") && drawn.contains("共3000件"), "{drawn}");
    for id in (2900..3000).rev() {
        if matches!(screen.on(Nav::Up, &desk.view()), Step::Ask) {
            screen.got(0, served(&screen, 3000));
        }
        assert_eq!(screen.selected().record, Some(CaseId(id).into()));
    }
    assert!(matches!(screen.on(Nav::First, &desk.view()), Step::Ask));
    screen.got(0, served(&screen, 3000));
    assert_eq!(screen.selected().record, Some(CaseId(1).into()));
}

#[test]
fn a_refused_page_can_be_asked_for_again() {
    let desk = Desk::default();
    let mut screen = CasesScreen::new();
    desk.drawn(&mut screen, (80, 24));
    screen.got(0, served(&screen, 3000));
    assert!(matches!(screen.on(Nav::Last, &desk.view()), Step::Ask));
    screen.refused(0, &Refusal::not_found());
    assert_eq!(screen.selected().record, Some(CaseId(1).into()));
    assert!(matches!(screen.on(Nav::Last, &desk.view()), Step::Ask));
}

#[test]
fn a_selected_row_names_its_case_and_version_for_commands() {
    let selected = filled(rows()).selected();
    assert_eq!(selected.record, Some(CaseId(1).into()));
    assert_eq!(selected.version.map(|version| version.0), Some(1));
    assert_eq!(selected.name, "青信2026-0001 低保核减");
}
