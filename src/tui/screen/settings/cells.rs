//! What stands in the rows of the settings, and what is told about the selected one.

use crate::api::limit::LimitRow;
use crate::api::reply::OfficerRow;
use crate::api::setting::{ClerkRow, SetRow, YearRow};
use crate::domain::field::FieldKind;
use crate::domain::setting::{Measure, Setting};
use crate::locale;
use crate::tui::look::Role;
use crate::tui::screen::settings::{Part, Target};
use crate::tui::screen::{View, row};
use crate::tui::widget::table::{Cell, Column};

/// The columns of a part.
pub fn columns(part: Part, view: &View<'_>, width: usize) -> Vec<Column> {
    let is_wide = width >= 110;
    match part {
        Part::Office => vec![
            row::words(view, "settings.name", (14, 24)),
            row::flex(view, "settings.value", 16),
            row::words(view, "settings.measure", (8, 9)),
            row::fixed(view, "settings.range", 13),
            row::fixed(view, "settings.usual", 8),
        ],
        Part::Clerks => vec![
            row::fixed(view, "field.clerk.login", 12),
            row::fixed(view, "field.clerk.officer", 10),
            row::flex(view, "field.clerk.roles", 16),
            row::fixed(view, "field.clerk.unit", 10),
            row::words(view, "settings.state", (18, 20)),
        ],
        Part::Calendar => vec![
            row::fixed(view, "settings.year", 5),
            row::fixed(view, "settings.workdays", 9),
            row::fixed(view, "settings.off", 8),
            row::fixed(view, "settings.make_up", 8),
            row::flex(view, "settings.notice", 16),
            row::fixed(view, "settings.loaded", 12),
        ],
        Part::Limits => vec![
            row::flex(view, "settings.limit", 16),
            row::fixed(view, "settings.length", if is_wide { 14 } else { 10 }),
            row::fixed(view, "settings.basis", if is_wide { 40 } else { 28 }),
            row::fixed(view, "settings.certainty", 10),
        ],
        Part::Caps => vec![
            row::flex(view, "settings.cap", 20),
            row::fixed(view, "settings.most", 10),
            row::fixed(view, "settings.settable", 24),
        ],
    }
}

/// Whether somebody counts, counted or will count as head of the office.
pub fn is_or_was_head(officer: &OfficerRow) -> bool {
    !value(&officer.values, "head_from").is_empty()
}

fn value<'v>(values: &'v [(String, String)], field: &str) -> &'v str {
    values.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text.as_str())
}

/// A setting: its label, its value, its measure, its range, what is usual.
pub fn setting(setting: &Setting, text: &str, view: &View<'_>) -> Vec<Cell> {
    let label = locale::text(view.lang, &format!("field.office.{}", setting.name));
    let usual = setting.usual.map(|usual| usual.to_string()).unwrap_or_default();
    let shown = match setting.field().map(|field| field.kind) {
        Some(FieldKind::OneOf(choice)) => {
            locale::text(view.lang, &format!("choice.{}.{text}", choice.key))
        }
        _ => text.to_owned(),
    };
    let shown = match (shown.is_empty(), usual.is_empty()) {
        (true, false) => Cell::role(usual.clone(), Role::Dim),
        (true, true) => Cell::role(locale::text(view.lang, "settings.missing"), Role::Warning),
        (false, _) => Cell::role(shown, Role::Title),
    };
    let range = setting.range().map(|(least, most)| format!("{least}-{most}"));
    vec![
        Cell::text(label),
        shown,
        Cell::text(match setting.measure {
            Measure::Plain => String::new(),
            measure => locale::text(view.lang, &format!("measure.{}", measure.word())),
        }),
        Cell::role(range.unwrap_or_default(), Role::Dim),
        Cell::role(usual, Role::Dim),
    ]
}

/// The cells of any other row.
pub fn of(target: &Target<'_>, view: &View<'_>) -> Vec<Cell> {
    match target {
        Target::Head(officer) => head(officer, view),
        Target::Clerk(clerk) => clerk_cells(clerk, view),
        Target::Year(year) => year_cells(year, view),
        Target::Set(set) => set_cells(set, view),
        Target::Limit(limit) => limit_cells(limit, view),
        Target::Cap(word, most) => {
            vec![
                Cell::text(locale::text(view.lang, &format!("cap.{word}"))),
                Cell::text(most.to_string()),
                Cell::role(locale::text(view.lang, "settings.fixed"), Role::Dim),
            ]
        }
        Target::Setting(_) | Target::NoHead | Target::Closed | Target::Add(_) => Vec::new(),
    }
}

