//! What the service manager is told of a server: that it is ready, that it lives, that it leaves.
//!
//! Without a service manager, or one that does not ask, nothing is sent and nobody wakes.

use std::time::Duration;

use sd_notify::NotifyState;

/// So many times in the span after which the service manager loses patience it hears of the server.
const SIGNS_OF_LIFE: u32 = 2;

/// The server answers from now on.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The server leaves.
pub fn stopping() {
    tell(NotifyState::Stopping);
}

/// The server lives.
pub fn alive() {
    tell(NotifyState::Watchdog);
}

/// How often the service manager wants to hear that the server lives; none if it does not ask.
pub fn wants_sign_every() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|patience| patience / SIGNS_OF_LIFE)
}

fn tell(state: NotifyState<'_>) {
    // A service manager that does not listen draws its own conclusions.
    let _unheard = sd_notify::notify(&[state]);
}
