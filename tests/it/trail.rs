//! Who changed what, and who looked: told to those who may know, and to nobody else.

use std::time::{Duration, Instant};

use anjie::api::door::Door;
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, JournalQuery, Request};
use anjie::api::trail::{AccessPage, AccessRow, JournalPage};
use anjie::domain::act::Act;
use anjie::domain::ids::{CaseId, PersonId};
use anjie::locale::{self, Lang};
use anjie::service::{LocalDoor, Session};

use crate::desk::{Office, day};

/// An account beside that of the office's first.
fn account(office: &mut Office, (uid, login): (u32, &str), roles: &str) -> LocalDoor {
    let uid_text = uid.to_string();
    let fields = [("login", login), ("uid", uid_text.as_str()), ("roles", roles)];
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid, login: login.to_owned() })
}

fn journal(door: &mut dyn Door, query: JournalQuery) -> Result<JournalPage, Refusal> {
    let query = JournalQuery { most: 100, ..query };
    match door.call(Request::Journal(query))? {
        Reply::Journal(page) => Ok(page),
        other => panic!("the journal was answered with {other:?}"),
    }
}

fn accesses(door: &mut dyn Door, query: AccessQuery) -> Result<AccessPage, Refusal> {
    let query = AccessQuery { most: 100, ..query };
    match door.call(Request::Accesses(query))? {
        Reply::Accesses(page) => Ok(page),
        other => panic!("the access log was answered with {other:?}"),
    }
}

/// Waits until the log holds a line of an act, at most ten seconds.
fn wait_for(door: &mut dyn Door, act: &str) -> Vec<AccessRow> {
    wait(door, &AccessQuery { act: Some(act.to_owned()), ..AccessQuery::default() })
}

fn wait(door: &mut dyn Door, query: &AccessQuery) -> Vec<AccessRow> {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let page = accesses(door, query.clone()).unwrap();
        if !page.rows.is_empty() || Instant::now() > end {
            return page.rows;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn person_of(office: &mut Office, case: u64) -> PersonId {
    *office.case(case).case.persons.keys().next().unwrap()
}

#[test]
fn who_looked_at_a_person_in_a_month_is_one_question() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let person = person_of(&mut office, id);
    let mut clerk = account(&mut office, (1001, "zhaomin"), "clerk");
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let Reply::Status(before) = office.ask(Request::Status).unwrap() else { panic!() };
    for _ in 0..3 {
        clerk.call(Request::Person { id: person }).unwrap();
    }
    let rows = wait_for(&mut auditor, "person.read");
    assert_eq!(rows.len(), 1, "a sheet that asks again is looked at once");
    assert_eq!(rows[0].who.as_deref(), Some("zhaomin"));
    assert_eq!(rows[0].about[0].0, person.into());
    let about = |from: &str, to: &str| AccessQuery {
        person: Some(person),
        from: Some(day(from)),
        to: Some(day(to)),
        ..AccessQuery::default()
    };
    let august = accesses(&mut auditor, about("2026-08-01", "2026-08-31")).unwrap();
    let acts: Vec<&str> = august.rows.iter().map(|row| row.act.as_str()).collect();
    // The case's sheet shows the person too.
    assert_eq!(acts, ["person.read", "case.read"]);
    assert_eq!(accesses(&mut auditor, about("2026-05-01", "2026-05-31")).unwrap().rows, []);
    let Reply::Status(after) = office.ask(Request::Status).unwrap() else { panic!() };
    assert_eq!((before.revision, before.journal), (after.revision, after.journal));
    let denied = accesses(&mut clerk, AccessQuery::default()).unwrap_err();
    assert_eq!(denied.kind, RefusalKind::Denied);
    assert!(office.is_sound());
}

#[test]
fn a_search_is_one_line_with_its_last_text_and_the_hits_that_were_opened() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    for text in ["z", "zx", "zxm", "路灯"] {
        let find = Request::Find { text: text.to_owned(), kinds: Vec::new(), most: 20 };
        office.ask(find).unwrap();
    }
    office.case(id);
    let folder = office.leave();
    let mut office = Office::back(folder);
    let query = AccessQuery { act: Some("find".to_owned()), ..AccessQuery::default() };
    let Reply::Accesses(AccessPage { rows, .. }) =
        office.ask(Request::Accesses(AccessQuery { most: 50, ..query })).unwrap()
    else {
        panic!("no access log")
    };
    let told: Vec<_> =
        rows.iter().map(|row| (row.notes[0].1.as_deref().unwrap(), row.about.len())).collect();
    assert_eq!(told, [("路灯", 1), ("zxm", 0)]);
    assert_eq!(rows[0].about[0].0, CaseId(id).into());
    assert!(office.is_sound());
}

