//! Ledgers that earlier programs wrote: each opens, is whole, is read to the last record, and takes
//! changes.
//!
//! `SAMPLE=NAME cargo test --test it sample` writes `tests/data/samples/NAME.zip` as this program
//! would; do it before a shape on disk changes, and never again under the same name.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anjie::api::door::Door;
use anjie::api::incoming::{ImportRow, Piece};
use anjie::api::reply::{Me, Reply};
use anjie::api::request::{AgendaQuery, CaseQuery, Cursor, Request, Way, Whose};
use anjie::domain::act::Act;
use anjie::domain::case::Stage;
use anjie::domain::ids::{CaseId, PersonId, RequestId};
use anjie::domain::listing::Sort;
use anjie::domain::slip::Slip;
use anjie::service::clock::Clock;
use anjie::service::recover;
use anjie::service::{LocalDoor, Service, Session};

use crate::desk::{Office, day, me};

/// The most that all samples may take, in bytes.
const BYTES_MAX: u64 = 400 * 1024;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples")
}

/// Puts the ledger of a sample into a folder of its own.
fn unpack(sample: &Path, folder: &Path) {
    fs::DirBuilder::new().mode(0o700).create(folder).unwrap();
    let mut archive = zip::ZipArchive::new(File::open(sample).unwrap()).unwrap();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let path = folder.join(entry.enclosed_name().unwrap());
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path).unwrap();
        io::copy(&mut entry, &mut file).unwrap();
    }
}

/// Writes the ledger of a folder as a sample.
fn pack(folder: &Path, sample: &Path) {
    let mut archive = zip::ZipWriter::new(File::create_new(sample).unwrap());
    let dense = zip::write::SimpleFileOptions::default().compression_level(Some(9));
    for name in ["office.redb", "head.anchor"] {
        archive.start_file(name, dense).unwrap();
        archive.write_all(&fs::read(folder.join(name)).unwrap()).unwrap();
    }
    archive.finish().unwrap();
}

/// A ledger at a door.
struct Opened {
    service: Arc<Service>,
    door: LocalDoor,
    me: Me,
}

impl Opened {
    /// Opens the ledger of a folder as one of those who may have written it.
    fn of(folder: &Path) -> Self {
        let service = Arc::new(Service::open(folder, Clock::System).unwrap());
        let writers = [me(), Session { uid: 0, login: "root".to_owned() }];
        for session in writers {
            let mut door = LocalDoor::new(Arc::clone(&service), session);
            if let Ok(Reply::Me(me)) = door.call(Request::Greet) {
                return Self { service, door, me: *me };
            }
        }
        panic!("nobody has an account in the sample");
    }

    fn ask(&mut self, request: Request) -> Reply {
        self.door.call(request).unwrap()
    }

    fn verify(&mut self) -> u64 {
        match self.ask(Request::Check) {
            Reply::Check(view) => {
                assert_eq!(view.findings, []);
                assert_eq!(view.unproven, Vec::<String>::new());
                view.n_records
            }
            other => panic!("a check was answered with {other:?}"),
        }
    }

    fn cases_of(&mut self, stage: Option<Stage>) -> Vec<CaseId> {
        let (mut ids, mut from): (Vec<CaseId>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let query = CaseQuery {
                sort: Sort::RECEIVED,
                stage,
                from,
                way: Way::Forward,
                most: 100,
                ..CaseQuery::default()
            };
            let Reply::Cases(page) = self.ask(Request::Cases(query)) else { panic!("no page") };
            ids.extend(page.rows.iter().map(|row| row.id));
            let Some(last) = page.rows.last().filter(|_| page.after) else { return ids };
            from = Some(last.cursor.clone());
        }
    }

    /// Opens every sheet; gives the cases that are open.
    fn read_all(&mut self) -> Vec<CaseId> {
        let live = self.cases_of(None);
        let history = self.cases_of(Some(Stage::History));
        assert!(!live.is_empty(), "a sample has open cases");
        let mut open = Vec::new();
        for id in live.iter().chain(&history) {
            let Reply::Case(sheet) = self.ask(Request::Case { id: *id }) else { panic!("no case") };
            // Each says what its receipts say, also where nobody has changed it since.
            let known = sheet.receipts.iter().map(|receipt| (receipt.id, Slip::of(receipt)));
            assert_eq!(sheet.case.slips, known.collect(), "{}", sheet.case.number);
            for person in sheet.case.persons.keys() {
                let Reply::Person(_) = self.ask(Request::Person { id: *person }) else { panic!() };
            }
            if sheet.stage.is_open() {
                open.push(*id);
            }
        }
        let agenda = AgendaQuery { whose: Whose::All, most: 50, ..AgendaQuery::default() };
        let Reply::Agenda(_) = self.ask(Request::Agenda(agenda)) else { panic!("no agenda") };
        for question in [Request::Officers, Request::Units, Request::Status, Request::Limits] {
            self.ask(question);
        }
        open
    }

    fn change(&mut self, id: CaseId) {
        let order = anjie::api::request::Order {
            id: RequestId(0x5a4d_71e5),
            act: Act::Record,
            on: Some(id.0),
            seen: None,
            fields: [("work", "talk"), ("on", &self.me.today.to_string()), ("text", "到户谈话")]
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        };
        let Reply::Done(_) = self.ask(Request::Do(order)) else { panic!("no change") };
    }

