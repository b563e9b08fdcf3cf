//! Who reaches what, through the door: every role asks every kind of request and gives every order
//! about what is its own, what is another village's, what is sealed, and what is not there.
//!
//! What is expected is read from the table of permissions; a handler that forgets to ask it fails here.

use std::collections::{BTreeMap, BTreeSet};

use anjie::api::attachment::UploadPiece;
use anjie::api::backup::{BackupPiece, PieceQuery};
use anjie::api::campaign::{TaskList, TaskQuery};
use anjie::api::compare::{ComparePiece, CompareQuery};
use anjie::api::cut::CutQuery;
use anjie::api::days::{MonthQuery, WhyQuery};
use anjie::api::door::Door;
use anjie::api::duty::DutyQuery;
use anjie::api::handover::{AssignTerms, HandoverTerms};
use anjie::api::incoming::Piece;
use anjie::api::like::{Among, TwinQuery};
use anjie::api::listing::LineFilter;
use anjie::api::own::Keep;
use anjie::api::paper::{PaperQuery, PaperUse, TemplateQuery};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::{Me, Reply, StatusView};
use anjie::api::request::{AgendaQuery, JournalQuery, Order, Request, Whose};
use anjie::api::roster::StoodQuery;
use anjie::api::village::{Decided, FormQuery, ReturnTerms, SheetQuery};
use anjie::domain::act::{Act, Nature};
use anjie::domain::choice::Role;
use anjie::domain::cut::Cut;
use anjie::domain::form::Fields;
use anjie::domain::ids::{
    CaseId, DutyId, EntryId, GivenId, Kind, OfficerId, PersonId, RequestId, TaskId, UnitId,
};
use anjie::domain::paper::Paper;
use anjie::domain::policy::{Link, Verdict, cell};
use anjie::service::LocalDoor;

use crate::desk::Office;
use crate::seal::{PLANTED, account, accusation, questions};

const TODAY: &str = "2026-10-16";
/// A number that no record has.
const ABSENT: u64 = 99_999;
/// Words that stand in the other village's matter and nowhere else.
const FOREIGN: [&str; 2] = ["李二牛", "路灯三年"];
/// Kinds of record that stand under a case, a person or a village.
const OF_A_SCOPE: [Kind; 6] =
    [Kind::Case, Kind::Receipt, Kind::Person, Kind::Entry, Kind::Task, Kind::Duty];

/// Whose a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Own,
    Foreign,
    Sealed,
    Absent,
}

use Reach::{Absent, Foreign, Own, Sealed};

/// The records of one matter, and its number.
#[derive(Debug, Clone, Default)]
struct Things {
    ids: BTreeMap<Kind, u64>,
    number: String,
}

impl Things {
    fn id(&self, kind: Kind) -> u64 {
        self.ids.get(&kind).copied().unwrap_or(ABSENT)
    }
}

struct Town {
    office: Office,
    doors: Vec<(Role, LocalDoor)>,
    own: Things,
    foreign: Things,
    sealed: Things,
}

impl Town {
    fn things(&self, whose: Reach) -> Things {
        match whose {
            Own => self.own.clone(),
            Foreign => self.foreign.clone(),
            Sealed => self.sealed.clone(),
            Absent => Things { number: "青信2026-9999".to_owned(), ..Things::default() },
        }
    }
}

fn matter(office: &mut Office, case: u64) -> Things {
    let sheet = office.case(case);
    let mut ids = BTreeMap::from([(Kind::Case, case)]);
    ids.insert(Kind::Receipt, sheet.receipts[0].id.0);
    ids.extend(sheet.case.persons.keys().next().map(|id| (Kind::Person, id.0)));
    Things { ids, number: sheet.case.number }
}

