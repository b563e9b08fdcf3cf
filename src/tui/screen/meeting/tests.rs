use crate::api::meeting::{DecisionPage, DecisionRow, MeetingView, TabledRow};
use crate::api::reply::{CaseSheet, Found, Hit, Reply};
use crate::api::request::Cursor;
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, DecisionId, Kind, OfficerId, Version};
use crate::domain::meeting::{Outcome, Tabled};
use crate::domain::standing::Standing;
use crate::locale::Lang;
use crate::tui::key::{Key, script};
use crate::tui::screen::case::tests::sheet;
use crate::tui::screen::meeting::MeetingScreen;
use crate::tui::screen::meeting::answer::AnswerScreen;
use crate::tui::screen::meeting::find::FindScreen;
use crate::tui::screen::sample::{Desk, assert_frame, case_row, clock, day};
use crate::tui::screen::{Nav, Screen, Step};

/// A desk in a meeting.
fn meeting(lang: Lang) -> Desk {
    let mut desk = Desk { lang, ..Desk::default() };
    desk.me.masked = true;
    desk
}

fn decision(id: u64, text: &str, days_left: i64) -> DecisionRow {
    DecisionRow {
        id: DecisionId(id),
        version: Version(1),
        case: CaseId(187),
        number: "青信2026-0187".to_owned(),
        title: "张家庄 征地补偿款未到账".to_owned(),
        village: Some("张家庄".to_owned()),
        met_on: day("2026-10-16"),
        text: text.to_owned(),
        officer: Some("王建国".to_owned()),
        clock: clock("decision", "", days_left),
        outcome: None,
        by: Some("李娟".to_owned()),
        cursor: Cursor(format!("{id:05}")),
        permits: vec![(Act::FinishDecision, None), (Act::EditDecision, None)],
    }
}

fn done(id: u64, text: &str) -> DecisionRow {
    let mut row = decision(id, text, -2);
    row.clock.standing = Standing::Met;
    row.clock.days_left = None;
    row.outcome = Some(Outcome {
        on: day("2026-10-18"),
        entered_on: day("2026-10-19"),
        by: Some(OfficerId(1)),
        text: "明细已公示七天，无异议".to_owned(),
    });
    row
}

/// The sheet as a meeting sees it.
fn answer() -> CaseSheet {
    let mut sheet = sheet();
    for person in &mut sheet.persons {
        person.name = person.name.as_deref().map(crate::domain::person::mask_name);
        person.phone = None;
    }
    sheet.next = Some(clock("conclude", "34", -1));
    sheet.decisions =
        vec![decision(2, "自然资源所一周内把差额打到账上", 3), done(1, "村委会公示补偿明细")];
    sheet.case.tabled = Some(tabled());
    sheet
}

fn tabled() -> Tabled {
    Tabled {
        on: Some(day("2026-10-23")),
        put_on: day("2026-10-19"),
        by: Some(OfficerId(1)),
        difficulty: Some("差额8.6万元没有列入预算".to_owned()),
        advice: Some("财政所先行垫付，年底列支".to_owned()),
        question: Some("是否由财政所先行垫付".to_owned()),
    }
}

fn shown() -> AnswerScreen {
    let mut screen = AnswerScreen::new(vec![CaseId(187), CaseId(188)], 0);
    screen.got(0, Reply::Case(Box::new(answer())));
    screen
}

fn list() -> MeetingView {
    let row = |id, title: &str, days_left| TabledRow {
        case: case_row(id, title, Some(clock("conclude", "34", days_left))),
        request: "承包地两亩一分在修路时被占，补偿款一直没有到账，请镇里查清楚。".to_owned(),
        last: Some((day("2026-10-15"), "nudged".to_owned(), Some("电话提醒党政办".to_owned()))),
        tabled: Tabled { on: None, ..tabled() },
        by: Some("李娟".to_owned()),
        n_owed: 0,
        permits: vec![(Act::Decide, None), (Act::Table, None)],
    };
    let rows = vec![row(187, "张家庄 征地补偿款未到账", 3), row(190, "石桥村 路灯不亮", -2)];
    MeetingView { rows, more: false }
}

