use crate::api::backup::LateBackup;
use crate::api::refusal::Refusal;
use crate::api::reply::{AgendaGroup, AgendaView, LineRow, Reply};
use crate::api::request::{AgendaQuery, Cursor, Layout, Request, Whose};
use crate::domain::ids::{CaseId, ClerkId};
use crate::domain::line::LineKind;
use crate::domain::listing::{Column, Value};
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::look::{Ambiguous, Colours, Look, Theme, Wish};
use crate::tui::screen::agenda::AgendaScreen;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::sample::{Desk, agenda, assert_frame, clock, day, line_row, notice};
use crate::tui::screen::{Nav, Screen, Step};

fn rows() -> Vec<(AgendaGroup, LineRow)> {
    let mut assigned = clock("assigned", "区信〔2026〕88号", -2);
    assigned.from = Some(day("2026-09-14"));
    let mut group = line_row(4, "拖欠劳务费", Some(clock("notice_transfer", "23(3)", 0)));
    group.people = 3;
    let mut anonymous = line_row(5, "路灯不亮", Some(clock("notice_direct", "23(2)", 3)));
    anonymous.person = None;
    anonymous.holder = None;
    anonymous.unit = None;
    let mut fresh = line_row(6, "水渠渗漏", None);
    fresh.state = "stage.registered".to_owned();
    let mut next_year = clock("conclude", "34", 77);
    next_year.provisional = true;
    vec![
        (AgendaGroup::Late, line_row(1, "低保核减", Some(clock("notice_direct", "23(2)", -3)))),
        (AgendaGroup::Late, line_row(2, "征地补偿款未到账，青苗费漏登两亩一分", Some(assigned))),
        (AgendaGroup::Today, line_row(3, "石桥村宅基地确权", Some(clock("conclude", "34", 0)))),
        (AgendaGroup::Today, group),
        (AgendaGroup::Soon, anonymous),
        (AgendaGroup::Fresh, fresh),
        (AgendaGroup::Later, line_row(7, "承包地调整", Some(next_year))),
    ]
}

/// A screen on which the calendar of next year is missing and the newest backup is old.
fn noted(rows: Vec<(AgendaGroup, LineRow)>) -> AgendaScreen {
    let mut screen = AgendaScreen::new();
    let Reply::Agenda(view) = agenda(rows) else { panic!("no agenda") };
    let late_backup = Some(LateBackup { on: Some(day("2026-10-11")), days: 9 });
    let missing_year = Some((2027, 12));
    screen.got(0, Reply::Agenda(AgendaView { missing_year, late_backup, ..view }));
    screen
}

#[test]
fn a_digit_and_a_click_open_the_row_that_is_shown_below_the_notes() {
    let desk = Desk::default();
    let later = |id| {
        let row = line_row(id, &format!("第{id}件"), Some(clock("conclude", "34", 20)));
        (AgendaGroup::Later, row)
    };
    let mut screen = noted((1..60).map(later).collect());
    let area = ratatui::layout::Rect::new(0, 1, 80, 20);
    screen.resized(area);
    for _ in 0..30 {
        screen.on(Nav::Down, &desk.view());
    }
    let drawn = desk.drawn(&mut screen, (80, 22));
    let rows: Vec<&str> = drawn.lines().collect();
    let at = rows.iter().position(|row| row.starts_with('>')).expect("the selected row is seen");
    let shown = screen.selected().name;
    assert!(rows[at].contains("第31件"), "{shown}\n{drawn}");
    let below = rows.iter().position(|row| row.contains("第30件")).unwrap();
    let y = area.y + u16::try_from(below).unwrap();
    let _step = screen.clicked(ratatui::layout::Position::new(5, y), area, &desk.view());
    let drawn = desk.drawn(&mut screen, (80, 22));
    let row = drawn.lines().find(|row| row.starts_with('>')).unwrap();
    assert!(row.contains("第30件"), "{drawn}");
}

fn filled(rows: Vec<(AgendaGroup, LineRow)>) -> AgendaScreen {
    let mut screen = AgendaScreen::new();
    screen.got(0, agenda(rows));
    screen
}

#[test]
fn today_shows_what_is_late_first_on_a_small_terminal() {
    let drawn = Desk::default().drawn(&mut filled(rows()), (80, 24));
    assert_frame("agenda-80x24", &drawn);
}

#[test]
fn a_wide_terminal_shows_number_stage_leader_and_unit() {
    let drawn = Desk::default().drawn(&mut filled(rows()), (120, 40));
    assert_frame("agenda-120x40", &drawn);
}

#[test]
fn in_english_every_column_is_as_straight() {
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("agenda-en-80x24", &desk.drawn(&mut filled(rows()), (80, 24)));
}

