//! Files from offices, and cases as text.

use unicode_width::UnicodeWidthStr;

use crate::trial::Trial;

/// A ledger of one office: an odd byte, a column nobody knows, and a line of totals.
fn ledger_file(trial: &Trial) -> String {
    let (head, tail) = ("留言人,诉求,日期,旁注\nA01,路灯坏了很久", ",2026-10-01,无\n合计,,,\n");
    let mut bytes = encode(head);
    bytes.push(0xff);
    bytes.extend(encode(tail));
    let path = trial.home().join("letters.csv");
    std::fs::write(&path, bytes).unwrap();
    path.to_string_lossy().into_owned()
}

fn encode(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn what_an_import_left_out_or_replaced_is_said() {
    let trial = Trial::with_ledger();
    let file = ledger_file(&trial);
    let said = trial.run(&["import", "cases", &file, "--dry-run", "--json"]).json();
    assert_eq!(said["seen"]["replaced_characters"], 1);
    assert_eq!(said["seen"]["left_out"]["totals"], 1);
    assert_eq!(said["ignored_columns"], serde_json::json!(["旁注", "留言人"]));
    let text = trial.run(&["import", "cases", &file, "--dry-run"]).out;
    for word in ["gb18030", "旁注", "姓名", "合计"] {
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn a_column_is_mapped_by_hand_but_never_one_that_is_refused() {
    let trial = Trial::with_ledger();
    let file = ledger_file(&trial);
    let with = |column: &str| {
        trial.run(&["import", "cases", &file, "--dry-run", "--json", "--column", column])
    };
    for field in ["petitioner.code", "petitioner code", "信访人代码"] {
        let said = with(&format!("留言人={field}")).json();
        assert_eq!(
            (&said["new_persons"], &said["ignored_columns"][0]),
            (&1.into(), &"旁注".into())
        );
    }
    assert_eq!(with("旁注=").json()["ignored_columns"][0], "旁注");
    for (column, key) in [
        ("没有=petitioner.code", "no_such_header"),
        ("留言人=nonsense", "no_such_field"),
        ("留言人", "bad_column"),
        ("微信号=title", "column_is_never_taken"),
    ] {
        let said = with(column);
        assert!(said.code == 65 && said.err.contains(key), "{column}: {}", said.err);
    }
}

#[test]
fn a_case_is_read_on_eighty_columns() {
    let trial = Trial::with_ledger();
    let request = "村口的路灯坏了三个月，一直没有人修。".repeat(20);
    let register = ["case", "register", "--name", "张小明", "--request", &request, "--json"];
    let number = trial.run(&register).json()["number"].as_str().unwrap().to_owned();
    let text = trial.run(&["case", "show", &number]).out;
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
    let text: String = text.split_whitespace().collect();
    assert!(text.contains(&request), "the whole request");
}
