//! What stands in the columns of a list, and the place of a row in an order by one of them.
//!
//! A place is bytes whose order is that of the list: whether there is a value, the value, and what
//! tells equal ones apart. What has no value comes last whichever way the order goes.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::api::listing::{ListQuery, ValuePage, ValueQuery, ValueRow};
use crate::api::reply::Reply;
use crate::domain::case::Stage;
use crate::domain::choice::Channel;
use crate::domain::ids::{OfficerId, UnitId};
use crate::domain::line::{LineKind, Manner};
use crate::domain::listing::{Column, DUE_GROUPS, Direction, REPEAT, Value};
use crate::domain::slip::Crowd;
use crate::service::book::Book;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Asking, Service, agenda, care, lists};
use crate::store::key::join;
use crate::store::read::Snapshot;
use crate::store::tables::line::Lined;
use crate::store::tables::{Listed, day_number};

/// The most bytes of a text that count for its place.
const TEXT_BYTES: usize = 60;
/// Calendar days from today that make up the group of the next week.
pub const WEEK_DAYS: u64 = 7;

/// Between which days the groups of due days lie.
#[derive(Debug, Clone, Copy)]
pub struct Groups {
    today: NaiveDate,
    soon: NaiveDate,
    week: NaiveDate,
    /// From how many people a visit is one of a group.
    group: u32,
}

impl Groups {
    /// The groups as of today.
    pub fn of(eye: &Eye<'_>) -> Self {
        let today = eye.asking.today;
        let soon = agenda::soon_until(eye);
        let week = today.checked_add_days(Days::new(WEEK_DAYS)).unwrap_or(today).max(soon);
        let group = eye.book.office.group();
        Self { today, soon, week, group }
    }

    /// The group of a due day.
    pub fn value(&self, due_on: Option<NaiveDate>) -> Value {
        let Some(due_on) = due_on else { return Value::Nothing };
        Value::word(match due_on {
            _ if due_on < self.today => "late",
            _ if due_on == self.today => "today",
            _ if due_on <= self.soon => "soon",
            _ if due_on <= self.week => "week",
            _ => "later",
        })
    }
}

/// What stands in a column of a case.
pub fn of_case(row: &Listed, column: Column, groups: &Groups) -> Value {
    match column {
        Column::Stage => Value::word(row.stage.word()),
        Column::Lead => Value::id(row.scope.lead.map(|id| id.0)),
        Column::Unit => Value::id(row.unit.map(|id| id.0)),
        Column::Village => Value::id(row.village.map(|id| id.0)),
        Column::Holder => Value::id(row.holder.map(|id| id.0)),
        Column::Due => groups.value(row.due_on),
        Column::Crowd => {
            let flags = Crowd::of(row.visitors, groups.group);
            flags.last().map_or(Value::Nothing, |crowd| Value::word(crowd.word()))
        }
        Column::Repeat if row.repeat => Value::word(REPEAT),
        Column::Channel => {
            row.channel.map_or(Value::Nothing, |channel| Value::word(channel.word()))
        }
        _ => Value::Nothing,
    }
}

/// What stands in a column of a line of the agenda.
pub fn of_line(lined: &Lined, column: Column, groups: &Groups) -> Value {
    let (owner, line) = (&lined.owner, &lined.line);
    match column {
        Column::Kind => Value::word(line.kind.word()),
        Column::Lead => Value::id(owner.scope.lead.map(|id| id.0)),
        Column::Unit => Value::id(owner.unit.map(|id| id.0)),
        Column::Village => Value::id(owner.scope.village.map(|id| id.0)),
        Column::Officer => Value::id(owner.scope.handler.map(|id| id.0)),
        // A hint is said on a day, and owed on none.
        Column::Due if line.kind.manner() == Manner::Hint => Value::Nothing,
        Column::Due => groups.value(Some(line.on)),
        _ => Value::Nothing,
    }
}

