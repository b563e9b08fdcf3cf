//! What an office loads: limits of its own, and a new year's notice of days off.
//!
//! The texts lie in the ledger as they were given; the settings of the office name each of them, so
//! that the journal says what was loaded, when, by whom, and which cases moved. A text that is wrong
//! in one line changes nothing.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::setting::SourceView;
use crate::api::trail::ChangedField;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::fact::Fact;
use crate::domain::form::Filled;
use crate::domain::office::{Loaded, Office};
use crate::law::calendar::{Calendar, CalendarError, CalendarFault, CalendarReason};
use crate::law::count::{Length, Unit};
use crate::law::rule::{Law, Level};
use crate::law::text::{LawError, LawFault, LawReason};
use crate::service::case::fill;
use crate::service::order::{Desk, Made};
use crate::service::rules::{self, Rules};
use crate::service::stop::Stop;
use crate::service::trail::changed::named;
use crate::service::{Core, clocks};
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::remake;

/// Where the texts of limits lie among the documents.
const LAWS: &[u8] = b"law/";
/// Where the texts of calendars lie among the documents.
const CALENDARS: &[u8] = b"calendar/";
/// The series that numbers loaded texts, so that they are read in the order of their loading.
const SERIES: &str = "loaded";
/// Documents that are read at most.
const TEXTS_MAX: usize = 1_000;
/// The most characters of the numbers that the journal tells of a loading.
const TOLD_MAX: usize = 200;
/// Faults that a refusal tells at most.
const FAULTS_MAX: usize = 20;
/// Numbers of moved cases that a setting names at most; their count is kept in full.
const MOVED_MAX: usize = 100;

/// A text as it lies in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Document {
    /// The norm of limits, or the years of a calendar.
    name: String,
    /// The text.
    text: String,
}

/// Adds what a ledger has loaded to the rules that the program brings along.
///
/// # Errors
/// A damaged ledger.
pub fn add_loaded(ledger: &impl Read, rules: &mut Rules) -> Result<(), Stop> {
    for (_, document) in documents(ledger, LAWS)? {
        // It was judged when it was loaded; what a newer program no longer reads is left out.
        if let Ok(law) = Law::parse(&document.text) {
            rules.law = rules.law.with(&law);
            rules.loaded.push(document.name);
        }
    }
    for (_, document) in documents(ledger, CALENDARS)? {
        if let Ok(calendar) = Calendar::parse(&document.text) {
            rules.calendar = rules.calendar.with(&calendar);
        }
    }
    let office: Option<Office> = ledger.load(1)?;
    if let Some(office) = office {
        rules.position = office.position;
        rules.half_time = office.half_time();
        rules.soon_workdays = office.soon_workdays;
        rules.nudge = office.nudge();
        rules.filing = office.filing();
    }
    Ok(())
}

fn documents(ledger: &impl Read, head: &[u8]) -> Result<Vec<(Vec<u8>, Document)>, Stop> {
    let span = Span::prefix(Space::Document, head);
    let mut found = Vec::new();
    for (key, _) in ledger.page(&span, Order::Forward, TEXTS_MAX)? {
        if let Some(document) = ledger.value(Space::Document, &key)? {
            found.push((key, document));
        }
    }
    Ok(found)
}

/// Loads limits or days off, or takes limits out of force.
///
/// # Errors
/// A text that is wrong, with its line; nothing of that name; or a fault.
pub fn perform(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    match desk.order.act {
        Act::LoadLaw => load_law(desk),
        Act::DropLaw => drop_law(desk),
        _ => load_calendar(desk),
    }
}

/// Loads limits.
///
/// # Errors
/// A text that is wrong or longer than the law, with its line; or a fault.
fn load_law(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let (file, text) = law_text(&filled)?;
    let present = Rules::read(desk.work)?;
    let refusal = |error: LawError| law_refusal(&error, &present.law);
    let law = Law::parse(&text).map_err(refusal)?;
    let name = law.limits().first().map(|limit| limit.norm.clone()).unwrap_or_default();
    let name = norm_of(&text).unwrap_or(name);
    present.law.judge(&law).map_err(refusal)?;
    keep(desk, LAWS, Document { name: name.clone(), text }, |other| other.name == name)?;
    put_in_force(desk, &name, Some(file))
}

