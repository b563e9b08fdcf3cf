//! A made-up record with two index rows and a count, and a ledger of them in a folder of its own.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::domain::ids::{Kind, RequestId, Version};
use crate::domain::record::Record;
use crate::store::Store;
use crate::store::change::Swap;
use crate::store::fault::Fault;
use crate::store::journal::{Actor, Stamp};
use crate::store::key::{Row, join};
use crate::store::read::Read;
use crate::store::write::Work;

/// A case as the tests keep it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct Toy {
    pub id: u64,
    pub version: Version,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<u32, String>,
}

impl Record for Toy {
    const KIND: Kind = Kind::Case;

    fn id(&self) -> u64 {
        self.id
    }

    fn version(&self) -> Version {
        self.version
    }

    fn with_version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    fn flaw(&self) -> Option<&'static str> {
        self.title.is_empty().then_some("title")
    }
}

/// The rows of a case: by title, by lead if it has one, and one more for its lead.
pub(in crate::store) fn rows(toy: &Toy) -> Vec<Row> {
    let id = toy.id.to_be_bytes();
    let mut rows =
        vec![Row::Entry { key: join(&[b"t", toy.title.as_bytes(), &[0], &id]), value: vec![] }];
    if let Some(lead) = toy.lead {
        let lead = lead.to_be_bytes();
        rows.push(Row::Entry { key: join(&[b"l", &lead, &id]), value: b"open".to_vec() });
        rows.push(Row::Count { key: join(&[b"l", &lead]) });
    }
    rows
}

/// A case that is not yet in the ledger.
pub(in crate::store) fn toy(id: u64, title: &str) -> Toy {
    Toy { id, title: title.to_owned(), ..Toy::default() }
}

/// What a change by the clerk with account 1001 is stamped with.
pub(in crate::store) fn stamp(change: u128, act: &str) -> Stamp {
    Stamp {
        change: RequestId(change),
        batch: None,
        act: act.to_owned(),
        actor: Actor::Clerk { uid: 1001, login: "wang".to_owned() },
        on: day(),
        at: DateTime::<Utc>::UNIX_EPOCH,
        takes_back: None,
    }
}

/// The day of all tests.
pub(in crate::store) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 20).unwrap()
}

/// An empty folder that only its owner may enter.
pub(in crate::store) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let closed = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder.path(), closed).unwrap();
    folder
}

/// A new ledger without records.
pub(in crate::store) fn empty_ledger() -> (TempDir, Store) {
    let folder = folder();
    let store = Store::create::<Fault>(folder.path(), |_| Ok(())).unwrap();
    (folder, store)
}

/// Registers a case.
pub(in crate::store) fn register(work: &mut Work<'_>, toy: Toy) -> Result<Toy, Fault> {
    let rows = rows(&toy);
    work.create(&stamp(u128::from(toy.id), "case.register"), toy, rows)
}

/// Changes a case as it is in the ledger.
pub(in crate::store) fn amend(
    work: &mut Work<'_>,
    id: u64,
    change: impl FnOnce(Toy) -> Toy,
) -> Result<Toy, Fault> {
    let old: Toy = work.load(id)?.expect("the case is there");
    let new = change(old.clone());
    let swap = Swap { old: rows(&old), new: rows(&new) };
    work.patch(&stamp(77, "case.amend"), new, &swap)
}
