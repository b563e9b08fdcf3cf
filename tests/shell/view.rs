//! Saved filters and orders of lists in the shell.

use crate::trial::Trial;

/// A ledger with three matters of two leaders.
fn ledger() -> Trial {
    let trial = Trial::with_ledger();
    for name in ["王强", "陈志远"] {
        trial.run(&["officer", "add", "--name", name, "--leads", "yes"]);
    }
    for request in ["路灯坏了三个月", "水渠不通", "补偿款没有到账"] {
        trial.run(&["case", "register", "--name", "张小明", "--request", request]);
    }
    for (case, lead) in [("1", "王强"), ("2", "陈志远")] {
        let said = trial.run(&["case", "assign", case, "--lead", lead]);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    trial
}

fn ids(trial: &Trial, more: &[&str]) -> Vec<u64> {
    let said = trial.run(&[&["case", "list", "--json"], more].concat());
    let rows = said.json()["rows"].as_array().unwrap().clone();
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[test]
fn a_list_is_narrowed_by_name_and_put_in_order() {
    let trial = ledger();
    assert_eq!(ids(&trial, &["--only", "lead=王强"]), [1]);
    assert_eq!(ids(&trial, &["--only", "lead=-"]), [3]);
    assert_eq!(ids(&trial, &["--sort", "number"]), [1, 2, 3]);
    assert_eq!(ids(&trial, &["--sort", "-number"]), [3, 2, 1]);
    assert_eq!(ids(&trial, &["--sort", "lead"]), [1, 2, 3]);
    // What is allowed is named: columns, or the values of one.
    for (odd, allowed) in [
        (["--only", "mood=bad"], "lead"),
        (["--only", "due=soonish"], "late today soon week later"),
        (["--sort", "persons"], "lead"),
    ] {
        let said = trial.run(&[&["case", "list"], &odd[..]].concat());
        assert!(said.code == 65 && said.err.contains(allowed), "{odd:?} {}", said.err);
    }
    let nobody = trial.run(&["case", "list", "--only", "lead=李不在"]);
    assert!(nobody.code == 1 && nobody.err.contains("李不在"), "{}", nobody.err);
}

#[test]
fn what_is_due_is_narrowed_as_the_list_of_deadlines_is() {
    let trial = ledger();
    let due = |more: &[&str]| -> Vec<u64> {
        let said = trial.run(&[&["due", "--until", "2099-01-01", "--json"], more].concat());
        let mut ids: Vec<u64> = match said.code {
            1 => Vec::new(),
            _ => said.json()["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_u64().unwrap())
                .collect(),
        };
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    assert_eq!(due(&[]), [1, 2, 3]);
    assert_eq!(due(&["--only", "lead=王强"]), [1]);
    assert_eq!(due(&["--only", "lead=-", "--only", "kind=clock"]), [3]);
    assert_eq!(due(&["--text", "水渠"]), [2]);
    let terms = ["--only", "lead=3 whose=all", "--sort", "due"];
    let save = ["view", "save", "--name", "陈镇长的时限", "--list", "deadlines", "--json"];
    assert_eq!(trial.run(&[&save[..], &terms].concat()).code, 0);
    assert_eq!(due(&["--view", "陈镇长的时限"]), [2]);
    let odd = trial.run(&["due", "--only", "channel=visit"]);
    assert!(odd.code == 65 && odd.err.contains("kind"), "{}", odd.err);
}

#[test]
fn a_saved_filter_is_listed_shown_used_and_removed() {
    let trial = ledger();
    assert_eq!(trial.run(&["view", "list", "--json"]).code, 1);
    let terms = ["--only", "lead=3 whose=all", "--sort", "due", "--columns", "title,lead"];
    let save = ["view", "save", "--name", "陈镇长的", "--list", "cases", "--json"];
    let saved = trial.run(&[&save[..], &terms].concat());
    assert_eq!(saved.code, 0, "{}", saved.err);
    let listed = trial.run(&["view", "list", "--json"]).json();
    assert_eq!(listed[0]["name"], "陈镇长的");
    let shown = trial.run(&["view", "show", "陈镇长的", "--json"]).json();
    assert_eq!(shown["names"]["lead"], "陈志远");
    assert_eq!(ids(&trial, &["--view", "陈镇长的"]), [2]);
    assert_eq!(ids(&trial, &["--view", "陈镇长的", "--only", "lead=王强"]), [1]);
    let text = trial.run(&["case", "list", "--view", "陈镇长的"]).out;
    assert!(
        text.contains("水渠不通") && text.contains("陈志远") && !text.contains("2026-"),
        "{text}"
    );
    let other = trial.run(&["roster", "list", "--view", "陈镇长的"]);
    assert!(other.code == 1 && other.err.contains("陈镇长的"), "{}", other.err);
    assert_eq!(trial.run(&["view", "remove", "陈镇长的", "--json"]).code, 0);
    let gone = trial.run(&["case", "list", "--view", "陈镇长的"]);
    assert!(gone.code == 1 && gone.err.contains("anjie view list"), "{}", gone.err);
}
