//! A change on its way: what was kept aside for it, the writer, and then names, index and sessions.

use std::sync::{Arc, PoisonError};

use crate::api::door::Going;
use crate::api::incoming::ImportRow;
use crate::api::reply::{Done, Reply};
use crate::api::request::Order;
use crate::domain::act::Act;
use crate::domain::cut::pile::Piles;
use crate::service::book::Book;
use crate::service::order;
use crate::service::stop::Stop;
use crate::service::tell::Touched;
use crate::service::{Asking, Service, attachment, given, staging};
use crate::store::read::Snapshot;
use crate::store::vault::Kept;
use crate::store::write::Work;

/// What was kept aside for an order: rows of a file, a file to be attached, or what was counted.
#[derive(Default)]
pub struct Staged {
    /// The rows.
    pub rows: Option<Arc<Vec<ImportRow>>>,
    /// The file.
    pub upload: Option<Kept>,
    /// What was counted.
    pub counted: Option<Piles>,
}

impl Service {
    /// Answers `Do`: on the writer's thread, and then everybody else is told.
    ///
    /// # Errors
    /// A refusal, after which nothing of it is written, or a fault.
    pub(in crate::service) fn change(
        &self,
        snapshot: &Snapshot,
        asking: Asking,
        order: Order,
    ) -> Result<Reply, Stop> {
        let (core, is_told) = (Arc::clone(&self.core), asking.asker.is_told_counts());
        let staged = self.staging.taken(asking.session.uid, &order);
        let is_large = order::is_large(snapshot, &asking, &order)?;
        let uid = asking.session.uid;
        let is_import = staging::is_of_rows(order.act);
        let file = order.fields.get("file").filter(|_| order.act == Act::Attach).cloned();
        let upload = attachment::settle(self, snapshot, &asking, &order)?;
        let counted = given::counted(self, snapshot, (&asking, &order))?;
        let staged = Staged { rows: staged, upload, counted };
        let (listeners, id) = (Arc::clone(&self.listeners), order.id);
        let tells = move |n_done, n_all| {
            listeners.tell_going(uid, Going { order: id, n_done, n_all });
        };
        let run = move |work: &mut Work<'_>| {
            order::perform((&core, staged, &tells), work, &asking, &order)
        };
        let (done, touched) =
            if is_large { self.store.write_large(run)? } else { self.store.write(run)? };
        if is_import {
            self.staging.forget(uid);
        }
        if let Some(file) = file {
            self.uploads.forget(uid, &file);
        }
        self.after(&touched)?;
        Ok(Reply::Done(Done { revision: done.revision.filter(|_| is_told), ..done }))
    }

    /// After a commit: the names, the index and the other sessions follow.
    fn after(&self, touched: &Touched) -> Result<(), Stop> {
        if touched.is_empty() {
            return Ok(());
        }
        let _alone = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = self.store.read()?;
        if touched.has_office() {
            let book = Arc::new(Book::read(&snapshot)?);
            *self.core.book.write().unwrap_or_else(PoisonError::into_inner) = book;
        }
        self.finder.follow(&snapshot, touched)?;
        self.listeners.tell((&self.store, self.core.today()), touched)
    }
}
