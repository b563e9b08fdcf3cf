use crate::api::cut::{CutHead, CutQuery, CutView, GivenLine, GivenPage, GivenRow, GivenView};
use crate::api::door::Notice;
use crate::api::figure::{
    CountRow, CountView, Counted, FigureRow, FigureRule, FigureStanding, FigureView,
};
use crate::api::print::Print;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::report::{ReportBy, ReportRow, ReportView, Tally};
use crate::api::request::{Request, Whose};
use crate::domain::act::Act;
use crate::domain::choice::IndicatorKey;
use crate::domain::cut::Cut;
use crate::domain::ids::{CaseId, ClerkId, GivenId, RecordRef, UnitId};
use crate::domain::listing::{Column, Value};
use crate::domain::report::{ReportKind, spans};
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::screen::figures::FiguresScreen;
use crate::tui::screen::figures::report::ReportScreen;
use crate::tui::screen::over::Answer;
use crate::tui::screen::sample::{Desk, assert_frame, day};
use crate::tui::screen::{Nav, Screen, Step};

fn row(key: IndicatorKey, rule: FigureRule, total: Option<u64>) -> FigureRow {
    let ceiling = match rule {
        FigureRule::Zero => Some(0),
        FigureRule::Ceiling(per) => Some(50_000 / u64::from(per)),
        FigureRule::Less => None,
    };
    let headroom = ceiling.map(|most| most as i64 - total.unwrap_or(0) as i64);
    FigureRow {
        key,
        measure: if rule == FigureRule::Less { "item" } else { "person" }.to_owned(),
        rule,
        months: (1..=12).map(|month| total.filter(|_| month < 10).map(|own| own as u32)).collect(),
        total,
        until: total.map(|_| 9),
        gaps: 0,
        last_year: (rule == FigureRule::Less).then_some(0),
        ceiling,
        headroom,
        standing: match (total, headroom) {
            (None, _) => FigureStanding::Unknown,
            (_, None) => FigureStanding::Level,
            (_, Some(left)) if left < 0 => FigureStanding::Missed,
            _ => FigureStanding::Met,
        },
        newest: total
            .map(|_| ("区信访局通报".to_owned(), day("2026-10-08"), Some("李娟".to_owned()))),
    }
}

fn view() -> Reply {
    let rows = IndicatorKey::ALL.iter().map(|key| match key {
        IndicatorKey::G2a => row(*key, FigureRule::Ceiling(100_000), Some(1)),
        IndicatorKey::G2c | IndicatorKey::G3a => row(*key, FigureRule::Ceiling(10_000), Some(2)),
        IndicatorKey::G3c | IndicatorKey::G4a => row(*key, FigureRule::Ceiling(2_000), None),
        IndicatorKey::G2b | IndicatorKey::G3b | IndicatorKey::G4b => {
            row(*key, FigureRule::Less, Some(0))
        }
        _ => row(*key, FigureRule::Zero, Some(0)),
    });
    Reply::Figures(Box::new(FigureView {
        year: 2026,
        population: 50_000,
        rows: rows.collect(),
        permits: vec![(Act::EnterFigure, None)],
    }))
}

fn filled() -> FiguresScreen {
    let mut screen = FiguresScreen::new();
    screen.got(0, view());
    screen
}

#[test]
fn a_report_that_is_refused_waits_for_nothing() {
    let desk = Desk::default();
    let mut screen = ReportScreen::default();
    assert!(desk.drawn(&mut screen, (80, 24)).contains("正在读取"));
    screen.refused(0, &Refusal::new(RefusalKind::Fault, "fault"));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("没有出成"));
    screen.on(Nav::NextPane, &desk.view());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("正在读取"), "another one is asked for");
}

#[test]
fn indicators_stand_against_population_and_last_year() {
    assert_frame("figures-80x24", &Desk::default().drawn(&mut filled(), (80, 24)));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("figures-en-120x40", &desk.drawn(&mut filled(), (120, 40)));
}

#[test]
fn an_indicator_is_entered_for_the_year_in_sight() {
    let desk = Desk::default();
    let mut screen = filled();
    screen.on(Nav::Down, &desk.view());
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Run("enter_figure")));
    assert_eq!(screen.selected().given[0].1, "G1b");
    assert!(matches!(screen.on(Nav::Left, &desk.view()), Step::Ask));
    let [Request::Figures { year: Some(2025) }] = screen.wants().as_slice() else {
        panic!("{:?}", screen.wants())
    };
}

#[test]
fn every_size_of_terminal_is_drawn() {
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut filled());
    desk.draw_in_every_size(&mut FiguresScreen::new());
}

