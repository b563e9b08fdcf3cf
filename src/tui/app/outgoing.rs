//! What a list shows, taken out as a file: the program knows which rows and columns are seen, the
//! one who started it knows where files go.
//!
//! INVARIANT: only what the present screen asks for goes out; a form without such a screen below it
//! sends nothing.

use crate::api::door::Door;
use crate::api::dossier::DossierQuery;
use crate::api::export::{ExportQuery, ExportRows};
use crate::api::paper::{Draft, Filed, Wanted};
use crate::api::print::PrintWanted;
use crate::api::refusal::Refusal;
use crate::domain::export::Subject;
use crate::domain::form::Fields;
use crate::domain::ids::{CaseId, EntryId, RequestId};
use crate::domain::listing::List;
use crate::locale::{self, Lang};
use crate::tui::app::{Effect, Model};
use crate::tui::incoming::{Dossiers, Forms, FormsWanted, Work, Worker};
use crate::tui::screen::{Screen, Selection};

/// Takes rows out and writes the file.
pub type Exporter = fn(&mut dyn Door, ExportQuery, Lang) -> Result<Saved, Refusal>;

/// Prints a document and writes its files.
pub type Printer = fn(&mut dyn Door, &PrintWanted, Lang) -> Result<Saved, Refusal>;

/// Shows what a paper would say.
pub type Drafter = fn(&mut dyn Door, &Wanted) -> Result<Draft, Refusal>;

/// Makes a paper and writes it into a file.
pub type Filer = fn(&mut dyn Door, &Wanted, RequestId) -> Result<Filed, Refusal>;

/// What reaches templates and files, which the program knows neither of.
#[derive(Clone, Copy)]
pub struct Files {
    /// Takes rows out.
    pub export: Exporter,
    /// Prints a document.
    pub print: Printer,
    /// Shows a paper.
    pub draft: Drafter,
    /// Writes a paper.
    pub write: Filer,
    /// Brings tables in.
    pub work: Worker,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Where it lies.
    pub place: String,
    /// How many rows it has.
    pub n_rows: u64,
    /// The keys of columns that were left out, because they are masked.
    pub left_out: Vec<String>,
    /// How many sealed matters were left out.
    pub n_sealed: u64,
}

/// The fields of the form, each with the setting under which its last text is kept.
const SAID: [(&str, &str); 2] = [("use", "export.purpose"), ("recipient", "export.recipient")];

/// The rows that a screen shows, if they can go out.
pub(super) fn rows_of(screen: &dyn Screen) -> Option<ExportRows> {
    screen.wants().iter().find_map(ExportRows::of)
}

/// The marked ones of the rows of a list, in the order of their numbers, if any are marked.
fn marked_of(rows: &ExportRows, selection: &Selection) -> Option<ExportRows> {
    let name = match rows.subject() {
        Subject::Cases => "cases",
        Subject::Roster => "entries",
        _ => return None,
    };
    let given = selection.given.iter().find(|(own, _)| own == name && selection.has_marks())?;
    let ids = given.1.split(' ').filter_map(|text| text.parse::<u64>().ok());
    Some(match rows.subject() {
        Subject::Cases => ExportRows::MarkedCases(ids.map(CaseId).collect()),
        _ => ExportRows::MarkedEntries(ids.map(EntryId).collect()),
    })
}

impl Model {
    /// What for and to whom rows went out last, to be offered again.
    pub(super) fn said_last(&self) -> Fields {
        let last = SAID.iter().filter_map(|(field, setting)| {
            let text = self.own.settings.get(*setting)?;
            Some(((*field).to_owned(), text.clone()))
        });
        last.collect()
    }

    /// Takes out what the screen below the form shows, as it is narrowed, put in order and laid
    /// out, or what is marked of it.
    pub(super) fn export(&mut self, fields: &Fields) -> Vec<Effect> {
        let said = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let seat = self.history.get(self.at);
        let rows = seat.and_then(|seat| {
            let rows = rows_of(&*seat.it)?;
            Some(marked_of(&rows, &seat.it.selected()).unwrap_or(rows))
        });
        let Some(rows) = rows else {
            self.say("cmd.not_here", &[]);
            return Vec::new();
        };
        let lang = self.base.lang;
        let query = ExportQuery {
            columns: self.columns_of(&rows),
            in_clear: Vec::new(),
            reason: String::new(),
            purpose: said("use"),
            recipient: said("recipient"),
            sealed: false,
            rows,
        };
        self.sent_out(fields, Effect::Export(Box::new(query), lang))
    }

    /// Whether what for and to whom is asked before the present screen's document is printed.
    pub(super) fn asks_to_print(&self) -> bool {
        let print = self.history.get(self.at).and_then(|seat| seat.it.prints());
        print.is_some_and(|print| print.is_asked_for())
    }

    /// Prints what the screen below the form offers as a document.
    pub(super) fn print(&mut self, fields: &Fields) -> Vec<Effect> {
        let said = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let seat = self.history.get(self.at);
        let Some(print) = seat.and_then(|seat| seat.it.prints()) else {
            self.say("cmd.not_here", &[]);
            return Vec::new();
        };
        let wanted = PrintWanted {
            print,
            purpose: said("use"),
            recipient: said("recipient"),
            sealed: false,
        };
        let effect = Effect::Print(Box::new(wanted), self.base.lang);
        self.sent_out(fields, effect)
    }

