//! Sealed petitions: they are there for their readers alone, and whom they accuse holds nothing.

use anjie::api::attachment::AttachmentQuery;
use anjie::api::campaign::{MatrixQuery, TaskList, TaskQuery, TickTerms};
use anjie::api::cut::CutQuery;
use anjie::api::door::Door;
use anjie::api::dossier::DossierQuery;
use anjie::api::export::{ExportPiece, ExportQuery, ExportRows};
use anjie::api::incoming::{Book, ImportRow, ImportTerms, Known, Piece, Rows};
use anjie::api::like::{Among, LikeQuery, TwinQuery};
use anjie::api::listing::{LineFilter, ListQuery, ValueQuery};
use anjie::api::meeting::DecisionQuery;
use anjie::api::refusal::RefusalKind;
use anjie::api::reply::Reply;
use anjie::api::report::ReportQuery;
use anjie::api::request::{
    AccessQuery, AgendaQuery, CaseQuery, JournalQuery, Order, Request, Whose,
};
use anjie::api::roster::{PersonQuery, RosterQuery};
use anjie::api::undo::{UndoQuery, UndoWay};
use anjie::domain::act::{Act, Nature};
use anjie::domain::case::Stage;
use anjie::domain::choice::TaskState;
use anjie::domain::cut::Cut;
use anjie::domain::form::Fields;
use anjie::domain::ids::{
    CaseId, DutyId, EntryId, Kind, OfficerId, PersonId, PlanId, RequestId, TaskId, UnitId,
};
use anjie::domain::listing::{self, List, Narrow, Sort};
use anjie::domain::report::ReportKind;
use anjie::service::{LocalDoor, Session};
use serde_json::Value;

use crate::desk::Office;

/// Words that stand in the sealed petition and nowhere else.
pub const PLANTED: [&str; 5] = ["章守中", "沙石款", "13911112222", "郝站长", "青信X2026-0001"];

/// A local notice within ten days, made up.
const TEN_DAYS: &str = r#"
norm = "样例省告知时限"
jurisdiction = "样例省"
level = "local"

[[limit]]
id = "notice_direct"
article = "5"
who = "every_body"
starts = "received_direct"
met_by = ["notified", "accepted", "declined", "declined_final", "led"]
ends_on = ["withdrawn", "terminated"]
length = 10
unit = "day"
per = "receipt"
effect = "duty"
in_force_from = "2026-01-01"
mark = "C"
"#;

pub fn account(office: &mut Office, (uid, login): (u32, &str), more: &[(&str, &str)]) -> LocalDoor {
    let uid_text = uid.to_string();
    let fields = [&[("login", login), ("uid", &uid_text)][..], more].concat();
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid, login: login.to_owned() })
}

/// The form of a sealed petition.
pub fn accusation<'f>(more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let form = [
        ("name", "章守中"),
        ("request", "郝站长截留沙石款"),
        ("phone", "13911112222"),
        ("received_on", "2026-08-05"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
        ("about", "郝站长"),
        ("sealed", "yes"),
    ];
    [&form[..], more].concat()
}

