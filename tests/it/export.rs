//! Rows leave the ledger: what for and to whom is on disk first, what is masked stays here, and the
//! pages show one state.

use anjie::api::door::Door;
use anjie::api::export::{ExportPage, ExportPiece, ExportQuery, ExportRows, OutCell};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, AgendaQuery, CaseQuery, Request, Whose};
use anjie::api::roster::PersonQuery;
use anjie::api::trail::AccessRow;
use anjie::domain::act::Act;
use anjie::domain::ids::PersonId;
use anjie::domain::listing::{Column, Narrow, Sort, Value};
use anjie::service::{LocalDoor, Session};

use crate::desk::Office;

fn query(rows: ExportRows) -> ExportQuery {
    ExportQuery {
        rows,
        columns: Vec::new(),
        in_clear: Vec::new(),
        reason: String::new(),
        purpose: "月报".to_owned(),
        recipient: "区信访局".to_owned(),
        sealed: false,
    }
}

fn cases() -> ExportQuery {
    query(ExportRows::Cases(CaseQuery { sort: Sort::RECEIVED, ..CaseQuery::default() }))
}

fn export(door: &mut impl Door, query: ExportQuery) -> Result<ExportPage, Refusal> {
    match door.call(Request::Export(Box::new(query)))? {
        Reply::Export(page) => Ok(*page),
        other => panic!("an export was answered with {other:?}"),
    }
}

fn begun(office: &mut Office, query: ExportQuery) -> Result<ExportPage, Refusal> {
    match office.ask(Request::Export(Box::new(query)))? {
        Reply::Export(page) => Ok(*page),
        other => panic!("an export was answered with {other:?}"),
    }
}

fn column(page: &ExportPage, key: &str) -> Vec<String> {
    let place = page.columns.iter().position(|own| own == key).unwrap();
    let text = |row: &Vec<Option<OutCell>>| match &row[place] {
        Some(OutCell::Text(text) | OutCell::Word(text)) => text.clone(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    };
    page.rows.iter().map(text).collect()
}

fn account(office: &mut Office, (uid, login): (u32, &str), more: &[(&str, &str)]) -> LocalDoor {
    let uid_text = uid.to_string();
    let fields = [&[("login", login), ("uid", &uid_text)][..], more].concat();
    office.done(Act::AddClerk, None, &fields);
    office.door_of(Session { uid, login: login.to_owned() })
}

/// An office with two cases of two persons, of whom one has a telephone and an ID number.
fn office() -> Office {
    let mut office = Office::on("2026-08-06");
    let first = office.register("张小明", "征地补偿款未到账", "2026-08-03");
    office.register("刘翠英", "路灯不亮", "2026-08-05");
    let person = office.case(first).persons[0].id.0;
    let fields = [("phone", "13800001234"), ("id_number", "11010519491231002X")];
    office.done(Act::EditPerson, Some(person), &fields);
    office
}

fn accesses(office: &mut Office, query: AccessQuery) -> Vec<AccessRow> {
    let act = Some("export".to_owned());
    match office.ask(Request::Accesses(AccessQuery { act, most: 50, ..query })).unwrap() {
        Reply::Accesses(page) => page.rows,
        other => panic!("the access log was answered with {other:?}"),
    }
}

fn note<'r>(row: &'r AccessRow, name: &str) -> Option<&'r str> {
    let found = row.notes.iter().find(|(own, _)| own == name)?;
    found.1.as_deref()
}

#[test]
fn an_export_without_purpose_or_recipient_is_refused() {
    let mut office = office();
    for (wrong, key) in [
        (ExportQuery { purpose: "  ".to_owned(), ..cases() }, "refusal.purpose_is_missing"),
        (ExportQuery { recipient: String::new(), ..cases() }, "refusal.recipient_is_missing"),
    ] {
        let refusal = begun(&mut office, wrong).unwrap_err();
        assert_eq!((refusal.kind, refusal.key.as_str()), (RefusalKind::Invalid, key));
    }
    assert_eq!(accesses(&mut office, AccessQuery::default()), []);
}

