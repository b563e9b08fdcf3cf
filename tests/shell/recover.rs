//! The way back on the machine, for whoever owns the ledger's file.

use crate::trial::Trial;

/// The login of whoever runs the tests, as the ledger has it.
fn login(trial: &Trial) -> String {
    let clerks = trial.run(&["clerk", "list", "--json"]).json();
    clerks.as_array().unwrap()[0]["login"].as_str().unwrap().to_owned()
}

#[test]
fn an_office_whose_administrator_is_gone_gets_one_on_its_own_machine() {
    let trial = Trial::with_ledger();
    let whole = trial.run(&["recover", "--json"]);
    assert_eq!((whole.code, &whole.json()["opens"]), (0, &true.into()), "{}", whole.err);
    assert_eq!(whole.json()["administrators"][0]["standing"], "ready");
    let login = login(&trial);
    let add = ["clerk", "add", "left-last-year", "--uid", "4321", "--role", "admin"];
    assert_eq!(trial.run(&add).code, 0);
    assert_eq!(trial.run(&["clerk", "edit", "1", "--role", "clerk"]).code, 0);
    assert_eq!(trial.run(&["clerk", "list"]).code, 77, "nobody can mend the accounts");
    let lost = trial.run(&["recover"]);
    assert_eq!(lost.code, 1);
    assert!(
        lost.out.contains("left-last-year") && lost.out.contains("没有能登录的管理员"),
        "{}",
        lost.out
    );
    let nobody = trial.run(&["recover", "--admin", "nobody-of-that-name"]);
    assert_eq!(nobody.code, 65);
    let back = trial.run(&["recover", "--admin", &login]);
    assert_eq!(back.code, 0, "{}", back.err);
    assert!(back.out.contains(&login), "{}", back.out);
    assert_eq!(trial.run(&["clerk", "list"]).code, 0);
    let line = trial.run(&["journal", "list", "--limit", "1"]).out;
    assert!(line.contains("离线恢复管理员"), "{line}");
    assert_eq!(trial.run(&["undo"]).code, 65, "it stays");
    assert_eq!(trial.run(&["recover", "--admin", &login]).code, 65, "there is one now");
    let good = trial.run(&["recover"]);
    assert!(good.code == 0 && good.out.contains("没有备份"), "{}", good.out);
}

#[test]
fn whoever_owns_the_file_proves_it_without_being_a_user_of_it() {
    let trial = Trial::with_ledger();
    let add = ["clerk", "add", "left-last-year", "--uid", "4321", "--role", "admin"];
    assert_eq!(trial.run(&add).code, 0);
    assert_eq!(trial.run(&["clerk", "edit", "1", "--closed-on", "-0"]).code, 0);
    assert_eq!(trial.run(&["status"]).code, 77, "no user any more");
    let proven = trial.run(&["check"]);
    assert!(proven.code == 0 && proven.out.contains("核验无误"), "{}{}", proven.out, proven.err);
    let file = trial.ledger().join("office.redb");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(trial.run(&["check"]).code, 1);
}

#[test]
fn a_ledger_that_does_not_open_says_what_its_backup_holds_and_lacks() {
    let trial = Trial::with_ledger();
    let key = trial.run(&["backup", "key", "office.key", "--json"]).json();
    let public = key["public"].as_str().unwrap();
    assert_eq!(trial.run(&["backup", "one.age", "--to", public]).code, 0);
    trial.run(&["unit", "add", "--name", "南洼村", "--kind", "village"]);
    std::fs::write(trial.ledger().join("office.redb"), [7; 9000]).unwrap();
    let told = trial.run(&["recover", "--identity", "office.key", "--json"]);
    let json = told.json();
    assert_eq!((told.code, &json["opens"]), (1, &false.into()));
    let lacks = json["noted"]["line"].as_u64().unwrap() - json["backup"]["line"].as_u64().unwrap();
    assert!(lacks > 0);
    assert_eq!(json["missing"], lacks);
    let text = trial.run(&["recover", "--identity", "office.key"]).out;
    assert!(text.contains(&format!("将缺少 {lacks} 行")), "{text}");
    let without = trial.run(&["recover"]).out;
    assert!(without.contains("--identity"), "{without}");
}