/// The text of limits that are loaded: one that the program brings along, or the office's own.
fn law_text(filled: &Filled) -> Result<(String, String), Stop> {
    if let Some(name) = filled.text("built_in") {
        let text = clocks::built_in(&name).map(str::to_owned);
        let missing = || Refusal::new(RefusalKind::Invalid, "no_such_law").with("name", &name);
        return Ok((name.clone(), text.ok_or_else(missing)?));
    }
    let text = filled.text("text").ok_or_else(|| Broken::new("empty").at("load_law.text"))?;
    let typed = || norm_of(&text).unwrap_or_default();
    Ok((filled.text("file").unwrap_or_else(typed), text))
}

/// The norms of loaded limits that are in force, each with how many limits it has.
///
/// # Errors
/// A damaged ledger.
pub fn norms_in_force(ledger: &impl Read) -> Result<Vec<(String, usize)>, Stop> {
    let documents = documents(ledger, LAWS)?;
    let count = |text: &str| Law::parse(text).map_or(0, |law| law.limits().len());
    Ok(documents.into_iter().map(|(_, one)| (one.name, count(&one.text))).collect())
}

/// Takes loaded limits out of force.
///
/// # Errors
/// Nothing of that name is loaded, or a fault.
fn drop_law(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let name = filled.text("name").unwrap_or_default();
    let found = documents(desk.work, LAWS)?.into_iter().find(|(_, one)| one.name == name);
    let Some((key, _)) = found else {
        return Err(Refusal::new(RefusalKind::NotFound, "not_loaded").with("name", name).into());
    };
    desk.work.remove(Space::Document, &key)?;
    put_in_force(desk, &name, None)
}

/// Loads a notice of days off.
///
/// # Errors
/// A text that is wrong, with its line; or a fault.
fn load_calendar(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let text = filled.text("text").unwrap_or_default();
    let calendar = Calendar::parse(&text).map_err(|error| calendar_refusal(&error))?;
    let years: Vec<String> = calendar.years().map(|year| year.to_string()).collect();
    let name = years.join(" ");
    let is_covered =
        |other: &Document| other.name.split(' ').all(|year| years.iter().any(|own| own == year));
    keep(desk, CALENDARS, Document { name: name.clone(), text }, is_covered)?;
    let file = filled.text("file").unwrap_or_else(|| name.clone());
    put_in_force(desk, &name, Some(file))
}

/// Keeps a text in the place of those that it replaces.
fn keep(
    desk: &mut Desk<'_, '_>,
    head: &[u8],
    document: Document,
    is_replaced: impl Fn(&Document) -> bool,
) -> Result<(), Stop> {
    for (key, other) in documents(desk.work, head)? {
        if is_replaced(&other) {
            desk.work.remove(Space::Document, &key)?;
        }
    }
    let number = desk.work.allot(SERIES)?;
    let key = [head, &number.to_be_bytes()].concat();
    desk.work.put_value(Space::Document, &key, &document)?;
    Ok(())
}

/// Notes in the settings what was loaded and which cases move, and moves them.
fn put_in_force(desk: &mut Desk<'_, '_>, name: &str, file: Option<String>) -> Result<Made, Stop> {
    let office: Office = desk.work.load(1)?.ok_or_else(Refusal::not_found)?;
    let new = Rules::read(desk.work)?;
    let (n_moved, moved) = moved(desk, &new)?;
    let digest = remake::digest(format!("{:?}{:?}", new.law, new.calendar).as_bytes());
    let digest = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let officer = desk.core.book().officer(desk.asking.clerk.officer);
    let by = Some(officer.unwrap_or_else(|| desk.asking.session.login.clone()));
    let loaded = Loaded { file, on: desk.asking.today, by, digest, n_moved, moved };
    let mut next = office.clone();
    next.loaded.insert(name.to_owned(), loaded);
    let made = Made::of(&desk.put(&office, next)?);
    follow(desk.core, desk)?;
    Ok(made)
}

