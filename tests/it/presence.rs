//! Who else has a sheet open: told to whoever may know it, and to nobody else.

use std::sync::mpsc::Receiver;

use anjie::api::campaign::{TaskList, TaskQuery};
use anjie::api::door::{Door, Notice};
use anjie::api::duty::DutyQuery;
use anjie::api::presence::Presence;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::Request;
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, DutyId, PersonId, RecordRef, TaskId, UnitId};
use anjie::service::{LocalDoor, Session};

use crate::desk::{Office, me};

/// Somebody with a terminal.
struct Window {
    door: LocalDoor,
    news: Receiver<Notice>,
}

impl Window {
    fn of(office: &Office, session: Session) -> Self {
        let mut door = office.door_of(session);
        let news = door.notices();
        Self { door, news }
    }

    fn goes_to(&mut self, on: impl Into<RecordRef>) -> &mut Self {
        assert_eq!(self.door.call(Request::At(Some(on.into()))), Ok(Reply::Stands));
        self
    }

    fn leaves(&mut self) {
        assert_eq!(self.door.call(Request::At(None)), Ok(Reply::Stands));
    }

    /// All that was told since, oldest first; the changes of records are left out.
    fn told(&self) -> Vec<Presence> {
        self.news.try_iter().filter_map(|notice| notice.present).collect()
    }

    /// The names that were told in the one notice since.
    fn names(&self) -> Vec<String> {
        let mut told = self.told();
        assert_eq!(told.len(), 1, "{told:?}");
        told.remove(0).names
    }
}

fn account(office: &mut Office, (uid, login): (u32, &str), more: &[(&str, &str)]) -> Session {
    let uid_text = uid.to_string();
    let fields = [&[("login", login), ("uid", &uid_text)][..], more].concat();
    office.done(Act::AddClerk, None, &fields);
    Session { uid, login: login.to_owned() }
}

/// An office with a matter, and a second clerk, Zhao Min.
fn two() -> (Office, CaseId, Session) {
    let mut office = Office::on("2026-08-06");
    let officer = office.officer("赵敏", &[]).to_string();
    let more = [("roles", "clerk"), ("officer", officer.as_str())];
    let other = account(&mut office, (1001, "zhaomin"), &more);
    let case = CaseId(office.register("张三", "路灯不亮", "2026-08-03"));
    (office, case, other)
}

/// It turns out to be an accusation; its reader is who finds that out, Li Juan.
fn seal(office: &mut Office, case: CaseId) {
    let route = [("purpose", "accusation"), ("route", "30"), ("on", "2026-08-06")];
    office.done(Act::Route, Some(case.0), &[&route[..], &[("about", "郝站长")]].concat());
}

#[test]
fn who_opens_the_same_matter_is_told_to_both_and_who_leaves_it_too() {
    let (office, case, other) = two();
    let (mut one, mut other) = (Window::of(&office, me()), Window::of(&office, other));
    one.goes_to(case);
    assert_eq!(one.told(), [], "alone, nothing is said");
    other.goes_to(case);
    assert_eq!(one.names(), ["赵敏"]);
    assert_eq!(other.names(), ["李娟"]);
    other.goes_to(PersonId(1));
    assert_eq!(one.told(), [Presence::alone(case.into())]);
    assert_eq!(other.told(), []);
    other.goes_to(case);
    assert_eq!((one.names(), other.names()), (vec!["赵敏".to_owned()], vec!["李娟".to_owned()]));
    drop(other);
    assert_eq!(one.told(), [Presence::alone(case.into())], "a lost connection is nowhere");
}

#[test]
fn asking_twice_and_reading_tell_nobody_anything() {
    let (office, case, other) = two();
    let (mut one, mut other) = (Window::of(&office, me()), Window::of(&office, other));
    one.goes_to(case);
    other.goes_to(case);
    one.told();
    other.told();
    one.goes_to(case);
    other.door.call(Request::Case { id: case }).unwrap();
    let mut deaf = office.door_of(me());
    assert_eq!(deaf.call(Request::At(Some(case.into()))), Ok(Reply::Stands));
    assert_eq!(other.told(), [], "who does not listen has no window");
    assert_eq!(one.told().len(), 1, "who stands there anew is told anew");
}

#[test]
fn a_second_window_of_ones_own_is_a_window_and_no_name() {
    let (office, case, other) = two();
    let (mut one, mut twin) = (Window::of(&office, me()), Window::of(&office, me()));
    one.goes_to(case);
    twin.goes_to(case);
    let expected = Presence { own: 1, ..Presence::alone(case.into()) };
    assert_eq!(one.told(), std::slice::from_ref(&expected));
    assert_eq!(twin.told(), [expected]);
    // Two windows of somebody else are one person.
    let mut other = Window::of(&office, other);
    other.goes_to(case);
    assert_eq!(
        other.told(),
        [Presence { names: vec!["李娟".to_owned()], ..Presence::alone(case.into()) }]
    );
    twin.leaves();
    assert_eq!(other.told(), [], "for others nothing has changed");
}

#[test]
fn what_may_not_be_seen_and_what_is_not_there_are_one_to_whoever_stands() {
    let (mut office, case, other) = two();
    let mut one = Window::of(&office, me());
    one.goes_to(case);
    seal(&mut office, case);
    let mut other = Window::of(&office, other);
    let hidden = other.door.call(Request::At(Some(case.into()))).unwrap_err();
    let missing = other.door.call(Request::At(Some(CaseId(99).into()))).unwrap_err();
    assert_eq!(hidden, missing);
    assert_eq!(hidden.kind, RefusalKind::NotFound);
    assert_eq!((one.told(), other.told()), (vec![], vec![]));
}

