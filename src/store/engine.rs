//! The engine behind the store, and the only file that names it: one table of bytes to bytes.
//!
//! The smallest part of redb is used: one plain table, exclusive mode, two-phase commits, the
//! integrity check at each opening. No quick repair, no savepoints, no weaker durability.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the engine's and the kernel's lists of errors may grow"
)]

use std::cell::RefCell;
use std::collections::{BTreeMap, btree_map};
use std::fs::File;
use std::iter::Peekable;
use std::ops::{Bound, ControlFlow};

use redb::backends::FileBackend;
use redb::{
    Builder, CommitError, CompactionError, ConcurrencyMode, CursorError, CursorMut, Database,
    DatabaseError, ReadOnlyTable, ReadableDatabase, ReadableTable, StorageError, Table,
    TableDefinition, TableError, TransactionError, WriteTransaction,
};

use crate::store::fault::Fault;
use crate::store::key::Order;

/// The engine's memory for pages, in bytes; the operating system's cache does the rest.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

type Bytes = &'static [u8];

const LEDGER: TableDefinition<'static, Bytes, Bytes> = TableDefinition::new("ledger");

/// What a scan calls for each row: key, value, and whether to go on.
pub(super) type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, Fault> + 'v;

/// An open ledger file.
pub(super) struct Engine {
    database: Database,
}

impl Engine {
    /// Opens the file of a ledger, or makes a ledger of an empty file.
    ///
    /// The caller decides which of the two it is by the file's length: an empty file is never
    /// opened as a ledger.
    ///
    /// # Errors
    /// [`Fault::Busy`], [`Fault::Foreign`], [`Fault::Damaged`] or an error of the machine.
    pub(super) fn open(file: File) -> Result<Self, Fault> {
        let backend = FileBackend::new(file).map_err(|error| opening(&error))?;
        let database = Builder::new()
            .set_concurrency_mode(ConcurrencyMode::ExclusiveWriter)
            .set_check_integrity_on_open(true)
            .set_cache_size(CACHE_BYTES)
            .create_with_backend(backend)
            .map_err(|error| opening(&error))?;
        Ok(Self { database })
    }

    /// The last committed state, which stays as it is while others write.
    pub(super) fn snapshot(&self) -> Result<Frozen, Fault> {
        let transaction = self.database.begin_read().map_err(|error| beginning(&error))?;
        let table = transaction.open_table(LEDGER).map_err(|error| missing_table(&error))?;
        Ok(Frozen { table })
    }

    /// Begins a batch of changes; dropping it undoes them.
    pub(super) fn begin(&self) -> Result<Batch, Fault> {
        let mut transaction = self.database.begin_write().map_err(|error| beginning(&error))?;
        transaction.set_two_phase_commit(true);
        Ok(Batch { transaction })
    }

    /// Moves what is left to the front of the file and cuts off the rest; says whether it could.
    pub(super) fn compact(&mut self) -> Result<bool, Fault> {
        self.database.compact().map_err(|error| match error {
            CompactionError::Storage(error) => storage("compacting", &error),
            _ => Fault::Busy,
        })
    }

    /// Closes the file; snapshots that are still alive can no longer read.
    pub(super) fn close(self) -> Result<(), Fault> {
        self.database.close().map_err(|error| opening(&error))
    }
}

/// A committed state of the table.
pub(super) struct Frozen {
    table: ReadOnlyTable<Bytes, Bytes>,
}

impl Frozen {
    /// Hands the value of a key to a function, if there is one.
    pub(super) fn get<T>(&self, key: &[u8], with: impl FnOnce(&[u8]) -> T) -> Get<T> {
        get(&self.table, key, with)
    }

    /// Visits the rows with `from <= key < to`.
    pub(super) fn scan(&self, range: Range<'_>, visit: &mut Visit<'_>) -> Result<(), Fault> {
        scan(&self.table, range, visit)
    }
}

/// What a lookup gives: what the function made of the value, none if there is no such row.
type Get<T> = Result<Option<T>, Fault>;

/// A range of raw keys and the order in which to visit it.
#[derive(Clone, Copy)]
pub(super) struct Range<'r> {
    /// The first key that may be in the range.
    pub from: &'r [u8],
    /// The first key behind the range.
    pub to: &'r [u8],
    /// The order of the visit.
    pub order: Order,
}

/// Changes on their way to one commit.
pub(super) struct Batch {
    transaction: WriteTransaction,
}

impl Batch {
    /// The table with the changes so far.
    pub(super) fn sheet(&self) -> Result<Sheet<'_>, Fault> {
        let table = self.transaction.open_table(LEDGER).map_err(|error| missing_table(&error))?;
        Ok(Sheet { table, failed: RefCell::new(None) })
    }

    /// Makes the changes durable; on return without error they are on disk.
    pub(super) fn commit(self) -> Result<(), Fault> {
        self.transaction.commit().map_err(|error| match error {
            CommitError::Storage(error) => storage("writing", &error),
            _ => Fault::Damaged("a commit was refused"),
        })
    }

    /// Undoes the changes.
    pub(super) fn abort(self) -> Result<(), Fault> {
        self.transaction.abort().map_err(|error| storage("undoing", &error))
    }
}

/// The table inside a batch.
pub(super) struct Sheet<'b> {
    table: Table<'b, Bytes, Bytes>,
    failed: RefCell<Option<Fault>>,
}

