//! What a returned form would do, row by row.
//!
//! INVARIANT: a row that went out to another village, or in another month, or with another text, does
//! nothing here; neither does one whose matter has ended since.

mod fresh;
mod tasks;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::api::incoming::ImportRow;
use crate::api::like::LikeQuery;
use crate::api::village::{Becomes, Decided, ReturnCounts, ReturnRow};
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::campaign::{Evidence, Task, Turn};
use crate::domain::case::Case;
use crate::domain::choice::{ReportManner, ReportState, ReportWord, Work};
use crate::domain::duty::{Duty, DutyTurn};
use crate::domain::form::Filled;
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, TaskId};
use crate::domain::policy::{self, Scope, Verdict};
use crate::domain::step::Deed;
use crate::domain::village_form::{FormId, ROWS_MAX, RowOf};
use crate::service::returned::again;
use crate::service::returned::row::{
    Foot, Wrong, at, cell, day, is_filled, known, problem, said, wrong,
};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::village;
use crate::store::read::Read;

/// The most characters of a row's text that the preview shows.
const SHOWN_MAX: usize = 200;

/// What the clerk says about a form besides it.
#[derive(Default)]
pub struct Said {
    /// In which way it came.
    pub manner: Option<ReportManner>,
    /// Where the signed paper lies.
    pub place: Option<String>,
    /// What becomes of single rows.
    pub decided: Decided,
}

/// What a row asks for.
pub enum Todo {
    /// A step on a matter.
    Progress {
        /// Which.
        case: CaseId,
        /// What was done.
        deed: Deed,
        /// When and what there is to say.
        entry: Entry,
    },
    /// A new request, as the form of registering has it.
    Fresh(Filled),
    /// A new request that hangs on a matter, as the form of joining has it.
    Joined {
        /// Which.
        case: CaseId,
        /// The form.
        filled: Filled,
    },
    /// A task is done.
    Task {
        /// Which.
        task: TaskId,
        /// What proves it.
        evidence: Evidence,
        /// When, and who told of it.
        turn: Turn,
    },
}

/// What a form would do.
pub struct Plan<'r> {
    /// By what it is known.
    pub form: FormId,
    /// The village's name.
    pub village: String,
    /// Who told of what stands in it, and on which form.
    pub told_by: String,
    /// The duty as it is.
    pub duty: Duty,
    /// By when the period is owed.
    pub due: NaiveDate,
    /// The report of the period.
    pub turn: DutyTurn,
    /// What would be reported.
    pub word: Option<ReportWord>,
    /// The duty before and after the report.
    pub reported: Option<(Duty, Duty)>,
    /// Why none of it can be taken in.
    pub why_not: Option<Broken>,
    /// What is told of each row.
    pub rows: Vec<ReturnRow>,
    /// What is to be done, with the place of its row.
    pub todos: Vec<(u64, Todo)>,
    /// How many rows become what.
    pub counts: ReturnCounts,
    /// How many rows say what was entered from the form before.
    n_again: u64,
    raw: &'r [ImportRow],
    today: NaiveDate,
    decided: Decided,
}

/// What a row comes to.
enum Comes {
    /// To nothing: nothing was filled in.
    Blank,
    /// To nothing: it was entered from this form before.
    Again,
    /// To something that is to be done.
    Does(Box<Todo>),
}

impl From<Todo> for Comes {
    fn from(todo: Todo) -> Self {
        Self::Does(Box::new(todo))
    }
}

/// What a row comes to, if nothing is wrong with it.
type Judged = Result<Comes, Wrong>;

