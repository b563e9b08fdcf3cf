//! The ledger beside an export of the state system: what stands where, and what goes out of it.

use anjie::api::compare::{ComparePiece, CompareQuery, CompareRow, CompareView, Found};
use anjie::api::door::Door;
use anjie::api::incoming::{ImportRow, Piece};
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::report::ReportSaid;
use anjie::api::request::{AccessQuery, Request};
use anjie::api::village::SheetQuery;
use anjie::domain::act::Act;
use anjie::service::LocalDoor;

use crate::desk::Office;
use crate::seal::{PLANTED, account, accusation};

const TODAY: &str = "2026-10-20";
const FILE: &str = "00112233";

fn register(office: &mut Office, (name, request): (&str, &str), more: &[(&str, &str)]) -> u64 {
    let fields = [
        ("name", name),
        ("request", request),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "visit"),
        ("source", "direct"),
    ];
    let fields = [&fields[..], more].concat();
    office.done(Act::Register, None, &fields).record.unwrap().id
}

fn row(place: u32, values: &[(&str, &str)]) -> ImportRow {
    let values = values.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    ImportRow { sheet: String::new(), row: place, values: values.collect(), problems: Vec::new() }
}

fn try_compare(
    door: &mut LocalDoor,
    rows: Vec<ImportRow>,
    said: Option<ReportSaid>,
) -> Result<CompareView, Refusal> {
    let file = FILE.to_owned();
    door.call(Request::Stage(Piece { file: file.clone(), first: 0, rows }))?;
    match door.call(Request::Sheets(SheetQuery::Compare(CompareQuery {
        file,
        same: true,
        said,
    })))? {
        Reply::Compare(view) => Ok(*view),
        other => panic!("a comparison was answered with {other:?}"),
    }
}

fn of(view: &CompareView, found: Found) -> Vec<&CompareRow> {
    view.rows.iter().filter(|row| row.found == found).collect()
}

/// Five matters, four of them with a number, and an export of four rows.
fn office() -> (Office, Vec<ImportRow>) {
    let mut office = Office::on(TODAY);
    let numbers = [
        (("张小明", "水渠漏水"), "2026-10-08", "XF001"),
        (("李梅", "路灯不亮"), "2026-10-09", "XF002"),
        (("周强", "噪音扰民"), "2026-10-10", "XF003"),
    ];
    for (matter, on, number) in numbers {
        register(&mut office, matter, &[("received_on", on), ("state_number", number)]);
    }
    let more = [("received_on", "2026-10-11"), ("query_code", "cx 9")];
    register(&mut office, ("王丽", "修路"), &more);
    register(&mut office, ("孙大勇", "井盖丢失"), &[("received_on", "2026-10-11")]);
    register(&mut office, ("马玉兰", "早年的事"), &[("received_on", "2026-01-11")]);
    let rows = vec![
        row(
            2,
            &[
                ("state_number", "xf 001"),
                ("name", "张小明"),
                ("received_on", "2026-10-08"),
                ("state", "open"),
            ],
        ),
        row(
            3,
            &[
                ("state_number", "XF002"),
                ("name", "李玫"),
                ("received_on", "2026-10-07"),
                ("state", "closed"),
            ],
        ),
        row(
            4,
            &[
                ("query_code", "CX9"),
                ("name", "王*"),
                ("received_on", "2026-10-11"),
                ("state", "转办"),
            ],
        ),
        row(5, &[("state_number", "XF777"), ("name", "陈强"), ("received_on", "2026-10-12")]),
        row(6, &[("name", "无号"), ("received_on", "2026-10-12")]),
    ];
    (office, rows)
}