#[test]
fn what_went_out_is_written_down_with_purpose_recipient_columns_count_and_persons() {
    let mut office = office();
    let page = begun(&mut office, cases()).unwrap();
    assert_eq!((page.total, page.rows.len(), page.more), (2, 2, false));
    let rows = accesses(&mut office, AccessQuery::default());
    assert_eq!((rows.len(), rows[0].act.as_str(), rows[0].n_rows), (1, "export.make", 2));
    assert_eq!(note(&rows[0], "purpose"), Some("月报"));
    assert_eq!(note(&rows[0], "recipient"), Some("区信访局"));
    assert_eq!(note(&rows[0], "columns").unwrap().split(' ').count(), page.columns.len());
    // Who saw this person is one question, and the export is in its answer.
    let person = Some(PersonId(2));
    assert_eq!(accesses(&mut office, AccessQuery { person, ..AccessQuery::default() }).len(), 1);
    assert!(office.is_sound());
}

#[test]
fn what_is_masked_is_left_out_unless_it_is_named_with_a_reason() {
    let mut office = office();
    let page = begun(&mut office, cases()).unwrap();
    assert!(!page.columns.iter().any(|key| key == "phone" || key == "id_number"));
    let asked = ["number", "phone"].map(str::to_owned).to_vec();
    let page = begun(&mut office, ExportQuery { columns: asked.clone(), ..cases() }).unwrap();
    assert_eq!(
        (page.columns, page.left_out),
        (vec!["number".to_owned()], vec!["phone".to_owned()])
    );
    let in_clear = vec!["phone".to_owned(), "id_number".to_owned()];
    let bare = ExportQuery { in_clear: in_clear.clone(), ..cases() };
    let refusal = begun(&mut office, bare.clone()).unwrap_err();
    assert_eq!(refusal.key, "refusal.reason_is_missing");
    let reason = "送达".to_owned();
    let page = begun(&mut office, ExportQuery { reason, ..bare }).unwrap();
    assert_eq!(column(&page, "phone"), ["", "13800001234"]);
    assert_eq!(column(&page, "id_number"), ["", "11010519491231002X"]);
    let rows = accesses(&mut office, AccessQuery::default());
    assert_eq!(note(&rows[0], "in_clear"), Some("phone id_number"));
    assert_eq!(note(&rows[0], "reason"), Some("送达"));
}

#[test]
fn rows_are_narrowed_and_ordered_as_in_the_list() {
    let mut office = office();
    let lead = office.officer("王建国", &[("leads", "yes")]);
    office.done(Act::AssignLead, Some(1), &[("lead", &lead.to_string())]);
    let mut only = Narrow::default();
    only.set(Column::Lead, Some(Value::Id(lead)));
    let rows = ExportRows::Cases(CaseQuery { only, ..CaseQuery::default() });
    let page = begun(&mut office, query(rows)).unwrap();
    assert_eq!(column(&page, "lead"), ["王建国"]);
    let page = begun(&mut office, cases()).unwrap();
    assert_eq!(column(&page, "petitioner"), ["刘翠英", "张小明"], "the newest first");
    let up = Sort { by: Column::Number, ..Sort::DUE };
    let rows = ExportRows::Cases(CaseQuery { sort: up, ..CaseQuery::default() });
    let page = begun(&mut office, query(rows)).unwrap();
    assert_eq!(column(&page, "petitioner"), ["张小明", "刘翠英"]);
    let rows = ExportRows::Deadlines(AgendaQuery::default());
    assert_eq!(begun(&mut office, query(rows)).unwrap().total, 2);
}

#[test]
fn a_village_takes_out_its_own_and_a_viewer_and_an_auditor_nothing() {
    let mut office = office();
    let village = office.unit("张家庄村", "village").to_string();
    office.done(Act::EditCase, Some(1), &[("village", &village)]);
    let person = office.case(1).persons[0].id.0;
    office.done(Act::EditPerson, Some(person), &[("village", &village)]);
    let own = [("roles", "village"), ("unit", village.as_str())];
    let mut of_village = account(&mut office, (1001, "cunli"), &own);
    let page = export(&mut of_village, cases()).unwrap();
    assert_eq!(column(&page, "petitioner"), ["张小明"]);
    let persons = export(&mut of_village, query(ExportRows::Persons(PersonQuery::default())));
    assert_eq!(persons.unwrap().total, 1);
    for (uid, role) in [(1002, "viewer"), (1003, "auditor")] {
        let mut other = account(&mut office, (uid, role), &[("roles", role)]);
        let refusal = export(&mut other, cases()).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Denied, "{role}");
    }
    // An administrator keeps units and officers, and sees no case.
    let mut admin = account(&mut office, (1004, "guanli"), &[("roles", "admin")]);
    assert_eq!(export(&mut admin, query(ExportRows::Units)).unwrap().total, 1);
    assert_eq!(export(&mut admin, cases()).unwrap_err().kind, RefusalKind::Denied);
}

