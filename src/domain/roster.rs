//! The rules of the roster: what an entry needs, what each act makes of it, what is refused.
//!
//! A ground must be one of the closed list and be carried by the case (Reg. 25, 31, 37); a second
//! person approves; a review lies at most thirty-one days ahead. A case that is sealed is never on
//! the roster, and a case of an old ledger carries no ground.

use chrono::{Days as Span, NaiveDate};

use crate::domain::broken::Broken;
use crate::domain::case::{Case, Stage};
use crate::domain::choice::{ContactManner, EndReason, RosterGround};
use crate::domain::entry::{
    Approval, ApprovalWay, Contact, Days, Ending, Entry, EntryState, Promise, Renewal,
};
use crate::domain::ids::{ClerkId, EntryId, OfficerId, PersonId, Version};
use crate::domain::office::Officer;

/// The most days from today to a review.
pub const REVIEW_DAYS_MAX: u64 = 31;
/// The most days from a contact to the next one.
pub const CONTACT_DAYS_MAX: u64 = 92;
/// The working days for which a lapsed entry stays on the agenda.
pub const PENDING_WORKDAYS: u32 = 10;

/// What a proposal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The number that the entry gets.
    pub id: EntryId,
    /// The person.
    pub person: PersonId,
    /// The ground.
    pub ground: RosterGround,
    /// The ground in words.
    pub reason: String,
    /// The account that proposes, and its officer.
    pub by: (ClerkId, Option<OfficerId>),
    /// The measures of help.
    pub measures: String,
    /// The help that was called, and the day of the report, for somebody in danger (Reg. 25).
    pub danger: (Option<String>, Option<NaiveDate>),
    /// The day on which the person was told, or why not.
    pub told: (Option<NaiveDate>, Option<String>),
    /// The next contact.
    pub contact_on: NaiveDate,
    /// The review.
    pub review_on: NaiveDate,
    /// Help that is promised.
    pub promise: Option<Promise>,
}

/// Who approves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approver<'a> {
    /// The account that enters it, and its officer.
    pub by: (ClerkId, Option<OfficerId>),
    /// The officer who approved on paper.
    pub on_paper: Option<&'a Officer>,
    /// How many accounts the office has.
    pub accounts: Accounts,
}

/// How many open accounts the office has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// One, so that nobody else could approve.
    One,
    /// Several.
    Several,
}

/// What an approval says besides who.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approving {
    /// The day; today if none.
    pub on: Option<NaiveDate>,
    /// The number of the paper.
    pub document: Option<String>,
    /// The day on which the person was told, or why not, if not said before.
    pub told: (Option<NaiveDate>, Option<String>),
    /// Another review day.
    pub review_on: Option<NaiveDate>,
}

/// A contact as it is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacting {
    /// The day.
    pub on: NaiveDate,
    /// Who made it.
    pub by: Option<OfficerId>,
    /// How.
    pub manner: ContactManner,
    /// What was done.
    pub text: String,
    /// The next day.
    pub next_on: NaiveDate,
    /// Whether the promised help was given.
    pub given: Given,
    /// Help that is promised now.
    pub promise: Option<Promise>,
}

/// Whether a contact brought the promised help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// It did.
    Yes,
    /// It did not.
    No,
}

/// Whether a case carries a ground now.
///
/// # Errors
/// The case is sealed, from an old ledger, closed, or does not have what the ground says.
pub fn must_carry(case: &Case, ground: RosterGround) -> Result<(), Broken> {
    let broken = |key| Err(Broken::new(key).at("propose.ground"));
    if case.readers.is_some() {
        return broken("case_is_sealed");
    }
    let stage = case.stage();
    if stage == Stage::History {
        return broken("case_is_history");
    }
    let is_there = match ground {
        // Reg. 37(3): care goes on after the procedure has ended.
        RosterGround::Care => stage == Stage::Concluded,
        // Reg. 31: guidance may still be due when the matter went elsewhere.
        RosterGround::Guidance => stage.is_open() || stage == Stage::Elsewhere,
        RosterGround::Backlog
        | RosterGround::Assigned
        | RosterGround::Repeated
        | RosterGround::Hardship
        | RosterGround::Danger => stage.is_open(),
    };
    if !is_there {
        let is_early = ground == RosterGround::Care && stage.is_open();
        return broken(if is_early {
            "procedure_has_not_ended"
        } else {
            "case_has_ended_for_roster"
        });
    }
    let has = match ground {
        RosterGround::Assigned => case.entrusted.is_some(),
        RosterGround::Repeated => case.repeats.is_some() || case.receipts().len() > 1,
        _ => true,
    };
    if has { Ok(()) } else { broken("ground_is_not_on_the_case") }
}

