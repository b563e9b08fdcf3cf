//! Objections to transfers: which answer belongs to which, and what went back (Reg. 23(3)).

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::case::Case;
use crate::domain::ids::ReceiptId;
use crate::domain::step::Deed;
use crate::domain::step_choice::ObjectionAnswer;

impl Case {
    /// The answers to objections by the number of their step, with the receipt that was objected to:
    /// an answer is about the newest objection that was entered before it and waits.
    pub fn objections_answered(&self) -> BTreeMap<u32, ReceiptId> {
        let mut waits = None;
        let answers = self.steps.iter().filter_map(|(number, step)| match step.deed {
            Deed::Objected { receipt } => {
                waits = Some(receipt);
                None
            }
            Deed::ObjectionAnswered { .. } => Some((*number, waits.take()?)),
            _ => None,
        });
        answers.collect()
    }

    /// The transfers that went back: the newest objection to each was agreed to.
    pub fn sent_back(&self) -> BTreeSet<ReceiptId> {
        let answers = self.objections_answered();
        let mut back = BTreeSet::new();
        for (number, step) in &self.steps {
            match step.deed {
                Deed::Objected { receipt } => {
                    back.remove(&receipt);
                }
                Deed::ObjectionAnswered { answer: ObjectionAnswer::Agreed } => {
                    back.extend(answers.get(number));
                }
                _ => {}
            }
        }
        back
    }

    /// Whether every receipt that hangs on it went back.
    pub(in crate::domain) fn is_all_back(&self) -> bool {
        let back = self.sent_back();
        self.receipts().iter().all(|receipt| back.contains(receipt))
    }
}
