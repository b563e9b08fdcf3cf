//! Whole files in the shell: a folder a case, in order, with what is missing named, and nothing
//! written over.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::trial::Trial;

const SAID: [&str; 4] = ["--purpose", "迎检", "--to", "区信访局"];

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn office() -> Trial {
    let trial = Trial::with_ledger();
    for (name, request) in [("张小明", "路灯不亮"), ("李梅", "水渠堵塞"), ("王丽", "修路")]
    {
        let said = trial.run(&["case", "register", "--name", name, "--request", request]);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    fs::write(trial.home().join("照片.png"), b"\x89PNG\r\n\x1a\n a picture").unwrap();
    trial
}

#[test]
fn a_file_holds_list_papers_and_scans_in_order_and_names_what_is_missing() {
    let trial = office();
    let paper = ["paper", "acceptance", "1", "-o", "告知书.docx", "--allow-empty"];
    let made = trial.run(&paper);
    assert_eq!(made.code, 0, "{}", made.err);
    let add = ["attach", "add", "1", "照片.png", "--what", "picture", "--name", "现场:照片.png"];
    assert_eq!(trial.run(&add).code, 65, "a name is no path");
    let add = ["attach", "add", "1", "照片.png", "--what", "picture"];
    assert_eq!(trial.run(&add).code, 0);

    let bare = trial.run(&["dossier", "1", "-o", "out"]);
    assert!(bare.code == 65 && bare.err.contains("用途"), "{}", bare.err);
    assert!(!trial.home().join("out").exists(), "nothing is made before it is said what for");
    let said = trial.run(&[&["dossier", "1", "-o", "out", "--json"][..], &SAID].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let one = &said.json()["cases"][0];
    let folder = trial.home().join("out").join(one["folder"].as_str().unwrap());
    let own = names(&folder);
    assert_eq!(own.len(), 3, "{own:?}");
    assert!(own.contains("00-卷内目录.docx") && one["files"] == 2, "{own:?}");
    assert!(own.iter().any(|name| name.starts_with("01-受理告知书-")), "{own:?}");
    assert!(own.contains("02-现场照片1.png"), "{own:?}");
    let picture = fs::read(folder.join("02-现场照片1.png")).unwrap();
    assert_eq!(picture, fs::read(trial.home().join("照片.png")).unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("00-卷内目录.docx"))), (0o700, 0o600));
    let gaps = one["gaps"].as_array().unwrap();
    let is_named = |text: &str| gaps.iter().any(|gap| gap.as_str().unwrap().contains(text));
    assert!(is_named("办结要件") && is_named("没有扫描件"), "{gaps:?}");

    let over = trial.run(&[&["dossier", "1", "-o", "out"][..], &SAID].concat());
    assert_eq!(over.code, 65, "nothing is written over");
    assert_eq!(names(&trial.home().join("out")).len(), 1, "no part is left");
    let told = trial.run(&["access", "list", "--act", "export.dossier"]);
    assert!(told.out.contains("迎检") && told.out.contains("区信访局"), "{}", told.out);
    let numbers = trial.run(&["paper", "numbers", "--json"]).json();
    assert_eq!(numbers.as_array().unwrap().len(), 1, "no number is given out by it");
}

#[test]
fn matters_are_drawn_by_chance_and_the_seed_draws_them_again() {
    let trial = office();
    let draw = |into: &str, seed: Option<&str>| {
        let args = ["dossier", "--random", "2", "-o", into, "--json"];
        let seed: Vec<&str> = seed.map(|seed| ["--seed", seed].to_vec()).unwrap_or_default();
        let said = trial.run(&[&args[..], &SAID, &seed].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        said.json()
    };
    let first = draw("a", None);
    assert_eq!(first["cases"].as_array().unwrap().len(), 2);
    let seed = first["seed"].as_u64().unwrap().to_string();
    let again = draw("b", Some(&seed));
    assert_eq!(names(&trial.home().join("a")), names(&trial.home().join("b")));
    assert_eq!(first["cases"], again["cases"]);
    assert_eq!(trial.run(&["dossier", "-o", "c"]).code, 2, "neither named nor drawn");
}
