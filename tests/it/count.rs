//! Counts on demand: receipts of some days by what is asked, the same whoever asks, and the figures
//! that were given of them.

use anjie::api::cut::{CutHead, CutQuery, CutView, GivenRow, GivenView};
use anjie::api::door::Door;
use anjie::api::refusal::Refusal;
use anjie::api::reply::Reply;
use anjie::api::report::ReportSaid;
use anjie::api::request::{AccessQuery, Request};
use anjie::domain::act::Act;
use anjie::domain::cut::Cut;
use anjie::domain::ids::GivenId;
use anjie::service::{LocalDoor, Session};

use crate::desk::Office;
use crate::import;

fn query(text: &str) -> Request {
    Request::Cut(CutQuery::Count { cut: Cut::parse(text).unwrap(), said: None })
}

fn at(door: &mut dyn Door, text: &str) -> CutView {
    match door.call(query(text)).unwrap() {
        Reply::Cut(view) => *view,
        other => panic!("a count was answered with {other:?}"),
    }
}

fn counted(office: &mut Office, text: &str) -> CutView {
    let mut door = office.door_of(crate::desk::me());
    at(&mut door, text)
}

/// What a row or column is called, or the word that stands there.
fn called(head: &CutHead) -> String {
    head.name.clone().unwrap_or_else(|| String::from(head.value.clone()))
}

/// The rows in which anything stands.
fn rows(view: &CutView) -> Vec<(String, u64)> {
    let rows = view.rows.iter().filter(|head| head.counts[0] > 0);
    rows.map(|head| (called(head), head.counts[0])).collect()
}

fn clerk(office: &mut Office, (uid, roles): (u32, &str), more: &[(&str, &str)]) -> LocalDoor {
    let (login, number) = (format!("clerk{uid}"), uid.to_string());
    let own = [("login", login.as_str()), ("uid", number.as_str()), ("roles", roles)];
    office.done(Act::AddClerk, None, &[&own[..], more].concat());
    office.door_of(Session { uid, login })
}

/// Two villages, a department, and what came from three persons in October, September and last
/// year.
fn town() -> Office {
    let mut office = Office::on("2026-10-20");
    office.unit("石桥村", "village");
    office.unit("张家庄", "village");
    let own = office.unit("自然资源所", "department").to_string();
    for (name, village, received_on) in [
        ("张小明", "1", "2026-10-05"),
        ("刘翠英", "2", "2026-10-06"),
        ("马玉兰", "1", "2026-09-10"),
        ("孙大海", "1", "2025-10-08"),
    ] {
        let form = [
            ("name", name),
            ("request", "路灯不亮"),
            ("received_on", received_on),
            ("people", "1"),
            ("at_once", "registered"),
            ("channel", "visit"),
            ("source", "direct"),
            ("village", village),
        ];
        office.done(Act::Register, None, &form);
    }
    office.done(Act::Allot, Some(1), &[("unit", &own)]);
    let letter = [
        ("received_on", "2026-10-12"),
        ("channel", "letter"),
        ("source", "direct"),
        ("people", "30"),
    ];
    office.done(Act::Join, Some(1), &letter);
    office
}

#[test]
fn items_batches_and_people_are_counted_from_receipts_beside_the_days_before_and_last_year() {
    let mut office = town();
    let view = counted(&mut office, "days=month rows=village columns=channel measure=items");
    assert_eq!(view.total, [3, 1, 1]);
    assert_eq!(rows(&view), [("石桥村".to_owned(), 2), ("张家庄".to_owned(), 1)]);
    let columns: Vec<String> = view.columns.iter().map(called).collect();
    assert_eq!(columns, ["visit", "letter"], "only those in which anything stands");
    assert_eq!(view.cells, [vec![1, 1], vec![1, 0]]);
    let by_unit = counted(&mut office, "days=month rows=unit measure=items");
    assert_eq!(rows(&by_unit), [("自然资源所".to_owned(), 2), ("-".to_owned(), 1)]);
    for (measure, total) in [("batches", [2, 1, 1]), ("people", [32, 1, 1])] {
        let view = counted(&mut office, &format!("days=month rows=channel measure={measure}"));
        assert_eq!(view.total, total, "{measure}");
        let sum: u64 = view.rows.iter().map(|head| head.counts[0]).sum();
        assert_eq!(sum, view.total[0], "a total is a sum");
    }
    let months = counted(&mut office, "days=2026-08-01..2026-10-20 rows=month");
    let all: Vec<(String, u64)> =
        months.rows.iter().map(|head| (called(head), head.counts[0])).collect();
    let named = |month: &str, count| (month.to_owned(), count);
    assert_eq!(all, [named("2026-08", 0), named("2026-09", 1), named("2026-10", 3)]);
    let year = counted(&mut office, "days=2026 rows=month");
    let october = year.rows.iter().find(|head| called(head) == "2026-10").unwrap();
    assert_eq!(october.counts, [3, 1, 1], "beside the October of last year");
}

