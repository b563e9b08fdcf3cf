//! After any frames the terminal shows the last one, and nothing else was sent.

use proptest::prelude::{
    Just, ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use ratatui::Frame;
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use crate::domain::text::is_hidden;
use crate::tui::backend::Painter;
use crate::tui::backend::bench::{Bench, Wire};
use crate::tui::backend::grid::{Grid, Scroll, Way};
use crate::tui::backend::ink::Ink;
use crate::tui::look::twin::is_ambiguous;
use crate::tui::look::{Ambiguous, Colours, Look, Theme, Wish};
use crate::tui::text::blank_edges;

fn any_style() -> impl Strategy<Value = Style> {
    let fg = prop::sample::select(vec![
        Color::Reset,
        Color::Reset,
        Color::Red,
        Color::LightCyan,
        Color::Indexed(117),
    ]);
    let bg = prop::sample::select(vec![
        Color::Reset,
        Color::Reset,
        Color::Reset,
        Color::Red,
        Color::Indexed(236),
    ]);
    let modifier = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC | Modifier::BOLD,
        Modifier::UNDERLINED,
        Modifier::REVERSED | Modifier::DIM,
    ]);
    (fg, bg, modifier)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
}

fn any_word() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "征地补偿款",
        "李娟",
        "a",
        "10-14",
        "超2日",
        " ",
        "      ",
        "《条例》",
        "“",
        "…",
        "①",
        "─",
        "𠮷",
        "e\u{301}",
        "王庄村",
        "abc def",
        "。",
        "                    ",
        "x征",
        "> ",
    ])
    .prop_map(str::to_owned)
}

fn any_row() -> impl Strategy<Value = Row> {
    let spans = prop::collection::vec((any_word(), any_style()), 0..8);
    (spans, prop::option::weighted(0.2, any_style()))
        .prop_map(|(spans, whole)| Row { spans, whole })
}

/// A row of a frame: pieces of text, and a style laid over the whole of it.
#[derive(Debug, Clone)]
struct Row {
    spans: Vec<(String, Style)>,
    whole: Option<Style>,
}

/// What happens between two frames.
#[derive(Debug, Clone)]
enum Change {
    All(Vec<Row>),
    Replace(u16, Row),
    Up(u16, u16, u16),
    Down(u16, u16, u16),
    Mark(Option<u16>),
    Box(Option<(u16, u16, u16, u16)>),
    Cursor(Option<(u16, u16)>),
    Resize(u16, u16),
    Forget,
    Fail,
    Nothing,
}

fn any_change() -> impl Strategy<Value = Change> {
    let at = || 0..14_u16;
    prop_oneof![
        1 => prop::collection::vec(any_row(), 0..14).prop_map(Change::All),
        4 => (at(), any_row()).prop_map(|(y, row)| Change::Replace(y, row)),
        4 => (at(), at(), 1..4_u16).prop_map(|(top, end, n)| Change::Up(top, end, n)),
        4 => (at(), at(), 1..4_u16).prop_map(|(top, end, n)| Change::Down(top, end, n)),
        3 => prop::option::of(at()).prop_map(Change::Mark),
        2 => prop::option::of((0..30_u16, at(), 0..20_u16, at())).prop_map(Change::Box),
        2 => prop::option::of((0..45_u16, at())).prop_map(Change::Cursor),
        1 => (1..45_u16, 1..14_u16).prop_map(|(width, height)| Change::Resize(width, height)),
        1 => Just(Change::Forget),
        1 => Just(Change::Fail),
        1 => Just(Change::Nothing),
    ]
}

/// The frames' model.
#[derive(Debug, Clone, Default)]
struct Model {
    rows: Vec<Row>,
    marked: Option<u16>,
    inset: Option<(u16, u16, u16, u16)>,
    cursor: Option<(u16, u16)>,
}

impl Model {
    fn change(&mut self, change: &Change) {
        let height = self.rows.len();
        let span = |top: u16, end: u16| {
            let (top, end) = (usize::from(top.min(end)), usize::from(top.max(end)));
            top.min(height)..end.min(height)
        };
        match change {
            Change::All(rows) => self.rows = rows.clone(),
            Change::Replace(y, row) => {
                if let Some(place) = self.rows.get_mut(usize::from(*y)) {
                    *place = row.clone();
                } else {
                    self.rows.push(row.clone());
                }
            }
            Change::Up(top, end, n) => {
                let region = &mut self.rows[span(*top, *end)];
                let n = usize::from(*n).min(region.len());
                region.rotate_left(n);
            }
            Change::Down(top, end, n) => {
                let region = &mut self.rows[span(*top, *end)];
                let n = usize::from(*n).min(region.len());
                region.rotate_right(n);
            }
            Change::Mark(row) => self.marked = *row,
            Change::Box(inset) => self.inset = *inset,
            Change::Cursor(at) => self.cursor = *at,
            Change::Resize(..) | Change::Forget | Change::Fail | Change::Nothing => {}
        }
    }

