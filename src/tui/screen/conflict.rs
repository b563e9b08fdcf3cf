//! A conflict: somebody changed the same field since it was seen. Both values stand beside each other
//! with who and when; for each field one takes theirs, one's own, or goes on typing.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use serde_json::Value;

use crate::api::refusal::{Clash, Refusal};
use crate::api::reply::Reply;
use crate::api::request::Request;
use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::form::Fields;
use crate::domain::ids::{Kind, Version};
use crate::domain::schema;
use crate::locale::{self, Lang};
use crate::tui::app::talk::field_label;
use crate::tui::key::Key;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::list::{Choice, Panel, Pieces};
use crate::tui::screen::over::{Answer, Over, Pick, Settled, Tip};
use crate::tui::text::{cut, pad_right};

/// The ways out of a clash, in the order of their digits.
const PICKS: [Pick; 3] = [Pick::Theirs, Pick::Mine, Pick::Edit];
/// The columns of a value.
const VALUE: usize = 26;

/// The clashes of one refusal.
pub struct Conflict {
    act: Act,
    clashes: Vec<Clash>,
    /// What this clerk wrote, by field.
    mine: Fields,
    now: Option<Version>,
    picks: Vec<Option<Pick>>,
    choice: Choice,
    officers: BTreeMap<u64, String>,
    units: BTreeMap<u64, String>,
}

impl Conflict {
    /// The clashes of a refusal of an act, with what was written.
    pub fn new(act: Act, refusal: &Refusal, mine: Fields) -> Self {
        Self {
            act,
            clashes: refusal.clashes.clone(),
            mine,
            now: refusal.now,
            picks: vec![None; refusal.clashes.len()],
            choice: Choice::default(),
            officers: BTreeMap::new(),
            units: BTreeMap::new(),
        }
    }

    fn kind(&self, field: &str) -> Option<FieldKind> {
        let found = schema::form(self.act).iter().find(|row| row.name() == field);
        found.map(|row| row.kind)
    }

    fn name(&self, kind: Kind, id: u64) -> String {
        let names = if kind == Kind::Unit { &self.units } else { &self.officers };
        names.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// A value as a form takes it: names for numbers.
    fn text(&self, field: &str, value: &Value) -> String {
        match (self.kind(field), value.as_u64(), value) {
            (Some(FieldKind::Link(kind)), Some(id), _) => self.name(kind, id),
            (Some(kind), ..) => kind.format(value),
            (None, _, Value::String(text)) => text.clone(),
            (None, ..) if value.is_null() => String::new(),
            (None, ..) => value.to_string(),
        }
    }

    /// A text as a person reads it.
    fn shown(&self, field: &str, text: &str, lang: Lang) -> String {
        match self.kind(field) {
            _ if text.is_empty() => locale::text(lang, "conflict.empty"),
            Some(FieldKind::OneOf(choice)) => {
                locale::text(lang, &format!("choice.{}.{text}", choice.key))
            }
            Some(FieldKind::Link(kind)) => {
                text.parse().map_or_else(|_| text.to_owned(), |id| self.name(kind, id))
            }
            _ => text.replace('\n', " "),
        }
    }

    /// Takes a way out of the clash at that place; with the last one everything is settled.
    fn pick(&mut self, at: usize, pick: Pick) -> Answer {
        if let Some(own) = self.picks.get_mut(at) {
            *own = Some(pick);
        }
        match self.picks.iter().position(Option::is_none) {
            Some(open) => {
                self.choice.at = open * PICKS.len();
                Answer::Stay
            }
            None => {
                let clashes = self.clashes.iter().zip(&self.picks);
                let settled = clashes.map(|(clash, pick)| Settled {
                    field: clash.field.clone(),
                    pick: pick.unwrap_or(Pick::Edit),
                    theirs: self.text(&clash.field, &clash.theirs),
                });
                Answer::Settle(settled.collect(), self.now)
            }
        }
    }

    fn rows(&self, view: &View<'_>) -> Vec<Pieces> {
        let mut rows = Vec::new();
        for (clash, chosen) in self.clashes.iter().zip(&self.picks) {
            let theirs = self.text(&clash.field, &clash.theirs);
            let mine = self.mine.get(&clash.field).map_or("", String::as_str);
            // Of the year nobody is in doubt, and 80 columns hold who and when.
            let when = clash.when.get(5..16).unwrap_or(&clash.when).replace('T', " ");
            for (digit, pick) in PICKS.iter().enumerate() {
                let sign = if *chosen == Some(*pick) { "*" } else { " " };
                let label = locale::text(view.lang, &format!("conflict.{}", pick.word()));
                let value = match pick {
                    Pick::Theirs => self.shown(&clash.field, &theirs, view.lang),
                    Pick::Mine if self.mine.contains_key(&clash.field) => {
                        self.shown(&clash.field, mine, view.lang)
                    }
                    Pick::Mine => locale::text(view.lang, "conflict.go_on"),
                    Pick::Edit => String::new(),
                };
                let field = match pick {
                    Pick::Theirs => field_label(view.lang, &self.key(&clash.field)),
                    Pick::Mine | Pick::Edit => String::new(),
                };
                let beside = match pick {
                    Pick::Theirs => format!("{} {when}", clash.who),
                    Pick::Mine | Pick::Edit => String::new(),
                };
                rows.push(vec![
                    (pad_right(&cut(&field, 12), 13), Role::Title),
                    (format!("{}{sign}", digit + 1), Role::Key),
                    (pad_right(&label, 9), Role::Text),
                    (pad_right(&cut(&value, VALUE), VALUE + 1), Role::Input),
                    (beside, Role::Dim),
                ]);
            }
        }
        rows
    }

    /// The whole key of a field, for its label.
    fn key(&self, field: &str) -> String {
        let found = schema::form(self.act).iter().find(|row| row.name() == field);
        found.map_or_else(|| field.to_owned(), |row| row.key.to_owned())
    }
}

const TIPS: &[Tip] = &[
    Tip::new(Key::Char('1'), "conflict.theirs"),
    Tip::new(Key::Char('2'), "conflict.mine"),
    Tip::new(Key::Char('3'), "conflict.edit"),
    Tip::new(Key::Esc, "find.close"),
];

impl Over for Conflict {
    fn name(&self) -> &'static str {
        "conflict"
    }

