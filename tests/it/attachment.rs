//! Attachments: sent in pieces, kept once by their content, seen by whoever sees the case, and gone
//! when nobody names them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anjie::api::attachment::{AttachmentQuery, UPLOAD_BYTES, UploadPiece};
use anjie::api::backup::{BackupPiece, BackupView, PieceQuery};
use anjie::api::door::Door;
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::service::backup::{self, FreshKey, Keys};
use anjie::service::clock::Clock;
use anjie::service::{LocalDoor, Service, Session};
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::desk::{Office, me};
use crate::seal::accusation;

/// A made-up scan of that many bytes.
fn scan(seed: u8, length: usize) -> Vec<u8> {
    let body = (0..length).map(|at| (at as u8).wrapping_mul(31).wrapping_add(seed));
    b"%PDF-1.7\n".iter().copied().chain(body).collect()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pieces(bytes: &[u8], length: usize) -> Vec<UploadPiece> {
    let (file, n_bytes) = (digest(bytes), bytes.len() as u64);
    let piece = |(nth, part): (usize, &[u8])| UploadPiece {
        file: file.clone(),
        n_bytes,
        from: (nth * length) as u64,
        piece: BackupPiece::of(part),
    };
    if bytes.is_empty() {
        return vec![piece((0, bytes))];
    }
    bytes.chunks(length).enumerate().map(piece).collect()
}

fn send(door: &mut dyn Door, bytes: &[u8]) -> Result<(), Refusal> {
    for piece in pieces(bytes, UPLOAD_BYTES) {
        door.call(Request::Upload(piece))?;
    }
    Ok(())
}

fn order(id: u128, (case, bytes): (u64, &[u8]), name: &str) -> Order {
    let fields =
        [("file", digest(bytes)), ("name", name.to_owned()), ("matter", "scan".to_owned())];
    let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
    Order { id: RequestId(id), act: Act::Attach, on: Some(case), seen: None, fields }
}

/// Sends a file and attaches it.
fn attach(
    door: &mut dyn Door,
    id: u128,
    (case, bytes, name): (u64, &[u8], &str),
) -> Result<u32, Refusal> {
    send(door, bytes)?;
    match door.call(Request::Do(order(id, (case, bytes), name)))? {
        Reply::Done(done) => Ok(done.number.unwrap().parse().unwrap()),
        other => panic!("{other:?}"),
    }
}

fn fetch(door: &mut dyn Door, case: u64, number: u32) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    loop {
        let query = AttachmentQuery { case: CaseId(case), number, from: bytes.len() as u64 };
        let Reply::AttachmentPiece(piece) = door.call(Request::Attachment(query))? else {
            panic!("no piece")
        };
        let piece = piece.bytes().unwrap();
        if piece.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(piece);
    }
}

fn remove(door: &mut dyn Door, id: u128, (case, number): (u64, u32)) -> Result<Reply, Refusal> {
    let fields = [("number", number.to_string()), ("why", "传错了件".to_owned())];
    let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
    let order = Order { id: RequestId(id), act: Act::Detach, on: Some(case), seen: None, fields };
    door.call(Request::Do(order))
}

/// The names of the files that lie in the vault.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder.join("attachments")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn clerk(office: &mut Office, (login, uid): (&str, u32), more: &[(&str, &str)]) -> LocalDoor {
    let uid_text = uid.to_string();
    let fields = [("login", login), ("uid", uid_text.as_str())];
    let fields: Vec<_> = fields.into_iter().chain(more.iter().copied()).collect();
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid, login: login.to_owned() })
}

