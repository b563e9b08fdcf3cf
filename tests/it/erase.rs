//! A person is erased by two people, and is found nowhere afterwards.

use anjie::api::door::Door;
use anjie::api::own::{Draft, Keep};
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, JournalQuery, Order, Request, Whose};
use anjie::api::roster::StoodQuery;
use anjie::api::undo::{UndoQuery, UndoWay};
use anjie::domain::act::Act;
use anjie::domain::ids::{PersonId, RequestId};
use anjie::service::backup::FreshKey;
use anjie::service::{LocalDoor, Session};

use crate::desk::Office;
use crate::seal::accusation;

const NAME: &str = "欧阳明远";
const PHONE: &str = "13800001234";
const ADDRESS: &str = "石桥村三组十七号";

fn second(office: &mut Office) -> LocalDoor {
    let fields = [("login", "zhaomin"), ("uid", "1042"), ("roles", "director")];
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid: 1042, login: "zhaomin".to_owned() })
}

fn do_it(door: &mut LocalDoor, id: u128, (act, on): (Act, u64), fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let (id, fields) = (RequestId(id), fields.collect());
    let order = Order { id, act, on: Some(on), seen: None, fields };
    door.call(Request::Do(order)).map_or_else(|refusal| refusal.key, |_done| String::new())
}

fn n_found(office: &mut Office, text: &str) -> u64 {
    let find = Request::Find { text: text.to_owned(), kinds: Vec::new(), most: 9 };
    let begun = std::time::Instant::now();
    loop {
        let Reply::Found(found) = office.ask(find.clone()).unwrap() else { panic!("no hits") };
        if !found.warming {
            return found.total;
        }
        assert!(begun.elapsed().as_secs() < 60, "the index is never ready");
        std::thread::yield_now();
    }
}

