//! What comes in: a receipt with its case and person, or a further receipt on a case.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::api::refusal::Refusal;
use crate::domain::broken::Broken;
use crate::domain::case::{Case, Entrusted};
use crate::domain::choice::{AtOnce, Channel, Level, Manner, Sex, Source, Tie};
use crate::domain::form::Filled;
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, Kind, OfficerId, PersonId, ReceiptId, UnitId, Version};
use crate::domain::number::Series;
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::domain::step::Deed;
use crate::service::case::{check_links, fill};
use crate::service::crowd;
use crate::service::erase;
use crate::service::order::{Desk, Made};
use crate::service::seal;
use crate::service::stop::Stop;
use crate::service::tell;
use crate::store::read::Read;

/// The most characters of a title that is taken from the request.
const TITLE_MAX: usize = 24;
/// The word by which a clerk says that the petitioner stays anonymous.
const ANONYMOUS: [&str; 2] = ["\u{533f}\u{540d}", "anonymous"];

/// Registers a receipt at the window, with its case and, unless anonymous, its person.
///
/// # Errors
/// A wrong form, a day in the future, or a fault.
pub fn register(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    let (receipt, case) = draw(desk, &filled)?;
    desk.create(receipt)?;
    Ok(Made::case(&desk.create_case(case)?))
}

/// The receipt and the case of a form, which are still to be made; the person is made.
///
/// # Errors
/// A day in the future, or a fault.
pub fn draw(desk: &mut Desk<'_, '_>, filled: &Filled) -> Result<(Receipt, Case), Stop> {
    let received_on = filled.date("received_on").unwrap_or(desk.asking.today);
    if received_on > desk.asking.today {
        let broken = Broken::new("day_is_in_the_future").at("register.received_on");
        return Err(broken.with("day", desk.asking.today).into());
    }
    desk.on = received_on;
    let person = person_of(desk, filled)?;
    let repeated = crowd::repeated(desk, filled)?;
    let case_id = CaseId(desk.work.allot_id(Kind::Case)?);
    let receipt = receipt_of(desk, (filled, "register"), case_id)?;
    let receipt = Receipt { repeat: repeated.is_some(), ..receipt };
    let year = desk.asking.today.year();
    let sealing = seal::at_registration(desk, filled)?;
    let series = if sealing.is_some() { Series::Sealed { year } } else { Series::Case { year } };
    let serial = desk.work.allot(&series.counter())?;
    let number = series.print(&desk.core.book().office.code, serial);
    let mut case = blank(case_id, number, filled);
    case.received_on = received_on;
    case.registrar = receipt.taken_by.or(desk.asking.clerk.officer);
    case.persons = person.iter().map(|person| (*person, Tie::Petitioner)).collect();
    case.repeats = repeated.map(|case| case.id);
    crowd::tie_representatives(desk, (filled, "register"), &mut case)?;
    case.entrusted = entrusted(filled, (receipt.source, "register"))?;
    let words = Entry {
        on: received_on,
        today: desk.asking.today,
        by: receipt.taken_by.or(desk.asking.clerk.officer),
        text: None,
        document: None,
    };
    let deed = Deed::Received {
        receipt: receipt.id,
        source: receipt.source,
        channel: Some(receipt.channel),
    };
    case.add(deed, words.clone());
    if matches!(receipt.at_once, Some(AtOnce::Notified | AtOnce::Answered)) {
        let deed = Deed::Notified { receipt: Some(receipt.id), manner: Manner::InPerson };
        case.add(deed, words.clone());
    }
    if let Some(sealing) = sealing {
        seal::begin(&mut case, &sealing, words)?;
        if let Some(request) = filled.text("open_part") {
            let part = seal::Part { request, title: None, village: case.village };
            let open = seal::open_part(desk, (&case, &receipt), part)?;
            case.add(Deed::Parted { into: open }, seal::parted_on(desk));
        }
    }
    Ok((receipt, case))
}

/// Hangs a further receipt on a case.
///
/// # Errors
/// A wrong form, a broken rule, or a fault.
pub fn join(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    check_links(desk, &filled)?;
    Ok(Made::case(&hang(desk, case, (&filled, None))?))
}

/// Hangs the receipt of a form of joining on a case, with who told of it if it was somebody else
/// than whoever enters it.
///
/// # Errors
/// A broken rule, or a fault.
pub fn hang(
    desk: &mut Desk<'_, '_>,
    case: Case,
    (filled, told_by): (&Filled, Option<&str>),
) -> Result<Case, Stop> {
    let receipt = receipt_of(desk, (filled, "join"), case.id)?;
    desk.on = receipt.received_on;
    let entry = Entry {
        on: receipt.received_on,
        today: desk.asking.today,
        by: receipt.taken_by.or(desk.asking.clerk.officer),
        text: receipt.words.clone(),
        document: receipt.letter.clone(),
    };
    let mut next = case.join(receipt.id, (receipt.source, receipt.channel), entry)?;
    if let Some(who) = told_by {
        next = next.as_told_by(who);
    }
    if let Some(letter) = entrusted(filled, (receipt.source, "join"))? {
        next.entrusted = Some(letter);
    }
    crowd::tie_representatives(desk, (filled, "join"), &mut next)?;
    desk.create(receipt)?;
    crowd::follow_repeats(desk, &next)?;
    desk.put_case(&case, next)
}

