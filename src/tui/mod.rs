//! The terminal: keys in, frames out. It speaks through `api` and knows nothing of the store.

pub mod backend;
pub mod decode;
pub mod key;
pub mod listen;
pub mod look;
pub mod terminal;
pub mod text;
pub mod widget;
