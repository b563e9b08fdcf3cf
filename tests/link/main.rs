//! Several clerks at one ledger: the door through the socket, and who may not disturb whom.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod desk;
mod doors;
mod harm;
mod life;
mod reach;
