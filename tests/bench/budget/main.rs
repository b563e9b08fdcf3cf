//! The budgets of the program, measured: `cargo bench --bench budget`, which `cargo bench` includes.
//!
//! After `--`: `--quick` (10,000 cases and persons instead of 100,000, five rounds), `--cases=N`,
//! `--rounds=N`, or parts by name (`P1 P4 room crowd kills`). Prints one table; leaves with 1 if a budget is missed.
//! The real program is driven on a pseudo-terminal; requests go through the door alone.

mod office;
mod peer;
mod proc;
mod report;
mod room;
mod scene;
mod screen;
mod terminal;
mod trial;
mod workbook;
mod writers;

use std::process::ExitCode;

use crate::report::{Limit, Report};
use crate::scene::{ANJIE, Ledger, N_SMALL, Plan, Server};

/// The largest program that the budget allows, in megabytes.
const PROGRAM_MAX: f64 = 12.0;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder, socket] = args.as_slice()
        && flag == "--serve"
    {
        return writers::serve(folder.as_ref(), socket.as_ref());
    }
    let plan = Plan::of(args.into_iter());
    let mut report = Report::default();
    let (small, large) = (Ledger::of_size(N_SMALL), Ledger::of_size(plan.n_large));
    println!("{}", machine(&plan));
    on_screen(&mut report, &plan, (&small, &large));
    if plan.wants("P2") {
        screen::start_alone(&mut report, &plan, &large);
    }
    if plan.wants("P10") {
        office::costs(&mut report, &plan, (&small, &large));
    }
    if plan.wants("P7") {
        writers::together(&mut report, &plan, &large);
    }
    if plan.wants("P8") {
        workbook::import(&mut report, &plan, (&small, &large));
        office::likeness(&mut report, &plan, &large);
    }
    if plan.wants("P9") {
        let bytes = std::fs::metadata(ANJIE).map_or(0, |file| file.len());
        report.judge(("P9", "program"), (bytes as f64 / 1e6, "MB"), Limit::AtMost(PROGRAM_MAX));
    }
    if plan.wants("crowd") {
        trial::crowd(&mut report, &small);
    }
    if plan.wants("kills") {
        trial::kills(&mut report, &small);
    }
    if plan.wants("room") {
        room::of_file(&mut report, &large);
    }
    println!("\n{}", report.text());
    println!("{} budgets missed", report.n_missed());
    if report.n_missed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// P1 and P3 to P6, for which a server runs at each ledger.
fn on_screen(report: &mut Report, plan: &Plan, (small, large): (&Ledger, &Ledger)) {
    let wanted = ["P1", "P3", "P4", "P5", "P6"].map(|budget| plan.wants(budget));
    if !wanted.contains(&true) {
        return;
    }
    let list = plan.wants("P3").then(|| peer::list(large)).flatten();
    let small = (small.clone(), Server::start(small));
    let large = (large.clone(), Server::start(large));
    small.1.warm();
    large.1.warm();
    let [starts, finds, keys, idles, remembers] = wanted;
    if starts {
        screen::start_served(report, plan, (&small, &large));
    }
    if finds {
        screen::find_keys(report, plan, (&large, list.as_deref()));
    }
    if keys {
        screen::keys(report, &large);
    }
    if idles {
        screen::idle(report, &large);
    }
    if remembers {
        screen::memory(report, &large);
    }
}

/// Where and under what load it was measured.
fn machine(plan: &Plan) -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?").to_owned();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "ledgers of {N_SMALL} and {} cases and as many persons; {} rounds; {cores} cores, load {load}",
        plan.n_large, plan.rounds
    )
}
