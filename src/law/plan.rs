//! Reading the template of a campaign: every field is checked, and a refusal names each line.
//!
//! Nothing is guessed or left out: an unknown village, a circle of prerequisites or an end before
//! its start refuses the whole text. Tasks and recurring work of villages become one for each.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use crate::domain::campaign::{Phase, Plan, TASKS_MAX, Task};
use crate::domain::choice::{TaskState, Weight};
use crate::domain::duty::Duty;
use crate::domain::ids::{OfficerId, PlanId, TaskId, UnitId, Version};

mod circle;
mod duty;

/// The longest template, in bytes.
pub const TEXT_BYTES_MAX: usize = 4 << 20;
/// The most phases of a plan.
const PHASES_MAX: u32 = 20;
/// The most characters of a title or another text.
const WORDS_MAX: usize = 200;
/// The most tasks of a circle that are named.
const CIRCLE_MAX: usize = 6;
/// The most faults that are told.
const FAULTS_MAX: usize = 50;

/// The template of a demonstration town, which is built in.
const DEMONSTRATION_TOWN: &str = include_str!("../../data/plan/demonstration-town.toml");

/// One fault of a template: the line, a key under `wrong.`, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The key of the reason.
    pub why: &'static str,
    /// The value that is wrong.
    pub about: String,
}

/// What a template is read for: the year, and the units and officers that it may name.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// The year of days that are written without one.
    pub year: i32,
    /// The day on which it is loaded.
    pub today: NaiveDate,
    /// The villages, in the order of their numbers.
    pub villages: Vec<(UnitId, String)>,
    /// All units that may answer for a task.
    pub units: Vec<(UnitId, String)>,
    /// The officers of villages, who answer for the tasks of theirs.
    pub secretaries: BTreeMap<UnitId, OfficerId>,
}

/// A plan with its tasks; both are numbered from 0 until the ledger gives them numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The plan.
    pub plan: Plan,
    /// The tasks in the order of the template, town first, then village by village.
    pub tasks: Vec<Task>,
    /// Recurring work in the same order.
    pub duties: Vec<Duty>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTemplate {
    plan: RawPlan,
    #[serde(default)]
    phase: Vec<Spanned<RawPhase>>,
    #[serde(default)]
    task: Vec<Spanned<RawTask>>,
    #[serde(default)]
    duty: Vec<Spanned<duty::RawDuty>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlan {
    key: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPhase {
    number: i64,
    name: String,
    from: String,
    until: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTask {
    phase: i64,
    code: String,
    title: String,
    #[serde(default)]
    deliverable: Option<String>,
    #[serde(default)]
    who: Option<String>,
    #[serde(default)]
    unit: Option<String>,
    scope: RawScope,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    until: Option<String>,
    weight: String,
    #[serde(default)]
    proof: bool,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    basis: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawScope {
    Word(String),
    Names(Vec<String>),
}

/// The text of a template that is built in.
pub fn built_in(key: &str) -> Option<&'static str> {
    (key == "demonstration-town").then_some(DEMONSTRATION_TOWN)
}

/// Reads a template and draws its tasks for the villages of the ground.
///
/// # Errors
/// All faults, by line; nothing is drawn then.
pub fn draw(text: &str, ground: &Ground) -> Result<Drawn, Vec<Fault>> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > TEXT_BYTES_MAX {
        return Err(vec![Fault { line: 1, why: "template_too_long", about: String::new() }]);
    }
    let raw: RawTemplate = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let (why, about) = told(error.message().lines().next().unwrap_or_default());
        vec![Fault { line: line_of(text, start), why, about }]
    })?;
    let lines = Lines::of(text);
    let mut reader = Reader { ground, lines, faults: Vec::new(), line: 1 };
    reader.words("plan.key", &raw.plan.key);
    reader.words("plan.name", &raw.plan.name);
    let phases = reader.phases(&raw);
    let codes = reader.codes(&raw);
    let tasks = reader.tasks(&raw, (&phases, &codes));
    reader.circles(&raw, &codes);
    let duties = reader.duties(&raw.duty, &phases);
    if raw.task.is_empty() {
        reader.line = 1;
        reader.push("template_is_empty", "");
    }
    reader.faults.sort_by_key(|fault| fault.line);
    reader.faults.truncate(FAULTS_MAX);
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    let plan = Plan {
        id: PlanId(0),
        version: Version::default(),
        key: raw.plan.key.trim().to_owned(),
        name: raw.plan.name.trim().to_owned(),
        year: ground.year,
        phases,
        loaded_on: ground.today,
    };
    Ok(Drawn { plan, tasks, duties })
}

