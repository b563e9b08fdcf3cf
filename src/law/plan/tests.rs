use super::{Drawn, Fault, Ground, TEXT_BYTES_MAX, built_in, draw};
use crate::domain::campaign::{TASKS_MAX, Task};
use crate::domain::choice::{Period, Weight};
use crate::domain::ids::UnitId;

fn ground(n_villages: u64) -> Ground {
    let villages: Vec<_> = (1..=n_villages).map(|id| (UnitId(id), format!("{id}村"))).collect();
    Ground {
        year: 2026,
        today: "2026-10-08".parse().unwrap(),
        units: villages.clone(),
        villages,
        ..Ground::default()
    }
}

const HEAD: &str = r#"
[plan]
key = "own"
name = "自定方案"
[[phase]]
number = 1
name = "第一阶段"
from = "10-10"
until = "10-15"
"#;

fn task(code: &str, more: &str) -> String {
    format!(
        "[[task]]\nphase = 1\ncode = \"{code}\"\ntitle = \"任务\"\nweight = \"mandatory\"\n{more}\n"
    )
}

fn faults(text: &str) -> Vec<(usize, &'static str, String)> {
    let faults = draw(text, &ground(3)).unwrap_err();
    faults.into_iter().map(|Fault { line, why, about }| (line, why, about)).collect()
}

