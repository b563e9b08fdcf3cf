//! The calendar: what the notices say, and what a calendar text must be.

use chrono::NaiveDate;

use crate::law::calendar::{Calendar, CalendarReason, DayKind};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year_2027(extra: &str) -> String {
    let mut text = String::from("date,kind,name,notice\n2027-01-01,off,元旦,某通知\n");
    for n in 5..14 {
        text.push_str(&format!("2027-02-{n:02},off,春节,某通知\n"));
    }
    text + extra
}

fn reasons(text: &str) -> Vec<(u64, CalendarReason)> {
    let faults = Calendar::parse(text).unwrap_err().faults;
    faults.into_iter().map(|fault| (fault.line, fault.reason)).collect()
}

#[test]
fn the_built_in_calendar_knows_2020_to_2026() {
    let calendar = Calendar::national();
    assert_eq!(calendar.years().collect::<Vec<_>>(), (2020..=2026).collect::<Vec<_>>());
    assert!(!calendar.is_known(2019) && !calendar.is_known(2027));
}

#[test]
fn each_year_has_the_working_days_of_its_notice() {
    let calendar = Calendar::national();
    let n_days = |year: i32| {
        let last = |year| NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
        calendar.workdays_between(last(year - 1), last(year))
    };
    // 2023—2026年：249、251、248、248个工作日。
    assert_eq!([2023, 2024, 2025, 2026].map(n_days), [249, 251, 248, 248]);
}

#[test]
fn the_working_days_between_two_days_are_those_counted_one_by_one() {
    let calendar = Calendar::national();
    let (first, last) = (day("2019-11-20"), day("2027-02-10"));
    let (mut date, mut n) = (first, 0);
    while date < last {
        date = date.succ_opt().unwrap();
        n += u64::from(calendar.is_working(date));
        assert_eq!(calendar.workdays_between(first, date), n, "{date}");
    }
    assert_eq!(calendar.workdays_between(last, first), 0);
    assert!(calendar.workdays_between(NaiveDate::MIN, NaiveDate::MAX) > 100_000_000);
}

#[test]
fn a_make_up_saturday_is_a_working_day() {
    let calendar = Calendar::national();
    let saturday = calendar.day(day("2026-02-14"));
    assert_eq!(saturday.kind, DayKind::MakeUp);
    assert!(saturday.known && saturday.is_working());
    assert!(calendar.is_working(day("2026-09-20")), "a make-up Sunday");
}

#[test]
fn new_years_eve_2024_is_a_working_day() {
    assert_eq!(Calendar::national().day(day("2024-02-09")).kind, DayKind::Working);
}

#[test]
fn the_longer_spring_festival_of_2020_took_back_a_make_up_day() {
    let calendar = Calendar::national();
    assert_eq!(calendar.day(day("2020-02-01")).kind, DayKind::Off("春节".into()));
    assert_eq!(calendar.day(day("2020-02-03")).kind, DayKind::Working);
    assert_eq!(calendar.notices(2020).len(), 2);
}

#[test]
fn a_day_beyond_the_loaded_years_goes_by_its_weekday_and_says_so() {
    let calendar = Calendar::national();
    let new_year = calendar.day(day("2027-01-01"));
    assert_eq!((new_year.kind, new_year.known), (DayKind::Working, false));
    let saturday = calendar.day(day("2019-12-28"));
    assert_eq!((saturday.kind, saturday.known), (DayKind::Rest, false));
    let monday = calendar.next_working(day("2027-01-02")).unwrap();
    assert_eq!((monday.date, monday.provisional), (day("2027-01-04"), true));
    let after_the_holiday = calendar.next_working(day("2026-10-01")).unwrap();
    assert_eq!(after_the_holiday.date, day("2026-10-08"));
    assert!(!after_the_holiday.provisional);
}

#[test]
fn a_new_year_is_loaded_beside_the_old_ones() {
    let extra = "2026-12-31,off,元旦,某通知\n2027/2/14,work,春节,某通知\n";
    let calendar = Calendar::national().with(&Calendar::parse(&year_2027(extra)).unwrap());
    assert!(calendar.is_known(2026) && calendar.is_known(2027));
    assert_eq!(calendar.notices(2027), ["某通知"]);
    assert!(!calendar.is_working(day("2026-12-31")));
    assert!(calendar.is_working(day("2027-02-14")), "a spreadsheet's way to write a day");
    assert!(!calendar.is_working(day("2026-10-01")), "the old years stay");
}

#[test]
fn a_year_loaded_again_replaces_the_year_and_its_december_day() {
    let first = Calendar::parse(&year_2027("2026-12-31,off,元旦,某通知\n")).unwrap();
    let second = Calendar::parse(&year_2027("2027-06-09,off,端午节,某通知\n")).unwrap();
    let calendar = Calendar::national().with(&first).with(&second);
    assert!(calendar.is_working(day("2026-12-31")));
    assert!(!calendar.is_working(day("2027-06-09")));
    // 2022年重新加载，2023年的通知所定的12月31日仍在。
    let text = year_2027("").replace("2027", "2022");
    let calendar = Calendar::national().with(&Calendar::parse(&text).unwrap());
    assert_eq!(calendar.day(day("2022-12-31")).kind, DayKind::Off("元旦".into()));
    assert!(calendar.is_working(day("2022-10-03")));
}

#[test]
fn a_bad_calendar_names_every_line_and_reason() {
    let extra = "2027-13-01,off,元旦,某通知\n\
        2027-05-01,holiday,劳动节,某通知\n\
        # 周一不能是调休\n\
        2027-05-10,work,劳动节,某通知\n\
        2027-01-01,off,元旦,某通知\n\
        2027-05-01,off,,某通知\n\
        2027-05-01,off,劳动节\n";
    assert_eq!(
        reasons(&year_2027(extra)),
        [
            (12, CalendarReason::Date("2027-13-01".into())),
            (13, CalendarReason::Kind("holiday".into())),
            (15, CalendarReason::Weekday(day("2027-05-10"))),
            (16, CalendarReason::Twice(day("2027-01-01"))),
            (17, CalendarReason::Words("name")),
            (18, CalendarReason::Row("2027-05-01,off,劳动节".into())),
        ]
    );
}

#[test]
fn a_year_that_is_not_whole_is_refused() {
    let header = "date,kind,name,notice\n";
    let one_day = format!("{header}2027-01-01,off,元旦,某通知\n");
    assert_eq!(reasons(&one_day), [(2, CalendarReason::HalfYear { year: 2027, n_off: 1 })]);
    let no_new_year = format!("{header}2027-10-01,off,国庆节,某通知\n");
    let reason = CalendarReason::NewYear { date: day("2027-10-01"), year: 2027 };
    assert_eq!(reasons(&no_new_year), [(2, reason)]);
}

#[test]
fn a_text_that_is_no_calendar_is_refused() {
    assert_eq!(reasons(""), [(1, CalendarReason::Empty)]);
    assert_eq!(reasons("日期,类型\n")[0], (1, CalendarReason::Header));
    assert_eq!(reasons(&"\"".repeat(2 << 20)), [(1, CalendarReason::TooLong)]);
    assert!(Calendar::parse("\u{0}\u{feff},,,\n\"\n,,,,,,\u{1}").is_err());
    assert!(Calendar::parse(&format!("\u{feff}{}", year_2027(""))).is_ok(), "a byte order mark");
}