#[test]
fn each_receipt_stands_in_one_list_and_what_differs_is_named() {
    let (mut office, rows) = office();
    let mut door = office.door_of(crate::desk::me());
    let before = office.ask(Request::Status).unwrap();
    let view = try_compare(&mut door, rows, None).unwrap();
    assert_eq!(office.ask(Request::Status).unwrap(), before, "nothing is written");
    let names = |found| -> Vec<_> {
        of(&view, found).iter().map(|row| row.name.clone().unwrap()).collect()
    };
    assert_eq!(names(Found::Here), ["周强"]);
    assert_eq!(names(Found::There), ["陈强"]);
    assert_eq!(names(Found::Differs), ["李梅"]);
    assert_eq!(names(Found::BareHere), ["孙大勇"], "what came before the export is not asked for");
    assert_eq!(names(Found::BareThere), ["无号"]);
    assert_eq!(
        names(Found::Same),
        ["张小明", "王丽"],
        "a masked name and an unknown state say nothing"
    );
    let fields: Vec<_> = of(&view, Found::Differs)[0]
        .fields
        .iter()
        .map(|own| (own.field.as_str(), own.here.as_deref(), own.there.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [
            ("name", Some("李梅"), Some("李玫")),
            ("received_on", Some("2026-10-09"), Some("2026-10-07")),
            ("state", Some("stage.registered"), Some("compare.state.closed")),
        ]
    );
    let sum: u64 = view.counts.iter().map(|(_, n)| n).sum();
    assert_eq!(sum, view.rows.len() as u64);
}

#[test]
fn what_is_sealed_is_in_no_list_for_whoever_reads_it_and_here_for_nobody_else() {
    let (mut office, mut rows) = office();
    let sealed = accusation(&[("state_number", "XF900")]);
    office.done(Act::Register, None, &sealed);
    rows.push(row(7, &[("state_number", "XF900"), ("received_on", "2026-08-05")]));
    let mut own = office.door_of(crate::desk::me());
    let view = try_compare(&mut own, rows.clone(), None).unwrap();
    assert!(!view.rows.iter().any(|row| row.state_number.as_deref() == Some("XF900")));
    let mut clerk = account(&mut office, (1001, "zhaomin"), &[("roles", "clerk")]);
    let view = try_compare(&mut clerk, rows.clone(), None).unwrap();
    let there = of(&view, Found::There);
    assert!(there.iter().any(|row| row.state_number.as_deref() == Some("XF900")));
    let said = serde_json::to_string(&view).unwrap();
    assert!(PLANTED.iter().all(|hidden| !said.contains(hidden)), "{said}");
    let mut viewer = account(&mut office, (1002, "look"), &[("roles", "viewer")]);
    let refusal = try_compare(&mut viewer, rows, None).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Denied);
}

#[test]
fn a_comparison_that_goes_out_says_what_for_and_stands_in_the_log() {
    let (mut office, rows) = office();
    let mut door = office.door_of(crate::desk::me());
    let said = |purpose: &str| {
        Some(ReportSaid { purpose: purpose.to_owned(), recipient: "区信访局".to_owned() })
    };
    let bare = try_compare(&mut door, rows.clone(), said(" ")).unwrap_err();
    assert_eq!(bare.key, "refusal.purpose_is_missing");
    try_compare(&mut door, rows, said("月底对账")).unwrap();
    let act = Some("export.make".to_owned());
    let query = AccessQuery { act, most: 10, ..AccessQuery::default() };
    let Ok(Reply::Accesses(page)) = office.ask(Request::Accesses(query)) else { panic!() };
    let told = serde_json::to_string(&page.rows).unwrap();
    assert!(page.rows.len() == 1 && told.contains("月底对账"), "{told}");
}

/// What differs in a row, as texts.
fn fields(row: &CompareRow) -> Vec<(&str, Option<&str>, Option<&str>)> {
    let own = row.fields.iter();
    own.map(|own| (own.field.as_str(), own.here.as_deref(), own.there.as_deref())).collect()
}

