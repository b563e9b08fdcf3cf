//! One row of a file to import: texts under field names, checked by the field table.

use chrono::{NaiveDate, NaiveTime};
use serde_json::{Map, Value};

use crate::api::handover::Why;
use crate::api::incoming::{Book, ImportRow};
use crate::domain::case::History;
use crate::domain::choice::{Channel, Sex};
use crate::domain::field::{FieldKind, parse_date};
use crate::domain::ids::{PersonId, Version};
use crate::domain::person::Person;
use crate::service::intake;

/// Why a cell is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field.
    pub column: String,
    /// The key of the reason.
    pub why: String,
    /// A value that the reason names.
    pub arg: Option<String>,
    /// The rule that keeps the row back.
    pub rule: Why,
}

impl From<(&str, &str, Option<String>)> for Wrong {
    fn from((column, why, arg): (&str, &str, Option<String>)) -> Self {
        Self { column: column.to_owned(), why: why.to_owned(), arg, rule: None }
    }
}

/// A row whose every cell is right.
#[derive(Debug, Clone)]
pub struct Row {
    /// The number in the old ledger.
    pub number: Option<String>,
    /// The state system's number.
    pub state_number: Option<String>,
    /// The petitioner; without a name and a code there is none.
    pub person: Person,
    /// A title.
    pub title: String,
    /// Whether the title was made of the request, because the row has none.
    pub made_title: bool,
    /// The request.
    pub request: String,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// The time of day.
    pub received_at: Option<NaiveTime>,
    /// How it came.
    pub channel: Channel,
    /// How many people; one where the row says nothing.
    pub people: u32,
    /// How many people the row says.
    pub said_people: Option<u32>,
    /// The village's name.
    pub village: Option<String>,
    /// The place within it.
    pub place: Option<String>,
    /// The class.
    pub class: Option<String>,
    /// The responsible unit's name.
    pub unit: Option<String>,
    /// The leader's name.
    pub lead: Option<String>,
    /// The handler's name.
    pub handler: Option<String>,
    /// The day set for settling it.
    pub due_on: Option<NaiveDate>,
    /// What is planned.
    pub measures: Option<String>,
    /// What was done.
    pub progress: Option<String>,
    /// What came of it.
    pub result: Option<String>,
    /// Whom or what the petition is about.
    pub about: Option<String>,
    /// What the old ledger says of its end; none if clocks are to run.
    pub history: Option<History>,
}

/// A reader of one row that collects what is wrong.
struct Reader<'r> {
    raw: &'r ImportRow,
    today: NaiveDate,
    wrongs: Vec<Wrong>,
}

impl Row {
    /// Reads a row.
    ///
    /// # Errors
    /// All wrong cells.
    pub fn parse(raw: &ImportRow, today: NaiveDate, book: Book) -> Result<Self, Vec<Wrong>> {
        let mut cells = Reader { raw, today, wrongs: Vec::new() };
        for (column, why) in &raw.problems {
            cells.wrongs.push((column.as_str(), why.as_str(), None).into());
        }
        let request = cells.text("request", FieldKind::Text);
        let title = cells.text("title", FieldKind::Line { most: 200 });
        let received = cells.moment("received_on");
        let said_people = cells.people();
        let row = Self {
            number: cells.text("old_number", FieldKind::Line { most: 60 }),
            state_number: cells.text("state_number", FieldKind::Line { most: 60 }),
            person: cells.person(),
            made_title: title.is_none(),
            title: title
                .clone()
                .or_else(|| request.as_deref().map(intake::title_of))
                .unwrap_or_default(),
            request: request.or(title).unwrap_or_default(),
            received_on: received.map(|(day, _)| day).unwrap_or_default(),
            received_at: received.and_then(|(_, time)| time),
            channel: cells.channel(),
            people: said_people.unwrap_or(1),
            said_people,
            village: cells.text("village", FieldKind::Name),
            place: cells.text("place", FieldKind::Line { most: 200 }),
            class: cells.text("class", FieldKind::Line { most: 60 }),
            unit: cells.text("unit", FieldKind::Name),
            lead: cells.officer("lead"),
            handler: cells.officer("handler"),
            due_on: cells.moment("due_on").map(|(day, _)| day),
            measures: cells.text("measures", FieldKind::Text),
            progress: cells.text("progress", FieldKind::Text),
            result: cells.text("result", FieldKind::Text),
            about: cells.text("about", FieldKind::Line { most: 200 }),
            history: cells.history(book),
        };
        // What cannot be read is not missing besides.
        let has_wrong =
            |cells: &Reader<'_>, name: &str| cells.wrongs.iter().any(|wrong| wrong.column == name);
        for (name, is_missing) in
            [("request", row.request.is_empty()), ("received_on", received.is_none())]
        {
            if is_missing && !has_wrong(&cells, name) {
                cells.wrongs.push((name, "empty", None).into());
            }
        }
        if row.received_on > today {
            cells.wrongs.push(("received_on", "day_is_in_the_future", None).into());
        }
        cells.in_order(&row);
        if cells.wrongs.is_empty() { Ok(row) } else { Err(cells.wrongs) }
    }
}

