//! The office's own work in the shell: settings, handing over, a substitute, many cases at once.

use serde_json::Value;

use crate::trial::Trial;

/// An office with two leaders, of whom the first leads two cases.
fn office() -> Trial {
    let trial = Trial::with_ledger();
    for name in ["王强", "陈志远"] {
        let added = trial.run(&["officer", "add", "--name", name, "--leads", "yes"]);
        assert_eq!(added.code, 0, "{}", added.err);
    }
    for request in ["征地补偿款未到账", "路灯不亮"] {
        trial.run(&["case", "register", "--name", "张小明", "--request", request]);
    }
    for case in ["1", "2"] {
        assert_eq!(trial.run(&["case", "assign", case, "--lead", "王强"]).code, 0);
    }
    trial
}

fn held(trial: &Trial, name: &str) -> Vec<Value> {
    let said = trial.run(&["officer", "holdings", name, "--json"]);
    said.json()["rows"].as_array().unwrap().clone()
}

fn setting(trial: &Trial, name: &str) -> Value {
    let json = trial.run(&["settings", "list", "--json"]).json();
    let settings = json["settings"].as_array().unwrap();
    settings.iter().find(|setting| setting["name"] == name).unwrap()["value"].clone()
}

#[test]
fn a_setting_is_changed_listed_and_refused_beyond_its_range() {
    let trial = Trial::with_ledger();
    assert_eq!(trial.run(&["settings", "set", "soon-workdays", "5"]).code, 0);
    assert_eq!(setting(&trial, "soon_workdays"), "5");
    let text = trial.run(&["settings", "list"]).out;
    assert!(text.contains("临期天数") && text.contains("0-30"), "{text}");
    let beyond = trial.run(&["settings", "set", "soon_workdays", "31"]);
    assert_eq!((beyond.code, setting(&trial, "soon_workdays")), (65, "5".into()), "{}", beyond.err);
    let unknown = trial.run(&["settings", "set", "mood", "1"]);
    assert!(unknown.code == 65 && unknown.err.contains("soon_workdays"), "{}", unknown.err);
}

#[test]
fn what_somebody_holds_is_listed_and_handed_over_in_one_change() {
    let trial = office();
    let decide = ["decision", "add", "1", "--text", "一周内付清差额", "--officer", "王强"];
    let decided = trial.run(&[&decide[..], &["--due-on", "+5"]].concat());
    assert_eq!(decided.code, 0, "{}", decided.err);
    let parts: Vec<_> =
        held(&trial, "王强").iter().map(|row| row["held"]["part"].clone()).collect();
    assert_eq!(parts, ["lead", "lead", "decision"]);
    // Who holds something cannot leave.
    let left = trial.run(&["officer", "edit", "王强", "--left-on", "今天"]);
    assert!(left.code != 0 && left.err.contains("王强"), "{}", left.err);
    let page = trial.run(&["officer", "holdings", "王强", "--to", "陈志远", "-o", "-"]).out;
    assert!(page.contains("议定事项") && page.contains("一周内付清差额"), "{page}");
    let handed = trial.run(&["officer", "handover", "王强", "--to", "陈志远", "--json"]);
    assert_eq!((handed.code, handed.json()["number"].as_str()), (0, Some("3/3")), "{}", handed.err);
    assert_eq!((held(&trial, "王强").len(), held(&trial, "陈志远").len()), (0, 3));
    assert_eq!(trial.run(&["officer", "edit", "王强", "--left-on", "今天"]).code, 0);
    let again = trial.run(&["officer", "handover", "王强", "--to", "陈志远"]);
    assert!(again.code != 0, "nothing is left to hand over: {}", again.out);
}

#[test]
fn a_substitute_is_named_for_some_days_and_taken_back() {
    let trial = office();
    let days = ["--from", "今天", "--until", "+3"];
    let named =
        trial.run(&[&["officer", "substitute", "王强", "--by", "陈志远"][..], &days].concat());
    assert_eq!(named.code, 0, "{}", named.err);
    // Whoever is away stands in for nobody, and nobody for themselves.
    let odd =
        trial.run(&[&["officer", "substitute", "陈志远", "--by", "王强"][..], &days].concat());
    assert!(odd.code == 65 && odd.err.contains("王强"), "{}", odd.err);
    let own = trial.run(&[&["officer", "substitute", "王强", "--by", "王强"][..], &days].concat());
    assert_eq!(own.code, 65);
    assert_eq!(trial.run(&["officer", "substitute", "王强", "--by", ""]).code, 0);
    assert_eq!(
        trial.run(&[&["officer", "substitute", "陈志远", "--by", "王强"][..], &days].concat()).code,
        0
    );
}

#[test]
fn several_cases_go_to_another_leader_with_a_reason_and_not_without() {
    let trial = office();
    let assign = ["case", "assign", "1", "2", "--lead", "陈志远"];
    let without = trial.run(&assign);
    assert_eq!(without.code, 65, "{}", without.out);
    assert_eq!(held(&trial, "陈志远").len(), 0);
    let text = ["--text", "分工调整", "--json"];
    let given = trial.run(&[&assign[..], &text].concat());
    assert_eq!((given.code, given.json()["number"].as_str()), (0, Some("2/2")), "{}", given.err);
    assert_eq!((held(&trial, "王强").len(), held(&trial, "陈志远").len()), (0, 2));
}