impl Sheet<'_> {
    /// Hands the value of a key to a function, if there is one.
    pub(super) fn get<T>(&self, key: &[u8], with: impl FnOnce(&[u8]) -> T) -> Get<T> {
        self.noting(get(&self.table, key, with))
    }

    /// Visits the rows with `from <= key < to`.
    pub(super) fn scan(&self, range: Range<'_>, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let mut inner = None;
        let result = scan(&self.table, range, &mut |key, value| {
            visit(key, value).or_else(|fault| {
                inner = Some(fault);
                Ok(ControlFlow::Break(()))
            })
        });
        self.noting(result)?;
        inner.map_or(Ok(()), Err)
    }

    /// Writes a row, or removes it if there is no value.
    pub(super) fn set(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), Fault> {
        let result = match value {
            Some(value) => self.table.insert(key, value).map(|_| ()),
            None => self.table.remove(key).map(|_| ()),
        };
        let result = result.map_err(|error| storage("writing", &error));
        self.noting(result)
    }

    /// The same for many rows in the order of their keys.
    ///
    /// Rows that come to lie side by side are written into full pages. One at a time, each page
    /// would be cut in two as it fills, and its first half never be written again: a ledger that
    /// was loaded so is nearly twice as large.
    pub(super) fn set_all(
        &mut self,
        rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    ) -> Result<(), Fault> {
        let mut rows = rows.into_iter().peekable();
        while let Some((key, value)) = rows.next() {
            let is_new = value.is_some() && self.get(&key, |_| ())?.is_none();
            match value {
                Some(value) if is_new => {
                    let result = fill_gap(&mut self.table, (&key, &value), &mut rows);
                    let result = result.map_err(|error| storage("writing", &error));
                    self.noting(result)?;
                }
                value => self.set(&key, value.as_deref())?,
            }
        }
        Ok(())
    }

    /// The first failure of the storage under this table, if there was one.
    pub(super) fn failure(&self) -> Option<Fault> {
        self.failed.borrow().clone()
    }

    fn noting<T>(&self, result: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(fault) = &result {
            self.failed.borrow_mut().get_or_insert_with(|| fault.clone());
        }
        result
    }
}

type Rows = Peekable<btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>>>;

/// Writes a new row, and those after it that lie in the same gap between rows that are there.
fn fill_gap(
    table: &mut Table<'_, Bytes, Bytes>,
    (key, value): (&[u8], &[u8]),
    rows: &mut Rows,
) -> Result<(), StorageError> {
    let mut cursor = table.lower_bound_mut(Bound::Included(key))?;
    let mut is_in_gap = insert(&mut cursor, (key, value))?;
    if !is_in_gap {
        cursor.close()?;
        return table.insert(key, value).map(|_| ());
    }
    while let Some((key, Some(value))) = rows.peek()
        && is_in_gap
    {
        is_in_gap = insert(&mut cursor, (key, value))?;
        if is_in_gap {
            rows.next();
        }
    }
    cursor.close()
}

/// Writes a row into the gap at a cursor; says whether it belongs there.
fn insert(
    cursor: &mut CursorMut<'_, Bytes, Bytes>,
    (key, value): (&[u8], &[u8]),
) -> Result<bool, StorageError> {
    match cursor.insert_before(key, value) {
        Ok(()) => Ok(true),
        Err(CursorError::UnorderedKey) => Ok(false),
        Err(CursorError::Storage(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

fn get<T>(
    table: &impl ReadableTable<Bytes, Bytes>,
    key: &[u8],
    with: impl FnOnce(&[u8]) -> T,
) -> Get<T> {
    let found = table.get(key).map_err(|error| storage("reading", &error))?;
    Ok(found.map(|guard| with(guard.value())))
}

fn scan(
    table: &impl ReadableTable<Bytes, Bytes>,
    range: Range<'_>,
    visit: &mut Visit<'_>,
) -> Result<(), Fault> {
    if range.from >= range.to {
        return Ok(());
    }
    let bounds = (Bound::Included(range.from), Bound::Excluded(range.to));
    let mut rows = table.range::<&[u8]>(bounds).map_err(|error| storage("reading", &error))?;
    loop {
        let row = match range.order {
            Order::Forward => rows.next(),
            Order::Backward => rows.next_back(),
        };
        let Some(row) = row else { return Ok(()) };
        let (key, value) = row.map_err(|error| storage("reading", &error))?;
        if visit(key.value(), value.value())?.is_break() {
            return Ok(());
        }
    }
}

fn storage(doing: &'static str, error: &StorageError) -> Fault {
    match error {
        StorageError::Corrupted(_) => Fault::Damaged("a checksum does not hold"),
        StorageError::Io(error) => Fault::from_io(doing, error),
        StorageError::PreviousIo | StorageError::DatabaseClosed => Fault::Halted,
        _ => Fault::Damaged("the engine gave up"),
    }
}

fn opening(error: &DatabaseError) -> Fault {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => Fault::Busy,
        DatabaseError::UpgradeRequired(_) => Fault::Foreign,
        DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
            std::io::ErrorKind::InvalidData => Fault::Foreign,
            std::io::ErrorKind::UnexpectedEof => Fault::Damaged("the file is cut off"),
            _ => Fault::from_io("opening", error),
        },
        DatabaseError::Storage(error) => storage("opening", error),
        _ => Fault::Damaged("the file cannot be repaired"),
    }
}

fn beginning(error: &TransactionError) -> Fault {
    match error {
        TransactionError::Storage(error) => storage("reading", error),
        _ => Fault::Damaged("a transaction was refused"),
    }
}

fn missing_table(error: &TableError) -> Fault {
    match error {
        TableError::Storage(error) => storage("reading", error),
        _ => Fault::Foreign,
    }
}
