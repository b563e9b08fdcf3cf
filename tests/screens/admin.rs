//! An account that keeps the ledger and reads no case: where it begins, and what it is told.

use std::sync::Arc;

use anjie::api::backup::LateBackup;
use anjie::api::door::Door;
use anjie::api::own::OwnView;
use anjie::api::reply::{Me, Reply};
use anjie::api::request::Request;
use anjie::domain::act::Act;
use anjie::domain::choice::Role;
use anjie::locale::Lang;
use anjie::tui::app::meeting::Room;
use anjie::tui::app::{Model, Msg, Setting, picture, update};
use anjie::tui::key::Key;
use anjie::tui::listen::Input;
use anjie::tui::look::Colours;
use anjie::tui::runtime;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use crate::desk::Office;

/// The program as somebody begins it, told this of themselves.
fn begun(change: impl FnOnce(&mut Me)) -> Model {
    let office = Arc::new(Office::empty());
    let Reply::Me(mut me) = office.door().call(Request::Greet).unwrap() else { panic!("nobody") };
    change(&mut me);
    let (size, open) = (Size::new(80, 24), runtime::open);
    let (own, term, colours) = (OwnView::default(), "xterm".to_owned(), Colours::default());
    let (lang, room) = (Lang::Zh, Room::Office);
    Model::new(Setting { me: *me, lang, own, term, colours, size, open, seed: 1, room }).0
}

fn admin(me: &mut Me) {
    me.roles = [Role::Admin].into_iter().collect();
    me.denied = [Act::ReadAgenda, Act::ListCases, Act::ReadCase].into_iter().collect();
    me.late_backup = Some(LateBackup { on: None, days: 12 });
}

fn drawn(model: &Model) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| picture::draw(model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let row = |y: u16| (0..80).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..24).map(|y| row(y).replace(' ', "")).collect()
}

#[test]
fn whoever_may_only_keep_the_ledger_begins_at_the_settings_and_sees_an_old_backup() {
    let mut model = begun(admin);
    let rows = drawn(&model);
    assert!(rows[1].contains("设置"), "{rows:?}");
    assert!(rows[22].contains("备份") && rows[22].contains("12"), "{}", rows[22]);
    // It stays, also after something else was said there.
    drop(update(&mut model, Msg::Input(Input::Key(Key::F(12)))));
    assert!(!drawn(&model)[22].contains("备份"));
    drop(update(&mut model, Msg::Input(Input::Key(Key::Down))));
    assert!(drawn(&model)[22].contains("备份"));
}

#[test]
fn whoever_reads_what_is_due_is_told_there_and_not_twice() {
    let model = begun(|me| me.late_backup = Some(LateBackup { on: None, days: 12 }));
    assert!(!drawn(&model)[22].contains("备份"));
}
