//! A paper from template to bytes: what is empty is named first, then its step is made and its number
//! given out, and only then is it written, with numbers of persons in clear.

use crate::api::backup::BackupPiece;
use crate::api::door::Door;
use crate::api::incoming::{ImportRow, Piece};
use crate::api::paper::{
    Blanks, Draft, PaperQuery, PaperUse, PaperView, Said, Saying, TemplateQuery, Wanted,
};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::{Order, Request};
use crate::domain::act::Act;
use crate::domain::field::parse_date;
use crate::domain::ids::RequestId;
use crate::domain::paper::Paper;
use crate::domain::placeholder::{Guard, is_day, is_weighed};
use crate::exchange::paper::package::digest;
use crate::exchange::paper::{Asked, Filling, Need, PaperError, Template, built_in, label, said};

/// The most bytes of a template that one call takes.
const STAGED_BYTES: usize = 16 << 10;
/// The placeholder of the number, which nobody types.
const NUMBER: &str = "number";
/// Between labels that a refusal names.
const AND: &str = "\u{3001}";

/// A paper that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The number of its case.
    pub case: String,
    /// The hash of its template.
    pub template: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a paper would say, with numbers of persons masked; nothing is changed by it.
///
/// # Errors
/// A refusal.
pub fn draft(door: &mut dyn Door, wanted: &Wanted) -> Result<Draft, Refusal> {
    let wanted = &dated(door, wanted)?;
    let template = template(door, wanted.paper)?;
    let (mut view, refused) = match view(door, (&template, wanted), PaperUse::Preview) {
        // What was typed is seen as it is, with why it will not do; nothing is computed with it.
        Err(refusal) if refusal.kind == RefusalKind::Invalid && !wanted.typed.is_empty() => {
            let bare = Wanted { typed: Vec::new(), ..wanted.clone() };
            (view(door, (&template, &bare), PaperUse::Preview)?, Some(refusal))
        }
        outcome => (outcome?, None),
    };
    if let Some(number) = &wanted.again {
        view.values.retain(|(key, _)| key != NUMBER);
        view.values.push((NUMBER.to_owned(), Said::Text(number.clone())));
    }
    let filling = Filling { view: &view, typed: &wanted.typed };
    Ok(Draft {
        lines: template.text(&filling).map_err(|error| unfit(&error))?,
        empty: template.empty(&filling),
        says: says(&template, &filling),
        shows_id_numbers: shows_id_numbers(&template, &filling),
        refused,
    })
}

/// The same, with days that were typed as the house takes them written as letters write them.
///
/// # Errors
/// What was typed for a day is none.
fn dated(door: &mut dyn Door, wanted: &Wanted) -> Result<Wanted, Refusal> {
    let mut wanted = wanted.clone();
    // Nothing typed leaves the place empty, to be filled by hand.
    let is_typed = |(key, text): &(String, String)| is_day(key) && !text.trim().is_empty();
    if !wanted.typed.iter().any(is_typed) {
        return Ok(wanted);
    }
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(fault()) };
    for (key, text) in wanted.typed.iter_mut().filter(|typed| is_typed(typed)) {
        let day = parse_date(text, me.today).map_err(|why| {
            let refusal = Refusal::new(RefusalKind::Invalid, &format!("paper_{why}"));
            refusal.with("name", label(key)).with("text", text.trim())
        })?;
        *text = said::day(day);
    }
    Ok(wanted)
}

/// What a paper says in one place each: all but its number and the rows of its tables.
fn says(template: &Template, filling: &Filling<'_>) -> Vec<Saying> {
    let single =
        template.asked.iter().filter(|asked| asked.row.list().is_none() && asked.row.key != NUMBER);
    let saying = |asked: &Asked| Saying {
        key: asked.row.key.to_owned(),
        label: label(asked.row.key),
        text: filling.value(asked.row.key).unwrap_or_default(),
        is_needed: asked.need == Need::Must,
    };
    single.map(saying).collect()
}

