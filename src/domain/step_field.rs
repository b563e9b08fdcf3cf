//! The fields of a step: those of the form with which its deed was filled.
//!
//! A correction names what a step says by them, and so does the journal.

use serde_json::Value;

use crate::domain::act::Act;
use crate::domain::procedure;
use crate::domain::schema::{self, Field, Need};
use crate::domain::step::{Deed, Step};

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

/// The fields by which a step of that deed can be corrected, in the order of the form of corrections.
/// None has what another record or a decision of its own says: whose interest was declared, to
/// whom a paper went, which receipts were joined.
pub fn correctable(deed: &Deed) -> Vec<&'static Field> {
    let own = act_of(deed).map(schema::form);
    let has = |field: &&Field| match (field.name(), own) {
        ("step", _) => false,
        // Of all officers only the leader of a supervised unit is no decision of its own.
        ("officer", _) if !matches!(deed, Deed::Supervised { .. }) => false,
        ("why" | "on", _) | ("text" | "document", None) => true,
        (name, own) => own.is_some_and(|own| {
            own.iter().any(|own| own.name() == target(name) && own.kind == field.kind)
        }),
    };
    schema::form(Act::CorrectStep).iter().filter(has).collect()
}

/// The name that a field of the form of corrections has in the form of a deed: several deeds have
/// a ground, each out of a list of its own.
pub fn target(name: &str) -> &str {
    if name.ends_with("_ground") { "ground" } else { name }
}

/// What a step says in a field of the form of corrections; its reason is no value of it.
pub fn value(step: &Step, name: &str) -> Option<Value> {
    let of = |said: Value, name: &str| said.get(name).cloned();
    match name {
        "why" => None,
        "on" | "text" | "document" => of(serde_json::to_value(step).ok()?, name),
        name => of(serde_json::to_value(&step.deed).ok()?, target(name)),
    }
}

/// Whether a deed cannot be without a value.
pub fn needs(deed: &Deed, name: &str) -> bool {
    let own = act_of(deed).map(schema::form).unwrap_or_default();
    own.iter().any(|field| field.name() == target(name) && field.need == Need::Required)
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
