//! The least program of its kind, against which the start of `anjie` is measured: one line of text
//! drawn by ratatui. With a ledger's file as argument it opens the file first, as the store does,
//! every page checked.
//!
//! `cargo bench` starts it too, without a terminal; then there is nothing to do.

use std::error::Error;
use std::io::{IsTerminal, stdout};

use crossterm::event::{self, Event, KeyCode};
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;
use redb::{Builder, ConcurrencyMode};

const CACHE_BYTES: usize = 4 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    if !stdout().is_terminal() {
        return Ok(());
    }
    let file = std::env::args_os().nth(1).filter(|arg| !arg.as_encoded_bytes().starts_with(b"--"));
    let ledger = match file {
        Some(file) => Some(
            Builder::new()
                .set_concurrency_mode(ConcurrencyMode::ExclusiveWriter)
                .set_check_integrity_on_open(true)
                .set_cache_size(CACHE_BYTES)
                .open(file)?,
        ),
        None => None,
    };
    let mut terminal = ratatui::init();
    loop {
        terminal.draw(|frame| {
            let line = Rect::new(0, 0, frame.area().width, 1);
            frame.render_widget(Paragraph::new("hello ratatui"), line);
        })?;
        if let Event::Key(key) = event::read()?
            && key.code == KeyCode::Char('q')
        {
            break;
        }
    }
    ratatui::restore();
    drop(ledger);
    Ok(())
}
