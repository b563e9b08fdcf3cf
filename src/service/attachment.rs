//! Attachments at the door: files kept aside piece by piece, attached, fetched and removed.
//!
//! A file that came is a part beside the ledger until somebody attaches it; whoever attaches it is
//! the account that sent it, so that nobody reaches a file of another case by its hash.
//! INVARIANT: a file has its name before a record names it, and a look at it is in the access log
//! before any of its bytes go out.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api::attachment::{AttachmentQuery, PIECE_BYTES, UPLOAD_BYTES, UploadPiece};
use crate::api::backup::BackupPiece;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::domain::attachment::{Attachment, Matter, Removed, is_digest, judge_disk, mebibytes};
use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::form::{self, Filled};
use crate::domain::ids::CaseId;
use crate::domain::person::Person;
use crate::domain::policy::{self, Scope};
use crate::service::case::fill;
use crate::service::order::{Desk, Made};
use crate::service::stop::Stop;
use crate::service::{Asking, Core, Service, erase, judge};
use crate::store::access::Note;
use crate::store::fault::Fault;
use crate::store::read::{Read, Snapshot};
use crate::store::vault::{Kept, Loss};

/// The files that are on their way in and out, by user id. An account sends one file at a time; it
/// waits for itself alone while a file is read whole.
#[derive(Default)]
pub struct Uploads(Mutex<HashMap<u32, Arc<Mutex<Under>>>>);

#[derive(Default)]
struct Under {
    upload: Option<Upload>,
    /// The attachments that are being fetched, and are in the log.
    fetched: BTreeSet<(CaseId, u32)>,
}

struct Upload {
    file: String,
    /// What it is, once it has its name.
    kept: Option<Kept>,
}

/// The most attachments that one account fetches at once: of more, one that was begun and not ended
/// gives way, and is logged once more if it goes on.
const FETCHED_MAX: usize = 64;

impl Uploads {
    fn of(&self, uid: u32) -> Arc<Mutex<Under>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(uid).or_default())
    }

    /// Forgets the file of a user id that was attached; another may be on its way by now.
    pub fn forget(&self, uid: u32, file: &str) {
        let own = self.of(uid);
        let mut under = lock(&own);
        if under.upload.as_ref().is_some_and(|own| own.file == file) {
            under.upload = None;
        }
    }
}

fn lock(own: &Mutex<Under>) -> MutexGuard<'_, Under> {
    own.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers `Upload`: keeps a piece aside; one that came before is written over.
///
/// # Errors
/// A gap before the piece, a file that is too large, or a fault of the machine.
pub fn upload(service: &Service, asking: &Asking, piece: &UploadPiece) -> Result<Reply, Stop> {
    let invalid = |key| Stop::from(Refusal::new(RefusalKind::Invalid, key));
    let bytes = piece.piece.bytes().ok_or_else(|| invalid("piece_is_missing"))?;
    let until = piece.from.saturating_add(bytes.len() as u64);
    if !is_digest(&piece.file) || bytes.len() > UPLOAD_BYTES || until > piece.n_bytes {
        return Err(invalid("piece_is_missing"));
    }
    let room = service.core.book().office.attachment_room();
    if piece.n_bytes > room.one {
        let broken = Broken::new("attachment_is_too_large").with("most", mebibytes(room.one));
        return Err(broken.into());
    }
    let (uid, vault) = (asking.session.uid, service.core.vault()?);
    let own = service.uploads.of(uid);
    let mut under = lock(&own);
    let is_same = under.upload.as_ref().is_some_and(|own| own.file == piece.file);
    if piece.from == 0 {
        judge_disk(vault.free()?.saturating_sub(piece.n_bytes))?;
        vault.begin(uid)?;
        under.upload = Some(Upload { file: piece.file.clone(), kept: None });
    } else if !is_same {
        return Err(invalid("piece_is_missing"));
    }
    match vault.write(uid, piece.from, &bytes) {
        Ok(()) => Ok(Reply::Staged(until)),
        Err(Fault::Missing) => Err(invalid("piece_is_missing")),
        Err(fault) => {
            // What a full disk has of it is of no use to anybody.
            under.upload = None;
            let _ = vault.forget(uid);
            Err(fault.into())
        }
    }
}

