//! One thing that was done about a case: when, by whom, and what it was.
//!
//! The fields of a deed bear the names of the fields of its form, so that a filled form is a deed.
//! INVARIANT: a word on disk is never given another meaning; what was added later may be missing.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::domain::choice::{Channel, ClaimResult, Manner, Route, Source, Work};
use crate::domain::ids::{CaseId, OfficerId, ReceiptId, UnitId};
use crate::domain::office::is_false;
use crate::domain::paper::Paper;
use crate::domain::step_choice::{
    DeclineGround, Declining, Interest, MediationEnd, ObjectionAnswer, PaperStep, PauseGround,
    Rating, ReopenGround, Retention, SecondLook, SimpleGround, StopGround, SupervisionForm,
};

/// One thing that was done about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The cycle to which it belongs.
    pub cycle: u32,
    /// The day on which it happened.
    pub on: NaiveDate,
    /// The day on which it was entered; later than `on` if it was entered afterwards.
    pub entered_on: NaiveDate,
    /// The officer who did it or entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// What was done.
    pub deed: Deed,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The number of the document that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Who told of it and on which form, where somebody else entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_by: Option<String>,
    /// Whether it was corrected after it was entered; the journal keeps the old values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub corrected: bool,
    /// The day that was entered first, if its day was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_on: Option<NaiveDate>,
    /// What was entered first, if that was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Box<Deed>>,
    /// Why it was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

