//! The roster: from a proposal to its end, and persons who are found to be one.

use anjie::api::door::Door;
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{Request, Whose};
use anjie::api::roster::{EntrySheet, PersonQuery, RosterPage, RosterPart, RosterQuery};
use anjie::domain::act::Act;
use anjie::domain::choice::EndReason;
use anjie::domain::entry::{ApprovalWay, EntryState, OwedKind};
use anjie::domain::ids::{EntryId, PersonId};
use anjie::domain::listing::{Column, Direction, Narrow, Sort, Value};
use anjie::service::Session;

use crate::desk::{Office, day};

/// A second clerk, who approves.
fn second() -> Session {
    Session { uid: 1001, login: "zhaomin".to_owned() }
}

struct Town {
    office: Office,
    lead: String,
    officer: String,
    case: u64,
}

impl Town {
    fn on(today: &str) -> Self {
        let mut office = Office::on(today);
        let lead = office.officer("王建国", &[("leads", "yes")]).to_string();
        let officer = office.officer("赵敏", &[]).to_string();
        let case = office.register("马玉兰", "家里塌了两间房，至今没有人来核实救助。", today);
        Self { office, lead, officer, case }
    }

    fn with_second(mut self) -> Self {
        let officer = self.officer.clone();
        let fields =
            [("login", "zhaomin"), ("uid", "1001"), ("roles", "clerk"), ("officer", &officer)];
        self.office.done(Act::AddClerk, None, &fields);
        self
    }

    fn propose(&mut self, more: &[(&str, &str)]) -> Result<u64, Refusal> {
        let (lead, officer) = (self.lead.clone(), self.officer.clone());
        let mut fields = vec![
            ("ground", "hardship"),
            ("reason", "房屋倒塌，临时救助未到位"),
            ("lead", lead.as_str()),
            ("officer", officer.as_str()),
            ("measures", "申请临时救助，协调住处"),
            ("contact_on", "+7"),
            ("review_on", "+31"),
            ("told_on", "-0"),
        ];
        fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        fields.extend(more.iter().filter(|(_, text)| !text.is_empty()));
        let done = self.office.try_do(Act::ProposeEntry, Some(self.case), &fields)?;
        Ok(done.record.unwrap().id)
    }

    fn running(&mut self) -> u64 {
        let entry = self.propose(&[]).unwrap();
        self.office.done(Act::ApproveEntry, Some(entry), &[]);
        entry
    }

    fn sheet(&mut self, id: u64) -> EntrySheet {
        match self.office.ask(Request::Entry { id: EntryId(id) }).unwrap() {
            Reply::Entry(sheet) => *sheet,
            other => panic!("an entry was answered with {other:?}"),
        }
    }

    fn state(&mut self, id: u64) -> EntryState {
        self.sheet(id).row.state
    }

    fn list(&mut self, part: RosterPart) -> RosterPage {
        let query = RosterQuery { part, most: 50, ..RosterQuery::default() };
        match self.office.ask(Request::Roster(query)).unwrap() {
            Reply::Roster(page) => page,
            other => panic!("the roster was answered with {other:?}"),
        }
    }

    fn go_to(&mut self, day: &str) {
        self.office.done(Act::MoveToday, None, &[("today", day)]);
    }

    fn refused(&mut self, act: Act, on: u64, fields: &[(&str, &str)]) -> String {
        self.office.try_do(act, Some(on), fields).unwrap_err().key
    }
}

