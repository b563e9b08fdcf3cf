//! How a case of a made-up town ends: looked into, tested, archived, or reviewed.

use chrono::{NaiveDate, NaiveTime};

use crate::demo::intake::Making;
use crate::demo::plan::{after, before};
use crate::demo::script::all;
use crate::domain::choice::{ClaimResult, Manner, Route};
use crate::domain::step::Deed;
use crate::domain::step_choice::{Interest, Rating, Retention, SecondLook};

/// Days after its conclusion from which a case is in the archive.
const ARCHIVED_AFTER: u64 = 60;

impl Making<'_> {
    /// Records that nobody has an interest, and what was found (Reg. 28(3), 31(6)).
    pub(super) fn look_into(&mut self, from: NaiveDate, until: NaiveDate) {
        let holders: Vec<_> = [self.case.handler, self.case.lead].into_iter().flatten().collect();
        for officer in holders {
            let deed = Deed::Declared { officer, interest: Interest::Free };
            self.step(from, "", None, deed);
        }
        let room = u64::try_from((until - from).num_days()).unwrap_or(0);
        let on = self.town.workday(after(from, room / 2), until);
        self.step(on, "inquiry", None, Deed::Investigated);
    }

    /// Carries out what was supported, asks how satisfied they are, and answers the five tests.
    pub(super) fn test(&mut self, on: NaiveDate) {
        if crate::domain::procedure::supports(&self.case) {
            self.step(on, "carry_out", None, Deed::CarriedOut);
        }
        let rating = match self.case.id.0 % 5 {
            0 => Rating::Invited,
            1 => Rating::Mostly,
            2 => Rating::Unsatisfied,
            _ => Rating::Satisfied,
        };
        self.step(on, "", None, Deed::Rated { rating, office_rating: Some(Rating::Satisfied) });
        let deed = Deed::Tested {
            facts: said(self, "test_facts"),
            nature: said(self, "test_nature"),
            handling: said(self, "test_handling"),
            procedure: said(self, "test_procedure"),
            papers: said(self, "test_papers"),
        };
        self.step(on, "", None, deed);
    }

    /// What follows in the weeks after a conclusion: a review, a second one, the archive.
    pub(super) fn after_closing(&mut self, on: NaiveDate) {
        let today = self.town.today;
        let age = u64::try_from((today - on).num_days()).unwrap_or(0);
        let day = |n_days: u64| after(on, n_days).min(today);
        let body = said(self, "reviewer").unwrap_or_default();
        match self.case.id.0 % 24 {
            5 if age >= 5 => {
                let asked = if age >= 70 { day(10) } else { before(today, 2) };
                self.step(asked, "review", None, Deed::ReviewAsked { body });
                if age >= 70 {
                    self.review_twice(&day);
                }
            }
            _ if age >= ARCHIVED_AFTER => {
                let number = self.case.number.clone();
                let deed = Deed::Archived {
                    number,
                    retention: Retention::Thirty,
                    case_box: None,
                    pages: Some(12),
                };
                self.step(day(ARCHIVED_AFTER / 2), "", None, deed);
            }
            _ => {}
        }
    }

    fn review_twice(&mut self, day: &impl Fn(u64) -> NaiveDate) {
        let outcome = SecondLook::Upheld;
        let deed = Deed::Reviewed { outcome, delivered_on: Some(day(33)) };
        self.step(day(32), "reviewed", Some("review"), deed);
        let body = said(self, "rechecker").unwrap_or_default();
        self.step(day(40), "review", None, Deed::RecheckAsked { body });
        let deed = Deed::Rechecked { outcome, delivered_on: Some(day(67)) };
        self.step(day(66), "reviewed", Some("review"), deed);
        self.step(day(68), "ended", None, Deed::Ended);
    }

    fn step(&mut self, on: NaiveDate, section: &str, document: Option<&str>, deed: Deed) {
        let entry = self.entry(on, section, document);
        self.case.add(deed, entry);
    }
}

/// One of the texts of a section, if it has any.
pub(super) fn said(making: &mut Making<'_>, section: &str) -> Option<String> {
    let text = making.chance.text(&all(&making.town.script.steps, section, "text"));
    (!text.is_empty()).then(|| text.to_owned())
}

/// The opinion on a case as a deed (Reg. 32).
pub(super) fn opinion(making: &mut Making<'_>, on: NaiveDate) -> Deed {
    let opinion = making.case.measures.clone().or_else(|| said(making, "opinion"));
    let basis = said(making, "basis");
    let case = &making.case;
    let head = making.town.officers.iter().find(|officer| officer.is_head_on(making.town.today));
    Deed::Replied {
        request: Some(case.title.clone()),
        facts: case.claims.values().find_map(|claim| claim.finding.clone()),
        opinion,
        basis,
        result: case.claims.values().filter_map(|claim| claim.result).min_by_key(rank),
        signed_by: head.map(|head| head.id),
        sealed_on: Some(on),
        states_review: Some(case.route == Some(Route::Petition)),
    }
}

/// The report of an urgent matter as a deed (Reg. 25).
pub(super) fn alarmed(making: &mut Making<'_>) -> Deed {
    let minutes = making.chance.between(10, 50);
    let known_at = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let at = NaiveTime::from_hms_opt(9, minutes, 0).unwrap_or_default();
    let to = said(making, "urgent_to").unwrap_or_default();
    Deed::Alarmed { at, to, known_at: Some(known_at), known_on: None }
}

const fn rank(result: &ClaimResult) -> u8 {
    match result {
        ClaimResult::Supported => 0,
        ClaimResult::Explained => 1,
        ClaimResult::Refused => 2,
    }
}

/// A case that another procedure governs, or another body, as a deed.
pub(super) fn elsewhere(making: &mut Making<'_>) -> Deed {
    match making.case.route {
        Some(Route::Accusation) | None => {
            let body = said(making, "discipline").unwrap_or_default();
            Deed::Forwarded { body, told_on: None }
        }
        Some(procedure) => {
            let body = said(making, "court").unwrap_or_default();
            Deed::Guided { procedure, body }
        }
    }
}

/// A delivery as a deed.
pub(super) const fn delivered(manner: Manner, receiver: Option<String>) -> Deed {
    Deed::Delivered {
        manner,
        receiver,
        mail: None,
        consent: None,
        servers: None,
        witness: None,
        place: None,
    }
}
