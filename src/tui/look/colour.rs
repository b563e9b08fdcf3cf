//! Colours that a terminal has: any colour becomes the nearest that may be sent.

use ratatui::style::Color;

use crate::tui::look::Colours;

/// The usual values of the sixteen colours (xterm's), by index.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The six levels of xterm's colour cube, which begins at 16 and ends before the greys at 232.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest colour that may be sent: `None` is the terminal's own, else an index below 16 or,
/// with 256 colours, any index.
pub fn fit(color: Color, colours: Colours) -> Option<u8> {
    if colours == Colours::None {
        return None;
    }
    let index = match color {
        Color::Reset => return None,
        Color::Indexed(index) => index,
        Color::Rgb(red, green, blue) => nearest((red, green, blue), 16..=255),
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    match colours {
        Colours::Sixteen if index >= 16 => Some(nearest(value(index), 0..=15)),
        Colours::None | Colours::Sixteen | Colours::Indexed => Some(index),
    }
}

fn nearest(wanted: (u8, u8, u8), indexes: impl Iterator<Item = u8>) -> u8 {
    indexes.min_by_key(|index| distance(value(*index), wanted)).unwrap_or_default()
}

fn value(index: u8) -> (u8, u8, u8) {
    if let Some(value) = SIXTEEN.get(usize::from(index)) {
        return *value;
    }
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return (grey, grey, grey);
    }
    let level = |number: u8| LEVELS.get(usize::from(number % 6)).copied().unwrap_or_default();
    let number = index - 16;
    (level(number / 36), level(number / 6), level(number))
}

fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    square(one.0, other.0) + square(one.1, other.1) + square(one.2, other.2)
}
