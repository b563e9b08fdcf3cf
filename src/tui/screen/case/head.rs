//! The head of the sheet: what the case is called, whose it is, where it came from, who holds it.

use ratatui::text::Line;

use crate::api::reply::{CaseSheet, PersonOf};
use crate::domain::case::{Entrusted, Stage};
use crate::domain::choice::{Channel, Tie};
use crate::domain::slip::Crowd;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::{receipts, steps, words};
use crate::tui::screen::meeting::decision_head;
use crate::tui::screen::roster::owed::told;
use crate::tui::screen::row;
use crate::tui::widget::table::Cell;

/// The lines of the head; none is left out, so that their number is known.
pub fn lines(sheet: &CaseSheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let case = &sheet.case;
    let name =
        [Cell::role(case.number.clone(), Role::Title), Cell::role(case.title.clone(), Role::Title)];
    let mut lines = vec![
        row::sides(view, &name, &marks(sheet, view), width),
        row::strip(view, &kind(sheet, view), width),
        row::strip(view, &persons(sheet, view), width),
        row::strip(view, &came(sheet, view), width),
        row::strip(view, &holders(sheet, view), width),
    ];
    let met = met(sheet, view);
    if !met.is_empty() {
        lines.push(row::strip(view, &met, width));
    }
    lines.extend(sheet.entries.first().map(|entry| row::strip(view, &told(entry, view), width)));
    if !case.claims.is_empty() {
        let claims = case.claims.iter().map(|(number, claim)| {
            let text = words::claim_text(claim, view.lang);
            let args = [("number", number.to_string()), ("text", text)];
            Cell::text(locale::fill(view.lang, "case.claim", &args))
        });
        lines.push(row::strip(view, &claims.collect::<Vec<_>>(), width));
    }
    if let Some(closing) = closing(sheet, view.lang) {
        lines.push(row::strip(view, &[closing], width));
    }
    if case.history.is_some() {
        lines.push(row::strip(view, &[history(sheet, view)], width));
    }
    lines
}

/// The name of a person of the sheet.
pub fn name(person: &PersonOf, lang: Lang) -> String {
    person.name.clone().unwrap_or_else(|| locale::text(lang, "row.anonymous"))
}

/// The persons, the petitioner first.
pub fn in_order(sheet: &CaseSheet) -> Vec<&PersonOf> {
    let mut persons: Vec<_> = sheet.persons.iter().collect();
    persons.sort_by_key(|person| (person.tie, person.id));
    persons
}

/// How far it is, and what makes it special.
fn marks(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let (case, lang) = (&sheet.case, view.lang);
    let stage = locale::text(lang, &format!("stage.{}", sheet.stage.word()));
    let mut marks = Vec::new();
    let mut mark = |is_set: bool, role, key: &str| {
        if is_set {
            marks.push(Cell::role(locale::text(lang, key), role));
        }
    };
    mark(case.readers.is_some(), Role::Warning, "row.sealed");
    mark(case.urgent, Role::Warning, "case.urgent");
    mark(case.backlog, Role::Warning, "case.backlog");
    for crowd in Crowd::of(case.visitors(), view.me.group_people) {
        mark(true, Role::Warning, &format!("crowd.{}", crowd.word()));
    }
    match &sheet.repeats {
        Some(number) => {
            let args = [("number", number.clone())];
            marks.push(Cell::role(locale::fill(lang, "case.repeats", &args), Role::Warning));
        }
        None if case.is_repeat() => {
            marks.push(Cell::role(locale::text(lang, "crowd.repeat"), Role::Warning));
        }
        None => {}
    }
    if case.cycle > 1 {
        let args = [("cycle", case.cycle.to_string())];
        marks.push(Cell::role(locale::fill(lang, "case.cycle", &args), Role::Warning));
    }
    marks.push(Cell::role(format!("[{stage}]"), Role::Title));
    marks
}

