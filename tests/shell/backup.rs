//! Backups on the shell: a key, a backup, a look at it, and a ledger brought back.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::trial::Trial;

#[test]
fn a_ledger_is_backed_up_and_brought_back_without_writing_over_anything() {
    let trial = Trial::with_ledger();
    let made = trial.run(&["backup", "key", "office.key", "--json"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let public = made.json()["public"].as_str().unwrap().to_owned();
    assert!(public.starts_with("age1"));
    let mode = |name: &str| fs::metadata(trial.home().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("office.key") & 0o777, 0o600);
    assert_eq!(trial.run(&["backup", "key", "office.key"]).code, 65, "a key is not written over");

    let told = trial.run(&["backup", "one.age", "--to", &public, "--json"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert_eq!(mode("one.age") & 0o777, 0o600);
    assert_eq!(trial.run(&["backup", "one.age", "--to", &public]).code, 65);
    assert_eq!(trial.run(&["backup", "two.age"]).code, 2, "to nobody");
    assert_eq!(trial.run(&["backup", "two.age", "--to", "age1"]).code, 65);
    assert!(!trial.home().join("two.age").exists() && !trial.home().join("two.age.part").exists());
    assert_eq!(trial.run(&["backup", "list", "--json"]).json().as_array().unwrap().len(), 1);

    let whole = trial.run(&["backup", "verify", "one.age", "--identity", "office.key", "--json"]);
    assert_eq!(whole.code, 0, "{}", whole.err);
    assert_eq!(whole.json()["head"], told.json()["head"]);
    trial.run(&["backup", "key", "other.key"]);
    let locked = trial.run(&["backup", "verify", "one.age", "--identity", "other.key"]);
    assert_eq!(locked.code, 65);

    let over = trial.run(&["restore", "one.age", "--identity", "office.key"]);
    assert_eq!(over.code, 65, "there is a ledger");
    fs::create_dir(trial.home().join("full")).unwrap();
    fs::write(trial.home().join("full/note.txt"), "x").unwrap();
    assert_eq!(trial.run(&["restore", "one.age", "full", "--identity", "office.key"]).code, 65);
    let back = trial.run(&["restore", "one.age", "new", "--identity", "office.key"]);
    assert_eq!(back.code, 0, "{}", back.err);
    let status = |data: &str| trial.run(&["status", "--data", data, "--json"]).json();
    assert_eq!(status("new")["head"], told.json()["head"]);
    assert_eq!(trial.run(&["check", "--data", "new"]).code, 0);

    let mut bytes = fs::read(trial.home().join("one.age")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(trial.home().join("bent.age"), bytes).unwrap();
    let bent = trial.run(&["restore", "bent.age", "none", "--identity", "office.key"]);
    assert_eq!(bent.code, 65);
    assert!(!trial.home().join("none").exists());
    fs::set_permissions(trial.home().join("office.key"), PermissionsExt::from_mode(0o644)).unwrap();
    let open = trial.run(&["backup", "verify", "one.age", "--identity", "office.key"]);
    assert!(open.code == 65 && open.err.contains("chmod 600"), "{}", open.err);
}
