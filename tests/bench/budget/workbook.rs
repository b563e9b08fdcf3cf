//! P8: a workbook comes in, as history, into a small ledger and into a large one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use rust_xlsxwriter::Workbook;

use crate::proc;
use crate::report::{Limit, Report, Row, median, spread};
use crate::scene::{ANJIE, Ledger, Plan, Server, scratch};

/// Rows of the workbook.
const N_ROWS: u32 = 4_326;
const ROUNDS: usize = 5;
const MEGA: f64 = 1e6;
const VILLAGES: [&str; 6] = ["石桥村", "王庄村", "李家店村", "赵堡村", "刘楼村", "陈桥村"];
const MATTERS: [&str; 8] = [
    "征地补偿款未发放",
    "低保申请未获批准",
    "夜间施工噪音扰民",
    "宅基地边界纠纷",
    "村道路年久失修",
    "拖欠农民工工资",
    "自来水水质浑浊",
    "土地承包合同争议",
];

/// Measures the import in turn at both ledgers.
pub fn import(report: &mut Report, plan: &Plan, (small, large): (&Ledger, &Ledger)) {
    let ledgers = [small.copy("import"), large.copy("import")];
    let servers = [Server::start(&ledgers[0]), Server::start(&ledgers[1])];
    servers.iter().for_each(Server::warm);
    let mut times = [Vec::new(), Vec::new()];
    let mut growth = 0.0_f64;
    for round in 0..plan.rounds.min(ROUNDS) {
        let book = workbook(u32::try_from(round).unwrap_or(0));
        for (server, times) in servers.iter().zip(&mut times) {
            let idle = proc::pss(server.pid());
            proc::forget_peak(server.pid());
            times.push(take_in(&book, server));
            let peak = proc::peak(server.pid());
            growth = growth.max(peak.saturating_sub(idle) as f64 / MEGA);
        }
    }
    let [few, many] = &times;
    let seconds = median(many) / 1e3;
    let what = format!("import of {N_ROWS} rows, large ledger, served");
    report.judge(("P8", &what), (seconds, "s"), Limit::AtMost(2.0));
    report.add(Row {
        budget: "P8",
        what: "the same beside the small ledger".to_owned(),
        figure: spread(many),
        ratio: Some((median(many) / median(few), "small")),
        limit: Some(Limit::AtMost(1.5)),
    });
    let what = "memory of the server above idle while it comes in, at most";
    report.judge(("P8", what), (growth, "MB"), Limit::AtMost(64.0));
}

fn take_in(book: &Path, server: &Server) -> f64 {
    let mut command = Command::new(ANJIE);
    command.args(["import", "cases"]).arg(book).args(["--as", "history", "--socket"]);
    command.arg(&server.socket).stdout(Stdio::null()).stderr(Stdio::null());
    let since = Instant::now();
    assert!(command.status().expect("the program runs").success(), "the import was refused");
    since.elapsed().as_secs_f64() * 1e3
}

/// A workbook of made-up requests; the numbers of each round are its own.
fn workbook(round: u32) -> PathBuf {
    let file = scratch().join(format!("old-{round}.xlsx"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let heads = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "村"];
    for (column, head) in (0..).zip(heads) {
        sheet.write_string(0, column, head).expect("a cell");
    }
    for row in 1..=N_ROWS {
        let pick = |list: &[&'static str], by: u32| {
            list.get(((row * 7 + round) / by) as usize % list.len()).copied().unwrap_or_default()
        };
        let (village, matter) = (pick(&VILLAGES, 1), pick(&MATTERS, 3));
        let text = format!(
            "{village}村民第{row}次{round}轮反映{matter}，{}",
            "请尽快核实并答复。".repeat(12)
        );
        let cells = [
            format!("{round}-{row}"),
            format!("U{round}{:05}", row / 2),
            format!("关于{village}{matter}的问题"),
            format!("20{:02}-{:02}-{:02} 11:25:05", 10 + row % 10, 1 + row % 12, 1 + row % 28),
            text,
            village.to_owned(),
        ];
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, &cell).expect("a cell");
        }
    }
    book.save(&file).expect("the workbook is written");
    file
}
