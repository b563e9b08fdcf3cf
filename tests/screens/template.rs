//! Templates of papers by keys: taken out of the list, looked at as they come back, put in, and left
//! again for the built-in ones.

use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use anjie::api::paper::TemplateView;
use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::paper::Paper;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::desk::{Desk, Office};
use crate::paper::{choose, taken_on};

/// A docx with another text of its document.
fn edited(bytes: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut text).unwrap();
        out.start_file(&name, SimpleFileOptions::default()).unwrap();
        match name.as_str() {
            "word/document.xml" => {
                out.write_all(change(&String::from_utf8(text).unwrap()).as_bytes()).unwrap();
            }
            _ => out.write_all(&text).unwrap(),
        }
    }
    out.finish().unwrap().into_inner()
}

fn loaded(desk: &mut Desk) -> Vec<TemplateView> {
    match desk.ask(Request::Templates).unwrap() {
        Reply::Templates(all) => all,
        other => panic!("{other:?}"),
    }
}

/// The desk at the list of templates, with that paper selected.
fn at_templates(office: &Arc<Office>, paper: &str) -> Desk {
    let mut desk = Desk::at(office);
    desk.keys("<c-p>").paste("文书模板").keys("<ret>").sees("本单位模板");
    let rows = desk.keys("<home>").screen().0;
    let first = rows.iter().position(|row| row.starts_with('>')).unwrap();
    let at = rows.iter().position(|row| row.contains(paper)).unwrap();
    desk.keys(&"<down>".repeat(at - first));
    desk
}

#[test]
fn a_template_goes_out_to_be_edited_and_comes_back_after_a_look_without_a_letter() {
    let office = taken_on();
    let desk = &mut at_templates(&office, "受理告知书");
    desk.sees("本单位模板 0").keys("<ret>").sees("取出模板").sees("换上模板").keys("<esc>");
    desk.menu("template_out").sees("受理告知书-模板.docx");
    let bytes = std::fs::read(office.exchange().join("受理告知书-模板.docx")).unwrap();
    let own = edited(&bytes, |text| text.replace("信访事项受理告知书", "本镇受理告知书"));
    office.put("改好.docx", own);
    desk.menu("template_in").sees("换上模板  受理告知书").sees("改好.docx");
    let rows = desk.screen().0;
    let at = rows.iter().position(|row| row.contains("改好.docx")).unwrap();
    let first = rows.iter().position(|row| row.starts_with('>')).unwrap();
    desk.keys(&"<down>".repeat(at.saturating_sub(first))).keys("<ret>");
    desk.sees("自带模板用到的占位项都有").sees("本镇受理告知书").sees("{{信访人}}");
    assert_eq!(loaded(desk), [], "a look keeps nothing");
    desk.keys("<ret>").sees("改好.docx").keys("<esc>");
    assert_eq!(loaded(desk), [], "nor does an answer that is none");
    desk.keys("<ret> 2").sees("已换上");
    assert_eq!(loaded(desk)[0].template.by.as_deref(), Some("李娟"));
    desk.keys("<esc> <esc>").sees("本单位模板 1").sees("改好.docx").sees("10-20").sees("李娟");
    // The next paper is made of it.
    let mut other = Desk::at(&office);
    other.keys("2 <f8>");
    choose(&mut other, "受理告知书");
    other.sees("本镇受理告知书");
    desk.menu("drop_paper").sees("改好.docx").keys("2").sees("本单位模板 0");
    assert_eq!(loaded(desk), []);
    desk.keys("<c-p>").paste("换回自带模板").sees("这种文书用的就是自带模板").keys("<esc>");
}

#[test]
fn what_a_template_asks_in_vain_or_has_lost_is_named_before_anything_is_kept() {
    let office = taken_on();
    let desk = &mut at_templates(&office, "受理告知书");
    desk.menu("template_out").sees("已写入");
    let bytes = std::fs::read(office.exchange().join("受理告知书-模板.docx")).unwrap();
    std::fs::remove_file(office.exchange().join("受理告知书-模板.docx")).unwrap();
    office.put("错.docx", edited(&bytes, |text| text.replace("{{信访人}}", "{{来访群众}}")));
    desk.menu("template_in").keys("<ret>").sees("不认识 1 个占位项: 来访群众").sees("不能换上");
    desk.keys("<ret>").sees("不能换上");
    assert_eq!(loaded(desk), []);
    // It is mended in its place, and read again.
    office.put("错.docx", edited(&bytes, |text| text.replace("{{信访人}}", "王某")));
    desk.keys("<f5>").sees("少了 1 个占位项: 信访人").keys("<ret> 2").sees("已换上");
    assert_eq!(loaded(desk)[0].paper, Paper::Acceptance);
}

#[test]
fn a_document_that_runs_something_is_no_template() {
    let office = taken_on();
    let desk = &mut at_templates(&office, "受理告知书");
    desk.menu("template_in").sees("交换目录里没有 docx").keys("<esc>");
    office.put("坏.docx", b"PK\x03\x04 broken");
    desk.menu("template_in").sees("坏.docx").keys("<ret>").sees("不能换上");
    desk.keys("<esc>").sees("坏.docx").keys("<esc>").sees("本单位模板 0");
}
