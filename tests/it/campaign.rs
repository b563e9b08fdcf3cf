//! The campaign, worked from its first day to the self-inspection.

use anjie::api::campaign::{
    MatrixQuery, MatrixView, PlanView, TaskList, TaskQuery, TaskRow, TickTerms,
};
use anjie::api::door::Door;
use anjie::api::incoming::{ImportRow, Piece};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{AgendaQuery, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::choice::{TaskState, Weight};
use anjie::domain::ids::{Kind, TaskId, UnitId};
use anjie::domain::standing::Standing;
use anjie::service::Session;

use crate::desk::{Office, day};

const VILLAGES: [&str; 3] = ["张家庄村", "石桥村", "柳树沟村"];

fn office(today: &str) -> Office {
    let mut office = Office::on(today);
    for village in VILLAGES {
        office.unit(village, "village");
    }
    let fields = [("template", "demonstration-town"), ("year", "2026")];
    office.done(Act::LoadPlan, None, &fields);
    office
}

fn plan(office: &mut Office) -> Box<PlanView> {
    match office.ask(Request::Plan { id: None }).unwrap() {
        Reply::Plan(Some(view)) => view,
        other => panic!("a plan was answered with {other:?}"),
    }
}

fn list(office: &mut Office, list: TaskList) -> Vec<TaskRow> {
    match office.ask(Request::Tasks(TaskQuery::of(None, list))).unwrap() {
        Reply::Tasks(page) => {
            assert!(!page.after);
            page.rows
        }
        other => panic!("a list was answered with {other:?}"),
    }
}

fn matrix(office: &mut Office, phase: u32) -> MatrixView {
    let id = plan(office).plan.id;
    let query = MatrixQuery { plan: id, phase, from: 0, most: 60 };
    match office.ask(Request::Matrix(query)).unwrap() {
        Reply::Matrix(view) => view,
        other => panic!("a matrix was answered with {other:?}"),
    }
}

/// The number of the task of a code at a place.
fn task(office: &mut Office, code: &str, village: Option<&str>) -> u64 {
    let rows = list(office, TaskList::Code(code.to_owned()));
    let own = rows.iter().find(|row| row.village.as_deref() == village);
    own.unwrap_or_else(|| panic!("no task {code} of {village:?}")).id.0
}

fn finish(office: &mut Office, code: &str, village: Option<&str>, on: &str) {
    let id = task(office, code, village);
    let fields = [("on", on), ("document", "青信创〔2026〕1号")];
    office.done(Act::FinishTask, Some(id), &fields);
}

fn refused(office: &mut Office, act: Act, on: Option<u64>, fields: &[(&str, &str)]) -> Refusal {
    office.try_do(act, on, fields).unwrap_err()
}

fn move_to(office: &mut Office, today: &str) {
    office.done(Act::MoveToday, None, &[("today", today)]);
}

#[test]
fn each_task_of_the_plan_stands_in_each_place_where_it_belongs() {
    let mut office = office("2026-10-08");
    let all = list(&mut office, TaskList::All);
    assert_eq!(all.len(), 13 + 11 * 3);
    let town: Vec<String> =
        list(&mut office, TaskList::Town).into_iter().map(|row| row.code).collect();
    let of_town =
        ["1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "2.6", "2.7", "2.8", "3.3"];
    assert_eq!(town, of_town);
    for village in 1..=3 {
        let rows = list(&mut office, TaskList::Village(UnitId(village)));
        let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
        let of_village =
            ["1.4", "2.1", "2.3", "2.4", "2.5", "2.6", "2.8", "2.9", "3.1", "3.2", "3.3"];
        assert_eq!(codes, of_village);
    }
    let found =
        office.ask(Request::Find { text: "自查总结".into(), kinds: vec![Kind::Task], most: 9 });
    let Reply::Found(found) = found.unwrap() else { panic!("no hits") };
    assert_eq!(found.total, 3);
    assert!(office.is_sound());
}

/// Tasks that are done or excused, being worked on, sent back, late.
fn counts(office: &mut Office, phase: usize) -> (u64, u64, u64, u64) {
    let view = plan(office);
    let phase = &view.phases[phase - 1];
    let settled = phase.count(TaskState::Done) + phase.count(TaskState::NotApplicable);
    (settled, phase.count(TaskState::Doing), phase.count(TaskState::SentBack), phase.late)
}

#[test]
fn a_task_whose_last_day_is_a_rest_day_is_late_the_day_after() {
    let mut office = office("2026-10-25");
    let standing = |office: &mut Office| matrix(office, 2).rows[0].cells[0].unwrap().standing;
    assert_eq!(standing(&mut office), Standing::Today, "10-25 is a Sunday");
    move_to(&mut office, "2026-10-26");
    assert_eq!(standing(&mut office), Standing::Late, "the plan's days do not move");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, from the first day to the last")]
fn the_plan_is_worked_from_its_first_day_to_the_self_inspection() {
    let mut office = office("2026-10-08");
    let first = matrix(&mut office, 1);
    let standing = first.rows[0].cells[0].unwrap().standing;
    assert_eq!(standing, Standing::NotStarted, "before its first day");
    let sunday = plan(&mut office);
    assert_eq!(sunday.phases[1].until_workday, Some(day("2026-10-26")), "10-25 is a Sunday");
    assert_eq!(sunday.phases[0].from_workday, None, "10-10 is a working Saturday");

    move_to(&mut office, "2026-10-10");
    assert_eq!(matrix(&mut office, 1).rows[0].cells[0].unwrap().standing, Standing::Soon);
    finish(&mut office, "1.1", None, "2026-10-10");
    finish(&mut office, "1.5", None, "2026-10-10");
    move_to(&mut office, "2026-10-13");
    finish(&mut office, "1.2", None, "2026-10-12");
    finish(&mut office, "1.3", None, "2026-10-13");
    move_to(&mut office, "2026-10-15");
    assert_eq!(counts(&mut office, 1), (4, 0, 0, 0));
    assert_eq!(matrix(&mut office, 1).rows[1].cells[3].unwrap().standing, Standing::Today);
    move_to(&mut office, "2026-10-16");
    assert_eq!(counts(&mut office, 1), (4, 0, 0, 4), "town and three villages are late with 1.4");
    let missing = list(&mut office, TaskList::Missing(1));
    assert!(missing.iter().all(|row| row.code == "1.4" && row.standing == Standing::Late));
    let plan_id = plan(&mut office).plan.id.0;
    let close = |phase: &'static str, on| [("phase", phase), ("on", on)];
    let refusal = refused(&mut office, Act::ClosePhase, Some(plan_id), &close("1", "2026-10-16"));
    assert_eq!(refusal.key, "broken.tasks_are_missing");
    assert_eq!(refusal.args, [("count".to_owned(), "4".to_owned())]);
    for row in missing {
        office.done(Act::FinishTask, Some(row.id.0), &[("on", "2026-10-15")]);
    }
    assert_eq!(counts(&mut office, 1), (8, 0, 0, 0));
    office.done(Act::ClosePhase, Some(plan_id), &close("1", "2026-10-16"));
    let refusal = refused(&mut office, Act::ClosePhase, Some(plan_id), &close("3", "2026-10-16"));
    assert_eq!(refusal.key, "broken.earlier_phase_is_open");

    move_to(&mut office, "2026-10-20");
    let own = task(&mut office, "2.1", Some("石桥村"));
    let refusal = refused(
        &mut office,
        Act::FinishTask,
        Some(own),
        &[("on", "2026-10-20"), ("document", "1号")],
    );
    assert_eq!(refusal.key, "broken.task_needs_another");
    let list_of_problems = task(&mut office, "2.3", Some("石桥村"));
    let refusal =
        refused(&mut office, Act::FinishTask, Some(list_of_problems), &[("on", "2026-10-20")]);
    assert_eq!(refusal.key, "broken.task_needs_evidence");
    for village in [None, Some("张家庄村"), Some("石桥村"), Some("柳树沟村")] {
        finish(&mut office, "2.3", village, "2026-10-20");
        finish(&mut office, "2.1", village, "2026-10-20");
        finish(&mut office, "2.4", village, "2026-10-20");
        finish(&mut office, "2.6", village, "2026-10-20");
        if village.is_some() {
            finish(&mut office, "2.5", village, "2026-10-19");
        }
    }
    let back = [("on", "2026-10-20"), ("text", "责任人没有写到人"), ("until", "2026-10-23")];
    office.done(Act::SendBackTask, Some(list_of_problems), &back);
    assert_eq!(counts(&mut office, 2), (18, 0, 1, 1), "2.2 was due on the 18th");
    move_to(&mut office, "2026-10-24");
    assert_eq!(counts(&mut office, 2), (18, 0, 1, 2), "and what was sent back, on the 23rd");
    office.done(Act::StartTask, Some(list_of_problems), &[("on", "2026-10-24")]);
    finish(&mut office, "2.3", Some("石桥村"), "2026-10-24");
    finish(&mut office, "2.2", None, "2026-10-24");
    let supervision = task(&mut office, "2.7", None);
    let excuse = [("on", "2026-10-24"), ("text", "区里统一督查，镇不另组织")];
    office.done(Act::ExcuseTask, Some(supervision), &excuse);

    move_to(&mut office, "2026-10-25");
    let cell = matrix(&mut office, 3).rows[1].cells[0].unwrap();
    assert_eq!(cell.standing, Standing::Running, "the boundary day belongs to both phases");
    office.done(Act::ClosePhase, Some(plan_id), &close("2", "2026-10-25"));
    let refusal =
        refused(&mut office, Act::SendBackTask, Some(own), &[("on", "2026-10-25"), ("text", "x")]);
    assert_eq!(refusal.key, "broken.phase_is_closed");
    office.done(Act::AddEvidence, Some(own), &[("on", "2026-10-25"), ("place", "3盒12页")]);

    move_to(&mut office, "2026-11-05");
    for village in VILLAGES {
        finish(&mut office, "3.1", Some(village), "2026-11-05");
        finish(&mut office, "3.3", Some(village), "2026-11-05");
    }
    move_to(&mut office, "2026-11-12");
    assert_eq!(counts(&mut office, 3), (6, 0, 0, 4));
    for village in VILLAGES {
        finish(&mut office, "3.2", Some(village), "2026-11-12");
    }
    finish(&mut office, "3.3", None, "2026-11-12");
    let late = list(&mut office, TaskList::Code("3.2".to_owned()));
    assert!(late.iter().all(|row| row.standing == Standing::MetLate));
    office.done(Act::ClosePhase, Some(plan_id), &close("3", "2026-11-12"));
    assert!(plan(&mut office).plan.phases.values().all(|phase| phase.closed.is_some()));
    let again = [("phase", "2"), ("on", "2026-11-12"), ("text", "验收要求补材料")];
    office.done(Act::ReopenPhase, Some(plan_id), &again);
    let view = plan(&mut office);
    let closed: Vec<bool> = view.plan.phases.values().map(|phase| phase.closed.is_some()).collect();
    assert_eq!(closed, [true, false, false], "what follows a reopened phase is open again");
    assert!(office.is_sound());
}

#[test]
fn several_tasks_are_tried_first_and_then_ticked_in_one_change() {
    let mut office = office("2026-10-16");
    let ids: Vec<u64> =
        list(&mut office, TaskList::Code("2.3".to_owned())).iter().map(|row| row.id.0).collect();
    let one = ids[1];
    office.done(Act::FinishTask, Some(one), &[("on", "2026-10-16"), ("note", "已报")]);
    let terms = TickTerms {
        tasks: ids.iter().map(|id| TaskId(*id)).collect(),
        state: TaskState::Done,
        with_evidence: true,
    };
    let Reply::Tick(view) = office.ask(Request::TryTick(terms)).unwrap() else { panic!("no view") };
    let whys: Vec<Option<&str>> =
        view.rows.iter().map(|row| row.why.as_ref().map(|(key, _)| key.as_str())).collect();
    assert_eq!(whys, [None, Some("broken.task_is_done"), None, None]);
    let tasks = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
    let fields = [
        ("tasks", tasks.as_str()),
        ("state", "done"),
        ("on", "2026-10-16"),
        ("document", "青信创〔2026〕3号"),
    ];
    let done = office.done(Act::TickTasks, None, &fields);
    assert_eq!(done.number.as_deref(), Some("3/4"));
    let rows = list(&mut office, TaskList::Code("2.3".to_owned()));
    assert!(rows.iter().all(|row| row.state == TaskState::Done && row.n_evidence == 1));
    let refusal = refused(&mut office, Act::TickTasks, None, &fields);
    assert_eq!(refusal.key, "broken.nothing_to_tick");
    assert!(office.is_sound());
}

#[test]
fn a_village_sees_and_does_its_own_tasks_alone() {
    let mut office = office("2026-10-16");
    let fields = [("login", "shiqiao"), ("uid", "2001"), ("roles", "village"), ("unit", "2")];
    office.done(Act::AddClerk, None, &fields);
    let (own, other) =
        (task(&mut office, "2.5", Some("石桥村")), task(&mut office, "2.5", Some("张家庄村")));
    let mut door = office.door_of(Session { uid: 2001, login: "shiqiao".to_owned() });
    let Reply::Tasks(page) = door.call(Request::Tasks(TaskQuery::of(None, TaskList::All))).unwrap()
    else {
        panic!("no page")
    };
    assert_eq!(page.rows.len(), 11);
    assert!(page.rows.iter().all(|row| row.village.as_deref() == Some("石桥村")));
    let Reply::Plan(Some(view)) = door.call(Request::Plan { id: None }).unwrap() else {
        panic!("no plan")
    };
    assert_eq!(view.phases.iter().map(|phase| phase.total()).sum::<u64>(), 11);
    let refusal = door.call(Request::Task { id: TaskId(other) }).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    let mut finish = |id, act, fields: &[(&str, &str)]| {
        let order = office.order(act, Some(id), fields);
        door.call(Request::Do(order))
    };
    let report = [("on", "2026-10-16"), ("note", "零报告"), ("reporter", "石守义")];
    assert_eq!(finish(other, Act::FinishTask, &report).unwrap_err().kind, RefusalKind::NotFound);
    finish(own, Act::FinishTask, &report).unwrap();
    let back = [("on", "2026-10-16"), ("text", "x")];
    assert_eq!(finish(own, Act::SendBackTask, &back).unwrap_err().kind, RefusalKind::Denied);
}

#[test]
fn a_village_that_comes_later_gets_its_tasks() {
    let mut office = office("2026-10-10");
    office.unit("南洼村", "village");
    assert_eq!(list(&mut office, TaskList::Village(UnitId(4))).len(), 11);
    let fields = [("template", "demonstration-town"), ("year", "2026")];
    let refusal = refused(&mut office, Act::LoadPlan, None, &fields);
    assert_eq!(refusal.key, "broken.plan_is_there");
    assert!(office.is_sound());
}

#[test]
fn a_template_of_the_office_is_staged_line_by_line_and_refused_by_line() {
    let mut office = office("2026-10-10");
    let stage = |office: &mut Office, text: &str| {
        let rows = text.lines().map(|line| ImportRow {
            sheet: String::new(),
            row: 1,
            values: vec![("line".to_owned(), line.to_owned())],
            problems: Vec::new(),
        });
        let piece = Piece { file: "own".to_owned(), first: 0, rows: rows.collect() };
        office.ask(Request::Stage(piece)).unwrap();
    };
    let mut text = "[plan]\nkey = \"own\"\nname = \"自定\"\n[[phase]]\nnumber = 1\nname = \"一\"\n\
         from = \"10-10\"\nuntil = \"10-15\"\n"
        .to_owned();
    let row = "[[task]]\nphase = 1\ncode = \"1\"\ntitle = \"做\"\nscope = [\"无名村\"]\n\
               weight = \"optional\"\n";
    stage(&mut office, &(text.clone() + row));
    let fields = [("file", "own"), ("year", "2026")];
    let refusal = refused(&mut office, Act::LoadPlan, None, &fields);
    assert_eq!(refusal.key, "refusal.template_is_wrong");
    assert_eq!(refusal.wrongs[0].field, "line.9.无名村");
    assert_eq!(refusal.wrongs[0].why, "template_no_such_village");
    for number in 0..5_000 {
        text.push_str(
            &row.replace("code = \"1\"", &format!("code = \"1.{number}\""))
                .replace("[\"无名村\"]", "\"town\""),
        );
    }
    stage(&mut office, &text);
    office.done(Act::LoadPlan, None, &fields);
    assert_eq!(plan(&mut office).phases[0].total(), 5_000);
    let view = matrix(&mut office, 1);
    assert!(view.columns.len() == 60 && view.more);
}

/// The phases that stand above today: number, day of so many, what comes next.
fn above(office: &mut Office) -> Vec<(u32, u64, String)> {
    use anjie::api::request::AgendaQuery;
    let query = AgendaQuery { most: 200, ..AgendaQuery::default() };
    let Reply::Agenda(view) = office.ask(Request::Agenda(query)).unwrap() else {
        panic!("no agenda")
    };
    let phases = view.head.map(|head| head.phases).unwrap_or_default();
    let line = |phase: &anjie::api::duty::PhaseGlance| {
        let (day, near, name) = &phase.next;
        let near = near.map_or_else(String::new, |near| format!("({})", near.format("%m-%d")));
        let name = name.clone().unwrap_or_else(|| "止".to_owned());
        (phase.number, phase.late, format!("{}{near}{name}", day.format("%m-%d")))
    };
    phases.iter().map(line).collect()
}

/// The codes of the town's tasks that the agenda names in a group.
fn owed(office: &mut Office, wanted: anjie::api::reply::AgendaGroup) -> Vec<String> {
    use anjie::api::request::AgendaQuery;
    let query = AgendaQuery { most: 200, ..AgendaQuery::default() };
    let Reply::Agenda(view) = office.ask(Request::Agenda(query)).unwrap() else {
        panic!("no agenda")
    };
    let rows = view.rows.into_iter().filter(|(group, row)| {
        *group == wanted && row.record.kind == Kind::Task && row.village.is_none()
    });
    rows.map(|(_, row)| row.number).collect()
}

#[test]
fn today_names_the_running_phases_and_their_next_boundary_on_every_day() {
    use anjie::api::reply::AgendaGroup;
    let mut office = office("2026-10-08");
    let line = |number, late, next: &str| (number, late, next.to_owned());
    assert_eq!(above(&mut office), [line(1, 0, "10-10动员部署")], "it has not begun");
    for today in ["2026-10-10", "2026-10-12"] {
        move_to(&mut office, today);
        assert_eq!(
            above(&mut office),
            [line(1, 0, "10-15组织实施")],
            "10-10 is a working Saturday"
        );
    }
    assert_eq!(owed(&mut office, AgendaGroup::Today), ["1.1"]);
    move_to(&mut office, "2026-10-15");
    let sunday = "10-25(10-26)自查申报";
    let both = [line(1, 1, "10-15止"), line(2, 0, sunday)];
    assert_eq!(above(&mut office), both, "the boundary day belongs to two phases");
    assert_eq!(owed(&mut office, AgendaGroup::Late), ["1.1"]);
    assert_eq!(owed(&mut office, AgendaGroup::Today), ["1.2", "1.3", "1.4", "1.5"]);
    for code in ["1.1", "1.2", "1.3", "1.5"] {
        finish(&mut office, code, None, "2026-10-15");
    }
    for row in list(&mut office, TaskList::Missing(1)) {
        office.done(Act::FinishTask, Some(row.id.0), &[("on", "2026-10-15")]);
    }
    let plan_id = plan(&mut office).plan.id.0;
    office.done(Act::ClosePhase, Some(plan_id), &[("phase", "1"), ("on", "2026-10-15")]);
    assert_eq!(above(&mut office), [line(2, 0, sunday)], "a closed phase is not named");
    move_to(&mut office, "2026-10-25");
    let n_late = above(&mut office)[0].1;
    assert!(n_late > 0, "2.2, 2.3 and 2.5 were due before");
    assert_eq!(above(&mut office)[1], line(3, 0, "11-10止"));
    assert!(owed(&mut office, AgendaGroup::Today).contains(&"2.1".to_owned()));
    move_to(&mut office, "2026-11-12");
    let numbers: Vec<u32> = above(&mut office).iter().map(|phase| phase.0).collect();
    assert_eq!(numbers, [2, 3], "a phase that nobody closed stays, however late");
    assert!(owed(&mut office, AgendaGroup::Late).contains(&"3.3".to_owned()));
}

#[test]
fn what_a_closed_phase_no_longer_asks_for_is_late_for_nobody() {
    let mut office = office("2026-10-25");
    let plan_id = plan(&mut office).plan.id.0;
    for row in list(&mut office, TaskList::All).into_iter().filter(|row| row.phase < 3) {
        if row.weight == Weight::Mandatory {
            let why = [("on", "2026-10-25"), ("text", "由区里统一组织")];
            office.done(Act::ExcuseTask, Some(row.id.0), &why);
        }
    }
    move_to(&mut office, "2026-10-27");
    assert_eq!(counts(&mut office, 2), (21, 0, 0, 7), "publicity and model villages are optional");
    let optional = task(&mut office, "2.8", Some("石桥村"));
    let agenda = |office: &mut Office| {
        let query = AgendaQuery { whose: Whose::All, most: 200, ..AgendaQuery::default() };
        let Reply::Agenda(view) = office.ask(Request::Agenda(query)).unwrap() else { panic!() };
        let rows = view.rows.into_iter().map(|(_, row)| row);
        rows.filter(|row| row.record.kind == Kind::Task && row.number.starts_with('2')).count()
    };
    assert_eq!(agenda(&mut office), 7);
    for phase in ["1", "2"] {
        let close = [("phase", phase), ("on", "2026-10-27")];
        office.done(Act::ClosePhase, Some(plan_id), &close);
    }
    assert_eq!(counts(&mut office, 2), (21, 0, 0, 0));
    assert_eq!(agenda(&mut office), 0, "nobody can do it any more, so nobody owes it");
    let rows = list(&mut office, TaskList::Code("2.8".to_owned()));
    assert!(rows.iter().all(|row| row.standing == Standing::Ended && row.state == TaskState::Todo));
    let Reply::Task(sheet) = office.ask(Request::Task { id: TaskId(optional) }).unwrap() else {
        panic!("no sheet")
    };
    let said = sheet.permits.iter().find(|(act, _)| *act == Act::FinishTask).unwrap();
    assert_eq!(said.1.as_deref(), Some("broken.task_is_over"), "before a form is filled in");
    office.unit("新民村", "village");
    assert_eq!(counts(&mut office, 2).3, 0, "a village that came later owes nothing of it either");
    let again = [("phase", "2"), ("on", "2026-10-27"), ("text", "验收要求补材料")];
    office.done(Act::ReopenPhase, Some(plan_id), &again);
    assert_eq!(counts(&mut office, 2).3, 7 + 7, "and all of it is asked for again");
    office.done(Act::FinishTask, Some(optional), &[("on", "2026-10-27"), ("note", "已发稿")]);
    assert!(office.is_sound());
}
