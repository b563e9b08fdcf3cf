//! `dossier`: one folder a case, with all that its file holds in order, a list of it, and what is
//! missing named.
//!
//! INVARIANT: nothing that is there is written over: a folder gets its name when all of it is on the
//! disk, and no name in it comes from outside uncleaned.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::ArgMatches;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::door::Door;
use crate::api::dossier::{DossierQuery, DossierView};
use crate::api::paper::{Blanks, Wanted};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{CaseSheet, Reply};
use crate::api::request::{CaseQuery, Cursor, Request};
use crate::cli::attach::{fetch, plain, what};
use crate::cli::export::{not_saved, said};
use crate::cli::listing;
use crate::cli::orders::{self, new_id};
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::ids::CaseId;
use crate::domain::paper::Paper;
use crate::domain::step::Deed;
use crate::exchange::dossier::{Head, Item, directory};
use crate::exchange::file::{self, Existing, SaveError};
use crate::exchange::paper::make;
use crate::locale::{self, Lang};

/// The most cases among which some are chosen by chance.
const LISTED_MAX: usize = 20_000;
/// The rights of a folder that is made: its owner's alone.
const OWNER_ONLY: u32 = 0o700;

/// What was written, as JSON.
#[derive(Debug, Serialize)]
struct Made {
    folder: String,
    seed: Option<u64>,
    sealed_left_out: u64,
    cases: Vec<MadeOne>,
}

/// The folder of a case, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MadeOne {
    /// The number of the case.
    pub case: String,
    /// The name of its folder.
    pub folder: String,
    /// How many things it holds, beside the list of them.
    pub files: usize,
    /// What is missing.
    pub gaps: Vec<String>,
}

/// What for and to whom, as it is told in the list of a file.
pub struct Use {
    /// What for.
    pub purpose: String,
    /// To whom.
    pub recipient: String,
    /// The day.
    pub on: NaiveDate,
}

/// Runs `dossier`.
///
/// # Errors
/// A refusal, or a folder that is there or cannot be written.
pub fn dossier(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let folder = Path::new(matches.get_one::<String>("output").map_or("", String::as_str));
    let random = matches.get_one::<u32>("random").copied();
    let seed = match (random, matches.get_one::<u64>("seed")) {
        (None, _) => None,
        (Some(_), Some(seed)) => Some(*seed),
        (Some(_), None) => Some(u64::try_from(new_id()?.0 & u128::from(u32::MAX)).unwrap_or(0)),
    };
    let mut cases = Vec::new();
    for name in matches.get_many::<String>("record").into_iter().flatten() {
        cases.push(orders::case(door, name)?.case.id);
    }
    if let (Some(n_cases), Some(seed)) = (random, seed) {
        let (query, _) = listing::case_query(door, matches)?;
        cases.extend(chosen(listed(door, query)?, (n_cases, seed)));
    }
    let said = said(door, voice.lang, matches)?;
    let query = DossierQuery {
        cases,
        purpose: said.purpose,
        recipient: said.recipient,
        sealed: matches.get_flag("sealed"),
    };
    let (view, made) = write(door, query, folder)?;
    let made = Made {
        folder: folder.display().to_string(),
        seed,
        sealed_left_out: view.n_sealed,
        cases: made,
    };
    voice.say(&made, |lang| text(lang, &made))?;
    Ok(if made.cases.is_empty() { Told::Nothing } else { Told::Done })
}

fn text(lang: Lang, made: &Made) -> String {
    let mut text = String::new();
    for one in &made.cases {
        let args = [
            ("folder", one.folder.clone()),
            ("files", one.files.to_string()),
            ("gaps", one.gaps.len().to_string()),
        ];
        text += &(locale::fill(lang, "shell.dossier.case", &args) + "\n");
        for gap in &one.gaps {
            text += &format!("  {gap}\n");
        }
    }
    if let Some(seed) = made.seed {
        let args = [("seed", seed.to_string())];
        text += &(locale::fill(lang, "shell.dossier.seed", &args) + "\n");
    }
    if made.sealed_left_out > 0 {
        let args = [("n", made.sealed_left_out.to_string())];
        text += &(locale::fill(lang, "shell.export.sealed", &args) + "\n");
    }
    text
}

/// All cases of a list.
fn listed(door: &mut dyn Door, mut query: CaseQuery) -> Result<Vec<CaseId>, Refusal> {
    let mut cases = Vec::new();
    query.most = crate::api::request::ROWS_MAX;
    loop {
        let Reply::Cases(page) = door.call(Request::Cases(query.clone()))? else {
            return Err(Refusal::new(RefusalKind::Fault, "fault"));
        };
        let last: Option<Cursor> = page.rows.last().map(|row| row.cursor.clone());
        cases.extend(page.rows.iter().map(|row| row.id));
        if !page.after || last.is_none() || cases.len() >= LISTED_MAX {
            return Ok(cases);
        }
        query.from = last;
    }
}

