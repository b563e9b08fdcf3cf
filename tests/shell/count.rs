//! Counts on demand in the shell: as text, as JSON, as files, and the figures that were given of
//! them.

use std::fs;

use anjie::domain::choice::Channel;

use crate::print::part;
use crate::trial::Trial;

/// A letter or call on a matter that is known, of today.
fn join<'a>(case: &'a str, channel: &'a str, people: &'a str) -> [&'a str; 11] {
    let head = ["case", "join", case, "--received-on", "today", "--source", "direct"];
    let [a, b, c, d, e, f, g] = head;
    [a, b, c, d, e, f, g, "--channel", channel, "--people", people]
}

/// Two villages and a department, and what came today by two persons, one of them twice.
fn office() -> Trial {
    let trial = Trial::with_ledger();
    for (name, kind) in [("石桥村", "village"), ("张家庄", "village"), ("自然资源所", "department")]
    {
        assert_eq!(trial.run(&["unit", "add", "--name", name, "--kind", kind]).code, 0);
    }
    for (name, request) in [("张小明", "征地补偿款未到账"), ("刘翠英", "路灯不亮")]
    {
        let village = ["--village", "石桥村"];
        let line = ["case", "register", "--name", name, "--request", request];
        assert_eq!(trial.run(&[&line[..], &village].concat()).code, 0);
    }
    let said = trial.run(&join("1", "letter", "30"));
    assert_eq!(said.code, 0, "{}", said.err);
    trial
}

#[test]
fn a_count_is_plain_text_or_json_by_any_rows_and_columns_and_says_how_it_was_counted() {
    let trial = office();
    let line = ["count", "--period", "year", "--rows", "village", "--by", "channel"];
    let text = trial.run(&line);
    assert_eq!(text.code, 0, "{}", text.err);
    for told in ["石桥村", "来访", "来信", "合计", "环比", "同比", "口径", "件次"]
    {
        assert!(text.out.contains(told), "{told}: {}", text.out);
    }
    assert!(!text.out.contains("张小明") && !text.out.contains("征地"), "{}", text.out);
    let json = trial.run(&[&line[..], &["--json"]].concat()).json();
    assert_eq!(json["total"][0], 3);
    let of = |measure: &str| {
        let line = ["count", "--period", "year", "--rows", "village", "--measure", measure];
        trial.run(&[&line[..], &["--json"]].concat()).json()["total"][0].clone()
    };
    assert_eq!([of("batches"), of("people"), of("persons")], [2, 32, 2]);
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let trial = office();
    for (more, code) in [
        (&["--period", "2099"][..], 65),
        (&["--period", "昨天"], 65),
        (&["--rows", "person"], 2),
        (&["--rows", "unit", "--by", "unit"], 65),
        (&["--view", "没有的方案"], 1),
    ] {
        let said = trial.run(&[&["count"][..], more].concat());
        assert_eq!(said.code, code, "{more:?} {}", said.err);
    }
}

