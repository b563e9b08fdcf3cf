use chrono::{Datelike, Weekday};

use crate::api::days::{CalendarDay, DayMark, DayPart, WhyDay, WhyView};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::ids::{CaseId, UnitId};
use crate::locale::Lang;
use crate::tui::screen::sample::{Desk, assert_frame, clock, day};
use crate::tui::screen::{Nav, Screen, Step, why};

/// Sixty days and thirty more, once stopped for a hearing; the end falls on days off.
fn view() -> WhyView {
    let (first, last) = (day("2026-07-01"), day("2026-10-08"));
    let mut n = 0;
    let days = first.iter_days().take_while(|on| *on <= last).map(|on| {
        let is_paused = day("2026-08-01") < on && on <= day("2026-08-06");
        let part = match () {
            () if on == first => DayPart::Trigger,
            () if is_paused => DayPart::Paused,
            () if n == 90 && on < last => DayPart::Rolled,
            () if n == 90 => DayPart::Latest,
            () if n >= 60 => DayPart::Extended,
            () => DayPart::Counted,
        };
        let is_counted = matches!(part, DayPart::Counted | DayPart::Extended);
        n += u32::from(is_counted);
        let is_off = on >= day("2026-10-01") && on < last;
        let mark = match on.weekday() {
            _ if is_off => DayMark::Off,
            Weekday::Sat | Weekday::Sun => DayMark::Rest,
            _ => DayMark::Working,
        };
        let name = is_off.then(|| "国庆节".to_owned());
        let day = CalendarDay { on, mark, name, known: true };
        WhyDay { day, part, n: is_counted.then_some(n) }
    });
    WhyView {
        clock: Some(clock("conclude", "34", -12)),
        norm: Some("信访工作条例".to_owned()),
        title: Some("青信2026-0001 石桥村宅基地确权".to_owned()),
        from: first,
        length: 60,
        unit: "day".to_owned(),
        extensions: vec![(30, day("2026-08-20"))],
        extended_days: 30,
        pauses: vec![("hearing".to_owned(), day("2026-08-01"), Some(day("2026-08-06")))],
        paused_since: None,
        target: day("2026-10-04"),
        latest: last,
        provisional: false,
        days: days.collect(),
    }
}

fn opened() -> Box<dyn Screen> {
    let step = why::open(CaseId(1).into(), Some(&clock("conclude", "34", -12)));
    let Step::Push(mut screen) = step else { panic!("not opened") };
    assert!(matches!(screen.wants().as_slice(), [Request::Why(_)]));
    screen.got(0, Reply::Why(Box::new(view())));
    screen
}

#[test]
fn a_clock_is_counted_from_its_first_day() {
    assert_frame("why-80x24", &Desk::default().drawn(opened().as_mut(), (80, 24)));
}

#[test]
fn the_last_day_shows_how_the_end_was_rolled() {
    let desk = Desk::default();
    let mut screen = opened();
    desk.drawn(screen.as_mut(), (80, 24));
    screen.on(Nav::Last, &desk.view());
    assert_frame("why-end-80x24", &desk.drawn(screen.as_mut(), (80, 24)));
}

#[test]
fn in_english_on_a_wide_terminal_the_count_is_as_straight() {
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("why-en-120x40", &desk.drawn(opened().as_mut(), (120, 40)));
}

#[test]
fn every_size_of_terminal_is_drawn() {
    Desk::default().draw_in_every_size(opened().as_mut());
}

#[test]
fn a_clock_that_stands_still_has_no_end() {
    let mut screen = opened();
    let paused = WhyView { paused_since: Some(day("2026-08-01")), ..view() };
    screen.got(0, Reply::Why(Box::new(paused)));
    let drawn = Desk::default().drawn(screen.as_mut(), (80, 24));
    assert!(drawn.contains("08-01起中止"), "{drawn}");
    assert!(!drawn.contains("最迟10-08"), "{drawn}");
}

#[test]
fn a_day_that_somebody_named_is_not_counted() {
    let said = |step: Step| match step {
        Step::Say(key, _) => key,
        _ => panic!("opened"),
    };
    let mut assigned = clock("assigned", "区信〔2026〕88号", -2);
    assigned.certainty = None;
    assert_eq!(said(why::open(CaseId(1).into(), Some(&assigned))), "why.named");
    let mut waiting = clock("review_request", "35", 3);
    waiting.from = None;
    assert_eq!(said(why::open(CaseId(1).into(), Some(&waiting))), "why.not_started");
    assert_eq!(said(why::open(UnitId(1).into(), Some(&assigned))), "why.named");
    assert_eq!(said(why::open(CaseId(1).into(), None)), "why.no_clock");
}
