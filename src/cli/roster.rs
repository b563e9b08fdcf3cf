//! Questions from the shell about the roster and about all persons.

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{Me, Reply};
use crate::api::request::{Cursor, ROWS_MAX, Request, Whose};
use crate::api::roster::{
    EntryRow, EntrySheet, OwedView, PersonPage, PersonQuery, RosterPage, RosterPart, RosterQuery,
    StoodQuery,
};
use crate::cli::tell::{Outcome, Told, Voice, label, table};
use crate::cli::{listing, orders, queries};
use crate::domain::ids::{EntryId, Kind, UnitId};
use crate::domain::listing::{Column, List, Sort};
use crate::locale::{self, Lang};
use crate::tui::letter;

/// The rows of a list without a limit of its own.
const ROWS_USUAL: u32 = 50;

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

fn text_of(matches: &ArgMatches) -> Result<Option<String>, Refusal> {
    match matches.get_one::<String>("text").map(String::as_str) {
        Some("-") => orders::standard_input().map(|text| Some(text.trim().to_owned())),
        text => Ok(text.map(str::to_owned)),
    }
}

fn most(matches: &ArgMatches) -> u32 {
    matches.get_one::<u32>("limit").copied().unwrap_or(ROWS_USUAL).min(ROWS_MAX)
}

/// `roster list`.
///
/// # Errors
/// A refusal.
pub fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    if let Some(day) = matches.get_one::<String>("on") {
        return stood(door, voice, (day, matches));
    }
    let most = most(matches);
    let (query, _) = query(door, matches)?;
    let mut query = RosterQuery { most, ..query };
    let mut whole = RosterPage::default();
    loop {
        let Reply::Roster(page) = door.call(Request::Roster(query.clone()))? else {
            return Err(odd());
        };
        query.from = next(page.rows.last().map(|row| &row.cursor), page.after);
        whole = RosterPage { rows: [whole.rows, page.rows].concat(), before: false, ..page };
        if query.from.is_none() || whole.rows.len() >= most as usize {
            break;
        }
    }
    voice.say(&whole, |lang| {
        let heads = HEADS.map(|key| locale::text(lang, key)).to_vec();
        let rows = std::iter::once(heads).chain(whole.rows.iter().map(|row| cells(lang, row)));
        let rows: Vec<Vec<String>> = rows.skip(usize::from(whole.rows.is_empty())).collect();
        table(&rows) + &found(lang, whole.rows.len(), (whole.total, query.from.is_some()))
    })?;
    Ok(if whole.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// Which entries are asked for, and the columns of the saved filter; none for the usual ones.
///
/// # Errors
/// There is no such filter, part or name.
pub fn query(
    door: &mut dyn Door,
    matches: &ArgMatches,
) -> Result<(RosterQuery, Vec<Column>), Refusal> {
    let part = match matches.get_one::<String>("part") {
        Some(word) => RosterPart::parse(word)
            .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "no_such_part").with("name", word))?,
        None => RosterPart::Open,
    };
    let whose = whose(door, matches)?;
    let asked = listing::asked(door, matches, List::Roster)?;
    let sort = asked.sort.unwrap_or(Sort::OWED);
    let part = match (matches.get_one::<String>("part"), asked.only.word(Column::State)) {
        (None, Some(word)) => RosterPart::parse(word).unwrap_or(part),
        (_, _) => part,
    };
    let whose = match whose {
        Whose::All => asked.whose.unwrap_or(Whose::All),
        said => said,
    };
    let only = asked.only.without(Column::State);
    let text = text_of(matches)?;
    let query = RosterQuery { part, sort, whose, only, text, ..RosterQuery::default() };
    Ok((query, asked.columns))
}

/// `roster list --on DAY`: the roster as it stood on that day.
fn stood(door: &mut dyn Door, voice: Voice, (day, matches): (&str, &ArgMatches)) -> Outcome {
    let me = me(door)?;
    let whose = whose(door, matches)?;
    let query = StoodQuery { on: Some(queries::date(day, me.today)?), whose };
    let Reply::RosterOn(view) = door.call(Request::RosterOn(query))? else { return Err(odd()) };
    voice.say(&view, |lang| letter::stood(lang, &me, &view))?;
    Ok(if view.rows.is_empty() { Told::Nothing } else { Told::Done })
}

