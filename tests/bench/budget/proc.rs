//! What the kernel counts about a process: memory, processor time, times that it was woken.

use std::fs;

/// Proportional set size, in bytes: each page shared by n processes counts for an n-th.
pub fn pss(pid: u32) -> u64 {
    field(&format!("/proc/{pid}/smaps_rollup"), "Pss:") * 1_024
}

/// The most memory that a process had at once, in bytes.
pub fn peak(pid: u32) -> u64 {
    field(&format!("/proc/{pid}/status"), "VmHWM:") * 1_024
}

/// Sets the peak back to what the process has now.
pub fn forget_peak(pid: u32) {
    // Without the right to it the peak of the whole life stands, which is more, never less.
    let _kept = fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

/// Processor time of all threads that are alive, in milliseconds.
pub fn cpu_ms(pid: u32) -> f64 {
    let spent = |thread: String| {
        let text = fs::read_to_string(format!("{thread}/schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    threads(pid).into_iter().filter_map(spent).sum::<f64>() / 1e6
}

/// How often threads that are alive have slept and were woken.
pub fn wakes(pid: u32) -> u64 {
    let status = |thread: String| field(&format!("{thread}/status"), "voluntary_ctxt_switches:");
    threads(pid).into_iter().map(status).sum()
}

/// Bytes that were written, to files and to sockets.
pub fn written(pid: u32) -> u64 {
    field(&format!("/proc/{pid}/io"), "wchar:")
}

fn threads(pid: u32) -> Vec<String> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    tasks.filter_map(Result::ok).map(|task| task.path().display().to_string()).collect()
}

fn field(path: &str, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
