//! The tasks of a returned form: which may be done by it, each after those that it waits for.

use std::collections::BTreeSet;

use crate::api::incoming::ImportRow;
use crate::domain::act::Act;
use crate::domain::campaign::{Evidence, Task, Turn};
use crate::domain::choice::TaskState;
use crate::domain::ids::TaskId;
use crate::domain::policy::{self, Verdict};
use crate::service::returned::again;
use crate::service::returned::plan::{Comes, Judged, Plan, Todo};
use crate::service::returned::row::{Wrong, at, cell, day, problem, wrong};
use crate::service::stop::Stop;
use crate::service::task;
use crate::service::view::Eye;
use crate::store::read::Read;

impl<'r> Plan<'r> {
    /// A task that may be done by the form.
    pub(super) fn task(
        &self,
        eye: &Eye<'_>,
        (raw, task): (&ImportRow, Option<Task>),
    ) -> Result<Task, Wrong> {
        if let Some(wrong) = problem(raw) {
            return Err(wrong);
        }
        let asker = &eye.asking.asker;
        let task = task.filter(|task| policy::sees_task(asker, &task.scope()));
        let task = task.ok_or_else(|| wrong("row", "row_is_unknown"))?;
        if task.village != Some(self.form.village) {
            return Err(wrong("row", "row_is_of_another_village"));
        }
        let link = policy::link(asker, &task.scope());
        if policy::may(asker, Act::FinishTask, link) != Verdict::Allow {
            return Err(wrong("row", "row_is_not_yours"));
        }
        if task.over {
            return Err(wrong("row", "task_is_over"));
        }
        Ok(task)
    }

    /// The tasks of the form that can be done, each after those that it waits for.
    pub(super) fn finish(
        &mut self,
        (ledger, mut tasks): (&impl Read, Vec<(u64, &'r ImportRow, Task)>),
    ) -> Result<(), Stop> {
        let mut done: BTreeSet<TaskId> = BTreeSet::new();
        loop {
            let n_before = tasks.len();
            let mut left = Vec::new();
            for (index, raw, task) in tasks {
                if task::unmet_besides(ledger, &task, &done)?.is_some() {
                    left.push((index, raw, task));
                    continue;
                }
                let judged = self.finished(raw, (&task, None));
                if judged.is_ok() {
                    done.insert(task.id);
                }
                self.note((index, raw), judged);
            }
            tasks = left;
            if tasks.len() == n_before || tasks.is_empty() {
                break;
            }
        }
        for (index, raw, task) in tasks {
            let unmet = task::unmet_besides(ledger, &task, &done)?;
            let judged = self.finished(raw, (&task, unmet));
            self.note((index, raw), judged);
        }
        Ok(())
    }

    fn finished(&self, raw: &ImportRow, (task, unmet): (&Task, Option<String>)) -> Judged {
        let own = |name: &str| cell(raw, (Act::FinishTask, name), self.today);
        let source = format!("{} {}", self.village, again::letter(&self.form));
        let on = day(raw, "on").unwrap_or(self.turn.on);
        let turn = Turn {
            state: TaskState::Todo,
            on,
            entered_on: self.today,
            by: self.turn.by,
            reporter: self.turn.reporter.clone().or_else(|| Some(self.village.clone())),
            source: Some(source.clone()),
            text: None,
        };
        let evidence = Evidence {
            on,
            by: turn.by,
            document: own("document")?,
            place: own("place")?,
            note: own("note")?,
        };
        if again::is_done(task, &source, &evidence) {
            return Ok(Comes::Again);
        }
        match task.finish(evidence.clone(), unmet, turn.clone()) {
            Ok(_) => Ok(Todo::Task { task: task.id, evidence, turn }.into()),
            Err(broken) => {
                let column = match broken.field.as_deref() {
                    Some("finish_task.document") => "document",
                    Some(_) => "done_on",
                    None => "row",
                };
                Err(at(column, &broken))
            }
        }
    }
}