/// The value of a column for its place; none if nothing stands there.
pub fn rank_of_case(row: &Listed, column: Column) -> Option<Vec<u8>> {
    let id = |id: Option<u64>| id.map(|id| id.to_be_bytes().to_vec());
    let day = |day: Option<NaiveDate>| day.map(|day| day_number(day).to_be_bytes().to_vec());
    match column {
        Column::Number => id(Some(row.id.0)),
        Column::Stage => Some(vec![row.stage.code()]),
        Column::Lead => id(row.scope.lead.map(|id| id.0)),
        Column::Unit => id(row.unit.map(|id| id.0)),
        Column::Village => id(row.village.map(|id| id.0)),
        Column::Holder => id(row.holder.map(|id| id.0)),
        Column::Due => day(row.due_on),
        Column::Received => day(row.received_on),
        Column::Channel => {
            let channel = row.channel?;
            let place = Channel::ALL.iter().position(|own| *own == channel)?;
            Some(vec![u8::try_from(place).ok()?])
        }
        _ => None,
    }
}

/// The value of a column of a line for its place; none if nothing stands there.
pub fn rank_of_line(lined: &Lined, column: Column) -> Option<Vec<u8>> {
    let owner = &lined.owner;
    let id = match column {
        Column::Due => return Some(day_number(lined.line.on).to_be_bytes().to_vec()),
        Column::Kind => return Some(vec![lined.line.kind.code()]),
        Column::Lead => owner.scope.lead.map(|id| id.0),
        Column::Unit => owner.unit.map(|id| id.0),
        Column::Village => owner.scope.village.map(|id| id.0),
        Column::Officer => owner.scope.handler.map(|id| id.0),
        _ => None,
    };
    id.map(|id| id.to_be_bytes().to_vec())
}

/// A text for its place: its end tells it from a longer one.
pub fn rank_of_text(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let head = text.get(..text.floor_char_boundary(TEXT_BYTES)).filter(|head| !head.is_empty())?;
    let bytes = head.bytes().filter(|byte| *byte != 0);
    Some(bytes.chain(std::iter::once(0)).collect())
}

/// The head of a place: that of all rows with a value.
pub fn head(rank: Option<&[u8]>, direction: Direction) -> Vec<u8> {
    match (rank, direction) {
        (None, _) => vec![1],
        (Some(rank), Direction::Up) => join(&[&[0], rank]),
        (Some(rank), Direction::Down) => {
            std::iter::once(0).chain(rank.iter().map(|byte| !byte)).collect()
        }
    }
}

/// How many rows have each value.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<Value, u64>);

impl Tally {
    /// One more row.
    pub fn add(&mut self, value: Value) {
        *self.0.entry(value).or_default() += 1;
    }

    /// The values in the order in which a list would stand by them, with names.
    pub fn page(self, book: &Book, (column, cut): (Column, bool)) -> ValuePage {
        let mut values: Vec<(usize, ValueRow)> = self
            .0
            .into_iter()
            .map(|(value, count)| {
                let name = name_of(book, column, &value);
                (order_of(column, &value), ValueRow { value, name, count })
            })
            .collect();
        values.sort_by(|(one, row), (other, next)| (one, &row.value).cmp(&(other, &next.value)));
        ValuePage { values: values.into_iter().map(|(_, row)| row).collect(), cut }
    }
}

fn name_of(book: &Book, column: Column, value: &Value) -> Option<String> {
    let Value::Id(id) = value else { return None };
    match column {
        Column::Unit | Column::Village => book.unit(Some(UnitId(*id))),
        _ => book.officer(Some(OfficerId(*id))),
    }
}

/// Where a word stands among those of its column; numbers stand by themselves.
fn order_of(column: Column, value: &Value) -> usize {
    let Value::Word(word) = value else { return 0 };
    let place = match column {
        Column::Stage => Stage::parse(word).map(|stage| usize::from(stage.code())),
        Column::Due => DUE_GROUPS.iter().position(|own| own == word),
        Column::Channel => Channel::ALL.iter().position(|own| own.word() == word),
        Column::Crowd => Crowd::ALL.iter().position(|own| own.word() == word),
        Column::Kind => LineKind::ALL.iter().position(|own| own.word() == word),
        _ => None,
    };
    place.unwrap_or(usize::MAX)
}

/// Answers `Values`.
///
/// # Errors
/// A damaged ledger.
pub fn read(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: &ValueQuery,
) -> Result<Reply, Stop> {
    let column = query.column;
    let page = match &query.list {
        ListQuery::Cases(list) => lists::values(service, snapshot, asking, (list, column))?,
        ListQuery::Roster(list) => care::list::values(service, snapshot, asking, (list, column))?,
        ListQuery::Deadlines(list) => agenda::values(service, snapshot, asking, (list, column))?,
    };
    Ok(Reply::Values(page))
}