/// Makes a paper under a request of that id.
///
/// # Errors
/// Something is empty that must not be, a reason is missing, or any other refusal; nothing was
/// changed then, unless it is the writing itself that failed.
pub fn write(door: &mut dyn Door, wanted: &Wanted, id: RequestId) -> Result<Written, Refusal> {
    let wanted = &dated(door, wanted)?;
    let template = template(door, wanted.paper)?;
    let preview = view(door, (&template, wanted), PaperUse::Preview)?;
    let filling = Filling { view: &preview, typed: &wanted.typed };
    let empty = template.empty(&filling);
    if !empty.is_empty() && wanted.blanks == Blanks::Refused {
        let refusal = Refusal::new(RefusalKind::Invalid, "paper_lacks");
        return Err(refusal.with("names", empty.join(AND)));
    }
    if shows_id_numbers(&template, &filling) && wanted.reason.trim().is_empty() {
        return Err(Refusal::new(RefusalKind::Invalid, "reason_is_missing"));
    }
    let number = match &wanted.again {
        Some(number) => Some(number.clone()),
        None => made(door, (&template, wanted), id)?,
    };
    filled(door, (template, wanted), number.clone()).map_err(|refusal| given_out(refusal, number))
}

/// The paper of a number, with numbers of persons in clear.
fn filled(
    door: &mut dyn Door,
    (template, wanted): (Template, &Wanted),
    number: Option<String>,
) -> Result<Written, Refusal> {
    let reason = wanted.reason.clone();
    let use_of = PaperUse::Write { number: number.clone(), reason };
    let view = view(door, (&template, wanted), use_of)?;
    let filling = Filling { view: &view, typed: &wanted.typed };
    let bytes = template.filled(&filling).map_err(|error| unfit(&error))?;
    Ok(Written { number, case: view.case.clone(), template: template.digest, bytes })
}

/// Why a paper was not written after its number was given out: the number is named, so that it is
/// written once more under it and not lost.
fn given_out(refusal: Refusal, number: Option<String>) -> Refusal {
    match number {
        Some(number) => Refusal::new(refusal.kind, "paper_is_not_written").with("number", number),
        None => refusal,
    }
}

/// Makes the step, and with it the number.
fn made(
    door: &mut dyn Door,
    (template, wanted): (&Template, &Wanted),
    id: RequestId,
) -> Result<Option<String>, Refusal> {
    let fields = [("paper", wanted.paper.word()), ("template", template.digest.as_str())];
    let order = Order {
        id,
        act: Act::WritePaper,
        on: Some(wanted.case.0),
        seen: None,
        fields: fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
    };
    match door.call(Request::Do(order))? {
        Reply::Done(done) => Ok(done.number),
        _ => Err(fault()),
    }
}

fn view(
    door: &mut dyn Door,
    (template, wanted): (&Template, &Wanted),
    use_of: PaperUse,
) -> Result<PaperView, Refusal> {
    template.suits(wanted.paper).map_err(|error| unfit(&error))?;
    let query = PaperQuery {
        case: wanted.case,
        paper: wanted.paper,
        keys: template.keys(),
        person: wanted.person,
        typed: wanted.typed.iter().filter(|(key, _)| is_weighed(key)).cloned().collect(),
        use_of,
    };
    match door.call(Request::Paper(Box::new(query)))? {
        Reply::Paper(view) => Ok(*view),
        _ => Err(fault()),
    }
}

fn shows_id_numbers(template: &Template, filling: &Filling<'_>) -> bool {
    let mut asked = template.asked.iter().filter(|asked| asked.row.guard == Guard::IdNumber);
    asked.any(|asked| filling.value(asked.row.key).is_some())
}

/// The template of a paper: the one that the office has loaded, else the built-in one.
///
/// # Errors
/// A refusal, or what was loaded cannot be read.
pub fn template(door: &mut dyn Door, paper: Paper) -> Result<Template, Refusal> {
    Template::read(template_bytes(door, paper)?).map_err(|error| unfit(&error))
}

