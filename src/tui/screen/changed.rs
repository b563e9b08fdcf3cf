//! A changed field in words, as log, history, preview and the shell tell it.
//!
//! A step is told by its number, what was done and its day, then every value that is another.

use crate::api::trail::ChangedField;
use crate::domain::field::FieldKind;
use crate::domain::schema;
use crate::locale::{self, Lang};
use crate::tui::app::talk::field_label;
use crate::tui::screen::row;

/// What stands for a value that is not there.
const NOTHING: &str = "--";

/// The field of a record that was made or removed as a whole.
const WHOLE: &str = "*";
/// How fields begin that only count what a record has: steps, turns, evidence, lines.
const COUNTER: &str = "last_";

/// Whether a change of a field says anything: not of the whole record, nor of a mere counter.
pub fn is_told(field: &str) -> bool {
    field != WHOLE && !field.starts_with(COUNTER)
}

/// What a field of a kind of record is called; a step by its number and what was done.
pub fn name(lang: Lang, kind: &str, changed: &ChangedField) -> String {
    let field = changed.field.as_str();
    match (field.split_once('.'), &changed.step) {
        (Some(("steps", number)), step) => {
            let step = step.as_ref().map(|word| locale::text(lang, &format!("deed.{word}")));
            let number = locale::fill(lang, "history.step", &[("number", number)]);
            [Some(number), step].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        (Some((head @ ("claims" | "loaded"), own)), _) => {
            format!("{} {own}", field_label(lang, &format!("{kind}.{head}")))
        }
        (Some((head, _)), _) => field_label(lang, &format!("{kind}.{head}")),
        (None, _) => field_label(lang, &format!("{kind}.{field}")),
    }
}

/// Its values before and after; empty if none may be told.
pub fn values(lang: Lang, kind: &str, changed: &ChangedField) -> String {
    if changed.erased {
        return locale::text(lang, "journal.erased");
    }
    let key = format!("{kind}.{}", changed.field);
    let is_step = changed.step.is_some();
    let head = match (&changed.old, &changed.new) {
        (None, None) => None,
        (None, Some(day)) if is_step => Some(day.clone()),
        (Some(old), Some(new)) if is_step && old == new => Some(new.clone()),
        (old, new) => Some(turn(lang, &key, (old.as_ref(), new.as_ref()))),
    };
    // What came as a whole had no values before.
    let is_fresh = if is_step {
        changed.old.is_none()
    } else {
        changed.parts.iter().all(|part| part.old.is_none())
    };
    let part = |part: &ChangedField| {
        let label = field_label(lang, &part.field);
        let told = match (&part.new, is_fresh) {
            (Some(new), true) => said(lang, &part.field, new),
            _ => turn(lang, &part.field, (part.old.as_ref(), part.new.as_ref())),
        };
        format!("{label}: {told}")
    };
    let parts = changed.parts.iter().map(part).collect::<Vec<_>>().join("; ");
    let parts = Some(parts).filter(|parts| !parts.is_empty());
    [head, parts].into_iter().flatten().collect::<Vec<_>>().join("  ")
}

/// Its name with its values.
pub fn in_full(lang: Lang, kind: &str, changed: &ChangedField) -> String {
    let (name, values) = (name(lang, kind, changed), values(lang, kind, changed));
    if values.is_empty() { name } else { format!("{name}: {values}") }
}

fn turn(lang: Lang, key: &str, (old, new): (Option<&String>, Option<&String>)) -> String {
    let told = |value: Option<&String>| {
        value.map_or_else(|| NOTHING.to_owned(), |value| said(lang, key, value))
    };
    format!("{} -> {}", told(old), told(new))
}

/// A value as a person reads it: on one line, and a word of a list by its text.
fn said(lang: Lang, key: &str, value: &str) -> String {
    let choice = |list: &str, word: &str| {
        let key = format!("choice.{list}.{word}");
        locale::find(lang, &key).map_or_else(|| word.to_owned(), str::to_owned)
    };
    match schema::find(key).map(|field| field.kind) {
        Some(FieldKind::OneOf(list)) => choice(list.key, value),
        Some(FieldKind::SomeOf(list)) => {
            value.split(' ').map(|word| choice(list.key, word)).collect::<Vec<_>>().join(" ")
        }
        Some(FieldKind::Flag) if value == "yes" => locale::text(lang, "export.yes"),
        _ => row::flat(value),
    }
}
