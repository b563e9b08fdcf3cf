//! The sheet of a case in every pane and size, and a made-up one for its neighbours.

use std::collections::BTreeMap;

use crate::api::refusal::Refusal;
use crate::api::reply::{CaseSheet, DeadlineView, Extendable, PersonOf, Reply};
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::case::{Case, Claim, Entrusted, History, Stage};
use crate::domain::choice::{
    AtOnce, Channel, ClaimResult, Level, Manner, Purpose, Route, Source, Tie, Work,
};
use crate::domain::ids::{CaseId, OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::receipt::Receipt;
use crate::domain::standing::Standing;
use crate::domain::step::{Deed, Step as CaseStep};
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::look::{Borders, Colours, Look, Theme, Wish};
use crate::tui::screen::case::CaseScreen;
use crate::tui::screen::sample::{Desk, assert_frame, clock, day, notice};
use crate::tui::screen::{Nav, Screen, Step};

const REQUEST: &str = "我家承包地两亩一分在修路时被占，村里说补偿款已经拨下来了，\
可是我到现在一分钱没有拿到。青苗费也没有登记。请镇里查清楚钱在哪里，什么时候能给。\n\n\
去年十月我问过一次，说等通知。今年三月又问，说换了人不清楚。";

fn step(on: &str, by: u64, deed: Deed, text: &str) -> CaseStep {
    CaseStep {
        cycle: 1,
        on: day(on),
        entered_on: day(on),
        by: Some(OfficerId(by)),
        deed,
        text: Some(text.to_owned()).filter(|text| !text.is_empty()),
        document: None,
        told_by: None,
        corrected: false,
        first_on: None,
        first: None,
        why: None,
    }
}

fn receipt(id: u64, on: &str, channel: Channel, source: Source) -> Receipt {
    Receipt {
        id: ReceiptId(id),
        version: Version(3),
        case: CaseId(187),
        received_on: day(on),
        received_at: None,
        channel,
        source,
        people: 1,
        repeat: false,
        state_number: None,
        query_code: None,
        entered_on: None,
        returned_on: None,
        from_body: None,
        letter: None,
        report_way: None,
        sender_contact: None,
        taken_by: Some(OfficerId(1)),
        at_once: None,
        words: None,
        imported: false,
    }
}

fn call_words() -> String {
    (1..=9).map(|time| format!("第{time}次来电问什么时候能有结果，说家里等钱用。")).collect()
}

fn receipts() -> Vec<Receipt> {
    let mut visit = receipt(1, "2026-08-14", Channel::Visit, Source::Direct);
    visit.people = 2;
    visit.state_number = Some("QX202608140003".to_owned());
    visit.query_code = Some("7K2M".to_owned());
    visit.entered_on = Some(day("2026-08-14"));
    visit.at_once = Some(AtOnce::Registered);
    let mut letter = receipt(2, "2026-09-14", Channel::Letter, Source::Entrusted);
    letter.from_body = Some("区信访局".to_owned());
    letter.letter = Some("区信〔2026〕88号".to_owned());
    let mut call = receipt(3, "2026-10-08", Channel::Call, Source::Direct);
    call.repeat = true;
    call.words = Some(call_words());
    vec![visit, letter, call]
}

fn steps() -> BTreeMap<u32, CaseStep> {
    let came = |id, source| Deed::Received { receipt: ReceiptId(id), source, channel: None };
    let mut talk = step(
        "2026-09-24",
        2,
        Deed::Worked { work: Work::Meeting },
        "自然资源所、财政所和村委会核定差额，补偿款八万六千元尚在村账户，青苗费漏登两亩一分，\
         需村里补报后由财政所拨付",
    );
    talk.entered_on = day("2026-10-08");
    let told = Deed::Notified { receipt: None, manner: Manner::InPerson };
    let mut notified = step("2026-08-19", 1, told, "");
    notified.document = Some("青信告〔2026〕61号".to_owned());
    let steps = [
        step("2026-08-14", 1, came(1, Source::Direct), ""),
        notified,
        step("2026-08-19", 1, Deed::Accepted, ""),
        step("2026-08-20", 1, Deed::LeadAssigned { lead: OfficerId(3) }, ""),
        step("2026-08-20", 1, Deed::Allotted { unit: UnitId(1) }, ""),
        step("2026-09-14", 1, came(2, Source::Entrusted), ""),
        talk,
        step("2026-10-08", 1, came(3, Source::Direct), ""),
        step("2026-10-13", 2, Deed::Worked { work: Work::Signature }, "处理意见书(稿)送王建国"),
        step("2026-10-15", 1, Deed::Worked { work: Work::Nudge }, "电话提醒党政办"),
    ];
    (1..).zip(steps).collect()
}

fn case() -> Case {
    let claim = |text: &str, finding: Option<&str>, result| {
        let finding = finding.map(str::to_owned);
        Claim { text: text.to_owned(), finding, result }
    };
    Case {
        id: CaseId(187),
        version: Version(12),
        number: "青信2026-0187".to_owned(),
        old_number: None,
        title: "征地补偿款未到账".to_owned(),
        request: REQUEST.to_owned(),
        claims: [
            (1, claim("补偿款差额8.6万元", Some("部分属实"), Some(ClaimResult::Supported))),
            (2, claim("青苗费漏登2.1亩", None, None)),
        ]
        .into(),
        persons: [(PersonId(1), Tie::Petitioner), (PersonId(2), Tie::Contact)].into(),
        people: 2,
        level: Level::Town,
        purpose: Some(Purpose::Request),
        route: Some(Route::Petition),
        class: None,
        repeats: None,
        village: Some(UnitId(2)),
        place: Some("村东头机耕路".to_owned()),
        about: Some("张家庄村委会".to_owned()),
        lead: Some(OfficerId(3)),
        unit: Some(UnitId(1)),
        handler: Some(OfficerId(2)),
        registrar: Some(OfficerId(1)),
        held_by: None,
        about_unit: None,
        about_officer: None,
        assisting: [UnitId(3)].into(),
        entrusted: Some(Entrusted {
            by: "区信访局".to_owned(),
            letter: Some("区信〔2026〕88号".to_owned()),
            on: day("2026-09-14"),
            due_on: Some(day("2026-10-18")),
        }),
        measures: Some("村里补报青苗费，财政所十月底前拨付。".to_owned()),
        agreed_on: Some(day("2026-10-30")),
        backlog: true,
        urgent: false,
        urgent_on: None,
        history: None,
        slips: BTreeMap::new(),
        received_on: day("2026-08-14"),
        readers: None,
        tabled: None,
        cycle: 1,
        steps: steps(),
        attachments: BTreeMap::new(),
        last_step: 10,
    }
}

fn clocks() -> Vec<DeadlineView> {
    let met = |mut clock: DeadlineView, on: &str| {
        clock.standing = Standing::Met;
        clock.met_on = Some(day(on));
        clock.days_left = None;
        clock
    };
    let mut rolled = clock("conclude", "34", 1);
    rolled.target = Some(day("2026-10-18"));
    rolled.standing = Standing::Rolled;
    let mut agreed = clock("agreed", "", 80);
    agreed.provisional = true;
    (agreed.from, agreed.spent) = (None, None);
    let waiting = DeadlineView {
        from: None,
        target: None,
        latest: None,
        standing: Standing::NotStarted,
        days_left: None,
        spent: None,
        why: Some("awaiting.replied".to_owned()),
        ..clock("extend_conclude", "34", 0)
    };
    vec![
        met(clock("notice_direct", "23(2)", -51), "2026-08-19"),
        waiting,
        met(clock("notice_transfer", "23(3)", -21), "2026-09-16"),
        agreed,
        rolled,
        clock("assigned", "区信〔2026〕88号", -2),
    ]
}

fn person(id: u64, tie: Tie, name: &str, phone: Option<&str>) -> PersonOf {
    PersonOf {
        id: PersonId(id),
        tie,
        name: Some(name.to_owned()),
        phone: phone.map(str::to_owned),
        village: None,
    }
}

/// A case in the middle of its handling.
pub fn sheet() -> CaseSheet {
    let names = |names: &[&str]| -> Vec<String> { names.iter().map(|&n| n.to_owned()).collect() };
    CaseSheet {
        decisions: Vec::new(),
        entries: Vec::new(),
        undecided: None,
        readers: Vec::new(),
        requirements: Vec::new(),
        repeats: None,
        case: case(),
        stage: Stage::Handling,
        receipts: receipts(),
        persons: vec![
            person(2, Tie::Contact, "张晓明", None),
            person(1, Tie::Petitioner, "张守田", Some("138****6621")),
        ],
        deadlines: clocks(),
        next: None,
        extendable: Some(Extendable {
            days: 30,
            latest: day("2026-11-17"),
            approve_by: day("2026-10-21"),
        }),
        units: (1..).map(UnitId).zip(names(&["自然资源所", "张家庄", "财政所"])).collect(),
        officers: (1..).map(OfficerId).zip(names(&["李娟", "刘强", "王建国"])).collect(),
        permits: vec![(Act::Accept, Some("broken.already_accepted".to_owned()))],
    }
}

fn filled(sheet: CaseSheet) -> CaseScreen {
    let mut screen = CaseScreen::new(CaseId(187));
    screen.got(0, Reply::Case(Box::new(sheet)));
    screen
}

fn turned(n_times: usize, desk: &Desk) -> CaseScreen {
    let mut screen = filled(sheet());
    desk.drawn(&mut screen, (80, 24));
    (0..n_times).for_each(|_| drop(screen.on(Nav::NextPane, &desk.view())));
    screen
}

#[test]
fn the_first_screen_shows_lead_holder_last_step_and_what_is_due_next() {
    let drawn = Desk::default().drawn(&mut filled(sheet()), (80, 24));
    assert_frame("case-80x24", &drawn);
    for word in ["包案 王建国", "现在 刘强", "10-15 催办", "交办报结", "超期 2日"]
    {
        assert!(drawn.contains(word), "{word}");
    }
}

#[test]
fn the_time_line_tells_days_gone_without_colour_and_what_comes_next() {
    let drawn = Desk::default().drawn(&mut filled(sheet()), (80, 24));
    for word in ["10-03[####", "####]10-18", "17/15日", "14/15日", "刘强，08-14起在手，已67日"]
    {
        assert!(drawn.contains(word), "{word}: {drawn}");
    }
    let wish = Wish { borders: Borders::Ascii, theme: Theme::Mono, ..Wish::default() };
    let plain = Desk { look: Look::new(wish, Colours::None), ..Desk::default() };
    assert_eq!(plain.drawn(&mut filled(sheet()), (80, 24)), drawn);
    let next = drawn.lines().find(|line| line.contains("下一步")).unwrap();
    assert!(next.contains("书面告知(条例23)") && next.contains("调查(条例31(6))"), "{next}");
}

#[test]
fn a_long_course_shows_its_newest_days_and_keeps_room_for_the_clocks() {
    let mut sheet = sheet();
    for number in 11..60 {
        let text = format!("2026-{:02}-{:02}", 7 + number / 28, 1 + number % 28);
        let work = step(&text, 1, Deed::Worked { work: Work::Meeting }, "");
        sheet.case.steps.insert(number, work);
    }
    let drawn = Desk::default().drawn(&mut filled(sheet), (80, 24));
    assert!(drawn.contains("经过    ..> ") && drawn.contains("交办报结"), "{drawn}");
}

#[test]
fn every_pane_is_reached_by_tab() {
    let desk = Desk::default();
    for (n_times, name) in [(1, "clocks"), (2, "steps"), (3, "words"), (4, "receipts")] {
        let mut screen = turned(n_times, &desk);
        assert_frame(&format!("case-{name}-80x24"), &desk.drawn(&mut screen, (80, 24)));
    }
}

#[test]
fn a_wide_terminal_shows_all_panes_at_once() {
    assert_frame("case-120x40", &Desk::default().drawn(&mut filled(sheet()), (120, 40)));
    assert_frame("case-200x60", &Desk::default().drawn(&mut filled(sheet()), (200, 60)));
}

#[test]
fn in_english_every_column_is_as_straight() {
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("case-en-80x24", &desk.drawn(&mut filled(sheet()), (80, 24)));
}

#[test]
fn every_size_of_terminal_is_drawn() {
    let mut desk = Desk::default();
    for n_times in 0..5 {
        let mut screen = turned(n_times, &desk);
        desk.draw_in_every_size(&mut screen);
        desk.lang = Lang::Zh;
    }
    desk.draw_in_every_size(&mut CaseScreen::new(CaseId(1)));
}

#[test]
fn the_request_is_shown_word_for_word() {
    let desk = Desk::default();
    let (mut screen, mut seen) = (turned(3, &desk), Vec::<String>::new());
    for _ in 0..40 {
        let drawn = desk.drawn(&mut screen, (80, 24));
        drawn.lines().skip_while(|line| !line.contains("[诉求]")).skip(1).for_each(|line| {
            if !seen.iter().any(|own| own == line.trim()) {
                seen.push(line.trim().to_owned());
            }
        });
        screen.on(Nav::Down, &desk.view());
    }
    let seen = seen.concat();
    assert!(seen.contains(&REQUEST.replace('\n', "")), "{seen}");
    assert!(seen.contains(&call_words()), "what a receipt adds is whole: {seen}");
    assert!(seen.contains("村里补报青苗费，财政所十月底前拨付。"), "{seen}");
}

#[test]
fn a_text_cannot_be_scrolled_beyond_its_end() {
    let desk = Desk::default();
    let mut screen = turned(3, &desk);
    screen.on(Nav::Last, &desk.view());
    let end = desk.drawn(&mut screen, (80, 24));
    (0..30).for_each(|_| drop(screen.on(Nav::Down, &desk.view())));
    assert_eq!(desk.drawn(&mut screen, (80, 24)), end);
    screen.on(Nav::Up, &desk.view());
    assert_ne!(desk.drawn(&mut screen, (80, 24)), end, "one line up is seen at once");
}

#[test]
fn what_was_entered_later_says_so() {
    let desk = Desk::default();
    let mut screen = turned(2, &desk);
    assert!(desk.drawn(&mut screen, (80, 24)).contains("(10-08补录)"));
}

#[test]
fn a_step_is_selected_by_arrows_and_digits_and_a_long_one_is_read_to_its_end() {
    let desk = Desk::default();
    let mut screen = turned(2, &desk);
    assert_eq!(screen.selected().step, Some(10), "the newest");
    screen.on(Nav::Down, &desk.view());
    assert_eq!(screen.selected().step, Some(9));
    screen.on(Nav::Row(1), &desk.view());
    assert_eq!(screen.selected().step, Some(10), "the first that is seen");
    screen.on(Nav::Row(3), &desk.view());
    assert_eq!(screen.selected().step, Some(8));
    (0..30).for_each(|_| drop(screen.on(Nav::Down, &desk.view())));
    assert_eq!(screen.selected().step, Some(1), "the last is reached");
    screen.on(Nav::PreviousPane, &desk.view());
    assert_eq!(screen.selected().step, None, "no step is selected beside its pane");
}

#[test]
fn a_clock_that_has_not_started_says_why() {
    let mut sheet = sheet();
    sheet.deadlines = vec![sheet.deadlines.remove(1)];
    let drawn = Desk::default().drawn(&mut filled(sheet), (80, 24));
    assert!(drawn.contains("未起算: 未出意见书"), "{drawn}");
}

#[test]
fn a_case_of_an_old_ledger_says_what_it_is_and_has_no_clock() {
    let mut sheet = sheet();
    sheet.case.history =
        Some(History { closed: true, closed_on: Some(day("2019-05-06")), replied_on: None });
    sheet.stage = Stage::History;
    sheet.deadlines.clear();
    sheet.extendable = None;
    let drawn = Desk::default().drawn(&mut filled(sheet), (80, 24));
    assert!(drawn.contains("据旧台账2019-05-06已办结; 不是依法办结"), "{drawn}");
    assert!(drawn.contains("历史件不计时"), "{drawn}");
}

#[test]
fn an_anonymous_matter_that_nobody_holds_is_drawn() {
    let mut sheet = sheet();
    sheet.persons.clear();
    sheet.case.people = 1;
    sheet.case.claims.clear();
    sheet.case.steps.clear();
    sheet.receipts.clear();
    (sheet.case.lead, sheet.case.handler, sheet.case.registrar) = (None, None, None);
    (sheet.case.unit, sheet.case.route, sheet.case.entrusted) = (None, None, None);
    let mut screen = filled(sheet);
    let desk = Desk::default();
    let drawn = desk.drawn(&mut screen, (80, 24));
    for word in ["信访人 匿名", "现在 无人", "办理途径未定", "来件0"] {
        assert!(drawn.contains(word), "{word}: {drawn}");
    }
    for _ in 0..5 {
        screen.on(Nav::NextPane, &desk.view());
        screen.on(Nav::Last, &desk.view());
        desk.drawn(&mut screen, (80, 24));
    }
    assert_eq!(screen.selected().record, Some(CaseId(187).into()));
}

#[test]
fn commands_act_on_the_case_or_on_the_selected_receipt() {
    let desk = Desk::default();
    let mut screen = turned(0, &desk);
    let selected = screen.selected();
    assert_eq!((selected.record, selected.version), (Some(CaseId(187).into()), Some(Version(12))));
    assert_eq!(selected.permits.len(), 1);
    screen.on(Nav::PreviousPane, &desk.view());
    screen.on(Nav::Down, &desk.view());
    let selected = screen.selected();
    assert_eq!((selected.record, selected.version), (Some(ReceiptId(2).into()), Some(Version(3))));
    assert_eq!(selected.around, Some((CaseId(187).into(), Version(12))));
    let mut fewer = sheet();
    fewer.receipts.truncate(1);
    screen.got(0, Reply::Case(Box::new(fewer)));
    assert_eq!(screen.selected().record, Some(ReceiptId(1).into()), "the last one that is left");
}

#[test]
fn a_telephone_is_shown_by_way_of_the_person() {
    let desk = Desk::default();
    let mut screen = turned(0, &desk);
    assert!(matches!(screen.on(Nav::Reveal, &desk.view()), Step::Stay));
    assert!(screen.is_typing());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.ends_with("看谁的明文:  1 张守田  2 张晓明  Esc返回"), "{drawn}");
    assert!(matches!(screen.typed(Key::Char('9'), &desk.view()), Step::Stay));
    screen.on(Nav::Reveal, &desk.view());
    let Step::Push(person) = screen.typed(Key::Char('１'), &desk.view()) else {
        panic!("not opened")
    };
    assert_eq!(person.wants(), vec![Request::Person { id: PersonId(1) }]);
    screen.on(Nav::Reveal, &desk.view());
    screen.typed(Key::Esc, &desk.view());
    assert!(!screen.is_typing());
    assert!(!desk.drawn(&mut screen, (80, 24)).contains("看谁的明文"));
}