#[test]
fn a_file_comes_back_as_it_was_sent_and_each_fetch_is_in_the_log() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let bytes = scan(1, 300_000);
    assert_eq!(attach(&mut door, 1, (case, &bytes, "补偿协议.pdf")), Ok(1));
    assert_eq!(fetch(&mut door, case, 1).unwrap(), bytes);
    let own = office.case(case).case.attachments.remove(&1).unwrap();
    assert_eq!((own.name.as_str(), own.n_bytes), ("补偿协议.pdf", bytes.len() as u64));
    assert_eq!((own.media.word(), own.digest.clone()), ("pdf", digest(&bytes)));
    let vault = office.folder().join("attachments");
    assert_eq!((mode(&vault), mode(&vault.join(&own.digest))), (0o700, 0o600));
    assert_eq!(files(&office.folder()), [own.digest].into());
    let query = AccessQuery { act: Some("attachment".into()), most: 9, ..AccessQuery::default() };
    let lines = |office: &mut Office| match office.ask(Request::Accesses(query.clone())).unwrap() {
        Reply::Accesses(page) => page.rows.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(lines(&mut office), 1);
    // Whoever asks for the end alone is in the log too.
    let mut other = clerk(&mut office, ("wanglei", 1042), &[("roles", "clerk")]);
    let query = AttachmentQuery { case: CaseId(case), number: 1, from: 200_000 };
    other.call(Request::Attachment(query)).unwrap();
    assert_eq!(lines(&mut office), 2);
    // What went out whole is looked at anew, also by who asks for a part of it.
    let query = AttachmentQuery { case: CaseId(case), number: 1, from: 1 };
    door.call(Request::Attachment(query)).unwrap();
    assert_eq!(lines(&mut office), 3);
    assert!(office.is_sound());
}

#[test]
fn pieces_of_any_length_make_the_file_and_a_gap_makes_none() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    for (nth, length) in [1_usize, 7, 100, 4_096, UPLOAD_BYTES].into_iter().enumerate() {
        let bytes = scan(nth as u8, length * 3 + nth);
        for piece in pieces(&bytes, length) {
            // One that is sent twice is kept once.
            door.call(Request::Upload(piece.clone())).unwrap();
            if piece.from > 0 {
                door.call(Request::Upload(piece)).unwrap();
            }
        }
        let done =
            door.call(Request::Do(order(nth as u128, (case, &bytes), &format!("{nth}.pdf"))));
        assert!(done.is_ok(), "{length}: {done:?}");
        assert_eq!(fetch(&mut door, case, nth as u32 + 1).unwrap(), bytes, "{length}");
    }
    let bytes = scan(9, 90_000);
    let mut all = pieces(&bytes, UPLOAD_BYTES);
    let missing = all.remove(1);
    door.call(Request::Upload(all[0].clone())).unwrap();
    assert_eq!(
        door.call(Request::Upload(all[1].clone())).unwrap_err().key,
        "refusal.piece_is_missing"
    );
    let half = door.call(Request::Do(order(50, (case, &bytes), "半份.pdf"))).unwrap_err();
    assert_eq!(half.key, "refusal.piece_is_missing");
    for piece in [missing, all[1].clone(), all[2].clone()] {
        door.call(Request::Upload(piece)).unwrap();
    }
    door.call(Request::Do(order(51, (case, &bytes), "整份.pdf"))).unwrap();
    // Bytes that are others than announced make no attachment.
    let mut bent = pieces(&scan(10, 500), UPLOAD_BYTES).remove(0);
    bent.piece = BackupPiece::of(&scan(11, 500));
    let announced = bent.file.clone();
    door.call(Request::Upload(bent)).unwrap();
    let mut wrong = order(52, (case, b""), "改过.pdf");
    wrong.fields.insert("file".to_owned(), announced);
    assert_eq!(door.call(Request::Do(wrong)).unwrap_err().key, "refusal.piece_is_missing");
    assert_eq!(files(&office.folder()).iter().filter(|name| name.len() == 64).count(), 6);
}

#[test]
fn an_order_whose_answer_was_lost_attaches_once() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let bytes = scan(1, 900);
    send(&mut door, &bytes).unwrap();
    let order = order(7, (case, &bytes), "协议.pdf");
    let first = door.call(Request::Do(order.clone())).unwrap();
    assert_eq!(door.call(Request::Do(order)).unwrap(), first);
    assert_eq!(office.case(case).case.attachments.len(), 1);
}

