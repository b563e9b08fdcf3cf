//! `duty send`: forms out to the villages, one workbook each, each asked for and logged by itself.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::duty::{DutyQuery, DutyRow};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::village::{FormQuery, FormView, SheetQuery};
use crate::cli::attach::plain;
use crate::cli::export::{self, PURPOSE, RECIPIENT, is_free, not_saved, put};
use crate::cli::tell::{Outcome, Told, Voice, refusal_text};
use crate::domain::broken::Broken;
use crate::domain::ids::DutyId;
use crate::exchange::file::{Existing, SaveError};
use crate::exchange::village::xlsx;
use crate::locale::{self, Lang};
use crate::tui::incoming::{Forms, FormsWanted};

pub mod back;

/// Forms belong to whoever sends them on.
const OWNER_ONLY: u32 = 0o700;

/// What became of the forms of a period, as JSON.
#[derive(Debug, Serialize)]
pub struct Sent {
    /// Where they lie.
    pub folder: String,
    /// The forms.
    pub forms: Vec<SentOne>,
    /// The villages that have reported the period already: they get none.
    pub reported: Vec<String>,
    /// The villages whose file lies there already: nothing was asked for them.
    pub there: Vec<Kept>,
    /// The villages whose form could not be written.
    pub not_sent: Vec<NotSent>,
}

/// A file that was there already, as JSON.
#[derive(Debug, Serialize)]
pub struct Kept {
    village: String,
    file: String,
}

/// A form that could not be written, and why, as JSON.
#[derive(Debug, Serialize)]
pub struct NotSent {
    village: String,
    why: String,
    #[serde(skip)]
    kind: RefusalKind,
}

impl Sent {
    fn into(folder: &Path) -> Self {
        Self {
            folder: folder.display().to_string(),
            forms: Vec::new(),
            reported: Vec::new(),
            there: Vec::new(),
            not_sent: Vec::new(),
        }
    }

    /// What is told where not all could be written: how many were, and which not and why.
    fn refusal(&self, lang: Lang) -> Option<Refusal> {
        let first = self.not_sent.first()?;
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in &self.not_sent {
            match reasons.iter_mut().find(|(why, _)| *why == one.why) {
                Some((_, villages)) => villages.push(&one.village),
                None => reasons.push((&one.why, vec![&one.village])),
            }
        }
        let told = reasons.into_iter().map(|(why, villages)| {
            let args = [("villages", villages.join(" ")), ("why", why.to_owned())];
            locale::fill(lang, "shell.village.not_sent", &args)
        });
        let told = told.collect::<Vec<_>>().join("; ");
        let refusal = Refusal::new(first.kind, "forms_not_sent").with("n", self.forms.len());
        Some(refusal.with("place", &self.folder).with("villages", told))
    }
}

/// One form, as JSON.
#[derive(Debug, Serialize)]
pub struct SentOne {
    village: String,
    file: String,
    matters: usize,
    tasks: usize,
    left_out: u64,
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Fault, "fault")
}

/// `duty send CODE -o FOLDER`.
///
/// # Errors
/// What is missing, a form that could not be written, or a refusal; the others are written.
pub fn send(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let named = |name: &str| matches.get_one::<String>(name).cloned();
    let said = export::said(door, voice.lang, matches)?;
    let wanted = FormsWanted {
        code: named("code").unwrap_or_default(),
        period: named("period"),
        village: named("village"),
        purpose: said.purpose,
        recipient: said.recipient,
    };
    let folder = named("output").unwrap_or_default();
    let sent = forms(door, (&wanted, voice.lang), Path::new(&folder))?;
    if said.is_typed {
        export::remember(door, [(PURPOSE, wanted.purpose), (RECIPIENT, wanted.recipient)]);
    }
    voice.say(&sent, |lang| sent_text(lang, &sent))?;
    if let Some(refusal) = sent.refusal(voice.lang) {
        return Err(refusal);
    }
    Ok(if sent.forms.is_empty() { Told::Nothing } else { Told::Done })
}

fn sent_text(lang: Lang, sent: &Sent) -> String {
    let mut text = String::new();
    for one in &sent.forms {
        let args = [
            ("village", one.village.clone()),
            ("matters", one.matters.to_string()),
            ("tasks", one.tasks.to_string()),
            ("n", one.left_out.to_string()),
            ("file", one.file.clone()),
        ];
        text += &(locale::fill(lang, "shell.village.sent", &args) + "\n");
        if one.left_out > 0 {
            text += &(locale::fill(lang, "shell.village.left_out", &args) + "\n");
        }
    }
    for one in &sent.there {
        let args = [("village", one.village.clone()), ("file", one.file.clone())];
        text += &(locale::fill(lang, "shell.village.there", &args) + "\n");
    }
    for village in &sent.reported {
        let args = [("village", village.clone())];
        text += &(locale::fill(lang, "shell.village.reported", &args) + "\n");
    }
    text
}