/// Whether the ground of an entry is gone, so that it ends by itself.
pub fn is_ground_gone(case: &Case, ground: RosterGround) -> bool {
    must_carry(case, ground).is_err()
}

/// Proposes an entry.
///
/// # Errors
/// The case does not carry the ground; the person is not of the case; a day is out of order; the
/// help called and the report are missing where somebody is in danger; an officer may not lead.
pub fn propose(
    proposal: Proposal,
    case: &Case,
    (lead, officer): (&Officer, &Officer),
    today: NaiveDate,
) -> Result<Entry, Broken> {
    must_carry(case, proposal.ground)?;
    must_lead(lead, today, "propose.lead")?;
    must_be_in_office(officer, today, "propose.officer")?;
    let (help_called, reported_on) = proposal.danger;
    if proposal.ground == RosterGround::Danger {
        // Reg. 25: report at once and see to help.
        if help_called.is_none() {
            return Err(Broken::new("danger_needs_help").at("propose.help_called"));
        }
        if reported_on.is_none() {
            return Err(Broken::new("danger_needs_a_report").at("propose.reported_on"));
        }
    }
    not_future(reported_on, today, "propose.reported_on")?;
    let (told_on, not_told) = proposal.told;
    not_future(told_on, today, "propose.told_on")?;
    ahead(proposal.contact_on, (today, CONTACT_DAYS_MAX), "propose.contact_on")?;
    review_ahead(proposal.review_on, today, "propose.review_on")?;
    if let Some(promise) = &proposal.promise {
        ahead(promise.by_on, (today, 366), "propose.promise_by")?;
    }
    Ok(Entry {
        id: proposal.id,
        version: Version::default(),
        person: proposal.person,
        case: case.id,
        ground: proposal.ground,
        reason: proposal.reason,
        village: case.village_that_sees(),
        proposed_by: proposal.by.0,
        proposer: proposal.by.1,
        proposed_on: today,
        approval: None,
        lead: lead.id,
        officer: officer.id,
        measures: proposal.measures,
        help_called,
        reported_on,
        told_on,
        not_told,
        contact_on: proposal.contact_on,
        promise: proposal.promise,
        review_on: proposal.review_on,
        reviews: std::collections::BTreeMap::new(),
        contacts: std::collections::BTreeMap::new(),
        last_line: 0,
        lapsed_on: None,
        ending: None,
    })
}

impl Entry {
    /// Approves a proposal.
    ///
    /// # Errors
    /// It is approved already, has lapsed or ended; its proposer approves; the paper has no number
    /// or day; nobody says whether the person was told; a day is out of order.
    pub fn approve(
        &self,
        approver: Approver<'_>,
        approving: Approving,
        today: NaiveDate,
    ) -> Result<Self, Broken> {
        if self.ending.is_some() {
            return Err(Broken::new("entry_has_ended"));
        }
        if self.approval.is_some() {
            return Err(Broken::new("entry_is_approved"));
        }
        let on = approving.on.unwrap_or(today);
        not_future(Some(on), today, "approve.on")?;
        if on < self.proposed_on {
            let broken = Broken::new("day_is_before_what_it_follows").at("approve.on");
            return Err(broken.with("day", self.proposed_on));
        }
        let mut next = self.clone();
        next.approval = Some(self.approval_of(approver, approving.document, on)?);
        let (told_on, not_told) = approving.told;
        not_future(told_on, today, "approve.told_on")?;
        next.told_on = told_on.or(self.told_on);
        next.not_told = if next.told_on.is_some() { None } else { not_told.or(next.not_told) };
        if next.told_on.is_none() && next.not_told.is_none() {
            return Err(Broken::new("told_or_why_not").at("approve.told_on"));
        }
        next.review_on = approving.review_on.unwrap_or(self.review_on);
        review_ahead(next.review_on, today, "approve.review_on")?;
        Ok(next)
    }

