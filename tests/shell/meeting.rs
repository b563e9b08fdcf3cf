//! A meeting as the shell serves it: the list, decisions, minutes.

use crate::trial::Trial;

fn office() -> Trial {
    let trial = Trial::with_ledger();
    trial.run(&["officer", "add", "--name", "王强", "--leads", "yes"]);
    trial.run(&["case", "register", "--name", "张小明", "--request", "张小明家门口的路灯坏了"]);
    trial
}

#[test]
fn the_list_of_a_meeting_is_a_page_without_names_unless_they_are_asked_for() {
    let trial = office();
    assert_eq!(trial.run(&["meeting", "list"]).code, 1, "nothing is on the list");
    let added =
        trial.run(&["meeting", "add", "1", "--question", "由谁来修", "--advice", "村委会修"]);
    assert_eq!(added.code, 0, "{}", added.err);
    let page = trial.run(&["meeting", "list"]).out;
    for told in ["由谁来修", "村委会修", "张**", "上会清单"] {
        assert!(page.contains(told), "{page}");
    }
    assert!(!page.contains("张小明"), "{page}");
    assert!(trial.run(&["meeting", "list", "--clear"]).out.contains("张小明"));
    let json = trial.run(&["meeting", "list", "--json"]).json();
    assert_eq!(json["rows"][0]["tabled"]["question"], "由谁来修");
    assert!(!json.to_string().contains("张小明"));
    assert_eq!(trial.run(&["meeting", "drop", "1"]).code, 0);
    assert_eq!(trial.run(&["meeting", "list"]).code, 1);
}

#[test]
fn a_decision_is_written_down_answered_and_stands_in_the_minutes() {
    let trial = office();
    let text =
        ["decision", "add", "1", "--text", "一周内修好", "--officer", "王强", "--due-on", "+7"];
    assert_eq!(trial.run(&[&text[..], &["--json"]].concat()).json()["id"], 1);
    assert!(trial.run(&["decision", "list"]).out.contains("一周内修好"));
    assert!(trial.run(&["decision", "list", "--officer", "王强"]).out.contains("一周内修好"));
    assert!(trial.run(&["due", "--until", "+9"]).out.contains("一周内修好"), "it is owed");
    let done = trial.run(&["decision", "done", "1", "--text", "已修好"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(trial.run(&["decision", "list"]).code, 1);
    assert!(trial.run(&["decision", "list", "--part", "done"]).out.contains("已修好"));
    let minutes = trial.run(&["meeting", "minutes"]).out;
    for told in ["会议纪要", "一周内修好", "王强", "已修好"] {
        assert!(minutes.contains(told), "{minutes}");
    }
    assert_eq!(trial.run(&["meeting", "minutes", "--on", "2020-01-01"]).code, 1);
}
