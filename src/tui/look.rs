//! How things look: a theme gives each role a style, and a border set and the ambiguous width say
//! which characters may be drawn.
//!
//! INVARIANT: nothing means something by colour alone. A role that warns also has a modifier or
//! stands beside a word or a sign; with no colours at all every screen says the same.

use std::borrow::Cow;

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use serde::Deserialize;

use crate::tui::look::twin::{is_ambiguous, text_twin};

pub mod colour;
pub mod twin;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// The name of a screen, a box or a column.
    Title,
    /// The tab that is open.
    Tab,
    /// A key in the bottom bar or in a menu.
    Key,
    /// What matters less.
    Dim,
    /// A command that is not possible now.
    Disabled,
    /// The marker of the selected row.
    Marker,
    /// The sign of a marked row.
    Mark,
    /// The heading of a group of rows.
    Group,
    /// Past its due day.
    Late,
    /// Due within three working days.
    Soon,
    /// Due today.
    Today,
    /// Done, or in time.
    Ok,
    /// Something to be read before going on.
    Warning,
    /// What another clerk changed.
    Changed,
    /// The border of a box.
    Border,
    /// A box that is typed into.
    Input,
    /// What a box would hold.
    Hint,
    /// The status line.
    Status,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// For a light background, 256 colours.
    Light,
    /// For a dark background, 256 colours.
    #[default]
    Dark,
    /// For weak eyes and bad projectors.
    Contrast,
    /// The sixteen colours of the terminal's own scheme.
    Ansi,
    /// No colour.
    Mono,
}

/// The characters of borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Borders {
    /// Box lines.
    #[default]
    Unicode,
    /// `+`, `-` and `|`.
    Ascii,
}

/// How wide the terminal draws characters that Unicode calls ambiguous (UAX 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ambiguous {
    /// One column.
    #[default]
    Narrow,
    /// Two columns, as many terminals do in a Chinese setup.
    Wide,
}

impl Theme {
    /// All, with the words that settings have.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Dark, "dark"),
        (Self::Light, "light"),
        (Self::Contrast, "contrast"),
        (Self::Ansi, "ansi"),
        (Self::Mono, "mono"),
    ];
}

impl Borders {
    /// All, with the words that settings have.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Unicode, "unicode"), (Self::Ascii, "ascii")];
}

impl Ambiguous {
    /// All, with the words that settings have.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Narrow, "narrow"), (Self::Wide, "wide")];
}

/// The colours that a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// None, or the clerk wants none.
    None,
    /// Sixteen.
    Sixteen,
    /// The 256 of xterm.
    #[default]
    Indexed,
}

/// A wish for a look, as the settings have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wish {
    /// The set of colours.
    pub theme: Theme,
    /// The characters of borders.
    pub borders: Borders,
    /// How wide ambiguous characters are.
    pub ambiguous: Ambiguous,
}

/// A look: what is wished, within what the terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    wish: Wish,
    colours: Colours,
}

impl Look {
    /// The look that is wished, on a terminal with these colours.
    pub fn new(wish: Wish, colours: Colours) -> Self {
        let mut wish = wish;
        if wish.ambiguous == Ambiguous::Wide {
            // Box lines are ambiguous: two columns each would tear every border.
            wish.borders = Borders::Ascii;
        }
        wish.theme = match colours {
            Colours::None => Theme::Mono,
            Colours::Sixteen if matches!(wish.theme, Theme::Light | Theme::Dark) => Theme::Ansi,
            Colours::Sixteen | Colours::Indexed => wish.theme,
        };
        let colours = if wish.theme == Theme::Mono { Colours::None } else { colours };
        Self { wish, colours }
    }

    /// The set of colours in use.
    pub fn theme(&self) -> Theme {
        self.wish.theme
    }

    /// The colours that may be sent.
    pub fn colours(&self) -> Colours {
        self.colours
    }

    /// How wide ambiguous characters are.
    pub fn ambiguous(&self) -> Ambiguous {
        self.wish.ambiguous
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        match self.wish.theme {
            Theme::Light => modifiers(role).patch(light(role)),
            Theme::Dark => modifiers(role).patch(dark(role)),
            Theme::Contrast => modifiers(role).patch(contrast(role)),
            Theme::Ansi => modifiers(role).patch(ansi(role)),
            Theme::Mono => modifiers(role),
        }
    }

