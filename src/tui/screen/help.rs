//! The keys and what they do, from the command table.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::locale;
use crate::tui::command::COMMANDS;
use crate::tui::command::page::key_names;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{Choice, Panel};
use crate::tui::screen::over::{Answer, Over, Tip};
use crate::tui::text::pad_right;

/// The page of help.
#[derive(Debug, Default)]
pub struct Help {
    choice: Choice,
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Up, "find.up"),
    Tip::new(Key::Down, "find.down"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Help {
    fn name(&self) -> &'static str {
        "help"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        if matches!(key.fold(), Key::Esc | Key::Enter | Key::F(1) | Key::Char('?' | 'q')) {
            return Answer::Close;
        }
        self.choice.moved(key, COMMANDS.len());
        Answer::Stay
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let offered = COMMANDS.iter().filter(|command| command.is_offered(view.me));
        let rows = offered.map(|command| {
            let label = locale::text(view.lang, &command.label());
            let help = locale::text(view.lang, &format!("{}.help", command.label()));
            vec![
                (pad_right(&key_names(command, view.lang), 14), Role::Key),
                (pad_right(&label, 12), Role::Text),
                (help, Role::Dim),
            ]
        });
        let title = locale::text(view.lang, "cmd.help");
        let panel = Panel {
            title: &title,
            editor: None,
            rows: rows.collect(),
            choice: self.choice,
            foot: locale::text(view.lang, "help.menu"),
        };
        panel.draw(frame, area, view.look)
    }
}
