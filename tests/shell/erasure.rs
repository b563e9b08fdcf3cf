//! Asking for an erasure and taking it back, on the shell.

use crate::trial::Trial;

#[test]
fn an_erasure_is_asked_for_and_taken_back() {
    let trial = Trial::with_ledger();
    let add = ["case", "register", "--name", "张小明", "--request", "路灯不亮"];
    assert_eq!(trial.run(&add).code, 0);
    let none = trial.run(&["person", "withdraw-erasure", "1"]);
    assert!(none.code == 65 && none.err.contains("还没有人提请删除"), "{}", none.err);
    let stop = ["case", "stop", "1", "--ground", "withdrawn", "--document", "止1号"];
    let stopped = trial.run(&[&stop[..], &["--text", "本人撤回", "--on", "今天"]].concat());
    assert_eq!(stopped.code, 0, "{}", stopped.err);
    let file = ["case", "archive", "1", "--number", "档1", "--retention", "10", "--on", "今天"];
    let filed = trial.run(&file);
    assert_eq!(filed.code, 0, "{}", filed.err);
    assert_eq!(trial.run(&["status", "--today", "2037-01-04"]).code, 0);
    let ask = ["person", "ask-erasure", "1", "--basis", "保管期满"];
    let asked = trial.run(&ask);
    assert_eq!(asked.code, 0, "{}", asked.err);
    assert_eq!(trial.run(&ask).code, 65, "once is enough");
    assert_eq!(trial.run(&["person", "withdraw-erasure", "1"]).code, 0);
    let journal = trial.run(&["journal", "list", "--limit", "1"]).out;
    assert!(journal.contains("撤回删除提请"), "{journal}");
    assert_eq!(trial.run(&ask).code, 0);
}
