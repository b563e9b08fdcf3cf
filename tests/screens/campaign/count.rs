//! The plan counted by hand: its tasks, and what of them must be seen on a day; and reading them
//! from the screen.

use anjie::domain::choice::TaskState;
use chrono::{Datelike, NaiveDate, Weekday};
use unicode_width::UnicodeWidthChar;

/// The phases: name, first and last day.
pub const PHASES: [(&str, &str, &str); 3] = [
    ("动员部署", "2026-10-10", "2026-10-15"),
    ("组织实施", "2026-10-15", "2026-10-25"),
    ("自查申报", "2026-10-25", "2026-11-10"),
];

/// The town and its villages, in the order of the matrix.
pub const PLACES: [&str; 4] = ["镇级", "张家庄村", "石桥村", "柳树沟村"];

/// The tasks of the plan: number, whether the town and whether each village has it, the last day if
/// it is not that of the phase, and whether the phase can be closed without it.
const TASKS: [(&str, (bool, bool), &str, bool); 17] = [
    ("1.1", (true, false), "2026-10-12", false),
    ("1.2", (true, false), "", false),
    ("1.3", (true, false), "", false),
    ("1.4", (true, true), "", false),
    ("1.5", (true, false), "", false),
    ("2.1", (true, true), "", false),
    ("2.2", (true, false), "2026-10-18", false),
    ("2.3", (true, true), "2026-10-20", false),
    ("2.4", (true, true), "", false),
    ("2.5", (false, true), "2026-10-20", false),
    ("2.6", (true, true), "", false),
    ("2.7", (true, false), "", false),
    ("2.8", (true, true), "", true),
    ("2.9", (false, true), "", true),
    ("3.1", (false, true), "2026-11-05", false),
    ("3.2", (false, true), "", false),
    ("3.3", (true, true), "", false),
];

/// The groups of today, in their order.
const GROUPS: [(&str, &str); 4] = [
    ("-- 超期", "超期"),
    ("-- 今日到期", "今日"),
    ("-- 3个工作日内", "3日内"),
    ("-- 以后", "以后"),
];

/// A task in one place.
struct Task {
    place: usize,
    code: &'static str,
    from: NaiveDate,
    until: NaiveDate,
    state: TaskState,
    is_optional: bool,
}

/// A row of the agenda: group, number, place, last day, days left, state.
pub type Line = (String, String, String, String, String, String);

/// The plan on a day.
pub struct Count {
    pub today: NaiveDate,
    pub closed: [Option<NaiveDate>; 3],
    tasks: Vec<Task>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// In October and November 2026 after the holidays: weekends rest, but Saturday 10-10 is worked.
fn is_worked(on: NaiveDate) -> bool {
    !matches!(on.weekday(), Weekday::Sat | Weekday::Sun) || on == day("2026-10-10")
}

fn word(state: TaskState) -> &'static str {
    match state {
        TaskState::Todo => "未办",
        TaskState::Doing => "在办",
        TaskState::Done => "完成",
        TaskState::NotApplicable => "不适用",
        TaskState::SentBack => "退回",
    }
}

impl Count {
    pub fn on(today: NaiveDate) -> Self {
        let mut tasks = Vec::new();
        for (code, (of_town, of_village), until, is_optional) in TASKS {
            let (_, from, last) = PHASES[phase_of(code) - 1];
            let until = day(if until.is_empty() { last } else { until });
            let places = (0..PLACES.len()).filter(|at| if *at == 0 { of_town } else { of_village });
            tasks.extend(places.map(|place| {
                let (from, state) = (day(from), TaskState::Todo);
                Task { place, code, from, until, state, is_optional }
            }));
        }
        Self { today, closed: [None; 3], tasks }
    }

    pub fn phase(&self, code: &str) -> usize {
        phase_of(code)
    }

