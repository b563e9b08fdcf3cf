use crate::api::campaign::{
    Column, MatrixCell, MatrixRow, MatrixView, PhaseView, PlanView, TaskPage, TaskRow,
};
use crate::api::duty::{DutyGroup, DutyRow, DutySheet, DutyView, ReportView};
use crate::api::reply::Reply;
use crate::api::request::{Cursor, Request};
use crate::domain::campaign::{Closing, Phase, Plan};
use crate::domain::choice::{Period, ReportManner, ReportState, TaskState, Weight};
use crate::domain::duty::{Duty, DutyTurn};
use crate::domain::ids::{DutyId, OfficerId, PlanId, TaskId, UnitId, Version};
use crate::domain::standing::Standing;
use crate::locale::Lang;
use crate::tui::page;
use crate::tui::screen::campaign::CampaignScreen;
use crate::tui::screen::campaign::checklist::Checklist;
use crate::tui::screen::campaign::duty::DutyScreen;
use crate::tui::screen::sample::{self, Desk, assert_frame, day};
use crate::tui::screen::{Nav, Screen, Step};

const PHASES: [(&str, &str, &str); 3] = [
    ("动员部署", "2026-10-10", "2026-10-15"),
    ("组织实施", "2026-10-15", "2026-10-25"),
    ("自查申报", "2026-10-25", "2026-11-10"),
];
const VILLAGES: [&str; 4] = ["张家庄村", "石桥村", "大槐树村", "五里铺村"];
const CODES: [&str; 8] = ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8"];

fn plan() -> Reply {
    let mut phases = std::collections::BTreeMap::new();
    for (number, (name, from, until)) in (1..).zip(PHASES) {
        let closing = Closing { on: day("2026-10-15"), by: None, text: None };
        let closed = (number == 1).then_some(closing);
        let (from, until) = (day(from), day(until));
        let phase = Phase { name: name.to_owned(), from, until, closed, reopened: None };
        phases.insert(number, phase);
    }
    let counted = (1..=3).map(|number| PhaseView {
        number,
        from_workday: (number == 3).then(|| day("2026-10-26")),
        until_workday: (number == 2).then(|| day("2026-10-26")),
        counts: match number {
            1 => vec![(TaskState::Done, 17)],
            2 => vec![(TaskState::Todo, 40), (TaskState::Doing, 21), (TaskState::Done, 31)],
            _ => vec![(TaskState::Todo, 37)],
        },
        late: if number == 2 { 3 } else { 0 },
        missing: if number == 1 { 0 } else { 37 },
    });
    let plan = Plan {
        id: PlanId(1),
        version: Version(2),
        key: "demonstration-town".to_owned(),
        name: "全国信访工作示范镇创建活动".to_owned(),
        year: 2026,
        phases,
        loaded_on: day("2026-10-08"),
    };
    let phases = counted.collect();
    let view = PlanView { plan, phases, others: Vec::new(), permits: Vec::new() };
    Reply::Plan(Some(Box::new(view)))
}

fn matrix() -> Reply {
    let columns = (1..).zip(CODES).map(|(order, code)| Column {
        order,
        code: code.to_owned(),
        title: "建立问题清单和责任清单".to_owned(),
        weight: Weight::Mandatory,
    });
    let states = TaskState::ALL;
    let standings = [Standing::Running, Standing::Late, Standing::Today, Standing::Soon];
    let row = |(place, name): (usize, Option<&&str>)| MatrixRow {
        village: name.map(|_| UnitId(place as u64)),
        name: name.map(|name| (*name).to_owned()),
        cells: (0..CODES.len())
            .map(|at| {
                let state = states[(place * 3 + at) % states.len()];
                let standing =
                    if state.is_settled() { Standing::Met } else { standings[(place + at) % 4] };
                let cell = MatrixCell { id: TaskId((place * 10 + at) as u64 + 1), state, standing };
                (at != 4 || place > 0).then_some(cell)
            })
            .collect(),
        settled: (place as u64 + 2, 11),
    };
    let rows = std::iter::once(None).chain(VILLAGES.iter().map(Some)).enumerate().map(row);
    Reply::Matrix(MatrixView { columns: columns.collect(), rows: rows.collect(), more: false })
}

fn filled() -> CampaignScreen {
    let mut screen = CampaignScreen::new();
    assert!(matches!(screen.got(0, plan()), Step::Ask));
    screen.got(1, matrix());
    screen
}

#[test]
fn time_line_and_matrix_are_straight_in_every_size_and_language() {
    assert_frame("campaign-80x24", &Desk::default().drawn(&mut filled(), (80, 24)));
    assert_frame("campaign-120x40", &Desk::default().drawn(&mut filled(), (120, 40)));
    assert_frame("campaign-200x60", &Desk::default().drawn(&mut filled(), (200, 60)));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("campaign-en-80x24", &desk.drawn(&mut filled(), (80, 24)));
    Desk::default().draw_in_every_size(&mut filled());
    Desk::default().draw_in_every_size(&mut CampaignScreen::new());
}