/// The bytes of that template.
///
/// # Errors
/// A refusal, or what was loaded is another one now.
pub fn template_bytes(door: &mut dyn Door, paper: Paper) -> Result<Vec<u8>, Refusal> {
    let loaded = match door.call(Request::Templates)? {
        Reply::Templates(all) => all.into_iter().find(|one| one.paper == paper),
        _ => return Err(fault()),
    };
    let Some(loaded) = loaded else {
        return built_in::template(paper).map_err(|error| unfit(&error));
    };
    let bytes = fetched(door, paper)?;
    if digest(&bytes) != loaded.template.digest {
        return Err(Refusal::new(RefusalKind::Conflict, "template_has_changed"));
    }
    Ok(bytes)
}

/// The labels of what the built-in template of a paper asks for and another one does not.
///
/// # Errors
/// The built-in one cannot be made.
pub fn lacks(template: &Template, paper: Paper) -> Result<Vec<String>, Refusal> {
    let bytes = built_in::template(paper).map_err(|error| unfit(&error))?;
    let usual = Template::read(bytes).map_err(|error| unfit(&error))?;
    let is_asked = |key: &str| template.asked.iter().any(|own| own.row.key == key);
    let lacks = usual.asked.iter().filter(|asked| !is_asked(asked.row.key));
    Ok(lacks.map(|asked| label(asked.row.key)).collect())
}

fn fetched(door: &mut dyn Door, paper: Paper) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    loop {
        let query = TemplateQuery { paper, from: bytes.len() as u64 };
        let Reply::TemplatePiece(piece) = door.call(Request::Template(query))? else {
            return Err(fault());
        };
        let piece = piece.bytes().ok_or_else(fault)?;
        if piece.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(piece);
    }
}

/// Loads a template: it is read here first, and kept by the ledger with its hash.
///
/// # Errors
/// What is wrong with it, or a refusal.
pub fn load(
    door: &mut dyn Door,
    (paper, name): (Paper, &str),
    (bytes, id): (Vec<u8>, RequestId),
) -> Result<Template, Refusal> {
    let template = Template::read(bytes.clone()).map_err(|error| unfit(&error))?;
    template.suits(paper).map_err(|error| unfit(&error))?;
    stage(door, (&template.digest, &bytes))?;
    let fields = [("paper", paper.word()), ("file", template.digest.as_str()), ("name", name)];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let order = Order { id, act: Act::LoadPaper, on: None, seen: None, fields };
    door.call(Request::Do(order))?;
    Ok(template)
}

/// Lays the bytes of a template aside at the server, under their hash.
///
/// # Errors
/// A refusal.
pub fn stage(door: &mut dyn Door, (digest, bytes): (&str, &[u8])) -> Result<(), Refusal> {
    for (at, chunk) in bytes.chunks(STAGED_BYTES).enumerate() {
        let row = ImportRow {
            sheet: String::new(),
            row: u32::try_from(at + 1).unwrap_or(u32::MAX),
            values: vec![("hex".to_owned(), BackupPiece::of(chunk).hex)],
            problems: Vec::new(),
        };
        let piece = Piece { file: digest.to_owned(), first: at as u64, rows: vec![row] };
        door.call(Request::StageTemplate(piece))?;
    }
    Ok(())
}

/// Why a template is not taken.
pub fn unfit(error: &PaperError) -> Refusal {
    let refusal = Refusal::new(RefusalKind::Invalid, &error.to_string());
    match error {
        PaperError::Unknown(labels) => {
            // What is no label may be as long as a page.
            refusal.with("name", labels.join(AND))
        }
        PaperError::NotDocx
        | PaperError::TooLarge
        | PaperError::Macros
        | PaperError::Fetches
        | PaperError::Odd
        | PaperError::IdNumbers
        | PaperError::Petitioner => refusal,
    }
}

fn fault() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}
