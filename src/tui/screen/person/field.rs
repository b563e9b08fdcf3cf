//! The fields of a person: label and value, and whether the value is masked, empty or in clear.

use ratatui::text::Line;

use crate::api::reply::PersonSheet;
use crate::domain::field::FieldKind;
use crate::domain::schema;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::row::{self, Cell, Column};

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The field's name, such as `phone`.
    pub name: String,
    value: Value,
}

/// What is known of a field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Empty,
    Plain(String),
    Masked(String),
    Clear(String),
}

impl Row {
    /// Whether it has a value that can be asked for in clear.
    pub fn is_masked(&self) -> bool {
        matches!(self.value, Value::Masked(_))
    }
}

/// All fields that a person can have, in the order of the field table, then any others.
pub fn rows(sheet: &PersonSheet, clear: &[(String, String)]) -> Vec<Row> {
    let of_table = schema::PERSON
        .iter()
        .filter(|field| field.kind != FieldKind::Inner)
        .map(|field| field.name());
    let mut names: Vec<&str> = of_table.collect();
    let others = sheet.fields.iter().map(|(name, _)| name.as_str());
    let others: Vec<_> = others.filter(|name| !names.contains(name)).collect();
    names.extend(others);
    names
        .into_iter()
        .map(|name| Row { name: name.to_owned(), value: value(sheet, clear, name) })
        .collect()
}

/// The fields as lines; `at` is the selected one.
pub fn lines(rows: &[Row], view: &View<'_>, width: usize, at: Option<usize>) -> Vec<Line<'static>> {
    let mut columns = [Column::new("", 1), Column::new("", 12), Column::new("", 0)];
    row::share(&mut columns, width);
    let line = |(place, row): (usize, &Row)| {
        let marker = if at == Some(place) { ">" } else { "" };
        let label = locale::text(view.lang, &format!("field.person.{}", row.name));
        let cells =
            [Cell::new(Role::Marker, marker), Cell::new(Role::Title, label), shown(row, view.lang)];
        row::lay(view, &columns, &cells)
    };
    rows.iter().enumerate().map(line).collect()
}

fn value(sheet: &PersonSheet, clear: &[(String, String)], name: &str) -> Value {
    let of = |list: &[(String, String)]| {
        list.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone())
    };
    match (of(&sheet.fields).filter(|text| !text.is_empty()), of(clear)) {
        (None, _) => Value::Empty,
        (Some(_), Some(text)) => Value::Clear(text),
        (Some(text), None) if sheet.masked.iter().any(|own| own == name) => Value::Masked(text),
        (Some(text), None) => Value::Plain(text),
    }
}

fn shown(row: &Row, lang: Lang) -> Cell {
    match &row.value {
        Value::Empty => Cell::new(Role::Dim, locale::text(lang, "person.empty")),
        Value::Plain(text) => Cell::plain(word(&row.name, text, lang)),
        Value::Masked(text) => Cell::plain(locale::fill(lang, "person.masked", &[("value", text)])),
        Value::Clear(text) => {
            Cell::new(Role::Warning, locale::fill(lang, "person.clear", &[("value", text)]))
        }
    }
}

/// The text of a word of a closed list; any other value as it is.
fn word(name: &str, value: &str, lang: Lang) -> String {
    match schema::find(&format!("person.{name}")).map(|field| field.kind) {
        Some(FieldKind::OneOf(choice)) if choice.words.contains(&value) => {
            locale::text(lang, &format!("choice.{}.{value}", choice.key))
        }
        _ => value.to_owned(),
    }
}