#[test]
fn an_entry_is_proposed_approved_contacted_renewed_and_ended() {
    let mut town = Town::on("2026-10-12").with_second();
    let entry = town.propose(&[("promise", "临时救助"), ("promise_by", "+5")]).unwrap();
    assert_eq!(town.state(entry), EntryState::Proposed);
    let order = town.office.order(Act::ApproveEntry, Some(entry), &[]);
    town.office.door_of(second()).call(Request::Do(order)).unwrap();
    let sheet = town.sheet(entry);
    assert_eq!(sheet.row.state, EntryState::Running);
    assert_eq!(sheet.entry.approval.unwrap().way, ApprovalWay::Second);
    let contact = [
        ("on", "2026-10-12"),
        ("manner", "home"),
        ("text", "送去救助申请表"),
        ("next_on", "+10"),
        ("given", "yes"),
    ];
    town.office.done(Act::ContactEntry, Some(entry), &contact);
    let sheet = town.sheet(entry);
    assert_eq!(sheet.entry.promise, None);
    assert_eq!(sheet.entry.last_contact().unwrap().given.as_deref(), Some("临时救助"));
    assert_eq!(sheet.entry.contact_on, day("2026-10-22"));
    town.go_to("2026-10-20");
    let renewal = [("text", "救助款尚未到账"), ("review_on", "2026-11-20")];
    town.office.done(Act::RenewEntry, Some(entry), &renewal);
    assert_eq!(town.sheet(entry).entry.review_on, day("2026-11-20"));
    let end = [("why", "helped"), ("text", "救助款已到账"), ("on", "2026-10-20")];
    town.office.done(Act::EndEntry, Some(entry), &end);
    assert_eq!(town.state(entry), EntryState::Ended);
    assert_eq!(town.list(RosterPart::Open).rows.len(), 0);
    assert_eq!(town.list(RosterPart::Ended).rows.len(), 1);
    assert_eq!(town.refused(Act::RenewEntry, entry, &renewal), "broken.entry_has_ended");
    assert!(town.office.is_sound());
}

#[test]
fn what_the_roster_must_not_hold_is_refused_with_its_reason() {
    let mut town = Town::on("2026-10-12").with_second();
    let refused = |town: &mut Town, more: &[(&str, &str)]| town.propose(more).unwrap_err();
    let none = refused(&mut town, &[("ground", "")]);
    assert_eq!(
        (none.wrongs[0].field.as_str(), none.wrongs[0].why.as_str()),
        ("propose.ground", "empty")
    );
    let cases: [(&[(&str, &str)], &str); 9] = [
        (&[("review_on", "+32")], "review_is_too_far"),
        (&[("review_on", "-0")], "review_is_not_ahead"),
        (&[("contact_on", "-1")], "day_has_passed"),
        (&[("told_on", "+1")], "day_is_in_the_future"),
        (&[("ground", "assigned")], "ground_is_not_on_the_case"),
        (&[("ground", "repeated")], "ground_is_not_on_the_case"),
        (&[("ground", "care")], "procedure_has_not_ended"),
        (&[("ground", "danger")], "danger_needs_help"),
        (&[("promise", "救助")], "promise_needs_text_and_day"),
    ];
    for (more, key) in cases {
        assert_eq!(refused(&mut town, more).key, format!("broken.{key}"), "{more:?}");
    }
    let officer = town.officer.clone();
    assert_eq!(refused(&mut town, &[("lead", &officer)]).key, "broken.officer_may_not_lead");
    let entry = town.propose(&[]).unwrap();
    assert_eq!(town.propose(&[]).unwrap_err().key, "broken.entry_is_there");
    assert_eq!(town.refused(Act::ApproveEntry, entry, &[]), "broken.proposer_may_not_approve");
    let paper = [("document", "青信批2026-7")];
    let key = town.refused(Act::ApproveEntry, entry, &paper);
    assert_eq!(key, "broken.paper_needs_name_and_number");
    let contact = [("on", "-0"), ("manner", "call"), ("text", "电话"), ("next_on", "+7")];
    assert_eq!(town.refused(Act::ContactEntry, entry, &contact), "broken.entry_is_not_approved");
    let lead = town.lead.clone();
    let paper = [("document", "青信批2026-7"), ("approver", lead.as_str()), ("on", "-0")];
    town.office.done(Act::ApproveEntry, Some(entry), &paper);
    assert_eq!(town.sheet(entry).entry.approval.unwrap().way, ApprovalWay::Paper);
    assert!(town.office.is_sound());
}

