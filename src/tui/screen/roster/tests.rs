use std::collections::BTreeMap;

use crate::api::reply::Reply;
use crate::api::request::{Cursor, Request, Way, Whose};
use crate::api::roster::{
    EntryRow, EntrySheet, OwedView, PersonPage, PersonRow, RosterPage, RosterPart, Round, StoodView,
};
use crate::domain::act::Act;
use crate::domain::choice::{ContactManner, RosterGround};
use crate::domain::entry::{
    Approval, ApprovalWay, Contact, Entry, EntryState, OwedKind, Promise, Renewal,
};
use crate::domain::ids::{CaseId, ClerkId, EntryId, Kind, OfficerId, PersonId, UnitId, Version};
use crate::domain::listing::{Column, Sort, Value};
use crate::locale::Lang;
use crate::tui::key::script;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::plain::PlainScreen;
use crate::tui::screen::roster::RosterScreen;
use crate::tui::screen::roster::round::RoundScreen;
use crate::tui::screen::roster::sheet::EntryScreen;
use crate::tui::screen::roster::stood::StoodScreen;
use crate::tui::screen::sample::{Desk, TODAY, assert_frame, case_row, day};
use crate::tui::screen::{Nav, Screen, Step};

fn owed(kind: OwedKind, on: &str, rule: Option<&str>) -> OwedView {
    let days_left = (day(on) - day(TODAY)).num_days();
    let what = (kind == OwedKind::Promise).then(|| "临时救助金".to_owned());
    OwedView { kind, on: day(on), days_left, rule: rule.map(str::to_owned), what }
}

fn entry_row(id: u64, name: &str, (ground, state): (RosterGround, EntryState)) -> EntryRow {
    EntryRow {
        id: EntryId(id),
        version: Version(1),
        person: PersonId(id),
        name: Some(name.to_owned()),
        village: Some("张家庄村".to_owned()),
        ground,
        state,
        lead: Some("王建国".to_owned()),
        officer: Some("赵敏".to_owned()),
        case: CaseId(id),
        number: format!("青信2026-{id:04}"),
        title: "房屋倒塌未救助".to_owned(),
        since: Some(day("2026-09-28")),
        contact_on: day("2026-10-16"),
        review_on: day("2026-10-28"),
        last_contact_on: Some(day("2026-10-06")),
        owed: Vec::new(),
        pending_until: day("2026-11-11"),
        cursor: Cursor(format!("{id:04}")),
    }
}

/// Rows of the roster, each with something owed.
pub fn rows() -> Vec<EntryRow> {
    let row = |id, name, of, owed: Vec<OwedView>| EntryRow { owed, ..entry_row(id, name, of) };
    vec![
        row(
            1,
            "马玉兰",
            (RosterGround::Hardship, EntryState::Running),
            vec![
                owed(OwedKind::Contact, "2026-10-16", None),
                owed(OwedKind::Clock, "2026-10-18", Some("conclude")),
                owed(OwedKind::Review, "2026-10-28", None),
            ],
        ),
        row(
            2,
            "周大山",
            (RosterGround::Backlog, EntryState::Pending),
            vec![owed(OwedKind::Decision, "2026-10-17", None)],
        ),
        row(
            3,
            "陈英",
            (RosterGround::Assigned, EntryState::Running),
            vec![
                owed(OwedKind::Promise, "2026-10-20", None),
                owed(OwedKind::Review, "2026-10-30", None),
            ],
        ),
        row(
            4,
            "李有田",
            (RosterGround::Danger, EntryState::Proposed),
            vec![owed(OwedKind::Approval, "2026-11-18", None)],
        ),
    ]
}

fn page(rows: Vec<EntryRow>) -> Reply {
    let total = Some(rows.len() as u64);
    Reply::Roster(RosterPage { rows, total, ..RosterPage::default() })
}

fn filled() -> RosterScreen {
    let mut screen = RosterScreen::new();
    screen.got(0, page(rows()));
    screen
}

