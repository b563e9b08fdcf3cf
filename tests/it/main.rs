//! What the office needs, asked through the door.

mod desk;
mod handling;