#[test]
fn every_size_of_terminal_is_drawn() {
    let mut many = rows();
    many.extend((10..90).map(|id| {
        let row = line_row(id, "𠮷野家门前垃圾清运", Some(clock("conclude", "34", 20)));
        (AgendaGroup::Later, row)
    }));
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut noted(many));
    desk.draw_in_every_size(&mut filled(Vec::new()));
    desk.draw_in_every_size(&mut AgendaScreen::new());
}

#[test]
fn an_empty_day_says_what_to_do() {
    let desk = Desk::default();
    let drawn = desk.drawn(&mut filled(Vec::new()), (80, 24));
    assert!(drawn.contains("F6(n) 新登记"), "{drawn}");
    assert!(drawn.contains("F2 选导入"), "{drawn}");
    let waiting = desk.drawn(&mut AgendaScreen::new(), (80, 24));
    assert!(waiting.contains("正在读取"), "nothing is called empty before the answer: {waiting}");
}

#[test]
fn from_november_a_missing_calendar_is_named_with_its_count() {
    let desk = Desk::default();
    let drawn = desk.drawn(&mut noted(rows()), (80, 24));
    let line = drawn.lines().nth(1).unwrap();
    assert_eq!(line, "! 2027年放假安排未装入: 12个到期日为暂推");
    let line = drawn.lines().nth(2).unwrap();
    assert!(line.starts_with("! 已9天没有备份"), "{line}");
}

#[test]
fn where_signs_are_two_columns_wide_no_ambiguous_sign_is_drawn() {
    let look = Look::new(Wish { ambiguous: Ambiguous::Wide, ..Wish::default() }, Colours::None);
    let desk = Desk { look, ..Desk::default() };
    let mut screen = filled(rows());
    let mut changed = rows();
    changed.iter_mut().for_each(|(_, row)| row.version = row.version.next());
    screen.got(0, agenda(changed));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(!drawn.contains(['·', '〔', '…']), "{drawn}");
}

#[test]
fn tab_asks_for_the_whole_office_from_its_first_row() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    screen.on(Nav::Down, &desk.view());
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    let [Request::Agenda(AgendaQuery { whose: Whose::All, after: None, .. })] =
        screen.wants().as_slice()
    else {
        panic!("{:?}", screen.wants())
    };
    screen.got(0, agenda(rows()));
    assert_eq!(screen.selected().record, Some(CaseId(1).into()));
    let head = desk.drawn(&mut screen, (80, 24));
    assert!(head.starts_with("青石镇   我的7 [全办31]"), "{head}");
}

#[test]
fn a_digit_opens_the_row_beside_which_it_stands() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    desk.drawn(&mut screen, (80, 24));
    let Step::Push(opened) = screen.on(Nav::Row(3), &desk.view()) else { panic!("not opened") };
    assert_eq!(opened.wants(), vec![Request::Case { id: CaseId(3) }]);
    assert_eq!(screen.selected().record, Some(CaseId(3).into()));
    assert!(matches!(screen.on(Nav::Row(9), &desk.view()), Step::Stay));
    let Step::Push(opened) = screen.on(Nav::Open, &desk.view()) else { panic!("not opened") };
    assert_eq!(opened.wants(), vec![Request::Case { id: CaseId(3) }]);
}

#[test]
fn the_selection_stays_on_its_case_when_the_day_is_read_again() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    desk.drawn(&mut screen, (80, 24));
    for _ in 0..3 {
        screen.on(Nav::Down, &desk.view());
    }
    assert_eq!(screen.selected().record, Some(CaseId(4).into()));
    let mut again = rows();
    again.insert(
        0,
        (AgendaGroup::Late, line_row(50, "噪声扰民", Some(clock("conclude", "34", -9)))),
    );
    again.remove(1);
    again.remove(1);
    screen.got(0, agenda(again.clone()));
    assert_eq!(screen.selected().record, Some(CaseId(4).into()));
    again.retain(|(_, row)| row.record != CaseId(4).into());
    screen.got(0, agenda(again));
    assert_eq!(screen.selected().record, Some(CaseId(5).into()), "the next one takes its place");
    screen.got(0, agenda(Vec::new()));
    assert_eq!(screen.selected().record, None);
}

#[test]
fn what_somebody_changed_is_marked_until_one_moves_on() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    let mut again = rows();
    again[2].1.version = again[2].1.version.next();
    screen.got(0, agenda(again));
    let drawn = desk.drawn(&mut screen, (80, 24));
    let marked: Vec<_> = drawn.lines().filter(|line| line.contains('·')).collect();
    assert_eq!(marked.len(), 1);
    assert!(marked[0].contains("宅基地确权"), "{marked:?}");
    screen.on(Nav::Down, &desk.view());
    assert!(!desk.drawn(&mut screen, (80, 24)).contains('·'));
}

