//! What is owed to the state system, what a conclusion lacks, and a matter raised again, on the shell.

use serde_json::Value;

use crate::trial::Trial;

fn register(trial: &Trial, more: &[&str]) {
    let add = ["case", "register", "--name", "张小明", "--request", "路灯不亮"];
    let added = trial.run(&[&add[..], more].concat());
    assert_eq!(added.code, 0, "{}", added.err);
}

fn does(trial: &Trial, line: &[&str]) {
    let said = trial.run(line);
    assert_eq!(said.code, 0, "{line:?} {}", said.err);
}

fn case(trial: &Trial, number: &str) -> Value {
    trial.run(&["case", "show", number, "--json"]).json()
}

#[test]
fn a_receipt_that_is_not_entered_in_the_state_system_is_due_until_it_is() {
    let trial = Trial::with_ledger();
    register(&trial, &[]);
    let due = |trial: &Trial| trial.run(&["due", "--until", "+30"]).out;
    assert!(due(&trial).contains("录入信访系统"), "{}", due(&trial));
    let json = trial.run(&["due", "--until", "+30", "--json"]).json().to_string();
    assert!(json.contains("unentered"), "{json}");
    does(&trial, &["receipt", "edit", "1", "--state-number", "QX1"]);
    assert!(!due(&trial).contains("录入信访系统"), "{}", due(&trial));
}

#[test]
fn what_a_conclusion_lacks_is_listed_and_becomes_less() {
    let trial = Trial::with_ledger();
    register(&trial, &[]);
    does(
        &trial,
        &["case", "route", "1", "--purpose", "appeal", "--route", "31(6)", "--on", "今天"],
    );
    does(&trial, &["case", "accept", "1", "--on", "今天"]);
    let missing = |trial: &Trial| {
        let case = case(trial, "1");
        let asked = case["requirements"].as_array().unwrap().clone();
        let missing = asked.iter().filter(|one| one["met"] == false);
        let words = missing.map(|one| one["requirement"].as_str().unwrap().to_owned());
        words.collect::<Vec<_>>()
    };
    let before = missing(&trial);
    assert!(!before.is_empty());
    let closed = trial.run(&["case", "close", "1", "--on", "今天", "--text", "路灯已修"]);
    assert!(closed.code == 65 && closed.err.contains("办结还缺"), "{}", closed.err);
    does(&trial, &["case", "investigate", "1", "--on", "今天", "--text", "实地看过"]);
    let after = missing(&trial);
    assert_eq!(after.len() + 1, before.len(), "{before:?} {after:?}");
}

#[test]
fn a_link_to_an_earlier_matter_that_was_wrong_is_taken_off() {
    let trial = Trial::with_ledger();
    register(&trial, &[]);
    let none = trial.run(&["case", "unrepeat", "1"]);
    assert!(none.code == 65 && none.err.contains("没有标为重复信访"), "{}", none.err);
    let stop = ["case", "stop", "1", "--ground", "withdrawn", "--document", "止1号"];
    does(&trial, &[&stop[..], &["--text", "本人撤回", "--on", "今天"]].concat());
    let number = case(&trial, "1")["case"]["number"].as_str().unwrap().to_owned();
    register(&trial, &["--repeats", &number]);
    assert_eq!(case(&trial, "2")["repeats"], number.as_str());
    does(&trial, &["case", "unrepeat", "2"]);
    assert_eq!(case(&trial, "2")["repeats"], Value::Null);
    let journal = trial.run(&["journal", "list", "--limit", "3"]).out;
    assert!(journal.contains("取消重复信访标记"), "{journal}");
}
