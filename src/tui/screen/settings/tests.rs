//! The settings of the office, drawn; and what a row runs.

use super::SettingsScreen;
use crate::api::limit::LimitRow;
use crate::api::reply::{OfficerRow, Reply};
use crate::api::setting::{ClerkRow, SetRow, SettingsView, YearRow};
use crate::domain::choice::Role;
use crate::domain::ids::{ClerkId, Kind, OfficerId, Version};
use crate::locale::Lang;
use crate::tui::screen::sample::{Desk, assert_frame, day};
use crate::tui::screen::{Nav, Screen, Step};

fn pairs(values: &[(&str, &str)]) -> Vec<(String, String)> {
    values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn clerk(id: u64, login: &str, roles: &[Role]) -> ClerkRow {
    ClerkRow {
        id: ClerkId(id),
        version: Version(1),
        login: login.to_owned(),
        uid: 1000,
        officer: Some("李娟".to_owned()),
        roles: roles.to_vec(),
        unit: (id == 2).then(|| "张家庄村".to_owned()),
        is_open: id != 3,
        closed_on: (id == 3).then(|| day("2026-09-30")),
        values: Vec::new(),
    }
}

fn set(built_in: &str, norm: &str, is_on: bool) -> SetRow {
    SetRow {
        built_in: Some(built_in.to_owned()),
        norm: norm.to_owned(),
        is_on,
        n_limits: 4,
        on: is_on.then(|| day("2026-10-01")),
        n_moved: 12,
    }
}

fn view(clerks: Option<Vec<ClerkRow>>) -> Reply {
    Reply::Settings(Box::new(SettingsView {
        version: Version(3),
        values: pairs(&[
            ("town", "青石镇"),
            ("code", "青信"),
            ("population", "50000"),
            ("position", "23"),
            ("soon_workdays", "3"),
            ("half_time_percent", ""),
            ("group_people", "10"),
            ("idle_minutes", ""),
            ("backup_days", ""),
        ]),
        clerks,
        sets: vec![
            set("example-local", "某省信访条例(示例)", false),
            set("example-channels", "渠道时限(示例)", true),
        ],
        years: vec![YearRow {
            year: 2026,
            n_workdays: 248,
            n_off: 33,
            n_work: 6,
            notice: Some("国办发明电〔2025〕7号".to_owned()),
            loaded_on: None,
        }],
    }))
}

fn filled() -> SettingsScreen {
    let mut screen = SettingsScreen::new();
    let clerks = vec![
        clerk(1, "lijuan", &[Role::Admin, Role::Director]),
        clerk(2, "zhangcun", &[Role::Village]),
        clerk(3, "wanglei", &[Role::Clerk]),
    ];
    screen.got(0, view(Some(clerks)));
    let officer = OfficerRow {
        id: OfficerId(1),
        version: Version(1),
        name: "王建国".to_owned(),
        post: Some("镇长".to_owned()),
        unit: None,
        leads: true,
        head: true,
        in_office: true,
        n_cases: 7,
        values: pairs(&[("name", "王建国"), ("head_from", "2026-01-01")]),
    };
    screen.got(1, Reply::Officers(vec![officer]));
    let limit = LimitRow {
        id: "notice".to_owned(),
        name: Some("书面告知".to_owned()),
        norm: "信访工作条例".to_owned(),
        article: "23(1)".to_owned(),
        length: 15,
        unit: "day".to_owned(),
        effect: "duty".to_owned(),
        certainty: "P".to_owned(),
        in_force_from: day("2022-05-01"),
        ..LimitRow::default()
    };
    screen.got(2, Reply::Limits(vec![limit]));
    screen
}

#[test]
fn every_part_of_the_settings_is_drawn() {
    let mut desk = Desk::default();
    let mut screen = filled();
    assert_frame("settings-80x24", &desk.drawn(&mut screen, (80, 24)));
    for name in ["settings-clerks-80x24", "settings-calendar-80x24", "settings-limits-80x24"] {
        screen.on(Nav::NextPane, &desk.view());
        assert_frame(name, &desk.drawn(&mut screen, (80, 24)));
    }
    screen.on(Nav::NextPane, &desk.view());
    assert_frame("settings-caps-120x40", &desk.drawn(&mut screen, (120, 40)));
    desk.lang = Lang::En;
    assert_frame("settings-en-80x24", &desk.drawn(&mut filled(), (80, 24)));
    desk.draw_in_every_size(&mut filled());
}

#[test]
fn a_row_runs_what_changes_it_and_a_set_is_switched_by_its_own_name() {
    let desk = Desk::default();
    let view_of = desk.view();
    let mut screen = filled();
    assert_eq!(screen.selected().focus, Some("town"));
    assert!(matches!(screen.on(Nav::Open, &view_of), Step::Run("edit_office")));
    screen.on(Nav::Last, &view_of);
    assert_eq!(screen.selected().record, Some(OfficerId(1).into()));
    screen.on(Nav::NextPane, &view_of);
    assert_eq!(screen.selected().record.map(|record| record.kind), Some(Kind::Clerk));
    screen.on(Nav::Last, &view_of);
    assert!(matches!(screen.on(Nav::Open, &view_of), Step::Run("add_clerk")));
    screen.on(Nav::NextPane, &view_of);
    screen.on(Nav::NextPane, &view_of);
    assert!(matches!(screen.on(Nav::Open, &view_of), Step::Run("law_on")));
    let given = screen.selected().given;
    assert_eq!(given, pairs(&[("built_in", "example-local")]));
    screen.on(Nav::Down, &view_of);
    assert!(matches!(screen.on(Nav::Open, &view_of), Step::Run("law_off")));
}

#[test]
fn who_may_not_see_the_accounts_is_told_so() {
    let desk = Desk::default();
    let mut screen = filled();
    screen.got(0, view(None));
    screen.on(Nav::NextPane, &desk.view());
    assert_eq!(screen.selected().record, None);
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Pass));
}
