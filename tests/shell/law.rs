//! Days, limits and the calendar, with an office and without one.

use crate::trial::Trial;

#[test]
fn days_are_counted_and_the_law_is_listed_where_there_is_no_ledger() {
    let trial = Trial::new();
    let days = trial.run(&["days", "2026-08-06", "60", "--json"]).json();
    assert_eq!((days["target"].as_str(), days["latest"].as_str()), day("2026-10-05", "2026-10-08"));
    let days = trial.run(&["days", "2026-02-11", "5w", "--json"]).json();
    assert_eq!(days["latest"], "2026-02-25");
    assert_eq!(trial.run(&["days", "2026-11-20", "60", "--json"]).json()["provisional"], true);
    let listed = trial.run(&["law", "list"]).out;
    for text in ["34", "单位性质: 信访部门（22条）", "计算对象: 每次来件", "延长哪一项: 办结"]
    {
        assert!(listed.contains(text), "{text}: {listed}");
    }
    let rows = trial.run(&["law", "list", "--json"]).json();
    let row = |id: &str| rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
    let forward = row("forward_direct");
    assert_eq!((&forward["position"], &forward["per"]), (&"22".into(), &"receipt".into()));
    assert_eq!(forward["words"]["position"], "信访部门（22条）");
    assert_eq!(row("objection")["lapses_on"][0], "notified");
    assert_eq!(row("notice_direct")["excusable"], true);
    assert_eq!(row("extend_conclude")["until"], "latest_day");
    assert!(trial.run(&["calendar", "show", "2026"]).out.contains("248"));
    let nonsense = trial.run(&["days", "2026-02-31", "60"]);
    assert_eq!((nonsense.code, nonsense.out.as_str()), (65, ""));
    assert!(nonsense.err.contains("2026-02-31"), "{}", nonsense.err);
    // Anything else needs an office, and says so.
    assert_eq!(trial.run(&["due"]).code, 69);
    assert!(!trial.ledger().exists(), "asking makes no ledger");
}

#[test]
fn a_count_is_explained_day_by_day() {
    let trial = Trial::new();
    let why = trial.run(&["days", "2026-09-28", "5w", "--explain", "--json"]).json();
    let days = why["days"].as_array().unwrap();
    let part = |on: &str| {
        let day = days.iter().find(|day| day["on"] == on).unwrap();
        (day["part"].as_str().unwrap(), day["n"].as_u64(), day["mark"].as_str().unwrap())
    };
    assert_eq!(part("2026-09-28"), ("trigger", None, "working"));
    assert_eq!(part("2026-09-30"), ("counted", Some(2), "working"));
    assert_eq!(part("2026-10-01"), ("skipped", None, "off"));
    assert_eq!(part("2026-10-10"), ("counted", Some(5), "make_up"));
    assert_eq!((why["latest"].as_str(), days.len()), (Some("2026-10-10"), 13));
    let rolled = trial.run(&["days", "2026-08-06", "60", "--explain"]);
    for text in ["国庆节", "休息日, 顺延", "顺延到这个工作日", "最迟 2026-10-08"]
    {
        assert!(rolled.out.contains(text), "{}", rolled.out);
    }
    let next = trial.run(&["days", "2026-12-20", "20", "--explain"]);
    assert!(next.out.contains("暂推"), "{}", next.out);
    assert_eq!(trial.run(&["days", "2026-12-20", "0", "--explain"]).code, 65);
}

fn day<'d>(target: &'d str, latest: &'d str) -> (Option<&'d str>, Option<&'d str>) {
    (Some(target), Some(latest))
}

#[test]
fn a_check_says_by_its_exit_code_whether_the_ledger_is_whole() {
    let trial = Trial::with_ledger();
    assert_eq!(trial.run(&["check"]).code, 0);
    let file = trial.ledger().join("office.redb");
    let mut bytes = std::fs::read(&file).unwrap();
    for at in (4_096..bytes.len()).step_by(64) {
        bytes[at] ^= 0x40;
    }
    std::fs::write(&file, bytes).unwrap();
    let damaged = trial.run(&["check"]);
    assert_eq!((damaged.code, damaged.out.as_str()), (1, ""));
    assert_ne!(damaged.err, "");
    assert_eq!(trial.run(&["due"]).code, 69);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(trial.run(&["check"]).code, 69);
}

#[test]
fn the_shell_and_the_manual_know_every_command() {
    let trial = Trial::new();
    for shell in ["bash", "zsh", "fish"] {
        let said = trial.run(&["completions", shell]);
        assert!(said.code == 0 && said.out.contains("register"), "{shell}");
    }
    let manual = trial.run(&["man", "--lang", "en"]);
    assert!(manual.code == 0 && manual.out.contains("ANJIE CASE REGISTER"));
    assert_eq!(trial.run(&["completions", "dos"]).code, 2);
}

#[test]
fn a_bad_file_of_limits_is_refused_in_words_of_the_ledger() {
    let trial = Trial::with_ledger();
    let file = trial.home().join("bad.toml");
    let good = include_str!("../data/procedures/shorter.toml");
    let bad = good.replace("length = 45", "length = 0").replace("\"accepted\"", "\"eaten\"");
    std::fs::write(&file, bad).unwrap();
    let path = file.to_string_lossy().into_owned();
    let said = trial.run(&["law", "load", &path, "--lang", "zh"]);
    assert_eq!(said.code, 65);
    assert!(said.err.contains("2处错") && said.err.contains("eaten"), "{}", said.err);
    assert!(said.err.lines().count() >= 3, "{}", said.err);
    std::fs::write(&file, good.replace("article = \"9\"", "article = 9")).unwrap();
    let said = trial.run(&["law", "load", &path, "--lang", "zh"]);
    assert!(said.code == 65 && !said.err.contains("invalid"), "{}", said.err);
    assert!(said.err.contains("第8行"), "{}", said.err);
}

#[test]
fn the_days_to_the_answers_of_an_old_workbook_are_counted_as_a_spreadsheet_does() {
    // 收到、答复：相差 15、16、60、61、0 日，另有一件没有答复。
    // 表格中用 =COUNTIF(C2:C7,">15") 和 =COUNTIF(C2:C7,">60")，C 列为 =B2-A2：3 和 1。
    let rows = [
        ("2019-01-01", "2019-01-16"),
        ("2019-01-01", "2019-01-17"),
        ("2020-02-01", "2020-04-01"),
        ("2020-02-01", "2020-04-02"),
        ("2021-05-05", "2021-05-05"),
        ("2021-05-05", ""),
    ];
    let mut text = String::from("编号,姓名,信访诉求,信访日期,回复日期\n");
    for (place, (received, replied)) in rows.iter().enumerate() {
        text.push_str(&format!("J{place},张小明,道路破损第{place}件,{received},{replied}\n"));
    }
    let trial = Trial::with_ledger();
    std::fs::write(trial.home().join("old.csv"), text).unwrap();
    let said = trial.run(&["import", "cases", "old.csv", "--as", "history", "--json"]).json();
    assert_eq!((said["new"].as_u64(), said["refused"].as_u64()), (Some(6), Some(0)), "{said}");
    let answers = |dated, over_15, over_60| serde_json::json!({"dated": dated, "over_15": over_15, "over_60": over_60});
    assert_eq!(said["answers"], answers(5, 3, 1));
    let again = trial.run(&["import", "cases", "old.csv", "--dry-run", "--json"]).json();
    assert_eq!((again["same"].as_u64(), &again["answers"]), (Some(6), &answers(5, 3, 1)));
}
