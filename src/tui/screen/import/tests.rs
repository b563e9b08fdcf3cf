//! The three steps of an import as they are drawn, and what their keys do.

use std::sync::Arc;

use super::ImportScreen;
use crate::api::incoming::{Book, FieldChange, Known, RowChange, Rows};
use crate::api::own::OwnView;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Answers, ImportView, Reply, RowRefusal};
use crate::domain::form::Wrong;
use crate::locale::Lang;
use crate::tui::incoming::table::{
    ColumnRead, Fills, SheetRead, SheetState, TableRead, some_sheets,
};
use crate::tui::incoming::{
    FileRow, Folder, Heads, Origin, Outcome, Progress, ReadTerms, Reread, Work,
};
use crate::tui::key::Key;
use crate::tui::screen::import::columns::ColumnsScreen;
use crate::tui::screen::import::day::DayBox;
use crate::tui::screen::import::pick::ListPicker;
use crate::tui::screen::import::saved::SavedColumns;
use crate::tui::screen::over::{Answer, Over};
use crate::tui::screen::sample::{Desk, assert_frame};
use crate::tui::screen::{Nav, Screen, Step};

mod outcomes;

fn folder() -> Folder {
    let file = |name: &str, n_bytes, changed_at: &str| FileRow {
        name: name.to_owned(),
        n_bytes,
        changed_at: changed_at.to_owned(),
    };
    Folder {
        place: "/home/lijuan/anjie-exchange".to_owned(),
        is_set: true,
        files: vec![
            file("2019年信访台账（汇总）.xlsx", 486_300, "2026-10-19 16:02"),
            file("各村排查.xls", 51_200, "2026-10-12 09:30"),
            file("干部名单.csv", 812, "2026-09-30 11:15"),
        ],
        n_more: 0,
    }
}

fn listed() -> ImportScreen {
    let mut screen = ImportScreen::new();
    screen.worked(Ok(Outcome::Folder(folder())));
    screen
}

fn column(letter: &str, header: &str, samples: &[&str], fills: Fills) -> ColumnRead {
    ColumnRead {
        letter: letter.to_owned(),
        header: header.to_owned(),
        sheets: vec!["台账".to_owned()],
        samples: samples.iter().map(ToString::to_string).collect(),
        fills,
    }
}

fn field(key: &str) -> Fills {
    Fills::Fields(vec![key.to_owned()])
}

fn view() -> ImportView {
    let refusal = |index, row, column: &str, why: &str, arg: Option<&str>| RowRefusal {
        index,
        sheet: "张家庄".to_owned(),
        row,
        column: Some(column.to_owned()),
        why: why.to_owned(),
        arg: arg.map(str::to_owned),
        rule: None,
    };
    let change = |field: &str, old: Option<&str>, new: &str| FieldChange {
        field: field.to_owned(),
        old: old.map(str::to_owned),
        new: Some(new.to_owned()),
    };
    ImportView {
        rows: 412,
        new: 398,
        same: 9,
        updated: 1,
        refused: 3,
        new_persons: 380,
        known_persons: 4,
        new_units: vec!["柳树沟村".to_owned(), "东关社区".to_owned()],
        answers: Answers { dated: 201, over_15: 12, over_60: 2 },
        refusals: vec![
            refusal(3, 6, "received_on", "date_ambiguous", None),
            refusal(17, 20, "old_number", "repeated_number", Some("6")),
            refusal(40, 44, "request", "empty", None),
        ],
        changes: vec![RowChange {
            index: 9,
            sheet: "石桥".to_owned(),
            row: 12,
            name: "青信2019-0031".to_owned(),
            fields: vec![
                change("lead", Some("王建国"), "陈志远"),
                change("due_on", None, "2026-12-31"),
            ],
        }],
        ..ImportView::default()
    }
}

