//! Campaigns from the shell: the plan and its phases, templates, lists and sheets of tasks.

use std::io::Read;

use chrono::Datelike;
use clap::ArgMatches;
use sha2::{Digest, Sha256};

use crate::api::campaign::{PlanView, TaskList, TaskPage, TaskQuery, TaskRow, TaskSheet};
use crate::api::door::Door;
use crate::api::incoming::ImportRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Done, Reply};
use crate::api::request::Request;
use crate::cli::import::reading::stage;
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice, label, table};
use crate::domain::act::Act;
use crate::domain::choice::TaskState;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, OfficerId, TaskId, UnitId, Version};
use crate::locale::{self, Lang};

/// The template that comes along.
const BUILT_IN: &str = "demonstration-town";
/// The most bytes of a template.
const TEMPLATE_MAX: u64 = 4 << 20;
/// The most tasks that are listed.
const TASKS_MAX: usize = 5_000;

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// The newest campaign.
///
/// # Errors
/// There is none, or a refusal.
pub fn newest(door: &mut dyn Door) -> Result<Box<PlanView>, Refusal> {
    match door.call(Request::Plan { id: None })? {
        Reply::Plan(Some(view)) => Ok(view),
        Reply::Plan(None) => Err(Refusal::new(RefusalKind::NotFound, "no_plan")),
        _ => Err(odd()),
    }
}

/// `plan show`.
///
/// # Errors
/// A refusal.
pub fn show(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Plan(view) = door.call(Request::Plan { id: None })? else { return Err(odd()) };
    let Some(view) = view else {
        voice.say(&serde_json::Value::Null, |lang| locale::text(lang, "shell.plan.none") + "\n")?;
        return Ok(Told::Nothing);
    };
    voice.say(&*view, |lang| plan_text(lang, &view))
}

fn plan_text(lang: Lang, view: &PlanView) -> String {
    let args = [("name", view.plan.name.clone()), ("year", view.plan.year.to_string())];
    let mut text = locale::fill(lang, "shell.plan.head", &args) + "\n";
    let mut rows = Vec::new();
    let mut notes = String::new();
    for phase in &view.phases {
        let Some(own) = view.plan.phases.get(&phase.number) else { continue };
        let settled = phase.count(TaskState::Done) + phase.count(TaskState::NotApplicable);
        let counts = [
            ("settled", settled.to_string()),
            ("total", phase.total().to_string()),
            ("doing", phase.count(TaskState::Doing).to_string()),
            ("back", phase.count(TaskState::SentBack).to_string()),
            ("late", phase.late.to_string()),
        ];
        let closed = own.closed.as_ref().map(|closed| {
            locale::fill(lang, "shell.plan.closed", &[("day", closed.on.to_string())])
        });
        rows.push(vec![
            phase.number.to_string(),
            own.name.clone(),
            format!("{} .. {}", own.from, own.until),
            locale::fill(lang, "shell.plan.counts", &counts),
            closed.unwrap_or_default(),
        ]);
        for (day, near) in [(own.from, phase.from_workday), (own.until, phase.until_workday)] {
            let Some(near) = near else { continue };
            let args = [("day", day.to_string()), ("near", near.to_string())];
            let note = locale::fill(lang, "shell.plan.workday", &args) + "\n";
            if !notes.contains(&note) {
                notes.push_str(&note);
            }
        }
    }
    text.push_str(&table(&rows));
    text + &notes
}

/// `plan load`.
///
/// # Errors
/// A file that cannot be read, every fault of the template by line, or a refusal.
pub fn load(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let year = matches.get_one::<i32>("year").copied();
    let file = matches.get_one::<String>("file");
    let done = match (file, matches.get_one::<String>("template")) {
        (Some(file), _) => load_file(door, file, year)?,
        (None, Some(key)) => load_built_in(door, key, year)?,
        (None, None) => return Err(Refusal::new(RefusalKind::Invalid, "template_is_missing")),
    };
    orders::told(voice, &done)
}

/// Whether a template comes along.
///
/// # Errors
/// It does not.
pub fn must_be_built_in(key: &str) -> Result<(), Refusal> {
    if key == BUILT_IN {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::NotFound, "no_such_template").with("name", key))
}

