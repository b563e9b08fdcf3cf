//! The settings of the office and its accounts, from the shell.

use clap::ArgMatches;
use serde::Serialize;

use crate::api::door::Door;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::api::setting::{CAPS, ClerkRow, SettingsView};
use crate::cli::orders;
use crate::cli::tell::{Outcome, Voice, table};
use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::form::Fields;
use crate::domain::setting::{Measure, SETTINGS, Setting};
use crate::locale::{self, Lang};

/// A setting as the shell tells it.
#[derive(Debug, Serialize)]
struct Told<'s> {
    name: &'s str,
    value: Option<&'s str>,
    usual: Option<u32>,
    unit: &'s str,
    least: Option<u32>,
    most: Option<u32>,
}

/// What `settings list` answers.
#[derive(Debug, Serialize)]
struct Listed<'s> {
    settings: Vec<Told<'s>>,
    caps: std::collections::BTreeMap<&'s str, u64>,
}

/// `settings list`.
///
/// # Errors
/// A refusal.
pub fn list(door: &mut dyn Door, voice: Voice) -> Outcome {
    let view = view(door)?;
    let settings = SETTINGS.iter().map(|setting| {
        let value = text(&view, setting);
        let range = setting.range();
        Told {
            name: setting.name,
            value: Some(value).filter(|text| !text.is_empty()),
            usual: setting.usual,
            unit: setting.measure.word(),
            least: range.map(|(least, _)| least),
            most: range.map(|(_, most)| most),
        }
    });
    let listed = Listed { settings: settings.collect(), caps: CAPS.into_iter().collect() };
    voice.say(&listed, |lang| {
        let rows = SETTINGS.iter().map(|setting| row(lang, setting, text(&view, setting)));
        table(&rows.collect::<Vec<_>>())
    })
}

fn text<'v>(view: &'v SettingsView, setting: &Setting) -> &'v str {
    let found = view.values.iter().find(|(name, _)| name == setting.name);
    found.map_or("", |(_, text)| text.as_str())
}

/// A setting as a row: name, label, value, measure, range.
pub fn row(lang: Lang, setting: &Setting, text: &str) -> Vec<String> {
    let usual = setting.usual.map(|usual| usual.to_string()).unwrap_or_default();
    let shown = match setting.field().map(|field| field.kind) {
        Some(FieldKind::OneOf(choice)) if !text.is_empty() => {
            locale::text(lang, &format!("choice.{}.{text}", choice.key))
        }
        _ if text.is_empty() => usual,
        _ => text.to_owned(),
    };
    let measure = match setting.measure {
        Measure::Plain => String::new(),
        measure => locale::text(lang, &format!("measure.{}", measure.word())),
    };
    let range = setting.range().map(|(least, most)| format!("{least}-{most}"));
    vec![
        setting.name.to_owned(),
        locale::text(lang, &format!("field.office.{}", setting.name)),
        shown,
        measure,
        range.unwrap_or_default(),
    ]
}

/// `settings set`.
///
/// # Errors
/// No such setting, a wrong value, or a refusal.
pub fn set(door: &mut dyn Door, voice: Voice, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("setting").map_or("", String::as_str);
    let value = matches.get_one::<String>("value").map_or("", String::as_str);
    // A setting may be given with hyphens, as flags are.
    let setting = Setting::find(&name.replace('-', "_")).ok_or_else(|| {
        let known = SETTINGS.iter().map(|setting| setting.name).collect::<Vec<_>>().join(" ");
        let refusal = Refusal::new(RefusalKind::Invalid, "no_such_setting");
        refusal.with("name", name).with("known", known)
    })?;
    let value = match setting.field().map(|field| field.kind) {
        Some(FieldKind::OneOf(choice)) => orders::word_of(voice.lang, choice, value),
        _ => value.to_owned(),
    };
    let seen = Some(view(door)?.version);
    let fields = Fields::from([(setting.name.to_owned(), value)]);
    orders::told(voice, &orders::send(door, (Act::EditOffice, Some(1), seen), fields)?)
}

fn view(door: &mut dyn Door) -> Result<Box<SettingsView>, Refusal> {
    match door.call(Request::Settings)? {
        Reply::Settings(view) => Ok(view),
        _ => Err(Refusal::new(RefusalKind::Fault, "fault")),
    }
}

/// `clerk list`.
///
/// # Errors
/// A refusal.
pub fn clerks(door: &mut dyn Door, voice: Voice) -> Outcome {
    let rows = match door.call(Request::Clerks)? {
        Reply::Clerks(rows) => rows,
        _ => return Err(Refusal::new(RefusalKind::Fault, "fault")),
    };
    voice.say(&rows, |lang| table(&rows.iter().map(|row| clerk(lang, row)).collect::<Vec<_>>()))
}

fn clerk(lang: Lang, row: &ClerkRow) -> Vec<String> {
    let roles = row.roles.iter();
    let roles = roles.map(|role| locale::text(lang, &format!("choice.role.{}", role.word())));
    vec![
        row.id.0.to_string(),
        row.login.clone(),
        row.uid.to_string(),
        row.officer.clone().unwrap_or_default(),
        roles.collect::<Vec<_>>().join(" "),
        row.unit.clone().unwrap_or_default(),
        row.closed_on.map(|day| day.to_string()).unwrap_or_default(),
    ]
}
