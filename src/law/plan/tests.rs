use super::{Drawn, Fault, Ground, TEXT_BYTES_MAX, built_in, draw};
use crate::domain::campaign::TASKS_MAX;
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

#[test]
fn the_template_of_a_demonstration_town_holds_every_task_of_the_plan() {
    let text = built_in("demonstration-town").unwrap();
    let Drawn { plan, tasks } = draw(text, &ground(12)).unwrap();
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
    // Code, tasks of the town, tasks of each village.
    let wanted = [
        ("1.1", 1, 0),
        ("1.2", 1, 0),
        ("1.3", 1, 0),
        ("1.4", 1, 1),
        ("1.5", 1, 0),
        ("2.1", 1, 1),
        ("2.2", 1, 0),
        ("2.3", 1, 1),
        ("2.4", 1, 1),
        ("2.5", 0, 1),
        ("2.6", 1, 1),
        ("2.7", 1, 0),
        ("2.8", 1, 1),
        ("2.9", 0, 1),
        ("3.1", 0, 1),
        ("3.2", 0, 1),
        ("3.3", 1, 1),
    ];
    for (code, of_town, of_village) in wanted {
        let own: Vec<_> = tasks.iter().filter(|task| task.code == code).collect();
        let n_town = own.iter().filter(|task| task.village.is_none()).count();
        assert_eq!((n_town, own.len() - n_town), (of_town, of_village * 12), "{code}");
        let phase = plan.phases.get(&own[0].phase).unwrap();
        assert!(own.iter().all(|task| task.from >= phase.from && task.until <= phase.until));
    }
    assert_eq!(tasks.len(), 13 + 11 * 12);
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
        + &task("4", &format!("{town}\nneeds = []"));
    assert_eq!(fault(&tail), (10, "template_circle", "1 > 2 > 3".to_owned()));
    let own = fault(&task("1", &format!("{town}\nneeds = [\"1\"]")));
    assert_eq!((own.0, own.1), (10, "template_circle"));
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
    assert_eq!(faults(&format!("{HEAD}unknown = 1"))[0].1, "template_syntax");
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
