//! Papers in the shell: a preview that uses no number, a file that is never written over, and the
//! numbers of a year.

use std::fs;

use crate::trial::Trial;

fn office() -> Trial {
    let trial = Trial::with_ledger();
    let said = trial.run(&["case", "register", "--name", "张小明", "--request", "路灯不亮"]);
    assert_eq!(said.code, 0, "{}", said.err);
    trial
}

#[test]
fn a_preview_uses_no_number_and_a_paper_that_is_made_has_one() {
    let trial = office();
    let shown = trial.run(&["paper", "受理告知书", "1"]);
    assert!(shown.code == 0 && shown.out.contains("受理告知书"), "{}", shown.err);
    assert!(shown.out.contains("还缺") && shown.out.contains("受理日期"), "{}", shown.out);
    assert_eq!(trial.run(&["paper", "numbers"]).code, 1, "no number was used");
    let lacks = trial.run(&["paper", "acceptance", "1", "-o", "out.docx"]);
    assert!(lacks.code == 65 && lacks.err.contains("--allow-empty"), "{}", lacks.err);
    let set = ["--set", "受理日期=2026年11月1日", "--allow-empty"];
    let args = [&["paper", "acceptance", "1", "-o", "out.docx"][..], &set].concat();
    let made = trial.run(&args);
    assert!(made.code == 0 && made.out.contains("受〔"), "{} {}", made.out, made.err);
    let bytes = fs::read(trial.home().join("out.docx")).unwrap();
    assert!(bytes.starts_with(b"PK"));
    let over = trial.run(&args);
    assert!(over.code == 65 && over.err.contains("--force"), "{}", over.err);
    let rows = trial.run(&["paper", "numbers", "--json"]).json();
    assert_eq!(rows.as_array().unwrap().len(), 1, "a file that is there uses no number");
    let number = rows[0]["number"].as_str().unwrap().to_owned();
    let again = trial.run(&[&args[..], &["--again", &number, "--force"]].concat());
    assert_eq!(again.code, 0, "{}", again.err);
    let story = trial.run(&["case", "show", "1"]);
    assert!(story.out.contains(&number), "{}", story.out);
    let undo = trial.run(&["undo"]);
    assert!(undo.code != 0 && undo.err.contains("作废"), "{}", undo.err);
    assert_eq!(trial.run(&["paper", "void", "1", &number, "--why", "重出"]).code, 0);
    let rows = trial.run(&["paper", "numbers", "--json"]).json();
    assert_eq!(
        (rows[0]["state"].as_str(), rows[0]["why"].as_str()),
        (Some("voided"), Some("重出"))
    );
}

#[test]
fn templates_are_written_edited_loaded_and_dropped() {
    let trial = office();
    fs::create_dir(trial.home().join("t")).unwrap();
    let said = trial.run(&["paper", "templates", "t"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(fs::read_dir(trial.home().join("t")).unwrap().count(), 16);
    let load = trial.run(&["paper", "load", "t/转送函.docx", "--as", "acceptance"]);
    assert!(load.code == 0 && load.out.contains("转送单位"), "{} {}", load.out, load.err);
    assert!(load.out.contains("少了: ") && load.out.contains("受理日期"), "{}", load.out);
    let list = trial.run(&["paper", "list", "1"]);
    assert!(list.out.contains("转送函.docx"), "{}", list.out);
    assert!(list.out.starts_with("registration"), "what fits comes first: {}", list.out);
    fs::write(trial.home().join("odd.docx"), "no docx").unwrap();
    let odd = trial.run(&["paper", "load", "odd.docx", "--as", "opinion"]);
    assert!(odd.code == 65 && odd.err.contains("docx"), "{}", odd.err);
    assert_eq!(trial.run(&["paper", "drop", "acceptance"]).code, 0);
    let none = trial.run(&["paper", "nothing", "1"]);
    assert!(none.code == 65 && none.err.contains("acceptance"), "{}", none.err);
}

#[test]
fn the_list_of_a_case_says_next_numbers_and_what_is_missing() {
    let trial = office();
    let list = trial.run(&["paper", "list", "1"]);
    assert!(list.out.contains("未到") && list.out.contains("尚未受理"), "{}", list.out);
    let rows = trial.run(&["paper", "list", "1", "--json"]).json();
    let of = |name: &str| {
        rows.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone()
    };
    assert_eq!(of("registration")["fit"], "now");
    assert_eq!(of("data_sheet")["fit"], "can");
    assert!(of("acceptance")["next"].as_str().unwrap().ends_with("1号"));
    let plain = trial.run(&["paper", "list", "--json"]).json();
    assert!(plain[0].get("fit").is_none(), "{plain}");
}

#[test]
fn standard_output_is_the_paper_and_what_is_said_goes_to_standard_error() {
    let trial = office();
    let made = trial.run(&["paper", "file-list", "1", "-o", "-", "--allow-empty"]);
    assert!(made.code == 0 && made.out.starts_with("PK"), "{}", made.err);
    assert!(made.err.contains("卷内目录"), "{}", made.err);
}

#[test]
fn a_day_that_is_none_is_refused_with_the_name_of_its_box() {
    let trial = office();
    let set = |day: &str| {
        let said = format!("受理日期={day}");
        trial.run(&["paper", "acceptance", "1", "--set", &said])
    };
    let none = set("2026年2月31日");
    assert!(
        none.code == 65 && none.err.contains("受理日期 没有这一天: 2026年2月31日"),
        "{}",
        none.err
    );
    let quick = set("2026-11-01");
    assert!(quick.code == 0 && quick.out.contains("2026年11月1日"), "{} {}", quick.out, quick.err);
}

#[test]
fn a_refusal_of_a_case_that_is_taken_on_is_refused_with_the_reason() {
    let trial = office();
    let route = ["case", "route", "1", "--purpose", "request", "--route", "31(6)", "--on", "今天"];
    assert_eq!(trial.run(&route).code, 0);
    assert_eq!(trial.run(&["case", "accept", "1", "--on", "今天"]).code, 0);
    let made = trial.run(&["paper", "rejection", "1", "--allow-empty", "-o", "out.docx"]);
    assert!(made.code == 65 && made.err.contains("事项已受理"), "{}", made.err);
    assert!(!trial.home().join("out.docx").exists());
    assert_eq!(trial.run(&["paper", "numbers"]).code, 1, "no number was used");
}

#[test]
fn a_paper_without_a_number_is_voided_by_what_it_is() {
    let trial = office();
    let made = trial.run(&["paper", "file-list", "1", "-o", "a.docx", "--allow-empty"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let void = ["paper", "void", "1", "卷内目录", "--why", "目录写错"];
    let voided = trial.run(&void);
    assert!(voided.code == 0 && voided.out.contains("卷内目录"), "{} {}", voided.out, voided.err);
    let sheet = trial.run(&["case", "show", "1"]).out;
    assert!(sheet.contains("卷内目录 已作废（目录写错；"), "{sheet}");
    let again = trial.run(&void);
    assert!(again.code != 0 && again.err.contains("此文书已作废"), "{} {}", again.out, again.err);
    let none = trial.run(&["paper", "void", "1", "受理告知书", "--why", "写错"]);
    assert!(none.code != 0 && none.err.contains("本事项没有出过受理告知书"), "{}", none.err);
    // It is called as the office calls it, whatever word it was named by.
    let made = trial.run(&["paper", "file-list", "1", "-o", "b.docx", "--allow-empty"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let voided = trial.run(&["paper", "void", "1", "file-list", "--why", "目录写错"]);
    assert!(voided.code == 0 && voided.out.contains("已作废 卷内目录"), "{}", voided.out);
}
