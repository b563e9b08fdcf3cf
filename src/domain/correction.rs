//! Correcting a step that was made: its day, or what it says.
//!
//! Clocks are computed from steps, so they follow. What came after a step must still come after it:
//! a correction that breaks that is refused with the step. The old values stay in the journal.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{Purpose, Route};
use crate::domain::closing;
use crate::domain::handling::Entry;
use crate::domain::procedure::{self, Around, after_day};
use crate::domain::step::{Deed, Step};
use crate::domain::{step_field, step_rule};

/// Fields of the correction itself, which no step holds.
const OWN: [&str; 2] = ["step", "why"];

/// A step as it is to be, and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The number of the step.
    pub number: u32,
    /// The step with the new values.
    pub step: Step,
    /// The purpose that was decided with the procedure, if that is to be another.
    pub purpose: Option<Purpose>,
}

impl Case {
    /// The step with other values, marked as corrected; `values` are those of the form.
    ///
    /// # Errors
    /// There is no such step, it holds no such value, or nothing is another.
    pub fn corrected(&self, values: &Map<String, Value>) -> Result<Correction, Broken> {
        if self.history.is_some() {
            return Err(Broken::new("case_is_history"));
        }
        let number = values.get("step").and_then(Value::as_u64).unwrap_or_default();
        let number = u32::try_from(number).unwrap_or_default();
        let no_such = || Broken::new("no_such_step").at("correct.step").with("number", number);
        let old = self.steps.get(&number).ok_or_else(no_such)?;
        if matches!(old.deed, Deed::PaperMade { .. }) {
            return Err(Broken::new("paper_is_not_corrected").at("correct.step"));
        }
        let empty = |name: &str| Broken::new("empty").at(&format!("correct.{name}"));
        let why = values.get("why").and_then(Value::as_str).ok_or_else(|| empty("why"))?;
        let mut step = old.clone();
        let mut deed = serde_json::to_value(&old.deed).map_err(|_| no_such())?;
        let mut purpose = None;
        for (name, value) in values.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
            if value.is_null() && (name == "on" || step_field::needs(&old.deed, name)) {
                return Err(empty(name));
            }
            let text = || value.as_str().map(str::to_owned);
            match name.as_str() {
                "on" => step.on = day_of(value).unwrap_or(step.on),
                "text" => step.text = text(),
                "document" => step.document = text(),
                "purpose" if matches!(old.deed, Deed::Routed { .. }) => {
                    purpose = value.as_str().and_then(Purpose::parse);
                }
                name if holds(&old.deed, name) => {
                    let fields = deed.as_object_mut().ok_or_else(no_such)?;
                    put(fields, step_field::target(name), value);
                }
                name => {
                    let broken = Broken::new("step_holds_no_such_value");
                    return Err(broken
                        .at(&format!("correct.{name}"))
                        .with("deed", old.deed.word()));
                }
            }
        }
        step.deed = serde_json::from_value(deed).map_err(|_| no_such())?;
        let purpose = purpose.filter(|purpose| self.purpose != Some(*purpose));
        if step == *old && purpose.is_none() {
            return Err(Broken::new("correction_changes_nothing"));
        }
        step.corrected = true;
        let first_on = old.first_on.unwrap_or(old.on);
        step.first_on = (step.on != first_on).then_some(first_on);
        if step.deed != old.deed {
            let first = old.first.clone().unwrap_or_else(|| Box::new(old.deed.clone()));
            step.first = Some(first).filter(|first| **first != step.deed);
        }
        step.why = Some(why.to_owned());
        Ok(Correction { number, step, purpose })
    }

    /// Puts a corrected step in the place of the old one.
    ///
    /// # Errors
    /// The day is in the future, the step's own rule is broken, or a step would come before what it
    /// follows.
    pub fn correct(
        &self,
        correction: &Correction,
        around: &Around,
        today: NaiveDate,
    ) -> Result<Self, Broken> {
        let Correction { number, step, purpose } = correction;
        if step.on > today {
            return Err(Broken::new("day_is_in_the_future").at("correct.on").with("day", today));
        }
        let mut next = self.clone();
        let old = next.steps.insert(*number, step.clone());
        let old = old.filter(|old| old.deed != step.deed);
        if let Some(old) = &old {
            next.follow_correction(*number, (&old.deed, &step.deed));
            next.fits_what_followed(self, *number)?;
        }
        if let Some(purpose) = purpose {
            if (*purpose == Purpose::Accusation) != (next.route == Some(Route::Accusation)) {
                return Err(Broken::new("accusations_go_by_article_30").at("correct.purpose"));
            }
            next.purpose = Some(*purpose);
        }
        if matches!(step.deed, Deed::Received { .. }) {
            next.received_on = first_day(&next);
        }
        let before = next.as_of(*number, step.judged_in());
        self.receives(*number, step)?;
        if old.is_some() {
            before.holder_fits(step, around).map_err(of_correction)?;
        }
        before.obeys(correction, around, today)?;
        let old = out_of_order(self);
        let broken = out_of_order(&next).into_iter().find(|step| !old.contains(step));
        if let Some(number) = broken
            && let Some(step) = next.steps.get(&number)
        {
            // The corrected step itself: what it follows stands in the way, and not the step.
            if number == correction.number {
                let first = earliest(&next, number, step);
                return Err(Broken::new("day_is_before_what_it_follows")
                    .at("correct.on")
                    .with("day", first));
            }
            return Err(Broken::new("correction_breaks_a_step")
                .at("correct.on")
                .with("number", number)
                .with("deed", step.deed.word())
                .with("day", step.on));
        }
        Ok(next)
    }

    /// The case as it was before a step was made, in a cycle.
    pub fn before(&self, number: u32, cycle: u32) -> Self {
        let mut before = self.clone();
        before.steps.retain(|own, _| *own < number);
        before.cycle = cycle;
        before
    }

    /// Whether the steps that stay when a change is taken back could still be made; `self` is the
    /// case as it would be. What could not be made before either is left alone.
    ///
    /// # Errors
    /// The first step that rests on what would go.
    pub fn stands_without(&self, old: &Self) -> Result<(), Broken> {
        let gone = old.steps.keys().find(|number| !self.steps.contains_key(number));
        let came = self.steps.keys().find(|number| !old.steps.contains_key(number));
        for (number, step) in &self.steps {
            let comes_back = !old.steps.contains_key(number);
            let stands = |case: &Self| {
                let before = case.as_of(*number, step.judged_in());
                step.cycle <= case.cycle && before.bears(&step.deed) && before.precedes(&step.deed)
            };
            // An end was made knowing all that stood before it.
            let is_end = || matches!(step.deed, Deed::Archived { .. }) || step.deed.ends_round();
            let below = |other: Option<&u32>| other.is_some_and(|other| other < number);
            let ends_it = (below(gone) || below(came) && !comes_back) && is_end();
            // What comes back is made now, and needs all that it would need.
            if ends_it || (!stands(self) && (comes_back || stands(old))) {
                return Err(Broken::new("step_rests_on_it")
                    .with("number", number)
                    .with("deed", step.deed.word())
                    .with("day", step.on));
            }
        }
        Ok(())
    }

    /// Whether what a deed answers or follows was there before it.
    fn precedes(&self, deed: &Deed) -> bool {
        let row = procedure::ROWS.iter().find(|row| row.deed == deed.word());
        if row.and_then(|row| row.after).is_some_and(|after| after_day(self, after).is_none()) {
            return false;
        }
        let came = |receipt| self.receipts().contains(&receipt);
        match deed {
            Deed::Notified { receipt: Some(receipt), .. } | Deed::Objected { receipt } => {
                came(*receipt)
            }
            Deed::Extended { .. } => self.day_of(|deed| matches!(deed, Deed::Accepted)).is_some(),
            Deed::Archived { .. } | Deed::Reopened { .. } => self.ended_on().is_some(),
            _ => true,
        }
    }

    /// A receipt that came before the end stays one: one of later is a case of its own.
    fn receives(&self, number: u32, step: &Step) -> Result<(), Broken> {
        let was = self.steps.get(&number).map(|old| old.on);
        let is_receipt = matches!(step.deed, Deed::Received { .. });
        if is_receipt && was.is_some_and(|was| self.came_in_time(was).is_ok()) {
            return self.came_in_time(step.on).map_err(|broken| broken.at("correct.on"));
        }
        Ok(())
    }

    /// Whether the corrected step could be made at that place.
    fn obeys(
        &self,
        correction: &Correction,
        around: &Around,
        today: NaiveDate,
    ) -> Result<(), Broken> {
        let step = &correction.step;
        let entry = Entry {
            on: step.on,
            today,
            by: step.by,
            text: step.text.clone(),
            document: step.document.clone(),
        };
        if let Deed::Extended { told_on, .. } = step.deed {
            if let Some(approver) = &around.officer
                && !approver.is_head_on(step.on)
            {
                return Err(Broken::new("approver_is_not_head")
                    .at("correct.approver")
                    .with("name", &approver.name)
                    .with("day", step.on));
            }
            if told_on.is_some_and(|told| told < step.on) {
                return Err(Broken::new("told_before_approved").at("correct.told_on"));
            }
            if told_on.is_some_and(|told| told > today) {
                let broken = Broken::new("day_is_in_the_future").at("correct.told_on");
                return Err(broken.with("day", today));
            }
        }
        step_rule::judge(self, &step.deed, around, &entry).map_err(of_correction)
    }
}

