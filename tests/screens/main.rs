//! The terminal program at work: keys go in, frames come out, and the ledger has what was done.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod admin;
mod attachment;
mod campaign;
mod closing;
mod compare;
mod conflict;
mod count;
mod course;
mod deadlines;
mod desk;
mod drafts;
mod forms;
mod import;
mod keyboard;
mod like;
mod lists;
mod looks;
mod lost;
mod meeting;
mod menus;
mod office;
mod paper;
mod plan;
mod prefs;
mod present;
mod print;
mod pty;
mod roster;
mod template;
mod undo;
mod village;
mod window;
