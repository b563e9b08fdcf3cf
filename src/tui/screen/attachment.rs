//! The attachments of a case, and the files of the exchange folder that can be attached to it.
//!
//! The program knows no files: what is fetched is written into that folder by whoever started it, and
//! what is attached is sent from there first; then the form of the order says what it is.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::api::door::Notice;
use crate::api::refusal::Refusal;
use crate::api::reply::{CaseSheet, Done, Reply};
use crate::api::request::{Order, Request};
use crate::domain::act::Act;
use crate::domain::attachment::{Attachment, Matter};
use crate::domain::ids::{CaseId, Kind, RecordRef};
use crate::locale;
use crate::tui::incoming::{Fetch, Folder, Outcome, Stop, Work};
use crate::tui::look::Role;
use crate::tui::screen::import::size_text;
use crate::tui::screen::loaded::Loaded;
use crate::tui::screen::roll::Roll;
use crate::tui::screen::{Nav, Screen, Selection, Step, View, row};
use crate::tui::text::Align;
use crate::tui::widget::table::{Cell, Column, Mark, Row, Table};

/// Lines above and below the list: the case, titles of columns, hint.
const FRAME_LINES: u16 = 3;
/// The field by which a file is named that was sent.
const FILE: &str = "file";
/// The field by which an attachment is named that goes.
const NUMBER: &str = "number";

/// Which list is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What is attached.
    Attached,
    /// The files of the exchange folder.
    Files,
}

/// What the screen wants done with files.
enum Wanted {
    /// Nothing.
    Nothing,
    /// To see the folder.
    List,
    /// To send a file.
    Send(String),
    /// To write an attachment there.
    Fetch(Box<Fetch>),
}

/// The screen.
pub struct AttachmentScreen {
    id: CaseId,
    sheet: Loaded<CaseSheet>,
    folder: Option<Folder>,
    part: Part,
    roll: Roll,
    wanted: Wanted,
    stop: Stop,
    /// How much of a file went over, while one does.
    percent: Option<u8>,
    /// A file that was sent: its name and its hash.
    sent: Option<(String, String)>,
}

impl AttachmentScreen {
    /// The attachments of a case.
    pub fn new(id: CaseId) -> Self {
        Self {
            id,
            sheet: Loaded::Waiting,
            folder: None,
            part: Part::Attached,
            roll: Roll::default(),
            wanted: Wanted::List,
            stop: Stop::default(),
            percent: None,
            sent: None,
        }
    }

    fn n_rows(&self) -> usize {
        match self.part {
            Part::Attached => self.sheet.get().map_or(0, |sheet| sheet.case.attachments.len()),
            Part::Files => self.folder.as_ref().map_or(0, |folder| folder.files.len()),
        }
    }

    /// The selected attachment, and its number.
    fn own(&self) -> Option<(u32, &Attachment)> {
        let sheet = self.sheet.get().filter(|_| self.part == Part::Attached)?;
        let (number, own) = sheet.case.attachments.iter().nth(self.roll.at)?;
        Some((*number, own))
    }

    fn turn(&mut self) -> Step {
        self.part = match self.part {
            Part::Attached => Part::Files,
            Part::Files => Part::Attached,
        };
        self.roll = Roll { at: 0, top: 0, ..self.roll };
        // Somebody may have put a file there meanwhile; one that is on its way is waited for.
        if self.percent.is_some() { Step::Stay } else { self.look_again() }
    }

    fn open(&mut self) -> Step {
        if self.percent.is_some() {
            return Step::Say("attachment.is_sending".to_owned(), Vec::new());
        }
        match self.part {
            Part::Attached => self.fetch(),
            Part::Files => {
                let file = self.folder.as_ref().and_then(|folder| folder.files.get(self.roll.at));
                let Some(file) = file else { return self.look_again() };
                self.wanted = Wanted::Send(file.name.clone());
                (self.stop, self.percent, self.sent) = (Stop::default(), Some(0), None);
                Step::Ask
            }
        }
    }

