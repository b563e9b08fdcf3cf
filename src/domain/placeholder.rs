//! What may stand between two pairs of braces in a template of a paper, one row each: its key, where
//! its value comes from, and whether that is masked.
//!
//! Templates name a placeholder by its label, which stands in the catalogue under `placeholder.KEY`.
//! INVARIANT: nothing is here for which the office keeps no field.

/// A placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// Its key.
    pub key: &'static str,
    /// Where its value comes from.
    pub origin: Origin,
    /// Whether its value is masked, and how it is had in clear.
    pub guard: Guard,
}

/// Where a value comes from. The words stand in the catalogue under `origin.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The paper itself.
    Paper,
    /// The settings of the office.
    Office,
    /// The case.
    Case,
    /// The petitioner.
    Person,
    /// The receipt that came first.
    Receipt,
    /// The newest step of its kind.
    Step,
    /// The clocks.
    Clock,
    /// The rows of a list; a row of a table that names one stands once for each.
    List(List),
}

/// A list that fills rows of a table. The words stand in the catalogue under `origin.`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// What the case asks for, one by one.
    Claims,
    /// The documents of the case, in the order of their days.
    Files,
    /// What was done, in the order of the days.
    Steps,
    /// The receipts.
    Receipts,
}

/// Whether a value is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// It is clear.
    Clear,
    /// A telephone: clear in a paper that is written.
    Phone,
    /// An ID number: clear only in the papers that need it, with a reason.
    IdNumber,
}

const fn from(origin: Origin, key: &'static str) -> Placeholder {
    Placeholder { key, origin, guard: Guard::Clear }
}

const fn of_list(list: List, key: &'static str) -> Placeholder {
    from(Origin::List(list), key)
}

/// All placeholders.
pub const PLACEHOLDERS: &[Placeholder] = &[
    from(Origin::Paper, "number"),
    from(Origin::Paper, "made_on"),
    from(Origin::Paper, "maker"),
    from(Origin::Office, "town"),
    from(Origin::Office, "review_body"),
    from(Origin::Case, "case_number"),
    from(Origin::Case, "title"),
    from(Origin::Case, "request"),
    from(Origin::Case, "claims"),
    from(Origin::Case, "people"),
    from(Origin::Case, "level"),
    from(Origin::Case, "purpose"),
    from(Origin::Case, "route"),
    from(Origin::Case, "class"),
    from(Origin::Case, "village"),
    from(Origin::Case, "place"),
    from(Origin::Case, "about"),
    from(Origin::Case, "lead"),
    from(Origin::Case, "unit"),
    from(Origin::Case, "handler"),
    from(Origin::Case, "registrar"),
    from(Origin::Case, "measures"),
    from(Origin::Case, "entrusted_by"),
    from(Origin::Case, "entrusted_letter"),
    from(Origin::Case, "entrusted_on"),
    from(Origin::Case, "entrusted_due"),
    from(Origin::Person, "petitioner"),
    from(Origin::Person, "representatives"),
    from(Origin::Person, "agent"),
    from(Origin::Person, "sex"),
    from(Origin::Person, "address"),
    Placeholder { guard: Guard::Phone, ..from(Origin::Person, "phone") },
    Placeholder { guard: Guard::IdNumber, ..from(Origin::Person, "id_number") },
    from(Origin::Receipt, "received_on"),
    from(Origin::Receipt, "channel"),
    from(Origin::Receipt, "source"),
    from(Origin::Receipt, "from_body"),
    from(Origin::Receipt, "from_letter"),
    from(Origin::Receipt, "state_number"),
    from(Origin::Receipt, "query_code"),
    from(Origin::Receipt, "receiver"),
    from(Origin::Step, "accepted_on"),
    from(Origin::Step, "decline_ground"),
    from(Origin::Step, "decline_reason"),
    from(Origin::Step, "decline_body"),
    from(Origin::Step, "forward_body"),
    from(Origin::Step, "forward_text"),
    from(Origin::Step, "entrust_unit"),
    from(Origin::Step, "entrust_due"),
    from(Origin::Step, "entrust_text"),
    from(Origin::Step, "objection_reason"),
    from(Origin::Step, "procedure"),
    from(Origin::Step, "procedure_body"),
    from(Origin::Step, "procedure_reason"),
    from(Origin::Step, "extension_days"),
    from(Origin::Step, "extension_reason"),
    from(Origin::Step, "extension_on"),
    from(Origin::Step, "approver"),
    from(Origin::Step, "opinion_number"),
    from(Origin::Step, "opinion_on"),
    from(Origin::Step, "opinion_request"),
    from(Origin::Step, "opinion_facts"),
    from(Origin::Step, "opinion"),
    from(Origin::Step, "opinion_basis"),
    from(Origin::Step, "opinion_result"),
    from(Origin::Step, "signer"),
    from(Origin::Step, "investigation"),
    from(Origin::Step, "delivered_on"),
    from(Origin::Step, "manner"),
    from(Origin::Step, "delivered_to"),
    from(Origin::Step, "servers"),
    from(Origin::Step, "witness"),
    from(Origin::Step, "mail"),
    from(Origin::Step, "recheck_body"),
    from(Origin::Step, "recheck_on"),
    from(Origin::Step, "recheck_number"),
    from(Origin::Step, "conclusion"),
    from(Origin::Step, "concluded_on"),
    from(Origin::Step, "supervision_form"),
    from(Origin::Step, "supervised_unit"),
    from(Origin::Step, "supervision_text"),
    from(Origin::Step, "file_code"),
    from(Origin::Step, "retention"),
    from(Origin::Clock, "notice_until"),
    from(Origin::Clock, "notice_basis"),
    from(Origin::Clock, "conclude_until"),
    from(Origin::Clock, "conclude_basis"),
    from(Origin::Clock, "objection_until"),
    from(Origin::Clock, "objection_basis"),
    from(Origin::Clock, "extension_basis"),
    from(Origin::Clock, "extended_until"),
    from(Origin::Clock, "review_days"),
    from(Origin::Clock, "review_basis"),
    of_list(List::Claims, "claim_at"),
    of_list(List::Claims, "claim_text"),
    of_list(List::Claims, "claim_finding"),
    of_list(List::Claims, "claim_result"),
    of_list(List::Files, "file_at"),
    of_list(List::Files, "file_name"),
    of_list(List::Files, "file_number"),
    of_list(List::Files, "file_on"),
    of_list(List::Steps, "step_on"),
    of_list(List::Steps, "step_name"),
    of_list(List::Steps, "step_number"),
    of_list(List::Receipts, "receipt_on"),
    of_list(List::Receipts, "receipt_channel"),
    of_list(List::Receipts, "receipt_number"),
];

