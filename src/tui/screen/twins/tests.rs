use super::TwinsScreen;
use crate::api::door::Notice;
use crate::api::like::{APART, Among, LikeCase, LikePerson, Reason, TwinView, Twins};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::case::Stage;
use crate::domain::ids::{CaseId, PersonId, Version};
use crate::locale::Lang;
use crate::tui::screen::sample::{Desk, assert_frame, day};
use crate::tui::screen::{Nav, Screen, Step};

fn case(id: u64, (person, title): (&str, &str), stage: Stage) -> LikeCase {
    LikeCase {
        id: CaseId(id),
        version: Version(2),
        number: format!("青信2026-{id:04}"),
        title: title.to_owned(),
        stage,
        person: Some(person.to_owned()),
        persons: vec![PersonId(id)],
        holder: None,
        n_receipts: 1,
        last_on: day("2026-10-12"),
        received_on: day("2026-10-12"),
        reasons: vec![Reason::Text { percent: if id < 20 { 100 } else { 92 } }],
        not_joined: None,
    }
}

fn matters() -> TwinView {
    let told = |key: &str, cases: Vec<LikeCase>| Twins {
        key: key.to_owned(),
        n_records: cases.len() as u64,
        cases,
        ..Twins::default()
    };
    let road = "张家庄村修路占地补偿款未到账";
    TwinView {
        groups: vec![
            told(
                "0a",
                vec![
                    LikeCase {
                        persons: vec![PersonId(22)],
                        ..case(21, ("王丽", "石桥村水渠漏水"), Stage::Ended)
                    },
                    case(22, ("王丽", "水渠又漏水，麦田被淹"), Stage::Handling),
                    case(23, ("李梅", "石桥村水渠漏水"), Stage::Registered),
                ],
            ),
            told(
                "0b",
                vec![
                    case(11, ("张小明", road), Stage::Handling),
                    case(12, ("赵满仓", road), Stage::Registered),
                ],
            ),
        ],
        n_groups: 2,
        n_records: 5,
        ..TwinView::default()
    }
}

fn persons() -> TwinView {
    let person = |id, phone: Option<&str>, reasons| LikePerson {
        id: PersonId(id),
        name: Some("张小明".to_owned()),
        village: Some("张家庄村".to_owned()),
        phone: phone.map(str::to_owned),
        reasons,
    };
    let persons = vec![
        person(3, Some("138****1234"), vec![Reason::Phone, Reason::NameAndVillage]),
        person(8, None, vec![Reason::NameAndVillage]),
    ];
    let group = Twins { key: "0c".to_owned(), n_records: 2, persons, ..Twins::default() };
    TwinView {
        groups: vec![group],
        n_groups: 1,
        n_records: 2,
        n_apart: 1,
        apart: vec!["0d".to_owned()],
        ..TwinView::default()
    }
}

fn filled(view: TwinView) -> TwinsScreen {
    let mut screen = TwinsScreen::default();
    screen.got(0, Reply::Twins(Box::new(view)));
    screen
}