fn entry(id: u64) -> Entry {
    let contact = |on: &str, text: &str| Contact {
        on: day(on),
        entered_on: day(on),
        by: Some(OfficerId(2)),
        manner: ContactManner::Home,
        text: text.to_owned(),
        given: None,
        next_on: day("2026-10-16"),
    };
    let renewal = Renewal {
        on: day("2026-09-28"),
        by: Some(OfficerId(1)),
        was: day("2026-09-30"),
        until: day("2026-10-28"),
        text: "救助金还没有到账，帮扶需要继续".to_owned(),
    };
    Entry {
        id: EntryId(id),
        version: Version(1),
        person: PersonId(id),
        case: CaseId(id),
        ground: RosterGround::Hardship,
        reason: "房屋倒塌两间，临时救助未到位，现住亲戚家。".to_owned(),
        village: Some(UnitId(1)),
        proposed_by: ClerkId(1),
        proposer: Some(OfficerId(3)),
        proposed_on: day("2026-09-02"),
        approval: Some(Approval {
            way: ApprovalWay::Paper,
            by: ClerkId(1),
            approver: Some(OfficerId(1)),
            on: day("2026-09-03"),
            document: Some("青信帮〔2026〕3号".to_owned()),
        }),
        lead: OfficerId(1),
        officer: OfficerId(2),
        measures: "申请临时救助，联系住建站鉴定房屋，协调周转房。".to_owned(),
        help_called: None,
        reported_on: None,
        told_on: Some(day("2026-09-03")),
        not_told: None,
        contact_on: day("2026-10-16"),
        promise: Some(Promise { text: "临时救助金".to_owned(), by_on: day("2026-10-25") }),
        review_on: day("2026-10-28"),
        reviews: BTreeMap::from([(2, renewal)]),
        contacts: BTreeMap::from([
            (1, contact("2026-09-16", "上门核对救助材料，缺户口本复印件")),
            (3, contact("2026-10-06", "送去周转房钥匙，已搬入")),
        ]),
        last_line: 3,
        lapsed_on: None,
        ending: None,
    }
}

fn sheet(id: u64) -> EntrySheet {
    let officers = [(1, "王建国"), (2, "赵敏"), (3, "李娟")];
    EntrySheet {
        entry: entry(id),
        row: rows().swap_remove(0),
        case: case_row(id, "房屋倒塌未救助", None),
        officers: officers.map(|(id, name)| (OfficerId(id), name.to_owned())).into(),
        permits: vec![(Act::ApproveEntry, Some("broken.entry_is_approved".to_owned()))],
    }
}

fn round_page(rows: Vec<EntryRow>) -> Reply {
    let round = Round {
        until: day("2026-10-31"),
        due: rows.len() as u64,
        renewed: 2,
        ended: 1,
        pending: 1,
        lapsed: 0,
    };
    Reply::Roster(RosterPage { rows, round: Some(round), ..RosterPage::default() })
}

#[test]
fn the_roster_stands_in_the_order_of_what_is_owed_and_says_why() {
    let mut desk = Desk::default();
    let mut screen = filled();
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("应于10-16联系, 已过4日; 上次10-06"), "{drawn}");
    assert_frame("roster-80x24", &drawn);
    assert_frame("roster-120x40", &desk.drawn(&mut screen, (120, 40)));
    assert_frame("roster-200x60", &desk.drawn(&mut screen, (200, 60)));
    desk.lang = Lang::En;
    assert_frame("roster-en-80x24", &desk.drawn(&mut screen, (80, 24)));
}

#[test]
fn nothing_on_the_roster_counts_or_weighs_a_person() {
    let desk = Desk::default();
    let drawn = desk.drawn(&mut filled(), (120, 40));
    assert!(["分值", "得分", "等级", "次数", "排名"].iter().all(|word| !drawn.contains(word)));
}