/// Gives the file that an order attaches its name, once the order would be done as things stand; none
/// for other orders, and where nothing was sent.
///
/// # Errors
/// The order would be refused; the bytes are not those that were announced, or of no kind that is
/// taken; a fault of the machine.
pub fn settle(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    order: &Order,
) -> Result<Option<Kept>, Stop> {
    if order.act != Act::Attach {
        return Ok(None);
    }
    let (uid, vault) = (asking.session.uid, service.core.vault()?);
    let own = service.uploads.of(uid);
    let mut under = lock(&own);
    let is_it = |own: &&mut Upload| order.fields.get("file") == Some(&own.file);
    let Some(upload) = under.upload.as_mut().filter(is_it) else { return Ok(None) };
    if let Some(kept) = &upload.kept {
        return Ok(Some(kept.clone()));
    }
    let id = order.on.ok_or_else(Refusal::not_found)?;
    let case: Case = snapshot.load(id)?.ok_or_else(Refusal::not_found)?;
    let scope = Scope::of(&case);
    if !policy::sees(&asking.asker, &scope, case.readers.as_ref()) {
        return Err(Refusal::not_found().into());
    }
    judge(asking, Act::Attach, policy::link(&asking.asker, &scope))?;
    must_be_known(snapshot, &case)?;
    let filled = form::fill(Act::Attach, &order.fields, asking.today)?;
    let kept = vault.look(uid)?.filter(|kept| kept.digest == upload.file).ok_or_else(missing)?;
    if kept.media.is_none() || kept.has_program {
        // It can never be attached, so nothing of it stays.
        under.upload = None;
        vault.forget(uid)?;
        let program = || Broken::new("attachment_has_macros").at("attach.file");
        return Err(if kept.has_program { program() } else { unknown() }.into());
    }
    let attachment = attachment(asking, &filled, &kept)?;
    case.attach(attachment, service.core.book().office.attachment_room())?;
    vault.keep(uid, &kept)?;
    upload.kept = Some(kept.clone());
    Ok(Some(kept))
}

fn missing() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "piece_is_missing")
}

fn unknown() -> Broken {
    Broken::new("attachment_kind_is_unknown").at("attach.file")
}

/// What a form says of a file.
fn attachment(asking: &Asking, filled: &Filled, kept: &Kept) -> Result<Attachment, Broken> {
    Ok(Attachment {
        name: filled.text("name").unwrap_or_default(),
        matter: filled.word("matter", Matter::parse).unwrap_or(Matter::Other),
        note: filled.text("note"),
        n_bytes: kept.n_bytes,
        digest: kept.digest.clone(),
        media: kept.media.ok_or_else(unknown)?,
        on: asking.today,
        by: asking.clerk.officer,
        step: filled.count("step"),
        removed: None,
    })
}

/// What is added to the matter of a person who was erased could not be erased again.
fn must_be_known(ledger: &impl Read, case: &Case) -> Result<(), Stop> {
    for id in case.persons.keys() {
        if let Some(person) = ledger.load::<Person>(id.0)? {
            erase::must_be_there(&person)?;
        }
    }
    Ok(())
}

/// Attaches a file that was sent.
///
/// # Errors
/// Nothing was sent; a wrong form, a broken rule, or a fault.
pub fn attach(desk: &mut Desk<'_, '_>, kept: Option<&Kept>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    must_be_known(desk.work, &case)?;
    let filled = fill(desk)?;
    let kept = kept.ok_or_else(missing)?;
    let attachment = attachment(desk.asking, &filled, kept)?;
    let (next, number) = case.attach(attachment, desk.core.book().office.attachment_room())?;
    let made = Made::case(&desk.put_case(&case, next)?);
    Ok(Made { number: Some(number.to_string()), ..made })
}

