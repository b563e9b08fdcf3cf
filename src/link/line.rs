//! The two ends of a connection: reading and writing whole frames within their time.
//!
//! Waiting for a frame to begin has no limit and no timer; once its first byte is there, the rest
//! must follow in [`FRAME_WAIT`]. Limits are those of the socket, so an idle line wakes nobody.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use crate::link::wire::{Bad, FRAME_WAIT, Inbox};

/// Bytes read at once.
const READ_BYTES: usize = 4 << 10;

/// Why nothing more comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// The other end is gone.
    #[error("the connection is closed")]
    Closed,
    /// The other end took too long.
    #[error("the other end is too slow")]
    Slow,
    /// The other end sent what is no message.
    #[error("{0}")]
    Bad(#[from] Bad),
}

/// From when on a frame has only [`FRAME_WAIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// From its first byte.
    FromItsStart,
    /// From now.
    FromNow,
}

/// The end that reads.
#[derive(Debug)]
pub struct Ear {
    stream: UnixStream,
    inbox: Inbox,
    frame_wait: Duration,
    limit: Option<Duration>,
}

impl Ear {
    /// Reads frames of at most `most` bytes of JSON from a stream without a limit of its own.
    pub fn new(stream: UnixStream, most: usize) -> Self {
        Self { stream, inbox: Inbox::new(most), frame_wait: FRAME_WAIT, limit: None }
    }

    /// The next message.
    ///
    /// # Errors
    /// The connection is of no more use.
    pub fn hear<M: DeserializeOwned>(&mut self, wait: Wait) -> Result<M, Ended> {
        let mut since = match wait {
            Wait::FromNow => Some(Instant::now()),
            Wait::FromItsStart => None,
        };
        let mut bytes = [0; READ_BYTES];
        loop {
            if let Some(message) = self.inbox.take()? {
                return Ok(message);
            }
            if since.is_none() && !self.inbox.is_empty() {
                since = Some(Instant::now());
            }
            self.limit(since)?;
            match self.stream.read(&mut bytes) {
                Ok(0) => return Err(Ended::Closed),
                Ok(n_bytes) => self.inbox.feed(bytes.get(..n_bytes).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ended(&error)),
            }
        }
    }

    fn limit(&mut self, since: Option<Instant>) -> Result<(), Ended> {
        let limit = match since {
            Some(since) => {
                let left = self.frame_wait.saturating_sub(since.elapsed());
                let left = Some(left).filter(|left| !left.is_zero());
                Some(left.ok_or(Ended::Slow)?)
            }
            None => None,
        };
        if limit != self.limit {
            self.stream.set_read_timeout(limit).map_err(|_| Ended::Closed)?;
            self.limit = limit;
        }
        Ok(())
    }
}

/// The end that writes.
#[derive(Debug)]
pub struct Mouth {
    stream: UnixStream,
}

impl Mouth {
    /// Writes to a stream; a write that takes nothing for `limit` ends it, none waits for ever.
    ///
    /// # Errors
    /// The machine's own.
    pub fn new(stream: UnixStream, limit: Option<Duration>) -> io::Result<Self> {
        stream.set_write_timeout(limit)?;
        Ok(Self { stream })
    }

    /// Sends a whole frame. On an error the other end cannot have got all of it.
    ///
    /// # Errors
    /// The connection is of no more use.
    pub fn say(&mut self, mut frame: &[u8]) -> Result<(), Ended> {
        let since = Instant::now();
        while !frame.is_empty() {
            match self.stream.write(frame) {
                Ok(0) => return Err(Ended::Closed),
                Ok(n_bytes) => frame = frame.get(n_bytes..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ended(&error)),
            }
            if !frame.is_empty() && since.elapsed() > FRAME_WAIT {
                return Err(Ended::Slow);
            }
        }
        Ok(())
    }
}

fn ended(error: &io::Error) -> Ended {
    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
        Ended::Slow
    } else {
        Ended::Closed
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::time::Duration;

    use super::{Ear, Ended, Mouth, Wait};
    use crate::api::setting::REQUEST_MAX;
    use crate::link::wire::{Up, encode};

    fn ear() -> (Ear, UnixStream) {
        let (near, far) = UnixStream::pair().unwrap();
        let frame_wait = Duration::from_millis(30);
        (Ear { frame_wait, ..Ear::new(near, REQUEST_MAX) }, far)
    }

    #[test]
    fn a_frame_that_is_begun_and_not_ended_is_too_slow() {
        let (mut ear, mut far) = ear();
        far.write_all(&encode(&Up::Leave, REQUEST_MAX).unwrap()[..7]).unwrap();
        assert_eq!(ear.hear::<Up>(Wait::FromItsStart), Err(Ended::Slow));
    }

    #[test]
    fn one_who_never_greets_is_too_slow() {
        let (mut ear, _far) = ear();
        assert_eq!(ear.hear::<Up>(Wait::FromNow), Err(Ended::Slow));
    }

    #[test]
    fn a_limit_of_one_frame_is_none_of_the_next() {
        let (mut ear, mut far) = ear();
        let frame = encode(&Up::Listen, REQUEST_MAX).unwrap();
        far.write_all(&frame[..3]).unwrap();
        let rest = std::thread::spawn(move || {
            far.write_all(&frame[3..]).unwrap();
            far
        });
        assert_eq!(ear.hear(Wait::FromItsStart), Ok(Up::Listen));
        drop(rest.join().unwrap());
        assert_eq!(ear.hear::<Up>(Wait::FromItsStart), Err(Ended::Closed));
        assert_eq!(ear.limit, None);
    }

    #[test]
    fn one_who_takes_nothing_is_too_slow() {
        let (near, far) = UnixStream::pair().unwrap();
        let mut mouth = Mouth::new(near, Some(Duration::from_millis(20))).unwrap();
        assert_eq!(mouth.say(&vec![0; 4 << 20]), Err(Ended::Slow));
        drop(far);
        assert_eq!(mouth.say(&[0; 9]), Err(Ended::Closed));
    }
}