/// A package of parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_document_with_a_program_is_refused_however_its_parts_are_called() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let types = ("[Content_Types].xml", &b"<Types/>"[..]);
    let document = ("word/document.xml", &b"<w:document/>"[..]);
    let compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a program";
    let kinds = b"<Types><Override PartName=\"/word/x.bin\" \
                  ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>";
    let relations = b"<Relationships><Relationship Target=\"media/image1.png\" \
                      Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\"/>\
                      </Relationships>";
    let wide: Vec<u8> = kinds.iter().flat_map(|byte| [*byte, 0]).collect();
    let programs = [
        package(&[types, document, ("word/vbaProject.bin", compound)]),
        package(&[types, document, ("word/media/image1.png", compound)]),
        package(&[types, document, ("word/theme/theme1.xml", compound)]),
        package(&[("[Content_Types].xml", kinds), document]),
        package(&[("[Content_Types].xml", &wide), document]),
        package(&[types, document, ("word/_rels/document.xml.rels", relations)]),
        package(&[types, ("xl/workbook.xml", b"<workbook/>"), ("xl/styles.xml", compound)]),
    ];
    for (nth, bytes) in (300..).zip(&programs) {
        let refusal = attach(&mut door, nth, (case, bytes, "证明.docx")).unwrap_err();
        assert_eq!(refusal.key, "broken.attachment_has_macros", "{nth}");
    }
    assert!(files(&office.folder()).is_empty(), "nothing of them stays");
    // What nobody can look into is not taken either.
    let plain = package(&[types, document]);
    let flags = plain.windows(4).position(|four| four == b"PK\x01\x02").unwrap() + 10;
    let mut odd = plain.clone();
    odd[flags] = 99;
    let refusal = attach(&mut door, 320, (case, &odd, "证明.docx")).unwrap_err();
    assert_eq!(refusal.key, "broken.attachment_kind_is_unknown");
    let picture = ("word/media/image1.png", &b"\x89PNG\r\n\x1a\n a picture"[..]);
    let pictured = package(&[types, document, picture]);
    assert_eq!(attach(&mut door, 321, (case, &pictured, "证明.docx")), Ok(1));
    assert_eq!(attach(&mut door, 322, (case, &plain, "说明.docx")), Ok(2));
}

#[test]
fn what_is_too_large_of_no_known_kind_or_named_like_a_path_is_refused() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    office.done(Act::EditOffice, Some(1), &[("attachment_mib", "1"), ("case_mib", "2")]);
    let mut door = office.door_of(me());
    let mut refused = |bytes: &[u8], name: &str| {
        attach(&mut door, bytes.len() as u128, (case, bytes, name)).unwrap_err().key
    };
    assert_eq!(refused(&scan(1, 1 << 20), "大.pdf"), "broken.attachment_is_too_large");
    assert_eq!(refused(b"MZ\x90\x00program", "单据.pdf"), "broken.attachment_kind_is_unknown");
    assert_eq!(refused(b"", "空.pdf"), "broken.attachment_kind_is_unknown");
    assert!(files(&office.folder()).is_empty(), "nothing of them stays");
    assert_eq!(refused(&scan(3, 599), "甲\u{202e}fdp.exe"), "refusal.wrong_fields");
    for (nth, name) in ["../x.pdf", "a/b.pdf", ".x"].iter().enumerate() {
        assert_eq!(
            refused(&scan(3, 600 + nth), name),
            "broken.attachment_name_is_barred",
            "{name:?}"
        );
    }
    assert_eq!(files(&office.folder()).iter().filter(|name| name.len() == 64).count(), 0);
    let almost = (1 << 20) - 100;
    assert_eq!(attach(&mut door, 90, (case, &scan(4, almost), "一.pdf")), Ok(1));
    let again = attach(&mut door, 91, (case, &scan(4, almost), "二.pdf")).unwrap_err();
    assert_eq!(again.key, "broken.attachment_is_there");
    let more = attach(&mut door, 92, (case, &scan(5, almost), "二.pdf"));
    assert_eq!(more, Ok(2));
    let full = attach(&mut door, 93, (case, &scan(6, 5_000), "三.pdf")).unwrap_err();
    assert_eq!(full.key, "broken.attachments_are_too_large");
    assert!(office.is_sound());
}