    fn close(self) {
        drop(self.door);
        Arc::into_inner(self.service).unwrap().close().unwrap();
    }
}

#[test]
fn every_ledger_that_was_ever_written_opens_is_whole_and_takes_changes() {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(samples()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "zip"));
    assert!(!paths.is_empty());
    let n_bytes: u64 = paths.iter().map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!(n_bytes <= BYTES_MAX, "the samples take {n_bytes} bytes");
    for path in paths {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("ledger");
        unpack(&path, &folder);
        let left = recover::look(&folder, None).unwrap();
        assert!(left.is_older && left.trouble.is_none() && left.admins.is_empty());
        let mut ledger = Opened::of(&folder);
        let n_records = ledger.verify();
        let open = ledger.read_all();
        ledger.change(open[0]);
        assert_eq!(ledger.verify(), n_records, "{}", path.display());
        ledger.close();
        let left = recover::look(&folder, None).unwrap();
        assert!(!left.is_older && !left.admins.is_empty(), "once it was opened, they are known");
        let mut again = Opened::of(&folder);
        assert_eq!((again.verify(), again.read_all().len()), (n_records, open.len()));
        again.close();
    }
}

#[test]
fn a_new_sample_is_written_when_it_is_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let sample = match std::env::var("SAMPLE") {
        Ok(name) => samples().join(format!("{name}.zip")),
        Err(_not_asked) => place.path().join("sample.zip"),
    };
    pack(&worked_ledger().path(), &sample);
    let folder = place.path().join("again");
    unpack(&sample, &folder);
    let mut ledger = Opened::of(&folder);
    assert!(ledger.verify() > 10);
    ledger.read_all();
    ledger.close();
}

/// A small ledger in which every kind of record and nearly every act has left its trace.
fn worked_ledger() -> crate::desk::Place {
    let mut office = Office::on("2026-08-06");
    let head = [("head_from", "2026-01-01"), ("leads", "yes"), ("post", "副镇长")];
    let head = office.officer("王建国", &head).to_string();
    let (unit, village) = (office.unit("自然资源所", "station"), office.unit("张家庄", "village"));
    office.done(
        Act::AddClerk,
        None,
        &[("login", "zhaomin"), ("uid", "1001"), ("roles", "clerk leader")],
    );
    for at in 0..6 {
        office.register("张小明", &format!("第{at}件：村口的路灯坏了"), "2026-08-03");
    }
    let case = office.register("李英", "征地补偿款没有到账", "2026-08-05");
    let id = Some(case);
    let on = ("on", "2026-08-06");
    let edit = [("village", village.to_string()), ("place", "村东".to_owned())];
    let edit = edit.each_ref().map(|(name, text)| (*name, text.as_str()));
    office.done(Act::EditCase, id, &edit);
    office.done(Act::Route, id, &[("purpose", "request"), ("route", "31(6)"), on]);
    office.done(Act::Accept, id, &[on]);
    office.done(Act::AssignLead, id, &[("lead", &head)]);
    office.done(Act::Allot, id, &[("unit", &unit.to_string())]);
    office.done(Act::HandTo, id, &[("handler", &head)]);
    office.done(Act::Extend, id, &[("days", "30"), ("approver", &head), on, ("text", "案情复杂")]);
    office.done(Act::Record, id, &[("work", "talk"), on, ("text", "到户谈话")]);
    let sheet = office.case(case);
    let person = *sheet.case.persons.keys().next().unwrap();
    office.done(Act::EditPerson, Some(person.0), &[("phone", "13800000000"), ("address", "村东")]);
    reveal(&mut office, person);
    let sealed = Some(office.register("周平", "反映某单位的问题", "2026-08-06"));
    office.done(
        Act::Route,
        sealed,
        &[("purpose", "accusation"), ("route", "30"), ("about", "某站"), on],
    );
    old_cases(&mut office);
    office.done(Act::MoveToday, None, &[("today", "2026-09-01")]);
    assert!(office.is_sound() && office.case(1).case.received_on == day("2026-08-03"));
    office.leave()
}

fn reveal(office: &mut Office, id: PersonId) {
    let (field, reason) = ("phone".to_owned(), "核对".to_owned());
    office.ask(Request::Reveal { id, field, reason }).unwrap();
}

/// Takes old cases in from a file.
fn old_cases(office: &mut Office) {
    let file = "0123456789abcdef".to_owned();
    let rows = (1..=4).map(|row| ImportRow {
        sheet: "台账".to_owned(),
        row,
        values: [
            ("old_number", row.to_string()),
            ("petitioner.code", "A01".to_owned()),
            ("title", "水渠堵塞".to_owned()),
            ("request", format!("第{row}次反映水渠堵塞")),
            ("received_on", "2019-02-28".to_owned()),
        ]
        .map(|(name, text)| (name.to_owned(), text))
        .into(),
        problems: Vec::new(),
    });
    let piece = Piece { file: file.clone(), first: 0, rows: rows.collect() };
    office.ask(Request::Stage(piece)).unwrap();
    office.done(Act::Import, None, &[("file", &file), ("book", "history")]);
}
