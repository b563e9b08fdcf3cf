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

// The sample with its first row alone, and the line of that row.
fn local() -> (String, usize) {
    let mut parts = LOCAL.split("[[limit]]");
    let (head, row) = (parts.next().unwrap(), parts.next().unwrap());
    (format!("{head}[[limit]]{row}"), head.matches('\n').count() + 1)
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
fn the_regulation_has_these_limits_and_one_extension() {
    let law = Law::national();
    let counted: Vec<_> = law
        .limits()
        .iter()
        .filter_map(|limit| {
            let length = limit.length?.to_string();
            Some(format!("{} {} {length}", limit.id, limit.article))
        })
        .collect();
    assert_eq!(
        counted,
        [
            "forward_direct 22 15",
            "forward_transfer 22 15",
            "notice_direct 23(2) 15",
            "notice_transfer 23(3) 15",
            "objection 23(3) 5w",
            "conclude 34 60",
            "review_request 35 30",
            "review 35 30",
            "second_review_request 36(1) 30",
            "second_review 36(1) 30",
        ]
    );
    let unnumbered = law.limits().iter().filter(|limit| limit.length.is_none());
    let articles: Vec<_> = unnumbered.map(|limit| limit.article.as_str()).collect();
    let expected = [
        "23",
        "21",
        "22(1)(iii)",
        "34",
        "32(2)",
        "36(3)",
        "19(3)",
        "25(1)",
        "41",
        "39",
        "29",
        "30",
        "31",
        "47",
    ];
    assert_eq!(articles, expected, "no number is made up for them");
    assert!(law.limits().iter().all(|limit| limit.mark == Mark::A));
    let conclude = law.in_force("conclude", day("2026-01-01")).unwrap();
    assert_eq!((conclude.per, conclude.starts), (Per::Case, Some(Event::Accepted)));
    assert_eq!(conclude.routes, ["31(6)"]);
    assert!(conclude.pauses.is_empty(), "only a second review leaves a hearing out (36(2))");
    let row = law.prolongation(conclude, day("2026-01-01")).unwrap();
    assert_eq!((row.days_max, row.approver), (30, Approver::Head));
    let options = law
        .limits()
        .iter()
        .filter(|limit| limit.effect == Effect::Option && limit.length.is_some());
    let options: Vec<_> = options.map(|limit| limit.id.as_str()).collect();
    assert_eq!(options, ["objection", "review_request", "second_review_request"]);
}

#[test]
fn a_local_row_that_is_longer_or_looser_is_refused_with_the_article() {
    let national = Law::national();
    let local = |from: &str, to: &str| {
        let text = LOCAL.replace("\"forward_direct\"", "\"notice_direct\"").replace(from, to);
        let text = text.replace("\"led\"]", "\"declined\"]").replace(", \"forwarded\"", "");
        let text = text.replace("met_by = [\"forwarded\", ", "met_by = [");
        let text = text.replace(", \"merged\"]", "]");
        let error = national.judge(&law(&text)).err();
        error.map(|error| error.faults.into_iter().map(|fault| fault.reason).collect::<Vec<_>>())
    };
    assert_eq!(local("", ""), None, "five working days are within fifteen days");
    let longer = LawReason::Longer { article: "23(2)".into(), days: "15".into() };
    let text = "length = 5\nunit = \"workday\"\nper = \"receipt\"\nposition";
    for (length, unit, is_refused) in
        [(15, "day", false), (16, "day", true), (10, "workday", false), (11, "workday", true)]
    {
        let with = format!("length = {length}\nunit = \"{unit}\"\nper = \"receipt\"\nposition");
        let refusal = is_refused.then(|| vec![longer.clone()]);
        assert_eq!(local(text, &with), refusal, "{length} {unit}");
    }
    let looser = |field| Some(vec![LawReason::Looser { field, article: "23(2)".into() }]);
    let row = "position = \"22\"\neffect = \"duty\"";
    assert_eq!(local(row, "effect = \"option\""), looser("effect"));
    assert_eq!(local(row, "effect = \"duty\"\npauses = [\"hearing\"]"), looser("pauses"));
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
    let length = |on| law.in_force("conclude", day(on)).unwrap().length.unwrap();
    assert_eq!(length("2027-06-30"), Length::parse("60").unwrap());
    assert_eq!(length("2027-07-01"), Length::parse("45").unwrap());
    assert!(law.is_newest(law.in_force("conclude", day("2027-07-01")).unwrap()));
}

#[test]
fn a_local_row_goes_before_the_national_one() {
    let local = LOCAL.replace("\"forward_direct\"", "\"notice_direct\"");
    let law = Law::national().with(&law(&local));
    let row = law.in_force("notice_direct", day("2026-01-01")).unwrap();
    assert_eq!((row.length.unwrap().to_string().as_str(), row.layer), ("5w", 1));
    assert_eq!(law.in_force("notice_transfer", day("2026-01-01")).unwrap().layer, 0);
}

#[test]
fn a_local_row_is_not_lengthened_by_the_national_extension() {
    let local = LOCAL.replace("\"accept_decision\"", "\"conclude\"");
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
    let (head, _) = NATIONAL.split_once("\n# 应当予以登记").unwrap();
    let (_, rows) = NATIONAL.split_once("id = \"notice_direct\"").unwrap();
    let whole = format!("{head}\n[[limit]]\nid = \"notice_direct\"{rows}");
    let line = head.matches('\n').count() + 2;
    for (good, bad, reason) in [
        ("\"23(2)\"", "\"第二十三条\"", field("article", "第二十三条")),
        ("\"23(2)\"", "\"23(2\"", field("article", "23(2")),
        ("\"23(2)\"", "\"23()\"", field("article", "23()")),
        ("\"received_direct\"", "\"recieved\"", field("starts", "recieved")),
        ("\"led\"]", "\"denied\"]", field("met_by", "denied")),
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
        let text = whole.replacen(good, bad, 1);
        assert_ne!(text, whole, "{good}");
        let expected = (line, "notice_direct".to_owned(), reason);
        assert_eq!(faults(&text), [expected], "{bad}");
    }
}

#[test]
fn an_id_that_is_no_key_or_belongs_to_the_offices_own_clocks_is_refused() {
    for id in ["agreed", "assigned", "", "Notice", "答复", "1a"] {
        let (text, line) = local();
        let text = text.replace("accept_decision", id);
        assert_eq!(faults(&text), [(line, id.to_owned(), field("id", id))]);
    }
}

#[test]
fn a_second_row_for_the_same_day_is_refused() {
    let (text, _) = local();
    let (_, row) = text.split_once("[[limit]]").unwrap();
    let twice = format!("{text}[[limit]]{row}");
    let line = text.matches('\n').count() + 1;
    assert_eq!(faults(&twice), [(line, "accept_decision".into(), LawReason::Twice)]);
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
fn one_refusal_names_every_fault_of_every_row() {
    let text = LOCAL
        .replacen("effect = \"duty\"\n", "", 1)
        .replacen("mark = \"C\"", "hours = 4\nmark = 3", 1)
        .replacen("per = \"case\"", "per = \"month\"", 1);
    let reasons: Vec<_> = faults(&text).into_iter().map(|(_, _, reason)| reason).collect();
    let first =
        [LawReason::Missing("effect".into()), LawReason::Unknown("hours".into()), LawReason::Kind];
    for reason in &first {
        assert!(reasons.contains(reason), "{reason:?}: {reasons:?}");
    }
    let month = LawReason::Field { field: "per", value: "month".into() };
    assert!(reasons.contains(&month) && reasons.len() == 4, "{reasons:?}");
    let text = LOCAL.replacen("per = \"case\"", "per = case", 1).replacen("\"duty\"", "", 1);
    let unread = faults(&text);
    assert!(unread.iter().all(|(_, _, reason)| *reason == LawReason::Syntax), "{unread:?}");
    assert!(unread.len() >= 2 && unread[0].0 < unread[1].0, "every such line: {unread:?}");
}

#[test]
fn a_text_that_is_no_law_is_refused() {
    assert_eq!(faults("甲乙丙")[0].2, LawReason::Syntax);
    let head = "norm = \"某办法\"\njurisdiction = \"某省\"\n";
    assert_eq!(faults(head), [(1, String::new(), LawReason::Empty)]);
    let unknown = LOCAL.replace("mark = \"C\"", "mark = \"C\"\nhours = 4");
    assert_eq!(faults(&unknown)[0].2, LawReason::Unknown("hours".into()));
    let missing = LOCAL.replace("effect = \"duty\"\n", "");
    assert_eq!(faults(&missing)[0].2, LawReason::Missing("effect".into()));
    let kind = LOCAL.replace("effect = \"duty\"", "effect = 3");
    assert_eq!(faults(&kind)[0].2, LawReason::Kind);
    let long = "#".repeat(TEXT_BYTES_MAX + 1);
    assert_eq!(faults(&long)[0].2, LawReason::TooLong);
    let (_, row) = LOCAL.rsplit_once("[[limit]]").unwrap();
    let (row, _) = row.split_once("shown").unwrap();
    let short_row = format!("{row}in_force_from = \"2015-01-01\"\nmark = \"C\"\n");
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

#[test]
fn a_row_that_calls_itself_national_lengthens_only_if_it_comes_into_force_later() {
    let national = Law::national();
    let own = |from: &str| {
        let text = include_str!("../../tests/data/procedures/amended.toml");
        let text = text.replace("length = 10", "length = 30").replace("2026-09-01", from);
        national.judge(&law(&text)).is_ok()
    };
    assert!(!own("2022-05-01") && !own("2020-01-01"));
    assert!(own("2026-09-01"));
}