#[test]
fn nobody_is_listed_without_being_told_or_a_reason_why_not() {
    let mut town = Town::on("2026-10-12");
    let entry = town.propose(&[("told_on", "")]).unwrap();
    assert_eq!(town.refused(Act::ApproveEntry, entry, &[]), "broken.told_or_why_not");
    town.office.done(Act::ApproveEntry, Some(entry), &[("not_told", "本人住院，出院后告知")]);
    // The office has one account only, and the entry says so.
    assert_eq!(town.sheet(entry).entry.approval.unwrap().way, ApprovalWay::OneAccount);
    let emptied = town.refused(Act::EditEntry, entry, &[("not_told", "")]);
    assert_eq!(emptied, "broken.told_or_why_not");
}

#[test]
fn a_sealed_matter_is_refused_and_sealing_one_ends_its_entry() {
    let mut town = Town::on("2026-10-12").with_second();
    let entry = town.running_on_paper();
    let accusation =
        [("purpose", "accusation"), ("route", "30"), ("about", "某站"), ("on", "2026-10-12")];
    let case = town.case;
    town.office.done(Act::Route, Some(case), &accusation);
    assert_eq!(town.state(entry), EntryState::Ended);
    let mut other = town.office.door_of(second());
    let asked = other.call(Request::Entry { id: EntryId(entry) }).unwrap_err();
    assert_eq!(asked.kind, RefusalKind::NotFound);
    assert_eq!(town.propose(&[]).unwrap_err().key, "broken.case_is_sealed");
    assert!(town.office.is_sound());
}

impl Town {
    fn running_on_paper(&mut self) -> u64 {
        let entry = self.propose(&[]).unwrap();
        let lead = self.lead.clone();
        let paper = [("document", "青信批2026-7"), ("approver", lead.as_str()), ("on", "-0")];
        self.office.done(Act::ApproveEntry, Some(entry), &paper);
        entry
    }
}

#[test]
fn an_entry_lapses_by_itself_waits_ten_working_days_and_is_then_final() {
    let mut town = Town::on("2026-10-12");
    let entry = town.running();
    let version = town.sheet(entry).entry.version;
    town.go_to("2026-11-12");
    assert_eq!(town.state(entry), EntryState::Running, "the review day itself still counts");
    town.go_to("2026-11-13");
    let sheet = town.sheet(entry);
    assert_eq!(sheet.row.state, EntryState::Pending);
    assert_eq!(sheet.entry.lapsed_on, Some(day("2026-11-13")), "the change of day notes it");
    assert_eq!(sheet.entry.version.0, version.0 + 1, "by one journal line");
    assert_eq!(sheet.row.owed.iter().filter(|owed| owed.kind == OwedKind::Decision).count(), 1);
    assert_eq!(sheet.row.pending_until, day("2026-11-26"));
    town.go_to("2026-11-26");
    assert_eq!(town.sheet(entry).entry.version.0, version.0 + 1, "and not again each day");
    let renewal = [("text", "继续帮扶"), ("review_on", "2026-12-20")];
    town.office.done(Act::RenewEntry, Some(entry), &renewal);
    let sheet = town.sheet(entry);
    assert_eq!((sheet.row.state, sheet.entry.lapsed_on), (EntryState::Running, None));
    town.go_to("2027-02-01");
    let sheet = town.sheet(entry);
    assert_eq!(sheet.entry.ending.unwrap().why, EndReason::Lapsed);
    assert_eq!(town.refused(Act::RenewEntry, entry, &renewal), "broken.entry_has_lapsed");
    assert!(town.office.is_sound());
}

#[test]
fn the_first_change_after_a_review_day_notes_the_lapse_once() {
    let mut town = Town::on("2026-10-12");
    let entry = town.propose(&[]).unwrap();
    let before = town.sheet(entry).entry.version;
    town.go_to("2026-11-13");
    let sheet = town.sheet(entry);
    assert_eq!(sheet.row.state, EntryState::Ended, "a proposal that nobody approved");
    assert_eq!(sheet.entry.version, before.next());
    let case = town.case;
    town.office.done(Act::EditCase, Some(case), &[("place", "村东")]);
    assert_eq!(town.sheet(entry).entry.version, before.next());
}