#[test]
fn persons_are_counted_once_in_all_and_once_in_each_place_where_they_raise_something() {
    let mut office = town();
    // The same woman under another record, about another village.
    let form = [
        ("name", "刘翠英"),
        ("request", "水渠渗漏"),
        ("received_on", "2026-10-13"),
        ("people", "1"),
        ("at_once", "registered"),
        ("channel", "call"),
        ("source", "direct"),
        ("village", "1"),
    ];
    office.done(Act::Register, None, &form);
    let text = "days=month rows=village measure=persons";
    assert_eq!(counted(&mut office, text).total[0], 3, "two records are two persons");
    office.done(Act::MergePersons, Some(2), &[("other", "5")]);
    let view = counted(&mut office, text);
    assert_eq!(view.total[0], 2, "merged they are one");
    assert_eq!(rows(&view), [("石桥村".to_owned(), 2), ("张家庄".to_owned(), 1)]);
    let sum: u64 = view.rows.iter().map(|head| head.counts[0]).sum();
    assert!(view.total[0] <= sum && view.rows.iter().all(|head| head.counts[0] <= view.total[0]));
    office.done(Act::UnmergePersons, Some(2), &[("other", "5")]);
    assert_eq!(counted(&mut office, text).total[0], 3, "and two again");
}

#[test]
fn an_undone_registration_is_not_counted_and_a_receipt_that_went_over_is_counted_there() {
    let mut office = town();
    let text = "days=month rows=village";
    let form = office.register("赵春生", "井盖破损", "2026-10-20");
    assert_eq!(counted(&mut office, text).total[0], 4);
    office.done(Act::Undo, None, &[]);
    assert_eq!(counted(&mut office, text).total[0], 3, "case {form} was taken back");
    let receipt = office.case(1).receipts.iter().map(|own| own.id.0).max().unwrap();
    let split = [("on", "2026-10-20"), ("text", "是另一件事"), ("request", "井盖破损")];
    office.done(Act::Split, Some(receipt), &split);
    assert_eq!(
        counted(&mut office, text).total[0],
        3,
        "it hangs on another matter and counts once"
    );
    assert!(office.is_sound());
}

#[test]
fn sealed_matters_and_old_ledgers_are_counted_apart_and_only_their_readers_are_told() {
    let mut office = town();
    let mut other = clerk(&mut office, (4001, "clerk"), &[]);
    let text = "days=2026 rows=channel measure=items";
    let before = at(&mut other, text);
    let about = crate::seal::accusation(&[]);
    office.done(Act::Register, None, &about);
    let reader = counted(&mut office, text);
    assert_eq!((reader.total, reader.sealed), (before.total, 1), "the same whoever asks");
    assert_eq!(at(&mut other, text), before);
    import::stage(&mut office, vec![import::message(1, "A01", "路灯不亮")]);
    import::take_in(&mut office, "history").unwrap();
    let old = counted(&mut office, "days=2019-02 rows=channel");
    assert_eq!((old.total[0], old.history), (0, 1));
}

#[test]
fn a_village_counts_its_own_and_sees_no_row_of_another() {
    let mut office = town();
    let mut village = clerk(&mut office, (4002, "village"), &[("unit", "2")]);
    let view = at(&mut village, "days=month rows=village");
    assert_eq!((view.total[0], rows(&view)), (1, vec![("张家庄".to_owned(), 1)]));
    assert_eq!(view.rows.len(), 1);
    assert_eq!(
        village.call(Request::Cut(CutQuery::Given { year: None })).unwrap_err().key,
        "refusal.denied"
    );
    let mut guest = clerk(&mut office, (4003, "auditor"), &[]);
    assert!(guest.call(query("rows=village")).is_err());
}

#[test]
fn a_count_that_goes_out_says_what_for_and_to_whom_and_stands_in_the_log() {
    let mut office = town();
    let cut = Cut::parse("days=month rows=village").unwrap();
    let said = |purpose: &str| {
        let (purpose, recipient) = (purpose.to_owned(), "区信访局".to_owned());
        Request::Cut(CutQuery::Count { cut, said: Some(ReportSaid { purpose, recipient }) })
    };
    assert_eq!(office.ask(said(" ")).unwrap_err().key, "refusal.purpose_is_missing");
    let Reply::Cut(view) = office.ask(said("月度通报")).unwrap() else { panic!("no count") };
    let text = serde_json::to_string(&view).unwrap();
    assert!(!text.contains("张小明") && !text.contains("路灯"), "{text}");
    let only = AccessQuery { act: Some("export".to_owned()), most: 10, ..AccessQuery::default() };
    let Reply::Accesses(page) = office.ask(Request::Accesses(only)).unwrap() else { panic!() };
    assert_eq!(page.rows.len(), 1);
    let notes = format!("{:?}", page.rows[0].notes);
    assert!(notes.contains("月度通报") && notes.contains("rows=village"), "{notes}");
    let ahead = office.ask(query("days=2026-11 rows=village")).unwrap_err();
    assert_eq!(ahead.key, "broken.days_have_not_begun");
}

