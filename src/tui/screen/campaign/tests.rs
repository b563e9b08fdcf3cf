use crate::api::campaign::{
    Column, MatrixCell, MatrixRow, MatrixView, PhaseView, PlanView, TaskPage, TaskRow,
};
use crate::api::reply::Reply;
use crate::api::request::{Cursor, Request};
use crate::domain::campaign::{Closing, Phase, Plan};
use crate::domain::choice::{TaskState, Weight};
use crate::domain::ids::{PlanId, TaskId, UnitId, Version};
use crate::domain::standing::Standing;
use crate::locale::Lang;
use crate::tui::screen::campaign::CampaignScreen;
use crate::tui::screen::campaign::checklist::Checklist;
use crate::tui::screen::sample::{Desk, assert_frame, day};
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
    assert!(matches!(screen.on(Nav::NextPane, &desk.view()), Step::Ask));
    let Some(Request::Matrix(query)) = screen.wants().pop() else { panic!("no matrix") };
    assert_eq!(query.phase, 3);
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
