//! A ledger into which no administrator comes any more, or that does not open: what is left of it.

use std::fs;

use anjie::api::door::Door;
use anjie::api::reply::Reply;
use anjie::api::request::{JournalQuery, Request};
use anjie::api::setting::ClerkRow;
use anjie::api::undo::{UndoQuery, UndoWay};
use anjie::domain::act::Act;
use anjie::domain::choice::Role;
use anjie::domain::ids::RequestId;
use anjie::service::Session;
use anjie::service::backup::{FreshKey, Keys};
use anjie::service::recover::{self, Reach};

use crate::desk::{Office, Place, me};

/// Whoever owns the file.
fn owner() -> Session {
    Session { uid: 990, login: "anjie".to_owned() }
}

fn grant(place: &Place, to: Session) -> Result<(), String> {
    recover::grant(&place.path(), (RequestId(77), owner()), to).map_err(|refusal| refusal.key)
}

fn clerks(door: &mut dyn Door) -> Vec<ClerkRow> {
    match door.call(Request::Clerks).unwrap() {
        Reply::Clerks(rows) => rows,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_login_that_was_made_anew_comes_back_as_administrator_and_the_old_account_is_closed() {
    let place = Office::on("2026-08-06").leave();
    let anew = Session { uid: 2001, ..me() };
    grant(&place, anew.clone()).unwrap();
    let office = Office::back(place);
    let mut door = office.door_of(anew);
    let Reply::Me(told) = door.call(Request::Greet).unwrap() else { panic!("no greeting") };
    assert_eq!(told.officer.unwrap().1, "李娟", "the officer is who it was");
    assert_eq!(told.roles.iter().collect::<Vec<_>>(), [&Role::Admin]);
    let mut old = office.door_of(me());
    assert_eq!(old.call(Request::Greet).unwrap_err().key, "refusal.account_is_closed");
    let rows = clerks(&mut door);
    assert_eq!(rows.iter().map(|row| row.is_open).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_clerk_becomes_administrator_and_stays_what_they_were() {
    let mut office = Office::on("2026-08-06");
    let fields = [("login", "zhaomin"), ("uid", "1001"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &fields);
    let place = office.leave();
    let zhao = Session { uid: 1001, login: "zhaomin".to_owned() };
    grant(&place, zhao.clone()).unwrap();
    assert_eq!(grant(&place, zhao.clone()).unwrap_err(), "refusal.is_administrator");
    let mut office = Office::back(place);
    let rows = clerks(&mut office.door_of(zhao));
    assert_eq!(rows.len(), 2);
    let roles: Vec<_> = rows.iter().map(|row| row.roles.contains(&Role::Admin)).collect();
    assert_eq!(roles, [true, true]);
    assert!(rows[1].roles.contains(&Role::Clerk));
    // Nobody else is touched, and the journal says who did it.
    let query =
        JournalQuery { act: Some("ledger.recover".to_owned()), most: 9, ..JournalQuery::default() };
    let Reply::Journal(page) = office.ask(Request::Journal(query)).unwrap() else { panic!("none") };
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.rows[0].who.as_deref(), Some("anjie"));
    assert!(office.is_sound());
}

#[test]
fn an_administrator_who_is_to_be_closed_one_day_is_one_until_then_and_can_be_kept() {
    let mut office = Office::on("2026-08-06");
    let fields = [("login", "zhaomin"), ("uid", "1001"), ("roles", "admin")];
    office.done(Act::AddClerk, None, &fields);
    office.done(Act::EditClerk, Some(2), &[("closed_on", "2026-08-31")]);
    let place = office.leave();
    let zhao = Session { uid: 1001, login: "zhaomin".to_owned() };
    let admins = || recover::look(&place.path(), None).unwrap().admins;
    assert_eq!(admins(), [me(), zhao.clone()]);
    grant(&place, zhao.clone()).unwrap();
    assert_eq!(grant(&place, zhao.clone()).unwrap_err(), "refusal.is_administrator");
    let mut office = Office::back(place);
    office.done(Act::MoveToday, None, &[("today", "2026-09-01")]);
    assert!(office.door_of(zhao).call(Request::Greet).is_ok(), "the closing day is gone");
}

#[test]
fn who_was_made_administrator_without_a_door_is_not_taken_back() {
    let place = Office::on("2026-08-06").leave();
    let fresh = Session { uid: 990, login: "anjie".to_owned() };
    grant(&place, fresh.clone()).unwrap();
    let office = Office::back(place);
    let mut door = office.door_of(fresh);
    let query = UndoQuery { way: UndoWay::Undo, change: Some(RequestId(77)) };
    let Reply::Undo(view) = door.call(Request::TryUndo(query)).unwrap() else { panic!("none") };
    assert_eq!(view.why.unwrap().0, "broken.accounts_stay");
}

#[test]
fn nothing_is_granted_while_somebody_has_the_ledger_open() {
    let place = Office::on("2026-08-06").leave();
    let office = Office::back(place);
    let folder = office.folder();
    let refused = recover::grant(&folder, (RequestId(77), owner()), owner()).unwrap_err();
    assert_eq!(refused.key, "refusal.already_open");
    assert_eq!(recover::look(&folder, None).unwrap().trouble.unwrap().key, refused.key);
}

#[test]
fn what_a_backup_lacks_is_counted_and_told_line_by_line() {
    let mut office = Office::on("2026-08-06");
    office.register("张三", "路灯不亮", "2026-08-03");
    let key = FreshKey::make();
    office.ask(Request::Backup { to: vec![key.public.clone()] }).unwrap();
    office.unit("南洼村", "village");
    office.unit("北洼村", "village");
    let place = office.leave();
    let keys = Keys::parse(&key.secret).unwrap();
    let left = recover::look(&place.path(), Some(&keys)).unwrap();
    assert!(left.trouble.is_none());
    assert_eq!(left.admins, [me()]);
    assert_eq!(left.own, left.noted);
    let units: Vec<_> = left.unsaved.iter().filter(|line| line.act == "unit.add").collect();
    assert_eq!(units.len(), 2);
    assert_eq!(units[0].login.as_deref(), Some("lijuan"));
    assert_eq!(left.n_missing(), Some(left.unsaved.len() as u64));
    // An old file in the place of the new one is noticed, and so is what it lacks.
    let (old, file) = (place.path().join("old"), place.path().join("office.redb"));
    fs::copy(&file, &old).unwrap();
    let mut office = Office::back(place);
    office.unit("东洼村", "village");
    let place = office.leave();
    fs::rename(&old, &file).unwrap();
    let back = recover::look(&place.path(), Some(&keys)).unwrap();
    assert_eq!(back.trouble.as_ref().unwrap().key, "refusal.rolled_back");
    let reach = |reach: Option<Reach>| reach.unwrap().sequence;
    assert_eq!(reach(back.noted), reach(back.own) + 1);
    assert_eq!(back.n_missing().unwrap(), left.n_missing().unwrap() + 1);
    // A file that is none any more leaves the backup and the noted head.
    fs::write(&file, [7; 9000]).unwrap();
    let gone = recover::look(&place.path(), Some(&keys)).unwrap();
    assert!(gone.trouble.is_some() && gone.own.is_none() && gone.unsaved.is_empty());
    assert_eq!(gone.n_missing(), back.n_missing());
}
