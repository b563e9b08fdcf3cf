//! The campaign of the plan, worked day by day with keys alone, with letters and without any.
//!
//! A second count of the plan, made by hand in `campaign/count.rs`, says each evening and morning
//! what the agenda, the time line and the matrix must show.

mod count;

use std::sync::Arc;

use anjie::domain::choice::TaskState;
use anjie::tui::key::{Key, script};
use chrono::NaiveDate;

use crate::campaign::count::{Count, PHASES, PLACES};
use crate::desk::{Desk, Office};

/// Wide and high enough for all tasks of the plan.
const SIZE: (u16, u16) = (110, 80);

/// Which keys a clerk has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hand {
    /// All.
    Letters,
    /// The input method swallows letters.
    Bare,
}

/// A clerk who works the plan, and what must be seen.
struct Walk {
    office: Arc<Office>,
    desk: Desk,
    hand: Hand,
    count: Count,
}

impl Walk {
    fn begin(hand: Hand) -> Self {
        let office = Arc::new(Office::campaign("2026-10-08"));
        let desk = Desk::with(&office, anjie::locale::Lang::Zh, SIZE);
        let count = Count::on("2026-10-08".parse().unwrap());
        Self { office, desk, hand, count }
    }

    fn keys(&mut self, keys: &str) {
        let keys = script(keys).unwrap();
        let letter = |key: &Key| matches!(key, Key::Char(char) if char.is_ascii_alphabetic());
        let is_bare = self.hand == Hand::Bare;
        assert!(!is_bare || !keys.iter().any(letter), "{keys:?} has a letter");
        for key in keys {
            self.desk.key(key);
        }
    }

    fn either(&mut self, letter: &str, bare: &str) {
        self.keys(if self.hand == Hand::Letters { letter } else { bare });
    }

    /// The next day, as whoever keeps the trial ledger moves it.
    fn tomorrow(&mut self) {
        self.count.today = self.count.today.succ_opt().unwrap();
        self.office.move_to(&self.count.today.to_string());
        self.look();
    }

    /// Compares what is seen with what was counted.
    fn look(&mut self) {
        self.keys("1 <tab>");
        let (rows, _) = self.desk.screen();
        assert!(rows[1].contains("[全办"), "{}", rows[1]);
        let told = rows.join("\n");
        assert_eq!(count::agenda(&rows), self.count.agenda(), "{told}");
        for line in self.count.heads() {
            assert!(rows.iter().any(|row| row.contains(&line)), "no {line} in\n{told}");
        }
        self.keys("5");
        for phase in 1..=PHASES.len() {
            let rows = self.turn(phase);
            let told = rows.join("\n");
            for line in self.count.timeline(phase) {
                assert!(rows.iter().any(|row| row.contains(&line)), "no {line} in\n{told}");
            }
            let bar =
                rows.iter().find(|row| row.contains(&format!("{phase} {}", PHASES[phase - 1].0)));
            let bar = bar.unwrap();
            assert_eq!(bar.contains('|'), self.count.is_running(), "{told}");
            assert_eq!(bar.contains('#'), self.count.closed[phase - 1].is_some(), "{told}");
            assert_eq!(count::matrix(&rows), self.count.matrix(phase), "{told}");
        }
    }

    /// Turns the screen of the campaign to a phase and gives what is seen there.
    fn turn(&mut self, phase: usize) -> Vec<String> {
        let wanted = format!("> {phase} ");
        for _ in 0..5 {
            let (rows, _) = self.desk.screen();
            if rows.iter().any(|row| row.starts_with(&wanted)) {
                return rows;
            }
            self.keys("<tab>");
        }
        panic!("phase {phase} is not reached:\n{}", self.desk.drawn());
    }

    /// Goes to a cell of the matrix.
    fn go(&mut self, place: usize, code: &str) {
        self.keys("5");
        let phase = self.count.phase(code);
        self.turn(phase);
        let column = self.count.codes(phase).iter().position(|own| *own == code).unwrap() + 1;
        self.keys("<home>");
        self.keys(&"<left>".repeat(12));
        self.keys(&"<down>".repeat(place));
        self.keys(&"<right>".repeat(column));
    }

    /// Types into the second field of the form that is open, and sends it.
    fn send(&mut self, text: &str) {
        if !text.is_empty() {
            self.keys("<tab>");
            self.desk.paste(text);
        }
        self.keys("<f10>");
        self.desk.sees_not("F10");
    }

    fn start(&mut self, place: usize, code: &str) {
        self.go(place, code);
        match self.hand {
            Hand::Letters => self.keys(": kaishibanli <ret>"),
            Hand::Bare => {
                self.desk.menu("start_task");
            }
        }
        self.send("");
        self.count.set(place, code, TaskState::Doing);
    }

    fn finish(&mut self, place: usize, code: &str, document: &str) {
        self.go(place, code);
        self.either("t", "<f7>");
        self.send(document);
        self.count.set(place, code, TaskState::Done);
    }

    fn send_back(&mut self, place: usize, code: &str, (why, until): (&str, NaiveDate)) {
        self.go(place, code);
        self.desk.menu("send_back_task");
        self.desk.paste(why);
        self.keys("<tab>");
        self.desk.paste(&until.format("%m%d").to_string());
        self.keys("<f10>");
        self.desk.sees_not("F10");
        self.count.set(place, code, TaskState::SentBack);
        self.count.move_until(place, code, until);
    }

