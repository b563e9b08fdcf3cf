//! What is like a newcomer, asked from the shell.

use std::io::Write;
use std::process::Stdio;

use crate::trial::Trial;

#[test]
fn a_newcomer_is_compared_with_the_reasons_in_words_and_as_json() {
    let trial = Trial::with_ledger();
    let request = "我家承包地两亩一分在修路时被占，补偿款到现在一分钱没有拿到。";
    let register = ["case", "register", "--name", "张守田", "--request", request, "--json"];
    assert_eq!(trial.run(&register).code, 0);
    let said = trial.run(&["like", "--name", "张守田", "--text", request]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("同名") && said.out.contains("诉求相近100%"), "{}", said.out);
    let json = trial.run(&["like", "--text", request, "--json"]).json();
    assert_eq!(json["cases"][0]["reasons"][0]["text"]["percent"], 100);
    assert_eq!(json["persons"], serde_json::json!([]));
    assert_eq!(trial.run(&["like", "--name", "李四", "--json"]).code, 1, "nobody is alike");
}

#[test]
fn what_is_said_at_the_window_need_not_stand_in_the_list_of_processes() {
    let trial = Trial::with_ledger();
    let register = ["case", "register", "--name", "张守田", "--request", "路灯坏了", "--json"];
    assert_eq!(trial.run(&register).code, 0);
    let mut command = trial.command(&["like", "--name", "-", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all("张守田\n".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["cases"][0]["reasons"][0], "name");
}

#[test]
fn what_is_there_twice_is_listed_by_group() {
    let trial = Trial::with_ledger();
    let request = "我家承包地两亩一分在修路时被占，补偿款到现在一分钱没有拿到。";
    let none = trial.run(&["like", "--among", "matters"]);
    assert!(none.code == 1 && none.out.contains("0 组"), "{}{}", none.out, none.err);
    for name in ["张守田", "李二"] {
        let register = ["case", "register", "--name", name, "--request", request, "--json"];
        assert_eq!(trial.run(&register).code, 0);
    }
    let said = trial.run(&["like", "--among", "matters"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("张守田") && said.out.contains("李二"), "{}", said.out);
    assert!(said.out.contains("1 组 2 条"), "{}", said.out);
    let json = trial.run(&["like", "--among", "matters", "--json"]).json();
    assert_eq!((&json["n_groups"], &json["n_records"]), (&1.into(), &2.into()));
    assert_eq!(trial.run(&["like", "--among", "persons"]).code, 1);
    assert_eq!(trial.run(&["like", "--among", "cats"]).code, 2);
    assert_eq!(trial.run(&["like", "--among", "matters", "--name", "李二"]).code, 2);
}
