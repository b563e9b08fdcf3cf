//! A receipt: each letter, visit, call, online item or transfer, with its own date and notice.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::domain::choice::{AtOnce, Channel, Source};
use crate::domain::ids::{CaseId, OfficerId, ReceiptId, Version};
use crate::domain::office::is_false;

/// One receipt; it hangs on one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its number.
    pub id: ReceiptId,
    /// How often it was changed.
    #[serde(default)]
    pub version: Version,
    /// The case on which it hangs.
    pub case: CaseId,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// The time of day, where it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<NaiveTime>,
    /// How it came.
    pub channel: Channel,
    /// From whom it came.
    pub source: Source,
    /// How many people came or signed.
    pub people: u32,
    /// Whether the same matter had been raised before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeat: bool,
    /// The state system's number, typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_number: Option<String>,
    /// The state system's query code, typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_code: Option<String>,
    /// The day on which it was entered into the state system (Reg. 21(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered_on: Option<NaiveDate>,
    /// The day on which its result was filled in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_on: Option<NaiveDate>,
    /// The body that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_body: Option<String>,
    /// The number of that body's letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<String>,
    /// How that body wants the report, such as on paper with a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_way: Option<String>,
    /// Whom to ask at that body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_contact: Option<String>,
    /// Who took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<OfficerId>,
    /// What happened on the spot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<AtOnce>,
    /// Whether it came over in a file: what the state system has of it is not known, and not owed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub imported: bool,
    /// What was said, where it adds to the request of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}
