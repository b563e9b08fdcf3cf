//! Pages that are made from tables: keys from the commands, fields from the field table, limits from
//! the law. `anjie docs` writes them, and a test compares them with what lies in `docs/`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::api::limit::LimitRow;
use crate::api::setting::CAPS;
use crate::cli::law;
use crate::domain::act::Act;
use crate::domain::choice::Choice;
use crate::domain::field::FieldKind;
use crate::domain::ids::Kind;
use crate::domain::schema::{self, Change, Field, Need, Shield};
use crate::domain::setting::{Measure, SETTINGS};
use crate::locale::{self, Lang};
use crate::service::clocks;
use crate::tui::command::page::keys_page;

mod papers;
mod rules;

/// The pages, each with its file name.
pub fn pages() -> Vec<(&'static str, String)> {
    vec![
        ("keys.md", keys_page()),
        ("fields.md", fields_page()),
        ("settings.md", settings_page()),
        ("papers.md", papers::papers_page()),
        ("procedure.md", rules::procedure_page()),
        ("limits.md", limits_page(&clocks::national_rows(), &clocks::optional_rows())),
    ]
}

/// The page of all fields: those of records, those of forms, and the words of closed lists.
pub fn fields_page() -> String {
    let mut page = format!("# {}\n\n{}\n", both("docs.fields.title"), both("docs.fields.intro"));
    heading(&mut page, "##", &both("docs.fields.records"));
    for kind in Kind::ALL {
        let title = format!("{} `{}`", both(&format!("kind.{}", kind.key())), kind.key());
        heading(&mut page, "###", &title);
        fields_table(&mut page, schema::record(kind));
    }
    heading(&mut page, "##", &both("docs.fields.forms"));
    for act in Act::ALL.iter().copied().filter(|act| has_own_form(*act)) {
        let title = format!("{} `{}`", both(&format!("act.{}", act.word())), act.word());
        heading(&mut page, "###", &title);
        fields_table(&mut page, schema::form(act));
    }
    heading(&mut page, "##", &both("docs.fields.lists"));
    for choice in lists().values() {
        heading(&mut page, "###", &format!("`{}`", choice.key));
        table_head(&mut page, &["docs.word", "docs.label", "docs.label.en"]);
        for word in choice.words {
            let key = format!("choice.{}.{word}", choice.key);
            row(&mut page, &[format!("`{word}`"), in_chinese(&key), in_english(&key)]);
        }
    }
    page
}

/// The page of all settings, and of the caps.
pub fn settings_page() -> String {
    let title = both("docs.settings.title");
    let mut page = format!("# {title}\n\n{}\n\n", both("docs.settings.intro"));
    let head = ["name", "label", "what", "unit", "range", "usual"];
    let head = head.map(|key| format!("docs.settings.{key}"));
    table_head(&mut page, &head.iter().map(String::as_str).collect::<Vec<_>>());
    for setting in SETTINGS {
        let unit = match setting.measure {
            Measure::Plain => String::new(),
            measure => both(&format!("measure.{}", measure.word())),
        };
        let range = setting.range().map(|(least, most)| format!("{least}-{most}"));
        let label = both(&format!("field.office.{}", setting.name));
        let what = both(&format!("setting.{}", setting.name));
        let usual = setting.usual.map(|usual| usual.to_string()).unwrap_or_default();
        let name = format!("`{}`", setting.name);
        row(&mut page, &[name, label, what, unit, range.unwrap_or_default(), usual]);
    }
    heading(&mut page, "##", &both("docs.settings.caps"));
    table_head(&mut page, &["docs.settings.name", "docs.settings.label", "docs.settings.most"]);
    for (word, most) in CAPS {
        row(&mut page, &[format!("`{word}`"), both(&format!("cap.{word}")), most.to_string()]);
    }
    page
}

/// The page of all limits.
pub fn limits_page(in_force: &[LimitRow], off: &[LimitRow]) -> String {
    let mut page = format!("# {}\n\n{}\n\n", both("docs.limits.title"), both("docs.limits.intro"));
    let _ = write!(page, "{}\n\n", both("docs.limits.blank"));
    limits_table(&mut page, in_force);
    heading(&mut page, "##", &both("docs.limits.off"));
    let _ = write!(page, "{}\n\n", both("docs.limits.off_intro"));
    limits_table(&mut page, off);
    page + &format!("\n{}\n", both("docs.limits.marks"))
}

fn limits_table(page: &mut String, limits: &[LimitRow]) {
    let mut has_head = false;
    for limit in limits {
        let named = format!("limit.{}", limit.id);
        let own = limit.name.clone().filter(|_| locale::find(Lang::Zh, &named).is_none());
        let cells = law::in_words(limit, own.unwrap_or_else(|| both(&named)), &both);
        if !has_head {
            let head: Vec<String> =
                cells.iter().map(|(key, _)| format!("docs.limits.{key}")).collect();
            table_head(page, &head.iter().map(String::as_str).collect::<Vec<_>>());
            has_head = true;
        }
        let cell =
            |(key, text): (&str, String)| if key == "id" { format!("`{text}`") } else { text };
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        row(page, &cells);
    }
}