    fn draw(&self, frame: &mut Frame) {
        let area = frame.area();
        let buffer = frame.buffer_mut();
        for (row, y) in self.rows.iter().zip(area.top()..area.bottom()) {
            let mark = if self.marked == Some(y) { "> " } else { "  " };
            let mut spans = vec![Span::raw(mark)];
            spans.extend(row.spans.iter().map(|(text, style)| Span::styled(text, *style)));
            buffer.set_line(0, y, &Line::from(spans), area.width);
            if let Some(style) = row.whole {
                buffer.set_style(Rect::new(0, y, area.width, 1), style);
            }
        }
        for y in area.top()..area.bottom() {
            // A wide one would go on in the next row: the program turns that off at the start.
            let last = &mut buffer[(area.right() - 1, y)];
            if last.symbol().chars().all(is_ambiguous) {
                last.reset();
            }
        }
        if let Some((x, y, width, height)) = self.inset {
            let rect = Rect::new(x, y, width, height).intersection(area);
            blank_edges(buffer, rect);
            for position in rect.positions() {
                buffer[position].reset();
            }
            for y in rect.top()..rect.bottom() {
                buffer.set_stringn(rect.x, y, "|框|", usize::from(rect.width), Style::new());
            }
        }
    }
}

fn run(mut bench: Bench, changes: &[Change]) -> Result<(), String> {
    let mut model = Model::default();
    for change in changes {
        model.change(change);
        match change {
            Change::Resize(width, height) => bench.resize(Size::new(*width, *height)),
            Change::Forget => bench.painter.forget(),
            Change::Fail => {
                bench.painter.out_mut().is_broken = true;
                bench.draw(None, |frame| model.draw(frame));
            }
            Change::All(_)
            | Change::Replace(..)
            | Change::Up(..)
            | Change::Down(..)
            | Change::Mark(_)
            | Change::Box(_)
            | Change::Cursor(_)
            | Change::Nothing => {}
        }
        let cursor = model.cursor.map(|(x, y)| Position::new(x, y));
        let (_, n_writes) = bench.draw(cursor, |frame| model.draw(frame));
        if n_writes > 1 {
            return Err(format!("{n_writes} writes for one frame"));
        }
        if let Some(difference) = bench.difference() {
            return Err(format!("after {change:?}: {difference}"));
        }
        let again = bench.draw(cursor, |frame| model.draw(frame));
        if again != (0, 0) {
            return Err(format!("an unchanged frame sent {again:?}"));
        }
    }
    Ok(())
}

/// Changes that begin with a whole frame.
fn any_changes() -> impl Strategy<Value = Vec<Change>> {
    let first = prop::collection::vec(any_row(), 0..14).prop_map(Change::All);
    let rest = prop::collection::vec(any_change(), 1..25);
    (first, rest).prop_map(|(first, rest)| std::iter::once(first).chain(rest).collect())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn after_any_frames_the_terminal_shows_the_last_one(
        (width, height) in (1..45_u16, 1..14_u16), changes in any_changes(),
    ) {
        let bench = Bench::new(Size::new(width, height), Look::default());
        prop_assert_eq!(run(bench, &changes), Ok(()));
    }

    #[test]
    fn a_terminal_that_draws_ambiguous_characters_wide_loses_nothing_else(
        (width, height) in (2..45_u16, 1..14_u16), changes in any_changes(),
    ) {
        let mut bench = Bench::new(Size::new(width, height), Look::default());
        bench.is_wide = true;
        prop_assert_eq!(run(bench, &changes), Ok(()));
    }

    #[test]
    fn on_a_terminal_known_to_be_wide_no_ambiguous_character_is_sent(
        (width, height) in (2..45_u16, 1..14_u16), changes in any_changes(),
    ) {
        let wish = Wish { ambiguous: Ambiguous::Wide, ..Wish::default() };
        let look = Look::new(wish, Colours::Indexed);
        let mut bench = Bench::new(Size::new(width, height), look);
        let mut model = Model::default();
        for change in &changes {
            model.change(change);
            bench.draw(None, |frame| model.draw(frame));
            prop_assert!(bench.cells().iter().all(|cell| !cell.chars().any(is_ambiguous)));
        }
    }
}

/// Texts that would act on a terminal or hide on it.
const HOSTILE: [&str; 14] = [
    "\u{1b}[31m",
    "\u{1b}]52;c;eA==\u{7}",
    "\u{1b}c",
    "a\u{8}b",
    "\r\n",
    "\u{9b}2J",
    "\u{202e}abc",
    "\u{200b}",
    "a\u{200d}b",
    "\u{e0041}",
    "\u{fe0f}",
    "👨\u{200d}👩\u{200d}👧",
    "🇨🇳",
    "\u{85}",
];