#[test]
fn the_roster_is_in_the_order_of_what_the_office_owes() {
    let mut town = Town::on("2026-10-12");
    let calm = town.running();
    town.case = town.office.register("周大山", "低保停发，没有说明理由。", "2026-10-12");
    let missed = town.propose(&[("contact_on", "+1")]).unwrap();
    town.office.done(Act::ApproveEntry, Some(missed), &[]);
    town.case = town.office.register("吴秀英", "水渠被占，浇不上地。", "2026-09-20");
    let late = town.propose(&[]).unwrap();
    town.office.done(Act::ApproveEntry, Some(late), &[]);
    town.go_to("2026-10-14");
    let rows = town.list(RosterPart::Open).rows;
    let order: Vec<u64> = rows.iter().map(|row| row.id.0).collect();
    assert_eq!(order, [late, missed, calm]);
    let first: Vec<_> = rows.iter().map(|row| (row.owed[0].kind, row.owed[0].days_left)).collect();
    assert_eq!(first[0].0, OwedKind::Clock);
    assert_eq!(rows[0].owed[0].rule.as_deref(), Some("notice_direct"));
    assert_eq!(first[1], (OwedKind::Contact, -1));
    assert!(first[2].1 > 0);
    // By pages it is the same order.
    let mut query = RosterQuery { most: 1, whose: Whose::All, ..RosterQuery::default() };
    let mut paged = Vec::new();
    loop {
        let Reply::Roster(page) = town.office.ask(Request::Roster(query.clone())).unwrap() else {
            panic!("no roster");
        };
        paged.extend(page.rows.iter().map(|row| row.id.0));
        if !page.after {
            break;
        }
        query.from = page.rows.last().map(|row| row.cursor.clone());
    }
    assert_eq!(paged, order);
    assert_eq!(town.list(RosterPart::Review).rows.len(), 0);
    town.go_to("2026-11-02");
    assert_eq!(town.list(RosterPart::Review).rows.len(), 3);
}

fn merged(office: &mut Office, act: Act, keep: u64, other: u64) -> Result<(), Refusal> {
    office.try_do(act, Some(keep), &[("other", &other.to_string())]).map(|_| ())
}

fn person(office: &mut Office, id: u64) -> anjie::api::reply::PersonSheet {
    match office.ask(Request::Person { id: PersonId(id) }).unwrap() {
        Reply::Person(sheet) => *sheet,
        other => panic!("a person was answered with {other:?}"),
    }
}

fn n_listed(office: &mut Office) -> usize {
    let query = PersonQuery { most: 50, ..PersonQuery::default() };
    match office.ask(Request::Persons(query)).unwrap() {
        Reply::Persons(page) => page.rows.len(),
        other => panic!("persons were answered with {other:?}"),
    }
}

#[test]
fn a_merge_shows_one_person_and_an_unmerge_gives_everything_back_also_later() {
    let mut office = Office::on("2026-10-12");
    let first = office.register("马玉兰", "房屋倒塌未救助", "2026-10-12");
    let second = office.register("马玉蓝", "临时救助没有下文", "2026-10-12");
    let before = (person(&mut office, 1), person(&mut office, 2));
    merged(&mut office, Act::MergePersons, 1, 2).unwrap();
    let one = person(&mut office, 2);
    assert_eq!(one.id, PersonId(1), "whoever opens the alias sees the person");
    assert_eq!(one.cases.len(), 2);
    assert_eq!(one.aliases.len(), 1);
    assert_eq!(office.case(second).persons[0].name.as_deref(), Some("马玉兰"));
    assert_eq!(n_listed(&mut office), 1);
    assert_eq!(
        merged(&mut office, Act::MergePersons, 2, 1).unwrap_err().key,
        "broken.person_is_an_alias"
    );
    // Later changes to the person, and a third case of theirs, do not stand in the way.
    office.done(Act::EditPerson, Some(1), &[("address", "北坡村三组12号")]);
    office.done(Act::EditCase, Some(first), &[("place", "北坡")]);
    assert!(office.is_sound());
    merged(&mut office, Act::UnmergePersons, 1, 2).unwrap();
    let other = person(&mut office, 2);
    assert_eq!((other.fields, other.cases.len()), (before.1.fields, 1));
    assert_eq!(person(&mut office, 1).cases.len(), before.0.cases.len());
    assert_eq!(office.case(second).persons[0].name.as_deref(), Some("马玉蓝"));
    assert_eq!(n_listed(&mut office), 2);
    assert!(office.is_sound());
}

