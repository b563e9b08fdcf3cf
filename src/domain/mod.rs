//! Nouns and rules: no file, no socket, no clock, no chance, no text for people.
//!
//! A rule takes the present record and a day and returns the next record or says what is missing.

pub mod act;
pub mod ahead;
pub mod broken;
pub mod campaign;
pub mod case;
pub mod choice;
pub mod chronicle;
pub mod closing;
pub mod correction;
pub mod course;
pub mod duty;
pub mod entry;
pub mod fact;
pub mod field;
pub mod figure;
pub mod form;
pub mod handling;
pub mod handover;
pub mod ids;
pub mod kept;
pub mod line;
pub mod listing;
pub mod meeting;
pub mod number;
pub mod office;
pub mod person;
pub mod policy;
pub mod procedure;
pub mod receipt;
pub mod record;
pub mod roster;
pub mod rulebook;
pub mod schema;
pub mod schema_work;
pub mod seal;
pub mod setting;
pub mod simple;
pub mod split;
pub mod standing;
pub mod step;
pub mod step_choice;
pub mod step_form;
pub mod step_rule;
pub mod text;
