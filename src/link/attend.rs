//! One connection at the server: greeted, heard, answered, and cut off if it misbehaves.
//!
//! Whatever a client does, it can hold up or harm nobody but itself.

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};
use std::time::Duration;

use crate::api::door::{Notice, Ticket};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::setting::{REPLY_MAX, REQUEST_MAX};
use crate::link::line::{Ear, Ended, Mouth, Wait};
use crate::link::peer;
use crate::link::seat::{Room, Seat, Seats};
use crate::link::wire::{self, Bad, Down, Facts, Up, WRITE_WAIT};
use crate::service::{Service, Session};

/// The stack of a thread that answers: address space, of which only what is used takes memory.
const STACK_BYTES: usize = 1 << 20;
/// The stack of a thread that passes news on.
const NEWS_STACK_BYTES: usize = 256 << 10;

/// What all threads of a server share.
pub struct Hall<'a> {
    /// The ledger.
    pub service: &'a Service,
    /// Who is connected.
    pub seats: &'a Seats,
    /// As [`wire::build`] gives it.
    pub build: String,
    /// The most connections of one account, if the server was told so.
    pub per_account: Option<usize>,
    /// How long the server stays without a client.
    pub idle_exit: Option<Duration>,
}

impl Hall<'_> {
    /// Gives a newcomer a seat and a thread; none if there is no room.
    pub fn admit<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        stream: UnixStream,
    ) -> Option<ScopedJoinHandle<'scope, ()>> {
        let uid = peer::uid_of(&stream).ok()?;
        let seat =
            match stream.try_clone().map(|stream| self.seats.take((uid, stream), self.room())) {
                Ok(Ok(seat)) => seat,
                Ok(Err(refusal)) => {
                    // A fresh socket takes a small frame at once, so this holds nobody up.
                    let mut mouth = Mouth::new(stream, Some(WRITE_WAIT)).ok()?;
                    let _gone = say(&mut mouth, &Down::Refused(refusal));
                    return None;
                }
                Err(_no_descriptor) => return None,
            };
        let thread = Builder::new().name("clerk".to_owned()).stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, move || self.attend(stream, &seat)).ok()
    }

    /// How many seats there are now, as the office has set it.
    fn room(&self) -> Room {
        let (per_account, in_all) = self.service.connections_max();
        Room { per_account: self.per_account.unwrap_or(per_account), in_all }
    }

    fn attend(&self, stream: UnixStream, seat: &Seat<'_>) {
        let (Ok(reading), Ok(writing)) = (stream.try_clone(), stream.try_clone()) else { return };
        let Ok(mouth) = Mouth::new(writing, Some(WRITE_WAIT)) else { return };
        let mut visit = Visit {
            hall: self,
            session: peer::session(seat.uid),
            ear: Ear::new(reading, REQUEST_MAX),
            mouth: Mutex::new(mouth),
            stream,
        };
        match visit.greet(seat) {
            Outcome::Greeted => visit.serve(),
            Outcome::Inherits => return,
            Outcome::Refused => {}
        }
        // What was said last is delivered all the same.
        let _gone = visit.stream.shutdown(Shutdown::Both);
    }
}

/// How a greeting went.
enum Outcome {
    Greeted,
    /// The server leaves for it: its stream is closed last of all.
    Inherits,
    Refused,
}

struct Visit<'a> {
    hall: &'a Hall<'a>,
    session: Session,
    ear: Ear,
    mouth: Mutex<Mouth>,
    stream: UnixStream,
}

/// The news of a session; they end when this is dropped.
struct Hearing<'a> {
    service: &'a Service,
    number: u64,
}

impl Drop for Hearing<'_> {
    fn drop(&mut self) {
        self.service.hush(self.number);
    }
}

