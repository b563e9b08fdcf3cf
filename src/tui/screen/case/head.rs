//! The head of the sheet: what the case is called, whose it is, where it came from, who holds it.

use ratatui::text::Line;

use crate::api::reply::{CaseSheet, PersonOf};
use crate::domain::case::Entrusted;
use crate::domain::choice::Tie;
use crate::locale::{self, Lang};
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::case::{receipts, steps, words};
use crate::tui::screen::row::{self, Cell};

/// The lines of the head; none is left out, so that their number is known.
pub fn lines(sheet: &CaseSheet, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let case = &sheet.case;
    let name = [Cell::new(Role::Title, &case.number), Cell::new(Role::Title, &case.title)];
    let mut lines = vec![
        row::sides(view, &name, &marks(sheet, view.lang), width),
        row::strip(view, &kind(sheet, view), width),
        row::strip(view, &persons(sheet, view), width),
        row::strip(view, &came(sheet, view), width),
        row::strip(view, &holders(sheet, view), width),
    ];
    if !case.claims.is_empty() {
        let claims = case.claims.iter().map(|(number, claim)| {
            let text = words::claim_text(claim, view.lang);
            let args = [("number", number.to_string()), ("text", text)];
            Cell::plain(locale::fill(view.lang, "case.claim", &args))
        });
        lines.push(row::strip(view, &claims.collect::<Vec<_>>(), width));
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

/// How far it is, and what makes it special.
fn marks(sheet: &CaseSheet, lang: Lang) -> Vec<Cell> {
    let case = &sheet.case;
    let stage = locale::text(lang, &format!("stage.{}", sheet.stage.word()));
    let mut marks = Vec::new();
    let mut mark = |is_set: bool, role, key: &str| {
        if is_set {
            marks.push(Cell::new(role, locale::text(lang, key)));
        }
    };
    mark(case.readers.is_some(), Role::Warning, "row.sealed");
    mark(case.urgent, Role::Warning, "case.urgent");
    mark(case.backlog, Role::Warning, "case.backlog");
    if case.cycle > 1 {
        let args = [("cycle", case.cycle.to_string())];
        marks.push(Cell::new(Role::Warning, locale::fill(lang, "case.cycle", &args)));
    }
    marks.push(Cell::new(Role::Title, format!("[{stage}]")));
    marks
}

/// Purpose and procedure, who assigned it, where it happened.
fn kind(sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let case = &sheet.case;
    let lang = view.lang;
    let mut cells = Vec::new();
    match (case.purpose, case.route) {
        (Some(purpose), Some(route)) => {
            let purpose = locale::text(lang, &format!("choice.purpose.{}", purpose.word()));
            let route = locale::text(lang, &format!("choice.route.{}", route.word()));
            cells.push(Cell::plain(format!("{purpose} {route}")));
        }
        (Some(_), None) | (None, _) => {
            cells.push(Cell::new(Role::Warning, locale::text(lang, "case.undecided")));
        }
    }
    if let Some(entrusted) = &case.entrusted {
        cells.push(Cell::plain(letter(entrusted, view)));
    } else if let Some(first) = receipts::in_order(sheet).first() {
        cells.push(Cell::plain(locale::text(
            lang,
            &format!("choice.source.{}", first.source.word()),
        )));
    }
    let level = locale::text(lang, &format!("choice.level.{}", case.level.word()));
    cells.push(Cell::new(Role::Dim, locale::fill(lang, "case.level", &[("level", level)])));
    let village = case.village.and_then(|village| sheet.units.get(&village));
    cells.extend(village.map(Cell::plain));
    let old = case.old_number.as_ref();
    cells.extend(old.map(|number| {
        Cell::new(Role::Dim, locale::fill(lang, "case.old_number", &[("number", number)]))
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
    let mut cells = Vec::new();
    if sheet.persons.is_empty() {
        let tie = locale::text(lang, &format!("choice.tie.{}", Tie::Petitioner.word()));
        cells.push(Cell::plain(format!("{tie} {}", locale::text(lang, "row.anonymous"))));
    }
    let mut persons: Vec<_> = sheet.persons.iter().collect();
    persons.sort_by_key(|person| (person.tie, person.id));
    for person in persons {
        let tie = locale::text(lang, &format!("choice.tie.{}", person.tie.word()));
        cells.push(Cell::plain(format!("{tie} {}", name(person, lang))));
        cells.push(match &person.phone {
            Some(phone) => Cell::plain(locale::fill(lang, "case.phone", &[("phone", phone)])),
            None => Cell::new(Role::Dim, locale::text(lang, "case.no_phone")),
        });
    }
    let people = sheet.case.people;
    if people > 1 {
        let args = [("people", people.to_string())];
        cells.push(Cell::plain(locale::fill(lang, "case.people", &args)));
    }
    let about = sheet.case.about.as_ref();
    cells.extend(
        about.map(|about| Cell::plain(locale::fill(lang, "case.about", &[("about", about)]))),
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
        Cell::plain(locale::fill(lang, "case.receipts", &[("count", n_receipts.to_string())])),
        Cell::new(role, locale::fill(lang, "case.in_state_system", &counts)),
    ];
    cells.extend(receipts.into_iter().map(|receipt| {
        let channel = locale::text(lang, &format!("choice.channel.{}", receipt.channel.word()));
        let day = row::day(receipt.received_on, view.me.today);
        if receipt.people > 1 {
            let args = [("people", receipt.people.to_string())];
            let people = locale::fill(lang, "case.receipt.n_people", &args);
            Cell::plain(format!("{day} {channel} {people}"))
        } else {
            Cell::plain(format!("{day} {channel}"))
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
            Cell::new(role, locale::fill(view.lang, key, &[("name", name)]))
        })
        .collect();
    cells.extend(
        assisting.map(|names| {
            Cell::plain(locale::fill(view.lang, "case.assisting", &[("name", names)]))
        }),
    );
    cells
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
    Cell::new(Role::Warning, locale::fill(view.lang, key, &args))
}
