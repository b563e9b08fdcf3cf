//! The roster as it stood on a day: replayed from the facts, not from what is there now.

use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::request::{Request, Whose};
use anjie::api::roster::{EntryRow, StoodQuery};
use anjie::domain::act::Act;
use anjie::domain::entry::{EntryState, OwedKind};

use crate::desk::{Office, day};

struct Town {
    office: Office,
    entry: u64,
    next_lead: String,
}

impl Town {
    /// Proposed on the 1st, approved on paper as of the 2nd, a contact on the 8th, another leader
    /// from the 12th, renewed on the 20th, ended on the 26th.
    fn new() -> Self {
        let mut office = Office::on("2026-10-01");
        let lead = office.officer("王建国", &[("leads", "yes"), ("head_from", "2026-01-01")]);
        let (lead, next_lead) =
            (lead.to_string(), office.officer("陈志远", &[("leads", "yes")]).to_string());
        let officer = office.officer("赵敏", &[]).to_string();
        let case = office.register("马玉兰", "低保停发，生活困难", "2026-09-28");
        let proposal = [
            ("ground", "hardship"),
            ("reason", "低保停发，家中老人住院"),
            ("lead", lead.as_str()),
            ("officer", officer.as_str()),
            ("measures", "申请临时救助"),
            ("told_on", "2026-10-01"),
            ("contact_on", "2026-10-10"),
            ("review_on", "2026-10-25"),
        ];
        let entry = office.done(Act::ProposeEntry, Some(case), &proposal).record.unwrap().id;
        let mut town = Self { office, entry, next_lead };
        town.go_to("2026-10-05");
        let approval = [("approver", lead.as_str()), ("on", "2026-10-02"), ("document", "3号")];
        town.done(Act::ApproveEntry, &approval);
        town.go_to("2026-10-12");
        // Entered four days later: it counts on its own day.
        let contact = [
            ("on", "2026-10-08"),
            ("manner", "home"),
            ("text", "上门了解情况"),
            ("next_on", "2026-10-18"),
        ];
        town.done(Act::ContactEntry, &contact);
        let next_lead = town.next_lead.clone();
        town.done(Act::EditEntry, &[("lead", &next_lead)]);
        town.go_to("2026-10-20");
        town.done(Act::RenewEntry, &[("review_on", "2026-11-15"), ("text", "救助还没有发到")]);
        town.go_to("2026-10-26");
        town.done(Act::EndEntry, &[("on", "2026-10-26"), ("why", "helped"), ("text", "已发到")]);
        town.go_to("2026-11-02");
        town
    }

    fn go_to(&mut self, today: &str) {
        self.office.done(Act::MoveToday, None, &[("today", today)]);
    }

    fn done(&mut self, act: Act, fields: &[(&str, &str)]) {
        self.office.done(act, Some(self.entry), fields);
    }

    fn on(&mut self, on: &str) -> Option<EntryRow> {
        let query = StoodQuery { on: Some(day(on)), whose: Whose::All };
        match self.office.ask(Request::RosterOn(query)).unwrap() {
            Reply::RosterOn(view) => view.rows.into_iter().next(),
            other => panic!("{other:?}"),
        }
    }
}

fn owed(row: &EntryRow, kind: OwedKind) -> Option<String> {
    row.owed.iter().find(|owed| owed.kind == kind).map(|owed| owed.on.to_string())
}

#[test]
fn the_roster_of_each_day_says_who_led_and_what_was_owed_on_that_day() {
    let mut town = Town::new();
    assert_eq!(town.on("2026-09-30"), None, "nobody had proposed it");
    let row = town.on("2026-10-01").unwrap();
    assert_eq!((row.state, row.since), (EntryState::Proposed, None));
    assert_eq!(owed(&row, OwedKind::Approval).as_deref(), Some("2026-10-25"));
    // The paper is of the 2nd, although it was entered on the 5th.
    let row = town.on("2026-10-02").unwrap();
    assert_eq!((row.state, row.since), (EntryState::Running, Some(day("2026-10-02"))));
    assert_eq!(owed(&row, OwedKind::Contact).as_deref(), Some("2026-10-10"));
    assert_eq!(owed(&row, OwedKind::Review).as_deref(), Some("2026-10-25"));
    assert_eq!(row.lead.as_deref(), Some("王建国"));
    let row = town.on("2026-10-08").unwrap();
    assert_eq!(owed(&row, OwedKind::Contact).as_deref(), Some("2026-10-18"));
    assert_eq!(
        (row.lead.as_deref(), row.last_contact_on),
        (Some("王建国"), Some(day("2026-10-08")))
    );
    assert_eq!(town.on("2026-10-12").unwrap().lead.as_deref(), Some("陈志远"));
    let row = town.on("2026-10-19").unwrap();
    let late = row.owed.iter().find(|owed| owed.kind == OwedKind::Contact).unwrap();
    assert_eq!(late.days_left, -1, "days count from that day");
    assert_eq!(owed(&row, OwedKind::Review).as_deref(), Some("2026-10-25"));
    let row = town.on("2026-10-20").unwrap();
    assert_eq!(owed(&row, OwedKind::Review).as_deref(), Some("2026-11-15"));
    assert!(town.on("2026-10-25").is_some());
    assert_eq!(town.on("2026-10-26"), None, "it had ended");
    assert!(town.office.is_sound());
}