#[test]
fn a_number_that_stands_twice_here_or_there_is_never_the_same() {
    let (mut office, mut rows) = office();
    let more = [("received_on", "2026-10-12"), ("state_number", "xf001")];
    register(&mut office, ("张小明", "水渠又漏"), &more);
    rows.push(row(7, &[("query_code", "CX9"), ("name", "王丽"), ("received_on", "2026-10-11")]));
    rows.push(row(8, &[("state_number", "XF777"), ("name", "陈强")]));
    let mut door = office.door_of(crate::desk::me());
    let view = try_compare(&mut door, rows, None).unwrap();
    assert!(of(&view, Found::Same).is_empty());
    let differs = of(&view, Found::Differs);
    let twice = |name: &str| -> Vec<_> {
        let rows = differs.iter().filter(|row| row.name.as_deref() == Some(name));
        rows.map(|row| *fields(row).last().unwrap()).collect()
    };
    let said = |here, there| ("twice", Some(here), Some(there));
    assert_eq!(twice("张小明"), [said("2", "1"), said("2", "1")]);
    assert_eq!(twice("王丽"), [said("1", "2"), said("1", "2")], "the second row is told too");
    let there = of(&view, Found::There);
    assert!(there.len() == 2 && there.iter().all(|row| fields(row) == [said("0", "2")]));
}

#[test]
fn a_cell_that_cannot_be_read_is_named_and_makes_no_row_the_same() {
    let (office, mut rows) = office();
    rows[0].values.retain(|(name, _)| name != "received_on");
    rows[0].problems.push(("received_on".to_owned(), "date".to_owned()));
    let mut door = office.door_of(crate::desk::me());
    let view = try_compare(&mut door, rows, None).unwrap();
    let differs = of(&view, Found::Differs);
    let own = differs.iter().find(|row| row.name.as_deref() == Some("张小明")).unwrap();
    assert_eq!(fields(own), [("received_on", Some("2026-10-08"), Some("compare.unread"))]);
}

#[test]
fn all_pages_are_of_one_look_and_stand_in_the_log_once() {
    let (mut office, mut rows) = office();
    rows.extend((100..1_300).map(|place| {
        let number = format!("XG{place}");
        row(place, &[("state_number", &number), ("received_on", "2026-10-12")])
    }));
    let mut door = office.door_of(crate::desk::me());
    let said =
        ReportSaid { purpose: "月底对账".to_owned(), recipient: "区信访局".to_owned() };
    let first = try_compare(&mut door, rows, Some(said)).unwrap();
    assert!(first.more && first.ticket > 0);
    let total: u64 = first.counts.iter().map(|(_, n)| n).sum();
    // What is registered meanwhile stands on no page.
    let more = [("received_on", "2026-10-12"), ("state_number", "XF888")];
    register(&mut office, ("马玉兰", "后来的事"), &more);
    let mut piece = |ticket, from| {
        let query = SheetQuery::ComparePiece(ComparePiece { ticket, from });
        match door.call(Request::Sheets(query))? {
            Reply::Compare(view) => Ok(*view),
            other => panic!("a page was answered with {other:?}"),
        }
    };
    let (mut view, mut all) = (first.clone(), first.rows.clone());
    while view.more {
        view = piece(first.ticket, all.len() as u64).unwrap();
        assert_eq!(view.counts, first.counts);
        all.extend(view.rows.clone());
    }
    assert_eq!(all.len() as u64, total);
    assert!(!all.iter().any(|row| row.state_number.as_deref() == Some("XF888")));
    let over: Refusal = piece(first.ticket, 0).unwrap_err();
    assert_eq!(over.key, "refusal.compare_is_over");
    let act = Some("export.make".to_owned());
    let query = AccessQuery { act, most: 10, ..AccessQuery::default() };
    let Ok(Reply::Accesses(page)) = office.ask(Request::Accesses(query)) else { panic!() };
    assert_eq!(page.rows.len(), 1);
}

#[test]
fn what_is_the_same_is_counted_and_comes_only_if_it_is_asked_for() {
    let (office, rows) = office();
    let mut door = office.door_of(crate::desk::me());
    let whole = try_compare(&mut door, rows, None).unwrap();
    let file = FILE.to_owned();
    let query = CompareQuery { file, same: false, said: None };
    let Ok(Reply::Compare(view)) = door.call(Request::Sheets(SheetQuery::Compare(query))) else {
        panic!()
    };
    assert_eq!(view.counts, whole.counts);
    assert_eq!(of(&whole, Found::Same).len(), 2);
    assert!(of(&view, Found::Same).is_empty() && view.rows.len() + 2 == whole.rows.len());
}
