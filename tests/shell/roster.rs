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
