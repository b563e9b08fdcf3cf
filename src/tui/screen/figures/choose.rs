//! The menu of a count on demand: its days, its rows and columns, what is counted, and what is done
//! with it. Digits choose; only days of one's own are typed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::domain::cut::{Cut, Dimension, Measure, Timeframe, Whole};
use crate::domain::text::Lines;
use crate::locale;
use crate::tui::command;
use crate::tui::cut;
use crate::tui::key::Key;
use crate::tui::listen::Pasted;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::arrange::Arrange;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::numbered::{Numbered, Shown, Took};
use crate::tui::screen::over::{Answer, CHOOSING, Over, Rows, Tip};
use crate::tui::text::pad_right;
use crate::tui::widget::input::Editor;

/// The most characters of days that are typed.
const DAYS_MAX: usize = 30;
/// What is done with a count, behind what it is made of.
const MORE: [&str; 3] = ["give_figure", "save_view", "print"];

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Which part of the count is to be another.
    Top,
    /// Its days.
    Days,
    /// Days of one's own.
    Typed,
    /// Its rows.
    Rows,
    /// Its columns.
    Columns,
    /// What is counted.
    Measure,
}

/// The parts of a count, in the order of the menu.
const PARTS: [Level; 4] = [Level::Days, Level::Rows, Level::Columns, Level::Measure];

impl Level {
    /// The key of its name.
    const fn key(self) -> &'static str {
        match self {
            Self::Top => "cut.choose",
            Self::Days | Self::Typed => "cut.choose.days",
            Self::Rows => "cut.choose.rows",
            Self::Columns => "cut.choose.columns",
            Self::Measure => "cut.choose.measure",
        }
    }
}

/// The menu.
pub struct Choose {
    cut: Cut,
    level: Level,
    numbered: Numbered,
    editor: Editor,
    /// Whether what was typed are no days.
    is_wrong: bool,
}

impl Choose {
    /// The menu of a count.
    pub fn new(cut: Cut, level: Level) -> Self {
        let editor = Editor::new(Lines::One, DAYS_MAX);
        let mut choose =
            Self { cut, level, numbered: Numbered::default(), editor, is_wrong: false };
        choose.enter(level);
        choose
    }

    /// Goes to a part, to the row that is chosen there now.
    fn enter(&mut self, level: Level) {
        let (at, cut) = (self.numbered.choice.at, self.cut);
        self.level = level;
        self.numbered.choice.at = match level {
            Level::Top => at,
            Level::Days | Level::Typed => match cut.days {
                Timeframe::Whole(whole, _) => {
                    Whole::ALL.iter().position(|own| *own == whole).unwrap_or(0)
                }
                Timeframe::Between(_) => Whole::ALL.len(),
            },
            Level::Rows => Dimension::ALL.iter().position(|own| *own == cut.rows).unwrap_or(0),
            Level::Columns => {
                self.columns().iter().position(|own| *own == cut.columns).unwrap_or(0)
            }
            Level::Measure => Measure::ALL.iter().position(|own| *own == cut.measure).unwrap_or(0),
        };
    }

    /// What may stand in columns: nothing, or anything but what stands in rows.
    fn columns(&self) -> Vec<Option<Dimension>> {
        let others = Dimension::ALL.iter().copied().filter(|own| *own != self.cut.rows);
        std::iter::once(None).chain(others.map(Some)).collect()
    }

    fn n_rows(&self) -> usize {
        match self.level {
            Level::Top => PARTS.len() + MORE.len(),
            Level::Days => Whole::ALL.len() + 1,
            Level::Typed => 0,
            Level::Rows => Dimension::ALL.len(),
            Level::Columns => self.columns().len(),
            Level::Measure => Measure::ALL.len(),
        }
    }

    fn choose(&mut self, at: usize) -> Answer {
        let mut cut = self.cut;
        match self.level {
            Level::Top => return self.go(at),
            Level::Days => match Whole::ALL.get(at) {
                Some(whole) => cut.days = Timeframe::Whole(*whole, None),
                None => {
                    self.level = Level::Typed;
                    return Answer::Stay;
                }
            },
            Level::Typed => match Timeframe::parse(self.editor.text()) {
                Ok(days) => cut.days = days,
                Err(_) => {
                    self.is_wrong = true;
                    return Answer::Stay;
                }
            },
            Level::Rows => {
                cut.rows = Dimension::ALL.get(at).copied().unwrap_or(cut.rows);
                cut.columns = cut.columns.filter(|own| *own != cut.rows);
            }
            Level::Columns => cut.columns = self.columns().get(at).copied().unwrap_or(cut.columns),
            Level::Measure => cut.measure = Measure::ALL.get(at).copied().unwrap_or(cut.measure),
        }
        Answer::Arrange(Box::new(Arrange::Count(cut)))
    }