fn given(office: &mut Office) -> Vec<GivenRow> {
    match office.ask(Request::Cut(CutQuery::Given { year: None })).unwrap() {
        Reply::Given(page) => page.rows,
        other => panic!("figures were answered with {other:?}"),
    }
}

fn figure(office: &mut Office, id: u64) -> Result<GivenView, Refusal> {
    match office.ask(Request::Cut(CutQuery::Figure(GivenId(id))))? {
        Reply::GivenFigure(view) => Ok(*view),
        other => panic!("a figure was answered with {other:?}"),
    }
}

const CUT: &str = "days=month rows=village columns=channel measure=items";

#[test]
fn a_figure_that_was_given_is_kept_with_its_days_and_told_beside_what_is_counted_now() {
    let mut office = town();
    let said = |counted: &'static str| {
        [("cut", CUT), ("counted", counted), ("on", "2026-10-20"), ("to", "区信访局王科长")]
    };
    let wrong = office.try_do(Act::GiveFigure, None, &said("7")).unwrap_err();
    assert_eq!(wrong.key, "broken.figure_is_another");
    let id = office.done(Act::GiveFigure, None, &said("3")).record.unwrap().id;
    let rows = given(&mut office);
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].value, rows[0].to.as_str()), (3, "区信访局王科长"));
    assert_eq!(rows[0].cut.days.text(), "2026-10-01..2026-10-20", "its days stay");
    let same = figure(&mut office, id).unwrap();
    assert!(same.lines.iter().all(|line| line.then == line.now), "{:?}", same.lines);
    // A call of the same days is entered later.
    let late =
        [("received_on", "2026-10-19"), ("channel", "call"), ("source", "direct"), ("people", "1")];
    office.done(Act::Join, Some(2), &late);
    let view = figure(&mut office, id).unwrap();
    assert_eq!((view.row.value, view.now), (3, 4));
    let differs: Vec<_> = view.lines.iter().filter(|line| line.then != line.now).collect();
    let named = |line: &&anjie::api::cut::GivenLine| {
        (line.row_name.clone(), line.column.clone().map(String::from), line.then, line.now)
    };
    let village = Some("张家庄".to_owned());
    let call = Some("call".to_owned());
    assert_eq!(
        differs.iter().map(named).collect::<Vec<_>>(),
        [
            (None, None, 3, 4),
            (None, call.clone(), 0, 1),
            (village.clone(), None, 1, 2),
            (village, call, 0, 1)
        ]
    );
    assert!(office.is_sound());
}

#[test]
fn a_figure_is_taken_back_like_any_change_and_only_whoever_keeps_figures_may_give_one() {
    let mut office = town();
    let fields = [("cut", CUT), ("counted", "3"), ("on", "2026-10-20"), ("to", "区信访局")];
    office.done(Act::GiveFigure, None, &fields);
    office.done(Act::Undo, None, &[]);
    assert!(given(&mut office).is_empty());
    office.done(Act::Redo, None, &[]);
    assert_eq!(given(&mut office).len(), 1);
    let mut leader = clerk(&mut office, (4001, "leader"), &[]);
    assert!(leader.call(Request::Cut(CutQuery::Given { year: None })).is_ok());
    let order = office.order(Act::GiveFigure, None, &fields);
    assert_eq!(leader.call(Request::Do(order)).unwrap_err().key, "refusal.denied");
    for (field, text, key) in [
        ("on", "2026-10-21", "broken.day_is_in_the_future"),
        ("cut", "rows=person", "broken.no_such_count"),
        ("cut", "days=2026-12 rows=unit", "broken.days_have_not_begun"),
    ] {
        let other = fields.map(|(name, own)| (name, if name == field { text } else { own }));
        assert_eq!(office.try_do(Act::GiveFigure, None, &other).unwrap_err().key, key);
    }
}

#[test]
fn a_count_is_saved_by_name_as_a_filter_is() {
    let mut office = town();
    let saved = [("name", "每月各村件次"), ("list", "counts"), ("only", CUT), ("shared", "yes")];
    office.done(Act::SaveView, None, &saved);
    let asked = Request::Views(Some(anjie::domain::listing::List::Counts));
    let Reply::Views(rows) = office.ask(asked).unwrap() else { panic!("no filters") };
    assert_eq!((rows.len(), rows[0].view.only.as_str()), (1, CUT));
    let person = [("name", "按人"), ("list", "counts"), ("only", "rows=person")];
    let refused = office.try_do(Act::SaveView, None, &person).unwrap_err();
    assert_eq!(refused.key, "broken.no_such_count");
}