#[test]
fn arrows_go_from_cell_to_cell_and_tab_from_phase_to_phase() {
    let desk = Desk::default();
    let mut screen = filled();
    desk.drawn(&mut screen, (80, 24));
    assert_eq!(screen.phase, 2, "the phase that is being worked on");
    for nav in [Nav::Down, Nav::Right, Nav::Right] {
        screen.on(nav, &desk.view());
    }
    assert_eq!(screen.selected().record, Some(TaskId(12).into()));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Push(_)));
    screen.on(Nav::Mark, &desk.view());
    assert_eq!(screen.marked, [TaskId(12)]);
    assert!(matches!(screen.on(Nav::Tick, &desk.view()), Step::Push(_)));
    assert!(screen.marked.is_empty(), "they are in the preview now");
    screen.on(Nav::Mark, &desk.view());
    assert_eq!(screen.marked.len(), 1);
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    let Some(Request::Matrix(query)) = screen.wants().pop() else { panic!("no matrix") };
    assert_eq!(query.phase, 3);
    assert!(screen.marked.is_empty(), "what is seen no more is not marked either");
    assert!(screen.selected().given.contains(&("phase".to_owned(), "3".to_owned())));
}

fn task_row(id: u64) -> TaskRow {
    let states = TaskState::ALL;
    let state = states[id as usize % states.len()];
    TaskRow {
        id: TaskId(id),
        version: Version(1),
        phase: 2,
        code: format!("2.{id}"),
        title: "重复信访治理和积案依法化解".to_owned(),
        deliverable: Some("积案清单、办理结果".to_owned()),
        who: Some("各村、各部门".to_owned()),
        village: Some("大槐树村".to_owned()),
        officer: Some("田庆丰".to_owned()),
        from: day("2026-10-15"),
        until: day("2026-10-25"),
        until_workday: Some(day("2026-10-26")),
        state,
        standing: if state.is_settled() { Standing::Met } else { Standing::Running },
        days_left: 5,
        weight: Weight::Mandatory,
        n_evidence: 0,
        cursor: Cursor(id.to_string()),
    }
}

#[test]
fn a_checklist_is_straight_and_marks_rows_with_space() {
    let desk = Desk::default();
    let list = (PlanId(1), crate::api::campaign::TaskList::Village(UnitId(8)));
    let mut screen = Checklist::new(list, "大槐树村".to_owned());
    let rows = (1..=9).map(task_row).collect();
    screen.got(0, Reply::Tasks(TaskPage { rows, before: false, after: false }));
    screen.on(Nav::Mark, &desk.view());
    assert_frame("checklist-80x24", &desk.drawn(&mut screen, (80, 24)));
    let english = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("checklist-en-120x40", &english.drawn(&mut screen, (120, 40)));
    Desk::default().draw_in_every_size(&mut screen);
    assert!(matches!(screen.on(Nav::Stage, &desk.view()), Step::Ask));
    let Some(Request::Tasks(query)) = screen.wants().pop() else { panic!("no list") };
    assert!(query.late_only);
}

fn duty_row(place: u64, state: ReportState) -> DutyRow {
    let village = VILLAGES.get(place as usize).map(|name| (*name).to_owned());
    let report = ReportView {
        on: day("2026-10-16"),
        entered_on: day("2026-10-17"),
        by: Some("李娟".to_owned()),
        reporter: Some("石守义".to_owned()),
        manner: Some(ReportManner::Message),
        signer: Some("王村长".to_owned()),
        document: None,
        place: Some("2026-10-3盒".to_owned()),
        text: Some("排查表没有写处理人".to_owned()),
    };
    DutyRow {
        id: DutyId(place + 1),
        version: Version(1),
        code: "M3".to_owned(),
        title: "矛盾纠纷排查(一月一排查)".to_owned(),
        village,
        officer: None,
        key: "2026-10".to_owned(),
        due: day("2026-10-20"),
        due_workday: None,
        state,
        standing: if state.is_settled() { Standing::Met } else { Standing::Today },
        days_left: 0,
        newest: (state != ReportState::Owed).then_some(report),
        n_before: u64::from(state == ReportState::Owed),
    }
}

fn duties() -> Reply {
    let states =
        [ReportState::Reported, ReportState::Owed, ReportState::SentBack, ReportState::Zero];
    let rows: Vec<DutyRow> =
        (0..).zip(states).map(|(place, state)| duty_row(place, state)).collect();
    let screening = DutyGroup {
        code: "M3".to_owned(),
        title: "矛盾纠纷排查(一月一排查)".to_owned(),
        output: Some("排查表及分析(无矛盾的报零)".to_owned()),
        who: Some("各村".to_owned()),
        period: Period::Month,
        key: "2026-10".to_owned(),
        days: (day("2026-10-01"), day("2026-10-31")),
        due: day("2026-10-20"),
        due_workday: None,
        zero: true,
        counts: ReportState::ALL.iter().map(|state| (*state, 1)).collect(),
        rows,
    };
    let meeting = DutyGroup {
        code: "M7".to_owned(),
        title: "信访形势分析会议".to_owned(),
        key: "2026-Q4".to_owned(),
        period: Period::Quarter,
        zero: false,
        due: day("2026-12-31"),
        counts: vec![(ReportState::Owed, 1)],
        rows: vec![DutyRow {
            due: day("2026-12-31"),
            days_left: 72,
            standing: Standing::Running,
            n_before: 0,
            ..duty_row(9, ReportState::Owed)
        }],
        ..screening.clone()
    };
    Reply::Duties(DutyView { groups: vec![screening, meeting] })
}

