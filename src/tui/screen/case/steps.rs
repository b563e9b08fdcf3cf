//! What was done about a case, the newest first.
//!
//! While the pane is open every text is shown in full and a step is selected; else one line a step.

use chrono::NaiveDate;

use crate::api::reply::CaseSheet;
use crate::domain::field::FieldKind;
use crate::domain::ids::{Kind, OfficerId, UnitId};
use crate::domain::step::{Deed, Step};
use crate::domain::{procedure, schema};
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, NOTHING};
use crate::tui::screen::{Nav, View};
use crate::tui::text;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The steps with their numbers, as the pane shows them.
pub fn in_order(sheet: &CaseSheet) -> Vec<(u32, &Step)> {
    let mut steps: Vec<_> = sheet.case.steps.iter().map(|(number, step)| (*number, step)).collect();
    steps.sort_by_key(|(number, step)| std::cmp::Reverse((step.cycle, step.on, *number)));
    steps
}

/// Where one is in the pane: a step, and a line of what it says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct At {
    /// The place of the step.
    pub step: usize,
    /// The line within it.
    pub line: usize,
}

/// The pane; `at` is set if it is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<At>) -> Body {
    let (mut table, firsts) = rows(sheet, view, width, at.is_some());
    let last = table.rows.len().checked_sub(1);
    let row = at.and_then(|at| Some(firsts.get(at.step)? + at.line));
    table.selected = row.zip(last).map(|(row, last)| row.min(last));
    Body { table, foot: None }
}

/// The first row of each step of the open pane, and how many rows there are.
pub fn firsts(sheet: &CaseSheet, view: &View<'_>, width: usize) -> (Vec<usize>, usize) {
    let (table, firsts) = rows(sheet, view, width, true);
    (firsts, table.rows.len())
}

/// Where a move leads. What a step says is read to its end before one comes to the next, as far as
/// it has no room beside it.
pub fn moved(at: At, nav: Nav, (firsts, n_rows): (&[usize], usize), room: usize) -> At {
    let last = firsts.len().saturating_sub(1);
    let n_lines = |step: usize| {
        let first = firsts.get(step).copied().unwrap_or(n_rows);
        firsts.get(step + 1).copied().unwrap_or(n_rows) - first
    };
    let at = At { step: at.step.min(last), line: at.line };
    match nav {
        Nav::Down if at.line + room / 2 + 1 < n_lines(at.step) => At { line: at.line + 1, ..at },
        Nav::Down if at.step == last => at,
        Nav::Up if at.line > 0 => At { line: at.line - 1, ..at },
        nav => {
            let step = nav.moved(at.step, (room.saturating_sub(1).max(1), last));
            At { step: step.unwrap_or(at.step), line: 0 }
        }
    }
}

/// The rows, and the first of each step. Of a pane that is not open each step has one.
fn rows(sheet: &CaseSheet, view: &View<'_>, width: usize, is_open: bool) -> (Table, Vec<usize>) {
    let steps = in_order(sheet);
    let days = row::day_width(steps.iter().map(|(_, step)| step.on), view.me.today);
    let numbers = steps.iter().map(|(number, _)| number.to_string().len()).max().unwrap_or(1);
    let columns = vec![
        row::fixed(view, "", u16::try_from(numbers).unwrap_or(4)),
        row::fixed(view, "", days),
        row::words(view, "", (10, 12)),
        row::fixed(view, "", 8),
        row::flex(view, "", 8),
    ];
    let mut table = Table { columns, ..Table::default() };
    let mut firsts = Vec::with_capacity(steps.len());
    let widths = table.widths(u16::try_from(width).unwrap_or(u16::MAX));
    let room = widths.last().copied().unwrap_or_default();
    for (number, step) in steps {
        firsts.push(table.rows.len());
        let text = telling(step, sheet, view);
        let text = view.look.shown(&text);
        let mut texts = match is_open {
            true => text::wrap(&text, room.max(2)),
            false => vec![&*text],
        }
        .into_iter();
        let cells = vec![
            Cell::role(number.to_string(), Role::Dim),
            Cell::text(row::day(step.on, view.me.today)),
            Cell::role(deed(&step.deed, view.lang), Role::Title),
            Cell::text(step.by.map_or(NOTHING, |by| officer(sheet, by))),
            Cell::text(row::flat(texts.next().unwrap_or_default())),
        ];
        table.rows.push(Row::Cells { cells, mark: Mark::Off });
        table.rows.extend(texts.map(|text| {
            let empty = Cell::default();
            let cells = vec![empty.clone(), empty.clone(), empty.clone(), empty, Cell::text(text)];
            Row::Cells { cells, mark: Mark::Off }
        }));
    }
    (table, firsts)
}

/// The word of a deed; plain work is named by its kind.
pub fn deed(deed: &Deed, lang: Lang) -> String {
    match deed {
        Deed::Worked { work } => locale::text(lang, &format!("choice.work.{}", work.word())),
        other => locale::text(lang, &format!("deed.{}", other.word())),
    }
}

