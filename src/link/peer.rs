//! Who is at the other end of a socket, by the kernel's word.
//!
//! Groups, process ids and the environment decide nothing.

use std::os::fd::AsFd;

use rustix::io;
use rustix::net::sockopt::socket_peercred;
use rustix::process::geteuid;

use crate::service::Session;

/// The account under which the packaged service runs.
const SERVICE_LOGIN: &str = "anjie";
const ROOT: u32 = 0;

/// Whose servers a client believes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// One's own only.
    Own,
    /// One's own, root's (who listens for the service manager), and those of the service's account.
    Service,
}

impl Trust {
    /// Whether a server of that user id is believed.
    pub fn covers(self, uid: u32) -> bool {
        match self {
            Self::Own => uid == own_uid(),
            Self::Service => uid == own_uid() || uid == ROOT || Some(uid) == service_uid(),
        }
    }
}

/// The user id of whoever connected, or of whoever listens, when they did so.
///
/// # Errors
/// The machine's own.
pub fn uid_of(socket: impl AsFd) -> io::Result<u32> {
    Ok(socket_peercred(socket)?.uid.as_raw())
}

/// The user id of this process, as others' sockets see it.
pub fn own_uid() -> u32 {
    geteuid().as_raw()
}

/// The session of a user id. One that has no name is called by its number, so that somebody can
/// give it one.
pub fn session(uid: u32) -> Session {
    let login = uzers::get_user_by_uid(uid)
        .map_or_else(|| format!("uid {uid}"), |user| user.name().to_string_lossy().into_owned());
    Session { uid, login }
}

/// The session of a login; none if nobody has it.
pub fn account(login: &str) -> Option<Session> {
    uzers::get_user_by_name(login).map(|user| Session { uid: user.uid(), login: login.to_owned() })
}

/// The user id of a login; none if nobody has it.
pub fn uid_of_login(login: &str) -> Option<u32> {
    account(login).map(|session| session.uid)
}

/// The user id of the service's account; none if the machine has none.
pub fn service_uid() -> Option<u32> {
    account(SERVICE_LOGIN).map(|session| session.uid)
}

#[cfg(test)]
mod tests {
    use super::{Trust, own_uid, session};

    #[test]
    fn an_account_without_a_name_is_called_by_its_number() {
        assert_eq!(session(3_999_999_999).login, "uid 3999999999");
    }

    #[test]
    fn a_stranger_is_never_believed() {
        let stranger = own_uid() + 4_321;
        assert!(!Trust::Own.covers(stranger));
        assert!(!Trust::Service.covers(stranger));
        assert!(Trust::Own.covers(own_uid()));
        assert!(Trust::Service.covers(0));
    }
}
