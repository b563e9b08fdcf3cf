//! Meetings: the list of matters, decisions that are owed, and what a viewer may see.

use anjie::api::door::Door;
use anjie::api::meeting::{DecisionPage, DecisionPart, DecisionQuery, MeetingView};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::{AgendaView, Reply};
use anjie::api::request::{AgendaQuery, CaseQuery, Order, Request, Whose};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, Kind, RequestId};
use anjie::domain::line::LineKind;
use anjie::service::{LocalDoor, Session};

use crate::desk::{Office, day};

const PHONE: &str = "13800001234";
const NUMBER: &str = "11010519491231002X";
const REQUEST: &str = "马玉兰家的征地补偿款没有到账，请打13800001234联系。";

fn session(uid: u32, login: &str) -> Session {
    Session { uid, login: login.to_owned() }
}

struct Town {
    office: Office,
    case: u64,
    lead: String,
}

impl Town {
    fn new() -> Self {
        let mut office = Office::on("2026-10-16");
        let lead = office.officer("王建国", &[("leads", "yes")]).to_string();
        let fields = [
            ("name", "马玉兰"),
            ("phone", PHONE),
            ("id_number", NUMBER),
            ("request", REQUEST),
            ("received_on", "2026-10-09"),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
        ];
        let case = office.done(Act::Register, None, &fields).record.unwrap().id;
        office.done(Act::AssignLead, Some(case), &[("lead", &lead)]);
        for (login, uid, role) in [("viewer", "1002", "viewer"), ("leader", "1003", "leader")] {
            let officer = (role == "leader").then_some(("officer", lead.as_str()));
            let fields: Vec<_> = [("login", login), ("uid", uid), ("roles", role)]
                .into_iter()
                .chain(officer)
                .collect();
            office.done(Act::AddClerk, None, &fields);
        }
        Self { office, case, lead }
    }

    fn viewer(&self) -> LocalDoor {
        self.office.door_of(session(1002, "viewer"))
    }

    fn leader(&self) -> LocalDoor {
        self.office.door_of(session(1003, "leader"))
    }

    fn list(&mut self) -> MeetingView {
        match self.office.ask(Request::Meeting).unwrap() {
            Reply::Meeting(view) => view,
            other => panic!("{other:?}"),
        }
    }

    fn decisions(&mut self, part: DecisionPart) -> DecisionPage {
        let query = DecisionQuery { part, most: 50, ..DecisionQuery::default() };
        match self.office.ask(Request::Decisions(query)).unwrap() {
            Reply::Decisions(page) => page,
            other => panic!("{other:?}"),
        }
    }

    fn decide(&mut self, more: &[(&str, &str)]) -> Result<u64, Refusal> {
        let lead = self.lead.clone();
        let mut fields =
            vec![("text", "自然资源所一周内把差额打到账上"), ("officer", &lead), ("due_on", "+7")];
        fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        fields.extend(more);
        let done = self.office.try_do(Act::Decide, Some(self.case), &fields)?;
        Ok(done.record.unwrap().id)
    }

    fn agenda(&mut self, whose: Whose) -> AgendaView {
        let query = AgendaQuery { whose, most: 200, ..AgendaQuery::default() };
        match self.office.ask(Request::Agenda(query)).unwrap() {
            Reply::Agenda(view) => view,
            other => panic!("{other:?}"),
        }
    }
}

fn order(id: u128, act: Act, on: u64, fields: &[(&str, &str)]) -> Request {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Request::Do(Order {
        id: RequestId(id),
        act,
        on: Some(on),
        seen: None,
        fields: fields.collect(),
    })
}

fn find(text: &str) -> Request {
    Request::Find { text: text.to_owned(), kinds: Vec::new(), most: 50 }
}

/// Asks until the index is there.
fn found(door: &mut LocalDoor, request: &Request) -> anjie::api::reply::Found {
    loop {
        match door.call(request.clone()).unwrap() {
            Reply::Found(found) if !found.warming => return found,
            Reply::Found(_) => std::thread::yield_now(),
            other => panic!("{other:?}"),
        }
    }
}

fn masked(request: Request) -> Request {
    Request::Masked(Box::new(request))
}