    fn look_again(&mut self) -> Step {
        if self.percent.is_some() {
            return Step::Say("attachment.is_sending".to_owned(), Vec::new());
        }
        self.wanted = Wanted::List;
        Step::Ask
    }

    fn fetch(&mut self) -> Step {
        let Some(sheet) = self.sheet.get() else { return Step::Stay };
        let Some((number, own)) = self.own() else { return self.turn() };
        if own.removed.is_some() {
            return Step::Say("attachment.is_removed".to_owned(), Vec::new());
        }
        let case = (self.id, sheet.case.number.clone());
        self.wanted = Wanted::Fetch(Box::new(Fetch { case, number, own: own.clone() }));
        Step::Ask
    }

    fn head(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let n_files = self.folder.as_ref().map_or(0, |folder| folder.files.len());
        let n_own = self.sheet.get().map_or(0, |sheet| sheet.case.attached().count());
        let tabs = [("attachment.attached", n_own), ("attachment.files", n_files)];
        let tabs = tabs.map(|(key, n)| format!("{} {n}", locale::text(view.lang, key)));
        let name = self.sheet.get().map(|sheet| {
            let case = &sheet.case;
            Cell::text(format!("{} {}", case.number, row::flat(&case.title)))
        });
        let left = [row::tabs(&tabs, self.part as usize)];
        row::sides(view, &left, name.as_slice(), width)
    }

    fn attached(&self, sheet: &CaseSheet, view: &View<'_>) -> Table {
        let shown = sheet.case.attachments.iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|(number, own)| Row::Cells {
            cells: cells((*number, own), sheet, view),
            mark: Mark::Off,
        });
        Table {
            columns: columns(view),
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        }
    }

    fn files(&self, folder: &Folder, view: &View<'_>) -> Table {
        let shown = folder.files.iter().skip(self.roll.top).take(self.roll.height);
        let rows = shown.map(|file| {
            let size = Cell::text(size_text(file.n_bytes));
            let cells = vec![Cell::text(&file.name), size, Cell::text(&file.changed_at)];
            Row::Cells { cells, mark: Mark::Off }
        });
        let size = row::fixed(view, "incoming.size", 9);
        Table {
            columns: vec![
                row::flex(view, "incoming.file", 20),
                Column { align: Align::Right, ..size },
                row::fixed(view, "incoming.changed", 16),
            ],
            rows: rows.collect(),
            selected: Some(self.roll.at.saturating_sub(self.roll.top)),
        }
    }

    /// What is said where the list is empty.
    fn empty(&self, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
        let key = match (self.part, &self.folder) {
            (Part::Attached, _) if self.sheet.get().is_some() => "attachment.none",
            (Part::Attached, _) | (Part::Files, None) => "row.waiting",
            (Part::Files, Some(folder)) if folder.is_set => "attachment.no_files",
            (Part::Files, Some(_)) => "incoming.no_folder",
        };
        let place = self.folder.as_ref().map_or("", |folder| folder.place.as_str());
        let text = locale::fill(view.lang, key, &[("place", place)]);
        let lines = text.lines().map(|line| row::strip(view, &[Cell::text(line)], width));
        std::iter::once(Line::default()).chain(lines).collect()
    }

    fn hint(&self, view: &View<'_>, width: usize) -> Line<'static> {
        let more = self.roll.has_more_below(self.n_rows());
        let text = match (self.percent, self.part) {
            (Some(percent), _) => {
                let args = [("percent", percent.to_string())];
                locale::fill(view.lang, "attachment.sending", &args)
            }
            (None, Part::Attached) => match self.own().map(|(_, own)| own) {
                Some(Attachment { removed: Some(removed), .. }) => {
                    let args = [("why", row::flat(&removed.why))];
                    locale::fill(view.lang, "attachment.removed_why", &args)
                }
                Some(Attachment { note: Some(note), .. }) => row::flat(note),
                Some(_) | None => locale::text(view.lang, "attachment.hint.attached"),
            },
            (None, Part::Files) => locale::text(view.lang, "attachment.hint.files"),
        };
        row::foot(view, &[Cell::role(text, Role::Hint)], more, width)
    }
}