#[test]
fn what_may_no_longer_be_seen_leaves_the_screen() {
    let desk = Desk::default();
    let mut screen = turned(0, &desk);
    screen.refused(0, &Refusal::not_found());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(!drawn.contains("张守田") && drawn.contains("Esc返回"), "{drawn}");
    assert_eq!(screen.selected().record, None);
}

#[test]
fn the_sheet_is_read_again_when_anything_on_it_changes() {
    let screen = filled(sheet());
    assert!(screen.touched(&notice(CaseId(187))));
    assert!(screen.touched(&notice(ReceiptId(3))));
    assert!(screen.touched(&notice(PersonId(2))));
    assert!(!screen.touched(&notice(CaseId(188))));
    assert!(!screen.touched(&notice(PersonId(99))));
}

#[test]
fn a_case_with_an_entry_of_the_roster_says_how_that_stands_and_leads_there() {
    let entries = vec![crate::tui::screen::roster::tests::rows().remove(0)];
    let entry = entries[0].id;
    let mut screen = filled(CaseSheet { entries, ..sheet() });
    let drawn = Desk::default().drawn(&mut screen, (80, 24));
    for word in ["帮扶", "在册", "包案 王建国", "联系 10-16"] {
        assert!(drawn.contains(word), "{word} is missing:\n{drawn}");
    }
    assert_frame("case-roster-80x24", &drawn);
    assert_eq!(screen.selected().links, vec![entry.into()]);
}
