//! The closed lists of the ledger: each value has one word, which is its JSON, its key in the
//! catalogue of texts, and what a form or a column holds.

use serde::{Deserialize, Serialize};

/// A closed list by name, for forms, imports and docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The list's key; a value's text stands in the catalogue under `choice.KEY.WORD`.
    pub key: &'static str,
    /// The words, in the order of a menu.
    pub words: &'static [&'static str],
}

// Every list needs the same word, parse and table; a macro keeps the words in one place.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident($key:literal) { $($(#[$item:meta])* $value:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {$(
            $(#[$item])*
            #[serde(rename = $word)]
            $value,
        )*}

        impl $name {
            /// The list as a table.
            pub const CHOICE: Choice = Choice { key: $key, words: &[$($word),*] };

            /// All values, in the order of a menu.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// The word that stands for the value.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$value => $word),* }
            }

            /// The value of a word, or none if the list does not have it.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$value),)* _ => None }
            }
        }
    )*};
}

pub(in crate::domain) use choices;

choices! {
    /// What kind of unit it is.
    UnitKind("unit_kind") {
        /// A village committee.
        Village = "village",
        /// A department of the town.
        Department = "department",
        /// A station or office under a county department.
        Station = "station",
        /// A body above the town.
        Superior = "superior",
    }

    /// The sex of a person, as the registration form asks.
    Sex("sex") {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
    }

    /// How a petition came in (Reg. 17).
    Channel("channel") {
        /// A visit.
        Visit = "visit",
        /// A letter.
        Letter = "letter",
        /// A call.
        Call = "call",
        /// Through the state system or another online channel.
        Online = "online",
        /// The 12345 line.
        Hotline = "hotline",
        /// A fax.
        Fax = "fax",
        /// The grid (network of local wardens).
        Grid = "grid",
        /// The message board of leaders.
        Board = "board",
    }

    /// From whom a receipt came (source).
    Source("source") {
        /// The petitioner came to this office.
        Direct = "direct",
        /// Another body transferred it (Reg. 22).
        Forwarded = "forwarded",
        /// A superior assigned it and wants a report (Reg. 22(1)(iii)).
        Entrusted = "entrusted",
        /// A leader's instruction.
        Instructed = "instructed",
    }

    /// The level at which the petition was raised first.
    Level("level") {
        /// This town.
        Town = "town",
        /// The county or district.
        County = "county",
        /// The city.
        City = "city",
        /// The province.
        Province = "province",
        /// The state.
        Nation = "nation",
    }

    /// The purpose of a petition, in the state system's list.
    Purpose("purpose") {
        /// A request that something be decided or done.
        Request = "request",
        /// An appeal against something decided.
        Appeal = "appeal",
        /// A suggestion or opinion.
        Suggestion = "suggestion",
        /// An accusation.
        Accusation = "accusation",
        /// A question.
        Inquiry = "inquiry",
        /// Anything else.
        Other = "other",
    }

    /// The procedure that governs a matter (Reg. 29 to 31); the words are the articles.
    Route("route") {
        /// Petition procedure: the only one with the sixty days (Reg. 34).
        Petition = "31(6)",
        /// Suggestion: study and reply.
        Suggestion = "29",
        /// Accusation: to the discipline body; sealed.
        Accusation = "30",
        /// Court, procuratorate or police procedure.
        Justice = "31(1)",
        /// Arbitration.
        Arbitration = "31(2)",
        /// Party member's appeal or renewed review.
        Party = "31(3)",
        /// Administrative review, ruling, confirmation, licence or penalty.
        Administrative = "31(4)",
        /// Performance of a statutory duty.
        Duty = "31(5)",
    }

    /// What a person is to a case.
    Tie("tie") {
        /// Raises the request.
        Petitioner = "petitioner",
        /// Speaks for the others of a visit; at most five (Reg. 20(3)).
        Representative = "representative",
        /// Acts for the petitioner with authority.
        Agent = "agent",
        /// Can be called about the case.
        Contact = "contact",
    }

    /// The result of one claim (Reg. 32).
    ClaimResult("claim_result") {
        /// Supported.
        Supported = "supported",
        /// Explained.
        Explained = "explained",
        /// Not supported.
        Refused = "refused",
    }

    /// What happened at the window when a receipt was taken.
    AtOnce("at_once") {
        /// Registered; to be dealt with.
        Registered = "registered",
        /// The written notice was handed over on the spot (Reg. 23(1)).
        Notified = "notified",
        /// A question, answered on the spot.
        Answered = "answered",
    }

    /// What kind of work a plain step records.
    Work("work") {
        /// A talk with the petitioner.
        Talk = "talk",
        /// A visit to the place or the petitioner's home.
        Visit = "visit",
        /// An investigation.
        Inquiry = "inquiry",
        /// A meeting of the units concerned.
        Meeting = "meeting",
        /// Mediation, with consent (Reg. 33).
        Mediation = "mediation",
        /// A proposal how to handle it.
        Proposal = "proposal",
        /// A draft sent for signature.
        Signature = "signature",
        /// A reminder to whoever holds it.
        Nudge = "nudge",
        /// Help given or arranged (Reg. 37(2)).
        Help = "help",
        /// Anything else.
        Other = "other",
    }

    /// How far a task of a campaign is.
    TaskState("task_state") {
        /// Nobody has begun it.
        Todo = "todo",
        /// It is being worked on.
        Doing = "doing",
        /// It is done.
        Done = "done",
        /// It does not apply here, for a reason.
        NotApplicable = "not_applicable",
        /// It was reported as done and sent back for a reason.
        SentBack = "sent_back",
    }

    /// Whether a phase can be closed without the task.
    Weight("weight") {
        /// It must be done or excused.
        Mandatory = "mandatory",
        /// It may be left.
        Optional = "optional",
    }

    /// How often recurring work is owed.
    Period("period") {
        /// Each month.
        Month = "month",
        /// Each quarter.
        Quarter = "quarter",
        /// Each half year.
        HalfYear = "half_year",
        /// Each year.
        Year = "year",
    }

    /// How far a period of recurring work is.
    ReportState("report_state") {
        /// Nothing was reported.
        Owed = "owed",
        /// It was reported that there is nothing.
        Zero = "zero",
        /// It was reported.
        Reported = "reported",
        /// The report was sent back for a reason.
        SentBack = "sent_back",
    }

    /// What a report says.
    ReportWord("report_word") {
        /// Something was done or found.
        Reported = "reported",
        /// There was nothing.
        Zero = "zero",
    }

    /// In which way a report came.
    ReportManner("report_manner") {
        /// On paper.
        Paper = "paper",
        /// As a message.
        Message = "message",
        /// By telephone.
        Call = "call",
        /// At a meeting.
        Meeting = "meeting",
        /// As a file.
        File = "file",
    }

    /// The nineteen indicators of the plan's eight targets, by number of target and letter.
    IndicatorKey("indicator") {
        /// Collective visits to Beijing.
        G1a = "G1a",
        /// Collective visits of twenty and more to the province.
        G1b = "G1b",
        /// Collective visits of fifty and more to the city.
        G1c = "G1c",
        /// Persons who went to Beijing.
        G2a = "G2a",
        /// Repeated visits to Beijing.
        G2b = "G2b",
        /// Persons who went to the province.
        G2c = "G2c",
        /// Letters to the state bureau.
        G3a = "G3a",
        /// Repeated letters.
        G3b = "G3b",
        /// Letters to the provincial bureau.
        G3c = "G3c",
        /// Online items to the state bureau.
        G4a = "G4a",
        /// Repeated online items.
        G4b = "G4b",
        /// Disorder at places in Beijing, as reported.
        G5 = "G5",
        /// Extreme acts after improper handling.
        G6a = "G6a",
        /// Mass incidents after improper handling.
        G6b = "G6b",
        /// Blocked gates and roads, for want of settlement in time.
        G7a = "G7a",
        /// Self-harm, for want of settlement in time.
        G7b = "G7b",
        /// Banners and staying on, for want of settlement in time.
        G7c = "G7c",
        /// Marches, for want of settlement in time.
        G7d = "G7d",
        /// Negative publicity after improper handling.
        G8 = "G8",
    }

    /// The way in which something was told or handed over.
    Manner("manner") {
        /// In person.
        InPerson = "in_person",
        /// By post.
        Post = "post",
        /// Electronically, with consent.
        Electronic = "electronic",
        /// Received by an adult of the household.
        Household = "household",
        /// Left where the petitioner would not sign for it.
        Left = "left",
        /// By public notice.
        PublicNotice = "public_notice",
    }

    /// Why somebody stands on the roster: a closed list, each tied to a case.
    RosterGround("roster_ground") {
        /// The matter is long unresolved.
        Backlog = "backlog",
        /// A superior assigned it and a report is due (Reg. 22).
        Assigned = "assigned",
        /// It came again because it was not answered or not carried out.
        Repeated = "repeated",
        /// Hardship; help is pending (Reg. 37(2)).
        Hardship = "hardship",
        /// The procedure has ended, the duty of care has not (Reg. 37(3)).
        Care = "care",
        /// Guidance to another lawful procedure is due (Reg. 31).
        Guidance = "guidance",
        /// Danger to the person's own life or safety (Reg. 25).
        Danger = "danger",
    }

    /// How a person on the roster was contacted.
    ContactManner("contact_manner") {
        /// By telephone.
        Call = "call",
        /// At home, announced.
        Home = "home",
        /// At the office.
        Office = "office",
        /// In writing.
        Letter = "letter",
        /// Together with the village committee.
        Village = "village",
    }

    /// Why an entry of the roster ended.
    EndReason("end_reason") {
        /// The matter was settled.
        Settled = "settled",
        /// The help was given.
        Helped = "helped",
        /// The ground is gone.
        GroundGone = "ground_gone",
        /// The person asked for it.
        OnRequest = "on_request",
        /// It should not have been made.
        Mistaken = "mistaken",
        /// The case was closed; comes by itself.
        CaseClosed = "case_closed",
        /// Nobody renewed it; comes by itself.
        Lapsed = "lapsed",
    }

    /// The roles that an account may hold.
    Role("role") {
        /// Accounts, settings, backup; no request text.
        Admin = "admin",
        /// Everything else.
        Director = "director",
        /// All cases.
        Clerk = "clerk",
        /// The own village's cases and tasks.
        Village = "village",
        /// Reads all but sealed, acts on the cases they lead.
        Leader = "leader",
        /// Meeting mode only.
        Viewer = "viewer",
        /// Journal and access log only.
        Auditor = "auditor",
    }

    /// Which part of Article 22 or 23 binds this office.
    Position("position") {
        /// A body with power to handle (Reg. 23); the normal case of a town.
        Handling = "23",
        /// A petition department of Party committee and government (Reg. 22).
        Petition = "22",
    }
}