/// The server's page after a place, of a list of so many rows.
fn page(screen: &AgendaScreen, n_rows: u64) -> Reply {
    let Some(Request::Agenda(query)) = screen.wants().pop() else { panic!("no query") };
    let after = query.after.map_or(0, |Cursor(place)| place.parse().unwrap());
    let last = (after + u64::from(query.most)).min(n_rows);
    let rows = ((after + 1)..=last).map(|id| {
        (AgendaGroup::Later, line_row(id, "承包地调整", Some(clock("conclude", "34", 20))))
    });
    let Reply::Agenda(view) = agenda(rows.collect()) else { panic!("no agenda") };
    Reply::Agenda(AgendaView { more: last < n_rows, ..view })
}

#[test]
fn a_long_list_is_walked_down_and_up_again_without_a_gap() {
    let desk = Desk::default();
    let mut screen = AgendaScreen::new();
    desk.drawn(&mut screen, (80, 24));
    screen.got(0, page(&screen, 500));
    for (nav, ids) in [(Nav::Down, 2..=500), (Nav::Up, 1..=499)] {
        let ids: Vec<u64> = if nav == Nav::Down { ids.collect() } else { ids.rev().collect() };
        for id in ids {
            if matches!(screen.on(nav, &desk.view()), Step::Ask) {
                screen.got(0, page(&screen, 500));
            }
            assert_eq!(screen.selected().record, Some(CaseId(id).into()));
        }
    }
    while let Step::Ask = screen.on(Nav::Last, &desk.view()) {
        screen.got(0, page(&screen, 500));
    }
    assert_eq!(screen.selected().record, Some(CaseId(500).into()));
    assert!(matches!(screen.on(Nav::First, &desk.view()), Step::Ask));
    screen.got(0, page(&screen, 500));
    assert_eq!(screen.selected().record, Some(CaseId(1).into()));
}

#[test]
fn a_window_whose_rows_were_all_done_goes_back_to_the_one_before() {
    let desk = Desk::default();
    let mut screen = AgendaScreen::new();
    desk.drawn(&mut screen, (80, 24));
    screen.got(0, page(&screen, 100));
    assert!(matches!(screen.on(Nav::Last, &desk.view()), Step::Ask));
    assert!(matches!(screen.got(0, page(&screen, 10)), Step::Ask));
    screen.got(0, page(&screen, 10));
    assert_eq!(screen.selected().record, Some(CaseId(10).into()));
}

#[test]
fn a_refused_page_leaves_what_is_shown() {
    let desk = Desk::default();
    let mut screen = filled(rows());
    screen.on(Nav::NextPane, &desk.view());
    screen.refused(0, &Refusal::not_found());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("低保核减"));
}

#[test]
fn an_account_that_changes_is_no_reason_to_read_the_day_again() {
    let screen = filled(rows());
    assert!(screen.touched(&notice(CaseId(99))));
    assert!(!screen.touched(&notice(ClerkId(1))));
}

#[test]
fn the_list_of_deadlines_is_narrowed_by_menus_and_says_to_what_and_how_to_let_go() {
    let mut desk = Desk::default();
    let mut screen = AgendaScreen::deadlines();
    screen.got(0, agenda(rows()));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("条件:全部"));
    let kind = Arrange::Narrow(Column::Kind, Some((Value::word("clock"), None)));
    assert!(matches!(screen.arrange(kind, &desk.view()), Step::Ask));
    let lead = Some((Value::Id(7), Some("王建国".to_owned())));
    screen.arrange(Arrange::Narrow(Column::Lead, lead), &desk.view());
    let Some(Request::Agenda(query)) = screen.wants().pop() else { panic!("no query") };
    assert_eq!((query.layout, query.only.kinds), (Layout::Deadlines, vec![LineKind::Clock]));
    assert_eq!(query.only.narrow.get(Column::Lead), Some(&Value::Id(7)));
    screen.got(0, agenda(Vec::new()));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("条件(c清除):法定时限 王建国") && drawn.contains("F4"), "{drawn}");
    assert!(matches!(screen.on(Nav::Clear, &desk.view()), Step::Ask));
    let Some(Request::Agenda(query)) = screen.wants().pop() else { panic!("no query") };
    assert!(query.only.kinds.is_empty() && query.only.narrow.is_empty());
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn f4_narrows_deadlines_by_a_text_as_it_does_cases_and_the_roster() {
    let mut desk = Desk::default();
    let mut screen = AgendaScreen::deadlines();
    screen.got(0, agenda(rows()));
    assert!(matches!(screen.on(Nav::Filter, &desk.view()), Step::Stay) && screen.is_typing());
    assert!(matches!(screen.typed(Key::Char('路'), &desk.view()), Step::Ask));
    let Some(Request::Agenda(query)) = screen.wants().pop() else { panic!("no query") };
    assert_eq!(query.only.text.as_deref(), Some("路"));
    screen.typed(Key::Down, &desk.view());
    assert!(screen.is_typing(), "arrows move in the list meanwhile");
    screen.typed(Key::Enter, &desk.view());
    assert!(!screen.is_typing());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("筛选:路  条件:全部"));
    assert!(matches!(screen.on(Nav::Clear, &desk.view()), Step::Ask));
    let Some(Request::Agenda(query)) = screen.wants().pop() else { panic!("no query") };
    assert_eq!(query.only.text, None);
    screen.on(Nav::Filter, &desk.view());
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn a_list_that_is_too_long_to_be_looked_at_whole_says_so() {
    let desk = Desk::default();
    let mut screen = AgendaScreen::deadlines();
    let Reply::Agenda(view) = agenda(rows()) else { panic!("no agenda") };
    screen.got(0, Reply::Agenda(AgendaView { cut: true, ..view }));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("只看了前面一部分"), "{drawn}");
}

