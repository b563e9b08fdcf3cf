//! Old ledgers through the shell: every kind of file, mappings kept by name, refused rows mended.

use serde_json::{Value, json};

use crate::messy::grid::{Days, Grid, t, xlsx};
use crate::messy::ledgers::all;
use crate::trial::{Said, Trial};

/// Writes a file into the home and gives its path.
fn put(trial: &Trial, name: &str, bytes: &[u8]) -> String {
    let path = trial.home().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

fn import(trial: &Trial, file: &str, more: &[&str]) -> Said {
    let args = ["import", "cases", file, "--as", "history"];
    trial.run(&[args.as_slice(), more].concat())
}

#[test]
fn every_messy_ledger_comes_in_and_its_refusals_name_sheet_row_column_and_reason() {
    let trial = Trial::with_ledger();
    let mut n_new = 0;
    for ledger in all() {
        let file = put(&trial, ledger.file, &ledger.bytes);
        // Ledgers without a column of days are of one month, which the clerk says.
        let said = import(&trial, &file, &["--received-on", "2024-12-20", "--json"]);
        assert_eq!(said.code, 0, "{} {}", ledger.file, said.err);
        // How far it is is said at a terminal alone.
        assert_eq!(said.err, "", "{}", ledger.file);
        let said = said.json();
        let refusals = said["refusals"].as_array().unwrap();
        for (sheet, row, column, why) in &ledger.refusals {
            let is_it = |one: &&Value| {
                one["sheet"] == *sheet && one["row"] == *row && one["column"] == *column
            };
            let found = refusals.iter().find(is_it).unwrap_or_else(|| panic!("{said}"));
            assert_eq!(found["why"], *why, "{}", ledger.file);
        }
        let rows: std::collections::BTreeSet<_> =
            ledger.refusals.iter().map(|(sheet, row, ..)| (sheet, row)).collect();
        assert_eq!(said["refused"], rows.len(), "{said}");
        assert_eq!(said["rows"], ledger.n_rows, "{}", ledger.file);
        n_new += said["new"].as_u64().unwrap();
        let dropped = said["dropped_columns"].as_array().unwrap();
        assert_eq!(dropped.len(), ledger.dropped.len(), "{said}");
    }
    // A twin of a ledger that is in already brings nothing.
    assert_eq!(n_new, 3 + 4 + 3 + 3 + 2 + 3 + 2 + 2);
    assert_eq!(trial.run(&["check"]).code, 0);
}

#[test]
fn a_trial_shows_samples_of_each_column_and_writes_nothing() {
    let trial = Trial::with_ledger();
    let file = put(&trial, "a.csv", "谁,什么时候,姓名,诉求\n甲,2024-10-15,王丽,修路\n".as_bytes());
    let tried = import(&trial, &file, &["--dry-run", "--map", "什么时候=日期"]);
    assert_eq!(tried.code, 0, "{}", tried.err);
    assert!(tried.out.contains("什么时候 -> 日期：2024-10-15"), "{}", tried.out);
    assert!(tried.out.contains("诉求 -> 诉求：修路"), "{}", tried.out);
    let columns = import(&trial, &file, &["--dry-run", "--map", "什么时候=日期", "--json"]).json();
    let shown = json!({"field": "received_on", "headers": ["什么时候"], "samples": ["2024-10-15"]});
    assert!(columns["columns"].as_array().unwrap().contains(&shown), "{columns}");
    assert_eq!(trial.run(&["case", "list"]).code, 1);
}

#[test]
fn where_sheets_have_other_columns_it_is_said_which_column_stands_where() {
    let trial = Trial::with_ledger();
    let sheets = [
        Grid::new("石桥村").texts(&["姓名", "诉求", "备注甲"]).texts(&["王丽", "修路", "无"]),
        Grid::new("镇区").texts(&["信访人", "诉求", "日期"]).texts(&["李梅", "路灯", "2024-11-02"]),
    ];
    let file = put(&trial, "各村.xlsx", &xlsx(&sheets, Days::From1900));
    let tried = import(&trial, &file, &["--dry-run"]);
    assert_eq!(tried.code, 0, "{}", tried.err);
    for said in [
        "姓名（石桥村） + 信访人（镇区） -> 姓名：王丽 | 李梅",
        "  诉求 -> 诉求：修路 | 路灯",
        "日期（镇区） -> 日期：2024-11-02",
        "文件里没有这些列：日期（石桥村）；",
        "不认识的列未导入：备注甲（石桥村）；",
    ] {
        assert!(tried.out.contains(said), "{said}\n{}", tried.out);
    }
    let json = import(&trial, &file, &["--dry-run", "--json"]).json();
    assert_eq!(json["seen"]["missing_columns"], json!(["received_on"]), "{json}");
    assert_eq!(json["ignored_columns"], json!(["备注甲"]), "{json}");
    // One mapping holds in every sheet that has the header.
    let one = import(&trial, &file, &["--dry-run", "--map", "诉求=标题", "--json"]).json();
    let title = &one["columns"].as_array().unwrap().iter().find(|own| own["field"] == "title");
    assert_eq!(title.unwrap()["samples"], json!(["修路", "路灯"]), "{one}");
}

#[test]
fn a_mapping_is_kept_by_name_and_used_for_the_next_file() {
    let trial = Trial::with_ledger();
    let file = put(&trial, "a.csv", "谁,何时,何事\n王丽,2024-10-15,修路\n".as_bytes());
    let maps = ["--map", "谁=姓名", "--map", "何时=日期", "--map", "何事=诉求", "--save", " 村表"];
    let said = import(&trial, &file, &maps);
    assert_eq!(said.code, 0, "{}", said.err);
    let next = put(&trial, "b.csv", "何事,谁,何时\n修桥,周强,2024-10-16\n".as_bytes());
    let said = import(&trial, &next, &["--mapping", "村表 ", "--json"]);
    assert_eq!((said.code, &said.json()["new"]), (0, &json!(1)), "{}", said.err);
    let unknown = import(&trial, &next, &["--mapping", "县表"]);
    assert_eq!(unknown.code, 65);
    assert!(unknown.err.contains("县表") && unknown.err.contains("村表"), "{}", unknown.err);
    // What is never taken cannot be mapped either.
    let barred = put(&trial, "c.csv", "诉求,日期,民族\n修渠,2024-10-17,某\n".as_bytes());
    assert_eq!(import(&trial, &barred, &["--map", "民族=备注"]).code, 65);
}

#[test]
fn refused_rows_are_written_out_mended_and_brought_in_again() {
    let trial = Trial::with_ledger();
    let sheet = |name: &str, [first, second]: [&str; 2], days: [&str; 2]| {
        Grid::new(name)
            .texts(&[&format!("{name}台账")])
            .texts(&["编号", "信访人", "地址", "", "收到时间", "诉求", "民族"])
            .texts(&["", "", "户籍地址", "现住址", "", "", ""])
            .row(&[t(first), t("王丽"), t("甲"), t("乙"), t(days[0]), t("修路"), t("某")])
            .row(&[t(second), t("周强"), t("甲"), t("丙"), t(days[1]), t("修桥"), t("某")])
            .merge((0, 0, 0, 6))
            .merge((1, 0, 2, 0))
            .merge((1, 1, 2, 1))
            .merge((1, 2, 1, 3))
            .merge((1, 4, 2, 4))
            .merge((1, 5, 2, 5))
            .merge((1, 6, 2, 6))
    };
    let villages = [
        sheet("张家庄村", ["Z1", "Z2"], ["2024-10-15", "2024-10-16"]),
        sheet("李家沟村", ["L1", "L2"], ["10.15", "2024.10.32"]),
    ];
    let file = put(&trial, "a.xlsx", &xlsx(&villages, Days::From1900));
    let out = trial.home().join("refused.xlsx").display().to_string();
    let said = import(&trial, &file, &["--refused", &out, "--json"]).json();
    assert_eq!((&said["new"], &said["refused"]), (&json!(2), &json!(2)), "{said}");
    // As it is, the same rows are refused again for the same reasons.
    let again = import(&trial, &out, &["--json"]).json();
    let whys: Vec<&Value> =
        again["refusals"].as_array().unwrap().iter().map(|one| &one["why"]).collect();
    assert_eq!(whys, ["year_missing", "no_such_day"], "{again}");
    assert_eq!(again["refusals"][0]["sheet"], "李家沟村");
    let written = parts(&out).into_iter().map(|(_, content)| content).collect::<String>();
    assert!(written.contains("诉求") && written.contains("修桥"), "{written}");
    assert!(
        !written.contains("民族") && !written.contains(">某<"),
        "what is never taken came back"
    );
    // The clerk writes the days that were meant.
    let mended = mend(&out, [("10.15", "2024-10-15"), ("2024.10.32", "2024-10-31")]);
    let mended = put(&trial, "mended.xlsx", &mended);
    let said = import(&trial, &mended, &["--json"]).json();
    assert_eq!((&said["new"], &said["refused"]), (&json!(2), &json!(0)), "{said}");
    let shown = trial.run(&["find", "周强", "--json"]).json();
    assert_eq!(shown["total"].as_u64().map(|total| total >= 2), Some(true), "{shown}");
}

#[test]
fn rows_that_are_there_are_changed_by_number_after_old_and_new_values_were_shown() {
    let trial = Trial::with_ledger();
    let head = "编号,姓名,联系电话,信访日期,信访诉求,问题类别,办理情况\n";
    let first = format!(
        "{head}A1,王丽,13800138000,2024-10-15,修路,城建,\nA2,周强,,2024-10-16,修桥,水利,\n"
    );
    let file = put(&trial, "a.csv", first.as_bytes());
    assert_eq!(import(&trial, &file, &[]).code, 0);
    let next = format!(
        "{head}A1,王丽,13900139000,2024-10-15,修路,交通,已勘察\nA2,周强,,2024-10-16,修桥,水利,\n\
        A3,李四,,2024-10-17,修渠,水利,\nA2,王丽,,2024-10-18,修桥,水利,\n"
    );
    let file = put(&trial, "b.csv", next.as_bytes());
    // Without the word nothing that is there is touched.
    let kept = import(&trial, &file, &["--dry-run", "--json"]).json();
    assert_eq!((&kept["updated"], &kept["same"], &kept["new"]), (&json!(0), &json!(2), &json!(1)));
    let tried = import(&trial, &file, &["--update", "--dry-run"]);
    for line in ["分类: 城建 -> 交通", "电话: 138****8000 -> 139****9000", "办理情况: -- -> 已勘察"]
    {
        assert!(tried.out.contains(line), "{line} {}", tried.out);
    }
    let said = import(&trial, &file, &["--update", "--json"]).json();
    let counts = ["new", "updated", "same", "refused"].map(|key| said[key].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 1, 1], "{said}");
    let whys: Vec<&Value> =
        said["refusals"].as_array().unwrap().iter().map(|one| &one["why"]).collect();
    assert_eq!(whys, ["update_keeps_day", "update_is_of_another"]);
    let number = |text: &str| {
        let found = trial.run(&["find", text, "--json"]).json();
        let hits = found["hits"].as_array().unwrap();
        hits.iter().find(|hit| hit["kind"] == "case").unwrap()["title"].to_string()
    };
    assert!(number("修渠").contains("修渠"));
    let shown = trial.run(&["case", "show", "1", "--json"]).out;
    assert!(shown.contains("交通") && shown.contains("已勘察"), "{shown}");
    // One undo takes all of it back: the new row, the values, the step, the telephone.
    let batch = said["batch"].as_str().unwrap().to_owned();
    let undone = trial.run(&["import", "undo", &batch]);
    assert_eq!(undone.code, 0, "{} {}", undone.out, undone.err);
    let shown = trial.run(&["case", "show", "1", "--json"]).out;
    assert!(shown.contains("城建") && !shown.contains("已勘察"), "{shown}");
    assert_ne!(trial.run(&["case", "show", "3"]).code, 0);
    assert_eq!(trial.run(&["check"]).code, 0);
}

