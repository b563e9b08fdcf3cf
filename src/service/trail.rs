//! The two logs as they are read: what was changed, and who looked.
//!
//! A line is shown to whoever may see its record; of a sealed case nobody else learns that there
//! is a line. Values that the field table masks are masked here too. Pages look at a bounded
//! number of lines and go on from where they stopped.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use serde_json::Value;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::{JournalQuery, ROWS_MAX};
use crate::api::trail::{ChangedField, JournalPage, JournalRow};
use crate::domain::campaign::Task;
use crate::domain::case::Case;
use crate::domain::choice::Role;
use crate::domain::entry::Entry;
use crate::domain::field::{FieldKind, parse_date};
use crate::domain::ids::{CaseId, Kind, OfficerId, PersonId, RecordRef, UnitId, Version};
use crate::domain::meeting::Decision;
use crate::domain::office::Clerk;
use crate::domain::person::{Person, mask_number};
use crate::domain::policy::{self, Scope};
use crate::domain::receipt::Receipt;
use crate::domain::schema::{self, Field, Shield};
use crate::search::query::Query;
use crate::service::book::Book;
use crate::service::clock::at_office;
use crate::service::stop::Stop;
use crate::service::{Asking, Service, care, lookup, people, saved, tell, undo};
use crate::store::history;
use crate::store::journal::{Actor, Deed, Line, WHOLE};
use crate::store::key::{Order, Space, Span};
use crate::store::read::{Read, Snapshot};
use crate::store::{tables, taken};

pub mod changed;
pub mod look;

/// The most lines that one page looks at.
const SCAN_MAX: usize = 5_000;
/// The most records of a line of the access log that are told by name.
const ABOUT_MAX: usize = 12;
/// Lines that are read at a time.
const PORTION: usize = 200;
/// The most characters of a value in a row.
const VALUE_MAX: usize = 200;

/// Who asks, of what ledger.
pub struct Reader<'r> {
    /// The ledger.
    pub snapshot: &'r Snapshot,
    /// Who asks.
    pub asking: &'r Asking,
    /// Names of units and officers.
    pub book: &'r Book,
}

/// Answers `Journal`.
///
/// # Errors
/// A damaged ledger, or a record that the asker may not see.
pub fn journal(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &JournalQuery,
) -> Result<Reply, Stop> {
    let book = service.core.book();
    let reader = Reader { snapshot, asking, book: &book };
    let mut query = query.clone();
    match reader.meant(service, query.text.as_deref())? {
        Some(Meant::Day(day)) => (query.from, query.to) = (Some(day), Some(day)),
        Some(Meant::Clerk(login)) => query.clerk = Some(login),
        Some(Meant::Case(id)) => query.case = Some(id),
        Some(Meant::Person(id)) => query.person = Some(id),
        None => {}
    }
    let query = &query;
    let most = query.most.clamp(1, ROWS_MAX) as usize;
    let mut page = JournalPage { rows: Vec::new(), more: None };
    if query.case.is_some() || query.person.is_some() || query.record.is_some() {
        reader.of_record(query, most, &mut page)?;
        return Ok(Reply::Journal(page));
    }
    let mut before = match (query.before, query.to) {
        (Some(before), _) => Some(before),
        (None, Some(day)) => Some(first_after(snapshot, day)?),
        (None, None) => None,
    };
    let mut n_looked = 0;
    loop {
        let lines = history::lines_before(snapshot, before, PORTION)?;
        let is_last = lines.len() < PORTION;
        for line in lines {
            before = Some(line.sequence);
            n_looked += 1;
            if query.from.is_some_and(|from| entered_on(&line) < from) {
                return Ok(Reply::Journal(page));
            }
            if !fits(query, &line) {
                continue;
            }
            if page.rows.len() >= most {
                page.more = before.map(|at| at + 1);
                return Ok(Reply::Journal(page));
            }
            page.rows.extend(reader.row(&line)?);
        }
        if is_last {
            return Ok(Reply::Journal(page));
        }
        if n_looked >= SCAN_MAX {
            page.more = before;
            return Ok(Reply::Journal(page));
        }
    }
}

