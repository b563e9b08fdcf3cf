use proptest::prelude::{Strategy, prop, prop_oneof, proptest};

use crate::api::reply::AgendaGroup;
use crate::domain::ids::{CaseId, Version};
use crate::tui::screen::Nav;
use crate::tui::screen::sample::{Desk, case_row};
use crate::tui::screen::window::{Beyond, Item, Turn, Window};
use crate::tui::widget::table::Row;

/// A row of a case at a version, in a group or not.
fn item((id, version, late): (u64, u64, bool)) -> Item {
    let mut row = case_row(id, "路灯不亮", None);
    row.version = Version(version);
    let group = if late { AgendaGroup::Late } else { AgendaGroup::Later };
    Item { group: Some(group), row }
}

/// What may happen to a window.
#[derive(Debug, Clone)]
enum Happens {
    Moves(Nav),
    Resizes(usize),
    Fills(Turn, Vec<(u64, u64, bool)>, Beyond),
}

fn happens() -> impl Strategy<Value = Happens> {
    let navs = [Nav::Up, Nav::Down, Nav::PageUp, Nav::PageDown, Nav::First, Nav::Last];
    let turns = [Turn::Start, Turn::End, Turn::Along, Turn::Again];
    let rows = prop::collection::btree_map(0..60_u64, 0..3_u64, 0..60);
    let rows = (rows, 0..60_usize).prop_map(|(rows, n_late)| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(place, (id, version))| (id, version, place < n_late)).collect()
    });
    let beyond =
        (prop::bool::ANY, prop::bool::ANY).prop_map(|(before, after)| Beyond { before, after });
    prop_oneof![
        6 => prop::sample::select(navs.to_vec()).prop_map(Happens::Moves),
        1 => (0..30_usize).prop_map(Happens::Resizes),
        2 => (prop::sample::select(turns.to_vec()), rows, beyond)
            .prop_map(|(turn, rows, beyond)| Happens::Fills(turn, rows, beyond)),
    ]
}

proptest! {
    #[test]
    fn whatever_comes_the_selected_row_is_seen(steps in prop::collection::vec(happens(), 0..60)) {
        let desk = Desk::default();
        let mut window: Window = Window::default();
        let mut height = 0;
        for step in steps {
            match step {
                Happens::Moves(nav) => {
                    let _reach = window.go(nav);
                }
                Happens::Resizes(n_lines) => {
                    height = n_lines;
                    window.resize(height);
                }
                Happens::Fills(turn, rows, beyond) => {
                    if turn != Turn::Again {
                        window.expect(turn);
                    }
                    let _reach = window.fill(rows.into_iter().map(item).collect(), beyond);
                }
            }
            let table = window.table(&desk.view(), Vec::new(), (height, &|_| String::new()));
            assert!(table.rows.len() <= height);
            let selected = table.selected.and_then(|place| table.rows.get(place));
            let is_seen = matches!(selected, Some(Row::Cells { .. }));
            assert_eq!(is_seen, window.selected().is_some() && height > 0);
            let n_lines = table.rows.len();
            assert!(n_lines == height || !window.has_more_below(height) || window.beyond().after);
        }
    }

    #[test]
    fn a_case_that_is_still_there_stays_selected_at_its_place_on_the_screen(
        before in 0..10_u64, at in 0..40_usize,
    ) {
        let desk = Desk::default();
        let rows = |first| (first..50).map(|id| item((id, 1, false))).collect::<Vec<_>>();
        let mut window: Window = Window::default();
        window.resize(12);
        let _reach = window.fill(rows(10), Beyond::default());
        for _ in 0..at {
            let _reach = window.go(Nav::Down);
        }
        let line = |window: &Window| {
            window.table(&desk.view(), Vec::new(), (12, &|_| String::new())).selected
        };
        let (case, place) = (window.selected().map(|row| row.id), line(&window));
        let _reach = window.fill(rows(10 - before), Beyond::default());
        assert_eq!(window.selected().map(|row| row.id), case);
        assert_eq!(line(&window), place, "rows that came in above move nothing");
    }
}

#[test]
fn a_window_asks_for_a_few_screens_and_never_for_more_than_a_page() {
    let mut window: Window = Window::default();
    assert_eq!(window.rows_wanted(), 40, "before the size is known");
    window.resize(18);
    assert_eq!(window.rows_wanted(), 72);
    window.resize(900);
    assert_eq!(window.rows_wanted(), 200);
}

#[test]
fn a_new_row_between_known_ones_is_marked_but_not_one_that_moved_up_from_below() {
    let desk = Desk::default();
    let mut window: Window = Window::default();
    window.resize(10);
    let rows = |ids: &[u64]| ids.iter().map(|id| item((*id, 1, false))).collect::<Vec<_>>();
    let _reach = window.fill(rows(&[1, 2, 4]), Beyond::default());
    let _reach = window.fill(rows(&[1, 3, 4, 5]), Beyond::default());
    let table = window.table(&desk.view(), Vec::new(), (10, &|_| String::new()));
    let marked: Vec<_> =
        table.rows.iter().map(|row| format!("{row:?}").contains('\u{b7}')).collect();
    assert_eq!(marked, [false, false, true, false, false], "a heading, then four rows");
    assert_eq!(window.selected().map(|row| row.id), Some(CaseId(1)));
}