#[test]
fn a_matter_that_is_sealed_parts_those_who_stood_there() {
    let (mut office, case, other) = two();
    let (mut one, mut other) = (Window::of(&office, me()), Window::of(&office, other));
    one.goes_to(case);
    other.goes_to(case);
    one.told();
    other.told();
    seal(&mut office, case);
    assert_eq!(one.told(), [Presence::alone(case.into())]);
    assert_eq!(other.told(), [Presence::alone(case.into())], "as if its reader had left");
    one.leaves();
    one.goes_to(case);
    assert_eq!((one.told(), other.told()), (vec![], vec![]), "nothing more is said of it");
}

#[test]
fn at_a_person_a_reader_of_their_sealed_matter_is_not_told() {
    let (mut office, _, other) = two();
    let person = PersonId(1);
    let third = account(&mut office, (1002, "sunli"), &[("roles", "clerk")]);
    let sealed = office.register("张三", "反映干部", "2026-08-04");
    let of_person = office.case(sealed).case.persons.keys().copied().next().unwrap();
    office.done(Act::MergePersons, Some(person.0), &[("other", &of_person.0.to_string())]);
    seal(&mut office, CaseId(sealed));
    let (mut reader, mut other) = (Window::of(&office, me()), Window::of(&office, other));
    reader.goes_to(person);
    other.goes_to(person);
    assert_eq!(other.told(), [], "that its reader is here would tell of it");
    assert_eq!(reader.names(), ["赵敏"]);
    let mut third = Window::of(&office, third);
    third.goes_to(person);
    assert_eq!(third.names(), ["赵敏"]);
    assert_eq!(other.names(), ["sunli"]);
}

#[test]
fn a_village_is_told_of_its_own_matters_alone() {
    let (mut office, case, other) = two();
    let village = office.unit("南洼村", "village").to_string();
    let more = [("roles", "village"), ("unit", village.as_str())];
    let of_village = account(&mut office, (1003, "nanwa"), &more);
    let own = CaseId(office.register("张小明", "水渠堵塞", "2026-08-04"));
    office.done(Act::EditCase, Some(own.0), &[("village", &village)]);
    let (mut other, mut of_village) = (Window::of(&office, other), Window::of(&office, of_village));
    other.goes_to(case);
    assert!(of_village.door.call(Request::At(Some(case.into()))).is_err());
    assert_eq!((other.told(), of_village.told()), (vec![], vec![]));
    other.goes_to(own);
    of_village.goes_to(own);
    assert_eq!(of_village.names(), ["赵敏"]);
    assert_eq!(other.names(), ["nanwa"]);
    // It is about the village itself from now on.
    office.done(Act::EditCase, Some(own.0), &[("about_unit", &village)]);
    assert_eq!(other.told(), [Presence::alone(own.into())]);
    assert_eq!(of_village.told(), [Presence::alone(own.into())]);
    other.leaves();
    other.goes_to(own);
    assert_eq!((other.told(), of_village.told()), (vec![], vec![]));
}

#[test]
fn a_village_cannot_tell_others_work_from_what_is_not_there_nor_stand_at_other_places() {
    let mut office = Office::on("2026-10-20");
    let [own, other] = ["南洼村", "北洼村"].map(|name| office.unit(name, "village"));
    let plan = [("template", "demonstration-town"), ("year", "2026")];
    office.done(Act::LoadPlan, None, &plan);
    let Reply::Tasks(tasks) =
        office.ask(Request::Tasks(TaskQuery::of(None, TaskList::Village(UnitId(other))))).unwrap()
    else {
        panic!("no tasks")
    };
    let Reply::Duties(duties) = office.ask(Request::Duties(DutyQuery::default())).unwrap() else {
        panic!("no duties")
    };
    let duties = duties.groups.iter().flat_map(|group| &group.rows);
    let duty = |village: &str| {
        duties.clone().find(|row| row.village.as_deref() == Some(village)).unwrap().id
    };
    let unit = own.to_string();
    let more = [("roles", "village"), ("unit", unit.as_str())];
    let session = account(&mut office, (1003, "nanwa"), &more);
    let mut of_village = Window::of(&office, session);
    let mut refused = |on: RecordRef| of_village.door.call(Request::At(Some(on))).unwrap_err();
    let hidden: [RecordRef; 3] =
        [tasks.rows[0].id.into(), duty("北洼村").into(), UnitId(other).into()];
    let missing: [RecordRef; 3] =
        [TaskId(9_999).into(), DutyId(9_999).into(), UnitId(9_999).into()];
    for (hidden, missing) in hidden.into_iter().zip(missing) {
        assert_eq!(refused(hidden), refused(missing), "{hidden:?}");
        assert_eq!(refused(hidden).kind, RefusalKind::NotFound);
    }
    of_village.goes_to(duty("南洼村")).goes_to(UnitId(own));
}

#[test]
fn a_closed_account_stands_nowhere() {
    let (mut office, case, other) = two();
    let (mut one, mut other) = (Window::of(&office, me()), Window::of(&office, other));
    one.goes_to(case);
    other.goes_to(case);
    one.told();
    other.told();
    office.done(Act::EditClerk, Some(2), &[("closed_on", "2026-08-06")]);
    assert_eq!(one.told(), [Presence::alone(case.into())]);
    assert_eq!(other.told(), [Presence::alone(case.into())]);
    one.leaves();
    one.goes_to(case);
    assert_eq!((one.told(), other.told()), (vec![], vec![]));
}
