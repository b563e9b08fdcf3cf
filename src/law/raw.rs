//! The rows of a law text as they are written, before any word of them is read.
//!
//! The parser names one thing and stops. Here each row is read by itself, and again without what was
//! wrong in it, so that one refusal tells every row and every field that is missing, odd or unknown.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::law::text::{LawError, LawFault, LawReason, line_of, short};

/// The most faults of one row; a row has fewer fields.
const FAULTS_MAX: usize = 40;
/// What stands for a field that is missing while the rest of its row is read; else an empty text.
const STAND_INS: [(&str, &str); 2] = [("met_by", "[]"), ("days_max", "1")];

/// A text as it is written.
pub(in crate::law) struct RawLaw {
    pub norm: String,
    pub jurisdiction: String,
    pub level: Option<String>,
    pub limit: Vec<Spanned<RawLimit>>,
    pub extension: Vec<Spanned<RawExtension>>,
    /// The ids of all limits, those with a fault too.
    pub ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    norm: String,
    jurisdiction: String,
    #[serde(default)]
    level: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::law) struct RawLimit {
    pub id: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub norm: Option<String>,
    pub article: String,
    pub who: String,
    #[serde(default)]
    pub starts: Option<String>,
    pub met_by: Vec<String>,
    #[serde(default)]
    pub ends_on: Vec<String>,
    #[serde(default)]
    pub lapses_on: Vec<String>,
    #[serde(default)]
    pub length: Option<i64>,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub fill_in: bool,
    pub per: String,
    #[serde(default)]
    pub position: Option<String>,
    #[serde(default)]
    pub channels: Vec<String>,
    #[serde(default)]
    pub applies_when: Option<String>,
    #[serde(default)]
    pub shown: Option<String>,
    #[serde(default)]
    pub routes: Vec<String>,
    #[serde(default)]
    pub excusable: bool,
    pub effect: String,
    #[serde(default)]
    pub pauses: Vec<String>,
    pub in_force_from: String,
    pub mark: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::law) struct RawExtension {
    pub id: String,
    pub article: String,
    pub extends: String,
    pub days_max: i64,
    pub until: String,
    pub approver: String,
    pub in_force_from: String,
    pub mark: String,
}

/// Reads the rows of a text; a row with a fault is left out and its faults are given.
///
/// # Errors
/// Every line that is not TOML, or every fault of the text's head.
pub(in crate::law) fn read(text: &str) -> Result<(RawLaw, Vec<LawFault>), LawError> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mut faults: Vec<LawFault> = errors
            .iter()
            .map(|error| line_of(text, error.span().map_or(0, |span| span.start)))
            .map(|line| LawFault { line, row: String::new(), reason: LawReason::Syntax })
            .collect();
        faults.sort_by_key(|fault| fault.line);
        faults.dedup();
        return Err(LawError { faults });
    }
    let mut head = root.into_inner();
    let mut faults = Vec::new();
    let limits = items(text, head.remove("limit"), &mut faults);
    let extensions = items(text, head.remove("extension"), &mut faults);
    let ids = limits.iter().map(id_of).collect();
    let limit = limits.into_iter().filter_map(|item| row(text, item, &mut faults)).collect();
    let extension =
        extensions.into_iter().filter_map(|item| row(text, item, &mut faults)).collect();
    let head = Spanned::new(0..0, DeValue::Table(head));
    let Some(head) = row::<RawHead>(text, head, &mut faults) else {
        return Err(LawError { faults });
    };
    let RawHead { norm, jurisdiction, level } = head.into_inner();
    Ok((RawLaw { norm, jurisdiction, level, limit, extension, ids }, faults))
}

/// The items of an array of tables.
fn items<'t>(
    text: &str,
    value: Option<Spanned<DeValue<'t>>>,
    faults: &mut Vec<LawFault>,
) -> Vec<Spanned<DeValue<'t>>> {
    let Some(value) = value else { return Vec::new() };
    let line = line_of(text, value.span().start);
    match value.into_inner() {
        DeValue::Array(items) => items.iter().cloned().collect(),
        _ => {
            faults.push(LawFault { line, row: String::new(), reason: LawReason::Kind });
            Vec::new()
        }
    }
}

/// A row; none if anything in it is wrong, after all that is wrong was told.
fn row<Row: DeserializeOwned>(
    text: &str,
    value: Spanned<DeValue<'_>>,
    faults: &mut Vec<LawFault>,
) -> Option<Spanned<Row>> {
    let (span, id) = (value.span(), short(&id_of(&value)));
    let DeValue::Table(mut table) = value.into_inner() else {
        let line = line_of(text, span.start);
        faults.push(LawFault { line, row: String::new(), reason: LawReason::Kind });
        return None;
    };
    let n_before = faults.len();
    let mut taken_out: Vec<String> = Vec::new();
    for _ in 0..FAULTS_MAX {
        let whole = Spanned::new(span.clone(), DeValue::Table(table.clone()));
        let error = match Row::deserialize(ValueDeserializer::from(whole)) {
            Ok(row) if faults.len() == n_before => return Some(Spanned::new(span, row)),
            Ok(_) => return None,
            Err(error) => error,
        };
        let at = error.span().filter(|at| at.start > 0).unwrap_or_else(|| span.clone());
        let reason = unread(error.message());
        let is_mended = match &reason {
            LawReason::Unknown(name) => table.remove(name.as_str()).is_some(),
            LawReason::Missing(name) => stand_in(&mut table, name),
            LawReason::Kind => {
                let odd = table.iter().find(|(_, value)| value.span() == at);
                let name = odd.map(|(name, _)| name.get_ref().to_string());
                taken_out.extend(name.clone());
                name.is_some_and(|name| table.remove(name.as_str()).is_some())
            }
            _ => false,
        };
        let is_told = matches!(&reason, LawReason::Missing(name) if taken_out.contains(name));
        if !is_told {
            faults.push(LawFault { line: line_of(text, at.start), row: id.clone(), reason });
        }
        if !is_mended {
            break;
        }
    }
    None
}

fn id_of(row: &Spanned<DeValue<'_>>) -> String {
    let id = row.get_ref().get("id").and_then(|id| id.get_ref().as_str());
    id.unwrap_or_default().to_owned()
}

/// Puts something into the place of a missing field, so that the next one is found.
fn stand_in(table: &mut DeTable<'_>, name: &str) -> bool {
    let text = STAND_INS.iter().find(|(own, _)| *own == name).map_or("\"\"", |(_, text)| text);
    let Ok(value) = DeValue::parse(text) else { return false };
    table.insert(Spanned::new(0..0, name.to_owned().into()), value).is_none()
}

// What the parser says, as a reason of our own: its words are nobody's language here.
fn unread(message: &str) -> LawReason {
    let named = || message.split('`').nth(1).map(short).unwrap_or_default();
    if message.starts_with("missing field") {
        LawReason::Missing(named())
    } else if message.starts_with("unknown field") {
        LawReason::Unknown(named())
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        LawReason::Kind
    } else {
        LawReason::Syntax
    }
}
