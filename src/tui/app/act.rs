//! What follows from a command of the table and from a step of a screen.

use crate::domain::act::Act;
use crate::domain::form::Fields;
use crate::domain::ids::{CaseId, Kind, PersonId};
use crate::tui::app::{Aim, Effect, Model, find};
use crate::tui::command::menu::{self, Menu};
use crate::tui::command::{self, Command, Does, Lay, Takes};
use crate::tui::key::Key;
use crate::tui::screen::actions::Actions;
use crate::tui::screen::attachment::AttachmentScreen;
use crate::tui::screen::confirm::Confirm;
use crate::tui::screen::drafts::Drafts;
use crate::tui::screen::form::Form;
use crate::tui::screen::help::Help;
use crate::tui::screen::history::History;
use crate::tui::screen::over::Over;
use crate::tui::screen::palette::Palette;
use crate::tui::screen::paper::PapersScreen;
use crate::tui::screen::person::cases::CasesOf;
use crate::tui::screen::person::union::Union;
use crate::tui::screen::picker::Picker;
use crate::tui::screen::preferences::Preferences;
use crate::tui::screen::step_picker::StepPicker;
use crate::tui::screen::undo::Undo;
use crate::tui::screen::{Nav, Selection, Step, sheet_of};

/// Runs a command if it is possible, else says why not.
pub(super) fn run(model: &mut Model, command: &'static Command, key: Key) -> Vec<Effect> {
    let selection = model.selection();
    if let Err(why) = command.is_possible(&model.base.me, &selection) {
        if let Some(seat) = model.history.get_mut(model.at) {
            seat.it.leads(&why);
        }
        model.say(&why, &[]);
        return Vec::new();
    }
    match command.does {
        Does::Go(place) => {
            let screen = (model.open)(place);
            let is_there =
                model.history.get(model.at).is_some_and(|seat| seat.it.name() == place.name());
            if is_there {
                model.say("app.is_here", &[]);
                return Vec::new();
            }
            model.visit(screen)
        }
        Does::Lay(what) => lay(model, what, selection),
        Does::Offer(words) => {
            let offered: Vec<_> = words.iter().filter_map(|word| command::find(word)).collect();
            let first = offered.first().copied();
            let menu = Menu { own: offered, ..Menu::default() };
            lay_menu(model, (menu, selection), first)
        }
        Does::Look(nav) => look(model, nav),
        Does::Row => match key {
            Key::Alt(char) => {
                let row = char.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
                row.map_or_else(Vec::new, |row| look(model, Nav::Row(row)))
            }
            _ => Vec::new(),
        },
        Does::Meeting => model.turn_meeting(),
        Does::Back if is_answer(model) => look(model, Nav::Left),
        Does::Forward if is_answer(model) => look(model, Nav::Right),
        Does::Visit(kind) => {
            let link = selection.links.iter().find(|link| link.kind == kind);
            let sheet = link.and_then(|link| sheet_of(*link, &model.base.view()));
            sheet.map_or_else(Vec::new, |sheet| model.visit(sheet))
        }
        Does::Back | Does::Close => model.leave(),
        Does::Forward => model.go_forward(),
        Does::Quit => model.end(),
        Does::Change(takes) => begin(model, (command, takes), selection, ""),
    }
}

/// Lays over the screen what a command asks for.
fn lay(model: &mut Model, what: Lay, selection: Selection) -> Vec<Effect> {
    match what {
        Lay::Finder => find(model, ""),
        Lay::Palette => {
            let palette = Palette::new(&model.base.view(), &selection);
            model.lay(Box::new(palette), None)
        }
        Lay::Drafts if model.own.drafts.is_empty() => {
            model.say("drafts.none", &[]);
            Vec::new()
        }
        Lay::Drafts => model.offer_drafts(),
        Lay::Preferences => {
            let preferences = Preferences::new(&model.own.settings, &model.term);
            model.lay(Box::new(preferences), None)
        }
        Lay::CasesOf => {
            let cases = selection.of(Kind::Person).map(|(record, _)| CasesOf::new(record));
            cases.map_or_else(Vec::new, |cases| model.lay(Box::new(cases), None))
        }
        Lay::History => {
            let record = selection.record;
            let history = record.map(|record| History::new(record, &selection.name));
            history.map_or_else(Vec::new, |history| model.lay(Box::new(history), None))
        }
        Lay::Papers => papers(model, &selection),
        Lay::Attachments => attachments(model, &selection),
        Lay::Help => model.lay(Box::new(Help::default()), None),
        Lay::Actions => {
            let menu = menu::menu(&selection, &model.base.me);
            lay_menu(model, (menu, selection), None)
        }
    }
}

/// Goes to the papers of the selected case. On one of them the key shows all of it as text, as the
/// same key does on other sheets.
fn papers(model: &mut Model, selection: &Selection) -> Vec<Effect> {
    match model.history.get(model.at).map(|seat| seat.it.name()) {
        Some("paper") => look(model, Nav::Page),
        Some("papers") => {
            model.say("app.is_here", &[]);
            Vec::new()
        }
        Some(_) | None => {
            let case = selection.of(Kind::Case).map(|(record, _)| CaseId(record.id));
            case.map_or_else(Vec::new, |case| model.visit(Box::new(PapersScreen::new(case))))
        }
    }
}

/// Goes to the attachments of the selected case.
fn attachments(model: &mut Model, selection: &Selection) -> Vec<Effect> {
    if model.history.get(model.at).is_some_and(|seat| seat.it.name() == "attachments") {
        model.say("app.is_here", &[]);
        return Vec::new();
    }
    let case = selection.of(Kind::Case).map(|(record, _)| CaseId(record.id));
    case.map_or_else(Vec::new, |case| model.visit(Box::new(AttachmentScreen::new(case))))
}

