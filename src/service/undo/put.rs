//! The inverse of a change, written like any change.

use serde_json::Value;

use crate::api::refusal::Refusal;
use crate::domain::campaign::{Plan, Task};
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::figure::Indicator;
use crate::domain::given::GivenFigure;
use crate::domain::ids::{CaseId, Kind, PersonId, RecordRef};
use crate::domain::meeting::Decision;
use crate::domain::office::{Clerk, Office, Officer, Unit};
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::domain::record::Record;
use crate::domain::saved::SavedView;
use crate::service::order::{Desk, Indexed, Made};
use crate::service::stop::Stop;
use crate::service::undo::plan::{Item, What};
use crate::service::{attachment, order, people, roster};
use crate::store::fault::Fault;
use crate::store::journal::{Line, TakesBack};
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::{tables, taken};

/// Where the numbers of what was taken out of the ledger lie among the documents.
const GONE: &str = "gone/";

/// The order in which kinds are written: a case keeps something of its receipts, an entry of the
/// roster follows its case.
const fn place(kind: Kind) -> u8 {
    match kind {
        Kind::Case => 2,
        Kind::Entry => 1,
        _ => 0,
    }
}

/// Writes all of it; what was changed first stands for the whole.
///
/// # Errors
/// A fault of the ledger.
pub fn all(
    desk: &mut Desk<'_, '_>,
    mut items: Vec<Item>,
    taken: &dyn Fn(&str) -> TakesBack,
) -> Result<Made, Stop> {
    let first = items.iter().map(|item| item.record).max_by_key(|one| place(one.kind));
    let first = first.ok_or_else(Refusal::not_found)?;
    items.sort_by_key(|item| place(item.record.kind));
    let mut made = None;
    for item in items {
        desk.takes_back = Some(taken(&item.act));
        let record = item.record;
        let own = one(desk, item)?;
        if record == first {
            made = Some(own);
        }
    }
    made.ok_or_else(|| Refusal::not_found().into())
}

fn one(desk: &mut Desk<'_, '_>, item: Item) -> Result<Made, Stop> {
    match item.record.kind {
        Kind::Case => case(desk, item),
        Kind::Entry => entry(desk, item),
        Kind::Person => {
            people::touch_all(desk, PersonId(item.record.id))?;
            let made = plain::<Person>(desk, &item)?;
            people::touch_all(desk, PersonId(item.record.id))?;
            Ok(made)
        }
        Kind::Receipt => plain::<Receipt>(desk, &item),
        Kind::Decision => plain::<Decision>(desk, &item),
        Kind::Office => plain::<Office>(desk, &item),
        Kind::Unit => plain::<Unit>(desk, &item),
        Kind::Officer => plain::<Officer>(desk, &item),
        Kind::Clerk => plain::<Clerk>(desk, &item),
        Kind::Plan => plain::<Plan>(desk, &item),
        Kind::Task => plain::<Task>(desk, &item),
        Kind::Duty => plain::<Duty>(desk, &item),
        Kind::Indicator => plain::<Indicator>(desk, &item),
        Kind::View => plain::<SavedView>(desk, &item),
        Kind::Given => plain::<GivenFigure>(desk, &item),
    }
}

fn case(desk: &mut Desk<'_, '_>, item: Item) -> Result<Made, Stop> {
    let record = item.record;
    let key = |case: &Case| format!("{GONE}{}", case.number).into_bytes();
    match item.what {
        What::Remove => {
            let old: Case = load(desk, record)?;
            let rows = tables::case_rows(&old, &order::due(desk.core, &old));
            desk.work.remove_record(&desk.stamp(), &old, rows)?;
            desk.touched.add(&old);
            desk.work.put_value(Space::Document, &key(&old), &old.id)?;
            Ok(Made { version: old.version.next(), ..Made::case(&old) })
        }
        What::Restore(value) => {
            let case: Case = read(record, &value)?;
            attachment::must_be_there(desk.core, None, &case)?;
            desk.work.remove(Space::Document, &key(&case))?;
            Ok(Made::case(&desk.create_case(case)?))
        }
        What::Change(value) => {
            let old: Case = load(desk, record)?;
            let next = read(record, &value)?;
            attachment::must_be_there(desk.core, Some(&old), &next)?;
            desk.touched.add(&old);
            Ok(Made::case(&desk.put_case(&old, next)?))
        }
    }
}

