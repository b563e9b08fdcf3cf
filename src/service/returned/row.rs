//! A row of a returned form as it was read, and the form that it stands on.

use chrono::NaiveDate;

use crate::api::incoming::ImportRow;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::duty::Duty;
use crate::domain::field;
use crate::domain::policy;
use crate::domain::schema;
use crate::domain::village_form::FormId;
use crate::service::judge;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::store::read::Read;

/// The column to blame for a row, and why it is refused.
pub type Wrong = (Option<String>, (String, Vec<(String, String)>));

/// What is told of a broken rule.
pub fn told(broken: &Broken) -> (String, Vec<(String, String)>) {
    (format!("broken.{}", broken.key), broken.args.clone())
}

/// A broken rule, with the column to blame.
pub fn at(column: &str, broken: &Broken) -> Wrong {
    (Some(column.to_owned()), told(broken))
}

/// The same by its key.
pub fn wrong(column: &str, key: &str) -> Wrong {
    at(column, &Broken::new(key))
}

/// What stands under a name in a row.
pub fn said<'r>(raw: &'r ImportRow, name: &str) -> Option<&'r str> {
    let (_, text) = raw.values.iter().find(|(own, _)| own == name)?;
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A day that stands under a name in a row.
pub fn day(raw: &ImportRow, name: &str) -> Option<NaiveDate> {
    said(raw, name)?.parse().ok()
}

/// The first cell that could not be read.
pub fn problem(raw: &ImportRow) -> Option<Wrong> {
    let (column, why) = raw.problems.first()?;
    Some((Some(column.clone()), (format!("wrong.{why}"), Vec::new())))
}

/// A text as the form of an act takes it under a name: no longer than that field, and without what
/// hides.
///
/// # Errors
/// The key of the reason.
pub fn typed(
    text: Option<&str>,
    (act, name): (Act, &str),
    today: NaiveDate,
) -> Result<Option<String>, field::Why> {
    let Some(text) = text else { return Ok(None) };
    let own = schema::form(act).iter().find(|own| own.name() == name);
    let value = own.ok_or("unknown_field")?.kind.parse(text, today)?;
    Ok(value.as_str().map(str::to_owned))
}

/// What stands under a name in a row, as the form of an act takes it.
///
/// # Errors
/// The column and the reason.
pub fn cell(
    raw: &ImportRow,
    (act, name): (Act, &str),
    today: NaiveDate,
) -> Result<Option<String>, Wrong> {
    typed(said(raw, name), (act, name), today).map_err(|why| {
        let column = if name == "text" { "progress" } else { name };
        (Some(column.to_owned()), (format!("wrong.{why}"), Vec::new()))
    })
}

/// Who says that a form is right.
pub struct Foot {
    /// Who reports it.
    pub reporter: Option<String>,
    /// Who signed it.
    pub signer: Option<String>,
    /// The first of its cells that is wrong.
    pub wrong: Option<Wrong>,
}

impl Foot {
    /// What stands at the foot of a form.
    pub fn of(head: &ImportRow, today: NaiveDate) -> Self {
        let mut wrong = problem(head);
        let mut name = |name: &str| {
            let read = cell(head, (Act::ReportDuty, name), today);
            read.unwrap_or_else(|why| {
                wrong.get_or_insert(why);
                None
            })
        };
        let (reporter, signer) = (name("reporter"), name("signer"));
        Self { reporter, signer, wrong }
    }
}

/// Whether anything was filled in that went out empty.
pub fn is_filled(raw: &ImportRow) -> bool {
    let filled = ["text", "on", "document", "place", "note"];
    !raw.problems.is_empty() || filled.iter().any(|name| said(raw, name).is_some())
}

/// The form by its id, and its duty: of this office, of a village, of a period that is not reported.
///
/// # Errors
/// It is none of these; a damaged ledger.
pub fn known(
    (ledger, eye): (&impl Read, &Eye<'_>),
    head: &ImportRow,
) -> Result<(FormId, Duty), Stop> {
    let text = said(head, "form").ok_or_else(|| Broken::new("return_is_no_form"))?;
    let form = FormId::parse(text).ok_or_else(|| Broken::new("return_was_changed"))?;
    if form.town != eye.book.office.code {
        return Err(Broken::new("return_is_of_another_town").with("town", form.town).into());
    }
    let unknown = || Broken::new("return_is_of_no_duty").with("form", text);
    let duty: Option<Duty> = ledger.load(form.duty.0)?;
    let asker = &eye.asking.asker;
    let duty = duty.filter(|duty| policy::sees_duty(asker, &duty.scope())).ok_or_else(unknown)?;
    if duty.village != Some(form.village) || duty.code != form.code {
        return Err(unknown().into());
    }
    judge(eye.asking, Act::ReportDuty, policy::link(asker, &duty.scope()))?;
    if duty.state(&form.period).is_settled() {
        let on = duty.newest(&form.period).map(|turn| turn.on).unwrap_or_default();
        let broken = Broken::new("return_is_reported").with("period", &form.period);
        let village = eye.book.unit(duty.village).unwrap_or_default();
        return Err(broken.with("village", village).with("day", on).into());
    }
    Ok((form, duty))
}
