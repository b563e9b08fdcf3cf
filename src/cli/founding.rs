//! Commands that begin something: a ledger, the demo, a server, the terminal program.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::orders;
use crate::cli::place::Place;
use crate::cli::plan;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::demo::{Made, Size, Town};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::office::Office;
use crate::link::open::{self, whoami};
use crate::link::server::{Manner, Stay};
use crate::link::start;
use crate::locale;
use crate::service::genesis::{self, Founding, Records};
use crate::tui::app::meeting::Room;
use crate::tui::welcome::Founder;

/// The seed of the demo's town.
const DEMO_SEED: u64 = 1;
/// Cases that are written in one commit.
const CASES_A_BATCH: usize = 2_000;
/// Records of other kinds that are written in one commit.
const RECORDS_A_BATCH: usize = 10_000;

/// The day of the demo: in the middle of a campaign.
fn demo_today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 20).unwrap_or_default()
}

/// Starts the terminal program on a ledger.
///
/// # Errors
/// No ledger, no server, or a terminal that cannot be used.
pub fn program(place: &Place, voice: Voice, room: Room) -> Outcome {
    let offer = !place.is_there();
    crate::cli::screen::run(place, (voice, offer), room)
}

/// `demo`: the made-up town, in its own folder; written first if it is not there.
///
/// # Errors
/// The folder cannot be written, or the terminal cannot be used.
pub fn demo(matches: &ArgMatches, voice: Voice) -> Outcome {
    let size = Size {
        cases: matches.get_one::<u32>("cases").map_or(Size::default().cases, |n| u64::from(*n)),
        persons: matches
            .get_one::<u32>("persons")
            .map_or(Size::default().persons, |n| u64::from(*n)),
        ..Size::default()
    };
    let seed = matches.get_one::<u64>("seed").copied().unwrap_or(DEMO_SEED);
    if let Some(folder) = matches.get_one::<String>("write") {
        write_demo(Path::new(folder), seed, size)?;
        return written(voice, folder);
    }
    let place = Place::demo(matches);
    if !place.is_there() {
        write_demo(&place.data, seed, size)?;
    }
    crate::cli::screen::run(&place, (voice, false), Room::Office)
}

/// The demo's place, written first if it is not there.
///
/// # Errors
/// The folder cannot be written.
pub fn demo_place(place: &Place) -> Result<Place, Refusal> {
    let demo = place.beside_demo();
    if !demo.is_there() {
        write_demo(&demo.data, DEMO_SEED, Size::default())?;
    }
    Ok(demo)
}

/// Makes a demo ledger in a folder.
///
/// # Errors
/// There is a ledger already, or the folder cannot be written.
pub fn write_demo(folder: &Path, seed: u64, size: Size) -> Result<(), Refusal> {
    let town = Town::make(seed, demo_today(), size);
    let founding = Founding { office: town.office().clone(), admin: whoami(), officer: None };
    genesis::found(folder, &founding)?;
    let filled = genesis::fill(folder, Batches { made: town.records() });
    if filled.is_err() {
        // Half a town is no demo, and nobody else can have opened it yet.
        genesis::unmake(folder);
    }
    filled
}

/// `init`: a new ledger.
///
/// # Errors
/// There is one already, or the folder cannot be written.
pub fn init(place: &Place, voice: Voice, matches: &ArgMatches) -> Outcome {
    let town = matches.get_one::<String>("town").map_or("", String::as_str);
    let code = matches.get_one::<String>("code").cloned().unwrap_or_else(|| code_of(town));
    let population = matches.get_one::<u32>("population").copied().unwrap_or_default();
    let admin = match matches.get_one::<String>("admin") {
        Some(login) => open::account(login).ok_or_else(|| {
            Refusal::new(RefusalKind::Invalid, "no_such_login").with("login", login)
        })?,
        None => whoami(),
    };
    let plan = matches.get_one::<String>("plan");
    if let Some(key) = plan {
        plan::must_be_built_in(key)?;
    }
    make(place, (town, &code, population), (admin, matches.get_flag("trial")))?;
    if let Some(key) = plan {
        let mut door = open::brief_door(&place.link())?;
        let year = matches.get_one::<i32>("year").copied();
        plan::load_built_in(door.as_mut(), key, year)?;
    }
    written(voice, town)
}

/// Makes a new ledger: its office, first account and first officer.
///
/// # Errors
/// A name that cannot be one, a ledger that is there already, or a folder that cannot be written.
pub fn make(
    place: &Place,
    office: (&str, &str, u32),
    (admin, trial): (crate::service::Session, bool),
) -> Result<(), Refusal> {
    let officer = admin.login.clone();
    make_with(place, office, (admin, trial, officer))
}