#[test]
fn a_refusal_by_permission_is_a_line_of_the_access_log_and_of_nothing_else() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let mut viewer = account(&mut office, (1003, "guest"), "viewer");
    let before = office.version(id);
    let order = office.order(Act::Accept, Some(id), &[("on", "2026-08-06")]);
    let refused = viewer.call(Request::Do(order)).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Denied);
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let rows = wait_for(&mut auditor, "case.accept");
    assert_eq!((rows.len(), rows[0].who.as_deref()), (1, Some("guest")));
    assert_eq!(rows[0].notes[0], ("refused".to_owned(), Some("refusal.denied".to_owned())));
    // Whoever may read no sheet is not to stand on one either, and that they tried is a line.
    let at = Request::At(Some(CaseId(id).into()));
    let refused = auditor.call(at).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Denied);
    let (act, clerk) = (Some("case.read".to_owned()), Some("auditor".to_owned()));
    let told = wait(&mut auditor, &AccessQuery { act, clerk, ..AccessQuery::default() });
    assert_eq!((told.len(), told[0].about[0].0), (1, CaseId(id).into()));
    assert_eq!(office.version(id), before);
    assert!(office.is_sound());
}

#[test]
fn the_journal_is_narrowed_by_person_case_clerk_act_and_day() {
    let mut office = Office::on("2026-08-06");
    let first = office.register("张小明", "路灯不亮", "2026-08-06");
    let second = office.register("李英", "水渠堵塞", "2026-08-06");
    let person = person_of(&mut office, first);
    office.done(Act::EditCase, Some(first), &[("place", "村东")]);
    office.done(Act::EditPerson, Some(person.0), &[("phone", "13800000000")]);
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let mut director = account(&mut office, (1004, "director"), "director");
    let acts =
        |page: JournalPage| -> Vec<String> { page.rows.into_iter().map(|row| row.act).collect() };
    let of_case = JournalQuery { case: Some(CaseId(second)), ..JournalQuery::default() };
    assert_eq!(acts(journal(&mut director, of_case).unwrap()), ["case.register"; 2]);
    let of_person = JournalQuery { person: Some(person), ..JournalQuery::default() };
    let page = journal(&mut director, of_person).unwrap();
    let phone = page.rows[0].fields.iter().find(|field| field.field == "phone").unwrap();
    assert_eq!(phone.new.as_deref(), Some("138****0000"), "masked here as everywhere");
    assert_eq!(page.rows[1].act, "case.edit");
    let edits = JournalQuery { act: Some("case.edit".to_owned()), ..JournalQuery::default() };
    let page = journal(&mut director, edits.clone()).unwrap();
    assert_eq!(page.rows[0].fields[0].new.as_deref(), Some("村东"));
    let page = journal(&mut auditor, edits).unwrap();
    assert_eq!((page.rows.len(), &page.rows[0].fields[0].new), (1, &None), "no content for audit");
    let means =
        |text: &str| JournalQuery { text: Some(text.to_owned()), ..JournalQuery::default() };
    let page = journal(&mut director, means("青信2026-0002")).unwrap();
    assert_eq!(acts(page), ["case.register"; 2]);
    let page = journal(&mut director, means("lijuan")).unwrap();
    assert!(
        page.rows.len() > 5 && page.rows.iter().all(|row| row.who.as_deref() == Some("lijuan"))
    );
    assert_eq!(journal(&mut director, means("2020-01-01")).unwrap().rows, []);
    let nobody = JournalQuery { clerk: Some("nobody".to_owned()), ..JournalQuery::default() };
    assert_eq!(journal(&mut director, nobody).unwrap().rows, []);
    let long_ago = JournalQuery { to: Some(day("2020-01-01")), ..JournalQuery::default() };
    assert_eq!(journal(&mut director, long_ago).unwrap().rows, []);
    let mut all = Vec::new();
    let mut query = JournalQuery { most: 2, ..JournalQuery::default() };
    loop {
        let Reply::Journal(page) = director.call(Request::Journal(query.clone())).unwrap() else {
            panic!()
        };
        all.extend(page.rows.iter().map(|row| row.sequence));
        let Some(more) = page.more else { break };
        query.before = Some(more);
    }
    let Reply::Status(status) = office.ask(Request::Status).unwrap() else { panic!() };
    assert_eq!(all, (1..=status.journal.unwrap()).rev().collect::<Vec<_>>(), "every line once");
}