/// Writes the forms of a period into a folder, one for each village that still owes it; what is
/// refused for one village keeps no other from its form.
///
/// # Errors
/// No such duty of villages, no folder, or a refusal of all of them.
pub fn forms(
    door: &mut dyn Door,
    (wanted, lang): (&FormsWanted, Lang),
    folder: &Path,
) -> Result<Sent, Refusal> {
    let (code, period) = (Some(wanted.code.clone()), wanted.period.clone());
    let query = DutyQuery { code, period, ..DutyQuery::default() };
    let Reply::Duties(view) = door.call(Request::Duties(query))? else { return Err(odd()) };
    let mut rows: Vec<DutyRow> = view.groups.into_iter().flat_map(|group| group.rows).collect();
    if rows.is_empty() {
        return Err(Refusal::not_found());
    }
    rows.retain(|row| row.village.is_some());
    if rows.is_empty() {
        return Err(Broken::new("duty_is_of_no_village").into());
    }
    rows.retain(|row| wanted.village.is_none() || row.village == wanted.village);
    let names = names(&rows);
    let (reported, owing): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.state.is_settled());
    let (mut sent, mut lost) = (Sent::into(folder), None);
    sent.reported = reported.into_iter().filter_map(|row| row.village).collect();
    if !owing.is_empty() && !folder.is_dir() {
        let made = fs::DirBuilder::new().mode(OWNER_ONLY).create(folder);
        made.map_err(|_| not_saved(&folder.display().to_string(), SaveError::NotSaved))?;
    }
    for row in owing {
        let village = row.village.clone().unwrap_or_default();
        let name = names.get(&row.id).cloned().unwrap_or_default();
        let file = folder.join(name).display().to_string();
        if is_free(&file, Existing::Keep).is_err() {
            sent.there.push(Kept { village, file });
            continue;
        }
        let made = match lost.clone() {
            Some(refusal) => Err(refusal),
            None => one(door, (&row, wanted, lang), file),
        };
        match made {
            Ok(form) => sent.forms.push(form),
            Err(refusal) => {
                // Without the office there is no other village to go on with.
                lost = Some(refusal.clone()).filter(is_of_all);
                let why = refusal_text(lang, &refusal);
                sent.not_sent.push(NotSent { village, why, kind: refusal.kind });
            }
        }
    }
    Ok(sent)
}

/// Whether what was refused for one village would be refused for all others too.
fn is_of_all(refusal: &Refusal) -> bool {
    matches!(
        refusal.kind,
        RefusalKind::Busy | RefusalKind::Closed | RefusalKind::Unknown | RefusalKind::Fault
    )
}

/// The names of the files by duty; where two duties would share one, each has its number too.
fn names(rows: &[DutyRow]) -> BTreeMap<DutyId, String> {
    let stem = |row: &DutyRow| {
        let village = row.village.clone().unwrap_or_default();
        format!("{}-{}-{}", plain(&village), plain(&row.code), row.key)
    };
    let stems: Vec<(DutyId, String)> = rows.iter().map(|row| (row.id, stem(row))).collect();
    let is_shared = |stem: &String| stems.iter().filter(|(_, own)| own == stem).count() > 1;
    let name = |(id, stem): &(DutyId, String)| match is_shared(stem) {
        true => (*id, format!("{stem}-{}.xlsx", id.0)),
        false => (*id, format!("{stem}.xlsx")),
    };
    stems.iter().map(name).collect()
}

/// Asks for the form of a village and writes it.
fn one(
    door: &mut dyn Door,
    (row, wanted, lang): (&DutyRow, &FormsWanted, Lang),
    file: String,
) -> Result<SentOne, Refusal> {
    let query = FormQuery {
        duty: row.id,
        period: row.key.clone(),
        purpose: wanted.purpose.clone(),
        recipient: wanted.recipient.clone(),
    };
    let asked = door.call(Request::Sheets(SheetQuery::Form(query)))?;
    let Reply::VillageForm(form) = asked else { return Err(odd()) };
    put(&file, &bytes(lang, &form)?, Existing::Keep)?;
    Ok(SentOne {
        village: form.village.clone(),
        file,
        matters: form.matters.len(),
        tasks: form.tasks.len(),
        left_out: form.n_left_out,
    })
}

fn bytes(lang: Lang, form: &FormView) -> Result<Vec<u8>, Refusal> {
    xlsx(lang, form).map_err(|_| Refusal::new(RefusalKind::Invalid, "rows_do_not_fit"))
}

/// The same into a folder of their own in the exchange folder, for the terminal program.
///
/// # Errors
/// As [`forms`]; or some could not be written: the others are there, and the refusal says so.
pub fn into_folder(
    door: &mut dyn Door,
    (wanted, lang): (&FormsWanted, Lang),
    exchange: &Path,
) -> Result<Forms, Refusal> {
    let period = wanted.period.as_deref().unwrap_or_default();
    let stem = format!("{}-{}-{period}", locale::text(Lang::Zh, "village.folder"), wanted.code);
    let path = export::free_in(exchange, &stem);
    let sent = forms(door, (wanted, lang), &path)?;
    if let Some(refusal) = sent.refusal(lang) {
        return Err(refusal);
    }
    Ok(Forms {
        place: sent.folder,
        n_forms: sent.forms.len(),
        n_reported: sent.reported.len(),
        n_left_out: sent.forms.iter().map(|one| one.left_out).sum(),
    })
}

#[cfg(test)]
mod tests;