#[test]
fn a_matter_stands_on_the_list_until_something_is_decided_on_it() {
    let mut town = Town::new();
    let fields = [("question", "是否由财政先行垫付"), ("advice", "先付差额"), ("on", "1016")];
    town.office.done(Act::Table, Some(town.case), &fields);
    let row = town.list().rows.remove(0);
    assert_eq!((row.case.id.0, row.tabled.on), (town.case, Some(day("2026-10-16"))));
    assert_eq!(row.by.as_deref(), Some("李娟"));
    // What is put on the list again keeps what was not typed anew.
    town.office.done(Act::Table, Some(town.case), &[("difficulty", "资金未落实")]);
    let tabled = town.list().rows.remove(0).tabled;
    assert_eq!(tabled.question.as_deref(), Some("是否由财政先行垫付"));
    assert_eq!(tabled.difficulty.as_deref(), Some("资金未落实"));
    town.decide(&[]).unwrap();
    assert!(town.list().rows.is_empty());
    assert!(town.office.is_sound());
}

#[test]
fn a_matter_is_taken_off_the_list_and_only_then() {
    let mut town = Town::new();
    let refused = town.office.try_do(Act::TakeOff, Some(town.case), &[]).unwrap_err();
    assert_eq!(refused.key, "broken.case_is_not_tabled");
    town.office.done(Act::Table, Some(town.case), &[]);
    let past = town.office.try_do(Act::Table, Some(town.case), &[("on", "1015")]).unwrap_err();
    assert_eq!(past.key, "broken.day_has_passed");
    town.office.done(Act::TakeOff, Some(town.case), &[]);
    assert!(town.list().rows.is_empty());
}

#[test]
fn a_decision_is_owed_by_its_officer_until_somebody_says_what_came_of_it() {
    let mut town = Town::new();
    let id = town.decide(&[]).unwrap();
    let lead = town.lead.parse().unwrap();
    let mine = town.agenda(Whose::Officer(anjie::domain::ids::OfficerId(lead)));
    let line = |view: &AgendaView| {
        view.rows.iter().find(|(_, row)| row.line == LineKind::Decision).map(|(_, row)| row.clone())
    };
    let owed = line(&mine).expect("the decision is on the agenda of its officer");
    assert_eq!((owed.record.id, owed.on), (id, day("2026-10-23")));
    assert_eq!(town.office.case(town.case).decisions.len(), 1);
    town.office.done(Act::MoveToday, None, &[("today", "2026-10-24")]);
    assert!(line(&town.agenda(Whose::All)).is_some());
    let page = town.decisions(DecisionPart::Owed);
    assert_eq!(page.rows[0].clock.days_left, Some(-1));
    let fields = [("text", "差额已付清"), ("on", "-1")];
    town.office.done(Act::FinishDecision, Some(id), &fields);
    assert!(line(&town.agenda(Whose::All)).is_none());
    assert!(town.decisions(DecisionPart::Owed).rows.is_empty());
    let done = town.decisions(DecisionPart::Done).rows.remove(0);
    assert_eq!(done.outcome.unwrap().text, "差额已付清");
    let again = town.office.try_do(Act::FinishDecision, Some(id), &fields).unwrap_err();
    assert_eq!(again.key, "broken.decision_is_done");
    assert!(town.office.is_sound());
}

#[test]
fn the_minutes_of_a_day_hold_its_decisions_in_their_order() {
    let mut town = Town::new();
    let first = town.decide(&[]).unwrap();
    let second = town.decide(&[("text", "村委会公示明细"), ("met_on", "1015")]).unwrap();
    let third = town.decide(&[("text", "财政所出具拨款单")]).unwrap();
    let of = |town: &mut Town, on| {
        let rows = town.decisions(DecisionPart::Of(day(on))).rows;
        rows.iter().map(|row| row.id.0).collect::<Vec<_>>()
    };
    assert_eq!(of(&mut town, "2026-10-16"), [first, third]);
    assert_eq!(of(&mut town, "2026-10-15"), [second]);
}