fn table() -> Arc<TableRead> {
    let pair = ["petitioner.name", "petitioner.phone"].map(str::to_owned);
    Arc::new(TableRead {
        name: "2019年信访台账（汇总）.xlsx".to_owned(),
        hash: "ab".repeat(32),
        columns: vec![
            column("A", "序号", &["1", "2", "3"], Fills::Nothing),
            column("B", "登记日期", &["2019/2/28 11:25:05", "2019.3.1"], field("received_on")),
            column("C", "联系方式", &["周小山 13800000001"], Fills::Fields(pair.to_vec())),
            column("D", "反映的主要问题", &["征地补偿款未到账", "路灯不亮"], field("request")),
            column("E", "民族", &[], Fills::Never("belief".to_owned())),
            column("F", "经办科室意见", &["已转自然资源所"], Fills::Nothing),
        ],
        sheets: Vec::new(),
        n_undated: 2,
        fields: ["received_on", "request", "measures"].map(str::to_owned).to_vec(),
        notes: vec!["合计、落款和重复表头共 2 行，不作为记录".to_owned()],
        is_headless: false,
        view: view(),
    })
}

fn terms() -> ReadTerms {
    ReadTerms::new(Origin::File("2019年信访台账（汇总）.xlsx".to_owned()))
}

fn read() -> ColumnsScreen {
    let mut screen = ColumnsScreen::new(terms());
    assert!(matches!(screen.work(), Some(Work::Read(..))));
    screen.worked(Ok(Outcome::Read(table())));
    screen
}

#[test]
fn the_files_of_the_exchange_folder_are_listed_with_what_becomes_of_their_rows() {
    let mut desk = Desk::default();
    assert_frame("import-80x24", &desk.drawn(&mut listed(), (80, 24)));
    assert_frame("import-120x40", &desk.drawn(&mut listed(), (120, 40)));
    let mut empty = ImportScreen::new();
    empty.worked(Ok(Outcome::Folder(Folder { files: Vec::new(), ..folder() })));
    assert_frame("import-empty-80x24", &desk.drawn(&mut empty, (80, 24)));
    desk.lang = Lang::En;
    assert_frame("import-en-80x24", &desk.drawn(&mut listed(), (80, 24)));
    desk.draw_in_every_size(&mut listed());
    desk.draw_in_every_size(&mut ImportScreen::new());
}

#[test]
fn what_becomes_of_the_rows_is_chosen_before_the_file_is_read() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = listed();
    screen.on(Nav::First, &view);
    for rows in [Rows::Units, Rows::Officers, Rows::Persons] {
        screen.on(Nav::Right, &view);
        assert_eq!(screen.terms.rows, rows);
    }
    screen.on(Nav::Down, &view);
    assert!(matches!(screen.on(Nav::Open, &view), Step::Say(..)), "a list has no clocks");
    screen.on(Nav::Up, &view);
    screen.on(Nav::Right, &view);
    screen.on(Nav::Down, &view);
    screen.on(Nav::Open, &view);
    screen.on(Nav::Down, &view);
    screen.on(Nav::Left, &view);
    let terms = &screen.terms;
    assert_eq!((terms.rows, terms.book, terms.known), (Rows::Cases, Book::Open, Known::Update));
    screen.on(Nav::Down, &view);
    assert!(matches!(screen.on(Nav::Right, &view), Step::Stay), "only Enter reads");
    let Step::Push(mut columns) = screen.on(Nav::Open, &view) else { panic!("not read") };
    let Some(Work::Read(terms, _)) = columns.work() else { panic!("not read") };
    assert_eq!(terms.origin, Origin::File("2019年信访台账（汇总）.xlsx".to_owned()));
    assert_eq!(terms.book, Book::Open);
    assert!(columns.work().is_none(), "a table is read once");
}

