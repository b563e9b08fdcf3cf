//! Verifying the whole ledger: rows are made again with the same functions that wrote them.

use crate::api::reply::{CheckView, Reply};
use crate::domain::campaign::{Plan, Task};
use crate::domain::case::Case;
use crate::domain::duty::Duty;
use crate::domain::entry::Entry;
use crate::domain::figure::Indicator;
use crate::domain::ids::{Kind, RecordRef};
use crate::domain::meeting::Decision;
use crate::domain::office::Clerk;
use crate::domain::person::Person;
use crate::domain::receipt::Receipt;
use crate::service::stop::Stop;
use crate::service::{Core, Service, order, roster};
use crate::store::anchor::Standing;
use crate::store::campaign as rows;
use crate::store::check::{self, Finding};
use crate::store::duty;
use crate::store::key::Row;
use crate::store::meeting;
use crate::store::read::Snapshot;
use crate::store::tables;

/// Answers `Check`.
///
/// # Errors
/// A fault of the storage; what is wrong inside is in the reply.
pub fn check(service: &Service, snapshot: &Snapshot) -> Result<Reply, Stop> {
    let core = &service.core;
    let report = check::check(snapshot, &|record, bytes| rows_of(core, record, bytes))?;
    let unproven = match service.store.standing() {
        Standing::Holds { n_unproven: 0 } => Vec::new(),
        Standing::Holds { .. } => vec!["tail".to_owned()],
        Standing::Missing => vec!["anchor".to_owned()],
    };
    Ok(Reply::Check(CheckView {
        good: report.is_clean(),
        n_records: report.n_records,
        n_lines: report.n_lines,
        n_rows: report.n_rows + report.n_counts,
        findings: report.findings.iter().map(told).collect(),
        unproven,
    }))
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
        Kind::Office | Kind::Unit | Kind::Officer | Kind::View => tables::plain_rows(record),
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