#[test]
fn who_attaches_and_removes_in_turn_fills_no_disk() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    office.done(Act::EditOffice, Some(1), &[("attachment_mib", "1"), ("case_mib", "1")]);
    let mut door = office.door_of(me());
    let almost = (1 << 20) - 100;
    for nth in 0..2_u8 {
        let number = attach(&mut door, 10 + u128::from(nth), (case, &scan(nth, almost), "一.pdf"));
        remove(&mut door, 20 + u128::from(nth), (case, number.unwrap())).unwrap();
    }
    let full = attach(&mut door, 30, (case, &scan(9, almost), "一.pdf")).unwrap_err();
    assert_eq!(full.key, "broken.removed_attachments_stay");
    office.done(Act::MoveToday, None, &[("today", "2026-11-20")]);
    assert_eq!(attach(&mut door, 31, (case, &scan(9, almost), "一.pdf")), Ok(3));
    assert!(office.is_sound());
}

#[test]
fn a_file_of_two_cases_lies_there_once_and_goes_with_the_last_that_names_it() {
    let mut office = Office::on("2026-10-20");
    let one = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let two = office.register("李梅", "同一块地的补偿", "2026-10-19");
    let bytes = scan(1, 5_000);
    let mut door = office.door_of(me());
    attach(&mut door, 1, (one, &bytes, "协议.pdf")).unwrap();
    attach(&mut door, 2, (two, &bytes, "同一份协议.pdf")).unwrap();
    assert_eq!(files(&office.folder()).len(), 1);
    remove(&mut door, 3, (one, 1)).unwrap();
    assert_eq!(fetch(&mut door, one, 1).unwrap_err().key, "refusal.no_such_attachment");
    let own = office.case(one).case.attachments[&1].clone();
    assert_eq!(own.removed.unwrap().why, "传错了件");
    drop(door);
    let office = Office::back(office.leave());
    let mut door = office.door_of(me());
    assert_eq!(fetch(&mut door, two, 1).unwrap(), bytes, "the other case names it still");
    remove(&mut door, 4, (two, 1)).unwrap();
    drop(door);
    let mut office = Office::back(office.leave());
    assert_eq!(files(&office.folder()).len(), 1, "the removal can be taken back for thirty days");
    office.done(Act::MoveToday, None, &[("today", "2026-11-20")]);
    assert_eq!(files(&office.folder()).len(), 1, "nothing is removed while clerks work");
    let mut office = Office::back(office.leave());
    assert_eq!(files(&office.folder()).len(), 0);
    assert!(office.is_sound());
}

#[test]
fn an_addition_and_a_removal_are_taken_back_while_the_file_is_there() {
    let mut office = Office::on("2026-10-20");
    let mut other = clerk(&mut office, ("zhaomin", 1042), &[("roles", "admin")]);
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let bytes = scan(1, 5_000);
    let mut door = office.door_of(me());
    attach(&mut door, 1, (case, &bytes, "协议.pdf")).unwrap();
    office.done(Act::Undo, None, &[]);
    assert!(office.case(case).case.attachments.is_empty());
    office.done(Act::Redo, None, &[]);
    assert_eq!(fetch(&mut door, case, 1).unwrap(), bytes);
    remove(&mut door, 2, (case, 1)).unwrap();
    office.done(Act::Undo, None, &[]);
    assert_eq!(fetch(&mut door, case, 1).unwrap(), bytes);
    office.done(Act::Redo, None, &[]);
    // Somebody else's change, so that the removal stays one's newest.
    let fields = [("today".to_owned(), "2026-11-20".to_owned())].into();
    let moved = Order { id: RequestId(901), act: Act::MoveToday, on: None, seen: None, fields };
    other.call(Request::Do(moved)).unwrap();
    drop((door, other));
    let mut office = Office::back(office.leave());
    let gone = office.try_do(Act::Undo, None, &[]).unwrap_err();
    assert_eq!(gone.key, "broken.attachment_is_gone", "its file went when the server started");
    assert!(office.is_sound());
}

