//! Papers at the door: what a case has for a template, numbers that are given out with the step,
//! and templates that an office has loaded.
//!
//! INVARIANT: a number is allotted in the commit that writes its step, and never again; a value of a
//! person that is masked elsewhere goes out only into a paper that is written, and is in the access
//! log before its answer.

use crate::api::backup::BackupPiece;
use crate::api::incoming::ImportRow;
use crate::api::paper::{
    PIECE_BYTES, PaperQuery, PaperUse, PaperView, TEMPLATE_BYTES_MAX, TemplateQuery, TemplateView,
};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::Tie;
use crate::domain::handling::Entry;
use crate::domain::office::Office;
use crate::domain::paper::{Making, Paper, Seal, Skipped, Template, year_of};
use crate::domain::person::{ID_REASON_MIN, Person};
use crate::domain::placeholder::{Guard, Origin, Placeholder};
use crate::domain::policy::{self, Scope, Verdict};
use crate::domain::step::Deed;
use crate::domain::voiding::{Voiding, Which};
use crate::service::case::fill;
use crate::service::order::{Desk, Made};
use crate::service::paper::value::Source;
use crate::service::stop::Stop;
use crate::service::{Asking, Service, judge};
use crate::store::access::Note;
use crate::store::key::Space;
use crate::store::read::{Read, Snapshot};
use crate::store::remake;

mod addressee;
mod earlier;
pub mod number;
pub mod offer;
mod value;

/// Where the bytes of templates lie among the documents.
const TEMPLATES: &[u8] = b"paper/";

/// Answers `Paper`.
///
/// # Errors
/// Not found where one may not see the case; a placeholder that is unknown or not for this paper; a
/// reason that is missing.
pub fn view(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &PaperQuery,
) -> Result<Reply, Stop> {
    let case = case_of(snapshot, asking, query)?;
    // One that was made before can be seen and written again under its number.
    if !query.paper.is_made(&case) {
        query.paper.may_be_made(&case)?;
    }
    let wanted = wanted(query)?;
    let book = service.core.book();
    addressee::judge(&book, &case, query)?;
    let petitioners = value::petitioners(snapshot, &case)?;
    let is_one_of_them = |tie: &&Tie| **tie != Tie::Agent;
    let is_joint = case.persons.values().filter(is_one_of_them).count() > 1;
    let link = policy::link(&asking.asker, &Scope::of(&case));
    let may_reveal = policy::may(&asking.asker, Act::Reveal, link) == Verdict::Allow;
    let is_clear = may_reveal && matches!(query.use_of, PaperUse::Write { .. });
    let source = Source {
        core: &service.core,
        book: &book,
        asking,
        case: &case,
        receipts: value::receipts(snapshot, &case)?,
        others: value::others(snapshot, &case, query)?,
        next: number::next(snapshot, (&book, asking.today), (query.paper, &case))?,
        persons: value::about(petitioners, query)?,
        rechecked: earlier::rechecked(snapshot, asking, &case)?,
        is_joint,
        query,
        is_clear,
    };
    source.may_ask()?;
    if is_clear {
        note(service, asking, (query, &wanted, &source.persons))?;
    }
    let (values, lists) = source.values(&wanted);
    let persons = source.persons.iter().map(|person| person.id.into());
    let shown = std::iter::once(case.id.into()).chain(persons).collect();
    Ok(Reply::Paper(Box::new(PaperView { case: case.number.clone(), values, lists, shown })))
}

/// The case, if the asker may make papers of it and the number that is named is one of this paper.
fn case_of(snapshot: &Snapshot, asking: &Asking, query: &PaperQuery) -> Result<Case, Stop> {
    let case: Case = snapshot.load(query.case.0)?.ok_or_else(Refusal::not_found)?;
    let scope = Scope::of(&case);
    if !policy::sees(&asking.asker, &scope, case.readers.as_ref()) {
        return Err(Refusal::not_found().into());
    }
    judge(asking, Act::WritePaper, policy::link(&asking.asker, &scope))?;
    if let PaperUse::Write { number: Some(number), .. } = &query.use_of {
        let step = case.step_of_number(number).map(|(_, step)| &step.deed);
        let is_its = matches!(step, Some(Deed::PaperMade { paper, voided: None, .. })
            if *paper == query.paper);
        if !is_its {
            return Err(Broken::new("no_such_paper_number").with("number", number).into());
        }
    }
    Ok(case)
}

