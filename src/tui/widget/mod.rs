//! Pure drawing, and the state of an editor: no widget asks for anything.

pub mod bar;
pub mod frame;
pub mod input;
pub mod table;
