//! A visit by many, and a matter that was raised before: representatives, repeats.

use crate::domain::broken::Broken;
use crate::domain::case::Case;
use crate::domain::choice::{Channel, Tie};
use crate::domain::field::FieldKind;
use crate::domain::form::Filled;
use crate::domain::ids::{Kind, PersonId, UnitId, Version};
use crate::domain::person::Person;
use crate::domain::policy::{self, Scope};
use crate::domain::receipt::Receipt;
use crate::service::order::Desk;
use crate::service::split::of_number;
use crate::service::stop::Stop;
use crate::store::read::Read;

/// The most who speak for a visit by many (Reg. 20(3)), whoever is named first among them.
const REPRESENTATIVES_MAX: usize = 5;
/// What may stand between two names.
const BETWEEN: [char; 6] = [' ', ',', ';', '\u{3001}', '\u{ff0c}', '\u{ff1b}'];

/// Ties those who speak for a visit by many to its case.
///
/// # Errors
/// No visit, more than five or more than came, a name that is none; a fault.
pub fn tie_representatives(
    desk: &mut Desk<'_, '_>,
    (filled, form): (&Filled, &str),
    case: &mut Case,
) -> Result<(), Stop> {
    let text = filled.text("representatives").unwrap_or_default();
    let names: Vec<&str> =
        text.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let field = format!("{form}.representatives");
    let broken = |key: &str| Broken::new(key).at(&field);
    // Reg. 20(3) speaks of visits only.
    if filled.word("channel", Channel::parse) != Some(Channel::Visit) {
        return Err(broken("only_visits_have_representatives").into());
    }
    let n_all = names.len() + 1;
    if n_all > REPRESENTATIVES_MAX {
        return Err(broken("at_most_five_representatives").with("count", n_all).into());
    }
    let n_people = filled.count("people").unwrap_or(1);
    if u32::try_from(n_all).unwrap_or(u32::MAX) > n_people {
        return Err(broken("more_representatives_than_people").with("count", n_people).into());
    }
    let today = desk.asking.today;
    let odd = names.iter().find(|name| FieldKind::Name.parse(name, today).is_err());
    if let Some(name) = odd {
        return Err(broken("representative_has_no_name").with("name", name).into());
    }
    for name in names {
        let id = PersonId(desk.work.allot_id(Kind::Person)?);
        desk.create(Person {
            id,
            version: Version::default(),
            name: Some(name.to_owned()),
            sex: None,
            phone: None,
            address: None,
            village: filled.link("village").map(UnitId).or(case.village),
            id_number: None,
            code: None,
            same_as: None,
            erasure: None,
        })?;
        case.persons.insert(id, Tie::Representative);
    }
    Ok(())
}

/// The earlier case that a new matter repeats: it has ended, else it takes the receipt itself.
///
/// # Errors
/// There is none of that number for the asker, or it is pending.
pub fn repeated(desk: &Desk<'_, '_>, filled: &Filled) -> Result<Option<Case>, Stop> {
    let Some(number) = filled.text("repeats") else { return Ok(None) };
    let broken = |key: &str| Broken::new(key).at("register.repeats").with("number", &number);
    let case = of_number(desk, &number)?.filter(|case| {
        // Whoever reads a sealed case must not tell of it by a case that others read.
        case.readers.is_none() && policy::sees(&desk.asking.asker, &Scope::of(case), None)
    });
    let case = case.ok_or_else(|| broken("no_case_of_that_number"))?;
    if case.stage().is_open() {
        return Err(broken("pending_matter_takes_the_receipt").into());
    }
    Ok(Some(case))
}

/// Says of each receipt of a case anew whether it is a repeat: every one but the first is, and the
/// first if the case repeats an earlier one.
///
/// # Errors
/// A fault of the ledger.
pub fn follow_repeats(desk: &mut Desk<'_, '_>, case: &Case) -> Result<(), Stop> {
    let mut receipts = Vec::new();
    for id in case.receipts() {
        receipts.extend(desk.work.load::<Receipt>(id.0)?);
    }
    receipts.sort_by_key(|receipt| (receipt.received_on, receipt.id));
    for (place, receipt) in receipts.into_iter().enumerate() {
        let repeat = place > 0 || case.repeats.is_some();
        if receipt.repeat != repeat {
            desk.put(&receipt, Receipt { repeat, ..receipt.clone() })?;
        }
    }
    Ok(())
}