fn counts() -> Reply {
    let row = |by, value, name: Option<&str>, numbers: (u64, u64, u64)| CountRow {
        by,
        value,
        name: name.map(str::to_owned),
        counted: Counted { open: numbers.0, late: numbers.1, week: numbers.2 },
    };
    Reply::Counts(Box::new(CountView {
        month: day("2026-10-01"),
        open: Counted { open: 31, late: 3, week: 5 },
        came: 12,
        over: 7,
        rows: vec![
            row(Column::Stage, Value::word("registered"), None, (6, 0, 2)),
            row(Column::Stage, Value::word("handling"), None, (25, 3, 3)),
            row(Column::Lead, Value::Id(3), Some("王建国"), (28, 3, 5)),
            row(Column::Lead, Value::Nothing, None, (3, 0, 0)),
            row(Column::Unit, Value::Id(9), Some("自然资源和规划所"), (31, 3, 5)),
        ],
        cut: false,
    }))
}

#[test]
fn the_ledgers_own_counts_stand_beside_the_indicators_and_lead_to_their_lists() {
    let mut desk = Desk::default();
    let mut screen = filled();
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    assert_eq!(screen.wants(), [Request::Counts]);
    screen.got(0, counts());
    assert_frame("counts-80x24", &desk.drawn(&mut screen, (80, 24)));
    screen.on(Nav::Down, &desk.view());
    screen.on(Nav::Down, &desk.view());
    let Step::Push(list) = screen.on(Nav::Open, &desk.view()) else { panic!("no list") };
    let Some(Request::Cases(query)) = list.wants().pop() else { panic!("no query") };
    assert_eq!((query.whose, query.only.text().as_str()), (Whose::All, "stage=open lead=3"));
    desk.lang = Lang::En;
    assert_frame("counts-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.draw_in_every_size(&mut screen);
    for _ in 0..3 {
        assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    }
    assert_eq!(screen.wants(), [Request::Figures { year: None }]);
}

#[test]
fn counts_are_not_asked_again_with_every_change_but_with_the_next_key() {
    let notice = |record: RecordRef| Notice { touched: vec![record], ..Notice::default() };
    let desk = Desk::default();
    let mut screen = filled();
    screen.on(Nav::NextPane, &desk.view());
    assert!(screen.touched(&notice(CaseId(1).into())), "nothing was counted yet");
    screen.got(0, counts());
    assert!(!screen.touched(&notice(ClerkId(1).into())));
    assert!(matches!(screen.on(Nav::Down, &desk.view()), Step::Stay), "nothing has changed");
    for record in [CaseId(1).into(), UnitId(9).into()] {
        assert!(!screen.touched(&notice(record)), "it was counted just now");
        assert!(desk.drawn(&mut screen, (80, 24)).contains("数字有变"));
        assert!(matches!(screen.on(Nav::Up, &desk.view()), Step::Ask));
        screen.got(0, counts());
        assert!(!desk.drawn(&mut screen, (80, 24)).contains("数字有变"));
    }
}

#[test]
fn too_many_open_matters_to_count_are_said_in_words_of_their_own() {
    let Reply::Counts(view) = counts() else { panic!("no counts") };
    let mut screen = filled();
    screen.on(Nav::NextPane, &Desk::default().view());
    screen.got(0, Reply::Counts(Box::new(CountView { cut: true, ..*view })));
    for (lang, said) in [(Lang::Zh, "只统计了前5万件"), (Lang::En, "only the first 50,000")]
    {
        let desk = Desk { lang, ..Desk::default() };
        let drawn = desk.drawn(&mut screen, (120, 24));
        assert!(drawn.contains(said), "{drawn}");
    }
}

fn report(kind: ReportKind) -> ReportView {
    let until = day("2026-10-20");
    let tally = |receipts| Tally { receipts, visits: 2, people: 9, matters: 3, ..Tally::default() };
    let counts = [tally(6), tally(4), tally(8)];
    let row = |by, word: Option<&str>, name: Option<&str>| {
        let (word, name) = (word.map(str::to_owned), name.map(str::to_owned));
        ReportRow { by, word, name, counts }
    };
    let rows = vec![
        row(ReportBy::Channel, Some("visit"), None),
        row(ReportBy::Kind, Some("31(6)"), None),
        row(ReportBy::Kind, None, None),
        row(ReportBy::Village, None, Some("石桥村")),
        row(ReportBy::Unit, None, Some("自然资源所")),
    ];
    let own = Tally { notices_met: 3, notices_late: 1, ends_met: 2, concluded: 2, ..tally(6) };
    ReportView {
        kind,
        town: "青石镇".to_owned(),
        today: until,
        spans: spans(kind, until, None),
        total: [own, tally(4), tally(8)],
        rows,
        open: Counted { open: 31, late: 2, week: 5 },
        cut: false,
    }
}

#[test]
fn a_report_is_text_by_kind_and_by_days_and_offers_itself_as_a_document() {
    for (lang, name) in [(Lang::Zh, "report-80x24"), (Lang::En, "report-en-80x24")] {
        let mut desk = Desk { lang, ..Desk::default() };
        let Step::Push(mut screen) = FiguresScreen::new().on(Nav::Page, &desk.view()) else {
            panic!("no report")
        };
        screen.got(0, Reply::Report(Box::new(report(ReportKind::Weekly))));
        assert_frame(name, &desk.drawn(&mut *screen, (80, 24)));
        desk.draw_in_every_size(&mut *screen);
    }
    let desk = Desk::default();
    let Step::Push(mut screen) = FiguresScreen::new().on(Nav::Page, &desk.view()) else {
        panic!("no report")
    };
    screen.got(0, Reply::Report(Box::new(report(ReportKind::Weekly))));
    assert_frame("report-120x60", &desk.drawn(&mut *screen, (120, 60)));
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    let Some(Print::Report(query)) = screen.prints() else { panic!("nothing to print") };
    assert_eq!((query.kind, query.until), (ReportKind::Monthly, None));
    screen.got(0, Reply::Report(Box::new(report(ReportKind::Monthly))));
    screen.on(Nav::Left, &desk.view());
    let Some(Print::Report(query)) = screen.prints() else { panic!("nothing to print") };
    assert_eq!(query.until, Some(day("2026-09-30")), "the month before, whole");
}

fn counted() -> CutView {
    let cut = Cut::parse("days=month rows=village columns=channel measure=items").unwrap();
    let head = |value, name: Option<&str>, counts| CutHead {
        value,
        name: name.map(str::to_owned),
        counts,
    };
    CutView {
        cut,
        town: "青石镇".to_owned(),
        today: day("2026-10-20"),
        spans: cut.days.spans(day("2026-10-20")).unwrap(),
        rows: vec![
            head(Value::Id(1), Some("石桥村"), [7, 4, 8]),
            head(Value::Id(2), Some("张家庄"), [2, 2, 0]),
            head(Value::Id(3), Some("清水湾村"), [0, 1, 0]),
            head(Value::Nothing, None, [1, 0, 0]),
        ],
        columns: vec![
            head(Value::word("visit"), None, [6, 5, 3]),
            head(Value::word("letter"), None, [1, 1, 5]),
            head(Value::word("hotline"), None, [3, 1, 0]),
        ],
        cells: vec![vec![4, 1, 2], vec![2, 0, 0], vec![0, 0, 0], vec![0, 0, 1]],
        total: [10, 7, 8],
        history: 2,
        sealed: 1,
        left_out: 0,
        cut_off: false,
    }
}

fn counting(desk: &Desk) -> FiguresScreen {
    let mut screen = FiguresScreen::counting();
    assert!(matches!(screen.on(Nav::Down, &desk.view()), Step::Stay));
    screen.got(0, Reply::Cut(Box::new(counted())));
    screen
}

#[test]
fn a_count_on_demand_stands_with_its_sums_and_with_how_it_was_counted() {
    for (lang, size, name) in [
        (Lang::Zh, (80, 24), "counting-80x24"),
        (Lang::Zh, (120, 40), "counting-120x40"),
        (Lang::En, (80, 24), "counting-en-80x24"),
    ] {
        let mut desk = Desk { lang, ..Desk::default() };
        let mut screen = counting(&desk);
        assert_frame(name, &desk.drawn(&mut screen, size));
        desk.draw_in_every_size(&mut screen);
    }
}

#[test]
fn a_count_is_plain_text_to_be_copied_and_offers_itself_as_a_document_and_as_a_figure_given() {
    let desk = Desk::default();
    let mut screen = counting(&desk);
    let Some(Print::Cut(cut)) = screen.prints() else { panic!("nothing to print") };
    assert_eq!(cut, Cut::default(), "what is asked, which the answer of this test is not");
    let given = screen.selected().given;
    let of = |name: &str| given.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str());
    assert_eq!((of("list"), of("counted")), (Some("counts"), Some("10")));
    assert!(screen.selected().name.ends_with("= 10"));
    screen.on(Nav::Page, &desk.view());
    assert!(screen.is_typing());
    assert_frame("counting-text-80x24", &desk.drawn(&mut screen, (80, 24)));
    screen.typed(Key::Esc, &desk.view());
    assert!(!screen.is_typing(), "Esc leads back to the table");
}