/// Purpose and procedure, where it happened, who assigned it.
fn kind(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let case = &sheet.case;
    let lang = view.lang;
    let mut cells = Vec::new();
    if !sheet.readers.is_empty() {
        let args = [("names", sheet.readers.join(" "))];
        cells.push(Cell::role(locale::fill(lang, "case.readers", &args), Role::Warning));
    }
    match (case.purpose, case.route) {
        (Some(purpose), Some(route)) => {
            let purpose = locale::text(lang, &format!("choice.purpose.{}", purpose.word()));
            let route = locale::text(lang, &format!("choice.route.{}", route.word()));
            cells.push(Cell::text(format!("{purpose} {route}")));
        }
        (Some(_), None) | (None, _) => {
            cells.push(Cell::role(locale::text(lang, "case.undecided"), Role::Warning));
        }
    }
    cells.extend(sheet.undecided.map(|reference| {
        let args = [("day", row::day(reference, view.me.today))];
        Cell::role(locale::fill(lang, "case.acceptance_undecided", &args), Role::Late)
    }));
    let village = case.village.and_then(|village| sheet.units.get(&village));
    cells.extend(village.map(|village| Cell::text(village.clone())));
    if let Some(entrusted) = &case.entrusted {
        cells.push(Cell::text(letter(entrusted, view)));
    } else if let Some(first) = receipts::in_order(sheet).first() {
        cells.push(Cell::text(locale::text(
            lang,
            &format!("choice.source.{}", first.source.word()),
        )));
    }
    let level = locale::text(lang, &format!("choice.level.{}", case.level.word()));
    cells.push(Cell::role(locale::fill(lang, "case.level", &[("level", level)]), Role::Dim));
    let old = case.old_number.as_ref();
    cells.extend(old.map(|number| {
        Cell::role(locale::fill(lang, "case.old_number", &[("number", number)]), Role::Dim)
    }));
    cells
}

/// The letter by which a superior assigned it (Reg. 22(1)(iii)).
fn letter(entrusted: &Entrusted, view: &View<'_>) -> String {
    let today = view.me.today;
    let args = [
        ("by", entrusted.by.clone()),
        ("letter", entrusted.letter.clone().unwrap_or_default()),
        ("on", row::day(entrusted.on, today)),
        ("due", row::maybe_day(entrusted.due_on, today)),
    ];
    locale::fill(view.lang, "case.entrusted", &args)
}

/// The persons, the petitioner first, and whom it is about.
fn persons(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let lang = view.lang;
    let tie = |tie: Tie| locale::text(lang, &format!("choice.tie.{}", tie.word()));
    let persons = in_order(sheet);
    let mut cells = Vec::new();
    if persons.is_empty() {
        let nobody = row::petitioner(None, sheet.case.people, lang);
        cells.push(Cell::text(format!("{} {nobody}", tie(Tie::Petitioner))));
    }
    for (place, person) in persons.into_iter().enumerate() {
        // How many they are stands behind the first of them.
        let people = if place == 0 { sheet.case.people } else { 1 };
        let name = row::petitioner(person.name.as_ref(), people, lang);
        cells.push(Cell::text(format!("{} {name}", tie(person.tie))));
        let phone = person.phone.as_ref();
        cells.extend(match phone {
            Some(phone) => Some(Cell::text(locale::fill(lang, "case.phone", &[("phone", phone)]))),
            None if place == 0 => Some(Cell::role(locale::text(lang, "case.no_phone"), Role::Dim)),
            None => None,
        });
    }
    let about = sheet.case.about.as_ref();
    cells.extend(
        about.map(|about| Cell::text(locale::fill(lang, "case.about", &[("about", about)]))),
    );
    cells
}

/// Its receipts, and how many of them stand in the state system.
fn came(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let lang = view.lang;
    let receipts = receipts::in_order(sheet);
    let n_receipts = receipts.len();
    let n_entered = receipts.iter().filter(|receipt| receipt.entered_on.is_some()).count();
    let n_returned = receipts.iter().filter(|receipt| receipt.returned_on.is_some()).count();
    let counts = [("entered", n_entered), ("returned", n_returned), ("all", n_receipts)]
        .map(|(key, count)| (key, count.to_string()));
    let role = if n_entered < n_receipts { Role::Warning } else { Role::Text };
    let mut cells = vec![
        Cell::text(locale::fill(lang, "case.receipts", &[("count", n_receipts.to_string())])),
        Cell::role(locale::fill(lang, "case.in_state_system", &counts), role),
    ];
    cells.extend(receipts.into_iter().map(|receipt| {
        let channel = locale::text(lang, &format!("choice.channel.{}", receipt.channel.word()));
        let day = row::day(receipt.received_on, view.me.today);
        if receipt.people > 1 {
            let args = [("people", receipt.people.to_string())];
            let is_group =
                receipt.channel == Channel::Visit && receipt.people >= view.me.group_people;
            let key = if is_group { "case.receipt.group" } else { "case.receipt.n_people" };
            let people = locale::fill(lang, key, &args);
            Cell::text(format!("{day} {channel} {people}"))
        } else {
            Cell::text(format!("{day} {channel}"))
        }
    }));
    cells
}

