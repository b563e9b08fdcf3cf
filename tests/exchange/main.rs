//! Files in and out, as offices keep them: every workbook here is made by the test itself.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that falls has failed")]

mod book;
mod child;
mod damage;
mod export;
mod hostile;
mod ledger;
mod messy;
mod paper;
mod text;
mod village;
mod workbook;
mod write;
