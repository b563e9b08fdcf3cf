//! Counting: worked examples, and what holds for every day and length.

use chrono::{Days, NaiveDate};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

use crate::domain::course::{Ground, Pause};
use crate::law::calendar::{Calendar, DayKind, OutOfRange};
use crate::law::count::{
    Count, LENGTH_MAX, Length, LengthError, Role, Unit, count, count_paused, explain,
};

const CALENDAR: &str = include_str!("../../data/calendar/cn.csv");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn length(text: &str) -> Length {
    Length::parse(text).unwrap()
}

fn counted(from: &str, text: &str) -> Count {
    count(day(from), length(text), &Calendar::national()).unwrap()
}

fn pause(from: &str, to: &str) -> Pause {
    Pause { ground: Ground::Hearing, from: day(from), to: Some(day(to)) }
}

fn paused(from: &str, text: &str, pauses: &[Pause]) -> (NaiveDate, NaiveDate) {
    let end = count_paused(day(from), length(text), pauses, &Calendar::national()).unwrap();
    (end.target, end.latest)
}

#[test]
fn every_worked_example_ends_on_its_day() {
    // 起算之日、长度、未顺延之日、最迟之日、为何。
    for (from, text, target, latest, why) in [
        ("2023-01-06", "15", "2023-01-21", "2023-01-28", "顺延到调休上班的周六"),
        ("2023-09-22", "5w", "2023-10-07", "2023-10-07", "第5个是调休上班的周六"),
        ("2024-01-30", "30", "2024-02-29", "2024-02-29", "闰日"),
        ("2024-02-05", "5w", "2024-02-18", "2024-02-18", "除夕是工作日"),
        ("2024-04-03", "5w", "2024-04-11", "2024-04-11", "清明节"),
        ("2025-01-13", "15", "2025-01-28", "2025-02-05", "春节"),
        ("2025-01-20", "5w", "2025-01-26", "2025-01-26", "调休上班的周日"),
        ("2025-09-26", "5w", "2025-10-10", "2025-10-10", "国庆节"),
        ("2026-01-20", "15", "2026-02-04", "2026-02-04", "不顺延"),
        ("2026-02-02", "15", "2026-02-17", "2026-02-24", "春节"),
        ("2026-02-11", "5w", "2026-02-25", "2026-02-25", "周六上班"),
        ("2026-04-28", "5w", "2026-05-08", "2026-05-08", "劳动节"),
        ("2026-08-06", "60", "2026-10-05", "2026-10-08", "国庆节"),
        ("2026-08-06", "90", "2026-11-04", "2026-11-04", "60加30，只顺延一次"),
        ("2026-09-01", "30", "2026-10-01", "2026-10-08", "国庆节"),
        ("2026-09-05", "15", "2026-09-20", "2026-09-20", "周日上班，不顺延"),
        ("2026-09-10", "15", "2026-09-25", "2026-09-28", "中秋节"),
        ("2026-09-16", "5w", "2026-09-22", "2026-09-22", "周日上班"),
        ("2026-09-28", "10w", "2026-10-16", "2026-10-16", "国庆节"),
        ("2026-09-30", "3w", "2026-10-10", "2026-10-10", "周六上班"),
        ("2026-10-09", "1w", "2026-10-10", "2026-10-10", "周六上班"),
    ] {
        let end = counted(from, text);
        assert_eq!((end.target, end.latest), (day(target), day(latest)), "{from}+{text}：{why}");
        assert!(!end.provisional, "{from}+{text}");
    }
}

#[test]
fn a_count_beyond_the_loaded_years_is_provisional() {
    let end = counted("2026-11-20", "60");
    assert_eq!((end.target, end.latest), (day("2027-01-19"), day("2027-01-19")));
    assert!(end.provisional);
    assert!(counted("2019-12-20", "5").provisional, "before the first year too");
    assert!(counted("2019-12-30", "5w").provisional);
    assert!(!counted("2019-12-31", "1").provisional, "the trigger itself is not counted");
    assert!(!counted("2026-12-16", "15").provisional, "a Thursday, the last day of the year");
    assert!(!counted("2026-12-30", "1").provisional);
    assert!(counted("2026-12-31", "1w").provisional);
}

#[test]
fn a_roll_into_an_unknown_year_is_provisional() {
    let of_2022 = |row: &&str| row.starts_with("2022") && !row.starts_with("2022-12");
    let rows: Vec<_> = CALENDAR.lines().filter(of_2022).collect();
    let text = format!("date,kind,name,notice\n{}\n", rows.join("\n"));
    let calendar = Calendar::parse(&text).unwrap();
    let end = |text| count(day("2022-12-16"), length(text), &calendar).unwrap();
    assert!(!end("14").provisional, "Friday 2022-12-30");
    assert_eq!(end("15").target, day("2022-12-31"));
    assert!(end("15").provisional);
}

