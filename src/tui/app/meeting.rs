//! Into a meeting and out of it: what is asked there is asked masked, and nothing of the work on the
//! desk is seen.
//!
//! INVARIANT: while a meeting is on, `me.masked` is set, and the screens from before it wait aside.

use crate::api::request::Request;
use crate::tui::app::{Effect, Exit, Model, Seat};
use crate::tui::screen::Screen;
use crate::tui::screen::meeting::find::FindScreen;
use crate::tui::screen::place::Place;

/// Where the program is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// At a desk.
    Office,
    /// Before a meeting.
    Meeting,
}

impl Room {
    /// A question as it is asked there.
    pub(super) fn asks(self, request: Request) -> Request {
        match self {
            Self::Office => request,
            Self::Meeting => Request::Masked(Box::new(request)),
        }
    }
}

/// The screens that one comes back to, and which of them is on.
type Desk = (Vec<Seat<Box<dyn Screen>>>, usize);

/// A meeting that is on.
pub(super) struct Meeting {
    /// What one comes back to; none if the program began here.
    desk: Option<Desk>,
}

impl Model {
    /// Where the program is used now.
    pub(super) fn room_of_use(&self) -> Room {
        match self.meeting {
            Some(_) => Room::Meeting,
            None => Room::Office,
        }
    }

    /// Begins the program in a meeting.
    pub(super) fn begin_meeting(&mut self) -> Vec<Effect> {
        self.meeting = Some(Meeting { desk: None });
        self.base.me.masked = true;
        self.visit((self.open)(Place::Find))
    }

    /// From the desk to the meeting, or back.
    pub(super) fn turn_meeting(&mut self) -> Vec<Effect> {
        match self.meeting.take() {
            None => {
                self.leave_others(None);
                let desk = (std::mem::take(&mut self.history), self.at);
                self.at = 0;
                self.meeting = Some(Meeting { desk: Some(desk) });
                self.base.me.masked = true;
                self.visit((self.open)(Place::Find))
            }
            Some(Meeting { desk: None }) => {
                // Nothing lies behind a meeting in which the program began.
                self.meeting = Some(Meeting { desk: None });
                match self.sent.is_empty() {
                    true => vec![Effect::End(Exit::Left)],
                    false => self.end(),
                }
            }
            Some(Meeting { desk: Some((history, at)) }) => {
                self.overs.clear();
                (self.history, self.at) = (history, at);
                self.base.me.masked = false;
                let mut effects = self.greet();
                effects.extend(self.enter());
                effects
            }
        }
    }

    /// To the search of the meeting, with a text.
    pub(super) fn find_in_meeting(&mut self, text: &str) -> Vec<Effect> {
        self.visit(Box::new(FindScreen::beginning(text)))
    }
}
