//! Empty as yet.
pub mod open;
