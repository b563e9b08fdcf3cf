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
    assert!(trial.run(&["law", "list"]).out.contains("34"));
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
