//! The picture of a form: labels, boxes, what is wrong, what fits.

use ratatui::Frame;
use ratatui::layout::{Margin, Position, Rect};

use crate::domain::act::Act;
use crate::domain::choice::Choice;
use crate::domain::field::FieldKind;
use crate::domain::schema::Need;
use crate::locale::{self, Lang};
use crate::tui::command::SEND_OUT;
use crate::tui::look::Role;
use crate::tui::screen::View;
use crate::tui::screen::form::{Form, Slot, like};
use crate::tui::screen::list::draw_pieces;
use crate::tui::text::{cut, pad_right, width};
use crate::tui::widget::frame::draw_box;

/// The least columns of labels, and the most percent of a form that they take.
const LABELS: (u16, u16) = (14, 40);

/// Draws a form in an area; gives the place of the cursor.
pub fn draw(
    form: &Form,
    frame: &mut Frame<'_>,
    (area, view): (Rect, &View<'_>),
) -> Option<Position> {
    let (area, likes) = like::room(form, area).unwrap_or((area, Rect::default()));
    if likes.height > 0 {
        like::draw(form, frame.buffer_mut(), likes, view);
    }
    let title = title(form, view.lang);
    let inner = draw_box(area, frame.buffer_mut(), title.trim_end(), view.look);
    if inner.height < 2 || inner.width <= LABELS.0 + 2 {
        return None;
    }
    let n_label = label_columns(form, inner, view);
    let mut cursor = None;
    for (at, row) in layout(form, inner) {
        let Some(slot) = form.slots.get(at) else { continue };
        let at_cursor = form.draw_slot(frame, (row, n_label), (slot, at == form.focus), view);
        cursor = cursor.or(at_cursor.filter(|_| at == form.focus));
    }
    let foot = Rect::new(inner.x, inner.bottom() - 1, inner.width, 1);
    let hint = locale::text(view.lang, "form.hint");
    draw_pieces(frame.buffer_mut(), foot, std::iter::once((hint, Role::Dim)), view.look);
    cursor
}

/// What is done, and on what.
fn title(form: &Form, lang: Lang) -> String {
    let label = locale::text(lang, &form.command.label());
    if form.command.word == SEND_OUT {
        return format!("{label} {}", sent_to(form, lang));
    }
    // What is selected and is no record, such as an indicator, is what the form is about too.
    let on = form.command.act.and_then(Act::on);
    let is_about = on.is_some();
    let is_around = on.is_some_and(|kind| form.selection.is_around(kind));
    let name = match &form.selection {
        selection if is_around && !selection.around_name.is_empty() => &selection.around_name,
        selection if is_about || selection.record.is_none() => &selection.name,
        _ => "",
    };
    format!("{label} {name}")
}

/// Which forms go out: the duty and its period, and the village or how many there are.
fn sent_to(form: &Form, lang: Lang) -> String {
    let given = |wanted: &str| {
        let own = form.selection.given.iter().find(|(name, _)| name == wanted);
        own.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let args = ["forms", "period", "of_village", "owing"].map(|name| (name, given(name)));
    let is_one = args.iter().any(|(name, text)| *name == "of_village" && !text.is_empty());
    let key = if is_one { "village.sends.one" } else { "village.sends.all" };
    locale::fill(lang, key, &args)
}

/// The columns of the labels of a form: so many that the widest is read whole, within reason.
fn label_columns(form: &Form, inner: Rect, view: &View<'_>) -> u16 {
    let widest = form.slots.iter().map(|slot| width(&label(slot, view.lang))).max().unwrap_or(0);
    let wanted = u16::try_from(widest + usize::from(SIGNS) + 1).unwrap_or(u16::MAX);
    let most = inner.width * LABELS.1 / 100;
    wanted.min(most).max(LABELS.0)
}

/// The columns before a label: the marker, and the sign of what must be filled.
const SIGNS: u16 = 2;

fn label(slot: &Slot, lang: Lang) -> String {
    locale::text(lang, &format!("field.{}", slot.field.key))
}

/// Where the fields stand that are seen, each by its place, so that the focused one is seen whole.
fn layout(form: &Form, inner: Rect) -> Vec<(usize, Rect)> {
    let slots = form.slots.iter().take(form.n_seen()).enumerate();
    let rows: Vec<u16> = slots.map(|(at, slot)| slot.rows(at == form.focus)).collect();
    let height = inner.height.saturating_sub(1);
    let mut first = form.focus;
    let mut used = rows.get(first).copied().unwrap_or(1);
    while first > 0 {
        let before = rows.get(first - 1).copied().unwrap_or(1);
        if used + before > height {
            break;
        }
        used += before;
        first -= 1;
    }
    let mut y = inner.y;
    let mut places = Vec::new();
    for (at, n_rows) in rows.into_iter().enumerate().skip(first) {
        let n_rows = n_rows.min((inner.y + height).saturating_sub(y));
        if n_rows == 0 {
            break;
        }
        places.push((at, Rect::new(inner.x, y, inner.width, n_rows)));
        y += n_rows;
    }
    places
}

/// The field that was clicked on, and of a closed list the word, counted from 1.
pub fn field_at(
    form: &Form,
    (area, at): (Rect, Position),
    view: &View<'_>,
) -> Option<(usize, Option<usize>)> {
    let (area, _) = like::room(form, area).unwrap_or((area, Rect::default()));
    let inner = area.inner(Margin::new(1, 1));
    let (place, row) = layout(form, inner).into_iter().find(|(_, row)| row.contains(at))?;
    let slot = form.slots.get(place)?;
    let words = match slot.field.kind {
        FieldKind::OneOf(choice) => words(slot, choice, view.lang),
        FieldKind::SomeOf(choice) => several(slot, choice, view.lang),
        _ => Vec::new(),
    };
    let mut x = row.x + label_columns(form, inner, view);
    // The words stand in the first line; below it is what is wrong.
    let word = words.iter().filter(|_| at.y == row.y).position(|(text, _)| {
        let from = x;
        x += u16::try_from(width(&view.look.shown(text))).unwrap_or(0);
        (from..x).contains(&at.x)
    });
    Some((place, word.map(|word| word + 1)))
}

/// A word behind its digit, apart from it if it begins with digits itself.
fn numbered(at: usize, label: &str) -> String {
    let is_number = label.starts_with(|char: char| char.is_ascii_digit());
    format!("{}{}{label}", at + 1, if is_number { ":" } else { "" })
}

/// The words of a list of which one may be chosen, the chosen one in brackets.
fn words(slot: &Slot, choice: Choice, lang: Lang) -> Vec<(String, Role)> {
    let words = choice.words.iter().enumerate().map(|(at, word)| {
        let label = locale::text(lang, &format!("choice.{}.{word}", choice.key));
        let is_set = *word == slot.editor.text();
        let numbered = numbered(at, &label);
        let text = if is_set { format!("[{numbered}]") } else { format!(" {numbered} ") };
        (text, if is_set { Role::Title } else { Role::Dim })
    });
    words.collect()
}

/// The words of a list of which several may be chosen; a star stands before those that are.
fn several(slot: &Slot, choice: Choice, lang: Lang) -> Vec<(String, Role)> {
    let words = choice.words.iter().enumerate().map(|(at, word)| {
        let label = locale::text(lang, &format!("choice.{}.{word}", choice.key));
        let is_set = slot.editor.text().split(' ').any(|own| own == *word);
        let sign = if is_set { "*" } else { " " };
        let role = if is_set { Role::Title } else { Role::Dim };
        (format!("{}{sign}{label} ", at + 1), role)
    });
    words.collect()
}

impl Form {
    fn draw_slot(
        &self,
        frame: &mut Frame<'_>,
        (row, n_label): (Rect, u16),
        (slot, has_focus): (&Slot, bool),
        view: &View<'_>,
    ) -> Option<Position> {
        let buffer = frame.buffer_mut();
        let label = label(slot, view.lang);
        let sign = if slot.field.need == Need::Required { "*" } else { " " };
        let marker = if has_focus { ">" } else { " " };
        let room = usize::from(n_label - SIGNS - 1);
        let pieces = [
            (marker.to_owned(), Role::Marker),
            (sign.to_owned(), Role::Warning),
            (pad_right(&cut(&label, room), room), if has_focus { Role::Title } else { Role::Text }),
        ];
        let head = Rect { height: 1, ..row };
        draw_pieces(buffer, head, pieces.into_iter(), view.look);
        let n_wrong = u16::from(slot.wrong.is_some());
        let box_rows = row.height.saturating_sub(n_wrong).max(1);
        let input = Rect::new(row.x + n_label, row.y, row.width - n_label, box_rows);
        let cursor = match slot.field.kind {
            FieldKind::OneOf(choice) => {
                draw_pieces(buffer, input, words(slot, choice, view.lang).into_iter(), view.look);
                Position::new(input.x, input.y)
            }
            FieldKind::SomeOf(choice) => {
                draw_pieces(buffer, input, several(slot, choice, view.lang).into_iter(), view.look);
                Position::new(input.x, input.y)
            }
            FieldKind::Flag => {
                let text = if slot.editor.is_empty() { "[ ]" } else { "[x]" };
                draw_pieces(
                    buffer,
                    input,
                    std::iter::once((text.to_owned(), Role::Text)),
                    view.look,
                );
                Position::new(input.x + 1, input.y)
            }
            _ => {
                let beside = self.beside(slot, has_focus, view);
                let wide = if beside.is_empty() {
                    0
                } else {
                    u16::try_from(width(&beside) + 1).unwrap_or(0)
                };
                let wide = wide.min(input.width / 2);
                let typing = Rect { width: input.width - wide, ..input };
                slot.editor.draw(typing, buffer, view.look);
                let aside = Rect::new(
                    typing.right() + u16::from(wide > 0),
                    input.y,
                    wide.saturating_sub(1),
                    1,
                );
                draw_pieces(buffer, aside, std::iter::once((beside, Role::Dim)), view.look);
                slot.editor.cursor_in(typing)
            }
        };
        if let Some(wrong) = slot.wrong.as_ref().filter(|_| row.height > box_rows) {
            let line = Rect::new(input.x, row.bottom() - 1, input.width, 1);
            let text = format!("! {wrong}");
            draw_pieces(buffer, line, std::iter::once((text, Role::Warning)), view.look);
        }
        has_focus.then_some(cursor)
    }

    /// What stands beside a field: the weekday of a date, the names that fit.
    fn beside(&self, slot: &Slot, has_focus: bool, view: &View<'_>) -> String {
        match slot.field.kind {
            FieldKind::Date => {
                let meant = self.days.meant(slot.editor.text(), self.today);
                meant.map_or_else(|_| String::new(), |meant| self.days.note(meant, view.lang))
            }
            FieldKind::Link(_) if has_focus => {
                let names = self.candidates(slot).into_iter().take(4);
                names.map(|item| item.name.as_str()).collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        }
    }
}