#[test]
fn each_group_is_numbered_and_says_why() {
    let desk = Desk::default();
    let mut screen = filled(matters());
    assert_frame("twins-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("twins-120x40", &desk.drawn(&mut screen, (120, 40)));
    screen.on(Nav::NextPane, &desk.view());
    assert!(desk.drawn(&mut screen, (80, 24)).contains("正在比对"));
    screen.got(0, Reply::Twins(Box::new(persons())));
    assert_frame("twins-persons-80x24", &desk.drawn(&mut screen, (80, 24)));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("twins-en-80x24", &desk.drawn(&mut filled(matters()), (80, 24)));
}

#[test]
fn a_matter_is_joined_to_the_oldest_pending_one_of_its_group() {
    let desk = Desk::default();
    let mut screen = filled(matters());
    let said = |screen: &mut TwinsScreen| match screen.on(Nav::Tick, &desk.view()) {
        Step::Say(key, _) => key,
        Step::Run(word) => word.to_owned(),
        _ => panic!("something else"),
    };
    assert_eq!(said(&mut screen), "twins.has_ended");
    screen.on(Nav::Down, &desk.view());
    assert_eq!(said(&mut screen), "repeat", "what has ended before it");
    let begun = screen.selected().begun;
    assert_eq!(begun, [("of".to_owned(), "青信2026-0021".to_owned())]);
    screen.on(Nav::Down, &desk.view());
    assert_eq!(said(&mut screen), "merge_into");
    let begun = screen.selected().begun;
    assert_eq!(begun, [("into".to_owned(), "青信2026-0022".to_owned())]);
    screen.on(Nav::Down, &desk.view());
    assert_eq!(said(&mut screen), "twins.is_first", "there is none before it");
    let mut screen = filled(persons());
    assert_eq!(said(&mut screen), "merge_person");
    assert_eq!(screen.selected().begun, [("other".to_owned(), "8".to_owned())]);
}

#[test]
fn what_is_set_apart_is_kept_and_let_go_together() {
    let desk = Desk::default();
    let mut screen = filled(persons());
    let Step::Prefer(name, value) = screen.on(Nav::Mark, &desk.view()) else { panic!("nothing") };
    assert_eq!((name.as_str(), value.as_str()), (APART, "0d 0c"));
    assert!(desk.drawn(&mut screen, (80, 24)).contains("没有疑似重复的"));
    assert!(matches!(screen.on(Nav::Mark, &desk.view()), Step::Say(..)), "there is no other");
    let Step::Prefer(_, value) = screen.on(Nav::Clear, &desk.view()) else { panic!("nothing") };
    assert_eq!(value, "");
    let mut many = matters();
    many.apart = (0..600).map(|key| format!("{key:08x}")).collect();
    let Step::Prefer(_, value) = filled(many).on(Nav::Mark, &desk.view()) else { panic!("none") };
    assert!(value.len() <= 4_000 && value.ends_with("0a"), "the oldest decision goes first");
}

#[test]
fn a_matter_repeats_only_what_the_same_person_raised_before_and_kept_history_stays_as_it_is() {
    let desk = Desk::default();
    let said = |view: TwinView| {
        let mut screen = filled(view);
        screen.on(Nav::Down, &desk.view());
        match screen.on(Nav::Tick, &desk.view()) {
            Step::Say(key, _) => key,
            Step::Run(word) => word.to_owned(),
            _ => panic!("something else"),
        }
    };
    assert_eq!(said(matters()), "repeat");
    let mut later = matters();
    later.groups[0].cases[0].received_on = day("2026-10-13");
    assert_eq!(said(later), "twins.is_first", "it came after");
    let mut others = matters();
    others.groups[0].cases[0].persons = vec![PersonId(99)];
    assert_eq!(said(others), "twins.is_first", "somebody else raised it");
    let mut kept = matters();
    kept.groups[0].cases[1].stage = Stage::History;
    assert_eq!(said(kept), "twins.is_history");
}

#[test]
fn what_is_not_seen_is_not_followed_and_pages_follow_near_the_end() {
    let touched = |id| Notice { touched: vec![CaseId(id).into()], ..Notice::default() };
    let mut screen = filled(matters());
    assert!(screen.touched(&touched(22)) && !screen.touched(&touched(99)));
    screen.refused(0, &Refusal::new(RefusalKind::Fault, "fault"));
    let asked = |screen: &TwinsScreen| match screen.wants().remove(0) {
        Request::Twins(query) => (query.among, query.from),
        other => panic!("{other:?}"),
    };
    assert_eq!(asked(&screen), (Among::Matters, 0));
    let page = |more| TwinView { more, n_groups: 4, ..matters() };
    let mut screen = filled(page(true));
    let desk = Desk::default();
    desk.drawn(&mut screen, (80, 24));
    assert!(matches!(screen.on(Nav::Last, &desk.view()), Step::Ask));
    assert_eq!(asked(&screen), (Among::Matters, 2));
    assert!(matches!(screen.got(0, Reply::Twins(Box::new(page(false)))), Step::Stay));
    assert_eq!(screen.groups().len(), 4, "what is seen grows");
    // Asked again after a change, as many come as were there.
    assert_eq!(asked(&screen), (Among::Matters, 0));
    assert!(matches!(screen.got(0, Reply::Twins(Box::new(page(true)))), Step::Ask));
    assert_eq!(screen.groups().len(), 4, "and until then nothing moves");
    assert_eq!(asked(&screen), (Among::Matters, 2));
    assert!(matches!(screen.got(0, Reply::Twins(Box::new(page(false)))), Step::Stay));
}

#[test]
fn a_group_that_is_not_told_whole_says_how_many_more_there_are() {
    let desk = Desk::default();
    let mut view = matters();
    view.groups[0].n_records = 31;
    let mut screen = filled(view);
    assert!(desk.drawn(&mut screen, (80, 24)).contains("另有 28 条没有列出"));
    for _ in 0..3 {
        screen.on(Nav::Down, &desk.view());
    }
    assert!(matches!(screen.on(Nav::Tick, &desk.view()), Step::Say(..)), "it is no record");
}
