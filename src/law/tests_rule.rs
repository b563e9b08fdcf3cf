//! The table of limits: what the Regulation says, and what a law text must be.

use chrono::NaiveDate;
use proptest::prelude::{prop_assert, proptest};

use crate::domain::course::Event;
use crate::law::count::Length;
use crate::law::rule::{Approver, Effect, Law, Mark, Per};
use crate::law::text::{LawReason, ROWS_MAX, TEXT_BYTES_MAX};

const LOCAL: &str = include_str!("../../data/law/example-local.toml");
const NATIONAL: &str = include_str!("../../data/law/cn-regulation.toml");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn law(text: &str) -> Law {
    Law::parse(text).unwrap()
}

fn faults(text: &str) -> Vec<(usize, String, LawReason)> {
    let faults = Law::parse(text).unwrap_err().faults;
    faults.into_iter().map(|fault| (fault.line, fault.row, fault.reason)).collect()
}

fn field(field: &'static str, value: &str) -> LawReason {
    LawReason::Field { field, value: value.into() }
}

#[test]
fn the_regulation_has_four_limits_and_one_extension() {
    let law = Law::national();
    let rows: Vec<_> = law
        .limits()
        .iter()
        .map(|limit| (limit.id.as_str(), limit.article.as_str(), limit.length.to_string()))
        .collect();
    assert_eq!(
        rows,
        [
            ("notice_direct", "23(2)", "15".into()),
            ("notice_transfer", "23(3)", "15".into()),
            ("objection", "23(3)", "5w".into()),
            ("conclude", "34", "60".into()),
        ]
    );
    let conclude = law.in_force("conclude", day("2026-01-01")).unwrap();
    assert_eq!((conclude.per, conclude.starts), (Per::Case, Event::Accepted));
    assert_eq!((conclude.routes.as_slice(), conclude.mark), (["31(6)".into()].as_slice(), Mark::A));
    let row = law.prolongation(conclude, day("2026-01-01")).unwrap();
    assert_eq!((row.days_max, row.approver), (30, Approver::Head));
    let options = law.limits().iter().filter(|limit| limit.effect == Effect::Option);
    assert_eq!(options.map(|limit| limit.id.as_str()).collect::<Vec<_>>(), ["objection"]);
}

#[test]
fn only_the_unclear_address_of_a_direct_petition_excuses_the_notice() {
    let law = Law::national();
    let excusable = law.limits().iter().filter(|limit| limit.excusable);
    assert_eq!(excusable.map(|limit| limit.id.as_str()).collect::<Vec<_>>(), ["notice_direct"]);
}

#[test]
fn the_regulation_governs_from_the_first_of_may_2022() {
    let law = Law::national();
    assert!(law.in_force("conclude", day("2022-04-30")).is_none());
    assert!(law.in_force("conclude", day("2022-05-01")).is_some());
    assert!(law.in_force("no_such_limit", day("2022-05-01")).is_none());
}

#[test]
fn the_day_of_the_trigger_decides_which_row_governs() {
    let (_, conclude) = NATIONAL.split_once("id = \"conclude\"").unwrap();
    let (conclude, _) = conclude.split_once("[[extension]]").unwrap();
    let conclude = conclude.replace("2022-05-01", "2027-07-01").replace("60", "45");
    let law = law(&format!("{NATIONAL}\n[[limit]]\nid = \"conclude\"{conclude}"));
    let length = |on| law.in_force("conclude", day(on)).unwrap().length;
    assert_eq!(length("2027-06-30"), Length::parse("60").unwrap());
    assert_eq!(length("2027-07-01"), Length::parse("45").unwrap());
    assert!(law.is_newest(law.in_force("conclude", day("2027-07-01")).unwrap()));
}

#[test]
fn a_local_row_goes_before_the_national_one() {
    let local = LOCAL.replace("accept_decision", "notice_direct");
    let law = Law::national().with(&law(&local));
    let row = law.in_force("notice_direct", day("2026-01-01")).unwrap();
    assert_eq!((row.length.to_string().as_str(), row.layer), ("5w", 1));
    assert_eq!(law.in_force("notice_transfer", day("2026-01-01")).unwrap().layer, 0);
}

#[test]
fn a_local_row_is_not_lengthened_by_the_national_extension() {
    let local = LOCAL.replace("accept_decision", "conclude");
    let law = Law::national().with(&law(&local));
    let row = law.in_force("conclude", day("2026-01-01")).unwrap();
    assert!(law.prolongation(row, day("2026-01-01")).is_none());
}

#[test]
fn the_local_sample_is_read_but_not_in_force_by_itself() {
    let sample = law(LOCAL);
    assert!(sample.limits().iter().all(|limit| limit.mark == Mark::C));
    let national = Law::national();
    assert!(national.limits().iter().all(|limit| limit.id != "accept_decision"));
}