/// Every question that can be asked, about this case and person and about everything.
pub fn questions(case: u64, person: u64) -> Vec<Request> {
    let (case, person) = (CaseId(case), PersonId(person));
    let attached = AttachmentQuery { case, number: 1, from: 0 };
    let mut all = vec![
        Request::Greet,
        Request::Status,
        Request::Check,
        Request::Backups,
        Request::Limits,
        Request::Calendar { year: 2026 },
        Request::Days { from: "2026-08-05".parse().unwrap(), length: "15".to_owned() },
        Request::Own,
        Request::Templates,
        Request::PaperNumbers(Some(2026)),
        Request::Meeting,
        Request::Decisions(DecisionQuery { most: 50, ..DecisionQuery::default() }),
        Request::Case { id: case },
        Request::Attachment(attached),
        Request::Dossier(DossierQuery {
            cases: vec![case],
            purpose: "月报".to_owned(),
            recipient: "区信访局".to_owned(),
            sealed: true,
        }),
        Request::Person { id: person },
        Request::Persons(PersonQuery { most: 50, ..PersonQuery::default() }),
        Request::Roster(RosterQuery { most: 50, ..RosterQuery::default() }),
        Request::Entry { id: EntryId(1) },
        Request::Plan { id: None },
        Request::Matrix(MatrixQuery { plan: PlanId(1), phase: 1, from: 0, most: 20 }),
        Request::Tasks(TaskQuery::of(None, TaskList::All)),
        Request::Task { id: TaskId(1) },
        Request::TryTick(TickTerms {
            tasks: vec![TaskId(1)],
            state: TaskState::Done,
            with_evidence: false,
        }),
        Request::Journal(JournalQuery { most: 50, ..JournalQuery::default() }),
        Request::Journal(JournalQuery { case: Some(case), most: 50, ..JournalQuery::default() }),
        Request::Journal(JournalQuery {
            person: Some(person),
            most: 50,
            ..JournalQuery::default()
        }),
        Request::Accesses(AccessQuery { most: 50, ..AccessQuery::default() }),
        Request::Accesses(AccessQuery { person: Some(person), most: 50, ..AccessQuery::default() }),
        Request::Stage(Piece { file: "ab".to_owned(), first: 0, rows: Vec::new() }),
        Request::TryImport(ImportTerms::cases("cd", Book::Open)),
    ];
    all.extend([
        Request::Officers,
        Request::Units,
        Request::Unit { id: UnitId(1) },
        Request::Settings,
        Request::Clerks,
        Request::Duty { id: DutyId(1) },
        Request::Figures { year: None },
        Request::At(Some(case.into())),
        Request::At(Some(person.into())),
        Request::At(Some(EntryId(1).into())),
    ]);
    by_text_and_owner(person, &mut all);
    all.extend(counts());
    all.extend(exports());
    // The registrations of what is sealed are changes of the ledger too, of somebody else.
    for way in [UndoWay::Undo, UndoWay::Redo] {
        let changes = (0..60).map(|id| Some(RequestId(id))).chain([None]);
        all.extend(changes.map(|change| Request::TryUndo(UndoQuery { way, change })));
    }
    all
}

/// What counts matters, and what was given of it.
fn counts() -> Vec<Request> {
    let count =
        |text: &str| Request::Cut(CutQuery::Count { cut: Cut::parse(text).unwrap(), said: None });
    vec![
        Request::Report(ReportQuery { kind: ReportKind::Annual, until: None, said: None }),
        count("days=2026 rows=unit"),
        count("days=2026 rows=stage measure=persons"),
        Request::Cut(CutQuery::Given { year: None }),
    ]
}

/// Everything that can leave the ledger, with what is sealed asked for too.
fn exports() -> Vec<Request> {
    let mut rows = vec![
        ExportRows::Persons(PersonQuery::default()),
        ExportRows::Roster(RosterQuery::default()),
        ExportRows::Deadlines(AgendaQuery::default()),
        ExportRows::Tasks(TaskQuery::of(None, TaskList::All)),
        ExportRows::Units,
        ExportRows::Officers,
        ExportRows::MarkedCases((1..10).map(CaseId).collect()),
        ExportRows::MarkedEntries((1..10).map(EntryId).collect()),
    ];
    for sort in [Sort::DUE, Sort::RECEIVED] {
        rows.push(ExportRows::Cases(CaseQuery { sort, ..CaseQuery::default() }));
    }
    for text in PLANTED {
        let text = Some(text.to_owned());
        rows.push(ExportRows::Cases(CaseQuery { text, ..CaseQuery::default() }));
    }
    let query = |rows: ExportRows| ExportQuery {
        columns: Vec::new(),
        in_clear: Vec::new(),
        reason: String::new(),
        purpose: "月报".to_owned(),
        recipient: "区信访局".to_owned(),
        sealed: true,
        rows,
    };
    let begun = rows.into_iter().map(|rows| Request::Export(Box::new(query(rows))));
    begun.chain([Request::ExportPiece(ExportPiece { ticket: 0, from: 0 })]).collect()
}