/// A matter of a village with an entry of the roster, and a task and recurring work beside it.
fn village_matter(
    office: &mut Office,
    (village, name, request): (u64, &str, &str),
    (lead, handler): (&str, &str),
) -> Things {
    let unit = village.to_string();
    let fields = [
        ("name", name),
        ("request", request),
        ("phone", "13800001111"),
        ("village", &unit),
        ("received_on", "2026-10-12"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    let case = office.done(Act::Register, None, &fields).record.unwrap().id;
    office.done(Act::AssignLead, Some(case), &[("lead", lead), ("on", TODAY)]);
    office.done(Act::HandTo, Some(case), &[("handler", handler), ("on", TODAY)]);
    let mut things = matter(office, case);
    let entry = [
        ("ground", "hardship"),
        ("reason", request),
        ("lead", lead),
        ("officer", handler),
        ("measures", "申请临时救助"),
        ("contact_on", "+7"),
        ("review_on", "+31"),
        ("told_on", "-0"),
    ];
    let entry = office.done(Act::ProposeEntry, Some(case), &entry).record.unwrap().id;
    things.ids.insert(Kind::Entry, entry);
    let tasks = Request::Tasks(TaskQuery::of(None, TaskList::Village(UnitId(village))));
    let Reply::Tasks(page) = office.ask(tasks).unwrap() else { panic!("no tasks") };
    things.ids.insert(Kind::Task, page.rows[0].id.0);
    let duties = Request::Duties(DutyQuery { code: Some("M3".to_owned()), ..DutyQuery::default() });
    let Reply::Duties(view) = office.ask(duties).unwrap() else { panic!("no duties") };
    let name = if village == 1 { "南洼村" } else { "石桥村" };
    let mut rows = view.groups.iter().flat_map(|group| &group.rows);
    let duty = rows.find(|row| row.village.as_deref() == Some(name)).unwrap();
    things.ids.insert(Kind::Duty, duty.id.0);
    things
}

fn town() -> Town {
    let mut office = Office::on(TODAY);
    let villages = [office.unit("南洼村", "village"), office.unit("石桥村", "village")];
    office.done(Act::LoadPlan, None, &[("template", "demonstration-town"), ("year", "2026")]);
    let names = ["王建国", "赵敏", "高书记", "钱进"];
    let officers = names.map(|name| office.officer(name, &[("leads", "yes")]).to_string());
    let [leader, clerk, other_lead, other] = officers.each_ref().map(String::as_str);
    let own = (villages[0], "张小明", "水渠漏水");
    let own = village_matter(&mut office, own, (leader, clerk));
    let foreign = (villages[1], FOREIGN[0], "路灯三年不亮");
    let foreign = village_matter(&mut office, foreign, (other_lead, other));
    let case = office.done(Act::Register, None, &accusation(&[])).record.unwrap().id;
    let sealed = matter(&mut office, case);
    let mut doors = Vec::new();
    for (uid, role) in (1001..).zip(Role::ALL) {
        let officer = match role {
            Role::Clerk => Some(("officer", clerk)),
            Role::Leader => Some(("officer", leader)),
            _ => None,
        };
        let unit = villages[0].to_string();
        let unit = (*role == Role::Village).then_some(("unit", unit.as_str()));
        let more: Vec<_> =
            [("roles", role.word())].into_iter().chain(officer).chain(unit).collect();
        doors.push((*role, account(&mut office, (uid, role.word()), &more)));
    }
    loop {
        let Reply::Status(status) = office.ask(Request::Status).unwrap() else { panic!() };
        if status.index_ready {
            break Town { office, doors, own, foreign, sealed };
        }
        std::thread::yield_now();
    }
}

/// The tie of a role's account to a thing.
fn tie(role: Role, kind: Kind, whose: Reach) -> Link {
    let has_officer = !matches!(kind, Kind::Task | Kind::Duty);
    match (whose, role) {
        (Own, Role::Village) => Link::Village,
        (Own, Role::Clerk) if has_officer => Link::Handler,
        (Own, Role::Leader) if has_officer => Link::Lead,
        _ => Link::Other,
    }
}

/// What the table says of an act on such a thing; a thing that is sealed is there for nobody here.
fn expected(role: Role, act: Act, (kind, whose): (Option<Kind>, Reach)) -> Verdict {
    let ties: &[Link] = if act.on().is_some() { &Link::ALL } else { &[Link::Whole] };
    if ties.iter().all(|tie| cell(role, act, *tie) != Verdict::Allow) {
        return Verdict::Deny;
    }
    match (kind, whose) {
        (None, _) => Verdict::Allow,
        (Some(_), Sealed | Absent) => Verdict::Hidden,
        (Some(_), Foreign) if role == Role::Village => Verdict::Hidden,
        (Some(kind), _) if act.on().is_some() => cell(role, act, tie(role, kind, whose)),
        (Some(_), _) => Verdict::Allow,
    }
}

/// What is asked about one matter by its numbers, with the kind of record that is named.
fn directed(things: &Things) -> Vec<(Kind, Request)> {
    let case = CaseId(things.id(Kind::Case));
    let person = PersonId(things.id(Kind::Person));
    let entry = EntryId(things.id(Kind::Entry));
    let (task, duty) = (TaskId(things.id(Kind::Task)), DutyId(things.id(Kind::Duty)));
    let journal = JournalQuery { most: 50, ..JournalQuery::default() };
    let (field, reason) = ("phone".to_owned(), "核对".to_owned());
    vec![
        (Kind::Case, Request::Case { id: case }),
        (Kind::Case, Request::CaseByNumber { number: things.number.clone() }),
        (Kind::Case, Request::Journal(JournalQuery { case: Some(case), ..journal.clone() })),
        (Kind::Case, Request::At(Some(case.into()))),
        (Kind::Person, Request::Person { id: person }),
        (Kind::Person, Request::Reveal { id: person, field, reason }),
        (Kind::Person, Request::Journal(JournalQuery { person: Some(person), ..journal })),
        (Kind::Person, Request::At(Some(person.into()))),
        (Kind::Entry, Request::Entry { id: entry }),
        (Kind::Entry, Request::At(Some(entry.into()))),
        (Kind::Task, Request::Task { id: task }),
        (Kind::Task, Request::At(Some(task.into()))),
        (Kind::Duty, Request::Duty { id: duty }),
        (Kind::Duty, Request::At(Some(duty.into()))),
    ]
}

/// Every other kind of request, about everything and about a matter.
fn others(things: &Things) -> Vec<Request> {
    let case = CaseId(things.id(Kind::Case));
    let from = TODAY.parse().unwrap();
    let (name, value) = ("theme".to_owned(), None);
    let file = "ab".repeat(32);
    let mut all = questions(case.0, things.id(Kind::Person));
    all.extend([
        Request::Begin(AgendaQuery::default()),
        Request::Month(MonthQuery { on: from, whose: Whose::All, only: LineFilter::default() }),
        Request::RosterOn(StoodQuery { on: None, whose: Whose::All }),
        Request::Duties(DutyQuery::default()),
        Request::Counts,
        Request::Cut(CutQuery::Count { cut: Cut::default(), said: None }),
        Request::Cut(CutQuery::Given { year: None }),
        Request::Cut(CutQuery::Figure(GivenId(1))),
        Request::Holdings(HandoverTerms { officer: OfficerId(5), to: None, given: Vec::new() }),
        Request::TryAssign(AssignTerms { cases: vec![case], ..AssignTerms::default() }),
        Request::Why(WhyQuery::Plain { from, length: "15".to_owned() }),
        Request::Why(WhyQuery::Clock { case, rule: "reply".to_owned(), receipt: None, from }),
        Request::Backup { to: Vec::new() },
        Request::BackupPiece(PieceQuery { digest: file.clone(), from: 0 }),
        Request::Upload(UploadPiece {
            file: file.clone(),
            n_bytes: 4,
            from: 0,
            piece: BackupPiece::of(b"%PDF"),
        }),
        Request::Sheets(SheetQuery::Form(FormQuery {
            duty: DutyId(things.id(Kind::Duty)),
            period: "2026-10".to_owned(),
            purpose: "每月排查".to_owned(),
            recipient: "各村".to_owned(),
        })),
        Request::Twins(TwinQuery { among: Among::Matters, from: 0 }),
        Request::Twins(TwinQuery { among: Among::Persons, from: 0 }),
        Request::Sheets(SheetQuery::Compare(CompareQuery {
            file: file.clone(),
            same: true,
            said: None,
        })),
        Request::Sheets(SheetQuery::ComparePiece(ComparePiece { ticket: 1, from: 0 })),
        Request::Sheets(SheetQuery::Return(ReturnTerms {
            file: file.clone(),
            decided: Decided::default(),
            from: 0,
        })),
        Request::StageTemplate(Piece { file, first: 0, rows: Vec::new() }),
        Request::Paper(Box::new(PaperQuery {
            case,
            paper: Paper::ALL[0],
            keys: vec!["case.request".to_owned()],
            person: None,
            typed: Vec::new(),
            use_of: PaperUse::Preview,
        })),
        Request::Papers { case },
        Request::Template(TemplateQuery { paper: Paper::ALL[0], from: 0 }),
        Request::Keep(Keep::Setting { name, value }),
        Request::Masked(Box::new(Request::Case { id: case })),
    ]);
    all
}

/// The word of a request's kind, as it goes over the socket.
fn word(request: &Request) -> String {
    match serde_json::to_value(request).unwrap() {
        serde_json::Value::String(word) => word,
        serde_json::Value::Object(map) => map.keys().next().unwrap().clone(),
        other => panic!("{other} is no request"),
    }
}

/// The words of all kinds of requests there are, read where they are defined.
fn all_words() -> BTreeSet<String> {
    let source = include_str!("../../src/api/request.rs");
    let (_, rest) = source.split_once("pub enum Request {").unwrap();
    let (body, _) = rest.split_once("\n}\n").unwrap();
    let names = body.lines().filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        name.starts_with(|char: char| char.is_ascii_uppercase()).then_some(name)
    });
    let snake = |name: &str| {
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        let mut word = String::new();
        for char in name.chars() {
            if char.is_ascii_uppercase() && !word.is_empty() {
                word.push('_');
            }
            word.push(char.to_ascii_lowercase());
        }
        word
    };
    names.map(snake).collect()
}

