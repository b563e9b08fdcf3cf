//! The same door through a Unix socket: frames, client, server, and the choice between them.
//!
//! Who asks is what the kernel says of the other end, never what a frame says. Nothing here knows
//! what a request means. Two doors lead in: [`open::live_door`] and [`open::brief_door`].

pub mod attend;
pub mod client;
pub mod line;
pub mod manager;
pub mod open;
pub mod peer;
pub mod post;
pub mod seat;
pub mod server;
pub mod start;
pub mod wire;