/// Some of many cases by chance: the same ones for the same seed, whatever the order of the list.
fn chosen(cases: Vec<CaseId>, (n_cases, seed): (u32, u64)) -> Vec<CaseId> {
    let lot = |case: &CaseId| -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(case.0.to_be_bytes());
        hash.finalize().into()
    };
    let mut drawn: Vec<([u8; 32], CaseId)> = cases.iter().map(|case| (lot(case), *case)).collect();
    drawn.sort_unstable();
    drawn.dedup();
    drawn.truncate(usize::try_from(n_cases).unwrap_or(usize::MAX));
    let mut drawn: Vec<CaseId> = drawn.into_iter().map(|(_, case)| case).collect();
    drawn.sort_unstable();
    drawn
}

/// Writes the files of cases into a folder, one folder each.
///
/// # Errors
/// A refusal, or a folder that is there or cannot be written; what was written before stays.
pub fn write(
    door: &mut dyn Door,
    query: DossierQuery,
    folder: &Path,
) -> Result<(DossierView, Vec<MadeOne>), Refusal> {
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
    let (purpose, recipient) = (query.purpose.clone(), query.recipient.clone());
    let used = Use { purpose, recipient, on: me.today };
    let Reply::Dossier(view) = door.call(Request::Dossier(query))? else { return Err(odd()) };
    let unmade = |path: &Path| not_saved(&path.display().to_string(), SaveError::NotSaved);
    if !folder.is_dir() {
        make_folder(folder).map_err(|_| unmade(folder))?;
    }
    let mut made = Vec::new();
    for case in &view.cases {
        let Reply::Case(sheet) = door.call(Request::Case { id: *case })? else {
            return Err(odd());
        };
        made.push(one(door, (&sheet, &used), folder)?);
    }
    Ok((view, made))
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().mode(OWNER_ONLY).create(path)
}