#[test]
fn a_decision_before_its_meeting_or_by_somebody_who_left_is_refused() {
    let mut town = Town::new();
    let early = town.decide(&[("due_on", "1015")]).unwrap_err();
    assert_eq!(early.key, "broken.day_is_before_what_it_follows");
    let ahead = town.decide(&[("met_on", "1017")]).unwrap_err();
    assert_eq!(ahead.key, "broken.day_is_in_the_future");
    let gone = town.office.officer("孙立", &[("left_on", "2026-01-01")]).to_string();
    let left = town.decide(&[("officer", &gone)]).unwrap_err();
    assert_eq!(left.key, "broken.officer_has_left");
}

#[test]
fn a_leader_tables_what_they_lead_and_answers_but_does_not_decide() {
    let mut town = Town::new();
    let other = town.office.register("李小平", "路灯不亮", "2026-10-12");
    let decision = town.decide(&[]).unwrap();
    let (mut leader, case) = (town.leader(), town.case);
    leader.call(order(1, Act::Table, case, &[("question", "是否先行垫付")])).unwrap();
    let refused = leader.call(order(2, Act::Table, other, &[])).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Denied);
    let lead = town.lead.clone();
    let fields = [("text", "垫付"), ("officer", lead.as_str()), ("due_on", "+3")];
    let refused = leader.call(order(3, Act::Decide, case, &fields)).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Denied);
    let fields = [("text", "已付"), ("on", "-0")];
    leader.call(order(4, Act::FinishDecision, decision, &fields)).unwrap();
}

#[test]
fn what_a_viewer_is_told_holds_no_name_and_no_number_of_a_person() {
    let mut town = Town::new();
    let text = [("question", "马玉兰是否先领，电话138 0000 1234"), ("advice", "联系马玉兰")];
    town.office.done(Act::Table, Some(town.case), &text);
    town.decide(&[("text", "三天内答复马玉兰")]).unwrap();
    let id = CaseId(town.case);
    let mut viewer = town.viewer();
    let asked = [
        Request::Greet,
        Request::Agenda(AgendaQuery { most: 200, ..AgendaQuery::default() }),
        Request::Cases(CaseQuery::default()),
        Request::Case { id },
        Request::CaseByNumber { number: "青信2026-0001".to_owned() },
        Request::Meeting,
        Request::Decisions(DecisionQuery { most: 50, ..DecisionQuery::default() }),
        Request::Officers,
        Request::Units,
        find("zdbc"),
        find("myl"),
        find("马玉兰"),
        find(PHONE),
        find(NUMBER),
    ];
    let mut n_matters = 0;
    for request in asked {
        let told = format!("{:?}", request);
        let _ready = found(&mut viewer, &find("路"));
        let json = serde_json::to_string(&viewer.call(request).unwrap()).unwrap();
        for secret in ["马玉兰", "玉兰", PHONE, NUMBER, "138 0000 1234"] {
            assert!(!json.contains(secret), "{told} tells {secret}: {json}");
        }
        n_matters += usize::from(json.contains("马**"));
    }
    assert!(n_matters >= 7, "only {n_matters} answers are about the matter");
    let persons = found(&mut viewer, &find("马玉兰"));
    assert!(persons.hits.iter().all(|hit| hit.kind == Kind::Case) && persons.total == 1);
}

#[test]
fn a_viewer_gets_no_sheet_of_a_person_and_changes_nothing() {
    let mut town = Town::new();
    let sheet = town.office.case(town.case);
    let person = sheet.persons[0].id;
    let mut viewer = town.viewer();
    let reveal = Request::Reveal { id: person, field: "phone".to_owned(), reason: "1".to_owned() };
    for request in [
        Request::Person { id: person },
        reveal,
        Request::Persons(anjie::api::roster::PersonQuery::default()),
        Request::Roster(anjie::api::roster::RosterQuery::default()),
        Request::Journal(anjie::api::request::JournalQuery::default()),
        order(1, Act::Table, town.case, &[]),
        order(2, Act::Decide, town.case, &[]),
        order(3, Act::Record, town.case, &[]),
    ] {
        assert_eq!(viewer.call(request).unwrap_err().kind, RefusalKind::Denied);
    }
    let Reply::Me(me) = viewer.call(Request::Greet).unwrap() else { panic!("no greeting") };
    assert!(me.masked && me.denied.contains(&Act::Decide) && me.denied.contains(&Act::ReadPerson));
}

