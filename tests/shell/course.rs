//! A case from registration to archive by orders of the shell, one JSON document each; what is
//! refused on the way says its article and what is missing.

use serde_json::Value;

use crate::trial::Trial;

/// An office of a trial ledger, whose day only these commands move.
struct Office(Trial);

impl Office {
    fn new() -> Self {
        let trial = Trial::new();
        let init = ["init", "--town", "试点镇", "--population", "50000", "--trial"];
        let said = trial.run(&[&init[..], &["--today", "2026-08-03"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        let office = Self(trial);
        office.does(&["officer add", "--name", "王建国", "--leads", "yes"]);
        office.does(&["officer edit", "2", "--head-from", "2026-01-01"]);
        office.does(&["officer add", "--name", "刘强"]);
        office.does(&["unit add", "--name", "自然资源所", "--kind", "department"]);
        office
    }

    fn run(&self, line: &[&str]) -> crate::trial::Said {
        let mut args: Vec<&str> = line[0].split(' ').collect();
        args.extend(&line[1..]);
        args.push("--json");
        self.0.run(&args)
    }

    fn does(&self, line: &[&str]) -> Value {
        let said = self.run(line);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{line:?}");
        let done = said.json();
        for key in ["id", "version", "revision"] {
            assert!(done[key].is_u64(), "{line:?}: {done}");
        }
        done
    }

    /// That a command is refused by a rule, and that its words say so much.
    fn refuses(&self, line: &[&str], key: &str, words: &[&str]) {
        let said = self.run(line);
        assert_eq!((said.code, said.out.as_str()), (65, ""), "{line:?}");
        let refusal: Value = serde_json::from_str(&said.err).unwrap();
        assert_eq!(refusal["key"], format!("broken.{key}"), "{line:?}: {refusal}");
        let text = refusal["text"].as_str().unwrap();
        for word in words {
            assert!(text.contains(word), "{word} is not in: {text}");
        }
    }

    fn case(&self) -> Value {
        self.0.run(&["case", "show", "1", "--json"]).json()
    }

    fn clock(&self, rule: &str) -> Value {
        let case = self.case();
        let clocks = case["deadlines"].as_array().unwrap();
        clocks.iter().find(|clock| clock["rule"] == rule).unwrap().clone()
    }
}

const OPINION: &[&str] = &[
    "case reply",
    "1",
    "--document",
    "青信处〔2026〕1号",
    "--request",
    "补发补偿款差额",
    "--facts",
    "漏登两亩一分",
    "--opinion",
    "予以支持",
    "--basis",
    "土地管理法第四十八条",
    "--result",
    "supported",
    "--sealed-on",
    "2026-08-20",
    "--states-review",
    "yes",
];

#[test]
fn a_case_goes_from_registration_to_archive_by_orders_of_the_shell() {
    let office = Office::new();
    let today = "2026-08-31";
    office.does(&["case register", "--name", "张小明", "--request", "征地补偿款没有到账"]);
    assert_eq!(office.clock("notice_direct")["latest"], "2026-08-18");
    assert_eq!(office.0.run(&["status", "--today", today, "--json"]).code, 0);
    let accept = ["case accept", "1", "--on", "2026-08-06"];
    office.refuses(&accept, "route_is_undecided", &["条例29"]);
    let route = ["case route", "1", "--purpose", "request", "--on", "2026-08-04", "--route"];
    office.does(&[&route[..], &["31(6)"]].concat());
    office.does(&accept);
    office.refuses(&accept, "already_accepted", &["条例31(6)"]);
    office.refuses(&[&route[..], &["29"]].concat(), "route_is_settled", &["条例31"]);
    let clock = office.clock("conclude");
    assert_eq!((&clock["target"], &clock["latest"]), (&"2026-10-05".into(), &"2026-10-08".into()));
    assert_eq!(clock["spent"], serde_json::json!({"n": 25, "length": 60, "unit": "day"}));
    office.refuses(
        &["case assign", "1", "--lead", "刘强", "--on", "2026-08-07"],
        "officer_may_not_lead",
        &["刘强", "条例18(2)"],
    );
    office.does(&["case assign", "1", "--lead", "王建国", "--on", "2026-08-07"]);
    office.does(&["case assign", "1", "--handler", "刘强", "--on", "2026-08-07"]);
    let signed = |by| [OPINION, &["--on", "2026-08-20", "--signed-by", by]].concat();
    office.refuses(&signed("王建国"), "opinion_needs_an_investigation", &["条例31(6)"]);
    office.does(&["case investigate", "1", "--on", "2026-08-10", "--text", "实地丈量"]);
    office.does(&["case claim", "1", "--number", "1", "--text", "补偿款差额"]);
    office.refuses(&signed("王建国"), "claims_are_not_answered", &["条例32"]);
    office.does(&[
        "case claim",
        "1",
        "--number",
        "1",
        "--finding",
        "属实",
        "--result",
        "supported",
    ]);
    office.refuses(&signed("刘强"), "signer_is_not_head", &["刘强", "条例32"]);
    office.does(&signed("王建国"));
    let deliver = ["case deliver", "1", "--manner", "in_person", "--on", "2026-08-21"];
    office.refuses(&deliver, "delivery_needs_a_receiver", &["条例35"]);
    office.does(&[&deliver[..], &["--receiver", "张小明"]].concat());
    assert_eq!(office.clock("review_request")["latest"], "2026-09-20", "a Sunday that is worked");
    let close = ["case close", "1", "--on", today, "--text", "已落实"];
    let missing = ["回避申明(条例28(3))", "执行落实(条例32(2))", "邀请评价(条例21(2))", "手续完备"];
    office.refuses(&close, "closing_is_not_complete", &missing);
    for officer in ["王建国", "刘强"] {
        let free = ["--officer", officer, "--interest", "none", "--on", "2026-08-10"];
        office.does(&[&["case declare", "1"][..], &free].concat());
    }
    office.does(&["case carry-out", "1", "--on", "2026-08-28", "--text", "差额已汇入一卡通"]);
    office.does(&["case rate", "1", "--rating", "satisfied", "--on", "2026-08-29"]);
    let tests = ["--facts", "丈量记录", "--nature", "31(6)", "--handling", "已补发"];
    let more = ["--procedure", "各期限内", "--papers", "齐", "--on", "2026-08-30"];
    office.does(&[&["case test", "1"][..], &tests, &more].concat());
    let archive = ["case archive", "1", "--number", "2026-30-017", "--retention", "30"];
    let archive = [&archive[..], &["--on", today]].concat();
    office.refuses(&archive, "case_is_open", &[]);
    office.does(&close);
    assert_eq!(office.clock("conclude")["standing"], "met");
    office.does(&archive);
    assert_eq!(office.case()["stage"], "archived");
    office.refuses(&archive, "already_archived", &[]);
    assert_eq!(office.0.run(&["check"]).code, 0);
}

#[test]
fn a_slip_is_corrected_and_a_wrong_join_is_split_by_orders_of_the_shell() {
    let office = Office::new();
    office.does(&["case register", "--name", "张小明", "--request", "征地补偿款没有到账"]);
    office.does(&["case register", "--name", "李英", "--request", "路灯不亮"]);
    let dates = |case: &Value| (case["case"]["received_on"].clone(), case["deadlines"].clone());
    assert_eq!(office.0.run(&["status", "--today", "2026-08-05", "--json"]).code, 0);
    let before = dates(&office.case());
    // A letter about the lamps, earlier than all, is hung on the wrong matter.
    let letter = ["--channel", "letter", "--source", "direct", "--people", "1"];
    let words = ["--received-on", "2026-08-01", "--words", "路灯还不亮"];
    office.refuses(
        &["receipt split", "1", "--into", "试信2026-0002", "--on", "今天", "--text", "x"],
        "only_receipt_of_its_case",
        &["请用并入"],
    );
    office.does(&[&["case join", "1"][..], &letter, &words].concat());
    let joined = office.case();
    assert_eq!(joined["case"]["received_on"], "2026-08-01");
    let split = ["--into", "试信2026-0002", "--on", "今天", "--text", "误并"];
    let receipt = joined["receipts"][1]["id"].to_string();
    office.does(&[&["receipt split", &receipt][..], &split].concat());
    assert_eq!(dates(&office.case()), before, "all dates are back");
    let other = office.0.run(&["case", "show", "2", "--json"]).json();
    assert_eq!(other["receipts"].as_array().unwrap().len(), 2);
    assert_eq!(other["case"]["received_on"], "2026-08-01");
    // The procedure was mistyped; its clocks follow, and the old word stays to be seen.
    let route = ["--purpose", "request", "--route", "29", "--on", "2026-08-04"];
    office.does(&[&["case route", "1"][..], &route].concat());
    assert_eq!(office.clock("conclude")["why"], "other_route");
    let case = office.case();
    let step = case["case"]["last_step"].to_string();
    let correct = ["case correct", "1", &step, "--why", "误选", "--route"];
    office.refuses(&[&correct[..], &["30"]].concat(), "seal_is_no_slip", &["条例30(3)"]);
    office.does(&[&correct[..], &["31(6)"]].concat());
    assert_eq!(office.clock("conclude")["why"], "awaiting.accepted");
    assert_eq!(office.case()["case"]["steps"][&step]["first"]["route"], "29");
}