#[test]
fn a_length_is_15_or_5w() {
    assert_eq!(length(" 15 "), Length::new(15, Unit::Day).unwrap());
    assert_eq!(length("5W"), Length::new(5, Unit::Workday).unwrap());
    for text in ["", "w", "-1", "+5", "5d", "1.5", "五", "5 w", "５"] {
        assert_eq!(Length::parse(text), Err(LengthError::Form), "{text}");
    }
    assert_eq!(Length::parse("0w"), Err(LengthError::Zero));
    assert_eq!(Length::parse("3661"), Err(LengthError::TooLong));
    assert_eq!(Length::parse("99999999999999999999w"), Err(LengthError::TooLong));
    assert_eq!(length("5w").to_string(), "5w");
    assert_eq!(serde_json::from_str::<Length>("\"15\"").unwrap(), length("15"));
    assert!(serde_json::from_str::<Length>("\"99999\"").is_err());
}

#[test]
fn paused_days_are_added_before_the_one_roll() {
    // 2026-09-02（不计）至09-12，共10日；15日：09-16加10日为09-26（中秋节），顺延到09-28。
    let hearing = pause("2026-09-02", "2026-09-12");
    assert_eq!(paused("2026-09-01", "15", &[hearing]), (day("2026-09-26"), day("2026-09-28")));
}

#[test]
fn overlapping_pauses_count_once() {
    let two = [pause("2026-09-02", "2026-09-10"), pause("2026-09-05", "2026-09-12")];
    let one = [pause("2026-09-02", "2026-09-12")];
    assert_eq!(paused("2026-09-01", "15", &two), paused("2026-09-01", "15", &one));
}

#[test]
fn a_working_day_limit_adds_the_working_days_of_the_pause() {
    // 停的是09-18（周五）、09-19（周六）、09-20（周日上班）：两个工作日。
    let hearing = pause("2026-09-17", "2026-09-20");
    let end = day("2026-09-24");
    assert_eq!(paused("2026-09-16", "5w", &[hearing]), (end, end));
}

#[test]
fn only_the_days_of_a_pause_within_the_limit_count() {
    let (before, after) = (pause("2026-08-01", "2026-08-20"), pause("2026-10-12", "2026-10-20"));
    let reversed = pause("2026-09-10", "2026-09-05");
    let plain = counted("2026-09-01", "15");
    let end = paused("2026-09-01", "15", &[before, after, reversed]);
    assert_eq!(end, (plain.target, plain.latest));
    let straddling = pause("2026-08-20", "2026-09-03");
    assert_eq!(paused("2026-09-01", "15", &[straddling]).0, day("2026-09-18"));
}

#[test]
fn an_endless_pause_is_leapt_over() {
    let endless =
        Pause { ground: Ground::Hearing, from: day("2026-09-02"), to: Some(NaiveDate::MAX) };
    let calendar = Calendar::national();
    let end = count_paused(day("2026-09-01"), length("15"), &[endless], &calendar);
    assert_eq!(end, Err(OutOfRange));
    let long =
        Pause { ground: Ground::Hearing, from: day("2026-09-02"), to: Some(day("9000-01-01")) };
    let end = count_paused(day("2026-09-01"), length("15"), &[long], &calendar).unwrap();
    assert_eq!(end.target, day("9000-01-15"));
    assert_eq!(explain(day("2026-09-01"), length("15"), &[long], &calendar), Err(OutOfRange));
}

#[test]
fn an_explanation_names_the_part_of_each_day() {
    let calendar = Calendar::national();
    let steps = explain(day("2026-09-24"), length("1"), &[], &calendar).unwrap();
    let roles: Vec<_> = steps.iter().map(|step| step.role).collect();
    assert_eq!(roles, [Role::Trigger, Role::Counted(1), Role::Rolled, Role::Rolled, Role::Latest]);
    assert_eq!(steps[1].day.kind, DayKind::Off("中秋节".into()));
    let steps =
        explain(day("2026-09-18"), length("2w"), &[pause("2026-09-20", "2026-09-21")], &calendar);
    let roles: Vec<_> = steps.unwrap().iter().map(|step| step.role).collect();
    assert_eq!(
        roles,
        [Role::Trigger, Role::Skipped, Role::Counted(1), Role::Paused, Role::Counted(2)]
    );
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..3_500).prop_map(|days| day("2018-12-01").checked_add_days(Days::new(days)).unwrap())
}

fn a_length() -> impl Strategy<Value = Length> {
    (1_u32..130, any::<bool>()).prop_map(|(n, is_workday)| {
        Length::new(n, if is_workday { Unit::Workday } else { Unit::Day }).unwrap()
    })
}

fn some_pauses() -> impl Strategy<Value = Vec<Pause>> {
    let pause = (a_day(), 0_u64..80).prop_map(|(from, days)| Pause {
        ground: Ground::Hearing,
        from,
        to: from.checked_add_days(Days::new(days)),
    });
    prop::collection::vec(pause, 0..5)
}