#[test]
fn keys_turn_parts_owners_sorts_and_filters_and_each_asks_for_its_list() {
    let desk = Desk::default();
    let mut screen = filled();
    let asked = |screen: &RosterScreen| match screen.wants().remove(0) {
        Request::Roster(query) => query,
        other => panic!("{other:?}"),
    };
    assert_eq!((asked(&screen).whose, asked(&screen).part), (Whose::Mine, RosterPart::Open));
    for (nav, is_next) in [(Nav::Right, Whose::All), (Nav::Left, Whose::Mine)] {
        assert!(matches!(screen.on(nav, &desk.view()), Step::Ask));
        assert_eq!(asked(&screen).whose, is_next);
    }
    assert!(matches!(screen.on(Nav::Sort, &desk.view()), Step::Lay(_)));
    for by in [Column::Contact, Column::Review, Column::Lead, Column::Owed] {
        screen.arrange(Arrange::Sort(Sort::usual(by)), &desk.view());
        assert_eq!(asked(&screen).sort, Sort::usual(by));
    }
    assert!(matches!(screen.on(Nav::Stage, &desk.view()), Step::Lay(_)));
    for part in RosterPart::ALL.into_iter().skip(1).chain([RosterPart::Open]) {
        let value = Some((Value::word(part.word()), None));
        screen.arrange(Arrange::Narrow(Column::State, value), &desk.view());
        assert_eq!((asked(&screen).part, asked(&screen).way), (part, Way::Forward));
    }
    screen.on(Nav::Clear, &desk.view());
    assert!(asked(&screen).only.is_empty());
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    assert!(matches!(screen.wants().remove(0), Request::Persons(_)));
    assert!(matches!(screen.on(Nav::Sort, &desk.view()), Step::Pass), "persons have no sorts");
}

#[test]
fn an_empty_roster_says_what_to_do_now() {
    let desk = Desk::default();
    let mut screen = RosterScreen::new();
    screen.got(0, page(Vec::new()));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("左右键 看全办"));
    screen.on(Nav::Right, &desk.view());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("提请帮扶"));
    let late = Arrange::Narrow(Column::State, Some((Value::word("late"), None)));
    screen.arrange(late, &desk.view());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("没有符合的帮扶"));
}

#[test]
fn all_persons_are_listed_beside_the_roster_without_a_count_of_what_they_asked() {
    let desk = Desk::default();
    let mut screen = filled();
    screen.on(Nav::NextPane, &desk.view());
    let person = |id: u64, name: &str, n_aliases| PersonRow {
        id: PersonId(id),
        version: Version(1),
        name: Some(name.to_owned()),
        phone: Some("138****6621".to_owned()),
        village: Some("石桥村".to_owned()),
        address: Some("石桥村三组12号".to_owned()),
        case: Some((format!("青信2026-{id:04}"), "路灯损坏三个月无人修".to_owned())),
        n_aliases,
        cursor: Cursor(format!("{id}")),
    };
    let rows = vec![person(9, "周小山", 1), person(8, "陈英", 0)];
    screen.got(0, Reply::Persons(PersonPage { rows, ..PersonPage::default() }));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("已并入1条记录"), "{drawn}");
    assert_frame("roster-persons-80x24", &drawn);
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Push(_)));
}

#[test]
fn the_sheet_of_an_entry_says_who_answers_what_is_owed_and_what_was_done() {
    let mut desk = Desk::default();
    let mut screen = EntryScreen::new(EntryId(1));
    screen.got(0, Reply::Entry(Box::new(sheet(1))));
    let drawn = desk.drawn(&mut screen, (80, 24));
    for text in ["王建国", "赵敏", "青信帮〔2026〕3号", "续期至10-28", "已搬入", "临时救助金"]
    {
        assert!(drawn.contains(text), "{text}: {drawn}");
    }
    assert_frame("entry-80x24", &drawn);
    assert_frame("entry-120x40", &desk.drawn(&mut screen, (120, 40)));
    assert_frame("entry-200x60", &desk.drawn(&mut screen, (200, 60)));
    desk.lang = Lang::En;
    assert_frame("entry-en-80x24", &desk.drawn(&mut screen, (80, 24)));
    let selection = screen.selected();
    let kinds: Vec<Kind> = selection.links.iter().map(|link| link.kind).collect();
    assert_eq!(kinds, [Kind::Case, Kind::Person]);
}