/// Puts the rules in force that the ledger has by now, where they are others than before.
///
/// # Errors
/// A fault of the storage.
pub fn follow(core: &Core, desk: &mut Desk<'_, '_>) -> Result<(), Stop> {
    let new = Rules::read(desk.work)?;
    if new.origin() != core.rules().origin() {
        rules::put_in_force(core, desk.work, new)?;
        core.follow_rules(desk.work)?;
    }
    Ok(())
}

/// The cases whose next due day is another by new rules: how many, and the numbers of the first.
/// A sealed case is not among them: settings and journal are read by all, and a count without a
/// number would tell that there is one.
fn moved(desk: &Desk<'_, '_>, new: &Rules) -> Result<(u64, Vec<String>), Stop> {
    let (mut n_moved, mut numbers) = (0, Vec::new());
    let old = desk.core.rules();
    desk.work.each::<Case>(&mut |case| {
        if case.readers.is_none() && clocks::due_by(&old, &case) != clocks::due_by(new, &case) {
            n_moved += 1;
            if numbers.len() < MOVED_MAX {
                numbers.push(case.number);
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((n_moved, numbers))
}

/// Where the text of a limit came from that stands in that layer of the rules; none for what the
/// program brings along.
pub fn source_of(rules: &Rules, office: Option<&Office>, layer: usize) -> Option<SourceView> {
    let name = rules.loaded.get(layer.checked_sub(1)?)?;
    office?.loaded.get(name).map(source)
}

/// Where a year's days off came from; none for what the program brings along.
pub fn source_of_year(office: Option<&Office>, year: i32) -> Option<SourceView> {
    let name = year.to_string();
    let of_year = office?
        .loaded
        .iter()
        .filter(|(years, own)| own.file.is_some() && years.split(' ').any(|own| own == name));
    of_year.map(|(_, own)| own).max_by_key(|own| own.on).map(source)
}

fn source(loaded: &Loaded) -> SourceView {
    SourceView { file: loaded.file.clone(), by: loaded.by.clone(), on: loaded.on }
}

/// A change of what is loaded: its file before and after, none where it is out of force, how many
/// cases moved, and the numbers of the first of them.
pub fn changed(fact: &Fact) -> ChangedField {
    let read = |value: &Value| serde_json::from_value::<Loaded>(value.clone()).ok();
    let file = |loaded: Option<&Loaded>| loaded.and_then(|loaded| loaded.file.clone());
    let (old, new) = (read(&fact.old), read(&fact.new));
    let part = |key: &str, text: String| ChangedField { new: Some(text), ..named(key) };
    let mut parts = Vec::new();
    if let Some(new) = &new {
        parts.push(part("loaded.n_moved", new.n_moved.to_string()));
        if !new.moved.is_empty() {
            let numbers = new.moved.join(" ");
            parts.push(part("loaded.moved", numbers.chars().take(TOLD_MAX).collect()));
        }
    }
    let (old, new) = (file(old.as_ref()), file(new.as_ref()));
    ChangedField { old, new, parts, ..named(&fact.field) }
}

/// The name of a text's norm: that of its head, not of a row.
pub fn norm_of(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.trim_start().starts_with("norm"))?;
    let (_, name) = line.split_once('=')?;
    Some(name.trim().trim_matches('"').to_owned()).filter(|name| !name.is_empty())
}

/// All faults of a text of limits; the only one by its own key.
fn law_refusal(error: &LawError, law: &Law) -> Refusal {
    let n = error.faults.len();
    let told = error.faults.iter().map(|fault| law_fault(fault, n, law));
    together("law_has_faults", told.collect())
}

/// The unit of the national row of an id.
fn unit_of(law: &Law, id: &str) -> &'static str {
    let national = law.of_id(id).filter(|limit| limit.level == Level::National);
    let unit = national.filter_map(|limit| limit.length).last().map(Length::unit);
    clocks::unit_word(unit.unwrap_or(Unit::Day))
}

/// Several refusals as one that tells each of them on a line; a text says how many there are.
fn together(key: &str, mut refusals: Vec<Refusal>) -> Refusal {
    if refusals.len() < 2 {
        return refusals.pop().unwrap_or_else(Refusal::not_found);
    }
    let n = refusals.len();
    let told = refusals.into_iter().take(FAULTS_MAX).map(|refusal| {
        let args = refusal.args.iter().map(|(name, value)| format!("\t{name}={value}"));
        format!("{}{}", refusal.key, args.collect::<String>())
    });
    let faults = told.collect::<Vec<_>>().join("\n");
    Refusal::new(RefusalKind::Invalid, key).with("n", n).with("faults", faults)
}

fn law_fault(fault: &LawFault, n: usize, law: &Law) -> Refusal {
    let at = |key: &str| {
        Refusal::new(RefusalKind::Invalid, key)
            .with("line", fault.line)
            .with("row", &fault.row)
            .with("n", n)
    };
    match &fault.reason {
        LawReason::TooLong => at("law_is_too_long"),
        LawReason::Syntax => at("law_is_not_read"),
        LawReason::Missing(field) => at("law_field_is_missing").with("field", field),
        LawReason::Unknown(field) => at("law_field_is_unknown").with("field", field),
        LawReason::Kind => at("law_value_is_of_another_kind"),
        LawReason::Empty => at("law_has_no_limit"),
        LawReason::Field { field, value } => {
            at("law_field_is_wrong").with("field", field).with("value", value)
        }
        LawReason::Twice => at("law_row_stands_twice"),
        LawReason::Lapses => at("law_duty_cannot_lapse"),
        LawReason::HalfLength => at("law_length_is_half"),
        LawReason::Trigger => at("law_trigger_is_missing"),
        LawReason::Longer { article, days } => {
            let unit = unit_of(law, &fault.row);
            at("law_is_longer")
                .with("article", article)
                .with("days", days)
                .with("unit_of_law", unit)
        }
        LawReason::Looser { field, article } => {
            let at = at("law_is_looser").with("field", field).with("field_of_law", field);
            at.with("article", article)
        }
        LawReason::Extends(id) => at("law_extends_nothing").with("value", id),
    }
}

/// All faults of a calendar; the only one by its own key.
fn calendar_refusal(error: &CalendarError) -> Refusal {
    let n = error.faults.len();
    let faults = error.faults.iter().map(|fault| calendar_fault(fault, n)).collect();
    together("calendar_has_faults", faults)
}

fn calendar_fault(fault: &CalendarFault, n: usize) -> Refusal {
    let at = |key: &str, value: &dyn ToString| {
        Refusal::new(RefusalKind::Invalid, key)
            .with("line", fault.line)
            .with("value", value.to_string())
            .with("n", n)
    };
    match &fault.reason {
        CalendarReason::TooLong => at("calendar_is_too_long", &""),
        CalendarReason::Header => at("calendar_head_is_missing", &""),
        CalendarReason::Row(row) => at("calendar_row_is_wrong", row),
        CalendarReason::Date(text) => at("calendar_day_is_wrong", text),
        CalendarReason::Kind(text) => at("calendar_kind_is_wrong", text),
        CalendarReason::Words(what) => at("calendar_words_are_wrong", what),
        CalendarReason::Twice(day) => at("calendar_day_stands_twice", day),
        CalendarReason::Weekday(day) => at("calendar_make_up_is_no_rest_day", day),
        CalendarReason::NewYear { year, .. } => at("calendar_year_lacks_new_year", year),
        CalendarReason::HalfYear { year, .. } => at("calendar_year_is_not_whole", year),
        CalendarReason::Empty => at("calendar_is_empty", &""),
    }
}