/// A rule of a step, said of the field of the correction.
fn of_correction(mut broken: Broken) -> Broken {
    let name = broken.field.as_deref().and_then(|field| field.split_once('.'));
    broken.field = name.map(|(form, name)| match (form, name) {
        ("simplify", "ground") => "correct.simple_ground".to_owned(),
        (form, "ground") => format!("correct.{form}_ground"),
        (_, name) => format!("correct.{name}"),
    });
    broken
}

impl Case {
    /// The case as it was before a step was made, with the procedure and the unit of then.
    fn as_of(&self, number: u32, cycle: u32) -> Self {
        let mut before = self.before(number, cycle);
        let last = |of: fn(&Deed) -> bool| {
            before.steps.values().rev().find(|step| of(&step.deed)).map(|step| &step.deed)
        };
        let route = last(|deed| deed.route().is_some()).and_then(Deed::route);
        let unit = last(Deed::gives_to_unit).and_then(Deed::unit);
        (before.route, before.unit) = (route.or(self.route), unit);
        before
    }

    /// Whether a procedure, a leader, a unit or a handler could be chosen then; `self` is the case as
    /// it was before.
    fn holder_fits(&self, step: &Step, around: &Around) -> Result<(), Broken> {
        let last = |of: &dyn Fn(&Deed) -> bool| {
            self.steps.values().rev().find(|own| of(&own.deed)).map(|own| &own.deed)
        };
        match (&step.deed, &around.officer, &around.unit) {
            // Reg. 30(3): a seal is named with its readers, and is never lifted by a correction.
            (Deed::Routed { route }, ..) => {
                let was = step.first.as_deref().and_then(Deed::route);
                let is_sealed = |route: Option<Route>| route == Some(Route::Accusation);
                if is_sealed(Some(*route)) != is_sealed(was.or(Some(*route))) {
                    return Err(Broken::new("seal_is_no_slip").at("route.route"));
                }
                Ok(())
            }
            (Deed::LeadAssigned { .. }, Some(lead), _) => {
                if last(&|deed| matches!(deed, Deed::LeadAssigned { .. })) == Some(&step.deed) {
                    let broken = Broken::new("leads_it_already").at("assign_lead.lead");
                    return Err(broken.with("name", &lead.name));
                }
                self.may_lead(lead, step.on)
            }
            (Deed::HandedTo { .. }, Some(handler), _) => self.may_handle(handler, step.on),
            (Deed::Allotted { .. }, _, Some(unit)) => {
                step_rule::may_have(self, unit, step.on).map_err(|broken| broken.at("allot.unit"))
            }
            _ => Ok(()),
        }
    }