#[test]
fn an_update_moves_no_clock_and_closes_nothing() {
    let trial = Trial::with_ledger();
    let head = "编号,姓名,信访日期,信访诉求,是否办结,包案领导\n";
    let file = put(&trial, "a.csv", format!("{head}A1,王丽,2026-01-15,修路,否,\n").as_bytes());
    assert_eq!(trial.run(&["import", "cases", &file, "--as", "open"]).code, 0);
    for (row, why) in [
        ("A1,王丽,2026-01-10,修路,否,", "update_keeps_day"),
        ("A1,王丽,2026-01-15,修路,是,", "update_closes_nothing"),
        ("A1,王丽,2026-01-15,修路,否,某领导", "update_knows_no_such_name"),
    ] {
        let file = put(&trial, "b.csv", format!("{head}{row}\n").as_bytes());
        let said = trial.run(&["import", "cases", &file, "--as", "open", "--update", "--json"]);
        let said = said.json();
        assert_eq!(said["refusals"][0]["why"], why, "{said}");
        assert_eq!(said["batch"], Value::Null);
    }
}

#[test]
fn units_officers_and_persons_come_in_as_lists_and_go_again_as_a_whole() {
    let trial = Trial::with_ledger();
    let take = |topic: &str, text: &str, more: &[&str]| {
        let file = put(&trial, "list.csv", text.as_bytes());
        trial.run(&[&["import", topic, &file, "--json"], more].concat())
    };
    let units = "单位名称,类别,人口,负责人及电话,包村单位\n\
        张家庄,村,1200,王丽 13800138000,民政办\n民政办,部门,,,\n李家沟,村,十来户,,\n";
    let said = take("units", units, &[]).json();
    assert_eq!((&said["new"], &said["refused"]), (&json!(2), &json!(1)), "{said}");
    assert_eq!(said["refusals"][0]["column"], "unit.population");
    let batch = said["batch"].as_str().unwrap().to_owned();
    // A list of villages needs no column of kinds; what may be something else does.
    let bare = take("units", "名称,人口\n石桥村,900\n水利站,\n", &["--dry-run"]).json();
    assert_eq!((&bare["new"], &bare["refusals"][0]["column"]), (&json!(1), &json!("unit.kind")));
    let listed = trial.run(&["unit", "list", "--json"]).out;
    assert!(listed.contains("张家庄") && listed.contains("1200"), "{listed}");
    let officers = "姓名,职务,所在单位,联系方式,是否包案领导\n\
        周强,主任,民政办,0317-1234567,是\n李四,干事,水利站,,否\n";
    let said = take("officers", officers, &[]).json();
    assert_eq!((&said["new"], &said["refused"]), (&json!(1), &json!(1)), "{said}");
    assert_eq!(said["refusals"][0]["why"], "update_knows_no_such_name");
    // A changed list is refused without the word, and shows old and new values with it.
    let changed = "姓名,职务,所在单位\n周强,副主任,张家庄\n";
    let said = take("officers", changed, &[]).json();
    assert_eq!(said["refusals"][0]["why"], "is_there_with_others", "{said}");
    let said = take("officers", changed, &["--update"]).json();
    let fields = json!([
        {"field": "officer.post", "old": "主任", "new": "副主任"},
        {"field": "officer.unit", "old": "民政办", "new": "张家庄"},
    ]);
    assert_eq!(said["changes"][0]["fields"], fields, "{said}");
    let persons = "姓名,编号,性别,联系电话,身份证号,民族\n\
        王丽,P1,女,13800138000,11010519491231002X,某\n王丽,P2,女,,,某\n";
    let said = take("persons", persons, &[]).json();
    let people = said["batch"].as_str().unwrap().to_owned();
    assert_eq!((&said["new"], &said["dropped_columns"]), (&json!(2), &json!(["民族"])), "{said}");
    assert_eq!(take("persons", persons, &[]).json()["same"], 2);
    // A list goes again as a whole, but for what others mention by now.
    assert_eq!(trial.run(&["import", "undo", &people]).code, 0);
    assert_eq!(take("persons", persons, &["--dry-run"]).json()["new"], 2);
    let kept = trial.run(&["import", "undo", &batch]);
    assert!(kept.code != 0 && kept.err.contains("保留"), "{} {}", kept.out, kept.err);
    assert_eq!(trial.run(&["check"]).code, 0);
}