fn told(answer: &Result<Reply, Refusal>) -> String {
    serde_json::to_string(answer).unwrap()
}

#[test]
fn every_kind_of_request_is_among_those_that_are_asked() {
    let things = Things::default();
    let directed = directed(&things).into_iter().map(|(_, request)| request);
    let mut asked: BTreeSet<String> =
        directed.chain(others(&things)).map(|request| word(&request)).collect();
    // Orders have a test of their own.
    asked.insert("do".to_owned());
    assert!(all_words().len() > 50);
    assert_eq!(asked, all_words());
}

#[test]
fn what_is_asked_by_its_number_is_answered_as_the_table_says() {
    let mut town = town();
    let absent = town.things(Absent);
    for whose in [Own, Foreign, Sealed, Absent] {
        let things = town.things(whose);
        for (role, door) in &mut town.doors {
            let asked = directed(&things).into_iter().zip(directed(&absent));
            for ((kind, request), (_, nothing)) in asked {
                let answer = door.call(request.clone());
                let about = format!("{} asks {request:?}, {whose:?}: {answer:?}", role.word());
                match expected(*role, request.act(), (Some(kind), whose)) {
                    Verdict::Deny => {
                        assert_eq!(answer.unwrap_err().kind, RefusalKind::Denied, "{about}");
                    }
                    Verdict::Hidden => {
                        let nothing = door.call(nothing).unwrap_err();
                        let hidden = answer.expect_err(&about);
                        assert_eq!(hidden.kind, RefusalKind::NotFound, "{about}");
                        assert_eq!(hidden.key, nothing.key, "{about}");
                    }
                    // Who audits reads the lines of a record, and not the record.
                    Verdict::Allow => assert!(answer.is_ok(), "{about}"),
                }
            }
        }
    }
}

