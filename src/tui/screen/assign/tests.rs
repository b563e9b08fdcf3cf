use crate::api::handover::{AssignRow, AssignView};
use crate::api::reply::{CasePage, Reply};
use crate::api::request::{CaseQuery, Request};
use crate::domain::ids::OfficerId;
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::screen::assign::AssignScreen;
use crate::tui::screen::sample::{Desk, assert_frame, case_row};
use crate::tui::screen::{Nav, Screen, Step};

fn filled() -> AssignScreen {
    let mut screen = AssignScreen::new(CaseQuery::default());
    let rows = vec![case_row(1, "征地补偿款未到账", None), case_row(2, "路灯不亮", None)];
    let page =
        CasePage { rows: rows.clone(), total: Some(2), before: false, after: false, cut: false };
    assert!(matches!(screen.got(0, Reply::Cases(page)), Step::Ask));
    let why = Some(("broken.case_has_ended".to_owned(), Vec::new()));
    let rows = rows.into_iter().enumerate().map(|(at, row)| AssignRow {
        row,
        handler: Some("赵敏".to_owned()),
        class: Some("征地拆迁".to_owned()).filter(|_| at == 0),
        agreed_on: None,
        why: why.clone().filter(|_| at == 1),
    });
    screen.got(0, Reply::Assign(AssignView { rows: rows.collect() }));
    screen
}

#[test]
fn many_cases_are_drawn_with_what_would_become_of_each() {
    let mut desk = Desk::default();
    let mut screen = filled();
    screen.chosen(3, &desk.view());
    assert_frame("assign-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("assign-120x40", &desk.drawn(&mut filled(), (120, 40)));
    assert_frame("assign-200x60", &desk.drawn(&mut filled(), (200, 60)));
    desk.lang = Lang::En;
    assert_frame("assign-en-80x24", &desk.drawn(&mut filled(), (80, 24)));
    desk.draw_in_every_size(&mut filled());
}

#[test]
fn a_class_and_a_target_are_typed_and_each_row_says_what_it_becomes() {
    let desk = Desk::default();
    let mut screen = filled();
    for _ in 0..3 {
        assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    }
    screen.on(Nav::Open, &desk.view());
    assert!(screen.is_typing());
    screen.pasted("环境保护", &desk.view());
    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Ask));
    let Some(Request::TryAssign(terms)) = screen.wants().pop() else { panic!("not asked") };
    assert_eq!((terms.class.as_deref(), terms.lead), (Some("环境保护"), None));
    assert_frame("assign-class-80x24", &desk.drawn(&mut screen, (80, 24)));
    let given = screen.selected().given;
    assert!(given.contains(&("class".to_owned(), "环境保护".to_owned())), "{given:?}");
    // The target is a day, and what is none is not taken.
    screen.on(Nav::NextPane, &desk.view());
    screen.on(Nav::Open, &desk.view());
    screen.pasted("改天", &desk.view());
    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Say(..)));
    assert!(screen.is_typing(), "it may be typed on");
    screen.typed(Key::Esc, &desk.view());
    screen.on(Nav::Open, &desk.view());
    screen.pasted("2026-12-31", &desk.view());
    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Ask));
    let Some(Request::TryAssign(terms)) = screen.wants().pop() else { panic!("not asked") };
    assert_eq!(terms.agreed_on.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn what_is_still_typed_is_seen_in_the_rows_before_it_is_given() {
    let desk = Desk::default();
    let mut screen = filled();
    for _ in 0..3 {
        screen.on(Nav::NextPane, &desk.view());
    }
    screen.on(Nav::Open, &desk.view());
    screen.pasted("环境保护", &desk.view());
    assert!(matches!(screen.on(Nav::Tick, &desk.view()), Step::Ask), "it is asked for first");
    assert!(!screen.is_typing());
    assert!(matches!(screen.on(Nav::Tick, &desk.view()), Step::Run("assign_many")));
    // The box of one kind is never that of another.
    screen.on(Nav::Open, &desk.view());
    screen.on(Nav::NextPane, &desk.view());
    assert!(!screen.is_typing());
}

#[test]
fn only_what_can_go_and_is_meant_is_sent() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = filled();
    assert!(matches!(screen.on(Nav::Tick, &view), Step::Say(..)));
    screen.chosen(3, &view);
    let Some(Request::TryAssign(terms)) = screen.wants().pop() else { panic!("not asked") };
    assert_eq!((terms.cases.len(), terms.lead), (2, Some(OfficerId(3))));
    assert!(matches!(screen.on(Nav::Tick, &view), Step::Run("assign_many")));
    let given = screen.selected().given;
    assert_eq!(given[0], ("cases".to_owned(), "1@1".to_owned()));
    assert_eq!(given[1], ("lead".to_owned(), "3".to_owned()));
    screen.on(Nav::Last, &view);
    screen.on(Nav::Mark, &view);
    assert_eq!(screen.selected().given[0].1, "");
}