    /// The characters of a box.
    pub fn border_set(&self) -> border::Set<'static> {
        match self.wish.borders {
            Borders::Unicode => border::PLAIN,
            Borders::Ascii => ASCII_BORDER,
        }
    }

    /// A text as this terminal can show it: where ambiguous characters would take two columns they
    /// are replaced by twins. What is stored stays as it is.
    pub fn shown<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.wish.ambiguous == Ambiguous::Narrow || !text.chars().any(is_ambiguous) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for char in text.chars() {
            match text_twin(char) {
                Some(twin) => out.push_str(&twin),
                None => out.push(char),
            }
        }
        Cow::Owned(out)
    }
}

/// The colours of a terminal, from its environment: `NO_COLOR` (no-color.org) that is not empty
/// wins, then `COLORTERM`, then `TERM`.
pub fn colours_of(env: impl Fn(&str) -> Option<String>) -> Colours {
    let value = |name| env(name).filter(|text: &String| !text.is_empty());
    if value("NO_COLOR").is_some() {
        return Colours::None;
    }
    let term = value("TERM").unwrap_or_default();
    if term.is_empty() || term == "dumb" || term.starts_with("vt") {
        return Colours::None;
    }
    let is_rich = value("COLORTERM").is_some() || term.contains("256") || term.contains("direct");
    if is_rich { Colours::Indexed } else { Colours::Sixteen }
}

/// Whether the environment names a UTF-8 locale: the first that is set of `LC_ALL`, `LC_CTYPE` and
/// `LANG` decides (POSIX.1-2017, 8.2).
pub fn is_utf8_locale(env: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = names.iter().find_map(|name| env(name).filter(|text| !text.is_empty()));
    set.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// What a role has without any colour.
fn modifiers(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text
        | Role::Border
        | Role::Soon
        | Role::Ok
        | Role::Status
        | Role::Mark
        | Role::Group => style,
        Role::Title | Role::Key | Role::Marker | Role::Today | Role::Warning | Role::Tab => {
            style.add_modifier(Modifier::BOLD)
        }
        Role::Late => style.add_modifier(Modifier::BOLD),
        Role::Dim | Role::Disabled | Role::Hint => style.add_modifier(Modifier::DIM),
        Role::Input | Role::Changed => style.add_modifier(Modifier::UNDERLINED),
    }
}

// A colour by index takes eight bytes more than none each time it is taken up. What changes with
// every key (the marker, the status line) therefore has none.
fn light(role: Role) -> Style {
    indexed(match role {
        Role::Text | Role::Input | Role::Marker | Role::Group | Role::Status => {
            return Style::new();
        }
        Role::Title | Role::Tab => 24,
        Role::Key => 25,
        Role::Dim | Role::Hint => 240,
        Role::Disabled => 244,
        Role::Mark => 90,
        Role::Late => 124,
        Role::Soon => 94,
        Role::Today => 130,
        Role::Ok => 22,
        Role::Warning => 124,
        Role::Changed => 30,
        Role::Border => 245,
    })
}

fn dark(role: Role) -> Style {
    indexed(match role {
        Role::Text | Role::Input | Role::Marker | Role::Group | Role::Status => {
            return Style::new();
        }
        Role::Title | Role::Tab => 117,
        Role::Key => 114,
        Role::Dim | Role::Hint => 247,
        Role::Disabled => 243,
        Role::Mark => 213,
        Role::Late => 210,
        Role::Soon => 222,
        Role::Today => 215,
        Role::Ok => 114,
        Role::Warning => 210,
        Role::Changed => 80,
        Role::Border => 242,
    })
}

fn contrast(role: Role) -> Style {
    let style = Style::new().remove_modifier(Modifier::DIM);
    match role {
        Role::Late | Role::Warning => style.fg(Color::LightRed),
        Role::Today | Role::Soon => style.fg(Color::LightYellow),
        Role::Ok => style.fg(Color::LightGreen),
        Role::Title | Role::Tab | Role::Key | Role::Marker | Role::Mark | Role::Changed => {
            style.fg(Color::LightCyan)
        }
        Role::Text
        | Role::Dim
        | Role::Disabled
        | Role::Group
        | Role::Border
        | Role::Input
        | Role::Hint
        | Role::Status => style,
    }
}

fn ansi(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Late | Role::Warning => style.fg(Color::Red),
        Role::Today | Role::Soon => style.fg(Color::Yellow),
        Role::Ok | Role::Key => style.fg(Color::Green),
        Role::Title | Role::Tab | Role::Changed => style.fg(Color::Cyan),
        Role::Marker | Role::Mark => style.fg(Color::Magenta),
        Role::Text
        | Role::Dim
        | Role::Disabled
        | Role::Group
        | Role::Border
        | Role::Input
        | Role::Hint
        | Role::Status => style,
    }
}

fn indexed(number: u8) -> Style {
    Style::new().fg(Color::Indexed(number))
}

#[cfg(test)]
mod tests;