    fn approval_of(
        &self,
        approver: Approver<'_>,
        document: Option<String>,
        on: NaiveDate,
    ) -> Result<Approval, Broken> {
        let (by, own) = approver.by;
        let approval = |way, approver| Approval { way, by, approver, on, document: None };
        if approver.on_paper.is_some() || document.is_some() {
            let missing = |field| Broken::new("paper_needs_name_and_number").at(field);
            let officer = approver.on_paper.ok_or_else(|| missing("approve.approver"))?;
            let document = document.ok_or_else(|| missing("approve.document"))?;
            must_be_in_office(officer, on, "approve.approver")?;
            if self.proposer == Some(officer.id) {
                return Err(Broken::new("proposer_may_not_approve").at("approve.approver"));
            }
            let paper = approval(ApprovalWay::Paper, Some(officer.id));
            return Ok(Approval { document: Some(document), ..paper });
        }
        let is_proposer = by == self.proposed_by || (own.is_some() && own == self.proposer);
        match (is_proposer, approver.accounts) {
            (false, _) => Ok(approval(ApprovalWay::Second, own)),
            (true, Accounts::One) => Ok(approval(ApprovalWay::OneAccount, own)),
            (true, Accounts::Several) => Err(Broken::new("proposer_may_not_approve")),
        }
    }

    /// Records a contact.
    ///
    /// # Errors
    /// The entry is not approved, has lapsed or ended; a day is out of order; help is promised
    /// while an earlier promise is open, or given where none is.
    pub fn contact(&self, contacting: Contacting, days: Days) -> Result<Self, Broken> {
        self.must_run(days)?;
        not_future(Some(contacting.on), days.today, "contact.on")?;
        if contacting.on < self.proposed_on {
            let broken = Broken::new("day_is_before_what_it_follows").at("contact.on");
            return Err(broken.with("day", self.proposed_on));
        }
        ahead(contacting.next_on, (days.today, CONTACT_DAYS_MAX), "contact.next_on")?;
        let mut next = self.clone();
        let given = match (contacting.given, next.promise.take()) {
            (Given::Yes, Some(promise)) => Some(promise.text),
            (Given::Yes, None) => {
                return Err(Broken::new("no_help_was_promised").at("contact.given"));
            }
            (Given::No, open) => {
                next.promise = open;
                None
            }
        };
        if let Some(promise) = contacting.promise {
            if next.promise.is_some() {
                return Err(Broken::new("earlier_promise_is_open").at("contact.promise"));
            }
            ahead(promise.by_on, (days.today, 366), "contact.promise_by")?;
            next.promise = Some(promise);
        }
        next.last_line += 1;
        next.contact_on = contacting.next_on;
        let contact = Contact {
            on: contacting.on,
            entered_on: days.today,
            by: contacting.by,
            manner: contacting.manner,
            text: contacting.text,
            given,
            next_on: contacting.next_on,
        };
        next.contacts.insert(next.last_line, contact);
        Ok(next)
    }

    /// Renews an entry after a review; also one that lapsed at most ten working days ago.
    ///
    /// # Errors
    /// It is not approved, has lapsed for longer or ended; its ground is gone; the day is not
    /// within thirty-one days.
    pub fn renew(
        &self,
        case: &Case,
        (until, text, by): (NaiveDate, String, Option<OfficerId>),
        days: Days,
    ) -> Result<Self, Broken> {
        self.must_run(days)?;
        must_carry(case, self.ground).map_err(|broken| Broken { field: None, ..broken })?;
        review_ahead(until, days.today, "renew.review_on")?;
        if until <= self.review_on {
            let broken = Broken::new("review_is_not_later").at("renew.review_on");
            return Err(broken.with("day", self.review_on));
        }
        let mut next = self.clone();
        next.last_line += 1;
        let renewal = Renewal { on: days.today, by, was: self.review_on, until, text };
        next.reviews.insert(next.last_line, renewal);
        next.review_on = until;
        next.lapsed_on = None;
        Ok(next)
    }

