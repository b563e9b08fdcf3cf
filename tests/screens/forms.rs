//! Forms as a clerk types them: labels that are read whole, days without rubbing out, and in the
//! title the name of what is changed.

use std::sync::Arc;

use anjie::domain::act::Act;
use anjie::domain::form;
use anjie::locale::{self, Lang};
use unicode_width::UnicodeWidthStr;

use crate::desk::{Desk, Office};

#[test]
fn the_labels_of_a_form_are_read_whole_in_both_languages() {
    let office = Arc::new(Office::demo());
    for lang in [Lang::Zh, Lang::En] {
        for (keys, act) in [("n", Act::Register), ("2 <ret> t", Act::Record)] {
            let mut desk = Desk::with(&office, lang, (80, 60));
            desk.keys(keys);
            let drawn = desk.drawn();
            for field in form::typed(act) {
                let label = locale::text(lang, &format!("field.{}", field.key));
                // What is wider than this is cut, so that room to type is left.
                if label.width() <= 28 {
                    assert!(drawn.contains(&label), "{label} after {keys}: {drawn}");
                }
            }
        }
    }
}

#[test]
fn a_day_that_stands_in_its_box_goes_when_another_is_typed() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <ret> <f7> <tab>").sees("2026-10-20");
    desk.keys("-1").sees("2026-10-19 周一").sees_not("2026-10-20-1");
    desk.keys("<c-u> 1015").sees("2026-10-15 周四");
    // Backspace changes the day as it stands.
    desk.keys("<esc> 2").keys("<f7> <tab> <bs> 1").sees("2026-10-21");
}

#[test]
fn what_was_named_as_missing_stays_named_until_it_is_filled() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("n").sees_not("! 必填").keys("<tab><tab>").sees_not("! 必填");
    desk.keys("<f10>").sees("! 必填；请填写").keys("<tab><tab><tab>").sees("! 必填；请填写");
    desk.keys("<s-tab><s-tab><s-tab>").paste("马玉兰").keys("<tab>").paste("路灯不亮");
    desk.keys("<tab>").sees_not("! 必填");
}

#[test]
fn the_form_of_a_cell_names_the_task_and_the_village_and_that_of_a_phase_the_phase() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("5 <right> <down>");
    desk.keys("<f2>").sees("2.1 ").sees("张家庄").keys("<esc>");
    desk.menu("excuse_task");
    let title = desk.drawn().lines().nth(1).unwrap().to_owned();
    assert!(title.contains("不适用 2.1 ") && title.contains("张家庄"), "{title}");
    desk.keys("<esc>").menu("close_phase");
    let title = desk.drawn().lines().nth(1).unwrap().to_owned();
    assert!(title.contains("结束阶段 2 组织实施"), "{title}");
}
