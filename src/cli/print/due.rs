//! The daily reminder on paper and on the shell: a page for each officer, of the lines of Today.

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::{AgendaGroup, Me, Reply};
use crate::api::request::{Request, Whose};
use crate::cli::orders;
use crate::cli::print::{Printed, file_of, written};
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::ids::{Kind, OfficerId};
use crate::exchange::document::{Column, Document, Grid, Held, Part};
use crate::exchange::paper::layout::Sheet;
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;
use crate::tui::remind::{self, Due};

/// What somebody is reminded of.
#[derive(Debug, Serialize)]
struct Reminder {
    officer: String,
    today: chrono::NaiveDate,
    items: Vec<Due>,
    /// Whether there is more than one page of Today holds.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
}

/// `paper reminder`.
///
/// # Errors
/// No such officer, or a refusal.
pub fn reminder(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let file = matches.get_one::<String>("output").map(|_| file_of(matches)).transpose()?;
    let mut whose = Vec::new();
    for name in matches.get_many::<String>("officers").into_iter().flatten() {
        whose.push(Whose::Officer(OfficerId(orders::named(door, Kind::Officer, name)?)));
    }
    if whose.is_empty() {
        whose.push(if matches.get_flag("everything") { Whose::All } else { Whose::Mine });
    }
    let (me, reminders) = read(door, voice.lang, &whose)?;
    if let Some(name) = file {
        return written(voice, (name, matches), &document(voice.lang, &me, &reminders));
    }
    voice.say(&reminders, |lang| {
        let texts = reminders.iter().map(|own| {
            let cut = if own.cut { locale::text(lang, "shell.cut") + "\n" } else { String::new() };
            remind::text(lang, (&me, &own.officer), &own.items) + &cut
        });
        texts.collect::<Vec<_>>().join("\n")
    })?;
    let has_any = reminders.iter().any(|own| !own.items.is_empty());
    Ok(if has_any { Told::Done } else { Told::Nothing })
}

/// The reminder of what a screen shows.
///
/// # Errors
/// A refusal.
pub fn page(door: &mut dyn Door, lang: Lang, whose: Whose) -> Result<Printed, Refusal> {
    let (me, reminders) = read(door, lang, &[whose])?;
    Ok(document(lang, &me, &reminders))
}

fn read(
    door: &mut dyn Door,
    lang: Lang,
    whose: &[Whose],
) -> Result<(Box<Me>, Vec<Reminder>), Refusal> {
    let odd = || Refusal::new(RefusalKind::Fault, "fault");
    let Reply::Me(me) = door.call(Request::Greet)? else { return Err(odd()) };
    let Reply::Officers(officers) = door.call(Request::Officers)? else { return Err(odd()) };
    let mut reminders = Vec::new();
    for own in whose {
        let row = officers.iter().find(|row| Whose::Officer(row.id) == *own);
        let officer = remind::name(lang, &me, (*own, row.map(|row| row.name.as_str())));
        let asked = Request::Agenda(remind::query(*own));
        let Reply::Agenda(view) = door.call(asked)? else { return Err(odd()) };
        let items = remind::dues(lang, &me, &view.rows);
        // Lines come by their days: where one of later was read, nothing of a reminder is behind it.
        let is_whole = view.rows.iter().any(|(group, _)| *group == AgendaGroup::Later);
        let cut = (view.more || view.cut) && !is_whole;
        reminders.push(Reminder { officer, today: me.today, items, cut });
    }
    Ok((me, reminders))
}

fn document(lang: Lang, me: &Me, reminders: &[Reminder]) -> Printed {
    let n_rows = reminders.iter().map(|own| own.items.len() as u64).sum();
    Printed {
        document: Document {
            sheet: Sheet::Upright,
            parts: reminders.iter().map(|own| part(lang, me, own)).collect(),
        },
        stem: format!("{}-{}", locale::text(Lang::Zh, "print.reminder"), me.today),
        n_rows,
        n_sealed: 0,
    }
}

fn part(lang: Lang, me: &Me, own: &Reminder) -> Part {
    let args =
        [("town", me.town.clone()), ("day", dated(lang, me.today)), ("name", own.officer.clone())];
    let said = |key: &str| locale::fill(lang, key, &args);
    let columns = [
        ("export.number", 38),
        ("print.reminder.kind", 24),
        ("print.reminder.limit", 50),
        ("export.due", 26),
        ("print.reminder.left", 18),
    ];
    let mut grids: Vec<Grid> = Vec::new();
    let mut group = None;
    for due in &own.items {
        if group != Some(due.group) {
            group = Some(due.group);
            let titled = columns.map(|(key, width)| Column::new(locale::text(lang, key), width));
            let head = due.heading(lang, &own.items);
            grids.push(Grid { head, columns: titled.into(), ..Grid::default() });
        }
        let [day, left] = due.day_and_left(lang);
        let cells = [due.number.clone(), due.kind(lang), due.limit_and_basis(), day, left];
        if let Some(grid) = grids.last_mut() {
            grid.rows.push(cells.into_iter().map(Held::Text).collect());
        }
    }
    let none = grids.is_empty().then(|| locale::text(lang, "remind.none"));
    let cut = own.cut.then(|| locale::text(lang, "shell.cut"));
    Part {
        name: own.officer.clone(),
        title: said("print.reminder.title"),
        lines: std::iter::once(said("print.reminder.line")).chain(none).collect(),
        words: Vec::new(),
        charts: String::new(),
        grids,
        notes: cut.into_iter().chain([locale::text(lang, "remind.end")]).collect(),
    }
}