#[test]
fn a_count_is_written_as_a_workbook_with_a_chart_that_leaves_the_total_out() {
    let trial = office();
    let line = ["count", "--period", "year", "--rows", "channel", "-o", "c.xlsx"];
    assert_eq!(trial.run(&line).code, 65, "purpose and recipient are missing");
    let said = ["--purpose", "月度通报", "--to", "区信访局"];
    let made = trial.run(&[&line[..], &said].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    let chart = part(&trial, "c.xlsx", "xl/charts/chart1.xml");
    let named = chart.split("!$A$").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let rows = named.split(":$A$").map(|row| row.parse::<u32>().unwrap()).collect::<Vec<_>>();
    let n_channels = Channel::ALL.len() as u32;
    assert_eq!(rows[1] - rows[0], n_channels - 1, "all channels and no total: {named}");
    // Villages are not drawn against each other.
    let line = ["count", "--period", "year", "--rows", "village", "-o", "v.xlsx"];
    assert_eq!(trial.run(&[&line[..], &said].concat()).code, 0);
    let file = fs::File::open(trial.home().join("v.xlsx")).unwrap();
    let book = zip::ZipArchive::new(file).unwrap();
    assert!(!book.file_names().any(|name| name.unwrap().contains("chart")));
    let logged = trial.run(&["access", "list", "--act", "export", "--json"]).json();
    assert!(logged.to_string().contains("月度通报"), "{logged}");
}

#[test]
fn a_figure_that_was_given_is_kept_listed_and_told_beside_what_is_counted_now() {
    let trial = office();
    assert_eq!(trial.run(&["count", "list"]).code, 1, "none was given yet");
    let line = ["count", "give", "--period", "year", "--rows", "channel", "--to", "区信访局"];
    let said = trial.run(&[&line[..], &["--note", "电话报"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let other = trial.run(&[&line[..], &["--counted", "7"]].concat());
    assert!(other.code == 65 && other.err.contains('7'), "{}", other.err);
    let list = trial.run(&["count", "list"]);
    assert!(list.out.contains("区信访局") && list.out.contains("电话报"), "{}", list.out);
    let same = trial.run(&["count", "show", "1"]);
    assert!(same.out.contains("现在统计相同"), "{}", same.out);
    assert_eq!(trial.run(&join("2", "call", "1")).code, 0);
    let differs = trial.run(&["count", "show", "1"]);
    assert!(differs.out.contains("现在统计为 4") && differs.out.contains("+1"), "{}", differs.out);
    assert_eq!(trial.run(&["count", "show", "9"]).code, 1);
    assert_eq!(trial.run(&["undo"]).code, 0);
    assert!(trial.run(&["count", "show", "1"]).out.contains("现在统计相同"));
}

#[test]
fn a_count_is_saved_under_a_name_and_counted_by_it() {
    let trial = office();
    let only = "days=year rows=channel columns=none measure=people";
    let save = ["view", "save", "--name", "各形式人次", "--list", "counts", "--only", only];
    let said = trial.run(&save);
    assert_eq!(said.code, 0, "{}", said.err);
    let json = trial.run(&["count", "--view", "各形式人次", "--json"]).json();
    assert_eq!((&json["cut"], &json["total"][0]), (&only.into(), &32.into()));
}

#[test]
fn a_count_is_written_as_text_with_commas_in_the_encoding_that_is_asked_for() {
    let trial = office();
    let said = ["--purpose", "月度通报", "--to", "区信访局"];
    let counted = ["count", "--period", "year", "--rows", "village", "--by", "channel"];
    let written = |file: &'static str, more: &[&str]| {
        let args: Vec<&str> =
            counted.iter().chain(&["-o", file]).chain(&said).chain(more).copied().collect();
        let made = trial.run(&args);
        assert_eq!(made.code, 0, "{}", made.err);
        fs::read(trial.home().join(file)).unwrap()
    };
    let text = String::from_utf8(written("a.csv", &[])).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("\r\n"), "{text}");
    let head = text.lines().next().unwrap();
    assert!(head.contains("合计") && head.contains("同比"), "{head}");
    assert!(text.contains("石桥村") && !text.contains('\''), "{text}");
    let bytes = written("b.csv", &["--encoding", "gb18030"]);
    let heading = [0xba, 0xcf, 0xbc, 0xc6];
    assert!(bytes.windows(4).any(|four| four == heading), "it is GB18030");
    let help = trial.run(&["count", "--help"]).out;
    assert!(help.contains("FILE.csv") && help.contains(".csv 结尾"), "{help}");
    // A report is more than one table.
    let report = ["report", "monthly", "-o", "c.csv"];
    let report = trial.run(&[&report[..], &said[..]].concat());
    assert!(report.code == 65 && report.err.contains("c.csv"), "{}", report.err);
}