/// What a text means that narrows a log.
enum Meant {
    Day(NaiveDate),
    Clerk(String),
    Case(CaseId),
    Person(PersonId),
}

/// The number of the first line that was entered after a day; lines are in the order of entry.
fn first_after(snapshot: &Snapshot, day: NaiveDate) -> Result<u64, Stop> {
    let (mut low, mut high) = (1, snapshot.head()?.sequence + 1);
    while low < high {
        let middle = low.midpoint(high);
        let line = history::line(snapshot, middle)?;
        if line.is_some_and(|line| entered_on(&line) <= day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn fits(query: &JournalQuery, line: &Line) -> bool {
    let is_by =
        |login: &String| matches!(&line.stamp.actor, Actor::Clerk { login: by, .. } if by == login);
    let is_of = |act: &String| {
        let taken = line.stamp.takes_back.as_ref().map(|taken| taken.act.as_str());
        let mut acts = std::iter::once(line.stamp.act.as_str()).chain(taken);
        acts.any(|own| own.starts_with(act.as_str()))
    };
    query.clerk.as_ref().is_none_or(is_by)
        && query.act.as_ref().is_none_or(is_of)
        && query.from.is_none_or(|from| from <= entered_on(line))
        && query.to.is_none_or(|to| entered_on(line) <= to)
}

/// The day in China on which a line was entered.
fn entered_on(line: &Line) -> NaiveDate {
    at_office(line.stamp.at).date_naive()
}

impl Reader<'_> {
    /// What a text means; nothing for an empty one.
    fn meant(&self, service: &Service, text: Option<&str>) -> Result<Option<Meant>, Stop> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        if let Ok(day) = parse_date(text, self.asking.today) {
            return Ok(Some(Meant::Day(day)));
        }
        let mut login = None;
        self.snapshot.each::<Clerk>(&mut |clerk| {
            if clerk.login == text || self.book.officer(clerk.officer).as_deref() == Some(text) {
                login = Some(clerk.login);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if let Some(login) = login {
            return Ok(Some(Meant::Clerk(login)));
        }
        let prefix = tables::number_prefix(text);
        let span = Span::prefix(Space::Index, &prefix);
        for (key, _) in self.snapshot.page(&span, Order::Forward, 16)? {
            let Some(id) = tables::case_of_number(&prefix, &key) else { continue };
            if self.name(id.into())?.is_some() {
                return Ok(Some(Meant::Case(id)));
            }
        }
        if let Some((case, _)) = undo::gone(self.snapshot, text)?
            && self.name(case.id.into())?.is_some()
        {
            return Ok(Some(Meant::Case(case.id)));
        }
        let mut query = Query::new(text, 20);
        query.kinds = vec![Kind::Person];
        let found = lookup::search(
            service,
            (self.snapshot, self.asking),
            (&query, !service.finder.is_made()),
        )?;
        let mut persons = Vec::new();
        for hit in &found.hits {
            let id = PersonId(hit.record.id);
            if self.person(id)?.as_deref() == Some(text) {
                persons.push(id);
            }
        }
        match (persons.as_slice(), found.hits.as_slice()) {
            ([id], _) => Ok(Some(Meant::Person(*id))),
            ([], [only]) => Ok(Some(Meant::Person(PersonId(only.record.id)))),
            ([], _) => {
                Err(Refusal::new(RefusalKind::NotFound, "log_text").with("name", text).into())
            }
            _ => {
                let several = Refusal::new(RefusalKind::Invalid, "several_persons");
                Err(several.with("name", text).into())
            }
        }
    }

    /// The lines of a case with its receipts, or of a person with their cases, newest first.
    fn of_record(
        &self,
        query: &JournalQuery,
        most: usize,
        page: &mut JournalPage,
    ) -> Result<(), Stop> {
        let mut records: Vec<RecordRef> = Vec::new();
        records.extend(query.record);
        if let Some(id) = query.case {
            let case: Case = taken::last(self.snapshot, id.0)?.ok_or_else(Refusal::not_found)?;
            records.push(id.into());
            records.extend(case.receipts().into_iter().map(RecordRef::from));
        }
        if let Some(id) = query.person {
            records.push(id.into());
            let cases = tell::cases_of(self.snapshot, id)?;
            records.extend(cases.iter().map(|case| RecordRef::from(case.id)));
        }
        let first = records.first().copied();
        if first.is_some_and(|first| !matches!(self.name(first), Ok(Some(_)))) {
            return Err(Refusal::not_found().into());
        }
        let mut lines = Vec::new();
        for record in records {
            lines.extend(history::lines_of(self.snapshot, record, Version(0), SCAN_MAX)?);
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.sequence));
        lines.retain(|line| query.before.is_none_or(|before| line.sequence < before));
        for line in lines.iter().filter(|line| fits(query, line)) {
            if page.rows.len() >= most {
                page.more = page.rows.last().map(|row| row.sequence);
                return Ok(());
            }
            page.rows.extend(self.row(line)?);
        }
        Ok(())
    }

    /// A line as a row; none if the asker may not see its record.
    fn row(&self, line: &Line) -> Result<Option<JournalRow>, Stop> {
        let name = match line.record {
            Some(record) => match self.name(record)? {
                Some(name) => name,
                None => return Ok(None),
            },
            None => String::new(),
        };
        let mut fields = Vec::new();
        let shows = self.shows_values(line.record);
        for (name, fact) in line.fields.iter().zip(history::facts_of(self.snapshot, line)?) {
            let known = line.record.filter(|_| shows && name != WHOLE);
            match (fact, known) {
                (Some(fact), Some(record)) => fields.extend(self.changed(record.kind, &fact)),
                (fact, _) => {
                    let erased = fact.is_none();
                    fields.push(ChangedField { erased, ..changed::named(name) });
                }
            }
        }
        Ok(Some(JournalRow {
            sequence: line.sequence,
            revision: line.revision,
            at: at_office(line.stamp.at).naive_local(),
            on: line.stamp.on,
            who: login(&line.stamp.actor),
            act: line.stamp.act.clone(),
            of: line.stamp.takes_back.as_ref().map(|taken| taken.act.clone()),
            deed: deed(line.deed).to_owned(),
            record: line.record,
            name,
            version: line.version,
            fields,
        }))
    }

    /// What a record is called, if the asker may know of it. An auditor knows of every record that
    /// is not sealed.
    pub fn name(&self, record: RecordRef) -> Result<Option<String>, Stop> {
        let asker = &self.asking.asker;
        let audits = asker.roles.contains(&Role::Auditor);
        let sees = |case: &Case| {
            (audits && case.readers.is_none())
                || policy::sees(asker, &Scope::of(case), case.readers.as_ref())
        };
        Ok(match record.kind {
            Kind::Case => {
                let case: Option<Case> = taken::last(self.snapshot, record.id)?;
                case.filter(sees).map(|case| case.number)
            }
            Kind::Receipt => {
                let receipt: Option<Receipt> = taken::last(self.snapshot, record.id)?;
                let case = match receipt {
                    Some(receipt) => taken::last::<Case>(self.snapshot, receipt.case.0)?,
                    None => None,
                };
                case.filter(sees).map(|case| case.number)
            }
            Kind::Person => self.person(PersonId(record.id))?,
            Kind::Entry => self.entry(record.id)?,
            Kind::Decision => {
                let decision: Option<Decision> = taken::last(self.snapshot, record.id)?;
                let case = match decision {
                    Some(decision) => taken::last::<Case>(self.snapshot, decision.case.0)?,
                    None => None,
                };
                case.filter(sees).map(|case| case.number)
            }
            Kind::Task => {
                let task: Option<Task> = taken::last(self.snapshot, record.id)?;
                let task = task.filter(|task| policy::sees_task(asker, &task.scope()));
                Some(task.map_or_else(String::new, |task| self.task(&task)))
            }
            Kind::View => saved::name(self.snapshot, self.asking, record.id)?,
            Kind::Unit => self.book.unit(Some(UnitId(record.id))),
            Kind::Officer => self.book.officer(Some(OfficerId(record.id))),
            _ => Some(String::new()),
        })
    }

    /// A task is called by its number in the plan, its title and its village.
    fn task(&self, task: &Task) -> String {
        let village = self.book.unit(task.village).unwrap_or_default();
        format!("{} {} {village}", task.code, task.title).trim_end().to_owned()
    }

    /// An entry of the roster is called by the number of its case.
    fn entry(&self, id: u64) -> Result<Option<String>, Stop> {
        let asker = &self.asking.asker;
        let Some(entry) = taken::last::<Entry>(self.snapshot, id)? else { return Ok(None) };
        let case: Option<Case> = taken::last(self.snapshot, entry.case.0)?;
        let audits = asker.roles.contains(&Role::Auditor);
        let sees = |case: &Case| {
            (audits && case.readers.is_none()) || care::is_visible(asker, &entry, case)
        };
        Ok(case.filter(sees).map(|case| case.number))
    }

    fn person(&self, id: PersonId) -> Result<Option<String>, Stop> {
        let asker = &self.asking.asker;
        // Whom nobody knows is answered like whom one may not know of.
        if self.snapshot.load::<Person>(id.0)?.is_none() {
            let gone = people::gone(self.snapshot, asker, id)?;
            return Ok(gone.map(|person| person.label().unwrap_or_default()));
        }
        if tell::person_is_visible(self.snapshot, asker, id)? {
            let person: Option<Person> = self.snapshot.load(id.0)?;
            // Who stays anonymous, or was erased, has no name, and was looked at all the same.
            return Ok(Some(person.and_then(|person| person.label()).unwrap_or_default()));
        }
        let cases = tell::cases_of(self.snapshot, id)?;
        let is_open = cases.is_empty() || cases.iter().any(|case| case.readers.is_none());
        Ok((is_open && asker.roles.contains(&Role::Auditor)).then(String::new))
    }

    /// A value in a few words; none if there is none, or if no form has it.
    pub fn told(&self, value: &Value, field: Option<&Field>) -> Option<String> {
        let field = field.filter(|_| !value.is_null())?;
        let text = match (field.kind, value.as_u64()) {
            (FieldKind::Inner, _) => return None,
            (FieldKind::Link(Kind::Unit), Some(id)) => self.book.unit(Some(UnitId(id)))?,
            (FieldKind::Link(Kind::Officer), Some(id)) => self.book.officer(Some(OfficerId(id)))?,
            (kind, _) => kind.format(value),
        };
        let text = if field.shield == Shield::Masked { mask_number(&text) } else { text };
        Some(text.chars().take(VALUE_MAX).collect())
    }

    /// Whether the old and new values may be shown: to those who may read the record itself.
    fn shows_values(&self, record: Option<RecordRef>) -> bool {
        let is_persons =
            record.is_some_and(|one| matches!(one.kind, Kind::Case | Kind::Receipt | Kind::Person));
        !is_persons || self.asking.asker.sees_town()
    }
}

/// The row of the field table for a field of a kind of record.
pub fn field_of(kind: Kind, name: &str) -> Option<&'static Field> {
    schema::record(kind).iter().find(|field| field.name() == name)
}

fn login(actor: &Actor) -> Option<String> {
    match actor {
        Actor::Clerk { login, .. } => Some(login.clone()),
        Actor::System => None,
    }
}

const fn deed(deed: Deed) -> &'static str {
    match deed {
        Deed::Created => "created",
        Deed::Changed => "changed",
        Deed::Removed => "removed",
        Deed::Sealed => "sealed",
        Deed::Dropped => "dropped",
    }
}
