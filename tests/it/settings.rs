//! The settings of the office and its accounts.

use anjie::api::door::Door;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{AgendaQuery, Order, Request, Whose};
use anjie::api::setting::SettingsView;
use anjie::domain::act::Act;
use anjie::domain::line::LineKind;
use anjie::service::Session;

use crate::desk::{Office, me};

fn settings(office: &mut Office) -> SettingsView {
    match office.ask(Request::Settings).unwrap() {
        Reply::Settings(view) => *view,
        other => panic!("{other:?}"),
    }
}

fn value(view: &SettingsView, name: &str) -> String {
    view.values.iter().find(|(own, _)| own == name).unwrap().1.clone()
}

#[test]
fn a_setting_holds_at_once_and_an_empty_one_is_the_usual_one_again() {
    let mut office = Office::on("2026-10-20");
    assert_eq!(value(&settings(&mut office), "group_people"), "");
    office.done(Act::EditOffice, Some(1), &[("group_people", "10"), ("idle_minutes", "15")]);
    assert_eq!(value(&settings(&mut office), "group_people"), "10");
    let Reply::Me(me) = office.ask(Request::Greet).unwrap() else { panic!("no greeting") };
    assert_eq!((me.group_people, me.idle_minutes), (10, 15));
    office.done(Act::EditOffice, Some(1), &[("group_people", "")]);
    let Reply::Me(me) = office.ask(Request::Greet).unwrap() else { panic!("no greeting") };
    assert_eq!(me.group_people, 5);
    let refusal = office.try_do(Act::EditOffice, Some(1), &[("group_people", "1")]).unwrap_err();
    assert_eq!(refusal.wrongs[0].why, "out_of_range");
    assert!(office.is_sound());
}

#[test]
fn the_half_time_hint_follows_its_setting_and_the_ledger_stays_sound() {
    let mut office = Office::on("2026-10-20");
    office.register("李桂芳", "低保核减", "2026-10-10");
    assert!(office.is_sound());
    for percent in ["0", "90", ""] {
        office.done(Act::EditOffice, Some(1), &[("half_time_percent", percent)]);
        assert!(office.is_sound(), "{percent}");
    }
}

#[test]
fn the_half_time_hint_ends_where_the_clock_is_soon_due_by_the_setting() {
    let mut office = Office::on("2026-10-20");
    office.register("李桂芳", "低保核减", "2026-10-10");
    let mut hints = |soon: &str| {
        office.done(Act::EditOffice, Some(1), &[("soon_workdays", soon)]);
        assert!(office.is_sound(), "{soon}");
        let query = AgendaQuery { whose: Whose::All, most: 50, ..AgendaQuery::default() };
        match office.ask(Request::Agenda(query)).unwrap() {
            Reply::Agenda(view) => {
                view.rows.iter().filter(|(_, row)| row.line == LineKind::HalfTime).count()
            }
            other => panic!("{other:?}"),
        }
    };
    // The notice is due on Monday the 26th, four working days ahead.
    assert_eq!([hints("3"), hints("4"), hints("3")], [1, 0, 1]);
}

#[test]
fn a_set_of_limits_that_is_brought_along_is_switched_on_and_off_by_its_name() {
    let mut office = Office::on("2026-10-20");
    let of = |view: &SettingsView| {
        let set = view.sets.iter().find(|set| set.built_in.as_deref() == Some("example-local"));
        set.cloned().unwrap()
    };
    let before = of(&settings(&mut office));
    assert!(!before.is_on && before.n_limits > 0);
    office.done(Act::LoadLaw, None, &[("built_in", "example-local")]);
    assert!(of(&settings(&mut office)).is_on);
    office.done(Act::DropLaw, None, &[("name", &before.norm)]);
    assert!(!of(&settings(&mut office)).is_on);
    let refusal = office.try_do(Act::LoadLaw, None, &[("built_in", "none")]).unwrap_err();
    assert_eq!(refusal.key, "refusal.no_such_law");
    let refusal = office.try_do(Act::LoadLaw, None, &[]).unwrap_err();
    assert_eq!(refusal.wrongs[0].field, "load_law.text");
    assert!(office.is_sound());
}

#[test]
fn an_account_is_added_by_its_login_where_the_machine_knows_it() {
    let mut office = Office::on("2026-10-20");
    let form = [("login", "wanglei"), ("roles", "clerk")];
    let refusal = office.try_do(Act::AddClerk, None, &form).unwrap_err();
    assert_eq!(refusal.wrongs[0].field, "clerk.uid");
    office.service.ask_logins_of(|login| (login == "wanglei").then_some(1042));
    office.done(Act::AddClerk, None, &form);
    let Reply::Clerks(rows) = office.ask(Request::Clerks).unwrap() else { panic!("no accounts") };
    let own = rows.iter().find(|row| row.login == "wanglei").unwrap();
    assert_eq!((own.uid, own.is_open), (1042, true));
    // A clerk sees the settings, and not who else may log in.
    let mut door = office.door_of(Session { uid: 1042, login: "wanglei".to_owned() });
    let Reply::Settings(view) = door.call(Request::Settings).unwrap() else { panic!("none") };
    assert_eq!(view.clerks, None);
    let refusal = door.call(Request::Clerks).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Denied);
}

#[test]
fn a_login_whose_account_was_closed_enters_by_a_new_one() {
    let mut office = Office::on("2026-08-06");
    let form = [("login", "zhaomin"), ("uid", "1042"), ("roles", "clerk")];
    let session = Session { uid: 1042, login: "zhaomin".to_owned() };
    let first = office.done(Act::AddClerk, None, &form).record.unwrap().id;
    let mut door = office.door_of(session);
    assert!(door.call(Request::Greet).is_ok());
    office.done(Act::EditClerk, Some(first), &[("closed_on", "2026-08-06")]);
    assert_eq!(door.call(Request::Greet).unwrap_err().key, "refusal.account_is_closed");
    let roles = [("login", "zhaomin"), ("uid", "1042"), ("roles", "leader")];
    office.done(Act::AddClerk, None, &roles);
    let Ok(Reply::Me(me)) = door.call(Request::Greet) else { panic!("the new one is not theirs") };
    assert_eq!(me.roles.into_iter().collect::<Vec<_>>(), [anjie::domain::choice::Role::Leader]);
}

#[test]
fn two_who_add_the_same_unit_at_once_make_one_and_all_names_are_known_then() {
    let mut office = Office::on("2026-08-06");
    let service = std::sync::Arc::clone(&office.service);
    let add = |uid: u128, nth: u128| {
        let mut door = anjie::service::LocalDoor::new(std::sync::Arc::clone(&service), me());
        let fields = [("name", format!("第{nth}村")), ("kind", "village".to_owned())];
        let fields = fields.map(|(name, text)| (name.to_owned(), text)).into();
        let id = anjie::domain::ids::RequestId((uid << 32) + nth);
        let order = Order { id, act: Act::AddUnit, on: None, seen: None, fields };
        door.call(Request::Do(order)).is_ok()
    };
    let add = &add;
    for nth in 1..=40 {
        let begin = &std::sync::Barrier::new(2);
        let made = std::thread::scope(|scope| {
            let both = [1, 2].map(|uid| {
                scope.spawn(move || {
                    begin.wait();
                    add(uid, nth)
                })
            });
            both.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "the {nth}th");
    }
    let Reply::Units(rows) = office.ask(Request::Units).unwrap() else { panic!("no units") };
    assert_eq!(rows.len(), 40);
}