    /// Ends an entry by a decision.
    ///
    /// # Errors
    /// It has ended; the day is out of order; the reason is one that comes by itself.
    pub fn end(&self, ending: Ending, today: NaiveDate) -> Result<Self, Broken> {
        if self.ending.is_some() {
            return Err(Broken::new("entry_has_ended"));
        }
        if matches!(ending.why, EndReason::Lapsed | EndReason::CaseClosed) {
            return Err(Broken::new("reason_comes_by_itself").at("leave.why"));
        }
        not_future(Some(ending.on), today, "leave.on")?;
        if ending.on < self.proposed_on {
            let broken = Broken::new("day_is_before_what_it_follows").at("leave.on");
            return Err(broken.with("day", self.proposed_on));
        }
        Ok(Self { ending: Some(ending), ..self.clone() })
    }

    /// What the system notes of a lapse: that it happened, and later that it is final. None if
    /// there is nothing to note.
    pub fn noted_lapse(&self, days: Days) -> Option<Self> {
        let lapsed_on = self.review_on.succ_opt()?;
        match self.state(days) {
            EntryState::Pending if self.lapsed_on.is_none() => {
                Some(Self { lapsed_on: Some(lapsed_on), ..self.clone() })
            }
            EntryState::Lapsed => {
                let ending = Ending { on: lapsed_on, by: None, why: EndReason::Lapsed, text: None };
                Some(Self { lapsed_on: Some(lapsed_on), ending: Some(ending), ..self.clone() })
            }
            EntryState::Proposed
            | EntryState::Running
            | EntryState::Pending
            | EntryState::Ended => None,
        }
    }

    /// Whether anything may still be done under it.
    ///
    /// # Errors
    /// It is not approved, has lapsed for more than ten working days, or has ended.
    pub fn must_run(&self, days: Days) -> Result<(), Broken> {
        match self.state(days) {
            EntryState::Running | EntryState::Pending => Ok(()),
            EntryState::Proposed => Err(Broken::new("entry_is_not_approved")),
            EntryState::Lapsed => Err(Broken::new("entry_has_lapsed").with("day", self.review_on)),
            EntryState::Ended => match &self.ending {
                Some(Ending { why: EndReason::Lapsed, .. }) => {
                    Err(Broken::new("entry_has_lapsed").with("day", self.review_on))
                }
                _ => Err(Broken::new("entry_has_ended")),
            },
        }
    }
}

/// Whether an officer may answer for an entry as its leader.
///
/// # Errors
/// They may not lead, or have left.
pub fn must_lead(lead: &Officer, on: NaiveDate, field: &str) -> Result<(), Broken> {
    if !lead.leads {
        return Err(Broken::new("officer_may_not_lead").at(field).with("name", &lead.name));
    }
    must_be_in_office(lead, on, field)
}

/// Whether an officer works here on a day.
///
/// # Errors
/// They have left.
pub fn must_be_in_office(officer: &Officer, on: NaiveDate, field: &str) -> Result<(), Broken> {
    if officer.is_in_office_on(on) {
        return Ok(());
    }
    Err(Broken::new("officer_has_left").at(field).with("name", &officer.name))
}

fn not_future(on: Option<NaiveDate>, today: NaiveDate, field: &str) -> Result<(), Broken> {
    if on.is_some_and(|on| on > today) {
        return Err(Broken::new("day_is_in_the_future").at(field).with("day", today));
    }
    Ok(())
}

fn ahead(on: NaiveDate, (today, most): (NaiveDate, u64), field: &str) -> Result<(), Broken> {
    let last = today.checked_add_days(Span::new(most)).unwrap_or(NaiveDate::MAX);
    if on < today {
        return Err(Broken::new("day_has_passed").at(field).with("day", today));
    }
    if on > last {
        return Err(Broken::new("day_is_too_far").at(field).with("day", last));
    }
    Ok(())
}

fn review_ahead(on: NaiveDate, today: NaiveDate, field: &str) -> Result<(), Broken> {
    let last = today.checked_add_days(Span::new(REVIEW_DAYS_MAX)).unwrap_or(NaiveDate::MAX);
    if on <= today {
        return Err(Broken::new("review_is_not_ahead").at(field).with("day", today));
    }
    if on > last {
        return Err(Broken::new("review_is_too_far").at(field).with("day", last));
    }
    Ok(())
}
