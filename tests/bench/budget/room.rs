//! What takes the room in a ledger's file: rows and bytes of each namespace.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use anjie::store::Store;

use crate::report::Report;
use crate::scene::Ledger;

const MEGA: f64 = 1e6;
/// Namespaces by the first byte of their keys; what is not named here is small.
const SPACES: [(u8, &str); 8] = [
    (2, "records"),
    (3, "index rows"),
    (4, "counts"),
    (6, "journal lines"),
    (7, "lines by record"),
    (8, "lines by revision"),
    (9, "values beside the journal"),
    (10, "request ids"),
];

/// Tells the file's size and what is in it.
pub fn of_file(report: &mut Report, ledger: &Ledger) {
    let file = ledger.bytes() as f64 / MEGA;
    let each = ledger.bytes() / ledger.n / 2;
    let figure = format!("{file:.0} MB, {each} B for a case or person");
    report.tell("", "file of the large ledger", figure);
    let store = Store::open(&ledger.folder).expect("the ledger opens");
    let mut found: BTreeMap<u8, (u64, usize)> = BTreeMap::new();
    let snapshot = store.read().expect("a snapshot");
    let count = &mut |key: &[u8], value: &[u8]| {
        let space = found.entry(key.first().copied().unwrap_or(0)).or_default();
        *space = (space.0 + 1, space.1 + key.len() + value.len());
        Ok(ControlFlow::Continue(()))
    };
    snapshot.dump(count).expect("every row can be read");
    for (space, (n, bytes)) in found {
        let Some((_, name)) = SPACES.iter().find(|(code, _)| *code == space) else { continue };
        let figure = format!("{:.1} MB in {n} rows", bytes as f64 / MEGA);
        report.tell("", &format!("of it {name}"), figure);
    }
}