/// The placeholders that are asked for.
fn wanted(query: &PaperQuery) -> Result<Vec<&'static Placeholder>, Stop> {
    let mut wanted = Vec::with_capacity(query.keys.len());
    for key in &query.keys {
        let unknown =
            || Refusal::new(RefusalKind::Invalid, "no_such_placeholder").with("name", key);
        let found = Placeholder::find(key).ok_or_else(unknown)?;
        if found.guard == Guard::IdNumber && !query.paper.may_hold_id_numbers() {
            return Err(Refusal::new(RefusalKind::Invalid, "paper_holds_no_id_numbers").into());
        }
        if query.paper.names_nobody() && found.origin == Origin::Person {
            return Err(Refusal::new(RefusalKind::Invalid, "paper_names_no_petitioner").into());
        }
        wanted.push(found);
    }
    Ok(wanted)
}

/// Writes down whose numbers a paper shows, and what for, before any of them goes out.
fn note(
    service: &Service,
    asking: &Asking,
    (query, wanted, persons): (&PaperQuery, &[&Placeholder], &[Person]),
) -> Result<(), Stop> {
    let PaperUse::Write { number, reason } = &query.use_of else { return Ok(()) };
    let asks = |guard: Guard| wanted.iter().any(|row| row.guard == guard);
    let reason = reason.trim();
    let has_id = persons.iter().any(|person| person.id_number.is_some());
    if asks(Guard::IdNumber) && has_id && reason.chars().count() < ID_REASON_MIN {
        let key = if reason.is_empty() { "reason_is_missing" } else { "reason_is_too_short" };
        return Err(Refusal::new(RefusalKind::Invalid, key).into());
    }
    for person in persons {
        let shown = [
            (Guard::Phone, person.phone.is_some(), "field.person.phone"),
            (Guard::IdNumber, person.id_number.is_some(), "field.person.id_number"),
        ];
        let shown = shown.into_iter().filter(|(guard, is_there, _)| asks(*guard) && *is_there);
        let mut notes: Vec<Note> = shown.map(|(_, _, field)| Note::of("field", field)).collect();
        if !notes.is_empty() {
            let parts = [query.paper.word(), number.as_deref().unwrap_or_default(), reason];
            let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            notes.push(Note::of("reason", &parts.join(" ")));
            service.note(asking, Act::Reveal, (person.id.into(), notes))?;
        }
    }
    Ok(())
}

/// Whether an act makes papers, or settles how they are made.
pub const fn makes(act: Act) -> bool {
    matches!(
        act,
        Act::WritePaper | Act::VoidPaper | Act::LoadPaper | Act::DropPaper | Act::SkipNumbers
    )
}

/// Makes a paper, voids one, or settles how papers are made.
///
/// # Errors
/// A wrong form, a rule that is broken, a conflict, or a fault.
pub fn perform(desk: &mut Desk<'_, '_>, staged: Option<&Vec<ImportRow>>) -> Result<Made, Stop> {
    match desk.order.act {
        Act::WritePaper => write(desk),
        Act::VoidPaper => void(desk),
        _ => settle(desk, staged),
    }
}

/// Makes a paper: its step, and with it its number.
fn write(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let paper = filled.word("paper", Paper::parse).ok_or_else(Refusal::not_found)?;
    let (today, seal) = (desk.asking.today, Seal::of(&case));
    let year = year_of(today);
    let (mut serial, mut document) = (None, None);
    let office: Office = desk.work.load(1)?.ok_or_else(Refusal::not_found)?;
    let prefix = office.papers_begin_with();
    let own = number::own(&*desk.work, (paper, &case))?;
    let series = paper.series(year, seal);
    if let Some(own) = own {
        // The letter has its number: a second one would make two letters of it. If it is the next of
        // its series, it is given out with that.
        if let Some(series) = series {
            let last = desk.work.last_number(&number::counter(&series))?;
            let next = paper.serial_of(prefix, (year, seal), &own);
            if let Some(next) = next.filter(|next| u64::from(*next) == last + 1) {
                desk.work.allot(&number::counter(&series))?;
                serial = Some((series, next));
            }
        }
        document = Some(own);
    } else if let Some(series) = series {
        let print = |serial| paper.print(prefix, (year, seal), serial);
        let next = number::free(&*desk.work, &series, print)?;
        desk.work.reserve(&number::counter(&series), u64::from(next))?;
        (document, serial) = (Some(print(next)), Some((series, next)));
    }
    let template = filled.text("template").unwrap_or_default();
    let entry = Entry {
        on: today,
        today,
        by: desk.asking.clerk.officer,
        text: filled.text("text"),
        document: document.clone(),
    };
    let next = case.paper_made(Making { paper, template, serial }, entry)?;
    let made = Made::case(&desk.put_case(&case, next)?);
    Ok(Made { number: document, ..made })
}

