//! The roster as the shell keeps it.

use crate::trial::{Said, Trial};

/// Proposes help for the first case.
fn propose(trial: &Trial, person: &str, review_on: &str) -> Said {
    let known = ["roster", "propose", "1", "--ground", "hardship", "--reason", "家中失火"];
    let who = ["--lead", "王强", "--officer", "王强", "--measures", "申请临时救助"];
    let days = ["--contact-on", "+3", "--told-on", "今天", "--review-on", review_on];
    trial.run(&[&known[..], &who, &days, &["--person", person, "--json"]].concat())
}

#[test]
fn a_person_to_be_helped_is_given_by_name() {
    let trial = Trial::with_ledger();
    trial.run(&["officer", "add", "--name", "王强", "--leads", "yes"]);
    trial.run(&["case", "register", "--name", "张小明", "--request", "路灯坏了三个月"]);
    let nobody = propose(&trial, "李不在", "+20");
    assert!(nobody.code == 1 && nobody.err.contains("no_such_person"), "{}", nobody.err);
    let late = propose(&trial, "张小明", "+32");
    assert!(late.code == 65 && late.err.contains("review_is_too_far"), "{}", late.err);
    assert_eq!(propose(&trial, "张小明", "+20").json()["id"], 1);
    assert!(trial.run(&["roster", "list"]).out.contains("张小明"));
}

#[test]
fn an_entry_goes_from_its_proposal_to_its_end_in_the_shell() {
    let trial = Trial::with_ledger();
    trial.run(&["officer", "add", "--name", "王强", "--leads", "yes", "--head-from", "2026-01-01"]);
    trial.run(&["case", "register", "--name", "张小明", "--request", "家中失火，没有住处"]);
    assert_eq!(propose(&trial, "张小明", "+20").json()["id"], 1);
    let part = |part: &str| {
        let said = trial.run(&["roster", "list", "--part", part, "--json"]);
        (said.code, said.json()["rows"].as_array().unwrap().len())
    };
    assert_eq!((part("approval"), part("open"), part("late")), ((0, 1), (0, 1), (1, 0)));
    let document = ["--document", "青信帮〔2026〕1号", "--on", "今天", "--json"];
    let head = ["roster", "approve", "1", "--approver", "王强"];
    let approved = trial.run(&[&head[..], &document].concat());
    assert_eq!(approved.json()["id"], 1, "{}", approved.err);
    let text = ["--text", "送去申请表", "--next-on", "+7", "--json"];
    let contact = ["roster", "contact", "1", "--on", "今天", "--manner", "home"];
    assert_eq!(trial.run(&[&contact[..], &text].concat()).code, 0);
    let renew = ["roster", "renew", "1", "--text", "救助未到账", "--review-on", "+31", "--json"];
    assert_eq!(trial.run(&renew).code, 0);
    let shown = trial.run(&["roster", "show", "1", "--json"]).json();
    assert_eq!(shown["entry"]["approval"]["way"], "paper");
    assert_eq!(shown["entry"]["contacts"].as_object().unwrap().len(), 1);
    let listed = trial.run(&["roster", "list", "--sort", "contact"]);
    let width = |line: &str| unicode_width::UnicodeWidthStr::width(line);
    assert!(listed.out.lines().all(|line| width(line) <= 80), "{}", listed.out);
    assert!(listed.out.contains("张小明") && listed.out.contains("欠办"), "{}", listed.out);
    let odd = trial.run(&["roster", "list", "--sort", "person"]);
    assert!(odd.code != 0 && odd.err.contains("owed village lead"), "{}", odd.err);
    let odd = trial.run(&["roster", "list", "--only", "state=left"]);
    assert!(odd.code == 65 && odd.err.contains("pending ended"), "what it may be: {}", odd.err);
    let end =
        ["roster", "end", "1", "--why", "helped", "--text", "已到账", "--on", "今天", "--json"];
    assert_eq!(trial.run(&end).code, 0);
    assert_eq!((part("open"), part("ended")), ((1, 0), (0, 1)));
    let ended = trial.run(&["roster", "list", "--only", "state=ended"]);
    assert!(ended.out.contains("共 1 条"), "all were shown: {}", ended.out);
}

#[test]
fn two_records_become_one_person_and_two_again_in_the_shell() {
    let trial = Trial::with_ledger();
    trial.run(&["case", "register", "--name", "张小明", "--request", "路灯坏了"]);
    trial.run(&["case", "register", "--name", "张晓明", "--request", "水渠不通"]);
    let n_rows = || {
        let said = trial.run(&["person", "list", "--json"]);
        said.json()["rows"].as_array().unwrap().len()
    };
    assert_eq!(n_rows(), 2);
    let merged = trial.run(&["person", "merge", "1", "--other", "2", "--json"]);
    assert_eq!((merged.code, n_rows()), (0, 1), "{}", merged.err);
    let shown = trial.run(&["person", "show", "1", "--json"]).json();
    assert_eq!(shown["aliases"][0]["cases"].as_array().unwrap().len(), 1);
    let parted = trial.run(&["person", "unmerge", "1", "--other", "2", "--json"]);
    assert_eq!((parted.code, n_rows()), (0, 2), "{}", parted.err);
}

#[test]
fn the_roster_of_an_earlier_day_and_the_notice_of_who_answers_are_told_in_the_shell() {
    let trial = Trial::with_ledger();
    trial.run(&["officer", "add", "--name", "王强", "--leads", "yes", "--post", "镇长"]);
    trial.run(&["case", "register", "--name", "张小明", "--request", "家中失火，没有住处"]);
    assert_eq!(propose(&trial, "张小明", "+20").json()["id"], 1);
    let stood = trial.run(&["roster", "list", "--on", "今天", "--json"]);
    assert_eq!((stood.code, stood.json()["rows"][0]["lead"].as_str()), (0, Some("王强")));
    let before = trial.run(&["roster", "list", "--on", "-1", "--json"]);
    assert_eq!((before.code, before.json()["rows"].as_array().unwrap().len()), (1, 0));
    let text = trial.run(&["roster", "list", "--on", "今天"]).out;
    assert!(text.contains("帮扶化解台账") && text.contains("张小明"), "{text}");
    let odd = trial.run(&["roster", "list", "--on", "+1"]);
    assert!(odd.code == 65 && odd.err.contains("还没有到那一天"), "{}", odd.err);
    let person = trial.run(&["roster", "notice", "1", "--to", "person"]).out;
    for told in ["包案告知", "张小明", "王强（镇长）", "下次联系", "复查、复核"]
    {
        assert!(person.contains(told), "{told}: {person}");
    }
    let lead = trial.run(&["roster", "notice", "1", "--to", "lead", "--json"]).json();
    let lead = lead["text"].as_str().unwrap().to_owned();
    assert!(lead.contains("包案通知") && lead.contains("不得打击报复"), "{lead}");
    assert!(!lead.contains("告知方式"), "{lead}");
    // The case and the person name it.
    let case = trial.run(&["case", "show", "1"]).out;
    assert!(case.contains("帮扶") && case.contains("包案 王强"), "{case}");
    assert!(case.contains("anjie case why"), "{case}");
    assert!(trial.run(&["person", "show", "1"]).out.contains("包案 王强"));
    let why = trial.run(&["case", "why", "1"]);
    assert!(why.code == 0 && why.out.contains("起算当日"), "{} {}", why.out, why.err);
    assert_eq!(trial.run(&["case", "why", "1", "--clock", "none"]).code, 1);
}
