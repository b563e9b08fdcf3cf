//! Which rows go out: the lists that screens show, walked from their first page to their last.
//!
//! Of cases and persons the numbers are kept, of all else the finished rows: those lists are short.

use std::collections::BTreeSet;

use crate::api::export::{ExportQuery, ExportRows, MARKED_MAX, OutCell};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::{AgendaQuery, CaseQuery, Cursor, Layout, ROWS_MAX, Way, Whose};
use crate::api::roster::{PersonQuery, RosterQuery};
use crate::domain::case::Case;
use crate::domain::export::Outgoing;
use crate::domain::ids::{CaseId, EntryId, Kind, PersonId, RecordRef};
use crate::domain::listing::{Narrow, Sort};
use crate::domain::policy::Scope;
use crate::service::export::cells;
use crate::service::handover::held::visible_case;
use crate::service::people;
use crate::service::stop::Stop;
use crate::service::view::Eye;
use crate::service::{Service, agenda, campaign, care, lists, lookup, tell};
use crate::store::read::{Read, Snapshot};

/// The most rows of an export of anything but cases and persons.
const ROWS_KEPT_MAX: usize = 50_000;

/// A row of an export.
pub type Row = Vec<Option<OutCell>>;

/// The rows that were chosen.
pub enum Rows {
    /// Numbers of cases.
    Cases(Vec<u64>),
    /// Numbers of persons.
    Persons(Vec<u64>),
    /// Rows as they go out.
    Whole(Vec<Row>),
}

