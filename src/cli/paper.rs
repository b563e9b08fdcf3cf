//! `paper NAME CASE -o FILE`: papers of a case as docx, their templates, and their numbers.
//!
//! What is empty is named before a number is given out; where the file goes is looked at before, too.

use std::io::{self, IsTerminal, Write as _};
use std::path::Path;

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::paper::{Blanks, Filed, NumberRow, NumberState, PaperOffer, TemplateView, Wanted};
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::cli::export::{self, is_free, not_saved, put};
use crate::cli::orders::{self, new_id};
use crate::cli::tell::{Outcome, Told, Voice, table};
use crate::cli::template;
use crate::domain::act::Act;
use crate::domain::broken::Broken;
use crate::domain::ids::RequestId;
use crate::domain::paper::{Fit, Paper, year_of};
use crate::domain::text::{Lines, clean};
use crate::exchange::file::{self, Existing};
use crate::exchange::paper::make;
use crate::exchange::paper::{built_in, label, parse};
use crate::locale::{self, Lang};

/// A paper that was made, as JSON.
#[derive(Debug, Serialize)]
struct Made<'m> {
    file: &'m str,
    paper: &'m str,
    case: &'m str,
    number: Option<&'m String>,
    template: &'m str,
}

/// A paper as it would be, as JSON.
#[derive(Debug, Serialize)]
struct Shown<'s> {
    paper: &'s str,
    empty: &'s [String],
    lines: &'s [String],
}

/// A paper in the list, as JSON.
#[derive(Debug, Serialize)]
struct Listed {
    name: &'static str,
    title: String,
    series: Option<&'static str>,
    template: Option<String>,
    #[serde(flatten)]
    of_case: Option<OfCase>,
}

/// How a paper of the list fits a case, as JSON.
#[derive(Debug, Serialize)]
struct OfCase {
    fit: Fit,
    number: Option<String>,
    next: Option<String>,
}

/// Runs `paper` and what stands below it.
///
/// # Errors
/// A refusal.
pub fn paper(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    match matches.subcommand() {
        Some(("list", inner)) => list(door, voice, inner),
        Some(("templates", inner)) => templates(voice, inner),
        Some(("load", inner)) => load(door, voice, inner),
        Some(("drop", inner)) => settle(door, voice, (Act::DropPaper, inner)),
        Some(("skip", inner)) => settle(door, voice, (Act::SkipNumbers, inner)),
        Some(("numbers", inner)) => numbers(door, voice, inner),
        Some(("void", inner)) => void(door, voice, inner),
        Some(_) | None => make(door, voice, matches),
    }
}

fn word<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

/// The title of a paper.
fn title(lang: Lang, paper: Paper) -> String {
    locale::text(lang, &format!("choice.paper.{}", paper.word()))
}

/// The paper of a name: its word, or its title in either language.
fn named(text: &str) -> Result<Paper, Refusal> {
    let wanted = text.trim().replace('-', "_");
    let is_it = |paper: &&Paper| {
        paper.word() == wanted
            || [Lang::Zh, Lang::En].iter().any(|lang| title(*lang, **paper) == text)
    };
    Paper::ALL.iter().find(is_it).copied().ok_or_else(|| {
        let names = Paper::ALL.iter().map(|paper| paper.word()).collect::<Vec<_>>().join(" ");
        let refusal = Refusal::new(RefusalKind::Invalid, "no_such_paper");
        refusal.with("name", text).with("names", names)
    })
}