#[test]
fn a_bad_row_is_named_with_its_line_and_field() {
    let line = |id: &str| {
        let place = NATIONAL.find(&format!("id = \"{id}\"")).unwrap();
        NATIONAL[..place].matches('\n').count()
    };
    for (good, bad, reason) in [
        ("\"23(2)\"", "\"第二十三条\"", field("article", "第二十三条")),
        ("\"23(2)\"", "\"23(2\"", field("article", "23(2")),
        ("\"23(2)\"", "\"23()\"", field("article", "23()")),
        ("\"received_direct\"", "\"recieved\"", field("starts", "recieved")),
        ("\"declined\"]", "\"denied\"]", field("met_by", "denied")),
        ("length = 15", "length = 0", field("length", "0")),
        ("length = 15", "length = -15", field("length", "-15")),
        ("length = 15", "length = 9999999999", field("length", "9999999999")),
        ("unit = \"day\"", "unit = \"month\"", field("unit", "month")),
        ("per = \"receipt\"", "per = \"person\"", field("per", "person")),
        ("routes = []", "routes = [\"三十一\"]", field("routes", "三十一")),
        ("effect = \"duty\"", "effect = \"wish\"", field("effect", "wish")),
        ("\"2022-05-01\"", "\"2022-02-30\"", field("in_force_from", "2022-02-30")),
        ("mark = \"A\"", "mark = \"E\"", field("mark", "E")),
    ] {
        let text = NATIONAL.replacen(good, bad, 1);
        assert_ne!(text, NATIONAL, "{good}");
        let expected = (line("notice_direct"), "notice_direct".to_owned(), reason);
        assert_eq!(faults(&text), [expected], "{bad}");
    }
}

#[test]
fn an_id_that_is_no_key_or_belongs_to_the_offices_own_clocks_is_refused() {
    for id in ["agreed", "assigned", "", "Notice", "答复", "1a"] {
        let text = LOCAL.replace("accept_decision", id);
        assert_eq!(faults(&text), [(9, id.to_owned(), field("id", id))]);
    }
}

#[test]
fn a_second_row_for_the_same_day_is_refused() {
    let (_, row) = LOCAL.split_once("[[limit]]").unwrap();
    let text = format!("{LOCAL}\n[[limit]]{row}");
    assert_eq!(faults(&text), [(24, "accept_decision".into(), LawReason::Twice)]);
}

#[test]
fn an_extension_of_a_limit_that_is_not_there_is_refused() {
    let text = NATIONAL.replace("extends = \"conclude\"", "extends = \"reply\"");
    let faults = faults(&text);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].1, "extend_conclude");
    assert_eq!(faults[0].2, LawReason::Extends("reply".into()));
}

#[test]
fn a_duty_cannot_lapse() {
    let text = NATIONAL.replace("effect = \"option\"", "effect = \"duty\"");
    assert_eq!(faults(&text)[0].2, LawReason::Lapses);
}

#[test]
fn a_text_that_is_no_law_is_refused() {
    assert!(matches!(faults("甲乙丙")[0].2, LawReason::Syntax(_)));
    let head = "norm = \"某办法\"\njurisdiction = \"某省\"\n";
    assert_eq!(faults(head), [(1, String::new(), LawReason::Empty)]);
    let unknown = LOCAL.replace("mark = \"C\"", "mark = \"C\"\nhours = 4");
    assert!(
        matches!(&faults(&unknown)[0], (23, _, LawReason::Syntax(text)) if text.contains("hours"))
    );
    let missing = LOCAL.replace("effect = \"duty\"\n", "");
    assert!(matches!(&faults(&missing)[0].2, LawReason::Syntax(text) if text.contains("effect")));
    let long = "#".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(faults(&long)[0].2, LawReason::TooLong);
    let (_, row) = LOCAL.split_once("[[limit]]").unwrap();
    let short_row = row.replace("excusable = false\n", "").replace("pausable = false\n", "");
    let many = format!("{head}{}", format!("[[limit]]{short_row}").repeat(ROWS_MAX + 1));
    assert_eq!(faults(&many)[0].2, LawReason::TooLong);
}

proptest! {
    #[test]
    fn a_damaged_law_text_is_read_or_refused(at in 0_usize..2_500, with in ".{0,3}") {
        let mut text = NATIONAL.to_owned();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        text.insert_str(at, &with);
        if let Err(refusal) = Law::parse(&text) {
            prop_assert!(!refusal.faults.is_empty());
            prop_assert!(refusal.faults.iter().all(|fault| fault.line >= 1));
        }
    }
}