/// What a message of the parser says, where it is about the name of a field: whoever writes the
/// template reads Chinese.
fn told(message: &str) -> (&'static str, String) {
    let kinds = [("missing field `", "template_missing"), ("unknown field `", "template_unknown")];
    let found = kinds.iter().find_map(|(beginning, why)| {
        let name = message.strip_prefix(beginning)?.split('`').next()?;
        Some((*why, name.to_owned()))
    });
    found.unwrap_or_else(|| ("template_syntax", message.to_owned()))
}

/// Days between which every task lies.
fn always() -> (NaiveDate, NaiveDate) {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    (day(1, 1, 1), day(9999, 12, 31))
}

/// Where each line of a text begins.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }

    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }
}

/// Collects the faults of the row at which it stands.
struct Reader<'r> {
    ground: &'r Ground,
    lines: Lines,
    faults: Vec<Fault>,
    line: usize,
}

impl Reader<'_> {
    fn push(&mut self, why: &'static str, about: impl Into<String>) {
        let about = about.into().chars().take(60).collect();
        self.faults.push(Fault { line: self.line, why, about });
    }

    fn at<Row>(&mut self, row: &Spanned<Row>) {
        self.line = self.lines.line(row.span().start);
    }

    fn words(&mut self, field: &'static str, value: &str) {
        let is_clean = !value.chars().any(crate::domain::text::is_hidden);
        if value.trim().is_empty() || value.chars().count() > WORDS_MAX || !is_clean {
            self.push("template_field", format!("{field} = {value:?}"));
        }
    }

    fn maybe(&mut self, field: &'static str, value: Option<&String>) -> Option<String> {
        let value = value?;
        self.words(field, value);
        Some(value.trim().to_owned())
    }

    /// A day: `10-15` in the year of the ground, or `2026-10-15`.
    fn day(&mut self, value: &str) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(value, "%Y-%m-%d")
            .or_else(|_| {
                let text = format!("{}-{value}", self.ground.year);
                NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            })
            .ok();
        if day.is_none() {
            self.push("template_day", value);
        }
        day
    }

    fn days(&mut self, from: &str, until: &str) -> Option<(NaiveDate, NaiveDate)> {
        let (from, until) = (self.day(from), self.day(until));
        let (from, until) = (from?, until?);
        if until < from {
            self.push("template_end_before_start", format!("{from} > {until}"));
            return None;
        }
        Some((from, until))
    }

    fn phases(&mut self, raw: &RawTemplate) -> BTreeMap<u32, Phase> {
        let mut phases = BTreeMap::new();
        for row in &raw.phase {
            self.at(row);
            let raw = row.get_ref();
            self.words("name", &raw.name);
            let number = u32::try_from(raw.number).ok();
            let number = number.filter(|number| (1..=PHASES_MAX).contains(number));
            let Some(number) = number else {
                self.push("template_field", format!("number = {}", raw.number));
                continue;
            };
            // Wrong days are told once, and not again with each task of the phase.
            let (from, until) = self.days(&raw.from, &raw.until).unwrap_or_else(always);
            let name = raw.name.trim().to_owned();
            let phase = Phase { name, from, until, closed: None, reopened: None };
            if phases.insert(number, phase).is_some() {
                self.push("template_twice", format!("phase {number}"));
            }
        }
        phases
    }

    /// The places of all codes among the tasks.
    fn codes(&mut self, raw: &RawTemplate) -> BTreeMap<String, usize> {
        let mut codes = BTreeMap::new();
        for (place, row) in raw.task.iter().enumerate() {
            self.at(row);
            let code = row.get_ref().code.trim();
            if !is_code(code) {
                self.push("template_field", format!("code = {code:?}"));
            } else if codes.insert(code.to_owned(), place).is_some() {
                self.push("template_twice", format!("code {code}"));
            }
        }
        codes
    }

    fn tasks(
        &mut self,
        raw: &RawTemplate,
        (phases, codes): (&BTreeMap<u32, Phase>, &BTreeMap<String, usize>),
    ) -> Vec<Task> {
        let mut tasks: Vec<Task> = Vec::new();
        for (order, row) in (1..).zip(&raw.task) {
            self.at(row);
            let one = self.task(row.get_ref(), (order, phases));
            for need in row.get_ref().needs.iter().map(|need| need.trim()) {
                if !codes.contains_key(need) {
                    self.push("template_no_such_task", need);
                }
            }
            let places = self.places(&row.get_ref().scope);
            let Some(one) = one else { continue };
            if tasks.len() + places.len() > TASKS_MAX {
                self.push("template_too_many", TASKS_MAX.to_string());
                break;
            }
            tasks.extend(places.into_iter().map(|village| Task {
                village,
                officer: village.and_then(|id| self.ground.secretaries.get(&id).copied()),
                unit: one.unit.or(village),
                ..one.clone()
            }));
        }
        tasks
    }

    fn task(
        &mut self,
        raw: &RawTask,
        (order, phases): (u32, &BTreeMap<u32, Phase>),
    ) -> Option<Task> {
        self.words("title", &raw.title);
        let number = u32::try_from(raw.phase).unwrap_or(0);
        let phase = phases.get(&number);
        if phase.is_none() {
            self.push("template_no_such_phase", raw.phase.to_string());
        }
        let weight = Weight::parse(&raw.weight);
        if weight.is_none() {
            self.push("template_field", format!("weight = {:?}", raw.weight));
        }
        let phase = phase?;
        let text = |day: &Option<String>, usual: NaiveDate| {
            day.clone().unwrap_or_else(|| usual.to_string())
        };
        let days = self.days(&text(&raw.from, phase.from), &text(&raw.until, phase.until));
        let unit = self.unit(raw.unit.as_ref());
        let deliverable = self.maybe("deliverable", raw.deliverable.as_ref());
        let who = self.maybe("who", raw.who.as_ref());
        let basis = self.maybe("basis", raw.basis.as_ref());
        let (from, until) = days?;
        Some(Task {
            id: TaskId(0),
            version: Version::default(),
            plan: PlanId(0),
            phase: number,
            order,
            code: raw.code.trim().to_owned(),
            title: raw.title.trim().to_owned(),
            deliverable,
            who,
            village: None,
            unit,
            officer: None,
            from,
            until,
            weight: weight?,
            proof: raw.proof,
            needs: raw.needs.iter().map(|need| need.trim().to_owned()).collect(),
            basis,
            state: TaskState::Todo,
            over: false,
            turns: BTreeMap::new(),
            last_turn: 0,
            evidence: BTreeMap::new(),
            last_evidence: 0,
        })
    }

    fn unit(&mut self, name: Option<&String>) -> Option<UnitId> {
        let name = name?;
        let known = self.ground.units.iter().find(|(_, known)| known == name);
        let id = known.map(|(id, _)| *id);
        if id.is_none() {
            self.push("template_no_such_unit", name.clone());
        }
        id
    }

    /// For whom a task is: nothing stands for the town.
    fn places(&mut self, scope: &RawScope) -> Vec<Option<UnitId>> {
        let villages = self.ground.villages.iter().map(|(id, _)| Some(*id));
        match scope {
            RawScope::Word(word) => match word.as_str() {
                "town" => vec![None],
                "village" => villages.collect(),
                "all" => std::iter::once(None).chain(villages).collect(),
                _ => {
                    self.push("template_field", format!("scope = {word:?}"));
                    Vec::new()
                }
            },
            RawScope::Names(names) => {
                let mut places = BTreeSet::new();
                for name in names {
                    let known = self.ground.villages.iter().find(|(_, known)| known == name);
                    match known.map(|(id, _)| *id) {
                        Some(id) => drop(places.insert(Some(id))),
                        None => self.push("template_no_such_village", name.clone()),
                    }
                }
                places.into_iter().collect()
            }
        }
    }

    /// Names the tasks that wait for themselves, directly or through others.
    fn circles(&mut self, raw: &RawTemplate, codes: &BTreeMap<String, usize>) {
        let needs = raw.task.iter().map(|row| {
            let needs = row.get_ref().needs.iter().filter_map(|need| codes.get(need.trim()));
            needs.copied().collect()
        });
        for circle in circle::circles(needs.enumerate().collect(), FAULTS_MAX) {
            let code = |place: &usize| raw.task.get(*place).map(|row| row.get_ref().code.trim());
            let mut names: Vec<&str> = circle.iter().take(CIRCLE_MAX).filter_map(code).collect();
            if circle.len() > CIRCLE_MAX {
                names.push("...");
            }
            names.extend(circle.first().and_then(code));
            if let Some(first) = circle.iter().min().and_then(|place| raw.task.get(*place)) {
                self.at(first);
                self.push("template_circle", names.join(" > "));
            }
        }
    }
}

/// Whether a text may be the number of a task or of recurring work.
fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 12
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