    /// Closes the form, and keeps what for and to whom.
    fn sent_out(&mut self, fields: &Fields, effect: Effect) -> Vec<Effect> {
        let mut effects = self.close_from(self.overs.len().saturating_sub(1));
        for (field, setting) in SAID {
            // Nothing is asked where nobody is named.
            if let Some(said) = fields.get(field).cloned() {
                effects.extend(self.prefer(setting.to_owned(), said));
            }
        }
        self.say("export.running", &[]);
        effects.push(effect);
        effects
    }

    /// Takes out the whole files of the cases that are marked, or of the selected one.
    pub(super) fn take_out_files(&mut self, fields: &Fields) -> Vec<Effect> {
        let said = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let given = self.overs.last().and_then(|laid| laid.aim.as_ref());
        let given = given.map(|aim| aim.selection.given.clone()).unwrap_or_default();
        let cases = given.iter().find(|(name, _)| name == "cases").map(|(_, text)| text.as_str());
        let cases = cases.unwrap_or_default().split(' ').filter_map(|text| text.parse().ok());
        let query = DossierQuery {
            cases: cases.map(CaseId).collect(),
            purpose: said("use"),
            recipient: said("recipient"),
            sealed: false,
        };
        self.begin_outgoing(fields, Work::Dossier(Box::new(query)))
    }

    /// Writes the forms of villages for the selected period.
    pub(super) fn send_forms(&mut self, fields: &Fields) -> Vec<Effect> {
        let given = self.overs.last().and_then(|laid| laid.aim.as_ref());
        let given = given.map(|aim| aim.selection.given.clone()).unwrap_or_default();
        let text = |wanted: &str| {
            let own = given.iter().find(|(name, _)| name == wanted);
            own.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let said = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let wanted = FormsWanted {
            code: text("forms"),
            period: Some(text("period")),
            village: Some(text("of_village")).filter(|village| !village.is_empty()),
            purpose: said("use"),
            recipient: said("recipient"),
        };
        self.begin_outgoing(fields, Work::SendForms(Box::new(wanted)))
    }

    /// Forms were written: where they lie, and who gets none.
    pub(super) fn sent_forms(&mut self, made: &Forms) {
        let args = [
            ("n".to_owned(), made.n_forms.to_string()),
            ("place".to_owned(), made.place.clone()),
            ("reported".to_owned(), made.n_reported.to_string()),
            ("left".to_owned(), made.n_left_out.to_string()),
        ];
        let key = match (made.n_forms, made.n_left_out) {
            (0, _) => "village.nothing_owed",
            (_, 0) => "village.sent",
            _ => "village.sent_without",
        };
        self.say_done(key, &args);
    }

    /// Closes the form, keeps what for and to whom, and begins work with files.
    fn begin_outgoing(&mut self, fields: &Fields, work: Work) -> Vec<Effect> {
        let said = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let mut effects = self.close_from(self.overs.len().saturating_sub(1));
        for (field, setting) in SAID {
            effects.extend(self.prefer(setting.to_owned(), said(field)));
        }
        self.say("export.running", &[]);
        effects.extend(self.begin_work(work));
        effects
    }

    /// Files were taken out: where they lie, and what they lack.
    pub(super) fn took_out_files(&mut self, made: &Dossiers) {
        let args = [
            ("n".to_owned(), made.n_cases.to_string()),
            ("place".to_owned(), made.place.clone()),
            ("gaps".to_owned(), made.n_gaps.to_string()),
            ("sealed".to_owned(), made.n_sealed.to_string()),
        ];
        let key = if made.n_sealed > 0 { "dossier.saved_without_sealed" } else { "dossier.saved" };
        self.say_done(key, &args);
    }

    /// The columns that are on the screen; none where it has none of its own.
    fn columns_of(&self, rows: &ExportRows) -> Vec<String> {
        let subject = rows.subject();
        let Some(list) = subject.list() else { return Vec::new() };
        let seat = self.history.get(self.at);
        let given = seat.map(|seat| seat.it.selected().given).unwrap_or_default();
        let text = given.iter().find(|(name, _)| name == "columns").map(|(_, text)| text.as_str());
        let chosen = list.columns(text.unwrap_or_default());
        let columns = match (chosen.is_empty(), self.base.layouts.get(&list)) {
            (false, _) => chosen,
            (true, Some(own)) => own.clone(),
            (true, None) => List::usual(list, usize::from(self.room().width)),
        };
        columns.into_iter().filter_map(|column| subject.key_of(column)).map(str::to_owned).collect()
    }

    /// Rows were taken out: where the file lies, and what is not in it.
    pub(super) fn exported(&mut self, outcome: Result<Saved, Refusal>) -> Vec<Effect> {
        let saved = match outcome {
            Ok(saved) => saved,
            Err(refusal) => return self.say_refusal(&refusal),
        };
        let lang = self.base.lang;
        let left_out =
            saved.left_out.iter().map(|key| locale::text(lang, &format!("export.{key}")));
        let args = [
            ("rows".to_owned(), saved.n_rows.to_string()),
            ("place".to_owned(), saved.place),
            ("columns".to_owned(), left_out.collect::<Vec<_>>().join(" ")),
            ("n".to_owned(), saved.n_sealed.to_string()),
        ];
        let key = match (saved.left_out.is_empty(), saved.n_sealed) {
            (_, 1..) => "export.saved_without_sealed",
            (false, 0) => "export.saved_without",
            (true, 0) => "export.saved",
        };
        self.say_done(key, &args);
        Vec::new()
    }
}