fn mechanism() -> CampaignScreen {
    let mut screen = filled();
    let desk = Desk::default();
    screen.on(Nav::NextPane, &desk.view());
    screen.on(Nav::NextPane, &desk.view());
    assert!(matches!(screen.wants().pop(), Some(Request::Duties(_))));
    screen.got(1, duties());
    screen
}

#[test]
fn recurring_work_shows_who_has_reported_and_who_has_not() {
    assert_frame("duties-80x24", &Desk::default().drawn(&mut mechanism(), (80, 24)));
    let desk = Desk { lang: Lang::En, ..Desk::default() };
    assert_frame("duties-en-120x40", &desk.drawn(&mut mechanism(), (120, 40)));
    Desk::default().draw_in_every_size(&mut mechanism());
}

#[test]
fn arrows_go_to_an_earlier_period_and_a_key_shows_what_is_owed() {
    let desk = Desk::default();
    let mut screen = mechanism();
    desk.drawn(&mut screen, (80, 24));
    screen.on(Nav::Down, &desk.view());
    let selected = screen.selected();
    assert_eq!(selected.record, Some(DutyId(2).into()));
    let given = [("period", "2026-10"), ("forms", "M3"), ("of_village", ""), ("owing", "2")];
    assert_eq!(selected.given, given.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert!(matches!(screen.on(Nav::Left, &desk.view()), Step::Ask));
    assert!(matches!(screen.on(Nav::Stage, &desk.view()), Step::Ask));
    let Some(Request::Duties(query)) = screen.wants().pop() else { panic!("no list") };
    assert_eq!((query.back, query.owed_only), (1, true));
    assert!(matches!(screen.on(Nav::Page, &desk.view()), Step::Push(_)));
    assert!(matches!(screen.on(Nav::Open, &desk.view()), Step::Push(_)));
    screen.on(Nav::NextPane, &desk.view());
    assert!(matches!(screen.wants().pop(), Some(Request::Matrix(_))), "and round to the phases");
}

#[test]
fn a_reminder_names_who_has_not_reported_and_nobody_else() {
    let Reply::Duties(view) = duties() else { panic!("no list") };
    let text = page::reminder(Lang::Zh, &sample::me(), &view.groups[0]);
    assert!(text.contains("未报：石桥村。") && text.contains("退回待补：大槐树村。"), "{text}");
    assert!(!text.contains("张家庄村") && !text.contains("五里铺村"), "{text}");
    assert!(text.contains("2026-10-20") && text.contains("报零"), "{text}");
}

#[test]
fn the_sheet_of_recurring_work_tells_each_period_and_its_story() {
    let turn = |state, on: &str| DutyTurn {
        period: "2026-10".to_owned(),
        state,
        on: day(on),
        entered_on: day("2026-10-18"),
        by: Some(OfficerId(1)),
        reporter: (state != ReportState::SentBack).then(|| "石守义".to_owned()),
        manner: Some(ReportManner::Paper),
        signer: Some("王村长".to_owned()),
        document: Some("1号".to_owned()),
        place: None,
        text: Some("排查表没有写处理人".to_owned()),
        until: None,
    };
    let turns =
        [turn(ReportState::Reported, "2026-10-16"), turn(ReportState::SentBack, "2026-10-18")];
    let duty = Duty {
        id: DutyId(3),
        version: Version(3),
        plan: PlanId(1),
        order: 2,
        code: "M3".to_owned(),
        title: "矛盾纠纷排查(一月一排查)".to_owned(),
        output: Some("排查表及分析(无矛盾的报零)".to_owned()),
        who: Some("各村".to_owned()),
        village: Some(UnitId(3)),
        unit: None,
        officer: None,
        period: Period::Month,
        day: 20,
        from: day("2026-10-10"),
        until: None,
        proof: true,
        zero: true,
        basis: Some("六(三)".to_owned()),
        turns: (1..).zip(turns).collect(),
        last_turn: 2,
    };
    let sheet = DutySheet {
        duty,
        unit: Some("大槐树村".to_owned()),
        rows: vec![duty_row(2, ReportState::SentBack)],
        officers: vec![(OfficerId(1), "李娟".to_owned())],
        permits: Vec::new(),
    };
    let mut screen = DutyScreen::new(DutyId(3));
    screen.got(0, Reply::Duty(Box::new(sheet)));
    assert_frame("duty-80x24", &Desk::default().drawn(&mut screen, (80, 24)));
    Desk::default().draw_in_every_size(&mut screen);
}
