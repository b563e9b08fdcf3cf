//! The menu of what is selected: in which order commands are offered, so that its first page holds
//! what a clerk does most.
//!
//! What comes next in the case, then what is usual at its stage, then how the list is put, then all
//! else that is done with the record. What can be done anywhere and what is not possible now, with
//! its reason, are folded: seven pages were turned by nobody.

use crate::api::reply::Me;
use crate::domain::case::Stage;
use crate::domain::ids::Kind;
use crate::tui::command::{COMMANDS, Command, Does, Lay, On, Shown, find, of_act};
use crate::tui::screen::place::Place;
use crate::tui::screen::{Nav, Selection};

/// The rows of a page of a menu.
const PAGE: usize = 9;
/// The most steps that come next which stand before the parts of the procedure.
const AHEAD_MAX: usize = 4;

/// How a list is put, in the order of its use, and what is done with files for its rows.
const LIST: [&str; 6] = ["narrow", "sort", "columns", "clear", "template_out", "template_in"];

/// What is done with all that is marked, in the order of its use.
const MARKED: [&str; 4] = ["tick_marked", "export", "table_many", "dossier"];

/// What is done most with a case of a stage.
const fn usual(stage: Stage) -> [&'static str; 5] {
    match stage {
        Stage::Registered => ["intake_menu", "assign", "record", "edit_case", "join"],
        Stage::Routed => ["intake_menu", "assign", "record", "edit_case", "term_menu"],
        Stage::Handling => ["record", "work_menu", "reply_menu", "assign", "term_menu"],
        Stage::Replied => ["reply_menu", "record", "close_menu", "assign", "edit_case"],
        Stage::Delivered => ["close_menu", "reply_menu", "record", "review_menu", "propose"],
        Stage::Reviewing => ["review_menu", "record", "reply_menu", "close_menu", "propose"],
        Stage::Concluded | Stage::Ended | Stage::Archived | Stage::History => {
            ["close_menu", "review_menu", "reply_menu", "record", "propose"]
        }
        Stage::Elsewhere => ["close_menu", "record", "intake_menu", "propose", "edit_case"],
    }
}

/// A menu in its parts; the second and the third are folded until they are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menu {
    /// What is done with what is selected, and how the list is put.
    pub own: Vec<&'static Command>,
    /// What else is possible, whatever is selected.
    pub rest: Vec<&'static Command>,
    /// What is not possible now.
    pub not_now: Vec<&'static Command>,
}

/// What can be done, in the order of its use. Moving is not in it, which arrows do; all else is, so
/// that nothing needs a letter.
pub fn menu(selection: &Selection, me: &Me) -> Menu {
    let is_possible = |command: &&'static Command| command.is_possible(me, selection).is_ok();
    let list = list_of(selection);
    let mut first: Vec<_> = of_record(selection).into_iter().filter(is_possible).collect();
    let later = first.split_off(first.len().min(PAGE - list.len()));
    let mut menu = Menu::default();
    add(&mut menu.own, first.into_iter().chain(list).chain(later));
    let others = everything(selection).into_iter().filter(|command| !menu.own.contains(command));
    let (possible, others): (Vec<_>, Vec<_>) = others.partition(is_possible);
    add(&mut menu.rest, possible.into_iter());
    add(&mut menu.not_now, others.into_iter());
    if menu.own.is_empty() {
        // Nothing is selected: what is given most anywhere, with room for the two rows that unfold.
        let rest = menu.rest.split_off(menu.rest.len().min(PAGE - 2));
        menu.own = std::mem::replace(&mut menu.rest, rest);
    }
    menu
}

/// Adds commands, none of them twice.
fn add(part: &mut Vec<&'static Command>, commands: impl Iterator<Item = &'static Command>) {
    for command in commands {
        if !part.contains(&command) {
            part.push(command);
        }
    }
}

/// How the list that is seen can be put; nothing where no list is seen.
fn list_of(selection: &Selection) -> Vec<&'static Command> {
    let takes = |command: &&'static Command| match command.does {
        Does::Look(nav) => selection.navs.is_some_and(|navs| navs.contains(&nav)),
        _ => false,
    };
    LIST.iter().filter_map(|word| find(word)).filter(takes).collect()
}

/// What is done with all that is marked, else with the selected record and the one around it, the most
/// usual first.
fn of_record(selection: &Selection) -> Vec<&'static Command> {
    if selection.has_marks() {
        return MARKED.iter().filter_map(|word| find(word)).collect();
    }
    let selected = selection.record.map(|record| record.kind);
    let own = selected.filter(|kind| *kind != Kind::Case).map(of_kind).unwrap_or_default();
    let ahead = selection.ahead.iter().filter_map(|act| of_act(*act));
    let is_here = |command: &&Command| matches!(command.on, On::One(Kind::Case) | On::Nothing);
    let ahead = ahead.filter(is_here).take(AHEAD_MAX);
    let usual = selection.stage.map(usual).unwrap_or_default();
    let usual = usual.iter().filter_map(|word| find(word));
    let around = selection.around.map(|(record, _)| of_kind(record.kind)).unwrap_or_default();
    let case = selected.filter(|kind| *kind == Kind::Case).map(of_kind).unwrap_or_default();
    own.into_iter().chain(ahead).chain(usual).chain(case).chain(around).collect()
}

/// What a menu offers on a kind of record, in the order of the table.
fn of_kind(kind: Kind) -> Vec<&'static Command> {
    let in_menu = |command: &&Command| matches!(command.shown, Shown::Menu | Shown::Both);
    COMMANDS.iter().filter(in_menu).filter(|command| command.on == On::One(kind)).collect()
}

/// All that a menu offers, in the order of the table: on what is selected first, then on what lies
/// around it, then everything else, the screens last, whose digits are known.
fn everything(selection: &Selection) -> Vec<&'static Command> {
    let kinds = [selection.record, selection.around.map(|(record, _)| record)];
    let on_kinds = kinds.into_iter().flatten().flat_map(|record| of_kind(record.kind));
    let others = COMMANDS.iter().filter(|command| {
        let is_own = matches!(command.shown, Shown::Menu | Shown::Both);
        let is_for_all = matches!(command.on, On::Nothing | On::Any);
        is_for_all && (is_own || command.does.is_in_every_menu())
    });
    // An old ledger is brought in where there is nothing yet; who begins has to find that.
    let is_screen = |does: Does| matches!(does, Does::Go(place) if place != Place::Import);
    let (screens, others): (Vec<_>, Vec<_>) = others.partition(|command| is_screen(command.does));
    on_kinds.chain(others).chain(screens).collect()
}

impl Does {
    /// Whether it is offered in every menu: all but moving, which arrows do, and the menu itself.
    const fn is_in_every_menu(self) -> bool {
        match self {
            Self::Look(nav) => !matches!(
                nav,
                Nav::Up
                    | Nav::Down
                    | Nav::PageUp
                    | Nav::PageDown
                    | Nav::First
                    | Nav::Last
                    | Nav::Open
                    | Nav::Row(_)
                    | Nav::Left
                    | Nav::Right
            ),
            Self::Lay(lay) => !matches!(lay, Lay::Actions),
            Self::Row | Self::Offer(_) | Self::Visit(_) => false,
            Self::Go(_)
            | Self::Back
            | Self::Forward
            | Self::Close
            | Self::Quit
            | Self::Meeting
            | Self::Change(_) => true,
        }
    }
}