/// Loads a template that comes along.
///
/// # Errors
/// A refusal.
pub fn load_built_in(door: &mut dyn Door, key: &str, year: Option<i32>) -> Result<Done, Refusal> {
    send_load(door, ("template", key), year)
}

fn load_file(door: &mut dyn Door, name: &str, year: Option<i32>) -> Result<Done, Refusal> {
    let mut text = String::new();
    if name == "-" {
        let odd = |_| Refusal::new(RefusalKind::Invalid, "input_is_not_text");
        std::io::stdin().take(TEMPLATE_MAX + 1).read_to_string(&mut text).map_err(odd)?;
    } else {
        let odd = |_| Refusal::new(RefusalKind::Invalid, "cannot_read").with("name", name);
        let absent = |_| match name == BUILT_IN {
            // The name of what comes along was given where a file is wanted.
            true => Refusal::new(RefusalKind::Invalid, "template_is_built_in").with("name", name),
            false => odd(()),
        };
        let file = std::fs::File::open(name).map_err(absent)?;
        file.take(TEMPLATE_MAX + 1).read_to_string(&mut text).map_err(|_| odd(()))?;
    }
    let hash: String =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let rows = (1..).zip(text.split('\n')).map(|(number, line)| ImportRow {
        sheet: String::new(),
        row: number,
        values: vec![("line".to_owned(), line.trim_end_matches('\r').to_owned())],
        problems: Vec::new(),
    });
    stage(door, &hash, rows.collect())?;
    send_load(door, ("file", &hash), year)
}

fn send_load(
    door: &mut dyn Door,
    (field, value): (&str, &str),
    year: Option<i32>,
) -> Result<Done, Refusal> {
    let year = match (year, door.call(Request::Greet)?) {
        (Some(year), _) => year,
        (None, Reply::Me(me)) => me.today.year(),
        (None, _) => return Err(odd()),
    };
    let fields: Fields =
        [(field.to_owned(), value.to_owned()), ("year".to_owned(), year.to_string())].into();
    orders::send(door, (Act::LoadPlan, None, None), fields)
}

/// `task list`.
///
/// # Errors
/// A refusal.
pub fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let phase = matches.get_one::<u32>("phase").copied();
    let code = matches.get_one::<String>("code");
    let query = query(door, matches)?;
    let mut rows = tasks(door, query)?;
    rows.retain(|row| phase.is_none_or(|phase| phase == row.phase));
    rows.retain(|row| code.is_none_or(|code| *code == row.code));
    let is_empty = rows.is_empty();
    let page = TaskPage { rows, before: false, after: false };
    voice.say(&page, |lang| {
        table(&page.rows.iter().map(|row| cells(lang, row)).collect::<Vec<_>>())
    })?;
    Ok(if is_empty { Told::Nothing } else { Told::Done })
}

/// Which tasks are asked for; where several filters are named, the first of village, officer, number
/// and phase.
///
/// # Errors
/// There is no such state or name.
pub fn query(door: &mut dyn Door, matches: &ArgMatches) -> Result<TaskQuery, Refusal> {
    let state = match matches.get_one::<String>("state") {
        Some(word) => Some(TaskState::parse(word).ok_or_else(|| {
            Refusal::new(RefusalKind::Invalid, "no_such_state").with("name", word)
        })?),
        None => None,
    };
    let text = |name: &str| matches.get_one::<String>(name);
    let phase = matches.get_one::<u32>("phase").copied();
    let list = match (text("village"), text("officer"), text("code"), phase) {
        (Some(name), ..) if is_town(name) => TaskList::Town,
        (Some(name), ..) => TaskList::Village(UnitId(orders::named(door, Kind::Unit, name)?)),
        (None, Some(name), ..) => {
            TaskList::Officer(OfficerId(orders::named(door, Kind::Officer, name)?))
        }
        (None, None, Some(code), _) => TaskList::Code(code.clone()),
        (None, None, None, Some(phase)) => TaskList::Phase(phase),
        (None, None, None, None) => TaskList::All,
    };
    let late_only = matches.get_flag("late");
    Ok(TaskQuery { state, late_only, ..TaskQuery::of(None, list) })
}

/// Whether a text names the whole town.
pub fn is_town(name: &str) -> bool {
    let langs = [Lang::Zh, Lang::En];
    name == "town" || langs.iter().any(|lang| name == locale::text(*lang, "shell.plan.town"))
}