/// What was chosen.
pub struct Chosen {
    /// The rows.
    pub rows: Rows,
    /// The cases and persons that they are about.
    pub about: Vec<RecordRef>,
    /// Those of sealed matters.
    pub about_sealed: Vec<RecordRef>,
    /// How many sealed matters were left out.
    pub n_sealed: u64,
    /// Whether the list was too long to be looked at whole.
    pub cut: bool,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Cases(ids) | Self::Persons(ids) => ids.len(),
            Self::Whole(rows) => rows.len(),
        }
    }

    /// The row of a place; none behind the last.
    ///
    /// # Errors
    /// A damaged ledger.
    pub fn row(
        &self,
        (eye, snapshot): (Eye<'_>, &Snapshot),
        columns: &[&'static Outgoing],
        at: usize,
    ) -> Result<Option<Row>, Stop> {
        match self {
            Self::Whole(rows) => Ok(rows.get(at).cloned()),
            Self::Cases(ids) => match ids.get(at) {
                Some(id) => cells::of_case((eye, snapshot), columns, *id).map(Some),
                None => Ok(None),
            },
            Self::Persons(ids) => match ids.get(at) {
                Some(id) => cells::of_person((eye, snapshot), columns, *id).map(Some),
                None => Ok(None),
            },
        }
    }
}

/// Chooses the rows.
///
/// # Errors
/// What the list refuses, or a damaged ledger.
pub fn choose(
    (service, eye): (&Service, Eye<'_>),
    snapshot: &Snapshot,
    (query, columns): (&ExportQuery, &[&'static Outgoing]),
) -> Result<Chosen, Stop> {
    let mut walk = Walk {
        service,
        eye,
        snapshot,
        columns,
        takes_sealed: query.sealed,
        chosen: Chosen {
            rows: Rows::Whole(Vec::new()),
            about: Vec::new(),
            about_sealed: Vec::new(),
            n_sealed: 0,
            cut: false,
        },
    };
    match &query.rows {
        ExportRows::Cases(query) => walk.cases(query)?,
        ExportRows::Persons(query) => walk.persons(query)?,
        ExportRows::Roster(query) => walk.roster(query)?,
        ExportRows::MarkedCases(marked) => walk.marked_cases(marked)?,
        ExportRows::MarkedEntries(marked) => walk.marked_entries(marked)?,
        ExportRows::Deadlines(query) => walk.deadlines(query)?,
        ExportRows::Tasks(query) => walk.tasks(query)?,
        ExportRows::Units => {
            if let Reply::Units(rows) = lookup::units(service, eye.asking) {
                let rows = rows.iter().map(|row| cells::of_unit(columns, row));
                walk.chosen.rows = Rows::Whole(rows.collect());
            }
        }
        ExportRows::Officers => {
            if let Reply::Officers(rows) = lookup::officers(service, snapshot, eye.asking)? {
                let rows = rows.iter().map(|row| cells::of_officer(columns, row));
                walk.chosen.rows = Rows::Whole(rows.collect());
            }
        }
    }
    for about in [&mut walk.chosen.about, &mut walk.chosen.about_sealed] {
        let mut known = BTreeSet::new();
        about.retain(|record| known.insert(*record));
    }
    Ok(walk.chosen)
}

struct Walk<'w> {
    service: &'w Service,
    eye: Eye<'w>,
    snapshot: &'w Snapshot,
    columns: &'w [&'static Outgoing],
    takes_sealed: bool,
    chosen: Chosen,
}

impl Walk<'_> {
    fn cases(&mut self, query: &CaseQuery) -> Result<(), Stop> {
        let mut query =
            CaseQuery { from: None, way: Way::Forward, most: ROWS_MAX, ..query.clone() };
        let is_searched = query.text.as_deref().is_some_and(|text| !text.trim().is_empty());
        let mut ids = Vec::new();
        loop {
            let asked = lists::read(self.service, self.snapshot, self.eye.asking, &query)?;
            let Reply::Cases(page) = asked else { break };
            self.chosen.cut |= page.cut;
            if is_searched && page.total != Some(page.rows.len() as u64) {
                // What a text finds is one page of the best.
                self.chosen.cut = true;
            }
            query.from = page.rows.last().map(|row| row.cursor.clone());
            for row in page.rows {
                if row.sealed && !self.takes_sealed {
                    self.chosen.n_sealed += 1;
                    continue;
                }
                ids.push(row.id.0);
                self.names_case(row.id.0)?;
            }
            if !page.after || query.from.is_none() {
                break;
            }
        }
        self.chosen.rows = Rows::Cases(ids);
        Ok(())
    }

    /// The cases that were marked, as far as the asker may know of them. They are not sought in a
    /// list: what was marked may stand in none that is narrowed another way by now.
    fn marked_cases(&mut self, marked: &[CaseId]) -> Result<(), Stop> {
        at_most(marked.len())?;
        let mut ids = Vec::with_capacity(marked.len());
        for id in marked {
            let Some(case) = visible_case(self.eye.asking, self.snapshot, id.0)? else { continue };
            if case.readers.is_some() && !self.takes_sealed {
                self.chosen.n_sealed += 1;
                continue;
            }
            ids.push(id.0);
            self.names_case(id.0)?;
        }
        self.chosen.rows = Rows::Cases(ids);
        Ok(())
    }

    /// The entries that were marked, as far as the asker may know of them.
    fn marked_entries(&mut self, marked: &[EntryId]) -> Result<(), Stop> {
        at_most(marked.len())?;
        let mut rows = Vec::with_capacity(marked.len());
        for id in marked {
            let found = care::entry_row(&self.eye, self.snapshot, *id)?;
            let Some((row, is_sealed)) = found else { continue };
            if self.goes_out(is_sealed, &[row.case.into(), row.person.into()]) {
                rows.push(cells::of_entry((self.eye, self.snapshot), self.columns, &row)?);
            }
        }
        self.chosen.rows = Rows::Whole(rows);
        Ok(())
    }

    /// A case and its persons stand in the line that is written down.
    fn names_case(&mut self, id: u64) -> Result<(), Stop> {
        let Some(case) = self.snapshot.load::<Case>(id)? else { return Ok(()) };
        let about = match Scope::of(&case).sealed {
            true => &mut self.chosen.about_sealed,
            false => &mut self.chosen.about,
        };
        about.push(case.id.into());
        for person in case.persons.keys() {
            about.push(people::root_of(self.snapshot, *person)?.into());
        }
        Ok(())
    }

    /// Whether a row goes out, and that it is written down; what is sealed only if that was asked.
    fn goes_out(&mut self, is_sealed: bool, about: &[RecordRef]) -> bool {
        if is_sealed && !self.takes_sealed {
            self.chosen.n_sealed += 1;
            return false;
        }
        match is_sealed {
            true => self.chosen.about_sealed.extend(about),
            false => self.chosen.about.extend(about),
        }
        true
    }

    fn persons(&mut self, query: &PersonQuery) -> Result<(), Stop> {
        let mut query =
            PersonQuery { from: None, way: Way::Forward, most: ROWS_MAX, ..query.clone() };
        let mut ids = Vec::new();
        loop {
            let asked = people::list(self.service, self.snapshot, self.eye.asking, &query)?;
            let Reply::Persons(page) = asked else { break };
            query.from = page.rows.last().map(|row| row.cursor.clone());
            ids.extend(page.rows.iter().map(|row| row.id.0));
            if !page.after || query.from.is_none() {
                self.chosen.cut = query.text.is_some() && ids.len() >= ROWS_MAX as usize;
                break;
            }
        }
        let mut kept = Vec::with_capacity(ids.len());
        for id in ids {
            let cases = tell::cases_of(self.snapshot, PersonId(id))?;
            // Whoever is known from what is sealed alone is sealed with it.
            let is_sealed = !cases.is_empty() && cases.iter().all(|case| case.readers.is_some());
            if self.goes_out(is_sealed, &[RecordRef { kind: Kind::Person, id }]) {
                kept.push(id);
            }
        }
        self.chosen.rows = Rows::Persons(kept);
        Ok(())
    }

    fn roster(&mut self, query: &RosterQuery) -> Result<(), Stop> {
        let mut query =
            RosterQuery { from: None, way: Way::Forward, most: ROWS_MAX, ..query.clone() };
        let mut rows = Vec::new();
        loop {
            let asked = care::list::read(self.service, self.snapshot, self.eye.asking, &query)?;
            let Reply::Roster(page) = asked else { break };
            for row in &page.rows {
                let case = self.snapshot.load::<Case>(row.case.0)?;
                let is_sealed = case.is_some_and(|case| case.readers.is_some());
                if !self.goes_out(is_sealed, &[row.case.into(), row.person.into()]) {
                    continue;
                }
                rows.push(cells::of_entry((self.eye, self.snapshot), self.columns, row)?);
            }
            let last = page.rows.last().map(|row| row.cursor.clone());
            match self.next(page.after, last, rows.len()) {
                Some(from) => query.from = Some(from),
                None => break,
            }
        }
        self.chosen.rows = Rows::Whole(rows);
        Ok(())
    }

    fn deadlines(&mut self, query: &AgendaQuery) -> Result<(), Stop> {
        let mut query = AgendaQuery { after: None, most: ROWS_MAX, ..query.clone() };
        query.layout = Layout::Deadlines;
        let mut rows = Vec::new();
        loop {
            let asked = agenda::read(self.service, self.snapshot, self.eye.asking, &query)?;
            let Reply::Agenda(view) = asked else { break };
            self.chosen.cut |= view.cut;
            for (_, row) in &view.rows {
                if row.sealed && !self.takes_sealed {
                    self.chosen.n_sealed += 1;
                    continue;
                }
                match row.case.filter(|_| row.sealed) {
                    Some(case) => self.chosen.about_sealed.push(case.into()),
                    None => self.chosen.about.push(row.record),
                }
                rows.push(cells::of_line(self.columns, row));
            }
            let last = view.rows.last().map(|(_, row)| row.cursor.clone());
            match self.next(view.more, last, rows.len()) {
                Some(from) => query.after = Some(from),
                None => break,
            }
        }
        self.chosen.rows = Rows::Whole(rows);
        Ok(())
    }

    fn tasks(&mut self, query: &crate::api::campaign::TaskQuery) -> Result<(), Stop> {
        let mut query = query.clone();
        (query.from, query.way, query.most) = (None, Way::Forward, ROWS_MAX);
        let mut rows = Vec::new();
        loop {
            let asked = campaign::tasks(self.service, self.snapshot, self.eye.asking, &query)?;
            let Reply::Tasks(page) = asked else { break };
            rows.extend(page.rows.iter().map(|row| cells::of_task(self.columns, row)));
            let last = page.rows.last().map(|row| row.cursor.clone());
            match self.next(page.after, last, rows.len()) {
                Some(from) => query.from = Some(from),
                None => break,
            }
        }
        self.chosen.rows = Rows::Whole(rows);
        Ok(())
    }

    /// From where the walk goes on; a list that is too long is said to be cut.
    fn next(&mut self, more: bool, last: Option<Cursor>, n_rows: usize) -> Option<Cursor> {
        let last = last.filter(|_| more)?;
        if n_rows >= ROWS_KEPT_MAX {
            self.chosen.cut = true;
            return None;
        }
        Some(last)
    }
}

fn at_most(n_marked: usize) -> Result<(), Refusal> {
    match n_marked > MARKED_MAX {
        true => Err(Refusal::new(RefusalKind::Invalid, "too_many_marked").with("most", MARKED_MAX)),
        false => Ok(()),
    }
}

/// Which rows were asked for, for the line that is written down.
pub fn told(rows: &ExportRows) -> String {
    let mut words = vec![rows.subject().word().to_owned()];
    let mut say = |whose: Whose, only: &Narrow, sort: Option<Sort>, text: Option<&String>| {
        match whose {
            Whose::All => {}
            Whose::Mine => words.push("mine".to_owned()),
            Whose::Officer(id) => words.push(format!("officer={}", id.0)),
            Whose::Unit(id) => words.push(format!("unit={}", id.0)),
        }
        words.extend(Some(only.text()).filter(|text| !text.is_empty()));
        words.extend(sort.map(|sort| format!("sort={}", sort.word())));
        words.extend(text.map(|text| format!("text={text}")));
    };
    match rows {
        ExportRows::Cases(query) => {
            say(query.whose, &query.only, Some(query.sort), query.text.as_ref());
            words.extend(query.stage.map(|stage| format!("stage={}", stage.word())));
        }
        ExportRows::Roster(query) => {
            say(query.whose, &query.only, Some(query.sort), query.text.as_ref());
            words.push(format!("part={}", query.part.word()));
        }
        ExportRows::Deadlines(query) => {
            say(query.whose, &query.only.narrow, query.sort, query.only.text.as_ref());
            words.extend(query.until.map(|day| format!("until={day}")));
        }
        ExportRows::Persons(query) => {
            let whose = query.village.map_or(Whose::All, Whose::Unit);
            say(whose, &Narrow::default(), None, query.text.as_ref());
        }
        ExportRows::MarkedCases(marked) => words.push(format!("marked={}", marked.len())),
        ExportRows::MarkedEntries(marked) => words.push(format!("marked={}", marked.len())),
        ExportRows::Tasks(_) | ExportRows::Units | ExportRows::Officers => {}
    }
    words.join(" ")
}
