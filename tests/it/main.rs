//! What the office needs, asked through the door.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod attachment;
mod backup;
mod boundary;
mod campaign;
mod compare;
mod desk;
mod dossier;
mod duty;
mod erase;
mod export;
mod filing;
mod handling;
mod handover;
mod import;
mod like;
mod lines;
mod listing;
mod lists;
mod loading;
mod meeting;
mod month;
mod own;
mod paper;
mod policy;
mod presence;
mod procedure;
mod reach;
mod recover;
mod report;
mod returned;
mod roster;
mod rules;
mod sample;
mod saved;
mod seal;
mod settings;
mod several;
mod split;
mod stood;
mod trail;
mod undo;
mod village;
mod why;
mod worked;
