//! Reading a law from its text: every field is checked, and a refusal names each row and line.
//!
//! Nothing is guessed or left out: an unknown word, a missing field or a second row for the same
//! day refuses the whole text, since a limit read wrong is worse than none.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as WordError, StrDeserializer};
use toml::Spanned;

use crate::domain::choice::{Channel, Position};
use crate::domain::course::{Event, Ground};
use crate::law::count::{LENGTH_MAX, Length, Unit};
use crate::law::raw::{self, RawExtension, RawLaw, RawLimit};
use crate::law::rule::{Effect, Law, Level, Limit, Prolongation, Shown, When, Who};

/// The longest law text, in bytes.
pub const TEXT_BYTES_MAX: usize = 256 << 10;
/// The most rows of one text.
pub const ROWS_MAX: usize = 500;
/// The most characters of an id, a norm or a place.
const WORDS_MAX: usize = 100;
/// The longest limit and the longest lengthening of one, so that both together are a [`Length`].
const DAYS_MAX: u32 = LENGTH_MAX / 2;
/// Ids of the clocks that an office sets for itself.
const RESERVED: [&str; 2] = ["agreed", "assigned"];

/// Why a law text is refused: every fault found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the law is refused: {}", faults.iter().map(ToString::to_string)
    .collect::<Vec<_>>().join("; "))]
pub struct LawError {
    /// The faults in the order of lines.
    pub faults: Vec<LawFault>,
}

/// One fault of a law text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}, row {row:?}: {reason}")]
pub struct LawFault {
    /// The line where the row starts, from 1.
    pub line: usize,
    /// The row's id; empty if the fault is not one of a row.
    pub row: String,
    /// What is wrong.
    pub reason: LawReason,
}

/// What can be wrong with a law text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum LawReason {
    /// The text is longer than [`TEXT_BYTES_MAX`] or has more than [`ROWS_MAX`] rows.
    #[error("the text is too long")]
    TooLong,
    /// Not TOML.
    #[error("the line cannot be read")]
    Syntax,
    /// A field that every row has is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// A field that no row has.
    #[error("{0} is no field")]
    Unknown(String),
    /// A field of another kind, such as a text where a number is asked.
    #[error("a value of the wrong kind")]
    Kind,
    /// There is no limit in the text.
    #[error("there is no limit in the text")]
    Empty,
    /// A field that does not hold what it must.
    #[error("{field} cannot be {value:?}")]
    Field {
        /// The field.
        field: &'static str,
        /// What it holds.
        value: String,
    },
    /// The id is there twice for the same first day in force.
    #[error("the id is there twice for the same day")]
    Twice,
    /// A duty that something takes away.
    #[error("only an option can lapse")]
    Lapses,
    /// A length without a unit, or a unit without a length.
    #[error("length and unit stand together or not at all")]
    HalfLength,
    /// A limit with days needs a trigger.
    #[error("a limit with days needs a trigger")]
    Trigger,
    /// A local row that gives more time than the national one, whose article is named.
    #[error("article {article} gives {days}; a local row may shorten it, never lengthen it")]
    Longer {
        /// The article of the national row.
        article: String,
        /// Its length, as `15` or `5w`.
        days: String,
    },
    /// A local row that asks less than the national one in another field.
    #[error("{field} is looser than article {article}; a local row may only tighten it")]
    Looser {
        /// The field.
        field: &'static str,
        /// The article of the national row.
        article: String,
    },
    /// The limit that is to be lengthened is not in the text.
    #[error("there is no limit {0:?} in the text to extend")]
    Extends(String),
}

