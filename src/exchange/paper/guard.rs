//! What a docx of somebody else may not hold: whatever fetches, runs or takes in something when the
//! paper is opened.
//!
//! Values are read as a word processor reads them: signs by number or name as themselves, letters
//! large or small. Fields are held against a list of those that fetch nothing, so that one which
//! nobody thought of is refused.

use crate::exchange::form::xml::{Stands, Tag, Tags};
use crate::exchange::paper::PaperError;
use crate::exchange::paper::fill::plain;

/// The part that is the document itself.
pub const DOCUMENT: &str = "word/document.xml";

/// Fields that are made of the document alone.
const FIELDS: &[&str] = &[
    "PAGE",
    "NUMPAGES",
    "SECTION",
    "SECTIONPAGES",
    "DATE",
    "TIME",
    "CREATEDATE",
    "SAVEDATE",
    "PRINTDATE",
    "PAGEREF",
    "REF",
    "NOTEREF",
    "SEQ",
    "STYLEREF",
    "TOC",
    "HYPERLINK",
    "SYMBOL",
    "EQ",
    "FORMTEXT",
    "FORMCHECKBOX",
    "FORMDROPDOWN",
    "ADVANCE",
];
/// Elements that take in another document, run something, or ask for rows of a database.
const ELEMENTS: &[&str] = &["altChunk", "subDoc", "OLEObject", "control", "mailMerge"];
/// Elements of drawings that can name a picture by its place instead of its part.
const PICTURES: &[&str] = &["imagedata", "fill", "stroke", "textpath"];
/// The ends of the names of parts that are no text: pictures and fonts.
const MEDIA: &[&str] =
    &["png", "jpg", "jpeg", "gif", "bmp", "emf", "wmf", "tif", "tiff", "wdp", "odttf"];

/// Whether a part of a package may stay.
///
/// # Errors
/// What it would do.
pub fn may_stay(name: &str, text: &str) -> Result<(), PaperError> {
    is_plain_text(text)?;
    if is_relations(name) {
        return relations(name, text);
    }
    if name.eq_ignore_ascii_case("[Content_Types].xml") {
        return types(text);
    }
    fields(text)
}

/// Whether a part says what other parts it needs.
pub fn is_relations(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".rels")
}

/// Another encoding could hide a tag from whoever looks for it.
fn is_plain_text(text: &str) -> Result<(), PaperError> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next());
    let Some((_, named)) = head.and_then(|head| head.split_once("encoding")) else { return Ok(()) };
    let named = named.trim_start_matches([' ', '\t', '\r', '\n', '=', '"', '\'']);
    let is_known = ["utf-8", "us-ascii"]
        .iter()
        .any(|known| named.get(..known.len()).is_some_and(|own| own.eq_ignore_ascii_case(known)));
    if is_known { Ok(()) } else { Err(PaperError::Odd) }
}

/// Only links that a reader clicks may lead outside, and what is taken in is text or a picture.
fn relations(name: &str, text: &str) -> Result<(), PaperError> {
    let mut tags = Tags::of(text);
    while let Some(tag) = tags.next_tag().map_err(|_| PaperError::Odd)? {
        if tag.name != "Relationship" || tag.stands == Stands::Closes {
            continue;
        }
        let of = |wanted: &str| value(&tag, wanted).unwrap_or_default();
        let (mode, kind, target) = (of("TargetMode"), of("Type"), of("Target"));
        let is = |end: &str| kind.to_ascii_lowercase().ends_with(end);
        let is_outside = mode.trim().eq_ignore_ascii_case("external") || is_place(&target);
        // What a program needs bears a kind of its own too, wherever it lies and however it is called.
        if kind.to_ascii_lowercase().contains("vba") {
            return Err(PaperError::Macros);
        }
        if is_outside && !is("/hyperlink") {
            return Err(PaperError::Fetches);
        }
        if is("/afchunk") || is("/subdocument") || is("/frame") || is("/mailmergesource") {
            return Err(PaperError::Fetches);
        }
        if is_outside {
            continue;
        }
        let is_document = is("/officedocument");
        if is_document && name == "_rels/.rels" && target.trim_start_matches('/') != DOCUMENT {
            return Err(PaperError::Odd);
        }
        let end = target.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_inside = target.starts_with('#') || end == "xml" || MEDIA.contains(&end.as_str());
        if !is_inside && !is("/hyperlink") {
            return Err(PaperError::Odd);
        }
    }
    Ok(())
}

