//! Papers: what one would say is shown before it is made; then it is written into the clerk's
//! exchange folder. The program knows neither templates nor files; whoever started it does.
//!
//! INVARIANT: one paper is written at a time, so that a key pressed twice gives out one number.

use crate::api::door::Ticket;
use crate::api::own;
use crate::api::paper::{Draft, Filed, Wanted};
use crate::api::refusal::Refusal;
use crate::domain::act::Act;
use crate::domain::ids::RequestId;
use crate::domain::paper::Paper;
use crate::locale;
use crate::tui::app::act::stepped;
use crate::tui::app::talk::next;
use crate::tui::app::{Effect, Model};
use crate::tui::command::Command;
use crate::tui::screen::Selection;
use crate::tui::screen::drafts::Drafts;
use crate::tui::screen::over::Typing;
use crate::tui::screen::paper::kept::is_about;

/// What is to be done with a paper outside of the program.
#[derive(Debug, Clone, PartialEq)]
pub enum PaperJob {
    /// Show what it would say, for that ticket.
    Draft(Ticket, Box<Wanted>),
    /// Write it, under that id.
    Write(RequestId, Box<Wanted>),
}

impl Model {
    /// Asks for what the paper of the present screen would say.
    pub(super) fn ask_draft(&mut self) -> Option<Effect> {
        self.draft = None;
        let wanted = self.history.get(self.at)?.it.drafts()?;
        let ticket = next(&mut self.n_tickets);
        self.draft = Some(ticket);
        Some(Effect::Paper(PaperJob::Draft(ticket, Box::new(wanted))))
    }

    /// What a paper would say; an answer to an earlier question is dropped.
    pub(super) fn drafted(
        &mut self,
        ticket: Ticket,
        outcome: Result<Draft, Refusal>,
    ) -> Vec<Effect> {
        if self.draft != Some(ticket) {
            return Vec::new();
        }
        self.draft = None;
        let refusal = match &outcome {
            Ok(draft) => draft.refused.clone(),
            Err(refusal) => Some(refusal.clone()),
        };
        let step = self.history.get_mut(self.at).map(|seat| seat.it.drafted(outcome));
        let effects = step.map_or_else(Vec::new, |step| stepped(self, step));
        if let Some(refusal) = refusal {
            self.say_refusal(&refusal);
        }
        effects
    }

    /// What was typed for a paper goes to its screen.
    pub(super) fn typed_for_paper(&mut self, typing: Typing) -> Vec<Effect> {
        if self.is_writing {
            self.say("paper.writing", &[]);
            return Vec::new();
        }
        let kept = self.overs.pop().and_then(|laid| laid.seat.kept);
        let Some(seat) = self.history.get_mut(self.at) else { return Vec::new() };
        seat.kept = kept;
        let step = seat.it.typed_for_paper(typing);
        let mut effects = self.keep_forms();
        effects.extend(stepped(self, step));
        effects
    }

    /// Opens the form of the paper that is seen; what was half typed for it before is offered first.
    pub(super) fn fill_paper(&mut self) -> Vec<Effect> {
        let Some(seat) = self.history.get(self.at) else { return Vec::new() };
        let wanted = seat.it.drafts().filter(|_| seat.kept.is_none());
        let is_of = |draft: &&own::Draft| wanted.as_ref().is_some_and(|own| is_about(draft, own));
        let drafts: Vec<own::Draft> = self.own.drafts.iter().filter(is_of).cloned().collect();
        if drafts.is_empty() {
            return self.lay_paper_form();
        }
        self.lay(Box::new(Drafts::before_form(drafts)), None)
    }

    /// Lays the form of the paper that is seen over it; what is kept for the paper goes with it.
    pub(super) fn lay_paper_form(&mut self) -> Vec<Effect> {
        let view = self.base.view();
        let Some(seat) = self.history.get_mut(self.at) else { return Vec::new() };
        let Some(form) = seat.it.form(&view) else { return Vec::new() };
        let kept = seat.kept.take();
        let effects = self.lay(form, None);
        if let Some(laid) = self.overs.last_mut() {
            laid.seat.kept = kept;
        }
        effects
    }

    /// Writes a paper.
    pub(super) fn write_paper(&mut self, wanted: Box<Wanted>) -> Vec<Effect> {
        if self.is_writing {
            self.say("paper.writing", &[]);
            return Vec::new();
        }
        self.is_writing = true;
        let id = self.next_order_id();
        self.say("paper.writing", &[]);
        vec![Effect::Paper(PaperJob::Write(id, wanted))]
    }

    /// A command that voids a paper says which: its kind stands before the name of what is selected.
    pub(super) fn aim_at_paper(&self, selection: &mut Selection) {
        let Some(paper) = selection.paper else { return };
        selection.name = format!("{} {}", self.paper_name(paper), selection.name);
    }

    /// What an order that is done is called; one that voided a paper says which.
    pub(super) fn label_of(&self, command: &Command, place: Option<usize>) -> String {
        let label = locale::text(self.base.lang, &command.label());
        let aim = place.and_then(|place| self.overs.get(place)?.aim.as_ref());
        let paper = aim.filter(|aim| aim.command.act == Some(Act::VoidPaper));
        match paper.and_then(|aim| aim.selection.paper) {
            Some(paper) => format!("{label} {}", self.paper_name(paper)),
            None => label,
        }
    }

    fn paper_name(&self, paper: Paper) -> String {
        locale::text(self.base.lang, &format!("choice.paper.{}", paper.word()))
    }

    /// A paper was written: where it lies, and under which number.
    pub(super) fn filed(&mut self, outcome: Result<Filed, Refusal>) -> Vec<Effect> {
        self.is_writing = false;
        let filed = match outcome {
            Ok(filed) => filed,
            Err(refusal) => {
                // Its number may be given out.
                let effects = self.ask_screen();
                self.say_refusal(&refusal);
                return effects;
            }
        };
        // Who has left the paper meanwhile hears of it there when coming back.
        let told = self.history.iter_mut().map(|seat| seat.it.filed(&filed));
        let step = told.enumerate().filter(|(at, _)| *at == self.at).map(|(_, step)| step).last();
        let mut effects = step.map_or_else(Vec::new, |step| stepped(self, step));
        effects.extend(self.keep_forms());
        let paper = self.paper_name(filed.paper);
        let key = if filed.number.is_some() { "paper.filed_numbered" } else { "paper.filed" };
        let args = [
            ("paper".to_owned(), paper),
            ("number".to_owned(), filed.number.unwrap_or_default()),
            ("place".to_owned(), filed.place),
        ];
        self.say_done(key, &args);
        effects
    }
}