/// Reads the limits of one norm.
///
/// # Errors
/// [`LawError`] with every fault; the rows are all good or none is taken.
pub(in crate::law) fn parse(text: &str) -> Result<Law, LawError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.len() > TEXT_BYTES_MAX {
        return Err(fault(1, LawReason::TooLong));
    }
    let (raw, faults) = raw::read(text)?;
    if raw.limit.len() + raw.extension.len() > ROWS_MAX {
        return Err(fault(1, LawReason::TooLong));
    }
    let has_rows = !raw.limit.is_empty() || !faults.is_empty();
    let mut reader = Reader { faults, line: 1, row: String::new() };
    reader.words("norm", &raw.norm);
    reader.words("jurisdiction", &raw.jurisdiction);
    let (mut limits, mut prolongations) = (Vec::new(), Vec::new());
    for row in &raw.limit {
        reader.at(text, row, &row.get_ref().id);
        limits.extend(reader.limit(&raw, row.get_ref()));
    }
    for row in &raw.extension {
        reader.at(text, row, &row.get_ref().id);
        prolongations.extend(reader.extension(&raw, row.get_ref()));
    }
    reader.twice(text, &raw);
    if !has_rows {
        reader.faults.extend(fault(1, LawReason::Empty).faults);
    }
    if reader.faults.is_empty() {
        Ok(Law { limits, prolongations })
    } else {
        reader.faults.sort_by_key(|fault| fault.line);
        Err(LawError { faults: reader.faults })
    }
}

// Collects the faults of the row that it stands at.
struct Reader {
    faults: Vec<LawFault>,
    line: usize,
    row: String,
}

impl Reader {
    fn at<Row>(&mut self, text: &str, row: &Spanned<Row>, id: &str) {
        self.line = line_of(text, row.span().start);
        self.row = short(id);
    }

    fn limit(&mut self, law: &RawLaw, raw: &RawLimit) -> Option<Limit> {
        self.id(&raw.id);
        self.article("article", &raw.article);
        raw.routes.iter().for_each(|route| self.article("routes", route));
        // What a year asks for is no event of a case.
        if raw.met_by.is_empty() && raw.per != "year" {
            self.bad("met_by", "[]");
        }
        for (field, text) in [("name", &raw.name), ("norm", &raw.norm)] {
            text.iter().for_each(|text| self.words(field, text));
        }
        let level = self.or("level", law.level.as_ref(), Level::Local);
        let who = self.word::<Who>("who", &raw.who);
        let starts = self.maybe::<Event>("starts", raw.starts.as_ref());
        let met_by = self.all::<Event>("met_by", &raw.met_by);
        let ends_on = self.all::<Event>("ends_on", &raw.ends_on);
        let lapses_on = self.all::<Event>("lapses_on", &raw.lapses_on);
        let position = self.maybe::<Position>("position", raw.position.as_ref());
        let channels = self.all::<Channel>("channels", &raw.channels);
        let applies_when = self.or("applies_when", raw.applies_when.as_ref(), When::default());
        let pauses = self.all::<Ground>("pauses", &raw.pauses);
        let shown = self.or("shown", raw.shown.as_ref(), Shown::default());
        let length = self.length(raw);
        let per = self.word("per", &raw.per);
        let effect = self.word("effect", &raw.effect);
        let in_force_from = self.date(&raw.in_force_from);
        let mark = self.word("mark", &raw.mark);
        let effect = effect?;
        if effect == Effect::Duty && !lapses_on.is_empty() {
            self.push(LawReason::Lapses);
        }
        Some(Limit {
            id: raw.id.clone(),
            name: raw.name.clone(),
            norm: raw.norm.clone().unwrap_or_else(|| law.norm.clone()),
            jurisdiction: law.jurisdiction.clone(),
            level,
            article: raw.article.clone(),
            who: who?,
            starts,
            met_by,
            ends_on,
            lapses_on,
            length,
            fill_in: raw.fill_in && length.is_none(),
            per: per?,
            routes: raw.routes.clone(),
            position,
            channels,
            applies_when,
            excusable: raw.excusable,
            effect,
            pauses,
            shown,
            in_force_from: in_force_from?,
            mark: mark?,
            layer: 0,
            line: self.line,
        })
    }

    fn length(&mut self, raw: &RawLimit) -> Option<Length> {
        let (Some(days), Some(unit)) = (raw.length, raw.unit.as_ref()) else {
            if raw.length.is_some() || raw.unit.is_some() {
                self.push(LawReason::HalfLength);
            }
            return None;
        };
        if raw.starts.is_none() {
            self.push(LawReason::Trigger);
        }
        let unit = self.word::<Unit>("unit", unit);
        let days = self.days("length", days);
        Length::new(days?, unit?).ok()
    }