/// The values of a person whose row of a list this is.
///
/// # Errors
/// All wrong cells.
pub fn person_values(raw: &ImportRow, today: NaiveDate) -> Result<Map<String, Value>, Vec<Wrong>> {
    let renamed = |(column, text): &(String, String)| {
        let name = column.strip_prefix("person.").unwrap_or(column);
        (format!("petitioner.{name}"), text.clone())
    };
    let values = raw.values.iter().map(renamed).collect();
    let raw = ImportRow { values, ..raw.clone() };
    let mut cells = Reader { raw: &raw, today, wrongs: Vec::new() };
    let person = cells.person();
    if person.name.is_none() {
        cells.wrongs.push(("petitioner.name", "empty", None).into());
    }
    let own = |mut wrong: Wrong| {
        wrong.column = wrong.column.replace("petitioner.", "person.");
        wrong
    };
    if !cells.wrongs.is_empty() {
        return Err(cells.wrongs.into_iter().map(own).collect());
    }
    let Ok(Value::Object(mut values)) = serde_json::to_value(&person) else {
        return Err(vec![("person.name", "empty", None).into()]);
    };
    values.retain(|name, value| !value.is_null() && name != "id" && name != "version");
    Ok(values)
}

impl Reader<'_> {
    fn cell(&self, name: &str) -> Option<&str> {
        let (_, text) = self.raw.values.iter().find(|(field, _)| field == name)?;
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    fn text(&mut self, name: &str, kind: FieldKind) -> Option<String> {
        let text = self.cell(name)?.to_owned();
        match kind.parse(&text, self.today) {
            Ok(value) => value.as_str().map(str::to_owned),
            Err(why) => {
                self.wrongs.push((name, why, None).into());
                None
            }
        }
    }

    /// A day, with the time of day if the cell has one.
    fn moment(&mut self, name: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
        let text = self.cell(name)?.to_owned();
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time.trim())),
            None => (text.as_str(), None),
        };
        let time = time.map(|time| {
            NaiveTime::parse_from_str(time, "%H:%M:%S")
                .or_else(|_| NaiveTime::parse_from_str(time, "%H:%M"))
        });
        match (parse_date(day, self.today), time) {
            (Ok(day), None) => Some((day, None)),
            (Ok(day), Some(Ok(time))) => Some((day, Some(time))),
            (Ok(_), Some(Err(_))) => {
                self.wrongs.push((name, "bad_time", None).into());
                None
            }
            (Err(why), _) => {
                self.wrongs.push((name, why, None).into());
                None
            }
        }
    }

    /// Refuses an end before its beginning or after today, and a limit that was over at once.
    fn in_order(&mut self, row: &Row) {
        if self.wrongs.iter().any(|wrong| wrong.column == "received_on") {
            return;
        }
        let first = row.received_on.to_string();
        let closed_on = row.history.as_ref().and_then(|history| history.closed_on);
        if closed_on.is_some_and(|day| day < row.received_on) {
            self.wrongs.push(("closed_on", "day_is_before_receipt", Some(first.clone())).into());
        }
        if closed_on.is_some_and(|day| day > self.today) {
            self.wrongs.push(("closed_on", "day_is_in_the_future", None).into());
        }
        // Of what is history the old limit is not kept: a slip in it keeps no row out.
        if row.history.is_none() && row.due_on.is_some_and(|day| day < row.received_on) {
            self.wrongs.push(("due_on", "day_is_before_receipt", Some(first)).into());
        }
    }

    fn person(&mut self) -> Person {
        let sex = self.cell("petitioner.sex").and_then(|sex| match sex {
            "\u{7537}" | "male" => Some(Sex::Male),
            "\u{5973}" | "female" => Some(Sex::Female),
            _ => None,
        });
        Person {
            id: PersonId(0),
            version: Version::default(),
            name: self.text("petitioner.name", FieldKind::Name),
            sex,
            phone: self.untouched("petitioner.phone", FieldKind::Phone),
            address: self.text("petitioner.address", FieldKind::Line { most: 200 }),
            village: None,
            id_number: self.untouched("petitioner.id_number", FieldKind::IdNumber),
            code: self.text("petitioner.code", FieldKind::Line { most: 60 }),
            same_as: None,
            erasure: None,
        }
    }

    /// A number that may come back masked from an export: then it says nothing.
    fn untouched(&mut self, name: &str, kind: FieldKind) -> Option<String> {
        if self.cell(name)?.contains('*') { None } else { self.text(name, kind) }
    }

    /// A name without the telephone that some ledgers write behind it.
    fn officer(&mut self, name: &str) -> Option<String> {
        let text = self.text(name, FieldKind::Line { most: 200 })?;
        let end = text.find(|char: char| {
            char.is_ascii_digit() || "(\u{ff08}/,\u{3001}\u{ff0c};".contains(char)
        });
        let head = text.get(..end.unwrap_or(text.len())).unwrap_or(&text).trim();
        (!head.is_empty()).then(|| head.to_owned())
    }

    fn people(&mut self) -> Option<u32> {
        let kind = FieldKind::Count { least: 1, most: 100_000 };
        let text = self.cell("people").map(str::to_owned)?;
        let number = text.trim_end_matches('\u{4eba}').trim();
        match kind.parse(number, self.today) {
            Ok(value) => value.as_u64().and_then(|people| u32::try_from(people).ok()),
            Err(why) => {
                self.wrongs.push(("people", why, None).into());
                None
            }
        }
    }

    /// The channel by the words of ledgers; a word that is none of them is online, as an import is.
    fn channel(&self) -> Channel {
        const WORDS: [(&str, Channel); 6] = [
            ("\u{8bbf}", Channel::Visit),
            ("\u{4fe1}\u{4ef6}", Channel::Letter),
            ("\u{6765}\u{4fe1}", Channel::Letter),
            ("\u{7535}", Channel::Call),
            ("12345", Channel::Hotline),
            ("\u{4f20}\u{771f}", Channel::Fax),
        ];
        let text = self.cell("channel").unwrap_or_default();
        Channel::parse(text).unwrap_or_else(|| {
            let known = WORDS.iter().find(|(word, _)| text.contains(word));
            known.map_or(Channel::Online, |(_, channel)| *channel)
        })
    }

    /// A row that the old ledger calls closed is history even where clocks are to run.
    fn history(&mut self, book: Book) -> Option<History> {
        let closed_on = self.moment("closed_on").map(|(day, _)| day);
        let replied_on = self.moment("replied_on").map(|(day, _)| day);
        let says_closed = self.cell("closed").is_some_and(|text| {
            const OPEN: [&str; 4] = ["\u{672a}", "\u{5426}", "\u{4e2d}", "no"];
            !OPEN.iter().any(|word| text.contains(word))
        });
        let closed = closed_on.is_some() || says_closed;
        match book {
            Book::History => Some(History { closed, closed_on, replied_on }),
            Book::Open => closed.then_some(History { closed, closed_on, replied_on }),
        }
    }
}