impl Visit<'_> {
    fn greet(&mut self, seat: &Seat<'_>) -> Outcome {
        let build = match self.ear.hear(Wait::FromNow) {
            Ok(Up::Greeting { build }) => Some(build),
            Err(Ended::Bad(Bad::Version)) => None,
            Ok(Up::Call { .. } | Up::Listen | Up::Leave) => {
                return self.refuse(bad_request("greeting"));
            }
            Err(ended) => return self.end(ended),
        };
        if build.as_ref() != Some(&self.hall.build) {
            return self.part(seat);
        }
        let facts = Facts {
            build: self.hall.build.clone(),
            uid: self.session.uid,
            login: self.session.login.clone(),
            idle_exit: self.hall.idle_exit.map(|limit| limit.as_secs()),
        };
        if seat.admit() && self.say(&Down::Greeting(facts)).is_ok() {
            Outcome::Greeted
        } else {
            Outcome::Refused
        }
    }

    /// Another build asks: make room for it if it is one's own and alone, refuse it otherwise.
    fn part(&self, seat: &Seat<'_>) -> Outcome {
        let inherits = self.session.uid == peer::own_uid()
            && self.stream.try_clone().is_ok_and(|stream| seat.inherit(stream));
        if !inherits {
            return self.refuse(Refusal::new(RefusalKind::Closed, "other_build"));
        }
        let _gone = self.say(&Down::Leaving);
        Outcome::Inherits
    }

    /// Hears and answers until the client or the server goes.
    fn serve(&mut self) {
        let Self { hall, session, ear, mouth, stream } = self;
        let (hall, session, mouth, stream) = (*hall, &*session, &*mouth, &*stream);
        thread::scope(|scope| {
            let mut hearing = None;
            let ended = loop {
                match ear.hear(Wait::FromItsStart) {
                    Ok(Up::Call { ticket, request }) => {
                        let number = hearing.as_ref().map(|hearing: &Hearing<'_>| hearing.number);
                        let frame = answer(hall, (session, number), (ticket, request));
                        if lock(mouth).say(&frame).is_err() {
                            break None;
                        }
                    }
                    Ok(Up::Listen) if hearing.is_none() => {
                        let (number, news) = hall.service.hear(session);
                        hearing = Some(Hearing { service: hall.service, number });
                        let thread =
                            Builder::new().name("news".to_owned()).stack_size(NEWS_STACK_BYTES);
                        // Without news the client would show what is old: it is to come again.
                        if thread.spawn_scoped(scope, || pass_on(news, mouth, stream)).is_err() {
                            break Some(Refusal::new(RefusalKind::Busy, "busy"));
                        }
                    }
                    Ok(Up::Listen) => {}
                    Ok(Up::Leave) | Err(Ended::Closed) => break None,
                    Ok(Up::Greeting { .. }) => break Some(bad_request("greeting")),
                    Err(ended) => break Some(reason(ended)),
                }
            };
            if let Some(refusal) = ended {
                let _gone = say(&mut lock(mouth), &Down::Refused(refusal));
            }
            drop(hearing);
        });
    }

    fn say(&self, message: &Down) -> Result<(), Ended> {
        say(&mut lock(&self.mouth), message)
    }

    fn end(&self, ended: Ended) -> Outcome {
        if ended == Ended::Closed { Outcome::Refused } else { self.refuse(reason(ended)) }
    }

    fn refuse(&self, refusal: Refusal) -> Outcome {
        let _gone = self.say(&Down::Refused(refusal));
        Outcome::Refused
    }
}

/// Does a call and gives the frame of its answer.
fn answer(
    hall: &Hall<'_>,
    (session, listener): (&Session, Option<u64>),
    (ticket, request): (Ticket, Request),
) -> Vec<u8> {
    let is_order = matches!(request, Request::Do(_));
    let mut result = match request {
        Request::At(on) => hall.service.stand((session, listener), on),
        request => hall.service.call(session, request),
    };
    if let Ok(Reply::Status(view)) = &mut result {
        view.connections = Some(hall.seats.n_greeted());
    }
    let frame = wire::encode(&Down::Answer { ticket, result }, REPLY_MAX);
    frame.unwrap_or_else(|_| {
        let refusal = if is_order {
            Refusal::new(RefusalKind::Unknown, "unknown")
        } else {
            Refusal::new(RefusalKind::Invalid, "pages")
        };
        // A refusal is small; if it were not, the empty frame would end the connection.
        wire::encode(&Down::Answer { ticket, result: Err(refusal) }, REPLY_MAX).unwrap_or_default()
    })
}

/// Passes news on until they end; a client that does not take them is cut off.
fn pass_on(news: Receiver<Notice>, mouth: &Mutex<Mouth>, stream: &UnixStream) {
    for notice in news {
        if say(&mut lock(mouth), &Down::Notice(notice)).is_err() {
            let _gone = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}

fn say(mouth: &mut Mouth, message: &Down) -> Result<(), Ended> {
    mouth.say(&wire::encode(message, REPLY_MAX)?)
}

fn lock(mouth: &Mutex<Mouth>) -> MutexGuard<'_, Mouth> {
    mouth.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a client is cut off.
fn reason(ended: Ended) -> Refusal {
    match ended {
        Ended::Bad(Bad::TooLarge) => Refusal::new(RefusalKind::Invalid, "too_large"),
        Ended::Bad(Bad::Garbage) => bad_request("garbage"),
        Ended::Bad(Bad::Version) => bad_request("version"),
        Ended::Slow => bad_request("slow"),
        Ended::Closed => bad_request("closed"),
    }
}

fn bad_request(why: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "bad_request").with("why", why)
}
