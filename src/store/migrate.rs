//! Older ledgers brought up to date: numbered steps, each with its reason, in one transaction.
//!
//! A step sees the rows as the shape before it left them; old shapes are frozen beside their step.
//! An added optional field needs no step, because bytes keep the names of fields.

use crate::store::fault::Fault;
use crate::store::key::Space;
use crate::store::read::Read;
use crate::store::write::Work;

/// One change of the shape on disk.
pub(super) struct Step {
    /// The schema that it makes, one above the one that it starts from.
    pub to: u32,
    /// What it does.
    pub run: fn(&mut Work<'_>) -> Result<(), Fault>,
}

/// All steps, oldest first. The first ledgers have schema 1, which no step makes.
pub(super) const STEPS: &[Step] = &[];

const SCHEMA_KEY: &[u8] = b"schema";
const FIRST: u32 = 1;

/// The schema that a list of steps leads to.
pub(super) fn newest(steps: &[Step]) -> u32 {
    steps.last().map_or(FIRST, |step| step.to)
}

/// The schema of a ledger.
///
/// # Errors
/// [`Fault::Foreign`] if the file holds none.
pub(super) fn schema(ledger: &impl Read) -> Result<u32, Fault> {
    let bytes = ledger.get(Space::Meta, SCHEMA_KEY)?.ok_or(Fault::Foreign)?;
    bytes.try_into().map(u32::from_be_bytes).map_err(|_| Fault::Damaged("the schema is no number"))
}

/// Notes the schema of a ledger.
pub(super) fn set_schema(work: &mut Work<'_>, schema: u32) {
    work.set(Space::Meta, SCHEMA_KEY, Some(schema.to_be_bytes().to_vec()));
}

/// Runs the steps that a ledger has not seen; all of them or, on a fault, none.
///
/// # Errors
/// [`Fault::Newer`] if no step leads to the ledger's schema, or a step's own fault.
pub(super) fn bring_up(work: &mut Work<'_>, steps: &[Step]) -> Result<(), Fault> {
    let present = schema(work)?;
    if present > newest(steps) {
        return Err(Fault::Newer(present));
    }
    for step in steps.iter().filter(|step| step.to > present) {
        (step.run)(work)?;
        set_schema(work, step.to);
    }
    Ok(())
}