/// The end of a limit by walking day by day over the rows of the notices, knowing nothing of
/// [`Calendar`] or [`count_paused`]: the days as a clerk ticks them off on a wall calendar.
fn ticked_off(from: NaiveDate, length: Length, pauses: &[Pause]) -> (NaiveDate, NaiveDate) {
    let rests = |date: NaiveDate| {
        let row = CALENDAR.lines().find(|row| row.starts_with(&date.to_string()));
        match row.and_then(|row| row.split(',').nth(1)) {
            Some("off") => true,
            Some("work") => false,
            _ => ["Sat", "Sun"].contains(&date.format("%a").to_string().as_str()),
        }
    };
    let stands =
        |date| pauses.iter().any(|one| one.from < date && one.to.is_some_and(|to| date <= to));
    let (mut date, mut left) = (from, length.n());
    while left > 0 {
        date = date.succ_opt().unwrap();
        if !stands(date) && (length.unit() == Unit::Day || !rests(date)) {
            left -= 1;
        }
    }
    let target = date;
    while rests(date) || stands(date) {
        date = date.succ_opt().unwrap();
    }
    (target, date)
}

proptest! {
    #[test]
    fn a_count_is_what_ticking_off_days_gives(
        from in a_day(), length in a_length(), pauses in some_pauses(),
    ) {
        let end = count_paused(from, length, &pauses, &Calendar::national()).unwrap();
        prop_assert_eq!((end.target, end.latest), ticked_off(from, length, &pauses));
    }

    #[test]
    fn the_latest_day_is_a_working_day_not_before_the_target(
        from in a_day(), length in a_length(), pauses in some_pauses(),
    ) {
        let calendar = Calendar::national();
        let end = count_paused(from, length, &pauses, &calendar).unwrap();
        prop_assert!(from < end.target && end.target <= end.latest);
        prop_assert!(calendar.is_working(end.latest));
        prop_assert!(length.unit() == Unit::Day || end.target == end.latest);
        let known = |date| calendar.day(date).known;
        prop_assert!(end.provisional || (known(end.target) && known(end.latest)));
    }

    #[test]
    fn more_days_a_later_trigger_and_a_pause_never_end_earlier(
        from in a_day(), length in a_length(), pauses in some_pauses(), more in 0_u32..40,
    ) {
        let calendar = Calendar::national();
        let end = |from, length, pauses: &[Pause]| {
            let end = count_paused(from, length, pauses, &calendar).unwrap();
            (end.target, end.latest)
        };
        let later = from.checked_add_days(Days::new(more.into())).unwrap();
        let plain = end(from, length, &pauses);
        prop_assert!(end(from, length.lengthened(more), &pauses) >= plain);
        prop_assert!(end(later, length, &pauses).0 >= plain.0);
        prop_assert!(end(later, length, &pauses).1 >= plain.1);
        let fewer = pauses.get(1..).unwrap_or(&[]);
        prop_assert!(end(from, length, fewer).0 <= plain.0);
        prop_assert!(end(from, length, fewer).1 <= plain.1);
    }

    #[test]
    fn a_count_is_what_its_explanation_says(
        from in a_day(), length in a_length(), pauses in some_pauses(),
    ) {
        let calendar = Calendar::national();
        let end = count_paused(from, length, &pauses, &calendar).unwrap();
        let steps = explain(from, length, &pauses, &calendar).unwrap();
        let target = steps.iter().find(|step| step.role == Role::Counted(length.n()));
        prop_assert_eq!(target.map(|step| step.date), Some(end.target));
        prop_assert_eq!(steps.last().map(|step| step.date), Some(end.latest));
        prop_assert!(steps.windows(2).all(|two| two[0].date.succ_opt() == Some(two[1].date)));
    }

    #[test]
    fn the_working_days_of_a_limit_are_the_working_days_between(
        from in a_day(), n in 1_u32..60,
    ) {
        let calendar = Calendar::national();
        let end = count(from, Length::new(n, Unit::Workday).unwrap(), &calendar).unwrap();
        prop_assert_eq!(calendar.workdays_between(from, end.latest), u64::from(n));
    }

    #[test]
    fn any_day_and_any_length_give_an_answer_or_a_refusal(
        days in any::<i32>(), n in any::<u32>(), text in ".{0,12}",
    ) {
        let calendar = Calendar::national();
        let epoch = day("1970-01-01");
        let from = epoch
            .checked_add_signed(chrono::TimeDelta::days(days.into()))
            .unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX });
        for unit in [Unit::Day, Unit::Workday] {
            match Length::new(n % (LENGTH_MAX * 2), unit) {
                Ok(length) => {
                    let end = count(from, length, &calendar);
                    prop_assert!(end.is_ok_and(|end| end.latest > from) || days > 0);
                    let steps = explain(from, length, &[], &calendar);
                    prop_assert_eq!(steps.is_ok(), end.is_ok());
                }
                Err(refusal) => prop_assert!(refusal != LengthError::Form),
            }
        }
        prop_assert!(Length::parse(&text).is_err() || !text.is_empty());
        let _ = Calendar::parse(&text).is_err();
    }
}
