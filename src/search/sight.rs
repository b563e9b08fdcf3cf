//! Who may see which rows: each scope is asked about once, before anything of its rows is read.

use crate::search::entry::Scope;
use crate::search::group::{GroupId, Groups};

/// What is known by now of who may see which scope.
pub struct Sight<V> {
    visible: V,
    known: Vec<Seen>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Unasked,
    Yes,
    No,
}

impl<V: Fn(&Scope) -> bool> Sight<V> {
    /// Nothing is known yet of so many groups.
    pub fn new(visible: V, groups: &Groups) -> Self {
        Self { visible, known: vec![Seen::Unasked; groups.len()] }
    }

    /// Whether rows of a group may be seen; those of a dead one may not.
    #[inline]
    pub fn sees(&mut self, groups: &Groups, group: GroupId) -> bool {
        let Some(seen) = self.known.get_mut(group as usize) else { return false };
        if *seen == Seen::Unasked {
            let Some(scope) = groups.scope(group) else { return false };
            *seen = if (self.visible)(&scope) { Seen::Yes } else { Seen::No };
        }
        *seen == Seen::Yes
    }
}