/// The same by every text that could find it, and by whoever could own it.
fn by_text_and_owner(person: PersonId, all: &mut Vec<Request>) {
    for field in ["phone", "id_number"] {
        let reason = "核对".to_owned();
        all.push(Request::Reveal { id: person, field: field.to_owned(), reason });
    }
    let whose = [Whose::All, Whose::Mine, Whose::Officer(OfficerId(1)), Whose::Unit(UnitId(1))];
    for whose in whose {
        all.push(Request::Agenda(AgendaQuery { whose, most: 50, ..AgendaQuery::default() }));
        for by in List::Cases.sorts() {
            let sort = Sort::usual(by);
            for direction in [sort.direction, sort.direction.turned()] {
                let sort = Sort { by, direction };
                all.push(Request::Cases(CaseQuery { whose, sort, ..CaseQuery::default() }));
            }
        }
        for column in List::Cases.narrows() {
            let list = ListQuery::Cases(CaseQuery { whose, ..CaseQuery::default() });
            all.push(Request::Values(ValueQuery { list, column }));
            let mut only = Narrow::default();
            only.set(column, Some(listing::Value::Nothing));
            if column.has(&listing::Value::Nothing) {
                all.push(Request::Cases(CaseQuery { whose, only, ..CaseQuery::default() }));
            }
        }
        all.push(Request::Views(None));
        for column in List::Deadlines.narrows() {
            let list = ListQuery::Deadlines(AgendaQuery { whose, ..AgendaQuery::default() });
            all.push(Request::Values(ValueQuery { list, column }));
        }
    }
    let asked = CaseQuery { sort: Sort::RECEIVED, ..CaseQuery::default() };
    all.push(Request::Several(vec![Request::Counts, Request::Cases(asked)]));
    for stage in Stage::ALL {
        all.push(Request::Cases(CaseQuery { stage: Some(stage), ..CaseQuery::default() }));
    }
    for among in Among::ALL {
        all.push(Request::Twins(TwinQuery { among, from: 0 }));
    }
    for text in PLANTED.into_iter().chain(["zsz", "zhangshou", "2222", "青信X", "沙石"]) {
        let text = text.to_owned();
        all.push(Request::Like(LikeQuery {
            name: text.clone(),
            phone: text.clone(),
            id_number: text.clone(),
            text: "郝站长截留沙石款".to_owned(),
            most: 20,
            ..LikeQuery::default()
        }));
        all.push(Request::CaseByNumber { number: text.clone() });
        let only = LineFilter { text: Some(text.clone()), ..LineFilter::default() };
        let layout = anjie::api::request::Layout::Deadlines;
        let query = AgendaQuery { only, layout, most: 50, ..AgendaQuery::default() };
        all.push(Request::Agenda(AgendaQuery { whose: Whose::All, ..query }));
        all.push(Request::Persons(PersonQuery {
            text: Some(text.clone()),
            most: 50,
            ..PersonQuery::default()
        }));
        all.push(Request::Cases(CaseQuery { text: Some(text.clone()), ..CaseQuery::default() }));
        all.push(Request::Journal(JournalQuery {
            text: Some(text.clone()),
            most: 50,
            ..JournalQuery::default()
        }));
        all.push(Request::Find { text, kinds: Vec::new(), most: 50 });
    }
}

#[test]
fn every_act_that_reads_is_asked_for_what_is_sealed() {
    let all = questions(1, 1);
    for act in Act::ALL.iter().filter(|act| act.nature() == Nature::Read) {
        assert!(all.iter().any(|asked| asked.act() == *act), "{} is not asked", act.word());
    }
}

/// What an answer says, but for numbers that count every change of the ledger, whatever it is.
fn said(answer: Result<Reply, anjie::api::refusal::Refusal>) -> Value {
    fn scrub(value: &mut Value) {
        match value {
            Value::Object(map) => {
                let outside = ["revision", "journal", "head", "n_lines", "n_rows", "unproven"];
                // The journal itself is a page; in a status it is a number.
                map.retain(|key, value| value.is_object() || !outside.contains(&key.as_str()));
                map.retain(|key, value| key != "n_records" || value.is_array());
                map.values_mut().for_each(scrub);
            }
            Value::Array(all) => all.iter_mut().for_each(scrub),
            _ => {}
        }
    }
    let mut json = match answer {
        Ok(reply) => serde_json::to_value(reply).unwrap(),
        Err(refusal) => serde_json::to_value(refusal).unwrap(),
    };
    scrub(&mut json);
    json
}