#[test]
fn nobody_reaches_a_file_of_a_case_that_is_not_theirs_to_see() {
    let mut office = Office::on("2026-10-20");
    let village = office.unit("石桥村", "village").to_string();
    let other = office.unit("清水村", "village").to_string();
    let about = office.register("张小明", "石桥村账目不公开", "2026-10-19");
    let fields = [("village", village.as_str()), ("about_unit", village.as_str())];
    office.done(Act::EditCase, Some(about), &fields);
    let theirs = office.register("李梅", "石桥村水渠堵塞", "2026-10-19");
    office.done(Act::EditCase, Some(theirs), &[("village", village.as_str())]);
    let sealed = office.done(Act::Register, None, &accusation(&[])).record.unwrap().id;
    let bytes = scan(1, 5_000);
    let mut door = office.door_of(me());
    for (nth, case) in [about, theirs, sealed].into_iter().enumerate() {
        attach(&mut door, nth as u128, (case, &scan(nth as u8, 4_000), "材料.pdf")).unwrap();
    }
    let roles = |unit: &str| {
        [("roles".to_owned(), "village".to_owned()), ("unit".to_owned(), unit.to_owned())]
    };
    let own = roles(&village);
    let own: Vec<_> = own.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut accused = clerk(&mut office, ("shiqiao", 1050), &own);
    let far = roles(&other);
    let far: Vec<_> = far.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut far = clerk(&mut office, ("qingshui", 1051), &far);
    let mut viewer = clerk(&mut office, ("zhangwei", 1052), &[("roles", "viewer")]);
    let mut clerk = clerk(&mut office, ("wanglei", 1053), &[("roles", "clerk")]);
    let kind = |answer: Result<Vec<u8>, Refusal>| answer.unwrap_err().kind;
    assert_eq!(kind(fetch(&mut accused, about, 1)), RefusalKind::NotFound);
    assert_eq!(fetch(&mut accused, theirs, 1).unwrap(), scan(1, 4_000));
    assert_eq!(attach(&mut accused, 1, (theirs, &bytes, "村里的.pdf")), Ok(2));
    let denied = remove(&mut accused, 2, (theirs, 1)).unwrap_err();
    assert_eq!(denied.kind, RefusalKind::Denied, "a village adds and removes nothing");
    assert_eq!(kind(fetch(&mut far, theirs, 1)), RefusalKind::NotFound);
    assert_eq!(kind(fetch(&mut viewer, theirs, 1)), RefusalKind::Denied);
    assert_eq!(kind(fetch(&mut clerk, sealed, 1)), RefusalKind::NotFound);
    assert!(fetch(&mut clerk, theirs, 1).is_ok());
    // A hash alone opens nothing: only what one has sent oneself is attached.
    let stolen = order(9, (theirs, &scan(2, 4_000)), "别人的.pdf");
    assert_eq!(clerk.call(Request::Do(stolen)).unwrap_err().key, "refusal.piece_is_missing");
    // A viewer sees that something is attached, and no name.
    let Reply::Case(sheet) = viewer.call(Request::Case { id: CaseId(theirs) }).unwrap() else {
        panic!("no sheet")
    };
    assert_eq!(sheet.case.attachments.len(), 2);
    assert!(
        sheet.case.attachments.values().all(|own| own.name.is_empty() && own.digest.is_empty())
    );
}

#[test]
fn an_upload_that_a_kill_broke_off_leaves_nothing() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let bytes = scan(1, 90_000);
    let first = pieces(&bytes, UPLOAD_BYTES).remove(0);
    door.call(Request::Upload(first)).unwrap();
    assert_eq!(files(&office.folder()), ["part-1000".to_owned()].into());
    // A file that got its name, of which the record never came.
    let orphan = office.folder().join("attachments").join(digest(b"x"));
    fs::write(&orphan, b"x").unwrap();
    fs::set_permissions(&orphan, PermissionsExt::from_mode(0o600)).unwrap();
    let Reply::Check(view) = office.ask(Request::Check).unwrap() else { panic!("no check") };
    assert_eq!((view.good, view.n_files, view.n_orphans), (true, 0, 1));
    drop(door);
    let office = Office::back(office.leave());
    assert_eq!(files(&office.folder()).len(), 0);
    let mut door = office.door_of(me());
    let second = pieces(&bytes, UPLOAD_BYTES).remove(1);
    assert_eq!(door.call(Request::Upload(second)).unwrap_err().key, "refusal.piece_is_missing");
    assert_eq!(attach(&mut door, 1, (case, &bytes, "协议.pdf")), Ok(1));
}

