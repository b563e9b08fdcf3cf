//! Forms of villages in the shell: a folder of them out, one file back.

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;

use anjie::exchange::cell::{Cell, Row};
use anjie::exchange::kind::Kind;
use anjie::exchange::sheet::read_rows_here;

use crate::trial::Trial;

const SAID: [&str; 4] = ["--purpose", "每月排查", "--to", "各村"];

fn trial() -> Trial {
    let trial = Trial::with_ledger();
    for village in ["张家庄村", "石桥村"] {
        trial.run(&["unit", "add", "--name", village, "--kind", "village"]);
    }
    trial.run(&["plan", "load", "--template", "demonstration-town"]);
    let said =
        ["case", "register", "--name", "张小明", "--request", "水渠漏水", "--village", "张家庄村"];
    let said = trial.run(&said);
    assert_eq!(said.code, 0, "{}", said.err);
    trial
}

fn names(trial: &Trial) -> Vec<String> {
    let entries = fs::read_dir(trial.home().join("forms")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_form_goes_out_to_each_village_once_and_an_empty_one_comes_back_to_nothing() {
    let trial = trial();
    let send = [&["duty", "send", "M3", "-o", "forms", "--json"][..], &SAID].concat();
    let bare = trial.run(&["duty", "send", "M3", "-o", "forms"]);
    assert!(bare.code == 65 && bare.err.contains("用途"), "{}", bare.err);
    let sent = trial.run(&send);
    assert_eq!(sent.code, 0, "{}", sent.err);
    let json = sent.json();
    assert_eq!(json["forms"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&json["forms"][0]["matters"], &json["forms"][1]["matters"]),
        (&1.into(), &0.into())
    );
    let own = names(&trial);
    assert!(own.len() == 2 && own.iter().any(|name| name.starts_with("张家庄村-M3-")), "{own:?}");
    let bytes = |name: &String| fs::read(trial.home().join("forms").join(name)).unwrap();
    let before: Vec<_> = own.iter().map(bytes).collect();
    let again = trial.run(&send);
    assert_eq!(again.code, 1, "nothing is left to be written: {}", again.err);
    assert_eq!(again.json()["there"].as_array().map(Vec::len), Some(2));
    assert_eq!(own.iter().map(bytes).collect::<Vec<_>>(), before, "nothing is written over");
    let gone = own.iter().find(|name| name.starts_with("石桥村")).unwrap();
    fs::remove_file(trial.home().join("forms").join(gone)).unwrap();
    let rest = trial.run(&[&["duty", "send", "M3", "-o", "forms"][..], &SAID].concat());
    assert_eq!(rest.code, 0, "{}", rest.err);
    assert!(
        rest.out.contains("张家庄村：已有") && rest.out.contains("石桥村：事项0"),
        "{}",
        rest.out
    );
    assert_eq!(names(&trial), own, "the one that was missing is there again");
    let town = trial.run(&[&["duty", "send", "M1", "-o", "forms"][..], &SAID].concat());
    assert_eq!(town.code, 65, "a duty of the town goes to no village: {}", town.out);
    let none = trial.run(&[&["duty", "send", "M99", "-o", "forms"][..], &SAID].concat());
    assert_eq!(none.code, 1, "{}", none.err);

    let file = format!("forms/{}", own.iter().find(|name| name.starts_with("张家庄村")).unwrap());
    fs::rename(trial.home().join(&file), trial.home().join("微信收到.xlsx")).unwrap();
    let tried = trial.run(&["duty", "take", "微信收到.xlsx", "--dry-run", "--json"]);
    assert_eq!(tried.code, 1, "{}", tried.err);
    assert_eq!(tried.json()["why_not"][0], "broken.return_is_empty");
    assert_eq!(tried.json()["counts"]["refused"], 0);
    let unasked = trial.run(&["duty", "take", "微信收到.xlsx"]);
    assert!(unasked.code == 2 && unasked.err.contains("--yes"), "{}", unasked.err);
    let taken = trial.run(&["duty", "take", "微信收到.xlsx", "--yes"]);
    assert!(taken.code == 65 && taken.err.contains("零报告"), "{}", taken.err);
}

#[test]
fn a_form_that_is_entered_says_what_was_done_and_as_which_change() {
    let trial = trial();
    let form = sent_form(&trial);
    let text =
        format!("表号,{form}\n序号,姓名,新诉求,联系电话,日期\n1,李梅,桥面塌陷,,\n报送人,王建国\n");
    fs::write(trial.home().join("村表.csv"), text).unwrap();
    let tried = trial.run(&["duty", "take", "村表.csv", "--dry-run"]);
    assert!(tried.code == 0 && tried.out.contains("还没有入账"), "{}{}", tried.out, tried.err);
    let taken = trial.run(&["duty", "take", "村表.csv", "--yes", "--json"]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let json = taken.json();
    assert_eq!(json["counts"]["fresh"], 1);
    assert!(json["id"].is_u64() && json["version"].is_u64(), "{json}");
    let again = trial.run(&["duty", "take", "村表.csv", "--yes"]);
    assert!(again.code == 65 && again.err.contains("退回"), "{}", again.err);
}

#[test]
fn a_new_request_goes_where_the_command_says() {
    let trial = trial();
    let form = sent_form(&trial);
    let text =
        format!("表号,{form}\n序号,姓名,新诉求,联系电话,日期\n1,李梅,桥面塌陷,,\n2,李梅,路灯,,\n");
    fs::write(trial.home().join("村表.csv"), text).unwrap();
    let made =
        trial.run(&["case", "register", "--name", "李梅", "--request", "桥面塌陷", "--json"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let id = made.json()["id"].to_string();
    let odd = trial.run(&["duty", "take", "村表.csv", "--dry-run", "--part-of", "1"]);
    assert!(odd.code == 65 && odd.err.contains("5=12"), "{}", odd.err);
    let unknown = trial.run(&["duty", "take", "村表.csv", "--dry-run", "--part-of", "1=99999"]);
    assert_eq!(unknown.code, 1, "{}", unknown.err);
    let other = format!("9={id}");
    let odd = trial.run(&["duty", "take", "村表.csv", "--yes", "--part-of", &other]);
    assert!(odd.code == 65 && odd.err.contains("序号 9"), "{}", odd.err);
    let (part, person) = (format!("1={id}"), "2=李梅");
    let flags = ["--part-of", &part, "--of-person", person];
    let take = [&["duty", "take", "村表.csv", "--yes", "--json"][..], &flags].concat();
    let taken = trial.run(&take);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let counts = &taken.json()["counts"];
    assert_eq!((&counts["joined"], &counts["fresh"]), (&1.into(), &1.into()), "{counts}");
}

/// By what the form of the first village is known, once all have gone out.
fn sent_form(trial: &Trial) -> String {
    let send = [&["duty", "send", "M3", "-o", "forms"][..], &SAID].concat();
    assert_eq!(trial.run(&send).code, 0);
    let own = names(trial);
    let name = own.iter().find(|name| name.starts_with("张家庄村")).unwrap();
    form_number(&fs::read(trial.home().join("forms").join(name)).unwrap())
}

/// By what a form is known, as it stands in the workbook.
fn form_number(bytes: &[u8]) -> String {
    let mut found = None;
    let mut take = |row: Row| {
        for column in 1..=9 {
            match row.line.cell(column) {
                Cell::Text(text) if text.contains("M3/") || text.contains("/M3") => {
                    found.get_or_insert_with(|| text.clone());
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    };
    read_rows_here(Cursor::new(bytes.to_vec()), (Kind::Xlsx, None), &mut take).unwrap();
    found.unwrap()
}

#[test]
fn what_is_no_form_says_so_and_what_means_harm_meets_the_guard() {
    let trial = trial();
    let take = |name: &str, bytes: &[u8]| {
        fs::write(trial.home().join(name), bytes).unwrap();
        trial.run(&["duty", "take", name, "--yes"])
    };
    let other = take("名单.csv", "姓名,诉求\n李梅,修路\n".as_bytes());
    assert!(other.code == 65 && other.err.contains("表号"), "{}", other.err);
    let long = format!("序号,姓名,新诉求\n{}", "1,李梅,修路\n".repeat(1_050));
    let long = take("长表.csv", long.as_bytes());
    assert!(long.code == 65 && long.err.contains("超过1000行"), "{}", long.err);
    let page = take("村表.xlsx", b"<html><body>form</body></html>");
    assert!(page.code == 65 && !page.err.contains("表号"), "{}", page.err);
    let locked = take("锁.xlsx", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    assert_eq!(locked.code, 65, "{}", locked.out);
    let absent = trial.run(&["duty", "take", "没有.xlsx", "--yes"]);
    assert_eq!(absent.code, 65, "{}", absent.err);
    let manner = trial.run(&["duty", "take", "村表.xlsx", "--manner", "pigeon"]);
    assert!(manner.code == 65 && manner.err.contains("message"), "{}", manner.err);
}