// Fifty deeds, each with a word, fields that it must have and fields that it may have: a macro
// keeps a row a row and the word beside the name.
macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident
        $({ $($(#[$must_doc:meta])* $must:ident: $must_type:ty),*
        $(; $($(#[$may_doc:meta])* $may:ident: $may_type:ty),*)? })?
        = $word:literal;)*) => {
        /// What was done.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Deed {$(
            $(#[$doc])*
            #[serde(rename = $word)]
            $name $({
                $($(#[$must_doc])* $must: $must_type,)*
                $($(
                    $(#[$may_doc])*
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    $may: Option<$may_type>,
                )*)?
            })?,
        )*}

        impl Deed {
            /// The words of all deeds.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word of the deed, as in JSON and in the catalogue under `deed.WORD`.
            pub const fn word(&self) -> &'static str {
                match self { $(Self::$name { .. } => $word),* }
            }
        }
    };
}

deeds! {
    /// A receipt came: the first registers the case, each later one joins it.
    Received {
        /// The receipt.
        receipt: ReceiptId,
        /// From whom it came.
        source: Source;
        /// How it came; some channels have limits of their own.
        channel: Channel
    } = "received";
    /// Purpose and procedure were decided (Reg. 29 to 31).
    Routed {
        /// The procedure.
        route: Route
    } = "routed";
    /// The petitioner was told in writing what happens (Reg. 23).
    Notified {
        /// How they were told.
        manner: Manner;
        /// The receipt that it answers; none for all so far.
        receipt: ReceiptId
    } = "notified";
    /// An objection to a transfer was sent (Reg. 23(3)).
    Objected {
        /// The receipt by which it had come.
        receipt: ReceiptId
    } = "objected";
    /// The sender answered an objection (Reg. 23(3)).
    ObjectionAnswered {
        /// What it said.
        answer: ObjectionAnswer
    } = "objection_answered";
    /// The case was taken on (Reg. 31(6)).
    Accepted = "accepted";
    /// Simplified handling was chosen.
    Simplified {
        /// Why it is fit for that.
        ground: SimpleGround;
        /// Whether it was looked at that no part of the request may be refused.
        supportable: bool
    } = "simplified";
    /// Simplified handling was given up for the ordinary procedure.
    MadeOrdinary = "made_ordinary";
    /// The case was not taken on (Reg. 19(3), 23), or no longer (Reg. 36(3)).
    Declined {
        ;
        /// Not accepted, or no longer.
        how: Declining,
        /// Why.
        ground: DeclineGround,
        /// The body to which the petitioner was pointed.
        body: String
    } = "declined";
    /// The case was forwarded to another body (Reg. 22, 23).
    Forwarded {
        /// To which.
        body: String;
        /// The day on which the petitioner was told where it went.
        told_on: NaiveDate
    } = "forwarded";
    /// The petitioner was led into another procedure (Reg. 31(1) to (5)).
    Guided {
        /// The procedure.
        procedure: Route,
        /// The body that conducts it.
        body: String
    } = "guided";
    /// The case was assigned to a unit below, with a report wanted.
    Entrusted {
        /// The unit.
        unit: UnitId,
        /// The day by which the report is wanted.
        due_on: NaiveDate
    } = "entrusted";
    /// Another unit was asked to help by a day of its own.
    Assisted {
        /// The unit.
        unit: UnitId,
        /// The day by which its answer is wanted.
        due_on: NaiveDate
    } = "assisted";
    /// A village that the petition is about was asked for something; it sees that and no more.
    Released {
        /// The village.
        unit: UnitId,
        /// The day by which its answer is wanted.
        due_on: NaiveDate
    } = "released";
    /// A unit that had been asked answered.
    Answered {
        /// The unit.
        unit: UnitId
    } = "answered";
    /// The paper of an assigned case went one step on its way.
    Passed {
        /// The step.
        step: PaperStep;
        /// Who holds it from then on.
        to: OfficerId
    } = "passed";
    /// The report went to the body that assigned the case (Reg. 22(1)(iii)).
    Reported = "reported";
    /// The body that assigned the case accepted the report.
    ReportPassed = "report_passed";
    /// The body that assigned the case sent the report back, with a new day.
    SentBack {
        /// The new day.
        due_on: NaiveDate
    } = "sent_back";
    /// The body that assigned the case gave a later day; not an extension under Article 34.
    TermMoved {
        /// The new day.
        due_on: NaiveDate
    } = "term_moved";
    /// The sixty days were extended (Reg. 34).
    Extended {
        /// Calendar days added.
        days: u32,
        /// Who approved it, head of the office on that day.
        approver: OfficerId;
        /// The day on which the petitioner was told the reason.
        told_on: NaiveDate
    } = "extended";
    /// The petitioner was told of an extension and its reason (Reg. 34).
    ExtensionTold {
        /// How.
        manner: Manner
    } = "extension_told";
    /// The clocks stopped.
    Paused {
        /// Why.
        ground: PauseGround
    } = "paused";
    /// The clocks went on.
    Resumed = "resumed";
    /// A leader took the case (Reg. 18(2)).
    LeadAssigned {
        /// The leader.
        lead: OfficerId
    } = "lead_assigned";
    /// The case was given to a unit.
    Allotted {
        /// The unit.
        unit: UnitId
    } = "allotted";
    /// The case was given to an officer.
    HandedTo {
        /// The officer.
        handler: OfficerId
    } = "handed_to";
    /// An officer declared whether they have an interest in the case (Reg. 28(3)).
    Declared {
        /// The officer.
        officer: OfficerId,
        /// What they declared.
        interest: Interest
    } = "declared";
    /// An officer was named as a reader of the sealed case.
    ReaderAdded {
        /// The officer.
        officer: OfficerId
    } = "reader_added";
    /// An officer is no longer a reader of the sealed case.
    ReaderRemoved {
        /// The officer.
        officer: OfficerId
    } = "reader_removed";
    /// A receipt that had been joined wrongly went to another case.
    SplitOff {
        /// The receipt.
        receipt: ReceiptId,
        /// To which case.
        into: CaseId
    } = "split_off";
    /// The open part of a mixed petition was registered as a matter of its own.
    Parted {
        /// Which.
        into: CaseId
    } = "parted";
    /// Facts and reasons were looked into, and the petitioner was heard (Reg. 31(6)).
    Investigated = "investigated";
    /// A hearing was held (Reg. 31(6)).
    Heard = "heard";
    /// A mediation was held with consent (Reg. 33).
    Mediated {
        /// How it ended.
        end: MediationEnd;
        /// Whether the parties had consented.
        consent: bool
    } = "mediated";
    /// Other work on the case.
    Worked {
        /// What kind of work.
        work: Work
    } = "worked";
    /// A major or urgent matter was reported (Reg. 25).
    Alarmed {
        /// The time of the report.
        at: NaiveTime,
        /// To whom.
        to: String;
        /// The time at which the office learnt of it.
        known_at: NaiveTime,
        /// The day on which it did, if that was not the day of the report.
        known_on: NaiveDate
    } = "alarmed";
    /// A leader wrote an instruction on it.
    Instructed {
        /// Who.
        leader: String;
        /// The day by which an answer is wanted.
        feedback_on: NaiveDate
    } = "instructed";
    /// The leader's instruction was answered.
    FedBack = "fed_back";
    /// Whoever holds the case was reminded.
    Nudged {
        ;
        /// Whom.
        officer: OfficerId
    } = "nudged";
    /// A unit was formally supervised (Reg. 40).
    Supervised {
        /// The form.
        form: SupervisionForm,
        /// The unit.
        unit: UnitId;
        /// The leader who answers for it there.
        officer: OfficerId
    } = "supervised";
    /// The written opinion was made (Reg. 32).
    Replied {
        ;
        /// The request as the opinion states it.
        request: String,
        /// Facts and reasons.
        facts: String,
        /// The opinion.
        opinion: String,
        /// The legal basis.
        basis: String,
        /// What it comes to.
        result: ClaimResult,
        /// Who signed it.
        signed_by: OfficerId,
        /// The day on which it got the seal of the office, not of one of its sections.
        sealed_on: NaiveDate,
        /// Whether it states the right to a review (Reg. 35).
        states_review: bool
    } = "replied";
    /// The opinion reached the petitioner (Reg. 35).
    Delivered {
        /// How.
        manner: Manner;
        /// Who received it.
        receiver: String,
        /// The number of the mail.
        mail: String,
        /// Whether the petitioner had agreed to this manner.
        consent: bool,
        /// The two who served it.
        servers: String,
        /// Who witnessed it.
        witness: String,
        /// Where it was published.
        place: String
    } = "delivered";
    /// A doubtful delivery was confirmed.
    DeliveryConfirmed = "delivery_confirmed";
    /// What a supporting opinion promised was carried out (Reg. 32(2)).
    CarriedOut = "carried_out";
    /// The petitioner was asked how satisfied they are, or said so (Reg. 21(2)).
    Rated {
        /// With the handling unit.
        rating: Rating;
        /// With the petition office.
        office_rating: Rating
    } = "rated";
    /// The five tests of closing were answered, each with its evidence.
    Tested {
        ;
        /// Facts are clear.
        facts: String,
        /// The nature is named rightly.
        nature: String,
        /// It was handled properly.
        handling: String,
        /// The procedure was kept.
        procedure: String,
        /// The papers are complete.
        papers: String
    } = "tested";
    /// The matter was settled with the petitioner.
    Settled = "settled";
    /// The superior struck it off its list.
    StruckOff {
        ;
        /// Which body.
        body: String
    } = "struck_off";
    /// The procedure was concluded.
    Concluded = "concluded";
    /// It ended without an opinion.
    Stopped {
        /// Why.
        ground: StopGround
    } = "stopped";
    /// Its receipts were joined to another case.
    Merged {
        /// To which.
        into: CaseId
    } = "merged";
    /// The file went to the archive.
    Archived {
        /// The file's number.
        number: String,
        /// How long it is kept.
        retention: Retention;
        /// The box.
        case_box: String,
        /// How many pages it has.
        pages: u32
    } = "archived";
    /// The case was opened again; a new cycle.
    Reopened {
        ;
        /// Why.
        ground: ReopenGround
    } = "reopened";
    /// The petitioner asked for a review (Reg. 35).
    ReviewAsked {
        /// Of which body.
        body: String
    } = "review_asked";
    /// The review opinion was given (Reg. 35).
    Reviewed {
        /// What it says.
        outcome: SecondLook;
        /// The day on which it reached the petitioner.
        delivered_on: NaiveDate
    } = "reviewed";
    /// The petitioner asked for a second review (Reg. 36).
    RecheckAsked {
        /// Of which body.
        body: String
    } = "recheck_asked";
    /// The second review's opinion was given (Reg. 36).
    Rechecked {
        /// What it says.
        outcome: SecondLook;
        /// The day on which it reached the petitioner.
        delivered_on: NaiveDate
    } = "rechecked";
    /// The procedure is over for good (Reg. 36(3)).
    Ended = "ended";
    /// A paper was made of the case; its number stands beside it.
    PaperMade {
        /// Which paper.
        paper: Paper,
        /// The hash of the template that it was made from.
        template: String;
        /// The series of its number.
        series: String,
        /// The serial in that series.
        serial: u32,
        /// The day on which it was voided, and its number with it.
        voided_on: NaiveDate,
        /// Who voided it. A program from before this field takes it off with its next change of the
        /// case; the journal keeps it, with the change that took it off.
        voided_by: OfficerId,
        /// Why it was voided.
        voided: String
    } = "paper_made";
}