fn above() -> crate::api::duty::HeadView {
    use crate::api::duty::{DutyGlance, HeadView, PhaseGlance};
    use crate::domain::choice::ReportState;
    let phase = PhaseGlance {
        number: 2,
        name: "组织实施".to_owned(),
        days: (day("2026-10-15"), day("2026-10-25")),
        settled: 9,
        doing: 14,
        back: 1,
        late: 0,
        total: 92,
        next: (day("2026-10-25"), Some(day("2026-10-26")), Some("自查申报".to_owned())),
    };
    let counts =
        [(ReportState::Owed, 3), (ReportState::Zero, 1), (ReportState::Reported, 8)].to_vec();
    let duty = DutyGlance {
        code: "M3".to_owned(),
        title: "一月一排查".to_owned(),
        key: "2026-10".to_owned(),
        due: day("2026-10-20"),
        counts,
        owing: ["柳树沟村", "南洼村", "石桥村"].map(str::to_owned).to_vec(),
    };
    HeadView { phases: vec![phase], duties: vec![duty] }
}

#[test]
fn above_today_stand_the_campaign_and_what_villages_have_not_reported() {
    let with_head = |head| {
        let Reply::Agenda(mut view) = agenda(rows()) else { panic!("no agenda") };
        view.head = Some(Box::new(head));
        let mut screen = AgendaScreen::new();
        screen.got(0, Reply::Agenda(view));
        screen
    };
    let mut desk = Desk::default();
    assert_frame("agenda-above-80x24", &desk.drawn(&mut with_head(above()), (80, 24)));
    let en = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("agenda-above-en-80x24", &en.drawn(&mut with_head(above()), (80, 24)));
    let mut many = above();
    many.phases.extend(above().phases);
    many.duties.extend(above().duties);
    let last = "10-25(休,近10-26)转自查申报";
    let crowded = desk.drawn(&mut with_head(many.clone()), (80, 24));
    assert_eq!(crowded.matches(last).count(), 2, "phases that run are not pushed out: {crowded}");
    let mut screen = with_head(many);
    desk.draw_in_every_size(&mut screen);
    assert!(matches!(screen.on(Nav::Page, &desk.view()), Step::Push(_)));
}

#[test]
fn the_page_of_today_reminds_without_any_name_or_title() {
    for (lang, name) in [(Lang::Zh, "reminder-80x24"), (Lang::En, "reminder-en-80x24")] {
        let mut desk = Desk { lang, ..Desk::default() };
        let Step::Push(mut page) = filled(rows()).on(Nav::Page, &desk.view()) else {
            panic!("no page")
        };
        page.got(0, agenda(rows()));
        let drawn = desk.drawn(&mut *page, (80, 24));
        assert_frame(name, &drawn);
        assert!(!drawn.contains("周小山") && !drawn.contains("宅基地"), "{drawn}");
        assert!(page.prints().is_some());
        desk.draw_in_every_size(&mut *page);
    }
}

#[test]
fn each_theme_marks_the_same_and_none_by_colour_alone() {
    for (theme, word) in Theme::ALL {
        let look = Look::new(Wish { theme, ..Wish::default() }, Colours::Indexed);
        let desk = Desk { look, ..Desk::default() };
        assert_frame(&format!("theme-{word}-80x14"), &desk.styled(&mut filled(rows()), (80, 14)));
    }
    // NO_COLOR: whatever theme is wished for, no colour is sent.
    let none = |theme| {
        let look = Look::new(Wish { theme, ..Wish::default() }, Colours::None);
        Desk { look, ..Desk::default() }.styled(&mut filled(rows()), (80, 14))
    };
    let mono = none(Theme::Mono);
    for (theme, _) in Theme::ALL {
        assert_eq!(none(theme), mono);
    }
    assert!(
        mono.lines()
            .rev()
            .take_while(|line| line.contains(" on "))
            .all(|line| { line.contains("Reset on Reset") })
    );
}