fn make(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let paper = named(word(matches, "paper"))?;
    let sheet = orders::case(door, word(matches, "record"))?;
    let wanted = Wanted {
        case: sheet.case.id,
        paper,
        person: match matches.get_one::<String>("person") {
            Some(name) => Some(orders::person(door, name)?),
            None => None,
        },
        typed: typed(matches)?,
        reason: word(matches, "reason").to_owned(),
        blanks: if matches.get_flag("allow-empty") { Blanks::Left } else { Blanks::Refused },
        again: matches.get_one::<String>("again").cloned(),
    };
    let Some(name) = matches.get_one::<String>("output") else {
        return preview(door, voice, &wanted);
    };
    let existing = if matches.get_flag("force") { Existing::Replace } else { Existing::Keep };
    is_free(name, existing)?;
    if name == "-" && io::stdout().is_terminal() {
        return Err(Refusal::new(RefusalKind::Invalid, "paper_on_terminal"));
    }
    let written = make::write(door, &wanted, new_id()?)?;
    put(name, &written.bytes, existing).map_err(|refusal| not_written(refusal, &written.number))?;
    let made = Made {
        file: name,
        paper: paper.word(),
        case: &written.case,
        number: written.number.as_ref(),
        template: &written.template,
    };
    let text = match voice.json {
        true => serde_json::to_string_pretty(&made).unwrap_or_default() + "\n",
        false => told(voice.lang, (paper, written.number.as_ref()), name),
    };
    // Whoever reads may have gone; the file is there.
    let _ = match name.as_str() {
        "-" => io::stderr().lock().write_all(text.as_bytes()),
        _ => io::stdout().lock().write_all(text.as_bytes()),
    };
    Ok(Told::Done)
}

fn told(lang: Lang, (paper, number): (Paper, Option<&String>), file: &str) -> String {
    let args = [
        ("paper", title(lang, paper)),
        ("number", number.cloned().unwrap_or_default()),
        ("file", file.to_owned()),
    ];
    let key = if number.is_some() { "shell.paper.made_numbered" } else { "shell.paper.made" };
    locale::fill(lang, key, &args) + "\n"
}

/// The file could not be written: the number is given out all the same.
fn not_written(refusal: Refusal, number: &Option<String>) -> Refusal {
    match number {
        Some(number) => {
            Refusal::new(RefusalKind::Invalid, "paper_is_not_saved").with("number", number)
        }
        None => refusal,
    }
}

/// Makes a paper and writes it into the clerk's exchange folder, for the terminal program: under a
/// name that says which paper and of which case, and nothing of anybody.
///
/// # Errors
/// A refusal, or no room for the file; its number is named then.
pub fn into_folder(door: &mut dyn Door, wanted: &Wanted, id: RequestId) -> Result<Filed, Refusal> {
    export::is_folder()?;
    let written = make::write(door, wanted, id)?;
    let stem = format!("{}-{}", title(Lang::Zh, wanted.paper), written.case);
    let place = export::put_apart((&stem, "docx"), &written.bytes)
        .map_err(|refusal| not_written(refusal, &written.number))?;
    let Wanted { case, paper, person, .. } = *wanted;
    Ok(Filed { place, case, paper, person, number: written.number })
}

/// What was typed for placeholders.
fn typed(matches: &ArgMatches) -> Result<Vec<(String, String)>, Refusal> {
    let mut typed = Vec::new();
    for said in matches.get_many::<String>("set").into_iter().flatten() {
        let unknown = |name: &str| {
            Refusal::new(RefusalKind::Invalid, "no_such_placeholder").with("name", name)
        };
        let (name, text) = said.split_once(['=', '\u{ff1d}']).ok_or_else(|| unknown(said))?;
        let asked = parse(name).ok_or_else(|| unknown(name))?;
        typed.push((asked.row.key.to_owned(), clean(text, Lines::Many).text));
    }
    Ok(typed)
}

fn preview(door: &mut dyn Door, voice: Voice, wanted: &Wanted) -> Outcome {
    let draft = make::draft(door, wanted)?;
    if let Some(refusal) = draft.refused {
        return Err(refusal);
    }
    let lines: Vec<String> = draft.lines.iter().map(|line| clean(line, Lines::One).text).collect();
    let shown = Shown { paper: wanted.paper.word(), empty: &draft.empty, lines: &lines };
    voice.say(&shown, |lang| {
        let mut text = lines.join("\n") + "\n";
        if !draft.empty.is_empty() {
            let gap = if lang == Lang::Zh { "\u{3001}" } else { ", " };
            let args = [("names", draft.empty.join(gap))];
            text += &(locale::fill(lang, "shell.paper.empty", &args) + "\n");
        }
        text
    })
}

