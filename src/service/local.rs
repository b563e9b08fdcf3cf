//! What the door of one session in the same process does: it calls, hears, and stands somewhere.

use std::sync::mpsc::Receiver;

use crate::api::door::{Door, Notice};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::service::LocalDoor;

impl Door for LocalDoor {
    fn call(&mut self, request: Request) -> Result<Reply, Refusal> {
        match request {
            Request::At(on) => self.service.stand((&self.session, self.listener), on),
            request => self.service.call(&self.session, request),
        }
    }

    fn notices(&mut self) -> Receiver<Notice> {
        self.hush();
        let (number, news) = self.service.hear(&self.session);
        self.listener = Some(number);
        news
    }
}

impl LocalDoor {
    fn hush(&mut self) {
        if let Some(number) = self.listener.take() {
            self.service.hush(number);
        }
    }
}

impl Drop for LocalDoor {
    fn drop(&mut self) {
        self.hush();
    }
}