#[test]
fn what_cannot_be_kept_afterwards_is_refused_before_anything_comes_in() {
    let trial = Trial::with_ledger();
    let file = put(&trial, "a.csv", "姓名,日期,诉求\n王丽,2024-10-15,修路\n".as_bytes());
    let there = put(&trial, "there.xlsx", b"a list that is there");
    let long = "村".repeat(40);
    for more in [["--save", long.as_str()], ["--refused", there.as_str()]] {
        let said = import(&trial, &file, &more);
        assert_eq!((said.code, said.out.as_str()), (65, ""), "{more:?} {}", said.err);
    }
    assert_eq!(trial.run(&["case", "list"]).code, 1, "nothing came in");
}

/// The parts of a workbook, with their names.
fn parts(path: &str) -> Vec<(String, String)> {
    use std::io::Read as _;
    let mut book = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let n_parts = book.len();
    let read = |at: usize| {
        let mut part = book.by_index(at).unwrap();
        let mut content = String::new();
        part.read_to_string(&mut content).unwrap();
        (part.name().unwrap().into_owned(), content)
    };
    (0..n_parts).map(read).collect()
}

/// A workbook with other texts in it, as a clerk's program saves it.
fn mend(path: &str, texts: [(&str, &str); 2]) -> Vec<u8> {
    use std::io::Write as _;
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, mut content) in parts(path) {
        for (old, new) in texts {
            content = content.replace(&format!(">{old}<"), &format!(">{new}<"));
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(content.as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}
