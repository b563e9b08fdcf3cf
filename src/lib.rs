//! `anjie`: a ledger for an office that answers citizens' petitions.
//!
//! The modules in reading order; each names only modules above it in its own layer's list
//! (`docs/ARCHITECTURE.md`, checked by `tests/tidy.rs`).

pub mod domain;

pub mod locale;
pub mod spell;

pub mod api;
pub mod demo;
pub mod law;
pub mod search;
pub mod store;

pub mod service;

pub mod exchange;
pub mod link;
pub mod tui;

pub mod cli;
