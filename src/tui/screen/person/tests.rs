use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{PersonSheet, Reply};
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::ids::{CaseId, PersonId, Version};
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::screen::person::PersonScreen;
use crate::tui::screen::sample::{Desk, assert_frame, case_row, clock, notice};
use crate::tui::screen::{Nav, Screen, Step};

fn sheet(n_cases: u64) -> PersonSheet {
    let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    PersonSheet {
        id: PersonId(7),
        version: Version(2),
        fields: vec![
            field("name", "张守田"),
            field("sex", "male"),
            field("phone", "138****6621"),
            field("address", ""),
            field("village", "张家庄"),
            field("id_number", "**************002X"),
        ],
        masked: vec!["phone".to_owned(), "id_number".to_owned()],
        cases: (1..=n_cases)
            .map(|id| {
                let next = (id % 2 == 1).then(|| clock("conclude", "34", 4));
                case_row(id, "征地补偿款未到账", next)
            })
            .collect(),
        aliases: Vec::new(),
        entries: Vec::new(),
        permits: vec![(Act::EditPerson, None)],
    }
}

fn filled(n_cases: u64) -> PersonScreen {
    let mut screen = PersonScreen::new(PersonId(7));
    screen.got(0, Reply::Person(Box::new(sheet(n_cases))));
    screen
}

fn reveal(field: &str, reason: &str) -> Vec<Request> {
    vec![Request::Reveal { id: PersonId(7), field: field.to_owned(), reason: reason.to_owned() }]
}

fn typed(screen: &mut PersonScreen, desk: &Desk, text: &str) {
    for char in text.chars() {
        screen.typed(Key::Char(char), &desk.view());
    }
}

/// The line of a field.
fn line(drawn: &str, label: &str) -> String {
    drawn.lines().find(|line| line.contains(label)).unwrap().trim().to_owned()
}

#[test]
fn a_person_is_shown_with_what_is_masked_what_is_empty_and_their_cases() {
    let desk = Desk::default();
    let drawn = desk.drawn(&mut filled(3), (80, 24));
    assert_frame("person-80x24", &drawn);
    assert_eq!(line(&drawn, "电话"), "电话         138****6621 [v看全]");
    assert_eq!(line(&drawn, "联系地址"), "联系地址     (未填)");
    assert_eq!(line(&drawn, "旧台账代码"), "旧台账代码   (未填)", "also where nothing was sent");
    assert_frame("person-120x40", &desk.drawn(&mut filled(3), (120, 40)));
    assert_frame("person-200x60", &desk.drawn(&mut filled(3), (200, 60)));
}

#[test]
fn in_english_every_column_is_as_straight() {
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("person-en-80x24", &desk.drawn(&mut filled(3), (80, 24)));
}

#[test]
fn every_size_of_terminal_is_drawn() {
    let mut desk = Desk::default();
    desk.draw_in_every_size(&mut filled(30));
    desk.draw_in_every_size(&mut filled(0));
    let mut asking = PersonScreen::asking(PersonId(7));
    asking.got(0, Reply::Person(Box::new(sheet(2))));
    desk.draw_in_every_size(&mut asking);
    let mut typing = filled(1);
    (0..5).for_each(|_| drop(typing.on(Nav::Down, &desk.view())));
    typing.on(Nav::Reveal, &desk.view());
    typed(&mut typing, &desk, "核对办理延期的身份");
    desk.draw_in_every_size(&mut typing);
}

#[test]
fn a_telephone_is_seen_for_the_reason_of_one_digit() {
    let desk = Desk::default();
    let mut screen = filled(1);
    screen.on(Nav::Reveal, &desk.view());
    assert!(screen.is_typing());
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.ends_with("看电话, 为了:  1 电话  2 送达  3 核对  4 文书  Esc返回"), "{drawn}");
    assert!(matches!(screen.typed(Key::Char('7'), &desk.view()), Step::Stay));
    assert!(screen.is_typing(), "a digit that names no reason asks nothing");
    assert!(matches!(screen.typed(Key::Char('2'), &desk.view()), Step::Ask));
    assert_eq!(screen.wants(), reveal("phone", "送达"));
    screen.got(0, Reply::Revealed("13800006621".to_owned()));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert_eq!(line(&drawn, "电话"), "电话         13800006621 [明文]");
    assert_eq!(
        screen.wants(),
        vec![Request::Person { id: PersonId(7) }],
        "asked once, logged once"
    );
}

#[test]
fn an_id_number_needs_a_typed_reason_although_a_digit_was_given() {
    let desk = Desk::default();
    let mut screen = filled(1);
    screen.on(Nav::Reveal, &desk.view());
    screen.typed(Key::Char('1'), &desk.view());
    screen.got(0, Reply::Revealed("13800006621".to_owned()));
    screen.on(Nav::Reveal, &desk.view());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("看身份证号, 理由"));
    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Say(key, _)
        if key == "person.reason_is_needed"));
    typed(&mut screen, &desk, "核对救助");
    screen.pasted("申请\n", &desk.view());
    let (lines, cursor) = desk.frame(&mut screen, (80, 24));
    assert!(lines.last().unwrap().ends_with("核对救助申请"), "{lines:?}");
    assert_eq!(cursor.map(|at| at.y), Some(21));
    assert!(matches!(screen.typed(Key::Enter, &desk.view()), Step::Ask));
    assert_eq!(screen.wants(), reveal("id_number", "核对救助申请"));
}