#[test]
fn each_column_is_shown_with_its_samples_and_the_field_that_it_fills() {
    let mut desk = Desk::default();
    assert_frame("import-columns-80x24", &desk.drawn(&mut read(), (80, 24)));
    assert_frame("import-columns-120x40", &desk.drawn(&mut read(), (120, 40)));
    let mut reading = ColumnsScreen::new(terms());
    reading.work();
    reading.worked(Ok(Outcome::Going(Progress { n_rows: 1_200, percent: 37 })));
    assert_frame("import-reading-80x24", &desk.drawn(&mut reading, (80, 24)));
    let mut bad = Refusal::new(RefusalKind::Invalid, "file_is_unreadable");
    bad.wrongs.push(Wrong { field: String::new(), why: "file_encrypted".to_owned() });
    reading.worked(Err(bad));
    assert_frame("import-unreadable-80x24", &desk.drawn(&mut reading, (80, 24)));
    desk.lang = Lang::En;
    assert_frame("import-columns-en-80x24", &desk.drawn(&mut read(), (80, 24)));
    desk.draw_in_every_size(&mut read());
    desk.draw_in_every_size(&mut reading);
}

#[test]
fn a_changed_column_is_read_again_before_its_outcomes_are_seen() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = read();
    desk.drawn(&mut screen, (80, 24));
    screen.on(Nav::Row(9), &view);
    assert!(matches!(screen.on(Nav::Open, &view), Step::Lay(_)), "the last column is picked for");
    // First stands what the program reads, then nothing, then the fields: the third of those.
    screen.chosen(4, &view);
    screen.on(Nav::Row(8), &view);
    assert!(matches!(screen.on(Nav::Open, &view), Step::Say(..)), "what is refused stays so");
    assert!(matches!(screen.on(Nav::Tick, &view), Step::Ask));
    let Some(Work::Read(terms, _)) = screen.work() else { panic!("not read again") };
    assert_eq!(terms.columns, [("经办科室意见".to_owned(), "measures".to_owned())]);
    let Step::Push(outcome) = screen.worked(Ok(Outcome::Read(table()))) else { panic!("not on") };
    assert_eq!(outcome.name(), "import_outcome");
    screen.on(Nav::Row(9), &view);
    screen.chosen(0, &view);
    screen.on(Nav::Tick, &view);
    let Some(Work::Read(terms, _)) = screen.work() else { panic!("not read again") };
    assert!(terms.columns.is_empty(), "as the program reads it");
}

#[test]
fn whoever_leaves_ends_the_reading_and_whoever_comes_back_begins_it_anew() {
    let mut screen = ColumnsScreen::new(terms());
    let Some(Work::Read(_, stop)) = screen.work() else { panic!("not read") };
    assert!(!stop.is_set());
    screen.left();
    assert!(stop.is_set());
    assert!(matches!(screen.work(), Some(Work::Read(_, again)) if !again.is_set()));
}

#[test]
fn pasted_cells_say_whether_their_first_row_is_a_header() {
    let desk = Desk::default();
    let view = desk.view();
    let mut files = listed();
    assert!(files.takes_cells("周小山\t修路\n"));
    let Step::Push(mut columns) = files.on(Nav::Open, &view) else { panic!("not read") };
    let Some(Work::Read(terms, _)) = columns.work() else { panic!("not read") };
    assert_eq!(terms.origin, Origin::Cells("周小山\t修路\n".into(), Heads::Guess));
    let headless = TableRead { is_headless: true, ..(*table()).clone() };
    columns.worked(Ok(Outcome::Read(headless.into())));
    assert_frame("import-cells-80x24", &desk.drawn(&mut *columns, (80, 24)));
    columns.on(Nav::Row(3), &view);
    assert!(matches!(columns.on(Nav::Open, &view), Step::Ask));
    let Some(Work::Read(terms, _)) = columns.work() else { panic!("not read again") };
    assert!(matches!(terms.origin, Origin::Cells(_, Heads::First)));
}