    /// The numbers of a phase, in the order of the plan.
    pub fn codes(&self, phase: usize) -> Vec<&'static str> {
        TASKS.iter().map(|row| row.0).filter(|code| phase_of(code) == phase).collect()
    }

    pub fn set(&mut self, place: usize, code: &str, state: TaskState) {
        self.task(place, code).state = state;
    }

    pub fn move_until(&mut self, place: usize, code: &str, until: NaiveDate) {
        self.task(place, code).until = until;
    }

    pub fn close(&mut self, phase: usize) {
        self.closed[phase - 1] = Some(self.today);
    }

    fn task(&mut self, place: usize, code: &str) -> &mut Task {
        let own = self.tasks.iter_mut().find(|task| (task.place, task.code) == (place, code));
        own.unwrap_or_else(|| panic!("no task {code} at {place}"))
    }

    pub fn n_missing(&self, phase: usize) -> usize {
        self.of(phase).filter(|task| !task.is_optional && !task.state.is_settled()).count()
    }

    /// Whether today lies within the campaign.
    pub fn is_running(&self) -> bool {
        (day(PHASES[0].1)..=day(PHASES[2].2)).contains(&self.today)
    }

    fn of(&self, phase: usize) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(move |task| phase_of(task.code) == phase)
    }

    fn is_owed(&self, task: &Task) -> bool {
        !task.state.is_settled() && self.closed[phase_of(task.code) - 1].is_none()
    }

    /// Working days from tomorrow to a day.
    fn n_workdays(&self, until: NaiveDate) -> usize {
        let days = self.today.iter_days().skip(1).take_while(|on| *on <= until);
        days.filter(|on| is_worked(*on)).count()
    }

    /// The lines of the agenda, sorted.
    pub fn agenda(&self) -> Vec<Line> {
        let owed = self.tasks.iter().filter(|task| self.is_owed(task));
        let mut lines: Vec<Line> = owed
            .map(|task| {
                let left = (task.until - self.today).num_days();
                let (group, left) = match left {
                    ..0 => ("超期", format!("!超{}日", -left)),
                    0 => ("今日", "*今日".to_owned()),
                    _ if self.n_workdays(task.until) <= 3 => ("3日内", format!("~还{left}日")),
                    _ => ("以后", format!("还{left}日")),
                };
                let place = if task.place == 0 { "" } else { PLACES[task.place] };
                let due = task.until.format("%m-%d").to_string();
                let words = [group, task.code, place, &due, &left, word(task.state)];
                let [group, code, place, due, left, state] = words.map(str::to_owned);
                (group, code, place, due, left, state)
            })
            .collect();
        lines.sort();
        lines
    }

    fn counts(&self, phase: usize) -> (usize, usize, usize, usize, usize) {
        let n = |state| self.of(phase).filter(|task| task.state == state).count();
        let settled = n(TaskState::Done) + n(TaskState::NotApplicable);
        let late = self.of(phase).filter(|task| self.is_owed(task) && task.until < self.today);
        let late = late.count();
        (settled, self.of(phase).count(), n(TaskState::Doing), n(TaskState::SentBack), late)
    }

    /// What the agenda's head says of each phase that runs, or of the first that is open.
    pub fn heads(&self) -> Vec<String> {
        let open: Vec<usize> = (1..=3).filter(|phase| self.closed[phase - 1].is_none()).collect();
        let mut shown: Vec<usize> = open.clone();
        shown.retain(|phase| day(PHASES[phase - 1].1) <= self.today);
        if shown.is_empty() {
            shown.extend(open.first());
        }
        let head = |phase: &usize| {
            let (settled, total, doing, back, _) = self.counts(*phase);
            let (name, when) = (PHASES[phase - 1].0, self.when(*phase));
            let when = when.trim_start_matches('第').replacen("日/", "/", 1);
            format!("创建 {phase}{name} {when} 完成{settled}/{total} 在办{doing} 退回{back}")
        };
        shown.iter().map(head).collect()
    }

    fn when(&self, phase: usize) -> String {
        let (_, from, until) = PHASES[phase - 1];
        let (from, until) = (day(from), day(until));
        match (self.today < from, self.today > until) {
            (true, _) => format!("还有{}日开始", (from - self.today).num_days()),
            (_, true) => format!("已过{}日", (self.today - until).num_days()),
            _ => {
                let n_days = (until - from).num_days() + 1;
                format!("第{}日/{n_days}日", (self.today - from).num_days() + 1)
            }
        }
    }

    /// What the screen of the campaign says above the matrix of a phase.
    pub fn timeline(&self, selected: usize) -> Vec<String> {
        let sums: Vec<_> = (1..=3).map(|phase| self.counts(phase)).collect();
        let settled: usize = sums.iter().map(|sum| sum.0).sum();
        let late: usize = sums.iter().map(|sum| sum.4).sum();
        let mut lines = vec![format!("共完成{settled}/{} 超期{late}", self.tasks.len())];
        for (phase, (settled, total, doing, back, late)) in (1..).zip(sums) {
            lines.push(match self.closed[phase - 1] {
                Some(on) => format!("完成{settled} 已于{}结束", on.format("%m-%d")),
                None => format!("完成{settled}/{total} 在办{doing} 退回{back} 超期{late}"),
            });
        }
        let missing = match (self.closed[selected - 1], self.n_missing(selected)) {
            (Some(_), _) => "已结束".to_owned(),
            (None, 0) => "必做已齐,可结束".to_owned(),
            (None, missing) => format!("还缺必做{missing}"),
        };
        lines.push(missing);
        lines.push(format!("-- {selected} {}  {}", PHASES[selected - 1].0, self.when(selected)));
        lines
    }

    /// The matrix of a phase: for each place what stands under each number.
    pub fn matrix(&self, phase: usize) -> Vec<(String, Vec<String>)> {
        let sign = |task: &Task| {
            let sign = match task.state {
                TaskState::Todo => ".",
                TaskState::Doing => "/",
                TaskState::Done => "x",
                TaskState::NotApplicable => "-",
                TaskState::SentBack => "<",
            };
            let is_ahead = task.state == TaskState::Todo && self.today < task.from;
            let late = match (task.until - self.today).num_days() {
                _ if !self.is_owed(task) => "",
                ..0 => "!",
                0 => "*",
                _ if !is_ahead && self.n_workdays(task.until) <= 3 => "~",
                _ => "",
            };
            format!("{sign}{late}")
        };
        let row = |(place, name): (usize, &&str)| {
            let cell = |code: &&str| {
                let own = self.of(phase).find(|task| (task.place, task.code) == (place, *code));
                own.map(sign).unwrap_or_default()
            };
            ((*name).to_owned(), self.codes(phase).iter().map(cell).collect())
        };
        PLACES.iter().enumerate().map(row).collect()
    }
}