/// Makes the ledger of whoever started the program for the first time.
///
/// # Errors
/// As for [`make`].
pub fn make_for(place: &Place, founder: &Founder) -> Result<(), Refusal> {
    let code = code_of(&founder.town);
    let office = (founder.town.as_str(), code.as_str(), founder.population);
    make_with(place, office, (whoami(), false, founder.name.clone()))
}

fn make_with(
    place: &Place,
    (town, code, population): (&str, &str, u32),
    (admin, trial, officer): (crate::service::Session, bool, String),
) -> Result<(), Refusal> {
    let fields: Fields = [
        ("town", town.to_owned()),
        ("code", code.to_owned()),
        ("population", population.to_string()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into();
    let today = crate::service::clock::Clock::System.day();
    crate::domain::form::fill_some(Act::EditOffice, &fields, today).map_err(Refusal::wrong)?;
    let office = Office {
        trial_today: trial.then_some(place.today.unwrap_or(today)),
        ..Office::new(town, code, population)
    };
    genesis::found(&place.data, &Founding { office, admin, officer: Some(officer) })
}

/// The first two characters of a town's name without its kind, and the word for letters: what
/// stands in front of its numbers, unless another code is given.
pub fn code_of(town: &str) -> String {
    town.chars().next().into_iter().chain(['\u{4fe1}']).collect()
}

/// `serve`.
///
/// # Errors
/// The ledger cannot be opened, or somebody serves it already.
pub fn serve(place: &Place, matches: &ArgMatches) -> Outcome {
    let mut stay = Stay {
        idle_exit: matches.get_one::<u64>("idle-exit").copied().map(Duration::from_secs),
        ..Stay::default()
    };
    if let Some(most) = matches.get_one::<u32>("per-account") {
        stay.per_account = usize::try_from(*most).ok();
    }
    let manner =
        if matches.get_flag(start::BACKGROUND) { Manner::Background } else { Manner::Foreground };
    open::serve(&place.link(), stay, manner)?;
    Ok(Told::Done)
}

/// `docs`: writes the pages that are made from tables.
///
/// # Errors
/// The folder cannot be written.
pub fn docs(matches: &ArgMatches) -> Outcome {
    let folder = matches.get_one::<String>("folder").map_or("docs", String::as_str);
    for (name, text) in crate::cli::docs::pages() {
        std::fs::write(Path::new(folder).join(name), text)
            .map_err(|_| Refusal::new(RefusalKind::Invalid, "cannot_write").with("name", name))?;
    }
    Ok(Told::Done)
}

/// Moves a trial ledger to the day that a flag names, before anything else is asked.
///
/// # Errors
/// The ledger is no trial, or the day lies before its present one.
pub fn move_today(door: &mut dyn Door, place: &Place) -> Result<(), Refusal> {
    let Some(today) = place.today else { return Ok(()) };
    let fields = [("today".to_owned(), today.to_string())].into();
    orders::send(door, (Act::MoveToday, None, None), fields).map(|_done| ())
}

fn written(voice: Voice, name: &str) -> Outcome {
    let text = locale::fill(voice.lang, "shell.written", &[("name", name)]);
    // Whoever reads may have gone.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
    Ok(Told::Done)
}

/// The records of a town, in batches that a commit can hold.
struct Batches<I> {
    made: I,
}

impl<I: Iterator<Item = Result<Made, crate::domain::broken::Broken>>> Iterator for Batches<I> {
    type Item = Result<Records, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut batch = Records::default();
        let mut n_others = 0;
        for made in self.made.by_ref() {
            let made = match made {
                Ok(made) => made,
                Err(broken) => return Some(Err(broken.into())),
            };
            match made {
                Made::Office(_) => continue,
                Made::Unit(unit) => batch.units.push(unit),
                Made::Officer(officer) => batch.officers.push(officer),
                Made::Plan(plan) => batch.plans.push(*plan),
                Made::Task(task) => batch.tasks.push(*task),
                Made::Duty(duty) => batch.duties.push(*duty),
                Made::Indicator(own) => batch.indicators.push(*own),
                Made::Decision(decision) => batch.decisions.push(*decision),
                Made::Person(person) => batch.persons.push(person),
                Made::Case(case, receipts) => {
                    batch.cases.push(*case);
                    batch.receipts.extend(receipts);
                }
                Made::Entry(entry) => batch.entries.push(*entry),
            }
            n_others += 1;
            if batch.cases.len() >= CASES_A_BATCH || n_others >= RECORDS_A_BATCH {
                return Some(Ok(batch));
            }
        }
        (n_others > 0).then_some(Ok(batch))
    }
}
