//! The program as its users start it: arguments in, text and an exit code out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod attach;
mod backup;
mod compare;
mod count;
mod course;
mod doctor;
mod dossier;
mod duty;
mod erasure;
mod export;
mod filing;
mod import;
mod late;
mod law;
mod like;
mod meeting;
mod office;
mod paper;
mod print;
mod recover;
mod roster;
mod seal;
mod serve;
mod sheet;
mod trial;
mod undo;
mod unit;
mod view;
mod village;
mod wrong;

/// The ledgers as clerks type them, which the readers are tried on too.
#[path = "../exchange/messy"]
mod messy {
    pub mod grid;
    pub mod ledgers;
}