/// What there is to tell of a step: details, document, text, the cycle, when it was entered.
pub fn telling(step: &Step, sheet: &CaseSheet, view: &View<'_>) -> String {
    let mut parts = Vec::new();
    if step.cycle != sheet.case.cycle {
        let args = [("cycle", step.cycle.to_string())];
        parts.push(locale::fill(view.lang, "case.cycle", &args));
    }
    parts.push(detail(&step.deed, sheet, view));
    parts.extend(step.document.clone());
    parts.extend(step.text.clone());
    if let Some(who) = &step.told_by {
        parts.push(locale::fill(view.lang, "case.told_by", &[("who", who)]));
    }
    if step.corrected {
        let day = step.first_on.map(|on| row::day(on, view.me.today));
        let first = step.first.as_deref().map(|first| detail(first, sheet, view));
        let was: Vec<String> = [day, first].into_iter().flatten().collect();
        let key = match (was.is_empty(), &step.why) {
            (false, _) => "case.corrected_day",
            (true, Some(_)) => "case.corrected_why",
            (true, None) => "case.corrected",
        };
        let args = [("day", was.join(" ")), ("why", step.why.clone().unwrap_or_default())];
        parts.push(locale::fill(view.lang, key, &args));
    }
    if step.entered_on > step.on {
        let args = [("day", row::day(step.entered_on, view.me.today))];
        parts.push(locale::fill(view.lang, "case.entered_later", &args));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn detail(deed: &Deed, sheet: &CaseSheet, view: &View<'_>) -> String {
    let choice = |list: &str, word: &str| locale::text(view.lang, &format!("choice.{list}.{word}"));
    match deed {
        Deed::Received { receipt, source, .. } => {
            let receipt = sheet.receipts.iter().find(|own| own.id == *receipt);
            let channel = receipt.map(|receipt| choice("channel", receipt.channel.word()));
            let source = choice("source", source.word());
            channel.map_or(source.clone(), |channel| format!("{channel} {source}"))
        }
        Deed::Routed { route } => choice("route", route.word()),
        Deed::Notified { manner, .. } => choice("manner", manner.word()),
        Deed::Extended { days, approver, told_on } => {
            let told = told_on.map(|on| {
                let args = [("day", row::day(on, view.me.today))];
                locale::fill(view.lang, "case.told", &args)
            });
            let args = [
                ("days", days.to_string()),
                ("approver", officer(sheet, *approver).to_owned()),
                ("told", told.unwrap_or_else(|| locale::text(view.lang, "case.not_told"))),
            ];
            locale::fill(view.lang, "case.extended", &args)
        }
        Deed::PaperMade { paper, voided, voided_on, voided_by, .. } => {
            let title = choice("paper", paper.word());
            let Some(why) = voided else { return title };
            let by = voided_by.map(|by| officer(sheet, by));
            let when = voided_when(*voided_on, by, view);
            let args = [("paper", title), ("why", why.clone()), ("when", when)];
            locale::fill(view.lang, "case.voided", &args)
        }
        Deed::LeadAssigned { lead } => officer(sheet, *lead).to_owned(),
        Deed::HandedTo { handler } => officer(sheet, *handler).to_owned(),
        Deed::Allotted { unit } => self::unit(sheet, *unit).to_owned(),
        other => by_form(other, sheet, view),
    }
}

/// The values of a step of the procedure, in the order of its form.
fn by_form(deed: &Deed, sheet: &CaseSheet, view: &View<'_>) -> String {
    let row = procedure::ROWS.iter().find(|row| row.deed == deed.word());
    let json = serde_json::to_value(deed).unwrap_or_default();
    let fields = row.map(|row| schema::form(row.act)).unwrap_or_default();
    let values = fields.iter().filter_map(|field| {
        let value = json.get(field.name())?;
        let text = match field.kind {
            FieldKind::OneOf(choice) => {
                locale::text(view.lang, &format!("choice.{}.{}", choice.key, value.as_str()?))
            }
            FieldKind::Link(Kind::Officer) => officer(sheet, OfficerId(value.as_u64()?)).to_owned(),
            FieldKind::Link(Kind::Unit) => unit(sheet, UnitId(value.as_u64()?)).to_owned(),
            FieldKind::Date => row::day(value.as_str()?.parse().ok()?, view.me.today),
            FieldKind::Flag => return value.as_bool()?.then(|| label(field.key, view.lang)),
            FieldKind::Time => value.as_str()?.get(..5)?.to_owned(),
            kind => kind.format(value),
        };
        let named = matches!(field.kind, FieldKind::Date | FieldKind::Text | FieldKind::Time);
        Some(if named { format!("{}:{text}", label(field.key, view.lang)) } else { text })
    });
    values.collect::<Vec<_>>().join(" ")
}

fn label(key: &str, lang: Lang) -> String {
    locale::text(lang, &format!("field.{key}"))
}

/// The name of a unit that the sheet mentions.
fn unit(sheet: &CaseSheet, id: UnitId) -> &str {
    sheet.units.get(&id).map_or(NOTHING, String::as_str)
}

/// When a paper was voided, and by whom.
pub fn voided_when(on: Option<NaiveDate>, by: Option<&str>, view: &View<'_>) -> String {
    let day = row::maybe_day(on, view.me.today);
    format!("{day} {}", by.unwrap_or_default()).trim_end().to_owned()
}

/// The name of an officer that the sheet mentions.
pub fn officer(sheet: &CaseSheet, id: OfficerId) -> &str {
    sheet.officers.get(&id).map_or(NOTHING, String::as_str)
}
