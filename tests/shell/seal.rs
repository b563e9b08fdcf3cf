//! A sealed petition by orders of the shell: it is there for its readers, and for nobody else.

use serde_json::Value;

use crate::trial::Trial;

const FORM: &[&str] = &[
    "case",
    "register",
    "--name",
    "章守中",
    "--request",
    "郝站长截留沙石款",
    "--phone",
    "13911112222",
    "--sealed",
];

fn office() -> Trial {
    let trial = Trial::with_ledger();
    for line in [
        &["officer", "add", "--name", "王建国"][..],
        &["officer", "add", "--name", "郝强"],
        &["clerk", "add", "wangjg", "--uid", "5000", "--role", "clerk"],
    ] {
        assert_eq!(trial.run(line).code, 0, "{line:?}");
    }
    let edit = trial.run(&["clerk", "edit", "2", "--officer", "王建国"]);
    assert_eq!(edit.code, 0, "{}", edit.err);
    trial
}

/// The name of the officer who gives the commands.
fn me(trial: &Trial) -> String {
    let officers = trial.run(&["officer", "list", "--json"]).json();
    officers[0]["name"].as_str().unwrap().to_owned()
}

fn register(trial: &Trial, more: &[&str]) -> crate::trial::Said {
    trial.run(&[FORM, more, &["--json"]].concat())
}

#[test]
fn a_sealed_petition_needs_its_accused_and_readers_who_are_not_accused() {
    let trial = office();
    for (more, key) in [
        (&["--readers", "王建国"][..], "accused_is_missing"),
        (&["--about-officer", "王建国", "--readers", "王建国"], "reader_is_accused"),
        (&["--about-officer", "郝强", "--readers", "郝强"], "officer_has_no_account"),
    ] {
        let said = register(&trial, more);
        assert_eq!((said.code, said.out.as_str()), (65, ""), "{more:?}");
        let refusal: Value = serde_json::from_str(&said.err).unwrap();
        assert_eq!(refusal["key"], format!("broken.{key}"), "{refusal}");
        assert!(refusal["text"].as_str().unwrap().chars().count() > 8);
    }
    assert_eq!(trial.run(&["case", "list", "--json"]).out.matches("number").count(), 0);
}

#[test]
fn whoever_is_no_reader_finds_it_in_no_list_number_search_count_or_journal() {
    let trial = office();
    let open = ["case", "register", "--name", "李英", "--request", "路灯不亮", "--json"];
    let asked = || {
        let lists = [
            &["case", "list", "--json"][..],
            &["due", "--json"],
            &["person", "list", "--json"],
            &["find", "章守中", "--json"],
            &["find", "沙石", "--json"],
            &["find", "2222", "--json"],
            &["journal", "list", "--json"],
        ];
        lists.map(|line| (trial.run(line).code, trial.run(line).out))
    };
    let before = asked();
    let number = register(&trial, &["--about-officer", "郝强", "--readers", "王建国"]);
    assert_eq!((number.code, number.err.as_str()), (0, ""));
    let number = number.json()["number"].as_str().unwrap().to_owned();
    assert!(number.contains('X'), "a series of its own: {number}");
    // Whoever took it down reads it, until the readers are others.
    assert_eq!(trial.run(&["find", "章守中"]).code, 0);
    let gone =
        trial.run(&["case", "readers", &number, "--remove", &me(&trial), "--text", "不再承办"]);
    assert_eq!(gone.code, 0, "{}", gone.err);
    assert_eq!(asked(), before, "nothing is another for whoever is no reader");
    let (hidden, none) =
        (trial.run(&["case", "show", &number]), trial.run(&["case", "show", "77"]));
    assert_eq!((hidden.code, none.code), (1, 1));
    assert_eq!(hidden.err.replace(&number, "N"), none.err.replace("77", "N"));
    let shown = trial.run(&open).json()["number"].as_str().unwrap().to_owned();
    assert!(shown.ends_with("-0001"), "its number leaves no gap: {shown}");
    let check = trial.run(&["check", "--json"]);
    assert!(!check.out.contains("章守中") && !check.out.contains(&number), "{}", check.out);
}

#[test]
fn readers_are_named_by_name_and_only_those_who_can_read() {
    let trial = office();
    let said = register(&trial, &["--about-officer", "郝强"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let number = said.json()["number"].as_str().unwrap().to_owned();
    let readers = |args: &[&str]| trial.run(&[&["case", "readers", &number][..], args].concat());
    let sheet = trial.run(&["case", "show", &number, "--json"]).json();
    assert_eq!(sheet["readers"], serde_json::json!([me(&trial)]));
    let add = readers(&["--add", "郝强", "--text", "x", "--json"]);
    assert!(add.code == 65 && add.err.contains("officer_has_no_account"), "{}", add.err);
    let last = readers(&["--remove", &me(&trial), "--text", "x", "--json"]);
    assert!(last.code == 65 && last.err.contains("sealed_needs_a_reader"), "{}", last.err);
    assert_eq!(readers(&["--add", "王建国", "--text", "包案"]).code, 0);
    let sheet = trial.run(&["case", "show", &number, "--json"]).json();
    assert_eq!(sheet["readers"].as_array().unwrap().len(), 2);
}
