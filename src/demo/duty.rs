//! The recurring work of a made-up town: villages that reported, one with nothing to report, one
//! whose report was sent back, and some that have not; all made by the rules.

use chrono::NaiveDate;

use crate::demo::Made;
use crate::demo::plan::before;
use crate::demo::script::word;
use crate::domain::broken::Broken;
use crate::domain::choice::{ReportManner, ReportState, ReportWord};
use crate::domain::duty::{Duty, DutyTurn};
use crate::domain::ids::{DutyId, OfficerId, PlanId};

/// The places that have not reported, among each twelve.
const SILENT: u64 = 3;

/// Recurring work as it stands on a day.
pub fn records(drawn: Vec<Duty>, today: NaiveDate) -> impl Iterator<Item = Made> + use<> {
    (1..).zip(drawn).map(move |(id, duty)| {
        let duty = Duty { id: DutyId(id), plan: PlanId(1), ..duty };
        Made::Duty(Box::new(reported(duty, today)))
    })
}

/// A village reports the first period of what takes zero reports and is soon due; one that a rule
/// keeps back stays as it is.
fn reported(duty: Duty, today: NaiveDate) -> Duty {
    let Some(occasion) = duty.begun(today).next() else { return duty };
    let (Some(village), true) = (duty.village, duty.zero) else { return duty };
    if (occasion.last - occasion.first).num_days() > 31 {
        return duty;
    }
    let lot = village.0 % 12;
    if lot < SILENT {
        return duty;
    }
    let on = before(today, lot % 4).max(occasion.first);
    let key = occasion.key();
    let text = |name: &str| word("duty", name);
    let turn = DutyTurn {
        period: key.clone(),
        state: ReportState::Owed,
        on,
        entered_on: on,
        by: Some(OfficerId(1)),
        reporter: text("reporter"),
        manner: Some(if lot % 2 == 0 { ReportManner::Message } else { ReportManner::Paper }),
        signer: text("signer"),
        document: None,
        place: (lot != 5).then(|| format!("{key}-{lot}")),
        text: None,
        until: None,
    };
    let said = if lot == 5 { ReportWord::Zero } else { ReportWord::Reported };
    let done = duty.report(said, turn.clone());
    match done {
        Ok(done) if lot == 7 => back(&done, (turn, today)).unwrap_or(done),
        Ok(done) => done,
        Err(_) => duty,
    }
}

fn back(duty: &Duty, (turn, today): (DutyTurn, NaiveDate)) -> Result<Duty, Broken> {
    let text = word("duty", "back");
    let (on, entered_on) = (today, today);
    duty.send_back(DutyTurn {
        on,
        entered_on,
        reporter: None,
        manner: None,
        signer: None,
        place: None,
        text,
        ..turn
    })
}
