//! What frames cost on the wire: the budgets of a list on a terminal of 80 columns.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::text::{Line, Span};

use crate::tui::backend::bench::Bench;
use crate::tui::backend::grid::Held;
use crate::tui::look::{Colours, Look, Role, Theme, Wish};
use crate::tui::text::pad_right;

const NAMES: [&str; 8] = ["李娟", "张*明", "欧阳*", "王建国", "刘*", "陈*英", "马*兰", "周*"];
const PLACES: [&str; 7] = ["南洼村", "张家庄", "石桥村", "北坡", "柳树沟", "东关", "西湖村"];
const MATTERS: [&str; 5] = ["低保核减", "征地补偿款未到账", "宅基地确权", "承包地调整", "水渠污染"];

/// A list as a screen draws it: bars above and below, rows between, a marker at the selected one.
fn draw_list(frame: &mut Frame, (first, selected): (usize, usize), look: &Look) {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    let n_rows = usize::from(area.height) - 4;
    let title = look.style(Role::Title);
    buffer.set_string(0, 0, "[1今日]2事项 3帮扶 4时限 5创建 6统计 7单位 8日志", title);
    buffer.set_string(0, 1, "  号   到期  还剩   时限(依据)        事项", look.style(Role::Dim));
    for row in 0..n_rows {
        let at = first + row;
        let y = u16::try_from(row + 2).unwrap();
        let mark = if at == selected { "> " } else { "  " };
        let pick = |from: &[&str], step: usize| from[(at * step + at / 7) % from.len()].to_owned();
        let (days, role) = match at % 5 {
            0 => ("超3日", Role::Late),
            1 => ("今日", Role::Today),
            _ => ("还8日", Role::Text),
        };
        let matter = format!("{} {} {}", pick(&NAMES, 3), pick(&PLACES, 5), pick(&MATTERS, 2));
        let line = Line::from(vec![
            Span::styled(mark, look.style(Role::Marker)),
            Span::raw(pad_right(&at.to_string(), 5)),
            Span::raw(pad_right(&format!("10-{:02}", at % 28 + 1), 6)),
            Span::styled(pad_right(days, 7), look.style(role)),
            Span::raw(pad_right("书面告知15日(23)", 18)),
            Span::raw(pad_right(&matter, 32)),
            Span::raw(pad_right(&pick(&NAMES, 5), 8)),
        ]);
        buffer.set_line(0, y, &line, area.width);
    }
    let foot = format!("第{selected}条 提示 收件09-28, 应于10-13前书面告知");
    buffer.set_string(0, area.height - 2, foot, look.style(Role::Status));
    buffer.set_string(0, area.height - 1, "F1帮助 F2操作 F3查找 F4筛选 F6新登记", title);
}

fn text_of(buffer: &Buffer) -> usize {
    let rows = buffer.content.chunks(usize::from(buffer.area.width));
    let lines = rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>());
    // A wide glyph is followed by an empty cell that is not drawn.
    lines.map(|line| line.split_whitespace().collect::<String>().len()).sum()
}

#[test]
fn bytes_of_a_list_stay_within_their_budgets() {
    for look in [
        Look::new(Wish::default(), Colours::Indexed),
        Look::new(Wish { theme: Theme::Mono, ..Wish::default() }, Colours::None),
    ] {
        let mut bench = Bench::new(Size::new(80, 24), look);
        let mut draw = |at: (usize, usize)| {
            let sent = bench.draw(None, |frame| draw_list(frame, at, &look));
            assert_eq!(bench.difference(), None);
            (sent.0, sent.1, text_of(&bench.wanted))
        };
        draw((100, 103));
        let same = draw((100, 103));
        let down = draw((100, 104));
        draw((100, 119));
        let scroll = draw((101, 120));
        let scroll_again = draw((102, 121));
        draw((102, 102));
        let scroll_up = draw((101, 101));
        let page = draw((141, 145));
        assert_eq!((same.0, same.1), (0, 0));
        assert!(down.0 <= 40 && down.1 == 1);
        assert!(scroll.0 <= 150 && scroll_again.0 <= 150 && scroll_up.0 <= 150);
        assert!(page.0 * 10 <= page.2 * 12 && page.1 == 1);
    }
}

/// A list with digits beside its first rows and a line below that tells about the selected one.
fn draw_told(frame: &mut Frame, (first, selected): (usize, usize), look: &Look) {
    draw_list(frame, (first, selected), look);
    let area = frame.area();
    for (digit, y) in (1..=9).zip(2..area.height) {
        frame.buffer_mut().set_string(2, y, format!("{digit}    "), look.style(Role::Key));
    }
    for y in 11..area.height - 2 {
        frame.buffer_mut().set_string(2, y, "     ", look.style(Role::Text));
    }
}

#[test]
fn while_the_marker_moves_only_marker_and_new_rows_are_sent() {
    let look = Look::new(Wish::default(), Colours::Indexed);
    let mut bench = Bench::new(Size::new(80, 24), look);
    let held = Some(Held { top: 1, last: 22, column: 2 });
    bench.draw(None, |frame| draw_told(frame, (100, 118), &look));
    bench.painter.hold(held);
    let below = |bench: &Bench| bench.cells().split_off(22 * 80);
    let told = below(&bench);
    let down = bench.draw(None, |frame| draw_told(frame, (100, 119), &look));
    let scroll = bench.draw(None, |frame| draw_told(frame, (101, 120), &look));
    assert!(down.0 <= 20 && down.1 == 1, "{down:?}");
    assert!(scroll.0 <= 130 && scroll.1 == 1, "{scroll:?}");
    assert_eq!(below(&bench), told);
    bench.painter.hold(None);
    let rest = bench.draw(None, |frame| draw_told(frame, (101, 120), &look));
    assert!(rest.0 > 0 && bench.difference().is_none(), "{:?}", bench.difference());
}

#[test]
fn what_is_no_digit_is_drawn_in_the_column_of_the_digits() {
    let look = Look::new(Wish::default(), Colours::Indexed);
    let mut bench = Bench::new(Size::new(80, 24), look);
    bench.draw(None, |frame| draw_told(frame, (100, 118), &look));
    bench.painter.hold(Some(Held { top: 1, last: 22, column: 2 }));
    let mut heading = |y: u16| {
        bench.draw(None, |frame| {
            draw_told(frame, (100, 118), &look);
            frame.buffer_mut().set_string(0, y, "-- 今日到期 3 --", look.style(Role::Group));
        });
        assert_eq!(bench.difference(), None);
    };
    heading(4);
    heading(6);
}
