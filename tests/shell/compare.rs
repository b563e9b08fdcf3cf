//! The ledger beside an export of the state system, in the shell.

use std::fs;

use crate::trial::Trial;

const EXPORT: &str = "序号,系统编号,信访人姓名,信访日期,办理状态,民族\n\
    1,XF001,张小明,2026-10-08,办理中,某\n\
    2,XF777,陈强,2026-10-12,已办结,某\n";

fn trial() -> Trial {
    let trial = Trial::with_ledger();
    for (name, more) in
        [("张小明", ["--state-number", "XF001"]), ("李梅", ["--state-number", "XF002"])]
    {
        let said = [
            "case",
            "register",
            "--name",
            name,
            "--request",
            "水渠漏水",
            "--received-on",
            "2026-10-08",
        ];
        let said = trial.run(&[&said[..], &more].concat());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    fs::write(trial.home().join("系统.csv"), EXPORT).unwrap();
    trial
}

#[test]
fn lists_are_printed_with_their_counts_and_the_code_says_whether_both_agree() {
    let trial = trial();
    let said = trial.run(&["compare", "系统.csv"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("台账有、系统没有 1") && said.out.contains("李梅"), "{}", said.out);
    assert!(said.out.contains("系统有、台账没有 1") && said.out.contains("陈强"), "{}", said.out);
    assert!(said.out.contains("两边一致 1") && !said.out.contains("某"), "{}", said.out);
    let json = trial.run(&["compare", "系统.csv", "--json"]).json();
    assert_eq!(json["counts"][0], serde_json::json!(["here", 1]));
    fs::write(trial.home().join("同.csv"), "系统编号,姓名\nXF001,张小明\nXF002,李梅\n").unwrap();
    let even = trial.run(&["compare", "同.csv"]);
    assert_eq!(even.code, 0, "{}", even.out);
}

#[test]
fn a_comparison_goes_out_as_a_workbook_with_a_purpose_and_a_table_without_numbers_is_none() {
    let trial = trial();
    let bare = trial.run(&["compare", "系统.csv", "-o", "对账.xlsx"]);
    assert!(bare.code == 65 && bare.err.contains("用途"), "{}", bare.err);
    let said = ["--purpose", "月底对账", "--to", "区信访局"];
    let made = trial.run(&[&["compare", "系统.csv", "-o", "对账.xlsx"][..], &said].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(fs::metadata(trial.home().join("对账.xlsx")).unwrap().len() > 1_000);
    fs::write(trial.home().join("名单.csv"), "姓名,诉求\n李梅,修路\n").unwrap();
    let none = trial.run(&["compare", "名单.csv"]);
    assert!(none.code == 65 && none.err.contains("系统编号"), "{}", none.err);
}
