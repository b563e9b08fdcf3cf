//! Boxes that lie over a screen, and the one line of a terminal that is too small for screens.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use crate::tui::look::{Look, Role};
use crate::tui::text::{blank_edges, cut, wrap};

/// A box of at most this size in the middle of an area.
pub fn centred(area: Rect, size: Size) -> Rect {
    area.centered(Constraint::Length(size.width), Constraint::Length(size.height))
}

/// Draws an empty box with a border and a title, and gives the room inside it.
///
/// Wide characters under its edges are blanked, so that neither loses its half.
pub fn draw_box(area: Rect, buffer: &mut Buffer, title: &str, look: &Look) -> Rect {
    let area = area.intersection(buffer.area);
    blank_edges(buffer, area);
    Clear.render(area, buffer);
    let block =
        Block::bordered().border_set(look.border_set()).border_style(look.style(Role::Border));
    let inner = block.inner(area);
    block.render(area, buffer);
    let room = usize::from(area.width).saturating_sub(4);
    if !title.is_empty() && room > 0 && area.height > 0 {
        let text = format!(" {} ", cut(&look.shown(title), room.saturating_sub(2)));
        let line = Line::from(Span::styled(text, look.style(Role::Title)));
        buffer.set_line(area.x + 2, area.y, &line, area.width - 4);
    }
    inner
}

/// Draws a text from the first row on, wrapped, as far as there is room: on a terminal that is too
/// small nothing else is drawn.
pub fn draw_notice(area: Rect, buffer: &mut Buffer, text: &str, look: &Look) {
    let area = area.intersection(buffer.area);
    let text = look.shown(text);
    let lines = wrap(&text, usize::from(area.width).max(1));
    for (line, y) in lines.into_iter().zip(area.top()..area.bottom()) {
        let line = Line::from(Span::styled(line, look.style(Role::Warning)));
        buffer.set_line(area.x, y, &line, area.width);
    }
}

#[cfg(test)]
mod tests;