/// The columns of what is attached.
pub fn columns(view: &View<'_>) -> Vec<Column> {
    let number = row::fixed(view, "attachment.number", 4);
    let size = row::fixed(view, "incoming.size", 8);
    vec![
        Column { align: Align::Right, ..number },
        row::words(view, "attachment.what", (8, 12)),
        row::flex(view, "attachment.name", 16),
        Column { align: Align::Right, ..size },
        row::fixed(view, "attachment.on", 10),
        row::fixed(view, "attachment.by", 8),
    ]
}

/// What stands in the row of an attachment.
pub fn cells((number, own): (u32, &Attachment), sheet: &CaseSheet, view: &View<'_>) -> Vec<Cell> {
    let role = if own.removed.is_some() { Role::Dim } else { Role::Text };
    let what = match own.removed {
        Some(_) => locale::text(view.lang, "attachment.removed"),
        None => locale::text(view.lang, &format!("choice.matter.{}", own.matter.word())),
    };
    let step = own.step.map(|step| {
        let args = [("step", step.to_string()), ("name", row::flat(&own.name))];
        locale::fill(view.lang, "attachment.of_step", &args)
    });
    let by = own.by.and_then(|by| sheet.officers.get(&by).cloned());
    vec![
        Cell::role(number.to_string(), role),
        Cell::role(what, role),
        Cell::role(step.unwrap_or_else(|| row::flat(&own.name)), role),
        Cell::role(size_text(own.n_bytes), role),
        Cell::role(row::day(own.on, view.me.today), role),
        Cell::role(by.unwrap_or_else(|| row::NOTHING.to_owned()), role),
    ]
}

