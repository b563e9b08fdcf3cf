//! The printed page of a village: its tasks by phase, with marks that read without colour, and the
//! lines to sign, for those who never log in.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::ArgMatches;

use crate::api::campaign::{PlanView, TaskList, TaskQuery, TaskRow};
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::Request;
use crate::cli::orders;
use crate::cli::plan;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::choice::TaskState;
use crate::domain::ids::{Kind, UnitId};
use crate::domain::standing::Standing;
use crate::locale::{self, Lang};

/// `plan page`: writes the page of a village to a file or to standard output.
///
/// # Errors
/// No such village, or a file that cannot be written.
pub fn village(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let unit = UnitId(orders::named(door, Kind::Unit, text("village"))?);
    let Reply::Me(me) = door.call(Request::Greet)? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    let view = plan::newest(door)?;
    let rows = plan::tasks(door, TaskQuery::of(Some(view.plan.id), TaskList::Village(unit)))?;
    if rows.is_empty() {
        return Ok(Told::Nothing);
    }
    let page = page(voice.lang, (&me, &view), &rows);
    let out = text("output");
    if out == "-" {
        // A reader that has seen enough closes the pipe: that is no failure.
        let _ = std::io::stdout().lock().write_all(page.as_bytes());
        return Ok(Told::Done);
    }
    std::fs::write(out, page)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", out))?;
    Ok(Told::Done)
}

/// The page as text.
pub fn page(lang: Lang, (me, view): (&Me, &PlanView), rows: &[TaskRow]) -> String {
    let village = rows.first().and_then(|row| row.village.clone()).unwrap_or_default();
    let args = [
        ("town", me.town.clone()),
        ("plan", view.plan.name.clone()),
        ("village", village),
        ("day", me.today.to_string()),
    ];
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}\n", locale::fill(lang, "shell.page.title", &args));
    let _ = writeln!(page, "{}\n", locale::fill(lang, "shell.page.made", &args));
    for (number, phase) in &view.plan.phases {
        let own: Vec<&TaskRow> = rows.iter().filter(|row| row.phase == *number).collect();
        if own.is_empty() {
            continue;
        }
        let settled = own.iter().filter(|row| row.state.is_settled()).count();
        let counts = [("settled", settled.to_string()), ("total", own.len().to_string())];
        let counts = locale::fill(lang, "shell.page.counts", &counts);
        let (from, until) = (phase.from, phase.until);
        let _ = writeln!(page, "{number} {} ({from} .. {until})  {counts}", phase.name);
        own.iter().for_each(|row| task(lang, row, &mut page));
        page.push('\n');
    }
    let _ = writeln!(page, "{}", locale::text(lang, "shell.page.return"));
    let _ = writeln!(page, "\n{}", locale::text(lang, "shell.page.sign"));
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
    let late = if row.standing == Standing::Late { "!" } else { " " };
    let weight = locale::text(lang, &format!("choice.weight.{}", row.weight.word()));
    let _ = writeln!(page, "  [{mark}]{late}{} {} ({weight})", row.code, row.title);
    let mut parts = vec![locale::fill(lang, "shell.page.until", &[("day", row.until.to_string())])];
    parts.extend(row.until_workday.map(|near| {
        let args = [("day", row.until.to_string()), ("near", near.to_string())];
        locale::fill(lang, "shell.plan.workday", &args)
    }));
    let who = row.officer.clone().or_else(|| row.who.clone());
    parts.extend(who.map(|who| locale::fill(lang, "shell.page.who", &[("who", who)])));
    let what = row.deliverable.clone();
    parts.extend(what.map(|what| locale::fill(lang, "shell.page.deliverable", &[("what", what)])));
    let _ = writeln!(page, "        {}", parts.join("  "));
}
