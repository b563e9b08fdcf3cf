//! Documents about several matters in the shell: what leaders lead, whom to remind of what, the list
//! of a meeting, reports.

use std::fs::File;
use std::io::Read;

use crate::trial::Trial;

const SAID: [&str; 4] = ["--purpose", "包案督办", "--to", "党政办"];

fn office() -> Trial {
    let trial = Trial::with_ledger();
    for (name, leads) in [("王建国", "yes"), ("陈志远", "yes"), ("孙立", "no")] {
        assert_eq!(trial.run(&["officer", "add", "--name", name, "--leads", leads]).code, 0);
    }
    for (at, (name, request)) in
        [("张小明", "征地补偿款未到账"), ("刘翠英", "路灯不亮")].into_iter().enumerate()
    {
        let said = trial.run(&["case", "register", "--name", name, "--request", request]);
        assert_eq!(said.code, 0, "{}", said.err);
        let case = (at + 1).to_string();
        let lead = ["王建国", "陈志远"][at];
        assert_eq!(trial.run(&["case", "assign", &case, "--lead", lead]).code, 0);
    }
    trial
}

/// The text of a part of a file that is a package.
pub fn part(trial: &Trial, file: &str, part: &str) -> String {
    let mut archive = zip::ZipArchive::new(File::open(trial.home().join(file)).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn each_leader_has_a_page_with_what_they_lead_and_the_log_says_that_it_went_out() {
    let trial = office();
    let line = [&["paper", "leads", "-o", "leads.docx"][..], &SAID].concat();
    let said = trial.run(&line);
    assert!(said.code == 0 && said.out.contains("2 页"), "{}{}", said.out, said.err);
    let text = part(&trial, "leads.docx", "word/document.xml");
    for told in ["王建国", "陈志远", "征地补偿款未到账", "张小明", "条例", "包案督办", "签阅"]
    {
        assert!(text.contains(told), "{told}");
    }
    assert!(!text.contains("孙立"), "who leads nothing has no page");
    assert_eq!(text.matches("pageBreakBefore").count(), 1);
    let logged = trial.run(&["access", "list", "--act", "export", "--json"]).json();
    assert_eq!(logged["rows"].as_array().unwrap().len(), 4, "cases and roster of each");
    assert!(logged.to_string().contains("包案督办") && logged.to_string().contains("lead="));
    assert_eq!(trial.run(&line).code, 65, "nothing is written over");
}

#[test]
fn one_leader_alone_goes_into_a_workbook_with_a_sheet_of_their_name() {
    let trial = office();
    let line = [&["paper", "leads", "王建国", "-o", "wang.xlsx", "--json"][..], &SAID].concat();
    let said = trial.run(&line);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.json()["parts"], 1);
    assert_eq!(said.json()["rows"], 1);
    assert!(part(&trial, "wang.xlsx", "xl/workbook.xml").contains("王建国"));
    let strings = part(&trial, "wang.xlsx", "xl/sharedStrings.xml");
    assert!(strings.contains("征地补偿款未到账") && !strings.contains("路灯不亮"));
}

#[test]
fn a_page_of_a_leader_needs_purpose_and_recipient_and_a_known_kind_of_file() {
    let trial = office();
    assert_eq!(trial.run(&["paper", "leads", "-o", "leads.docx"]).code, 65);
    let odd = trial.run(&[&["paper", "leads", "-o", "leads.txt"][..], &SAID].concat());
    assert!(odd.code == 65 && odd.err.contains(".docx"), "{}", odd.err);
    assert!(!trial.home().join("leads.docx").exists());
    let logged = trial.run(&["access", "list", "--act", "export", "--json"]);
    assert!(!logged.out.contains("n_rows"), "{}", logged.out);
}

#[test]
fn a_sealed_matter_stands_on_the_page_of_its_leader_only_if_a_reader_asks_for_it() {
    let trial = office();
    let officers = trial.run(&["officer", "list", "--json"]).json();
    let me = officers[0]["name"].as_str().unwrap().to_owned();
    let form = ["--about-officer", "孙立", "--readers", me.as_str()];
    let sealed = ["case", "register", "--name", "章守中", "--request", "截留沙石款", "--sealed"];
    let said = trial.run(&[&sealed[..], &form].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(trial.run(&["officer", "edit", "1", "--leads", "yes"]).code, 0);
    let led = trial.run(&["case", "assign", "3", "--lead", &me]);
    assert_eq!(led.code, 0, "{}", led.err);
    let plain = [&["paper", "leads", "-o", "plain.docx"][..], &SAID].concat();
    assert_eq!(trial.run(&plain).code, 0);
    assert!(!part(&trial, "plain.docx", "word/document.xml").contains("截留沙石款"));
    let whole = [&["paper", "leads", "-o", "whole.docx", "--sealed"][..], &SAID].concat();
    assert_eq!(trial.run(&whole).code, 0);
    assert!(part(&trial, "whole.docx", "word/document.xml").contains("截留沙石款"));
}

#[test]
fn a_reminder_says_what_is_due_and_names_nobody() {
    let trial = office();
    let said = trial.run(&["paper", "reminder", "王建国", "陈志远"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for told in ["每日提醒", "王建国", "陈志远", "信访事项", "条例"] {
        assert!(said.out.contains(told), "{told}: {}", said.out);
    }
    let numbers = trial.run(&["case", "list", "--json"]).json();
    for row in numbers["rows"].as_array().unwrap() {
        assert!(said.out.contains(row["number"].as_str().unwrap()), "{}", said.out);
    }
    let json = trial.run(&["paper", "reminder", "王建国", "--json"]).json();
    let item = &json[0]["items"][0];
    assert!(item["number"].is_string() && item["days_left"].is_i64() && item["due"].is_string());
    assert_eq!(trial.run(&["paper", "reminder", "--all", "-o", "all.docx"]).code, 0);
    let page = part(&trial, "all.docx", "word/document.xml");
    assert!(page.contains("每日提醒单") && page.contains("条例"));
    for text in [said.out, json.to_string(), page] {
        for private in ["张小明", "刘翠英", "征地补偿款", "路灯不亮"] {
            assert!(!text.contains(private), "{private} in {text}");
        }
    }
    assert_eq!(trial.run(&["paper", "reminder", "孙立"]).code, 1, "who owes nothing");
}

#[test]
fn the_list_of_a_meeting_is_printed_masked_unless_names_are_asked_for() {
    let trial = office();
    assert_eq!(trial.run(&["meeting", "list", "-o", "none.docx"]).code, 1);
    assert!(!trial.home().join("none.docx").exists(), "an empty list is no paper");
    assert_eq!(trial.run(&["meeting", "add", "1", "--question", "由谁来付"]).code, 0);
    let said = trial.run(&["meeting", "list", "-o", "list.docx"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let page = part(&trial, "list.docx", "word/document.xml");
    for told in ["上会清单", "诉求", "进展", "难点", "建议", "需议定", "由谁来付", "（待填）"]
    {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("张小明"), "names are covered");
    assert_eq!(trial.run(&["meeting", "list", "-o", "list.docx"]).code, 65, "not written over");
    let clear = ["meeting", "list", "--clear", "--force", "-o", "list.docx"];
    assert_eq!(trial.run(&clear).code, 2, "no names in a file of which no log tells");
    assert!(!part(&trial, "list.docx", "word/document.xml").contains("张小明"));
}

#[test]
fn a_report_is_text_a_document_or_a_workbook_with_charts_and_names_nobody() {
    let trial = office();
    let text = trial.run(&["report", "monthly"]);
    assert_eq!(text.code, 0, "{}", text.err);
    for told in ["月报", "件次", "批次", "人次", "环比", "同比", "口径", "来访"] {
        assert!(text.out.contains(told), "{told}: {}", text.out);
    }
    let json = trial.run(&["report", "annual", "--json"]).json();
    assert_eq!(json["total"][0]["receipts"], 2);
    let said = ["--purpose", "季度形势分析会", "--to", "党政办"];
    for (kind, file) in
        [("quarterly", "q.docx"), ("self-inspection", "s.docx"), ("weekly", "w.xlsx")]
    {
        let made = trial.run(&[&["report", kind, "-o", file][..], &said].concat());
        assert_eq!(made.code, 0, "{kind} {}", made.err);
    }
    let page = part(&trial, "q.docx", "word/document.xml");
    assert!(page.contains("季度形势分析") && page.contains("口径") && page.contains("党政办"));
    assert!(part(&trial, "s.docx", "word/document.xml").contains("创建指标"));
    let chart = part(&trial, "w.xlsx", "xl/charts/chart1.xml");
    assert!(chart.contains("barChart") || chart.contains("<c:bar"), "{chart}");
    for text in [text.out, json.to_string(), page] {
        assert!(!text.contains("张小明") && !text.contains("征地补偿款"), "{text}");
    }
    let bare = trial.run(&["report", "weekly", "-o", "bare.docx"]);
    assert_eq!(bare.code, 65, "purpose and recipient are missing");
    let ahead = trial.run(&["report", "weekly", "--until", "2099-01-01"]);
    assert!(ahead.code == 65 && ahead.err.contains("2099-01-01"), "{}", ahead.err);
    let logged = trial.run(&["access", "list", "--act", "export", "--json"]).json();
    assert_eq!(logged["rows"].as_array().unwrap().len(), 3, "each that went out, and no other");
}

#[test]
fn the_nightly_line_of_the_unit_makes_a_workbook_of_ones_own_and_makes_it_anew() {
    let trial = office();
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/data/systemd/anjie-nightly@.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    let line =
        unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/anjie ")).unwrap();
    let file = "/home/%i/anjie-exchange/nightly.xlsx";
    assert!(line.contains(file), "{line}");
    let line = line.replace(file, "nightly.xlsx");
    let words: Vec<&str> = line.split(' ').collect();
    for night in ["the first", "the next"] {
        let said = trial.run(&words);
        assert_eq!(said.code, 0, "{night}: {}", said.err);
    }
    assert!(part(&trial, "nightly.xlsx", "xl/sharedStrings.xml").contains("征地补偿款未到账"));
}
