//! Everything else that can be asked: who am I, search, names, days, the state of the ledger.

use chrono::{Datelike, NaiveDate};

use crate::api::limit::LimitRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{
    DaysView, Found, Hit, Me, OfficerRow, Reply, StatusView, UnitRow, YearView,
};
use crate::api::request::{AgendaQuery, HITS_MAX};
use crate::domain::act::Act;
use crate::domain::case::Case;
use crate::domain::field::FieldKind;
use crate::domain::ids::{Kind, OfficerId, PersonId, RecordRef, UnitId};
use crate::domain::office::{Office, Unit};
use crate::domain::person::{ID_REASON_MIN, mask_number};
use crate::domain::policy::{self, Link, Scope, Sight, Verdict};
use crate::domain::record::Record;
use crate::domain::schema::{self, Shield};
use crate::law::calendar::DayKind;
use crate::law::count::{Length, count};
use crate::search::entry::{self, FieldTag};
use crate::search::query::{Found as Raw, Hit as RawHit, Query};
use crate::service::book::Book;
use crate::service::glance::{ReadersGlance, RequestGlance};
use crate::service::rules::Rules;
use crate::service::stop::Stop;
use crate::service::tell;
use crate::service::view::Eye;
use crate::service::{Asking, Service, agenda, clocks, loading, own, people, revision};
use crate::store::access::Note;
use crate::store::journal;
use crate::store::read::{Read, Snapshot};
use crate::store::tables::{self, Facet};

/// The month from which the agenda asks for the next year's calendar.
const CALENDAR_MONTH: u32 = 11;

/// How many characters of a long field stand before what matched, and what stands for the rest.
const MARK_AFTER: u32 = 2;
const CUT: &str = "..";

/// What is found in a meeting: no person, and nobody's number.
const MEETING_KINDS: [Kind; 2] = [Kind::Case, Kind::Task];

/// The build of this program, as client and server compare it.
pub const BUILD: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// From November: the next year whose calendar is missing, and how many due days are provisional.
///
/// # Errors
/// A damaged ledger.
pub fn missing_year(eye: &Eye<'_>, snapshot: &Snapshot) -> Result<Option<(i32, u64)>, Stop> {
    let today = eye.asking.today;
    let next_year = today.year() + 1;
    if today.month() < CALENDAR_MONTH || eye.core.rules().calendar.is_known(next_year) {
        return Ok(None);
    }
    Ok(Some((next_year, snapshot.count(&tables::provisional_count())?)))
}

/// Answers `Greet`.
///
/// # Errors
/// A damaged ledger.
pub fn greet(service: &Service, snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let book = service.core.book();
    let denied = Act::ALL.iter().copied().filter(|act| {
        let is_masked = asking.asker.sight == Sight::Masked;
        (is_masked && !policy::is_for_meetings(*act))
            || Link::ALL
                .iter()
                .all(|link| policy::may(&asking.asker, *act, *link) != Verdict::Allow)
    });
    let officer = asking.clerk.officer;
    let stood_in = asking.asker.stands_in.iter();
    Ok(Reply::Me(Box::new(Me {
        clerk: asking.clerk.id,
        login: asking.session.login.clone(),
        officer: officer.and_then(|id| Some((id, book.officer(Some(id))?))),
        roles: asking.clerk.roles.iter().copied().collect(),
        town: book.office.town.clone(),
        code: book.office.code.clone(),
        today: asking.today,
        rest_day: !service.core.rules().calendar.is_working(asking.today),
        trial: book.office.trial_today.is_some(),
        soon_workdays: book.office.soon_workdays,
        stands_in: stood_in.filter_map(|id| book.officer(Some(*id))).collect(),
        group_people: book.office.group(),
        idle_minutes: book.office.idle(),
        late_backup: crate::service::backup::late(service, snapshot, asking)?,
        masked: asking.asker.sight == Sight::Masked,
        denied: denied.collect(),
        revision: if asking.asker.is_told_counts() { Some(revision(snapshot)?) } else { None },
    })))
}

/// Answers `Begin`: all that a terminal needs for its first picture, from one state of the ledger.
///
/// # Errors
/// A damaged ledger.
pub fn begin(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &AgendaQuery,
) -> Result<Reply, Stop> {
    let mut replies = vec![greet(service, snapshot, asking)?, own::read(snapshot, asking)?];
    // Who may not read it has asked for nothing forbidden: the program cannot know before.
    if policy::may(&asking.asker, Act::ReadAgenda, Link::Whole) == Verdict::Allow {
        replies.push(agenda::read(service, snapshot, asking, query)?);
    }
    Ok(Reply::Begun(replies))
}