impl Screen for AttachmentScreen {
    fn name(&self) -> &'static str {
        "attachments"
    }

    fn stands_on(&self) -> Option<RecordRef> {
        self.sheet.get().map(|sheet| sheet.case.id.into())
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Case { id: self.id }]
    }

    fn got(&mut self, _place: usize, reply: Reply) -> Step {
        if let Reply::Case(sheet) = reply {
            self.sheet = Loaded::There(sheet);
            let n_rows = self.n_rows();
            self.roll.settle(n_rows);
        }
        Step::Stay
    }

    fn refused(&mut self, _place: usize, refusal: &Refusal) -> Step {
        self.sheet.refused(refusal);
        Step::Stay
    }

    fn touched(&self, notice: &Notice) -> bool {
        let is_it = |record: &RecordRef| record.kind == Kind::Case && record.id == self.id.0;
        notice.everything || notice.touched.iter().any(is_it)
    }

    fn work(&mut self) -> Option<Work> {
        match std::mem::replace(&mut self.wanted, Wanted::Nothing) {
            Wanted::Nothing => None,
            Wanted::List => Some(Work::ListScans),
            Wanted::Send(name) => Some(Work::Send(name, self.stop.clone())),
            Wanted::Fetch(fetch) => Some(Work::Fetch(fetch)),
        }
    }

    fn worked(&mut self, outcome: Result<Outcome, Refusal>) -> Step {
        match outcome {
            Ok(Outcome::Going(progress)) => {
                self.percent = Some(progress.percent);
                return Step::Stay;
            }
            Ok(Outcome::Folder(folder)) => {
                self.folder = Some(folder);
                let n_rows = self.n_rows();
                self.roll.settle(n_rows);
            }
            Ok(Outcome::Sent(name, digest)) => {
                self.percent = None;
                self.sent = Some((name, digest));
                // Whoever looked at what is attached meanwhile is asked about the file all the same.
                self.part = Part::Files;
                return Step::Run("attach");
            }
            Ok(Outcome::Written(place)) => {
                self.percent = None;
                let args = vec![("place".to_owned(), place)];
                return Step::Say("attachment.fetched".to_owned(), args);
            }
            // What belongs to other screens, or nothing at all.
            Ok(
                Outcome::Read(_)
                | Outcome::Template(_)
                | Outcome::Stopped
                | Outcome::Dossiers(_)
                | Outcome::Forms(_)
                | Outcome::Form(..)
                | Outcome::Compared(..),
            )
            | Err(_) => self.percent = None,
        }
        Step::Stay
    }

    fn left(&mut self) {
        self.stop.set();
        self.percent = None;
    }

    fn done(&mut self, order: &Order, _done: &Done) {
        if order.act == Act::Attach && order.on == Some(self.id.0) {
            self.sent = None;
            self.part = Part::Attached;
            // What was just attached comes last.
            self.roll = Roll { at: self.n_rows(), top: 0, ..self.roll };
        }
    }

    fn on(&mut self, nav: Nav, _view: &View<'_>) -> Step {
        let n_rows = self.n_rows();
        match nav {
            Nav::Open => self.open(),
            Nav::NextPane | Nav::PreviousPane => self.turn(),
            Nav::Tick => self.look_again(),
            _ => self.roll.on(nav, n_rows),
        }
    }

    fn labels(&self) -> &'static [(Nav, &'static str)] {
        &[(Nav::Tick, "cmd.tick.again")]
    }

    fn navs(&self) -> &'static [Nav] {
        &[Nav::NextPane, Nav::PreviousPane, Nav::Tick]
    }

    fn clicked(&mut self, at: Position, area: Rect, _view: &View<'_>) -> Step {
        let line = at.y.checked_sub(area.y + FRAME_LINES - 1);
        let n_rows = self.n_rows();
        if self.roll.click(line, n_rows) { self.open() } else { Step::Stay }
    }

    fn selected(&self) -> Selection {
        let Some(sheet) = self.sheet.get() else { return Selection::default() };
        let own = self.own().filter(|(_, own)| own.removed.is_none());
        let (mut given, mut begun) = (Vec::new(), Vec::new());
        if let Some((number, _)) = own {
            given.push((NUMBER.to_owned(), number.to_string()));
        }
        if let Some((name, digest)) = self.sent.as_ref().filter(|_| self.part == Part::Files) {
            given.push((FILE.to_owned(), digest.clone()));
            begun.push(("name".to_owned(), name.clone()));
            begun.push(("matter".to_owned(), Matter::Scan.word().to_owned()));
        }
        let name = own.map(|(_, own)| own.name.clone());
        Selection {
            record: Some(sheet.case.id.into()),
            version: Some(sheet.case.version),
            name: name.unwrap_or_else(|| format!("{} {}", sheet.case.number, sheet.case.title)),
            permits: sheet.permits.clone(),
            ahead: own.map(|_| Act::Detach).into_iter().collect(),
            given,
            begun,
            ..Selection::default()
        }
    }

    fn resized(&mut self, area: Rect) {
        self.roll.height = usize::from(area.height.saturating_sub(FRAME_LINES)).max(1);
        let n_rows = self.n_rows();
        self.roll.settle(n_rows);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let width = usize::from(area.width);
        row::paint(frame, area, &[self.head(view, width)]);
        let (list, bottom) = row::hinted(row::below(area, 1));
        let table = match (self.part, self.sheet.get(), &self.folder) {
            (Part::Attached, Some(sheet), _) => Some(self.attached(sheet, view)),
            (Part::Files, _, Some(folder)) => Some(self.files(folder, view)),
            (Part::Attached | Part::Files, _, _) => None,
        };
        match table.filter(|table| !table.rows.is_empty()) {
            Some(table) => table.draw(list, frame.buffer_mut(), view.look),
            None => row::paint(frame, list, &self.empty(view, width)),
        }
        if let Some(bottom) = bottom {
            row::paint(frame, bottom, &[self.hint(view, width)]);
        }
        None
    }
}
