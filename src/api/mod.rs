//! The words spoken at the door: requests, replies, refusals, and the door itself.

pub mod backup;
pub mod campaign;
pub mod days;
pub mod door;
pub mod duty;
pub mod export;
pub mod figure;
pub mod handover;
pub mod incoming;
pub mod like;
pub mod limit;
pub mod listing;
pub mod meeting;
pub mod own;
pub mod paper;
pub mod presence;
pub mod print;
pub mod refusal;
pub mod reply;
pub mod report;
pub mod request;
pub mod roster;
pub mod setting;
pub mod trail;
pub mod undo;
pub mod unit;
