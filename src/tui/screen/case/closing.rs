//! What the case needs before it can be concluded; each item leads to the form that supplies it.
//!
//! What is missing stands first. Once nothing is, Enter leads to the conclusion itself.

use crate::api::reply::CaseSheet;
use crate::domain::act::Act;
use crate::domain::closing::{Asked, Requirement};
use crate::domain::step::Deed;
use crate::locale;
use crate::tui::command::{self, Command};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, NOTHING};
use crate::tui::text;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// Why a case cannot be concluded yet: a screen that shows what is missing goes there.
pub const LACKS: &str = "broken.closing_lacks_something";

/// The pane; `at` is the selected row if the pane is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, at: Option<usize>) -> Body {
    let asked = in_order(sheet);
    if asked.is_empty() {
        return Body { table: Table::default(), foot: None };
    }
    let name = |asked: &Asked| {
        locale::text(view.lang, &format!("requirement.{}", asked.requirement.word()))
    };
    let widest = asked.iter().map(|asked| text::width(&name(asked))).max().unwrap_or(0);
    let columns = vec![
        row::fixed(view, "", 3),
        row::fixed(view, "", u16::try_from(widest).unwrap_or(u16::MAX)),
        row::words(view, "", (14, 14)),
        row::flex(view, "", 8),
    ];
    let cells = |asked: &Asked| {
        let (sign, role) = if asked.met { ("[x]", Role::Ok) } else { ("[ ]", Role::Warning) };
        let article = asked.requirement.article();
        let basis = match article {
            "" => NOTHING.to_owned(),
            _ => locale::fill(view.lang, "row.article", &[("article", article)]),
        };
        let next = if asked.met { Cell::default() } else { supplied_by(sheet, *asked, view) };
        let name = Cell::role(name(asked), if asked.met { Role::Dim } else { Role::Text });
        vec![Cell::role(sign, role), name, Cell::role(basis, Role::Dim), next]
    };
    let rows = asked.iter().map(|asked| Row::Cells { cells: cells(asked), mark: Mark::Off });
    let table = Table { columns, rows: rows.collect(), selected: at };
    let key = if n_missing(sheet) > 0 { "case.closing.hint" } else { "case.closing.ready" };
    // What has ended is not concluded once more.
    let foot = at
        .filter(|_| sheet.stage.is_open())
        .map(|_| Cell::role(locale::text(view.lang, key), Role::Hint));
    Body { table, foot }
}

/// The requirements, what is missing first.
pub fn in_order(sheet: &CaseSheet) -> Vec<Asked> {
    let mut asked = sheet.requirements.clone();
    asked.sort_by_key(|asked| asked.met);
    asked
}

/// How many are missing.
pub fn n_missing(sheet: &CaseSheet) -> usize {
    sheet.requirements.iter().filter(|asked| !asked.met).count()
}

/// The command to which Enter leads on a row; none on one that is met while others are missing.
pub fn command(sheet: &CaseSheet, at: usize) -> Option<&'static Command> {
    if n_missing(sheet) == 0 {
        return command::find("conclude").filter(|_| sheet.stage.is_open());
    }
    let asked = in_order(sheet).into_iter().nth(at).filter(|asked| !asked.met)?;
    of_requirement(sheet, asked.requirement)
}

/// The field on which the form of a row begins: one form answers the five tests.
pub fn focus(sheet: &CaseSheet, at: usize) -> Option<&'static str> {
    let asked = in_order(sheet).into_iter().nth(at)?;
    (asked.requirement.act() == Act::Test).then(|| asked.requirement.word())
}

fn of_requirement(sheet: &CaseSheet, requirement: Requirement) -> Option<&'static Command> {
    let case = &sheet.case;
    match requirement {
        // Nobody can declare an interest before somebody is to handle it.
        Requirement::Recusal if case.lead.is_none() && case.handler.is_none() => {
            command::find("assign")
        }
        // A doubtful delivery counts from its confirmation.
        Requirement::Delivery
            if case.day_of(|deed| matches!(deed, Deed::Delivered { .. })).is_some() =>
        {
            command::find("confirm_delivery")
        }
        _ => command::of_act(requirement.act()),
    }
}

/// What supplies it, or why that is not possible yet.
fn supplied_by(sheet: &CaseSheet, asked: Asked, view: &View<'_>) -> Cell {
    let Some(command) = of_requirement(sheet, asked.requirement) else {
        return Cell::default();
    };
    let label = locale::text(view.lang, &command.label());
    let why = command.act.and_then(|act| {
        let own = sheet.permits.iter().find(|(permitted, _)| *permitted == act);
        own.and_then(|(_, why)| why.clone())
    });
    match why {
        Some(why) => Cell::role(format!("{label}: {}", locale::text(view.lang, &why)), Role::Dim),
        None => Cell::role(format!("> {label}"), Role::Key),
    }
}
