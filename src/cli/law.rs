//! Loading limits and a year's days off, and taking loaded limits out of force again.

use std::io::Read as _;

use clap::ArgMatches;

use crate::api::door::Door;
use crate::api::limit::LimitRow;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::setting::SourceView;
use crate::cli::orders;
use crate::cli::tell::{Outcome, Told, Voice};
use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::locale::{self, Lang};

/// The most bytes of a text that is loaded.
const BYTES_MAX: u64 = 60_000;

/// `law load`: an office's own file, or one that the program brings along and that is off.
///
/// # Errors
/// A refusal with line and reason; nothing is changed then.
pub fn load(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    if let Some(name) = matches.get_one::<String>("built-in") {
        return give(door, voice, (Act::LoadLaw, [("built_in", name.clone())].into()));
    }
    let (file, text) = read(matches)?;
    give(door, voice, (Act::LoadLaw, [("file", file), ("text", text)].into()))
}

/// `law drop`.
///
/// # Errors
/// A refusal.
pub fn drop_law(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("norm").cloned().unwrap_or_default();
    give(door, voice, (Act::DropLaw, [("name", name)].into()))
}

/// `calendar load`.
///
/// # Errors
/// A refusal with line and reason; nothing is changed then.
pub fn load_calendar(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let (file, text) = read(matches)?;
    give(door, voice, (Act::LoadCalendar, [("file", file), ("text", text)].into()))
}

/// The name of a limit: from the catalogue, or its own where an office loaded it.
pub fn name(lang: Lang, (id, own): (&str, Option<&String>)) -> String {
    let known = locale::find(lang, &format!("limit.{id}")).map(str::to_owned);
    known.or_else(|| own.cloned()).unwrap_or_else(|| id.to_owned())
}

/// Everything that a row says, in words: the key of the label under `docs.limits.`, and the text. What
/// holds for all is empty. `name` is that of the limit, `text` gives the text of a key.
pub fn in_words(
    row: &LimitRow,
    name: String,
    text: &dyn Fn(&str) -> String,
) -> Vec<(&'static str, String)> {
    let list = |words: &[String], head: &str| {
        let texts = words.iter().map(|word| text(&format!("{head}.{word}")));
        texts.collect::<Vec<_>>().join("; ")
    };
    let of = |word: &Option<String>, head: &str| {
        word.as_ref().map(|word| text(&format!("{head}.{word}"))).unwrap_or_default()
    };
    let starts = of(&row.starts, "event");
    let when = Some(row.applies_when.clone()).filter(|when| when != "always");
    let longer = [of(&row.extends, "limit"), of(&row.until, "docs.limits.until")];
    let longer: Vec<String> = longer.into_iter().filter(|text| !text.is_empty()).collect();
    vec![
        ("id", row.id.clone()),
        ("name", name),
        ("norm", row.norm.clone()),
        ("level", text(&format!("docs.limits.level.{}", row.level))),
        ("jurisdiction", row.jurisdiction.clone()),
        ("article", row.article.clone()),
        ("who", text(&format!("who.{}", row.who))),
        ("position", of(&row.position, "choice.position")),
        ("length", length_of(row, text)),
        ("per", text(&format!("docs.limits.per.{}", row.per))),
        ("from", if starts.is_empty() { text("docs.empty") } else { starts }),
        ("met_by", list(&row.met_by, "event")),
        ("ends_on", list(&row.ends_on, "event")),
        ("lapses_on", list(&row.lapses_on, "event")),
        ("routes", row.routes.join(" ")),
        ("channels", list(&row.channels, "choice.channel")),
        ("applies_when", of(&when, "docs.limits.when")),
        ("pauses", list(&row.pauses, "ground")),
        ("excusable", if row.excusable { text("docs.yes") } else { String::new() }),
        ("effect", text(&format!("shell.effect.{}", row.effect))),
        ("extends", longer.join("; ")),
        ("in_force", row.in_force_from.to_string()),
        ("certainty", row.certainty.clone()),
    ]
}

/// The length of a limit in words; no number where the norm gives none.
pub fn length(lang: Lang, row: &LimitRow) -> String {
    length_of(row, &|key: &str| locale::text(lang, key))
}

fn length_of(row: &LimitRow, text: &dyn Fn(&str) -> String) -> String {
    let unit = text(&format!("shell.unit.{}", row.unit));
    if row.length == 0 { unit } else { format!("{} {unit}", row.length) }
}

/// Where a text came from: with the program, or from a file, by whom and when.
pub fn source(lang: Lang, loaded: Option<&SourceView>) -> String {
    let Some(source) = loaded else { return locale::text(lang, "shell.law.built_in") };
    let args = [
        ("file", source.file.clone().unwrap_or_default()),
        ("by", source.by.clone().unwrap_or_default()),
        ("on", source.on.to_string()),
    ];
    locale::fill(lang, "shell.law.loaded", &args).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn give(
    door: &mut dyn Door,
    voice: Voice,
    (act, fields): (Act, std::collections::BTreeMap<&str, String>),
) -> Outcome {
    let fields: Fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let done = orders::send(door, (act, None, None), fields)?;
    voice.say(&done, |lang| locale::text(lang, "shell.law.in_force") + "\n")?;
    Ok(Told::Done)
}

fn read(matches: &ArgMatches) -> Result<(String, String), Refusal> {
    let file = matches
        .get_one::<String>("file")
        .cloned()
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "cannot_read").with("name", "FILE"))?;
    let odd = || Refusal::new(RefusalKind::Invalid, "cannot_read").with("name", &file);
    let mut text = String::new();
    let n_bytes = if file == "-" {
        std::io::stdin().lock().take(BYTES_MAX + 1).read_to_string(&mut text)
    } else {
        let opened = std::fs::File::open(&file).map_err(|_| odd())?;
        opened.take(BYTES_MAX + 1).read_to_string(&mut text)
    };
    n_bytes.map_err(|_| odd())?;
    let name = std::path::Path::new(&file).file_name();
    let name = name.map_or_else(|| file.clone(), |name| name.to_string_lossy().into_owned());
    Ok((name, text))
}