#[test]
fn a_sealed_matter_goes_out_with_its_reader_alone_and_only_if_they_say_so() {
    let mut office = office();
    let form = [
        ("name", "章守中"),
        ("request", "反映工作人员截留款项"),
        ("received_on", "2026-08-05"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "letter"),
        ("source", "direct"),
        ("about", "郝站长"),
        ("sealed", "yes"),
    ];
    office.done(Act::Register, None, &form);
    let page = begun(&mut office, cases()).unwrap();
    assert_eq!((page.total, page.n_sealed), (2, 1));
    let page = begun(&mut office, ExportQuery { sealed: true, ..cases() }).unwrap();
    assert_eq!((page.total, page.n_sealed), (3, 0));
    let mut other = account(&mut office, (1001, "zhaomin"), &[("roles", "clerk")]);
    let page = export(&mut other, ExportQuery { sealed: true, ..cases() }).unwrap();
    assert_eq!((page.total, page.n_sealed), (2, 0));
}

#[test]
fn the_pages_of_a_long_export_show_the_state_in_which_it_was_begun() {
    let mut office = Office::on("2026-08-06");
    let long = "反映道路破损的情况，".repeat(900);
    for at in 0..30 {
        office.register(&format!("张{at}"), &format!("{at} {long}"), "2026-08-05");
    }
    let first = begun(&mut office, cases()).unwrap();
    assert_eq!((first.total, first.more), (30, true));
    office.register("后来", "新来的一件", "2026-08-06");
    let mut names = column(&first, "petitioner");
    let mut more = first.more;
    while more {
        let piece = ExportPiece { ticket: first.ticket, from: names.len() as u64 };
        let Reply::Export(page) = office.ask(Request::ExportPiece(piece)).unwrap() else {
            panic!()
        };
        names.extend(column(&page, "petitioner"));
        more = page.more;
    }
    assert_eq!(names.len(), 30);
    assert!(!names.contains(&"后来".to_owned()));
    // It is over, and nobody else's in the first place.
    let piece = Request::ExportPiece(ExportPiece { ticket: first.ticket, from: 0 });
    assert_eq!(office.ask(piece.clone()).unwrap_err().key, "refusal.export_is_over");
    begun(&mut office, cases()).unwrap();
    let mut other = account(&mut office, (1001, "zhaomin"), &[("roles", "clerk")]);
    assert_eq!(other.call(piece).unwrap_err().key, "refusal.export_is_over");
    // One line of the log for them all.
    let rows = accesses(&mut office, AccessQuery::default());
    assert_eq!(rows.iter().map(|row| row.n_rows).collect::<Vec<_>>(), [31, 30]);
}

#[test]
fn a_column_that_is_none_is_refused_and_mine_are_mine() {
    let mut office = office();
    let columns = vec!["mood".to_owned()];
    let refusal = begun(&mut office, ExportQuery { columns, ..cases() }).unwrap_err();
    assert_eq!(refusal.key, "refusal.no_such_column");
    let mine = CaseQuery { whose: Whose::Mine, ..CaseQuery::default() };
    let page = begun(&mut office, query(ExportRows::Cases(mine))).unwrap();
    assert_eq!(page.total, 2, "both were registered by the asker");
}

#[test]
fn only_marked_rows_go_out_and_only_those_that_the_asker_may_know_of() {
    let mut office = office();
    let marked = |ids: &[u64]| {
        query(ExportRows::MarkedCases(
            ids.iter().map(|id| anjie::domain::ids::CaseId(*id)).collect(),
        ))
    };
    let page = begun(&mut office, marked(&[2])).unwrap();
    assert_eq!((page.total, column(&page, "title")), (1, vec!["路灯不亮".to_owned()]));
    let rows = accesses(&mut office, AccessQuery::default());
    let notes = format!("{:?}", rows[0].notes);
    assert!(notes.contains("marked=1") && notes.contains("月报"), "{notes}");
    assert_eq!(begun(&mut office, marked(&[1, 2, 99])).unwrap().total, 2, "there is no 99");
    let many: Vec<u64> = (1..=2_001).collect();
    assert_eq!(begun(&mut office, marked(&many)).unwrap_err().key, "refusal.too_many_marked");
    let unit = office.unit("石桥村", "village").to_string();
    let more = [("roles", "village"), ("unit", unit.as_str())];
    let mut village = account(&mut office, (4001, "cun"), &more);
    assert_eq!(export(&mut village, marked(&[1, 2])).unwrap().total, 0, "none is of its village");
}