fn entry(desk: &mut Desk<'_, '_>, item: Item) -> Result<Made, Stop> {
    let record = item.record;
    match item.what {
        What::Remove => {
            let old: Entry = load(desk, record)?;
            let rows = roster::rows(desk.core, &old);
            desk.work.remove_record(&desk.stamp(), &old, rows)?;
            desk.touched.add_record(record);
            Ok(Made { version: old.version.next(), ..Made::of(&old) })
        }
        What::Restore(value) => {
            let entry: Entry = read(record, &value)?;
            let rows = roster::rows(desk.core, &entry);
            let entry = desk.work.create(&desk.stamp(), entry, rows)?;
            desk.touched.add_record(record);
            Ok(Made::of(&entry))
        }
        What::Change(value) => {
            let old: Entry = load(desk, record)?;
            roster::put(desk, &old, read(record, &value)?)
        }
    }
}

fn plain<R: Indexed>(desk: &mut Desk<'_, '_>, item: &Item) -> Result<Made, Stop> {
    match &item.what {
        What::Remove => {
            let old: R = load(desk, item.record)?;
            desk.work.remove_record(&desk.stamp(), &old, old.rows())?;
            desk.touched.add_record(item.record);
            Ok(Made { version: old.version().next(), ..Made::of(&old) })
        }
        What::Restore(value) => Ok(Made::of(&desk.create::<R>(read(item.record, value)?)?)),
        What::Change(value) => {
            let old: R = load(desk, item.record)?;
            Ok(Made::of(&desk.put(&old, read(item.record, value)?)?))
        }
    }
}

fn load<R: Record>(desk: &Desk<'_, '_>, record: RecordRef) -> Result<R, Stop> {
    desk.work.load(record.id)?.ok_or_else(|| Refusal::not_found().into())
}

fn read<R: Record>(record: RecordRef, value: &Value) -> Result<R, Stop> {
    serde_json::from_value(value.clone()).map_err(|_| Fault::Undecodable(record).into())
}

/// The case of a printed number that was taken out of the ledger, with the line that says so.
///
/// # Errors
/// A damaged ledger.
pub fn gone(ledger: &impl Read, number: &str) -> Result<Option<(Case, Line)>, Fault> {
    let key = format!("{GONE}{number}").into_bytes();
    match ledger.value::<CaseId>(Space::Document, &key)? {
        Some(id) => of_gone(ledger, id),
        None => Ok(None),
    }
}

/// The cases that were taken out of the ledger; what was erased of them is told by nobody.
///
/// # Errors
/// A damaged ledger.
pub fn all_gone(ledger: &impl Read) -> Result<Vec<Case>, Fault> {
    let span = Span::prefix(Space::Document, GONE.as_bytes());
    let mut cases = Vec::new();
    for (key, _) in ledger.page(&span, Order::Forward, usize::MAX)? {
        if let Some(id) = ledger.value::<CaseId>(Space::Document, &key)? {
            cases.extend(of_gone(ledger, id)?.map(|(case, _)| case));
        }
    }
    Ok(cases)
}

fn of_gone(ledger: &impl Read, id: CaseId) -> Result<Option<(Case, Line)>, Fault> {
    let Some((line, value)) = taken::removal(ledger, id.into())? else { return Ok(None) };
    let case = serde_json::from_value(value).map_err(|_| Fault::Undecodable(id.into()))?;
    Ok(Some((case, line)))
}