/// The raw bytes of all files of a ledger.
fn raw(folder: &std::path::Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
    files.filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Names the person in a step.
fn visit(office: &mut Office, (person, case): (u64, u64)) {
    let edit = [("phone", PHONE), ("address", ADDRESS)];
    office.done(Act::EditPerson, Some(person), &edit);
    let text = format!("到{ADDRESS}走访{NAME}");
    let step = [("work", "visit"), ("on", "2026-10-20"), ("text", text.as_str())];
    office.done(Act::Record, Some(case), &step);
}

/// Names the person wherever else somebody may: in a draft, a filter, a reason.
fn leave_traces(office: &mut Office, person: u64) {
    let draft = Draft {
        name: "1-1".to_owned(),
        command: "record".to_owned(),
        on: None,
        around: None,
        seen: None,
        title: NAME.to_owned(),
        fields: [("text".to_owned(), format!("已电话联系{PHONE}"))].into(),
        kept_at: Default::default(),
    };
    office.ask(Request::Keep(Keep::Draft(Box::new(draft)))).unwrap();
    let filter = format!("{NAME}的件");
    let view = |name| [("name", name), ("list", "cases"), ("sort", "due")];
    office.done(Act::SaveView, None, &view(filter.as_str()));
    let gone = office.done(Act::SaveView, None, &view(&format!("{PHONE}来电")));
    office.done(Act::RemoveView, gone.record.map(|view| view.id), &[]);
    let reason = format!("核对{NAME}来电");
    let reveal = |reason| {
        let id = PersonId(person);
        Request::Reveal { id, field: "phone".into(), reason }
    };
    office.ask(reveal(reason)).unwrap();
}

/// Stops and archives a matter for the shortest term, and lets the years go by.
fn let_go(office: &mut Office, case: u64) {
    stop(office, case);
    archive(office, case);
    office.done(Act::MoveToday, None, &[("today", "2036-10-20")]);
}

fn archive(office: &mut Office, case: u64) {
    let file = [("number", "青信档2026-0001"), ("retention", "10"), ("on", "2026-10-20")];
    office.done(Act::Archive, Some(case), &file);
}

/// Stops a matter.
fn stop(office: &mut Office, case: u64) {
    let stop = [
        ("ground", "withdrawn"),
        ("on", "2026-10-20"),
        ("text", "本人撤回"),
        ("document", "青信止〔2026〕1号"),
    ];
    office.done(Act::Stop, Some(case), &stop);
}

#[test]
fn an_erased_person_is_in_no_record_journal_draft_backup_or_raw_byte() {
    let mut office = Office::on("2026-10-20");
    let request = format!("{NAME}反映路灯不亮，电话{PHONE}");
    let case = office.register(NAME, &request, "2026-10-19");
    let other = office.register("张小明", "水渠堵塞", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    visit(&mut office, (person, case));
    let mut zhao = second(&mut office);
    assert!(n_found(&mut office, "ouyangming") > 0 && n_found(&mut office, "1234") > 0);

    let basis = [("basis", "保管期满，已移交档案")];
    let refused = office.try_do(Act::AskErasure, Some(person), &basis).unwrap_err();
    assert_eq!(refused.key, "broken.person_has_open_case");
    let_go(&mut office, case);
    leave_traces(&mut office, person);
    let paper = [("document", "青信档〔2026〕1号")];
    let early = do_it(&mut zhao, 1, (Act::Erase, person), &paper);
    assert_eq!(early, "broken.erasure_is_not_asked");
    office.done(Act::AskErasure, Some(person), &basis);
    let own = office.try_do(Act::Erase, Some(person), &paper).unwrap_err();
    assert_eq!(own.key, "broken.erasure_needs_a_second");
    assert_eq!(do_it(&mut zhao, 2, (Act::Erase, person), &paper), "");
    assert_eq!(do_it(&mut zhao, 3, (Act::Erase, person), &paper), "broken.person_is_erased");

    let sheet = office.case(case);
    assert_eq!(sheet.case.request, "***反映路灯不亮，电话***");
    assert_eq!(office.case(other).case.request, "水渠堵塞", "nobody else is touched");
    let Reply::Own(own) = office.ask(Request::Own).unwrap() else { panic!("nothing is own") };
    assert!(own.drafts.is_empty());
    let Reply::Views(views) = office.ask(Request::Views(None)).unwrap() else {
        panic!("no filter")
    };
    assert_eq!(views[0].view.name, "***的件", "a filter stays, and names nobody");
    // What is searched for is logged as well, so nobody types the name itself here.
    assert_eq!(n_found(&mut office, "ouyangming"), 0);
    assert_eq!(n_found(&mut office, "1234"), 0);
    let query =
        AccessQuery { act: Some("person.reveal".to_owned()), most: 9, ..Default::default() };
    let Reply::Accesses(page) = office.ask(Request::Accesses(query)).unwrap() else { panic!() };
    let wanted = [("field", Some("field.person.phone")), ("reason", None)];
    let wanted = wanted.map(|(name, text)| (name.to_owned(), text.map(str::to_owned)));
    assert_eq!(page.rows[0].notes, wanted, "that somebody looked stays, what was typed goes");
    assert!(office.is_sound(), "the chain is whole");
    let to = vec![FreshKey::make().public];
    office.ask(Request::Backup { to }).unwrap();
    drop(zhao);

    let place = office.leave();
    let folder = place.path();
    let mut office = Office::back(place);
    assert!(office.is_sound());
    assert!(!folder.join("backup.age").exists(), "the backup beside it could hold the person");
    let place = office.leave();
    let bytes = raw(&place.path());
    for text in [NAME, PHONE, ADDRESS] {
        assert!(!holds(&bytes, text), "{text} stands in a raw file");
    }
    assert!(holds(&bytes, "张小明"), "the search finds what is there");
}

#[test]
fn a_person_whose_registration_was_taken_back_is_erased_from_the_journal_too() {
    let mut office = Office::on("2026-10-20");
    let request = format!("{NAME}反映路灯不亮，电话{PHONE}");
    let case = office.register(NAME, &request, "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    let undo = |office: &mut Office, act| {
        let query = UndoQuery { way: UndoWay::Undo, change: None };
        let query =
            if act == Act::Redo { UndoQuery { way: UndoWay::Redo, ..query } } else { query };
        let Reply::Undo(view) = office.ask(Request::TryUndo(query)).unwrap() else { panic!() };
        let change = view.change.map(|it| format!("{:032x}", it.0)).unwrap_or_default();
        let fields = [("change", change.as_str()), ("act", view.act.as_str())];
        office.try_do(act, None, &fields).map_err(|refusal| refusal.key)
    };
    undo(&mut office, Act::Undo).unwrap();
    let mut zhao = second(&mut office);
    let basis = [("basis", "登记有误，已撤回")];
    let nobody = office.try_do(Act::AskErasure, Some(999), &basis).unwrap_err();
    assert_eq!(nobody.key, "refusal.not_found");
    // What was asked is taken back, and the record that held it goes with it.
    office.done(Act::AskErasure, Some(person), &basis);
    assert_eq!(do_it(&mut zhao, 1, (Act::WithdrawErasure, person), &[]), "");
    assert!(office.ask(Request::Person { id: PersonId(person) }).is_err());
    office.done(Act::AskErasure, Some(person), &basis);
    let paper = [("document", "青信档〔2026〕2号")];
    assert_eq!(do_it(&mut zhao, 2, (Act::Erase, person), &paper), "");
    let redone = undo(&mut office, Act::Redo);
    assert!(redone.is_err(), "nobody brings them back: {redone:?}");
    assert!(office.is_sound(), "the chain is whole");
    drop(zhao);
    let place = office.leave();
    let mut office = Office::back(place);
    assert!(office.is_sound());
    let place = office.leave();
    let bytes = raw(&place.path());
    for text in [NAME, PHONE] {
        assert!(!holds(&bytes, text), "{text} stands in a raw file");
    }
}

#[test]
fn an_erased_person_is_not_found_by_name_on_a_matter_that_did_not_say_it() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    // The index is ready, and has the matter under the name.
    assert_eq!(n_found(&mut office, "ouyangming"), 2);
    let mut zhao = second(&mut office);
    let_go(&mut office, case);
    office.done(Act::AskErasure, Some(person), &[("basis", "保管期满，已移交档案")]);
    let paper = [("document", "青信档〔2026〕1号")];
    assert_eq!(do_it(&mut zhao, 2, (Act::Erase, person), &paper), "");
    assert_eq!(n_found(&mut office, "ouyangming"), 0);
    assert_eq!(n_found(&mut office, "路灯不亮"), 1, "the matter stays");
}

#[test]
fn a_person_whose_name_is_corrected_is_found_by_the_new_one_on_their_matter() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    assert_eq!(n_found(&mut office, "ouyangming"), 2);
    office.done(Act::EditPerson, Some(person), &[("name", "诸葛明远")]);
    assert_eq!(n_found(&mut office, "ouyangming"), 0);
    assert_eq!(n_found(&mut office, "诸葛明远"), 2, "the person and their matter");
}

