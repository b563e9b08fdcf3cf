//! Units and officers drawn from made-up rows, and walked by keys.

use super::UnitsScreen;
use crate::api::reply::{OfficerRow, Reply, UnitRow};
use crate::api::unit::{UnitPerson, UnitSheet};
use crate::domain::act::Act;
use crate::domain::choice::UnitKind;
use crate::domain::ids::{OfficerId, UnitId, Version};
use crate::domain::unit_note::{NoteKind, UnitNote};
use crate::locale::Lang;
use crate::tui::key::Key;
use crate::tui::screen::sample::{Desk, assert_frame, day};
use crate::tui::screen::units::sheet::UnitScreen;
use crate::tui::screen::{Nav, Screen, Step};

fn unit(id: u64, name: &str, kind: UnitKind, more: &[(&str, &str)]) -> UnitRow {
    let own = [("name", name)];
    let values = own.iter().chain(more);
    UnitRow {
        id: UnitId(id),
        version: Version(1),
        name: name.to_owned(),
        kind,
        head: None,
        exists: id != 4,
        values: values.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
    }
}

fn officer(id: u64, name: &str, unit: &str) -> OfficerRow {
    OfficerRow {
        id: OfficerId(id),
        version: Version(1),
        name: name.to_owned(),
        post: Some("副镇长".to_owned()),
        unit: Some(unit.to_owned()),
        leads: id == 1,
        head: id == 1,
        in_office: id != 3,
        n_cases: id * 7,
        values: vec![
            ("name".to_owned(), name.to_owned()),
            ("phone".to_owned(), "0500-1234567".to_owned()),
        ],
    }
}

fn filled() -> UnitsScreen {
    let mut screen = UnitsScreen::new();
    let village = [("head", "孙立"), ("population", "1860"), ("looked_after_by", "自然资源所")];
    screen.got(
        0,
        Reply::Units(vec![
            unit(1, "张家庄村", UnitKind::Village, &village),
            unit(2, "自然资源所", UnitKind::Station, &[("phone", "0500-7654321")]),
            unit(3, "石桥村", UnitKind::Village, &village),
            unit(4, "旧站", UnitKind::Station, &[]),
        ]),
    );
    screen.got(
        1,
        Reply::Officers(vec![
            officer(1, "王建国", "自然资源所"),
            officer(2, "欧阳建国", "自然资源所"),
            officer(3, "赵敏", "旧站"),
        ]),
    );
    screen
}

#[test]
fn units_and_officers_are_drawn() {
    let mut desk = Desk::default();
    let mut screen = filled();
    let at = (0..4).find(|_| {
        let is_station = screen.selected().name == "自然资源所";
        if !is_station {
            screen.on(Nav::Down, &desk.view());
        }
        is_station
    });
    assert!(at.is_some(), "the station is in the list");
    assert_frame("units-80x24", &desk.drawn(&mut screen, (80, 24)));
    screen.on(Nav::NextPane, &desk.view());
    assert_frame("units-officers-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_frame("units-officers-120x40", &desk.drawn(&mut screen, (120, 40)));
    desk.lang = Lang::En;
    assert_frame("units-en-80x24", &desk.drawn(&mut filled(), (80, 24)));
    desk.draw_in_every_size(&mut filled());
}

#[test]
fn what_is_selected_is_edited_and_a_text_narrows() {
    let desk = Desk::default();
    let view = desk.view();
    let mut screen = filled();
    assert!(matches!(screen.on(Nav::Open, &view), Step::Push(sheet) if sheet.name() == "unit"));
    // Who may not read the sheet of a unit may still correct it.
    let mut admin = Desk::default();
    admin.me.denied.push(Act::ReadUnit);
    assert!(matches!(screen.on(Nav::Open, &admin.view()), Step::Run("edit_unit")));
    screen.on(Nav::Filter, &view);
    for char in "石桥".chars() {
        screen.typed(Key::Char(char), &view);
    }
    screen.typed(Key::Enter, &view);
    assert_eq!(screen.selected().record, Some(UnitId(3).into()));
    screen.on(Nav::NextPane, &view);
    assert_eq!(screen.selected().record, Some(OfficerId(1).into()));
    assert!(matches!(screen.on(Nav::Open, &view), Step::Run("edit_officer")));
    let empty = UnitsScreen::new();
    assert_eq!(empty.selected().record, None);
}

fn unit_sheet(n_notes: u32) -> UnitSheet {
    let note = |at: u32| UnitNote {
        kind: if at.is_multiple_of(2) { NoteKind::Circular } else { NoteKind::Meeting },
        on: day("2026-10-08") + chrono::Duration::days(i64::from(at)),
        entered_on: day("2026-10-12"),
        by: Some(OfficerId(1)),
        decided_by: "联席会议召集人".to_owned(),
        why: format!("第{at}次：三件初访超过期限没有答复，两件答复没有送达"),
        follows: Some("一周内逐件答复，月底前报整改情况".to_owned()),
        document: Some("青信通〔2026〕3号".to_owned()),
    };
    let village = [("head", "孙立"), ("population", "1860"), ("looked_after_by", "自然资源所")];
    UnitSheet {
        row: unit(1, "张家庄村", UnitKind::Village, &village),
        people: vec![UnitPerson {
            name: "孙立".to_owned(),
            post: Some("村支书".to_owned()),
            phone: Some("0500-7654321".to_owned()),
        }],
        villages: Vec::new(),
        notes: (1..=n_notes).map(|at| (at, note(at))).collect(),
        officers: [(OfficerId(1), "李娟".to_owned())].into(),
        permits: vec![(Act::NoteUnit, None)],
    }
}

#[test]
fn a_unit_is_shown_with_what_was_recorded_the_newest_first_and_in_full_below() {
    let desk = Desk::default();
    let mut screen = UnitScreen::new(UnitId(1));
    screen.got(0, Reply::Unit(Box::new(unit_sheet(3))));
    assert_frame("unit-80x24", &desk.drawn(&mut screen, (80, 24)));
    assert_eq!(screen.selected().given, vec![("note".to_owned(), "3".to_owned())]);
    screen.on(Nav::Down, &desk.view());
    assert_eq!(screen.selected().given, vec![("note".to_owned(), "2".to_owned())]);
    let english = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("unit-en-120x40", &english.drawn(&mut screen, (120, 40)));
    let mut empty = UnitScreen::new(UnitId(1));
    empty.got(0, Reply::Unit(Box::new(unit_sheet(0))));
    assert!(desk.drawn(&mut empty, (80, 24)).contains("F7 记一条"));
    let mut many = UnitScreen::new(UnitId(1));
    many.got(0, Reply::Unit(Box::new(unit_sheet(60))));
    many.on(Nav::Last, &desk.view());
    assert!(desk.drawn(&mut many, (80, 24)).contains("第1次"));
    Desk::default().draw_in_every_size(&mut many);
}