/// An office with a case, and accounts of every role beside the clerk who registers.
fn town() -> (Office, Vec<(&'static str, LocalDoor)>) {
    let mut office = Office::on("2026-08-06");
    let village = office.unit("南洼村", "village").to_string();
    office.register("张小明", "路灯不亮", "2026-08-03");
    let doors = [
        (1001, "director", "director clerk leader"),
        (1002, "admin", "admin"),
        (1003, "auditor", "auditor"),
        (1004, "viewer", "viewer"),
    ];
    let mut all = Vec::new();
    for (uid, role, roles) in doors {
        all.push((role, account(&mut office, (uid, role), &[("roles", roles)])));
    }
    let roles = [("roles", "village"), ("unit", &village)];
    all.push(("village", account(&mut office, (1005, "village"), &roles)));
    loop {
        let Reply::Status(status) = office.ask(Request::Status).unwrap() else { panic!() };
        if status.index_ready {
            break (office, all);
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_sealed_petition_is_not_there_for_anybody_but_its_readers() {
    let (mut office, mut others) = town();
    // The numbers that the case, its receipt and its person will have.
    let next = 2;
    let questions = questions(next, next);
    let mut before = Vec::new();
    for (_, door) in &mut others {
        before.push(questions.iter().map(|ask| said(door.call(ask.clone()))).collect::<Vec<_>>());
    }
    let mut counted = || match office.ask(Request::Counts).unwrap() {
        Reply::Counts(view) => (view.open.open, view.came),
        other => panic!("counts were answered with {other:?}"),
    };
    let known = counted();
    let news: Vec<_> = others.iter_mut().map(|(_, door)| door.notices()).collect();
    let done = office.done(Act::Register, None, &accusation(&[]));
    let case = done.record.unwrap().id;
    assert_eq!((case, done.number.as_deref()), (next, Some("青信X2026-0001")));
    let view = office.ask(Request::Counts).unwrap();
    let Reply::Counts(view) = view else { panic!("no counts") };
    assert_eq!((view.open.open, view.came), (known.0 + 1, known.1 + 1), "its reader counts it");
    for (receiver, (role, _)) in news.iter().zip(&others) {
        assert!(receiver.try_recv().is_err(), "{role} is told of it");
    }
    for ((role, door), before) in others.iter_mut().zip(before) {
        for (ask, before) in questions.iter().zip(before) {
            let now = said(door.call(ask.clone()));
            // Everybody's searches stand in the access log as they were typed, but no name of what is
            // sealed, and the log grows by the questions themselves.
            let is_log = ask.act() == Act::ReadAccesses;
            let about = now.pointer("/accesses/rows").and_then(Value::as_array);
            let about: Vec<_> = about.into_iter().flatten().map(|row| &row["about"]).collect();
            let text = if is_log { format!("{about:?}") } else { now.to_string() };
            // What one has typed oneself may come back.
            let typed = serde_json::to_string(ask).unwrap();
            for word in PLANTED.into_iter().filter(|word| !typed.contains(word)) {
                assert!(!text.contains(word), "{role} reads {word} in {text}");
            }
            if !is_log {
                assert_eq!(now, before, "{role} asks {typed}");
            }
        }
    }
    let mut n_orders = 9000;
    let mut order = |act: Act, on: u64| {
        n_orders += 1;
        let (id, fields) = (RequestId(n_orders), Fields::new());
        Request::Do(Order { id, act, on: Some(on), seen: None, fields })
    };
    for (role, door) in &mut others {
        for act in Act::ALL.iter().filter(|act| act.nature() == Nature::Change) {
            if !matches!(act.on(), Some(Kind::Case | Kind::Receipt | Kind::Person)) {
                continue;
            }
            let here = door.call(order(*act, case)).unwrap_err();
            let nowhere = door.call(order(*act, 999)).unwrap_err();
            assert_eq!(here, nowhere, "{role} does {}", act.word());
        }
    }
    // Its reader sees it with its mark, and who else reads it.
    let sheet = office.case(case);
    assert_eq!((sheet.stage, sheet.readers), (Stage::Routed, vec!["李娟".to_owned()]));
    let found = Request::Find { text: "沙石款".to_owned(), kinds: Vec::new(), most: 9 };
    assert!(matches!(office.ask(found).unwrap(), Reply::Found(found) if found.total == 1));
    assert!(office.is_sound());
}

#[test]
fn a_list_of_persons_finds_nobody_whose_petitions_are_sealed_from_who_brings_it() {
    let (mut office, mut others) = town();
    office.done(Act::Register, None, &accusation(&[]));
    let values =
        [("person.name", "章守中"), ("person.phone", "13911112222"), ("person.sex", "male")];
    let values = values.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    let row = ImportRow { sheet: String::new(), row: 2, values, problems: Vec::new() };
    let piece = Piece { file: "ab".to_owned(), first: 0, rows: vec![row] };
    let terms = ImportTerms {
        rows: Rows::Persons,
        known: Known::Update,
        ..ImportTerms::cases("ab", Book::History)
    };
    let asks = [Request::Stage(piece), Request::TryImport(terms)];
    let counts = |reply: Reply| match reply {
        Reply::Import(view) => (view.new, view.updated),
        other => panic!("a trial was answered with {other:?}"),
    };
    let (_, director) = others.iter_mut().find(|(role, _)| *role == "director").unwrap();
    let [_, told] = asks.clone().map(|ask| director.call(ask).unwrap());
    assert_eq!(counts(told), (1, 0), "they are not there");
    let [_, told] = asks.map(|ask| office.ask(ask).unwrap());
    assert_eq!(counts(told), (0, 1), "its reader knows them");
}

#[test]
fn a_sealed_petition_leaves_no_gap_in_the_numbers_of_the_others() {
    let mut office = Office::on("2026-08-06");
    office.done(Act::Register, None, &accusation(&[]));
    let id = office.register("张小明", "路灯不亮", "2026-08-06");
    assert_eq!(office.case(id).case.number, "青信2026-0001");
}

#[test]
fn whom_it_accuses_is_named_first_and_neither_reads_nor_holds_it() {
    let mut office = Office::on("2026-08-06");
    let station = office.unit("水利站", "station").to_string();
    let chief = office.officer("郝大成", &[("unit", &station), ("leads", "yes")]).to_string();
    let leader = office.officer("王建国", &[("leads", "yes")]).to_string();
    let mut form = accusation(&[]);
    form.retain(|(name, _)| *name != "about");
    let refused = |office: &mut Office, more: &[(&str, &str)]| {
        office.try_do(Act::Register, None, &[&form[..], more].concat()).unwrap_err().key
    };
    assert_eq!(refused(&mut office, &[]), "broken.accused_is_missing");
    let accused = ("about_unit", station.as_str());
    let with_chief = [accused, ("readers", &chief)];
    assert_eq!(refused(&mut office, &with_chief), "broken.officer_has_no_account");
    let as_chief = [("roles", "clerk"), ("officer", chief.as_str())];
    account(&mut office, (1001, "hao"), &as_chief);
    assert_eq!(refused(&mut office, &with_chief), "broken.reader_is_accused");
    let own = [("about_officer", chief.as_str()), ("readers", chief.as_str())];
    assert_eq!(refused(&mut office, &own), "broken.reader_is_accused");
    let id = office.done(Act::Register, None, &[&form[..], &[accused]].concat()).record.unwrap().id;
    let mut try_do = |act, field, officer: &str| {
        office.try_do(act, Some(id), &[(field, officer)]).unwrap_err().key
    };
    let theirs = "broken.petition_is_about_their_unit";
    assert_eq!(try_do(Act::HandTo, "handler", &chief), theirs);
    assert_eq!(try_do(Act::AssignLead, "lead", &chief), theirs);
    assert_eq!(try_do(Act::AssignLead, "lead", &leader), "broken.officer_has_no_account");
    assert_eq!(try_do(Act::Allot, "unit", &station), "broken.petition_is_about_that_unit");
    let pass = [("step", "drafting"), ("on", "2026-08-06"), ("to", chief.as_str())];
    assert_eq!(office.try_do(Act::Pass, Some(id), &pass).unwrap_err().key, theirs);
    let as_leader = [("roles", "leader"), ("officer", leader.as_str())];
    let mut door = account(&mut office, (1002, "wang"), &as_leader);
    let lead = [("lead", leader.as_str())];
    let unnamed = office.try_do(Act::AssignLead, Some(id), &lead).unwrap_err();
    assert_eq!(unnamed.key, "broken.officer_is_no_reader");
    // Only a reader names readers; the others do not find the case at all.
    let name = [("add", leader.as_str()), ("text", "包案")];
    let mut order = office.order(Act::Readers, Some(id), &name);
    assert_eq!(door.call(Request::Do(order.clone())).unwrap_err().kind, RefusalKind::NotFound);
    office.done(Act::Readers, Some(id), &name);
    office.done(Act::AssignLead, Some(id), &lead);
    assert!(door.call(Request::Case { id: CaseId(id) }).is_ok());
    order.id = RequestId(77);
    order.fields = [("remove", leader.as_str()), ("text", "已办完")]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
    let holding = door.call(Request::Do(order)).unwrap_err();
    assert_eq!(holding.key, "broken.reader_holds_it");
    let deeds: Vec<_> = office.case(id).case.steps.values().map(|step| step.deed.word()).collect();
    assert_eq!(deeds, ["received", "routed", "reader_added", "lead_assigned"]);
}

#[test]
fn an_accused_clerk_registers_it_for_others_and_does_not_read_it() {
    let mut office = Office::on("2026-08-06");
    let reader = office.officer("陈志远", &[]).to_string();
    let roles = [("roles", "director"), ("officer", reader.as_str())];
    let mut other = account(&mut office, (1001, "chen"), &roles);
    let mut form = accusation(&[]);
    form.retain(|(name, _)| *name != "about");
    form.push(("about", "李娟"));
    let alone = office.try_do(Act::Register, None, &form).unwrap_err();
    assert_eq!(alone.key, "broken.sealed_needs_a_reader");
    form.push(("readers", &reader));
    let id = CaseId(office.done(Act::Register, None, &form).record.unwrap().id);
    assert_eq!(office.ask(Request::Case { id }).unwrap_err().kind, RefusalKind::NotFound);
    assert!(other.call(Request::Case { id }).is_ok());
}

#[test]
fn a_mixed_petition_becomes_a_sealed_and_an_open_part_that_does_not_name_it() {
    let (mut office, mut others) = town();
    let form = accusation(&[("open_part", "要求补发护坡工程的沙石运费")]);
    let sealed = office.done(Act::Register, None, &form).record.unwrap().id;
    let open = office.case(sealed + 1);
    assert_eq!(open.case.number, "青信2026-0002");
    assert_eq!(open.case.received_on, office.case(sealed).case.received_on);
    assert_eq!(open.receipts.len(), 1);
    office.done(Act::Part, Some(sealed), &[("request", "另求查清工程验收单")]);
    let second = office.case(sealed + 2);
    assert_eq!(
        (second.case.title.as_str(), second.stage),
        ("另求查清工程验收单", Stage::Registered)
    );
    let (role, director) = &mut others[0];
    let Ok(Reply::Case(seen)) = director.call(Request::Case { id: second.case.id }) else {
        panic!("{role} does not see the open part");
    };
    assert_eq!(seen.persons[0].name.as_deref(), Some("章守中"));
    let query = JournalQuery { most: 50, ..JournalQuery::default() };
    let Ok(Reply::Journal(page)) = director.call(Request::Journal(query)) else { panic!() };
    assert!(page.rows.iter().all(|row| row.act != "case.part"));
    let text = serde_json::to_string(&(seen, page)).unwrap();
    assert!(!text.contains("郝站长") && !text.contains("青信X"), "{text}");
    assert!(office.is_sound());
    let plain = office.register("张小明", "路灯不亮", "2026-08-06");
    let part = office.try_do(Act::Part, Some(plain), &[("request", "另求")]).unwrap_err();
    assert_eq!(part.key, "broken.case_is_not_sealed");
}

#[test]
fn a_village_that_a_petition_is_about_sees_only_what_the_director_asks_of_it() {
    let (mut office, mut others) = town();
    let village = "1";
    let fields = [
        ("name", "周平"),
        ("request", "村委会低保评议不公"),
        ("phone", "13933334444"),
        ("received_on", "2026-08-05"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
        ("village", village),
        ("about_unit", village),
    ];
    let village_door = &mut others.last_mut().unwrap().1;
    let before: Vec<_> =
        questions(2, 2).into_iter().map(|ask| said(village_door.call(ask))).collect();
    let id = office.done(Act::Register, None, &fields).record.unwrap().id;
    for (ask, before) in questions(2, 2).into_iter().zip(before) {
        let typed = serde_json::to_string(&ask).unwrap();
        // How many cases there are in town is known to all.
        if ask.act() != Act::ReadStatus {
            assert_eq!(said(village_door.call(ask)), before, "the village asks {typed}");
        }
    }
    // The town's own list of that village has it.
    let of_village = CaseQuery { whose: Whose::Unit(UnitId(1)), ..CaseQuery::default() };
    let Reply::Cases(page) = office.ask(Request::Cases(of_village)).unwrap() else { panic!() };
    assert_eq!((page.rows.len(), page.total), (1, Some(1)));
    let ask = [
        ("unit", village),
        ("on", "2026-08-06"),
        ("due_on", "2026-08-12"),
        ("text", "提供七月评议会的记录"),
    ];
    office.done(Act::Release, Some(id), &ask);
    let Ok(Reply::Agenda(agenda)) =
        village_door.call(Request::Agenda(AgendaQuery { most: 9, ..AgendaQuery::default() }))
    else {
        panic!()
    };
    let row = &agenda.rows[0].1;
    assert_eq!((row.title.as_str(), &row.person), ("提供七月评议会的记录", &None));
    let Ok(Reply::Case(sheet)) = village_door.call(Request::Case { id: CaseId(id) }) else {
        panic!("the village does not see what it is asked");
    };
    let text = serde_json::to_string(&sheet).unwrap();
    for hidden in ["周平", "低保评议不公", "3333"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    let mut order = office.order(
        Act::Answer,
        Some(id),
        &[("unit", village), ("on", "2026-08-06"), ("text", "记录已送镇信访办")],
    );
    village_door.call(Request::Do(order.clone())).unwrap();
    order.id = RequestId(78);
    assert_eq!(village_door.call(Request::Do(order)).unwrap_err().key, "broken.unit_was_not_asked");
    let Ok(Reply::Agenda(agenda)) =
        village_door.call(Request::Agenda(AgendaQuery { most: 9, ..AgendaQuery::default() }))
    else {
        panic!()
    };
    assert_eq!(agenda.rows, []);
    let sealed = office.done(Act::Register, None, &accusation(&[("about_unit", village)]));
    let refused = office.try_do(Act::Release, sealed.record.map(|it| it.id), &ask).unwrap_err();
    assert_eq!(refused.key, "broken.accused_may_not_know_of_it");
    assert!(office.is_sound());
}

#[test]
fn whom_a_petition_is_found_to_be_about_must_hold_nothing_of_it_first() {
    let mut office = Office::on("2026-08-06");
    let station = office.unit("水利站", "station").to_string();
    let helper = office.unit("农业站", "station").to_string();
    let leader = office.officer("王建国", &[("leads", "yes")]).to_string();
    let id = office.register("章守中", "工程款去向不明", "2026-08-05");
    office.done(Act::AssignLead, Some(id), &[("lead", &leader), ("on", "2026-08-06")]);
    office.done(Act::Allot, Some(id), &[("unit", &station), ("on", "2026-08-06")]);
    let help = [("unit", helper.as_str()), ("on", "2026-08-06"), ("due_on", "2026-08-12")];
    let help = [&help[..], &[("text", "提供账目")]].concat();
    office.done(Act::Assist, Some(id), &help);
    let plain = [("purpose", "appeal"), ("route", "31(6)"), ("on", "2026-08-06")];
    let accused = [("about_officer", &leader), ("about_unit", &station), ("about_unit", &helper)];
    for (field, who) in accused {
        let form = [&plain[..], &[(field, who.as_str())]].concat();
        let routed = office.try_do(Act::Route, Some(id), &form).unwrap_err();
        assert_eq!(routed.key, "broken.accused_holds_it", "{field} {:?}", routed.wrongs);
        assert_eq!(routed.wrongs[0].field, "route.about_unit");
        let edited = office.try_do(Act::EditCase, Some(id), &[(field, who)]).unwrap_err();
        assert_eq!(edited.key, "broken.accused_holds_it", "{field} {who}");
    }
    // An accusation takes it out of the hands of officers by itself, and not of a unit.
    let sealing = [("purpose", "accusation"), ("route", "30"), ("on", "2026-08-06")];
    let of_unit = [&sealing[..], &[("about_unit", station.as_str())]].concat();
    let sealed = office.try_do(Act::Route, Some(id), &of_unit).unwrap_err();
    assert_eq!(sealed.key, "broken.accused_holds_it");
    let of_leader = [&sealing[..], &[("about_officer", leader.as_str())]].concat();
    office.done(Act::Route, Some(id), &of_leader);
    assert_eq!(office.case(id).case.lead, None);
}

#[test]
fn a_village_does_nothing_under_an_entry_of_a_petition_about_itself() {
    let (mut office, mut others) = town();
    let lead = office.officer("王建国", &[("leads", "yes")]).to_string();
    let case = office.register("周平", "低保评议不公，生活困难", "2026-08-05");
    office.done(Act::EditCase, Some(case), &[("village", "1"), ("about_unit", "1")]);
    let proposal = [
        ("ground", "hardship"),
        ("reason", "低保停发"),
        ("lead", lead.as_str()),
        ("officer", lead.as_str()),
        ("measures", "申请临时救助"),
        ("told_on", "2026-08-06"),
        ("contact_on", "2026-08-12"),
        ("review_on", "2026-08-25"),
    ];
    let entry = office.done(Act::ProposeEntry, Some(case), &proposal).record.unwrap().id;
    let Reply::Entry(sheet) = office.ask(Request::Entry { id: EntryId(entry) }).unwrap() else {
        panic!("no entry")
    };
    assert_eq!(sheet.row.village.as_deref(), Some("南洼村"), "the town sees where it is");
    assert_eq!(sheet.entry.village, None, "it stands in no list of the village");
    let contact =
        [("on", "2026-08-06"), ("manner", "home"), ("text", "上门"), ("next_on", "2026-08-18")];
    let order = office.order(Act::ContactEntry, Some(entry), &contact);
    let village = &mut others.last_mut().unwrap().1;
    let refused = village.call(Request::Do(order)).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotFound);
    // It is found again once the petition is no longer about the village.
    office.done(Act::EditCase, Some(case), &[("about_unit", "")]);
    let order = office.order(Act::ContactEntry, Some(entry), &contact);
    let refused = village.call(Request::Do(order)).unwrap_err();
    assert_eq!(refused.key, "broken.entry_is_not_approved");
}

#[test]
fn what_was_asked_of_a_village_goes_from_its_agenda_when_the_petition_is_sealed() {
    let (mut office, mut others) = town();
    let case = office.register("周平", "低保评议不公", "2026-08-05");
    office.done(Act::EditCase, Some(case), &[("village", "1"), ("about_unit", "1")]);
    let ask = [("unit", "1"), ("on", "2026-08-06"), ("due_on", "2026-08-12"), ("text", "提供记录")];
    office.done(Act::Release, Some(case), &ask);
    let village = &mut others.last_mut().unwrap().1;
    let mut counted = || {
        let ask = Request::Agenda(AgendaQuery { most: 9, ..AgendaQuery::default() });
        let Ok(Reply::Agenda(agenda)) = village.call(ask) else { panic!("no agenda") };
        agenda.counts.iter().map(|(_, count)| count).sum::<u64>()
    };
    assert_eq!(counted(), 1);
    let seal = [("purpose", "accusation"), ("route", "30"), ("on", "2026-08-06")];
    office.done(Act::Route, Some(case), &seal);
    assert_eq!(counted(), 0, "not even that there is something");
    assert!(office.is_sound());
}

#[test]
fn a_loading_that_moves_a_sealed_case_tells_nobody_that_there_is_one() {
    let (mut office, mut others) = town();
    office.done(Act::Register, None, &accusation(&[]));
    office.done(Act::LoadLaw, None, &[("file", "n10.toml"), ("text", TEN_DAYS)]);
    let open = office.case(1).case.number;
    for (role, door) in &mut others {
        let act = Some("law.load".to_owned());
        let query = JournalQuery { act, most: 1, ..JournalQuery::default() };
        let Ok(Reply::Journal(page)) = door.call(Request::Journal(query)) else { continue };
        let parts = page.rows[0].fields[0].parts.iter().map(|part| part.new.clone().unwrap());
        assert_eq!(parts.collect::<Vec<_>>(), ["1".to_owned(), open.clone()], "{role}");
    }
    let Reply::Settings(settings) = others[0].1.call(Request::Settings).unwrap() else { panic!() };
    let json = serde_json::to_string(&settings).unwrap();
    assert!(!json.contains(r#""n_moved":2"#), "{json}");
}