#[test]
fn two_records_with_different_id_numbers_are_not_one_person() {
    let mut office = Office::on("2026-10-12");
    office.register("马玉兰", "房屋倒塌未救助", "2026-10-12");
    office.register("马玉兰", "临时救助没有下文", "2026-10-12");
    office.done(Act::EditPerson, Some(1), &[("id_number", "11010519491231002X")]);
    office.done(Act::EditPerson, Some(2), &[("id_number", "440524188001010014")]);
    let refused = merged(&mut office, Act::MergePersons, 1, 2).unwrap_err();
    assert_eq!(refused.key, "broken.id_numbers_differ");
    let same = merged(&mut office, Act::MergePersons, 1, 1).unwrap_err();
    assert_eq!(same.key, "broken.persons_are_one_record");
    let none = merged(&mut office, Act::UnmergePersons, 1, 2).unwrap_err();
    assert_eq!(none.key, "broken.person_is_no_alias");
}

#[test]
fn a_text_narrows_the_ended_part_of_the_roster_too() {
    let mut town = Town::on("2026-10-12");
    let entry = town.running_on_paper();
    let end = [("on", "-0"), ("why", "helped"), ("text", "已发到")];
    town.office.done(Act::EndEntry, Some(entry), &end);
    let mut found = |text: &str, part| {
        let text = Some(text.to_owned());
        let query = RosterQuery { part, text, most: 50, ..RosterQuery::default() };
        match town.office.ask(Request::Roster(query)).unwrap() {
            Reply::Roster(page) => page.rows.len(),
            other => panic!("the roster was answered with {other:?}"),
        }
    };
    let begun = std::time::Instant::now();
    while found("mayulan", RosterPart::Ended) == 0 && begun.elapsed().as_secs() < 10 {
        std::thread::yield_now();
    }
    assert_eq!(found("mayulan", RosterPart::Ended), 1);
    assert_eq!(found("mayulan", RosterPart::Open), 0);
    assert_eq!(found("张小明", RosterPart::Ended), 0);
}

#[test]
fn the_roster_is_narrowed_and_put_in_order_by_who_is_responsible() {
    let mut town = Town::on("2026-08-06");
    let first = town.propose(&[]).unwrap();
    let other = town.office.officer("李卫东", &[("leads", "yes")]).to_string();
    town.case = town.office.register("周小山", "承包地被占，至今没有答复。", "2026-08-06");
    let second = town.propose(&[("lead", &other), ("contact_on", "+3")]).unwrap();
    let mut listed = |sort: Sort, only: &[(Column, Value)]| -> Vec<u64> {
        let mut narrow = Narrow::default();
        for (column, value) in only {
            narrow.set(*column, Some(value.clone()));
        }
        let (whose, most, only) = (Whose::All, 50, narrow);
        let query = RosterQuery { whose, most, sort, only, ..RosterQuery::default() };
        let Ok(Reply::Roster(page)) = town.office.ask(Request::Roster(query)) else {
            panic!("no roster")
        };
        assert_eq!(page.total, Some(page.rows.len() as u64));
        page.rows.iter().map(|row| row.id.0).collect()
    };
    let turned = |by| Sort { by, direction: Direction::Down };
    assert_eq!(listed(Sort::usual(Column::Lead), &[]), [first, second]);
    assert_eq!(listed(turned(Column::Lead), &[]), [second, first]);
    assert_eq!(listed(Sort::usual(Column::Contact), &[]), [second, first]);
    assert_eq!(listed(turned(Column::Contact), &[]), [first, second]);
    let lead = Value::Id(other.parse().unwrap());
    assert_eq!(listed(Sort::OWED, &[(Column::Lead, lead.clone())]), [second]);
    assert_eq!(listed(Sort::OWED, &[(Column::Ground, Value::word("hardship"))]).len(), 2);
    assert!(listed(Sort::OWED, &[(Column::Ground, Value::word("danger"))]).is_empty());
    assert!(
        listed(Sort::OWED, &[(Column::Lead, lead), (Column::Village, Value::Id(999))]).is_empty()
    );
}