#[test]
fn where_sheets_are_laid_out_unlike_one_another_each_column_names_its_own() {
    let mut desk = Desk::default();
    let unlike_read = || {
        let mut screen = ColumnsScreen::new(terms());
        screen.work();
        screen.worked(Ok(Outcome::Read(unlike())));
        screen
    };
    assert_frame("import-unlike-80x24", &desk.drawn(&mut unlike_read(), (80, 24)));
    assert_frame("import-unlike-120x40", &desk.drawn(&mut unlike_read(), (120, 40)));
    let mut screen = unlike_read();
    desk.drawn(&mut screen, (80, 24));
    (0..9).for_each(|_| drop(screen.on(Nav::Down, &desk.view())));
    let Step::Lay(picker) = screen.on(Nav::Open, &desk.view()) else { panic!("nothing to pick") };
    let drawn = desk.drawn_over(&*picker, (80, 24));
    assert!(drawn.contains("经办科室意见（石桥村） 带入哪个栏目"), "{drawn}");
    let names = ["甲村", "乙村", "丙村", "丁村", "戊村"].map(str::to_owned);
    let said = |n: usize| some_sheets(Lang::Zh, (names.get(..n).unwrap(), 5));
    assert_eq!(said(3).as_deref(), Some("甲村、乙村、丙村"));
    assert_eq!(said(4).as_deref(), Some("甲村、乙村、丙村 等4张"));
    assert_eq!(said(5), None, "in all of them");
    desk.draw_in_every_size(&mut screen);
}

fn book_read() -> ColumnsScreen {
    let mut screen = ColumnsScreen::new(terms());
    screen.work();
    screen.worked(Ok(Outcome::Read(book())));
    screen
}

#[test]
fn one_sheet_of_a_workbook_is_chosen_and_it_is_read_again() {
    let mut desk = Desk::default();
    assert_frame("import-sheets-80x24", &desk.drawn(&mut book_read(), (80, 24)));
    assert_frame("import-sheets-120x40", &desk.drawn(&mut book_read(), (120, 40)));
    desk.draw_in_every_size(&mut book_read());
    desk.lang = Lang::Zh;
    let view = desk.view();
    let mut screen = book_read();
    desk.drawn(&mut screen, (80, 24));
    screen.on(Nav::Row(3), &view);
    let Step::Lay(picker) = screen.on(Nav::Open, &view) else { panic!("nothing to choose from") };
    assert_frame("import-sheet-80x24", &desk.drawn_over(&*picker, (80, 24)));
    assert!(matches!(screen.chosen(2, &view), Step::Ask));
    let Some(Work::Read(terms, _)) = screen.work() else { panic!("not read again") };
    assert_eq!(terms.sheet.as_deref(), Some("石桥村"));
    screen.worked(Ok(Outcome::Read(book())));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("工作表：只读 石桥村"));
    // A sheet that cannot be read leaves the one that was read before, which is kept aside anew.
    screen.chosen(3, &view);
    screen.work();
    screen.worked(Err(Refusal::new(RefusalKind::Invalid, "no_header_here")));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("工作表：只读 石桥村"));
    assert!(matches!(screen.on(Nav::Tick, &view), Step::Ask));
    assert!(matches!(screen.work(), Some(Work::Read(terms, _)) if terms.sheet.is_some()));
    screen.worked(Ok(Outcome::Read(book())));
    screen.on(Nav::Row(3), &view);
    screen.chosen(0, &view);
    assert!(matches!(screen.work(), Some(Work::Read(terms, _)) if terms.sheet.is_none()));
}

