//! The seats of a server: who is connected, how many one account may have, and when nobody is.
//!
//! A seat is freed when it is dropped, whatever ended its thread. Whoever waits for the last one to
//! go is woken through a pipe of its own.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::api::refusal::{Refusal, RefusalKind};

/// All seats of a server.
#[derive(Debug)]
pub struct Seats {
    state: Mutex<State>,
    wake: UnixStream,
    woken: UnixStream,
}

#[derive(Debug, Default)]
struct State {
    n_given: u64,
    taken: BTreeMap<u64, Taken>,
    is_closing: bool,
    /// The connection for whose build the server makes room; it is closed last of all.
    heir: Option<UnixStream>,
}

#[derive(Debug)]
struct Taken {
    uid: u32,
    stream: UnixStream,
    is_greeted: bool,
}

/// How many seats there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// For one account.
    pub per_account: usize,
    /// In all.
    pub in_all: usize,
}

/// A seat that is taken.
#[derive(Debug)]
pub struct Seat<'a> {
    seats: &'a Seats,
    number: u64,
    /// The user id of the client.
    pub uid: u32,
}

impl Seats {
    /// No seat is taken yet.
    ///
    /// # Errors
    /// No more descriptors.
    pub fn new() -> io::Result<Self> {
        let (woken, wake) = UnixStream::pair()?;
        woken.set_nonblocking(true)?;
        wake.set_nonblocking(true)?;
        Ok(Self { state: Mutex::default(), wake, woken })
    }

    /// Takes a seat for a connection of an account. Nobody loses a seat when there is less room than
    /// before.
    ///
    /// # Errors
    /// The account has too many, or all are taken.
    pub fn take(&self, (uid, stream): (u32, UnixStream), room: Room) -> Result<Seat<'_>, Refusal> {
        let mut state = self.lock();
        let own = state.taken.values().filter(|taken| taken.uid == uid).count();
        if own >= room.per_account {
            return Err(Refusal::new(RefusalKind::Busy, "too_many"));
        }
        if state.taken.len() >= room.in_all {
            return Err(Refusal::new(RefusalKind::Busy, "busy"));
        }
        state.n_given += 1;
        let number = state.n_given;
        state.taken.insert(number, Taken { uid, stream, is_greeted: false });
        Ok(Seat { seats: self, number, uid })
    }

    /// Whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.lock().taken.is_empty()
    }

    /// How many clients have been greeted.
    pub fn n_greeted(&self) -> u32 {
        let n_greeted = self.lock().taken.values().filter(|taken| taken.is_greeted).count();
        u32::try_from(n_greeted).unwrap_or(u32::MAX)
    }

    /// Whether the server is to leave.
    pub fn is_closing(&self) -> bool {
        self.lock().is_closing
    }

    /// Ends all connections once they have got the answers to what they have asked.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closing = true;
        for taken in state.taken.values() {
            // A client that has gone meanwhile needs no end.
            let _gone = taken.stream.shutdown(Shutdown::Read);
        }
    }

    /// What becomes readable when a seat is freed.
    pub fn woken(&self) -> &UnixStream {
        &self.woken
    }

    /// Forgets that a seat was freed.
    pub fn calm(&self) {
        let mut bytes = [0; 64];
        while (&self.woken).read(&mut bytes).is_ok_and(|n_bytes| n_bytes > 0) {}
    }

    /// The connection that is to be closed when nothing is left to do.
    pub fn into_heir(self) -> Option<UnixStream> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).heir
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        // A pipe that is full wakes too.
        let _full = (&self.wake).write(&[0]);
    }
}

impl Seat<'_> {
    /// Notes that the client has been greeted; false if the server is about to leave.
    pub fn admit(&self) -> bool {
        let mut state = self.seats.lock();
        if state.is_closing {
            return false;
        }
        if let Some(taken) = state.taken.get_mut(&self.number) {
            taken.is_greeted = true;
        }
        true
    }

    /// Makes the server leave for this client, if no other has been greeted.
    pub fn inherit(&self, stream: UnixStream) -> bool {
        let mut state = self.seats.lock();
        if state.is_closing || state.taken.values().any(|taken| taken.is_greeted) {
            return false;
        }
        state.is_closing = true;
        state.heir = Some(stream);
        true
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.seats.lock().taken.remove(&self.number);
        self.seats.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::{Room, Seat, Seats};

    const ROOM: Room = Room { per_account: 8, in_all: 64 };

    fn sit(seats: &Seats, uid: u32) -> Result<Seat<'_>, String> {
        let (stream, _) = UnixStream::pair().unwrap();
        seats.take((uid, stream), ROOM).map_err(|refusal| refusal.key)
    }

    #[test]
    fn one_account_cannot_keep_the_others_out() {
        let seats = Seats::new().unwrap();
        let taken: Vec<_> = (0..ROOM.per_account).map(|_| sit(&seats, 7).unwrap()).collect();
        assert_eq!(sit(&seats, 7).unwrap_err(), "refusal.too_many");
        assert!(sit(&seats, 8).is_ok());
        drop(taken);
        assert!(sit(&seats, 7).is_ok());
    }

    #[test]
    fn there_are_so_many_seats_and_no_more() {
        let seats = Seats::new().unwrap();
        let uids = (0..).map(|at| at / 4);
        let taken: Vec<_> = uids.take(ROOM.in_all).map(|uid| sit(&seats, uid).unwrap()).collect();
        assert_eq!(sit(&seats, 999).unwrap_err(), "refusal.busy");
        let (stream, _) = UnixStream::pair().unwrap();
        assert!(
            seats.take((999, stream), Room { in_all: 65, ..ROOM }).is_ok(),
            "there is more room"
        );
        drop(taken);
        assert!(seats.is_empty());
    }

    #[test]
    fn a_server_leaves_for_a_new_build_only_when_nobody_else_is_there() {
        let seats = Seats::new().unwrap();
        let (first, second) = (sit(&seats, 7).unwrap(), sit(&seats, 7).unwrap());
        assert!(first.admit());
        assert!(!second.inherit(UnixStream::pair().unwrap().0));
        drop(first);
        assert!(second.inherit(UnixStream::pair().unwrap().0));
        assert!(!sit(&seats, 7).unwrap().admit());
        drop(second);
        assert!(seats.into_heir().is_some());
    }
}
