//! The terminal program: keys in, one picture out, everything through the door.

pub mod app;
pub mod backend;
pub mod command;
pub mod cut;
pub mod decode;
pub mod incoming;
pub mod key;
pub mod letter;
pub mod listen;
pub mod look;
pub mod page;
pub mod prefs;
pub mod remind;
pub mod report;
pub mod runtime;
pub mod screen;
pub mod terminal;
pub mod text;
pub mod welcome;
pub mod widget;
