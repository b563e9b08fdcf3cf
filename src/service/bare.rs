//! A door without a ledger: the limits and the calendar that the program brings along.
//!
//! Counting days is the first thing that a newcomer tries, and needs no office. Everything else is
//! answered as where there is no ledger.

use std::sync::mpsc::{Receiver, sync_channel};

use crate::api::days::WhyQuery;
use crate::api::door::{Door, Notice};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::service::rules::Rules;
use crate::service::{lookup, why};

/// A door without a ledger.
pub struct BareDoor {
    rules: Rules,
}

impl BareDoor {
    /// A door to what is built in.
    pub fn new() -> Self {
        Self { rules: Rules::national() }
    }
}

impl Default for BareDoor {
    fn default() -> Self {
        Self::new()
    }
}

impl Door for BareDoor {
    fn call(&mut self, request: Request) -> Result<Reply, Refusal> {
        match request {
            Request::Days { from, length } => lookup::days(&self.rules, from, &length),
            Request::Why(WhyQuery::Plain { from, length }) => {
                why::plain(&self.rules, from, &length)
            }
            Request::Limits => Ok(lookup::limits(&self.rules, None)),
            Request::Calendar { year } => lookup::calendar(&self.rules, None, year),
            _ => return Err(Refusal::new(RefusalKind::Closed, "no_ledger")),
        }
        .map_err(Refusal::from)
    }

    fn notices(&mut self) -> Receiver<Notice> {
        // Nobody sends: there is nothing that could change.
        sync_channel(1).1
    }
}
