//! The fields of a step: those of the form with which its deed was filled.
//!
//! A correction names what a step says by them, and so does the journal.

use crate::domain::act::Act;
use crate::domain::procedure;
use crate::domain::schema::{self, Field};
use crate::domain::step::Deed;

/// What every step may say, whatever was done; the form of a deed has its own words for it.
const COMMON: [&str; 3] = ["text", "document", "why"];

/// The act whose form a deed was filled with; none if it came with another record.
pub fn act_of(deed: &Deed) -> Option<Act> {
    let row = procedure::ROWS.iter().find(|row| row.deed == deed.word());
    row.map(|row| row.act).or(match deed {
        Deed::Accepted => Some(Act::Accept),
        Deed::Extended { .. } => Some(Act::Extend),
        Deed::Notified { .. } => Some(Act::Notify),
        Deed::Objected { .. } => Some(Act::Object),
        Deed::Routed { .. } => Some(Act::Route),
        Deed::LeadAssigned { .. } => Some(Act::AssignLead),
        Deed::Allotted { .. } => Some(Act::Allot),
        Deed::HandedTo { .. } => Some(Act::HandTo),
        Deed::Worked { .. } => Some(Act::Record),
        _ => None,
    })
}

/// The fields that tell what a step says besides its day, in the order of its form.
pub fn fields_of(deed: &Deed) -> Vec<&'static Field> {
    let mut fields: Vec<&Field> = match deed {
        Deed::Received { .. } => found(&["receipt.channel", "receipt.source"]),
        Deed::ReaderAdded { .. } | Deed::ReaderRemoved { .. } => found(&["declare.officer"]),
        Deed::PaperMade { .. } => found(&["write_paper.paper"]),
        deed => act_of(deed).map_or_else(Vec::new, |act| schema::form(act).iter().collect()),
    };
    fields.retain(|field| field.name() != "on");
    for name in COMMON {
        if !fields.iter().any(|field| field.name() == name) {
            fields.extend(schema::find(&format!("correct.{name}")));
        }
    }
    fields
}

fn found(keys: &[&str]) -> Vec<&'static Field> {
    keys.iter().filter_map(|key| schema::find(key)).collect()
}