/// A row that is one text.
pub fn note(target: &Target<'_>, view: &View<'_>) -> Option<(String, Role)> {
    match target {
        Target::Add(command) => {
            Some((format!("+ {}", locale::text(view.lang, &format!("cmd.{command}"))), Role::Key))
        }
        Target::NoHead => Some((locale::text(view.lang, "settings.no_head"), Role::Warning)),
        Target::Closed => Some((locale::text(view.lang, "settings.closed"), Role::Dim)),
        _ => None,
    }
}

fn head(officer: &OfficerRow, view: &View<'_>) -> Vec<Cell> {
    let (from, until) = (value(&officer.values, "head_from"), value(&officer.values, "head_until"));
    let role = if officer.head { Role::Title } else { Role::Dim };
    let args = [("from", from), ("until", until)];
    let key = if until.is_empty() { "settings.head_from" } else { "settings.head_between" };
    vec![
        Cell::text(locale::text(view.lang, "settings.head")),
        Cell::role(officer.name.clone(), role)
            .and(format!(" {}", locale::fill(view.lang, key, &args)), Role::Dim),
        Cell::default(),
        Cell::default(),
        Cell::default(),
    ]
}

fn clerk_cells(clerk: &ClerkRow, view: &View<'_>) -> Vec<Cell> {
    let role = if clerk.is_open { Role::Text } else { Role::Dim };
    let roles = clerk.roles.iter();
    let roles = roles.map(|role| locale::text(view.lang, &format!("choice.role.{}", role.word())));
    let state = match clerk.closed_on {
        None => locale::text(view.lang, "settings.open"),
        Some(day) => {
            let key = if clerk.is_open { "settings.closes" } else { "settings.is_closed" };
            locale::fill(view.lang, key, &[("day", day.to_string())])
        }
    };
    vec![
        Cell::role(clerk.login.clone(), role),
        row::maybe(clerk.officer.as_ref()),
        Cell::role(roles.collect::<Vec<_>>().join(" "), role),
        row::maybe(clerk.unit.as_ref()),
        Cell::role(state, role),
    ]
}

fn year_cells(year: &YearRow, view: &View<'_>) -> Vec<Cell> {
    let loaded = match year.loaded_on {
        Some(day) => Cell::text(day.to_string()),
        None => Cell::role(locale::text(view.lang, "settings.built_in"), Role::Dim),
    };
    vec![
        Cell::role(year.year.to_string(), Role::Title),
        Cell::text(year.n_workdays.to_string()),
        Cell::text(year.n_off.to_string()),
        Cell::text(year.n_work.to_string()),
        row::maybe(year.notice.as_ref()),
        loaded,
    ]
}

fn set_cells(set: &SetRow, view: &View<'_>) -> Vec<Cell> {
    let (sign, role) = if set.is_on { ("[x] ", Role::Title) } else { ("[ ] ", Role::Dim) };
    let count = [("count", set.n_limits.to_string())];
    let state = if set.is_on { "settings.set_on" } else { "settings.set_off" };
    let since = set.on.map(|day| day.to_string()).unwrap_or_default();
    vec![
        Cell::role(format!("{sign}{}", set.norm), role),
        Cell::text(locale::fill(view.lang, "settings.n_limits", &count)),
        Cell::role(format!("{} {since}", locale::text(view.lang, state)), role),
        Cell::default(),
    ]
}

fn limit_cells(limit: &LimitRow, view: &View<'_>) -> Vec<Cell> {
    let known = locale::find(view.lang, &format!("limit.{}", limit.id)).map(str::to_owned);
    let name = known.or_else(|| limit.name.clone()).unwrap_or_else(|| limit.id.clone());
    let unit = locale::text(view.lang, &format!("shell.unit.{}", limit.unit));
    let length = if limit.length == 0 { unit } else { format!("{} {unit}", limit.length) };
    vec![
        Cell::text(format!("    {name}")),
        Cell::text(length),
        Cell::role(format!("{} {}", limit.norm, limit.article), Role::Dim),
        Cell::role(limit.certainty.clone(), Role::Dim),
    ]
}

/// What is told about a row.
pub fn told(target: &Target<'_>, view: &View<'_>) -> String {
    let text = |key: &str| locale::text(view.lang, key);
    match target {
        Target::Setting(setting) => text(&format!("setting.{}", setting.name)),
        Target::Head(_) | Target::NoHead => text("setting.head"),
        Target::Clerk(_) | Target::Closed => text("setting.clerk"),
        Target::Year(_) => text("setting.year"),
        Target::Set(set) => {
            let count = [("count", set.n_moved.to_string())];
            let key = if set.is_on { "setting.set_on" } else { "setting.set_off" };
            locale::fill(view.lang, key, &count)
        }
        Target::Limit(limit) => {
            let args = [("norm", limit.norm.clone()), ("day", limit.in_force_from.to_string())];
            locale::fill(view.lang, "setting.limit", &args)
        }
        Target::Cap(..) => text("setting.cap"),
        Target::Add(command) => text(&format!("cmd.{command}.help")),
    }
}
