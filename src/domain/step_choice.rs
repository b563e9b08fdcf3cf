//! The closed lists that steps of a case are told with.

use serde::{Deserialize, Serialize};

use crate::domain::choice::{Choice, choices};

choices! {
    /// How a case is turned away.
    Declining("declining") {
        /// It is not accepted.
        NotAccepted = "not_accepted",
        /// It is no longer accepted (Reg. 36(3)).
        NoMore = "no_more",
    }

    /// Why a case is not taken on; the words are the articles.
    DeclineGround("decline_ground") {
        /// The same matter is pending below within its limit (Reg. 19(3)).
        Pending = "19(3)",
        /// Another body is competent (Reg. 23(2)).
        NotCompetent = "23(2)",
        /// The second review was given on the same facts and reasons (Reg. 36(3)).
        Ended = "36(3)",
    }

    /// The sender's answer to an objection (Reg. 23(3)).
    ObjectionAnswer("objection_answer") {
        /// It agreed: the material goes back.
        Agreed = "agreed",
        /// It did not: the notice runs from the receipt.
        Refused = "refused",
    }

    /// Why a case is fit for simplified handling.
    SimpleGround("simple_ground") {
        /// Facts and duty are clear, there is little dispute, and it is easily solved.
        Clear = "clear",
        /// An inquiry, a suggestion or thanks that can be answered at once.
        AtOnce = "at_once",
        /// It is of daily life and cannot wait.
        DailyLife = "daily_life",
        /// The body has promised it, or has concluded on it already.
        Promised = "promised",
        /// It is fit for another reason, which the text gives.
        Other = "other",
    }

    /// A step of a paper on its way.
    PaperStep("paper_step") {
        /// How to handle it was proposed.
        Proposal = "proposal",
        /// A leader wrote an instruction on it.
        Instruction = "instruction",
        /// It was given to a department.
        Allotment = "allotment",
        /// It was drafted.
        Drafting = "drafting",
        /// The draft was checked.
        Checking = "checking",
        /// It was signed.
        Signature = "signature",
        /// It was sealed with the office's seal.
        Stamping = "stamping",
    }

    /// How a mediation ended (Reg. 33).
    MediationEnd("mediation_end") {
        /// With a written agreement.
        Agreed = "agreed",
        /// Without.
        Failed = "failed",
    }

    /// Why clocks stop.
    PauseGround("pause_ground") {
        /// A hearing of the second review (Reg. 36(2)).
        Hearing = "hearing",
        /// An expert's appraisal, test or survey.
        Appraisal = "appraisal",
        /// Another lawful procedure on which the result depends.
        Procedure = "procedure",
        /// Force majeure.
        ForceMajeure = "force_majeure",
    }

    /// What a review says of the opinion.
    SecondLook("second_look") {
        /// It stands.
        Upheld = "upheld",
        /// It was changed.
        Changed = "changed",
        /// It was revoked, to be handled again.
        Revoked = "revoked",
    }

    /// How satisfied the petitioner is (Reg. 21(2)).
    Rating("rating") {
        /// They were asked and did not answer yet.
        Invited = "invited",
        /// Satisfied.
        Satisfied = "satisfied",
        /// Satisfied on the whole.
        Mostly = "mostly",
        /// Not satisfied.
        Unsatisfied = "unsatisfied",
        /// They did not wish to say.
        Silent = "silent",
    }

    /// Why a case is opened again.
    ReopenGround("reopen_ground") {
        /// The opinion was not carried out.
        NotCarriedOut = "not_carried_out",
        /// New facts or reasons.
        NewFacts = "new_facts",
        /// The review revoked the opinion.
        Revoked = "revoked",
        /// The procedure was not kept.
        Procedure = "procedure",
        /// A superior ordered it.
        Superior = "superior",
    }

    /// Why a case ends without an opinion.
    StopGround("stop_ground") {
        /// The petitioner withdrew it in writing.
        Withdrawn = "withdrawn",
        /// The petitioner died and nobody continues.
        Died = "died",
        /// The petitioner could not be reached.
        Unreachable = "unreachable",
    }

    /// The form of a supervision, of bodies and leaders only (Reg. 39, 40).
    SupervisionForm("supervision_form") {
        /// A written order.
        Order = "order",
        /// A talk with the responsible.
        Talk = "talk",
        /// A circular.
        Circular = "circular",
        /// Listed for supervision.
        Listing = "listing",
    }

    /// How long a file is kept.
    Retention("retention") {
        /// For ever.
        Permanent = "permanent",
        /// Thirty years.
        Thirty = "30",
        /// Ten years.
        Ten = "10",
    }

    /// What an officer declares of themselves (Reg. 28(3)).
    Interest("interest") {
        /// No interest in the matter or the petitioner.
        Free = "none",
        /// An interest: they may not handle it.
        Held = "some",
    }
}