impl<'r> Plan<'r> {
    /// What a form would do.
    ///
    /// # Errors
    /// It is none of this office, or its period is reported; a damaged ledger.
    pub fn make(
        (ledger, eye): (&impl Read, &Eye<'_>),
        raw: &'r [ImportRow],
        terms: Said,
    ) -> Result<Self, Stop> {
        let (head, rest) = raw.split_first().ok_or_else(|| Broken::new("return_is_no_form"))?;
        if rest.len() > ROWS_MAX {
            return Err(Broken::new("return_is_too_long").with("most", ROWS_MAX).into());
        }
        let (form, duty) = known((ledger, eye), head)?;
        let village = eye.book.unit(Some(form.village)).unwrap_or_default();
        let occasion = duty.occasion(&form.period, "report_duty.period")?;
        let today = eye.asking.today;
        let foot = Foot::of(head, today);
        let who = [Some(village.as_str()), foot.reporter.as_deref()].into_iter().flatten();
        let who = who.collect::<Vec<_>>().join(" ");
        let sent_back = duty.newest(&form.period).map(|turn| turn.on);
        let turn = DutyTurn {
            period: form.period.clone(),
            state: ReportState::Owed,
            // A form that comes again after it was sent back often has its first day still.
            on: day(head, "on")
                .filter(|on| sent_back.is_none_or(|back| *on >= back))
                .unwrap_or(today),
            entered_on: today,
            by: eye.asking.clerk.officer,
            reporter: foot.reporter,
            manner: terms.manner,
            signer: foot.signer,
            document: Some(form.print()),
            place: terms.place,
            text: None,
            until: None,
        };
        let mut plan = Self {
            told_by: format!("{who} {}", again::letter(&form)),
            due: duty.due(&occasion),
            form,
            village,
            duty,
            turn,
            word: None,
            reported: None,
            why_not: None,
            rows: Vec::new(),
            todos: Vec::new(),
            counts: ReturnCounts::default(),
            n_again: 0,
            raw,
            today,
            decided: terms.decided,
        };
        if let Some(wrong) = foot.wrong {
            plan.note((0, head), Err(wrong));
        }
        plan.all((ledger, eye))?;
        plan.report(said(head, "zero").is_some());
        Ok(plan)
    }

    /// What is asked about whom a new request is from.
    pub fn newcomer(&self, index: u64) -> LikeQuery {
        let raw = usize::try_from(index).ok().and_then(|at| self.raw.get(at));
        let text = |name: &str| raw.and_then(|raw| said(raw, name)).unwrap_or_default().to_owned();
        LikeQuery {
            name: text("name"),
            phone: text("phone"),
            village: Some(self.form.village),
            text: text("request"),
            ..LikeQuery::default()
        }
    }

    fn all(&mut self, (ledger, eye): (&impl Read, &Eye<'_>)) -> Result<(), Stop> {
        let raw = self.raw;
        let mut known: BTreeMap<RowOf, u32> = BTreeMap::new();
        let mut tasks: Vec<(u64, &ImportRow, Task)> = Vec::new();
        for (index, raw) in (0_u64..).zip(raw).skip(1) {
            if self.decided.without.contains(&index) {
                self.leave_out((index, raw));
                continue;
            }
            let kind = said(raw, "kind").unwrap_or_default();
            if kind == "new" {
                let (judged, placed) = self.fresh((ledger, eye), (index, raw))?;
                self.note((index, raw), judged);
                if let Some(row) = self.rows.last_mut() {
                    row.placed = placed;
                }
                continue;
            }
            let row = match self.row_of(raw, &mut known) {
                Ok(row) => row,
                Err(wrong) => {
                    self.note((index, raw), Err(wrong));
                    continue;
                }
            };
            match row {
                RowOf::Matter(id) => {
                    let case: Option<Case> = ledger.load(id)?;
                    let judged = self.matter(eye, (raw, case));
                    self.note((index, raw), judged);
                }
                RowOf::Task(_) if !is_filled(raw) => self.note((index, raw), Ok(Comes::Blank)),
                RowOf::Task(id) => match self.task(eye, (raw, ledger.load(id)?)) {
                    Ok(task) => tasks.push((index, raw, task)),
                    Err(wrong) => self.note((index, raw), Err(wrong)),
                },
            }
        }
        self.finish((ledger, tasks))?;
        self.rows.sort_by_key(|row| row.index);
        Ok(())
    }

    /// What a row of the form is about: only as it went out, and once.
    fn row_of(&self, raw: &ImportRow, known: &mut BTreeMap<RowOf, u32>) -> Result<RowOf, Wrong> {
        let kind = said(raw, "kind").unwrap_or_default();
        let id = said(raw, "row").ok_or_else(|| wrong("row", "row_has_no_id"))?;
        let row = RowOf::parse(id).filter(|row| matches!(row, RowOf::Task(_)) == (kind == "task"));
        let row = row.ok_or_else(|| wrong("row", "row_is_unknown"))?;
        if let Some(first) = known.get(&row) {
            let broken = Broken::new("row_stands_twice").with("row", first);
            return Err(at("row", &broken));
        }
        let words = [said(raw, "number"), said(raw, "title")].map(Option::unwrap_or_default);
        if !self.form.is_row(id, row, words) {
            let column = if kind == "task" { "task" } else { "matter" };
            return Err(wrong(column, "row_was_changed"));
        }
        known.insert(row, raw.row);
        Ok(row)
    }

    fn matter(&self, eye: &Eye<'_>, (raw, case): (&ImportRow, Option<Case>)) -> Judged {
        if !is_filled(raw) {
            return Ok(Comes::Blank);
        }
        if let Some(wrong) = problem(raw) {
            return Err(wrong);
        }
        let text = cell(raw, (Act::Record, "text"), self.today)?;
        let asker = &eye.asking.asker;
        let case = case.filter(|case| policy::sees(asker, &Scope::of(case), case.readers.as_ref()));
        // Sealed since, about the village or gone: the same words, which betray none of it.
        let case = case.ok_or_else(|| wrong("row", "row_is_not_for_a_village"))?;
        if case.readers.is_none() && case.village != Some(self.form.village) {
            return Err(wrong("row", "row_is_of_another_village"));
        }
        if !village::is_for(eye.book, self.form.village, &case) {
            return Err(wrong("row", "row_is_not_for_a_village"));
        }
        let has_step = |text: &String| again::has_step(&self.form, &case, (text, day(raw, "on")));
        if text.as_ref().is_some_and(has_step) {
            return Ok(Comes::Again);
        }
        if !case.stage().is_open() {
            return Err(wrong("row", "matter_has_ended"));
        }
        let link = policy::link(asker, &Scope::of(&case));
        if policy::may(asker, Act::Record, link) != Verdict::Allow {
            return Err(wrong("row", "row_is_not_yours"));
        }
        let text = text.ok_or_else(|| wrong("progress", "progress_is_missing"))?;
        let entry = Entry {
            on: day(raw, "on").unwrap_or(self.turn.on),
            today: self.today,
            by: eye.asking.clerk.officer,
            text: Some(text),
            document: None,
        };
        let deed = Deed::Worked { work: Work::Other };
        match case.record(deed.clone(), entry.clone()) {
            Ok(_) => Ok(Todo::Progress { case: case.id, deed, entry }.into()),
            Err(broken) => Err(at("on", &broken)),
        }
    }

    /// Judges the report of the period.
    fn report(&mut self, says_zero: bool) {
        let is_bare = self.todos.is_empty() && self.n_again == 0;
        let word = match (is_bare, says_zero) {
            (false, _) => ReportWord::Reported,
            // What is refused was something; a clerk who reads it says what the period was.
            (true, true) if self.counts.refused + self.counts.left_out == 0 => ReportWord::Zero,
            (true, _) => {
                let nothing = self.counts.refused + self.counts.left_out == 0;
                let key = if nothing { "return_is_empty" } else { "return_has_nothing_left" };
                self.why_not = Some(Broken::new(key));
                return;
            }
        };
        self.word = Some(word);
        match self.duty.report(word, self.turn.clone()) {
            Ok(next) => self.reported = Some((self.duty.clone(), next)),
            Err(broken) => self.why_not = Some(broken),
        }
    }

    fn leave_out(&mut self, (index, raw): (u64, &ImportRow)) {
        self.counts.left_out += 1;
        let row = self.row((index, raw), Becomes::LeftOut);
        self.rows.push(row);
    }

    fn note(&mut self, (index, raw): (u64, &ImportRow), judged: Judged) {
        let counts = &mut self.counts;
        let (becomes, count) = match &judged {
            Ok(Comes::Blank | Comes::Again) => (Becomes::Same, &mut counts.same),
            Ok(Comes::Does(todo)) => match todo.as_ref() {
                Todo::Progress { .. } => (Becomes::Progress, &mut counts.progress),
                Todo::Fresh(_) => (Becomes::Fresh, &mut counts.fresh),
                Todo::Joined { .. } => (Becomes::Joined, &mut counts.joined),
                Todo::Task { .. } => (Becomes::Task, &mut counts.tasks),
            },
            Err(_) => (Becomes::Refused, &mut counts.refused),
        };
        *count += 1;
        let mut row = self.row((index, raw), becomes);
        match judged {
            Ok(Comes::Blank) => {}
            Ok(Comes::Again) => {
                self.n_again += 1;
                row.why = Some(("village.entered".to_owned(), Vec::new()));
            }
            Ok(Comes::Does(todo)) => self.todos.push((index, *todo)),
            Err((column, why)) => {
                row.column = column;
                row.why = Some(why);
            }
        }
        self.rows.push(row);
    }

    fn row(&self, (index, raw): (u64, &ImportRow), becomes: Becomes) -> ReturnRow {
        let first = |names: &[&str]| names.iter().find_map(|name| said(raw, name));
        let is_task = said(raw, "kind") == Some("task");
        let text = if is_task {
            let parts = ["title", "document", "place", "note"].map(|name| said(raw, name));
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        } else {
            first(&["text", "request", "title"]).unwrap_or_default().to_owned()
        };
        let cut = |text: &str| text.chars().take(SHOWN_MAX).collect::<String>();
        let is_told = !matches!(becomes, Becomes::Same | Becomes::Refused);
        ReturnRow {
            index,
            sheet: raw.sheet.clone(),
            row: raw.row,
            becomes,
            name: cut(first(&["number", "name", "row"]).unwrap_or_default()),
            text: cut(&text),
            on: day(raw, "on").or(Some(self.turn.on)).filter(|_| is_told),
            column: None,
            why: None,
            like: Vec::new(),
            persons: Vec::new(),
            placed: None,
        }
    }
}
