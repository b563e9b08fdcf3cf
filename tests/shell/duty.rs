//! Recurring work, indicators and the page of a village from the shell.

use crate::trial::Trial;

fn trial() -> Trial {
    let trial = Trial::with_ledger();
    for village in ["张家庄村", "石桥村"] {
        trial.run(&["unit", "add", "--name", village, "--kind", "village"]);
    }
    trial.run(&["plan", "load", "--template", "demonstration-town"]);
    trial
}

#[test]
fn a_report_is_entered_by_code_and_village_and_the_rest_is_reminded_of() {
    let trial = trial();
    let none = trial.run(&["duty", "list", "--code", "M9"]);
    assert_eq!(none.code, 1, "{}", none.err);
    let rows = || {
        let list = trial.run(&["duty", "list", "--code", "M3", "--json"]).json();
        list["groups"][0]["rows"].clone()
    };
    // How the last period stands, and how many before it are owed.
    let stands = |row: &serde_json::Value| (row["state"].clone(), row["n_before"].clone());
    let before = rows();
    let zero = trial.run(&["duty", "done", "M3@石桥村", "--word", "zero", "--json"]);
    let rows = rows();
    if zero.code == 0 {
        assert_ne!(stands(&rows[1]), stands(&before[1]), "{}", zero.out);
        assert_eq!(stands(&rows[0]), stands(&before[0]));
    } else {
        // Before the first period of the plan nothing can be reported.
        assert!(zero.err.contains("period_has_not_begun"), "{}", zero.err);
    }
    assert_eq!(rows[0]["state"], "owed");
    let several = trial.run(&["duty", "done", "M3", "--word", "zero"]);
    assert_eq!(several.code, 65, "{}", several.err);
    let text = trial.run(&["duty", "remind", "--code", "M3"]).out;
    assert!(text.contains("张家庄村"), "{text}");
    assert!(trial.run(&["duty", "show", "M7"]).out.contains("M7"));
}

#[test]
fn a_figure_is_listed_with_ceiling_and_headroom() {
    let trial = trial();
    let view = trial.run(&["figure", "list", "--json"]).json();
    assert_eq!(view["rows"].as_array().map(Vec::len), Some(19));
    let bare = trial.run(&["figure", "enter", "--indicator", "G3a"]);
    assert_eq!(bare.code, 65, "{}", bare.err);
}

#[test]
fn the_page_of_a_village_goes_to_standard_output() {
    let trial = trial();
    let page = trial.run(&["plan", "page", "--unit", "石桥村"]);
    assert_eq!(page.code, 0, "{}", page.err);
    assert!(page.out.contains("3.2") && page.out.contains("M3"), "{}", page.out);
    let nobody = trial.run(&["plan", "page", "--unit", "无名村"]);
    assert_eq!(nobody.code, 1, "{}", nobody.err);
}

#[test]
fn a_template_that_is_no_file_and_one_that_is_no_text_are_named() {
    let trial = Trial::with_ledger();
    let absent = trial.run(&["plan", "load", "nowhere.toml"]);
    assert!(absent.code == 65 && absent.err.contains("nowhere.toml"), "{}", absent.err);
    assert!(!absent.err.contains("标准输入"), "{}", absent.err);
    let built_in = trial.run(&["plan", "load", "demonstration-town"]);
    assert!(built_in.err.contains("--template demonstration-town"), "{}", built_in.err);
    let odd = trial.home().join("odd.toml");
    std::fs::write(&odd, [0xff, 0xfe, 0x00]).unwrap();
    let odd = trial.run(&["plan", "load", &odd.to_string_lossy()]);
    assert!(odd.code == 65 && odd.err.contains("odd.toml"), "{}", odd.err);
}