    /// What stands in the head of the case by a step follows it, unless a later step has replaced it.
    fn follow_correction(&mut self, number: u32, (old, new): (&Deed, &Deed)) {
        let is_last = |is: fn(&Deed) -> bool| {
            !self.steps.iter().any(|(other, step)| *other > number && is(&step.deed))
        };
        match (old, new) {
            (Deed::LeadAssigned { lead: old }, Deed::LeadAssigned { lead })
                if self.lead == Some(*old)
                    && is_last(|deed| matches!(deed, Deed::LeadAssigned { .. })) =>
            {
                self.lead = Some(*lead);
            }
            (Deed::HandedTo { handler: old }, Deed::HandedTo { handler })
                if self.handler == Some(*old)
                    && is_last(|deed| matches!(deed, Deed::HandedTo { .. })) =>
            {
                self.handler = Some(*handler);
            }
            (Deed::Assisted { unit: old, .. }, Deed::Assisted { unit, .. }) => {
                let asks = |deed: &Deed| matches!(deed, Deed::Assisted { unit, .. } if unit == old);
                if !self.steps.values().any(|step| asks(&step.deed)) {
                    self.assisting.remove(old);
                }
                self.assisting.insert(*unit);
            }
            _ => {}
        }
        if new.gives_to_unit()
            && self.unit == old.unit()
            && !self.steps.iter().any(|(other, step)| *other > number && step.deed.gives_to_unit())
        {
            self.unit = new.unit();
        }
        if new.route().is_some()
            && self.route == old.route()
            && is_last(|deed| deed.route().is_some())
        {
            self.route = new.route();
        }
    }

