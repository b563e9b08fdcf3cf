//! `attach`: scans and evidence of a case, put in, listed, fetched and removed.
//!
//! A file goes over in pieces under its hash, and what comes back is compared with that hash before it
//! gets a name. Nothing that is there is written over.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::ops::ControlFlow;
use std::path::Path;

use clap::ArgMatches;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::attachment::{AttachmentQuery, UPLOAD_BYTES, UploadPiece};
use crate::api::backup::BackupPiece;
use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CaseSheet, Reply};
use crate::api::request::Request;
use crate::cli::export::put;
use crate::cli::import::unreadable;
use crate::cli::orders::{self, word_of};
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::domain::act::Act;
use crate::domain::attachment::{Attachment, Matter, NAME_MAX};
use crate::domain::form::Fields;
use crate::domain::ids::{CaseId, OfficerId};
use crate::domain::text::{Lines, clean, is_hidden};
use crate::exchange::file::{self, Existing};
use crate::locale::{self, Lang};

/// Hears how much of a file went over, in hundredths; breaking off ends it.
pub type Gone<'g> = &'g mut dyn FnMut(u8) -> ControlFlow<()>;

/// An attachment, as JSON.
#[derive(Debug, Serialize)]
struct Listed<'l> {
    number: u32,
    name: &'l str,
    what: &'static str,
    media: &'static str,
    n_bytes: u64,
    digest: &'l str,
    on: chrono::NaiveDate,
    by: Option<&'l String>,
    note: Option<&'l String>,
    step: Option<u32>,
    removed: Option<&'l str>,
}

/// Runs `attach` and what stands below it.
///
/// # Errors
/// A refusal.
pub fn attach(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("add", inner)) => add(door, voice, inner),
        Some(("list", inner)) => list(door, voice, inner),
        Some(("get", inner)) => get(door, voice, inner),
        Some(("remove", inner)) => remove(door, voice, inner),
        _ => Err(Refusal::new(RefusalKind::Invalid, "no_such_command")),
    }
}

fn word<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

fn add(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let sheet = orders::case(door, word(matches, "record"))?;
    let path = Path::new(word(matches, "file"));
    let file = file::open(path).map_err(|why| unreadable(&why.into()))?;
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = matches.get_one::<String>("as-name").cloned().or(own).unwrap_or_default();
    let matter = match word(matches, "what") {
        "" => Matter::Scan.word().to_owned(),
        said => word_of(voice.lang, Matter::CHOICE, said),
    };
    let mut fields = Fields::from([("matter".to_owned(), matter), ("name".to_owned(), name)]);
    if let Some(step) = matches.get_one::<u32>("step") {
        fields.insert("step".to_owned(), step.to_string());
    }
    if let Some(note) = matches.get_one::<String>("note") {
        fields.insert("note".to_owned(), note.clone());
    }
    let digest = upload(door, file, &mut |_| ControlFlow::Continue(()))?.ok_or_else(odd)?;
    fields.insert("file".to_owned(), digest);
    let on = (Act::Attach, Some(sheet.case.id.0), None);
    let done = orders::send(door, on, fields)?;
    voice.say(&done, |lang| {
        let args = [("number", done.number.clone().unwrap_or_default())];
        locale::fill(lang, "shell.attach.added", &args) + "\n"
    })
}

/// Sends a file piece by piece, to be attached under the hash that comes back; none if somebody wanted
/// it to end.
///
/// # Errors
/// A file that cannot be read, or a refusal.
pub fn upload(
    door: &mut dyn Door,
    mut file: File,
    gone: Gone<'_>,
) -> Result<Option<String>, Refusal> {
    let unread = |_| Refusal::new(RefusalKind::Invalid, "cannot_read").with("name", "");
    let (digest, n_bytes) = sum(&mut file).map_err(unread)?;
    file.rewind().map_err(unread)?;
    let (mut from, mut buffer) = (0, vec![0; UPLOAD_BYTES]);
    loop {
        let n = read_full(&mut file, &mut buffer).map_err(unread)?;
        // A file that is empty goes over too, so that the server says what it thinks of it.
        if n == 0 && from > 0 {
            return Ok(Some(digest));
        }
        let piece = BackupPiece::of(buffer.get(..n).unwrap_or_default());
        let piece = UploadPiece { file: digest.clone(), n_bytes, from, piece };
        let Reply::Staged(until) = door.call(Request::Upload(piece))? else { return Err(odd()) };
        from = until;
        let percent = u8::try_from(from.saturating_mul(99) / n_bytes.max(1)).unwrap_or(99);
        if gone(percent).is_break() {
            return Ok(None);
        }
        if n == 0 {
            return Ok(Some(digest));
        }
    }
}

/// Fills a buffer as far as a file goes.
fn read_full(file: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut n_read = 0;
    while let Some(rest) = buffer.get_mut(n_read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            n => n_read += n,
        }
    }
    Ok(n_read)
}

fn sum(file: &mut File) -> std::io::Result<(String, u64)> {
    let (mut hash, mut n_bytes, mut buffer) = (Sha256::new(), 0, vec![0; UPLOAD_BYTES]);
    loop {
        let n = read_full(file, &mut buffer)?;
        if n == 0 {
            return Ok((hex(hash), n_bytes));
        }
        hash.update(buffer.get(..n).unwrap_or_default());
        n_bytes += n as u64;
    }
}