    fn tips(&self) -> &'static [Tip] {
        TIPS
    }

    fn wants(&self) -> Vec<Request> {
        vec![Request::Officers, Request::Units]
    }

    fn got(&mut self, _: usize, reply: Reply, _: &View<'_>) {
        match reply {
            Reply::Officers(rows) => {
                self.officers = rows.into_iter().map(|row| (row.id.0, row.name)).collect();
            }
            Reply::Units(rows) => {
                self.units = rows.into_iter().map(|row| (row.id.0, row.name)).collect();
            }
            _ => {}
        }
    }

    fn typed(&mut self, key: Key, _: &View<'_>) -> Answer {
        let (at, place) = (self.choice.at / PICKS.len(), self.choice.at % PICKS.len());
        match key.fold() {
            Key::Esc => Answer::Close,
            Key::Enter => PICKS.get(place).map_or(Answer::Stay, |pick| self.pick(at, *pick)),
            Key::Char(digit @ '1'..='3') => {
                let pick = PICKS.get(digit as usize - '1' as usize);
                pick.map_or(Answer::Stay, |pick| self.pick(at, *pick))
            }
            key => {
                self.choice.moved(key, self.clashes.len() * PICKS.len());
                Answer::Stay
            }
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: &View<'_>) -> Option<Position> {
        let title = locale::text(view.lang, "conflict.title");
        let foot = locale::text(view.lang, "conflict.foot");
        let rows = self.rows(view);
        let panel = Panel { title: &title, editor: None, rows, choice: self.choice, foot };
        panel.draw(frame, area, view.look)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Conflict;
    use crate::api::refusal::{Clash, Refusal, RefusalKind};
    use crate::api::reply::{Reply, UnitRow};
    use crate::domain::act::Act;
    use crate::domain::choice::UnitKind;
    use crate::domain::form::Fields;
    use crate::domain::ids::{UnitId, Version};
    use crate::locale::Lang;
    use crate::tui::key::Key;
    use crate::tui::screen::over::{Answer, Over, Pick};
    use crate::tui::screen::sample::{Desk, assert_frame};

    fn clash(field: &str, theirs: serde_json::Value) -> Clash {
        let (who, when) = ("zhaomin".to_owned(), "2026-10-20T09:31:07+08:00".to_owned());
        Clash { field: field.to_owned(), theirs, who, when }
    }

    /// Two clerks changed telephone and department of one village.
    fn conflict(desk: &Desk) -> Conflict {
        let clashes = vec![clash("phone", json!("05001111")), clash("looked_after_by", json!(2))];
        let refused = Refusal::new(RefusalKind::Conflict, "conflict");
        let refusal = Refusal { clashes, now: Some(Version(4)), ..refused };
        let mine = [("phone", "05002222"), ("looked_after_by", "3"), ("head", "Sun Li")];
        let mine = mine.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let mut conflict = Conflict::new(Act::EditUnit, &refusal, Fields::from(mine));
        let unit = |id, name: &str| UnitRow {
            id: UnitId(id),
            version: Version(1),
            name: name.to_owned(),
            kind: UnitKind::Station,
            head: None,
            exists: true,
            values: Vec::new(),
        };
        let units = vec![unit(2, "自然资源所"), unit(3, "司法所")];
        conflict.got(1, Reply::Units(units), &desk.view());
        conflict
    }

    #[test]
    fn both_values_stand_beside_each_other_with_who_and_when() {
        let desk = Desk::default();
        let mut over = conflict(&desk);
        assert_frame("conflict-80x24", &desk.drawn_over(&over, (80, 24)));
        assert_frame("conflict-120x40", &desk.drawn_over(&over, (120, 40)));
        let english = Desk { lang: Lang::En, ..Desk::default() };
        assert_frame("conflict-en-80x24", &english.drawn_over(&over, (80, 24)));
        assert!(matches!(over.typed(Key::Char('1'), &desk.view()), Answer::Stay));
        assert_frame("conflict-half-80x24", &desk.drawn_over(&over, (80, 24)));
        let Answer::Settle(settled, now) = over.typed(Key::Char('2'), &desk.view()) else {
            panic!("the second pick settles it")
        };
        assert_eq!(now, Some(Version(4)));
        let picks: Vec<_> = settled.iter().map(|one| (one.field.as_str(), one.pick)).collect();
        assert_eq!(picks, [("phone", Pick::Theirs), ("looked_after_by", Pick::Mine)]);
    }
}