/// A program may bear any name in the package, but says here what it is.
fn types(text: &str) -> Result<(), PaperError> {
    let mut tags = Tags::of(text);
    while let Some(tag) = tags.next_tag().map_err(|_| PaperError::Odd)? {
        let kind = value(&tag, "ContentType").unwrap_or_default().to_ascii_lowercase();
        let is_program = ["macroenabled", "vbaproject", "activex", "oleobject"]
            .iter()
            .any(|it| kind.contains(it));
        if is_program {
            return Err(PaperError::Macros);
        }
    }
    Ok(())
}

/// What a field says until it has a result: what opened it may lie several runs back.
fn fields(text: &str) -> Result<(), PaperError> {
    let (mut open, mut loose) = (Vec::<String>::new(), String::new());
    let mut tags = Tags::of(text);
    let mut begun = None;
    while let Some(tag) = tags.next_tag().map_err(|_| PaperError::Odd)? {
        element(&tag)?;
        match (tag.name, tag.stands) {
            ("fldSimple", Stands::Opens | Stands::Alone) => {
                judged(&value(&tag, "instr").unwrap_or_default())?;
            }
            ("fldChar", Stands::Opens | Stands::Alone) => {
                match value(&tag, "fldCharType").unwrap_or_default().trim() {
                    "begin" => open.push(String::new()),
                    "end" => judged(&open.pop().unwrap_or_default())?,
                    _ => {}
                }
            }
            ("instrText" | "delInstrText", Stands::Opens) => begun = Some(tag.end),
            ("instrText" | "delInstrText", Stands::Closes) => {
                let from = begun.take().unwrap_or(tag.start);
                let said = said(text.get(from..tag.start).unwrap_or_default());
                open.last_mut().unwrap_or(&mut loose).push_str(&said);
            }
            _ => {}
        }
    }
    open.iter().chain([&loose]).try_for_each(|instruction| judged(instruction))
}

fn element(tag: &Tag<'_>) -> Result<(), PaperError> {
    if ELEMENTS.contains(&tag.name) {
        return Err(PaperError::Fetches);
    }
    let has = |name: &str| value(tag, name).is_some_and(|place| !place.trim().is_empty());
    if has("src") || PICTURES.contains(&tag.name) && has("href") {
        return Err(PaperError::Fetches);
    }
    Ok(())
}

/// Whether a field is one of those that are made of the document alone.
fn judged(instruction: &str) -> Result<(), PaperError> {
    let Some(word) = instruction.split_whitespace().next() else { return Ok(()) };
    let word = word.split('\\').next().unwrap_or(word);
    let is_known = FIELDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is_known { Ok(()) } else { Err(PaperError::Fetches) }
}

/// The text of an element without what only hides it from a search.
fn said(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = tail.find("-->").and_then(|end| tail.get(end + 3..)).unwrap_or_default();
    }
    out.push_str(rest);
    plain(&out.replace("<![CDATA[", "").replace("]]>", ""))
}

/// Whether a target names a place of its own: a scheme, or another machine.
fn is_place(target: &str) -> bool {
    let target = target.trim();
    let scheme = target.split(['/', '\\', '#', '?']).next().unwrap_or_default();
    scheme.contains(':') || target.starts_with("//") || target.starts_with("\\\\")
}

/// The value of an attribute of that name, whatever its prefix and its letters.
fn value(tag: &Tag<'_>, name: &str) -> Option<String> {
    let mut rest = tag.text.split_once(char::is_whitespace)?.1;
    loop {
        let (own, tail) = rest.split_once('=')?;
        let tail = tail.trim_start();
        let quote = tail.chars().next().filter(|char| matches!(char, '"' | '\''))?;
        let (found, after) = tail.get(1..)?.split_once(quote)?;
        let own = own.trim().rsplit(':').next().unwrap_or_default();
        if own.eq_ignore_ascii_case(name) {
            return Some(plain(found));
        }
        rest = after;
    }
}