fn hex(hash: Sha256) -> String {
    let digest: [u8; 32] = hash.finalize().into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of an attachment, compared with its hash.
///
/// # Errors
/// A refusal, or bytes that are others than those that were attached.
pub fn fetch(
    door: &mut dyn Door,
    (case, number): (CaseId, u32),
    own: &Attachment,
) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < own.n_bytes {
        let query = AttachmentQuery { case, number, from: bytes.len() as u64 };
        let Reply::AttachmentPiece(piece) = door.call(Request::Attachment(query))? else {
            return Err(odd());
        };
        let piece = piece.bytes().filter(|piece| !piece.is_empty()).ok_or_else(odd)?;
        bytes.extend(piece);
    }
    let mut hash = Sha256::new();
    hash.update(&bytes);
    if hex(hash) == own.digest {
        return Ok(bytes);
    }
    Err(Refusal::new(RefusalKind::Invalid, "attachment_is_damaged").with("name", &own.name))
}

fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let sheet = orders::case(door, word(matches, "record"))?;
    let by = |id: Option<OfficerId>| id.and_then(|id| sheet.officers.get(&id));
    let mut rows = Vec::new();
    for (number, own) in &sheet.case.attachments {
        rows.push(Listed {
            number: *number,
            name: &own.name,
            what: own.matter.word(),
            media: own.media.word(),
            n_bytes: own.n_bytes,
            digest: &own.digest,
            on: own.on,
            by: by(own.by),
            note: own.note.as_ref(),
            step: own.step,
            removed: own.removed.as_ref().map(|removed| removed.why.as_str()),
        });
    }
    let is_empty = rows.is_empty();
    voice.say(&rows, |lang| {
        if is_empty {
            return locale::text(lang, "shell.attach.none") + "\n";
        }
        table(&rows.iter().map(|row| line(lang, row)).collect::<Vec<_>>())
    })?;
    Ok(if is_empty { Told::Nothing } else { Told::Done })
}

fn line(lang: Lang, row: &Listed<'_>) -> Vec<String> {
    let what = locale::text(lang, &format!("choice.matter.{}", row.what));
    let removed = row.removed.map(|why| {
        locale::fill(lang, "shell.attach.removed_why", &[("why", clean(why, Lines::One).text)])
    });
    vec![
        row.number.to_string(),
        what,
        clean(row.name, Lines::One).text,
        size(row.n_bytes),
        row.on.to_string(),
        row.by.cloned().unwrap_or_default(),
        removed.unwrap_or_default(),
    ]
}

/// What an attachment is, as its file is called.
pub fn what(own: &Attachment) -> String {
    locale::text(Lang::Zh, &format!("choice.matter.{}", own.matter.word()))
}

/// A text as a part of a file's name: nothing that leads elsewhere, hides, or is refused by some
/// system; erasure may have put signs into it.
pub fn plain(text: &str) -> String {
    let is_barred = |char: char| is_hidden(char) || "/\\:*?\"<>|".contains(char);
    let text: String =
        text.chars().map(|char| if is_barred(char) { '_' } else { char }).take(NAME_MAX).collect();
    let text = text.trim().trim_matches('.').trim();
    if text.is_empty() { "_".to_owned() } else { text.to_owned() }
}

/// A number of bytes as people read it.
pub fn size(n_bytes: u64) -> String {
    match n_bytes {
        0..1_024 => format!("{n_bytes} B"),
        1_024..1_048_576 => format!("{} KB", n_bytes.div_ceil(1_024)),
        _ => format!("{}.{} MB", n_bytes >> 20, ((n_bytes & 0xf_ffff) * 10) >> 20),
    }
}

/// The attachment of a number that is there.
fn named(sheet: &CaseSheet, number: u32) -> Result<&Attachment, Refusal> {
    let own = sheet.case.attachments.get(&number).filter(|own| own.removed.is_none());
    own.ok_or_else(|| {
        Refusal::new(RefusalKind::NotFound, "no_such_attachment").with("number", number)
    })
}

fn number(matches: &ArgMatches) -> u32 {
    matches.get_one::<u32>("attachment").copied().unwrap_or_default()
}

fn get(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let sheet = orders::case(door, word(matches, "record"))?;
    let number = number(matches);
    let own = named(&sheet, number)?;
    let name = word(matches, "file");
    if name != "-" && Path::new(name).symlink_metadata().is_ok() {
        return Err(Refusal::new(RefusalKind::Invalid, "file_is_there").with("name", name));
    }
    let bytes = fetch(door, (sheet.case.id, number), own)?;
    put(name, &bytes, Existing::Keep)?;
    if name == "-" {
        return Ok(Told::Done);
    }
    voice.say(own, |lang| {
        let args = [("name", own.name.clone()), ("file", name.to_owned())];
        locale::fill(lang, "shell.attach.fetched", &args) + "\n"
    })
}

fn remove(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let sheet = orders::case(door, word(matches, "record"))?;
    let number = number(matches);
    named(&sheet, number)?;
    let fields = [("number", number.to_string()), ("why", word(matches, "why").to_owned())];
    let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
    let on = (Act::Detach, Some(sheet.case.id.0), Some(sheet.case.version));
    let done = orders::send(door, on, fields)?;
    voice.say(&done, |lang| {
        locale::fill(lang, "shell.attach.removed", &[("number", number.to_string())]) + "\n"
    })
}