    /// To a part of the count, or to what is done with it.
    fn go(&mut self, at: usize) -> Answer {
        if let Some(level) = PARTS.get(at) {
            self.enter(*level);
            return Answer::Stay;
        }
        let word = at.checked_sub(PARTS.len()).and_then(|at| MORE.get(at));
        let command = word.and_then(|word| command::find(word));
        command.map_or(Answer::Stay, Answer::Run)
    }

    /// Back from a part to all of them, with that part chosen; from all of them to the count.
    fn back(&mut self) -> Answer {
        if self.level == Level::Top {
            return Answer::Close;
        }
        let level = if self.level == Level::Typed { Level::Days } else { self.level };
        self.level = Level::Top;
        self.numbered.choice.at = PARTS.iter().position(|own| *own == level).unwrap_or(0);
        self.is_wrong = false;
        Answer::Stay
    }

    fn rows_of(&self, view: &View<'_>) -> Vec<Pieces> {
        let lang = view.lang;
        let dimension = |own: Option<Dimension>| match own {
            Some(own) => cut::dimension_text(lang, own),
            None => locale::text(lang, "cut.choose.none"),
        };
        let texts: Vec<String> = match self.level {
            Level::Top => {
                let part = |level: &Level| {
                    let value = match level {
                        Level::Rows => dimension(Some(self.cut.rows)),
                        Level::Columns => dimension(self.cut.columns),
                        Level::Measure => cut::measure_text(lang, self.cut.measure),
                        Level::Top | Level::Days | Level::Typed => {
                            cut::days_text(lang, self.cut.days, None)
                        }
                    };
                    format!("{}{value}", pad_right(&locale::text(lang, level.key()), 12))
                };
                let more = MORE.iter().map(|word| locale::text(lang, &format!("cmd.{word}")));
                PARTS.iter().map(part).chain(more).collect()
            }
            Level::Days => {
                let whole =
                    |own: &Whole| locale::text(lang, &format!("choice.whole.{}", own.word()));
                let typed = locale::text(lang, "cut.choose.typed");
                Whole::ALL.iter().map(whole).chain([typed]).collect()
            }
            Level::Typed => Vec::new(),
            Level::Rows => Dimension::ALL.iter().map(|own| dimension(Some(*own))).collect(),
            Level::Columns => self.columns().into_iter().map(dimension).collect(),
            Level::Measure => {
                Measure::ALL.iter().map(|own| cut::measure_text(lang, *own)).collect()
            }
        };
        texts.into_iter().map(|text| vec![(text, Role::Text)]).collect()
    }
}

impl Over for Choose {
    fn name(&self) -> &'static str {
        "choose_count"
    }

    fn tips(&self) -> &'static [Tip] {
        CHOOSING
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        if self.level == Level::Typed {
            return match key.fold() {
                Key::Esc => self.back(),
                Key::Enter => self.choose(0),
                _ => {
                    self.editor.take(key);
                    self.is_wrong = false;
                    Answer::Stay
                }
            };
        }
        match self.numbered.take(key, self.n_rows()) {
            Took::Close => self.back(),
            Took::Chose(at) => self.choose(at),
            Took::Moved | Took::Other(_) => Answer::Stay,
        }
    }

    fn pasted(&mut self, pasted: &Pasted, _: &View<'_>) -> Answer {
        if self.level == Level::Typed {
            self.editor.paste(pasted);
        }
        Answer::Stay
    }

    fn rows(&mut self) -> Option<Rows<'_>> {
        let n_rows = self.n_rows();
        (self.level != Level::Typed).then_some(Rows::Numbered(n_rows, &mut self.numbered))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let title = locale::text(view.lang, self.level.key());
        if self.level == Level::Typed {
            let key = if self.is_wrong { "broken.no_such_days" } else { "cut.choose.how" };
            let args = [("text", self.editor.text().to_owned())];
            let foot = locale::fill(view.lang, key, &args);
            let (rows, choice) = (Vec::new(), Choice::default());
            let panel = Panel { title: &title, editor: Some(&self.editor), rows, choice, foot };
            return panel.draw(frame, area, view.look);
        }
        let rows = self.rows_of(view);
        let foot = locale::text(view.lang, "cut.choose.foot");
        self.numbered.draw((frame, area), Shown { title: &title, rows: &rows, foot }, view);
        None
    }
}