fn phase_of(code: &str) -> usize {
    code[..1].parse().unwrap()
}

/// The tasks of an agenda as it is drawn, sorted.
pub fn agenda(rows: &[String]) -> Vec<Line> {
    let (mut group, mut lines) = ("", Vec::new());
    for row in rows {
        if let Some((_, name)) = GROUPS.iter().find(|(head, _)| row.starts_with(head)) {
            group = name;
        }
        let words: Vec<&str> = row.split_whitespace().collect();
        let Some(at) = words.iter().position(|word| *word == "创建任务") else { continue };
        let place = words[at + 1];
        let place = if PLACES.contains(&place) { place } else { "" };
        let states =
            ["未办", "在办", "退回"].into_iter().find(|state| words[at + 1..].contains(state));
        let state = states.unwrap_or_else(|| panic!("no state in {row}"));
        let words = [group, words[at - 3], place, words[at - 2], words[at - 1], state];
        let [group, code, place, due, left, state] = words.map(str::to_owned);
        lines.push((group, code, place, due, left, state));
    }
    lines.sort();
    lines
}

/// The matrix as it is drawn.
pub fn matrix(rows: &[String]) -> Vec<(String, Vec<String>)> {
    let head = rows.iter().position(|row| row.trim_start().starts_with("村 ")).unwrap();
    let codes: Vec<usize> = columns_of(&rows[head])
        .filter(|(_, word)| word.trim_matches(['[', ']']).contains('.'))
        .map(|(at, _)| at)
        .collect();
    let mut table = Vec::new();
    for row in &rows[head + 1..] {
        let name = row.trim_start_matches(['>', ' ']).split_whitespace().next();
        let name = name.unwrap_or_default().trim_matches(['[', ']']);
        if !PLACES.contains(&name) {
            break;
        }
        let cells = codes.iter().map(|at| {
            let cell = part(row, *at, 5);
            cell.trim_matches(['[', ']', ' ', '+']).to_owned()
        });
        table.push((name.to_owned(), cells.collect()));
    }
    table
}

/// The words of a row with the columns where they begin.
fn columns_of(row: &str) -> impl Iterator<Item = (usize, String)> {
    let (mut at, mut words, mut open) = (0, Vec::new(), None::<(usize, String)>);
    for char in row.chars() {
        if char.is_whitespace() {
            words.extend(open.take());
        } else {
            open.get_or_insert((at, String::new())).1.push(char);
        }
        at += char.width().unwrap_or(0);
    }
    words.extend(open);
    words.into_iter()
}

/// So many columns of a row.
fn part(row: &str, from: usize, n: usize) -> String {
    let mut at = 0;
    let mut text = String::new();
    for char in row.chars() {
        if (from..from + n).contains(&at) {
            text.push(char);
        }
        at += char.width().unwrap_or(0);
    }
    text
}
