//! Receipts that change their matter: one that was joined wrongly is split off, and two matters
//! become one.
//!
//! With a receipt go the steps that are about it alone, so that its notice clock and the day of the
//! first receipt are where they would be had it never been joined. What was moved is told by a step.

use chrono::NaiveDate;

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::handling::Entry;
use crate::domain::ids::{CaseId, ReceiptId};
use crate::domain::receipt::Receipt;
use crate::domain::step::{Deed, Step};

impl Case {
    /// Takes a receipt off the case, for another; gives what is left and the steps that go along.
    ///
    /// # Errors
    /// It does not hang there, or it is the only one; the day is out of order.
    pub fn split_off(
        &self,
        receipt: &Receipt,
        into: CaseId,
        entry: Entry,
    ) -> Result<(Self, Vec<Step>), Broken> {
        if self.history.is_some() {
            return Err(Broken::new("case_is_history"));
        }
        if self.receipts().len() < 2 {
            return Err(Broken::new("only_receipt_of_its_case"));
        }
        self.in_order(&entry, receipt.received_on, "split.on")?;
        let mut next = self.clone();
        let mut moved = next.take_steps(receipt.id);
        // What was told of all receipts answered this one, too, and goes on doing so.
        if !moved.iter().any(|step| matches!(step.deed, Deed::Notified { .. })) {
            moved.extend(self.told_of_all(receipt));
        }
        next.received_on = next.first_receipt().unwrap_or(self.received_on);
        // Only the letter that came with the receipt goes with it.
        let is_its = |letter: &crate::domain::case::Entrusted| {
            receipt.from_body.as_ref() == Some(&letter.by) && receipt.letter == letter.letter
        };
        next.entrusted = next.entrusted.filter(|letter| !is_its(letter));
        next.add(Deed::SplitOff { receipt: receipt.id, into }, entry);
        Ok((next, moved))
    }

    /// Hangs a receipt on the case with the steps that are about it. A case that had been joined to
    /// the one from which it comes is a matter of its own again.
    ///
    /// # Errors
    /// The case is from an old ledger, or ended in another way.
    pub fn take_in(
        &self,
        from: &Self,
        receipt: &Receipt,
        steps: Vec<Step>,
    ) -> Result<Self, Broken> {
        if self.history.is_some() {
            return Err(Broken::new("case_is_history"));
        }
        let mut next = self.clone();
        next.steps.retain(|_, step| step.deed != Deed::Merged { into: from.id });
        if !next.stage().is_open() {
            return Err(Broken::new("case_has_ended"));
        }
        for step in steps {
            next.last_step += 1;
            next.steps.insert(next.last_step, Step { cycle: next.cycle, ..step });
        }
        next.received_on = next.first_receipt().unwrap_or(receipt.received_on);
        let had_letter = from.entrusted.as_ref().filter(|letter| {
            receipt.from_body.as_ref() == Some(&letter.by) && receipt.letter == letter.letter
        });
        next.entrusted = had_letter.cloned().or(next.entrusted);
        Ok(next)
    }

    /// Joins the whole case to another, which carries the clocks from then on.
    ///
    /// # Errors
    /// It has ended; the day is out of order.
    pub fn merge_into(&self, into: CaseId, entry: Entry) -> Result<(Self, Vec<Step>), Broken> {
        if self.history.is_some() {
            return Err(Broken::new("case_is_history"));
        }
        if !self.stage().is_open() {
            return Err(Broken::new("case_has_ended"));
        }
        self.in_order(&entry, self.received_on, "merge_into.on")?;
        let mut next = self.clone();
        let mut moved = Vec::new();
        for receipt in self.receipts() {
            moved.extend(next.take_steps(receipt));
        }
        next.held_by = None;
        next.add(Deed::Merged { into }, entry);
        Ok((next, moved))
    }

    /// Takes out the steps that are about one receipt alone.
    fn take_steps(&mut self, receipt: ReceiptId) -> Vec<Step> {
        let answers = self.objections_answered();
        let is_about = |number: &u32, step: &Step| match &step.deed {
            Deed::Received { receipt: own, .. }
            | Deed::Notified { receipt: Some(own), .. }
            | Deed::Objected { receipt: own } => *own == receipt,
            Deed::ObjectionAnswered { .. } => answers.get(number) == Some(&receipt),
            _ => false,
        };
        let numbers: Vec<u32> = self
            .steps
            .iter()
            .filter(|(number, step)| is_about(number, step))
            .map(|(number, _)| *number)
            .collect();
        numbers.iter().filter_map(|number| self.steps.remove(number)).collect()
    }

    /// The notice about all receipts that answered this one, as a notice about it alone.
    fn told_of_all(&self, receipt: &Receipt) -> Option<Step> {
        let answers = |step: &&Step| {
            step.cycle == self.cycle
                && step.on >= receipt.received_on
                && matches!(step.deed, Deed::Notified { receipt: None, .. })
        };
        let told = self.steps.values().filter(answers).min_by_key(|step| step.on)?;
        let Deed::Notified { manner, .. } = told.deed else { return None };
        let deed = Deed::Notified { manner, receipt: Some(receipt.id) };
        Some(Step { deed, ..told.clone() })
    }

    fn first_receipt(&self) -> Option<NaiveDate> {
        let received = |step: &&Step| matches!(step.deed, Deed::Received { .. });
        self.steps.values().filter(received).map(|step| step.on).min()
    }
}