#[test]
fn a_file_that_is_damaged_or_missing_is_named_and_not_given_out() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let (one, two) = (scan(1, 5_000), scan(2, 5_000));
    attach(&mut door, 1, (case, &one, "甲.pdf")).unwrap();
    attach(&mut door, 2, (case, &two, "乙.pdf")).unwrap();
    let vault = office.folder().join("attachments");
    let mut bent = one.clone();
    bent[4_000] ^= 1;
    fs::write(vault.join(digest(&one)), bent).unwrap();
    fs::remove_file(vault.join(digest(&two))).unwrap();
    assert_eq!(fetch(&mut door, case, 1).unwrap_err().key, "refusal.attachment_is_damaged");
    assert_eq!(fetch(&mut door, case, 2).unwrap_err().key, "refusal.attachment_is_missing");
    let Reply::Check(view) = office.ask(Request::Check).unwrap() else { panic!("no check") };
    let keys: BTreeSet<_> = view.findings.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["attachment_damaged", "attachment_missing"].into());
    assert!(!view.good && view.findings.iter().all(|(_, about)| about.contains(&case.to_string())));
    // Sent again, the damaged file is whole again.
    remove(&mut door, 3, (case, 1)).unwrap();
    assert_eq!(attach(&mut door, 4, (case, &one, "甲.pdf")), Ok(3));
    assert_eq!(fetch(&mut door, case, 3).unwrap(), one);
}

fn back_up(door: &mut dyn Door, key: &FreshKey, folder: &Path) -> (BackupView, std::path::PathBuf) {
    let to = vec![key.public.clone()];
    let Reply::Backup(view) = door.call(Request::Backup { to }).unwrap() else { panic!("none") };
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < view.n_bytes {
        let query = PieceQuery { digest: view.digest.clone(), from: bytes.len() as u64 };
        let Reply::BackupPiece(piece) = door.call(Request::BackupPiece(query)).unwrap() else {
            panic!("no piece")
        };
        bytes.extend(piece.bytes().unwrap());
    }
    let path = folder.join(&view.digest);
    fs::write(&path, bytes).unwrap();
    (*view, path)
}

#[test]
fn a_backup_holds_the_files_and_damage_in_any_of_them_is_refused() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let (small, large) = (scan(1, 3_000), scan(2, 700_000));
    attach(&mut door, 1, (case, &small, "甲.pdf")).unwrap();
    attach(&mut door, 2, (case, &large, "乙.pdf")).unwrap();
    let (folder, key) = (tempfile::tempdir().unwrap(), FreshKey::make());
    let (view, path) = back_up(&mut door, &key, folder.path());
    assert_eq!((view.n_files, view.n_lost), (2, 0));
    let keys = Keys::parse(&key.secret).unwrap();
    let into = folder.path().join("back");
    backup::restore(&into, File::open(&path).unwrap(), &keys).unwrap();
    assert_eq!((mode(&into.join("attachments")), files(&into).len()), (0o700, 2));
    let service = std::sync::Arc::new(Service::open(&into, Clock::System).unwrap());
    let mut back = LocalDoor::new(service, me());
    assert_eq!(fetch(&mut back, case, 1).unwrap(), small);
    assert_eq!(fetch(&mut back, case, 2).unwrap(), large);
    let bytes = fs::read(&path).unwrap();
    let (broken, none) = (folder.path().join("broken"), folder.path().join("none"));
    // The files lie behind the rows: the second half of the backup is theirs.
    for place in (bytes.len() / 3..bytes.len()).step_by(bytes.len() / 9) {
        let mut bent = bytes.clone();
        bent[place] ^= 4;
        for bad in [bent, bytes[..place].to_vec()] {
            fs::write(&broken, bad).unwrap();
            let refused = backup::restore(&none, File::open(&broken).unwrap(), &keys).unwrap_err();
            assert_eq!(refused.key, "refusal.backup_is_damaged", "{place}");
            assert!(!Service::is_there(&none) && files(&none).is_empty(), "{place}");
        }
    }
}

