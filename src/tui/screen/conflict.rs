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
use crate::tui::text::{ELLIPSIS, cut, glyphs, head, pad_right, wrap};

/// The ways out of a clash, in the order of their digits.
const PICKS: [Pick; 3] = [Pick::Theirs, Pick::Mine, Pick::Edit];
/// The columns before a value: the field, the digit and what it picks.
const FIELD: usize = 13;
const DIGIT: usize = 2;
const LABEL: usize = 9;
/// The columns behind it, for who and when.
const BESIDE: usize = 21;
/// The most lines of a value; of a longer one those are shown where the two differ.
const LINES_MAX: usize = 3;
/// The glyphs that both have in common and that stand before their first difference.
const ALIKE: usize = 4;

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
            _ => text.replace('\n', " / "),
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

    /// The rows of all clashes, and in which of them the chosen way out begins.
    fn rows(&self, view: &View<'_>, columns: usize) -> (Vec<Pieces>, usize) {
        let (mut rows, mut chosen_at) = (Vec::new(), 0);
        let columns = columns.saturating_sub(FIELD + DIGIT + LABEL + BESIDE + 1);
        for (at, clash) in self.clashes.iter().enumerate() {
            let values = self.values(clash, (view, columns));
            for (digit, (pick, lines)) in PICKS.iter().zip(values).enumerate() {
                if at * PICKS.len() + digit == self.choice.at {
                    chosen_at = rows.len();
                }
                for (n_line, line) in lines.iter().enumerate() {
                    let mut row = match n_line {
                        0 => self.before((at, *pick), view),
                        _ => vec![(" ".repeat(FIELD + DIGIT + LABEL), Role::Text)],
                    };
                    row.push((pad_right(line, columns + 1), Role::Input));
                    if n_line == 0 && *pick == Pick::Theirs {
                        // Of the year nobody is in doubt, and 80 columns hold who and when.
                        let when = clash.when.get(5..16).unwrap_or(&clash.when).replace('T', " ");
                        row.push((format!("{} {when}", clash.who), Role::Dim));
                    }
                    rows.push(row);
                }
            }
        }
        (rows, chosen_at)
    }

    /// What stands before the value of a way out of the clash at that place.
    fn before(&self, (at, pick): (usize, Pick), view: &View<'_>) -> Pieces {
        let field = self.clashes.get(at).filter(|_| pick == Pick::Theirs);
        let field = field.map(|clash| field_label(view.lang, &self.key(&clash.field)));
        let is_chosen = self.picks.get(at).is_some_and(|chosen| *chosen == Some(pick));
        let digit = PICKS.iter().position(|one| *one == pick).unwrap_or_default() + 1;
        let label = locale::text(view.lang, &format!("conflict.{}", pick.word()));
        vec![
            (pad_right(&cut(&field.unwrap_or_default(), FIELD - 1), FIELD), Role::Title),
            (format!("{digit}{}", if is_chosen { "*" } else { " " }), Role::Key),
            (pad_right(&label, LABEL), Role::Text),
        ]
    }

    /// The lines of what each way out leads to.
    fn values(&self, clash: &Clash, (view, columns): (&View<'_>, usize)) -> [Vec<String>; 3] {
        let theirs = self.text(&clash.field, &clash.theirs);
        let theirs = self.shown(&clash.field, &theirs, view.lang);
        let Some(mine) = self.mine.get(&clash.field) else {
            let go_on = locale::text(view.lang, "conflict.go_on");
            let [theirs, _] = told([&theirs, ""], columns);
            return [theirs, vec![go_on], vec![String::new()]];
        };
        let mine = self.shown(&clash.field, mine, view.lang);
        let [theirs, mine] = told([&theirs, &mine], columns);
        [theirs, mine, vec![String::new()]]
    }

    /// The whole key of a field, for its label.
    fn key(&self, field: &str) -> String {
        let found = schema::form(self.act).iter().find(|row| row.name() == field);
        found.map_or_else(|| field.to_owned(), |row| row.key.to_owned())
    }
}

/// The lines of two values that differ: both whole where they have room, else both from shortly
/// before their first difference, so that they never look alike.
fn told(values: [&str; 2], columns: usize) -> [Vec<String>; 2] {
    let owned = |text: &str| wrap(text, columns).into_iter().map(str::to_owned).collect();
    let whole: [Vec<String>; 2] = values.map(owned);
    if whole.iter().all(|lines| lines.len() <= LINES_MAX) {
        return whole;
    }
    let [one, other] = values;
    let n_alike = glyphs(one).zip(glyphs(other)).take_while(|(a, b)| a.text == b.text).count();
    let n_cut = n_alike.saturating_sub(ALIKE);
    values.map(|text| {
        let from = glyphs(text).nth(n_cut).map_or(text.len(), |glyph| glyph.at);
        let rest = text.get(from..).unwrap_or_default();
        let text = if n_cut > 0 { format!("{ELLIPSIS}{rest}") } else { rest.to_owned() };
        let mut lines: Vec<String> = owned(&text);
        if lines.len() > LINES_MAX {
            lines.truncate(LINES_MAX);
            if let Some(last) = lines.last_mut() {
                let room = columns.saturating_sub(ELLIPSIS.len());
                *last = format!("{}{ELLIPSIS}", head(last, room));
            }
        }
        lines
    })
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
        let (rows, at) = self.rows(view, Panel::columns(area));
        let panel = Panel { title: &title, editor: None, rows, choice: Choice { at }, foot };
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

    const LONG: &str = "李家庄水渠损坏无人修，去年汛期已经冲垮过一次，村里先后三次报到镇里，水利站\
        派人看过两回，说等资金，一直没有下文，现在下游四十亩地浇不上水";

    /// The rows of a picture between `from` and the row that begins with `to`.
    fn part<'p>(picture: &'p str, from: &str, to: &str) -> &'p str {
        let begun = picture.find(from).expect("it is drawn");
        let rest = &picture[begun..];
        &rest[..rest.find(to).expect("it is drawn too")]
    }

    #[test]
    fn two_long_values_of_one_beginning_never_look_alike() {
        let refused = Refusal::new(RefusalKind::Conflict, "conflict");
        for shared in [LONG.to_owned(), LONG.repeat(3), "李家庄水渠损坏无人修，".to_owned()]
        {
            let theirs = clash("request", json!(format!("{shared}，甲补充")));
            let refusal =
                Refusal { clashes: vec![theirs], now: Some(Version(4)), ..refused.clone() };
            let mine = [("request".to_owned(), format!("{shared}，乙补充"))];
            let over = Conflict::new(Act::EditCase, &refusal, Fields::from(mine));
            let desk = Desk::default();
            if shared == LONG {
                assert_frame("conflict-long-80x24", &desk.drawn_over(&over, (80, 24)));
            }
            for size in [(80, 24), (120, 40), (200, 50)] {
                let drawn = desk.drawn_over(&over, size);
                let theirs = part(&drawn, "他人的", "我的");
                let mine = part(&drawn, "我的", "再改");
                assert!(theirs.contains('甲') && !theirs.contains('乙'), "{drawn}");
                assert!(mine.contains('乙') && !mine.contains('甲'), "{drawn}");
            }
        }
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
