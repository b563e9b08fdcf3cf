//! Orders from the shell: flags to a form, names to numbers, one call.

use std::io::Read;

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CaseSheet, Done, Reply};
use crate::api::request::{Order, Request};
use crate::cli::tell::{Outcome, Voice};
use crate::cli::{duty, handover, plan};
use crate::domain::act::Act;
use crate::domain::choice::Choice;
use crate::domain::field::FieldKind;
use crate::domain::form::{Fields, typed};
use crate::domain::ids::{CaseId, Kind, PersonId, RequestId, Revision, Version};
use crate::domain::schema::Field;
use crate::locale::{self, Lang};

/// The most bytes that are read for one field from standard input.
const INPUT_MAX: u64 = 256 * 1024;

/// What a change answers on the shell.
#[derive(Debug, Serialize)]
pub struct Changed {
    id: Option<u64>,
    version: Version,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<Revision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
}

impl Changed {
    /// What a change says of itself.
    pub fn of(done: &Done) -> Self {
        Self {
            id: done.record.map(|record| record.id),
            version: done.version,
            revision: done.revision,
            number: done.number.clone(),
        }
    }
}

/// Gives an order with the flags of its form.
///
/// # Errors
/// A refusal.
pub fn give(door: &mut dyn Door, voice: Voice, (act, matches): (Act, &ArgMatches)) -> Outcome {
    let fields = fields(door, voice.lang, (act, matches))?;
    let (on, seen) = match act.on() {
        Some(Kind::Case) => {
            let sheet = case(door, matches.get_one::<String>("record").map_or("", String::as_str))?;
            (Some(sheet.case.id.0), Some(sheet.case.version))
        }
        Some(Kind::Office) => (Some(1), None),
        Some(Kind::Plan) => {
            let view = plan::newest(door)?;
            (Some(view.plan.id.0), Some(view.plan.version))
        }
        Some(Kind::Task) => {
            let row =
                plan::named(door, matches.get_one::<String>("record").map_or("", |text| text))?;
            (Some(row.0), row.1)
        }
        Some(Kind::Duty) => {
            let row = duty::named(door, matches)?;
            (Some(row.0), row.1)
        }
        Some(kind @ (Kind::Officer | Kind::Unit)) => {
            let name = matches.get_one::<String>("record").map_or("", String::as_str);
            (Some(named(door, kind, name)?), None)
        }
        Some(_) => (Some(record_number(matches)?), None),
        None => (None, None),
    };
    let fields = match act.on() {
        Some(Kind::Task | Kind::Plan | Kind::Decision | Kind::Duty | Kind::Officer) => {
            with_today(door, act, fields)?
        }
        Some(Kind::Unit) if act == Act::NoteUnit => with_today(door, act, fields)?,
        None if act == Act::EnterFigure => with_today(door, act, fields)?,
        _ => fields,
    };
    let fields = if act.on().is_some() { fields } else { with_defaults(door, act, fields)? };
    told(voice, &send(door, (act, on, seen), fields)?)
}

/// Gives a case to a leader, a unit or an officer; each flag is an order of its own. Several cases,
/// their class and their target are one order.
///
/// # Errors
/// A refusal; what was done before it stays done.
pub fn assign(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    const FLAGS: [(&str, Act); 3] =
        [("lead", Act::AssignLead), ("unit", Act::Allot), ("handler", Act::HandTo)];
    let records: Vec<&String> = matches.get_many("record").into_iter().flatten().collect();
    let says_more = ["class", "agreed-on"].iter().any(|flag| matches.contains_id(flag));
    if records.len() > 1 || says_more {
        return handover::assign_many(door, voice, (&records, matches));
    }
    let record = records.first().map_or("", |record| record.as_str());
    let mut last = None;
    for (flag, act) in FLAGS {
        let Some(name) = matches.get_one::<String>(flag) else { continue };
        let sheet = case(door, record)?;
        let kind = if flag == "unit" { Kind::Unit } else { Kind::Officer };
        let mut fields = Fields::new();
        fields.insert(flag.to_owned(), named(door, kind, name)?.to_string());
        for extra in ["on", "text"] {
            if let Some(value) = matches.get_one::<String>(extra) {
                fields.insert(extra.to_owned(), value.clone());
            }
        }
        let seen = Some(sheet.case.version);
        last = Some(send(door, (act, Some(sheet.case.id.0), seen), fields)?);
    }
    match last {
        Some(done) => told(voice, &done),
        None => Err(Refusal::new(RefusalKind::Invalid, "nothing_to_assign")),
    }
}