#[test]
fn a_person_is_erased_only_when_their_files_need_not_be_kept_any_longer() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    let ask = |office: &mut Office| {
        let basis = [("basis", "保管期满，已移交档案")];
        let answer = office.try_do(Act::AskErasure, Some(person), &basis);
        answer.map_or_else(|refusal| refusal.key, |_done| String::new())
    };
    stop(&mut office, case);
    assert_eq!(ask(&mut office), "broken.case_is_not_archived");
    archive(&mut office, case);
    assert_eq!(ask(&mut office), "broken.file_is_still_kept");
    office.done(Act::MoveToday, None, &[("today", "2036-10-19")]);
    assert_eq!(ask(&mut office), "broken.file_is_still_kept");
    office.done(Act::MoveToday, None, &[("today", "2036-10-20")]);
    assert_eq!(ask(&mut office), "");
}

#[test]
fn nobody_asks_and_erases_through_a_second_account_of_their_own() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    let_go(&mut office, case);
    office.done(Act::AskErasure, Some(person), &[("basis", "保管期满，已移交档案")]);
    // The officer of the first account has another login.
    let own = [("login", "lijuan2"), ("uid", "1043"), ("roles", "director"), ("officer", "1")];
    office.done(Act::AddClerk, None, &own);
    let mut door = office.door_of(Session { uid: 1043, login: "lijuan2".to_owned() });
    let paper = [("document", "青信档〔2026〕1号")];
    let refused = do_it(&mut door, 1, (Act::Erase, person), &paper);
    assert_eq!(refused, "broken.erasure_needs_a_second");
    let Reply::Person(sheet) = door.call(Request::Person { id: PersonId(person) }).unwrap() else {
        panic!("no sheet")
    };
    let why = sheet.permits.iter().find(|(act, _)| *act == Act::Erase).unwrap().1.clone();
    assert_eq!(why.as_deref(), Some("broken.erasure_needs_a_second"), "the menu says so, too");
    let mut zhao = second(&mut office);
    assert_eq!(do_it(&mut zhao, 2, (Act::Erase, person), &paper), "");
    let fill = [("name", NAME)];
    let filled = office.try_do(Act::EditPerson, Some(person), &fill).unwrap_err();
    assert_eq!(filled.key, "broken.person_is_erased");
    let other = office.register("张小明", "水渠堵塞", "2036-10-19");
    let other = office.case(other).case.persons.keys().next().unwrap().0.to_string();
    let merged = office.try_do(Act::MergePersons, Some(person), &[("other", &other)]).unwrap_err();
    assert_eq!(merged.wrongs[0].why, "person_is_erased");
}