#[test]
fn lines_of_a_sealed_case_are_read_by_its_readers_alone() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("周平", "反映某单位的问题", "2026-08-06");
    office.done(
        Act::Route,
        Some(id),
        &[("purpose", "accusation"), ("route", "30"), ("about", "某站"), ("on", "2026-08-06")],
    );
    office.case(id);
    // The look at it is on disk before anybody else asks.
    let mut office = Office::back(office.leave());
    let mut director = account(&mut office, (1004, "director"), "director");
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let of_case = JournalQuery { case: Some(CaseId(id)), ..JournalQuery::default() };
    for door in [&mut director, &mut auditor] {
        let hidden = journal(door, of_case.clone()).unwrap_err();
        assert_eq!(hidden.kind, RefusalKind::NotFound);
        let page = journal(door, JournalQuery::default()).unwrap();
        assert!(page.rows.iter().all(|row| row.act != "case.route"));
        let query = AccessQuery { act: Some("case.read".to_owned()), ..AccessQuery::default() };
        assert_eq!(accesses(door, query).unwrap().rows, []);
    }
    let own = office.ask(Request::Journal(JournalQuery { most: 9, ..of_case })).unwrap();
    assert!(matches!(own, Reply::Journal(page) if page.rows.len() >= 2));
}

#[test]
fn a_reveal_says_which_value_was_shown_and_an_id_number_needs_a_reason_in_words() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let person = person_of(&mut office, id);
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let mut reveal = |field: &str, reason: &str| {
        let (field, reason) = (field.to_owned(), reason.to_owned());
        office.ask(Request::Reveal { id: person, field, reason })
    };
    for word in ["3", "核对"] {
        let refusal = reveal("id_number", word).unwrap_err();
        assert_eq!(refusal.key, "refusal.reason_is_too_short");
    }
    reveal("phone", "核对").unwrap();
    reveal("id_number", "核对救助申请").unwrap();
    let rows = wait_for(&mut auditor, "person.reveal");
    let told: Vec<_> = rows.iter().map(|row| row.notes.clone()).collect();
    let note = |name: &str, text: &str| (name.to_owned(), Some(text.to_owned()));
    let line = |field: &str, reason: &str| vec![note("field", field), note("reason", reason)];
    let wanted =
        [line("field.person.id_number", "核对救助申请"), line("field.person.phone", "核对")];
    assert_eq!(told, wanted);
}

#[test]
fn who_asks_for_a_record_outside_their_reach_is_known() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let village = office.unit("南洼村", "village").to_string();
    let fields =
        [("login", "nanwa"), ("uid", "1003"), ("roles", "village"), ("unit", village.as_str())];
    office.done(Act::AddClerk, None, &fields);
    let mut nanwa = office.door_of(Session { uid: 1003, login: "nanwa".to_owned() });
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let refusal = nanwa.call(Request::Case { id: CaseId(id) }).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert_eq!(nanwa.call(Request::Case { id: CaseId(999) }).unwrap_err(), refusal);
    let query = AccessQuery { clerk: Some("nanwa".to_owned()), ..AccessQuery::default() };
    let rows = wait(&mut auditor, &query);
    assert_eq!(rows.len(), 1, "of what is not there no line is shown: {rows:?}");
    assert_eq!((rows[0].act.as_str(), rows[0].about[0].0), ("case.read", CaseId(id).into()));
    let note = ("refused".to_owned(), Some("refusal.not_found".to_owned()));
    assert_eq!(rows[0].notes, [note]);
}

#[test]
fn who_asks_for_a_hidden_case_by_its_printed_number_is_known_like_by_its_own() {
    let mut office = Office::on("2026-08-06");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let number = office.case(id).case.number;
    let village = office.unit("南洼村", "village").to_string();
    let fields =
        [("login", "nanwa"), ("uid", "1003"), ("roles", "village"), ("unit", village.as_str())];
    office.done(Act::AddClerk, None, &fields);
    let mut nanwa = office.door_of(Session { uid: 1003, login: "nanwa".to_owned() });
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let mut by_number =
        |number: &str| nanwa.call(Request::CaseByNumber { number: number.to_owned() });
    let refusal = by_number(&number).unwrap_err();
    assert_eq!(refusal.key, "refusal.not_found");
    assert_eq!(by_number("青信2026-9999").unwrap_err(), refusal);
    let query = AccessQuery { clerk: Some("nanwa".to_owned()), ..AccessQuery::default() };
    let rows = wait(&mut auditor, &query);
    assert_eq!(rows.len(), 1, "of what is not there no line is shown: {rows:?}");
    assert_eq!((rows[0].act.as_str(), rows[0].about[0].0), ("case.read", CaseId(id).into()));
}

