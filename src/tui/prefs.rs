//! What a clerk prefers on the screen, as the server keeps it: small words by name.
//!
//! A word that is not known, as of a newer program, counts as none.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::listing::List;
use crate::tui::look::{Ambiguous, Borders, Theme, Wish};
use crate::tui::screen::Layouts;
use crate::tui::terminal::Mouse;

/// The names of the settings, in the order in which they are shown.
pub const NAMES: [&str; 5] = ["theme", "borders", "width", "mouse", "idle"];

/// The minutes without a key after which the screen is covered, as words; the first is never.
const IDLE: [(u64, &str); 5] = [(0, "off"), (5, "5"), (10, "10"), (20, "20"), (30, "30")];
const MOUSE: [(Mouse, &str); 2] = [(Mouse::Off, "off"), (Mouse::On, "on")];

/// What a clerk prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prefs {
    /// Colours, borders, width of ambiguous characters.
    pub wish: Wish,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// After how long without a key the screen is covered.
    pub idle: Option<Duration>,
}

impl Prefs {
    /// The preferences among an account's settings, on a terminal of that kind.
    pub fn of(settings: &BTreeMap<String, String>, term: &str) -> Self {
        let word = |name: &str| settings.get(&kept_name(name, term)).map_or("", String::as_str);
        let minutes = one_of(&IDLE, word("idle")).unwrap_or_default();
        Self {
            wish: Wish {
                theme: one_of(&Theme::ALL, word("theme")).unwrap_or_default(),
                borders: one_of(&Borders::ALL, word("borders")).unwrap_or_default(),
                ambiguous: one_of(&Ambiguous::ALL, word("width")).unwrap_or_default(),
            },
            mouse: one_of(&MOUSE, word("mouse")).unwrap_or_default(),
            idle: (minutes > 0).then(|| Duration::from_secs(60 * minutes)),
        }
    }
}

/// The name under which the columns of a list are kept.
pub fn columns_name(list: List) -> String {
    format!("columns.{}", list.word())
}

/// The columns that a clerk has chosen; a list of which none is known has none chosen.
pub fn layouts_of(settings: &BTreeMap<String, String>) -> Layouts {
    let lists = List::ALL.iter().filter_map(|list| {
        let columns = list.columns(settings.get(&columns_name(*list))?);
        (!columns.is_empty()).then_some((*list, columns))
    });
    lists.collect()
}

/// The name under which a setting is kept: the width belongs to the kind of terminal too.
pub fn kept_name(name: &str, term: &str) -> String {
    let plain = |char: &char| char.is_ascii_graphic();
    let term: String = term.chars().filter(plain).take(40).collect();
    if name == "width" { format!("width.{term}") } else { name.to_owned() }
}

/// The words that a setting may have, the usual one first.
pub fn words(name: &str) -> Vec<&'static str> {
    match name {
        "theme" => Theme::ALL.map(|(_, word)| word).to_vec(),
        "borders" => Borders::ALL.map(|(_, word)| word).to_vec(),
        "width" => Ambiguous::ALL.map(|(_, word)| word).to_vec(),
        "mouse" => MOUSE.map(|(_, word)| word).to_vec(),
        "idle" => IDLE.map(|(_, word)| word).to_vec(),
        _ => Vec::new(),
    }
}

fn one_of<T: Copy>(words: &[(T, &str)], wanted: &str) -> Option<T> {
    words.iter().find(|(_, word)| *word == wanted).map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{NAMES, Prefs, kept_name, words};
    use crate::locale::{self, Lang};
    use crate::tui::look::{Ambiguous, Theme};

    #[test]
    fn a_setting_that_is_not_known_counts_as_none() {
        let settings = BTreeMap::from([("theme".to_owned(), "rainbow".to_owned())]);
        assert_eq!(Prefs::of(&settings, "xterm"), Prefs::default());
    }

    #[test]
    fn the_width_of_ambiguous_characters_belongs_to_the_kind_of_terminal() {
        let name = kept_name("width", "xterm");
        let light = ("theme".to_owned(), "light".to_owned());
        let settings = BTreeMap::from([(name, "wide".to_owned()), light]);
        assert_eq!(Prefs::of(&settings, "xterm").wish.ambiguous, Ambiguous::Wide);
        assert_eq!(Prefs::of(&settings, "putty").wish.ambiguous, Ambiguous::Narrow);
        assert_eq!(Prefs::of(&settings, "putty").wish.theme, Theme::Light);
    }

    #[test]
    fn every_word_of_a_setting_has_a_text() {
        for lang in [Lang::Zh, Lang::En] {
            for name in NAMES {
                assert!(locale::find(lang, &format!("pref.{name}")).is_some(), "{name}");
                for word in words(name) {
                    assert!(locale::find(lang, &format!("pref.{name}.{word}")).is_some(), "{word}");
                }
            }
        }
    }
}
