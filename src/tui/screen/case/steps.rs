//! What was done about a case, the newest first.
//!
//! While the pane is open every text is shown in full; else one line a step.

use crate::api::reply::CaseSheet;
use crate::domain::field::FieldKind;
use crate::domain::ids::{Kind, OfficerId, UnitId};
use crate::domain::step::{Deed, Step};
use crate::domain::{procedure, schema};
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::pane::Body;
use crate::tui::screen::row::{self, NOTHING};
use crate::tui::text;
use crate::tui::widget::table::{Cell, Mark, Row, Table};

/// The pane; `at` is set if it is open.
pub fn body(sheet: &CaseSheet, view: &View<'_>, width: usize, at: Option<usize>) -> Body {
    let mut steps: Vec<_> = sheet.case.steps.iter().collect();
    steps.sort_by_key(|(number, step)| std::cmp::Reverse((step.cycle, step.on, **number)));
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
    let widths = table.widths(u16::try_from(width).unwrap_or(u16::MAX));
    let room = widths.last().copied().unwrap_or_default();
    for (number, step) in steps {
        let text = telling(step, sheet, view);
        let text = view.look.shown(&text);
        let mut texts = match at {
            Some(_) => text::wrap(&text, room.max(2)),
            None => vec![&*text],
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
    Body { table, foot: None }
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
        Deed::PaperMade { paper, voided, .. } => {
            let title = choice("paper", paper.word());
            match voided {
                Some(why) => {
                    locale::fill(view.lang, "case.voided", &[("paper", &title), ("why", why)])
                }
                None => title,
            }
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

/// The name of an officer that the sheet mentions.
pub fn officer(sheet: &CaseSheet, id: OfficerId) -> &str {
    sheet.officers.get(&id).map_or(NOTHING, String::as_str)
}
