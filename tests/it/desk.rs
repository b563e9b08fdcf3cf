//! The one helper that knows the api: an office with a ledger in a folder of its own.

use std::path::PathBuf;
use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::refusal::Refusal;
use anjie::api::reply::{CaseSheet, Done, Reply};
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId, Version};
use anjie::domain::office as settings;
use anjie::service::clock::Clock;
use anjie::service::genesis::{Founding, found};
use anjie::service::{LocalDoor, Service, Session};
use chrono::NaiveDate;

/// An office at work.
pub struct Office {
    /// The service, for a second door.
    pub service: Arc<Service>,
    door: LocalDoor,
    n_orders: u128,
    folder: tempfile::TempDir,
}

/// The folder of a ledger that nobody serves.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn path(&self) -> PathBuf {
        self.0.path().join("ledger")
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn me() -> Session {
    Session { uid: 1000, login: "lijuan".to_owned() }
}

impl Office {
    /// A new office whose today is that day.
    pub fn on(today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place: PathBuf = folder.path().join("ledger");
        let office = settings::Office {
            trial_today: Some(day(today)),
            // Only the tests of the state system owe it something.
            enter_workdays: Some(0),
            return_workdays: Some(0),
            ..settings::Office::new("青石镇", "青信", 50_000)
        };
        let officer = Some("李娟".to_owned());
        let founding = Founding { office, admin: me(), officer };
        found(&place, &founding).unwrap();
        let service = Arc::new(Service::open(&place, Clock::System).unwrap());
        let door = LocalDoor::new(Arc::clone(&service), me());
        Self { service, door, n_orders: 100, folder }
    }

    /// The office of a ledger that is opened again.
    pub fn back(place: Place) -> Self {
        let service = Arc::new(Service::open(&place.path(), Clock::System).unwrap());
        let door = LocalDoor::new(Arc::clone(&service), me());
        Self { service, door, n_orders: 500, folder: place.0 }
    }

    /// The folder of its ledger.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    /// Closes the ledger and gives its folder.
    pub fn leave(self) -> Place {
        drop(self.door);
        Arc::into_inner(self.service).expect("no other door is open").close().unwrap();
        Place(self.folder)
    }

    /// The same office seen by somebody else.
    pub fn door_of(&self, session: Session) -> LocalDoor {
        LocalDoor::new(Arc::clone(&self.service), session)
    }

    pub fn ask(&mut self, request: Request) -> Result<Reply, Refusal> {
        self.door.call(request)
    }

    pub fn order(&mut self, act: Act, on: Option<u64>, fields: &[(&str, &str)]) -> Order {
        self.n_orders += 1;
        Order {
            id: RequestId(self.n_orders),
            act,
            on,
            seen: None,
            fields: fields
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        }
    }

    pub fn try_do(
        &mut self,
        act: Act,
        on: Option<u64>,
        fields: &[(&str, &str)],
    ) -> Result<Done, Refusal> {
        let order = self.order(act, on, fields);
        match self.ask(Request::Do(order))? {
            Reply::Done(done) => Ok(done),
            other => panic!("an order was answered with {other:?}"),
        }
    }

    pub fn done(&mut self, act: Act, on: Option<u64>, fields: &[(&str, &str)]) -> Done {
        self.try_do(act, on, fields).unwrap()
    }

    /// Registers a request at the window and gives the number of its case.
    pub fn register(&mut self, name: &str, request: &str, received_on: &str) -> u64 {
        let fields = [
            ("name", name),
            ("request", request),
            ("received_on", received_on),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
        ];
        self.done(Act::Register, None, &fields).record.unwrap().id
    }

    pub fn case(&mut self, id: u64) -> CaseSheet {
        match self.ask(Request::Case { id: CaseId(id) }).unwrap() {
            Reply::Case(sheet) => *sheet,
            other => panic!("a case was answered with {other:?}"),
        }
    }

    pub fn version(&mut self, id: u64) -> Version {
        self.case(id).case.version
    }

    /// Adds an officer and gives their number.
    pub fn officer(&mut self, name: &str, more: &[(&str, &str)]) -> u64 {
        let fields: Vec<_> = [("name", name)].into_iter().chain(more.iter().copied()).collect();
        self.done(Act::AddOfficer, None, &fields).record.unwrap().id
    }

    pub fn unit(&mut self, name: &str, kind: &str) -> u64 {
        self.done(Act::AddUnit, None, &[("name", name), ("kind", kind)]).record.unwrap().id
    }

    /// Whether the whole ledger can be verified.
    pub fn is_sound(&mut self) -> bool {
        match self.ask(Request::Check).unwrap() {
            Reply::Check(view) => {
                assert_eq!(view.findings, []);
                view.good
            }
            other => panic!("a check was answered with {other:?}"),
        }
    }
}