/// Answers `Reveal`.
///
/// # Errors
/// Not found, a field that is not masked, or no reason.
pub fn reveal(
    service: &Service,
    asking: &Asking,
    (id, field, reason): (PersonId, String, String),
) -> Result<Reply, Stop> {
    let shielded = schema::PERSON
        .iter()
        .find(|row| row.name() == field && row.shield == Shield::Masked)
        .ok_or_else(Refusal::not_found)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Refusal::new(RefusalKind::Invalid, "reason_is_missing").into());
    }
    // A word that goes with a digit is reason enough for a telephone, and not for an ID number.
    let is_id_number = shielded.kind == FieldKind::IdNumber;
    if is_id_number && reason.chars().count() < ID_REASON_MIN {
        return Err(Refusal::new(RefusalKind::Invalid, "reason_is_too_short").into());
    }
    let snapshot = service.store.read()?;
    if !tell::person_is_visible(&snapshot, &asking.asker, id)? {
        return Err(Refusal::not_found().into());
    }
    let person = people::whole(&snapshot, id)?.ok_or_else(Refusal::not_found)?;
    let json = serde_json::to_value(&person).unwrap_or_default();
    let value = shielded.kind.format(json.get(shielded.name()).unwrap_or(&serde_json::Value::Null));
    let field = Note::of("field", &format!("field.{}", shielded.key));
    let notes = vec![field, Note::of("reason", &reason)];
    service.note(asking, Act::Reveal, (id.into(), notes))?;
    Ok(Reply::Revealed(value))
}

/// Asks the index what an asker may find, or looks through the records themselves.
///
/// # Errors
/// A damaged ledger.
pub fn search(
    service: &Service,
    (snapshot, asking): (&Snapshot, &Asking),
    (query, by_record): (&Query, bool),
) -> Result<Raw, Stop> {
    let visible = |scope: &entry::Scope| is_visible(snapshot, asking, scope);
    let read = |record| request_of(snapshot, record);
    let mut query = query.clone();
    if policy::may(&asking.asker, Act::ReadMeeting, Link::Whole) != Verdict::Allow {
        query.barred.push(FieldTag::Question);
    }
    if by_record {
        return Ok(tell::index_for(snapshot, &query)?.find(&query, visible, read));
    }
    Ok(service.finder.look(|index| index.find(&query, visible, read)))
}

/// The text of a case's request, as the index reads it.
pub fn request_of(snapshot: &Snapshot, record: RecordRef) -> Option<String> {
    let case: Option<RequestGlance> = snapshot.glance(record).ok().flatten();
    case.map(|case| case.request)
}

/// Whether an asker may find what is under a scope.
pub fn is_visible(snapshot: &Snapshot, asking: &Asking, scope: &entry::Scope) -> bool {
    let plain = Scope {
        village: scope.village,
        lead: scope.lead,
        handler: scope.handler,
        sealed: scope.sealed.is_some(),
    };
    match scope.sealed {
        Some(id) => {
            let case: Option<ReadersGlance> = snapshot.glance(id.into()).ok().flatten();
            case.is_some_and(|case| policy::sees(&asking.asker, &plain, case.readers.as_ref()))
        }
        None => {
            policy::sees(&asking.asker, &plain, None)
                || (plain == Scope::default() && !asking.asker.sees_town())
        }
    }
}

/// Answers `Find`.
///
/// # Errors
/// A damaged ledger.
pub fn find(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    (text, kinds, most): (&str, &[Kind], u32),
) -> Result<Reply, Stop> {
    let mut query = Query::new(text, most.clamp(1, HITS_MAX) as usize);
    query.kinds = kinds.to_vec();
    if asking.asker.sight == Sight::Masked {
        query.kinds.retain(|kind| MEETING_KINDS.contains(kind));
        if query.kinds.is_empty() {
            query.kinds = MEETING_KINDS.to_vec();
        }
    }
    let raw = search(service, (snapshot, asking), (&query, service.finder.is_asleep()))?;
    let book = service.core.book();
    let eye = Eye { core: &service.core, book: &book, asking };
    let mut hits = Vec::with_capacity(raw.hits.len());
    for hit in &raw.hits {
        hits.push(hit_of(snapshot, &eye, hit)?);
    }
    Ok(Reply::Found(Found {
        total: raw.total as u64,
        at_least: raw.is_more || raw.n_unread > 0,
        warming: !service.finder.is_ready(),
        hits,
    }))
}