fn list(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let loaded = loaded(door)?;
    let offers: Vec<(Paper, Option<PaperOffer>)> = match matches.get_one::<String>("case") {
        Some(name) => {
            let case = orders::case(door, name)?.case.id;
            let Reply::Papers(papers) = door.call(Request::Papers { case })? else {
                return Err(Refusal::new(RefusalKind::Fault, "fault"));
            };
            papers.offers.into_iter().map(|offer| (offer.paper, Some(offer))).collect()
        }
        None => Paper::ALL.iter().map(|paper| (*paper, None)).collect(),
    };
    let row = |(paper, offer): (Paper, Option<PaperOffer>)| Listed {
        name: paper.word(),
        title: title(voice.lang, paper),
        series: paper.mark(),
        template: loaded.iter().find(|one| one.paper == paper).map(|one| one.template.file.clone()),
        of_case: offer.map(|offer| OfCase {
            fit: offer.fit,
            number: offer.number,
            next: offer.next,
        }),
    };
    let rows: Vec<Listed> = offers.into_iter().map(row).collect();
    voice.say(&rows, |lang| table(&rows.iter().map(|row| listed(lang, row)).collect::<Vec<_>>()))
}

/// A paper of the list: what it is, how it fits, and its number, the next one, or what is missing.
fn listed(lang: Lang, row: &Listed) -> Vec<String> {
    let own = row.template.clone();
    let own = own.unwrap_or_else(|| locale::text(lang, "shell.paper.built_in"));
    let series = row.series.unwrap_or_default().to_owned();
    let mut line = vec![row.name.to_owned(), row.title.clone(), series, own];
    if let Some(of) = &row.of_case {
        line.push(locale::text(lang, &format!("paper.fit.{}", of.fit.word())));
        line.push(match (&of.number, of.fit, &of.next) {
            (Some(number), ..) => number.clone(),
            (None, Fit::Other, _) => locale::text(lang, &format!("paper.needs.{}", row.name)),
            (None, _, Some(next)) => locale::fill(lang, "paper.next", &[("number", next.clone())]),
            (None, ..) => String::new(),
        });
    }
    line
}

