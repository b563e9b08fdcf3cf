//! Every screen is straight in every size, language, theme and border, and no title is cut.

use std::sync::Arc;

use anjie::locale::{self, Lang};

use crate::desk::{Desk, Office};
use crate::menus::ways;

const SIZES: [(u16, u16); 4] = [(40, 10), (80, 24), (120, 40), (200, 60)];

#[test]
fn rows_are_straight_in_every_size_language_theme_and_border() {
    let office = Arc::new(Office::demo());
    let mut first = Desk::with(&office, Lang::Zh, (120, 40));
    for way in ways(&mut first) {
        for lang in [Lang::Zh, Lang::En] {
            let mut desk = Desk::with(&office, lang, (80, 24));
            desk.keys(&way);
            for size in SIZES {
                // Each look at each row asserts that it is as wide as the terminal.
                desk.resize(size).screen();
                desk.keys("<f2>").screen();
                desk.keys("<esc> ? <pgdn>").screen();
                desk.keys("<esc> n").screen();
                desk.keys("<esc>");
            }
            let label = locale::text(lang, "cmd.preferences");
            for (row, turns) in [("1", 5), ("2", 2), ("3", 2)] {
                for _ in 0..turns {
                    desk.keys("<c-p>").paste(&label).keys("<ret>").keys(row).keys("<esc>");
                    desk.screen();
                }
            }
        }
    }
}

#[test]
fn no_title_of_a_column_is_cut() {
    let office = Arc::new(Office::demo());
    let mut first = Desk::with(&office, Lang::Zh, (120, 40));
    for way in ways(&mut first) {
        for lang in [Lang::Zh, Lang::En] {
            let mut desk = Desk::with(&office, lang, (80, 24));
            desk.keys(&way).keys("<tab>");
            let no = locale::text(lang, "row.digit");
            for row in desk.screen().0.iter().filter(|row| row.trim_start().starts_with(&no)) {
                assert!(!row.contains(".."), "{row} after {way}");
            }
        }
    }
}
