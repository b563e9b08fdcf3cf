//! The printed page of a village from the shell.

use std::io::Write as _;

use clap::ArgMatches;

use crate::api::campaign::{TaskList, TaskQuery};
use crate::api::door::Door;
use crate::api::duty::DutyQuery;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::cli::{orders, plan};
use crate::domain::ids::{Kind, UnitId};
use crate::tui::page;

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
    let name = rows.first().and_then(|row| row.village.clone());
    let Some(name) = name else { return Ok(Told::Nothing) };
    let mut duties = Vec::new();
    if let Reply::Duties(view) = door.call(Request::Duties(DutyQuery::default()))? {
        let own = view.groups.into_iter().flat_map(|group| group.rows);
        duties.extend(own.filter(|row| row.village.as_ref() == Some(&name)));
    }
    let page = page::village(voice.lang, (&me, &view), &rows, &duties);
    let out = matches.get_one::<String>("output").map_or("-", String::as_str);
    if out == "-" {
        // A reader that has seen enough closes the pipe: that is no failure.
        let _ = std::io::stdout().lock().write_all(page.as_bytes());
        return Ok(Told::Done);
    }
    std::fs::write(out, page)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", out))?;
    Ok(Told::Done)
}
