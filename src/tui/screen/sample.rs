//! Made-up replies and a terminal in memory, for the tests of screens.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use crate::api::days::Spent;
use crate::api::door::Notice;
use crate::api::reply::{AgendaGroup, AgendaView, CaseRow, DeadlineView, LineRow, Me, Reply};
use crate::api::request::Cursor;
use crate::domain::case::Stage;
use crate::domain::choice::Role;
use crate::domain::ids::{CaseId, ClerkId, OfficerId, RecordRef, Revision, Version};
use crate::domain::line::LineKind;
use crate::domain::standing::Standing;
use crate::locale::Lang;
use crate::tui::incoming::Writing;
use crate::tui::look::Look;
use crate::tui::screen::over::Over;
use crate::tui::screen::{Layouts, Screen, View};
use crate::tui::text;

/// Today in all tests of screens: a Tuesday.
pub const TODAY: &str = "2026-10-20";

/// A day.
pub fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

/// The clerk at the desk.
pub fn me() -> Me {
    Me {
        clerk: ClerkId(1),
        login: "lijuan".to_owned(),
        officer: Some((OfficerId(1), "李娟".to_owned())),
        roles: vec![Role::Clerk],
        town: "青石镇".to_owned(),
        code: "青信".to_owned(),
        today: day(TODAY),
        rest_day: false,
        trial: false,
        soon_workdays: 3,
        stands_in: Vec::new(),
        group_people: 5,
        idle_minutes: 0,
        late_backup: None,
        masked: false,
        denied: Vec::new(),
        revision: Some(Revision(1)),
    }
}

/// What screens may know while they draw.
pub struct Desk {
    /// The clerk.
    pub me: Me,
    /// The language.
    pub lang: Lang,
    /// The look.
    pub look: Look,
    /// The chosen columns.
    pub layouts: Layouts,
    /// The import that is being written.
    pub writing: Option<Writing>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            me: me(),
            lang: Lang::Zh,
            look: Look::default(),
            layouts: Layouts::new(),
            writing: None,
        }
    }
}

impl Desk {
    /// The view for a call.
    pub fn view(&self) -> View<'_> {
        let Self { me, lang, look, layouts, writing } = self;
        View { me, lang: *lang, look, layouts, writing: writing.as_ref() }
    }

    /// What is drawn between the bars of a terminal of that size, and where the cursor stands.
    pub fn frame(
        &self,
        screen: &mut dyn Screen,
        (width, height): (u16, u16),
    ) -> (Vec<String>, Option<Position>) {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let area = Rect::new(0, 1.min(height), width, height.saturating_sub(3));
        screen.resized(area);
        let mut cursor = None;
        terminal.draw(|frame| cursor = screen.draw(frame, area, &self.view())).unwrap();
        (rows(terminal.backend().buffer(), area), cursor)
    }

    /// What is drawn over a screen, as one text.
    pub fn drawn_over(&self, over: &dyn Over, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let area = Rect::new(0, 1, width, height.saturating_sub(3));
        let mut cursor = None;
        terminal.draw(|frame| cursor = over.draw(frame, area, &self.view())).unwrap();
        assert!(cursor.is_none_or(|at| area.contains(at)));
        rows(terminal.backend().buffer(), area).join("\n")
    }

    /// What is drawn with its styles: below each row of text, where any stands out, a row of letters,
    /// and below all what each letter means.
    pub fn styled(&self, screen: &mut dyn Screen, (width, height): (u16, u16)) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let area = Rect::new(0, 1, width, height.saturating_sub(3));
        screen.resized(area);
        let mut cursor = None;
        terminal.draw(|frame| cursor = screen.draw(frame, area, &self.view())).unwrap();
        assert!(cursor.is_none_or(|at| area.contains(at)));
        let buffer = terminal.backend().buffer();
        let mut legend: Vec<String> = Vec::new();
        let mut lines = Vec::new();
        for (y, row) in (area.top()..area.bottom()).zip(rows(buffer, area)) {
            let letters: String = (area.left()..area.right())
                .map(|x| {
                    let cell = &buffer[(x, y)];
                    let style = format!("{:?} on {:?} {:?}", cell.fg, cell.bg, cell.modifier);
                    if style == format!("Reset on Reset {:?}", Modifier::empty()) {
                        return ' ';
                    }
                    let at = legend.iter().position(|own| *own == style);
                    let at = at.unwrap_or_else(|| {
                        legend.push(style);
                        legend.len() - 1
                    });
                    char::from(b'a' + u8::try_from(at).unwrap())
                })
                .collect();
            lines.push(row);
            lines.extend(Some(letters.trim_end().to_owned()).filter(|row| !row.is_empty()));
        }
        for (letter, style) in ('a'..).zip(&legend) {
            lines.push(format!("{letter} {style}"));
        }
        lines.join("\n")
    }

    /// What is drawn, as one text.
    pub fn drawn(&self, screen: &mut dyn Screen, size: (u16, u16)) -> String {
        self.frame(screen, size).0.join("\n")
    }

    /// Draws in every size that a terminal may have, in both languages.
    pub fn draw_in_every_size(&mut self, screen: &mut dyn Screen) {
        for lang in [Lang::Zh, Lang::En] {
            self.lang = lang;
            for height in [0, 1, 2, 3, 4, 5, 7, 10, 16, 24, 40, 60] {
                for width in (0..12).chain([17, 39, 40, 59, 79, 80, 99, 100, 118, 120, 200]) {
                    let (lines, cursor) = self.frame(screen, (width, height));
                    assert!(lines.len() <= usize::from(height));
                    assert!(cursor.is_none_or(|at| at.x < width && at.y < height));
                }
            }
        }
    }
}

