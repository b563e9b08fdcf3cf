//! What comes back is judged as if it were done today: who left, whom a petition accuses, and what was
//! fixed meanwhile stand against it.

use anjie::api::door::Door;
use anjie::api::refusal::Refusal;
use anjie::api::reply::Reply;
use anjie::api::request::{Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::service::{LocalDoor, Session};

use crate::desk::Office;

const TODAY: &str = "2026-10-20";

/// A second director, who takes back what they did.
struct Zhang {
    door: LocalDoor,
    n_orders: u128,
}

impl Zhang {
    fn of(office: &mut Office) -> Self {
        let fields = [("login", "zhang"), ("uid", "1002"), ("roles", "director")];
        office.done(Act::AddClerk, None, &fields);
        let door = office.door_of(Session { uid: 1002, login: "zhang".to_owned() });
        Self { door, n_orders: 5_000 }
    }

    fn try_do(&mut self, act: Act, on: Option<u64>, said: &[(&str, &str)]) -> Result<(), Refusal> {
        self.n_orders += 1;
        let fields = said.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let (id, fields) = (RequestId(self.n_orders), fields.collect());
        let answer = self.door.call(Request::Do(Order { id, act, on, seen: None, fields }))?;
        assert!(matches!(answer, Reply::Done(_)), "{answer:?}");
        Ok(())
    }

    fn give(&mut self, case: u64, lead: u64) {
        let lead = lead.to_string();
        let said = [("lead", lead.as_str()), ("on", TODAY)];
        self.try_do(Act::AssignLead, Some(case), &said).unwrap();
    }

    fn refused(&mut self, act: Act) -> String {
        self.try_do(act, None, &[]).unwrap_err().key
    }
}

#[test]
fn nothing_comes_back_to_whoever_has_left() {
    let mut office = Office::on(TODAY);
    let mut zhang = Zhang::of(&mut office);
    let wang = office.officer("王建国", &[("leads", "yes")]);
    let chen = office.officer("陈强", &[("leads", "yes")]);
    let id = office.register("张小明", "路灯不亮", TODAY);
    zhang.give(id, wang);
    zhang.give(id, chen);
    office.done(Act::EditOfficer, Some(wang), &[("left_on", "2026-10-19")]);
    assert_eq!(zhang.refused(Act::Undo), "broken.officer_has_left");
    assert_eq!(office.case(id).case.lead.map(|lead| lead.0), Some(chen));
    assert!(office.is_sound());
}

#[test]
fn nobody_gets_a_petition_back_that_is_about_them() {
    let mut office = Office::on(TODAY);
    let mut zhang = Zhang::of(&mut office);
    let wang = office.officer("王建国", &[("leads", "yes")]);
    let id = office.register("张小明", "路灯不亮", TODAY);
    zhang.give(id, wang);
    zhang.try_do(Act::Undo, None, &[]).unwrap();
    let about = wang.to_string();
    office.done(Act::EditCase, Some(id), &[("about_officer", about.as_str())]);
    assert_eq!(zhang.refused(Act::Redo), "broken.petition_is_about_them");
    assert_eq!(office.case(id).case.lead, None);
    assert!(office.is_sound());
}

#[test]
fn the_request_of_a_case_that_was_taken_on_stays_as_it_was_taken_on() {
    let mut office = Office::on(TODAY);
    let mut zhang = Zhang::of(&mut office);
    let id = office.register("张小明", "路灯不亮", TODAY);
    zhang.try_do(Act::EditCase, Some(id), &[("request", "路灯不亮，已有三天")]).unwrap();
    let route = [("purpose", "request"), ("route", "31(6)"), ("on", TODAY)];
    office.done(Act::Route, Some(id), &route);
    office.done(Act::Accept, Some(id), &[("on", TODAY)]);
    assert_eq!(zhang.refused(Act::Undo), "broken.request_is_fixed");
    assert_eq!(office.case(id).case.request, "路灯不亮，已有三天");
}

#[test]
fn a_unit_whose_name_was_taken_meanwhile_stays_out() {
    let mut office = Office::on(TODAY);
    let mut zhang = Zhang::of(&mut office);
    let said = [("name", "水利站"), ("kind", "station")];
    zhang.try_do(Act::AddUnit, None, &said).unwrap();
    zhang.try_do(Act::Undo, None, &[]).unwrap();
    office.done(Act::AddUnit, None, &said);
    assert_eq!(zhang.refused(Act::Redo), "broken.name_is_taken");
    assert!(office.is_sound());
}
