//! The signs of tasks, which read without colour, and the set of marked ones.

use crate::domain::choice::TaskState;
use crate::domain::standing::Standing;
use crate::tui::look::Role;

/// The sign of a state, one column wide.
pub const fn sign(state: TaskState) -> &'static str {
    match state {
        TaskState::Todo => ".",
        TaskState::Doing => "/",
        TaskState::Done => "x",
        TaskState::NotApplicable => "-",
        TaskState::SentBack => "<",
    }
}

/// The sign beside it: past its last day, or on it.
pub const fn urgency(standing: Standing) -> &'static str {
    match standing {
        Standing::Late => "!",
        Standing::Today => "*",
        Standing::Soon => "~",
        _ => " ",
    }
}

/// What a task looks like; the signs say the same.
pub const fn role(state: TaskState, standing: Standing) -> Role {
    match (standing, state) {
        (Standing::Late, _) => Role::Late,
        (Standing::Today, _) => Role::Today,
        (Standing::Soon, _) => Role::Soon,
        (_, TaskState::Done) => Role::Ok,
        (_, TaskState::NotApplicable) => Role::Dim,
        (_, TaskState::SentBack) => Role::Warning,
        (_, TaskState::Todo | TaskState::Doing) => Role::Text,
    }
}