/// The rows of an area, each as wide as that.
fn rows(buffer: &Buffer, area: Rect) -> Vec<String> {
    let mut lines = Vec::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut skip = 0;
        for x in area.left()..area.right() {
            let symbol = buffer[(x, y)].symbol();
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(symbol);
            skip = text::width(symbol).saturating_sub(1);
        }
        assert_eq!(text::width(&line), usize::from(area.width), "a crooked line: {line}");
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The frame of a file of `tests/frames`; with `FRAMES=write` it is written instead, to be looked at.
pub fn assert_frame(name: &str, drawn: &str) {
    let drawn = drawn.trim_end_matches('\n');
    let path = format!("{}/tests/frames/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("FRAMES").is_some_and(|word| word == "write") {
        std::fs::write(&path, format!("{drawn}\n")).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap();
    assert_eq!(drawn, wanted.trim_end_matches('\n'), "the frame {name} has changed");
}

/// A clock of an article that ends so many days from today.
pub fn clock(rule: &str, basis: &str, days_left: i64) -> DeadlineView {
    let latest = day(TODAY) + chrono::Duration::days(days_left);
    DeadlineView {
        who: "handling_body".to_owned(),
        certainty: Some("A".to_owned()),
        name: None,
        rule: rule.to_owned(),
        basis: basis.to_owned(),
        receipt: None,
        from: Some(latest - chrono::Duration::days(15)),
        target: Some(latest),
        latest: Some(latest),
        standing: match days_left {
            ..0 => Standing::Late,
            0 => Standing::Today,
            1..4 => Standing::Soon,
            _ => Standing::Running,
        },
        provisional: false,
        days_left: Some(days_left),
        met_on: None,
        why: None,
        extended_days: 0,
        spent: Some(Spent {
            n: u32::try_from(15 - days_left).unwrap_or(0),
            length: 15,
            unit: "day".to_owned(),
        }),
    }
}

/// A case as a row.
pub fn case_row(id: u64, title: &str, next: Option<DeadlineView>) -> CaseRow {
    CaseRow {
        id: CaseId(id),
        version: Version(1),
        number: format!("青信2026-{id:04}"),
        title: title.to_owned(),
        person: Some("周小山".to_owned()),
        people: 1,
        village: Some("石桥村".to_owned()),
        stage: Stage::Handling,
        next,
        lead: Some("王建国".to_owned()),
        unit: Some("自然资源所".to_owned()),
        holder: Some("赵敏".to_owned()),
        received_on: day("2026-09-28"),
        channel: None,
        last: Some((day("2026-10-12"), "accepted".to_owned())),
        sealed: false,
        visitors: 0,
        repeat: false,
        undecided: false,
        cursor: Cursor(format!("{id:05}")),
    }
}

/// A line of a case as a row; without a clock it is a new case.
pub fn line_row(id: u64, title: &str, clock: Option<DeadlineView>) -> LineRow {
    let row = case_row(id, title, None);
    LineRow {
        record: row.id.into(),
        version: row.version,
        line: match &clock {
            Some(clock) => LineKind::parse(&clock.rule).unwrap_or(LineKind::Clock),
            None => LineKind::Fresh,
        },
        on: clock.as_ref().and_then(|clock| clock.latest).unwrap_or(row.received_on),
        clock,
        number: row.number,
        title: row.title,
        person: row.person,
        people: row.people,
        village: row.village,
        state: format!("stage.{}", row.stage.word()),
        lead: row.lead,
        unit: row.unit,
        holder: row.holder,
        last: row.last,
        sealed: row.sealed,
        case: Some(row.id),
        cursor: row.cursor,
    }
}

/// News that a record has changed.
pub fn notice(record: impl Into<RecordRef>) -> Notice {
    Notice { touched: vec![record.into()], ..Notice::default() }
}

/// A page of the agenda, its counts those of its rows.
pub fn agenda(rows: Vec<(AgendaGroup, LineRow)>) -> Reply {
    let mut counts: BTreeMap<AgendaGroup, u64> = [
        AgendaGroup::Late,
        AgendaGroup::Today,
        AgendaGroup::Soon,
        AgendaGroup::Fresh,
        AgendaGroup::Later,
    ]
    .map(|group| (group, 0))
    .into();
    for (group, _) in &rows {
        *counts.entry(*group).or_default() += 1;
    }
    let mine = u64::try_from(rows.len()).unwrap();
    Reply::Agenda(AgendaView {
        today: day(TODAY),
        counts: counts.into_iter().collect(),
        mine,
        all: 31,
        rows,
        more: false,
        cut: false,
        missing_year: None,
        late_backup: None,
        head: None,
    })
}