/// Who holds it now, and who else answers for it.
fn holders(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let case = &sheet.case;
    let unit = |id| sheet.units.get(&id).cloned();
    let officer = |id| Some(steps::officer(sheet, id).to_owned());
    let assisting: Vec<_> = case.assisting.iter().filter_map(|id| unit(*id)).collect();
    let assisting = (!assisting.is_empty()).then(|| assisting.join(" "));
    let all = [
        ("case.holder", case.holder().and_then(officer), Role::Title),
        ("case.lead", case.lead.and_then(officer), Role::Text),
        ("case.handler", case.handler.and_then(officer), Role::Text),
        ("case.unit", case.unit.and_then(unit), Role::Text),
    ];
    let mut cells: Vec<_> = all
        .into_iter()
        .map(|(key, name, role)| {
            let role = if name.is_none() { Role::Dim } else { role };
            let name = name.unwrap_or_else(|| locale::text(view.lang, "row.nobody"));
            Cell::role(locale::fill(view.lang, key, &[("name", name)]), role)
        })
        .collect();
    cells
        .extend(assisting.map(|names| {
            Cell::text(locale::fill(view.lang, "case.assisting", &[("name", names)]))
        }));
    cells
}

/// What the list of the meeting says of it, and what meetings decided that is still owed.
fn met(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let mut cells = Vec::new();
    if let Some(tabled) = &sheet.case.tabled {
        let day = tabled.on.map(|on| row::day(on, view.me.today)).unwrap_or_default();
        let args = [("day", day), ("text", tabled.question.clone().unwrap_or_default())];
        let text = locale::fill(view.lang, "case.tabled", &args);
        cells.push(Cell::role(text.trim_end().to_owned(), Role::Hint));
    }
    let owed = || sheet.decisions.iter().filter(|decision| decision.outcome.is_none());
    if let Some(next) = owed().min_by_key(|decision| decision.clock.latest) {
        let text = format!("{} {}", decision_head(next, view), row::flat(&next.text));
        let args = [("count", owed().count().to_string()), ("text", text)];
        let text = locale::fill(view.lang, "case.decided", &args);
        cells.push(Cell::role(text, row::role(next.clock.standing)));
    }
    cells
}

/// What its closing still lacks, from the day on which it was taken on.
fn closing(sheet: &CaseSheet, lang: Lang) -> Option<Cell> {
    let is_under_way = sheet.stage.is_open() && sheet.stage >= Stage::Handling;
    let missing: Vec<&str> = sheet
        .requirements
        .iter()
        .filter(|asked| !asked.met)
        .map(|asked| asked.requirement.word())
        .collect();
    if !is_under_way || sheet.requirements.is_empty() {
        return None;
    }
    if missing.is_empty() {
        return Some(Cell::role(locale::text(lang, "case.closing.complete"), Role::Hint));
    }
    let args = [
        ("count", missing.len().to_string()),
        ("all", sheet.requirements.len().to_string()),
        ("missing", locale::said(lang, "requirement", &missing.join(" "))),
    ];
    Some(Cell::role(locale::fill(lang, "case.closing.missing", &args), Role::Warning))
}

/// What it means that a case is from an old ledger.
fn history(sheet: &CaseSheet, view: &View<'_>) -> Cell {
    let history = sheet.case.history.as_ref();
    let closed_on = history.and_then(|history| history.closed_on);
    let key = match (history.is_some_and(|history| history.closed), closed_on) {
        (true, Some(_)) => "case.history.closed_on",
        (true, None) => "case.history.closed",
        (false, _) => "case.history.open",
    };
    let args = [("day", row::maybe_day(closed_on, view.me.today))];
    Cell::role(locale::fill(view.lang, key, &args), Role::Warning)
}