/// All tasks of a list, page by page.
///
/// # Errors
/// A refusal.
pub fn tasks(door: &mut dyn Door, mut query: TaskQuery) -> Result<Vec<TaskRow>, Refusal> {
    let mut rows: Vec<TaskRow> = Vec::new();
    loop {
        let Reply::Tasks(page) = door.call(Request::Tasks(query.clone()))? else {
            return Err(odd());
        };
        rows.extend(page.rows);
        query.from = rows.last().map(|row| row.cursor.clone());
        if !page.after || rows.len() >= TASKS_MAX {
            return Ok(rows);
        }
    }
}

fn cells(lang: Lang, row: &TaskRow) -> Vec<String> {
    vec![
        row.id.0.to_string(),
        row.code.clone(),
        row.village.clone().unwrap_or_else(|| locale::text(lang, "shell.plan.town")),
        row.title.clone(),
        locale::text(lang, &format!("choice.task_state.{}", row.state.word())),
        row.until.to_string(),
        locale::text(lang, &format!("standing.{}", row.standing.word())),
        row.officer.clone().unwrap_or_default(),
    ]
}

/// The task of a number, or of a code at a village: its number, and the version that is seen.
///
/// # Errors
/// Not found, or several of that code.
pub fn named(door: &mut dyn Door, text: &str) -> Result<(u64, Option<Version>), Refusal> {
    if let Ok(id) = text.parse::<u64>()
        && let Ok(Reply::Task(sheet)) = door.call(Request::Task { id: TaskId(id) })
    {
        return Ok((id, Some(sheet.task.version)));
    }
    let (code, place) = match text.split_once('@') {
        Some((code, place)) => (code, Some(place)),
        None => (text, None),
    };
    let query = TaskQuery::of(None, TaskList::Code(code.to_owned()));
    let mut rows = tasks(door, query)?;
    if let Some(place) = place {
        rows.retain(|row| match &row.village {
            Some(village) => village == place,
            None => is_town(place),
        });
    }
    match rows.as_slice() {
        [row] => Ok((row.id.0, Some(row.version))),
        [] => Err(Refusal::not_found()),
        _ => Err(Refusal::new(RefusalKind::Invalid, "several_of_that_code").with("name", code)),
    }
}

/// `task show`.
///
/// # Errors
/// A refusal.
pub fn task(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let text = matches.get_one::<String>("record").map_or("", String::as_str);
    let (id, _) = named(door, text)?;
    let Reply::Task(sheet) = door.call(Request::Task { id: TaskId(id) })? else {
        return Err(odd());
    };
    voice.say(&*sheet, |lang| task_text(lang, &sheet))
}

fn task_text(lang: Lang, sheet: &TaskSheet) -> String {
    let row = &sheet.row;
    let officer = |id: Option<OfficerId>| {
        let known = sheet.officers.iter().find(|(own, _)| Some(*own) == id);
        known.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let mut rows = vec![cells(lang, row)];
    let mut line = |field: &str, text: Option<String>| {
        rows.extend(text.map(|text| vec![label(lang, &format!("task.{field}")), text]));
    };
    line("phase", Some(format!("{} {}", row.phase, sheet.phase)));
    line("deliverable", row.deliverable.clone());
    line("who", row.who.clone());
    line("unit", sheet.unit.clone());
    line("basis", sheet.task.basis.clone());
    for need in &sheet.needs {
        let state = locale::text(lang, &format!("choice.task_state.{}", need.state.word()));
        line("needs", Some(format!("{} {} {state}", need.code, need.title)));
    }
    for turn in sheet.task.turns.values() {
        let parts = [turn.reporter.clone(), turn.source.clone(), turn.text.clone()];
        let said = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let state = locale::text(lang, &format!("choice.task_state.{}", turn.state.word()));
        rows.push(vec![turn.on.to_string(), state, officer(turn.by), said]);
    }
    for piece in sheet.task.evidence.values() {
        let parts = [piece.document.clone(), piece.place.clone(), piece.note.clone()];
        let said = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = label(lang, "task.evidence");
        rows.push(vec![piece.on.to_string(), name, officer(piece.by), said]);
    }
    table(&rows)
}