#[test]
fn a_sheet_opened_to_see_a_telephone_asks_for_the_reason_at_once() {
    let mut screen = PersonScreen::asking(PersonId(7));
    assert_eq!(screen.wants(), vec![Request::Person { id: PersonId(7) }]);
    screen.got(0, Reply::Person(Box::new(sheet(1))));
    assert!(screen.is_typing());
    screen.typed(Key::Esc, &Desk::default().view());
    assert!(!screen.is_typing());
}

#[test]
fn a_value_in_clear_goes_when_the_record_changes_or_may_not_be_seen() {
    let desk = Desk::default();
    let mut screen = filled(1);
    screen.on(Nav::Reveal, &desk.view());
    screen.typed(Key::Char('1'), &desk.view());
    screen.got(0, Reply::Revealed("13800006621".to_owned()));
    screen.got(0, Reply::Person(Box::new(sheet(2))));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("13800006621"), "the same version");
    let changed = PersonSheet { version: Version(3), ..sheet(2) };
    screen.got(0, Reply::Person(Box::new(changed)));
    assert!(!desk.drawn(&mut screen, (80, 24)).contains("13800006621"));
    screen.refused(0, &Refusal::new(RefusalKind::Denied, "denied"));
    assert!(!desk.drawn(&mut screen, (80, 24)).contains("张守田"));
}

#[test]
fn a_refused_look_leaves_the_value_masked() {
    let desk = Desk::default();
    let mut screen = filled(1);
    screen.on(Nav::Reveal, &desk.view());
    screen.typed(Key::Char('1'), &desk.view());
    screen.refused(0, &Refusal::new(RefusalKind::Denied, "denied"));
    let drawn = desk.drawn(&mut screen, (80, 24));
    assert!(drawn.contains("138****6621 [v看全]"), "{drawn}");
    assert_eq!(screen.wants(), vec![Request::Person { id: PersonId(7) }]);
}

#[test]
fn where_nothing_is_masked_the_clerk_is_told() {
    let mut open = sheet(0);
    open.masked.clear();
    let mut screen = PersonScreen::new(PersonId(7));
    screen.got(0, Reply::Person(Box::new(open)));
    let step = screen.on(Nav::Reveal, &Desk::default().view());
    assert!(matches!(step, Step::Say(key, _) if key == "person.nothing_masked"));
}

#[test]
fn their_cases_are_opened_by_enter_and_by_digit() {
    let desk = Desk::default();
    let mut screen = filled(3);
    desk.drawn(&mut screen, (80, 24));
    assert_eq!(screen.selected().record, Some(PersonId(7).into()));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Pass), "the menu of the person");
    screen.on(Nav::NextPane, &desk.view());
    screen.on(Nav::Down, &desk.view());
    let selected = screen.selected();
    assert_eq!(selected.record, Some(CaseId(2).into()));
    assert_eq!(selected.around, Some((PersonId(7).into(), Version(2))));
    let Step::Push(opened) = screen.on(Nav::Open, &desk.view()) else { panic!("not opened") };
    assert_eq!(opened.wants(), vec![Request::Case { id: CaseId(2) }]);
    let Step::Push(opened) = screen.on(Nav::Row(3), &desk.view()) else { panic!("not opened") };
    assert_eq!(opened.wants(), vec![Request::Case { id: CaseId(3) }]);
}

#[test]
fn the_sheet_is_read_again_when_the_person_or_a_case_of_theirs_changes() {
    let screen = filled(3);
    assert!(screen.touched(&notice(PersonId(7))));
    assert!(screen.touched(&notice(CaseId(3))));
    assert!(!screen.touched(&notice(PersonId(8))));
    assert!(!screen.touched(&notice(CaseId(4))));
}

#[test]
fn a_person_on_the_roster_has_a_line_for_each_entry_and_the_case_leads_to_its_own() {
    let entries: Vec<_> = crate::tui::screen::roster::tests::rows().into_iter().take(2).collect();
    let (first, second) = (entries[0].id, entries[1].id);
    let mut screen = PersonScreen::new(PersonId(7));
    screen.got(0, Reply::Person(Box::new(PersonSheet { entries, ..sheet(3) })));
    let desk = Desk::default();
    assert_frame("person-roster-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_eq!(screen.selected().links, vec![first.into(), second.into()]);
    screen.on(Nav::NextPane, &desk.view());
    assert_eq!(screen.selected().links, vec![first.into()], "the first case is that of the first");
}
