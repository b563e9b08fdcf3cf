//! Verifying the whole ledger: rows are made again with the same functions that wrote them.

use std::collections::BTreeMap;

use crate::api::refusal::Refusal;
use crate::api::reply::CheckView;
use crate::domain::campaign::{Plan, Task};
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::figure::Indicator;
use crate::domain::ids::{CaseId, Kind, RecordRef};
use crate::domain::meeting::Decision;
use crate::domain::office::Clerk;
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::service::stop::Stop;
use crate::service::{Core, Service, order, roster};
use crate::store::anchor::Standing;
use crate::store::attached;
use crate::store::campaign as rows;
use crate::store::check::{self, Finding};
use crate::store::duty;
use crate::store::key::Row;
use crate::store::meeting;
use crate::store::read::Snapshot;
use crate::store::tables;

/// How many files that are lost are named.
const LOST_MAX: usize = 200;

/// Proves every index, every record and the whole journal.
///
/// # Errors
/// A fault of the storage; what is wrong inside is in the view.
pub fn check(service: &Service, snapshot: &Snapshot) -> Result<CheckView, Stop> {
    let core = &service.core;
    let report = check::check(snapshot, &|record, bytes| rows_of(core, record, bytes))?;
    let files = files(core, snapshot)?;
    let findings: Vec<_> = report.findings.iter().map(told).chain(files.lost).collect();
    let unproven = match service.store.standing() {
        Standing::Holds { n_unproven: 0 } => Vec::new(),
        Standing::Holds { .. } => vec!["tail".to_owned()],
        Standing::Missing => vec!["anchor".to_owned()],
    };
    Ok(CheckView {
        good: findings.is_empty(),
        n_records: report.n_records,
        n_lines: report.n_lines,
        n_rows: report.n_rows + report.n_counts,
        n_files: files.n_files,
        n_orphans: files.n_orphans,
        findings,
        unproven,
    })
}

/// Proves a ledger that nobody else has open, and closes it.
///
/// # Errors
/// A fault of the storage.
pub fn prove(service: Service) -> Result<CheckView, Refusal> {
    let read = service.store.read().map_err(Stop::from);
    let checked = read.and_then(|snapshot| check(&service, &snapshot));
    service.close()?;
    checked.map_err(Refusal::from)
}

/// The files of attachments, all read.
struct Files {
    n_files: u64,
    n_orphans: u64,
    lost: Vec<(String, String)>,
}

fn files(core: &Core, snapshot: &Snapshot) -> Result<Files, Stop> {
    let mut named: BTreeMap<String, CaseId> = BTreeMap::new();
    attached::each_named(snapshot, &mut |digest, case| {
        named.entry(digest).or_insert(case);
    })?;
    let there = core.vault()?.names()?;
    let kept = attached::kept(snapshot, core.today())?;
    let orphans = there.iter().filter(|name| !kept.contains(*name));
    let n_orphans = orphans.count() as u64;
    let mut lost = Vec::new();
    for (digest, case) in &named {
        if let Some(loss) = core.vault()?.verify(digest)?
            && lost.len() < LOST_MAX
        {
            lost.push((loss.key().to_owned(), RecordRef::from(*case).to_string()));
        }
    }
    Ok(Files { n_files: named.len() as u64, n_orphans, lost })
}

/// The rows that follow from a record's bytes; none if they are no such record.
pub fn rows_of(core: &Core, record: RecordRef, bytes: &[u8]) -> Option<Vec<Row>> {
    Some(match record.kind {
        Kind::Case => {
            let case: Case = check::record(record, bytes)?;
            tables::case_rows(&case, &order::due(core, &case))
        }
        Kind::Receipt => tables::receipt_rows(&check::record::<Receipt>(record, bytes)?),
        Kind::Person => tables::person_rows(&check::record::<Person>(record, bytes)?),
        Kind::Entry => roster::rows(core, &check::record::<Entry>(record, bytes)?),
        Kind::Decision => meeting::decision_rows(&check::record::<Decision>(record, bytes)?),
        Kind::Clerk => tables::clerk_rows(&check::record::<Clerk>(record, bytes)?),
        Kind::Plan => rows::plan_rows(&check::record::<Plan>(record, bytes)?),
        Kind::Task => rows::task_rows(&check::record::<Task>(record, bytes)?),
        Kind::Duty => duty::duty_rows(&check::record::<Duty>(record, bytes)?),
        Kind::Indicator => duty::indicator_rows(&check::record::<Indicator>(record, bytes)?),
        Kind::Office | Kind::Unit | Kind::Officer | Kind::View | Kind::Given => {
            tables::plain_rows(record)
        }
    })
}

fn told(finding: &Finding) -> (String, String) {
    let about = match (finding.record, finding.line) {
        (Some(record), _) => record.to_string(),
        (None, Some(line)) => line.to_string(),
        (None, None) => String::new(),
    };
    (finding.flaw.key().to_owned(), about)
}
