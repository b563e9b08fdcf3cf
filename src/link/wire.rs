//! What goes over the socket: frames, their limits, and the messages of both sides.
//!
//! A frame is a length of four bytes, the high byte first, then a version byte, then JSON. The two
//! ends are the same build of one program, so the wire has no past. Garbage is an error, no panic.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::api::door::{Notice, Ticket};
use crate::api::refusal::Refusal;
use crate::api::reply::Reply;
use crate::api::request::Request;

/// How long one frame may take from its first byte to its last, in either direction.
pub const FRAME_WAIT: Duration = Duration::from_secs(10);
/// How long the server waits for a client that takes nothing from its socket.
pub const WRITE_WAIT: Duration = Duration::from_secs(2);
/// The shape of frames; a build that changes it raises it.
pub const VERSION: u8 = 1;

/// Bytes of the length.
const LENGTH_BYTES: usize = 4;
/// Bytes before the JSON.
const HEAD_BYTES: usize = LENGTH_BYTES + 1;
/// A buffer that one large frame made larger than this is given back.
const KEPT_BYTES: usize = 8 << 10;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Up {
    /// First of all: which build it is.
    Greeting {
        /// As [`build`] gives it.
        build: String,
    },
    /// A call. There is no field that says who asks.
    Call {
        /// Counted up by the client.
        ticket: Ticket,
        /// What is asked.
        request: Request,
    },
    /// It wants to hear of changes from now on.
    Listen,
    /// It goes.
    Leave,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Down {
    /// The greeting returned.
    Greeting(Facts),
    /// The answer to a call.
    Answer {
        /// The ticket of the call.
        ticket: Ticket,
        /// The answer.
        result: Result<Reply, Refusal>,
    },
    /// The ledger has changed.
    Notice(Notice),
    /// The server makes room for the build that asks; the socket closes once the ledger is free.
    Leaving,
    /// The connection is cut off, and why.
    Refused(Refusal),
}

/// What the server says of itself and of the other end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The server's build.
    pub build: String,
    /// The user id under which the kernel knows the client.
    pub uid: u32,
    /// Its login.
    pub login: String,
    /// After how many seconds without a client the server leaves; none if it stays.
    pub idle_exit: Option<u64>,
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bad {
    /// It is longer than allowed.
    #[error("the frame is too long")]
    TooLarge,
    /// It is of another version.
    #[error("the frame is of another version")]
    Version,
    /// It is no message.
    #[error("the frame is no message")]
    Garbage,
}

/// Which build this process runs: the version, and size and time of the program's file.
///
/// Size and time are kept by packages and copies, and differ for each build; device and inode would
/// tell two copies of one build apart, and a hash of the whole file would cost every start dearly.
/// The link in `/proc` leads to the file that runs, also after another has taken its name.
pub fn build() -> String {
    let version = env!("CARGO_PKG_VERSION");
    match std::fs::metadata("/proc/self/exe") {
        Ok(file) => {
            format!("{version}+{:x}.{:x}.{:x}", file.size(), file.mtime(), file.mtime_nsec())
        }
        Err(_) => version.to_owned(),
    }
}

/// A message as a frame of at most `most` bytes of JSON.
///
/// # Errors
/// [`Bad::TooLarge`].
pub fn encode(message: &impl Serialize, most: usize) -> Result<Vec<u8>, Bad> {
    let mut frame = Frame { bytes: vec![0; HEAD_BYTES], most: HEAD_BYTES + most };
    serde_json::to_writer(&mut frame, message).map_err(|_| Bad::TooLarge)?;
    let mut bytes = frame.bytes;
    let length = u32::try_from(bytes.len() - LENGTH_BYTES).map_err(|_| Bad::TooLarge)?;
    if let Some((head, _)) = bytes.split_first_chunk_mut::<HEAD_BYTES>() {
        let [a, b, c, d] = length.to_be_bytes();
        *head = [a, b, c, d, VERSION];
    }
    Ok(bytes)
}

struct Frame {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Frame {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes that came in and are not yet messages.
#[derive(Debug)]
pub struct Inbox {
    bytes: Vec<u8>,
    most: usize,
}

impl Inbox {
    /// An inbox for frames of at most `most` bytes of JSON.
    pub fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most }
    }

    /// Takes in what was read.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether no frame has begun.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next message, once its frame is whole.
    ///
    /// # Errors
    /// As soon as it can be seen. What follows a bad frame has no meaning.
    pub fn take<M: DeserializeOwned>(&mut self) -> Result<Option<M>, Bad> {
        let Some((head, rest)) = self.bytes.split_first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_be_bytes(*head)).map_err(|_| Bad::TooLarge)?;
        if length > self.most + 1 {
            return Err(Bad::TooLarge);
        }
        if length == 0 {
            return Err(Bad::Garbage);
        }
        let Some((version, rest)) = rest.split_first() else { return Ok(None) };
        if *version != VERSION {
            return Err(Bad::Version);
        }
        let Some(json) = rest.get(..length - 1) else { return Ok(None) };
        let message = serde_json::from_slice(json).map_err(|_| Bad::Garbage)?;
        self.bytes.drain(..LENGTH_BYTES + length);
        if self.bytes.is_empty() && self.bytes.capacity() > KEPT_BYTES {
            self.bytes = Vec::new();
        }
        Ok(Some(message))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bad, Inbox, Up, VERSION, build, encode};
    use crate::api::door::Ticket;
    use crate::api::request::Request;
    use crate::api::setting::REQUEST_MAX;

    fn call(ticket: u64, number: &str) -> Up {
        let request = Request::CaseByNumber { number: number.to_owned() };
        Up::Call { ticket: Ticket(ticket), request }
    }

    #[test]
    fn a_frame_that_is_one_byte_too_long_is_refused_on_both_sides() {
        let empty = encode(&call(1, ""), REQUEST_MAX).unwrap().len();
        let fits = call(1, &"x".repeat(REQUEST_MAX + 5 - empty));
        let frame = encode(&fits, REQUEST_MAX).unwrap();
        let mut inbox = Inbox::new(REQUEST_MAX);
        inbox.feed(&frame);
        assert_eq!(inbox.take::<Up>(), Ok(Some(fits)));
        let long = call(1, &"x".repeat(REQUEST_MAX + 6 - empty));
        assert_eq!(encode(&long, REQUEST_MAX), Err(Bad::TooLarge));
        let mut inbox = Inbox::new(REQUEST_MAX);
        inbox.feed(&encode(&long, REQUEST_MAX + 1).unwrap()[..4]);
        assert_eq!(inbox.take::<Up>(), Err(Bad::TooLarge));
    }

    #[test]
    fn a_frame_of_another_version_is_known_by_its_fifth_byte() {
        let mut inbox = Inbox::new(REQUEST_MAX);
        inbox.feed(&[0, 0, 0, 9]);
        assert_eq!(inbox.take::<Up>(), Ok(None));
        inbox.feed(&[VERSION + 1]);
        assert_eq!(inbox.take::<Up>(), Err(Bad::Version));
    }

    #[test]
    fn a_frame_without_a_version_byte_is_garbage() {
        let mut inbox = Inbox::new(REQUEST_MAX);
        inbox.feed(&[0, 0, 0, 0, VERSION]);
        assert_eq!(inbox.take::<Up>(), Err(Bad::Garbage));
    }

    #[test]
    fn one_program_has_one_build() {
        assert_eq!(build(), build());
        assert!(build().starts_with(env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn a_deep_nest_is_garbage_and_no_overflow() {
        let nest = "[".repeat(60_000);
        let mut inbox = Inbox::new(REQUEST_MAX);
        inbox.feed(&u32::try_from(nest.len() + 1).unwrap().to_be_bytes());
        inbox.feed(&[VERSION]);
        inbox.feed(nest.as_bytes());
        assert_eq!(inbox.take::<Up>(), Err(Bad::Garbage));
    }

    proptest! {
        #[test]
        fn messages_come_out_as_they_went_in_however_they_are_cut(
            texts in prop::collection::vec(".{0,60}", 1..6),
            piece in 1usize..50,
        ) {
            let calls: Vec<Up> = (0..).zip(&texts).map(|(at, text)| call(at, text)).collect();
            let bytes: Vec<u8> =
                calls.iter().flat_map(|call| encode(call, REQUEST_MAX).unwrap()).collect();
            let (mut inbox, mut out) = (Inbox::new(REQUEST_MAX), Vec::new());
            for piece in bytes.chunks(piece) {
                inbox.feed(piece);
                while let Some(message) = inbox.take::<Up>().unwrap() {
                    out.push(message);
                }
            }
            prop_assert_eq!(out, calls);
            prop_assert!(inbox.is_empty());
        }

        #[test]
        fn garbage_is_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut inbox = Inbox::new(REQUEST_MAX);
            inbox.feed(&bytes);
            while let Ok(Some(_)) = inbox.take::<Up>() {}
        }

        #[test]
        fn garbage_behind_a_good_head_is_never_a_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut inbox = Inbox::new(REQUEST_MAX);
            inbox.feed(&u32::try_from(bytes.len() + 1).unwrap().to_be_bytes());
            inbox.feed(&[VERSION]);
            inbox.feed(&bytes);
            prop_assert!(!matches!(inbox.take::<Up>(), Ok(None)));
        }

        #[test]
        fn a_frame_with_one_byte_changed_is_never_a_panic(at in 0usize..60, byte: u8) {
            let mut frame = encode(&call(7, "a number"), REQUEST_MAX).unwrap();
            let at = at % frame.len();
            frame[at] = byte;
            let mut inbox = Inbox::new(REQUEST_MAX);
            inbox.feed(&frame);
            while let Ok(Some(_)) = inbox.take::<Up>() {}
        }
    }
}