#[test]
fn nothing_that_can_be_asked_tells_of_what_is_out_of_reach() {
    let mut town = town();
    for whose in [Own, Foreign, Sealed, Absent] {
        let things = town.things(whose);
        for (role, door) in &mut town.doors {
            for request in others(&things) {
                let answer = door.call(request.clone());
                let about = format!("{} asks {request:?}", role.word());
                if expected(*role, request.act(), (None, whose)) == Verdict::Deny {
                    assert_eq!(answer.expect_err(&about).kind, RefusalKind::Denied, "{about}");
                    continue;
                }
                // What somebody has searched for stands in the log as it was typed.
                if request.act() == Act::ReadAccesses {
                    continue;
                }
                let (said, typed) = (told(&answer), serde_json::to_string(&request).unwrap());
                let foreign = FOREIGN.iter().filter(|_| *role == Role::Village);
                for hidden in PLANTED.iter().chain(foreign).filter(|word| !typed.contains(**word)) {
                    assert!(!said.contains(hidden), "{about} and reads {hidden}: {said}");
                }
            }
        }
    }
}

#[test]
fn no_order_is_done_on_what_is_out_of_reach_or_not_allowed() {
    let mut town = town();
    let before = town.office.ask(Request::Status).unwrap();
    let mut n_orders = 70_000;
    let mut order = |act: Act, on: Option<u64>| {
        n_orders += 1;
        let id = RequestId(n_orders);
        Request::Do(Order { id, act, on, seen: None, fields: Fields::new() })
    };
    let (mut n_denied, mut n_hidden, mut n_not_found) = (0, 0, 0);
    for whose in [Own, Foreign, Sealed, Absent] {
        let things = town.things(whose);
        for (role, door) in &mut town.doors {
            for act in Act::ALL.iter().filter(|act| act.nature() == Nature::Change) {
                let kind = act.on().filter(|kind| OF_A_SCOPE.contains(kind));
                let on = act.on().map(|on| kind.map_or(1, |_| things.id(on)));
                let wanted = expected(*role, *act, (kind, whose));
                // What is allowed is tried everywhere else; here nothing is changed.
                if wanted == Verdict::Allow {
                    continue;
                }
                let answer = door.call(order(*act, on));
                let about = format!("{} does {}, {whose:?}", role.word(), act.word());
                let refusal = answer.expect_err(&about);
                if wanted == Verdict::Deny {
                    n_denied += 1;
                    assert_eq!(refusal.kind, RefusalKind::Denied, "{about}");
                } else {
                    n_hidden += 1;
                    let nothing = door.call(order(*act, Some(ABSENT))).expect_err(&about);
                    assert_eq!(
                        (refusal.kind, &refusal.key),
                        (nothing.kind, &nothing.key),
                        "{about}"
                    );
                    // Some look at their form first, which says as little.
                    let says_nothing = [RefusalKind::NotFound, RefusalKind::Invalid];
                    assert!(says_nothing.contains(&refusal.kind), "{about}: {refusal:?}");
                    n_not_found += u32::from(refusal.kind == RefusalKind::NotFound);
                }
            }
        }
    }
    assert!(n_denied > 1_000 && n_hidden > 200, "{n_denied} and {n_hidden}");
    assert!(n_not_found * 2 > n_hidden, "{n_not_found} of {n_hidden}");
    assert_eq!(town.office.ask(Request::Status).unwrap(), before, "nothing was changed");
    assert!(town.office.is_sound());
}

