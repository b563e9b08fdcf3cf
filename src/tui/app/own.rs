//! What the program keeps for the clerk at the server: half-typed forms, and how the screen looks.
//!
//! A form is kept two seconds after the last key if it has changed, and when the terminal is lost;
//! it is let go when it is sent or thrown away. INVARIANT: `own` is what the server was told last.

use std::time::Duration;

use crate::api::door::Ticket;
use crate::api::own::{Draft, Keep};
use crate::api::request::Request;
use crate::locale;
use crate::tui::app::act::{begin_form, stepped};
use crate::tui::app::talk::{Call, Slot, next};
use crate::tui::app::{Aim, Effect, Laid, Model};
use crate::tui::command::{self, Does, Takes};
use crate::tui::look::Look;
use crate::tui::prefs::{Prefs, layouts_of};
use crate::tui::screen::drafts::Drafts;
use crate::tui::screen::form::Form;
use crate::tui::screen::paper::PapersScreen;
use crate::tui::screen::paper::fill::PAPER_FORM;
use crate::tui::screen::paper::kept::{PAPERS, is_about};
use crate::tui::screen::{Screen, Selection};
use crate::tui::terminal::Mouse;

/// The field of the form of corrections that says which step.
const STEP: &str = "step";
/// How long after the last key a form is kept.
pub const KEEP_AFTER: Duration = Duration::from_secs(2);

/// A form's place among what is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// Under which name.
    name: String,
    /// For which the calls are made, so that only the newest of them is.
    owner: u64,
    /// As it was kept last; none before the first time.
    draft: Option<Draft>,
}

impl Model {
    /// How the screen looks now.
    pub fn look(&self) -> Look {
        self.base.look
    }

    /// Whose the mouse is now.
    pub fn mouse(&self) -> Mouse {
        self.prefs.mouse
    }

    /// After how long without a key the screen is to be covered, if it is not yet.
    pub fn covers_after(&self) -> Option<Duration> {
        let office = Duration::from_secs(60 * u64::from(self.base.me.idle_minutes));
        let has_chosen = self.own.settings.contains_key("idle");
        let idle = if has_chosen { self.prefs.idle } else { Some(office) };
        idle.filter(|idle| !self.is_covered && !idle.is_zero())
    }

    /// Whether nothing may be seen until a key is pressed.
    pub(super) fn is_covered(&self) -> bool {
        self.is_covered
    }

    /// Whether a form has changed since it was kept.
    pub fn has_unkept(&self) -> bool {
        let below = self.below_form();
        let screens = self.history.iter().enumerate().filter(|(at, _)| Some(*at) != below);
        self.overs.iter().any(|laid| is_unkept(&laid.seat.it.draft(), &laid.seat.kept))
            || screens.into_iter().any(|(_, seat)| is_unkept(&seat.it.draft(), &seat.kept))
    }

    /// The screen under the form of its own paper: what is typed for it is kept with the form.
    fn below_form(&self) -> Option<usize> {
        self.overs.iter().any(is_of_paper).then_some(self.at)
    }

    /// Whether the server has not yet said that it keeps what it was told.
    pub fn is_keeping(&self) -> bool {
        !self.keeps.is_empty()
    }

    /// The forms that were left half typed are offered, if there are any.
    pub(super) fn offer_drafts(&mut self) -> Vec<Effect> {
        if self.own.drafts.is_empty() {
            return Vec::new();
        }
        let drafts = Drafts::new(self.own.drafts.clone());
        self.lay(Box::new(drafts), None)
    }

    /// A command that takes a step is about the one that is selected: that goes with its form.
    pub(super) fn aim_at_step(&self, selection: &mut Selection) {
        let Some(number) = selection.step else { return };
        let args = [("number", number.to_string())];
        let step = locale::fill(self.base.lang, "history.step", &args);
        selection.name = format!("{step} {}", selection.name);
        selection.given.push((STEP.to_owned(), number.to_string()));
    }