/// `roster notice`: the letters that tell the person and the leader who answers for the help.
///
/// # Errors
/// A refusal.
pub fn notice(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let id = orders::record_number(matches)?;
    let Reply::Entry(sheet) = door.call(Request::Entry { id: EntryId(id) })? else {
        return Err(odd());
    };
    let Reply::Officers(officers) = door.call(Request::Officers)? else { return Err(odd()) };
    let me = me(door)?;
    let letter = match matches.get_one::<String>("whom").map(String::as_str) {
        Some("person") => letter::to_person,
        Some("lead") => letter::to_lead,
        _ => letter::notices,
    };
    let text = letter(voice.lang, &me, (&sheet, &officers));
    voice.say(&Notice { id, text: &text }, |_| text.clone())
}

/// A notice as JSON.
#[derive(Serialize)]
struct Notice<'n> {
    id: u64,
    text: &'n str,
}

fn me(door: &mut dyn Door) -> Result<Box<Me>, Refusal> {
    match door.call(Request::Greet)? {
        Reply::Me(me) => Ok(me),
        _ => Err(odd()),
    }
}

fn whose(door: &mut dyn Door, matches: &ArgMatches) -> Result<Whose, Refusal> {
    Ok(match matches.get_one::<String>("unit") {
        Some(name) => Whose::Unit(UnitId(orders::named(door, Kind::Unit, name)?)),
        None if matches.get_flag("mine") => Whose::Mine,
        None => Whose::All,
    })
}

/// The place from which the next page goes on, if there is one.
fn next(last: Option<&Cursor>, more: bool) -> Option<Cursor> {
    last.filter(|_| more).cloned()
}

fn found(lang: Lang, shown: usize, (total, more): (Option<u64>, bool)) -> String {
    // Nothing behind the last page means that all were shown.
    let total = total.or((!more).then_some(shown as u64));
    let total = total.map_or_else(|| "?".to_owned(), |total| total.to_string());
    let args = [("shown", shown.to_string()), ("total", total)];
    locale::fill(lang, "shell.found", &args) + "\n"
}

/// The columns of the list, which fit a page: what is owed first, and for whom.
const HEADS: [&str; 8] = [
    "row.digit",
    "roster.owed",
    "row.petitioner",
    "row.village",
    "roster.ground",
    "roster.state",
    "row.lead",
    "roster.officer",
];

fn cells(lang: Lang, row: &EntryRow) -> Vec<String> {
    vec![
        row.id.0.to_string(),
        row.owed.first().map(|owed| owed_text(lang, owed)).unwrap_or_default(),
        row.name.clone().unwrap_or_default(),
        row.village.clone().unwrap_or_default(),
        locale::text(lang, &format!("roster.ground.{}", row.ground.word())),
        locale::text(lang, &format!("entry.state.{}", row.state.word())),
        row.lead.clone().unwrap_or_default(),
        row.officer.clone().unwrap_or_default(),
    ]
}

/// An entry as a line of the sheet of its case or person: its number, how it stands, who leads, and
/// what is owed next.
pub fn line(lang: Lang, row: &EntryRow) -> Vec<String> {
    let lead = row.lead.clone().unwrap_or_default();
    let told = [
        row.id.0.to_string(),
        locale::text(lang, &format!("entry.state.{}", row.state.word())),
        locale::fill(lang, "case.lead", &[("name", lead)]),
        row.owed.first().map(|owed| owed_text(lang, owed)).unwrap_or_default(),
    ];
    vec![locale::text(lang, "roster.sheet_line"), told.join("  ").trim_end().to_owned()]
}

/// What is owed, in words: what, its day, and how many days it is late.
fn owed_text(lang: Lang, owed: &OwedView) -> String {
    let kind = locale::text(lang, &format!("owed.{}", owed.kind.word()));
    let limit = owed.rule.as_ref().and_then(|rule| locale::find(lang, &format!("limit.{rule}")));
    let kind = limit.map_or(kind, str::to_owned);
    let days = owed.days_left.unsigned_abs().to_string();
    let left = match owed.days_left {
        0 => locale::text(lang, "row.today"),
        1.. => locale::fill(lang, "row.days_left", &[("days", days)]),
        _ => locale::fill(lang, "row.days_late", &[("days", days)]),
    };
    format!("{kind} {} {left}", owed.on)
}

