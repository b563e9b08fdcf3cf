//! Attachments in the shell: put in, listed, fetched and removed, with the codes that scripts rely on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::trial::Trial;

#[test]
fn a_scan_is_added_listed_fetched_and_removed() {
    let trial = Trial::with_ledger();
    let said = trial.run(&["case", "register", "--name", "张小明", "--request", "路灯不亮"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let bytes: Vec<u8> =
        b"%PDF-1.7\n".iter().copied().chain((0..200_000).map(|at| at as u8)).collect();
    fs::write(trial.home().join("协议.pdf"), &bytes).unwrap();
    fs::write(trial.home().join("程序.pdf"), b"MZ\x90\x00").unwrap();
    assert_eq!(trial.run(&["attach", "list", "1"]).code, 1, "nothing is attached");
    let added = trial.run(&["attach", "add", "1", "协议.pdf", "--what", "证据材料", "--json"]);
    assert_eq!(added.code, 0, "{}", added.err);
    assert_eq!(added.json()["number"], "1");
    let again = trial.run(&["attach", "add", "1", "协议.pdf"]);
    assert!(again.code == 65 && again.err.contains("附件1"), "{}", again.err);
    let odd = trial.run(&["attach", "add", "1", "程序.pdf"]);
    assert!(odd.code == 65 && odd.err.contains("按内容"), "{}", odd.err);
    assert_eq!(trial.run(&["attach", "add", "1", "没有.pdf"]).code, 65);
    assert_eq!(trial.run(&["attach", "add", "99", "协议.pdf"]).code, 1, "no such case");
    let rows = trial.run(&["attach", "list", "1", "--json"]).json();
    let own = &rows[0];
    assert_eq!((own["name"].as_str(), own["what"].as_str()), (Some("协议.pdf"), Some("evidence")));
    assert_eq!((own["n_bytes"].as_u64(), own["media"].as_str()), (Some(200_009), Some("pdf")));
    let list = trial.run(&["attach", "list", "1"]);
    assert!(list.out.contains("证据材料") && list.out.contains("196 KB"), "{}", list.out);

    assert_eq!(trial.run(&["attach", "get", "1", "1", "回来.pdf"]).code, 0);
    assert_eq!(fs::read(trial.home().join("回来.pdf")).unwrap(), bytes);
    let mode = fs::metadata(trial.home().join("回来.pdf")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        trial.run(&["attach", "get", "1", "1", "回来.pdf"]).code,
        65,
        "nothing is written over"
    );
    assert_eq!(trial.run(&["attach", "get", "1", "2", "x.pdf"]).code, 1);
    let told = trial.run(&["access", "list", "--act", "attachment"]);
    assert!(told.out.contains("取出附件") && told.out.contains("协议.pdf"), "{}", told.out);

    assert_eq!(trial.run(&["attach", "remove", "1", "1"]).code, 2, "without a reason");
    assert_eq!(trial.run(&["attach", "remove", "1", "1", "--why", "重复"]).code, 0);
    assert_eq!(trial.run(&["attach", "remove", "1", "1", "--why", "重复"]).code, 1);
    assert_eq!(trial.run(&["attach", "get", "1", "1", "y.pdf"]).code, 1);
    let list = trial.run(&["attach", "list", "1"]);
    assert!(list.out.contains("已移除：重复"), "{}", list.out);
    let check = trial.run(&["check"]);
    assert!(check.code == 0, "{} {}", check.out, check.err);
}