#[test]
fn the_clock_of_the_case_is_the_one_that_ran_then() {
    let mut town = Town::new();
    let row = town.on("2026-10-09").unwrap();
    let clock = row.owed.iter().find(|owed| owed.kind == OwedKind::Clock).unwrap();
    assert_eq!(clock.rule.as_deref(), Some("notice_direct"));
    assert_eq!(clock.on, day("2026-10-13"));
}

#[test]
fn a_day_that_has_not_come_has_no_roster() {
    let mut town = Town::new();
    let query = StoodQuery { on: Some(day("2026-11-03")), whose: Whose::All };
    let refusal = town.office.ask(Request::RosterOn(query)).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.key.as_str()),
        (RefusalKind::Invalid, "refusal.roster_of_the_future")
    );
}

#[test]
fn a_matter_that_is_sealed_since_is_told_of_no_earlier_day() {
    let mut office = Office::on("2026-10-01");
    let lead = office.officer("王建国", &[("leads", "yes")]).to_string();
    let case = office.register("马玉兰", "低保停发，举报村干部", "2026-09-28");
    let proposal = [
        ("ground", "hardship"),
        ("reason", "低保停发"),
        ("lead", lead.as_str()),
        ("officer", lead.as_str()),
        ("measures", "申请临时救助"),
        ("told_on", "2026-10-01"),
        ("contact_on", "2026-10-10"),
        ("review_on", "2026-10-25"),
    ];
    let entry = office.done(Act::ProposeEntry, Some(case), &proposal).record.unwrap().id;
    let mut town = Town { office, entry, next_lead: lead };
    assert!(town.on("2026-10-01").is_some());
    town.go_to("2026-10-02");
    let fields =
        [("purpose", "accusation"), ("route", "30"), ("on", "-0"), ("about", "南洼村村干部")];
    town.office.done(Act::Route, Some(case), &fields);
    // The founder reads it; a leader does not.
    let fields = [("login", "leader"), ("uid", "1003"), ("roles", "leader")];
    let fields: Vec<_> = fields.into_iter().chain([("officer", town.next_lead.as_str())]).collect();
    town.office.done(Act::AddClerk, None, &fields);
    let leader = anjie::service::Session { uid: 1003, login: "leader".to_owned() };
    let mut door = town.office.door_of(leader);
    let query = StoodQuery { on: Some(day("2026-10-01")), whose: Whose::All };
    match anjie::api::door::Door::call(&mut door, Request::RosterOn(query)).unwrap() {
        Reply::RosterOn(view) => assert_eq!(view.rows, []),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_entry_that_waited_for_its_renewal_stood_on_the_roster_of_those_days() {
    let mut office = Office::on("2026-10-01");
    let lead = office.officer("王建国", &[("leads", "yes"), ("head_from", "2026-01-01")]);
    let lead = lead.to_string();
    let case = office.register("马玉兰", "低保停发，生活困难", "2026-09-28");
    let proposal = [
        ("ground", "hardship"),
        ("reason", "低保停发"),
        ("lead", lead.as_str()),
        ("officer", lead.as_str()),
        ("measures", "申请临时救助"),
        ("told_on", "2026-10-01"),
        ("contact_on", "2026-10-10"),
        ("review_on", "2026-10-25"),
    ];
    let entry = office.done(Act::ProposeEntry, Some(case), &proposal).record.unwrap().id;
    let approval = [("approver", lead.as_str()), ("on", "2026-10-01"), ("document", "3号")];
    office.done(Act::ApproveEntry, Some(entry), &approval);
    let mut town = Town { office, entry, next_lead: lead };
    town.go_to("2026-10-28");
    let stood = town.on("2026-10-28").unwrap();
    assert_eq!(stood.state, EntryState::Pending);
    // Nobody renewed it; it ended with its review day.
    town.go_to("2026-12-01");
    for day in ["2026-10-26", "2026-10-28", "2026-11-06"] {
        assert_eq!(town.on(day).map(|row| row.state), Some(EntryState::Pending), "{day}");
    }
    assert_eq!(town.on("2026-10-25").unwrap().state, EntryState::Running);
    assert_eq!(town.on("2026-11-07"), None, "the ten working days were over");
}