/// Those that say to whom a paper goes, or where it sends the petitioner.
const ADDRESSEES: &[&str] = &[
    "petitioner",
    "from_body",
    "entrusted_by",
    "forward_body",
    "entrust_unit",
    "supervised_unit",
    "decline_body",
    "procedure_body",
    "recheck_body",
];
/// The days of an extension, with which the new day is computed.
pub const EXTENSION_DAYS: &str = "extension_days";

/// Those that are a day.
const DAYS: &[&str] = &[
    "made_on",
    "entrusted_on",
    "entrusted_due",
    "received_on",
    "accepted_on",
    "entrust_due",
    "extension_on",
    "opinion_on",
    "delivered_on",
    "recheck_on",
    "concluded_on",
    "notice_until",
    "conclude_until",
    "objection_until",
    "extended_until",
];

/// Whether a placeholder is a day, so that what is typed for it must be one.
pub fn is_day(key: &str) -> bool {
    DAYS.contains(&key)
}

/// Whether a placeholder says to whom a paper goes.
pub fn is_addressee(key: &str) -> bool {
    ADDRESSEES.contains(&key)
}

/// Whether what is typed for a placeholder is weighed by the rules, and not only written.
pub fn is_weighed(key: &str) -> bool {
    is_addressee(key) || key == EXTENSION_DAYS
}

impl Placeholder {
    /// The placeholder of a key.
    pub fn find(key: &str) -> Option<&'static Self> {
        PLACEHOLDERS.iter().find(|row| row.key == key)
    }

    /// The list whose rows it fills, if it fills rows.
    pub const fn list(&self) -> Option<List> {
        match self.origin {
            Origin::List(list) => Some(list),
            Origin::Paper
            | Origin::Office
            | Origin::Case
            | Origin::Person
            | Origin::Receipt
            | Origin::Step
            | Origin::Clock => None,
        }
    }
}

impl Origin {
    /// The word of the origin.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Office => "office",
            Self::Case => "case",
            Self::Person => "person",
            Self::Receipt => "receipt",
            Self::Step => "step",
            Self::Clock => "clock",
            Self::List(list) => list.word(),
        }
    }
}

impl List {
    /// The word of the list.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Files => "files",
            Self::Steps => "steps",
            Self::Receipts => "receipts",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PLACEHOLDERS, is_day};

    #[test]
    fn every_placeholder_whose_key_ends_as_those_of_days_do_is_a_day() {
        for row in PLACEHOLDERS.iter().filter(|row| row.list().is_none()) {
            let ends = ["_on", "_until", "_due"].iter().any(|end| row.key.ends_with(end));
            assert_eq!(is_day(row.key), ends, "{}", row.key);
        }
    }
}
