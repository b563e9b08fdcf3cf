use chrono::{Datelike, NaiveDate, Weekday};

use crate::api::days::{CalendarDay, DayMark, MonthDay, MonthQuery, MonthView};
use crate::api::reply::{AgendaGroup, Reply};
use crate::api::request::{AgendaQuery, Request, Whose};
use crate::domain::line::LineKind;
use crate::locale::Lang;
use crate::tui::screen::deadlines::DeadlinesScreen;
use crate::tui::screen::sample::{Desk, TODAY, agenda, assert_frame, clock, day, line_row};
use crate::tui::screen::{Nav, Screen, Step};

fn mark(on: NaiveDate) -> DayMark {
    match (on.month(), on.day(), on.weekday()) {
        (10, 1..=7, _) => DayMark::Off,
        (10, 10, _) => DayMark::MakeUp,
        (_, _, Weekday::Sat | Weekday::Sun) => DayMark::Rest,
        _ => DayMark::Working,
    }
}

/// A month of whole weeks from a Monday on.
fn month(first: &str, last: &str) -> Reply {
    let day_of = |on: NaiveDate| {
        let counts = match (on.month(), on.day()) {
            (10, 17) => vec![(LineKind::Clock, 2), (LineKind::Assigned, 1)],
            (10, 20) => vec![(LineKind::Clock, 2)],
            (10, 23) => vec![(LineKind::Clock, 3), (LineKind::Contact, 4), (LineKind::Task, 12)],
            (10, 31) => vec![(LineKind::Task, 12)],
            _ => Vec::new(),
        };
        let mark = mark(on);
        let name = (mark == DayMark::Off).then(|| "国庆节".to_owned());
        MonthDay { day: CalendarDay { on, mark, name, known: on.year() < 2027 }, counts }
    };
    let days = day(first).iter_days().take_while(|on| *on <= day(last)).map(day_of);
    Reply::Month(MonthView {
        today: day(TODAY),
        mine: 7,
        all: 31,
        days: days.collect(),
        cut: false,
    })
}

fn october() -> DeadlinesScreen {
    let mut screen = DeadlinesScreen::new();
    screen.got(0, agenda(Vec::new()));
    screen.on(Nav::NextPane, &Desk::default().view());
    screen.got(0, month("2026-09-28", "2026-11-01"));
    let lines = (1..=2).map(|id| {
        let row = line_row(id, "石桥村宅基地确权", Some(clock("conclude", "34", 0)));
        (AgendaGroup::Today, row)
    });
    screen.got(1, agenda(lines.collect()));
    screen
}

#[test]
fn a_month_shows_rest_days_make_up_days_and_what_is_due() {
    assert_frame("month-80x24", &Desk::default().drawn(&mut october(), (80, 24)));
}

#[test]
fn on_a_wide_terminal_the_lines_of_the_day_stand_beside() {
    assert_frame("month-120x40", &Desk::default().drawn(&mut october(), (120, 40)));
    assert_frame("month-200x60", &Desk::default().drawn(&mut october(), (200, 60)));
}

#[test]
fn in_english_the_month_is_as_straight() {
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("month-en-80x24", &desk.drawn(&mut october(), (80, 24)));
}

#[test]
fn a_month_that_lacks_lines_says_so() {
    let mut screen = october();
    let desk = Desk::default();
    assert!(!desk.drawn(&mut screen, (80, 24)).contains("太长"));
    let Reply::Month(view) = month("2026-09-28", "2026-11-01") else { panic!("no month") };
    screen.got(0, Reply::Month(MonthView { cut: true, ..view }));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("太长, 只看了前面一部分"), "{drawn}");
}

#[test]
fn every_size_of_terminal_is_drawn() {
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut october());
    let mut waiting = october();
    waiting.on(Nav::PageDown, &desk.view());
    desk.draw_in_every_size(&mut waiting);
}

#[test]
fn days_of_a_year_without_its_notice_are_marked() {
    let desk = Desk::default();
    let mut screen = october();
    for _ in 0..3 {
        screen.on(Nav::PageDown, &desk.view());
    }
    screen.got(0, month("2026-12-28", "2027-01-31"));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains(">20 暂"), "{drawn}");
    assert!(drawn.contains("12-31  ") && !drawn.contains("12-31 暂"), "{drawn}");
    assert!(drawn.contains("2027-01-20 周三 暂推"), "{drawn}");
}

#[test]
fn arrows_go_by_days_and_weeks_and_page_keys_by_months() {
    let desk = Desk::default();
    let mut screen = october();
    let mut asked = |nav| {
        screen.on(nav, &desk.view());
        match screen.wants().as_slice() {
            [
                Request::Month(MonthQuery { on, whose: Whose::Mine, .. }),
                Request::Agenda(AgendaQuery { since, until, .. }),
            ] => {
                assert_eq!((*since, *until), (Some(*on), Some(*on)));
                on.to_string()
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(asked(Nav::Right), "2026-10-21");
    assert_eq!(asked(Nav::Down), "2026-10-28");
    assert_eq!(asked(Nav::Left), "2026-10-27");
    assert_eq!(asked(Nav::Up), "2026-10-20");
    assert_eq!(asked(Nav::Last), "2026-10-31");
    assert_eq!(asked(Nav::PageDown), "2026-11-30");
    assert_eq!(asked(Nav::PageUp), "2026-10-30");
    assert_eq!(asked(Nav::First), TODAY);
}

#[test]
fn a_day_opens_its_lines_and_an_empty_one_says_so() {
    let desk = Desk::default();
    let mut screen = october();
    let Step::Push(mut opened) = screen.on(Nav::Open, &desk.view()) else { panic!("not opened") };
    let query = opened.wants().remove(0);
    let Request::Agenda(AgendaQuery { since, until, .. }) = query else { panic!("{query:?}") };
    assert_eq!((since, until), (Some(day(TODAY)), Some(day(TODAY))));
    let row = line_row(1, "石桥村宅基地确权", Some(clock("conclude", "34", 0)));
    opened.got(0, agenda(vec![(AgendaGroup::Today, row)]));
    let drawn = desk.drawn(opened.as_mut(), (80, 24));
    assert!(drawn.starts_with("2026-10-20 周二  [我的1] 全办31   条件:全部  今日1"), "{drawn}");
    screen.on(Nav::Right, &desk.view());
    let step = screen.on(Nav::Open, &desk.view());
    assert!(matches!(step, Step::Say(key, _) if key == "month.empty"));
}

#[test]
fn tab_goes_through_both_lists_and_both_calendars() {
    let desk = Desk::default();
    let mut screen = DeadlinesScreen::new();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(match screen.wants().as_slice() {
            [Request::Agenda(query)] => ("list", query.whose),
            [Request::Month(query), _] => ("month", query.whose),
            other => panic!("{other:?}"),
        });
        screen.on(Nav::NextPane, &desk.view());
    }
    let wanted = [
        ("list", Whose::Mine),
        ("month", Whose::Mine),
        ("list", Whose::All),
        ("month", Whose::All),
    ];
    assert_eq!(seen, wanted);
    screen.on(Nav::PreviousPane, &desk.view());
    assert!(matches!(screen.wants().as_slice(), [Request::Month(_), _]));
}