/// Whether the answer view is seen, whose keys of way lead to other answers.
fn is_answer(model: &Model) -> bool {
    model.history.get(model.at).is_some_and(|seat| seat.it.name() == "answer")
}

fn lay_menu(
    model: &mut Model,
    (mut menu, selection): (Menu, Selection),
    typed: Option<&'static Command>,
) -> Vec<Effect> {
    for part in [&mut menu.own, &mut menu.rest, &mut menu.not_now] {
        part.retain(|command| command.is_offered(&model.base.me));
    }
    // Only a command that takes a name takes one that is typed in its place.
    let takes_a_name = |command: &&Command| {
        matches!(command.does, Does::Change(Takes::Officer(_) | Takes::Unit(_) | Takes::Person(_)))
    };
    let typed = typed.filter(takes_a_name);
    let actions = Actions::new(menu, &selection, typed);
    model.lay(Box::new(actions), None)
}

/// Opens what a changing command takes: a picker or a form.
pub(super) fn begin(
    model: &mut Model,
    (command, takes): (&'static Command, Takes),
    mut selection: Selection,
    text: &str,
) -> Vec<Effect> {
    if takes == Takes::Step {
        model.aim_at_step(&mut selection);
    }
    if command.act == Some(Act::VoidPaper) {
        model.aim_at_paper(&mut selection);
    }
    let over: Box<dyn Over> = match takes {
        Takes::Form if command.word == command::PRINT && !model.asks_to_print() => {
            return model.print(&Fields::new());
        }
        Takes::Nothing => return model.send_bare(command, &selection),
        Takes::Officer(field) | Takes::Unit(field) => {
            Box::new(Picker::new((command, field), &selection, text))
        }
        Takes::Sure => Box::new(Confirm::give(command, &selection.name, model.base.lang)),
        Takes::Look => Box::new(Undo::new(command)),
        Takes::Person(_) => match selection.of(Kind::Person) {
            Some((record, _)) => {
                let other = selection.begun.iter().find(|(name, _)| name == "other");
                let other = other.and_then(|(_, id)| id.parse().ok()).map(PersonId);
                Box::new(Union::new(command, record).with(other))
            }
            None => return Vec::new(),
        },
        Takes::Step if selection.step.is_none() => {
            Box::new(StepPicker::new(command, &selection, text))
        }
        Takes::Form | Takes::Step => match model.drafts_of(command.word, &selection) {
            drafts if drafts.is_empty() => return begin_form(model, command, selection),
            drafts => Box::new(Drafts::before_form(drafts)),
        },
    };
    model.lay(over, Some(Aim { command, selection, sent: None }))
}

/// Opens the form of a command.
pub(super) fn begin_form(
    model: &mut Model,
    command: &'static Command,
    selection: Selection,
) -> Vec<Effect> {
    let form = Form::new(command, &selection, &model.base.view());
    let form = match command.act {
        Some(Act::Export | Act::Dossier) => form.offered(&model.said_last()),
        _ => form.begun(),
    };
    model.lay(Box::new(form), Some(Aim { command, selection, sent: None }))
}

/// Opens the form of a command with texts that were typed elsewhere.
pub(super) fn begin_filled(
    model: &mut Model,
    command: &'static Command,
    selection: Selection,
    fields: Fields,
) -> Vec<Effect> {
    if let Err(why) = command.is_possible(&model.base.me, &selection) {
        model.say(&why, &[]);
        return Vec::new();
    }
    let form = Form::new(command, &selection, &model.base.view()).filled(&fields);
    model.lay(Box::new(form), Some(Aim { command, selection, sent: None }))
}

/// Moving and looking on the present screen.
pub(super) fn look(model: &mut Model, nav: Nav) -> Vec<Effect> {
    model.pace(nav);
    let view = model.base.view();
    let Some(seat) = model.history.get_mut(model.at) else {
        return Vec::new();
    };
    let step = seat.it.on(nav, &view);
    let opens_actions = nav == Nav::Open && matches!(step, Step::Pass);
    match command::find("actions").filter(|_| opens_actions) {
        Some(actions) => run(model, actions, Key::Enter),
        None if matches!(step, Step::Pass) => {
            model.say("cmd.not_here", &[]);
            Vec::new()
        }
        None => stepped(model, step),
    }
}

/// What follows from a screen's step.
pub(super) fn stepped(model: &mut Model, step: Step) -> Vec<Effect> {
    match step {
        Step::Stay | Step::Pass => Vec::new(),
        Step::Ask => model.ask_screen(),
        Step::Push(screen) => model.push(screen),
        Step::Fill => model.fill_paper(),
        Step::Lay(over) => model.lay(over, None),
        Step::Run(word) => match command::find(word) {
            Some(command) => run(model, command, Key::Enter),
            None => Vec::new(),
        },
        Step::Write(wanted) => model.write_paper(wanted),
        Step::Prefer(name, value) => {
            let mut effects = model.prefer(name, value);
            effects.extend(model.ask_screen());
            effects
        }
        Step::Close => model.go_back(),
        Step::Say(key, args) => {
            model.say(&key, &args);
            Vec::new()
        }
        // What one changes oneself leaves a list because of that.
        Step::Gone(_) if model.has_changed => Vec::new(),
        Step::Gone(name) => {
            model.say("list.gone", &[("name".to_owned(), name)]);
            Vec::new()
        }
    }
}
