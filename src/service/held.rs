//! Things that are held for a caller who may never come back, and let go when they have rested.
//!
//! A thread that sleeps until the oldest has rested lets it go; without any there is no thread.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

/// How many there may be, and how long each may rest.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The most; the oldest gives way.
    pub most: usize,
    /// How long one may rest.
    pub rest: Duration,
}

/// The things, one of each user id.
pub struct Held<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    terms: Terms,
    n_tickets: AtomicU64,
    state: Mutex<State<T>>,
    woken: Condvar,
}

struct State<T> {
    /// The longest at rest first.
    all: Vec<(u32, Instant, T)>,
    has_thread: bool,
}

impl<T: Send + 'static> Held<T> {
    /// Nothing is held yet.
    pub fn new(terms: Terms) -> Self {
        let state = Mutex::new(State { all: Vec::new(), has_thread: false });
        let n_tickets = AtomicU64::new(0);
        Self { shared: Arc::new(Shared { terms, n_tickets, state, woken: Condvar::new() }) }
    }

    /// A number by which something that is held is meant, from 1.
    pub fn ticket(&self) -> u64 {
        self.shared.n_tickets.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Holds something for a user id, in the place of what was held for it.
    pub fn put(&self, uid: u32, held: T) {
        let mut state = self.shared.lock();
        state
            .all
            .retain(|(other, since, _)| *other != uid && since.elapsed() < self.shared.terms.rest);
        if state.all.len() >= self.shared.terms.most {
            state.all.remove(0);
        }
        state.all.push((uid, Instant::now(), held));
        if !state.has_thread {
            let shared = Arc::clone(&self.shared);
            let builder = Builder::new().name("held".to_owned()).stack_size(64 << 10);
            // Without a thread it is let go when the next is held.
            state.has_thread = builder.spawn(move || shared.sweep()).is_ok();
        }
    }

    /// Takes what is held for a user id and is the one that is meant.
    pub fn take(&self, uid: u32, is_meant: impl Fn(&T) -> bool) -> Option<T> {
        let mut state = self.shared.lock();
        let place = state.all.iter().position(|(own, _, held)| *own == uid && is_meant(held))?;
        Some(state.all.remove(place).2)
    }

    /// Lets go everything.
    pub fn clear(&self) {
        self.shared.lock().all.clear();
        self.shared.woken.notify_all();
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        self.shared.lock().all.clear();
        self.shared.woken.notify_all();
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go what has rested, until nothing is held.
    fn sweep(&self) {
        let mut state = self.lock();
        loop {
            state.all.retain(|(_, since, _)| since.elapsed() < self.terms.rest);
            let Some((_, since, _)) = state.all.first() else {
                state.has_thread = false;
                return;
            };
            let left = self.terms.rest.saturating_sub(since.elapsed());
            let waited = self.woken.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{Held, Terms};

    const LONG: Duration = Duration::from_secs(600);

    #[test]
    fn what_nobody_asks_for_any_more_is_let_go_by_itself() {
        let held = Held::new(Terms { most: 8, rest: Duration::from_millis(1) });
        let snapshot = Arc::new(());
        held.put(7, Arc::clone(&snapshot));
        let begun = Instant::now();
        while Arc::strong_count(&snapshot) > 1 {
            assert!(begun.elapsed() < Duration::from_secs(60), "it is held for ever");
            std::thread::yield_now();
        }
        assert!(held.take(7, |_| true).is_none());
    }

    #[test]
    fn each_account_has_one_and_the_oldest_gives_way() {
        let held = Held::new(Terms { most: 2, rest: LONG });
        held.put(1, 10);
        held.put(1, 11);
        assert_eq!(held.take(1, |number| *number == 10), None);
        held.put(2, 20);
        held.put(3, 30);
        assert_eq!(held.take(1, |_| true), None, "two are the most");
        assert_eq!(held.take(3, |_| true), Some(30));
        assert_eq!(held.take(2, |_| true), Some(20));
    }

    #[test]
    fn nothing_is_held_once_all_is_let_go() {
        let held = Held::new(Terms { most: 2, rest: LONG });
        let snapshot = Arc::new(());
        held.put(1, Arc::clone(&snapshot));
        held.clear();
        assert_eq!(Arc::strong_count(&snapshot), 1);
        held.put(1, Arc::clone(&snapshot));
        drop(held);
        assert_eq!(Arc::strong_count(&snapshot), 1);
    }
}
