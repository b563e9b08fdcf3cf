//! Wrong input and broken machines: a clear message each, and nothing is changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::trial::{Said, Trial, said};

/// That a command was refused with a code and the key of a message, in both languages, and that
/// the ledger is as it was.
fn refused(trial: &Trial, args: &[&str], (code, key): (i32, &str)) {
    let before = state(trial);
    let json = trial.run(&[args, &["--json"]].concat());
    assert_eq!((json.code, json.out.as_str()), (code, ""), "{args:?}: {}", json.err);
    assert!(json.err.contains(key), "{args:?}: {}", json.err);
    for lang in ["zh", "en"] {
        let text = trial.run(&[args, &["--lang", lang]].concat());
        assert_eq!((text.code, text.out.as_str()), (code, ""));
        let is_told = text.err.chars().count() > 8 && !text.err.contains("refusal.");
        assert!(is_told, "{args:?}: {}", text.err);
        let home = trial.home().to_string_lossy().into_owned();
        assert!(!text.err.contains(&home), "no path is told: {}", text.err);
    }
    assert_eq!(state(trial), before, "{args:?} changed something");
}

/// The revision of the ledger; none if it cannot be opened.
fn state(trial: &Trial) -> Option<(u64, u64)> {
    let said = trial.run(&["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&said.out).ok()?;
    Some((status["revision"].as_u64()?, status["journal"].as_u64()?))
}

#[test]
fn forms_that_cannot_be_right_are_refused_with_the_field_and_the_reason() {
    let trial = Trial::with_ledger();
    let register = ["case", "register", "--name", "张小明", "--request", "路灯坏了"];
    assert_eq!(trial.run(&register).code, 0);
    let route = ["case", "route", "1", "--purpose", "request", "--route", "31(6)", "--on", "今天"];
    assert_eq!(trial.run(&route).code, 0);
    for (args, key) in [
        (
            ["case", "register", "--name", "李英", "--request", "x", "--received-on", "2026-02-31"]
                .as_slice(),
            "no_such_day",
        ),
        (&["person", "edit", "1", "--id-number", "110105194912310021"], "id_number"),
        (&["person", "edit", "1", "--phone", "12ab"], "phone"),
        (&["case", "accept", "1", "--on", "2020-01-01"], "day_is_before_what_it_follows"),
        (&["case", "register", "--name", "李英"], "register.request"),
        (&["unit", "add", "--name", "东村", "--kind", "castle"], "unit.kind"),
        (&["case", "extend", "1", "--days", "0", "--on", "今天", "--text", "x"], "extend"),
    ] {
        refused(&trial, args, (65, key));
    }
    refused(&trial, &["case", "accept", "999", "--on", "今天"], (1, "not_found"));
    refused(&trial, &["case", "assign", "1", "--lead", "没有此人"], (1, "no_such_name"));
}

#[test]
fn files_that_are_no_ledgers_of_cases_are_refused_with_the_reason() {
    let trial = Trial::with_ledger();
    let file = |name: &str, bytes: &[u8]| {
        let path = trial.home().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    };
    let binary = file("picture.xlsx", &[0x89, b'P', b'N', b'G', 0, 1, 2, 3]);
    let cut = file("cut.xlsx", b"PK\x03\x04 and then nothing");
    let empty = file("empty.csv", b"");
    let missing = file("missing.csv", "甲,乙,丙\n1,2,3\n".as_bytes());
    for (file, key) in [
        (binary.as_str(), "file_is_unreadable"),
        (&cut, "file_is_unreadable"),
        (&empty, "file_is_unreadable"),
        (&missing, "no_header"),
        ("/nowhere/at/all.xlsx", "file_is_unreadable"),
        ("/", "file_is_unreadable"),
    ] {
        refused(&trial, &["import", "cases", file], (65, key));
    }
    // A day that is none is a refused row, and the file says which.
    let day = file("day.csv", "诉求,日期\n路灯坏了,2026-02-31\n".as_bytes());
    let said = trial.run(&["import", "cases", &day, "--json"]).json();
    assert_eq!((&said["refused"], &said["new"]), (&1.into(), &0.into()));
    assert_eq!(said["refusals"][0]["row"], 2);
}

#[test]
fn a_place_that_holds_no_ledger_or_another_one_is_named() {
    let init = ["init", "--town", "试点镇", "--population", "50000"];
    let trial = Trial::with_ledger();
    refused(&trial, &init, (69, "already_exists"));
    let folder = trial.ledger();
    let file = folder.join("office.redb");
    let mode = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&folder, 0o755);
    refused(&trial, &["due"], (69, "wrong_mode"));
    mode(&folder, 0o700);
    mode(&file, 0o644);
    refused(&trial, &["due"], (69, "wrong_mode"));
    mode(&file, 0o600);
    // Only the administrator of a machine can give a file away.
    if std::os::unix::fs::chown(&file, Some(65_534), None).is_ok() {
        refused(&trial, &["due"], (69, "wrong_owner"));
        std::os::unix::fs::chown(&file, Some(rustix::process::geteuid().as_raw()), None).unwrap();
    }
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, "hello").unwrap();
    refused(&trial, &["due"], (69, "not_a_ledger"));
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(trial.run(&["due"]).code, 69);
    fs::write(&file, &bytes).unwrap();
    fs::hard_link(&file, folder.join("second")).unwrap();
    refused(&trial, &["due"], (69, "not_a_plain_file"));
    fs::remove_file(folder.join("second")).unwrap();
    assert_eq!(trial.run(&["check"]).code, 0, "it was never changed");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let trial = Trial::new();
    let init = ["init", "--town", "试点镇", "--population", "50000", "--data"];
    fs::write(trial.home().join("file"), "").unwrap();
    for (folder, key) in [
        (trial.home().join("file").join("ledger"), "no_folder"),
        ("/proc/ledger".into(), "no_folder"),
    ] {
        let folder = folder.to_string_lossy().into_owned();
        refused(&trial, &[&init[..], &[folder.as_str()]].concat(), (69, key));
    }
    if !rustix::process::geteuid().is_root() {
        let closed = trial.home().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
        let folder = closed.join("ledger").to_string_lossy().into_owned();
        refused(&trial, &[&init[..], &[folder.as_str()]].concat(), (69, "no_access"));
    }
}