#[test]
fn a_closed_account_is_told_so_and_hears_of_no_more_changes() {
    let mut office = Office::on("2026-08-06");
    let mut clerk = account(&mut office, (1001, "zhaomin"), "clerk");
    let Reply::Me(me) = clerk.call(Request::Greet).unwrap() else { panic!("nobody") };
    let news = clerk.notices();
    office.register("张小明", "路灯不亮", "2026-08-06");
    assert!(news.try_recv().is_ok());
    office.done(Act::EditClerk, Some(me.clerk.0), &[("closed_on", "2026-08-06")]);
    while news.try_recv().is_ok() {}
    office.register("周强", "噪音扰民", "2026-08-06");
    assert!(news.try_recv().is_err(), "it hears of nothing");
    let refusal = clerk.call(Request::Greet).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.key.as_str()),
        (RefusalKind::Denied, "refusal.account_is_closed")
    );
    let mut nobody = office.door_of(Session { uid: 1009, login: "nobody".to_owned() });
    let refusal = nobody.call(Request::Greet).unwrap_err();
    assert_eq!(refusal.key, "refusal.no_account");
    assert!(refusal.args.contains(&("admins".to_owned(), "李娟".to_owned())), "{refusal:?}");
    let told = locale::said(Lang::Zh, "admins", "李娟");
    let text =
        locale::fill(Lang::Zh, &refusal.key, &[("admins", told), ("login", "nobody".into())]);
    assert_eq!(text, "您还没有用户；请管理员李娟为登录名 nobody 新增用户");
}

#[test]
fn a_conflict_names_the_officer_who_was_first() {
    let mut office = Office::on("2026-08-06");
    let id = office.unit("南洼村", "village");
    let seen = anjie::domain::ids::Version(1);
    office.done(Act::EditUnit, Some(id), &[("head", "孙立")]);
    let mut order = office.order(Act::EditUnit, Some(id), &[("head", "石守义")]);
    order.seen = Some(seen);
    let refusal = office.ask(Request::Do(order)).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Conflict);
    assert_eq!(refusal.clashes[0].who, "李娟");
}

#[test]
fn a_step_and_its_correction_are_told_with_deed_day_and_what_changed() {
    let mut office = Office::on("2026-08-12");
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    let talk = [("work", "visit"), ("text", "入户走访"), ("on", "2026-08-07")];
    office.done(Act::Record, Some(id), &talk);
    let wrong = [("step", "2"), ("why", "看错日历"), ("on", "2026-08-08"), ("text", "入户两次")];
    office.done(Act::CorrectStep, Some(id), &wrong);
    let mut rows = |act: &str| {
        let act = Some(act.to_owned());
        let query = JournalQuery { act, most: 1, ..JournalQuery::default() };
        let Reply::Journal(mut page) = office.ask(Request::Journal(query)).unwrap() else {
            panic!("no journal")
        };
        let fields = page.rows.remove(0).fields;
        fields.into_iter().find(|field| field.field == "steps.2").unwrap()
    };
    type Told = (String, Option<String>, Option<String>);
    let parts = |field: &anjie::api::trail::ChangedField| -> Vec<Told> {
        let part = field.parts.iter().cloned();
        part.map(|part| (part.field, part.old, part.new)).collect()
    };
    let text = |text: &str| Some(text.to_owned());
    let made = rows("case.record");
    assert_eq!(made.step.as_deref(), Some("worked"));
    assert_eq!((&made.old, &made.new), (&None, &text("2026-08-07")));
    assert!(parts(&made).contains(&("record.text".to_owned(), None, text("入户走访"))));
    let corrected = rows("case.correct");
    assert_eq!((&corrected.old, &corrected.new), (&text("2026-08-07"), &text("2026-08-08")));
    let told = [
        ("record.text".to_owned(), text("入户走访"), text("入户两次")),
        ("correct.why".to_owned(), None, text("看错日历")),
    ];
    assert_eq!(parts(&corrected), told, "only what changed");
    // Who audits learns that a step was corrected, and nothing of what it says.
    let mut auditor = account(&mut office, (1002, "auditor"), "auditor");
    let act = Some("case.correct".to_owned());
    let page = journal(&mut auditor, JournalQuery { act, ..JournalQuery::default() }).unwrap();
    let step = page.rows[0].fields.iter().find(|field| field.field == "steps.2").unwrap();
    assert_eq!((&step.step, &step.new, step.parts.len()), (&None, &None, 0));
}