/// Removes an attachment; its file goes when a server starts and no case names it any more.
///
/// # Errors
/// It is not there; a wrong form, a conflict, or a fault.
pub fn detach(desk: &mut Desk<'_, '_>) -> Result<Made, Stop> {
    let case = desk.case(&[])?;
    let filled = fill(desk)?;
    let number = filled.count("number").unwrap_or_default();
    desk.in_step(&case, &[&format!("attachments.{number}")])?;
    let removed = Removed {
        why: filled.text("why").unwrap_or_default(),
        on: desk.asking.today,
        by: desk.asking.clerk.officer,
    };
    let next = case.detach(number, removed)?;
    Ok(Made::case(&desk.put_case(&case, next)?))
}

/// Answers `Attachment`.
///
/// # Errors
/// Not found, also where the asker may not know of the case; a file that is missing or damaged.
pub fn piece(
    service: &Service,
    snapshot: &Snapshot,
    asking: &Asking,
    query: AttachmentQuery,
) -> Result<Reply, Stop> {
    let case: Case = snapshot.load(query.case.0)?.ok_or_else(Refusal::not_found)?;
    let scope = Scope::of(&case);
    if !policy::sees(&asking.asker, &scope, case.readers.as_ref()) {
        return Err(Refusal::not_found().into());
    }
    judge(asking, Act::ReadAttachment, policy::link(&asking.asker, &scope))?;
    let own = case.attachments.get(&query.number).filter(|own| own.removed.is_none());
    let own = own.ok_or_else(|| {
        Refusal::new(RefusalKind::NotFound, "no_such_attachment").with("number", query.number)
    })?;
    if query.from > 0 && query.from >= own.n_bytes {
        // Behind its end there is nothing to be seen.
        return Ok(Reply::AttachmentPiece(BackupPiece::of(&[])));
    }
    let (uid, which) = (asking.session.uid, (query.case, query.number));
    let under = service.uploads.of(uid);
    let is_begun = lock(&under).fetched.contains(&which);
    if query.from == 0 || !is_begun {
        if let Some(loss) = service.core.vault()?.verify(&own.digest)? {
            return Err(lost(loss, own).into());
        }
        let said = format!("{} {}", query.number, own.name);
        let notes = vec![Note::of("attachment", &said)];
        service.note(asking, Act::ReadAttachment, (case.id.into(), notes))?;
        let mut under = lock(&under);
        if under.fetched.len() >= FETCHED_MAX {
            under.fetched.pop_first();
        }
        under.fetched.insert(which);
    }
    match service.core.vault()?.read(&own.digest, query.from, PIECE_BYTES) {
        Ok(bytes) => {
            if query.from.saturating_add(bytes.len() as u64) >= own.n_bytes {
                // It has gone out whole: the next fetch is a look of its own.
                lock(&under).fetched.remove(&which);
            }
            Ok(Reply::AttachmentPiece(BackupPiece::of(&bytes)))
        }
        Err(Fault::Missing) => Err(lost(Loss::Missing, own).into()),
        Err(fault) => Err(fault.into()),
    }
}

fn lost(loss: Loss, own: &Attachment) -> Refusal {
    let key = match loss {
        Loss::Missing => "attachment_is_missing",
        Loss::Damaged => "attachment_is_damaged",
    };
    Refusal::new(RefusalKind::Invalid, key).with("name", &own.name)
}

/// A case may name again only files that are there: one that nobody named went when a server started.
///
/// # Errors
/// A file is gone.
pub fn must_be_there(core: &Core, old: Option<&Case>, next: &Case) -> Result<(), Broken> {
    let beyond = match old {
        Some(old) => next.digests_beyond(old),
        None => next.attached().map(|(_, own)| own.digest.clone()).collect(),
    };
    let is_there = |digest: &String| core.vault().is_ok_and(|vault| vault.has(digest));
    match beyond.iter().all(is_there) {
        true => Ok(()),
        false => Err(Broken::new("attachment_is_gone")),
    }
}