#[test]
fn rows_that_name_no_day_get_one_and_what_was_set_of_columns_stays() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = read();
    screen.reread(Reread::Columns(vec![("谁".to_owned(), "petitioner.name".to_owned())]));
    desk.drawn(&mut screen, (80, 24));
    screen.on(Nav::Row(3), &view);
    assert!(matches!(screen.on(Nav::Open, &view), Step::Lay(_)), "no box");
    let mut day = DayBox::new(desk.me.today, None);
    let keys = |day: &mut DayBox, text: &str| {
        (0..20).for_each(|_| drop(day.typed(Key::Backspace, &view)));
        text.chars().for_each(|char| drop(day.typed(Key::Char(char), &view)));
        day.typed(Key::Enter, &view)
    };
    assert_eq!(keys(&mut day, "1021"), Answer::Say("wrong.day_is_in_the_future".to_owned()));
    assert_eq!(keys(&mut day, "13.45"), Answer::Say("wrong.no_such_day".to_owned()));
    assert_eq!(keys(&mut day, ""), Answer::Reread(Reread::Day(None)));
    for (text, meant) in [("1015", "2026-10-15"), ("今天", "2026-10-20"), ("-3", "2026-10-17")] {
        let meant = meant.parse().ok();
        assert_eq!(keys(&mut day, text), Answer::Reread(Reread::Day(meant)), "{text}");
    }
    assert_frame("import-day-80x24", &desk.drawn_over(&day, (80, 24)));
    assert!(matches!(screen.reread(Reread::Day("2026-10-17".parse().ok())), Step::Ask));
    let Some(Work::Read(terms, _)) = screen.work() else { panic!("not read again") };
    assert_eq!(terms.received_on.as_deref(), Some("2026-10-17"));
    assert_eq!(terms.columns.len(), 1, "what was set of columns stays");
    screen.worked(Ok(Outcome::Read(book())));
    let Step::Push(mut outcome) = screen.on(Nav::Tick, &view) else { panic!("not on") };
    let drawn = desk.drawn(&mut *outcome, (80, 24));
    assert!(drawn.contains("没有日期的 2 行按 2026-10-17 收到"), "{drawn}");
    let mut units = ColumnsScreen::new(ReadTerms { rows: Rows::Units, ..self::terms() });
    units.work();
    units.worked(Ok(Outcome::Read(table())));
    assert!(!desk.drawn(&mut units, (80, 24)).contains("没有日期"), "a list has no such day");
}

#[test]
fn fields_and_saved_mappings_are_chosen_from_lists() {
    let desk = Desk::default();
    let labels = ["按程序认出的", "不带入", "日期", "诉求", "工作措施"].map(str::to_owned).to_vec();
    let picker = ListPicker::new("经办科室意见 带入哪个栏目".to_owned(), (labels, 2));
    assert_frame("import-pick-80x24", &desk.drawn_over(&picker, (80, 24)));
    let own = || Reply::Own(OwnView::default());
    let changed = vec![("谁".to_owned(), "petitioner.name".to_owned())];
    let mut saved = SavedColumns::new("cases", changed);
    saved.got(0, own(), &desk.view());
    assert_frame("import-saved-80x24", &desk.drawn_over(&saved, (80, 24)));
    assert_eq!(saved.typed(Key::Enter, &desk.view()), Answer::Stay, "no row of it is chosen");
    let mut none = SavedColumns::new("cases", Vec::new());
    none.got(0, own(), &desk.view());
    assert_frame("import-saved-none-80x24", &desk.drawn_over(&none, (80, 24)));
}

/// A workbook of several sheets, as it was read.
fn book() -> Arc<TableRead> {
    let sheet = |name: &str, n_rows, state| SheetRead { name: name.to_owned(), n_rows, state };
    let sheets = vec![
        sheet("张家庄村", 210, SheetState::Read),
        sheet("石桥村", 206, SheetState::Read),
        sheet("填表说明", 4, SheetState::Headless),
        sheet("下拉", 9, SheetState::Hidden),
    ];
    let mut table = TableRead { sheets, ..(*table()).clone() };
    for column in &mut table.columns {
        column.sheets = ["张家庄村", "石桥村"].map(str::to_owned).to_vec();
    }
    Arc::new(table)
}

/// A workbook whose sheets have other columns than one another.
fn unlike() -> Arc<TableRead> {
    let mut table = (*book()).clone();
    let [both, first, second] = [&["张家庄村", "石桥村"][..], &["张家庄村"], &["石桥村"]];
    let sheets = [both, both, first, second, both, second];
    for (column, sheets) in table.columns.iter_mut().zip(sheets) {
        column.sheets = sheets.iter().map(ToString::to_string).collect();
    }
    Arc::new(table)
}