/// Runs a command that may write files of so many kibibytes at most, as on a full disk.
fn on_a_full_disk(trial: &Trial, kibibytes: u32, args: &[&str]) -> Said {
    let inner = trial.command(args);
    let mut outer = Command::new("/bin/bash");
    outer.arg("-c").arg(format!("ulimit -f {kibibytes} && exec \"$0\" \"$@\""));
    outer.arg(inner.get_program()).args(inner.get_args());
    outer.env_clear().current_dir(trial.home()).stdin(Stdio::null());
    outer.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    said(&mut outer)
}

#[test]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let trial = Trial::with_ledger();
    let register = ["case", "register", "--name", "张小明", "--request", "路灯坏了"];
    assert_eq!(trial.run(&register).code, 0);
    let mut rows = "诉求,日期,姓名\n".to_owned();
    for number in 0..3_000 {
        rows.push_str(&format!("第{number}件{},2026-10-01,张三\n", "路灯坏了没有人修".repeat(20)));
    }
    let file = trial.home().join("large.csv");
    fs::write(&file, rows).unwrap();
    let before = state(&trial);
    let import = ["import", "cases", &file.to_string_lossy(), "--as", "history"];
    let full = on_a_full_disk(&trial, 900, &import);
    assert_eq!((full.code, full.out.as_str()), (75, ""), "{}", full.err);
    assert!(full.err.contains("磁盘已满"), "{}", full.err);
    assert_eq!(state(&trial), before);
    assert_eq!(trial.run(&["check"]).code, 0);
    assert_eq!(trial.run(&import).code, 0, "with room it goes in");
    let none = Trial::new();
    let init = ["init", "--town", "试点镇", "--population", "50000"];
    let full = on_a_full_disk(&none, 10, &init);
    assert_ne!(full.code, 0);
    assert_eq!(none.run(&["due"]).code, 69, "no half ledger is left");
    assert_eq!(none.run(&init).code, 0, "with room it is made");
}

#[test]
fn a_command_line_that_is_none_is_told_in_the_language_of_the_office() {
    let trial = Trial::with_ledger();
    for (args, zh, en) in [
        (["case", "register", "--on", "x"].as_slice(), "没有这个选项：--on", "no option --on"),
        (&["cases"], "没有这个命令：cases", "no command cases"),
        (&["case"], "还缺命令", "a command is missing"),
        (&["case", "show"], "还缺", "missing:"),
        (&["case", "list", "--limit", "many"], "--limit", "cannot be many"),
        (&["due", "--until"], "还缺 --until", "missing: --until"),
    ] {
        for (lang, wanted) in [("zh", zh), ("en", en)] {
            let said = trial.run(&[&["--lang", lang], args].concat());
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?}: {}", said.err);
            assert!(said.err.contains(wanted), "{args:?}: {}", said.err);
            assert!(!said.err.contains("error:"), "{args:?}: {}", said.err);
        }
    }
    let meant = trial.run(&["case", "lst", "--lang", "zh"]).err;
    assert!(meant.contains("是否要写 list") && meant.contains("写法：anjie case"), "{meant}");
    let help = trial.run(&["--help", "--lang", "zh"]).out;
    assert!(help.contains("命令:") && help.contains("选项:"), "{help}");
    assert!(!help.contains("Options:") && !help.contains("Commands:"), "{help}");
}
