//! Nouns and rules: no file, no socket, no clock, no chance, no text for people.
//!
//! A rule takes the present record and a day and returns the next record or says what is missing.

pub mod course;
pub mod fact;
pub mod ids;
pub mod record;
pub mod text;