fn found() -> Reply {
    let hit = Hit {
        kind: Kind::Case,
        id: 187,
        title: "张家庄 征地补偿款未到账".to_owned(),
        note: "青信2026-0187  张家庄  张**".to_owned(),
        why: "title".to_owned(),
        shown: None,
        marks: vec![(0, 3)],
    };
    Reply::Found(Found { total: 1, at_least: false, warming: false, hits: vec![hit] })
}

fn typed(screen: &mut FindScreen, desk: &Desk, keys: &str) {
    for key in script(keys).unwrap() {
        screen.typed(key, &desk.view());
    }
}

#[test]
fn the_first_screen_of_an_answer_says_who_leads_who_holds_what_was_last_and_what_is_next() {
    let drawn = meeting(Lang::Zh).drawn(&mut shown(), (80, 24));
    for word in ["诉求", "包案", "王建国", "现在谁手里", "刘强", "上一步", "催办", "下一到期"]
    {
        assert!(drawn.contains(word), "{word} is not on the first screen:\n{drawn}");
    }
    assert_frame("answer-80x24", &drawn);
    assert_frame("answer-120x40", &meeting(Lang::Zh).drawn(&mut shown(), (120, 40)));
    assert_frame("answer-200x60", &meeting(Lang::Zh).drawn(&mut shown(), (200, 60)));
    assert_frame("answer-en-80x24", &meeting(Lang::En).drawn(&mut shown(), (80, 24)));
}

#[test]
fn the_rest_of_an_answer_is_reached_by_pages() {
    let desk = meeting(Lang::Zh);
    let mut screen = shown();
    desk.drawn(&mut screen, (80, 24));
    screen.on(Nav::Last, &desk.view());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("经过") && !drawn.contains("PgDn"), "{drawn}");
    screen.on(Nav::First, &desk.view());
    assert!(matches!(screen.on(Nav::Left, &desk.view()), Step::Say(..)));
    assert!(matches!(screen.on(Nav::Right, &desk.view()), Step::Ask));
}

#[test]
fn the_lists_of_a_meeting_are_read_in_full_below() {
    let desk = Desk::default();
    let mut screen = MeetingScreen::new();
    screen.got(0, Reply::Meeting(list()));
    assert_frame("meeting-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("meeting-120x40", &desk.drawn(&mut screen, (120, 40)));
    assert_frame("meeting-200x60", &desk.drawn(&mut screen, (200, 60)));
    screen.on(Nav::NextPane, &desk.view());
    let rows = vec![decision(2, "自然资源所一周内把差额打到账上", -1), decision(3, "再议", 5)];
    screen.got(0, Reply::Decisions(DecisionPage { rows, after: false }));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("meeting-owed-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    screen.on(Nav::NextPane, &desk.view());
    let rows = vec![done(1, "村委会公示补偿明细")];
    screen.got(0, Reply::Decisions(DecisionPage { rows, after: false }));
    let drawn = Desk::default().drawn(&mut screen, (80, 24));
    assert!(drawn.contains("明细已公示七天"), "{drawn}");
}

#[test]
fn an_enter_before_the_hits_waits_for_them() {
    let desk = meeting(Lang::Zh);
    let mut screen = FindScreen::new();
    screen.got(0, Reply::Meeting(list()));
    assert_frame("meeting-find-80x24", &desk.drawn(&mut screen, (80, 24)));
    typed(&mut screen, &desk, "zjz");
    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Stay));
    assert!(matches!(screen.got(1, found()), Step::Push(_)));
    typed(&mut screen, &desk, "z");
    assert!(matches!(screen.got(1, found()), Step::Stay), "nobody pressed Enter again");
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("张**"), "{drawn}");
}

#[test]
fn the_screens_of_a_meeting_are_drawn_in_every_size() {
    let mut desk = meeting(Lang::Zh);
    desk.draw_in_every_size(&mut shown());
    let mut screen = MeetingScreen::new();
    screen.got(0, Reply::Meeting(list()));
    desk.draw_in_every_size(&mut screen);
    let mut screen = FindScreen::new();
    screen.got(0, Reply::Meeting(list()));
    desk.draw_in_every_size(&mut screen);
}