#[test]
fn before_a_meeting_a_clerk_sees_what_a_viewer_sees_and_may_only_decide() {
    let mut town = Town::new();
    let id = CaseId(town.case);
    let json = |reply: Reply| serde_json::to_string(&reply).unwrap();
    let clear = json(town.office.ask(Request::Case { id }).unwrap());
    let hidden = json(town.office.ask(masked(Request::Case { id })).unwrap());
    assert!(clear.contains("马玉兰") && !hidden.contains("马玉兰") && hidden.contains("马**"));
    assert!(!hidden.contains(PHONE) && !hidden.contains("1234联系"));
    let record = [("work", "other"), ("on", "-0"), ("text", "联系")];
    let refused = town.office.ask(masked(order(1, Act::Record, town.case, &record))).unwrap_err();
    assert_eq!((refused.kind, refused.key.as_str()), (RefusalKind::Denied, "refusal.in_meeting"));
    let person = town.office.case(town.case).persons[0].id;
    let refused = town.office.ask(masked(Request::Person { id: person })).unwrap_err();
    assert_eq!(refused.key, "refusal.in_meeting");
    let twice = town.office.ask(masked(masked(Request::Greet))).unwrap_err();
    assert_eq!(twice.kind, RefusalKind::NotFound);
    let lead = town.lead.clone();
    let fields = [("text", "三天内答复"), ("officer", lead.as_str()), ("due_on", "+3")];
    town.office.ask(masked(order(2, Act::Decide, town.case, &fields))).unwrap();
    let Reply::Me(me) = town.office.ask(masked(Request::Greet)).unwrap() else { panic!() };
    assert!(me.masked && me.denied.contains(&Act::Record) && !me.denied.contains(&Act::Decide));
}

#[test]
fn a_sealed_case_is_not_found_in_a_meeting_even_by_its_reader() {
    let mut town = Town::new();
    let case = town.office.register("周平", "举报村干部侵占补助款", "2026-10-12");
    let fields =
        [("purpose", "accusation"), ("route", "30"), ("on", "-0"), ("about", "南洼村村干部")];
    town.office.done(Act::Route, Some(case), &fields);
    let id = CaseId(case);
    assert!(town.office.case(case).case.readers.is_some(), "an accusation is sealed");
    let refused = town.office.ask(masked(Request::Case { id })).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotFound);
    let sealed = town.office.try_do(Act::Table, Some(case), &[]).unwrap_err();
    assert_eq!(sealed.key, "broken.sealed_is_not_for_meetings");
    let cases = masked(Request::Cases(CaseQuery::default()));
    let agenda = masked(Request::Agenda(AgendaQuery { most: 200, ..AgendaQuery::default() }));
    for request in [cases, agenda] {
        let json = serde_json::to_string(&town.office.ask(request).unwrap()).unwrap();
        assert!(!json.contains("侵占"), "{json}");
    }
    let mut door = town.office.door_of(crate::desk::me());
    assert_eq!(found(&mut door, &find("侵占")).total, 1);
    assert_eq!(found(&mut door, &masked(find("侵占"))).total, 0);
}

#[test]
fn a_question_to_the_meeting_is_found_by_those_who_read_the_list_and_by_nobody_else() {
    let mut town = Town::new();
    let village = town.office.unit("张家庄村", "village").to_string();
    let case = town.case;
    town.office.done(Act::EditCase, Some(case), &[("village", &village)]);
    town.office.done(Act::Table, Some(case), &[("question", "是否由财政先行垫付")]);
    let account = [("login", "village"), ("uid", "1004"), ("roles", "village")];
    let account: Vec<_> = account.into_iter().chain([("unit", village.as_str())]).collect();
    town.office.done(Act::AddClerk, None, &account);
    let mut own = town.office.door_of(crate::desk::me());
    let mut village = town.office.door_of(session(1004, "village"));
    for text in ["先行垫付", "xxdf"] {
        assert_eq!(found(&mut own, &find(text)).hits[0].why, "question");
        assert_eq!(found(&mut town.viewer(), &masked(find(text))).total, 1, "{text}");
        assert_eq!(found(&mut village, &find(text)).total, 0, "{text}");
    }
    assert_eq!(found(&mut village, &find("补偿")).total, 1, "the matter itself is the village's");
    town.office.done(Act::TakeOff, Some(case), &[]);
    assert_eq!(found(&mut own, &find("先行垫付")).total, 0);
}
