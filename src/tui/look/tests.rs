//! Every theme says the same; names are read; ambiguous characters have twins.

use ratatui::style::{Color, Style};
use serde::Deserialize;

use crate::tui::look::colour::fit;
use crate::tui::look::twin::{cell_twin, is_ambiguous, text_twin};
use crate::tui::look::{
    Ambiguous, Borders, Colours, Look, Role, Theme, Wish, colours_of, is_utf8_locale,
};
use crate::tui::text::width;

const ROLES: [Role; 19] = [
    Role::Text,
    Role::Title,
    Role::Tab,
    Role::Key,
    Role::Dim,
    Role::Disabled,
    Role::Marker,
    Role::Mark,
    Role::Group,
    Role::Late,
    Role::Soon,
    Role::Today,
    Role::Ok,
    Role::Warning,
    Role::Changed,
    Role::Border,
    Role::Input,
    Role::Hint,
    Role::Status,
];

fn look(theme: Theme, colours: Colours) -> Look {
    Look::new(Wish { theme, ..Wish::default() }, colours)
}

fn env<'a>(pairs: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
}

#[test]
fn without_colours_no_role_has_one_in_any_theme() {
    for theme in [Theme::Light, Theme::Dark, Theme::Contrast, Theme::Ansi, Theme::Mono] {
        for role in ROLES {
            let Style { fg, bg, .. } = look(theme, Colours::None).style(role);
            assert_eq!((fg, bg), (None, None), "{role:?}");
        }
    }
    assert_eq!(look(Theme::Mono, Colours::Indexed).colours(), Colours::None);
}

#[test]
fn with_sixteen_colours_only_those_are_used() {
    for theme in [Theme::Light, Theme::Dark, Theme::Contrast, Theme::Ansi] {
        for role in ROLES {
            let style = look(theme, Colours::Sixteen).style(role);
            assert!(!matches!(style.fg, Some(Color::Indexed(_) | Color::Rgb(..))), "{role:?}");
        }
    }
}

#[test]
fn late_is_never_shown_by_colour_alone() {
    for theme in [Theme::Light, Theme::Dark, Theme::Contrast, Theme::Ansi, Theme::Mono] {
        let look = look(theme, Colours::Indexed);
        let late = look.style(Role::Late).add_modifier;
        assert_ne!(late, look.style(Role::Text).add_modifier, "{theme:?}");
    }
}

#[test]
fn no_role_is_shown_in_reverse() {
    for theme in [Theme::Light, Theme::Dark, Theme::Contrast, Theme::Ansi, Theme::Mono] {
        for role in ROLES {
            let style = look(theme, Colours::Indexed).style(role);
            assert!(!style.add_modifier.contains(ratatui::style::Modifier::REVERSED));
            assert_eq!(style.bg, None);
        }
    }
}

#[test]
fn settings_name_a_look_in_small_letters() {
    #[derive(Deserialize)]
    struct File {
        look: Wish,
    }
    let read = |text: &str| toml::from_str::<File>(text).map(|file| file.look);
    let wish = read("[look]\ntheme = \"contrast\"\nborders = \"ascii\"\nambiguous = \"wide\"");
    assert_eq!(
        wish,
        Ok(Wish { theme: Theme::Contrast, borders: Borders::Ascii, ambiguous: Ambiguous::Wide })
    );
    assert_eq!(read("[look]"), Ok(Wish::default()));
    assert!(read("[look]\ntheme = \"pink\"").is_err());
    assert!(read("[look]\ncolour = \"red\"").is_err());
}

#[test]
fn no_color_wins_over_everything() {
    assert_eq!(colours_of(env(&[("TERM", "xterm-256color")])), Colours::Indexed);
    assert_eq!(colours_of(env(&[("TERM", "xterm"), ("COLORTERM", "truecolor")])), Colours::Indexed);
    assert_eq!(colours_of(env(&[("TERM", "linux")])), Colours::Sixteen);
    assert_eq!(colours_of(env(&[("TERM", "vt100")])), Colours::None);
    assert_eq!(colours_of(env(&[("TERM", "dumb")])), Colours::None);
    assert_eq!(colours_of(env(&[])), Colours::None);
    let wanted_none = [("TERM", "xterm-256color"), ("NO_COLOR", "1")];
    assert_eq!(colours_of(env(&wanted_none)), Colours::None);
    assert_eq!(colours_of(env(&[("TERM", "linux"), ("NO_COLOR", "")])), Colours::Sixteen);
}

#[test]
fn the_first_locale_that_is_set_decides() {
    assert!(is_utf8_locale(env(&[("LANG", "zh_CN.UTF-8")])));
    assert!(is_utf8_locale(env(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")])));
    assert!(!is_utf8_locale(env(&[("LC_ALL", "zh_CN.GBK"), ("LANG", "zh_CN.UTF-8")])));
    assert!(!is_utf8_locale(env(&[])));
}

#[test]
fn on_a_wide_terminal_ambiguous_characters_have_twins() {
    let wide = Wish { ambiguous: Ambiguous::Wide, ..Wish::default() };
    let look = Look::new(wide, Colours::Indexed);
    assert_eq!(look.shown("“征地”…①⑫—→·"), "\"征地\"..(1)(12)-->.");
    assert_eq!(look.shown("《条例》，。"), "《条例》，。");
    assert_eq!(look.border_set().top_left, "+");
    assert_eq!(Look::default().shown("“征地”…"), "“征地”…");
    assert_eq!(Look::default().border_set().top_left, "┌");
}

#[test]
fn every_twin_stands_for_an_ambiguous_character_and_is_ascii() {
    for char in ('\0'..='\u{ffff}').filter(|char| text_twin(*char).is_some()) {
        assert!(is_ambiguous(char), "{char:?}");
        assert!(cell_twin(char).is_some_and(|twin| twin.is_ascii_graphic()), "{char:?}");
        assert!(text_twin(char).is_some_and(|twin| width(&twin) == twin.len()));
    }
    for char in "─│┌┐└┘├┤┬┴┼═║“”‘’…—·①×°→■●※".chars()
    {
        assert!(cell_twin(char).is_some(), "{char:?}");
    }
}

#[test]
fn a_colour_becomes_the_nearest_one_the_terminal_has() {
    assert_eq!(fit(Color::Indexed(124), Colours::Sixteen), Some(1));
    assert_eq!(fit(Color::Indexed(231), Colours::Sixteen), Some(15));
    assert_eq!(fit(Color::Indexed(240), Colours::Sixteen), Some(8));
    assert_eq!(fit(Color::Indexed(124), Colours::Indexed), Some(124));
    assert_eq!(fit(Color::Rgb(255, 0, 0), Colours::Indexed), Some(196));
    assert_eq!(fit(Color::LightCyan, Colours::Sixteen), Some(14));
    assert_eq!(fit(Color::Red, Colours::None), None);
    assert_eq!(fit(Color::Reset, Colours::Indexed), None);
}
