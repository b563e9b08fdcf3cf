//! The days of date boxes: what is typed, the day that it means, and whether that is a day of rest.
//!
//! The calendar is the server's, asked for by years; a count of working days that leaves the years
//! that are known is provisional and says so.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::api::reply::YearView;
use crate::api::request::Request;
use crate::domain::field::parse_date;
use crate::domain::text::half_width;
use crate::locale::{self, Lang};
use crate::tui::app::picture::dated;

/// The most working days that may be counted from today.
const WORKDAYS_MAX: u32 = 400;

/// The years that are known.
#[derive(Debug, Default)]
pub struct Days {
    years: BTreeMap<i32, YearView>,
}

/// The day of a date box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    /// The day.
    pub day: NaiveDate,
    /// Whether it was counted through a year whose calendar is not loaded.
    pub is_provisional: bool,
}

impl Days {
    /// The queries for the years around today.
    pub fn wants(today: NaiveDate) -> impl Iterator<Item = Request> {
        (today.year() - 1..=today.year() + 1).map(|year| Request::Calendar { year })
    }

    /// Takes a year of the calendar.
    pub fn got(&mut self, view: YearView) {
        self.years.insert(view.year, view);
    }

    /// The day that is typed: as everywhere, or with a `w` so many working days from today.
    ///
    /// # Errors
    /// The key of the reason why it is none.
    pub fn meant(&self, text: &str, today: NaiveDate) -> Result<Meant, &'static str> {
        let text = half_width(text);
        let text = text.trim();
        let Some(count) = text.strip_suffix(['w', 'W']) else {
            return parse_date(text, today).map(|day| Meant { day, is_provisional: false });
        };
        let (count, step): (_, fn(&NaiveDate) -> Option<NaiveDate>) =
            match count.split_at_checked(1) {
                Some(("+", count)) => (count, NaiveDate::succ_opt),
                Some(("-", count)) => (count, NaiveDate::pred_opt),
                _ => return Err("bad_date"),
            };
        let count: u32 = count.parse().map_err(|_| "bad_date")?;
        if count > WORKDAYS_MAX {
            return Err("no_such_day");
        }
        let (mut day, mut left, mut is_provisional) = (today, count, false);
        while left > 0 {
            day = step(&day).ok_or("no_such_day")?;
            is_provisional |= !self.is_known(day);
            left -= u32::from(!self.is_rest(day));
        }
        Ok(Meant { day, is_provisional })
    }

    /// The day with its weekday, and whether it is a day of rest.
    pub fn note(&self, meant: Meant, lang: Lang) -> String {
        let Meant { day, is_provisional } = meant;
        let mut note = dated(lang, day);
        let mut add = |text: &str| {
            note.push(' ');
            note.push_str(text);
        };
        if let Some(name) = self.name_of(day).filter(|name| !name.is_empty()) {
            add(name);
        }
        if self.is_rest(day) {
            add(&locale::text(lang, "app.rest_day"));
        } else if is_weekend(day) {
            add(&locale::text(lang, "app.make_up"));
        }
        if is_provisional {
            add(&locale::text(lang, "row.provisional"));
        }
        note
    }

    fn is_known(&self, day: NaiveDate) -> bool {
        self.years.get(&day.year()).is_some_and(|year| year.known)
    }

    fn is_rest(&self, day: NaiveDate) -> bool {
        let has = |days: &[(NaiveDate, String)]| days.iter().any(|(other, _)| *other == day);
        match self.years.get(&day.year()) {
            Some(year) => has(&year.off) || (is_weekend(day) && !has(&year.work)),
            None => is_weekend(day),
        }
    }

    fn name_of(&self, day: NaiveDate) -> Option<&str> {
        let year = self.years.get(&day.year())?;
        let (_, name) = year.off.iter().find(|(other, _)| *other == day)?;
        Some(name)
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Days, Meant};
    use crate::api::reply::YearView;
    use crate::locale::Lang;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days() -> Days {
        let mut days = Days::default();
        days.got(YearView {
            year: 2026,
            loaded: None,
            known: true,
            notice: None,
            off: vec![(day("2026-10-01"), "国庆节".to_owned()), (day("2026-10-02"), String::new())],
            work: vec![(day("2026-10-10"), String::new())],
            n_workdays: 248,
        });
        days
    }

    fn meant(text: &str) -> Result<String, &'static str> {
        let today = day("2026-09-30");
        days().meant(text, today).map(|meant| meant.day.to_string())
    }

    #[test]
    fn working_days_pass_over_rest_days_and_take_in_make_up_days() {
        assert_eq!(meant("+1w").as_deref(), Ok("2026-10-05"));
        assert_eq!(meant("＋６Ｗ").as_deref(), Ok("2026-10-10"));
        assert_eq!(meant("-3w").as_deref(), Ok("2026-09-25"));
        assert_eq!(meant("+0w").as_deref(), Ok("2026-09-30"));
        for odd in ["5w", "+w", "+w5", "w", "+-5w", "+1.5w"] {
            assert_eq!(meant(odd), Err("bad_date"), "{odd}");
        }
        assert_eq!(meant("+9999w"), Err("no_such_day"));
    }

    #[test]
    fn quick_dates_mean_what_they_say() {
        for (text, expected) in [
            ("1015", "2026-10-15"),
            ("10.15", "2026-10-15"),
            ("今天", "2026-09-30"),
            ("-3", "2026-09-27"),
            ("+5", "2026-10-05"),
            ("2026年10月15日", "2026-10-15"),
        ] {
            assert_eq!(meant(text).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(meant("0231"), Err("no_such_day"));
    }

    #[test]
    fn a_day_says_its_weekday_and_whether_it_is_a_day_of_rest() {
        let note =
            |text: &str| days().note(Meant { day: day(text), is_provisional: false }, Lang::Zh);
        assert_eq!(note("2026-10-01"), "2026-10-01 周四 国庆节 休息日");
        assert_eq!(note("2026-10-10"), "2026-10-10 周六 调休上班");
        assert_eq!(note("2026-10-11"), "2026-10-11 周日 休息日");
        assert_eq!(note("2026-10-12"), "2026-10-12 周一");
    }

    #[test]
    fn a_count_into_a_year_without_a_calendar_is_provisional() {
        let meant = days().meant("+90w", day("2026-09-30")).unwrap();
        assert!(meant.is_provisional);
        assert!(days().note(meant, Lang::Zh).ends_with("暂推"));
    }
}