#[test]
fn a_file_that_is_lost_keeps_nobody_from_saving_the_rest() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("张小明", "征地补偿款没有到账", "2026-10-19");
    let mut door = office.door_of(me());
    let (one, two) = (scan(1, 3_000), scan(2, 3_000));
    attach(&mut door, 1, (case, &one, "甲.pdf")).unwrap();
    attach(&mut door, 2, (case, &two, "乙.pdf")).unwrap();
    fs::write(office.folder().join("attachments").join(digest(&one)), b"%PDF-").unwrap();
    let (folder, key) = (tempfile::tempdir().unwrap(), FreshKey::make());
    let (view, path) = back_up(&mut door, &key, folder.path());
    assert_eq!((view.n_files, view.n_lost), (1, 1));
    let keys = Keys::parse(&key.secret).unwrap();
    let into = folder.path().join("back");
    let (whole, checked) = backup::restore(&into, File::open(path).unwrap(), &keys).unwrap();
    assert_eq!((whole.card.n_lost, checked.good), (1, false), "the check names it");
    let service = std::sync::Arc::new(Service::open(&into, Clock::System).unwrap());
    let mut back = LocalDoor::new(service, me());
    assert_eq!(fetch(&mut back, case, 1).unwrap_err().key, "refusal.attachment_is_missing");
    assert_eq!(fetch(&mut back, case, 2).unwrap(), two);
}

#[test]
fn the_scans_of_an_erased_person_go_with_their_names() {
    let mut office = Office::on("2026-10-20");
    let case = office.register("欧阳明远", "路灯不亮", "2026-10-19");
    let person = *office.case(case).case.persons.keys().next().unwrap();
    let bytes = scan(1, 5_000);
    let mut door = office.door_of(me());
    attach(&mut door, 1, (case, &bytes, "欧阳明远来信.pdf")).unwrap();
    let stop =
        [("ground", "withdrawn"), ("on", "2026-10-20"), ("text", "撤回"), ("document", "止1号")];
    office.done(Act::Stop, Some(case), &stop);
    let file = [("number", "档1"), ("retention", "10"), ("on", "2026-10-20")];
    let kept = remove(&mut door, 2, (case, 1)).unwrap_err();
    assert_eq!(kept.key, "broken.attachment_stays_in_the_file", "the file is kept whole");
    office.done(Act::Archive, Some(case), &file);
    office.done(Act::MoveToday, None, &[("today", "2036-10-21")]);
    office.done(Act::AskErasure, Some(person.0), &[("basis", "保管期满")]);
    let mut second = clerk(&mut office, ("zhaomin", 1042), &[("roles", "director")]);
    let fields = [("document".to_owned(), "销1号".to_owned())].into();
    let id = RequestId(900);
    let erase = Order { id, act: Act::Erase, on: Some(person.0), seen: None, fields };
    second.call(Request::Do(erase)).unwrap();
    assert!(office.case(case).case.attachments.is_empty());
    let more = attach(&mut door, 3, (case, &scan(2, 900), "补件.pdf")).unwrap_err();
    assert_eq!(more.key, "broken.person_is_erased", "nobody could erase it again");
    drop((door, second));
    let mut office = Office::back(office.leave());
    assert_eq!(files(&office.folder()).len(), 0);
    let raw = fs::read(office.folder().join("office.redb")).unwrap();
    for trace in ["欧阳明远来信".to_owned(), digest(&bytes)] {
        let is_there = raw.windows(trace.len()).any(|window| window == trace.as_bytes());
        assert!(!is_there, "{trace}");
    }
    assert!(office.is_sound());
}