/// A folder that is being filled; dropped before it has its name, it is removed.
struct Part {
    path: PathBuf,
    is_kept: bool,
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be removed is seen to be a part by its name.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Writes the file of one case.
fn one(
    door: &mut dyn Door,
    (sheet, used): (&CaseSheet, &Use),
    folder: &Path,
) -> Result<MadeOne, Refusal> {
    let name = plain(&sheet.case.number);
    let target = folder.join(&name);
    let there = || not_saved(&target.display().to_string(), SaveError::Exists);
    if target.symlink_metadata().is_ok() {
        return Err(there());
    }
    let path = folder.join(format!(".{name}.{}.part", std::process::id()));
    make_folder(&path).map_err(|_| not_saved(&name, SaveError::NotSaved))?;
    let mut part = Part { path, is_kept: false };
    let mut gaps = gaps_of(sheet);
    let mut items = Vec::new();
    for thing in things(sheet) {
        let place = items.len() + 1;
        match bytes_of(door, (sheet, used), &thing) {
            Ok(bytes) => {
                let name = format!("{place:02}-{}.{}", thing.stem, thing.ending);
                let saved = file::save(&part.path.join(&name), &bytes, Existing::Keep);
                saved.map_err(|why| not_saved(&name, why))?;
                items.push(Item {
                    title: thing.title,
                    document: thing.document,
                    on: thing.on,
                    file: name,
                });
            }
            // What cannot be had is missing, and the rest goes out all the same.
            Err(refusal) if is_about_one(&refusal) => {
                let args = refusal.args.iter().map(|(name, text)| (name.as_str(), text.clone()));
                let why = locale::fill(Lang::Zh, &refusal.key, &args.collect::<Vec<_>>());
                gaps.push(filled("lost", &[("what", &thing.title), ("why", &why)]));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    let bytes = directory(&head(sheet, used), &items, &gaps).map_err(|why| make::unfit(&why))?;
    let list = format!("00-{}.docx", locale::text(Lang::Zh, "dossier.title"));
    file::save(&part.path.join(list), &bytes, Existing::Keep)
        .map_err(|why| not_saved(&name, why))?;
    match renameat_with(CWD, &part.path, CWD, &target, RenameFlags::NOREPLACE) {
        Ok(()) => {}
        // Some network drives cannot take a name only if it is free; the look above must do.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS)
            if target.symlink_metadata().is_err() =>
        {
            fs::rename(&part.path, &target).map_err(|_| there())?;
        }
        Err(_) => return Err(there()),
    }
    part.is_kept = true;
    Ok(MadeOne { case: sheet.case.number.clone(), folder: name, files: items.len(), gaps })
}

/// Whether only one thing cannot be had, and not the server itself.
fn is_about_one(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Denied | RefusalKind::NotFound)
}

/// Something that belongs into the file.
struct Thing {
    title: String,
    document: String,
    on: NaiveDate,
    stem: String,
    ending: String,
    what: What,
}

enum What {
    /// A paper of a number.
    Paper(Paper, String),
    /// An attachment.
    Attached(u32),
}

/// All that belongs into the file, by its day: papers that were made and what is attached.
fn things(sheet: &CaseSheet) -> Vec<Thing> {
    let mut things = Vec::new();
    for step in sheet.case.steps.values() {
        let (Deed::PaperMade { paper, voided: None, .. }, Some(number)) =
            (&step.deed, &step.document)
        else {
            continue;
        };
        let title = locale::text(Lang::Zh, &format!("choice.paper.{}", paper.word()));
        things.push(Thing {
            stem: format!("{}-{}", plain(&title), plain(number)),
            title,
            document: number.clone(),
            on: step.on,
            ending: "docx".to_owned(),
            what: What::Paper(*paper, number.clone()),
        });
    }
    for (number, own) in sheet.case.attached() {
        let what = what(own);
        let step = own.step.and_then(|step| sheet.case.steps.get(&step));
        things.push(Thing {
            title: format!("{what} {}", own.name),
            document: step.and_then(|step| step.document.clone()).unwrap_or_default(),
            on: step.map_or(own.on, |step| step.on),
            stem: format!("{}{number}", plain(&what)),
            ending: own.media.ending().to_owned(),
            what: What::Attached(number),
        });
    }
    things.sort_by_key(|thing| thing.on);
    things
}

fn bytes_of(
    door: &mut dyn Door,
    (sheet, used): (&CaseSheet, &Use),
    thing: &Thing,
) -> Result<Vec<u8>, Refusal> {
    let case = sheet.case.id;
    match &thing.what {
        What::Attached(number) => {
            let own = sheet.case.attachments.get(number).ok_or_else(Refusal::not_found)?;
            fetch(door, (case, *number), own)
        }
        What::Paper(paper, number) => {
            let wanted = Wanted {
                case,
                paper: *paper,
                person: None,
                typed: Vec::new(),
                reason: used.purpose.clone(),
                blanks: Blanks::Left,
                again: Some(number.clone()),
            };
            make::write(door, &wanted, new_id()?).map(|written| written.bytes)
        }
    }
}

/// What the file lacks: what its closing asks for, scans of papers that have a number, and papers that
/// cannot be written again.
fn gaps_of(sheet: &CaseSheet) -> Vec<String> {
    let asked = sheet.requirements.iter().filter(|asked| !asked.met);
    let mut gaps: Vec<String> = asked
        .map(|asked| {
            let word = asked.requirement.word();
            let name = locale::text(Lang::Zh, &format!("requirement.{word}"));
            filled("lacks", &[("what", &name)])
        })
        .collect();
    for (number, step) in &sheet.case.steps {
        let has_scan = sheet.case.attached().any(|(_, own)| own.step == Some(*number));
        let deed = locale::text(Lang::Zh, &format!("deed.{}", step.deed.word()));
        match (&step.document, &step.deed) {
            (None, Deed::PaperMade { paper, voided: None, .. }) => {
                let name = locale::text(Lang::Zh, &format!("choice.paper.{}", paper.word()));
                gaps.push(filled("unnumbered", &[("what", &name)]));
            }
            (_, Deed::PaperMade { voided: Some(_), .. }) => {}
            (Some(document), _) if !has_scan => {
                let args = [("step", number.to_string()), ("what", deed)];
                let args = args.iter().map(|(name, text)| (*name, text.as_str()));
                let args: Vec<_> = args.chain([("document", document.as_str())]).collect();
                gaps.push(filled("no_scan", &args));
            }
            (Some(_) | None, _) => {}
        }
    }
    gaps
}

fn filled(key: &str, args: &[(&str, &str)]) -> String {
    locale::fill(Lang::Zh, &format!("dossier.{key}"), args)
}

fn head(sheet: &CaseSheet, used: &Use) -> Head {
    let file = sheet.case.steps.values().rev().find_map(|step| match &step.deed {
        Deed::Archived { number, .. } => Some(number.clone()),
        _ => None,
    });
    let args = [
        ("purpose", used.purpose.as_str()),
        ("recipient", used.recipient.as_str()),
        ("day", &used.on.to_string()),
    ];
    Head {
        case: sheet.case.number.clone(),
        title: sheet.case.title.clone(),
        file,
        made: filled("made", &args),
    }
}

#[cfg(test)]
mod tests {
    use super::chosen;
    use crate::domain::ids::CaseId;

    #[test]
    fn the_same_seed_draws_the_same_matters_in_whatever_order_they_are_listed() {
        let all: Vec<CaseId> = (1..=50).map(CaseId).collect();
        let mut other = all.clone();
        other.reverse();
        let drawn = chosen(all.clone(), (5, 7));
        assert_eq!((drawn.len(), &drawn), (5, &chosen(other, (5, 7))));
        assert_ne!(drawn, chosen(all.clone(), (5, 8)));
        assert_eq!(chosen(all.clone(), (500, 7)), all, "no more than there are");
    }
}