/// Voids a paper, and its number with it.
fn void(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let number = filled.text("number").map(|number| number.trim().to_owned());
    let which = match (number.as_deref().filter(|number| !number.is_empty()), filled.count("step"))
    {
        (None, Some(step)) => Which::Step(step),
        (Some(number), _) => Which::Number(number),
        (None, None) => {
            return Err(Broken::new("void_names_no_paper").at("void_paper.number").into());
        }
    };
    let (on, by) = (desk.asking.today, desk.asking.clerk.officer);
    let next =
        case.void_paper(which, Voiding { why: filled.text("why").unwrap_or_default(), on, by })?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Loads a template, goes back to a built-in one, or leaves serials out.
fn settle(desk: &mut Desk<'_, '_>, staged: Option<&Vec<ImportRow>>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    let paper = filled.word("paper", Paper::parse).ok_or_else(Refusal::not_found)?;
    let office: Office = desk.work.load(1)?.ok_or_else(Refusal::not_found)?;
    let mut next = office.clone();
    let key = [TEMPLATES, paper.word().as_bytes()].concat();
    match desk.order.act {
        Act::LoadPaper => {
            let digest = filled.text("file").unwrap_or_default();
            let bytes = staged.and_then(|rows| bytes_of(rows)).unwrap_or_default();
            let whole = hex(&remake::digest(&bytes)) == digest && !bytes.is_empty();
            if !whole {
                return Err(Refusal::new(RefusalKind::Invalid, "piece_is_missing").into());
            }
            if bytes.len() > TEMPLATE_BYTES_MAX {
                return Err(Refusal::new(RefusalKind::Invalid, "template_is_too_large").into());
            }
            let officer = desk.core.book().officer(desk.asking.clerk.officer);
            let template = Template {
                file: filled.text("name").unwrap_or_default(),
                digest,
                n_bytes: bytes.len() as u64,
                on: desk.asking.today,
                by: Some(officer.unwrap_or_else(|| desk.asking.session.login.clone())),
            };
            next.templates.insert(paper.word().to_owned(), template);
            desk.work.put(Space::Document, &key, bytes)?;
        }
        Act::DropPaper => {
            if next.templates.remove(paper.word()).is_none() {
                return Err(Refusal::new(RefusalKind::Invalid, "no_template_is_loaded").into());
            }
            desk.work.remove(Space::Document, &key)?;
        }
        _ => skip(desk, &mut next, (paper, &filled))?,
    }
    Ok(Made::of(&desk.put(&office, next)?))
}

/// Leaves the serials of this year out up to one, because they were used before.
fn skip(
    desk: &mut Desk<'_, '_>,
    office: &mut Office,
    (paper, filled): (Paper, &crate::domain::form::Filled),
) -> Result<(), Stop> {
    let unnumbered = || Broken::new("paper_has_no_number").at("skip_numbers.paper");
    let series = paper.series(year_of(desk.asking.today), Seal::Open).ok_or_else(unnumbered)?;
    let until = filled.count("until").unwrap_or_default();
    let last = desk.work.last_number(&number::counter(&series))?;
    let last = u32::try_from(last).unwrap_or(u32::MAX);
    if until <= last {
        let broken = Broken::new("numbers_are_given_out").at("skip_numbers.until");
        return Err(broken.with("last", last).into());
    }
    desk.work.reserve(&number::counter(&series), u64::from(until))?;
    let why = filled.text("why").unwrap_or_default();
    let skipped = Skipped { from: last + 1, until, why, on: desk.asking.today };
    office.skipped.insert(skipped.key(&series), skipped);
    Ok(())
}

/// The bytes of rows that were kept aside: hexadecimal digits, in order.
fn bytes_of(rows: &[ImportRow]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (_, hex) in rows.iter().flat_map(|row| &row.values) {
        bytes.extend(BackupPiece { hex: hex.clone() }.bytes()?);
        if bytes.len() > TEMPLATE_BYTES_MAX + 1 {
            break;
        }
    }
    Some(bytes)
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Answers `Templates`.
pub fn templates(service: &Service) -> Reply {
    let book = service.core.book();
    let view = |(word, template): (&String, &Template)| {
        Some(TemplateView { paper: Paper::parse(word)?, template: template.clone() })
    };
    Reply::Templates(book.office.templates.iter().filter_map(view).collect())
}

/// Answers `Template`.
///
/// # Errors
/// None is loaded for the paper, or a fault.
pub fn template(snapshot: &Snapshot, query: &TemplateQuery) -> Result<Reply, Stop> {
    let key = [TEMPLATES, query.paper.word().as_bytes()].concat();
    let bytes = snapshot.get(Space::Document, &key)?;
    let bytes =
        bytes.ok_or_else(|| Refusal::new(RefusalKind::NotFound, "no_template_is_loaded"))?;
    let from = usize::try_from(query.from).unwrap_or(usize::MAX).min(bytes.len());
    let piece = bytes.get(from..).unwrap_or_default();
    let piece = piece.get(..piece.len().min(PIECE_BYTES)).unwrap_or_default();
    Ok(Reply::TemplatePiece(BackupPiece::of(piece)))
}
