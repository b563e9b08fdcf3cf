//! Taking back in the shell: what it would do is told, then it is done; an import as a whole.

use crate::trial::Trial;

#[test]
fn the_newest_change_is_tried_taken_back_and_made_again() {
    let trial = Trial::with_ledger();
    trial.run(&["case", "register", "--name", "张小明", "--request", "路灯不亮了"]);
    let tried = trial.run(&["undo", "--dry-run"]);
    assert_eq!(tried.code, 0, "{}", tried.err);
    assert!(tried.out.contains("将撤销") && tried.out.contains("张小明"), "{}", tried.out);
    assert_eq!(trial.run(&["case", "show", "1"]).code, 0, "a trial changes nothing");
    let done = trial.run(&["undo", "--json"]);
    assert_eq!((done.code, done.json()["done"].clone()), (0, true.into()), "{}", done.err);
    let gone = trial.run(&["case", "list", "--json"]).out;
    assert!(!gone.contains("路灯不亮"), "{gone}");
    let again = trial.run(&["redo"]);
    assert!(again.code == 0 && again.out.contains("已重做"), "{}{}", again.out, again.err);
    assert_eq!(trial.run(&["case", "show", "1"]).code, 0);
    assert_eq!(trial.run(&["redo"]).code, 1);
    assert_eq!(trial.run(&["check"]).code, 0);
    let journal = trial.run(&["journal", "list"]).out;
    assert!(journal.contains("撤销 新登记") && journal.contains("重做 新登记"), "{journal}");
}

#[test]
fn what_is_taken_back_is_told_in_the_words_of_the_screen() {
    let trial = Trial::with_ledger();
    trial.run(&["plan", "load", "--template", "demonstration-town"]);
    for (args, lang, told) in [
        (vec!["task", "start", "1.1"], "zh", "状态: 在办 -> 未办"),
        (vec!["task", "done", "1.1", "--document", "1号"], "en", "State: Done -> To do"),
    ] {
        let done = trial.run(&args);
        assert_eq!(done.code, 0, "{}", done.err);
        let undone = trial.run(&["--lang", lang, "undo"]);
        assert!(undone.out.contains(told) && undone.out.contains("1.1 "), "{}", undone.out);
        assert!(!undone.out.contains("todo"), "{}", undone.out);
    }
}

#[test]
fn an_import_is_taken_back_by_its_batch_and_what_went_on_stays() {
    let trial = Trial::with_ledger();
    let file = trial.home().join("ledger.csv").display().to_string();
    let text =
        "编号,姓名,信访日期,信访诉求\n1,李桂芳,2026-02-28,低保核减\n2,周强,2026-02-27,路灯不亮\n";
    std::fs::write(&file, text).unwrap();
    let taken = trial.run(&["import", "cases", &file, "--as", "open", "--json"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let batch = taken.json()["batch"].as_str().unwrap().to_owned();
    assert_eq!(trial.run(&["case", "edit", "1", "--place", "村东"]).code, 0);
    assert_eq!(trial.run(&["import", "undo", "77"]).code, 1);
    let undone = trial.run(&["import", "undo", &batch]);
    assert_eq!(undone.code, 0, "{}", undone.err);
    assert!(undone.out.contains("保留"), "{}", undone.out);
    assert_eq!(trial.run(&["case", "show", "1"]).code, 0);
    let gone = trial.run(&["case", "show", "2"]);
    assert!(gone.code != 0, "{}", gone.out);
    assert_ne!(trial.run(&["import", "undo", &batch]).code, 0, "once is enough");
    assert_eq!(trial.run(&["check"]).code, 0);
}