/// Whether an act has a form that is not simply the fields of a record.
fn has_own_form(act: Act) -> bool {
    let form = schema::form(act);
    let of_a_record = Kind::ALL.into_iter().any(|kind| {
        let key = |fields: &[Field]| fields.first().map(|field| field.key);
        key(schema::record(kind)) == key(form)
    });
    !form.is_empty() && !of_a_record
}

/// The closed lists of all fields, by key.
fn lists() -> BTreeMap<&'static str, Choice> {
    let of_records = Kind::ALL.into_iter().flat_map(schema::record);
    let of_forms = Act::ALL.iter().flat_map(|act| schema::form(*act));
    of_records
        .chain(of_forms)
        .filter_map(|field| match field.kind {
            FieldKind::OneOf(choice) | FieldKind::SomeOf(choice) => Some((choice.key, choice)),
            _ => None,
        })
        .collect()
}

fn fields_table(page: &mut String, fields: &[Field]) {
    let head = ["field", "label", "label.en", "holds", "required", "masked", "change"];
    let head = head.map(|key| format!("docs.{key}"));
    table_head(page, &head.each_ref().map(String::as_str));
    for field in fields {
        let label = format!("field.{}", field.key);
        let change = match field.change {
            Change::Typed => "docs.change.typed",
            Change::UntilAccepted => "docs.change.until_accepted",
            Change::Ruled => "docs.change.ruled",
        };
        row(
            page,
            &[
                format!("`{}`", field.key),
                in_chinese(&label),
                in_english(&label),
                holds(field.kind),
                yes(field.need == Need::Required),
                yes(field.shield == Shield::Masked),
                both(change),
            ],
        );
    }
}

fn holds(kind: FieldKind) -> String {
    let named = |key: &str| both(&format!("docs.kind.{key}"));
    match kind {
        FieldKind::Line { most } => format!("{}, {most}", named("line")),
        FieldKind::Text => named("text"),
        FieldKind::Name => named("name"),
        FieldKind::Phone => named("phone"),
        FieldKind::IdNumber => named("id_number"),
        FieldKind::Date => named("date"),
        FieldKind::Time => named("time"),
        FieldKind::Count { least, most } => format!("{}, {least} - {most}", named("count")),
        FieldKind::OneOf(choice) => format!("{} `{}`", named("one_of"), choice.key),
        FieldKind::SomeOf(choice) => format!("{} `{}`", named("some_of"), choice.key),
        FieldKind::Link(kind) => format!("{}: {}", named("link"), both_kind(kind)),
        FieldKind::Links(kind) => format!("{}: {}", named("links"), both_kind(kind)),
        FieldKind::Flag => named("flag"),
        FieldKind::Inner => named("inner"),
    }
}

fn both_kind(kind: Kind) -> String {
    both(&format!("kind.{}", kind.key()))
}

fn yes(is: bool) -> String {
    if is { both("docs.yes") } else { String::new() }
}

fn in_chinese(key: &str) -> String {
    locale::text(Lang::Zh, key)
}

fn in_english(key: &str) -> String {
    locale::text(Lang::En, key)
}

pub(in crate::cli) fn both(key: &str) -> String {
    format!("{} / {}", in_chinese(key), in_english(key))
}

pub(in crate::cli) fn heading(page: &mut String, depth: &str, text: &str) {
    let gap = if page.ends_with("\n\n") { "" } else { "\n" };
    // Writing into a text does not fail.
    let _ = write!(page, "{gap}{depth} {text}\n\n");
}

pub(in crate::cli) fn table_head(page: &mut String, keys: &[&str]) {
    row(page, &keys.iter().map(|key| both(key)).collect::<Vec<_>>());
    let _ = writeln!(page, "|{}", "---|".repeat(keys.len()));
}

pub(in crate::cli) fn row(page: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::pages;

    #[test]
    fn the_pages_in_docs_are_those_that_the_tables_make() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        for (name, text) in pages() {
            let kept = fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(kept == text, "docs/{name} is old: run `anjie docs docs`");
            assert!(!text.contains("(0)"), "docs/{name} names an article that there is not");
        }
    }

    #[test]
    fn every_word_of_the_pages_is_in_the_catalogue() {
        for (name, text) in pages() {
            for head in [
                "docs", "field", "choice", "kind", "act", "limit", "event", "shell", "who",
                "ground",
            ] {
                for gap in [format!("| {head}."), format!("/ {head}."), format!("# {head}.")] {
                    assert!(!text.contains(&gap), "{name} holds a key: {gap}");
                }
            }
        }
    }
}
