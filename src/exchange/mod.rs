//! Files in and out: workbooks and texts read as rows, rows given a meaning, papers and tables
//! written.
//!
//! Files from others are parsed in a child process with limits of its own: `sheet` starts it,
//! `child` is it. An import has no more rights than its clerk, and never sees the store.

pub mod card;
pub mod cell;
pub mod child;
pub mod columns;
pub mod day;
pub mod delimited;
pub mod document;
pub mod dossier;
pub mod encoding;
pub mod export;
pub mod file;
pub mod form;
pub mod guard;
pub mod header;
pub mod kind;
pub mod ledger;
pub mod merged;
pub mod outgoing;
pub mod packed;
pub mod paper;
pub mod record;
pub mod sheet;
pub mod sink;
pub mod spanned;
pub mod value;
pub mod village;
pub mod write;