    fn extension(&mut self, law: &RawLaw, raw: &RawExtension) -> Option<Prolongation> {
        self.id(&raw.id);
        self.article("article", &raw.article);
        if !law.ids.contains(&raw.extends) {
            self.push(LawReason::Extends(short(&raw.extends)));
        }
        let days_max = self.days("days_max", raw.days_max);
        let until = self.word("until", &raw.until);
        let approver = self.word("approver", &raw.approver);
        let in_force_from = self.date(&raw.in_force_from);
        let mark = self.word("mark", &raw.mark);
        Some(Prolongation {
            id: raw.id.clone(),
            article: raw.article.clone(),
            extends: raw.extends.clone(),
            days_max: days_max?,
            until: until?,
            approver: approver?,
            in_force_from: in_force_from?,
            mark: mark?,
            layer: 0,
        })
    }

    fn twice(&mut self, text: &str, law: &RawLaw) {
        let mut seen = BTreeSet::new();
        for row in &law.limit {
            let raw = row.get_ref();
            if !seen.insert((raw.id.as_str(), raw.in_force_from.as_str())) {
                self.at(text, row, &raw.id);
                self.push(LawReason::Twice);
            }
        }
        for row in &law.extension {
            let raw = row.get_ref();
            if !seen.insert((raw.id.as_str(), raw.in_force_from.as_str())) {
                self.at(text, row, &raw.id);
                self.push(LawReason::Twice);
            }
        }
    }

    fn push(&mut self, reason: LawReason) {
        self.faults.push(LawFault { line: self.line, row: self.row.clone(), reason });
    }

    fn bad(&mut self, field: &'static str, value: &str) {
        self.push(LawReason::Field { field, value: short(value) });
    }

    fn words(&mut self, field: &'static str, value: &str) {
        if value.trim().is_empty() || value.chars().count() > WORDS_MAX {
            self.bad(field, value);
        }
    }

    fn id(&mut self, id: &str) {
        let is_key = id.len() <= WORDS_MAX
            && id.starts_with(|char: char| char.is_ascii_lowercase())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !is_key || RESERVED.contains(&id) {
            self.bad("id", id);
        }
    }

    fn article(&mut self, field: &'static str, value: &str) {
        if !is_article(value) {
            self.bad(field, value);
        }
    }

    fn word<Word: DeserializeOwned>(&mut self, field: &'static str, value: &str) -> Option<Word> {
        let word = Word::deserialize(StrDeserializer::<WordError>::new(value)).ok();
        if word.is_none() {
            self.bad(field, value);
        }
        word
    }

    fn maybe<Word: DeserializeOwned>(
        &mut self,
        field: &'static str,
        value: Option<&String>,
    ) -> Option<Word> {
        self.word(field, value?)
    }

    fn or<Word: DeserializeOwned>(
        &mut self,
        field: &'static str,
        value: Option<&String>,
        plain: Word,
    ) -> Word {
        self.maybe(field, value).unwrap_or(plain)
    }

    fn all<Word: DeserializeOwned>(&mut self, field: &'static str, values: &[String]) -> Vec<Word> {
        values.iter().filter_map(|value| self.word(field, value)).collect()
    }

    fn days(&mut self, field: &'static str, value: i64) -> Option<u32> {
        let days = u32::try_from(value).ok().filter(|days| (1..=DAYS_MAX).contains(days));
        if days.is_none() {
            self.bad(field, &value.to_string());
        }
        days
    }

    fn date(&mut self, value: &str) -> Option<NaiveDate> {
        let date = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok();
        if date.is_none() {
            self.bad("in_force_from", value);
        }
        date
    }
}

// `34`, `23(3)` or `22(1)(iii)`: the number of the article, then paragraph and item.
fn is_article(text: &str) -> bool {
    let rest = text.trim_start_matches(|char: char| char.is_ascii_digit());
    if rest.len() == text.len() || text.len() > 20 {
        return false;
    }
    rest.is_empty()
        || rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .is_some_and(|inner| inner.split(")(").all(is_paragraph))
}

fn is_paragraph(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub(in crate::law) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

pub(in crate::law) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn fault(line: usize, reason: LawReason) -> LawError {
    LawError { faults: vec![LawFault { line, row: String::new(), reason }] }
}
