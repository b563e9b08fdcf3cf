//! The test of an installation, on one that is sound and on ones that are not.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::trial::{Said, Trial, said};

fn sign<'v>(json: &'v Value, check: &str) -> &'v Value {
    let signs = json["checks"].as_array().unwrap();
    signs.iter().find(|sign| sign["check"] == check).unwrap_or_else(|| panic!("{check}: {json}"))
}

fn mode(path: &Path, mode: u32) {
    set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Exactly these are to be mended, and each says how.
fn must_mend(said: &Said, wanted: &[&str]) {
    let json = said.json();
    let signs = json["checks"].as_array().unwrap();
    let bad: Vec<_> = signs.iter().filter(|sign| sign["good"] == false).collect();
    // Whether next year's days off are missing depends on the day on which this is tried.
    let names = bad.iter().map(|sign| sign["check"].as_str().unwrap());
    let names: Vec<_> = names.filter(|name| *name != "calendar" || wanted.contains(name)).collect();
    assert_eq!(names, wanted, "{json}");
    assert!(bad.iter().all(|sign| !sign["mend"].as_str().unwrap().is_empty()), "{json}");
    assert_eq!((said.code, json["good"] == true), (i32::from(!bad.is_empty()), bad.is_empty()));
}

#[test]
fn a_sound_installation_has_nothing_to_mend() {
    let trial = Trial::with_ledger();
    let whole = trial.run(&["doctor", "--json"]);
    must_mend(&whole, &[]);
    let json = whole.json();
    for check in ["locale", "zone", "folder", "file", "room", "socket", "server", "account"] {
        assert_eq!(sign(&json, check)["good"], true);
    }
    let text = trial.run(&["doctor"]);
    assert!(text.out.contains("台账目录"), "{}", text.out);
    assert_eq!(text.out.contains("全部正常"), whole.code == 0, "{}", text.out);
    assert_eq!(text.out.contains("需处理"), whole.code == 1, "{}", text.out);
}

#[test]
fn what_is_open_to_others_is_named_and_left_as_it_is() {
    let trial = Trial::with_ledger();
    mode(&trial.ledger(), 0o755);
    let open = trial.run(&["doctor", "--json"]);
    // What stands in the ledger cannot be asked while its folder is open to others.
    must_mend(&open, &["folder", "account"]);
    mode(&trial.ledger(), 0o700);
    let file = trial.ledger().join("office.redb");
    mode(&file, 0o644);
    must_mend(&trial.run(&["doctor", "--json"]), &["file", "account"]);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o644);
    mode(&file, 0o600);
    let attachments = trial.ledger().join("attachments");
    std::fs::create_dir(&attachments).unwrap();
    mode(&attachments, 0o755);
    must_mend(&trial.run(&["doctor", "--json"]), &["attachments"]);
    mode(&attachments, 0o700);
    must_mend(&trial.run(&["doctor", "--json"]), &[]);
    std::fs::write(trial.ledger().join("office.redb.new"), "").unwrap();
    mode(&trial.ledger().join("office.redb.new"), 0o600);
    must_mend(&trial.run(&["doctor", "--json"]), &["left_over"]);
}

#[test]
fn a_terminal_without_chinese_a_missing_ledger_and_a_missing_calendar_are_named() {
    let trial = Trial::new();
    must_mend(&trial.run(&["doctor", "--json"]), &["folder", "socket", "account"]);
    let day = ["--trial", "--today", "2026-11-05"];
    let init = ["init", "--town", "试点镇", "--population", "50000"];
    assert_eq!(trial.run(&[&init[..], &day].concat()).code, 0);
    must_mend(&trial.run(&["doctor", "--json"]), &["calendar"]);
    let mut command = trial.command(&["doctor", "--json"]);
    must_mend(&said(command.env("LANG", "C")), &["locale", "calendar"]);
}

#[test]
fn a_second_account_asks_that_administrator_and_director_part() {
    let trial = Trial::with_ledger();
    trial.run(&["officer", "add", "--name", "王强"]);
    let add = ["clerk", "add", "second", "--uid", "4321", "--officer", "王强"];
    let added = trial.run(&[&add[..], &["--role", "clerk"]].concat());
    assert_eq!(added.code, 0, "{}", added.err);
    let told = trial.run(&["doctor", "--json"]);
    must_mend(&told, &["roles"]);
}

/// Puts the ledger of a program of last month into the place of a trial.
fn older(trial: &Trial) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/2026-11-demo.zip");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(sample).unwrap()).unwrap();
    let folder = trial.ledger();
    std::fs::create_dir_all(&folder).unwrap();
    mode(&folder, 0o700);
    archive.extract(&folder).unwrap();
    for name in archive.file_names() {
        mode(&folder.join(&*name.unwrap()), 0o600);
    }
}

#[test]
fn the_ledger_of_an_earlier_program_is_left_as_it_is() {
    let trial = Trial::new();
    older(&trial);
    for _ in 0..2 {
        let json = trial.run(&["doctor", "--json"]).json();
        let found = sign(&json, "state")["found"].as_str().unwrap();
        assert!(found.contains("打开时将自动更新"), "{found}");
        let signs = json["checks"].as_array().unwrap();
        assert!(signs.iter().all(|sign| sign["check"] != "account"), "{json}");
    }
}

#[test]
fn an_exchange_folder_that_others_can_write_to_or_that_is_none_is_named() {
    let trial = Trial::with_ledger();
    let folder = trial.home().join("anjie-exchange");
    let found = |trial: &Trial| sign(&trial.run(&["doctor", "--json"]).json(), "exchange").clone();
    assert!(found(&trial)["found"].as_str().unwrap().contains("未设"));
    std::fs::create_dir(&folder).unwrap();
    mode(&folder, 0o700);
    assert_eq!(found(&trial)["good"], true);
    mode(&folder, 0o775);
    must_mend(&trial.run(&["doctor", "--json"]), &["exchange"]);
    assert!(found(&trial)["mend"].as_str().unwrap().contains("chmod go-w"));
    let mut command = trial.command(&["doctor", "--json"]);
    let gone = said(command.env("ANJIE_EXCHANGE", "/nowhere/at-all"));
    must_mend(&gone, &["exchange"]);
}
