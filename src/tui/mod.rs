//! The terminal program: keys in, one picture out, everything through the door.

pub mod screen;
