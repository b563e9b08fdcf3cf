//! A limit of the law as replies carry it: every field of its row.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::api::setting::SourceView;

/// A limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRow {
    /// Its id, with its text under `limit.ID`.
    pub id: String,
    /// Its own name, where the catalogue does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The norm.
    pub norm: String,
    /// Where the norm applies.
    #[serde(default)]
    pub jurisdiction: String,
    /// The article.
    pub article: String,
    /// Whose it is, a key under `who.`.
    #[serde(default)]
    pub who: String,
    /// What meets it, keys under `event.`.
    #[serde(default)]
    pub met_by: Vec<String>,
    /// The procedures that it is limited to, by article; empty for all.
    #[serde(default)]
    pub routes: Vec<String>,
    /// `national`, or `local` for what can only shorten.
    #[serde(default)]
    pub level: String,
    /// The position of an office that it binds, by article; none for all.
    #[serde(default)]
    pub position: Option<String>,
    /// The channels of receipts that it is limited to; empty for all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// `always`, or `simplified` for matters that are handled so.
    #[serde(default)]
    pub applies_when: String,
    /// `receipt` or `case`: what it is counted for.
    #[serde(default)]
    pub per: String,
    /// What ends it lawfully without meeting it, keys under `event.`.
    #[serde(default)]
    pub ends_on: Vec<String>,
    /// What takes an option away, keys under `event.`.
    #[serde(default)]
    pub lapses_on: Vec<String>,
    /// Whether an unclear name or address excuses it (Reg. 23(2)).
    #[serde(default)]
    pub excusable: bool,
    /// The limit that it lengthens; none for what is no extension.
    #[serde(default)]
    pub extends: Option<String>,
    /// Until when that can be approved: `latest_day`.
    #[serde(default)]
    pub until: Option<String>,
    /// The grounds of pauses that are left out of it, keys under `ground.`.
    #[serde(default)]
    pub pauses: Vec<String>,
    /// The trigger, a key under `event.`.
    pub starts: Option<String>,
    /// Its length; 0 where the norm gives no number.
    pub length: u32,
    /// `day`, `workday`, or `none` where the norm gives no number.
    pub unit: String,
    /// `duty` or `option`.
    pub effect: String,
    /// Where it was loaded from; none if the program brings it along in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loaded: Option<SourceView>,
    /// The mark of certainty.
    pub certainty: String,
    /// In force from this day on.
    pub in_force_from: NaiveDate,
}