/// A case with nothing but what was asked for.
pub fn blank(id: CaseId, number: String, filled: &Filled) -> Case {
    let request = filled.text("request").unwrap_or_default();
    Case {
        id,
        version: Version::default(),
        number,
        old_number: filled.text("old_number"),
        title: filled.text("title").unwrap_or_else(|| title_of(&request)),
        request,
        claims: BTreeMap::new(),
        persons: BTreeMap::new(),
        people: filled.count("people").unwrap_or(1),
        level: Level::Town,
        purpose: None,
        route: None,
        class: filled.text("class"),
        repeats: None,
        village: filled.link("village").map(UnitId),
        place: None,
        about: filled.text("about"),
        about_unit: filled.link("about_unit").map(UnitId),
        about_officer: filled.link("about_officer").map(OfficerId),
        lead: None,
        unit: None,
        handler: None,
        registrar: None,
        held_by: None,
        assisting: std::collections::BTreeSet::new(),
        entrusted: None,
        measures: filled.text("measures"),
        agreed_on: filled.date("agreed_on"),
        backlog: false,
        urgent: false,
        urgent_on: None,
        history: None,
        slips: BTreeMap::new(),
        received_on: filled.date("received_on").unwrap_or_default(),
        readers: None,
        tabled: None,
        cycle: 1,
        steps: BTreeMap::new(),
        attachments: BTreeMap::new(),
        last_step: 0,
    }
}

/// The first clause of a request, as a title.
pub fn title_of(request: &str) -> String {
    const ENDS: [char; 8] =
        ['\u{3002}', '\u{ff0c}', '\u{ff1b}', '\u{ff01}', '\u{ff1f}', '\n', ',', ';'];
    let request = request.trim();
    let clauses = request.split(ENDS).map(str::trim);
    let clause = clauses.clone().find(|clause| clause.chars().count() >= 4);
    let clause = clause.or_else(|| clauses.into_iter().find(|clause| !clause.is_empty()));
    clause.unwrap_or(request).chars().take(TITLE_MAX).collect()
}

/// Whether a clerk says by a name that there is none.
pub fn is_anonymous(name: &str) -> bool {
    ANONYMOUS.contains(&name.to_lowercase().as_str())
}

fn person_of(desk: &mut Desk<'_, '_>, filled: &Filled) -> Result<Option<PersonId>, Stop> {
    if let Some(id) = filled.link("person") {
        let person: Person = desk.work.load(id)?.ok_or_else(Refusal::not_found)?;
        if !tell::person_is_visible(desk.work, &desk.asking.asker, person.id)? {
            return Err(Refusal::not_found().into());
        }
        erase::must_be_there(&person).map_err(|broken| broken.at("register.person"))?;
        return Ok(Some(person.id));
    }
    let name = filled.text("name").unwrap_or_default();
    if is_anonymous(&name) {
        return Ok(None);
    }
    let id = PersonId(desk.work.allot_id(Kind::Person)?);
    let person = Person {
        id,
        version: Version::default(),
        name: Some(name),
        sex: filled.word("sex", Sex::parse),
        phone: filled.text("phone"),
        address: filled.text("address"),
        village: filled.link("village").map(UnitId),
        id_number: filled.text("id_number"),
        code: None,
        same_as: None,
        erasure: None,
    };
    desk.create(person)?;
    Ok(Some(id))
}

fn receipt_of(
    desk: &mut Desk<'_, '_>,
    (filled, form): (&Filled, &str),
    case: CaseId,
) -> Result<Receipt, Stop> {
    let received_on = filled.date("received_on").unwrap_or(desk.asking.today);
    let source = filled.word("source", Source::parse).unwrap_or(Source::Direct);
    let from_body = filled.text("from_body");
    if source != Source::Direct && from_body.is_none() {
        return Err(Broken::new("sender_is_missing").at(&format!("{form}.from_body")).into());
    }
    Ok(Receipt {
        id: ReceiptId(desk.work.allot_id(Kind::Receipt)?),
        version: Version::default(),
        case,
        received_on,
        received_at: filled.time("received_at"),
        channel: filled.word("channel", Channel::parse).unwrap_or(Channel::Visit),
        source,
        people: filled.count("people").unwrap_or(1),
        repeat: false,
        // Its number is given when it is entered.
        entered_on: filled.text("state_number").map(|_| desk.asking.today),
        state_number: filled.text("state_number"),
        query_code: filled.text("query_code"),
        returned_on: None,
        from_body,
        letter: filled.text("letter"),
        report_way: filled.text("report_way"),
        sender_contact: filled.text("sender_contact"),
        taken_by: filled.link("taken_by").map(OfficerId),
        at_once: filled.word("at_once", AtOnce::parse),
        words: filled.text("words"),
        imported: false,
    })
}

/// The assigning letter of a form, if the receipt came by one.
fn entrusted(filled: &Filled, (source, form): (Source, &str)) -> Result<Option<Entrusted>, Stop> {
    let (due_on, letter_on) = (filled.date("due_on"), filled.date("letter_on"));
    if source != Source::Entrusted {
        if due_on.is_some() {
            let broken = Broken::new("only_assigned_matters_have_a_report_day");
            return Err(broken.at(&format!("{form}.due_on")).into());
        }
        return Ok(None);
    }
    let received_on = filled.date("received_on").unwrap_or_default();
    let on = letter_on.unwrap_or(received_on);
    if due_on.is_some_and(|due| due < on) {
        let broken = Broken::new("day_is_before_what_it_follows").with("day", on);
        return Err(broken.at(&format!("{form}.due_on")).into());
    }
    let by = filled.text("from_body").unwrap_or_default();
    Ok(Some(Entrusted { by, letter: filled.text("letter"), on, due_on }))
}