#[test]
fn a_cell_cannot_act_on_the_terminal_whatever_it_holds() {
    let marks: &'static str = format!("e{}", "\u{301}".repeat(1000)).leak();
    for hostile in HOSTILE.into_iter().chain([marks]) {
        let mut bench = Bench::new(Size::new(12, 2), Look::default());
        bench.draw(None, |frame| {
            let buffer = frame.buffer_mut();
            buffer.set_string(0, 0, "征地补偿款", Style::new());
            buffer[(2, 0)] = Cell::new(hostile);
            buffer.set_line(0, 1, &Line::from(Span::raw(format!("征{hostile}地"))), 12);
        });
        for cell in bench.cells() {
            assert!(!cell.chars().any(is_hidden), "{hostile:?} came through as {cell:?}");
            assert!(cell.len() <= 20, "{hostile:?} took {} bytes", cell.len());
        }
        let again = bench.draw(None, |frame| {
            frame.buffer_mut().set_string(0, 0, "征地补偿款", Style::new());
            frame.buffer_mut().set_string(0, 1, "王庄村村委会", Style::new());
        });
        assert!(again.0 > 0);
        assert_eq!(bench.difference(), None, "after {hostile:?}");
    }
}

#[test]
fn without_colours_no_colour_is_sent_and_bold_stays() {
    let look = Look::new(Wish { theme: Theme::Mono, ..Wish::default() }, Colours::None);
    let mut painter = Painter::new(Wire::default(), Size::new(20, 1), look).unwrap();
    painter
        .draw(|frame| {
            let style = Style::new().fg(Color::Red).bg(Color::Blue).add_modifier(Modifier::BOLD);
            frame.buffer_mut().set_string(0, 0, "超3日", style);
        })
        .unwrap();
    let sent = String::from_utf8(painter.out().bytes.clone()).unwrap();
    assert_eq!(sent, "\u{1b}[?25l\u{1b}[m\u{1b}[H\u{1b}[2J\u{1b}[1m超3日");
}

#[test]
fn a_frame_that_could_not_be_written_is_drawn_whole_the_next_time() {
    let mut painter = Painter::new(Wire::default(), Size::new(20, 2), Look::default()).unwrap();
    let draw = |painter: &mut Painter<Wire>| {
        painter.draw(|frame| {
            frame.buffer_mut().set_string(0, 1, "征地", Style::new());
        })
    };
    painter.out_mut().is_broken = true;
    assert!(draw(&mut painter).is_err());
    painter.out_mut().is_broken = false;
    draw(&mut painter).unwrap();
    assert!(String::from_utf8_lossy(&painter.out().bytes).contains("征地"));
}

#[test]
fn only_a_large_frame_is_a_synchronized_update_with_a_hidden_cursor() {
    let mut bench = Bench::new(Size::new(80, 24), Look::default());
    let at = Some(Position::new(3, 3));
    bench.draw(at, |_| {});
    let text = "征地补偿款".repeat(8);
    let small = bench.draw(at, |frame| {
        frame.buffer_mut().set_string(0, 0, &text[..30], Style::new());
    });
    assert_eq!(bench.difference(), None);
    // The text, home before it, and the cursor back behind it.
    assert_eq!(small, (30 + 3 + 6, 1));
    let large = bench.draw(at, |frame| {
        for y in 0..3 {
            frame.buffer_mut().set_string(0, y, &text, Style::new());
        }
    });
    assert!(large.0 > 3 * 120 - 30 + 28 && large.1 == 1);
    assert_eq!(bench.difference(), None);
}

#[test]
fn a_terminal_without_any_room_is_drawn_on_without_fail() {
    for (width, height) in [(0, 0), (0, 5), (5, 0), (1, 1)] {
        let size = Size::new(width, height);
        let mut painter = Painter::new(Wire::default(), size, Look::default()).unwrap();
        painter.draw(|frame| frame.set_cursor_position((3, 3))).unwrap();
        painter.resize(Size::new(3, 3));
        painter.draw(|frame| frame.set_cursor_position((3, 3))).unwrap();
    }
}

#[test]
fn rows_that_a_move_leaves_blank_have_the_terminals_own_background() {
    let mut ink = Ink::new(Size::new(10, 5));
    let mut grid = Grid::new(Size::new(10, 5));
    let mut cell = Cell::new("x");
    cell.bg = Color::Red;
    grid.put((0, 0), &cell, &Look::default());
    ink.clear();
    ink.write(&grid.row(0)[0]);
    ink.bytes.clear();
    ink.scroll(Scroll { top: 1, end: 4, n_rows: 1, way: Way::Up });
    assert_eq!(String::from_utf8_lossy(&ink.bytes), "\u{1b}[m\n\r\u{1b}[M\n\n\u{1b}[L");
}