    fn excuse(&mut self, place: usize, code: &str, why: &str) {
        self.go(place, code);
        self.desk.menu("excuse_task");
        self.send(why);
        self.count.set(place, code, TaskState::NotApplicable);
    }

    /// Marks one task in several places and brings all of them to one state, after the preview.
    fn tick(&mut self, code: &str, places: &[usize], (state, document): (TaskState, &str)) {
        for place in places {
            self.go(*place, code);
            self.keys("<space>");
        }
        self.either("x", "<f5>");
        let n_turns = match state {
            TaskState::Done => 0,
            TaskState::Doing => 1,
            _ => panic!("not ticked here"),
        };
        self.keys(&"<right>".repeat(n_turns));
        self.desk.sees(&format!("可改{} 不改0", places.len()));
        self.keys("<ret>");
        self.send(document);
        self.keys("<esc>");
        // What was changed is marked no more.
        for place in places {
            self.count.set(*place, code, state);
        }
    }

    /// Ends a phase, or is told how many tasks it lacks.
    fn close(&mut self, phase: usize) {
        self.keys("5");
        self.turn(phase);
        self.keys("<home>");
        self.keys(&"<left>".repeat(12));
        self.desk.menu("close_phase");
        self.keys("<f10>");
        let missing = self.count.n_missing(phase);
        if missing > 0 {
            self.desk.sees(&format!("还有 {missing} 项必做任务"));
            self.keys("<esc>");
            return;
        }
        self.desk.sees_not("F10");
        self.count.close(phase);
    }
}

fn works(hand: Hand) {
    let mut walk = Walk::begin(hand);
    let all = [0, 1, 2, 3];
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    while walk.count.today < day("2026-11-12") {
        walk.tomorrow();
        match walk.count.today.format("%m-%d").to_string().as_str() {
            "10-10" => walk.start(0, "1.1"),
            "10-12" => {
                walk.finish(0, "1.1", "青信创〔2026〕1号");
                walk.finish(0, "1.5", "青委〔2026〕12号");
            }
            "10-13" => {
                walk.finish(0, "1.2", "会议记录1盒3页");
                walk.finish(0, "1.3", "青信创〔2026〕2号");
            }
            "10-14" => walk.send_back(0, "1.3", ("文号与正文不一致", day("2026-10-15"))),
            "10-15" => {
                walk.finish(0, "1.3", "青信创〔2026〕3号");
                walk.tick("1.4", &[0, 1, 2], (TaskState::Done, ""));
                walk.close(1);
            }
            "10-16" => {
                walk.finish(3, "1.4", "");
                walk.close(1);
                walk.tick("2.3", &all, (TaskState::Doing, ""));
            }
            "10-18" => walk.finish(0, "2.2", "包案一览表"),
            "10-20" => {
                walk.tick("2.3", &all, (TaskState::Done, "问题清单"));
                walk.tick("2.5", &[1, 2], (TaskState::Done, "排查表"));
                walk.excuse(3, "2.5", "本村已并入张家庄村一起排查");
            }
            "10-22" => {
                walk.tick("2.1", &all, (TaskState::Done, "积案清单"));
                walk.send_back(2, "2.3", ("责任人没有写到人", day("2026-10-24")));
            }
            "10-24" => {
                walk.tick("2.4", &[0, 1, 3], (TaskState::Done, "调解记录"));
                walk.tick("2.6", &all, (TaskState::Done, "档案目录"));
                walk.excuse(0, "2.7", "区里统一督查，镇不另组织");
                walk.close(2);
            }
            "10-25" => walk.tick("2.8", &[0, 1], (TaskState::Done, "宣传稿件")),
            // One day late: what was sent back holds up what waits for it.
            "10-26" => {
                walk.finish(2, "2.3", "问题清单（补正）");
                walk.finish(2, "2.4", "调解记录");
                walk.close(2);
            }
            "11-05" => walk.tick("3.1", &[1, 2, 3], (TaskState::Done, "")),
            "11-09" => {
                walk.tick("3.3", &all, (TaskState::Done, "迎检清单"));
                walk.tick("3.2", &[1, 2], (TaskState::Done, "自查报告"));
            }
            "11-11" => walk.finish(3, "3.2", "自查报告"),
            "11-12" => walk.close(3),
            _ => continue,
        }
        walk.look();
    }
    assert_eq!(walk.count.closed.iter().flatten().count(), PHASES.len());
    assert_eq!(PLACES.len(), all.len());
    walk.keys("2");
    assert!(walk.desk.exit.is_none());
}

#[test]
fn the_plan_is_worked_from_its_first_day_to_the_self_inspection_with_keys() {
    works(Hand::Letters);
}

#[test]
fn the_plan_is_worked_to_its_end_without_any_letter_key() {
    works(Hand::Bare);
}

#[test]
fn a_tick_that_would_change_nothing_says_so_instead_of_asking_for_a_day() {
    let office = Arc::new(Office::campaign("2026-10-12"));
    let mut desk = Desk::at(&office);
    desk.keys("5 <home> <right> x").sees("可改1 不改0").keys("<left>").sees("[退回]");
    desk.sees("可改0 不改1").keys("<ret>").sees("没有一项能改成退回").sees_not("F10");
    desk.keys("x").sees("没有一项能改成退回").sees("可改0");
    desk.keys("<right>").sees("可改1").keys("<ret>").sees("F10");
}
