//! What is said of a command line that is none: what is wrong, what may have been meant, and how
//! the command is written. The reader of arguments finds the fault; the words are the catalogue's.

use std::io::{self, Write};

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::locale::{self, Lang};

/// Tells of a wrong command line on standard error.
pub fn tell(lang: Lang, error: &Error) {
    // Whoever reads may have gone; there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{}", text(lang, error));
}

fn text(lang: Lang, error: &Error) -> String {
    let key = match error.kind() {
        ErrorKind::UnknownArgument => "argument",
        ErrorKind::InvalidSubcommand => "command",
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "no_command"
        }
        ErrorKind::MissingRequiredArgument
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues => "missing",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8 => "value",
        ErrorKind::ArgumentConflict | ErrorKind::TooManyValues => "twice",
        _ => "other",
    };
    let about = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let about = about.into_iter().find_map(|kind| said(error, kind)).unwrap_or_default();
    let value = said(error, ContextKind::InvalidValue).unwrap_or_default();
    // A flag without its value is told of as a value that is empty.
    let key = if key == "value" && value.is_empty() { "missing" } else { key };
    let args = [("about", about), ("value", value)];
    let mut text = locale::fill(lang, &format!("shell.misuse.{key}"), &args);
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand];
    let kinds = meant.into_iter().chain([ContextKind::SuggestedValue]);
    if let Some(meant) = kinds.into_iter().find_map(|kind| likest(error, kind)) {
        text.push('\n');
        text += &locale::fill(lang, "shell.misuse.meant", &[("meant", meant)]);
    }
    let valid = said(error, ContextKind::ValidValue)
        .or_else(|| said(error, ContextKind::ValidSubcommand).filter(|_| key == "no_command"));
    if let Some(valid) = valid {
        text.push('\n');
        text += &locale::fill(lang, "shell.misuse.valid", &[("valid", valid)]);
    }
    let usage = said(error, ContextKind::Usage).unwrap_or_default();
    let usage = usage.trim().strip_prefix("Usage:").map_or("", str::trim);
    if !usage.is_empty() {
        text.push('\n');
        text += &locale::fill(lang, "shell.misuse.usage", &[("usage", usage.to_owned())]);
    }
    text
}

/// What is most like the word that was typed: the reader of arguments puts it last.
fn likest(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::Strings(texts) => texts.last().cloned(),
        _ => said(error, kind),
    }
}

fn said(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join("  ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) => {
            Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join("  "))
        }
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}