    /// The half-typed forms of a command on what is selected.
    pub(super) fn drafts_of(&self, word: &str, selection: &Selection) -> Vec<Draft> {
        let is_about = |draft: &&Draft| {
            let Some(on) = command::find(word).map(|command| command.on) else { return false };
            let kept = selection_of(draft);
            match on {
                command::On::Nothing | command::On::Any => true,
                command::On::One(kind) => {
                    let record = |selection: &Selection| selection.of(kind).map(|(it, _)| it);
                    record(&kept) == record(selection)
                }
            }
        };
        let is_of_step =
            |draft: &&Draft| selection.step.is_none_or(|number| step_of(draft) == Some(number));
        let drafts = self.own.drafts.iter().filter(|draft| draft.command == word);
        drafts.filter(is_about).filter(is_of_step).cloned().collect()
    }

    /// Keeps every form that has changed, and lets go what has nothing typed any more.
    pub(super) fn keep_forms(&mut self) -> Vec<Effect> {
        let (mut told, below) = (Vec::new(), self.below_form());
        let screens = self.history.iter_mut().enumerate().filter(|(at, _)| Some(*at) != below);
        let screens = screens.map(|(_, seat)| (seat.it.draft(), &mut seat.kept));
        let overs = self.overs.iter_mut();
        let overs = overs.map(|laid| (laid.seat.it.draft(), &mut laid.seat.kept));
        for (draft, kept) in overs.chain(screens) {
            if !is_unkept(&draft, kept) {
                continue;
            }
            let fresh = || {
                self.n_drafts += 1;
                let name = format!("{:x}-{}", self.seed, self.n_drafts);
                Kept { name, owner: next(&mut self.n_tickets).0, draft: None }
            };
            let kept = kept.get_or_insert_with(fresh);
            kept.draft = draft;
            let name = kept.name.clone();
            self.own.drafts.retain(|other| other.name != name);
            let keep = match &kept.draft {
                Some(draft) => {
                    let draft = Draft { name, ..draft.clone() };
                    self.own.drafts.insert(0, draft.clone());
                    Keep::Draft(Box::new(draft))
                }
                None => Keep::DropDraft { name },
            };
            told.push((keep, kept.owner));
        }
        told.into_iter().map(|(keep, owner)| self.tell_keep(keep, owner)).collect()
    }

    /// Takes away what lies from that place on; a form among it was sent or thrown away. What was
    /// typed for a paper before its form was opened stays with the paper.
    pub(super) fn close_from(&mut self, place: usize) -> Vec<Effect> {
        let closed: Vec<Laid> = self.overs.drain(place.min(self.overs.len())..).collect();
        let mut effects = Vec::new();
        for laid in closed {
            let is_of_paper = is_of_paper(&laid);
            let Some(kept) = laid.seat.kept else { continue };
            match self.history.get_mut(self.at).filter(|_| is_of_paper) {
                Some(seat) => {
                    seat.kept = Some(kept);
                    effects.extend(self.keep_forms());
                }
                None => effects.extend(self.drop_draft((kept.name, kept.owner))),
            }
        }
        effects
    }

    /// Goes to a screen that the present one opens: what was kept for that one goes along.
    pub(super) fn push(&mut self, screen: Box<dyn Screen>) -> Vec<Effect> {
        let seat = self.history.get_mut(self.at);
        let kept = seat.filter(|seat| seat.it.draft().is_none()).and_then(|seat| seat.kept.take());
        let effects = self.visit(screen);
        if let Some(seat) = self.history.get_mut(self.at) {
            seat.kept = kept;
        }
        effects
    }

    fn drop_draft(&mut self, (name, owner): (String, u64)) -> Vec<Effect> {
        self.own.drafts.retain(|draft| draft.name != name);
        vec![self.tell_keep(Keep::DropDraft { name }, owner)]
    }

    /// A half-typed form was thrown away in the list of them.
    pub(super) fn drop_named(&mut self, name: String) -> Vec<Effect> {
        let owner = next(&mut self.n_tickets).0;
        if self.own.drafts.len() == 1 && self.overs.last().is_some_and(|laid| laid.aim.is_none()) {
            self.overs.pop();
        }
        self.drop_draft((name, owner))
    }

