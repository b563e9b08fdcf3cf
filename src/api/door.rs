//! The one door: every use of the ledger, by screen, command line, importer or test, goes here.

use std::sync::mpsc::Receiver;

use serde::{Deserialize, Serialize};

use crate::api::presence::Presence;
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::undo::UndoWay;
use crate::domain::ids::{RecordRef, RequestId};

/// The door to a ledger for one account.
pub trait Door: Send {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// A [`Refusal`]: nothing was written then, unless its kind is `Unknown`.
    fn call(&mut self, request: Request) -> Result<Reply, Refusal>;

    /// News of changes made by anyone, this door included; one receiver only, the newest asked for.
    fn notices(&mut self) -> Receiver<Notice>;
}

/// Which call an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(
    /// A number that the caller counts up.
    pub u64,
);

/// News: the ledger has changed, who has it open, or how far an order of one's own is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The records that changed and that this account may see; at most [`Notice::TOUCHED_MAX`].
    pub touched: Vec<RecordRef>,
    /// Whether more changed than are named, so that everything on the screen is to be asked again.
    pub everything: bool,
    /// Who else has the record open on which this session stands, where that has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<Presence>,
    /// How far an order is that a session of this account has given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub going: Option<Going>,
    /// The change that was taken back by what has changed, or made again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<(RequestId, UndoWay)>,
}

/// How far an order of many rows is. Nothing of it is written before all of it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Going {
    /// The order.
    pub order: RequestId,
    /// Rows that are done.
    pub n_done: u64,
    /// Rows in all; once they are done, they are put on disk.
    pub n_all: u64,
}

impl Notice {
    /// The most records that one notice names.
    pub const TOUCHED_MAX: usize = 200;
}