#[test]
fn days_are_turned_by_the_arrows_and_all_else_is_chosen_by_digits() {
    let desk = Desk::default();
    let mut screen = counting(&desk);
    let asked = |screen: &FiguresScreen| match screen.wants().as_slice() {
        [Request::Cut(CutQuery::Count { cut, .. })] => cut.text(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(screen.on(Nav::Left, &desk.view()), Step::Ask));
    assert_eq!(asked(&screen), "days=2026-09 rows=unit columns=channel measure=items");
    assert!(matches!(screen.on(Nav::Right, &desk.view()), Step::Ask));
    let Step::Say(why, _) = screen.on(Nav::Right, &desk.view()) else { panic!("November") };
    assert_eq!(why, "cut.no_such_days_yet");
    // 1 the days, 6 days of one's own.
    let Step::Lay(mut menu) = screen.on(Nav::Open, &desk.view()) else { panic!("no menu") };
    for key in ["1", "6"] {
        menu.typed(Key::Char(key.chars().next().unwrap()), &desk.view());
    }
    assert_frame("counting-days-80x24", &desk.drawn_over(&*menu, (80, 24)));
    for char in "2026-Q3".chars() {
        menu.typed(Key::Char(char), &desk.view());
    }
    let Answer::Arrange(arrange) = menu.typed(Key::Enter, &desk.view()) else { panic!("no days") };
    assert!(matches!(screen.arrange(*arrange, &desk.view()), Step::Ask));
    assert_eq!(asked(&screen), "days=2026-Q3 rows=unit columns=channel measure=items");
    // 2 the rows, 1 the channel, which then stands in no column.
    let Step::Lay(mut menu) = screen.on(Nav::Open, &desk.view()) else { panic!("no menu") };
    assert_frame("counting-menu-80x24", &desk.drawn_over(&*menu, (80, 24)));
    assert_eq!(menu.typed(Key::Char('2'), &desk.view()), Answer::Stay);
    let chosen = menu.typed(Key::Char('1'), &desk.view());
    let Answer::Arrange(arrange) = chosen else { panic!("no rows") };
    screen.arrange(*arrange, &desk.view());
    assert_eq!(asked(&screen), "days=2026-Q3 rows=channel columns=none measure=items");
}

#[test]
fn figures_that_were_given_are_listed_and_one_is_told_then_and_now() {
    let cut = Cut::parse("days=2026-10-01..2026-10-20 rows=village measure=items").unwrap();
    let row = GivenRow {
        id: GivenId(3),
        cut,
        value: 10,
        on: day("2026-10-20"),
        to: "区信访局王科长".to_owned(),
        by: Some("李娟".to_owned()),
        text: Some("电话报".to_owned()),
    };
    let line = |value: Option<Value>, name: Option<&str>, (then, now)| GivenLine {
        row: value,
        row_name: name.map(str::to_owned),
        column: None,
        column_name: None,
        then,
        now,
    };
    let view = GivenView {
        row: row.clone(),
        now: 11,
        today: day("2026-10-25"),
        lines: vec![
            line(None, None, (10, 11)),
            line(Some(Value::Id(1)), Some("石桥村"), (7, 7)),
            line(Some(Value::Id(2)), Some("张家庄"), (3, 4)),
        ],
    };
    let mut desk = Desk::default();
    let mut screen = FiguresScreen::counting();
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    assert_eq!(screen.wants(), [Request::Cut(CutQuery::Given { year: None })]);
    assert!(desk.drawn(&mut screen, (80, 24)).contains("正在读"));
    screen.got(0, Reply::Given(GivenPage::default()));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("还没有记过已报数"));
    let page = GivenPage { rows: vec![row; 500], n_all: 1_234, years: vec![2026, 2025] };
    screen.got(0, Reply::Given(page.clone()));
    assert_frame("given-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert!(matches!(screen.on(Nav::Right, &desk.view()), Step::Ask));
    assert_eq!(screen.wants(), [Request::Cut(CutQuery::Given { year: Some(2026) })]);
    screen.on(Nav::Left, &desk.view());
    screen.on(Nav::Left, &desk.view());
    assert_eq!(screen.wants(), [Request::Cut(CutQuery::Given { year: Some(2025) })]);
    let few = page.rows[..3].to_vec();
    screen.got(0, Reply::Given(GivenPage { rows: few, n_all: 3, ..page }));
    assert_frame("given-year-80x24", &desk.drawn(&mut screen, (80, 24)));
    desk.draw_in_every_size(&mut screen);
    let Step::Push(mut sheet) = screen.on(Nav::Open, &desk.view()) else { panic!("no figure") };
    assert_eq!(sheet.wants(), [Request::Cut(CutQuery::Figure(GivenId(3)))]);
    sheet.got(0, Reply::GivenFigure(Box::new(view)));
    assert_frame("given-sheet-80x24", &Desk::default().drawn(&mut *sheet, (80, 24)));
    desk.draw_in_every_size(&mut *sheet);
}
