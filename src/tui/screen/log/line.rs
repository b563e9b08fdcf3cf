//! A line of either log in words: as cells of the list, and in full.

use crate::api::trail::{AccessRow, JournalRow};
use crate::domain::ids::RecordRef;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::{View, changed, row};
use crate::tui::widget::table::Cell;

/// The cells of a change.
pub fn journal_cells(line: &JournalRow, view: &View<'_>) -> Vec<Cell> {
    let names: Vec<String> = line
        .fields
        .iter()
        .filter(|field| changed::is_told(&field.field))
        .map(|field| changed::name(view.lang, kind(line), field))
        .collect();
    let what = if names.is_empty() {
        locale::text(view.lang, &format!("log.deed.{}", line.deed))
    } else {
        names.join(" ")
    };
    let mut what = Cell::text(what);
    // In a trial every day differs, and what the program does by itself is never late.
    if line.on != line.at.date() && line.who.is_some() && !view.me.trial {
        let on = [("day", row::day(line.on, view.me.today))];
        what = what.and(format!(" {}", locale::fill(view.lang, "log.late_entry", &on)), Role::Dim);
    }
    vec![
        at(line.at, view),
        who(line.who.as_ref(), view.lang),
        Cell::text(told_act(line, view.lang)),
        Cell::text(about(line, view.lang)),
        what,
    ]
}

/// A change in full, one text for each field.
pub fn journal_text(line: &JournalRow, view: &View<'_>) -> Vec<String> {
    let args = [
        ("number", line.sequence.to_string()),
        ("at", line.at.format("%Y-%m-%d %H:%M:%S").to_string()),
        ("on", line.on.to_string()),
        ("version", line.version.0.to_string()),
    ];
    let mut texts = vec![locale::fill(view.lang, "log.line", &args)];
    let told = line.fields.iter().filter(|field| changed::is_told(&field.field));
    texts.extend(told.map(|field| changed::in_full(view.lang, kind(line), field)));
    texts
}

/// The cells of a look.
pub fn access_cells(line: &AccessRow, view: &View<'_>) -> Vec<Cell> {
    let named = line.about.iter().find(|(_, name)| !name.is_empty());
    let about = named.or_else(|| line.about.first());
    let about = about.map(|about| called(about, view.lang)).unwrap_or_default();
    vec![
        at(line.at, view),
        who(line.who.as_ref(), view.lang),
        Cell::text(act(&line.act, view.lang)),
        Cell::text(about),
        Cell::text(notes(line, view.lang).join("  ")),
    ]
}

/// A look in full.
pub fn access_text(line: &AccessRow, view: &View<'_>) -> Vec<String> {
    let args = [
        ("number", line.number.to_string()),
        ("at", line.at.format("%Y-%m-%d %H:%M:%S").to_string()),
        ("rows", line.n_rows.to_string()),
    ];
    let mut texts = vec![locale::fill(view.lang, "log.look", &args)];
    let names: Vec<String> = line.about.iter().map(|about| called(about, view.lang)).collect();
    if !names.is_empty() {
        texts.push(names.join("  "));
    }
    texts.extend(notes(line, view.lang));
    texts
}

fn notes(line: &AccessRow, lang: Lang) -> Vec<String> {
    line.notes
        .iter()
        .map(|(name, text)| {
            let said = match (name.as_str(), text) {
                (_, None) => locale::text(lang, "journal.erased"),
                // A refusal and a field stand there by the key of their text.
                ("refused" | "field", Some(key)) => {
                    let who = line.who.clone().unwrap_or_default();
                    let nobody = ("admins", String::new());
                    let args = [("login", who), ("act", act(&line.act, lang)), nobody];
                    locale::fill(lang, key, &args)
                }
                (_, Some(text)) => text.clone(),
            };
            format!("{}: {said}", locale::text(lang, &format!("access.{name}")))
        })
        .collect()
}

/// What a record is called: by its name, or by its number where it has none that may be told.
fn called((record, name): &(RecordRef, String), lang: Lang) -> String {
    if name.is_empty() {
        return format!(
            "{} {}",
            locale::text(lang, &format!("kind.{}", record.kind.key())),
            record.id
        );
    }
    name.clone()
}

fn at(at: chrono::NaiveDateTime, view: &View<'_>) -> Cell {
    Cell::text(format!("{} {}", row::short_day(at.date(), view.me.today), at.format("%H:%M")))
}

fn who(login: Option<&String>, lang: Lang) -> Cell {
    match login {
        Some(login) => Cell::text(login.clone()),
        None => Cell::role(locale::text(lang, "journal.system"), Role::Dim),
    }
}

/// The act of a change; of one that takes another back, with that one's.
fn told_act(line: &JournalRow, lang: Lang) -> String {
    let own = act(&line.act, lang);
    line.of.as_ref().map_or(own.clone(), |of| format!("{own} {}", act(of, lang)))
}

fn act(word: &str, lang: Lang) -> String {
    locale::find(lang, &format!("act.{word}")).unwrap_or(word).to_owned()
}

fn about(line: &JournalRow, lang: Lang) -> String {
    match (line.record, line.name.as_str()) {
        (Some(record), "") => locale::text(lang, &format!("kind.{}", record.kind.key())),
        (_, name) => name.to_owned(),
    }
}

const fn kind(line: &JournalRow) -> &'static str {
    match line.record {
        Some(record) => record.kind.key(),
        None => "",
    }
}
