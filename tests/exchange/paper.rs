//! Templates that somebody else made: split runs are joined, and what is hostile is refused.

use std::io::{Cursor, Read, Write};

use anjie::api::paper::{PaperView, Said};
use anjie::domain::paper::Paper;
use anjie::exchange::paper::{Filling, PaperError, Template, built_in};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");

/// A docx of parts.
fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    docx_of(&parts)
}

fn docx_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        out.start_file(*name, SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn of_body(body: &str) -> Vec<u8> {
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    docx(&[TYPES, ("word/document.xml", &document)])
}

fn view(values: &[(&str, &str)], rows: &[&[(&str, &str)]]) -> PaperView {
    let said = |(key, text): &(&str, &str)| ((*key).to_owned(), Said::Text((*text).to_owned()));
    PaperView {
        case: "青信2026-0001".to_owned(),
        values: values.iter().map(said).collect(),
        lists: vec![(
            "files".to_owned(),
            rows.iter().map(|row| row.iter().map(said).collect()).collect(),
        )],
        shown: Vec::new(),
    }
}

fn document(template: &Template, view: &PaperView) -> String {
    let bytes = template.filled(&Filling { view, typed: &[] }).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_placeholder_that_the_word_processor_split_over_runs_is_filled() {
    let bytes = of_body(
        "<w:p><w:r><w:t>致{</w:t></w:r><w:r><w:rPr/><w:t>{信访</w:t></w:r>\
         <w:proofErr/><w:r><w:t>人}</w:t></w:r><w:r><w:t>}：</w:t></w:r></w:p>",
    );
    let template = Template::read(bytes).unwrap();
    assert_eq!(template.keys(), ["petitioner"]);
    let text = document(&template, &view(&[("petitioner", "张<小明>&")], &[]));
    assert!(text.contains("致张&lt;小明&gt;&amp;</w:t>") && text.contains("：</w:t>"), "{text}");
    assert!(!text.contains('{') && !text.contains('}'), "{text}");
}

#[test]
fn what_an_input_method_types_is_a_placeholder_too_and_signs_by_number_stay() {
    let bytes = of_body("<w:p><w:r><w:t>&#8220;｛｛标题｝｝&#8221;</w:t></w:r></w:p>");
    let template = Template::read(bytes).unwrap();
    let text = document(&template, &view(&[("title", "路灯")], &[]));
    assert!(text.contains("\u{201c}路灯\u{201d}"), "{text}");
}

#[test]
fn a_row_of_a_list_stands_once_for_each_and_an_empty_one_leaves_a_blank() {
    let bytes = of_body(
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>题名</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>{{目录题名}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    );
    let template = Template::read(bytes).unwrap();
    let text = document(&template, &view(&[], &[&[("file_name", "甲")], &[("file_name", "乙")]]));
    assert_eq!((text.matches("<w:tr>").count(), text.matches("题名").count()), (3, 1));
    assert!(text.find('甲').unwrap() < text.find('乙').unwrap());
    let empty = document(&template, &view(&[], &[]));
    assert!(empty.matches("<w:tr>").count() == 2 && empty.contains('＿'), "{empty}");
}

#[test]
fn a_value_of_several_lines_becomes_as_many_paragraphs() {
    let bytes = of_body(
        "<w:p><w:pPr><w:ind/></w:pPr><w:r><w:t>{{事实和理由}}</w:t></w:r></w:p>\
         <w:p><w:r><w:t>{{代表?}}</w:t></w:r></w:p>",
    );
    let template = Template::read(bytes).unwrap();
    let text = document(&template, &view(&[("opinion_facts", "第一\n第二")], &[]));
    assert_eq!((text.matches("<w:ind/>").count(), text.matches("<w:p>").count()), (2, 2));
    let lines = template
        .text(&Filling { view: &view(&[("opinion_facts", "第一\n第二")], &[]), typed: &[] })
        .unwrap();
    assert_eq!(lines, ["第一", "第二"]);
}

#[test]
fn a_label_that_nothing_is_behind_is_named_and_refused() {
    let bytes = of_body(
        "<w:p><w:r><w:t>{{信访人}}{{心情}}</w:t></w:r></w:p><w:p><w:r><w:t>{{没有完</w:t></w:r></w:p>",
    );
    let Err(PaperError::Unknown(labels)) = Template::read(bytes) else { panic!() };
    assert_eq!(labels, ["心情", "没有完"]);
}

#[test]
fn a_hostile_docx_is_refused() {
    let plain = ("word/document.xml", "<w:document/>");
    let refused = |bytes: Vec<u8>| Template::read(bytes).err();
    assert_eq!(refused(b"PK\x03\x04 broken".to_vec()), Some(PaperError::NotDocx));
    assert_eq!(refused(docx(&[TYPES])), Some(PaperError::NotDocx));
    assert_eq!(refused(vec![0; (512 << 10) + 1]), Some(PaperError::TooLarge));
    let bomb = "0".repeat(20 << 20);
    let bomb = docx(&[TYPES, plain, ("word/media/image1.xml", &bomb)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(refused(bomb), Some(PaperError::TooLarge));
    let long = format!("<w:document>{}</w:document>", " ".repeat(5 << 20));
    assert_eq!(refused(docx(&[TYPES, ("word/document.xml", &long)])), Some(PaperError::TooLarge));
    let names: Vec<String> = (0..400).map(|at| format!("word/media/{at}")).collect();
    let mut many = vec![TYPES, plain];
    many.extend(names.iter().map(|name| (name.as_str(), "")));
    assert_eq!(refused(docx(&many)), Some(PaperError::TooLarge));
    let program = ("word/vbaProject.bin", "x");
    assert_eq!(refused(docx(&[TYPES, plain, program])), Some(PaperError::Macros));
    let remote = "<Relationships><Relationship Id=\"r\" Type=\"http://x/attachedTemplate\" \
                  Target=\"http://x/t.dotm\" TargetMode=\"External\"/></Relationships>";
    let remote = ("word/_rels/settings.xml.rels", remote);
    assert_eq!(refused(docx(&[TYPES, plain, remote])), Some(PaperError::Fetches));
}

/// Why a template with that body is refused.
fn body_refused(body: &str) -> Option<PaperError> {
    Template::read(of_body(body)).err()
}

#[test]
fn a_field_that_fetches_is_refused_however_it_is_written() {
    let field = |instruction: &str| {
        format!(
            "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>{instruction}\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r>\
             <w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>"
        )
    };
    let said = |text: &str| format!("<w:r><w:instrText>{text}</w:instrText></w:r>");
    let fetching = [
        "INCLUDEPICTURE \"http://x/p.png\" \\d",
        " includetext C:\\secret.docx ",
        "DDE Excel book r1c1",
        "DDEAUTO c:\\windows\\cmd.exe",
        "LINK Excel.Sheet.8 x",
        "IMPORT x",
        "RD x",
        "DATABASE \\c x",
        "MERGEFIELD name",
        "&#73;NCLUDEPICTURE x",
        "<![CDATA[INCLUDEPICTURE x]]>",
        "INCLUDE<!-- -->PICTURE x",
    ];
    for text in fetching {
        assert_eq!(body_refused(&field(&said(text))), Some(PaperError::Fetches), "{text}");
    }
    let split = [said("INCLU"), said("DEPICTURE x")].concat();
    assert_eq!(body_refused(&field(&split)), Some(PaperError::Fetches));
    let within = field(&[said("DATE "), field(&said("INCLUDETEXT x"))].concat());
    assert_eq!(body_refused(&within), Some(PaperError::Fetches));
    let simple = "<w:p><w:fldSimple w:instr=\" &#x44;DEAUTO x\"><w:r/></w:fldSimple></w:p>";
    assert_eq!(body_refused(simple), Some(PaperError::Fetches));
    let unfinished = "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>\
                      INCLUDETEXT x</w:instrText></w:r></w:p>";
    assert_eq!(body_refused(unfinished), Some(PaperError::Fetches));
    for text in [" PAGE ", "date \\@ yyyy", "NUMPAGES", "TOC \\o", ""] {
        assert_eq!(body_refused(&field(&said(text))), None, "{text}");
    }
}

#[test]
fn what_takes_in_another_document_is_refused() {
    for body in [
        "<w:altChunk r:id=\"r1\"/>",
        "<w:p><w:subDoc r:id=\"r1\"/></w:p>",
        "<w:p><w:r><w:pict><v:imagedata src=\"http://x/p.png\"/></w:pict></w:r></w:p>",
        "<w:p><w:r><w:pict><v:imagedata r:id=\"r1\" o:href=\"http://x\"/></w:pict></w:r></w:p>",
        "<w:p><w:r><w:object><o:OLEObject Type=\"Link\" r:id=\"r1\"/></w:object></w:r></w:p>",
    ] {
        assert_eq!(body_refused(body), Some(PaperError::Fetches), "{body}");
    }
    let plain = "<w:p><w:r><w:pict><v:imagedata r:id=\"r1\" o:title=\"\"/></w:pict></w:r></w:p>";
    assert_eq!(body_refused(plain), None);
}

#[test]
fn a_relation_that_leads_outside_is_refused_however_it_is_written() {
    let plain = ("word/document.xml", "<w:document/>");
    let of = |attributes: &str| {
        let text = format!("<Relationships><Relationship Id=\"r\" {attributes}/></Relationships>");
        Template::read(docx(&[TYPES, plain, ("word/_rels/document.xml.rels", &text)])).err()
    };
    let image = "Type=\"http://x/image\"";
    for mode in ["External", "external", "EXTERNAL", "&#69;xternal", "&#x45;xternal", " External "]
    {
        let attributes = format!("{image} Target=\"http://x/p.png\" TargetMode=\"{mode}\"");
        assert_eq!(of(&attributes), Some(PaperError::Fetches), "{mode}");
    }
    for target in
        ["http://x/p.png", "&#104;ttp://x/p.png", "file:///c:/p.png", "\\\\x\\p.png", "//x/p"]
    {
        let attributes = format!("{image} Target=\"{target}\"");
        assert_eq!(of(&attributes), Some(PaperError::Fetches), "{target}");
    }
    let chunk = of("Type=\"http://x/aFChunk\" Target=\"chunk.xml\"");
    assert_eq!(chunk, Some(PaperError::Fetches));
    let page = of("Type=\"http://x/styles\" Target=\"page.htm\"");
    assert_eq!(page, Some(PaperError::Odd));
    let link = of("Type=\"http://x/hyperlink\" Target=\"http://x\" TargetMode=\"External\"");
    assert_eq!(link, None);
    assert_eq!(of(&format!("{image} Target=\"media/image1.png\"")), None);
}

#[test]
fn a_program_under_another_name_or_another_encoding_is_refused() {
    let plain = ("word/document.xml", "<w:document/>");
    let types = "<Types><Override PartName=\"/word/x.bin\" \
                 ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>";
    let named = docx(&[("[Content_Types].xml", types), plain]);
    assert_eq!(Template::read(named).err(), Some(PaperError::Macros));
    let odd = "<?xml version=\"1.0\" encoding=\"UTF-7\"?><w:document/>";
    let encoded = docx(&[TYPES, ("word/document.xml", odd)]);
    assert_eq!(Template::read(encoded).err(), Some(PaperError::Odd));
    let elsewhere = "<Relationships><Relationship Id=\"r\" Type=\"http://x/officeDocument\" \
                     Target=\"word/other.xml\"/></Relationships>";
    let elsewhere = docx(&[TYPES, plain, ("_rels/.rels", elsewhere)]);
    assert_eq!(Template::read(elsewhere).err(), Some(PaperError::Odd));
}

#[test]
fn a_program_is_told_by_what_it_is_and_not_by_what_it_is_called() {
    let plain = ("word/document.xml", "<w:document/>");
    let rels = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r\" Type=\"http://x/relationships/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    for kind in ["vbaProject", "VBAPROJECT", "wordVbaData", "&#118;baProject"] {
        let rels = rels(kind, "media/image1.png");
        let called = docx(&[TYPES, plain, ("word/_rels/document.xml.rels", &rels)]);
        assert_eq!(Template::read(called).err(), Some(PaperError::Macros), "{kind}");
    }
    let (types, bare) = ((TYPES.0, TYPES.1.as_bytes()), (plain.0, plain.1.as_bytes()));
    // Nothing names it, or it is called a picture, a text or a font: its first bytes tell it.
    let compound = &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a program"[..];
    for name in ["word/media/image1.png", "word/theme/theme1.xml", "word/fonts/font1.odttf", "x"] {
        let hidden = docx_of(&[types, bare, (name, compound)]);
        assert_eq!(Template::read(hidden).err(), Some(PaperError::Macros), "{name}");
    }
    let picture = ("word/media/image1.png", &b"\x89PNG\r\n\x1a\n a picture"[..]);
    let pictured = docx_of(&[types, bare, picture]);
    assert!(Template::read(pictured).is_ok(), "a picture stays");
}

#[test]
fn an_entity_is_never_expanded() {
    let text = "<!DOCTYPE w [<!ENTITY a \"aaaa\">]><w:document><w:p><w:r><w:t>{{标题}}&a;</w:t>\
                </w:r></w:p></w:document>";
    let template = Template::read(docx(&[TYPES, ("word/document.xml", text)]));
    let view = view(&[], &[]);
    let filled =
        template.and_then(|template| template.filled(&Filling { view: &view, typed: &[] }));
    assert_eq!(filled.err(), Some(PaperError::Odd));
}

#[test]
fn seal_and_date_of_a_letter_never_stand_alone_on_a_page() {
    let empty = view(&[], &[]);
    for paper in Paper::ALL.iter().copied() {
        let template = Template::read(built_in::template(paper).unwrap()).unwrap();
        let document = document(&template, &empty);
        let paragraphs: Vec<&str> = document.split("<w:p>").collect();
        // A seal stands to the right; the head of a form does not.
        let is_seal = |own: &&str| own.contains("人民政府</w:t>") && own.contains("w:rightChars");
        let Some(sign) = paragraphs.iter().position(is_seal) else {
            continue;
        };
        // The line that stands free above the seal, and the seal itself; before them the text.
        let kept = paragraphs[sign - 1..=sign].iter().all(|own| own.contains("<w:keepNext/>"));
        assert!(kept, "{}", paper.word());
        let above = paragraphs[sign - 2];
        let is_table = above.contains("</w:tbl>");
        assert!(is_table || above.contains("<w:keepNext/>"), "{}", paper.word());
        assert!(!paragraphs[sign + 1].contains("<w:keepNext/>"), "the date is the last");
    }
}

#[test]
fn a_built_in_template_is_always_the_same_and_names_its_fonts_only() {
    for paper in Paper::ALL.iter().copied() {
        let bytes = built_in::template(paper).unwrap();
        assert_eq!(bytes, built_in::template(paper).unwrap());
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let is_font = |name: &str| name.contains("font");
        assert!(!archive.file_names().any(|name| is_font(&name.unwrap())));
        let mut styles = String::new();
        archive.by_name("word/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
        assert!(styles.contains("w:eastAsia=\"仿宋_GB2312\"") && styles.contains("w:line=\"560\""));
        Template::read(bytes).unwrap().suits(paper).unwrap();
    }
}
