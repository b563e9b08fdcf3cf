//! Scans at the screen: added from the exchange folder, seen on the sheet, fetched, and removed with a
//! reason; no key of it has to be a letter.

use std::fs;
use std::sync::Arc;

use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, RequestId};
use anjie::locale::Lang;

use crate::desk::{Desk, Office};

fn office() -> Arc<Office> {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    let fields = [
        ("name", "张小明"),
        ("request", "征地补偿款没有到账"),
        ("title", "征地补偿款未到账"),
        ("received_on", "2026-10-12"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
    ];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let id = RequestId(900);
    let order = Order { id, act: Act::Register, on: None, seen: None, fields };
    desk.ask(Request::Do(order)).unwrap();
    office
}

fn scan(length: usize) -> Vec<u8> {
    b"%PDF-1.7\n".iter().copied().chain((0..length).map(|at| at as u8)).collect()
}

/// The files of the exchange folder.
fn names(office: &Office) -> Vec<String> {
    let entries = fs::read_dir(office.exchange()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_scan_is_added_from_the_exchange_folder_fetched_and_removed_by_keys() {
    let office = office();
    let bytes = scan(70_000);
    office.put("补偿协议.pdf", &bytes);
    office.put("旧台账.csv", "编号\n1\n");
    let desk = &mut Desk::at(&office);
    desk.keys("2 z").sees("没有附件").sees("征地补偿款未到账");
    desk.keys("<tab>").sees("补偿协议.pdf").sees("69 KB");
    assert!(!desk.screen().0.iter().any(|row| row.contains("旧台账.csv")), "a table is no scan");
    desk.keys("<ret>").sees("附件名").sees("补偿协议.pdf").sees("文书扫描");
    assert!(desk.case(CaseId(1)).case.attachments.is_empty(), "nothing is attached before yes");
    desk.keys("<f10>").sees("文书扫描").sees("附件 1").sees("李娟");
    let own = desk.case(CaseId(1)).case.attachments[&1].clone();
    assert_eq!((own.name.as_str(), own.n_bytes), ("补偿协议.pdf", bytes.len() as u64));
    desk.keys("<ret>").sees("已取到");
    let fetched: Vec<_> = names(&office).into_iter().filter(|name| name.contains("-1-")).collect();
    assert_eq!(fetched.len(), 1, "{:?}", names(&office));
    assert!(fetched[0].ends_with("-1-文书扫描.pdf"), "{fetched:?}");
    assert_eq!(fs::read(office.exchange().join(&fetched[0])).unwrap(), bytes);
    // Fetched once more, nothing is written over.
    desk.keys("<ret>");
    assert_eq!(names(&office).len(), 4);
    desk.keys("<f2>").sees("移除附件").keys("1").sees("移除原因");
    desk.keys("<f10>").sees("必填");
    desk.keys("传错了件 <f10>").sees("已移除");
    let own = desk.case(CaseId(1)).case.attachments[&1].clone();
    assert_eq!(own.removed.unwrap().why, "传错了件");
    desk.keys("<ret>").sees("这个附件已移除");
    desk.keys("u").sees("移除附件").keys("2").sees("文书扫描");
    assert!(desk.case(CaseId(1)).case.attachments[&1].removed.is_none());
}

#[test]
fn a_file_that_is_no_scan_is_refused_and_the_form_keeps_what_was_typed() {
    let office = office();
    office.put("冒充.pdf", b"MZ\x90\x00 a program");
    let desk = &mut Desk::at(&office);
    desk.keys("2 z <tab> <ret>").sees("附件名").keys("<f10>").sees("按内容认不出");
    desk.sees("冒充.pdf");
    assert!(desk.case(CaseId(1)).case.attachments.is_empty());
}

#[test]
fn the_sheet_of_a_case_shows_what_is_attached_and_leads_there() {
    for (lang, size) in [(Lang::Zh, (80, 24)), (Lang::En, (80, 24)), (Lang::Zh, (120, 40))] {
        let office = office();
        office.put("照片.png", b"\x89PNG\r\n\x1a\n and a picture");
        let desk = &mut Desk::with(&office, lang, size);
        let word = if lang == Lang::Zh { "附件 1" } else { "Attachments 1" };
        desk.keys("2 z <tab> <ret> <f10>").keys("<esc> <ret>");
        desk.keys("<backtab>").sees(&format!("[{word}]")).sees("照片.png");
        desk.keys("<ret>").sees("照片.png").sees(word);
    }
}

#[test]
fn whole_files_of_the_marked_matters_go_into_a_folder_of_their_own() {
    let office = office();
    let desk = &mut Desk::at(&office);
    let fields = [
        ("name", "李梅"),
        ("request", "水渠堵塞"),
        ("title", "水渠堵塞"),
        ("received_on", "2026-10-13"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
    ];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let id = RequestId(901);
    let order = Order { id, act: Act::Register, on: None, seen: None, fields };
    desk.ask(Request::Do(order)).unwrap();
    desk.keys("2 <space> <space>").sees("选中2").menu("dossier").sees("用途").sees("去向");
    desk.keys("<f10>").sees("必填");
    desk.keys("迎检 <tab> 区信访局 <f10>").sees("已写好2件");
    let folder = office.exchange().join("一案一档-2026-10-20");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    // Once more, nothing is written over.
    desk.menu("dossier").keys("<f10>").sees("一案一档-2026-10-20-2");
}
