//! One time for what is hidden and for what is not there.
//!
//! Whether a record is there and may not be known costs more looks into the ledger than whether it is
//! not there: a person is hidden by what all of their cases are. So that nobody learns by the clock
//! which it was, what is not found is answered at the next full step after it was asked.

use std::thread;
use std::time::Duration;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;

/// A step: longer than any look that ends in such an answer, and shorter than anybody notices.
pub const STEP: Duration = Duration::from_millis(3);

/// Waits for the next full step, if the answer is that there is no such thing.
pub fn out(answer: &Result<Reply, Refusal>, spent: Duration) {
    let left = left(answer.as_ref().err().map(|refusal| refusal.kind), spent);
    if !left.is_zero() {
        thread::sleep(left);
    }
}

/// How long an answer still waits.
fn left(refused: Option<RefusalKind>, spent: Duration) -> Duration {
    if refused != Some(RefusalKind::NotFound) {
        return Duration::ZERO;
    }
    let over = spent.as_nanos() % STEP.as_nanos();
    STEP - Duration::from_nanos(u64::try_from(over).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{STEP, left};
    use crate::api::refusal::RefusalKind;

    #[test]
    fn a_hidden_record_and_a_missing_one_are_answered_at_the_same_step() {
        let ends = |spent: u64| {
            let spent = Duration::from_micros(spent);
            spent + left(Some(RefusalKind::NotFound), spent)
        };
        // One look into the ledger, and a look at each case of somebody with many.
        assert_eq!(ends(4), STEP);
        assert_eq!(ends(1_900), STEP);
        assert_eq!(ends(3_001), STEP * 2);
    }

    #[test]
    fn nothing_else_waits() {
        let spent = Duration::from_micros(10);
        assert_eq!(left(None, spent), Duration::ZERO);
        assert_eq!(left(Some(RefusalKind::Denied), spent), Duration::ZERO);
        assert_eq!(left(Some(RefusalKind::Conflict), spent), Duration::ZERO);
    }
}
