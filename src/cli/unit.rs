//! Questions from the shell about units.

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::unit::UnitSheet;
use crate::cli::orders;
use crate::cli::tell::{Outcome, Voice, label, table};
use crate::domain::ids::{Kind, UnitId};
use crate::locale::{self, Lang};

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// `unit list`.
///
/// # Errors
/// A refusal.
pub fn list(door: &mut dyn Door, voice: Voice) -> Outcome {
    let Reply::Units(rows) = door.call(Request::Units)? else { return Err(odd()) };
    voice.say(&rows, |lang| {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let kind = locale::text(lang, &format!("choice.unit_kind.{}", row.kind.word()));
                let head = row.head.clone().unwrap_or_default();
                vec![row.id.0.to_string(), row.name.clone(), kind, head]
            })
            .collect();
        table(&rows)
    })
}

/// `unit show`: a unit with what is recorded about it.
///
/// # Errors
/// A refusal.
pub fn show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("record").map_or("", String::as_str);
    let id = UnitId(orders::named(door, Kind::Unit, name)?);
    let Reply::Unit(sheet) = door.call(Request::Unit { id })? else { return Err(odd()) };
    voice.say(&*sheet, |lang| text(lang, &sheet))
}

fn text(lang: Lang, sheet: &UnitSheet) -> String {
    let kind = locale::text(lang, &format!("choice.unit_kind.{}", sheet.row.kind.word()));
    let mut rows = vec![vec![sheet.row.name.clone(), kind]];
    let fields = ["head", "phone", "population", "looked_after_by", "code", "ended_on"];
    for field in fields {
        let found = sheet.row.values.iter().find(|(name, _)| name == field);
        let found = found.filter(|(_, text)| !text.trim().is_empty());
        rows.extend(
            found.map(|(_, text)| vec![label(lang, &format!("unit.{field}")), text.clone()]),
        );
    }
    for own in &sheet.people {
        let parts = [Some(&own.name), own.post.as_ref(), own.phone.as_ref()];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        rows.push(vec![locale::text(lang, "unit.people"), parts.join(" ")]);
    }
    if !sheet.villages.is_empty() {
        rows.push(vec![locale::text(lang, "unit.villages"), sheet.villages.join(" ")]);
    }
    let count = [("count", sheet.notes.len().to_string())];
    let mut page = table(&rows) + &locale::fill(lang, "unit.notes", &count) + "\n";
    for (number, note) in sheet.notes.iter().rev() {
        let kind = locale::text(lang, &format!("choice.note_kind.{}", note.kind.word()));
        page.push_str(&format!("{number}  {}  {kind}  {}\n", note.on, note.decided_by));
        let why = Some(&note.why);
        for text in [why, note.follows.as_ref(), note.document.as_ref()].into_iter().flatten() {
            page.push_str(&format!("   {}\n", text.replace('\n', " ")));
        }
    }
    page
}