    /// Whether the steps after a corrected one could still be made; what could not be made before it
    /// either is left alone.
    fn fits_what_followed(&self, old: &Self, number: u32) -> Result<(), Broken> {
        for (later, step) in self.steps.range(number + 1..) {
            let stands = |case: &Self| {
                let before = case.as_of(*later, step.cycle);
                before.bears(&step.deed) && before.is_inquired_for(&step.deed)
            };
            if stands(old) && !stands(self) {
                return Err(Broken::new("correction_unmakes_a_step")
                    .at("correct.step")
                    .with("number", later)
                    .with("deed", step.deed.word())
                    .with("day", step.on));
            }
        }
        Ok(())
    }

    /// Whether a step could be made by what it rests on: a case is taken on, extended and made simple
    /// in the procedure that was decided, an opinion and an end have what that procedure asks
    /// (Reg. 31(6), 34), and a unit answers what it was asked.
    fn bears(&self, deed: &Deed) -> bool {
        let by_petition = self.route == Some(Route::Petition);
        match deed {
            Deed::Accepted | Deed::Extended { .. } => by_petition,
            Deed::Simplified { .. } => by_petition || self.route == Some(Route::Suggestion),
            Deed::Replied { .. } => {
                !by_petition || self.day_of(|deed| matches!(deed, Deed::Accepted)).is_some()
            }
            Deed::Concluded => closing::judge(self).is_ok(),
            Deed::Answered { unit } => self.steps.values().any(|step| match step.deed {
                Deed::Entrusted { unit: asked, .. }
                | Deed::Assisted { unit: asked, .. }
                | Deed::Released { unit: asked, .. } => asked == *unit,
                _ => false,
            }),
            _ => true,
        }
    }
}

impl Case {
    /// Whether facts were looked into where an opinion rests on it (Reg. 31(6)).
    fn is_inquired_for(&self, deed: &Deed) -> bool {
        !matches!(deed, Deed::Replied { .. })
            || self.route != Some(Route::Petition)
            || self.day_of(Deed::is_inquiry).is_some()
    }
}

fn day_of(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.parse().ok()
}

fn holds(deed: &Deed, name: &str) -> bool {
    step_field::correctable(deed).iter().any(|field| field.name() == name)
}

/// A value in the place of the old one; an emptied one is not there.
fn put(fields: &mut Map<String, Value>, name: &str, value: &Value) {
    if value.is_null() {
        fields.remove(name);
    } else {
        fields.insert(name.to_owned(), value.clone());
    }
}

fn first_day(case: &Case) -> NaiveDate {
    let received = case.steps.values().filter(|step| matches!(step.deed, Deed::Received { .. }));
    received.map(|step| step.on).min().unwrap_or(case.received_on)
}

/// The steps that lie before what they follow.
fn out_of_order(case: &Case) -> Vec<u32> {
    let steps = case.steps.iter().filter(|(number, step)| step.on < earliest(case, **number, step));
    steps.map(|(number, _)| *number).collect()
}

/// The first day on which a step can have happened, by the steps that were made before it.
fn earliest(case: &Case, number: u32, step: &Step) -> NaiveDate {
    if matches!(step.deed, Deed::Received { .. }) {
        return NaiveDate::MIN;
    }
    let before = case.before(number, step.judged_in());
    let row = procedure::ROWS.iter().find(|row| row.deed == step.deed.word());
    let answered = row.and_then(|row| row.after).and_then(|after| after_day(&before, after));
    let accepted = || before.day_of(|deed| matches!(deed, Deed::Accepted));
    let ended = || {
        before.day_of(|deed| {
            matches!(
                deed,
                Deed::Concluded
                    | Deed::Declined { .. }
                    | Deed::Forwarded { .. }
                    | Deed::Guided { .. }
                    | Deed::Stopped { .. }
            )
        })
    };
    let follows = match step.deed {
        Deed::Accepted => before.day_of(|deed| matches!(deed, Deed::Routed { .. })),
        Deed::Extended { .. } | Deed::Replied { .. } | Deed::Concluded => accepted(),
        Deed::Archived { .. } | Deed::Reopened { .. } => ended(),
        Deed::Objected { receipt } => before
            .day_of(|deed| matches!(deed, Deed::Received { receipt: own, .. } if *own == receipt)),
        _ => None,
    };
    let reopened = before.day_of(|deed| matches!(deed, Deed::Reopened { .. }));
    [answered, follows, reopened]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(case.received_on)
        .max(case.received_on)
}