/// Sends one order under a new request id.
///
/// # Errors
/// A refusal.
pub fn send(
    door: &mut dyn Door,
    (act, on, seen): (Act, Option<u64>, Option<Version>),
    fields: Fields,
) -> Result<Done, Refusal> {
    send_named(door, Order { id: new_id()?, act, on, seen, fields })
}

/// Gives an order that has its name already.
///
/// # Errors
/// A refusal.
pub fn send_named(door: &mut dyn Door, order: Order) -> Result<Done, Refusal> {
    match door.call(Request::Do(order))? {
        Reply::Done(done) => Ok(done),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// A new name for a change.
///
/// # Errors
/// The machine has no chance to offer.
pub fn new_id() -> Result<RequestId, Refusal> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::new(RefusalKind::Fault, "fault"))?;
    Ok(RequestId(u128::from_le_bytes(bytes)))
}

/// The case of a printed number, an old number, or its number among all cases.
///
/// # Errors
/// Not found.
pub fn case(door: &mut dyn Door, text: &str) -> Result<Box<CaseSheet>, Refusal> {
    let by_number = door.call(Request::CaseByNumber { number: text.to_owned() });
    let reply = match (by_number, text.parse()) {
        (Err(refusal), Ok(id)) if refusal.kind == RefusalKind::NotFound => {
            door.call(Request::Case { id: CaseId(id) })
        }
        (answer, _) => answer,
    }?;
    match reply {
        Reply::Case(sheet) => Ok(sheet),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// The number of the unit or officer of a name.
///
/// # Errors
/// Nobody has the name, or several have.
pub fn named(door: &mut dyn Door, kind: Kind, name: &str) -> Result<u64, Refusal> {
    let all: Vec<(u64, String)> = match kind {
        Kind::Unit => match door.call(Request::Units)? {
            Reply::Units(rows) => rows.into_iter().map(|row| (row.id.0, row.name)).collect(),
            _ => Vec::new(),
        },
        Kind::Officer => match door.call(Request::Officers)? {
            Reply::Officers(rows) => rows.into_iter().map(|row| (row.id.0, row.name)).collect(),
            _ => Vec::new(),
        },
        Kind::Office | Kind::Clerk | Kind::Person | Kind::Receipt | Kind::Case => Vec::new(),
        Kind::Plan | Kind::Task | Kind::Entry | Kind::Decision => Vec::new(),
        Kind::Duty | Kind::Indicator | Kind::View | Kind::Given => Vec::new(),
    };
    let exact: Vec<_> = all.iter().filter(|(_, known)| known == name).collect();
    match (exact.as_slice(), name.parse::<u64>()) {
        ([(id, _)], _) => Ok(*id),
        ([], Ok(id)) if all.iter().any(|(known, _)| *known == id) => Ok(id),
        ([], _) => Err(Refusal::new(RefusalKind::NotFound, "no_such_name").with("name", name)),
        (_, _) => {
            Err(Refusal::new(RefusalKind::Invalid, "several_of_that_name").with("name", name))
        }
    }
}

/// The person of a number, or the only one that a name finds.
///
/// # Errors
/// Nobody has the name, or several have.
pub fn person(door: &mut dyn Door, text: &str) -> Result<PersonId, Refusal> {
    if let Ok(id) = text.parse() {
        return Ok(PersonId(id));
    }
    let find = Request::Find { text: text.to_owned(), kinds: vec![Kind::Person], most: 20 };
    let found = loop {
        let Reply::Found(found) = door.call(find.clone())? else {
            return Err(Refusal::new(RefusalKind::Fault, "fault"));
        };
        if !found.warming {
            break found;
        }
        // A one-shot command has just opened the ledger: it waits for the index.
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let exact: Vec<_> = found.hits.iter().filter(|hit| hit.title == text).collect();
    match exact.as_slice() {
        [hit] => Ok(PersonId(hit.id)),
        [] => Err(Refusal::new(RefusalKind::NotFound, "no_such_person").with("name", text)),
        _ => Err(Refusal::new(RefusalKind::Invalid, "several_persons").with("name", text)),
    }
}

/// Prints what a change answered.
///
/// # Errors
/// None: a reader that has gone is no failure.
pub fn told(voice: Voice, done: &Done) -> Outcome {
    voice.say(&Changed::of(done), |lang| {
        let name = done.number.clone().or_else(|| done.record.map(|record| record.id.to_string()));
        let args = [("name", name.unwrap_or_default()), ("version", done.version.0.to_string())];
        locale::fill(lang, "shell.done", &args) + "\n"
    })
}

fn fields(
    door: &mut dyn Door,
    lang: Lang,
    (act, matches): (Act, &ArgMatches),
) -> Result<Fields, Refusal> {
    let mut fields = Fields::new();
    for field in typed(act) {
        let Some(texts) = matches.get_many::<String>(field.name()) else { continue };
        // A list of names may be given by several flags.
        let text = texts.cloned().collect::<Vec<_>>().join(" ");
        let text = if text == "-" { standard_input()? } else { text };
        fields.insert(field.name().to_owned(), value(door, lang, (field, text))?);
    }
    Ok(fields)
}

/// A text as the form takes it: names become numbers, labels become words.
fn value(
    door: &mut dyn Door,
    lang: Lang,
    (field, text): (&Field, String),
) -> Result<String, Refusal> {
    match field.kind {
        FieldKind::Link(kind @ (Kind::Unit | Kind::Officer)) if !text.is_empty() => {
            Ok(named(door, kind, &text)?.to_string())
        }
        FieldKind::Link(Kind::Person) if !text.is_empty() => Ok(person(door, &text)?.0.to_string()),
        FieldKind::OneOf(choice) => Ok(word_of(lang, choice, &text)),
        FieldKind::Links(kind) => {
            let ids: Result<Vec<String>, Refusal> = text
                .split([' ', ','])
                .filter(|name| !name.is_empty())
                .map(|name| Ok(named(door, kind, name)?.to_string()))
                .collect();
            Ok(ids?.join(" "))
        }
        FieldKind::SomeOf(choice) => {
            let words = text.split([' ', ',']).filter(|word| !word.is_empty());
            Ok(words.map(|word| word_of(lang, choice, word)).collect::<Vec<_>>().join(" "))
        }
        FieldKind::Link(_)
        | FieldKind::Line { .. }
        | FieldKind::Text
        | FieldKind::Name
        | FieldKind::Phone
        | FieldKind::IdNumber
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::Count { .. }
        | FieldKind::Flag
        | FieldKind::Inner => Ok(text),
    }
}

/// The word of a list for its label in the catalogue; the text itself if it is none.
pub fn word_of(lang: Lang, choice: Choice, text: &str) -> String {
    let of_label = choice
        .words
        .iter()
        .find(|word| locale::find(lang, &format!("choice.{}.{word}", choice.key)) == Some(text));
    of_label.map_or(text, |word| word).to_owned()
}

/// What the window takes for granted: today, one person, a visit, registered.
fn with_defaults(door: &mut dyn Door, act: Act, mut fields: Fields) -> Result<Fields, Refusal> {
    if act != Act::Register {
        return Ok(fields);
    }
    let Reply::Me(me) = door.call(Request::Greet)? else { return Ok(fields) };
    let defaults = [
        ("received_on", me.today.to_string()),
        ("people", "1".to_owned()),
        ("at_once", "registered".to_owned()),
        ("channel", "visit".to_owned()),
        ("source", "direct".to_owned()),
    ];
    for (name, text) in defaults {
        fields.entry(name.to_owned()).or_insert(text);
    }
    if let Some((officer, _)) = me.officer {
        fields.entry("taken_by".to_owned()).or_insert(officer.0.to_string());
    }
    Ok(fields)
}

/// The day of the event, if none is given, is today.
fn with_today(door: &mut dyn Door, act: Act, mut fields: Fields) -> Result<Fields, Refusal> {
    let has_day = typed(act).any(|field| field.name() == "on");
    if has_day
        && !fields.contains_key("on")
        && let Reply::Me(me) = door.call(Request::Greet)?
    {
        fields.insert("on".to_owned(), me.today.to_string());
    }
    Ok(fields)
}

/// A text from standard input.
///
/// # Errors
/// It is no text.
pub fn standard_input() -> Result<String, Refusal> {
    let mut text = String::new();
    std::io::stdin()
        .take(INPUT_MAX)
        .read_to_string(&mut text)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "input_is_not_text"))?;
    Ok(text)
}

/// The number of the record that a command names.
///
/// # Errors
/// It is no number.
pub fn record_number(matches: &ArgMatches) -> Result<u64, Refusal> {
    matches
        .get_one::<String>("record")
        .and_then(|text| text.parse().ok())
        .ok_or_else(Refusal::not_found)
}