#[test]
fn the_monthly_review_goes_from_one_entry_to_the_next_and_counts() {
    let mut desk = Desk::default();
    let mut screen = RoundScreen::new();
    assert!(matches!(screen.got(0, round_page(rows())), Step::Ask), "the sheet is asked for");
    assert!(matches!(screen.got(0, round_page(rows())), Step::Stay), "once");
    screen.got(1, Reply::Entry(Box::new(sheet(1))));
    assert_frame("round-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Run("renew_entry")));
    assert!(matches!(screen.on(Nav::Mark, &desk.view()), Step::Ask), "it goes on to the next");
    assert!(desk.drawn(&mut screen, (80, 24)).contains("不续, 到期失效"));
    assert!(matches!(screen.wants().get(1), Some(Request::Entry { id: EntryId(2) })));
    // What was renewed is gone from the list, and the next takes its place.
    let rest = rows().split_off(2);
    assert!(matches!(screen.got(0, round_page(rest)), Step::Ask));
    desk.lang = Lang::En;
    assert_frame("round-en-120x40", &desk.drawn(&mut screen, (120, 40)));
    screen.got(0, round_page(Vec::new()));
    desk.lang = Lang::Zh;
    assert!(desk.drawn(&mut screen, (80, 24)).contains("本月没有到期应复评的帮扶"));
}

#[test]
fn every_screen_of_the_roster_fits_every_terminal() {
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut filled());
    let mut screen = EntryScreen::new(EntryId(1));
    screen.got(0, Reply::Entry(Box::new(sheet(1))));
    desk.draw_in_every_size(&mut screen);
    let mut screen = RoundScreen::new();
    screen.got(0, round_page(rows()));
    screen.got(1, Reply::Entry(Box::new(sheet(1))));
    desk.draw_in_every_size(&mut screen);
}

#[test]
fn the_roster_of_a_day_is_gone_through_by_days_and_printed() {
    let desk = Desk::default();
    let mut screen = StoodScreen::new();
    let view = StoodView { on: day("2026-10-12"), rows: rows(), more: false };
    assert!(matches!(&screen.wants()[..], [Request::RosterOn(query)] if query.on.is_none()));
    assert!(matches!(screen.on(Nav::Right, &desk.view()), Step::Say(..)), "tomorrow has none yet");
    screen.on(Nav::Filter, &desk.view());
    for key in script("1012 <ret>").unwrap() {
        screen.typed(key, &desk.view());
    }
    assert!(matches!(&screen.wants()[..], [Request::RosterOn(query)] if query.on == Some(view.on)));
    screen.got(0, Reply::RosterOn(view.clone()));
    assert_frame("stood-80x24", &desk.drawn(&mut screen, (80, 24)));
    let english = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("stood-en-120x40", &english.drawn(&mut screen, (120, 40)));
    let Step::Push(mut page) = screen.on(Nav::Page, &desk.view()) else { panic!("no page") };
    assert_frame("stood-page-80x24", &desk.drawn(page.as_mut(), (80, 24)));
    screen.on(Nav::Left, &desk.view());
    let before = day("2026-10-11");
    assert!(matches!(&screen.wants()[..], [Request::RosterOn(query)] if query.on == Some(before)));
    Desk::default().draw_in_every_size(&mut screen);
}

#[test]
fn the_letters_of_an_entry_tell_who_answers_and_nothing_about_the_person_but_the_matter() {
    let desk = Desk::default();
    let mut screen = PlainScreen::letters(EntryId(1));
    let sheet = sheet(1);
    screen.got(0, Reply::Entry(Box::new(sheet)));
    screen.got(1, Reply::Officers(Vec::new()));
    assert_frame("letters-80x40", &desk.drawn(&mut screen, (80, 40)));
}
