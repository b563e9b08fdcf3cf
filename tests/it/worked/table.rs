//! Reading the tables of worked procedures; `how.txt` beside them says what a line means.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;

/// A procedure: its title, and its lines with their numbers in the file.
pub struct Procedure {
    pub file: String,
    pub title: String,
    pub lines: Vec<(usize, Line)>,
}

/// One line, or a look with the clocks below it.
pub enum Line {
    Deed(Deed),
    Look(Look),
}

/// Something that was done.
#[derive(Clone)]
pub struct Deed {
    pub on: NaiveDate,
    pub entered_on: NaiveDate,
    pub act: String,
    pub case: usize,
    pub fields: BTreeMap<String, String>,
    pub refused: Option<(String, Vec<(String, String)>)>,
}

/// A look at all clocks of a case.
pub struct Look {
    pub today: NaiveDate,
    pub case: usize,
    pub stage: Option<String>,
    pub clocks: Vec<Clock>,
}

/// One clock.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    pub name: String,
    pub from: Option<NaiveDate>,
    pub target: Option<NaiveDate>,
    pub latest: Option<NaiveDate>,
    pub standing: String,
    pub provisional: bool,
    pub detail: Option<String>,
}

impl fmt::Display for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |day: Option<NaiveDate>| day.map_or("-".to_owned(), |day| day.to_string());
        let sign = if self.provisional { "!" } else { "" };
        write!(out, "{} {} {} ", self.name, day(self.from), day(self.target))?;
        write!(out, "{} {}{sign} ", day(self.latest), self.standing)?;
        write!(out, "{}", self.detail.as_deref().unwrap_or_default())
    }
}

impl Procedure {
    /// The day of the first entry.
    pub fn begins_on(&self) -> NaiveDate {
        match self.lines.first() {
            Some((_, Line::Deed(deed))) => deed.entered_on,
            _ => panic!("{} begins with nothing done", self.title),
        }
    }
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/procedures")
}

/// A text beside the tables, or one that the program brings along.
pub fn read(name: &str) -> String {
    let own = folder().join(name);
    let brought = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/law").join(name);
    fs::read_to_string(&own).or_else(|_| fs::read_to_string(brought)).unwrap()
}

/// All procedures of all tables.
pub fn all() -> Vec<Procedure> {
    let mut files: Vec<_> =
        fs::read_dir(folder()).unwrap().map(|one| one.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    files.sort();
    let texts = files.iter().filter(|path| !path.ends_with("how.txt"));
    texts.flat_map(|path| of_file(&path.file_name().unwrap().to_string_lossy())).collect()
}

fn of_file(file: &str) -> Vec<Procedure> {
    let mut procedures: Vec<Procedure> = Vec::new();
    for (place, text) in read(file).lines().enumerate() {
        let (text, place) = (text.split("  //").next().unwrap_or_default().trim_end(), place + 1);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(title) = text.strip_prefix("= ") {
            let (file, title) = (file.to_owned(), title.to_owned());
            procedures.push(Procedure { file, title, lines: Vec::new() });
            continue;
        }
        let bad = || -> ! { panic!("{file}, line {place}: {text}") };
        let Some(procedure) = procedures.last_mut() else { bad() };
        if let Some(text) = text.strip_prefix("  ") {
            let Some((_, Line::Look(look))) = procedure.lines.last_mut() else { bad() };
            look.clocks.push(clock(text).unwrap_or_else(|| bad()));
            continue;
        }
        let line = match text.strip_prefix("on ") {
            Some(text) => look(text).map(Line::Look),
            None => deed(text).map(Line::Deed),
        };
        procedure.lines.push((place, line.unwrap_or_else(|| bad())));
    }
    procedures
}

fn deed(text: &str) -> Option<Deed> {
    let (text, refused) = match text.split_once(" => ") {
        Some((text, refused)) => {
            let mut words = refused.split_whitespace();
            let key = words.next()?.to_owned();
            (text, Some((key, words.map(pair).collect::<Option<Vec<_>>>()?)))
        }
        None => (text, None),
    };
    let mut words = text.split_whitespace().peekable();
    let on: NaiveDate = words.next()?.parse().ok()?;
    let entered = words.next_if(|word| word.starts_with('@')).map(|word| word[1..].parse());
    let entered_on = entered.transpose().ok()?.unwrap_or(on);
    let (act, case) = numbered(words.next()?)?;
    let fields = words.map(pair).collect::<Option<_>>()?;
    Some(Deed { on, entered_on, act, case, fields, refused })
}

fn look(text: &str) -> Option<Look> {
    let mut words = text.split_whitespace();
    let (today, case) = numbered(words.next()?)?;
    let stage = words.next().and_then(|word| word.strip_prefix("stage=")).map(str::to_owned);
    Some(Look { today: today.parse().ok()?, case, stage, clocks: Vec::new() })
}

fn clock(text: &str) -> Option<Clock> {
    let mut words = text.split_whitespace();
    let name = words.next()?.to_owned();
    let mut days = [None; 3];
    for place in &mut days {
        *place = match words.next()? {
            "-" => None,
            word => Some(word.parse().ok()?),
        };
    }
    let standing = words.next()?;
    let provisional = standing.ends_with('!');
    let standing = standing.trim_end_matches('!').to_owned();
    let detail = words.next().map(str::to_owned);
    let [from, target, latest] = days;
    Some(Clock { name, from, target, latest, standing, provisional, detail })
}

/// A word with the number of a case behind it, or of the first.
fn numbered(word: &str) -> Option<(String, usize)> {
    match word.split_once('#') {
        Some((word, number)) => Some((word.to_owned(), number.parse().ok()?)),
        None => Some((word.to_owned(), 1)),
    }
}

fn pair(word: &str) -> Option<(String, String)> {
    let (name, text) = word.split_once('=')?;
    Some((name.to_owned(), text.to_owned()))
}
