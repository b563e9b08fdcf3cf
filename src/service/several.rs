//! Several questions in one call: each is judged, answered and written down as if it were alone.

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::{Request, SEVERAL_MAX};

use crate::service::{Room, Service, Session};

impl Service {
    /// Answers several questions.
    ///
    /// # Errors
    /// There are too many, or one of them is no mere question.
    pub(super) fn several(
        &self,
        (session, room): (&Session, Room),
        asked: Vec<Request>,
    ) -> Result<Reply, Refusal> {
        if asked.len() > SEVERAL_MAX || !asked.iter().all(Request::may_be_among_several) {
            return Err(Refusal::new(RefusalKind::Invalid, "too_large"));
        }
        let answers = asked.into_iter().map(|request| match room {
            Room::Office => self.call(session, request),
            Room::Meeting => self.call(session, Request::Masked(Box::new(request))),
        });
        Ok(Reply::Several(answers.collect()))
    }
}