fn fault(tail: &str) -> (usize, &'static str, String) {
    let mut faults = faults(&format!("{HEAD}{tail}"));
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

/// Phase, number, places, days, weight, evidence, what comes before; title, deliverable, who.
const TABLE: &str = r"
1 1.1 镇 10-10..10-12 必做 佐证 [] 研究制定创建活动方案 | 方案文本 | 联席会议办公室
1 1.2 镇 10-10..10-15 必做 佐证 [1.1] 召开动员部署会议 | 会议记录、签到 | 召集人、各成员单位
1 1.3 镇 10-10..10-15 必做 佐证 [1.1] 印发创建活动实施方案 | 印发文件及文号 | 联席会议办公室
1 1.4 镇村 10-10..10-15 必做 - [1.2,1.3] 全面启动创建活动 | - | 镇、各部门、各村
1 1.5 镇 10-10..10-15 必做 佐证 [] 成立联席会议及其办公室 | 成立文件、成员名单 | 镇党委、镇政府
2 2.1 镇村 10-15..10-25 必做 佐证 [2.3] 重复信访治理和积案依法化解 | 积案清单、办理结果 | 各村、各部门
2 2.2 镇 10-15..10-18 必做 佐证 [] 逐件确定包案领导 | 包案一览表 | 镇
2 2.3 镇村 10-15..10-20 必做 佐证 [] 建立问题清单和责任清单 | 问题清单(事项、责任人、措施、时限) | 镇、各村
2 2.4 镇村 10-15..10-25 必做 佐证 [2.3] 集中调处化解 | 调解记录 | 镇、各部门、各村
2 2.5 村 10-15..10-20 必做 佐证 [] 信访源头治理大排查 | 排查表(无矛盾的报零) | 各村
2 2.6 镇村 10-15..10-25 必做 佐证 [] 健全台账、整理归档 | 台账、档案目录 | 各村、联席会议办公室
2 2.7 镇 10-15..10-25 必做 佐证 [] 督促检查、研究问题、制定对策 | 督查记录、对策措施 | 镇综治中心
2 2.8 镇村 10-15..10-25 选做 佐证 [] 总结经验做法、开展宣传 | 宣传稿件 | 镇、各部门、各村
2 2.9 村 10-15..10-25 选做 - [] 同步开展示范村创建 | 村创建安排 | 各村
3 3.1 村 10-25..11-05 必做 - [] 自查总结 | - | 各村
3 3.2 村 10-25..11-10 必做 佐证 [3.1] 书面材料报镇综治中心 | 创建活动情况书面材料 | 各村
3 3.3 镇村 10-25..11-10 必做 佐证 [] 迎接各级检查验收准备 | 迎检准备清单 | 镇、各部门、各村
";

#[test]
fn the_template_of_a_demonstration_town_holds_every_task_of_the_plan() {
    let text = built_in("demonstration-town").unwrap();
    let Drawn { plan, tasks, duties } = draw(text, &ground(12)).unwrap();
    let days: Vec<_> = plan.phases.values().map(|phase| (phase.from, phase.until)).collect();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(
        days,
        [
            (day("2026-10-10"), day("2026-10-15")),
            (day("2026-10-15"), day("2026-10-25")),
            (day("2026-10-25"), day("2026-11-10")),
        ]
    );
    let days =
        |task: &Task| format!("{}..{}", task.from.format("%m-%d"), task.until.format("%m-%d"));
    let mut lines: Vec<String> = Vec::new();
    for task in &tasks {
        let own = || tasks.iter().filter(|other| other.code == task.code);
        let n_town = own().filter(|other| other.village.is_none()).count();
        let places = match (n_town, own().count() - n_town) {
            (1, 0) => "镇",
            (0, 12) => "村",
            (1, 12) => "镇村",
            (_, _) => panic!("{} stands in the wrong places", task.code),
        };
        let needs = task.needs.iter().cloned().collect::<Vec<_>>().join(",");
        let weight = if task.weight == Weight::Mandatory { "必做" } else { "选做" };
        let proof = if task.proof { "佐证" } else { "-" };
        let deliverable = task.deliverable.as_deref().unwrap_or("-");
        let who = task.who.as_deref().unwrap_or("-");
        let line = format!(
            "{} {} {places} {} {weight} {proof} [{needs}] {} | {deliverable} | {who}",
            task.phase,
            task.code,
            days(task),
            task.title
        );
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    // The plan clause by clause: what stands first is its own; 1.5 and 2.9 are from its other parts.
    assert_eq!(lines.join("\n"), TABLE.trim());
    assert_eq!(tasks.len(), 13 + 11 * 12);
    let of = |code: &str| duties.iter().filter(|duty| duty.code == code).count();
    let codes = ["M1", "M3", "M5", "M7", "M12", "M14", "M15"].map(of);
    assert_eq!(codes, [1, 12, 1, 1, 13, 12, 1], "recurring work in each place where it belongs");
    let screening = duties.iter().find(|duty| duty.code == "M3").unwrap();
    assert_eq!((screening.period, screening.day, screening.zero), (Period::Month, 20, true));
}

#[test]
fn a_template_with_an_unknown_village_is_refused_at_its_line() {
    let found = fault(&task("1", "scope = [\"1村\", \"无名村\"]"));
    assert_eq!(found, (10, "template_no_such_village", "无名村".to_owned()));
}

#[test]
fn tasks_that_wait_for_one_another_are_refused() {
    let town = "scope = \"town\"";
    let tail = task("1", &format!("{town}\nneeds = [\"2\"]"))
        + &task("2", &format!("{town}\nneeds = [\"3\"]"))
        + &task("3", &format!("{town}\nneeds = [\"1\"]"))
        + &task("4", &format!("{town}\nneeds = [\"2\"]"));
    assert_eq!(fault(&tail), (10, "template_circle", "1 > 2 > 3 > 1".to_owned()));
    let other = task("5", &format!("{town}\nneeds = [\"6\"]"))
        + &task("6", &format!("{town}\nneeds = [\"5\"]"));
    let abouts: Vec<_> =
        faults(&(HEAD.to_owned() + &tail + &other)).into_iter().map(|own| own.2).collect();
    assert_eq!(abouts, ["1 > 2 > 3 > 1", "5 > 6 > 5"], "each circle, and nobody who only waits");
    let own = fault(&task("1", &format!("{town}\nneeds = [\"1\"]")));
    assert_eq!((own.0, own.1), (10, "template_circle"));
}

#[test]
fn what_is_missing_and_what_nobody_knows_is_told_by_its_name() {
    let own = fault(&task("1", "scope = \"town\"\ncolour = \"red\""));
    assert_eq!((own.1, own.2.as_str()), ("template_unknown", "colour"));
    let own = fault(&task("1", ""));
    assert_eq!((own.0, own.1, own.2.as_str()), (10, "template_missing", "scope"));
}

#[test]
fn an_end_before_its_start_is_refused() {
    let found = fault(&task("1", "scope = \"town\"\nfrom = \"10-14\"\nuntil = \"10-12\""));
    assert_eq!((found.0, found.1), (10, "template_end_before_start"));
    let phases = HEAD.replace("10-15", "10-09") + &task("1", "scope = \"town\"");
    assert!(faults(&phases).iter().any(|fault| fault.1 == "template_end_before_start"));
}

#[test]
fn a_number_that_is_used_twice_is_refused() {
    let tail = task("1", "scope = \"town\"") + &task("1", "scope = \"town\"");
    assert_eq!(fault(&tail), (16, "template_twice", "code 1".to_owned()));
}

#[test]
fn every_fault_is_told_at_once_in_the_order_of_lines() {
    let tail = task("1", "scope = \"nowhere\"")
        + &task("2", "scope = \"town\"\nneeds = [\"9\"]")
        + &task("3", "scope = \"town\"\nuntil = \"13-45\"")
        + &task("4", "scope = \"town\"\nunit = \"无名所\"")
        + &task("5", "scope = \"town\"").replace("phase = 1", "phase = 7");
    let whys: Vec<_> = faults(&format!("{HEAD}{tail}")).into_iter().map(|fault| fault.1).collect();
    assert_eq!(
        whys,
        [
            "template_field",
            "template_no_such_task",
            "template_day",
            "template_no_such_unit",
            "template_no_such_phase"
        ]
    );
}

#[test]
fn what_is_no_template_is_refused_and_never_panics() {
    assert_eq!(faults("[plan\nkey = 1")[0].1, "template_syntax");
    assert_eq!(faults(&format!("{HEAD}unknown = 1"))[0].1, "template_unknown");
    assert_eq!(faults(HEAD), [(1, "template_is_empty", String::new())]);
    assert_eq!(faults(&" ".repeat(TEXT_BYTES_MAX + 1))[0].1, "template_too_long");
    for end in 0..HEAD.len() {
        if let Some(text) = HEAD.get(..end) {
            assert!(draw(text, &ground(1)).is_err());
        }
    }
}

#[test]
fn five_thousand_tasks_are_drawn_and_one_more_is_refused() {
    let mut text = HEAD.to_owned();
    for number in 0..TASKS_MAX {
        text.push_str(&task(&format!("1.{number}"), "scope = \"town\""));
    }
    assert_eq!(draw(&text, &ground(0)).unwrap().tasks.len(), TASKS_MAX);
    text.push_str(&task("2", "scope = \"town\""));
    let faults = draw(&text, &ground(0)).unwrap_err();
    assert_eq!(faults[0].why, "template_too_many");
}

fn duty(code: &str, more: &str) -> String {
    format!("[[duty]]\ncode = \"{code}\"\ntitle = \"排查\"\nscope = \"village\"\n{more}\n")
}

#[test]
fn recurring_work_that_is_wrong_is_refused_at_its_line() {
    let good = task("1", "scope = \"town\"");
    let line = 10 + good.lines().count();
    let fault = |more: &str| fault(&(good.clone() + &duty("M3", more)));
    let month = "period = \"month\"\n";
    assert_eq!(fault("period = \"week\"\nday = 1").0, line);
    assert_eq!(fault(&format!("{month}day = 32")).1, "template_field");
    let late = fault(&format!("{month}day = 20\nfrom = \"11-01\"\nuntil = \"10-01\""));
    assert_eq!((late.0, late.1), (line, "template_end_before_start"));
    let twice = duty("M3", &format!("{month}day = 20"));
    let found = faults(&format!("{HEAD}{good}{twice}{twice}"));
    assert_eq!(found[0].1, "template_twice");
    let drawn = draw(&format!("{HEAD}{good}{twice}"), &ground(3)).unwrap();
    assert_eq!(drawn.duties.len(), 3);
    assert_eq!(drawn.duties[0].from, "2026-10-10".parse().unwrap(), "from the plan's first day");
}

#[test]
fn a_phase_with_wrong_days_hides_no_other_fault_and_makes_none() {
    let tail = task("1", "scope = [\"1村\", \"无名村\"]\nneeds = [\"2\"]")
        + &task("2", "scope = \"town\"\nneeds = [\"1\"]\nuntil = \"10-12\"");
    let found = faults(&(HEAD.replace("10-15", "10-09") + &tail));
    let whys: Vec<_> = found.into_iter().map(|fault| fault.1).collect();
    let expected = ["template_end_before_start", "template_no_such_village", "template_circle"];
    assert_eq!(whys, expected);
}