    /// The clerk goes on with a half-typed form.
    pub(super) fn resume(&mut self, name: &str) -> Vec<Effect> {
        self.overs.pop();
        let Some(draft) = self.own.drafts.iter().find(|draft| draft.name == name).cloned() else {
            return Vec::new();
        };
        let Some(command) = command::find(&draft.command) else {
            return Vec::new();
        };
        let mut selection = selection_of(&draft);
        if command.does == Does::Change(Takes::Step) {
            // Its name says the step already.
            let number = step_of(&draft).map(|number| (STEP.to_owned(), number.to_string()));
            selection.given.extend(number);
        }
        if let Err(why) = command.is_possible(&self.base.me, &selection) {
            self.say(&why, &[]);
            return Vec::new();
        }
        if command.word == PAPERS {
            return self.resume_paper(&draft);
        }
        let form = Form::new(command, &selection, &self.base.view()).resume(&draft);
        let effects = self.lay(Box::new(form), Some(Aim { command, selection, sent: None }));
        let owner = next(&mut self.n_tickets).0;
        if let Some(laid) = self.overs.last_mut() {
            let draft_now = laid.seat.it.draft();
            laid.seat.kept = Some(Kept { name: draft.name.clone(), owner, draft: draft_now });
        }
        effects
    }

    /// The clerk goes on with what was half typed for a paper, on the paper itself.
    fn resume_paper(&mut self, draft: &Draft) -> Vec<Effect> {
        let seat = self.history.get_mut(self.at);
        let here = seat.filter(|seat| seat.it.drafts().is_some_and(|own| is_about(draft, &own)));
        let effects = match here.map(|seat| seat.it.go_on(draft)) {
            Some(step) => stepped(self, step),
            None => self.visit(Box::new(PapersScreen::going_on(draft))),
        };
        let owner = next(&mut self.n_tickets).0;
        if let Some(seat) = self.history.get_mut(self.at) {
            seat.kept = Some(Kept { name: draft.name.clone(), owner, draft: seat.it.draft() });
        }
        effects
    }

    /// The clerk begins a form anew; the half-typed ones stay.
    pub(super) fn begin_fresh(&mut self) -> Vec<Effect> {
        match self.overs.pop().and_then(|laid| laid.aim) {
            Some(Aim { command, selection, .. }) => begin_form(self, command, selection),
            None => self.lay_paper_form(),
        }
    }

    /// A setting of the screen is kept and holds at once.
    pub(super) fn prefer(&mut self, name: String, value: String) -> Vec<Effect> {
        self.own.settings.insert(name.clone(), value.clone());
        self.prefs = Prefs::of(&self.own.settings, &self.term);
        self.base.layouts = layouts_of(&self.own.settings);
        self.base.look = Look::new(self.prefs.wish, self.colours);
        let owner = next(&mut self.n_tickets).0;
        vec![self.tell_keep(Keep::Setting { name, value: Some(value) }, owner)]
    }

    fn tell_keep(&mut self, keep: Keep, owner: u64) -> Effect {
        let ticket = next(&mut self.n_tickets);
        // Of two tellings for one form only the newer is made, and only it is answered.
        self.keeps.retain(|(other, _)| *other != owner);
        self.keeps.push((owner, ticket));
        let slot = Some(Slot { owner, place: 0 });
        Effect::Call(Call { ticket, slot, request: Request::Keep(keep) })
    }

    /// Whether an answer was to something that is kept.
    pub(super) fn was_keeping(&mut self, ticket: Ticket) -> bool {
        let n_before = self.keeps.len();
        self.keeps.retain(|(_, other)| *other != ticket);
        self.keeps.len() < n_before
    }
}

fn is_unkept(draft: &Option<Draft>, kept: &Option<Kept>) -> bool {
    draft.as_ref() != kept.as_ref().and_then(|kept| kept.draft.as_ref())
}

/// Whether it is the form of the paper that is seen below.
fn is_of_paper(laid: &Laid) -> bool {
    laid.seat.it.name() == PAPER_FORM
}

/// The step that a form was about.
fn step_of(draft: &Draft) -> Option<u32> {
    draft.fields.get(STEP)?.parse().ok()
}

/// What was selected when a form was begun.
fn selection_of(draft: &Draft) -> Selection {
    Selection {
        record: draft.on.map(|(record, _)| record),
        version: draft.on.and_then(|(_, version)| version),
        name: draft.title.clone(),
        around: draft.around,
        ..Selection::default()
    }
}