/// A hit as a row: what it is, what stands beside it, and why it was found.
fn hit_of(snapshot: &Snapshot, eye: &Eye<'_>, hit: &RawHit) -> Result<Hit, Stop> {
    let of = |tag: FieldTag| {
        hit.fields.iter().find(|(found, _)| *found == tag).map(|(_, text)| text.clone())
    };
    let case: Option<Case> = match hit.record.kind {
        Kind::Case => snapshot.load(hit.record.id)?,
        _ => None,
    };
    let is_case = case.is_some();
    let title_tag = if is_case { FieldTag::Title } else { FieldTag::Name };
    let title = of(title_tag).unwrap_or_default();
    let note = if let Some(case) = &case {
        let village = eye.book.unit(case.village);
        let number = Some(case.number.clone());
        [number, village, of(FieldTag::Name)].into_iter().flatten().collect::<Vec<_>>().join("  ")
    } else {
        let phone = of(FieldTag::Phone).as_deref().map(mask_number);
        [of(FieldTag::Title), of(FieldTag::Place), phone]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("  ")
    };
    // The field that says most is that of the word which fits worst: it is least expected.
    let best = hit
        .why
        .iter()
        .find(|why| hit.fields.get(why.field).is_some_and(|(tag, _)| *tag != title_tag));
    let best = best.or_else(|| hit.why.first());
    let (tag, text) = best
        .and_then(|why| hit.fields.get(why.field))
        .map_or((title_tag, title.clone()), |(tag, text)| (*tag, text.clone()));
    let is_title = tag == title_tag && text == title;
    let masked = match tag {
        FieldTag::Phone | FieldTag::IdNumber => mask_number(&text),
        FieldTag::Name
        | FieldTag::Title
        | FieldTag::Place
        | FieldTag::Question
        | FieldTag::Number
        | FieldTag::Code
        | FieldTag::Text => text.clone(),
    };
    let marks = hit
        .why
        .iter()
        .filter(|why| hit.fields.get(why.field).is_some_and(|field| *field == (tag, text.clone())))
        .map(|why| (place(why.chars.start), place(why.chars.end)));
    let marks: Vec<(u32, u32)> = marks.collect();
    // A question may be long: it is shown from a little before what matched.
    let (shown, marks) = match tag {
        FieldTag::Question => from_mark(&masked, marks),
        _ => (masked, marks),
    };
    let hit = Hit {
        kind: hit.record.kind,
        id: hit.record.id,
        title,
        note,
        why: why_key(tag).to_owned(),
        marks,
        shown: (!is_title).then_some(shown),
    };
    match &case {
        Some(case) => eye.told(snapshot, case, hit),
        None => Ok(hit),
    }
}

/// A text from a little before its first mark on, and the marks in that.
fn from_mark(text: &str, marks: Vec<(u32, u32)>) -> (String, Vec<(u32, u32)>) {
    let first = marks.iter().map(|(from, _)| *from).min().unwrap_or(0);
    let cut = first.saturating_sub(MARK_AFTER);
    if cut <= place(CUT.len()) {
        return (text.to_owned(), marks);
    }
    let moved = |at: u32| at - cut + place(CUT.len());
    let rest: String = text.chars().skip(usize::try_from(cut).unwrap_or(0)).collect();
    let marks = marks.into_iter().map(|(from, to)| (moved(from), moved(to)));
    (format!("{CUT}{rest}"), marks.collect())
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

const fn why_key(tag: FieldTag) -> &'static str {
    match tag {
        FieldTag::Name => "name",
        FieldTag::Title => "title",
        FieldTag::Place => "place",
        FieldTag::Question => "question",
        FieldTag::Number => "number",
        FieldTag::Code => "code",
        FieldTag::Phone => "phone",
        FieldTag::IdNumber => "id_number",
        FieldTag::Text => "text",
    }
}

/// Answers `Officers`.
///
/// # Errors
/// A damaged ledger.
pub fn officers(service: &Service, snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let book = service.core.book();
    let mut rows = Vec::with_capacity(book.officers.len());
    for officer in book.officers.values() {
        let n_cases = if asking.asker.sees_town() {
            snapshot.count(&tables::open_count(Facet::Officer(officer.id)))?
        } else {
            0
        };
        rows.push(OfficerRow {
            id: officer.id,
            version: officer.version,
            name: officer.name.clone(),
            post: officer.post.clone(),
            unit: book.unit(officer.unit),
            leads: officer.leads,
            head: officer.is_head_on(asking.today),
            in_office: officer.is_in_office_on(asking.today),
            n_cases,
            values: own_values(asking, &book, officer),
        });
    }
    Ok(Reply::Officers(rows))
}

/// What a form of a unit or officer begins with; in a meeting there is none.
fn own_values<R: Record>(asking: &Asking, book: &Book, record: &R) -> Vec<(String, String)> {
    match asking.asker.sight {
        Sight::Clear => values(book, record),
        Sight::Masked => Vec::new(),
    }
}

