//! Pages of plain text for those who never log in: the page of a village with its tasks and its
//! recurring work, and the reminder of what was not reported.
//!
//! Marks read without colour, and nothing of any person's request stands on them.

use std::fmt::Write as _;

use crate::api::campaign::{PlanView, TaskRow};
use crate::api::duty::{DutyGroup, DutyRow};
use crate::api::reply::Me;
use crate::domain::choice::{ReportState, TaskState};
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};

/// The page of a village.
pub fn village(
    lang: Lang,
    (me, view): (&Me, &PlanView),
    rows: &[TaskRow],
    duties: &[DutyRow],
) -> String {
    let village = rows.first().and_then(|row| row.village.clone()).unwrap_or_default();
    let args = [
        ("town", me.town.clone()),
        ("plan", view.plan.name.clone()),
        ("village", village),
        ("day", me.today.to_string()),
    ];
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}\n", locale::fill(lang, "page.title", &args));
    let _ = writeln!(page, "{}\n", locale::fill(lang, "page.made", &args));
    for (number, phase) in &view.plan.phases {
        let own: Vec<&TaskRow> = rows.iter().filter(|row| row.phase == *number).collect();
        if own.is_empty() {
            continue;
        }
        let settled = own.iter().filter(|row| row.state.is_settled()).count();
        let counts = [("settled", settled.to_string()), ("total", own.len().to_string())];
        let counts = locale::fill(lang, "page.counts", &counts);
        let (from, until) = (phase.from, phase.until);
        let _ = writeln!(page, "{number} {} ({from} .. {until})  {counts}", phase.name);
        own.iter().for_each(|row| task(lang, row, &mut page));
        page.push('\n');
    }
    if !duties.is_empty() {
        let _ = writeln!(page, "{}", locale::text(lang, "page.duties"));
        duties.iter().for_each(|row| duty(lang, row, &mut page));
        page.push('\n');
    }
    let _ = writeln!(page, "{}", locale::text(lang, "page.return"));
    let _ = writeln!(page, "\n{}", locale::text(lang, "page.sign"));
    page
}

fn task(lang: Lang, row: &TaskRow, page: &mut String) {
    let mark = match row.state {
        TaskState::Todo => ' ',
        TaskState::Doing => '/',
        TaskState::Done => 'x',
        TaskState::NotApplicable => '-',
        TaskState::SentBack => '<',
    };
    let weight = locale::text(lang, &format!("choice.weight.{}", row.weight.word()));
    let late = late(row.standing);
    let _ = writeln!(page, "  [{mark}]{late}{} {} ({weight})", row.code, row.title);
    let mut parts = vec![locale::fill(lang, "page.until", &[("day", row.until.to_string())])];
    parts.extend(row.until_workday.map(|near| workday(lang, (row.until, near))));
    let who = row.officer.clone().or_else(|| row.who.clone());
    parts.extend(who.map(|who| locale::fill(lang, "page.who", &[("who", who)])));
    let what = row.deliverable.clone();
    parts.extend(what.map(|what| locale::fill(lang, "page.deliverable", &[("what", what)])));
    let _ = writeln!(page, "        {}", parts.join("  "));
}

fn duty(lang: Lang, row: &DutyRow, page: &mut String) {
    let mark = match row.state {
        ReportState::Owed => ' ',
        ReportState::Zero => '0',
        ReportState::Reported => 'x',
        ReportState::SentBack => '<',
    };
    let late = late(row.standing);
    let _ = writeln!(page, "  [{mark}]{late}{} {} {}", row.code, row.key, row.title);
    let mut parts = vec![locale::fill(lang, "page.until", &[("day", row.due.to_string())])];
    parts.extend(row.due_workday.map(|near| workday(lang, (row.due, near))));
    let before = [("count", row.n_before.to_string())];
    parts.extend((row.n_before > 0).then(|| locale::fill(lang, "page.before", &before)));
    let _ = writeln!(page, "        {}", parts.join("  "));
}

const fn late(standing: Standing) -> &'static str {
    if matches!(standing, Standing::Late) { "!" } else { " " }
}

fn workday(lang: Lang, (day, near): (chrono::NaiveDate, chrono::NaiveDate)) -> String {
    let args = [("day", day.to_string()), ("near", near.to_string())];
    locale::fill(lang, "page.workday", &args)
}

/// Whether villages owe a period that is due within a month.
pub fn is_due_soon(me: &Me, group: &DutyGroup) -> bool {
    let soon = me.today.checked_add_days(chrono::Days::new(31)).unwrap_or(me.today);
    group.due <= soon && group.rows.iter().any(|row| row.village.is_some())
}

/// The reminder of a period: who has not reported, by when it was owed, and what may be reported.
pub fn reminder(lang: Lang, me: &Me, group: &DutyGroup) -> String {
    let owing: Vec<&DutyRow> = group.rows.iter().filter(|row| !row.state.is_settled()).collect();
    let names = |wanted: ReportState| {
        let own = owing.iter().filter(|row| row.state == wanted);
        let town = || locale::text(lang, "campaign.town");
        own.map(|row| row.village.clone().unwrap_or_else(town)).collect::<Vec<_>>()
    };
    let join = |names: Vec<String>| names.join(&locale::text(lang, "page.and"));
    let (silent, back) = (names(ReportState::Owed), names(ReportState::SentBack));
    let args = [
        ("town", me.town.clone()),
        ("today", me.today.to_string()),
        ("title", group.title.clone()),
        ("period", group.key.clone()),
        ("due", group.due.to_string()),
        ("output", group.output.clone().unwrap_or_default()),
        ("count", owing.len().to_string()),
        ("silent", join(silent.clone())),
        ("back", join(back.clone())),
    ];
    let line = |key: &str| locale::fill(lang, key, &args) + "\n";
    if owing.is_empty() {
        return line("page.remind.none");
    }
    let mut text = line("page.remind.head");
    if !silent.is_empty() {
        text += &line("page.remind.silent");
    }
    if !back.is_empty() {
        text += &line("page.remind.back");
    }
    if group.output.is_some() {
        text += &line("page.remind.output");
    }
    text += &line(if group.zero { "page.remind.zero" } else { "page.remind.end" });
    text
}
