//! The form of a correction: only the fields that the step has, with what stands there.

use serde_json::Value;

use crate::api::reply::CaseSheet;
use crate::domain::act::Act;
use crate::domain::schema::Field;
use crate::domain::step_field::{correctable, value};
use crate::tui::screen::form::{Form, begin};

impl Form {
    /// How many fields are seen: of a correction only the first, until it is known what step it is.
    pub(super) fn n_seen(&self) -> usize {
        let is_unknown = self.act == Act::CorrectStep && !self.is_begun;
        if is_unknown { 1 } else { self.slots.len() }
    }

    /// The present values of the step that is to be corrected.
    pub(super) fn begin_step(&mut self, sheet: &CaseSheet) {
        let number = self.selection.given.iter().find(|(name, _)| name == "step");
        let number = number.and_then(|(_, number)| number.parse::<u32>().ok());
        let step = number.and_then(|number| sheet.case.steps.get(&number));
        let Some(step) = step.filter(|_| !self.is_begun) else { return };
        let fields = correctable(&step.deed);
        self.slots.retain(|slot| fields.iter().any(|field| field.key == slot.field.key));
        self.focus = self.focus.min(self.slots.len().saturating_sub(1));
        self.seen.get_or_insert(sheet.case.version);
        let purpose = sheet.case.purpose.map(|purpose| Value::from(purpose.word()));
        self.begin(&|field: &Field| {
            let value = match field.name() {
                "purpose" => purpose.clone()?,
                name => value(step, name)?,
            };
            begin::shown(sheet, field, &value)
        });
    }
}