/// The fields of a unit, officer or account that a form has, with names instead of numbers.
pub fn values<R: Record>(book: &Book, record: &R) -> Vec<(String, String)> {
    let json = serde_json::to_value(record).unwrap_or_default();
    let text = |field: &schema::Field| {
        let value = json.get(field.name())?;
        match (field.kind, value.as_u64()) {
            (FieldKind::Inner, _) => None,
            (FieldKind::Link(Kind::Unit), Some(id)) => book.unit(Some(UnitId(id))),
            (FieldKind::Link(Kind::Officer), Some(id)) => book.officer(Some(OfficerId(id))),
            (kind, _) => Some(kind.format(value)),
        }
    };
    let fields = schema::record(R::KIND).iter();
    fields.filter_map(|field| Some((field.name().to_owned(), text(field)?))).collect()
}

/// Answers `Units`.
pub fn units(service: &Service, asking: &Asking) -> Reply {
    let book = service.core.book();
    Reply::Units(book.units.values().map(|unit| unit_row((&book, asking), unit)).collect())
}

/// A unit as a row.
pub fn unit_row((book, asking): (&Book, &Asking), unit: &Unit) -> UnitRow {
    UnitRow {
        id: unit.id,
        version: unit.version,
        name: unit.name.clone(),
        kind: unit.kind,
        head: unit.head.clone(),
        exists: unit.ended_on.is_none_or(|ended| asking.today < ended),
        values: own_values(asking, book, unit),
    }
}

/// Answers `Days`.
///
/// # Errors
/// A length that is none, or a day beyond every calendar.
pub fn days(rules: &Rules, from: NaiveDate, length: &str) -> Result<Reply, Stop> {
    let length = Length::parse(length)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "bad_length").with("length", length))?;
    let counted = count(from, length, &rules.calendar)
        .map_err(|_| Refusal::new(RefusalKind::Invalid, "beyond_every_calendar"))?;
    Ok(Reply::Days(DaysView {
        from,
        length: length.n(),
        unit: clocks::unit_word(length.unit()).to_owned(),
        target: counted.target,
        latest: counted.latest,
        provisional: counted.provisional,
    }))
}

/// Answers `Limits`.
pub fn limits_at(service: &Service) -> Reply {
    limits(&service.core.rules(), Some(&service.core.book().office))
}

/// The limits of rules, each with the file from which an office has loaded it.
pub fn limits(rules: &Rules, office: Option<&Office>) -> Reply {
    let of_limits = rules.law.limits().iter().map(|limit| limit.layer);
    let layers = of_limits.chain(rules.law.prolongations().iter().map(|row| row.layer));
    let row = |(row, layer)| LimitRow { loaded: loading::source_of(rules, office, layer), ..row };
    Reply::Limits(clocks::rows(&rules.law).into_iter().zip(layers).map(row).collect())
}

/// Answers `Calendar`.
///
/// # Errors
/// A year that no calendar can have.
pub fn calendar(rules: &Rules, office: Option<&Office>, year: i32) -> Result<Reply, Stop> {
    let calendar = &rules.calendar;
    let first = NaiveDate::from_ymd_opt(year, 1, 1)
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "beyond_every_calendar"))?;
    let mut view = YearView {
        year,
        known: calendar.is_known(year),
        loaded: loading::source_of_year(office, year),
        notice: Some(calendar.notices(year).join("; ")).filter(|notice| !notice.is_empty()),
        off: Vec::new(),
        work: Vec::new(),
        n_workdays: 0,
    };
    for day in first.iter_days().take_while(|day| day.year() == year) {
        let what = calendar.day(day);
        view.n_workdays += u32::from(what.is_working());
        match what.kind {
            DayKind::Off(name) => view.off.push((day, name)),
            DayKind::MakeUp => view.work.push((day, String::new())),
            DayKind::Working | DayKind::Rest => {}
        }
    }
    Ok(Reply::Calendar(view))
}

/// Answers `Status`.
///
/// # Errors
/// A damaged ledger.
pub fn status(service: &Service, snapshot: &Snapshot, asking: &Asking) -> Result<Reply, Stop> {
    let head = if asking.asker.is_told_counts() { Some(snapshot.head()?) } else { None };
    let mut n_records = Vec::new();
    // How many receipts and persons there are would tell of sealed petitions.
    let told = Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Receipt | Kind::Person));
    for kind in told.filter(|_| head.is_some()) {
        n_records.push((kind, snapshot.count(&tables::record_count(kind))?));
    }
    let trouble = service.store.trouble();
    let refusal = trouble.halted_by.map(|fault| Refusal::from(Stop::from(fault)).key);
    Ok(Reply::Status(StatusView {
        build: BUILD.to_owned(),
        revision: head.as_ref().map(|head| head.revision),
        journal: head.as_ref().map(|head| head.sequence),
        head: head.as_ref().map(|head| journal::hex(&head.hash)),
        n_records,
        connections: None,
        read_only: refusal,
        index_ready: service.finder.is_ready(),
    }))
}