/// `roster show`.
///
/// # Errors
/// A refusal.
pub fn show(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let id = orders::record_number(matches)?;
    let Reply::Entry(sheet) = door.call(Request::Entry { id: EntryId(id) })? else {
        return Err(odd());
    };
    voice.say(&*sheet, |lang| sheet_text(lang, &sheet))
}

fn sheet_text(lang: Lang, sheet: &EntrySheet) -> String {
    let (entry, row) = (&sheet.entry, &sheet.row);
    let officer = |id| sheet.officers.get(&id).cloned().unwrap_or_default();
    let named = |field: &str, text: String| vec![label(lang, &format!("entry.{field}")), text];
    let mut rows = vec![
        cells(lang, row),
        named(
            "ground",
            locale::text(lang, &format!("choice.roster_ground.{}", entry.ground.word())),
        ),
        named("case", format!("{} {}", row.number, row.title)),
        named("reason", entry.reason.clone()),
        named("measures", entry.measures.clone()),
        named("contact_on", entry.contact_on.to_string()),
        named("review_on", entry.review_on.to_string()),
    ];
    if let Some(told_on) = entry.told_on {
        rows.push(named("told_on", told_on.to_string()));
    }
    rows.extend(entry.not_told.clone().map(|why| named("not_told", why)));
    if let Some(approval) = &entry.approval {
        let way = locale::text(lang, &format!("entry.way.{}", approval.way.word()));
        let who = approval.approver.map(officer).unwrap_or_default();
        let document = approval.document.clone().unwrap_or_default();
        rows.push(named("approval", format!("{} {who} {way} {document}", approval.on)));
    }
    if let Some(promise) = &entry.promise {
        rows.push(named("promise", format!("{} {}", promise.by_on, promise.text)));
    }
    rows.extend(row.owed.iter().map(|owed| vec![String::new(), owed_text(lang, owed)]));
    for contact in entry.contacts.values().rev() {
        let manner =
            locale::text(lang, &format!("choice.contact_manner.{}", contact.manner.word()));
        let who = contact.by.map(officer).unwrap_or_default();
        rows.push(vec![contact.on.to_string(), manner, who, contact.text.replace('\n', " ")]);
    }
    for renewal in entry.reviews.values().rev() {
        let label = label(lang, "renew.review_on");
        rows.push(vec![renewal.on.to_string(), label, renewal.until.to_string()]);
        rows.push(vec![String::new(), renewal.text.replace('\n', " ")]);
    }
    if let Some(ending) = &entry.ending {
        let why = locale::text(lang, &format!("choice.end_reason.{}", ending.why.word()));
        let text = ending.text.clone().unwrap_or_default();
        rows.push(named("ending", format!("{} {why} {text}", ending.on)));
    }
    table(&rows)
}

/// `person list`.
///
/// # Errors
/// A refusal.
pub fn persons(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let village = match matches.get_one::<String>("unit") {
        Some(name) => Some(UnitId(orders::named(door, Kind::Unit, name)?)),
        None => None,
    };
    let query = PersonQuery {
        village,
        text: text_of(matches)?,
        most: most(matches),
        ..PersonQuery::default()
    };
    let page: PersonPage = match door.call(Request::Persons(query))? {
        Reply::Persons(page) => page,
        _ => return Err(odd()),
    };
    voice.say(&page, |lang| {
        let rows = page.rows.iter().map(|row| {
            let case = row.case.clone().unwrap_or_default();
            vec![
                row.id.0.to_string(),
                row.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous")),
                row.phone.clone().unwrap_or_default(),
                row.village.clone().unwrap_or_default(),
                case.0,
                case.1,
            ]
        });
        let total = (!page.after).then_some(page.rows.len() as u64);
        table(&rows.collect::<Vec<_>>()) + &found(lang, page.rows.len(), (total, page.after))
    })?;
    Ok(if page.rows.is_empty() { Told::Nothing } else { Told::Done })
}