fn counts(door: &mut LocalDoor) -> (Me, StatusView) {
    match (door.call(Request::Greet).unwrap(), door.call(Request::Status).unwrap()) {
        (Reply::Me(me), Reply::Status(status)) => (*me, status),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_village_does_not_learn_by_counting_that_something_happened_elsewhere() {
    let mut town = town();
    let (role, door) = town.doors.iter_mut().find(|(role, _)| *role == Role::Village).unwrap();
    let before = counts(door);
    assert_eq!((before.0.revision, before.1.revision, before.1.journal), (None, None, None));
    assert_eq!((before.1.head.clone(), before.1.n_records.len()), (None, 0), "{role:?}");
    town.office.register("周强", "噪音扰民", TODAY);
    town.office.done(Act::Register, None, &accusation(&[]));
    assert_eq!(counts(door), before);
    let own = Some(town.own.id(Kind::Case));
    let record = town.office.order(
        Act::Record,
        own,
        &[("work", "visit"), ("on", TODAY), ("text", "去看过")],
    );
    let Reply::Done(done) = door.call(Request::Do(record)).unwrap() else { panic!("not done") };
    assert_eq!(done.revision, None);
    // Who keeps the ledger, or sees the whole town, reads how far it is.
    for (role, door) in town.doors.iter_mut().filter(|(role, _)| *role != Role::Village) {
        let (me, status) = counts(door);
        assert!(me.revision.is_some() && status.journal.is_some(), "{}", role.word());
        assert!(!status.n_records.is_empty(), "{}", role.word());
    }
}

#[test]
fn an_account_whose_village_is_another_now_is_told_to_ask_for_everything_at_once() {
    let mut office = Office::on(TODAY);
    let (own, other) = (
        office.unit("南洼村", "village").to_string(),
        office.unit("石桥村", "village").to_string(),
    );
    let more = [("roles", "village"), ("unit", own.as_str())];
    let mut village = account(&mut office, (1001, "nanwa"), &more);
    let Ok(Reply::Me(me)) = village.call(Request::Greet) else { panic!("nobody") };
    let news = village.notices();
    office.done(Act::EditClerk, Some(me.clerk.0), &[("unit", &other)]);
    let notice = news.try_recv().expect("it hears of its own account");
    assert!(notice.everything, "{notice:?}");
}

#[test]
fn of_a_change_of_many_that_are_not_its_own_a_village_hears_nothing() {
    let mut office = Office::on(TODAY);
    let village = office.unit("南洼村", "village").to_string();
    let lead = office.officer("王建国", &[("leads", "yes")]).to_string();
    let more = [("roles", "village"), ("unit", village.as_str())];
    let mut nanwa = account(&mut office, (1001, "nanwa"), &more);
    let mut clerk = account(&mut office, (1002, "zhaomin"), &[("roles", "clerk")]);
    let cases: Vec<String> = (0..120)
        .map(|nth| office.register(&format!("周强{nth}"), "路灯不亮", TODAY).to_string())
        .collect();
    let (own, all) = (nanwa.notices(), clerk.notices());
    let form = [("cases", cases.join(" ")), ("lead", lead), ("on", TODAY.to_owned())];
    let mut form = form.each_ref().map(|(name, text)| (*name, text.as_str())).to_vec();
    form.push(("text", "分工调整"));
    office.done(Act::AssignMany, None, &form);
    assert!(all.try_recv().expect("a clerk hears of it").everything, "each has a person, too");
    assert!(own.try_recv().is_err(), "a village hears how much was changed elsewhere");
    let id = office.register("张小明", "水渠堵塞", TODAY);
    office.done(Act::EditCase, Some(id), &[("village", &village)]);
    let notice = own.try_recv().expect("and of what is its own it hears");
    assert!(!notice.everything && !notice.touched.is_empty(), "{notice:?}");
}