#[test]
fn a_refused_erasure_says_no_number_of_a_sealed_matter() {
    let mut office = Office::on("2026-10-20");
    let plain = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(plain).case.persons.keys().next().unwrap().0;
    let id = person.to_string();
    let sealed = [
        ("name", NAME),
        ("person", id.as_str()),
        ("request", "站长虚报护坡工程量"),
        ("received_on", "2026-10-19"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
        ("sealed", "yes"),
        ("about", "郝站长"),
    ];
    let sealed = office.done(Act::Register, None, &sealed).record.unwrap().id;
    assert_eq!(office.case(sealed).case.persons.keys().next().unwrap().0, person);
    let mut zhao = second(&mut office);
    let_go(&mut office, plain);
    let basis =
        [("basis", "保管期满，已移交档案")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let order = Order {
        id: RequestId(1),
        act: Act::AskErasure,
        on: Some(person),
        seen: None,
        fields: basis.into(),
    };
    let refused = zhao.call(Request::Do(order)).unwrap_err();
    assert_eq!(refused.key, "broken.person_is_still_needed");
    assert!(refused.args.is_empty(), "{:?}", refused.args);
}

#[test]
fn a_receipt_that_was_moved_to_another_matter_does_not_keep_the_name() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    let words = format!("{NAME}另说到水渠堵塞");
    let more = [
        ("received_on", "2026-10-19"),
        ("channel", "visit"),
        ("source", "direct"),
        ("people", "1"),
        ("words", words.as_str()),
    ];
    office.done(Act::Join, Some(case), &more);
    let receipt = office.case(case).receipts.iter().map(|receipt| receipt.id.0).max();
    let other = office.register("张小明", "水渠堵塞", "2026-10-19");
    let into = [("into", "2"), ("on", "2026-10-20"), ("text", "说的是水渠")];
    office.done(Act::Split, receipt, &into);
    let mut zhao = second(&mut office);
    stop(&mut office, case);
    archive(&mut office, case);
    office.done(Act::MoveToday, None, &[("today", "2036-10-20")]);
    let basis = [("basis", "保管期满，已移交档案")];
    let refused = office.try_do(Act::AskErasure, Some(person), &basis).unwrap_err();
    assert_eq!(refused.key, "broken.person_has_open_case", "what they brought is not done");
    let back = [
        ("ground", "withdrawn"),
        ("on", "2036-10-20"),
        ("text", "本人撤回"),
        ("document", "青信止〔2036〕1号"),
    ];
    office.done(Act::Stop, Some(other), &back);
    let file = [("number", "青信档2036-0001"), ("retention", "10"), ("on", "2036-10-20")];
    office.done(Act::Archive, Some(other), &file);
    office.done(Act::MoveToday, None, &[("today", "2046-10-20")]);
    office.done(Act::AskErasure, Some(person), &basis);
    let paper = [("document", "青信档〔2046〕1号")];
    assert_eq!(do_it(&mut zhao, 1, (Act::Erase, person), &paper), "");
    let moved = office.case(other).receipts.into_iter().find(|it| Some(it.id.0) == receipt);
    assert_eq!(moved.unwrap().words.as_deref(), Some("***另说到水渠堵塞"));
    drop(zhao);
    // What a changed row leaves behind in its page goes with the old file.
    let mut office = Office::back(office.leave());
    assert!(office.is_sound());
    assert!(!holds(&raw(&office.leave().path()), NAME));
}

#[test]
fn the_roster_of_an_earlier_day_still_has_an_entry_whose_person_was_erased() {
    let mut office = Office::on("2026-10-20");
    let lead = office.officer("王建国", &[("leads", "yes"), ("head_from", "2026-01-01")]);
    let lead = lead.to_string();
    let case = office.register(NAME, "房屋倒塌", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    let reason = format!("{NAME}家中房屋倒塌");
    let proposal = [
        ("ground", "hardship"),
        ("reason", reason.as_str()),
        ("lead", lead.as_str()),
        ("officer", lead.as_str()),
        ("measures", "申请临时救助"),
        ("told_on", "2026-10-20"),
        ("contact_on", "2026-10-25"),
        ("review_on", "2026-11-15"),
    ];
    let entry = office.done(Act::ProposeEntry, Some(case), &proposal).record.unwrap().id;
    let approval = [("approver", lead.as_str()), ("on", "2026-10-20"), ("document", "3号")];
    office.done(Act::ApproveEntry, Some(entry), &approval);
    let mut zhao = second(&mut office);
    office.done(Act::MoveToday, None, &[("today", "2026-10-22")]);
    let end = [("on", "2026-10-22"), ("why", "helped"), ("text", "已发到")];
    office.done(Act::EndEntry, Some(entry), &end);
    let_go(&mut office, case);
    let on = |office: &mut Office, day: &str| {
        let query = StoodQuery { on: Some(day.parse().unwrap()), whose: Whose::All };
        let Reply::RosterOn(view) = office.ask(Request::RosterOn(query)).unwrap() else { panic!() };
        view.rows.into_iter().map(|row| (row.state, row.since)).collect::<Vec<_>>()
    };
    let before = ["2026-10-20", "2026-10-21", "2026-10-22"].map(|day| on(&mut office, day));
    assert_eq!(before.each_ref().map(Vec::len), [1, 1, 0]);
    office.done(Act::AskErasure, Some(person), &[("basis", "保管期满，已移交档案")]);
    let paper = [("document", "青信档〔2036〕1号")];
    assert_eq!(do_it(&mut zhao, 1, (Act::Erase, person), &paper), "");
    let after = ["2026-10-20", "2026-10-21", "2026-10-22"].map(|day| on(&mut office, day));
    assert_eq!(after, before);
}

#[test]
fn an_erasure_that_was_asked_for_is_taken_back_by_either_of_the_two_until_it_is_done() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let person = office.case(case).case.persons.keys().next().unwrap().0;
    let mut zhao = second(&mut office);
    let_go(&mut office, case);
    let (basis, paper) = ([("basis", "本人申请")], [("document", "青信档〔2026〕1号")]);
    let withdraw = (Act::WithdrawErasure, person);
    assert_eq!(do_it(&mut zhao, 1, withdraw, &[]), "broken.erasure_is_not_asked");
    office.done(Act::AskErasure, Some(person), &basis);
    let fields = [("login", "sunli"), ("uid", "1043"), ("roles", "clerk")];
    office.done(Act::AddClerk, None, &fields);
    let mut third = office.door_of(Session { uid: 1043, login: "sunli".to_owned() });
    let why = |door: &mut LocalDoor| match door.call(Request::Person { id: PersonId(person) }) {
        Ok(Reply::Person(sheet)) => {
            let of = |(act, _): &&(Act, Option<String>)| *act == Act::WithdrawErasure;
            sheet.permits.iter().find(of).and_then(|(_, why)| why.clone())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(why(&mut third).as_deref(), Some("broken.erasure_is_not_yours"));
    assert_eq!(do_it(&mut third, 6, withdraw, &[]), "broken.erasure_is_not_yours");
    assert_eq!(why(&mut zhao), None);
    assert_eq!(do_it(&mut zhao, 2, withdraw, &[]), "", "whoever was to do it");
    assert_eq!(do_it(&mut third, 7, (Act::AskErasure, person), &basis), "");
    assert_eq!(do_it(&mut third, 8, withdraw, &[]), "", "a clerk who asked may, too");
    assert_eq!(do_it(&mut zhao, 3, (Act::Erase, person), &paper), "broken.erasure_is_not_asked");
    office.done(Act::AskErasure, Some(person), &basis);
    office.done(Act::WithdrawErasure, Some(person), &[]);
    // Who asked, and why, and who took it back stays in the journal.
    let query =
        JournalQuery { person: Some(PersonId(person)), most: 50, ..JournalQuery::default() };
    let Reply::Journal(page) = office.ask(Request::Journal(query)).unwrap() else { panic!() };
    let acts: Vec<_> = page.rows.iter().map(|row| row.act.as_str()).collect();
    let taken_back = acts.iter().filter(|act| **act == "person.withdraw_erasure").count();
    assert_eq!(taken_back, 3, "{acts:?}");
    let who = page.rows.iter().find(|row| row.act == "person.withdraw_erasure").unwrap();
    assert!(who.who.as_deref().is_some_and(|name| name == "lijuan"), "{who:?}");
    // It can be asked again, and is done for good.
    office.done(Act::AskErasure, Some(person), &basis);
    assert_eq!(do_it(&mut zhao, 4, (Act::Erase, person), &paper), "");
    assert_eq!(do_it(&mut zhao, 5, withdraw, &[]), "broken.person_is_erased");
    let own = office.try_do(Act::WithdrawErasure, Some(person), &[]).unwrap_err();
    assert_eq!(own.key, "broken.person_is_erased");
}

#[test]
fn whoever_came_to_a_sealed_matter_by_a_visit_that_was_taken_back_is_known_to_its_readers_alone() {
    let mut office = Office::on("2026-10-20");
    let case = office.done(Act::Register, None, &accusation(&[])).record.unwrap().id;
    let visit = [
        ("received_on", "2026-10-19"),
        ("channel", "visit"),
        ("source", "direct"),
        ("people", "2"),
        ("representatives", NAME),
    ];
    office.done(Act::Join, Some(case), &visit);
    let petitioner = *office.case(case).case.persons.keys().next().unwrap();
    let person = office.case(case).case.persons.keys().find(|id| **id != petitioner).unwrap().0;
    let query = UndoQuery { way: UndoWay::Undo, change: None };
    let Reply::Undo(view) = office.ask(Request::TryUndo(query)).unwrap() else { panic!() };
    let change = view.change.map(|it| format!("{:032x}", it.0)).unwrap_or_default();
    office.done(Act::Undo, None, &[("change", &change), ("act", view.act.as_str())]);
    assert!(office.ask(Request::Person { id: PersonId(person) }).is_err());
    let mut zhao = second(&mut office);
    let basis = [("basis", "登记有误，已撤回")];
    let asked = do_it(&mut zhao, 1, (Act::AskErasure, person), &basis);
    assert_eq!(asked, "refusal.not_found", "the matter stands, and is sealed");
    let journal = |door: &mut LocalDoor| {
        let person = Some(PersonId(person));
        door.call(Request::Journal(JournalQuery { person, most: 9, ..JournalQuery::default() }))
    };
    let hidden = journal(&mut zhao).map(|_| ()).unwrap_err();
    assert_eq!(hidden.key, "refusal.not_found");
    // Its reader may have them put out.
    office.done(Act::AskErasure, Some(person), &basis);
}

#[test]
fn a_record_that_others_were_merged_into_stays_when_an_erasure_is_withdrawn() {
    let mut office = Office::on("2026-10-20");
    let case = office.register(NAME, "路灯不亮", "2026-10-19");
    let gone = office.case(case).case.persons.keys().next().unwrap().0;
    let query = UndoQuery { way: UndoWay::Undo, change: None };
    let Reply::Undo(view) = office.ask(Request::TryUndo(query)).unwrap() else { panic!() };
    let change = view.change.map(|it| format!("{:032x}", it.0)).unwrap_or_default();
    office.done(Act::Undo, None, &[("change", &change), ("act", view.act.as_str())]);
    office.done(Act::AskErasure, Some(gone), &[("basis", "登记有误")]);
    let other = office.register("欧阳明", "水渠漏水", "2026-10-19");
    let alias = office.case(other).case.persons.keys().next().unwrap().0;
    office.done(Act::MergePersons, Some(gone), &[("other", &alias.to_string())]);
    office.done(Act::WithdrawErasure, Some(gone), &[]);
    assert!(office.ask(Request::Person { id: PersonId(gone) }).is_ok(), "others rest on it");
    assert!(office.is_sound());
}
