//! A text that narrows lines: which of them it finds.
//!
//! Cases and tasks are asked of the index; of what the index does not hold, which are few, the row
//! is read.

use std::collections::BTreeSet;

use crate::api::listing::LineFilter;
use crate::api::request::HITS_MAX;
use crate::domain::ids::{Kind, RecordRef};
use crate::search::query::Query;
use crate::service::line::{self, Placed, Reading};
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Service, lookup};
use crate::store::read::Snapshot;

/// What a text finds.
pub struct Found {
    /// The text.
    pub text: String,
    /// The cases and tasks.
    pub records: BTreeSet<RecordRef>,
    /// Whether those are all.
    pub is_whole: bool,
}

impl Found {
    /// What the text of a filter finds; none if it has none.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn of(
        service: &Service,
        (eye, ledger): (Eye<'_>, &Snapshot),
        only: &LineFilter,
    ) -> Result<Option<Self>, Stop> {
        let Some(text) = only.wanted_text() else { return Ok(None) };
        let mut wanted = Query::new(text, HITS_MAX as usize);
        wanted.kinds = vec![Kind::Case, Kind::Task];
        let hits =
            lookup::search(service, (ledger, eye.asking), (&wanted, !service.finder.is_made()))?;
        let is_whole = hits.hits.len() == hits.total && hits.n_unread == 0;
        let records = hits.hits.iter().map(|hit| hit.record).collect();
        Ok(Some(Self { text: text.to_owned(), records, is_whole }))
    }

    /// Whether the text finds a line: by its case or task, else by what its row
    /// says.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn has(&self, reading: &Reading<'_>, (key, lined): &Placed) -> Result<bool, Stop> {
        if matches!(lined.owner.record.kind, Kind::Case | Kind::Task) {
            return Ok(self.records.contains(&lined.owner.record));
        }
        let Some(row) = line::row(&reading.eye, reading.ledger, (lined, key))? else {
            return Ok(false);
        };
        let of_case = row.case.is_some_and(|case| self.records.contains(&case.into()));
        let said = [Some(&row.title), Some(&row.number), row.person.as_ref(), row.village.as_ref()];
        Ok(of_case || said.into_iter().flatten().any(|said| said.contains(&self.text)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::api::door::Door;
    use crate::api::listing::LineFilter;
    use crate::api::reply::Reply;
    use crate::api::request::{AgendaQuery, CaseQuery, Layout, Order, Request};
    use crate::domain::act::Act;
    use crate::domain::ids::RequestId;
    use crate::domain::office::Office;
    use crate::service::clock::Clock;
    use crate::service::genesis::{Founding, found};
    use crate::service::tell::Finder;
    use crate::service::{LocalDoor, Service, Session};
    use crate::store::Store;

    #[test]
    fn what_a_text_narrows_lacks_nothing_while_the_index_is_still_being_made() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("ledger");
        let admin = Session { uid: 1000, login: "lijuan".to_owned() };
        let office = Office {
            trial_today: "2026-08-06".parse().ok(),
            ..Office::new("青石镇", "青信", 50_000)
        };
        let officer = Some("李娟".to_owned());
        found(&place, &Founding { office, admin: admin.clone(), officer }).unwrap();
        let door = |make: fn() -> Arc<Finder>| {
            let store = Store::open(&place).unwrap();
            let service = Service::with(store, Clock::System, |_| make()).unwrap();
            LocalDoor::new(Arc::new(service), admin.clone())
        };
        let mut before = door(Finder::asleep);
        let fields = [
            ("name", "张小明"),
            ("request", "路灯不亮"),
            ("received_on", "2026-08-06"),
            ("channel", "visit"),
            ("people", "1"),
            ("at_once", "registered"),
            ("source", "direct"),
        ];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let order = Order { id: RequestId(1), act: Act::Register, on: None, seen: None, fields };
        before.call(Request::Do(order)).unwrap();
        drop(before);
        let mut door = door(Finder::unmade);
        let text = Some("路灯".to_owned());
        let cases = CaseQuery { text: text.clone(), ..CaseQuery::default() };
        let Ok(Reply::Cases(page)) = door.call(Request::Cases(cases)) else { panic!("no list") };
        assert_eq!((page.rows.len(), page.total), (1, Some(1)));
        let only = LineFilter { text, ..LineFilter::default() };
        let layout = Layout::Deadlines;
        let due = AgendaQuery { most: 9, layout, only, ..AgendaQuery::default() };
        let Ok(Reply::Agenda(view)) = door.call(Request::Agenda(due)) else { panic!("no lines") };
        assert!(!view.rows.is_empty() && !view.cut);
        let find = Request::Find { text: "路灯".to_owned(), kinds: Vec::new(), most: 9 };
        let Ok(Reply::Found(found)) = door.call(find) else { panic!("no hits") };
        assert!(found.warming, "a search that can be repeated does not wait");
    }
}
