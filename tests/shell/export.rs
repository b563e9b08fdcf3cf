//! Exports in the shell: to files that are never written over, to standard output, into a superior's
//! workbook, and in again.

use std::fs;

use crate::trial::Trial;

const SAID: [&str; 4] = ["--purpose", "月报", "--to", "区信访局"];

fn office() -> Trial {
    let trial = Trial::with_ledger();
    for (name, request) in [("张小明", "征地补偿款未到账"), ("刘翠英", "=路灯不亮")]
    {
        let said = trial.run(&["case", "register", "--name", name, "--request", request]);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    trial
}

fn export<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["export"], more, &SAID[..]].concat()
}

#[test]
fn an_export_says_where_it_lies_and_is_never_written_over() {
    let trial = office();
    let said = trial.run(&export(&["cases", "out.xlsx"]));
    assert!(
        said.code == 0 && said.out.contains("2 行") && said.out.contains("out.xlsx"),
        "{}",
        said.err
    );
    let first = fs::read(trial.home().join("out.xlsx")).unwrap();
    let again = trial.run(&export(&["cases", "out.xlsx"]));
    assert!(again.code == 65 && again.err.contains("--force"), "{}", again.err);
    assert_eq!(fs::read(trial.home().join("out.xlsx")).unwrap(), first);
    assert_eq!(trial.run(&export(&["cases", "out.xlsx", "--force"])).code, 0);
    let logged = trial.run(&["access", "list", "--act", "export", "--json"]).json();
    assert_eq!(logged["rows"].as_array().unwrap().len(), 2, "a refused file is no export");
    assert_eq!(logged["rows"][0]["n_rows"], 2);
}

#[test]
fn what_is_missing_is_said_before_anything_goes_out() {
    let trial = office();
    let bare = trial.run(&["export", "cases", "out.xlsx"]);
    assert!(bare.code == 65 && bare.err.contains("--purpose"), "{}", bare.err);
    let clear = trial.run(&export(&["cases", "out.xlsx", "--with", "phone"]));
    assert!(clear.code == 65, "{}", clear.err);
    let unknown = trial.run(&export(&["cases", "out.txt"]));
    assert!(unknown.code == 65 && unknown.err.contains("--format"), "{}", unknown.err);
    let odd = trial.run(&export(&["cases", "out.xlsx", "--columns", "心情"]));
    assert!(odd.code == 65 && odd.err.contains("number"), "{}", odd.err);
    assert!(!trial.home().join("out.xlsx").exists());
}

#[test]
fn standard_output_is_the_file_and_what_is_said_goes_to_standard_error() {
    let trial = office();
    let said =
        trial.run(&export(&["cases", "-", "--format", "csv", "--columns", "编号,诉求,phone"]));
    assert!(said.out.starts_with("\u{feff}编号,诉求\r\n"), "{}", said.out);
    assert!(said.out.contains("'=路灯不亮"), "{}", said.out);
    assert!(said.err.contains("--with phone") && said.err.contains("2 行"), "{}", said.err);
    let json = trial.run(&export(&["units", "-", "--format", "json"])).json();
    assert_eq!(json["subject"], "units");
    for subject in ["roster", "persons", "deadlines", "officers"] {
        let said = trial.run(&export(&[subject, "-", "--format", "json"]));
        assert_eq!(said.json()["subject"], subject, "{}", said.err);
    }
}

#[test]
fn filters_and_orders_are_those_of_the_list() {
    let trial = office();
    let narrowed = export(&["cases", "-", "--format", "json", "--sort", "-number"]);
    let rows = trial.run(&narrowed).json()["rows"].clone();
    let listed = trial.run(&["case", "list", "--sort", "-number", "--json"]).json()["rows"].clone();
    let numbers = |rows: &serde_json::Value| {
        let rows = rows.as_array().unwrap().iter().map(|row| row["number"].clone());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(numbers(&rows), numbers(&listed));
    let none = trial.run(&export(&["cases", "-", "--format", "json", "--only", "stage=handling"]));
    assert_eq!((none.code, none.json()["total"].as_u64()), (1, Some(0)));
}

#[test]
fn what_went_out_and_comes_in_again_is_the_same() {
    let trial = office();
    for name in ["out.xlsx", "out.csv"] {
        assert_eq!(trial.run(&export(&["cases", name])).code, 0);
        let tried = trial.run(&["import", "cases", name, "--dry-run", "--json"]).json();
        assert_eq!((tried["rows"].as_u64(), tried["same"].as_u64()), (Some(2), Some(2)), "{tried}");
        assert_eq!(tried["refused"], 0);
    }
}

#[test]
fn a_superiors_workbook_is_filled_and_what_nothing_answers_is_named() {
    let trial = office();
    let theirs = trial.home().join("theirs.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0..).zip(["序号", "信访人", "联系电话", "主要诉求", "本级意见"])
    {
        sheet.write(1, column, text).unwrap();
    }
    sheet.write(4, 0, "填表人：").unwrap();
    book.save(&theirs).unwrap();
    let said = trial.run(&export(&["cases", "filled.xlsx", "--form", "theirs.xlsx", "--json"]));
    let told = said.json();
    assert_eq!(told["unmatched"][0], "本级意见", "{}", said.err);
    assert_eq!(told["left_out"][0], "phone");
    let tried = trial.run(&["import", "cases", "filled.xlsx", "--dry-run", "--json"]).json();
    assert_eq!(tried["rows"], 2, "{tried}");
    let csv = trial.run(&export(&["cases", "a.csv", "--form", "theirs.xlsx"]));
    assert!(csv.code == 65, "{}", csv.err);
}
