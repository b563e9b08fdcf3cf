//! Backups: made while clerks write, brought back to the same content, refused when damaged.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anjie::api::backup::{BackupView, LateBackup, PieceQuery};
use anjie::api::door::Door;
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::{CaseSheet, Reply};
use anjie::api::request::{AgendaQuery, CaseQuery, Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::domain::office as settings;
use anjie::service::backup::{self, FreshKey, Keys};
use anjie::service::clock::Clock;
use anjie::service::genesis::{Founding, found};
use anjie::service::{LocalDoor, Service, Session};

use crate::desk::{Office, me};

/// How many clerks write at once, and how much each.
const N_CLERKS: usize = 8;
const N_CASES: usize = 12;

fn door(office: &Office) -> LocalDoor {
    office.door_of(me())
}

fn back_up(door: &mut dyn Door, key: &FreshKey) -> BackupView {
    let to = vec![key.public.clone()];
    match door.call(Request::Backup { to }).unwrap() {
        Reply::Backup(view) => *view,
        other => panic!("{other:?}"),
    }
}

/// Fetches the newest backup into a file.
fn fetched(door: &mut dyn Door, view: &BackupView, folder: &Path) -> PathBuf {
    let path = folder.join(format!("{}.age", view.digest));
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < view.n_bytes {
        let query = PieceQuery { digest: view.digest.clone(), from: bytes.len() as u64 };
        let Reply::BackupPiece(piece) = door.call(Request::BackupPiece(query)).unwrap() else {
            panic!("no piece")
        };
        bytes.extend(piece.bytes().unwrap());
    }
    fs::write(&path, bytes).unwrap();
    path
}

fn restored(path: &Path, key: &FreshKey, into: &Path) -> Result<LocalDoor, Refusal> {
    let keys = Keys::parse(&key.secret).unwrap();
    let (_, view) = backup::restore(into, File::open(path).unwrap(), &keys)?;
    assert!(view.good);
    let service = Arc::new(Service::open(into, Clock::System).unwrap());
    Ok(LocalDoor::new(service, me()))
}

fn cases(door: &mut dyn Door) -> Vec<CaseSheet> {
    let query = CaseQuery { most: 200, ..CaseQuery::default() };
    let Reply::Cases(page) = door.call(Request::Cases(query)).unwrap() else { panic!("no page") };
    assert!(!page.after);
    let mut ids: Vec<CaseId> = page.rows.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    let sheet = |id| match door.call(Request::Case { id }).unwrap() {
        Reply::Case(sheet) => *sheet,
        other => panic!("{other:?}"),
    };
    ids.into_iter().map(sheet).collect()
}

fn register(door: &mut LocalDoor, id: usize) {
    let title = format!("第{id}件: 路灯不亮");
    let fields = [
        ("name", "张小明"),
        ("request", &title),
        ("received_on", "2026-10-20"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let id = RequestId(1_000 + id as u128);
    let order = Order { id, act: Act::Register, on: None, seen: None, fields: fields.into() };
    door.call(Request::Do(order)).unwrap();
}

#[test]
fn a_backup_taken_while_eight_clerks_write_is_brought_back_to_the_same_content() {
    let mut office = Office::on("2026-10-20");
    let (folder, key) = (tempfile::tempdir().unwrap(), FreshKey::make());
    let at_work = AtomicUsize::new(N_CLERKS);
    let mut taken = Vec::new();
    std::thread::scope(|scope| {
        for clerk in 0..N_CLERKS {
            let (mut door, at_work) = (door(&office), &at_work);
            scope.spawn(move || {
                (0..N_CASES).for_each(|one| register(&mut door, clerk * N_CASES + one));
                at_work.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let mut door = door(&office);
        while at_work.load(Ordering::SeqCst) > 0 {
            let view = back_up(&mut door, &key);
            taken.push((fetched(&mut door, &view, folder.path()), view));
        }
    });
    let mut own = door(&office);
    let all = cases(&mut own);
    assert_eq!(all.len(), N_CLERKS * N_CASES);
    let last = back_up(&mut own, &key);
    taken.push((fetched(&mut own, &last, folder.path()), last));
    let mut n_before = 0;
    for (at, (path, view)) in taken.iter().enumerate() {
        let into = folder.path().join(format!("ledger-{at}"));
        let mut back = restored(path, &key, &into).unwrap();
        let Reply::Status(status) = back.call(Request::Status).unwrap() else { panic!("none") };
        assert_eq!((status.journal, status.head.as_ref()), (Some(view.journal), Some(&view.head)));
        let some = cases(&mut back);
        assert!(some.len() >= n_before, "a later backup holds less");
        n_before = some.len();
        let same = all.iter().filter(|one| some.iter().any(|own| own.case.id == one.case.id));
        assert!(same.eq(some.iter()), "backup {at} holds something else");
    }
    assert_eq!(n_before, all.len());
    assert!(office.is_sound());
}

#[test]
fn a_backup_that_is_damaged_anywhere_is_refused_and_leaves_nothing() {
    let mut office = Office::on("2026-10-20");
    office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let (folder, key) = (tempfile::tempdir().unwrap(), FreshKey::make());
    let mut own = door(&office);
    let view = back_up(&mut own, &key);
    let path = fetched(&mut own, &view, folder.path());
    let bytes = fs::read(&path).unwrap();
    let keys = Keys::parse(&key.secret).unwrap();
    let (broken, into) = (folder.path().join("broken.age"), folder.path().join("ledger"));
    let refused = |bytes: &[u8], what: &str| {
        fs::write(&broken, bytes).unwrap();
        let read = backup::read_through(File::open(&broken).unwrap(), &keys);
        let refusal = read.expect_err(what);
        assert_eq!(refusal.kind, RefusalKind::Invalid, "{what}: {refusal:?}");
        refusal.key
    };
    for place in (0..bytes.len()).step_by(211) {
        let mut bent = bytes.clone();
        bent[place] ^= 0x10;
        refused(&bent, &format!("byte {place} is bent"));
        refused(&bytes[..place], &format!("cut off at {place}"));
    }
    let more = [bytes.as_slice(), b"x"].concat();
    assert_eq!(refused(&more, "longer"), "refusal.backup_is_damaged");
    assert_eq!(refused(b"age-encryption.org/v1\n", "a title"), "refusal.not_a_backup");
    assert_eq!(refused(&bytes[..bytes.len() - 1], "shorter"), "refusal.backup_is_damaged");
    // Nothing of a broken one becomes a ledger, and a whole one does, once.
    let mut bent = bytes.clone();
    *bent.last_mut().unwrap() ^= 1;
    fs::write(&broken, bent).unwrap();
    assert!(restored(&broken, &key, &into).is_err());
    assert!(!Service::is_there(&into));
    let other = FreshKey::make();
    let locked = restored(&path, &other, &into).err().unwrap();
    assert_eq!(locked.key, "refusal.backup_is_locked");
    assert_eq!(cases(&mut restored(&path, &key, &into).unwrap()).len(), 1);
    assert!(restored(&path, &key, &into).is_err(), "a ledger is never written over");
}

#[test]
fn only_an_administrator_makes_backups_and_each_is_noted() {
    let mut office = Office::on("2026-10-20");
    let key = FreshKey::make();
    office.done(Act::AddClerk, None, &[("login", "wanglei"), ("uid", "1042"), ("roles", "clerk")]);
    let mut clerk = office.door_of(Session { uid: 1042, login: "wanglei".to_owned() });
    let to = vec![key.public.clone()];
    for request in [Request::Backup { to }, Request::Backups] {
        assert_eq!(clerk.call(request).unwrap_err().kind, RefusalKind::Denied);
    }
    let wrong = |office: &mut Office, to: &[&str]| {
        let to = to.iter().map(|text| (*text).to_owned()).collect();
        office.ask(Request::Backup { to }).unwrap_err().key
    };
    assert_eq!(wrong(&mut office, &[]), "refusal.backup_needs_keys");
    assert_eq!(wrong(&mut office, &["age1xyz"]), "refusal.no_public_key");
    assert_eq!(wrong(&mut office, &[&key.secret]), "refusal.no_public_key");
    let mut own = door(&office);
    let Reply::Status(before) = own.call(Request::Status).unwrap() else { panic!("none") };
    let (first, second) = (back_up(&mut own, &key), back_up(&mut own, &key));
    let Reply::Status(after) = own.call(Request::Status).unwrap() else { panic!("none") };
    assert_eq!(after.revision, before.revision, "a backup is no change");
    let Reply::Backups(noted) = own.call(Request::Backups).unwrap() else { panic!("none") };
    assert_eq!(noted, [second, first.clone()]);
    let query = PieceQuery { digest: first.digest, from: 0 };
    let gone = own.call(Request::BackupPiece(query)).unwrap_err();
    assert_eq!(gone.kind, RefusalKind::Conflict, "another has taken its place");
    // An account that sees persons masked gets its backups as they are.
    let fields = [("login", "sunlan"), ("uid", "1043"), ("roles", "admin viewer")];
    office.done(Act::AddClerk, None, &fields);
    let mut masked = office.door_of(Session { uid: 1043, login: "sunlan".to_owned() });
    let folder = tempfile::tempdir().unwrap();
    let view = back_up(&mut masked, &key);
    let path = fetched(&mut masked, &view, folder.path());
    let keys = Keys::parse(&key.secret).unwrap();
    let whole = backup::read_through(File::open(path).unwrap(), &keys).unwrap();
    assert_eq!(whole.card.head, view.head);
    let query = anjie::api::request::AccessQuery {
        act: Some("backup".to_owned()),
        most: 9,
        ..Default::default()
    };
    let Reply::Accesses(page) = own.call(Request::Accesses(query)).unwrap() else { panic!("none") };
    assert_eq!(page.rows.len(), 3);
}

#[test]
fn an_administrator_is_told_when_the_newest_backup_is_too_old() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("ledger");
    let office = settings::Office::new("青石镇", "青信", 50_000);
    found(&place, &Founding { office, admin: me(), officer: Some("李娟".to_owned()) }).unwrap();
    let begun = Clock::System.day();
    let on = |days| {
        let clock = Clock::fixed(begun + chrono::Days::new(days));
        LocalDoor::new(Arc::new(Service::open(&place, clock).unwrap()), me())
    };
    let today = || Request::Agenda(AgendaQuery { most: 9, ..AgendaQuery::default() });
    let late = |door: &mut LocalDoor| match door.call(today()).unwrap() {
        Reply::Agenda(view) => view.late_backup,
        other => panic!("{other:?}"),
    };
    assert_eq!(late(&mut on(7)), None);
    let mut door = on(8);
    assert_eq!(late(&mut door), Some(LateBackup { on: None, days: 8 }));
    back_up(&mut door, &FreshKey::make());
    assert_eq!(late(&mut door), None);
    drop(door);
    let mut door = on(20);
    let newest = Some(begun + chrono::Days::new(8));
    assert_eq!(late(&mut door), Some(LateBackup { on: newest, days: 12 }));
    let fields = [("backup_days".to_owned(), "0".to_owned())].into();
    let order = Order { id: RequestId(9), act: Act::EditOffice, on: Some(1), seen: None, fields };
    door.call(Request::Do(order)).unwrap();
    assert_eq!(late(&mut door), None, "an office that does not want to be told is not");
}

#[test]
fn a_backup_of_the_first_format_is_brought_back_and_refused_when_damaged() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/backups");
    let keys = Keys::parse(&fs::read_to_string(samples.join("format-1.key")).unwrap()).unwrap();
    let bytes = fs::read(samples.join("format-1.age")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (path, into) = (folder.path().join("one.age"), folder.path().join("back"));
    for place in (0..bytes.len()).step_by(311) {
        let mut bent = bytes.clone();
        bent[place] ^= 0x10;
        fs::write(&path, bent).unwrap();
        let refused = backup::restore(&into, File::open(&path).unwrap(), &keys);
        assert_eq!(refused.unwrap_err().kind, RefusalKind::Invalid, "{place}");
        assert!(!Service::is_there(&into));
    }
    fs::write(&path, &bytes).unwrap();
    let (whole, view) = backup::restore(&into, File::open(&path).unwrap(), &keys).unwrap();
    assert_eq!((whole.card.format, whole.n_files, view.good), (1, 0, true));
    let service = Service::open(&into, Clock::System).unwrap();
    let snapshot = service.call(&Session { uid: 0, login: "root".to_owned() }, Request::Status);
    assert!(
        matches!(snapshot, Ok(Reply::Status(status)) if status.journal >= Some(whole.card.sequence))
    );
}
