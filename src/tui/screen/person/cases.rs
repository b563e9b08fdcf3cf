//! The cases of a person as a list to choose from, when something is proposed for them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::api::reply::{CaseRow, PersonSheet, Reply};
use crate::api::request::Request;
use crate::domain::ids::{PersonId, RecordRef};
use crate::locale;
use crate::tui::command;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Tip};
use crate::tui::screen::{Selection, View, row};

/// The command that is given on the chosen case.
const PROPOSE: &str = "propose";

/// The list.
pub struct CasesOf {
    person: PersonId,
    sheet: Option<Box<PersonSheet>>,
    choice: Choice,
}

impl CasesOf {
    /// The cases of a person.
    pub fn new(person: RecordRef) -> Self {
        Self { person: PersonId(person.id), sheet: None, choice: Choice::default() }
    }

    fn cases(&self) -> &[CaseRow] {
        self.sheet.as_ref().map_or(&[], |sheet| sheet.cases.as_slice())
    }

    fn choose(&self, at: usize) -> Answer {
        let (Some(sheet), Some(case)) = (&self.sheet, self.cases().get(at)) else {
            return Answer::Stay;
        };
        let Some(command) = command::find(PROPOSE) else { return Answer::Close };
        let name = sheet.fields.iter().find(|(field, _)| field == "name");
        let name = name.map(|(_, name)| name.clone()).unwrap_or_default();
        let selection = Selection {
            record: Some(case.id.into()),
            version: Some(case.version),
            name: format!("{name} {} {}", case.number, case.title).trim_start().to_owned(),
            given: vec![("person".to_owned(), sheet.id.0.to_string())],
            ..Selection::default()
        };
        Answer::On(command, Box::new(selection))
    }
}

fn pieces((at, case): (usize, &CaseRow), view: &View<'_>) -> Pieces {
    let digit = if at < 9 { format!("{} ", at + 1) } else { "  ".to_owned() };
    vec![
        (digit, Role::Key),
        (format!("{}  {}  ", case.number, row::title(case, view.lang)), Role::Text),
        (row::stage(case, view.lang), Role::Dim),
    ]
}

impl Over for CasesOf {
    fn name(&self) -> &'static str {
        "cases_of"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Person { id: self.person }]
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        if let Reply::Person(sheet) = reply {
            self.sheet = Some(sheet);
        }
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => self.choose(self.choice.at),
            Key::Char(digit @ '1'..='9') => self.choose(digit as usize - '1' as usize),
            key => {
                let n_cases = self.cases().len();
                self.choice.moved(key, n_cases);
                Answer::Stay
            }
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let rows = self.cases().iter().enumerate().map(|case| pieces(case, view)).collect();
        let key = match &self.sheet {
            None => "row.waiting",
            Some(sheet) if sheet.cases.is_empty() => "roster.no_case_to_propose",
            Some(_) => "roster.choose_case",
        };
        let title = locale::text(view.lang, "cmd.propose_for");
        let foot = locale::text(view.lang, key);
        Panel { title: &title, editor: None, rows, choice: self.choice, foot }
            .draw(frame, area, view.look)
    }
}