fn loaded(door: &mut dyn Door) -> Result<Vec<TemplateView>, Refusal> {
    match door.call(Request::Templates)? {
        Reply::Templates(all) => Ok(all),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// Writes the built-in templates as docx into a folder, to be edited.
///
/// # Errors
/// A file that is there already, or no room.
fn templates(voice: Voice, matches: &ArgMatches) -> Outcome {
    let folder = word(matches, "folder");
    let mut files = Vec::new();
    for paper in Paper::ALL.iter().copied() {
        let name = format!("{}.docx", title(Lang::Zh, paper));
        let path = Path::new(folder).join(&name);
        let bytes = built_in::template(paper).map_err(|error| make::unfit(&error))?;
        let saved = file::save(&path, &bytes, Existing::Keep);
        saved.map_err(|why| not_saved(&path.display().to_string(), why))?;
        files.push(name);
    }
    voice.say(&files, |lang| {
        let args = [("n", files.len().to_string()), ("folder", folder.to_owned())];
        locale::fill(lang, "shell.paper.templates", &args) + "\n"
    })
}

fn load(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let paper = named(word(matches, "as-paper"))?;
    let path = Path::new(word(matches, "file"));
    let (bytes, own) = (template::bytes_of(path)?, template::name_of(path));
    let template = make::load(door, (paper, &own), (bytes, new_id()?))?;
    let labels: Vec<String> = template.asked.iter().map(|asked| label(asked.row.key)).collect();
    let lacks = make::lacks(&template, paper)?;
    voice.say(&labels, |lang| {
        let gap = if lang == Lang::Zh { "\u{3001}" } else { ", " };
        let args = [("paper", title(lang, paper)), ("names", labels.join(gap))];
        let mut text = locale::fill(lang, "shell.paper.loaded", &args) + "\n";
        if !lacks.is_empty() {
            let args = [("names", lacks.join(gap))];
            text += &(locale::fill(lang, "shell.paper.lacks", &args) + "\n");
        }
        text
    })
}

/// Goes back to a built-in template, or leaves numbers out.
fn settle(door: &mut dyn Door, voice: Voice, (act, matches): (Act, &ArgMatches)) -> Outcome {
    let paper = named(word(matches, "paper"))?;
    let mut fields = vec![("paper", paper.word().to_owned())];
    if act == Act::SkipNumbers {
        let until = matches.get_one::<u32>("until-serial").map(u32::to_string);
        fields.push(("until", until.unwrap_or_default()));
        fields.push(("why", word(matches, "why").to_owned()));
    }
    let fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let done = orders::send(door, (act, None, None), fields)?;
    voice.say(&done, |lang| locale::text(lang, "shell.paper.settled") + "\n")
}

fn void(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let sheet = orders::case(door, word(matches, "record"))?;
    let number = word(matches, "number").to_owned();
    // One that has no number is named by what it is: the newest of its kind.
    let paper = named(&number).ok();
    let which = match paper.map(|paper| (paper, paper.newest(&sheet.case))) {
        Some((_, Some((at, _)))) => ("step", at.to_string()),
        Some((paper, None)) if paper.voided(&sheet.case).is_some() => {
            return Err(Broken::new("paper_is_voided").into());
        }
        Some((paper, None)) => {
            let refusal = Refusal::new(RefusalKind::Invalid, "paper_was_not_made");
            return Err(refusal.with("paper", title(voice.lang, paper)));
        }
        None => ("number", number.clone()),
    };
    let fields = [which, ("why", word(matches, "why").to_owned())];
    let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
    let on = (Act::VoidPaper, Some(sheet.case.id.0), Some(sheet.case.version));
    let done = orders::send(door, on, fields)?;
    voice.say(&done, |lang| {
        let what = paper.map_or(number, |paper| title(lang, paper));
        locale::fill(lang, "shell.paper.voided", &[("number", what)]) + "\n"
    })
}

fn numbers(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let year = match matches.get_one::<i32>("year") {
        Some(year) => *year,
        None => match door.call(Request::Greet)? {
            Reply::Me(me) => year_of(me.today),
            _ => return Err(Refusal::new(RefusalKind::Fault, "fault")),
        },
    };
    let Reply::PaperNumbers(rows) = door.call(Request::PaperNumbers(Some(year)))? else {
        return Err(Refusal::new(RefusalKind::Fault, "fault"));
    };
    let is_empty = rows.is_empty();
    voice.say(&rows, |lang| {
        if is_empty {
            let args = [("year", year.to_string())];
            return locale::fill(lang, "shell.paper.no_numbers", &args) + "\n";
        }
        table(&rows.iter().map(|row| number_line(lang, row)).collect::<Vec<_>>())
    })?;
    Ok(if is_empty { Told::Nothing } else { Told::Done })
}

fn number_line(lang: Lang, row: &NumberRow) -> Vec<String> {
    let state = locale::text(lang, &format!("paper.number.{}", row.state.word()));
    let several = row.until > row.serial;
    let until = several
        .then(|| locale::fill(lang, "shell.paper.until", &[("until", row.until.to_string())]));
    let number = match until {
        Some(until) => format!("{}{until}", row.number),
        None => row.number.clone(),
    };
    let mut line = vec![number, title(lang, row.paper), state];
    if row.state != NumberState::Gap {
        line.push(row.on.map(|on| on.to_string()).unwrap_or_default());
        line.push(row.case.clone().unwrap_or_default());
        line.push(row.by.clone().unwrap_or_default());
        line.push(row.why.clone().unwrap_or_default());
    }
    line
}
