//! What keeps the ledger in order: an account that does nothing else, and an erasure taken back.

use std::sync::Arc;

use anjie::api::backup::LateBackup;
use anjie::api::door::Door;
use anjie::api::own::OwnView;
use anjie::api::reply::{Me, Reply};
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::choice::Role;
use anjie::domain::ids::RequestId;
use anjie::locale::Lang;
use anjie::tui::app::meeting::Room;
use anjie::tui::app::{Model, Msg, Setting, picture, update};
use anjie::tui::key::Key;
use anjie::tui::listen::Input;
use anjie::tui::look::Colours;
use anjie::tui::screen::place;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use crate::desk::{Desk, Office, TODAY};

/// The program as somebody begins it, told this of themselves.
fn begun(change: impl FnOnce(&mut Me)) -> Model {
    let office = Arc::new(Office::empty());
    let Reply::Me(mut me) = office.door().call(Request::Greet).unwrap() else { panic!("nobody") };
    change(&mut me);
    let (size, open) = (Size::new(80, 24), place::open);
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

#[test]
fn an_erasure_that_was_asked_for_is_taken_back_on_the_sheet_of_the_person() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("<f6> 张守田 <tab> 路灯不亮 <f10>").sees("路灯不亮");
    let orders: [(Act, &[(&str, &str)]); 4] = [
        (
            Act::Stop,
            &[("ground", "withdrawn"), ("on", TODAY), ("text", "本人撤回"), ("document", "止1号")],
        ),
        (Act::Archive, &[("number", "档1"), ("retention", "10"), ("on", TODAY)]),
        (Act::MoveToday, &[("today", "2037-01-04")]),
        (Act::AskErasure, &[("basis", "保管期满")]),
    ];
    for (id, (act, fields)) in (0x61..).zip(orders) {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let (id, on) = (RequestId(id), act.on().map(|_| 1));
        let order = Order { id, act, on, seen: None, fields: fields.collect() };
        desk.ask(Request::Do(order)).unwrap();
    }
    desk.keys("<f3> 张守田 <ret>");
    desk.menu("withdraw_erasure").sees("撤回删除提请").keys("2").sees("撤回删除提请：已办");
    desk.menu("withdraw_erasure").sees("还没有人提请删除");
}
